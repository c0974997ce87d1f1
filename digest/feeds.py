"""Feeds out: an Atom and a JSON Feed file of a watch. Written whole or not at all, and only when they change."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.errors import PresswatchError
from digest import exports
from digest.deliver.files import file_name, write

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config

#: Articles in a feed: the last that the watch matched.
LENGTH = 50
#: What our files of a watch hold near their beginning; others in that folder are left alone.
_MARKS = {
    "xml": f"<id>{exports.FEED_ID}watch:".encode(),
    "json": f'"title": "{exports.FEED_TITLE}watch:'.encode(),
}
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)


def renew(archive: Archive, config: Config) -> list[Path]:
    """Renew the feeds of all watches that want them, remove those of others, and list the files that changed."""
    folder = config.press.digest.folder / "watches"
    wanted = [name for name, rules in config.rules.items() if rules.feed]
    changed = [path for name in wanted for path in write_feeds(archive, name, folder)]
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


def write_feeds(archive: Archive, watch: str, folder: Path) -> list[Path]:
    """Write the two feeds of a watch into a folder, and list the files that changed.

    What was filled in later, withdrawn or marked irrelevant is no news and stands in none.
    """
    irrelevant = archive.judgements.irrelevant()
    newest = [id_ for id_ in archive.arrivals.newest(watch, LENGTH + len(irrelevant)) if id_ not in irrelevant][:LENGTH]
    known = {article.id: article for article in archive.articles.many(newest)}
    articles = [known[id_] for id_ in newest if id_ in known]
    # Not the clock: a feed in which nothing is new stays the same file, byte for byte.
    updated = max((article.first_seen or _BEGIN for article in articles), default=_BEGIN)
    changed = []
    for form, ending in (("atom", "xml"), ("jsonfeed", "json")):
        path = folder / f"{file_name(watch)}.{ending}"
        content = exports.render(form, articles, query=f"watch:{watch}", now=updated)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if write(path, content):
                changed.append(path)
        except OSError as error:
            reason = error.strerror or str(error)
            raise PresswatchError(f"{path}: {reason}; make room or let Presswatch write there") from error
    return changed
