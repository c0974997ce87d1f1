"""What a newly found outlet is called in sources.toml, and what is written of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urlsplit

from crawler import invisible
from crawler.errors import UsageError
from crawler.opml import free_key
from crawler.records import Control, Kind, Source
from crawler.urls import normalise, site_of

if TYPE_CHECKING:
    from crawler.config import Config


class Found(Protocol):
    """What was found at an address, as far as it stands in sources.toml."""

    @property
    def url(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def homepage(self) -> str: ...  # noqa: D102
    @property
    def language(self) -> str: ...  # noqa: D102
    @property
    def feeds(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def sitemaps(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def sections(self) -> tuple[str, ...]: ...  # noqa: D102


def new_source(found: Found, config: Config, *, key: str, given: Mapping[str, str]) -> Source:
    """Make a source of what was found; what a person gave is taken before what the site says of itself.

    Channels that another source polls already are left to it; when that is all of them there is nothing to add.
    """
    polled = {normalise(url): source for source in config.sources.values() for _, url in source.channels()}
    feeds, sitemaps, sections = (
        tuple(url for url in urls if normalise(url) not in polled)
        for urls in (found.feeds, found.sitemaps, found.sections)
    )
    if not (feeds or sitemaps or sections):
        theirs = polled[normalise((*found.feeds, *found.sitemaps, *found.sections)[0])]
        raise UsageError(f'{found.url}: the source "{theirs.key}" ({theirs.name}) polls what was found there already')
    name = given.get("name") or invisible.fit(found.name) or urlsplit(found.homepage).netloc
    # What a person gave is checked with the file into which it is written.
    return Source(
        key=key or free_key(_key_words(name, found.homepage), config.sources),
        name=name,
        homepage=found.homepage,
        country=given.get("country", ""),
        language=given.get("language") or found.language,
        timezone=given.get("timezone") or None,
        kind=cast("Kind", given.get("kind") or "online"),
        control=cast("Control", given.get("control") or "unknown"),
        feeds=feeds,
        sitemaps=sitemaps,
        sections=sections,
    )


def _key_words(name: str, homepage: str) -> str:
    """Choose what a key is made of: the name, or the domain of an outlet whose name is not in Latin letters."""
    letters = [letter for letter in name if letter.isalnum()]
    if letters and sum(letter < "\u0250" for letter in letters) * 2 > len(letters):
        return name
    domain = site_of(homepage)
    if domain != (host := urlsplit(homepage).hostname or ""):
        return domain.split(".")[0]
    # An unknown suffix: the whole host was given. Its last label is no name, nor are the parts of an IP address.
    labels = host.split(".")
    return labels[-2] if len(labels) > 1 and not labels[-1].isdecimal() else host
