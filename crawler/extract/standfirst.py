"""Finds the standfirst: what a page declares as its description and shows, or what it marks as one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from crawler.extract.declared import Declared, Said
from crawler.extract.lines import Block, Line, inside, letters, of_picture, weight
from crawler.extract.page import ParsedPage

#: Words of the names of what holds a standfirst.
_MARKS = frozenset(
    (
        "abstract", "anriss", "bajada", "catenaccio", "chapeau", "chapo", "copete", "deck", "dek", "einleitung",
        "entradilla", "excerpt", "ingress", "intro", "introduction", "lead", "lede", "manchet", "perex", "preamble",
        "sommario", "sottotitolo", "standfirst", "strapline", "subheading", "subheadline", "subtitle", "summary",
        "teaser", "underrubrik", "vorspann",
    )
)  # fmt: skip
#: Words beside them that say that it is something else.
_OTHERS = frozenset(
    (
        "advert", "asset", "author", "authors", "box", "byline", "caption", "credit", "date", "figure", "gallery",
        "image", "img", "label", "links", "list", "media", "meta", "more", "newsletter", "photo", "picture", "podcast",
        "promo", "related", "share", "sponsor", "subscribe", "tags", "time", "title", "video",
    )
)  # fmt: skip
_TAGS = frozenset(("p", "div", "h2", "h3", "h4", "section", "header"))
_LEAST, _MOST = 25, 500
_FEWEST_WORDS = 5
_ASIDE = inside("aside", "nav", "footer", "form", "figure", "table", "ul", "ol", "button")
#: So many lines below the headline may be the standfirst or stand before it.
_NEAR = 25
#: What is marked may be so many blocks around the line.
_AROUND = 3


def read(
    said: Declared,
    parsed: ParsedPage,
    title: str,
    title_at: int | None,
    first_at: int,
    lines: Sequence[str],
    bylines: Collection[str],
) -> Said | None:
    """Give the standfirst and its evidence.

    ``lines`` are those of the text, which begins at ``first_at``; ``bylines`` tell who wrote it and when.
    """
    if not lines:
        return None
    if text := _declared(said, parsed, title_at, first_at, lines):
        return text, f"{said.where.get('description', 'page')}, shown on the page"
    if title_at is not None and (text := _marked(said, parsed, {title, *bylines}, title_at, first_at)):
        return text, "page, marked"
    return None


def _declared(said: Declared, parsed: ParsedPage, title_at: int | None, first_at: int, lines: Sequence[str]) -> str:
    """Give what the page declares as its description and shows above or as the start of the text."""
    wanted = letters(said.description)
    if len(wanted) < _LEAST:
        return ""
    start = title_at if title_at is not None else max(0, first_at - 8)
    for text in (*(line.text for line in parsed.lines[start + 1 : first_at + 1]), lines[0]):
        found = letters(text)
        if len(text) <= _MOST and (
            found == wanted or (found.startswith(wanted[:-3]) and len(found) < 1.3 * len(wanted))
        ):
            return text
    return ""


def _marked(said: Declared, parsed: ParsedPage, others: Collection[str], title_at: int, first_at: int) -> str:
    """Give the one marked paragraph from the headline to the first of the text; "" if several are marked."""
    found = []
    for at in range(title_at + 1, min(first_at + 1, title_at + _NEAR, len(parsed.lines))):
        line = parsed.lines[at]
        if line.linked or line.block.tag not in _TAGS or line.block.inside & _ASIDE or of_picture(line.block):
            continue
        if parsed.keys[at] in said.described:
            found.append(line)
        elif (block := _mark(line)) is not None:
            if any(
                block in _blocks(other) for other in parsed.lines[max(0, at - 2) : at] + parsed.lines[at + 1 : at + 3]
            ):
                return ""
            found.append(line)
    if len(found) != 1 or not _LEAST <= len(found[0].text) <= _MOST:
        return ""
    text = found[0].text
    linked = 2 * found[0].link_chars > len(text)
    few = len(text.split()) < _FEWEST_WORDS and weight(text) == len(text)
    return "" if few or linked or letters(text) in set(map(letters, others)) else text


def _mark(line: Line) -> Block | None:
    """Give the block by whose name a line is a standfirst."""
    for block in _blocks(line):
        if block.hidden or not _OTHERS.isdisjoint(block.names):
            return None
        if not _MARKS.isdisjoint(block.names) and not (block.parent and block.parent.chrome):
            return block
    return None


def _blocks(line: Line) -> Iterator[Block]:
    block: Block | None = line.block
    for _ in range(_AROUND):
        if block is None:
            return
        yield block
        block = block.parent
