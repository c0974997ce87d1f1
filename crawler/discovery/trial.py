"""Try out a visit without keeping anything: the channels, what they list, and one of their articles."""

from __future__ import annotations

from dataclasses import dataclass

from crawler import extract, urls
from crawler.clock import Clock
from crawler.config import Config
from crawler.discovery.choosing import Discovery
from crawler.discovery.scout import Scout
from crawler.errand import run
from crawler.errors import FetchRefused
from crawler.extract.workers import WorkerFault, Workers
from crawler.net import Ask, Fetcher
from crawler.records import Article, Fetched, Source
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


def try_out(target: str | Source, config: Config, archive_url: str = "") -> Trial:
    """Look at an address, or at the channels of a source, and read one article; Scrapy lets a process do this once.

    Raise UsageError when nothing was found, FetchRefused when the address could not be had.
    """
    crawl = config.press.crawl
    with Workers(1, crawl.page_cpu, crawl.page_memory) as workers:

        async def work(fetcher: Fetcher) -> Trial:
            scout = Scout(fetcher, workers, crawl.delay, Clock()())
            found = await (scout.check(target) if isinstance(target, Source) else scout.find(target))
            source = target if isinstance(target, Source) else _source(found)
            return await _sampled(found, source, fetcher, workers, max(crawl.delay, source.delay or 0.0))

        return run(config, work, archive_url)


def _source(found: Discovery) -> Source:
    """Make a source as it would be added, for reading a page in its name."""
    return Source(key="", name=found.name, homepage=found.homepage, language=found.language)


async def _sampled(found: Discovery, source: Source, fetcher: Fetcher, workers: Workers, delay: float) -> Trial:
    """Fetch and read the newest page."""
    pages = sum(fresh.entries for fresh in found.fresh.values())
    if not found.newest:
        return Trial(found, pages)
    try:
        answer = await fetcher.get(Ask(found.newest, delay, page=True))
    except FetchRefused as why:
        allowed = None if why.reason != "robots" else False
        return Trial(found, pages, found.newest, None, why.reason, why.detail, allowed)
    content_type = answer.header("content-type")
    bad = fault(answer.status, content_type, answer.body)
    if bad is not None:
        return Trial(found, pages, found.newest, None, *bad, True)
    page = Fetched(
        found.newest,
        urls.normalise(answer.final_url) or answer.final_url,
        answer.body,
        content_type,
        answer.status,
        Clock()(),
        None,
        answer.reservation,
    )
    article = await workers.call(extract.extract, page, source, {})
    if isinstance(article, WorkerFault):
        return Trial(found, pages, found.newest, None, article.reason, article.detail, True)
    return Trial(found, pages, found.newest, article, robots_allow=True)
