"""What keeps the page to this machine and its readers: addresses, host names and the headers of every answer."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crawler.errors import UsageError

#: Names by which a browser on this machine asks; any other one is a trick to read the archive from a foreign page.
HOST_NAMES = ("localhost", "127.0.0.1", "[::1]")

_CLOSED = "default-src 'none'; form-action {forms}; base-uri 'none'; frame-ancestors 'none'; style-src {styles}"
#: Our own files alone: no script in a page, nothing from outside.
POLICY = _CLOSED.format(forms="'self'", styles="'self'") + "; img-src 'self'; script-src 'self'; connect-src 'self'"
#: An edition carries its style in itself; it has no forms and no images, and is shut off from the other pages.
EDITION_POLICY = (
    _CLOSED.format(forms="'none'", styles="'unsafe-inline'")
    + "; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


def check_address(host: str) -> str:
    """Give the address to listen on; refuse all but this machine's own."""
    bare = host.strip().removeprefix("[").removesuffix("]")
    if bare.lower() == "localhost":
        return "127.0.0.1"
    try:
        address = ip_address(bare)
    except ValueError:
        address = None
    # Only the two that the Host check knows: 127.0.0.2 would be refused there.
    if address is None or str(address) not in {"127.0.0.1", "::1"}:
        raise UsageError(
            f"the web page cannot be served on {host!r}: it has no passwords yet (they come later), so that everybody "
            "who reaches it could read the archive; use 127.0.0.1, ::1 or localhost, and an SSH tunnel from elsewhere"
        )
    return str(address)


def refuse_foreign(request: Request) -> None:
    """Refuse what a page of another host made a browser send; programs that are no browsers say neither.

    Browsers say since 2023 where a request comes from (Fetch Metadata, W3C), the others by its Origin.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        ours = site in {"same-origin", "none"}
    else:
        ours = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not ours:
        raise HTTPException(403, "Another page sent this. What changes something is only taken from pages of ours.")


class Hosts:
    """Refuses requests for foreign names; below one place the public name is none, everywhere else it is."""

    def __init__(self, app: ASGIApp, place: str, public_host: str) -> None:
        self.place = place
        self.own = TrustedHostMiddleware(app, allowed_hosts=list(HOST_NAMES), www_redirect=False)
        public = [*HOST_NAMES, *filter(None, [public_host])]
        self.public = TrustedHostMiddleware(app, allowed_hosts=public, www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        public = scope["type"] == "http" and scope["path"].startswith(self.place)
        await (self.public if public else self.own)(scope, receive, send)


class SafeHeaders:
    """Puts the headers into every answer that does not bring its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers added."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_safely)
