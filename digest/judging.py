"""What people say of articles and stories, with all that follows at once; every way to say it goes through here.

What is said is kept and outlives every grouping. The story of an article is told anew at once, without clustering: that
takes a moment in an archive of any size, and the next grouping finds all of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from crawler.archive import Archive, Move
from crawler.config import Config
from crawler.errors import Outdated, UsageError
from crawler.plugins import Tagger
from crawler.records import Judgement, JudgementKind, Source, Story
from digest import grouping, tagging
from digest.errata import Judged, Mark, Unsaid
from digest.names import names
from digest.oneness import Events, Ruling

#: What can be said of an article or of stories.
KINDS: tuple[str, ...] = get_args(JudgementKind)
#: What of it digests may show to readers.
_SHOWN: tuple[Literal["note", "tag"], ...] = ("note", "tag")


def mark(
    archive: Archive, article: int, kind: JudgementKind, who: str, now: datetime, config: Config | None = None
) -> bool:
    """Say that an article is irrelevant or not-a-copy; tell whether that is news."""
    with archive.writing():
        done = archive.judgements.mark(article, kind, who, now) is not None
        if done:
            _follow(archive, article, now, config)
    return done


def unmark(
    archive: Archive, article: int, kind: JudgementKind, who: str, now: datetime, config: Config | None = None
) -> bool:
    """Take a mark back; tell whether there was one."""
    with archive.writing():
        done = archive.judgements.unmark(article, kind, who, now)
        if done:
            _follow(archive, article, now, config)
    return done


def correct(
    archive: Archive,
    article: int,
    who: str,
    now: datetime,
    *,
    date: str = "",
    authors: Sequence[str] = (),
    seen_date: str | None = None,
    seen_authors: Sequence[str] | None = None,
    config: Config | None = None,
) -> None:
    """Put the date or the authors right.

    ``seen_date`` (as printed, "" for none) and ``seen_authors``: what stood there when somebody decided on it. Where
    something else stands there now, nothing is overwritten: Outdated is raised.
    """
    with archive.writing():
        _require_as_seen(archive, article, seen_date if date else None, seen_authors if authors else None)
        if date:
            archive.judgements.correct_date(article, date, who, now)
        if authors:
            archive.judgements.correct_authors(article, authors, who, now)
        _follow(archive, article, now, config)


def uncorrect(archive: Archive, article: int, who: str, now: datetime, config: Config | None = None) -> bool:
    """Take all corrections of an article back; tell whether there were any."""
    with archive.writing():
        done = [archive.judgements.uncorrect(article, kind, who, now) for kind in ("date", "authors")]
        if any(done):
            _follow(archive, article, now, config)
    return any(done)


def take_back(archive: Archive, id_: int, who: str, now: datetime, config: Config | None = None) -> Judgement:
    """Take one judgement of an article back and give it; one that somebody took back already is told."""
    with archive.writing():
        said = archive.judgements.take_back(id_, who, now)
        if said is None:
            before = archive.judgements.get(id_)
            by = before.undone_by if before is not None else "somebody"
            raise Outdated(f"this was taken back by {by} already; nothing was changed")
        if said.article is not None and said.kind not in ("note", "tag", "untag"):
            _follow(archive, said.article, now, config)
    return said


def split(
    archive: Archive,
    story: int,
    articles: Sequence[int],
    who: str,
    now: datetime,
    seen: Collection[int] | None = None,
    config: Config | None = None,
) -> Story:
    """Take articles, with their copies, out of a story into one of their own; give that one.

    ``seen``: the articles that the story had when somebody decided on it; where it has others now, Outdated is raised.
    """
    with archive.writing():
        found = _known(archive, story)
        _require_members([found], seen)
        foreign = [number for number in articles if number not in found.articles]
        if foreign or not articles:
            named = ", ".join(map(str, foreign)) or "nothing"
            raise UsageError(f"{named}: not in story {story}; presswatch story show {story} lists what is")
        out = with_copies(archive, found, articles)
        rest = [number for number in found.articles if number not in out]
        if not rest:
            raise UsageError(f"story {story} would be left empty; some of its articles must stay")
        archive.judgements.split(found.id, out, rest, who, now)
        new = tell(archive, replace(found, id=archive.stories.next_id(), articles=tuple(out)), now, config)
        kept = tell(archive, replace(found, articles=tuple(rest)), now, config)
        archive.stories.write([kept, new], [Move("split", found.id, new.id)], now)
    return new


def with_copies(archive: Archive, story: Story, articles: Collection[int]) -> list[int]:
    """Give those of a story's articles that are among these or are copies of one of them."""
    copies = {
        article.id
        for article in archive.articles.heads_of(story.articles)
        if article.is_folded and article.copy_of in articles
    }
    return [number for number in story.articles if number in articles or number in copies]


def merge(
    archive: Archive,
    stories: Sequence[int],
    who: str,
    now: datetime,
    seen: Collection[int] | None = None,
    config: Config | None = None,
) -> Story:
    """Make one story of several; the first of them stays. ``seen``: as in split, of all of them."""
    with archive.writing():
        found = list({story.id: story for story in (_known(archive, number) for number in stories)}.values())
        if len(found) < 2:
            raise UsageError("a merge needs two stories or more that are not one already")
        _require_members(found, seen)
        articles = tuple(dict.fromkeys(number for story in found for number in story.articles))
        parts = [story.articles for story in found]
        archive.judgements.merge([story.id for story in found], articles, who, now, parts)
        whole = tell(archive, replace(found[0], articles=articles), now, config)
        archive.stories.write([whole], [Move("merge", story.id, whole.id) for story in found[1:]], now)
    return whole


def of_story(archive: Archive, story: int) -> list[Judgement]:
    """List the splits and merges of a story and of those that it came from or that became part of it."""
    kin = {story, *(number for move in archive.stories.moves(story) for number in (move.story, move.into))}
    return sorted((said for number in kin for said in archive.judgements.of_story(number)), key=lambda said: said.id)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of what people said, the latest first."""

    judgements: Sequence[Judgement]
    #: The cursor of what was said before; None on the last page.
    next: str | None


def listed(
    archive: Archive, *, kind: str = "", who: str = "", article: int | None = None, cursor: str = "", limit: int
) -> Listed:
    """List what people said: of one kind, by one person, of one article, where these are given."""
    if kind and kind not in KINDS:
        raise UsageError(f"kind: found {kind[:40]!r}, wanted one of {', '.join(KINDS)}")
    place = re.fullmatch(r"j([0-9]{1,18})", cursor)
    if cursor and place is None:
        raise UsageError(f"{cursor[:40]!r} is no cursor of this list; use the one that the page before gave as next")
    before = int(place[1]) if place else None
    found = archive.judgements.list(before=before, kind=kind or None, who=who or None, article=article, limit=limit + 1)
    return Listed(found[:limit], f"j{found[limit - 1].id}" if len(found) > limit else None)


def said_of(archive: Archive, told: Collection[int], now: datetime) -> Judged:
    """Gather what people said of articles of which editions told, as errata tell it.

    What they say while an edition is made, after the moment up to which it sees, is for the next one.
    """
    marks = [
        Mark(kind, one.article, one.at, one.undone_at if one.undone_at is not None and one.undone_at <= now else None)
        for kind in ("irrelevant", "not-a-copy")
        for one in archive.judgements.of_kind(kind, told)
        if one.article is not None and one.at <= now
    ]
    unsaid = [one for kind in _SHOWN for one in _unsaid(archive, kind, told, now)]
    articles = archive.articles.heads_of({mark.article for mark in marks} | {one.article for one in unsaid})
    known = {article.id or 0: article for article in articles}
    return Judged(known, tuple(marks), tuple(unsaid), _events(archive, told, now))


def _unsaid(archive: Archive, kind: Literal["note", "tag"], told: Collection[int], now: datetime) -> Iterator[Unsaid]:
    """Give what was shown to readers, or may have been, and does not hold any more."""
    said = [one for one in archive.judgements.of_kind(kind, told) if one.public or kind == "tag"]
    ended = {one.id for one in said if one.undone_at is not None and one.undone_at <= now}
    holding = {(one.article, one.value) for one in said if one.id not in ended}
    for one in said:
        if one.id in ended and one.article is not None and one.undone_at and (one.article, one.value) not in holding:
            yield Unsaid(kind, one.article, one.value, one.undone_at)


def _events(archive: Archive, told: Collection[int], now: datetime) -> Events:
    """Read the splits and merges that speak of two articles or more of which editions told."""
    known = frozenset(told)
    rulings = []
    for at, parts in archive.judgements.rulings(now):
        named = tuple(frozenset(part) & known for part in parts)
        if sum(map(bool, named)) > 1:
            rulings.append(Ruling(at, named))
    if not rulings:
        return Events()
    homes = archive.stories.homes(known)
    ruled = {homes[article] for ruling in rulings for part in ruling.parts for article in part if article in homes}
    homes = {article: story for article, story in homes.items() if story in ruled}
    articles = {article.id or 0: article for article in archive.articles.heads_of(homes.keys())}
    titles = {story.id: story.title for story in archive.stories.many(ruled)}
    return Events(tuple(rulings), articles, homes, titles)


def tell(archive: Archive, story: Story, now: datetime, config: Config | None = None) -> Story:
    """Say anew what a story says, of the articles that it has."""
    sources = {source.key: source for source in archive.sources.all()}
    tag = names if config is None else tagging.tagger(config, archive.watches.all())
    return grouping.unless_changed(retold(archive, story, sources, now, tag), story)


def retold(archive: Archive, story: Story, sources: Mapping[str, Source], now: datetime, tag: Tagger) -> Story:
    """Say what a story says, with nothing of what was said before; one that has no article is left empty."""
    articles = archive.articles.many(story.articles)
    if not articles:
        return Story(story.id, story.title, (), first=story.first, last=story.last, updated=now)
    return grouping.tell(story.id, grouping.fold(articles), sources, now, tag)


def _follow(archive: Archive, article: int, now: datetime, config: Config | None) -> None:
    """Tell the story of an article anew; what counts again goes back to where it was, until the next grouping."""
    irrelevant = archive.judgements.irrelevant()
    home = archive.stories.of(article)
    if home is None and article not in irrelevant:
        home = archive.judgements.left(article)
    found = None if home is None else archive.stories.get(home)
    if found is None or (article not in found.articles and _is_apart(archive, article, found)):
        return
    members = (*found.articles, *([] if article in found.articles else [article]))
    relevant = tuple(number for number in members if number not in irrelevant)
    archive.stories.write([tell(archive, replace(found, articles=relevant), now, config)], [], now)


def _is_apart(archive: Archive, article: int, story: Story) -> bool:
    """Tell whether people put an article and one of a story apart."""
    return any(
        article in pair and not set(story.articles).isdisjoint(pair) for pair in archive.judgements.constraints().apart
    )


def _require_as_seen(archive: Archive, article: int, date: str | None, authors: Sequence[str] | None) -> None:
    now = archive.articles.get(article)
    if now is None:
        return  # said by the archive, in its own words
    if date is not None and (now.published or "") != date:
        raise _changed(article, "date", now.published or "not known", now.published_evidence)
    if authors is not None and now.authors != tuple(authors):
        raise _changed(article, "authors", "; ".join(now.authors) or "not known", now.evidence.get("authors", ""))


def _changed(article: int, field: str, value: str, evidence: str | None) -> Outdated:
    by = f" ({evidence})" if evidence else ""
    return Outdated(f"article {article}: since you looked at it, the {field} became {value}{by}; nothing was changed")


def _require_members(stories: Sequence[Story], seen: Collection[int] | None) -> None:
    now = {number for story in stories for number in story.articles}
    if seen is None or now == set(seen):
        return
    told = [
        f"{', '.join(map(str, sorted(some)))} {verb}"
        for some, verb in ((now - set(seen), "came"), (set(seen) - now, "left"))
        if some
    ]
    raise Outdated(f"since you looked at it, other articles are in the story: {'; '.join(told)}; nothing was changed")


def _known(archive: Archive, story: int) -> Story:
    found = archive.stories.get(story)
    if found is None or not found.articles:
        raise UsageError(f"there is no story {story}; presswatch story list shows what there is")
    return found
