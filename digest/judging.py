"""The acts by which people group stories otherwise; what they say is kept and outlives every grouping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from datetime import datetime

from crawler.archive import Archive, Move
from crawler.errors import UsageError
from crawler.plugins import Tagger
from crawler.records import Article, Story
from digest import grouping, judged
from digest.grouping import FOLDED, Grouping
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
            if article.copy_of in articles and article.copy_kind in FOLDED
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


def judge(
    archive: Archive,
    found: Grouping,
    articles: Iterable[Article],
    before: Sequence[Story],
    irrelevant: Set[int],
    now: datetime,
    tag: Tagger = names,
) -> Grouping:
    """Lay what people said over a grouping of articles: splits, merges, and articles that do not count.

    ``before`` are the stories as they stand in the archive, irrelevant articles and all.
    """
    constraints = judged.following(archive.judgements.constraints(), articles)
    relevant = judged.without(before, irrelevant)
    laid = judged.apply(found.stories, constraints, archive.stories.next_id(), relevant, found.moves)
    here = {story.id for story in laid.stories}
    thinned = [story for story, old in zip(relevant, before, strict=True) if story != old and story.id not in here]
    moved = {move.story for move in laid.moves if move.kind == "merge"}
    stories = [tell(archive, story, now, tag) if story.id in laid.changed else story for story in laid.stories]
    stories += [tell(archive, story, now, tag) for story in thinned if story.id not in moved]
    return Grouping(tuple(stories), laid.moves)


def tell(archive: Archive, story: Story, now: datetime, tag: Tagger = names) -> Story:
    """Say anew what a story says, of the articles that it has."""
    articles = archive.articles.many(story.articles)
    if not articles:
        return replace(story, articles=(), summary=(), outlets=(), separate_owners=0, outside_state_control=0)
    sources = {source.key: source for source in archive.sources.all()}
    # The one thing that a judged story shares with a grouped one: how it is told.
    told = grouping.tell(story.id, grouping.fold(articles), sources, now, tag)
    return replace(told, updated=story.updated) if replace(told, updated=story.updated) == story else told


def _known(archive: Archive, story: int) -> Story:
    found = archive.stories.get(story)
    if found is None or not found.articles:
        raise UsageError(f"there is no story {story}; presswatch story list shows what there is")
    return found
