"""The page of an article: a copy beside its original, words of watches, and what editors say."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest

from crawler.archive import Archive, Kept, open_archive
from crawler.config import Config
from crawler.raw import RawPage, raw_folder
from crawler.records import CopyOf, Story, Watch
from digest import reprints, side_by_side
from digest.web import app, application
from digest.web.call import STAMP, Visitor
from tests.archive_sample import HERALD, HOUR, NOW, POST, article, keep
from tests.service_sample import configure

BASE = "http://127.0.0.1:8765"
TEXT = (
    "The harbour of Eastport opened on Monday. Ships had waited for two days. The pilots were the first to leave.\n\n"
    "The mayor thanked the crews of the tugs. Nobody was hurt in the storm."
)
COPY = (
    "The harbour of Eastport opened on Monday. Ships had waited for three days.\n\n"
    "The pilots were the first to leave. Nobody was hurt in the storm. Fares will rise in spring, the port says."
)
CHINESE = "国家安全部周一公布了三起间谍案。一名工程师被判刑十一年。法院没有公布细节。"
ARABIC = "فتح الميناء أبوابه يوم الاثنين. انتظرت السفن يومين. شكر رئيس البلدية الطواقم."


class Reader:
    """A browser that sends the forms of the page."""

    def __init__(self, archive_url: str, config: Config | None = None) -> None:
        self.archive_url = archive_url
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app(archive_url, lambda: NOW + HOUR, "", lambda: config)),
            base_url=BASE,
            follow_redirects=True,
        )

    def ask(self, path: str) -> httpx.Response:
        return asyncio.run(self.client.get(path))

    def page(self, path: str) -> str:
        response = self.ask(path)
        assert response.status_code == 200
        return response.text

    def send(self, path: str, fields: Mapping[str, str | list[str]], stamp: str | None = None) -> httpx.Response:
        if STAMP not in self.client.cookies:
            self.page("/digests")
        stamped = {"stamp": self.client.cookies[STAMP] if stamp is None else stamp, **fields}
        return asyncio.run(self.client.post(path, data=stamped))

    def judge(self, number: int, act: str, **fields: str | list[str]) -> str:
        response = self.send(f"/article/{number}/judge", {"act": act, **fields})
        assert response.status_code == 200, response.text
        return unescape(response.text)

    def archive(self) -> Archive:
        return open_archive(self.archive_url)


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url) as archive:
        archive.sources.sync([HERALD, POST], NOW)
        archive.watches.sync([Watch("harbours", "harbour OR 间谍"), Watch("storms", "storm")], NOW)
        keep(archive, article(text=TEXT, authors=("Ann Editor",), evidence={"authors": "byline"}))
        copy = article("https://post.test/2", source="post", text=COPY, title="Eastport opens", published_utc=NOW)
        archive.articles.keep([Kept(copy, copy=CopyOf(1, "partial", 0.7))], NOW)
        keep(
            archive, article("https://post.test/3", source="post", title="Tugs thanked", text="The crews of the tugs.")
        )
        archive.stories.write([Story(1, "Harbour", (1, 2, 3))], [], NOW)
        archive.watches.ask_again(NOW)
    return Reader(url)


def _beside(original: str, copy: str, language: str = "en") -> list[side_by_side.Row]:
    first = article(text=original, language=language)
    second = article(text=copy, language=language, copy_of=1, copy_kind="partial", copy_score=0.7)
    first = replace(first, id=1)
    return side_by_side.rows(second, first, reprints.compare(second, first))


def _told(rows: list[side_by_side.Row], kind: str) -> list[str]:
    """Give what is marked as gone or as come."""
    return [
        part.text for row in rows for paragraph in (*row.original, *row.copy) for part in paragraph if part.kind == kind
    ]


def _whole(rows: list[side_by_side.Row], side: str) -> str:
    return " ".join("".join(part.text for part in paragraph) for row in rows for paragraph in getattr(row, side))


def test_a_copy_stands_beside_its_original_sentence_by_sentence() -> None:
    rows = _beside(TEXT, COPY)

    assert ["two", "The mayor thanked the crews of the tugs."] == _told(rows, "del")
    assert ["three", "Fares will rise in spring, the port says."] == _told(rows, "ins")
    assert " ".join(TEXT.split()) == _whole(rows, "original")
    assert " ".join(COPY.split()) == _whole(rows, "copy")


@pytest.mark.parametrize(
    ("text", "language", "old", "new"), [(CHINESE, "zh", "工程师", "技术员"), (ARABIC, "ar", "السفن", "القوارب")]
)
def test_a_copy_stands_beside_its_original_in_every_script(text: str, language: str, old: str, new: str) -> None:
    rows = _beside(text, text.replace(old, new), language)

    assert old in "".join(_told(rows, "del"))
    assert new in "".join(_told(rows, "ins"))
    assert {"same", "changed"} == {row.kind for row in rows}


def test_what_only_moved_is_not_marked() -> None:
    first, second, third = "The port opened.", "Ships had waited for two long days.", "Nobody was hurt at all."

    rows = _beside(f"{first} {second} {third}", f"{third} {first} {second}")

    assert [] == _told(rows, "del") == _told(rows, "ins")


def test_the_page_of_a_copy_shows_both_texts(reader: Reader) -> None:
    page = reader.page("/article/2")

    assert "Beside its original" in page
    assert "<del>two</del>" in page
    assert "<ins>three</ins>" in page
    assert "<del>The mayor thanked the crews of the tugs.</del>" in page
    assert "Beside its original" not in reader.page("/article/1")


def test_words_of_watches_are_marked_in_the_text(reader: Reader) -> None:
    page = reader.page("/article/1")

    assert "The <mark>harbour</mark> of Eastport opened" in page
    assert "Nobody was hurt in the <mark>storm</mark>." in page
    assert "<h1 " in page
    assert "<mark>Harbour</mark> reopens after the <mark>storm</mark></h1>" in page


def test_other_articles_of_the_story_are_named_but_for_copies(reader: Reader) -> None:
    page = reader.page("/article/1").split("In the same story")[1].split("The whole story")[0]

    assert ["/article/3"] == re.findall(r'href="(/article/\d+)"', page)


def test_a_raw_page_that_is_not_kept_is_told(reader: Reader) -> None:
    response = reader.ask("/article/1/raw")

    assert response.status_code == 404
    assert "No raw page is kept" in response.text


def test_a_raw_page_is_shown_as_text_that_does_nothing(tmp_path: Path) -> None:
    config = configure(tmp_path)
    folder = raw_folder(config, tmp_path / "a.db")
    assert folder is not None
    body = "<html><script>alert(1)</script><p>间谍案</p></html>".encode("gb18030")
    url = "https://post.test/zh"
    sent = RawPage(url, url, 200, {"content-type": "text/html; charset=gb18030"}, body, NOW)
    (ref,) = folder.append([sent])
    with open_archive(f"sqlite:///{tmp_path / 'a.db'}") as archive:
        archive.sources.sync([POST], NOW)
        keep(archive, article(url, source="post", raw_ref=ref), article(raw_ref="2026-11-23.warc.gz#99999"))
    reader = Reader(f"sqlite:///{tmp_path / 'a.db'}", config)

    assert '<a href="/article/1/raw">' in reader.page("/article/1")
    response = reader.ask("/article/1/raw")
    assert ("text/plain; charset=utf-8", 200) == (response.headers["content-type"], response.status_code)
    assert "sandbox" in response.headers["content-security-policy"]
    assert "<script>alert(1)</script><p>间谍案</p>" in response.text
    gone = reader.ask("/article/2/raw")
    assert gone.status_code == 404
    assert "as long as [raw] keep says" in gone.text


# What editors say.


def test_a_tag_is_given_found_and_taken_off(reader: Reader) -> None:
    page = reader.judge(1, "tag", tags="follow-up, 端口， spies")

    assert "Tagged follow-up, 端口, spies." in page
    assert "1 article<" in reader.page("/search?q=tag:spies")
    assert "The tag spies is taken off." in reader.judge(1, "untag", tag="spies")
    assert "Nothing matches" in reader.page("/search?q=tag:spies")
    assert "1 taken back" in reader.page("/article/1")


@pytest.mark.parametrize(
    ("act", "fields", "said"),
    [
        ("tag", {"tags": "x" * 81}, "a tag has 81 characters"),
        ("tag", {"tags": ",".join(f"t{number}" for number in range(51))}, "51 tags at once"),
        ("note", {"text": "x" * 10_001}, "the note has 10,001 characters"),
    ],
)
def test_what_is_too_long_is_refused_and_stays_in_its_field(
    reader: Reader, act: str, fields: dict[str, str], said: str
) -> None:
    refused = reader.send("/article/1/judge", {"act": act, **fields})

    assert 400 == refused.status_code
    assert said in refused.text
    assert all(value in refused.text for value in fields.values())


def test_a_note_is_kept_with_who_and_when_and_taken_back(reader: Reader) -> None:
    page = reader.judge(1, "note", text="Compare <b>twice</b>.")
    with reader.archive() as archive:
        (said,) = archive.judgements.of(1)

    assert "Compare <b>twice</b>." in page
    assert "<b>twice</b>" not in reader.page("/article/1")
    assert (said.at, said.public) == (NOW + HOUR, False)
    assert "Taken back" in reader.judge(1, "take-back", judgement=str(said.id))
    reader.judge(1, "note", text="Confirmed.", public="yes")
    page = reader.page("/article/1")
    assert "Note for digests" in page
    assert f'taken back by <span dir="auto">{said.who}</span>' in page


def test_a_correction_shows_what_it_corrects_and_is_taken_back(reader: Reader) -> None:
    seen = "2026-11-23T11:00:00+00:00"
    assert 'from <span class="from" dir="auto">byline</span>' in reader.page("/article/1")
    reader.judge(1, "date", date="2026-11-20", seen=seen)
    page = reader.judge(1, "authors", authors="Liu Xin; A. Kerr", seen="Ann Editor")
    with reader.archive() as archive:
        found, (date, _) = archive.articles.get(1), archive.judgements.of(1)

    assert found is not None
    assert ("2026-11-20", ("Liu Xin", "A. Kerr")) == (found.published, found.authors)
    assert f"corrected by {date.who}" in page
    reader.judge(1, "take-back", judgement=str(date.id))
    with reader.archive() as archive:
        again = archive.articles.get(1)
    assert again is not None
    assert (seen, ("Liu Xin", "A. Kerr")) == (again.published, again.authors)


def test_two_editors_who_correct_at_once_are_told(reader: Reader) -> None:
    reader.judge(1, "date", date="2026-11-20", seen="2026-11-23T11:00:00+00:00")
    late = {"act": "date", "date": "2026-11-21", "seen": "2026-11-23T11:00:00+00:00"}
    response = reader.send("/article/1/judge", late)

    assert response.status_code == 409
    assert "the date became 2026-11-20 (corrected by" in response.text
    assert 'value="2026-11-21"' in response.text
    again = re.search(r'name="seen" value="([^"]*)"', response.text)
    assert again is not None
    reader.judge(1, "date", date="2026-11-21", seen=again[1])
    with reader.archive() as archive:
        found = archive.articles.get(1)
    assert found is not None
    assert "2026-11-21" == found.published


def test_an_irrelevant_article_leaves_its_story_and_comes_back(reader: Reader) -> None:
    page = reader.judge(3, "irrelevant")

    assert "Marked irrelevant: it is in no story and no digest." in page
    assert "/article/3" not in reader.page("/story/1")
    assert "It was marked irrelevant already." in reader.judge(3, "irrelevant")
    with reader.archive() as archive:
        (said,) = archive.judgements.of(3)
    reader.judge(3, "take-back", judgement=str(said.id))
    assert "/article/3" in reader.page("/story/1")


def test_a_copy_is_said_to_be_none(reader: Reader) -> None:
    assert "It counts as a voice of its own where it credits no other outlet." in reader.page("/article/2")
    assert "It stands for itself now" in reader.judge(2, "not-a-copy")
    assert "Beside its original" not in reader.page("/article/2")
    response = reader.send("/article/2/judge", {"act": "not-a-copy"})
    assert "was marked as no copy already" in unescape(response.text)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"act": "date", "date": "soon", "seen": "2026-11-23T11:00:00+00:00"}, "'soon' is no date"),
        ({"act": "date", "date": ""}, "write the date"),
        ({"act": "authors", "authors": " ; "}, "write who wrote it"),
        ({"act": "note", "text": " "}, "must say something"),
        ({"act": "tag", "tags": "!?"}, "is no tag"),
        ({"act": "not-a-copy"}, "not folded"),
        ({"act": "take-back", "judgement": "99"}, "another article"),
        ({"act": "take-back", "judgement": "x"}, "wanted a number"),
        ({"act": "explode"}, "wanted one of"),
    ],
)
def test_what_cannot_be_said_is_told_on_the_page(reader: Reader, fields: dict[str, str], said: str) -> None:
    response = reader.send("/article/1/judge", fields)

    assert response.status_code == 400
    assert said in unescape(response.text)
    with reader.archive() as archive:
        assert [] == archive.judgements.list()


def test_readers_see_what_was_said_and_no_forms(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    reader.judge(1, "note", text="Look again.")
    monkeypatch.setattr(application, "visitor_of", lambda *_: Visitor("ann", "reader", is_user=True))
    page = reader.page("/article/1")

    assert "Look again." in page
    assert ["/logout"] == re.findall(r'<form[^>]*action="([^"]*)"', page.replace('action="/search"', ""))
    assert reader.send("/article/1/judge", {"act": "irrelevant"}).status_code == 403
    assert reader.ask("/story/1/merge").status_code == 403
    with reader.archive() as archive:
        assert set() == archive.judgements.irrelevant()


@pytest.mark.parametrize("path", ["/article/1/judge", "/story/1/split", "/story/1/merge"])
def test_forms_that_are_not_ours_do_nothing(reader: Reader, path: str) -> None:
    assert reader.send(path, {"act": "irrelevant", "out": "1", "other": "1"}, stamp="none").status_code == 403


def test_a_copy_stands_beside_its_original_right_behind_its_text(reader: Reader) -> None:
    """The column of evidence is long: what stands behind that is not found."""
    page = reader.page("/article/2")

    places = [page.index(mark) for mark in ('id="beside"', 'class="side"', 'id="judgements"', 'id="evidence"')]
    assert sorted(places) == places
