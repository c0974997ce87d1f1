"""What mails to our sender say, in the forms of many mail servers; nothing that anybody sends breaks the reading."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.records import Bounce
from digest import bounces
from digest.bounces import hopeless, read, status_of
from tests import returned_mails as mails

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("server", mails.FAILED)
def test_every_mail_server_is_understood_that_says_that_nobody_is_there(server: str) -> None:
    reading = read(mails.FAILED[server])

    assert "bounce" == reading.kind
    assert [("ann@reader.test",)] == [failure.addresses for failure in reading.failures]
    assert {"5.1.1", "5.1.10"} >= {failure.status for failure in reading.failures}
    assert mails.ID in reading.message_ids
    assert mails.AT == reading.at


def test_with_line_ends_of_the_net_a_report_says_the_same() -> None:
    for raw in mails.EVERYTHING:
        assert read(raw) == read(raw.replace(b"\n", b"\r\n"))


def test_what_is_late_has_not_failed() -> None:
    late = mails.report("4.4.1", action="delayed", diagnostic="smtp; 451 4.4.1 timeout")

    assert ["delay", "delay"] == [read(late).kind, read(mails.EXIM_WARNING).kind]
    assert ["4.4.1"] == [failure.status for failure in read(late).failures]


def test_what_was_tried_in_vain_for_days_has_failed_though_its_last_answer_was_later() -> None:
    expired = mails.report("4.4.7", diagnostic="smtp; 451 4.2.2 mailbox full, try again later")

    assert ["5.4.7"] == [failure.status for failure in read(expired).failures]
    assert ["5.2.1"] == [failure.status for failure in read(mails.EXIM_TIMEOUT).failures]


def test_a_general_status_is_told_more_exactly_by_the_answer_behind_it() -> None:
    vague = mails.report("5.0.0", diagnostic="smtp; 552 5.2.2 The mailbox is over its quota")
    silent = mails.report("5.0.0", diagnostic="smtp; 550 No such user here")

    assert ["5.2.2"] == [failure.status for failure in read(vague).failures]
    assert ["5.1.1"] == [failure.status for failure in read(silent).failures]


def test_what_was_delivered_or_read_is_no_bounce() -> None:
    assert "report" == read(mails.report("2.1.5", action="delivered")).kind
    assert "report" == read(mails.READ).kind


def test_somebody_who_is_away_or_answers_has_not_bounced() -> None:
    assert ["auto-reply", "other"] == [read(mails.AWAY).kind, read(mails.ANSWER).kind]


def test_the_address_that_was_asked_for_stands_before_the_one_to_which_it_was_sent_on() -> None:
    (failure,) = read(mails.report(to="annie@elsewhere.test", asked="ann@reader.test")).failures

    assert ("ann@reader.test", "annie@elsewhere.test") == failure.addresses


def test_addresses_of_other_scripts_are_read() -> None:
    utf8 = mails.report().replace(b"message/delivery-status", b"message/global-delivery-status")
    utf8 = utf8.replace(b"rfc822; ann@reader.test", b"utf-8; \\x{430}\\x{43D}\\x{43D}\\x{430}@reader.test")

    assert [("анна@reader.test",)] == [failure.addresses for failure in read(utf8).failures]


def test_a_complaint_is_one_and_its_opposite_is_none() -> None:
    fine = mails.COMPLAINT.replace(b"Feedback-Type: abuse", b"Feedback-Type: not-spam")

    assert ["complaint", "report"] == [read(mails.COMPLAINT).kind, read(fine).kind]
    assert [("ann@reader.test",)] == [failure.addresses for failure in read(mails.COMPLAINT).failures]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("550 5.1.1 <ann@reader.test>: Recipient address rejected", "5.1.1"),
        ("550 sorry, no mailbox here by that name. (#5.1.1)", "5.1.1"),
        ("550 No such user", "5.1.1"),
        ("550 Requested action not taken: mailbox unavailable", "5.0.0"),
        ("550 unknown user", "5.1.1"),
        ("552 Mailbox is full", "5.2.2"),
        ("452 over quota", "4.2.2"),
        ("554 message rejected as spam", "5.7.1"),
        ("450 host 10.4.2.1 asked to wait", "4.0.0"),
        ("5.1.1.", "5.1.1"),
        ("no code at all", ""),
    ],
)
def test_the_status_of_a_refusal_is_told_by_its_code_else_by_its_words(answer: str, status: str) -> None:
    assert status == status_of(answer)


def test_the_code_of_the_server_counts_where_its_words_have_none() -> None:
    assert ["5.1.1", "4.0.0"] == [status_of("User unknown", 550), status_of("later", 451)]


def came_back(*days: tuple[float, str]) -> list[Bounce]:
    return [Bounce("ann@reader.test", NOW + day * DAY, code, "", str(day)) for day, code in days]


@pytest.mark.parametrize(
    ("days", "given_up"),
    [
        ([(0, "5.1.1")], True),
        ([(0, "4.1.1")], False),
        ([(0, "5.2.2"), (0.1, "5.2.2"), (0.2, "5.2.2")], False),
        ([(0, "5.2.2"), (1, "5.4.7"), (2, "5.0.0")], True),
        ([(0, "5.2.2"), (7, "5.2.2"), (14, "5.2.2")], True),
        ([(0, "5.2.2"), (7, "4.2.2"), (14, "5.2.2"), (30, "5.2.2")], False),
        ([(day, "5.7.1") for day in range(6)], False),
        ([(day, "5.7.1") for day in range(7)], True),
        ([(0, "5.7.1"), (1, "5.2.2"), (2, "5.2.2")], False),
    ],
)
def test_who_is_given_up_is_a_matter_of_days_and_reasons(days: list[tuple[float, str]], given_up: bool) -> None:
    assert given_up == hopeless(came_back(*days))


def test_a_mail_server_in_between_that_refuses_by_policy_says_nothing_of_a_recipient() -> None:
    assert [True, True, False, False] == [
        bounces.counts_at_once(status) for status in ("5.1.1", "5.2.2", "5.7.1", "5.0.0")
    ]


@settings(max_examples=40)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(raw: bytes) -> None:
    assert "bounce" != read(raw).kind or read(raw).failures


@settings(max_examples=40)
@given(st.sampled_from(mails.EVERYTHING), st.integers(0, 3_000), st.integers(0, 400), st.binary(max_size=20))
def test_no_damage_to_a_report_breaks_the_reading(raw: bytes, place: int, cut: int, put: bytes) -> None:
    reading = read(raw[:place] + put + raw[place + cut :])

    assert reading.kind == "complaint" or all(failure.status for failure in reading.failures)
    assert all("\n" not in failure.why and "\r" not in failure.why for failure in reading.failures)


def test_a_report_of_two_hundred_parts_in_each_other_is_no_report() -> None:
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(200))

    assert read(deep.encode()).kind in {"other", "auto-reply"}
