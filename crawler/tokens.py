"""Words of every script: the one way in which texts and queries are cut.

Archive and queries are cut alike, by ``cut`` and ``phrase``; what they give goes to the index as it is. A text is
folded first, letter by letter, so that every token knows where it stands in the original:

- compatibility forms and case go (ＡＢＣ, ﬁ, ß -> ss), accents of Latin and Greek go (ü finds u, Ά finds α), the dot
  of the Turkish i goes both ways; Cyrillic keeps й, ї and ў, but ё is е;
- vowel marks of Arabic and Hebrew, tatweel, joiners and soft hyphens go; alef, yeh and kaf have one form each;
- traditional Chinese characters become simplified ones, so that each finds the other;
- the apostrophe of Ukrainian and Belarusian (п'ять, п’ять) is a letter, in whatever way it is written;
- the nukta of Devanagari goes, which many leave out (क़लम finds कलम); in Bengali it makes other letters, and stays;
- digits of every script are 0-9.

Scripts that are written without spaces (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese) are cut into
overlapping pairs of letters, and the last letter of a run stands alone once more: so a query of one letter is the
beginning of a token wherever the letter stands, and a longer one is a phrase of pairs.

The tokens hold letters, digits and marks only; in ASCII that is a-z and 0-9. FTS5's ``ascii`` tokenizer leaves
every such token as it is (tests/test_tokens.py shows it for each character), where ``unicode61`` would fold and
split some of them again.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from operator import add
from typing import NamedTuple

#: Grows whenever the same text gives other tokens than before: an archive then needs a new index.
VERSION = 5
#: The tokenizer of the index, which must take our tokens as they are.
FTS5_TOKENIZER = "ascii"

#: Stands between two names in a row, where no query can ask for it: folding makes a space of it.
BETWEEN = "\u2029"
#: So many words may stand between two that are near each other in a name; of ``BETWEEN`` there is one more.
FARTHEST_IN_NAME = 19

#: Letters of scripts without spaces, as they stand after folding.
_UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e"  # Thai
    "\u0e81-\u0ece\u0edc-\u0edf"  # Lao
    "\u1000-\u103f\u1050-\u108f\u109a-\u109d\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17d3\u17d7\u17dc\u17dd"  # Khmer
    "\u1100-\u11ff\uac00-\ud7a3"  # Korean
    "\u3005-\u3007\u3041-\u3096\u3099-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # Japanese
    "\u3105-\u312f\u31a0-\u31bf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # Chinese
)
_RUN = re.compile(rf"[{_UNSPACED}]+|[^{_UNSPACED}\x00-/:-@\[-`{{-\x7f]+")
_HAS_UNSPACED = re.compile(f"[{_UNSPACED}]")
#: After folding every separator outside ASCII is a space: one letter of a token, and what stands between two tokens.
LETTER, APART = r"[^\x00-/:-@\[-`{-\x7f]", r"[\x00-/:-@\[-`{-\x7f]+"
_PIECE = re.compile(f"{LETTER}+")
#: A letter of a token that is a whole word.
SPACED_LETTER = rf"[^{_UNSPACED}\x00-/:-@\[-`{{-\x7f]"
#: Signs that are written for an apostrophe, all folded to the first one; ` and ʼ are others.
_APOSTROPHES = "'’‘‛´′＇"
#: In Ukrainian and Belarusian words it stands between Cyrillic letters, before one that begins with a j; elsewhere
#: ("О’Коннор") it parts two words, as in Latin ones.
_BEHIND_APOSTROPHES = "яюєїеі"
#: One expression for each: what begins with one sign is searched for ten times as fast.
_APOSTROPHE = {
    sign: re.compile(rf"{sign}(?<=[\u0400-\u052f].)(?=([{_BEHIND_APOSTROPHES}])|[\u0400-\u052f])") for sign in "ʼ'`"
}
#: A stretch between characters that end every token, before folding and after it.
_SENTENCE = re.compile(r"[^\n.!?。]+")
#: Sequences that are one letter: they are composed before folding, which looks at one code point at a time.
_SEQUENCE = re.compile(
    r"[\u1100-\u115f][\u1160-\u11a7][\u11a8-\u11ff]?"
    r"|[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d][\u3099\u309a\uff9e\uff9f]"
    r"|[\u0400-\u04ff][\u0300-\u036f]{1,8}"  # to put thousands of marks in order would take their number squared
    # Marks of Thai, Lao and Burmese that some keyboards write in the other order.
    r"|[\u0e48-\u0e4b][\u0e38-\u0e3a]|[\u0ec8-\u0ecb][\u0eb8-\u0eba]|[\u1039\u103a]\u1037"
    r"|\u0e4d[\u0e48-\u0e4b]|\u0ecd[\u0ec8-\u0ecb]"
)
#: The letters with which such sequences go on; where there is none, there is nothing to compose.
_GOES_ON = re.compile(
    r"[\u0300-\u036f\u0e38-\u0e3a\u0eb8-\u0eba\u1037\u1160-\u11a7\u3099\u309a\uff9e\uff9f]|[\u0e4d\u0ecd][\u0e48\u0e49\u0e4a\u0e4b\u0ec8-\u0ecb]"
)
#: What is composed, written without spaces or Chinese begins here, or is folded to something that is
#: (tests/test_tokens.py holds it): a text without such letters needs none of that work.
_DEMANDING = re.compile("[^\\x00-\u02ff\u0370-\u0dff\u1e00-\u2e7f]")
#: So many different letters of a text are replaced one by one.
_MOST_REPLACED = 16
#: Lower-case letters that stay as they are, script by script: in most texts nearly all (tests/test_tokens.py holds it).
_STAYING = (
    "\\x00-\\x7f\u03b1-\u03c1\u03c3-\u03c9\u0430-\u044f\u0452-\u045c\u045e-\u045f\u05d0-\u05ea\u0620-\u0621\u0627-\u0628"
    "\u062a-\u063f\u0641-\u0648\u064a\u0679-\u06a8\u0e01-\u0e32\u0e34-\u0e3a\u0e40-\u0e4e\u0e81-\u0eb2\u0eb4-\u0ece"
    "\u1000-\u1025\u1027-\u103f\u1050-\u108f\u1780-\u17d3\u3041-\u3096\u30a1-\u30fa\u30fc-\u30fe\uac00-\ud7a3"
)
_CHANGING = re.compile(f"[^{_STAYING}]")
#: Of these, all but traditional characters stay too.
_UNIFIED = range(0x4E00, 0xA000)
_CHINESE = re.compile("[\u4e00-\u9fff]")
_FIRST_CHINESE = "\u3400"
#: What is folded in one go: such a sequence, a stretch of ASCII, or one letter.
_PART = re.compile(rf"{_SEQUENCE.pattern}|[\x00-\x7f]+|.", re.DOTALL)
#: Marks that are left out; the marks of all other scripts are part of their words.
_DROPPED = re.compile(
    r"[\u0300-\u036f\u0483-\u0489\u093c\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    r"\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u08ca-\u08ff\u1ab0-\u1aff"
    r"\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
#: Letters that stay composed: taking them apart would make other letters of them.
_COMPOSED = re.compile(r"[\u0400-\u052f\u3041-\u30ff\uac00-\ud7a3]")
_ONE_FORM = str.maketrans(
    {
        **dict.fromkeys("ıɪ", "i"), "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ø": "o", "œ": "oe", "æ": "ae", "ŧ": "t",
        "þ": "th", "ĸ": "k", "ŋ": "n", "ё": "е", "ѐ": "е", "ѝ": "и", "ґ": "г",
        **dict.fromkeys("ىیېۍے", "ي"), **dict.fromkeys("کڪ", "ك"), **dict.fromkeys("ةہەھ", "ه"), "ٱ": "ا",
    }
)  # fmt: skip


#: Characters that the one writing uses where the other has another, word by word (隨著 is 随着, 瞭解 is 了解, 計畫 is
#: 计划, 答覆 is 答复, 甚麼 is 什么): for searching they are one.
_ONE_CHARACTER = {
    "著": "着",
    "瞭": "了",
    "藉": "借",
    "画": "划",
    "覆": "复",
    "甚": "什",
    "祇": "只",
    "衞": "卫",
    "麽": "么",
}


class Token(NamedTuple):
    """One word, or one pair of letters, and where it stands in the original text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Phrase:
    """What a query looks for: tokens in a row, the last of which may be only the beginning of one."""

    tokens: tuple[str, ...]
    #: The last token matches every token that begins with it.
    prefix: bool = False


class Places:
    """The tokens of a text by their numbers, as ``cut`` has them; only the sentences that are asked for are cut."""

    def __init__(self, text: str) -> None:
        self._sentences = [(found[0], found.start()) for found in _SENTENCE.finditer(text)]
        #: The number of the first token of each sentence, and behind the last one.
        self._firsts = list(accumulate((_count(sentence) for sentence, _ in self._sentences), initial=0))
        self._cut: dict[int, _Cut] = {}

    def __getitem__(self, number: int) -> Token:
        if not 0 <= number < self._firsts[-1]:
            raise IndexError(number)
        at = bisect_right(self._firsts, number) - 1
        sentence, start = self._sentences[at]
        here = self._cut.get(at)
        if here is None:
            here = self._cut[at] = _Cut(sentence)
        token = here.token(number - self._firsts[at])
        return Token(token.text, start + token.start, start + token.end)


class _Folds(dict[int, str]):
    """Code point -> what it is folded to; filled when a code point is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_letter(chr(code))
        return folded


_FOLDS = _Folds()


def indexed(text: str) -> str:
    """Give a text as the index wants it: FTS5 cuts it at ASCII's separators, and finds the tokens of ``words``."""
    folded, demanding = _fold(text)
    return _spaced(folded) if demanding and _has_unspaced(folded) else folded


def words(text: str) -> list[str]:
    """Cut a text into the words of its tokens, without their places (quicker than ``cut``)."""
    folded, demanding = _fold(text)
    return _spaced(folded).split(" ") if demanding and _has_unspaced(folded) else _PIECE.findall(folded)


def indexed_names(names: Iterable[str]) -> str:
    """Give names as the index wants them, so far apart that no phrase and no NEAR reaches from one to the next."""
    apart = f" {BETWEEN}" * (FARTHEST_IN_NAME + 1)
    return f"{apart} ".join(map(indexed, names))


def words_of_names(names: Iterable[str]) -> list[str]:
    """Cut names into the words of their tokens, as they stand in the index."""
    found: list[str] = []
    for name in names:
        found += words(name)
        found += [BETWEEN] * (FARTHEST_IN_NAME + 1)
    return found


def sentences(text: str, least: int) -> Iterator[tuple[int, int]]:
    """List [start, end) of stretches of whole sentences, each of at least so many letters: no token spans two."""
    start = 0
    for found in _SENTENCE.finditer(text):
        if found.end() - start >= least:
            yield start, found.end()
            start = found.end()
    if start < len(text):
        yield start, len(text)


def _spaced(folded: str) -> str:
    """Write the tokens of a text that has runs without spaces, with a space between each."""
    return " ".join(_in_pairs(run) if is_unspaced(run) else run for run in _RUN.findall(folded))


def _in_pairs(run: str) -> str:
    """Write the pairs of letters of a run, and its last letter, with a space between each: 中国人 -> 中国 国人 人."""
    return " ".join((*map(add, run, run[1:]), run[-1]))


def _has_unspaced(folded: str) -> bool:
    return not folded.isascii() and _HAS_UNSPACED.search(folded) is not None


def cut(text: str) -> list[Token]:
    """Cut a text into tokens that know their places."""
    found = _Cut(text)
    return [found.token(number) for number in range(found.count)]


class _Cut:
    """The tokens of a text; each is made when it is asked for."""

    def __init__(self, text: str) -> None:
        self._folded, self._starts, self._ends = _fold_with_places(text)
        #: [start, end) of each word, and of each run of a script without spaces.
        self._runs = _runs(self._folded)
        #: The numbers of their first tokens, and of the one behind the last.
        self._firsts = list(accumulate((_tokens_in(self._folded[first:end]) for first, end in self._runs), initial=0))

    @property
    def count(self) -> int:
        return self._firsts[-1]

    def token(self, number: int) -> Token:
        at = bisect_right(self._firsts, number) - 1
        first, behind = self._runs[at]
        if self._firsts[at + 1] - self._firsts[at] > 1:
            first += number - self._firsts[at]
            behind = min(first + 2, behind)
        return Token(self._folded[first:behind], self._starts[first], self._ends[behind - 1])


def _runs(folded: str) -> list[tuple[int, int]]:
    return [run.span() for run in (_RUN if _has_unspaced(folded) else _PIECE).finditer(folded)]


def _tokens_in(run: str) -> int:
    return len(run) if is_unspaced(run) else 1


def _count(text: str) -> int:
    """Count the tokens of a text."""
    folded, demanding = _fold(text)
    if demanding and _has_unspaced(folded):
        return sum(map(_tokens_in, _RUN.findall(folded)))
    return len(_PIECE.findall(folded))


def phrase(text: str, prefix: bool = False) -> Phrase:
    """Cut what somebody searches for, so that it finds every text in which it stands.

    In scripts without spaces a query may end in the middle of a run, so its last letter is not asked to stand alone.
    """
    runs = [run for piece in _PIECE.findall(fold(text)) for run in _RUN.findall(piece)]
    tokens = tuple(token for run in runs for token in _pairs(run))
    if not runs or not is_unspaced(runs[-1]):
        return Phrase(tokens, prefix and bool(tokens))
    return Phrase(tokens[:-1]) if len(runs[-1]) > 1 else Phrase(tokens, prefix=True)


def is_unspaced(token: str) -> bool:
    """Tell whether a token comes from a script that is written without spaces."""
    return _HAS_UNSPACED.match(token) is not None


def fold(text: str) -> str:
    """Write a text in the one form in which it is compared."""
    return _fold(text)[0]


def simplify(text: str) -> str:
    """Write traditional Chinese characters as the simplified ones; a text without any stays as it is."""
    return text.translate(_simplification()) if _CHINESE.search(text) and _traditional().search(text) else text


def _fold(text: str) -> tuple[str, bool]:
    """Fold a text, and tell whether it has demanding letters."""
    folded = text.lower()
    if text.isascii():
        return folded, False
    changing, demanding = _CHANGING, _DEMANDING.search(text) is not None
    if demanding:
        if _GOES_ON.search(text):
            folded = _SEQUENCE.sub(_compose, text).lower()
        if _CHINESE.search(folded):
            changing = _changing()
    letters = set(changing.findall(folded))
    if len(letters) > _MOST_REPLACED:
        return _join_apostrophes(changing.sub(lambda found: _FOLDS[ord(found[0])], folded)), demanding
    for letter in letters:
        # What letters are folded to is folded no further, so the order does not matter.
        folded = folded.replace(letter, _FOLDS[ord(letter)])
    return _join_apostrophes(folded), demanding


def _join_apostrophes(folded: str) -> str:
    """Make a letter of each apostrophe that is one, and a sign between words of the others among Cyrillic letters."""
    for sign, apostrophe in _APOSTROPHE.items():
        if sign in folded and (sign == "ʼ" or any(letter in folded for letter in _BEHIND_APOSTROPHES)):
            folded = apostrophe.sub(lambda found: "ʼ" if found[1] else "'", folded)
    return folded


def _pairs(run: str) -> list[str]:
    """Cut a run of letters of one kind: a word stays whole, a run without spaces becomes pairs and its last letter."""
    return [run[at : at + 2] for at in range(len(run))] if is_unspaced(run) else [run]


def _fold_with_places(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """Fold a text and tell for each letter of the result where its original begins and ends."""
    if text.isascii() or _keeps_places(text):
        return fold(text), range(len(text)), range(1, len(text) + 1)
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _PART.finditer(text):
        first, behind = found.span()
        if found[0].isascii():
            letters.append(found[0].lower())
            starts.extend(range(first, behind))
            ends.extend(range(first + 1, behind + 1))
        elif folded := _compose(found).translate(_FOLDS):
            letters.append(folded)
            starts.extend([first] * len(folded))
            ends.extend([behind] * len(folded))
        elif ends:
            # A mark that is left out belongs to the letter before it.
            ends[-1] = behind
    return _join_apostrophes("".join(letters)), starts, ends


def _keeps_places(text: str) -> bool:
    """Tell whether folding makes exactly one letter of each, as it does in most texts."""
    letters = map(_FOLDS.__getitem__, map(ord, set(_CHANGING.findall(text))))
    return not _GOES_ON.search(text) and set(map(len, letters)) <= {1}


def _compose(found: re.Match[str]) -> str:
    written = found[0]
    if written[0] in "\u0e4d\u0ecd" and len(written) > 1:
        return written[::-1]  # ํ้ as in นํ้า, which น้ำ has the other way round: Unicode leaves both as they are
    return unicodedata.normalize("NFKC", written) if len(written) > 1 else written


@cache
def _changing() -> re.Pattern[str]:
    """Find what changes in a text with Chinese characters."""
    traditional = _simplified()
    staying = "".join(chr(code) for code in _UNIFIED if chr(code) not in traditional)
    return re.compile(f"[^{_STAYING}{staying}]")


@cache
def _simplified() -> dict[str, str]:
    """Give traditional Chinese characters, each with its (commonest) simplified form, by the table of OpenCC."""
    table = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text("utf-8")
    pairs = (line.split("\t") for line in table.splitlines())
    simplified = {traditional: forms.split(" ")[0] for traditional, forms in pairs}
    return {letter: _ONE_CHARACTER.get(form, form) for letter, form in (_ONE_CHARACTER | simplified).items()}


@cache
def _traditional() -> re.Pattern[str]:
    """Find the common ones: with those of the other planes beside them the search takes a hundred times as long."""
    return re.compile(f"[{''.join(letter for letter in _simplified() if ord(letter) < 0x10000)}]")


@cache
def _simplification() -> dict[int, str]:
    return str.maketrans(_simplified())


def _fold_letter(letter: str) -> str:
    if letter in _APOSTROPHES:
        return "'"
    folded, before = _fold_once(letter), letter
    while folded != before:
        folded, before = _fold_once(folded), folded
    kept = (char if unicodedata.category(char)[0] in "LNM" or is_unspaced(char) else " " for char in folded)
    # Case folding makes capitals of small Cherokee letters; ``fold`` takes lower case of the whole.
    return "".join(kept).lower()


def _fold_once(text: str) -> str:
    found: list[str] = []
    for char in unicodedata.normalize("NFKC", text):
        for part in char if _COMPOSED.match(char) else unicodedata.normalize("NFKD", char):
            if _DROPPED.match(part) or unicodedata.category(part) == "Cf":
                continue
            digit = unicodedata.decimal(part, None)
            letter = part.casefold().translate(_ONE_FORM) if digit is None else str(digit)
            found.append(_simplified().get(letter, letter) if letter >= _FIRST_CHINESE else letter)
    return "".join(found)
