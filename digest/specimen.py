"""Records filled with specimens, one of everything: what templates are tried with before an edition needs them."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from digest.content import Share, Statement, Voice

#: Texts that mean something to the frame; any other is its own name.
_TEXTS = {
    "zone": "Europe/Kyiv",
    "language": "en",
    "date": "2026-11-23",
    "slot": "2026-11-23",
    "url": "https://outlet.example/article",
    "state": "silent",
}
_AT = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
_NUMBER = 2


def full(record: Any, **given: object) -> Any:
    """Fill a record, with one of each thing that it may hold."""
    return _record(record, given, sparse=False)


def sparse(record: Any, **given: object) -> Any:
    """Fill a record, with nothing in it that may be missing."""
    return _record(record, given, sparse=True)


def _record(record: Any, given: Mapping[str, object], *, sparse: bool) -> Any:
    hints = get_type_hints(record)
    values = dict(given)
    for field in fields(record):
        optional = field.default is not MISSING or field.default_factory is not MISSING
        if field.name not in values and not (sparse and optional):
            values[field.name] = _value(field.name, hints[field.name], sparse=sparse)
    return record(**values)


def _value(name: str, wanted: Any, *, sparse: bool) -> Any:
    origin, inner = get_origin(wanted), get_args(wanted)
    if wanted is Statement:
        return Statement("lead.both", {"new": _NUMBER, "updated": 1})
    if wanted is Voice and not sparse:  # its shares are named by what they are of
        return Voice(_NUMBER, 1, (Share("agency", _NUMBER),), (Share("state", _NUMBER),))
    if is_dataclass(wanted):
        return _record(wanted, {}, sparse=sparse)
    if origin is Literal:
        return next((each for each in inner if each), inner[0])
    if origin in {Union, types.UnionType}:
        return None if sparse else _value(name, inner[0], sparse=sparse)
    if origin is tuple:
        if inner[-1] is Ellipsis:
            return () if sparse else (_value(name, inner[0], sparse=sparse),)
        return tuple(_value(name, each, sparse=sparse) for each in inner)
    if origin is not None:  # a mapping
        return {} if sparse else {"paywalled": _NUMBER}
    return _plain(name, wanted, sparse=sparse)


def _plain(name: str, wanted: type, *, sparse: bool) -> Any:
    if wanted is datetime:
        return _AT
    if wanted is str:
        return _TEXTS.get(name, "" if sparse else name.replace("_", " "))
    return False if wanted is bool else wanted(0 if sparse else _NUMBER)
