"""From an answer to the archive: what becomes of a page, in batches, with real archive and real extraction."""

from __future__ import annotations

import asyncio
import dataclasses
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import Archive, open_archive
from crawler.archive_thread import ArchiveThread
from crawler.clock import Clock
from crawler.counts import Progress, Tally
from crawler.drafts import Draft, keep_drafts
from crawler.errors import NoArticle
from crawler.extract.workers import WorkerFault
from crawler.net import Answer
from crawler.pipelines import Got, Keeper
from crawler.reading import reading
from crawler.records import Article, Entry, Override, Page, Source, Watch
from tests.loopback import article

SOURCES = {
    key: Source(key, key.title(), f"http://{key}.example/", feeds=(f"http://{key}.example/feed",))
    for key in ("one", "two", "picky")
}
SOURCES["two"] = dataclasses.replace(
    SOURCES["two"], overrides=(Override(date(2100, 1, 1), title=("h1",), author=(".nobody",), paths=("/read/*",)),)
)
SOURCES["picky"] = dataclasses.replace(SOURCES["picky"], languages=("zh", "fr"))
STORY = "Lanterns were hung along the quay while the council spoke of tolls, barges, eels and the price of rope. "


class Here:
    """Runs the work of workers in this process."""

    async def call(self, function: Callable[..., Any], *args: Any) -> Any:
        try:
            return function(*args)
        except NoArticle as why:
            return WorkerFault(why.reason, why.detail)


class Desk:
    """An archive with queued pages, and a keeper for them."""

    def __init__(self, archive: ArchiveThread, tries: int = 3):
        self.archive = archive
        self.clock = Clock()
        self.seen: list[Progress] = []
        self.tally = Tally(SOURCES, self.seen.append)
        self.keeper = Keeper(archive, Here(), SOURCES, self.clock, self.tally, tries=tries, seconds=0.05)
        archive.call(lambda each: each.sources.sync(SOURCES.values(), self.clock()))
        archive.call(lambda each: each.watches.sync([Watch("rope", "rope")], self.clock()))

    def lease(self, source: str, *entries: Entry) -> list[Page]:
        def act(archive: Archive) -> list[Page]:
            archive.pages.queue(source, entries, self.clock())
            pages = []
            for _ in entries:
                leased = archive.pages.lease(self.clock(), timedelta(minutes=1), [source])
                assert leased is not None
                archive.hosts.done(leased.turn, self.clock(), 0)
                pages.append(leased.page)
            return pages

        return self.archive.call(act)

    def take(self, *got: Got) -> None:
        async def all_of_them() -> None:
            await asyncio.gather(*(self.keeper.take(each) for each in got))

        asyncio.run(all_of_them())

    def find(self, url: str) -> Page:
        page = self.archive.call(lambda archive: archive.pages.find(url))
        assert page is not None
        return page


@pytest.fixture
def desk() -> Iterator[Desk]:
    with ArchiveThread("sqlite://") as archive:
        yield Desk(archive)


def entry(url: str, title: str = "A title in the feed") -> Entry:
    return Entry(url, title, "The feed has one sentence about it.")


def answer(page: Page, body: str, status: int = 200, **headers: str) -> Answer:
    sent = {"content-type": "text/html", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Answer(page.url, page.url, status, sent, body.encode())


def test_a_page_becomes_an_article_with_its_mentions(desk: Desk) -> None:
    (page,) = desk.lease("one", entry("http://one.example/a"))
    desk.take(Got(page, answer(page, article("Rope is dear", STORY))))
    kept = desk.archive.call(lambda archive: archive.articles.get(page.url))
    mentions = desk.archive.call(lambda archive: archive.watches.mentions("rope"))

    assert kept is not None
    assert kept.title == "Rope is dear"
    assert desk.find(page.url).article == kept.id
    assert [mention.article for mention in mentions] == [kept.id]
    assert desk.tally.of("one").kept == 1
    assert desk.seen[-1].kept == 1


def test_what_an_override_does_not_find_is_counted_by_key(desk: Desk) -> None:
    pages = desk.lease("two", *(entry(f"http://two.example/{path}") for path in ("read/a", "read/b", "c")))
    desk.take(*(Got(page, answer(page, article(f"Rope of {page.id}", f"{page.id} {STORY}"))) for page in pages))
    kept = desk.archive.call(lambda archive: archive.articles.get("http://two.example/read/a"))

    assert desk.tally.of("two").override_missed == {"author": 2}
    assert desk.tally.of("two").kept == 3
    assert kept.evidence["title"] == "override h1"


def test_copies_of_one_batch_know_each_other(desk: Desk) -> None:
    """They come in together, and still one of them is the original and the other its copy."""
    (first,) = desk.lease("one", entry("http://one.example/a"))
    (second,) = desk.lease("two", entry("http://two.example/b"))
    body = article("Lanterns on the quay", STORY)
    desk.take(Got(first, answer(first, body)), Got(second, answer(second, body)))
    articles = [
        desk.archive.call(lambda archive, url=url: archive.articles.get(url)) for url in (first.url, second.url)
    ]
    original, copy = sorted(articles, key=lambda each: each.copy_of is not None)

    assert original.copy_of is None
    assert (copy.copy_of, copy.copy_kind) == (original.id, "full")


def test_a_lost_lease_writes_nothing(desk: Desk) -> None:
    (page,) = desk.lease("one", entry("http://one.example/a"))
    stale = dataclasses.replace(page, token=page.token - 1)
    desk.take(Got(stale, answer(page, article("Rope is dear", STORY))))
    desk.take(Got(stale, answer(page, "", 404)))
    desk.take(Got(stale, answer(page, "", 500)))

    assert desk.find(page.url).state == "leased"
    assert desk.archive.call(lambda archive: archive.articles.get(page.url)) is None
    assert desk.tally.of("one").kept == 0
    assert desk.tally.of("one").dropped == desk.tally.of("one").waiting == {}


def test_a_blocked_page_is_kept_from_its_entry_and_says_why(desk: Desk) -> None:
    (page,) = desk.lease("one", entry("http://one.example/a"))
    desk.take(Got(page, answer(page, "no", 403)))
    kept = desk.archive.call(lambda archive: archive.articles.get(page.url))

    assert kept is not None
    assert (kept.completeness, kept.title) == ("lead", "A title in the feed")
    assert (desk.find(page.url).state, desk.find(page.url).reason) == ("stored", "blocked")
    assert desk.tally.of("one").from_entry == {"blocked": 1}


CHALLENGE = "<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"


@pytest.mark.parametrize("status", [200, 202, 403, 429, 503])
def test_a_challenge_is_blocked_at_once_whatever_its_status(desk: Desk, status: int) -> None:
    (page,) = desk.lease("one", entry("http://one.example/a"))
    asked = dataclasses.replace(answer(page, CHALLENGE, status), headers={"cf-mitigated": "challenge"})
    desk.take(Got(page, asked))
    kept = desk.archive.call(lambda archive: archive.articles.get(page.url))

    assert kept is not None
    assert (kept.completeness, kept.title) == ("lead", "A title in the feed")
    assert (desk.find(page.url).state, desk.find(page.url).reason) == ("stored", "blocked")
    assert "challenge" in desk.find(page.url).detail


def test_a_plain_503_is_tried_again(desk: Desk) -> None:
    (page,) = desk.lease("one", entry("http://one.example/a"))
    desk.take(Got(page, answer(page, "<title>503 Service Unavailable</title><p>Back soon.</p>", 503)))

    assert (desk.find(page.url).state, desk.find(page.url).reason) == ("queued", "server error")


def test_a_page_that_takes_too_much_is_kept_from_its_entry_and_says_so(desk: Desk) -> None:
    (page,) = desk.lease("one", entry("http://one.example/a"))
    desk.take(Got(page, None, "extraction limit", "its scripts use more than 512 MB of memory"))
    kept = desk.archive.call(lambda archive: archive.articles.get(page.url))

    assert kept is not None
    assert (kept.completeness, kept.title) == ("lead", "A title in the feed")
    assert (desk.find(page.url).state, desk.find(page.url).reason) == ("stored", "extraction limit")


def test_articles_in_languages_that_were_not_asked_for_are_dropped_with_that_reason(desk: Desk) -> None:
    page, blocked = desk.lease(
        "picky", entry("http://picky.example/b"), Entry("http://picky.example/c", "Rope is dear", STORY)
    )
    desk.take(Got(page, answer(page, article("Rope is dear", STORY))), Got(blocked, answer(blocked, "no", 403)))
    kept, dropped = desk.find(page.url), desk.find(blocked.url)

    assert (kept.state, kept.reason, kept.detail) == (
        "dropped",
        "language",
        "it is in en (by its text); asked for: zh, fr",
    )
    assert (dropped.state, dropped.reason) == ("dropped", "language")
    assert desk.tally.of("picky").dropped == {"language": 2}


def test_a_text_too_short_to_tell_its_language_is_kept(desk: Desk) -> None:
    (page,) = desk.lease("picky", Entry("http://picky.example/c", "Oslo"))
    desk.take(Got(page, answer(page, "no", 403)))

    assert (desk.find(page.url).state, desk.find(page.url).reason) == ("stored", "blocked")


def test_a_blocked_page_without_a_title_is_dropped(desk: Desk) -> None:
    (page,) = desk.lease("one", Entry("http://one.example/a"))
    desk.take(Got(page, answer(page, "no", 403)))

    assert (desk.find(page.url).state, desk.find(page.url).reason) == ("dropped", "blocked")


def test_a_page_that_fails_is_tried_again_and_at_last_dropped(desk: Desk) -> None:
    (page,) = desk.lease("one", entry("http://one.example/a"))
    desk.take(Got(page, answer(page, "", 502)))
    again = desk.find(page.url)

    assert (again.state, again.reason, again.attempts) == ("queued", "server error", 1)
    (left,) = [dataclasses.replace(again, attempts=3, state="leased")]
    desk.take(Got(left, None, "timeout", "too slow"))
    assert (desk.find(page.url).state, desk.find(page.url).reason) == ("dropped", "timeout")
    assert desk.tally.of("one").waiting == {"server error": 1}
    assert desk.tally.of("one").dropped == {"timeout": 1}


def test_a_site_under_maintenance_is_asked_again_and_loses_no_article(desk: Desk) -> None:
    said = "Our website is currently undergoing scheduled maintenance. Thank you for your patience."
    notice = f"<html><head><title>Back soon</title></head><body><h1>Back soon</h1><p>{said}</p></body></html>"
    (page,) = desk.lease("one", entry("http://one.example/a"))
    before = desk.clock()
    desk.take(Got(page, answer(page, notice)))
    again = desk.find(page.url)
    when = desk.archive.call(lambda archive: archive.pages.wait(desk.clock(), ["one"]))

    assert (again.state, again.reason, again.attempts) == ("queued", "maintenance", 1)
    assert when - before >= timedelta(hours=1)

    desk.clock = desk.keeper._clock = Clock(timedelta(hours=2))
    leased = desk.archive.call(lambda archive: archive.pages.lease(desk.clock(), timedelta(minutes=1), ["one"]))
    desk.take(Got(leased.page, answer(page, article("Rope is dear", STORY))))

    assert (desk.find(page.url).state, desk.find(page.url).reason) == ("stored", "")


def test_a_page_that_was_slow_once_carries_no_reason_when_it_is_kept(desk: Desk) -> None:
    (page,) = desk.lease("one", entry("http://one.example/a"))
    slow = dataclasses.replace(page, reason="timeout", detail="too slow")
    desk.take(Got(slow, answer(page, article("Rope is dear", STORY))))

    assert (desk.find(page.url).state, desk.find(page.url).reason) == ("stored", "")


def test_retry_after_is_kept_to_the_second(desk: Desk) -> None:
    (page,) = desk.lease("one", entry("http://one.example/a"))
    before = desk.clock()
    desk.take(Got(page, answer(page, "", 429, retry_after="86400")))
    when = desk.archive.call(lambda archive: archive.pages.wait(desk.clock(), ["one"]))

    assert before + timedelta(days=1) <= when <= desk.clock() + timedelta(days=1)


def test_batches_are_written_together_and_in_time(desk: Desk) -> None:
    pages = desk.lease("one", *(entry(f"http://one.example/{number}") for number in range(120)))
    desk.take(*(Got(page, answer(page, "", 404)) for page in pages))

    assert desk.tally.of("one").dropped == {"not found": 120}


def test_a_page_that_leads_to_a_kept_article_is_a_duplicate(desk: Desk) -> None:
    first, second = desk.lease("one", entry("http://one.example/a"), entry("http://one.example/b"))
    body = article("Rope is dear", STORY)
    desk.take(Got(first, answer(first, body)))
    desk.take(Got(second, dataclasses.replace(answer(second, body), final_url=first.url)))

    assert (desk.find(second.url).state, desk.find(second.url).reason) == ("dropped", "duplicate")
    assert desk.tally.of("one").dropped == {"duplicate": 1}


def test_a_broken_archive_is_told_to_whoever_waits(tmp_path: Path) -> None:
    with ArchiveThread(f"sqlite:///{tmp_path / 'a.db'}") as archive:
        desk = Desk(archive)
        (page,) = desk.lease("one", entry("http://one.example/a"))

        def broken(archive: Archive) -> None:
            raise OSError("the disk is gone")

        async def put() -> None:
            await desk.keeper._put(act=broken)

        with pytest.raises(OSError, match="the disk is gone"):
            asyncio.run(put())
        desk.take(Got(page, answer(page, "", 404)))

        assert desk.find(page.url).reason == "not found"


def test_a_clock_can_be_set() -> None:
    start = datetime(2030, 1, 1, tzinfo=UTC)

    assert timedelta(0) <= Clock.starting(start)() - start < timedelta(seconds=5)


def prose(seed: int) -> str:
    chance = random.Random(seed)
    return " ".join("".join(chance.choices("abcdefghij", k=chance.randint(3, 8))) for _ in range(200))


def draft(name: str, text: str, source: str = "one", **fields: Any) -> Draft:
    made = Article(f"http://{source}.example/{name}", source, name.title(), text, language="en")
    return Draft(reading(dataclasses.replace(made, **fields)), SOURCES[source])


def kept_in(archive: Archive, *drafts: Draft) -> list[tuple[int | None, str | None]]:
    for each in drafts:
        keep_drafts(archive, [each], Clock()())
    return [(each.copy_of, each.copy_kind) for each in archive.articles.many(range(1, archive.articles.count() + 1))]


def test_an_edited_article_is_a_revision_and_never_a_copy_of_its_own_copies() -> None:
    text, more = prose(1), prose(2)
    with open_archive("sqlite:///:memory:") as archive:
        copies = kept_in(archive, draft("a", text), draft("b", text, "two"), draft("a", f"{text} {more[:300]}"))

        assert copies == [(None, None), (1, "full")]
        assert len(archive.articles.revisions(1)) == 1


def test_copies_follow_when_their_original_is_rewritten() -> None:
    text, more = prose(1), prose(2)
    third = f"{text} {more[:60]}"
    with open_archive("sqlite:///:memory:") as archive:
        kept_in(archive, draft("a", text), draft("b", text, "two"), draft("c", third, "picky"))
        longer = kept_in(archive, draft("a", f"{text} {prose(3)} {prose(4)}"))
        elsewhere = kept_in(archive, draft("a", prose(5)))

    assert longer == [(None, None), (1, "partial"), (1, "partial")]
    # What the two have in common was there, though it is not in the first any more.
    assert elsewhere == [(None, None), (None, None), (2, "full")]


def test_a_watch_for_copies_knows_a_copy_when_it_comes() -> None:
    with open_archive("sqlite:///:memory:") as archive:
        archive.watches.sync([Watch("first", "lang:en copies:no"), Watch("copied", "lang:en copies:only")], Clock()())
        kept_in(archive, draft("a", prose(1)), draft("b", prose(1), "two"))

        assert {1} == {mention.article for mention in archive.watches.mentions("first")}
        assert {2} == {mention.article for mention in archive.watches.mentions("copied")}


def mentioned(archive: Archive) -> dict[str, bool]:
    return {watch.name: bool(archive.watches.mentions(watch.name)) for watch in archive.watches.all()}


def found(archive: Archive) -> dict[str, bool]:
    return {watch.name: bool(archive.ids(watch.query, Clock()())) for watch in archive.watches.all()}


def test_watches_see_nothing_of_a_source_that_an_import_made_up_which_searches_do_not_see() -> None:
    queries = ("kind:unknown", "kind:online", "control:unknown", 'source:"new-york times"', 'source:"new york times"')
    with open_archive("sqlite:///:memory:") as archive:
        archive.watches.sync([Watch(query, f"{query} eels") for query in queries], Clock()())
        article = Article("http://nyt.example/a", "New York Times", "Eels", "Eels are back.")
        keep_drafts(archive, [Draft(reading(article), Source(article.source, article.source, ""))], Clock()())

        assert found(archive) == mentioned(archive)
        assert mentioned(archive)["kind:unknown"]


def test_watches_see_of_a_revision_what_is_kept_of_it() -> None:
    queries = ("source:one", "source:two", "after:2019-11-01", "-after:2019-11-01", "seen-after:2200-01-01")
    with open_archive("sqlite:///:memory:") as archive:
        archive.sources.sync(SOURCES.values(), Clock()())
        archive.watches.sync([Watch(query, f"{query} eels") for query in queries], Clock()())
        first = Article("http://one.example/a", "one", "Barges", "Barges wait.", published="2019-11-06")
        second = dataclasses.replace(first, source="two", title="Eels", text="Eels are back.", published=None)
        keep_drafts(archive, [Draft(reading(first), SOURCES["one"])], Clock()())
        keep_drafts(archive, [Draft(reading(second), SOURCES["two"])], datetime(2200, 1, 2, tzinfo=UTC))

        assert found(archive) == mentioned(archive)
        assert mentioned(archive)["source:one"]


def test_watches_follow_what_a_page_says_anew_of_a_text_that_stays() -> None:
    with open_archive("sqlite:///:memory:") as archive:
        archive.watches.sync([Watch("english", "lang:en"), Watch("tagged", "tag:eels")], Clock()())
        kept_in(archive, draft("a", prose(1)))
        assert {"english": True, "tagged": False} == mentioned(archive)

        kept_in(archive, draft("a", prose(1), language="pl", tags=("Eels",)))
        assert {"english": False, "tagged": True} == mentioned(archive) == found(archive)


def test_what_is_edited_until_it_is_a_text_of_its_own_is_no_copy_any_more() -> None:
    with open_archive("sqlite:///:memory:") as archive:
        assert kept_in(archive, draft("a", prose(1)), draft("b", prose(1), "two"))[1] == (1, "full")
        assert kept_in(archive, draft("b", prose(2), "two"))[1] == (None, None)


def test_an_original_that_comes_last_is_the_original_of_all_its_copies() -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    text, cut = prose(1), prose(1)[:700]

    def at(hour: int) -> dict[str, Any]:
        return {"published_utc": noon + timedelta(hours=hour), "published_precision": "minute"}

    with open_archive("sqlite:///:memory:") as archive:
        copies = kept_in(
            archive,
            draft("b", text, "two", **at(2)),
            draft("c", cut, "picky", **at(3)),
            draft("a", text, "one", **at(0)),
        )

        assert copies == [(3, "full"), (3, "partial"), (None, None)]


def test_copies_of_an_earlier_text_do_not_go_where_its_article_goes_with_a_new_one() -> None:
    with open_archive("sqlite:///:memory:") as archive:
        kept_in(archive, draft("a", prose(1)), draft("b", prose(2), "two"), draft("c", prose(2), "picky"))

        assert kept_in(archive, draft("b", prose(1), "two")) == [(None, None), (1, "full"), (None, None)]
