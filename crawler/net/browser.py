"""A browser that draws pages whose text is written by scripts, and that has no network of its own.

Everything that a page asks for is intercepted and answered through our own fetcher: the address guard, the host gate,
robots.txt, redirects and size limits hold as for any request, on the page's own host and on every other. Only the delay
does not: parts come 0.1 s apart, as a page cannot be drawn otherwise; a host whose Crawl-delay is over 10 s is not
asked for parts, and the page's own host rests after the last of them for as long as it asks. A script may lead its page
to another address of the same site, as a redirect would; to any other site it leads nowhere. What the browser would ask
for by itself ends nowhere: no name resolves in it, and its proxy is a port on which nothing listens.

Needs the extra ``presswatch[javascript]`` (playwright) and a Chromium; neither is downloaded by us.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import logging
import os
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import FetchRefused, UsageError
from crawler.net.fetcher import Answer, Ask
from crawler.net.gate import Stopped
from crawler.net.memory import Watch, of_tree
from crawler.urls import host_of, normalise, same_site
from crawler.verdicts import fault

_log = logging.getLogger(__name__)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
#: What scripts need for writing text; pictures, styles, fonts, media, frames and pings are never asked for.
_ASKED_FOR = frozenset({"script", "xhr", "fetch"})
#: A page that asks for more is drawn with what it has.
_MOST_PARTS = 60
_MOST_BYTES = 20 * 2**20
#: Seconds that a page may take to draw itself, how long it must be quiet to be done, and how long the browser itself may take.  # noqa: E501
_LONGEST, _QUIET, _SPARE = 25.0, 0.6, 10.0
#: So often a script may lead its page elsewhere; some do it for ever.
_MOST_MOVES = 3
#: Between two parts of one page from one host; browsers ask for them at once.
_GAP = 0.1
#: A browser is replaced after so many pages: they leave things behind.
_PAGES = 50
_FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-pings",
    "--dns-prefetch-disable",
    "--disable-gpu",
    "--js-flags=--max-old-space-size=256",
)
#: Added to every document: what would leave the page by another way than ours is switched off once more.
_POLICY = "worker-src 'none'; child-src 'none'; object-src 'none'; form-action 'none'; connect-src http: https:"
_WITHOUT = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "WebSocket", "WebSocketStream",
    "WebTransport", "EventSource", "Worker", "SharedWorker"]) {
  try { Object.defineProperty(globalThis, name, {value: undefined, configurable: false, writable: false}); } catch {}
}
"""
_NOT_PASSED_ON = frozenset(
    {
        "content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie", "link", "refresh",
        "report-to", "nel", "reporting-endpoints", "clear-site-data", "strict-transport-security", "alt-svc",
        "speculation-rules", "content-security-policy-report-only",
    }
)  # fmt: skip
Fetch = Callable[[Ask], Awaitable[Answer]]


def lacking(executable: str = "") -> str:
    """Say what is missing for drawing pages, with its remedy; "" when nothing is."""
    if importlib.util.find_spec("playwright") is None:
        return 'render = true needs an extra that is not installed: pip install "presswatch[javascript]"'
    if executable and shutil.which(executable) is None:
        return f"[crawl] browser: there is no program {executable}; name a Chromium, or leave it empty"
    if not executable and not _found():
        return (
            "render = true needs a Chromium and none was found: install one (Debian: apt install chromium), run "
            '"playwright install chromium", or name it in [crawl] browser'
        )
    return ""


def _found() -> str:
    """Find a browser on the PATH; "own" for the one that playwright has installed."""
    named = next((path for name in _NAMES if (path := shutil.which(name))), "")
    return named or ("own" if _own_is_there() else "")


def _own_is_there() -> bool:
    kept = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or os.path.expanduser("~/.cache/ms-playwright")  # noqa: PTH111
    with contextlib.suppress(OSError):
        return any(name.startswith("chromium") for name in os.listdir(kept))  # noqa: PTH208
    return False


@dataclass(slots=True)
class _Parts:
    """What one page has asked for."""

    asked: int = 0
    size: int = 0
    open: int = 0
    changed: float = 0.0
    done: bool = False
    #: Where its scripts led it, as redirects do, and the page of the browser that they lead.
    moves: list[Answer] = field(default_factory=list)
    page: Any = None


class Browser:
    """Draws one page after another."""

    def __init__(
        self,
        fetch: Fetch,
        *,
        executable: str = "",
        agent: str = "",
        max_size: int = 10_000_000,
        max_memory: int = 512 * 2**20,
    ):
        self._fetch = fetch
        self._executable = executable
        self._agent = agent
        self._max_size = max_size
        self._max_memory = max_memory
        self._turn = asyncio.Lock()
        self._playwright: Any = None
        self._browser: Any = None
        self._pages = 0
        #: The browser's own process, and what all of its processes took before their first page.
        self._process, self._at_rest = 0, 0

    async def draw(self, answer: Answer) -> Answer:
        """Give a page as it stands when its scripts have run; raise FetchRefused when that cannot be had."""
        async with self._turn:
            try:
                text, at = await asyncio.wait_for(self._drawn(answer), _LONGEST + _SPARE)
            except TimeoutError:
                await self.close()  # whatever its scripts do, they do it no longer
                told = f"the browser had not drawn it after {_LONGEST + _SPARE:g} s"
                raise FetchRefused(answer.url, "extraction limit", told) from None
            except self._fault() as error:
                await self.close()
                told = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
                raise FetchRefused(answer.url, "needs javascript", f"the browser could not draw it: {told}") from error
        body = text.encode("utf-8", "replace")
        if len(body) > self._max_size:
            raise FetchRefused(answer.url, "too large", f"more than {self._max_size} bytes when drawn")
        headers = {**at.headers, "content-type": "text/html; charset=utf-8"}
        reservation = at.reservation or answer.reservation
        return replace(answer, final_url=at.final_url, headers=headers, body=body, sent=b"", reservation=reservation)

    async def close(self) -> None:
        """End the browser and all its processes."""
        browser, playwright = self._browser, self._playwright
        self._browser = self._playwright = None
        for part in (browser and browser.close, playwright and playwright.stop):
            if part is not None:
                with contextlib.suppress(TimeoutError, Exception):  # it may be dead already, which is as good
                    await asyncio.wait_for(part(), 10)

    @staticmethod
    def _fault() -> type[Exception]:
        from playwright.async_api import Error  # an extra, and slow

        return Error

    async def _drawn(self, answer: Answer) -> tuple[str, Answer]:
        """Draw a page; give its text and the answer that it came from in the end."""
        context = await (await self._open()).new_context(
            service_workers="block",
            accept_downloads=False,
            java_script_enabled=True,
            user_agent=self._agent or None,
            permissions=[],
        )
        parts = _Parts(changed=time.monotonic())
        try:
            await context.add_init_script(_WITHOUT)
            await context.route("**/*", lambda route: self._answered(route, answer, parts))
            await context.route_web_socket("**/*", lambda socket: socket.close())
            page = parts.page = await context.new_page()
            page.on("dialog", lambda dialog: dialog.dismiss())
            page.on("popup", lambda popup: popup.close())
            # An empty page takes its part as well; on a busy machine much of the browser only starts with it.
            empty = max(self._at_rest, sum(of_tree(self._process).values()))
            with Watch(self._process, empty + self._max_memory) as watch:
                try:
                    await page.goto(answer.final_url, wait_until="commit", timeout=_LONGEST * 1000)
                    text = await self._settled(page, parts)
                except self._fault() as error:
                    if not watch.exceeded:
                        raise
                    told = f"its scripts use more than {self._max_memory // 10**6} MB of memory ([crawl] page_memory)"
                    raise FetchRefused(answer.url, "extraction limit", told) from error
        finally:
            parts.done = True
            with contextlib.suppress(self._fault(), TimeoutError):
                await asyncio.wait_for(context.close(), 5)
        return text, parts.moves[-1] if parts.moves else answer

    async def _settled(self, page: Any, parts: _Parts) -> str:
        """Wait until a page asks for nothing more and its text stays as it is."""
        until, text, since = time.monotonic() + _LONGEST, "", time.monotonic()
        while time.monotonic() < until:
            await asyncio.sleep(0.2)
            try:
                found: str = await page.content()
            except self._fault():
                # Between two documents a page has no text; one that crashed never has any again.
                if page.is_closed() or time.monotonic() + 0.3 >= until:
                    raise
                continue
            now = time.monotonic()
            if found != text:
                text, since = found, now
                if len(text) > 2 * self._max_size:
                    break
            if not parts.open and now - max(since, parts.changed) >= _QUIET:
                break
        return text

    async def _answered(self, route: Any, answer: Answer, parts: _Parts) -> None:
        """Answer one request of a page: its document from what we have, scripts and data through our own fetcher."""
        request = route.request
        navigates = request.is_navigation_request()
        with contextlib.suppress(self._fault()):  # the page may be gone meanwhile
            if navigates and parts.asked and self._is_whole(request, parts):
                await self._moved(route, answer, parts)
            elif navigates and request.url.split("#")[0] == answer.final_url.split("#")[0] and parts.asked == 0:
                parts.asked = 1
                await route.fulfill(status=200, headers=_passed_on(answer, policy=_POLICY), body=answer.body)
            elif navigates or not self._allowed(request, parts):
                await route.abort("blockedbyclient")
            else:
                await self._part(route, parts)

    def _is_whole(self, request: Any, parts: _Parts) -> bool:
        """Tell whether a navigation is that of the page itself, not of a frame in it or of another window."""
        try:
            return parts.page is not None and request.frame == parts.page.main_frame
        except self._fault():  # the frame of a window that is just being made
            return False

    async def _moved(self, route: Any, answer: Answer, parts: _Parts) -> None:
        """Let a script lead its page to another address of its site; where it may not, the page stays as it is."""
        url, at = route.request.url, parts.moves[-1] if parts.moves else answer
        wanted = (
            self._allowed(route.request, parts, document=True)
            and len(parts.moves) < _MOST_MOVES
            and normalise(url) != normalise(at.final_url)
            and same_site(url, answer.final_url)
        )
        parts.open += 1
        try:
            found = await self._fetch(Ask(url, _GAP)) if wanted else None
        except (FetchRefused, Stopped) as refused:
            _log.debug("a page's script led to %s: %s", url[:200], refused)
            found = None
        finally:
            parts.open -= 1
            parts.changed = time.monotonic()
        if found is not None and fault(found.status, found.headers, found.body):
            found = None
        if found is None or not same_site(found.final_url, answer.final_url):
            await route.fulfill(status=204)  # to which a browser stays where it is
            return
        parts.asked += 1
        parts.size += len(found.body)
        parts.moves.append(found)
        await route.fulfill(status=200, headers=_passed_on(found, policy=_POLICY), body=found.body)

    @staticmethod
    def _allowed(request: Any, parts: _Parts, *, document: bool = False) -> bool:
        return (
            not parts.done
            and request.method == "GET"
            and (document or request.resource_type in _ASKED_FOR)
            and urlsplit(request.url).scheme in ("http", "https")
            and bool(host_of(request.url))
            and parts.asked <= _MOST_PARTS
            and parts.size < _MOST_BYTES
        )

    async def _part(self, route: Any, parts: _Parts) -> None:
        parts.asked += 1
        parts.open += 1
        origin = route.request.headers.get("origin", "")
        # No cookies, no Referer, no header that a script made up.
        asked = {"Origin": origin} if origin.startswith("http") else {}
        try:
            found = await self._fetch(Ask(route.request.url, _GAP, accept="*/*", headers=asked))
            parts.size += len(found.body)
            await route.fulfill(status=found.status, headers=_passed_on(found), body=found.body)
        except (FetchRefused, Stopped) as refused:
            _log.debug("a page's script asked for %s: %s", route.request.url[:200], refused)
            await route.abort("blockedbyclient")
        finally:
            parts.open -= 1
            parts.changed = time.monotonic()

    async def _open(self) -> Any:
        if self._browser is not None and self._browser.is_connected() and self._pages < _PAGES and self._is_slim():
            self._pages += 1
            return self._browser
        await self.close()
        if told := lacking(self._executable):
            raise UsageError(told)
        from playwright.async_api import async_playwright  # an extra, and slow

        self._playwright = await async_playwright().start()
        chosen = self._executable or _found()
        # Chromium refuses its own sandbox to root.
        sandboxed = os.name != "posix" or os.geteuid() != 0
        if not sandboxed:
            _log.warning("the browser runs as root, without its sandbox; run presswatch as a user of its own")
        self._browser = await self._playwright.chromium.launch(
            executable_path=None if chosen == "own" else shutil.which(chosen),
            headless=True,
            args=list(_FLAGS),
            chromium_sandbox=sandboxed,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            env={name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
        )
        self._pages = 1
        talk = await self._browser.new_browser_cdp_session()
        told = await talk.send("SystemInfo.getProcessInfo")
        await talk.detach()
        self._process = next(each["id"] for each in told["processInfo"] if each["type"] == "browser")
        self._at_rest = sum(of_tree(self._process).values())
        if not self._at_rest:
            _log.warning(
                "this system does not tell how much memory the browser takes: its pages are not held to a limit"
            )
        return self._browser

    def _is_slim(self) -> bool:
        """Tell whether earlier pages have left enough room for another one."""
        return sum(of_tree(self._process).values()) <= self._at_rest + self._max_memory // 2


def _passed_on(answer: Answer, policy: str = "") -> dict[str, str]:
    """Choose the headers of an answer that a browser may see."""
    headers = {name: value for name, value in answer.headers.items() if name not in _NOT_PASSED_ON}
    if policy:
        own = headers.get("content-security-policy")
        headers["content-security-policy"] = f"{own}, {policy}" if own else policy
    return headers
