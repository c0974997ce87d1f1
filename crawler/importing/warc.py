"""Take in the pages of WARC files without the network: the same way as crawled pages, but never as news."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import IO

from crawler import reading, urls
from crawler.archive import Archive
from crawler.config import Config
from crawler.drafts import Draft, keep_drafts
from crawler.errors import NoArticle
from crawler.extract.workers import WorkerFault, Workers
from crawler.importing.rereading import in_order
from crawler.reading import Reading
from crawler.records import Article, Source
from crawler.source_finder import SourceFinder
from crawler.spiders.warc import Capture, Damage, page_of, read_warc

_BATCH = 50
#: Faults that are named one by one; of more only the number is told.
_MOST_FAULTS = 1000


@dataclass(slots=True)
class WarcCounts:
    """What became of the pages of WARC files."""

    kept: int = 0
    #: Were kept only as far as their feed entry went, and are whole now.
    completed: int = 0
    #: Known already: nothing of them is changed.
    known: int = 0
    #: reason -> pages that were not taken in.
    dropped: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _About:
    """A page that is being read."""

    url: str
    source: Source
    #: The article that it may complete.
    lead: Article | None


class WarcImport:
    """Reads WARC files into an archive.

    An address that is known is left as it is: so an import can be repeated, and goes on quickly after it was killed.
    """

    def __init__(
        self,
        archive: Archive,
        config: Config,
        workers: Workers,
        finder: SourceFinder,
        now: datetime,
        tell: Callable[[int], None] | None = None,
    ):
        self.counts = WarcCounts()
        self._archive, self._workers, self._finder, self._now, self._tell = archive, workers, finder, now, tell
        self._at_once = config.press.crawl.workers
        self._max_size = config.press.crawl.max_size
        self._obey_tdm = config.press.crawl.obey_tdm
        #: Addresses that were met in this import.
        self._met: set[str] = set()
        self._batch: list[tuple[_About, Reading]] = []

    def read(self, file: IO[bytes], name: str) -> None:
        """Keep the articles of a file."""
        for about, result in in_order(self._jobs(file, name), self._at_once):
            if isinstance(result, Reading):
                self._batch.append((about, result))
            else:
                self._dropped(about.url, result)
            if len(self._batch) >= _BATCH:
                self._keep()
        self._keep()

    def _jobs(self, file: IO[bytes], name: str) -> Iterator[tuple[_About, Callable[[], Reading | WorkerFault]]]:
        for found in read_warc(file, self._max_size):
            if isinstance(found, Damage):
                self._fault(f"{name}: {found}")
                continue
            url = urls.normalise(found.url)
            if url is None:
                self.counts.dropped["address refused"] += 1
                continue
            lead = self._archive.articles.get(url)
            if url in self._met or (lead is not None and lead.completeness == "full"):
                self.counts.known += 1
                continue
            source = self._finder.find(url)
            blocks = self._archive.blocks.of(urls.host_of(url))
            yield _About(url, source, lead), partial(self._read, found, url, source, blocks)

    def _read(self, capture: Capture, url: str, source: Source, blocks: Collection[int]) -> Reading | WorkerFault:
        """Read one capture, on a thread; everything that a stranger can break is broken in a worker."""
        try:
            page = page_of(capture, url, self._max_size, self._now)
        except NoArticle as why:
            return WorkerFault(why.reason, why.detail)
        result: Reading | WorkerFault = self._workers.call_now(reading.read_page, page, source, blocks, self._obey_tdm)
        return result

    def _keep(self) -> None:
        """Write the batch in hand."""
        drafts = []
        for about, found in self._batch:
            if about.url in self._met:
                self.counts.known += 1
                continue
            self._met.add(about.url)
            if about.lead is None:
                drafts.append(Draft(found, about.source, backfill=True))
            else:
                self._complete(about.lead, found)
        self._batch.clear()
        for result in keep_drafts(self._archive, drafts, self._now):
            if result.outcome == "new":
                self.counts.kept += 1
            elif result.outcome in ("unchanged", "revised"):
                self.counts.known += 1
            else:
                self.counts.dropped[result.outcome] += 1
        if self._tell is not None:
            self._tell(self.counts.kept)

    def _complete(self, lead: Article, found: Reading) -> None:
        """Put the whole article in place of what its feed entry gave."""
        article, why = found.article, "its whole page was imported"
        assert lead.id is not None
        if article.completeness == "full" and self._archive.articles.correct(
            lead.id, article, why, self._now, fingerprints=found.fingerprints, revision=lead.revision
        ):
            self.counts.completed += 1
        else:
            self.counts.known += 1

    def _dropped(self, url: str, why: WorkerFault) -> None:
        self.counts.dropped[why.reason] += 1
        if why.reason in ("extraction limit", "extraction failed", "workers died"):
            self._fault(f"{url}: {why.reason}: {why.detail}")

    def _fault(self, text: str) -> None:
        faults = self.counts.faults
        if len(faults) < _MOST_FAULTS:
            faults.append(text)
        elif len(faults) == _MOST_FAULTS:
            faults.append(f"more than {_MOST_FAULTS} faults; the others are not listed")
