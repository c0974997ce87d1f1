from __future__ import annotations

import json
import os
import pickle
import re
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crawler.config import (
    FILES,
    CrawlConfig,
    MailConfig,
    PlanConfig,
    PresswatchConfig,
    definition_hash,
    find_folder,
    load,
    read_duration,
    read_size,
    remarks,
    show_duration,
    show_size,
)
from crawler.config.edit import add_source, add_sources, remove_watch, set_watch
from crawler.config.lines import Key, line_index, line_of
from crawler.config.schemas import schema_files
from crawler.errors import ConfigError, ConfigErrors, QueryError, UsageError
from crawler.query import check_watch
from crawler.records import Override, Source, Watch

TEMPLATES = Path(__file__).parents[1] / "config"
TIMES = Source(
    key="global-times",
    name="Global Times",
    homepage="https://www.globaltimes.cn/",
    country="cn",
    language="en",
    timezone="Asia/Shanghai",
    kind="newspaper",
    control="state",
    owner="People's Daily Press",
    feeds=("https://www.globaltimes.cn/rss/outbrain.xml",),
    sections=("https://www.globaltimes.cn/china/", "https://www.globaltimes.cn/world/"),
    every=21600.0,
    delay=0.5,
)


def write(folder: Path, **texts: str) -> Path:
    """Write files into a folder: presswatch="..." becomes presswatch.toml."""
    for name, text in ({"presswatch": ""} | texts).items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path, **texts: str) -> list[str]:
    """Load what is faulty and give its faults without the folder's name."""
    with pytest.raises(ConfigErrors) as caught:
        load(write(folder, **texts))
    return [str(fault).removeprefix(f"{folder}/") for fault in caught.value.faults]


SOURCE = '[a]\nname = "A"\nhomepage = "https://a.example/"\n'
DURATION = 'wanted a number and s, m, h, d or w, such as "6h"'


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            {"presswatch": "[crawl]\n\ndealy = '2s'\n"},
            'presswatch.toml:3: crawl.dealy: found an unknown key, wanted a known one, perhaps "delay"',
        ),
        (
            {"presswatch": "[digest]\nzzz = 1\n"},
            'presswatch.toml:2: digest.zzz: found an unknown key, wanted one of "folder"',
        ),
        (
            {"presswatch": "[crawl]\nevery = '6 hours'\n"},
            f"presswatch.toml:2: crawl.every: found '6 hours', {DURATION}",
        ),
        ({"presswatch": "[crawl]\nevery = 60\n"}, f"presswatch.toml:2: crawl.every: found 60, {DURATION}"),
        (
            {"presswatch": "crawl.timeout = '0s'\n"},
            "presswatch.toml:1: crawl.timeout: found '0s', wanted at least \"1s\"",
        ),
        (
            {"presswatch": "crawl.max_size = '0MB'\n"},
            "presswatch.toml:1: crawl.max_size: found '0MB', wanted at least \"10kB\"",
        ),
        (
            {"presswatch": "crawl.page_memory = '0B'\n"},
            "presswatch.toml:1: crawl.page_memory: found '0B', wanted at least \"64MB\"",
        ),
        (
            {"presswatch": "[crawl]\nmax_size = '3O MB'\n"},
            "presswatch.toml:2: crawl.max_size: found '3O MB', wanted a number and B, kB, MB or GB, such as \"10MB\"",
        ),
        (
            {"presswatch": "[crawl]\nrobots = 'yes'\n"},
            "presswatch.toml:2: crawl.robots: found 'yes', wanted true or false",
        ),
        ({"presswatch": "[web]\nport = '80'\n"}, "presswatch.toml:2: web.port: found '80', wanted a whole number"),
        ({"presswatch": "[web]\nport = 0\n"}, "presswatch.toml:2: web.port: found 0, wanted a number of at least 1"),
        (
            {"presswatch": "timezone = 'Europe/Berln'\n"},
            (
                "presswatch.toml:1: timezone: found 'Europe/Berln', "
                'wanted the name of a time zone, such as "Europe/Berlin"'
            ),
        ),
        (
            {"presswatch": "[crawl]\nallow_private = [\n  '10.0.0.0/8',\n  '127.0.0.1/8',\n]\n"},
            (
                "presswatch.toml:4: crawl.allow_private[1]: found '127.0.0.1/8', "
                'wanted an address range without host bits, such as "127.0.0.0/8"'
            ),
        ),
        (
            {"presswatch": "[crawl]\nallow_private = ['localhost']\n"},
            (
                "presswatch.toml:2: crawl.allow_private[0]: found 'localhost', "
                'wanted an address range, such as "127.0.0.0/8"'
            ),
        ),
        (
            {"presswatch": "[crawl]\nconnect_to = { '*' = '127.0.0.1' }\n"},
            (
                "presswatch.toml:2: crawl.connect_to.*: found '127.0.0.1', "
                'wanted a host and a port, such as "127.0.0.1:8080"'
            ),
        ),
        (
            {"presswatch": "[mail]\nsecurity = 'ssl'\n"},
            'presswatch.toml:2: mail.security: found \'ssl\', wanted one of "starttls", "tls", "none"',
        ),
        ({"presswatch": "crawl = 3\n"}, "presswatch.toml:1: crawl: found 3, wanted a table"),
        (
            {"presswatch": "[web]\nhost = \n"},
            "presswatch.toml:2: the file: found 'host =', wanted valid TOML (invalid value)",
        ),
        (
            {"presswatch": "[web]\nport = 1\nport = 2\n"},
            "presswatch.toml:3: the file: found 'port = 2', wanted valid TOML (cannot overwrite a value)",
        ),
        (
            {"sources": '# one\n[a]\nname = "A"\n'},
            (
                "sources.toml:2: a.homepage: found nothing, "
                'wanted the address of its home page, such as "https://example.org/"'
            ),
        ),
        (
            {"sources": SOURCE.replace("[a]", "[Global_Times]")},
            (
                "sources.toml:1: Global_Times: found 'Global_Times', "
                'wanted a key of small letters, digits and "-", such as "global-times"'
            ),
        ),
        (
            {"sources": SOURCE + 'kind = "paper"\n'},
            (
                "sources.toml:4: a.kind: found 'paper', wanted one of "
                '"agency", "newspaper", "broadcaster", "online", "blog", "government", "republisher"'
            ),
        ),
        (
            {"sources": SOURCE + 'feeds = [ # two\n\n  "https://a.example/1",\n  "ftp://a.example/2" ]\n'},
            (
                "sources.toml:7: a.feeds[1]: found 'ftp://a.example/2', "
                'wanted an address that begins with "https://" or "http://"'
            ),
        ),
        (
            {"sources": SOURCE + 'feeds = "https://a.example/1"\n'},
            'sources.toml:4: a.feeds: found \'https://a.example/1\', wanted a list, such as ["one", "two"]',
        ),
        (
            {"sources": SOURCE + 'country = "China"\n'},
            'sources.toml:4: a.country: found \'China\', wanted two small letters (ISO 3166), such as "cn", or ""',
        ),
        (
            {"sources": SOURCE + "verified = 'maybe'\n"},
            (
                "sources.toml:4: a.verified: found 'maybe', "
                'wanted the day of the check, such as 2026-11-23, or "never"'
            ),
        ),
        (
            {"sources": SOURCE + 'feeds = ["https://a.example/1", "HTTPS://A.example:443/1?utm_source=x"]\n'},
            (
                "sources.toml:4: a.feeds[1]: found 'HTTPS://A.example:443/1?utm_source=x', "
                "wanted an address that stands here once; a.feeds[0] has it (line 4)"
            ),
        ),
        (
            {"watches": "[spies]\nquery = '(spy'\n"},
            (
                "watches.toml:2: spies.query: found '(spy', wanted a query that can be read: "
                "a ( is not closed (character 5); write ) at the end"
            ),
        ),
        (
            {"watches": "[spies]\nquery = ''\n"},
            "watches.toml:2: spies.query: found '', wanted a text that is not empty",
        ),
        (
            {"watches": "[spies]\nquery = 'watch:spy'\n[spy-rings]\nquery = 'ring'\n"},
            (
                "watches.toml:2: spies.query: found 'watch:spy', wanted a query that can be read: "
                "there is no watch spy (character 1); `presswatch watch list` shows all"
            ),
        ),
        (
            {"watches": "['no spaces']\nquery = 'x'\n"},
            (
                "watches.toml:1: no spaces: found 'no spaces', "
                "wanted a name of at most 64 letters, without spaces, quotes, colons, slashes"
            ),
        ),
        (
            {"watches": "[spies]\nquery = 'x'\n", "digests": "[m]\nwatches = [\n'spis']\n"},
            (
                "digests.toml:3: m.watches[0]: found 'spis', wanted a watch of watches.toml: "
                'a known one, perhaps "spies"'
            ),
        ),
        (
            {"digests": "[m]\nat = '7:00'\n"},
            "digests.toml:2: m.at: found '7:00', wanted a time of day, such as \"07:00\", or a list of them",
        ),
        (
            {"digests": "[m]\nat = '07:00'\nevery = '6h'\n"},
            'digests.toml:3: m.every: found \'6h\', wanted either "at" or "every", not both',
        ),
        (
            {"digests": "[m]\ndays = ['mon', 'mon']\n"},
            'digests.toml:2: m.days: found a list of 2, wanted each only once ("mon" stands there twice)',
        ),
        ({"digests": "[m]\ndays = []\n"}, "digests.toml:2: m.days: found a list of 0, wanted at least 1 of them"),
        (
            {"digests": "[m]\nrecipients = ['desk@example.org']\n"},
            (
                "digests.toml:2: m.recipients: found recipients, "
                'wanted [mail] "host" and "from" in presswatch.toml, without which nothing can be sent'
            ),
        ),
        (
            {"digests": "[m]\nname = 'n'\n"},
            (
                'digests.toml:2: m.name: found an unknown key, wanted one of "title", '
                '"at", "every", "days", "timezone", "watches", "recipients", "language", "top", "per_watch", "floor", '
                '"empty", "webhooks", "chat", "tags", "review", "reviewers", "max_late", "give_up", "poll_before", '
                '"folder"'
            ),
        ),
    ],
)
def test_a_fault_names_file_line_key_finding_and_remedy(tmp_path: Path, texts: dict[str, str], expected: str) -> None:
    assert [expected] == faults(tmp_path, **texts)


def test_all_faults_of_all_files_are_told_at_once_in_their_order(tmp_path: Path) -> None:
    told = faults(
        tmp_path,
        digests="[m]\ntop = 'many'\nat = 7\n",
        sources='[a]\nhomepage = "x"\n',
        presswatch="[web]\nport = -1\n[crawl]\ntries = 0\n",
        watches="[spies\n",
    )

    assert [
        "presswatch.toml:2: web.port",
        "presswatch.toml:4: crawl.tries",
        "sources.toml:1: a.name",
        "sources.toml:2: a.homepage",
        "watches.toml:1: the file",
        "digests.toml:2: m.top",
        "digests.toml:3: m.at",
    ] == [fault.split(": found")[0] for fault in told]


def test_faults_cross_processes(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors) as caught:
        load(write(tmp_path, presswatch="[web]\nprot = 1\n"))

    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))


def test_bytes_that_are_no_utf8_are_told_with_their_line(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "sources.toml").write_bytes(b"# fine\n# Gr\xfc\xdfe\n")
    with pytest.raises(ConfigErrors) as caught:
        load(tmp_path)

    assert f"{tmp_path}/sources.toml:2: the file: found the byte 0xfc, wanted text in UTF-8" == str(caught.value)


def test_lists_in_lists_without_end_are_a_fault_not_a_crash(tmp_path: Path) -> None:
    assert ["presswatch.toml: the file: found lists in lists in lists, wanted less nesting"] == faults(
        tmp_path, presswatch="x = " + "[" * 5000 + "]" * 5000
    )


def test_a_missing_configuration_proposes_init(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r'wanted a configuration; "presswatch init .*" writes one'):
        load(tmp_path / "nowhere")


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    (write(tmp_path) / "watches.toml").mkdir()
    with pytest.raises(ConfigErrors, match=r"watches.toml: the file: found Is a directory, wanted a file that can be"):
        load(tmp_path)


def test_an_empty_presswatch_toml_is_enough(tmp_path: Path) -> None:
    config = load(write(tmp_path))

    assert ({}, {}, {}) == (config.sources, config.watches, config.plans)
    assert PresswatchConfig() == config.press
    assert ("sqlite:///presswatch.db", 2.0, 10_000_000, None) == (
        config.press.archive,
        config.press.crawl.delay,
        config.press.crawl.max_size,
        config.press.raw.keep,
    )


def test_everything_that_may_be_written_is_read(tmp_path: Path) -> None:
    config = load(
        write(
            tmp_path,
            presswatch="""
                timezone = "Asia/Shanghai"
                [crawl]
                delay = "0.5s"
                max_size = "2MiB"
                allow_private = ["127.0.0.0/8", "::1/128"]
                connect_to = { "*" = "127.0.0.1:8080", "a.example" = "[::1]:81" }
                [raw]
                keep = "90d"
                [digest]
                folder = "out"
                [mail]
                from = "Press <press@example.org>"
                host = "mail.example.org"
            """,
            sources=SOURCE + 'verified = 2026-11-23\nevery = "6h"\nfeeds = ["https://a.example/rss"]\n',
            watches="[spies]\nquery = '\"spy ring\"'\nweight = 2\nmuted = true\n",
            digests="""
                [morning]
                at = [17:30:00, "07:00"]
                days = ["mon"]
                watches = ["spies"]
                recipients = ["a@b"]
                [often]
                title = "Often"
                every = "6h"
                timezone = "Europe/Berlin"
                folder = "elsewhere"
            """,
        )
    )
    source, morning, often = config.sources["a"], config.plans["morning"], config.plans["often"]

    assert (0.5, 2 * 2**20, 90 * 86400.0) == (
        config.press.crawl.delay,
        config.press.crawl.max_size,
        config.press.raw.keep,
    )
    assert {"*": "127.0.0.1:8080", "a.example": "[::1]:81"} == config.press.crawl.connect_to
    assert "Press <press@example.org>" == config.press.mail.sender
    assert ("2026-11-23", 21600.0, ("https://a.example/rss",)) == (source.verified, source.every, source.feeds)
    assert Watch("spies", '"spy ring"', weight=2.0, muted=True) == config.watches["spies"]
    assert ("morning", "morning", (time(7), time(17, 30)), None) == (
        morning.name,
        morning.title,
        morning.at,
        morning.every,
    )
    assert ("Asia/Shanghai", Path("out"), ("spies",), ("a@b",)) == (
        morning.timezone,
        morning.folder,
        morning.watches,
        morning.recipients,
    )
    assert ((), 21600.0, "Europe/Berlin", Path("elsewhere")) == (often.at, often.every, often.timezone, often.folder)


def test_a_source_that_names_no_languages_takes_the_general_ones(tmp_path: Path) -> None:
    table = '[{key}]\nname = "{key}"\nhomepage = "https://{key}.example/"\n'
    both = table.format(key="one") + table.format(key="two") + "languages = []\n"
    folder = write(tmp_path, presswatch='[crawl]\nlanguages = ["en", "zh"]\n', sources=both)
    sources = load(folder).sources

    assert (sources["one"].languages, sources["two"].languages) == (("en", "zh"), ())


def test_in_python_settings_are_made_with_plain_numbers() -> None:
    assert 0.1 == CrawlConfig(delay=0.1).delay
    assert (time(7),) == PlanConfig(name="p").at
    assert "a@b" == MailConfig(sender="a@b").sender


def test_a_changed_definition_has_another_hash() -> None:
    assert definition_hash(Watch("a", "x")) == definition_hash(Watch("a", "x"))
    assert definition_hash(Watch("a", "x")) != definition_hash(Watch("a", "y"))


def test_the_folder_is_the_asked_one_else_here_else_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crawler.config.read.user_config_path", lambda name: tmp_path / "home" / name)

    assert Path("asked") == find_folder(Path("asked"))
    assert Path("config") == find_folder(None)

    (tmp_path / "home/presswatch").mkdir(parents=True)
    write(tmp_path / "home/presswatch")

    assert tmp_path / "home/presswatch" == find_folder(None)

    (tmp_path / "config").mkdir()
    write(tmp_path / "config")

    assert Path("config") == find_folder(None)


def test_the_mail_password_comes_from_a_file_or_the_environment(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")

    assert "s3cret" == MailConfig(password_file=str(tmp_path / "secret")).password({})
    assert "s3cret" == MailConfig().password({"PRESSWATCH_MAIL_PASSWORD_FILE": str(tmp_path / "secret")})
    assert "other" == MailConfig().password({"PRESSWATCH_MAIL_PASSWORD": "other"})
    assert "" == MailConfig().password({})


def test_a_password_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none: mail.password_file: found No such file or directory, wanted a file"):
        MailConfig(password_file=str(tmp_path / "none")).password({})


def test_the_templates_are_a_configuration_that_asks_nobody() -> None:
    config = load(TEMPLATES)

    assert {} == config.sources
    assert ["morning"] == list(config.plans)


def test_the_settings_in_the_template_are_the_defaults() -> None:
    """What stands behind a "#" is what happens without it."""
    lines = (TEMPLATES / "presswatch.toml").read_text(encoding="utf-8").splitlines()
    settings = [line.removeprefix("# ") if line.split("=")[0].strip("# ").isidentifier() else line for line in lines]
    told = tomllib.loads("\n".join(settings))
    known = json.loads(schema_files()["presswatch.json"])

    for table, fields in known["properties"].items():
        if "$ref" in fields:
            names = known["$defs"][fields["$ref"].rpartition("/")[2]]["properties"]
            assert {name: field["default"] for name, field in names.items()} == told[table]
        else:
            assert fields["default"] == told[table]


def test_the_json_schemas_are_what_the_models_give() -> None:
    """Mend with crawler.config.schemas.write_schemas(Path("config/schemas"))."""
    folder = TEMPLATES / "schemas"

    assert schema_files() == {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}


@given(st.decimals(min_value=0, max_value=10**8, places=3))
def test_a_duration_that_is_written_reads_the_same(seconds: Any) -> None:
    assert float(seconds) == read_duration(show_duration(float(seconds)))


@given(st.integers(min_value=0, max_value=10**14))
def test_a_size_that_is_written_reads_the_same(size: int) -> None:
    assert size == read_size(show_size(size))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(21600, "6h"), (90, "90s"), (5400, "90m"), (7776000, "90d"), (604800, "1w"), (0.5, "0.5s"), (0, "0s")],
)
def test_durations_look_like_people_write_them(seconds: float, text: str) -> None:
    assert text == show_duration(seconds)


@pytest.mark.parametrize("text", ["", "6", "h", "-1h", "1e3s", "6 h", "٣h", "1h30m", "99999999d", "nan"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"number and s, m, h, d or w|at most a hundred years"):
        read_duration(text)


TOML = '''\
title = "x"  # [not a table]
a.b."c d" = 1
many = [ 1, # ]
  [2, 3],
  { x = "]", y.z = 2 },
]
text = """
[no.table]
key = 1 \\"""
"""
raw = \'\'\'
# no comment'\'\'\'
when = 1979-05-27 07:32:00

[ fruit . "app.le" ]
"quoted ]" = 'a # b'
[[list]]
n = 1
[list.sub]
m = 2
[[list]]
n = 3
[[list.inner]]
k = 1
'''


def paths(value: Any, key: Key = ()) -> Iterator[Key]:
    """Name every key and list item of a parsed text."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        yield (*key, name)
        yield from paths(item, (*key, name))


def test_every_key_has_its_line() -> None:
    index = line_index(TOML)

    assert set(paths(tomllib.loads(TOML))) == set(index)
    assert {
        ("a", "b", "c d"): 2,
        ("many", 0): 3,
        ("many", 1, 1): 4,
        ("many", 2, "y", "z"): 5,
        ("text",): 7,
        ("raw",): 11,
        ("when",): 13,
        ("fruit", "app.le", "quoted ]"): 16,
        ("list", 0, "n"): 18,
        ("list", 0, "sub", "m"): 20,
        ("list", 1, "n"): 22,
        ("list", 1, "inner", 0, "k"): 24,
    }.items() <= index.items()
    assert 15 == line_of(index, ("fruit", "app.le", "missing"))
    assert index == line_index(TOML.replace("\n", "\r\n"))


NAMES = st.text(alphabet="ab.# \"'中", max_size=3)
VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.text(alphabet="a\"#]}=\\' ,é中"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_whatever_is_written_has_lines(data: dict[str, Any]) -> None:
    text = tomlkit.dumps(data)

    assert set(paths(tomllib.loads(text))) <= set(line_index(text))


COMMENTED = """\
# All of our watches.

# Spies, of both sides.
[spies]   # the first
query = 'spy'   # short
weight = 1.5

# Trade.
[trade]
query = "tariff"
# Steel was here.
"""


def test_comments_survive_a_change(tmp_path: Path) -> None:
    write(tmp_path, watches=COMMENTED)

    set_watch(tmp_path, "spies", 'spy OR "spy ring"', muted=True)

    text = (tmp_path / "watches.toml").read_text()
    assert COMMENTED.replace("'spy'", "'spy OR \"spy ring\"'").replace("1.5\n", "1.5\nmuted = true\n") == text
    assert Watch("spies", 'spy OR "spy ring"', weight=1.5, muted=True) == load(tmp_path).watches["spies"]


def test_a_removed_watch_leaves_the_others_and_their_comments(tmp_path: Path) -> None:
    write(tmp_path, watches=COMMENTED)

    remove_watch(tmp_path, "spies")

    assert (
        '# All of our watches.\n\n# Spies, of both sides.\n# Trade.\n[trade]\nquery = "tariff"\n# Steel was here.\n'
        == (tmp_path / "watches.toml").read_text()
    )

    remove_watch(tmp_path, "trade")

    assert (
        "# All of our watches.\n\n# Spies, of both sides.\n# Trade.\n# Steel was here.\n"
        == (tmp_path / "watches.toml").read_text()
    )


def test_a_watch_can_be_written_in_any_form_of_toml_and_removed(tmp_path: Path) -> None:
    write(tmp_path, watches="a = { query = 'x' }\nb.query = 'y'\nb.weight = 2\n[c]\nquery = 'z'")
    for name in "abc":
        remove_watch(tmp_path, name)

    assert {} == load(tmp_path).watches


@given(st.text(min_size=1, max_size=20), st.sampled_from(["\n", "\r\n", ""]))
def test_a_query_is_written_as_it_was_given(word: str, end: str) -> None:
    query = "x " + json.dumps(word, ensure_ascii=False)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (write(folder) / "watches.toml").write_bytes(f"# mine{end}".encode())
        try:
            check_watch(query)
        except QueryError:
            with pytest.raises(ConfigErrors, match="wanted a query that can be read"):
                set_watch(folder, "w", query)
        else:
            set_watch(folder, "w", query)

            assert query == load(folder).watches["w"].query


def test_an_added_source_reads_back(tmp_path: Path) -> None:
    write(tmp_path, sources="# Mine.\n" + SOURCE.rstrip("\n"))

    add_source(tmp_path, TIMES)

    text = (tmp_path / "sources.toml").read_text()
    assert TIMES == load(tmp_path).sources["global-times"]
    assert text.startswith("# Mine.\n" + SOURCE + "\n[global-times]\nname =")
    assert 'every = "6h"' in text


def test_the_overrides_of_an_added_source_read_back(tmp_path: Path) -> None:
    write(tmp_path)
    override = Override(
        date(2027, 6, 30),
        title=("h1",),
        body=("div.story", "//div[@id='t']"),
        remove=('//p[starts-with(., "Read")]',),
        hosts=("www.globaltimes.cn",),
        paths=("/page/*",),
    )
    source = replace(TIMES, overrides=(override, Override(date(2027, 1, 1), author=(".by",))))

    add_source(tmp_path, source)

    text = (tmp_path / "sources.toml").read_text()
    assert source == load(tmp_path).sources["global-times"]
    assert '\n[[global-times.overrides]]\nvalid_until = 2027-06-30\ntitle = "h1"\n' in text


OVERRIDDEN = (
    SOURCE
    + """
[[a.overrides]]
body = "div["
title = ["h1.x", "//h1[foo(.)]"]
remove = "//a/@href"
athor = "x"

[[a.overrides]]
valid_until = "soon"
body = ["div", 3]
date = []
hosts = ["https://x/"]
paths = ["news"]

[[a.overrides]]
valid_until = 2027-06-30
hosts = ["*.a.example"]
"""
)


def test_every_fault_of_an_override_is_told_with_its_line(tmp_path: Path) -> None:
    day = "wanted the last day on which it is used, such as 2027-06-30"
    host = 'wanted a host without a scheme, such as "www.example.org"; those under it are meant as well'
    xpath = "wanted an XPath without the function"
    css = "wanted a CSS selector that can be read (Expected ident or '*', got <EOF at 4>)"
    selector = 'wanted a selector, such as "div.story" or "//div[@id=\'story\']", or a list of them'
    key = "sources.toml:{}: a.overrides[{}]{}: found {}, {}".format

    assert [
        key(5, 0, ".valid_until", "nothing", f"{day} (sites change)"),
        key(6, 0, ".body", "'div['", f'{css}, or an XPath, which begins with "/", "./" or "("'),
        key(7, 0, ".title[1]", "'//h1[foo(.)]'", f"{xpath} foo(), which XPath 1.0 does not have"),
        key(8, 0, ".remove", "'//a/@href'", "wanted an XPath that gives elements, not texts"),
        key(9, 0, ".athor", "an unknown key", 'wanted a known one, perhaps "author"'),
        key(12, 1, ".valid_until", "'soon'", day),
        key(13, 1, ".body[1]", "3", "wanted a text in quotes"),
        key(14, 1, ".date", "a list of 0", selector),
        key(15, 1, ".hosts[0]", "'https://x/'", host),
        key(16, 1, ".paths[0]", "'news'", 'wanted a path with * for anything, such as "/news/*"'),
        key(18, 2, "", "nothing", "wanted at least one of title, body, date, author, remove"),
        key(20, 2, ".hosts[0]", "'*.a.example'", host),
    ] == faults(tmp_path, sources=OVERRIDDEN)


def test_an_override_that_is_no_list_of_tables_is_told_how_to_write_one(tmp_path: Path) -> None:
    (told,) = faults(tmp_path, sources=SOURCE + '[a.overrides]\nbody = "div"\n')

    assert told == (
        "sources.toml:4: a.overrides: found a table, wanted tables with two pairs of brackets, such as "
        '"[[example-times.overrides]]"'
    )


def test_the_override_that_the_commented_file_shows_can_be_used(tmp_path: Path) -> None:
    text = (TEMPLATES / "sources.toml").read_text()
    begin = text.index("# [[example-times.overrides]]")
    example = re.sub(r"^# ?", "", text[begin:], flags=re.MULTILINE).replace("example-times", "a")
    (override,) = load(write(tmp_path, sources=SOURCE + example)).sources["a"].overrides

    assert all((override.title, override.body, override.date, override.author, override.remove, override.paths))


def test_sources_are_added_all_or_none(tmp_path: Path) -> None:
    write(tmp_path, sources=SOURCE)
    with pytest.raises(UsageError, match='there is a source "a" in sources'):
        add_sources(tmp_path, [TIMES, Source("a", "A", "https://a.example/")])

    assert SOURCE == (tmp_path / "sources.toml").read_text()


def test_a_change_that_would_break_the_configuration_is_not_written(tmp_path: Path) -> None:
    write(tmp_path, watches=COMMENTED, digests="[m]\nwatches = ['spies']\n")
    with pytest.raises(ConfigErrors, match=r"digests.toml:2: m.watches\[0\]: found 'spies'"):
        remove_watch(tmp_path, "spies")
    with pytest.raises(ConfigErrors, match=r"trade.query: found '\(', wanted a query that can be read"):
        set_watch(tmp_path, "trade", "(")

    assert COMMENTED == (tmp_path / "watches.toml").read_text()
    assert sorted(["presswatch.toml", "watches.toml", "digests.toml"]) == sorted(
        path.name for path in tmp_path.iterdir()
    )


def test_an_unknown_watch_is_told_with_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, watches=COMMENTED)
    with pytest.raises(UsageError, match='there is no watch "spis"; wanted a known one, perhaps "spies"'):
        remove_watch(tmp_path, "spis")
    with pytest.raises(UsageError, match='there is no watch "spis"'):
        set_watch(tmp_path, "spis", muted=True)


def test_a_file_keeps_its_mode_and_line_ends(tmp_path: Path) -> None:
    path = write(tmp_path) / "watches.toml"
    path.write_bytes(b"[a]\r\nquery = 'x'\r\n")
    path.chmod(0o600)

    set_watch(tmp_path, "b", "y")

    assert b"[a]\r\nquery = 'x'\r\n\r\n[b]\r\nquery = \"y\"\r\n" == path.read_bytes()
    assert 0o600 == path.stat().st_mode & 0o777


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """Give a folder that this process may read and not write, also when root runs the tests."""
    user = os.geteuid()
    with tempfile.TemporaryDirectory() as name:
        folder = write(Path(name), watches=COMMENTED)
        folder.chmod(0o555)
        if user == 0:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            os.seteuid(user)
            folder.chmod(0o755)


@pytest.mark.skipif(os.name != "posix", reason="folders have other rights here")
def test_a_read_only_folder_is_a_clear_refusal(read_only: Path) -> None:
    with pytest.raises(ConfigError, match=r"found a place that cannot be written \(Permission denied\), wanted write"):
        set_watch(read_only, "spies", "x")

    assert COMMENTED == (read_only / "watches.toml").read_text()


def test_the_files_are_read_in_the_order_of_the_table() -> None:
    assert ("presswatch.toml", "sources.toml", "watches.toml", "digests.toml") == FILES


def test_an_interval_that_is_not_kept_is_told_and_no_fault(tmp_path: Path) -> None:
    config = load(write(tmp_path, sources=SOURCE + 'every = "1s"\n', presswatch="crawl.every = '2d'\n"))

    assert [
        "presswatch.toml: crawl.every: a channel whose rhythm is not known is asked once a day all the same",
        "sources.toml: a.every: no channel is asked more often than once in 10 minutes, out of politeness",
    ] == list(remarks(config, config.press.archive))


@pytest.mark.parametrize(("archive", "told"), [("sqlite:///a.db", True), ("postgresql://db/press", False)])
def test_workers_without_postgresql_are_told(tmp_path: Path, archive: str, told: bool) -> None:
    config = load(write(tmp_path, presswatch="crawl.by_workers = true\n"))
    found = list(remarks(config, archive))

    assert told == any("crawl.by_workers: workers need an archive on PostgreSQL" in each for each in found)


_CONTACT = 'a URL or mail address that a header can carry, such as "https://example.org/crawl" or "desk@example.org"'


@pytest.mark.parametrize(
    "contact",
    [
        "x\nEvil: 1",
        "https://a.example/\n",
        "mailto:日本@例え",
        "somebody",
        "ftp://a.example/",
        "a b@c.example",
        "https://",
        "a@b@c",
    ],
)
def test_a_contact_that_no_header_can_carry_is_refused(contact: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(_CONTACT)):
        CrawlConfig(contact=contact)


@pytest.mark.parametrize(
    ("contact", "sent"),
    [
        ("", ""),
        ("https://desk.example/crawl?a=1", "https://desk.example/crawl?a=1"),
        ("https://münchen.example/über", None),
        ("https://münchen.example:8080/crawl", "https://xn--mnchen-3ya.example:8080/crawl"),
        ("desk+crawl@desk.example", "desk+crawl@desk.example"),
        ("mailto:desk@例え.example", "mailto:desk@xn--r8jz45g.example"),
    ],
)
def test_a_contact_is_sent_as_ascii(contact: str, sent: str | None) -> None:
    if sent is None:
        with pytest.raises(ValidationError):
            CrawlConfig(contact=contact)
        return

    assert sent == CrawlConfig(contact=contact).contact


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("", ((), ())),
        (
            'hosts = ["Press.LAN", "[::1]", "10.1.2.3", "bücher.test"]',
            (("press.lan", "::1", "10.1.2.3", "xn--bcher-kva.test"), ()),
        ),
        ('proxy = "127.0.0.1"', ((), ("127.0.0.1",))),
        ('proxy = ["10.0.0.0/24", "::1"]', ((), ("10.0.0.0/24", "::1"))),
        ('proxy = ""', ((), ())),
    ],
)
def test_names_and_proxies_of_the_web_page_are_read(tmp_path: Path, written: str, read: tuple[object, ...]) -> None:
    (tmp_path / "presswatch.toml").write_text(f"[web]\n{written}\n", encoding="utf-8")
    web = load(tmp_path).press.web

    assert read == (web.hosts, web.proxy)
