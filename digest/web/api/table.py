"""The table of the API: every address with all that is said of it. Routes, document and page are made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from digest.web.api.values import Kind, Schema
from digest.web.call import Call, Role

#: Where all addresses of the API begin.
ROOT = "/api/v1"


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may be said behind the question mark, or must be in the path."""

    name: str
    kind: Kind
    meaning: str
    #: What stands for it where it is not said.
    default: Any = None
    required: bool = False
    #: It may be said several times, at most so often.
    most: int = 1

    @property
    def schema(self) -> Schema:
        """Give its JSON Schema."""
        one = self.kind.schema
        if self.most > 1:
            return {"type": "array", "items": one, "minItems": 1, "maxItems": self.most}
        return one | ({"default": self.default} if self.default is not None else {})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose parameters and body were read and found good."""

    call: Call
    values: Mapping[str, Any]
    #: The model that the endpoint takes.
    body: Any = None

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address of the API with one method."""

    method: str
    #: Below the root; {id} is a number.
    path: str
    #: A name of its own, for programs that write programs.
    name: str
    #: One sentence.
    summary: str
    answer: Callable[[Asked], Any]
    #: What it gives, as a JSON Schema; None for nothing (204).
    gives: Schema | None
    parameters: tuple[Parameter, ...] = ()
    #: What must be sent as JSON.
    takes: TypeAdapter[Any] | None = None
    role: Role = "reader"
    status: int = 200
    #: The parameter that a UsageError is about, where it is not a query that cannot be read.
    blames: str = ""
    #: More that is worth knowing.
    more: str = ""
    #: How it is asked, path and parameters filled in, and what is sent.
    example: str = ""
    sends: Mapping[str, Any] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET"

    def in_path(self) -> list[Parameter]:
        """List the parameters that stand in the path."""
        return [each for each in self.parameters if f"{{{each.name}}}" in self.path]

    def in_query(self) -> list[Parameter]:
        """List those behind the question mark."""
        return [each for each in self.parameters if f"{{{each.name}}}" not in self.path]
