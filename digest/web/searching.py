"""The search page: query, chart, facets and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, get_args

from starlette.responses import Response

from crawler import query
from crawler.archive import Archive, Hit
from crawler.archive.search import By, Sort
from crawler.errors import UsageError
from crawler.query import Node
from digest.relations import relations
from digest.signs import signs
from digest.web import facets, histogram, marks
from digest.web.call import Call, Page
from digest.web.faults import fault_of
from digest.web.operators import OPERATORS
from digest.web.templating import link

_A_PAGE = 20
_SORTS: dict[Sort, str] = {"published": "Newest published", "seen": "Newest seen", "relevance": "Best match"}

#: As what, and from where, all that was found can be taken along.
_SAVES = {
    "CSV": "/search.csv",
    "JSON lines": "/search.jsonl",
    "Atom": "/feeds/search.xml",
    "JSON Feed": "/feeds/search.json",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One article that was found."""

    hit: Hit
    title: list[marks.Piece]
    snippet: list[marks.Piece]
    #: Of its source; both are "" where nobody has defined it.
    name: str
    country: str


def search(call: Call) -> Response:
    """Show what a query finds, or where it cannot be read."""
    text, sort = _asked(call), call.query.get("sort") or "published"
    cursor = call.query.get("cursor") or None
    facts: dict[str, Any] = {"q": text, "sort": sort, "sorts": _SORTS, "operators": OPERATORS, "cursor": cursor}
    try:
        if "from" in call.query or "to" in call.query:
            return call.to(_address(_between(call, text), sort))
        found = _find(call.archive, text, sort, cursor, call.now)
    except UsageError as error:
        return call.render("search.html.j2", 400, **facts, fault=fault_of(error), found=None)
    return call.render("search.html.j2", **facts, fault=None, **found)


def explain(call: Call) -> Response:
    """Say what a query would find while it is being written: a piece of a page, for htmx."""
    text = _asked(call)
    try:
        node = query.parse(text)
        total, capped = call.archive.total(node, call.now)
    except UsageError as error:
        return call.render("explained.html.j2", q=text, cursor=None, fault=fault_of(error))
    return call.render("explained.html.j2", q=text, fault=None, **_told(text, node), total=total, capped=capped)


def _asked(call: Call) -> str:
    return call.query.get("q", "").strip()


def _address(text: str, sort: str = "published", cursor: str | None = None) -> str:
    return link("/search", q=text, sort=None if sort == "published" else sort, cursor=cursor)


def _told(text: str, node: Node) -> dict[str, Any]:
    return {"explanation": query.explain(node), "doubts": query.doubts(text)}


def _find(archive: Archive, text: str, sort: str, cursor: str | None, now: datetime) -> dict[str, Any]:
    wanted: Sort | None = next((name for name in get_args(Sort) if name == sort), None)
    if wanted is None:
        raise UsageError(f"results cannot be sorted by {sort!r}; they can be by {', '.join(_SORTS)}")
    node = query.parse(text)
    found, counts = archive.overview(node, sort=wanted, limit=_A_PAGE, cursor=cursor, now=now)
    labels = archive.source_labels()
    return {
        "found": found,
        **_told(text, node),
        "relations": relations(archive, (hit.article for hit in found.hits)),
        "signs": signs(archive, [hit.article.id for hit in found.hits]),
        "rows": [_row(hit, *labels.get(hit.article.source, ("", ""))) for hit in found.hits],
        "chart": histogram.draw(counts["day"]) if counts["day"] else None,
        "facets": _facets(node, counts, {key: name for key, (name, _) in labels.items()}),
        "chosen": facets.chosen(node),
        "days": facets.days(node),
        "days_at": f"{(here := _address(text, sort))}{'&' if '?' in here else '?'}",
        "at": lambda query: _address(query, sort),
        "next": _address(text, sort, found.next) if found.next else None,
        "is_textual": query.is_textual(node),
        "saves": _SAVES,
    }


def _row(hit: Hit, name: str, country: str) -> Row:
    return Row(hit, marks.title(hit), marks.snippet(hit), name, country)


def _facets(node: Node, counts: Mapping[By, Mapping[str, int]], names: Mapping[str, str]) -> list[facets.Facet]:
    languages = facets.labels_of(counts["language"], "lang")
    countries = facets.labels_of(counts["country"], "country")
    return [
        facets.facet("Source", "source", node, counts["source"], names),
        facets.facet("Language", "lang", node, counts["language"], languages),
        facets.facet("Country", "country", node, counts["country"], countries),
        facets.facet("Kind", "kind", node, counts["kind"], {}),
        facets.facet("Control", "control", node, counts["control"], {}),
    ]


def _between(call: Call, text: str) -> str:
    """Write a query for the days of a form, both included; none given takes the limits out of it."""
    first, last = (_day(name, call.query.get(name, "")) for name in ("from", "to"))
    if first and last and last < first:
        first, last = last, first
    behind = last + timedelta(days=1) if last and last < date.max else last
    return facets.between(query.parse(text), first, behind)


def _day(name: str, written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise UsageError(f"{name}: found {written[:40]!r}, wanted a day such as 2026-11-01") from error


PAGES = (Page("/search", search), Page("/search/explain", explain))
