"""Places and organisations by their known names, in every script. Pure.

Countries, regions and the cities of the time zones come from CLDR in the language of the text and in English;
names.toml adds cities, short forms and organisations. Languages that change the ends of words are compared by stems.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice, pairwise
from typing import Any

from babel import Locale, UnknownLocaleError

from crawler.languages import primary
from crawler.records import NameKind
from crawler.tokens import is_unspaced
from digest.vectors import stems

#: Languages whose names change their ends with the case.
_INFLECTED = frozenset({"pl", "lt", "fi", "et", "hu", "tr", "el", "hy", "ro", "sr"})
#: The ends of Russian and Ukrainian names; the stemmers take too much of some (Kyiv) or do not know the language.
_CYRILLIC = re.compile("[а-яґєіїў]+")
_CYRILLIC_END = re.compile(
    "(?<=...)(?:(?:ами|ями|ого|его|ому|ему|ими|ыми|ой|ей|ом|ем|єм|єю|ою|ею|ах|ях|ам|ям|ых|их|ым|им)?[аеийоуыэюяьіїє]*)$"
)
#: What French and Italian write together with the word after it, and Turkish with the word before it.
_ELIDING = frozenset({"fr", "it", "ca"})
_REMEMBERED = 20_000
_ELISION = re.compile(r"^(?:l|d|qu|dell|nell|all|sull|dall|un)['’](?=\w)", re.IGNORECASE)
_TURKISH_END = re.compile("(?<=..)'.*")
#: CLDR's codes of regions that the press names: continents and what is not a country.
_REGIONS = frozenset({"002", "003", "005", "009", "013", "019", "021", "029", "030", "034", "035", "142", "143", "145",
                      "150", "151", "154", "155", "419"})  # fmt: skip
_ORGANISATIONS = frozenset({"EU", "UN", "EZ"})
#: Zones of one region's small towns, stations and things that are no city.
_ZONES = re.compile(r"(?:Africa|America|Asia|Australia|Europe|Pacific)/[^/]+$")
_NO_CITIES = frozenset({"Center", "Knox", "Phoenix", "Nome", "Regina", "Reunion", "Easter", "Midway", "Wake", "Swift",
                        "Boise", "Marengo", "Vincennes", "Eastern", "Central", "Pacific", "Mountain", "Yukon", "North",
                        "South", "West", "Currie", "Menominee", "Resolute", "Creston", "Thule", "Wallis"})  # fmt: skip
#: Letters with the vowel signs of India, which are no letters to Python.
_LETTERS = r"[\w\u0900-\u0963\u0966-\u0dff]+"
_WORD = re.compile(rf"(?:[^\W\d_]\.){{2,}}|{_LETTERS}(?:['’-]{_LETTERS})*")
_SMALL = "".join(letter for letter in map(chr, range(0x2000)) if letter.islower())
_NOT_SMALL = re.compile(rf"(?<!\w)(?<!\w['’-])(?![{_SMALL}])(?:{_WORD.pattern})")
#: Scripts that write a preposition together with the word after it.
_PREFIXING = re.compile("[\u0590-\u06ff]")
_HEBREW_PREFIX = re.compile("^ו?[בלמהשכ]?(?=[א-ת]{2})")
#: Letters that Arabic writes together with the word after them; "lil" swallows the article's alif.
_ARABIC_PREFIX = re.compile("^(?:[وف]?(?:لل)|[وف]?[بلك]|[وف])(?=..)")
_KATAKANA = re.compile("[\u30a1-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class Known:
    """A known name as it stands in a text."""

    text: str
    start: int
    end: int
    kind: NameKind
    #: The same for all names of one thing in all languages.
    key: str


@cache
def facts() -> Mapping[str, Mapping[str, Any]]:
    """Read names.toml."""
    return tomllib.loads(files("digest").joinpath("names.toml").read_text("utf-8"))


class _Begun(dict[str, tuple[str, ...]]):
    """Word -> the first words of known names that it may be; filled when a word is first met."""

    def __init__(self, book: Gazetteer) -> None:
        super().__init__()
        self._book = book

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) >= _REMEMBERED:
            self.clear()
        begun = self[word] = self._book.begun_by(word)
        return begun


class Gazetteer:
    """The known names as texts of one language write them."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._stemmed = language in _INFLECTED
        #: Word -> its form; words come again, and stemming is slow.
        self._norms: dict[str, str] = {}
        #: Names that were asked for -> what they are.
        self._wholes: dict[str, tuple[NameKind, str] | None] = {}
        self._begun = _Begun(self)
        #: Words of a name -> kind and key, and for each first word how many words its longest name has.
        self._words: dict[tuple[str, ...], tuple[NameKind, str]] = {}
        self._longest: dict[str, int] = defaultdict(int)
        unspaced: dict[str, tuple[NameKind, str]] = {}
        for form, kind, key in _forms(language):
            if is_unspaced(form):
                unspaced[form] = (kind, key)
                continue
            words = tuple(self.norm(word) for word in _WORD.findall(form))
            if words:
                self._words.setdefault(words, (kind, key))
                self._longest[words[0]] = max(self._longest[words[0]], len(words))
        self._unspaced = unspaced
        forms = sorted(unspaced, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, forms))) if forms else None

    def whole(self, name: str) -> tuple[NameKind, str] | None:
        """Tell what a name is if it is a known one, word for word."""
        if name not in self._wholes:
            if len(self._wholes) >= _REMEMBERED:
                self._wholes.clear()
            self._wholes[name] = self._words.get(tuple(self.norm(word) for word in _WORD.findall(name)))
        return self._wholes[name]

    def find(self, text: str) -> Iterator[Known]:
        """Find the known names in a text, the longer one where two begin alike."""
        yield from self._find_unspaced(text)
        after = 0
        for word in (_WORD if self._language in _ELIDING else _NOT_SMALL).finditer(text):
            # With most words no name begins.
            begun = self._begun[word.group()]
            if begun and word.start() >= after and (found := self._at(text, word, begun)):
                yield found
                after = found.end

    def _at(self, text: str, word: re.Match[str], begun: Sequence[str]) -> Known | None:
        first = word.group()
        elided = _ELISION.match(first)
        for written in begun:
            words = list(islice(_WORD.finditer(text, word.start()), self._longest[written]))
            for length in range(len(words), 0, -1):
                chosen = words[:length]
                rest = tuple(self.norm(word.group()) for word in chosen[1:])
                known = self._words.get((written, *rest))
                gaps = (text[one.end() : other.start()] for one, other in pairwise(chosen))
                if known and all(gap in {" ", "\u00a0", "-", " & "} for gap in gaps):
                    start, end = chosen[0].start(), chosen[-1].end()
                    if elided and written != self.norm(first):
                        start += elided.end()
                    shown = " ".join((written, *rest)) if _PREFIXING.match(first) else text[start:end]
                    return Known(shown, start, end, *known)
        return None

    def begun_by(self, word: str) -> tuple[str, ...]:
        """List the first words of known names that a word may be; none is written small."""
        elided = _ELISION.match(word)
        if word[elided.end() if elided else 0].islower() or (elided and self._language not in _ELIDING):
            return ()
        return tuple(written for written in self._readings(word) if written in self._longest)

    def _readings(self, word: str) -> list[str]:
        """List what a word may be: itself, and without what is written together with it."""
        own = self.norm(word)
        elided = _ELISION.match(word)
        if elided:
            return [own, self.norm(word[elided.end() :])]
        prefix = _ARABIC_PREFIX.match(word) or _HEBREW_PREFIX.match(word)
        if not prefix:
            return [own]
        bare = word[prefix.end() :]
        return [own, "ال" + bare] if prefix.group().endswith("لل") else [own, bare]

    def _find_unspaced(self, text: str) -> Iterator[Known]:
        if self._pattern is None:
            return
        for found in self._pattern.finditer(text):
            form, (start, end) = found.group(), found.span()
            before, after = text[start - 1 : start], text[end : end + 1]
            # Katakana words and Korean words have ends; what goes on is another word.
            if _KATAKANA.match(form) and (_KATAKANA.match(before) or _KATAKANA.match(after)):
                continue
            if _HANGUL.match(form) and _HANGUL.match(before):
                continue
            yield Known(form, start, end, *self._unspaced[form])

    def norm(self, word: str) -> str:
        """Bring a word to the form in which it is compared; short forms in capitals stay as they are."""
        known = self._norms.get(word)
        if known is None:
            if len(self._norms) >= _REMEMBERED:
                self._norms.clear()
            known = self._norms[word] = self._norm(word)
        return known

    def _norm(self, word: str) -> str:
        plain = word.replace("’", "'")
        if plain.isupper() and len(plain) <= 5:
            return plain.replace(".", "")
        lower = plain.lower().replace("ё", "е")
        if _CYRILLIC.fullmatch(lower):
            return cyrillic_stem(lower)
        if self._language == "tr":
            lower = _TURKISH_END.sub("", lower)
        return (" ".join(stems(lower, self._language)) or lower) if self._stemmed else lower


def cyrillic_stem(word: str) -> str:
    """Take off the end that a Russian or Ukrainian noun has for its case."""
    return _CYRILLIC_END.sub("", word)


@cache
def gazetteer(language: str) -> Gazetteer:
    """Give the known names for the texts of a language."""
    return Gazetteer(primary(language))


def _forms(language: str) -> Iterator[tuple[str, NameKind, str]]:
    """List every written form with its kind and key; what stands in names.toml comes first."""
    ambiguous = set(facts()["beside"]["ambiguous"])
    own: tuple[tuple[str, NameKind], ...] = (("organisations", "organisation"), ("places", "place"))
    for table, kind in own:
        for key, forms in facts()[table].items():
            yield from ((form, kind, key) for form in forms)
    for code in dict.fromkeys((language, "en")):
        try:
            locale = Locale.parse(code)
        except (UnknownLocaleError, ValueError):
            continue
        for territory, name in locale.territories.items():
            if not (territory.isalpha() or territory in _REGIONS) or name in ambiguous:
                continue
            plain = re.sub(r"\s*[(（].*?[)）]|\s*（.*?）| SAR China$", "", name)
            if len(plain) > 1:
                yield plain, "organisation" if territory in _ORGANISATIONS else "place", territory.lower()
        yield from (city for city in _cities(locale, code) if city[0] not in ambiguous)


def _cities(locale: Locale, code: str) -> Iterator[tuple[str, NameKind, str]]:
    """List the cities after which time zones are named."""
    zones = locale.time_zones
    # English names are the zones' own, so CLDR does not repeat them; any language that CLDR knows well has the list.
    for zone in map(str, Locale.parse("ru").time_zones):
        if not _ZONES.match(zone):
            continue
        english = zone.rpartition("/")[2].replace("_", " ")
        if english.split()[0] in _NO_CITIES:
            continue
        name = english if code == "en" else zones.get(zone, {}).get("city")
        if name and len(name) > 1:
            yield re.sub(r"\s*[(（].*?[)）]", "", name), "place", english.lower()
