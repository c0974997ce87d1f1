"""The query language: one tree that is read, written, explained and asked of articles.

``parse`` reads a query (QueryError marks the place of a fault), ``show`` writes it back in its one form, ``explain``
says it in words, ``doubts`` and ``unknown_sources`` tell what of it was hardly meant so, ``matches`` asks it of a
Document (an article and its source), ``expand`` puts the queries of watches in place of their names. The archive
compiles the same tree for its index (crawler/archive/search.py).

    espionage AND ("state tv" OR CCTV) NEAR/5 arrest* -sport title:spy source:global-times country:cn
    credited:"Global Times" after:2019-11-01 before:7d copies:no watch:other-watch
"""

from __future__ import annotations

from crawler.query.doubts import doubts, unknown_sources
from crawler.query.evaluating import (
    Document,
    Match,
    Spans,
    highlights,
    highlights_in_part,
    is_match,
    matches,
    may_coincide,
    phrase_of,
    words_of,
)
from crawler.query.filters import published_at
from crawler.query.glancing import stretches
from crawler.query.reading import parse, read_back
from crawler.query.tree import (
    FIELDS,
    And,
    Everything,
    Field,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Term,
    all_of,
    any_of,
    filters_in,
    is_positive,
    is_textual,
    replace_filters,
    walk,
    wanted_terms,
)
from crawler.query.watching import check_watch, expand, expand_all
from crawler.query.writing import explain, show

__all__ = [
    "FIELDS",
    "And",
    "Document",
    "Everything",
    "Field",
    "Filter",
    "Match",
    "Near",
    "Node",
    "Not",
    "Or",
    "Spans",
    "Term",
    "all_of",
    "any_of",
    "check_watch",
    "doubts",
    "expand",
    "expand_all",
    "explain",
    "filters_in",
    "highlights",
    "highlights_in_part",
    "is_match",
    "is_positive",
    "is_textual",
    "matches",
    "may_coincide",
    "parse",
    "phrase_of",
    "published_at",
    "read_back",
    "replace_filters",
    "show",
    "stretches",
    "unknown_sources",
    "walk",
    "wanted_terms",
    "words_of",
]
