"""Finds the body of an article: its lines by their signs; trafilatura has a say where these leave doubt."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice, pairwise

from lxml import etree
from lxml.html import HtmlElement

from crawler.extract import signs, weigh
from crawler.extract.counts import ENDS, ends_sentence
from crawler.extract.declared import Declared
from crawler.extract.lines import SUBHEADINGS, Block, Line, letters, of_picture, weight
from crawler.extract.page import ParsedPage, squeeze

_CELLS = ("td", "th")
_TABLE_PARTS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th", "center")
_MARKUP = re.compile(r"<\s*/?\s*(?:p|br|div|li|h\d)[^>]{0,200}>", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]{1,500}>")
#: Above this doubt trafilatura is asked, too, where its answer could turn so much of the text: on about every eighth
#: page, of which more gain than lose by it.
_DOUBT, _OPEN = 0.15, 0.05
#: What its answer moves the chance of a line, in log odds; beyond these chances it turns nothing.
_SAY = 1.0
_TURNED = 1 / (1 + math.exp(_SAY))
#: It is not shown blocks whose lines have all less chance than this: without them it takes two thirds of the time,
#: and its answers on pages of unseen hosts are a little better.
_UNLIKELY = 0.05
#: What stands in one block with a line whose chance is this good has a better one, if its own is no worse than that.
_CERTAIN, _LEAST = 0.8, 0.1
#: A paragraph without links that is as long as this and ends like a sentence, by so much in log odds: a class of its
#: own, as the last one of a text may have it, says less than where it stands.
_PARAGRAPHS = frozenset(("p", "div", "section", "article", "main", "body", "li", "td", "blockquote"))
_PLAIN, _PLAIN_LEAST, _PLAIN_SAY = 40, 0.02, 4.0
#: Less text than this, in letters, may be a page that is built like no other: trafilatura is asked, too.
_LITTLE = 250
#: In a text of fewer letters than this, a line of this length right below the headline that ends like a sentence stays.
_SHORT, _SENTENCE = 1_000, 60
#: Of its answer, lines whose chance is less than this are left out where any line was found.
_REFUSED = 0.1
#: A page of more elements, of which trafilatura would make several copies, is not shown to it.
_MOST_ELEMENTS = 60_000
#: So much of a line of its answer must stand in lines of the page, if they are to take its place.
_COVERED = 0.8
#: A line with so many letters is known wherever it stands, a shorter one only right behind the one before it.
_SURE = 20
#: Its answer is taken when it has so many times the letters.
_MORE = 1.5


@dataclass(frozen=True, slots=True)
class Judged:
    """How the lines of a page were judged."""

    #: The chance of each line by its signs alone; None for one that only links elsewhere.
    own: list[float | None]
    #: The chance that counts: trafilatura's answer is in it where it was asked.
    chances: list[float]
    asked: bool


def judge(page: ParsedPage, said: Declared) -> Judged:
    """Tell for each line of a page the chance that it is the article's text, and why."""
    signs_ = signs_of(page, said, weigh.weights().words)
    chances = weigh.chances(signs_)
    own = [None if sign is None else chance for sign, chance in zip(signs_, chances, strict=True)]
    final, asked = settle(page, chances)
    return Judged(own, final, asked)


def settle(page: ParsedPage, chances: list[float]) -> tuple[list[float], bool]:
    """Ask trafilatura where the chances of a page's lines leave doubt; tell whether it was asked."""
    asked = _is_doubtful(page, chances)
    return _with_siblings(page, _with_trafilatura(page, chances) if asked else chances), asked


def lines(page: ParsedPage, said: Declared) -> list[str]:
    """Give the lines of the article's text, headings and list items among them."""
    judged = judge(page, said)
    chances = judged.chances
    found = [line.text for line, chance in zip(page.lines, chances, strict=True) if chance > weigh.CHANCE]
    size = sum(len(key) for key, chance in zip(page.keys, chances, strict=True) if chance > weigh.CHANCE)
    told = _below_title(page, chances) if size < _SHORT else ""
    if told and told not in found:
        found, size = [told, *found], size + len(letters(told))
    if size >= _LITTLE:
        return found
    other = _parted(page, of_trafilatura(page.tree))
    if found:  # a page of one or two sentences has no more, whatever stands below
        refused = {
            key for key, own in zip(page.keys, judged.own, strict=True) if (0.0 if own is None else own) < _REFUSED
        }
        other = [line for line in other if letters(line) not in refused]
    return other if len(letters(" ".join(other))) > _MORE * size else found


def _parted(page: ParsedPage, answer: list[str]) -> list[str]:
    """Part what trafilatura has joined: of a page with little text it may make one line, its boxes and all."""
    known = set(page.keys)
    parted: list[str] = []
    for line in answer:
        key = letters(line)
        pieces = [] if key in known else _pieces(page, key)
        parted += pieces or [line]
    return parted


def _pieces(page: ParsedPage, joined: str) -> list[str]:
    """Give the lines of a page, one after the other, of which one is made; [] where much of it is not among them."""
    pieces: list[str] = []
    at = covered = 0
    broken = False  # by a line break only
    for line, key in zip(page.lines, page.keys, strict=True):
        place = at if joined.startswith(key, at) else joined.find(key, at) if len(key) >= _SURE else -1
        if not key or place < 0:
            continue
        if broken and place == at:
            pieces[-1] += f" {line.text}"
        else:
            pieces.append(line.text)
        at, covered, broken = place + len(key), covered + len(key), line.broken
    return pieces if covered >= _COVERED * len(joined) else []


def _below_title(page: ParsedPage, chances: Sequence[float]) -> str:
    """Give the sentence right below the headline, in one block with it, unless it is surely none of the text."""
    for (title, line), chance in zip(pairwise(page.lines), chances[1:], strict=False):
        if title.tag == "h1" and not line.linked and line.block.parent is title.block.parent:
            sentence = weight(line.text) >= _SENTENCE and line.text[-1] in ENDS
            return line.text if sentence and chance >= _REFUSED else ""
    return ""


def signs_of(page: ParsedPage, said: Declared, words: Mapping[str, float]) -> list[list[float] | None]:
    """Read the signs of each line of a page."""
    titles = {letters(title) for title, _ in said.titles[:3]} | set(map(letters, said.h1))
    return signs.read(
        page.lines,
        page.keys,
        titles=titles - {""},
        description=letters(said.description),
        article_body=letters(" ".join(of_article_body(said.article_body))),
        words=words,
    )


def _is_doubtful(page: ParsedPage, chances: Sequence[float]) -> bool:
    """Tell whether much of the text is neither surely in nor out, and trafilatura's answer could turn some of it."""
    doubtful = whole = turned = 0.0
    for line, chance in zip(page.lines, chances, strict=True):
        doubtful += len(line.text) * min(chance, 1 - chance)
        whole += len(line.text) * chance
        turned += len(line.text) if _TURNED < chance < 1 - _TURNED else 0
    return doubtful > _DOUBT * whole and turned > _OPEN * whole


def _with_trafilatura(page: ParsedPage, chances: Sequence[float]) -> list[float]:
    """Give what trafilatura finds better chances, and the rest worse ones."""
    found = [letters(line) for line in of_trafilatura(_without_unlikely(page, chances), fast=True)]
    known, whole = set(found), "".join(found)
    return [
        weigh.moved(chance, _SAY if key in known or (len(key) >= 15 and key in whole) else -_SAY) if chance else chance
        for chance, key in zip(chances, page.keys, strict=True)
    ]


def _without_unlikely(page: ParsedPage, chances: Sequence[float]) -> HtmlElement:
    """Give a copy of a page's tree without the blocks that hold hardly any of the text; all of it where none does."""
    if max(chances, default=0.0) < _UNLIKELY:
        return page.tree
    best: dict[Block, float] = {}
    for line, chance in zip(page.lines, chances, strict=True):
        block: Block | None = line.block
        while block is not None and best.get(block, -1.0) < chance:
            best[block] = chance
            block = block.parent
    unlikely = set()
    for line in page.lines:
        block = line.block
        if best[block] < _UNLIKELY:
            while block.parent is not None and best[block.parent] < _UNLIKELY:
                block = block.parent
            unlikely.add(block.element)
    tree = copy.deepcopy(page.tree)
    pairs = zip(page.tree.iter(etree.Element), tree.iter(etree.Element), strict=True)
    for element in [copied for element, copied in pairs if element in unlikely]:
        element.drop_tree()
    return tree


def _with_siblings(page: ParsedPage, chances: list[float]) -> list[float]:
    """Give lines better chances that stand in one block with text: headings between it, plain paragraphs below it."""
    better = list(chances)
    for at, line in enumerate(page.lines[1:], 1):
        if chances[at] > weigh.CHANCE or better[at - 1] <= _CERTAIN:
            continue
        above = page.lines[at - 1].block
        if line.tag in SUBHEADINGS:
            between = above.parent is line.block.parent and _is_above_text(page, at, chances)
            if between and chances[at] > _LEAST and not line.linked:
                better[at] = weigh.moved(chances[at], _SAY)
        elif chances[at] > _PLAIN_LEAST and _are_together(above, line.block) and _is_plain(line):
            better[at] = weigh.moved(chances[at], _PLAIN_SAY)
    return _with_review(page, better)


def _are_together(one: Block, other: Block) -> bool:
    """Tell whether two blocks stand in one, or one of them right in the other."""
    return one.parent is other.parent or one is other.parent or other is one.parent


def _with_review(page: ParsedPage, chances: list[float]) -> list[float]:
    """Give sentences that only link elsewhere, and have no chance of their own, that of such text right beside them."""
    places = range(len(page.lines))
    for at, beside in (*pairwise(places), *pairwise(reversed(places))):
        text, line = page.lines[at], page.lines[beside]
        alike = line.linked and text.linked and line.tag == text.tag and line.block.parent is text.block.parent
        if alike and chances[at] > weigh.CHANCE >= chances[beside] and not line.chrome and ends_sentence(line.text):
            chances[beside] = chances[at]
    return chances


def _is_plain(line: Line) -> bool:
    """Tell whether a line is a paragraph without links, of a sentence or more, that stands below no picture."""
    if line.tag not in _PARAGRAPHS or line.chrome:
        return False
    sentence = weight(line.text) >= _PLAIN and ends_sentence(line.text)
    return sentence and "©" not in line.text and not (line.links or line.images or of_picture(line.block))


def _is_above_text(page: ParsedPage, at: int, chances: Sequence[float]) -> bool:
    """Tell whether a heading stands right above a line of text in one block with it, or in one that the block holds."""
    if at + 1 >= len(page.lines) or chances[at + 1] <= _CERTAIN:
        return False
    around, below = page.lines[at].block.parent, page.lines[at + 1].block
    return around in (below.parent, below.parent and below.parent.parent)


def of_trafilatura(tree: HtmlElement, *, fast: bool = False) -> list[str]:
    """Give the lines that trafilatura finds."""
    # Slow to import, and only the workers ever come here: whoever started them names their functions, and no more.
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    if next(islice(tree.iter(), _MOST_ELEMENTS, None), None) is not None:
        return []
    tree = _without_layout_tables(tree)
    found = bare_extraction(tree, with_metadata=False, include_comments=False, fast=fast)
    if not isinstance(found, Document) or not found.text:
        return []
    return [line for line in (squeeze(line) for line in found.text.split("\n")) if line]


def of_article_body(value: str) -> list[str]:
    """Give the lines of an articleBody, which may hold markup and, though JSON needs none, entities."""
    if not value:
        return []
    text = unescape(_TAGS.sub("", _MARKUP.sub("\n", value))).replace("\\n", "\n")
    return [line for line in (squeeze(line) for line in re.split(r"[\r\n]+", text)) if line]


def _without_layout_tables(tree: HtmlElement) -> HtmlElement:
    """Turn tables that only lay out the page into divisions: old pages keep whole articles in one cell.

    Read as data, such a cell becomes one line, without the borders of its paragraphs.
    """
    layout = [table for table in tree.iter("table") if _is_layout(table)]
    if not layout:
        return tree
    tree = copy.deepcopy(tree)
    for table in [table for table in tree.iter("table") if _is_layout(table)]:
        for element in table.iter(*_TABLE_PARTS):
            owner = element if element is table else next(element.iterancestors("table"), table)
            if owner is table:
                element.tag = "div"
    return tree


def _is_layout(table: HtmlElement) -> bool:
    for cell in table.iter(*_CELLS):
        if sum(1 for paragraph in cell.iter("p") if len(paragraph.text_content()) > 80) >= 2:
            return True
    return False
