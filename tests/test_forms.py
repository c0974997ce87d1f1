"""Digests and reports as Markdown, text, PDF and DOCX: hostile text stays text, and everything opens."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from lxml import etree, html
from markdown_it import MarkdownIt

from crawler.config import Config
from crawler.errors import UsageError
from digest import edition, forms, markdown, outline, plain_text, render, specimen, telling
from digest.content import EditionContent, ErratumKind
from digest.outline import Heading, Outline, Paragraph, Row, Span, Table
from digest.report import Bar, Breakdown, Head, ReportContent, Share, Sight, Tally, Unseen, Volume
from digest.texts import Words
from tests import browser
from tests.desk import Desk
from tests.edition_sample import DUE, SINCE, a_morning, days, with_asides
from tests.service_sample import a_plan, configure, news
from tests.strangers import words_of_strangers

HOSTILE = (
    "<script>alert(1)</script>",
    "[press](javascript:alert(1)) ![x](http://evil.test/x.png)",
    "</a><img src=x onerror=alert(1)>",
    "http://evil.test www.evil.test mailto:x@evil.test @octocat #1",
    "# heading\n\n* list\n\n    code",
    "| a | b |\n|---|---|",
    "1. one\n2) two\n- three\n+ four\n> five",
    "``` fence ~~~ `code` **bold** __bold__ ~~gone~~ $x^2$ &lt;b&gt; &#60;",
    "[ref]: http://evil.test\n[ref]",
    "===\n---\n***",
    "back\\slash \\[x](http://evil.test)",
    "\u202egnp.exe\u2066",
)


@cache
def the_morning() -> EditionContent:
    return with_asides(edition.choose(a_morning()))


@cache
def a_report() -> ReportContent:
    """Give a report on the sample morning with a month of volume."""
    bars = tuple(
        Bar(bar.until, bar.until, None if n < 4 else bar.count, 1, n != 6) for n, bar in enumerate(days(*range(30)))
    )
    rows = (Share("daily-beacon", "Daily Beacon", 30, 2, 5, 0.6), Share("manara", "المنارة", 20, 0, 4, 0.4))
    shares = (
        Breakdown("watch", (Share("Counter-intelligence", "Counter-intelligence", 50, 2, 9, 1.0),)),
        Breakdown("control", (Share("state", "", 30, 2, 5, 0.6), Share("unknown", "", 20, 0, 4, 0.4))),
        Breakdown("country", (Share("cn", "", 30, 2, 5, 0.6), Share("qa", "", 20, 0, 4, 0.4))),
        Breakdown("source", rows, 3, 12),
    )
    content = the_morning()
    head = content.masthead
    return ReportContent(
        masthead=Head(head.plan, head.title, head.zone, SINCE, DUE, DUE, "en", head.watches),
        lead=(edition.Statement("report.lead", {"n": 50, "copies": 2, "stories": 9, "outlets": 2}),),
        collected=Tally(90, 4),
        matched=Tally(50, 2),
        stories=9,
        outlets=2,
        volume=Volume("day", bars),
        overlap=3,
        shares=shares,
        top=content.top,
        sight=Sight(9, 300, 12, (Unseen("kyo", "Kyo News", 20, 12, 1),), ("Quiet",), (), {"robots": 2}, SINCE),
        method=(edition.Statement("report.method.window"),),
    )


CONFIG = Config(folder=Path("config"))
CONTENTS = pytest.mark.parametrize("content", [the_morning(), a_report()], ids=["edition", "report"])


def needs(form: str) -> None:
    try:
        forms.require(f".{form}")
        if form == "pdf":
            __import__("digest.pdf")
    except UsageError as error:
        pytest.skip(str(error))


def rendered(text: str) -> Any:
    return html.fromstring(MarkdownIt("commonmark").enable("table").render(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_no_markup_in_markdown(text: str) -> None:
    blocks = (
        Heading(2, (Span(text),)),
        Paragraph((Span(text), Span(" "), Span(text, strong=True), Span(" "), Span(text, marked=True))),
        Paragraph((Span(text),), "quote"),
        outline.Listing(((Span(text),),)),
        Table(text, (text, "n"), (Row((Span(text),), (text,)),)),
        Heading(3, (Span(text, url="https://press.test/a"),)),
    )
    page = rendered(markdown.write(Outline("b", text, text, "en", blocks)).decode())
    plain = rendered(markdown.write(Outline("b", "x", "x", "en", tuple(_harmless(block) for block in blocks))).decode())

    assert [element.tag for element in plain.iter()] == [element.tag for element in page.iter()]
    assert ["https://press.test/a"] == [link.get("href") for link in page.iter("a")]
    assert " ".join(text.split()) in page.text_content()


def _harmless(block: outline.Block) -> outline.Block:
    match block:
        case Heading():
            return Heading(block.level, tuple(replace(span, text="x") for span in block.spans))
        case Paragraph():
            return Paragraph(tuple(replace(span, text="x") for span in block.spans), block.style)
        case outline.Listing():
            return outline.Listing(((Span("x"),),))
        case _:
            return Table("x", ("x", "n"), (Row((Span("x"),), ("x",)),))


def test_no_naughty_string_makes_a_link_or_a_tag_in_markdown(corpus: Path) -> None:
    texts = words_of_strangers(corpus)
    blocks = tuple(Paragraph((Span(text),)) for text in texts if text.strip())
    page = rendered(markdown.write(Outline("b", "t", "t", "en", blocks)).decode())

    assert {"p", "h1", "div"} >= {element.tag for element in page.iter() if isinstance(element.tag, str)}


@pytest.mark.parametrize("bare", ["http://evil.test", "www.evil.test", "x@evil.test", "https://evil.test/a?b=c"])
def test_a_bare_address_in_a_title_is_cut_by_a_backslash_where_readers_would_link_it(bare: str) -> None:
    assert re.search(r"\\(://|\.|@)", markdown.literal(f"See {bare} now"))


@pytest.mark.parametrize(
    "url", ["https://a.test/x)y", "https://a.test/>(x)", 'https://a.test/"x y', "https://a.test/é|"]
)
def test_no_address_ends_its_link_early(url: str) -> None:
    page = rendered(markdown.write(Outline("b", "t", "t", "en", (Heading(3, (Span("x", url=url),)),))).decode())
    (link,) = page.iter("a")

    assert link.text_content() == "x"
    assert "evil" not in page.text_content()


@CONTENTS
def test_every_headline_link_and_match_is_in_markdown_and_text(content: EditionContent | ReportContent) -> None:
    page = rendered(forms.write(content, CONFIG, ".md").decode())
    links = {link.get("href") for link in page.iter("a")}
    text = " ".join(forms.write(content, CONFIG, ".txt").decode().split())

    for item in content.items:
        assert item.carrier.headline in page.text_content()
        assert item.carrier.url in links
        assert item.carrier.url in text
        assert {other.url for other in item.others} <= links
        assert all(word in page.text_content() for word in item.matched)


def test_right_to_left_text_is_kept_apart_in_markdown() -> None:
    text = forms.write(a_report(), CONFIG, ".md").decode()

    assert "\u2068المنارة\u2069" in text


def test_a_report_says_its_figures_in_every_form() -> None:
    for form in (".html", ".md", ".txt"):
        said = forms.write(a_report(), CONFIG, form).decode()

        assert "50 articles match, 2 of them copies" in said, form
        assert "60\u00a0%" in said, form
        assert "and 3 more, with 12 articles" in said.replace("And", "and"), form
        assert "12 of 20 polls failed; something went by unseen once" in said, form


def test_bars_of_which_nothing_is_known_are_dashes() -> None:
    chart = next(block for block in telling.report(a_report()).blocks if isinstance(block, outline.Chart))
    page = html.fromstring(forms.write(a_report(), CONFIG, ".html"))

    assert ["", "", "", "", "4"] == [step.value for step in chart.steps[:5]]
    assert chart.table.rows[0].cells == ("–", "–")
    assert chart.steps[0].label in chart.table.rows[0].head[0].text
    assert 26 == len(page.xpath("//svg[@role='img']/rect"))
    assert "not everything seen" in chart.steps[6].note


@browser.needs_chromium
def test_nothing_of_a_report_sticks_out_and_it_is_dark_where_that_is_wished(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(forms.write(a_report(), CONFIG, ".html"))
    seen = browser.look(tmp_path / "page.html", 360, dark=True)

    assert (360, [], "rgb(16, 14, 12)") == (seen["width"], seen["wide"], seen["background"])


def test_a_bar_of_little_is_seen_and_one_of_nothing_is_not() -> None:
    assert ("", "▏", "██") == (markdown.bar(0, 2), markdown.bar(0.001, 2), markdown.bar(1, 2))


def test_columns_of_text_stand_below_each_other_also_with_wide_letters() -> None:
    rows = (Row((Span("环球网"),), ("7",)), Row((Span("x" * 60),), ("12",)))
    text = plain_text.write(Outline("b", "t", "t", "en", (Table("c", ("Outlet", "Articles"), rows),))).decode()
    one, two = text.splitlines()[-2:]

    assert one.endswith(" 7")
    assert len(two) == len(one) + 3
    assert "…" in two


def test_an_unknown_ending_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r'written as "\.exe"; the ending may be one of \.html, \.txt, \.md, \.json'):
        forms.require(".exe")


@pytest.mark.parametrize(("form", "package"), [("pdf", "weasyprint"), ("docx", "python-docx")])
def test_without_its_extra_a_form_names_the_command_that_installs_it(
    tmp_path: Path, desk: Desk, monkeypatch: pytest.MonkeyPatch, form: str, package: str
) -> None:
    configure(tmp_path, a_plan())
    monkeypatch.setattr(forms, "find_spec", lambda _: None)
    ended = desk.run(tmp_path, "digest", "preview", "morning", "-o", f"x.{form}", code=2)

    assert f".{form} needs {package}, which is not installed: pip install 'presswatch[{form}]'" in ended.stderr
    assert not (tmp_path / f"x.{form}").exists()


def test_a_report_is_no_mail_but_an_edition_is() -> None:
    assert b"Subject: East Asia security" in forms.write(the_morning(), CONFIG, ".eml")
    with pytest.raises(UsageError, match="a report is no mail"):
        forms.write(a_report(), CONFIG, ".eml")


def _streams(pdf: bytes) -> bytes:
    """Give what a PDF says, its packed parts, too."""
    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return pdf + b"".join(zlib.decompressobj().decompress(part) for part in parts if part[:1] == b"x")


@CONTENTS
def test_a_pdf_is_tagged_and_has_title_language_outline_and_links(content: EditionContent | ReportContent) -> None:
    needs("pdf")
    whole = _streams(forms.write(content, CONFIG, ".pdf"))

    assert whole.startswith(b"%PDF-")
    for part in (b"/StructTreeRoot", b"/Marked true", b"/Lang (en)", b"/Outlines", b"/Title"):
        assert part in whole, part
    assert content.items[0].carrier.url.encode() in whole
    assert re.search(rb"/MediaBox \[\s*0 0 595", whole)


def test_nothing_is_asked_for_while_a_pdf_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs("pdf")
    from digest import pdf

    (tmp_path / "secret.txt").write_text("secret")
    page = (
        f'<html lang="en"><img src="file://{tmp_path}/secret.txt"><link rel=stylesheet href="http://127.0.0.1:9/x.css">'
        f'<link rel=attachment href="file://{tmp_path}/secret.txt"><style>@import url(file:///etc/passwd);'
        "@font-face{font-family:x;src:url(http://127.0.0.1:9/x.woff)}p{font-family:x}</style><p>Told</p>"
        '<svg><image href="http://127.0.0.1:9/x.png" width="9" height="9"/></svg></html>'
    )
    asked: list[str] = []

    class Noting(pdf.Nothing):
        def fetch(self, url: str, headers: object = None) -> Any:
            asked.append(url)
            return super().fetch(url, headers)

    monkeypatch.setattr(pdf, "Nothing", Noting)
    whole = pdf.write(page, telling.edition(the_morning()), "")

    assert whole.startswith(b"%PDF-")
    assert {"file", "http"} <= {url.split(":")[0] for url in asked}
    assert b"secret" not in _streams(whole)


def _document(content: EditionContent | ReportContent) -> tuple[Any, zipfile.ZipFile]:
    needs("docx")
    archive = zipfile.ZipFile(io.BytesIO(forms.write(content, CONFIG, ".docx")))
    return etree.fromstring(archive.read("word/document.xml")), archive


_W = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}


@CONTENTS
def test_a_docx_has_headings_links_and_core_properties(content: EditionContent | ReportContent) -> None:
    page, archive = _document(content)
    styles = set(page.xpath("//w:pStyle/@w:val", namespaces=_W))
    about, targets = archive.read("docProps/core.xml").decode(), archive.read("word/_rels/document.xml.rels").decode()

    assert {"Title", "Heading2", "Heading3", "Quote", "ListBullet"} <= styles
    assert "<dc:language>en</dc:language>" in about
    assert f"<dc:title>{telling.told(content).subject}</dc:title>".replace("&", "&amp;") in about
    assert all(f'Target="{item.carrier.url}"' in targets for item in content.items)
    assert len(content.items) <= len(page.xpath("//w:hyperlink", namespaces=_W))


def test_the_tables_of_a_docx_are_tables_and_repeat_their_heads() -> None:
    page, _ = _document(a_report())

    assert 5 == len(page.xpath("//w:tbl", namespaces=_W))
    assert 5 == len(page.xpath("//w:tblHeader", namespaces=_W))
    assert "█" in "".join(page.xpath("//w:tbl//w:t/text()", namespaces=_W))


def test_right_to_left_paragraphs_of_a_docx_are_marked_as_such() -> None:
    page, _ = _document(the_morning())
    marked = page.xpath("//w:p[w:pPr/w:bidi]", namespaces=_W)

    texts = ["".join(one.xpath(".//w:t/text()", namespaces=_W)) for one in marked]
    headline = "شركة اتصالات تعلن إحباط محاولة اختراق واسعة لشبكتها"
    assert [headline, f"{headline}, as told at length."] == texts
    assert page.xpath("//w:r[w:rPr/w:rtl]", namespaces=_W)


def test_the_preview_of_an_edition_is_the_same_page_as_before() -> None:
    content = the_morning()

    assert render.web_html(content) == forms.write(content, CONFIG, ".html")
    assert render.text(content) == forms.write(content, CONFIG, ".txt")


def test_an_outline_that_runs_from_right_to_left_is_written_so() -> None:
    needs("docx")
    from digest import docx

    told = replace(telling.report(a_report()), language="ar")
    archive = zipfile.ZipFile(io.BytesIO(docx.write(told, DUE)))
    page = etree.fromstring(archive.read("word/document.xml"))
    whole = html.fromstring(render.report_html(told))

    assert 5 == len(page.xpath("//w:tblPr/w:bidiVisual", namespaces=_W))
    assert page.xpath("//w:p[w:pPr/w:bidi]", namespaces=_W)
    assert ("ar", "rtl") == (whole.get("lang"), whole.get("dir"))
    assert {"ltr"} == {heading.get("dir") for heading in whole.iter("h3")}
    bars = [float(x.rstrip("%")) for x in whole.xpath("//svg[@role='img']/rect/@x")]
    assert bars == sorted(bars, reverse=True)


def test_a_file_without_an_ending_is_html(tmp_path: Path, desk: Desk) -> None:
    configure(tmp_path, a_plan())
    news(tmp_path)
    desk.run(tmp_path, "digest", "preview", "morning", "-o", "page")

    assert (tmp_path / "page").read_bytes().startswith(b"<!doctype html>")


class Saying:
    """Notes which texts of the frame are said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.keys: set[str] = set()
        say = Words.__call__

        def noted(words: Words, key: str, count: float | None = None, **values: object) -> str:
            self.keys.add(key)
            return say(words, key, count, **values)

        monkeypatch.setattr(Words, "__call__", noted)

    def of(self, write: Callable[[], object]) -> set[str]:
        self.keys = set()
        write()
        return self.keys


def everything_told() -> EditionContent:
    """Give an edition with all that one may have: specimens, and stories of both kinds with each mark."""
    content = specimen.full(EditionContent)
    item = replace(content.top[0], first=replace(content.top[0].first, article=7))
    copied = replace(item, copies=(), missed="", note="", since=None, status="UPDATED")
    return replace(
        content,
        top=(item, copied, *the_morning().top),
        errata=tuple(replace(content.errata[0], kind=kind) for kind in get_args(ErratumKind)),
        editor="The ministry answered nobody.",
    )


def test_what_stands_on_the_page_of_an_edition_stands_in_its_outline(monkeypatch: pytest.MonkeyPatch) -> None:
    content, saying = everything_told(), Saying(monkeypatch)
    on_page = saying.of(lambda: render.web_html(content))
    in_outline = saying.of(lambda: telling.edition(content))
    # The legend of the page's coloured squares and links of this installation.
    own = {"legend.copy", "control.short.public", "control.short.private", "control.short.unknown"}

    assert on_page - in_outline <= own | {"footer.web", "footer.unsubscribe"}


@pytest.mark.parametrize("form", [".md", ".txt"])
def test_every_text_from_outside_on_the_page_of_an_edition_stands_in_its_other_forms(form: str) -> None:
    content = everything_told()
    page = html.fromstring(render.web_html(content))
    written = {".md": markdown.write, ".txt": plain_text.write}[form](telling.edition(content)).decode()
    said = " ".join((rendered(written).text_content() if form == ".md" else written).casefold().split())
    texts = [text for value in _texts_of(content) if (text := " ".join(value.casefold().split()))]
    shown = " ".join(page.text_content().casefold().split())

    assert [] == [text for text in texts if text in shown and text not in said]
    assert "editor’s note: note" in said
    assert "new, not delivered before" in said


def _texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts_of(each)
    elif is_dataclass(value) and not isinstance(value, edition.Statement):
        for name in fields(value):
            if name.name not in {"kind", "control", "state", "of", "reasons", "date", "zone", "language", "status"}:
                yield from _texts_of(getattr(value, name.name))


@pytest.mark.parametrize("write", [markdown.write, plain_text.write])
def test_texts_of_the_other_direction_are_kept_apart_in_every_frame(write: Callable[[Outline], bytes]) -> None:
    blocks = (Paragraph((Span("Daily Beacon"), Span("، "), Span("المنارة"))),)
    ltr = write(Outline("", "x", "", "en", blocks)).decode()
    rtl = write(Outline("", "x", "", "ar", blocks)).decode()

    assert "Daily Beacon" in ltr
    assert "\u2068Daily Beacon" not in ltr
    assert "\u2068المنارة\u2069" in ltr
    assert "\u2068Daily Beacon\u2069، المنارة" in rtl


@pytest.mark.parametrize("content", [everything_told(), a_report()], ids=["edition", "report"])
def test_outlines_take_what_stands_between_texts_from_the_language(content: EditionContent | ReportContent) -> None:
    head: Any = replace(content.masthead, language="zh")
    written = plain_text.write(telling.told(replace(content, masthead=head))).decode()

    assert [] == re.findall(r".{0,20}[,;:] ?[\u4e00-\u9fff].{0,20}", written)
