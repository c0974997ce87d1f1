"""The acts by which people group stories otherwise; what they say is kept and outlives every grouping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from crawler.archive import Archive, Move
from crawler.errors import UsageError
from crawler.plugins import Tagger
from crawler.records import Source, Story
from digest import grouping
from digest.names import names


def split(archive: Archive, story: int, articles: Sequence[int], who: str, now: datetime) -> Story:
    """Take articles, with their copies, out of a story into one of their own; give that one."""
    with archive.writing():
        found = _known(archive, story)
        foreign = [number for number in articles if number not in found.articles]
        if foreign or not articles:
            named = ", ".join(map(str, foreign)) or "nothing"
            raise UsageError(f"{named}: not in story {story}; presswatch story show {story} lists what is")
        copies = {
            article.id
            for article in archive.articles.many(found.articles)
            if article.is_folded and article.copy_of in articles
        }
        out = [number for number in found.articles if number in articles or number in copies]
        rest = [number for number in found.articles if number not in out]
        if not rest:
            raise UsageError(f"story {story} would be left empty; some of its articles must stay")
        archive.judgements.split(found.id, out, rest, who, now)
        new = tell(archive, replace(found, id=archive.stories.next_id(), articles=tuple(out)), now)
        kept = tell(archive, replace(found, articles=tuple(rest)), now)
        archive.stories.write([kept, new], [Move("split", found.id, new.id)], now)
    return new


def merge(archive: Archive, stories: Sequence[int], who: str, now: datetime) -> Story:
    """Make one story of several; the first of them stays."""
    with archive.writing():
        found = list({story.id: story for story in (_known(archive, number) for number in stories)}.values())
        if len(found) < 2:
            raise UsageError("a merge needs two stories or more that are not one already")
        articles = tuple(dict.fromkeys(number for story in found for number in story.articles))
        archive.judgements.merge([story.id for story in found], articles, who, now)
        whole = tell(archive, replace(found[0], articles=articles), now)
        archive.stories.write([whole], [Move("merge", story.id, whole.id) for story in found[1:]], now)
    return whole


def tell(archive: Archive, story: Story, now: datetime, tag: Tagger = names) -> Story:
    """Say anew what a story says, of the articles that it has."""
    sources = {source.key: source for source in archive.sources.all()}
    return grouping.unless_changed(retold(archive, story, sources, now, tag), story)


def retold(archive: Archive, story: Story, sources: Mapping[str, Source], now: datetime, tag: Tagger) -> Story:
    """Say what a story says, with nothing of what was said before; one that has no article is left empty."""
    articles = archive.articles.many(story.articles)
    if not articles:
        return Story(story.id, story.title, (), first=story.first, last=story.last, updated=now)
    return grouping.tell(story.id, grouping.fold(articles), sources, now, tag)


def _known(archive: Archive, story: int) -> Story:
    found = archive.stories.get(story)
    if found is None or not found.articles:
        raise UsageError(f"there is no story {story}; presswatch story list shows what there is")
    return found
