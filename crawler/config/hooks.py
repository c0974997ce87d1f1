"""Addresses of web hooks: in which form they are asked, and which of them lie in a network of ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler import addresses, invisible
from crawler.urls import follow, is_fetchable

_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
#: Names that are given in a network of one's own alone (RFC 6761, 6762, 8375 and what routers and offices write).
_LOCAL = re.compile(r"(?:.*\.)?(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa)")
_LOOPBACK = ("127.0.0.1", "::1")


def asked(address: str) -> str:
    """Write an address as it is asked: its host for DNS, other letters quoted; ValueError for what cannot be asked."""
    if "://" not in address or not address.lower().startswith(("https://", "http://")):
        raise ValueError('an address that begins with "https://" or "http://"')
    if unfit := invisible.unfit(address):
        raise ValueError(f"an address without {unfit}")
    if re.search(r"[\s\\]", address):
        raise ValueError("an address without spaces and backslashes; write %20 or %5C where one is meant")
    written = follow("", address) if is_fetchable(address) else None
    if written is None or not _can_be(written):
        raise ValueError('an address with a host that can exist, such as "https://example.org/hook"')
    return written


def _can_be(address: str) -> bool:
    parts = urlsplit(address)
    host = parts.hostname or ""
    return parts.port != 0 and (addresses.literal(host) is not None or bool(_HOST.fullmatch(host)))


def of_our_network(address: str, allowed: Sequence[str] = ()) -> str:
    """Say why an address lies in a network of ours as it is written, without asking DNS; "" when it need not.

    ``allowed`` is [crawl] allow_private: ranges that may be reached nevertheless.
    """
    host = urlsplit(asked(address)).hostname or ""
    ranges = addresses.networks(allowed)
    if (literal := addresses.literal(host)) is not None:
        why = addresses.refusal(literal, ranges)
        return f"{host} is {why}" if why else ""
    if host == "localhost" or host.endswith(".localhost"):
        found = [addresses.literal(each) for each in _LOOPBACK]
        return "" if any(each and not addresses.refusal(each, ranges) for each in found) else f"{host} is loopback"
    is_local = "." not in host or _LOCAL.fullmatch(host)
    return f"{host} is a name of a private network" if is_local and not ranges else ""
