"""What stands in a digest, and why."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import REASONS
from crawler.records import SourceHealth, Story, SummarySentence
from digest import edition, plans, render
from digest.content import Bar, EditionContent, Item, clean, direction
from digest.items import marks
from digest.texts import table
from tests.archive_sample import BUS, TOLL
from tests.edition_sample import DUE, SINCE, SOURCES, WATCHES, Press, a_morning, a_plan, days

CI = "Counter-intelligence"


def keys(content: EditionContent) -> list[str]:
    return [statement.key for statement in content.lead]


def test_the_same_material_gives_the_same_edition() -> None:
    assert edition.choose(a_morning()) == edition.choose(a_morning())


def test_an_edition_comes_back_from_the_archive_as_it_went_in() -> None:
    content = edition.choose(a_morning())

    assert EditionContent.from_json(content.to_json()) == content


def test_one_story_stands_once_even_when_several_watches_match() -> None:
    press = Press()
    for number in range(6):
        article = press.article("harbour", f"Story {number}", 3, CI, ("espionage",))
        press.mentions[article].append(replace(press.mentions[article][0], watch="Sanctions"))
        press.story(article)
    content = edition.choose(press.material(a_plan(top=2, per_watch=2)))
    stories = [item.story for item in content.items]

    assert len(stories) == len(set(stories)) == 4
    (section,) = content.sections
    assert (section.watch, len(section.items), section.total, section.in_top, section.hidden) == (CI, 2, 6, 2, 2)


def test_folded_copies_are_counted_and_never_items() -> None:
    content = edition.choose(a_morning())
    tv = content.top[0]

    assert tv.carrier.name == "Daily Beacon"
    assert tv.copy_count == 2
    assert [carrier.name for carrier in tv.copies] == ["Security Mirror", "Pacific Ledger"]
    copied = {carrier.article for item in content.items for carrier in item.copies}
    assert not copied & {item.carrier.article for item in content.items}


def test_who_was_first_is_told_only_when_every_time_is_known() -> None:
    press = Press()
    first = press.article("island", "A ship is held", 9)
    second = press.article("harbour", "Ship held in port", 7)
    press.story(first, second)
    proven = edition.choose(press.material(watches=()))
    press.articles[second] = replace(press.articles[second], published_utc=None, published_precision="day")
    unproven = edition.choose(press.material(watches=()))

    assert proven.top[0].first is not None
    assert proven.top[0].first.name == "Island Wire"
    assert unproven.top[0].first is None


def test_an_article_that_credits_another_is_never_the_first() -> None:
    press = Press()
    press.story(press.article("mirror", "Held", 9, credited_to="Far Agency"), press.article("harbour", "Ship held", 7))

    assert edition.choose(press.material(watches=())).top[0].first is None


def test_an_article_of_a_bare_day_stands_on_that_day_wherever_its_outlet_is() -> None:
    press = Press()
    bare = {"published_precision": "day", "published_utc": None, "first_seen": DUE - timedelta(hours=1)}
    press.article("harbour", "In the morning", 20, CI)
    press.article("ledger", "In the evening", 10, CI)
    press.article("island", "Printed on the day", 2, CI, published="2026-11-22", **bare)
    press.story(1, 2, 3)

    (item,) = edition.choose(press.material()).items

    assert ["Printed on the day", "In the evening"] == [carrier.headline for carrier in item.others]


def first_of(press: Press, **more: Any) -> str | None:
    (item,) = edition.choose(press.material(**more)).items
    return item.first and item.first.name


def test_an_owner_is_not_first_against_itself_however_it_is_written() -> None:
    press = Press()
    press.story(press.article("harbour", "Crane falls", 9, CI), press.article("ledger", "Crane falls", 3, CI))
    same = {**SOURCES, "ledger": replace(SOURCES["ledger"], owner=" HARBOUR ")}

    assert first_of(press) == "Harbour Times"
    assert first_of(press, sources=same) is None


def test_who_prints_midnight_is_not_proven_to_be_the_first() -> None:
    press = Press()
    press.story(press.article("harbour", "Crane falls", 9, CI), press.article("ledger", "Crane falls", 3, CI))
    at = DUE - timedelta(hours=9)
    midnight = at.astimezone(timezone(timedelta(hours=-at.hour)))
    harbour = press.articles[1]

    assert first_of(press, articles={**press.articles, 1: replace(harbour, published=midnight.isoformat())}) is None
    later = (midnight + timedelta(minutes=1)).isoformat()
    assert first_of(press, articles={**press.articles, 1: replace(harbour, published=later)}) == "Harbour Times"


def test_an_agency_that_all_others_credit_in_their_own_language_is_the_first() -> None:
    press = Press()
    day = {"published": "2026-11-22", "published_precision": "day", "published_utc": None}
    press.story(
        press.article("island", "Crane falls", 9, CI, credited_to="新华社", **day),
        press.article("ledger", "Crane falls", 3, CI, credited_to="Xinhua News Agency", **day),
        press.article("visnyk", "Впав кран", 3, CI, credited_to="Синьхуа", **day),
    )

    assert first_of(press) is None
    assert first_of(press, sources={**SOURCES, "island": replace(SOURCES["island"], name="Xinhua")}) == "Xinhua"


def test_old_news_is_never_new() -> None:
    press = Press()
    for kind in ("change", "article"):
        number = press.article("mirror", f"Old {kind}", 900, CI, ("espionage",), backfill=kind == "article")
        press.change(number, "new", backfill=kind == "change")
        press.story(number)
    content = edition.choose(press.material())

    assert not content.items
    assert content.figures.collected == 0
    assert content.coverage.backfilled == 2


def test_nothing_new_between_two_editions_gives_no_item_in_the_second() -> None:
    first = edition.choose(a_morning())
    second = edition.choose(replace(a_morning(), changes=[], earlier=[first]))

    assert not second.items
    assert second.empty


HELD = "The coast guard held a freighter with eleven sailors off the northern island on Sunday."
WELL = "All eleven sailors are well and have spoken to their families by telephone, the harbour master said."
SAILED = "The freighter sailed at dawn after its owner paid a fine of 40,000 crowns to the island's court."


def told_and_updated(text: str) -> Item:
    """Tell of a held ship in one edition, and give the item of the next after another article."""
    press = Press()
    seen = SINCE - timedelta(hours=6)
    old = press.article("island", "A ship is held", 30, CI, ("espionage",), first_seen=seen, text=f"{HELD}\n{WELL}")
    press.change(old, "new")
    press.story(old, sentences=((HELD, old),))
    yesterday = edition.choose(press.material(now=SINCE))
    press.changes.clear()
    new = press.article("harbour", "The ship sails", 2, CI, ("espionage",), text=text)
    press.stories[0] = replace(press.stories[0], articles=(old, new), summary=(SummarySentence(HELD, old),))
    (item,) = edition.choose(press.material(earlier=[yesterday])).items
    return item


def test_a_story_told_before_is_updated_and_only_new_sentences_are_said() -> None:
    again = HELD.replace("on Sunday", "at the weekend")
    item = told_and_updated(f"{again}\n{SAILED}\n{WELL}")

    assert item.status == "UPDATED"
    assert item.carrier.headline == "The ship sails"
    # HELD was said in other words; WELL was never said, but the article of the day before has it.
    assert [quote.text for quote in item.quotes] == [SAILED]
    assert (item.new_articles, item.since) == (1, SINCE)


def test_what_is_said_of_an_older_story_that_was_never_told_is_from_what_came_as_its_headline_is() -> None:
    press = Press()
    seen = SINCE - timedelta(hours=6)
    old = press.article("island", "A ship is held", 30, CI, ("espionage",), first_seen=seen, text=f"{HELD}\n{WELL}")
    new = press.article("harbour", "The ship sails", 2, CI, ("espionage",), text=SAILED)
    press.story(old, new, sentences=((HELD, old),))

    (item,) = edition.choose(press.material()).items
    assert (item.status, item.carrier.headline) == ("UPDATED", "The ship sails")
    assert [quote.text for quote in item.quotes] == [SAILED]


def test_in_a_plan_that_never_told_anything_nothing_is_updated() -> None:
    press = Press()
    seen = SINCE - timedelta(hours=6)
    for number, more in enumerate(({}, {"copy_of": 1, "copy_kind": "full"})):
        old = press.article("island", f"Ship {number} is held", 30, CI, ("espionage",), first_seen=seen, text=HELD)
        new = press.article("harbour", f"Ship {number} sails", 2, CI, ("espionage",), text=SAILED, **more)
        press.story(old, new)
    edited = press.article("mirror", "A bridge", 30, CI, ("espionage",), first_seen=seen, text=f"{HELD}\n{WELL}")
    press.change(edited, "revised")
    press.story(edited)
    before = {edited: HELD}
    first = edition.choose(press.material(before=before, begins=True))
    later = edition.choose(press.material(before=before))

    assert {"NEW"} == {item.status for item in first.items}
    assert {None} == {item.since for item in first.items}
    assert {"UPDATED"} == {item.status for item in later.items}
    assert 3 == len(first.items) == len(later.items) == first.figures.new


def test_the_same_sentence_with_another_number_is_new() -> None:
    more = HELD.replace("eleven sailors", "14 sailors")

    assert [quote.text for quote in told_and_updated(f"{more}\n{WELL}").quotes] == [more]


def test_an_update_that_says_nothing_new_says_nothing() -> None:
    assert told_and_updated(f"{HELD}\n{WELL}").quotes == ()


def test_a_story_that_was_merged_under_another_id_is_not_new_again() -> None:
    press = Press()
    old = press.article("island", "A ship is held", 3)
    press.story(old)
    yesterday = edition.choose(press.material(watches=(), now=SINCE))
    press.changes.clear()
    new = press.article("harbour", "The ship sails", 2)
    press.stories[:] = [Story(999, "A ship is held", (old, new))]

    (item,) = edition.choose(press.material(watches=(), earlier=[yesterday])).items
    assert item.status == "UPDATED"


def test_further_copies_of_a_story_told_before_are_counted_and_not_repeated() -> None:
    press = Press()
    old = press.article("island", "A ship is held", 3)
    press.story(old)
    yesterday = edition.choose(press.material(watches=(), now=SINCE))
    press.changes.clear()
    copy = press.article("mirror", "A ship is held", 2, copy_of=old, copy_kind="full")
    press.stories[0] = replace(press.stories[0], articles=(old, copy))
    content = edition.choose(press.material(watches=(), earlier=[yesterday]))

    assert not content.items
    assert content.coverage.quiet == 1


NOBODY = (
    "CORRECTION: A bus carrying miners plunged into a ravine near Kosh on Sunday, killing nobody, the ministry said."
)


def after_a_copy(title: str, *text: str, kind: str = "full") -> EditionContent:
    """Tell of the bus in one edition, and give the next after a copy with this text."""
    press = Press()
    old = press.article("island", "Bus plunges into ravine near Kosh, 9 killed", 3, text="\n".join(BUS))
    press.story(old, sentences=((BUS[0], old),))
    yesterday = edition.choose(press.material(watches=(), now=SINCE))
    press.changes.clear()
    copy = press.article("mirror", title, 2, text="\n".join(text), copy_of=old, copy_kind=kind)
    press.stories[0] = replace(press.stories[0], articles=(old, copy))
    return edition.choose(press.material(watches=(), earlier=[yesterday]))


@pytest.mark.parametrize("kind", ["full", "partial"])
@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Death toll in Kosh bus crash climbs to 17", TOLL),
        ("CORRECTION: Bus plunges into ravine near Kosh", NOBODY),
        ("Ministry denies Kosh deaths", "No passenger died in the ravine near Kosh, rescuers admitted late on Sunday."),
    ],
)
def test_a_copy_with_a_new_lead_is_an_update_under_its_own_headline(title: str, lead: str, kind: str) -> None:
    content = after_a_copy(title, lead, *BUS[1:], kind=kind)

    (item,) = content.items
    assert ("UPDATED", title) == (item.status, item.carrier.headline)
    assert [quote.text for quote in item.quotes] == [lead]
    assert content.coverage.quiet == 0


@pytest.mark.parametrize(
    "text",
    [
        ("Photo: AFP", *BUS, "Subscribe to our newsletter and get 3 free articles from Kosh and the world."),
        ("Support independent reporting. Donate 10 dollars today and help us keep this site free.", *BUS),
        ("A bus lies in a ravine near Kosh on Monday, Nov. 23, 2026. (Photo/Island Wire)", *BUS),
        (BUS[0].replace("the emergencies ministry", "officials"), *BUS[1:]),
        (*BUS, "Last month 8 miners died near Kosh when another bus left the road above the ravine."),
    ],
)
def test_what_a_republisher_adds_to_a_copy_is_no_news(text: tuple[str, ...]) -> None:
    content = after_a_copy("Miners' bus falls into ravine", *text)

    assert not content.items
    assert content.coverage.quiet == 1


def test_an_article_that_quotes_an_earlier_one_is_news_with_sentences_of_its_own() -> None:
    press = Press()
    old = press.article("island", "A ship is held", 3, text=HELD)
    press.story(old)
    yesterday = edition.choose(press.material(watches=(), now=SINCE))
    press.changes.clear()
    new = press.article("mirror", "The ship sails", 2, text=f"{SAILED}\n{HELD}", copy_of=old, copy_kind="quoted-in")
    press.stories[0] = replace(press.stories[0], articles=(old, new))
    content = edition.choose(press.material(watches=(), earlier=[yesterday]))

    (item,) = content.items
    assert ("UPDATED", "The ship sails", 0) == (item.status, item.carrier.headline, item.copy_count)
    assert [quote.text for quote in item.quotes] == [SAILED]
    assert content.coverage.quiet == 0


def test_a_withdrawn_article_is_no_headline_and_becomes_an_erratum() -> None:
    press = Press()
    number = press.article("island", "A ship is held", 3)
    press.story(number)
    yesterday = edition.choose(press.material(watches=(), now=SINCE))
    press.changes.clear()
    press.change(number, "withdrawn")
    press.articles[number] = replace(press.articles[number], withdrawn_at=DUE)
    content = edition.choose(press.material(watches=(), earlier=[yesterday]))

    assert not content.items
    (erratum,) = content.errata
    assert (erratum.kind, erratum.before, erratum.url) == ("withdrawn", "A ship is held", "")


def test_an_article_that_is_there_again_is_told_to_those_who_were_told_that_it_had_gone() -> None:
    press = Press()
    number = press.article("island", "A ship is held", 3)
    press.story(number)
    yesterday = edition.choose(press.material(watches=(), now=SINCE))
    press.changes.clear()
    press.change(number, "withdrawn")
    there = press.articles[number]
    press.articles[number] = replace(there, withdrawn_at=DUE)
    told = edition.choose(press.material(watches=(), earlier=[yesterday]))
    press.articles[number] = there
    press.change(number, "restored")
    never_told = edition.choose(press.material(watches=(), earlier=[yesterday]))
    after = edition.choose(press.material(watches=(), earlier=[told, yesterday]))

    assert never_told.errata == ()
    assert [one.kind for one in after.errata] == ["restored"]


def test_better_cleaning_that_touches_nothing_shown_is_no_erratum() -> None:
    press = Press()
    number = press.article("island", "A ship is held", 3)
    press.story(number, sentences=(("A ship is held, as told at length.", number),))
    yesterday = edition.choose(press.material(watches=(), now=SINCE))
    press.changes.clear()
    press.change(number, "corrected")
    untouched = edition.choose(press.material(watches=(), earlier=[yesterday]))
    press.articles[number] = replace(press.articles[number], text="Another text.")
    touched = edition.choose(press.material(watches=(), earlier=[yesterday]))

    assert untouched.errata == ()
    assert [one.kind for one in touched.errata] == ["corrected"]


def test_of_a_live_blog_every_post_is_another_text_and_no_erratum() -> None:
    press = Press()
    number = press.article("island", "Storm: live", 3, form="live")
    press.story(number, sentences=(("The ferry is held.", number),))
    yesterday = edition.choose(press.material(watches=(), now=SINCE))
    press.changes.clear()
    press.change(number, "revised")
    press.articles[number] = replace(press.articles[number], text="Another post.", title="Storm: the ferry sails")
    today = edition.choose(press.material(watches=(), earlier=[yesterday]))

    assert "live" == yesterday.top[0].carrier.form
    assert () == today.errata


@pytest.mark.parametrize(
    ("bars", "wanted"),
    [
        (days(*[5] * 13, 12), "lead.rose"),
        (days(*[9] * 13, 4), "lead.fell"),
        (days(*[5] * 13, 0), "lead.absent"),
        (days(*[5] * 13, 6), None),
        (days(*[5] * 12, 12), None),
        (days(None, *[5] * 12, 12), None),
        (days(*[5] * 13, 12, healthy=False), None),
    ],
)
def test_rise_and_absence_are_told_only_after_fourteen_healthy_days(bars: tuple[Bar, ...], wanted: str | None) -> None:
    content = edition.choose(Press().material(days=bars))
    told = [key for key in keys(content) if key in {"lead.rose", "lead.fell", "lead.absent"}]

    assert told == ([wanted] if wanted else [])


def test_absence_is_not_told_while_sources_fail() -> None:
    health = [SourceHealth("a", "A", "failing", "HTTP 500"), SourceHealth("b", "B", "ok", "")]
    content = edition.choose(Press().material(days=days(*[5] * 13, 0), health=health))

    assert keys(content) == ["lead.nothing", "lead.unseen"]


def test_separate_owners_and_both_sides_weigh_more_than_one_voice() -> None:
    press = Press()
    alone = press.story(press.article("daily-beacon", "One voice", 2))
    both = press.story(press.article("daily-beacon", "Both", 2), press.article("harbour", "Both sides", 2))
    content = edition.choose(press.material(watches=()))

    assert [item.story for item in content.top] == [both, alone]
    assert {"why.owners", "why.mixed"} <= {reason.key for reason in content.top[0].reasons}


def test_a_plan_without_watches_has_top_stories_only() -> None:
    press = Press()
    for number in range(5):
        press.story(press.article("harbour", f"Story {number}", number))
    content = edition.choose(press.material(a_plan(top=3), watches=()))

    assert (len(content.top), content.sections, content.hidden, content.figures.matched) == (3, (), 2, None)


def test_an_article_that_is_in_no_story_yet_stands_alone() -> None:
    press = Press()
    number = press.article("harbour", "Lonely", 2)

    assert [item.story for item in edition.choose(press.material(watches=())).top] == [-number]


def test_a_muted_watch_and_an_unmatched_story_stand_nowhere() -> None:
    press = Press()
    press.story(press.article("harbour", "Muted", 2, "Muted", ("x",)))
    press.story(press.article("harbour", "Unmatched", 2))

    assert not edition.choose(press.material()).items


def test_a_day_is_told_as_a_day_and_an_unknown_time_as_seen() -> None:
    press = Press()
    one = press.article("harbour", "Day", 2, published="2026-11-22", published_utc=None, published_precision="day")
    two = press.article("harbour", "None", 2, published=None, published_utc=None, published_precision="none")
    press.story(one)
    press.story(two)
    kinds = {
        item.carrier.headline: item.carrier.when.kind
        for item in edition.choose(press.material(watches=())).top
        if item.carrier.when
    }

    assert kinds == {"Day": "day", "None": "seen"}


def test_sources_in_trouble_are_named_the_worst_first() -> None:
    content = edition.choose(a_morning())

    assert [(one.name, one.state) for one in content.coverage.troubles] == [
        ("Peninsula Watcher", "blocked"),
        ("صوت الساحل", "failing"),
        ("Kyo News", "silent"),
    ]


@given(st.text(), st.lists(st.text(max_size=5), max_size=4))
def test_marks_lie_within_the_text_and_never_overlap(text: str, words: list[str]) -> None:
    last = 0
    for start, end in marks(text, words):
        assert last <= start < end <= len(text)
        last = end


def test_a_matched_word_is_no_part_of_another_word_but_in_chinese() -> None:
    assert marks("The spymaster spy", ["spy"]) == ((14, 17),)
    assert marks("公布多起间谍案件", ["间谍"]) == ((4, 6),)


@given(st.text())
def test_clean_text_is_one_line_that_turns_nothing_around(text: str) -> None:
    cleaned = clean(text)

    assert clean(cleaned) == cleaned
    assert not set(cleaned) & set("\r\n\x00\u202e\u2066\u2028\u200f")


def test_direction_goes_by_the_letters_and_then_by_the_language() -> None:
    assert [direction("«المنارة»"), direction("2026: news", "ar"), direction("12", "fa"), direction("12")] == [
        "rtl",
        "ltr",
        "rtl",
        "ltr",
    ]


def test_it_is_chosen_from_five_thousand_articles() -> None:
    press = Press()
    sources = list(SOURCES)
    for number in range(5000):
        press.article(
            sources[number % 8], f"Story {number // 4} of the day", 1 + number % 20, CI if number % 3 else "", ("day",)
        )
        if number % 4 == 3:
            articles = tuple(range(number - 2, number + 2))
            press.stories.append(Story(number, f"Story {number // 4}", articles))
    content = edition.choose(press.material())

    assert content.figures.collected == 5000


def test_the_window_stands_in_the_masthead() -> None:
    head = edition.choose(a_morning()).masthead

    assert (head.since, head.until, head.date, head.slot) == (SINCE, DUE, "2026-11-23", "2026-11-23")
    assert head.watches == tuple(watch.name for watch in WATCHES if not watch.muted)
    assert plans.Window(head.since, head.until) == a_morning().window


def test_plans_may_name_watches_in_their_own_order() -> None:
    plan: Any = a_plan(watches=["Sanctions", CI])

    assert edition.choose(replace(a_morning(), plan=plan)).masthead.watches == ("Sanctions", CI)


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_in_whatever_order_the_material_is_read_the_edition_is_the_same(chance: random.Random) -> None:
    morning = a_morning()
    shuffled = replace(
        morning,
        **{
            name: chance.sample(list(getattr(morning, name)), len(getattr(morning, name)))
            for name in ("changes", "stories", "watches", "health")
        },
        articles=dict(chance.sample(list(morning.articles.items()), len(morning.articles))),
        mentions={number: chance.sample(list(found), len(found)) for number, found in morning.mentions.items()},
        sources=dict(chance.sample(list(morning.sources.items()), len(morning.sources))),
    )

    assert edition.choose(morning).to_json() == edition.choose(shuffled).to_json()


def test_every_process_makes_the_same_bytes() -> None:
    program = (
        "import hashlib; from digest import edition, render; from tests.edition_sample import a_morning; "
        "made = render.everything(edition.choose(a_morning())); "
        "print(hashlib.sha256(b'|'.join((made.subject.encode(), made.mail, made.text, made.web))).hexdigest())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(made) == 1


def ranked(*stories: tuple[str, ...]) -> list[tuple[int, str]]:
    """Rank stories that these sources tell, the weightiest first, each by its place here and its strongest reason."""
    press = Press()
    for place, sources in enumerate(stories):
        numbers = [press.article("harbour", f"Story {place} told by {source}", 2) for source in sources]
        for number, source in zip(numbers, sources, strict=True):
            press.articles[number] = replace(press.articles[number], source=source)
        press.story(*numbers)
    items = edition.choose(press.material(a_plan(top=9), watches=(), sources=OUTLETS)).top
    return [(item.story - 100, item.reasons[0].key) for item in items]


OUTLETS = {
    **SOURCES,
    **{
        f"state{number}": replace(SOURCES["daily-beacon"], key=f"state{number}", owner=f"Province {number}")
        for number in range(20)
    },
}


def test_three_who_are_apart_weigh_more_than_twenty_whom_one_state_controls() -> None:
    chorus, three = tuple(f"state{number}" for number in range(20)), ("harbour", "island", "ledger")

    assert [(1, "why.owners"), (0, "why.new")] == ranked(chorus, three)
    assert [(0, "why.new"), (1, "why.new")] == ranked(chorus, ("harbour",))
    assert [(1, "why.owners"), (0, "why.owners")] == ranked(("harbour", "island"), ("harbour", "state1", "island"))


def test_a_reason_is_given_only_for_what_lifts_a_story() -> None:
    press = Press()
    press.story(press.article("harbour", "Told long ago", 23, CI), press.article("island", "Told by another", 23, CI))
    light = (replace(WATCHES[0], weight=0.5),)
    heavy = (replace(WATCHES[0], weight=2.0),)
    keys = [
        [reason.key for reason in edition.choose(press.material(watches=watches)).top[0].reasons]
        for watches in (light, heavy)
    ]

    assert ["why.owners", "why.new", "why.kinds"] == keys[0]
    assert "why.weight" == keys[1][0]


def test_the_share_of_voice_counts_texts_of_their_own_by_kind_and_control() -> None:
    content = edition.choose(a_morning())
    assert content.voice is not None
    whole = [sum(share.count for share in shares) for shares in (content.voice.kinds, content.voice.controls)]

    assert whole == [content.voice.articles] * 2
    assert content.voice.articles + content.voice.copies == content.figures.matched
    assert b"copies are not counted" in render.mail_html(content)
    assert edition.choose(Press().material()).voice is None


def test_what_was_dropped_is_said_in_words() -> None:
    dropped = dict.fromkeys((*REASONS, "a reason of tomorrow"), 2)
    shown = render.text(edition.choose(Press().material(dropped=dropped))).decode()

    assert "behind a paywall 2" in shown
    assert "a reason of tomorrow 2" in shown
    assert {f"reason.{reason.replace(' ', '_')}" for reason in REASONS} <= table("en").keys()
