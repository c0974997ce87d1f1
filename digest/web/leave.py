"""The page of one recipient: leaving, pausing and coming back, by the signed link of a mail; no other data is shown.

Only a POST changes anything: programs that look at links before people do would unsubscribe them otherwise. A POST of
``List-Unsubscribe=One-Click`` is that of a mail program (RFC 8058). Nobody is logged in and no cookie is read, so a
foreign page that made a browser post here would need the link itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from pathlib import Path
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.archive import Archive, open_archive
from crawler.config import Config
from crawler.errors import PresswatchError
from crawler.records import Veto
from digest import leaving, readership
from digest.readership import Plan
from digest.texts import LANGUAGES, Words
from digest.web import telling
from digest.web.call import read_body
from digest.web.guard import POLICY
from digest.web.templating import render

_log = logging.getLogger(__name__)
_STYLE = Path(__file__).parent / "static" / "style.css"
_HEADERS = {
    "Content-Security-Policy": POLICY.replace("img-src 'self'", "img-src 'none'"),
    "Cache-Control": "no-store",
    # The address is the key, and no Origin is asked for here.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
#: A form of ours has some hundred bytes.
_LONGEST = 8_000
_LONGEST_PAUSE = timedelta(days=366)
#: Whom the operator has taken off, only the operator puts on again.
_BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Line:
    """One plan as its recipient sees it."""

    plan: Plan
    #: active, unsubscribed, paused, bounced, removed (by the operator) or unlisted (by the configuration).
    state: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Visit:
    """Who came with which link."""

    archive: Archive
    config: Config | None
    now: datetime
    plan: Plan
    recipient: str
    #: All that they get, that of the link first.
    plans: list[Plan]

    @property
    def words(self) -> Words:
        language = self.plan.language.split("-")[0]
        zone = self.config.press.timezone if self.config else "UTC"
        return Words(language if language in LANGUAGES else "en", zone)

    def line(self, plan: Plan) -> Line:
        against = self.archive.recipients.against(self.recipient, plan.name, self.now)
        if any(_by_hand(veto) for veto in against):
            return Line(plan, "removed")
        if self.config is not None and self.recipient not in plan.recipients:
            return Line(plan, "unlisted")
        first = next(iter(against), None)
        return Line(plan, first.state, first.until) if first else Line(plan, "active")


class Leaving:
    """Answers for the pages below /leave/."""

    def __init__(self, archive_url: str, clock: Callable[[], datetime], config: Callable[[], Config | None]) -> None:
        self._archive_url, self._clock, self._config = archive_url, clock, config

    async def style(self, _: Request) -> Response:
        """Give the style sheet, which a proxy that forwards nothing else can reach here."""
        return Response(_STYLE.read_bytes(), media_type="text/css")

    async def page(self, request: Request) -> Response:
        """Show the page, or do what its forms or a mail program ask for."""
        form = await _form(request) if request.method == "POST" else None
        asked = request.headers.get("accept-language", "")
        return await run_in_threadpool(self._answer, request.path_params["token"], form, asked)

    def _answer(self, token: str, form: Mapping[str, str] | None, asked: str) -> Response:
        try:
            with open_archive(self._archive_url, create=False, read_only=form is None) as archive:
                return self._page(archive, token, form) or _problem("leave.unknown", 404, asked)
        except PresswatchError as error:
            # It names files of this machine, which is nothing for a reader.
            _log.error("a page of a recipient: %s", error)
            return _problem("leave.later", 503, asked)

    def _page(self, archive: Archive, token: str, form: Mapping[str, str] | None) -> Response | None:
        if (found := leaving.find(archive, token, "page")) is None:
            return None
        visit = _visit(archive, self._read_config(), self._clock(), *found)
        said, status = ("", 200) if form is None else _act(visit, form)
        return _show(visit, said, status)

    def _read_config(self) -> Config | None:
        """Read the configuration; one that has faults just now keeps nobody from leaving."""
        try:
            return self._config()
        except PresswatchError as error:
            _log.error("a page of a recipient: %s", error)
            return None


def _visit(archive: Archive, config: Config | None, now: datetime, name: str, recipient: str) -> _Visit:
    known = {plan.name: plan for plan in readership.plans(config)} if config else {}
    plan = known.get(name) or Plan(name, name.removeprefix("alert:"), ())
    others = [each for each in known.values() if recipient in each.recipients and each.name != name]
    return _Visit(archive, config, now, plan, recipient, [plan, *others])


def _act(visit: _Visit, form: Mapping[str, str]) -> tuple[str, int]:
    """Do what was asked for; give what to say of it, and the status."""
    room, words = visit.archive.recipients, visit.words
    chosen = next((plan for plan in visit.plans if plan.name == form.get("plan", visit.plan.name)), visit.plan)
    if form.get("List-Unsubscribe") == "One-Click" or form.get("act") == "leave":
        room.leave(visit.recipient, chosen.name, visit.now, how="link")
        return words("leave.done.left", title=chosen.title), 200
    match form.get("act"):
        case "leave-all":
            room.leave(visit.recipient, "", visit.now, how="link")
            return words("leave.done.all"), 200
        case "again" if visit.line(chosen).state != "removed":
            room.restore(visit.recipient, chosen.name, [plan.name for plan in visit.plans], now=visit.now)
            return words("leave.done.again", title=chosen.title), 200
        case "pause" if (until := _day(form.get("until", ""), words.zone, visit.now)) is not None:
            room.pause(visit.recipient, "", until, visit.now, how="link")
            return words("leave.done.paused", date=words.long_date(form["until"])), 200
        case "pause":
            return words("leave.date.wrong"), 400
        case "resume":
            room.resume(visit.recipient, keep=_BY_HAND)
            return words("leave.done.resumed"), 200
    return "", 400


def _by_hand(veto: Veto) -> bool:
    return veto.how == _BY_HAND and veto.state == "unsubscribed"


def _day(text: str, zone: str, now: datetime) -> datetime | None:
    """Read the day on which a pause ends; None when it is none of the next year."""
    try:
        begin = datetime.combine(date.fromisoformat(text), time(), ZoneInfo(zone))
    except ValueError:
        return None
    return begin if now < begin <= now + _LONGEST_PAUSE else None


async def _form(request: Request) -> Mapping[str, str]:
    """Read a form, in either of the two ways in which one is sent; what is too long is none."""
    try:
        body = await read_body(request, _LONGEST)
    except HTTPException as error:
        if error.status_code != 413:
            raise
        return {}
    kind = request.headers.get("content-type", "")
    if kind.lower().startswith("multipart/form-data"):
        mail = message_from_bytes(b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body)
        parts = mail.get_payload() if mail.is_multipart() else []
        return {
            str(part.get_param("name", "", "Content-Disposition")): str(part.get_payload()).strip()
            for part in parts
            if not isinstance(part, str)
        }
    return dict(parse_qsl(body.decode("utf-8", "replace")))


def _show(visit: _Visit, said: str, status: int) -> Response:
    zone = ZoneInfo(visit.words.zone)
    tomorrow = visit.now.astimezone(zone).date() + timedelta(days=1)
    lines = [visit.line(plan) for plan in visit.plans]
    return render(
        "leave.html.j2",
        status,
        _HEADERS,
        words=visit.words,
        address=telling.masked(visit.recipient),
        title=visit.plan.title,
        own=lines[0],
        others=lines[1:],
        said=said,
        zone=zone,
        paused=any(line.state == "paused" for line in lines),
        any_active=any(line.state == "active" for line in lines),
        earliest=tomorrow.isoformat(),
        latest=(tomorrow + timedelta(days=364)).isoformat(),
    )


def _problem(key: str, status: int, asked: str) -> Response:
    """Say that a page cannot be shown; nobody is known then, so the browser says in which language."""
    languages = (each.partition(";")[0].strip().partition("-")[0].lower() for each in asked.split(","))
    spoken = next((language for language in languages if language in LANGUAGES), "en")
    return render("leave_problem.html.j2", status, _HEADERS, words=Words(spoken, "UTC"), key=key)
