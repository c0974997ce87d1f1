"""What is due, written down for workers."""

from __future__ import annotations

from datetime import datetime

from crawler.archive import Archive
from crawler.config import Config

#: The queue of visits, and what its jobs are called.
CRAWL = "crawl"
#: Channels that are due are asked before pages are fetched that were found earlier.
_POLL_FIRST, _PAGES = 1, 0


def enqueue(archive: Archive, config: Config, now: datetime) -> int:
    """Let workers visit the sources of which something is due, in one transaction; give how many jobs are new."""
    with archive.writing():
        archive.jobs.take_back()
        wanted = dict.fromkeys(archive.pages.ready(now), _PAGES)
        wanted |= dict.fromkeys(archive.rechecks.ready(now, config.looked_again()), _PAGES)
        wanted |= {channel.source: _POLL_FIRST for channel in archive.channels.due(now, list(config.sources))}
        return archive.jobs.add(CRAWL, CRAWL, {key: wanted[key] for key in wanted if key in config.sources}, "source")
