"""How much of an edition a mail shows, from all of it to little more than its numbers. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from digest.layout import shorten
from digest.widths import clip_to

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from digest.content import EditionContent, Item

#: So many of a section, and so many on top, are told in full as long as headlines may lose their links instead.
_FEW, _FEW_ON_TOP = 3, 5
#: What outlets give as a headline may be a paragraph: in a list it is cut to so many columns before others lose their
#: links or their place; the text beside the HTML has it whole.
_HEADLINE = 80


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a long list a page shows."""

    outlets: int = 5
    troubles: int = 12
    errata: int = 10
    #: Stories on top, and stories of each section, that are told in full; of those behind them the headlines stand.
    top: int = 10_000
    each: int = 10_000
    #: Headlines below the top stories and below each section that are links.
    linked: int = 10_000


ALL = Limits(10_000, 10_000, 10_000)


@dataclass(frozen=True, slots=True)
class Length:
    """What a mail shows of an edition."""

    limits: Limits
    #: Headlines below the top stories and below each section.
    headlines: int
    #: None when all sections stand there.
    sections: int | None = None
    #: Headlines below the top stories and below each section have no more columns.
    columns: int | None = None

    def of(self, content: EditionContent) -> EditionContent:
        """Leave out what does not stand there at all."""
        sections = len(content.sections) if self.sections is None else self.sections
        top, each = self.limits.top + self.headlines, self.limits.each + self.headlines
        shorter = shorten(content, top=top, longest=each, sections=sections)
        return shorter if self.columns is None else _cut(shorter, in_full(shorter, self.limits), self.columns)


def _cut(content: EditionContent, whole: Collection[int], columns: int) -> EditionContent:
    """Cut the headlines of stories that are not told in full."""

    def cut(item: Item) -> Item:
        headline = item.carrier.headline
        if item.story in whole or (shorter := _clipped(headline, columns)) == headline:
            return item
        return replace(item, carrier=replace(item.carrier, headline=shorter))

    sections = tuple(replace(section, items=tuple(map(cut, section.items))) for section in content.sections)
    return replace(content, top=tuple(map(cut, content.top)), sections=sections)


#: A mail that is too long is rendered again and again, shorter each time.
_clipped = lru_cache(2_048)(clip_to)


def in_full(content: EditionContent, limits: Limits) -> frozenset[int]:
    """Name the stories that are told in full."""
    told: list[Item] = [*content.top[: limits.top]]
    for section in content.sections:
        told += section.items[: limits.each]
    return frozenset(item.story for item in told)


def lengths(content: EditionContent) -> list[Length]:
    """List ever shorter forms of an edition.

    Fewer stories are told in full, then headlines are cut and have fewer links, then there are fewer headlines and
    fewer sections.

    A headline takes a tenth of the room of a story, so all of them stand there before many stories are told in full.
    """
    most, top = max((len(section.items) for section in content.sections), default=0), len(content.top)
    few, few_on_top = min(most, _FEW), min(top, _FEW_ON_TOP)
    behind = max(most - few, top - few_on_top)
    # Some of each watch stay as long as there are many on top.
    found = [_told(top, each, top + most) for each in range(most, few - 1, -1)]
    found += [_told(on_top, few, top + most) for on_top in range(top - 1, few_on_top - 1, -1)]
    rest = [_told(few_on_top, few, behind, linked) for linked in range(behind, -1, -1)]
    rest += [_told(few_on_top, each, top + most, 0) for each in range(few - 1, -1, -1)]
    rest += [_told(few_on_top, 0, headlines, 0) for headlines in range(max(most, top - few_on_top) - 1, -1, -1)]
    rest += [_told(on_top, 0, 0, 0) for on_top in range(few_on_top - 1, -1, -1)]
    rest += [replace(rest[-1], sections=sections) for sections in range(len(content.sections) - 1, -1, -1)]
    rest += _last(rest[-1])
    return [*found, *(replace(length, columns=_HEADLINE) for length in rest)]


def _told(top: int, each: int, headlines: int, linked: int = 10_000) -> Length:
    return Length(Limits(top=top, each=each, linked=linked), headlines)


def _last(shortest: Length) -> Iterator[Length]:
    for each in (6, 3, 1, 0):
        yield replace(shortest, limits=replace(shortest.limits, troubles=each, errata=each), sections=0)
