"""Texts cut into what matched and what did not, so that templates can mark it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from crawler import query
from crawler.archive import Archive, Hit
from crawler.errors import QueryError
from crawler.records import Article, Mention, Source
from digest.content import clean

Span = tuple[int, int]
#: A piece of text, and whether it matched.
Piece = tuple[str, bool]

#: A snippet holds its first match and at most so much before and behind it.
_AROUND = 260
#: In a text so many words are marked.
_MOST_MARKS = 2_000
#: The words of so many watches are marked.
_MOST_WATCHES = 40


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """Cut a text at the spans that matched; what could disturb the page is taken out of each piece."""
    cut: list[Piece] = []
    place = 0
    for start, end in sorted(spans):
        if start < place:
            continue
        cut += [(text[place:start], False), (text[start:end], True)]
        place = end
    cut.append((text[place:], False))
    return [(_clean(piece), marked) for piece, marked in cut if piece]


def paragraphs(text: str, spans: Iterable[Span]) -> list[list[Piece]]:
    """Cut a text into paragraphs, each cut at the first spans that matched: of a million marks no page is readable."""
    marked = sorted(spans)[:_MOST_MARKS]
    found: list[list[Piece]] = []
    place = passed = 0
    for line in text.splitlines(keepends=True):
        shown = line.rstrip()
        behind = place + len(line)
        inside: list[Span] = []
        for start, end in marked[passed:]:
            if start >= behind:
                break
            inside.append((max(start - place, 0), min(end - place, len(shown))))
        cut = pieces(shown, [(start, end) for start, end in inside if start < end])
        if any(piece.strip() for piece, _ in cut):
            found.append(cut)
        while passed < len(marked) and marked[passed][1] <= behind:
            passed += 1
        place = behind
    return found


def of_watches(
    archive: Archive, article: Article, source: Source | None, mentions: Iterable[Mention]
) -> Mapping[str, list[Span]]:
    """Find where in an article the words stand by which watches matched it; an older text may have had them alone."""
    queries = {watch.name: watch.query for watch in archive.watches.all()}
    document = query.Document(article, source)
    spans: dict[str, list[Span]] = {}
    for name in [mention.watch for mention in mentions if mention.watch in queries][:_MOST_WATCHES]:
        with suppress(QueryError):
            node = query.expand(query.parse(queries[name]), queries, within=(name,))
            for part, places in query.highlights(node, document).items():
                spans.setdefault(part, []).extend(places)
    return spans


def title(hit: Hit) -> list[Piece]:
    """Cut the title of a hit."""
    return pieces(hit.article.title, hit.highlights.get("title", ()))


def snippet(hit: Hit) -> list[Piece]:
    """Cut the snippet of a hit: its text is a part of the article's, with other white space."""
    name = next((name for name in ("text", "lead") if hit.highlights.get(name)), "")
    if not name:
        return pieces(hit.snippet, ())
    whole, spans = (hit.article.text if name == "text" else hit.article.lead), hit.highlights[name]
    low, high = max(0, spans[0][0] - _AROUND), spans[0][1] + _AROUND
    line, moved = _one_line(whole[low:high], [(start - low, end - low) for start, end in spans if end <= high])
    shown = hit.snippet.removeprefix("…").removesuffix("…").rstrip()
    # The snippet begins at or before the first match; where the text repeats itself, it is the last such place.
    first = line.rfind(shown, 0, moved[0][0] + len(shown))
    if first < 0:
        return pieces(hit.snippet, ())
    shift = len(hit.snippet) - len(hit.snippet.removeprefix("…")) - first
    behind = first + len(shown)
    inside = [(max(start, first), min(end, behind)) for start, end in moved if start < behind and end > first]
    return pieces(hit.snippet, [(start + shift, end + shift) for start, end in inside])


def _one_line(text: str, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """Join the words of a text by single spaces, and tell where the spans stand then."""
    starts: list[int] = []
    places: list[int] = []
    words: list[str] = []
    length = 0
    for found in re.finditer(r"\S+", text):
        starts.append(found.start())
        places.append(length)
        words.append(found[0])
        length += len(found[0]) + 1
    moved: list[Span] = []
    at = 0
    for start, end in spans:
        while at + 1 < len(starts) and starts[at + 1] <= start:
            at += 1
        behind = at
        while behind + 1 < len(starts) and starts[behind + 1] < end:
            behind += 1
        if starts:
            moved.append((places[at] + start - starts[at], places[behind] + end - starts[behind]))
    return " ".join(words), moved


def _clean(piece: str) -> str:
    """Clean a piece and keep the spaces at its ends."""
    plain = clean(piece)
    if not plain:
        return " " if piece.isspace() else ""
    return " " * piece[:1].isspace() + plain + " " * piece[-1:].isspace()
