"""What people say of articles and stories, kept with who and when; nothing that a machine finds later undoes it.

A judgement is a row that is never removed: taking it back is written beside it. What it says of an article's columns is
laid over them (``overlay.py``); splits and merges of stories are handed to the grouping as constraints.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from crawler import invisible
from crawler.archive import rows
from crawler.archive.articles import Articles
from crawler.archive.keeping import Keeper, Rematch
from crawler.archive.store import Store
from crawler.archive.times import micros, micros_or_none, moment, moment_or_none
from crawler.errors import UsageError
from crawler.query.filters import is_tagged
from crawler.records import Article, CopyOf, Judgement, JudgementKind
from crawler.tokens import words

_MIDNIGHT = len("2026-11-23")
_LONGEST_TAG, _MOST_TAGS, _LONGEST_NOTE, _MOST_AUTHORS = 80, 50, 10_000, 50
#: In the detail of a note that may be shown outside.
_PUBLIC = "public"
_COLUMNS = "id, kind, value, who, at, article, story, undone_at, undone_by, kind = 'note' AND detail = 'public'"


class Constraints(NamedTuple):
    """What people said of which articles tell of one event; the later word counts, so the two never contradict."""

    #: Pairs that must not be in one story; the first of each was taken out of the story of the second.
    apart: list[tuple[int, int]]
    #: Pairs that must be in one story.
    together: list[tuple[int, int]]


# Inside the class, list is the method.
Said = list[Judgement]
Held = list[tuple[int, JudgementKind, str]]
Marked = list[tuple[int, str]]
Parts = list[list[int]]
Rulings = list[tuple[datetime, Parts]]


class Judgements:
    """The judgements of people."""

    def __init__(self, store: Store, articles: Articles, rematch: Rematch) -> None:
        self._store = store
        self._articles = articles
        self._keeper = Keeper(store, rematch)

    def note(self, article: int, text: str, who: str, now: datetime, *, public: bool = False) -> Judgement:
        """Write a note to an article; only a public one is ever shown outside, in digests that show the article."""
        text = rows.sound(text).replace("\r\n", "\n").strip()
        if not text:
            raise UsageError("a note must say something")
        if len(text) > _LONGEST_NOTE:
            raise UsageError(f"the note has {len(text):,} characters, and may have at most {_LONGEST_NOTE:,}")
        with self._store.writing():
            self._known(article)
            return self._add("note", text, who, now, article=article, detail=_PUBLIC if public else "")

    def tag(self, article: int, tags: Iterable[str], who: str, now: datetime) -> Said:
        """Give an article tags; they stay whatever its page says later, and ``tag:`` finds them."""
        wanted = _tags(tags)
        _require_short(wanted)
        _require_fit(wanted, "tag")
        with self._store.writing():
            self._known(article)
            given = [
                self._add("tag", tag, who, now, article=article)
                for tag in wanted
                if not self._end_tag(article, "untag", tag, who, now) and not self._holding(article, "tag", tag)
            ]
            self._keeper.judge(article, now)
        return given

    def untag(self, article: int, tags: Iterable[str], who: str, now: datetime) -> None:
        """Take tags from an article, those that people gave and those that its page gives."""
        with self._store.writing():
            self._known(article)
            for tag in _tags(tags):
                self._end_tag(article, "tag", tag, who, now)
                self._keeper.judge(article, now)
                if is_tagged(tag, self._known(article).tags):
                    self._add("untag", tag, who, now, article=article)
                    self._keeper.judge(article, now)

    def mark(self, article: int, kind: JudgementKind, who: str, now: datetime) -> Judgement | None:
        """Say that an article is irrelevant or not-a-copy; None when that is said already."""
        with self._store.writing():
            old = self._known(article)
            if self._holding(article, kind):
                return None
            why = f"marked {kind} by {who}"
            detail = [old.copy_of, old.copy_kind, old.copy_score] if kind == "not-a-copy" else [old.story]
            if kind == "not-a-copy":
                if old.copy_of is None:
                    raise UsageError(f"{article}: this article is not folded as a copy of any other")
                self._articles.fold(article, None, now, why)
            else:
                self._keeper.note(article, "corrected", now, backfill=old.backfill, note=why)
            return self._add(kind, "", who, now, article=article, detail=rows.packed(detail))

    def unmark(self, article: int, kind: JudgementKind, who: str, now: datetime) -> bool:
        """Take a mark back; tell whether there was one."""
        with self._store.writing():
            old = self._known(article)
            holding = self._holding(article, kind)
            for id_, detail in holding:
                self._end(id_, who, now)
                if kind == "not-a-copy":
                    self._fold_again(article, json.loads(detail), now)
            if holding:
                self._keeper.note(article, "corrected", now, backfill=old.backfill, note=f"{kind} taken back by {who}")
        return bool(holding)

    def correct_date(self, article: int, printed: str, who: str, now: datetime) -> Judgement:
        """Say when an article was published: an ISO date, with an hour and an offset where they are known."""
        with self._store.writing():
            old = self._known(article)
            columns = _date(printed, self._zone(old.source), now)
            made = self._add("date", columns["published"], who, now, article=article, detail=rows.packed(columns))
            self._corrected(old, f"date corrected by {who}", now)
        return made

    def correct_authors(self, article: int, authors: Sequence[str], who: str, now: datetime) -> Judgement:
        """Say who wrote an article."""
        names = [name for name in (" ".join(rows.sound(author).split()) for author in authors) if name]
        if not names:
            raise UsageError("an author must have a name")
        if len(names) > _MOST_AUTHORS:
            raise UsageError(f"these are {len(names):,} authors, and an article may have at most {_MOST_AUTHORS}")
        _require_fit(names, "name of an author")
        with self._store.writing():
            old = self._known(article)
            made = self._add("authors", "; ".join(names), who, now, article=article, detail=rows.packed(names))
            self._corrected(old, f"authors corrected by {who}", now)
        return made

    def uncorrect(self, article: int, kind: JudgementKind, who: str, now: datetime) -> bool:
        """Take corrections of the date or the authors back: the page's own stand again; tell whether there were any."""
        with self._store.writing():
            old = self._known(article)
            holding = self._holding(article, kind)
            for id_, _ in holding:
                self._end(id_, who, now)
            if holding:
                self._corrected(old, f"correction of the {kind} taken back by {who}", now)
        return bool(holding)

    def take_back(self, id: int, who: str, now: datetime) -> Judgement | None:  # noqa: A002
        """Take one judgement of an article back and give it; None when that was done already."""
        with self._store.writing():
            said = self.get(id)
            if said is None:
                raise UsageError(f"{id}: there is no such judgement; presswatch judgements lists them")
            if said.article is None:
                raise UsageError(f"{id}: a split is taken back by a merge, a merge by a split: presswatch story --help")
            if said.undone_at is not None:
                return None
            if said.kind in ("irrelevant", "not-a-copy"):
                self.unmark(said.article, said.kind, who, now)
            else:
                self._end(id, who, now)
                self._without(said, who, now)
        return said

    def _without(self, said: Judgement, who: str, now: datetime) -> None:
        """Let an article be what it is without one judgement; earlier ones of its kind stand again."""
        old = self._known(said.article or 0)
        if said.kind in ("date", "authors"):
            self._corrected(old, f"correction of the {said.kind} taken back by {who}", now)
        elif said.kind in ("tag", "untag"):
            self._keeper.judge(old.id or 0, now)

    def split(self, story: int, out: Sequence[int], rest: Sequence[int], who: str, now: datetime) -> Judgement:
        """Say that articles of a story tell of another event than the rest of it."""
        said = f"{', '.join(map(str, out))} out of story {story}"
        with self._store.writing():
            return self._add("split", said, who, now, story=story, detail=rows.packed([list(out), list(rest)]))

    def merge(
        self,
        stories: Sequence[int],
        articles: Sequence[int],
        who: str,
        now: datetime,
        parts: Sequence[Sequence[int]] = (),
    ) -> Judgement:
        """Say that stories, with these articles, are one; the first of them stays. ``parts``: what each brought."""
        said = f"{', '.join(map(str, stories[1:]))} into story {stories[0]}"
        detail = rows.packed([list(part) for part in parts] or list(articles))
        with self._store.writing():
            return self._add("merge", said, who, now, story=stories[0], detail=detail)

    def parts(self, id: int) -> Parts:  # noqa: A002
        """Give the articles of a split, those that went out first, or of a merge by the stories that brought them.

        Nothing where that is not known.
        """
        detail = self._store.value("SELECT detail FROM judgements WHERE id = ? AND story IS NOT NULL", (id,))
        return [part for part in json.loads(detail or "[]") if isinstance(part, list)]

    def left(self, article: int) -> int | None:
        """Name the story that an article was in when it was last marked irrelevant, now or before."""
        detail = self._store.value(
            "SELECT detail FROM judgements WHERE article = ? AND kind = 'irrelevant' ORDER BY id DESC LIMIT 1",
            (article,),
        )
        return next(iter(json.loads(detail or "[]")), None)

    def get(self, id: int) -> Judgement | None:  # noqa: A002
        """Find a judgement by its number."""
        found = self._select("id = ?", (id,))
        return found[0] if found else None

    def list(
        self,
        *,
        before: int | None = None,
        kind: str | None = None,
        who: str | None = None,
        article: int | None = None,
        limit: int = 100,
    ) -> Said:
        """List what was said and what was taken back, the latest first; ``before``: what was said before a number.

        Of one kind, by one person, or of one article alone where these are given.
        """
        found = self._store.rows(
            f"SELECT {_COLUMNS} FROM judgements WHERE (? IS NULL OR id < ?) AND (? IS NULL OR kind = ?) "
            "AND (? IS NULL OR who = ?) AND (? IS NULL OR article = ?) ORDER BY id DESC LIMIT ?",
            (*(each for each in (before, kind, who, article) for _ in range(2)), limit),
        )
        return [_judgement(row) for row in found]

    def people(self) -> Sequence[str]:
        """Name everybody who ever said anything."""
        return [who for (who,) in self._store.rows("SELECT who FROM judgements GROUP BY who ORDER BY lower(who), who")]

    def of_kind(self, kind: JudgementKind, articles: Iterable[int]) -> Said:
        """List all that was ever said of articles in one kind of word, also what was taken back, the earliest first."""
        return self._select(
            "kind = ? AND article IN (SELECT CAST(value AS BIGINT) FROM json_each(?))", (kind, rows.packed([*articles]))
        )

    def rulings(self, until: datetime) -> Rulings:
        """Give the splits and merges up to a moment, the earliest first, each with its parts; without those unknown."""
        said = self._store.rows(
            "SELECT at, detail FROM judgements WHERE kind IN ('split', 'merge') AND undone_at IS NULL AND at <= ? "
            "ORDER BY id",
            (micros(until),),
        )
        found = [(moment(at), [part for part in json.loads(detail) if isinstance(part, list)]) for at, detail in said]
        return [(at, parts) for at, parts in found if len(parts) > 1]

    def tags(self, articles: Iterable[int]) -> Mapping[int, Sequence[str]]:
        """Give the tags that people gave to articles."""
        return self._values("kind = 'tag'", articles)

    def notes(self, articles: Iterable[int]) -> Mapping[int, Sequence[str]]:
        """Give the public notes of articles, the earliest first."""
        return self._values("kind = 'note' AND detail = 'public'", articles)

    def _values(self, where: str, articles: Iterable[int]) -> Mapping[int, Sequence[str]]:
        found = self._store.rows(
            f"SELECT article, value FROM judgements WHERE {where} AND undone_at IS NULL "
            "AND article IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY id",
            (rows.packed([*articles]),),
        )
        values: dict[int, list[str]] = {}
        for article, said in found:
            values.setdefault(article, []).append(said)
        return values

    def of(self, article: int, *, undone: bool = False) -> Said:
        """List what holds of an article, or with ``undone`` all that was ever said of it, the earliest first."""
        return self._select("article = ? AND (? = 1 OR undone_at IS NULL)", (article, int(undone)))

    def holding(self, articles: Iterable[int]) -> Held:
        """List what holds of articles, as article, kind and value: by article, then by kind, the earliest first."""
        return self._store.rows(
            "SELECT article, kind, value FROM judgements WHERE article "
            "IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) "
            "AND undone_at IS NULL ORDER BY article, kind, id",
            (rows.packed([*articles]),),
        )

    def of_story(self, story: int) -> Said:
        """List the splits and merges of a story, the earliest first."""
        return self._select("story = ?", (story,))

    def irrelevant(self) -> set[int]:
        """Give the articles that do not count."""
        found = self._store.rows(rows.IRRELEVANT)
        return {article for (article,) in found}

    def constraints(self) -> Constraints:
        """Give what all splits and merges together say."""
        said = self._store.rows(
            "SELECT kind, detail FROM judgements WHERE kind IN ('split', 'merge') AND undone_at IS NULL ORDER BY id"
        )
        return settle((kind, json.loads(detail)) for kind, detail in said)

    def _add(
        self,
        kind: JudgementKind,
        value: str,
        who: str,
        now: datetime,
        *,
        article: int | None = None,
        story: int | None = None,
        detail: str = "",
    ) -> Judgement:
        id_ = self._store.insert(
            "INSERT INTO judgements (article, story, kind, value, detail, who, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (article, story, kind, value, detail, who, micros(now)),
        )
        return Judgement(id_, kind, value, who, now, article, story, public=detail == _PUBLIC)

    def _end(self, id_: int, who: str, now: datetime) -> None:
        self._store.execute("UPDATE judgements SET undone_at = ?, undone_by = ? WHERE id = ?", (micros(now), who, id_))

    def _end_tag(self, article: int, kind: JudgementKind, tag: str, who: str, now: datetime) -> bool:
        ended = self._holding(article, kind, tag)
        for id_, _ in ended:
            self._end(id_, who, now)
        return bool(ended)

    def _holding(self, article: int, kind: JudgementKind, tag: str | None = None) -> Marked:
        found = self._store.rows(
            "SELECT id, value, detail FROM judgements WHERE article = ? AND kind = ? AND undone_at IS NULL ORDER BY id",
            (article, kind),
        )
        return [(id_, detail) for id_, value, detail in found if tag is None or is_tagged(tag, (value,))]

    def _corrected(self, old: Article, why: str, now: datetime) -> None:
        id_ = old.id or 0
        self._keeper.judge(id_, now)
        self._keeper.note(id_, "corrected", now, backfill=old.backfill, note=why)

    def _fold_again(self, article: int, folded: Sequence[Any], now: datetime) -> None:
        original, kind, score = folded
        if self._articles.many([original]):
            self._articles.fold(article, CopyOf(original, kind, score), now)

    def _zone(self, source: str) -> str | None:
        definition = self._store.value("SELECT definition FROM sources WHERE key = ?", (source,))
        return None if definition is None else rows.source(definition).timezone

    def _known(self, article: int) -> Article:
        found = self._articles.many([article])
        if not found:
            raise UsageError(f"{article}: there is no such article in the archive")
        return found[0]

    def _select(self, where: str, parameters: Sequence[Any]) -> Said:
        found = self._store.rows(f"SELECT {_COLUMNS} FROM judgements WHERE {where} ORDER BY id", parameters)
        return [_judgement(row) for row in found]


def _judgement(row: tuple[Any, ...]) -> Judgement:
    id_, kind, value, who, at, article, story, undone_at, undone_by, public = row
    undone = moment_or_none(undone_at)
    return Judgement(id_, kind, value, who, moment(at), article, story, undone, undone_by, bool(public))


def settle(said: Iterable[tuple[str, Any]]) -> Constraints:
    """Bring splits and merges, the earliest first, to what holds: where two contradict, the later one counts."""
    group: dict[int, set[int]] = {}
    apart: dict[tuple[int, int], None] = {}
    for kind, about in said:
        if kind == "split":
            out, rest = set(about[0]), set(about[1]) - set(about[0])
            for article in out & group.keys():
                group[article].discard(article)
            united = out
            apart |= dict.fromkeys((one, other) for one in sorted(out) for other in sorted(rest))
        else:
            named = {article for part in about for article in (part if isinstance(part, list) else [part])}
            united = named.union(*(group[article] for article in named if article in group))
        apart = {pair: None for pair in apart if not united.issuperset(pair)}
        group.update(dict.fromkeys(united, united))
    groups = {id(members): sorted(members) for members in group.values()}
    return Constraints(list(apart), [pair for those in groups.values() for pair in pairwise(those)])


def _tags(given: Iterable[str]) -> list[str]:
    tags = list(dict.fromkeys(" ".join(rows.sound(tag).split()) for tag in given))
    if len(tags) > _MOST_TAGS:
        raise UsageError(
            f"these are {len(tags):,} tags at once, and at most {_MOST_TAGS} may be given; give them in parts"
        )
    for tag in tags:
        if not words(tag):
            raise UsageError(f"{_begun(tag)} is no tag: it has no word by which it could be found")
    return tags


def _require_short(tags: Iterable[str]) -> None:
    for tag in tags:
        if len(tag) > _LONGEST_TAG:
            raise UsageError(
                f"a tag has {len(tag):,} characters: {_begun(tag)}, and may have at most {_LONGEST_TAG}; "
                "a note has room for more"
            )


def _begun(name: str) -> str:
    return repr(name if len(name) <= _LONGEST_TAG else f"{name[:40]}…")


def _require_fit(names: Iterable[str], what: str) -> None:
    for name in names:
        if unfit := invisible.unfit(name):
            raise UsageError(f"{name!r} is no {what}: it has {unfit}")


def _date(printed: str, zone: str | None, now: datetime) -> dict[str, Any]:
    """Read a date that a person gave, and place it in UTC where its own offset or the source's zone allows."""
    printed = printed.strip()
    try:
        if len(printed) <= _MIDNIGHT:
            day = date.fromisoformat(printed)
            at, iso, precision = datetime(day.year, day.month, day.day), day.isoformat(), "day"  # noqa: DTZ001
        else:
            at = datetime.fromisoformat(printed)
            precision = "second" if at.second or re.search(r"[T ]\d\d:\d\d:", printed) else "minute"
            iso = at.isoformat(timespec="seconds" if precision == "second" else "minutes")
        known = at.replace(tzinfo=ZoneInfo(zone)) if at.tzinfo is None and zone else at
        utc = known.astimezone(UTC) if known.tzinfo else None
    except (ValueError, OverflowError):
        raise UsageError(
            f"{printed[:60]!r} is no date; write it as 2026-11-23, 2026-11-23T07:30 or 2026-11-23T07:30:00+08:00"
        ) from None
    if (utc or at.replace(tzinfo=UTC)) > now + timedelta(days=1):
        raise UsageError(f"{printed}: this date is still to come; nothing can have been published then")
    return {"published": iso, "published_utc": micros_or_none(utc), "published_precision": precision}
