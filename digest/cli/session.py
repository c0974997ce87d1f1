"""What every command begins with: which configuration, which archive, how loud."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config


#: What --until means, wherever it is.
UNTIL = "Up to this time; a day, month or year is included (before: leaves it out)."


@dataclass(slots=True)
class Session:
    """The global options of one call."""

    folder: Path | None = None
    archive_url: str | None = None
    verbose: int = 0
    #: text, json, or "" where nobody said it.
    log_format: str = ""

    def config_folder(self) -> Path:
        """Name the folder of the configuration, whether it is there or not."""
        from crawler.config import find_folder

        return find_folder(self.folder)

    def config(self) -> Config:
        """Read the configuration; a command that needs one stops here when there is none."""
        from crawler.config import load

        return load(self.config_folder())

    def config_if_any(self) -> Config:
        """Read the configuration, or take the defaults where nobody wrote one and nobody named one."""
        from crawler.config import Config, load

        folder = self.config_folder()
        if self.folder is None and not (folder / "presswatch.toml").exists():
            return Config(folder=folder)
        return load(folder)

    def archive_address(self, config: Config | None = None) -> str:
        """Name the archive: as asked for, else as configured."""
        return self.archive_url or (config or self.config_if_any()).press.archive

    @contextmanager
    def archive(
        self, config: Config | None = None, *, create: bool = False, read_only: bool = False
    ) -> Iterator[Archive]:
        """Open the archive for one command; one that is to be read and may be made is empty where there is none."""
        from crawler.archive import open_archive, path_of

        address = self.archive_address(config)
        if create and read_only and (path := path_of(address)) and path.parent.is_dir() and not path.exists():
            address, read_only = "sqlite://", False
        with open_archive(address, create=create, read_only=read_only) as archive:
            yield archive

    @contextmanager
    def archive_to_read(self, config: Config | None = None, *, create: bool = False) -> Iterator[Archive]:
        """Open the archive for a command that brings it up to date before it reads, where that can be written."""
        from crawler.archive import has_room, path_of, write_fault

        path = path_of(self.archive_address(config))
        # Where none can be made there is nothing to read either, and that is told as ever.
        as_it_is = path is not None and path.exists() and (write_fault(path) is not None or not has_room(path))
        with self.archive(config, create=create, read_only=as_it_is) as archive:
            yield archive

    @contextmanager
    def archive_to_ask(self, *, watches: bool, create: bool = False) -> Iterator[Archive]:
        """Open the archive for queries; with ``watches``, where they use some, as the configuration defines these now.

        It is left as it is where another archive than the configured one is asked, and where it cannot be written to.
        """
        config = self.config_if_any() if watches and self.archive_url is None else None
        if config is None or not config.watches:
            with self.archive(config, create=create, read_only=True) as archive:
                yield archive
            return
        from digest.definitions import synchronise

        with self.archive_to_read(config, create=create) as archive:
            if not archive.read_only:
                synchronise(archive, config, now())
            yield archive

    def require_writable(self, config: Config | None = None) -> None:
        """Refuse an archive that cannot be written to, before anything else is changed."""
        from crawler.archive import path_of, write_fault
        from crawler.errors import ArchiveReadOnly

        path = path_of(self.archive_address(config))
        if path is not None and (fault := write_fault(path)) is not None:
            raise ArchiveReadOnly(fault)


def session(context: typer.Context) -> Session:
    """Find the session of a call."""
    found = context.find_object(Session)
    assert found is not None, "the callback of the application makes it"
    return found


#: Lets a command that takes one query see that the shell has made several words of it.
ONE_QUERY = {"allow_extra_args": True}


def take_one_query(context: typer.Context, query: str) -> None:
    """Refuse a query whose words came one by one."""
    if context.args:
        import shlex

        whole = shlex.quote(" ".join(word.strip() for word in (query, *context.args)).strip())
        raise UsageError(f"a query of several words stands in quotation marks: {whole}")


def names_watches(query: str) -> bool:
    """Tell whether a query uses watches."""
    from crawler.query import filters_in, parse

    return any(part.name == "watch" for part in filters_in(parse(query)))


def now() -> datetime:
    """Read the clock: the command line is where time comes from."""
    return datetime.now(UTC)


def moment(text: str | None, *, end: bool = False, zone: str = "UTC") -> datetime | None:
    """Read a time that a person gave, as ``after:`` does: 2026, 2026-11, 2026-11-23, 2026-11-23T07:00, 7d, yesterday.

    A bare day, month or year means its beginning, with ``end`` the beginning of the next one; in UTC, or as the clocks
    of a zone have it.
    """
    from digest import moments

    return None if text is None else moments.moment(text, now(), end=end, zone=zone)


def span(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """Read --since and --until of a command, of which the first must lie before the second."""
    begin, end = moment(since), moment(until, end=True)
    if begin is not None and end is not None and begin >= end:
        raise UsageError(f"--since {since} is not before --until {until}")
    return begin, end
