"""Invented pages of shapes that are hard to read: each line of the text and of the furniture around it is known.

No wrapping, tag order or name of a block here is one that ``made_pages.py`` draws, so that what was learnt from those
is tested by others.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape

from tests.eval.invented import LANGUAGES, Page

Part = Callable[[Page], str]


def paragraphs(count: int, low: int = 1, high: int = 3) -> Part:
    """Write paragraphs."""
    return lambda page: "".join(f"<p>{page.own(page.prose(page.draw.randint(low, high)))}</p>" for _ in range(count))


def with_last(count: int) -> Part:
    """Write paragraphs of which the last has a class of its own."""

    def write(page: Page) -> str:
        name = page.draw.choice(("outro", "graf-last", "xT9_end", "mb-large", "envoi"))
        return paragraphs(count - 1)(page) + f'<p class="{name}">{page.own(page.prose(page.draw.randint(1, 2)))}</p>'

    return write


_HED, _DEK = "{hed}", "{dek}"
CARDS: tuple[str, ...] = (
    '<dl class="river"><dt><a href="/x">{hed}</a></dt><dd>{dek}</dd></dl>',
    '<div><div><a href="/x"><img></a></div><div><h3><a href="/x">{hed}</a></h3><div><p>{dek}</p></div></div></div>',
    '<article class="tease"><header><h4><a href="/x">{hed}</a></h4></header><p>{dek}</p><footer>5</footer></article>',
    '<a class="tout" href="/x"><figure><img src="/x.jpg" alt=""></figure><div><b>{hed}</b><br>{dek}</div></a>',
    '<div class="slat"><p class="hed"><a href="/x">{hed}</a></p><p class="dek">{dek} <a href="/x">»</a></p></div>',
)
ANSWERS: tuple[str, ...] = (
    '<li class="voice"><p class="who">{who}</p><blockquote>{dek}</blockquote></li>',
    '<div class="remark"><header><em>{who}</em> · 12:40</header><div class="said"><p>{dek}</p></div></div>',
    '<article class="utterance"><footer>{who}</footer><p>{dek}</p><p><button>+1</button></p></article>',
)
CAPTIONS: tuple[str, ...] = (
    '<figure class="still"><div><img src="/i.jpg" alt=""></div><figcaption><p>{dek}</p></figcaption></figure>',
    '<figure><img src="/i.jpg" alt=""><figcaption>{dek} <cite>Photo: Tova Lind</cite></figcaption></figure>',
    '<div class="still"><img src="/i.jpg" alt=""><p class="wp-caption-text">{dek}</p></div>',
    '<img src="/i.jpg" alt=""><p class="caption">{dek}</p>',
)
_NAMES = "Tova L.|harbourfan|B. Okoro|Wei|Mira K.|nobody in particular|Sami H."


def _repeat(form: str, count: int, page: Page) -> str:
    made = []
    for _ in range(count):
        filled = form
        if "{who}" in form:
            filled = filled.replace("{who}", page.draw.choice(_NAMES.split("|")))
            filled = filled.replace("{dek}", page.foreign(page.prose(page.draw.choice((1, 1, 2, 3)))))
        else:
            filled = filled.replace(_HED, page.foreign(page.label(70)))
            dek = page.sentence()
            ends = dek if "»" not in form else dek + " »"
            page.furniture.append(ends)
            filled = filled.replace(_DEK, escape(dek, quote=False))
        made.append(filled)
    return "".join(made)


def cards(count: int, headed: bool = True) -> Part:
    """Write cards of other texts."""

    def write(page: Page) -> str:
        form = page.draw.choice(CARDS)
        heading = f"<h2>{page.foreign(page.label(20))}</h2>" if headed else ""
        return f'<div class="deck">{heading}{_repeat(form, count, page)}</div>'

    return write


def answers(count: int) -> Part:
    """Write what readers answered."""

    def write(page: Page) -> str:
        form = page.draw.choice(ANSWERS)
        made = _repeat(form, count, page)
        return f'<ol class="voices">{made}</ol>' if form.startswith("<li") else f'<div class="voices">{made}</div>'

    return write


def captioned(count: int, every: int) -> Part:
    """Write paragraphs with captioned pictures between them."""

    def write(page: Page) -> str:
        form, made = page.draw.choice(CAPTIONS), []
        for at in range(count):
            if at % every == 0:
                line = page.sentence() if page.draw.random() < 0.5 else page.label(60)
                page.furniture.append(line + (" Photo: Tova Lind" if "<cite>" in form else ""))
                made.append(form.replace(_DEK, escape(line, quote=False)))
            made.append(f"<p>{page.own(page.prose(page.draw.randint(1, 3)))}</p>")
        return "".join(made)

    return write


def asking(lines: int) -> Part:
    """Write a box that nothing wraps."""

    def write(page: Page) -> str:
        made = [f"<p>{page.foreign(page.label(25))}</p>"]
        made += [f"<p>{page.foreign(page.sentence())}</p>" for _ in range(lines)]
        return "".join(made) + f"<p>{page.foreign(page.label(12))}</p>"

    return write


def terms(count: int) -> Part:
    """Write a list of terms."""

    def write(page: Page) -> str:
        form = page.draw.choice(
            ("<dt>{}</dt><dd>{}</dd>", "<dt>{}</dt><dd><p>{}</p></dd>", "<div><dt>{}</dt><dd>{}</dd></div>")
        )
        each = (
            form.format(page.own(page.label(25)), page.own(page.prose(page.draw.choice((1, 2))))) for _ in range(count)
        )
        return f"<dl>{''.join(each)}</dl>"

    return write


def review(count: int) -> Part:
    """Write a press review, of which each line links to what it tells of."""

    def write(page: Page) -> str:
        form = page.draw.choice(
            (
                '<p><a href="//o.test/1">{}</a></p>',
                '<li><a href="//o.test/1">{}</a></li>',
                '<p><em><a href="//o.test/1">{}</a></em></p>',
            )
        )
        made = "".join(form.format(page.own(page.sentence())) for _ in range(count))
        first = f"<p>{page.own(page.prose(2))}</p>"
        return first + (f"<ol>{made}</ol>" if "<li" in form else made)

    return write


def short_lines(count: int) -> Part:
    """Write short lines parted by breaks or as rows of a table."""

    def write(page: Page) -> str:
        lines = [page.own(page.label(page.draw.randint(18, 45))) for _ in range(count)]
        if page.draw.random() < 0.5:
            return "<br>".join(lines)
        rows = (f"<tr><td>{at}.</td><td>{line}</td></tr>" for at, line in enumerate(lines, 1))
        return f"<table border=0>{''.join(rows)}</table>"

    return write


def recipe(count: int) -> Part:
    """Write a recipe."""

    def write(page: Page) -> str:
        first = f"<p>{page.own(page.prose(2))}</p><h3>{page.own(page.label(14))}</h3>"
        parts = "".join(f"<li>{page.draw.randint(1, 900)} g {escape(page.label(22))}</li>" for _ in range(count))
        page.text += [part.split("</li>")[0] for part in parts.split("<li>")[1:]]
        steps = "".join(f"<li>{page.own(page.sentence())}</li>" for _ in range(max(2, count // 2)))
        return f"{first}<ul>{parts}</ul><h3>{page.own(page.label(14))}</h3><ol>{steps}</ol>"

    return write


def _none(_: Page) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a page is made of."""

    body: Part
    before: Part = _none
    after: Part = _none
    #: The ways to wrap it, of WRAPPINGS.
    wrapped: tuple[str, ...] = ("marked", "prose", "article", "bare", "cell")


#: What a text's block is called on some pages, though it sounds like furniture.
_MISNAMED = (
    "comments-closed", "sidebar-free", "teaser-free", "legal-affairs", "popular-science", "cookie-kitchen",
)  # fmt: skip
#: Wrappings that part a text from what stands below it: without one only its words could.
_PARTED = ("marked", "prose", "article", "cell")
#: Title and text are put in.
WRAPPINGS: Mapping[str, str] = {
    "marked": '<main><article><h1>{}</h1><p class="dateline">Tova Lind, 12 March 2024</p>'
    '<div class="running-copy" itemprop="articleBody">{}</div></article></main>',
    "prose": '<div class="report"><h1>{}</h1><div class="prose">{}</div></div>',
    "article": "<article><h1>{}</h1>{}</article>",
    "bare": "<h1>{}</h1>{}",
    "cell": "<table width=760><tr><td width=120></td><td><h1>{}</h1>{}</td></tr></table>",
    **{
        name: f'<div class="sheet"><h1>{{}}</h1><div class="{name}">{{}}</div></div>'
        for name in _MISNAMED
    },
}  # fmt: skip
SHAPES: Mapping[str, Shape] = {
    "3 paragraphs": Shape(paragraphs(3)),
    "40 paragraphs": Shape(paragraphs(40)),
    "4 paragraphs, the last with a class of its own": Shape(with_last(4)),
    "12 paragraphs, the last with a class of its own": Shape(with_last(12)),
    "5 cards below": Shape(paragraphs(10), after=cards(5)),
    "20 cards below": Shape(paragraphs(10), after=cards(20)),
    "60 cards below": Shape(paragraphs(10), after=cards(60)),
    "100 cards below": Shape(paragraphs(6), after=cards(100)),
    "2 cards above": Shape(paragraphs(10), before=cards(2, headed=False)),
    "8 cards above": Shape(paragraphs(10), before=cards(8, headed=False)),
    "25 cards above": Shape(paragraphs(10), before=cards(25, headed=False)),
    "6 cards below two sentences": Shape(paragraphs(1, 2, 2), after=cards(6)),
    "6 cards below one sentence": Shape(paragraphs(1, 1, 1), after=cards(6)),
    "a caption above each paragraph": Shape(captioned(12, 1)),
    "a caption above every fourth": Shape(captioned(24, 4)),
    "20 answers": Shape(paragraphs(10), after=answers(20)),
    "300 answers": Shape(paragraphs(12), after=answers(300)),
    "a box without a wrapper below": Shape(paragraphs(8), after=asking(1), wrapped=_PARTED),
    "a box without a wrapper above": Shape(paragraphs(8), before=asking(2)),
    "8 terms": Shape(terms(8)),
    "100 terms": Shape(terms(100)),
    "a press review of 6": Shape(review(6)),
    "a press review of 40": Shape(review(40)),
    "12 short lines": Shape(short_lines(12)),
    "60 short lines": Shape(short_lines(60)),
    "60 short lines, 300 answers": Shape(short_lines(60), after=answers(300)),
    "a recipe": Shape(recipe(12)),
    "a recipe, 300 answers": Shape(recipe(12), after=answers(300)),
    "a misleading name": Shape(paragraphs(8), after=cards(5), wrapped=_MISNAMED),
}


def make(shape: Shape, number: int) -> tuple[Page, bytes]:
    """Make one page of a shape: each number gives another."""
    page = Page(random.Random(number), LANGUAGES[number % len(LANGUAGES)])  # a draw, no secret
    page.title = page.label(60)
    wrapping = WRAPPINGS[shape.wrapped[(number * 7 // 5) % len(shape.wrapped)]]
    before = shape.before(page)
    body = wrapping.format(escape(page.title), shape.body(page))
    whole = (
        f'<!DOCTYPE html><html lang="{page.language}"><head><meta charset="utf-8">'
        f"<title>{escape(page.title)}</title></head><body>"
        '<header><nav><ul><li><a href="/">Ostby Post</a></li><li><a href="/t">Town</a></li></ul></nav></header>'
        f"{before}{body}{shape.after(page)}<footer><p>© 2024 Ostby Post</p></footer></body></html>"
    )
    return page, whole.encode()
