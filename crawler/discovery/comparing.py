"""Reads one page without and with an override of its source, so that people see what the override does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from crawler import extract, overrides
from crawler.extract.workers import WorkerFault, Workers
from crawler.records import Article, Fetched, Override, Source

if TYPE_CHECKING:
    from crawler.extract.trying import Match


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an override does to one page."""

    override: Override
    #: It has ended: a visit reads the page without it, and ``after`` is what it would do.
    ended: bool
    selectors: tuple[Match, ...]
    before: Article | None
    after: Article | None
    #: Why there is no article, as a reason and a sentence; "" where there is one.
    no_before: str = ""
    no_after: str = ""


def override_for(source: Source, url: str, today: date) -> Override | None:
    """Choose the override to be shown for an address: the one that is used, else one that has ended."""
    found = overrides.covering(source, url)
    return next((each for each in found if today <= each.valid_until), found[0] if found else None)


async def compare(
    page: Fetched,
    source: Source,
    override: Override,
    today: date,
    workers: Workers,
    host_blocks: frozenset[int] = frozenset(),
) -> Comparison:
    """Read a page both ways, each without what its host is known to repeat."""
    from crawler.extract.trying import try_selectors  # loads what else only workers load

    tried = replace(override, valid_until=max(override.valid_until, today))
    before = await workers.call(extract.extract, page, replace(source, overrides=()), host_blocks)
    after = await workers.call(extract.extract, page, replace(source, overrides=(tried,)), host_blocks)
    matches = await workers.call(try_selectors, page, override)
    return Comparison(
        override=override,
        ended=override.valid_until < today,
        selectors=() if isinstance(matches, WorkerFault) else matches,
        before=None if isinstance(before, WorkerFault) else before,
        after=None if isinstance(after, WorkerFault) else after,
        no_before=_why(before),
        no_after=_why(after),
    )


def _why(result: Article | WorkerFault) -> str:
    return f"{result.reason}: {result.detail}" if isinstance(result, WorkerFault) else ""
