"""Chooses the title: the h1 that agrees with what the page declares, else the headline, else the title element."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from crawler import urls
from crawler.extract.metadata import Declared, Said
from crawler.extract.page import squeeze

_SEPARATORS = re.compile(
    r"\s+[|–—:·•»«/\\>-]+\s+|\s*[|｜_]\s*|\s+::\s+|(?<=\w):\s+(?=[A-Z][\w.]+$)|"
    r"[-–—](?=[^-–—]{2,12}$)(?<=[\u4e00-\u9fff」”][-–—])"
)


def choose(said: Declared, url: str, source_name: str) -> Said | None:
    """Give the title and its evidence."""
    declared = [(_tidy(value), evidence) for value, evidence in said.titles if _tidy(value)]
    names = [name for name in (said.site_name or "", source_name, urls.site_of(url)) if name]
    cleaned = [(without_site(value, names), evidence) for value, evidence in declared]
    headlines = [_tidy(value) for value in said.h1 if 2 < len(_tidy(value)) <= 400 and not _is_site(value, names)]
    for heading in headlines:
        if any(_agree(heading, value) for value, _ in cleaned):
            return heading, "h1"
    if cleaned:
        return cleaned[0]
    return (headlines[0], "h1") if headlines else None


def without_site(title: str, names: Sequence[str]) -> str:
    """Take the site's name off either end of a title."""
    for _ in range(2):
        parts = list(_SEPARATORS.finditer(title))
        if not parts:
            return title
        if _is_site(title[parts[-1].end() :], names):
            title = title[: parts[-1].start()].rstrip()
        elif _is_site(title[: parts[0].start()], names):
            title = title[parts[0].end() :].lstrip()
        else:
            return title
    return title


def letters(text: str) -> str:
    """Keep letters and digits only, casefolded: the form in which two headlines are compared."""
    return "".join(filter(str.isalnum, text.casefold()))


def _tidy(title: str) -> str:
    return squeeze(html.unescape(re.sub(r"<[^>]{1,80}>", "", title)))


def _is_site(text: str, names: Sequence[str]) -> bool:
    found = letters(text)
    if not found:
        return False
    for name in names:
        wanted = letters(name)
        host = letters(name.split(".")[0]) if "." in name and " " not in name else ""
        if found == wanted or (
            len(found) > 2 and found in (host, f"the{host}", f"{host}com", f"the{wanted}", wanted.removeprefix("the"))
        ):
            return True
    return False


def _agree(heading: str, declared: str) -> bool:
    one, other = letters(heading), letters(declared)
    if not one or not other:
        return False
    shorter, longer = sorted((one, other), key=len)
    if shorter in longer:
        return len(shorter) >= 0.5 * len(longer) or len(shorter) > 20
    words, wanted = set(heading.casefold().split()), set(declared.casefold().split())
    return len(words & wanted) >= 0.7 * max(len(words), len(wanted))
