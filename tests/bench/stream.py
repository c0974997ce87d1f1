"""Realistic articles without end: what the benches of the archive are filled with, the same for the same seed.

Words are invented, and are as unevenly common as real ones (Zipf); an article leans on the words of its topic, so that
words meet as they do in news. Six languages in four scripts. One in five articles arrives long after its publication
(late, or filled in from an archive), one in ten repeats an earlier one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from crawler.archive import Kept
from crawler.copies import fingerprint
from crawler.records import Article, CopyOf, Kind, Source

SEED = 20261123
BEGIN = datetime(2024, 11, 23, tzinfo=UTC)
SOURCES = 200
#: An article every minute and a half: about two years to a million... times are stretched to this span.
SPAN = timedelta(days=730)
_VOCABULARY = 40_000
_TOPICS = 2_000
_TOPIC_WORDS = 30
_EXPONENT = 1.05


class Script(NamedTuple):
    """How the words of a language are made."""

    share: float
    beginnings: str
    ends: str
    joint: str
    stop: str


_SCRIPTS = {
    "en": Script(0.55, "b c d f g h l m n p r s t v w st tr pl br ch", "a e i o u ea ou en er an in on", " ", ". "),
    "de": Script(0.08, "b d f g h k l m n r s sch t v w z tr kl", "a e i o u ei au en er ung än ü", " ", ". "),
    "ru": Script(0.1, "б в г д ж з к л м н п р с т ф х ч ш ст пр", "а е и о у ы я ов ен ить ой ая", " ", ". "),
    "ar": Script(0.1, "ب ت ج ح د ر س ش ص ع ف ق ك ل م ن ه", "ا ي و ة ان ات ين", " ", ". "),
    "es": Script(0.07, "b c d f g l ll m n p r s t v tr pr", "a e i o u ión ar er os as á", " ", ". "),
    "zh": Script(0.1, "", "", "", "。"),
}
_COUNTRIES = ["us", "gb", "de", "fr", "ru", "cn", "ir", "ua", "jp", "kr", "in", "br", "eg", "za", "tr"]
_KINDS: tuple[Kind, ...] = ("agency", "newspaper", "broadcaster", "online", "republisher")


@dataclass(frozen=True, slots=True)
class Language:
    """The words of a language, the commonest first, and how common each is."""

    code: str
    words: tuple[str, ...]
    weights: tuple[float, ...]
    topics: tuple[tuple[str, ...], ...]


def language(code: str) -> Language:
    """Invent the words of a language."""
    script, chance = _SCRIPTS[code], random.Random(f"{SEED}{code}")
    words = list(dict.fromkeys(_word(script, chance) for _ in range(3 * _VOCABULARY)))[:_VOCABULARY]
    weights = tuple(accumulate(1 / (rank + 2.7) ** _EXPONENT for rank in range(len(words))))
    # What a topic is about are neither the commonest words nor the rarest.
    topics = tuple(tuple(chance.sample(words[200:20_000], _TOPIC_WORDS)) for _ in range(_TOPICS))
    return Language(code, tuple(words), weights, topics)


def _word(script: Script, chance: random.Random) -> str:
    if not script.beginnings:
        return "".join(chr(0x4E00 + int(3_500 * chance.random() ** 2)) for _ in range(chance.choice((1, 2, 2, 2, 3))))
    beginnings, ends = script.beginnings.split(), script.ends.split()
    return "".join(chance.choice(beginnings) + chance.choice(ends) for _ in range(chance.choice((1, 2, 2, 3, 3, 4))))


def sources() -> list[Source]:
    """Invent the outlets."""
    chance = random.Random(SEED)
    return [
        Source(
            f"outlet{number}",
            f"Outlet {number}",
            f"https://outlet{number}.test/",
            country=chance.choice(_COUNTRIES),
            kind=chance.choice(_KINDS),
            control=chance.choice(("state", "public", "private")),
            owner=f"Owner {number % 60}",
        )
        for number in range(SOURCES)
    ]


class Stream:
    """Articles in the order of their arrival."""

    def __init__(self, count: int, seed: int = SEED) -> None:
        self._count = count
        self._chance = random.Random(seed)
        self.languages = {code: language(code) for code in _SCRIPTS}
        self._shares = [script.share for script in _SCRIPTS.values()]
        self._outlets = [source.key for source in sources()]
        #: Articles that may be repeated: id, title, text, language, fingerprint.
        self._recent: list[tuple[int, Kept]] = []

    def batches(self, size: int) -> Iterator[tuple[list[Kept], datetime]]:
        """Give all articles in batches, each with the moment of its arrival."""
        step = SPAN / self._count
        for first in range(0, self._count, size):
            numbers = range(first, min(first + size, self._count))
            yield [self._one(number, BEGIN + step * number) for number in numbers], BEGIN + step * numbers[-1]

    def _one(self, number: int, now: datetime) -> Kept:
        chance = self._chance
        if self._recent and chance.random() < 0.1:
            original, kept = chance.choice(self._recent)
            article, prints, copy = kept.article, kept.fingerprints, CopyOf(original, "full", 1.0)
            code, title, text = article.language, article.title, article.text
        else:
            code = chance.choices(list(_SCRIPTS), self._shares)[0]
            title, text = self._text(self.languages[code], _SCRIPTS[code])
            prints, copy = fingerprint(text), None
        published = self._published(now)
        outlet = chance.choice(self._outlets)
        made = Article(
            f"https://{outlet}.test/{number}",
            outlet,
            title,
            text,
            lead=text[:120],
            authors=(title.split(" ")[0][:20] + " Author",),
            published=published.isoformat() if published else None,
            published_utc=published,
            published_precision="minute" if published else "none",
            language=code,
            carried_by=outlet,
            first_seen=now,
        )
        result = Kept(made, None, prints, copy)
        if copy is None:
            # Ids are given in order from 1.
            self._recent = [*self._recent[-500:], (number + 1, result)]
        return result

    def _text(self, words: Language, script: Script) -> tuple[str, str]:
        chance = self._chance
        topic = words.topics[int(_TOPICS * chance.random() ** 2)]
        length = min(2_000, max(40, int(chance.lognormvariate(5.7, 0.6))))
        drawn = chance.choices(words.words, cum_weights=words.weights, k=length)
        for place in range(0, length, 6):
            drawn[place] = chance.choice(topic)
        sentences, at = [], 0
        while at < length:
            behind = at + chance.randint(8, 26)
            sentences.append(script.joint.join(drawn[at:behind]))
            at = behind
        paragraphs = [
            script.stop.join(sentences[at : at + 3]) + script.stop.strip() for at in range(0, len(sentences), 3)
        ]
        return script.joint.join(drawn[:9]), "\n\n".join(paragraphs)

    def _published(self, now: datetime) -> datetime | None:
        chance = self._chance.random()
        if chance < 0.03:
            return None
        late = (
            timedelta(days=self._chance.uniform(3, 900))
            if chance < 0.23
            else timedelta(minutes=self._chance.uniform(1, 600))
        )
        return (now - late).replace(second=0, microsecond=0)
