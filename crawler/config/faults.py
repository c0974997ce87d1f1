"""What is wrong with a value, told so that it can be mended."""

from __future__ import annotations

import difflib
import inspect
import typing
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from crawler.config.lines import Key


class Words(str):
    """A finding in our own words, shown without quotes: found nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


NOTHING = Words("nothing")
_WANTED = {
    "string_type": "a text in quotes",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "model_type": "a table",
    "dict_type": "a table",
    "path_type": "the path of a folder",
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than_equal": "a number of at most {le:g}",
    "too_short": "at least {min_length} of them",
    "too_long": "at most {max_length} of them",
    "literal_error": "{expected}",
}


def explain(error: ErrorDetails, model: Any, raw: Any) -> tuple[object, str]:
    """Say what was found and what was wanted instead, for one fault that pydantic found in a file of this type."""
    kind, location = error["type"], error["loc"]
    if kind == "extra_forbidden":
        return Words("an unknown key"), suggest(str(location[-1]), _known_keys(model, location[:-1]))
    if kind == "missing":
        field = _model_at(model, location[:-1])
        return NOTHING, (field.model_fields[str(location[-1])].description or "a value") if field else "a value"
    found: object = _value_at(raw, location, error["input"])
    if isinstance(found, dict | list):
        found = Words("a table" if isinstance(found, dict) else f"a list of {len(found)}")
    if kind == "value_error":
        return found, str(error["ctx"]["error"])
    wanted = _WANTED.get(kind, error["msg"]).format(**error.get("ctx", {}))
    if kind == "literal_error":
        wanted = "one of " + wanted.replace("'", '"').replace(" or ", ", ")
    return found, wanted


def suggest(name: str, known: Sequence[str]) -> str:
    """Propose the known name that is nearest to an unknown one, or list them all."""
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f'a known one, perhaps "{near[0]}"'
    return "one of " + ", ".join(f'"{item}"' for item in known) if known else "a known one, but there is none yet"


def show_key(key: Key) -> str:
    """Write a key as people know it: global-times.feeds[1]."""
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part != "[key]":
            text += f".{part}" if text else part
    return text or "the file"


def _value_at(raw: Any, path: Sequence[Any], otherwise: object) -> Any:
    """Take the value as it stands in the file: pydantic may tell what our own reading made of it."""
    for part in path:
        if (isinstance(raw, dict) and part in raw) or (isinstance(raw, list) and isinstance(part, int)):
            raw = raw[part]
        else:
            return otherwise
    return raw


def _known_keys(model: Any, path: Sequence[str | int]) -> list[str]:
    found = _model_at(model, path)
    return [field.alias or name for name, field in found.model_fields.items()] if found else []


def _model_at(model: Any, path: Sequence[str | int]) -> type[BaseModel] | None:
    """Follow a path of keys to the model that reads its end."""
    for part in path:
        if typing.get_origin(model) is dict:
            model = typing.get_args(model)[1]
        elif typing.get_origin(model) is tuple and isinstance(part, int):
            model = typing.get_args(model)[0]
        elif isinstance(model, type) and issubclass(model, BaseModel):
            fields = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
            model = fields.get(str(part))
    return model if inspect.isclass(model) and issubclass(model, BaseModel) else None
