"""Read the kept raw pages again with today's extractor: what comes out better is a correction, never a revision."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from crawler import reading, urls
from crawler.archive import Archive
from crawler.config import Config
from crawler.errors import NoArticle, UsageError
from crawler.extract.workers import WorkerFault, Workers
from crawler.importing.rereading import in_order
from crawler.raw import RawError, RawFolder
from crawler.reading import Reading
from crawler.records import Article, Entry, Fetched, Source
from crawler.source_finder import SourceFinder
from crawler.spiders.warc import Capture, page_of, read_warc

_FULLNESS = {"headline": 0, "lead": 1, "full": 2}
_MOST_FAULTS = 1000
#: Whatever the crawl allows today: what was kept is read.
_LARGEST = 64 * 1024 * 1024


@dataclass(slots=True)
class ReextractReport:
    """What reading the raw pages again gave."""

    articles: int = 0
    corrected: int = 0
    unchanged: int = 0
    #: reason -> articles that stay as they are because their page gave none, or less than is kept.
    left: Counter[str] = field(default_factory=Counter)
    #: Raw pages that could not be read.
    faults: list[str] = field(default_factory=list)


def reextract(
    archive: Archive,
    config: Config,
    folder: RawFolder,
    now: datetime,
    keys: Collection[str] | None = None,
    *,
    since: datetime | None = None,
    workers: Workers | None = None,
    tell: Callable[[int], None] | None = None,
) -> ReextractReport:
    """Read the raw pages of articles again, of all or of some sources, first seen since a time.

    ``workers`` are those to extract with, else it has its own; ``tell`` is called with the number of pages read.

    The earlier text stays to be had, with the reason and the date. What people said of an article stays on top. It can
    be stopped at any time, and repeated.
    """
    if keys is not None:
        check_keys(archive, config, keys)
    report = ReextractReport()
    crawl = config.press.crawl
    own = Workers(crawl.workers, crawl.page_cpu, crawl.page_memory) if workers is None else nullcontext(workers)
    with own as hands:
        jobs = _jobs(archive, config, folder, hands, now, keys, since)
        for article, result in in_order(jobs, crawl.workers):
            report.articles += 1
            _settle(archive, article, result, now, report)
            if tell is not None and report.articles % 20 == 0:
                tell(report.articles)
    return report


def check_keys(archive: Archive, config: Config, keys: Collection[str]) -> None:
    """Raise UsageError for keys that no source has."""
    known = {source.key for source in archive.sources.all()} | set(config.sources)
    if unknown := sorted(set(keys) - known):
        there = ", ".join(sorted(known)) or "none"
        raise UsageError(f"no source has the key {', '.join(unknown)}; there are: {there}")


def _jobs(
    archive: Archive,
    config: Config,
    folder: RawFolder,
    workers: Workers,
    now: datetime,
    keys: Collection[str] | None,
    since: datetime | None,
) -> Iterator[tuple[Article, Callable[[], Reading | WorkerFault | RawError]]]:
    finder = SourceFinder(config)
    after = ""
    while batch := archive.articles.with_raw(keys, since, after=after):
        for article in batch:
            source = config.sources.get(article.source) or archive.sources.get(article.source)
            source = source or finder.find(article.url, article.source)
            page = archive.pages.find(article.url)
            entry = None if page is None else page.entry
            repeated = archive.blocks.of(urls.host_of(article.url))
            yield article, partial(_read, folder, workers, article, source, entry, repeated, now)
        after = batch[-1].raw_ref or ""


def raw_page(folder: RawFolder, ref: str, url: str, now: datetime) -> Fetched:
    """Give a kept raw page as its server sent it, unpacked; RawError or NoArticle where that cannot be."""
    captures = [found for found in read_warc(io.BytesIO(folder.read(ref)), _LARGEST) if isinstance(found, Capture)]
    if not captures:
        raise RawError(f"{ref}: the record holds no page")
    return page_of(captures[0], url, _LARGEST, now)


def _read(
    folder: RawFolder,
    workers: Workers,
    article: Article,
    source: Source,
    entry: Entry | None,
    blocks: Collection[int],
    now: datetime,
) -> Reading | WorkerFault | RawError:
    """Read one article's raw page again, on a thread."""
    ref = article.raw_ref or ""
    try:
        page = raw_page(folder, ref, article.url, now)
    except RawError as error:
        return error
    except NoArticle as why:
        return WorkerFault(why.reason, why.detail)
    result: Reading | WorkerFault = workers.call_now(reading.read_page, replace(page, entry=entry), source, blocks)
    return result.of(ref) if isinstance(result, Reading) else result


def _settle(
    archive: Archive, old: Article, result: Reading | WorkerFault | RawError, now: datetime, report: ReextractReport
) -> None:
    if isinstance(result, RawError):
        if len(report.faults) < _MOST_FAULTS:
            report.faults.append(f"article {old.id}: {result}")
        return
    if isinstance(result, WorkerFault):
        report.left[result.reason] += 1
        return
    new = result.article
    if _FULLNESS[new.completeness] < _FULLNESS[old.completeness]:
        report.left["less than is kept"] += 1
        return
    assert old.id is not None
    if new.tdm_reserved is None:  # tdmrep.json said so when the page was fetched
        new = replace(new, tdm_reserved=old.tdm_reserved, tdm_policy=old.tdm_policy)
    why = f"read again from its raw page by {new.extractor_version}"
    changed = archive.articles.correct(old.id, new, why, now, fingerprints=result.fingerprints, revision=old.revision)
    report.corrected += changed
    report.unchanged += not changed
