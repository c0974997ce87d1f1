"""The forms of names: what is a person's, what a house's, and what stands right beside a name and is none of it."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.agencies import agency, is_medium
from crawler.extract.desks import is_desk, is_ours
from crawler.extract.given import is_given
from crawler.extract.places import is_capital, is_place
from crawler.extract.roles import BEAT, COMPANY, NO_PERSON, NOBODY, OFFICE, PRESS, ROLE

PARTICLES = frozenset((
    "de", "da", "do", "dos", "das", "del", "della", "der", "den", "di", "du", "la", "le", "van", "von", "zu",
    "zur", "zum", "ten", "ter", "bin", "bint", "ibn", "al", "el", "abu", "ben", "y", "e", "and", "d'", "o'",
    "st", "mc", "af", "av", "i", "آل", "بن", "ال",
))  # fmt: skip
_ORDERS = frozenset(("II", "III", "IV", "JR", "SR"))
_ARABIC_ARTICLE = re.compile(r"(?:al|el|as|ash|an|ar|at|az|ul)-[A-Z]")
#: "Tuesday Night" is written like a name.
_DAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:last|next|this)\b", re.IGNORECASE)
#: The little words before a place.
WHERE = (
    r"in|for|from|im|für|aus|à|pour|en|para|desde|depuis|em|uit|vanuit|voor|"
    r"från|för|fra|из|для|в|у|з|із|من|في|از|در"
)
_PLACED = re.compile(
    rf"(\S+(?:\s\S+){{1,3}}?)\s+(?:{WHERE})\s+"
    r"(?:the\s|der\s|die\s|das\s|le\s|la\s)?[^\W\d_a-zа-яё]\S*(?:\s[^\W\d_a-zа-яё]\S*){0,3}|"
    # Nobody is called "for": "ANNA WEBER FOR THE EXAMPLE", "Anna Weber For The Example".
    r"(\S+(?:\s\S+){1,3}?)\s+(?i:for|from|für|aus|pour|para)\s+(?:(?i:the|la|le|el|o)\s)?[^\W\d_a-z]\S*"
    r"(?:\s\S+){0,4}|"
    # A day behind an Arabic name.
    r"(\S+(?:\s\S+){1,3})\s(?:السبت|الأحد|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة)"
)
#: These little words stand in names, too: "Ana Maria da Silva", "Antoni Puig i Cadafalch".
_IN_CAPITAL = re.compile(r"(\S+(?:\s\S+){1,3}?)\s+(?:a|ad|da|i|à|w|we|z|v|ve|y|på|fra|In|IN)\s+(\S+(?:\s\S+)?)")
#: "JANE ROE IN NORTHPORT"
_PLACED_LOUDLY = re.compile(r"(\S+(?:\s\S+){1,3}?)\s(?:IN|AT)\s[^\W\d_]\S*(?:\s\S+){0,2}")
_OF_HOUSE = re.compile(
    r"(?:agência|agencia|agence|agenzia|agentur|nachrichtenagentur|agenția|agentura|agencja|агентство|вестник|وكالة|"
    r"redaktion|redacción|redazione|rédaction|redação|redactie)\s|.*\s(?:agency|ajansı|agentschap|newswire|wire|today|tv|radio)$",
    re.IGNORECASE,
)
ARTICLES = frozenset(("the", "le", "la", "les", "el", "los", "il", "lo", "het", "der", "die", "das", "os"))
#: Two words that a page shows apart: "ChecklistsJust"; no "MacGregor".
_GLUED = re.compile(r"[^\W\d_]{4}[a-zà-ÿ][A-ZÀ-Þ]")
#: "Xinhua writers Wang Xiaoming", "GT staff reporters Wang Xiaoming", "CGTN's Jane Roe".
_EMPLOYED = re.compile(
    r"([A-Z][^,;|]{1,40}?)(?:['’]s\s|\s(?:(?:staff|special|senior)\s)?(?:writer|reporter|correspondent|journalist)s?\s|"
    r"\sstaff\s)(?=[A-Z]\S*\s[A-Z])"
)
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-ZÀ-Þ][^\W\d_A-Z])")


def without_place(name: str) -> str:
    """Take off a name where its bearer is, or for whom, or when: "Jane Roe in Nairobi", "Jane Roe for The Example"."""
    if name.isupper() and (match := _PLACED_LOUDLY.fullmatch(name)):
        return match[1]
    match = _PLACED.fullmatch(name) if not OFFICE.search(name) else None
    if match:
        return match[1] or match[2] or match[3]
    match = _IN_CAPITAL.fullmatch(name)
    return match[1] if match and is_capital(match[2]) else name


@lru_cache(maxsize=2_048)
def is_name(text: str) -> bool:
    """Tell whether a text has the form of a person's name."""
    if re.fullmatch(r"[\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af·・]{2,8}", text):
        return True
    words = text.split()
    if (
        not 1 < len(words) <= 5
        or _DAY.search(text)
        or not re.fullmatch(r"[^\W\d_][\w\s.'’`\u200c\u0900-\u0eff-]*", text)
    ):
        return False
    for word in words:
        if word.casefold() in PARTICLES or _ARABIC_ARTICLE.match(word):
            continue
        if _GLUED.search(word):
            return False
        letter = next((char for char in word if char.isalpha()), "")
        if not letter or (
            letter.lower() != letter.upper() and not letter.isupper() and "'" not in word and "’" not in word
        ):
            return False
    return True


def is_certain(name: str) -> bool:
    """Tell whether a name begins with a given name, and has nothing of a section, button or house: it is a person's."""
    words = name.split()
    if not 2 <= len(words) <= 4 or not is_given(words[0]) or not is_name(name) or max(map(len, words)) > 18:
        return False
    if words[0] == "Theo" and agency(name[5:]):
        return False  # In Vietnam it is "according to".
    return not (NO_PERSON.search(name) or is_place(name) or ROLE.search(name) or is_desk(name))


def is_house(name: str, *, declared: bool = False) -> bool:
    """Tell whether a name is that of an agency, a paper, a station or a company and not of a person.

    "The Example" is one where a line is read; in a field for the author it may be how a person calls himself.
    """
    if agency(name) or COMPANY.search(name) or (OFFICE.search(name) and not declared):
        return True
    words = name.split()
    if not words or (len(words) > 1 and is_given(words[0])):
        return False
    article = words[0].casefold()
    if len(words) == 2 and article in ARTICLES and not (declared and article == "the"):
        return True
    return is_medium(name) or (not declared and _OF_HOUSE.match(name) is not None)


def evenly(name: str, language: str = "") -> str:
    """Write a name that is printed in capitals, or the surname of it, as others are: "ANNA WEBER", "Anna WEBER"."""
    words = name.split()
    if len(words) < 2:
        return name
    whole = name.isupper()
    least = 4 if is_given(words[0]) else 5
    if not whole and (words[0].isupper() or not any(word.isupper() and len(word) >= least for word in words)):
        return name
    turkish = language[:2] in ("tr", "az")

    def capitalised(match: re.Match[str]) -> str:
        rest = match[0][1:]
        if not match[0].isupper():
            return match[0]
        # "İ" in small letters is two characters but in Turkish.
        return match[0][0] + (rest.replace("I", "ı") if turkish else rest).replace("İ", "i").lower()

    return " ".join(re.sub(r"[^\W\d_]{3,}", capitalised, word) if whole or len(word) > 3 else word for word in words)


def without_house(name: str, *, declared: bool = False) -> str:
    """Take the house off the end of a name: "Jane Roe Fox News", "Jane Roe HS"."""
    words = name.split()
    if len(words) < 3 or not is_given(words[0]):
        return name
    for at in range(2, len(words)):
        rest = words[at:]
        acronym = (
            not declared
            and len(rest) == 1
            and rest[0].isupper()
            and 1 < len(rest[0]) < 5
            and rest[0].strip(".") not in _ORDERS
        )
        if (acronym and not name.isupper() and rest[0].isalpha()) or (
            not is_given(rest[0]) and is_medium(" ".join(rest))
        ):
            return " ".join(words[:at])
    return name


def without_employer(text: str) -> tuple[str, str]:
    """Take off those who sign for whom they do: "Xinhua writers Wang Xiaoming, Li Hua"; give both, or "" for nobody."""
    match = _EMPLOYED.match(text)
    if match and (agency(match[1]) or is_medium(match[1]) or re.fullmatch(r"[A-Z]{2,5}", match[1])):
        return text[match.end() :], match[1]
    return text, ""


def before_hump(text: str) -> str:
    """Part a name from a role that a page shows below it and writes without a space: "Anna WeberEurope editor"."""
    for match in _HUMP.finditer(text):
        name, rest = text[: match.start()], text[match.start() :]
        if is_name(name) and PRESS.search(rest) and not ROLE.search(name):
            return name
    return text


def is_nobody(name: str) -> bool:
    """Tell whether a text stands for no person and no house: "admin", "Artificial Intelligence"."""
    return "".join(filter(str.isalnum, name.casefold())) in NOBODY


def without_role(name: str) -> str:
    """Take a role off the end or the start of a name: "Jane Roe Senior Reporter", "Chief Editor Jane Roe"."""
    words = name.split()
    roles = [at for at, word in enumerate(words) if ROLE.search(word)]
    if not roles or len(words) < 3 or is_ours(name):
        return name
    if roles[0] >= 2 and len(words) - roles[-1] <= 2 and not re.search(r"team|desk|staff|redaktion", name.lower()):
        return " ".join(_without_beat(words[: roles[0]]))
    rest = words[roles[-1] + 1 :]
    # "محرر الشؤون الدولية" is a desk: names have no article before each word.
    if len(rest) == 2 and roles[0] == 0 and not all(word.startswith("ال") for word in rest):
        return " ".join(rest)
    return name


def _without_beat(words: list[str]) -> list[str]:
    """Take off the end of a name of what its bearer reports: "Jane Roe Political", before "Correspondent"."""
    while len(words) > 2 and BEAT.fullmatch(words[-1]):
        words = words[:-1]
    return words
