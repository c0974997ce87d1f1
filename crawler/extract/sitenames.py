"""Finds the names by which a page's site calls itself, and takes one off a title's end, whatever mark parts them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler import urls
from crawler.agencies import is_medium
from crawler.extract import jsonld
from crawler.extract.declared import Declared
from crawler.extract.lines import Line, letters, squeeze, weight

#: Marks between a title and its site. Commas, stops and quotation marks are none: they belong to the title.
_MARK = r"[:：|｜_＿\-－–—―‐·・•«»<>＜＞‹›/／~〜∼]"
_END = re.compile(rf"\s*(?:{_MARK}\s?)+\s*([^\s:：|｜_＿－–—―・•«»＜＞/／].*?)\s*$")
_MARKS = re.compile(rf"(?<!\s)\s*{_MARK}+")
_BRACKETED = re.compile(r"\s*(?:【([^【】]{2,40})】|[（(\[]([^（）()\[\]]{2,40})[)）\]])\s*$")
#: Which lines tell whose a page is.
_RIGHTS = re.compile(
    r"[©ⓒ]|\(c\)|copyright|rights reserved|版[权權]所有|著作[権權]|無断転載|无断转载|무단\s?전재|저작권|all rights",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"[\s|｜©ⓒ()（）,.，。:：/／·・-]+|(?:版[权權]所有|著作[権權]|copyright|19\d\d|20\d\d|年)+", re.IGNORECASE
)
_LOGO = re.compile(r"logo|masthead|site-?(?:name|title)|brand", re.IGNORECASE)
_OWNER = re.compile(
    r"(?:©|\(c\)|copyright)[\s©:]*(?:(?:19|20)\d\d)?(?:\s?[-–/]\s?(?:19|20)?\d\d)?,?\s*(?:by\s+)?"
    r"([^.,;|©()\d]{2,50}?)\s*(?:[.,;|()\d-]|all rights|$)",
    re.IGNORECASE,
)
#: Of so many lines at its end a page may tell whose it is.
_LAST, _LONGEST = 40, 300
#: A sign within a word, where no space and no letter of a dense script is beside it.
_WITHIN = re.compile(r"(?<=[^\W_])[-‐/·•](?=[^\W_])")
_DENSE = re.compile("[\u2e80-\U0003ffff]")
#: What leads to the front page is called so, too.
_HOME = frozenset((
    "home", "homepage", "start", "startseite", "frontpage", "mainpage", "accueil", "inicio", "início", "portada",
    "hjem", "hem", "etusivu", "anasayfa", "beranda", "voorpagina", "stronagłówna", "trangchủ", "главная", "головна",
    "首页", "首頁", "ホーム", "トップ", "トップページ", "홈", "الرئيسية", "خانه", "होम",
))  # fmt: skip
_BAR = re.compile(r"[|｜_＿]|::")
#: Names of so many letters are parts of many others.
_BRIEF = 3
#: So many elements are looked at for a logo; a name is no longer.
_MOST, _NAME = 600, 40
#: So much stands before the name of a site, where a character of a dense script counts three; so many marks are tried.
_LEAST, _CUTS = 15, 3


class Names(NamedTuple):
    """The names of a page's site, by their letters."""

    #: It declares them, or they are its host's or source's.
    declared: frozenset[str] = frozenset()
    #: Its logo or its link to the front page shows them.
    shown: frozenset[str] = frozenset()
    #: A line of rights tells them only: who wrote a page may own it, too.
    owned: frozenset[str] = frozenset()


def names_of(
    said: Declared, source_name: str, lines: Sequence[Line], elements: Iterable[HtmlElement], url: str
) -> Names:
    """Give the names that a page shows to be its site's: declared, in its logo, of its owner."""
    host = urls.site_of(url).removeprefix("www.")
    declared = [
        said.site_name or "",
        source_name,
        *(name for name, _, _ in jsonld.houses(said.node.get("publisher"), url)),
        host,
        host.split(".")[0],
    ]
    # In scripts without spaces each part may be the name.
    parts = (
        part
        for line in lines[-_LAST:]
        if len(line.text) <= _LONGEST and _RIGHTS.search(line.text)
        for part in _PARTS.split(line.text)
        if _DENSE.match(part)
    )
    shown = (name for name in _logos(elements, url) if letters(name) not in _HOME)
    return Names(_usable(declared), _usable(shown), _usable((*owners(lines), *parts)))


def _usable(names: Iterable[str]) -> frozenset[str]:
    found = {letters(name) for name in names if 1 < len(name) <= _NAME}
    return frozenset(name for name in found if len(name) > (2 if name.isascii() else 1))


def owners(lines: Sequence[Line]) -> list[str]:
    """Give the names of those whose page it is by its last lines: "© 2024 Harbour Post. All rights reserved"."""
    found = (_OWNER.search(line.text) for line in lines[-_LAST:] if len(line.text) < _LONGEST)
    return [match[1] for match in found if match]


def without_end(title: str, names: Names) -> str:
    """Take the name of the site off the end of a title, and the mark before it."""
    for _ in range(2):
        if (bracketed := _BRACKETED.search(title)) and _is_named(
            bracketed[1] or bracketed[2], "|" if bracketed[1] else "", names
        ):
            cut = bracketed.start()
        else:
            ends = ((at, _END.match(title, at)) for at in _cuts(title))
            cut = next((at for at, end in ends if end and _is_named(end[1], end[0][: -len(end[1])], names)), len(title))
        rest = title[:cut].rstrip()
        if not rest or weight(rest) < _LEAST or rest == title:
            return title
        title = rest
    return title


def _cuts(title: str) -> Iterator[int]:
    """Give the places from which a mark and a possible name reach to the end, the shortest names first."""
    within = {
        found.start()
        for found in _WITHIN.finditer(title)
        if not _DENSE.search(title[found.start() - 1 : found.end() + 1])
    }
    marks = [found.start() for found in _MARKS.finditer(title) if found.start() not in within]
    return (at for at in reversed(marks[-_CUTS:]) if _END.match(title, at))


def _is_named(piece: str, mark: str, names: Names) -> bool:
    """Tell whether what ends a title behind a mark is the site's name; a colon may stand before anybody's."""
    name = letters(piece)
    if name in names.declared:
        return True
    if mark.strip() in (":", "："):
        return name in names.shown | names.owned and is_medium(piece)
    if name in names.shown:
        return True
    # Titles of sites are made with bars, and by no writer.
    return name in names.owned and (is_medium(piece) or _BAR.search(mark) is not None or _is_of_host(name, names))


def _is_of_host(name: str, names: Names) -> bool:
    """Tell whether an owner's name agrees with a declared name, of which the host is one: "harbourpostmedia"."""
    return any(len(min(name, other, key=len)) > _BRIEF and (name in other or other in name) for other in names.declared)


def _logos(elements: Iterable[HtmlElement], url: str) -> Iterator[str]:
    """Give what leads to the front page under a name, and the texts of pictures that are marked as a logo."""
    host = urlsplit(url).netloc
    for element in islice(elements, _MOST):
        if element.tag == "a" and _is_home(element.get("href") or "", host):
            yield squeeze("".join(islice(element.itertext(), 6)))
            yield from (squeeze(image.get("alt") or "") for image in islice(element.iter("img"), 2))
        elif element.tag == "img" and (alt := element.get("alt")):
            names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('src') or ''}"
            if _LOGO.search(names[:300]):
                yield squeeze(alt)


def _is_home(href: str, host: str) -> bool:
    if len(href) > _LONGEST:
        return False
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return False
    if not parts.path:
        return parts.netloc == host
    return parts.netloc in ("", host) and parts.path in ("/", "/index.html", "/index.htm", "/index.php")
