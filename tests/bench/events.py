"""Events that many outlets tell of, without end: what the benches of stories are filled with, the same for one seed.

Words are those of ``stream``, as unevenly common as real ones. An event has some words of its own; it is told by a few
articles, most within a day, some for a week, one in ten of them word for word an earlier one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from crawler.records import Article
from tests.bench.stream import SEED, SOURCES, Language, language

_SHARES = {"en": 6, "ru": 2, "zh": 2}
_OWN_WORDS, _OF_THE_EVENT = 40, 0.12
_REPRINTS = 0.1
_MOST_TOLD = 25


def articles(count: int, begin: datetime, end: datetime, seed: int = SEED) -> list[Article]:
    """Make so many articles between two times, the oldest first."""
    chance = random.Random(seed)
    languages = {code: language(code) for code in _SHARES}
    told: list[Article] = []
    while len(told) < count:
        code = chance.choices([*_SHARES], [*_SHARES.values()])[0]
        at = begin + (end - begin) * chance.random()
        told += [each for each in _event(chance, code, languages[code], at) if (each.published_utc or end) < end]
    told = sorted(told[:count], key=lambda article: article.published_utc or end)
    return [_at(article, chance, f"{seed}-{number}") for number, article in enumerate(told)]


def _event(chance: random.Random, code: str, words: Language, begin: datetime) -> Iterator[Article]:
    own = chance.sample(words.words[200:], _OWN_WORDS)
    title = text = ""
    for _ in range(min(_MOST_TOLD, 1 + int(chance.paretovariate(1.1)))):
        late = timedelta(hours=chance.expovariate(1 / (100 if chance.random() < 0.15 else 8)))
        if not text or chance.random() >= _REPRINTS:
            title, text = _text(chance, code, words, own)
        yield Article("", "", title, text, language=code, published_utc=begin + late)


def _text(chance: random.Random, code: str, words: Language, own: list[str]) -> tuple[str, str]:
    joint, stop = ("", "。") if code == "zh" else (" ", ". ")
    length = min(2_000, max(40, int(chance.lognormvariate(5.7, 0.6))))
    drawn = [
        chance.choice(own) if chance.random() < _OF_THE_EVENT else word
        for word in chance.choices(words.words, cum_weights=words.weights, k=length)
    ]
    sentences, at = [], 0
    while at < length:
        behind = at + chance.randint(8, 26)
        sentences.append(joint.join(drawn[at:behind]).capitalize())
        at = behind
    paragraphs = [stop.join(sentences[at : at + 3]) + stop.strip() for at in range(0, len(sentences), 3)]
    return joint.join([*chance.sample(own, 5), *drawn[:3]]), "\n".join(paragraphs)


def _at(article: Article, chance: random.Random, name: str) -> Article:
    outlet = f"outlet{chance.randrange(SOURCES)}"
    at = article.published_utc
    assert at is not None
    return Article(
        f"https://{outlet}.test/{name}",
        outlet,
        article.title,
        article.text,
        lead="",
        published=at.isoformat(),
        published_utc=at,
        published_precision="minute",
        language=article.language,
        carried_by=outlet,
        first_seen=at,
    )
