"""Watches: saved searches, their versions, and the articles that they matched."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler import query
from crawler.archive import rows
from crawler.archive.conditions import FACTS_CHANGED, OF_SOURCES
from crawler.archive.positions import NUMBERS
from crawler.archive.search import Search
from crawler.archive.store import ALL, Store
from crawler.archive.times import DAY, MINUTE, micros, moment, moment_or_none
from crawler.errors import QueryError, UsageError
from crawler.query import Document, Node
from crawler.query.bundle import Bundle
from crawler.records import Article, Mention, Source, Watch, WatchVersion

#: Of so many of the newest articles that a new query finds among the old ones, the words are told.
_TOLD = 1_000
#: So many of the newest articles tell which tokens are common.
_SAMPLE = 100


@dataclass(frozen=True, slots=True)
class Pace:
    """How much a watch matched lately."""

    #: ISO day (UTC) -> articles that were published then, undated ones seen first; of the days on which there are any.
    days: Mapping[str, int] = field(default_factory=dict)
    #: As those.
    last_week: int = 0
    total: int = 0
    #: Of the articles that came, whenever they were published, in the last 24 hours.
    came: int = 0
    #: When the last of all that it matched was seen first.
    latest: datetime | None = None


class Watches:
    """The saved searches of the configuration, and their mentions."""

    def __init__(self, store: Store, search: Search) -> None:
        self._store = store
        self._search = search
        self._loaded: int | None = None
        self._bundle = Bundle([], {})
        #: Queries that are read already: of thousands of watches, few change at a time.
        self._read: dict[str, Node] = {}

    def version(self) -> int:
        """Give the number that grows whenever a watch is new, changed or removed."""
        return int(self._store.state("watches_version", 0))

    def sync(self, watches: Iterable[Watch], now: datetime) -> None:
        """Take over the watches of the configuration; this is the whole list.

        A new or changed query gets the next version and is asked of every article that is kept: what it finds there is
        recorded as historic. A QueryError names the first query that cannot be read; nothing is changed then.
        """
        wanted = {watch.name: watch for watch in watches}
        forms = query.expand_all({name: watch.query for name, watch in wanted.items()}, self._read)
        if self._same(wanted):
            return
        with self._store.writing():
            changed = self._define(wanted, forms, now)
            for name in changed:
                self._find_old(name, forms[name], now)
            self._store.set_state("watches_version", self.version() + 1)
        for name in changed:
            self._tell_words(name, forms[name])

    def all(self) -> list[Watch]:
        """List the watches of the configuration."""
        found = self._store.rows(f"SELECT {_WATCH} FROM watches WHERE removed_at IS NULL ORDER BY name")
        return [_watch(row) for row in found]

    def versions(self, name: str) -> list[WatchVersion]:
        """List what a watch has looked for, the first version first; some from before they were kept are missing."""
        found = self._store.rows(
            "SELECT v.version, v.query, v.since FROM watch_versions v JOIN watches w ON w.id = v.watch "
            "WHERE w.name = ? ORDER BY v.version",
            (name,),
        )
        return [WatchVersion(version, text, moment_or_none(since)) for version, text, since in found]

    def in_force(self, when: datetime | None) -> dict[str, WatchVersion]:
        """Give the version of each watch, also of removed ones, that was in force at a time; of later ones the first.

        None is the time before versions were kept.
        """
        found: dict[str, WatchVersion] = {}
        for name, version, text, since in self._store.rows(
            "SELECT w.name, v.version, v.query, v.since FROM watch_versions v JOIN watches w ON w.id = v.watch "
            "ORDER BY v.watch, v.version"
        ):
            made = moment_or_none(since)
            if name not in found or (made is not None and when is not None and made <= when):
                found[name] = WatchVersion(version, text, made)
        return found

    def match(self, article: Article, source: Source | None, now: datetime | None = None) -> tuple[Mention, ...]:
        """Ask every watch of an article, which need not be kept yet.

        ``now`` is the first sight of an article that has none; without it, the article is newer than any date.
        """
        self._load()
        document = Document(article, source)
        mentions: list[Mention] = []
        for watch, node in self._bundle.candidates(document):
            if found := query.matches(node, document, now):
                mentions.append(Mention(watch.name, article.id or 0, watch.version, found.words))
        return tuple(mentions)

    def rematch(self, article: Article) -> tuple[Mention, ...]:
        """Ask every watch of an article that is kept."""
        definition = self._store.value("SELECT definition FROM sources WHERE key = ?", (article.source,))
        return self.match(article, None if definition is None else rows.source(definition))

    def mentions(self, name: str, since: datetime | None = None, limit: int | None = None) -> list[Mention]:
        """List what a watch matched, the last seen first."""
        found = self._store.rows(
            f"SELECT {_MENTION} WHERE w.name = ? AND m.at >= ? ORDER BY m.at DESC, m.article DESC LIMIT ?",
            (name, -(1 << 62) if since is None else micros(since), ALL if limit is None else limit),
        )
        return [_mention(row) for row in found]

    def page(
        self, name: str, limit: int, cursor: str | None = None, since: datetime | None = None
    ) -> tuple[list[Mention], str | None]:
        """List so many mentions as ``mentions`` does, and give the cursor of those that follow; None at the end."""
        at, article = _read_cursor(cursor)
        found = self._store.rows(
            f"SELECT m.at, {_MENTION} WHERE w.name = ? AND m.at >= ? AND (m.at, m.article) < (?, ?) "
            "ORDER BY m.at DESC, m.article DESC LIMIT ?",
            (name, -(1 << 62) if since is None else micros(since), at, article, limit + 1),
        )
        following = f"m{found[limit - 1][0]}.{found[limit - 1][2]}" if len(found) > limit else None
        return [_mention(row[1:]) for row in found[:limit]], following

    def counts(self) -> dict[str, int]:
        """Count the mentions of each watch, in one look at an index; those of an earlier text count, too."""
        found = self._store.rows(
            "SELECT w.name, coalesce(m.number, 0) FROM watches w "
            "LEFT JOIN (SELECT watch, count(*) AS number FROM mentions GROUP BY watch) m ON m.watch = w.id "
            "WHERE w.removed_at IS NULL"
        )
        return dict(found)

    def came(self, spans: Sequence[tuple[datetime, datetime]]) -> dict[str, list[int]]:
        """Count what each watch matched of the articles that came in each of these times, by an index alone.

        What a new query found among old articles counts where those were first seen.
        """
        counted: dict[str, list[int]] = {}
        for name, number in self._store.rows(
            "SELECT w.name, (SELECT count(*) FROM mentions m WHERE m.watch = w.id "
            "AND m.at >= CAST(json_extract(e.value, '$[0]') AS BIGINT) "
            "AND m.at < CAST(json_extract(e.value, '$[1]') AS BIGINT)) "
            "FROM watches w, json_each(?) e WHERE w.removed_at IS NULL ORDER BY w.name, e.key",
            (rows.packed([[micros(begin), micros(end)] for begin, end in spans]),),
        ):
            counted.setdefault(name, []).append(number)
        return counted

    def of(self, article_ids: Collection[int]) -> dict[int, list[Mention]]:
        """List the mentions of articles by watches that are still there; articles without any are left out."""
        found: dict[int, list[Mention]] = {}
        for row in self._store.rows(
            f"SELECT {_MENTION} WHERE m.article "
            f"IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) AND w.removed_at IS NULL "
            "ORDER BY m.article, w.name",
            (rows.packed(list(article_ids)),),
        ):
            found.setdefault(row[1], []).append(_mention(row))
        return found

    def paces(self, since: datetime, now: datetime, name: str | None = None) -> dict[str, Pace]:
        """Count what each watch, or one, matched since a time."""
        active = dict(self._store.rows("SELECT id, name FROM watches WHERE removed_at IS NULL ORDER BY name"))
        wanted = [id_ for id_, other in active.items() if name in (None, other)]
        # All are counted in one look at what was published since then, one by its own mentions.
        tables = (
            "articles a INDEXED BY articles_facts CROSS JOIN mentions m ON m.article = a.id"
            if name is None
            else "mentions m CROSS JOIN articles a ON a.id = m.article"
        )
        week = micros(now - timedelta(days=7)) // MINUTE << NUMBERS
        days: dict[int, dict[str, int]] = {}
        counts: dict[int, tuple[int, int]] = {}
        for watch, date, number, of_week in self._store.rows(
            "SELECT m.watch, (a.position >> ?) / ?, count(*), sum(a.position >= ?) "
            f"FROM {tables} WHERE a.position >= ? AND m.watch IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) "
            "GROUP BY 1, 2 ORDER BY 1, 2",
            (NUMBERS, DAY // MINUTE, week, micros(since) // MINUTE << NUMBERS, rows.packed(wanted)),
        ):
            days.setdefault(watch, {})[moment(date * DAY).date().isoformat()] = number
            so_far = counts.get(watch, (0, 0))
            counts[watch] = (so_far[0] + number, so_far[1] + of_week)
        came = dict(
            self._store.rows(
                "SELECT watch, count(*) FROM mentions WHERE watch "
                "IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) AND at >= ? "
                "GROUP BY 1",
                (rows.packed(wanted), micros(now - timedelta(days=1))),
            )
        )
        found = {}
        for id_ in wanted:
            total, of_week = counts.get(id_, (0, 0))
            latest = moment_or_none(self._store.value("SELECT max(at) FROM mentions WHERE watch = ?", (id_,)))
            found[active[id_]] = Pace(days.get(id_, {}), of_week, total, came.get(id_, 0), latest)
        return found

    def follow_facts(self, now: datetime) -> None:
        """Ask the watches with control:, kind:, copies: and the like once more, if such facts have changed."""
        changed = self._store.state(FACTS_CHANGED)
        if changed is not None:
            self.ask_again(now, (*OF_SOURCES, "copies"))
            # What another process has changed meanwhile, it counts; who comes next asks again.
            with self._store.writing():
                if self._store.state(FACTS_CHANGED) == changed:
                    self._store.execute("DELETE FROM state WHERE key = ?", (FACTS_CHANGED,))

    def ask_again(self, now: datetime, using: Collection[str] | None = None) -> None:
        """Ask every watch, or those that use one of these filters, of all articles once more.

        As after the index has learnt to cut words otherwise.
        """
        forms = self._readable({watch.name: watch.query for watch in self.all()})
        for name, form in forms.items():
            if using is not None and not any(part.name in using for part in query.filters_in(form)):
                continue
            with self._store.writing():
                self._find_old(name, form, now)
            self._tell_words(name, form)

    def _same(self, wanted: Mapping[str, Watch]) -> bool:
        """Tell whether nothing is new, so that not even the lock is needed."""
        known = {watch.name: (watch.query, watch.muted, watch.weight) for watch in self.all()}
        return known == {name: (watch.query, watch.muted, watch.weight) for name, watch in wanted.items()}

    def _define(self, wanted: Mapping[str, Watch], forms: Mapping[str, Node], now: datetime) -> list[str]:
        """Write the definitions; give the names of those whose query finds something else than before."""
        known = {row[1]: _watch(row) for row in self._store.rows(f"SELECT {_WATCH} FROM watches")}
        active = {watch.name: watch.query for watch in self.all()}
        before = self._readable(active)
        changed = [name for name in wanted if before.get(name) != forms[name]]
        for name in active.keys() - wanted.keys():
            self._store.execute("UPDATE watches SET removed_at = ? WHERE name = ?", (micros(now), name))
        for name, watch in wanted.items():
            version = known[name].version + (name in changed) if name in known else 1
            self._store.execute(
                "INSERT INTO watches (name, query, version, muted, weight) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (name) DO UPDATE SET query = excluded.query, version = excluded.version, "
                "muted = excluded.muted, weight = excluded.weight, removed_at = NULL",
                (name, watch.query, version, int(watch.muted), watch.weight),
            )
            # One that says the same in other words stays the version that it is.
            self._store.execute(
                "INSERT INTO watch_versions SELECT id, version, query, ? FROM watches WHERE name = ? "
                "ON CONFLICT (watch, version) DO UPDATE SET query = excluded.query",
                (micros(now), name),
            )
        return changed

    def _find_old(self, name: str, node: Node, now: datetime) -> None:
        """Record what a new query finds among the articles that are kept, and drop what it does not find any more."""
        id_, version = self._store.row("SELECT id, version FROM watches WHERE name = ?", (name,)) or (0, 0)
        found = rows.packed(self._search.ids(node, now))
        self._store.execute(
            "DELETE FROM mentions WHERE watch = ? AND article NOT IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
            (id_, found),
        )
        self._store.execute(
            "INSERT INTO mentions (watch, article, version, words, at, historic) "
            "SELECT ?, a.id, ?, '[]', a.first_seen, 1 FROM articles a WHERE a.id "
            "IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) "
            "ON CONFLICT (watch, article) DO UPDATE SET version = excluded.version, words = excluded.words",
            (id_, version, found),
        )

    def _tell_words(self, name: str, node: Node) -> None:
        """Find the words of old mentions; outside the transaction that recorded them, since it takes its time."""
        id_, version = self._store.row("SELECT id, version FROM watches WHERE name = ?", (name,)) or (0, 0)
        newest = self._store.rows(
            "SELECT article FROM mentions WHERE watch = ? AND version = ? AND words = '[]' ORDER BY at DESC LIMIT ?",
            (id_, version, _TOLD),
        )
        told = [
            (rows.packed(query.words_of(node, Document(article))), id_, article.id, version)
            for article in rows.articles(self._store, [article for (article,) in newest])
        ]
        if told:
            with self._store.writing():
                self._store.many("UPDATE mentions SET words = ? WHERE watch = ? AND article = ? AND version = ?", told)

    def _readable(self, queries: Mapping[str, str]) -> dict[str, Node]:
        """Read queries that another version may have written; what cannot be read any more counts as changed."""
        try:
            return query.expand_all(queries, self._read)
        except QueryError:
            return {}

    def _load(self) -> None:
        """Read the watches again when they have changed."""
        version = self.version()
        if version == self._loaded:
            return
        watches = self.all()
        texts = {watch.name: watch.query for watch in watches}
        forms = query.expand_all(texts, self._read)
        self._read = {text: self._read[text] for text in texts.values()}
        most = _SAMPLE if watches else 0
        newest = self._store.rows("SELECT id FROM articles ORDER BY id DESC LIMIT ?", (most,))
        sample = Counter(
            token
            for article in rows.articles(self._store, [id_ for (id_,) in newest])
            for token in Document(article).vocabulary
        )
        self._bundle = Bundle([(watch, forms[watch.name]) for watch in watches], sample)
        self._loaded = version


def _read_cursor(cursor: str | None) -> tuple[int, int]:
    """Read the place behind which a page of mentions begins."""
    if cursor is None:
        return 1 << 62, 0
    found = re.fullmatch(r"m(-?[0-9]{1,18})\.([0-9]{1,18})", cursor)
    if found is None:
        raise UsageError(f"{cursor!r} is no cursor of mentions; use the one that the page before gave")
    return int(found[1]), int(found[2])


_WATCH = "id, name, query, version, muted, weight"
_MENTION = "w.name, m.article, m.version, m.words FROM mentions m JOIN watches w ON w.id = m.watch"


def _watch(row: tuple[object, ...]) -> Watch:
    id_, name, text, version, muted, weight = row
    return Watch(str(name), str(text), int(str(version)), bool(muted), float(str(weight)), int(str(id_)))


def _mention(row: tuple[object, ...]) -> Mention:
    name, article, version, words = row
    return Mention(str(name), int(str(article)), int(str(version)), tuple(json.loads(str(words))))
