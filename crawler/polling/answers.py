"""What comes of asking for a channel: the answer as it was seen, and what its body holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crawler.records import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What the body of a channel's answer holds; feeds, sitemaps and section pages add to it."""

    entries: tuple[Entry, ...] = ()
    #: Entries whose address nobody could fetch, or that name none: they cannot become articles, and are kept as
    #: dropped for that, with the address as it was served.
    nameless: tuple[Entry, ...] = ()
    #: One sentence why this is not what it should be; None when it is.
    problem: str | None = None
    #: It ends before it is closed: what it holds is taken, but it is not the whole.
    cut: bool = False
    #: What of it could not be taken, as a sentence; "" when nothing is lacking.
    lacking: str = ""
    #: Lists that name more pages than a list may, and how many of each are not taken.
    surplus: tuple[tuple[str, int], ...] = ()
    #: What of it is read at other polls, as a sentence.
    left: str = ""
    #: It was read in part only: what is not in it may be served all the same.
    partial: bool = False
    #: Some of it was never read before: that all of its entries are unknown is no gap.
    fresh: bool = False
    #: What the publisher asks for; hours 0-23 in UTC, days "monday" ...
    ttl_seconds: float | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for a channel."""

    #: None when there was no answer at all.
    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    body_sha256: str | None = None
    #: What the body holds; None when there was no body to read.
    contents: Contents | None = None
    #: The redirects on the way, in order: (301, where it led).
    hops: Sequence[tuple[int, str]] = ()
    #: One of errors.REASONS when no answer came or the request was refused, and what was seen.
    reason: str = ""
    detail: str = ""
    #: Validators were sent with the request: only then may it be answered by "not modified".
    conditional: bool = True
    #: The address that answered in the end; "" when none did.
    url: str = ""
    #: When it was not asked because somebody had asked for a pause: until when.
    until: datetime | None = None
