"""Serve bodies and headers that are made to fill the memory, and measure what fetching them costs.

    python -m tests.bench.bombs [MB]

Each is fetched from a server on loopback by a process of its own: the real downloader with the default limits. What is
told is the peak of that process's memory; a fetch of a small page stands beside them.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import brotli
from backports import zstd

from tests.bench.report import write
from tests.fetching import fetch
from tests.loopback import Host, Reply, Seen, Web, configure

#: No fetch may take more, in MB.
CEILING = 256
_PIECE = bytes(1 << 20)


def packed(packer: Any, megabytes: int) -> bytes:
    """Pack so many megabytes of nothing."""
    feed = getattr(packer, "compress", None) or packer.process
    finish = getattr(packer, "flush", None) if not hasattr(packer, "finish") else packer.finish
    pieces = [feed(_PIECE) for _ in range(megabytes)]
    assert finish is not None
    return b"".join([*pieces, finish()])


def bombs(megabytes: int) -> dict[str, Reply]:
    """Pack the bombs: once, twice, in many members."""
    gz = packed(zlib.compressobj(9, zlib.DEFLATED, 31), megabytes)
    members = gzip.compress(b"")
    bodies = {
        "gzip": (gz, "gzip"),
        "deflate": (packed(zlib.compressobj(9), megabytes), "deflate"),
        "br": (packed(brotli.Compressor(quality=5), megabytes), "br"),
        "zstd": (packed(zstd.ZstdCompressor(level=3), megabytes), "zstd"),
        "gzip in gzip": (gzip.compress(gz), "gzip, gzip"),
        "gzip of empty members": (members * (9_000_000 // len(members)), "gzip"),
    }
    return {name: Reply(body, headers={"Content-Encoding": coding}) for name, (body, coding) in bodies.items()}


def _writing(head: bytes, piece: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(head)
        while True:
            handler.wfile.write(piece)

    return act


_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
STREAMS = {
    "endless body": _writing(_OK + b"\r\n", b"<p>more</p>" * 10_000),
    "endless chunks": _writing(_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 10_000),
    "endless headers": _writing(_OK, b"X-More: y\r\n" * 10_000),
    "endless header line": _writing(_OK + b"X-More: ", b"y" * 100_000),
    "endless hints": _writing(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 1_000),
}


def replies(megabytes: int) -> dict[str, Reply]:
    """Name everything that is served."""
    small = {"a small page": Reply("<p>small</p>"), "a page of 9 MB": Reply(b"<p>" + b"x" * 9_000_000)}
    return {**small, **bombs(megabytes), **{name: Reply(act=act) for name, act in STREAMS.items()}}


def measure(served: dict[str, Reply], folder: Path, crawl: str = "") -> dict[str, tuple[dict[str, Any], int]]:
    """Fetch each in a process of its own; give its answer and that process's peak in MB."""
    found: dict[str, tuple[dict[str, Any], int]] = {}
    hosts = {f"h{number}": _only(reply) for number, reply in enumerate(served.values())}
    with Web(**hosts) as web:
        config = configure(folder / "config", web, crawl=crawl)
        for number, name in enumerate(served):
            result = fetch(config, f"http://h{number}.example/page")
            found[name] = result["answers"][0], result["megabytes"]
    return found


def _only(reply: Reply) -> Host:
    def host(seen: Seen) -> Reply | None:
        return reply if seen.path == "/page" else None

    return host


def main() -> int:
    """Print the table; fail when anything took too much or was taken for a page."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 900
    served = replies(megabytes)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(served, Path(folder))
    rows, bad = [], 0
    for name, (answer, peak) in found.items():
        sent = f"{len(served[name].body):,}" if served[name].act is None else "without end"
        told = f"{answer['reason']}: {answer['detail']}" if "reason" in answer else f"taken, {answer['size']:,} bytes"
        bad += peak > CEILING or ("reason" in answer) == name.startswith("a ")
        rows.append((name, sent, told, peak))
    about = f"Bodies that unpack to {megabytes} MB, and streams that do not end. No process may take {CEILING} MB."
    write("bombs", about, ("what", "bytes sent", "what came of it", "peak MB"), rows)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
