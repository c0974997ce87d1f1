"""Tells which elements of a page belong to its own article, by where they stand about its headline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.below import heads_others
from crawler.extract.lines import weight
from crawler.extract.page import squeeze

_FURNITURE = re.compile(
    r"comment|related|sidebar|widget|recommend|latest|popular|teaser|most-?read|more-|trending|promo|carousel|card-list|"
    r"(?:^|[\s_-])(?:responses?|respond|repl(?:y|ies)|discussion|disqus|kommentare?|comentarios?|commentaires?|"
    r"reactions|reaktionen|reacties|guestbook)(?=$|[\s_-])",
    re.IGNORECASE,
)
_DEEPEST = 100
#: A link that says more than this beside a date leads to another text, whose date it is.
_CARD = 40
_HEADS = frozenset(("h2", "h3", "h4", "h5", "h6", "p", "div", "b", "strong"))
_SENTENCES = frozenset(("p", "li", "blockquote", "dd"))
#: A paragraph that says less than this beside a date is no sentence, and one that says more than that is.
_SHORTEST = 20
_LONG = 120
#: So long is a paragraph of a text; so many paragraphs of a box are looked at for one.
_PROSE = 60
_PARAGRAPHS = 12
#: A label that says whose date follows.
_LABEL = re.compile(
    r"(?:date |first )?(?:published|publish date|publication date|posted|veröffentlicht|publié|publicado|pubblicato)"
    r"(?: on| am| le| el| il)?\s*:?",
    re.IGNORECASE,
)
#: Between a label and its date.
_SMALL = re.compile(r"(?:on|am|at|le|el|il|den|:)?", re.IGNORECASE)


class Own:
    """Tells whether an element belongs to the page's own article."""

    def __init__(self, heading: HtmlElement | None, articles: int):
        self.heading = heading
        self.about = set() if heading is None else {id(node) for node in heading.iterancestors()}
        # lxml makes new proxies for nodes that nobody holds: hold them, or their ids are worth nothing.
        self._held = [] if heading is None else list(heading.iterancestors())
        self.articles = articles

        self._steps = {id(node): step for step, node in enumerate(self._held)}

    def steps(self, element: HtmlElement) -> int:
        """Tell how many steps lead from the headline up to what holds it and the element."""
        return next(
            (self._steps[id(node)] for node in islice(element.iterancestors(), _DEEPEST) if id(node) in self._steps), 0
        )

    def has(self, element: HtmlElement) -> bool:
        """Tell whether the element is no furniture and in no other article's box."""
        for node in islice(element.iterancestors(), _DEEPEST):
            if id(node) in self.about:
                return True
            if node.tag == "article" and self.articles > 1:
                return self.heading is None
            if node.tag == "a" and _is_card(node, element):
                return False
            if node.tag == "nav" or (node.tag == "aside" and self.articles != 1):
                return False
            names = f"{node.get('class') or ''} {node.get('id') or ''}"
            if len(names) > 4 and node.tag not in ("body", "main", "article") and _FURNITURE.search(names):
                return False
        return True

    def is_masthead(self, element: HtmlElement) -> bool:
        """Tell whether an element stands in the head of the site, apart from the headline: that shows today's day."""
        if self.heading is None:
            return False
        around = list(islice(element.iterancestors(), _DEEPEST))
        if any(node.tag in ("article", "main") for node in around):
            return False
        if any(node.tag == "header" for node in around if id(node) not in self.about):
            return True
        return self._is_above_box([element, *around])

    def _is_above_box(self, around: Sequence[HtmlElement]) -> bool:
        """Tell whether an element, given with those around it, stands above the box of headline and text."""
        at = next((at for at, node in enumerate(around) if id(node) in self.about), 0)
        if not at or around[at].tag not in ("body", "html") or not (step := self._steps[id(around[at])]):
            return False
        box = self._held[step - 1]
        if not any(node is box for node in islice(around[at - 1].itersiblings(), _DEEPEST)):
            return False
        return any(weight("".join(islice(part.itertext(), 9))) >= _PROSE for part in islice(box.iter("p"), _PARAGRAPHS))

    def is_of_others(self, element: HtmlElement) -> bool:
        """Tell whether an element stands in a box that is headed as one of other texts: "Latest", "Related"."""
        for node in (element, *islice(element.iterancestors(), 4)):
            if id(node) in self.about:
                return False
            for before in islice(node.itersiblings(preceding=True), 4):
                if id(before) in self.about or before is self.heading:
                    return False
                if before.tag in _HEADS and heads_others(squeeze("".join(islice(before.itertext(), 9)))):
                    return True
        return False

    def has_beside(self, element: HtmlElement) -> bool:
        """Tell whether an element stands in a column beside the article, labelled as its publication, on no card."""
        if not _LABEL.fullmatch(text_before(element)):
            return False
        nodes = list(islice(element.iterancestors(), _DEEPEST))
        if any(node.tag in ("nav", "article") or (node.tag == "a" and _is_card(node, element)) for node in nodes):
            return False
        names = " ".join(f"{node.get('class') or ''} {node.get('id') or ''}" for node in nodes if node.tag != "body")
        return _FURNITURE.search(names.replace("sidebar", "")) is None


def find_heading(headings: Sequence[HtmlElement], titles: Iterable[str]) -> HtmlElement | None:
    """Find the element of the headline among the page's h1."""
    wanted = ["".join(filter(str.isalnum, title.casefold())) for title in titles]
    for heading in headings:
        found = "".join(filter(str.isalnum, heading.text_content().casefold()))
        if len(found) > 5 and any(found in title or title in found for title in wanted if len(title) > 5):
            return heading
    return headings[0] if len(headings) == 1 else None


def text_before(element: HtmlElement) -> str:
    """Give the text right before an element, within its parent; a word such as "on" with what stands before it."""
    previous, said = element.getprevious(), ""
    while previous is not None and _SMALL.fullmatch(said):
        inner = squeeze("".join(islice(previous.itertext(), 20)))
        said = f"{squeeze(previous.tail or '') or inner[-40:]} {said}".strip()
        if any(map(str.isdigit, inner)):
            return said  # another date, with its own label
        previous = previous.getprevious()
    parent = element.getparent()
    if _SMALL.fullmatch(said) and parent is not None:
        said = f"{squeeze(parent.text or '')} {said}".strip()
    return said


def is_told_of(element: HtmlElement) -> bool:
    """Tell whether a sentence speaks of an element's date: "The concert is on 14 June, 7 pm, in the hall."."""
    block = next((node for node in islice(element.iterancestors(), 4) if node.tag in _SENTENCES), None)
    if block is None:
        return False
    said = squeeze("".join(islice(block.itertext(), 60)))
    around = len(said) - _length(element)
    if around < _SHORTEST or _LABEL.search(said[:40]):
        return False
    return around > _LONG or said.endswith((".", "!", "?", "。", "؟", "।"))


def _is_card(link: HtmlElement, element: HtmlElement) -> bool:
    """Tell whether a link is a whole card, with a headline beside the element: it leads to another text."""
    if not link.get("href"):
        return False
    if next(link.iter("h2", "h3", "h4", "h5", "h6"), None) is not None:
        return True
    own = {id(part): part for part in (element, *islice(link.iter("time"), 4))}
    return _length(link) - sum(map(_length, own.values())) > _CARD


def _length(element: HtmlElement) -> int:
    return sum(len(text.strip()) for text in islice(element.itertext(), 60))
