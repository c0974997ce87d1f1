"""How long the web page works at one request, so that a few that take minutes keep nobody else waiting."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from crawler.archive import sqlite
from digest.web import app, call, patience
from tests.archive_sample import NOW
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
