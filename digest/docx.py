"""Word's form (DOCX), with the extra ``docx``: real headings, links and tables, paragraphs in their own direction."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from digest.content import direction
from digest.markdown import bar
from digest.outline import Block, Chart, Heading, Listing, Outline, Paragraph, Row, Span, Spans, Table, plain, way_of

_INK, _SOFT, _RED, _LINK = RGBColor(31, 27, 22), RGBColor(91, 84, 74), RGBColor(163, 39, 27), "1D5088"
_BARS = 18


def write(outline: Outline, made_at: datetime) -> bytes:
    """Write an outline as a document."""
    return _Document(outline, made_at).bytes()


class _Document:
    """A document while it is written."""

    def __init__(self, outline: Outline, made_at: datetime) -> None:
        self._outline = outline
        self._document = docx.Document()
        self._lay_out()
        self._describe(made_at)
        self._paragraph(plain(outline.brand), "Subtitle")
        self._paragraph(plain(outline.title), "Title")
        for block in outline.blocks:
            self._block(block)

    def bytes(self) -> bytes:
        """Give the file."""
        file = io.BytesIO()
        self._document.save(file)
        return file.getvalue()

    def _lay_out(self) -> None:
        """Set the page to A4, with page numbers, and the styles to ours."""
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.2)
        section.top_margin = section.bottom_margin = Cm(2)
        styles: Any = self._document.styles
        for name, size, color in (
            ("Normal", 10.5, _INK), ("Title", 26, _INK), ("Subtitle", 10, _RED), ("Heading 2", 14, _INK),
            ("Heading 3", 12, _INK), ("Quote", 10.5, _INK), ("List Bullet", 9.5, _SOFT), ("Caption", 9.5, _SOFT),
        ):  # fmt: skip
            font = styles[name].font
            font.size, font.color.rgb, font.italic = Pt(size), color, False
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), self._outline.language)
        language.set(qn("w:bidi"), self._outline.language if self._outline.direction == "rtl" else "ar")
        styles["Normal"].element.get_or_add_rPr().append(language)
        head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
        self._run(head, Span(self._outline.subject)).font.size = Pt(8.5)
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _page_number(foot)

    def _describe(self, made_at: datetime) -> None:
        about = self._document.core_properties
        about.title, about.language, about.author = self._outline.subject[:255], self._outline.language, "Presswatch"
        about.comments = about.keywords = ""
        about.created = about.modified = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self._paragraph(block.spans, f"Heading {block.level}")
            case Paragraph():
                style = {"quote": "Quote", "note": "Caption"}.get(block.style, "Normal")
                paragraph = self._paragraph(block.spans, style)
                if block.style == "lead":
                    for run in paragraph.runs:
                        run.font.size = Pt(13)
            case Listing():
                for item in block.items:
                    self._paragraph(item, "List Bullet").paragraph_format.space_after = Pt(2)
            case Chart():
                for said in (block.caption, *block.notes):
                    self._paragraph(plain(said), "Caption").paragraph_format.keep_with_next = True
                self._table(block.table)
            case Table():
                self._table(block)

    def _paragraph(self, spans: Spans, style: str) -> Any:
        # What is word for word somebody else's runs its own way; what the frame says of it, as the frame does.
        own = style in {"Title", "Heading 2", "Heading 3", "Quote"}
        way = way_of(spans, self._outline.language) if own else ""
        return self._fill(self._document.add_paragraph(style=style), spans, way)

    def _fill(self, paragraph: Any, spans: Spans, way: str = "") -> Any:
        if (way or self._outline.direction) == "rtl":
            _mark(paragraph)
        for span in spans:
            if span.url:
                self._link(paragraph, span)
            else:
                self._run(paragraph, span)
        return paragraph

    def _run(self, paragraph: Any, span: Span) -> Any:
        run = paragraph.add_run(span.text)
        run.bold = True if span.strong or span.marked else None
        properties = run._r.get_or_add_rPr()
        right_to_left = direction(span.text, span.language or self._outline.language) == "rtl"
        if right_to_left:
            run.font.rtl = True
        if span.language:
            language = OxmlElement("w:lang")
            language.set(qn("w:bidi" if right_to_left else "w:val"), span.language)
            if not span.text.isascii():
                language.set(qn("w:eastAsia"), span.language)
            properties.append(language)
        return run

    def _link(self, paragraph: Any, span: Span) -> None:
        target = paragraph.part.relate_to(span.url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), target)
        run = self._run(paragraph, span)
        run.font.color.rgb = RGBColor.from_string(_LINK)
        run.font.underline = True
        paragraph._p.remove(run._r)
        link.append(run._r)
        paragraph._p.append(link)

    def _table(self, table: Table) -> None:
        drawn = any(row.bar is not None for row in table.rows)
        grid = self._document.add_table(rows=1, cols=len(table.header) + drawn, style="Light List")
        grid.alignment = WD_TABLE_ALIGNMENT.LEFT
        if self._outline.direction == "rtl":
            grid._tbl.tblPr.find(qn("w:tblStyle")).addnext(OxmlElement("w:bidiVisual"))
        self._cells(grid.rows[0], [plain(name) for name in table.header])
        _repeat(grid.rows[0])
        for row in table.rows:
            self._cells(grid.add_row(), [row.head, *map(plain, row.cells)], row if drawn else None)

    def _cells(self, line: Any, cells: list[Spans], drawn: Row | None = None) -> None:
        for number, spans in enumerate(cells):
            paragraph = self._fill(line.cells[number].paragraphs[0], spans)
            paragraph.paragraph_format.space_after = Pt(0)
            if number:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if drawn is not None:
            run = line.cells[-1].paragraphs[0].add_run(bar(drawn.bar or 0.0, _BARS))
            run.font.color.rgb, run.font.size = RGBColor(185, 177, 163), Pt(8)


def _mark(paragraph: Any) -> None:
    """Let a paragraph run from right to left."""
    properties = paragraph._p.get_or_add_pPr()
    mark = OxmlElement("w:bidi")
    properties.insert_element_before(mark, "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _repeat(line: Any) -> None:
    """Let the first row of a table stand on each page that the table reaches."""
    properties = line._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def _page_number(paragraph: Any) -> None:
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        run = paragraph.add_run()
        if text:
            field = OxmlElement("w:instrText")
            field.set(qn("xml:space"), "preserve")
            field.text = text
        else:
            field = OxmlElement("w:fldChar")
            field.set(qn("w:fldCharType"), kind)
        run._r.append(field)
