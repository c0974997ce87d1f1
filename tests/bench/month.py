"""A month of a newsroom, simulated: what its sources publish, when they are asked, and what that takes of which part.

Sources differ as Zipf says: the n-th of them publishes 1/n**skew of the first one's. The most productive are simulated
one by one; of the others, which are alike, some stand for many. Each publishes by chance and more by day than by night,
is polled as ``crawler.polling.pace`` decides, and is asked by one request at a time, with the delay of its host between
them: that is simulated poll by poll. What comes of it is added up by spells of ten minutes, in which one writer keeps,
one grouping goes on, and as many cores as there are extract: what is too much for them waits for the next spell.
"""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from typing import Any

from crawler.polling import pace
from digest.regrouping import EVERY, WINDOW
from tests.bench.unit_costs import Costs

DAY, HOUR, SPELL = 86_400.0, 3_600.0, 600.0
#: A month, by which rates are told.
MONTH = 30 * DAY
_BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
#: So many sources are simulated one by one, and so many groups of those that are alike.
_ALONE, _GROUPS = 60, 60
#: Nobody watches a source that has been silent for longer, in seconds.
_LONGEST_SILENCE = 365 * DAY
#: What a feed holds; what came before that since the last poll nobody saw.
_FEED = 30


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What is watched, by whom, and how it is set."""

    sources: int
    #: Published in a month by all of them.
    articles: int
    watches: int = 100
    readers: int = 10
    #: Hosts on which the sources lie; 0: each has its own.
    hosts: int = 0
    #: Editions a day of all plans together.
    editions: int = 2
    #: Pages that a reader opens in a day.
    views: int = 40
    #: Months for which articles are kept.
    kept: float = 12.0
    #: Seconds between two requests to a host, and those that an answer takes.
    delay: float = 2.0
    answer: float = 0.3
    #: After how many seconds a page is looked at again.
    rechecks: tuple[float, ...] = (HOUR, DAY, 7 * DAY)
    #: Zipf's exponent, and by how much of the mean the day's rate swings.
    skew: float = 1.0
    swing: float = 0.8
    #: So many days of the month are simulated.
    days: int = 30

    @property
    def lasts(self) -> float:
        """Give the seconds that are simulated."""
        return self.days * DAY


@dataclass(frozen=True, slots=True)
class Machine:
    """What one machine has."""

    cores: int = 2
    memory_gb: float = 4.0
    disk_gb: float = 500.0
    #: A page of results is wanted within so many seconds of processor time, 95 times of 100.
    patience: float = 0.25


@dataclass(frozen=True, slots=True)
class Group:
    """Sources that are alike."""

    number: float
    #: Articles a second of one of them.
    rate: float


@dataclass(slots=True)
class Month:
    """What a month showed; numbers of all sources together."""

    published: float = 0.0
    fetched: float = 0.0
    #: Published and not fetched when the month ended, and rolled out of their feed before it was read.
    waiting: float = 0.0
    missed: float = 0.0
    polls: float = 0.0
    unmodified: float = 0.0
    looked_again: float = 0.0
    #: Of the time of the month, how much the busiest host is asked or rests.
    busiest_host: float = 0.0
    #: Processor seconds by part; the writer's and the grouping's parts are in them.
    cpu: dict[str, float] = field(default_factory=dict)
    #: Cores in use in the busiest hour, and of one writer and one grouping how much of it.
    cores: float = 0.0
    #: Of these, what workers can take over.
    crawling: float = 0.0
    writer: float = 0.0
    writer_postgresql: float | None = None
    grouping: float = 0.0
    memory_gb: float = 0.0
    disk_gb: float = 0.0
    search: float = 0.0
    #: Minutes from publication until an article was kept: half of them, and 95 of 100.
    usual_wait: float = 0.0
    long_wait: float = 0.0
    #: Minutes for which pages waited for a free core at most.
    behind: float = 0.0

    @property
    def requests(self) -> float:
        """Count the requests to publishers."""
        return self.polls + self.fetched + self.looked_again

    def breaks(self, machine: Machine) -> dict[str, float]:
        """Tell of each resource of a machine how much of it is used: more than 1 is more than there is."""
        found = {
            "extraction": self.cores / machine.cores,
            "writer (SQLite)": self.writer,
            "grouping": self.grouping,
            "one host": self.busiest_host,
            "memory": self.memory_gb / machine.memory_gb,
            "disk": self.disk_gb / machine.disk_gb,
            "search": self.search / machine.patience,
        }
        return dict(sorted(found.items(), key=lambda each: -each[1]))


def groups(newsroom: Newsroom) -> list[Group]:
    """Cut the sources of a newsroom into groups; together they publish just what all do."""
    weights = [number**-newsroom.skew for number in range(1, newsroom.sources + 1)]
    scale = newsroom.articles / MONTH / sum(weights)
    alone = min(_ALONE, newsroom.sources)
    found = [Group(1.0, weight * scale) for weight in weights[:alone]]
    edges = sorted({
        round(alone * (newsroom.sources / alone) ** (step / _GROUPS)) for step in range(_GROUPS + 1)
    })  # fmt: skip
    for begin, end in pairwise(edges):
        found.append(Group(end - begin, sum(weights[begin:end]) * scale / (end - begin)))
    return found


def simulate(newsroom: Newsroom, costs: Costs, machine: Machine, seed: int = 7) -> Month:
    """Let a month go by; the same seed gives the same month."""
    month, load, waits = Month(), _Load(int(newsroom.lasts / SPELL)), []
    share = newsroom.sources / (newsroom.hosts or newsroom.sources)
    for number, group in enumerate(groups(newsroom)):
        luck = random.Random(f"{seed} {number}")
        source = _Source(newsroom, group, share, luck)
        for poll in source.polls():
            load.add(poll, group.number)
            if poll.fetched:
                waits.append((poll.wait, poll.fetched * group.number))
        month.published += source.published * group.number
        month.missed += source.missed * group.number
        month.waiting += source.waiting * group.number
        month.busiest_host = max(month.busiest_host, source.busy / newsroom.lasts)
    load.add_up()
    month.fetched, month.polls = sum(load.fetched), sum(load.polls)
    month.unmodified, month.looked_again = sum(load.unmodified), sum(load.again)
    _spend(month, load, newsroom, costs)
    _fill(month, newsroom, costs)
    month.behind = _behind(load, newsroom, costs, machine)
    month.usual_wait, month.long_wait = (_quantile(waits, part) / 60 for part in (0.5, 0.95))
    return month


@dataclass(frozen=True, slots=True)
class _Poll:
    """A poll and what it led to, spread over the time since the one before."""

    since: float
    until: float
    unmodified: bool
    fetched: int
    again: int
    #: Seconds from publication until it was fetched, in the mean.
    wait: float


@dataclass(slots=True)
class _Channel:
    """What the pace goes by of a channel; a whole one anew for each poll would be most of the work."""

    interval: float
    last_ok: datetime | None = None
    newest_entry: datetime | None = None
    ceiling: float | None = None


class _Source:
    """One source, poll by poll."""

    def __init__(self, newsroom: Newsroom, group: Group, share: float, luck: random.Random) -> None:
        self._room, self._rate, self._luck = newsroom, group.rate, luck
        #: Between two requests to its host, which others lie on as well.
        self._gap = (newsroom.delay + newsroom.answer) * share
        self.published = self.missed = self.waiting = 0
        #: Seconds for which its host was asked or rested.
        self.busy = 0.0

    def polls(self) -> Iterator[_Poll]:
        settings = pace.Settings()
        again = {after: deque[tuple[float, int]]() for after in self._room.rechecks}
        channel = self._begun(settings)
        last, free, lasts = 0.0, 0.0, self._room.lasts
        at = self._luck.random() * channel.interval
        while at < lasts:
            came = _poisson(self._rate * (self._until(at) - self._until(last)), self._luck)
            self.published += came
            seen = min(came, _FEED)
            self.missed += came - seen
            looked = sum(_due(pages, at) for pages in again.values())
            begin = max(at, free)
            # What the host has no time for before the month ends is not fetched in it.
            room = max(int((lasts - begin) / self._gap) - 1, 0)
            fetched = min(seen, room)
            self.waiting += seen - fetched
            looked = min(looked, room - fetched)
            free = begin + self._gap * (1 + seen + looked)
            self.busy += self._gap * (1 + fetched + looked)
            wait = (at - last) / 2 + (begin - at) + self._gap * (fetched + 1) / 2
            yield _Poll(last, at, came == 0, fetched, looked, wait)
            for after, pages in again.items():
                if fetched:
                    pages.append((free + after, fetched))
            self._pace(channel, settings, at, came)
            last, at = at, at + channel.interval * (1 + settings.jitter * self._luck.random())
        unseen = _poisson(self._rate * (self._until(lasts) - self._until(last)), self._luck)
        self.published += unseen
        self.waiting += unseen

    def _begun(self, settings: pace.Settings) -> _Channel:
        """Give the channel as it is when it has been asked for a while: its feed has told how fast it fills."""
        silent = min(self._luck.expovariate(self._rate), _LONGEST_SILENCE)
        channel = _Channel(settings.every, last_ok=_BEGIN, newest_entry=_BEGIN - timedelta(seconds=silent))
        rate = pace.Rate(1 / self._rate, (_FEED - 1) / self._rate, None)
        asked: Any = channel
        channel.interval = pace.after_news(asked, settings, rate, news=True, gap=False)
        return channel

    def _pace(self, channel: _Channel, settings: pace.Settings, at: float, came: int) -> None:
        """Let the product decide when it asks again."""
        now = _BEGIN + timedelta(seconds=at)
        asked: Any = channel
        if came:
            rate = pace.Rate(1 / self._rate, (_FEED - 1) / self._rate, None)
            channel.interval = pace.after_news(asked, settings, rate, news=True, gap=came > _FEED)
            channel.newest_entry = now
        else:
            channel.interval = pace.after_silence(asked, settings, now)
        channel.last_ok = now

    def _until(self, at: float) -> float:
        """Give the seconds until then, those of the day longer than those of the night."""
        turn = 2 * math.pi / DAY
        return at + self._room.swing / turn * (1 - math.cos(turn * at))


class _Load:
    """What is to be done in each spell: at first how much it changes from one to the next, until it is added up."""

    def __init__(self, spells: int) -> None:
        self._spells = spells
        self.polls, self.unmodified, self.fetched, self.again = ([0.0] * (spells + 1) for _ in range(4))

    def add(self, poll: _Poll, number: float) -> None:
        """Add a poll of so many sources: of one at its time, of many spread over the time between two."""
        last = min(int(poll.until / SPELL), self._spells - 1)
        first = last if number == 1 else min(int(poll.since / SPELL), last)
        each = number / (last - first + 1)
        for spells, what in (
            (self.polls, 1), (self.unmodified, poll.unmodified), (self.fetched, poll.fetched), (self.again, poll.again)
        ):  # fmt: skip
            if what:
                spells[first] += each * what
                spells[last + 1] -= each * what

    def add_up(self) -> None:
        """Turn the changes into what is to be done."""
        self.polls, self.unmodified, self.fetched, self.again = (
            [max(each, 0.0) for each in accumulate(spells[:-1])]
            for spells in (self.polls, self.unmodified, self.fetched, self.again)
        )


#: What many workers do at once; stories are one process's at a time, whoever's, and the page is the service's.
_CRAWL = ("pages", "polls without news", "second looks", "watches")


def _spend(month: Month, load: _Load, room: Newsroom, costs: Costs) -> None:
    """Reckon what the month took of processors, and how busy they were in the busiest hour."""
    size = room.articles * room.kept
    window = room.articles * (WINDOW.total_seconds() / MONTH)
    day = [1 + room.swing * math.sin(2 * math.pi * spell * SPELL / DAY) for spell in range(len(load.polls))]
    views = room.readers * room.views * SPELL / DAY
    whole = EVERY.total_seconds() / SPELL
    edition = costs.edition.value * room.articles / 30 * room.editions * SPELL / DAY
    parts = {
        "pages": [each * costs.page.value for each in load.fetched],
        "polls without news": [each * costs.poll.value for each in load.unmodified],
        "second looks": [each * costs.poll.value for each in load.again],
        "watches": [each * costs.watches.along(room.watches) for each in load.fetched],
        "stories": [
            each * costs.group.value + (window * costs.cluster.value if spell % whole == 0 else 0.0)
            for spell, each in enumerate(load.fetched)
        ],
        "editions": [edition] * len(day),
        "readers": [views * share * costs.search.at(size) for share in day],
    }
    month.cpu = {name: sum(part) for name, part in parts.items()}
    month.cores = _busiest([sum(spell) for spell in zip(*parts.values(), strict=True)])
    month.crawling = _busiest([sum(spell) for spell in zip(*(parts[name] for name in _CRAWL), strict=True)])
    month.writer = _busiest([each * costs.keep.at(size) for each in load.fetched])
    if costs.keep_postgresql is not None:
        month.writer_postgresql = _busiest([each * costs.keep_postgresql.value for each in load.fetched])
    month.grouping = _busiest(parts["stories"])


def _fill(month: Month, room: Newsroom, costs: Costs) -> None:
    """Reckon memory, disk, and what a search takes."""
    size = room.articles * room.kept
    window = room.articles * (WINDOW.total_seconds() / MONTH)
    fixed = costs.service.value + costs.crawl.value + costs.extractors.value + costs.web.value
    month.memory_gb = (fixed + window * costs.cluster_memory.value) / 1_000
    month.disk_gb = size * costs.disk.value / 1e9
    month.search = costs.search_slow.at(size)


def _behind(load: _Load, room: Newsroom, costs: Costs, machine: Machine) -> float:
    """Tell for how many minutes work waits for a free core at most."""
    waiting = most = 0.0
    each_page = costs.page.value + costs.watches.along(room.watches) + costs.group.value
    for fetched in load.fetched:
        waiting = max(waiting + fetched * each_page - machine.cores * SPELL, 0.0)
        most = max(most, waiting / machine.cores)
    return most / 60


def _busiest(spells: Sequence[float]) -> float:
    """Give how many of something are at work in the busiest hour."""
    hour = int(HOUR / SPELL)
    return max(sum(spells[at : at + hour]) for at in range(0, len(spells), hour)) / HOUR


def _quantile(weighted: Sequence[tuple[float, float]], share: float) -> float:
    left = share * sum(weight for _, weight in weighted)
    for value, weight in sorted(weighted):
        left -= weight
        if left <= 0:
            return value
    return 0.0


def _due(pages: deque[tuple[float, int]], at: float) -> int:
    """Take those out that are due."""
    due = 0
    while pages and pages[0][0] <= at:
        due += pages.popleft()[1]
    return due


def _poisson(mean: float, luck: random.Random) -> int:
    """Draw how many come where so many come in the mean."""
    if mean > 50:
        return max(round(luck.gauss(mean, math.sqrt(mean))), 0)
    limit, number, product = math.exp(-mean), 0, luck.random()
    while product > limit:
        number += 1
        product *= luck.random()
    return number
