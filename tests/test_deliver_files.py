"""Editions as a folder of files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from crawler.config import Config
from crawler.errors import DeliveryError
from crawler.records import Delivery
from digest import edition, render
from digest.deliver import deliver, files
from tests.edition_sample import a_morning

CONFIG = Config(folder=Path("config"))


def a_delivery(folder: Path, slot: str = "2026-11-23", plan: str = "east-asia", title: str = "") -> Delivery:
    content = edition.choose(replace(a_morning(), slot=slot))
    head = replace(content.masthead, plan=plan, title=title or content.masthead.title)
    content = replace(content, masthead=head)
    body = files.body(content, render.everything(content))
    return Delivery(1, 1, plan, slot, str(folder), "files", "<x@y>", body)


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(p.relative_to(folder)): (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()
    }


def test_an_edition_is_a_page_a_text_an_index_and_two_feeds(tmp_path: Path) -> None:
    deliver(a_delivery(tmp_path), CONFIG)
    folder = tmp_path / "east-asia"

    assert {p.name for p in folder.iterdir()} == {
        "2026-11-23.html", "2026-11-23.txt", "2026-11-23.json", "index.html", "atom.xml", "feed.json",
    }  # fmt: skip
    assert 'href="2026-11-23.html"' in (folder / "index.html").read_text()


def test_delivering_twice_changes_nothing(tmp_path: Path) -> None:
    deliver(a_delivery(tmp_path), CONFIG)
    before = snapshot(tmp_path)
    deliver(a_delivery(tmp_path), CONFIG)

    assert snapshot(tmp_path) == before


def test_feeds_hold_every_edition_under_an_id_that_stays(tmp_path: Path) -> None:
    for slot in ("2026-11-22", "2026-11-23"):
        deliver(a_delivery(tmp_path, slot), CONFIG)
    folder = tmp_path / "east-asia"
    etree.parse(folder / "atom.xml")
    atom = feedparser.parse((folder / "atom.xml").read_bytes())
    feed = json.loads((folder / "feed.json").read_text())

    assert not atom.bozo
    assert [entry.link for entry in atom.entries] == ["2026-11-23.html", "2026-11-22.html"]
    assert [entry.id for entry in atom.entries] == [item["id"] for item in feed["items"]]
    assert "State TV unveils" in feed["items"][0]["title"]
    assert feed["version"] == "https://jsonfeed.org/version/1.1"


def test_hostile_titles_stay_text_in_index_and_feeds(tmp_path: Path) -> None:
    deliver(a_delivery(tmp_path, title="<script>x</script>]]>&"), CONFIG)
    folder = tmp_path / "east-asia"

    etree.parse(folder / "atom.xml")
    assert "<script>" not in (folder / "index.html").read_text()


@pytest.mark.parametrize("plan", ["../../etc", "..", ".", "a/b", "/abs"])
def test_no_name_of_a_plan_leads_out_of_the_folder(tmp_path: Path, plan: str) -> None:
    deliver(a_delivery(tmp_path / "digests", plan=plan), CONFIG)

    assert [p.name for p in tmp_path.iterdir()] == ["digests"]
    (folder,) = (tmp_path / "digests").iterdir()
    assert (folder / "index.html").is_file()


@pytest.mark.parametrize(
    ("slot", "name"),
    [
        ("2026-11-23", "2026-11-23"),
        ("2026-11-23 07:00", "2026-11-23-0700"),
        ("2026-11-23T06:00:00Z", "2026-11-23T060000Z"),
    ],
)
def test_a_slot_names_its_file(slot: str, name: str) -> None:
    assert files.file_name(slot) == name


def test_a_folder_that_cannot_be_written_is_told_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DeliveryError, match="let Presswatch write there") as caught:
        deliver(a_delivery(tmp_path / "file"), CONFIG)

    assert caught.value.temporary


def test_an_unknown_channel_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="there are email, files, webhook"):
        deliver(replace(a_delivery(tmp_path), channel="pigeon"), CONFIG)
