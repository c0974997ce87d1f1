"""An archive of a harbour: outlets that were seen well for three weeks, and what they carried of cranes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from crawler.archive import Archive, Kept, open_archive
from crawler.records import Article, Mention, Source, Watch
from tests.archive_sample import NOW, article

STATE = Source("agency", "State Agency", "", control="state")
POST = Source("post", "The Post", "", control="private")
CLUB = Source("club", "The Club", "")
CRANES = (Mention("port", 0, 1, ("crane",)),)
TEXT = (
    "A crane fell into the basin of Sundhaven on Monday. Ferries to the islands were cancelled, "
    "and eleven ships wait outside the harbour while divers look for 3,400 tons of rail worth 1.75 million."
)
CHINESE = "桑德港一台起重机周一倒塌，3400吨钢轨落水，损失175万，11艘船等候。"
TITLE = "Crane falls into Sundhaven basin"


def told(source: Source, hours: float, text: str = TEXT, language: str = "en", title: str = TITLE) -> Article:
    return article(
        f"http://{source.key}.example/{hours}-{language}",
        source=source.key,
        carried_by=source.name,
        title=title,
        text=text,
        language=language,
        published=None,
        published_utc=NOW - timedelta(hours=hours),
        published_precision="minute",
        first_seen=NOW,
    )


@contextmanager
def watched(*sources: Source, url: str = "sqlite:///:memory:") -> Iterator[Archive]:
    """Open an archive whose sources were seen well for three weeks and carried news of cranes on most days."""
    with open_archive(url) as archive:
        fed = [replace(source, feeds=(f"http://{source.key}.example/feed",)) for source in sources]
        archive.sources.sync(fed, NOW - timedelta(days=20), every=3600)
        archive.watches.sync([Watch("port", "crane")], NOW)
        store = archive.articles._store
        for channel in range(1, len(sources) + 1):
            for day in range(20):
                with archive.writing():
                    store.execute(
                        "INSERT INTO polls (channel, source, at, outcome, status, detail, entries, new, seconds) "
                        "VALUES (?, (SELECT source FROM channels WHERE id = ?), ?, 'ok', 200, '', 1, 1, 0.1)",
                        (channel, channel, int((NOW - timedelta(days=day, hours=1)).timestamp() * 1_000_000)),
                    )
        for source in sources:
            kept = [told(source, 24 * day + 16, f"A crane of {source.key} stood still.") for day in range(3, 15)]
            archive.articles.keep([Kept(each, mentions=CRANES) for each in kept], NOW)
        yield archive


def late(archive: Archive, source: Source, hours: float, text: str, language: str = "en", title: str = TITLE) -> int:
    (kept,) = archive.articles.keep([Kept(told(source, hours, text, language, title), mentions=CRANES)], NOW)
    return kept.id
