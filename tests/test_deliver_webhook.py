"""Webhooks against a real HTTP server on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from crawler.errors import DeliveryError
from crawler.records import Delivery
from digest import edition, render
from digest.content import EditionContent
from digest.deliver import deliver, webhook
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
    with pytest.raises(DeliveryError, match="no http") as caught:
        deliver(a_delivery("file:///etc/passwd"), CONFIG)

    assert not caught.value.temporary


def test_nobody_listening_is_tried_later() -> None:
    with pytest.raises(DeliveryError) as caught:
        deliver(a_delivery("http://127.0.0.1:9/hook"), CONFIG)

    assert caught.value.temporary
