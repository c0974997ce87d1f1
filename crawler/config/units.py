"""Spans of time and sizes as people write them: "6h", "10MB"."""

from __future__ import annotations

import re
from decimal import Decimal

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_NAMES = {"b": "B", "kb": "kB", "mb": "MB", "gb": "GB"}
DURATION_PATTERN = r"^[0-9]{1,9}(\.[0-9]{1,6})?[smhdw]$"
SIZE_PATTERN = r"^[0-9]{1,15}(\.[0-9]{1,6})? ?([kKmMgG]i?)?[bB]$"
DURATION_WANTED = 'a number and s, m, h, d or w, such as "6h"'
SIZE_WANTED = 'a number and B, kB, MB or GB, such as "10MB"'
#: A hundred years: more is a slip of the finger, and overflows dates.
_LONGEST = 100 * 365 * 86400


def read_duration(text: str) -> float:
    """Turn "6h" into seconds; a ValueError says what is wanted."""
    if not re.fullmatch(DURATION_PATTERN, text, re.ASCII):
        raise ValueError(DURATION_WANTED)
    seconds = float(Decimal(text[:-1]) * _SECONDS[text[-1]])
    if seconds > _LONGEST:
        raise ValueError("at most a hundred years")
    return seconds


def show_duration(seconds: float) -> str:
    """Write seconds in the largest unit that takes them whole: 21600 as "6h"."""
    exact = Decimal(str(seconds))
    for unit in ("w", "d", "h", "m"):
        # Weeks only where somebody would say so: "90d" is a quarter, "14d" two weeks.
        if exact and exact % _SECONDS[unit] == 0 and (unit != "w" or exact == _SECONDS["w"]):
            return f"{exact / _SECONDS[unit]:f}".partition(".")[0] + unit
    text = f"{exact:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "s"


def read_size(text: str) -> int:
    """Turn "10MB" into bytes; a ValueError says what is wanted."""
    match = re.fullmatch(r"([0-9.]+) ?([a-zA-Z]+)", text) if re.fullmatch(SIZE_PATTERN, text, re.ASCII) else None
    if match is None:
        raise ValueError(SIZE_WANTED)
    return int(Decimal(match[1]) * _BYTES[match[2].lower()])


def show_size(size: int) -> str:
    """Write bytes in the largest unit that takes them whole: 10000000 as "10MB"."""
    for unit in ("gb", "mb", "kb"):
        if size and size % _BYTES[unit] == 0:
            return f"{size // _BYTES[unit]}{_NAMES[unit]}"
    return f"{size}B"
