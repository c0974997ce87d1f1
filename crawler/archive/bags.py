"""Bags of words: what grouping compares of a text, made once for each text and kept while it may be compared.

A bag is the different words of a text, as numbers of 32 bits, how much it says each of them, and which of them tell
what the text is about.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crawler.archive import arrays
from crawler.archive.positions import bounds
from crawler.archive.rows import NOT_FOLDED, packed
from crawler.archive.store import Store
from crawler.archive.times import micros, micros_or_none, moment_or_none

#: Before the words stand so many numbers, in so many bytes.
_NUMBERS, _HEAD = 5, 20


@dataclass(frozen=True, slots=True)
class Bag:
    """The words of a text and their weights, in the same order."""

    words: array[int]
    weights: array[float]
    #: Where the names and numbers, which come first, end; and where the words that stand in the title and in the text
    #: begin and end, names and numbers among them.
    names_end: int = 0
    titled: tuple[int, int] = (0, 0)
    #: Whether there are names among them: without capitals, or where all nouns have them, there are numbers only.
    named: bool = False
    #: Whether its words are mostly pairs of letters, of a script that is written without spaces.
    unspaced: bool = False


@dataclass(frozen=True, slots=True)
class Bagged:
    """A text of its own with its bag, as it is kept."""

    article: int
    language: str
    #: Published where that is known, else first seen: the window in which it is compared.
    at: datetime
    #: When it was published; None where nobody knows.
    dated: datetime | None
    bag: Bag
    #: The story that it is in; filled in when it is read.
    story: int | None = None


class Bags:
    """The bags of the texts that may be compared."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, bags: Iterable[Bagged], version: int) -> None:
        """Keep bags, in place of earlier ones of the same articles."""
        with self._store.writing():
            self._store.many(
                "INSERT INTO bags SELECT ?, ?, ?, ?, ?, ? FROM articles WHERE id = ? ON CONFLICT (article) DO UPDATE "
                "SET version = excluded.version, language = excluded.language, at = excluded.at, "
                "dated = excluded.dated, words = excluded.words",
                (
                    (
                        one.article,
                        version,
                        one.language,
                        micros(one.at),
                        micros_or_none(one.dated),
                        _packed(one.bag),
                        one.article,
                    )
                    for one in bags
                ),
            )

    def of(self, articles: Collection[int], version: int) -> Mapping[int, Bag]:
        """Read the bags of articles; those of another version are left out."""
        found = self._store.rows(
            "SELECT article, words FROM bags WHERE version = ? AND article "
            "IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
            (version, packed(list(articles))),
        )
        return {article: _unpacked(words) for article, words in found}

    def near(self, language: str, since: datetime, until: datetime, version: int) -> list[Bagged]:
        """List the texts of a language between two times that are in a story, the oldest first."""
        found = self._store.rows(
            "SELECT b.article, b.at, b.dated, b.words, s.story "
            "FROM bags b JOIN story_articles s ON s.article = b.article "
            "WHERE b.at >= ? AND b.at < ? AND b.language = ? AND b.version = ? ORDER BY b.at, b.article",
            (micros(since), micros(until), language, version),
        )
        return [
            Bagged(article, language, moment_or_none(at) or since, moment_or_none(dated), _unpacked(words), story)
            for article, at, dated, words, story in found
        ]

    def count(self, language: str, since: datetime, until: datetime, version: int) -> int:
        """Count the texts of a language between two times that have a bag."""
        query = "SELECT count(*) FROM bags WHERE at >= ? AND at < ? AND language = ? AND version = ?"
        return int(self._store.value(query, (micros(since), micros(until), language, version)) or 0)

    def missing(self, since: datetime, until: datetime, version: int) -> list[int]:
        """List the articles between two times that stand in stories with a text of their own and have no bag."""
        after, before = micros(since), micros(until)
        low, high = bounds(self._store, after, before)
        found = self._store.rows(
            "SELECT a.id FROM articles a JOIN story_articles s ON s.article = a.id "
            "LEFT JOIN bags b ON b.article = a.id AND b.version = ? "
            "WHERE a.position >= ? AND a.position < ? AND b.article IS NULL AND a.withdrawn_at IS NULL "
            f"AND {NOT_FOLDED} ORDER BY a.position",
            (version, low, high),
        )
        return [id_ for (id_,) in found]

    def drop(self, articles: Iterable[int]) -> None:
        """Forget the bags of articles whose texts have changed or are not compared any more."""
        with self._store.writing():
            self._store.many("DELETE FROM bags WHERE article = ?", ((article,) for article in articles))

    def drop_before(self, at: datetime) -> None:
        """Forget the bags of texts that are too old to be compared with what comes."""
        with self._store.writing():
            self._store.execute("DELETE FROM bags WHERE at < ?", (micros(at),))


def _packed(bag: Bag) -> bytes:
    head = array("I", (bag.names_end, *bag.titled, bag.named, bag.unspaced))
    return arrays.packed(head) + arrays.packed(bag.words) + arrays.packed(bag.weights)


def _unpacked(kept: bytes) -> Bag:
    half = (_HEAD + len(kept)) // 2
    numbers, weights = arrays.unpacked("I", kept[:half]), arrays.unpacked("f", kept[half:])
    names_end, begin, end, named, unspaced = numbers[:_NUMBERS]
    return Bag(numbers[_NUMBERS:], weights, names_end, (begin, end), bool(named), bool(unspaced))
