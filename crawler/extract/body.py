"""Finds the body of an article: trafilatura on the tree that is parsed already."""

from __future__ import annotations

import copy
import re
from html import unescape

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

from crawler.extract.page import squeeze

_CELLS = ("td", "th")
_TABLE_PARTS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th", "center")
_MARKUP = re.compile(r"<\s*/?\s*(?:p|br|div|li|h\d)[^>]{0,200}>", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]{1,500}>")


def lines(tree: HtmlElement) -> list[str]:
    """Give the lines of the article's text, headings and list items among them."""
    tree = _without_layout_tables(tree)
    found = bare_extraction(tree, with_metadata=False, include_comments=False)
    if not isinstance(found, Document) or not found.text:
        return []
    return [line for line in (squeeze(line) for line in found.text.split("\n")) if line]


def of_article_body(value: str) -> list[str]:
    """Give the lines of an articleBody, which may hold markup and, though JSON needs none, entities."""
    text = unescape(_TAGS.sub("", _MARKUP.sub("\n", value))).replace("\\n", "\n")
    return [line for line in (squeeze(line) for line in re.split(r"[\r\n]+", text)) if line]


def _without_layout_tables(tree: HtmlElement) -> HtmlElement:
    """Turn tables that only lay out the page into divisions: old pages keep whole articles in one cell.

    Read as data, such a cell becomes one line, without the borders of its paragraphs.
    """
    layout = [table for table in tree.iter("table") if _is_layout(table)]
    if not layout:
        return tree
    tree = copy.deepcopy(tree)
    for table in [table for table in tree.iter("table") if _is_layout(table)]:
        for element in table.iter(*_TABLE_PARTS):
            owner = element if element is table else next(element.iterancestors("table"), table)
            if owner is table:
                element.tag = "div"
    return tree


def _is_layout(table: HtmlElement) -> bool:
    for cell in table.iter(*_CELLS):
        if sum(1 for paragraph in cell.iter("p") if len(paragraph.text_content()) > 80) >= 2:
            return True
    return False
