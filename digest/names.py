"""People, organisations and places in a text, found without a model. Pure.

Three things tell a name: capitals (capitals.py), what stands beside it in scripts without capitals (beside.py), and
that it is known (gazetteer.py, and the names that a user's watches look for). What kind of name it is follows from its
words, what stands around it and the gazetteer (kinds.py); where nothing tells, it is "other" rather than a guess.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from crawler import query
from crawler.languages import primary
from crawler.records import Name, NameKind, Watch
from crawler.tokens import fold, is_unspaced
from digest.beside import beside
from digest.capitals import Run, joined, runs
from digest.gazetteer import Gazetteer, Known, gazetteer
from digest.german import german
from digest.kinds import adjectives, is_full, stem, tell
from digest.parts import parts

_KINDS: tuple[NameKind, ...] = ("person", "organisation", "place", "other")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_VOWELS = re.compile("[\u064b-\u0652\u0670\u0640]")
_WITH_VOWELS = frozenset({"ar", "fa", "ur"})
_HAN = re.compile("[\u3400-\u9fff]")
_QUOTES = frozenset('«“„"‘「')


def names(text: str, language: str) -> list[Name]:
    """Find the names in a text, the most frequent first."""
    text = _without_vowels(text, language)
    book = gazetteer(language)
    in_book, found = list(book.find(text)), runs(text, language)
    # What capitals show may be a part of a known name, and a known name a part of what they show.
    wide = [run for run in found if not any(_inside(run, one) and len(run.text) < len(one.text) for one in in_book)]
    # What begins with a known name is no person: the president of Russia met ...
    begun = {one.start for one in in_book}
    stand_by = [one for one in beside(text, language) if one.kind != "person" or one.start not in begun]
    mentions = _by_capitals(wide, text, book)
    mentions += [
        Name(one.text, one.kind)
        for one in (*in_book, *stand_by)
        if not any(_inside(one, run) for run in wide)
        and not any(_inside(one, other) and one.end - one.start < other.end - other.start for other in stand_by)
    ]
    if primary(language) == "de":
        mentions += [Name(one.text, one.kind) for one in german(text, book)]
    return _most(mentions)


def _without_vowels(text: str, language: str) -> str:
    """Take out the vowel signs of Arabic, which few texts write and no list of names does."""
    return _VOWELS.sub("", text) if primary(language) in _WITH_VOWELS else text


def shared(found: Iterable[Iterable[Name]]) -> list[Name]:
    """Order the names of several texts by how many of the texts have them; the kind is what most of them tell."""
    return _most(name for names in found for name in names)


def watched(watches: Iterable[Watch]) -> frozenset[str]:
    """List the names that watches look for: what their queries write with a capital, or in a script without."""
    found = set()
    for watch in watches:
        for node in query.walk(query.parse(watch.query)):
            if isinstance(node, query.Term) and not node.prefix and _looks_like_a_name(node.text):
                found.add(node.text)
    return frozenset(found)


def looked_for(known: Collection[str], text: str, told: Iterable[Name]) -> list[Name]:
    """Find the names of ``known`` that a text has and that were not told in whatever form."""
    there = {_key(name.text) for name in told}
    return [Name(name) for name in sorted(known) if _key(name) not in there and _stands(name, text)]


def written_as(known: frozenset[str], found: Iterable[Name]) -> list[Name]:
    """Write the names that watches look for as the watches do, in whatever case or Chinese script a text has them."""
    forms = _by_key(known)
    return [replace(name, text=forms.get(_key(name.text), name.text)) for name in found]


@lru_cache(8)
def _by_key(known: frozenset[str]) -> dict[str, str]:
    return {_key(name): name for name in sorted(known)}


def _looks_like_a_name(text: str) -> bool:
    """Tell whether a watch's term may be one: it has a capital (Bank of England), or is in a script without."""
    words = text.split()
    if len(words) > 6 or not any(map(str.isalpha, text)):
        return False
    return any(word[0].isupper() for word in words) or text.lower() == text.upper()


def _stands(name: str, text: str) -> bool:
    if is_unspaced(name):
        return name in text
    if _CYRILLIC.search(name):
        return any(_key(found) == _key(name) for found in _forms(name).findall(text))
    return name in text and _forms(name).search(text) is not None


@lru_cache(1_000)
def _forms(name: str) -> re.Pattern[str]:
    """Match a name as texts write it: with the ends of its cases in Cyrillic, behind Arabic prepositions."""
    if _CYRILLIC.search(name):
        begins = (rf"{re.escape(_begin(word))}\w*" for word in name.split())
        return re.compile(rf"(?<!\w){' '.join(begins)}(?!\w)")
    before = r"(?<!\w)[وف]?[بلك]?" if _ARABIC.search(name) else r"(?<!\w)"
    return re.compile(rf"{before}{re.escape(name)}(?!\w)")


def _begin(word: str) -> str:
    """Give the letters of a word that its forms share."""
    return word[: len(stem(word))]


def _inside(one: Run | Known, other: Run | Known) -> bool:
    return other.start <= one.start and one.end <= other.end


def _most(mentions: Iterable[Name]) -> list[Name]:
    """Count names, forms of one name as one, and give each the kind that it has most often."""
    counts: Counter[str] = Counter()
    kinds: dict[str, Counter[NameKind]] = defaultdict(Counter)
    for mention in _as_most_often(list(mentions)):
        counts[mention.text] += 1
        kinds[mention.text][mention.kind] += 1
    found = {text: _kind(each) for text, each in kinds.items()}
    return [Name(text, found[text]) for text in joined(counts, found)]


def _as_most_often(mentions: Sequence[Name]) -> list[Name]:
    """Write each name in the form that it has most often; a last name alone as its full name has it."""
    counts = Counter(mention.text for mention in mentions)
    keys = {text: _key(text) for text in counts}
    shown: dict[str, str] = {}
    for text, key in keys.items():
        if key not in shown or counts[text] > counts[shown[key]]:
            shown[key] = text
    people = {mention.text for mention in mentions if mention.kind in {"person", "other"}}
    last = {
        key.rpartition(" ")[2]: text.rpartition(" ")[2] for key, text in shown.items() if " " in key and text in people
    }
    texts = (last.get(keys[one.text], shown[keys[one.text]]) for one in mentions)
    return [one if text == one.text else replace(one, text=text) for one, text in zip(mentions, texts, strict=True)]


def _key(name: str) -> str:
    """Give what the forms of one name have in common: cases in Cyrillic, simplified and traditional Chinese."""
    if _CYRILLIC.search(name):
        return " ".join(map(stem, name.split()))
    return fold(name) if _HAN.search(name) else name


def _kind(counts: Counter[NameKind]) -> NameKind:
    certain = [kind for kind in _KINDS if counts[kind] and kind != "other"]
    return max(certain, key=lambda kind: counts[kind]) if certain else "other"


# Scripts with capitals.


def _by_capitals(found: Sequence[Run], text: str, book: Gazetteer) -> list[Name]:
    found = [part for run in found for part in parts(run, text, book)]
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
