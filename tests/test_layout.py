"""Where the stories of an edition stand; every story is shown once or counted."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.records import SourceHealth
from digest import edition, render
from digest.content import EditionContent, Erratum, Item, Quote
from digest.layout import lay_out, shorten
from tests.edition_sample import DUE, Press, a_plan

WATCHES = ("Ports", "Ships", "Crews")


@cache
def an_item() -> Item:
    press = Press()
    press.story(press.article("harbour", "A ship is held", 2))
    (item,) = edition.choose(press.material(watches=())).items
    return item


@st.composite
def items(draw: st.DrawFn) -> list[Item]:
    found = []
    for number in range(draw(st.integers(0, 25))):
        watches = draw(st.lists(st.sampled_from(WATCHES), min_size=1, max_size=3, unique=True))
        found.append(
            replace(
                an_item(),
                story=number + 1,
                watch=watches[0],
                also_watches=tuple(watches[1:]),
                score=draw(st.floats(0, 5)),
                quotes=() if draw(st.booleans()) else (Quote("It is.", 1, "en", ""),),
            )
        )
    return sorted(found, key=lambda item: -item.score)


@cache
def an_edition() -> EditionContent:
    return edition.choose(Press().material())


def lay(found: list[Item], top: int, per_watch: int, floor: float) -> EditionContent:
    layout = lay_out(found, WATCHES, a_plan(top=top, per_watch=per_watch, floor=floor))
    return replace(
        an_edition(), top=layout.top, sections=layout.sections, hidden=layout.hidden, below_floor=layout.below_floor
    )


def assert_all_is_counted(content: EditionContent, found: list[Item], sections: int) -> None:
    shown = [item.story for item in content.items]
    assert len(shown) == len(set(shown))
    for section in content.sections:
        counts = (len(section.items), section.in_top, section.elsewhere, section.hidden, section.below_floor)
        assert section.total == sum(counts) == sum(item.matches(section.watch) for item in found)
        assert min(counts) >= 0
        assert section.in_top == sum(item.matches(section.watch) for item in content.top)
    listed = {section.watch for section in content.sections}
    assert len(listed) == len(content.sections)
    nowhere = [item for item in found if item.story not in shown and not any(map(item.matches, listed))]
    if sections == len(WATCHES):
        assert len(nowhere) == content.hidden


@settings(max_examples=40, deadline=None)
@given(items(), st.integers(0, 6), st.integers(1, 6), st.sampled_from((0.0, 1.5, 4.0)), st.data())
def test_every_story_is_shown_once_or_counted(
    found: list[Item], top: int, per_watch: int, floor: float, data: st.DataObject
) -> None:
    content = lay(found, top, per_watch, floor)
    longest, less, sections = (data.draw(st.integers(0, most)) for most in (per_watch, top, len(WATCHES)))
    shorter = shorten(content, top=less, longest=longest, sections=sections)

    assert_all_is_counted(content, found, len(WATCHES))
    assert_all_is_counted(shorter, found, sections)
    assert shorter.hidden_sections == max(0, len(content.sections) - sections)
    assert not content.top or all(not item.is_filler for item in content.top)


@given(items(), st.integers(0, 6), st.sampled_from((0.0, 1.5)))
@settings(max_examples=30, deadline=None)
def test_without_watches_what_is_not_on_top_is_counted(found: list[Item], top: int, floor: float) -> None:
    layout = lay_out(found, (), a_plan(top=top, floor=floor))

    assert len(found) == len(layout.top) + layout.hidden + layout.below_floor
    assert sorted(layout.top, key=lambda item: item.is_filler) == list(layout.top)


def test_what_weighs_less_than_the_floor_is_counted_and_the_digest_is_sent_to_say_so() -> None:
    press = Press()
    press.story(press.article("harbour", "A ship is held", 2, "Sanctions", ("ship",)))
    content = edition.choose(press.material(a_plan(floor=3)))

    assert ((), False) == (content.items, content.empty)
    (section,) = content.sections
    assert (1, 1) == (section.total, section.below_floor)
    for form in (render.mail_html(content), render.text(content)):
        assert b"One of little weight is in the archive." in form
    assert render.subject(content) == "East Asia security: one story of little weight"


def test_a_lone_headline_does_not_stand_on_top() -> None:
    press = Press()
    for title, text in (("A ship is held", "A ship was held on Sunday."), ("A bridge", "")):
        press.story(press.article("harbour", title, 2, "Sanctions", ("ship",), text=text, completeness="headline"))
    content = edition.choose(press.material())

    assert ["A ship is held"] == [item.carrier.headline for item in content.top]
    assert ["A bridge"] == [item.carrier.headline for section in content.sections for item in section.items]


LONG = {"zh": "海关扣押货船&<检查>" * 60, "ar": "احتجاز سفينة في الميناء & " * 40}


@pytest.mark.parametrize("language", LONG)
def test_a_mail_of_hostile_length_fits_and_is_whole(language: str) -> None:
    content = hostile(LONG[language], language)
    page = render.mail_html(content, render.Links(unsubscribe="https://press.test/unsubscribe?a=1&b=2"))

    assert len(page) <= render.LONGEST_MAIL
    tree = lxml.html.fromstring(page.decode())
    assert ["Unsubscribe"] == tree.xpath("//a[@href='https://press.test/unsubscribe?a=1&b=2']/text()")
    assert page.rstrip().endswith(b"</html>")
    assert page.count(b"<table") == page.count(b"</table>")
    assert page.count(b"<div") == page.count(b"</div>")


def hostile(text: str, language: str) -> EditionContent:
    """Give an edition in which all that may be long is long, and all that may be many are many."""
    press = Press()
    url = "https://manara.example/" + "&" * 1_900
    for number in range(6):
        article = press.article("manara", f"{number} {text}", 2, "Sanctions", (text[:9],), language=language, url=url)
        press.story(article, press.article("harbour", text, 2, url=url))
    health = [SourceHealth(f"s{n}", text, "failing", text) for n in range(20)]
    content = edition.choose(press.material(a_plan(top=3, title=text), health=health))
    section, *_ = content.sections
    sections = tuple(replace(section, watch=f"{number} {text[:60]}") for number in range(150))
    erratum = Erratum(1, "retitled", text, language, text, text, url, DUE, "2026-11-22")
    return replace(content, sections=sections, errata=(erratum,) * 12)
