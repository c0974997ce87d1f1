"""The command that takes away what is old."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive import open_archive
from crawler.config import load
from crawler.errors import UsageError
from crawler.records import Delivery, Edition
from digest.deliver import files
from digest.render import Rendered
from tests.archive_sample import HERALD, article, keep
from tests.desk import invoke
from tests.page_samples import quiet_edition
from tests.service_sample import a_plan, address, configure

DAY = timedelta(days=1)
_FORMS = ("html", "json", "md", "txt")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with an article of now and one of ten days ago."""
    configure(tmp_path, a_plan(), more='[keep]\ndigests = "365d"\n')
    now = datetime.now(UTC)
    with open_archive(address(tmp_path)) as archive:
        archive.sources.sync([HERALD], now - 11 * DAY)
        for days in (10, 0):
            keep(archive, article(f"https://herald.test/{days}"), at=now - days * DAY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def kept(folder: Path) -> int:
    with open_archive(address(folder)) as archive:
        return archive.vitals.numbers(datetime.now(UTC)).articles


@pytest.mark.parametrize("older", ["0d", "0h"])
def test_what_would_leave_no_article_is_refused(folder: Path, older: str) -> None:
    done = invoke("prune", "--older", older)

    assert isinstance(done.exception, UsageError)
    assert f"--older {older} would remove every article (2); if that is meant, say --everything" in str(done.exception)
    assert 2 == kept(folder)


def test_it_can_be_looked_at_and_can_be_meant(folder: Path) -> None:
    looked = invoke("prune", "--older", "0d", "--dry-run")
    before = kept(folder)
    meant = invoke("prune", "--older", "0d", "--everything")

    assert (0, 0) == (looked.exit_code, meant.exit_code)
    assert "would remove 2 articles" in looked.output
    assert (2, 0) == (before, kept(folder))
    assert 0 == invoke("prune", "--older", "0d").exit_code, "where nothing is, nothing is lost"


def test_what_leaves_an_article_is_done(folder: Path) -> None:
    assert 0 == invoke("prune", "--older", "5d").exit_code
    assert 1 == kept(folder)


@pytest.fixture
def digests(folder: Path) -> Path:
    """Give the folder of a plan with a digest of yesterday and one of more than a year ago, and of an alert of then."""
    content, now = quiet_edition(), datetime.now(UTC)
    with open_archive(address(folder)) as archive:
        for plan, days in (("morning", 400), ("morning", 1), ("alert:Ports", 400)):
            made, slot = now - days * DAY, "2025-01-01" if days > 1 else "2026-01-01"
            then = replace(content, masthead=replace(content.masthead, plan=plan, slot=slot, data_until=made))
            body = files.body(then, Rendered("News", b"", b"News", b"<p>News</p>"))
            edition = Edition(0, plan, slot, 0, 1, made, "final", "News", b"", b"", content.to_json())
            row = Delivery(0, 0, plan, slot, str(folder / "digests"), "files", f"<{plan} {slot}>", body)
            archive.editions.commit(edition, [replace(row, state="sent")], None, made)
            files.deliver(row, load(folder / "config"))
    return folder / "digests"


def test_pages_of_digests_that_go_stay_in_their_folder_and_that_is_said(digests: Path) -> None:
    done = invoke("prune")

    assert "removed 1 digests from before" in done.output, "the last one of each stays in the archive"
    assert "their pages in the plans' folders stay, as [keep] pages is empty" in done.output
    assert (digests / "morning" / "2025-01-01.html").exists()


def test_old_pages_go_with_their_places_in_lists_and_feeds_when_that_is_wished(folder: Path, digests: Path) -> None:
    configure(folder, a_plan(), more='[keep]\npages = "365d"\n')
    (digests / "morning" / "2024-own.html").write_text("not ours")
    looked = invoke("prune", "--dry-run")
    there = sorted(path.name for path in digests.glob("*/2*"))
    done = invoke("prune")

    assert "would remove the pages of 2 digests from before" in looked.output
    assert "removed the pages of 2 digests from before" in done.output
    assert ["2024-own.html", *(f"{day}.{form}" for day in ("2025-01-01", "2026-01-01") for form in _FORMS)] == there
    assert ["2024-own.html", *(f"2026-01-01.{form}" for form in _FORMS)] == sorted(
        path.name for path in digests.glob("*/2*")
    )
    assert not list(digests.glob("alerts/*/*"))
    index = (digests / "morning" / "index.html").read_text()
    assert ("2025-01-01.html" in index, "2026-01-01.html" in index) == (False, True)
    assert 1 == len(json.loads((digests / "morning" / "feed.json").read_text())["items"])
