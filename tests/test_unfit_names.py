"""Characters that nobody sees, in the names that people and configurations give."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler import invisible
from crawler.archive import open_archive
from crawler.config import load
from crawler.errors import ConfigError, UsageError
from crawler.opml import read_opml
from digest import accounts
from digest.cli.judgement import who
from tests.archive_sample import NOW, article, keep
from tests.newsroom import Newsroom, filled, words

_TURNED = "storms\u202egpj"
_SAID = "U+202E (right-to-left override), a character that nobody sees"
_SOURCE = """
[herald]
name = "The Herald"
homepage = "https://herald.test/"
"""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("two\nlines", "U+000A (a control character)"),
        ("bell\x07", "U+0007 (a control character)"),
        ("late\x9f", "U+009F (a control character)"),
        ("soft\xadly", "U+00AD (soft hyphen)"),
        ("apart\u2066", "U+2066 (left-to-right isolate)"),
        ("half\ud800", "U+D800 (half of a character)"),
        ("marked\ufeff", "U+FEFF (zero width no-break space)"),
        ("stor\u034fms", "U+034F (combining grapheme joiner)"),
        ("storms\u115f", "U+115F (hangul choseong filler)"),
        ("storms\u1160", "U+1160 (hangul jungseong filler)"),
        ("storms\u17b4", "U+17B4 (khmer vowel inherent aq)"),
        ("storms\u180e", "U+180E (mongolian vowel separator)"),
        ("stor\u200bms", "U+200B (zero width space)"),
        ("storms\u2800", "U+2800 (braille pattern blank)"),
        ("storms\u3164", "U+3164 (hangul filler)"),
        ("storms\uffa0", "U+FFA0 (halfwidth hangul filler)"),
        ("storms\ufff3", "U+FFF3 (no character)"),
        ("storms\ufdd0", "U+FDD0 (no character)"),
        ("storms\U0001fffe", "U+1FFFE (no character)"),
        ("storms\U0010ffff", "U+10FFFF (no character)"),
        ("storms\U0001bca1", "U+1BCA1 (shorthand format continuing overlap)"),
        ("storms\U0001d173", "U+1D173 (musical symbol begin beam)"),
        ("storms\U000e0041", "U+E0041 (tag latin capital letter a)"),
        ("storms\U000e0101", "U+E0101 (variation selector-18)"),
        ("storms\ufe0f", "U+FE0F (variation selector-16)"),
        ("1\ufe0f", "U+FE0F (variation selector-16)"),
        ("\ufe0fstorms", "U+FE0F (variation selector-16)"),
        ("❤\ufe0f\ufe0f", "U+FE0F (variation selector-16)"),
        ("storms\u200d", "U+200D (zero width joiner)"),
        ("storms \u200cat sea", "U+200C (zero width non-joiner)"),
        ("می\u200c\u200cخواهم", "U+200C (zero width non-joiner)"),
        ("👩\u200d", "U+200D (zero width joiner)"),
        ("👩\u200c🔧", "U+200C (zero width non-joiner)"),
    ],
)
def test_a_name_is_refused_for_the_first_character_that_no_name_has(name: str, said: str) -> None:
    assert invisible.unfit(name).startswith(said)


@pytest.mark.parametrize(
    "name",
    [
        "النشرة \u200f(أ)",
        "می\u200cخواهم",
        "क्\u200dष",
        "അവന്\u200d",
        "Süd-West’s №1 👩\u200d🔧",
        "间谍",
        "❤\ufe0f\u200d🔥",
        "🏳\ufe0f\u200d🌈 ⚠\ufe0f ‼\ufe0f ℹ\ufe0f",
        "👩🏽\u200d❤\ufe0f\u200d👩🏻",
        "🙂\u200d↔\ufe0f",
        "1\ufe0f\u20e3 #\ufe0f\u20e3",
        "🇩🇪",
    ],
)
def test_what_belongs_to_names_of_a_script_is_no_fault(name: str) -> None:
    assert "" == invisible.unfit(name)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("watches", '["storms\\u202Egpj"]\nquery = "storm"\n'),
        ("digests", '["storms\\u202Egpj"]\n'),
        ("digests", '[morning]\ntitle = "storms\\u202Egpj"\n'),
        ("digests", '[morning]\ntags = ["storms\\u202Egpj"]\n'),
        ("digests", '[morning]\nrecipients = ["storms\\u202Egpj@example.org"]\n'),
        ("sources", _SOURCE.replace("The Herald", "storms\\u202Egpj")),
        ("sources", _SOURCE + 'owner = "storms\\u202Egpj"\n'),
    ],
)
def test_a_configuration_with_such_a_name_says_where_it_stands(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / "presswatch.toml").touch()
    (tmp_path / f"{file}.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load(tmp_path)

    assert "storms\\u202egpj" in str(caught.value)
    assert _SAID in str(caught.value)


def test_nobody_is_given_such_a_name_or_label() -> None:
    for give in (accounts.new_name, accounts.label, who):
        with pytest.raises(UsageError, match="U\\+202E"):
            give(_TURNED)


def test_no_article_is_given_such_a_tag_or_author() -> None:
    with open_archive("sqlite://") as archive:
        (number,) = keep(archive, article())
        for give in (archive.judgements.tag, archive.judgements.correct_authors):
            with pytest.raises(UsageError, match="U\\+202E"):
                give(number, [_TURNED], "ana", NOW)

        assert [] == archive.judgements.of(number)


def test_a_form_with_such_a_name_is_shown_again(tmp_path: Path) -> None:
    room = Newsroom(tmp_path)

    form = filled(room.page("/watches/new"), "/watches/save") | {"name": _TURNED, "query": "storm"}
    refused = room.send("/watches/save", form)

    assert 400 == refused.status_code
    assert _SAID in words(refused.text)
    assert 'value="storms\u202egpj"' in refused.text
    assert {} == load(room.folder).watches


def test_the_name_that_an_outlet_gives_itself_is_mended() -> None:
    outline = '<outline text="The&#x202E; Her&#xAD;a&#x3164;ld &#xFE0F;" xmlUrl="https://herald.test/rss"/>'
    opml = f'<opml version="2.0"><body>{outline}</body></opml>'

    assert "The Herald" == read_opml(opml.encode()).sources[0].name
