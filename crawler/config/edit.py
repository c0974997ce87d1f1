"""Changing the files of a configuration, with the comments that people wrote in them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Item, Table

from crawler.config.faults import Words, suggest
from crawler.config.lines import table_lines
from crawler.config.lock import only_editor
from crawler.config.models import WatchConfig
from crawler.config.read import FILES, check, load, read_bytes
from crawler.config.units import show_duration
from crawler.errors import ConfigError, Outdated, UsageError
from crawler.records import Override, Source

_BLANK_SOURCE = Source(key="", name="", homepage="")
_DURATIONS = {"every", "delay"}


@dataclass(frozen=True, slots=True)
class Written:
    """A watch as watches.toml has it, without what other files fill in."""

    #: None where there is none of this name.
    watch: WatchConfig | None
    #: Differs whenever anything of it does.
    state: str


def add_source(folder: Path, source: Source) -> None:
    """Write a source at the end of sources.toml."""
    add_sources(folder, [source])


def add_sources(folder: Path, sources: Sequence[Source]) -> None:
    """Write sources at the end of sources.toml, all or none."""

    def change(text: str) -> str:
        document = tomlkit.parse(text)
        blocks = []
        for source in sources:
            if source.key in document:
                raise UsageError(f'there is a source "{source.key}" in sources.toml already; choose another key')
            document[source.key] = {}
            blocks.append(source_text(source))
        return _append(text, blocks)

    _edit(folder, "sources.toml", change)


def written_watch(folder: Path, name: str) -> Written:
    """Read a watch as it is written; a file that cannot be read is told as ``load`` tells it."""
    content = read_bytes(folder / "watches.toml")
    try:
        table = tomllib.loads(content.decode("utf-8-sig")).get(name) if isinstance(content, bytes) else None
    except ValueError:
        load(folder)
        raise
    if table is None:
        return Written(None, _state(table))
    return Written(WatchConfig.model_validate(table, by_name=False, by_alias=True, context={"file": 1}), _state(table))


def set_watch(
    folder: Path, name: str, query: str | None = None, *, seen: str | None = None, **settings: object
) -> None:
    """Write a watch, or change what is given of the one that has this name: weight, muted, urgent ...; None is not.

    ``seen`` is the state in which somebody saw it last: Outdated, and nothing is changed, when it has another now.
    """

    def change(text: str) -> str:
        document = tomlkit.parse(text)
        _require_seen(document, name, seen)
        given = {key: value for key, value in settings.items() if value is not None}
        values = {"query": _string(query)} | given if query is not None else given
        if name not in document:
            if query is None:
                raise UsageError(f'there is no watch "{name}"; wanted {suggest(name, list(document))}')
            added = tomlkit.table()
            added.update(values)
            return _append(text, [_table_text(name, added)])
        table = document[name]
        new = {key: value for key, value in values.items() if key not in table}
        # tomlkit keeps the comment behind a value that is replaced.
        table.update({key: value for key, value in values.items() if key in table})
        changed = tomlkit.dumps(document)
        if not new:
            return changed
        if (with_new := _with_new_keys(changed, name, new)) is not None:
            return with_new
        table.update(new)
        return tomlkit.dumps(document)

    _edit(folder, "watches.toml", change)


def remove_watch(folder: Path, name: str, *, seen: str | None = None) -> None:
    """Take a watch out; a plan that names it stops this. ``seen`` as in ``set_watch``."""

    def change(text: str) -> str:
        document = tomlkit.parse(text)
        _require_seen(document, name, seen)
        if name not in document:
            raise UsageError(f'there is no watch "{name}"; wanted {suggest(name, list(document))}')
        if (without := _without_table(text, name)) is not None:
            return without
        document.remove(name)
        return tomlkit.dumps(document)

    _edit(folder, "watches.toml", change)


def source_text(source: Source) -> str:
    """Write a source as a table of sources.toml, without what is left at its default."""
    table = tomlkit.table()
    for name in Source.__dataclass_fields__:
        value = getattr(source, name)
        if name == "key" or value == getattr(_BLANK_SOURCE, name):
            continue
        if name in _DURATIONS:
            value = show_duration(value)
        if name == "overrides":
            table.add(name, _override_tables(value))
            continue
        table.add(name, _addresses(value) if isinstance(value, tuple) else value)
    return _table_text(source.key, table)


def write_atomically(path: Path, content: bytes) -> None:
    """Put a file in place as a whole, or leave the old one as it is."""
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
        found = Words(f"a place that cannot be written ({error.strerror or error})")
        raise ConfigError(path, None, "the file", found, "write access, or the change made by hand") from error


def _edit(folder: Path, name: str, change: Callable[[str], str]) -> None:
    """Change one file; the result is checked with the other files before it takes the old one's place."""
    # A faulty file is told as it is, before it is changed.
    load(folder)
    with only_editor(folder):
        while True:
            before = read_bytes(folder / name)
            if isinstance(before, ConfigError):
                raise before
            after = change((before or b"").decode("utf-8-sig")).encode("utf-8")
            contents = {other: read_bytes(folder / other) for other in FILES}
            check(contents | {name: after}, folder)
            # An editor of texts, which knows no lock, may have written meanwhile: that change is not lost.
            if read_bytes(folder / name) == before:
                write_atomically(folder / name, after)
                return


def _state(table: Any) -> str:
    """Name what stands in a table by its content; what stands around it, such as comments, is not counted."""
    return hashlib.sha256(json.dumps(table, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _require_seen(document: tomlkit.TOMLDocument, name: str, seen: str | None) -> None:
    table = document.get(name)
    if seen is not None and seen != _state(None if table is None else table.unwrap()):
        what = "it was removed" if table is None else "it is another one now"
        raise Outdated(f'the watch "{name}" was changed meanwhile: {what}; look at it and decide again')


def _append(text: str, blocks: Sequence[str]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    kept = text if not text or text.endswith("\n") else text + newline
    added = "\n".join(blocks).replace("\n", newline)
    return f"{kept}{newline}{added}" if kept else added


def _table_text(name: str, table: Table) -> str:
    document = tomlkit.document()
    document[name] = table
    return tomlkit.dumps(document)


def _string(text: str) -> Item:
    """Write a query in single quotes where it holds double ones, so that people can read it."""
    plain = '"' in text and "'" not in text and text.isprintable()
    return tomlkit.string(text, literal=plain)


def _override_tables(overrides: Sequence[Override]) -> Item:
    tables = tomlkit.aot()
    for override in overrides:
        table = tomlkit.table()
        for name in Override.__dataclass_fields__:
            value = getattr(override, name)
            if not isinstance(value, tuple):
                table.add(name, value)
            elif value:
                one = len(value) == 1 and name not in ("hosts", "paths")
                table.add(name, _string(value[0]) if one else _addresses(value))
        tables.append(table)
    return tables


def _addresses(values: tuple[str, ...]) -> Item:
    array = tomlkit.array()
    array.extend(values)
    return array.multiline(len(values) > 1)


def _with_new_keys(text: str, name: str, values: Mapping[str, object]) -> str | None:
    """Write new keys behind a table's last one; None when it has no header of its own.

    tomlkit would write them behind the comments that introduce the next table.
    """
    place = table_lines(text, name)
    if place is None:
        return None
    lines = text.splitlines(keepends=True)
    end = place[1]
    newline = "\r\n" if lines[0].endswith("\r\n") else "\n"
    if not lines[end - 1].endswith("\n"):
        lines[end - 1] += newline
    added = [f"{key} = {tomlkit.item(value).as_string()}{newline}" for key, value in values.items()]
    return "".join(lines[:end] + added + lines[end:])


def _without_table(text: str, name: str) -> str | None:
    """Cut a table's lines out; None when it has no header of its own.

    tomlkit counts a comment above the next header as part of this table and would take it along.
    """
    place = table_lines(text, name)
    if place is None:
        return None
    lines = text.splitlines(keepends=True)
    start, end = place
    if end < len(lines) and not lines[end].strip():
        end += 1  # one of the two empty lines that would meet
    return "".join(lines[: start - 1] + lines[end:])
