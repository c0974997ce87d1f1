"""What the configuration defines, as the archive knows it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from crawler.archive import ALERTS

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config


def synchronise(archive: Archive, config: Config, now: datetime) -> None:
    """Bring the archive's sources and watches to what the configuration says."""
    archive.sources.sync(config.sources.values(), now, every=config.press.crawl.every)
    archive.watches.sync(config.watches.values(), now)
    archive.watches.follow_facts(now)
    keep_followers(archive, config)


def keep_followers(archive: Archive, config: Config) -> None:
    """Let new urgent watches begin here, and forget those that are not urgent any more.

    What came before a watch was urgent, or while it was not, is never told.
    """
    known = archive.changes.followers(ALERTS)
    wanted = {f"{ALERTS}{name}" for name, rules in config.rules.items() if rules.urgent}
    for name in known.keys() - wanted:
        archive.changes.leave(name)
    if fresh := wanted - known.keys():
        last = archive.changes.last()
        with archive.writing():
            for name in fresh:
                archive.changes.move(name, last)
