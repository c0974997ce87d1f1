"""The page of all judgements, the same by command and by the API, and their signs beside headlines."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import open_archive
from digest import judging
from tests.archive_sample import HOUR, NOW
from tests.desk import Desk
from tests.test_web_article import Reader, reader

__all__ = ["reader"]


@pytest.fixture
def judged(reader: Reader) -> Reader:
    """Let two people say something of each kind, and take some of it back."""
    with reader.archive() as archive:
        archive.judgements.note(1, "Look <again>.", "mei", NOW)
        archive.judgements.tag(1, ["spies", "间谍"], "tom", NOW)
        judging.mark(archive, 2, "irrelevant", "mei", NOW)
        judging.correct(archive, 1, "mei", NOW, date="2026-11-20")
        judging.split(archive, 1, [3], "tom", NOW)
        archive.judgements.take_back(1, "tom", NOW + HOUR)
    return reader


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition('<main id="main"')[2]).split())


def test_the_page_tells_who_said_what_of_which_article_and_when(judged: Reader) -> None:
    page = judged.page("/judgements")

    heads = re.findall(r'<h2 class="head"[^>]*><a href="([^"]+)"', page)
    assert ["/story/1", "/article/1", "/article/2", "/article/1", "/article/1", "/article/1"] == heads
    told = text(page)
    assert "Look &lt;again&gt;." in told
    assert re.search(r"Note Look &lt;again&gt;. mei , [^;]*12:00 UTC; taken back by tom , [^;]*13:00 UTC", told), told
    assert "/search?q=tag%3A%22spies%22" in page


def test_the_page_is_chosen_by_kind_and_person_and_turned(judged: Reader) -> None:
    with judged.archive() as archive:
        for number in range(40):
            archive.judgements.note(1, f"Note {number}.", "ann", NOW)
    first = judged.page("/judgements?kind=note&who=ann")
    (following,) = re.findall(r'href="([^"]+)" rel="next"', first)
    second = judged.page(following.replace("&amp;", "&"))

    assert ("Note 39.", True, False) == (re.findall(r"Note \d+\.", first)[0], "Note 10." in first, "Note 9." in first)
    shown = dict.fromkeys(re.findall(r"Note \d+\.", text(second)))
    assert [f"Note {number}." for number in reversed(range(10))] == [*shown]
    assert "Look" not in first + second
    assert 'value="ann" selected' in second
    assert "Nobody said anything of that kind" in judged.page("/judgements?kind=merge")
    assert 400 == judged.ask("/judgements?kind=gossip").status_code == judged.ask("/judgements?cursor=x").status_code


def test_a_judgement_is_taken_back_from_the_list_which_stays_as_it_was_chosen(judged: Reader) -> None:
    page = judged.page("/judgements?kind=irrelevant")
    (number,) = re.findall(r'name="judgement" value="(\d+)"', page)
    answer = judged.send("/judgements/take-back", {"judgement": number, "kind": "irrelevant"})

    assert "/judgements?kind=irrelevant" == answer.url.raw_path.decode()
    assert "Taken back." in answer.text
    assert 'name="judgement"' not in answer.text
    with judged.archive() as archive:
        assert set() == archive.judgements.irrelevant()
    again = judged.send("/judgements/take-back", {"judgement": number})
    assert (400, True) == (again.status_code, "taken back by" in again.text)


def test_a_split_is_undone_from_the_list_by_a_merge(judged: Reader) -> None:
    (address,) = re.findall(r'href="([^"]+)">Merge again', judged.page("/judgements?kind=split"))

    assert 200 == judged.ask(address).status_code


def test_page_command_and_api_give_the_same(judged: Reader, desk: Desk, tmp_path: Path) -> None:
    def by_command(*options: str) -> Any:
        return json.loads(desk.run(tmp_path, "--archive", judged.archive_url, "judgements", "--json", *options).stdout)

    everything = judged.ask("/api/v1/judgements").json()
    first = judged.ask("/api/v1/judgements?limit=4").json()
    assert everything == by_command()
    assert first == by_command("--limit", "4")
    assert (
        judged.ask(f"/api/v1/judgements?cursor={first['next']}").json()
        == by_command("--cursor", first["next"])
        == {"judgements": everything["judgements"][4:], "next": None}
    )
    assert judged.ask("/api/v1/judgements?who=tom&kind=tag").json() == by_command("--who", "tom", "--kind", "tag")
    listed = re.findall(r'name="judgement" value="(\d+)"', judged.page("/judgements"))
    held = [each for each in everything["judgements"] if each["article"] and not each["undone_at"]]
    assert [str(each["id"]) for each in held] == listed
    assert 400 == judged.ask("/api/v1/judgements?kind=gossip").status_code


def test_the_list_is_linked_from_where_an_editor_looks(judged: Reader) -> None:
    for path in ("/", "/article/1"):
        assert 'href="/judgements"' in judged.page(path)


def test_results_and_stories_say_in_words_what_was_said_of_an_article(judged: Reader) -> None:
    for path in ("/search", "/story/1"):
        told = text(judged.page(path))
        assert "Editors: date corrected ; tagged spies, 间谍" in told
    assert "Editors: irrelevant" in text(judged.page("/search"))
    assert "noted" not in text(judged.page("/search"))


def test_an_archive_in_which_nobody_judged_says_where_to_begin(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    open_archive(url).close()

    assert "Nobody said anything yet." in text(Reader(url).page("/judgements"))
