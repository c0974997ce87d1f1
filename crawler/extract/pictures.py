"""Reads the captions of galleries: pages whose substance is their pictures, with a few words above them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.captions import is_credit
from crawler.extract.consent import is_sentence
from crawler.extract.lines import Line, inside, of_picture, weight
from crawler.extract.page import ParsedPage, letters

_CAPTION = re.compile(r"caption|legend|description", re.IGNORECASE)
_FIGCAPTION = inside("figcaption")
#: So many pictures in one run, each with a caption that tells something, make a gallery of a page that has no more
#: than one paragraph beside them, or two beside many.
_LEAST, _TELLS, _MANY = 4, 30, 8
_PROSE = 60
#: So large a part of the captions are sentences, which names of persons are not, and are no numbered steps.
_SENTENCES = 0.75
_STEP = re.compile(r"\W*(?:\w+\s)?\d{1,2}\s?[.:)．：、）]")
#: What is made by such steps has a list of what it takes.
_LIST, _ITEMS = inside("ul", "ol", "table", "dl"), 3
#: More pictures are no gallery, and looking for each of their captions takes long.
_MOST = 500
#: A headline that leads elsewhere parts pictures: they are those of cards.
_HEADLINE = 20


def captions(page: ParsedPage) -> list[Line]:
    """Give the captions of a page's pictures; not who took them, nor those that lead to other texts."""
    return [line for line in page.lines if not line.chrome and _is_caption(line)]


def _is_caption(line: Line) -> bool:
    block = line.block
    named = bool(block.inside & _FIGCAPTION) or any(map(_CAPTION.search, block.names)) or of_picture(block)
    return named and not (line.linked or is_credit(line.text))


def run(page: ParsedPage, found: Sequence[str]) -> str:
    """Say how many pictures a page shows in one run that has little else to say; "" for any other page."""
    if sum(line.images > 0 for line in page.lines) < _LEAST:
        return ""
    best: dict[str, Line] = {}
    now: dict[str, Line] = {}
    for line, key in zip(page.lines, page.keys, strict=True):
        size = weight(line.text)
        if _is_caption(line) and of_picture(line.block) and not line.chrome:
            if size >= _TELLS and line.images:
                now[key] = line
        elif size >= _PROSE or (line.linked and size >= _HEADLINE) or line.chrome:
            now = {}
        if len(now) > len(best):
            best = now
    if not _LEAST <= len(best) <= _MOST:
        return ""
    beside = [line for line in found if letters(line) not in best]
    told = sum(map(weight, beside))
    paragraphs = sum(weight(line) >= _PROSE for line in beside)
    little = paragraphs <= 1 + (len(best) >= _MANY) and told <= sum(weight(line.text) for line in best.values())
    return f"{len(best)} pictures in a run" if little and _tell(list(best.values()), page, beside) else ""


def _tell(captions: Sequence[Line], page: ParsedPage, beside: Sequence[str]) -> bool:
    """Tell whether captions are what a page tells, and no names beside portraits or steps of a recipe."""
    said = sum(is_sentence(line.text) and not _STEP.match(line.text) for line in captions)
    others = set(map(letters, beside))
    lists = (line for line, key in zip(page.lines, page.keys, strict=True) if key in others and not line.chrome)
    return said >= _SENTENCES * len(captions) and sum(bool(line.block.inside & _LIST) for line in lists) < _ITEMS


def woven(text: Sequence[str], told: Sequence[Line], page: ParsedPage) -> list[str]:
    """Give the lines of a text with the captions that it lacks, in the order of the page, and without who took them."""
    if len(told) > _MOST:
        return list(text)
    whole = "".join(map(letters, text))
    missing = {id(line) for line in told if letters(line.text) not in whole}
    wanted = set(map(letters, text))
    lacking = [line for line in text if not is_credit(line)]
    kept: list[str] = []
    # Both stand in the order of the page, but for what a page shows twice or trafilatura wrote anew.
    shown = [
        (line, key) for line, key in zip(page.lines, page.keys, strict=True) if id(line) in missing or key in wanted
    ]
    done = 0
    places = {letters(line): at for at, line in enumerate(lacking)}
    for line, key in shown:
        if id(line) in missing:
            kept.append(line.text)
        elif (at := places.get(key, -1)) >= done:
            kept += lacking[done : at + 1]
            done = at + 1
    return list(dict.fromkeys((*kept, *lacking[done:])))
