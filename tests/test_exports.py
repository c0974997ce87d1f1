from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree

from crawler.archive import Poll, open_archive
from crawler.records import Article, Watch
from digest import exports
from digest.manifest import Tally, manifest
from tests.archive_sample import DAY, HERALD, NOW, article, keep
from tests.commands import answer, presswatch


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_archive(f"sqlite:///{tmp_path / 'presswatch.db'}") as archive:
        archive.sources.sync([HERALD], NOW)
        keep(
            archive,
            article("https://herald.test/1", title="=1+1 storm <b>"),
            article("https://herald.test/2", title="风暴 storm", language="zh", tags=("weather",)),
            article("https://herald.test/3", title="Calm"),
        )
    return tmp_path


def export(folder: Path, query: str, form: str, *more: str) -> bytes:
    presswatch(folder, "export", query, "--format", form, "-o", f"out.{form}", *more)
    return (folder / f"out.{form}").read_bytes()


def test_json_lines_hold_what_the_search_finds(folder: Path) -> None:
    lines = [json.loads(line) for line in export(folder, "storm", "jsonl").splitlines()]

    assert {line["id"] for line in lines} == {1, 2}
    assert all(line["text_sha256"] for line in lines)


def test_a_query_may_begin_with_what_to_leave_out_and_facets_are_counted(folder: Path) -> None:
    found = answer(folder, "search", "-calm storm", "--facets", "--json", schema="search")

    assert {each["id"] for each in found["articles"]} == {1, 2}
    assert sum(found["facets"]["language"].values()) == 2
    told = presswatch(folder, "search", "-source:nobody", "--facets").stdout
    assert "  source: herald 3" in told
    assert "3 found" in told


def test_a_table_of_articles_has_no_room_for_facets_and_says_so(folder: Path) -> None:
    refused = presswatch(folder, "search", "storm", "--facets", "--csv", code=2)

    assert "--json" in refused.stderr
    assert refused.stdout == ""


def test_an_export_says_how_many_articles_it_wrote_and_where(folder: Path) -> None:
    done = presswatch(folder, "export", "storm", "-o", "out.jsonl", "--manifest")
    empty = presswatch(folder, "export", "nothing", "-o", "none.csv", "--format", "csv")
    single = presswatch(folder, "export", "calm", "-o", "one.md", "--format", "md")

    assert done.stderr == "2 articles written to out.jsonl, and out.jsonl.manifest.json\n"
    assert empty.stderr == "0 articles written to none.csv\n"
    assert single.stderr == "1 article written to one.md\n"
    assert {done.stdout, empty.stdout} == {""}
    assert presswatch(folder, "export", "storm").stderr == ""  # what it wrote is seen


def test_no_folder_is_made_up_for_an_export(folder: Path) -> None:
    refused = presswatch(folder, "export", "storm", "-o", "exprots/2026/out.jsonl", code=1).stderr

    assert "there is no folder exprots/2026" in refused
    assert not (folder / "exprots").exists()


def test_a_spreadsheet_gets_utf8_that_it_knows_and_no_formula(folder: Path) -> None:
    written = export(folder, "storm", "csv", "--bom")

    assert written.startswith(b"\xef\xbb\xbf")
    assert not export(folder, "storm", "csv").startswith(b"\xef\xbb\xbf")
    titles = {row["title"] for row in csv.DictReader(io.StringIO(written.decode("utf-8-sig")))}
    assert titles == {"'=1+1 storm <b>", "风暴 storm"}


def test_feeds_of_a_search_are_read_by_feed_readers(folder: Path) -> None:
    atom = feedparser.parse(export(folder, "storm", "atom"))
    assert {entry.link for entry in atom.entries} == {"https://herald.test/1", "https://herald.test/2"}
    assert not atom.bozo

    feed = json.loads(export(folder, "storm", "jsonfeed"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {item["id"]: item["title"] for item in feed["items"]}["https://herald.test/2"] == "风暴 storm"
    assert feed["title"] == "Presswatch: storm"


def test_a_manifest_lets_a_collection_be_cited_and_made_again(folder: Path) -> None:
    written = export(folder, " storm  ", "jsonl", "--manifest")
    told = json.loads((folder / "out.jsonl.manifest.json").read_text())

    assert told["query"] == "storm"
    assert told["file"] == "out.jsonl"
    assert told["file_sha256"] == hashlib.sha256(written).hexdigest()
    assert {each["id"] for each in told["articles"]} == {1, 2}
    lines = {line["id"]: line for line in map(json.loads, written.splitlines())}
    assert all(lines[each["id"]]["text_sha256"] == each["text_sha256"] for each in told["articles"])
    assert told["presswatch"]
    assert told["last_change"] == 3
    assert told["seen_from"] == told["seen_until"]


def test_a_manifest_tells_what_its_watches_look_for(tmp_path: Path) -> None:
    watches = {"weather": "storm OR rain", "wet": "watch:weather -dry", "other": "spy"}
    with open_archive("sqlite://") as archive:
        archive.watches.sync([Watch(name, query) for name, query in watches.items()], NOW)
        told = manifest(archive, "watch:wet", Tally(), config=tmp_path, now=NOW)

    assert told["watches"] == [
        {"name": "wet", "version": 1, "query": "watch:weather -dry"},
        {"name": "weather", "version": 1, "query": "storm OR rain"},
    ]


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("jsonl", []), ("jsonl", ["--no-text"]), ("csv", ["--bom"]), ("csv", ["--no-text"]), ("md", []), ("atom", []),
        ("jsonfeed", ["--no-text"]), ("ris", []),
    ],
)  # fmt: skip
def test_what_a_manifest_tells_makes_the_same_file_again(folder: Path, form: str, options: list[str]) -> None:
    written = export(folder, "  storm   seen-after:4000d", form, "--manifest", *options)
    told = json.loads((folder / f"out.{form}.manifest.json").read_text())
    made = told["format"]
    again = [*(["--no-text"] if not made["texts"] else []), *(["--bom"] if made["bom"] else [])]

    assert written == export(folder, told["query_at_that_time"], made["name"], *again)
    assert hashlib.sha256(written).hexdigest() == told["file_sha256"]
    assert made["columns"] == (list(exports.CSV_FIELDS) if form == "csv" else None)
    assert made["encoding"] == "utf-8"


def test_a_manifest_needs_a_file_to_lie_beside(folder: Path) -> None:
    assert "-o FILE" in presswatch(folder, "export", "storm", "--manifest", code=2).stderr
    assert "--format csv" in presswatch(folder, "export", "storm", "--bom", code=2).stderr


@pytest.mark.parametrize("ago", ["400w", "99999w"])
def test_a_manifest_gives_relative_dates_as_they_were_then(folder: Path, ago: str) -> None:
    export(folder, f"storm seen-after:{ago}", "jsonl", "--manifest")
    told = json.loads((folder / "out.jsonl.manifest.json").read_text())

    then = told["query_at_that_time"]
    assert then.startswith("storm seen-after:")
    assert len(export(folder, then, "jsonl").splitlines()) == len(told["articles"]) == 2


def test_a_manifest_tells_what_sources_that_failed_all_the_time_did_not_bring(tmp_path: Path) -> None:
    with open_archive(f"sqlite:///{tmp_path / 'presswatch.db'}") as archive:
        archive.sources.sync([HERALD, replace(HERALD, key="silent", homepage="https://silent.test/")], NOW)
        keep(archive, article("https://herald.test/1", title="storm"))
        tally = Tally()
        list(tally.count(archive.articles.get(1) for _ in range(1)))  # type: ignore[misc]
        (channel,) = archive.channels.of("silent")
        claimed = archive.channels.claim(channel.id, NOW, timedelta(hours=1))
        assert claimed is not None
        archive.channels.polled(replace(claimed, failures=1), Poll(NOW, "failed"), [], NOW)

        told = manifest(archive, "storm", tally, config=tmp_path, now=NOW + timedelta(hours=1))

    assert [(gap["source"], gap["failed_polls"]) for gap in told["gaps"]] == [("silent", 1)]


MADE = datetime(2026, 11, 29, tzinfo=UTC)


def exported(form: exports.Form, **fields: Any) -> str:
    made = Article(
        **{"url": "https://a.test/1", "source": "a", "title": "T", "text": "x", "first_seen": MADE, **fields}
    )
    return exports.render(form, [made], query="x").decode()


@pytest.mark.parametrize(
    "dated",
    [
        {},
        {"published": "2019-11-01", "published_precision": "day"},
        {
            "published": "2019-11-01",
            "published_precision": "day",
            "published_utc": datetime(2019, 10, 31, 16, tzinfo=UTC),
        },
        {"published": "2019-11-01T10:00:00", "published_precision": "second"},
    ],
)
def test_feeds_invent_no_moment_of_publication(dated: dict[str, Any]) -> None:
    assert "date_published" not in exported("jsonfeed", **dated)
    assert "<published>" not in exported("atom", **dated)


def test_feeds_tell_a_moment_that_is_known_and_the_language() -> None:
    known = {"published_utc": datetime(2019, 11, 1, 10, tzinfo=UTC), "published_precision": "minute", "language": "zh"}

    assert '"date_published": "2019-11-01T10:00:00Z"' in exported("jsonfeed", **known)
    assert "<published>2019-11-01T10:00:00Z</published>" in exported("atom", **known)
    assert '<entry xml:lang="zh">' in exported("atom", **known)


REVISED = MADE + timedelta(days=3)


def test_a_feed_was_updated_when_its_newest_entry_was() -> None:
    known = {"published_utc": MADE - timedelta(days=9), "published_precision": "minute"}
    texts = [Article(f"https://a.test/{n}", "a", "T", "x", id=n, first_seen=MADE, **known) for n in (1, 2)]  # type: ignore[arg-type]
    fresh = feedparser.parse(exports.render("atom", texts, query="x"))
    atom = feedparser.parse(exports.render("atom", texts, query="x", revised={2: REVISED}))
    items = json.loads(exports.render("jsonfeed", texts, query="x", revised={2: REVISED}))["items"]

    assert [fresh.feed.updated] * 2 == [entry.updated for entry in fresh.entries] == ["2026-11-20T00:00:00Z"] * 2
    assert [entry.updated for entry in atom.entries] == ["2026-11-20T00:00:00Z", "2026-12-02T00:00:00Z"]
    assert atom.feed.updated == "2026-12-02T00:00:00Z"
    assert ["date_modified" in item for item in items] == [False, True]
    assert feedparser.parse(exports.render("atom", [], query="x")).feed.updated == "1970-01-01T00:00:00Z"


def test_what_is_exported_twice_is_the_same_though_an_article_was_revised_before(folder: Path) -> None:
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
        keep(archive, article("https://herald.test/1", title="storm", text="Another text."), at=NOW + DAY)
    forms = ("jsonl", "csv", "md", "atom", "jsonfeed", "ris")
    first = {form: export(folder, "storm", form) for form in forms}

    assert first == {form: export(folder, "storm", form) for form in forms}
    assert b"<updated>2026-11-24T12:00:00Z</updated>\n<entry" in first["atom"]
    assert b'"date_modified": "2026-11-24T12:00:00Z"' in first["jsonfeed"]


def test_a_feed_says_where_it_lies_when_that_is_known() -> None:
    place = "https://press.test/watches/a%20%26b.xml?a=1&b=2"

    assert (
        '<link rel="self" type="application/atom+xml" href="https://press.test/watches/a%20%26b.xml?a=1&amp;b=2"/>'
        in (exports.render("atom", [], query="x", address=place).decode())
    )
    assert json.loads(exports.render("jsonfeed", [], query="x", address=place))["feed_url"] == place
    assert "self" not in exported("atom")


def test_what_has_no_address_is_no_link() -> None:
    assert "<link" not in exported("atom", url="import:my%20id")
    assert '"url"' not in exported("jsonfeed", url="import:my%20id")


@pytest.mark.parametrize("text", ["=1+1", "＝1+1", "＋1", "－1", "＠a", "\t=1", "-1", " =1+1", "\u00a0@a", "\u200b=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert exports.harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "line", ["- list", "> quote", "===", "+ x", "1. first", "12) x", "# head", "---", "~~~", "| a |"]
)
def test_text_is_no_markup_in_markdown(line: str) -> None:
    assert f"\n{line}" not in exported("md", text=f"Text.\n{line}\nMore.")


def ris(**fields: Any) -> dict[str, str]:
    return dict(line.split("  - ", maxsplit=1) for line in exported("ris", **fields).splitlines() if line)


def test_an_abstract_ends_with_a_word_and_says_that_more_follows() -> None:
    abstract = ris(text="Harbours reopened today. " * 60)["AB"]
    assert 900 < len(abstract) <= 1_001
    assert abstract.endswith(("Harbours…", "reopened…", "today…"))

    assert ris(text="Short.\nAnd whole.")["AB"] == "Short. And whole."
    assert ris(text="x" * 2_000, lead="The lead.")["AB"] == "The lead."


def test_an_abstract_of_a_script_without_spaces_is_cut_between_two_letters() -> None:
    assert ris(text="报" * 2_000)["AB"] == "报" * 1_000 + "…"
    assert ris(text="กี่" * 500)["AB"] == "กี่" * 333 + "…"


def test_summaries_in_feeds_end_with_a_word() -> None:
    text = "Harbours reopened today. " * 60

    for form in ("atom", "jsonfeed"):
        assert "today…" in exported(form, text=text) or "reopened…" in exported(form, text=text)


#: Everything that outside text can do to what stands around it.
HOSTILE = (
    "=Line\r# head\nER  - \r\nTY  - JOUR\x00\x07\x0c\x1b[31m\x7f\x85\u2028\u202egpj.exe\ufffe "
    "]]></title>| --- |```~~~ #"
)
FIELDS = {
    "title": HOSTILE, "text": HOSTILE, "lead": HOSTILE, "carried_by": HOSTILE, "credited_to": HOSTILE,
    "authors": (HOSTILE, HOSTILE), "language": HOSTILE, "tags": (HOSTILE,),
}  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "md", "atom", "ris"])
def test_no_file_for_people_holds_characters_that_break_it(form: str) -> None:
    written = exported(form, **FIELDS)

    assert not [char for char in written if unicodedata.category(char) in ("Cc", "Cs", "Cn") and char not in "\r\n\x85"]


def test_hostile_articles_are_one_row_one_line_one_entry_and_one_record() -> None:
    (row,) = csv.DictReader(io.StringIO(exported("csv", **FIELDS), newline=""))
    assert {row["title"][0], row["authors"][0], row["language"][0]} == {"'"}
    (line,) = exported("jsonl", **FIELDS).splitlines()
    assert json.loads(line)["title"] == HOSTILE
    feed = etree.fromstring(exported("atom", **FIELDS).encode())
    assert [len(feed.findall(f"{{*}}{name}")) for name in ("entry", "title")] == [1, 1]
    (item,) = json.loads(exported("jsonfeed", **FIELDS))["items"]
    assert "language" not in item  # no language is called so
    record = exported("ris", **FIELDS).splitlines()
    assert all(re.match("[A-Z][A-Z0-9]  - ", each) for each in record)
    assert [each[:2] for each in record].count("ER") == 1
    written = exported("md", **FIELDS)
    assert [each for each in re.split("[\r\n]", written) if each.startswith("#")] == [written.split("\n")[0]]
    assert not re.search(r"(?m)^\s*(~~~|```|\||=)", written)


@pytest.mark.parametrize("form", ["md", "atom", "jsonfeed", "ris"])
def test_no_headline_turns_the_direction_of_what_stands_behind_it(form: str) -> None:
    fields = {name: value for name, value in FIELDS.items() if name not in ("text", "lead")}

    assert "\u202e" not in exported(form, **fields)


def test_a_table_in_which_a_title_has_a_lone_return_can_be_read_back(folder: Path) -> None:
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
        keep(archive, article("https://herald.test/4", title="Snow", carried_by="The\rHerald"))
    rows = csv.reader(io.StringIO(presswatch(folder, "search", "snow", "--csv").stdout, newline=""))

    assert [len(row) for row in rows] == [16, 16]


def test_a_moment_before_our_time_is_written_as_feeds_want_it() -> None:
    old = {"published_utc": datetime(965, 1, 5, tzinfo=UTC), "published_precision": "minute"}

    assert exported("atom", **old).count("<updated>0965-01-05T00:00:00Z</updated>") == 2
    assert '"0965-01-05T00:00:00Z"' in exported("jsonfeed", **old)


def test_an_entry_has_an_author_and_a_record_no_address_that_leads_nowhere() -> None:
    assert "<author><name>a</name></author>" in exported("atom", carried_by="")
    assert "UR" not in ris(url="import:my%20id")
