"""200 hostile pages: 25 recipes, each with 8 seeds, always the same; and what reading one costs."""

from __future__ import annotations

import resource
import string
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from crawler.errors import REASONS, NoArticle
from crawler.extract.workers import WorkerFault, Workers
from crawler.reading import read_page
from crawler.records import Fetched, Source

SEEDS = 8
CPU_SECONDS, MEGABYTES = 10, 512
AT = "https://hostile.example/2024/05/01/page"
SOURCE = Source("hostile", "Hostile", "https://hostile.example/")
_TAGS = [
    "div",
    "p",
    "span",
    "table",
    "tr",
    "td",
    "ul",
    "li",
    "a",
    "b",
    "i",
    "section",
    "article",
    "blockquote",
    "font",
    "center",
    "h2",
    "form",
    "label",
]
_WORDS = [
    "harbour",
    "council",
    "ferry",
    "storm",
    "lantern",
    "barge",
    "eel",
    "toll",
    "rope",
    "quay",
    "pilot",
    "fog",
    "北港",
    "渡轮",
    "гавань",
    "паром",
    "الميناء",
]


@dataclass(frozen=True, slots=True)
class Recipe:
    """One hostile page."""

    family: str
    seed: int

    @property
    def name(self) -> str:
        """Name it."""
        return f"{self.family} {self.seed}"

    def body(self) -> bytes:
        """Make the page; always the same one."""
        made = FAMILIES[self.family](Random(f"{self.family}/{self.seed}"))
        return made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a page ended."""

    #: "article", or one of REASONS.
    reason: str
    detail: str = ""
    cpu: float = 0.0
    megabytes: int = 0

    @property
    def crashed(self) -> bool:
        """Tell whether it ended neither as an article nor for a reason that is the page's own."""
        return self.reason == "extraction failed" or self.reason not in {*REASONS, "article"}


def recipes() -> list[Recipe]:
    """List all of them."""
    return [Recipe(family, seed) for family in FAMILIES for seed in range(SEEDS)]


def measured(body: bytes) -> Outcome:
    """Read a page inside a worker; what ends the worker is told by ``Workers``."""
    with Path("/proc/self/clear_refs").open("w") as file:
        file.write("5")  # the peak begins anew
    before, held = _cpu(), _status("VmRSS")
    try:
        read_page(Fetched(AT, AT, body, "text/html"), SOURCE, frozenset())
        reason, detail = "article", ""
    except NoArticle as why:
        reason, detail = why.reason, str(why)
    return Outcome(reason, detail, _cpu() - before, max(0, _status("VmHWM") - held) >> 10)


def run(workers: Workers, recipe: Recipe) -> Outcome:
    """Read the page of a recipe in a worker."""
    result = workers.call_now(measured, recipe.body())
    if isinstance(result, WorkerFault):
        used = "processor" in result.detail
        return Outcome(result.reason, result.detail, CPU_SECONDS if used else 0.0, 0 if used else MEGABYTES)
    assert isinstance(result, Outcome)
    return result


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def _said(dice: Random, words: int = 14) -> str:
    return f"{' '.join(dice.choices(_WORDS, k=words)).capitalize()}."


def _page(inside: str, dice: Random, head: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>{_said(dice, 5)}</title>{head}</head><body>{inside}"
        f"{''.join(f'<p>{_said(dice)}</p>' for _ in range(dice.randrange(6)))}</body></html>"
    )


def _about(dice: Random, number: int) -> int:
    """Choose a number around this one."""
    return int(number * dice.choice((0.3, 0.7, 1, 1.5, 2)))


def nesting(dice: Random) -> str:
    tags = dice.sample(_TAGS, dice.randrange(1, 5))
    return _page("".join(f"<{dice.choice(tags)}>" for _ in range(_about(dice, 150_000))) + _said(dice), dice)


def attributes(dice: Random) -> str:
    names = (f"{dice.choice(('data-', 'on', 'x', 'class', 'a:'))}{n}={n}" for n in range(_about(dice, 50_000)))
    return _page(f"<{dice.choice(_TAGS)} {' '.join(names)}>{_said(dice)}", dice)


def unclosed(dice: Random) -> str:
    return _page("".join(f"<{dice.choice(_TAGS)}>{dice.choice(_WORDS)} " for _ in range(_about(dice, 100_000))), dice)


def large(dice: Random) -> str:
    size = dice.choice((5, 10, 20, 50)) * 1_000_000
    piece = "".join(f"<p>{_said(dice, 40)}</p>" for _ in range(200))
    return _page(piece * (size // len(piece.encode())), dice)


def json_ld(dice: Random) -> str:
    node = f'{{"@type":"NewsArticle","headline":"{_said(dice, 5)}","articleBody":"{_said(dice, 2_000)}"'
    broken = dice.choice((
        node, f"{node}}}}}]]", "[" * _about(dice, 500_000), '{"a":' * _about(dice, 200_000), f"{node},,,\n}}" * 2_000,
        node.replace('"', "'"), f'{node},"author":"{"x" * 3_000_000}', '{"@graph":[' + f"{node}}}," * 3_000 + "]}",
    ))  # fmt: skip
    return _page(f"<h1>{_said(dice, 5)}</h1>", dice, f'<script type="application/ld+json">{broken}</script>')


def controls(dice: Random) -> bytes:
    body = bytearray(_page("".join(f"<p>{_said(dice)}</p>" for _ in range(2_000)), dice).encode())
    for _ in range(_about(dice, 30_000)):
        body[dice.randrange(len(body))] = dice.choice((0, 0, 1, 8, 11, 27, 127, 255))
    return bytes(body)


def charsets(dice: Random) -> bytes:
    written = dice.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "cp1256", "gb18030", "shift_jis"))
    told = dice.choice(("utf-8", "utf-7", "iso-2022-kr", "big5", "x-user-defined", "unicode", "zlib", "idna"))
    text = _page("".join(f"<p>{_said(dice)}</p>" for _ in range(3_000)), dice, f"<meta charset={told}>")
    return text.encode(written, "replace")


def noise(dice: Random) -> bytes:
    return b"<html><body><p>" + dice.randbytes(_about(dice, 3_000_000))


def tables(dice: Random) -> str:
    depth = _about(dice, 3_000)
    rows = "".join(f"<tr><td>{_said(dice)}<td><p>{_said(dice)}" for _ in range(_about(dice, 8_000)))
    return _page("<table><tr><td>" * depth + f"<table>{rows}</table>" + "</table>" * dice.randrange(depth), dice)


def one_line(dice: Random) -> str:
    letters = dice.choice(("x", "好", " ", "a.", "-", "\u0301", "\u202e", "&nbsp;"))
    return _page(f"<h1>{_said(dice, 5)}</h1><p>{letters * (_about(dice, 6_000_000) // len(letters))}", dice)


def links(dice: Random) -> str:
    found = (
        f"<a href='/{n}'>{dice.choice(_WORDS)}</a>{dice.choice(('', ' ', '<br>'))}" for n in range(_about(dice, 80_000))
    )
    return _page("".join(found), dice)


def times(dice: Random) -> str:
    day = "2024-05-01T{:02}:{:02}:00Z"
    posts = (
        f"<div><time datetime={day.format(n % 24, n % 60)}>{n % 24}:{n % 60}</time><p>{_said(dice)}</p></div>"
        for n in range(_about(dice, 6_000))
    )
    nested = dice.choice(("", "<div>" * 500))
    return _page(f"<h1>Live: {_said(dice, 4)}</h1>{nested}{''.join(posts)}", dice)


def several(dice: Random) -> str:
    def one(number: int) -> str:
        text = "".join(f"<p>{_said(dice, 20)}</p>" for _ in range(3))
        return f"<article class='post p{number}'><h2><a href='/{number}'>{_said(dice, 5)}</a></h2>{text}</article>"

    return _page("".join(one(number) for number in range(_about(dice, 3_000))), dice)


def metas(dice: Random) -> str:
    names = ("og:title", "author", "article:published_time", "og:type", "description", "date", "keywords")
    found = (f'<meta property="{dice.choice(names)}" content="{_said(dice, 9)}">' for _ in range(_about(dice, 40_000)))
    return _page(f"<h1>{_said(dice, 5)}</h1>", dice, "".join(found))


def live_nodes(dice: Random) -> str:
    posts = ",".join(
        f'{{"@type":"BlogPosting","datePublished":"2024-05-01T{n % 24:02}:00:00Z","articleBody":"{_said(dice)}"}}'
        for n in range(_about(dice, 20_000))
    )
    node = f'{{"@type":"LiveBlogPosting","headline":"x","liveBlogUpdate":[{posts}{dice.choice(("]", "", "]]"))}}}'
    return _page(f"<p>{_said(dice)}</p>", dice, f'<script type="application/ld+json">{node}</script>')


def bylines(dice: Random) -> str:
    forms = (
        "By Jane Roe Source: Wire Published: 2019/11/6 19:13:40 ",
        "By A, B and C, ",
        "来源：新华社 作者：",
        "Von ",
    )
    return _page(f"<h1>T</h1><p>{dice.choice(forms) * _about(dice, 40_000)}", dice)


def dates(dice: Random) -> str:
    lines = (
        "Published 1 May 2024 10:{:02}",
        "2024年5月1日 10:{:02}",
        "{}.05.2024",
        "1403/02/{:02}",
        "May {}, 2024 | By X",
    )
    line = dice.choice(lines)
    tag = dice.choice(("p", "span", "li", "time"))
    return _page("".join(f"<{tag}>{line.format(n % 60)}</{tag}>" for n in range(_about(dice, 20_000))), dice)


def comments(dice: Random) -> str:
    piece = dice.choice(("<!--", "<![CDATA[", "<!doctype ", "<?php ", "<!-- -- >", "</", "<!ENTITY x '&x;'>"))
    return f"{piece * _about(dice, 200_000)}{_page(f'<p>{_said(dice)}</p>', dice)}"


def entities(dice: Random) -> str:
    piece = dice.choice(("&amp;", "&#0;", "&#xD800;", "&#99999999;", "&nosuch;", "&lt;p&gt;", "&", "&#x110000;"))
    return _page(f"<h1>{_said(dice, 5)}</h1><p>{piece * _about(dice, 300_000)}</p>", dice)


def scripts(dice: Random) -> str:
    code = dice.choice(('{"datePublished":"2024-05-0%d",', "var a='<p>x</p>%d';", "</scrip>%d", "publishedAt:%d\\\\"))
    text = "".join(code % (n % 10) for n in range(_about(dice, 150_000)))
    return _page(f"<h1>{_said(dice, 5)}</h1><p>{_said(dice)}</p>", dice, f"<script>{text}")


def marks(dice: Random) -> str:
    letters = [chr(dice.randrange(0x300, 0x36F)) for _ in range(40)] + [
        "\u200f",
        "\u202e",
        "\u200b",
        "\ufeff",
        "e",
        "א",
    ]
    return _page("".join(f"<p>{''.join(dice.choices(letters, k=400))}</p>" for _ in range(_about(dice, 1_500))), dice)


def phrases(dice: Random) -> str:
    phrase = dice.choice((
        "page not found ", "we use cookies ", "subscribe to ", "this page has not what you are looking for, ", "live: ",
        "the page that you were looking for " * 3, "read more about it ", "for our paid premium ", "- | : ", "1:1 ",
    ))  # fmt: skip
    title = f"<title>{phrase * 20_000}</title>"
    return (
        f"<html><head>{title}</head><body><h1>{phrase * 2_000}</h1><p>{phrase * _about(dice, 30_000)}</p>{_said(dice)}"
    )


def surrogates(dice: Random) -> bytes:
    piece = dice.choice((b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b$B"))
    start = dice.choice((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b""))
    return start + b"<html><body><h1>T</h1><p>x" + piece * _about(dice, 500_000) + b"<p>y"


def containers(dice: Random) -> str:
    tag = dice.choice(("select", "option", "textarea", "template", "svg", "math", "noscript", "iframe", "frameset"))
    return _page("".join(f"<{tag}><p>{dice.choice(_WORDS)}" for _ in range(_about(dice, 50_000))), dice)


def names(dice: Random) -> str:
    name = "".join(dice.choices(string.ascii_letters + "-_ ", k=_about(dice, 400_000)))
    return _page(f"<h1>{name}</h1><div class='{name}' id='{name[::-1]}'><p>{_said(dice)}</div>" * 4, dice)


FAMILIES: dict[str, Callable[[Random], str | bytes]] = {
    "nesting": nesting, "attributes": attributes, "unclosed tags": unclosed, "large": large, "json-ld": json_ld,
    "controls": controls, "charsets": charsets, "noise": noise, "tables": tables, "one line": one_line, "links": links,
    "times": times, "several articles": several, "metas": metas, "live nodes": live_nodes, "bylines": bylines,
    "dates": dates, "comments": comments, "entities": entities, "scripts": scripts, "marks": marks,
    "phrases": phrases, "surrogates": surrogates, "containers": containers, "names": names,
}  # fmt: skip
