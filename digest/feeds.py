"""Feeds out: an Atom and a JSON Feed file of a watch. Written whole or not at all, and only when they change."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from crawler.errors import PresswatchError
from crawler.query import parse, show
from digest import exports
from digest.deliver.files import file_name
from digest.deliver.site import write

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.archive import Archive
    from crawler.config import Config
    from crawler.records import Article

#: Articles in a feed: the last that the watch matched.
LENGTH = 50
#: So many times as many are looked at, for a query may match what was filled in later.
_PAGES = 5
#: What our files of a watch hold near their beginning; others in that folder are left alone.
_MARKS = {
    "xml": f"<id>{exports.FEED_ID}watch:".encode(),
    "json": f'"title": "{exports.FEED_TITLE}watch:'.encode(),
}
#: What each feed says of itself, and the page beside its addresses.
ABOUT = f"What came as news last, at most {LENGTH} articles: none filled in later, withdrawn or marked irrelevant."
#: ending of a file -> what is written into it.
FORMS = {"xml": "atom", "json": "jsonfeed"}


def renew(archive: Archive, config: Config) -> list[Path]:
    """Renew the feeds of all watches that want them, remove those of others, and list the files that changed."""
    folder = config.press.digest.folder / "watches"
    base = config.press.web.public_url
    wanted = [name for name, rules in config.rules.items() if rules.feed]
    changed = [path for name in wanted for path in write_feeds(archive, name, folder, base)]
    return changed + _clear(folder, {file_name(name) for name in wanted})


def _clear(folder: Path, wanted: Collection[str]) -> list[Path]:
    """Remove the feeds of watches that are gone: who follows one is better told "not found" than nothing for ever."""
    gone = []
    for ending, mark in _MARKS.items():
        for path in folder.glob(f"*.{ending}"):
            try:
                with path.open("rb") as file:
                    ours = path.stem not in wanted and mark in file.read(1_000)
                if ours:
                    path.unlink()
                    gone.append(path)
            except OSError as error:
                reason = error.strerror or str(error)
                raise PresswatchError(f"{path}: {reason}; let Presswatch write there, or remove it") from error
    return gone


def write_feeds(archive: Archive, watch: str, folder: Path, base: str = "") -> list[Path]:
    """Write the two feeds of a watch into a folder, and list the files that changed; ``base`` as in ``content``."""
    changed = []
    entries = _newest(archive, watch)
    for ending in FORMS:
        path = folder / f"{file_name(watch)}.{ending}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if write(path, _render(*entries, watch, ending, base)):
                changed.append(path)
        except OSError as error:
            reason = error.strerror or str(error)
            raise PresswatchError(f"{path}: {reason}; make room or let Presswatch write there") from error
    return changed


def content(archive: Archive, watch: str, ending: str, base: str = "") -> bytes:
    """Write the feed of a watch that a file with this ending holds.

    What was filled in later, withdrawn or marked irrelevant is no news and stands in none. The same articles give the
    same bytes. With the public address of the web page (``base``) the feed says where it lies: the page serves it.
    """
    return _render(*_newest(archive, watch), watch, ending, base)


def of_search(archive: Archive, text: str, ending: str, now: datetime, address: str = "") -> bytes:
    """Write the feed of any query: the last articles that came as news and match it.

    As in ``content``, what was filled in later, withdrawn or marked irrelevant stands in none, and the same articles
    give the same bytes. ``address`` is where the feed can be read.
    """
    node = parse(text)
    irrelevant = archive.judgements.irrelevant()
    articles: list[Article] = []
    cursor: str | None = None
    for _ in range(_PAGES):
        found = archive.search(node, sort="seen", limit=LENGTH, cursor=cursor, now=now)
        articles += [each for each in (hit.article for hit in found.hits) if _is_news(each, irrelevant)]
        cursor = found.next
        if cursor is None or len(articles) >= LENGTH:
            break
    shown = articles[:LENGTH]
    revised = archive.changes.revised([article.id or 0 for article in shown])
    return exports.render(FORMS[ending], shown, query=show(node), revised=revised, address=address, about=ABOUT)


def _is_news(article: Article, irrelevant: Collection[int]) -> bool:
    return not article.backfill and article.withdrawn_at is None and article.id not in irrelevant


def _newest(archive: Archive, watch: str) -> tuple[list[Article], dict[int, datetime]]:
    """Read what a feed shows, and when which of it was revised."""
    irrelevant = archive.judgements.irrelevant()
    newest = [id_ for id_ in archive.arrivals.newest(watch, LENGTH + len(irrelevant)) if id_ not in irrelevant][:LENGTH]
    return archive.articles.many(newest), archive.changes.revised(newest)


def _render(articles: list[Article], revised: dict[int, datetime], watch: str, ending: str, base: str) -> bytes:
    address = f"{base.rstrip('/')}/watches/{quote(file_name(watch))}.{ending}" if base else ""
    return exports.render(
        FORMS[ending], articles, query=f"watch:{watch}", revised=revised, address=address, about=ABOUT
    )
