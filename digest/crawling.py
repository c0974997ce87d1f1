"""A crawl of the service: its row in the ledger, and how its process ended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from digest.definitions import synchronise

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config
    from crawler.records import Run

_JOB = "crawl"
#: How long a finished crawl stays in the ledger.
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Crawled:
    """How a crawl ended."""

    state: Literal["done", "failed"]
    note: str
    #: There was nothing to do for it, or it failed: the next one may wait.
    idle: bool


def claim(archive: Archive, config: Config, now: datetime, limit: float) -> Run | None:
    """Take a run in the ledger when a channel, a page or a second look is due; none is written when nothing is."""
    keys = list(config.sources)
    synchronise(archive, config, now)
    if not archive.channels.due(now, keys):
        waits = (archive.pages.wait(now, keys), archive.rechecks.wait(now, config.looked_again()))
        if not any(at is not None and at <= now for at in waits):
            return None
    return archive.runs.claim(_JOB, f"{now:%Y-%m-%dT%H:%M:%SZ}", now, timedelta(seconds=limit + 60))


def record(archive: Archive, run: Run, crawled: Crawled, now: datetime) -> None:
    """Write into the ledger how it ended, and let go of what is old there."""
    archive.runs.finish(run, crawled.state, crawled.note, now)
    archive.runs.trim(_JOB, now - _KEPT)


def ended(code: int, output: bytes | str, *, stopping: bool) -> Crawled:
    """Tell how a crawl ended by its exit code and its report."""
    if code != 0:
        if stopping:
            return Crawled("failed", "ended with the service", idle=False)
        return Crawled("failed", f"ended with code {code}; what it said stands in the log", idle=True)
    report = json.loads(output)
    totals = report["totals"]
    note = f"{totals['kept']} kept of {totals['fetched']} fetched, {totals['polled']} channels polled"
    idle = not (totals["polled"] or totals["fetched"] or totals["dropped"])
    if idle and report["outcome"] == "limit":
        silent = "its time was over before anything answered; does this machine reach the network?"
        return Crawled("failed", silent, idle=True)
    ending = {"limit": "; its time was over", "signal": "; told to stop"}.get(report["outcome"], "")
    return Crawled("done", note + ending, idle)
