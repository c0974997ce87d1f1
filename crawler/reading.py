"""What the worker processes do: read one page or one channel that somebody else wrote, however hostile it is.

Everything goes in and comes out as plain records; what a page or feed breaks comes out of ``Workers`` as a fault.
The crawl itself only names these functions: what they need is imported where it is used, which is in the workers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING

from crawler import copies, extract
from crawler.backfill.window import Sifted, Window, sift
from crawler.errors import NoArticle
from crawler.polling import Contents
from crawler.records import Article, ChannelKind, Entry, Fetched, Source
from crawler.shells import needs_javascript

if TYPE_CHECKING:
    from crawler.spiders.back_issues import Kind, Listing

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_HEADLINE = re.compile(rb"<h1\b[^>]{0,1000}>(.{1,2000}?)</h1", re.IGNORECASE | re.DOTALL)
_TAG = re.compile("<[^>]*>")
#: The longest one in the corpus of real pages has 175 characters.
_LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """An article and what is computed from its text before it is written."""

    article: Article
    #: For finding copies.
    fingerprints: frozenset[int]
    #: Hashes of the blocks of its text, for telling what a host repeats on every page.
    blocks: tuple[int, ...] = ()
    #: Those of its page that its text is without.
    taken: tuple[int, ...] = ()
    #: The sentence by which the page takes its article back; "" when it does not.
    withdrawal: str = ""

    def of(self, raw_ref: str | None) -> Reading:
        """Say where the raw page lies that it was read from."""
        return self if raw_ref is None else replace(self, article=replace(self.article, raw_ref=raw_ref))


def read_page(fetched: Fetched, source: Source, host_blocks: Collection[int], obey_tdm: bool = False) -> Reading:
    """Extract the article of a page; raise NoArticle when it holds none, or none that was asked for.

    Not asked for are languages that the source does not want, and with ``obey_tdm`` pages that are reserved.
    """
    article = _extract(fetched, source, host_blocks, obey_tdm)
    check_language(article, source.languages)
    return reading(article)


def read_article(fetched: Fetched, source: Source) -> Article:
    """Extract the article of a page that is not to be kept: what goes with one that is, is not computed."""
    return _bounded(_extract(fetched, source, (), False))


def check_language(article: Article, wanted: Collection[str]) -> None:
    """Raise NoArticle when the language of an article is none of these; where there are none, every one will do.

    A guess from the source's usual language drops nothing: only what the text or the page itself says.
    """
    spoken = article.language.partition("-")[0]
    said_by = article.evidence.get("language", "")
    if wanted and spoken and spoken not in wanted and said_by in ("text", "page"):
        raise NoArticle("language", f"it is in {spoken} (by its {said_by}); asked for: {', '.join(wanted)}")


def _extract(fetched: Fetched, source: Source, host_blocks: Collection[int], obey_tdm: bool) -> Article:
    try:
        article = extract.extract(fetched, source, host_blocks)
    except NoArticle as why:
        if why.reason == "no article" and needs_javascript(fetched.body):
            raise NoArticle("needs javascript", f"{why}; its scripts would bring the text") from why
        raise
    if obey_tdm and article.tdm_reserved:
        where = article.evidence.get("tdm_reserved", "")
        raise NoArticle("tdm reserved", f"reserved by its {where} {article.tdm_policy or ''}".strip())
    return article


def read_again(fetched: Fetched, source: Source, host_blocks: Collection[int], obey_tdm: bool = False) -> Reading | str:
    """Extract the article of a page that gave one before; of a page that only says that it is withdrawn, that note."""
    from crawler.rechecks import withdrawals

    try:
        found = reading(_extract(fetched, source, host_blocks, obey_tdm))
    except NoArticle:
        headline, lines = _shown(fetched)
        note = withdrawals.find_note(headline, "\n".join(lines))
        if not note:
            raise
        return note
    article = found.article
    note = withdrawals.find_note(article.title, article.text)
    if not note and _has_another_headline(fetched.body, article.title):
        # It may say so where what the page declares as its title stays as it was.
        note = withdrawals.find_note(_shown(fetched)[0], "")
    return replace(found, withdrawal=note)


def _has_another_headline(body: bytes, title: str) -> bool:
    """Tell whether a page may show another headline than its article got: parsing it once more costs a third."""
    shown = _HEADLINE.search(body)
    if shown is None:
        return False
    text = unescape(_TAG.sub(" ", shown[1].decode("utf-8", "replace")))
    return "".join(text.split()) != "".join(title.split())


def _shown(fetched: Fetched) -> tuple[str, list[str]]:
    """Give the headline that a page shows, and its lines from there on; all of them when there is none."""
    from crawler.extract.page import parse

    parsed = parse(fetched.body, fetched.content_type, fetched.final_url)
    lines = [line for line in parsed.lines if not line.chrome]
    at = next((at for at, line in enumerate(lines) if line.tag == "h1"), None)
    texts = [line.text for line in lines]
    return ("", texts) if at is None else (texts[at], texts[at + 1 :])


def read_entry(entry: Entry, source: Source, reason: str, now: datetime | None = None) -> Reading:
    """Make an article of what a feed says of a page that cannot be had for a reason."""
    article = _bounded(extract.from_entry(entry, source, reason, now))
    check_language(article, source.languages)
    # No blocks: a feed's summary says nothing of how the pages of its host look.
    return Reading(article, copies.fingerprint(article.text))


def reading(article: Article) -> Reading:
    """Compute what goes with an article."""
    article = _bounded(article)
    fingerprints = copies.fingerprint(article.text)
    taken = "\n".join(line.text for line in article.taken_out)
    blocks = extract.block_hashes
    return Reading(article, fingerprints, tuple(blocks(article.text)), tuple(blocks(taken)))


def _bounded(article: Article) -> Article:
    """Cut a title that is none, which would fill every list and digest that shows it; take out what is no text."""
    title = _text(article.title)
    if len(title) > _LONGEST_TITLE:
        title = f"{title[:_LONGEST_TITLE].rsplit(None, 1)[0]}…"
    return replace(
        article,
        title=title,
        lead=_text(article.lead),
        text=_text(article.text),
        authors=tuple(filter(None, map(_text, article.authors))),
        tags=tuple(filter(None, map(_text, article.tags))),
        site_name=article.site_name and _text(article.site_name),
        credited_to=article.credited_to and _text(article.credited_to),
        taken_out=tuple(replace(line, text=_text(line.text)) for line in article.taken_out),
    )


def _text(text: str) -> str:
    """Take control characters and halves of characters out: JSON-LD may write any, such as \\u0000."""
    return text if text.isascii() and text.isprintable() else _NO_TEXT.sub("", text)


def read_channel(kind: ChannelKind, body: bytes, content_type: str, url: str) -> Contents:
    """Read what a channel served; what is not what it should be says so in its problem."""
    from crawler.spiders.feed import parse_feed
    from crawler.spiders.section import links
    from crawler.spiders.sitemap import parse_sitemap

    parsers: Mapping[ChannelKind, Callable[[bytes, str, str], Contents]] = {
        "feed": parse_feed,
        "sitemap": parse_sitemap,
        "section": links,
    }
    return parsers[kind](body, content_type, url)


def read_list(
    kind: Kind, body: bytes, content_type: str, url: str, window: Window, site: str
) -> tuple[Listing, Sifted]:
    """Read a list of older articles, and choose those of a window: fifty thousand entries are much to look through."""
    from crawler.spiders.back_issues import read_listing

    listing = read_listing(kind, body, content_type, url)
    return replace(listing, entries=()), sift(listing.entries, window, site)
