"""Pages with a piece that is too long for the parser: what stands behind it is read all the same."""

from __future__ import annotations

import time

import pytest

from crawler.errors import NoArticle
from crawler.extract import long_runs
from tests.extracting import PARAGRAPHS, made, page

_MORE = 10_500_000
_CODE = "var a = '<p>x</p>'; // a < b\n"
_BASE64 = "QUJD" * (_MORE // 4)
PIECES = {
    "a script": f"<script>{_CODE * (_MORE // len(_CODE))}</script>",
    "a SCRIPT": f"<SCRIPT type='x'>{_CODE * (_MORE // len(_CODE))}</SCRIPT >",
    "a style": f"<style>{'a > b {c: d} ' * (_MORE // 13)}</style>",
    "a comment": f"<!-- {'<b>x</b> ' * (_MORE // 9)} -->",
    "a picture": f'<img alt="" src="data:image/png;base64,{_BASE64}">',
    "a drawing": f"<svg><path d='{'1 2 ' * (_MORE // 4)}'/></svg>",
    "blanks": " \n" * (_MORE // 2),
}


@pytest.mark.parametrize("name", PIECES)
def test_what_stands_behind_a_long_piece_is_read(name: str) -> None:
    assert "\n\n".join(PARAGRAPHS) == made(page(above=PIECES[name])).text


def test_what_is_short_is_left_alone_and_each_piece_loses_only_its_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_runs, "LONGEST", 30)
    short = "<p>The council met.</p>" * 9 + "<script>var a = 1;</script><!-- b --><p>It voted."
    for text in (short, "<p>a" * 99, "<" * 99, "a" * 30, "<script>a</script>" * 99):
        assert text == long_runs.cut(text)

    assert f"<script>{'a' * 30}</script>b" == long_runs.cut(f"<script>{'a' * 31}</script>b")
    assert f"<script>{'<p>' * 10}</script><p>b" == long_runs.cut(f"<script>{'<p>' * 99}</script><p>b")
    # What ends a script in a browser ends it here, and what nobody closed goes on to the end.
    assert "<script>'</script>'" + "b" * 29 == long_runs.cut("<script>'</script>'" + "b" * 99)
    assert "<script>" + "b" * 30 == long_runs.cut("<script>" + "b" * 99)
    assert "<!--" + "<" * 30 == long_runs.cut("<!--" + "<" * 99)
    assert "<script></script>b" == long_runs.cut(f"<script a='{'a' * 99}'></script>b")
    assert "<img><p>b</p>" == long_runs.cut(f"<img src='{'a' * 99}'><p>b</p>")
    assert "<img>" == long_runs.cut(f"<img src='{'a' * 99}")
    assert f"<p>{'a' * 30}</p>" == long_runs.cut(f"<p>{'a' * 99}</p>")


@pytest.mark.parametrize(
    "piece",
    [
        "<script>",
        "<script></script>",
        "<!--",
        "<!---->",
        "<",
        "<p>",
        "</script",
        "<textarea><style>",
        "a",
        "<script>'</script>",
    ],
)
def test_hostile_markup_is_cut_in_linear_time(piece: str) -> None:
    started = time.process_time()
    long_runs.cut(piece * (4_000_000 // len(piece)))

    assert time.process_time() - started < 4


def test_a_page_without_text_says_what_of_it_was_not_read() -> None:
    with pytest.raises(
        NoArticle, match=r"only 0 characters .* of its 10,500,\d{3} characters pieces longer than 2,000,000 were cut"
    ):
        made(f"<html><head><title>The Example</title></head><body>{PIECES['a script']}</body></html>".encode())


def test_an_endless_line_is_kept_as_far_as_it_was_read() -> None:
    article = made(page(body=(*PARAGRAPHS, "word " * (long_runs.LONGEST // 4))))

    assert f"the first {long_runs.LONGEST:,} characters of a line" in article.evidence["text"]
