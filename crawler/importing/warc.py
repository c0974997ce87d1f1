"""Take in the pages of WARC files without the network: the same way as crawled pages, but never as news.

A file is a job of its own. How far it has come is noted in the transactions that keep its articles, so one that was
killed goes on there: nothing is kept twice, and what came of it is counted once.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import IO, Any

from crawler import __version__, urls
from crawler.archive import Archive, FileIdentity, FileImport, KeepResult
from crawler.clock import Clock
from crawler.config import Config
from crawler.drafts import Draft, keep_drafts, share
from crawler.extract.workers import WorkerFault, Workers
from crawler.importing.rereading import in_order
from crawler.importing.wanted import Request, Wanted, glance, read_wanted
from crawler.reading import Reading
from crawler.records import Article
from crawler.source_finder import SourceFinder
from crawler.spiders.unpacking import BEGINNING, Place
from crawler.spiders.warc import Damage, read_warc

#: Articles that are kept together.
_BATCH = 50
#: So many captures that were not wanted are passed over before that is noted.
_PASSED = 1_000
#: Pages at which is glanced in one call; fewer when they are large, for some such calls are in memory at once.
_AT_A_GLANCE, _LARGE = 32, 8_000_000
#: Faults that are named one by one; of more only the number is told.
_MOST_FAULTS = 1000
#: So much of a file's beginning and end tells it from others.
_TOLD_BY = 64 * 1024
_EVERYTHING = Wanted()


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

    @property
    def pages(self) -> int:
        """Count all of them, and the places that are damaged."""
        return self.kept + self.completed + self.known + self.dropped.total()

    def add(self, other: WarcCounts) -> None:
        """Count what became of others, too."""
        self.kept += other.kept
        self.completed += other.completed
        self.known += other.known
        self.dropped.update(other.dropped)
        self.faults += other.faults

    def written(self) -> dict[str, Any]:
        """Write them as JSON has it."""
        return {
            "kept": self.kept,
            "completed": self.completed,
            "known": self.known,
            "dropped": dict(self.dropped),
            "faults": self.faults,
        }

    def fault(self, text: str) -> None:
        """Name a fault, if there are not too many."""
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(text)
        elif len(self.faults) == _MOST_FAULTS:
            self.faults.append(f"more than {_MOST_FAULTS} faults; the others are not listed")


@dataclass(frozen=True, slots=True)
class WarcReport:
    """What became of one WARC file, over all the times that its import was begun."""

    counts: WarcCounts
    #: When it had been imported as a whole before; None when it was read now.
    done_before: datetime | None = None
    #: It was begun before, and went on from there.
    went_on: bool = False


def import_warc_file(
    archive: Archive,
    config: Config,
    path: Path,
    now: datetime,
    *,
    wanted: Wanted = _EVERYTHING,
    source: str = "",
    again: bool = False,
    workers: Workers | None = None,
    tell: Callable[[int], None] | None = None,
) -> WarcReport:
    """Keep the articles of a WARC file that are wanted, from where an import of it was stopped.

    A file that is done is not read again, save where it was damaged, by another version of Presswatch or with
    ``again``. ``workers`` are those to extract with, else it has its own; ``tell`` is called with the number of
    articles kept, whenever it has come on. OSError when the file cannot be read.
    """
    finder = SourceFinder(config, source)
    crawl = config.press.crawl
    own = Workers(crawl.workers, crawl.page_cpu, crawl.page_memory) if workers is None else nullcontext(workers)
    with path.open("rb") as file, own as hands:
        asked = f"{__version__} {source} {wanted.key()}"
        identity = _identity(path.name, file)
        begun = archive.imports.begin(identity, asked, now, anew=again)
        counts = _counts(begun)
        if begun.ended is not None and counts.dropped["damaged"]:
            # Perhaps it was mended since, between its beginning and its end, by which it is known.
            begun = archive.imports.begin(identity, asked, now, anew=True)
            counts = _counts(begun)
        if begun.ended is not None:
            return WarcReport(counts, done_before=begun.ended)
        _Import(archive, config, hands, finder, now, wanted, begun, counts, str(path), tell).read(file)
    return WarcReport(counts, went_on=bool(begun.counts))


def _identity(name: str, file: IO[bytes]) -> FileIdentity:
    digest = hashlib.sha256(file.read(_TOLD_BY))
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _TOLD_BY))
    digest.update(file.read(_TOLD_BY))
    file.seek(0, os.SEEK_SET)
    return FileIdentity(name, size, digest.hexdigest())


def _counts(begun: FileImport) -> WarcCounts:
    kept = dict(begun.counts)
    dropped = Counter(kept.pop("dropped", {}))
    return WarcCounts(**kept, dropped=dropped)


@dataclass(slots=True)
class _Step:
    """What stands in a file up to a place, of which at most the last is a page that is being read."""

    place: Place = BEGINNING
    known: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    passed: int = 0
    #: The page, and the lines that its host repeats; None when there is none.
    request: Request | None = None
    blocks: Collection[int] = ()

    @property
    def size(self) -> int:
        """Tell how many bytes its page has as it was sent."""
        return len(self.request.capture.block or b"") if self.request is not None else 0


class _Import:
    """One reading of a file."""

    def __init__(
        self,
        archive: Archive,
        config: Config,
        workers: Workers,
        finder: SourceFinder,
        now: datetime,
        wanted: Wanted,
        begun: FileImport,
        counts: WarcCounts,
        name: str,
        tell: Callable[[int], None] | None,
    ):
        self._archive, self._workers, self._finder, self._now = archive, workers, finder, now
        self._wanted, self._begun, self._counts, self._name, self._tell = wanted, begun, counts, name, tell
        #: What is kept was first seen at ``now``; the import itself takes its time.
        self._clock = Clock.starting(now)
        self._at_once = config.press.crawl.workers
        self._max_size = config.press.crawl.max_size
        self._obey_tdm = config.press.crawl.obey_tdm
        self._place = self._noted = Place(begun.offset, begun.inside)
        self._passed = 0
        self._batch: list[Draft] = []

    def read(self, file: IO[bytes]) -> None:
        """Keep what is wanted, and note that the file is done."""
        for steps, results in in_order(self._jobs(file), self._at_once):
            for step, result in zip(steps, results, strict=True):
                self._settle(step, result)
        self._flush()
        if not self._counts.pages:
            self._counts.fault(f"{self._name}: no page is in it")
        with self._archive.writing():
            self._begun = replace(self._begun, ended=self._clock())
            self._note(())

    def _jobs(self, file: IO[bytes]) -> Iterator[tuple[list[_Step], Callable[[], list[Reading | WorkerFault | None]]]]:
        steps, most, size = list[_Step](), _AT_A_GLANCE if self._wanted.glances else 1, 0
        for step in self._steps(file):
            steps.append(step)
            size += step.size
            if len(steps) == most or size >= _LARGE:
                yield steps, partial(self._read_all, steps)
                steps, size = [], 0
        yield steps, partial(self._read_all, steps)

    def _steps(self, file: IO[bytes]) -> Iterator[_Step]:
        step = _Step()
        for found in read_warc(file, self._max_size, self._place):
            step.place = found.after
            if isinstance(found, Damage):
                step.dropped["damaged"] += 1
                step.faults.append(f"{self._name}: {found}")
                continue
            url = urls.normalise(found.url) or ""
            source = self._finder.find(url)
            why = self._wanted.refusal(url, source, found.date) if url else "address refused"
            if why:
                step.dropped[why] += 1
                step.passed += 1
                if step.passed >= _PASSED:
                    yield step
                    step = _Step()
                continue
            known = self._archive.articles.get(url)
            if known is not None and known.completeness == "full":
                step.known += 1
                continue
            step.request = Request(found, url, source, self._max_size, self._now)
            step.blocks = self._archive.blocks.of(urls.host_of(url))
            yield step
            step = _Step()
        yield step

    def _read_all(self, steps: Sequence[_Step]) -> list[Reading | WorkerFault | None]:
        """Read the pages of steps, on a thread; everything that a stranger can break is broken in a worker."""
        asked = [step.request for step in steps if step.request is not None]
        seen: Iterator[tuple[str, str]] = repeat(("", ""))
        if self._wanted.glances and asked:
            told = self._workers.call_now(glance, asked, self._wanted)
            if not isinstance(told, WorkerFault):  # else each is read alone, and tells which of them it was
                seen = iter(told)
        return [None if step.request is None else self._read(step, step.request, *next(seen)) for step in steps]

    def _read(self, step: _Step, request: Request, why: str, detail: str) -> Reading | WorkerFault:
        if why:
            return WorkerFault(why, detail)
        result: Reading | WorkerFault = self._workers.call_now(
            read_wanted, request, step.blocks, self._obey_tdm, self._wanted
        )
        return result

    def _settle(self, step: _Step, result: Reading | WorkerFault | None) -> None:
        """Count a step, and keep its page with others."""
        known = None
        if isinstance(result, Reading):
            known = self._archive.articles.get(result.article.url)
            if known is not None or self._is_apart(result):
                self._flush()  # before this step is counted, for its place comes later
                known = self._archive.articles.get(result.article.url)
        self._counts.known += step.known
        self._counts.dropped.update(step.dropped)
        for fault in step.faults:
            self._counts.fault(fault)
        if step.place != BEGINNING:
            self._place = step.place
        self._passed += step.passed + 1
        if isinstance(result, WorkerFault):
            self._counts.dropped[result.reason] += 1
            if result.reason in ("extraction limit", "extraction failed", "workers died"):
                url = step.request.url if step.request else ""
                self._counts.fault(f"{url}: {result.reason}: {result.detail}")
        elif result is not None and step.request is not None:
            if known is None:
                self._batch.append(Draft(result, step.request.source, backfill=True))
            elif known.completeness == "full" or result.article.completeness != "full":
                self._counts.known += 1
            else:
                with self._archive.writing():
                    self._complete(known, result)
                    self._note(())
        if len(self._batch) >= _BATCH or self._passed >= _PASSED:
            self._flush()

    def _is_apart(self, found: Reading) -> bool:
        """Tell whether an article cannot be kept in one transaction with those in hand, as their place is noted."""
        return any(
            found.article.url == draft.reading.article.url or share(found, draft.reading) for draft in self._batch
        )

    def _complete(self, lead: Article, found: Reading) -> None:
        """Put the whole article in place of what its feed entry gave."""
        assert lead.id is not None
        if self._archive.articles.correct(
            lead.id, found.article, "its whole page was imported", self._now,
            fingerprints=found.fingerprints, revision=lead.revision,
        ):  # fmt: skip
            self._counts.completed += 1
        else:
            self._counts.known += 1

    def _flush(self) -> None:
        """Write the batch in hand, and with it how far the file has come."""
        self._passed = 0
        if self._batch:
            keep_drafts(self._archive, self._batch, self._now, along=self._note)
            self._batch.clear()
        elif self._place == self._noted:
            return
        else:
            with self._archive.writing():
                self._note(())
        if self._tell is not None:
            self._tell(self._counts.kept)

    def _note(self, results: Sequence[KeepResult]) -> None:
        for result in results:
            if result.outcome == "new":
                self._counts.kept += 1
            elif result.outcome in ("unchanged", "revised"):
                self._counts.known += 1
            else:
                self._counts.dropped[result.outcome] += 1
        offset, inside = self._place
        self._begun = replace(self._begun, offset=offset, inside=inside, counts=self._counts.written())
        self._archive.imports.note(self._begun, self._clock())
        self._noted = self._place
