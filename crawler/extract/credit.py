"""Tells whom a text credits: the publisher that the page itself names as the text's origin."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from crawler import urls
from crawler.agencies import DATED_ONLY, DATELINE_ONLY, KNOWN, agency, identity, known, printed, signing
from crawler.extract import jsonld
from crawler.extract.declared import Said
from crawler.extract.lines import letters
from crawler.extract.places import is_place

_FORMS = "|".join(re.escape(form) for form in sorted(KNOWN, key=len, reverse=True))
_PLACE = r"[^()（）.!?。]{0,70}(?:[.]\s?\d\d?\s?)?[^()（）!?。]{0,25}"
_DATELINES = (
    # BEIJING, Nov. 6 (Xinhua) --   |   (Reuters) -   |   Berlin (dpa) -   |   (서울=연합뉴스)   |   【共同】
    re.compile(
        rf"^{_PLACE}[(（](?:[^()]{{1,12}}=\s?)?({_FORMS})[)）]\s?(?:[-–—―:.]|\s[^\s]|$)",
        re.IGNORECASE,
    ),
    # Москва. 6 ноября. INTERFAX.RU -
    re.compile(rf"^[^\W\d_][^.!?。]{{1,30}}\.\s\d\d?\s[^\W\d_]+\.\s({_FORMS})\s?[-–—.]", re.IGNORECASE),
    # (평양 11월 6일발 조선중앙통신)   |   [서울=뉴시스]   |   دمشق-سانا
    re.compile(r"^[(（\[【][^()\[\]【】]{2,24}(조선중앙통신|연합뉴스|뉴시스|뉴스1)[)）\]】]"),
    re.compile(r"^[\u0600-\u06ff\s]{2,20}\s?[-–—ـ]\s?(سانا|واس|وام|قنا|بترا|وفا)(?=[\s:-])"),
    re.compile(rf"^[【\[]({_FORMS})[^】\]]{{0,12}}[】\]]", re.IGNORECASE),
    # 【東港共同】   |   【東港＝時事】   |   【3月14日 AFP】   |   [東港 14日 ロイター]
    re.compile(r"^[【\[][^】\]]{1,16}?[＝=\s]?(共同|時事|ロイター|(?<=[\s＝=])(?:AFP|CNN|AP))[】\]]"),
    # （中央社記者王小明台北14日電）
    re.compile(r"^[(（](中央社|新华社|新華社|中新社|法新社|路透社)[^()（）]{2,24}?\d{1,2}日[^()（）]{0,4}[電电][)）]"),
    # МОСКВА, 6 ноября. /ТАСС/.   |   МОСКВА, 6 ноя — РИА Новости.   |   TEHRAN, IRNA –
    re.compile(rf"^[^/!?。]{{2,60}}[.,]?\s/({_FORMS})/", re.IGNORECASE),
    re.compile(
        rf"^[^\W\d_][^.!?。—–]{{1,50}}(?:[.]\s?\d\d?)?\s?[,—–-]\s?({_FORMS})\s?(?:[.]|[-–—:])\s?", re.IGNORECASE
    ),
    # 新华社北京11月6日电   |   中新网11月6日电
    re.compile(
        r"^据?(新华社|新華社|中新社|中新网|人民网|央视网|中央社|环球网)[^，。]{0,16}?\d{1,2}月\d{1,2}日"
        r"[^，。]{0,12}[电電讯訊]"
    ),
)
_ARABIC = r"سانا|واس|وام|قنا|بترا|كونا|وفا|د ب أ|أ ف ب|شينخوا|رويترز"
#: Datelines that nothing else looks like: each has a place and a day, or marks of its own.
_SURE = (
    # МОСКВА, 4 мар — РИА Новости, Анна Иванова.   |   ПЕКИН, 4 марта. /Корр. ТАСС Иван Петров/.
    re.compile(r"^[А-ЯЁ][А-ЯЁ -]{2,30},\s\d\d?\s[а-я]{3,9}\.?\s?[—–-]\s?(РИА Новости|Sputnik),\s[А-ЯЁ][\w -]{2,40}\."),
    re.compile(
        r"^(?=[^/]*\d)[^/!?]{3,60}\s/(?:[Кк]орр\.|[Сс]пецкорр\.|[Кк]орреспондент)\s(ТАСС|БЕЛТА|БелТА)(?:\s[А-ЯЁ][^/]{2,40})?/"
    ),
    # 【北京3月4日新華社】   |   ［ロンドン ４日 ロイター］
    re.compile(r"^[【\[［][^】\]］]{1,16}?\d{1,2}日\s?(新華社|ロイター|共同|時事|AFP|AP)[】\]］]"),
    # DAMASCUS, (SANA)   |   AFP.-
    re.compile(r"^[A-Z][A-Za-z .-]{2,24},\s[(](SANA)[)]\s(?=[A-Z\d\"“'‘–—-])"),
    re.compile(r"^(AFP|AP|EFE|ANSA|Reuters|Xinhua|Télam|Europa Press)\.-\s"),
    # YEREVAN, MARCH 4, ARMENPRESS.   |   ASTANA. KAZINFORM –
    re.compile(
        r"^[^\W\d_][^\d.!?()]{2,40},\s(?:[^\W\d_]{3,9}\s\d\d?|\d\d?\s[^\W\d_]{3,9}),\s"
        r"(ARMENPRESS|АРМЕНПРЕСС|AZERTAC|AZƏRTAC|АЗЕРТАДЖ)\b"
    ),
    re.compile(r"^[A-ZА-ЯЁ][A-ZА-ЯЁ -]{2,20}\.\s(KAZINFORM|КАЗИНФОРМ)\s?[–—-]"),
    # عمان 4 آذار (بترا) -   |   واشنطن – (د ب أ):   |   أبوظبي في 4 مارس / وام /   |   رام الله 4-3-2025 وفا-
    re.compile(rf"^(?:[\u0621-\u064a]+\s){{0,2}}?[\d\s-]{{0,10}}[-–—]?\s?[(]({_ARABIC})[)]\s?[-–—:]"),
    re.compile(
        rf"^(?:[\u0621-\u064a]+\s){{1,3}}\d{{1,2}}\s[\u0621-\u064a]+\s(?:\d{{4}}\s)?[(/]\s?({_ARABIC})\s?[)/](?=[\s:-])"
    ),
    re.compile(rf"^(?:[\u0621-\u064a]+\s){{1,3}}\d{{1,2}}-\d{{1,2}}-\d{{4}}\s({_ARABIC})\s?[-–—]"),
    # الرياض 04 رمضان 1446 هـ الموافق 04 مارس 2025 م واس
    re.compile(rf"^[^()،.]{{4,40}}\sهـ\sالموافق\s\d{{1,2}}\s\S+\s\d{{4}}\s?م\s({_ARABIC})(?=\s|$)"),
    # به گزارش خبرگزاری ایسنا،
    re.compile(
        r"^به گزارش\s(?:(?:خبرنگار|گروه)\s[^،,.()]{2,30}?\s)?(?:خبرگزاری\s)?(ایرنا|ایسنا|تسنیم|فارس|مهر|سانا)\s?[،,]"
    ),
    # नयी दिल्ली, चार मार्च (भाषा)
    re.compile(
        r"^[\u0900-\u097f\s]{2,30},\s[^\s()]{1,8}\s(?:जनवरी|फरवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|अक्टूबर|नवंबर|दिसंबर)"
        r"\s[(](भाषा)[)]"
    ),
)
#: Papers of Indonesia and Malaysia put their own name beside the place; a single dash is any sentence's elsewhere.
_CITY = r"(?P<city>[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){0,2})"
_SITE = r"[A-Z][\w-]+\.(?:com|COM|(?:co\.)?id|(?:CO\.)?ID|Id|net|NET|co|CO|tv|TV|(?:com\.)?my)"
_DASH = r"\s(?P<dash>[-–—]{1,2})\s"
_OF_INDONESIA = (
    # Jakarta, CNN Indonesia --   |   JAKARTA, HARIANUTARA.COM -   |   HarianUtara.com, Jakarta -
    re.compile(
        rf"^{_CITY},\s(?P<house>(?:CNN|CNBC|BBC|BBC News|VOA|DW) (?:Indonesia|INDONESIA|Malaysia)|{_SITE}){_DASH}"
    ),
    re.compile(rf"^(?P<house>{_SITE}),\s{_CITY}{_DASH}"),
)
_CITIES = frozenset((
    "ambon", "balikpapan", "banda aceh", "bandar lampung", "bandung", "banjarmasin", "banyuwangi", "batam", "bekasi",
    "bengkulu", "bogor", "cirebon", "denpasar", "depok", "gorontalo", "ipoh", "jakarta", "jambi", "jayapura", "jember",
    "johor bahru", "kediri", "kendari", "kota kinabalu", "kuala lumpur", "kuching", "kupang", "lampung", "makassar",
    "malang", "manado", "mataram", "medan", "padang", "palangka raya", "palembang", "palu", "pekanbaru", "pontianak",
    "putrajaya", "samarinda", "semarang", "serang", "sidoarjo", "solo", "surabaya", "surakarta", "tangerang", "ternate",
    "yogyakarta",
))  # fmt: skip
_MALAY = frozenset(("id", "ms"))
_AT = re.compile(r"(?:In|At|From|Near|On|Di|Ke|Dari|Pada)\b", re.IGNORECASE)
#: One of these stands in each of them.
_SURE_HINT = re.compile(r"[/【\[［(（]|\.-|—|–|РИА|Sputnik|PRESS|ПРЕСС|AZ|АЗ|KAZ|КАЗ|هـ|وفا|^به گزارش")
#: An agency's name in Arabic is spoken of so.
_SPOKEN_OF = re.compile(r"وكالة|الوكالة")
_COPYRIGHT = re.compile(
    r"^(?:riproduzione riservata\s*)?(?:Copyright\s*)?(?:©|ⓒ|\(c\)|（[CＣ]）|Copyright)\s*(?:Copyright\s+)?"
    r"(?:(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)\d\d)?)?,?\s*"
    r"(?:by\s+)?([^.,|©\d]{2,50}?)\s*(?:(?:19|20)\d\d\s*)?(?:[.,|]|All rights|$)",
    re.IGNORECASE,
)
#: A cache's and a staging host's address: it is no other house's.
_TRIAL = r"(?:staging|stage|stg|preprod|preview|uat|cms|dev|test)\d*"
_NO_HOUSE = re.compile(rf"(?:^|[.-]){_TRIAL}[.-]")
_NO_DOMAIN = re.compile(rf"^(?:ampproject|wpengine|localhost)\.|-{_TRIAL}\.")


def _is_no_house(address: str) -> bool:
    """Tell whether an address is that of a cache, or of a host on which pages are tried."""
    site = urls.site_of(address)
    return _NO_DOMAIN.search(site) is not None or _NO_HOUSE.search(urls.host_of(address).removesuffix(site)) is not None


def dateline(text: str, language: str = "") -> str | None:
    """Read the agency of a dateline at the start of a paragraph; papers of some languages have forms of their own."""
    opening = text[:140]
    if _SURE_HINT.search(opening):
        sure = next((match for pattern in _SURE if (match := pattern.match(opening))), None)
        if sure and not _SPOKEN_OF.search(opening, 0, sure.start(1)):
            return printed(sure[1])
    if "," in opening[:30] and (of_medium := _of_indonesia(opening, language)):
        return of_medium
    for pattern in _DATELINES:
        match = pattern.match(opening)
        if match and _SPOKEN_OF.search(opening, 0, match.start(1)):
            continue
        if match and not match[0][match.end(1) :].strip(" )）]】") and not _is_place_alone(text[: match.start(1)]):
            continue
        if match and _is_place(opening[: match.start(1)], match[0][match.end(1) :]):
            form = match[1].casefold()
            if form in DATED_ONLY:
                if _is_dated(opening[: match.start(1)], match[1]):
                    return printed(match[1])
                continue
            # Capitals and a dash tell an agency from a word: "TEHRAN, Fars -", but no "app", no "the club (AA) met".
            word = form.isascii() and not match[1][0].isupper()
            if form in DATELINE_ONLY and (word or not re.search(r"[^\w\s()（）\[\]【】]\s?$|[】\]/]", match[0])):
                continue
            return printed(match[1])
    return None


def _of_indonesia(opening: str, language: str) -> str | None:
    """Read the paper of Indonesia or Malaysia that opens a text with its own name and a place.

    A double dash tells it in their languages; elsewhere, and where the dash is single, the place must be known, too.
    """
    found = next((match for pattern in _OF_INDONESIA if (match := pattern.match(opening))), None)
    if found is None or _AT.match(found["city"]):
        return None
    double = len(found["dash"]) > 1
    at_home = language[:2] in _MALAY
    named = found["city"].casefold() in _CITIES or (found["city"].isupper() and found.start("city") == 0)
    return found["house"] if (named and (at_home or double)) or (at_home and double) else None


def _is_dated(before: str, name: str) -> bool:
    """Tell whether a place and a day stand before an agency whose name is a word: "Abuja, March 4 (NAN)"."""
    day = re.fullmatch(r"[^\W\d_].{2,60}\d.{0,12}[(/]", before)
    return day is not None and (name.isupper() or name.istitle()) and (len(name) > 4 or not name.istitle())


def _is_place_alone(text: str) -> bool:
    """Tell whether what stands before an agency that ends its paragraph is a place, and no picture's caption."""
    place = re.split(r"[,\d]", text.strip(" (（[【"), maxsplit=1)[0].strip(" .=＝")
    return " " not in place or place.isupper() or is_place(place)


def _is_place(text: str, after: str) -> bool:
    """Tell whether what stands before an agency is a place and a date, and no sentence that speaks of it."""
    words = re.findall(r"[^\W\d_](?:[^\W_]|['’.-](?=\w))*|\d+", text)
    if words[:1] == ["The"] and words[1:2] != ["Hague"]:
        return False  # "The Socialist Party (SANA) --"
    if any(word[0].islower() or word[0].isupper() for word in words):
        return not any(
            word[0].islower()
            and len(word) > 3
            and not words[max(0, at - 1)].isdecimal()
            and not (words[at - 1] == "de" and words[max(0, at - 2)].isdecimal())
            for at, word in enumerate(words)
        )
    return sum(not word.isdecimal() for word in words) <= 3 or re.search(r"[-–—―ـ:.】\]/]", after) is not None


def choose(
    *,
    line: str | None,
    node: Mapping[str, Any],
    feed: str | None,
    author_names: Sequence[str],
    paragraphs: Sequence[str],
    canonical: str | None,
    url: str,
    own_names: Sequence[str],
    language: str = "",
    rights: str | None = None,
) -> Said | None:
    """Give the credited publisher and its evidence; None when the page credits nobody but its own publisher."""
    own = {letters(name) for name in own_names if name}
    own |= {name.removeprefix("the") for name in own} | {letters(identity(name)) for name in own_names if known(name)}
    for name, evidence in (
        (line, "credit line"),
        (_jsonld_origin(node, url), "json-ld"),
        (feed, "feed"),
        (next((found for paragraph in paragraphs[:3] if (found := dateline(paragraph, language))), None), "dateline"),
        (next((printed(author) for author in author_names if signing(author, language)), None), "byline"),
        (rights or _copyright(paragraphs), "copyright line"),
        (_foreign(canonical, url), "canonical"),
    ):
        # "The Associated Press" is AP News' own, 新华社 that of news.cn.
        if name and not _is_own(name, own) and not (known(name) and _is_own(identity(name), own)):
            return name, evidence
    return None


def _jsonld_origin(node: Mapping[str, Any], url: str) -> str | None:
    for key in ("sourceOrganization", "isBasedOn", "publisher"):
        for name, addressed, elsewhere in jsonld.houses(node.get(key), url):
            # A publisher's own company often differs from its site's name and is no origin.
            if agency(name) or (key == "sourceOrganization" and not addressed) or (elsewhere and key != "publisher"):
                return name
    return None


def _copyright(paragraphs: Sequence[str]) -> str | None:
    return next((house for paragraph in paragraphs[-3:] if (house := copyright_of(paragraph))), None)


def copyright_of(paragraph: str) -> str | None:
    """Give the agency whose rights a line tells."""
    match = _COPYRIGHT.match(paragraph) if len(paragraph) < 200 else None
    # Pictures and parent companies are named so, too: only an agency is surely the text's origin.
    return match[1].strip() if match and agency(match[1]) else None


def _foreign(canonical: str | None, url: str) -> str | None:
    if not canonical or urls.same_site(canonical, url) or _is_no_house(canonical):
        return None
    one, other = urls.site_of(canonical), urls.site_of(url)
    # bbc.com and bbc.co.uk are one house; so is a bare machine name or an address without a domain.
    if "." not in one or one.split(".")[0] == other.split(".")[0] or re.fullmatch(r"[\d.\[\]:a-f]+", one):
        return None
    return one


def _is_own(name: str, own: set[str]) -> bool:
    """Tell whether a name is the carrier's own, also in a longer or shorter form ("Guardian", "The Guardian UK")."""
    found = letters(name).removeprefix("the")
    if not found:
        return True
    for mine in own:
        shorter, longer = sorted((found, mine), key=len)
        if (
            found == mine
            or mine in (f"{found}news", f"{found}com")
            or (len(shorter) > 3 and shorter in longer and len(shorter) >= 0.7 * len(longer))
        ):
            return True
    return False
