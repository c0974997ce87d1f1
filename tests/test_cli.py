"""The command line as a user meets it."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from crawler.archive import Kept, open_archive
from digest.cli import application
from tests.archive_sample import NOW, article
from tests.commands import answer, presswatch


@cache
def commands() -> dict[str, object]:
    found: dict[str, object] = {}

    def walk(group: object, path: str) -> None:
        for name, command in group.commands.items():  # type: ignore[attr-defined]
            if hasattr(command, "commands"):
                walk(command, f"{path} {name}")
            else:
                found[f"{path} {name}".strip()] = command

    walk(typer.main.get_command(application()), "")
    return found


@pytest.mark.parametrize("name", sorted(commands()))
def test_each_command_says_what_it_does_and_gives_an_example(name: str):
    command = commands()[name]

    assert command.help  # type: ignore[attr-defined]
    assert command.epilog.startswith(f"Example: presswatch {name}")  # type: ignore[attr-defined]


def test_help_comes_at_once(tmp_path: Path):
    presswatch(tmp_path, "--help", cold=True)  # whatever is compiled once is compiled now
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "digest.cli", "--help"], cwd=tmp_path, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    # The contract says 0.25 s; a loaded machine gets some air.
    assert min(times) < 0.4


def test_help_imports_nothing_slow(tmp_path: Path):
    code = "import sys, digest.cli; print([m for m in sys.argv[1:] if m in sys.modules])"
    slow = ["scrapy", "trafilatura", "pydantic", "sqlite_utils", "rich", "jinja2", "lxml", "babel", "asyncio", "lark"]
    done = subprocess.run([sys.executable, "-c", code, *slow], capture_output=True, text=True, check=True, cwd=tmp_path)

    assert done.stdout.strip() == "[]"


def test_without_a_configuration_the_crawl_says_how_to_get_one(tmp_path: Path):
    done = presswatch(tmp_path, "crawl", code=2)

    assert "presswatch init" in done.stderr


def test_without_an_archive_a_search_says_how_to_get_one(tmp_path: Path):
    done = presswatch(tmp_path, "search", "anything", code=1)

    assert "presswatch crawl" in done.stderr
    assert not list(tmp_path.iterdir())


def test_init_writes_a_configuration_and_names_whom_it_will_ask(tmp_path: Path):
    done = presswatch(tmp_path, "init", "--pack", "china")

    assert "www.globaltimes.cn" in done.stdout
    assert "1h" in done.stdout
    assert answer(tmp_path, "config", "check", "--json")["sources"] > 3


def test_init_never_writes_over_a_configuration(tmp_path: Path):
    presswatch(tmp_path, "init")
    done = presswatch(tmp_path, "init", code=2)

    assert "exists" in done.stderr


def test_a_faulty_configuration_is_told_with_its_lines_all_at_once(tmp_path: Path):
    presswatch(tmp_path, "init")
    (tmp_path / "config" / "presswatch.toml").write_text('[crawl]\ndelay = "soon"\nworkerz = 3\n')
    done = presswatch(tmp_path, "crawl", code=2)

    assert "presswatch.toml:2: crawl.delay: found 'soon'" in done.stderr
    assert "presswatch.toml:3: crawl.workerz" in done.stderr


def test_the_doctor_tells_what_will_go_wrong(tmp_path: Path):
    presswatch(tmp_path, "init", "--pack", "china")
    templates = tmp_path / "config" / "templates"
    templates.mkdir()
    (templates / "style.css").write_text("{% broken")
    findings = answer(tmp_path, "doctor", "--json", code=1)["findings"]

    assert {"contact": "warning", "templates": "error"}.items() <= {f["subject"]: f["grade"] for f in findings}.items()


def test_the_doctor_names_the_line_of_a_language_that_digests_do_not_speak(tmp_path: Path):
    presswatch(tmp_path, "init")
    (tmp_path / "config" / "digests.toml").write_text('[evening]\nlanguage = "tlh"\n')
    (finding,) = answer(tmp_path, "doctor", "--json", code=1)["findings"]

    assert ("configuration", "error") == (finding["subject"], finding["grade"])
    assert "digests.toml:2: evening.language: found 'tlh', wanted a language that digests speak" in finding["text"]


def test_the_schemas_of_the_configuration_are_made_by_a_command(tmp_path: Path):
    presswatch(tmp_path, "config", "schema", "-o", "schemas")
    assert "there is no folder chemas" in presswatch(tmp_path, "config", "schema", "-o", "chemas/new", code=1).stderr
    kept = {path.name: path.read_text() for path in (Path(__file__).parents[1] / "config" / "schemas").glob("*.json")}

    assert kept == {path.name: path.read_text() for path in (tmp_path / "schemas").iterdir()}


def test_an_unknown_plan_is_told_with_the_known_ones(tmp_path: Path):
    presswatch(tmp_path, "init")
    done = presswatch(tmp_path, "digest", "preview", "evening", code=2)

    assert "evening" in done.stderr
    assert "morning" in done.stderr


def test_a_preview_makes_up_no_folder(tmp_path: Path):
    presswatch(tmp_path, "init")
    for sub_command in (["digest", "preview", "morning"], ["source", "export"]):
        lost = presswatch(tmp_path, *sub_command, "-o", "previews/out.html", code=1)

        assert "there is no folder previews" in lost.stderr


def test_an_archive_that_cannot_be_written_is_told(tmp_path: Path):
    presswatch(tmp_path, "init")
    (tmp_path / "taken.db").write_text("this is no archive")
    for place in ("sqlite:////proc/nowhere/x.db", f"sqlite:///{tmp_path}/taken.db"):
        done = presswatch(tmp_path, "--archive", place, "watch", "list", code=1)

        assert "presswatch: " in done.stderr


def test_a_query_with_a_fault_is_told_with_the_place(tmp_path: Path):
    presswatch(tmp_path, "init")
    presswatch(tmp_path, "watch", "list")
    done = presswatch(tmp_path, "search", "spies AND (", code=2)

    assert "^" in done.stderr


def test_imported_articles_are_found_in_every_script(tmp_path: Path):
    lines = (
        '{"title": "Spies exposed",'
        ' "text": "State television exposed three cases of espionage on Tuesday evening.", '
        '"url": "http://a.example/1", "published": "2019-11-06T19:13:40", "source": "Example"}\n'
        '{"title": "间谍案件", "text": "国家安全机关公布多起间谍案件。", '
        '"url": "http://b.example/2", "language": "zh"}\n'
        "this is no JSON\n"
    )
    (tmp_path / "in.jsonl").write_text(lines)
    report = answer(tmp_path, "import", "in.jsonl", "--json")

    assert report["kept"] == 2
    assert len(report["faults"]) == 1
    assert [1] == [
        each["id"] for each in answer(tmp_path, "search", "espionage", "--json", schema="search")["articles"]
    ]
    assert [2] == [each["id"] for each in answer(tmp_path, "search", "间谍", "--json", schema="search")["articles"]]
    assert 2 == len(answer(tmp_path, "story", "list", "--json", schema="stories")["stories"])
    listed = presswatch(tmp_path, "story", "list").stdout
    assert "        1 article, 1 owner\n" in listed
    assert listed.endswith("2 stories\n")
    assert "Spies exposed" in presswatch(tmp_path, "show", "1").stdout
    assert answer(tmp_path, "show", "1", "--json", schema="show")["reprint"] is None
    assert presswatch(tmp_path, "export", "", "--format", "csv").stdout.count("\n") == 3


def test_show_tells_people_organisations_and_places_apart(tmp_path: Path) -> None:
    text = (
        "Foreign Minister Ana Kovach met envoys of the Red Cross in Lusaka. The Blue Heron had left. Kovach was calm."
    )
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "7", "title": "Envoys meet", "text": text}))
    presswatch(tmp_path, "import", "a.jsonl")
    shown = [line.strip() for line in presswatch(tmp_path, "show", "1").stdout.splitlines()]

    assert {"people: Ana Kovach", "organisations: Red Cross", "places: Lusaka", "other names: Blue Heron"} <= set(shown)
    assert answer(tmp_path, "show", "1", "--json", schema="show")["names"] == [
        {"text": "Ana Kovach", "kind": "person"},
        {"text": "Red Cross", "kind": "organisation"},
        {"text": "Lusaka", "kind": "place"},
        {"text": "Blue Heron", "kind": "other"},
    ]


def test_one_page_is_cleaned_from_a_file_from_stdin_and_from_lines(tmp_path: Path):
    page = (
        "<html><head><title>Harbour reopens</title></head><body><article><h1>Harbour reopens</h1>"
        + "".join(
            f"<p>Sentence number {n} tells of the harbour and of what was found in it that day.</p>" for n in range(12)
        )
        + "</article></body></html>"
    )
    (tmp_path / "page.html").write_text(page)
    from_file = answer(tmp_path, "extract", "page.html", "--url", "http://a.example/1", "--json", schema="article")
    from_stdin = answer(tmp_path, "extract", "-", "--url", "http://a.example/1", "--json", given=page.encode())
    (tmp_path / "in.jsonl").write_text(
        '{"url": "http://a.example/1", "file": "page.html"}\n{"url": "http://a.example/2", "html": ""}\nno\n'
    )
    lines = presswatch(tmp_path, "extract", "--jsonl", "in.jsonl").stdout.splitlines()

    assert "Harbour reopens" == from_file["title"]
    assert from_file == from_stdin
    assert 3 == len(lines)
    assert '"error"' not in lines[0]
    assert {"url", "error"} == set(json.loads(lines[1]))
    assert ("http://a.example/2", "") == (json.loads(lines[1])["url"], json.loads(lines[2])["url"])
    assert '"error"' in lines[2]


def test_many_pages_are_extracted_in_their_order_whatever_the_number_of_workers(tmp_path: Path) -> None:
    def line(n: int) -> str:
        text = "".join(f"<p>Sentence {at} of page {n} tells of the harbour and of its boats.</p>" for at in range(9))
        html = "" if n % 7 == 3 else f"<html><body><article><h1>Page {n} of many</h1>{text}</article></body></html>"
        return json.dumps({"url": f"http://a.example/{n}", "html": html})

    lines = "\n".join((*(line(n) for n in range(70)), "no JSON", "", '{"url": "http://a.example/cut", "ht'))
    found = [presswatch(tmp_path, "extract", "--jsonl", "-", "--workers", n, given=lines.encode()) for n in "13"]

    assert found[0].stdout == found[1].stdout
    answers = [json.loads(each) for each in found[0].stdout.splitlines()]
    assert [*(f"http://a.example/{n}" for n in range(70)), "", "", ""] == [each["url"] for each in answers]
    assert [n for n in range(73) if n % 7 == 3 or n >= 70] == [n for n, each in enumerate(answers) if "error" in each]


def test_a_line_is_answered_before_the_next_is_given_and_ctrl_c_ends_the_waiting(tmp_path: Path) -> None:
    with extracting(tmp_path) as process:
        for number in (1, 2):
            process.stdin.write(b"\n")
            assert {"url": "", "error": f"line {number} is empty"} == json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        errors = process.stderr.read()

    assert (130, b"") == (process.returncode, errors)


def test_whoever_reads_no_more_answers_ends_the_work_though_lines_may_come(tmp_path: Path) -> None:
    with extracting(tmp_path) as process:
        process.stdin.write(b"\n")
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b"\n")
        errors = process.stderr.read()

    assert (0, b"") == (process.returncode, errors)


@contextlib.contextmanager
def extracting(folder: Path) -> Iterator[Any]:
    """Run ``extract --jsonl -``, and wait for its end with its stdin still open."""
    command = [sys.executable, "-P", "-m", "digest.cli", "extract", "--jsonl", "-"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=folder, bufsize=0, **pipes) as process:
        try:
            yield process
            process.wait(60)
        finally:
            process.kill()


READING = (
    ("search", ""),
    ("stats", "harbour"),
    ("stats", "harbour", "--by", "source", "--share"),
    ("coverage",),
    ("status",),
    ("doctor",),
    ("show", "1"),
    ("story", "list"),
    ("story", "show", "1"),
    ("source", "list"),
    ("watch", "list"),
    ("watch", "test", "harbour"),
    ("watch", "backtest", "port"),
    ("watch", "mentions", "port"),
    ("digest", "list"),
    ("config", "check"),
    ("crawl",),
    ("prune", "--older", "1d", "--dry-run"),
)


LANTERNS = "\n".join(
    f"Lantern {number} was hung on the quay while the council of ward {number} spoke of tolls, eels and rope."
    for number in range(8)
)
DONATE = "Donate to this site today, so that we can go on without any advertisement for another year."
COPIES = (
    {"title": "Lanterns on the quay", "text": LANTERNS, "url": "http://a.example/1", "language": "en"},
    {"title": "Quay lit up", "text": f"{LANTERNS}\n{DONATE}", "url": "http://b.example/2", "language": "en"},
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    presswatch(folder, "init")
    (folder / "config" / "sources.toml").write_text('[quiet]\nname = "Quiet"\nhomepage = "http://quiet.example/"\n')
    (folder / "in.jsonl").write_text(
        '{"title": "Harbour reopens", "text": "The harbour reopened.", "source": "Quiet"}\n'
        + "".join(f"{json.dumps(line)}\n" for line in COPIES)
    )
    presswatch(folder, "import", "in.jsonl")
    presswatch(folder, "watch", "add", "port", "harbour OR port")
    presswatch(folder, "story", "list")
    return folder


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_every_reading_command_gives_one_json_document(kept: Path, command: tuple[str, ...]):
    schema = "story_show" if command[:2] == ("story", "show") else ""

    assert isinstance(answer(kept, *command, "--json", schema=schema), dict)


def test_stories_are_listed_with_their_articles_and_owners_and_of_control_only_what_is_known(kept: Path):
    said = presswatch(kept, "story", "list").stdout

    assert "1 article, 1 owner\n" in said
    assert "outside state control" not in said


def test_who_has_the_same_text_is_called_a_copy_nowhere_while_it_is_open_which_was_first(kept: Path):
    said = presswatch(kept, "story", "show", "2").stdout

    assert ", same text as 2: Quay lit up" in said
    assert ", same text as 2\n" in presswatch(kept, "search", "copies:only").stdout
    assert "same text as: 2 (full" in presswatch(kept, "show", "3").stdout
    assert [[3]] == [step["same_text"] for step in answer(kept, "story", "show", "2", "--json")["timeline"]]
    assert "copy of 2" not in said


def test_a_story_marks_an_article_that_was_withdrawn(tmp_path: Path):
    presswatch(tmp_path, "init")
    (tmp_path / "in.jsonl").write_text(f"{json.dumps(COPIES[0])}\n")
    presswatch(tmp_path, "import", "in.jsonl")
    presswatch(tmp_path, "story", "list")
    with open_archive(f"sqlite:///{tmp_path / 'presswatch.db'}") as archive:
        archive.articles.withdraw(1, datetime(2026, 11, 24, 9, tzinfo=UTC), "gone")

    assert ", withdrawn 2026-11-24: " in presswatch(tmp_path, "story", "show", "1").stdout
    assert [[1]] == [step["withdrawn"] for step in answer(tmp_path, "story", "show", "1", "--json")["timeline"]]


def test_places_of_words_are_told_for_every_field(kept: Path):
    hit = answer(kept, "search", "reopened", "--json", schema="search")["articles"][0]

    assert {"title", "lead", "text"} <= hit["highlights"].keys()
    assert [] == hit["highlights"]["title"]


def test_a_csv_of_the_first_articles_says_how_many_there_are_and_how_to_go_on(kept: Path):
    first = presswatch(kept, "search", "", "--csv", "--limit", "2")
    cursor = first.stderr.removeprefix("3 found; next page: --cursor ").strip()
    rest = presswatch(kept, "search", "", "--csv", "--limit", "2", "--cursor", cursor)

    assert "3 found; next page: --cursor" in first.stderr
    assert "" == rest.stderr
    assert 3 + 2 == len([*csv.reader(io.StringIO(first.stdout)), *csv.reader(io.StringIO(rest.stdout))])


def test_a_title_with_a_line_break_breaks_no_list_and_a_lead_is_shown_once(tmp_path: Path):
    made = article(title="Harbour\nreopens", lead="Ships  came in.", text="Ships came in.\n\nAll of them.")
    with open_archive(f"sqlite:///{tmp_path / 'presswatch.db'}") as archive:
        archive.articles.keep([Kept(made)], NOW)

    for command in ("search ships", "watch test harbour", "story list", "story show 1", "show 1"):
        assert "Harbour reopens\n" in presswatch(tmp_path, *command.split()).stdout
    shown = presswatch(tmp_path, "show", "1").stdout
    assert "Harbour reopens\n===============\n" in shown
    assert 1 == shown.count("came in.")


def test_a_copy_is_shown_beside_its_original(kept: Path):
    told = answer(kept, "show", "http://b.example/2", "--json", schema="show")["reprint"]
    shown = presswatch(kept, "show", "http://b.example/2").stdout

    assert (told["kind"], told["direction"]) == ("full", "open")
    assert told["retitled"] == {"before": "Lanterns on the quay", "after": "Quay lit up"}
    assert (told["cut"], told["added"], told["changed"]) == ([], [DONATE], [])
    assert f"added: {{+{DONATE}+}}" in shown


def test_what_a_copy_changed_is_marked_word_by_word(tmp_path: Path):
    presswatch(tmp_path, "init")
    first = {"title": "Lanterns on the quay", "text": LANTERNS, "url": "http://a.example/1", "language": "en"}
    changed = LANTERNS.replace("ward 3", "ward 30").replace("Lantern 5 was hung", "Lantern 5 was not hung")
    second = first | {"title": "Lamps on the quay", "text": changed, "url": "http://b.example/2"}
    (tmp_path / "in.jsonl").write_text(f"{json.dumps(first)}\n{json.dumps(second)}\n")
    presswatch(tmp_path, "import", "in.jsonl")
    shown = presswatch(tmp_path, "show", second["url"]).stdout

    assert "  title: [-Lanterns-]{+Lamps+} on the quay" in shown
    assert "of ward [-3-]{+30+} spoke" in shown
    assert "Lantern 5 was{+ not+} hung" in shown
