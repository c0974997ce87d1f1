"""Mail addresses: the one form by which a recipient is known, and who sends."""

from __future__ import annotations

import re

import idna

_ADDRESS = re.compile(r"[^\s<>,\x00-\x1f\x7f-\x9f\ud800-\udfff]+@[^@\s<>,\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def mailbox(text: str) -> str:
    """Write an address as recipients are known by it; "" when it is none.

    Its domain is in small letters and in ASCII (IDNA); the part before it is the receiver's own, and stays as it is.
    """
    bare = text.strip().removeprefix("<").removesuffix(">")
    if len(bare) > 1_000 or not _ADDRESS.fullmatch(bare):
        return ""
    local, _, domain = bare.rpartition("@")
    domain = domain.rstrip(".").lower()
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError:
            return ""
    return f"{local}@{domain}" if domain else ""


def name_and_address(sender: str) -> tuple[str, str]:
    """Read [mail] from: an address, or a name, which may hold what it will, and an address in angle brackets."""
    # Not parseaddr, which takes "Desk, Press <press@example.org>" for two senders.
    name, _, address = sender.rpartition("<")
    return name.strip().strip('"'), address.strip().removesuffix(">")


def address_of(sender: str) -> str:
    """Give the address in [mail] from; "" when there is none."""
    return name_and_address(sender)[1]
