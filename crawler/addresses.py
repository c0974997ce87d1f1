"""Which addresses are never asked, as an explicit list.

Python's ``is_global`` is no such list: it passes 192.0.0.192 and 168.63.129.16, where clouds keep their metadata.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: network -> what it is, as the refusal says it.
_REFUSED_4: dict[IPv4Network, str] = {
    IPv4Network(network): name
    for network, name in {
        "0.0.0.0/8": "this network",
        "10.0.0.0/8": "private",
        "100.64.0.0/10": "shared by a provider (CGNAT)",
        "127.0.0.0/8": "loopback",
        "168.63.129.16/32": "cloud metadata (Azure)",
        "169.254.0.0/16": "link-local, cloud metadata",
        "172.16.0.0/12": "private",
        "192.0.0.0/24": "protocol assignments, cloud metadata",
        "192.0.2.0/24": "documentation",
        "192.31.196.0/24": "reserved (AS112)",
        "192.52.193.0/24": "reserved (AMT)",
        "192.88.99.0/24": "reserved (6to4 relay)",
        "192.168.0.0/16": "private",
        "192.175.48.0/24": "reserved (AS112)",
        "198.18.0.0/15": "benchmarking",
        "198.51.100.0/24": "documentation",
        "203.0.113.0/24": "documentation",
        "224.0.0.0/4": "multicast",
        "240.0.0.0/4": "reserved, broadcast",
    }.items()
}
_REFUSED_6: dict[IPv6Network, str] = {
    IPv6Network(network): name
    for network, name in {
        "::/128": "unspecified",
        "::1/128": "loopback",
        "::/96": "IPv4-compatible, deprecated",
        "::ffff:0:0:0/96": "IPv4-translated",
        "64:ff9b:1::/48": "local translation (NAT64)",
        "100::/64": "discard",
        "2001::/23": "protocol assignments, Teredo",
        "2001:db8::/32": "documentation",
        "2620:4f:8000::/48": "reserved (AS112)",
        "3fff::/20": "documentation",
        "5f00::/16": "segment routing",
        "fc00::/7": "private (unique local), cloud metadata",
        "fe80::/10": "link-local",
        "fec0::/10": "private (site-local)",
        "ff00::/8": "multicast",
    }.items()
}
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")
#: The only part of IPv6 that is given out to the public.
_UNICAST_6 = IPv6Network("2000::/3")


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read the CIDRs of ``[crawl] allow_private``."""
    return tuple(ip_network(text, strict=False) for text in texts)


def literal(host: str) -> Address | None:
    """Read a host that is an address, also in the old forms (2130706433, 0x7f.1, 0177.0.0.1); None for a name."""
    bare = host.strip("[]").split("%", 1)[0]
    try:
        return ip_address(bare)
    except ValueError:
        pass
    if not bare or not bare[0].isdigit():
        return None
    try:
        # What the system's resolver would make of it.
        return IPv4Address(socket.inet_aton(bare))
    except OSError:
        return None


def refusal(address: Address, allowed: Iterable[Network] = ()) -> str | None:
    """Say why an address is not asked; None when it may be."""
    if any(address in network for network in allowed if network.version == address.version):
        return None
    if isinstance(address, IPv4Address):
        return next((name for network, name in _REFUSED_4.items() if address in network), None)
    inner = _embedded(address)
    if inner is not None:
        why = refusal(inner, allowed)
        return f"{inner} inside IPv6: {why}" if why else None
    if (why := next((name for network, name in _REFUSED_6.items() if address in network), None)) is not None:
        return why
    return None if address in _UNICAST_6 else "reserved"


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """Take out the IPv4 address that a gateway, or the kernel, would really go to."""
    if address in _MAPPED or address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    if address in _SIX_TO_FOUR:
        return IPv4Address((int(address) >> 80) & 0xFFFF_FFFF)
    return None
