"""Tells where on a page that goes on with the next articles of its site, as it is scrolled, its own article ends.

Each of these has a head as the page's own has: a headline with who wrote it and when, or an address of its own, and
stands in a block apart from the page's own text. What an article has of chapters, questions, opinions and posts lacks
one of these.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise
from urllib.parse import urlsplit

from crawler import urls
from crawler.extract.byline import parse_line
from crawler.extract.counts import ends_sentence, kind_of
from crawler.extract.datelines import read_dates
from crawler.extract.lines import Block, Line, holds, weight
from crawler.extract.names import is_certain
from crawler.extract.page import ParsedPage, letters
from crawler.extract.signing import signed
from crawler.extract.standing import title_at

_TAGS = frozenset(("h1", "h2", "h3"))
#: So many lines below a headline say who wrote the text and when, each no longer than this.
_HEAD, _LONGEST = 6, 100
#: Each article has so much of prose; a headline is no shorter than this.
_WHOLE, _PROSE = 300, 60
_HEADLINE = 15
#: Where pages write the address of each part; so many blocks about a headline are looked at.
_ADDRESSES = ("data-url", "data-href", "data-permalink", "data-article-url", "data-page-url", "data-link")
_AROUND = 4
#: What pages write of one address in several ways.
_WWW = re.compile(r"(?:www|amp|m|mobile)\.")
_ENDING = re.compile(r"(?:/amp|\.amp|\.html?|\.php|/)+$", re.IGNORECASE)
#: So many headlines of a page are looked at.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Own:
    """The lines of the page's own article."""

    first: int
    #: The line behind its last one.
    end: int
    #: How many articles there are.
    articles: int


@dataclass(frozen=True, slots=True)
class _Head:
    at: int
    dated: bool
    signed: bool
    #: The address that the page gives for it alone.
    address: str


def own(page: ParsedPage, title: str, language: str, text: Sequence[str], canonical: str | None = None) -> Own | None:
    """Find the page's own article among others that follow it; None for a page of one article.

    ``text`` are the lines that were found: where each stands below the one headline there is nothing to part.
    ``canonical`` is another address of the page.
    """
    headings = list(islice((at for at, line in enumerate(page.lines) if _may_head(line)), _MOST))
    if len(headings) < 2 or (at := title_at(page, title)) is None or at not in headings:
        return None
    wanted = set(map(letters, text))
    ends = pairwise((*headings, len(page.lines)))
    above_text = [one for one, end in ends if any(map(wanted.__contains__, page.keys[one + 1 : end]))]
    if len(above_text) < 2:
        return None
    addresses = _addresses(page, headings, at, canonical)
    is_other = partial(_is_other, page, _head(page, at, language, addresses), language, headings, addresses)
    others = [each for each in above_text if each != at and page.keys[each] != page.keys[at] and is_other(each)]
    end = next((each for each in others if each > at), len(page.lines))
    first = at if any(each < at for each in others) else 0
    if not others or _prose(page.lines[at:end]) < _WHOLE:
        return None
    return Own(first, end, len(others) + 1)


def _addresses(page: ParsedPage, headings: Sequence[int], at: int, canonical: str | None) -> dict[int, str]:
    """Give the address that is marked as that of each heading alone; "" where there is none."""
    addresses = {each: _address(page, page.lines[each].block) for each in headings}
    if any(addresses.values()):
        bare = {each: _bare(address) for each, address in addresses.items()}
        times = Counter(bare.values())
        known = {bare[at], *(_bare(address) for address in (page.url, canonical) if address)}
        for each in headings:
            if each != at and (times[bare[each]] > 1 or bare[each] in known):
                addresses[each] = ""
    return addresses


def _may_head(line: Line) -> bool:
    return line.tag in _TAGS and not (line.chrome or line.block.hidden) and weight(line.text) >= _HEADLINE


def _head(page: ParsedPage, at: int, language: str, addresses: Mapping[int, str]) -> _Head:
    """Read what stands below a headline, up to the first paragraph."""
    dated = named = False
    for place in range(at + 1, min(at + 1 + _HEAD, len(page.lines))):
        line = page.lines[place]
        size = weight(line.text)
        if size > _LONGEST or line.tag in _TAGS or (size >= _PROSE and ends_sentence(line.text)):
            break
        found = parse_line(line.text, language)
        said = signed(line.text)
        named = named or bool((found and found.authors) or (said and any(map(is_certain, said.persons))))
        dated = dated or bool((found and found.published) or read_dates(line.text, language, "", "under"))
    return _Head(at, dated, named, addresses[at])


def _address(page: ParsedPage, block: Block) -> str:
    """Give the address that blocks about a headline are marked with; "" when there is none."""
    around: Block | None = block
    for _ in range(_AROUND):
        if around is None:
            break
        for name in _ADDRESSES:
            if given := around.element.get(name):
                return urls.join(page.url, given) or ""
        around = around.parent
    return ""


def _bare(address: str) -> str:
    """Give of an address what is the same in all ways to write it: where its text is."""
    parts = urlsplit(address)
    query = "" if _ENDING.sub("", parts.path) else f"?{parts.query}"
    return f"{_WWW.sub('', parts.netloc, count=1)}{_ENDING.sub('', parts.path)}{query}"


def _is_article(address: str, url: str) -> bool:
    """Tell whether an address is made as that of the page is, and is that of another article of the site."""
    its, mine = urlsplit(address), urlsplit(url)
    one, other = (_ENDING.sub("", parts.path).split("/")[1:] for parts in (its, mine))
    alike = len(one) == len(other) > 1 and one[0] == other[0] and one[-1] != other[-1]
    return alike and not its.query and urls.same_site(address, url)


def _is_other(
    page: ParsedPage,
    mine: _Head,
    language: str,
    headings: Sequence[int],
    addresses: Mapping[int, str],
    at: int,
) -> bool:
    """Tell whether a headline begins another whole article."""
    line, title = page.lines[at], page.lines[mine.at]
    alike = line.tag == title.tag
    box = _apart(line.block, title.block)
    if box is None and not (alike and line.tag == "h1"):
        return False  # a card among the paragraphs looks so, too
    if not _is_parted(page, mine.at, at, box, headings):
        return False
    end = next((each for each in headings if each > at and page.lines[each].tag == line.tag), len(page.lines))
    below = page.lines[at + 1 : end]
    if _prose([each for each in below if box is None or holds(box, each.block)]) < _WHOLE:
        return False
    head = _head(page, at, language, addresses)
    of_its_own = head.dated or head.signed or _is_article(head.address, page.url)
    marked = bool(head.address) and box is not None and of_its_own
    told = head.dated and head.signed and (mine.dated or mine.signed)
    # Chapters with h1 are rare, and such that are dated or signed each are rarer.
    less = alike and line.tag == "h1" and box is not None
    return marked or told or (less and ((mine.dated and head.dated) or (mine.signed and head.signed)))


def _is_parted(page: ParsedPage, title_at: int, at: int, box: Block | None, headings: Sequence[int]) -> bool:
    """Tell whether a headline stands in no block of the page's own text: there it is that of a chapter."""
    line, title = page.lines[at], page.lines[title_at]
    around: Block | None = line.block
    while around is not None and not holds(around, title.block):
        around = around.parent
    if around is None or around.body:
        return False
    mine = _apart(title.block, line.block)
    if around.articles and not (
        box is not None
        and mine is not None
        and line.tag == title.tag == "h1"
        and kind_of(mine) == kind_of(box)
        and around.articles < min(line.block.articles, title.block.articles)
    ):
        return False  # one article holds both, and not each an article of its own within
    if box is None:
        return True
    end = next((each for each in headings if each > title_at), len(page.lines))
    text = [each.block for each in page.lines[title_at + 1 : end] if not each.chrome and weight(each.text) >= _PROSE]
    if mine is None or not text or not all(holds(mine, block) for block in text):
        return False
    # A round-up of opinions has an introduction, and smaller headings in boxes of another make.
    return line.tag in (title.tag, "h1") or mine.tag == "article" or kind_of(mine) == kind_of(box)


def _apart(block: Block, title: Block) -> Block | None:
    """Give the outermost block around a headline that does not hold the page's own; None where both stand in one."""
    found, around = None, block.parent
    while around is not None and not holds(around, title):
        found, around = around, around.parent
    return found


def _prose(lines: Sequence[Line]) -> int:
    """Give the length of what is told in lines."""
    told = (line for line in lines if not (line.linked or line.chrome or line.tag in _TAGS))
    return sum(size for line in told if (size := weight(line.text)) >= _PROSE)
