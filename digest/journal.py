"""The lines of the log: as plain text, or as one JSON object a line for programs that collect logs."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

Form = Literal["text", "json"]
FORMS: tuple[Form, ...] = ("text", "json")
Level = Literal["debug", "info", "warning", "error"]
#: As syslog counts them.
_PRIORITIES = {"debug": 7, "info": 6, "warning": 4, "error": 3}
_MESSAGE = "%(levelname)s %(name)s: %(message)s"


class Line(str):
    """A text for people that also tells programs what happened."""

    __slots__ = ("event", "fields", "level")
    #: What happened: crawl, digest, delivery, clock ...
    event: str
    level: Level
    #: Its figures and names.
    fields: Mapping[str, Any]


def line(text: str, event: str, level: Level = "info", **fields: Any) -> Line:
    """Make a line."""
    made = Line(text)
    made.event, made.level, made.fields = event, level, fields
    return made


@dataclass(frozen=True, slots=True)
class Journal:
    """How the log is written."""

    form: Form = "text"
    #: Whether a priority stands before each line, which systemd takes off again.
    priorities: bool = False

    def written(self, text: str, level: Level = "info", event: str = "", now: datetime | None = None) -> str:
        """Write one entry, without the line's end."""
        level, event = getattr(text, "level", level), getattr(text, "event", event)
        if self.form == "json":
            at = (now or datetime.now(UTC)).astimezone(UTC)
            told = {"time": f"{at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z", "level": level, "event": event or "message"}
            whole = {**told, **getattr(text, "fields", {}), "message": str(text)}
            return json.dumps(whole, ensure_ascii=False, default=str)
        if self.priorities:
            return "\n".join(f"<{_PRIORITIES[level]}>{each}" for each in text.split("\n"))
        return str(text)


class LogFormatter(logging.Formatter):
    """Writes what Python's logging has to say in the form of the journal."""

    def __init__(self, journal: Journal):
        super().__init__(_MESSAGE)
        self._journal = journal

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        level: Level = "debug"
        for bound, name in ((logging.INFO, "info"), (logging.WARNING, "warning"), (logging.ERROR, "error")):
            if record.levelno >= bound:
                level = name  # type: ignore[assignment]
        if self._journal.form == "text":
            return self._journal.written(super().format(record), level)
        fields: dict[str, Any] = {"logger": record.name}
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        at = datetime.fromtimestamp(record.created, UTC)
        return self._journal.written(line(record.getMessage(), "log", level, **fields), now=at)


def is_read_by_systemd(environ: Mapping[str, str], handle: int) -> bool:
    """Tell whether what is written to a file goes to the journal of systemd."""
    try:
        status = os.fstat(handle)
    except OSError:
        return False
    return environ.get("JOURNAL_STREAM", "") == f"{status.st_dev}:{status.st_ino}"
