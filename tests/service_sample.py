"""What the tests of jobs and service share: a mail server on loopback, a configuration, an archive with news."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from crawler.archive import Archive, open_archive
from crawler.config import Config, load
from tests.archive_sample import HERALD, article, keep

#: Due today, however late, and for nobody by mail.
ALL_DAY = {"at": '"00:00"', "timezone": '"UTC"', "max_late": '"24h"', "recipients": "[]", "empty": '"send"'}


@dataclass
class MailBox:
    """Takes mail on loopback; refuses the recipients that it was told to."""

    port: int
    refused: dict[str, str] = field(default_factory=dict)
    #: (recipient, Message-ID) of every mail, in the order of arrival.
    taken: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    #: Done when a mail was taken, before its sender is told so.
    when_taken: Callable[[], object] = lambda: None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message_id = str(message_from_bytes(envelope.content)["Message-ID"])
        self.taken += [(recipient, message_id) for recipient in envelope.rcpt_tos]
        self.bodies.append(envelope.content)
        self.when_taken()
        return "250 taken"

    @contextmanager
    def open(self) -> Iterator[None]:
        """Answer at the port."""
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield
        finally:
            controller.stop()


def a_free_port() -> int:
    """Find a port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def mail_box() -> Iterator[MailBox]:
    """Give a mail server that listens."""
    box = MailBox(a_free_port())
    with box.open():
        yield box


def a_plan(name: str = "morning", **fields: str) -> str:
    """Write a plan; the values are TOML."""
    settings = {"title": f'"{name.title()}"', "at": '"07:00"', "recipients": '["ann@reader.test"]', **fields}
    return "\n".join([f"[{name}]", *(f"{key} = {value}" for key, value in settings.items())])


def configure(folder: Path, *plans: str, mail: int = 9, more: str = "") -> Config:
    """Write a configuration without sources and read it; its paths lie below the folder. Port 9 takes no mail."""
    (folder / "config").mkdir(exist_ok=True)
    text = f'archive = "{address(folder)}"\n[digest]\nfolder = "{folder / "digests"}"\n{more}\n'
    if mail:
        text += f'[mail]\nfrom = "Desk <desk@press.test>"\nhost = "127.0.0.1"\nport = {mail}\nsecurity = "none"\n'
    (folder / "config" / "presswatch.toml").write_text(text)
    (folder / "config" / "sources.toml").write_text("")
    (folder / "config" / "watches.toml").write_text("")
    (folder / "config" / "digests.toml").write_text("\n\n".join(plans))
    return load(folder / "config")


def address(folder: Path) -> str:
    """Name the archive of a folder."""
    return f"sqlite:///{folder / 'press.db'}"


def store_news(archive: Archive, now: datetime, *names: str) -> None:
    """Keep an article of an hour ago under each name."""
    archive.sources.sync([HERALD], now)
    printed = now - timedelta(hours=1)
    for name in names:
        news = article(
            f"https://herald.test/{name}",
            title=f"Harbour of {name.title()} reopens",
            text=f"The harbour of {name.title()} reopened on Monday.\n\nShips from {name} had waited for two days.",
            published=printed.isoformat(),
            published_utc=printed,
        )
        keep(archive, news, at=now)


def news(folder: Path, now: datetime | None = None, *names: str) -> None:
    """Make the archive of a folder and keep some articles in it."""
    with open_archive(address(folder)) as archive:
        store_news(archive, now or datetime.now(UTC), *(names or ("eastport", "westport")))
