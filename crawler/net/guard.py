"""The address guard: it stands where connections are made, so nothing gets around it."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer

from crawler.addresses import Network, literal, networks, refusal
from crawler.errors import FetchRefused, UsageError


@dataclass(frozen=True)
class Guard:
    """Decides which addresses may be connected to, and where a name leads that is mapped by ``connect_to``."""

    allowed: tuple[Network, ...] = ()
    #: "host:port", "host" or "*" -> (address, port); as curl's --connect-to.
    connect_to: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    #: Host and port of the configured proxy, and the addresses that its name had at the start: they may be private.
    proxy: tuple[str, int] | None = None
    proxy_addresses: frozenset[str] = frozenset()

    @classmethod
    def of(cls, allow_private: Sequence[str], connect_to: Mapping[str, str], proxy: str = "") -> Guard:
        """Make a guard from the settings of ``[crawl]``."""
        targets: dict[str, tuple[str, int]] = {}
        for name, target in connect_to.items():
            host, _, port = target.rpartition(":")
            # A name is resolved here, once: what the guard sees later is always an address.
            bare = host.strip("[]")
            try:
                targets[name.lower()] = (bare if literal(bare) else socket.gethostbyname(bare), int(port))
            except (OSError, UnicodeError) as error:
                raise UsageError(
                    f'[crawl] connect_to: "{name}" leads to {bare}, which has no address ({error}); '
                    "write a name that can be resolved, or an IP address"
                ) from error
        if not proxy:
            return cls(networks(allow_private), targets)
        parts = urlsplit(proxy)
        proxy_host, proxy_port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        return cls(networks(allow_private), targets, (proxy_host, proxy_port), _resolved(proxy_host))

    def target(self, host: str, port: int) -> tuple[str, int] | None:
        """Say where a host is mapped to; None when it is not. "*" maps names only, never a literal address."""
        host = host.lower()
        exact = self.connect_to.get(f"{host}:{port}") or self.connect_to.get(host)
        if exact or literal(host) is not None or (self.proxy and host == self.proxy[0]):
            return exact
        return self.connect_to.get("*")

    def check(self, host: str, port: int = 0) -> None:
        """Refuse an address that may not be connected to, just before the connection."""
        if self.proxy is not None and host in self.proxy_addresses and port == self.proxy[1]:
            return
        self._refuse_private(host)

    def _refuse_private(self, host: str) -> None:
        address = literal(host)
        if address is None:
            # Connections are made to resolved addresses; a bare name here would be resolved behind our back.
            raise FetchRefused(host, "address refused", f"{host} was not resolved before the connection")
        if (why := refusal(address, self.allowed)) is not None:
            raise FetchRefused(host, "address refused", f"{host} is {why}; [crawl] allow_private can allow it")

    def check_literal(self, host: str) -> None:
        """Refuse a host that is itself a forbidden address, before anything is asked."""
        bare = host if host.endswith("]") else host.rsplit(":", 1)[0]
        port = int(host[len(bare) + 1 :] or 0)
        if literal(bare) is not None and self.target(bare, port) is None:
            self._refuse_private(bare.strip("[]"))


def _resolved(proxy: str) -> frozenset[str]:
    """Give every address of the proxy's name, as connections are made to it."""
    try:
        found = socket.getaddrinfo(proxy, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f'[crawl] proxy: "{proxy}" has no address ({error}); write a name that can be resolved, or an IP address'
        ) from error
    return frozenset(str(address[0]) for *_, address in found)


def install(reactor: Any, guard: Guard) -> None:
    """Put the guard before every TCP connection that this process makes through the reactor."""
    connect = reactor.connectTCP

    def guarded(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        guard.check(host, port)
        return connect(host, port, *args, **kwargs)

    reactor.connectTCP = guarded


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str):
        self.name = name

    def cancel(self) -> None:
        """Do nothing: the answer was given at once."""


@implementer(IHostnameResolver)
class Resolver:
    """Resolves names (IPv4 and IPv6) with the system's resolver, and mapped names without asking anybody."""

    def __init__(self, reactor: Any, guard: Guard):
        self._reactor = reactor
        self._guard = guard
        self._system = reactor.nameResolver

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Resolver:
        """Make the resolver for a process; the guard lies in its settings."""
        return cls(reactor, crawler.settings["PRESSWATCH_GUARD"])

    def install_on_reactor(self) -> None:
        """Resolve every name of this process, and guard every connection."""
        self._reactor.installNameResolver(self)
        install(self._reactor, self._guard)

    def resolveHostName(  # noqa: N802 (Twisted's name)
        self,
        receiver: Any,
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Any = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Give the addresses of a name to the receiver."""
        target = self._guard.target(hostName, portNumber)
        if target is None:
            return self._system.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)
        resolution = _Resolution(hostName)
        kind = IPv6Address if ":" in target[0] else IPv4Address
        receiver.resolutionBegan(resolution)
        receiver.addressResolved(kind("TCP", *target))
        receiver.resolutionComplete()
        return resolution
