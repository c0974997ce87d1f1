"""All that a query finds, as a table or as JSON lines, and what it found last as a feed."""

from __future__ import annotations

import json
import logging
import re
from array import array
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from crawler import query
from crawler.archive import Archive, open_archive
from crawler.errors import PresswatchError, UsageError
from crawler.query import Node
from digest import exports, feeds
from digest.web import conditional
from digest.web.api import parameters
from digest.web.api.faults import Refusal
from digest.web.api.reading import Q
from digest.web.api.table import Parameter
from digest.web.api.values import GREATEST, Flag, Text, Whole
from digest.web.call import Call, Page
from digest.web.templating import link

_log = logging.getLogger(__name__)

#: Articles that are in memory at once.
_BATCH = 200
_KINDS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
_FEEDS = {"xml": "application/atom+xml", "json": "application/feed+json"}
_QUERY = Parameter("q", Q, "What to find; empty is everything.", "")
#: What may be said of each.
STREAM: dict[str, tuple[Parameter, ...]] = {
    "csv": (
        _QUERY,
        Parameter("limit", Whole(1, GREATEST), "How many rows at most; without it all, newest published first."),
        Parameter("bom", Flag(), "Begin with a mark by which Excel knows UTF-8.", default=False),
    ),
    "jsonl": (
        _QUERY,
        Parameter("limit", Whole(1, GREATEST), "How many lines at most; without it all, newest published first."),
        Parameter("text", Flag(), "With the texts of the articles.", default=True),
    ),
}

#: Feed readers can send no header: what lets them in stands in the address, and is no matter of the feed.
_FEED = (_QUERY, Parameter("token", Text(200), "A token that opens feeds and nothing else."))


def stream(call: Call) -> Response:
    """Give everything that a query finds, newest published first, a few articles at a time."""
    ending = call.path["ending"]
    if ending not in STREAM:
        raise HTTPException(404, f"A search is given as csv or jsonl, not as {ending[:40]}.")
    try:
        asked = parameters.read(STREAM[ending], call)
        node = query.parse(asked["q"].strip())
        ids = array("q", call.archive.ids(node, call.now, asked["limit"]))
    except (UsageError, Refusal) as error:
        return _in_words(error)
    headers = {
        "Content-Disposition": attachment(asked["q"], call.now, ending),
        "X-Total-Count": str(len(ids)),
    }
    if call.request.method == "HEAD":
        return Response(headers=headers, media_type=_KINDS[ending])
    write = table(node, bom=asked["bom"]) if ending == "csv" else jsonl(asked["text"])
    return StreamingResponse(pieces(call.archive_url, ids, write, ending), headers=headers, media_type=_KINDS[ending])


def feed(call: Call) -> Response:
    """Give what a query found last as Atom or JSON Feed."""
    ending = call.path["ending"]
    if ending not in _FEEDS:
        raise HTTPException(404, f"The feed of a search is xml (Atom) or json (JSON Feed), not {ending[:40]}.")
    try:
        text = parameters.read(_FEED, call)["q"].strip()
        base = (call.request.app.state.public_url or str(call.request.base_url)).rstrip("/")
        address = base + link(f"/feeds/search.{ending}", q=text)
        content = feeds.of_search(call.archive, text, ending, call.now, address)
    except (UsageError, Refusal) as error:
        return _in_words(error)
    return conditional.answer(call.request, content, _FEEDS[ending])


def attachment(text: str, now: datetime, ending: str) -> str:
    """Name the file in which a browser keeps it: words of the query, and nothing that a header or a folder obeys."""
    words = re.findall(r"[^\W_]+", text)[:8]
    name = "-".join(["presswatch", *words, f"{now.astimezone(UTC):%Y-%m-%d}"])[:100]
    plain = re.sub(r"-{2,}", "-", re.sub(r"[^A-Za-z0-9-]", "", name))
    encoded = quote(name.encode("utf-8", "replace"), safe="")
    return f"attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{encoded}.{ending}"


def table(node: Node, *, bom: bool) -> Callable[[Archive | None, list[int]], bytes]:
    """Write a table; its header is what is written of no archive."""

    def write(archive: Archive | None, ids: list[int]) -> bytes:
        return exports.found_head(bom=bom) if archive is None else exports.found_rows(archive.hits(node, ids))

    return write


def jsonl(with_text: bool) -> Callable[[Archive | None, list[int]], bytes]:
    """Write JSON lines, as an export does."""

    def write(archive: Archive | None, ids: list[int]) -> bytes:
        found = [] if archive is None else archive.articles.many(ids)
        return exports.render("jsonl", found, query="", with_text=with_text)

    return write


def pieces(
    url: str, ids: array[int], write: Callable[[Archive | None, list[int]], bytes], ending: str
) -> Iterator[bytes]:
    """Write batch after batch. Nothing of the archive is held between them, however slowly somebody reads."""
    yield write(None, [])
    try:
        for first in range(0, len(ids), _BATCH):
            with open_archive(url, create=False, read_only=True) as archive:
                written = write(archive, ids[first : first + _BATCH].tolist())
            yield written
    except PresswatchError as error:
        # The answer has begun: all that can still be said is said at its end.
        _log.warning("a stream ended after %d of %d articles: %s", first, len(ids), error)
        yield _last_line(error, ending)


def _last_line(error: PresswatchError, ending: str) -> bytes:
    """Say at the end of a stream that it is not whole."""
    problem = f"This is not all: {error}"
    if ending == "csv":
        return exports.csv_line(["error", problem])
    told: dict[str, Any] = {"error": {"problem": problem, "place": "", "position": None, "remedy": "Ask again."}}
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _in_words(error: UsageError | Refusal) -> Response:
    said = f"{error.detail}\n{error.remedy}".strip() if isinstance(error, Refusal) else str(error)
    return PlainTextResponse(f"{said}\n".encode("utf-8", "replace"), 400)


PAGES: tuple[Page, ...] = (
    Page("/search.{ending}", stream, data=True),
    Page("/feeds/search.{ending}", feed, role="feeds"),
)
