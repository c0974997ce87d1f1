"""Rows become records here, and records rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from crawler.archive.store import Store
from crawler.archive.times import micros_or_none, moment, moment_or_none
from crawler.records import Article, Channel, Entry, Override, Page, Source, TakenOut, as_json

ARTICLE = (
    "a.id, a.url, a.source, a.title, a.text, a.canonical_url, a.lead, a.completeness, a.authors, a.published, "
    "a.published_utc, a.published_precision, a.published_evidence, a.modified, a.language, a.credited_to, "
    "a.carried_by, a.site_name, a.image, a.paywalled, a.tags, a.evidence, a.extractor_version, a.first_seen, "
    "a.last_checked, a.withdrawn_at, a.revision, a.copy_of, a.copy_kind, a.copy_score, a.words, a.text_sha256, "
    "a.raw_ref, a.backfill, (SELECT story FROM story_articles WHERE article = a.id), a.tdm_reserved, a.tdm_policy, "
    "a.form, a.taken_out"
)
#: An article with a text of its own: it is nobody's copy, or quotes another.
NOT_FOLDED = "coalesce(a.copy_kind, 'quoted-in') = 'quoted-in'"
#: The articles that people marked irrelevant: searches find them, but they count nowhere.
IRRELEVANT = "SELECT article FROM judgements WHERE kind = 'irrelevant' AND undone_at IS NULL"
#: What is long, or must be unpacked, is left out of heads.
_EMPTY = {
    "a.text": "''",
    "a.lead": "''",
    "a.authors": "'[]'",
    "a.tags": "'[]'",
    "a.evidence": "'{}'",
    "a.taken_out": "'[]'",
}
HEAD = ", ".join(_EMPTY.get(column, column) for column in ARTICLE.split(", "))
PAGE = "id, url, source, host, state, reason, detail, attempts, channel, entry, token, lease_until, article, since"
CHANNEL = (
    "id, source, kind, url, etag, last_modified, body_sha256, interval, next_poll, held_until, last_polled, last_ok, "
    "newest_entry, failures, state, note, token, wishes, body_seen, distrusted, ceiling, moved_at, merged_into, since, "
    "defined, validators_url, body_newest, folded_into, left_behind"
)
_EMPTY_ENTRY = Entry(url="")


def packed(value: Any) -> str:
    """Write a value as the smallest JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def sound(text: str) -> str:
    """Put "?" for lone surrogates: a broken page may hold them, and SQLite takes none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _texts(column: str) -> tuple[str, ...]:
    return () if column == "[]" else tuple(json.loads(column))  # most are empty


def article(row: tuple[Any, ...]) -> Article:
    """Read an article from the columns of ARTICLE."""
    return Article(
        id=row[0],
        url=row[1],
        source=row[2],
        title=row[3],
        text=row[4],
        canonical_url=row[5],
        lead=row[6],
        completeness=row[7],
        authors=_texts(row[8]),
        published=row[9],
        published_utc=moment_or_none(row[10]),
        published_precision=row[11],
        published_evidence=row[12],
        modified=row[13],
        language=row[14],
        credited_to=row[15],
        carried_by=row[16],
        site_name=row[17],
        image=row[18],
        paywalled=None if row[19] is None else bool(row[19]),
        tags=_texts(row[20]),
        evidence={} if row[21] == "{}" else json.loads(row[21]),
        extractor_version=row[22],
        first_seen=moment(row[23]),
        last_checked=moment(row[24]),
        withdrawn_at=moment_or_none(row[25]),
        revision=row[26],
        copy_of=row[27],
        copy_kind=row[28],
        copy_score=row[29],
        words=row[30],
        text_sha256=row[31],
        raw_ref=row[32],
        backfill=bool(row[33]),
        story=row[34],
        tdm_reserved=None if row[35] is None else bool(row[35]),
        tdm_policy=row[36],
        form=row[37],
        taken_out=() if row[38] == "[]" else tuple(TakenOut(*line) for line in json.loads(row[38])),
    )


def article_columns(kept: Article) -> dict[str, Any]:
    """Write those columns of an article that come from its page; the archive's own are added by the keeper."""
    return {
        "source": kept.source,
        "language": kept.language,
        "completeness": kept.completeness,
        "form": kept.form,
        "published": kept.published,
        "published_utc": micros_or_none(kept.published_utc),
        "published_precision": kept.published_precision,
        "published_evidence": kept.published_evidence,
        "modified": kept.modified,
        "canonical_url": kept.canonical_url,
        "credited_to": kept.credited_to,
        "carried_by": kept.carried_by,
        "site_name": kept.site_name,
        "image": kept.image,
        "paywalled": None if kept.paywalled is None else int(kept.paywalled),
        "tdm_reserved": None if kept.tdm_reserved is None else int(kept.tdm_reserved),
        "tdm_policy": kept.tdm_policy,
        "authors": packed(kept.authors),
        "tags": packed(kept.tags),
        "extractor_version": kept.extractor_version,
        "raw_ref": kept.raw_ref,
        "evidence": packed(dict(kept.evidence)),
        "title": kept.title,
        "lead": kept.lead,
        "text": kept.text,
        "taken_out": packed([(line.at, line.text) for line in kept.taken_out]),
    }


def articles(store: Store, ids: Iterable[int]) -> list[Article]:
    """Read many articles, in the order of their ids as given; what is not there is left out."""
    wanted = list(ids)
    found = {
        row[0]: row
        for row in store.rows(
            f"SELECT {ARTICLE} FROM articles a WHERE a.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
            (packed(wanted),),
        )
    }
    return [article(found[id_]) for id_ in wanted if id_ in found]


def page(row: tuple[Any, ...]) -> Page:
    """Read a page from the columns of PAGE."""
    return Page(
        id=row[0],
        url=row[1],
        source=row[2],
        host=row[3],
        state=row[4],
        reason=row[5],
        detail=row[6],
        attempts=row[7],
        channel=row[8],
        entry=None if row[9] is None else entry(json.loads(row[9])),
        token=row[10],
        lease_until=moment_or_none(row[11]),
        article=row[12],
        since=moment_or_none(row[13]),
    )


def channel(row: tuple[Any, ...]) -> Channel:
    """Read a channel from the columns of CHANNEL."""
    return Channel(
        id=row[0],
        source=row[1],
        kind=row[2],
        url=row[3],
        etag=row[4],
        last_modified=row[5],
        body_sha256=row[6],
        interval=row[7],
        next_poll=moment_or_none(row[8]),
        held_until=moment_or_none(row[9]),
        last_polled=moment_or_none(row[10]),
        last_ok=moment_or_none(row[11]),
        newest_entry=moment_or_none(row[12]),
        failures=row[13],
        state=row[14],
        note=row[15],
        token=row[16],
        wishes=row[17],
        body_seen=moment_or_none(row[18]),
        distrusted=moment_or_none(row[19]),
        ceiling=row[20],
        moved_at=moment_or_none(row[21]),
        merged_into=row[22],
        since=moment_or_none(row[23]),
        defined=row[24],
        validators_url=row[25],
        body_newest=moment_or_none(row[26]),
        folded_into=row[27],
        left=tuple(json.loads(row[28])),
    )


def packed_entry(value: Entry) -> str:
    """Write an entry as JSON, without what it does not say."""
    said = {
        item.name: getattr(value, item.name)
        for item in fields(Entry)
        if getattr(value, item.name) != getattr(_EMPTY_ENTRY, item.name)
    }
    return packed(said)


def entry(said: Mapping[str, Any]) -> Entry:
    """Read an entry."""
    known = _known(Entry, said)
    return Entry(**{"url": ""} | known)


def packed_source(value: Source) -> str:
    """Write a source's definition as JSON, always the same for the same definition."""
    return json.dumps(as_json(value), ensure_ascii=False, sort_keys=True)


def source(definition: str) -> Source:
    """Read a source's definition, also one that an older or newer Presswatch wrote."""
    said = _known(Source, json.loads(definition))
    return Source(**said | {"overrides": tuple(_override(each) for each in said.get("overrides", ()))})


def _override(said: Mapping[str, Any]) -> Override:
    return Override(**_known(Override, said) | {"valid_until": date.fromisoformat(said["valid_until"])})


def _known(record: type, said: Mapping[str, Any]) -> dict[str, Any]:
    names = {item.name for item in fields(record)}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in said.items() if name in names}
