"""Finds the posts of a live blog, declared in JSON-LD or by the build of the page, and of them the newest."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from crawler.extract import clocked, jsonld, lines
from crawler.extract.body import of_article_body
from crawler.extract.dates import Printed, read_machine
from crawler.extract.declared import Declared
from crawler.extract.lines import Block, weight
from crawler.extract.page import ParsedPage

_LIVE = re.compile(r"LiveBlogPosting$")
#: A page is called live in its title or address ...
_CALLED = re.compile(
    r"\bLIVE\b|(?i:\blive(?:[ -]?(?:updates?|blog|ticker|feed|coverage|reporting)\b|\s*[:|–—]|$)|[:|–—(]\s*live\b|"
    r"as it happened|minute[- ]by[- ]minute|newsblog|news-?ticker|minutenprotokoll|"
    r"\ben direct\b|\ben (?:vivo|directo)\b|minuto a minuto|\bao vivo\b|em direto|\bin diretta\b|\bla diretta\b|"
    r"na żywo|relacja live|canlı (?:blog|yayın|anlatım)|онлайн|трансляци|прямой эфир|хроника|наживо|"
    r"直播|实时更新|即時更新|滚动更新|ライブ|リアルタイム|生中継|실시간|라이브|مباشر|لحظة بلحظة|لحظه به لحظه|"
    r"בשידור חי|עדכונים שוטפים|लाइव|trực tiếp|รายงานสด|ถ่ายทอดสด|ζωντανά)"
)
#: ... or its posts are in their names.
_NAMED = re.compile(
    r"(?:^|[\s_-])live(?:$|[\s_-]|blog|ticker|feed|post|item|update|entry)|ticker|minuto", re.IGNORECASE
)
_TALK = re.compile(r"comment|repl(?:y|ies)|discuss|disqus|forum|answer|review|tweet|kommentar", re.IGNORECASE)
_CLOCK = re.compile(r"^\W*\d{1,2}\s?[:.h時时시点]\s?\d{0,2}\D{0,12}$")
_MOST_TIMES = 600
_LEAST_POSTS = 3
_LOOKED_AT = 6


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest post of a live blog."""

    lines: tuple[str, ...]
    #: None where its day is not printed.
    time: Printed | None
    #: How many posts there are, and where they were read.
    posts: int
    where: str
    #: What stands above the posts; no text without them.
    clocks: frozenset[str] = frozenset()


def declared(said: Declared) -> Mapping[str, Any] | None:
    """Give the node by which a page declares to be a live blog: its own, or the only one there is."""
    if jsonld.is_type(dict(said.node), _LIVE):
        return said.node
    found = [node for node in said.nodes if jsonld.is_type(node, _LIVE)]
    return found[0] if len(found) == 1 and not said.article_body else None


def is_called_live(page: ParsedPage, title: str, posts: Sequence[HtmlElement]) -> bool:
    """Tell whether a page with posts says of itself that it is live."""
    names = [_names(posts[0]), *(_names(element) for element in islice(posts[0].iterancestors(), 4))]
    if any(_TALK.search(name) for name in names):
        return False
    return bool(_CALLED.search(title) or any(map(_NAMED.search, names)) or _NAMED.search(page.url.rpartition("//")[2]))


def newest(node: Mapping[str, Any] | None, posts: Sequence[HtmlElement]) -> Newest | None:
    """Give the newest post of a live blog; None where its posts cannot be told apart."""
    found = _of_node(node) if node is not None else []
    where = "json-ld liveBlogUpdate"
    if len(found) < 2:
        found = [(time, texts) for post in posts if (time := _time(post)) and (texts := _texts(post))]
        where = "posts"
    if len(found) < 2:
        return None
    # As printed: the posts of one page share their zone.
    time, texts = max(found, key=lambda post: post[0].iso)
    return Newest(tuple(texts), time, len(found), where)


def newest_by_clock(page: ParsedPage, said: Declared, title: str) -> Newest | None:
    """Give the newest post of a page that prints a clock above each and says of itself that it is live.

    A programme has clocks, too: where only the title says "live", the newest must be the first, which then stays there.
    """
    if not (_CALLED.search(title) or _is_named_live(page)):
        return None
    posts = clocked.posts_of(page, said.language)
    if not posts:
        return None
    names = _names_around(posts[0].block)
    if any(_TALK.search(name) for name in names):
        return None
    falling = clocked.is_newest_first(posts)
    named = any(map(_NAMED.search, names))
    if not (named or (falling and _CALLED.search(title))):
        return None
    first = posts[0] if falling else posts[-1]
    clocks = frozenset(post.clock for post in posts)
    return Newest(first.lines, first.time, len(posts), "posts with clocks", clocks)


def _is_named_live(page: ParsedPage) -> bool:
    blocks = {line.block.names: line.block.parent for line in page.lines}
    names = {*blocks, *(parent.names for parent in blocks.values() if parent)}
    return any(map(_says_live, names))


@lru_cache(maxsize=4_096)
def _says_live(names: tuple[str, ...]) -> bool:
    return _NAMED.search(" ".join(names)) is not None


def _names_around(block: Block) -> list[str]:
    found: list[str] = []
    at: Block | None = block
    while at is not None and len(found) < 5:
        found.append(" ".join(at.names))
        at = at.parent
    return found


def posts_of(tree: HtmlElement) -> list[HtmlElement]:
    """Find the parts of a page that stand beside each other and have each a time of day of their own."""
    dated = [time for time in tree.iter("time") if time.get("datetime")]
    if not _LEAST_POSTS <= len(dated) <= _MOST_TIMES:
        return []
    times = [time for time in dated if _printed(time) is not None]
    if len(times) < _LEAST_POSTS:
        return []
    held = [list(time.iterancestors(etree.Element)) for time in times]
    counts: dict[HtmlElement, int] = {}
    for ancestors in held:
        for element in ancestors:
            counts[element] = counts.get(element, 0) + 1
    groups: dict[HtmlElement, dict[HtmlElement, None]] = {}
    for time, ancestors in zip(times, held, strict=True):
        # A post may show when it was changed, too.
        own = next((at for at, element in enumerate(ancestors) if counts[element] > 2), None)
        if own is not None:
            groups.setdefault(ancestors[own], {})[ancestors[own - 1] if own else time] = None
    posts = max(map(list, groups.values()), key=len, default=[])
    if len(posts) < _LEAST_POSTS:
        return []
    looked_at = posts[:_LOOKED_AT]
    return posts if sum(map(_is_told, looked_at)) > 0.6 * len(looked_at) else []


def _of_node(node: Mapping[str, Any]) -> list[tuple[Printed, list[str]]]:
    posts = []
    for update in jsonld.listed(node.get("liveBlogUpdate")):
        if not isinstance(update, dict) or not isinstance(update.get("articleBody"), str):
            continue
        printed = read_machine(jsonld.text_of(update.get("datePublished")))
        texts = of_article_body(update["articleBody"])
        if printed and texts:
            heading = jsonld.text_of(update.get("headline"))
            posts.append((printed, [heading, *texts] if heading and heading != texts[0] else texts))
    return posts


def _printed(time: HtmlElement) -> Printed | None:
    printed = read_machine(time.get("datetime") or "")
    return printed if printed is not None and printed.precision != "day" else None


def _time(post: HtmlElement) -> Printed | None:
    return next(filter(None, map(_printed, post.iter("time"))), None)


def _is_told(post: HtmlElement) -> bool:
    return any(not line.linked and weight(line.text) >= clocked.PROSE for line in lines.read(post))


def _texts(post: HtmlElement) -> list[str]:
    """Give the lines of a post: what is told, and headings above it."""
    found = [line for line in lines.read(post) if not (line.linked or line.block.hidden or _CLOCK.match(line.text))]
    return clocked.text_of(found)


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"[:400]
