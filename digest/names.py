"""People, organisations and places in a text, found without a model. Pure.

Three things tell a name: capitals (capitals.py), what stands beside it in scripts without capitals (beside.py), and
that it is known (gazetteer.py, and the names that a user's watches look for). What kind of name it is follows from its
words, what stands around it and the gazetteer (kinds.py); where nothing tells, it is "other" rather than a guess.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cache

from crawler import query
from crawler.records import Name, NameKind, Watch
from digest.beside import beside
from digest.capitals import Run, joined, runs
from digest.gazetteer import Gazetteer, Known, facts, gazetteer
from digest.kinds import adjectives, has, is_full, stem, tell, words_of

_KINDS: tuple[NameKind, ...] = ("person", "organisation", "place", "other")
_OWNER = re.compile(r"['’]s$")
_QUOTES = frozenset('«“„"‘「')
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
    """List the names that watches look for: what their queries write with capitals."""
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
    told = [(*tell(run, text, book), run) for run in found if run.text not in adjectives()]
    proven = {run.text for kind, name, run in told if _is_proven(kind, name, run, text) or book.whole(run.text)}
    alone = {name for _, name, _ in told if " " not in name}
    told = [one for one in told if one[2].text in proven]
    return [
        # A last name that stands alone elsewhere is a person's.
        Name(name, "person" if kind == "other" and is_full(name) and name.rpartition(" ")[2] in alone else kind)
        for kind, name, _ in told
        if name
    ]


def _is_proven(kind: NameKind, name: str, run: Run, text: str) -> bool:
    """Tell whether a run is a name for certain; so is a firm in quotes, and an organisation that goes on after it."""
    return run.certain or (kind == "organisation" and (name != run.text or text[run.start - 1 : run.start] in _QUOTES))


def _parts(run: Run, text: str, book: Gazetteer) -> list[Run]:
    """Take apart what stands together by chance: a country before a name, a person's office behind it."""
    words = [(word.start(), word.end()) for word in re.finditer(r"\S+", text[run.start : run.end])]
    if book.whole(run.text) or len(words) < 2:
        return [run]

    titles = words_of("title")

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
    if not has(run.text, "organisation"):
        first = next((place for place in range(len(words)) if stem(cut(place, place + 1).text) not in titles), 0)
        if len(words) - first > 2 and book.whole(cut(first, first + 1).text):
            return [cut(first, first + 1), cut(first + 1, len(words))]
    of = next((place for place in range(1, len(words) - 1) if cut(place, place + 1).text == "of"), 0)
    if of > 1 and stem(cut(0, 1).text) in titles and not has(cut(0, of).text, "organisation"):
        return [cut(0, of), *_parts(cut(of + 1, len(words)), text, book)]
    return [run]


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
