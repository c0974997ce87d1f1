"""Cleans author names and chooses whose they are: without roles, mail addresses and the names of sites."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence

from crawler.agencies import agency
from crawler.extract.byline import is_name, without_place
from crawler.extract.lines import letters
from crawler.extract.page import Line, ParsedPage, squeeze

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
#: An office has one name, whatever stands in it: "Ministry of Trade and Industry", "Landesanstalt für Wald und Forst".
_OFFICE = re.compile(
    r"\b(?:(?:\w*(?:ministerium|anstalt|amt|behörde|institut|verband)|institute|department|ministry|office|bureau|agency|"
    r"commission|centre|center|council|ministère|ministerio|ministero|instituto|istituto)\s+"
    r"(?:für|der|des|of|for|on|de|del|della|do|da|du|pour|per|para)\b)",
    re.IGNORECASE,
)
#: The Arabic "and" is written on the next word; these names begin with that letter themselves.
_ARABIC_AND = re.compile(r"(?<=\S)\sو(?=\S)(?!(?:ليد|ائل|سام|سيم|جدي|فاء|ديع|حيد|فيق|رد|صفي|هبة|ليم)\b)")
_ROLE = re.compile(
    r"\b(?:editors?|editor-in-chief|reporters?|correspondents?|writers?|journalists?|columnists?|contributors?|"
    r"contributing|producers?|chief|bureau|directors?|managers?|analysts?|critics?|ceo|cto|cfo|vp|"
    r"redakteur\w*|redaktion\w*|journaliste?n?|korrespondent\w*|rédact\w*|redactor\w*|periodista|giornalista|"
    r"корреспондент\w*|редактор\w*|журналист\w*|photographers?|senior|founders?|co-founder|professors?|phd|fellow|"
    r"president|freelance\w*|bloggers?|teams?|desks?|staff|newsroom|editorial|gastautor\w*|mitarbeiter\w*|"
    r"specialist|strategist|expert|consultant|dietitian|horticulturalist|educator|representative)\b|"
    r"(?:教授|研究员|研究員|评论员|評論員|专家|專家|编辑|編輯)$",
    re.IGNORECASE,
)
_COMPANY = re.compile(r"\b(?:limited|ltd|inc|llc|plc|gmbh|corp|pty)\b\.?$|有限公司|株式会社", re.IGNORECASE)
#: What a page prints beside a name and is none.
_CLUTTER = re.compile(
    r"\b(?:updated|published|posted|follow|twitter|facebook|linkedin|email|e-mail|share|comments?|kommentare?|"
    r"read more|min(?:utes?)? read|biograph\w+|all rights|copyright|avatar|unknown)\b|©|"
    r"^(?:photos?|pictures?|images?|fotos?|bild(?:er)?|фото|снимок|图片|圖片|写真|사진|صورة|عکس)\b|"
    # A template's place that nobody filled.
    r"^[a-z_]+(?:\.[a-z_]+)*\.author\w*$|[{}]|%\w+%",
    re.IGNORECASE,
)
_CREDENTIAL = re.compile(
    r"(?:[A-Z][A-Za-z]{0,2}\.?){1,3}[A-Z]*[®™]?|(?:[A-Z]-?){2,6}(?:\s\d+)?|Ph\.?\s?D\.?|M\.?D\.?|Esq\.?|Jr\.?|Sr\.?"
)
#: Words of sections, buttons and pictures that are written like names.
_NO_PERSON = re.compile(
    r"\b(?:news|politics|world|business|sports?|culture|health|science|technology|tech|opinion|home|page|read|share|"
    r"view|more|save|listen|watch|blog|guide|guides|tips|review|reviews|article|articles|press|release|releases|media|"
    r"video|photos?|foto|image|getty|images|archive|events?|contact|about|latest|breaking|top|best|how|what|why|the|"
    r"your|our|my|all|new|get|and|for|table|contents?|key|takeaways|management|marketing|software|services?|finance|"
    r"design|development|travel|food|life|lifestyle|money|market|markets|data|security|engineering|university|"
    r"institute|company|group|inc|ltd|gmbh|uhr|print|drucken|teilen|kommentare?|aktuelles|pressemitteilung\w*|"
    r"nachrichten|meldung\w*|artikel|startseite|minutes?|min|january|february|march|april|may|june|july|august|"
    r"september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|new york|"
    r"united|states|city|county|street|north|south|east|west|europe\w*|america\w*|africa\w*|asia\w*)\b",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    r"\s+(?:기자|특파원|논설위원|記者|记者|特派員|編集委員|報道|报道)$|(?<=[가-힣]{3})\s?(?:기자|특파원)$"
)
_NOBODY = frozenset((
    "admin", "administrator", "author", "root", "user", "guest", "guestauthor", "anonymous", "unknown", "none",
    "null", "noauthor", "byline", "default", "wordpress", "posted", "sponsored", "support", "webmaster",
    "online", "www", "rss", "feed", "home", "impressum", "anonym",
    "agencies", "newsagencies", "wires", "wireservices", "agenturen", "agences", "agencias", "agenzie", "агентства",
    "وكالات", "الوكالات", "theauthor", "memberlogin", "superuser", "siteadmin", "adminn", "login",
    "qadmin",
))  # fmt: skip
#: What stands before a name, where the name itself is elsewhere.
_LEADS = frozenset((
    "by", "von", "par", "por", "di", "door", "av", "af", "from", "text", "interview", "author", "autor",
    "autorin", "autoren", "auteur", "autore", "foto", "fotos", "photo", "veröffentlichtam", "veröffentlicht",
    "publishedon", "publishedby", "postedby", "writtenby", "more", "mehr", "und", "and",
))  # fmt: skip
#: Names of a desk: they count only where the page prints them as its author.
_DESK = frozenset((
    "editor", "editors", "staff", "staffreporter", "staffwriter", "newsroom", "newsdesk", "redaktion",
    "redaction", "redazione", "redaccion", "redacción", "redaccao", "redação", "redactie", "editorial",
    "editorialteam", "editorialstaff", "editorialboard", "pressrelease", "webdesk", "onlinedesk", "newsstaff",
    "webteam", "team", "redactia", "redakcja", "redakce", "редакция", "редакція", "编辑", "编辑部", "本报讯",
    "contributor", "pressestelle", "desk", "onlineredaktion", "larédaction", "larédactionweb", "laredaction",
    "redakteur", "ourcorrespondent", "ourreporter", "ourstaffreporter", "ourbureau", "redazioneonline",
    "本站编辑", "本网编辑", "网络编辑", "责任编辑", "小编",
))  # fmt: skip


def clean(values: Iterable[str], site_names: Iterable[str], language: str = "") -> tuple[str, ...]:
    """Give the names of persons in their order, each once."""
    return _names(values, _sites(site_names), language, None)


def choose(
    candidates: Sequence[tuple[tuple[str, ...], str]],
    site_names: Iterable[str],
    language: str,
    is_printed: Callable[[str], bool],
) -> tuple[tuple[str, ...], str] | None:
    """Give the authors and their evidence: persons of the best evidence, else a desk that the page prints as author."""
    sites = _sites(site_names)
    joined: dict[str, tuple[str, ...]] = {}
    for values, where in candidates:
        joined[where] = joined.get(where, ()) + values
    for accept in (None, is_printed):
        for where, values in joined.items():
            names = _names(values, sites, language, accept)
            if names:
                return names, where
    return None


def beside_dates(page: ParsedPage, dates: Sequence[int], known: Iterable[str]) -> tuple[str, ...]:
    """Read a name that stands alone in a line by the date of a text, when the page shows elsewhere that it is a person.

    ``dates`` are the places of the lines of its date, ``known`` what is no name: title, site, sections.
    Without a second sign, sections and buttons were read as names on 16 of 28 pages.
    """
    others = " ".join(known).casefold()
    for near in dict.fromkeys(at + step for at in dates for step in (-1, 1, -2, 2)):
        if not 0 <= near < len(page.lines) or near in dates or page.lines[near].tag in ("h1", "h2", "h3", "button"):
            continue
        text = page.lines[near].text
        glued = re.fullmatch(r"(?:By|Von|Par|Por)([A-ZÀ-Þ].+)", text)
        name = glued[1] if glued else text
        if not 2 <= len(name.split()) <= 4 or not is_name(name) or _NO_PERSON.search(name) or name.isupper():
            continue
        if name.casefold() not in others and (glued or _is_shown(name, page)):
            return (name,)
    return ()


def _is_shown(name: str, page: ParsedPage) -> bool:
    """Tell whether a page has a picture of a name, or a line that goes on after it as only a person's does."""
    if any(line.text.startswith(f"{name} ") and line.text[len(name) + 1].islower() for line in page.lines):
        return True
    wanted = name.casefold()
    return any(wanted in (image.get("alt") or "").casefold()[:80] for image in page.tree.iter("img"))


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
        whole_site = letters(value).removeprefix("the") in sites
        for part in [value] if whole_site else _parts(value, language):
            whole = squeeze(part) if whole_site else _name(part)
            named_site = whole_site or letters(whole).removeprefix("the") in sites or _is_host(whole, sites)
            name = whole if named_site else _without_role(whole)
            key = letters(name)
            if not key or key in _NOBODY or key in _LEADS or re.search(r"\badmin|admin\b", name, re.IGNORECASE):
                continue
            person = not (named_site or key in _DESK or _ROLE.search(name) or _COMPANY.search(name))
            if person or (accept is not None and accept(name)):
                found.setdefault(key, name)
    names = tuple(found.values())[:12]
    # "Jane Roe, dpa": the agency beside a person is where the text came from.
    persons = tuple(name for name in names if not agency(name))
    return persons or names


def _parts(value: str, language: str) -> list[str]:
    value = squeeze(html.unescape(re.sub(r"<[^>]{1,200}>", " ", html.unescape(value))))
    if len(value) > 300 or re.search(r"https?://|\bwww\.", value):
        return []
    parts: list[str] = []
    pieces = _split(_LEAD.sub("", value), language)
    if pieces and re.match(r"[\w-]+\.(?:com|org|net|de|at|ch|fr|it|es|uk|ru)\s*,", pieces[0]):
        return []  # "example.de, Frankfurt, Germany" is an address
    for piece in pieces:
        commas = [part.strip() for part in piece.split(",")]
        # "Jane Roe, Reuters correspondent" is one person; "Jane Roe, John Doe" are two.
        if len(commas) == 2 and (_ROLE.search(commas[1]) or len(commas[0].split()) == 1):
            parts.append(commas[0] if _ROLE.search(commas[1]) else " ".join(reversed(commas)))
        else:
            named = [part for part in commas[1:] if not _CREDENTIAL.fullmatch(part) and not _ROLE.search(part)]
            parts += [commas[0], *named]
    return parts


def _split(value: str, language: str) -> list[str]:
    marked = [piece for piece in _SPLIT.split(value) if piece]
    split: list[str] = []
    for piece in (part for each in marked for part in ([each] if _OFFICE.search(each) else _AND.split(each)) if part):
        halves = _ARABIC_AND.split(piece)
        if len(halves) > 1 and all(len(half.split()) > 1 for half in halves):
            split += halves
        elif language.startswith("zh") and re.fullmatch(r"[\u3400-\u9fff]{2,4}(?:\s[\u3400-\u9fff]{2,4})+", piece):
            split += piece.split()
        else:
            split.append(piece)
    return split


def _name(part: str) -> str:
    name = re.sub(r"\S+@\S+|\([^)]*\)|（[^）]*）|\[[^]]*\]|(?<!\w)@\w+", "", part).strip(" .:：-–—*|/,\"'“”„")
    name = re.sub(
        r"^(?:[Bb]y|[Vv]on|[Pp]ar|Por)(?=[A-ZÀ-Þ])", "", name
    )  # the label's element and the name's have no space between
    for _ in range(3):
        name = _LEAD.sub("", name).strip()
    name = _AFTER_NAME.sub("", re.split(r"\s[-–—|]\s|\s*[:：]\s", name, maxsplit=1)[0])
    name = without_place(squeeze(name.replace("\xad", "")))
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
    if name.isupper() and len(words) > 1:
        name = re.sub(r"[^\W\d_]{3,}", lambda match: match[0].capitalize(), name)
    return name


def _without_role(name: str) -> str:
    """Take a role off the end or the start of a name: "Jane Roe Senior Reporter", "Chief Editor Jane Roe"."""
    words = name.split()
    roles = [at for at, word in enumerate(words) if _ROLE.search(word)]
    if not roles or len(words) < 3:
        return name
    if roles[0] >= 2 and len(words) - roles[-1] <= 2 and not re.search(r"team|desk|staff|redaktion", name.lower()):
        return " ".join(words[: roles[0]])
    if len(words) - roles[-1] - 1 == 2 and roles[0] == 0:
        return " ".join(words[roles[-1] + 1 :])
    return name


def _is_host(name: str, sites: set[str]) -> bool:
    return re.fullmatch(
        r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|news|[a-z]{2})", name.lower()
    ) is not None or any(len(site) > 5 and letters(name).startswith(site) for site in sites)
