"""The pages of the API: its addresses, its document, and a page for people who want to use it."""

from __future__ import annotations

import json
import shlex
from functools import cache
from itertools import groupby

from starlette.responses import Response

from digest.web import conditional
from digest.web.api import faults
from digest.web.api.document import document
from digest.web.api.reading import RECORDS
from digest.web.api.routes import ENDPOINTS, page
from digest.web.api.table import ROOT, Endpoint
from digest.web.call import Call, Page

_OTHERS = (
    "/search.csv?q=harbour",
    "/search.jsonl?q=harbour+after:30d&text=false",
    "/feeds/search.xml?q=harbour",
    "/feeds/search.json?q=harbour",
)


@cache
def _document() -> bytes:
    return faults.write(document(ENDPOINTS, RECORDS))


def openapi(call: Call) -> Response:
    """Give the document."""
    return conditional.answer(call.request, _document(), "application/json")


def guide(call: Call) -> Response:
    """Show what there is, with an example each."""
    base = str(call.request.base_url).rstrip("/")
    groups = groupby(ENDPOINTS, key=lambda each: each.path.split("/")[1])
    rooms: dict[str, list[tuple[Endpoint, str]]] = {}
    for name, found in groups:
        rooms.setdefault(name, []).extend((each, curl(each, base, call.visitor.is_user)) for each in found)
    others = [shlex.join([*_command(call.visitor.is_user), f"{base}{path}"]) for path in _OTHERS]
    return call.render("api.html.j2", rooms=rooms, root=ROOT, others=others)


def curl(endpoint: Endpoint, base: str, has_token: bool) -> str:
    """Write the command that asks an endpoint."""
    words = _command(has_token)
    if endpoint.method not in ("GET", "POST"):
        words += ["-X", endpoint.method]
    if endpoint.sends:
        words += ["-H", "Content-Type: application/json", "-d", json.dumps(endpoint.sends)]
    return shlex.join([*words, f"{base}{ROOT}{endpoint.example}"])


def _command(has_token: bool) -> list[str]:
    return ["curl", *(["-H", "Authorization: Bearer TOKEN"] if has_token else [])]


PAGES: tuple[Page, ...] = (Page("/api", guide), Page(f"{ROOT}/openapi.json", openapi, data=True), *map(page, ENDPOINTS))
