"""Stories: the articles about one event, under an id that stays."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from crawler.archive.positions import bounds
from crawler.archive.rows import packed
from crawler.archive.store import Store
from crawler.archive.times import micros, micros_or_none, moment, moment_or_none
from crawler.records import Outlet, Story, SummarySentence, as_json

_COLUMNS = (
    "s.id, s.title, s.summary, s.outlets, s.separate_owners, s.outside_state_control, s.first, s.last, s.languages, "
    "s.names, s.people, s.organisations, s.places, s.updated, s.under_state_control, "
    "(SELECT json_group_array(article ORDER BY place) FROM story_articles WHERE story = s.id)"
)
_MICROSECOND = timedelta(microseconds=1)
# Inside the class, list is the method.
Found = list[Story]
Numbers = list[int]
_ALIVE = "EXISTS (SELECT 1 FROM story_articles WHERE story = s.id)"


@dataclass(frozen=True, slots=True)
class Move:
    """What became of a story's id."""

    kind: Literal["merge", "split"]
    story: int
    into: int


@dataclass(frozen=True, slots=True)
class Marked:
    """A story in one language, with its time, and by what it may agree with others."""

    story: int
    language: str
    first: datetime
    last: datetime
    #: As digest.links and digest.followups find them; None where nobody has looked since it was written.
    anchors: frozenset[str] | None = None
    marks: frozenset[str] | None = None


class Stories:
    """The stories, as the last grouping left them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def next_id(self) -> int:
        """Give the first id that no story ever had."""
        last = self._store.value("SELECT max(id) FROM stories") or 0
        return max(int(last), int(self._store.state("last_story", 0))) + 1

    def write(self, stories: Sequence[Story], moves: Sequence[Move], now: datetime) -> None:
        """Write stories as they are now; an article belongs to the last story that is written with it."""
        with self._store.writing():
            self._store.many(_WRITE, (_values(story) for story in stories))
            self._store.many("DELETE FROM story_articles WHERE story = ?", ((story.id,) for story in stories))
            self._store.many(
                "INSERT INTO story_articles (story, article, place) SELECT ?, id, ? FROM articles WHERE id = ? "
                "ON CONFLICT (article) DO UPDATE SET story = excluded.story, place = excluded.place",
                ((story.id, place, id_) for story in stories for place, id_ in enumerate(story.articles)),
            )
            self._store.many(
                "INSERT INTO story_moves (kind, story, into_story, at) VALUES (?, ?, ?, ?)",
                ((move.kind, move.story, move.into, micros(now)) for move in moves),
            )
            self._store.many(
                "UPDATE stories SET merged_into = ? WHERE id = ?",
                ((move.into, move.story) for move in moves if move.kind == "merge"),
            )
            self._store.set_state("last_story", self.next_id() - 1)
            doubt(self._store)

    def version(self) -> int:
        """Count how often stories were written: who read them at another count has read what is not true any more."""
        return int(self._store.state("stories_version", 0))

    def clustered(self) -> tuple[int, datetime | None]:
        """Tell up to which change, and when, stories were clustered as a whole."""
        return int(self._store.state("clustered_to", 0)), moment_or_none(self._store.state("clustered_at"))

    def note_clustered(self, seq: int, now: datetime) -> None:
        """Note that all stories of the window were clustered, with the changes up to this one."""
        with self._store.writing():
            self._store.set_state("clustered_to", seq)
            self._store.set_state("clustered_at", micros(now))

    def get(self, id: int) -> Story | None:  # noqa: A002
        """Find a story; one that was merged is answered by the story that it became part of."""
        for _ in range(100):  # a chain of merges; never a circle, but a damaged archive shall not hang us
            into = self._store.value("SELECT merged_into FROM stories WHERE id = ?", (id,))
            if into is None:
                break
            id = into  # noqa: A001
        found = self._select("s.id = ?", (id,))
        return found[0] if found else None

    def many(self, ids: Collection[int]) -> Found:
        """Read stories, by id; what is not there, or was merged into another one, is left out."""
        return self._select(
            "s.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) AND s.merged_into IS NULL ORDER BY s.id",
            (packed([*ids]),),
        )

    def stale(self, most: int) -> Found:
        """List stories that must be told anew, the newest first."""
        return self._select(f"s.stale = 1 AND {_ALIVE} ORDER BY s.id DESC LIMIT ?", (most,))

    def follow_sources(self, facts: Mapping[str, Sequence[str]]) -> None:
        """Doubt the stories that articles of sources are in of which other facts are told than the last time."""
        with self._store.writing():
            before = self._store.state("story_sources")
            now = packed(facts)
            if now == before:
                return
            self._store.set_state("story_sources", now)
            known = {} if before is None else json.loads(before)
            changed = [key for key, told in facts.items() if [*told] != known.get(key)]
            self._store.execute(
                "UPDATE stories SET stale = 1 WHERE id IN (SELECT s.story FROM story_articles s "
                "JOIN articles a ON a.id = s.article WHERE a.source IN (SELECT value FROM json_each(?)))",
                (packed(changed if before is not None else []),),
            )
            doubt(self._store)

    def grouped(self, since: datetime, until: datetime) -> tuple[int, int]:
        """Count the articles between two times that are in a story, and those that are not."""
        low, high = bounds(self._store, micros(since), micros(until))
        found = self._store.row(
            "SELECT count(s.article), count(*) FROM articles a LEFT JOIN story_articles s ON s.article = a.id "
            "WHERE a.position >= ? AND a.position < ?",
            (low, high),
        )
        inside, all_ = found or (0, 0)
        return inside, all_ - inside

    def list(self, since: datetime | None = None) -> Found:
        """List the stories that have articles, those with the latest news first."""
        at = micros_or_none(since)
        return self._select(
            f"{_ALIVE} AND (? IS NULL OR s.last >= ?) ORDER BY s.last DESC NULLS LAST, s.id DESC", (at, at)
        )

    def page(self, limit: int, before: int | None = None, since: datetime | None = None) -> Found:
        """List so many stories, the last that were found first, or those found before one; ``since`` as in ``list``.

        The number of a story does not change: who goes through all pages meets each once, whatever comes meanwhile.
        """
        at = micros_or_none(since)
        return self._select(
            f"(? IS NULL OR s.id < ?) AND (? IS NULL OR s.last >= ?) AND {_ALIVE} ORDER BY s.id DESC LIMIT ?",
            (before, before, at, at, limit),
        )

    def top(self, since: datetime, most: int) -> tuple[Found, int]:
        """Give the stories with news since a time, those that most owners and then most articles tell; and count all.

        Equal ones stand with the newest id first.
        """
        at, recent = micros(since), f"s.last >= ? AND {_ALIVE}"
        # Articles are counted only of those that may stand among so many.
        least = self._store.value(
            f"SELECT s.separate_owners FROM stories s WHERE {recent} ORDER BY 1 DESC LIMIT 1 OFFSET ?", (at, most - 1)
        )
        ids = [
            id_
            for (id_,) in self._store.rows(
                f"SELECT s.id FROM stories s WHERE {recent} AND s.separate_owners >= ? "
                "ORDER BY s.separate_owners DESC, "
                "(SELECT count(*) FROM story_articles WHERE story = s.id) DESC, s.id DESC LIMIT ?",
                (at, least or 0, most),
            )
        ]
        number = self._store.value(f"SELECT count(*) FROM stories s WHERE {recent}", (at,))
        return sorted(self.many(ids), key=lambda story: ids.index(story.id)), int(number)

    def begun(self, since: datetime) -> int:
        """Count the stories whose first article came out since a time."""
        at = micros(since)
        return int(
            self._store.value(
                f"SELECT count(*) FROM stories s WHERE s.last >= ? AND s.first >= ? AND {_ALIVE}", (at, at)
            )
        )

    def grown(self, ids: Collection[int], since: datetime) -> Mapping[int, int]:
        """Count the articles of stories that came since a time; stories without any are left out."""
        return dict(
            self._store.rows(
                "SELECT s.story, count(*) FROM story_articles s CROSS JOIN articles a ON a.id = s.article "
                "WHERE s.story IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) AND a.first_seen >= ? GROUP BY 1",
                (packed([*ids]), micros(since)),
            )
        )

    def window(self, since: datetime) -> Found:
        """List the stories that still have news since a time, by id."""
        return sorted(self.list(since), key=lambda story: story.id)

    def near(self, first: datetime, last: datetime, days: timedelta, most: int, version: int) -> Sequence[Marked]:
        """List the stories in one language that are not further than so long from a time, the nearest first.

        Of stories that tell for very long only those count that have news in the time or near it.
        """
        order = "max(:first - s.last, s.first - :last, 0), s.last DESC, s.id DESC"
        # Numbers are put in order, and only then the words of the nearest are read: that takes half the time.
        nearest = (
            f"SELECT s.id AS near FROM stories s WHERE s.last >= :first - :days AND s.first <= :last + :days "
            f"AND {_ALIVE} AND json_array_length(s.languages) = 1 AND s.merged_into IS NULL "
            f"ORDER BY {order} LIMIT :most"
        )
        found = self._store.rows(
            f"SELECT {_MARKED} FROM ({nearest}) AS found JOIN stories s ON s.id = near ORDER BY {order}",
            {
                "first": micros(first),
                "last": micros(last),
                "days": days // _MICROSECOND,
                "most": most,
                "version": version,
            },
        )
        return [_marked(row) for row in found]

    def mark(self, marked: Iterable[Marked], version: int) -> None:
        """Keep by what stories may agree with others, until they are written again."""
        with self._store.writing():
            self._store.many(
                "UPDATE stories SET anchors = ?, marks = ?, marked = ? WHERE id = ?",
                (
                    ("\n".join(sorted(one.anchors or ())), "\n".join(sorted(one.marks or ())), version, one.story)
                    for one in marked
                ),
            )

    def of(self, article: int) -> int | None:
        """Name the story of an article."""
        found = self._store.value("SELECT story FROM story_articles WHERE article = ?", (article,))
        return None if found is None else int(found)

    def homes(self, articles: Collection[int]) -> Mapping[int, int]:
        """Name the story of each article that is in one."""
        return dict(
            self._store.rows(
                "SELECT article, story FROM story_articles WHERE article "
                "IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
                (packed([*articles]),),
            )
        )

    def members(self, stories: Collection[int]) -> Mapping[int, Sequence[int]]:
        """List the articles of stories, without reading what is told in them."""
        found: dict[int, Numbers] = {}
        for story, article in self._store.rows(
            "SELECT story, article FROM story_articles WHERE story IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) "
            "ORDER BY story, place",
            (packed([*stories]),),
        ):
            found.setdefault(story, []).append(article)
        return found

    def moves(self, id: int) -> Sequence[Move]:  # noqa: A002
        """List what was merged into a story or split from it, the earliest first."""
        found = self._store.rows(
            "SELECT kind, story, into_story FROM story_moves WHERE story = ? OR into_story = ? ORDER BY id", (id, id)
        )
        return [Move(*row) for row in found]

    def _select(self, where: str, parameters: Sequence[Any]) -> Found:
        found = self._store.rows(f"SELECT {_COLUMNS} FROM stories s WHERE {where}", parameters)
        return [_story(row) for row in found]


def doubt(store: Store) -> None:
    """Let everybody who has read stories and what is told in them, and has not written yet, begin again."""
    store.set_state("stories_version", store.state("stories_version", 0) + 1)


_WRITE = (
    "INSERT INTO stories (id, title, summary, outlets, separate_owners, outside_state_control, first, last, "
    "languages, names, people, organisations, places, updated, under_state_control) VALUES "
    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
    "title = excluded.title, summary = excluded.summary, outlets = excluded.outlets, "
    "separate_owners = excluded.separate_owners, outside_state_control = excluded.outside_state_control, "
    "first = excluded.first, last = excluded.last, languages = excluded.languages, names = excluded.names, "
    "people = excluded.people, organisations = excluded.organisations, places = excluded.places, "
    "updated = excluded.updated, under_state_control = excluded.under_state_control, merged_into = NULL, stale = 0, "
    "anchors = '', marks = '', marked = NULL"
)
_MARKED = (
    "s.id, json_extract(s.languages, '$[0]'), s.first, s.last, "
    "iif(s.marked = :version AND s.stale = 0, s.anchors, NULL), s.marks"
)


def _values(story: Story) -> tuple[Any, ...]:
    return (
        story.id,
        story.title,
        packed(as_json(story.summary)),
        packed(as_json(story.outlets)),
        story.separate_owners,
        story.outside_state_control,
        micros_or_none(story.first),
        micros_or_none(story.last),
        packed(story.languages),
        packed(story.names),
        packed(story.people),
        packed(story.organisations),
        packed(story.places),
        micros_or_none(story.updated),
        story.under_state_control,
    )


def _marked(row: tuple[Any, ...]) -> Marked:
    id_, language, first, last, anchors, marks = row
    if anchors is None:
        return Marked(id_, language, moment(first), moment(last))
    found = (frozenset(kept.split("\n") if kept else ()) for kept in (anchors, marks))
    return Marked(id_, language, moment(first), moment(last), *found)


def _story(row: tuple[Any, ...]) -> Story:
    return Story(
        id=row[0],
        title=row[1],
        articles=tuple(json.loads(row[15])),
        summary=tuple(SummarySentence(**said) for said in json.loads(row[2])),
        outlets=tuple(Outlet(**said) for said in json.loads(row[3])),
        separate_owners=row[4],
        outside_state_control=row[5],
        first=moment_or_none(row[6]),
        last=moment_or_none(row[7]),
        languages=tuple(json.loads(row[8])),
        names=tuple(json.loads(row[9])),
        people=tuple(json.loads(row[10])),
        organisations=tuple(json.loads(row[11])),
        places=tuple(json.loads(row[12])),
        updated=moment_or_none(row[13]),
        under_state_control=row[14],
    )
