"""Import of JSON lines."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive import Archive, open_archive
from crawler.config import load
from crawler.errors import UsageError
from crawler.importing import ImportReport, import_jsonl
from tests.loopback import article

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = "2019-11-06T19:13:40"


def do(tmp_path: Path, lines: bytes, archive: Archive, name: str = "a.jsonl") -> ImportReport:
    for file in ("presswatch.toml", "watches.toml", "digests.toml"):
        (tmp_path / file).write_text("")
    (tmp_path / "sources.toml").write_text(
        '[quay]\nname = "The Quay"\nhomepage = "http://quay.example/"\ntimezone = "Asia/Shanghai"\n'
    )
    (tmp_path / name).write_bytes(lines)
    return import_jsonl(archive, load(tmp_path), tmp_path / name, NOW)


def test_a_language_is_read_however_it_is_written_and_told_when_it_is_none(tmp_path: Path) -> None:
    written = ("en", "EN", "en_US", "zh-Hant", "Ukrainian", "Klingonish", "")
    lines = [
        {"id": str(number), "title": "Eels", "text": "Eels.", "language": said} for number, said in enumerate(written)
    ]
    with open_archive("sqlite://") as archive:
        do(tmp_path, b"\n".join(json.dumps(line).encode() for line in lines), archive)
        kept = [archive.articles.get(f"import:{number}") for number in range(len(written))]

    assert ["en", "en", "en-US", "zh-Hant", "uk", "", ""] == [each.language for each in kept if each]
    assert "'Klingonish' is no language" in (kept[5].evidence["language"] if kept[5] else "")


IN_FOUR_LANGUAGES = {
    "en": ("Ferry sinks off the island", "A ferry sank off the island on Monday and twelve people died."),
    "ru": ("У острова затонул паром", "В понедельник у острова затонул паром, погибли двенадцать человек."),
    "zh": ("渡轮沉没十二人死亡", "周一一艘渡轮在岛屿附近沉没，造成十二人死亡，海岸警卫队说。当时大雾弥漫。"),
    "ar": ("غرق عبارة قرب الجزيرة", "غرقت عبارة قرب الجزيرة يوم الاثنين وقتل اثنا عشر شخصا."),
}


def test_the_language_of_a_line_that_names_none_is_told_by_its_text(tmp_path: Path) -> None:
    lines = [{"id": code, "title": title, "text": text} for code, (title, text) in IN_FOUR_LANGUAGES.items()]
    lines += [
        {"id": "short", "title": "海云省发生地震", "text": "中国地震台网正式测定。"},
        {"id": "nothing", "title": "渡轮"},
    ]
    lines += [{**lines[0], "id": "lang", "lang": "EN_US"}, {**lines[1], "id": "wrong", "language": "Klingonish"}]
    with open_archive("sqlite://") as archive:
        do(tmp_path, b"\n".join(json.dumps(line).encode() for line in lines), archive)
        kept = {line["id"]: archive.articles.get(f"import:{line['id']}") for line in lines}

    told = {name: (each.language, each.evidence.get("language")) for name, each in kept.items() if each}
    assert {
        **{code: (code, "text") for code in IN_FOUR_LANGUAGES},
        "short": ("zh", "text"),
        "nothing": ("", "none"),
        "lang": ("en-US", None),
        "wrong": ("ru", "text; import: 'Klingonish' is no language"),
    } == told


def test_the_id_of_a_line_is_found_again_with_its_article(tmp_path: Path) -> None:
    lines = [
        {"id": "doc/1", "title": "Eels", "text": "Eels."},
        {"id": 7, "url": "http://quay.example/page?utm_source=x#top", "html": article("Barges wait")},
        {"id": "http://quay.example/a?utm_source=x#b", "title": "Cranes", "text": "Cranes."},
        {"title": "Nobody", "text": "No id.", "url": "http://quay.example/none"},
    ]
    with open_archive("sqlite://") as archive:
        do(tmp_path, b"\n".join(json.dumps(line).encode() for line in lines), archive)
        kept = [
            archive.articles.get(url)
            for url in (
                "import:doc%2F1", "http://quay.example/page", "http://quay.example/a", "http://quay.example/none"
            )
        ]  # fmt: skip

    assert ["doc/1", "7", "http://quay.example/a?utm_source=x#b", None] == [
        each.evidence.get("import_id") for each in kept if each
    ]


def test_what_an_export_says_beside_the_text_is_taken_in(tmp_path: Path) -> None:
    lines = [
        {
            "id": "1", "title": "Eels", "lead": "They are back.", "text": "Eels.", "authors": ["Jane Doe", "Li"],
            "tags": ["Fish"], "credited_to": "Reuters",
        },
        {"id": "2", "title": "Barges", "lead": "They wait.", "authors": "Jane Doe"},
        {"id": "3", "title": "Nobody", "text": "x", "authors": [{"name": "Jane"}]},
    ]  # fmt: skip
    with open_archive("sqlite://") as archive:
        report = do(tmp_path, b"\n".join(json.dumps(line).encode() for line in lines), archive)
        eels, barges = (archive.articles.get(f"import:{number}") for number in (1, 2))
        found = {
            query: archive.count(query, NOW) for query in ("lead:back", "author:jane", "tag:fish", "credited:reuters")
        }

    assert {"lead:back": 1, "author:jane": 2, "tag:fish": 1, "credited:reuters": 1} == found
    assert (eels and eels.authors, barges and barges.completeness) == (("Jane Doe", "Li"), "lead")
    assert ["line 3"] == [fault.split(":")[0] for fault in report.faults]


def test_articles_and_raw_pages_come_in_and_bad_lines_are_told(tmp_path: Path) -> None:
    lines = [
        {
            "title": "Eels",
            "text": "Eels are back.",
            "url": "http://quay.example/eels",
            "published": "2019-11-06T19:13:40",
        },
        {"id": "77", "title": "No address", "text": "It has an id only.", "source": "The Quay"},
        {"url": "http://quay.example/page", "html": article("Barges wait")},
        {"url": "http://quay.example/none", "html": "<p></p>"},
        {"title": "", "text": ""},
        {"title": "When", "text": "Some day.", "published": "last week"},
        ["no", "object"],
        {"title": {"deep": 1}, "text": "x"},
    ]
    packed = b"\n".join(json.dumps(line).encode() for line in lines) + b"\n{broken\n\n"
    with open_archive("sqlite://") as archive:
        report = do(tmp_path, packed, archive)
        eels = archive.articles.get("http://quay.example/eels")
        page = archive.articles.get("http://quay.example/page")
        again = do(tmp_path, gzip.compress(packed), archive, "a.jsonl.gz")

    assert (report.kept, report.revised, report.unchanged) == (3, 0, 0)
    assert [fault.split(":")[0] for fault in report.faults] == [f"line {number}" for number in (4, 5, 6, 7, 8, 9)]
    assert eels is not None
    assert (eels.source, eels.carried_by, eels.backfill) == ("quay", "The Quay", True)
    assert eels.published == "2019-11-06T19:13:40"
    assert eels.published_utc == datetime(2019, 11, 6, 11, 13, 40, tzinfo=UTC)
    assert page is not None
    assert page.title == "Barges wait"
    assert (again.kept, again.unchanged) == (0, 3)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    do_nothing = tmp_path / "nothing.jsonl"
    with open_archive("sqlite://") as archive:
        do(tmp_path, b"", archive)
        with pytest.raises(UsageError, match=r"nothing\.jsonl"):
            import_jsonl(archive, load(tmp_path), do_nothing, NOW)


def test_of_a_cut_gzip_file_the_good_lines_are_kept_and_the_damage_is_told(tmp_path: Path) -> None:
    lines = b"".join(b'{"title": "Title %d", "text": "Text %d"}\n' % (n, n) for n in range(5000))
    with open_archive("sqlite://") as archive:
        report = do(tmp_path, gzip.compress(lines)[:-20], archive, "cut.jsonl.gz")

        assert archive.articles.count() == report.kept > 1000
        assert "the file is damaged from here on" in report.faults[-1]
