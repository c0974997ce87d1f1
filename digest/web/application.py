"""Which page stands at which address, and what is answered when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from crawler.archive import Archive, open_archive
from crawler.config import Config
from crawler.errors import ArchiveError, PresswatchError, UsageError
from digest import condition
from digest import metrics as exposition
from digest.leaving import PATH, public_host
from digest.web import pages, searching
from digest.web.guard import HEADERS, Hosts, SafeHeaders
from digest.web.leave import Leaving
from digest.web.templating import render

Page = Callable[[Archive, Request, datetime], Response]

_STATIC = Path(__file__).parent / "static"
_PAGES: dict[str, Page] = {
    "/": pages.today,
    "/search": searching.search,
    "/article/{id}": pages.article,
    "/story/{id}": pages.story,
    "/digests": pages.digests,
    "/digests/{id}": pages.edition,
    "/watches/{name}.{ending}": pages.feed,
    "/sources": pages.sources,
    "/sources/{key}": pages.source,
}


def app(
    archive_url: str,
    clock: Callable[[], datetime],
    public_url: str = "",
    config: Callable[[], Config | None] = lambda: None,
) -> Starlette:
    """Make the web page of an archive; ``clock`` tells the time in UTC, ``public_url`` where readers reach the page.

    ``config`` reads the configuration as it is now, for the pages of recipients, which are all that is written by, and
    for /metrics, which tells of its plans.
    """
    leaving = Leaving(archive_url, clock, config)

    def reading(page: Page) -> Callable[[Request], Response]:
        # Not async, so Starlette runs it in a worker thread; the archive is opened and closed in that thread.
        def answer(request: Request) -> Response:
            with open_archive(archive_url, create=False, read_only=True) as archive:
                return page(archive, request, clock())

        return answer

    def metrics(_: Request) -> Response:
        known = config()
        if known is None:
            raise HTTPException(404, "there is no configuration, of which the metrics could tell")
        with open_archive(archive_url, create=False, read_only=True) as archive:
            found = condition.read(archive, known, archive_url, clock())
        return Response(exposition.write(found, known), media_type=exposition.CONTENT_TYPE)

    made = Starlette(
        routes=[
            Route("/metrics", metrics, methods=["GET"]),
            *(Route(path, reading(page), methods=["GET"]) for path, page in _PAGES.items()),
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


def _http_problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = "There is no such page" if error.status_code == 404 else error.detail
    detail = error.detail if error.status_code == 404 and error.detail != "Not Found" else ""
    return render("problem.html.j2", error.status_code, error.headers, title=title, detail=detail)


def _our_problem(_: Request, error: Exception) -> Response:
    if isinstance(error, UsageError):
        return render("problem.html.j2", 400, title="That cannot be shown", detail=str(error))
    title = "The archive cannot be read" if isinstance(error, ArchiveError) else "Something is wrong"
    return render("problem.html.j2", 503, title=title, detail=str(error))


def _fault(_: Request, error: Exception) -> Response:
    """Answer a fault of ours; Starlette does that outside of the middleware, and then raises it for the log."""
    detail = f"{type(error).__name__}. The log of `presswatch serve` says more; nothing in the archive was changed."
    return render("problem.html.j2", 500, HEADERS, title="A fault of Presswatch", detail=detail)
