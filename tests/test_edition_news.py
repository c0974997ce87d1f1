"""What is news to a plan's readers, in real archives: each case is told in two editions or more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from crawler.archive import Archive, Kept, open_archive
from crawler.config import Config
from crawler.records import Article, CopyOf, Watch
from digest import forms, jobs, judging, plans, render, telling
from digest.content import EditionContent, Erratum, ErratumKind
from digest.outline import Listing, Paragraph, Span
from digest.texts import Words
from tests.archive_sample import HERALD, POST, article
from tests.service_sample import a_plan, configure

DAY = timedelta(days=1)
SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
BOARD = (
    "The harbour board of Sundhaven sacked its director after an audit found that 14 million euros were missing.",
    "Prosecutors searched the offices of the board on Monday morning and took away 60 boxes of papers.",
)
BRIDGE = "A bridge over the Kolm was closed to lorries on Sunday because two of its cables had rusted through."


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        opened.sources.sync([HERALD, POST], SEVEN - DAY)
        yield opened


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return configure(tmp_path, a_plan(recipients="[]", empty='"send"'), a_plan("evening", recipients="[]", top="1"))


def page(name: str, title: str, *text: str, day: float = 0, **more: object) -> Article:
    """Make an article that was printed three hours before the digest of a day."""
    at = SEVEN + day * DAY - timedelta(hours=3)
    made = article(f"https://herald.test/{name}", title=title, text="\n".join(text), published_utc=at)
    return replace(made, published=at.isoformat(), **more)  # type: ignore[arg-type]


def keep(archive: Archive, made: Article, day: float = 0, copy_of: int | None = None) -> int:
    copy = None if copy_of is None else CopyOf(copy_of, "full", 1.0)
    at = SEVEN + day * DAY - timedelta(hours=2)
    mentions = archive.watches.match(made, HERALD)
    (kept,) = archive.articles.keep([Kept(made, copy=copy, mentions=mentions)], at)
    return kept.id


def make(archive: Archive, config: Config, day: float = 0, plan: str = "morning") -> EditionContent:
    now = SEVEN + day * DAY
    slot = plans.last_slot(config.plans[plan], now)
    assert slot is not None
    made = jobs.make_edition(archive, config, config.plans[plan], slot, now)
    assert made.edition is not None
    return EditionContent.from_json(made.edition.content)


def told(content: EditionContent) -> list[tuple[str, str]]:
    return [(item.status, item.carrier.headline) for item in content.items]


def test_two_digests_with_nothing_new_between_them_tell_nothing_twice(archive: Archive, config: Config) -> None:
    keep(archive, page("board", "Board sacks director", *BOARD))
    first, second = make(archive, config), make(archive, config, 1)

    assert [("NEW", "Board sacks director")] == told(first)
    assert ([], 0, 0) == (told(second), second.figures.new, second.figures.collected)


def test_the_first_edition_of_a_plan_updates_nothing(archive: Archive, config: Config) -> None:
    first = keep(archive, page("board", "Board sacks director", *BOARD, day=-3), -3)
    keep(archive, page("post", "Director is out", *BOARD, "A ferry called."), 0, copy_of=first)
    made = make(archive, config)

    assert ["NEW"] == [item.status for item in made.items]
    assert ["lead.new"] == [statement.key for statement in made.lead]


def test_a_copy_is_no_news_nor_that_an_article_was_found_to_be_one(archive: Archive, config: Config) -> None:
    first = keep(archive, page("board", "Board sacks director", *BOARD))
    keep(archive, page("bridge", "Bridge closed", BRIDGE))
    make(archive, config)
    keep(archive, page("post", "Board sacks director", *BOARD, day=1), 1, copy_of=first)
    archive.articles.fold(2, CopyOf(first, "full", 1.0), SEVEN + 0.9 * DAY)
    second = make(archive, config, 1)

    assert ([], 1) == (told(second), second.figures.collected)
    assert 1 == second.coverage.quiet


def test_better_cleaning_is_no_news(archive: Archive, config: Config) -> None:
    made = page("board", "Board sacks director", *BOARD, "Subscribe to our letter")
    number = keep(archive, made)
    make(archive, config)
    better = page("board", "Board sacks director", *BOARD)
    assert archive.articles.correct(number, better, "a line of the house was taken out", SEVEN + 0.5 * DAY)
    second = make(archive, config, 1)

    assert ([], ()) == (told(second), second.errata)


def test_a_corrected_date_is_an_erratum_and_no_news(archive: Archive, config: Config) -> None:
    number = keep(archive, page("board", "Board sacks director", *BOARD))
    make(archive, config)
    archive.judgements.correct_date(number, "2026-11-21T10:00+00:00", "ann", SEVEN + 0.5 * DAY)
    second = make(archive, config, 1)

    assert [] == told(second)
    assert [("dated", True)] == [(one.kind, one.by_editors) for one in second.errata]
    for form in (".html", ".txt", ".md"):
        assert "Sat 10:00" in " ".join(forms.write(second, config, form).decode().split()), form


def test_a_date_that_was_told_to_be_corrected_is_told_again_only_when_it_is_another(
    archive: Archive, config: Config
) -> None:
    number = keep(archive, page("board", "Board sacks director", *BOARD))
    make(archive, config)
    judging.correct(archive, number, "ann", SEVEN + 0.5 * DAY, date="2026-11-21T10:00+00:00")
    make(archive, config, 1)
    judging.correct(archive, number, "ann", SEVEN + 1.5 * DAY, authors=["Ann Bee"])
    third = make(archive, config, 2)
    archive.judgements.uncorrect(number, "date", "ann", SEVEN + 2.5 * DAY)
    fourth, fifth = make(archive, config, 3), make(archive, config, 4)

    assert ((), ()) == (third.errata, fifth.errata)
    assert [("dated", True, "2026-11-24")] == [(one.kind, one.by_editors, one.slot) for one in fourth.errata]


def test_a_headline_that_was_told_to_be_new_is_told_again_only_when_it_is_another(
    archive: Archive, config: Config
) -> None:
    keep(archive, page("board", "Board sacks director", *BOARD))
    first = make(archive, config)
    headlines = []
    for day, title, more in (
        (1, "Director is out", ""),
        (2, "Director is out", BRIDGE),
        (3, "Board sacks director", ""),
    ):
        keep(archive, page("board", title, *BOARD, *([more] if more else [])), day)
        made = make(archive, config, day)
        headlines.append([(one.before, one.after, one.slot) for one in made.errata if one.kind == "retitled"])

    assert "2026-11-23" == first.masthead.slot
    assert [
        [("Board sacks director", "Director is out", "2026-11-23")],
        [],
        [("Director is out", "Board sacks director", "2026-11-25")],
    ] == headlines


def test_a_corrected_author_touches_nothing_that_was_shown(archive: Archive, config: Config) -> None:
    number = keep(archive, page("board", "Board sacks director", *BOARD))
    make(archive, config)
    archive.judgements.correct_authors(number, ["Ann Bee"], "ann", SEVEN + 0.5 * DAY)
    second = make(archive, config, 1)

    assert ([], ()) == (told(second), second.errata)


def test_stories_that_were_told_are_no_news_when_people_merge_or_split_them(archive: Archive, config: Config) -> None:
    board, bridge = (
        keep(archive, page("board", "Board sacks director", *BOARD)),
        keep(archive, page("bridge", "Bridge closed", BRIDGE)),
    )
    make(archive, config)
    homes = archive.stories.homes([board, bridge])
    whole = judging.merge(archive, [homes[board], homes[bridge]], "ann", SEVEN + 0.1 * DAY)
    merged = make(archive, config, 1)
    judging.split(archive, whole.id, [bridge], "ann", SEVEN + 1.1 * DAY)
    split = make(archive, config, 2)

    assert [[], []] == [told(merged), told(split)]
    (one,) = merged.errata
    assert ("merged", "Bridge closed", "Board sacks director") == (one.kind, one.after, one.before)
    assert [] == [one for one in split.errata if one.kind != "split"]


def test_a_story_that_was_told_as_one_event_and_is_two_is_an_erratum_once(archive: Archive, config: Config) -> None:
    board = keep(archive, page("board", "Board sacks director", *BOARD))
    bridge = keep(archive, page("bridge", "Bridge closed", BRIDGE))
    jobs.regroup(archive, SEVEN)
    homes = archive.stories.homes([board, bridge])
    judging.merge(archive, [homes[board], homes[bridge]], "ann", SEVEN - 0.01 * DAY)
    first = make(archive, config)
    judging.split(archive, homes[board], [bridge], "ann", SEVEN + 0.5 * DAY)
    second, third = make(archive, config, 1), make(archive, config, 2)

    assert 1 == len(told(first))
    (one,) = second.errata
    assert ("split", {"Board sacks director", "Bridge closed"}) == (one.kind, {one.after, one.before})
    assert ((), ()) == (first.errata, third.errata)


def test_a_split_names_the_other_event_also_when_the_headline_went_out(archive: Archive, config: Config) -> None:
    board = keep(archive, page("board", "Board sacks director", *BOARD))
    bridge = keep(archive, page("bridge", "Bridge closed", BRIDGE))
    jobs.regroup(archive, SEVEN)
    homes = archive.stories.homes([board, bridge])
    whole = judging.merge(archive, [homes[board], homes[bridge]], "ann", SEVEN - 0.01 * DAY)
    (item,) = make(archive, config).items
    judging.split(archive, whole.id, [item.carrier.article], "ann", SEVEN + 0.5 * DAY)
    (one,) = make(archive, config, 1).errata

    assert (item.carrier.headline, {"Board sacks director", "Bridge closed"}) == (one.after, {one.after, one.before})


def test_an_article_that_was_told_and_is_irrelevant_is_an_erratum_and_counts_nowhere(
    archive: Archive, config: Config
) -> None:
    board = keep(archive, page("board", "Board sacks director", *BOARD))
    bridge = keep(archive, page("bridge", "Bridge closed", BRIDGE))
    make(archive, config)
    judging.mark(archive, board, "irrelevant", "ann", SEVEN + 0.1 * DAY)
    late = keep(archive, page("late", "Late", BRIDGE.replace("lorries", "buses"), day=1), 1)
    judging.mark(archive, late, "irrelevant", "ann", SEVEN + 0.97 * DAY)
    second, third = make(archive, config, 1), make(archive, config, 2)
    judging.unmark(archive, board, "irrelevant", "ann", SEVEN + 2.5 * DAY)
    fourth, fifth = make(archive, config, 3), make(archive, config, 4)

    assert [("set_aside", "Board sacks director", "")] == [(one.kind, one.before, one.url) for one in second.errata]
    assert ([], 0, 0) == (told(second), second.figures.collected, second.figures.stories)
    assert [(), ["reinstated"], ()] == [third.errata, [one.kind for one in fourth.errata], fifth.errata]
    assert archive.stories.of(bridge) is not None


def test_a_copy_that_was_told_and_is_none_is_an_erratum(archive: Archive, config: Config) -> None:
    board = keep(archive, page("board", "Board sacks director", *BOARD))
    copy = keep(archive, page("post", "Director sacked", *BOARD), copy_of=board)
    make(archive, config)
    judging.mark(archive, copy, "not-a-copy", "ann", SEVEN + 0.5 * DAY)
    second = make(archive, config, 1)

    assert [("own_text", "Director sacked")] == [(one.kind, one.after) for one in second.errata]
    assert second.errata[0].by_editors


def test_what_is_said_while_an_edition_is_made_is_told_once(archive: Archive, config: Config) -> None:
    first = keep(archive, page("board", "Board sacks director", *BOARD))
    copy = keep(archive, page("post", "Director sacked", *BOARD), copy_of=first)
    keep(archive, page("bridge", "Bridge closed", BRIDGE))
    make(archive, config)
    judging.mark(archive, copy, "not-a-copy", "ann", SEVEN + DAY + timedelta(seconds=20))
    judging.mark(archive, first, "irrelevant", "ann", SEVEN + DAY + timedelta(seconds=20))
    editions = [make(archive, config, day) for day in (1, 2, 3)]

    assert [[], ["own_text", "set_aside"], []] == [sorted(one.kind for one in made.errata) for made in editions]


def test_an_article_that_is_set_aside_again_before_anybody_was_told_that_it_counts_is_told_once(
    archive: Archive, config: Config
) -> None:
    board = keep(archive, page("board", "Board sacks director", *BOARD))
    make(archive, config)
    judging.mark(archive, board, "irrelevant", "ann", SEVEN + 0.5 * DAY)
    second = make(archive, config, 1)
    judging.unmark(archive, board, "irrelevant", "ann", SEVEN + 1.4 * DAY)
    judging.mark(archive, board, "irrelevant", "ann", SEVEN + 1.5 * DAY)
    third = make(archive, config, 2)

    assert [["set_aside"], []] == [[one.kind for one in made.errata] for made in (second, third)]


def test_what_was_said_of_what_no_edition_told_needs_no_erratum(archive: Archive, config: Config) -> None:
    keep(archive, page("board", "Board sacks director", *BOARD))
    bridge = keep(archive, page("bridge", "Bridge closed", BRIDGE))
    judging.mark(archive, bridge, "irrelevant", "ann", SEVEN - 0.05 * DAY)
    first = make(archive, config)
    judging.unmark(archive, bridge, "irrelevant", "ann", SEVEN + 0.5 * DAY)
    second = make(archive, config, 1)

    assert [(), ()] == [first.errata, second.errata]


def test_only_public_notes_and_tags_that_the_plan_names_are_shown(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, a_plan(recipients="[]", tags='["exclusive"]'), a_plan("evening", recipients="[]"))
    board = keep(archive, page("board", "Board sacks director", *BOARD, tags=("Exclusive",)))
    bridge = keep(archive, page("bridge", "Bridge closed", BRIDGE))
    said = archive.judgements
    said.note(board, "Ask legal first.", "ann", SEVEN - 0.1 * DAY)
    said.note(board, "Confirmed by <our> desk.", "ann", SEVEN - 0.1 * DAY, public=True)
    said.tag(bridge, ["EXCLUSIVE", "weak source"], "ann", SEVEN - 0.1 * DAY)
    morning, evening = make(archive, config), make(archive, config, plan="evening")

    items = {item.carrier.article: item for item in morning.items}
    assert ("Confirmed by <our> desk.", ()) == (items[board].note, items[board].labels)
    assert ("", ("EXCLUSIVE",)) == (items[bridge].note, items[bridge].labels)
    assert {()} == {item.labels for item in evening.items}
    for edition in archive.editions.list():
        for form in (edition.html.decode(), edition.text.decode(), edition.content):
            assert "legal" not in form
            assert "weak source" not in form
    newest = archive.editions.last("morning")
    assert newest is not None
    assert "EXCLUSIVE</span>" in newest.html.decode()
    assert "Confirmed by &lt;our&gt; desk." in newest.html.decode()
    assert "EXCLUSIVE" in newest.text.decode()


def test_a_note_or_a_label_that_was_shown_and_is_taken_back_is_an_erratum_once(
    archive: Archive, tmp_path: Path
) -> None:
    config = configure(tmp_path, a_plan(recipients="[]", tags='["exclusive"]', empty='"send"'))
    board = keep(archive, page("board", "Board sacks director", *BOARD))
    said = archive.judgements
    note = said.note(board, "Confirmed by our desk.", "ann", SEVEN - 0.1 * DAY, public=True)
    inside = said.note(board, "Ask legal first.", "ann", SEVEN - 0.1 * DAY)
    said.tag(board, ["exclusive", "weak source"], "ann", SEVEN - 0.1 * DAY)
    make(archive, config)
    for each in (note, inside):
        said.take_back(each.id, "ann", SEVEN + 0.5 * DAY)
    said.untag(board, ["exclusive", "weak source"], "ann", SEVEN + 0.5 * DAY)
    second, third = make(archive, config, 1), make(archive, config, 2)
    newest = archive.editions.list("morning")[0]

    assert ["unlabelled", "unnoted"] == sorted(one.kind for one in second.errata)
    assert all(one.by_editors and one.slot == "2026-11-23" for one in second.errata)
    assert () == third.errata
    assert "Confirmed" not in newest.html.decode() + second.to_json()


def test_a_note_that_was_said_again_or_never_shown_needs_no_erratum(archive: Archive, config: Config) -> None:
    board = keep(archive, page("board", "Board sacks director", *BOARD))
    said = archive.judgements
    first = said.note(board, "Confirmed by our desk.", "ann", SEVEN - 0.1 * DAY, public=True)
    make(archive, config)
    late = said.note(board, "Nobody read this.", "ann", SEVEN + 0.1 * DAY, public=True)
    for each in (first, late):
        said.take_back(each.id, "ann", SEVEN + 0.5 * DAY)
    said.note(board, "Confirmed by our desk.", "bob", SEVEN + 0.6 * DAY, public=True)

    assert () == make(archive, config, 1).errata


def test_a_note_to_another_article_of_the_story_names_its_outlet(archive: Archive, config: Config) -> None:
    board = keep(archive, page("board", "Board sacks director", *BOARD))
    copy = keep(archive, replace(page("post", "Director sacked", *BOARD), source="post"), copy_of=board)
    archive.judgements.note(copy, "It left out the audit.", "ann", SEVEN - 0.05 * DAY, public=True)
    (item,) = make(archive, config).items

    assert f"{POST.name}: It left out the audit." == item.note


def test_what_another_plan_told_is_new_to_this_one(archive: Archive, config: Config) -> None:
    keep(archive, page("board", "Board sacks director", *BOARD))
    make(archive, config, plan="evening")

    assert [("NEW", "Board sacks director")] == told(make(archive, config))


def test_a_story_that_was_only_counted_is_told_in_full_when_anything_comes_to_it(
    archive: Archive, config: Config
) -> None:
    """The plan shows one story; that there was one more was said, not what it is."""
    board = keep(archive, page("board", "Board sacks director", *BOARD))
    bridge = keep(archive, page("bridge", "Bridge closed", BRIDGE))
    first = make(archive, config, plan="evening")
    shown = {item.carrier.article for item in first.items}
    (hidden,) = {board, bridge} - shown
    quiet = make(archive, config, 1, plan="evening")
    text = BOARD if hidden == board else (BRIDGE,)
    keep(archive, page("copy", "Once more", *text, day=2, source="post"), 2, copy_of=hidden)
    second = make(archive, config, 2, plan="evening")

    assert (1, []) == (first.hidden, told(quiet))
    assert ["UPDATED"] == [item.status for item in second.items]
    assert set(text) >= {quote.text for quote in second.items[0].quotes} != set()


def test_old_articles_that_come_late_are_counted_and_not_told(archive: Archive, config: Config) -> None:
    make(archive, config)
    keep(archive, page("old", "Board sacks director", *BOARD, day=-5), 1)
    second = make(archive, config, 1)

    assert ([], 1, 0) == (told(second), second.coverage.backfilled, second.figures.collected)


def test_a_new_watch_tells_what_came_since_the_last_edition(archive: Archive, config: Config) -> None:
    archive.watches.sync([Watch("bridges", "bridge")], SEVEN - DAY)
    keep(archive, page("board", "Board sacks director", *BOARD))
    make(archive, config)
    archive.watches.sync([Watch("bridges", "bridge"), Watch("boards", "board OR ferry")], SEVEN)
    keep(archive, page("ferry", "Ferry sails again", "The ferry to Holm sails again from Friday on."), 1)
    second = make(archive, config, 1)

    assert [("NEW", "Ferry sails again")] == told(second)
    assert ("boards",) == tuple(item.watch for item in second.items)


def test_what_matches_only_since_it_was_edited_is_told_with_what_was_edited(archive: Archive, config: Config) -> None:
    archive.watches.sync([Watch("spies", "spy")], SEVEN - DAY)
    keep(archive, page("board", "Board sacks director", *BOARD))
    first = make(archive, config)
    lurid = "Prosecutors said on Tuesday that a spy of a foreign shipyard had written the papers in his own hand."
    keep(archive, page("board", "Board sacks director", *BOARD, lurid), 1)
    second, third = make(archive, config, 1), make(archive, config, 2)

    assert [[], [("UPDATED", "Board sacks director")], []] == [told(first), told(second), told(third)]
    assert [lurid] == [quote.text for quote in second.items[0].quotes]


def test_a_muted_watch_tells_nothing_and_what_it_matched_meanwhile_stays_untold(
    archive: Archive, config: Config
) -> None:
    archive.watches.sync([Watch("boards", "board"), Watch("bridges", "bridge", muted=True)], SEVEN - DAY)
    keep(archive, page("bridge", "Bridge closed", BRIDGE))
    first = make(archive, config)
    archive.watches.sync([Watch("boards", "board"), Watch("bridges", "bridge")], SEVEN)

    assert [[], []] == [told(first), told(make(archive, config, 1))]


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_a_date_that_people_put_right_is_marked_in_every_form(archive: Archive, config: Config, language: str) -> None:
    board = keep(archive, page("board", "Board sacks director", *BOARD))
    keep(archive, page("bridge", "Bridge closed", BRIDGE))
    judging.correct(archive, board, "mei", SEVEN, date=(SEVEN - 0.1 * DAY).isoformat())
    made = make(archive, config)
    shown = replace(made, masthead=replace(made.masthead, language=language))
    written = render.everything(shown, render.Links())
    markdown = forms.write(shown, config, ".md").decode()
    said = Words(language, "UTC")("erratum.dated")

    assert {"Board sacks director", "Bridge closed"} == {item.carrier.headline for item in made.items}
    for form in (written.web.decode(), written.mail.decode(), written.text.decode(), markdown):
        assert 1 == " ".join(unescape(form).split()).count(said)


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_what_people_said_of_what_was_told_is_told_in_every_form(
    archive: Archive, config: Config, language: str
) -> None:
    board = keep(archive, page("board", "Board sacks director", *BOARD))
    content = make(archive, config)
    kinds: tuple[ErratumKind, ...] = (
        "set_aside", "reinstated", "own_text", "a_copy", "split", "merged", "unnoted", "unlabelled",
    )  # fmt: skip
    errata = tuple(
        Erratum(board, kind, "Herald", "en", "Bridge <closed>", "Board & director", "", SEVEN, "2026-11-23", True)
        for kind in kinds
    )
    labelled = tuple(replace(item, labels=("独家", "<b>")) for item in content.top)
    head = replace(content.masthead, language=language)
    written = render.everything(replace(content, masthead=head, errata=errata, top=labelled), render.Links())
    words = Words(language, "UTC")

    for form in (written.web.decode(), written.mail.decode(), written.text.decode()):
        plain = unescape(form).lower()
        assert all(words(f"erratum.{kind}").lower() in plain for kind in kinds)
        assert all(words(f"erratum.{key}").lower() in plain for key in ("editors", "apart", "same"))
        assert "独家" in plain
        assert "bridge <closed>" in plain
    assert "<b></span>" not in written.web.decode()
    assert written.web.decode().count("<s>Bridge &lt;closed&gt;</s>") == 1
    outline = " ".join(
        span.text for block in telling.edition(replace(content, errata=errata)).blocks for span in _spans(block)
    )
    assert "Bridge <closed>" in outline.replace("\u2068", "").replace("\u2069", "")


def _spans(block: object) -> list[Span]:
    """Give the spans of paragraphs and lists of an outline."""
    if isinstance(block, Paragraph):
        return [*block.spans]
    return [span for row in block.items for span in row] if isinstance(block, Listing) else []
