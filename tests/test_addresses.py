"""The address guard, without a connection to anywhere."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses import literal, networks, refusal
from crawler.errors import FetchRefused, UsageError
from crawler.net.guard import Guard, install

REFUSED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.8.8.8",
    "168.63.129.16",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.168.1.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::1",
]
ALLOWED = [
    "1.1.1.1",
    "8.8.8.8",
    "100.128.0.1",
    "172.32.0.1",
    "192.0.1.1",
    "198.20.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
]


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_not_public_is_refused(address: str) -> None:
    assert refusal(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ALLOWED)
def test_public_addresses_pass(address: str) -> None:
    assert refusal(ipaddress.ip_address(address)) is None


@given(st.ip_addresses())
def test_nothing_passes_that_python_knows_to_be_private(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if (inner or address).is_private or address.is_multicast or address.is_link_local:
        assert refusal(address)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("0xa9.0xfe.0xa9.0xfe", "169.254.169.254"),
        ("[::1]", "::1"),
        ("[fe80::1%eth0]", "fe80::1"),
    ],
)
def test_addresses_are_known_in_their_odd_forms(host: str, address: str) -> None:
    assert literal(host) == ipaddress.ip_address(address)


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org", "1e100.net", "3com.com", "", "dead.beef"])
def test_names_are_no_addresses(host: str) -> None:
    assert literal(host) is None


def test_an_allowed_range_opens_only_itself() -> None:
    allowed = networks(["127.0.0.0/8", "fd12::/16"])

    assert refusal(ipaddress.ip_address("127.0.0.1"), allowed) is None
    assert refusal(ipaddress.ip_address("::ffff:127.0.0.1"), allowed) is None
    assert refusal(ipaddress.ip_address("fd12::1"), allowed) is None
    assert refusal(ipaddress.ip_address("::1"), allowed)
    assert refusal(ipaddress.ip_address("10.0.0.1"), allowed)


class Reactor:
    """A reactor that notes where it would connect to."""

    def __init__(self) -> None:
        self.connected: list[tuple[str, int]] = []

    def connectTCP(self, host: str, port: int, *_: Any, **__: Any) -> None:
        self.connected.append((host, port))


@pytest.fixture
def reactor() -> Reactor:
    return Reactor()


@pytest.mark.parametrize("address", REFUSED)
def test_no_connection_is_made_to_a_refused_address(reactor: Reactor, address: str) -> None:
    install(reactor, Guard())
    with pytest.raises(FetchRefused) as refused:
        reactor.connectTCP(address, 80)

    assert refused.value.reason == "address refused"
    assert reactor.connected == []


def test_a_connection_to_a_public_address_is_made(reactor: Reactor) -> None:
    install(reactor, Guard())
    reactor.connectTCP("8.8.8.8", 443, object(), timeout=3)

    assert reactor.connected == [("8.8.8.8", 443)]


def test_a_name_that_was_not_resolved_is_refused(reactor: Reactor) -> None:
    """A bare name would be resolved again behind the guard."""
    install(reactor, Guard())
    with pytest.raises(FetchRefused):
        reactor.connectTCP("localhost", 80)


def test_the_configured_proxy_may_be_private(reactor: Reactor) -> None:
    install(reactor, Guard.of([], {}, "http://user:word@10.0.0.7:3128"))
    reactor.connectTCP("10.0.0.7", 3128)
    with pytest.raises(FetchRefused):
        reactor.connectTCP("10.0.0.7", 80)

    assert reactor.connected == [("10.0.0.7", 3128)]


def test_a_proxy_may_be_given_by_its_name(reactor: Reactor) -> None:
    install(reactor, Guard.of([], {}, "http://localhost:3128"))
    reactor.connectTCP("127.0.0.1", 3128)
    with pytest.raises(FetchRefused):
        reactor.connectTCP("127.0.0.1", 80)

    assert reactor.connected == [("127.0.0.1", 3128)]


def test_no_page_may_name_the_address_of_the_proxy() -> None:
    with pytest.raises(FetchRefused):
        Guard.of([], {}, "http://10.0.0.7:3128").check_literal("10.0.0.7:3128")


def test_a_proxy_whose_name_leads_nowhere_is_told_with_the_remedy() -> None:
    with pytest.raises(UsageError, match=r'\[crawl\] proxy: "a\.\.b" has no address .*; write a name'):
        Guard.of([], {}, "http://a..b:3128")


def test_a_star_maps_names_but_never_literal_addresses() -> None:
    guard = Guard.of(["127.0.0.0/8"], {"*": "127.0.0.1:8080", "other.example": "127.0.0.1:9"})

    assert guard.target("news.example", 80) == ("127.0.0.1", 8080)
    assert guard.target("OTHER.example", 443) == ("127.0.0.1", 9)
    assert guard.target("169.254.169.254", 80) is None
    assert guard.target("2852039166", 80) is None


def test_a_mapped_name_still_has_to_lead_to_an_allowed_address() -> None:
    guard = Guard.of([], {"news.example": "10.0.0.1:80"})
    target = guard.target("news.example", 80)

    assert target is not None
    with pytest.raises(FetchRefused):
        guard.check(*target)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "2130706433", "[::1]", "[::1]:80", "0x7f.1"])
def test_a_literal_host_is_refused_before_anything_is_asked(host: str) -> None:
    with pytest.raises(FetchRefused):
        Guard().check_literal(host)
