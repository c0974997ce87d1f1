"""What is due, written down for workers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive.runs import of_plan
from crawler.archive.times import SILENT

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config
    from crawler.importing.wanted import Wanted

#: The queues, each with one task of the same name: visits of sources, imports of WARC files, raw pages to be read
#: again, digests, and what came to be put into stories.
CRAWL, WARC, EXTRACT, DIGEST, GROUP = "crawl", "warc", "extract", "digest", "group"
#: Channels that are due are asked before pages are fetched that were found earlier.
_POLL_FIRST, _PAGES = 1, 0
#: Years of old news wait while there is something new.
_OLD = -1


def enqueue(archive: Archive, config: Config, now: datetime) -> int:
    """Let workers visit the sources of which something is due, in one transaction; give how many jobs are new."""
    with archive.writing():
        take_back(archive, now)
        wanted = dict.fromkeys(archive.pages.ready(now), _PAGES)
        wanted |= dict.fromkeys(archive.rechecks.ready(now, config.looked_again()), _PAGES)
        wanted |= {channel.source: _POLL_FIRST for channel in archive.channels.due(now, list(config.sources))}
        return archive.jobs.add(CRAWL, {key: wanted[key] for key in wanted if key in config.sources})


def enqueue_imports(archive: Archive, files: Iterable[Path], wanted: Wanted, *, source: str, again: bool) -> int:
    """Let workers import WARC files, which they find at the same paths; give how many did not wait already.

    A file of which something else is wanted waits once more.
    """
    archive.jobs.prepare()
    more = {"wanted": wanted.written(), "source": source, "again": again}
    asked = hashlib.sha256(f"{source} {again} {wanted.key()}".encode("utf-8", "replace")).hexdigest()
    return archive.jobs.add(WARC, dict.fromkeys(map(str, files), _OLD), more, apart=f" {asked[:16]}")


def enqueue_reextraction(archive: Archive, keys: Iterable[str], since: datetime | None) -> int:
    """Let workers read the raw pages of sources again; give how many did not wait already."""
    archive.jobs.prepare()
    return archive.jobs.add(EXTRACT, dict.fromkeys(keys, _OLD), {"since": since.isoformat() if since else ""})


def take_back(archive: Archive, now: datetime, silent: timedelta = SILENT) -> dict[str, bool]:
    """Give what dead workers had in hand to others at once; dead is who was silent for so long.

    Gives what it was, each with whether others do it: what workers die over again and again is given up. Visits and
    digests are not, for their pages and slots are.
    """
    with archive.writing():
        lost = archive.jobs.take_back(silent, immortal=(CRAWL, DIGEST))
        for name in lost:
            queue, _, thing = name.partition(" ")
            if queue == CRAWL:
                archive.pages.abandon(thing, now)
                archive.channels.abandon(thing, now)
            elif queue == DIGEST:
                plan, _, slot = thing.partition(" ")
                archive.runs.abandon(of_plan(plan), slot, now)
    return lost
