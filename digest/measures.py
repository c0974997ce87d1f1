"""Numbers as people read them: counts by reason, sizes, how long ago."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta


def reasons(counts: Mapping[str, int]) -> str:
    """Write counts by reason in a line, the most first."""
    return ", ".join(
        f"{count} {reason}" for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def size(count: float) -> str:
    """Write a number of bytes for people."""
    for unit, one in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= one:
            return f"{count / one:.1f} {unit}"
    return f"{count / 1e3:.0f} kB"


def ago(span: timedelta) -> str:
    """Say how long ago something was, never more exact than one of its units."""
    seconds = max(span.total_seconds(), 0.0)
    if seconds < 120:
        return f"{seconds:.0f} s ago"
    return f"{seconds / 60:.0f} min ago" if seconds < 7_200 else f"{seconds / 3_600:.0f} h ago"
