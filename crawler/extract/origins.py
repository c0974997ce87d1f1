"""Reads the lines by which a page says where its text is from: a bare agency, "Originally published by", "mit dpa".

Each form fills its line. A wrong credit is worse than none: an agency beside other words credits nobody, and neither
does a picture's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.agencies import (
    AT_HOME,
    DATED_ONLY,
    DATELINE_ONLY,
    KNOWN,
    agency,
    is_medium,
    is_publisher,
    is_wire,
    known,
    printed,
)
from crawler.extract.labels import LABELS
from crawler.extract.page import Line
from crawler.extract.roles import WIRES

_LONGEST = 160
_BRACKETS = re.compile(r"\s*(?:[(（\[【〔]\s*(.+?)\s*[)）\]】〕]\.?|[—–-]+\s*(.+?))\s*")
_BETWEEN = re.compile(r"\s*(?:/|,|\+(?=.)|、|،|;|\s(?:and|und|et|y|e|en|och|i|и|та|و|&)\s)\s*")
#: Who edited it, as agencies sign: "kel/jal/dpa".
_SIGLE = re.compile(r"[a-zäöü]{2,4}")
#: A day may stand between the verb and the name: "originally published on 2 March 2025 by X".
_ON_A_DAY = r"(?:(?:on|am|el|il|em)?\s?(?=[^.|]{0,10}\d)[^:|]{4,26}?\d{4},?\s+)?"
#: Who published a text first. What follows is the name.
_FIRST = re.compile(
    r"this (?:article|story|text) (?:is|was) (?:originally )?(?:re)?published (?:from|in|on|by) (.+?)"
    r" under an? (?:Creative Commons|CC)\b.*|"
    r"(?:(?:this|the) (?:article|story|piece|post|report|text|essay|column|interview)\s+(?:was |is |has been )?)?"
    r"(?:(?:originally|first|previously) (?:published|appeared|posted|ran|printed)|re(?:published|printed|posted)|"
    r"cross-?posted|"
    r"(?:is |was )?(?:republished|reprinted|reposted|syndicated))\s+"
    rf"{_ON_A_DAY}(?:here )?(?:with (?:the )?(?:kind )?permission )?(?:by|in|on|at|from|of)\s+(.+)|"
    r"the post .+ (?:appeared|was published|was) first (?:published )?on (.+)|"
    r"read (?:the|this) (?:original|full) (?:article|story|text)\s+(?:here )?(?:at|on|in)\s+(.+)|"
    r"(?:©|\(c\)|copyright)\s*(?:(?:19|20)\d\d,?\s+)?(?:by )?([^.,©]{3,50})[.,]\s+distributed by .+|"
    r"(?:dieser (?:artikel|beitrag|text) (?:ist|erschien|wurde) )?(?:zuerst|zunächst|ursprünglich)\s+"
    rf"(?:erschienen|veröffentlicht)?\s*{_ON_A_DAY}(?:in|im|bei|auf|von|beim|in der|bei der)\s+"
    r"(.+?)(?:\s(?:erschienen|veröffentlicht))?|"
    r"(?:cet article (?:a été|est) )?(?:initialement |d['’]abord )?(?:publié|paru) (?:initialement |d['’]abord )?"
    r"(?:par|dans|sur) (.+)|"
    rf"(?:este artículo fue )?publicad[oa] (?:originalmente|originariamente) {_ON_A_DAY}(?:en|por) (.+)|"
    rf"(?:este artigo foi )?(?:publicad[oa] originalmente|originalmente publicad[oa]) {_ON_A_DAY}"
    r"(?:em|por|n[oa]|pel[oa]) (.+)|"
    rf"(?:questo articolo è stato )?pubblicato originariamente {_ON_A_DAY}(?:su|da) (.+)",
    re.IGNORECASE,
)
#: From what a text is taken, which may be a book or a film, too: an agency, a medium or an address follows.
_DRAWN = re.compile(r"(?:tomado de|tratto da):? (.+)", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w-]+\.)+[a-z]{2,})(?:/\S*)?", re.IGNORECASE)
_DIARY = re.compile(r"\b(?:diario|giornale) (?:d[ei]l?|dell[ao]|dell['’])", re.IGNORECASE)
#: With whose reports a text was written, or after whose.
_WITH = re.compile(
    r"(?:(?:with |based on |including )?(?:additional )?(?:inputs?|reporting|reports|material|files|information|"
    r"contributions?) (?:from|by|of)|with|mit (?:material|informationen|meldungen|inhalten) (?:von|der)|"
    r"unter verwendung von (?:material|meldungen) (?:von|der)|mit|"
    r"avec (?:des )?informations (?:de|d['’])|avec|con (?:información|informaciones|datos) de|con|"
    r"com informações d[aeo]|com|met|med|originalmeldung:?|"
    r"(?:подготовлено )?по (?:материалам|сообщению|информации|данным)|с использованием материалов|"
    r"за (?:матеріалами|інформацією|повідомленням)|"
    r"(?:про це |об этом )?(?:повідомляє|повідомляють|сообщает|пишет|передає|передаёт|передает|пише))\s*:?\s+"
    r"(?:the |l['’]|la |der |die |el |изданию |издания |агентства |агентство |видання )?(.+)",
    re.IGNORECASE,
)
#: From whose feed a text came, untouched.
_FED = re.compile(
    r"(?:except for the headline,? )?this (?:story|report|article) has not been edited by .{2,80}"
    r"(?:published|generated) from an? (?:syndicated feed of (\S{2,20})|(\S{2,20}) feed)",
    re.IGNORECASE,
)
#: From whom a text is taken, in words of other scripts: an agency or a medium follows.
_TAKEN = re.compile(
    r"نقل(?:اً|ًا|ا)? عن (.+)|به نقل از (.+)|به گزارش (?:خبرنگار |گروه [^،]{2,30} )?(.+)|"
    r"综合(.+?)等?(?:报道|報道|報导|消息)"
)
#: Behind these words a medium is the origin, too; behind the others only an agency is.
_TOLD_BY = re.compile(
    r"(?:по материалам|за матеріалами|con información|com informações|via\b|theo(?=\s+báo\b))", re.IGNORECASE
)
_LABEL = re.compile(
    rf"({'|'.join(re.escape(label) for label in sorted(LABELS['source'], key=len, reverse=True))})"
    r"(?:\s*[丨｜|—–]\s*|\s-\s|\s+)(.+)",
    re.IGNORECASE,
)
#: What a credit goes on with: "The Conversation. Read the original article", "USA TODAY: Crane falls into harbour".
_NEXT = re.compile(
    r"\.\s+(?=(?:read|see|you can|click|view|lire|lisez|lea|leia|leggi|lesen|hier|читайте|читать)\b)|"
    r":\s(?=\S+(?:\s\S+){2})",
    re.IGNORECASE,
)
_ISSUE = re.compile(r",?\s+(?:on|am|le|el|em|il|in)\s+(?=\S*\s?\d)|,\s+(?=\S*\s?\d)|\s+and (?:is|was)\s")
#: "EFE | Puerto Este", "AP, EASTHAVEN | Mar 14, 2024": an agency, a place, a date, each in few words.
_PARTS = re.compile(r"\s*\|\s*")
_DATED = re.compile(r"\d")
_AGENCIES = "|".join(re.escape(form) for form in sorted(KNOWN, key=len, reverse=True) if form not in DATELINE_ONLY)
_BESIDE = re.compile(r"[^\d.:|]{3,40}?\s(?:avec|with|mit|con|com|met)\s(?:the |l['’]|la |der )?(.+)", re.IGNORECASE)
#: "NORDHAFEN (AFP)"
_PLACED = re.compile(r"[^()|.:]{2,30}\(([^()]{2,20})\)")
#: "By JANE ROE Associated Press"
_BEHIND_NAME = re.compile(rf"\S+\s\S+(?:\s\S+){{0,3}}?(?:\s|\s?[,|/–-]\s?)({_AGENCIES})", re.IGNORECASE)
#: "Mai Lan (Theo Reuters)"
_NAMED = re.compile(r"([^()]{3,40}?)\s*[(（](?:theo|via|according to|nach|selon)\s([^()]{2,40})[)）]", re.IGNORECASE)
#: Behind a publisher's name: its address, its short form, and the country in which it is foreign.
_BESIDE_NAME = re.compile(
    r"\s*[(（](?:https?://[^()（）]*|[A-Z]{2,6})[)）]$|(?<=[a-z])\s*[,|]\s*[А-ЯЁ][А-ЯЁа-яё -]{2,30}$"
)
#: Such an element credits no text, or another one.
_NO_CREDIT = frozenset(("h1", "h2", "h3", "h4", "button", "li", "blockquote", "td", "figcaption"))
_PICTURED = frozenset((
    "photo", "photos", "image", "images", "img", "picture", "media", "copyright", "caption", "gallery", "video", "foto",
    "bild", "figure", "thumb", "tag", "tags", "topic", "topics", "keywords", "nav", "menu",
))  # fmt: skip
_SOURCE = frozenset(("source", "sourcename", "quelle", "fuente", "fonte", "origin", "laiyuan"))
#: So close under the headline a bare agency is the text's.
_NEAR = 8


def of_line(lines: Sequence[Line], at: int, title_at: int | None, language: str) -> str | None:
    """Read whom a line credits that stands under the headline, or, without ``title_at``, at the end of the text."""
    line = lines[at]
    text = line.text
    if len(text) > _LONGEST or line.tag in _NO_CREDIT:
        return None
    if name := told(text):
        return name
    if line.images or not _PICTURED.isdisjoint(line.block.names):
        return None
    if title_at is None:
        return None if line.linked else bare(text, language)
    # Below a picture it tells whose that is.
    if any(each.images for each in lines[title_at + 1 : at]) or at - title_at > _NEAR:
        return None
    if not _SOURCE.isdisjoint(line.block.names) and is_publisher(text) and not _DATED.search(text):
        return first(text) or plain(text)
    # A link is a topic's, but where a day stands beside it.
    near = (lines[at - 1].text, lines[at + 1].text if at + 1 < len(lines) else "")
    if line.linked and not any(_DATED.search(each) for each in near if len(each) <= 60):
        return None
    return bare(text, language) or piped(text) or beside(text)


def bare(text: str, language: str = "") -> str | None:
    """Give the agency of a line that is nothing but agencies and who edited it: "Reuters", "dpa/AFP", "— AFP"."""
    if len(text) > 60:
        return None
    found = _BRACKETS.fullmatch(text)
    inner = next(filter(None, found.groups())) if found else text
    dated = re.sub(r"^\D{0,12}(?:\d{1,2}月)?\d{1,2}\s?(?:日|[^\W\d_]{3,9}\.?)?\s", "", inner) if found else inner
    form = dated.strip(" .").casefold()
    if form in DATED_ONLY:
        return None
    if form in DATELINE_ONLY:
        home = form in AT_HOME.get(language[:2], ())
        return printed(dated) if (found or home) and (not form.isascii() or dated.strip(" .").isupper()) else None
    return first(dated, signed=True) or (dated.strip(" .") if found and is_wire(dated.strip(" .")) else None)


def first(text: str, *, signed: bool = False) -> str | None:
    """Give the first agency of a list of agencies; with ``signed`` none but agencies and sigles is in it.

    Of a list behind a label it is the first publisher: "Reuters, AFP", "harbour.example, kel/dpa".
    """
    text = text.strip(" .")
    if _is_agency(text) or agency(text) or (known(text) and not signed):
        return printed(text)
    parts = [part for part in _BETWEEN.split(text) if part]
    if not parts or len(parts) > 4:
        return None
    agencies = [part for part in parts if _is_agency(part)]
    others = [part for part in parts if part not in agencies and not WIRES.fullmatch(part)]
    if agencies and all(_SIGLE.fullmatch(part) or (not signed and _is_host(part)) for part in others):
        return printed(agencies[0])
    # "الجزيرة + وكالات": a medium and agencies
    return others[0] if not (signed or agencies) and len(others) == 1 < len(parts) else None


def plain(name: str) -> str:
    """Write a publisher without its address, short form or country: "The Guardian, Великобритания"."""
    bare_name = _BESIDE_NAME.sub("", name)
    return bare_name if is_publisher(bare_name) else name


def _is_agency(part: str) -> bool:
    form = part.casefold()
    return known(part) is not None and form not in DATED_ONLY and (form not in DATELINE_ONLY or part.isupper())


def _is_host(part: str) -> bool:
    return re.fullmatch(r"[\w-]+\.[a-z]{2,4}", part) is not None


def told(text: str) -> str | None:
    """Give the publisher of a line that says in words of whom a text is: "Reprinted from The Harbour Gazette"."""
    if not 5 < len(text) <= _LONGEST:
        return None
    bracketed = _BRACKETS.fullmatch(text)
    inner = (next(filter(None, bracketed.groups())) if bracketed else text).strip(" .")
    if (found := _FIRST.fullmatch(inner)) is not None:
        return _name(next(filter(None, found.groups()), ""))
    if (found := _FED.fullmatch(inner)) is not None:
        return first(found[1] or found[2], signed=True)
    if (found := _TAKEN.fullmatch(inner)) is not None:
        name = next(filter(None, found.groups()))
        return first(name, signed=True) or (name if is_publisher(name) and len(name) <= 40 else None)
    if (found := _DRAWN.fullmatch(inner)) is not None:
        return _drawn(found[1].strip(' .«»“”"'))
    if (found := _WITH.fullmatch(inner)) is not None:
        name = found[1].strip(' .«»“”"')
        return first(name, signed=True) or (_name(name) if _TOLD_BY.match(inner) and is_publisher(name) else None)
    if (found := _LABEL.fullmatch(inner)) is not None:
        name = found[2].strip(' .«»“”"')
        spaced = not re.search(r"[丨｜|—–-]", inner[found.end(1) : found.start(2)])
        sure = first(name, signed=True)
        return sure or (_name(name) if is_publisher(name) and (not spaced or _TOLD_BY.match(inner)) else None)
    return None


def _drawn(name: str) -> str | None:
    """Give the agency, medium or host from which a text is taken, and no book: "La Gazzetta", "post.example"."""
    if sure := first(name, signed=True):
        return sure
    if (host := _HOST.fullmatch(name)) is not None:
        return host[1].lower()
    return _name(name) if is_medium(name) and _DIARY.search(name) is None else None


def _name(text: str) -> str | None:
    """Give the name of a publisher, without the day of its issue; None where it is a sentence or a day."""
    text = _ISSUE.split(_NEXT.split(text, maxsplit=1)[0], maxsplit=1)[0]
    text = text.strip(" .,«»“”\"'")
    words = text.split()
    if not 0 < len(words) <= 6 or len(text) > 50 or any(map(str.isdecimal, text)):
        return None
    if text[0].islower() and not known(text):
        return None
    if re.search(r"\b(?:issue|edition|print|website|newsletter|blog of|ausgabe|numéro)\b|[:;!?]", text, re.IGNORECASE):
        return None
    return printed(text) if known(text) else text


def piped(text: str) -> str | None:
    """Give the agency of a line under a headline that has it beside a place or a date: "Reuters | Nordhafen"."""
    if len(text) > 120:
        return None
    parts = [part for part in _PARTS.split(text) if part]
    if len(parts) < 2:
        name, comma, rest = text.partition(",")
        return printed(name) if comma and _signs(name) and len(rest.split()) <= 3 and _DATED.search(rest) else None
    if not all(len(part.split()) <= 6 for part in parts) or all(map(known, parts)):
        return None
    placed = _PLACED.fullmatch(parts[0])
    opening = placed[1] if placed else parts[0].partition(",")[0]
    if _signs(opening):
        return printed(opening)
    return printed(parts[1]) if _signs(parts[1]) and _DATED.search(parts[-1]) else None


def beside(text: str) -> str | None:
    """Give the agency with which a house or a desk signs under a headline: "La rédaction avec AFP"."""
    found = _BESIDE.fullmatch(text) if len(text) <= 60 else None
    return first(found[1], signed=True) if found else None


def _signs(name: str) -> bool:
    return name.casefold().strip() not in DATELINE_ONLY and known(name) is not None


def behind_name(text: str) -> str | None:
    """Give the agency at the end of a byline: "By JANE ROE Associated Press"."""
    found = _BEHIND_NAME.fullmatch(text)
    return printed(found[1]) if found else None


def named(text: str) -> tuple[str, str] | None:
    """Give who signs a text below it, and the agency by which it was written: "Mai Lan (Theo Reuters)"."""
    found = _NAMED.fullmatch(text) if text.endswith((")", "）")) else None
    origin = first(found[2], signed=True) if found else None
    return (found[1], origin) if found and origin else None
