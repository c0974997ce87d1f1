"""Tell whether a body ends where its writer wanted it to, by its markup: opened, but never closed. Pure.

A body without a length and without chunks ends with its connection, whoever closed that: a crash looks like the end.
"""

from __future__ import annotations

import re

#: The roots of feeds and sitemaps; of RSS the end of its channel is enough: nothing that counts comes after it.
_ROOT = re.compile(rb"<((?:\w{1,20}:)?(rss|feed|rdf|urlset|sitemapindex))[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|body)\b", re.IGNORECASE)
_HTML_END = re.compile(rb"</\s*(?:html|body)\b", re.IGNORECASE)
#: Where roots stand: behind declarations, stylesheets and comments.
_HEAD = 5_000


def list_ends_early(body: bytes) -> bool:
    """Tell whether a feed or sitemap stops before its root is closed; what is neither is never said to."""
    root = _ROOT.search(body, 0, _HEAD)
    if root is None:
        return False
    names = [root[1], b"channel"] if root[2].lower() == b"rss" else [root[1]]
    return not any(re.search(rb"</\s*" + re.escape(name) + rb"\s*>", body, re.IGNORECASE) for name in names)


def page_ends_early(body: bytes) -> bool:
    """Tell whether a page opens as HTML does and is never closed; many whole pages are so, so it is a sign only."""
    return _HTML.search(body, 0, _HEAD) is not None and _HTML_END.search(body) is None
