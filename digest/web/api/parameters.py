"""Reading what stands behind the question mark; what is not known there is refused by its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crawler.errors import UsageError
from digest.web.api.faults import Refusal
from digest.web.api.table import Parameter
from digest.web.call import Call


def read(parameters: Iterable[Parameter], call: Call) -> dict[str, Any]:
    """Read the parameters of a request."""
    known = {each.name: each for each in parameters}
    given: dict[str, list[str]] = {}
    for name, text in call.request.query_params.multi_items():
        if name not in known:
            listed = ", ".join(known) or "none"
            raise Refusal(400, f"There is no parameter {name[:40]!r} here.", name[:40], f"There are: {listed}.")
        given.setdefault(name, []).append(text)
    return {name: _value(parameter, given.get(name, []), call) for name, parameter in known.items()}


def _value(parameter: Parameter, texts: list[str], call: Call) -> Any:
    name = parameter.name
    if len(texts) > parameter.most:
        raise Refusal(400, f"{name} is given {len(texts)} times; at most {parameter.most} are taken.", name)
    if not texts and parameter.required:
        raise Refusal(400, f"{name} is missing.", name, parameter.meaning)
    try:
        read = [parameter.kind.read(text, call.now) for text in texts]
    except UsageError as error:
        raise Refusal(400, f"{name}: {error}", name) from error
    if parameter.most > 1:
        return read
    return read[0] if read else parameter.default
