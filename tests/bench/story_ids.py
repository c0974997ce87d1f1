"""Simulate thirty days of a stream: do stories keep their ids, and is none told twice as new?

    python -m tests.bench.story_ids [DAYS] [EVENTS A DAY] [GROUPINGS A DAY]

Events begin at random times and are told by a few articles, most within a day, some for a week, in words of their own
out of the event's and everybody's. After each grouping the events are compared with the stories: a story's id is that
of most of an event's articles. Once a day an edition is made of what came.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.archive import Archive, Kept, open_archive
from crawler.config import Config, PlanConfig
from crawler.records import Article, Source
from digest.content import EditionContent, Item
from digest.jobs import make_edition
from digest.plans import Slot
from digest.regrouping import keep_up
from tests.bench.report import write

SEED = 20261128
BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
_OUTLETS = 30
_COMMON, _OWN = 3_000, 40


@dataclass(slots=True)
class Counts:
    """What a simulation saw."""

    articles: int = 0
    events: int = 0
    #: Events of two articles or more, and those of them that were always under the id that they had first.
    followed: int = 0
    kept: int = 0
    merged: int = 0
    split: int = 0
    editions: int = 0
    new: int = 0
    #: Stories that an edition told as NEW after an earlier one had told them, by their id or one of their articles.
    twice: int = 0
    #: Events that an edition told as NEW after an earlier one had told some of them: what came later, mostly by days,
    #: in words of its own, began another story.
    again: int = 0
    milliseconds: float = 0.0
    #: event -> the id under which most of its articles stand.
    ids: dict[int, list[int]] = field(default_factory=dict)


def words(chance: random.Random, count: int) -> list[str]:
    """Invent words."""
    parts = [consonant + vowel for consonant in "bdfghklmnprstvwz" for vowel in "aeio"]
    return ["".join(chance.choices(parts, k=chance.randint(2, 4))) for _ in range(count)]


def stream(days: int, events: int, seed: int = SEED) -> Iterator[tuple[int, Article]]:
    """Give all articles in order of time, each with the number of its event."""
    chance = random.Random(seed)
    common = words(chance, _COMMON)
    weights = [1 / (rank + 3) for rank in range(_COMMON)]
    made: list[tuple[datetime, int, str, str]] = []
    for event in range(days * events):
        begins = BEGIN + timedelta(days=days * chance.random())
        own = words(chance, _OWN)
        for _ in range(min(25, 1 + int(chance.paretovariate(1.1)))):
            late = timedelta(hours=chance.expovariate(1 / (100 if chance.random() < 0.15 else 8)))
            told = [
                chance.choice(own) if chance.random() < 0.3 else word
                for word in chance.choices(common, weights, k=chance.randint(60, 300))
            ]
            made.append((begins + late, event, " ".join(chance.sample(own, 5) + told[:3]), " ".join(told)))
    made.sort()
    for number, (at, event, title, text) in enumerate(made):
        outlet = f"outlet{chance.randrange(_OUTLETS)}"
        article = Article(
            f"http://{outlet}.example/{number}",
            outlet,
            title,
            text,
            published=at.isoformat(),
            published_utc=at,
            published_precision="minute",
            language="en",
            carried_by=outlet,
            first_seen=at + timedelta(minutes=20),
        )
        yield event, article


def simulate(days: int, events: int, groupings: int) -> Counts:
    """Keep the stream in an archive, group it so often a day, make an edition every morning, and count."""
    counts = Counts()
    plan = PlanConfig(name="daily", title="Daily", top=50)
    shown: set[int] = set()
    told: set[int] = set()
    waiting = list(stream(days, events))[::-1]
    members: dict[int, list[int]] = {}
    with open_archive("sqlite:///:memory:") as archive:
        outlets = [Source(f"outlet{number}", f"Outlet {number}", "", control="private") for number in range(_OUTLETS)]
        archive.sources.sync(outlets, BEGIN)
        for step in range(1, days * groupings + 1):
            now = BEGIN + timedelta(days=step / groupings)
            batch = []
            while waiting and (waiting[-1][1].first_seen or now) <= now:
                batch.append(waiting.pop())
            kept = archive.articles.keep([Kept(article) for _, article in batch], now)
            for (event, _), result in zip(batch, kept, strict=True):
                members.setdefault(event, []).append(result.id)
            counts.articles += len(batch)
            begun = time.process_time()
            keep_up(archive, now)
            counts.milliseconds += 1_000 * (time.process_time() - begun)
            follow(archive, members, counts)
            if step % groupings == 0:
                event_of = {article: event for event, articles in members.items() for article in articles}
                for item in edition(archive, plan, now, shown, counts):
                    events_of = Counter(event_of[article] for article in item.articles)
                    counts.again += item.status == "NEW" and max(events_of, key=events_of.__getitem__) in told
                    told.update(events_of)
        moves = [row[0] for row in archive.articles._store.rows("SELECT kind FROM story_moves")]
    counts.events = len(members)
    many = [event for event, ids in counts.ids.items() if len(members[event]) > 1]
    counts.followed = len(many)
    counts.kept = sum(len(set(counts.ids[event])) == 1 for event in many)
    counts.merged, counts.split = moves.count("merge"), moves.count("split")
    return counts


def follow(archive: Archive, members: Mapping[int, Sequence[int]], counts: Counts) -> None:
    """Note for each event the id of the story in which most of its articles stand."""
    stories = {article: story.id for story in archive.stories.list() for article in story.articles}
    for event, articles in members.items():
        there = Counter(stories[article] for article in articles if article in stories)
        if there:
            before = counts.ids.setdefault(event, [])
            best = max(there, key=lambda id_: (there[id_], bool(before) and id_ == before[-1], -id_))
            if not before or before[-1] != best:
                before.append(best)


def edition(archive: Archive, plan: PlanConfig, now: datetime, shown: set[int], counts: Counts) -> tuple[Item, ...]:
    """Make the edition of a morning, count the stories that it calls new and an earlier one has told, and give all."""
    made = make_edition(archive, Config(Path()), plan, Slot(f"{now:%Y-%m-%d}", now), now)
    if made.edition is None:
        return ()
    counts.editions += 1
    items = EditionContent.from_json(made.edition.content).items
    for item in items:
        counts.new += item.status == "NEW"
        counts.twice += item.status == "NEW" and not shown.isdisjoint((-item.story, *item.articles))
    for item in items:
        shown.update((-item.story, *item.articles))
    return items


def main() -> None:
    """Simulate, and write the table."""
    days, events, groupings = (int(each) for each in (sys.argv[1:] + ["30", "25", "4"][len(sys.argv) - 1 :]))
    it = simulate(days, events, groupings)
    share = f"{it.kept / it.followed:.4f}"
    header = ("days", "articles", "events", "of 2 articles or more", "kept their id", "merges", "splits", "editions")
    row = (days, it.articles, it.events, it.followed, share, it.merged, it.split, it.editions)
    write(
        "story_ids",
        "Stories over a simulated stream: ids that stay, and nothing told twice as new.",
        (*header, "told as NEW", "twice", "events again", "grouping, CPU ms an article"),
        [(*row, it.new, it.twice, it.again, f"{it.milliseconds / it.articles:.2f}")],
        [f"{groupings} groupings a day; each groups the whole window of 7 days again, so an article is grouped often."],
    )


if __name__ == "__main__":
    main()
