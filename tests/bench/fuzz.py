"""Throw strings at the query language: each gives results or a QueryError, nothing else, and gives them soon.

    python -m tests.bench.fuzz [STRINGS]    default 100000

Scraps of the language in random order, queries with some letters changed, random letters of all of Unicode, and lines
of naughty strings where the corpus is there. What can be read is written and read again, explained, searched for in
three orders, counted, made a watch and asked of an article; all must agree.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from crawler import query
from crawler.archive import Archive, Kept, open_archive
from crawler.archive.search import Sort
from crawler.errors import QueryError
from crawler.query import Document
from crawler.records import Article, Source, Watch
from tests.bench import report

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_SEED = 20261123
_NAUGHTY = Path(__file__).parents[2].parent / "shared" / "corpus" / "hostile" / "blns.json"
_SCRAPS = (
    "spy", "state tv", "(", ")", '"', "-", " ", " ", " AND ", " OR ", " NOT ", "NEAR/5", " W/2 ", "NEAR", "NEAR/", "*",
    "title:", "lead:", "text:", "author:", "source:", "kind:", "control:", "owner:", "country:", "lang:", "credited:",
    "site:", "url:", "after:", "before:", "seen-after:", "copies:", "tag:", "paywalled:", "completeness:", "story:",
    "watch:", "foo:", "2019", "2019-11-01", "7d", "yesterday", "tass", "state", "cn", "no", "yes", "full", "1", "中国",
    "人", "ข่าว", "جاسوس", "شپ", "Шпион", "간첩", "スパイ", "“", "”", "：", "（", "|", "&", "\n", "\0", "\ud800",
    "\u200d", "http://a.b/c", "a.b", "'", ";", "--", "%", "\\", "{title}", "^", "+", "NULL", "]", "[", "\u0301",
    "🕵", "w",
)  # fmt: skip
_BEGUN = (
    'espionage AND ("state tv" OR CCTV) NEAR/5 arrest* -sport title:spy',
    'source:tass control:state credited:"Global Times" after:2019-11-01 copies:no',
    "(中国 OR 間諜) W/3 人 -ข่าว lang:zh",
)
_BOMBS = {
    "9,000 ( in a row": "(" * 9_000,
    "4,900 pairs of parentheses": "(" * 4_900 + "a" + ")" * 4_900,
    "2,000 NOT": "NOT " * 2_000 + "a",
    "10 million (": "(" * 10_000_000,
    "2,400 OR": "a OR " * 2_400 + "a",
    "500 words": " OR ".join(f"word{number}" for number in range(500)),
    "500 groups with NEAR": "((a OR b) NEAR/9 " * 500,
    "25 NEAR of 100 pairs": " ".join(["(a OR b OR c OR d OR e) NEAR/9 (a OR b OR c OR d)"] * 25),
    "9,999 quotation marks": '"' * 9_999,
    "an apostrophe and 9,990 spaces": "'a" + " " * 9_990,
    "60,000 spaces behind an apostrophe": "'a" + " " * 60_000,
    "5,000 letters joined by hyphens": "a-" * 4_999 + "a",
    "1,600 fields": "title:" * 1_600 + "a",
    "1,100 filters": "source:a " * 1_100,
    "9,999 Chinese letters": "中" * 9_999,
    "9,999 ligatures of 18 letters": "\ufdfa" * 9_999,
    "an accent 9,998 times": "a" + "\u0301" * 9_998,
}


def strings(count: int) -> Iterator[str]:
    """Make strings of four kinds."""
    chance = random.Random(_SEED)
    naughty = json.loads(_NAUGHTY.read_text("utf-8")) if _NAUGHTY.exists() else [""]
    for _ in range(count):
        kind = chance.random()
        if kind < 0.6:
            yield "".join(chance.choices(_SCRAPS, k=chance.randint(1, 9)))
        elif kind < 0.85:
            letters = list(chance.choice(_BEGUN))
            for _ in range(chance.randint(1, 4)):
                at = chance.randrange(len(letters))
                letters[at : at + chance.randint(0, 3)] = chance.choice(_SCRAPS)
            yield "".join(letters)
        elif kind < 0.95:
            yield "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randint(1, 20)))
        else:
            yield chance.choice(naughty) + chance.choice(_SCRAPS)


def ask(archive: Archive, text: str) -> str:
    """Ask one string in every way; an AssertionError or any error but a QueryError is a fault of ours."""
    try:
        node = query.parse(text)
    except QueryError as error:
        _, at, problem, remedy = error.args
        assert 0 <= at <= len(text), text
        assert problem, text
        assert remedy, text
        str(error).encode()
        return "refused, with place and remedy"
    written = query.show(node)
    assert query.parse(written) == node, text
    assert query.explain(node), text
    try:
        count = archive.count(node, NOW)
    except QueryError:
        return "refused: a watch that is not there"
    for sort in get_args(Sort):
        found = archive.search(text, sort=sort, now=NOW)
        assert found.total == len(found.hits) == count, text
    assert sum(archive.stats(node, "day", now=NOW).values()) == count, text
    assert archive.facets(node, NOW)["day"] == archive.stats(node, "day", now=NOW), text
    documents = [
        Document(article, archive.sources.get(article.source)) for article in archive.articles.many(range(1, 4))
    ]
    if not any(part.name == "watch" for part in query.filters_in(node)):
        ids = {document.article.id for document in documents if query.is_match(node, document, NOW)}
        assert ids == set(archive.ids(node, NOW)), text
    with suppress(QueryError):
        query.check_watch(text)
    return "results" if count else "no results"


def main() -> None:
    """Ask all, and write the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    with open_archive("sqlite://") as archive:
        archive.sources.sync([Source("tass", "TASS", "https://tass.test/", country="ru", control="state")], NOW)
        archive.watches.sync([Watch("w", "spy OR 中国")], NOW)
        texts = (
            "A state tv spy, arrested 1 2019 with 中国人 in a ข่าว",
            "Шпион جاسوس 간첩 スパイ no yes full cn",
            "foo",
        )
        for number, text in enumerate(texts):
            article = Article(f"https://a.b/{number}", "tass", "State spy", text, language="zh", tags=("w",))
            archive.articles.keep([Kept(article)], NOW)
        for text in strings(count):
            begun = time.process_time()
            outcomes[ask(archive, text)] += 1
            slowest = max(slowest, time.process_time() - begun)
    rows: list[tuple[object, ...]] = [(name, f"{number:,}") for name, number in outcomes.most_common()]
    rows += [(f"bomb: {name}", _bomb(text)) for name, text in _BOMBS.items()]
    report.write(
        "fuzz",
        f"{count:,} strings as queries; anything but a result or a QueryError would have ended this run.",
        ("what came of it", "strings; of bombs CPU ms"),
        rows,
        notes=(f"slowest string, asked in every way: {1_000 * slowest:.0f} CPU ms",),
    )


def _bomb(text: str) -> str:
    begun = time.process_time()
    try:
        query.parse(text)
        query.doubts(text)
        outcome = "read"
    except QueryError:
        outcome = "refused"
    return f"{outcome} in {1_000 * (time.process_time() - begun):.1f}"


if __name__ == "__main__":
    main()
