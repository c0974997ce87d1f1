"""What an operator sees of overrides: what they do to a page, that they have ended, that they give nothing any more."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.archive import Kept, open_archive
from crawler.config import load
from crawler.counts import SourceCounts, VisitReport
from crawler.discovery.comparing import Comparison, compare, override_for
from crawler.records import Fetched, Override
from digest.cli.comparing import comparison_json, say_comparison
from digest.cli.crawl import print_report, report_json
from tests.commands import validate
from tests.test_cli_judgement import presswatch
from tests.test_overrides import BOX, NOW, STORY, URL, WHOLE, page, read, source
from tests.test_pipelines import Here

TODAY = datetime.now(UTC).date()
SOURCES = (
    '[quay]\nname = "Quay"\nhomepage = "https://www.quay.example/"\ntimezone = "Asia/Tokyo"\n\n'
    "[[quay.overrides]]\nvalid_until = {day}\n"
    'title = ".kicker"\nbody = "div.story"\ndate = ".when"\nremove = "[data-ours]"\n'
)
Write = Callable[[date], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a configuration whose override ends on some day."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "presswatch.toml").write_text("[crawl]\nworkers = 1\n")

    def written(day: date) -> Path:
        (folder / "sources.toml").write_text(SOURCES.format(day=day.isoformat()))
        return folder

    return written


def compared(body: bytes, override: Override) -> Comparison:
    fetched = Fetched(URL, URL, body, "text/html", fetched_at=NOW)
    return asyncio.run(compare(fetched, source(override), override, NOW.date(), Here()))  # type: ignore[arg-type]


def test_a_page_is_shown_without_and_with_its_override(capsys: pytest.CaptureFixture[str]) -> None:
    say_comparison(compared(page(), WHOLE))
    shown = capsys.readouterr().out
    lines = [" ".join(line.split()) for line in shown.splitlines()]

    assert "override of title, body, date, author, remove, valid until 2027-06-30" in lines
    assert "title h1.none nothing" in lines
    assert "body div.story 1 " + " ".join(STORY)[:30] in " ".join(lines)
    assert "title - all the news [title element]" in lines
    assert "+ Eels are back [override .kicker]" in lines
    assert f"[-{BOX}-]" in shown
    assert STORY[0] not in shown.partition("what differs")[2]


def test_what_an_override_does_not_give_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    say_comparison(compared(page("text"), replace(WHOLE, remove=())))

    assert "found the general way, because the override gave nothing: body" in capsys.readouterr().out


def test_a_comparison_tells_programs_which_fields_and_paragraphs_differ() -> None:
    told = json.loads(json.dumps(comparison_json(compared(page(), WHOLE))))

    assert told["ended"] is False
    assert {"title", "text"} <= set(told["changed"])
    assert [{"text": BOX, "kind": "del"}] in told["diff"]
    assert told["before"]["evidence"]["title"] == "title element"
    assert told["after"]["evidence"]["title"] == "override .kicker"
    assert {"key": "title", "selector": "h1.none", "found": 0, "first": ""} in told["selectors"]


def test_an_override_that_has_ended_is_shown_as_if_it_had_not(capsys: pytest.CaptureFixture[str]) -> None:
    ended = replace(WHOLE, valid_until=date(2026, 1, 1))
    comparison = compared(page(), ended)
    say_comparison(comparison)

    assert override_for(source(ended), URL, NOW.date()) == ended
    assert override_for(source(ended, WHOLE), URL, NOW.date()) == WHOLE
    assert override_for(source(replace(WHOLE, paths=("/x",))), URL, NOW.date()) is None
    assert comparison.ended
    assert comparison.after is not None
    assert comparison.after.title == "Eels are back"
    assert "It has ended: a visit reads this page without it." in capsys.readouterr().out


def test_a_page_without_an_article_says_so_on_both_sides(capsys: pytest.CaptureFixture[str]) -> None:
    comparison = compared(b"<html><body><h1>404 page not found</h1><div class=story></div></body></html>", WHOLE)
    say_comparison(comparison)
    shown = capsys.readouterr().out

    assert "no article without it: " in shown
    assert "no article with it: " in shown
    assert comparison_json(comparison)["diff"] == []


def test_an_override_that_has_ended_is_told_by_check_doctor_and_status(write: Write) -> None:
    folder = write(TODAY - timedelta(days=1))
    with open_archive(f"sqlite:///{folder.parent / 'presswatch.db'}"):
        pass
    told = "quay: the override of title, body, date, remove ended on "

    assert f"warning: {told}" in presswatch("config", "check")
    assert f"warning  override: {told}" in presswatch("doctor")
    assert told in presswatch("status")
    for command in (("config", "check"), ("status",)):
        (ending,) = json.loads(presswatch(*command, "--json"))["overrides"]
        assert (ending["source"], ending["days"]) == ("quay", -1)


def test_an_override_that_is_valid_for_long_is_not_told(write: Write) -> None:
    write(TODAY + timedelta(days=300))

    assert "override" not in presswatch("config", "check")


def test_an_override_that_gives_nothing_any_more_is_told_by_doctor_and_status(write: Write) -> None:
    config = load(write(TODAY + timedelta(days=300)))
    own = config.sources["quay"]
    now = datetime.now(UTC)
    with open_archive(f"sqlite:///{config.folder.parent / 'presswatch.db'}") as archive:
        archive.sources.sync([own], now)
        for number in range(3):
            article = read(page("text"), *own.overrides, url=f"https://www.quay.example/{number}")
            archive.articles.keep([Kept(article)], now)
    told = "body of the override title, body, date, remove gave nothing on the newest 3 articles, and on none before"

    assert f"warning  quay: {told}" in presswatch("doctor")
    assert f"quay: {told}, since {now:%m-%d}" in presswatch("status")
    assert "nothing found for body" in presswatch("show", "1")


def test_a_saved_page_is_read_as_its_source_s_when_its_address_is_known(write: Write) -> None:
    folder = write(TODAY)
    (folder.parent / "page.html").write_bytes(page())
    lines = [{"url": URL, "file": "page.html"}, {"url": "https://elsewhere.example/a", "file": "page.html"}]
    (folder.parent / "pages.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    ours, other = map(json.loads, presswatch("extract", "--jsonl", "pages.jsonl").splitlines())
    write(TODAY - timedelta(days=1))
    ended = json.loads(presswatch("extract", "page.html", "--url", URL))

    assert (ours["source"], ours["title"]) == ("quay", "Eels are back")
    assert ours["published_utc"] == "2026-05-03T05:05:00Z"
    assert (other["source"], "override" in other["evidence"], other["published_utc"]) == ("", False, None)
    assert (ended["source"], "override" in ended["evidence"]) == ("quay", False)


def test_a_crawl_tells_what_overrides_did_not_find(capsys: pytest.CaptureFixture[str]) -> None:
    counts = SourceCounts("quay", polled=1, fetched=3, kept=3, override_missed={"body": 3, "author": 1})
    report = VisitReport(NOW, NOW, "finished", {"quay": counts})
    print_report(report)
    document = report_json(report)

    validate(document, "crawl")
    assert document["totals"]["override_missed"] == {"body": 3, "author": 1}
    assert "overrides without a match, so found the general way: quay: 3 body, 1 author" in capsys.readouterr().out
