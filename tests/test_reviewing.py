"""Drafts are reviewed, approved and sent: what was approved is what is sent, byte for byte."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from crawler.archive import Archive, open_archive
from crawler.config import Config, load
from crawler.errors import ConfigErrors, UsageError
from crawler.records import CopyOf
from digest import condition, incidents, jobs, plans, reviewing
from digest.cli.reviewing import _send
from digest.content import EditionContent
from digest.locks import only_sender
from digest.review import Command, Desk
from tests.archive_sample import article, keep
from tests.commands import answer, presswatch
from tests.service_sample import a_plan, address, configure, mail_box, news, store_news

DAY = timedelta(days=1)
SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
REVIEWED = a_plan(review="true")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(address(tmp_path)) as opened:
        store_news(opened, SEVEN - timedelta(hours=2), "eastport", "westport", "northport")
        yield opened


def draft(archive: Archive, config: Config, now: datetime = SEVEN) -> jobs.Made:
    plan = config.plans["morning"]
    slot = plans.last_slot(plan, now)
    assert slot is not None
    return jobs.make_edition(archive, config, plan, slot, now)


def number(made: jobs.Made) -> int:
    assert made.edition is not None
    return made.edition.id


def review(archive: Archive, config: Config, edition: int, *commands: Command) -> reviewing.Seen:
    def act(desk: Desk) -> Desk:
        for command in commands:
            desk = desk.act(command, "ann", SEVEN)
        return desk

    return reviewing.change(archive, config, edition, act, "ann", SEVEN)


def send(archive: Archive, config: Config, now: datetime = SEVEN) -> list[jobs.Sent]:
    return jobs.send_waiting(archive, config, lambda: now)


def headlines(seen: reviewing.Seen) -> list[str]:
    return [item.carrier.headline.split()[2] for item in seen.desk.content.items]


def test_what_is_sent_is_what_was_approved_byte_for_byte(archive: Archive, tmp_path: Path) -> None:
    with mail_box() as box:
        config = configure(tmp_path, REVIEWED, mail=box.port)
        edition = number(draft(archive, config))
        first = reviewing.look(archive, edition)
        seen = review(
            archive, config, edition, Command("pin", 3), Command("drop", 1), Command("note", 2, "Confirmed."),
            Command("lead", text="Ships move again."),
        )  # fmt: skip
        outbox = {row.channel: row for row in seen.deliveries}
        assert [] == send(archive, config)

        archive.reviews.approve(edition, "ann", SEVEN)
        send(archive, config)

    final = archive.editions.get(edition)
    assert final is not None
    assert headlines(first)[2] == headlines(seen)[0]
    assert first.deliveries[1].message_id == outbox["email"].message_id == box.taken[0][1]
    assert first.deliveries[1].body != outbox["email"].body == box.bodies[0]
    mail = message_from_bytes(box.bodies[0], policy=policy.default)
    assert final.subject == mail["Subject"]
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert "Ships move again." in part.get_content()
        assert "Confirmed." in part.get_content()
        assert headlines(first)[0] not in part.get_content()
    folder = tmp_path / "digests" / "morning"
    page = (folder / "2026-11-23.html").read_bytes()
    assert final.text == (folder / "2026-11-23.txt").read_bytes()
    # Only the links to the editions around it were added.
    assert final.html == re.sub(rb"<!--around-->.*?<!--/around-->\n?", b"", page, flags=re.DOTALL)
    assert EditionContent.from_json(final.content) == seen.desk.content


def test_an_approved_edition_cannot_be_changed(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, REVIEWED)
    edition = number(draft(archive, config))
    before = archive.reviews.approve(edition, "ann", SEVEN)

    with pytest.raises(UsageError, match="edition 1 is final, no draft: what was approved or rejected cannot be"):
        review(archive, config, edition, Command("drop", 1))
    with pytest.raises(UsageError, match="edition 1 is final"):
        archive.reviews.reject(edition, "bob", SEVEN)
    with pytest.raises(UsageError, match="what was approved cannot be changed"):
        archive.reviews.change(before, 0, [], [], now=SEVEN)

    assert before == archive.reviews.approve(edition, "bob", SEVEN) == archive.editions.get(edition)
    assert [("approve", "ann")] == [(act.kind, act.who) for act in archive.reviews.acts(edition)]


def test_who_approves_what_was_changed_meanwhile_is_told(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, REVIEWED)
    edition = number(draft(archive, config))
    looked = reviewing.look(archive, edition)
    review(archive, config, edition, Command("drop", 1))

    with pytest.raises(UsageError, match="draft 1 was changed meanwhile; look at it again"):
        archive.reviews.approve(edition, "bob", SEVEN, looked.revision)


def test_a_command_that_names_the_revision_it_saw_replaces_nothing_unseen(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, REVIEWED)
    edition = number(draft(archive, config))
    review(archive, config, edition, Command("lead", text="By the other"))

    refused = presswatch(tmp_path, "digest", "review", str(edition), "--lead", "Mine", "--revision", "0", code=2)
    answer(tmp_path, "digest", "review", str(edition), "--lead", "Mine", "--revision", "1", "--json")

    assert "changed meanwhile: it is at revision 1, not 0" in refused.stderr
    assert ["By the other", "Mine"] == [act.text for act in reviewing.look(archive, edition).desk.acts]


def test_two_editors_at_once_lose_nothing(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, REVIEWED)
    edition = number(draft(archive, config))
    interrupted = []

    def act(desk: Desk) -> Desk:
        if not interrupted:  # somebody else is quicker
            interrupted.append(review(archive, config, edition, Command("note", 2, "By the other")))
        return desk.act(Command("drop", 1), "ann", SEVEN)

    seen = reviewing.change(archive, config, edition, act, "ann", SEVEN)

    assert ["note", "drop"] == [act.kind for act in seen.desk.acts]
    assert 2 == seen.revision
    assert {"By the other"} == set(seen.desk.notes.values())


def test_a_dropped_story_was_not_told_and_comes_back_with_news_only(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, REVIEWED)
    edition = number(draft(archive, config))
    dropped = reviewing.look(archive, edition).desk.draft.item(1)
    review(archive, config, edition, Command("drop", 1, "an advertisement"))
    archive.reviews.approve(edition, "ann", SEVEN)
    assert dropped.story not in archive.editions.shown("morning")
    name = dropped.carrier.headline.split()[2].lower()
    original = archive.articles.many([dropped.carrier.article])[0]
    copy = article("https://herald.test/again", title=original.title, text=original.text)
    (again,) = keep(
        archive, replace(copy, published=original.published, published_utc=original.published_utc), at=SEVEN
    )
    archive.articles.fold(again, CopyOf(dropped.carrier.article, "full", 1.0), SEVEN)

    quiet = reviewing.look(archive, number(draft(archive, config, SEVEN + DAY)))
    store_news(archive, SEVEN + DAY + timedelta(hours=1), f"{name}-two")
    follow_up = article(
        f"https://herald.test/{name}-2", title=f"Harbour of {name.title()} reopens again after a strike",
        text=f"The harbour of {name.title()} reopened on Monday. Ships from {name} had waited. Then a strike began.",
        published="2026-11-24T10:00:00+00:00", published_utc=SEVEN + DAY + timedelta(hours=3),
    )  # fmt: skip
    keep(archive, follow_up, at=SEVEN + DAY + timedelta(hours=4))
    loud = draft(archive, config, SEVEN + 2 * DAY)

    assert [] == headlines(quiet)
    assert [(dropped.story, "an advertisement")] == [(item.story, act.text) for item, act in quiet.desk.dropped]
    assert loud.outcome == "draft"
    assert any(name in headline.lower() for headline in headlines(reviewing.look(archive, number(loud))))


def test_judgements_move_to_the_newer_draft_and_it_says_so(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, REVIEWED)
    edition = number(draft(archive, config))
    old = review(archive, config, edition, Command("pin", 3), Command("drop", 1, "old"), Command("note", 2, "Look"))
    store_news(archive, SEVEN + timedelta(hours=20), "southport")

    newer = reviewing.look(archive, number(draft(archive, config, SEVEN + DAY)))

    assert headlines(old)[0] == headlines(newer)[0]
    assert [item.story for item, _ in old.desk.dropped] == [item.story for item, _ in newer.desk.dropped]
    assert old.desk.notes == newer.desk.notes
    assert "3 judgements were carried over from edition 1; see the acts" in reviewing.warnings(newer)
    assert ["ann"] * 3 == [act.who for act in newer.history]
    with pytest.raises(UsageError, match="there is no edition 1: a newer draft may have taken its place"):
        reviewing.look(archive, edition)


def test_a_rejected_draft_is_not_sent_and_its_stories_come_back(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, REVIEWED)
    edition = number(draft(archive, config))
    archive.reviews.reject(edition, "ann", SEVEN, "half of it is wrong")
    assert [] == archive.outbox.list(edition)
    with pytest.raises(UsageError, match="draft 1 was rejected; presswatch digest make morning --slot '2026-11-23'"):
        archive.reviews.approve(edition, "ann", SEVEN)

    again = reviewing.look(archive, number(draft(archive, config)))
    later = reviewing.look(archive, number(draft(archive, config, SEVEN + DAY)))

    assert 3 == len(again.desk.content.items) == len(later.desk.content.items)


def test_reviewers_get_the_draft_at_once_and_it_counts_as_no_delivery(archive: Archive, tmp_path: Path) -> None:
    with mail_box() as box:
        config = configure(tmp_path, a_plan(review="true", reviewers='["ed@reader.test"]'), mail=box.port)
        made = draft(archive, config)
        send(archive, config)
        archive.reviews.approve(number(made), "ann", SEVEN)
        send(archive, config)

    assert ["ed@reader.test", "ann@reader.test"] == [to for to, _ in box.taken]
    mail = message_from_bytes(box.bodies[0], policy=policy.default)
    assert mail["Subject"].startswith("Draft to review: Morning: ")
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert f"presswatch digest review {number(made)} --approve" in part.get_content()
    assert [number(made)] == [each.id for each in archive.editions.list()]
    assert {"files", "email"} == {row.channel for row in archive.outbox.list(number(made))}


def standing(archive: Archive, config: Config, now: datetime) -> list[incidents.Incident]:
    """Give the incidents of drafts at a time."""
    found = incidents.find(condition.read(archive, config, f"sqlite:///{archive.path}", now), config)
    return [one for one in found if one.kind.startswith("draft")]


def test_a_draft_that_nobody_approves_is_told_to_the_operator_once(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, REVIEWED, more='[operator]\nmail = "op@press.test"\nnotice_after = "26h"\n')
    draft(archive, config)
    draft(archive, config, SEVEN + DAY)  # takes the place of the first: still nobody has read a thing

    early = standing(archive, config, SEVEN + DAY)
    late = standing(archive, config, SEVEN + DAY + timedelta(hours=3))

    assert [] == early
    (told,) = late
    assert "No draft of morning was approved since 2026-11-23 07:00 UTC, so nobody got its news." in told.text
    assert "presswatch digest review 2 shows it" in told.text


def test_a_forgotten_article_leaves_no_trace_in_a_draft(archive: Archive, tmp_path: Path) -> None:
    config = configure(tmp_path, REVIEWED)
    edition = number(draft(archive, config))
    seen = review(archive, config, edition, Command("drop", 1))
    item = seen.desk.draft.item(1)

    archive.forget(item.carrier.article, SEVEN)

    with pytest.raises(UsageError, match="as an article in it was forgotten; presswatch digest make morning --slot"):
        reviewing.look(archive, edition)
    assert [""] == [act.title for act in archive.reviews.acts(edition)]
    anew = reviewing.look(archive, number(draft(archive, config)))
    assert 2 == len(anew.desk.draft.items)
    archive.shrink_log()
    archive.close()
    assert item.carrier.headline.encode() not in (tmp_path / "press.db").read_bytes()


def test_reviewers_need_a_review_and_a_mail_server(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match=r"morning\.reviewers: found reviewers, wanted review = true beside it"):
        configure(tmp_path, a_plan(reviewers='["ed@reader.test"]'))
    with pytest.raises(ConfigErrors, match=r"morning.reviewers: found reviewers, wanted \[mail\]"):
        configure(tmp_path, a_plan(review="true", recipients="[]", reviewers='["ed@reader.test"]'), mail=0)


def drafted(folder: Path, *names: str) -> None:
    """Keep news of now and make a draft of it."""
    now = datetime.now(UTC)
    config = configure(folder, REVIEWED) if not (folder / "config").exists() else load(folder / "config")
    news(folder, now, *names)
    with open_archive(address(folder)) as archive:
        draft(archive, config, now)


def test_a_desk_reviews_by_command(tmp_path: Path) -> None:
    with mail_box() as box:
        configure(tmp_path, REVIEWED, mail=box.port)
        drafted(tmp_path, "eastport", "westport", "northport", "southport")
        told = answer(
            tmp_path, "digest", "review", "1", "--drop", "4 an advertisement", "--pin", "3", "--note", "3",
            "Confirmed by our desk", "--up", "2", "--lead", "A quiet day", "--who", "ann", "--json",
            "-o", "look.html", schema="review",
        )  # fmt: skip
        listed = presswatch(tmp_path, "digest", "list").stdout
        sent = presswatch(tmp_path, "digest", "review", "1", "--undo", "4", "--undo", "lead", "--approve").stdout

    assert "Top stories" in sent
    by_number = {story["number"]: story for story in told["stories"]}
    assert ("top", True, "Confirmed by our desk") == tuple(by_number[3][key] for key in ("place", "pinned", "note"))
    assert ("dropped", "an advertisement") == (by_number[4]["place"], by_number[4]["reason"])
    assert [3, 2, 1] == [story["number"] for story in told["stories"]][:3]
    assert ["drop", "pin", "note", "arrange", "lead"] == [act["act"] for act in told["acts"]]
    assert {"ann"} == {act["who"] for act in told["acts"]}
    assert "Confirmed by our desk" in (tmp_path / "look.html").read_text()
    assert "draft 1 of morning" in listed
    assert "ann@reader.test (email): sent" in sent
    assert "approved by " in sent
    assert "From the editor" not in sent
    assert "Dropped" not in sent


@pytest.mark.parametrize("behind", [(), ("--approve",)])
def test_a_note_without_its_text_is_refused(tmp_path: Path, behind: tuple[str, ...]) -> None:
    configure(tmp_path, REVIEWED)
    drafted(tmp_path, "eastport")

    assert (
        "--note 1 has nothing behind it"
        in presswatch(tmp_path, "digest", "review", "1", "--note", "1", *behind, code=2).stderr
    )


def test_what_another_process_is_sending_is_approved_and_left_to_it(tmp_path: Path) -> None:
    config = configure(tmp_path, REVIEWED)
    drafted(tmp_path, "eastport")
    with open_archive(address(tmp_path)) as archive, only_sender(archive, 0):
        _send(archive, config, 1, quiet=False, patience=0)


def test_a_draft_is_changed_as_a_list_in_an_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(tmp_path, REVIEWED)
    drafted(tmp_path, "eastport", "westport", "northport")
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i -e 's/^1 /pin 1 /' -e '/^2 /d' -e 's/^lead:.*/lead: By hand/' \"$1\"\n")
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)
    told = answer(tmp_path, "digest", "review", "1", "--edit", "--json")
    editor.write_text("#!/bin/sh\nprintf '[top]\\n9 Nothing\\n' > \"$1\"\n")
    wrong = presswatch(tmp_path, "digest", "review", "1", "--edit", code=2).stderr

    assert "By hand" == told["lead"]
    assert {1: "top", 2: "dropped", 3: "top"} == {story["number"]: story["place"] for story in told["stories"]}
    assert "there is no story 9 in this draft" in wrong
    kept = Path(wrong.rpartition("your list is kept in ")[2].strip())
    assert "[top]" in kept.read_text()
    kept.unlink()
