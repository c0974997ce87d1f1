"""What is asked or given at the command line is not there, not readable or damaged: a message and an exit code."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands import answer, presswatch
from tests.desk import Desk
from tests.loopback import Web, configure


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a configuration and an archive in which nothing is."""
    folder = tmp_path_factory.mktemp("nothing")
    with Web() as web:
        configure(folder / "config", web)
    (folder / "config" / "digests.toml").write_text('[d]\ntitle = "D"\nat = "07:00"\n')
    presswatch(folder, "watch", "list")
    return folder


@pytest.mark.parametrize(
    "command",
    [
        "search", "status", "coverage", "stats x", "story list", "watch list", "watch test x", "watch mentions harbour",
        "watch backtest harbour", "digest list", "digest make d", "doctor", "source list", "config check",
    ],
)  # fmt: skip
def test_a_command_prints_one_document_where_there_is_nothing(nothing: Path, command: str, desk: Desk) -> None:
    assert isinstance(json.loads(desk.run(nothing, *command.split(), "--json").stdout), dict)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("show 1", "no such article"),
        ("show http://[", "no such article"),
        (f"show {'9' * 5000}", "no such article"),
        ("story show 1", "no story 1"),
        ("story show 99999999999999999999", "larger than any"),
        ("digest send 99999999999999999999", "larger than any"),
        ("forget 3", "no such article"),
        ("source pause nope", 'no source "nope"'),
        ("source resume nope", 'no source "nope"'),
        ("watch mute nope", 'no watch "nope"'),
        ("watch mentions nope", 'no watch "nope"'),
        ("digest preview nope", 'no plan "nope"; there is: d'),
        ("digest make nope", 'no plan "nope"; there is: d'),
        ("digest make d --slot 9999-99", "no time"),
        ("search spy agent -sport", "stands in quotation marks: 'spy agent -sport'"),
        ("export spy agent --format csv", "stands in quotation marks: 'spy agent'"),
        ("watch test spy agent", "stands in quotation marks: 'spy agent'"),
        ("watch add spies spy agent", "stands in quotation marks: 'spy agent'"),
        ("digest preview d --since 0001-01-01", "no press"),
        ("digest preview d -o x.exe", ".html"),
        ("coverage --until 9999-12-31", "no press"),
        ("stats x --since soon", "no time"),
        ("search --cursor xx a", "no cursor"),
        ("crawl nope", "sources.toml"),
        ("import nowhere.jsonl", "no such file"),
        ("import .", "cannot be read"),
        ("extract .", "cannot be read"),
    ],
)
def test_what_is_not_there_is_told(nothing: Path, command: str, told: str, desk: Desk) -> None:
    assert told in desk.run(nothing, *command.split(), code=2).stderr


@pytest.mark.parametrize(
    "query",
    [
        '"', "'", "*", "()", "AND", "NOT x", "a NEAR/9999999999 b", "after:99999999d", "title:", ":", "\x01", "a*",
        "x:y",
        "id:99999999999999999999999", "story:99999999999999999999", "a " * 3000, "(" * 2000, "a OR " * 2000 + "x",
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_read_is_told(nothing: Path, query: str, desk: Desk) -> None:
    done = desk.run(nothing, "search", "--", query, code=2)

    assert done.stderr.startswith("presswatch: ")


@pytest.mark.parametrize("query", ["-o", "-x", "-5", "-spy*", "-oil", "-sport -o", '-"o p"', "-(o p)", "-o|p", "-中"])
@pytest.mark.parametrize("command", ["search", "stats", "watch test", "watch add none"])
def test_a_query_that_begins_with_a_minus_is_read_as_one(nothing: Path, command: str, query: str, desk: Desk) -> None:
    assert "only what to leave out" in desk.run(nothing, *command.split(), query, code=2).stderr


@pytest.mark.parametrize("query", ["-o china", "-sport china", "-h china", "-v china", "-5 china", "-o -p china"])
def test_a_query_that_begins_with_what_to_leave_out_is_asked(nothing: Path, query: str, desk: Desk) -> None:
    assert json.loads(desk.run(nothing, "search", query, "--json").stdout)["query"] == query
    desk.run(nothing, "export", query, "-o", "-o.jsonl")
    assert (nothing / "-o.jsonl").exists()


def test_a_watch_is_saved_as_it_was_written(nothing: Path, desk: Desk) -> None:
    desk.run(nothing, "watch", "add", "none", "-sport china")

    assert 'query = "-sport china"' in (nothing / "config" / "watches.toml").read_text()


@pytest.mark.parametrize("query", ["", "before:9999-12-31", "before:0001-01-01", "NOT " * 500 + "a b"])
def test_an_odd_query_finds_nothing(nothing: Path, query: str, desk: Desk) -> None:
    assert json.loads(desk.run(nothing, "search", "--json", "--", query).stdout)["articles"] == []


@pytest.mark.parametrize("place", ["/proc/nowhere/x", "."])
def test_an_export_that_cannot_be_written_is_told(nothing: Path, place: str, desk: Desk) -> None:
    assert "cannot be written" in desk.run(nothing, "export", "", "-o", place, code=1).stderr


def test_a_full_output_is_told(nothing: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    for command in ("search --json", "status"):
        with Path("/dev/full").open("wb") as full:
            done = run(nothing, *command.split(), stdout=full)

        assert (done.returncode, done.stderr) == (
            1,
            b"presswatch: the output cannot be written: No space left on device\n",
        )


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    """As in presswatch search | head -1."""
    lines = (json.dumps({"title": f"Title {n}", "text": f"word {n} " * 300, "id": n}) for n in range(10))
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    presswatch(tmp_path, "import", "in.jsonl")
    for command in ("search --limit 1000 --json", "export word --format jsonl", "search --limit 1"):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            done = run(tmp_path, *command.split(), stdout=pipe)

        assert (done.returncode, done.stderr) == (0, b""), command


def run(folder: Path, *arguments: str, stdout: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-P", "-m", "digest.cli", *arguments]
    return subprocess.run(command, cwd=folder, stdout=stdout, stderr=subprocess.PIPE, timeout=60, check=False)


LINES = r"""{"title": "Good", "text": "A text of the harbour", "url": "http://a.example/1"}
[1]
null
{"title": [1], "text": "x"}
{"title": true, "text": "x"}
{"title": "t", "text": NaN}
{"title": "t", "text": "x", "id": 1e400}
{"title": "t", "text": "x", "published": "9999-12-31T23:59:59-12:00"}
{"title": "t", "text": "x", "published": "0001-01-01T00:00:00+12:00"}
{"title": "t", "text": "x", "published": "yesterday"}
{"html": "<p>", "url": "http://a.example/6"}
{"html": 3, "url": "http://a.example/6"}
{bad
{"title": "t\u0000x", "text": "x\u0000y", "url": "http://a.example/4"}
{"title": "\ud800", "text": "\ud800 lone", "url": "http://a.example/5"}
{"title": "Strange source", "text": "x", "source": "../../etc", "url": "javascript:alert(1)"}
"""


def test_lines_of_wrong_types_are_told_and_the_others_imported(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(LINES.encode() + b"\xff\xfe\n")
    report = answer(tmp_path, "import", "in.jsonl", "--json")

    assert report["kept"] == 4
    assert [fault.split(":")[0] for fault in report["faults"]] == [f"line {n}" for n in (*range(2, 14), 17)]


def test_a_cut_off_gzip_is_imported_up_to_the_cut(tmp_path: Path) -> None:
    lines = [json.dumps({"title": f"Title {n}", "text": os.urandom(300).hex(), "id": str(n)}) for n in range(30)]
    whole = gzip.compress("\n".join(lines).encode())
    (tmp_path / "in.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    report = answer(tmp_path, "import", "in.jsonl.gz", "--json")

    assert 5 < report["kept"] < 30
    assert len(report["faults"]) == 1
    assert "damaged" in report["faults"][0]
