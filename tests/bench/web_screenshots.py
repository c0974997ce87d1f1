"""Takes pictures of every page of the web on the demo's archive, narrow and wide, light and dark, to be looked at."""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from crawler.archive import open_archive
from crawler.config import load
from digest import jobs, plans
from digest.demo import run
from tests.browser import open_browser
from tests.web_server import web_page

WIDTHS = (360, 1280)
#: A draft is made as well, so that there is one to review.
_PLAN = """
[evening]
title = "Evening"
at = ["17:00"]
review = true
watches = ["espionage"]
"""
#: Names and addresses of the pages; {article} and the like are numbers of what the archive holds.
PAGES = {
    "today": "/", "search": "/search?q=间谍 OR spies", "search-fault": "/search?q=title:",
    "article": "/article/{article}",
    "article-copy": "/article/{copy}", "article-chinese": "/article/{chinese}", "story": "/story/{story}",
    "digests": "/digests", "about": "/digests/1/about", "review": "/digests/{draft}/review", "sources": "/sources",
    "source": "/sources/{source}", "watches": "/watches", "watch": "/watch?name=espionage",
    "watch-edit": "/watches/edit?name=espionage", "watch-new": "/watches/new?q=间谍", "new-source": "/new-source",
    "merge": "/story/{story}/merge?other={other}", "watch-remove": "/watches/remove?name=espionage",
    "edition": "/digests/1", "edition-next": "/digests/next/morning", "problem": "/nowhere",
    "status": "/status", "judgements": "/judgements", "api": "/api", "account": "/account",
}  # fmt: skip


def main() -> None:
    """Write NAME-WIDTH-light.png and NAME-WIDTH-dark.png of each into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="names that begin so")
    options = parser.parse_args()
    options.folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        found = run(Path(home), lambda: datetime.now(UTC), lambda _: None)
        with (found.config / "digests.toml").open("a") as file:
            file.write(_PLAN)
        named = _named(found.config)
        with (
            web_page(f"sqlite:///{found.archive}", datetime.now(UTC), lambda: load(found.config)) as base,
            open_browser() as browser,
        ):
            for name, path in PAGES.items():
                if not name.startswith(options.only):
                    continue
                for width in WIDTHS:
                    for scheme in ("light", "dark"):
                        context = browser.chromium.new_context(
                            viewport={"width": width, "height": 900}, color_scheme=scheme
                        )
                        page = context.new_page()
                        page.goto(base + path.format_map(named))
                        picture = options.folder / f"{name}-{width}-{scheme}.png"
                        page.screenshot(path=picture, full_page=True)
                        print(picture)
                        context.close()


def _named(folder: Path) -> dict[str, object]:
    """Find what the addresses name, and make a draft."""
    config = load(folder)
    now = datetime.now(UTC)
    with open_archive(config.press.archive, create=False) as archive:
        plan = config.plans["evening"]
        slot = plans.last_slot(plan, now)
        assert slot is not None
        made = jobs.make_edition(archive, config, plan, slot, now)
        stories = sorted(archive.stories.list(), key=lambda story: -len(story.articles))
        articles = archive.articles.many(stories[0].articles)
        return {
            "article": stories[0].articles[0],
            "copy": next((article.id for article in articles if article.copy_of), stories[0].articles[-1]),
            "chinese": archive.search("lang:zh", now=now).hits[0].article.id,
            "story": stories[0].id,
            "other": stories[1].id,
            "draft": made.edition.id if made.edition else 0,
            "source": articles[0].source,
        }


if __name__ == "__main__":
    main()
