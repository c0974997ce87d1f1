"""Takes cards of other texts off a short text: boxes of a headline that leads there and one sentence, alike in a row.

Lists that are texts have linked headings, too: what only looks like cards stays where it stands in the article itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from crawler import urls
from crawler.extract.counts import ends_sentence, kind_of
from crawler.extract.dates import find_spans
from crawler.extract.lines import TEXT, Block, Line, holds, inside, weight
from crawler.extract.page import ParsedPage, letters
from crawler.extract.refusal import is_text

#: A longer text, and what is told with it, is told from what stands below it by its signs.
_NEWS, _LONGEST = 1_200, 6_000
#: So many cards make a row; a card has no more lines than that, and one sentence of such a length.
_LEAST, _LINES = 3, 6
_SAID, _PARAGRAPH = 30, 400
_HEADLINE = 8
_DATE = 40
#: So many blocks about a headline can be its card.
_AROUND = 4
#: What stands in them is told in a row: lists that are texts are made so.
_ITEMS = frozenset(("li", "tr", "td", "dd", "dt"))
_LISTS = inside("ul", "ol", "table", "dl")
#: Text above the cards is no shorter than this.
_OWN = 30


@dataclass(frozen=True, slots=True)
class _Card:
    first: int
    #: The line behind its last one.
    end: int
    box: Block
    #: Its sentence is a link as well.
    linked: bool
    #: A picture is.
    pictured: bool
    #: It has a date of its own.
    dated: bool


def without(text: Sequence[str], page: ParsedPage, title_at: int | None, language: str, *, declared: bool) -> list[str]:
    """Give a text without cards of other texts of the site that stand below its first sentences.

    What would be too little for an article is left as it is, unless its page is ``declared`` to be one.
    """
    if title_at is None or len(text) <= _LEAST or sum(map(weight, text)) > _LONGEST:
        return list(text)
    if not _may_hold_cards(text, page, title_at):
        return list(text)
    cards = _row(page, title_at, language)
    if len(cards) < _LEAST or not _are_teasers(page, cards, title_at):
        return list(text)
    first = cards[0].first
    own = set(page.keys[:first])
    kept = [line for line in text if letters(line) in own]
    told = [line for line in kept if weight(line) >= _OWN and letters(line) != page.keys[title_at]]
    if not told or sum(map(weight, told)) > _NEWS or not (declared or is_text("\n".join(told))):
        return list(text)
    shown = {key for card in cards for key in page.keys[card.first : card.end]} - own
    whole = {"".join(page.keys[card.first : card.end]) for card in cards}
    left = [line for line in text if (key := letters(line)) not in shown and key not in whole]
    below = set(page.keys[cards[-1].end :]) - own
    goes_on = any(weight(line) >= _OWN and ends_sentence(line) and letters(line) in below for line in left)
    return list(text) if goes_on else left


def _may_hold_cards(text: Sequence[str], page: ParsedPage, title_at: int) -> bool:
    """Tell whether a line stands right below one that leads elsewhere, as a card's does, below a few sentences only."""
    wanted = set(map(letters, text))
    told, last = 0, -_LINES
    for at, line in enumerate(page.lines[title_at + 1 :]):
        if page.keys[title_at + 1 + at] in wanted:
            if told and at - last < _LINES:
                return told <= _NEWS
            size = weight(line.text)
            told += size if size >= _OWN else 0
        last = at if line.linked else last
    return False


def _row(page: ParsedPage, title_at: int, language: str) -> list[_Card]:
    """Give the longest row of cards of one template below the headline."""
    rows: dict[object, list[_Card]] = {}
    at = title_at + 1
    while at < len(page.lines):
        card = _card(page, at, title_at, language)
        if card is not None:
            rows.setdefault(kind_of(card.box), []).append(card)
        at = card.end if card else at + 1
    return max(rows.values(), key=len, default=[])


def _card(page: ParsedPage, at: int, title_at: int, language: str) -> _Card | None:
    """Read the card that begins with a line; None when it begins none."""
    line, title = page.lines[at], page.lines[title_at].block
    box, around = None, line.block
    for _ in range(_AROUND):
        if around.parent is None or holds(around, title):
            break
        end = _end(page.lines, at, around)
        if at and holds(around, page.lines[at - 1].block):
            break
        if end - at > _LINES:
            break
        if _is_card(page, page.lines[at:end]):
            box = around
        around = around.parent
    if box is None:
        return None
    end = _end(page.lines, at, box)
    lines = page.lines[at:end]
    pictured = any(link.find(".//img") is not None for link in islice(_links(box), _LINES))
    return _Card(
        at,
        end,
        box,
        all(each.linked for each in lines if weight(each.text) >= _SAID),
        pictured,
        _is_dated(lines, language),
    )


def _is_dated(lines: Sequence[Line], language: str) -> bool:
    return any(len(line.text) <= _DATE and bool(find_spans(line.text, language)) for line in lines)


def _end(lines: Sequence[Line], at: int, box: Block) -> int:
    end = at
    while end < len(lines) and end - at <= _LINES and holds(box, lines[end].block):
        end += 1
    return end


def _is_card(page: ParsedPage, lines: Sequence[Line]) -> bool:
    """Tell whether lines are a headline that leads to another page of the site and one sentence."""
    heads = [line for line in lines if line.linked and weight(line.text) >= _HEADLINE]
    said = [
        line for line in lines if _SAID <= weight(line.text) <= _PARAGRAPH and (not line.linked or line is not heads[0])
    ]
    if not heads or len(said) != 1 or len(heads) - sum(line.linked for line in said) != 1:
        return False
    return lines.index(said[0]) > lines.index(heads[0]) and _leads_away(page, heads[0])


def _links(block: Block) -> list[HtmlElement]:
    """Give the links in a block, or that around it."""
    inside = list(islice(block.element.iter("a"), _LINES))
    return inside or list(islice(block.element.iterancestors("a"), 1))


def _leads_away(page: ParsedPage, line: Line) -> bool:
    link = next(iter(_links(line.block)), None)
    address = urls.join(page.url, link.get("href") or "") if link is not None else None
    return bool(address) and urls.same_site(address or "", page.url) and urls.normalise(address or "") != page.url


def _are_teasers(page: ParsedPage, cards: Sequence[_Card], title_at: int) -> bool:
    """Tell whether cards are no list that is the text: they are links as a whole, or stand apart from the article."""
    title, box = page.lines[title_at].block, cards[0].box
    below = page.lines[title_at + 1 : cards[0].first]
    text = [line.block for line in below if not line.linked and weight(line.text) >= _OWN]
    around, row = _common(title, box), _common(box, *(card.box for card in cards))
    # An article, or what is marked as its body, holds its list, and so does the innermost block that holds the text.
    if around is None or row is None or around.articles or row.articles or row.body:
        return False
    if any(_common(block, box) is not around for block in text if holds(around, block)):
        return False
    if (box.tag in _ITEMS or box.inside & ~title.inside & _LISTS) and not title.inside & ~box.inside & TEXT:
        return False
    if any(all(each) for each in zip(*((card.linked, card.pictured, card.dated) for card in cards), strict=True)):
        return True
    own: Block | None = title
    while own is not None and not all(holds(own, block) for block in text):
        own = own.parent
    return bool(text) and own is not None and not holds(own, box)


def _common(*blocks: Block) -> Block | None:
    """Give the innermost block that holds all of these."""
    around: Block | None = blocks[0]
    while around is not None and not all(holds(around, block) for block in blocks):
        around = around.parent
    return around
