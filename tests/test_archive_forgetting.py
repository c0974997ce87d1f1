from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from crawler.archive import Archive, Kept, Poll, Pruned, Tidied, open_archive
from crawler.errors import ArchiveError, ArchiveFull
from crawler.records import CopyKind, CopyOf, Delivery, Edition, Mention, Watch
from tests import databases
from tests.archive_sample import DAY, HERALD, HOUR, LEASE, NOW, article, entries, keep, lease


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "press.db"


@pytest.fixture
def archive(file: Path) -> Iterator[Archive]:
    with open_archive(f"sqlite:///{file}") as opened:
        opened.sources.sync([HERALD], NOW)
        yield opened


def test_nothing_is_left_of_a_forgotten_article(archive: Archive, file: Path) -> None:
    archive.watches.sync([Watch("names", "zebulon")], NOW)
    archive.pages.queue("herald", entries("https://herald.test/zebulon"), NOW)
    secret = article("https://herald.test/zebulon", title="Zebulonia", text="Zebulon lives here. " * 300)
    mention = Mention("names", 0, 1, ("zebulon",))
    archive.articles.keep([Kept(secret, lease(archive).page, frozenset({1, 2}), mentions=(mention,))], NOW)
    keep(archive, article(secret.url, title="Zebulonia", text="Zebulon moved. " * 300), article())
    edition = Edition(0, "morning", "x", 0, 1, NOW, "final", "s", b"<a href='https://herald.test/zebulon'>", b"")
    archive.editions.commit(
        edition, [Delivery(0, 0, "morning", "x", "a@b.test", "email", "<1>", b"zebulon")], None, NOW
    )
    assert b"ebulon" in databases.content(f"sqlite:///{file}")

    archive.forget("https://herald.test/zebulon", NOW)

    assert archive.articles.get("https://herald.test/zebulon") is None
    assert 1 == archive.articles.count() == archive.search("", now=NOW).total
    assert [{}, [], []] == [
        archive.articles.sharing({1, 2}),
        archive.watches.mentions("names"),
        archive.outbox.claim(NOW, LEASE),
    ]
    archive.watches.sync([], NOW)
    left = databases.content(f"sqlite:///{file}").lower()
    assert b"zebulon lives" not in left
    assert b"zebulonia" not in left
    assert b"herald.test/zebulon" not in left


def test_a_forgotten_article_does_not_come_back(archive: Archive) -> None:
    keep(archive, article())
    archive.forget(1, NOW)
    archive.pages.queue("herald", entries("https://herald.test/short"), NOW)

    results = archive.articles.keep([Kept(article(), lease(archive).page), Kept(article())], NOW)

    assert ["forgotten", "forgotten"] == [result.outcome for result in results]
    assert {"herald": {"forgotten": 1}} == archive.pages.counts()


def test_the_earliest_whole_copy_stands_for_an_article_that_is_forgotten(archive: Archive) -> None:
    archive.watches.sync([Watch("own", "harbour copies:no")], NOW)
    (original,) = keep(archive, article())

    def keep_copy(name: str, kind: CopyKind, published: datetime, of: int = original) -> int:
        made = article(f"https://herald.test/{name}", published_utc=published)
        return archive.articles.keep([Kept(made, copy=CopyOf(of, kind, 0.9))], NOW)[0].id

    partial = keep_copy("partial", "partial", NOW - 3 * HOUR)
    late, early = keep_copy("late", "full", NOW), keep_copy("early", "full", NOW - HOUR)

    archive.forget(original, NOW)

    assert [(None, None), (early, "full"), (early, "partial")] == [
        (each.copy_of, each.copy_kind) for each in archive.articles.many([early, late, partial])
    ]
    assert [early] == archive.ids("harbour copies:no", NOW)
    archive.watches.follow_facts(NOW)
    assert [early] == [mention.article for mention in archive.watches.mentions("own")]
    archive.forget(early, NOW)
    archive.forget(late, NOW)
    assert [partial] == archive.ids("harbour copies:no", NOW)


def test_old_articles_are_pruned_and_not_fetched_again(archive: Archive) -> None:
    archive.pages.queue("herald", entries("https://herald.test/a"), NOW - 40 * DAY)
    archive.articles.keep([Kept(article(), lease(archive, NOW - 40 * DAY).page)], NOW - 40 * DAY)
    keep(archive, article("https://herald.test/b"))
    channel = archive.channels.claim(1, NOW, LEASE)
    assert channel is not None
    archive.channels.polled(channel, Poll(NOW - 40 * DAY, "ok"), [], NOW)

    assert Pruned(1, 1) == archive.prune(NOW - 30 * DAY, dry_run=True)
    assert 2 == archive.articles.count()
    assert Pruned(1, 1) == archive.prune(NOW - 30 * DAY)

    assert ["https://herald.test/b"] == [hit.article.url for hit in archive.search("", now=NOW).hits]
    assert 0 == archive.pages.queue("herald", entries("https://herald.test/a"), NOW).new
    assert {"herald": {"too old": 1}} == archive.pages.counts()
    assert Pruned(0, 0) == archive.prune(NOW - 30 * DAY)


@pytest.mark.sqlite_only
def test_a_backup_holds_everything_while_the_archive_is_written(archive: Archive, file: Path, tmp_path: Path) -> None:
    keep(archive, article())
    copy = tmp_path / "copy.db"

    with open_archive(f"sqlite:///{file}") as other, other.writing():
        keep(other, article("https://herald.test/b"), at=NOW + HOUR)
        archive.backup(copy)

    with open_archive(f"sqlite:///{copy}", create=False) as kept:
        assert 1 == kept.articles.count() == kept.search("harbour", now=NOW).total
        assert [2] == keep(kept, article("https://herald.test/c"))
    assert 2 == archive.articles.count()


@pytest.mark.sqlite_only
def test_a_backup_overwrites_nothing(archive: Archive, tmp_path: Path) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("dear")

    with pytest.raises(ArchiveError, match="there is a file already"):
        archive.backup(other)
    with pytest.raises(ArchiveError, match="does not exist"):
        archive.backup(tmp_path / "nowhere" / "copy.db")

    assert "dear" == other.read_text()


CONTENT = {
    "top": [
        {"story": 1, "carrier": {"article": 1, "headline": "The secret"}, "articles": [1]},
        {"story": 2, "carrier": {"article": 2, "headline": "Another"}, "articles": [2]},
    ],
    "sections": [{"watch": "w", "items": [{"story": 3, "others": [{"article": 1}], "articles": [1, 7]}]}],
}


def edition_of(content: object, slot: str = "x", state: str = "final", html: bytes = b"<p>") -> Edition:
    return Edition(0, "morning", slot, 0, 1, NOW, state, "The secret", html, b"text", json.dumps(content))


def test_a_digest_that_carried_a_forgotten_article_keeps_what_it_told_of_others(archive: Archive) -> None:
    (id_, *_) = keep(archive, article(title='The "secret" of O\'Neill & Sons'))
    archive.editions.commit(edition_of(CONTENT), [], None, NOW)
    archive.editions.commit(edition_of({"top": []}, "y"), [], None, NOW)
    found = archive.articles.get(id_)
    assert found is not None
    assert ["x"] == [each.slot for each in archive.editions.carrying(found)]

    archive.forget(id_, NOW)
    first, second = sorted(archive.editions.list(), key=lambda each: each.slot)

    assert {"top": [CONTENT["top"][1]], "sections": [{"watch": "w", "items": []}]} == json.loads(first.content)
    assert (b"", b"", "") == (first.html, first.text, first.subject)
    assert "The secret" == second.subject


@pytest.mark.parametrize("form", ["&#34;secret&#34; of O&#39;Neill &amp; Sons", "&quot;secret&quot; of O&#x27;Neill"])
def test_a_title_is_found_however_a_digest_writes_it(archive: Archive, form: str) -> None:
    (id_,) = keep(archive, article(title='The "secret" of O\'Neill & Sons'))
    html = f"<b>The {form if form.endswith('Sons') else form + ' &amp; Sons'}</b>".encode()
    archive.editions.commit(edition_of({}, html=html), [], None, NOW)
    archive.forget(id_, NOW)

    assert b"" == archive.editions.list()[0].html


def test_a_draft_that_carries_a_forgotten_article_goes_whole(archive: Archive) -> None:
    (id_,) = keep(archive, article())
    archive.editions.commit(edition_of(CONTENT, state="draft"), [], None, NOW)
    archive.forget(id_, NOW)

    assert [] == archive.editions.list()


@pytest.mark.sqlite_only
def test_a_backup_is_read_back_and_leaves_nothing_beside_it(archive: Archive, tmp_path: Path) -> None:
    keep(archive, article())
    copy = tmp_path / "copies"
    copy.mkdir()
    archive.backup(copy / "copy.db")

    assert ["copy.db"] == [path.name for path in copy.iterdir()]
    with open_archive(f"sqlite:///{copy / 'copy.db'}") as restored:
        assert 1 == restored.search("harbour", now=NOW).total


@pytest.mark.sqlite_only
def test_a_backup_that_cannot_be_read_back_is_none(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy is damaged where it was written, as by a bad disk."""
    keep(archive, *(article(f"https://herald.test/{number}", text="word " * 3_000) for number in range(40)))
    real = os.fsync

    def damage(handle: int) -> None:
        real(handle)
        file = tmp_path / "copy.db"
        with file.open("r+b") as copy:
            for page in range(2, file.stat().st_size // 16_384):
                copy.seek(page * 16_384)
                copy.write(b"\xff" * 64)

    monkeypatch.setattr(os, "fsync", damage)
    with pytest.raises(ArchiveError, match="the copy was not made"):
        archive.backup(tmp_path / "copy.db")

    assert not (tmp_path / "copy.db").exists()


@pytest.mark.sqlite_only
def test_a_backup_needs_room_and_says_how_much(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(total=10**9, free=10_000))
    with pytest.raises(ArchiveFull, match=r"it needs about . MB, but only 0 MB are free there; make room"):
        archive.backup(tmp_path / "copy.db")

    assert not (tmp_path / "copy.db").exists()


def delivered(archive: Archive, slot: str, at: datetime, state: str) -> None:
    row = Delivery(0, 0, "morning", slot, "a@b.test", "email", "<1>", b"mail" * 100, state)
    made = Edition(0, "morning", slot, 0, 1, at, "final", "s", b"<p>", b"", "{}")
    archive.editions.commit(made, [row], None, at)


def test_what_was_done_long_ago_goes_in_parts(archive: Archive) -> None:
    for number, (days, state) in enumerate([(90, "waiting"), (80, "sent"), (40, "dead"), (35, "sent"), (1, "sent")]):
        delivered(archive, f"slot-{number}", NOW - days * DAY, state)
    poll = archive.channels.claim(archive.channels.of("herald")[0].id, NOW, LEASE)
    assert poll is not None
    for days in (90, 10):
        archive.channels.polled(poll, Poll(NOW - days * DAY, "ok", 200), [], NOW)
        poll = archive.channels.claim(poll.id, NOW, LEASE)
        assert poll is not None
    for days in (90, 80, 70, 1):
        run = archive.runs.claim("crawl", f"{days}", NOW - days * DAY, LEASE)
        assert run is not None
        archive.runs.finish(run, "done", "", NOW - days * DAY)
    cuts = {"digests": NOW - 60 * DAY, "mails": NOW - 30 * DAY, "log": NOW - 60 * DAY}
    told = archive.tidy(**cuts, dry_run=True)

    assert 5 == len(archive.editions.list())
    assert told == archive.tidy(**cuts) == Tidied(digests=1, mails=3, mail_bytes=1_200, polls=1, runs=2)
    assert ["slot-0", "slot-2", "slot-3", "slot-4"] == sorted(each.slot for each in archive.editions.list())
    assert [400, 0, 0, 400] == [len(row.body) for row in archive.outbox.list()]
    assert ["1", "90"] == sorted(run.slot for run in archive.runs.list())
    assert Tidied() == archive.tidy(**cuts)


def test_the_last_digest_of_a_plan_stays_for_the_next_one_to_begin_where_it_ended(archive: Archive) -> None:
    delivered(archive, "old", NOW - 90 * DAY, "sent")
    archive.tidy(digests=NOW)

    assert ["old"] == [each.slot for each in archive.editions.list()]
