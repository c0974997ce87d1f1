"""Who did not carry a story: outlets that usually carry its topic and are absent, with how usually. Pure.

Said only of outlets whose coverage was healthy on every one of the days that are known, 14 at least, that have since
lost no page and have none waiting, and of stories that are a day old: before that nobody can be said to have left it
out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crawler import agencies
from crawler.records import Source, Story

#: Days that must be known, and the share of them on which an outlet must have carried the topic.
DAYS, USUALLY = 14, 0.5
_OLD_ENOUGH = timedelta(days=1)
#: Pages that are dropped for these reasons hold no news of that day that is not kept from elsewhere.
HARMLESS = frozenset({"duplicate", "not an article", "other site", "too old"})


@dataclass(frozen=True, slots=True)
class Absent:
    """An outlet that usually carries a watch's topic and did not carry this story."""

    source: str
    name: str
    watch: str
    #: Of so many days before the story it carried the topic on so many.
    days_with: int
    days: int


def days_before(story: Story) -> list[date]:
    """List the days (UTC) before a story began of which it must be known how usually an outlet carries its topic."""
    assert story.first is not None, "a story has articles"
    return [story.first.date() - timedelta(days=number) for number in range(DAYS, 0, -1)]


def is_old_enough(story: Story, now: datetime) -> bool:
    """Tell whether anybody can be said to have left a story out."""
    return story.first is not None and now - story.first >= _OLD_ENOUGH


def absent(
    story: Story,
    carried: Mapping[str, Mapping[date, Collection[str]]],
    healthy: Mapping[str, Collection[date]],
    sources: Sequence[Source],
    now: datetime,
    *,
    also: Collection[str] = (),
    credited: Collection[str] = (),
    unseen: Collection[str] = (),
) -> tuple[Absent, ...]:
    """Name the outlets.

    ``carried``: watch -> day -> sources that carried it; ``healthy``: source -> days on which it was seen as it should
    be. The days from the story's beginning until now count as well: an outlet that could not be seen then may have
    carried it. ``also``: sources that carried the same event elsewhere (in another language, or as the origin of a
    copy); ``credited``: whom texts of the story name as their origin; ``unseen``: sources of which something was lost
    since.
    """
    if story.first is None or not is_old_enough(story, now):
        return ()
    before = days_before(story)
    since = [story.first.date() + timedelta(days=number) for number in range((now.date() - story.first.date()).days)]
    there = {outlet.key for outlet in story.outlets} | set(also)
    families = {_family(outlet.owner, outlet.key) for outlet in story.outlets}
    families |= {_family(source.owner, source.key) for source in sources if source.key in there}
    origins = {agencies.identity(name) for name in credited}
    found = []
    for source in sources:
        if (
            source.key in there
            or _family(source.owner, source.key) in families
            or agencies.identity(source.name) in origins
            or source.key in unseen
            or not {*before, *since} <= set(healthy.get(source.key, ()))
        ):
            continue
        for watch, days in carried.items():
            with_ = sum(source.key in days.get(day, ()) for day in before)
            if with_ >= USUALLY * DAYS:
                found.append(Absent(source.key, source.name, watch, with_, DAYS))
                break
    return tuple(sorted(found, key=lambda each: (-each.days_with, each.name.casefold())))


def _family(owner: str, key: str) -> str:
    """Name the house of an outlet, as stories count them."""
    return " ".join(owner.split()).casefold() or key
