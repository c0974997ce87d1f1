"""Takes pictures of every kind of page and mail, narrow and wide, light and dark, to be looked at."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.browser import open_browser
from tests.page_samples import mails, pages

WIDTHS = (320, 360, 600, 1100)


def main() -> None:
    """Write NAME-WIDTH-light.png and NAME-WIDTH-dark.png of each into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="names that begin so")
    parser.add_argument("--widths", type=int, nargs="+", default=WIDTHS)
    options = parser.parse_args()
    options.folder.mkdir(exist_ok=True)
    with open_browser() as browser:
        for name, page in (mails() | pages()).items():
            if not name.startswith(options.only):
                continue
            for width in options.widths:
                for dark in (False, True):
                    shown = browser.show(page, width, dark=dark)
                    picture = options.folder / f"{name}-{width}-{'dark' if dark else 'light'}.png"
                    shown.screenshot(path=picture, full_page=True)
                    print(picture)


if __name__ == "__main__":
    main()
