"""Reading a folder of configuration, with all its faults at once."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from platformdirs import user_config_path
from pydantic import TypeAdapter, ValidationError

from crawler import plugins
from crawler.config.faults import NOTHING, Words, explain, show_key, suggest
from crawler.config.lines import Key, line_index, line_of
from crawler.config.models import PlanConfig, PresswatchConfig, file_types
from crawler.errors import ConfigError, ConfigErrors, QueryError
from crawler.overrides import POINTERS
from crawler.query import Node, check_watch, expand
from crawler.records import Source, Watch, WatchRules, as_json
from crawler.recurrence import Recurrence
from crawler.urls import normalise

_MAIL_WANTED = '[mail] "host" and "from" in presswatch.toml, without which nothing can be sent'
FILES = ("presswatch.toml", "sources.toml", "watches.toml", "digests.toml")
#: Of each file its number, its size and when it was written; None where there is none.
Marks = tuple[tuple[int, int, int] | None, ...]


@dataclass(frozen=True)
class Config:
    """A whole configuration that has been checked."""

    folder: Path
    press: PresswatchConfig = field(default_factory=PresswatchConfig)
    sources: dict[str, Source] = field(default_factory=dict)
    watches: dict[str, Watch] = field(default_factory=dict)
    plans: dict[str, PlanConfig] = field(default_factory=dict)
    #: What each watch does beside matching.
    rules: dict[str, WatchRules] = field(default_factory=dict)

    def looked_again(self) -> list[str]:
        """Name the sources whose kept pages are looked at again."""
        general = self.press.crawl.recheck
        return [key for key, source in self.sources.items() if (general if source.recheck is None else source.recheck)]


def find_folder(option: Path | None) -> Path:
    """Choose the folder: the one that was asked for, else ./config, else the user's."""
    if option is not None:
        return option
    here, users = Path("config"), user_config_path("presswatch")
    # Where neither is, the error names ./config, which is what `presswatch init` writes.
    return users if not (here / FILES[0]).exists() and (users / FILES[0]).exists() else here


def load(folder: Path) -> Config:
    """Read and check the four files; a ConfigErrors tells every fault, in the order of files and lines."""
    return check({name: read_bytes(folder / name) for name in FILES}, folder)


def check(contents: dict[str, bytes | ConfigError | None], folder: Path) -> Config:
    """Check the files' contents (None for a file that is not there) as if they lay in the folder."""
    if contents[FILES[0]] is None:
        remedy = f'a configuration; "presswatch init {folder}" writes one'
        raise ConfigErrors((ConfigError(folder / FILES[0], None, "the file", NOTHING, remedy),))
    read = {name: _File(folder / name, contents[name], model) for name, model in file_types().items()}
    faults = [fault for file in read.values() for fault in file.faults]
    faults += _shared_channels(read["sources.toml"])
    faults += _empty_overrides(read["sources.toml"])
    faults += _unreadable_queries(read["watches.toml"])
    faults += _impossible_plans(read["digests.toml"], read["watches.toml"], read["presswatch.toml"])
    faults += _undeliverable_alerts(read["watches.toml"], read["presswatch.toml"])
    faults += _unknown_plugins(read["presswatch.toml"])
    if faults:
        raise ConfigErrors(_in_order(faults))
    press: PresswatchConfig = read["presswatch.toml"].value
    return Config(
        folder=folder,
        press=press,
        sources={key: source.record(key, press.crawl) for key, source in read["sources.toml"].value.items()},
        watches={name: watch.record(name) for name, watch in read["watches.toml"].value.items()},
        rules={name: watch.rules(name, press) for name, watch in read["watches.toml"].value.items()},
        plans={name: _plan(name, table, press) for name, table in read["digests.toml"].value.items()},
    )


def _in_order(faults: list[ConfigError]) -> tuple[ConfigError, ...]:
    """Sort faults by file and line, one for each key: a second one is the echo of the first."""
    first: dict[tuple[Path, str], ConfigError] = {}
    for fault in faults:
        first.setdefault((fault.args[0], fault.args[2]), fault)
    return tuple(sorted(first.values(), key=lambda fault: (FILES.index(fault.args[0].name), fault.args[1] or 0)))


def definition_hash(definition: Source | Watch) -> str:
    """Name a definition by its content, so that a changed one is noticed."""
    return hashlib.sha256(json.dumps(as_json(definition), sort_keys=True).encode()).hexdigest()


class _File:
    """One file, its value when it could be read, and what is wrong with it."""

    def __init__(self, path: Path, content: bytes | ConfigError | None, model: Any):
        self.path = path
        #: What the file says, before it was checked; {} when it cannot even be parsed.
        self.raw: dict[str, Any] = {}
        self.parsed = False
        self.value: Any = None
        self.index: dict[Key, int] = {}
        self.faults: list[ConfigError] = []
        if isinstance(content, ConfigError):
            self.faults.append(content)
            return
        text = self._text(content or b"")
        try:
            self.raw = tomllib.loads(text)
            self.index = line_index(text)
        except tomllib.TOMLDecodeError as error:
            self._add_syntax_fault(text, str(error))
            return
        except RecursionError:
            self.faults.append(ConfigError(path, None, "the file", Words("lists in lists in lists"), "less nesting"))
            return
        if self.faults:
            return
        self.parsed = True
        self._check(model)

    def fault(self, key: Key, found: object, wanted: str) -> ConfigError:
        """Tell a fault of a key with its line."""
        if isinstance(found, str) and not isinstance(found, Words) and len(found) > 80:
            found = found[:79] + "…"
        return ConfigError(self.path, line_of(self.index, key), show_key(key), found, wanted)

    def tables(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Go through what are tables, checked or not."""
        return ((name, table) for name, table in self.raw.items() if isinstance(table, dict))

    def _text(self, content: bytes) -> str:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            found = Words(f"the byte 0x{content[error.start]:02x}")
            self.faults.append(ConfigError(self.path, line, "the file", found, "text in UTF-8"))
            return ""

    def _add_syntax_fault(self, text: str, message: str) -> None:
        problem, place = message, re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
        line = max(1, text.rstrip().count("\n") + 1)
        if place is not None:
            problem = message[: place.start()]
            line = int(place[1]) if place[1] else line
        lines = text.splitlines()
        found = lines[line - 1].strip()[:80] if line <= len(lines) else ""
        wanted = f"valid TOML ({problem[0].lower() + problem[1:]})"
        self.faults.append(ConfigError(self.path, line, "the file", found, wanted))

    def _check(self, model: Any) -> None:
        try:
            # The context says that this comes from a file: there a bare number is no duration.
            self.value = TypeAdapter(model).validate_python(self.raw, by_name=False, by_alias=True, context={"file": 1})
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                found, wanted = explain(detail, model, self.raw)
                # pydantic writes "[key]" where the key itself is at fault, and names of unions: no key of the file.
                key = tuple(part for part in detail["loc"] if part != "[key]")
                self.faults.append(self.fault(key, found, wanted))


def file_marks(folder: Path) -> Marks:
    """Tell the files of a folder from what they are when one of them has changed, without reading them."""
    return tuple(_mark(folder / name) for name in FILES)


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def read_bytes(path: Path) -> bytes | ConfigError | None:
    """Read a file; None when it is not there, a fault when it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        return ConfigError(path, None, "the file", Words(error.strerror or str(error)), "a file that can be read")


def _shared_channels(file: _File) -> list[ConfigError]:
    """Find addresses that are polled twice: their articles would be credited to whoever comes first."""
    faults = []
    seen: dict[str, Key] = {}
    for source, table in file.tables():
        for kind in ("feeds", "sitemaps", "sections"):
            urls = table.get(kind)
            for number, url in enumerate(urls if isinstance(urls, list) else ()):
                address = normalise(url) if isinstance(url, str) else None
                if address is None:
                    continue
                key: Key = (source, kind, number)
                first = seen.setdefault(address, key)
                if first != key:
                    wanted = f"an address that stands here once; {show_key(first)} has it"
                    line = line_of(file.index, first)
                    faults.append(file.fault(key, url, f"{wanted} (line {line})"))
    return faults


def _empty_overrides(file: _File) -> list[ConfigError]:
    """Find overrides that point at nothing."""
    faults = []
    for source, table in file.tables():
        given = table.get("overrides")
        for number, override in enumerate(given if isinstance(given, list) else ()):
            if isinstance(override, dict) and not any(name in override for name in POINTERS):
                wanted = f"at least one of {', '.join(POINTERS)}"
                faults.append(file.fault((source, "overrides", number), NOTHING, wanted))
    return faults


def _unreadable_queries(file: _File) -> list[ConfigError]:
    queries = {name: table["query"] for name, table in file.tables() if isinstance(table.get("query"), str)}
    faults: dict[str, QueryError] = {}
    nodes: dict[str, Node] = {}
    for name, query in queries.items():
        try:
            nodes[name] = check_watch(query)
        except QueryError as error:
            faults[name] = error
    # A watch that uses an unreadable one is not at fault itself.
    readable = {name: "x" if name in faults else query for name, query in queries.items()}
    for name, node in nodes.items():
        try:
            expand(node, readable, within=(name,))
        except QueryError as error:
            faults[name] = error
    return [file.fault((name, "query"), queries[name], _wanted_query(error)) for name, error in faults.items()]


def _wanted_query(error: QueryError) -> str:
    _, position, problem, remedy = error.args
    text = f"a query that can be read: {problem} (character {position + 1})"
    return f"{text}; {remedy}" if remedy else text


def _impossible_plans(file: _File, watches: _File, press: _File) -> list[ConfigError]:
    faults = []
    names = list(watches.raw)
    for plan, table in file.tables():
        if "at" in table and "every" in table:
            faults.append(file.fault((plan, "every"), table["every"], 'either "at" or "every", not both'))
        if "days" in table and _names_its_days(file.value, plan):
            faults.append(file.fault((plan, "days"), table["days"], 'left out, for every time of "at" names its days'))
        asked = table.get("watches")
        # When watches.toml cannot be parsed, every name would be unknown: its own fault says enough.
        for number, name in enumerate(asked if isinstance(asked, list) and watches.parsed else ()):
            if isinstance(name, str) and name not in names:
                wanted = "a watch of watches.toml: " + suggest(name, names)
                faults.append(file.fault((plan, "watches", number), name, wanted))
        if isinstance(press.value, PresswatchConfig) and not press.value.mail.works:
            unreached = [key for key in ("recipients", "reviewers") if table.get(key)]
            faults += [file.fault((plan, key), Words(key), _MAIL_WANTED) for key in unreached]
        if table.get("reviewers") and table.get("review") is not True:
            faults.append(file.fault((plan, "reviewers"), Words("reviewers"), "review = true beside it"))
    return faults


def _names_its_days(value: Any, plan: str) -> bool:
    at = value[plan].at if isinstance(value, dict) and plan in value else ()
    return bool(at) and all(isinstance(each, Recurrence) for each in at)


#: table, key -> group of plug-ins; and the names that need no look at what is installed.
_PLUGINS: tuple[tuple[str, str, plugins.Group, str], ...] = (
    ("names", "tagger", "taggers", "plain"),
    ("summary", "summariser", "summarisers", ""),
    ("translation", "translator", "translators", ""),
)
#: Ours that ask another machine, which must be named.
_ASKING = {"openai": ("url", "model"), "libretranslate": ("url",)}


def _unknown_plugins(file: _File) -> list[ConfigError]:
    """Find names of plug-ins that are not installed."""
    faults = []
    for table, key, group, usual in _PLUGINS:
        settings = file.raw.get(table)
        name = settings.get(key) if isinstance(settings, dict) else None
        if isinstance(name, str) and name != usual and name not in (known := plugins.known(group)):
            listed = ", ".join(f'"{one}"' for one in known)
            faults.append(file.fault((table, key), name, f"a plug-in that is installed: {listed}"))
        elif isinstance(settings, dict) and table != "names":
            missing = [setting for setting in _ASKING.get(str(name), ()) if not settings.get(setting)]
            faults += [
                file.fault((table, one), NOTHING, f'a text, without which "{name}" cannot ask') for one in missing
            ]
    return faults


def _undeliverable_alerts(file: _File, press: _File) -> list[ConfigError]:
    """Find who is to get alerts by mail where no mail can be sent."""
    if not isinstance(press.value, PresswatchConfig) or press.value.mail.works:
        return []
    faults = []
    if press.value.alerts.recipients:
        faults.append(press.fault(("alerts", "recipients"), Words("recipients"), _MAIL_WANTED))
    for name, table in file.tables():
        if table.get("recipients"):
            faults.append(file.fault((name, "recipients"), Words("recipients"), _MAIL_WANTED))
    return faults


def _plan(name: str, table: Any, press: PresswatchConfig) -> PlanConfig:
    """Fill in what presswatch.toml says for all plans."""
    given = table.model_fields_set
    return PlanConfig.model_construct(
        _fields_set=given | {"name"},
        **{
            **dict(table),
            "name": name,
            "title": table.title or name,
            "timezone": table.timezone if "timezone" in given else press.timezone,
            "folder": table.folder if "folder" in given else press.digest.folder,
        },
    )
