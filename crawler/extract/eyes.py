"""Leaves out of a page's lines what no reader sees as the text's day: what is not drawn, and clocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from lxml import html

from crawler.extract.dates import clean, find_spans, may_hold
from crawler.extract.lines import INLINE, NOT_DRAWN, Block, Line, squeeze

_HIDES = frozenset(("hidden", "d-none", "is-hidden", "display-none"))
#: What shows the time at which a page is read; no dashes, no capitals.
_CLOCKS = frozenset((
    "clock", "servertime", "serverclock", "currenttime", "currentdate", "today", "todaydate", "todaysdate", "datetoday",
    "localtime", "liveclock", "digitalclock",
))  # fmt: skip
#: The words of these as blocks have them, of which each has at least one.
_NAMED = _CLOCKS | {"hidden", "none", "server", "current", "todays", "local", "live", "digital"}
#: What a line says of which nothing is seen: lines are never empty.
_NOTHING = "·"
#: Longer lines say more than a date; so many elements of a block are looked at.
_LONGEST, _MOST = 300, 200
#: So many lines above the headline, above the end of the text, and below both days are looked for.
_ABOVE, _END, _BELOW = 12, 4, 44


def hides(element: html.HtmlElement) -> bool:
    """Tell whether an element itself is not drawn, or shows the time at which its page is read."""
    attributes = element.attrib
    if not attributes:
        return False
    get = attributes.get
    if "hidden" in attributes or get("aria-hidden") == "true":
        return True
    style, class_, id_ = get("style"), get("class"), get("id")
    if style and NOT_DRAWN.search(style):
        return True
    return bool((class_ and _class_hides(class_)) or (id_ and _is_clock(id_[:40].lower())))


@lru_cache(maxsize=8_192)
def _class_hides(class_: str) -> bool:
    tokens = class_[:300].lower().split()
    if not _HIDES.isdisjoint(tokens):
        # "hidden md:block" and "d-none d-md-block" are drawn on wide screens.
        return not any(":" in token or token.startswith("d-") for token in tokens if token not in _HIDES)
    return any(map(_is_clock, tokens))


def _is_clock(name: str) -> bool:
    return name.replace("-", "").replace("_", "") in _CLOCKS


def about(lines: Sequence[Line], first_at: int, last_at: int, title_at: int | None) -> Sequence[int]:
    """Give the places of the lines about the headline and the two ends of the text, where days are looked for."""
    title = first_at if title_at is None else min(title_at, first_at)
    head = range(max(0, title - _ABOVE), min(len(lines), first_at + _BELOW))
    return (*head, *range(max(head.stop, last_at - _END), min(len(lines), last_at + _BELOW)))


def below(lines: Sequence[Line], first: int) -> Sequence[Line]:
    """Give the lines of a page, those above a place without what they say: that is of another article."""
    return [*(replace(line, text=_NOTHING) for line in lines[:first]), *lines[first:]] if first else lines


def seen(
    lines: Sequence[Line], first_at: int, title_at: int | None, language: str, places: Iterable[int] | None = None
) -> Sequence[Line]:
    """Give the lines of a page, those with figures without what no reader sees; ``places`` are looked at, or all.

    What holds the text or its headline is drawn sooner or later; a day that is drawn elsewhere, too, is no other's.
    """
    known: dict[int, bool] = {}
    for at in (first_at, title_at):
        block = lines[at].block if at is not None and at < len(lines) else None
        while block is not None:
            known[id(block)] = False
            block = block.parent
    parts: dict[int, list[str]] = {}
    changed: dict[int, str] = {}
    for at in range(len(lines)) if places is None else places:
        line = lines[at]
        if len(line.text) > _LONGEST or not may_hold(line.text):
            continue
        text = "" if _is_unseen(line.block, known) else line.text
        if text and len(line.block.element):
            block_id = id(line.block)
            if block_id not in parts:
                parts[block_id] = list(_unseen_parts(line.block.element))
            for part in parts[block_id]:
                text = text.replace(part, " ")
        if text != line.text:
            changed[at] = squeeze(text) or _NOTHING
    if not changed:
        return lines
    drawn = "\n".join(
        clean(text)
        for at, line in enumerate(lines)
        if len(text := changed.get(at, line.text)) <= _LONGEST and may_hold(text)
    )
    found = list(lines)
    for number, (at, text) in enumerate(changed.items()):
        if may_hold(text) or number > _MOST or not _is_drawn(lines[at].text, drawn, language):
            found[at] = replace(lines[at], text=text)
    return found


def _is_drawn(text: str, drawn: str, language: str) -> bool:
    """Tell whether the first day of a text is printed as it is there in what is drawn of a page."""
    cleaned = clean(text)
    spans = find_spans(cleaned, language, short_years=True)
    day = cleaned[spans[0][0] : spans[0][1]].strip() if spans else ""
    return bool(day) and day in drawn


def _is_unseen(block: Block, known: dict[int, bool]) -> bool:
    """Tell whether a block or one around it is not drawn; ``known`` holds what was told of them before."""
    asked: list[Block] = []
    around: Block | None = block
    while around is not None and id(around) not in known:
        asked.append(around)
        around = around.parent
    told = around is not None and known[id(around)]
    for each in reversed(asked):
        told = known[id(each)] = told or (_may_hide(each) and hides(each.element))
    return told


def _may_hide(block: Block) -> bool:
    """Tell, at once for most blocks, whether one may be not drawn, or a clock."""
    return (block.hidden and not (block.parent and block.parent.hidden)) or not _NAMED.isdisjoint(block.names)


def _unseen_parts(element: html.HtmlElement) -> Iterator[str]:
    """Give the texts of the elements in a block's own lines that are not drawn."""
    waiting = list(islice(element, _MOST))
    looked = 0
    while waiting and looked < _MOST:
        child = waiting.pop()
        looked += 1
        if child.tag not in INLINE:
            continue
        if child.attrib and hides(child):
            text = squeeze("".join(islice(child.itertext(), 12)))
            if text:
                yield text
        elif len(child):
            waiting += islice(child, _MOST)
