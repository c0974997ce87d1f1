"""The watches: what each found, as feeds."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from digest import feeds
from digest.deliver.files import file_name
from digest.web.call import Call, Page

_FEEDS = {"xml": "application/atom+xml", "json": "application/feed+json"}


def feed(call: Call) -> Response:
    """Give what a watch matched last as Atom or JSON Feed, byte for byte as the file that is kept of it."""
    name, ending = call.path["name"], call.path["ending"]
    found = next((watch.name for watch in call.archive.watches.all() if file_name(watch.name) == name), None)
    if found is None or ending not in _FEEDS:
        raise HTTPException(404, f"There is no feed of a watch {name}.{ending}.")
    content = feeds.content(call.archive, found, ending, call.request.app.state.public_url)
    return Response(content, media_type=_FEEDS[ending])


def is_published(call: Call) -> bool:
    """Tell whether the feed of a watch is open to anyone: feed = true in watches.toml says so."""
    config = call.config()
    rules = config.rules if config else {}
    return any(each.feed and file_name(name) == call.path["name"] for name, each in rules.items())


PAGES = (Page("/watches/{name}.{ending}", feed, role="feeds", published=is_published),)
