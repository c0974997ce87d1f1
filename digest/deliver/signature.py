"""DKIM: a mail is signed when it is put into the outbox, so that every try sends the same bytes.

A key that cannot be used costs no digest: the mail goes out unsigned, the log says so, and doctor names the remedy.
Servers take unsigned mail, most of it by the address of its sender; a digest that waits for a key is late for sure.
"""

from __future__ import annotations

import base64
import logging
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import idna

from crawler.config.faults import Words
from crawler.errors import ConfigError
from crawler.mailboxes import address_of
from crawler.records import Delivery

if TYPE_CHECKING:
    from crawler.config import MailConfig

_log = logging.getLogger(__name__)

#: What the signature covers where a mail has it; From and Subject once more, so that nobody can add a second one.
_COVERED = (
    "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "List-Id", "List-Unsubscribe",
    "List-Unsubscribe-Post", "Auto-Submitted",
)  # fmt: skip
_ONCE_MORE = ("From", "Subject")
#: Receivers refuse shorter ones (RFC 8301).
_SHORTEST_RSA = 1024


@dataclass(frozen=True, slots=True)
class Key:
    """A private key, as the signer takes it, and its public half, as DNS shows it."""

    algorithm: Literal["rsa-sha256", "ed25519-sha256"]
    private: bytes
    public: bytes

    @property
    def record(self) -> str:
        """Give the text of the DNS record by which receivers know the key."""
        return f"v=DKIM1; k={self.algorithm.partition('-')[0]}; p={base64.b64encode(self.public).decode()}"


def signed(delivery: Delivery, settings: MailConfig) -> Delivery:
    """Put a signature in front of a mail; without [mail] dkim_selector, or when that fails, give it as it is."""
    if delivery.channel != "email" or not settings.dkim_selector:
        return delivery
    try:
        return replace(delivery, body=_signature(delivery.body, settings) + delivery.body)
    except ConfigError as error:
        _log.error("the mail to %s goes out without its DKIM signature: %s", delivery.recipient, error)
        return delivery


def _signature(message: bytes, settings: MailConfig) -> bytes:
    key = read_key(settings)
    import dkim  # an extra

    names = [line.partition(b":")[0].decode() for line in message.partition(b"\r\n\r\n")[0].split(b"\r\n")]
    there = {name.lower() for name in names}
    covered = [name for name in (*_COVERED, *_ONCE_MORE) if name.lower() in there]
    try:
        found: bytes = dkim.sign(
            message,
            settings.dkim_selector.encode(),
            domain_of(settings).encode(),
            key.private,
            canonicalize=(b"relaxed", b"relaxed"),
            signature_algorithm=key.algorithm.encode(),
            include_headers=[name.encode() for name in covered],
        )
    except dkim.DKIMException as error:
        raise _unusable(settings, str(error)) from error
    return found


def read_key(settings: MailConfig) -> Key:
    """Read the key of [mail], or say what is wrong with it."""
    _need_the_extra()
    need_domain(settings)
    pem = settings.dkim_key(os.environ)
    if not pem:
        raise _unusable(settings, "", "a file with a private key; `presswatch config dkim` makes one")
    return _key(pem, settings)


def need_domain(settings: MailConfig) -> None:
    """Refuse to sign for nobody."""
    if not domain_of(settings):
        wanted = "a domain, as [mail] from in presswatch.toml has none"
        raise ConfigError(Path("presswatch.toml"), None, "mail.dkim_domain", settings.dkim_domain, wanted)


def _need_the_extra() -> None:
    try:
        import dkim  # noqa: F401  (an extra)
    except ImportError as error:
        wanted = 'empty, or dkimpy must be there: pip install "presswatch[dkim]"'
        raise ConfigError(Path("presswatch.toml"), None, "mail.dkim_selector", Words("set"), wanted) from error


def _key(pem: str, settings: MailConfig) -> Key:
    from cryptography.hazmat.primitives import serialization  # slow, and comes with the extra
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    try:
        private = serialization.load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError) as error:  # no PEM; with a passphrase
        raise _unusable(settings, Words(error)) from error
    public = private.public_key()
    if isinstance(private, rsa.RSAPrivateKey) and isinstance(public, rsa.RSAPublicKey):
        if private.key_size < _SHORTEST_RSA:
            raise _unusable(settings, Words(f"an RSA key of {private.key_size} bits"), "one of 2048 bits")
        whole = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        shown = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return Key("rsa-sha256", whole, shown)
    if isinstance(private, ed25519.Ed25519PrivateKey) and isinstance(public, ed25519.Ed25519PublicKey):
        return Key("ed25519-sha256", base64.b64encode(private.private_bytes_raw()), public.public_bytes_raw())
    raise _unusable(settings, Words(type(private).__name__))


def _unusable(settings: MailConfig, found: object, wanted: str = "") -> ConfigError:
    where = settings.dkim_key_file or "PRESSWATCH_DKIM_KEY"
    wanted = wanted or "an RSA or Ed25519 private key in PEM, without a passphrase"
    return ConfigError(Path(where), None, "mail.dkim_key_file", found, wanted)


def domain_of(settings: MailConfig) -> str:
    """Give the domain that signs: dkim_domain, or that of the sender."""
    domain = settings.dkim_domain or address_of(settings.sender).rpartition("@")[2]
    try:
        return idna.encode(domain, uts46=True).decode("ascii") if domain else ""
    except idna.IDNAError:
        return ""


def record_name(settings: MailConfig) -> str:
    """Name the DNS record in which receivers look for the key."""
    return f"{settings.dkim_selector}._domainkey.{domain_of(settings)}"


def cut(record: str) -> list[str]:
    """Cut a record into the quoted texts of at most 255 letters of which DNS makes one."""
    return [f'"{record[start : start + 255]}"' for start in range(0, len(record), 255)]


def make_key(kind: Literal["rsa", "ed25519"]) -> bytes:
    """Make a new private key, in PEM."""
    from cryptography.hazmat.primitives import serialization  # slow
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    private = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ed25519.Ed25519PrivateKey.generate()
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
