"""What is due, written down for workers."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.archive import Archive
from crawler.config import Config

#: The queue of visits, and what its jobs are called.
CRAWL = "crawl"
#: Channels that are due are asked before pages are fetched that were found earlier.
_POLL_FIRST, _PAGES = 1, 0


def enqueue(archive: Archive, config: Config, now: datetime) -> int:
    """Let workers visit the sources of which something is due, in one transaction; give how many jobs are new."""
    with archive.writing():
        take_back(archive, now)
        wanted = dict.fromkeys(archive.pages.ready(now), _PAGES)
        wanted |= dict.fromkeys(archive.rechecks.ready(now, config.looked_again()), _PAGES)
        wanted |= {channel.source: _POLL_FIRST for channel in archive.channels.due(now, list(config.sources))}
        return archive.jobs.add(CRAWL, CRAWL, {key: wanted[key] for key in wanted if key in config.sources}, "source")


def take_back(archive: Archive, now: datetime, silent: timedelta | None = None) -> list[str]:
    """Give what dead workers had in hand to others at once, and name it; dead is who was silent for so long."""
    with archive.writing():
        lost = archive.jobs.take_back() if silent is None else archive.jobs.take_back(silent)
        for name in lost:
            task, _, source = name.partition(" ")
            if task == CRAWL:
                archive.pages.abandon(source, now)
                archive.channels.abandon(source, now)
    return lost
