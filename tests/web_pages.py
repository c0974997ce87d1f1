"""Opens the web page in a real Chromium, as a reader's browser does, and fills an archive for that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from crawler.archive import open_archive
from crawler.records import Watch
from tests.archive_sample import DAY, HERALD, HOUR, NOW, POST, article, keep
from tests.browser import CHROMIUM, QUIET


def fill(url: str) -> None:
    """Keep an article a day for forty days, one in Chinese, and two watches."""
    with open_archive(url) as archive:
        archive.sources.sync([HERALD, POST], NOW)
        archive.watches.sync([Watch("harbours", "harbour"), Watch("cranes", "crane", muted=True)], NOW)
        for number in range(40):
            at = NOW - number * DAY - HOUR
            text = "The harbour of Eastport reopened. " * 12 + "\n\n" + "Ships had waited for two days. " * 30
            keep(
                archive,
                article(
                    f"https://herald.test/{number}",
                    title=f"Harbour {number} reopens after the storm",
                    text=text,
                    source="post" if number % 3 else "herald",
                    published=f"{at:%Y-%m-%dT%H:%M:%SZ}",
                    published_utc=at,
                ),
            )
        keep(
            archive,
            article(
                "https://post.test/zh", source="post", title="国家安全部公布间谍案", text="间谍案三起。", language="zh"
            ),
        )


@contextmanager
def chromium() -> Iterator[Callable[..., Any]]:
    """Start a Chromium; what is given opens a page in a window of its own, whose faults stand in ``page.faults``."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET[1:]))

        def opened(width: int = 1280, **options: Any) -> Any:
            context = browser.new_context(viewport={"width": width, "height": 900}, **options)
            page = context.new_page()
            page.faults = []
            page.on(
                "console", lambda said: page.faults.append(said.text) if said.type in {"error", "warning"} else None
            )
            page.on("pageerror", lambda error: page.faults.append(str(error)))
            return page

        try:
            yield opened
        finally:
            browser.close()
