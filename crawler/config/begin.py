"""The first configuration: commented files, the sources of chosen packs, and whom they will ask."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from crawler.config.edit import write_atomically
from crawler.config.faults import Words
from crawler.config.read import FILES, Config
from crawler.errors import ConfigError
from crawler.packs import TEMPLATES, as_toml, chosen
from crawler.urls import host_of


class HostPolls(NamedTuple):
    """How often one host will be asked for something new."""

    host: str
    channels: int
    #: Seconds between two polls of a channel, the least of its channels.
    every: float


def init_folder(folder: Path, packs: Sequence[str] = ()) -> list[Path]:
    """Write a commented configuration with the sources of packs and return its files; nothing is overwritten."""
    choice = chosen(packs)
    for name in FILES:
        if (folder / name).exists():
            raise ConfigError(folder / name, None, "the file", Words("one that exists"), "a folder without it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        found = Words(error.strerror or str(error))
        raise ConfigError(folder, None, "the folder", found, "a place where a folder can be made") from error
    written: list[Path] = []
    try:
        for name in FILES:
            text = (TEMPLATES / name).read_text(encoding="utf-8")
            if name == "sources.toml" and choice:
                text = f"{text}\n{as_toml(choice)}"
            write_atomically(folder / name, text.encode("utf-8"))
            written.append(folder / name)
    except ConfigError:
        # Half a configuration would stop the next try.
        for path in written:
            with contextlib.suppress(OSError):
                path.unlink()
        raise
    return written


def polls_of(config: Config) -> list[HostPolls]:
    """List the hosts that a crawl will poll, the busiest first."""
    counts: dict[str, int] = {}
    intervals: dict[str, float] = {}
    for source in config.sources.values():
        every = source.every or config.press.crawl.every
        for _, url in source.channels():
            host = host_of(url)
            counts[host] = counts.get(host, 0) + 1
            intervals[host] = min(every, intervals.get(host, every))
    rows = [HostPolls(host, count, intervals[host]) for host, count in counts.items()]
    return sorted(rows, key=lambda row: (-row.channels / row.every, row.host))
