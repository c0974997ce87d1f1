"""Texts written anew in an invented script without spaces: what is lost where words cannot be told apart.

No set of clusters in Chinese, Japanese or Thai lies in the corpus, so those in English are measured so as well. A stem
is always the same word, mostly of two characters; the commonest words are one; some characters are much more common
than others. Numbers stay. From a fixed seed.
"""

from __future__ import annotations

import random
import re
from functools import cache

import Stemmer

from tests.eval.edits import SEED

_CHARACTERS = [chr(0x4E00 + number) for number in range(2_500)]
_LENGTHS, _SHARES = (1, 2, 3), (10, 80, 10)
_COMMON = re.compile(
    r"the|of|a|to|in|and|that|for|on|is|was|with|as|at|by|it|from|be|has|have|had|are|were|an|this|not|but|which|or|its|"
    r"his|he|they|their|will|would|who|been|said|after|more|one|two|about|also|up|out|over|than|when|there|into|new|no|"
    r"if|other|could|can|all|we|had|she|her|him|them|what|some|so"
)
_PIECE = re.compile(r"\w+|[.,]")
_MARKS = {".": "。", ",": "，"}
_STEMMER = Stemmer.Stemmer("english")


def unspaced(text: str) -> str:
    """Write an English text in the invented script."""
    return "".join(map(_written, _PIECE.findall(text)))


@cache
def _written(piece: str) -> str:
    if piece in _MARKS or piece.isdecimal():
        return _MARKS.get(piece, piece)
    word = piece.lower()
    draw = random.Random(f"{SEED}{_STEMMER.stemWord(word)}")
    length = 1 if _COMMON.fullmatch(word) else draw.choices(_LENGTHS, _SHARES)[0]
    return "".join(_CHARACTERS[int(draw.random() ** 2 * len(_CHARACTERS))] for _ in range(length))
