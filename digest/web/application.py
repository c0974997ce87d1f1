"""Which page stands at which address, who may ask it, and what is answered when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from crawler.archive import open_archive
from crawler.config import Config
from crawler.errors import ArchiveError, PresswatchError, UsageError
from digest import condition
from digest import metrics as exposition
from digest.leaving import PATH, public_host
from digest.web import articles, drafts, editions, searching, sources, stories, today, watches
from digest.web.access import visitor_of
from digest.web.call import Call, Form, Page
from digest.web.guard import HEADERS, Hosts, SafeHeaders, refuse_foreign
from digest.web.leave import Leaving
from digest.web.templating import render

_STATIC = Path(__file__).parent / "static"
#: No form of ours has more bytes.
_LONGEST_FORM = 200_000


def metrics(call: Call) -> Response:
    """Tell Prometheus how crawling and delivering go."""
    known = call.config()
    if known is None:
        raise HTTPException(404, "there is no configuration, of which the metrics could tell")
    found = condition.read(call.archive, known, call.archive_url, call.now)
    return Response(exposition.write(found, known), media_type=exposition.CONTENT_TYPE)


PAGES: tuple[Page, ...] = (
    Page("/metrics", metrics),
    *today.PAGES,
    *searching.PAGES,
    *articles.PAGES,
    *stories.PAGES,
    *watches.PAGES,
    *drafts.PAGES,
    *editions.PAGES,
    *sources.PAGES,
)


def app(
    archive_url: str,
    clock: Callable[[], datetime],
    public_url: str = "",
    config: Callable[[], Config | None] = lambda: None,
) -> Starlette:
    """Make the web page of an archive; ``clock`` tells the time in UTC, ``public_url`` where readers reach the page.

    ``config`` reads the configuration as it is now.
    """
    leaving = Leaving(archive_url, clock, config)

    def answering(page: Page) -> Callable[[Request], object]:
        # The archive is opened, read and closed in one worker thread.
        def answer(request: Request, form: Form) -> Response:
            with open_archive(archive_url, create=False, read_only=not page.writes) as archive:
                visitor = visitor_of(archive, request)
                call = Call(archive, request, clock(), visitor, archive_url, config, form)
                _permit(page, call)
                return page.answer(call)

        async def asked(request: Request) -> Response:
            form = await _form(request) if page.writes else Form()
            return await run_in_threadpool(answer, request, form)

        return asked

    made = Starlette(
        routes=[
            *(Route(page.path, answering(page), methods=["POST" if page.writes else "GET"]) for page in PAGES),
            Route(f"/{PATH}/style.css", leaving.style, methods=["GET"]),
            Route(f"/{PATH}/{{token:path}}", leaving.page, methods=["GET", "POST"]),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        middleware=[
            Middleware(SafeHeaders),
            Middleware(Hosts, place=f"/{PATH}/", public_host=public_host(public_url)),
        ],
        exception_handlers={HTTPException: _http_problem, PresswatchError: _our_problem, Exception: _fault},
    )
    made.state.public_url = public_url
    return made


def _permit(page: Page, call: Call) -> None:
    """Refuse who may not, and what no page of ours sent."""
    if not call.visitor.may(page.role):
        raise HTTPException(
            403, f"Only an {page.role} may do this; you are {call.visitor.name}, a {call.visitor.role}."
        )
    if page.writes:
        refuse_foreign(call.request)
        if not call.is_stamped():
            raise HTTPException(403, "This form is too old, or no page of ours sent it. Open the page anew.")


async def _form(request: Request) -> Form:
    """Read a form; one that is too long is refused before all of it was read."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_FORM:
            raise HTTPException(413, f"That is more than a form may have ({_LONGEST_FORM:,} bytes).")
    try:
        return Form(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=1_000))
    except ValueError as error:
        raise HTTPException(400, "This form cannot be read.") from error


def _http_problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = "There is no such page" if error.status_code == 404 else error.detail
    detail = error.detail if error.status_code == 404 and error.detail != "Not Found" else ""
    return render("problem.html.j2", error.status_code, error.headers, title=title, detail=detail)


def _our_problem(_: Request, error: Exception) -> Response:
    if isinstance(error, UsageError):
        return render("problem.html.j2", 400, title="That cannot be done", detail=str(error))
    title = "The archive cannot be read" if isinstance(error, ArchiveError) else "Something is wrong"
    return render("problem.html.j2", 503, title=title, detail=str(error))


def _fault(_: Request, error: Exception) -> Response:
    """Answer a fault of ours; Starlette does that outside of the middleware, and then raises it for the log."""
    detail = f"{type(error).__name__}. The log of `presswatch serve` says more; nothing in the archive was changed."
    return render("problem.html.j2", 500, HEADERS, title="A fault of Presswatch", detail=detail)
