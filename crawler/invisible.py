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
from collections.abc import Iterator

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
#: The marks U+200E, U+200F and U+061C belong to names of many scripts.
_NEVER = (
    "\x00-\x1f\x7f-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028-\u202e\u2060-\u206f\u2800\u3164"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff" + "".join(chr(plane * 0x10000 + end) for plane in range(1, 18) for end in (-2, -1))
)
#: What changes its neighbours where they know it, and is not seen elsewhere: joiners, and choices of a form.
_JOINERS, _FORMS = "\u200c\u200d", "\ufe00-\ufe0f"
_DOUBTFUL = re.compile(f"([{_NEVER}])|[{_JOINERS}]|[{_FORMS}]")
_EMOJI_STYLE = "\ufe0f"
#: The class of the sign that takes a letter of an Indian script its vowel; a joiner behind it changes what is seen.
_VIRAMA = 9
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
    at = next(_unfit(name), None)
    if at is None:
        return ""
    char = name[at]
    called = unicodedata.name(char, _NAMELESS.get(unicodedata.category(char), "no character"))
    return f"U+{ord(char):04X} ({called.lower()}), a character that nobody sees; type it anew"


def fit(name: str) -> str:
    """Take out of a name that an outlet gives itself what no name may have."""
    if not unfit(name):
        return name
    name = of_name(" ".join(name.split()))
    while places := set(_unfit(name)):
        name = "".join(char for at, char in enumerate(name) if at not in places)
    return " ".join(name.split())


_NAMELESS = {"Cc": "a control character", "Cs": "half of a character"}


def _unfit(name: str) -> Iterator[int]:
    """Give the places of all characters that no name may have."""
    for found in _DOUBTFUL.finditer(name):
        at = found.start()
        before, after = name[at - 1 : at] if at else "", name[at + 1 : at + 2]
        belongs = _joins if found[0] in _JOINERS else _chooses
        if found[1] or not belongs(before, found[0], after):
            yield at


def _joins(before: str, joiner: str, after: str) -> bool:
    """Tell whether a joiner has what it joins or parts: letters, or signs that become one sign."""
    if not before:
        return False
    if unicodedata.combining(before) == _VIRAMA or (_is_of_a_letter(before) and _is_of_a_letter(after)):
        return True
    is_sign = before == _EMOJI_STYLE or unicodedata.category(before) in {"So", "Sk", "Sm"}
    return joiner == "\u200d" and is_sign and bool(after) and unicodedata.category(after) in {"So", "Sm"}


def _chooses(before: str, form: str, after: str) -> bool:
    """Tell whether a choice of a form stands at a sign that has several, or makes the sign of a key."""
    if form == _EMOJI_STYLE and (before == "ℹ" or (after == "\u20e3" and before and before in "0123456789#*")):
        return True
    return bool(before) and unicodedata.category(before)[0] in "SP"


def _is_of_a_letter(char: str) -> bool:
    return bool(char) and unicodedata.category(char)[0] in "LM"
