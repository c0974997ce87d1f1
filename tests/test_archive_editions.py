from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crawler.archive import Archive, open_archive
from crawler.errors import ArchiveError, LeaseLost, UsageError
from crawler.records import Delivery, Edition
from tests.archive_sample import DAY, HOUR, LEASE, NOW

MORNING = Edition(0, "morning", "2026-11-23", 0, 7, NOW, "final", "Morning digest", b"<p>\xff", b"text", '{"a":1}')


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        yield opened


def delivery(recipient: str = "ann@reader.test", slot: str = "2026-11-23") -> Delivery:
    return Delivery(0, 0, "morning", slot, recipient, "email", f"<{slot}.{recipient}>", b"From: us\r\n\r\n\xff")


def test_edition_deliveries_and_the_end_of_the_run_are_one_commit(archive: Archive) -> None:
    run = archive.runs.claim("digest morning", "2026-11-23", NOW, LEASE)

    made = archive.editions.commit(MORNING, [delivery(), delivery("bob@reader.test")], run, NOW, stories=[4, 5])

    assert replace(MORNING, id=1) == made == archive.editions.get(1) == archive.editions.last("morning")
    assert made == archive.editions.find("morning", "2026-11-23")
    assert [replace(delivery(), id=1, edition=1), replace(delivery("bob@reader.test"), id=2, edition=1)] == (
        archive.outbox.list(1)
    )
    assert 2 == archive.outbox.waiting()
    assert {4: 1, 5: 1} == archive.editions.shown("morning")
    last = archive.runs.last("digest morning")
    assert last is not None
    assert "done" == last.state


def test_an_edition_of_a_run_that_somebody_else_took_over_is_not_kept(archive: Archive) -> None:
    dead = archive.runs.claim("digest morning", "2026-11-23", NOW, LEASE)
    archive.runs.claim("digest morning", "2026-11-23", NOW + LEASE, LEASE)

    with pytest.raises(LeaseLost):
        archive.editions.commit(MORNING, [delivery()], dead, NOW + LEASE)

    assert [[], []] == [archive.editions.list(), archive.outbox.list()]


def test_a_slot_has_one_final_edition(archive: Archive) -> None:
    archive.editions.commit(MORNING, [delivery()], None, NOW)

    with pytest.raises(ArchiveError, match="morning: the digest for 2026-11-23 was made already"):
        archive.editions.commit(MORNING, [delivery()], None, NOW)

    assert 1 == archive.outbox.waiting()


def test_nothing_of_a_draft_goes_out_before_it_is_approved(archive: Archive) -> None:
    draft = archive.editions.commit(replace(MORNING, state="draft"), [delivery()], None, NOW, stories=[4])
    assert [[], 0, {}] == [
        archive.outbox.claim(NOW, LEASE), archive.outbox.waiting(), archive.editions.shown("morning"),
    ]  # fmt: skip
    assert archive.editions.last("morning", state="final") is None

    approved = archive.reviews.approve(draft.id, "ann", NOW)

    assert "final" == approved.state
    assert [delivery().body] == [claimed.body for claimed in archive.outbox.claim(NOW, LEASE)]
    assert {4: draft.id} == archive.editions.shown("morning")


def test_a_newer_draft_replaces_one_that_nobody_approved(archive: Archive) -> None:
    draft = archive.editions.commit(replace(MORNING, state="draft"), [delivery()], None, NOW)
    newer = replace(MORNING, state="draft", slot="2026-11-24", to_seq=9)

    made = archive.editions.commit(newer, [delivery(slot="2026-11-24")], None, NOW + DAY)

    assert made.id > draft.id
    assert [made] == archive.editions.list("morning")
    assert ["2026-11-24"] == [waiting.slot for waiting in archive.outbox.list()]


def test_an_unknown_edition_cannot_be_approved(archive: Archive) -> None:
    with pytest.raises(UsageError, match="there is no edition 9: a newer draft may have taken its place"):
        archive.reviews.approve(9, "ann", NOW)


def test_a_delivery_is_sent_by_one(archive: Archive) -> None:
    archive.editions.commit(MORNING, [delivery(), delivery("bob@reader.test")], None, NOW)

    (first,) = archive.outbox.claim(NOW, LEASE, limit=1)
    (second,) = archive.outbox.claim(NOW, LEASE)
    archive.outbox.sent(first, NOW)

    assert ["ann@reader.test", "bob@reader.test"] == [first.recipient, second.recipient]
    assert [] == archive.outbox.claim(NOW, LEASE)
    assert ["sent", "sending"] == [found.state for found in archive.outbox.list()]
    assert 1 == archive.outbox.waiting()


def test_a_delivery_whose_sender_died_is_sent_again_with_the_same_message_id(archive: Archive) -> None:
    archive.editions.commit(MORNING, [delivery()], None, NOW)
    (dead,) = archive.outbox.claim(NOW, LEASE)
    assert NOW + LEASE == archive.outbox.next_try()

    (again,) = archive.outbox.claim(NOW + LEASE, LEASE)

    assert (dead.message_id, 2) == (again.message_id, again.attempts)
    with pytest.raises(LeaseLost):
        archive.outbox.failed(dead, "late", None, NOW + LEASE)
    archive.outbox.sent(dead, NOW + LEASE)  # it did go out after all
    assert [] == archive.outbox.claim(NOW + DAY, LEASE)


def test_a_failed_delivery_waits_for_its_next_try_or_is_dead(archive: Archive) -> None:
    archive.editions.commit(MORNING, [delivery(), delivery("bob@reader.test")], None, NOW)
    ann, bob = archive.outbox.claim(NOW, LEASE)

    archive.outbox.failed(ann, "451 later", NOW + HOUR, NOW)
    archive.outbox.failed(bob, "550 unknown", None, NOW)

    assert [("waiting", "451 later", NOW + HOUR), ("dead", "550 unknown", None)] == [
        (found.state, found.last_error, found.next_try) for found in archive.outbox.list()
    ]
    assert [] == archive.outbox.claim(NOW, LEASE)
    assert NOW + HOUR == archive.outbox.next_try()
    assert ["ann@reader.test"] == [found.recipient for found in archive.outbox.claim(NOW + HOUR, LEASE)]


def test_claims_can_be_kept_to_one_edition(archive: Archive) -> None:
    archive.editions.commit(MORNING, [delivery()], None, NOW)
    other = archive.editions.commit(replace(MORNING, slot="2026-11-24"), [delivery(slot="2026-11-24")], None, NOW)

    assert ["2026-11-24"] == [found.slot for found in archive.outbox.claim(NOW, LEASE, edition=other.id)]


def test_what_a_dead_sender_held_can_be_taken_back(archive: Archive) -> None:
    archive.editions.commit(MORNING, [delivery()], None, NOW)
    archive.outbox.claim(NOW, LEASE)

    assert 1 == archive.outbox.take_back(NOW)
    assert [2] == [claimed.attempts for claimed in archive.outbox.claim(NOW, LEASE)]


def test_what_waits_for_its_next_try_can_be_hastened(archive: Archive) -> None:
    made = archive.editions.commit(MORNING, [delivery(), delivery("bob@reader.test")], None, NOW)
    ann, bob = archive.outbox.claim(NOW, LEASE)
    archive.outbox.failed(ann, "451 later", NOW + HOUR, NOW)
    archive.outbox.failed(bob, "550 unknown", None, NOW)

    assert 1 == archive.outbox.hasten(made.id, NOW)
    assert ["ann@reader.test"] == [claimed.recipient for claimed in archive.outbox.claim(NOW, LEASE)]


def test_the_latest_edition_is_no_draft_and_no_alert(archive: Archive) -> None:
    assert archive.editions.latest() is None
    made = archive.editions.commit(MORNING, [], None, NOW)
    archive.editions.commit(replace(MORNING, plan="alert:storms", slot="b"), [], None, NOW + HOUR)
    archive.editions.commit(replace(MORNING, slot="2026-11-24", state="draft", to_seq=9), [], None, NOW + DAY)

    assert replace(made, html=b"", text=b"", content="{}") == archive.editions.latest()
