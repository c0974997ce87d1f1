"""Where on a page the headline and the text stand."""

from __future__ import annotations

import pytest

from crawler.extract import standing
from crawler.extract.page import ParsedPage, parse
from tests.extracting import PARAGRAPHS, URL

TEXT = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
TITLE = "Harbour council votes"


def page(body: str) -> ParsedPage:
    return parse(f"<html><body>{body}</body></html>".encode(), "text/html", URL)


@pytest.mark.parametrize(
    ("body", "title_at", "text_at"),
    [
        (f"<h1>{TITLE}</h1>{TEXT}", 0, (1, 4)),
        (f"<div>Home</div><div>{TITLE}</div><h1>{TITLE}</h1><div>9 May</div>{TEXT}<div>More</div>", 2, (4, 7)),
        # A teaser of the same text above the headline.
        (f"<p>{PARAGRAPHS[0]}</p><h1>{TITLE}</h1>{TEXT}", 1, (2, 5)),
        # Below the standfirst stands who wrote it, and when.
        (f"<h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p><div>Jane Roe</div>{TEXT.partition('</p>')[2]}", 0, (3, 5)),
        # All of it looks like furniture, but for a line that is said again below.
        (f"<div class=sidebar><h2>{TITLE}</h2>{TEXT}</div><p>{PARAGRAPHS[3]}</p>", 0, (1, 4)),
        (f"<h1>{TITLE}</h1><p>Short.</p>", 0, (12, 12)),
    ],
)
def test_headline_and_text_are_found(body: str, title_at: int, text_at: tuple[int, int]) -> None:
    parsed = page(body)
    assert title_at == standing.title_at(parsed, TITLE)
    assert text_at == standing.text_at(parsed, PARAGRAPHS, title_at)


@pytest.mark.parametrize(
    "lines",
    [
        (
            "市议会周四晚间通过了修缮港口防波堤的计划。",
            "反对者认为费用过高，施工期间北码头将关闭。",
        ),
        ("The plan passed by one voice, after nine hours.", "Work begins when the herring season is over."),
    ],
)
def test_a_text_without_long_lines_is_found_by_its_sentences(lines: tuple[str, ...]) -> None:
    body = "".join(f"<p>{line}</p>" for line in lines)
    parsed = page(f"<div>5 March</div><h1>{TITLE}</h1><div>Jane Roe</div>{body}<div>More</div>")
    assert (3, 4) == standing.text_at(parsed, lines, 1)
