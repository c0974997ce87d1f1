"""Articles on their way into the archive: copies, mentions and furniture are found before they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler import copies, extract, urls
from crawler.archive import Archive, KeepResult, Kept
from crawler.lookup import check_copies, find_copies
from crawler.reading import Reading
from crawler.rechecks import Again
from crawler.records import Article, CopyOf, Page, Source
from crawler.shingles import words


@dataclass(frozen=True, slots=True)
class Draft:
    """An article on its way into the archive."""

    reading: Reading
    source: Source
    page: Page | None = None
    backfill: bool = False
    #: How its page is to be asked for again.
    again: Again | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with everything that was found out before it is written."""

    kept: Kept
    #: Kept articles that turn out to be copies of this one (original 0) or another, or (None) of nothing.
    claims: Mapping[int, CopyOf | None]
    #: The article as it is kept already under this address.
    known: Article | None = None
    #: Whether what it repeats may be its host's own.
    teaches: bool = True


def keep_drafts(
    archive: Archive,
    drafts: Sequence[Draft],
    now: datetime,
    results: dict[int, KeepResult] | None = None,
    along: Callable[[Sequence[KeepResult]], None] | None = None,
) -> list[KeepResult]:
    """Find copies and mentions of some articles and keep them, each in one of a few short transactions.

    An article that shares text with another one of the same batch is written after it, so that the other has an id.
    ``results`` remembers by number what is committed, so that a call that failed can be made again. ``along`` is called
    in each of the transactions with what it keeps: one for drafts of which no two ``share`` text.
    """
    results = {} if results is None else results
    waiting = [(number, draft) for number, draft in enumerate(drafts) if number not in results]
    while waiting:
        ready, waiting = _apart(waiting)
        prepared = [prepare(archive, draft, now) for _, draft in ready]
        with archive.writing():
            kept = archive.articles.keep([item.kept for item in prepared], now)
            for (_, draft), item, result in zip(ready, prepared, kept, strict=True):
                if result.outcome in ("new", "revised"):
                    _follow(archive, draft, item, result.id, now)
            if along is not None:
                along(kept)
        results |= {number: result for (number, _), result in zip(ready, kept, strict=True)}
    return [results[number] for number in range(len(drafts))]


def _follow(archive: Archive, draft: Draft, item: Prepared, identity: int, now: datetime) -> None:
    """Do what a new article, or a new text of one, brings about, inside the transaction that keeps it."""
    if item.known is not None and item.known.copy_of is not None and item.kept.copy is None:
        archive.articles.fold(identity, None, now)  # it has a text of its own now
    for other, copy in item.claims.items():
        archive.articles.fold(other, replace(copy, original=copy.original or identity) if copy else None, now)
    article = item.kept.article
    blocks, taken = draft.reading.blocks, draft.reading.taken
    if blocks and article.extractor_version.startswith("presswatch"):
        # The pages of a live blog, and those of several articles, repeat what they tell.
        count = item.teaches and article.form not in ("live", "several")
        archive.blocks.learn(urls.host_of(article.url), blocks, identity, now, taken=taken, count=count)


def prepare(archive: Archive, draft: Draft, now: datetime) -> Prepared:
    """Find out what is to be written with an article: whose copy it is, who copied it, which watches it matches."""
    article, fingerprints = draft.reading.article, draft.reading.fingerprints
    if draft.backfill or (draft.page is not None and draft.page.since is not None):
        article = replace(article, backfill=True)
    known_id = None if draft.page is None else draft.page.article
    known = archive.articles.get(article.url if known_id is None else known_id)
    found = find_copies(archive, article, fingerprints, None if known is None else known.id)
    version = archive.watches.version()
    copy = found.verdict.copy
    # Nothing is known of a source that was made up for an import.
    source = archive.sources.get(draft.source.key)
    asked = replace(article, copy_of=copy.original, copy_kind=copy.kind) if copy else replace(article, copy_of=None)
    mentions = archive.watches.match(asked, source, now)
    furniture = frozenset() if known is None or known_id is None else _furniture(archive, known, article)
    kept = Kept(article, draft.page, fingerprints, copy, mentions, version, draft.again, furniture)
    teaches = copy is None or _shares_furniture(article, found.sharers)
    rewritten = {} if known is None else check_copies(archive, known, article)
    return Prepared(kept, {**rewritten, **found.verdict.claims}, known, teaches)


def _shares_furniture(article: Article, sharers: Sequence[Article]) -> bool:
    """Tell whether what makes an article a copy may be its site's own: a part that only pages of its host share.

    Nothing is learnt from other copies: what they repeat is somebody's text.
    """
    host = urls.host_of(article.url)
    return all(urls.host_of(each.url) == host and copies.share_a_part(article, each) for each in sharers)


def _furniture(archive: Archive, old: Article, new: Article) -> frozenset[str]:
    """Find the lines that are gone from a kept text, or are back, because of what its host is known to repeat today."""
    back = {line.text for line in old.taken_out}
    gone = set(old.text.split("\n")) - set(new.text.split("\n"))
    if gone:
        blocks = archive.blocks.of(urls.host_of(old.url))
        gone = {line for line in gone if not blocks.isdisjoint(extract.block_hashes(line))}
    return frozenset(gone | back)


def _apart(drafts: list[tuple[int, Draft]]) -> tuple[list[tuple[int, Draft]], list[tuple[int, Draft]]]:
    ready: list[tuple[int, Draft]] = []
    later: list[tuple[int, Draft]] = []
    for number, draft in drafts:
        alike = any(share(draft.reading, other.reading) for _, other in ready)
        (later if alike else ready).append((number, draft))
    return ready, later


def share(one: Reading, other: Reading) -> bool:
    """Tell whether two articles have as much in common as copies: two hashes, or one, of the whole or of one title."""
    common = len(one.fingerprints & other.fingerprints)
    if common != 1 or len(one.fingerprints) == 1:
        return common > 0
    return words(one.article.title) == words(other.article.title)
