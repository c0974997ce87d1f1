"""Records out of the JSON that was made of them. Pure."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def from_json(wanted: type[T], value: Any) -> T:
    """Make a record out of what its JSON holds."""
    made: T = _build(wanted, value)
    return made


@cache
def _hints(record: type) -> dict[str, Any]:
    return get_type_hints(record)


def _build(wanted: Any, value: Any) -> Any:
    """Make a value of the wanted type out of what JSON holds."""
    return None if value is None else _builder(wanted)(value)


@cache
def _builder(wanted: Any) -> Callable[[Any], Any]:
    """Find out once how values of a type are made; editions hold thousands of them."""
    if is_dataclass(wanted):
        return _record_builder(wanted)
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin is tuple and inner[-1] is Ellipsis:
        builder = _builder(inner[0])
        return tuple if builder is _as_it_is else lambda value: tuple([builder(item) for item in value])
    if origin is tuple:
        return lambda value: tuple([_build(kind, item) for kind, item in zip(inner, value, strict=True)])
    if origin in {Union, types.UnionType}:
        choices = [kind for kind in inner if kind is not type(None)]
        return _builder(choices[0]) if len(choices) == 1 else _as_it_is
    return datetime.fromisoformat if wanted is datetime else _as_it_is


def _record_builder(wanted: Any) -> Callable[[Any], Any]:
    hints = _hints(wanted)
    builders = {each.name: _builder(hints[each.name]) for each in fields(wanted)}
    names = tuple(builders)
    made = [(place, builder) for place, builder in enumerate(builders.values()) if builder is not _as_it_is]

    def build(value: Mapping[str, Any]) -> Any:
        if tuple(value) != names:  # an older or a newer Presswatch wrote it
            given = {name: _build(hints[name], value[name]) for name in value.keys() & builders.keys()}
            return wanted(**given)
        said = list(value.values())
        for place, builder in made:
            if said[place] is not None:
                said[place] = builder(said[place])
        return wanted(*said)

    return build


def _as_it_is(value: Any) -> Any:
    return value
