"""Answers that are sent only when they are not what the asker has already."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response


def answer(request: Request, body: bytes, media_type: str, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with a body and its tag, or (304) that it is the one that the asker named."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    told = {**(headers or {}), "ETag": tag}
    if _is_named(tag, request.headers.getlist("if-none-match")):
        return Response(status_code=304, headers=told)
    return Response(body, headers=told, media_type=media_type)


def _is_named(tag: str, given: list[str]) -> bool:
    """Compare weakly, as RFC 9110 has it for If-None-Match: a proxy that packs an answer makes its tag weak."""
    named = [each.strip().removeprefix("W/") for line in given for each in line.split(",")]
    return "*" in named or tag in named
