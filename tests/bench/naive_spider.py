"""The crawler that anybody would write first: a Scrapy spider with trafilatura in its callback, a row for each item."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess
from sqlite_utils import Database


class Naive(scrapy.Spider):
    """Asks for each address and yields what trafilatura finds."""

    name = "naive"

    def parse(self, response: Any) -> Iterator[dict[str, Any]]:
        """Extract a page."""
        found = trafilatura.bare_extraction(response.body, url=response.url, with_metadata=True)
        if found is not None:
            item = found.as_dict()
            yield {
                name: item[name] for name in ("title", "author", "date", "text", "sitename", "language", "description")
            } | {"url": response.url}


class Store:
    """Inserts each item."""

    def open_spider(self) -> None:
        """Open the database."""
        self.db = Database(sys.argv[2])
        self.db.enable_wal()

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """Insert one item."""
        self.db["articles"].insert(item, pk="url", replace=True)  # type: ignore[union-attr]
        return item

    def close_spider(self) -> None:
        """Close the database."""
        self.db.close()


def main() -> None:
    """Crawl the addresses in a file."""
    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "ITEM_PIPELINES": {Store: 1},
            "ROBOTSTXT_OBEY": True,
            "DOWNLOAD_DELAY": 0,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
        }
    )
    process.crawl(Naive, start_urls=Path(sys.argv[1]).read_text().split())
    process.start()


if __name__ == "__main__":
    main()
