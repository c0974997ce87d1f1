"""From a page to the archive: judge the answer, extract in a worker, find copies and mentions, write in batches."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from crawler import copies, extract, overrides, reading, urls
from crawler.archive import Archive, KeepResult, Kept
from crawler.archive_thread import ArchiveThread
from crawler.backfill.window import article_is_too_old, latest_moment
from crawler.clock import Clock
from crawler.counts import Tally
from crawler.errors import ArchiveError, LeaseLost
from crawler.extract.workers import WorkerFault
from crawler.furniture import correct_earlier
from crawler.lookup import find_copies
from crawler.net import Answer, page_ends_early
from crawler.raw import RawPage, RawThread
from crawler.reading import Reading
from crawler.rechecks import Again
from crawler.rechecks.second_look import SecondLook
from crawler.records import Article, Completeness, CopyOf, Fetched, Page, Source
from crawler.verdicts import fault, judge, pause

_log = logging.getLogger(__name__)
T = TypeVar("T")
#: What an act gives when somebody else has the page now.
_LOST = object()
#: Two of one batch that share this many fingerprints are not written together.
_SHARED = 2


class Readers(Protocol):
    """Runs functions in processes that can be killed (extract.workers.Workers)."""

    async def call(self, function: Callable[..., T], *args: Any) -> T | WorkerFault:
        """Run a function in a worker."""


@dataclass(frozen=True, slots=True)
class Got:
    """A leased page with its answer, or with the reason why there is none."""

    page: Page
    answer: Answer | None = field(default=None, repr=False)
    reason: str = ""
    detail: str = ""
    until: datetime | None = None


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
    #: Kept articles that turn out to be copies of this one.
    claims: Mapping[int, CopyOf]
    #: The article as it is kept already under this address.
    known: Article | None = None
    #: Whether what it repeats may be its host's own.
    teaches: bool = True


def keep_drafts(
    archive: Archive, drafts: Sequence[Draft], now: datetime, results: dict[int, KeepResult] | None = None
) -> list[KeepResult]:
    """Find copies and mentions of some articles and keep them, each in one of a few short transactions.

    An article that shares text with another one of the same batch is written after it, so that the other has an id.
    ``results`` remembers by number what is committed, so that a call that failed can be made again.
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
        results |= {number: result for (number, _), result in zip(ready, kept, strict=True)}
    return [results[number] for number in range(len(drafts))]


def _follow(archive: Archive, draft: Draft, item: Prepared, identity: int, now: datetime) -> None:
    """Do what a new article, or a new text of one, brings about, inside the transaction that keeps it."""
    if item.known is not None and item.known.copy_of is not None and item.kept.copy is None:
        archive.articles.fold(identity, None, now)  # it has a text of its own now
    for other, copy in item.claims.items():
        archive.articles.fold(other, replace(copy, original=identity), now)
    article = item.kept.article
    if draft.reading.blocks and article.extractor_version.startswith("presswatch"):
        # The pages of a live blog, and those of several articles, repeat what they tell.
        count = item.teaches and article.form not in ("live", "several")
        archive.blocks.learn(urls.host_of(article.url), draft.reading.blocks, identity, now, count=count)


def prepare(archive: Archive, draft: Draft, now: datetime) -> Prepared:
    """Find out what is to be written with an article: whose copy it is, who copied it, which watches it matches."""
    article, fingerprints = draft.reading.article, draft.reading.fingerprints
    if draft.backfill or (draft.page is not None and draft.page.since is not None):
        article = replace(article, backfill=True)
    known_id = None if draft.page is None else draft.page.article
    known = archive.articles.get(article.url if known_id is None else known_id)
    found = find_copies(archive, article, fingerprints, None if known is None else known.id)
    version = archive.watches.version()
    mentions = archive.watches.match(article, draft.source, now)
    furniture = frozenset() if known is None or known_id is None else _furniture(archive, known, article)
    kept = Kept(article, draft.page, fingerprints, found.verdict.copy, mentions, version, draft.again, furniture)
    teaches = found.verdict.copy is None or _shares_furniture(article, found.sharers)
    return Prepared(kept, found.verdict.claims, known, teaches)


def _shares_furniture(article: Article, sharers: Sequence[Article]) -> bool:
    """Tell whether what makes an article a copy may be its site's own: a part that only pages of its host share.

    Nothing is learnt from other copies: what they repeat is somebody's text.
    """
    host = urls.host_of(article.url)
    return all(urls.host_of(each.url) == host and copies.share_a_part(article, each) for each in sharers)


def _furniture(archive: Archive, old: Article, new: Article) -> frozenset[str]:
    """Find the lines of a kept text that are gone because its host was found to repeat them."""
    gone = set(old.text.split("\n")) - set(new.text.split("\n"))
    if not gone:
        return frozenset()
    blocks = archive.blocks.of(urls.host_of(old.url))
    return frozenset(line for line in gone if not blocks.isdisjoint(extract.block_hashes(line)))


def _apart(drafts: list[tuple[int, Draft]]) -> tuple[list[tuple[int, Draft]], list[tuple[int, Draft]]]:
    ready: list[tuple[int, Draft]] = []
    later: list[tuple[int, Draft]] = []
    for number, draft in drafts:
        own = draft.reading.fingerprints
        alike = any(len(own & other.reading.fingerprints) >= _SHARED for _, other in ready)
        (later if alike else ready).append((number, draft))
    return ready, later


@dataclass(slots=True)
class _Written:
    """Something that waits for the next batch."""

    done: asyncio.Future[Any]
    draft: Draft | None = None
    act: Callable[[Archive], Any] | None = None


class Keeper:
    """Takes the pages of a visit and leaves each of them stored, dropped with its reason, or waiting for a retry."""

    def __init__(
        self,
        archive: ArchiveThread,
        workers: Readers,
        sources: Mapping[str, Source],
        clock: Clock,
        tally: Tally,
        *,
        tries: int,
        raw: RawThread | None = None,
        obey_tdm: bool = False,
        recheck: tuple[float, ...] = (),
        size: int = 50,
        seconds: float = 1.0,
    ):
        self._archive = archive
        self._workers = workers
        self._sources = sources
        self._clock = clock
        self._tally = tally
        self._tries = tries
        self._raw = raw
        self._obey_tdm = obey_tdm
        self._size = size
        self._seconds = seconds
        self._batch: list[_Written] = []
        self._timer: asyncio.TimerHandle | None = None
        self._writes: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self._look = SecondLook(
            lambda act: self._put(act=act), sources, clock, tally, delays=recheck, tries=tries, lost=_LOST
        )

    async def take(self, got: Got) -> None:
        """Bring one page to its end."""
        page, answer = got.page, got.answer
        if answer is not None:
            self._tally.add(page.source, "fetched")
        if page.article is not None and await self._look.settled(page, answer, got.until):
            return
        if answer is None:
            await self._missed(page, got.reason, got.detail, got.until)
            return
        bad = fault(answer.status, answer.header("content-type"), answer.body)
        if bad is not None:
            # The host itself was held by the fetcher.
            await self._missed(page, *bad, pause(answer.status, answer.headers, self._clock()))
            return
        cut = _ends_early(answer)
        if cut and page.article is not None and await self._look.unread(page, "connection", cut):
            return  # half a page is no revision
        # The very same end once more is how the page is; else it is asked for again, and kept in the end as it came.
        if cut and page.detail != cut and (page.attempts < self._tries or page.article is not None):
            await self._missed(page, "connection", cut, None)
            return
        await self._extracted(page, answer, "" if page.detail == cut else cut)

    async def _extracted(self, page: Page, answer: Answer, cut: str = "") -> None:
        source = self._sources[page.source]
        fetched = Fetched(
            page.url,
            urls.normalise(answer.final_url) or answer.final_url,
            answer.body,
            answer.header("content-type"),
            answer.status,
            self._clock(),
            page.entry,
            answer.reservation,
        )
        raw = None if self._raw is None else asyncio.ensure_future(self._raw.keep(_raw_page(fetched, answer)))
        host = urls.host_of(fetched.final_url)
        blocks = await self._archive.run(lambda archive: archive.blocks.of(host))
        known = page.article is not None
        read = reading.read_again if known else reading.read_page
        result = await self._workers.call(read, fetched, source, blocks, self._obey_tdm)
        raw_ref = None if raw is None else await raw
        note = result if isinstance(result, str) else result.withdrawal if isinstance(result, Reading) else ""
        if note and await self._look.taken_back(page, note):
            return
        if isinstance(result, str):
            result = WorkerFault("no article", f"the page says: {result}")
        if isinstance(result, Reading) and await self._too_old(page, result.article):
            return
        if isinstance(result, Reading):
            page, again = replace(page, reason="", detail=""), self._look.again(page, answer)
            result = _shortened(result, cut) if cut else result
            await self._keep(Draft(result.of(raw_ref), source, page, again=again))
        elif not (known and await self._look.unread(page, result.reason, result.detail)):
            await self._missed(page, result.reason, result.detail, None, raw_ref)
        if self._raw is not None and raw_ref is not None:
            reserved = isinstance(result, WorkerFault) and result.reason == "tdm reserved"
            addresses = {fetched.url, fetched.final_url}
            # What was forgotten while it was on its way must not lie there either.
            if reserved or await self._archive.run(lambda archive: any(map(archive.pages.is_forgotten, addresses))):
                await self._raw.take_back(raw_ref)

    async def _too_old(self, page: Page, article: Article) -> bool:
        """Drop the page of a backfill that turns out to be from before its window; tell whether it was."""
        if page.since is None or page.article is not None:
            return False
        detail, now = article_is_too_old(article, page.since), self._clock()
        if not detail:
            return False
        published = latest_moment(article.published)
        if await self._put(act=lambda archive: archive.backfills.too_old(page, published, detail, now)) is not _LOST:
            self._tally.add_reason(page.source, "dropped", "too old")
        return True

    async def _missed(
        self, page: Page, reason: str, detail: str, until: datetime | None, raw_ref: str | None = None
    ) -> None:
        """Do what is to be done about a page without an article."""
        now = self._clock()
        verdict = judge(page, reason, detail, until=until, now=now, tries=self._tries)
        if verdict.act == "retry" and verdict.at is not None:
            at = verdict.at
            if await self._put(act=lambda archive: archive.pages.retry(page, at, reason, detail, now)) is not _LOST:
                self._tally.add_reason(page.source, "waiting", reason)
            return
        if verdict.act == "entry" and page.entry is not None:
            source = self._sources[page.source]
            result = await self._workers.call(reading.read_entry, page.entry, source, reason)
            if isinstance(result, Reading):
                await self._keep(Draft(result.of(raw_ref), source, replace(page, reason=reason, detail=detail)))
                return
            _log.debug("%s: its entry gives no article: %s", page.url, result.detail)
            if result.reason == "language":
                reason, detail = result.reason, result.detail
        dropped = await self._put(act=lambda archive: archive.pages.drop(page, reason, detail, now)) is not _LOST
        if dropped and page.article is None:
            self._tally.add_reason(page.source, "dropped", reason)

    async def give_up(self, page: Page, detail: str) -> None:
        """Drop a page that our own program could not deal with."""
        reason, now = "extraction failed", self._clock()
        if await self._put(act=lambda archive: archive.pages.drop(page, reason, detail, now)) is not _LOST:
            self._tally.add_reason(page.source, "dropped", reason)

    async def _keep(self, draft: Draft) -> None:
        result: KeepResult = await self._put(draft=draft)
        source = draft.source.key
        if result.outcome in ("new", "revised", "unchanged"):
            for key in overrides.missed(draft.reading.article):
                self._tally.add_reason(source, "override_missed", key)
        if result.outcome == "new":
            self._tally.add(source, "kept")
            if draft.page is not None and draft.page.reason:
                self._tally.add_reason(source, "from_entry", draft.page.reason)
        elif result.outcome in ("duplicate", "forgotten"):
            self._tally.add_reason(source, "dropped", result.outcome)
        elif result.outcome in ("revised", "unchanged"):
            self._tally.add(source, result.outcome)

    async def _put(self, *, draft: Draft | None = None, act: Callable[[Archive], Any] | None = None) -> Any:
        """Join the next batch and wait until it is written; _LOST when the lease was lost."""
        loop = asyncio.get_running_loop()
        item = _Written(loop.create_future(), draft, act)
        self._batch.append(item)
        if len(self._batch) >= self._size:
            self.flush()
        elif self._timer is None:
            self._timer = loop.call_later(self._seconds, self.flush)
        return await item.done

    def flush(self) -> None:
        """Write the batch in hand without waiting for more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        batch, self._batch = self._batch, []
        if batch:
            task = asyncio.ensure_future(self._write(batch))
            self._writes.add(task)
            task.add_done_callback(self._writes.discard)

    async def _write(self, batch: list[_Written]) -> None:
        async with self._turn:
            try:
                results = await self._archive.run(_write, batch, self._clock(), {})
            except Exception as error:  # noqa: BLE001 (whoever waits gets it; nothing is lost: the leases run out)
                for item in batch:
                    item.done.set_exception(error)
                return
        for item, result in zip(batch, results, strict=True):
            item.done.set_result(result)

    async def close(self) -> None:
        """Write what is in hand."""
        self.flush()
        while self._writes:
            await asyncio.gather(*self._writes)

    async def correct_earlier(self, wanted: Callable[[], bool]) -> None:
        """Correct some of the articles that were kept before it was known what their hosts repeat."""
        now = self._clock()
        corrected = await self._archive.run(lambda archive: correct_earlier(archive, now, wanted=wanted))
        for source, number in corrected.items():
            self._tally.add(source, "corrected", number)


def _ends_early(answer: Answer) -> str:
    """Say that a page was cut off, by the signs of the connection and of its markup together; "" when it was not."""
    if not (answer.open_ended and page_ends_early(answer.body)):
        return ""
    return f"the page is not closed and ends with its connection, after {len(answer.body)} bytes"


def _shortened(reading: Reading, cut: str) -> Reading:
    """Say of an article that its page was cut off: what is there is its beginning."""
    article = reading.article
    lesser: Completeness = "lead" if article.completeness == "full" else article.completeness
    said = replace(article, completeness=lesser, evidence={**article.evidence, "completeness": cut})
    return replace(reading, article=said)


def _raw_page(fetched: Fetched, answer: Answer) -> RawPage:
    """Give a page as its server sent it; where that is not known, as it was read."""
    headers = dict(answer.headers)
    headers.pop("transfer-encoding", None)  # undone before we see it
    if not answer.sent:
        headers.pop("content-encoding", None)
        headers.pop("content-length", None)
    at = fetched.fetched_at
    assert at is not None, "every answer is dated"
    names = (fetched.final_url,)
    body = answer.sent or answer.body
    return RawPage(fetched.url, answer.final_url, answer.status, headers, body, at, names)


def _write(archive: Archive, batch: Sequence[_Written], now: datetime, done: dict[int, KeepResult]) -> list[Any]:
    """Write a batch; made again with the same ``done``, it goes on behind what is committed."""
    drafts = [item.draft for item in batch if item.draft is not None]
    kept = iter(keep_drafts(archive, drafts, now, done))
    results: list[Any] = []
    with archive.writing():
        for item in batch:
            if item.act is None:
                results.append(next(kept))
                continue
            try:
                results.append(item.act(archive))
            except LeaseLost:
                # Somebody else has the page now, and will bring it to its end.
                results.append(_LOST)
    return results


class KeepPipeline:
    """Hands the pages that the spider got to the Keeper of the visit."""

    def __init__(self, crawler: Any):
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> KeepPipeline:
        """Make the pipeline of a crawl."""
        return cls(crawler)

    async def process_item(self, item: Got) -> Got:
        """Bring a page to its end; whatever happens, it is in hand no longer."""
        visit = self._crawler.spider.visit
        try:
            await visit.keeper.take(item)
        except ArchiveError as error:
            visit.failed(error)
        except Exception as error:  # noqa: BLE001
            # A fault of ours costs this page, not the crawl; what it was stands in the log and with the page.
            _log.exception("%s could not be kept", item.page.url)
            await visit.keeper.give_up(item.page, f"{type(error).__name__}: {error}"[:300])
        finally:
            visit.hand.settle(item.page)
        return item

    async def close_spider(self) -> None:
        """Write the batch in hand, and end the browser."""
        visit = self._crawler.spider.visit
        await visit.keeper.close()
        if visit.may_tidy():
            await visit.keeper.correct_earlier(visit.may_tidy)
        await visit.browser.close()
