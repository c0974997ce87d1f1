"""Watches as a user meets them: tried on the past, compared, told and fed."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3

from crawler.archive import Kept, open_archive
from crawler.config import load
from crawler.errors import ConfigErrors, QueryError, UsageError
from crawler.records import Watch
from digest import alerting, backtest
from tests.archive_sample import HERALD, NOW, POST, article
from tests.commands import answer, presswatch

DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration with the watch spies, and six articles of the last days in the archive."""
    now = datetime.now(UTC)
    config = tmp_path / "config"
    config.mkdir()
    (config / "presswatch.toml").write_text("")
    (config / "watches.toml").write_text('[spies]\nquery = "spy"\n\n[all]\nquery = "watch:spies OR rain"\n')
    with open_archive(f"sqlite:///{tmp_path / 'presswatch.db'}") as archive:
        archive.sources.sync([HERALD, POST], now - 60 * DAY)
        archive.watches.sync(load(config).watches.values(), now - 60 * DAY)
        titles = ["A spy", "A spy and an agent", "An agent", "Agents and a mole", "Rain", "Spy of long ago"]
        for number, title in enumerate(titles):
            age = 400 * DAY if title.endswith("ago") else (number % 3 + 1) * DAY
            source = "herald" if number % 2 else "post"
            at = now - age
            dates = {"published": at.isoformat(), "published_utc": at}
            made = article(f"https://{source}.test/{number}", title=title, text="", source=source, **dates)
            archive.articles.keep([Kept(made, mentions=archive.watches.match(made, HERALD, at))], at)
    return tmp_path


def change(folder: Path, *lines: str) -> None:
    (folder / "config" / "watches.toml").write_text("\n".join(["[spies]", *lines]) + "\n")


def test_a_backtest_tells_days_rate_and_sources(folder: Path) -> None:
    told = answer(folder, "watch", "backtest", "spies", "--since", "10d", "--json")

    assert ("spies", "version 1", "spy", 2, 0.2) == (
        told["watch"], told["name"], told["query"], told["total"], told["per_day"],
    )  # fmt: skip
    assert {"herald": 1, "post": 1} == told["sources"]
    assert 11 == len(told["days"])
    assert [1, 1] == [count for count in told["days"].values() if count]
    lines = presswatch(folder, "watch", "backtest", "spies", "--since", "60d").stdout.splitlines()
    assert 1 == sum(" … " in line and line.endswith(" 0") for line in lines)


def test_a_new_query_is_compared_before_it_is_saved(folder: Path) -> None:
    asked = ["watch", "backtest", "spies", "--query", "agent* -mole", "--since", "10d"]
    told = answer(folder, *asked, "--json")

    assert (2, 2, 1) == (told["old"]["total"], told["new"]["total"], told["both"])
    assert ["A spy"] == [each["title"] for each in told["only_old"]["examples"]]
    assert (1, ["An agent"]) == (
        told["only_new"]["total"], [each["title"] for each in told["only_new"]["examples"]],
    )  # fmt: skip
    said = presswatch(folder, *asked).stdout
    assert "Only version 1 finds 1:" in said
    assert "Only the new query finds 1:" in said


def test_an_earlier_version_is_compared_with_what_it_is_now(folder: Path) -> None:
    change(folder, 'query = "spy OR agent"')
    listed = {watch["name"]: watch for watch in answer(folder, "watch", "list", "--json")["watches"]}
    said = presswatch(folder, "watch", "backtest", "spies", "--version", "1", "--since", "10d").stdout

    assert [(1, "spy"), (2, "spy OR agent")] == [(v["version"], v["query"]) for v in listed["spies"]["versions"]]
    assert "version 1: spy\n  2 articles, 0.2 a day\nversion 2: spy OR agent\n  3 articles, 0.3 a day\n" in said
    assert "Both find 2.\nOnly version 1 finds 0.\nOnly version 2 finds 1:\n" in said


def test_an_earlier_version_is_tried_with_the_other_watches_of_its_time(folder: Path) -> None:
    now = datetime.now(UTC)
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
        for day, spies in ((20, "agent"), (10, "mole"), (5, "nobody")):
            both = [Watch("spies", spies), Watch("all", "watch:spies OR rain")]
            archive.watches.sync([*both, Watch("more", "watch:all OR nothing")], now - day * DAY)
    queries = {"spies": "nobody", "all": "watch:more", "more": "rain"}
    tables = "\n".join(f'[{name}]\nquery = "{query}"' for name, query in queries.items())
    (folder / "config" / "watches.toml").write_text(tables)
    asked = ["watch", "backtest", "all", "--since", "10d", "--version"]
    told = {version: answer(folder, *asked, str(version), "--json") for version in (1, 2, 3, 5)}

    assert [("watch:spies OR rain", 3, {"spies": 1}), ("watch:spies OR rain", 3, {"spies": 2})] == [
        (told[version]["old"]["query"], told[version]["old"]["total"], told[version]["old"]["uses"])
        for version in (1, 2)
    ]
    assert ({"spies": 3}, {"more": 4}) == (told[3]["old"]["uses"], told[3]["new"]["uses"])
    said = presswatch(folder, *asked, "1").stdout
    assert "version 1: watch:spies OR rain (with version 1 of spies)\n" in said
    assert "version 5: watch:more (with version 4 of more)\n" in said


def test_the_list_counts_the_mentions_that_are_kept(folder: Path) -> None:
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
        (first,) = [each for each in archive.articles.many(range(1, 9)) if each.title == "A spy"]
        archive.articles.keep([Kept(replace(first, title="Someone", text="Another text altogether."))], NOW)
    listed = answer(folder, "watch", "list", "--json")["watches"]
    kept = {name: answer(folder, "watch", "mentions", name, "--json")["mentions"] for name in ("spies", "all")}

    assert {"spies": 3, "all": 4} == {watch["name"]: watch["mentions"] for watch in listed}
    assert {"spies": 3, "all": 4} == {name: len(mentions) for name, mentions in kept.items()}
    assert 2 == answer(folder, "search", "watch:spies", "--json")["total"]


def test_mentions_are_listed_with_their_version_and_say_when_there_are_more(folder: Path) -> None:
    whole = presswatch(folder, "watch", "mentions", "spies")
    cut = presswatch(folder, "watch", "mentions", "spies", "--limit", "1")
    told = presswatch(folder, "watch", "mentions", "spies", "--limit", "2", "--json")

    assert whole.stdout.splitlines()[1].endswith("matched   version")
    assert all(line.endswith(" 1") for line in whole.stdout.splitlines()[3:] if line)
    assert "" == whole.stderr
    assert "there are more than these 1: --limit shows more of them\n" == cut.stderr
    assert 2 == len(json.loads(told.stdout)["mentions"])
    assert "these 2" in told.stderr


def test_an_edit_asks_the_past_again_also_where_another_watch_uses_it(folder: Path) -> None:
    change(folder, 'query = "mole"', '[all]\nquery = "watch:spies OR rain"')
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
        archive.watches.sync(load(folder / "config").watches.values(), NOW)

        def found(name: str) -> set[str]:
            return {each.title for each in archive.articles.many([m.article for m in archive.watches.mentions(name)])}

        assert {"Agents and a mole"} == found("spies")
        assert {"Agents and a mole", "Rain"} == found("all")


@pytest.mark.parametrize("command", ["search", "watch test"])
def test_a_sign_that_is_searched_as_a_word_is_noted_beside_the_answer(folder: Path, command: str) -> None:
    asked = presswatch(folder, *command.split(), "spy or agent")
    told = presswatch(folder, *command.split(), "spy or agent", "--json")

    assert 'note: "or" is searched as a word here; write OR to find one of them\n' == asked.stderr == told.stderr
    assert "spy or agent" == json.loads(told.stdout)["query"]
    assert "" == presswatch(folder, *command.split(), 'spy OR agent "or"').stderr


@pytest.mark.parametrize("command", ["search", "watch test", "watch add near"])
def test_a_source_that_nobody_has_is_noted_with_those_that_are_close(folder: Path, command: str) -> None:
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
        archive.articles.keep([Kept(article("https://x.test/1", title="Rain", source="imported"))], NOW)

    def noted(query: str) -> str:
        return presswatch(folder, *command.split(), query).stderr

    assert "note: no source is called heral; there is herald (The Herald)\n" == noted("spy source:heral")
    assert "note: no source is called morning; there is post (Morning Post)\n" == noted("spy OR source:morning")
    assert "note: no source is called x; presswatch source list shows all\n" == noted("source:x")
    assert "" == noted('source:HERALD source:"the herald" -source:imported')


def test_a_watch_is_saved_with_a_note_of_what_was_hardly_meant(folder: Path) -> None:
    saved = presswatch(folder, "watch", "add", "courts", "court near/5 verdict")

    assert 'note: "near/5" is searched as words here; write NEAR/5\n' == saved.stderr
    assert "courts: articles with" in saved.stdout


@pytest.mark.parametrize(
    ("query", "column", "problem"),
    [
        ("spy   after:7d", 6, "a watch cannot use a date that moves (7d)"),
        ("spy kind:x", 9, "kind: cannot be 'x'"),
        ("spy watch:nobody", 4, "there is no watch nobody"),
        ("spy watch:spies", 4, "these watches use one another in a circle: spies -> spies"),
    ],
)
def test_a_fault_of_a_watch_that_is_added_is_marked_in_what_was_typed(
    folder: Path, query: str, column: int, problem: str
) -> None:
    before = (folder / "config" / "watches.toml").read_text()
    told = presswatch(folder, "watch", "add", "spies", query, code=2).stderr

    assert problem in told
    assert f"  {query}\n  {' ' * column}^\n" in told
    assert "watches.toml" not in told
    assert before == (folder / "config" / "watches.toml").read_text()


def test_what_cannot_be_compared_is_told(folder: Path) -> None:
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
        with pytest.raises(UsageError, match="there is no version 7 of spies; kept are 1: spy"):
            backtest.candidates(archive, "spies", 7, None)
        with pytest.raises(QueryError, match="a watch cannot use a date that moves"):
            backtest.candidates(archive, "spies", None, "spy after:7d")


def test_an_archive_from_before_versions_keeps_what_its_watches_look_for(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    with open_archive(f"sqlite:///{file}") as archive:
        archive.watches.sync([Watch("spies", "spy")], NOW)
    with closing(sqlite3.connect(str(file))) as older:
        older.executescript(
            "DROP TABLE watch_versions; DELETE FROM _sqlite_migrations WHERE name = 'm0010_watches'; "
            "PRAGMA user_version = 8"
        )
    with open_archive(f"sqlite:///{file}") as archive:
        archive.watches.sync([Watch("spies", "spy OR agent")], NOW + DAY)

        assert [(1, "spy", None), (2, "spy OR agent", NOW + DAY)] == [
            (each.version, each.query, each.since) for each in archive.watches.versions("spies")
        ]


def test_what_would_be_sent_and_what_was_is_shown_and_nothing_is_sent_by_that(folder: Path) -> None:
    change(folder, 'query = "spy"', "urgent = true")
    config = load(folder / "config")
    now = datetime.now(UTC)
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
        archive.watches.sync(config.watches.values(), now)
        alerting.give(archive, config, now)
        made = article("https://herald.test/new", title="The spy\x1b[2J", published=None, published_utc=None)
        archive.articles.keep([Kept(made, mentions=archive.watches.match(made, HERALD, now))], now)
    shown = presswatch(folder, "watch", "alerts", "--dry-run").stdout
    told = answer(folder, "watch", "alerts", "spies", "--json")

    assert "now, to files:\nAlert spies: The spy" in shown
    assert "\x1b" not in shown
    assert ("urgent", []) == (told["now"][0]["content"]["kind"], told["sent"])
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
        alerting.give(archive, config, now)
    after = presswatch(folder, "watch", "alerts").stdout
    assert "Nothing would be sent now." in after
    assert "digests waiting" in after


def test_a_feed_is_written_by_hand(folder: Path) -> None:
    said = presswatch(folder, "watch", "feed", "spies", "-o", "public").stdout

    assert ["wrote public/spies.xml", "wrote public/spies.json"] == said.splitlines()
    assert "as they were" in presswatch(folder, "watch", "feed", "spies", "-o", "public").stdout
    assert "A spy and an agent" in (folder / "public" / "spies.xml").read_text()
    refused = presswatch(folder, "watch", "feed", "spies", "-o", "pulbic/feeds", code=1).stderr
    assert "there is no folder pulbic" in refused
    assert not (folder / "pulbic").exists()


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (['cool_down = "soon"'], "watches.toml:3: spies.cool_down: found 'soon', wanted a number and s, m, h, d or w"),
        (["urgent = 1"], "watches.toml:3: spies.urgent: found 1, wanted true or false"),
        (['spikes = "x"'], 'watches.toml:3: spies.spikes: found an unknown key, wanted a known one, perhaps "spike"'),
        (['webhook = "ftp://hook"'], "watches.toml:3: spies.webhook: found 'ftp://hook', wanted "),
        (['recipients = ["ann"]'], "watches.toml:3: spies.recipients[0]: found 'ann', wanted a mail address"),
        (['recipients = ["a@b.test"]'], 'watches.toml:3: spies.recipients: found recipients, wanted [mail] "host"'),
    ],
)
def test_a_wrong_key_of_a_watch_is_told_with_its_line(folder: Path, lines: list[str], fault: str) -> None:
    change(folder, 'query = "spy"', *lines)
    with pytest.raises(ConfigErrors) as caught:
        load(folder / "config")

    assert fault in str(caught.value)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (
            'quiet = "22-6"',
            "presswatch.toml:2: alerts.quiet: found '22-6', wanted two times of day, such as \"22:00-06:00\"",
        ),
        ('quiet = "22:00-22:00"', "presswatch.toml:2: alerts.quiet"),
        ('timezone = "Mars"', "presswatch.toml:2: alerts.timezone: found 'Mars', wanted the name of a time zone"),
        ('recipients = ["a@b.test"]', 'presswatch.toml:2: alerts.recipients: found recipients, wanted [mail] "host"'),
    ],
)
def test_a_wrong_key_of_all_alerts_is_told_with_its_line(folder: Path, line: str, fault: str) -> None:
    (folder / "config" / "presswatch.toml").write_text(f"[alerts]\n{line}\n")
    with pytest.raises(ConfigErrors) as caught:
        load(folder / "config")

    assert fault in str(caught.value)


def test_what_is_edited_by_hand_is_what_is_asked(folder: Path) -> None:
    edited = '[spies]\nquery = "agent"\n\n[made]\nquery = "rain"\n'
    (folder / "config" / "watches.toml").write_text(edited)

    assert {"An agent", "A spy and an agent"} == {
        each["title"] for each in answer(folder, "search", "watch:spies", "--json")["articles"]
    }
    assert answer(folder, "stats", "made", "--json")["totals"] == {"made": 1}
    assert answer(folder, "watch", "test", "watch:made", "--json")["total"] == 1
    assert answer(folder, "watch", "backtest", "made", "--since", "10d", "--json")["total"] == 1
    assert "there is made" in presswatch(folder, "stats", "mades").stderr


def test_a_query_is_explained_where_nothing_is_kept_yet(tmp_path: Path) -> None:
    told = answer(tmp_path, "watch", "test", "spy OR agent", "--json")

    assert (0, False) == (told["total"], told["capped"])
    assert "the word “spy”" in told["explanation"]
    assert not list(tmp_path.iterdir())
    assert "write )" in presswatch(tmp_path, "watch", "test", "(spy", code=2).stderr
