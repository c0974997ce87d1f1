"""Editions as a folder of files."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import feedparser
import pytest
from lxml import etree, html

from crawler.archive import ALERTS
from crawler.config import Config, PresswatchConfig
from crawler.errors import DeliveryError
from crawler.records import Delivery
from digest import edition, render
from digest.content import EditionContent
from digest.deliver import deliver, files, site
from tests import browser
from tests.edition_sample import a_morning

CONFIG = Config(folder=Path("config"))
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@cache
def _morning() -> tuple[EditionContent, render.Rendered]:
    content = edition.choose(a_morning())
    return content, render.everything(content)


def a_delivery(folder: Path, slot: str = "2026-11-23", plan: str = "east-asia", title: str = "") -> Delivery:
    content, rendered = _morning()
    at = datetime.fromisoformat(f"{slot[:10]}T05:00:00+00:00")
    head = replace(content.masthead, plan=plan, slot=slot, title=title or content.masthead.title, data_until=at)
    body = files.body(replace(content, masthead=head), rendered)
    return Delivery(1, at.toordinal(), plan, slot, str(folder), "files", "<x@y>", body)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def links(page: Path) -> list[str]:
    return [link.get("href") for link in html.parse(page).getroot().iter("a") if "://" not in link.get("href")]


def around(page: Path) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in html.parse(page).xpath("//nav//a")}


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(p.relative_to(folder)): (p.read_bytes(), p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()
    }


def test_an_edition_is_a_page_a_text_an_index_and_two_feeds(tmp_path: Path) -> None:
    deliver(a_delivery(tmp_path), CONFIG)
    folder = tmp_path / "east-asia"

    assert {p.name for p in folder.iterdir()} == {
        "2026-11-23.html", "2026-11-23.txt", "2026-11-23.md", "2026-11-23.json", "index.html", "month-2026-11.html",
        "atom.xml", "feed.json", ".editions.json",
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
    (folder,) = (path for path in (tmp_path / "digests").iterdir() if path.is_dir())
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
    with pytest.raises(DeliveryError, match="there are chat, email, files, webhook"):
        deliver(replace(a_delivery(tmp_path), channel="pigeon"), CONFIG)


def test_the_pages_of_a_plan_lead_to_each_other_and_to_the_list(tmp_path: Path) -> None:
    for slot in ("2026-11-21", "2026-11-22", "2026-11-23"):
        deliver(a_delivery(tmp_path, slot), CONFIG)
    folder = tmp_path / "east-asia"

    assert {"contents": "index.html", "next": "2026-11-22.html"} == around(folder / "2026-11-21.html")
    assert {"prev": "2026-11-21.html", "contents": "index.html", "next": "2026-11-23.html"} == around(
        folder / "2026-11-22.html"
    )
    assert {"prev": "2026-11-22.html", "contents": "index.html"} == around(folder / "2026-11-23.html")


def test_deliveries_out_of_order_leave_the_same_folder(tmp_path: Path) -> None:
    slots = ["2026-10-30", "2026-10-31", "2026-11-22", "2026-11-23"]
    for name, order in (("one", slots), ("two", [slots[n] for n in (2, 0, 3, 1, 0)])):
        for slot in order:
            deliver(a_delivery(tmp_path / name, slot), CONFIG)
            deliver(a_delivery(tmp_path / name, slot, "other", "Other"), CONFIG)

    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")


def test_the_page_of_an_edition_is_what_was_made_but_for_the_links_around_it(tmp_path: Path) -> None:
    for slot in ("2026-11-22", "2026-11-23"):
        deliver(a_delivery(tmp_path, slot), CONFIG)
    page = (tmp_path / "east-asia" / "2026-11-22.html").read_bytes()

    assert render.web_html(_morning()[0]) == site._NAV.sub(b"", page)
    assert _morning()[1].text == (tmp_path / "east-asia" / "2026-11-22.txt").read_bytes()


def test_the_root_lists_all_plans_with_their_latest_and_alerts_apart(tmp_path: Path) -> None:
    for day in range(20, 24):
        deliver(a_delivery(tmp_path, f"2026-11-{day}"), CONFIG)
    deliver(a_delivery(tmp_path, "2026-11-23", "alpha", "Alpha <b>"), CONFIG)
    deliver(a_delivery(tmp_path, "2026-11-23 urgent", f"{ALERTS}grain", "Alert grain"), CONFIG)
    page = html.parse(tmp_path / "index.html").getroot()

    assert ["Editions", "Alerts"] == [heading.text_content() for heading in page.iter("h2")]
    assert ["Alpha <b>", "East Asia security", "Alert grain"] == [name.text_content() for name in page.iter("h3")]
    assert "All 4 editions" in page.text_content()
    assert 3 == sum("east-asia/2026" in link for link in links(tmp_path / "index.html"))
    assert all((tmp_path / link).is_file() for link in links(tmp_path / "index.html"))


def test_a_page_of_somebody_else_at_the_root_stays(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<h1>Our press office</h1>")
    deliver(a_delivery(tmp_path), CONFIG)

    assert (tmp_path / "index.html").read_text() == "<h1>Our press office</h1>"


@pytest.mark.parametrize("broken", ["", "{", "[]", "{}", '{"plan": 1}', "\x00\xff"])
def test_a_broken_or_deleted_json_costs_nothing_else(tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "east-asia"
    for slot in ("2026-11-20", "2026-11-21", "2026-11-22"):
        deliver(a_delivery(tmp_path, slot), CONFIG)
    (folder / "2026-11-20.json").unlink()
    (folder / "2026-11-21.json").write_bytes(broken.encode("latin-1"))
    (folder / ".editions.json").write_text(broken)
    (folder / "feed.json").write_text(broken)
    (folder / "mine.json").write_text('{"mine": true}')
    deliver(a_delivery(tmp_path, "2026-11-23"), CONFIG)
    feed = json.loads((folder / "feed.json").read_text())

    assert 2 == len(feed["items"])
    # A JSON Feed has no place to which an address without a host could lead.
    assert not any("url" in item for item in feed["items"])
    assert {"prev": "2026-11-22.html", "contents": "index.html"} == around(folder / "2026-11-23.html")
    assert (folder / "2026-11-21.html").is_file()


def test_an_edition_that_somebody_deleted_is_gone_from_the_lists(tmp_path: Path) -> None:
    for slot in ("2026-10-31", "2026-11-21", "2026-11-22"):
        deliver(a_delivery(tmp_path, slot), CONFIG)
    folder = tmp_path / "east-asia"
    for path in [*folder.glob("2026-10-31*"), *folder.glob("2026-11-21*")]:
        path.unlink()
    deliver(a_delivery(tmp_path, "2026-11-23"), CONFIG)

    assert {"next": "2026-11-23.html", "contents": "index.html"} == around(folder / "2026-11-22.html")
    assert not (folder / "month-2026-10.html").exists()
    assert all((folder / link).is_file() for page in folder.glob("*.html") for link in links(page) if link[0] != "#")


def test_a_long_list_is_cut_into_months_and_renewing_it_reads_few_editions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, folder = date(2026, 7, 1), tmp_path / "east-asia"
    deliver(a_delivery(tmp_path, "2026-11-23"), CONFIG)
    about = json.loads((folder / "2026-11-23.json").read_text())
    for number in range(120):
        slot = (first + timedelta(days=number)).isoformat()
        made = datetime.fromisoformat(slot).replace(hour=5, tzinfo=UTC).isoformat()
        (folder / f"{slot}.json").write_text(
            json.dumps({**about, "slot": slot, "made_at": made, "file": f"{slot}.html"})
        )
        (folder / f"{slot}.html").write_text("<html><body>Told</body></html>")
    deliver(a_delivery(tmp_path, "2026-11-22"), CONFIG)
    months = [link for link in links(folder / "index.html") if link.startswith("month-")]
    read: list[str] = []
    load = site._load
    monkeypatch.setattr(site, "_load", lambda path: (read.append(path.name), load(path))[1])
    written = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    deliver(a_delivery(tmp_path, "2026-11-21"), CONFIG)
    renewed = {path.name for path in folder.iterdir() if path.stat().st_mtime_ns != written.get(path)}

    assert ["month-2026-08.html", "month-2026-07.html"] == months
    assert 31 == sum(link.startswith("2026-08") for link in links(folder / "month-2026-08.html"))
    assert 60 == sum(link.startswith("2026-") for link in links(folder / "index.html"))
    assert len(read) < 60
    assert {
        *(f"2026-11-21.{ending}" for ending in ("html", "json", "md", "txt")), "2026-11-22.html", "2026-10-28.html",
        "index.html", "month-2026-11.html", "atom.xml", "feed.json", ".editions.json",
    } == renewed  # fmt: skip


def test_the_atom_feed_has_what_its_standard_demands(tmp_path: Path) -> None:
    for slot in ("2026-11-22", "2026-11-23"):
        deliver(a_delivery(tmp_path, slot), CONFIG)
    feed = etree.parse(tmp_path / "east-asia" / "atom.xml").getroot()
    entries = feed.findall("a:entry", ATOM)
    ids = [each.findtext("a:id", namespaces=ATOM) for each in (feed, *entries)]
    times = [each.text for each in feed.iter("{*}updated", "{*}published")]

    for each in (feed, *entries):
        assert [1, 1, 1] == [len(each.findall(f"a:{name}", ATOM)) for name in ("id", "title", "updated")]
    assert feed.find("a:author/a:name", ATOM) is not None
    assert ["self"] == feed.xpath("a:link[@href='atom.xml']/@rel", namespaces=ATOM)
    assert all(one and one.startswith("urn:uuid:") for one in ids)
    assert len(set(ids)) == 3
    assert times[0] == max(filter(None, times))
    assert all(datetime.fromisoformat(text or "").utcoffset() == timedelta() for text in times)


def test_with_a_public_address_feeds_lead_to_the_web_page(tmp_path: Path) -> None:
    press = PresswatchConfig.model_validate({"web": {"public_url": "https://press.example/w/"}})
    sent = a_delivery(tmp_path)
    deliver(sent, replace(CONFIG, press=press))
    atom = feedparser.parse((tmp_path / "east-asia" / "atom.xml").read_bytes())
    feed = json.loads((tmp_path / "east-asia" / "feed.json").read_text())

    assert f"https://press.example/w/digests/{sent.edition}" == atom.entries[0].link == feed["items"][0]["url"]
    assert "https://press.example/w/digests" == feed["home_page_url"]


@browser.needs_chromium
def test_no_list_of_editions_sticks_out(tmp_path: Path) -> None:
    deliver(a_delivery(tmp_path, title="Ostasiensicherheitslagebericht" * 4), CONFIG)
    deliver(a_delivery(tmp_path, plan=f"{ALERTS}grain", title="المنارة"), CONFIG)
    seen = browser.look(tmp_path / "index.html", 360, dark=True)

    assert (360, []) == (seen["width"], seen["wide"])


@pytest.mark.parametrize("language", ["en", "fr", "zh", "ar"])
@pytest.mark.parametrize("title", ["East Asia security", "Security of the wider region of East Asia"])
def test_lists_name_editions_without_repeating_the_title(tmp_path: Path, language: str, title: str) -> None:
    content, _ = _morning()
    head = replace(content.masthead, language=language, title=title)
    spoken = replace(content, masthead=head)
    body = files.body(spoken, render.everything(spoken))
    deliver(Delivery(1, 1, "east-asia", "2026-11-23", str(tmp_path), "files", "<x@y>", body), CONFIG)

    for page in (tmp_path / "index.html", tmp_path / "east-asia" / "index.html"):
        (link,) = (a for a in html.parse(page).getroot().iter("a") if "2026-11-23.html" in a.get("href"))
        assert (link.text or "").lstrip("\u2068").startswith("State TV unveils")
        assert ("rtl" if language == "ar" else "ltr") == html.parse(page).getroot().get("dir")
