"""How wide a text stands in columns: letters of Chinese, Japanese and Korean take two, marks none. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from digest.content import clip

_LETTERS = (
    "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6"
    "\U0001f300-\U0001faff\U00020000-\U0003fffd"
)
_WIDE = re.compile(f"[{_LETTERS}]")
#: What may not begin a line, and what may not end one.
_CLOSING = r"，。、；：？！）」』】》〉”’％…·,.;:?!)\]}»\u0300-\u036f\ufe0f\u200d\u2069"
_OPENING = r"（「『【《〈“‘(\[{«\u2066-\u2068"
_PIECE = re.compile(
    f"[{_OPENING}]*(?:[{_LETTERS}]|[^{_LETTERS}{_CLOSING}{_OPENING}\\s]+)[{_CLOSING}]*\\s*|[{_OPENING}{_CLOSING}]+\\s*"
)


def width(text: str) -> int:
    """Count the columns of a text."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def clip_to(text: str, columns: int) -> str:
    """Cut a text to so many columns, at a word where there are words."""
    if width(text) <= columns:
        return text
    used = longest = 0
    for char in text:
        used += _columns(char)
        if used > columns - 1:  # the ellipsis
            break
        longest += 1
    return clip(text, max(longest, 1))


def fold(text: str, columns: int, indent: str = "") -> str:
    """Fold a text into lines; long words stay whole, and scripts without spaces are cut between letters."""
    room = columns - width(indent)
    lines: list[str] = []
    line, used = "", 0
    for piece in _pieces(text):
        wide = width(piece.rstrip())
        if line and used + wide > room:
            lines.append(line)
            line, used = "", 0
        line += piece
        used += wide + len(piece) - len(piece.rstrip())
    return "\n".join(indent + each.rstrip() for each in (*lines, line))


def _pieces(text: str) -> Iterator[str]:
    """Cut a text where a line may end; a space stays with what stands before it."""
    for word in re.findall(r"[^ \n]+[ \n]*", text.strip()):
        if _WIDE.search(word):
            yield from _PIECE.findall(word)
        else:
            yield word.replace("\n", " ")


@lru_cache(maxsize=20_000)
def _columns(char: str) -> int:
    if char < "\u0300":
        return 1
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
