"""Webhooks against a real HTTP server on loopback."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler.config import Config, hooks
from crawler.errors import DeliveryError
from crawler.records import Delivery
from digest import edition, render
from digest.content import EditionContent
from digest.deliver import deliver, shown, webhook
from tests.edition_sample import a_morning

CONFIG: Any = None


class Hook(BaseHTTPRequestHandler):
    """Answers with the number in the path."""

    got: list[tuple[str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.path, dict(self.headers), body))
        self.send_response(int(self.path.strip("/").split("?")[0]))
        self.send_header("Location", "/200")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        return


@pytest.fixture
def hook() -> Iterator[tuple[str, list[tuple[str, dict[str, str], bytes]]]]:
    handler = type("OneHook", (Hook,), {"got": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", handler.got
        server.shutdown()
        thread.join()


def a_delivery(recipient: str) -> Delivery:
    content = edition.choose(a_morning())
    body = webhook.body(content, render.everything(content))
    return Delivery(1, 1, "east-asia", "2026-11-23", recipient, "webhook", "<k@example.org>", body)


def test_an_edition_is_posted_whole_with_its_key(hook: tuple[str, list[Any]]) -> None:
    address, got = hook
    deliver(a_delivery(f"{address}/204?token=x"), CONFIG)

    ((path, headers, body),) = got
    assert path == "/204?token=x"
    assert headers["Idempotency-Key"] == "k@example.org"
    content = EditionContent.from_json(json.dumps(json.loads(body)["content"]))
    assert content == edition.choose(a_morning())


@pytest.mark.parametrize(
    ("status", "temporary"),
    [(500, True), (503, True), (429, True), (408, True), (404, False), (410, False), (302, False)],
)
def test_answers_say_whether_to_try_again(hook: tuple[str, list[Any]], status: int, temporary: bool) -> None:
    address, got = hook
    with pytest.raises(DeliveryError, match=f"127.0.0.1 answered {status}") as caught:
        deliver(a_delivery(f"{address}/{status}"), CONFIG)

    assert caught.value.temporary is temporary
    assert len(got) == 1


def test_an_address_that_is_none_is_final() -> None:
    with pytest.raises(DeliveryError, match="begins with") as caught:
        deliver(a_delivery("file:///etc/passwd"), CONFIG)

    assert not caught.value.temporary


def test_nobody_listening_is_tried_later() -> None:
    with pytest.raises(DeliveryError) as caught:
        deliver(a_delivery("http://127.0.0.1:9/hook"), CONFIG)

    assert caught.value.temporary


#: What cannot be posted to, by what is said of it.
NOT_ASKED = {
    "https://h.test/services/SECRET T0K": "without spaces",
    "https://h.test/SECRET\\x": "without spaces and backslashes",
    "https://h.test/SECRET\n": "U+000A",
    "https://h.test/SECRET\x7f": "U+007F",
    "https://h.test/SEC\u200bRET": "U+200B",
    "https://h..test/SECRET": "a host that can exist",
    f"https://{'a' * 70}.test/SECRET": "a host that can exist",
    f"https://{'ü' * 70}.test/SECRET": "a host that can exist",
    "https://h.test:0/SECRET": "a host that can exist",
    "https://[::1/SECRET": "a host that can exist",
    "ftp://h.test/SECRET": "begins with",
}


@pytest.mark.parametrize("address", NOT_ASKED)
def test_an_address_that_cannot_be_asked_is_final_and_not_told(address: str) -> None:
    with pytest.raises(DeliveryError, match="a web hook needs an address") as caught:
        deliver(a_delivery(address), CONFIG)

    assert NOT_ASKED[address] in str(caught.value)
    assert not caught.value.temporary
    assert "SEC" not in str(caught.value)
    assert "SEC" not in shown(address)


@pytest.mark.parametrize("address", NOT_ASKED)
def test_a_secret_address_that_cannot_be_asked_waits_for_the_operator(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PRESSWATCH_WEBHOOK_DESK", f"{address}/more")

    with pytest.raises(DeliveryError, match="set PRESSWATCH_WEBHOOK_DESK") as caught:
        deliver(a_delivery("webhook:desk"), Config(folder=tmp_path))

    assert caught.value.temporary
    assert "SEC" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("https://h.test/ü?ä=🎣#x", "https://h.test/%C3%BC?%C3%A4=%F0%9F%8E%A3"),
        ("https://Häfen.test", "https://xn--hfen-loa.test/"),
        ("https://h.test/a//b/../%2f?utm_source=x&b=%20", "https://h.test/a//b/../%2f?utm_source=x&b=%20"),
        ("http://news_server:8080/x", "http://news_server:8080/x"),
        ("http://[::1]/x", "http://[::1]/x"),
    ],
)
def test_an_address_is_asked_as_it_is_meant(written: str, asked: str) -> None:
    assert asked == hooks.asked(written)


def test_letters_of_an_address_are_quoted_when_it_is_posted_to(hook: tuple[str, list[Any]]) -> None:
    address, got = hook
    deliver(a_delivery(f"{address}/204?ü=🎣"), CONFIG)

    assert "/204?%C3%BC=%F0%9F%8E%A3" == got[0][0]


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0 {path}\r\n", b"HTTP/1.1 404 {path} is not here\r\nContent-Length: 0\r\n\r\n"]
)
def test_what_an_answer_repeats_of_the_address_is_not_told(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def parrot() -> None:
            peer, _ = server.accept()
            with peer:
                while peer.recv(65536)[-1:] != b"}":
                    pass
                peer.sendall(answer.replace(b"{path}", b"/SECRET"))

        thread = threading.Thread(target=parrot)
        thread.start()
        with pytest.raises(DeliveryError, match=r"127\.0\.0\.1") as caught:
            deliver(a_delivery(f"http://127.0.0.1:{server.getsockname()[1]}/SECRET"), CONFIG)
        thread.join()

    assert "SECRET" not in str(caught.value)
