"""Mail through real servers: Postfix and aiosmtpd, encrypted and with a password, refused, put off and down."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from crawler.archive import open_archive
from crawler.errors import ConfigError, DeliveryError
from digest import jobs
from digest.deliver import deliver
from digest.plans import Slot
from tests.mta import PASSWORD, USER, Mta, certificates, mta, needs_mta
from tests.service_sample import MailBox, a_free_port, a_plan, address, configure, mail_box, news
from tests.test_deliver_email import Config, Server, a_delivery
from tests.test_deliver_signature import a_mail as a_signed_mail
from tests.test_deliver_signature import configured, verifies

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def chain() -> Iterator[tuple[Mta, MailBox]]:
    """Give a mail server, and the box in which all that it takes ends."""
    with mail_box() as box, mta(box.port) as server:
        yield server, box


@pytest.fixture
def secured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Server, Any, Path]]:
    """Give a server that takes mail only encrypted and from who says "right"."""
    monkeypatch.setenv("PRESSWATCH_MAIL_PASSWORD", "right")
    yield from a_secured_server(tmp_path, set())


def a_secured_server(folder: Path, without: set[str]) -> Iterator[tuple[Server, Any, Path]]:
    made = certificates(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made.certificate, made.key)

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == b"right", handled=False)

    handler = Server()
    controller = Controller(
        handler, hostname="127.0.0.1", port=a_free_port(), authenticator=check, auth_required=True,
        require_starttls=True, tls_context=context, auth_exclude_mechanism=without,
    )  # fmt: skip
    controller.start()
    try:
        yield handler, controller, made.authority
    finally:
        controller.stop()


def arrived(box: MailBox, recipient: str) -> bytes:
    """Wait for the one mail to a recipient."""
    end = time.monotonic() + 20
    while not (found := [body for (to, _), body in zip(box.taken, box.bodies, strict=True) if to == recipient]):
        assert time.monotonic() < end
        time.sleep(0.02)
    (body,) = found
    return body


@needs_mta
def test_a_signed_mail_verifies_behind_a_real_mail_server(chain: tuple[Mta, MailBox], tmp_path: Path) -> None:
    server, box = chain
    config = configured(tmp_path, f'port = {server.clear}\nsecurity = "none"\n')
    delivery = a_delivery("signed@example.org")
    body = a_signed_mail(config, "signed@example.org")
    deliver(type(delivery)(*(getattr(delivery, name) for name in delivery.__slots__[:7]), body), config)
    there = arrived(box, "signed@example.org")

    assert b"(Postfix)" in there[:300]
    assert there.replace(b"\r\n", b"\n").endswith(body.replace(b"\r\n", b"\n"))
    assert verifies(there, config)


@needs_mta
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_real_server_is_spoken_to_encrypted_and_with_the_password(
    chain: tuple[Mta, MailBox], monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.setenv("PRESSWATCH_MAIL_PASSWORD", PASSWORD)
    server, box = chain
    settings = {"security": security, "user": USER, "ca_file": str(server.authority)}
    recipient = f"{security}@example.org"
    deliver(a_delivery(recipient), Config(getattr(server, security), **settings))  # type: ignore[arg-type]

    assert "State TV" in str(message_from_bytes(arrived(box, recipient), policy=policy.default)["Subject"])


@needs_mta
@pytest.mark.parametrize("password", ["wrong", "wröng"])
def test_a_real_server_that_refuses_the_password_is_asked_again_later(
    chain: tuple[Mta, MailBox], monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    monkeypatch.setenv("PRESSWATCH_MAIL_PASSWORD", password)
    server, _ = chain
    config = Config(server.starttls, security="starttls", user=USER, ca_file=str(server.authority))
    with pytest.raises(DeliveryError, match=r"answered 535 5\.7\.8") as caught:
        deliver(a_delivery("nobody@example.org"), config)  # type: ignore[arg-type]

    assert caught.value.temporary


@needs_mta
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_trusts_gets_no_mail_and_no_password(
    chain: tuple[Mta, MailBox], monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.setenv("PRESSWATCH_MAIL_PASSWORD", PASSWORD)
    server, box = chain
    config = Config(getattr(server, security), security=security, user=USER)
    with pytest.raises(DeliveryError, match=r"certificate verify failed.*set \[mail\] ca_file") as caught:
        deliver(a_delivery("trusting@example.org"), config)  # type: ignore[arg-type]

    assert caught.value.temporary
    assert "trusting@example.org" not in [recipient for recipient, _ in box.taken]


def test_an_authority_that_the_environment_names_is_trusted(
    secured: tuple[Server, Any, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, controller, authority = secured
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    deliver(a_delivery(), Config(controller.port, security="starttls", user=USER))  # type: ignore[arg-type]

    assert 1 == len(handler.taken)


def test_a_certificate_of_another_host_gets_no_mail(secured: tuple[Server, Any, Path]) -> None:
    handler, controller, authority = secured
    config = Config(controller.port, security="starttls", host="localhost", ca_file=str(authority))
    with pytest.raises(DeliveryError, match="host must be a name that stands in its certificate") as caught:
        deliver(a_delivery(), config)  # type: ignore[arg-type]

    assert caught.value.temporary
    assert not handler.taken


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_password_is_told_in_the_way_that_the_server_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mechanism: str
) -> None:
    monkeypatch.setenv("PRESSWATCH_MAIL_PASSWORD", "right")
    for handler, controller, authority in a_secured_server(tmp_path, {"PLAIN", "LOGIN"} - {mechanism}):
        config = Config(controller.port, security="starttls", user=USER, ca_file=str(authority))
        deliver(a_delivery(), config)  # type: ignore[arg-type]

        assert 1 == len(handler.taken)


def test_a_server_that_wants_a_password_when_there_is_none_is_asked_again_later(
    secured: tuple[Server, Any, Path],
) -> None:
    """Before, every digest died of a forgotten [mail] user."""
    handler, controller, authority = secured
    with pytest.raises(DeliveryError, match="530") as caught:
        deliver(a_delivery(), Config(controller.port, security="starttls", ca_file=str(authority)))  # type: ignore[arg-type]

    assert caught.value.temporary
    assert not handler.taken


@pytest.mark.parametrize(("answer", "temporary"), [("550 not your address", True), ("552 too long", False)])
def test_a_sender_that_is_refused_waits_for_the_operator_but_a_mail_that_is_too_long_does_not(
    answer: str, temporary: bool
) -> None:
    async def refuse(self: Server, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        return answer

    strict = type("Strict", (Server,), {"handle_MAIL": refuse})()
    controller = Controller(strict, hostname="127.0.0.1", port=a_free_port())
    controller.start()
    try:
        with pytest.raises(DeliveryError, match=answer) as caught:
            deliver(a_delivery(), Config(controller.port))  # type: ignore[arg-type]
    finally:
        controller.stop()

    assert temporary == caught.value.temporary


def test_certificates_that_cannot_be_read_are_told_with_their_file(tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("no certificate")
    for name, said in (("none.pem", "certificates in PEM"), ("gone.pem", "No such file or directory")):
        with pytest.raises(ConfigError, match=rf"{name}: mail\.ca_file: found .*{said}"):
            deliver(a_delivery(), Config(9, ca_file=str(tmp_path / name), security="tls"))  # type: ignore[arg-type]


def an_edition(folder: Path, port: int, recipients: str) -> Any:
    """Make an edition whose mails wait in the outbox."""
    config = configure(folder, a_plan(recipients=recipients), mail=port)
    news(folder, NOW)
    with open_archive(address(folder)) as archive:
        jobs.make_edition(archive, config, config.plans["morning"], Slot("2026-11-23", NOW), NOW)
    return config


def sent_at(folder: Path, config: Any, now: datetime) -> list[jobs.Sent]:
    with open_archive(address(folder)) as archive:
        return [each for each in jobs.send_waiting(archive, config, lambda: now) if each.channel == "email"]


def test_a_server_that_is_down_for_an_hour_gets_each_mail_once(tmp_path: Path) -> None:
    box = MailBox(a_free_port())
    config = an_edition(tmp_path, box.port, '["ann@reader.test", "bob@reader.test"]')
    down = [sent_at(tmp_path, config, NOW + timedelta(minutes=minute)) for minute in range(60)]
    with box.open():
        up = [sent_at(tmp_path, config, NOW + timedelta(minutes=60 + minute)) for minute in range(121)]

    tries = [len(found) for found in down if found]
    assert [2, 2, 2, 2, 2] == tries, "tried at once, and after 1, 5, 15 and 30 minutes more"
    assert [2] == [len(found) for found in up if found]
    assert ["ann@reader.test", "bob@reader.test"] == sorted(recipient for recipient, _ in box.taken)


@pytest.mark.parametrize("answer", ["451 come back", "421 too busy"])
def test_who_is_put_off_gets_his_mail_later_and_who_is_unknown_dies_and_all_others_get_theirs(
    tmp_path: Path, answer: str
) -> None:
    with mail_box() as box:
        box.refused = {"late@reader.test": answer, "gone@reader.test": "550 5.1.1 unknown"}
        config = an_edition(tmp_path, box.port, '["gone@reader.test", "late@reader.test", "ann@reader.test"]')
        first = sent_at(tmp_path, config, NOW)
        box.refused.pop("late@reader.test")
        later = [sent_at(tmp_path, config, NOW + timedelta(minutes=minute)) for minute in (0, 2, 3000)]

    assert {"gone@reader.test", "late@reader.test"} == {each.recipient for each in first if each.error}
    assert [[], ["late@reader.test"], []] == [[each.recipient for each in found] for found in later]
    assert ["ann@reader.test", "late@reader.test"] == [recipient for recipient, _ in box.taken]
    with open_archive(address(tmp_path)) as archive:
        assert ["dead"] == [each.state for each in archive.outbox.list() if each.recipient == "gone@reader.test"]
