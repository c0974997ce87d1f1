"""From the table to answers: parameters and bodies are read as the table says, and nothing else is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from starlette.responses import Response

from crawler.errors import QueryError, TooLong, UsageError
from digest.web import conditional
from digest.web.api import acting, faults, parameters, reading
from digest.web.api.faults import Refusal
from digest.web.api.table import ROOT, Asked, Endpoint, Parameter
from digest.web.call import Call, Page

ENDPOINTS: tuple[Endpoint, ...] = (*reading.ENDPOINTS, *acting.ENDPOINTS)
_JSON = "application/json"


def page(endpoint: Endpoint) -> Page:
    """Make the page of an endpoint."""
    path = f"{ROOT}{endpoint.path}"
    return Page(path, answering(endpoint), endpoint.role, endpoint.writes, method=endpoint.method, body="json")


def answering(endpoint: Endpoint) -> Callable[[Call], Response]:
    """Make what answers an endpoint."""

    def answer(call: Call) -> Response:
        told = endpoint_answer(endpoint, call)
        if endpoint.gives is None:
            return Response(status_code=endpoint.status)
        body = faults.write(told)
        if endpoint.writes:
            return Response(body, endpoint.status, media_type=_JSON)
        return conditional.answer(call.request, body, _JSON)

    return answer


def endpoint_answer(endpoint: Endpoint, call: Call) -> Any:
    """Ask an endpoint; what is wrong with a query or a cursor is told with its place."""
    values = {each.name: _path_value(each, call) for each in endpoint.in_path()} | parameters.read(
        endpoint.in_query(), call
    )
    asked = Asked(call, values, _body(endpoint, call))
    try:
        return endpoint.answer(asked)
    except QueryError as error:
        raise faults.blamed(error, 400, "q") from error
    except TooLong as error:
        raise faults.blamed(error, 400, "q" if asked.values.get("q") else "") from error
    except UsageError as error:
        is_given = asked.values.get(endpoint.blames) is not None
        raise faults.blamed(error, 400, endpoint.blames if is_given else "") from error


def _path_value(parameter: Parameter, call: Call) -> Any:
    text = call.path[parameter.name]
    try:
        return parameter.kind.read(text, call.now)
    except UsageError as error:
        raise Refusal(404, f"There is none with {parameter.name} {text[:40]!r}: {error}", parameter.name) from error


def _body(endpoint: Endpoint, call: Call) -> Any:
    if endpoint.takes is None:
        return None
    given = call.request.headers.get("content-type", "")
    if given.split(";")[0].strip().lower() != _JSON:
        raise Refusal(415, f"What was sent is {given[:60] or 'of no kind'}.", "body", f"Send Content-Type: {_JSON}")
    try:
        return endpoint.takes.validate_json(call.body)
    except ValidationError as error:
        raise faults.misshapen(error) from error
