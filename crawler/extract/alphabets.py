"""Tells charsets of Latin letters, in which every byte is something, from each other by the alphabet of a language."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

_CENTRAL = ("cp1250", "iso8859-2")
_WESTERN = ("cp1252",)
_BALTIC = ("cp1257", "iso8859-13", "iso8859-4")
#: Letters beyond ASCII of languages, and the charsets that hold them.
_LANGUAGES = {
    "pl": ("ąćęłńóśźż", _CENTRAL),
    "cs": ("áčďéěíňóřšťúůýž", _CENTRAL),
    "sk": ("áäčďéíĺľňóôŕšťúýž", _CENTRAL),
    "hu": ("áéíóöőúüű", _CENTRAL),
    "sl": ("čćđšž", _CENTRAL),
    "hr": ("čćđšž", _CENTRAL),
    "bs": ("čćđšž", _CENTRAL),
    "ro": ("ăâîşţ", _CENTRAL),
    "tr": ("çğıöşüâîûi̇", ("cp1254",)),
    "lt": ("ąčęėįšųūž", _BALTIC),
    "lv": ("āčēģīķļņšūž", _BALTIC),
    "et": ("äöõüšž", _BALTIC),
    "es": ("áéíñóúü", _WESTERN),
    "it": ("àèéìòù", _WESTERN),
    "pt": ("áâãàçéêíóôõú", _WESTERN),
    "fr": ("àâæçéèêëîïôœùûüÿ", _WESTERN),
    "de": ("äöüß", _WESTERN),
    "nl": ("áéëèïóöü", _WESTERN),
    "sv": ("åäöé", _WESTERN),
    "da": ("æøåé", _WESTERN),
    "no": ("æøåéòô", _WESTERN),
    "nb": ("æøåéòô", _WESTERN),
    "fi": ("äöå", _WESTERN),
}
#: What stands in texts of all of them.
_COMMON = frozenset("\xa0\xad–—‘’‚“”„«»‹›…•·§©®™°€£¤½¼¾¿¡ºªéèüöäß")
_LANGUAGE = re.compile(rb"""\blang\s*=\s*["']?([a-z]{2})\b""", re.IGNORECASE)
_HTML = re.compile(rb"<html[^>]{0,400}", re.IGNORECASE)
_SAMPLE = 200_000
_ASCII = bytes(range(0x80))
#: So much of what is beyond ASCII must be letters of the language.
_LEAST_SHARE = 0.8


def language(body: bytes) -> str:
    """Give the code of the language that a page's first element declares, or ""."""
    tag = _HTML.search(body[:4_000])
    found = _LANGUAGE.search(tag[0]) if tag else None
    return found[1].decode().lower() if found else ""


def is_known(code: str) -> bool:
    """Tell whether a language has letters that Western charsets do not hold."""
    return code in _LANGUAGES and _LANGUAGES[code][1] is not _WESTERN


def charset(body: bytes, otherwise: str) -> str:
    """Give the charset in which a page has most letters of its language; ``otherwise``, if none is better."""
    code = language(body)
    if code not in _LANGUAGES:
        return otherwise
    _, names = _LANGUAGES[code]
    counts = Counter(body[:_SAMPLE].translate(None, _ASCII))
    best, most = otherwise, _score(counts, otherwise, code)
    for name in names:
        if (score := _score(counts, name, code)) > most:
            best, most = name, score
    return best


def _score(counts: Counter[int], name: str, code: str) -> int:
    """Give by how many more letters of a language than other signs bytes are in a charset; -1 if it is not it."""
    signs = _signs(name)
    if not signs:
        return -1
    letters = set(_LANGUAGES[code][0])
    own = other = 0
    for byte, count in counts.items():
        sign = signs[byte - 0x80].lower()
        if sign[:1] in letters:
            own += count
        elif sign not in _COMMON:
            other += count
    return own - other if own and own >= _LEAST_SHARE * (own + other) else -1


@cache
def _signs(name: str) -> tuple[str, ...]:
    """Give what each byte beyond ASCII is in a charset; nothing for one in which several bytes are one letter."""
    try:
        found = bytes(range(0x80, 0x100)).decode(name, "replace") if name else ""
    except LookupError:
        return ()
    return tuple(found) if len(found) == 0x80 and found.count("\ufffd") < 0x20 else ()
