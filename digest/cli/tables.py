"""Lays out tables for people: columns as wide as what is in them, folded where the screen is too narrow for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len, chop_cells

_GAP = "   "
#: No column is folded to less than this, as long as another is wider.
_NARROWEST = 8


def lay_out(header: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Give the lines of a table that fits into a screen of ``width`` cells; letters of dense scripts take two.

    Written by hand because Rich takes a third of a millisecond for each cell.
    """
    columns = list(zip(header, *rows, strict=True))
    numbers = [all(not cell or cell.isdecimal() for cell in column[1:]) for column in columns]
    widths = _fitted([max(map(_longest, column)) for column in columns], width - len(_GAP) * (len(header) - 1))
    yield from _row(header, widths, numbers)
    yield "─" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    for row in rows:
        yield from _row(row, widths, numbers)


def _longest(cell: str) -> int:
    return max(map(cell_len, cell.split("\n")))


def _fitted(wanted: Sequence[int], room: int) -> list[int]:
    """Take from the widest columns what does not fit."""
    widths = list(wanted)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widest = max(widths)
        next_widest = max((width for width in widths if width < widest), default=_NARROWEST)
        most = [at for at, width in enumerate(widths) if width == widest]
        over = sum(widths) - room
        step = max(1, min(widest - max(next_widest, _NARROWEST), over // len(most)))
        for at in most[: max(1, over)]:
            widths[at] -= step
    return widths


def _row(cells: Sequence[str], widths: Sequence[int], numbers: Sequence[bool]) -> Iterator[str]:
    folded = [_folded(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for parts in zip_longest(*folded, fillvalue=""):
        padded = (
            " " * (width - cell_len(part)) + part if right else part + " " * (width - cell_len(part))
            for part, width, right in zip(parts, widths, numbers, strict=True)
        )
        yield _GAP.join(padded).rstrip()


def _folded(cell: str, width: int) -> list[str]:
    """Break a cell at its spaces, and a word that is longer than the column inside."""
    lines: list[str] = []
    for line in cell.split("\n"):
        if cell_len(line) <= width:
            lines.append(line)
            continue
        begun = ""
        for word in line.split(" "):
            longer = f"{begun} {word}" if begun else word
            if cell_len(longer) <= width:
                begun = longer
                continue
            if begun:
                lines.append(begun)
            *full, begun = chop_cells(word, width) or [""]
            lines += full
        lines.append(begun)
    return lines
