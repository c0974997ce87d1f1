"""Every command on an archive that can be read and not written: who only reads works, who writes says why it cannot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import typer

from crawler.errors import ArchiveReadOnly
from digest.cli import application
from tests.desk import invoke
from tests.mounting import mount

READING = [
    "status", "metrics", "search ferry", "show 1", "export ferry -o -", "stats ferry", "stats harbour --share",
    "coverage",
    "backup copy.db", "prune --older 900d --dry-run", "extract page.html", "config check", "config systemd",
    "source list", "source export", "watch list", "watch test ferry", "watch backtest harbour",
    "watch mentions harbour", "watch alerts harbour", "watch feed harbour",
    "story list", "story show 1", "story show 1 --since 5d",
    "user list", "token list", "judgements", "judgements 1",
    "recipient list", "digest list", "digest review 1", "digest preview daily", "digest preview daily --since 5d",
]  # fmt: skip
WRITING = [
    "crawl", "crawl --all", "import more.jsonl", "reextract", "note 1 x", "tag 1 x", "mark 1 irrelevant",
    "correct 1 --date 2026-11-01", "forget 1", "prune --older 1d", "doctor --reindex",
    "run --once", "source add http://b.example/", "source import feeds.opml", "source pause a", "source resume a",
    "watch add sea sea", "watch mute harbour", "watch remove harbour", "story split 1 1", "story merge 1 2",
    "digest make daily", "digest review 1 --approve", "digest send 1", "bounce page.html",
    "recipient remove ann@r.test", "recipient pause ann@r.test --until 2030-01-01", "recipient restore ann@r.test",
    "recipient forget ann@r.test", "user add ann --password-file page.html", "user role ann reader",
    "user password ann --password-file page.html", "user logout ann", "user remove ann", "token add t --user ann",
    "token remove t", "migrate sqlite:///disk/press.db sqlite:///copy.db",
]  # fmt: skip
#: They open no archive, one of their own, or (serve, mcp, source test) ask the network or wait; these read it only.
APART = {"demo", "init", "config schema", "config dkim", "config templates", "serve", "mcp", "source test", "worker"}
TEXT = (
    "The ferry to Lower Wexcombe left the harbour on Tuesday, and nineteen members of the board were there to see it. "
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make an archive with a story and an edition on a file system that is then mounted for reading only."""
    place = tmp_path_factory.mktemp("read-only")
    (place / "disk").mkdir()
    files = {
        "config/presswatch.toml": f'archive = "sqlite:///{place}/disk/press.db"\n'
        '[mail]\nhost = "127.0.0.1"\nfrom = "p@r.test"\n',
        "config/sources.toml": '[a]\nname = "A"\nhomepage = "http://a.example/"\nfeeds = ["http://a.example/feed"]\n',
        "config/watches.toml": '[harbour]\nquery = "harbour"\n',
        "config/digests.toml": '[daily]\ntitle = "Daily"\nat = "07:00"\nwatches = ["harbour"]\n'
        'recipients = ["ann@r.test"]\nreview = true\nempty = "send"\n',
        "page.html": f"<html><head><title>Ferry</title></head><body><article><h1>Ferry</h1><p>{TEXT * 3}</p></article>",
        "feeds.opml": '<opml version="2.0"><body><outline text="B" xmlUrl="http://b.example/feed"/></body></opml>',
        "more.jsonl": json.dumps({"title": "Another ferry", "text": TEXT * 2}) + "\n",
    }
    (place / "config").mkdir()
    for name, text in files.items():
        (place / name).write_text(text)
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.chdir(place)
        rows = [{"title": f"Ferry {n}", "text": f"{TEXT}{n} ", "url": f"http://a.example/{n}"} for n in range(3)]
        (place / "first.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        for command in ("import first.jsonl", "story list", "digest make daily"):
            done = invoke(*command.split())
            assert done.exit_code == 0, done.output
        mount(stack, place / "disk", "-o", "ro,bind", str(place / "disk"))
        yield place


@pytest.mark.parametrize("command", READING)
def test_what_only_reads_works(folder: Path, command: str) -> None:
    done = invoke(*command.split())

    assert (done.exit_code, done.exception) == (0, None)
    assert done.output


@pytest.mark.parametrize("command", WRITING)
def test_what_writes_says_why_it_cannot_and_changes_nothing(folder: Path, command: str) -> None:
    before = {file: file.read_bytes() for file in (folder / "config").iterdir()}
    done = invoke(*command.split())

    assert isinstance(done.exception, ArchiveReadOnly), done.output
    assert "press.db: it cannot be written to (its file system is mounted read-only); mount it for" in str(
        done.exception
    )
    assert {file: file.read_bytes() for file in (folder / "config").iterdir()} == before


def test_a_copy_is_whole_and_can_be_written_again(folder: Path) -> None:
    invoke("backup", "whole.db")
    done = invoke("--archive", f"sqlite:///{folder}/whole.db", "note", "1", "well kept")

    assert done.exit_code == 0, done.output


def test_what_is_not_grouped_or_not_known_yet_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "config").mkdir()
    (tmp_path / "more.jsonl").write_text(json.dumps({"title": "A ferry", "text": TEXT}) + "\n")
    (tmp_path / "config/presswatch.toml").write_text(f'archive = "sqlite:///{tmp_path}/disk/press.db"\n')
    monkeypatch.chdir(tmp_path)
    invoke("import", "more.jsonl")
    (tmp_path / "config/watches.toml").write_text('[sea]\nquery = "sea"\n')
    with ExitStack() as stack:
        mount(stack, tmp_path / "disk", "-o", "ro,bind", str(tmp_path / "disk"))
        stories = invoke("story", "list").output
        watches = invoke("watch", "list").output

    assert "cannot be written to: 1 articles were kept or changed since its last grouping" in stories
    assert "does not know yet what sea looks for now" in watches


@pytest.mark.parametrize("command", ["source list", "digest list"])
def test_a_list_needs_no_archive_and_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/presswatch.toml").write_text(f'archive = "sqlite:///{tmp_path}/press.db"\n')
    monkeypatch.chdir(tmp_path)
    done = invoke(*command.split())

    assert done.exit_code == 0, done.output
    assert not (tmp_path / "press.db").exists()


def test_no_command_is_forgotten_here() -> None:
    def names(command: Any, before: str = "") -> Iterator[str]:
        commands: dict[str, Any] = getattr(command, "commands", {})
        for name, each in commands.items():
            yield from names(each, f"{before} {name}".strip())
        if not commands:
            yield before

    known = [*READING, *WRITING]

    assert [
        name
        for name in names(typer.main.get_command(application()))
        if name not in APART and not any(f"{each} ".startswith(f"{name} ") for each in known)
    ] == []
