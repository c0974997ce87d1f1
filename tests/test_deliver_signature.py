"""DKIM: what is signed, what is covered, and what becomes of a mail whose key cannot be used."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import dkim
import pytest

from crawler.config import Config, load
from crawler.errors import ConfigError, ConfigErrors
from crawler.records import Delivery, Run
from digest import checkup, edition, notice, render
from digest.deliver import prepare, signature
from digest.leaving import Readers
from digest.render import Links
from tests.desk import Desk
from tests.edition_sample import DUE, a_morning, a_plan

COVERED = {
    "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "list-id", "list-unsubscribe",
    "list-unsubscribe-post", "auto-submitted",
}  # fmt: skip


#: A key takes a moment to make, and any will do.
KEYS = {"rsa": signature.make_key("rsa"), "ed25519": signature.make_key("ed25519")}


def configured(folder: Path, more: str = "", kind: str = "rsa", key: bytes | None = None) -> Config:
    """Write a configuration whose mails are signed."""
    folder.mkdir(exist_ok=True)
    (folder / "dkim.pem").write_bytes(KEYS[kind] if key is None else key)
    (folder / "presswatch.toml").write_text(
        '[mail]\nfrom = "Press Desk <press@example.org>"\nhost = "127.0.0.1"\ndkim_selector = "desk"\n'
        f'dkim_key_file = "{folder / "dkim.pem"}"\n{more}'
    )
    return load(folder)


def a_mail(config: Config, recipient: str = "ana@example.org") -> bytes:
    """Make the row of the outbox for a recipient."""
    content = edition.choose(a_morning())
    plan = a_plan(recipients=[recipient])
    readers = Readers(
        plan.name, plan.title, (recipient,), secret=b"s" * 32, sender="press@example.org",
        public_url="https://press.example.org",
    )  # fmt: skip
    rows = prepare(content, render.everything(content, readers.links(Links())), plan, config, readers)
    (mail,) = (row for row in rows if row.channel == "email")
    return mail.body


def a_notice(config: Config, text: str) -> Delivery:
    """Write the mail that tells the operator of something."""
    run = Run(1, "notice", "stored since 2026-11-23", "running", 1, 1, DUE, None, "")
    return notice._mail(config, [notice._Word(run, text)], [], DUE)


def dns(config: Config) -> Callable[..., bytes]:
    """Answer as a name server does that has the record which the command printed."""
    known = {signature.record_name(config.press.mail) + ".": signature.read_key(config.press.mail).record}
    return lambda name, timeout=5: known.get(name.decode() if isinstance(name, bytes) else name, "").encode()


def verifies(mail: bytes, config: Config) -> bool:
    return bool(dkim.verify(mail, dnsfunc=dns(config)))


def covered(mail: bytes) -> list[str]:
    found = re.search(r"\bh=([^;]*);", str(message_from_bytes(mail, policy=policy.default)["DKIM-Signature"]))
    assert found is not None
    return [name.strip().lower() for name in found[1].split(":")]


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
@pytest.mark.parametrize("recipient", ["ana@example.org", "анна@example.org"])
def test_a_signed_mail_verifies(tmp_path: Path, kind: str, recipient: str) -> None:
    config = configured(tmp_path, kind=kind)
    mail = a_mail(config, recipient)

    assert verifies(mail, config)
    assert b"c=relaxed/relaxed" in mail
    assert b"d=example.org" in mail
    assert max(map(len, mail.split(b"\r\n"))) < 998


def test_the_signature_covers_what_a_reader_sees_and_both_headers_by_which_he_leaves(tmp_path: Path) -> None:
    mail = a_mail(configured(tmp_path))

    assert set(covered(mail)) >= COVERED
    assert 2 == covered(mail).count("from") == covered(mail).count("subject")


@pytest.mark.parametrize(
    "change",
    [
        lambda mail: mail.replace(b"?subject=Unsubscribe", b"?subject=Hello").replace(b"/leave/", b"/live/"),
        lambda mail: mail.replace(b"List-Unsubscribe=One-Click", b"List-Unsubscribe=No"),
        lambda mail: b"Subject: You have won\r\n" + mail,
        lambda mail: b"From: Somebody <other@example.net>\r\n" + mail,
        lambda mail: mail.replace(b"espionage", b"espionnage"),
        lambda mail: mail.replace(b"To: ana@", b"To: bob@"),
    ],
)
def test_a_mail_that_was_changed_verifies_no_more(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    config = configured(tmp_path)
    mail = a_mail(config)

    assert change(mail) != mail
    assert not verifies(change(mail), config)


def test_what_servers_do_on_the_way_leaves_the_signature_whole(tmp_path: Path) -> None:
    config = configured(tmp_path)
    mail = a_mail(config)
    on_the_way = b"Received: from a by b; Mon, 23 Nov 2026 05:00:00 +0000\r\nX-Spam-Score: 0\r\n" + mail

    assert verifies(on_the_way, config)
    assert verifies(mail.replace(b"\r\nSubject: ", b"\r\nSubject:   "), config)


def test_a_notice_to_the_operator_is_signed_too(tmp_path: Path) -> None:
    config = configured(tmp_path, '[operator]\nmail = "ops@example.org"\n')
    mail = a_notice(config, "No article was stored.")

    assert verifies(mail.body, config)


def test_without_a_selector_nothing_is_signed(tmp_path: Path) -> None:
    (tmp_path / "presswatch.toml").write_text('[mail]\nfrom = "press@example.org"\n')

    assert b"DKIM-Signature" not in a_mail(load(tmp_path))


def test_posts_and_files_are_not_signed(tmp_path: Path) -> None:
    row = Delivery(0, 0, "p", "s", "http://127.0.0.1/", "webhook", "<1@a>", b"{}")

    assert row is signature.signed(row, configured(tmp_path).press.mail)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (b"no key", "wanted an RSA or Ed25519 private key in PEM"),
        (b"", "wanted a file with a private key; `presswatch config dkim` makes one"),
        (b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIP0l", "wanted an RSA or Ed25519 private key in PEM"),
    ],
)
def test_a_key_that_cannot_be_used_costs_no_digest_and_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, key: bytes, said: str
) -> None:
    config = configured(tmp_path, key=key)
    with caplog.at_level(logging.ERROR):
        mail = a_mail(config)
    (finding,) = checkup.examine_dkim(config)

    assert mail.startswith(b"From: ")
    assert "the mail to ana@example.org goes out without its DKIM signature" in caplog.text
    assert "error" == finding.grade
    assert said in finding.text
    assert finding.text.endswith("until then mails go out unsigned")


def test_a_key_file_that_is_gone_costs_no_digest_and_is_told(tmp_path: Path) -> None:
    config = configured(tmp_path)
    (tmp_path / "dkim.pem").unlink()
    (finding,) = checkup.examine_dkim(config)

    assert b"DKIM-Signature" not in a_mail(config)
    assert "dkim.pem: mail.dkim_key_file: found No such file or directory" in finding.text


def test_a_key_of_a_kind_that_dkim_does_not_know_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(ConfigError, match="found ECPrivateKey"):
        signature.read_key(configured(tmp_path, key=curve).press.mail)


def test_the_key_may_stand_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSWATCH_DKIM_KEY", signature.make_key("ed25519").decode())
    (tmp_path / "presswatch.toml").write_text('[mail]\nfrom = "press@example.org"\ndkim_selector = "desk"\n')
    config = load(tmp_path)

    assert verifies(a_mail(config), config)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('dkim_key_file = "k.pem"', "wanted dkim_selector beside dkim_key_file"),
        ('dkim_selector = "a b"', 'wanted letters, digits, "-" and "."'),
        ('dkim_selector = "a"\ndkim_domain = "example.org; x"', "mail.dkim_domain: found 'example.org; x'"),
    ],
)
def test_settings_that_sign_nothing_or_break_the_header_are_refused(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "presswatch.toml").write_text(f'[mail]\nfrom = "press@example.org"\n{line}\n')
    with pytest.raises(ConfigErrors, match=re.escape(said)):
        load(tmp_path)


def test_a_signature_of_another_domain_than_the_senders_is_a_warning(tmp_path: Path) -> None:
    findings = list(checkup.examine_dkim(configured(tmp_path, 'dkim_domain = "other.example"\n')))

    assert ["ok", "warning"] == [finding.grade for finding in findings]
    assert "DMARC" in findings[1].text
    assert ["ok"] == [each.grade for each in checkup.examine_dkim(configured(tmp_path, 'dkim_domain = "org"\n'))]


def test_the_command_makes_a_key_once_and_prints_the_record_that_verifies(tmp_path: Path, desk: Desk) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "presswatch.toml").write_text('[mail]\nfrom = "Press Desk <press@example.org>"\n')
    made = desk.run(tmp_path, "config", "dkim", "dkim.pem").stdout
    again = json.loads(desk.run(tmp_path, "config", "dkim", "dkim.pem", "--json").stdout)
    settings = made[made.index("[mail]") :].replace("[mail]", '[mail]\nfrom = "Press Desk <press@example.org>"')
    (folder / "presswatch.toml").write_text(settings)
    config = load(folder)
    stored = json.loads(desk.run(tmp_path, "config", "dkim", "--json").stdout)

    assert 0o600 == (tmp_path / "dkim.pem").stat().st_mode & 0o777
    assert f"  value  {again['value']}\n" in made
    assert again == stored | {"made": False}
    assert again["name"] == "presswatch._domainkey.example.org"
    assert dkim.verify(a_mail(config), dnsfunc=lambda name, timeout=5: again["value"].encode())
    assert "".join(re.findall('"([^"]*)"', made[made.index("IN TXT (") : made.index(" )")])) == again["value"]


def test_without_a_sender_the_command_says_what_is_missing(tmp_path: Path, desk: Desk) -> None:
    done = desk.run(tmp_path, "config", "dkim", "dkim.pem", code=2)

    assert "mail.dkim_domain" in done.stderr
    assert not (tmp_path / "dkim.pem").exists()
