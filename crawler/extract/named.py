"""Tells sentences that name something: a person, a place, a number, a price. No notice of a page does so."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"(?<![a-z])\d")
#: Words within a sentence, of which those with a capital are names but in German; what is quoted is one, too.
_WITHIN = re.compile(r"(?<=[\w,;:–—] )[^\W\d_][\w-]*")
_QUOTES = frozenset("«„“「『")
_GERMAN = re.compile(
    r"\b(?:sie|ihre?[nmrs]?|wir|uns|unsere?[nmrs]?|ist|wird|werden|wegen|für|nicht|bitte|zu|der|dem|vielen|zum|zur)\b",
    re.IGNORECASE,
)
#: What pages write so of themselves and of whoever reads.
_OWN = re.compile(
    r"java ?script|browser|internet|explorer|ad-?block\w*|ip|web\w*|site|gdpr|general|data|protection|regulation|eu|"
    r"eea|"
    r"european|union|economic|area|pa[nń]\w*|two\w+|va[šs]\w*|ön|anda|kami|i|ваш\w*|вас|вам|u|uw|lei|la|le|"
    r"chrome|firefox|edge|safari|cookies?",
    re.IGNORECASE,
)


def names_something(sentence: str) -> bool:
    """Tell whether a sentence has a number or, within it, a name."""
    if _DIGITS.search(sentence) or not _QUOTES.isdisjoint(sentence):
        return True
    if _GERMAN.search(sentence) or sentence.upper() == sentence:
        return False
    within = (match[0] for match in _WITHIN.finditer(sentence))
    return any(word[0].isupper() and not _OWN.fullmatch(word) for word in within)
