"""One page, decoded and parsed once, with its visible lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import charset_normalizer
from lxml import etree, html

from crawler.errors import NoArticle
from crawler.extract import lines
from crawler.extract.lines import Line, letters, squeeze

__all__ = ["Line", "ParsedPage", "decode", "letters", "parse", "squeeze"]

#: What browsers read when a page names these (https://encoding.spec.whatwg.org/#names-and-labels).
_AS_BROWSERS = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "big5": "big5hkscs", "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874", "iso-8859-8-i": "cp1255",
}  # fmt: skip
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_HEADER = re.compile(r"""charset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)
#: Bytes that no text holds in any charset but UTF-16; lxml refuses some of them. (ISO-2022 needs its ESC.)
_CONTROLS = bytes((*range(9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F))
_HTML_TYPES = (
    "text/html",
    "application/xhtml",
    "application/xml",
    "text/xml",
    "text/plain",
    "application/octet-stream",
)
_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"\x1f\x8b", b"ID3", b"\x00\x00\x00")

#: libxml2 drops what follows some of them (https://bugs.launchpad.net/lxml/+bug/1955915).
_DOCTYPE = re.compile(r"<!doctype[^>]{0,1000}>", re.IGNORECASE)
_CLOSED_HTML = re.compile(r"(<html[^>]{0,1000}?)\s*/>", re.IGNORECASE)
_PARSER = html.HTMLParser(
    collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True
)
# lxml.html chooses a class for each element by a call into Python, which costs a third of all walks over the tree.
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))


@dataclass(slots=True)
class ParsedPage:
    """A parsed page."""

    url: str
    tree: html.HtmlElement
    lines: list[Line] = field(default_factory=list)
    #: The letters of each line: the form in which texts are compared.
    keys: list[str] = field(default_factory=list)


def decode(body: bytes, content_type: str = "") -> str:
    """Read bytes in the charset that leaves nothing unread: what is declared, if it fits, else what is detected."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace").replace("\0", "")
    body = body.translate(None, _CONTROLS)
    return _decode(body, content_type).replace("\x1b", "").replace("\uffff", "").replace("\ufffe", "")


def _decode(body: bytes, content_type: str) -> str:
    declared = _declared(body, content_type)
    as_utf8 = _try(body, "utf-8")
    if as_utf8 is not None and "utf-16" not in declared:
        return as_utf8  # text in another charset practically never happens to be valid UTF-8
    tried = [name for name in declared if name not in ("utf-8", "utf-16")]
    for name in tried:
        decoded = _try(body, name)
        if decoded is not None:
            return decoded
    if "utf-8" in declared or _mostly_utf8(body):
        return _patched_utf8(body)
    if tried:  # a stray byte in an otherwise right charset
        decoded = body.decode(tried[0], "replace")
        if decoded.count("\ufffd") * 200 < len(decoded):
            return decoded.replace("\ufffd", "")
    best = charset_normalizer.from_bytes(body[:200_000]).best()
    return body.decode(best.encoding if best else "cp1252", "replace").replace("\ufffd", "")


def parse(
    body: bytes, content_type: str, url: str, first: Callable[[html.HtmlElement], None] | None = None
) -> ParsedPage:
    """Decode and parse a page; raise NoArticle for what is no page of text.

    ``first`` is called with the tree before its lines are read, and may change it.
    """
    if not body.strip(b"\x00 \t\r\n"):
        raise NoArticle("empty", "the answer has no bytes")
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if kind and not kind.startswith(_HTML_TYPES):
        raise NoArticle("not html", f"the answer is {kind}")
    if body.lstrip()[:5].startswith(_MAGIC):
        raise NoArticle("not html", "the answer is a binary file")
    text = decode(body, content_type)
    if "<" not in text:
        raise NoArticle("not html", "the answer has no markup")
    tree = _tree(text)
    body_element = tree.find("body")
    if "html" not in text[:50].lower() and len(tree) < 2 and (body_element is None or len(body_element) < 2):
        raise NoArticle("not html", "the markup is not that of a page")
    if first is not None:
        first(tree)
    found = list(lines.read(tree))
    return ParsedPage(url, tree, found, [letters(line.text) for line in found])


def _tree(text: str) -> html.HtmlElement:
    beginning = _DOCTYPE.sub("", text[:4_096], count=1)
    text = _CLOSED_HTML.sub(r"\1>", beginning, count=1) + text[4_096:]
    try:
        # As bytes: lxml refuses text that declares an encoding.
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=_PARSER)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise NoArticle("not html", f"the markup cannot be read: {error}") from error


def _declared(body: bytes, content_type: str) -> list[str]:
    names = []
    header = _HEADER.search(content_type)
    if header:
        names.append(header[1])
    names += [match[1].decode("ascii", "replace") for match in _DECLARED.finditer(body[:8_192])]
    known = []
    for label in names:
        name = _AS_BROWSERS.get(label.lower(), label.lower())
        try:
            "".encode(name)
        except (LookupError, UnicodeError):
            continue
        known.append("utf-8" if name in ("utf8", "utf-8") else name)
    return list(dict.fromkeys(known))


def _try(body: bytes, name: str) -> str | None:
    try:
        decoded = body.decode(name)
    except (UnicodeDecodeError, LookupError):
        if name != "cp1252":
            return None
        # Browsers read the five bytes that Python's cp1252 leaves undefined as C1 controls.
        decoded = body.decode("cp1252", "ignore") if not _mostly_utf8(body) else None  # type: ignore[assignment]
    return decoded


def _mostly_utf8(body: bytes) -> bool:
    sample = body[:300_000].decode("utf-8", "replace")
    bad = sample.count("\ufffd")
    good = sum(char > "\x7f" for char in sample) - bad
    return good > 10 * bad


def _patched_utf8(body: bytes) -> str:
    """Read UTF-8 and the stray bytes in it as Windows-1252, as editors that paste do write them."""
    pieces, rest = [], body
    for _ in range(500):
        try:
            pieces.append(rest.decode("utf-8"))
            return "".join(pieces)
        except UnicodeDecodeError as error:
            pieces.append(rest[: error.start].decode("utf-8"))
            pieces.append(rest[error.start : error.end].decode("cp1252", "ignore"))
            rest = rest[error.end :]
    return "".join(pieces) + rest.decode("utf-8", "ignore")
