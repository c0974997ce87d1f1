"""What a parameter of the API may be: how it is read, and how the document says so. Both stand in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from crawler.errors import UsageError
from digest import moments

Schema = dict[str, Any]
#: What SQLite counts to, and a little less.
GREATEST = 10**18 - 1


class Kind(Protocol):
    """A kind of value."""

    @property
    def schema(self) -> Schema:
        """The JSON Schema of it."""
        ...

    def read(self, text: str, now: datetime) -> Any:
        """Read it; a UsageError says what was found and what is wanted."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """Any text."""

    longest: int
    shortest: int = 0
    #: How the document calls what is written in it: query, cursor.
    form: str = ""

    @property
    def schema(self) -> Schema:
        """The JSON Schema of it."""
        least = {"minLength": self.shortest} if self.shortest else {}
        return {"type": "string", **least, "maxLength": self.longest} | ({"format": self.form} if self.form else {})

    def read(self, text: str, now: datetime) -> str:  # noqa: ARG002  (the face of every kind)
        """Take it as it is, if it is no longer than that."""
        if not self.shortest <= len(text) <= self.longest:
            wanted = f"{self.shortest} to {self.longest:,}" if self.shortest else f"at most {self.longest:,}"
            raise UsageError(f"found {len(text):,} characters, wanted {wanted}")
        return text


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    least: int
    most: int

    @property
    def schema(self) -> Schema:
        """The JSON Schema of it."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def read(self, text: str, now: datetime) -> int:  # noqa: ARG002
        """Read it in plain digits."""
        if text.isascii() and text.isdecimal() and len(text) <= 18 and self.least <= int(text) <= self.most:
            return int(text)
        raise UsageError(f"found {text[:40]!r}, wanted a whole number from {self.least} to {self.most}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: Sequence[str]

    @property
    def schema(self) -> Schema:
        """The JSON Schema of it."""
        return {"type": "string", "enum": list(self.words)}

    def read(self, text: str, now: datetime) -> str:  # noqa: ARG002
        """Take one of them."""
        if text not in self.words:
            raise UsageError(f"found {text[:40]!r}, wanted one of {', '.join(self.words)}")
        return text


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    @property
    def schema(self) -> Schema:
        """The JSON Schema of it."""
        return {"type": "boolean"}

    def read(self, text: str, now: datetime) -> bool:  # noqa: ARG002
        """Read true or false, and nothing like it."""
        if text not in {"true", "false"}:
            raise UsageError(f"found {text[:40]!r}, wanted true or false")
        return text == "true"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, as ``after:`` takes it."""

    #: A bare day, month or year means that it is over.
    end: bool = False

    @property
    def schema(self) -> Schema:
        """The JSON Schema of it."""
        return {"type": "string", "maxLength": 40, "format": "time-or-age"}

    def read(self, text: str, now: datetime) -> datetime:
        """Read 2026-11-23, 2026-11, 2026-11-23T07:00, 7d ..."""
        return moments.moment(text[:60], now, end=self.end)
