"""Whether the mail server takes our mail, asked without sending any: connection, certificate, login, goodbye."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from digest.content import clean
from digest.finding import Finding

if TYPE_CHECKING:
    from crawler.config import MailConfig

#: Seconds for each answer.
TIMEOUT = 10.0
_SOON = timedelta(days=14)


def ask(settings: MailConfig, password: str, now: datetime, timeout: float = TIMEOUT) -> Iterator[Finding]:
    """Go as far as a mail would, up to its sender, and tell how far that was."""
    place = f"{settings.host}:{settings.port}"
    try:
        with _connected(settings, timeout) as smtp:
            said = _secured(smtp, settings)
            yield from _certificate(smtp, place, now)
            if settings.user:
                smtp.login(settings.user, password)
                said += f", and took the login of {settings.user}"
            yield Finding("ok", "mail server", f"{place} answers{said}")
    except (smtplib.SMTPException, OSError) as error:
        yield Finding("error", "mail server", f"{place}: {_why(error, settings, timeout)}")


def _connected(settings: MailConfig, timeout: float) -> smtplib.SMTP:
    if settings.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=timeout, context=context)
    return smtplib.SMTP(settings.host, settings.port, timeout=timeout)


def _secured(smtp: smtplib.SMTP, settings: MailConfig) -> str:
    """Greet the server and turn to TLS as configured; tell how the connection is kept from others' eyes."""
    smtp.ehlo_or_helo_if_needed()
    if settings.security == "none":
        return ", without encryption"
    if settings.security == "starttls":
        smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo()
    version = smtp.sock.version() if isinstance(smtp.sock, ssl.SSLSocket) else ""
    return f", with {version}"


def _certificate(smtp: smtplib.SMTP, place: str, now: datetime) -> Iterator[Finding]:
    if not isinstance(smtp.sock, ssl.SSLSocket):
        return
    until = str((smtp.sock.getpeercert() or {}).get("notAfter", ""))
    if until and ssl.cert_time_to_seconds(until) < (now + _SOON).timestamp():
        told = f"the certificate of {place} ends on {until}; then mails stop, so whoever runs it should renew it"
        yield Finding("warning", "mail server", told)


def _why(error: Exception, settings: MailConfig, timeout: float) -> str:
    """Say what stood in the way, and what can be done."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"it refuses the login of {settings.user} ({_said(error)}); mend [mail] user and its password"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        if settings.security == "starttls" and "STARTTLS" in str(error):
            return (
                'it offers no STARTTLS; set [mail] security = "tls" (often port 465), or "none" within a network of '
                "your own"
            )
        remedy = 'leave [mail] user empty, or see that the login is offered at this port, perhaps only with "tls"'
        return f"it takes no login ({error}); {remedy}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it answers {_said(error)}; ask whoever runs it"
    if isinstance(error, ssl.SSLCertVerificationError):
        remedy = "mend its certificate, or name its authority in the environment (SSL_CERT_FILE)"
        return f"its certificate is not to be trusted ({error.verify_message}); {remedy}"
    if isinstance(error, ssl.SSLError):
        remedy = 'set [mail] security = "starttls" (often port 587) or "none"' if settings.security == "tls" else ""
        return f"no TLS with it ({error.reason or error}); {remedy or 'see what its port expects'}"
    if isinstance(error, socket.gaierror):
        return f"its name is not known ({error.strerror}); mend [mail] host, or see that this machine reaches a DNS"
    if isinstance(error, TimeoutError) or "timed out" in str(error):  # smtplib wraps some
        other = "tls" if settings.security != "tls" else "starttls"
        return (
            f"no answer within {timeout:g} s; see that a firewall lets the port through, and whether "
            f'[mail] security = "{other}" belongs to it'
        )
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return f"it hung up ({error}); see that [mail] security belongs to its port"
    if isinstance(error, ConnectionRefusedError):
        return "nobody listens there; mend [mail] host and port, or start the mail server"
    return f"{error}; see [mail] in presswatch.toml"


def _said(error: smtplib.SMTPResponseException) -> str:
    text = error.smtp_error
    return f"{error.smtp_code} {clean(text.decode('utf-8', 'replace') if isinstance(text, bytes) else str(text))}"
