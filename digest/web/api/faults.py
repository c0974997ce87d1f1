"""What is answered below /api when something is wrong: one shape, and the status that tells whose fault it is."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from crawler.errors import ArchiveError, ConfigError, Locked, PresswatchError, QueryError, UsageError
from digest.reach import LOOPBACK
from digest.web.api import shapes
from digest.web.api.values import Schema

_log = logging.getLogger(__name__)

#: In words, for the document.
SHAPE: Schema = shapes.of(
    error=shapes.of(
        problem={"type": "string", "description": "What is wrong."},
        place={"type": "string", "description": 'Where: a parameter, "body", body.tags.0 ...; "" where there is none.'},
        position={"type": ["integer", "null"], "description": "At which character of a query, from 0."},
        remedy={"type": "string", "description": 'What to do; "" where the problem says it.'},
    )
)
_REMEDIES = {
    401: "Send a token of yours: Authorization: Bearer TOKEN",
    404: "/api lists what there is.",
    405: "/api lists what there is.",
}


class Refusal(HTTPException):
    """A request that cannot be answered as it is."""

    def __init__(self, status: int, problem: str, place: str = "", remedy: str = "", position: int | None = None):
        super().__init__(status, problem)
        self.place = place
        self.remedy = remedy
        self.position = position


def is_asked(request: Request) -> bool:
    """Tell whether the API is asked, not a page."""
    return request.url.path.startswith("/api/")


def refused(error: HTTPException) -> Response:
    """Answer what was refused."""
    found = error if isinstance(error, Refusal) else Refusal(error.status_code, _said(error))
    remedy = found.remedy or _REMEDIES.get(found.status_code, "")
    told = {"problem": found.detail, "place": found.place, "position": found.position, "remedy": remedy}
    headers = dict(error.headers or {})
    if found.status_code == 401:
        headers.setdefault("WWW-Authenticate", "Bearer")
    return Response(write({"error": told}), found.status_code, headers, "application/json")


def failed(request: Request, error: Exception, headers: Mapping[str, str] | None = None) -> Response:
    """Answer what failed for reasons of ours."""
    if isinstance(error, UsageError):
        return refused(blamed(error, 400, ""))
    if isinstance(error, Locked):
        return refused(Refusal(503, str(error)))
    if isinstance(error, PresswatchError):
        problem = "The archive cannot be used" if isinstance(error, ArchiveError) else "Something is wrong"
        if request.url.hostname in LOOPBACK:
            return refused(Refusal(503, f"{problem}: {error}"))
        # It names files of this machine, and who asks is perhaps not known.
        _log.error("%s: %s", request.url.path, error)
        return refused(Refusal(503, problem, remedy="The log of Presswatch says more. Try again in a few minutes."))
    response = refused(
        Refusal(500, f"A fault of Presswatch: {type(error).__name__}", remedy="The log of presswatch serve says more.")
    )
    response.headers.update(headers or {})
    return response


def blamed(error: UsageError | ConfigError, status: int, place: str) -> Refusal:
    """Say what was wrong with what was asked, and where."""
    if not isinstance(error, QueryError):
        return Refusal(status, str(error), place)
    _, position, problem, remedy = error.args
    return Refusal(status, str(problem), place, str(remedy), int(position))


def misshapen(error: ValidationError) -> Refusal:
    """Say what is wrong with a body: all of it, and the place of the first fault."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    places = [".".join(["body", *map(str, fault["loc"])]) for fault in faults]
    told = "; ".join(f"{place}: {fault['msg']}" for place, fault in zip(places, faults, strict=True))
    return Refusal(422, told, places[0], "/api/v1/openapi.json says what may be sent.")


def write(told: object) -> bytes:
    """Write JSON; what is no text of Unicode is replaced."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _said(error: HTTPException) -> str:
    if error.status_code == 404 and error.detail == "Not Found":
        return "There is nothing at this address."
    if error.status_code == 405:
        return "This address cannot be asked in this way."
    return error.detail
