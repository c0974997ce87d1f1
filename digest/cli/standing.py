"""Why a crawl did not ask some channels, in lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.visit import VisitReport

_MOST = 10


def held_lines(report: VisitReport) -> Iterator[str]:
    """Tell what was not to be asked, until when and why."""
    held = report.standing.held
    for each in held[:_MOST]:
        ways = "1 channel" if each.channels == 1 else f"{each.channels} channels"
        yield f"not asked before {_time(each.until)}: {each.what}, {ways} ({each.why})"
    if len(held) > _MOST:
        yield f"and {len(held) - _MOST} more hosts and channels that are not to be asked; --json lists them"


def standing_lines(report: VisitReport, *, everything: bool) -> Iterator[str]:
    """Tell all reasons for which nothing was asked, and when the next poll is due."""
    found = report.standing
    yield from held_lines(report)
    if found.paused:
        yield f'paused: {_named(found.paused)}; "presswatch source resume KEY" polls it again'
    if found.gone:
        yield f'gone for good: {_count(found.gone, "channel")}; "presswatch status" says which, and what to do'
    if found.failing:
        yield f'failing, so asked more seldom: {_count(found.failing, "channel")}; "presswatch status" says why'
    if found.being_polled:
        count = _count(found.being_polled, "channel")
        yield f"in the hands of another crawl, or of one that was killed less than two minutes ago: {count}"
    if found.without_channel:
        yield f'without a channel: {_named(found.without_channel)}; "presswatch source test KEY" looks for one'
    if found.removed or found.retired:
        left = [_count(found.removed, "source")] if found.removed else []
        left += [_count(found.retired, "channel")] if found.retired else []
        yield f"no longer in the configuration: {', '.join(left)}"
    if found.pages and found.next_page is not None:
        yield f"in the queue: {_count(found.pages, 'page')}, the next due at {_time(found.next_page)}"
    if found.next_poll is None:
        yield "No poll is due at any time."
        return
    yield f"The next poll is due at {_time(found.next_poll)}: {found.next_url} ({found.next_source})."
    if not everything:
        yield "presswatch crawl --all asks every channel that may be asked now; presswatch status tells of each source."


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _named(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - _MOST} more" if len(keys) > _MOST else ""
    return f"{_count(len(keys), 'source')} ({', '.join(keys[:_MOST])}{more})"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
