"""Reads who signs: "Anna Weber in Rotterdam, Tom Okafor and AFP" are two persons, where one of them is, and an agency.

All or nothing: of a text in which anything is left over that is no name, role, place or house, nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from crawler.agencies import agency
from crawler.extract.desks import is_desk
from crawler.extract.names import (
    ARTICLES,
    PARTICLES,
    WHERE,
    before_hump,
    is_certain,
    is_house,
    is_name,
    is_nobody,
    without_employer,
    without_house,
    without_place,
    without_role,
)
from crawler.extract.places import is_capital, is_place
from crawler.extract.roles import CREDENTIAL, PRESS, PRESS_DESK, ROLE, WIRES

#: Between two names.
_AND = re.compile(
    r"\s*(?:;|、|，|；|&|•|⋅|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b|\bog\b|\boch\b|\bja\b|\bdan\b|\bvà\b|\bși\b|\bşi\b|"
    r"\bés\b|\bи\b|\bта\b|\bі\b|\bі\s|\bve\b|\bως\b|\bκαι\b|"
    r"\s(?:with|avec|mit|met|med|con|com)\s|和|与|與)\s*(?:(?:by|von|par|por)\s)?",
    re.IGNORECASE,
)
#: The Arabic "and" is written on the next word; these names begin with that letter themselves.
ARABIC_AND = re.compile(r"(?<=\S)\s(?:و\s+|و(?=\S)(?!(?:ليد|ائل|سام|سيم|جدي|فاء|ديع|حيد|فيق|رد|صفي|هبة|ليم)\b))")
#: What is written about a name, and names nobody.
_ASIDE = re.compile(
    r"\S+@\S+\.\w+|(?<!\w)@\w+|[(（\[][^()（）\[\]]{0,60}[)）\]]|\b(?:follow|folgen|suivre|seguir)(?=\s*$)",
    re.IGNORECASE,
)
#: What follows "by", "por", "par" and the like in titles: "By Popular Demand", "Por Fin Viernes".
_NO_BY = re.compile(
    r"(?:popular|all|any|demand|design|choice|default|law|land|sea|air|train|car|far|now|then|request|numbers?|night|day|"
    r"fin|que|qué|quê|favor|ejemplo|exemplo|eso|isso|lo|supuesto|ahora|agora|culpa|primera|primeira|dentro|"
    r"ailleurs|exemple|contre|ici|conséquent|mesure|manque|più|nuovo|fatto|tutto|onze|okänd|wegen|hand|anfang|"
    r"heute|morgen|außen|innen|oben|unten|nun|jetzt)\b",
    re.IGNORECASE,
)
_PLACE_ALONE = re.compile(
    rf"(?:(?:reporting|berichtet|depuis|desde|live)\s+)?(?:{WHERE}|a|da|at|i|w|ze?|ve?)\s+(?:the\s|der\s|le\s|la\s)?[^\W\d_a-z]\S*(?:\s\S+){{0,3}}"
)
#: "Aus Berlin Jana Roth"
_WHENCE = re.compile(r"[Aa]us (\S+) (\S+ \S+(?: \S+)?)")
_PREPOSITION = re.compile(rf"(?:reporting |correspondante? )?(?:{WHERE}|a|da|at|i|w|ze?|ve?)\s")
#: "بيروت - ليلى حداد"
_FROM = re.compile(r"([^\W\d_a-z]\S*)\s[-–—]\s(\S+ \S+(?: \S+)?)")
#: "g1 SP", "ABC7", "7NEWS", "France 24", "20 Minutes", "detikNews"
_STATION = re.compile(r"(?:[^\W\d_]+ ?\d{1,2}|\d{1,2} ?[^\W\d_]+)(?: [A-Z]{2}| News)?")
_SITE = re.compile(r"[a-z]+[A-Z][a-z]+$|[\w-]+\.(?:com|net|org|de|fr|nl|it|es|ru|pl|id)$")
_ROLE_AND_NAME = re.compile(r"(\S{2,12})[・·]([\u4e00-\u9fff\u3040-\u30ff]{2,8})")
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signs a text."""

    persons: tuple[str, ...] = ()
    #: Agencies, and media by their own word.
    houses: tuple[str, ...] = ()
    #: Beside a name stands what its bearer does for the press, or a known place.
    role: bool = False
    placed: bool = False

    @property
    def signing(self) -> tuple[str, ...]:
        """Give the persons, then the agencies; where nobody is named, the team ("Marketing Team").

        A desk of the press is nobody: "News Desk", "Redacción", "Our Correspondent".
        """
        return self.persons + tuple(house for house in self.houses if agency(house) or self._is_team(house))

    def _is_team(self, house: str) -> bool:
        return not (self.persons or PRESS_DESK.search(house) or is_desk(house)) and ROLE.search(house) is not None


def signed(text: str) -> Signed | None:
    """Read a list of those who sign; None when anything in it is left over."""
    if len(text) > _LONGEST:
        return None
    houses = [inner for inner in re.findall(r"[(（\[]([^()（）\[\]]{2,30})[)）\]]", text) if agency(inner)]
    text = _ASIDE.sub(" ", text).strip(" \t.:|,;/-–—*ـ")
    if (whence := _WHENCE.fullmatch(text)) is not None and is_capital(whence[1]) and is_certain(whence[2]):
        return Signed((whence[2],), tuple(houses), placed=True)
    if (place := _FROM.fullmatch(text)) is not None and is_capital(place[1]) and is_certain(place[2]):
        return Signed((place[2],), tuple(houses))
    if not text or "@" in text:
        return None
    text, employer = without_employer(text)
    houses += [employer] if agency(employer) else []
    persons: list[str] = []
    role = placed = False
    for part, first in ((part, not at) for at, piece in enumerate(text.split("|")) for part in _parts(piece)):
        if WIRES.fullmatch(part) or agency(part):
            houses.append(part)
        elif (before := persons or houses) and is_aside(part, shouted=before[0].isupper()):
            role = role or PRESS.search(part) is not None
            placed = placed or is_place(part) or is_capital(_PREPOSITION.sub("", part))
        elif any(map(str.isdigit, part)):
            return None
        elif not first and persons and not is_certain(without_place(part)):
            continue  # "By Jane Roe | Indoor Plants"
        elif (named := _person(part)) is not None:
            persons.append(named[0])
            role = role or named[1]
            placed = placed or (named[0] != part and is_capital(part[len(named[0]) :].strip().partition(" ")[2]))
        elif (
            not part[0].islower() and len(part.split()) <= 6 and (is_house(part) or ROLE.search(part) or is_desk(part))
        ):
            houses.append(part)
        elif is_place(part):
            continue
        else:
            return None
    return Signed(tuple(persons), tuple(houses), role, placed) if persons or houses else None


def names_of(text: str) -> tuple[str, ...]:
    """Read a list of the persons and agencies that sign; () when anything else is in it, or nobody."""
    found = signed(text)
    if found is None:
        return ()
    return found.signing if len(found.signing) <= 8 else ()


def _parts(text: str) -> Iterator[str]:
    for piece in (half for each in _AND.split(text) for half in ARABIC_AND.split(each)):
        for part in re.split(r"\s*,\s*|\s+[/·–—-]\s+|/", piece or ""):
            if any(map(str.isalpha, part)):
                yield part.strip(" .:*")


@lru_cache(maxsize=512)
def is_aside(part: str, *, shouted: bool = False) -> bool:
    """Tell whether a part behind a name is where its bearer is, what he does, or for whom."""
    words = part.split()
    if not words:
        return True
    if is_place(part) or CREDENTIAL.fullmatch(part) or is_house(part):
        return True
    if PRESS.search(part) or (ROLE.search(part) and len(words) <= 6):
        return not is_certain(without_role(part))
    if any(map(str.isdigit, part)):
        return _STATION.fullmatch(part) is not None
    if len(words) == 1:
        return (
            (part[0].lower() == part[0].upper() and not is_name(part))
            or part[0].isupper()
            or _SITE.match(part) is not None
        )
    # "CNN", "ABC News Radio", "USA TODAY", "in New York"
    acronym = words[0].isupper() and 1 < len(words[0]) <= 4 and words[0].isascii() and not shouted
    if words[0].casefold() in ARTICLES and len(words) <= 5:
        return True
    return acronym or _PLACE_ALONE.fullmatch(part) is not None or part.casefold().startswith("special to ")


def _person(part: str) -> tuple[str, bool] | None:
    """Read one person with what stands right beside the name; and whether that is a role of the press."""
    match = _ROLE_AND_NAME.fullmatch(part)
    if match and PRESS.search(match[1]):
        return match[2], True
    name = without_place(part)
    if ROLE.search(name):
        bare = before_hump(name)
        bare = without_role(name) if bare == name else bare
        words = name.split()
        if (
            bare == name and len(words) > 2 and is_certain(" ".join(words[:2])) and all(map(ROLE.search, words[2:]))
        ):  # "Jane Roe Staff Writer"
            bare = " ".join(words[:2])
        # "Jane Roe Europe editor": where the name ends is not told.
        ends = sum(word.casefold() not in PARTICLES and word[-1] != "." for word in bare.split()) == 2
        sure = ends and bare != name and is_name(bare) and not ROLE.search(bare) and not is_house(bare)
        return (bare, PRESS.search(part) is not None) if sure else None
    name = without_house(name)
    if is_place(name) or not is_name(name) or is_house(name) or is_nobody(name) or is_desk(name) or _NO_BY.match(name):
        return None
    return name, False
