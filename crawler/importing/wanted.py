"""What of a WARC file is wanted: which hosts, languages, days and words; the cheapest question first."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crawler import languages, query, urls
from crawler.errors import NoArticle, UsageError
from crawler.extract.charsets import decode
from crawler.extract.glance import Glance
from crawler.query import Document, Node
from crawler.query.foreseeing import may_be_from, may_match
from crawler.reading import Reading, check_language, read_page
from crawler.records import Article, Fetched, Source
from crawler.spiders.warc import Capture, page_of

_HOST = re.compile(r"(?!-)[\w-]{1,63}(?<!-)(\.(?!-)[\w-]{1,63}(?<!-))*")
#: The day of a page may be ahead of that in UTC by so much.
_AHEAD = timedelta(hours=14)
#: Filters on what is known only of articles that are kept.
_OF_KEPT = ("story", "note", "marked", "copies", "seen-after", "seen-before")


@dataclass(frozen=True, slots=True)
class Request:
    """A capture that may hold an article."""

    capture: Capture
    url: str
    source: Source
    #: The largest body that is read, in bytes; and the time.
    max_size: int
    now: datetime

    def page(self) -> Fetched:
        """Give the page as its server sent it, unpacked; NoArticle where there is none."""
        return page_of(self.capture, self.url, self.max_size, self.now)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted; each empty: everything."""

    #: Hosts, each with those below it.
    hosts: frozenset[str] = frozenset()
    #: Codes of languages (zh, en).
    languages: tuple[str, ...] = ()
    since: datetime | None = None
    #: The same as somebody gave it ("30d"), who will go on with the same words.
    since_given: str = ""
    #: A query, with those of the watches that it uses.
    node: Node | None = None

    @property
    def glances(self) -> bool:
        """Tell whether a glance at a page may be enough."""
        return bool(self.languages) or self.node is not None

    def refusal(self, url: str, source: Source, date: datetime | None) -> str:
        """Say why a capture is not wanted, by its address, its source and its date alone; "" when it may be."""
        if self.hosts and not self._has_host(urls.host_of(url)):
            return "other host"
        # What was published later was not captured then.
        if self.since is not None and date is not None and date < self.since - _AHEAD:
            return "too old"
        if self.node is not None and not may_be_from(source, self.node):
            return "not asked for"
        return ""

    def _has_host(self, host: str) -> bool:
        while host not in self.hosts:
            _, dot, host = host.partition(".")
            if not dot:
                return False
        return True

    def written(self) -> dict[str, Any]:
        """Write it as JSON has it, for another process; see ``read_written``."""
        since, asked = self.since.isoformat() if self.since else "", query.show(self.node) if self.node else ""
        return {
            "hosts": sorted(self.hosts),
            "languages": list(self.languages),
            "since": since,
            "since_given": self.since_given,
            "query": asked,
        }

    def key(self) -> str:
        """Write it so that two that want the same are the same."""
        since = self.since_given or (self.since.isoformat() if self.since else "")
        asked = query.show(self.node) if self.node is not None else ""
        return json.dumps([sorted(self.hosts), sorted(self.languages), since, asked], ensure_ascii=False)


def read_written(given: Mapping[str, Any]) -> Wanted:
    """Read what ``Wanted.written`` wrote."""
    return Wanted(
        frozenset(given["hosts"]),
        tuple(given["languages"]),
        datetime.fromisoformat(given["since"]) if given["since"] else None,
        given["since_given"],
        query.read_back(given["query"]) if given["query"] else None,
    )


def read_hosts(file: Path) -> frozenset[str]:
    """Read a file of hosts, one a line; what stands behind a # is a comment."""
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    hosts = set()
    for number, line in enumerate(lines, start=1):
        given = line.partition("#")[0].strip().rstrip(".").lower()
        if not given:
            continue
        host = urls.host_of(f"https://{given}/") if _HOST.fullmatch(given) else ""
        if not host:
            raise UsageError(f"{file}:{number}: {given[:80]!r} is no host, wanted one a line, such as globaltimes.cn")
        hosts.add(host)
    if not hosts:
        raise UsageError(f"{file}: names no host")
    return frozenset(hosts)


def read_languages(given: str) -> tuple[str, ...]:
    """Read codes of languages with commas between them."""
    codes = []
    for part in filter(None, (part.strip() for part in given.split(","))):
        code = languages.primary(languages.code(part))
        if not code:
            raise UsageError(f"--languages: {part[:80]!r} is no code of a language, wanted such as zh,en")
        if not languages.is_known(code):
            raise UsageError(f"--languages: there is no language {part[:80]!r}, wanted codes of ISO 639 such as zh,en")
        codes.append(languages.shortest(code))
    if given and not codes:
        raise UsageError(f"--languages: {given[:80]!r} names no language, wanted codes such as zh,en")
    return tuple(dict.fromkeys(codes))


def read_query(given: str, watches: Mapping[str, str]) -> Node | None:
    """Read what pages are asked; None when it is empty. UsageError for what is known of kept articles only."""
    if not given.strip():
        return None
    node = query.expand(query.check_watch(given), watches)
    for found in query.filters_in(node):
        if found.name in _OF_KEPT:
            raise UsageError(
                f"--query: {found.name}: is known only of articles that are kept; search for it afterwards"
            )
    return node


def glance(captures: Sequence[Request], wanted: Wanted) -> list[tuple[str, str]]:
    """Say why captures give no article that is wanted, with what was seen, where that is told without extracting it.

    ("", "") where it is not. In a worker; many in one call, since handing each over takes its time, too.
    """
    return [_glanced(each, wanted) for each in captures]


def _glanced(request: Request, wanted: Wanted) -> tuple[str, str]:
    try:
        page = request.page()
    except NoArticle as why:
        return why.reason, why.detail
    seen = Glance(decode(page.body, page.content_type), page.final_url)
    # What neither the text nor the page tells is taken to be in the source's usual language.
    if wanted.languages and seen.is_foreign({*wanted.languages, languages.primary(request.source.language)}):
        return "language", f"none of what it says is in {', '.join(wanted.languages)}"
    node, source = wanted.node, request.source
    if node is not None and not all(may_match(node, source, look) for look in seen.looks):
        return "not asked for", "it has not the words of the query"
    return "", ""


def read_wanted(request: Request, host_blocks: Collection[int], obey_tdm: bool, wanted: Wanted) -> Reading:
    """Extract the article of a capture if it is wanted; NoArticle says why not.

    In a worker: everything that a stranger can break is broken there.
    """
    found = read_page(request.page(), request.source, host_blocks, obey_tdm)
    check_language(found.article, wanted.languages)
    if wanted.since is not None and _is_before(found.article, wanted.since):
        raise NoArticle("too old", f"published {found.article.published}")
    if wanted.node is not None and not query.is_match(
        wanted.node, Document(found.article, request.source), request.now
    ):
        raise NoArticle("not asked for", "the query does not match it")
    return found


def _is_before(article: Article, since: datetime) -> bool:
    """Tell whether an article was surely published before a time; of an undated one nobody knows."""
    published = query.published_at(article)
    if published is None:
        return False
    day = article.published_precision == "day"
    return published + timedelta(days=1) <= since if day else published < since
