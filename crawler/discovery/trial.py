"""Try out a visit without keeping anything: the channels, what they list, and one of their articles."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from crawler import extract, overrides, urls
from crawler.archive import open_archive
from crawler.clock import Clock
from crawler.config import Config
from crawler.discovery import choosing
from crawler.discovery.choosing import Discovery
from crawler.discovery.comparing import Comparison, compare, override_for
from crawler.discovery.scout import Scout
from crawler.errand import run
from crawler.errors import ArchiveError, FetchRefused
from crawler.extract.workers import WorkerFault, Workers
from crawler.net import Answer, Ask, Fetcher
from crawler.records import Article, Fetched, Source
from crawler.source_finder import SourceFinder
from crawler.verdicts import fault


@dataclass(frozen=True, slots=True)
class Trial:
    """What a visit would do."""

    found: Discovery
    #: Pages that its channels list now; a visit fetches those that are not known.
    pages: int
    #: The page that was fetched as a sample; "" when none was listed.
    sample: str = ""
    #: What became of it, and why nothing did, as a reason and a sentence; the reason is "" where there is an article.
    article: Article | None = None
    reason: str = ""
    detail: str = ""
    #: Whether robots.txt lets the sample be fetched; None when it was not asked.
    robots_allow: bool | None = None
    #: What the override for the sample's address does to it; None where there is none.
    comparison: Comparison | None = None


_Read = Callable[[Trial, Answer, Source], Awaitable[Trial]]


def try_out(target: str | Source, config: Config, archive_url: str = "") -> Trial:
    """Look at an address, or at the channels of a source, and read one article; Scrapy lets a process do this once.

    The address of a page that an override of a source speaks of is not explored: that page is read.
    Raise UsageError when nothing was found, FetchRefused when the address could not be had.
    """
    crawl = config.press.crawl
    with Workers(1, crawl.page_cpu, crawl.page_memory) as workers:

        async def work(fetcher: Fetcher) -> Trial:
            owner = None if isinstance(target, Source) else _owner(target, config)
            read = partial(_read, workers=workers, repeated=partial(_repeated, archive_url))
            if owner is not None and (trial := await _page(*owner, fetcher, workers, config, read)) is not None:
                return trial
            scout = Scout(fetcher, workers, crawl.delay, Clock()())
            found = await (scout.check(target) if isinstance(target, Source) else scout.find(target))
            source = target if isinstance(target, Source) else _source(found)
            return await _sampled(found, source, fetcher, max(crawl.delay, source.delay or 0.0), read)

        return run(config, work, archive_url)


def _source(found: Discovery) -> Source:
    """Make a source as it would be added, for reading a page in its name."""
    return Source(key="", name=found.name, homepage=found.homepage, language=found.language)


def _owner(given: str, config: Config) -> tuple[str, Source] | None:
    """Give the address of a page, and its source, when an override of that source speaks of it."""
    url = urls.meant(given)[0]
    source = SourceFinder(config).known(url)
    if source is None or not overrides.covering(source, url) or choosing.is_home(url):
        return None
    return None if url in {urls.normalise(channel) for _, channel in source.channels()} else (url, source)


async def _page(
    url: str, source: Source, fetcher: Fetcher, workers: Workers, config: Config, read: _Read
) -> Trial | None:
    """Fetch and read a page; None when it turns out to be a feed or a sitemap."""
    nothing = Discovery(url, source.name, source.homepage, source.language, (), (), (), {}, (), newest=url)
    delay = max(config.press.crawl.delay, source.delay or 0.0)
    answer = await fetcher.get(Ask(url, delay, page=True))
    seen = await workers.call(choosing.look, answer.body, answer.header("content-type"), answer.final_url)
    if isinstance(seen, choosing.Look) and seen.what != "page":
        return None
    return await read(Trial(nothing, 0, url), answer, source)


async def _sampled(found: Discovery, source: Source, fetcher: Fetcher, delay: float, read: _Read) -> Trial:
    """Fetch and read the newest page."""
    trial = Trial(found, sum(fresh.entries for fresh in found.fresh.values()), found.newest)
    if not found.newest:
        return trial
    try:
        answer = await fetcher.get(Ask(found.newest, delay, page=True))
    except FetchRefused as why:
        allowed = None if why.reason != "robots" else False
        return replace(trial, reason=why.reason, detail=why.detail, robots_allow=allowed)
    return await read(trial, answer, source)


def _repeated(archive_url: str, host: str) -> frozenset[int]:
    """Give what a visit leaves out of a host's pages because they repeat it; nothing is known without an archive."""
    if not archive_url:
        return frozenset()
    try:
        with open_archive(archive_url, create=False, read_only=True) as archive:
            return archive.blocks.of(host)
    except ArchiveError:
        return frozenset()


async def _read(
    trial: Trial, answer: Answer, source: Source, *, workers: Workers, repeated: Callable[[str], frozenset[int]]
) -> Trial:
    """Read the sample, without and with the override that speaks of it."""
    trial = replace(trial, robots_allow=True)
    content_type = answer.header("content-type")
    bad = fault(answer.status, answer.headers, answer.body)
    if bad is not None:
        return replace(trial, reason=bad[0], detail=bad[1])
    now = Clock()()
    page = Fetched(
        trial.sample,
        urls.normalise(answer.final_url) or answer.final_url,
        answer.body,
        content_type,
        answer.status,
        now,
        None,
        answer.reservation,
    )
    blocks = repeated(urls.host_of(page.final_url))
    if override := override_for(source, page.final_url, now.date()):
        trial = replace(trial, comparison=await compare(page, source, override, now.date(), workers, blocks))
    article = await workers.call(extract.extract, page, source, blocks)
    if isinstance(article, WorkerFault):
        return replace(trial, reason=article.reason, detail=article.detail)
    return replace(trial, article=article)
