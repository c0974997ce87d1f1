"""The arithmetic of the plan on paper: nothing gets lost in it, and more never takes less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench import plan, unit_costs
from tests.bench.month import MONTH, Machine, Month, Newsroom, groups, simulate

COSTS, MACHINE = unit_costs.read(), Machine()
ROOM = Newsroom(200, 20_000, days=3)
few = settings(max_examples=12)


def month(room: Newsroom = ROOM) -> Month:
    return simulate(room, COSTS, MACHINE)


@given(st.integers(1, 5_000), st.integers(1, 10**7), st.floats(0.0, 1.5))
def test_groups_publish_what_all_sources_do(sources: int, articles: int, skew: float) -> None:
    found = groups(Newsroom(sources, articles, skew=skew))

    assert sources == sum(group.number for group in found)
    assert articles == pytest.approx(sum(group.number * group.rate for group in found) * MONTH)
    assert all(later.rate <= sooner.rate * (1 + 1e-9) for sooner, later in pairwise(found))


@few
@given(st.integers(1, 300), st.integers(1, 60_000), st.sampled_from([0.0, 2.0, 60.0]))
def test_no_article_is_lost_and_none_comes_twice(sources: int, articles: int, delay: float) -> None:
    found = month(Newsroom(sources, articles, delay=delay, days=2))

    assert found.published == pytest.approx(found.fetched + found.waiting + found.missed)
    assert 0 <= min(found.fetched, found.waiting, found.missed)
    assert found.unmodified <= found.polls
    assert found.looked_again <= len(ROOM.rechecks) * found.fetched
    assert found.busiest_host <= 1.1


def test_as_many_are_published_as_were_asked_for() -> None:
    assert month().published == pytest.approx(ROOM.articles * ROOM.days / 30, rel=0.08)


@pytest.mark.parametrize(
    ("more", "grows"),
    [
        ({"articles": 60_000}, lambda found: found.cores),
        ({"articles": 60_000}, lambda found: found.writer),
        ({"articles": 60_000}, lambda found: found.grouping),
        ({"articles": 60_000}, lambda found: found.memory_gb),
        ({"articles": 60_000}, lambda found: found.busiest_host),
        ({"articles": 60_000}, lambda found: found.disk_gb),
        ({"sources": 800}, lambda found: found.polls),
        ({"articles": 60_000}, lambda found: found.polls),
        ({"watches": 50_000}, lambda found: found.cores),
        ({"readers": 1_000}, lambda found: found.cores),
        ({"kept": 240.0}, lambda found: found.search),
        ({"kept": 24.0}, lambda found: found.disk_gb),
        ({"hosts": 20}, lambda found: found.busiest_host),
        ({"delay": 20.0}, lambda found: found.long_wait),
        ({"editions": 50}, lambda found: found.cpu["editions"]),
        ({"swing": 1.0}, lambda found: found.cores),
    ],
)
def test_more_takes_more(more: dict[str, float], grows: Callable[[Month], float]) -> None:
    assert grows(month()) < grows(month(replace(ROOM, **more)))


def test_a_machine_breaks_where_more_is_wanted_than_it_has() -> None:
    found = month(Newsroom(1_000, 100_000, days=2))
    small = replace(MACHINE, memory_gb=0.1)

    assert "memory" == next(iter(found.breaks(small)))
    assert found.breaks(small)["memory"] == pytest.approx(found.memory_gb / 0.1)
    assert plan.workers(found, COSTS, replace(MACHINE, cores=64)) == 1


def test_pages_wait_when_the_cores_are_too_few_and_only_then() -> None:
    room = Newsroom(3_000, 60_000_000, skew=0.0, days=1)

    assert 0 < simulate(room, COSTS, replace(MACHINE, cores=1)).behind
    assert 0 == simulate(room, COSTS, replace(MACHINE, cores=500)).behind


def test_what_one_machine_carries_fits_on_it_and_more_does_not() -> None:
    articles, found, first = plan.carried(lambda number: Newsroom(50, number, days=1), COSTS, MACHINE)
    more = month(Newsroom(50, int(articles * 1.3), days=1))

    assert found.breaks(MACHINE)[first] <= 1.05
    assert more.breaks(MACHINE)[first] > 1


def test_every_unit_cost_names_the_table_that_it_stands_in() -> None:
    told = plan.told(COSTS)
    names = {file.name for file in unit_costs.RESULTS.glob("*.md")}

    assert all(any(name in line for name in names) or line.endswith("not measured yet") for line in told), told


def test_a_curve_goes_through_what_was_measured() -> None:
    curve = unit_costs.Curve(((100.0, 1.0), (10_000.0, 3.0)), "")

    assert [1.0, 1.0, 2.0, 3.0, 4.0] == [pytest.approx(curve.at(size)) for size in (1, 100, 1_000, 10_000, 100_000)]
    assert [0.0, 0.5, 1.0, 3.0] == [pytest.approx(curve.along(number)) for number in (0, 50, 100, 10_000)]


def test_the_readme_tells_of_the_plan_what_its_table_says() -> None:
    from tests.test_docs import README

    rows = unit_costs.table(unit_costs.RESULTS / "plan.md")
    told = {cells[:2]: cells for line in README.splitlines() if (cells := _cells(line)) and len(cells) == 8}

    for row in rows:
        size = (row["sources"], row["articles a month"])
        columns = (
            "cores, busiest hour",
            "a grouping's time",
            "memory GB",
            "disk GB, a year",
            "breaks first",
            "workers",
        )
        assert (*size, *(row[column] for column in columns)) == told[size]


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("| ").split(" | ")) if line.startswith("| ") else ()
