"""What kind of name it is, in scripts with capitals: by its words, by what stands around it, by what is known. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from babel import Locale

from crawler.extract.given import is_given
from crawler.records import NameKind
from digest import romanised
from digest.capitals import Run
from digest.gazetteer import Gazetteer, cyrillic_stem, facts

_ACRONYM = re.compile(r"[A-ZА-ЯІЇЄ][A-ZА-ЯІЇЄ0-9&.-]{1,6}")
#: A second word in the genitive, no verb: Міністерство оборони, but not "Компания заявила".
_CYRILLIC_NEXT = re.compile(r"\s[а-яіїєґ]{2,}(?:[^л]и|ы|ії|ів|ов|их|ых|ния|ення|ства)(?!\w)")
#: An adjective at most, then what a court or a bank is of.
_ROMANCE_NEXT = re.compile(
    r"(?: [a-zà-ÿ]{4,})?(?: (?:de la|des|de|du|della|del|dei|da|do|dos|das)| de l['’]| d['’])"
    r"(?:(?<=['’])| )[a-zà-ÿ]{3,}(?!\w)"
)
#: An adjective of a place: Одеській області.
_OF_A_PLACE = re.compile(r"\w+(?:ськ|цьк|ск|цк)(?:ий|а|ій|ої|ую|ою|ого|ому|им|ая|ой)")
_CYRILLIC_ADJECTIVE = re.compile(r"\w{3,}(?:ый|ий|ой|ого|ому|ым|ом|ая|ую|а|ої|ій)")
_QUOTED = re.compile(r"[«„“]([^«»„“”\n]{3,50})[»”]")
_CYRILLIC = re.compile("[А-ЯІЇЄҐ]")
#: With which given names end in Cyrillic, of which a case takes them off: Ольгу, Сергея, Юрия.
_ENDS = ("", "а", "я", "й", "ей", "ий", "ия", "о")
_NEXT_SMALL = re.compile(r"\s[а-яіїєґё]+")
_ELIDED = re.compile(r"^(?:l|d|qu|dell|nell|all)['’](?=\w)")
#: The end of a sentence, unless it is that of a short title: Dr. Meyer.
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])(?<!Mr)(?<!Mrs)(?<!Ms)(?<!Dr)(?<!Gen)(?<!Sen)(?<!Lt)[.!?…][\"”»’)]*\s+")
_JOINED = re.compile(r"[\w.][ \u00a0-][«“„\"‘]?$|['’]$")
_WORDS = re.compile(r"[^\W\d_](?:\w|['’.-](?=\w))*\.?")
_APPOSED = re.compile(r",\s(?:(?:the|a|an|el|la|le|un|une|una|il|der|die)\s)?(?P<what>[^\W\d_]+)", re.IGNORECASE)
#: How far around a name it is read on.
_AROUND = 40
_BEHIND = re.compile(r"[,(]\s*$")
#: Built words that are firms': Microsystems, Voltronics.
_FIRM = re.compile(r"\w{3,}(?:systems|tronics|software|pharma)")
_AGED = re.compile(r"\s*[,(]\s*\d\d[,)]")


def tell(run: Run, text: str, book: Gazetteer) -> tuple[NameKind, str]:
    """Tell what kind of name a run is, and the name without the titles in front of it."""
    known = book.whole(run.text)
    if known:
        return known[0], run.text
    last = book.whole(run.text.rpartition(" ")[2])
    if has(run.text, "organisation") or (" " in run.text and last and last[0] == "organisation"):
        return _organisation(run, text)
    if run.text.rpartition(" ")[2].lower() in words_of("company") and " " in run.text:
        return "organisation", run.text
    bare = _without_titles(run.text)
    if len(bare) < 2:
        return "other", ""
    within = _adjective_and_organisation(run, text, bare)
    if within:
        return "organisation", within
    if bare != run.text and bare[0].isupper() and _is_titled(run.text, bare):
        in_book = book.whole(bare)
        return in_book[0] if in_book else "person", bare
    if _OF_A_PLACE.fullmatch(run.text):
        more = _NEXT_SMALL.match(text, run.end)
        if more and stem(more.group().strip()) in words_of("place"):
            return "place", f"{run.text}{more.group()}"
        return "other", run.text
    around = _around(run, text, book)
    if around != "organisation" and has(run.text, "place"):
        return "place", run.text
    if stem(run.text) in words_of("no_name") or stem(run.text) in words_of("legal_form"):
        return "other", ""
    if _ACRONYM.fullmatch(run.text) and run.text.isupper():
        return "organisation", run.text
    # What was made by Americans is nowhere: in American Pie.
    first, _, rest = run.text.partition(" ")
    if around == "place" and first in adjectives() and not book.whole(rest):
        return "other", run.text
    return around, _quoted(run, text) if around == "organisation" else run.text


def _quoted(run: Run, text: str) -> str:
    """Read the name of a firm or paper to the end of its quotes: «Северный курьер»."""
    whole = _QUOTED.match(text, run.start - 1) if run.start else None
    return whole.group(1) if whole and whole.end(1) > run.end else run.text


def _organisation(run: Run, text: str) -> tuple[NameKind, str]:
    """Tell an organisation's whole name; Slavic and Romance ones go on in small letters: Cour des comptes."""
    if " " in run.text or (run.text.isupper() and _ACRONYM.fullmatch(run.text)):
        return "organisation", run.text
    more = _CYRILLIC_NEXT.match(text, run.end) or _ROMANCE_NEXT.match(text, run.end)
    return ("organisation", f"{run.text}{more.group()}") if more else ("other", run.text)


def _adjective_and_organisation(run: Run, text: str, bare: str) -> str:
    """Read on behind a Slavic adjective, which alone has the capital: the deputy of the Государственной думы."""
    more = _NEXT_SMALL.match(text, run.end)
    # At the beginning of a sentence any adjective has one.
    if not more or not (run.certain or bare != run.text) or not _CYRILLIC_ADJECTIVE.fullmatch(bare):
        return ""
    return f"{bare}{more.group()}" if stem(more.group().strip()) in words_of("organisation") else ""


def _around(run: Run, text: str, book: Gazetteer) -> NameKind:
    """Tell the kind of a name by the words around it, if it is none that people have."""
    full = is_full(run.text) and not has(run.text, "named_after")
    if full and (romanised.is_a_person(run.text) or is_given_name(run.text.partition(" ")[0])):
        return "person"
    line = _SENTENCE_END.split(text[max(0, run.start - _AROUND) : run.start].rpartition("\n")[2])[-1]
    raw = _WORDS.findall(line)
    # The president of a country: what the country stands between is one title.
    before = [stem(word) for word in (raw[:-1] if len(raw) > 1 and book.whole(raw[-1]) else raw)]
    # Behind a comma another word begins.
    last = before[-1] if before and _JOINED.search(line) else ""
    following = _WORDS.match(text[run.end : run.end + _AROUND].lstrip(" ,"))
    next_ = stem(following.group()) if following else ""
    words = run.text.count(" ") + 1
    if _is_of_a_company(before, words):
        return "organisation"
    if last in words_of("title") or (words > 1 and _AGED.match(text, run.end)):
        return "person"
    if full:
        if _is_office(raw, book):
            return "person"
        # The minister of trade, Jane Doe; said Jane Doe; Jane Doe said
        behind = _BEHIND.search(line) and any(map(_is_of_a_person, before[-5:]))
        if behind or ({last, next_} & words_of("speech") and not book.whole(run.text.partition(" ")[0])):
            return "person"
        apposed = _APPOSED.match(text, run.end)
        if apposed and _is_of_a_person(stem(apposed.group("what"))):
            return "person"
    if last in words_of("organisation") or last in words_of("trade") or last in words_of("legal_form"):
        return "organisation"
    return "place" if words <= 2 and last and _leads_to_a_place(before, words) else "other"


def _is_of_a_company(before: Sequence[str], words: int) -> bool:
    """Tell whether words lead to a company: shares in, its owner."""
    if words == 1 and before[-2:] == ["its", "owner"]:
        return True
    return words <= 2 and len(before) > 1 and before[-1] == "in" and before[-2] in words_of("held")


def _is_of_a_person(word: str) -> bool:
    return word in words_of("title") or word in words_of("kin")


def _is_office(before: Sequence[str], book: Gazetteer) -> bool:
    """Tell whether words end with an office and what it is of: the head of ministry, the minister of defence."""
    end = len(before)
    while end and (before[end - 1] == "of" or is_of_an_office(before[end - 1], book)):
        end -= 1
    return 0 < end < len(before) and stem(before[end - 1]) in words_of("title")


def is_of_an_office(word: str, book: Gazetteer) -> bool:
    """Tell whether an office may be of what a word says: defence, a ministry, a country."""
    return stem(word) in words_of("office") or has(word, "organisation") or book.whole(word) is not None


def _leads_to_a_place(before: Sequence[str], words: int) -> bool:
    """Tell whether words lead to a place: in, the governor of, the airport of, sailed from."""
    last, earlier = before[-1] if before else "", before[-2] if len(before) > 1 else ""
    if last in {"of", "de", "di", "do", "da", "von"}:
        titled = earlier in words_of("title") and earlier not in words_of("heads")
        return earlier in words_of("place") or (last == "of" and titled)
    if last in {"from", "to"}:
        return earlier in words_of("motion")
    # Spanish says "a" before people too: detuvo a Ana Ruiz.
    return last in words_of("in") and (last != "a" or words == 1)


@lru_cache(20_000)
def _without_titles(name: str) -> str:
    words = name.split()
    while words and (stem(words[0]) in words_of("title") or words[0] in adjectives()):
        office = words[1:2] == ["of"] and stem(words[2]) in words_of("office")
        words = words[2:] if office else words[1:]
        while office and words and stem(words[0]) in words_of("office"):
            words = words[1:]
    return " ".join(words)


def _is_titled(name: str, bare: str) -> bool:
    """Tell whether what stands before a bare name shows a person: American Pie is none, American John Doe one."""
    before = name.removesuffix(bare).split()
    return any(stem(word) in words_of("title") for word in before) or (
        is_full(bare) and is_given_name(bare.partition(" ")[0])
    )


@lru_cache(20_000)
def has(name: str, table: str) -> bool:
    """Tell whether a name has a word of a table."""
    words = name.split()
    if any(stem(word) in words_of(table) for word in words):
        return True
    return table == "organisation" and any(_FIRM.fullmatch(word) for word in words)


@lru_cache(20_000)
def stem(word: str) -> str:
    """Bring a word to the form in which the tables have it."""
    return cyrillic_stem(_ELIDED.sub("", word.rstrip(".").lower()))


@cache
def words_of(table: str) -> frozenset[str]:
    """Give the words of a table of names.toml."""
    return frozenset(map(stem, facts()["words"][table].split()))


@cache
def adjectives() -> frozenset[str]:
    """List the adjectives of countries: English names of languages are most of them."""
    return frozenset(facts()["words"]["people"].split()) | frozenset(Locale.parse("en").languages.values())


@lru_cache(20_000)
def is_full(name: str) -> bool:
    """Tell whether a name may be a person's in full."""
    return 1 <= name.count(" ") <= 2 and all(word[0].isupper() for word in name.split())


@lru_cache(20_000)
def is_given_name(word: str) -> bool:
    """Tell whether a word is a given name, in Cyrillic in any case; Chinese surnames prove nothing by themselves."""
    if romanised.is_chinese(word):
        return False
    return is_given(word) or (_CYRILLIC.match(word) is not None and any(is_given(stem(word) + end) for end in _ENDS))
