"""The bundled catalogues of sources: real outlets, none of which is asked before somebody chooses it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from crawler.config.faults import suggest
from crawler.config.lines import line_index
from crawler.config.models import CrawlConfig, SourceConfig
from crawler.errors import UsageError
from crawler.records import Source

#: The folder config/ beside our packages, found by its place: by its name, a user's own ./config would be taken for it.
TEMPLATES = Path(__file__).parents[1] / "config"
#: Lists the packs; every other file beside it defines sources.
_LIST = "packs.toml"


@dataclass(frozen=True, slots=True)
class Pack:
    """A choice of sources under one name."""

    name: str
    title: str
    #: Keys of the catalogue, in reading order.
    sources: tuple[str, ...]


@cache
def packs() -> dict[str, Pack]:
    """List the packs by name."""
    raw = tomllib.loads((TEMPLATES / "packs" / _LIST).read_text(encoding="utf-8"))
    return {name: Pack(name, table["title"], tuple(table["sources"])) for name, table in raw.items()}


@cache
def catalogue() -> dict[str, Source]:
    """Give every source that any pack may name."""
    adapter = TypeAdapter(dict[str, SourceConfig])
    sources: dict[str, Source] = {}
    for text in _catalogue_texts():
        read = adapter.validate_python(tomllib.loads(text), by_name=False, by_alias=True, context={"file": 1})
        sources |= {key: source.record(key, CrawlConfig()) for key, source in read.items()}
    return sources


def chosen(names: Iterable[str]) -> list[Pack]:
    """Find packs by name; a UsageError lists what there is."""
    known = packs()
    found = []
    for name in dict.fromkeys(names):
        if name not in known:
            raise UsageError(f'there is no pack "{name}"; wanted {suggest(name, list(known))}')
        found.append(known[name])
    return found


def as_toml(choice: Sequence[Pack]) -> str:
    """Write the sources of packs as tables of sources.toml with their comments, each source once."""
    blocks = _blocks()
    parts: list[str] = []
    written: set[str] = set()
    for pack in choice:
        keys = [key for key in pack.sources if key not in written]
        parts.append(f'# From the pack "{pack.name}": {pack.title}.\n')
        parts += [blocks[key] for key in keys]
        written.update(keys)
    return "\n".join(parts)


def _catalogue_texts() -> list[str]:
    folder = TEMPLATES / "packs"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".toml") and item.name != _LIST)
    return [(folder / name).read_text(encoding="utf-8") for name in names]


@cache
def _blocks() -> dict[str, str]:
    """Cut the catalogue into the text of each source."""
    blocks = {}
    for text in _catalogue_texts():
        lines = text.splitlines()
        starts = [(line, str(key[0])) for key, line in line_index(text).items() if len(key) == 1]
        ends = [line for line, _ in starts[1:]] + [len(lines) + 1]
        for (start, key), end in zip(starts, ends, strict=True):
            blocks[key] = "\n".join(lines[start - 1 : end - 1]).rstrip() + "\n"
    return blocks
