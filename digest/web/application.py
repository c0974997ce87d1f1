"""Which page stands at which address, who may ask it, and what is answered when something is wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from crawler.archive import Archive, open_archive
from crawler.config import Config, Remembered
from crawler.errors import ArchiveBusy, ArchiveError, ConfigError, Locked, PresswatchError, TooLong, UsageError
from digest import condition
from digest import metrics as exposition
from digest.leaving import PATH
from digest.reach import LOOPBACK
from digest.web import (
    api,
    articles,
    drafts,
    editions,
    judgements,
    login,
    searching,
    source_new,
    sources,
    status,
    stories,
    streams,
    today,
    watch_edit,
    watches,
)
from digest.web.access import refusal, visitor_of
from digest.web.call import Call, Form, Page, read_body
from digest.web.door import Door
from digest.web.guard import HEADERS, Hosts, SafeHeaders
from digest.web.leave import Leaving
from digest.web.patience import Patience, patience
from digest.web.standing_files import StandingFiles
from digest.web.templating import render
from digest.web.throttle import Throttle, Tries

_log = logging.getLogger(__name__)
_STATIC = Path(__file__).parent / "static"
#: So many pages are read at once, by the one process, and by each of several: more would only take each other's time,
#: and memory.
_AT_ONCE, _AT_ONCE_OF_SEVERAL = 4, 3
#: Seconds that a form waits for another writer: who sent it waits, too.
_PATIENCE = 8.0


def metrics(call: Call) -> Response:
    """Tell Prometheus how crawling and delivering go."""
    known = call.config()
    if known is None:
        raise HTTPException(404, "there is no configuration, of which the metrics could tell")
    found = condition.read(call.archive, known, call.archive_url, call.now)
    return Response(exposition.write(found, known), media_type=exposition.CONTENT_TYPE)


async def health(request: Request) -> Response:
    """Tell anyone whether the page can read its archive, and nothing of it."""
    sound = await run_in_threadpool(request.app.state.door.can_read)
    return PlainTextResponse("ok" if sound else "the archive cannot be read", 200 if sound else 503)


PAGES: tuple[Page, ...] = (
    Page("/metrics", metrics, data=True),
    *today.PAGES,
    *searching.PAGES,
    *articles.PAGES,
    *stories.PAGES,
    *judgements.PAGES,
    *watches.PAGES,
    *drafts.PAGES,
    *watch_edit.PAGES,
    *editions.PAGES,
    *sources.PAGES,
    *login.PAGES,
    *source_new.PAGES,
    *status.PAGES,
    *streams.PAGES,
    *api.PAGES,
)


def app(
    archive_url: str,
    clock: Callable[[], datetime],
    public_url: str = "",
    config: Callable[[], Config | None] = lambda: None,
    *,
    hosts: Sequence[str] = (),
    address: str = "127.0.0.1",
    tries: Tries | None = None,
    processes: int = 1,
) -> Starlette:
    """Make the web page of an archive; ``clock`` tells the time in UTC, ``public_url`` where readers reach the page.

    ``config`` reads the configuration as it is now; ``hosts`` are further names by which the page is reached once there
    are users, and ``address`` is what it listens on. ``tries`` counts who guesses at passwords; of ``processes`` that
    serve the page together this is one, which takes its share of what all may do at once.
    """
    config = Remembered(config)
    door = Door(archive_url, public_url, tuple(hosts), address)
    leaving = Leaving(archive_url, clock, config)
    entrance = login.Entrance(archive_url, clock, config, tries or Throttle(), processes)
    slots = CapacityLimiter(_AT_ONCE if processes == 1 else _AT_ONCE_OF_SEVERAL)

    def answering(page: Page) -> Callable[[Request], object]:
        # The archive is lent or opened, read and let go in one worker thread.
        def answer(request: Request, body: bytes, enough: Patience | None = None) -> Response:
            if enough is not None and enough.left:
                return Response(status_code=503)  # nobody reads it
            form = Form.read(body) if page.takes_body and page.body == "form" else Form()
            opened = _writable(archive_url) if page.writes else door.readers.lend()
            with opened as archive:
                if enough is not None:
                    enough.begin()
                    archive.stop_when(enough.is_over)
                now = clock()
                visitor = visitor_of(archive, request, now, page.role)
                call = Call(archive, request, now, visitor, archive_url, config, form, body)
                _permit(page, call)
                return page.answer(call)

        async def asked(request: Request) -> Response:
            body = await read_body(request) if page.takes_body else b""
            if page.writes:  # it may wait for a crawl, takes no slot meanwhile, and ends what it has begun
                return await run_in_threadpool(answer, request, body)
            async with patience(request) as enough:
                return await to_thread.run_sync(answer, request, body, enough, limiter=slots)

        return asked

    made = Starlette(
        routes=[
            *(Route(page.path, answering(page), methods=[page.asked_by]) for page in PAGES),
            Route("/login", entrance.log_in, methods=["GET", "POST"]),
            Route("/account", entrance.change_password, methods=["POST"]),
            Route("/healthz", health, methods=["GET"]),
            Route(f"/{PATH}/style.css", leaving.style, methods=["GET"]),
            Route(f"/{PATH}/{{token:path}}", leaving.page, methods=["GET", "POST"]),
            Mount("/static", StandingFiles(directory=_STATIC)),
        ],
        middleware=[
            Middleware(SafeHeaders, door=door),
            Middleware(Hosts, place=f"/{PATH}/", door=door),
        ],
        exception_handlers={HTTPException: _http_problem, PresswatchError: _our_problem, Exception: _fault},
    )
    made.state.public_url = public_url
    made.state.door = door
    return made


def _writable(archive_url: str) -> Archive:
    return open_archive(archive_url, create=False, patience=_PATIENCE)


def _permit(page: Page, call: Call) -> None:
    """Refuse who may not, and what no page of ours sent."""
    visitor = call.visitor
    if not visitor.may(page.role) and not (page.published is not None and page.published(call)):
        if visitor.role == "anyone":
            raise refusal(page, call.request)
        if visitor.role == "feeds":
            raise HTTPException(403, "This token opens feeds and nothing else.")
        raise HTTPException(403, f"Only an {page.role} may do this; you are {visitor.name}, a {visitor.role}.")
    if page.takes_body:
        call.refuse_forged(page.body)


def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if api.is_asked(request):
        return api.refused(error)
    title = "There is no such page" if error.status_code == 404 else error.detail
    detail = error.detail if error.status_code == 404 and error.detail != "Not Found" else ""
    return render("problem.html.j2", error.status_code, error.headers, title=title, detail=detail)


def _our_problem(request: Request, error: Exception) -> Response:
    if api.is_asked(request):
        return api.failed(request, error)
    if isinstance(error, UsageError):
        title = "That takes too long" if isinstance(error, TooLong) else "That cannot be done"
        return render("problem.html.j2", 400, title=title, detail=str(error))
    if isinstance(error, Locked):
        return render("problem.html.j2", 503, title="Nothing was changed", detail=str(error))
    title = "The archive cannot be used" if isinstance(error, ArchiveError) else "Something is wrong"
    if isinstance(error, ConfigError):
        title = "The configuration cannot be read"
    detail = str(error)
    if request.url.hostname not in LOOPBACK:  # it names files of this machine, and who asks is perhaps not known
        _log.error("%s: %s", request.url.path, error)
        detail = "The log of Presswatch says more. Try again in a few minutes."
    if isinstance(error, ArchiveBusy) and request.method == "POST":
        title = "Nothing was changed: the archive is busy"
        detail = "Go back, where what you wrote still stands, and send it again in a moment."
    return render("problem.html.j2", 503, title=title, detail=detail)


def _fault(request: Request, error: Exception) -> Response:
    """Answer a fault of ours; Starlette does that outside of the middleware, and then raises it for the log."""
    if api.is_asked(request):
        return api.failed(request, error, HEADERS)
    detail = f"{type(error).__name__}. The log of `presswatch serve` says more; nothing in the archive was changed."
    return render("problem.html.j2", 500, HEADERS, title="A fault of Presswatch", detail=detail)
