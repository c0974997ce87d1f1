"""The digests: all editions, and each as it was made."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from digest.web.call import Call, Page
from digest.web.guard import EDITION_POLICY

_EDITIONS = 100


def digests(call: Call) -> Response:
    """List the editions."""
    return call.render("digests.html.j2", editions=call.archive.editions.list(limit=_EDITIONS))


def edition(call: Call) -> Response:
    """Show an edition, byte for byte as it was made."""
    found = call.archive.editions.get(call.number("edition"))
    if found is None:
        raise HTTPException(404, f"There is no edition {call.path['id']} in the archive.")
    headers = {"Content-Security-Policy": EDITION_POLICY}
    return Response(found.html, media_type="text/html; charset=utf-8", headers=headers)


PAGES = (Page("/digests", digests), Page("/digests/{id}", edition))
