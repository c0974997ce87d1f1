"""10,000 feeds that answer "not modified": what one pass over them costs.

Each feed has a host of its own; robots.txt of all hosts is known, as it is on every pass but the first of a day.
The whole command is counted, from the start of Python to its end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import threading
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from crawler.archive import Poll, Robots, open_archive
from crawler.config import load
from tests.bench import measure, report

ROBOTS = b"User-agent: *\nDisallow: /search\nDisallow: /private/\nAllow: /\n"


class Unmodified:
    """A server that answers 304 to whoever sends the validator, and counts."""

    def __init__(self) -> None:
        self.port = 0
        self.asked = 0
        #: Requests for something else, or without the validator.
        self.wrong = 0

    def __enter__(self) -> Self:
        ready: Future[int] = Future()
        threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True).start()
        self.port = ready.result()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave it to the end of the process."""

    async def _serve(self, ready: Future[int]) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=512)
        ready.set_result(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.asked += 1
                if b'If-None-Match: "v1"' in head and head.startswith(b"GET /feed "):
                    writer.write(b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\nCache-Control: max-age=300\r\n\r\n')
                else:
                    self.wrong += 1
                    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def prepare(folder: Path, port: int, feeds: int) -> None:
    """Write a configuration and an archive in which every feed was read an hour ago."""
    (folder / "config").mkdir()
    (folder / "config" / "presswatch.toml").write_text(
        f'[crawl]\nallow_private = ["127.0.0.0/8"]\nconnect_to = {{ "*" = "127.0.0.1:{port}" }}\n'
    )
    (folder / "config" / "sources.toml").write_text(
        "\n".join(
            f'[outlet-{number}]\nname = "Outlet {number}"\nhomepage = "http://outlet-{number}.example/"\n'
            f'feeds = ["http://outlet-{number}.example/feed"]\n'
            for number in range(feeds)
        )
    )
    config = load(folder / "config")
    now = datetime.now(UTC)
    before = now - timedelta(hours=2)
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive, archive.writing():
        archive.sources.sync(config.sources.values(), before)
        for channel in archive.channels.due(now):
            claimed = archive.channels.claim(channel.id, before, timedelta(minutes=1))
            assert claimed is not None
            seen = replace(
                claimed, etag='"v1"', last_polled=before, last_ok=before, state="ok", body_sha256="0" * 64,
                body_seen=before, next_poll=before + timedelta(hours=1),
            )  # fmt: skip
            archive.channels.polled(seen, Poll(before, "ok", 200), [], before)
            host = f"{channel.source}.example"
            archive.hosts.keep_robots(Robots(host, ROBOTS, 200, now, now + timedelta(days=1)))


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, help="a folder to work in, for profiling")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, Unmodified() as server:
        folder = options.keep or Path(temporary)
        folder.mkdir(exist_ok=True)
        prepare(folder, server.port, options.feeds)
        cost = measure.run([sys.executable, "-m", "digest.cli", "crawl", "--json"], folder)
        if cost.code:
            raise SystemExit(cost.err)
        totals = json.loads(cost.out)["totals"]
        with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
            due = len(archive.channels.due(datetime.now(UTC)))
    assert totals["polled"] == server.asked == options.feeds, (totals, server.asked)
    assert server.wrong == due == 0, (server.wrong, due)
    report.write(
        "not_modified",
        f"One pass of `presswatch crawl` over {options.feeds:,} feeds on as many hosts that all answer 304.",
        ("feeds", "CPU s", "CPU ms a feed", "wall s", "peak MB"),
        [
            (
                f"{options.feeds:,}", f"{cost.cpu:.1f}", f"{1000 * cost.cpu / options.feeds:.2f}", f"{cost.wall:.0f}",
                f"{cost.peak / 1e6:.0f}",
            )
        ],
        ["wanted: under 45 CPU s and 200 MB, every feed asked exactly once with its validator, none due afterwards"],
    )  # fmt: skip


if __name__ == "__main__":
    main()
