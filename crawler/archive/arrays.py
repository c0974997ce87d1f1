"""Arrays of numbers as they are kept: the least byte first on every machine."""

from __future__ import annotations

import sys
from array import array
from typing import Any


def packed(numbers: array[Any]) -> bytes:
    """Write numbers."""
    return _turned(numbers).tobytes()


def unpacked(typecode: str, kept: bytes) -> array[Any]:
    """Read numbers of a type."""
    numbers: array[Any] = array(typecode)
    numbers.frombytes(kept)
    return _turned(numbers)


def _turned(numbers: array[Any]) -> array[Any]:
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers
