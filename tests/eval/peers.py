"""The other extractors that ours is measured beside, each used as its documents say, none of them on the network."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

from trafilatura import bare_extraction
from trafilatura.settings import Document

from tests.eval.score import Case, Found

Extractor = Callable[[Case, bytes], Found | None]


def of_trafilatura(**options: bool) -> Extractor:
    """Make an extractor of trafilatura with these options."""

    def find(case: Case, body: bytes) -> Found | None:
        document = bare_extraction(body, url=case.url, with_metadata=True, include_comments=False, **options)
        if not isinstance(document, Document):
            return None
        names = tuple(document.author.split("; ")) if document.author else ()
        return Found(document.text or "", document.title, names, document.date)

    return find


def _newspaper(case: Case, body: bytes) -> Found | None:
    import newspaper  # only who compares has it
    import tldextract.tldextract

    # Else it asks the network for the list of suffixes; the one in the wheel does.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    article = newspaper.Article(case.url, fetch_images=False)
    article.download(input_html=body.decode("utf-8", "replace"))
    article.parse()
    day = article.publish_date.date().isoformat() if article.publish_date else None
    return Found(article.text, article.title, tuple(article.authors), day)


def _readability(_: Case, body: bytes) -> Found | None:
    from lxml import html
    from readability import Document as Readable

    readable = Readable(body.decode("utf-8", "replace"))
    lines = [element.text_content() for element in html.fromstring(readable.summary()).iter("p", "li", "h2", "h3")]
    return Found("\n".join(lines), readable.title())


def _resiliparse(_: Case, body: bytes) -> Found | None:
    from resiliparse.extract.html2text import extract_plain_text

    return Found(extract_plain_text(body.decode("utf-8", "replace"), main_content=True, alt_texts=False))


#: Each with the module that it needs.
PEERS: dict[str, tuple[str, Extractor]] = {
    "trafilatura fast": ("trafilatura", of_trafilatura(fast=True)),
    "trafilatura precision": ("trafilatura", of_trafilatura(favor_precision=True)),
    "newspaper4k": ("newspaper", _newspaper),
    "readability-lxml": ("readability", _readability),
    "resiliparse": ("resiliparse", _resiliparse),
}


def installed() -> dict[str, Extractor]:
    """Give the extractors whose module is there."""
    return {name: peer for name, (module, peer) in PEERS.items() if importlib.util.find_spec(module)}


def missing() -> list[str]:
    """List the extractors whose module is not there."""
    return [name for name in PEERS if name not in installed()]
