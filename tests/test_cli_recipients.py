"""recipient and bounce, as an operator uses them."""

from __future__ import annotations

import json
import mailbox as mailboxes
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import open_archive
from digest import jobs, plans
from tests import returned_mails as mails
from tests.commands import answer, validate
from tests.desk import Desk
from tests.service_sample import a_plan, address, configure, mail_box, store_news

ANN, BOB = "ann@reader.test", "Bob@reader.test"
WATCH = '[grain]\nquery = "grain"\nurgent = true\nrecipients = ["ann@READER.test"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Configure two digests and the alerts of a watch."""
    configure(tmp_path, a_plan(recipients=f'["{ANN}", "{BOB}"]'), a_plan("evening"), more="")
    (tmp_path / "config" / "watches.toml").write_text(WATCH)
    open_archive(address(tmp_path)).close()
    return tmp_path


@pytest.fixture
def sent(folder: Path) -> str:
    """Send today's digest; give the Message-ID of Ann's mail."""
    now = datetime.now(UTC)
    with mail_box() as box, open_archive(address(folder)) as archive:
        config = configure(folder, a_plan(recipients=f'["{ANN}", "{BOB}"]'), mail=box.port)
        store_news(archive, now - timedelta(hours=1), "eastport")
        slot = plans.last_slot(config.plans["morning"], now)
        assert slot is not None
        jobs.make_edition(archive, config, config.plans["morning"], slot, now)
        jobs.send_waiting(archive, config, lambda: now)
    return dict(box.taken)[ANN]


def listed(desk: Desk, folder: Path, *arguments: str) -> Any:
    document = json.loads(desk.run(folder, "recipient", "list", "--json", *arguments).stdout)
    validate(document, "recipients")
    return [(each["recipient"], each["plan"], each["state"]) for each in document["recipients"]]


def test_everybody_is_listed_with_what_they_get(desk: Desk, folder: Path) -> None:
    assert [
        (BOB, "morning", "active"),
        (ANN, "alert:grain", "active"),
        (ANN, "evening", "active"),
        (ANN, "morning", "active"),
    ] == listed(desk, folder)
    assert [(BOB, "morning", "active"), (ANN, "morning", "active")] == listed(desk, folder, "morning")


def test_somebody_is_removed_from_a_plan_and_restored(desk: Desk, folder: Path) -> None:
    removed = desk.run(folder, "recipient", "remove", "ann@Reader.test", "morning").stdout
    assert "ann@reader.test does not get morning any more" in removed
    assert (ANN, "morning", "unsubscribed") in listed(desk, folder)
    assert (ANN, "evening", "active") in listed(desk, folder)
    assert "by hand" in desk.run(folder, "recipient", "list").stdout

    restored = desk.run(folder, "recipient", "restore", ANN, "morning").stdout

    assert "ann@reader.test gets morning again; was unsubscribed (by hand) on" in restored
    assert "nothing stood against" in desk.run(folder, "recipient", "restore", ANN).stdout
    assert {"active"} == {state for *_, state in listed(desk, folder)}


def test_somebody_is_removed_from_everything_and_gets_one_plan_again(desk: Desk, folder: Path) -> None:
    desk.run(folder, "recipient", "remove", ANN)
    desk.run(folder, "recipient", "restore", ANN, "alert:grain")

    assert [
        (BOB, "morning", "active"),
        (ANN, "alert:grain", "active"),
        (ANN, "evening", "unsubscribed"),
        (ANN, "morning", "unsubscribed"),
    ] == listed(desk, folder)


def test_somebody_pauses(desk: Desk, folder: Path) -> None:
    day = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}"
    desk.run(folder, "recipient", "pause", ANN, "--until", day)

    assert (ANN, "evening", "paused") in listed(desk, folder)
    assert f"until {day}" in desk.run(folder, "recipient", "list").stdout
    assert "a day to come" in desk.run(folder, "recipient", "pause", ANN, "--until", "2020-01-01", code=2).stderr
    assert "a day to come" in desk.run(folder, "recipient", "pause", ANN, code=2).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("remove", "eve@reader.test"), "nothing is or was sent to eve@reader.test; recipients: Bob@reader.test, ann@"),
        (("remove", "ann"), "'ann' is no mail address"),
        (("restore", ANN, "noon"), 'there is no plan "noon"; there is: morning, evening, alert:grain'),
        (("list", "noon"), 'there is no plan "noon"'),
        (("forget", "nobody"), "is no mail address"),
    ],
)
def test_who_or_what_is_not_there_is_told(desk: Desk, folder: Path, arguments: tuple[str, ...], said: str) -> None:
    assert said in desk.run(folder, "recipient", *arguments, code=2).stderr


def test_whoever_left_and_is_not_in_the_configuration_any_more_is_still_listed(desk: Desk, folder: Path) -> None:
    desk.run(folder, "recipient", "remove", BOB)
    configure(folder, a_plan())

    assert [(BOB, "", "unsubscribed"), (ANN, "morning", "active")] == listed(desk, folder)
    assert "unsubscribed, not in the configuration" in desk.run(folder, "recipient", "list").stdout


def test_a_forgotten_person_is_told_to_stand_in_the_configuration_still(desk: Desk, folder: Path, sent: str) -> None:
    done = desk.run(folder, "recipient", "forget", ANN)

    assert "ann@reader.test is forgotten, with 1 mails" in done.stdout
    assert "still stands in the configuration, in morning: take it out there, too" in done.stderr
    assert (ANN, "morning", "unsubscribed") in listed(desk, folder)
    assert ANN.encode() not in (folder / "press.db").read_bytes()


def test_a_mail_that_came_back_ends_what_is_sent_there_and_everybody_says_so(
    desk: Desk, folder: Path, sent: str
) -> None:
    raw = mails.report(message_id=sent)
    taken = answer(folder, "bounce", "-", "--json", schema="bounce", given=raw)["mails"]
    (folder / "again.eml").write_bytes(b"From MAILER-DAEMON Mon Nov 23 08:00:00 2026\n" + raw + b"\n\nFrom the desk\n")

    assert [("stdin", "bounce", "suppressed", ANN)] == [
        (each["mail"], each["kind"], each["outcome"], each["recipient"]) for each in taken
    ]
    left_out = json.loads(desk.run(folder, "digest", "list", "--json").stdout)["plans"][0]["left_out"]
    assert [ANN] == [veto["recipient"] for veto in left_out]
    plans_and_editions = desk.run(folder, "digest", "list").stdout
    assert "2, 1 left out" in plans_and_editions
    assert "1 bounced, 2 sent" in plans_and_editions
    assert "1 recipients left out" in desk.run(folder, "status").stdout
    (again,) = desk.run(folder, "bounce", "again.eml").stdout.splitlines()
    assert f"again.eml: {ANN}: this report was read before" in again


def test_an_mbox_a_maildir_and_a_folder_are_read_mail_by_mail(desk: Desk, folder: Path, sent: str) -> None:
    raw = mails.report("5.2.2", message_id=sent)
    box = mailboxes.mbox(folder / "returned.mbox")
    kept = mailboxes.Maildir(folder / "Returned")
    for each in (raw, mails.AWAY, mails.ANSWER):
        box.add(each)
        kept.add(each)
    box.close()
    plain = folder / "plain"
    plain.mkdir()
    (plain / "1.eml").write_bytes(raw)

    one = desk.run(folder, "bounce", "returned.mbox").stdout.splitlines()
    two = desk.run(folder, "bounce", "Returned", "plain").stdout.splitlines()

    assert 3 == len(one)
    for line, begin in zip(one, ("bounced (5.2.2", "an automatic reply; no mail", "no report"), strict=True):
        assert re.match(rf"returned.mbox [123]: {ANN}: {re.escape(begin)}", line)
    assert 4 == len(two)
    assert 1 == sum("this report was read before" in line for line in two) - 1


def test_what_is_no_mail_costs_nothing(desk: Desk, folder: Path) -> None:
    (folder / "empty").write_bytes(b"")

    assert "there is no mail in it" in desk.run(folder, "bounce", "empty").stdout
    assert "there is no such file or folder" in desk.run(folder, "bounce", "none.eml", code=2).stderr
    assert "Is a directory" not in desk.run(folder, "bounce", ".", "--json").stderr


def test_a_digest_tells_when_it_is_made_who_is_left_out(desk: Desk, folder: Path) -> None:
    now = datetime.now(UTC)
    with open_archive(address(folder)) as archive:
        store_news(archive, now - timedelta(hours=1), "eastport")
    (folder / "config" / "watches.toml").write_text("")
    desk.run(folder, "recipient", "remove", BOB, "morning")
    made = desk.run(folder, "digest", "make", "morning").stdout

    assert "left out: Bob@reader.test, unsubscribed (by hand) on" in made
    assert "2 deliveries wait" in made
