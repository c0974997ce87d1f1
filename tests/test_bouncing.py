"""What came back is believed only of mails that went out, and what follows is written once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.archive import Archive, open_archive
from crawler.records import Delivery
from digest import bouncing
from digest.leaving import token
from tests import returned_mails as mails
from tests.archive_sample import DAY, LEASE, NOW
from tests.test_archive_editions import MORNING

ANN = "ann@reader.test"


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        send(opened, ANN, mails.ID)
        send(opened, "bob@reader.test", mails.ID.replace("0", "a"))
        yield opened


def send(archive: Archive, recipient: str, message_id: str) -> None:
    """Put a mail into the outbox and record that it went out."""
    slot = f"2026-11-{20 + len(archive.outbox.list())}"
    mail = Delivery(0, 0, "morning", slot, recipient, "email", message_id, b"")
    archive.editions.commit(replace(MORNING, slot=slot), [mail], None, NOW)
    (claimed,) = archive.outbox.claim(NOW, LEASE)
    archive.outbox.sent(claimed, NOW)


def take(archive: Archive, raw: bytes, after: timedelta = timedelta()) -> tuple[str, str, str]:
    """Read a mail; tell the kind, whom it concerns and what came of it."""
    (taken,) = bouncing.take(archive, raw, NOW + after)
    return taken.kind, taken.recipient, taken.outcome


def vetoes(archive: Archive) -> list[tuple[str, str, str, str]]:
    return [(veto.recipient, veto.plan, veto.state, veto.how) for veto in archive.recipients.vetoes(NOW)]


@pytest.mark.parametrize("server", mails.FAILED)
def test_an_address_at_which_nobody_is_gets_nothing_more(archive: Archive, server: str) -> None:
    assert ("bounce", ANN, "suppressed") == take(archive, mails.FAILED[server])

    assert [(ANN, "", "bounced", "delivery report")] == vetoes(archive)
    assert ["bounced", "sent"] == [each.state for each in archive.outbox.list()]


def test_the_same_report_twice_is_one(archive: Archive) -> None:
    full = mails.report("5.2.2")

    assert ["recorded", "known"] == [take(archive, full)[2], take(archive, full)[2]]


def test_a_full_mailbox_is_given_up_after_three_days_on_which_reports_were_written(archive: Archive) -> None:
    outcomes = [take(archive, mails.report("5.2.2", at=NOW - back * DAY))[2] for back in (3, 3.1, 2, 1)]

    assert ["recorded", "recorded", "recorded", "suppressed"] == outcomes


def test_what_is_only_late_changes_nothing(archive: Archive) -> None:
    late = mails.report("4.4.1", action="delayed", diagnostic="smtp; 451 4.4.1 timeout")

    assert ("delay", ANN, "recorded") == take(archive, late)
    assert ["sent", "sent"] == [each.state for each in archive.outbox.list()]
    assert [] == vetoes(archive)


def test_a_report_about_a_mail_that_never_went_out_changes_nothing(archive: Archive) -> None:
    forged = mails.report(to="eve@reader.test", message_id="<" + "f" * 40 + "@press.test>")

    assert ("bounce", "eve@reader.test", "nothing") == take(archive, forged)
    assert [[], []] == [vetoes(archive), archive.recipients.bounces()]


def test_a_report_about_another_mail_says_nothing_of_somebody_whom_we_mail(archive: Archive) -> None:
    forged = mails.report(message_id="<forged@elsewhere.test>")

    assert ("bounce", ANN, "nothing") == take(archive, forged)
    assert [[], []] == [vetoes(archive), archive.recipients.bounces()]


def test_without_the_mail_its_recipient_is_known_by_their_address_if_they_were_mailed_lately(archive: Archive) -> None:
    written = mails.report(to="ANN@reader.test").replace(b"ann@", b"x@")
    bare = re.sub(rb"(?m)^Message-ID: .*\n", b"", written)

    assert ("bounce", "ANN@reader.test", "nothing") == take(archive, bare, after=15 * DAY)
    assert ("bounce", ANN, "suppressed") == take(archive, bare)


def test_a_mail_that_was_sent_on_is_that_of_whom_we_sent_it_to(archive: Archive) -> None:
    assert ("bounce", ANN, "suppressed") == take(archive, mails.report(to="annie@elsewhere.test"))


def test_a_complaint_takes_its_sender_off_the_plan(archive: Archive) -> None:
    assert ("complaint", ANN, "unsubscribed") == take(archive, mails.COMPLAINT)
    assert ("complaint", ANN, "known") == take(archive, mails.COMPLAINT)

    assert [(ANN, "morning", "unsubscribed", "complaint")] == vetoes(archive)


def test_somebody_who_is_away_answers_or_has_read_it_stays(archive: Archive) -> None:
    for raw in (mails.AWAY, mails.ANSWER, mails.READ, b"", b"\x00\xff", b"Subject: Buy now\n\nspam"):
        assert "nothing" == take(archive, raw)[2]
    assert [] == vetoes(archive)


def wish(subject: str, sender: str = f"Ann <{ANN}>") -> bytes:
    return f"From: {sender}\nTo: desk@press.test\nSubject: {subject}\n\n\n".encode()


def test_a_signed_wish_to_leave_is_followed_for_its_plan(archive: Archive) -> None:
    own = token(archive.recipients.secret(), "mail", "morning", ANN)
    archive.recipients.keep_links([(own, "mail", "morning", ANN)])

    assert ("unsubscribe", ANN, "unsubscribed") == take(archive, wish(f"Unsubscribe: Morning [{own}]"))
    assert ("unsubscribe", ANN, "known") == take(archive, wish(f"unsubscribe: Morning\n [{own}]"))
    assert [(ANN, "morning", "unsubscribed", "mail")] == vetoes(archive)


def test_a_wish_to_leave_counts_by_its_signature_whatever_address_wrote_it(archive: Archive) -> None:
    """Mail programs write it from the main address, also where the digest goes to an alias."""
    own = token(archive.recipients.secret(), "mail", "morning", ANN)
    archive.recipients.keep_links([(own, "mail", "morning", ANN)])

    take(archive, wish(f"Unsubscribe: Morning [{own}]", "annie@elsewhere.test"))

    (veto,) = archive.recipients.vetoes(NOW)
    assert (ANN, "asked by annie@elsewhere.test") == (veto.recipient, veto.why)


@pytest.mark.parametrize("sign", ["", "[" + "A" * 27 + "]"])
def test_a_wish_to_leave_without_its_signature_is_told_to_a_person(archive: Archive, sign: str) -> None:
    (taken,) = bouncing.take(archive, wish(f"Unsubscribe: Morning {sign}"), NOW)

    assert ("unsubscribe", "nothing", ANN) == (taken.kind, taken.outcome, taken.recipient)
    assert taken.text.endswith(f"presswatch recipient remove {ANN}")
    assert [] == vetoes(archive)


def test_the_link_of_the_page_is_no_signature_of_a_mail(archive: Archive) -> None:
    own = token(archive.recipients.secret(), "page", "morning", ANN)
    archive.recipients.keep_links([(own, "page", "morning", ANN)])

    assert "nothing" == take(archive, wish(f"Unsubscribe: Morning [{own}]"))[2]
