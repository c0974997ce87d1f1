"""Where the page is: by which names and in which way it is reached, and so which cookies it gives."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Literal

from starlette.requests import HTTPConnection
from starlette.responses import Response

from crawler.archive import Readers
from crawler.errors import ArchiveError
from digest.leaving import public_host
from digest.reach import LOOPBACK


@dataclass(frozen=True)
class Door:
    """Where the page is and by which names it is reached."""

    archive_url: str
    #: Where readers reach the page; "" when nobody said so.
    public_url: str = ""
    #: Further names by which it is reached.
    hosts: tuple[str, ...] = ()
    #: The address that it listens on.
    address: str = "127.0.0.1"

    @cached_property
    def readers(self) -> Readers:
        """Whoever reads the archive is lent one here."""
        return Readers(self.archive_url)

    @property
    def is_local(self) -> bool:
        """Tell whether only this machine reaches it."""
        return self.address in LOOPBACK

    @property
    def names(self) -> frozenset[str]:
        """Name the hosts, besides this machine's own names, that may stand in a request once there are users."""
        own = () if self.is_local or self.address in {"0.0.0.0", "::"} else (self.address,)  # noqa: S104 (compared)
        return frozenset(filter(None, (public_host(self.public_url).strip("[]"), *self.hosts, *own)))

    def is_secure(self, asked: HTTPConnection) -> bool:
        """Tell whether a request came by https: as a proxy says that is believed, or by the name that is for https."""
        if asked.url.scheme == "https":
            return True
        by_https = self.public_url.lower().startswith("https:")
        return by_https and asked.url.hostname == public_host(self.public_url).strip("[]")

    def cookie(self, asked: HTTPConnection, name: str) -> str:
        """Read a cookie; "" when there is none."""
        return asked.cookies.get(self._full(asked, name), "")

    def set_cookie(
        self,
        response: Response,
        asked: HTTPConnection,
        name: str,
        value: str,
        *,
        lasts: timedelta | None = None,
        lax: bool = False,
    ) -> None:
        """Give the browser a cookie that no script reads; a ``lax`` one also comes along with links of other pages.

        Without ``lasts`` it ends with the browser.
        """
        age = None if lasts is None else int(lasts.total_seconds())
        secure = self.is_secure(asked)
        policy: Literal["lax", "strict"] = "lax" if lax else "strict"
        name = self._full(asked, name)
        response.set_cookie(name, value, max_age=age, path="/", secure=secure, httponly=True, samesite=policy)

    def delete_cookie(self, response: Response, asked: HTTPConnection, name: str) -> None:
        """Take a cookie away from the browser."""
        self.set_cookie(response, asked, name, "", lasts=timedelta())

    def has_users(self) -> bool:
        """Tell whether there are users; in an archive that cannot be read there are none."""
        with suppress(ArchiveError), self.readers.lend() as archive:
            return archive.users.any()
        return False

    def can_read(self) -> bool:
        """Tell whether the archive can be read."""
        with suppress(ArchiveError), self.readers.lend() as archive:
            archive.users.any()
            return True
        return False

    def _full(self, asked: HTTPConnection, name: str) -> str:
        # By https it has a name that only this very host can give a cookie (RFC 6265bis).
        return f"__Host-{name}" if self.is_secure(asked) else name
