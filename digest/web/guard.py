"""What keeps the page to this machine and its readers: addresses, host names and the headers of every answer."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digest.reach import LOOPBACK
from digest.web.door import Door

#: A name, an address, or an address in brackets, and a port perhaps.
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?")

_CLOSED = "default-src 'none'; form-action {forms}; base-uri 'none'; frame-ancestors 'none'; style-src {styles}"
#: Our own files alone: no script in a page, nothing from outside.
POLICY = _CLOSED.format(forms="'self'", styles="'self'") + "; img-src 'self'; script-src 'self'; connect-src 'self'"
#: An edition carries its style in itself; it has no forms and no images, and is shut off from the other pages.
EDITION_POLICY = (
    _CLOSED.format(forms="'none'", styles="'unsafe-inline'")
    + "; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
HEADERS = {
    # Another host is told nothing. "no-referrer" would make browsers send "Origin: null" with our own forms, by which
    # those that are no page of ours could not be told apart; where there is no https they say nothing else.
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
#: For a year browsers ask this host by https alone (RFC 6797).
_BY_HTTPS_ALONE = {"Strict-Transport-Security": "max-age=31536000"}


def refuse_foreign(request: Request) -> None:
    """Refuse what a page of another host made a browser send; programs that are no browsers say neither.

    Browsers say since 2023 where a request comes from (Fetch Metadata, W3C), the others by its Origin.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        ours = site in {"same-origin", "none"}
    else:
        ours = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not ours:
        raise HTTPException(403, "Another page sent this. What changes something is only taken from pages of ours.")


class Hosts:
    """Refuses requests for foreign names; by its public names the page answers below one place alone without users."""

    def __init__(self, app: ASGIApp, place: str, door: Door) -> None:
        self.app, self.place, self.door, self.names = app, place, door, door.names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http" or await self._is_ours(scope):
            await self.app(scope, receive, send)
        else:
            await PlainTextResponse("Invalid host header", status_code=400)(scope, receive, send)

    async def _is_ours(self, scope: Scope) -> bool:
        name = _host_of(scope)
        if name in LOOPBACK:
            return True
        return name in self.names and (
            scope["path"].startswith(self.place) or await run_in_threadpool(self.door.has_users)
        )


class SafeHeaders:
    """Puts the headers into every answer that does not bring its own."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app, self.door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers added."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        known = self.door.is_secure(HTTPConnection(scope)) and _host_of(scope) not in LOOPBACK
        added = {**HEADERS, **(_BY_HTTPS_ALONE if known else {})}

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_safely)


def _host_of(scope: Scope) -> str:
    """Read the name by which a request asks; "" when it says none, or something else."""
    headers = Headers(scope=scope)
    if len(headers.getlist("host")) != 1:
        return ""
    parts = _HOST.fullmatch(headers["host"].lower())
    return parts[1].strip("[]") if parts else ""
