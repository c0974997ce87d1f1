"""Makes pages of marked ones that show what the corpus seldom shows: other furniture, and texts of another form.

The furniture is made of other pages' lines: cards of other texts before, below and inside the text, answers of readers
under any name, captions between paragraphs, boxes that ask for something. The text is written as lists of terms,
press reviews, rows of tables, lines parted by breaks, or as one or two paragraphs among all of that. How each is
wrapped and named is drawn anew for each page, so that nothing but its shape tells what it is.
``shapes.py`` tests with wrappings that are never drawn here.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from html import escape

from lxml import html

from crawler.extract.page import parse
from tests.eval.long_pages import LongCase, paragraphs_of
from tests.eval.made_furniture import Maker
from tests.eval.score import Case

_FEWEST = 4
_SENTENCE = re.compile(r"(?<=[.!?。！？।؟])\s*")


class _Maker(Maker):
    """Draws a whole page, with its own text."""

    def __init__(self, seed: int, own: Sequence[str], others: Sequence[str]) -> None:
        super().__init__(seed, others)
        self.own = list(own)
        #: The lines of the text, as they are shown.
        self.gold: list[str] = []

    def line(self, text: str) -> str:
        self.gold.append(text)
        return escape(text, quote=False)

    def body(self) -> str:
        """Write the text in one form."""
        forms: Sequence[Callable[[], str]] = (
            self._plain, self._plain, self._plain, self._plain, self._plain, self._terms, self._terms, self._terms,
            self._review, self._review, self._review, self._review, self._rows, self._rows, self._breaks, self._breaks,
            self._captioned, self._captioned, self._captioned, self._captioned, self._items, self._items, self._nested,
            self._nested, self._nested,
        )  # fmt: skip
        return self.draw.choice(forms)()

    def _plain(self) -> str:
        tag = self.draw.choice(("p", "p", "p", "div"))
        name = self.name() if self.chance(0.3) else ""
        return "".join(f"<{tag}{name}>{self.line(line)}</{tag}>" for line in self.own)

    def _nested(self) -> str:
        """Write each paragraph, some with a heading, in a block of its own, as lists of what is best do."""
        tag, level = self.draw.choice(("div", "div", "article", "section", "li")), self.draw.choice(("h2", "h3", "h4"))
        opened, name = f"<{tag}{self.name()}>", self.name() if self.chance(0.3) else ""
        linked = f'<{level}><a href="https://other.example/">{{}}</a></{level}>'
        heading = self.draw.choice(("", f"<{level}>{{}}</{level}>", linked, linked, linked))
        more = '<a href="https://other.example/">More</a>' if self.chance(0.2) else ""
        made = []
        for line in self.own:
            above = heading.format(self.line(self.piece(15, 60, line))) if heading else ""
            made.append(f"{opened}{above}<p{name}>{self.line(line)}</p>{more}</{tag}>")
        return "".join(made)

    def _captioned(self) -> str:
        every, caption = self.draw.choice((1, 1, 2, 3, 4, 6)), self.caption()
        return "".join(
            (caption() if at % every == 0 else "") + f"<p>{self.line(line)}</p>" for at, line in enumerate(self.own)
        )

    def _terms(self) -> str:
        label = self.draw.choice(("dt", "dt", "dt><b", "dt><strong"))
        closed = "".join(f"</{tag}>" for tag in reversed(label.split("><")))
        made = [
            f"<{label}>{self.line(self.piece(6, 45, self._short(line)))}{closed}<dd>{self.line(line)}</dd>"
            for line in self._any()
        ]
        return f"<dl{self.name()}>{''.join(made)}</dl>"

    def _review(self) -> str:
        """Write a press review: each line links to what it tells of."""
        form = self.draw.choice(("<p>{}</p>", "<p>{}</p>", "<li>{}</li>", "<div>{}</div>", "<p>{}</p><p>{}</p>"))
        made = []
        if self.chance(0.7):
            made.append(f"<p>{self.line(self.own[0])}</p>")
        for line in self._any():
            inner = f'<a href="https://other.example/{len(made)}">{self.line(line)}</a>'
            if "}</p><p>{" in form:
                made.append(form.format(inner, self.line(self.piece(80, 200, line[::1]))))
            else:
                made.append(form.format(inner))
        return f"<ul>{''.join(made)}</ul>" if "li" in form else "".join(made)

    def _rows(self) -> str:
        made = []
        for at, line in enumerate(self._any()):
            first = self.draw.choice((f"{at + 1}.", self.piece(5, 30, self._short(line))))
            cells = f"<td>{self.line(first)}</td>" if self.chance(0.6) else ""
            made.append(f"<tr>{cells}<td>{self.line(line)}</td></tr>")
        lead = f"<p>{self.line(self.own[0])}</p>" if self.chance(0.5) else ""
        return f"{lead}<table{self.name()}>{''.join(made)}</table>"

    def _breaks(self) -> str:
        parting = self.draw.choice(("<br>", "<br>", "<br><br>", "<br/>\n"))
        return parting.join(self.line(line) for line in self._any())

    def _items(self) -> str:
        """Write short items, then longer steps, as recipes and lists of demands do."""
        short = [self.line(self._short(line)) for line in self.own]
        tag = self.draw.choice(("li", "li", "p"))
        items = "".join(f"<{tag}>{each}</{tag}>" for each in short)
        items = f"<ul>{items}</ul>" if tag == "li" else items
        heading = "<h2>{}</h2>"
        steps = "".join(f"<li>{self.line(line)}</li>" for line in self._any())
        return (
            f"<p>{self.line(self.own[0])}</p>"
            + heading.format(self.line(self.piece(8, 25))) + items
            + heading.format(self.line(self.piece(8, 25))) + f"<ol>{steps}</ol>"
        )  # fmt: skip

    def _short(self, line: str) -> str:
        return self.piece(10, 60, self.draw.choice([part for part in _SENTENCE.split(line) if len(part) > 8] or [line]))

    def _any(self) -> list[str]:
        """Give the lines as they are, or their sentences, or short pieces of them."""
        kind = self.draw.random()
        if kind < 0.4:
            return self.own
        if kind < 0.65:
            return [part for line in self.own for part in _SENTENCE.split(line) if part]
        return [self._short(line) for line in self.own for _ in range(self.draw.randint(1, 3))]


def plain(case: Case, others: Sequence[str], seed: int) -> LongCase | None:
    """Make a simple page of a marked text."""
    own = [" ".join(line.split()) for line in (case.gold.get("text") or "").split("\n") if len(line) > 30]
    if not own:
        return None
    draw = random.Random(seed)  # a draw, no secret
    own = own[: draw.choice((1, 2, 3, 6, 12, 30, 60))]
    maker = _Maker(seed, own, others)
    title = maker.piece(35, 90).rstrip(".")
    headline = f"<h1>{escape(title)}</h1>"
    if maker.chance(0.4):
        headline += f"<p{maker.name()}>{maker.words(8, 30)} | {maker.draw.randint(1, 28)}.3.2024</p>"
        headline = maker.wrap(headline, "header", "div", "")
    body = maker.body()
    marked = ' itemprop="articleBody"' if maker.chance(0.2) else ""
    if maker.chance(0.7):
        tag = maker.draw.choice(("div", "div", "section"))
        name = maker.misname() if maker.chance(0.08) else maker.name()
        body = f"<{tag}{name}{marked}>{body}{maker.furniture() if maker.chance(0.1) else ''}</{tag}>"
    inside = maker.furniture() if maker.chance(0.15) else ""
    body = maker.wrap(headline + body + inside, "article", "main", "div", "section", "td", "", "")
    for _ in range(maker.draw.choice((0, 0, 1, 2, 5))):
        body = maker.wrap(body, "div", "main", "section")
    nav = "".join(f'<li><a href="/n">{maker.words(4, 14)}</a></li>' for _ in range(maker.draw.randint(0, 14)))
    before = "".join(maker.furniture() for _ in range(maker.draw.choice((0, 0, 1, 1, 2))))
    after = "".join(maker.furniture() for _ in range(maker.draw.choice((0, 1, 1, 2, 3))))
    head = f"<title>{escape(title)}</title>"
    if maker.chance(0.1):
        data = {"@type": "NewsArticle", "headline": title, "articleBody": "\n".join(maker.gold)}
        head += f'<script type="application/ld+json">{json.dumps(data).replace("<", " ")}</script>'
    page = (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>"
        f"{maker.wrap(f'<ul>{nav}</ul>', 'nav', 'header', 'div')}{before}{body}{after}"
        f"{maker.wrap(f'<p>© 2024 {maker.words(5, 20)}</p>', 'footer', 'div', '')}</body></html>"
    )
    return LongCase(f"{case.id}+plain", case.url, case.path, {"text": "\n".join(maker.gold)}, page.encode())


def mixed(case: Case, others: Sequence[str], seed: int) -> LongCase | None:
    """Put furniture into a marked page: around its text, and captions between its paragraphs."""
    tree = parse(case.body(), "", case.url).tree
    own = paragraphs_of(tree, case.gold.get("text") or "")
    if len(own) < _FEWEST:
        return None
    maker = _Maker(seed, ["-"], others)
    around = list(own[0].iterancestors())
    around = [each for each in around if each.tag not in ("body", "html", "tr", "tbody", "table", "td")] or [own[-1]]
    for _ in range(maker.draw.choice((1, 1, 2, 3))):
        at = maker.draw.choice(around[:5])
        kind = maker.draw.random()
        if kind < 0.5:
            _insert(at, maker.furniture(), after=True)
        elif kind < 0.8:
            _insert(at, maker.furniture(), after=False)
        else:
            _insert(own[-1], maker.furniture(), after=True)
    if maker.chance(0.4):
        caption, every = maker.caption(), maker.draw.choice((1, 2, 3, 5))
        for paragraph in own[::every]:
            _insert(paragraph, caption(), after=False)
    page = html.tostring(tree, encoding="utf-8", include_meta_content_type=True)
    return LongCase(f"{case.id}+mixed", case.url, case.path, case.gold, page)


def _insert(at: html.HtmlElement, markup: str, *, after: bool) -> None:
    for element in (
        reversed(html.fromstring(f"<div>{markup}</div>")) if after else html.fromstring(f"<div>{markup}</div>")
    ):
        if after:
            tail, at.tail = at.tail, None
            at.addnext(element)
            element.tail = tail
        else:
            at.addprevious(element)


def all_of(cases: Sequence[Case], others: Sequence[str]) -> list[LongCase]:
    """Make two pages of each marked one, every sixth of which is that page with more furniture."""
    made: list[LongCase | None] = []
    for number, case in enumerate(cases):
        made.append(plain(case, others, number))
        made.append((plain if number % 3 else mixed)(case, others, -1 - number))
    return [case for case in made if case is not None]


def lines_of(cases: Sequence[Case], most: int = 4_000) -> list[str]:
    """Draw lines of marked texts, of which furniture is made."""
    lines = [line for case in cases for line in (case.gold.get("text") or "").split("\n") if len(line) >= 90]
    return random.Random(1).sample(lines, min(most, len(lines)))  # a draw, no secret
