"""JSON Schemas of the records, made of their types, so that the document says what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from digest.web.api.values import Schema

_PLAIN: dict[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    object: {},
    Any: {},
}
#: Where the document keeps the shapes that have names.
PLACE = "#/components/schemas/"


def shape(kind: object) -> Schema:
    """Write the JSON Schema of what ``as_json`` makes of a type; a record is named."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if is_dataclass(kind) and isinstance(kind, type):
        return {"$ref": f"{PLACE}{kind.__name__}"}
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin in (Union, UnionType):
        return {"anyOf": [shape(each) for each in arguments]}
    if origin in (tuple, list, frozenset):
        return {"type": "array", "items": shape(arguments[0])}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": shape(arguments[1])}
    raise TypeError(f"no JSON Schema for {kind!r}")


def of(optional: Mapping[str, object] | None = None, /, **properties: object) -> Schema:
    """Write the shape of an object whose properties have these types, or these schemas; all of them are there."""
    listed = {name: _schema(kind) for name, kind in properties.items()}
    more = {name: _schema(kind) for name, kind in (optional or {}).items()}
    return {"type": "object", "properties": listed | more, "required": list(listed)}


def both(*schemas: Schema) -> Schema:
    """Write the shape of an object that has all that several have."""
    return {"allOf": list(schemas)}


def _schema(kind: object) -> Schema:
    return kind if isinstance(kind, dict) else shape(kind)


@cache
def hints(record: type) -> dict[str, Any]:
    """Give the types of a record's fields."""
    return get_type_hints(record)


def named(*records: type) -> dict[str, Schema]:
    """Write the shapes of records, and of all that are in them, by name."""
    found: dict[str, Schema] = {}
    waiting = list(records)
    while waiting:
        record = waiting.pop()
        if record.__name__ in found:
            continue
        types = {each.name: hints(record)[each.name] for each in fields(record)}
        described = (record.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")
        found[record.__name__] = {"description": described, **of(**types)}
        waiting += [inner for kind in types.values() for inner in _records_in(kind)]
    return dict(sorted(found.items()))


def _records_in(kind: object) -> list[type]:
    if is_dataclass(kind) and isinstance(kind, type):
        return [kind]
    return [record for argument in get_args(kind) for record in _records_in(argument)]
