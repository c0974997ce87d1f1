"""Logging in and out, and one's own password: the only pages where passwords are asked for and judged.

Judging one takes some tenths of a second of CPU and 64 MB: two are judged at once, in threads of their own (one by each
process, where several serve), a few may wait, and who comes when too many do is told to come again. So a flood of
log-ins holds up no reader.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import math
import re
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.archive import Archive, open_archive
from crawler.config import Config
from crawler.errors import ArchiveError, UsageError
from digest import accounts
from digest.web import access, throttle
from digest.web.call import Call, Form, Page, read_body
from digest.web.throttle import Key, Tries

_log = logging.getLogger(__name__)
T = TypeVar("T")
#: So many passwords are judged at once by a process that serves alone, and so many wait for it at most.
_AT_ONCE, _WAITING = 2, 20
#: Seconds that a log-in waits for another writer.
_PATIENCE = 5.0
#: The cookie of a browser in which somebody logged in: it opens nothing, but its tries are counted apart.
_BROWSER = "presswatch_browser"
_KNOWN_FOR = timedelta(days=400)
_WRONG = "That name and that password do not belong together."
_BUSY = "Too many people are logging in just now. Try again in some seconds."
_UNCOUNTED = "No password can be judged just now. Try again in a moment."


@dataclass(frozen=True, slots=True)
class Judged:
    """How a try ended: what is answered, and whether the password was right."""

    response: Response
    right: bool = False


class Entrance:
    """Answers where passwords are judged."""

    def __init__(
        self,
        archive_url: str,
        clock: Callable[[], datetime],
        config: Callable[[], Config | None],
        tries: Tries,
        processes: int = 1,
    ) -> None:
        self._archive_url, self._clock, self._config = archive_url, clock, config
        self._tries = tries
        self._at_once = max(1, _AT_ONCE // processes)
        self._judges = ThreadPoolExecutor(self._at_once, "log-in")
        self._waiting = 0

    async def log_in(self, request: Request) -> Response:
        """Show the form, or log somebody in."""
        if request.method != "POST":
            return await self._read(request, Form(), _form)
        return await self._tried(request, Form.read(await read_body(request)), _tried_by, _log_in, _form)

    async def change_password(self, request: Request) -> Response:
        """Let a user choose another password, who says the one that holds."""
        return await self._tried(request, Form.read(await read_body(request)), _changed_by, _change, account)

    async def _tried(
        self,
        request: Request,
        form: Form,
        count_by: Callable[[Call], list[Key]],
        judge: Callable[[Call], Judged],
        show: Callable[..., Response],
    ) -> Response:
        """Judge a password, unless it must wait, or too many wait for that."""
        counted = await self._read(request, form, count_by)
        if self._waiting >= self._at_once + _WAITING:
            return await self._read(request, form, partial(show, fault=_BUSY, status=503, headers={"Retry-After": "5"}))
        self._waiting += 1
        try:
            return await self._counted(request, form, counted, judge, show)
        finally:
            self._waiting -= 1

    async def _counted(
        self,
        request: Request,
        form: Form,
        counted: list[Key],
        judge: Callable[[Call], Judged],
        show: Callable[..., Response],
    ) -> Response:
        """Judge a password once the try is counted, and never before."""
        try:
            wait = math.ceil(await run_in_threadpool(self._tries.enter, counted))
        except TimeoutError:
            _log.error("a log-in was refused: the process that counts tries does not answer")
            late = partial(show, fault=_UNCOUNTED, status=503, headers={"Retry-After": "5"})
            return await self._read(request, form, late)
        if wait:
            text = f"Too many wrong passwords. Try again in {_in_words(wait)}."
            late = partial(show, fault=text, status=429, headers={"Retry-After": str(wait)})
            return await self._read(request, form, late)
        act = partial(self._in_archive, request, form, judge, read_only=False)
        judged = await asyncio.get_running_loop().run_in_executor(self._judges, act)
        if judged.right:
            await run_in_threadpool(self._tries.succeed, counted)
        return judged.response

    async def _read(self, request: Request, form: Form, act: Callable[[Call], T]) -> T:
        return await run_in_threadpool(self._in_archive, request, form, act, read_only=True)

    def _in_archive(self, request: Request, form: Form, act: Callable[[Call], T], *, read_only: bool) -> T:
        now = self._clock()
        with open_archive(self._archive_url, create=False, read_only=read_only, patience=_PATIENCE) as archive:
            visitor = access.visitor_of(archive, request, now, "anyone")
            return act(Call(archive, request, now, visitor, self._archive_url, self._config, form))


def _form(call: Call, *, fault: str = "", status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Show the form, or lead on who needs none."""
    leads_to = access.own_path(call.form.get("next") or call.query.get("next", ""))
    if call.visitor.role != "anyone" and not fault:
        return call.to(leads_to)
    ended = "Your session has ended, and what you sent was not done. Log in and do it again."
    told = ended if "ended" in call.query and not fault else ""
    name = call.form.get("name")
    return call.render("login.html.j2", status, headers, fault=fault, told=told, name=name, leads_to=leads_to)


def _tried_by(call: Call) -> list[Key]:
    """Refuse a form that is none of ours, which counts for nobody; tell what a try is counted by."""
    call.refuse_forged("form")
    name = accounts.known_as(call.form.get("name")) or call.form.get("name")[:100]
    return throttle.keys(name, _address(call), _browser(call, name))


def _log_in(call: Call) -> Judged:
    users = call.archive.users
    name, password = accounts.known_as(call.form.get("name")), call.form.as_sent("password")
    kept = users.password(name) if name else None
    address = _address(call)
    if not accounts.is_right(password, kept):
        # What is no name of a user is often the password, written into the wrong field.
        _log.warning("log-in failed: %s from %s", repr(name) if kept else "by a name that no user has,", address)
        return Judged(_form(call, fault=_WRONG, status=403))
    _log.info("log-in: %s from %s", name, address)
    if kept is not None and accounts.is_outdated(kept):
        users.rehash(name, kept, accounts.hashed(password))
    response = call.to(access.own_path(call.form.get("next")))
    _begin_session(call, name, response)
    browser = secrets.token_urlsafe(16)
    sign = _signed(call.archive, name, browser)
    call.door.set_cookie(response, call.request, _BROWSER, f"{browser}.{sign}", lasts=_KNOWN_FOR)
    return Judged(response, right=True)


def _begin_session(call: Call, name: str, response: Response) -> None:
    """Give the browser a new key; one that it had before, or was given by somebody else, opens nothing any more."""
    if old := access.session_key(call.request):
        call.archive.users.end_session(old)
    key = accounts.new_secret()
    call.archive.users.open_session(key, name, call.now, call.now + access.IDLE)
    access.remember(response, call.request, key)


def log_out(call: Call) -> Response:
    """End the session of this browser, or all of the user's, in the archive."""
    if call.form.get("where") == "everywhere":
        call.archive.users.log_out(call.visitor.name)
    elif key := access.session_key(call.request):
        call.archive.users.end_session(key)
    response = call.to("/login", "You are logged out.")
    access.forget(response, call.request)
    response.headers["Clear-Site-Data"] = '"cache"'  # or the way back would show what was read
    return response


def account(call: Call, *, fault: str = "", status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Show who one is, where one is logged in, and a form for another password."""
    name = call.visitor.name
    return call.render(
        "account.html.j2",
        status,
        headers,
        fault=fault,
        sessions=call.archive.users.sessions(name, call.now),
        here=call.archive.users.session(access.session_key(call.request), call.now),
        tokens=[token for token in call.archive.users.tokens() if token.user == name],
        shortest=accounts.SHORTEST,
    )


def _changed_by(call: Call) -> list[Key]:
    if not call.visitor.may("reader"):
        raise HTTPException(403, "Log in first: whoever knows your password may change it.")
    call.refuse_forged("form")
    return [("browser", f"password of {call.visitor.name}")]


def _change(call: Call) -> Judged:
    users, name = call.archive.users, call.visitor.name
    old, new = call.form.as_sent("password"), call.form.as_sent("new")
    if not accounts.is_right(old, users.password(name)):
        return Judged(account(call, fault="That is not your present password.", status=403))
    if new != call.form.as_sent("again"):
        return Judged(account(call, fault="The new password was not written the same twice.", status=400), right=True)
    try:
        users.set_password(name, accounts.new_password(new), call.now)
    except UsageError as error:
        return Judged(account(call, fault=f"{error}.".capitalize(), status=400), right=True)
    response = call.to("/account", "Your password is changed. You are logged out everywhere else.")
    _begin_session(call, name, response)
    return Judged(response, right=True)


def _address(call: Call) -> str:
    """Name the address that asks, as far as it is one."""
    client = call.request.client
    return re.sub(r"[^0-9A-Za-z.:%]", "?", client.host[:60]) if client else "unknown"


def _browser(call: Call, name: str) -> str:
    """Tell a browser in which this user logged in before from all others; "" for those."""
    browser, _, sign = call.door.cookie(call.request, _BROWSER).partition(".")
    if not sign:
        return ""
    with suppress(ArchiveError):  # an archive that never signed anything has no key yet
        if hmac.compare_digest(sign.encode(), _signed(call.archive, name, browser).encode()):
            return f"{name} {browser}"
    return ""


def _signed(archive: Archive, name: str, browser: str) -> str:
    signed = "\0".join(("browser", name, browser)).encode("utf-8", "replace")
    return hmac.digest(archive.recipients.secret(), signed, hashlib.sha256).hex()


def _in_words(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{math.ceil(seconds / 60)} minutes"


PAGES = (
    Page("/account", account),
    Page("/logout", log_out, writes=True),
)
