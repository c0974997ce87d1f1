"""One thing that the doctor looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    grade: Literal["ok", "warning", "error"]
    subject: str
    #: What was found, and the remedy.
    text: str
