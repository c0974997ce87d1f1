"""Looking at a site that may become a source, in a process of its own, which writes into the archive what it found.

It keeps the delays of every crawl, so it may take minutes; Scrapy lets a process look once. Whoever asks how it goes
asks the archive: a look goes on when the page is started again, and one that died is not told to go on for ever.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.archive import Exploration, is_postgres, open_archive, path_of
from crawler.config import load
from crawler.errors import ArchiveError, FetchRefused, PresswatchError, UsageError
from crawler.records import as_json
from crawler.urls import meant

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config

#: Nothing is looked at for longer.
LIMIT = timedelta(minutes=5)
_MOST_AT_ONCE = 3
_MOST_NOTES = 60
#: How long the system takes to begin and to end a process.
_SLACK = timedelta(seconds=20)
_LONGEST_ADDRESS = 2_000
#: How a process ends that its own alarm has ended.
_TIMED_OUT = -14
_REMEDIES = {
    "robots": "Its robots.txt forbids looking. If you know the address of its feed, give that one, or ask the outlet.",
    "robots unreachable": "Its robots.txt does not answer, and as long as it does not, nothing may be asked. Look "
    "whether the address is right, and try again later.",
    "connection": "Nobody answers there. Look whether the address is right and opens in a browser; then try again.",
    "timeout": "The server took too long. Look whether it opens in a browser; then try again.",
    "blocked": "The server refuses us. See that [crawl] contact in presswatch.toml says who you are, or give the "
    "address of its feed.",
    "address refused": "It leads to this machine or into a private network. If that is meant, [crawl] allow_private in "
    "presswatch.toml allows it.",
}


@dataclass(frozen=True, slots=True)
class Site:
    """What an exploration found, as it is kept."""

    #: As it was asked for, with its scheme.
    url: str
    name: str
    homepage: str
    language: str
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    #: Address -> its newest entries, and how much it lists and how fast it fills.
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fresh: Mapping[str, str] = field(default_factory=dict)
    #: What was tried, and why it was left out.
    notes: tuple[str, ...] = ()

    def channels(self) -> list[tuple[str, str]]:
        """List the ways in, each with its address."""
        named = (("feed", self.feeds), ("sitemap", self.sitemaps), ("section", self.sections))
        return [(kind, url) for kind, urls in named for url in urls]


def begin(archive: Archive, archive_url: str, config: Config, address: str, who: str, now: datetime) -> Exploration:
    """Begin to look at an address; where somebody looks at it just now, give theirs."""
    address = address.strip()
    if not address:
        raise UsageError("The address is empty; write that of a home page, a feed or a news sitemap.")
    if len(address) > _LONGEST_ADDRESS:
        raise UsageError(f"The address is longer than {_LONGEST_ADDRESS:,} letters.")
    meant(address)  # or what is none would be looked at for a while, and found to be none
    if path_of(archive_url) is None and not is_postgres(archive_url):
        raise UsageError("An archive in memory cannot be shared with the process that looks; use one in a file.")
    running = [each for each in archive.explorations.list() if each.state(now) == "running"]
    if same := next((each for each in running if _place(each.address) == _place(address)), None):
        return same
    if len(running) >= _MOST_AT_ONCE:
        told = ", ".join(each.address for each in running)
        raise UsageError(f"{len(running)} sites are being looked at ({told}); try again when one is done.")
    id_ = secrets.token_hex(8)
    begun = archive.explorations.begin(id_, address, who, now, LIMIT + _SLACK)
    if begun.id == id_:
        _start(config.folder, archive_url, id_)
    return begun


def _place(address: str) -> str:
    """Give what two ways to write one address have in common: https://Herald.test/ is herald.test."""
    return address.casefold().removeprefix("https://").removeprefix("http://").rstrip("/")


def site_of(exploration: Exploration) -> Site | None:
    """Read what was found; None when nothing was."""
    found = dict(exploration.found)
    if not found:
        return None
    lists = {name: tuple(found[name]) for name in ("feeds", "sitemaps", "sections", "notes")}
    samples = {url: tuple(listed) for url, listed in found["samples"].items()}
    return Site(**{**found, **lists, "samples": samples})


def remedy(exploration: Exploration) -> str:
    """Say what can be done about a fault; "" when the fault says it itself."""
    return _REMEDIES.get(exploration.reason, "")


def _start(folder: Path, archive_url: str, id_: str) -> None:
    """Start the process, and a thread that sees it end: one that crashes tells nothing itself."""
    command = [sys.executable, "-P", "-m", "digest.exploring", str(folder), archive_url, id_]
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=silent, stdout=silent, stderr=silent, start_new_session=True)
    threading.Thread(target=_see_end, args=(process, archive_url, id_), daemon=True).start()


def _see_end(process: subprocess.Popen[bytes], archive_url: str, id_: str) -> None:
    with process:
        try:
            code = process.wait((LIMIT + _SLACK / 2).total_seconds())
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            code = _TIMED_OUT
    minutes = f"{LIMIT / timedelta(minutes=1):.0f} minutes"
    fault = f"It took longer than {minutes}." if code == _TIMED_OUT else f"Its process ended too early ({code})."
    with suppress(ArchiveError), open_archive(archive_url, create=False) as archive:
        archive.explorations.end(
            id_, _now(), fault=f"{fault} Try again, or use presswatch source test, which tells more."
        )


def _now() -> datetime:
    return datetime.now(UTC)


def explore(folder: Path, archive_url: str, id_: str) -> None:
    """Look at the site of an exploration, and write into the archive what was found or why nothing was."""
    with open_archive(archive_url, create=False) as archive:
        exploration = archive.explorations.get(id_)
    if exploration is None:
        return
    told = _looked_at(folder, archive_url, exploration.address)
    with open_archive(archive_url, create=False) as archive:
        archive.explorations.end(id_, _now(), **told)


def _looked_at(folder: Path, archive_url: str, address: str) -> dict[str, Any]:
    # Scrapy takes its time to import, and no page needs it.
    from crawler.visit import discover

    try:
        found = discover(address, load(folder), archive_url)
    except FetchRefused as error:
        return {"fault": str(error), "reason": error.reason}
    except PresswatchError as error:
        return {"fault": str(error)}
    site = Site(
        found.url,
        found.name,
        found.homepage,
        found.language,
        found.feeds,
        found.sitemaps,
        found.sections,
        found.samples,
        {url: str(fresh) for url, fresh in found.fresh.items()},
        found.notes[:_MOST_NOTES],
    )
    return {"found": as_json(site)}


def main() -> None:
    """Explore, as the process that ``begin`` starts."""
    folder, archive_url, id_ = sys.argv[1:4]
    # Whatever hangs, the process ends.
    if hasattr(signal, "alarm"):
        signal.alarm(int(LIMIT.total_seconds()))
    explore(Path(folder), archive_url, id_)


if __name__ == "__main__":
    main()
