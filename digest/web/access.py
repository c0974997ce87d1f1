"""Who asks: whoever sits at this machine as long as there are no users; after that, who has logged in or has a token.

A browser has a session, whose key stands in a cookie; a program has a token, which stands in a header. Feed readers can
send no header, so that the address of a feed may hold a token that opens feeds and nothing else.
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import quote, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.archive import Archive, open_archive
from crawler.errors import ArchiveError
from crawler.records import ApiToken, LogIn
from digest.reach import LOOPBACK
from digest.web.call import Page, Role, Visitor
from digest.web.door import Door

#: A session ends when it was not used for so long, and at last.
IDLE, LONGEST = timedelta(days=14), timedelta(days=90)
#: How exactly it is known when sessions and tokens were used last: not each request writes to the archive.
_GRAIN = timedelta(hours=1)
#: A page waits so many seconds for another writer before it does without that.
_PATIENCE = 0.2
_SESSION = "presswatch_session"
_NOBODY = Visitor("", "anyone")
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="presswatch"'}


def visitor_of(archive: Archive, request: Request, now: datetime, role: Role) -> Visitor:
    """Tell who asks for a page of this role; a token that opens nothing is refused, so that whoever sent it knows."""
    door: Door = request.app.state.door
    if not archive.users.any():
        if door.is_local and not _came_by_proxy(request):
            return Visitor(_own_name(), "editor")
        raise HTTPException(403, "There is no user who could log in. Add one: presswatch user add NAME --role editor")
    if (secret := _token_in(request, role)) is not None:
        return _with_token(archive, door, secret, now, in_address="authorization" not in request.headers)
    key = session_key(request)
    found = archive.users.session(key, now) if key else None
    if found is None:
        return _NOBODY
    _renew(archive, door, key, found, now)
    return Visitor(found.user, cast("Role", found.role), is_user=True, stamp=_stamp(key))


def session_key(request: Request) -> str:
    """Read the key of the session out of its cookie; "" when there is none."""
    door: Door = request.app.state.door
    return door.cookie(request, _SESSION)


def remember(response: Response, request: Request, key: str) -> None:
    """Give the browser the key of its session.

    A link in a mail must find its reader logged in, so the cookie is lax. It is never enough to change something: that
    takes a form with a stamp. The archive knows when a session ends; the cookie lasts as long as any can.
    """
    door: Door = request.app.state.door
    door.set_cookie(response, request, _SESSION, key, lasts=LONGEST, lax=True)


def forget(response: Response, request: Request) -> None:
    """Take the key away from the browser."""
    door: Door = request.app.state.door
    door.delete_cookie(response, request, _SESSION)


def refusal(page: Page, request: Request) -> HTTPException:
    """Say that one has to log in: to people by the page for that, to programs by its status."""
    if page.is_for_programs:
        text = "Log in, or send a token: Authorization: Bearer TOKEN. `presswatch token add` makes one."
        return HTTPException(401, text, _CHALLENGE)
    if "hx-request" in request.headers:
        shown = urlsplit(request.headers.get("hx-current-url", ""))
        leads_to = login_address(f"{shown.path}?{shown.query}" if shown.query else shown.path)
        return HTTPException(401, "Your session has ended. Log in again.", {**_CHALLENGE, "HX-Redirect": leads_to})
    if page.takes_body:
        return HTTPException(303, "Your session has ended. Log in again.", {"Location": "/login?ended=1"})
    asked = quote(request.url.path) + (f"?{request.url.query}" if request.url.query else "")
    return HTTPException(303, "Log in first", {"Location": login_address(asked)})


def login_address(asked: str) -> str:
    """Write the address of the log-in that leads back to a page of ours."""
    back = own_path(asked)
    return "/login" if back == "/" else f"/login?next={quote(back, safe='/')}"


def own_path(text: str) -> str:
    """Give a path of ours that somebody named; "/" for what could lead to another host, or back to the log-in."""
    plain = 0 < len(text) <= 2_000 and text.isascii() and not any(letter == "\\" or letter < "!" for letter in text)
    if not plain or not text.startswith("/") or text.startswith(("//", "/login", "/logout")):
        return "/"
    parts = urlsplit(text)
    return "/" if parts.scheme or parts.netloc else text


def _token_in(request: Request, role: Role) -> str | None:
    """Find the token of a request; None when it has none."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return secret.strip()
    return request.query_params.get("token") if role == "feeds" else None


def _with_token(archive: Archive, door: Door, secret: str, now: datetime, *, in_address: bool) -> Visitor:
    found = archive.users.token(secret, now)
    if found is None:
        challenge = {"WWW-Authenticate": 'Bearer realm="presswatch", error="invalid_token"'}
        raise HTTPException(
            401, "This token is not known here, or has ended. `presswatch token list` lists them.", challenge
        )
    if in_address and found.role != "feeds":
        text = "Addresses are written to logs and handed on, so only a token of the role feeds may stand in one."
        raise HTTPException(403, text)
    _note_use(archive, door, found, now)
    return Visitor(found.user, cast("Role", found.role), is_user=True, by_token=True)


def _came_by_proxy(request: Request) -> bool:
    """Tell whether somebody else than who sits at this machine asks: a proxy hands on whom it asks for."""
    client = request.client.host if request.client else ""
    return client not in LOOPBACK or any(
        name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip")
    )


def _stamp(key: str) -> str:
    """Write the stamp of a session's forms: nobody knows it who does not know the session."""
    return hmac.digest(key.encode("utf-8", "replace"), b"stamp of forms", hashlib.sha256).hex()


def _renew(archive: Archive, door: Door, key: str, found: LogIn, now: datetime) -> None:
    if now - found.seen >= _GRAIN:
        ends = min(now + IDLE, found.created + LONGEST)
        _write(archive, door, lambda writable: writable.users.renew(key, now, ends))


def _note_use(archive: Archive, door: Door, found: ApiToken, now: datetime) -> None:
    if found.used is None or now - found.used >= _GRAIN:
        _write(archive, door, lambda writable: writable.users.note_use(found.label, now))


def _write(archive: Archive, door: Door, act: Callable[[Archive], None]) -> None:
    """Write something small; an archive that is busy, full or read-only keeps nobody from reading."""
    with suppress(ArchiveError):
        if not archive.read_only:
            act(archive)
            return
        with open_archive(door.archive_url, create=False, patience=_PATIENCE) as writable:
            act(writable)


def _own_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "this machine"
