"""What the archive knows of recipients: who left, paused or bounced, in one form of their address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive import Archive, open_archive
from crawler.errors import ArchiveError
from crawler.mailboxes import mailbox
from crawler.records import Bounce
from tests.archive_sample import DAY, LEASE, NOW
from tests.test_archive_editions import MORNING, delivery

ANN = "ann@reader.test"


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        yield opened


def bounce(code: str = "5.1.1", mark: str = "a") -> Bounce:
    return Bounce(ANN, NOW, code, "User unknown", mark)


def state(archive: Archive, plan: str = "morning", recipient: str = ANN, at: int = 0) -> str:
    veto = archive.recipients.veto(recipient, plan, NOW + at * DAY)
    return veto.state if veto else "active"


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("Ann@Reader.TEST", "Ann@reader.test"),
        ("<ann@reader.test>", "ann@reader.test"),
        (" ann@bücher.test. ", "ann@xn--bcher-kva.test"),
        ("анна@пошта.укр", "анна@xn--80a1acn3a.xn--j1amh"),
        ("ann@reader.test\r\nBcc: all@reader.test", ""),
        ("ann", ""),
        ("ann@", ""),
        ("@reader.test", ""),
        ("ann@" + "x" * 70 + "ü.test", ""),
        ("ann\ud800@reader.test", ""),
    ],
)
def test_an_address_has_one_form(written: str, known: str) -> None:
    assert known == mailbox(written)


@settings(max_examples=50)
@given(st.text(max_size=40))
def test_the_form_of_an_address_is_its_own_and_is_one_line(written: str) -> None:
    known = mailbox(written)

    assert known == mailbox(known)
    assert len(known.splitlines()) <= 1


def test_whoever_leaves_a_plan_has_left_this_one(archive: Archive) -> None:
    assert archive.recipients.leave("ann@READER.test", "morning", NOW, how="link")
    assert not archive.recipients.leave(ANN, "morning", NOW + DAY, how="mail")

    assert ["unsubscribed", "active", "active"] == [
        state(archive), state(archive, "evening"), state(archive, recipient="bob@reader.test"),
    ]  # fmt: skip
    (veto,) = archive.recipients.vetoes(NOW)
    assert (ANN, "morning", NOW, "link") == (veto.recipient, veto.plan, veto.at, veto.how)


def test_a_pause_ends_by_itself(archive: Archive) -> None:
    archive.recipients.pause(ANN, "", NOW + DAY, NOW, how="link")
    archive.recipients.pause(ANN, "", NOW + 2 * DAY, NOW, how="link")

    assert ["paused", "paused", "active"] == [state(archive, at=day) for day in range(3)]


def test_what_holds_longest_is_told_first(archive: Archive) -> None:
    archive.recipients.pause(ANN, "", NOW + DAY, NOW, how="link")
    archive.recipients.leave(ANN, "morning", NOW, how="link")
    archive.recipients.suppress(bounce(), how="delivery report")

    assert ["bounced", "unsubscribed", "paused"] == [
        veto.state for veto in archive.recipients.against(ANN, "morning", NOW)
    ]


def test_whoever_left_everything_may_have_one_plan_again(archive: Archive) -> None:
    archive.recipients.leave(ANN, "", NOW, how="link")

    archive.recipients.restore(ANN, "morning", ["morning", "evening"], now=NOW)

    assert ["active", "unsubscribed"] == [state(archive), state(archive, "evening")]


def test_whoever_is_restored_is_counted_anew(archive: Archive) -> None:
    archive.recipients.record(bounce())
    archive.recipients.suppress(bounce(), how="delivery report")

    gone = archive.recipients.restore(ANN, now=NOW)

    assert ["bounced"] == [veto.state for veto in gone]
    assert "active" == state(archive)
    assert [] == archive.recipients.bounces(ANN)
    assert not archive.recipients.record(bounce())  # the report was read; it does not count again


def test_a_report_is_remembered_once(archive: Archive) -> None:
    assert [True, False, True] == [
        archive.recipients.record(each) for each in (bounce(), bounce(), bounce("4.2.2", mark="b"))
    ]
    assert ["5.1.1", "4.2.2"] == [each.code for each in archive.recipients.bounces(ANN)]


def test_the_key_of_links_stays_the_same_and_each_archive_has_its_own(tmp_path: Path) -> None:
    keys = []
    for name in ("a.db", "a.db", "b.db"):
        with open_archive(f"sqlite:///{tmp_path / name}") as archive:
            keys.append(archive.recipients.secret())

    assert keys[0] == keys[1] != keys[2]
    assert 32 == len(keys[0])


def test_a_forgotten_address_stands_nowhere_and_is_never_mailed_again(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with open_archive(f"sqlite:///{path}") as archive:
        mine = replace(delivery(), body=b"To: ann@reader.test")
        archive.editions.commit(MORNING, [mine, delivery("bob@reader.test")], None, NOW)
        (sent, _) = archive.outbox.claim(NOW, LEASE)
        archive.outbox.failed(sent, "ann@reader.test: no", NOW, NOW)
        archive.recipients.keep_links([("t" * 27, "page", "morning", ANN)])
        archive.recipients.record(bounce())
        archive.recipients.leave(ANN, "morning", NOW, how="mail", why="asked by ann@reader.test")

        assert 1 == archive.recipients.forget("ann@READER.test", NOW)

        assert "unsubscribed" == state(archive, "anything")
        assert ["left", "sending"] == [each.state for each in archive.outbox.list()]
        assert archive.recipients.link("t" * 27, "page") is None
    for file in tmp_path.iterdir():
        assert b"ann@reader.test" not in file.read_bytes(), file


def test_of_a_mail_its_delivery_is_found_and_that_it_came_back_is_kept(archive: Archive) -> None:
    archive.editions.commit(MORNING, [delivery()], None, NOW)
    (claimed,) = archive.outbox.claim(NOW, LEASE)
    archive.outbox.sent(claimed, NOW)

    found = archive.outbox.of_message(delivery().message_id)
    assert found is not None
    archive.outbox.bounced(found, "bounced 5.1.1")

    assert [("bounced", "bounced 5.1.1")] == [(each.state, each.last_error) for each in archive.outbox.list()]
    assert archive.outbox.of_message("<other>") is None
    assert [ANN] == archive.outbox.mailed(NOW)
    assert [] == archive.outbox.mailed(NOW + DAY)


def test_a_broken_archive_is_told(tmp_path: Path) -> None:
    with open_archive(f"sqlite:///{tmp_path / 'a.db'}") as archive:
        archive._store.execute("DROP TABLE vetoes")

        with pytest.raises(ArchiveError, match=re.escape(archive._store.name)):
            archive.recipients.veto(ANN, "morning", NOW)
