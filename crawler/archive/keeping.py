"""The transaction that keeps articles: page, article, index, fingerprint, mentions and change, all or nothing.

Everything that takes time (cutting words, hashing) is done before it begins.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from crawler.archive import fingerprints, fulltext, overlay, pages, queueing, rechecks, rows
from crawler.archive.positions import Positions, dated
from crawler.archive.store import Entry, Store
from crawler.archive.times import micros, moment_or_none
from crawler.errors import LeaseLost
from crawler.rechecks import Again, noise
from crawler.records import FOLDED, Article, CopyOf, Mention, Page
from crawler.urls import normalise

Outcome = Literal["new", "revised", "unchanged", "duplicate", "forgotten", "lease lost"]
#: Evaluates all watches on an article again; for a watch that was changed since the batch was matched.
Rematch = Callable[[Article], Sequence[Mention]]

#: What arrives later than this after its publication is old news.
_LATE = 48 * 3600 * 1_000_000
_DAY = 24 * 3600 * 1_000_000
_FULLNESS = {"headline": 0, "lead": 1, "full": 2}
#: What a page that no longer says it does not take away.
_STAYS = ("canonical_url", "credited_to", "site_name", "image")
#: What is said of the date, which stays as a whole: half of one reading and half of another would be no date.
_DATE = ("published", "published_utc", "published_precision", "published_evidence")
#: What a reader sees of an article beside its text: another value found by a better extractor is a correction.
_SEEN = (
    "authors", "published", "published_utc", "published_precision", "modified", "language", "completeness",
    "canonical_url", "credited_to", "site_name", "image", "paywalled", "tags", "form",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """One article to keep, with all that was computed of it."""

    article: Article
    #: The leased page it was made from; None for imports and single pages.
    page: Page | None = None
    fingerprints: frozenset[int] = frozenset()
    copy: CopyOf | None = None
    mentions: tuple[Mention, ...] = ()
    #: ``watches.version()`` when the mentions were computed; with it, mentions of watches that have changed since are
    #: computed again. None: the mentions are taken as they are.
    watches_version: int | None = None
    #: How its page is to be asked for again; None leaves that as it is.
    again: Again | None = None
    #: Lines that its host repeats on every page, or was thought to: that they are gone, or back, is no edit.
    furniture: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KeepResult:
    """What became of an article that was to be kept."""

    #: The article that is kept under this address; 0 when none is (forgotten, lease lost).
    id: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Prepared:
    """What of an article is computed before the transaction."""

    kept: Kept
    url: str
    dated: int | None
    columns: Mapping[str, Any]
    cut: Entry


def prepare(kept: Kept) -> Prepared:
    """Compute what needs no transaction."""
    article = kept.article
    columns = {
        name: rows.sound(value) if isinstance(value, str) else value
        for name, value in rows.article_columns(article).items()
    }
    cut = _cut(columns)
    columns |= {
        "words": article.words or len(cut.text.split()),
        "text_sha256": hashlib.sha256(columns["text"].encode()).hexdigest(),
    }
    url = normalise(rows.sound(article.url)) or rows.sound(article.url)
    return Prepared(kept, url, dated(article.published, article.published_utc), columns, cut)


class Keeper:
    """Keeps articles, inside a writing transaction."""

    def __init__(self, store: Store, rematch: Rematch) -> None:
        self._store = store
        self._rematch = rematch
        self._positions = Positions(store)

    def keep(self, item: Prepared, now: datetime) -> KeepResult:
        """Keep one article; what somebody else has taken over meanwhile does not stop the others."""
        page = item.kept.page
        try:
            if page is not None:
                pages.hold(self._store, page)
        except LeaseLost:
            return KeepResult(0, "lease lost")
        known, is_forgotten = self._store.row(_KNOWN, (item.url, queueing.url_hash(item.url))) or (None, False)
        if is_forgotten:
            self._end_page(page, "dropped", now, "forgotten", None)
            return KeepResult(0, "forgotten")
        if page is not None and page.article is not None and known != page.article:
            result = self._moved(page, page.article, item, now, taken=known is not None)
            if result is not None:
                return result
        if known is None:
            id_ = self._add(item, now)
            self._end_page(page, "stored", now, "", id_)
            if page is not None and not page.reason:
                self._plan(item, id_, now)
            return KeepResult(id_, "new")
        if page is not None and page.url != item.url and page.article != known:
            self._end_page(page, "dropped", now, "duplicate", known)
            return KeepResult(known, "duplicate")
        return self._keep_known(known, item, now)

    def _keep_known(self, id_: int, item: Prepared, now: datetime) -> KeepResult:
        outcome: Outcome = "revised" if self._revise(id_, item, now) else "unchanged"
        self._end_page(item.kept.page, "stored", now, "", id_)
        self._follow(item, id_, now)
        return KeepResult(id_, outcome)

    def _moved(self, page: Page, id_: int, item: Prepared, now: datetime, *, taken: bool) -> KeepResult | None:
        """Keep what a known page leads to now: the same article under another address, or nothing.

        None when the article that it once gave is not there any more.
        """
        found = rows.articles(self._store, [id_])
        if not found:
            return None
        if not taken and noise.alike(_told(found[0]), _told(item.kept.article)):
            return self._keep_known(id_, item, now)
        # It leads to something else: neither an edit nor a withdrawal, and no second article.
        pages.close(self._store, page.id, "stored", now)
        self._store.execute("UPDATE articles SET last_checked = ? WHERE id = ?", (micros(now), id_))
        self._plan(item, id_, now)
        return KeepResult(id_, "unchanged")

    def _follow(self, item: Prepared, id_: int, now: datetime) -> None:
        """Take back a withdrawal when the page itself is there again, and plan its next look."""
        page = item.kept.page
        if page is not None and not page.reason:
            rechecks.restore(self._store, id_, now)
            self._plan(item, id_, now)

    def _plan(self, item: Prepared, id_: int, now: datetime) -> None:
        if item.kept.page is not None and item.kept.again is not None:
            rechecks.follow(self._store, item.kept.page, id_, item.kept.again, now)

    def _end_page(self, page: Page | None, state: str, now: datetime, reason: str, article: int | None) -> None:
        if page is not None:
            # A stored page may say why only its feed entry was kept.
            told, detail = (reason, "") if reason else (page.reason, page.detail)
            pages.close(self._store, page.id, state, now, reason=told, detail=detail, article=article)

    def _add(self, item: Prepared, now: datetime) -> int:
        at, copy = micros(now), item.kept.copy
        first_seen = at if item.kept.article.first_seen is None else micros(item.kept.article.first_seen)
        position = self._positions.take(first_seen if item.dated is None else item.dated)
        backfill = item.kept.article.backfill or _is_late(item, first_seen)
        columns = {
            **item.columns,
            "position": position,
            "url": item.url,
            "dated": item.dated,
            "first_seen": first_seen,
            "last_checked": at,
            "revision": 1,
            "copy_of": copy.original if copy else None,
            "copy_kind": copy.kind if copy else None,
            "copy_score": copy.score if copy else None,
            "backfill": int(backfill),
        }
        id_ = self._store.insert(_INSERT, columns)
        self._store.index().add(item.cut._replace(position=position))
        fingerprints.add(self._store, id_, item.kept.fingerprints)
        self._mention(id_, item, at, historic=backfill)
        self.note(id_, "copy" if copy and copy.kind in FOLDED else "new", now, backfill=backfill)
        return id_

    def _revise(self, id_: int, item: Prepared, now: datetime) -> bool:
        """Put a newer text in place of the kept one; tell whether it was another text."""
        old = rows.articles(self._store, [id_])[0]
        new = item.kept.article
        if _FULLNESS[new.completeness] < _FULLNESS[old.completeness]:
            # The page has gone behind a wall; what was kept of it stays.
            self._store.execute("UPDATE articles SET last_checked = ? WHERE id = ?", (micros(now), id_))
            return False
        told = _told(old), _told(new)
        verdict = noise.compare(*told, item.kept.furniture)
        if verdict == "changed" and new.paywalled is not False and noise.cut_off(*told):
            verdict = "noise"  # the wall again, of a page that does not declare it
        if verdict != "changed":
            # What was kept stays word for word, or the text would change and nobody be told.
            stays = ("title", "lead", "text", "words", "text_sha256")
            said: dict[str, Any] = {name: getattr(old, name) for name in stays}
            if verdict == "noise":
                said |= {"extractor_version": old.extractor_version, "raw_ref": old.raw_ref}
                said["taken_out"] = rows.article_columns(old)["taken_out"]
                said["evidence"] = rows.packed(_of_kept_text(old.evidence, new.evidence))
            self._update(id_, old, item, now, said)
            if _asked(rows.articles(self._store, [id_])[0]) != _asked(old):
                self._mention_again(id_, old, now, historic=old.backfill)
            return False
        if old.extractor_version != new.extractor_version and _ours(old) and _ours(new):
            # Nobody can tell which of the two changed it.
            self.replace(id_, old, item, now, kind="corrected", reason=_why_anew(old, new))
            kind = "corrected"
        else:
            live = old.form == new.form == "live"
            reason = "the live blog went on" if live else "the publisher changed it"
            self.replace(id_, old, item, now, kind="revised", reason=reason)
            kind = "revised"
        self._mention(id_, item, micros(now), historic=old.backfill, revised=True)
        self.note(id_, kind, now, backfill=old.backfill)
        return kind == "revised"

    def replace(self, id_: int, old: Article, item: Prepared, now: datetime, *, kind: str, reason: str) -> None:
        """Move the text as it was into the revisions, and put the new one in its place."""
        self._store.execute(
            "INSERT INTO revisions (article, revision, kind, reason, at, title, lead, text) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (id_, old.revision, kind, reason, micros(now), old.title, old.lead, old.text),
        )
        self._update(id_, old, item, now, {"revision": old.revision + 1})
        if item.kept.fingerprints:
            fingerprints.put(self._store, id_, item.kept.fingerprints)

    def _update(self, id_: int, old: Article, item: Prepared, now: datetime, more: Mapping[str, Any]) -> None:
        before = rows.article_columns(old) | overlay.page_says(self._store, id_)
        columns = {**item.columns, **more, "last_checked": micros(now)}
        columns |= {"source": old.source, "carried_by": old.carried_by}  # whoever had it first
        for name in _STAYS:
            if columns[name] is None:
                columns[name] = before[name]
        if columns["raw_ref"] is None and (old.title, old.text) == (columns["title"], columns["text"]):
            columns["raw_ref"] = before["raw_ref"]  # of another text it would be no evidence
        if item.dated is None:
            columns |= {name: before[name] for name in _DATE}
        if (copy := item.kept.copy) is not None and not overlay.never_a_copy(self._store, id_):
            columns |= {"copy_of": copy.original, "copy_kind": copy.kind, "copy_score": copy.score}
        if said := overlay.lay_over(self._store, id_, columns):
            self._write(id_, columns | said, _cut(columns | said), _dated(said))
        else:
            self._write(id_, columns, _cut(columns), _dated(columns))

    def correct(self, id_: int, old: Article, item: Prepared, now: datetime, reason: str) -> bool:
        """Put a better reading of the same page in place of the kept one; tell whether it is another."""
        before = rows.article_columns(old) | overlay.page_says(self._store, id_)
        found = item.columns
        text = any(before[name] != found[name] for name in ("title", "lead", "text"))
        if not text and all(found[name] in (None, "", "none", before[name]) for name in _SEEN):
            version = found["extractor_version"]
            self._store.execute("UPDATE articles SET extractor_version = ? WHERE id = ?", (version, id_))
            self._explain(id_, before, item)
            return False
        if text:
            self.replace(id_, old, item, now, kind="corrected", reason=reason)
        else:
            self._update(id_, old, item, now, {})
        # The page was not asked for again, and lies where it lay.
        checked = None if old.last_checked is None else micros(old.last_checked)
        self._store.execute(
            "UPDATE articles SET raw_ref = coalesce(raw_ref, ?), last_checked = coalesce(?, last_checked) WHERE id = ?",
            (old.raw_ref, checked, id_),
        )
        self._mention_again(id_, old, now, historic=True)
        self.note(id_, "corrected", now, backfill=old.backfill, note=reason)
        return True

    def _explain(self, id_: int, before: Mapping[str, Any], item: Prepared) -> None:
        """Tell of an article that stays as it is what gave its values in the reading that counts now."""
        said = json.loads(before["evidence"])
        kept = {name: value for name, value in said.items() if not name.startswith("override")}
        page = {name: before[name] for name in overlay.COLUMNS}
        page["evidence"] = rows.packed(kept | json.loads(item.columns["evidence"]))
        page["published_evidence"] = item.columns["published_evidence"] or before["published_evidence"]
        shown = page | overlay.lay_over(self._store, id_, page)
        self._store.execute(
            "UPDATE articles SET evidence = ?, published_evidence = ? WHERE id = ?",
            (shown["evidence"], shown["published_evidence"], id_),
        )

    def judge(self, id_: int, now: datetime) -> None:
        """Lay what people say of an article over what its page says, in its columns, the index and its mentions."""
        old = rows.articles(self._store, [id_])[0]
        before = rows.article_columns(old)
        page = {name: before[name] for name in overlay.COLUMNS} | overlay.page_says(self._store, id_)
        columns = page | overlay.lay_over(self._store, id_, page)
        self._write(id_, columns, _cut(before | columns), _dated(columns))
        self._mention_again(id_, old, now, historic=old.backfill)

    def follow_copy(self, id_: int, old: Article, now: datetime) -> None:
        """Ask the watches again of an article that became a copy, or none, if some ask for that."""
        if self._store.value(_ASKING_FOR_COPIES):
            self._mention_again(id_, old, now, historic=old.backfill)

    def _write(self, id_: int, columns: Mapping[str, Any], cut: Entry, day: int | None) -> None:
        """Write columns of an article, and its index row at the place of its date."""
        found = self._store.row("SELECT position, first_seen, dated FROM articles WHERE id = ?", (id_,))
        position, first_seen, before = found or (0, 0, None)
        shown = first_seen if day is None else day
        stays = shown == (first_seen if before is None else before) and self._positions.holds(position, shown)
        place = position if stays else self._positions.take(shown)
        written = {**columns, "dated": day, "position": place}
        setting = ", ".join(f"{name} = :{name}" for name in written)
        self._store.execute(f"UPDATE OR FAIL articles SET {setting} WHERE id = :id", written | {"id": id_})
        self._store.index().remove(position)
        self._store.index().add(cut._replace(position=place))

    def _mention(self, id_: int, item: Prepared, at: int, *, historic: bool, revised: bool = False) -> None:
        mentions: Sequence[Mention] = item.kept.mentions
        matched_at = item.kept.watches_version
        # Of a known article its source, its first sight and what its page no longer says stay, which filters ask, too.
        changed = matched_at is not None and (revised or matched_at != self._store.state("watches_version", 0))
        if changed or overlay.is_judged(self._store, id_):
            mentions = self._rematch(rows.articles(self._store, [id_])[0])
        self._write_mentions(id_, mentions, at, historic=historic)

    def _mention_again(self, id_: int, old: Article, now: datetime, *, historic: bool) -> None:
        """Ask the watches of an article as it was and as it is kept now.

        What a search does not find any more is no mention; what only an earlier text had stays one.
        """
        watched = {mention.watch for mention in self._rematch(old)}
        mentions = self._rematch(rows.articles(self._store, [id_])[0])
        self._unmention(id_, watched - {mention.watch for mention in mentions})
        self._write_mentions(id_, mentions, micros(now), historic=historic)

    def _unmention(self, id_: int, watches: Iterable[str]) -> None:
        self._store.many(
            "DELETE FROM mentions WHERE article = ? AND watch = (SELECT id FROM watches WHERE name = ?)",
            ((id_, watch) for watch in watches),
        )

    def _write_mentions(self, id_: int, mentions: Sequence[Mention], at: int, *, historic: bool) -> None:
        if mentions:
            self._store.later(
                "INSERT INTO mentions (watch, article, version, words, at, historic) "
                "SELECT id, ?, ?, ?, ?, ? FROM watches WHERE name = ? AND removed_at IS NULL "
                "ON CONFLICT (watch, article) DO UPDATE SET version = excluded.version, words = excluded.words",
                ((id_, m.version, rows.packed(m.words), at, int(historic), m.watch) for m in mentions),
            )

    def note(self, id_: int, kind: str, now: datetime, *, backfill: bool = False, note: str = "") -> None:
        """Number a change."""
        self._store.later(
            "INSERT INTO changes (article, kind, at, backfill, note) VALUES (?, ?, ?, ?, ?)",
            [(id_, kind, micros(now), int(backfill), note)],
        )


#: Which article is kept under an address, and whether the address was forgotten by command.
_KNOWN = "SELECT (SELECT id FROM articles WHERE url = ?), EXISTS (SELECT 1 FROM forgotten WHERE url_sha256 = ?)"
_COLUMNS = (
    "position", "url", "source", "dated", "first_seen", "last_checked", "revision", "language", "completeness",
    "copy_of", "copy_kind", "copy_score", "backfill", "words", "published", "published_utc", "published_precision",
    "published_evidence", "modified", "canonical_url", "credited_to", "carried_by", "site_name", "image", "paywalled",
    "tdm_reserved", "tdm_policy", "form", "taken_out",
    "authors", "tags", "extractor_version", "text_sha256", "raw_ref", "evidence", "title", "lead", "text",
)  # fmt: skip
# OR FAIL: a fault undoes the whole transaction or its part (``Store.writing``). If SQLite had to undo the statement
# alone, with what its triggers did, FTS5 would write a piece for each article.
_INSERT = f"INSERT OR FAIL INTO articles ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + name for name in _COLUMNS)})"


#: Tells whether a watch may ask for copies; wide letters and colons mean the same as narrow ones (copies：no).
_ASKING_FOR_COPIES = (
    "SELECT EXISTS (SELECT 1 FROM watches WHERE removed_at IS NULL "
    "AND (lower(query) LIKE '%copies:%' OR glob('*[\uff21-\uff3a\uff41-\uff5a\uff1a\ufe55]*', query)))"
)
_INDEXED = ("title", "lead", "text", "authors", "source", "language")


def _cut(columns: Mapping[str, Any]) -> Entry:
    title, lead, text, authors, source, language = (columns[name] for name in _INDEXED)
    return fulltext.cut(0, title, lead, text, json.loads(authors), source, language)


def _dated(columns: Mapping[str, Any]) -> int | None:
    return dated(columns["published"], moment_or_none(columns["published_utc"]))


def _asked(article: Article) -> tuple[object, ...]:
    """Tell what queries ask of an article beside its text."""
    return (
        article.authors, article.published, article.published_utc, article.language, article.completeness,
        article.form, article.credited_to, article.paywalled, article.tags, article.is_folded,
    )  # fmt: skip


def _told(article: Article) -> noise.Told:
    return noise.Told(article.title, article.text, article.lead)


def _of_kept_text(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Give the evidence of an article whose text stays, but whose other fields are those of a newer reading."""

    def is_of_text(name: str) -> bool:
        return name in ("title", "text", "taken_out", "form") or name.startswith("override")

    rest = {name: said for name, said in new.items() if not is_of_text(name)}
    return rest | {name: said for name, said in old.items() if is_of_text(name)}


def _why_anew(old: Article, new: Article) -> str:
    """Say what reads pages otherwise than before: a newer extractor, or another override of the source."""
    same = old.extractor_version.split("+")[0] == new.extractor_version.split("+")[0]
    return "read anew by other overrides of its source" if same else "read anew by a newer extractor"


def _ours(article: Article) -> bool:
    return article.extractor_version.startswith("presswatch")


def _is_late(item: Prepared, first_seen: int) -> bool:
    if item.dated is None:
        return False
    # A date without an hour may mean the end of that day.
    published = item.dated + (_DAY if item.kept.article.published_precision == "day" else 0)
    return first_seen - published > _LATE
