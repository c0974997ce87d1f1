"""Reports for a board: every figure is true, and what is not known is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import Archive, CoverageRow, Kept, Sighting, open_archive
from crawler.config import Config
from crawler.errors import UsageError
from crawler.records import CopyOf, Source, Story, SummarySentence, Watch
from digest import forms, report, reporting
from digest.plans import Window
from digest.report import ReportContent, Share
from tests.archive_sample import HERALD, POST, article, keep
from tests.desk import Desk
from tests.edition_sample import a_plan
from tests.service_sample import a_plan as plan_of
from tests.service_sample import address, configure

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CONFIG = Config(folder=Path("config"))
STATE = Source("state", "State Daily", "https://state.test/", "cn", "zh", kind="newspaper", control="state", owner="S")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(address(tmp_path)) as opened:
        opened.sources.sync([HERALD, POST, STATE], BEGAN)
        opened.watches.sync([Watch("brand", "acme"), Watch("rival", "bolt"), Watch("quiet", "nobody")], BEGAN)
        keep(opened, _news("herald", "An opening", BEGAN), at=BEGAN)
        yield opened


def _news(source: str, title: str, at: datetime, text: str = "", **more: Any) -> Any:
    return article(
        f"https://{source}.test/{title.replace(' ', '-')}-{at:%m%d%H}",
        source=source,
        title=title,
        text=text or f"{title}, it was told at length on that day in the town of {title.rsplit(maxsplit=1)[-1]}.",
        published=at.isoformat(),
        published_utc=at,
        **more,
    )


def _made(archive: Archive, folder: Path, since: datetime, until: datetime = NOW, **plan: str) -> ReportContent:
    config = configure(folder, plan_of(**plan))
    return reporting.make(archive, config, config.plans["morning"], NOW, since, until)


def _rows(content: ReportContent, by: str) -> dict[str, Share]:
    (found,) = [one for one in content.shares if one.by == by]
    return {row.key: row for row in found.rows}


def _four(archive: Archive) -> None:
    """Keep one of acme, one of both with a copy, one of bolt in Chinese, and one of neither."""
    at = NOW - 2 * DAY
    keep(archive, _news("herald", "Acme grows in Eastport", at), at=at)
    (both,) = keep(archive, _news("herald", "Bolt and acme quarrel over Westport", at), at=at)
    copy = _news("post", "Bolt and acme quarrel over Westport", at + timedelta(hours=1))
    archive.articles.keep([Kept(copy, copy=CopyOf(both, "full", 1.0))], at)
    keep(archive, _news("state", "Bolt 公司", at + DAY, language="zh"), at=at + DAY)
    keep(archive, _news("herald", "Rain over Northport", at + DAY), at=at + DAY)


def test_articles_copies_and_shares_are_counted_for_each_watch(archive: Archive, tmp_path: Path) -> None:
    _four(archive)
    content = _made(archive, tmp_path, NOW - 7 * DAY)
    watches = _rows(content, "watch")

    assert content.collected == report.Tally(5, 1)
    assert content.matched == report.Tally(4, 1)
    assert content.overlap == 2
    assert {"brand": (3, 1), "rival": (3, 1), "quiet": (0, 0)} == {
        name: (row.articles, row.copies) for name, row in watches.items()
    }
    assert (0.75, 0.0) == (watches["brand"].part, watches["quiet"].part)
    assert ("Bolt and acme quarrel over Westport", 2) in {
        (item.carrier.headline, len(item.articles)) for item in content.top
    }


def test_shares_are_told_by_kind_control_country_language_and_outlet(archive: Archive, tmp_path: Path) -> None:
    _four(archive)
    content = _made(archive, tmp_path, NOW - 7 * DAY)

    assert {"newspaper": 3, "agency": 1} == {key: row.articles for key, row in _rows(content, "kind").items()}
    assert {"private": 2, "unknown": 1, "state": 1} == {k: r.articles for k, r in _rows(content, "control").items()}
    assert {"gb": 2, "cn": 1, "unknown": 1} == {key: row.articles for key, row in _rows(content, "country").items()}
    assert {"en": 3, "zh": 1} == {key: row.articles for key, row in _rows(content, "language").items()}
    assert {"herald": 2, "post": 1, "state": 1} == {key: row.articles for key, row in _rows(content, "source").items()}
    assert "unknown" == [*_rows(content, "country")][-1]


def test_figures_are_those_of_stats(archive: Archive, tmp_path: Path) -> None:
    _four(archive)
    content = _made(archive, tmp_path, NOW - 7 * DAY)
    told = archive.stats("watch:brand OR watch:rival", "source", NOW - 7 * DAY, NOW, now=NOW)

    assert dict(told) == {key: row.articles for key, row in _rows(content, "source").items()}
    assert content.counted.articles == sum(bar.articles or 0 for bar in content.volume.bars)


def test_what_people_marked_as_irrelevant_counts_nowhere(archive: Archive, tmp_path: Path) -> None:
    _four(archive)
    (number,) = archive.ids("title:eastport", NOW)
    archive.judgements.mark(number, "irrelevant", "mei", NOW)
    content = _made(archive, tmp_path, NOW - 7 * DAY)

    assert content.collected.articles == 4
    assert _rows(content, "watch")["brand"].articles == 2
    assert "Acme grows in Eastport" not in {item.carrier.headline for item in content.top}


def test_days_before_the_archive_began_are_not_known(archive: Archive, tmp_path: Path) -> None:
    keep(archive, _news("herald", "Acme of old times", BEGAN - 3 * DAY), at=NOW)
    content = _made(archive, tmp_path, BEGAN - 5 * DAY, BEGAN + 2 * DAY)
    text = forms.write(content, CONFIG, ".txt").decode()

    assert [None, None, 1, None, None, 0, 0] == [bar.articles for bar in content.volume.bars]
    assert [False] * 5 + [True] * 2 == [bar.healthy for bar in content.volume.bars]
    assert content.sight.began == BEGAN
    assert "This archive began on 1 Nov 2026 00:00." in text


def test_a_day_without_anything_is_none_and_no_average_is_made_up(archive: Archive, tmp_path: Path) -> None:
    content = _made(archive, tmp_path, NOW - 3 * DAY)

    assert content.matched == report.Tally(0, 0)
    assert {0} == {bar.articles for bar in content.volume.bars}
    assert [statement.key for statement in content.lead] == ["report.lead.none"]
    assert not content.top


@pytest.mark.parametrize(
    ("days", "step", "first"),
    [
        (30, "day", datetime(2026, 10, 24, 21, tzinfo=UTC)),
        (120, "week", datetime(2026, 7, 26, 21, tzinfo=UTC)),
        (365, "month", datetime(2025, 11, 30, 22, tzinfo=UTC)),
        (3_000, "year", datetime(2018, 12, 31, 22, tzinfo=UTC)),
    ],
)
def test_the_step_of_the_volume_follows_the_window(days: int, step: str, first: datetime) -> None:
    window = Window(NOW - days * DAY, NOW)
    found, steps = report.steps(window, "Europe/Kyiv")

    assert found == step
    assert window.since == steps[0].since
    assert window.until == steps[-1].until
    assert all(one.until == other.since for one, other in pairwise(steps))
    assert first in {one.since for one in steps}


def test_a_day_of_25_hours_is_one_day() -> None:
    window = Window(datetime(2026, 10, 24, 21, tzinfo=UTC), datetime(2026, 10, 26, 22, tzinfo=UTC))
    _, steps = report.steps(window, "Europe/Kyiv")

    assert [25, 24] == [(one.until - one.since) / timedelta(hours=1) for one in steps]


def a_sighting(number: int, at: datetime, **more: Any) -> Sighting:
    return Sighting(number, at, **{"is_day": False, "is_dated": True, "source": "herald", "language": "en",
                                   "is_copy": False, **more})  # fmt: skip


def a_material(**more: Any) -> report.Material:
    plan = a_plan(timezone="America/New_York")
    window = Window(datetime(2026, 11, 20, 5, tzinfo=UTC), datetime(2026, 11, 22, 5, tzinfo=UTC))
    fields: dict[str, Any] = {
        "plan": plan, "window": window, "now": NOW, "began": BEGAN, "sightings": [], "watches": {}, "matching": {},
        "irrelevant": set(), "sources": {"herald": HERALD, "post": POST},
    }  # fmt: skip
    return report.Material(**{**fields, **more})


def test_a_bare_day_counts_as_the_day_that_is_printed_in_every_zone() -> None:
    """Midnight in UTC is the day before in New York."""
    days = [datetime(2026, 11, day, tzinfo=UTC) for day in (19, 20, 21, 22)]
    material = a_material(sightings=[a_sighting(number, at, is_day=True) for number, at in enumerate(days, 1)])
    counted = report.count(material)
    content = report.compose(material, counted, {}, report.Shown([], {}))

    assert [2, 3] == [one.article for one, _ in counted.matched]
    assert [1, 1] == [bar.articles for bar in content.volume.bars]


def test_a_day_on_which_sources_failed_or_were_not_asked_is_not_whole() -> None:
    def row(day: int, polls: int, failed: int, **more: Any) -> CoverageRow:
        at = datetime(2026, 11, day, tzinfo=UTC).date()
        return CoverageRow("herald", at, polls, failed, 0, 0, **{"dropped": {}, "gaps": 0, **more})

    rows = [row(20, 24, 0), row(21, 24, 20, gaps=1, dropped={"paywalled": 2}), row(22, 24, 0)]
    material = a_material(coverage=rows, sightings=[a_sighting(1, datetime(2026, 11, 20, 12, tzinfo=UTC))])
    content = report.compose(material, report.count(material), {}, report.Shown([], {}))
    nothing = a_material(coverage=[row(20, 24, 0)], window=Window(NOW - 2 * DAY, NOW))

    assert [False, False] == [bar.healthy for bar in content.volume.bars]
    assert (72, 20, ("Morning Post",)) == (content.sight.polls, content.sight.failed, content.sight.unasked)
    assert [report.Unseen("herald", "The Herald", 72, 20, 1)] == [*content.sight.troubles]
    assert {"paywalled": 2} == content.sight.dropped
    assert not report.compose(nothing, report.count(nothing), {}, report.Shown([], {})).volume.bars[-1].healthy


def test_a_story_is_told_by_what_was_said_of_it_in_the_window(archive: Archive, tmp_path: Path) -> None:
    later = "The acme works of Eastport opened again on Sunday after a long inquiry by the harbour board of the town."
    for at, source, text in ((NOW - 9 * DAY, "herald", ""), (NOW - 2 * DAY, "post", later)):
        keep(archive, _news(source, "Acme closes its works in Eastport", at, text), at=at)
    first = archive.ids("title:closes", NOW)
    stories = {1: replace(_story(first), id=1)}
    archive.stories.write([*stories.values()], [], NOW)
    content = _made(archive, tmp_path, NOW - 3 * DAY)
    (item,) = content.top

    assert (("Morning Post", 1), ()) == ((item.carrier.name, len(item.articles)), item.others)
    assert item.first is None
    assert [later] == [quote.text for quote in item.quotes]


def _story(articles: list[int]) -> Any:
    said = (SummarySentence("Something that only the first one said.", articles[-1]),)
    return Story(0, "Acme closes its works in Eastport", tuple(reversed(articles)), said, first=NOW, last=NOW)


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [(NOW + DAY, None, "lies ahead"), (NOW - DAY, NOW - 2 * DAY, "must be before --until")],
)
def test_a_window_that_is_none_is_told(
    archive: Archive, tmp_path: Path, since: datetime, until: datetime | None, said: str
) -> None:
    config = configure(tmp_path, plan_of())
    with pytest.raises(UsageError, match=said):
        reporting.make(archive, config, config.plans["morning"], NOW, since, until)


def test_days_of_a_report_are_those_of_its_plan(tmp_path: Path, desk: Desk) -> None:
    configure(tmp_path, plan_of(timezone='"America/New_York"'))
    with open_archive(address(tmp_path)) as opened:
        keep(opened, article(), at=BEGAN)
    span = ["--since", "2026-11-02", "--until", "2026-11-03"]
    head = json.loads(desk.run(tmp_path, "digest", "preview", "morning", *span, "--form", "json").stdout)["masthead"]

    assert ("2026-11-02T05:00:00Z", "2026-11-04T05:00:00Z") == (head["since"], head["until"])
