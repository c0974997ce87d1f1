"""What the doctor finds out about a mail server without sending a mail; every server here is a real one on loopback."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from crawler.config import MailConfig, load
from digest import mailcheck
from digest.checkup import examine
from digest.finding import Finding
from tests.service_sample import a_free_port, a_plan, address, configure, mail_box

NOW = datetime.now(UTC)


class Silent:
    """Notes what it is asked for; a mail is a fault of ours."""

    def __init__(self) -> None:
        self.mails = 0

    async def handle_MAIL(self, *_: Any) -> str:
        self.mails += 1
        return "250 ok"


def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=data.password == b"right", handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Make a certificate for 127.0.0.1 that signs itself and ends in ten days."""
    folder = tmp_path_factory.mktemp("certificate")
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "10", "-subj", "/CN=127.0.0.1"]
    made += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]
    try:
        subprocess.run(made, cwd=folder, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no openssl to make a certificate with")
    return folder / "cert.pem", folder / "key.pem"


@contextmanager
def server(certificate: tuple[Path, Path] | None = None, **options: Any) -> Iterator[tuple[int, Silent]]:
    handler, context = Silent(), None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
    port = a_free_port()
    rules = {"tls_context": context, "require_starttls": False} if context else {}
    controller = Controller(handler, hostname="127.0.0.1", port=port, **rules, **options)
    controller.start()
    try:
        yield port, handler
    finally:
        controller.stop()


def ask(port: int, security: Any = "none", user: str = "", password: str = "", timeout: float = 5.0) -> list[Finding]:
    settings = MailConfig(host="127.0.0.1", port=port, security=security, user=user, sender="a@b.test")
    return list(mailcheck.ask(settings, password, NOW, timeout))


def test_a_server_that_takes_the_login_is_well_and_gets_no_mail() -> None:
    login = {"authenticator": authenticate, "auth_require_tls": False}
    with server(**login) as (port, handler):
        (found,) = ask(port, user="desk", password="right")

        assert ("ok", 0) == (found.grade, handler.mails)
        assert f"127.0.0.1:{port} answers, without encryption, and took the login of desk" == found.text


def test_a_wrong_password_is_told_as_that() -> None:
    with server(authenticator=authenticate, auth_require_tls=False) as (port, _):
        (found,) = ask(port, user="desk", password="wrong")

    assert "error" == found.grade
    assert "it refuses the login of desk (535 5.7.8 Authentication credentials invalid)" in found.text


def test_a_certificate_that_nobody_vouches_for_is_refused_in_plain_words(certificate: tuple[Path, Path]) -> None:
    with server(certificate) as (port, _):
        (found,) = ask(port, "starttls")

    assert "error" == found.grade
    assert "its certificate is not to be trusted (self-signed certificate)" in found.text
    assert "SSL_CERT_FILE" in found.text


def test_a_trusted_certificate_is_well_and_its_end_is_told_before(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with server(certificate) as (port, handler):
        ending, well = ask(port, "starttls")

    assert ("warning", "ok", 0) == (ending.grade, well.grade, handler.mails)
    assert "the certificate of 127.0.0.1:" in ending.text
    assert f"{NOW + timedelta(days=10):%Y GMT}" in ending.text
    assert "with TLSv1" in well.text


def test_a_server_without_starttls_is_told_with_what_to_set() -> None:
    with server() as (port, _):
        (found,) = ask(port, "starttls")

    assert 'it offers no STARTTLS; set [mail] security = "tls"' in found.text


def test_tls_with_a_server_that_speaks_plainly_is_told_with_what_to_set() -> None:
    with server() as (port, _):
        (found,) = ask(port, "tls")

    assert "no TLS with it" in found.text
    assert 'set [mail] security = "starttls"' in found.text


def test_a_server_that_takes_no_logins_is_told_as_that() -> None:
    with server() as (port, _):
        (found,) = ask(port, user="desk", password="right")

    assert "it takes no login" in found.text


def test_where_nobody_listens_is_told_at_once() -> None:
    (found,) = ask(a_free_port())

    assert "nobody listens there; mend [mail] host and port" in found.text


def test_a_server_that_says_nothing_is_left_after_a_while() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        began = time.monotonic()
        (found,) = ask(listening.getsockname()[1], timeout=0.3)

    assert time.monotonic() - began < 5
    assert "no answer within 0.3 s" in found.text
    assert '[mail] security = "tls" belongs to it' in found.text


def test_a_server_that_is_busy_is_quoted_on_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            connection.sendall(b"421-too many\r\n421 connections\x1b[31m\r\n")
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        (found,) = ask(listening.getsockname()[1])

    assert "it answers 421 too many connections" in found.text
    assert "\x1b" not in found.text


def test_a_name_that_is_not_known_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    settings = MailConfig(host="mial.example", sender="a@b.test")
    (found,) = mailcheck.ask(settings, "", NOW)

    assert "mial.example:587: its name is not known (Name or service not known)" in found.text


def test_the_doctor_asks_it_unless_told_not_to(tmp_path: Path) -> None:
    with mail_box() as box:
        configure(tmp_path, a_plan(), mail=box.port)
        load(tmp_path / "config")
        asked, not_asked = (
            {each.subject: each for each in examine(tmp_path / "config", address(tmp_path), NOW, offline=offline)}
            for offline in (False, True)
        )

    assert "ok" == asked["mail server"].grade
    assert "mail server" not in not_asked
    assert [] == box.taken
