"""Who reaches the web page: the addresses that it may listen on, and what is not as safe as it could be."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

from crawler.errors import UsageError
from digest.leaving import public_host

#: The names of this machine, by which only somebody on it asks.
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def check_address(host: str, has_users: Callable[[], bool]) -> str:
    """Give the address to listen on; refuse all but this machine's own as long as nobody has to log in."""
    bare = host.strip().removeprefix("[").removesuffix("]")
    if bare.lower() == "localhost":
        return "127.0.0.1"
    try:
        address = str(ip_address(bare))
    except ValueError:
        raise UsageError(
            f"the web page cannot be served on {host!r}: that is no address of a machine; "
            "use 127.0.0.1, ::1 or localhost, or one that this machine has, such as 192.168.1.2"
        ) from None
    # Of the others of this machine (127.0.0.2) the Host check knows nothing.
    if address not in LOOPBACK and not has_users():
        raise UsageError(
            f"the web page cannot be served on {host!r}: there are no users yet, so that everybody who reaches it "
            "could read and change everything; make one (presswatch user add NAME --role editor), or use "
            "127.0.0.1, ::1 or localhost, and an SSH tunnel from elsewhere"
        )
    return address


def in_the_clear(address: str, public_url: str) -> str:
    """Warn of passwords that others on the way could read; "" where none go."""
    if public_url.lower().startswith("https:"):
        return ""
    public = bool(public_url) and public_host(public_url).strip("[]") not in LOOPBACK
    if not public and address in LOOPBACK:
        return ""
    where = f"to {public_url if public else address}"
    remedy = "put a proxy with https before the page, and set [web] public_url to its address"
    return f"passwords, and all that is read, travel in the clear {where}: {remedy}"
