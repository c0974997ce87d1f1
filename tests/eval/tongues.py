"""The nine edits of invented articles in eight languages: whether each is found, and as what.

The corpus of the other eval is English. Here articles of eight sentences with their edits, banners, and the items of
round-ups, a line each, are in languages with and without spaces; all are kept in one archive, as a crawl does.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from crawler.archive import open_archive
from crawler.drafts import Draft, keep_drafts
from crawler.reading import reading
from crawler.records import Article, Source
from tests.eval.edits import SEED, Edit, Text

NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)
_FILE = Path(__file__).with_name("tongues.toml")
#: Of how many letters a word is about, where no spaces are written.
_LETTERS = {"zh": 2, "ja": 2, "th": 5}
_REPEATED = frozenset({"full", "partial"})
#: What each kind of edit may be called.
EXPECTED: dict[str, frozenset[str]] = {
    "header and footer added": frozenset({"full"}),
    "new headline": frozenset({"full"}),
    "first half": frozenset({"partial"}),
    "first quarter": frozenset({"partial"}),
    "6 % word edits": frozenset({"full"}),
    "20 % word edits": _REPEATED,
    "cut and shuffled": _REPEATED,
    "embedded in a round-up": frozenset({"quoted-in"}),
    "typography": frozenset({"full"}),
}


@dataclass(frozen=True, slots=True)
class Tongue:
    """An article in one language, and what republishers put beside it."""

    language: str
    title: str
    headline: str
    banner: str
    round_up: str
    #: A sentence a line.
    article: str
    items: str


@cache
def tongues() -> tuple[Tongue, ...]:
    """Read all of them."""
    return tuple(Tongue(**each) for each in tomllib.loads(_FILE.read_text("utf-8"))["tongue"])


def edits(tongue: Tongue) -> Iterator[tuple[str, Text]]:
    """Edit an article in all nine ways."""
    chance = random.Random(f"{SEED}{tongue.language}")
    title, whole = tongue.title, tongue.article.strip()
    sentences, items = whole.split("\n"), tongue.items.strip().split("\n")
    shuffled = chance.sample(sentences, 6)
    quotes = str.maketrans({",": ",\u00a0", "-": "–", "'": "’", "。": "｡", "ё": "е\u0308"})
    yield "header and footer added", Text(title, f"{tongue.banner}\n{whole}\n{tongue.banner} 24680")
    yield "new headline", Text(tongue.headline, f"{tongue.headline}\n{whole}")
    yield "first half", Text(title, "\n".join(sentences[:4]))
    yield "first quarter", Text(title, "\n".join(sentences[:2]))
    yield "6 % word edits", Text(title, _edited(whole, tongue.language, 0.06, chance))
    yield "20 % word edits", Text(title, _edited(whole, tongue.language, 0.2, chance))
    yield "cut and shuffled", Text(title, "\n".join(shuffled))
    yield "embedded in a round-up", Text(tongue.round_up, "\n".join([*items[:2], *sentences[:5], *items[2:]]))
    yield "typography", Text(title, whole.translate(quotes))


def _edited(text: str, language: str, share: float, chance: random.Random) -> str:
    """Replace so many of the words by others of the text."""
    letters = _LETTERS.get(language)
    words = text.split(" ") if letters is None else [text[at : at + letters] for at in range(0, len(text), letters)]
    others = [word for word in words if word.isalnum()]
    made = [chance.choice(others) if chance.random() < share and "\n" not in word else word for word in words]
    return (" " if letters is None else "").join(made)


def found(size: int) -> dict[str, dict[str, str]]:
    """Keep all in batches of so many; give for each kind of edit what it is called in each language.

    "" is what is nobody's copy; "another's" one that is taken for a copy of something else than its original.
    """
    given = tongues()
    made = [Edit("", number, Text(tongue.title, tongue.article.strip())) for number, tongue in enumerate(given)]
    made += [Edit(kind, number, text) for number, tongue in enumerate(given) for kind, text in edits(tongue)]
    drafts = [_draft(edit, given[edit.original].language, at) for at, edit in enumerate(made)]
    with open_archive("sqlite:///:memory:") as archive:
        ids = [
            result.id
            for begin in range(0, len(drafts), size)
            for result in keep_drafts(archive, drafts[begin : begin + size], NOW)
        ]
        kept = {article.id: article for article in archive.articles.many(ids)}
    table: dict[str, dict[str, str]] = {kind: {} for kind in EXPECTED}
    for id_, edit in zip(ids, made, strict=True):
        if edit.kind:
            copy = kept[id_]
            called = copy.copy_kind or "" if copy.copy_of in (None, ids[edit.original]) else "another's"
            table[edit.kind][given[edit.original].language] = called
    return table


def _draft(edit: Edit, language: str, at: int) -> Draft:
    key = "courier" if edit.kind else "gazette"
    text, hour = edit.made, 10 if edit.kind else 8
    article = Article(
        f"http://{key}.example/{at}",
        key,
        text.title,
        text.text,
        language=language,
        published_utc=NOW.replace(hour=hour, minute=at % 60),
        published_precision="minute",
    )
    return Draft(reading(article), Source(key, key.title(), f"http://{key}.example/"))


def faults(table: dict[str, dict[str, str]]) -> Sequence[str]:
    """List what is called something else than it is."""
    return [
        f"{kind} in {language}: {called or 'not found'}"
        for kind, row in table.items()
        for language, called in row.items()
        if called not in EXPECTED[kind]
    ]
