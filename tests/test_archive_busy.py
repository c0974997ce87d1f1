"""Every public method of the archive, while another process holds it: ArchiveBusy, and nothing else."""

from __future__ import annotations

import inspect
from array import array
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]

from crawler.archive import (
    Archive,
    Bag,
    Bagged,
    FileIdentity,
    FileImport,
    Kept,
    Offer,
    OpenList,
    Poll,
    Robots,
    Sifted,
    Turn,
    opening,
)
from crawler.archive.sqlite import open_store
from crawler.errors import ArchiveBusy
from crawler.rechecks import Again
from crawler.records import ApiToken, Bounce, Channel, CopyOf, Delivery, Edition, Page, Run, Watch
from tests.archive_sample import HERALD, LEASE, NOW, article, entries
from tests.databases import Server

CHANNEL = Channel(1, "herald", "feed", "https://herald.test/rss")
PAGE = Page(1, "https://herald.test/a", "herald", "herald.test")
TURN = Turn("herald.test", 1, NOW)
RUN = Run(1, "job", "slot", "running", 1, 1, NOW)
EDITION = Edition(0, "morning", "2026-11-23", 0, 1, NOW, "final", "")
DELIVERY = Delivery(1, 1, "morning", "2026-11-23", "ann@reader.test", "email", "<1>", b"")

BOUNCE = Bounce("ann@reader.test", NOW, "5.1.1", "", "mark")

LIST = OpenList(1, "herald", "https://herald.test/map", "sitemap")

ACTS: dict[str, Callable[[Archive], object]] = {
    "search": lambda a: a.search("harbour", now=NOW),
    "count": lambda a: a.count("harbour", NOW),
    "total": lambda a: a.total("harbour", NOW),
    "stats": lambda a: a.stats("harbour", "day", now=NOW),
    "ids": lambda a: a.ids("harbour", NOW),
    "overview": lambda a: a.overview("harbour", now=NOW),
    "source_labels": lambda a: a.source_labels(),
    "source_names": lambda a: a.source_names(),
    "best": lambda a: a.best("harbour", NOW, 20),
    "facets": lambda a: a.facets("harbour", NOW),
    "hits": lambda a: a.hits("harbour", [1]),
    "index_is_old": lambda a: a.index_is_old(),
    "reindex": lambda a: a.reindex(NOW),
    "even_out": lambda a: a.even_out(),
    "prune": lambda a: a.prune(NOW),
    "tidy": lambda a: a.tidy(digests=NOW, mails=NOW, log=NOW),
    "faults": lambda a: a.faults(),
    "vitals.numbers": lambda a: a.vitals.numbers(NOW),
    "vitals.queue": lambda a: a.vitals.queue(NOW),
    "vitals.heads": lambda a: a.vitals.heads(["morning"]),
    "vitals.dispatch": lambda a: a.vitals.dispatch(NOW),
    "runs.of": lambda a: a.runs.of("crawl"),
    "editions.showing": lambda a: a.editions.showing(1),
    "editions.latest": lambda a: a.editions.latest(),
    "editions.carrying": lambda a: a.editions.carrying(replace(article(), id=1)),
    "forget": lambda a: a.forget(1, NOW),
    "writing": lambda a: a.writing().__enter__(),
    "sources.sync": lambda a: a.sources.sync([HERALD], NOW),
    "sources.get": lambda a: a.sources.get("herald"),
    "sources.all": lambda a: a.sources.all(),
    "sources.pause": lambda a: a.sources.pause("herald", NOW),
    "sources.resume": lambda a: a.sources.resume("herald", NOW),
    "sources.paused": lambda a: a.sources.paused(),
    "sources.health": lambda a: a.sources.health(NOW),
    "sources.days": lambda a: a.sources.days(["herald"], NOW),
    "sources.states": lambda a: a.sources.states(NOW),
    "sources.coverage": lambda a: a.sources.coverage(None, NOW, NOW),
    "channels.of": lambda a: a.channels.of("herald"),
    "channels.get": lambda a: a.channels.get(1),
    "channels.due": lambda a: a.channels.due(NOW),
    "channels.hasten": lambda a: a.channels.hasten("herald", NOW),
    "channels.abandon": lambda a: a.channels.abandon("herald", NOW),
    "channels.claim": lambda a: a.channels.claim(1, NOW, LEASE),
    "channels.unasked": lambda a: a.channels.unasked(CHANNEL, NOW),
    "channels.standing": lambda a: a.channels.standing(NOW),
    "channels.release": lambda a: a.channels.release(CHANNEL),
    "channels.polled": lambda a: a.channels.polled(CHANNEL, Poll(NOW, "ok"), [], NOW),
    "channels.serve": lambda a: a.channels.serve(CHANNEL, Sifted("herald"), NOW),
    "channels.parts": lambda a: a.channels.parts(1),
    "channels.polls": lambda a: a.channels.polls(1),
    "channels.found": lambda a: a.channels.found(CHANNEL, [], NOW),
    "explorations.begin": lambda a: a.explorations.begin("1", "herald.test", "ann", NOW, LEASE),
    "explorations.end": lambda a: a.explorations.end("1", NOW),
    "explorations.get": lambda a: a.explorations.get("1"),
    "explorations.list": lambda a: a.explorations.list(),
    "imports.last": lambda a: a.imports.last(),
    "imports.begin": lambda a: a.imports.begin(FileIdentity("a.warc", 1, ""), "", NOW),
    "imports.note": lambda a: a.imports.note(FileImport(1), NOW),
    "hosts.hold_address": lambda a: a.hosts.hold_address("http://herald.test/feed", NOW, NOW),
    "hosts.address_held": lambda a: a.hosts.address_held("http://herald.test/feed", NOW),
    "hosts.held_addresses": lambda a: a.hosts.held_addresses(NOW),
    "hosts.limited": lambda a: a.hosts.limited("http://herald.test/feed", NOW),
    "pages.queue": lambda a: a.pages.queue("herald", entries("https://herald.test/b"), NOW),
    "pages.sift": lambda a: a.pages.sift("herald", entries("https://herald.test/b")),
    "pages.lease": lambda a: a.pages.lease(NOW, LEASE),
    "pages.wait": lambda a: a.pages.wait(NOW),
    "pages.abandon": lambda a: a.pages.abandon("herald", NOW),
    "pages.ready": lambda a: a.pages.ready(NOW),
    "pages.renew": lambda a: a.pages.renew([PAGE], NOW),
    "pages.give_back": lambda a: a.pages.give_back([PAGE], NOW),
    "pages.drop": lambda a: a.pages.drop(PAGE, "timeout", "", NOW),
    "pages.retry": lambda a: a.pages.retry(PAGE, NOW, "timeout", "", NOW),
    "pages.find": lambda a: a.pages.find(PAGE.url),
    "pages.counts": lambda a: a.pages.counts(),
    "pages.dropped": lambda a: a.pages.dropped("herald"),
    "pages.is_forgotten": lambda a: a.pages.is_forgotten(PAGE.url),
    "rechecks.lease": lambda a: a.rechecks.lease(NOW, LEASE, ["herald"], turn=LEASE),
    "rechecks.ready": lambda a: a.rechecks.ready(NOW, ["herald"]),
    "rechecks.wait": lambda a: a.rechecks.wait(NOW, ["herald"]),
    "rechecks.of": lambda a: a.rechecks.of(1),
    "rechecks.unchanged": lambda a: a.rechecks.unchanged(PAGE, Again(), NOW),
    "rechecks.missing": lambda a: a.rechecks.missing(PAGE, Again(), "404", NOW),
    "rechecks.missed": lambda a: a.rechecks.missed(PAGE, Again(), NOW),
    "backfills.begin": lambda a: a.backfills.begin("herald", NOW, NOW),
    "backfills.end": lambda a: a.backfills.end("herald", NOW),
    "backfills.offer": lambda a: a.backfills.offer("herald", [Offer("https://herald.test/map", "sitemap")]),
    "backfills.open": lambda a: a.backfills.open("herald"),
    "backfills.calendars": lambda a: a.backfills.calendars("herald"),
    "backfills.leave": lambda a: a.backfills.leave(LIST, {"too old": 1}, NOW),
    "backfills.fill": lambda a: a.backfills.fill("herald", entries("https://herald.test/b"), NOW, NOW, 1),
    "backfills.read": lambda a: a.backfills.read(LIST, "read", "", NOW),
    "backfills.too_old": lambda a: a.backfills.too_old(PAGE, None, "", NOW),
    "hosts.closed": lambda a: a.hosts.closed(NOW),
    "hosts.reservations": lambda a: a.hosts.reservations("herald.test"),
    "hosts.keep_reservations": lambda a: a.hosts.keep_reservations(Robots("herald.test", b"", 200, NOW, NOW)),
    "hosts.reservations_in_part": lambda a: a.hosts.reservations_in_part(NOW),
    "hosts.take": lambda a: a.hosts.take("herald.test", NOW, LEASE),
    "hosts.done": lambda a: a.hosts.done(TURN, NOW, 1.0),
    "hosts.hold": lambda a: a.hosts.hold("herald.test", NOW, "429"),
    "hosts.held": lambda a: a.hosts.held(NOW),
    "hosts.robots": lambda a: a.hosts.robots("herald.test"),
    "hosts.keep_robots": lambda a: a.hosts.keep_robots(Robots("herald.test", b"", 200, NOW, NOW)),
    "articles.keep": lambda a: a.articles.keep([Kept(article())], NOW),
    "articles.get": lambda a: a.articles.get(1),
    "articles.many": lambda a: a.articles.many([1]),
    "articles.count": lambda a: a.articles.count(),
    "articles.window": lambda a: a.articles.window(NOW),
    "articles.revisions": lambda a: a.articles.revisions(1),
    "articles.correct": lambda a: a.articles.correct(1, article(), "", NOW),
    "articles.fold": lambda a: a.articles.fold(1, CopyOf(2, "full", 1.0), NOW),
    "articles.heads": lambda a: a.articles.heads(NOW),
    "articles.heads_of": lambda a: a.articles.heads_of([1]),
    "articles.copies_of": lambda a: a.articles.copies_of([1]),
    "articles.withdraw": lambda a: a.articles.withdraw(1, NOW, ""),
    "articles.forget": lambda a: a.articles.forget(1, NOW),
    "articles.sharing": lambda a: a.articles.sharing({1}),
    "articles.fingerprint_count": lambda a: a.articles.fingerprint_count([1]),
    "articles.correct_text": lambda a: a.articles.correct_text(
        1, article(text="Another text."), "", NOW, fingerprints=frozenset(), revision=1
    ),
    "blocks.learn": lambda a: a.blocks.learn("herald.test", [1], 1, NOW),
    "blocks.of": lambda a: a.blocks.of("herald.test"),
    "blocks.due": lambda a: a.blocks.due(9),
    "blocks.settle": lambda a: a.blocks.settle(1, 1),
    "articles.copies": lambda a: a.articles.copies(1, 20),
    "articles.with_raw": lambda a: a.articles.with_raw(),
    "articles.drop_raw": lambda a: a.articles.drop_raw("presswatch-2026-11-23"),
    "articles.addresses": lambda a: a.articles.addresses(1),
    "watches.paces": lambda a: a.watches.paces(NOW, NOW),
    "arrivals.looks": lambda a: a.arrivals.looks(NOW),
    "arrivals.looked": lambda a: a.arrivals.looked(NOW),
    "arrivals.new": lambda a: a.arrivals.new("harbours", 0, 9, NOW),
    "arrivals.newest": lambda a: a.arrivals.newest("harbours", 9),
    "arrivals.since": lambda a: a.arrivals.since(),
    "arrivals.volumes": lambda a: a.arrivals.volumes("harbours", NOW),
    "changes.followers": lambda a: a.changes.followers("alert:"),
    "changes.leave": lambda a: a.changes.leave("me"),
    "changes.of": lambda a: a.changes.of(1),
    "changes.since": lambda a: a.changes.since(0),
    "changes.articles": lambda a: a.changes.articles(0, 1),
    "changes.last": lambda a: a.changes.last(),
    "changes.revised": lambda a: a.changes.revised([1]),
    "changes.position": lambda a: a.changes.position("me"),
    "changes.move": lambda a: a.changes.move("me", 1),
    "watches.version": lambda a: a.watches.version(),
    "watches.sync": lambda a: a.watches.sync([Watch("harbours", "harbour")], NOW),
    "watches.versions": lambda a: a.watches.versions("harbours"),
    "watches.ask_again": lambda a: a.watches.ask_again(NOW),
    "watches.follow_facts": lambda a: a.watches.follow_facts(NOW),
    "watches.all": lambda a: a.watches.all(),
    "watches.match": lambda a: a.watches.match(article(), HERALD),
    "watches.rematch": lambda a: a.watches.rematch(article()),
    "watches.page": lambda a: a.watches.page("harbours", 20),
    "watches.mentions": lambda a: a.watches.mentions("harbours"),
    "watches.in_force": lambda a: a.watches.in_force(NOW),
    "watches.counts": lambda a: a.watches.counts(),
    "watches.of": lambda a: a.watches.of([1]),
    "stories.next_id": lambda a: a.stories.next_id(),
    "stories.write": lambda a: a.stories.write([], [], NOW),
    "stories.get": lambda a: a.stories.get(1),
    "stories.page": lambda a: a.stories.page(20),
    "stories.top": lambda a: a.stories.top(NOW, 10),
    "stories.begun": lambda a: a.stories.begun(NOW),
    "stories.grown": lambda a: a.stories.grown([1], NOW),
    "arrivals.number": lambda a: a.arrivals.number(NOW),
    "watches.came": lambda a: a.watches.came([(NOW, NOW)]),
    "stories.list": lambda a: a.stories.list(),
    "stories.window": lambda a: a.stories.window(NOW),
    "stories.of": lambda a: a.stories.of(1),
    "stories.moves": lambda a: a.stories.moves(1),
    "stories.many": lambda a: a.stories.many([1]),
    "stories.near": lambda a: a.stories.near(NOW, NOW, LEASE, 10, 1),
    "stories.mark": lambda a: a.stories.mark([], 1),
    "stories.homes": lambda a: a.stories.homes([1]),
    "stories.members": lambda a: a.stories.members([1]),
    "stories.grouped": lambda a: a.stories.grouped(NOW, NOW),
    "stories.stale": lambda a: a.stories.stale(9),
    "stories.follow_sources": lambda a: a.stories.follow_sources({"herald": ("The Herald",)}),
    "stories.version": lambda a: a.stories.version(),
    "stories.clustered": lambda a: a.stories.clustered(),
    "stories.note_clustered": lambda a: a.stories.note_clustered(1, NOW),
    "bags.put": lambda a: a.bags.put([Bagged(1, "en", NOW, None, Bag(array("I"), array("f")))], 1),
    "bags.of": lambda a: a.bags.of([1], 1),
    "bags.near": lambda a: a.bags.near("en", NOW, NOW, 1),
    "bags.count": lambda a: a.bags.count("en", NOW, NOW, 1),
    "bags.missing": lambda a: a.bags.missing(NOW, NOW, 1),
    "bags.drop": lambda a: a.bags.drop([1]),
    "bags.drop_before": lambda a: a.bags.drop_before(NOW),
    "judgements.note": lambda a: a.judgements.note(1, "noted", "me", NOW),
    "judgements.tag": lambda a: a.judgements.tag(1, ["spies"], "me", NOW),
    "judgements.untag": lambda a: a.judgements.untag(1, ["spies"], "me", NOW),
    "judgements.mark": lambda a: a.judgements.mark(1, "irrelevant", "me", NOW),
    "judgements.unmark": lambda a: a.judgements.unmark(1, "irrelevant", "me", NOW),
    "judgements.correct_date": lambda a: a.judgements.correct_date(1, "2026-11-23", "me", NOW),
    "judgements.correct_authors": lambda a: a.judgements.correct_authors(1, ["Ann"], "me", NOW),
    "judgements.uncorrect": lambda a: a.judgements.uncorrect(1, "date", "me", NOW),
    "judgements.take_back": lambda a: a.judgements.take_back(1, "me", NOW),
    "judgements.get": lambda a: a.judgements.get(1),
    "judgements.list": lambda a: a.judgements.list(),
    "judgements.of_kind": lambda a: a.judgements.of_kind("irrelevant", [1]),
    "judgements.rulings": lambda a: a.judgements.rulings(NOW),
    "judgements.holding": lambda a: a.judgements.holding([1]),
    "judgements.people": lambda a: a.judgements.people(),
    "judgements.tags": lambda a: a.judgements.tags([1]),
    "judgements.notes": lambda a: a.judgements.notes([1]),
    "judgements.parts": lambda a: a.judgements.parts(1),
    "judgements.left": lambda a: a.judgements.left(1),
    "judgements.split": lambda a: a.judgements.split(1, [1], [2], "me", NOW),
    "judgements.merge": lambda a: a.judgements.merge([1, 2], [1, 2], "me", NOW),
    "judgements.of": lambda a: a.judgements.of(1),
    "judgements.of_story": lambda a: a.judgements.of_story(1),
    "judgements.irrelevant": lambda a: a.judgements.irrelevant(),
    "judgements.constraints": lambda a: a.judgements.constraints(),
    "editions.commit": lambda a: a.editions.commit(EDITION, [], None, NOW),
    "editions.last": lambda a: a.editions.last("morning"),
    "editions.spans": lambda a: a.editions.spans("morning", NOW),
    "editions.contents": lambda a: a.editions.contents([1]),
    "articles.sightings": lambda a: a.articles.sightings(NOW, NOW),
    "changes.first": lambda a: a.changes.first([1]),
    "changes.before": lambda a: a.changes.before(NOW),
    "sources.added": lambda a: a.sources.added(),
    "editions.get": lambda a: a.editions.get(1),
    "editions.find": lambda a: a.editions.find("morning", "2026-11-23"),
    "editions.list": lambda a: a.editions.list(),
    "editions.heads": lambda a: a.editions.heads(),
    "editions.slots": lambda a: a.editions.slots("morning"),
    "editions.shown": lambda a: a.editions.shown("morning"),
    "recipients.secret": lambda a: a.recipients.secret(),
    "recipients.keep_links": lambda a: a.recipients.keep_links([("t", "page", "morning", "ann@reader.test")]),
    "recipients.link": lambda a: a.recipients.link("t", "page"),
    "recipients.plans": lambda a: a.recipients.plans("ann@reader.test"),
    "recipients.veto": lambda a: a.recipients.veto("ann@reader.test", "morning", NOW),
    "recipients.against": lambda a: a.recipients.against("ann@reader.test", "morning", NOW),
    "recipients.vetoes": lambda a: a.recipients.vetoes(NOW),
    "recipients.leave": lambda a: a.recipients.leave("ann@reader.test", "", NOW, how="link"),
    "recipients.pause": lambda a: a.recipients.pause("ann@reader.test", "", NOW, NOW, how="link"),
    "recipients.suppress": lambda a: a.recipients.suppress(BOUNCE, how="mail server"),
    "recipients.restore": lambda a: a.recipients.restore("ann@reader.test", now=NOW),
    "recipients.resume": lambda a: a.recipients.resume("ann@reader.test", keep=""),
    "recipients.record": lambda a: a.recipients.record(BOUNCE),
    "recipients.bounces": lambda a: a.recipients.bounces(),
    "recipients.forget": lambda a: a.recipients.forget("ann@reader.test", NOW),
    "users.any": lambda a: a.users.any(),
    "users.add": lambda a: a.users.add("ann", "reader", "$argon2id$", NOW),
    "users.get": lambda a: a.users.get("ann", NOW),
    "users.list": lambda a: a.users.list(NOW),
    "users.password": lambda a: a.users.password("ann"),
    "users.set_password": lambda a: a.users.set_password("ann", "$argon2id$", NOW),
    "users.rehash": lambda a: a.users.rehash("ann", "$argon2i$", "$argon2id$"),
    "users.set_role": lambda a: a.users.set_role("ann", "editor", NOW),
    "users.remove": lambda a: a.users.remove("ann"),
    "users.open_session": lambda a: a.users.open_session("key", "ann", NOW, NOW),
    "users.session": lambda a: a.users.session("key", NOW),
    "users.sessions": lambda a: a.users.sessions("ann", NOW),
    "users.renew": lambda a: a.users.renew("key", NOW, NOW),
    "users.end_session": lambda a: a.users.end_session("key"),
    "users.log_out": lambda a: a.users.log_out("ann"),
    "users.add_token": lambda a: a.users.add_token("secret", ApiToken("desk", "ann", "reader", NOW)),
    "users.token": lambda a: a.users.token("secret", NOW),
    "users.tokens": lambda a: a.users.tokens(),
    "users.note_use": lambda a: a.users.note_use("desk", NOW),
    "users.remove_token": lambda a: a.users.remove_token("desk"),
    "outbox.leave": lambda a: a.outbox.leave(DELIVERY, ""),
    "outbox.bounced": lambda a: a.outbox.bounced(DELIVERY, ""),
    "outbox.of_message": lambda a: a.outbox.of_message("<1>"),
    "outbox.mailed": lambda a: a.outbox.mailed(NOW),
    "reviews.begin": lambda a: a.reviews.begin(EDITION, "{}", [], NOW),
    "reviews.made": lambda a: a.reviews.made(1),
    "reviews.acts": lambda a: a.reviews.acts(1),
    "reviews.latest": lambda a: a.reviews.latest("morning"),
    "reviews.dropped": lambda a: a.reviews.dropped("morning", NOW),
    "reviews.waiting": lambda a: a.reviews.waiting(),
    "reviews.change": lambda a: a.reviews.change(EDITION, 0, [], [], now=NOW),
    "reviews.approve": lambda a: a.reviews.approve(1, "me", NOW),
    "reviews.reject": lambda a: a.reviews.reject(1, "me", NOW),
    "outbox.claim": lambda a: a.outbox.claim(NOW, LEASE),
    "outbox.sent": lambda a: a.outbox.sent(DELIVERY, NOW),
    "outbox.failed": lambda a: a.outbox.failed(DELIVERY, "", None, NOW),
    "outbox.states": lambda a: a.outbox.states([1]),
    "outbox.heads": lambda a: a.outbox.heads(1),
    "outbox.list": lambda a: a.outbox.list(),
    "outbox.waiting": lambda a: a.outbox.waiting(),
    "outbox.next_try": lambda a: a.outbox.next_try(),
    "outbox.take_back": lambda a: a.outbox.take_back(NOW),
    "outbox.hasten": lambda a: a.outbox.hasten(1, NOW),
    "ahead": lambda a: a.ahead(NOW),
    "take_back": lambda a: a.take_back(NOW),
    "runs.abandon": lambda a: a.runs.abandon("job", "slot", NOW),
    "runs.lose": lambda a: a.runs.lose(NOW),
    "runs.trim": lambda a: a.runs.trim("job", NOW),
    "runs.first": lambda a: a.runs.first("job"),
    "runs.claim": lambda a: a.runs.claim("job", "slot", NOW, LEASE),
    "runs.renew": lambda a: a.runs.renew(RUN, NOW),
    "runs.finish": lambda a: a.runs.finish(RUN, "done", "", NOW),
    "runs.last": lambda a: a.runs.last("job"),
    "runs.get": lambda a: a.runs.get("job", "slot"),
    "runs.list": lambda a: a.runs.list(),
}


@pytest.fixture(scope="module")
def locked_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    file = tmp_path_factory.mktemp("locked") / "press.db"
    with closing(open_store(f"sqlite:///{file}", patience=0.01)) as store:
        archive = Archive(store)
        # A write-ahead log lets readers in while somebody writes; without it everybody has to wait.
        store.row("PRAGMA journal_mode = DELETE")
        with closing(sqlite3.connect(str(file), isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield archive


@pytest.fixture(scope="module")
def locked_tables(postgres: Server) -> Iterator[Archive]:
    url = postgres.new()
    with closing(opening.open_store(url, patience=0.01)) as store, closing(opening.open_store(url)) as other:
        archive = Archive(store)
        # Readers wait for nobody who writes rows, but for whoever changes tables.
        tables = other.rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        with other.writing():
            other.execute(f"LOCK TABLE {', '.join(table for (table,) in tables)}")
            yield archive


@pytest.fixture
def locked(request: pytest.FixtureRequest) -> Archive:
    on_sqlite = request.node.callspec.params["database"] == "sqlite"
    found: Archive = request.getfixturevalue("locked_file" if on_sqlite else "locked_tables")
    return found


@pytest.mark.parametrize("name", [name for name in ACTS if name != "even_out"])
def test_a_locked_archive_is_busy(locked: Archive, name: str) -> None:
    with pytest.raises(ArchiveBusy, match="another process is writing to it"):
        ACTS[name](locked)


@pytest.mark.sqlite_only  # PostgreSQL keeps its index even by itself
def test_the_index_of_a_locked_archive_cannot_be_evened_out(locked: Archive) -> None:
    with pytest.raises(ArchiveBusy, match="another process is writing to it"):
        ACTS["even_out"](locked)


@pytest.mark.sqlite_only
def test_a_locked_archive_cannot_be_backed_up(locked: Archive, tmp_path: Path) -> None:
    with pytest.raises(ArchiveBusy, match="the copy was not made"):
        locked.backup(tmp_path / "copy.db")

    assert not (tmp_path / "copy.db").exists()


def test_no_public_method_is_left_out(locked: Archive) -> None:
    # Jobs are of PostgreSQL alone, and have tests of their own.
    names = {name for name, found in vars(Archive).items() if isinstance(found, cached_property)} - {"jobs"}
    rooms = {name: getattr(locked, name) for name in names}
    methods = {f"{name}.{method}" for name, room in rooms.items() for method in public(room)}

    assert methods | public(locked) - {"close", "backup", "shrink_log", "stop_when", "work"} == set(ACTS)


def public(room: object) -> set[str]:
    return {name for name, _ in inspect.getmembers(type(room), inspect.isfunction) if not name.startswith("_")}
