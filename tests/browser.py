"""Opens pages in headless Chromium and measures them; the tests that need it skip where it is missing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt-get install chromium)")
#: Without these, a headless Chromium looks for its maker's servers.
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
#: The window cannot be narrower than about 500 px, so the page stands in a frame of the width that is asked for.
_FRAME = """<!doctype html><meta name="color-scheme" content="light dark"><body style="margin:0">
<iframe src="{page}" style="border:0;width:{width}px;height:{height}px"></iframe>
<script>
  addEventListener("load", () => {{
    const page = document.querySelector("iframe").contentDocument;
    const wide = [...page.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > {width} + 1);
    const facts = {{
      width: page.documentElement.scrollWidth, height: page.documentElement.scrollHeight,
      wide: wide.map(e => e.tagName + ": " + e.textContent.trim().slice(0, 60)),
      background: getComputedStyle(page.body).backgroundColor,
    }};
    document.body.dataset.facts = JSON.stringify(facts);
  }});
</script>"""

_FACTS = """() => ({
  width: document.documentElement.scrollWidth,
  wide: [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.tagName + ": " + e.textContent.trim().slice(0, 60)),
  background: getComputedStyle(document.body).backgroundColor,
})"""


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def look(
    page: Path, width: int, *, dark: bool = False, picture: Path | None = None, height: int = 6000
) -> dict[str, object]:
    """Open a page in a frame of a width; tell its size, what sticks out, its background; take a picture if asked to."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "site"
        folder.mkdir()
        shutil.copy(page, folder / "page.html")
        (folder / "frame.html").write_text(_FRAME.format(page="page.html", width=width, height=height))
        command = [CHROMIUM, *QUIET, f"--user-data-dir={home}/profile", f"--window-size={max(width, 500)},{height}"]
        command += ["--blink-settings=preferredColorScheme=0"] if dark else []
        with _served(folder) as address:
            if picture is not None:
                shot = [*command, f"--screenshot={picture}", f"{address}/frame.html"]
                subprocess.run(shot, check=True, capture_output=True, timeout=60)
            dump = [*command, "--virtual-time-budget=3000", "--dump-dom", f"{address}/frame.html"]
            dom = subprocess.run(dump, check=True, capture_output=True, text=True, timeout=60).stdout
    found = re.search(r'data-facts="([^"]*)"', dom)
    assert found is not None, "the page did not load"
    facts: dict[str, object] = json.loads(found[1].replace("&quot;", '"').replace("&amp;", "&"))
    return facts


class Browser:
    """A Chromium that stays open, and shows one page after the other; nothing it asks for is answered.

    They come in one window, as a reader opens them: a new one is a new process, which costs five times a page.
    """

    def __init__(self, chromium: Any):
        self.chromium = chromium
        self._page: Any = None
        #: What pages asked for, and what they opened: dialogs, windows.
        self.asked: list[str] = []
        self.opened: list[str] = []

    def show(self, page: bytes, width: int, *, dark: bool = False) -> Any:
        """Show a page in the window, which gets a width; give Playwright's page."""
        shown = self._page = self._page or self._window()
        shown.goto("about:blank")  # with the page before it goes all that its scripts have made
        shown.set_viewport_size({"width": width, "height": 900})
        shown.emulate_media(color_scheme="dark" if dark else "light")
        shown.set_content(page.decode(), wait_until="load")
        return shown

    def _window(self) -> Any:
        context = self.chromium.new_context()
        window = context.new_page()
        window.route("**/*", self._refuse)
        window.on("dialog", self._dismiss)
        context.on("page", lambda other: self.opened.append(f"window {other.url}"))
        return window

    def look(self, page: bytes, width: int, *, dark: bool = False) -> dict[str, Any]:
        """Show a page; tell how wide it is, what sticks out, and its background."""
        facts: dict[str, Any] = self.show(page, width, dark=dark).evaluate(_FACTS)
        return facts

    def _refuse(self, route: Any) -> None:
        self.asked.append(route.request.url)
        route.abort()

    def _dismiss(self, dialog: Any) -> None:
        self.opened.append(f"dialog {dialog.message}")
        dialog.dismiss()


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start a Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET[1:]))
        try:
            yield Browser(chromium)
        finally:
            chromium.close()
