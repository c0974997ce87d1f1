"""Tags between letters of scripts without spaces."""

from __future__ import annotations

import lxml.html
import pytest

from digest import edition, render
from digest.spacing import set_apart
from tests.edition_sample import a_morning
from tests.page_samples import crowded_edition

HAIR = "\u200a"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("多起<b>间谍</b>案件", f"多起{HAIR}<b>间谍</b>{HAIR}案件"),
        ('<a href="x">灯塔网</a>，<a>B</a>', f'<a href="x">灯塔网</a>{HAIR}，{HAIR}<a>B</a>'),
        ("<a><span>المنارة</span></a>، <a>", f"<a><span>المنارة</span></a>{HAIR}، <a>"),
        ("<span>■</span><span>□</span>", f"<span>■</span>{HAIR}<span>□</span>"),
        ("a “<b>spy</b>” case", f"a “{HAIR}<b>spy</b>{HAIR}” case"),
    ],
)
def test_a_hair_of_space_stands_between_tags_and_letters(page: str, expected: str) -> None:
    assert expected == set_apart(page)


@pytest.mark.parametrize(
    "page",
    [
        "a <b>spy</b> case, <b>spy</b>ing, <b>шпигун</b>ство, <b>ال</b>تجسس",
        "<p>间谍</p><p>案件</p>",
        "间谍 <b>案件</b> 。",
        "ก<b>\u0e34</b>",
        "(<b>间谍</b>)",
        "间谍<br>案件",
    ],
)
def test_words_and_what_is_apart_anyway_stay_as_they_are(page: str) -> None:
    assert page == set_apart(page)


def test_the_web_copy_and_the_text_have_sentences_letter_by_letter() -> None:
    content = crowded_edition()
    sentence = content.top[0].quotes[0].text

    assert sentence in lxml.html.fromstring(render.web_html(content).decode()).text_content()
    assert sentence in "".join(line.removeprefix("  ") for line in render.text(content).decode().splitlines())
    assert HAIR not in render.web_html(edition.choose(a_morning())).decode()
