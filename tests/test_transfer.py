"""How parts of mails are written for their way."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.records import Delivery
from digest import transfer
from digest.deliver import signature
from digest.render import Rendered
from tests.test_deliver_signature import configured, verifies
from tests.test_mail_programs import a_mail

_ARABIC = "خبر طويل عن الميناء"
_SCRIPTS = {
    "en": ("The harbour is closed to ships of more than nine metres", "quoted-printable"),
    "de": ("Der Hafen bleibt für größere Schiffe geschlossen", "quoted-printable"),
    "uk": ("Служба безпеки повідомила про затримання програміста", "base64"),
    "ar": (_ARABIC, "base64"),
    "fa": ("گزارش بلند درباره بندر", "base64"),
    "zh": ("国家安全部门公布多起间谍案件", "base64"),
    "th": ("ภาษาไทยไม่มีการเว้นวรรคระหว่างคำ", "base64"),
}


def sent(text: str, html: str = "") -> bytes:
    mail = EmailMessage(policy=policy.SMTP)
    transfer.fill(mail, text, html)
    return mail.as_bytes()


def parts(mail: bytes) -> dict[str, EmailMessage]:
    parsed = message_from_bytes(mail, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return {part.get_content_subtype(): part for part in parsed.walk() if not part.is_multipart()}


@pytest.mark.parametrize("language", _SCRIPTS)
def test_each_script_goes_the_shorter_way_and_comes_back_as_it_was(language: str) -> None:
    text, encoding = _SCRIPTS[language]
    ((_, part),) = parts(sent(text)).items()

    assert encoding == part["Content-Transfer-Encoding"]
    # Without it, or as ASCII, SpamAssassin takes base64 for disguise (MIME_BASE64_TEXT).
    assert "utf-8" == part.get_content_charset()
    assert text == part.get_content().rstrip("\r\n")


def test_each_part_of_a_mail_goes_its_own_way() -> None:
    found = parts(sent(_ARABIC, f"<p class='{'x' * 999}'>{_ARABIC}</p>"))

    assert {"plain": "base64", "html": "quoted-printable"} == {
        kind: part["Content-Transfer-Encoding"] for kind, part in found.items()
    }


@given(st.text(st.characters(codec="utf-8")), st.text(st.sampled_from(f"{_ARABIC}é .=\t\r\n")))
@example(".\n..\nFrom me \n\t\n", "a\x0bb\x85c\u2028d\x00e\x1c=3D")
def test_any_text_comes_back_as_it_was_on_short_lines_of_seven_bits(text: str, html: str) -> None:
    mail = sent(text, f"<p>{html}</p>")
    found = parts(mail)

    def lines(whole: str) -> list[str]:
        return whole.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")

    assert lines(text) == lines(found["plain"].get_content())
    assert lines(f"<p>{html}</p>") == lines(found["html"].get_content())
    assert max(map(len, mail.split(b"\r\n"))) <= 78
    assert mail.isascii()
    assert b"\n" not in mail.replace(b"\r\n", b"")


def test_a_long_mail_in_arabic_grows_on_its_way_by_no_more_than_base64() -> None:
    page = f"<p>{_ARABIC}</p>\n".encode() * 2_000
    mail = a_mail(Rendered("Subject", page, page, b""))

    assert len(mail) < 1.5 * 2 * len(page)


def test_a_mail_in_base64_is_signed_as_any_other(tmp_path: Path) -> None:
    config, page = configured(tmp_path), f"<p>{_ARABIC}</p>\n".encode()
    row = Delivery(1, 1, "p", "s", "ana@example.net", "email", "<1@a>", a_mail(Rendered("Subject", page, page, b"")))
    mail = signature.signed(row, config.press.mail).body

    assert b"Content-Transfer-Encoding: base64" in mail
    assert verifies(mail, config)
    assert not verifies(mail.replace(b"Subject", b"Object", 1), config)
