"""Every kind of page and mail that readers see, and the worst that sources can do to them.

`python -m tests.bench.screenshots DIR` takes pictures of all of them.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crawler.config import Config
from crawler.records import Article, Delivery, Source, Watch
from digest import alert_mail, edition, render
from digest.alert_mail import AlertContent
from digest.content import EditionContent, Figures
from digest.deliver import files
from digest.plans import Window
from digest.render import Links, Rendered
from tests.edition_sample import DUE, SINCE, SOURCES, WATCHES, Press, a_morning, a_plan, days, with_asides

LINKS = Links(
    web_copy="https://press.example.org/digests/7",
    story="https://press.example.org/story/{id}",
    unsubscribe="https://press.example.org/unsubscribe/ana.7f3a",
)
_CONFIG = Config(folder=Path("config"))
_LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenversorgungskassenverwaltungsgebäudereinigungsfirma"
_ADDRESS = "https://publisher.example/2026/11/23/" + "a-very-long-slug-of-a-page-" * 6 + "?utm_source=" + "x" * 90
#: What stands in a headline, and its language.
WORST = (
    (_LONG, "de"),
    (_ADDRESS, "en"),
    ("W" * 180, "en"),
    ("国家安全部门公布多起间谍案件并呼吁公众提高警惕" * 8, "zh"),
    ("ภาษาไทยไม่มีการเว้นวรรคระหว่างคำ" * 8, "th"),
    ("شركة اتصالات تعلن إحباط محاولة اختراق واسعة لشبكتها في ثلاث مدن ساحلية كبرى " * 3, "ar"),
    ("\u202eevil\u202c override \u2067and isolates\u2069 \u200f" * 4, "en"),
    ("🇺🇦🇬🇧👨‍👩‍👧‍👦" * 20, ""),
    ("e" + "\u0301" * 150, "en"),
    ("&lt;b&gt;<b>bold</b> " * 10, "en"),
)


@cache
def worst_edition() -> EditionContent:
    """Give an edition whose every outside text is as unwieldy as can be."""
    press = Press()
    watch = "Counter-intelligence"
    for place, (text, language) in enumerate(WORST):
        more: dict[str, Any] = {"language": language or "en", "text": f"{text}. {text}.", "credited_to": text[:120]}
        first = press.article("harbour", text, 5 + place / 10, watch, (text[:60], "espionage"), **more)
        other = press.article("manara", text, 4 + place / 10, watch, (text[:60],), language=language or "en")
        copy = press.article("ledger", text, 3, copy_of=first, copy_kind="full", language=language or "en")
        press.articles[first] = replace(press.articles[first], url=f"{_ADDRESS}{first}")
        press.story(first, other, copy, sentences=((f"{text} {text}.", first), (text, other)), separate_owners=2)
    sources = {
        key: replace(source, name=WORST[place % 6][0][:90]) for place, (key, source) in enumerate(SOURCES.items())
    }
    watches = (Watch(watch, "espionage"), Watch("W" * 64, "x"))
    material = press.material(
        a_plan(title=_LONG, top=6), sources=sources, watches=watches, days=days(*[10_000_000] * 13, 123_456_789)
    )
    content = with_asides(edition.choose(material))
    return replace(content, figures=Figures(123_456, 12_345, 4_321, 1_234, 99))


#: A headline with the place of its number, and the word that matched.
_IN_FULL = {
    "manara": ("خبر طويل عن الميناء رقم № " * 4, "الميناء"),
    "harbour": ("The harbour of town № is closed to ships of more than nine metres", "harbour"),
    "beacon-cn": ("第№号港口因间谍案件对吃水超过九米的船只关闭", "间谍"),
}


@cache
def full_edition(*sources: str, language: str = "en", letters: int = 0) -> EditionContent:
    """Give an edition of five hundred stories, long ones in Arabic among them, or of some sources alone.

    ``letters`` is how long the headlines are; 0 leaves them as long as they are.
    """
    press = Press()
    for number in range(500):
        watch = ("Counter-intelligence", "Infrastructure", "Sanctions", "Ports", "Ships")[number % 5]
        source = (sources or ("harbour", "manara"))[number % len(sources or (1, 2))]
        title, word = _IN_FULL[source]
        title = title.replace("№", str(number))
        title = (title * (1 + letters // len(title)))[:letters] if letters else title
        press.story(press.article(source, title, 2, watch, (word,)))
    watches = (*WATCHES, Watch("Ports", "port"), Watch("Ships", "ship"))
    return edition.choose(
        press.material(a_plan(top=50, per_watch=100, language=language), watches=watches, window=Window(SINCE, DUE))
    )


def crowded_edition() -> EditionContent:
    """Give an edition of stories that every outlet carried, some as a copy, under headlines with many matches."""
    press = Press()
    for number in range(6):
        title = f"间谍案件{number}：国家安全部门公布多起“间谍”案件，并呼吁公众提高对间谍的警惕"
        own = [press.article(source, title, 5, "Sanctions", ("间谍", "案件")) for source in SOURCES]
        copies = [
            press.article(source, title, 3, "Sanctions", ("间谍",), copy_of=own[0], copy_kind="full")
            for source in SOURCES
        ]
        press.story(*own, *copies, sentences=((f"{title}。", own[0]), (f"公众要警惕{title}。", own[1])))
    return edition.choose(press.material(a_plan(language="zh")))


@cache
def quiet_edition() -> EditionContent:
    """Give an edition in which nothing is new."""
    return edition.choose(Press().material(window=Window(SINCE, DUE)))


def an_alert(*titles: tuple[str, str], kind: Any = "urgent") -> Rendered:
    """Give an alert of some headlines and their languages."""
    chosen = titles or (
        ("State TV unveils espionage cases", "en"),
        ("国家安全部门公布多起间谍案件", "zh"),
        ("شركة اتصالات تعلن إحباط محاولة اختراق واسعة لشبكتها", "ar"),
    )
    sources: dict[str, Source] = SOURCES
    pieces = tuple(
        alert_mail.piece(
            Article(
                url=f"https://harbour.example/{number}", source=("daily-beacon", "harbour", "manara")[number % 3],
                title=title, text=f"{title}. It was told at length, with espionage in it.", language=language,
                published_utc=DUE - timedelta(hours=2), published=DUE.isoformat(), published_precision="minute",
                first_seen=DUE, id=number,
            ),
            sources,
            ("espionage", title[:20]),
            copies=number % 3,
        )
        for number, (title, language) in enumerate(chosen, 1)
    )  # fmt: skip
    content = AlertContent(
        watch="Counter-intelligence", kind=kind, query="espionage OR 间谍 OR шпигун*", zone="Europe/Kyiv", made_at=DUE,
        came=len(pieces) + 2, hours=6, usual=1.5, since=DUE - timedelta(hours=6), pieces=pieces,
    )  # fmt: skip
    return alert_mail.rendered(content, replace(LINKS, web_copy="", story=""))


def an_index(content: EditionContent) -> bytes:
    """Give the index page of a folder of digests."""
    with TemporaryDirectory() as top:
        row = Delivery(0, 0, "p", "s", top, "files", "<1@a>", files.body(content, render.everything(content)))
        for slot in ("2026-11-22", "2026-11-23"):
            files.deliver(replace(row, slot=slot), _CONFIG)
        return (Path(top) / "p" / "index.html").read_bytes()


def feeds(content: EditionContent) -> tuple[bytes, dict[str, Any]]:
    """Give the Atom and the JSON feed of a folder of digests."""
    with TemporaryDirectory() as top:
        row = Delivery(0, 0, "p", "s", top, "files", "<1@a>", files.body(content, render.everything(content)))
        files.deliver(row, _CONFIG)
        folder = Path(top) / "p"
        return (folder / "atom.xml").read_bytes(), json.loads((folder / "feed.json").read_text())


def without_styles(page: bytes) -> bytes:
    """Take the style sheets out, as some mail programs do; what stands in the elements stays."""
    return re.sub(rb"<style.*?</style>", b"", page, flags=re.DOTALL)


@cache
def mails() -> dict[str, bytes]:
    """Give the HTML of every kind of mail."""
    morning, worst = with_asides(edition.choose(a_morning())), worst_edition()
    pages = {
        "mail": render.mail_html(morning),
        "mail-linked": render.mail_html(morning, LINKS),
        "mail-worst": render.mail_html(worst, LINKS),
        "mail-full": render.mail_html(full_edition(), LINKS),
        "mail-quiet": render.mail_html(quiet_edition()),
        "alert": an_alert().mail,
        "alert-rise": an_alert(kind="spike").mail,
        "alert-worst": an_alert(*WORST).mail,
    }
    return pages | {f"{name}-no-style": without_styles(page) for name, page in pages.items()}


@cache
def pages() -> dict[str, bytes]:
    """Give the pages for a browser: web copies, alert pages, index pages."""
    morning, worst = with_asides(edition.choose(a_morning())), worst_edition()
    return {
        "web": render.web_html(morning),
        "web-linked": render.web_html(morning, LINKS),
        "web-worst": render.web_html(worst, LINKS),
        "web-full": render.web_html(full_edition(), LINKS),
        "web-quiet": render.web_html(quiet_edition()),
        "alert-page": an_alert().web,
        "alert-page-worst": an_alert(*WORST).web,
        "index": an_index(morning),
        "index-worst": an_index(worst),
    }
