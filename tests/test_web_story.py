"""The page of a story: who told it, what is new, and how editors split and merge."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest

from crawler.archive import Kept, open_archive
from crawler.records import CopyOf, Edition, Outlet, Story
from tests.archive_sample import HERALD, HOUR, NOW, POST, article, keep
from tests.test_web_article import Reader


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """Hold a story of two texts and a copy of the first, and one of another text."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    outlets = (
        Outlet("herald", "The Herald", "newspaper", "private", "gb"),
        Outlet("post", "Morning Post", "newspaper", "state", "cn"),
        Outlet("wire", "The Wire", "agency", "unknown"),
    )
    with open_archive(url) as archive:
        archive.sources.sync([HERALD, POST], NOW)
        keep(archive, article(), article("https://post.test/2", source="post", text="Ships may enter again."))
        copy = article("https://post.test/3", source="post", title="Harbour open", published_utc=NOW)
        archive.articles.keep([Kept(copy, copy=CopyOf(1, "full", 0.9))], NOW)
        keep(
            archive,
            article("https://post.test/4", source="post", title="间谍案公布", text="三起间谍案。", language="zh"),
        )
        harbour = Story(1, "Harbour reopens", (1, 2, 3), outlets=outlets, first=NOW, last=NOW)
        archive.stories.write([harbour, Story(2, "间谍案公布", (4,), languages=("zh",))], [], NOW)
    return Reader(url)


def _members(reader: Reader) -> dict[int, list[int]]:
    with reader.archive() as archive:
        return {story.id: sorted(story.articles) for story in archive.stories.list()}


def _act(reader: Reader, path: str, **fields: str | list[str]) -> str:
    response = reader.send(path, fields)
    assert response.status_code == 200, response.text
    return unescape(response.text)


def test_outlets_are_told_by_kind_and_country(reader: Reader) -> None:
    page = reader.page("/story/1")

    assert page.index("newspaper") < page.index("agency")
    assert "China&#160;1, United Kingdom&#160;1, country not known&#160;1" in page


def test_what_is_new_is_told_since_the_last_digest_that_shows_the_story(reader: Reader) -> None:
    assert "no digest has shown this story" in reader.page("/story/1")
    with reader.archive() as archive:
        edition = Edition(0, "morning", "2026-11-23", 0, 9, NOW + HOUR / 2, "final", "Morning", content="{}")
        archive.editions.commit(edition, [], None, NOW, stories=[1])
        skipped = Edition(0, "evening", "2026-11-23", 0, 9, NOW, "skipped", "Evening", content="{}")
        archive.editions.commit(skipped, [], None, NOW, stories=[1])
        late = article("https://post.test/5", source="post", text="The pilots went on strike at noon.")
        keep(archive, late, at=NOW + HOUR)
        archive.stories.write([Story(1, "Harbour reopens", (1, 2, 3, 5))], [], NOW)
    new = reader.page("/story/1").split("What is new")[1].split("</section>")[0]

    assert "The pilots went on strike at noon." in new
    assert "Ships may enter" not in new
    assert 'the <a href="/digests/1">last digest that shows it</a>' in new


def test_a_story_is_split_with_copies_and_merged_again(reader: Reader) -> None:
    form = reader.page("/story/1")
    assert "with 1 copy" in form
    page = _act(reader, "/story/1/split", out=["1"], seen="1 2 3")

    assert {1: [2], 2: [4], 3: [1, 3]} == _members(reader)
    assert "This story now has article 1, 3, out of story 1. A merge undoes it." in page
    assert '<a href="/story/1/merge?other=3">Merge again</a>' in page
    both = reader.page("/story/1/merge?other=3")
    assert "This one stays" in both
    assert 'value="1 2 3"' in both
    page = _act(reader, "/story/1/merge", other="3", seen="1 2 3")
    assert {1: [1, 2, 3], 2: [4]} == _members(reader)
    assert "Story 3 is part of this story now, with 3 articles." in page
    assert "Story 3 is part of this story now." in reader.page("/story/3")


def test_a_merge_is_found_by_words_or_number_and_split_again(reader: Reader) -> None:
    assert "Show both" in reader.page("/story/1/merge?q=间谍案")
    assert "/story/1/merge?other=2" in reader.page("/story/1/merge?q=2")
    assert "No other story matches" in reader.page("/story/1/merge?q=zebra")
    assert "No other story matches" in reader.page("/story/1/merge?q=harbour")
    page = _act(reader, "/story/1/merge", other="2", seen="1 2 3 4")

    assert {1: [1, 2, 3, 4]} == _members(reader)
    assert '<a href="/story/1?out=4#split">Split again</a>' in page
    chosen = reader.page("/story/1?out=4")
    assert 'value="4" checked' in chosen
    assert 'value="2" checked' not in chosen
    _act(reader, "/story/1/split", out="4", seen="1 2 3 4")
    assert {1: [1, 2, 3], 3: [4]} == _members(reader)


@pytest.mark.parametrize(
    ("path", "fields", "status", "said"),
    [
        ("/story/1/split", {}, 400, "choose the articles"),
        ("/story/1/split", {"out": "4", "seen": "1 2 3"}, 400, "4: not in story 1"),
        ("/story/1/split", {"out": ["1", "2"], "seen": "1 2 3"}, 400, "would be left empty"),
        ("/story/1/split", {"out": "2", "seen": "1 2"}, 409, "3 came"),
        ("/story/1/split", {"out": "2", "seen": "9" * 5_000}, 409, "came"),
        ("/story/1/merge", {"other": "2", "seen": "1 2 3 4 5"}, 409, "5 left"),
        ("/story/1/merge", {"other": "1", "seen": "1 2 3"}, 400, "not one already"),
        ("/story/1/merge", {"other": "99", "seen": "1 2 3"}, 400, "there is no story 99"),
        ("/story/99/split", {"out": "1"}, 404, "no story 99"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(
    reader: Reader, path: str, fields: dict[str, str | list[str]], status: int, said: str
) -> None:
    response = reader.send(path, fields)

    assert response.status_code == status
    assert said in unescape(response.text)
    assert {1: [1, 2, 3], 2: [4]} == _members(reader)


@pytest.mark.parametrize("path", ["/story/1/merge?other=1", "/story/1/merge?other=x", "/story/1/merge?q=title:"])
def test_a_bad_choice_of_the_other_story_is_told(reader: Reader, path: str) -> None:
    assert reader.ask(path).status_code == 400


def test_who_split_what_and_when_is_told(reader: Reader) -> None:
    _act(reader, "/story/1/split", out="2", seen="1 2 3")
    with reader.archive() as archive:
        (said,) = archive.judgements.of_story(1)
    record = reader.page("/story/3").split(">Record<")[1]

    assert said.who in record
    assert "23 Nov 2026, 13:00 UTC" in record
    assert "2 out of story 1" in record


def test_a_story_whose_articles_are_all_irrelevant_is_told_as_empty(reader: Reader) -> None:
    reader.judge(4, "irrelevant")
    page = reader.page("/story/2")

    assert "This story has no articles any more." in page
    assert "Take articles out" not in page
    assert reader.ask("/story/2/merge").status_code == 200
    assert reader.send("/story/2/merge", {"other": "1", "seen": "1 2 3"}).status_code == 400
    assert reader.send("/story/2/split", {"out": "4", "seen": ""}).status_code == 400
    assert {1: [1, 2, 3]} == _members(reader)
