"""Look over a site that is not a source yet: ask for the addresses that ``discovery`` names, by all the rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from crawler import urls
from crawler.clock import Clock
from crawler.config import Config
from crawler.discovery import choosing
from crawler.discovery.choosing import Discovery, Find, Look, What
from crawler.discovery.frontpage import FrontPage, Lead
from crawler.errand import run
from crawler.errors import FetchRefused
from crawler.extract.workers import Workers
from crawler.net import Answer, Ask, Fetcher
from crawler.records import Source
from crawler.spiders.sitemap import SitemapPage
from crawler.verdicts import refusal

#: Pages, feeds and sitemaps that are asked for to get to know one site.
_BUDGET = 20
_MOST_FEEDS = 8
_ACCEPT = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/feed+json, */*;q=0.5"
)
#: A home page may refuse us where the feeds do not.
_REFUSALS = frozenset({"blocked", "robots"})
#: No answer by https: a host that was given without a scheme is asked by http.
_UNREACHED = frozenset({"connection", "timeout", "robots unreachable"})
#: Stands for the status of a page that was not to be had, but is gone round.
_NO_PAGE = 0


def discover(url: str, config: Config, archive_url: str = "") -> Discovery:
    """Find the feeds, news sitemaps or section pages of a site; Scrapy lets a process do this once.

    Raise UsageError when nothing was found, FetchRefused when the address could not be had.
    """
    crawl = config.press.crawl
    with Workers(1, crawl.page_cpu, crawl.page_memory) as workers:
        return run(config, lambda fetcher: Scout(fetcher, workers, crawl.delay, Clock()()).find(url), archive_url)


class Scout:
    """Looks over one site within a budget of requests."""

    def __init__(self, fetcher: Fetcher, workers: Workers, delay: float, now: datetime):
        self._fetcher, self._workers = fetcher, workers
        self._delay, self._now = delay, now
        self._tried: set[str] = set()
        self._notes: list[str] = []

    async def find(self, given: str) -> Discovery:
        """Look at an address and at what it leads to."""
        answer = await self._start(urls.meant(given))
        at = _at(answer)
        start = await self._look(answer)
        if start is None:
            told = self._notes[-1].removeprefix(f"{answer.url}: ")
            raise FetchRefused(answer.url, "extraction failed", told)
        home = start.page
        if start.what == "page" and start.page.is_article and not choosing.is_home(at):
            self._notes.append(f"{at}: it is one article; its site's home page was looked at instead")
            answer = await self._start((choosing.root_of(at),))
            at, start = _at(answer), await self._look(answer) or start
            home = start.page
        if start.what != "page":
            choice = await self._given(answer, start)
            if choice.lacking:
                home = await self._home(choosing.homepage_of(at, choice))
        else:
            choice = await self._around(answer, start)
        return choosing.conclude(answer.url, at, start, home, choice, self._notes)

    async def check(self, source: Source) -> Discovery:
        """Ask the channels that a source has, without keeping anything."""
        found: dict[What, list[Find]] = {"feed": [], "sitemap": [], "page": []}
        for kind, url in source.channels():
            what: What = "page" if kind == "section" else "sitemap" if kind == "sitemap" else "feed"
            tried = await self._try(Lead(url, "given"), what, source.homepage)
            if tried is None:
                continue
            find, seen = tried
            contents = seen.contents
            if isinstance(contents, SitemapPage) and contents.children:
                contents = await self._newest_child(contents, find.url)
            if kind == "feed" and seen.what == "page":
                self._notes.append(f"{url}: the address answers with a web page, not a feed")
                continue
            if contents.problem:
                self._notes.append(f"{url}: {contents.problem}")
            found[what].append(Find(find.lead, url, contents))
        finds = [find for each in found.values() for find in each]
        return Discovery(
            url=source.homepage,
            name=source.name,
            homepage=source.homepage,
            language=source.language,
            feeds=tuple(find.url for find in found["feed"]),
            sitemaps=tuple(find.url for find in found["sitemap"]),
            sections=tuple(find.url for find in found["page"]),
            samples={find.url: choosing.samples(find.contents.entries) for find in finds},
            notes=tuple(self._notes),
            fresh={find.url: choosing.freshness(find.contents.entries) for find in finds},
            newest=choosing.newest_page(finds),
        )

    async def _start(self, addresses: Iterable[str]) -> Answer:
        """Fetch the first of the addresses that can be had."""
        refused: list[FetchRefused] = []
        for address in addresses:
            self._tried.add(address)
            try:
                answer = await self._fetcher.get(Ask(address, self._delay, accept=_ACCEPT))
            except FetchRefused as why:
                refused.append(why)
                if why.reason not in _UNREACHED:
                    break
                await self._fetcher.forget_robots(address)
                continue
            bad = refusal(answer.status, answer.headers, answer.body)
            if bad is None:
                return answer
            refused.append(FetchRefused(address, *bad))
            break
        last = refused[-1]
        if last.reason in _REFUSALS:
            self._notes.append(str(last))
            return Answer(address, address, _NO_PAGE, {}, b"")
        raise FetchRefused(str(last.args[0]), last.reason, "; ".join(dict.fromkeys(map(_told, refused))), last.until)

    async def _around(self, answer: Answer, start: Look) -> choosing.Choice:
        """Try what a page leads to, and the usual places."""
        at = _at(answer)
        feeds = await self._feeds(start.page.leads, at)
        if not feeds and not any(lead.how == "declared" for lead in start.page.leads):
            feeds = await self._feeds(choosing.usual_feeds(at), at)
        sitemaps = await self._sitemaps(at) if choosing.is_home(at) else []
        section = None
        if start.contents.problem and answer.status != _NO_PAGE:
            self._notes.append(f"{at}: {start.contents.problem}")
        elif start.contents.entries:
            section = Find(Lead(at, "given"), _lasting(answer), start.contents)
        return choosing.choose(feeds, sitemaps, section, self._now)

    async def _given(self, answer: Answer, start: Look) -> choosing.Choice:
        """Take the feed or sitemap that was asked for, without looking for others."""
        lead, contents = Lead(answer.url, "given"), start.contents
        if isinstance(contents, SitemapPage) and contents.children:
            contents = await self._newest_child(contents, answer.final_url)
        find = Find(lead, _lasting(answer), contents)
        if why := choosing.fault_of(find, start.what, answer.final_url, self._now):
            self._notes.append(f"{answer.url}: {why}")
            return choosing.Choice()
        if start.what == "feed":
            return choosing.Choice(feeds=(find,))
        return choosing.Choice(sitemaps=(find,))

    async def _newest_child(self, index: SitemapPage, url: str) -> SitemapPage:
        for lead in choosing.children(index):
            if (found := await self._try(lead, "sitemap", url)) and isinstance(found[1].contents, SitemapPage):
                return found[1].contents
        return SitemapPage(problem="none of the sitemaps of this index lists news")

    async def _home(self, url: str) -> FrontPage:
        found = await self._try(Lead(url, "usual"), "page", url)
        return found[1].page if found else FrontPage()

    async def _feeds(self, leads: Iterable[Lead], home: str, *, deeper: bool = True) -> list[Find]:
        """Try leads to feeds; a page that lists feeds is read for them once."""
        finds: list[Find] = []
        asked = 0
        for lead in leads:
            if lead.unwanted:
                self._notes.append(f"{lead.url}: {lead.unwanted}")
                continue
            if asked >= _MOST_FEEDS:
                self._notes.append(f"{lead.url}: not tried, {_MOST_FEEDS} feeds were")
                continue
            asked += 1
            found = await self._try(lead, "feed", home)
            if found is None:
                continue
            find, seen = found
            if seen.what == "feed":
                finds.append(find)
            elif deeper and lead.how == "linked" and seen.page.leads:
                self._notes.append(f"{lead.url}: a page, read for the feeds that it lists")
                finds += await self._feeds(seen.page.leads, home, deeper=False)
            else:
                self._notes.append(f"{lead.url}: the address answers with a web page, not a feed")
        return finds

    async def _sitemaps(self, home: str) -> list[Find]:
        """Try the sitemaps that robots.txt names, then the usual one."""
        finds: list[Find] = []
        for lead in choosing.robots_sitemaps(await self._declared_sitemaps(home), home):
            finds += await self._sitemap(lead, home)
        return finds or await self._sitemap(choosing.usual_sitemap(home), home)

    async def _declared_sitemaps(self, home: str) -> tuple[str, ...]:
        try:
            return await self._fetcher.sitemaps(home, self._delay)
        except FetchRefused as why:
            self._notes.append(str(why))
            return ()

    async def _sitemap(self, lead: Lead, home: str) -> list[Find]:
        """Try a sitemap, or the sitemaps of an index, one level deep."""
        found = await self._try(lead, "sitemap", home)
        if found is None:
            return []
        find, seen = found
        if not isinstance(seen.contents, SitemapPage) or not seen.contents.children:
            return [find]
        finds: list[Find] = []
        for child in choosing.children(seen.contents):
            below = await self._try(child, "sitemap", home)
            if below is None:
                continue
            if choosing.rotates(child.url):
                # Tomorrow another one takes its place: the index leads to it.
                return [*finds, Find(lead, find.url, below[0].contents)]
            finds.append(below[0])
        return finds

    async def _try(self, lead: Lead, what: choosing.What, home: str) -> tuple[Find, Look] | None:
        """Ask for a lead; None, with a note, when it is not what it should be or not worth polling."""
        if lead.url in self._tried:
            return None
        if len(self._tried) >= _BUDGET:
            self._notes.append(f"{lead.url}: not tried, {_BUDGET} requests were made")
            return None
        self._tried.add(lead.url)
        try:
            answer = await self._fetcher.get(Ask(lead.url, self._delay, accept=_ACCEPT))
        except FetchRefused as why:
            self._notes.append(f"{lead.url}: {_told(why)}")
            return None
        if bad := refusal(answer.status, answer.headers, answer.body):
            self._notes.append(f"{lead.url}: {bad[1]}")
            return None
        seen = await self._look(answer)
        if seen is None:
            return None
        find = Find(lead, _lasting(answer), seen.contents)
        is_index = isinstance(seen.contents, SitemapPage) and bool(seen.contents.children)
        if seen.what == "page" and what != "sitemap":
            return find, seen
        why_not = "" if is_index else choosing.fault_of(find, seen.what, home, self._now)
        if seen.what != what:
            why_not = f"the address answers with a {seen.what}, not a {what}"
        if why_not:
            self._notes.append(f"{lead.url}: {why_not}")
            return None
        return find, seen

    async def _look(self, answer: Answer) -> Look | None:
        seen = await self._workers.call(choosing.look, answer.body, answer.header("content-type"), answer.final_url)
        if isinstance(seen, Look):
            return seen
        self._notes.append(f"{answer.url}: it could not be read: {seen.detail or seen.reason}")
        return None


def _lasting(answer: Answer) -> str:
    """Give the address to poll: where it moved for good, not where it happens to lead today."""
    return _at(answer) if all(status in (301, 308) for status, _ in answer.hops) else answer.url


def _at(answer: Answer) -> str:
    """Give the address at which an answer was found, in its one form."""
    return urls.normalise(answer.final_url) or answer.final_url


def _told(why: FetchRefused) -> str:
    return str(why).removeprefix(f"{why.args[0]}: ")
