"""A day of an analyst in a real Chromium: from a source that is added to a reader who leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import open_archive
from crawler.config import load
from digest import sample
from tests import press
from tests.browser import needs_chromium, open_browser
from tests.commands import presswatch
from tests.service_sample import MailBox, a_free_port, mail_box
from tests.web_server import web_page

pytestmark = needs_chromium

_PLAN = """
[evening]
title = "Evening"
at = "17:00"
review = true
watches = ["spies"]
recipients = ["ann@reader.test"]
"""


@pytest.fixture
def box() -> Iterator[MailBox]:
    with mail_box() as found:
        yield found


@contextmanager
def newsroom(folder: Path, box: MailBox) -> Iterator[str]:
    """Serve a press and the page of an empty newsroom; give the page's address."""
    port = a_free_port()
    config = folder / "config"
    outlets = sample.demo_press(datetime.now(UTC))
    with press.serve(outlets) as server:
        press.write_config(config, outlets, server.port)
        (config / "sources.toml").write_text("")
        with (config / "presswatch.toml").open("a") as file:
            file.write(f'\n[mail]\nfrom = "Desk <desk@press.test>"\nhost = "127.0.0.1"\nport = {box.port}\n')
            file.write(f'security = "none"\n[web]\npublic_url = "http://127.0.0.1:{port}"\n')
        presswatch(folder, "source", "list")
        archive = f"sqlite:///{folder / 'presswatch.db'}"
        with (
            open_archive(archive),
            web_page(archive, None, lambda: load(config), f"http://127.0.0.1:{port}", port) as base,
        ):
            yield base


def test_from_a_source_that_is_added_to_a_reader_who_leaves(tmp_path: Path, box: MailBox) -> None:
    with newsroom(tmp_path, box) as base, open_browser() as browser:
        page = browser.chromium.new_page(viewport={"width": 1280, "height": 900})
        faults: list[str] = []
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))

        _add_a_source(page, base)
        presswatch(tmp_path, "crawl", "--all")
        _search_and_save_a_watch(page, base)
        (tmp_path / "config" / "digests.toml").write_text(_PLAN)
        presswatch(tmp_path, "digest", "make", "evening")
        _review_and_send(page, base)
        link = _read_the_mail(box)
        _leave(page, link)
        presswatch(tmp_path, "digest", "make", "evening", "--slot", f"{datetime.now(UTC):%Y-%m-%d}", code=None)

        assert [] == faults
        assert 1 == len(box.taken)
        with open_archive(f"sqlite:///{tmp_path / 'presswatch.db'}") as archive:
            assert archive.recipients.veto("ann@reader.test", "evening", datetime.now(UTC)) is not None


def _add_a_source(page: Any, base: str) -> None:
    page.goto(f"{base}/sources")
    page.get_by_role("link", name="Add a source").click()
    page.fill("#address", "http://news.haiyun-tv.example/")
    page.get_by_role("button", name="Look").click()
    page.wait_for_selector("input[name=key]", timeout=60_000)
    page.fill("#key", "haiyun-tv")
    page.select_option("#control", "state")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/sources/haiyun-tv")

    assert "haiyun-tv" in page.text_content("main")


def _search_and_save_a_watch(page: Any, base: str) -> None:
    page.goto(base)
    page.fill("#quick", "间谍")
    page.press("#quick", "Enter")
    assert "间谍" in page.locator("mark").first.text_content()
    page.get_by_role("link", name="Save as a watch").click()
    page.fill("input[name=name]", "spies")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/watch?name=spies**")

    assert "间谍" in page.locator("main mark").first.text_content()


def _review_and_send(page: Any, base: str) -> None:
    page.goto(f"{base}/digests")
    page.locator("section.note a").first.click()
    page.fill("#words", "早安，今天有间谍案。")
    page.locator("section", has=page.locator("#words")).get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Approve and send to 1 recipient").click()
    page.wait_for_url("**/about")
    page.wait_for_timeout(1_000)
    page.reload()

    assert "ann@reader.test" in page.text_content("main")
    assert 2 == page.locator("td .state", has_text="sent").count()


def _read_the_mail(box: MailBox) -> str:
    """Read the mail as its reader does; give the link by which they leave."""
    (body,) = box.bodies
    mail = message_from_bytes(body, policy=policy.default)
    html, text = (mail.get_body((kind,)).get_content() for kind in ("html", "plain"))  # type: ignore[union-attr]
    assert "间谍" in text
    assert "早安，今天有间谍案。" in html
    found = re.search(r"https?://[^\s>]+/leave/[^\s>]+", str(mail["List-Unsubscribe"]))
    assert found is not None
    return found[0]


def _leave(page: Any, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name=re.compile("Unsubscribe|Leave|No longer", re.IGNORECASE)).first.click()
    page.wait_for_load_state()
