"""The page of a recipient: by their link alone; only a POST changes anything; nothing else has a public name."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import uvicorn

from crawler.archive import open_archive
from crawler.config import Config
from crawler.errors import ConfigError
from digest.leaving import token
from digest.web import app
from tests.archive_sample import DAY, NOW
from tests.service_sample import a_plan, address, configure
from tests.test_web import Tags

ANN = "ann@reader.test"
HOST = "press.test"
CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Desk:
    """An archive with a reader of two plans, and the web page over it."""

    folder: Path
    config: Config
    #: The configuration has a fault just now.
    fault: bool = False

    @property
    def url(self) -> str:
        return address(self.folder)

    def key(self, plan: str = "morning", recipient: str = ANN) -> str:
        with open_archive(self.url) as archive:
            own = token(archive.recipients.secret(), "page", plan, recipient)
            archive.recipients.keep_links([(own, "page", plan, recipient)])
        return own

    def read(self) -> Config:
        """Give the configuration, as the page reads it each time."""
        if self.fault:
            raise ConfigError(self.folder / "config" / "digests.toml", 1, "morning.at", "soon", "a time")
        return self.config

    def page(self) -> Any:
        return app(self.url, lambda: NOW, f"https://{HOST}", self.read)

    def ask(self, path: str, method: str = "GET", host: str = HOST, kind: str = "", **options: Any) -> httpx.Response:
        headers = {"host": host, **({"content-type": kind} if kind else {}), **options.pop("headers", {})}

        async def answer() -> httpx.Response:
            transport = httpx.ASGITransport(self.page(), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, path, headers=headers, **options)

        return asyncio.run(answer())

    def post(self, key: str, **form: str) -> httpx.Response:
        return self.ask(f"/leave/{key}", "POST", data=form)

    def states(self, plans: tuple[str, ...] = ("morning", "evening"), days: int = 0) -> list[str]:
        with open_archive(self.url) as archive:
            found = [archive.recipients.veto(ANN, plan, NOW + days * DAY) for plan in plans]
        return [veto.state if veto else "active" for veto in found]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    evening = a_plan("evening", title='"<b>Evening</b> & more"')
    other = a_plan("secret", title='"Board only"', recipients='["bob@reader.test"]')
    return Desk(tmp_path, configure(tmp_path, a_plan(), evening, other))


def test_looking_at_the_page_changes_nothing(desk: Desk) -> None:
    """Programs that check links in mails look at every one of them."""
    key = desk.key()
    before = (desk.folder / "press.db").read_bytes()

    for method in ("GET", "HEAD"):
        assert 200 == desk.ask(f"/leave/{key}", method).status_code
    assert ["active", "active"] == desk.states()
    assert before == (desk.folder / "press.db").read_bytes()


def test_the_page_shows_what_its_reader_gets_and_nothing_of_others(desk: Desk) -> None:
    page = desk.ask(f"/leave/{desk.key()}").text

    assert "Morning" in page
    assert "&lt;b&gt;Evening&lt;/b&gt; &amp; more" in page
    assert "a…@reader.test" in page
    for unseen in ("Board only", "bob", ANN, "press.db", "/search", "/digests"):
        assert unseen not in page


def test_the_button_leaves_and_another_undoes_it(desk: Desk) -> None:
    key = desk.key()

    left = desk.post(key, act="leave", plan="morning")
    assert ["unsubscribed", "active"] == desk.states()
    assert "Done: you no longer get “Morning”." in left.text
    assert "Get it again" in left.text
    assert 200 == desk.post(key, act="leave", plan="morning").status_code  # twice is once
    again = desk.post(key, act="again", plan="morning")
    assert "Done: you get “Morning” again." in again.text
    assert ["active", "active"] == desk.states()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (CLICK, FORM),
        (
            '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_a_mail_program_unsubscribes_with_one_click(desk: Desk, body: str, kind: str) -> None:
    key = desk.key()
    answers = [desk.ask(f"/leave/{key}", "POST", content=body, kind=kind) for _ in range(2)]

    assert [200, 200] == [answer.status_code for answer in answers]
    assert ["unsubscribed", "active"] == desk.states()


def test_one_plan_of_several_is_left_by_the_link_of_another(desk: Desk) -> None:
    desk.post(desk.key(), act="leave", plan="evening")

    assert ["active", "unsubscribed"] == desk.states()


def test_everything_is_left_at_once_and_taken_back_one_by_one(desk: Desk) -> None:
    key = desk.key()
    desk.post(key, act="leave-all")
    assert ["unsubscribed", "unsubscribed", "unsubscribed"] == desk.states(("morning", "evening", "later"))

    desk.post(key, act="again", plan="evening")

    assert ["unsubscribed", "active"] == desk.states()


def test_a_pause_ends_on_its_day(desk: Desk) -> None:
    key = desk.key()
    paused = desk.post(key, act="pause", until=f"{NOW + 2 * DAY:%Y-%m-%d}")

    assert "Done: nothing is sent before Wednesday, 25 November 2026." in paused.text
    assert [["paused", "paused"], ["paused", "paused"], ["active", "active"]] == [
        desk.states(days=days) for days in (0, 1, 2)
    ]
    desk.post(key, act="resume")
    assert ["active", "active"] == desk.states()


@pytest.mark.parametrize("until", ["", "soon", "2026-11-23", "2020-01-01", "2028-01-01", "0001-01-01", "9999-12-31"])
def test_a_pause_until_no_day_to_come_is_refused(desk: Desk, until: str) -> None:
    answer = desk.post(desk.key(), act="pause", until=until)

    assert 400 == answer.status_code
    assert "choose a day to come" in answer.text
    assert ["active", "active"] == desk.states()


@pytest.mark.parametrize("form", [{}, {"act": "steal"}, {"act": "again", "plan": "secret"}, {"x": "y" * 9_000}])
def test_a_form_that_is_none_of_ours_changes_nothing_of_others(desk: Desk, form: dict[str, str]) -> None:
    with open_archive(desk.url) as archive:
        archive.recipients.leave("bob@reader.test", "secret", NOW, how="link")
    key = desk.key()
    desk.post(key, **form)

    with open_archive(desk.url) as archive:
        assert ["bob@reader.test"] == [veto.recipient for veto in archive.recipients.vetoes(NOW)]


def test_whom_the_operator_took_off_cannot_put_themselves_on_again(desk: Desk) -> None:
    with open_archive(desk.url) as archive:
        archive.recipients.leave(ANN, "morning", NOW, how="by hand")
    key = desk.key()

    assert "The sender has taken a…@reader.test off this list." in desk.ask(f"/leave/{key}").text
    assert 400 == desk.post(key, act="again", plan="morning").status_code
    desk.post(key, act="leave-all")
    desk.post(key, act="again", plan="evening")
    assert ["unsubscribed", "active"] == desk.states()


def test_the_link_of_an_old_mail_leaves_a_plan_that_is_not_there_any_more(desk: Desk) -> None:
    key = desk.key("alert:grain")

    assert "is not on the sender’s list" in desk.ask(f"/leave/{key}").text
    assert 200 == desk.ask(f"/leave/{key}", "POST", content=CLICK, kind=FORM).status_code
    assert ["unsubscribed"] == desk.states(("alert:grain",))


def test_one_can_leave_while_the_configuration_has_faults(desk: Desk) -> None:
    key = desk.key()
    desk.fault = True
    answer = desk.ask(f"/leave/{key}", "POST", content=CLICK, kind=FORM)

    assert 200 == answer.status_code
    assert ["unsubscribed", "active"] == desk.states()
    assert str(desk.folder) not in answer.text


@pytest.mark.parametrize("key", ["A" * 27, "x", "%2e%2e%2fsearch", "a\x00b", "й" * 27, "A" * 5_000])
def test_a_link_that_is_none_says_so(desk: Desk, key: str) -> None:
    desk.key()

    for method in ("GET", "POST"):
        answer = desk.ask(f"/leave/{quote(key, safe='%')}", method)
        assert 404 == answer.status_code
        assert "/search" not in answer.text


def test_without_an_archive_the_page_names_no_file(desk: Desk, tmp_path: Path) -> None:
    answer = desk.ask("/leave/" + "A" * 27)

    assert 503 == answer.status_code
    assert "press.db" not in answer.text
    assert "Try again in a few minutes" in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/search?q=a", "/digests", "/sources", "/static/style.css", "/leave", "/leavex/a"]
)
def test_by_the_public_name_nothing_else_is_open(desk: Desk, path: str) -> None:
    desk.key()

    assert 400 == desk.ask(path).status_code
    assert 400 != desk.ask(path, host="127.0.0.1").status_code


@pytest.mark.parametrize(
    "path", ["/leave/../search", "/leave/..%2fsearch", "/leave/%2e%2e/", "//search", "/leave//search"]
)
def test_no_way_leads_from_the_page_to_the_archive(desk: Desk, path: str) -> None:
    key = desk.key()
    with running(desk) as port:
        page, style, other = (_raw(port, asked) for asked in (f"/leave/{key}", "/leave/style.css", path))

    assert "Morning" in page
    assert ":root" in style
    assert re.match(r"HTTP/1.1 40[04] ", other)
    assert "Search the archive" not in other


def test_a_foreign_name_is_refused_on_the_page_too(desk: Desk) -> None:
    assert 400 == desk.ask(f"/leave/{desk.key()}", host="evil.test").status_code


def test_the_page_is_kept_nowhere_and_gives_its_address_to_nobody(desk: Desk) -> None:
    key = desk.key()
    for answer in (desk.ask(f"/leave/{key}"), desk.post(key, act="leave"), desk.ask("/leave/none")):
        headers = answer.headers
        assert "no-store" == headers["cache-control"]
        assert "no-referrer" == headers["referrer-policy"]
        assert "noindex, nofollow" == headers["x-robots-tag"]
        assert "set-cookie" not in headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        tags = Tags(answer.text)
        assert [] == tags.all("script") + tags.all("a") + tags.all("img")
        assert not re.search(r"\sstyle=|\son\w+=|<style", answer.text)
        assert {None} == {form.get("action") for form in tags.all("form")} | {None}


@contextmanager
def running(desk: Desk) -> Iterator[int]:
    """Serve the page on loopback as `presswatch serve` does."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(desk.page(), log_level="warning", lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()


def _raw(port: int, path: str) -> str:
    """Ask for a path as it stands, as no program of ours would."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: line.recv(65536), b"")).decode()


@pytest.mark.parametrize(
    ("asked", "said", "way"),
    [
        ("", "This link is not known here", "ltr"),
        ("ar-EG,ar;q=0.9,en;q=0.8", "هذا الرابط غير معروف هنا", "rtl"),
        ("tlh, de-CH;q=0.5", "Dieser Link ist hier nicht bekannt", "ltr"),
        (";;,q=", "This link is not known here", "ltr"),
    ],
)
def test_whom_a_link_does_not_name_is_told_so_in_the_language_of_the_browser(
    desk: Desk, asked: str, said: str, way: str
) -> None:
    desk.key()
    page = desk.ask("/leave/" + "x" * 27, headers={"accept-language": asked}).text

    assert said in page
    assert f'dir="{way}"' in page
