"""A story's articles in the order of time, each copy under the text that it has. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.query import published_at
from crawler.records import Article

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """An article in a story's timeline with the copies folded under it."""

    article: Article
    copies: tuple[Article, ...] = ()


def told_at(article: Article) -> datetime | None:
    """Tell when an article was published (a bare day is the day as printed), else when it was first seen."""
    return published_at(article) or article.first_seen


def in_order(articles: Iterable[Article]) -> list[Article]:
    """Order articles by time; those of which no time is known come last."""
    return sorted(articles, key=lambda article: (told_at(article) or _LAST, article.id or 0))


def timeline(articles: Iterable[Article]) -> list[Moment]:
    """Put each article into the timeline once: by itself, or under the first text whose copy it is."""
    ordered = in_order(articles)
    place = {article.id: number for number, article in enumerate(ordered)}
    copies: dict[int, list[Article]] = {}
    for number, article in enumerate(ordered):
        below = copies.setdefault(_root(number, ordered, place), [])
        if _root(number, ordered, place) != number:
            below.append(article)
    return [Moment(ordered[number], tuple(copies[number])) for number in sorted(copies)]


def _root(number: int, ordered: Sequence[Article], place: dict[int | None, int]) -> int:
    """Follow a copy to the first text in the story; of texts in a circle it is the earliest."""
    way = [number]
    while ordered[way[-1]].is_folded and (origin := place.get(ordered[way[-1]].copy_of)) is not None:
        if origin in way:
            return min(way[way.index(origin) :])
        way.append(origin)
    return way[-1]
