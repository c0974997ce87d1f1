"""Stories in other languages that seem to tell of the same event: numbers and names agree. Pure.

Translations share hardly a word, but "2,300 files" stays 2300, 64万 is 640,000, and a name in Latin letters stays one
in a Chinese text. What agrees weighs the more, the fewer stories of either language have it; what many have by chance
(two digits, round numbers, countries) adds little and proves nothing. A link is shown as such ("also in Chinese");
stories are never merged by it.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel import Locale, UnknownLocaleError

from crawler import agencies
from crawler.languages import primary
from crawler.records import Article
from crawler.tokens import fold
from digest.gazetteer import facts, gazetteer

#: Only the beginning of a text tells of its event; no more than so many numbers and names of a story are compared.
_READ, _NUMBERS, _NAMES = 4_000, 30, 40
#: Letters that tell a text's script.
_SAMPLE = 500
_DAYS_APART = 4.0
#: A language counts as having so many stories at least: in a small archive nothing could be rare.
_FEWEST = 50
#: What agrees must weigh so much more than the logarithm of the stories among which it might by chance, one part of it
#: must weigh as much as this, and all be so much of what the one with less to say could agree by.
_EVIDENCE, _TELLING, _AGREEMENT = 2.75, 2.5, 0.25
#: The most that each kind weighs: names and numbers of three digits and more; numbers of two digits and zeros.
_PRECISE, _LONG = 6.0, 4.0
#: What proves nothing: places and organisations that everybody knows; two digits, round numbers, times. They weigh so
#: much of their rarity only, and all of them together no more than the last.
_KNOWN, _WEAK, _ALL_WEAK = 1.5, 1.0, 3.0
_OF_RARITY = 0.25
#: What more stories than this of a language have leads to none of them; it still counts where something else leads.
_COMMON = 100

_LETTER = r"A-Za-z\u00c0-\u052f"
#: Power of ten -> words behind a number, longer ones before their beginnings.
_POWERS = {
    9: "billions?|bn|milliarden?|milliards?|mrd|miliardi|miliardy?|miliardów|млрд|миллиард(?:а|ов)?|мільярд(?:а|ів|и)?"
    "|مليارات|مليار|十亿|十億",
    8: "亿|億|억",
    7: "करोड़",
    6: "millions?|million(?:en|s)|mio|mln|millones|millón|milhões|milioni|miliony?|milionów|млн|миллион(?:а|ов)?"
    "|мільйон(?:а|ів|и)?|مليونا|مليون|ملايين|百万|百萬|ล้าน",
    5: "แสน|लाख",
    4: "万|萬|만|หมื่น",
    3: "thousand|tausend|тысяч[аи]?|тыс|тисяч[аі]?|тис|ألفا|ألف|آلاف|千|พัน",
}
_POWER = "|".join(f"(?P<p{power}>{words})" for power, words in _POWERS.items())
_NUMBER = re.compile(
    rf"(?<![{_LETTER}\d.,])(?P<digits>\d{{1,3}}(?:[,.\u00a0\u202f ]\d{{3}})+|\d+(?:[.,]\d+)?)(?![.,]?\d)"
    rf"(?:[ \u00a0\u202f]?(?:{_POWER})(?![{_LETTER}\u0621-\u064a])|(?![{_LETTER}]))",
    re.IGNORECASE,
)
_GROUPS = re.compile(r"[,.\u00a0\u202f ](?=\d{3}(?!\d))")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TIME = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d")
#: Capitalised Latin words inside a sentence, and any Latin word in another script.
_NAME = re.compile(r"(?<=[^.!?:\n\"“”»«] )[A-ZÀ-ÖØ-Þ][\w’'-]{3,}")
_LATIN = re.compile(r"(?<![A-Za-z])[A-Za-z]{3,}(?![A-Za-z])")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1fff\u2e80-\ud7ff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Told:
    """A story as it is compared: its language, its day, and by what it may agree with another."""

    story: int
    language: str
    #: Days since any fixed moment, of its first and last article.
    first: float
    last: float
    #: Numbers in digits, names in small letters, and places and organisations of the gazetteer by their English names.
    anchors: frozenset[str]
    #: By what it may agree with others of its language (followups.py).
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """A story in another language that seems to tell of the same event."""

    story: int
    language: str
    #: The numbers and names that agree, those that weigh most first.
    agree: tuple[str, ...]


def anchors(articles: Sequence[Article], names: Iterable[str] = ()) -> frozenset[str]:
    """Find the numbers and names by which a story's texts may agree with texts in other languages.

    ``names``: of the story's places and organisations; those that the gazetteer knows are the same in all languages.
    """
    known: set[str] = set()
    spoken: set[str] = set()
    language = primary(articles[0].language) if articles else ""
    for name in names:
        for found in gazetteer(language).find(name):
            known.add(_english(found.key))
            spoken.update(fold(name).split())
    idle = spoken | _calendar(language)
    numbers: Counter[str] = Counter()
    latin: Counter[str] = Counter()
    for article in articles:
        text = f"{article.title}\n{article.text or article.lead}"[:_READ]
        beginning = text[:_SAMPLE]
        foreign = len(_OTHER_SCRIPT.findall(beginning)) * 2 > len(beginning) - beginning.count(" ")
        pattern = _LATIN if foreign else _NAME
        folded = (fold(name).strip("'’-") for name in pattern.findall(text))
        latin.update(list(dict.fromkeys(name for name in folded if name not in idle)))
        numbers.update(list(dict.fromkeys(_numbers(text))))
    few = (anchor for found, most in ((numbers, _NUMBERS), (latin, _NAMES)) for anchor, _ in found.most_common(most))
    return frozenset((*few, *sorted(known)[:_NAMES]))


def exact_numbers(text: str) -> set[str]:
    """Find the numbers that are too exact to agree by chance, written in one way."""
    return {number for number in _numbers(text) if _most(number) == _PRECISE}


def _numbers(text: str) -> Iterator[str]:
    """Write numbers in one way; years and single digits are everybody's."""
    for found in _NUMBER.finditer(text.replace("٫", ".").replace("٬", ",")):
        digits = found["digits"]
        plain = _GROUPS.sub("", digits if digits.isascii() else fold(digits)).replace(",", ".")
        power = int((found.lastgroup or "p0")[1:]) if found.lastgroup != "digits" else 0
        if power:
            plain = f"{(Decimal(plain) * 10**power).normalize():f}"
        if len(plain) > 1 and (power or not _YEAR.fullmatch(plain)):
            yield plain


@cache
def _calendar(language: str) -> frozenset[str]:
    """List the names of months and weekdays, which are capitalised in some languages and tell of no event."""
    try:
        known = [Locale.parse(language), Locale.parse("en")]
    except (UnknownLocaleError, ValueError):
        known = [Locale.parse("en")]
    names = [names for locale in known for names in (locale.months["format"]["wide"], locale.days["format"]["wide"])]
    return frozenset(fold(name) for each in names for name in each.values())


@cache
def _english(key: str) -> str:
    """Give the English name of what the gazetteer knows."""
    for table in ("organisations", "places"):
        if key in facts()[table]:
            return str(facts()[table][key][0])
    return str(Locale.parse("en").territories.get(key.upper(), key.title()))


class Links:
    """The links between stories of some days.

    A story is compared only with those that have telling numbers and names in common with it, never with all others.
    """

    def __init__(self, told: Sequence[Told]) -> None:
        """Take all stories that may be linked."""
        self._known = {one.story: one for one in told}
        self._sizes = Counter(one.language for one in told)
        counts = Counter((one.language, anchor) for one in told for anchor in one.anchors)
        #: How rare an anchor is among the stories of a language; it is asked for only where one has it.
        self._rarity = {
            (language, anchor): math.log(1 + max(_FEWEST, self._sizes[language]) / count)
            for (language, anchor), count in counts.items()
        }
        self._having: dict[tuple[str, str], list[Told]] = defaultdict(list)
        for one in told:
            for anchor in one.anchors:
                if _most(anchor) > _KNOWN and counts[one.language, anchor] <= _COMMON:
                    self._having[one.language, anchor].append(one)
        self._best: dict[tuple[int, str], Told | None] = {}

    def of(self, story: int) -> tuple[Link, ...]:
        """Find for a story the best one of each other language, where each is the other's best."""
        own = self._known.get(story)
        if own is None or not own.language:
            return ()
        languages = sorted(set(self._sizes) - {own.language, ""})
        return tuple(link for language in languages if (link := self._link(own, language)) is not None)

    def event(self, story: int) -> set[int]:
        """Name all stories that links lead to, and the story itself."""
        found, waiting = {story}, [story]
        while waiting:
            new = {link.story for link in self.of(waiting.pop())} - found
            found |= new
            waiting += new
        return found

    def _link(self, own: Told, language: str) -> Link | None:
        best = self._best_of(own, language)
        if best is None or self._best_of(best, own.language) is not own:
            return None
        weights = {anchor: self._weight(anchor, own.language, language) for anchor in own.anchors & best.anchors}
        return Link(best.story, language, tuple(sorted(weights, key=lambda anchor: (-weights[anchor], anchor))))

    def _best_of(self, own: Told, language: str) -> Told | None:
        """Give the story of a language with which most agrees, if it is enough."""
        asked = (own.story, language)
        if asked not in self._best:
            scored = [
                (score, -other.story)
                for other in self._candidates(own, language)
                if near(own, other) and (score := self._agreement(own, other)) > 0
            ]
            self._best[asked] = self._known[-max(scored)[1]] if scored else None
        return self._best[asked]

    def _candidates(self, own: Told, language: str) -> Iterator[Told]:
        """List the stories of a language with which enough may agree, by what is telling."""
        sums: dict[int, float] = defaultdict(float)
        common = 0.0
        for anchor in own.anchors:
            if _most(anchor) > _KNOWN and (language, anchor) in self._rarity:
                weight = self._weight(anchor, own.language, language)
                having = self._having.get((language, anchor))
                if having is None:
                    common += weight
                for other in having or ():
                    sums[other.story] += weight
        least = self._least(own.language, language) - common - _ALL_WEAK
        return (self._known[story] for story, weight in sums.items() if weight >= least)

    def _agreement(self, one: Told, other: Told) -> float:
        """Weigh what agrees; 0 where it proves nothing."""
        weights = [self._weight(anchor, one.language, other.language) for anchor in one.anchors & other.anchors]
        weight = _sum(weights)
        if max(weights) < _TELLING or weight < self._least(one.language, other.language):
            return 0.0
        whole = min(
            _sum([self._weight(anchor, each.language, each.language) for anchor in each.anchors])
            for each in (one, other)
        )
        return weight if weight >= _AGREEMENT * whole else 0.0

    def _least(self, one: str, other: str) -> float:
        return _EVIDENCE + math.log(max(_FEWEST, self._sizes[one], self._sizes[other]))

    def _weight(self, anchor: str, one: str, other: str) -> float:
        """Weigh an anchor by how few stories of either language have it."""
        rarity, most = min(self._rarity[one, anchor], self._rarity[other, anchor]), _most(anchor)
        return min(most, rarity if most > _KNOWN else rarity * _OF_RARITY * most)


def _sum(weights: Sequence[float]) -> float:
    weak = sum(weight for weight in weights if weight <= _KNOWN)
    return sum(weight for weight in weights if weight > _KNOWN) + min(weak, _ALL_WEAK)


@cache
def _most(anchor: str) -> float:
    """Give the most that an anchor can weigh, by its kind."""
    if anchor[0].isdigit():
        telling = len(anchor.replace(".", "").strip("0"))
        if telling < 2 or (len(anchor) < 3 or _TIME.fullmatch(anchor)):
            return _WEAK
        return _PRECISE if telling > 2 else _LONG
    return _KNOWN if anchor[0].isupper() or agencies.known(anchor) else _PRECISE


def may_tell(anchor: str) -> bool:
    """Tell whether something that agrees is a name or an exact number, by which two texts may tell of one event."""
    return _most(anchor) > _WEAK


def near(one: Told, other: Told) -> bool:
    """Tell whether two stories are so near in time that they may tell of one event."""
    return one.first - _DAYS_APART <= other.last and other.first - _DAYS_APART <= one.last
