"""By what stories may agree with others (links.py, followups.py): found when they are told, and kept with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from crawler import tokens
from crawler.archive import Archive, Marked
from crawler.languages import primary
from crawler.records import Article, Story
from digest import followups, links
from digest.links import Told

#: Grows whenever the same texts give other anchors or marks.
VERSION = 1000 * tokens.VERSION + 1
#: Of each story the first articles are read, of so many stories at a time.
_READ, _BATCH = 6, 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


def around(
    archive: Archive, asked: Sequence[Story], first: datetime, last: datetime, *, days: timedelta, most: int
) -> list[Told]:
    """List stories and those near a time, as links compare them; what nobody has looked at yet is looked at and kept.

    ``most``: of so many, the nearest ones.
    """
    near = archive.stories.near(first, last, days, most, VERSION)
    found = {one.story: one for one in near if one.anchors is not None}
    missing = {story.id for story in asked} | {one.story for one in near} - found.keys()
    made = [one for some in _some(sorted(missing - found.keys())) for one in find(archive, archive.stories.many(some))]
    if made and not archive.read_only:
        archive.stories.mark(made, VERSION)
    found |= {one.story: one for one in made}
    order = dict.fromkeys((*(story.id for story in asked), *(one.story for one in near)))
    return [_told(found[story]) for story in order if story in found]


def find(archive: Archive, stories: Iterable[Story]) -> list[Marked]:
    """Find by what stories in one language may agree with others."""
    timed = [story for story in stories if len(story.languages) == 1 and story.first and story.last]
    found: list[Marked] = []
    for some in (timed[at : at + _BATCH] for at in range(0, len(timed), _BATCH)):
        wanted = {number for story in some for number in story.articles[:_READ]}
        articles = {article.id or 0: article for article in archive.articles.many(sorted(wanted))}
        found += [_marked(story, articles) for story in some]
    return found


def _marked(story: Story, articles: Mapping[int, Article]) -> Marked:
    read = [articles[number] for number in story.articles[:_READ] if number in articles]
    return Marked(
        story.id,
        story.languages[0],
        story.first or _EPOCH,
        story.last or _EPOCH,
        links.anchors(read, (*story.places, *story.organisations)),
        followups.marks(read, story.names, [outlet.name for outlet in story.outlets]),
    )


def _told(one: Marked) -> Told:
    first, last = ((time - _EPOCH) / _DAY for time in (one.first, one.last))
    return Told(one.story, primary(one.language), first, last, one.anchors or frozenset(), one.marks or frozenset())


def _some(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[at : at + _BATCH] for at in range(0, len(ids), _BATCH))
