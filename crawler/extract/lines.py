"""The visible lines of a page, each with the block that holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree, html

from crawler import invisible

#: What browsers do not draw as text.
_SILENT = frozenset(
    (
        "script", "style", "noscript", "template", "svg", "math", "head", "iframe", "object", "embed", "select",
        "option", "textarea", "canvas", "audio", "video",
    )
)  # fmt: skip
INLINE = frozenset(
    (
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "center-inline", "cite", "code", "data", "del", "dfn", "em",
        "font", "i", "img", "input", "ins", "kbd", "label", "link", "mark", "meta", "nobr", "picture", "q", "rb", "rp",
        "rt", "ruby", "s", "samp", "small", "source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
        "var", "wbr",
    )
)  # fmt: skip
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
SUBHEADINGS = HEADINGS - {"h1"}
_BOLD = frozenset(("b", "strong"))
_CHROME_TAGS = frozenset(("footer", "nav", "aside", "form"))
_CHROME_NAMES = re.compile(
    r"(?:^|[\s_-])(?:footer|foot|nav|navbar|navigation|menu|sidebar|side-bar|breadcrumbs?|related|recommend\w*|"
    r"most-?read|"
    r"popular|trending|comments?|disqus|newsletter|copyright|legal|cookie\w*|teasers?)(?:$|[\s_-])"
)
#: Names of what asks for consent: those of platforms that make it, and words that others have in theirs, too.
_OF_PLATFORMS = re.compile(
    r"onetrust-(?:consent|banner|pc)-sdk|cybotcookiebot|didomi-(?:host|popup|notice)|usercentrics-root|\buc-banner|"
    r"qc-cmp2?-|sp_message_container|iubenda-cs|truste[-_]|trustarc|\bklaro\b|borlabs-?cookie|cmplz-cookiebanner|\bcmpbox|"
    r"\bcmpwrapper|cookie-law-info|cookiescript_|tarteaucitron|axeptio|osano-cm-|moove_gdpr|cookieconsent|"
    r"fc-consent-root|cky-consent|evidon-|cookiefirst-"
)
_OF_CONSENT = re.compile(r"cookie|consent|gdpr|dsgvo|rgpd|privacy|(?:^|[\s_-])cmp(?:$|[\s_-])")
#: A name that has none of these has none of those; looking for a fixed part is four times as quick.
_PARTS_OF_CONSENT = (
    "cookie", "consent", "gdpr", "dsgvo", "rgpd", "privacy", "cmp", "trust", "didomi", "usercentrics", "uc-banner",
    "sp_message", "iubenda", "klaro", "tarteaucitron", "axeptio", "osano-cm", "moove_gdpr", "cky-", "evidon-",
)  # fmt: skip
NOT_DRAWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PARTS_FOR_EARS = ("sr-only", "hidden", "screen-reader", "-invisible")
_FOR_EARS = re.compile(
    r"(?<![\w-])(?:sr-only|visually-?hidden|screen-reader-(?:text|only)|(?:element|is)-invisible)(?![\w-])"
)
_DENSE = re.compile("[\u2e80-\U0003ffff]")
_ASCII_BETWEEN = bytes(code for code in range(128) if not chr(code).isalnum())
_HUMP = re.compile(r"([a-z])([A-Z])")
_WORDS = re.compile(r"[a-z]{3,}")
#: More lines than this are never looked at: a page of a million paragraphs is no article.
MOST_LINES = 20_000
#: Blocks around a line that are told apart by the bits of ``Block.inside``.
CONTAINERS = (
    "article", "main", "aside", "nav", "footer", "header", "form", "figure", "table", "ul", "ol", "blockquote",
    "section", "dl", "figcaption", "button",
)  # fmt: skip
_BIT = {name: 1 << at for at, name in enumerate(CONTAINERS)}
HEADER, FOOTER, NAV, ASIDE = _BIT["header"], _BIT["footer"], _BIT["nav"], _BIT["aside"]
TEXT = _BIT["article"] | _BIT["main"]
_FIGURE = _BIT["figure"] | _BIT["figcaption"]
_CAPTIONS = frozenset(("caption", "figcaption"))


@dataclass(slots=True, eq=False)
class Block:
    """An element that begins a new line, with what it inherits from those around it."""

    element: html.HtmlElement
    tag: str
    #: The words of its class, id and test names.
    names: tuple[str, ...]
    parent: Block | None
    depth: int
    #: Neither it nor a block around it is shown.
    hidden: bool
    #: It stands in the navigation, footer, sidebar or the like.
    chrome: bool
    #: It, or a block around it, is marked as the article's body.
    body: bool
    #: Which of CONTAINERS it is or stands in, a bit each.
    inside: int
    #: How many article elements it is or stands in.
    articles: int
    #: The outermost block around it, or itself, whose name says that it asks for consent.
    consent: Block | None = None
    # What its lines add up to, once it is counted.
    strength: float = field(init=False)
    size: int = field(init=False)
    linked: int = field(init=False)
    count: int = field(init=False)
    short: int = field(init=False)
    score: float = field(init=False)


@dataclass(slots=True)
class Line:
    """One visible line of a page."""

    text: str
    #: The element that holds it.
    tag: str
    #: Every letter of it is a link.
    linked: bool
    #: It stands in navigation, footer, sidebar or the like.
    chrome: bool
    block: Block
    #: So many of its characters are links or bold.
    link_chars: int = 0
    bold_chars: int = 0
    links: int = 0
    #: A line break ends it, not a block.
    broken: bool = False
    #: Images between the line before it and its end.
    images: int = 0


def squeeze(text: str) -> str:
    """Write white space as single spaces, without what nobody sees."""
    return " ".join((text if text.isascii() else invisible.without(text)).split())


def letters(text: str) -> str:
    """Keep letters and digits only, casefolded: the form in which texts are compared."""
    return _letters_of_line(text) if len(text) < 1_000 else _letters(text)


@lru_cache(maxsize=4_096)
def _letters_of_line(text: str) -> str:
    return _letters(text)  # the lines of a page are compared again and again


def _letters(text: str) -> str:
    if text.isascii():
        return text.lower().encode().translate(None, _ASCII_BETWEEN).decode()
    return "".join(filter(str.isalnum, text.casefold()))


def weight(text: str) -> int:
    """Give the length of a text, in which a character of a dense script counts three."""
    return len(text) if text.isascii() else len(text) + 2 * len(_DENSE.findall(text))


def inside(*names: str) -> int:
    """Give the bits of ``Block.inside`` of these CONTAINERS."""
    return sum(_BIT[name] for name in names)


def holds(outer: Block, block: Block | None) -> bool:
    """Tell whether a block is another one or lies in it."""
    while block is not None and block.depth >= outer.depth:
        if block is outer:
            return True
        block = block.parent
    return False


def of_picture(block: Block) -> bool:
    """Tell whether a block tells of a picture: who is seen there, and whose it is."""
    around = block.parent
    return bool(block.inside & _FIGURE) or not _CAPTIONS.isdisjoint(block.names + (around.names if around else ()))


class _Gatherer:
    """Collects the text between two block borders."""

    __slots__ = ("bold", "bolds", "images", "link_chars", "linked", "links", "open", "parts", "plain")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.plain = self.linked = False
        self.links = self.link_chars = self.bolds = 0
        self.images = 0
        #: Links and bold elements that are open now.
        self.open = self.bold = 0

    def add(self, text: str) -> None:
        if text.isspace():
            if self.parts:  # most of it stands between blocks
                self.parts.append(" ")
            return
        self.parts.append(text)
        if self.open:
            if any(map(str.isalnum, text)):
                self.linked = True
                self.link_chars += len(text.strip())
        elif not self.plain and any(map(str.isalnum, text)):
            self.plain = True
        if self.bold:
            self.bolds += len(text.strip())

    def line(self, block: Block, broken: bool) -> Line | None:
        text = squeeze("".join(self.parts))
        line = None
        if text:
            line = Line(
                text, block.tag, self.linked and not self.plain, block.chrome, block,
                self.link_chars, self.bolds, self.links, broken, self.images,
            )  # fmt: skip
            self.images = 0
        self.parts = []
        self.plain = self.linked = False
        self.links = self.link_chars = self.bolds = 0
        return line


def read(tree: html.HtmlElement) -> Iterator[Line]:
    """Give the visible lines of a page in their order."""
    body = tree.find("body")
    root = tree if body is None else body
    gatherer = _Gatherer()
    add = gatherer.add
    count = 0
    blocks = [Block(root, "body", (), None, 0, False, False, False, 0, 0)]
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if not isinstance(tag, str):
            if event == "end" and (tail := element.tail):
                add(tail)
            continue
        border = tag not in INLINE
        if border and not gatherer.parts:
            gatherer.links = 0  # those of pictures, which are in no line
        elif border and (line := gatherer.line(blocks[-1], tag == "br")):
            count += 1
            yield line
            if count >= MOST_LINES:
                return
        if event == "start":
            if tag in _SILENT:
                walker.skip_subtree()
                continue
            if border:
                if tag != "br":
                    blocks.append(_block(element, tag, blocks[-1]))
            elif tag == "a":
                gatherer.open += 1
                gatherer.links += 1
            elif tag in _BOLD:
                gatherer.bold += 1
            elif tag == "img":
                gatherer.images += 1
            if text := element.text:
                add(text)
        else:
            if border:
                if tag != "br" and tag not in _SILENT:
                    blocks.pop()
            elif tag == "a":
                gatherer.open -= 1
            elif tag in _BOLD:
                gatherer.bold -= 1
            if (tail := element.tail) and element is not root:
                add(tail)
    if gatherer.parts and (line := gatherer.line(blocks[-1], False)):
        yield line


def _block(element: html.HtmlElement, tag: str, parent: Block) -> Block:
    attributes = element.attrib
    number = len(attributes)
    names: tuple[str, ...] = ()
    of_consent = parent.consent is not None
    hidden, body, chrome = parent.hidden, parent.body, parent.chrome or tag in _CHROME_TAGS
    if number:
        get = attributes.get
        class_, id_ = get("class") or "", get("id") or ""
        component = test = ""
        if number > bool(class_) + bool(id_):  # most blocks have no other attributes
            component, test = get("data-component") or "", get("data-testid") or ""
            hidden = (
                hidden
                or "hidden" in attributes
                or get("aria-hidden") == "true"
                or NOT_DRAWN.search(get("style") or "") is not None
            )
            body = body or "articlebody" in (get("itemprop") or "").lower()
        names, for_ears, furniture, consent = _read_name(class_)
        hidden = hidden or for_ears
        if id_:
            more, _, also, asking = _read_name(id_)
            names, furniture, consent = (*names, *more), furniture or also, consent or asking
        if component or test:
            names = (*names, *_read_name(component)[0], *_read_name(test)[0])
        if id_ or component or test:
            names = tuple(dict.fromkeys(names))
        chrome = chrome or (furniture and _is_part(element, tag))
        of_consent = of_consent or (consent and _is_part(element, tag))
    inside = parent.inside | _BIT.get(tag, 0)
    articles = parent.articles + (tag == "article")
    block = Block(element, tag, names, parent, parent.depth + 1, hidden, chrome, body, inside, articles)
    if of_consent:
        block.consent = parent.consent or block
    return block


def _words(names: str) -> tuple[str, ...]:
    """Cut names such as ``articleBody__text`` into their words."""
    names = names[:300]  # generated names are long and many; what a name means stands at its start
    if not names.islower():
        names = _HUMP.sub(r"\1 \2", names).lower()
    return tuple(dict.fromkeys([word for word in _WORDS.findall(names) if len(word) <= 16]))


@lru_cache(maxsize=16_384)
def _read_name(name: str) -> tuple[tuple[str, ...], bool, bool, bool]:
    """Read a class or id: its words; whether its block is only read aloud, is furniture, asks for consent."""
    lower = name[:2_000].lower()
    for_ears = _has_one(name, _PARTS_FOR_EARS) and _FOR_EARS.search(name[:2_000]) is not None
    consent = _has_one(lower, _PARTS_OF_CONSENT) and (
        _OF_CONSENT.search(lower) is not None or _OF_PLATFORMS.search(lower) is not None
    )
    return _words(name), for_ears, _CHROME_NAMES.search(lower) is not None, consent


def _has_one(text: str, parts: tuple[str, ...]) -> bool:
    for part in parts:  # noqa: SIM110  # a generator takes half as long again
        if part in text:
            return True
    return False


def is_of_platform(element: html.HtmlElement) -> bool:
    """Tell whether an element has a name of a platform that asks for consent."""
    return _OF_PLATFORMS.search(f"{element.get('class') or ''} {element.get('id') or ''}"[:2_500].lower()) is not None


def _is_part(element: etree._Element, tag: str) -> bool:
    """Tell whether an element is a part of its page that does not hold its text."""
    if tag in ("body", "html", "main", "article"):
        return False
    # A wrapper of the whole page may be called "with-sidebar".
    return next(element.iter("h1", "article", "main"), None) is None
