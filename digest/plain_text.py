"""Outlines as plain text: every link, and bars of block characters."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator

from digest.markdown import bar
from digest.outline import Block, Chart, Heading, Listing, Outline, Paragraph, Row, Spans, Table, way_of
from digest.texts import FSI, PDI, isolate

_WIDTH = 76
_BARS = 20
#: What a table's first column is at most; longer names are cut.
_WIDEST = 36


def write(outline: Outline) -> bytes:
    """Write an outline as text."""
    lines = _Frame(outline).lines()
    return ("\n".join(line.rstrip() for line in lines).rstrip() + "\n").encode()


class _Frame:
    """An outline while it is written: texts of the other direction turn nothing in it."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline

    def lines(self) -> Iterator[str]:
        """Write the title and each block."""
        title = self._isolate(self._outline.title.upper())
        yield from (title, "=" * min(_wide(title), _WIDTH), "")
        for block in self._outline.blocks:
            yield from self._block(block)
            yield ""

    def _isolate(self, text: str) -> str:
        return isolate(text, self._outline.direction)

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                text = self._spans(block.spans)
                yield ""
                yield text.upper() if block.level == 2 else text
                if block.level == 2:
                    yield "-" * min(_wide(text), _WIDTH)
                yield from _addresses(block.spans, "  ")
            case Paragraph(style="quote"):
                yield from self._quote(block.spans)
            case Paragraph():
                yield from _folded(self._spans(block.spans))
                yield from _addresses(block.spans, "    ")
            case Listing():
                for item in block.items:
                    yield from _folded(self._spans(item), "  ")
                    yield from _addresses(item, "    ")
            case Chart():
                yield from (line for said in (block.caption, *block.notes) for line in _folded(said))
                yield ""
                yield from self._table(block.table)
            case Table():
                yield from self._table(block)

    def _quote(self, spans: Spans) -> Iterator[str]:
        """Write a quotation in its own direction; an isolate ends with its line, so each line is one."""
        way = way_of(spans, self._outline.language)
        lines = _folded("".join(isolate(span.text, way) for span in spans))
        yield from (f"  {line if way == self._outline.direction else FSI + line + PDI}" for line in lines)

    def _spans(self, spans: Spans) -> str:
        return "".join(self._isolate(span.text) for span in spans)

    def _table(self, table: Table) -> Iterator[str]:
        heads = [_cut(self._spans(row.head)) for row in table.rows]
        first = max(map(_wide, [table.header[0], *heads]), default=0)
        columns = [
            max(_wide(name), *(len(row.cells[number]) for row in table.rows), 0)
            for number, name in enumerate(table.header[1:])
        ]
        yield _row(table.header[0], first, table.header[1:], columns, "")
        for head, row in zip(heads, table.rows, strict=True):
            yield _row(head, first, row.cells, columns, _bar(row))


def _addresses(spans: Spans, indent: str) -> Iterator[str]:
    yield from (f"{indent}{span.url}" for span in spans if span.url)


def _folded(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _row(head: str, first: int, cells: tuple[str, ...], columns: list[int], drawn: str) -> str:
    padded = [" " * (wide - _wide(cell)) + cell for cell, wide in zip(cells, columns, strict=True)]
    return "  ".join((head + " " * (first - _wide(head)), *padded, drawn))


def _bar(row: Row) -> str:
    return bar(row.bar, _BARS) if row.bar else ""


def _cut(text: str) -> str:
    kept = text
    while _wide(kept) > _WIDEST:
        kept = kept[:-1]
    return text if kept == text else kept[:-1].rstrip() + "…"


def _wide(text: str) -> int:
    """Count the columns of a text on a screen of letters."""
    return sum(
        0 if unicodedata.combining(char) or unicodedata.category(char) == "Cf"
        else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )  # fmt: skip
