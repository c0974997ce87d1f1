"""Machine summaries and translations against a stand-in for their servers on loopback."""

from __future__ import annotations

import json
import logging
import re
import textwrap
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from crawler import plugins
from crawler.archive import open_archive
from crawler.config import PresswatchConfig, SummaryConfig, TranslationConfig
from crawler.config.read import Config, load
from crawler.errors import ConfigErrors, PluginError
from crawler.records import Story
from digest import checkup, edition, forms, jobs, machine, plans, render, reporting
from digest.content import EditionContent, Item
from digest.items import Told
from digest.posting import post
from tests import service_sample
from tests.edition_sample import a_morning
from tests.service_sample import address, configure, store_news

KEY = "sk-very-secret"
NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
MATERIAL = a_morning()
CONTENT = edition.choose(MATERIAL)
Answer = Callable[[dict[str, Any]], Any]


class Server:
    """Answers each path by a function of the question; keeps what was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found.asked.append((self.path, dict(self.headers), question))
            answer = found.answers[self.path](question)
            status, body = answer if isinstance(answer, tuple) else (200, answer)
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        found = Server(f"http://127.0.0.1:{listening.server_port}")
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        listening.shutdown()
        thread.join()


def chat(say: Callable[[str], str]) -> Answer:
    return lambda question: {"choices": [{"message": {"content": say(question["messages"][-1]["content"])}}]}


def config(server: Server, **tables: Any) -> Config:
    summary, translation = tables.get("summary", {}), tables.get("translation", {})
    if summary:
        summary = {"summariser": "openai", "url": f"{server.address}/v1", "model": "tiny", **summary}
    if translation:
        translation = {"translator": "libretranslate", "url": server.address, **translation}
    press = PresswatchConfig(summary=SummaryConfig(**summary), translation=TranslationConfig(**translation))
    return Config(Path(), press)


def enriched(server: Server, **tables: Any) -> EditionContent:
    return machine.enrich(CONTENT, MATERIAL.articles, config(server, **tables))


def texts(content: EditionContent) -> list[str]:
    """Give the edition as it is seen in a mail, in a browser and as text."""
    return [form(content).decode() for form in (render.mail_html, render.web_html, render.text)]


def test_a_summary_by_a_model_stands_marked_beside_the_sentences_of_the_articles(server, monkeypatch):
    monkeypatch.setenv("PRESSWATCH_SUMMARY_KEY", KEY)
    server.answers["/v1/chat/completions"] = chat(lambda user: "Two ships\n<b>collided</b>.")
    content = enriched(server, summary={"calls": 99})

    assert [item.quotes for item in content.items] == [item.quotes for item in CONTENT.items]
    assert {item.machine.text for item in content.top if item.machine} == {"Two ships <b>collided</b>."}
    assert all("Machine summary" in text and "by tiny" in text for text in texts(content))
    assert "<b>collided</b>" not in texts(content)[0]
    path, headers, question = server.asked[0]
    assert (path, headers["Authorization"], question["model"]) == ("/v1/chat/completions", f"Bearer {KEY}", "tiny")
    assert CONTENT.top[0].carrier.headline in question["messages"][1]["content"]
    assert KEY not in content.to_json()


def test_only_top_stories_are_summarised_and_no_more_than_were_allowed(server):
    server.answers["/v1/chat/completions"] = chat(lambda user: "Told.")
    content = enriched(server, summary={"calls": 1})

    assert len(server.asked) == 1
    assert [bool(item.machine) for item in content.top] == [True] + [False] * (len(content.top) - 1)
    assert f"No machine summary was asked for {len(content.top) - 1} more stories." in texts(content)[2].replace(
        "\n", " "
    )


def test_what_is_in_another_language_is_translated_and_marked(server):
    server.answers["/translate"] = lambda asked: {"translatedText": [f"EN {n}" for n, _ in enumerate(asked["q"])]}
    content = enriched(server, translation={"calls": 99})

    foreign = [item for item in content.items if item.carrier.language != "en"]
    assert foreign
    assert all(item.translation and item.translation.headline == "EN 0" for item in foreign)
    assert not any(item.translation for item in content.items if item.carrier.language == "en")
    assert [item.carrier.headline for item in content.items] == [item.carrier.headline for item in CONTENT.items]
    for text in texts(content):
        assert "Machine translation" in text
        assert "by libretranslate" in text
        assert foreign[0].carrier.headline in text
    assert {question["target"] for _, _, question in server.asked} == {"en"}
    assert "machine.note" not in texts(content)[2]
    assert render.subject(content) == render.subject(CONTENT)


def test_a_model_translates_too_and_its_fence_is_taken_off(server):
    server.answers["/v1/chat/completions"] = chat(
        lambda user: "```json\n" + json.dumps(["In English"] * len(json.loads(user))) + "\n```"
    )
    content = enriched(server, translation={"translator": "openai", "url": f"{server.address}/v1", "model": "tiny"})

    assert {item.translation.headline for item in content.items if item.translation} == {"In English"}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda asked: (500, b"<h1>broken</h1>"), "answered 500: <h1>broken</h1>"),
        (lambda asked: (401, {"error": {"message": "bad key"}}), "answered 401: bad key"),
        (lambda asked: (302, b""), "answered 302"),
        (lambda asked: b"no json", "answered what is no JSON"),
        (lambda asked: {"choices": []}, "has no choices[0]"),
        (lambda asked: {"choices": [{"message": {"content": "  "}}]}, "answered nothing"),
        (lambda asked: b"x" * 1_100_000, "the answer is too long"),
    ],
)
def test_a_failing_summariser_leaves_the_edition_and_is_told(server, caplog, monkeypatch, answer: Answer, told: str):
    monkeypatch.setenv("PRESSWATCH_SUMMARY_KEY", KEY)
    server.answers["/v1/chat/completions"] = answer
    with caplog.at_level(logging.WARNING):
        content = enriched(server, summary={"calls": 99})

    # Two failures in a row are enough.
    assert len(server.asked) == 2
    assert [item.quotes for item in content.items] == [item.quotes for item in CONTENT.items]
    assert not content.by_machine
    assert "The machine summaries failed 2 times" in texts(content)[0]
    assert "The machine summaries failed 2 times" in texts(content)[2]
    assert told in caplog.text
    assert KEY not in caplog.text


@pytest.mark.parametrize("answer", [{"translatedText": "one"}, {"translatedText": ["a"] * 9}, {"error": "?"}, []])
def test_a_failing_translator_leaves_the_original(server, answer: Any):
    server.answers["/translate"] = lambda asked: answer
    content = enriched(server, translation={"calls": 99})

    assert not content.by_machine
    assert "The machine translation failed" in texts(content)[0]


def test_nobody_answers_and_the_edition_is_made(server, caplog):
    summary = {"url": "http://127.0.0.1:9/v1"}
    content = machine.enrich(CONTENT, MATERIAL.articles, config(server, summary=summary))

    assert not content.by_machine
    assert content.machine[0].key == "machine.summaries.failed"
    assert "127.0.0.1" in caplog.text


def test_an_answer_that_drips_runs_into_the_limit(server):
    server.answers["/slow"] = lambda asked: threading.Event().wait(0.4) or {}

    with pytest.raises(PluginError, match="no answer in time"):
        post(f"{server.address}/slow", {}, timeout=0.1)


def test_no_more_is_asked_when_the_edition_has_waited_long_enough(server):
    server.answers["/v1/chat/completions"] = chat(lambda user: "Told.")
    times = iter([0.0, 0.0, *[1000.0] * 99])
    content = machine.enrich(CONTENT, MATERIAL.articles, config(server, summary={"calls": 9}), lambda: next(times))

    assert len(server.asked) == 1
    assert content.top[0].machine


def test_a_key_that_is_none_is_not_told(server):
    with pytest.raises(PluginError) as caught:
        post(server.address, {}, timeout=1, key="sk-\nsecret")

    assert "secret" not in str(caught.value)


def impossible(settings: object):
    raise RuntimeError("no memory")


def test_a_plugin_that_cannot_be_made_leaves_the_edition_and_is_told(server, monkeypatch, caplog):
    entry = EntryPoint("own", "tests.test_machine:impossible", "presswatch.summarisers")
    monkeypatch.setattr(plugins, "entry_points", lambda group: [entry] if group == entry.group else [])
    with caplog.at_level(logging.WARNING):
        content = enriched(server, summary={"summariser": "own"})

    assert [item.quotes for item in content.items] == [item.quotes for item in CONTENT.items]
    assert not any(item.machine for item in content.items)
    assert "The machine summaries failed once" in texts(content)[2]
    assert [record.message for record in caplog.records] == [
        "the summariser 'own' (tests.test_machine:impossible) cannot be made: RuntimeError('no memory')"
    ]


def test_what_a_machine_wrote_is_kept_with_the_edition_and_never_counts_as_told(server):
    server.answers["/v1/chat/completions"] = chat(lambda user: "Told by nobody.")
    content = enriched(server, summary={"calls": 99})
    again = EditionContent.from_json(content.to_json())

    assert again == content
    assert Told.by([content]).sentences == Told.by([CONTENT]).sentences
    assert not any("Told by nobody" in text for item in content.items for text in Told.by([content]).of(story(item))[0])


def story(item: Item) -> Story:
    return Story(item.story, "", item.articles)


def test_what_was_made_and_what_is_previewed_say_what_the_machine_wrote(server, tmp_path: Path):
    server.answers["/v1/chat/completions"] = chat(lambda user: "Both ports are open.")
    press = config(server, summary={"calls": 9}).press
    own = configure(tmp_path, service_sample.a_plan())
    own = replace(own, press=own.press.model_copy(update={"summary": press.summary}))
    plan, now = own.plans["morning"], NOW
    slot = plans.last_slot(plan, now)
    assert slot is not None
    with open_archive(address(tmp_path)) as archive:
        store_news(archive, now - timedelta(hours=2), "eastport")
        seen = jobs.preview(archive, own, plan, now)
        reported = reporting.make(archive, own, plan, now, now - timedelta(days=1))
        made = jobs.make_edition(archive, own, plan, slot, now).edition

    assert made is not None
    assert "Both ports are open." in forms.write(seen, own, ".txt").decode()
    assert re.search("Machine summary by .*: Both ports are open.", forms.write(reported, own, ".txt").decode())
    # Shown again as it was sent: nobody is asked again.
    assert "Both ports are open." in made.html.decode()
    assert made.html == forms.write(EditionContent.from_json(made.content), own, ".html")
    assert len(server.asked) == 3


def test_editions_of_before_are_read(server):
    old = json.loads(CONTENT.to_json())
    del old["machine"]
    for item in old["top"]:
        del item["machine"], item["translation"]

    assert EditionContent.from_json(json.dumps(old)) == CONTENT


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[summary]\nsummariser = "openai"\nmodel = "tiny"\n', "summary.url"),
        ('[translation]\ntranslator = "openai"\nurl = "http://127.0.0.1:1"\n', "translation.model"),
        ('[translation]\ntranslator = "deeple"\n', '"libretranslate", "openai"'),
        ('[summary]\ntimeout = "1h"\n', "summary.timeout"),
    ],
)
def test_a_machine_that_cannot_be_asked_is_a_fault_of_the_configuration(tmp_path: Path, text: str, fault: str):
    (tmp_path / "presswatch.toml").write_text(text)

    with pytest.raises(ConfigErrors) as caught:
        load(tmp_path)
    assert fault in str(caught.value)


def test_a_key_is_read_from_a_file(tmp_path: Path):
    (tmp_path / "key").write_text(f"{KEY}\n")

    assert TranslationConfig(key_file=str(tmp_path / "key")).key({}) == KEY
    assert TranslationConfig().key({"PRESSWATCH_TRANSLATION_KEY_FILE": str(tmp_path / "key")}) == KEY
    assert SummaryConfig().key({"PRESSWATCH_SUMMARY_KEY": KEY}) == KEY
    assert TranslationConfig().key({}) == ""


def test_doctor_tells_where_texts_go_and_what_cannot_be_loaded(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PRESSWATCH_SUMMARY_KEY", KEY)
    machines = """
        [names]\ntagger = "spacy"
        [summary]\nsummariser = "openai"\nurl = "http://127.0.0.1:1/v1"\nmodel = "tiny"
        [translation]\ntranslator = "libretranslate"\nurl = "http://127.0.0.1:2"\nkey_file = "/nowhere/key"
    """
    (tmp_path / "presswatch.toml").write_text(textwrap.dedent(machines))
    found = {one.subject: one for one in checkup.examine(tmp_path, f"sqlite:///{tmp_path}/none.db", NOW)}

    assert (found["names"].grade, "needs models" in found["names"].text) == ("error", True)
    assert found["summary"].text == "openai at http://127.0.0.1:1/v1, with a key; texts of stories go there"
    assert (found["translation"].grade, "/nowhere/key" in found["translation"].text) == ("error", True)
    assert KEY not in str(found)
