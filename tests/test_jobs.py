"""Editions are made once, own their changes, and go out; what fails is told and tried again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import Archive, open_archive
from crawler.config import Config, load
from crawler.errors import Locked
from digest import deliver, jobs, plans
from digest.content import EditionContent
from digest.locks import only_sender
from digest.render import NO_LINKS
from tests.archive_sample import article, keep
from tests.commands import answer, presswatch
from tests.service_sample import MailBox, a_free_port, a_plan, address, configure, mail_box, news, store_news

DAY = timedelta(days=1)
SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(address(tmp_path)) as opened:
        store_news(opened, SEVEN - timedelta(hours=2), "eastport", "westport")
        yield opened


def make(archive: Archive, config: Config, now: datetime = SEVEN) -> jobs.Made:
    plan = config.plans["morning"]
    slot = plans.last_slot(plan, now)
    assert slot is not None
    return jobs.make_edition(archive, config, plan, slot, now)


def send(archive: Archive, config: Config, now: datetime = SEVEN, **options: Any) -> list[jobs.Sent]:
    return jobs.send_waiting(archive, config, lambda: now, **options)


def span(made: jobs.Made) -> tuple[int, int]:
    assert made.edition is not None
    return made.edition.from_seq, made.edition.to_seq


def states(archive: Archive) -> dict[str, str]:
    return {delivery.recipient: delivery.state for delivery in archive.outbox.list() if delivery.channel == "email"}


def test_a_slot_has_one_edition(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, a_plan())

    assert ["made", "exists"] == [
        make(archive, config).outcome,
        make(archive, config, SEVEN + timedelta(hours=1)).outcome,
    ]
    assert 1 == len(archive.editions.list())


def test_python_looks_for_circles_again_after_an_edition_and_not_where_it_did_not(
    archive: Archive, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    config = configure(tmp_path, a_plan())
    request.addfinalizer(gc.enable)
    make(archive, config)

    assert gc.isenabled()
    gc.disable()
    make(archive, config, SEVEN + DAY)
    assert not gc.isenabled()


def test_the_next_edition_begins_where_the_last_one_ended(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, a_plan())
    first = make(archive, config)
    store_news(archive, SEVEN + timedelta(hours=20), "northport")
    second = make(archive, config, SEVEN + DAY)

    assert (0, 2) == span(first)
    assert (2, 3) == span(second)
    assert second.edition is not None
    assert "Northport" in second.edition.subject


def test_an_edition_without_news_is_skipped_and_the_next_begins_after_it(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, a_plan())
    make(archive, config)
    skipped = make(archive, config, SEVEN + DAY)
    store_news(archive, SEVEN + 1.5 * DAY, "northport")
    third = make(archive, config, SEVEN + 2 * DAY)

    assert "skipped, nothing new" == skipped.outcome
    assert skipped.edition is not None
    assert [] == archive.outbox.list(skipped.edition.id)
    assert "exists" == make(archive, config, SEVEN + DAY + timedelta(hours=1)).outcome
    assert (span(skipped)[1], 3) == span(third)


BOARD = (
    "The harbour board of Sundhaven sacked its director after an audit found that 14 million euros were missing.",
    "The audit names three managers and a supplier that was founded two weeks before the contract was signed.",
    "Prosecutors searched the offices of the board on Monday morning and took away 60 boxes of papers.",
    "The director said through his lawyer that he had signed what his experts had put in front of him.",
)


def told_after(archive: Archive, tmp_path: Path, *texts: str) -> list[str]:
    """Tell of an article and revise it before each of the next editions; give what the last of these says."""
    config = configure(tmp_path, a_plan())
    for day, text in enumerate(texts):
        printed = SEVEN - timedelta(hours=3)
        page = article("https://herald.test/board", title="Board sacks director", text=text, published_utc=printed)
        keep(archive, page, at=SEVEN + day * DAY - timedelta(hours=2))
        made = make(archive, config, SEVEN + day * DAY)
    assert made.edition is not None
    found = [item for item in EditionContent.from_json(made.edition.content).items if "Board" in item.carrier.headline]
    return [quote.text for item in found for quote in item.quotes]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("14 million", "16 million"),
        ("14 million", "14 billion"),
        ("three managers", "five managers"),
        ("he had signed", "he had never signed"),
    ],
)
def test_of_a_revised_article_the_changed_sentence_is_told(archive: Archive, tmp_path: Path, old: str, new: str):
    text = "\n".join(BOARD)
    (changed,) = (sentence.replace(old, new) for sentence in BOARD if old in sentence)

    assert [changed] == told_after(archive, tmp_path, text, text.replace(old, new))


def test_of_an_article_revised_again_only_the_last_change_is_told(archive: Archive, tmp_path: Path):
    more = "A cat was found in one of the boxes and given to a shelter in the old town of Sundhaven."
    texts = ["\n".join(BOARD), "\n".join(BOARD).replace("14", "16"), "\n".join((*BOARD, more)).replace("14", "16")]

    assert [more] == told_after(archive, tmp_path, *texts)


def test_a_slip_of_the_pen_put_right_is_not_told(archive: Archive, tmp_path: Path):
    text = "\n".join(BOARD)

    assert [] == told_after(archive, tmp_path, text.replace("supplier", "suplier").replace("Monday", "monday,"), text)


def test_an_unapproved_draft_is_replaced_and_its_news_returns(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, a_plan(review="true"))
    draft = make(archive, config)
    store_news(archive, SEVEN + timedelta(hours=20), "northport")
    newer = make(archive, config, SEVEN + DAY)

    assert ["draft", "draft"] == [draft.outcome, newer.outcome]
    assert [newer.edition] == archive.editions.list("morning")
    assert (0, 3) == span(newer)
    assert [] == send(archive, config)


def test_a_digest_can_be_left_by_mail_and_links_to_no_web_page_that_is_not_there(
    archive: Archive, tmp_path: Path
) -> None:
    config = configure(tmp_path, a_plan(), mail=25)
    make(archive, config)
    (mail,) = [message_from_bytes(d.body, policy=policy.default) for d in archive.outbox.list() if d.channel == "email"]
    link = "mailto:desk@press.test?subject=Unsubscribe%3A%20Morning"

    assert jobs.links(config, "Morning") == replace(NO_LINKS, unsubscribe=link)
    own = mail["List-Unsubscribe"].strip().removeprefix("<").removesuffix(">")
    assert own.startswith(f"{link}%20%5B")  # behind it stands the recipient's signature
    assert all(own in str(part.get_content()) for part in mail.iter_parts())
    assert NO_LINKS == jobs.links(configure(tmp_path, mail=0), "Morning")


def test_with_a_public_address_a_digest_links_to_it(tmp_path: Path) -> None:
    config = configure(tmp_path, more='[web]\npublic_url = "https://press.test/watch/"')

    assert "https://press.test/watch/digests" == jobs.links(config, "Morning").web_copy


def test_each_recipient_is_served_whatever_becomes_of_the_others(archive: Archive, tmp_path: Path) -> None:
    with mail_box() as box:
        config = configure(tmp_path, a_plan(recipients='["bad@r.test", "ann@r.test", "later@r.test"]'), mail=box.port)
        box.refused = {"bad@r.test": "550 unknown", "later@r.test": "451 later"}
        make(archive, config)
        results = send(archive, config)
        at_once = send(archive, config)
        box.refused = {}
        send(archive, config, SEVEN + timedelta(hours=1))

    assert {"bad@r.test": "dead", "ann@r.test": "sent", "later@r.test": "sent"} == states(archive)
    assert ["ann@r.test", "later@r.test"] == [recipient for recipient, _ in box.taken]
    assert [None, SEVEN + timedelta(minutes=1)] == [result.next_try for result in results if result.error]
    assert [] == at_once


def test_a_mail_server_that_is_down_gets_everything_once_when_it_is_back(archive: Archive, tmp_path: Path) -> None:
    box = MailBox(a_free_port())
    config = configure(tmp_path, a_plan(), mail=box.port)
    make(archive, config)
    for minute in range(60):
        send(archive, config, SEVEN + timedelta(minutes=minute))
    with box.open():
        for minute in range(60, 120):
            send(archive, config, SEVEN + timedelta(minutes=minute))

    assert ["ann@reader.test"] == [recipient for recipient, _ in box.taken]
    assert 1 < next(d.attempts for d in archive.outbox.list() if d.channel == "email") < 8


def test_a_delivery_whose_sender_died_is_sent_at_once_by_the_next_one(archive: Archive, tmp_path: Path) -> None:
    with mail_box() as box:
        config = configure(tmp_path, a_plan(), mail=box.port)
        make(archive, config)
        held = archive.outbox.claim(SEVEN, timedelta(minutes=5))
        send(archive, config)

    assert 2 == len(held)
    assert {"ann@reader.test": "sent"} == states(archive)


def test_two_senders_never_work_at_the_same_time(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, a_plan())
    make(archive, config)

    with only_sender(archive, 0), pytest.raises(Locked, match=r"process \d+\) is sending"):
        send(archive, config, patience=0)
    assert {"waiting"} == {delivery.state for delivery in archive.outbox.list()}


def test_a_fault_of_ours_with_one_message_does_not_hold_up_the_others(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(delivery: object, config: object) -> None:
        raise ZeroDivisionError("a fault")

    config = configure(tmp_path, a_plan())
    make(archive, config)
    monkeypatch.setitem(deliver.CHANNELS, "files", broken)
    (files, _mail) = send(archive, config)

    assert "ZeroDivisionError: a fault" == files.error
    assert files.next_try == SEVEN + timedelta(minutes=1)


def test_a_missing_password_file_is_told_and_tried_again(archive: Archive, tmp_path: Path) -> None:
    with mail_box() as box:
        config = configure(tmp_path, a_plan(), mail=box.port)
        text = (tmp_path / "config" / "presswatch.toml").read_text()
        (tmp_path / "config" / "presswatch.toml").write_text(f'{text}user = "me"\npassword_file = "/gone"\n')
        config = load(tmp_path / "config")
        make(archive, config)
        mail = next(result for result in send(archive, config) if result.channel == "email")

    assert "mail.password_file" in mail.error
    assert mail.next_try is not None


def test_making_a_digest_twice_says_that_it_exists(tmp_path: Path) -> None:
    configure(tmp_path, a_plan())
    news(tmp_path)
    first = answer(tmp_path, "digest", "make", "morning", "--json")
    second = answer(tmp_path, "digest", "make", "morning", "--json")

    assert ["made", "exists"] == [first["outcome"], second["outcome"]]
    assert first["edition"] == second["edition"]


def test_sending_by_hand_tries_what_waits_and_ends_with_3_when_it_fails(tmp_path: Path) -> None:
    box = MailBox(a_free_port())
    configure(tmp_path, a_plan(review="true"), mail=box.port)
    news(tmp_path)
    draft = answer(tmp_path, "digest", "make", "morning", "--json")
    failed = presswatch(tmp_path, "digest", "send", str(draft["edition"]["id"]), code=3)
    with box.open():
        sent = answer(tmp_path, "digest", "send", str(draft["edition"]["id"]), "--json")
    again = presswatch(tmp_path, "digest", "send", str(draft["edition"]["id"]))

    assert ["draft", 2] == [draft["outcome"], draft["deliveries"]]
    assert "1 of 2 deliveries failed" in failed.stderr
    assert [("ann@reader.test", "")] == [(each["recipient"], each["error"]) for each in sent["deliveries"]]
    assert ["ann@reader.test"] == [recipient for recipient, _ in box.taken]
    assert "nothing of this edition waits" in again.stdout
    assert (tmp_path / "digests" / "morning" / "index.html").is_file()


def test_the_digest_after_one_that_was_emptied_is_made_and_tells_nothing_twice(
    archive: Archive, tmp_path: Path
) -> None:
    config = configure(tmp_path, a_plan(empty='"send"'))
    made = make(archive, config).edition
    assert made is not None
    told = {item.carrier.article: item.carrier.headline for item in EditionContent.from_json(made.content).items}
    for row in archive.outbox.claim(SEVEN, DAY, limit=100):
        archive.outbox.sent(row, SEVEN)
    gone, *others = told
    archive.forget(gone, SEVEN)
    later = make(archive, config, SEVEN + DAY).edition
    assert later is not None

    assert others
    assert () == EditionContent.from_json(later.content).items
    with archive.writing():
        archive._store.execute("UPDATE editions SET content = '{}'")
    assert "made" == make(archive, config, SEVEN + 2 * DAY).outcome


def test_forget_removes_the_files_of_digests_that_carried_it(tmp_path: Path) -> None:
    configure(tmp_path, a_plan(recipients="[]"), mail=0)
    news(tmp_path, None, "eastport")
    presswatch(tmp_path, "digest", "make", "morning")
    presswatch(tmp_path, "digest", "send", "1")
    page = next((tmp_path / "digests" / "morning").glob("20*.html"))
    assert "Eastport" in page.read_text()
    said = presswatch(tmp_path, "forget", "1").stdout

    assert "which carried it, is empty now" in said
    assert f"removed {page}" in said
    assert [] == [
        path for path in (tmp_path / "digests").rglob("*") if path.is_file() and b"Eastport" in path.read_bytes()
    ]
