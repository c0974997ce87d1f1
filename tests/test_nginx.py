"""The examples for nginx in the README, run as they stand there; only ports and paths are others."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection, IncompleteRead
from pathlib import Path
from urllib.parse import urlencode

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from crawler.archive import open_archive
from crawler.records import ApiToken
from digest.leaving import token
from tests import warm
from tests.archive_sample import article, keep
from tests.conftest import ROOT
from tests.quick_passwords import QUICK
from tests.service_sample import a_free_port, a_plan, address, configure

_SECURE, _LEAVING = "server {", "location /leave/"
_NAME = "press.example.org"
_WORDS = "correct horse battery"
_READER = "ann@reader.test"
_SECRET = "aVerySecretTokenOfAFeedReader"
_PROGRAMS = os.environ["PATH"] + os.pathsep + "/usr/sbin"
_NGINX = shutil.which("nginx", path=_PROGRAMS) or ""
pytestmark = pytest.mark.skipif(
    not (_NGINX and shutil.which("openssl")), reason="nginx or openssl is not installed (nginx-light, openssl)"
)


def example(beginning: str) -> str:
    """Find one of the examples by how it begins."""
    found = re.findall(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    return next(str(each) for each in found if each.startswith(beginning))


@contextmanager
def nginx(folder: Path, server: str, ports: list[int]) -> Iterator[None]:
    """Run nginx with one server, as the user of this test, in a folder."""
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = f"user {pwd.getpwuid(0).pw_name};" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{ }}\n"
        f"http {{ access_log {folder}/access.log; {paths}\n{server}\n}}\n"
    )
    command = [_NGINX, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        try:
            for port in ports:
                wait_for(port, lambda: running.poll() is None)
            yield
        finally:
            running.terminate()
            said = running.communicate(timeout=20)[0]
    assert "" == said


def wait_for(port: int, goes_on: Callable[[], bool] = lambda: True) -> None:
    """Wait until somebody listens."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert goes_on()
            time.sleep(0.05)
        else:
            return


@contextmanager
def behind_nginx(folder: Path, upstream: int) -> Iterator[int]:
    """Run the example of the page by https before a port; give its own."""
    port, other = a_free_port(), a_free_port()
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", str(folder / "press.key"), "-out", str(folder / "press.pem"), "-days", "2"]
    about = ["-subj", f"/CN={_NAME}", "-addext", f"subjectAltName=DNS:{_NAME}"]
    subprocess.run([*command, *files, *about], check=True, capture_output=True)
    written = example(_SECURE)
    for here, there in {
        "listen [::]:443 ": f"listen 127.0.0.1:{other} ",  # not every machine that tests has IPv6
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "/etc/ssl/": f"{folder}/",
        "127.0.0.1:8765": f"127.0.0.1:{upstream}",
    }.items():
        assert here in written
        written = written.replace(here, there)
    with nginx(folder, written, [port, other]):
        yield port


@dataclass
class Browser:
    """Asks a proxy by https, by the public name, and keeps cookies."""

    folder: Path
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    #: As they were sent.
    given: list[str] = field(default_factory=list)

    def ask(self, path: str, form: dict[str, str] | None = None, host: str = _NAME) -> tuple[HTTPResponse, str]:
        context = ssl.create_default_context(cafile=str(self.folder / "press.pem"))
        line = HTTPSConnection(_NAME, context=context, timeout=20)
        line._create_connection = lambda *_: socket.create_connection(("127.0.0.1", self.port), 20)  # type: ignore[attr-defined]
        headers = {"Host": host, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{_NAME}"}
        line.request("GET" if form is None else "POST", path, None if form is None else urlencode(form), headers)
        answer = line.getresponse()
        try:
            body = answer.read().decode()
        finally:
            line.close()
        for cookie in answer.headers.get_all("set-cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            self.given.append(cookie)
        return answer, body

    def log_in(self, password: str, **more: str) -> HTTPResponse:
        stamp = re.findall(r'name="stamp" value="([^"]+)"', self.ask("/login")[1])[0]
        return self.ask("/login", {"name": "ann", "password": password, "stamp": stamp, **more})[0]


@contextmanager
def page(folder: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Serve the page as `presswatch serve` does, of an archive that has no user yet."""
    port = a_free_port()
    web = f'[web]\npublic_url = "https://{_NAME}"\nproxy = "127.0.0.1"\nport = {port}\nprocesses = 2'
    configure(folder, a_plan(), more=web)
    with open_archive(address(folder)) as archive:
        keep(archive, article(title="Harbour reopens"))
    with warm.module("digest.cli", "serve", cwd=folder, text=True) as process:
        wait_for(port, lambda: process.poll() is None)
        try:
            yield port, process
        finally:
            process.terminate()
            process.wait(20)


def logged(folder: Path, last: str) -> str:
    """Read the log of accesses once the last one stands there, which is written after the answer."""
    for _ in range(100):
        if last in (text := (folder / "access.log").read_text()):
            return text
        time.sleep(0.05)
    raise AssertionError(text)


def test_the_page_by_https(tmp_path: Path) -> None:
    with page(tmp_path) as (upstream, process), behind_nginx(tmp_path, upstream) as port:
        browser = Browser(tmp_path, port)
        without_users = [browser.ask("/search", host=host)[0].status for host in (_NAME, "127.0.0.1")]
        now = datetime.now(UTC)
        with open_archive(address(tmp_path)) as archive:
            archive.users.add("ann", "editor", QUICK.hash(_WORDS), now)
            archive.users.add_token(_SECRET, ApiToken("reader", "ann", "feeds", now, None, None))
        answers = [browser.log_in("guess"), browser.log_in(_WORDS, next="/search", more="x" * 150_000)]
        found, text = browser.ask("/search?q=harbour")
        table = browser.ask("/search.csv?q=harbour")[1]
        feeds = [Browser(tmp_path, port).ask(f"/feeds/search.{kind}?token={_SECRET}")[0] for kind in ("xml", "json")]
        paths = (f"/watches/harbour.xml?token={_SECRET}", f"/leave/{_SECRET}")
        others = [Browser(tmp_path, port).ask(path)[0] for path in paths]
        process.terminate()
        said = process.communicate(timeout=20)[1]
        for path in (*paths, f"/feeds/search.xml?token={_SECRET}", "/today"):
            assert 502 == browser.ask(path)[0].status
        accesses = logged(tmp_path, '"GET /today HTTP/1.1" 502')

    assert [400, 403] == without_users
    assert [403, 303] == [each.status for each in answers]
    assert "max-age" in (found.getheader("strict-transport-security") or "")
    assert "Logged in as" in text
    assert "Harbour reopens" in table
    assert [200, 200] == [each.status for each in feeds]
    assert [404, 404] == [each.status for each in others]
    assert "log-in failed: 'ann' from 127.0.0.1" in said
    assert all(cookie.startswith("__Host-") and "Secure" in cookie for cookie in browser.given)
    assert {"__Host-presswatch_stamp", "__Host-presswatch_session", "__Host-presswatch_browser"} <= set(browser.cookies)
    assert "POST /login" in accesses
    assert _SECRET not in accesses
    faults = (tmp_path / "error.log").read_text()
    assert "GET /today" in faults
    assert _SECRET not in faults


def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    async def breaks_off(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/csv")]})
        await send({"type": "http.response.body", "body": b"one row\n", "more_body": True})
        raise ConnectionAbortedError

    server = uvicorn.Server(uvicorn.Config(breaks_off, log_level="critical", lifespan="off", http="h11"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            with behind_nginx(tmp_path, listening.getsockname()[1]) as port, pytest.raises(IncompleteRead):
                Browser(tmp_path, port).ask("/search.csv")
        finally:
            server.should_exit = True
            thread.join()


def test_the_pages_of_recipients_alone(tmp_path: Path) -> None:
    with page(tmp_path) as (upstream, process):
        with open_archive(address(tmp_path)) as archive:
            own = token(archive.recipients.secret(), "page", "morning", _READER)
            archive.recipients.keep_links([(own, "page", "morning", _READER)])
        port = a_free_port()
        forwarded = example(_LEAVING).replace("127.0.0.1:8765", f"127.0.0.1:{upstream}")
        server = f"server {{ listen 127.0.0.1:{port}; server_name {_NAME}; {forwarded} }}"

        def ask(path: str, body: str | None = None) -> tuple[int, str]:
            line = HTTPConnection("127.0.0.1", port, timeout=20)
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            line.request("POST" if body else "GET", path, body, {"Host": _NAME, **kind})
            answer = line.getresponse()
            found = answer.status, answer.read().decode(errors="replace")
            line.close()
            return found

        with nginx(tmp_path, server, [port]):
            shown, style = ask(f"/leave/{own}"), ask("/leave/style.css")
            left = ask(f"/leave/{own}", "List-Unsubscribe=One-Click")
            search = ask("/search")
            process.terminate()
            process.wait(20)
            down = ask(f"/leave/{own}")
            accesses = logged(tmp_path, '"GET /search HTTP/1.1" 404')
        with open_archive(address(tmp_path)) as archive:
            veto = archive.recipients.veto(_READER, "morning", datetime.now(UTC))

    assert [200, 200, 200, 404, 502] == [each[0] for each in (shown, style, left, search, down)]
    assert veto is not None
    assert "unsubscribed" == veto.state
    assert own not in accesses
    assert own not in (tmp_path / "error.log").read_text()
