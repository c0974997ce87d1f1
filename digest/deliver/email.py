"""Mail: the message is built once, kept, and sent as it is; its Message-ID comes from plan, slot and recipient.

So a second try after a crash is the same message to every mail program.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import smtplib
import ssl
from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import idna

from crawler.config.faults import Words
from crawler.errors import ConfigError, DeliveryError
from crawler.mailboxes import address_of, name_and_address
from crawler.records import Delivery
from digest import transfer
from digest.bounces import status_of
from digest.content import clean, clip

if TYPE_CHECKING:
    from crawler.config import Config, MailConfig
    from digest.render import Rendered

_TIMEOUT = 60.0
#: Refusals for want of a password or of encryption: the operator mends them, and the digests wait for it.
_OURS = (530, 534, 535, 538)
_TOO_LONG = 552
#: What OpenSSL says of a certificate of another host or address.
_WRONG_NAME = (62, 64)


def message(
    rendered: Rendered,
    *,
    sender: str,
    recipient: str,
    plan: str,
    title: str,
    slot: str,
    made_at: datetime,
    unsubscribe: str = "",
) -> bytes:
    """Build a digest's mail to one recipient; ``unsubscribe``: one or several addresses with a space between.

    No outside text can add a header: everything is one line before it gets into one.
    """
    mail = EmailMessage(policy=policy.SMTPUTF8 if _needs_utf8(recipient) else policy.SMTP)
    mail["From"] = sender_of(sender)
    local, _, domain = _ascii_domain(recipient).rpartition("@")
    mail["To"] = Address(username=local, domain=domain)
    mail["Subject"] = _plain(_one_line(rendered.subject))
    mail["Date"] = format_datetime(made_at)
    mail["Message-ID"] = message_id(plan, slot, recipient, sender)
    mail["List-Id"] = f"<{_slug(plan)}.presswatch.{_domain(sender)}>"
    leave = unsubscribe.split() or [unsubscribe_by_mail(sender, title)]
    mail["List-Unsubscribe"] = _Addresses("List-Unsubscribe", leave)
    if leave[0].startswith("https://"):
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    transfer.fill(mail, rendered.text.decode(), rendered.mail.decode())
    # A boundary of our own: a random one would make other bytes of the same message.
    mail.set_boundary("=_" + hashlib.sha256(f"{plan}\0{slot}\0{recipient}".encode()).hexdigest()[:40])
    return mail.as_bytes()


class _Addresses(str):
    """A header of addresses, each on a line of its own: Python would break long ones by encoding them as words."""

    name: str

    def __new__(cls, name: str, addresses: Sequence[str]) -> _Addresses:
        made = super().__new__(cls, ", ".join(f"<{_one_line(address)}>" for address in addresses))
        made.name = name
        return made

    def fold(self, *, policy: EmailPolicy) -> str:
        """Write it as it stands in a mail."""
        return f"{self.name}: {self.replace(', ', f',{policy.linesep} ')}{policy.linesep}"


def sender_of(sender: str) -> Address:
    """Read [mail] from: an address, or a name and an address in angle brackets; the name may hold what it will."""
    name, address = name_and_address(sender)
    shown = _plain(clip(clean(name), 100)) or "Presswatch"
    return Address(shown, addr_spec=_ascii_domain(address or "presswatch@localhost"))


def message_id(plan: str, slot: str, recipient: str, sender: str) -> str:
    """Derive the Message-ID of one delivery."""
    digest = hashlib.sha256("\0".join((plan, slot, recipient)).encode()).hexdigest()
    return f"<{digest[:40]}@{_domain(sender)}>"


def unsubscribe_by_mail(sender: str, title: str) -> str:
    """Give the mailto address by which somebody asks to leave; a person reads it, as it is not signed."""
    address = _ascii_domain(address_of(sender) or "presswatch@localhost")
    return f"mailto:{quote(address, safe='@')}?subject={quote('Unsubscribe: ' + clip(clean(title), 60))}"


def deliver(delivery: Delivery, config: Config) -> None:
    """Hand a mail to the server of [mail]; a refusal says whether a later try may succeed."""
    settings = config.press.mail
    sender = address_of(settings.sender)
    if not settings.host or not sender:
        missing = "host" if not settings.host else "from"
        raise DeliveryError(
            f"{delivery.recipient}: [mail] {missing} is empty in presswatch.toml, so no mail is sent", True
        )
    try:
        smtp = _connect(settings)
    except smtplib.SMTPResponseException as error:
        # A wrong password is mended by the operator; the digests wait for it.
        raise DeliveryError(_told(delivery, settings, error.smtp_code, error.smtp_error), True) from error
    except (smtplib.SMTPException, OSError) as error:
        where = f"{settings.host}:{settings.port}"
        raise DeliveryError(f"{delivery.recipient}: {where}: {error}{_remedy(error)}", True) from error
    try:
        _send(smtp, sender, delivery, settings)
    finally:
        _leave(smtp)


def trust(settings: MailConfig) -> ssl.SSLContext:
    """Trust the system's authorities (or those of SSL_CERT_FILE), and those of [mail] ca_file."""
    context = ssl.create_default_context()
    if settings.ca_file:
        try:
            context.load_verify_locations(Path(settings.ca_file).expanduser())
        except OSError as error:
            found = Words(error.strerror or error)
            raise ConfigError(Path(settings.ca_file), None, "mail.ca_file", found, "certificates in PEM") from error
    return context


def _remedy(error: Exception) -> str:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return ""
    if error.verify_code in _WRONG_NAME:
        return "; [mail] host must be a name that stands in its certificate"
    return "; if it is a server of your own, set [mail] ca_file to the certificate that its own is signed with"


def _connect(settings: MailConfig) -> smtplib.SMTP:
    context = trust(settings)
    smtp: smtplib.SMTP
    if settings.security == "tls":
        smtp = smtplib.SMTP_SSL(settings.host, settings.port, timeout=_TIMEOUT, context=context)
    else:
        smtp = smtplib.SMTP(settings.host, settings.port, timeout=_TIMEOUT)
    try:
        smtp.ehlo_or_helo_if_needed()
        if settings.security == "starttls":
            smtp.starttls(context=context)
        if settings.user:
            _log_in(smtp, settings.user, settings.password(os.environ))
    except BaseException:
        smtp.close()
        raise
    return smtp


def _log_in(smtp: smtplib.SMTP, user: str, password: str) -> None:
    if user.isascii() and password.isascii():
        smtp.login(user, password)
        return
    # smtplib knows ASCII only; PLAIN takes UTF-8 (RFC 4616).
    smtp.ehlo_or_helo_if_needed()
    said = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    code, text = smtp.docmd("AUTH", f"PLAIN {said}")
    if code not in {235, 503}:
        raise smtplib.SMTPAuthenticationError(code, text)


def _send(smtp: smtplib.SMTP, sender: str, delivery: Delivery, settings: MailConfig) -> None:
    recipient = _ascii_domain(delivery.recipient)
    options = []
    if _needs_utf8(recipient):
        if not smtp.has_extn("smtputf8"):
            raise DeliveryError(f"{recipient}: {settings.host} takes no addresses beyond ASCII (SMTPUTF8)", False)
        options.append("SMTPUTF8")
    try:
        smtp.sendmail(_ascii_domain(sender), [recipient], delivery.body, mail_options=options)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        temporary = code < 500 or code in _OURS
        raise DeliveryError(_told(delivery, settings, code, text), temporary, status_of(said, code)) from error
    except smtplib.SMTPSenderRefused as error:
        # All would die of what the operator can mend: the sender. Only a mail that is too long stays so.
        raise DeliveryError(
            _told(delivery, settings, error.smtp_code, error.smtp_error), error.smtp_code != _TOO_LONG
        ) from error
    except smtplib.SMTPResponseException as error:
        permanent = 500 <= error.smtp_code < 600 and error.smtp_code not in _OURS
        raise DeliveryError(_told(delivery, settings, error.smtp_code, error.smtp_error), not permanent) from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(f"{delivery.recipient}: {settings.host}:{settings.port}: {error}", True) from error


def _leave(smtp: smtplib.SMTP) -> None:
    """Say goodbye; a server that is gone by then has still taken the message, and a second try would double it."""
    try:
        smtp.quit()
    except (smtplib.SMTPException, OSError):
        smtp.close()


def _told(delivery: Delivery, settings: MailConfig, code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{delivery.recipient}: {settings.host} answered {code} {clean(said)}"


def _needs_utf8(address: str) -> bool:
    return not address.rpartition("@")[0].isascii()


def _ascii_domain(address: str) -> str:
    local, _, domain = _one_line(address).rpartition("@")
    if domain.isascii():
        return f"{local}@{domain}"
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except idna.IDNAError as error:
        raise DeliveryError(f"{address}: {domain} is no domain ({error})", False) from error


def _domain(sender: str) -> str:
    domain = _ascii_domain(address_of(sender)).rpartition("@")[2] if "@" in sender else ""
    return re.sub(r"[^A-Za-z0-9.-]", "", domain) or "presswatch.invalid"


def _slug(name: str) -> str:
    plain = re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-")
    return plain or hashlib.sha256(name.encode()).hexdigest()[:12]


def _plain(text: str) -> str:
    """Keep a text from being read as an encoded word, which may hide the end of a line and another header behind it.

    What is put between its signs is not seen.
    """
    return text.replace("=?", "=\u2060?")


def _one_line(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", text).split())


def subject_of(body: bytes) -> str:
    """Read the subject back from a kept message."""
    return str(message_from_bytes(body, policy=policy.default)["Subject"])
