"""Whether a channel rolled over since it was read last, so that entries may have gone by unseen. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from crawler.polling import pace
from crawler.polling.answers import Contents
from crawler.polling.pace import LATE, Settings
from crawler.polling.telling import show
from crawler.records import Channel

#: So many entries may be pinned, or this part of a long list, which stay while everything else rolls over.
_PINS, _PINNED_PART = 2, 10
#: One new entry beside pinned ones is what every slow feed shows.
_LEAST_NEW = 2


def told_gap(
    before: Channel, contents: Contents, new: Collection[str] | None, settings: Settings, now: datetime
) -> str:
    """Tell a gap between what was read last and this, as a sentence; "" when there is none.

    new are the addresses of entries that had not been seen before; None: nobody looked, the dates decide.
    """
    entries = contents.entries
    if before.last_ok is None or before.body_sha256 is None or len(entries) < 2 or contents.fresh:
        return ""
    if _all_new(before, contents, new, settings, now):
        known = f"none of the {len(entries)} entries was known from the poll before ({show(before.last_ok)})"
        return f"{known}: older ones may have been missed"
    if new is None or not _all_new_but_pins(before, contents, new, settings, now):
        return ""
    stayed = sum(entry.url not in new for entry in entries)
    return (
        f"only {stayed} of the {len(entries)} entries {'was' if stayed == 1 else 'were'} known, older than all others, "
        f"and the newest one from before ({show(_newest(before))}) is no longer served: "
        "entries between may have been missed"
    )


def _all_new(
    before: Channel, contents: Contents, new: Collection[str] | None, settings: Settings, now: datetime
) -> bool:
    """Tell whether nothing is left of what was served before."""
    if new is not None:
        return all(entry.url in new for entry in contents.entries)
    times = pace.times(contents.entries, settings, now)
    newest = before.newest_entry
    return newest is not None and len(times) == len(contents.entries) and min(times) > newest


def _all_new_but_pins(
    before: Channel, contents: Contents, new: Collection[str], settings: Settings, now: datetime
) -> bool:
    """Tell whether all that is left of what was served before are a few old entries.

    Only dates can tell this: a slow list keeps its former newest entry among those that it keeps, one that is in no
    order has known entries among the new ones, or new ones from long before. What is only a part tells nothing.
    """
    newest, most = _newest(before), max(_PINS, len(contents.entries) // _PINNED_PART)
    came = [entry for entry in contents.entries if entry.url in new]
    stayed = [entry for entry in contents.entries if entry.url not in new]
    if newest is None or contents.partial or contents.cut or contents.lacking:
        return False
    if len(came) < _LEAST_NEW or not 0 < len(stayed) <= most:
        return False
    after, old = pace.times(came, settings, now), pace.times(stayed, settings, now)
    if len(after) + len(old) < len(contents.entries):
        return False  # undated ones may stand anywhere
    return max(old) < newest and newest - LATE < min(after) and max(old) < min(after) and newest not in after


def _newest(before: Channel) -> datetime | None:
    """Give the newest entry of the body that was read last; the newest ever may have been taken away before it."""
    return before.body_newest or before.newest_entry
