"""Judging as a person does it at the command line; what was said outlives grouping and imports."""

from __future__ import annotations

import getpass
import json
import re
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import UsageError
from tests import commands
from tests.desk import invoke

STORM = "A storm hit the coast of Brittany and flooded the harbour of Brest. Rescue workers found three people dead."
STORM_TOO = (
    "Rescue workers in Brest found three dead after the storm flooded the harbour. The coast of Brittany is closed."
)
STORM_LATER = (
    "Three dead were found by rescue workers in Brest, where the storm flooded the harbour on the Brittany coast."
)
BANK = (
    "The central bank raised its interest rate again. The governor said that inflation is still too high for comfort."
)


def presswatch(*arguments: str) -> str:
    """Run a command in this process, which is faster than in one of its own, and give what it prints."""
    done = invoke(*arguments)
    if done.exception is not None:
        raise done.exception
    return done.stdout


def answer(*arguments: str, schema: str = "") -> Any:
    document = json.loads(presswatch(*arguments, "--json"))
    if schema:
        commands.validate(document, schema)
    return document


def bring(folder: Path, *texts: str, start: int = 1) -> None:
    """Import articles, the first as article 1."""
    lines = [
        {
            "title": text.partition(".")[0],
            "text": text,
            "url": f"http://outlet{number}.example/{number}",
            "published": "2026-11-20T10:00:00Z",
            "source": f"Outlet {number}",
            "language": "en",
        }
        for number, text in enumerate(texts, start)
    ]
    (folder / "in.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n")
    presswatch("import", "in.jsonl")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def brought(folder: Path) -> Path:
    bring(folder, STORM, STORM_TOO, BANK)
    return folder


def stories() -> dict[int, list[int]]:
    found = answer("story", "list", schema="stories")["stories"]
    return {story["id"]: sorted(story["articles"]) for story in found}


def test_a_note_is_shown_with_who_wrote_it(brought: Path) -> None:
    presswatch("note", "1", "Compare with Outlet 2.", "--by", "mei")
    presswatch("note", "http://outlet1.example/1", "Mine.")

    shown = answer("show", "1")["judgements"]
    assert [("mei", "Compare with Outlet 2."), (getpass.getuser(), "Mine.")] == [(j["who"], j["value"]) for j in shown]
    assert "note: Compare with Outlet 2.   [mei, 20" in presswatch("show", "1")


def test_a_note_is_found_listed_and_taken_back(brought: Path) -> None:
    presswatch("note", "1", "Compare with Outlet 2.", "--by", "mei")
    presswatch("note", "1", "Confirmed by our desk.", "--public")
    assert [1] == [each["id"] for each in answer("search", 'note:"our desk"')["articles"]]
    first, second = answer("judgements", "1")["judgements"][::-1]

    assert "1: note taken back" in presswatch("note", "1", "--undo", str(first["id"]), "--by", "tom")
    assert (False, True) == (first["public"], second["public"])
    assert "article 1: note, public Confirmed by our desk." in presswatch("judgements")
    assert re.search(r"mei, 20.* UTC; taken back by tom, 20", presswatch("judgements", "http://outlet1.example/1"))
    assert "public note: Confirmed by our desk." in presswatch("show", "1")
    for wrong in (["--undo", str(first["id"])], ["--undo", "99"], [], ["x", "--undo", "1"]):
        with pytest.raises(UsageError, match=r"taken back by tom|no note to|write the note"):
            presswatch("note", "1", *wrong)
    assert "nobody said anything yet" in presswatch("judgements", "2")


def test_what_was_said_is_listed_by_kind_and_person_page_by_page(brought: Path) -> None:
    presswatch("note", "1", "Compare.", "--by", "mei")
    presswatch("tag", "1", "storm", "brest", "--by", "tom")
    presswatch("mark", "2", "irrelevant", "--by", "mei")
    first = answer("judgements", "--limit", "2")
    second = answer("judgements", "--limit", "2", "--cursor", first["next"])

    assert [["irrelevant", "tag"], ["tag", "note"]] == [
        [each["kind"] for each in page["judgements"]] for page in (first, second)
    ]
    assert second["next"] is None
    assert [("mei", "irrelevant")] == [
        (each["who"], each["kind"])
        for each in answer("judgements", "--who", "mei", "--kind", "irrelevant")["judgements"]
    ]
    assert f"more: --cursor {first['next']}" in presswatch("judgements", "--limit", "2")
    assert "nothing of that was said" in presswatch("judgements", "--who", "nobody")
    for wrong, told in (("--kind", "wanted one of note"), ("--cursor", "no cursor of this list")):
        with pytest.raises(UsageError, match=told):
            presswatch("judgements", wrong, "gossip")


def test_searches_and_stories_say_in_a_few_words_what_was_said_of_an_article(brought: Path) -> None:
    presswatch("tag", "1", "spies", "--by", "mei")
    presswatch("correct", "1", "--date", "2026-11-19", "--by", "mei")
    presswatch("mark", "3", "irrelevant", "--by", "mei")
    found = presswatch("search")
    (story,) = (number for number, articles in stories().items() if 1 in articles)

    assert ["editors: irrelevant", "editors: date corrected; tagged spies"] == re.findall(r"editors: .*", found)
    assert "editors: date corrected; tagged spies" in presswatch("story", "show", str(story))


def test_a_tag_is_searchable_until_it_is_removed(brought: Path) -> None:
    assert "1: follow-up, storm" in presswatch("tag", "1", "follow-up", "storm")
    assert [1] == [each["id"] for each in answer("search", "tag:follow-up")["articles"]]

    assert "1: storm" in presswatch("tag", "1", "follow-up", "--remove")
    assert 0 == answer("search", "tag:follow-up")["total"]


def test_a_tag_that_is_too_long_is_told(brought: Path) -> None:
    with pytest.raises(UsageError, match="a tag has 81 characters"):
        presswatch("tag", "1", "x" * 81)


def test_a_correction_is_shown_with_its_evidence_and_taken_back(brought: Path) -> None:
    corrected = ["correct", "1", "--date", "2026-11-19T08:00:00+01:00", "--author", "Liu Xin", "--author", "A. Kerr"]
    presswatch(*corrected, "--by", "mei")
    shown = answer("show", "1")

    assert ("2026-11-19T08:00:00+01:00", "2026-11-19T07:00:00Z") == (shown["published"], shown["published_utc"])
    assert ["Liu Xin", "A. Kerr"] == shown["authors"]
    assert "corrected by mei" == shown["published_evidence"]
    presswatch("correct", "1", "--undo")
    assert "2026-11-20T10:00:00Z" == answer("show", "1")["published"]


def test_what_cannot_be_said_is_refused_with_the_remedy(brought: Path) -> None:
    refused = {
        ("correct", "1"): "--date",
        ("correct", "1", "--date", "soon"): "2026-11-23",
        ("correct", "1", "--undo", "--author", "A"): "--undo",
        ("note", "99", "x"): "99",
        ("mark", "1", "not-a-copy"): "not folded",
        ("story", "split", "1", "3"): "story show 1",
        ("story", "split", "1", "1", "2"): "empty",
        ("story", "merge", "1"): "two stories",
        ("story", "merge", "1", "99"): "no story 99",
    }
    assert {1: [1, 2], 2: [3]} == stories()

    for command, said in refused.items():
        with pytest.raises(UsageError, match=re.escape(said)):
            presswatch(*command)
    assert {1: [1, 2], 2: [3]} == stories()


def test_an_irrelevant_article_leaves_its_story_and_comes_back(brought: Path) -> None:
    assert {1: [1, 2], 2: [3]} == stories()
    presswatch("mark", "2", "irrelevant")
    presswatch("mark", "3", "irrelevant")

    (story,) = answer("story", "list", schema="stories")["stories"]
    assert ([1], 1) == (story["articles"], story["separate_owners"])
    assert {1: [1]} == stories()
    presswatch("mark", "2", "irrelevant", "--undo")
    assert {1: [1, 2]} == stories()
    assert "was not marked" in presswatch("mark", "2", "irrelevant", "--undo")


def test_an_irrelevant_article_is_in_no_digest(brought: Path) -> None:
    presswatch("init")
    presswatch("mark", "3", "irrelevant")
    period = ["--since", "2026-11-19", "--until", "2026-11-21"]
    presswatch("digest", "preview", "morning", *period, "-o", "out.txt")

    text = (brought / "out.txt").read_text()
    assert "Brest" in text
    assert "central bank" not in text


def test_a_split_outlives_the_next_grouping(brought: Path) -> None:
    assert {1: [1, 2], 2: [3]} == stories()
    said = presswatch("story", "split", "1", "2", "--by", "mei")

    assert "story 3 now has 2, out of story 1" in said
    assert {1: [1], 2: [3], 3: [2]} == stories()
    bring(brought, STORM_LATER, start=4)
    after = stories()
    assert [2] == [number for number in after[3] if number < 4]
    assert [1] == [number for number in after[1] if number < 4]
    assert "judged: split 2 out of story 1   [mei, " in presswatch("story", "show", "1")


def test_a_merge_outlives_the_next_grouping(brought: Path) -> None:
    assert {1: [1, 2], 2: [3]} == stories()
    presswatch("story", "merge", "2", "1")

    assert {2: [1, 2, 3]} == stories()
    bring(brought, STORM_LATER, BANK.replace("again", "once more"), start=4)
    assert {2: [1, 2, 3, 4, 5]} == stories()
    assert answer("story", "show", "1") == answer("story", "show", "2")


def test_a_story_tells_what_was_split_from_it_and_merged_into_it(brought: Path) -> None:
    assert {1: [1, 2], 2: [3]} == stories()
    presswatch("story", "split", "1", "2")
    presswatch("story", "merge", "2", "1")

    assert "split from 1" in presswatch("story", "show", "3")
    done = commands.presswatch(brought, "story", "show", "1")
    assert "story 1 is part of story 2 now" in done.stderr
    assert "story 1 was merged into it" in done.stdout
    assert [{"kind": "merge", "story": 1, "into": 2}] == answer("story", "show", "2")["moves"]


def test_what_is_no_copy_counts_as_a_voice_of_its_own(folder: Path) -> None:
    long = " ".join(
        f"Sentence {n} tells what the harbour master of Brest said that day about ship {n}." for n in range(30)
    )
    bring(folder, f"{STORM} {long}", f"{STORM} {long}")
    stories()
    copies = answer("search", "copies:only")["articles"]
    (number,) = [each["id"] for each in copies]

    presswatch("mark", str(number), "not-a-copy")
    (story,) = answer("story", "list")["stories"]
    assert (0, 2) == (answer("search", "copies:only")["total"], story["separate_owners"])
    presswatch("mark", str(number), "not-a-copy", "--undo")
    assert 1 == answer("search", "copies:only")["total"]


def test_a_refusal_ends_with_the_code_for_wrong_usage(brought: Path) -> None:
    done = commands.presswatch(brought, "note", "99", "x", code=2)

    assert "99: there is no such article" in done.stderr
