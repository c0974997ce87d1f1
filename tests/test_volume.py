"""How many articles matched on each day, and whether that may be called a rise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive import Archive, open_archive
from crawler.records import Source
from digest import jobs
from tests.archive_sample import HERALD, POST, article, keep
from tests.service_sample import a_plan, configure

DAY = timedelta(days=1)
SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture
def archive() -> Iterator[Archive]:
    """Give the archive of a newspaper that has been seen for 16 days, with five articles a day."""
    with open_archive("sqlite://") as opened:
        opened.sources.sync([HERALD], SEVEN - 16 * DAY)
        for day in range(16, 0, -1):
            publish(opened, HERALD, 5, day)
        yield opened


def publish(archive: Archive, source: Source, count: int, day: int) -> None:
    """Keep articles of a day before the digest; they differ in every word."""
    at = SEVEN - day * DAY + timedelta(hours=20)
    reports = [
        article(
            f"{source.homepage}{day}-{number}",
            source=source.key,
            title=f"Report {source.key}{day}x{number}",
            text=" ".join(f"word{source.key}{day}n{number}k{place}" for place in range(20)),
            published=at.isoformat(),
            published_utc=at,
        )
        for number in range(count)
    ]
    keep(archive, *reports, at=at)


def lead(archive: Archive, folder: Path) -> list[str]:
    config = configure(folder, a_plan())
    content = jobs.preview(archive, config, config.plans["morning"], SEVEN)
    return [statement.key for statement in content.lead if "rose" in statement.key or "fell" in statement.key]


def test_a_source_that_was_added_three_days_ago_makes_no_rise(archive: Archive, tmp_path: Path) -> None:
    archive.sources.sync([HERALD, POST], SEVEN - 3 * DAY)
    for day in (3, 2, 1):
        publish(archive, POST, 9, day)

    assert [] == lead(archive, tmp_path)


def test_a_rise_is_told_over_the_sources_that_were_there_all_the_time(archive: Archive, tmp_path: Path) -> None:
    publish(archive, replace(HERALD, homepage="https://herald.test/more/"), 6, 1)
    assert ["lead.rose"] == lead(archive, tmp_path)

    archive.sources.sync([HERALD, POST], SEVEN - 3 * DAY)
    publish(archive, POST, 9, 1)
    assert ["lead.rose.steady"] == lead(archive, tmp_path)


def test_an_archive_younger_than_fourteen_days_tells_of_no_rise(tmp_path: Path) -> None:
    with open_archive("sqlite://") as archive:
        archive.sources.sync([HERALD], SEVEN - 13 * DAY)
        for day in range(13, 0, -1):
            publish(archive, HERALD, 20 if day == 1 else 5, day)

        assert [] == lead(archive, tmp_path)
