"""A plan on paper: what a newsroom of any size takes, and what breaks first, from what the other benches measured.

    python -m tests.bench.plan [--cores N] [--memory GB] [--disk GB] [--cpu-hour PRICE] [--gb-month PRICE]

``month`` simulates, ``unit_costs`` reads the tables in tests/bench/results; nothing is measured here. Prices have no
currency.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import fields, replace

from tests.bench.month import HOUR, Machine, Month, Newsroom, simulate
from tests.bench.report import write
from tests.bench.unit_costs import Costs, Curve, Figure, read

#: Sources, articles a month, watches and readers, from an analyst's to an agency's.
SIZES = (
    (100, 10_000, 50, 3),
    (100, 100_000, 50, 3),
    (1_000, 10_000, 200, 20),
    (1_000, 100_000, 200, 20),
    (1_000, 1_000_000, 200, 20),
    (10_000, 100_000, 1_000, 100),
    (10_000, 1_000_000, 1_000, 100),
    (10_000, 10_000_000, 1_000, 100),
    (100_000, 1_000_000, 10_000, 1_000),
    (100_000, 10_000_000, 10_000, 1_000),
)
_HEADER = (
    "sources", "articles a month", "watches", "readers", "polls a day", "requests a day", "CPU h a million articles",
    "cores, busiest hour", "a writer's time, SQLite", "the same, PostgreSQL", "a grouping's time", "the busiest host's",
    "memory GB", "disk GB, a year", "search p95 ms", "kept after min, median", "95 %", "gone from the feed",
    "breaks first", "workers", "price a million",
)  # fmt: skip
_BEYOND = (
    "a second look is taken to cost what a poll without news does; sending mails is not counted; archives of more than "
    "1,000,000 articles, and windows larger than that of stories.md, are reckoned along what was measured"
)
_GONE = (
    "gone from the feed: of a source that publishes more between two polls than the 30 entries of a feed; a news "
    "sitemap names two days"
)
#: So many days are simulated to find what one machine carries: more than the window of stories has, and than the last
#: second look takes.
_DAYS = 9
#: A machine is full when its cores are in use for so much of the busiest hour.
_FULL = 0.7


def carried(room: Callable[[int], Newsroom], costs: Costs, machine: Machine) -> tuple[int, Month, str]:
    """Find how many of something one machine carries, to two digits; what they take, and what ends it.

    ``room`` gives the newsroom with so many of it.
    """

    def tried(number: float) -> Month:
        return simulate(room(max(int(number), 1)), costs, machine)

    def over(number: float) -> bool:
        month = tried(number)
        return month.breaks(machine)[_first(month, machine)] > 1

    low, high = 1.0, 1_000.0
    while not over(high):
        low, high = high, high * 4
    while high / low > 1.05:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if over(middle) else (middle, high)
    found = int(float(f"{low:.1e}"))
    month = tried(found)
    return found, month, _first(month, machine)


def _first(month: Month, machine: Machine) -> str:
    """Name what a machine lacks first; what a host takes no machine changes."""
    return next(name for name in month.breaks(machine) if name != "one host")


def workers(month: Month, costs: Costs, machine: Machine) -> int:
    """Tell how many machines of workers the crawl needs in its busiest hour."""
    dearer = costs.two_dearer.value if costs.two_dearer is not None else 1.0
    return max(math.ceil(month.crawling * dearer / (machine.cores * _FULL)), 1)


def row(room: Newsroom, costs: Costs, machine: Machine, prices: tuple[float, float]) -> tuple[str, ...]:
    """Make a row of the table."""
    month = simulate(room, costs, machine)
    millions = month.fetched / 1e6
    hours = sum(month.cpu.values()) / HOUR / millions
    gigabytes = costs.disk.value * 1e6 / 1e9
    first, share = next(iter(month.breaks(machine).items()))
    price = hours * prices[0] + gigabytes * room.kept * prices[1]
    return (
        f"{room.sources:,}", f"{room.articles:,}", f"{room.watches:,}", f"{room.readers:,}",
        f"{month.polls / room.days:,.0f}", f"{month.requests / room.days:,.0f}", f"{hours:.0f}", f"{month.cores:.2f}",
        f"{month.writer:.2%}", _percent(month.writer_postgresql), f"{month.grouping:.1%}", f"{month.busiest_host:.0%}",
        f"{month.memory_gb:.1f}", f"{month.disk_gb:,.0f}", f"{month.search * 1_000:.0f}", f"{month.usual_wait:.0f}",
        f"{month.long_wait:.0f}", f"{month.missed / month.published:.1%}", f"{first} ({share:.2f})",
        str(workers(month, costs, machine)), f"{price:,.0f}",
    )  # fmt: skip


def _percent(share: float | None) -> str:
    return "not measured" if share is None else f"{share:.2%}"


def parts(month: Month) -> str:
    """Tell what a million articles take, part by part."""
    millions = month.fetched / 1e6
    told = sorted(month.cpu.items(), key=lambda each: -each[1])
    return ", ".join(f"{name} {seconds / HOUR / millions:.1f}" for name, seconds in told)


def told(costs: Costs) -> list[str]:
    """Name the table of each unit cost."""
    found = []
    for each in fields(costs):
        figure: Figure | Curve | None = getattr(costs, each.name)
        name = each.name.replace("_", " ")
        if figure is None:
            found.append(f"{name}: not measured yet")
        elif isinstance(figure, Figure):
            found.append(f"{name}: {figure.value:.4g} ({figure.source})")
        else:
            points = ", ".join(f"{value:.4g} at {size:,.0f}" for size, value in figure.points)
            found.append(f"{name}: {points} ({figure.source})")
    return found


def _most(sources: int, costs: Costs, machine: Machine) -> str:
    articles, month, first = carried(lambda number: Newsroom(sources, number, days=_DAYS), costs, machine)
    room = Newsroom(sources, articles)
    return (
        f"one machine with {sources:,} sources, {room.watches} watches and {room.readers} readers carries "
        f"{articles:,} articles a month ({month.requests / _DAYS:,.0f} requests a day); what it lacks first is "
        f"{first}; CPU hours a million: {parts(month)}"
    )


def _most_others(costs: Costs, machine: Machine) -> str:
    """Tell how many feeds, watches and readers one machine carries, each beside little of the others."""
    sources, articles = 1_000, 100_000
    feeds, asked, first = carried(lambda number: Newsroom(number, number * 30, days=_DAYS), costs, machine)
    readers, _, least = carried(lambda number: Newsroom(sources, articles, readers=number, days=_DAYS), costs, machine)
    (_, (most, _)) = costs.watches.points
    watched = simulate(Newsroom(sources, articles, watches=int(most), days=_DAYS), costs, machine)
    return (
        f"one machine carries {feeds:,} feeds of an article a day ({asked.polls / _DAYS:,.0f} polls a day; {first} "
        f"ends first); or, with {sources:,} sources and {articles:,} articles a month, {readers:,} readers ({least} "
        f"ends first), or more than the {most:,.0f} watches that were measured: with these {watched.cores:.2f} cores "
        "are in use in the busiest hour"
    )


def _machine(machine: Machine, room: Newsroom) -> str:
    return (
        f"one machine: {machine.cores} cores, {machine.memory_gb:g} GB of memory, {machine.disk_gb:g} GB of disk, "
        f"search p95 within {machine.patience * 1_000:.0f} ms; articles are kept {room.kept:g} months, sources publish "
        f"as Zipf says (exponent {room.skew:g}), by day {1 + room.swing:g} times the mean, a host is asked every "
        f"{room.delay + room.answer:g} s at most, a page {len(room.rechecks)} times again; {room.editions} editions a "
        f"day, {room.views} pages a reader and day"
    )


def _small(costs: Costs) -> str:
    small, page = costs.page_small.value, costs.page.value
    return (
        f"a page of small_machine.md took {small:.3f} CPU s, {small / page:.1f} times what it is taken to cost here: "
        "each of its 24 crawls began anew, on a core that others used; take CPU hours of pages, cores and workers for "
        "the least"
    )


def _prices(prices: tuple[float, float]) -> str:
    return (
        f"prices: {prices[0]:g} a CPU hour, {prices[1]:g} a GB and month, for all the months that an article is kept; "
        "they have no currency"
    )


def _on_postgresql(room: Newsroom, costs: Costs, prices: tuple[float, float]) -> str:
    """Tell what an archive on PostgreSQL takes, beside the columns, which are SQLite's."""
    page, disk = costs.page_postgresql, costs.disk_postgresql
    if page is None or disk is None:
        return "what PostgreSQL takes was not measured"
    hours, gigabytes = page.value * 1e6 / HOUR, costs.disk.value * disk.value * 1e6 / 1e9
    dearer = hours * prices[0] + (gigabytes - costs.disk.value * 1e6 / 1e9) * room.kept * prices[1]
    return (
        "the columns are of an archive on SQLite, but for a writer's time: on PostgreSQL a million articles take "
        f"{hours:.1f} CPU hours of its server more, {gigabytes:.0f} GB of disk, and so {dearer:,.0f} of the price "
        f"more; ten million a month for {room.kept:g} months take {10 * gigabytes * room.kept / 1_000:.1f} TB; how "
        "long a search takes there was measured for 20,000 articles only: see postgresql.md"
    )


def main() -> None:
    """Simulate all sizes, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    machine = Machine()
    parser.add_argument("--cores", type=int, default=machine.cores)
    parser.add_argument("--memory", type=float, default=machine.memory_gb, help="GB")
    parser.add_argument("--disk", type=float, default=machine.disk_gb, help="GB")
    parser.add_argument("--cpu-hour", type=float, default=1.0, help="price")
    parser.add_argument("--gb-month", type=float, default=1.0, help="price")
    options = parser.parse_args()
    machine = replace(machine, cores=options.cores, memory_gb=options.memory, disk_gb=options.disk)
    prices, costs, room = (options.cpu_hour, options.gb_month), read(), Newsroom(1, 1)
    rows = [row(Newsroom(*size), costs, machine, prices) for size in SIZES]
    notes = [_machine(machine, room), _prices(prices)]
    notes += [_most(sources, costs, machine) for sources in (100, 1_000, 10_000)]
    notes += [_most_others(costs, machine), _on_postgresql(room, costs, prices)]
    notes += [
        _BEYOND,
        _small(costs),
        _GONE,
        *told(costs),
    ]
    about = "A month, simulated from the figures of the other tables: what each size takes, and what breaks first."
    write("plan", about, _HEADER, rows, notes)


if __name__ == "__main__":
    main()
