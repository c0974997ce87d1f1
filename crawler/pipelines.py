"""From a page to the archive: judge the answer, extract in a worker, and write in batches."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from crawler import overrides, reading, urls
from crawler.archive import Archive, KeepResult
from crawler.archive_thread import ArchiveThread
from crawler.backfill.window import article_is_too_old, latest_moment
from crawler.clock import Clock
from crawler.counts import Tally
from crawler.drafts import Draft, keep_drafts
from crawler.errors import ArchiveError, LeaseLost
from crawler.extract.workers import WorkerFault
from crawler.furniture import correct_earlier
from crawler.net import Answer, page_ends_early
from crawler.raw import RawPage, RawThread
from crawler.reading import Reading
from crawler.rechecks.second_look import SecondLook
from crawler.records import Article, Completeness, Fetched, Page, Source
from crawler.verdicts import fault, judge, pause

_log = logging.getLogger(__name__)
T = TypeVar("T")
#: What an act gives when somebody else has the page now.
_LOST = object()
#: So many steps of some hundred milliseconds each are taken after a crawl.
_EVENED_OUT = 40


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
        bad = fault(answer.status, answer.headers, answer.body)
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
            result = await self._workers.call(reading.read_entry, page.entry, source, reason, now)
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

    async def even_out(self, wanted: Callable[[], bool]) -> None:
        """Keep searches quick after late articles: bring the parts of the index to about the same size."""
        for _ in range(_EVENED_OUT):
            if not wanted() or not await self._archive.run(lambda archive: archive.even_out(1)):
                break


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
            await visit.keeper.even_out(visit.may_tidy)
        await visit.browser.close()
