"""The frame's own words in every language, and dates and numbers as its readers write them."""

from __future__ import annotations

import re
import string
import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from babel import Locale

from crawler.archive.health import WORST_FIRST
from crawler.config import load
from crawler.errors import REASONS, ConfigErrors, UsageError
from crawler.records import Control, Form, Kind
from digest import texts
from digest.content import ErratumKind, Statement, Status, When, direction
from digest.texts import LANGUAGES, Words, table
from tests.conftest import ROOT

ENGLISH = table("en")
OTHERS = [language for language in LANGUAGES if language != "en"]
AT = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def forms(text: texts.Text) -> dict[str, str]:
    return text if isinstance(text, dict) else {"other": text}


def plurals(language: str) -> set[str]:
    return {*Locale.parse(language).plural_form.tags, "other"}


@cache
def numbers_of(language: str, form: str) -> frozenset[int]:
    rule = Locale.parse(language).plural_form
    return frozenset(number for number in range(200) if rule(number) == form)


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_files_are_the_languages_that_a_configuration_may_name():
    assert {path.stem for path in (ROOT / "digest" / "frames").glob("*.toml")} == set(LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_text_that_english_has_and_no_other_in_the_same_order(language: str):
    assert list(ENGLISH) == list(table(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_with_a_count_have_each_plural_form_of_the_language_and_no_other(language: str):
    wrong = {}
    for key, text in table(language).items():
        found = {form for form in forms(text) if not form.startswith("=")}
        counts = isinstance(text, dict) or isinstance(ENGLISH[key], dict)
        if found != (plurals(language) if counts else {"other"}):
            wrong[key] = found

    assert {} == wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_has_the_same_placeholders_but_one_may_say_its_only_number_in_a_word(language: str):
    """The form "one" is for 1 alone in English, for 0 and 1 in French, for 1, 21, 31 ... in Ukrainian."""
    wrong = {}
    for key, text in table(language).items():
        wanted = names_in(forms(ENGLISH[key])["other"])
        for form, said in forms(text).items():
            missing, added = wanted - names_in(said), names_in(said) - wanted
            single = form.startswith("=") or (form != "other" and len(numbers_of(language, form)) == 1)
            counts = {"n", "new", "updated", "collected", "minutes", "hours"}
            if added or (missing - counts if single else missing):
                wrong[f"{key}.{form}"] = (missing, added)

    assert {} == wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_that_another_text_says_names_one_that_is_there(language: str):
    asked = {
        spec
        for text in table(language).values()
        for said in forms(text).values()
        for _, _, spec, _ in string.Formatter().parse(said)
        if spec
    }

    assert asked <= set(ENGLISH)


def test_no_text_is_unused():
    files = [*(ROOT / "digest").rglob("*.py"), *(ROOT / "digest").rglob("templates/*")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files if path.is_file())
    code += "\n".join(said for text in ENGLISH.values() for said in forms(text).values())
    # A key may be put together: "kind." ~ item.kind, f"section.{key}", item.copies_key ~ "_short".
    begins = re.findall(r"""["']([a-z_.]+\.)(?:["'] ~|\{)""", code)
    ends = re.findall(r"""(?:~ ["']|\})([._][a-z_]+)["']""", code)

    def quoted(key: str) -> bool:
        return re.search(rf"""["':]{re.escape(key)}["'}}]""", code) is not None

    unused = [
        key
        for key in ENGLISH
        if not quoted(key)
        and not any(key.startswith(begin) for begin in begins)
        and not any(key.endswith(end) and quoted(key.removesuffix(end)) for end in ends)
    ]

    assert [] == unused


def test_what_records_name_has_a_text():
    named = {
        "kind": get_args(Kind), "control": get_args(Control), "form": set(get_args(Form)) - {"article"},
        "status": get_args(Status), "erratum": get_args(ErratumKind), "state": WORST_FIRST,
        "reason": [reason.replace(" ", "_") for reason in REASONS],
    }  # fmt: skip

    assert [] == [
        f"{kind}.{name}" for kind, names in named.items() for name in names if f"{kind}.{name}" not in ENGLISH
    ]


def test_templates_take_what_stands_between_texts_from_the_language():
    """A comma in a template would stand in Arabic and Chinese, too."""
    found = []
    for path in (ROOT / "digest" / "templates").glob("*.j2"):
        source = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        found += [
            f"{path.name}: {one}"
            for one in re.findall(r"""(?:[}]|</\w+>)[,;:.] ?(?=[{<\s])|(?:~|join\(|\{\{) ?["'][,;:.] ?["']""", source)
        ]

    assert [] == found


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("en", 1, "One new story."), ("en", 0, "0 new stories."),
        ("fr", 0, "0 nouveau sujet."), ("fr", 1, "Un nouveau sujet."), ("fr", 2, "2 nouveaux sujets."),
        ("uk", 1, "Одна нова історія."), ("uk", 21, "21 нова історія."), ("uk", 3, "3 нові історії."),
        ("uk", 11, "11 нових історій."), ("ru", 22, "22 новых сюжета."), ("ru", 25, "25 новых сюжетов."),
        ("ar", 0, "لا أخبار جديدة."), ("ar", 2, "خبران جديدان."), ("ar", 7, "7 أخبار جديدة."),
        ("ar", 11, "11 خبرًا جديدًا."), ("ar", 100, "100 خبر جديد."),
        ("fa", 0, "۰ خبر تازه."), ("fa", 12, "۱۲ خبر تازه."), ("zh", 1, "新增1则新闻。"),
    ],
)  # fmt: skip
def test_a_count_is_said_as_the_language_counts(language: str, number: int, said: str):
    assert said == Words(language, "UTC").say(Statement("lead.new", {"new": number, "updated": 0}))


def test_two_counts_in_one_sentence_have_each_its_own_form():
    both = Statement("lead.both", {"new": 2, "updated": 5})
    rose = Statement("lead.rose", {"n": 12, "average": 5.0, "times": 2.4})

    assert "2 нові історії, 5 оновлено." == Words("uk", "UTC").say(both)
    assert "خبران جديدان، و5 أخبار محدّثة." == Words("ar", "UTC").say(both)
    assert "2,4 раза" in Words("ru", "UTC").say(rose)
    assert "в 5 раз " in Words("ru", "UTC").say(Statement("lead.rose", {**rose.values, "times": 5.0}))


@pytest.mark.parametrize(
    ("language", "long", "moment", "short"),
    [
        ("en", "Monday, 23 November 2026", "Mon 23 Nov 07:00", "23 Nov"),
        ("de", "Montag, 23. November 2026", "Mo., 23. Nov., 07:00", "23. Nov."),
        ("fr", "lundi 23 novembre 2026", "lun. 23 nov., 07:00", "23 nov."),
        ("es", "lunes, 23 de noviembre de 2026", "lun, 23 nov, 07:00", "23 nov"),
        ("uk", "понеділок, 23 листопада 2026\u202fр.", "пн, 23 лист., 07:00", "23 лист."),
        ("ru", "понедельник, 23 ноября 2026\u202fг.", "пн, 23 нояб., 07:00", "23 нояб."),
        ("zh", "2026年11月23日星期一", "11月23日周一 07:00", "11月23日"),
        ("ar", "الاثنين، 23 نوفمبر 2026", "الاثنين، 23 نوفمبر، 07:00", "23 نوفمبر"),
        ("fa", "دوشنبه ۲ آذر ۱۴۰۵ (۲۳ نوامبر ۲۰۲۶)", "دوشنبه ۲ آذر ۰۷:۰۰", "۲ آذر"),
        ("en-US", "Monday, November 23, 2026", "Mon, Nov 23 07:00", "Nov 23"),
    ],
)
def test_dates_stand_as_readers_write_them(language: str, long: str, moment: str, short: str):
    words = Words(language, "Europe/Kyiv")

    assert (long, moment, short) == (words.long_date("2026-11-23"), words.moment(AT), words.short_date(AT))


def test_a_moment_of_another_year_has_its_year():
    before = AT.replace(year=2025)
    said = {language: Words(language, "UTC").moment(before, AT) for language in ("en", "de", "zh", "fa")}

    assert said == {
        "en": "Sun, 23 Nov 2025 05:00",
        "de": "So., 23. Nov. 2025, 05:00",
        "zh": "2025年11月23日周日 05:00",
        "fa": "یکشنبه ۲ آذر ۱۴۰۴ ۰۵:۰۰",
    }


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "1,234.5"), ("de", "1.234,5"), ("ar", "1,234.5"), ("fa", "۱٬۲۳۴٫۵"), ("zh", "1,234.5")],
)
def test_numbers_have_the_digits_and_marks_of_the_language(language: str, said: str):
    assert said == Words(language, "UTC").number(1234.5)


def test_a_zone_is_named_by_its_city_in_the_language():
    named = {language: Words(language, "Europe/Kyiv").zone_name(AT) for language in ("en", "uk", "zh", "ar")}

    assert named == {"en": "Kyiv, UTC+2", "uk": "Київ, UTC+2", "zh": "基辅，UTC+2", "ar": "كييف، UTC+2"}
    assert "UTC" == Words("fa", "UTC").zone_name(AT)
    assert "Калькутта, UTC+5:30" == Words("ru", "Asia/Kolkata").zone_name(AT)
    assert "Kalkutta, UTC+5:30" == Words("de", "Asia/Calcutta").zone_name(AT)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "at 07:00 and 17:30 on Mon, Tue and Fri"),
        ("de", "um 07:00 und 17:30, Montag, Dienstag und Freitag"),
        ("uk", "о 07:00 і 17:30, понеділок, вівторок і пʼятниця"),
        ("ar", "الاثنين والثلاثاء والجمعة، الساعة 07:00 و17:30"),
        ("fa", "دوشنبه، سه\u200cشنبه، و جمعه، ساعت ۰۷:۰۰ و ۱۷:۳۰"),
        ("zh", "周一、周二和周五07:00和17:30"),
    ],
)
def test_days_and_times_are_listed_as_the_language_lists(language: str, said: str):
    days = Statement("schedule.days", {"times": "07:00, 17:30", "days": "mon tue fri"})

    assert said == Words(language, "UTC").say(days)


@pytest.mark.parametrize("language", ["de", "es", "fr", "ru", "uk"])
def test_no_sentence_ends_with_a_date_as_months_are_cut_with_a_full_stop(language: str):
    said = [one for text in table(language).values() for one in forms(text).values()]

    assert [] == [one for one in said if re.search(r"\{(since|until|date|slot)\}\.", one)]


def test_slots_are_told_as_dates():
    words = Words("de", "Europe/Kyiv")

    assert "23. Nov. 2026" == words.slot("2026-11-23")
    assert "Mo., 23. Nov., 07:00" == words.slot("2026-11-23 07:00") == words.slot("2026-11-23T05:00:00Z")
    assert "preview" == words.slot("preview")


def test_a_time_after_seen_is_the_first_sight():
    assert "побачено 07:00" == Words("uk", "Europe/Kyiv").when(When(AT, "seen"), AT)


def test_outside_text_in_a_sentence_turns_nothing_around_it():
    assert "«\u2068Iran (nuclear)\u2069»" in Words("fa", "UTC")("alert.why", watch="Iran (nuclear)")
    assert "“\u2068إيران\u2069”" in Words("en", "UTC")("alert.why", watch="إيران")
    assert "\u2068" not in Words("en", "UTC")("alert.why", watch="Iran")


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_written_in_the_direction_of_their_language(language: str):
    wanted = Words(language, "UTC").direction
    letters = {
        key: re.sub(r"\{[^}]*\}|[A-Za-z]" if wanted == "rtl" else r"\{[^}]*\}", "", forms(text)["other"])
        for key, text in table(language).items()
    }

    assert [] == [key for key, text in letters.items() if direction(text, language) != wanted]


def test_a_text_that_is_missing_costs_no_digest(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    words = Words("de", "UTC")
    monkeypatch.delitem(table("de"), "top")

    assert "Top stories" == words("top")
    assert "frames/de.toml has no text for top" in caplog.text


@pytest.mark.parametrize("language", ["tlh", "pt", "", "EN", "zh-Hant", "zh-TW", "de_AT"])
def test_a_language_that_the_frame_does_not_speak_is_refused(language: str):
    with pytest.raises(UsageError, match="language may be one of en"):
        Words(language, "UTC")


@pytest.mark.parametrize("language", ["zh-Hans", "zh-CN", "fa-AF", "ar-EG", "es-419", "de-AT"])
def test_a_region_may_follow(language: str):
    assert Words(language, "UTC")("top")


@pytest.mark.parametrize(
    ("language", "told"),
    [("pt", '"en", "ar", "de"'), ("zh-Hant", 'Chinese is there in simplified letters only ("zh")')],
)
def test_the_configuration_is_refused_at_its_line(tmp_path: Path, language: str, told: str):
    (tmp_path / "presswatch.toml").write_text("")
    (tmp_path / "digests.toml").write_text(f'[morning]\nlanguage = "{language}"\n')

    with pytest.raises(ConfigErrors) as refused:
        load(tmp_path)
    assert f"digests.toml:2: morning.language: found '{language}', wanted a language that digests speak" in str(
        refused.value
    )
    assert told in str(refused.value)


def test_the_commented_files_name_the_languages():
    for file in ("presswatch.toml", "digests.toml"):
        text = (ROOT / "config" / file).read_text(encoding="utf-8")

        assert " ".join(sorted(LANGUAGES)) in text
    assert tomllib.loads((ROOT / "config" / "digests.toml").read_text(encoding="utf-8"))
