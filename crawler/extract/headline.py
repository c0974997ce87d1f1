"""Chooses the title: the h1 that agrees with what the page declares, else the headline, else the title element."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Sequence

from lxml.html import HtmlElement

from crawler import agencies, invisible, urls
from crawler.extract import sitenames
from crawler.extract.declared import Declared, Said
from crawler.extract.lines import Line, letters, weight
from crawler.extract.page import squeeze

_SEPARATORS = re.compile(
    r"\s+[|–—:·•»«/\\>-]+\s+|\s*[|｜_]\s*|\s+::\s+|(?<=\w):\s+(?=[A-Z][\w.]+$)|"
    r"[-–—](?=[^-–—]{2,12}$)(?<=[\u4e00-\u9fff」”！？!?][-–—])"
)
_CHINESE_SITE = re.compile(r"[\u4e00-\u9fff]{1,8}(?:网|社|报|在线|新闻|频道|网站|門戶|新聞網)$")


#: At so many places, from its end, a title is cut and looked for among all lines of the page.
_MOST_CUTS = 3


def choose(
    said: Declared, url: str, source_name: str, lines: Sequence[Line] = (), elements: Sequence[HtmlElement] = ()
) -> Said | None:
    """Give the title and its evidence; ``lines`` and ``elements`` are those of the page."""
    found = _choose(said, url, source_name, lines)
    if found and found[1] != "h1":
        found = sitenames.without_end(found[0], sitenames.names_of(said, source_name, lines, elements, url)), found[1]
    return (invisible.of_title(found[0]), found[1]) if found else None


def _choose(said: Declared, url: str, source_name: str, lines: Sequence[Line]) -> Said | None:
    declared = [(_tidy(value), evidence) for value, evidence in said.titles if _tidy(value)]
    names = [name for name in (said.site_name or "", source_name, _host(url), *sitenames.owners(lines)) if name]
    shown = {letters(_tidy(value)) for value in (*said.h1, *said.h2)}
    shown |= _parts_with_most(said)
    cleaned = [(_without_rest(without_site(value, names), shown, lines, url), evidence) for value, evidence in declared]
    headlines = [_tidy(value) for value in said.h1 if 2 < len(_tidy(value)) <= 400 and not _is_site(value, names)]
    for heading in headlines:
        agreeing = [value for value, _ in cleaned if _agree(heading, value)]
        if agreeing:
            return _without_kicker(heading, said.h1_parts, agreeing), "h1"
    if len(set(headlines)) == 1 and _is_of(headlines[0], [value for value, _ in cleaned], url):
        return headlines[0], "h1"
    if cleaned:
        return cleaned[0]
    return (headlines[0], "h1") if headlines else None


def _without_kicker(heading: str, parts: Sequence[str], declared: Sequence[str]) -> str:
    """Give the part of an h1 that the page declares as its title, when a kicker or a date stands in the h1, too."""
    known = {letters(value) for value in declared}
    if letters(heading) in known:
        return heading
    for part in map(_tidy, parts):
        if len(part) > 10 and letters(part) in known and len(part) < len(heading):
            return part
    return heading


def _parts_with_most(said: Declared) -> set[str]:
    """Give the parts of headings that are most of one: the title that a label, a button or a count stands beside."""
    whole = [letters(_tidy(value)) for value in said.h1]
    parts = {letters(_tidy(value)) for value in said.h1_parts}
    return {part for part in parts if any(part in value and 2 * len(part) > len(value) for value in whole)}


def _host(url: str) -> str:
    return urls.site_of(url).removeprefix("www.")  # where the suffix list does not know what ends the name


def _without_rest(title: str, shown: Collection[str], lines: Sequence[Line], url: str) -> str:
    """Take off a title what its page does not show as a heading: the name of a section or of a site."""
    parts = list(_SEPARATORS.finditer(title))
    if not parts:
        return title
    for cut in reversed(parts):
        pieces = (title[: cut.start()], title[cut.end() :])
        for piece in sorted(pieces, key=len, reverse=True):
            if len(piece) > 8 and letters(piece) in shown:
                return piece.strip()
    for cut in reversed(parts[-_MOST_CUTS:]):
        if _is_line(title[: cut.start()], title[cut.end() :], lines):
            return title[: cut.start()].rstrip()
    host = letters(_host(url).split(".")[0])
    for cut in parts:
        rest = title[cut.end() :]
        words = re.findall(r"[^\W\d_]+", rest)
        initials = "".join(word[0] for word in words).casefold()
        like = letters(_SEPARATORS.split(rest)[0])
        if cut.start() > 8 and (
            (len(like) > 4 and (like in host or (len(host) > 3 and host in like)))
            or (len(words) > 1 and len(initials) > 2 and initials == host)
            or _CHINESE_SITE.fullmatch(rest)
            or (not rest.isascii() and len(rest) <= 30 and agencies.is_medium(rest))
        ):
            return title[: cut.start()].rstrip()
    return title


def _is_line(piece: str, rest: str, lines: Sequence[Line]) -> bool:
    """Tell whether a page shows all but the end of its title on a line of its own, which leads nowhere."""
    wanted = letters(piece)
    if weight(piece) < 20 or len(wanted) <= len(letters(rest)):
        return False
    return any(not line.linked and len(line.text) < 2 * len(piece) and letters(line.text) == wanted for line in lines)


def _is_of(heading: str, declared: Sequence[str], url: str) -> bool:
    """Tell whether a lone h1 speaks of what the page declares or its address names, in other words."""
    words = _long_words(heading)
    others = set().union(*map(_long_words, declared)) | _long_words(re.sub(r"[-_/+]", " ", url))
    return len(heading.split()) > 1 and len(words & others) >= min(2, len(words)) > 0


def _long_words(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[^\W_]{4,}", text.casefold())}


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


def _tidy(title: str) -> str:
    title = html.unescape(re.sub(r"<[^>]{1,80}>", "", title))
    return re.sub(r"^(?:Title|Titel):\s*(?=\S)", "", invisible.of_title(squeeze(title)))


def _is_site(text: str, names: Sequence[str]) -> bool:
    found = letters(text)
    if not found:
        return False
    for name in names:
        wanted = letters(name)
        host = letters(name.split(".")[0]) if "." in name and " " not in name else ""
        if found == wanted or (
            len(found) > 2
            and found in (host, f"the{host}", f"{host}com", f"{host}news", f"the{wanted}", wanted.removeprefix("the"))
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
