"""What the worker processes do: read one page or one channel that somebody else wrote, however hostile it is.

Everything goes in and comes out as plain records; what a page or feed breaks comes out of ``Workers`` as a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from crawler import copies, extract
from crawler.polling import Contents
from crawler.records import Article, ChannelKind, Entry, Fetched, Source
from crawler.spiders.feed import parse_feed
from crawler.spiders.section import links
from crawler.spiders.sitemap import parse_sitemap

#: The longest one in the corpus of real pages has 175 characters.
_LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """An article and what is computed from its text before it is written."""

    article: Article
    #: For finding copies.
    fingerprints: frozenset[int]
    #: Hashes of its blocks, for telling what a host repeats on every page.
    blocks: tuple[int, ...] = ()


def read_page(fetched: Fetched, source: Source, host_blocks: Mapping[int, int]) -> Reading:
    """Extract the article of a page; raise NoArticle when it holds none."""
    return reading(extract.extract(fetched, source, host_blocks))


def read_entry(entry: Entry, source: Source, reason: str) -> Reading:
    """Make an article of what a feed says of a page that cannot be had for a reason."""
    article = _bounded(extract.from_entry(entry, source, reason))
    # No blocks: a feed's summary says nothing of how the pages of its host look.
    return Reading(article, copies.fingerprint(article.text, article.language))


def reading(article: Article) -> Reading:
    """Compute what goes with an article."""
    article = _bounded(article)
    fingerprints = copies.fingerprint(article.text, article.language)
    return Reading(article, fingerprints, tuple(extract.block_hashes(article.text)))


def _bounded(article: Article) -> Article:
    """Cut a title that is none: it would fill every list and digest that shows it."""
    if len(article.title) <= _LONGEST_TITLE:
        return article
    return replace(article, title=f"{article.title[:_LONGEST_TITLE].rsplit(None, 1)[0]}…")


def read_channel(kind: ChannelKind, body: bytes, content_type: str, url: str) -> Contents:
    """Read what a channel served; what is not what it should be says so in its problem."""
    return _PARSERS[kind](body, content_type, url)


_PARSERS: Mapping[ChannelKind, Callable[[bytes, str, str], Contents]] = {
    "feed": parse_feed,
    "sitemap": parse_sitemap,
    "section": links,
}
