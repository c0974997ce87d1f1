"""What attackers write in titles, names and links: in mails, pages, feeds and alerts it is text, and no header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import pytest

from crawler.records import Watch
from crawler.urls import is_fetchable, normalise
from digest import edition, render
from digest.content import EditionContent
from digest.deliver import email
from digest.render import Rendered
from tests.browser import Browser, needs_chromium, open_browser
from tests.edition_sample import DUE, SOURCES, Press, a_plan, days, with_asides
from tests.page_samples import LINKS, an_alert, an_index, feeds
from tests.test_hostile import naughty, vectors

_BATCHES = 5
_BREAKS = ("\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00", "\r\n ", "\n\t", "%0d%0a")
_WORDS = ("=?utf-8?q?a=0D=0ABcc:_all@example.net?=", "=?utf-8?b?YQ0KQmNjOiBhbGxAZXhhbXBsZS5uZXQ=?=", "x" * 2000,
          "é" * 500, "\u202e\u2066", "a, b <c@example.net>; d", '"', "\\", "=?", "?=", "=?utf-8?q??=")  # fmt: skip
_TEXTS = (*(f"a{end}Bcc: all@example.net{end}{end}<b>x" for end in _BREAKS), *_WORDS)
#: All that our templates are made of.
_ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td", "p", "h1", "h2", "h3", "b",
    "br", "span", "a", "s", "svg", "line", "rect", "text", "main", "link", "ul", "li",
}  # fmt: skip
_ATTRIBUTES = {
    "lang", "dir", "charset", "name", "content", "class", "style", "role", "width", "height", "cellpadding", "align",
    "cellspacing", "valign", "href", "rel", "id", "aria-hidden", "aria-label", "viewbox", "viewBox", "x", "y", "x1",
    "x2", "y1", "y2", "fill", "stroke",
    "stroke-dasharray", "font-size", "font-family", "text-anchor", "type", "title", "data-css-inline",
}  # fmt: skip
_HREFS = re.compile(r"https?://[^\s\"<>]+|mailto:press@example\.org\?\S*|#story-\d+|(\.\./)?[\w.-]+\.(html|xml|json)")
#: Controls, and what turns the direction of text that stands around it; what we write to isolate it is allowed.
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]")


def batch(corpus: Path, number: int) -> list[str]:
    """Give every fifth of both lists: 3,398 vectors and the naughty strings."""
    texts = [*vectors(corpus), *naughty(corpus), "\u202eevil\u202c", "a\r\nBcc: all@example.net", *_WORDS]
    # An archive holds no halves of letters.
    return [text.encode("utf-8", "replace").decode() for text in texts[number::_BATCHES]]


def hostile_edition(texts: list[str]) -> EditionContent:
    """Give an edition in which each text is a headline, a link, a name, a credit, a language and a matched word."""
    press = Press()
    watches = []
    for number, text in enumerate(texts):
        if number % 90 == 0:
            watches.append(Watch(f"{number}" + re.sub(r'[\s":()/\\]', "", text)[:60], text))
        key = list(SOURCES)[number % len(SOURCES)]
        more: dict[str, Any] = {
            "language": text[:20],
            "credited_to": text,
            "lead": text,
            "text": text,
            "url": normalise(text) or text,
        }
        first = press.article(key, text, 2, watches[-1].name, (text,), **more)
        address = normalise(f"http://x.example/{number}?{text}") or "http://x.example/"
        other = press.article("ledger", text, 1, url=address, carried_by=text)
        press.story(first, other, sentences=((f"{text} {text}", first),))
    sources = {
        key: replace(source, name=texts[place], homepage=texts[place], language="en")
        for place, (key, source) in enumerate(SOURCES.items())
    }
    plan = a_plan(title=texts[0], top=20, per_watch=100)
    material = press.material(plan, sources=sources, watches=tuple(watches), days=days(*[3] * 14))
    return with_asides(edition.choose(material))


def active(page: bytes) -> Iterator[str]:
    """Tell of everything in a page that is not of our making."""
    for element in lxml.html.fromstring(page).iter():
        if not isinstance(element.tag, str):
            comment = str(element.text)
            if not re.fullmatch(r"\[if mso\]>.*<!\[endif\]", comment, re.DOTALL):
                yield f"comment {comment[:80]}"
            continue
        if element.tag not in _ELEMENTS:
            yield f"element {element.tag}"
        for name, value in element.attrib.items():
            if name not in _ATTRIBUTES:
                yield f"attribute {name}={value[:80]}"
            if name == "href" and not _HREFS.fullmatch(value):
                yield f"link {value[:80]}"
            if name == "style" and re.search(r"url\(|expression|import|javascript", value):
                yield f"style {value[:80]}"


@pytest.fixture(scope="module", params=range(_BATCHES))
def hostile(request: pytest.FixtureRequest, corpus: Path) -> Iterator[tuple[list[str], EditionContent, Rendered]]:
    """Give a batch of texts, the edition of them, and how it is rendered, without the limit of a mail."""
    texts = batch(corpus, request.param)
    content = hostile_edition(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "LONGEST_MAIL", 100_000_000)
        yield texts, content, render.everything(content, LINKS)


def test_nothing_hostile_is_active_in_mails_pages_and_feeds(
    hostile: tuple[list[str], EditionContent, Rendered],
) -> None:
    texts, content, rendered = hostile
    alert = an_alert(*((text, text[:20]) for text in texts))
    atom, feed = feeds(content)

    assert len(content.items) > 0.9 * len({text.strip() for text in texts})
    pages = {"mail": rendered.mail, "web": rendered.web, "alert": alert.mail, "index": an_index(content)}
    assert {name: [] for name in pages} == {name: list(active(page)) for name, page in pages.items()}
    entries = lxml.etree.fromstring(atom).iterfind("{*}entry/{*}content")
    inside = [str(entry.text) for entry in entries] + [item["content_html"] for item in feed["items"]]
    assert [] == [found for html in inside for found in active(f"<div>{html}</div>".encode())]
    assert 2 == len(inside)


def test_nothing_hostile_turns_or_breaks_a_line_of_the_text(
    hostile: tuple[list[str], EditionContent, Rendered],
) -> None:
    _, content, rendered = hostile
    plain = rendered.text.decode()

    assert [] == _CONTROLS.findall(plain)
    assert [] == [item.carrier.headline for item in content.items if item.carrier.headline not in plain]
    assert [] == [item.carrier.url for item in content.items if item.carrier.url not in plain]
    assert [] == [item.carrier.url for item in content.items if item.carrier.url and not is_fetchable(item.carrier.url)]
    assert plain.count("\u2068") == plain.count("\u2069")


def test_nothing_hostile_is_in_the_header_of_a_mail(hostile: tuple[list[str], EditionContent, Rendered]) -> None:
    texts, _, _ = hostile
    # What might be read as something else than text, and a sample of the others.
    for text in [text for place, text in enumerate(texts) if "=?" in text or _CONTROLS.search(text) or not place % 20]:
        head, _, _ = a_mail(text).partition(b"\r\n\r\n")

        assert HEADERS == header_names(head), text


@needs_chromium
def test_nothing_hostile_runs_in_a_browser(
    browser: Browser, hostile: tuple[list[str], EditionContent, Rendered]
) -> None:
    texts, content, rendered = hostile
    alert = an_alert(*((text, text[:20]) for text in texts[::8]))
    # Mail and web copy are made of the same pieces; each batch takes one of them.
    for page in (rendered.mail if texts[0] < texts[1] else rendered.web, alert.mail):
        shown = browser.show(page, 600)
        found = shown.evaluate(
            """() => [...document.querySelectorAll("*")].flatMap(e => [...e.attributes]
                .filter(a => a.name.startsWith("on") || a.name.startsWith("src")).map(a => a.name)
                .concat(/^(script|img|iframe|object|embed|form|base|video|audio|template|input)$/i.test(e.tagName)
                    ? [e.tagName] : []))"""
        )
        shown.mouse.move(300, 300)

        assert [] == found
        assert len(content.items) > 100
    assert [] == browser.opened
    assert [] == browser.asked


@needs_chromium
def test_what_is_active_is_seen(browser: Browser) -> None:
    """What the tests above look with does see something."""
    page = b"<!doctype html><title>x</title><script>alert(1)</script><img src=http://x.example/ onerror=alert(2)>"
    shown = browser.show(page, 600)
    shown.wait_for_timeout(200)

    assert ["dialog 1", "dialog 2"] == browser.opened
    assert ["http://x.example/"] == browser.asked
    assert ["element script", "element img", "attribute src=http://x.example/"] == list(active(page))[:3]
    browser.opened.clear()
    browser.asked.clear()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


_RENDERED = Rendered("Subject", b"<p>mail</p>", b"text", b"")


def a_mail(text: str, **fields: str) -> bytes:
    """Write a mail in which everything is hostile that can be."""
    subject = fields.pop("subject", text)
    parts = {"sender": "Desk <press@example.org>", "recipient": "ana@example.org", "plan": text, "title": text,
             "slot": text, **fields}  # fmt: skip
    return email.message(replace(_RENDERED, subject=subject), made_at=DUE, **parts)


def header_names(head: bytes) -> list[bytes]:
    return [line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] not in b" \t"]


HEADERS = header_names(a_mail("plain").partition(b"\r\n\r\n")[0])


@pytest.mark.parametrize("field", ["subject", "sender", "recipient", "plan", "title", "slot"])
@pytest.mark.parametrize(
    "text", [*(f"a{end}Bcc: all@example.net{end}{end}<b>x" for end in _BREAKS), *_WORDS], ids=ascii
)
def test_no_field_can_add_a_header(field: str, text: str) -> None:
    # Settings of an operator: config/ lets no such sign into them.
    name = re.sub("[@<>]", "", text)
    local = re.sub("[@?]", "", text)[:64]
    shapes = {"sender": f"{name} <press@example.org>", "recipient": f"{local}@example.org"}
    mail = a_mail("plain", **{field: shapes.get(field, text)})
    head = mail.partition(b"\r\n\r\n")[0]
    parsed = message_from_bytes(mail, policy=policy.default)

    assert HEADERS == header_names(head)
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert b"\r" not in head.replace(b"\r\n", b"")
    assert max(map(len, head.split(b"\r\n"))) < 998
    assert parsed["Bcc"] is None
    assert ["press@example.org"] == [address.addr_spec for address in parsed["From"].addresses]
    assert 1 == len(parsed["To"].addresses)
    assert not re.search(r"[\r\n]", str(parsed["Subject"]))


def test_what_looks_like_an_encoded_word_stays_as_the_publisher_wrote_it() -> None:
    for text in _WORDS[:2]:
        parsed = message_from_bytes(a_mail("plain", subject=text), policy=policy.default)

        assert text == str(parsed["Subject"]).replace("\u2060", "")
