"""What workers do besides visits: each act takes one job on a thread of its own, with the archive open there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.archive import Archive
from crawler.config import Config
from crawler.enqueueing import EXTRACT, WARC
from crawler.errors import UsageError
from crawler.extract.workers import Workers
from crawler.furniture import correct_earlier
from crawler.importing import import_warc_file, reextract
from crawler.importing.wanted import read_written
from crawler.raw import raw_folder


class Stopping(Exception):
    """What an act had under way is left to another worker, which goes on from where it is."""


@dataclass(frozen=True, slots=True)
class Hand:
    """What a worker gives to an act."""

    archive: Archive
    config: Config
    clock: Callable[[], datetime]
    extraction: Workers
    #: Set when the worker is to stop.
    stopping: threading.Event
    #: Told that something of the job is done, which stays done however the job ends.
    came_on: Callable[[], None]

    def go_on(self, _number: int = 0) -> None:
        """Raise Stopping when the worker is to stop."""
        if self.stopping.is_set():
            raise Stopping

    def go_on_from_here(self, _number: int = 0) -> None:
        """Say that whoever does the job next goes on from here; raise Stopping when the worker is to stop."""
        self.came_on()
        self.go_on()


#: Does one job: it is given a hand, the thing that the job is about and what more was written down, by name; it gives
#: what came of it in a line. What it raises is tried again later.
Act = Callable[..., str]


def import_warc(hand: Hand, thing: str, *, wanted: Mapping[str, Any], source: str, again: bool) -> str:
    """Import a WARC file from where its import was stopped."""
    now = hand.clock()
    try:
        found = import_warc_file(
            hand.archive, hand.config, Path(thing), now, wanted=read_written(wanted), source=source, again=again,
            workers=hand.extraction, tell=hand.go_on_from_here,
        )  # fmt: skip
    except OSError as error:
        raise UsageError(f"{thing}: cannot be read on this machine: {error.strerror or error}") from error
    if found.done_before is not None:
        return f"imported already, on {found.done_before:%Y-%m-%d}"
    correct_earlier(hand.archive, now)
    counts = found.counts
    dropped = f", {counts.dropped.total()} no article" if counts.dropped else ""
    faults = f", {len(counts.faults)} faults" if counts.faults else ""
    return f"{counts.kept} kept, {counts.completed} completed, {counts.known} known already{dropped}{faults}"


def read_again(hand: Hand, thing: str, *, since: str) -> str:
    """Read the raw pages of a source again with today's extractor."""
    folder = raw_folder(hand.config, hand.archive.path)
    if folder is None:
        raise UsageError("there are no raw pages: set [raw] folder in presswatch.toml to one that all machines see")
    first = datetime.fromisoformat(since) if since else None
    found = reextract(
        hand.archive, hand.config, folder, hand.clock(), [thing], since=first, workers=hand.extraction, tell=hand.go_on
    )
    faults = f", {len(found.faults)} could not be read" if found.faults else ""
    return f"{found.articles} read again, {found.corrected} corrected{faults}"


#: What every worker can do.
ACTS: Mapping[str, Act] = {WARC: import_warc, EXTRACT: read_again}
