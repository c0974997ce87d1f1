"""A scripted web on loopback: each host is a function from a request to an answer, and every request is noted."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from tests import warm

ROOT = Path(__file__).parents[1]


@dataclass
class Seen:
    """One request as the server saw it."""

    host: str
    path: str
    headers: Mapping[str, str]
    began: float
    ended: float = 0.0


@dataclass
class Reply:
    """What a host answers; `act` may write to the socket by itself instead."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "text/html; charset=utf-8"
    act: Callable[[BaseHTTPRequestHandler], None] | None = None


Host = Callable[[Seen], Reply | None]


class Web:
    """The server; use it in a `with` statement."""

    def __init__(self, **hosts: Host):
        #: "good" answers for good.example.
        self.hosts = {f"{name}.example": host for name, host in hosts.items()}
        self.seen: list[Seen] = []
        self.closing = threading.Event()
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                web.answer(self)

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # the client hung up, as some tests want it to

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        seen = Seen(handler.headers["Host"], handler.path, dict(handler.headers), time.monotonic())
        self.seen.append(seen)
        host = self.hosts.get(seen.host)
        reply = (host(seen) if host else None) or Reply("no such page", 404)
        if reply.act is not None:
            reply.act(handler)
            handler.close_connection = True
        else:
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            handler.send_response(reply.status)
            headers = {"Content-Type": reply.kind, "Content-Length": str(len(body)), **reply.headers}
            for name, value in headers.items():
                if value:
                    handler.send_header(name, value)
            handler.end_headers()
            if reply.status != 304:
                handler.wfile.write(body)
        seen.ended = time.monotonic()

    def asked(self, host: str) -> list[str]:
        """List the paths that a host was asked for."""
        return [seen.path for seen in self.seen if seen.host == f"{host}.example"]


def article(title: str, text: str = "") -> str:
    """Write an invented page with an article of several paragraphs."""
    words = text or (
        f"The harbour board of Lower Wexcombe met on Tuesday to speak about {title.lower()}. "
        "Nineteen members were present and the chair read the minutes of the last meeting aloud. "
    )
    paragraphs = "".join(
        f"<p>{words} Paragraph {number} about {title} adds that the ferry will sail at {number} o'clock, said the "
        f"harbour master, who has kept the books of the port for {number + 20} years.</p>"
        for number in range(1, 6)
    )
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"{paragraphs}</article></body></html>"
    )


def rss(host: str, *paths: str) -> Reply:
    """Write a feed of some pages; a path may be a whole address."""
    items = "".join(
        f"<item><title>Title of {path}</title><link>{path if '://' in path else f'http://{host}.example{path}'}</link>"
        f"<description>What the feed says of {path}, in one sentence.</description></item>"
        for path in paths
    )
    return Reply(
        f"<rss version='2.0'><channel><title>{host}</title>{items}</channel></rss>", kind="application/rss+xml"
    )


def outlet(name: str, pages: Mapping[str, Reply], *listed: str, robots: Reply | None = None) -> Host:
    """Make a host with a feed at /feed of all its pages and of what else is listed."""

    def host(seen: Seen) -> Reply | None:
        if seen.path == "/robots.txt":
            return robots
        if seen.path == "/feed":
            return rss(name, *pages, *listed)
        return pages.get(seen.path)

    return host


def packed(text: str) -> Reply:
    """Answer with gzip."""
    return Reply(gzip.compress(text.encode()), headers={"Content-Encoding": "gzip"})


def configure(folder: Path, web: Web, *sources: str, crawl: str = "", connect_to: Mapping[str, str] = {}) -> Path:
    """Write a configuration with one feed source for each name."""
    folder.mkdir(parents=True, exist_ok=True)
    targets = {"*": f"127.0.0.1:{web.port}", **connect_to}
    mapped = ", ".join(f'"{name}" = "{target}"' for name, target in targets.items())
    (folder / "presswatch.toml").write_text(
        f'[crawl]\nallow_private = ["127.0.0.0/8"]\nconnect_to = {{ {mapped} }}\n{crawl}\n'
    )
    (folder / "sources.toml").write_text(
        "\n".join(
            f'[{name}]\nname = "{name.title()}"\nhomepage = "http://{name}.example/"\n'
            f'feeds = ["http://{name}.example/feed"]\n'
            for name in sources
        )
    )
    (folder / "watches.toml").write_text("[harbour]\nquery = 'harbour'\n")
    (folder / "digests.toml").write_text("")
    return folder


_VISIT = """
import json, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from crawler.config import load
from crawler.visit import visit
from crawler.records import as_json
folder, archive, everything, later = sys.argv[1:5]
now = datetime.now(UTC) + timedelta(seconds=float(later)) if float(later) else None
report = visit(archive, load(Path(folder)), everything=everything == "all", now=now)
print(json.dumps({"outcome": report.outcome, "remarks": report.remarks, **{key: as_json(counts) for key, counts in report.sources.items()}}))
"""  # noqa: E501


def start_visit(folder: Path, *, everything: bool = False, later: float = 0) -> subprocess.Popen[str]:
    """Begin a visit in a process of its own, as the service does; the archive lies in the folder.

    ``later`` moves its clock on by so many seconds.
    """
    return start_python(_VISIT, str(folder), address(folder), "all" if everything else "due", str(later))


def start_python(script: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a script that prints a JSON document; a proxy in its environment must be overlooked."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "http_proxy": "http://127.0.0.1:9/"}
    return warm.script(script, *arguments, env=environment, path=ROOT)


def run_python(script: str, *arguments: str) -> dict[str, Any]:
    """Run a script that prints a JSON document."""
    return end_visit(start_python(script, *arguments))


def end_visit(process: subprocess.Popen[str], seconds: float = 60) -> dict[str, Any]:
    """Wait for a visit and read its report."""
    with process:
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert process.returncode == 0, err
    report: dict[str, Any] = json.loads(out.splitlines()[-1])
    return report


def run_visit(folder: Path, *, everything: bool = False) -> dict[str, Any]:
    """Make a visit."""
    return end_visit(start_visit(folder, everything=everything))


def address(folder: Path) -> str:
    """Name the archive of a folder."""
    return f"sqlite:///{folder / 'archive.db'}"
