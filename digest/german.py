"""Names in German, which writes every noun with a capital: by titles, given names and what ends like a name. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from crawler.extract.given import is_given
from digest.gazetteer import Gazetteer, Known, facts
from digest.kinds import has

_WORD = r"[A-ZÄÖÜ][\w'’-]+"
_NAME = rf"{_WORD}(?:\s+{_WORD}){{0,2}}(?:\s+von\s+(?:der\s+)?{_WORD})?"
#: What may be a given name with a last one behind it; and both: Hans-Peter von der Au, Rainer Werner Fassbinder.
_GIVEN = re.compile(r"(?<![\w-])([A-ZÄÖÜ][a-zäöüß]+)(?=[ -][A-ZÄÖÜvzd])")
_FULL = re.compile(
    r"[A-ZÄÖÜ][a-zäöüß]+(?:-[A-ZÄÖÜ][a-zäöüß]+)?(?: [A-Z]\.)*"
    rf"(?: (?:von|van|zu|de)(?: der| den)?)? (?P<last>{_WORD})(?P<more> {_WORD})?(?!\w)"
)
#: Behind it, what is built like a name and is a firm.
_FIRM = re.compile(" (?:AG|SE|KG|GmbH|Stiftung)(?!\\w)")
#: Given names that are nouns as well, and ends of what is no last name.
_NOUNS = frozenset({"mark", "heide", "rose", "ernst", "wolf", "august", "roman"})
_NO_LAST_NAME = re.compile(
    r"\w*(?:ung|ungen|heit|keit|schaft|tion|straße|platz|preis|haus|kirche|schule|universität|verein|himmelfahrt|tag"
    r"|Street|Kontakt|Ende|Foto|Uhr|Telefon|Straßen)"
)
#: What an organisation is called after: Ruhrtal, Rheinland.
_GROUND = (
    "(?:tal|bach|berg|burg|brück|dorf|furt|hausen|heim|stadt|see|land|ruhr|rhein|main|elbe|weser|donau|neckar|mosel)"
)
_BUILT = re.compile(
    rf"(?<![\w-])((?!Deutschland)[A-ZÄÖÜ][a-zäöüß]+{_GROUND}(?:er)?-?"
    r"(?:[vV]erband|(?<!berg)[wW]erke|[gG]esellschaft|[gG]enossenschaft|[bB]etriebe))(?:s|es)?(?!\w)"
)
#: Without one of these there is none, which is quickly told.
_BUILT_ENDS = ("erband", "erke", "esellschaft", "enossenschaft", "etriebe")
_NAMED = re.compile(
    r"(?<![\w-])((?:Sparkasse|Volksbank|Stadtwerke|Hochschule|Universität|Klinikum|Universitätsklinikum|Amtsgericht"
    r"|Landgericht|Oberlandesgericht|Verwaltungsgericht|Staatsanwaltschaft|Polizeipräsidium)"
    rf" (?!Ende|Anfang|Mitte|\w+ung(?:en)?(?!\w)){_WORD})"
)
_PLACE = re.compile(
    rf"(?<![\w-])(?:Talsperre|Stausee|Landkreis|Ortsteil|Stadtteil|Kreisstadt|Hafenstadt|Kleinstadt|Flughafen"
    rf"|Insel|Halbinsel|Ferieninsel|Ostseeinsel|Nordseeinsel|Mittelmeerinsel) (?P<named>{_WORD})"
    r"|(?<!\w)(?:[Ii]n|[Aa]us|[Bb]ei|[Nn]ach|[Vv]on|[Bb]is) (?P<ends>(?!(?:Innen|Alt|Haupt|Groß|Klein|Vor|Kreis)st)"
    r"[A-ZÄÖÜ][a-zäöüß]{2,}(?:brück|brücken|burg|hausen|heim|dorf|furt|ingen|kirchen|stedt|rode|bach|berg|stadt"
    r"|büttel|münde|(?:w|n)itz|kow|low|row)(?<!legeheim)(?<!tierheim)(?<!wohnheim)(?<!ltersheim)(?<!inderheim))(?!\w)"
)


def german(text: str, book: Gazetteer) -> Iterator[Known]:
    """Find people, organisations and places in a German text that are no known names."""
    people = dict(_people(text, book))
    for (start, _), name in people.items():
        yield Known(name, start, start + len(name), "person", "")
    for found in _proper_organisations().finditer(text):
        yield Known(found.group(), found.start(), found.end(), "organisation", "")
    built = _BUILT.finditer(text) if any(end in text for end in _BUILT_ENDS) else ()
    for found in (*built, *_NAMED.finditer(text)):
        yield Known(found[1], found.start(1), found.end(1), "organisation", "")
    for found in _PLACE.finditer(text):
        name, start = found.group(found.lastgroup or 0), found.start(found.lastgroup or 0)
        if book.whole(name) is None and not any(first <= start < last for first, last in people):
            yield Known(name, start, start + len(name), "place", "")


def _people(text: str, book: Gazetteer) -> Iterator[tuple[tuple[int, int], str]]:
    titled = [found for found in _titled().finditer(text) if book.whole(found.group("name")) is None]
    for found in titled:
        yield found.span("name"), _without_house(found.group("name"), book)
    behind = 0
    for begun in _GIVEN.finditer(text):
        start, given = begun.start(), begun[1].lower()
        if start < behind or given in _NOUNS or not is_given(given):
            continue
        if any(one.start("name") <= start < one.end("name") for one in titled):
            continue
        full = _FULL.match(text, start)
        if full is None:
            continue
        # A second given name is no last one where another name follows.
        end = full.end("more") if full["more"] and is_given(full["last"].lower()) else full.end("last")
        last = text[start:end].rpartition(" ")[2]
        if not _FIRM.match(text, end) and not _NO_LAST_NAME.fullmatch(last) and not has(last, "organisation"):
            behind = end
            yield (start, end), _without_house(text[start:end], book)


def _without_house(name: str, book: Gazetteer) -> str:
    """Take off where a person works: Ute Haller von der Universität; Ursula von der Leyen stays."""
    bare, von, last = name.partition(" von ")
    house = last.removeprefix("der ")
    return bare if von and (has(house, "organisation") or book.whole(house)) else name


@cache
def _titled() -> re.Pattern[str]:
    titles = "|".join(sorted({word.capitalize() for word in facts()["words"]["title"].split() if len(word) > 3}))
    return re.compile(rf"(?<!\w)(?=[A-ZÄÖÜ])(?:{titles})\.?\s+(?:Dr\.\s+)?(?P<name>{_NAME})(?!\w)")


@cache
def _proper_organisations() -> re.Pattern[str]:
    """A proper adjective or name before a word for an organisation: Deutsche Bank, Universität Bremen."""
    ends = (
        "Parlament|Bank|Bahn|Partei|Universität|Zentralbank|Gerichtshof|Kommission|Stiftung|Gesellschaft|Verband|GmbH"
    )
    never = "Unser|Ander|Dies|Einig|Mehrer|Solch|Welch"
    return re.compile(rf"(?<!\w)(?!{never})[A-ZÄÖÜ][\w-]{{4,}}e[rsn]?\s(?:{ends}|AG)(?!\w)")
