"""Tell pages that are empty shells: their text comes only when a browser runs their scripts."""

from __future__ import annotations

import re

_SCRIPT = re.compile(rb"<script\b", re.IGNORECASE)
#: An element into which the frameworks of today put the page, with nothing in it yet.
_MOUNT = re.compile(
    rb"""<(div|main|section|[a-z]+(?:-[a-z]+)+)\s[^>]*\bid\s*=\s*["']?(?:root|app|__next|__nuxt|___gatsby|svelte|main|"""
    rb"""content|page)["']?[^>]*>\s*(?:<!--[^>]*-->\s*)?</\1\s*>""",
    re.IGNORECASE,
)
#: <app-root></app-root>, as Angular writes it.
_ELEMENT = re.compile(rb"<([a-z]+-(?:root|app|main))(?:\s[^>]*)?>\s*</\1\s*>", re.IGNORECASE)
_NOSCRIPT = re.compile(rb"<noscript\b[^>]*>(.{0,2000}?)</noscript", re.IGNORECASE | re.DOTALL)
_LONGEST = 2_000_000


def needs_javascript(body: bytes) -> bool:
    """Tell whether a page in which no article was found says, or shows, that its text comes by scripts."""
    body = body[:_LONGEST]
    if not _SCRIPT.search(body):
        return False
    if _MOUNT.search(body) or _ELEMENT.search(body):
        return True
    return any(b"javascript" in found.lower() for found in _NOSCRIPT.findall(body))
