"""Space between letters and tags, in scripts that are written without it.

SpamAssassin takes letters on both sides of a tag for a word that was cut in two to hide it (HTML_OBFUSCATE), and for
letters it takes all that is neither ASCII punctuation nor space: squares, commas of Arabic, and every mark within a
sentence of Chinese. A hair of space there is no wider than what styles put around marks anyway.
"""

from __future__ import annotations

import re
import unicodedata

_HAIR = "\u200a"
#: Signs beyond ASCII that are no letters; marks and letters of scripts that are written without spaces.
_UNSPACED = (
    "\u00a1-\u00bf\u060c\u061b\u061f\u06d4\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20cf\u2190-\u2bff\u3001-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
    "\U0001f000-\U0003ffff"
)
_LETTER = r"[^\s!-/:-@\[-`{-~]"
_TAGS = r"(?:</?(?:a|b|span|s)(?:\s[^>]*)?>)+"
_BORDER = re.compile(f"({_LETTER})({_TAGS})(?={_LETTER})")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")


def set_apart(page: str) -> str:
    """Put a hair of space where a tag stands between two letters, if one of them is of a script without spaces."""
    return _BORDER.sub(_with_hair, page)


def _with_hair(border: re.Match[str]) -> str:
    before, tags, after = border[1], border[2], border.string[border.end()]
    if not (_IS_UNSPACED.match(before) or _IS_UNSPACED.match(after)) or unicodedata.category(after)[0] == "M":
        return border[0]
    closing = re.match(r"(?:</[^>]*>)*", tags)
    place = closing.end() if closing else 0
    return f"{before}{tags[:place]}{_HAIR}{tags[place:]}"
