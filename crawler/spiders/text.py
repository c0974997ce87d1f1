"""Bytes to characters, and HTML to plain text: nothing that a channel says leaves its parser as markup."""

from __future__ import annotations

import codecs
import re

from lxml import etree, html

from crawler import invisible

#: HTML that is to become a title or a summary is read up to here: nobody writes longer ones in good faith.
_LONGEST_HTML = 200_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: How a document in UTF-16 or UTF-32 without a mark begins: "<" and a nothing.
_WIDE = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
#: What publishers declare, and what they mean by it.
_MEANT = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874",
    "utf-16": "utf-8", "utf-32": "utf-8", "ucs-2": "utf-8", "unicode": "utf-8", "utf8mb4": "utf-8",
    "x-user-defined": "cp1252",
}  # fmt: skip
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})|<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_CHARSETS = re.compile(r"utf-|iso|cp\d|koi|kz|mac|gb|hz|big5|euc|shift|johab|ptcp|tis|ascii|latin")
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
#: What no XML 1.0 document may hold; real ones do.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MARKUP = re.compile(r"[<&]")
#: Begins no comment and no declaration: somebody wrote it, and a parser would swallow what follows up to the next ">".
_NO_DECLARATION = re.compile(r"<!(?![-\[>A-Za-z])")
#: Names of tags.
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
        "header hr li main nav ol p pre section table tbody td th tr ul",
    )
)
#: iframe, object and embed stay: they are often not closed, and would take the rest of the text with them.
_SILENT = frozenset(re.findall(r"\w+", "script style template noscript svg math textarea select head title"))


def decode(body: bytes, content_type: str = "") -> str:
    """Turn bytes into characters by what they are, rather than by what they are declared to be.

    Bytes that are valid UTF-8 and hold more than ASCII are UTF-8: no other text looks so by chance.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _legal(body[len(mark) :].decode(name, "replace"))
    for start, name in _WIDE:
        if body.lstrip(b" \t\r\n").startswith(start):
            return _legal(body.decode(name, "replace"))
    declared = [_codec(name) for name in _declared(body, content_type)]
    seven_bit = [name for name in declared if name and name.startswith(("iso2022", "hz", "utf-7"))]
    if not seven_bit:
        try:
            return _legal(body.decode("utf-8"))
        except UnicodeDecodeError as error:
            # One broken character in an otherwise good document (a cut string) does not make it Latin.
            good = body[: error.start].decode("utf-8")
            if "utf-8" in declared and (not good.isascii() or error.start > len(body) * 0.9):
                return _legal(body.decode("utf-8", "replace"))
    for candidate in [*seven_bit, *declared]:
        if candidate and candidate != "utf-8":
            try:
                return _legal(body.decode(candidate))
            except UnicodeDecodeError:
                continue
    fallback = next((name for name in declared if name and name != "utf-8"), "cp1252")
    return _legal(body.decode(fallback, "replace"))


def plain(markup: str) -> str:
    """Take the text out of HTML: tags gone, entities decoded once, one line."""
    if not _MARKUP.search(markup):
        return squeeze(markup)
    markup = _NO_DECLARATION.sub("&lt;!", markup[:_LONGEST_HTML])
    try:
        tree = html.fragment_fromstring(markup, create_parent="div")
    except (etree.LxmlError, ValueError, AssertionError):
        # Not even lxml's recovery reads it: what is between the angle brackets goes, the rest stays.
        return squeeze(re.sub(r"<[^>]*>", " ", markup))
    return squeeze("".join(_pieces(tree)))


def text_of(element: etree._Element) -> str:
    """Take the text out of an element of a parsed page, blocks apart, on one line."""
    return squeeze("".join(_pieces(element)))


def squeeze(text: str) -> str:
    """Write text on one line, with single spaces and without invisible control characters."""
    return " ".join(invisible.without(_ILLEGAL.sub("", text)).split())


def _pieces(root: etree._Element) -> list[str]:
    """Walk without recursion: hostile pages are deep."""
    pieces: list[str] = []
    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if skipped is not None:
                continue
            if name in _SILENT and element is not root:
                skipped = element
                continue
            if name in _BLOCKS:
                pieces.append(" ")
            pieces.append(element.text or "")
            continue
        if skipped is not None:
            if event != "end" or element is not skipped:
                continue
            skipped = None
        elif name in _BLOCKS:
            pieces.append(" ")
        if element is not root:
            pieces.append(element.tail or "")
    return pieces


def _declared(body: bytes, content_type: str) -> list[str]:
    in_header = _IN_HEADER.search(content_type)
    in_body = _DECLARED.search(body[:4_096])
    names = [(in_body[1] or in_body[2]).decode("ascii", "replace")] if in_body else []
    # The document knows better than the server that hands it out.
    return [*names, *([in_header[1]] if in_header else [])]


def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(_MEANT.get(name.lower(), name.lower())).name
    except LookupError:
        return None
    # Python also calls zip, rot13 and idna codecs.
    return found if _CHARSETS.match(found) else None


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text.removeprefix("\ufeff"))
