"""The log as text and as JSON; what is secret stands in neither."""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.deliver import shown
from digest.journal import Journal, LogFormatter, is_read_by_systemd, line
from tests.commands import presswatch
from tests.service_sample import a_plan, configure

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_a_line_is_text_for_people_and_an_object_for_programs() -> None:
    told = line("morning 2026-11-23: made", "digest", plan="morning", edition=1)

    assert "morning 2026-11-23: made" == Journal().written(told)
    assert {
        "time": "2026-11-23T12:00:00.000Z",
        "level": "info",
        "event": "digest",
        "plan": "morning",
        "edition": 1,
        "message": "morning 2026-11-23: made",
    } == json.loads(Journal("json").written(told, now=NOON))


def test_an_entry_of_several_lines_is_one_object() -> None:
    written = Journal("json").written("the new configuration has faults:\n  one\n  two")

    assert "\n" not in written
    assert "message" == json.loads(written)["event"]


def test_under_systemd_each_line_has_its_priority() -> None:
    written = Journal(priorities=True).written(line("two\nlines", "reload", "error"))

    assert "<3>two\n<3>lines" == written


@pytest.mark.parametrize(
    ("level", "name"), [(10, "debug"), (20, "info"), (30, "warning"), (40, "error"), (50, "error")]
)
def test_what_pythons_logging_says_has_the_same_form(level: int, name: str) -> None:
    record = logging.LogRecord("crawler.visit", level, __file__, 1, "%s is late", ("herald",), None)
    told = json.loads(LogFormatter(Journal("json")).format(record))

    assert (name, "log", "crawler.visit", "herald is late") == (
        told["level"],
        told["event"],
        told["logger"],
        told["message"],
    )
    assert LogFormatter(Journal()).format(record).endswith("crawler.visit: herald is late")


def test_the_journal_of_systemd_is_known_by_its_file(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        status = os.fstat(log.fileno())
        own = f"{status.st_dev}:{status.st_ino}"

        assert is_read_by_systemd({"JOURNAL_STREAM": own}, log.fileno())
        assert not is_read_by_systemd({"JOURNAL_STREAM": "1:2"}, log.fileno())
        assert not is_read_by_systemd({}, log.fileno())


def test_the_secret_of_a_web_hook_is_not_told() -> None:
    assert "https://hooks.example.org/…" == shown("https://user:word@hooks.example.org/T0/B1/secret")
    assert "ann@reader.test" == shown("ann@reader.test")


def test_every_line_of_the_service_is_an_object_also_those_of_its_crawls(tmp_path: Path) -> None:
    configure(
        tmp_path, a_plan(at='"00:00"', max_late='"24h"', recipients="[]", empty='"send"'), more="[log]\nformat='json'"
    )
    sources = tmp_path / "config" / "sources.toml"
    sources.write_text('[herald]\nname = "Herald"\nhomepage = "http://10.9.8.7/"\nfeeds = ["http://10.9.8.7/feed"]\n')
    done = presswatch(tmp_path, "-v", "run", "--once")
    told = [json.loads(each) for each in done.stderr.splitlines()]

    assert {"crawl", "digest"} <= {each["event"] for each in told}
    (made,) = [each for each in told if each["event"] == "digest"]
    assert ("morning", "made", 1) == (made["plan"], made["outcome"], made["edition"])
    assert all({"time", "level", "event", "message"} <= each.keys() for each in told)


def test_a_fault_is_an_object_too(tmp_path: Path) -> None:
    done = presswatch(tmp_path, "--log-format", "json", "run", code=2)

    assert ("error", "failed", 2) == tuple(json.loads(done.stderr)[key] for key in ("level", "event", "code"))
