"""Alerts: once for each event, never for old news, and nothing is lost or told twice, whatever is killed."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time as clock
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import feedparser
import pytest

from crawler.archive import Archive, Kept, Poll, open_archive
from crawler.config import Config, load
from crawler.config.models import WebConfig
from crawler.records import Arrival, CopyOf
from digest import alerting, alerts, checkup, feeds, jobs, leaving
from digest import watching as watching_
from digest.alerts import Finding, Stream, absence, rise
from digest.definitions import synchronise
from digest.leaving import token
from digest.schedule import Service
from tests import warm
from tests.archive_sample import BUS, HERALD, LEASE, POST, TOLL, article
from tests.conftest import ROOT
from tests.eval import alerts as simulated
from tests.service_sample import a_free_port, address, configure, mail_box

MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
#: A Monday at noon.
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
QUIET = (time(22), time(6))


# Judging volumes


def test_known_events_are_told_and_quiet_streams_are_left_alone() -> None:
    floors = simulated.floors()
    rows = simulated.measure()
    rises, absences, weeks = simulated.undisturbed(2)
    events = sum(row.streams for row in rows)

    assert sum(row.rises for row in rows) >= floors["rises"] * events
    assert sum(row.absences for row in rows) >= floors["absences"] * events
    assert rises <= floors["rises_a_week"] * weeks
    assert absences <= floors["absences_a_week"] * weeks


def steady(hours: int, *, weekend: int = 2, **changes: Any) -> Stream:
    """Make a stream of two articles an hour, from a Monday on; ``weekend``: in the whole of its days."""
    counts = {}
    for number in range(hours):
        day = number // 24 % 7
        counts[simulated.BEGIN + number] = 2 if day < 5 else int(number % 24 < weekend)
    return Stream(counts | changes.pop("more", {}), simulated.BEGIN, **changes)


def at(week: int, day: int, hour: int) -> int:
    """Name an hour by its week and its day."""
    return simulated.BEGIN + week * 168 + day * 24 + hour


def test_an_ordinary_weekend_is_no_absence_and_an_ordinary_monday_no_rise() -> None:
    stream = steady(9 * 168)

    assert [] == [hour for hour in range(at(4, 0, 0), at(9, 0, 0)) if rise(stream, hour) or absence(stream, hour)]


def test_an_absence_has_one_begin_for_as_long_as_it_lasts() -> None:
    stream = steady(9 * 168, more=dict.fromkeys(range(at(6, 1, 0), at(6, 4, 0)), 0))
    found = [finding for hour in range(at(6, 1, 0), at(6, 4, 0)) if (finding := absence(stream, hour))]

    assert len(found) > 24
    assert 1 == len({finding.began for finding in found})
    assert (48.0, 0) == (found[0].usual, stream.came(at(6, 3, 0), 24))


@pytest.mark.parametrize(("days", "told"), [(13, False), (15, True)])
def test_nothing_is_a_rise_before_two_weeks_are_known(days: int, told: bool) -> None:
    hour = simulated.BEGIN + days * 24 + 12
    counts = {simulated.BEGIN + number: 1 for number in range(days * 24 + 12)} | {hour: 60}

    assert told == (rise(Stream(counts, simulated.BEGIN), hour) is not None)


def test_nothing_is_an_absence_before_four_weeks_are_known() -> None:
    counts = {simulated.BEGIN + number: 3 for number in range(25 * 24)}

    assert absence(Stream(counts, simulated.BEGIN), simulated.BEGIN + 27 * 24) is None
    assert absence(Stream(counts, simulated.BEGIN), simulated.BEGIN + 29 * 24) is not None


def test_days_on_which_the_sources_were_not_seen_say_nothing() -> None:
    gap = dict.fromkeys(range(at(6, 1, 0), at(6, 3, 0)), 0)
    unseen = frozenset({at(6, 1, 0) // 24, at(6, 2, 0) // 24})

    assert absence(steady(9 * 168, more=gap), at(6, 3, 0)) is not None
    assert absence(steady(9 * 168, more=gap, ill=unseen), at(6, 3, 0)) is None


def test_few_articles_are_no_rise_however_rare_they_are() -> None:
    hour = at(6, 2, 12)

    assert rise(Stream({hour: alerts.LEAST_RISE - 1}, simulated.BEGIN), hour) is None
    assert rise(Stream({hour: 2 * alerts.LEAST_RISE}, simulated.BEGIN), hour) is not None


def test_an_event_is_told_once_and_the_next_one_again() -> None:
    found = Finding("spike", at(6, 2, 13), 3, 40, 6.0, 9.0, at(6, 2, 10))
    told = alerts.moment(at(6, 2, 11))

    assert alerts.fresh(found, [], told, HOUR)
    assert not alerts.fresh(found, [told], told + 30 * HOUR, HOUR)
    later = replace(found, end=at(6, 4, 13), began=at(6, 4, 12))
    assert alerts.fresh(later, [told], alerts.moment(at(6, 4, 12)), HOUR)
    assert not alerts.fresh(later, [told], alerts.moment(at(6, 4, 12)), 3 * DAY)


# Holding back


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-11-23T21:59:00+01:00", None),
        ("2026-11-23T22:00:00+01:00", "2026-11-24T06:00:00+01:00"),
        ("2026-11-24T05:59:00+01:00", "2026-11-24T06:00:00+01:00"),
        ("2026-11-24T06:00:00+01:00", None),
        ("2026-03-28T23:00:00+01:00", "2026-03-29T06:00:00+02:00"),
    ],
)
def test_quiet_hours_end_at_their_local_time(moment: str, end: str | None) -> None:
    wanted = datetime.fromisoformat(end) if end else None

    assert wanted == alerts.quiet_until(datetime.fromisoformat(moment), QUIET, "Europe/Berlin")


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        # In Berlin 02:00 became 03:00 on 29 March: an end at 02:30 comes with the change, at 01:00 UTC.
        ("2026-03-29T00:30:00+00:00", "2026-03-29T01:00:00+00:00"),
        ("2026-03-29T01:00:00+00:00", None),
        # On 25 October 02:30 comes at 00:30 and at 01:30 UTC: they end the first time, for good.
        ("2026-10-25T00:15:00+00:00", "2026-10-25T00:30:00+00:00"),
        ("2026-10-25T00:45:00+00:00", None),
        ("2026-10-25T01:15:00+00:00", "2026-10-25T01:15:00+00:00"),
    ],
)
def test_quiet_hours_end_also_when_the_clocks_skip_or_repeat_their_end(moment: str, end: str | None) -> None:
    wanted = datetime.fromisoformat(end) if end else None
    quiet = (time(22), time(2, 30))

    assert wanted == alerts.quiet_until(datetime.fromisoformat(moment), quiet, "Europe/Berlin")


def test_something_urgent_waits_for_the_cool_down_and_then_for_the_morning() -> None:
    evening = NOW.replace(hour=21, minute=30)

    assert evening == alerts.waits_until(None, evening, HOUR, QUIET, "UTC")
    assert evening == alerts.waits_until(evening - 2 * HOUR, evening, HOUR, QUIET, "UTC")
    assert NOW.replace(day=24, hour=6) == alerts.waits_until(evening, evening, HOUR, QUIET, "UTC")


def test_a_text_is_news_once() -> None:
    first, copy = Arrival(1, 10, NOW), Arrival(2, 11, NOW, copy_of=10)
    old, gone = Arrival(3, 12, NOW, copy_of=7), Arrival(4, 13, NOW)

    assert {first: 1} == alerts.news([first, copy, old, gone], {13})


# From the archive to the outbox


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(address(tmp_path)) as opened:
        opened.sources.sync([HERALD], NOW - 60 * DAY)
        yield opened


def watching(
    archive: Archive, folder: Path, *keys: str, alerting_: str = "", mail: int = 9, begin: bool = True
) -> Config:
    """Configure a watch for harbours with some keys, and let its alerts begin now."""
    configure(folder, mail=mail, more=f"[alerts]\n{alerting_}\n")
    watch = "\n".join(['[harbour]\nquery = "harbour"', *keys])
    (folder / "config" / "watches.toml").write_text(watch)
    config = load(folder / "config")
    archive.watches.sync(config.watches.values(), NOW - 60 * DAY)
    if begin:
        assert [] == alerting.give(archive, config, NOW - DAY)
    return config


def come(archive: Archive, name: str, now: datetime, what: str = "Harbour", **changes: Any) -> int:
    """Keep an article as the crawl does."""
    options = {key: changes.pop(key) for key in ("copy",) if key in changes}
    printed = now - 10 * MINUTE
    fields = {"published": printed.isoformat(), "published_utc": printed, "title": f"{what} of {name}", "text": "."}
    made = article(f"https://herald.test/{name}", **{**fields, **changes})
    mentions = archive.watches.match(made, HERALD, now)
    return archive.articles.keep([Kept(made, mentions=mentions, **options)], now)[0].id


def told(archive: Archive) -> list[tuple[str, list[str]]]:
    """List the alerts that were made, the first one first: their slots and the headlines in them."""
    made = reversed(archive.editions.list("alert:harbour", limit=10_000))
    return [(each.slot, [piece["headline"] for piece in json.loads(each.content)["pieces"]]) for each in made]


def headlines(archive: Archive) -> list[list[str]]:
    return [shown for _, shown in told(archive)]


def test_what_is_urgent_is_told_once(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "urgent = true")
    come(archive, "Eastport", NOW)
    come(archive, "rain", NOW, "Rain")

    assert ["alert harbour: urgent, 1 articles"] == alerting.give(archive, config, NOW)
    assert [] == alerting.give(archive, config, NOW + DAY)
    assert [["Harbour of Eastport"]] == headlines(archive)


def test_what_comes_after_a_watch_was_made_urgent_is_told_though_no_alerts_were_asked_for_before(
    archive: Archive, tmp_path: Path
) -> None:
    config = watching(archive, tmp_path, "urgent = true", begin=False)
    come(archive, "before", NOW - HOUR)
    synchronise(archive, config, NOW - 30 * MINUTE)  # as watch add does, and each crawl before it begins
    come(archive, "after", NOW)

    alerting.give(archive, config, NOW)

    assert [["Harbour of after"]] == headlines(archive)


def test_what_comes_in_the_cool_down_stands_in_the_next_alert(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "urgent = true", 'cool_down = "2h"')
    for number, name in enumerate(["a", "b", "c"]):
        come(archive, name, NOW + number * 30 * MINUTE)
        alerting.give(archive, config, NOW + number * 30 * MINUTE)
    alerting.give(archive, config, NOW + 2 * HOUR)

    assert [["Harbour of a"], ["Harbour of c", "Harbour of b"]] == headlines(archive)


def test_two_makers_of_one_alert_make_it_once(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "urgent = true", 'cool_down = "0s"')
    come(archive, "a", NOW)
    (seen,) = alerting.look(archive, config, NOW)
    alerting.give(archive, config, NOW)
    come(archive, "b", NOW + HOUR)

    assert not alerting._commit(archive, config, replace(seen, slot="urgent 77"), NOW + HOUR)
    alerting.give(archive, config, NOW + HOUR)
    assert [["Harbour of a"], ["Harbour of b"]] == headlines(archive)


def test_nobody_is_woken_in_quiet_hours(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "urgent = true", alerting_='quiet = "22:00-06:00"\ntimezone = "Europe/Kyiv"')
    night = NOW.replace(hour=21)
    come(archive, "a", night)
    come(archive, "b", night + HOUR)
    held = alerting.look(archive, config, night + HOUR)

    assert [NOW.replace(day=24, hour=4)] == [found.at for found in held]
    assert [] == alerting.give(archive, config, night + HOUR)
    alerting.give(archive, config, NOW.replace(day=24, hour=4))
    assert [["Harbour of b", "Harbour of a"]] == headlines(archive)


def test_old_news_is_never_told(archive: Archive, tmp_path: Path) -> None:
    come(archive, "before", NOW - 2 * DAY)
    config = watching(archive, tmp_path, "urgent = true")
    come(archive, "filled-in", NOW, backfill=True)
    come(archive, "late", NOW, published="2026-11-01", published_utc=None, published_precision="day")
    come(archive, "quay", NOW, "Quay")
    # A query that is new finds what is old.
    (tmp_path / "config" / "watches.toml").write_text('[harbour]\nquery = "harbour OR quay"\nurgent = true\n')
    config = load(tmp_path / "config")
    archive.watches.sync(config.watches.values(), NOW)

    assert [] == alerting.give(archive, config, NOW)
    assert 4 == archive.count("watch:harbour", NOW)


def test_an_edit_that_brings_the_word_is_told(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "urgent = true")
    come(archive, "x", NOW, "Quay")
    alerting.give(archive, config, NOW)
    come(archive, "x", NOW + HOUR, "Quay", text="A whole new text that tells of the harbour of the town at length.")
    alerting.give(archive, config, NOW + HOUR)
    come(archive, "x", NOW + 9 * HOUR, "Quay", text="Once more another text on the harbour, longer than the last was.")
    alerting.give(archive, config, NOW + 9 * HOUR)

    assert [["Quay of x"]] == headlines(archive)


@pytest.mark.parametrize("keys", [["muted = true", "urgent = true"], ["urgent = false"]])
def test_what_came_while_a_watch_was_mute_is_never_told(archive: Archive, tmp_path: Path, keys: list[str]) -> None:
    urgent = watching(archive, tmp_path, "urgent = true")
    mute = watching(archive, tmp_path, *keys)
    come(archive, "a", NOW)

    assert [] == alerting.give(archive, mute, NOW)
    assert [] == alerting.give(archive, urgent, NOW)
    come(archive, "b", NOW + HOUR)
    alerting.give(archive, urgent, NOW + HOUR)
    assert [["Harbour of b"]] == headlines(archive)


def test_a_copy_is_counted_and_a_late_copy_is_no_alert(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "urgent = true", 'cool_down = "0s"')
    first = come(archive, "a", NOW)
    come(archive, "b", NOW, copy=CopyOf(first, "full", 1.0))
    alerting.give(archive, config, NOW)
    come(archive, "c", NOW + HOUR, copy=CopyOf(first, "full", 1.0))

    assert [] == alerting.give(archive, config, NOW + HOUR)
    (edition,) = archive.editions.list("alert:harbour")
    assert "and one copy" in edition.text.decode()


def test_an_update_that_is_mostly_the_text_of_before_is_an_alert(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "urgent = true", 'cool_down = "0s"')
    first = come(archive, "a", NOW, title="Bus plunges into ravine near Kosh harbour, 9 killed", text="\n".join(BUS))
    alerting.give(archive, config, NOW)
    title = "Death toll in Kosh harbour bus crash climbs to 17"
    come(archive, "b", NOW + HOUR, title=title, text="\n".join((TOLL, *BUS[1:])), copy=CopyOf(first, "full", 0.8))
    alerting.give(archive, config, NOW + HOUR)

    assert title in headlines(archive)[-1]


def test_alerts_do_not_stand_among_the_digests(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "urgent = true")
    come(archive, "a", NOW)
    alerting.give(archive, config, NOW)

    assert [] == archive.editions.list()


def test_whoever_left_the_alerts_of_a_watch_gets_none_and_the_others_have_links_of_their_own(
    archive: Archive, tmp_path: Path
) -> None:
    keys = ("urgent = true", 'recipients = ["ann@reader.test", "bob@reader.test", "eve@reader.test"]')
    config = watching(archive, tmp_path, *keys)
    archive.recipients.leave("bob@reader.test", "alert:harbour", NOW, how="link")
    come(archive, "Eastport", NOW)
    alerting.give(archive, config, NOW)
    (edition,) = archive.editions.list("alert:harbour")
    rows = archive.outbox.list()
    mails = {each.recipient: message_from_bytes(each.body, policy=policy.default) for each in rows[1:]}

    assert ["ann@reader.test", "eve@reader.test"] == list(mails)
    for recipient, mail in mails.items():
        own = token(archive.recipients.secret(), "mail", "alert:harbour", recipient)
        assert ("alert:harbour", recipient) == leaving.find(archive, own, "mail")
        assert mail["List-Unsubscribe"].endswith(f"%5B{own}%5D>")
        assert all(own in part.get_content() for part in mail.iter_parts())
    assert not any(b"Unsubscribe" in shared for shared in (rows[0].body, edition.text, edition.html))


def test_an_alert_goes_to_readers_webhook_and_files(archive: Archive, tmp_path: Path) -> None:
    hook = f"http://127.0.0.1:{a_free_port()}/hook"
    with mail_box() as box:
        keys = ("urgent = true", 'recipients = ["ann@reader.test"]', f'webhook = "{hook}"')
        config = watching(archive, tmp_path, *keys, mail=box.port)
        come(archive, "Eastport", NOW, lead="Ships may enter the harbour <b>again</b>.")
        alerting.give(archive, config, NOW)
        sent = {each.channel: each for each in jobs.send_waiting(archive, config, lambda: NOW)}
    mail = message_from_bytes(box.bodies[0], policy=policy.default)
    page = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]

    assert "Alert harbour: Harbour of Eastport" == mail["Subject"]
    assert "<alert-harbour.presswatch.press.test>" == mail["List-Id"]
    assert "&lt;b&gt;again" in page
    assert "<script" not in page
    assert "matched: Harbour" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert ("", "") == (sent["email"].error, sent["files"].error)
    assert "127.0.0.1" in sent["webhook"].error
    folder = tmp_path / "digests" / "alerts" / "harbour"
    assert {"atom.xml", "feed.json", "index.html"} < {path.name for path in folder.iterdir()}
    posted = json.loads(next(each.body for each in archive.outbox.list() if each.channel == "webhook"))
    assert ("alert:harbour", "urgent", "Harbour of Eastport") == (
        posted["plan"], posted["content"]["kind"], posted["content"]["pieces"][0]["headline"],
    )  # fmt: skip


def test_an_alert_is_posted_to_a_web_hook_whose_address_is_secret(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSWATCH_WEBHOOK_DESK", f"http://127.0.0.1:{a_free_port()}/secret")
    config = watching(archive, tmp_path, "urgent = true", 'webhook = "desk"')
    come(archive, "Eastport", NOW)
    alerting.give(archive, config, NOW)
    sent = {each.channel: each for each in jobs.send_waiting(archive, config, lambda: NOW)}

    assert ["webhook:desk"] == [each.recipient for each in archive.outbox.list() if each.channel == "webhook"]
    assert "127.0.0.1" in sent["webhook"].error
    assert "secret" not in sent["webhook"].error
    assert ("webhook:desk", "files") == tuple(watching_.readers(config.rules["harbour"]))
    assert ["desk: it has an address"] == [finding.text for finding in checkup.examine_plugins(config)]
    monkeypatch.delenv("PRESSWATCH_WEBHOOK_DESK")
    (finding,) = checkup.examine_plugins(config)
    assert finding.text.startswith("webhook:desk: it has no http(s) address; set PRESSWATCH_WEBHOOK_DESK or ")


def test_the_operator_gets_what_nobody_else_is_named_for(archive: Archive, tmp_path: Path) -> None:
    configure(tmp_path, mail=25, more='[operator]\nmail = "op@reader.test"\n')
    (tmp_path / "config" / "watches.toml").write_text('[harbour]\nquery = "harbour"\nurgent = true\n')

    assert ("op@reader.test",) == load(tmp_path / "config").rules["harbour"].recipients


_GIVE = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from crawler.archive import open_archive
from crawler.config import load
from digest import alerting
from tests.test_alerts import NOW, come
config = load(Path(sys.argv[1]))
with open_archive(sys.argv[2]) as archive:
    first = archive.articles.count()
    alerting.give(archive, config, NOW)  # loads what it needs
    print("ready", flush=True)
    for number in range(first, 10_000):
        come(archive, f"n{number}", NOW + timedelta(seconds=number))
        alerting.give(archive, config, NOW + timedelta(seconds=number))
"""


def test_nothing_is_lost_or_told_twice_when_its_maker_is_killed(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "urgent = true", 'cool_down = "0s"')
    chance = random.Random(3)
    for _ in range(4):
        made = warm.script(_GIVE, str(tmp_path / "config"), address(tmp_path), env=os.environ, path=ROOT)
        with made as process:
            assert process.stdout is not None
            assert "ready\n" == process.stdout.readline()
            clock.sleep(chance.uniform(0.05, 0.4))
            process.send_signal(signal.SIGKILL)
    alerting.give(archive, config, NOW + HOUR)
    shown = Counter(headline for slot in headlines(archive) for headline in slot)

    assert len(shown) == archive.articles.count() > 4
    assert {1} == set(shown.values())
    waiting = [delivery.slot for delivery in archive.outbox.list()]
    assert sorted(slot for slot, _ in told(archive)) == sorted(waiting)


# Volumes


def poll(archive: Archive, at: datetime, outcome: str = "ok") -> None:
    """Poll the one channel of the Herald."""
    claimed = archive.channels.claim(1, at, LEASE)
    assert claimed is not None
    state = {"last_ok": at, "state": "ok"} if outcome == "ok" else {"state": "failing", "failures": 3}
    after = replace(claimed, last_polled=at, next_poll=at + HOUR, newest_entry=at, **state)  # type: ignore[arg-type]
    archive.channels.polled(after, Poll(at, outcome, newest=at), [], at)


def weeks_of_news(archive: Archive, until: datetime, days: int = 36) -> None:
    """Keep ten articles on harbours and as many on rain each day, and two polls."""
    with archive.writing():
        for day in range(days, 0, -1):
            morning = until - day * DAY - 4 * HOUR
            for number in range(10):
                when = morning + number * 20 * MINUTE
                come(archive, f"{day}-{number}", when)
                come(archive, f"rain-{day}-{number}", when, "Rain")
            poll(archive, morning)
            poll(archive, morning + 8 * HOUR)


def test_a_rise_is_told_once_with_what_is_usual(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "spike = true", begin=False)
    weeks_of_news(archive, NOW)
    poll(archive, NOW)

    assert [] == alerting.give(archive, config, NOW)
    for number in range(30):
        come(archive, f"fire-{number}", NOW + number * 3 * MINUTE)
    made = [alerting.give(archive, config, NOW + hours * HOUR) for hours in (2, 3, 5, 13, 20, 26)]

    assert 1 == len([text for found in made for text in found])
    (edition,) = archive.editions.list("alert:harbour")
    assert edition.slot.startswith("spike 2026-11-23T1")
    assert "far more than usual" in edition.subject


def test_a_rise_in_quiet_hours_is_made_at_once_and_sent_when_they_end(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "spike = true", alerting_='quiet = "13:00-16:00"', begin=False)
    weeks_of_news(archive, NOW)
    for number in range(30):
        come(archive, f"fire-{number}", NOW + number * 3 * MINUTE)
    alerting.give(archive, config, NOW + 2 * HOUR)

    assert [NOW + 4 * HOUR] == [delivery.next_try for delivery in archive.outbox.list()]
    assert [] == jobs.send_waiting(archive, config, lambda: NOW + 3 * HOUR)
    assert ["files"] == [sent.channel for sent in jobs.send_waiting(archive, config, lambda: NOW + 4 * HOUR)]


def test_what_gathered_while_nobody_looked_is_no_rise(archive: Archive, tmp_path: Path) -> None:
    """Articles that print only their day are counted when they are first seen: after a downtime, all at once."""
    config = watching(archive, tmp_path, "spike = true", begin=False)
    down = 36
    with archive.writing():
        for hours in range(35 * 24, down, -1):
            for number in range(2):
                come(archive, f"{hours}-{number}", NOW - hours * HOUR, **only_day(NOW - hours * HOUR))
            if hours % 6 == 0:
                poll(archive, NOW - hours * HOUR)
    for hours in range(down, 0, -1):
        for number in range(2):
            come(archive, f"{hours}-{number}", NOW, **only_day(NOW - hours * HOUR))
    poll(archive, NOW)

    assert [] == alerting.give(archive, config, NOW + MINUTE)
    for number in range(60):
        come(archive, f"fire-{number}", NOW + HOUR, **only_day(NOW))
    poll(archive, NOW + HOUR)
    assert 1 == len(alerting.give(archive, config, NOW + HOUR + MINUTE))


def only_day(printed: datetime) -> dict[str, Any]:
    return {"published": printed.date().isoformat(), "published_utc": None, "published_precision": "day"}


def test_what_is_filled_in_is_no_rise(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "spike = true", begin=False)
    weeks_of_news(archive, NOW)
    for number in range(60):
        come(archive, f"old-{number}", NOW, backfill=True)

    assert [] == alerting.give(archive, config, NOW + HOUR)


def test_a_source_that_is_new_is_no_rise(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "spike = true", begin=False)
    weeks_of_news(archive, NOW)
    archive.sources.sync([HERALD, POST], NOW)
    for number in range(30):
        come(archive, f"fire-{number}", NOW + number * MINUTE, source="post")

    assert [] == alerting.give(archive, config, NOW + HOUR)


def test_an_absence_is_told_once_where_the_sources_answer(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "silence = true", begin=False)
    weeks_of_news(archive, NOW)
    made = []
    for hours in range(4, 100, 8):
        come(archive, f"only-rain-{hours}", NOW + hours * HOUR, "Rain")
        poll(archive, NOW + hours * HOUR)
        made += alerting.give(archive, config, NOW + hours * HOUR + MINUTE)

    assert 1 == len(made)
    (edition,) = archive.editions.list("alert:harbour")
    assert "No article in" in edition.text.decode()


def test_an_absence_is_not_told_where_the_sources_fail(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "silence = true", begin=False)
    weeks_of_news(archive, NOW)
    for hours in range(4, 100, 8):
        poll(archive, NOW + hours * HOUR, "failed")

        assert [] == alerting.give(archive, config, NOW + hours * HOUR + MINUTE)


def test_an_absence_is_not_told_of_days_on_which_the_sources_failed(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "silence = true", begin=False)
    weeks_of_news(archive, NOW)
    for hours in range(4, 76, 8):
        poll(archive, NOW + hours * HOUR, "failed")
    poll(archive, NOW + 76 * HOUR)

    assert [] == alerting.give(archive, config, NOW + 76 * HOUR + MINUTE)


def test_an_absence_is_not_told_while_a_source_has_trouble(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "silence = true", begin=False)
    weeks_of_news(archive, NOW)
    for hours in range(4, 100, 8):
        come(archive, f"only-rain-{hours}", NOW + hours * HOUR, "Rain")
        poll(archive, NOW + hours * HOUR)
        poll(archive, NOW + hours * HOUR + MINUTE, "failed")

        assert [] == alerting.give(archive, config, NOW + hours * HOUR + 2 * MINUTE)


# The service


def test_the_service_sends_what_is_urgent_at_its_next_beat_and_keeps_feeds(archive: Archive, tmp_path: Path) -> None:
    said: list[str] = []
    with mail_box() as box:
        keys = ("urgent = true", "feed = true", 'recipients = ["ann@reader.test"]')
        config = watching(archive, tmp_path, *keys, mail=box.port, begin=False)
        now = [NOW]

        def beats(*moments: datetime) -> None:
            async def beat() -> None:
                service = Service(tmp_path / "config", address(tmp_path), config, lambda: now[0], said.append)
                for now[0] in moments:
                    await service.alert()

            asyncio.run(beat())

        beats(NOW)
        come(archive, "a", NOW + MINUTE)
        beats(NOW + 2 * MINUTE, NOW + 3 * MINUTE)
        beats(NOW + 2 * HOUR)

    assert ["alert harbour: urgent, 1 articles", "2 deliveries sent"] == said
    assert ["ann@reader.test"] == [recipient for recipient, _ in box.taken]
    assert "herald.test/a" in (tmp_path / "digests" / "watches" / "harbour.xml").read_text()


# Feeds


def test_feeds_of_a_watch_change_only_with_what_it_matched(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "feed = true", begin=False)
    come(archive, "a", NOW)
    come(archive, "old", NOW, backfill=True)
    first = feeds.renew(archive, config)
    page = first[0].read_bytes()

    assert ["harbour.xml", "harbour.json"] == [path.name for path in first]
    assert [] == feeds.renew(archive, config)
    come(archive, "rain", NOW + HOUR, "Rain")
    assert [] == feeds.renew(archive, config)
    come(archive, "b", NOW + HOUR)
    assert first == feeds.renew(archive, config)
    assert b"<id>https://herald.test/a</id>" in page
    assert b"herald.test/old" not in page
    items = json.loads((tmp_path / "digests" / "watches" / "harbour.json").read_text())["items"]
    assert ["https://herald.test/b", "https://herald.test/a"] == [item["id"] for item in items]


def test_feeds_say_where_they_lie_when_the_web_page_has_a_public_address(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "feed = true", begin=False)
    config = replace(config, press=config.press.model_copy(update={"web": WebConfig(public_url="https://p.test/w/")}))
    atom, feed = (path.read_text() for path in feeds.renew(archive, config))

    assert '<link rel="self" type="application/atom+xml" href="https://p.test/w/watches/harbour.xml"/>' in atom
    assert '"feed_url": "https://p.test/w/watches/harbour.json"' in feed


def test_feeds_say_what_they_leave_out(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "feed = true", begin=False)
    come(archive, "a", NOW)
    atom, feed = (path.read_text() for path in feeds.renew(archive, config))
    searched = [feeds.of_search(archive, "harbour", ending, NOW).decode() for ending in feeds.FORMS]

    assert [feeds.ABOUT] * 2 == [feedparser.parse(text).feed.subtitle for text in (atom, searched[0])]
    assert [feeds.ABOUT] * 2 == [json.loads(text)["description"] for text in (feed, searched[1])]


def test_feeds_change_when_an_article_in_them_is_revised(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "feed = true", begin=False)
    come(archive, "a", NOW)
    feeds.renew(archive, config)
    come(archive, "a", NOW + HOUR, text="The harbour is open.", published_utc=NOW, published=NOW.isoformat())
    changed = feeds.renew(archive, config)

    assert f"<updated>{NOW + HOUR:%Y-%m-%dT%H:%M:%SZ}</updated>\n<entry" in changed[0].read_text()
    assert [] == feeds.renew(archive, config)


def test_feeds_of_watches_that_are_gone_are_removed_and_nothing_else(archive: Archive, tmp_path: Path) -> None:
    config = watching(archive, tmp_path, "feed = true", begin=False)
    come(archive, "a", NOW)
    written = feeds.renew(archive, config)
    other = written[0].with_name("other.xml")
    other.write_text("<feed>of somebody else</feed>")

    assert sorted(written) == sorted(feeds.renew(archive, replace(config, rules={})))
    assert [other] == list(other.parent.iterdir())
