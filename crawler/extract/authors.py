"""Cleans author names and chooses whose they are: without roles, mail addresses and the names of sites."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from crawler import invisible
from crawler.agencies import agency, is_medium
from crawler.extract import makers, origins
from crawler.extract.desks import is_desk, tells_house
from crawler.extract.given import is_given
from crawler.extract.lines import letters
from crawler.extract.names import (
    ARTICLES,
    evenly,
    is_certain,
    is_house,
    is_name,
    without_employer,
    without_house,
    without_place,
    without_role,
)
from crawler.extract.page import Line, squeeze
from crawler.extract.places import is_place
from crawler.extract.reporters import employed, joined, without_others
from crawler.extract.roles import COMPANY, CREDENTIAL, DESKS, LEADS, NO_PERSON, NOBODY, OFFICE, ROLE, WIRES
from crawler.extract.signing import ARABIC_AND, is_aside

#: What stands before a name where a system or an editor introduces it, in the languages of the press.
_LEAD = re.compile(
    r"^(?:(?:(?:zeige |show |view |see |ver |voir )?(?:alle |all |tous les |todas (?:las )?)?"
    r"(?:posts?|articles?|stor(?:y|ies)|beiträge|artikel|entradas|berichten|inlägg|wpisy)|more|mehr)\s+"
    r"(?:by|from|von|par|de|door|av|od)|"
    r"(?:written|posted|reported|published|created|submitted|story|words|text|analysis|review|reviewed|compiled|"
    r"opinion|article|interview|photography)\s+by|"
    r"(?:veröffentlicht|geschrieben|verfasst|erstellt|gepostet|pressemitteilung|ein beitrag|eine analyse|ein kommentar|"
    r"ein gastbeitrag|interview|artikel)\s+(?:von|durch)|(?:publié|écrit|rédigé|posté)\s+par|"
    r"(?:publicado|escrito|redactado)\s+(?:por|en)|(?:scritto|pubblicato)\s+da|(?:a cura di)|geschreven door|"
    r"(?:skrevet|skriven|publicerad|publisert)\s+av|by|von|par|por|di|door|przez|"
    r"oprac|opracowanie|opracował[ao]?|เขียนโดย|รายงานโดย|โดย|"
    r"author|authors|autor(?:in|en|es)?|auteure?s?|autore|автор(?:ы|и)?|текст|作者|撰文|记者|記者|"
    r"本报记者|本報記者|بقلم|كتب(?:ت)?|נכתב על ידי|מאת|oleh|penulis|yazan|muhabir|"
    r"(?-i:mr|mrs|ms|Mr|Mrs|Ms|Dr|DR|Prof|Dipl\.-\w+))(?:[.:：]+\s*|\s+(?=\S)|(?<=[记記]者|作者))",
    re.IGNORECASE,
)
#: Between two names.
_SPLIT = re.compile(
    r"\s*(?:;|\||/|、|，|；|•|\s[·‧・]\s|(?<=[가-힣])[·・](?=[가-힣])|(?<=[\u3400-\u9fff])・(?=[\u3400-\u9fff])|\n|"
    r"\s\+\s)\s*"
)
#: A bare "e", "i" or "a" counts only between words of names, so it has spaces about it.
_AND = re.compile(
    r"\s*(?:\s&\s|(?:,\s*)?\s(?:and|und|et|y|og|och|with|mit|ve|i|e|en|és|ja|dan|và|oraz|și|şi|и|та|і|й|و|"
    r"和|与|與|及)\s)\s*"
)
#: What a page prints beside a name and is none.
_CLUTTER = re.compile(
    r"\b(?:updated|published|posted|follow|twitter|facebook|linkedin|blue ?sky|mastodon|instagram|youtube|tiktok|"
    r"github|email|e-mail|share|comments?|kommentare?|"
    r"read more|"
    r"subscribe|newsletter|sign (?:up|in)|log ?in|abonnieren|abonnez|suscr[ií]b\w*|iscriviti|assine|подпи\w+|"
    r"min(?:utes?)? read|biograph\w+|all rights|copyright|avatar|unknown)\b|©|"
    r"^(?:photos?|pictures?|images?|fotos?|bild(?:er)?|фото|снимок|图片|圖片|写真|사진|صورة|عکس)\b|"
    # A template's place that nobody filled.
    r"^[a-z_]+(?:\.[a-z_]+)*\.author\w*$|[{}]|%\w+%",
    re.IGNORECASE,
)
_WITH_AGENCY = re.compile(r"(.{3,60}?)\s(?:avec|with|mit|con|com|met|med)\s(?:l['’])?(.{2,40})", re.IGNORECASE)
_AFTER_NAME = re.compile(
    r"\s+(?:기자|특파원|논설위원|記者|记者|特派員|編集委員|報道|报道)$|(?<=[가-힣]{3})\s?(?:기자|특파원)$"
)
#: A title, a sentence or a desk begins so, and no name.
_NO_NAME = re.compile(r"(?:our|from|on|with|how|what|why|this|your|my|به گزارش)\s", re.IGNORECASE)
#: In Vietnam "Theo" is "according to", but before a surname alone: "Theo Lê".
_ACCORDING = re.compile(
    r"Theo (?!(?:Nguyễn|Nguyên|Trần|Lê|Phạm|Huỳnh|Hoàng|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trịnh|Lương|Mai)$)"
)
#: Companies and blogs of the West sign with desks that are theirs.
_LATIN = re.compile("[A-Za-zÀ-ɏ]")
_DASH = re.compile(r"\s[-–—|]\s")


def clean(values: Iterable[str], site_names: Iterable[str], language: str = "") -> tuple[str, ...]:
    """Give the names of persons in their order, each once."""
    return _names(values, _sites(site_names), language, None)


def choose(
    candidates: Sequence[tuple[tuple[str, ...], str]],
    site_names: Iterable[str],
    language: str,
    is_printed: Callable[[str], bool],
    *,
    outlets: Sequence[str] | None = None,
) -> tuple[tuple[str, ...], str] | None:
    """Give the authors and their evidence: persons of the best evidence, else a desk that the page prints as author.

    Of a page that declares to be news ``outlets`` are organisations about it, else None: then its site is no author. A
    desk that tells no house is one only where the page declares it.
    """
    houses = set(map(letters, outlets or ()))
    sites = _sites(site_names)
    joined: dict[str, tuple[str, ...]] = {}
    for values, where in candidates:
        joined[where] = joined.get(where, ()) + values

    def accepts(name: str, where: str) -> bool:
        declared = where not in ("byline", "author element", "line beside the date")
        if is_desk(name) and not (declared and _LATIN.match(name)) and not tells_house(name):
            return False
        if _is_site(name, sites) and not is_given(name.split(maxsplit=1)[0]):
            named = letters(name) in houses or not is_name(name)
            told = where in ("json-ld", "byline", "author element")
            if (told and is_medium(name)) or (where.startswith(("json-ld", "meta")) and outlets is not None and named):
                return False
        return is_printed(name)

    for accept in (None, accepts):
        for where, values in joined.items():
            names = _names(values, sites, language, accept and partial(accept, where=where))
            if names and all(map(agency, names)) and where != "byline":
                # Systems put down the agency whose text a person reported, as the page prints.
                printed = _names(joined.get("byline", ()), sites, language, None)
                if printed and not all(map(agency, printed)):
                    return printed, "byline"
            if names:
                return names, where
    return None


def is_printed(name: str, lines: Sequence[Line]) -> bool:
    """Tell whether a page prints a name as that of its author: alone in a line, or after "by"."""
    wanted = letters(name)
    for line in lines[:300]:
        if len(line.text) > 120:
            continue
        found = letters(line.text)
        if found == wanted or (
            wanted in found and letters(_LEAD.sub("", line.text)).startswith(wanted) and not found.startswith(wanted)
        ):
            return True
    return False


def _sites(names: Iterable[str]) -> set[str]:
    sites = {letters(name) for name in names if name}
    return sites | {site.removeprefix("the") for site in sites}


def _names(
    values: Iterable[str], sites: set[str], language: str, accept: Callable[[str], bool] | None
) -> tuple[str, ...]:
    """List the names: of persons, or, with ``accept``, also those of desks and sites that it accepts."""
    found: dict[str, str] = {}
    for value in values:
        # The name of a site may look like two of persons: "News of the Coast | The Harbour Wire".
        whole_site = _is_site(value, sites)
        for part in [value] if whole_site else _parts(value, language):
            whole = squeeze(part) if whole_site else _name(part)
            named_site = whole_site or _is_site(whole, sites) or _is_host(whole, sites)
            name = whole if named_site else evenly(without_house(without_role(whole), declared=True), language)
            key = letters(name)
            if named_site and agency(whole):
                continue  # an agency's own page names no person so
            if (origin := origins.told(whole)) or (language[:2] == "vi" and _ACCORDING.match(whole)):
                name = origin if origin and agency(origin) else ""  # from whom the text is
                key = letters(name)
            if not key or _is_nobody(key, name) or makers.is_maker(whole):
                continue
            cut = name != whole and NO_PERSON.search(name) is not None  # "Digital Security Expert"
            desk = key in DESKS or (is_desk(name) and not agency(name))
            person = not (cut or named_site or desk or ROLE.search(name) or _is_no_person(name))
            if person or (accept is not None and accept(name)):
                found.setdefault(key, name)
    names = tuple(found.values())[:12]
    # "Jane Roe, dpa": the agency beside a person is where the text came from.
    persons = tuple(name for name in names if not agency(name))
    return persons or names


def _is_nobody(key: str, name: str) -> bool:
    """Tell whether a name, given with its letters, is that of an account and of nobody: "admin", "editor2"."""
    bare = key.rstrip("0123456789")
    if key in LEADS or bare in NOBODY or (bare != key and bare in DESKS):
        return True
    return re.search(r"\badmin|admin\b", name, re.IGNORECASE) is not None


def _is_no_person(name: str) -> bool:
    """Tell whether a text is a house or a place, or begins or is written as no name is."""
    if agency(name):
        return False
    words = name.split()
    small = len(words) > 2 and name.islower()
    return (
        small
        or _NO_NAME.match(name) is not None
        or is_house(name, declared=True)
        or is_place(name)
        or bool(COMPANY.search(name))
        or name.endswith("+")
    )


def _parts(value: str, language: str) -> list[str]:
    value = squeeze(html.unescape(re.sub(r"<[^>]{1,200}>", " ", html.unescape(value))))
    value = re.sub(r"^\S+@\S+\s*\(([^()]+)\)$", r"\1", value)  # as feeds write it
    if len(value) > 300 or re.search(r"https?://|\bwww\.", value) or makers.is_of_tool(value):
        return []
    parts: list[str] = []
    value = joined(without_others(value))
    if (house := re.fullmatch(r"[(（]([^()（）]{2,40})[)）]", value)) and (origin := _agency_of(house[1])):
        return [origin]  # "(TTXVN/Vietnam+)"
    if names := employed(value):
        return list(names)
    value, _ = without_employer(_without_place_behind(_LEAD.sub("", value)))
    if (helped := _WITH_AGENCY.fullmatch(value)) is not None and (origin := origins.first(helped[2], signed=True)):
        # "Le Monde avec AFP", "La rédaction avec AFP", but "Jane Roe avec AFP"
        return [origin] if helped[1].split()[0].casefold() in ARTICLES else [*_parts(helped[1], language), origin]
    pieces = _split(value, language)
    if pieces and re.match(r"[\w-]+\.(?:com|org|net|de|at|ch|fr|it|es|uk|ru)\s*,", pieces[0]):
        return []  # "example.de, Frankfurt, Germany" is an address
    for piece in pieces:
        commas = [part.strip() for part in piece.split(",")]
        if len(commas) == 2 and agency(commas[1]):  # "MS, PAP": who edited it has no name
            parts += [*(part for part in commas[:1] if not (part.isupper() and len(part) <= 4)), commas[1]]
            continue
        # "Jane Roe, Reuters correspondent" is one person; "Jane Roe, John Doe" are two.
        if len(commas) == 2 and (ROLE.search(commas[1]) or len(commas[0].split()) == 1):
            parts.append(commas[0] if ROLE.search(commas[1]) else " ".join(reversed(commas)))
        else:
            beside = is_aside if len(commas[0].split()) > 1 else _is_title
            parts += [commas[0], *(part for part in commas[1:] if not beside(part))]
    if len(parts) > 1 and is_name(parts[0]):
        parts[1:] = [part for part in parts[1:] if not (is_place(part) or is_house(part) or WIRES.fullmatch(part))]
    return parts


def _without_place_behind(value: str) -> str:
    """Take off a name the single words that a stroke parts from it: "Meryem Şahin / İstanbul"."""
    name, *rest = re.split(r"\s*[/|]\s*", value)
    if not rest or len(name.split()) < 2 or not is_name(name):
        return value
    return " / ".join([name, *(part for part in rest if " " in part or not part[:1].isupper() or agency(part))])


def _agency_of(text: str) -> str | None:
    """Give the agency among houses that a slash parts."""
    return next(filter(agency, re.split(r"\s*/\s*", text)), None)


def _is_title(part: str) -> bool:
    return CREDENTIAL.fullmatch(part) is not None or ROLE.search(part) is not None


def _split(value: str, language: str) -> list[str]:
    marked = [piece for piece in _SPLIT.split(value) if piece]
    split: list[str] = []
    for piece in (part for each in marked for part in ([each] if OFFICE.search(each) else _AND.split(each)) if part):
        halves = ARABIC_AND.split(piece)
        if len(halves) > 1 and all(len(half.split()) > 1 for half in halves):
            split += halves
        elif language.startswith("zh") and re.fullmatch(r"[\u3400-\u9fff]{2,4}(?:\s[\u3400-\u9fff]{2,4})+", piece):
            split += piece.split()
        else:
            split.append(piece)
    return split


def _name(part: str) -> str:
    name = re.sub(r"\S+@\S+|\([^)]*\)|（[^）]*）|\[[^]]*\]|(?<!\w)@\w+", "", part).strip(" .:：-–—*|/,\"'“”„⋅·ـ")
    name = re.sub(
        r"^(?:[Bb]y|[Vv]on|[Pp]ar|Por)(?=[A-ZÀ-Þ])", "", name
    )  # the label's element and the name's have no space between
    for _ in range(3):
        name = _LEAD.sub("", name).strip()
    place, *others = _DASH.split(name)
    if others and " " not in place and is_certain(others[0]):
        name = others[0]  # "بيروت - ليلى حداد"
    name = _AFTER_NAME.sub("", re.split(rf"{_DASH.pattern}|\s*[:：]\s", name, maxsplit=1)[0])
    name = without_place(squeeze(invisible.of_name(name)))
    words = name.split()
    half = len(words) // 2
    if half and words[:half] == words[half:]:  # the picture's text and the link's
        words = words[:half]
        name = " ".join(words)
    if (
        not words
        or len(words) > 6
        or len(name) > 60
        or (any(map(str.isdigit, name)) and len(words) > 2)
        or not any(map(str.isalpha, name))
        or _CLUTTER.search(name)
    ):
        return ""
    return name


def _is_site(name: str, sites: set[str]) -> bool:
    return letters(name).removeprefix("the") in sites


def _is_host(name: str, sites: set[str]) -> bool:
    return re.fullmatch(
        r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|news|[a-z]{2})", name.lower()
    ) is not None or any(len(site) > 5 and letters(name).startswith(site) for site in sites)
