"""Each recipient has links of their own, that of nobody else, and whoever left is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive import Archive, open_archive
from crawler.config import Config
from crawler.mailboxes import mailbox
from digest import jobs, leaving, plans, render
from digest.leaving import public_address, public_host, token
from tests.service_sample import a_plan, address, configure, mail_box, store_news

SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TWO = '["ann@reader.test", "Bob@Reader.test"]'
WEB = '[web]\npublic_url = "https://press.test/watch/"'


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(address(tmp_path)) as opened:
        store_news(opened, SEVEN - 2 * HOUR, "eastport", "westport")
        yield opened


def make(archive: Archive, config: Config, now: datetime = SEVEN) -> jobs.Made:
    plan = config.plans["morning"]
    slot = plans.last_slot(plan, now)
    assert slot is not None
    return jobs.make_edition(archive, config, plan, slot, now)


def mails(archive: Archive) -> dict[str, EmailMessage]:
    """Give the mails in the outbox by their recipients."""
    found: dict[str, Any] = {
        each.recipient: message_from_bytes(each.body, policy=policy.default)
        for each in archive.outbox.list()
        if each.channel == "email"
    }
    return found


def links_of(mail: EmailMessage) -> tuple[list[str], str, str]:
    """Give the addresses in the header, and those in the HTML and in the text by which one leaves."""
    header = re.findall("<([^>]+)>", mail["List-Unsubscribe"])
    html, text = (mail.get_body((kind,)).get_content() for kind in ("html", "plain"))  # type: ignore[union-attr]
    (shown,) = re.findall(r'href="([^"]+)"[^>]*>Unsubscribe', html)
    (written,) = re.findall(r"Unsubscribe: (\S+)", text)
    return header, shown, written


def test_with_a_public_address_each_mail_has_the_page_of_its_recipient(archive: Archive, tmp_path: Path) -> None:
    make(archive, configure(tmp_path, a_plan(recipients=TWO), more=WEB))
    secret = archive.recipients.secret()

    for recipient, mail in mails(archive).items():
        (page, mailto), shown, written = links_of(mail)
        own = token(secret, "page", "morning", recipient)
        assert f"https://press.test/watch/leave/{own}" == page == shown == written
        assert unquote(mailto).endswith(f"Unsubscribe: Morning [{token(secret, 'mail', 'morning', recipient)}]")
        assert "List-Unsubscribe=One-Click" == mail["List-Unsubscribe-Post"]
        assert ("morning", mailbox(recipient)) == leaving.find(archive, own, "page")
    assert 2 == len({links_of(mail)[1] for mail in mails(archive).values()})


def test_without_one_there_is_a_signed_mail_and_no_one_click(archive: Archive, tmp_path: Path) -> None:
    make(archive, configure(tmp_path, a_plan(recipients=TWO)))

    for mail in mails(archive).values():
        (mailto,), shown, written = links_of(mail)
        assert mailto == shown == written
        assert mailto.startswith("mailto:desk@press.test?subject=Unsubscribe%3A%20Morning%20%5B")
        assert mail["List-Unsubscribe-Post"] is None


def test_one_click_is_not_offered_where_the_page_is_not_encrypted(archive: Archive, tmp_path: Path) -> None:
    make(archive, configure(tmp_path, a_plan(), more='[web]\npublic_url = "http://desk.lan:8080"'))
    (mail,) = mails(archive).values()

    assert links_of(mail)[1].startswith("http://desk.lan:8080/leave/")
    assert mail["List-Unsubscribe-Post"] is None


def test_the_header_is_not_broken_into_encoded_words(archive: Archive, tmp_path: Path) -> None:
    """Python's own folding does that to addresses of more than 70 letters, and nobody's mail program undoes it."""
    make(archive, configure(tmp_path, a_plan(title='"Нощ і день"'), more=WEB))
    (body,) = [each.body for each in archive.outbox.list() if each.channel == "email"]
    header = body.split(b"List-Unsubscribe: ")[1].split(b"\r\nList-Unsubscribe-Post")[0]

    assert re.fullmatch(rb"<https://[!-~]+>,\r\n <mailto:[!-~]+>", header)


def test_what_is_shared_has_nobodys_link(archive: Archive, tmp_path: Path) -> None:
    made = make(archive, configure(tmp_path, a_plan(), more=WEB))
    assert made.edition is not None
    shared = [each.body for each in archive.outbox.list() if each.channel != "email"]

    assert 1 == len(shared)
    for text in (*shared, made.edition.text, made.edition.html):
        assert b"Unsubscribe" not in text
        assert b"/leave/" not in text


def test_the_same_input_makes_the_same_bytes(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, a_plan(recipients=TWO), more=WEB)
    with archive.writing():
        make(archive, config)
        first = [each.body for each in archive.outbox.list()]
        archive._store.execute("DELETE FROM editions")
        make(archive, config)

    assert first == [each.body for each in archive.outbox.list()]


def test_a_digest_is_rendered_once_however_many_get_it(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered = []
    whole = render.everything
    monkeypatch.setattr(render, "everything", lambda *given: rendered.append(given) or whole(*given))
    many = ", ".join(f'"reader{number}@reader.test"' for number in range(20))
    make(archive, configure(tmp_path, a_plan(recipients=f"[{many}]")))

    assert 1 == len(rendered)
    assert 20 == len({links_of(mail)[1] for mail in mails(archive).values()})


def test_whoever_left_is_left_out_and_that_is_told(archive: Archive, tmp_path: Path) -> None:
    archive.recipients.leave("bob@reader.test", "morning", SEVEN, how="link")
    archive.recipients.leave("Bob@reader.test", "morning", SEVEN, how="link")
    archive.recipients.leave("ann@reader.test", "evening", SEVEN, how="link")
    made = make(archive, configure(tmp_path, a_plan(recipients=TWO)))

    assert ["ann@reader.test"] == list(mails(archive))
    assert ["Bob@reader.test"] == [veto.recipient for veto in made.left_out]


def test_a_mail_to_somebody_who_left_meanwhile_is_closed_and_not_sent(archive: Archive, tmp_path: Path) -> None:
    with mail_box() as box:
        config = configure(tmp_path, a_plan(recipients=TWO), mail=box.port)
        make(archive, config)
        archive.recipients.leave("ann@reader.test", "", SEVEN, how="link")
        results = jobs.send_waiting(archive, config, lambda: SEVEN)

    assert ["Bob@Reader.test"] == [recipient for recipient, _ in box.taken]
    assert ["unsubscribed (link) on 2026-11-23"] == [each.left for each in results if each.left]
    left = [each for each in archive.outbox.list() if each.state == "left"]
    assert [("ann@reader.test", "unsubscribed (link) on 2026-11-23")] == [
        (each.recipient, each.last_error) for each in left
    ]
    assert 0 == archive.outbox.waiting()


def test_a_mail_server_that_knows_nobody_of_that_name_ends_it_and_one_that_is_displeased_does_not(
    archive: Archive, tmp_path: Path
) -> None:
    refused = {"ann@reader.test": "550 5.1.1 User unknown", "Bob@Reader.test": "550 5.7.1 relaying denied"}
    with mail_box() as box:
        box.refused = refused
        config = configure(tmp_path, a_plan(recipients=TWO), mail=box.port)
        make(archive, config)
        jobs.send_waiting(archive, config, lambda: SEVEN)

    (veto,) = archive.recipients.vetoes(SEVEN)
    assert ("ann@reader.test", "", "bounced", "5.1.1", "mail server") == (
        veto.recipient, veto.plan, veto.state, veto.code, veto.how,
    )  # fmt: skip
    assert ["dead", "dead"] == [each.state for each in archive.outbox.list() if each.channel == "email"]


NAMES = st.text(max_size=12)


@settings(max_examples=40)
@given(st.binary(min_size=32, max_size=32), st.lists(st.tuples(NAMES, NAMES), min_size=2, max_size=6, unique=True))
def test_no_link_is_that_of_another_recipient_plan_or_purpose(secret: bytes, pairs: list[tuple[str, str]]) -> None:
    people = [
        (plan.replace("\0", ""), f"a{len(name)}{number}@reader.test") for number, (plan, name) in enumerate(pairs)
    ]
    made = [token(secret, purpose, plan, who) for purpose in ("page", "mail", "mark") for plan, who in people]

    assert len(made) == len(set(made))
    assert all(leaving.TOKEN.fullmatch(each) for each in made)
    assert not set(made) & {token(secret[::-1] + b"x", "page", plan, who) for plan, who in people}


def test_a_link_is_found_by_its_whole_signature_only(archive: Archive) -> None:
    secret = archive.recipients.secret()
    own = token(secret, "page", "morning", "ann@reader.test")
    forged = "A" * 27
    archive.recipients.keep_links(
        [(own, "page", "morning", "ann@reader.test"), (forged, "page", "morning", "bob@reader.test")]
    )

    assert ("morning", "ann@reader.test") == leaving.find(archive, own, "page")
    assert (
        [None] * 5
        == [
            leaving.find(archive, own, "mail"),
            leaving.find(archive, forged, "page"),  # it stands there, but was not signed
            leaving.find(archive, own[:-1], "page"),
            leaving.find(archive, own.swapcase(), "page"),
            leaving.find(archive, "", "page"),
        ]
    )


def test_the_domain_of_an_address_has_no_case_for_its_link_and_the_part_before_it_has() -> None:
    assert token(b"k", "page", "p", "ann@READER.test") == token(b"k", "page", "p", "ann@reader.test")
    assert token(b"k", "page", "p", "Ann@reader.test") != token(b"k", "page", "p", "ann@reader.test")
    assert token(b"k", "page", "p", "ann@bücher.test") == token(b"k", "page", "p", "ann@xn--bcher-kva.test")


@pytest.mark.parametrize(
    ("configured", "written", "host"),
    [
        ("https://press.test", "https://press.test", "press.test"),
        ("https://press.test:8443/watch/", "https://press.test:8443/watch", "press.test"),
        ("https://новини.укр/тут", "https://xn--b1amarcd.xn--j1amh/%D1%82%D1%83%D1%82", "xn--b1amarcd.xn--j1amh"),
        ("http://[::1]:8765", "http://[::1]:8765", "[::1]"),
        ("", "", ""),
        ("https://press.test:port", "", ""),
    ],
)
def test_the_public_address_is_written_as_a_header_and_a_browser_have_it(
    configured: str, written: str, host: str
) -> None:
    assert (written, host) == (public_address(configured), public_host(configured))


def test_outside_text_that_looks_like_the_place_of_a_link_gets_none(archive: Archive, tmp_path: Path) -> None:
    """An address in an article that became somebody's own link would give it to whoever wrote the article."""
    store_news(archive, SEVEN - HOUR, "leave/" + "0" * 27)
    make(archive, configure(tmp_path, a_plan(), more=WEB))
    ((recipient, mail),) = mails(archive).items()
    own = token(archive.recipients.secret(), "page", "morning", recipient)

    assert 1 == mail.get_body(("html",)).get_content().count(own)  # type: ignore[union-attr]
    assert 1 == mail.get_body(("plain",)).get_content().count(own)  # type: ignore[union-attr]
