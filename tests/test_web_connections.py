"""Who connects and says nothing, or never to its end, is not waited for; who asks slowly but whole is answered."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.archive import open_archive
from digest.web.connections import Prompt
from digest.web.serving import _listen
from tests.archive_sample import NOW
from tests.web_server import web_page


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    monkeypatch.setattr(Prompt, "patience", 0.6)
    open_archive(f"sqlite:///{tmp_path / 'a.db'}").close()
    with web_page(f"sqlite:///{tmp_path / 'a.db'}", NOW) as base:
        parts = urlsplit(base)
        yield parts.hostname or "", parts.port or 0


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "])
def test_a_request_that_never_becomes_whole_is_not_waited_for(place: tuple[str, int], said: bytes) -> None:
    with socket.create_connection(place, timeout=10) as asking:
        asking.sendall(said)

        assert b"" == asking.recv(1)


def test_dripping_does_not_help(place: tuple[str, int]) -> None:
    with socket.create_connection(place, timeout=10) as asking:
        asking.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        begun = time.monotonic()
        with pytest.raises(OSError, match=r"reset|pipe"):
            _drip(asking)
        assert time.monotonic() - begun < 5


def _drip(asking: socket.socket) -> None:
    for number in range(100):
        asking.sendall(b"X-%d: y\r\n" % number)
        time.sleep(0.1)


def test_a_slow_request_that_becomes_whole_is_answered_and_the_next_one_too(place: tuple[str, int]) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with socket.create_connection(place, timeout=10) as asking:
        for _ in range(3):
            asking.sendall(request[:20])
            time.sleep(0.3)
            asking.sendall(request[20:])
            answer = b""
            while not answer.endswith(b"\r\n\r\nok"):
                answer += asking.recv(10_000)

            assert answer.startswith(b"HTTP/1.1 200")


def test_no_packet_of_an_answer_waits_until_the_one_before_is_acknowledged() -> None:
    with _listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()

        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
