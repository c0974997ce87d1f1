"""Pages whose text is written by scripts, drawn by a real Chromium that reaches nothing but through our fetcher."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from crawler.archive import open_archive
from crawler.config import load
from crawler.errors import FetchRefused
from crawler.net import Answer, Ask
from crawler.net.browser import Browser, lacking
from crawler.net.guard import Guard
from crawler.net.memory import of_tree
from crawler.urls import host_of
from crawler.verdicts import KEPT_FROM_ENTRY
from tests.loopback import Reply, Web, address, article, configure, outlet, run_visit

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("playwright") is None, reason="the extra javascript is not installed"),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # playwright leaves its pipes to the collector
]
DRAWN = """<!doctype html><html lang="en"><head><title>Eels are cheap</title></head><body><div id="root"></div>
<script src="/app.js"></script></body></html>"""
APP = """fetch("/api/article").then(answer => answer.json()).then(said => {
  document.getElementById("root").innerHTML = "<article><h1>" + said.title + "</h1>" +
    said.paragraphs.map(text => "<p>" + text + "</p>").join("") + "</article>";
});"""
TEXT = "The eel market of Lower Wexcombe opened on Tuesday, and prices fell by a third before the bells rang noon. "
API = json.dumps({"title": "Eels are cheap", "paragraphs": [TEXT * 2, TEXT.replace("Tuesday", "Friday") * 2]})


class Room:
    """Answers what the browser asks for, behind a real guard that allows nothing private."""

    #: What draws for one room after the other, as on a visit, and the room that it draws for.
    runner: ClassVar[asyncio.Runner]
    shared: ClassVar[Browser]
    now: ClassVar[Room]

    def __init__(self, files: Mapping[str, Answer | Callable[[], Answer]] = {}):
        self.files, self.asked, self.guard = files, list[str](), Guard()

    async def fetch(self, ask: Ask) -> Answer:
        self.asked.append(ask.url)
        self.guard.check_literal(host_of(ask.url))
        found = self.files.get(ask.url)
        if found is None:
            raise FetchRefused(ask.url, "connection", "there is no such thing here")
        return found if isinstance(found, Answer) else found()

    def draw(self, html: str, url: str = "http://one.example/a", **settings: int) -> Answer:
        """Draw a page in the browser of all rooms, or with other settings in one of its own."""

        async def work() -> Answer:
            browser = Browser(self.fetch, executable=CHROMIUM, **settings) if settings else Room.shared
            try:
                return await browser.draw(reply(url, html))
            finally:
                if settings:
                    await browser.close()

        Room.now = self
        return Room.runner.run(work())


async def _fetched(ask: Ask) -> Answer:
    return await Room.now.fetch(ask)


@pytest.fixture(scope="module", autouse=True)
def _one_browser() -> Iterator[None]:
    with asyncio.Runner() as Room.runner:
        Room.shared = Browser(_fetched, executable=CHROMIUM)
        yield
        Room.runner.run(Room.shared.close())


def reply(url: str, body: str, kind: str = "text/html; charset=utf-8", status: int = 200) -> Answer:
    return Answer(url, url, status, {"content-type": kind}, body.encode())


class Ear:
    """A listener on loopback that notes whoever connects."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.heard = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            self.heard += 1
            connection.close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    listening = Ear()
    yield listening
    listening.server.close()


def test_what_scripts_write_is_there_when_a_page_is_drawn() -> None:
    room = Room(
        {
            "http://one.example/app.js": reply("", APP, "text/javascript"),
            "http://one.example/api/article": reply("", API, "application/json"),
        }
    )
    drawn = room.draw(DRAWN)

    assert TEXT.strip() in drawn.body.decode()
    assert room.asked == ["http://one.example/app.js", "http://one.example/api/article"]


def test_a_browser_has_no_network_of_its_own(ear: Ear) -> None:
    """Every way out that a script knows is tried; nothing is heard, and our fetcher is asked for no more than data."""
    bad = f"127.0.0.1:{ear.port}"
    page = f"""<html><head><title>x</title>
    <link rel="preconnect" href="http://{bad}/"><link rel="dns-prefetch" href="http://{bad}/">
    <link rel="prefetch" href="http://{bad}/prefetch"><link rel="stylesheet" href="http://{bad}/style">
    <meta http-equiv="refresh" content="1; url=http://{bad}/refresh"></head><body>
    <img src="http://{bad}/image"><iframe src="http://{bad}/frame"></iframe><iframe src="file:///etc/passwd"></iframe>
    <script src="http://{bad}/script"></script><video src="http://{bad}/video"></video><p id="said">quiet</p>
    <script>
    const tried = [];
    const attempt = act => {{ try {{ const r = act(); if (r && r.catch) r.catch(() => 0); }} catch (e) {{}} }};
    for (const at of ["http://{bad}/fetch", "http://169.254.169.254/latest/meta-data/", "http://[::1]:{ear.port}/",
                      "http://localhost:{ear.port}/", "http://2130706433:{ear.port}/", "file:///etc/passwd"]) {{
      attempt(() => fetch(at).then(r => r.text()).then(t => document.getElementById("said").innerText = "read " + at));
      attempt(() => fetch(at, {{method: "POST", body: "x", mode: "no-cors"}}));
      attempt(() => navigator.sendBeacon(at, "x"));
    }}
    attempt(() => new WebSocket("ws://{bad}/socket"));
    attempt(() => new EventSource("http://{bad}/events"));
    attempt(() => new WebTransport("https://{bad}/transport"));
    attempt(() => new Worker(URL.createObjectURL(new Blob(["fetch('http://{bad}/worker')"]))));
    attempt(() => new SharedWorker(URL.createObjectURL(new Blob(["fetch('http://{bad}/shared')"]))));
    attempt(() => {{ const p = new RTCPeerConnection({{iceServers: [{{urls: "stun:{bad}"}}]}});
      p.createDataChannel("x"); p.createOffer().then(o => p.setLocalDescription(o)); }});
    attempt(() => window.open("http://{bad}/popup"));
    attempt(() => navigator.serviceWorker.register("/worker.js"));
    attempt(() => import("http://{bad}/module"));
    </script></body></html>"""
    room = Room()
    drawn = room.draw(page)

    assert ear.heard == 0
    assert b">quiet<" in drawn.body
    assert not [url for url in room.asked if url.startswith("file:")]
    assert any("169.254.169.254" in url for url in room.asked)
    asked_for = {url.rsplit("/", 1)[-1] for url in room.asked if bad in url}
    assert asked_for <= {"script", "fetch", "module", ""}  # "" is 2130706433, as Chromium writes it


def test_a_page_that_leaves_itself_is_not_followed(ear: Ear) -> None:
    room = Room()
    drawn = room.draw(f"<p>before</p><script>location = 'http://127.0.0.1:{ear.port}/away'</script>")

    assert ear.heard == 0
    assert room.asked == []
    assert drawn.final_url == "http://one.example/a"


def test_what_stood_there_stays_where_a_page_may_not_leave_to() -> None:
    page = f"<h1>Eels</h1><p>{TEXT}</p><script>setTimeout(() => location.href = '{{}}', 50)</script>"
    room = Room({"http://one.example/missing": reply("http://one.example/missing", "no", status=404)})
    away, missing = (room.draw(page.format(url)) for url in ("http://two.example/", "/missing"))

    assert TEXT.strip() in away.body.decode()
    assert TEXT.strip() in missing.body.decode()
    assert room.asked == ["http://one.example/missing"]
    assert {away.final_url, missing.final_url} == {"http://one.example/a"}


@pytest.mark.parametrize("how", ["location.href = '/b'", "setTimeout(() => location.replace('/b'), 300)"])
def test_a_page_whose_script_leads_to_another_of_its_site_is_followed(how: str) -> None:
    there = reply("http://one.example/b", f"<h1>Eels</h1><p>{TEXT}</p><script>location.href = '/b'</script>")
    room = Room({"http://one.example/b": there})
    drawn = room.draw(f"<p>Please wait</p><script>{how}</script>")

    assert TEXT.strip() in drawn.body.decode()
    assert (drawn.url, drawn.final_url) == ("http://one.example/a", "http://one.example/b")
    assert room.asked == ["http://one.example/b"]


def test_a_page_that_leads_from_one_to_the_next_for_ever_ends() -> None:
    numbers = iter(range(100))

    def onward() -> Answer:
        number = next(numbers)
        return reply(f"http://one.example/{number}", f"<p>{number}</p><script>location.href = '/{number + 1}'</script>")

    room = Room({f"http://one.example/{number}": onward for number in range(9)})
    drawn = room.draw("<p>Please wait</p><script>location.href = '/0'</script>")

    assert drawn.final_url == "http://one.example/2"
    assert len(room.asked) == 3


def test_a_page_on_which_the_browser_fails_is_kept_from_its_entry() -> None:
    room = Room()

    async def work() -> None:
        browser = Browser(room.fetch, executable=CHROMIUM)
        browser._open = refuse  # type: ignore[method-assign]
        await browser.draw(reply("http://one.example/a", "<p>x</p>"))

    async def refuse() -> None:
        from playwright.async_api import Error

        raise Error("Target crashed")

    with pytest.raises(FetchRefused) as refused:
        asyncio.run(work())

    assert refused.value.reason in KEPT_FROM_ENTRY
    assert "the browser could not draw it: Target crashed" in str(refused.value)


def test_a_page_that_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.net.browser._LONGEST", 2.0)
    monkeypatch.setattr("crawler.net.browser._SPARE", 1.0)
    with pytest.raises(FetchRefused) as refused:
        Room().draw("<p>before</p><script>for (;;) {}</script>")

    assert refused.value.reason in KEPT_FROM_ENTRY
    assert (refused.value.reason, refused.value.detail) == (
        "extraction limit",
        "the browser had not drawn it after 3 s",
    )


def test_a_page_that_grows_is_refused() -> None:
    page = "<script>document.write('<p>' + 'x'.repeat(3e6) + '</p>')</script>"
    with pytest.raises(FetchRefused) as refused:
        Room().draw(page, max_size=1_000_000)

    assert refused.value.reason == "too large"


def test_a_page_whose_scripts_fill_the_memory_is_cut_off_and_the_next_one_drawn() -> None:
    """Filled arrays lie outside of what the engine's own limit counts."""
    page = """<p>before</p><script>
      const held = []; let n = 0;
      setInterval(() => { if (n < 75) { held.push(new Uint8Array(2e7).fill(1 + n++)); document.title = n; } }, 5);
    </script>"""
    most, others = 0, {*of_tree(os.getpid())}

    async def work() -> tuple[FetchRefused, str]:
        nonlocal most
        browser = Browser(Room().fetch, executable=CHROMIUM, max_memory=200_000_000)
        drawing = asyncio.ensure_future(browser.draw(reply("http://one.example/a", page)))
        while not drawing.done():
            await asyncio.sleep(0.02)
            most = max([most, *(size for process, size in of_tree(os.getpid()).items() if process not in others)])
        with pytest.raises(FetchRefused) as refused:
            await drawing
        try:
            drawn = await browser.draw(reply("http://one.example/b", "<p>a ferry"))
        finally:
            await browser.close()
        return refused.value, drawn.body.decode()

    refused, drawn = asyncio.run(work())

    assert (refused.reason, refused.detail) == (
        "extraction limit", "its scripts use more than 200 MB of memory ([crawl] page_memory)"
    )  # fmt: skip
    assert most < 900 * 2**20
    assert "a ferry" in drawn


def test_a_page_asks_for_no_more_than_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.net.browser._MOST_PARTS", 5)
    room = Room()
    room.draw("<script>for (let i = 0; i < 50; i++) fetch('/' + i).catch(() => 0)</script>")

    assert len(room.asked) <= 5


def test_what_is_lacking_is_told_with_its_remedy() -> None:
    assert lacking("") == ""
    assert "there is no program no-such-browser" in lacking("no-such-browser")


def test_a_source_is_drawn_on_a_whole_visit(tmp_path: Path) -> None:
    pages = {
        "/a": Reply(DRAWN),
        "/app.js": Reply(APP, kind="text/javascript"),
        "/api/article": Reply(API, kind="application/json"),
    }

    with Web(one=lambda seen: outlet("one", {"/a": pages["/a"]})(seen) or pages.get(seen.path)) as web:
        folder = configure(tmp_path / "config", web, "one", crawl=f'delay = "0s"\nbrowser = "{CHROMIUM}"')
        with (folder / "sources.toml").open("a") as file:
            file.write("render = true\n")
        report = run_visit(folder)
        asked = web.asked("one")

    assert report["one"]["kept"] == 1
    assert "/api/article" in asked
    with open_archive(address(folder)) as opened:
        kept = opened.articles.get("http://one.example/a")
        assert kept is not None
        assert kept.title == "Eels are cheap"
        assert kept.completeness == "full"
        assert TEXT.strip() in kept.text


def test_without_a_browser_only_that_source_waits_and_says_why(tmp_path: Path) -> None:
    with Web(one=outlet("one", {"/a": Reply(DRAWN)}), two=outlet("two", {"/b": Reply(article("Rope is dear"))})) as web:
        folder = configure(tmp_path / "config", web, "two", "one", crawl='delay = "0s"\nbrowser = "no-such-browser"')
        with (folder / "sources.toml").open("a") as file:
            file.write("render = true\n")
        report = run_visit(folder)

    assert load(folder).sources["one"].render
    assert report["two"]["kept"] == 1
    assert report["one"]["kept"] == 0
    assert "there is no program no-such-browser" in report["one"]["failed_channels"][0][1]
    with open_archive(address(folder)) as opened:
        page = opened.pages.find("http://one.example/a")
        assert page is not None
        assert page.state == "queued"
