"""Writes configurations as plain text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from string import Template

from crawler.records import Source

_DEFAULTS = {item.name: item.default for item in fields(Source)}


def demo_config(folder: Path, port: int, sources: Iterable[Source], home: Path) -> None:
    """Write the demo's four files: the given sources, reached at a port of this machine; all is kept below home."""
    folder.mkdir(parents=True, exist_ok=True)
    for template in (files("digest.sample") / "demo" / "config").iterdir():
        text = Template(template.read_text(encoding="utf-8")).substitute(port=port, home=home.absolute().as_posix())
        (folder / template.name).write_text(text, encoding="utf-8")
    (folder / "sources.toml").write_text(sources_toml(sources), encoding="utf-8")


def sources_toml(sources: Iterable[Source]) -> str:
    """Write source definitions as sources.toml holds them, each with what differs from the defaults."""
    return "\n".join(_table(source) for source in sources)


def _table(source: Source) -> str:
    lines = [f"[{source.key}]"]
    for item in fields(Source):
        value = getattr(source, item.name)
        if item.name == "key" or value == _DEFAULTS[item.name]:
            continue
        if item.name in ("every", "delay"):
            value = f"{value:g}s"
        # TOML writes strings and lists of strings as JSON does.
        lines.append(f"{item.name} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join([*lines, ""])
