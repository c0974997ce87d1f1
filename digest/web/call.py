"""One request, with all that is needed to answer it; and the routes, which say who may ask what."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, unquote

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from crawler.archive import Archive
from crawler.config import Config
from crawler.errors import UsageError
from digest.web import templating
from digest.web.door import Door
from digest.web.guard import refuse_foreign

#: Each may all that those before it may; "feeds" is that of tokens that open feeds and nothing else.
Role = Literal["anyone", "feeds", "reader", "editor"]
Body = Literal["form", "json"]

#: The cookie whose value every form gives back: a page of another host can neither read nor set it.
STAMP = "presswatch_stamp"
#: Nothing that is sent has more bytes.
_LONGEST = 200_000
#: Seconds in which all of it must come.
_LONGEST_WAIT = 60.0
#: The cookie with what is told once, on the next page.
_SAID = "presswatch_said"
_LONGEST_SAYING = 600
#: Characters of it as it is written there: browsers keep no cookie of more than 4,096 bytes, with its name.
_LARGEST_SAYING = 4_000
_TOLD_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks."""

    name: str
    role: Role
    #: False where nobody has to log in: the page of one's own machine.
    is_user: bool = False
    #: A program that sends a token with each request: no other page can make it do that, so its forms need no stamp.
    by_token: bool = False
    #: The stamp of the forms that their session is given; "" when there is none.
    stamp: str = ""

    def may(self, role: Role) -> bool:
        """Tell whether they may do what this role may; an editor may all."""
        ranks: tuple[Role, ...] = ("anyone", "feeds", "reader", "editor")
        return ranks.index(self.role) >= ranks.index(role)


class Form:
    """What a form sent: one or more texts by name."""

    def __init__(self, pairs: Sequence[tuple[str, str]] = ()) -> None:
        self._pairs = tuple(pairs)

    @classmethod
    def read(cls, body: bytes) -> Form:
        """Read a form as browsers send it."""
        try:
            return cls(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=1_000))
        except ValueError as error:
            raise HTTPException(400, "This form cannot be read.") from error

    def get(self, name: str, default: str = "") -> str:
        """Give the first text of a field, without white space around it."""
        return next((value.strip() for key, value in self._pairs if key == name), default)

    def as_sent(self, name: str) -> str:
        """Give the first text of a field as it is: a password may begin with a space."""
        return next((value for key, value in self._pairs if key == name), "")

    def all(self, name: str) -> list[str]:
        """Give all texts of a field."""
        return [value.strip() for key, value in self._pairs if key == name]

    def number(self, name: str) -> int:
        """Read a number; anything else is a fault of whoever sent it."""
        text = self.get(name)
        if not (text.isascii() and text.isdecimal() and len(text) <= 18):
            raise UsageError(f"{name}: found {text[:40]!r}, wanted a number")
        return int(text)

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self._pairs)


async def read_body(request: Request, longest: int = _LONGEST) -> bytes:
    """Read what was sent; what is too long, or takes too long to come, is refused before all of it was read."""
    body = b""
    try:
        async with asyncio.timeout(_LONGEST_WAIT):
            async for part in request.stream():
                body += part
                if len(body) > longest:
                    raise HTTPException(413, f"That is more than may be sent ({longest:,} bytes).")
    except ClientDisconnect as error:
        raise HTTPException(400, "The connection was closed before all was sent.") from error
    except TimeoutError as error:
        raise HTTPException(408, "What was sent took too long to come.", {"Connection": "close"}) from error
    return body


@dataclass(frozen=True, slots=True)
class Call:
    """A request, the archive that it is about, and who asks."""

    archive: Archive
    request: Request
    #: UTC.
    now: datetime
    visitor: Visitor
    archive_url: str
    #: Reads the configuration as it is now; None where there is none.
    config: Callable[[], Config | None]
    form: Form = field(default_factory=Form)
    #: What was sent with the request, where the archive is open for writing.
    body: bytes = b""

    @property
    def door(self) -> Door:
        """Tell how the page is reached."""
        found: Door = self.request.app.state.door
        return found

    @property
    def path(self) -> Mapping[str, str]:
        """The parts of the path that have names in its route."""
        return self.request.path_params

    @property
    def query(self) -> Mapping[str, str]:
        """The parameters behind the question mark."""
        return self.request.query_params

    def number(self, what: str) -> int:
        """Read the number in the path; what SQLite cannot count to is no number of ours."""
        text = self.path["id"]
        if not (text.isascii() and text.isdecimal() and len(text) <= 18):
            raise HTTPException(404, f"{text!r} is not the number of any {what}.")
        return int(text)

    def configured(self) -> Config:
        """Give the configuration, for what cannot be done without one."""
        config = self.config()
        if config is None:
            raise UsageError("there is no configuration; presswatch init writes one")
        return config

    def render(
        self, template: str, status: int = 200, headers: Mapping[str, str] | None = None, /, **facts: Any
    ) -> Response:
        """Answer with a page, whose forms carry the stamp, and which tells what was done before."""
        kept = self.visitor.stamp or self.door.cookie(self.request, STAMP)
        stamp = kept or secrets.token_urlsafe(24)
        said = unquote(self.door.cookie(self.request, _SAID))
        facts |= {"visitor": self.visitor, "stamp": stamp, "said": said, "now": self.now}
        response = templating.render(template, status, headers, **facts)
        if not kept:
            # Who comes by a link of another page keeps it, and with it what they are writing beside.
            self.door.set_cookie(response, self.request, STAMP, stamp, lax=True)
        if said:
            self.door.delete_cookie(response, self.request, _SAID)
        return response

    def to(self, path: str, said: str = "") -> Response:
        """Send the browser to another page, which tells what was done."""
        response = RedirectResponse(path, 303)
        if said:
            self.door.set_cookie(response, self.request, _SAID, _as_cookie(said), lasts=_TOLD_WITHIN)
        return response

    def refuse_forged(self, body: Body) -> None:
        """Refuse what no page of ours sent; a program that sends a token need prove nothing more.

        JSON needs no stamp: without leave from us, which nobody is given, no page of another host can send it.
        """
        if self.visitor.by_token:
            return
        refuse_foreign(self.request)
        if body == "form" and not self.is_stamped():
            raise HTTPException(403, "This form is too old, or no page of ours sent it. Open the page anew.")

    def is_stamped(self) -> bool:
        """Tell whether a form comes from a page of ours that this browser was shown."""
        stamp, given = self.visitor.stamp or self.door.cookie(self.request, STAMP), self.form.get("stamp")
        return bool(stamp) and hmac.compare_digest(stamp.encode(), given.encode())


def _as_cookie(said: str) -> str:
    """Write what is told as a cookie can hold it, cut between two letters: most scripts take nine signs for each."""
    letters = [quote(letter) for letter in said[:_LONGEST_SAYING]]
    ends = accumulate(map(len, letters))
    return "".join(letter for letter, end in zip(letters, ends, strict=True) if end <= _LARGEST_SAYING)


@dataclass(frozen=True, slots=True)
class Page:
    """What stands at an address, and who may ask it."""

    path: str
    answer: Callable[[Call], Response]
    role: Role = "reader"
    #: The archive is open for writing; it is asked by POST.
    writes: bool = False
    #: Programs ask it: who is not logged in is told by the status, not sent to the page for that. Feeds are such, too.
    data: bool = False
    #: Tells of one address of these whether it is open to anyone, such as the feed of a watch that is published.
    published: Callable[[Call], bool] | None = None
    #: How it is asked, where that is otherwise: a program sends JSON, by PUT or DELETE, too; and a form that changes
    #: nothing is sent by POST to a page that only reads.
    method: str = ""
    body: Body = "form"

    @property
    def asked_by(self) -> str:
        """The method of HTTP by which it is asked."""
        return self.method or ("POST" if self.writes else "GET")

    @property
    def takes_body(self) -> bool:
        """Tell whether something is sent with it, from a stamped form or by a program."""
        return self.asked_by != "GET"

    @property
    def is_for_programs(self) -> bool:
        """Tell whether programs ask it, not people."""
        return self.data or self.role == "feeds" or self.body == "json"
