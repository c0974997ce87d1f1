"""One page, decoded and parsed once, with its visible lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lxml import etree, html

from crawler.errors import NoArticle
from crawler.extract import consent_boxes, lines, long_runs
from crawler.extract.charsets import decode
from crawler.extract.lines import Line, letters, squeeze

__all__ = ["Line", "ParsedPage", "decode", "letters", "parse", "squeeze"]

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
#: A tag of thousands of attributes takes libxml2 minutes: it looks for each of them among all before it.
_LONG_TAG = re.compile(r"<([A-Za-z][\w:-]{0,40})[^<>]{15000,}>?")
_LONG = 15_000
_MOST_ATTRIBUTES = 1_000
#: libxml2 stops where more than 256 elements are open, and what follows is lost: only so many may lie in each other, of
#: those that end where their page says so; others, as rows and cells, may lie between them.
_TAG = re.compile(
    r"<(/?)(?!(?:html|head|body|title|script|style|p|li|d[td]|t[drh]|thead|tbody|tfoot|colgroup|option|optgroup|area|"
    r"base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)[\s/>])([a-z][a-z0-9:-]{0,40})(?=[\s/>])"
    r"[^<>]*(?<!/)>",
    re.IGNORECASE,
)
_DEEPEST = 50
_CLOSED_HTML = re.compile(r"(<html[^>]{0,1000}?)\s*/>", re.IGNORECASE)
#: Signs of a program, which is no typed text.
_CODE = re.compile(r"[{};]\s*\n|\n(?: {4}|\t)|</|=>|\(\)|==")
#: Classes that tell whether a page may be commented on, which themes give to what holds its text.
_MAY_BE_ANSWERED = re.compile(
    r"(?<![\w-])(?:comments?[-_](?:open|opened|closed|on|off|enabled|disabled|allowed)|"
    r"(?:no|has|with|without)[-_]comments?)(?![\w-])",
    re.IGNORECASE,
)
#: The quickest way to see that a page has none: what begins with letters is found without looking at every place.
_MAY_BE_NAMED = re.compile(
    r"omment(?:s?[-_][oceda]|(?:(?<=no[-_]comment)|(?<=has[-_]comment)|(?<=with[-_]comment)|"
    r"(?<=without[-_]comment)))"
)
#: What entities may bring in and lxml does not take back.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TITLE = re.compile(r"<title(?:\s[^>]{0,1000})?>", re.IGNORECASE)
_TITLE_END = re.compile(r"</title\b", re.IGNORECASE)
_LONGEST_TITLE = 2_000
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
    #: All elements in their order. lxml makes a Python object of a node each time that nobody holds one: held from the
    #: first walk on, each walk costs a third.
    elements: list[html.HtmlElement] = field(default_factory=list)
    #: What of it could not be read; "" when all of it was.
    unread: str = ""


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
    tree, unread = _tree(text)
    body_element = tree.find("body")
    if "html" not in text[:50].lower() and len(tree) < 2 and (body_element is None or len(body_element) < 2):
        raise NoArticle("not html", "the markup is not that of a page")
    if first is not None:
        first(tree)
    _part_typed(tree)
    elements = list(tree.iter(etree.Element))
    if _MAY_BE_NAMED.search(text):
        _forget_states(elements)
    found = list(lines.read(tree))
    if boxes := consent_boxes.boxes(found):
        for box in boxes:
            box.element.drop_tree()
        found = [line for line in found if line.block.consent not in boxes]
        elements = list(tree.iter(etree.Element))
    return ParsedPage(url, tree, found, [letters(line.text) for line in found], elements, unread)


def _tree(text: str) -> tuple[html.HtmlElement, str]:
    """Parse a page; say what of it is left unread."""
    beginning = _DOCTYPE.sub("", text[:4_096], count=1)
    text = _CLOSED_HTML.sub(r"\1>", beginning, count=1) + text[4_096:]
    text = _with_closed_title(text)
    whole, text = len(text), long_runs.cut(text)
    unread = (
        f"of its {whole:,} characters pieces longer than {long_runs.LONGEST:,} were cut" if len(text) < whole else ""
    )
    if _has_long_tag(text):
        text = _LONG_TAG.sub(lambda tag: tag[0] if tag[0].count("=") < _MOST_ATTRIBUTES else f"<{tag[1]}>", text)
    try:
        # As bytes: lxml refuses text that declares an encoding.
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=_PARSER)
        if not _gave_up():
            return tree, unread
        tree = html.document_fromstring(_flattened(text).encode("utf-8", "replace"), parser=_PARSER)
        return tree, f"of its {whole:,} characters the parser read a part only" if _gave_up() else unread
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise NoArticle("not html", f"the markup cannot be read: {error}") from error


def _gave_up() -> bool:
    """Tell whether the parser stopped at one of its own limits."""
    last = _PARSER.error_log.last_error
    return last is not None and last.type_name == "ERR_RESOURCE_LIMIT"


def _forget_states(elements: Sequence[html.HtmlElement]) -> None:
    """Take classes away that name comments and hold none."""
    for element in elements:
        if _MAY_BE_ANSWERED.search(names := element.get("class") or ""):
            element.set("class", _MAY_BE_ANSWERED.sub("", names))


def _flattened(text: str) -> str:
    """Leave out the tags of elements within too many others, and those that would close them."""
    open_ = 0
    left_out: dict[str, int] = {}

    def tag(found: re.Match[str]) -> str:
        nonlocal open_
        name = found[2].lower()
        if not found[1]:
            if open_ >= _DEEPEST:
                left_out[name] = left_out.get(name, 0) + 1
                return " "
            open_ += 1
        elif left_out.get(name):
            left_out[name] -= 1
            return " "
        elif open_:
            open_ -= 1
        return found[0]

    return _TAG.sub(tag, text)


def _part_typed(tree: html.HtmlElement) -> None:
    """Make paragraphs of what was typed with blank lines between them, as agencies and offices publish it."""
    for typed in tree.iter("pre"):
        parts = re.split(r"\n[ \t]*\n", _NOT_XML.sub("", typed.text or ""))
        if len(typed) or len(parts) < 2 or _CODE.search(typed.text or ""):
            continue
        typed.text = None
        for part in parts:
            etree.SubElement(typed, "p").text = part


def _with_closed_title(text: str) -> str:
    """Close a title that nobody closed: up to the next title's end the whole page would be in it."""
    opened = _TITLE.search(text)
    if opened is None or _TITLE_END.search(text, opened.end(), opened.end() + _LONGEST_TITLE):
        return text
    at = text.find("<", opened.end())
    return text if at < 0 else f"{text[:at]}</title>{text[at:]}"


def _has_long_tag(text: str) -> bool:
    """Tell whether a tag may have too many attributes: what is short between two ">" is crossed in long steps."""
    at = 0
    while len(text) - at > _LONG:
        end = text.rfind(">", at, at + _LONG + 1)
        if end < 0:
            end = text.find(">", at)
            end = end if end >= 0 else len(text)
            runs = text[at:end].split("<")[1:]
            if any(len(run) > _LONG and run.count("=") > _MOST_ATTRIBUTES for run in runs):
                return True
        at = end + 1
    return False
