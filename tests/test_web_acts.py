"""What changes something by the web page: asked only of a form of ours, by who may, and told on the next page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from starlette.responses import Response
from starlette.routing import Route

from crawler.archive import open_archive
from digest.web import app, application
from digest.web.call import STAMP, Call, Page, Visitor
from tests.archive_sample import HERALD, NOW

BASE = "http://127.0.0.1:8765"


def _act(call: Call) -> Response:
    if "write" in call.form:
        call.archive.sources.pause("herald", NOW)
    return call.to("/", f"done: {call.form.get('what')}; {call.visitor.name}")


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> httpx.AsyncClient:
    with open_archive(f"sqlite:///{tmp_path / 'a.db'}"):
        pass
    monkeypatch.setattr(application, "PAGES", (*application.PAGES, Page("/act", _act, "editor", writes=True)))
    made = app(f"sqlite:///{tmp_path / 'a.db'}", lambda: NOW)
    assert any(isinstance(route, Route) and route.path == "/act" for route in made.routes)
    return httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url=BASE)


def _post(browser: httpx.AsyncClient, form: Mapping[str, str], headers: Mapping[str, str]) -> httpx.Response:
    async def answer() -> httpx.Response:
        await browser.get("/")
        stamp = browser.cookies[STAMP]
        filled = {name: value.replace("STAMP", stamp) for name, value in form.items()}
        return await browser.post("/act", data=filled, headers=dict(headers))

    return asyncio.run(answer())


@pytest.mark.parametrize(
    "headers", [{}, {"sec-fetch-site": "same-origin"}, {"origin": BASE}, {"sec-fetch-site": "none", "origin": "null"}]
)
def test_a_form_of_ours_acts_and_the_next_page_tells_it_once(
    browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    response = _post(browser, {"stamp": "STAMP", "what": "tëst <b>"}, headers)

    assert (response.status_code, response.headers["location"]) == (303, "/")
    first, second = (asyncio.run(browser.get("/")).text for _ in range(2))
    assert "done: tëst &lt;b&gt;" in first
    assert "done:" not in second


def test_what_is_told_fits_into_a_cookie_in_any_script(browser: httpx.AsyncClient) -> None:
    """Browsers keep no cookie whose name and value have more than 4,096 bytes (RFC 6265bis)."""
    response = _post(browser, {"stamp": "STAMP", "what": "\U00020000 标签" * 600}, {})
    kept = next(value for name, value in response.headers.multi_items() if name == "set-cookie" and "_said=" in value)

    assert len(kept.partition(";")[0]) <= 4_096
    told = asyncio.run(browser.get("/")).text
    assert "done: \U00020000 标签" in told
    assert "�" not in told


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        ({"what": "x"}, {}),
        ({"stamp": "", "what": "x"}, {}),
        ({"stamp": "STAMPx", "what": "x"}, {}),
        ({"stamp": "STAMP"}, {"sec-fetch-site": "cross-site"}),
        ({"stamp": "STAMP"}, {"sec-fetch-site": "same-site"}),
        ({"stamp": "STAMP"}, {"origin": "https://evil.test"}),
        ({"stamp": "STAMP"}, {"origin": "http://127.0.0.1:9999"}),
        ({"stamp": "STAMP"}, {"origin": "null"}),
    ],
)
def test_what_no_page_of_ours_sent_is_refused(
    browser: httpx.AsyncClient, form: dict[str, str], headers: dict[str, str]
) -> None:
    response = _post(browser, form, headers)

    assert response.status_code == 403
    assert "set-cookie" not in response.headers


def test_who_sends_a_form_while_another_process_writes_is_not_kept_waiting(
    browser: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "_PATIENCE", 0.2)
    with open_archive(f"sqlite:///{tmp_path / 'a.db'}") as other, other.writing():
        other.sources.sync([HERALD], NOW)
        response = _post(browser, {"stamp": "STAMP", "write": "yes"}, {})

    assert response.status_code == 503
    assert "Nothing was changed: the archive is busy" in response.text
    assert "Go back, where what you wrote still stands" in response.text


def test_a_form_without_end_is_refused(browser: httpx.AsyncClient) -> None:
    assert _post(browser, {"stamp": "STAMP", "what": "x" * 300_000}, {}).status_code == 413


def test_a_reader_may_not_do_what_an_editor_may(browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "visitor_of", lambda *_: Visitor("ann", "reader", is_user=True))

    response = _post(browser, {"stamp": "STAMP"}, {})

    assert response.status_code == 403
    assert "Only an editor may do this" in response.text
