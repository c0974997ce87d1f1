"""Cleans author names: persons only, without titles, mail addresses and the names of sites."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from crawler.extract.headline import letters
from crawler.extract.page import squeeze

_LEAD = re.compile(
    r"^(?:(?:written|posted|reported|story|words|text|analysis|review|compiled|opinion|article)\s+by|by|von|par|por|"
    r"di|door|przez|author|автор|作者|记者|"
    r"view all posts by|all posts by|more from|see all (?:posts|articles) by|posts by|"
    r"mr|mrs|ms|dr|prof|sir|dipl\.-ing)(?:[.:：]\s*|\s+)",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:;|\||/|、|，|•|·|\s&\s|\s+(?:and|und|et|y|og|och|with|ve|i|и|та)\s+|\n)\s*")
_ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|journalist|columnist|contributor|contributing|producer|staff|chief|"
    r"bureau|director|manager|analyst|critic|"
    r"redakteur\w*|journaliste?|korrespondent\w*|rédact\w*|redactor\w*|periodista|giornalista|корреспондент|"
    r"редактор|photographer|senior|author|founder|professor|phd|md|"
    r"fellow|president|freelance\w*|blogger|team|desk|updated|published|posted|read|min|follow|bio|twitter|email)\b",
    re.IGNORECASE,
)
_CREDENTIAL = re.compile(r"(?:[A-Z][A-Za-z]{0,2}\.?){1,3}[A-Z]*[®™]?|Ph\.?\s?D\.?|M\.?D\.?|Esq\.?|Jr\.?|Sr\.?")
_NOBODY = frozenset(
    [
        "admin",
        "administrator",
        "editor",
        "editors",
        "author",
        "staff",
        "staffreporter",
        "staffwriter",
        "newsroom",
        "newsdesk",
        "webmaster",
        "guest",
        "guestauthor",
        "anonymous",
        "user",
        "redaktion",
        "redaction",
        "redazione",
        "redaccion",
        "redaccao",
        "redactie",
        "editorial",
        "editorialteam",
        "editorialstaff",
        "pressrelease",
        "root",
        "unknown",
        "none",
        "null",
        "webdesk",
        "onlinedesk",
        "newsstaff",
        "webteam",
        "team",
        "support",
        "noauthor",
        "redactia",
        "redakcja",
        "редакция",
        "редакція",
        "编辑",
        "编辑部",
        "contributor",
        "byline",
        "default",
        "wordpress",
        "posted",
        "sponsored",
    ]
)


def clean(values: Iterable[str], site_names: Iterable[str]) -> tuple[str, ...]:
    """Give the names in their order, each once."""
    sites = {letters(name) for name in site_names if name}
    sites |= {site.removeprefix("the") for site in sites}
    found: dict[str, str] = {}
    for value in values:
        for part in _parts(value):
            name = _name(part)
            key = letters(name)
            if key and key not in _NOBODY and key.removeprefix("the") not in sites and not _is_host(name, sites):
                found.setdefault(key, name)
    return tuple(found.values())[:12]


def _parts(value: str) -> list[str]:
    value = squeeze(html.unescape(re.sub(r"<[^>]{1,200}>", " ", html.unescape(value))))
    if len(value) > 300 or re.search(r"https?://", value):
        return []
    parts = []
    for piece in _SPLIT.split(_LEAD.sub("", value)):
        commas = [part.strip() for part in piece.split(",")]
        # "Jane Roe, Reuters correspondent" is one person; "Jane Roe, John Doe" are two.
        if len(commas) == 2 and (_ROLE.search(commas[1]) or len(commas[0].split()) == 1):
            parts.append(commas[0] if _ROLE.search(commas[1]) else " ".join(reversed(commas)))
        else:
            parts += [part for part in commas if part == commas[0] or not _CREDENTIAL.fullmatch(part)]
    return parts


def _name(part: str) -> str:
    name = re.sub(r"\S+@\S+|\([^)]*\)|\[[^]]*\]|(?<!\w)@\w+", "", part).strip(" .:-–—*|\"'“”")
    for _ in range(2):
        name = _LEAD.sub("", name).strip()
    name = squeeze(name)
    words = name.split()
    if (
        not words
        or len(words) > 6
        or len(name) > 60
        or (any(map(str.isdigit, name)) and len(words) > 2)
        or not any(map(str.isalpha, name))
    ):
        return ""
    if _ROLE.search(name):
        return ""
    if name.isupper() and name.isascii() and len(words) > 1:
        name = " ".join(word if len(word) <= 2 else word.capitalize() for word in words)
    return name


def _is_host(name: str, sites: set[str]) -> bool:
    return re.fullmatch(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}", name.lower()) is not None or any(
        len(site) > 5 and letters(name).startswith(site) for site in sites
    )
