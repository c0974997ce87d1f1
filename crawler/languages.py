"""Codes of languages, however somebody writes them."""

from __future__ import annotations

import re

#: One language under two codes: an old one, a country's that is often taken for it, or what a detector tells.
_SAME = {
    "iw": "he", "in": "id", "no": "nb", "sh": "sr", "tl": "fil",
    "jp": "ja", "cn": "zh", "kr": "ko", "ua": "uk", "gr": "el", "cz": "cs", "dk": "da", "vn": "vi",
}  # fmt: skip
_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def same(tag: str) -> str:
    """Give the code under which a language is kept; what stands behind the first "-" stays (cn-hant is zh-hant)."""
    first, dash, rest = tag.partition("-")
    return f"{_SAME.get(first, first)}{dash}{rest}"


def primary(tag: str) -> str:
    """Give the language of a tag without script and country: zh of zh-Hant."""
    return tag.partition("-")[0].lower()


def code(printed: str) -> str:
    """Write the code of a language as the configuration does (EN_us is en-us); "" when it is none."""
    first, _, rest = printed.strip().replace("_", "-").partition("-")
    written = f"{first.lower()}-{rest}" if rest else first.lower()
    return same(written) if _CODE.fullmatch(written) else ""


def is_known(tag: str) -> bool:
    """Tell whether there is the language of a code, as ``code`` writes it."""
    from babel.core import get_global  # slow to load, and needed where somebody names languages by hand

    return any(primary(tag) in get_global(table) for table in ("likely_subtags", "language_aliases"))


def shortest(tag: str) -> str:
    """Give the code of two letters by which articles know a language, where it is written in three (eng is en).

    als stays: it is Albanian for ISO 639-3, and Alemannic for what tells languages here.
    """
    from babel.core import get_global

    known: str = get_global("language_aliases").get(tag, tag)
    return known if len(known) == 2 and len(tag) == 3 and tag != "als" else tag


def named(name: str) -> str:
    """Find the code of a language by its English name; "" when there is none."""
    from babel import Locale  # slow to load, and needed where somebody does not write a code

    plain = " ".join(name.lower().split())
    known = Locale("en").languages.items()
    return next((same(tag.lower()) for tag, said in known if said.lower() == plain and len(tag) <= 3), "")
