"""What the configuration defines, as the archive knows it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config


def synchronise(archive: Archive, config: Config, now: datetime) -> None:
    """Bring the archive's sources and watches to what the configuration says."""
    archive.sources.sync(config.sources.values(), now, every=config.press.crawl.every)
    archive.watches.sync(config.watches.values(), now)
    archive.watches.follow_facts(now)
