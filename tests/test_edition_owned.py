"""Which changes an edition owns, in archives whose deliveries went out, wait or died."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive import Archive, Span, open_archive
from crawler.config import Config
from digest import jobs, plans, render
from digest.content import EditionContent, Item
from digest.owned import owned
from tests.archive_sample import article, keep
from tests.service_sample import a_plan, address, configure, store_news

DAY = timedelta(days=1)
SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
ANN, BOB = "ann@reader.test", "bob@reader.test"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(address(tmp_path)) as opened:
        store_news(opened, SEVEN - timedelta(hours=2), "eastport")
        yield opened


def make(archive: Archive, config: Config, day: float) -> EditionContent:
    plan = config.plans["morning"]
    now = SEVEN + day * DAY
    slot = plans.last_slot(plan, now)
    assert slot is not None
    made = jobs.make_edition(archive, config, plan, slot, now)
    assert made.edition is not None
    return EditionContent.from_json(made.edition.content)


def settle(archive: Archive, day: float, **dead: bool) -> None:
    """Let every delivery that waits go out, but those whose recipient's first word is dead."""
    now = SEVEN + day * DAY
    while claimed := archive.outbox.claim(now, DAY, limit=1):
        for delivery in claimed:
            if dead.get(delivery.recipient.partition("@")[0], dead.get(delivery.channel, False)):
                archive.outbox.failed(delivery, "550 no such mailbox", None, now)
            else:
                archive.outbox.sent(delivery, now)


def told(content: EditionContent) -> list[tuple[str, str, str]]:
    return sorted((item.status, item.carrier.headline, item.missed) for item in content.items)


EAST = "Harbour of Eastport reopens"
NORTH = "Harbour of Northport reopens"


def test_what_reached_nobody_returns_marked_in_the_next_edition_and_once(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, a_plan(recipients=f'["{ANN}", "{BOB}"]'))
    make(archive, config, 0)
    settle(archive, 0, ann=True, bob=True)
    store_news(archive, SEVEN + 0.8 * DAY, "northport")
    second = make(archive, config, 1)
    settle(archive, 1)
    third = make(archive, config, 2)

    assert [("NEW", EAST, "2026-11-23"), ("NEW", NORTH, "")] == told(second)
    assert "lead.missed" in {statement.key for statement in second.lead}
    assert (1, 2) == (second.figures.collected, second.figures.stories)
    assert [] == told(third)


def test_the_mark_is_shown_in_every_form(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, a_plan())
    make(archive, config, 0)
    settle(archive, 0, ann=True)
    content = make(archive, config, 1)
    shown = render.everything(content)

    assert [b"not delivered before" in form for form in (shown.mail, shown.web)] == [True, True]
    assert b"[NEW, NOT DELIVERED BEFORE]" in shown.text
    assert '"missed":"2026-11-23"' in content.to_json()


@pytest.mark.parametrize(
    ("recipients", "dead", "returns"),
    [
        (f'["{ANN}", "{BOB}"]', {"ann": True}, False),  # somebody got it
        (f'["{ANN}"]', {"files": True}, False),  # the mail went out
        (f'["{ANN}"]', {"ann": True}, True),  # files are written for the operator, not for readers
        ("[]", {"files": True}, True),  # nobody else is sent anything
        ("[]", {}, False),
    ],
)
def test_news_return_only_when_no_reader_got_them(
    archive: Archive, tmp_path: Path, recipients: str, dead: dict[str, bool], returns: bool
) -> None:
    config = configure(tmp_path, a_plan(recipients=recipients))
    make(archive, config, 0)
    settle(archive, 0, **dead)

    assert returns is bool(told(make(archive, config, 1)))


def test_what_still_waits_to_be_delivered_does_not_return(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, a_plan())
    make(archive, config, 0)

    assert [] == told(make(archive, config, 1))


def test_what_two_editions_could_not_deliver_returns_in_the_third(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, a_plan())
    for day in (0, 1):
        make(archive, config, day)
        settle(archive, day, ann=True)
        store_news(archive, SEVEN + (day + 0.8) * DAY, ("northport", "southport")[day])
    third = make(archive, config, 2)

    assert [("NEW", EAST, "2026-11-23"), ("NEW", NORTH, "2026-11-24"), ("NEW", "Harbour of Southport reopens", "")] == (
        told(third)
    )


def test_an_edition_that_dies_after_a_later_one_went_out_returns_without_what_that_one_told(
    archive: Archive, tmp_path: Path
) -> None:
    config = configure(tmp_path, a_plan())
    make(archive, config, 0)
    (held,) = archive.outbox.claim(SEVEN, 9 * DAY, limit=1)
    (mail,) = archive.outbox.claim(SEVEN, 9 * DAY, limit=1)
    store_news(archive, SEVEN + 0.8 * DAY, "northport")
    second = make(archive, config, 1)
    settle(archive, 1)
    archive.outbox.failed(mail, "550 gone", None, SEVEN + 2 * DAY)
    third = make(archive, config, 2)
    settle(archive, 2)

    assert held.channel == "files"
    assert [("NEW", NORTH, "")] == told(second)
    assert [("NEW", EAST, "2026-11-23")] == told(third)
    assert [] == told(make(archive, config, 3))


BOARD = (
    "The harbour board of Sundhaven sacked its director after an audit found that 14 million euros were missing.",
    "Prosecutors searched the offices of the board on Monday morning and took away 60 boxes of papers.",
    "The mayor of Sundhaven said on Tuesday that three managers and the treasurer would have to leave as well.",
)


def test_sentences_that_nobody_got_are_told_although_a_later_edition_told_the_story_on(
    archive: Archive, tmp_path: Path
) -> None:
    config = configure(tmp_path, a_plan())

    def report(day: float, *text: str) -> None:
        at = SEVEN + day * DAY
        page = article(
            f"https://herald.test/{day}",
            title="Board of Sundhaven sacks director",
            text="\n".join(text),
            published=at.isoformat(),
            published_utc=at,
        )
        keep(archive, page, at=at)

    report(-0.1, BOARD[0])
    make(archive, config, 0)
    settle(archive, 0)
    report(0.9, *BOARD[:2])
    make(archive, config, 1)
    held = archive.outbox.claim(SEVEN + DAY, 9 * DAY)
    report(1.9, BOARD[0], BOARD[2])
    third = make(archive, config, 2)
    settle(archive, 2)
    for delivery in held:
        archive.outbox.failed(delivery, "550 gone", None, SEVEN + 2.5 * DAY)
    fourth = make(archive, config, 3)

    assert [[BOARD[2]], [BOARD[1]]] == [[quote.text for quote in _board(each).quotes] for each in (third, fourth)]
    assert ("UPDATED", "2026-11-24", None) == (_board(fourth).status, _board(fourth).missed, _board(fourth).since)


def _board(content: EditionContent) -> Item:
    return next(item for item in content.items if "Board" in item.carrier.headline)


def test_a_withdrawal_that_nobody_was_told_of_is_told_again(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, a_plan())
    make(archive, config, 0)
    settle(archive, 0)
    archive.articles.withdraw(1, SEVEN + 0.5 * DAY, "gone")
    make(archive, config, 1)
    settle(archive, 1, ann=True)

    assert ["withdrawn"] == [one.kind for one in make(archive, config, 2).errata]


def span(id_: int, from_seq: int, to_seq: int, state: str = "final", *, unread: bool = False) -> Span:
    return Span(id_, f"slot {id_}", state, from_seq, to_seq, SEVEN + id_ * DAY, unread)


def test_a_skipped_edition_ends_and_a_draft_does_not() -> None:
    own = owned([span(1, 0, 4), span(2, 4, 6, "skipped"), span(3, 6, 9, "draft")], SEVEN + 9 * DAY)

    assert own is not None
    assert (6, (1,), ()) == (own.from_seq, own.read, own.missed)
    assert SEVEN + 2 * DAY == own.window.since
    assert owned([span(3, 6, 9, "draft")], SEVEN) is None


def test_what_an_unread_edition_owned_is_less_what_others_told_and_begins_the_next_one() -> None:
    spans = [span(1, 0, 2), span(2, 2, 5, unread=True), span(3, 5, 7), span(4, 2, 9, unread=True)]
    own = owned(spans, SEVEN + 9 * DAY)

    assert own is not None
    assert [("slot 2", ((2, 5),)), ("slot 4", ((2, 5), (7, 9)))] == [(one.slot, one.stretches) for one in own.missed]
    assert (9, 2, (3, 1)) == (own.from_seq, own.begins(), own.read)
    taken_up = owned([*spans, span(5, 2, 12)], SEVEN + 9 * DAY)
    assert taken_up is not None
    assert () == taken_up.missed
