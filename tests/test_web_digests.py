"""The digests on the web page: plans, editions and what became of them, the next one, and the review of drafts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import httpx
import pytest

from crawler.archive import Archive, open_archive
from crawler.config import Config
from crawler.errors import ConfigError
from crawler.records import Edition
from digest import jobs, plans, reviewing
from digest.web.call import Visitor
from tests.newsroom import Visit, words
from tests.service_sample import MailBox, a_plan, address, configure, mail_box, store_news

SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture
def box() -> Iterator[MailBox]:
    with mail_box() as found:
        yield found


@pytest.fixture
def config(tmp_path: Path, box: MailBox) -> Config:
    return configure(tmp_path, a_plan(review="true"), mail=box.port)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(address(tmp_path)) as opened:
        store_news(opened, SEVEN - timedelta(hours=2), "eastport", "westport", "northport")
        yield opened


@pytest.fixture
def draft(archive: Archive, config: Config) -> int:
    slot = plans.last_slot(config.plans["morning"], SEVEN)
    assert slot is not None
    made = jobs.make_edition(archive, config, config.plans["morning"], slot, SEVEN)
    assert made.edition is not None
    return made.edition.id


@pytest.fixture
def visit(tmp_path: Path, archive: Archive, config: Config) -> Visit:
    return Visit(address(tmp_path), lambda: SEVEN, lambda: config)


def act(visit: Visit, draft: int, fields: dict[str, str], to: str = "review") -> httpx.Response:
    """Send what an editor asks for who has just looked at the draft."""
    (revision, *_) = re.findall('name="revision" value="([0-9]+)"', visit.page(f"/digests/{draft}/review"))
    return visit.send(f"/digests/{draft}/{to}", {"revision": revision, **fields})


def acted(visit: Visit, draft: int, fields: dict[str, str], to: str = "review") -> str:
    """Send what must be done, and give the page to which it leads."""
    response = act(visit, draft, fields, to)
    assert response.status_code == 303, response.text
    return visit.page(response.headers["location"])


def faulty() -> Config:
    raise ConfigError(Path("config/sources.toml"), 7, "the file", "oops", "valid TOML")


def test_editions_are_read_while_the_configuration_cannot_be(tmp_path: Path, draft: int) -> None:
    page = Visit(address(tmp_path), lambda: SEVEN, faulty).page("/digests")
    said = words(page)

    assert "config/sources.toml:7: the file: found 'oops', wanted valid TOML" in said
    assert "There is no plan" not in said
    assert f'href="/digests/{draft}/about"' in page


def test_a_draft_waits_on_the_page_of_digests_and_leads_to_its_review(visit: Visit, draft: int) -> None:
    page = visit.page("/digests")

    assert "Waiting for review" in page
    assert f'href="/digests/{draft}/review"' in page
    assert "3 stories" in page
    assert "Next: " in page


def test_what_is_done_on_the_page_is_in_the_edition_with_who_did_it(visit: Visit, archive: Archive, draft: int) -> None:
    first = re.findall(r'<li class="card draft" id="story-(\d)">', visit.page(f"/digests/{draft}/review"))

    acted(visit, draft, {"order": "pin", "number": "3"})
    acted(visit, draft, {"order": "note", "number": "2", "text": "Confirmed by our desk."})
    acted(visit, draft, {"order": "lead", "text": "Ships move again."})
    page = acted(visit, draft, {"order": "drop", "number": "1", "text": "old news"})

    assert ["1", "2", "3"] == first
    assert ["3", "2", "1"] == re.findall(r'<li class="card draft" id="story-(\d)">', page)
    assert all(said in page for said in ("Confirmed by our desk.", "Ships move again.", "old news", "pinned"))
    acts = archive.reviews.acts(draft)
    assert ["pin", "note", "lead", "drop"] == [act.kind for act in acts]
    assert len({act.who for act in acts}) == 1
    raw = visit.page(f"/digests/{draft}")
    assert "Confirmed by our desk." in raw
    assert "Ships move again." in raw


def test_no_story_is_offered_to_go_where_it_cannot(visit: Visit, draft: int) -> None:
    first, *_, last = re.findall(r'<li class="card draft".*?</li>', visit.page(f"/digests/{draft}/review"), re.DOTALL)

    assert ('value="up"' in first, 'value="down"' in first) == (False, True)
    assert ('value="up"' in last, 'value="down"' in last) == (True, False)


def test_what_was_done_last_to_a_story_is_taken_back(visit: Visit, archive: Archive, draft: int) -> None:
    acted(visit, draft, {"order": "drop", "number": "1", "text": "a mistake"})

    page = acted(visit, draft, {"order": "undo", "number": "1"})

    assert [] == archive.reviews.acts(draft)
    assert "<s>" in page
    assert "taken back by" in page


def test_what_is_approved_on_the_page_goes_out_byte_for_byte(
    visit: Visit, archive: Archive, draft: int, box: MailBox
) -> None:
    seen = archive.editions.get(draft)
    assert seen is not None
    page = visit.told(f"/digests/{draft}/approve", {"revision": "0"})

    assert "is approved and goes out now" in page
    assert "ann@reader.test" in visit.page(f"/digests/{draft}/about")
    (body,) = box.bodies
    mail = message_from_bytes(body, policy=policy.default)
    assert seen.subject == mail["Subject"]
    assert {"files": "sent", "email": "sent"} == {row.channel: row.state for row in archive.outbox.heads(draft)}
    assert "Approved by" in words(visit.page(f"/digests/{draft}/review"))


def test_a_draft_that_somebody_changed_meanwhile_is_not_approved(visit: Visit, archive: Archive, draft: int) -> None:
    acted(visit, draft, {"order": "pin", "number": "3"})

    answer = visit.send(f"/digests/{draft}/approve", {"revision": "0"})

    assert 409 == answer.status_code
    assert "changed meanwhile" in answer.text
    assert re.search('name="revision" value="[1-9]', answer.text), "what it is now stands below the refusal"
    assert [draft] == [each.edition for each in archive.reviews.waiting()]


def test_the_lead_of_another_editor_is_not_replaced_unseen(visit: Visit, archive: Archive, draft: int) -> None:
    acted(visit, draft, {"order": "lead", "text": "Ships move again."})

    refused = visit.send(f"/digests/{draft}/review", {"revision": "0", "order": "lead", "text": "A quiet day."})

    said = words(refused.text)
    assert 409 == refused.status_code
    assert "Nothing was done: draft 1 was changed meanwhile" in said
    assert "It says now: Ships move again." in said
    assert ">A quiet day.</textarea>" in refused.text
    assert ["Ships move again."] == [each.text for each in archive.reviews.acts(draft)]
    (revision, *_) = re.findall('name="revision" value="([0-9]+)"', refused.text)
    visit.told(f"/digests/{draft}/review", {"revision": revision, "order": "lead", "text": "A quiet day."})
    assert "A quiet day." == reviewing.look(archive, draft).desk.lead


@pytest.mark.parametrize(
    ("fields", "to", "kept"),
    [
        ({"order": "pin", "number": "2"}, "review", ""),
        ({"order": "down", "number": "1"}, "review", ""),
        ({"order": "undo", "number": "3"}, "review", ""),
        ({"order": "note", "number": "2", "text": "Seen twice."}, "review", ">Seen twice.</textarea>"),
        ({"order": "drop", "number": "2", "text": "stale"}, "review", ">stale</textarea>"),
        ({"reason": "half of it is wrong"}, "reject", 'value="half of it is wrong"'),
    ],
)
def test_whatever_is_asked_of_a_draft_that_changed_meanwhile_is_refused(
    visit: Visit, archive: Archive, draft: int, fields: dict[str, str], to: str, kept: str
) -> None:
    acted(visit, draft, {"order": "note", "number": "3", "text": "Confirmed."})
    before = archive.editions.get(draft)

    refused = visit.send(f"/digests/{draft}/{to}", {"revision": "0", **fields})

    assert 409 == refused.status_code
    assert "The last to change it: " in words(refused.text)
    assert kept in refused.text
    assert before == archive.editions.get(draft)
    assert ["note"] == [each.kind for each in archive.reviews.acts(draft)]


def test_a_button_that_is_pressed_twice_is_no_quarrel(visit: Visit, archive: Archive, draft: int) -> None:
    twice = {"revision": "0", "order": "pin", "number": "3"}

    answers = [visit.send(f"/digests/{draft}/review", twice).status_code for _ in range(2)]

    assert [303, 303] == answers
    assert ["pin"] == [each.kind for each in archive.reviews.acts(draft)]


def test_an_act_that_does_not_say_what_was_seen_is_refused(visit: Visit, archive: Archive, draft: int) -> None:
    assert 400 == visit.send(f"/digests/{draft}/review", {"order": "pin", "number": "3"}).status_code
    assert 400 == visit.send(f"/digests/{draft}/reject", {"reason": "no"}).status_code
    assert [] == archive.reviews.acts(draft)


def test_a_rejected_draft_is_not_sent(visit: Visit, archive: Archive, draft: int, box: MailBox) -> None:
    page = acted(visit, draft, {"reason": "a quiet day"}, "reject")

    assert "is rejected and not sent" in page
    assert "rejected it: a quiet day" in page
    assert [] == jobs.send_waiting(archive, configure_nothing(), lambda: SEVEN)
    assert [] == box.taken


def configure_nothing() -> Config:
    return Config(folder=Path())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"order": "explode", "number": "1"}, "wanted one of pin, top"),
        ({"order": "pin", "number": "99"}, "its stories are 1 to 3"),
        ({"order": "pin", "number": "x"}, "wanted a number"),
        ({"order": "up", "number": "1"}, "is the first"),
        ({"order": "note", "number": "1", "text": "x" * 2000}, "at most 1000"),
        ({"order": "undo", "number": "1"}, "nothing was done"),
    ],
)
def test_an_act_that_cannot_be_done_says_why(visit: Visit, draft: int, fields: dict[str, str], said: str) -> None:
    answer = act(visit, draft, fields)

    assert 400 == answer.status_code
    assert said in answer.text
    assert f'action="/digests/{draft}/approve"' in answer.text


def test_the_next_edition_is_shown_and_nothing_is_kept(visit: Visit, archive: Archive) -> None:
    before = archive.editions.list()

    page = visit.ask("/digests/next/morning")

    assert "eastport" in page.text
    assert "sandbox" in page.headers["content-security-policy"]
    assert before == archive.editions.list() == []
    assert 404 == visit.ask("/digests/next/none").status_code


def test_why_the_next_edition_is_not_known_is_told_to_editors(
    tmp_path: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = Visit(address(tmp_path), lambda: SEVEN, faulty)

    answer = visit.ask("/digests/next/morning")

    assert 503 == answer.status_code
    assert "What the next edition would say is not known" in answer.text
    assert "config/sources.toml:7: the file: found 'oops', wanted valid TOML" in words(answer.text)
    assert 'href="/digests"' in answer.text
    monkeypatch.setattr("digest.web.application.visitor_of", lambda *_: Visitor("eve", "reader", is_user=True))
    assert "sources.toml" not in visit.ask("/digests/next/morning").text
    assert "The configuration cannot be read just now" in visit.ask("/digests/next/morning").text


def test_readers_neither_review_nor_see_the_addresses_of_others(
    visit: Visit, draft: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digest.web.application.visitor_of", lambda *_: Visitor("eve", "reader", is_user=True))

    assert "ann@reader.test" not in visit.page(f"/digests/{draft}/about")
    assert "a…@reader.test" in visit.page(f"/digests/{draft}/about")
    assert "the plan&#39;s folder" in visit.page(f"/digests/{draft}/about")
    assert "/review" not in visit.page("/digests")
    assert 403 == visit.ask(f"/digests/{draft}/review").status_code
    assert 403 == visit.send(f"/digests/{draft}/approve", {"revision": "0"}).status_code


def test_old_editions_are_reached_page_by_page_each_once(
    visit: Visit, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digest.web.editions._EDITIONS", 2)
    for day in range(1, 6):
        made = Edition(0, "daily", f"2026-11-0{day}", 0, 0, SEVEN - timedelta(days=9 - day), "final", f"Day {day}")
        archive.editions.commit(replace(made, html=b"<p>"), [], None, SEVEN)
    found: list[str] = []
    path = "/digests?plan=daily"
    while path:
        page = visit.page(path)
        found += re.findall(r">Day (\d)<", page)
        older = re.search(r'href="([^"]+)" rel="next"', page)
        path = older[1].replace("&amp;", "&") if older else ""

    assert ["5", "4", "3", "2", "1"] == found
