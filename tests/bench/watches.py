"""Matching watches as articles come: articles in a CPU second, with thousands of watches.

    python -m tests.bench.watches [WATCHES,...]    default 10000; 10000,100000 for the whole table

Realistic articles and watches (tests/bench/stream.py): phrases, words, alternatives, NEAR, exclusions, filters,
prefixes, over the words of topics. A batch is what the crawl keeps at once; between two batches the watches are looked
up again, as they may have changed.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from itertools import islice

from crawler.archive import Archive, open_archive
from crawler.records import Article, Source, Watch
from tests.bench import report
from tests.bench.stream import BEGIN, Language, Stream, language, sources

ARTICLES = 2_000
BATCHES = (500, 10)
_LANGUAGES = {"en": 0.6, "ru": 0.08, "zh": 0.1, "ar": 0.08, "de": 0.07, "es": 0.07}
_SEED = 7


def watches(count: int) -> list[Watch]:
    """Invent watches."""
    chance, words = random.Random(_SEED), {code: language(code) for code in _LANGUAGES}
    codes = chance.choices(list(_LANGUAGES), list(_LANGUAGES.values()), k=count)
    return [Watch(f"w{number}", _query(chance, words[code])) for number, code in enumerate(codes)]


def _query(chance: random.Random, words: Language) -> str:
    one, two, three, four = chance.sample(chance.choice(words.topics), 4)
    common, draw = words.words[chance.randrange(50, 3_000)], chance.random()
    forms = (
        (0.35, f'"{one} {two}"'),
        (0.50, f"{one} {two}"),
        (0.65, f'({one} OR {two} OR "{three} {four}") {common}'),
        (0.80, f"{one} NEAR/10 {two}"),
        (0.88, f"{one} {common} -{three}"),
        (0.94, f"({one} OR {two}) country:cn"),
        (0.97, f"title:{one} {common}"),
    )
    beginning = max(one, two, three, four, key=len)[:5]
    return next((form for share, form in forms if draw < share), f'{beginning}* "{two} {common}"')


def main() -> None:
    """Measure and write the table."""
    counts = [int(number) for number in (sys.argv[1] if len(sys.argv) > 1 else "10000").split(",")]
    outlets = {source.key: source for source in sources()}
    stream = Stream(ARTICLES).batches(500)
    articles = [kept.article for batch, _ in islice(stream, ARTICLES // 500) for kept in batch]
    rows = [row for count in counts for row in _measured(count, articles, outlets)]
    report.write(
        "watches",
        f"{ARTICLES:,} articles, each asked of all watches.",
        ("watches", "batch", "articles per CPU s", "mentions per article", "defining all, CPU s", "loading, CPU s"),
        rows,
        notes=(
            "defining: reading every query, writing it, and asking an empty archive, as after a change of watches.toml",
            "loading: once in each process, and whenever the watches have changed",
        ),
    )


def _measured(count: int, articles: Sequence[Article], outlets: dict[str, Source]) -> list[tuple[object, ...]]:
    with open_archive("sqlite://") as archive:
        archive.sources.sync(outlets.values(), BEGIN)
        began = time.process_time()
        archive.watches.sync(watches(count), BEGIN)
        defining = time.process_time() - began
        began = time.process_time()
        archive.watches.match(articles[0], outlets[articles[0].source], BEGIN)
        loading = time.process_time() - began
        rows: list[tuple[object, ...]] = []
        for size in BATCHES:
            speed, mentions = _matched(archive, articles, outlets, size)
            rows.append((f"{count:,}", size, f"{speed:,.0f}", f"{mentions:.1f}", f"{defining:.1f}", f"{loading:.1f}"))
        return rows


def _matched(
    archive: Archive, articles: Sequence[Article], outlets: dict[str, Source], size: int
) -> tuple[float, float]:
    began, mentions = time.process_time(), 0
    for first in range(0, len(articles), size):
        archive.watches.version()
        for article in articles[first : first + size]:
            mentions += len(archive.watches.match(article, outlets[article.source], BEGIN))
    return len(articles) / (time.process_time() - began), mentions / len(articles)


if __name__ == "__main__":
    main()
