"""Tells where on a page its headline and its text stand, for what is read about them: bylines, dates, standfirst."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extract.lines import weight
from crawler.extract.page import ParsedPage, letters

#: So long a line of the text is known again by its letters; in a text that has none, one of a sentence.
_LONG, _SHORT = 100, 40
#: A standfirst stands so close below the headline, and so many lines may part it from the text.
_STANDFIRST, _GAP = 3, 24
#: So far below its headline a text begins that is not known again.
_AWAY = 12


def title_at(page: ParsedPage, title: str) -> int | None:
    """Find the line of the headline: an h1 before any other line that says the same."""
    wanted = letters(title)
    same = [at for at, key in enumerate(page.keys) if key == wanted and wanted]
    for tag in ("h1", "h2"):
        for at in same:
            if page.lines[at].tag == tag:
                return at
    # A kicker or a button may stand in the same heading.
    for at, key in enumerate(page.keys):
        if wanted and page.lines[at].tag == "h1" and wanted in key and 2 * len(wanted) > len(key):
            return at
    return same[0] if same else next((at for at, line in enumerate(page.lines) if line.tag == "h1"), None)


def text_at(page: ParsedPage, text: Sequence[str], headline: int | None) -> tuple[int, int]:
    """Find the first line of a text, below a standfirst that stands apart from the rest, and the last."""
    top, keys = headline or 0, page.keys
    wanted = [letters(line) for line in text if weight(line) > _LONG]
    wanted = wanted or [letters(line) for line in text if weight(line) > _SHORT]
    seen = _places(page, wanted, top, chrome=False)
    if 2 * len(seen) < len(wanted):
        # The text itself stands in what looks like furniture.
        seen = _places(page, wanted, top, chrome=True)
    below = [at for at in seen if at >= top]
    if 2 * len(below) >= len(seen):
        seen = below  # a teaser above the headline was taken for text
    first, last = min(seen, default=top + _AWAY), max(seen, default=top + _AWAY)
    if headline is not None and last > first <= headline + _STANDFIRST:
        second = min(at for at in seen if at > first)
        if 1 < second - first <= _GAP and set(keys[first + 1 : second]).isdisjoint(map(letters, text)):
            first = second
    return first, last


def _places(page: ParsedPage, wanted: Sequence[str], top: int, *, chrome: bool) -> list[int]:
    """Find lines by their letters: teasers of a text stand above its headline, the text itself below."""
    places: dict[str, int] = {}
    for at in (*range(top, len(page.keys)), *range(top)):
        if chrome or not page.lines[at].chrome:
            places.setdefault(page.keys[at], at)
    return [places[key] for key in wanted if key in places]
