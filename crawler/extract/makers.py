"""Tells who made a page's system or design, and not its text: themes write themselves into the field for the author."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.lines import Line, letters
from crawler.extract.names import is_certain

#: Systems, and houses that sell or give away designs for them, by their letters. A word that is a name, too, as "Hugo"
#: or "Ghost", is none here: for them the page itself must say so.
_KNOWN = frozenset((
    "acmethemes", "athemes", "bdthemes", "blogger", "blogspot", "bootstrap", "bootstrapmade", "cmsmasters", "codeless",
    "coderthemes", "colorlib", "concrete5", "creativetim", "cssigniter", "datalifeengine", "dedecms", "designmodo",
    "discuz", "dnn", "dotnetnuke", "dreamweaver", "drupal", "edgethemes", "elegantthemes", "elementor", "empirecms",
    "envato", "ezpublish", "freehtml5", "freehtml5co", "graygrids", "html5up", "htmlcodex", "ithemes", "jegtheme",
    "joomla", "keenthemes", "kentico", "magento", "microsoftfrontpage", "mikadothemes", "modx", "mysterythemes",
    "mythemeshop", "opencart", "organicthemes", "phpbb", "phpcms", "pixelwars", "pixinvent", "plone", "prestashop",
    "probootstrap", "qodeinteractive", "qodethemes", "radiustheme", "rarathemes", "semicolonweb", "sharepoint",
    "shopify", "sitecore", "sitefinity", "spicethemes", "squarespace", "startbootstrap", "studiopress", "styleshout",
    "tagdiv", "templatemo", "templatemonster", "templatesjungle", "themeco", "themefisher", "themeforest",
    "themefreesia", "themegrill", "themehunt", "themeisle", "themesberg", "themeum", "themewagon", "themezy",
    "thimpress", "tooplate", "typo3", "typo3cms", "uicookies", "uideck", "umbraco", "vbulletin", "w3layouts", "webflow",
    "weebly", "wix", "woothemes", "wordpress", "wpexplorer", "xoops", "битрикс", "织梦", "帝国cms",
))  # fmt: skip
#: What such a house is called.
_CALLED = re.compile(
    r"\b(?:themes?|templates?|web[ -]?(?:design\w*|develop\w*|agentur|agency|solutions?|studio)|werbeagentur|"
    r"hosting|cms)\b",
    re.IGNORECASE,
)
#: Persons are called so, too, where a given name stands before it that is no system's: "Anna Templates".
_SURNAME = re.compile(r"(?!(?:hugo|gatsby|jekyll|astro)\b)\w+ (?:themes?|templates?)", re.IGNORECASE)
#: A tool's authors, as its own example pages name them.
_OF_TOOL = re.compile(
    r"\b(bootstrap|jekyll|hugo|gatsby|docusaurus|sphinx|vuepress)\s+(?:contributors|authors|team)\b", re.IGNORECASE
)
#: How a page tells below its text who made it.
_MADE_BY = re.compile(
    r"\b(?:templates?|themes?|web ?design|design(?:ed|er)?|powered|developed|website|made|built|gestaltung|umsetzung|"
    r"realisierung|conception|réalisation|diseño|desarrollo|realizzazione|realizzato|projekt|wykonanie|разработка|"
    r"создание сайта)\b[^.|©]{0,30}?(?:\b(?:by|with|von|durch|par|por|da|de|przez)\b|[:：])\s*([^.|©,]{2,40})",
    re.IGNORECASE,
)
#: Of so many lines at its end, none of which is longer.
_LAST, _LONGEST = 40, 200


def is_maker(name: str) -> bool:
    """Tell whether a name is that of a system, with or without its version, or of a house that makes designs."""
    key = letters(name)
    if key in _KNOWN or key.rstrip("0123456789") in _KNOWN:
        return True
    return _CALLED.search(name) is not None and not (_SURNAME.fullmatch(name) and is_certain(name))


def is_of_tool(value: str) -> bool:
    """Tell whether a value names who wrote a tool, on whose example page another was built."""
    return _OF_TOOL.search(value) is not None


def without(values: Sequence[str], lines: Sequence[Line], generator: str) -> tuple[str, ...]:
    """Give the names in a field for the author that are not those of who made the page; persons stay.

    ``lines`` are the page's, the last of which may tell who made it; ``generator`` is the system that it declares.
    """
    return tuple(value for value in values if is_certain(value) or not _is_named(value, lines, generator))


def _is_named(value: str, lines: Sequence[Line], generator: str) -> bool:
    wanted = letters(value)
    system = re.match(r"[^\d(;,]+", generator)
    if system and letters(system[0]) == wanted:
        return True
    small = value.casefold()
    told = (line.text for line in lines[-_LAST:] if len(line.text) <= _LONGEST and small in line.text.casefold())
    # "made with love by Colorlib"
    return any(
        letters(re.split(r"\b(?:by|von|par|por)\s", found[1])[-1]) == wanted
        for text in told
        for found in _MADE_BY.finditer(text)
    )
