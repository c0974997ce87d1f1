"""Whose page is it: the configured source of an address or name, or one made up of the address alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler import urls
from crawler.errors import UsageError
from crawler.records import Source

if TYPE_CHECKING:
    from crawler.config import Config  # workers get a finder, and have no use for what reads configurations


class SourceFinder:
    """Finds sources of pages that no channel served."""

    def __init__(self, config: Config, default: str = ""):
        if default and default not in config.sources:
            known = ", ".join(sorted(config.sources)) or "none"
            raise UsageError(f"no source has the key {default}; the configuration has: {known}")
        #: Where it is set, everything is this source's.
        self._default = config.sources.get(default)
        self._named: dict[str, Source] = {}
        self._hosts: dict[str, Source] = {}
        self._sites: dict[str, Source] = {}
        #: Hosts that a source's overrides name.
        self._overridden = [
            (host.removeprefix("www."), source)
            for source in config.sources.values()
            for override in source.overrides
            for host in override.hosts
        ]
        for source in config.sources.values():
            self._named.setdefault(source.key, source)
            self._named.setdefault(source.name.casefold(), source)
            self._hosts.setdefault(_bare(source.homepage), source)
            self._sites.setdefault(urls.site_of(source.homepage), source)

    def find(self, url: str, name: str = "") -> Source:
        """Find a source by its key or name, else by the host of an address, else by its site; or make one up."""
        if name and (found := self._named.get(name.casefold())):
            return found
        if not name:
            if self._default is not None:
                return self._default
            if found := self.known(url):
                return found
        label = name or urls.site_of(url) or "import"
        return Source(key=label, name=label, homepage=url)

    def known(self, url: str) -> Source | None:
        """Find the configured source of an address by its host, else by its site."""
        if not url or not self._hosts:
            return None
        host = _bare(url)
        named = next((at for name, at in self._overridden if host == name or host.endswith(f".{name}")), None)
        return self._hosts.get(host) or named or self._sites.get(urls.site_of(url))


def _bare(url: str) -> str:
    return urls.host_of(url).removeprefix("www.")
