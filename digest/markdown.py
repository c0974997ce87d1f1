"""Outlines as Markdown (CommonMark with tables): outside text adds no markup, no HTML and no link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from digest.outline import Block, Chart, Heading, Listing, Outline, Paragraph, Row, Span, Spans, Table, Way, way_of
from digest.texts import FSI, PDI, isolate

#: What has a meaning within a line, here or in common readers: mentions, mathematics, bare addresses (a backslash
#: before ASCII punctuation is no markup, CommonMark 2.4). Parentheses need none: no bracket is left before them.
_MARKUP = re.compile(r"[\\`*_\[\]<>|~$&#@]|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)
#: What begins a block at the beginning of a line: a list, a rule; other beginnings are escaped everywhere.
_BEGINNING = re.compile(r"^(?:[-+=]|\d{1,9}(?=[.)](?:\s|$)))")
_BREAKS = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029 ]+")
#: In an address between < and > only these end it; what is no ASCII letter there is written in percent.
_UNSAFE = re.compile(r"[\s<>\\\"`|]")
_BARS = 24


def write(outline: Outline) -> bytes:
    """Write an outline as Markdown."""
    return ("\n\n".join(_Frame(outline).blocks()) + "\n").encode()


def literal(text: str) -> str:
    """Take from outside text all that Markdown would read as markup, an address or HTML."""
    escaped = _MARKUP.sub(lambda found: f"\\{found[0]}", _BREAKS.sub(" ", text).strip(" "))
    # Of a number that begins a list the dot is escaped, of anything else the sign itself.
    return _BEGINNING.sub(lambda found: f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}", escaped)


class _Frame:
    """An outline while it is written: texts of the other direction turn nothing in it."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline

    def blocks(self) -> Iterator[str]:
        """Write the title and each block."""
        yield f"# {literal(self._outline.title)}"
        yield from map(self._block, self._outline.blocks)

    def _block(self, block: Block) -> str:
        match block:
            case Heading():
                return f"{'#' * block.level} {self._own(block.spans)}"
            case Paragraph(style="quote"):
                return f"> {self._own(block.spans)}"
            case Paragraph():
                return self._spans(block.spans)
            case Listing():
                return "\n".join(f"- {self._spans(item)}" for item in block.items)
            case Chart():
                return "\n\n".join(
                    [f"**{literal(block.caption)}**", *map(literal, block.notes), self._table(block.table)]
                )
            case Table():
                return self._table(block)

    def _own(self, spans: Spans) -> str:
        """Write a heading or a quotation, whose parts stand in the order of its own direction."""
        way = way_of(spans, self._outline.language)
        text = self._spans(spans, way)
        return text if way == self._outline.direction else f"{FSI}{text}{PDI}"

    def _spans(self, spans: Spans, way: Way | None = None) -> str:
        way = way or self._outline.direction
        texts = [span.text for span in spans]
        around = zip([" ", *texts], [*texts[1:], " "], strict=False)
        return "".join(
            self._span(span, way, before[-1:], after[:1]) for span, (before, after) in zip(spans, around, strict=True)
        )

    def _span(self, span: Span, way: Way, before: str, after: str) -> str:
        """Write a stretch between these two letters; spaces at its ends stand outside of links and emphasis."""
        core = span.text.strip()
        if not core:
            return span.text
        opening, _, closing = span.text.partition(core)
        text = isolate(literal(core), way)
        # Signs that touch a letter outside would be shown: **“so”**said is no emphasis (CommonMark 6.2).
        begins = bool(opening) or core[0].isalnum() or not before.isalnum()
        ends = bool(closing) or core[-1].isalnum() or not after.isalnum()
        if (span.marked or span.strong) and begins and ends:
            text = f"**{text}**"
        if span.url:
            text = f"[{text}](<{_UNSAFE.sub(lambda found: _percent(found[0]), span.url)}>)"
        return f"{opening}{text}{closing}"

    def _table(self, table: Table) -> str:
        drawn = any(row.bar is not None for row in table.rows)
        header = [*map(literal, table.header), *([" "] if drawn else [])]
        rule = [":--", *["--:"] * (len(table.header) - 1), *([":--"] if drawn else [])]
        lines = [_line(header), _line(rule), *(_line(self._cells(row, drawn=drawn)) for row in table.rows)]
        return "\n".join(lines)

    def _cells(self, row: Row, *, drawn: bool) -> Iterator[str]:
        yield self._spans(row.head)
        yield from map(literal, row.cells)
        if drawn:
            yield bar(row.bar or 0.0, _BARS)


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def bar(part: float, width: int) -> str:
    """Draw a bar in eighths of a letter; what is there is seen, however little."""
    eighths = max(1, round(8 * width * part)) if part else 0
    return "█" * (eighths // 8) + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[eighths % 8]
