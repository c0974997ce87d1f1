"""Hostile pages end as an article or with a reason, and the next page is read."""

from __future__ import annotations

import pytest

from crawler.errors import REASONS
from crawler.extract import extract
from crawler.extract.page import parse
from crawler.extract.workers import WorkerFault, Workers
from crawler.records import Article, Fetched
from tests.extracting import PARAGRAPHS, SOURCE, URL, made, page

HOSTILE = {
    "deep nesting": b"<div>" * 20_000 + b"text" + b"</div>" * 20_000,
    "unclosed tags": b"<html><body>" + b"<p><b><i>word " * 20_000,
    "nul bytes": page().replace(b"<p>", b"<p>\0\0"),
    "wrong xml declaration": b'<?xml version="1.0" encoding="utf-32"?>' + page(),
    "endless json-ld": page(head='<script type="application/ld+json">' + "[" * 50_000 + "</script>"),
    "one long line": b"<html><body><p>" + b"a" * 2_000_000 + b"</p></body></html>",
    "bad entities": page().replace(b"<p>", b"<p>&#0;&#xD800;&#99999999;"),
    "only markup": b"<" * 5_000,
    "many attributes": b"<html><body><p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">x</p></body></html>",
}


@pytest.fixture(scope="module")
def workers():
    with Workers(2, cpu_seconds=3, memory_bytes=512 * 2**20) as pool:
        yield pool


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_ends_as_an_article_or_with_a_reason(workers: Workers, name: str) -> None:
    result = workers.call_now(extract, Fetched(URL, URL, HOSTILE[name], "text/html"), SOURCE)

    assert isinstance(result, Article | WorkerFault)
    assert not isinstance(result, WorkerFault) or result.reason in REASONS
    assert isinstance(workers.call_now(extract, Fetched(URL, URL, page()), SOURCE), Article)


@pytest.mark.parametrize(
    "before",
    [
        "",
        "x" * 14_980,
        "x" * 40_000,
        "<b>y</b>" * 3_000,
        "<script>" + "a<b;" * 9_000 + "</script>",
        "<br>" + "<" * 20_000,
    ],
)
@pytest.mark.parametrize("after", [">text", "", "<b>text"])
def test_a_tag_of_too_many_attributes_loses_them_wherever_it_stands(before: str, after: str) -> None:
    attributes = " ".join(f"a{number}=1" for number in range(3_000))

    found = parse(f"<html><body><div>{before}</div><p {attributes}{after}".encode(), "text/html", URL)

    assert 10 > max(len(element.attrib) for element in found.elements)


@pytest.mark.parametrize(
    ("opened", "closed"),
    [
        ("<div>", "</div>"),
        ("<b>", "</b>"),
        ("<x-box class='a'>", "</x-box>"),
        ("<ul><li>", "</li></ul>"),
        ("<table><tr><td>", "</td></tr></table>"),
        ("<div><span><i/>", "</span></div>"),
    ],
)
@pytest.mark.parametrize("many", [260, 30_000])
def test_a_text_in_and_beside_elements_of_any_depth_is_read(opened: str, closed: str, many: int) -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    for body in (f"{opened * many}{text}{closed * many}", f"{opened * many}{closed * many}{text}"):
        html = f"<html><head><title>Harbour</title></head><body><h1>Harbour council votes</h1>{body}</body></html>"

        assert "\n\n".join(PARAGRAPHS) == made(html.encode()).text
