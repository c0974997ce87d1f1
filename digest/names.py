"""People, organisations and places in a text, found without a model. Pure.

Three things tell a name: capitals (capitals.py), what stands beside it in scripts without capitals (beside.py), and
that it is known (gazetteer.py, and the names that a user's watches look for). What kind of name it is follows from its
words, what stands around it and the gazetteer; where nothing tells, it is "other" rather than a guess.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cache, lru_cache

from crawler import query
from crawler.records import Name, NameKind, Watch
from digest.beside import beside
from digest.capitals import Run, joined, runs
from digest.gazetteer import Gazetteer, Known, cyrillic_stem, facts, gazetteer

_KINDS: tuple[NameKind, ...] = ("person", "organisation", "place", "other")
_ACRONYM = re.compile(r"[A-ZА-ЯІЇЄ][A-ZА-ЯІЇЄ0-9&.-]{1,6}")
#: A second word in the genitive, no verb: Міністерство оборони, but not "Компания заявила".
_CYRILLIC_NEXT = re.compile(r"\s[а-яіїєґ]{2,}(?:[^л]и|ы|ії|ів|ов|их|ых|ния|ення|ства)(?!\w)")
#: An adjective at most, then what a court or a bank is of.
_ROMANCE_NEXT = re.compile(
    r"(?: [a-zà-ÿ]{4,})?(?: (?:de la|des|de|du|della|del|dei|da|do|dos|das)| de l['’]| d['’])"
    r"(?:(?<=['’])| )[a-zà-ÿ]{3,}(?!\w)"
)
_OWNER = re.compile(r"['’]s$")
#: An adjective of a place: Одеській області.
_OF_A_PLACE = re.compile(r"\w+(?:ськ|цьк|ск|цк)(?:ий|а|ій|ої|ую|ою|ого|ому|им|ая|ой)")
_NEXT_SMALL = re.compile(r"\s[а-яіїєґё]+")
_ELIDED = re.compile(r"^(?:l|d|qu|dell|nell|all)['’](?=\w)")
_QUOTES = frozenset('«“„"‘「')
#: The end of a sentence, unless it is that of a short title: Dr. Meyer.
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])(?<!Mr)(?<!Mrs)(?<!Ms)(?<!Dr)(?<!Gen)(?<!Sen)(?<!Lt)[.!?…][\"”»’)]*\s+")
_JOINED = re.compile(r"[\w.][ \u00a0-][«“„\"‘]?$|['’]$")
_WORDS = re.compile(r"[^\W\d_](?:\w|['’.-](?=\w))*\.?")
_APPOSED = re.compile(r",\s(?:(?:the|a|an|el|la|le|un|une|una|il|der|die)\s)?(?P<what>[^\W\d_]+)", re.IGNORECASE)
#: How far around a name it is read on.
_AROUND = 40
_AGED = re.compile(r"\s*[,(]\s*\d\d[,)]")
#: German writes every noun with a capital: there only names beside titles and known ones are found.
_GERMAN_NAME = r"(?:[A-ZÄÖÜ][\w'’-]+\s+){0,2}(?:von\s+(?:der\s+)?)?[A-ZÄÖÜ][\w'’-]+"


def names(text: str, language: str) -> list[Name]:
    """Find the names in a text, the most frequent first."""
    book = gazetteer(language)
    in_book, found = list(book.find(text)), runs(text, language)
    # What capitals show may be a part of a known name, and a known name a part of what they show.
    wide = [run for run in found if not any(_inside(run, one) and len(run.text) < len(one.text) for one in in_book)]
    mentions = _by_capitals(wide, text, book)
    mentions += [Name(one.text, one.kind) for one in in_book if not any(_inside(one, run) for run in wide)]
    mentions += [*_german(text, language), *(Name(*one) for one in beside(text, language))]
    return _most(mentions)


def shared(found: Iterable[Iterable[Name]]) -> list[Name]:
    """Order the names of several texts by how many of the texts have them; the kind is what most of them tell."""
    return _most(name for names in found for name in names)


def watched(watches: Iterable[Watch]) -> frozenset[str]:
    """List the names that watches look for: what their queries write with capitals, or in quotes."""
    found = set()
    for watch in watches:
        for node in query.walk(query.parse(watch.query)):
            if isinstance(node, query.Term) and not node.prefix and _looks_like_a_name(node.text):
                found.add(node.text)
    return frozenset(found)


def looked_for(known: Collection[str], text: str, told: Iterable[Name]) -> list[Name]:
    """Find the names of ``known`` that a text has and that were not told."""
    there = {name.text for name in told}
    return [Name(name) for name in sorted(known) if name not in there and _stands(name, text)]


def _looks_like_a_name(text: str) -> bool:
    words = text.split()
    return len(words) <= 6 and any(map(str.isalpha, text)) and all(word[0].isupper() for word in words)


def _inside(one: Run | Known, other: Run | Known) -> bool:
    return other.start <= one.start and one.end <= other.end


def _stands(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _most(mentions: Iterable[Name]) -> list[Name]:
    """Count names, forms of one name as one, and give each the kind that it has most often."""
    counts: Counter[str] = Counter()
    kinds: dict[str, Counter[NameKind]] = defaultdict(Counter)
    for mention in mentions:
        counts[mention.text] += 1
        kinds[mention.text][mention.kind] += 1
    return [Name(text, _kind(kinds[text])) for text in joined(counts)]


def _kind(counts: Counter[NameKind]) -> NameKind:
    certain = [kind for kind in _KINDS if counts[kind] and kind != "other"]
    return max(certain, key=lambda kind: counts[kind]) if certain else "other"


# Scripts with capitals.


def _by_capitals(found: Sequence[Run], text: str, book: Gazetteer) -> list[Name]:
    found = [part for run in found for part in _parts(run, text, book)]
    # The capital of a sentence's first word proves nothing, but a known name is one.
    told = [(*_told(run, text, book), run) for run in found if run.text not in _adjectives()]
    proven = {run.text for kind, name, run in told if _is_proven(kind, name, run, text) or book.whole(run.text)}
    alone = {name for _, name, _ in told if " " not in name}
    told = [one for one in told if one[2].text in proven]
    return [
        # A last name that stands alone elsewhere is a person's.
        Name(name, "person" if kind == "other" and _full(name) and name.rpartition(" ")[2] in alone else kind)
        for kind, name, _ in told
        if name
    ]


def _is_proven(kind: NameKind, name: str, run: Run, text: str) -> bool:
    """Tell whether a run is a name for certain; so is a firm in quotes, and an organisation that goes on after it."""
    return run.certain or (kind == "organisation" and (name != run.text or text[run.start - 1 : run.start] in _QUOTES))


def _full(name: str) -> bool:
    return 1 <= name.count(" ") <= 2 and all(word[0].isupper() for word in name.split())


def _parts(run: Run, text: str, book: Gazetteer) -> list[Run]:
    """Take apart what stands together by chance: a country before a name, a person's office behind it."""
    words = [(word.start(), word.end()) for word in re.finditer(r"\S+", text[run.start : run.end])]
    if book.whole(run.text) or len(words) < 2:
        return [run]

    titles = _words("title")

    def cut(first: int, last: int) -> Run:
        start, end = run.start + words[first][0], run.start + words[last - 1][1]
        return Run(" ".join(text[start:end].split()), start, end, run.certain or first > 0)

    # Kenya's High Court is a court in Kenya.
    owner = _OWNER.sub("", cut(0, 1).text)
    if owner != cut(0, 1).text and book.whole(owner):
        start = run.start + words[0][0]
        return [Run(owner, start, start + len(owner), certain=True), *_parts(cut(1, len(words)), text, book)]
    if len(words) < 3:
        return [run]
    if not _has(run.text, "organisation"):
        first = next((place for place in range(len(words)) if _word(cut(place, place + 1).text) not in titles), 0)
        if len(words) - first > 2 and book.whole(cut(first, first + 1).text):
            return [cut(first, first + 1), cut(first + 1, len(words))]
    of = next((place for place in range(1, len(words) - 1) if cut(place, place + 1).text == "of"), 0)
    if of > 1 and _word(cut(0, 1).text) in titles and not _has(cut(0, of).text, "organisation"):
        return [cut(0, of), *_parts(cut(of + 1, len(words)), text, book)]
    return [run]


def _told(run: Run, text: str, book: Gazetteer) -> tuple[NameKind, str]:
    """Tell what kind of name a run is, and the name without the titles in front of it."""
    known = book.whole(run.text)
    if known:
        return known[0], run.text
    last = book.whole(run.text.rpartition(" ")[2])
    if _has(run.text, "organisation") or (" " in run.text and last and last[0] == "organisation"):
        return _organisation(run, text)
    bare = _without_titles(run.text)
    if not bare:
        return "other", ""
    if bare != run.text and bare[0].isupper():
        in_book = book.whole(bare)
        return in_book[0] if in_book else "person", bare
    if _OF_A_PLACE.fullmatch(run.text):
        more = _NEXT_SMALL.match(text, run.end)
        if more and _word(more.group().strip()) in _words("place"):
            return "place", f"{run.text}{more.group()}"
        return "other", run.text
    around = _around(run, text, book)
    if around != "organisation" and _has(run.text, "place"):
        return "place", run.text
    if _ACRONYM.fullmatch(run.text) and run.text.isupper():
        return "organisation", run.text
    return around, run.text


def _organisation(run: Run, text: str) -> tuple[NameKind, str]:
    """Tell an organisation's whole name; Slavic and Romance ones go on in small letters: Cour des comptes."""
    if " " in run.text:
        return "organisation", run.text
    more = _CYRILLIC_NEXT.match(text, run.end) or _ROMANCE_NEXT.match(text, run.end)
    return ("organisation", f"{run.text}{more.group()}") if more else ("other", run.text)


def _around(run: Run, text: str, book: Gazetteer) -> NameKind:
    """Tell the kind of a name by the words around it."""
    line = _SENTENCE_END.split(text[max(0, run.start - _AROUND) : run.start].rpartition("\n")[2])[-1]
    raw = _WORDS.findall(line)
    # The president of a country: what the country stands between is one title.
    before = [_word(word) for word in (raw[:-1] if len(raw) > 1 and book.whole(raw[-1]) else raw)]
    # Behind a comma another word begins.
    last = before[-1] if before and _JOINED.search(line) else ""
    following = _WORDS.match(text[run.end : run.end + _AROUND].lstrip(" ,"))
    next_ = _word(following.group()) if following else ""
    words = run.text.count(" ") + 1
    if last in _words("title") or (words > 1 and _AGED.match(text, run.end)):
        return "person"
    if _full(run.text):
        # The minister of trade, Jane Doe; said Jane Doe; Jane Doe said
        behind = re.search(r"[,(]\s*$", line) and any(word in _words("title") | _words("kin") for word in before[-5:])
        if behind or {last, next_} & _words("speech"):
            return "person"
        apposed = _APPOSED.match(text, run.end)
        if apposed and _word(apposed.group("what")) in _words("title") | _words("kin"):
            return "person"
    if last in _words("organisation") or last in _words("trade"):
        return "organisation"
    return "place" if words <= 2 and last and _leads_to_a_place(before, words) else "other"


def _leads_to_a_place(before: Sequence[str], words: int) -> bool:
    """Tell whether words lead to a place: in, the governor of, the airport of, sailed from."""
    last, earlier = before[-1] if before else "", before[-2] if len(before) > 1 else ""
    if last in {"of", "de", "di", "do", "da", "von"}:
        return earlier in _words("place") or (last == "of" and earlier in _words("title"))
    if last in {"from", "to"}:
        return earlier in _words("motion")
    # Spanish says "a" before people too: detuvo a Ana Ruiz.
    return last in _words("in") and (last != "a" or words == 1)


def _without_titles(name: str) -> str:
    words = name.split()
    while words and (_word(words[0]) in _words("title") or words[0] in _adjectives()):
        words = words[1:]
    return " ".join(words)


def _has(name: str, table: str) -> bool:
    return any(_word(word) in _words(table) for word in name.split())


@lru_cache(20_000)
def _word(word: str) -> str:
    return cyrillic_stem(_ELIDED.sub("", word.rstrip(".").lower()))


@cache
def _words(table: str) -> frozenset[str]:
    return frozenset(map(_word, facts()["words"][table].split()))


@cache
def _adjectives() -> frozenset[str]:
    """List the adjectives of countries: English names of languages are most of them."""
    from babel import Locale

    return frozenset(facts()["words"]["people"].split()) | frozenset(Locale.parse("en").languages.values())


# German.


def _german(text: str, language: str) -> list[Name]:
    if language.partition("-")[0].lower() != "de":
        return []
    found = [Name(one.group("name"), "person") for one in _german_people().finditer(text)]
    return found + [Name(one.group(), "organisation") for one in _german_organisations().finditer(text)]


@cache
def _german_people() -> re.Pattern[str]:
    titles = "|".join(sorted({word.capitalize() for word in facts()["words"]["title"].split() if len(word) > 3}))
    return re.compile(rf"(?<!\w)(?:\w*-)?(?:{titles})\.?\s+(?:Dr\.\s+)?(?P<name>{_GERMAN_NAME})(?!\w)")


@cache
def _german_organisations() -> re.Pattern[str]:
    """A proper adjective or name before a word for an organisation: Deutsche Bank, Universität Bremen."""
    ends = "Bank|Bahn|Partei|Universität|Zentralbank|Gerichtshof|Kommission|Stiftung|Gesellschaft|Verband|GmbH|AG"
    never = "Unser|Ander|Dies|Einig|Mehrer|Solch|Welch"
    return re.compile(rf"(?<!\w)(?!{never})[A-ZÄÖÜ][\w-]{{4,}}e[rsn]?\s(?:{ends})(?!\w)|Universität [A-ZÄÖÜ]\w+")
