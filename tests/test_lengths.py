"""How a mail that is too long is shortened."""

from __future__ import annotations

import lxml.html
import pytest

from digest import render
from digest.content import EditionContent
from digest.lengths import Limits, in_full, lengths
from digest.widths import width
from tests.page_samples import LINKS, full_edition


@pytest.fixture(scope="module")
def content() -> EditionContent:
    return full_edition("harbour", "beacon-cn")


@pytest.fixture(scope="module")
def made(content: EditionContent) -> render.Rendered:
    return render.everything(content, LINKS)


def test_each_form_is_shorter_than_the_one_before(content: EditionContent) -> None:
    def weight(limits: Limits, shown: EditionContent) -> tuple[int, int, int]:
        full = in_full(shown, limits)
        lists = [shown.top[limits.top :], *(section.items[limits.each :] for section in shown.sections)]
        return (
            len(full) * 10
            + sum(len(some) for some in lists) * 2
            + sum(len(some[: limits.linked]) for some in lists)
            + len(shown.sections),
            limits.troubles,
            limits.errata,
        )

    forms = [(form.limits, form.of(content)) for form in lengths(content)]
    weights = [weight(*form) for form in forms]

    assert weights == sorted(weights, reverse=True)
    assert in_full(forms[0][1], forms[0][0]) == {item.story for item in content.items}
    assert (0, 0) == (len(forms[-1][1].items), len(forms[-1][1].sections))


def test_what_has_no_room_in_a_mail_stands_there_by_its_headline(
    content: EditionContent, made: render.Rendered
) -> None:
    tree = lxml.html.fromstring(made.mail.decode())
    told = tree.xpath("count(//*[starts-with(@id, 'story-')])")
    headlines = tree.xpath("//li")

    assert len(made.mail) <= render.LONGEST_MAIL
    assert 500 == len(content.items) == told + len(headlines)
    assert told >= 20
    assert len(headlines) - len(tree.xpath("//li/a")) < 300
    shown = {item.carrier.headline for item in content.items}
    assert {headline.text_content() for headline in headlines} < shown
    assert "are in the archive" not in tree.text_content()


def test_the_text_beside_it_has_each_headline_link_and_match_and_is_not_much_longer(
    content: EditionContent, made: render.Rendered
) -> None:
    text = made.text.decode()

    for item in content.items:
        assert f"[NEW] {item.carrier.headline}\n  {item.carrier.url}\n" in text
    assert 500 == text.count("\n  Matched ")
    assert text.count("Why here: ") == made.mail.count(b'id="story-')
    assert render.text(content, LINKS).count(b"Why here: ") == 500


def test_a_draft_says_how_many_stories_stand_by_their_headline(content: EditionContent, made: render.Rendered) -> None:
    shorter = render.told_in_short(content, LINKS)

    assert len(shorter) == 500 - made.mail.count(b'id="story-')


def test_headlines_as_long_as_paragraphs_are_cut_so_that_more_of_them_stand_there() -> None:
    content = full_edition("manara", language="ar", letters=230)
    made = render.everything(content, LINKS)
    headlines = [one.text_content() for one in lxml.html.fromstring(made.mail.decode()).xpath("//li")]

    assert len(headlines) > 250
    assert all(one.endswith("…") and width(one) <= 80 for one in headlines)
    assert all(item.carrier.headline in made.text.decode() for item in content.items)


@pytest.mark.parametrize(
    ("source", "language", "letters"),
    [
        ("beacon-cn", "zh", 0),
        ("beacon-cn", "zh", 230),
        ("manara", "ar", 0),
        ("manara", "ar", 230),
        ("harbour", "en", 0),
    ],
)
def test_the_text_has_less_than_three_times_the_words_of_the_html_in_any_script(
    source: str, language: str, letters: int
) -> None:
    """More is what SpamAssassin takes for disguise; it counts each word once (MPART_ALT_DIFF_COUNT)."""
    made = render.everything(full_edition(source, language=language, letters=letters), LINKS)
    tree = lxml.html.fromstring(made.mail.decode())
    for style in tree.xpath("//style"):
        style.drop_tree()
    # As it renders them: words end at items of lists, and at paragraphs.
    shown = " ".join(tree.itertext())

    def words(text: str) -> set[str]:
        return {word for word in text.split() if any(char.isalnum() for char in word)}

    assert len(words(made.text.decode())) < 3 * len(words(shown))
