"""Makes furniture of other pages' lines: cards of other texts, answers of readers, captions, boxes that ask, links."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from html import escape

#: Names of furniture that some pages give to their text, too: alone, they prove nothing.
_MISLEADING = (
    "comments", "related", "newsletter", "footer", "copyright", "menu", "recommended", "trending",
)  # fmt: skip
_LETTERS = "abcdefghikmnoprstuvwz"


class Maker:
    """Draws the furniture of one page."""

    def __init__(self, seed: int, others: Sequence[str]) -> None:
        self.draw = random.Random(seed)  # a draw, no secret
        self.others = others

    def chance(self, share: float) -> bool:
        return self.draw.random() < share

    def name(self) -> str:
        """Give a class that says nothing, or none: a name that says something is for real pages to teach."""
        if self.chance(0.3):
            return ""
        return f' class="{"".join(self.draw.choices(_LETTERS, k=self.draw.randint(3, 9)))}"'

    def misname(self) -> str:
        """Give a class that sounds like furniture."""
        names = [self.draw.choice(_MISLEADING), "".join(self.draw.choices(_LETTERS, k=self.draw.randint(3, 9)))]
        if self.chance(0.3):
            names.reverse()
        return f' class="{"-".join(names)}"'

    def piece(self, low: int, high: int, line: str = "") -> str:
        """Cut so many characters, at a word, off a line: another page's where none is given."""
        line = line or self.draw.choice(self.others)
        size = self.draw.randint(low, high)
        if len(line) <= size:
            return line
        return line[:size].rsplit(" ", 1)[0].strip(" ,;:-–") or line[:size]

    def words(self, low: int, high: int) -> str:
        return escape(self.piece(low, high).rstrip(".,"), quote=False)

    def prose(self, low: int, high: int) -> str:
        """Give a sentence or more, as another page has them."""
        text = self.piece(low, high)
        end = self.draw.choice((".", ".", ".", "…", "", "..."))
        return escape(text if text[-1:] in ".!?。" else text + end, quote=False)

    def wrap(self, inner: str, *tags: str) -> str:
        tag = self.draw.choice(tags)
        return f"<{tag}{self.name()}>{inner}</{tag}>" if tag else inner

    def template(self, parts: Sequence[Callable[[], str]], outer: str, count: int) -> str:
        return "".join(outer.format("".join(part() for part in parts)) for _ in range(count))

    def few_or_many(self, most: int) -> int:
        return min(most, round(2 * math.exp(4.2 * self.draw.random())))

    def cards(self) -> str:
        """Make cards of other texts: a linked headline, mostly with the beginning of the text."""
        tag, heading, below = (
            self.draw.choice(("div", "div", "li", "article", "section", "td")),
            self.draw.choice(("h2", "h3", "h4", "h5", "div", "span", "strong", "p", "")),
            self.draw.choice(("p", "p", "p", "div", "span")),
        )
        names = [self.name() for _ in range(4)]
        link = '<a href="/c">{}</a>'
        around = self.chance(0.3)

        def head() -> str:
            inner = self.words(25, 90)
            opened, closed = (f"<{heading}{names[0]}>", f"</{heading}>") if heading else ("", "")
            return link.format(opened + inner + closed) if around else opened + link.format(inner) + closed

        parts: list[Callable[[], str]] = [head, lambda: f"<{below}{names[1]}>{self.prose(50, 220)}</{below}>"]
        if self.chance(0.25):
            parts.insert(0, lambda: '<a href="/c"><img src="/c.jpg" alt=""></a>')
        if self.chance(0.25):
            parts.insert(self.draw.randint(0, len(parts)), lambda: f"<div{names[2]}>{self.draw.randint(1, 23)} h</div>")
        if self.chance(0.2):
            parts.append(lambda: link.format("Read more"))
        if self.chance(0.15):
            parts = parts[1:]
        outer = f"<{tag}{names[3]}>{{}}</{tag}>"
        if self.chance(0.2):
            outer = f'<a href="/c"{names[3]}>{{}}</a>'
        if self.chance(0.2):
            outer = f"<div>{outer}</div>"
        made = self.template(parts, outer, self.few_or_many(100))
        made = {
            "li": f"<ul>{made}</ul>",
            "td": f"<table><tr>{made.replace('</td>', '</td></tr><tr>')}</tr></table>",
        }.get(tag, made)
        if self.chance(0.5):
            made = self.wrap(self.words(8, 30), "h2", "h3", "div") + made
        return self.wrap(made, "div", "div", "section", "aside", "div", "")

    def answers(self) -> str:
        """Make what readers answered, with their names."""
        tag, who, what = (
            self.draw.choice(("div", "div", "li", "article", "section")),
            self.draw.choice(("b", "span", "div", "h4", "h5", "p", "cite")),
            self.draw.choice(("p", "p", "div", "span")),
        )
        names = [self.name() for _ in range(4)]
        parts: list[Callable[[], str]] = [
            lambda: f"<{who}{names[0]}>{self.words(5, 22)}</{who}>",
            lambda: "".join(
                f"<{what}{names[1]}>{self.prose(20, 380)}</{what}>" for _ in range(self.draw.choice((1, 1, 2)))
            ),
        ]
        if self.chance(0.4):
            parts.insert(
                1, lambda: f"<div{names[2]}>{self.draw.randint(1, 28)}.3.2024, 10:{self.draw.randint(10, 59)}</div>"
            )
        if self.chance(0.4):
            parts.append(lambda: '<a href="#r">Reply</a>')
        made = self.template(parts, f"<{tag}{names[3]}>{{}}</{tag}>", self.few_or_many(200))
        if tag == "li":
            made = self.wrap(made, "ul", "ol")
        if self.chance(0.6):
            made = self.wrap(self.words(8, 30), "h2", "h3", "h4", "div") + made
        return self.wrap(made, "div", "div", "section")

    def box(self) -> str:
        """Make what asks the reader for something."""
        tag = self.draw.choice(("p", "p", "div", ""))
        lines = [self.wrap(self.prose(40, 190), tag or "p") for _ in range(self.draw.randint(1, 3))]
        if self.chance(0.6):
            lines.insert(0, self.wrap(self.words(12, 40), tag or self.draw.choice(("h2", "h3", "h4", "p"))))
        lines += [self.wrap(self.words(5, 18), tag or "button") for _ in range(self.draw.randint(0, 2))]
        if self.chance(0.3):
            lines.append('<form><input type="email"></form>')
        return self.wrap("".join(lines), "div", "section", "", "", "", "", "form")

    def links(self) -> str:
        """Make a list of links."""
        made = "".join(f'<li><a href="/l">{self.words(20, 110)}</a></li>' for _ in range(self.few_or_many(60)))
        return self.wrap(f"<ul>{made}</ul>", "div", "section", "aside", "")

    def caption(self) -> Callable[[], str]:
        """Choose how pictures are captioned."""
        name = [self.name() for _ in range(3)]
        credit = self.draw.choice(("", "", f" <span{name[2]}>{self.words(8, 25)}</span>"))
        if self.chance(0.4):
            name[1] = f' class="{self.draw.choice(("caption", "image-caption", "img-caption-x", "caption-text"))}"'
        form = self.draw.choice(
            (
                f"<figure{name[0]}><img src='/i.jpg'><figcaption{name[1]}>%s</figcaption></figure>",
                f"<figure{name[0]}><a><img src='/i.jpg'></a><figcaption><i{name[1]}>%s</i></figcaption></figure>",
                f"<figure{name[0]}><img src='/i.jpg'><div{name[1]}>%s</div></figure>",
                f"<div{name[0]}><img src='/i.jpg'><div{name[1]}>%s</div></div>",
                f"<div{name[0]}><div><a href='/i'><img src='/i.jpg'></a></div><span{name[1]}>%s</span></div>",
                f"<p{name[0]}><img src='/i.jpg'><br><small{name[1]}>%s</small></p>",
            )
        )
        return lambda: form % ((self.words(25, 120) if self.chance(0.4) else self.prose(30, 190)) + credit)

    def furniture(self) -> str:
        kinds = (self.cards, self.cards, self.cards, self.answers, self.answers, self.box, self.box, self.links)
        return self.draw.choice(kinds)()
