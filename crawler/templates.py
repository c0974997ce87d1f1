"""Templates: whether two texts share their words because both are filled into one form, and tell of different events.

Earthquakes, results, the weather, rates: what is written by a form, or by a machine, is half or more the same text
each time. What tells the one from the other are numbers and names. Of a copy nearly all of them are its original's,
even where an editor changed one word of five; of another filling hardly one is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crawler.records import Article
from crawler.shingles import Beside, is_unspaced, words

#: Below this share of common ones two texts are two fillings (measured on copies with 20 % of their words changed: .58
#: is the least, 99 % have .65; tests/eval/copies.py). Where capitals tell no names, it is of numbers mostly, which are
#: also what is falsified. Of fewer than so many nothing can be told.
_COMMON, _COMMON_NUMBERS, _FEWEST = 0.6, 0.5, 4
#: So many names, and as many numbers, are looked for: endless lists have thousands.
_MOST = 200
#: Of a form that is filled in otherwise never this much is the same.
_ALL = 0.985
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
#: A word within a sentence.
_INSIDE = re.compile(r"(?<=\w[ \u00a0,])[^\W\d_]\w+")
#: Where more of them begin with a capital, all nouns do.
_NOUNS = 0.3
#: Words of a title that may tell what it is about.
_LONG = 4


def same_form(article: Article, other: Article, beside: Beside) -> bool:
    """Tell whether two texts that share words are different fillings of one form."""
    if max(beside.overlap.first, beside.overlap.second) >= _ALL:
        return False
    titles = _pieces(article.title), _pieces(other.title)
    named = names(article.text), names(other.text)
    common = beside.common(
        _telling(titles[0] - titles[1], named[0], _NUMBER.findall(article.text)),
        _telling(titles[1] - titles[0], named[1], _NUMBER.findall(other.text)),
    )
    least = _COMMON if any(named) else _COMMON_NUMBERS
    return len(common) >= _FEWEST and sum(common) < least * len(common)


def _telling(*found: Iterable[str]) -> list[str]:
    """Give the first of the words that may tell two texts apart, each once."""
    return [word for each in found for word in list(dict.fromkeys(each))[:_MOST]]


def names(text: str) -> list[str]:
    """Give the words that begin with a capital within a sentence, unless all nouns do."""
    inside = _INSIDE.findall(text)
    capitals = [word for word in inside if word[0].isupper() and not word.isupper()]
    return capitals if len(capitals) < _NOUNS * len(inside) else []


def _pieces(title: str) -> set[str]:
    """Cut a title into the words that may tell something, in scripts without spaces into pairs of letters."""
    return set(_cut(words(title)))


def _cut(found: list[str]) -> Iterator[str]:
    for word, behind in zip(found, [*found[1:], ""], strict=False):
        if is_unspaced(word):
            yield word + behind if behind and is_unspaced(behind) else ""
        elif len(word) >= _LONG or word.isdecimal():
            yield word
