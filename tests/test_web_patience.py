"""How long the web page works at one request, so that a few that take minutes keep nobody else waiting."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from crawler.archive import Archive, sqlite
from digest.web import app, call, patience
from tests.archive_sample import NOW, article, keep
from tests.newsroom import Newsroom, filled
from tests.test_web import fill

_AT_ONCE = ("/search?q=harbour", "/search.csv?q=harbour", "/feeds/search.xml?q=harbour", "/api/v1/search?q=harbour")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    fill(url)
    monkeypatch.setattr(sqlite, "_STEPS", 1)
    return app(url, lambda: NOW)


def _ask(made: Any, path: str) -> httpx.Response:
    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url="http://localhost") as client:
            return await client.get(path)

    return asyncio.run(asked())


@pytest.mark.parametrize("path", _AT_ONCE)
def test_what_takes_too_long_is_not_answered_and_says_how_to_ask_for_less(
    made: Any, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    assert 200 == _ask(made, path).status_code

    monkeypatch.setattr(patience, "LONGEST", 0.0)
    answer = _ask(made, path)

    assert 400 == answer.status_code
    assert "this takes too long to find; ask for fewer words" in answer.text


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let searching take longer than a page may."""
    monkeypatch.setattr(patience, "LONGEST", 0.2)

    def slow(act: Any) -> Any:
        def slowly(*given: Any, **more: Any) -> Any:
            begun = time.thread_time()
            while time.thread_time() < begun + 0.25:
                pass
            return act(*given, **more)

        return slowly

    for name in ("search", "stats"):
        monkeypatch.setattr(Archive, name, slow(getattr(Archive, name)))


def test_a_program_is_told_that_it_is_the_query_that_takes_too_long(made: Any, slowly: None) -> None:
    error = _ask(made, "/api/v1/search?q=harbour").json()["error"]

    assert "this takes too long to find" in error["problem"]
    assert "q" == error["place"]


# Pages that are asked by POST


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    room = Newsroom(tmp_path, watches='[taken]\nquery = "harbour"\n')
    with room.archive() as archive:
        keep(archive, article(), at=NOW)
    monkeypatch.setattr(sqlite, "_STEPS", 1)
    return room


def _form(room: Newsroom, name: str) -> dict[str, str | list[str]]:
    form = filled(room.page("/watches/new"), "/watches/save")
    return {**form, "name": name, "query": "harbour"}


def test_what_a_query_finds_is_tried_as_long_as_a_page_may_take_and_what_was_typed_stays(
    room: Newsroom, slowly: None
) -> None:
    answer = room.send("/watches/try", _form(room, "harbours"))

    assert 200 == answer.status_code
    assert "this takes too long to find" in answer.text
    assert ["harbour"] == filled(answer.text, "/watches/save")["query"]


def test_a_watch_that_cannot_be_saved_is_told_even_if_trying_it_takes_too_long(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = _form(room, "taken")
    monkeypatch.setattr(patience, "LONGEST", 0.0)

    answer = room.send("/watches/save", form)

    assert 400 == answer.status_code
    assert "There is a watch “taken” already" in answer.text
    assert "this takes too long to find" in answer.text


def test_what_is_written_is_never_ended(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    form = _form(room, "harbours")
    monkeypatch.setattr(patience, "LONGEST", 0.0)

    answer = room.send("/watches/save", form)

    assert 303 == answer.status_code
    with room.archive() as archive:
        assert 1 == archive.watches.counts()["harbours"]


def test_a_trial_that_no_page_of_ours_sent_is_refused(room: Newsroom) -> None:
    assert 403 == room.send("/watches/try", {"stamp": "other", "query": "harbour"}).status_code


# Whoever leaves


def _ask_and(made: Any, receive: Any, url: str, method: str = "GET") -> list[Any]:
    """Ask, and do with the connection what ``receive`` does; give what was sent."""
    asked, sent = httpx.URL(url), list[Any]()
    scope = {
        "type": "http", "method": method, "scheme": "http", "path": asked.path, "query_string": asked.query,
        "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 4711), "server": ("localhost", 80),
    }  # fmt: skip

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(made(scope, receive, send))
    return sent


async def _leave() -> dict[str, str]:
    return {"type": "http.disconnect"}


def test_nothing_is_worked_at_for_whoever_has_left(made: Any) -> None:
    """Eight searches of seconds whose windows were closed kept Today waiting for 85 s."""
    sent = _ask_and(made, _leave, "http://localhost/search?q=harbour")

    assert 503 == sent[0]["status"]
    assert b"" == b"".join(message.get("body", b"") for message in sent)


_FORMS = ("/login", "/account", "/watches/save", "/api/v1/articles/1/judgements", "/leave/a.b.c")


@pytest.mark.parametrize("path", _FORMS)
def test_whoever_leaves_before_the_form_is_sent_fills_no_log(made: Any, path: str) -> None:
    sent = _ask_and(made, _leave, f"http://localhost{path}", "POST")

    assert 400 <= sent[0]["status"] < 500


@pytest.mark.parametrize("path", _FORMS)
def test_a_form_that_never_comes_is_not_waited_for(made: Any, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(call, "_LONGEST_WAIT", 0.05)

    async def wait() -> None:
        await asyncio.sleep(30)

    sent = _ask_and(made, wait, f"http://localhost{path}", "POST")

    assert 408 == sent[0]["status"]


def test_a_search_ends_when_whoever_asked_leaves_in_the_middle_of_it(made: Any) -> None:
    enough = patience.Patience()
    enough.begin()

    assert not enough.is_over()
    enough.left = True
    assert enough.is_over()
