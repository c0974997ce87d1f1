"""What a page hides from the eye is no text, unless it is the text itself that waits there."""

from __future__ import annotations

import pytest

from tests.extracting import PARAGRAPHS, ld, made, page

NOTE = "Prices of eels are told to the readers of the printed paper only, says this note."
_LONG = "The stone comes by barge from the quarry at Southmoor, where forty men work in two shifts until the winter. "


def _text(hidden: str, head: str = "") -> list[str]:
    body = page(head=head).decode().replace(f"<p>{PARAGRAPHS[2]}</p>", f"{hidden}<p>{PARAGRAPHS[2]}</p>")
    return made(body.encode()).text.split("\n\n")


@pytest.mark.parametrize(
    "hidden",
    [
        f'<p style="display:none">{NOTE}</p>',
        f'<div style="color: red; display: none"><p>{NOTE}</p></div>',
        f'<p style="visibility:hidden">{NOTE}</p>',
        f"<p hidden>{NOTE}</p>",
        f'<p aria-hidden="true">{NOTE}</p>',
        f'<p class="sr-only">{NOTE}</p>',
        f'<p class="note visually-hidden">{NOTE}</p>',
        f'<div class="screen-reader-text"><p>{NOTE}</p></div>',
    ],
)
def test_a_small_block_that_is_not_shown_is_no_text(hidden: str) -> None:
    assert list(PARAGRAPHS) == _text(hidden)


@pytest.mark.parametrize(
    "hidden",
    [
        f"<p>{NOTE}</p>",
        f'<div class="paywall" style="display:none"><p>{NOTE}</p></div>',
        f'<div class="read-more" hidden><p>{NOTE}</p></div>',
    ],
)
def test_what_hides_the_text_itself_stays(hidden: str) -> None:
    assert NOTE in _text(hidden)


def test_a_paragraph_that_waits_for_payment_stays() -> None:
    head = ld({"@type": "NewsArticle", "headline": "Harbour council votes", "isAccessibleForFree": False})

    assert NOTE in _text(f'<p style="display:none">{NOTE}</p>', head)


def test_what_unfolds_at_a_click_stays() -> None:
    rest = [f"{_LONG}Part {part} of the work is done." for part in "ABC"]

    found = _text(f'<div style="display:none">{"".join(f"<p>{line}</p>" for line in rest)}</div>')
    assert set(rest) <= set(found)


@pytest.mark.parametrize("around", ["article", "main", "div"])
def test_a_text_that_a_script_shows_stays(around: str) -> None:
    body = page().decode().replace("<article>", f'<{around} style="display:none">')

    assert list(PARAGRAPHS) == made(body.replace("</article>", f"</{around}>").encode()).text.split("\n\n")
