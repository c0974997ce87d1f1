"""Takes out of texts the characters that nobody sees, where neither reading nor searching needs them.

Search needs none of them: ``crawler.tokens.fold`` leaves every format character out of words, so that a word is found
with and without them. What is done here is for the record itself, which is shown, compared and exported.

- Soft hyphens, byte order marks and word joiners only tell how a line may be broken: they go.
- The zero-width space does so, too; between letters of Thai, Lao, Burmese, Khmer and Tibetan it parts words, without
  which browsers do not know where to break a line: there one stays.
- The joiners U+200C and U+200D make other words and signs of their neighbours: they stay.
- Marks of direction stay in running text: they put figures and names of the other direction in their place. An
  override, which shows letters in another order than they are in, becomes an embedding, which does not. At the ends of
  titles they do nothing but spoil what is joined to them, and names need none at all.

What outlets write is mended so. What a person or a configuration calls something is refused instead, so that nobody
is led to take one name for another.
"""

from __future__ import annotations

import re
import unicodedata

#: Letters of scripts that part words by nothing that is seen.
_UNSPACED = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u1aad\ua980-\ua9ff\uaa60-\uaa7f"
_FOUND = re.compile("[\xad\u200b\u202d\u202e\u2060-\u2064\ufeff]")
_SPACE = "\u200b"
_BREAK = re.compile(f"(?<=[{_UNSPACED}]){_SPACE}+(?=[{_UNSPACED}])")
_OF_A_WORD = re.compile(f"(?<=[{_UNSPACED}]){_SPACE}(?=[{_UNSPACED}])|({_SPACE})")
_GONE = str.maketrans(
    {**dict.fromkeys("\xad\u2060\u2061\u2062\u2063\u2064\ufeff"), "\u202d": "\u202a", "\u202e": "\u202b"}
)
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ENDS = re.compile(rf"^[{_DIRECTION}\s]+|[{_DIRECTION}\s]+$")
_MARKS = re.compile(f"[{_DIRECTION}]+")
#: What opens a stretch of a direction, and what closes which.
_OPENS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}
#: No name has them: controls, ends of lines, halves of characters, what turns the order of letters, what is never seen.
#: The marks U+200E, U+200F and U+061C, and what joins or parts letters, belong to names of many scripts.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\xad\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]")
_PAIRED = frozenset((*_OPENS, *_OPENS.values()))


def without(text: str) -> str:
    """Take out of running text what nobody sees or needs."""
    if text.isascii() or not _FOUND.search(text):
        return text
    text = text.translate(_GONE)
    if _SPACE not in text:
        return text
    return _OF_A_WORD.sub(lambda found: "" if found[1] else found[0], _BREAK.sub(_SPACE, text))


def of_title(title: str) -> str:
    """Take off the ends of a title what tells its direction, and inside it what is left without its other half."""
    if title.isascii() or not _MARKS.search(title):
        return title
    title = _ENDS.sub("", title)
    waiting: list[tuple[str, int]] = []
    alone = set()
    for at, char in enumerate(title):
        if char in _OPENS:
            waiting.append((_OPENS[char], at))
        elif char in _PAIRED:
            if waiting and waiting[-1][0] == char:
                waiting.pop()
            else:
                alone.add(at)
    alone |= {at for _, at in waiting}
    return "".join(char for at, char in enumerate(title) if at not in alone) if alone else title


def of_name(name: str) -> str:
    """Take out of a name what tells its direction."""
    return name if name.isascii() else _MARKS.sub("", name)


def unfit(name: str) -> str:
    """Name the first character that no name may have; "" when there is none."""
    found = _UNFIT.search(name)
    if found is None:
        return ""
    char = found[0]
    called = unicodedata.name(char, "half of a character" if "\ud800" <= char <= "\udfff" else "a control character")
    return f"U+{ord(char):04X} ({called.lower()}), a character that nobody sees; type it anew"


def fit(name: str) -> str:
    """Take out of a name that an outlet gives itself what no name may have."""
    return _UNFIT.sub("", of_name(" ".join(name.split()))) if unfit(name) else name
