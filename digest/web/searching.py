"""The search page: query, chart, facets and what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from starlette.responses import Response

from crawler import query
from crawler.archive import Archive, Hit
from crawler.archive.search import By, Sort
from crawler.errors import UsageError
from crawler.query import Node
from crawler.records import Source
from digest.relations import relations
from digest.web import facets, histogram, marks
from digest.web.call import Call, Page
from digest.web.faults import fault_of
from digest.web.operators import OPERATORS
from digest.web.templating import link

_A_PAGE = 20
_SORTS: dict[Sort, str] = {"published": "Newest published", "seen": "Newest seen", "relevance": "Best match"}


@dataclass(frozen=True, slots=True)
class Row:
    """One article that was found."""

    hit: Hit
    title: list[marks.Piece]
    snippet: list[marks.Piece]
    source: Source | None


def search(call: Call) -> Response:
    """Show what a query finds, or where it cannot be read."""
    text = call.query.get("q", "").strip()
    sort = call.query.get("sort") or "published"
    cursor = call.query.get("cursor") or None
    facts: dict[str, Any] = {"q": text, "sort": sort, "sorts": _SORTS, "operators": OPERATORS, "cursor": cursor}
    try:
        found = _find(call.archive, text, sort, cursor, call.now)
    except UsageError as error:
        return call.render("search.html.j2", 400, **facts, fault=fault_of(error), found=None)
    return call.render("search.html.j2", **facts, fault=None, **found)


def _find(archive: Archive, text: str, sort: str, cursor: str | None, now: datetime) -> dict[str, Any]:
    wanted: Sort | None = next((name for name in get_args(Sort) if name == sort), None)
    if wanted is None:
        raise UsageError(f"results cannot be sorted by {sort!r}; they can be by {', '.join(_SORTS)}")
    node = query.parse(text)
    found = archive.search(node, sort=wanted, limit=_A_PAGE, cursor=cursor, now=now)
    counts = archive.facets(node, now)
    sources = _sources(archive, [*counts["source"], *(hit.article.source for hit in found.hits)])

    def at(query: str, cursor: str | None = None) -> str:
        return link("/search", q=query, sort=None if sort == "published" else sort, cursor=cursor)

    return {
        "found": found,
        "explanation": query.explain(node),
        "doubts": query.doubts(text),
        "relations": relations(archive, (hit.article for hit in found.hits)),
        "rows": [_row(hit, sources) for hit in found.hits],
        "chart": histogram.draw(counts["day"]) if counts["day"] else None,
        "facets": _facets(node, counts, sources),
        "chosen": facets.chosen(node),
        "between": _between(node),
        "at": at,
        "next": at(text, found.next) if found.next else None,
        "is_textual": query.is_textual(node),
    }


def _row(hit: Hit, sources: dict[str, Source]) -> Row:
    return Row(hit, marks.title(hit), marks.snippet(hit), sources.get(hit.article.source))


def _sources(archive: Archive, keys: list[str]) -> dict[str, Source]:
    """Find sources by their keys, also those that have left the configuration."""
    known = {source.key: source for source in archive.sources.all()}
    for key in set(keys) - known.keys():
        if (left := archive.sources.get(key)) is not None:
            known[key] = left
    return known


def _facets(node: Node, counts: Mapping[By, Mapping[str, int]], sources: dict[str, Source]) -> list[facets.Facet]:
    names = {key: source.name for key, source in sources.items()}
    languages = facets.labels_of(counts["language"], "lang")
    countries = facets.labels_of(counts["country"], "country")
    return [
        facets.facet("Source", "source", node, counts["source"], names),
        facets.facet("Language", "lang", node, counts["language"], languages),
        facets.facet("Country", "country", node, counts["country"], countries),
        facets.facet("Kind", "kind", node, counts["kind"], {}),
        facets.facet("Control", "control", node, counts["control"], {}),
    ]


def _between(node: Node) -> Callable[[histogram.Bar], str]:
    return lambda bar: facets.between(node, bar.first.isoformat(), bar.behind.isoformat())


PAGES = (Page("/search", search),)
