"""Mail against a real server on loopback."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from crawler.config import PresswatchConfig
from crawler.errors import DeliveryError
from crawler.records import Delivery
from digest import edition, render
from digest.deliver import deliver, email, next_try
from tests.edition_sample import DUE, a_morning


@dataclass
class Server:
    """Takes mail; answers what it was told to."""

    answers: dict[str, list[str]] = field(default_factory=dict)
    data_answers: list[str] = field(default_factory=list)
    taken: list[tuple[list[str], bytes]] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        waiting = self.answers.get(address, [])
        if waiting:
            return waiting.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.data_answers:
            return self.data_answers.pop(0)
        self.taken.append((list(envelope.rcpt_tos), envelope.content))
        return "250 taken"


def a_free_port() -> int:
    """Find a port on which nobody listens; the mail server of the tests cannot choose its own."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Config:
    """As much of a configuration as a delivery needs."""

    def __init__(self, port: int, **mail: Any):
        settings = {"from": "Press Desk <press@example.org>", "host": "127.0.0.1", "port": port, "security": "none"}
        self.press = PresswatchConfig.model_validate({"mail": {**settings, **mail}})


@pytest.fixture
def server() -> Iterator[tuple[Server, Any]]:
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=a_free_port(), enable_SMTPUTF8=True)
    yield from _running(handler, controller)


def _running(handler: Server, controller: Controller) -> Iterator[tuple[Server, Any]]:
    controller.start()
    try:
        yield handler, Config(controller.port)
    finally:
        controller.stop()


def a_delivery(recipient: str = "ana@example.org", subject: str = "") -> Delivery:
    rendered = render.everything(edition.choose(a_morning()))
    if subject:
        rendered = render.Rendered(subject, rendered.mail, rendered.text, rendered.web)
    body = email.message(
        rendered,
        sender="Press Desk <press@example.org>",
        recipient=recipient,
        plan="east-asia",
        title="East Asia",
        slot="2026-11-23",
        made_at=DUE,
    )
    key = email.message_id("east-asia", "2026-11-23", recipient, "press@example.org")
    return Delivery(1, 1, "east-asia", "2026-11-23", recipient, "email", key, body)


def test_a_mail_arrives_byte_for_byte(server: tuple[Server, Any]) -> None:
    handler, config = server
    delivery = a_delivery()
    deliver(delivery, config)

    ((recipients, content),) = handler.taken
    assert recipients == ["ana@example.org"]
    assert content == delivery.body


def test_a_mail_has_the_headers_of_a_list_and_both_parts() -> None:
    mail = message_from_bytes(a_delivery().body, policy=policy.default)

    assert mail["Subject"] == "East Asia security: State TV unveils espionage cases (+7 new)"
    assert mail["From"] == "Press Desk <press@example.org>"
    assert mail["To"] == "ana@example.org"
    assert mail["Message-ID"] == email.message_id("east-asia", "2026-11-23", "ana@example.org", "press@example.org")
    assert mail["List-Id"] == "<east-asia.presswatch.example.org>"
    assert mail["List-Unsubscribe"].strip() == "<mailto:press@example.org?subject=Unsubscribe%3A%20East%20Asia>"
    assert mail["List-Unsubscribe-Post"] is None
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == DUE
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert "国家安全" in mail.get_body(("html",)).get_content() or "境外" in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize("name", ["Desk, Press", 'The "Desk', "Desk; Press", '"Press Desk"', "Пресс, служба", "a: b"])
def test_a_senders_name_may_hold_what_it_will(name: str) -> None:
    sender = email.sender_of(f"{name} <press@example.org>")

    assert (name.strip('"'), "press@example.org") == (sender.display_name, sender.addr_spec)
    assert "press@example.org" == email.sender_of("press@example.org").addr_spec


def test_the_same_edition_to_the_same_reader_is_the_same_message() -> None:
    assert a_delivery().body == a_delivery().body
    assert a_delivery("bo@example.org").message_id != a_delivery().message_id


def test_no_line_of_a_mail_is_too_long_for_mail_servers() -> None:
    lines = a_delivery().body.split(b"\r\n")

    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line for line in lines)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\x00"])
def test_outside_text_adds_no_header(end: str) -> None:
    rendered = render.everything(edition.choose(a_morning()))
    evil = f"News{end}Bcc: all@example.net{end}{end}<b>body</b>"
    body = email.message(
        render.Rendered(evil, rendered.mail, rendered.text, rendered.web),
        sender=f"Desk{end}X-Evil: 1 <press@example.org>",
        recipient="ana@example.org",
        plan=f"p{end}X-Evil: 1",
        title=evil,
        slot=f"s{end}X-Evil: 1",
        made_at=DUE,
    )
    mail = message_from_bytes(body, policy=policy.default)

    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert len(mail.keys()) == 10


def test_one_click_is_offered_only_with_a_public_https_address() -> None:
    rendered = render.everything(edition.choose(a_morning()))
    body = email.message(
        rendered,
        sender="press@example.org",
        recipient="a@example.org",
        plan="p",
        title="P",
        slot="s",
        made_at=DUE,
        unsubscribe="https://press.example.org/u/1",
    )
    mail = message_from_bytes(body, policy=policy.default)

    assert mail["List-Unsubscribe"] == "<https://press.example.org/u/1>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("where", ["recipient", "data"])
def test_a_451_is_told_as_temporary_and_the_next_try_is_taken(server: tuple[Server, Any], where: str) -> None:
    handler, config = server
    if where == "recipient":
        handler.answers["ana@example.org"] = ["451 come back"]
    else:
        handler.data_answers = ["451 come back"]
    with pytest.raises(DeliveryError, match=r"ana@example\.org: 127\.0\.0\.1 answered 451 come back") as caught:
        deliver(a_delivery(), config)
    deliver(a_delivery(), config)

    assert caught.value.temporary
    assert len(handler.taken) == 1


def test_a_550_for_one_recipient_is_final_and_the_other_is_delivered(server: tuple[Server, Any]) -> None:
    handler, config = server
    handler.answers["gone@example.org"] = ["550 no such user"]
    with pytest.raises(DeliveryError, match="550 no such user") as caught:
        deliver(a_delivery("gone@example.org"), config)
    deliver(a_delivery(), config)

    assert not caught.value.temporary
    assert [recipients for recipients, _ in handler.taken] == [["ana@example.org"]]


def test_a_server_that_is_down_is_tried_later() -> None:
    port = a_free_port()
    with pytest.raises(DeliveryError, match=f"127.0.0.1:{port}") as caught:
        deliver(a_delivery(), Config(port))  # type: ignore[arg-type]

    assert caught.value.temporary


def test_a_server_that_vanishes_after_taking_the_mail_has_taken_it() -> None:
    """A failed QUIT must not bring a second mail."""

    async def quit_rudely(self: Server, server: Any, session: Any, envelope: Any) -> str:
        server.transport.abort()
        await asyncio.sleep(0)
        return "221 bye"

    rude = type("Rude", (Server,), {"handle_QUIT": quit_rudely})()
    for handler, config in _running(rude, Controller(rude, hostname="127.0.0.1", port=a_free_port())):
        deliver(a_delivery(), config)

        assert len(handler.taken) == 1


def test_a_server_without_starttls_is_not_sent_to_in_the_clear(server: tuple[Server, Any]) -> None:
    handler, config = server
    strict = Config(config.press.mail.port, security="starttls")
    with pytest.raises(DeliveryError, match="STARTTLS") as caught:
        deliver(a_delivery(), strict)  # type: ignore[arg-type]

    assert caught.value.temporary
    assert not handler.taken


@pytest.mark.parametrize(("password", "taken"), [("right", 1), ("wrong", 0)])
def test_a_wrong_password_waits_for_the_operator(password: str, taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSWATCH_MAIL_PASSWORD", password)

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == b"right", handled=False)

    handler = Server()
    controller = Controller(
        handler, hostname="127.0.0.1", port=a_free_port(), authenticator=check, auth_require_tls=False
    )
    for _, config in _running(handler, controller):
        known = Config(config.press.mail.port, user="desk")
        if taken:
            deliver(a_delivery(), known)  # type: ignore[arg-type]
        else:
            with pytest.raises(DeliveryError, match="535") as caught:
                deliver(a_delivery(), known)  # type: ignore[arg-type]
            assert caught.value.temporary

        assert len(handler.taken) == taken


def test_mail_without_a_server_says_which_setting_is_empty() -> None:
    with pytest.raises(DeliveryError, match=r"\[mail\] host is empty"):
        deliver(a_delivery(), Config(25, host=""))  # type: ignore[arg-type]


def test_addresses_beyond_ascii_are_delivered(server: tuple[Server, Any]) -> None:
    handler, config = server
    deliver(a_delivery("ana@bücher.example"), config)
    deliver(a_delivery("анна@example.org"), config)

    assert [recipients for recipients, _ in handler.taken] == [["ana@xn--bcher-kva.example"], ["анна@example.org"]]


def test_tries_are_spaced_wider_and_end_after_two_days() -> None:
    times = []
    now, attempts = DUE, 1
    while (then := next_try(attempts, now)) is not None:
        times.append(then - now)
        now, attempts = then, attempts + 1

    assert times == sorted(times)
    assert timedelta(minutes=1) == times[0]
    assert timedelta(days=2) == now - DUE


@pytest.mark.parametrize("hours", [1, 6, 12, 100])
def test_the_last_try_is_when_the_horizon_is_reached(hours: int) -> None:
    now, attempts = DUE, 1
    while (then := next_try(attempts, now, timedelta(hours=hours))) is not None:
        now, attempts = then, attempts + 1

    assert timedelta(hours=hours) == now - DUE
