"""From facts to pages: the templates, all of which escape everything."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from crawler.errors import REASONS
from digest.content import clean, clip, direction
from digest.texts import Words
from digest.web import telling

_HERE = Path(__file__).parent
_WORDS = Words("en", "UTC")
#: What the states of editions mean.
_STATES = {"draft": "draft, not sent", "final": "final", "skipped": "skipped", "rejected": "rejected, not sent"}


def render(
    template: str, status: int = 200, response_headers: Mapping[str, str] | None = None, /, **facts: Any
) -> HTMLResponse:
    """Answer with a page; one that nobody is known to have asked for shows no forms."""
    body = _environment().get_template(template).render({"visitor": None, "stamp": "", "said": "", **facts})
    return HTMLResponse(body, status, response_headers)


def make_all() -> None:
    """Make all templates ready: processes that are forked then have them in common."""
    for name in _environment().list_templates():
        _environment().get_template(name)


def link(path: str, **parameters: str | None) -> str:
    """Write an address of ours; parameters without a value are left out."""
    given = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


@cache
def _static(name: str) -> str:
    """Write the address of a file; a new one has a new address, so that browsers may keep the old one for ever."""
    return f"/static/{name}?{hash_of(name)}"


@cache
def hash_of(name: str) -> str:
    """Give what stands for the content of a file in its address."""
    return hashlib.sha256((_HERE / "static" / name).read_bytes()).hexdigest()[:12]


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(_HERE / "templates")
    environment = Environment(autoescape=True, loader=loader, undefined=StrictUndefined, auto_reload=False)
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters |= {
        "clean": clean,
        "clip": clip,
        "day": telling.day,
        "moment": telling.moment,
        "share": telling.share,
        "when": telling.when,
        "language": telling.language,
        "country": telling.country,
        "address": telling.address,
        "ago": telling.ago,
    }
    environment.globals |= {
        "count": telling.count,
        "direction": direction,
        "link": link,
        "words": _WORDS,
        "reasons": REASONS,
        "states": _STATES,
        "static": _static,
    }
    return environment
