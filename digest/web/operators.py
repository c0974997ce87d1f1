"""The help beside the query box; every example is a query that can be read."""

from __future__ import annotations

from typing import NamedTuple


class Operator(NamedTuple):
    """One way to say something in a query."""

    example: str
    meaning: str


OPERATORS = (
    Operator("port strike", "both words, anywhere in the article"),
    Operator('"state media"', "these words in this order"),
    Operator("arrest*", "words that begin so"),
    Operator("spy OR espionage", "at least one of them"),
    Operator("harbour -sport", "without the second word"),
    Operator("court NEAR/5 verdict", "with at most 5 words between them"),
    Operator("title:storm", "in the title; also lead:, text: and author:"),
    Operator("source:global-times", "by the key or the name of a source"),
    Operator("country:cn lang:zh", "country of the source, language of the article"),
    Operator("kind:agency control:state", "what sort of outlet, who controls it; also owner:"),
    Operator('credited:"Global Times"', "whom the text itself names as its origin"),
    Operator("site:example.org", "by the host of its address; also url:"),
    Operator("after:2026-11-01 before:7d", "published from a day on, before a day; 7d is seven days ago"),
    Operator("seen-after:yesterday", "first seen since then; also seen-before:"),
    Operator("copies:no", "without copies of other articles; copies:only for nothing else"),
    Operator("completeness:full paywalled:no", "kept whole, not known to be paywalled"),
    Operator("form:live", "live blogs; also form:gallery, video, several (articles on one page), article"),
    Operator("story:12", "in one story; also tag: and watch: by their names"),
    Operator('note:"look again"', "with these words in a note to it; also marked:irrelevant or not-a-copy"),
)
