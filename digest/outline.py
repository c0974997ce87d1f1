"""A digest or report as an outline: headings, paragraphs, lists, tables and charts, which every form writes its way.

All text in it is outside text until a form escapes it; an address in it is one that may be linked (items.carry).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from digest.content import direction


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text that is all of one kind."""

    text: str
    url: str = ""
    #: BCP 47, where it is another than the outline's or may be.
    language: str = ""
    strong: bool = False
    #: It matched a watch.
    marked: bool = False


Spans = tuple[Span, ...]
Way = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; the outline's title is above all of them, at level 1."""

    level: int
    spans: Spans


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or more sentences."""

    spans: Spans
    #: note is set smaller, quote is word for word somebody else's.
    style: Literal["plain", "lead", "quote", "note"] = "plain"


@dataclass(frozen=True, slots=True)
class Listing:
    """Short lines, one below the other."""

    items: tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: what it is about, and its cells, which are numbers as they are written."""

    head: Spans
    cells: tuple[str, ...]
    #: Of the longest bar, from 0 to 1; None draws none.
    bar: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers in rows, each with a bar."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a chart."""

    label: str
    #: As it is written; "" where it is not known.
    value: str
    #: Of the highest bar, from 0 to 1.
    height: float
    #: What else is to be said of it, such as that not everything was seen.
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over time, oldest first; ``table`` says the same in numbers."""

    caption: str
    notes: tuple[str, ...]
    steps: tuple[Step, ...]
    table: Table
    #: What the table is called where it is folded away.
    numbers: str


Block = Heading | Paragraph | Listing | Table | Chart


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything that is told, in its order."""

    brand: str
    title: str
    #: What stands over a window or in a list of files.
    subject: str
    #: Of the frame.
    language: str
    blocks: tuple[Block, ...]

    @property
    def direction(self) -> Way:
        """The way in which the frame is written."""
        return direction("", self.language)


def text_of(spans: Iterable[Span]) -> str:
    """Give the text without anything around it."""
    return "".join(span.text for span in spans)


def way_of(spans: Spans, language: str) -> Way:
    """Tell which way a heading or quotation is written: by its first letter that has a direction, else by language."""
    first = spans[0] if spans else None
    return direction(text_of(spans), (first.language if first else "") or language)


def kind_of(block: Block) -> str:
    """Name what a block is: Heading, Paragraph, Listing, Table or Chart; templates cannot look at its class."""
    return type(block).__name__


def plain(text: str) -> Spans:
    """Make one stretch of a text."""
    return (Span(text),)


def joined(parts: Iterable[Spans], between: str) -> Spans:
    """Put something between stretches; empty ones are left out."""
    found: list[Span] = []
    for part in parts:
        if part:
            found += [Span(between), *part] if found else part
    return tuple(found)
