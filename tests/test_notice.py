"""What the operator is told, once, and that it is over."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from crawler.archive import Archive, open_archive
from crawler.config import Config
from crawler.records import Delivery, Edition
from digest import condition, deliver, incidents, notice
from tests.service_sample import MailBox, a_plan, address, configure, mail_box, store_news

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
OPERATOR = '[operator]\nmail = "ops@r.test"\n'


@pytest.fixture
def box() -> Iterator[MailBox]:
    with mail_box() as opened:
        yield opened


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(address(tmp_path)) as opened:
        yield opened


def give(archive: Archive, config: Config, at: datetime) -> list[str]:
    return notice.give(archive, config, f"sqlite:///{archive.path}", at)


def kinds(archive: Archive, config: Config, at: datetime) -> list[str]:
    return [
        each.kind for each in incidents.find(condition.read(archive, config, f"sqlite:///{archive.path}", at), config)
    ]


def an_edition(archive: Archive, slot: str, at: datetime, states: Mapping[str, str], state: str = "final") -> Edition:
    """Make an edition of the plan morning with deliveries in these states, by recipient."""
    edition = Edition(0, "morning", slot, 0, archive.changes.last(), at, state, "News", b"<p>", b"News", "{}")
    rows = [
        Delivery(0, 0, "morning", slot, who, "email", f"<{slot}{who}>", b"mail", said, 3, None, "550 no such user")
        for who, said in states.items()
    ]
    return archive.editions.commit(edition, rows, None, at)


def test_a_delivery_that_died_is_told_once_and_its_end_when_the_recipient_is_reached(
    archive: Archive, tmp_path: Path, box: MailBox
) -> None:
    config = configure(tmp_path, mail=box.port, more=OPERATOR)
    an_edition(archive, "2026-11-23", NOW, {"ann@r.test": "dead", "bob@r.test": "sent"})
    first = give(archive, config, NOW + HOUR)
    again = give(archive, config, NOW + 2 * HOUR)
    an_edition(archive, "2026-11-24", NOW + DAY, {"ann@r.test": "dead"})
    still = give(archive, config, NOW + DAY)
    an_edition(archive, "2026-11-25", NOW + 2 * DAY, {"ann@r.test": "sent"})
    over = give(archive, config, NOW + 2 * DAY)

    assert ([], [], 1, 1) == (again, still, len(first), len(over))
    assert "morning of 2026-11-23 did not reach ann@r.test: 550 no such user" in first[0]
    assert b"Subject: Presswatch needs you" in box.bodies[0]
    assert b"Subject: Presswatch is well again" in box.bodies[1]
    assert b"Over: The digest morning of 2026-11-23 did not reach" in box.bodies[1].replace(b"=\r\n", b"")
    assert [] == give(archive, config, NOW + 3 * DAY)


def test_what_happens_at_once_is_one_mail(archive: Archive, tmp_path: Path, box: MailBox) -> None:
    config = configure(tmp_path, mail=box.port, more=OPERATOR)
    an_edition(archive, "2026-11-23", NOW, {f"r{number}@r.test": "dead" for number in range(9)})

    assert (9, 1) == (len(give(archive, config, NOW)), len(box.bodies))


def test_a_notice_that_cannot_be_mailed_is_told_here_and_tried_again_each_hour(
    archive: Archive, tmp_path: Path, box: MailBox
) -> None:
    config = configure(tmp_path, mail=9, more=OPERATOR)
    an_edition(archive, "2026-11-23", NOW, {"ann@r.test": "dead"})
    failed = give(archive, config, NOW)
    too_soon = give(archive, config, NOW + 0.5 * HOUR)
    mended = configure(tmp_path, mail=box.port, more=OPERATOR)
    told = give(archive, mended, NOW + 1.5 * HOUR)

    assert "The digest morning of 2026-11-23 did not reach ann@r.test" in failed[0]
    assert failed[1].startswith("The notice to ops@r.test failed: ops@r.test: 127.0.0.1:9: ")
    assert ([], 1) == (too_soon, len(told))
    assert ["ops@r.test"] == [recipient for recipient, _ in box.taken]


def test_without_an_operator_it_is_told_in_the_log_alone_and_once(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, mail=0)
    an_edition(archive, "2026-11-23", NOW, {"ann@r.test": "dead"})

    assert [1, 0] == [len(give(archive, config, NOW + number * HOUR)) for number in range(2)]


def test_what_was_over_before_anybody_was_told_is_no_news(archive: Archive, tmp_path: Path, box: MailBox) -> None:
    an_edition(archive, "2026-11-23", NOW, {"ann@r.test": "dead"})
    give(archive, configure(tmp_path, mail=9, more=OPERATOR), NOW)
    an_edition(archive, "2026-11-24", NOW + DAY, {"ann@r.test": "sent"})

    assert [] == give(archive, configure(tmp_path, mail=box.port, more=OPERATOR), NOW + DAY)
    assert [] == box.bodies


def test_a_disk_that_fills_is_told_again_when_it_fills_again(
    archive: Archive, tmp_path: Path, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configure(tmp_path, mail=box.port, more=OPERATOR)
    told = []
    for number, free in enumerate((9e8, 8e8, 2e10, 5e8)):
        monkeypatch.setattr(
            shutil, "disk_usage", lambda place, free=free: SimpleNamespace(total=10**12, free=int(free))
        )
        told += [" ".join(said.split()[3:6]) for said in give(archive, config, NOW + number * HOUR)]

    assert ["Only 900 MB", "Over: Only 900", "Only 500 MB"] == told


def test_a_draft_that_nobody_approves_is_told_however_often_a_newer_one_takes_its_place(
    archive: Archive, tmp_path: Path, box: MailBox
) -> None:
    config = configure(tmp_path, a_plan(review="true"), mail=box.port, more=OPERATOR)
    store_news(archive, NOW, "eastport")
    an_edition(archive, "2026-11-23", NOW, {}, "final")
    told = []
    for day in range(1, 5):
        draft = an_edition(archive, f"2026-11-{23 + day}", NOW + day * DAY, {}, "draft")
        archive.reviews.begin(draft, "{}", [], NOW + DAY)
        store_news(archive, NOW + day * DAY, f"port-{day}")
        told += give(archive, config, NOW + day * DAY + HOUR)

    assert 1 == len(told)
    assert "No draft of morning was approved since 2026-11-24 07:00 UTC, so nobody got its news." in told[0]


def test_a_mail_server_that_is_down_is_an_incident_of_its_own(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, mail=9)
    an_edition(archive, "2026-11-23", NOW, {"ann@r.test": "waiting"})

    assert ["delivery"] == kinds(archive, config, NOW + timedelta(minutes=7))


@pytest.mark.parametrize(
    ("said", "silent", "told"),
    [
        # A server that puts off whom it does not know takes the mail within minutes.
        ("ann@r.test: mail.r.test answered 451 greylisted", 2, 3),
        ("ann@r.test: mail.r.test:25: [Errno 111] Connection refused", 1, 2),
        ("ann@r.test: mail.r.test answered 535 wrong password", 0, 1),
    ],
)
def test_a_failing_delivery_is_told_as_soon_as_it_is_no_matter_of_minutes(
    archive: Archive, tmp_path: Path, said: str, silent: int, told: int
) -> None:
    config = configure(tmp_path, mail=9)
    edition = Edition(0, "morning", "2026-11-23", 0, archive.changes.last(), NOW, "final", "News", b"", b"", "{}")
    row = Delivery(0, 0, "morning", "2026-11-23", "ann@r.test", "email", "<a>", b"mail")
    archive.editions.commit(edition, [row], None, NOW)
    seen = {0: kinds(archive, config, NOW)}
    for tries in range(1, told + 1):
        at = NOW + tries * HOUR
        (taken,) = archive.outbox.claim(at, HOUR)
        archive.outbox.failed(taken, said, at + HOUR, at)
        seen[tries] = kinds(archive, config, at)

    assert [[], ["delivery"]] == [seen[silent], seen[told]]


def test_whoever_is_restored_is_no_incident_any_more_until_a_mail_to_them_dies_again(
    archive: Archive, tmp_path: Path
) -> None:
    config = configure(tmp_path, mail=9)
    an_edition(archive, "2026-11-23", NOW, {"Ann@R.test": "dead", "bob@r.test": "dead"})
    before = kinds(archive, config, NOW)
    archive.recipients.restore("Ann@r.test", now=NOW + HOUR)
    restored = kinds(archive, config, NOW + 2 * HOUR)
    an_edition(archive, "2026-11-24", NOW + DAY, {"Ann@R.test": "dead"})

    assert ["dead email bob@r.test", "dead email Ann@R.test"] == before
    assert ["dead email bob@r.test"] == restored
    assert "dead email Ann@R.test" in kinds(archive, config, NOW + DAY)


def test_a_restart_tells_nothing_anew(archive: Archive, tmp_path: Path, box: MailBox) -> None:
    config = configure(tmp_path, mail=box.port, more=OPERATOR)
    an_edition(archive, "2026-11-23", NOW, {"ann@r.test": "dead"})
    give(archive, config, NOW)
    with open_archive(address(tmp_path)) as again:
        again.runs.lose(NOW + HOUR)

        assert [] == give(again, config, NOW + HOUR)


def test_a_service_that_died_while_it_told_tells_it_when_it_is_back(
    archive: Archive, tmp_path: Path, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configure(tmp_path, mail=box.port, more=OPERATOR)
    an_edition(archive, "2026-11-23", NOW, {"ann@r.test": "dead"})
    with monkeypatch.context() as patch, suppress(SystemExit):
        patch.setattr(deliver, "deliver", lambda *_: exec("raise SystemExit"))
        give(archive, config, NOW)
    archive.runs.lose(NOW)

    assert 1 == len(give(archive, config, NOW + HOUR))
