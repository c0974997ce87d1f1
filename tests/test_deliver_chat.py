"""Chats by Apprise, against a real HTTP server on loopback: nothing is cut, nothing secret is told."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import open_archive
from crawler.config import Config
from crawler.errors import ConfigErrors, DeliveryError
from crawler.records import Delivery, WatchRules
from digest import alert_mail, checkup, deliver, edition, jobs, plans, render, review
from digest.content import EditionContent
from digest.deliver import chat
from digest.leaving import Readers
from digest.render import NO_LINKS
from tests.edition_sample import DUE, Press, a_morning
from tests.edition_sample import a_plan as sample_plan
from tests.service_sample import a_plan, address, configure, store_news

pytest.importorskip("apprise", reason='chats need pip install "presswatch[chat]"')
SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SECRET = "s3cr3t-t0ken"


class Service(BaseHTTPRequestHandler):
    """Answers with the numbers that it was given, then with 200."""

    answers: list[int]
    got: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append({"path": self.path, **json.loads(body)})
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Service]]:
    handler = type("OneService", (Service,), {"got": [], "answers": [], "port": 0})
    monkeypatch.setattr(chat, "_PAUSE", 0.0)
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        handler.port = server.server_port  # type: ignore[attr-defined]
        monkeypatch.setenv("PRESSWATCH_CHAT_DESK", f"json://127.0.0.1:{server.server_port}/{SECRET}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield handler
        server.shutdown()
        thread.join()


def a_config(folder: Path, **plan: str) -> Config:
    return configure(folder, a_plan(**{"recipients": "[]", "chat": '["desk"]', **plan}))


def a_delivery(content: EditionContent) -> Delivery:
    body = chat.body(content, render.everything(content))
    return Delivery(1, 1, "east-asia", "2026-11-23", "chat:desk", "chat", "<k@x>", body)


def test_a_chat_has_every_headline_with_its_link(service: type[Service], tmp_path: Path) -> None:
    content = edition.choose(a_morning())
    noted = review.Desk(review.Draft(content)).act(review.Command("note", 1, "Seen by us"), "ann", DUE).content
    deliver.deliver(a_delivery(noted), a_config(tmp_path))

    (got,) = service.got
    assert f"/{SECRET}" == got["path"]
    assert render.subject(content) == got["title"]
    assert "Editor’s note: Seen by us" in got["message"]
    for item in content.items:
        assert item.carrier.headline in got["message"]
        assert item.carrier.url in got["message"]


def test_a_long_edition_is_told_in_several_messages_and_nothing_is_cut(
    service: type[Service], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apprise.plugins.ntfy import NotifyNtfy

    monkeypatch.setattr(NotifyNtfy, "request_rate_per_sec", 0)
    press = Press()
    for number in range(50):
        title = f"Event {number} at the harbour of Eastport, told at length and with all that came of it, day by day"
        press.story(press.article("harbour", title, 2))
    content = edition.choose(press.material(sample_plan(top=50), watches=()))
    monkeypatch.setenv("PRESSWATCH_CHAT_DESK", f"ntfy://127.0.0.1:{service.port}/{SECRET}")  # type: ignore[attr-defined]
    deliver.deliver(a_delivery(content), a_config(tmp_path))

    told = "\n".join(got["message"] for got in service.got)
    assert 1 < len(service.got) < 10
    assert [f"({number}/{len(service.got)})" for number in range(1, len(service.got) + 1)] == [
        got["title"].rpartition(" ")[2] for got in service.got
    ]
    for item in content.items:
        assert f"{item.carrier.headline}\nHarbour Times, one voice\n{item.carrier.url}" in told


def test_a_headline_calls_nobody(service: type[Service], tmp_path: Path) -> None:
    press = Press()
    press.story(press.article("harbour", "Look @everyone <!channel> **bold** </b> @here", 2))
    deliver.deliver(a_delivery(edition.choose(press.material(watches=()))), a_config(tmp_path))

    assert "@everyone" not in service.got[0]["message"]
    assert "@here" not in service.got[0]["message"] + service.got[0]["title"]
    assert "<!channel> **bold** </b>" in service.got[0]["message"]


@pytest.mark.parametrize(("status", "temporary"), [(500, True), (503, True), (429, True), (404, False), (400, False)])
def test_a_refusal_is_tried_again_where_that_may_help(
    service: type[Service], tmp_path: Path, status: int, temporary: bool
) -> None:
    service.answers.append(status)
    with pytest.raises(DeliveryError, match=f"^chat:desk: the service answered {status}$") as refused:
        deliver.deliver(a_delivery(edition.choose(a_morning())), a_config(tmp_path))

    assert temporary == refused.value.temporary


def test_nothing_secret_is_told_whatever_fails(
    service: type[Service], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    config = a_config(tmp_path)
    told = []
    service.answers += [500]
    for place in (
        f"json://127.0.0.1:{service.port}/{SECRET}",  # type: ignore[attr-defined]
        f"json://user:{SECRET}@127.0.0.1:9/{SECRET}",
        f"nonsense://{SECRET}",
        f"tgram://{SECRET}",
    ):
        monkeypatch.setenv("PRESSWATCH_CHAT_DESK", place)
        with pytest.raises(DeliveryError) as refused:
            deliver.deliver(a_delivery(edition.choose(a_morning())), config)
        told += [
            str(refused.value),
            repr(refused.value),
            *(finding.text for finding in checkup.examine_plugins(config)),
        ]

    assert refused.value.__cause__ is None
    assert SECRET not in "\n".join([*told, caplog.text])
    assert "chat:desk: its address is none that Apprise knows; see Apprise's list of them" in told


def test_the_outbox_has_a_row_for_each_chat_and_webhook_without_its_address(
    service: type[Service], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hook").write_text(f"http://127.0.0.1:{service.port}/{SECRET}/hook\n")  # type: ignore[attr-defined]
    monkeypatch.setenv("PRESSWATCH_WEBHOOK_PARTNER_2_FILE", str(tmp_path / "hook"))
    config = a_config(tmp_path, chat='["desk", "night"]', webhooks='["partner-2", "http://127.0.0.1:9/open/path"]')
    plan = config.plans["morning"]
    service.answers.append(503)
    with open_archive(address(tmp_path)) as archive:
        store_news(archive, SEVEN - timedelta(hours=2), "eastport")
        made = jobs.make_edition(archive, config, plan, plans.read_slot(plan, "2026-11-23"), SEVEN)
        again = deliver.prepare(
            EditionContent.from_json(made.edition.content), render.everything(
                EditionContent.from_json(made.edition.content)
            ), plan, config, Readers(plan.name, plan.title, plan.recipients, secret=b"s" * 32),
        )  # fmt: skip
        first = jobs.send_waiting(archive, config, lambda: SEVEN)
        jobs.send_waiting(archive, config, lambda: SEVEN + timedelta(minutes=1))
        rows = {row.recipient: row for row in archive.outbox.list()}

    assert {"http://127.0.0.1:9/open/path", "webhook:partner-2", "chat:desk", "chat:night"} < set(rows)
    assert {row.recipient: row.message_id for row in again} == {to: row.message_id for to, row in rows.items()}
    assert ("sent", 2) == (rows["webhook:partner-2"].state, rows["webhook:partner-2"].attempts)
    assert ("sent", 1) == (rows["chat:desk"].state, rows["chat:desk"].attempts)
    assert ("waiting", 2) == (rows["chat:night"].state, rows["chat:night"].attempts)
    assert "set PRESSWATCH_CHAT_NIGHT or PRESSWATCH_CHAT_NIGHT_FILE" in rows["chat:night"].last_error
    assert "http://127.0.0.1/…" in {one.recipient for one in first}
    assert not any("open/path" in one.recipient + one.error for one in first)
    assert SECRET not in repr(rows)
    assert SECRET.encode() not in (tmp_path / "press.db").read_bytes()


def test_an_alert_is_told_in_a_chat(service: type[Service], tmp_path: Path) -> None:
    config = a_config(tmp_path)
    content = alert_mail.AlertContent("espionage", "urgent", "spy", "UTC", DUE, 1, pieces=())
    rules = WatchRules("espionage", urgent=True, chat=("desk",))
    rows = alert_mail.deliveries(
        content, alert_mail.rendered(content, NO_LINKS), rules, "urgent 1", plan="alert:espionage", folder="digests",
        sender="", readers=Readers("alert:espionage", "espionage"), next_try=None,
    )  # fmt: skip
    deliver.deliver(next(row for row in rows if row.channel == "chat"), config)

    assert "chat:desk" == rows[-1].recipient
    assert "One new article matches." in service.got[0]["message"]


def test_without_the_extra_the_command_that_adds_it_is_told(
    service: type[Service], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "find_spec", lambda name: None)
    (finding,) = checkup.examine_plugins(a_config(tmp_path))

    assert ("error", "chat") == (finding.grade, finding.subject)
    assert 'chat:desk: chats need Apprise; pip install "presswatch[chat]"' == finding.text


def test_a_name_of_a_target_is_one_that_the_environment_can_have(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match=r"morning\.chat\[0\]: found 'Desk_1', wanted a name of small letters"):
        a_config(tmp_path, chat='["Desk_1"]')
    with pytest.raises(ConfigErrors, match=r"morning\.webhooks\[0\]: .* wanted an address that begins with"):
        a_config(tmp_path, webhooks='["ftp://x"]')


def test_a_chat_without_address_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    (finding,) = checkup.examine_plugins(a_config(tmp_path, chat='["night"]'))

    assert finding.text.startswith("chat:night: it has no address; set PRESSWATCH_CHAT_NIGHT or ")


def test_a_chat_in_arabic_keeps_texts_of_the_other_direction_apart() -> None:
    content = edition.choose(a_morning())
    item = replace(content.top[0], missed="2026-11-22", note="Ask the agency.")
    spoken = replace(content, masthead=replace(content.masthead, language="ar"), top=(item,), below_floor=3)
    told = json.loads(chat.body(spoken, render.everything(spoken)))
    story = next(block for block in told["blocks"] if "State TV" in block).splitlines()

    assert "جديد، لم يُسلَّم من قبل: \u2068State TV unveils espionage cases\u2069" == story[0]
    assert story[1].startswith("\u2068Daily Beacon\u2069، ")
    assert "ملاحظة المحرر: \u2068Ask the agency.\u2069" == story[2]
    assert "3 أخبار قليلة الأهمية في الأرشيف." in told["blocks"]
