"""Desks at the web page: a real archive, a configuration, and somebody who asks for pages and sends forms."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import httpx

from crawler.archive import Archive, open_archive
from crawler.config import Config, load
from digest.definitions import synchronise
from digest.web import app
from digest.web.call import STAMP
from tests.archive_sample import NOW

BASE = "http://127.0.0.1:8765"
SOURCES = """
[herald]
name = "The Herald"
homepage = "https://herald.test/"
country = "gb"
language = "en"
kind = "newspaper"
control = "private"
feeds = ["https://herald.test/rss"]

[post]
name = "Morning Post"
homepage = "https://post.test/"
kind = "agency"
feeds = ["https://post.test/rss"]
"""

Form = Mapping[str, str | Sequence[str]]


class _Fields(HTMLParser):
    """Collects what the form with one action sends that nobody has touched."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self._action = action
        self._inside = False
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = given.get("action") == self._action
        if not self._inside:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.found.setdefault(name, []).append(value)
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.found[self._select] = [value]
        elif tag == "textarea":
            self._area = name
            self.found[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area][0] += data


def filled(page: str, action: str) -> dict[str, list[str]]:
    """Read what a form of a page sends that nobody has touched."""
    fields = _Fields(action)
    fields.feed(page)
    assert fields.found, f"no form goes to {action}"
    return fields.found


def words(page: str) -> str:
    """Read the text of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


class Visit:
    """A browser without a network: it keeps cookies, and sends forms with their stamps."""

    def __init__(
        self, archive_url: str, clock: Callable[[], datetime], config: Callable[[], Config | None] = lambda: None
    ) -> None:
        self.archive_url = archive_url
        transport = httpx.ASGITransport(app(archive_url, clock, "", config), raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url=BASE)

    def archive(self) -> Archive:
        """Open the archive."""
        return open_archive(self.archive_url)

    def ask(self, path: str) -> httpx.Response:
        """Ask for a page."""
        return asyncio.run(self._client.get(path))

    def page(self, path: str) -> str:
        """Give the text of a page that must be there."""
        response = self.ask(path)
        assert response.status_code == 200, response.text
        return response.text

    def send(self, path: str, form: Form) -> httpx.Response:
        """Send a form, as from a page of ours."""
        if STAMP not in self._client.cookies:
            self.ask("/search")
        data = {"stamp": self._client.cookies[STAMP], **form}
        return asyncio.run(self._client.post(path, data=data))

    def told(self, path: str, form: Form) -> str:
        """Send a form that must be accepted, and give the page to which it leads."""
        response = self.send(path, form)
        assert response.status_code == 303, response.text
        return self.page(response.headers["location"])

    def press(self, form: Form, page: str, action: str) -> str:
        """Send the form of a page that goes to an address, with what it holds already."""
        return self.told(action, {**filled(page, action), **form})


class Newsroom(Visit):
    """A desk with an archive and a folder of configuration of its own."""

    def __init__(self, folder: Path, *, sources: str = SOURCES, watches: str = "", press: str = "", plans: str = ""):
        self.folder = folder / "config"
        self.folder.mkdir()
        self.now = NOW
        super().__init__(f"sqlite:///{folder / 'a.db'}", lambda: self.now, lambda: load(self.folder))
        archive = f'archive = "{self.archive_url}"\n'
        for name, text in (
            ("presswatch", archive + press),
            ("sources", sources),
            ("watches", watches),
            ("digests", plans),
        ):
            self.file(name).write_text(text, encoding="utf-8")
        self.synchronise()

    def file(self, name: str) -> Path:
        """Name a file of the configuration."""
        return self.folder / f"{name}.toml"

    def synchronise(self) -> None:
        """Bring the archive to what the configuration says."""
        with self.archive() as archive:
            synchronise(archive, load(self.folder), self.now)
