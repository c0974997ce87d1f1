"""Summaries made of the articles' own sentences, word for word. Pure, in every script.

What several articles say, or their titles, is what happened: each word and each pair of words counts by the articles
that have it, once. The sentence that adds most for its length comes first, until the next would add little.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice, pairwise

from crawler.records import Article, SummarySentence
from crawler.tokens import is_unspaced
from digest.known import Earlier, Known, repeats
from digest.pronouns import leans
from digest.sentences import is_open, is_whole, split
from digest.vectors import Vector, rarity, stems, vector

#: A word, or two in a row.
_Term = str | tuple[str, str]

#: So much of each text is read: news tells first what it is about.
_CHARACTERS = 4000
_SENTENCES_READ = 12
#: Of a revised text more: what was changed may stand at its end.
_REVISED = 100_000
_CHANGED_READ = 48
_ARTICLES_READ = 12
#: A sentence has so many words; shorter ones are news, too, and are taken where there are no others left and not more
#: words than these. A letter of a script without spaces is so much of a word.
_SHORTEST, _LONGEST = 10, 70
_SHORTEST_OF_ALL = 6
_SHORTEST_NEWS = 4
_ROOM = 20
_LETTER = 0.6
#: Thai, Lao, Burmese and Khmer spell words out, with more letters to each.
_SPELLED_LETTER = 0.25
_SPELLED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
#: A summary is not longer than this by more than half of a sentence.
_WORDS = 75
_OVER = 15
#: What the first sentence of a text is worth more than a late one; it falls with the place.
_POSITION = 0.25
#: What a title says counts so much more; what only a title and one text say counts as little as this.
_TITLED = 2.0
_TITLED_ONCE = 0.5
#: A sentence of which a title says so much only repeats it.
_REPEATED = 0.7
#: A sentence that adds less than this part of what the first one told is left out, unless the summary is brief with it
#: or, of two texts, which may have no more than a sentence in common, has no more than ``_ROOM`` words without it.
_LITTLE = 0.18
_BRIEF = 35
#: Letters of scripts without spaces; a quick look for them spares asking every word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u3005-\U0003ffff]")
#: Lines about the text rather than of it: credits, contacts, links, notes of the house. Without the marks there is no
#: need to look for the second kind.
_ABOUT_BEGINS = re.compile(
    r"\W*(?:(?:by|sources?|photos?|image|picture|editors?|edited|reporting|reported)\b[^,;]{0,60}$"
    r"|(?:read more|see also|follow us|subscribe|sign up|click|copyright|all rights)\b"
    r"|(?:责任编辑|责编|编辑|来源|记者|图片|摄影|原标题|編集|写真)\s*[:：/]"
    r"|(?:المصدر|تحرير|تصوير|اقرأ أيضا|اقرأ المزيد|للمزيد)\b"
    r"|(?:фото|источник|редактор|автор|читайте также|джерело)\b[^,;]{0,60}$)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"https?://|www\.|\S@\S+\.\w|©"
    r"|\((?:reporting|additional reporting|editing|writing|edited) by\b|all rights reserved",
    re.IGNORECASE,
)
_ABOUT_MARKS = re.compile(r"@|©|\(|://|www\.|WWW\.|rights|Rights|RIGHTS")


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    article: int
    #: Its number in its article, and that of its article.
    place: int
    rank: int
    words: list[str]
    #: In words, also in scripts without spaces.
    length: float
    #: Its words and each two in a row, once.
    terms: Mapping[_Term, None]


def summarise(
    articles: Sequence[Article], *, sentences: int = 3, known: Collection[str] = ()
) -> tuple[SummarySentence, ...]:
    """Choose the sentences that say most of what the articles say together, none of which says the same as another.

    The first articles are preferred; nothing is chosen that says what ``known`` sentences say. A sentence with a number
    that they do not have says something else.
    """
    found = _read(articles, _SHORTEST_OF_ALL)
    return _summary(articles, found, sentences, [*known], {}, shortest=_SHORTEST, below_title=True)


def news(
    fresh: Sequence[Article],
    before: Sequence[Article],
    told: Collection[str],
    earlier: Mapping[int, str] | None = None,
    *,
    sentences: int | None = 2,
) -> tuple[SummarySentence, ...]:
    """Choose the sentences of fresh articles that say what neither readers were told nor earlier articles say.

    With None ``sentences`` it is all of them, each said once.
    ``earlier`` has texts that fresh articles had before: of these articles only what was changed is news, all of it.
    """
    earlier = earlier or {}
    was = {each.id or 0: replace(each, text=earlier[each.id or 0]) for each in fresh if each.id in earlier}
    known = [*told]
    for article in (*before[:_ARTICLES_READ], *was.values()):
        known += islice(split((article.text or article.lead)[:_CHARACTERS], article.language), _SENTENCES_READ)
    texts = {number: Earlier(article.text[:_REVISED], article.language) for number, article in was.items()}
    changed = [_changed(each, texts[each.id or 0]) if each.id in texts else each for each in fresh]
    return _summary(changed, _read(changed, _SHORTEST_NEWS), sentences, known, texts)


def _changed(article: Article, earlier: Earlier) -> Article:
    """Leave of an article's text only the sentences that an earlier text of it did not have."""
    changed = islice(earlier.changed((article.text or article.lead)[:_REVISED]), _CHANGED_READ)
    return replace(article, lead="", text="\n".join(changed))


def _read(articles: Sequence[Article], shortest: int) -> list[_Sentence]:
    return [
        sentence
        for rank, article in enumerate(articles[:_ARTICLES_READ])
        for sentence in _sentences(article, rank, shortest)
    ]


def _summary(
    articles: Sequence[Article],
    candidates: Sequence[_Sentence],
    sentences: int | None,
    known: Sequence[str],
    earlier: Mapping[int, Earlier],
    *,
    shortest: int = 0,
    below_title: bool = False,
) -> tuple[SummarySentence, ...]:
    if not candidates:
        return ()
    said = [stems(text, articles[0].language) for text in known]
    weights = rarity((*(sentence.words for sentence in candidates), *said), len(candidates) + len(said))
    titles = [stems(article.title, article.language) for article in articles]
    if below_title:
        candidates = _without_titles(candidates, titles, weights)
    told = Known([vector(words, weights) for words in said], known)
    fresh = [
        sentence
        for sentence in candidates
        if not known or not told.has(sentence.text, vector(sentence.words, weights), earlier.get(sentence.article))
    ]
    worth = _worth(candidates, titles, weights)
    left = [_Candidate(sentence, weights, worth) for sentence in fresh]
    if sentences is None:
        chosen = _each_once(left)
    else:
        chosen = _choose(left, {term for words in said for term in _terms(words)}, sentences, shortest)
    return tuple(
        SummarySentence(sentence.text, sentence.article)
        for sentence in sorted((each.sentence for each in chosen), key=lambda one: (one.rank, one.place))
    )


def _sentences(article: Article, rank: int, shortest: int) -> list[_Sentence]:
    """List the sentences of an article that may stand in a summary."""
    title = stems(article.title, article.language)
    found: list[_Sentence] = []
    for place, text in enumerate(split((article.text or article.lead)[:_CHARACTERS], article.language)):
        if len(found) == _SENTENCES_READ:
            break
        if not is_whole(text) or is_open(text) or _is_about(text):
            continue
        words = stems(text, article.language)
        length = _length(text, words)
        if shortest <= length <= _LONGEST and words != title:
            found.append(_Sentence(text, article.id or 0, place, rank, words, length, dict.fromkeys(_terms(words))))
    return found


def _length(text: str, words: Sequence[str]) -> float:
    """Count words, also where no spaces tell them apart."""
    if not _UNSPACED.search(text):
        return max(len(text.split()), len(words))
    letters = sum(map(is_unspaced, words))
    of_a_word = _SPELLED_LETTER if _SPELLED.search(text) else _LETTER
    return max(len(text.split()), len(words) - letters + letters * of_a_word)


def _is_about(text: str) -> bool:
    if _ABOUT_BEGINS.match(text):
        return True
    return _ABOUT_MARKS.search(text) is not None and _ABOUT.search(text) is not None


def _without_titles(
    sentences: Sequence[_Sentence], titles: Iterable[Sequence[str]], weights: Mapping[str, float]
) -> list[_Sentence]:
    """Leave out what only repeats a title: readers see one above the summary."""
    titled = [frozenset(words) for words in titles]
    either = frozenset[str]().union(*titled)
    return [
        sentence
        for sentence in sentences
        if not (
            _repeats_title(sentence, either, weights)
            and any(_repeats_title(sentence, title, weights) for title in titled)
        )
    ]


def _repeats_title(sentence: _Sentence, title: frozenset[str], weights: Mapping[str, float]) -> bool:
    """Tell whether a sentence has most of its weight from words of a title."""
    own = sentence.words
    return sum([weights[word] for word in own if word in title]) >= _REPEATED * sum([weights[word] for word in own])


def _terms(words: Sequence[str]) -> Iterable[_Term]:
    return chain(words, pairwise(words))


def _worth(
    candidates: Sequence[_Sentence], titles: Sequence[Sequence[str]], weights: Mapping[str, float]
) -> dict[_Term, float]:
    """Weigh what is said by how many articles say it, and more when a title does; what is rare weighs more.

    What one article alone says counts nothing, unless there is no other.
    """
    said: dict[int, dict[_Term, None]] = defaultdict(dict)
    for sentence in candidates:
        said[sentence.rank].update(sentence.terms)
    titled = {term for words in titles for term in _terms(words)}
    if len(said) == 1:
        counted: dict[_Term, float] = {
            term: _TITLED if term in titled else 1.0 for terms in said.values() for term in terms
        }
    else:
        articles = Counter(chain.from_iterable(said.values()))
        counted = {term: number - 1.0 for term, number in articles.items() if number > 1}
        for term in titled:
            if term in articles:
                counted[term] = counted.get(term, 0.0) * _TITLED or _TITLED_ONCE
    roots = {word: math.sqrt(weight) for word, weight in weights.items()}
    return {term: value * _rareness(term, roots) for term, value in counted.items()}


def _rareness(term: _Term, roots: Vector) -> float:
    return roots[term] if isinstance(term, str) else math.sqrt(roots[term[0]] * roots[term[1]])


class _Candidate:
    """A sentence that may be chosen."""

    def __init__(self, sentence: _Sentence, weights: Mapping[str, float], worth: Mapping[_Term, float]) -> None:
        self.sentence = sentence
        self.length = sentence.length
        self.worth = {term: worth[term] for term in sentence.terms if term in worth}
        self._weights = weights

    def new(self, told: Collection[_Term]) -> float:
        """Tell how much of worth it says that was not told."""
        return sum([worth for term, worth in self.worth.items() if term not in told])

    def gain(self, new: float) -> float:
        """Tell how much what is new in it adds, for its length."""
        return new / math.sqrt(self.length) * (1 + _POSITION / (1 + self.sentence.place))

    def repeats(self, other: _Candidate) -> bool:
        """Tell whether it says what another one says."""
        return repeats(self._vector, other._vector)

    def hangs(self, chosen: Iterable[_Candidate]) -> bool:
        """Tell whether it speaks of somebody whom no sentence before it names."""
        own = self.sentence
        return self._leans and not any(
            each.sentence.rank == own.rank and each.sentence.place < own.place for each in chosen
        )

    @cached_property
    def _leans(self) -> bool:
        return leans(self.sentence.text)

    @cached_property
    def _vector(self) -> Vector:
        return vector(self.sentence.words, self._weights)


def _choose(left: Sequence[_Candidate], told: set[_Term], most: int, shortest: int) -> list[_Candidate]:
    """Take the sentence that adds most for its length, again and again, until little is added or there is no room."""
    chosen: list[_Candidate] = []
    words = best = 0.0
    few = len({each.sentence.rank for each in left}) <= 2
    while len(chosen) < most and words < _WORDS:
        left = [each for each in left if not words or words + each.length <= _WORDS + _OVER]
        new = {each: each.new(told) for each in left}
        gains = {each: each.gain(value) for each, value in new.items()}
        ranked = sorted(left, key=lambda each: (each.length < shortest, each.hangs(chosen), -gains[each]))
        taken = next(_other_than(chosen, ranked), None)
        if taken is None or (taken.length < shortest and words > _ROOM):
            break
        brief = words + taken.length <= _BRIEF or (few and words <= _ROOM)
        if chosen and gains[taken] < _LITTLE * best and not brief:
            break
        best = best or gains[taken]
        taken = _fullest(taken, new, chosen)
        chosen.append(taken)
        words += taken.length
        told.update(taken.worth)
    return chosen


def _each_once(left: Iterable[_Candidate]) -> list[_Candidate]:
    chosen: list[_Candidate] = []
    for each in left:
        chosen.extend(_other_than(chosen, [each]))
    return chosen


def _other_than(chosen: Sequence[_Candidate], left: Iterable[_Candidate]) -> Iterator[_Candidate]:
    return (each for each in left if not any(each.repeats(other) for other in chosen))


def _fullest(best: _Candidate, new: Mapping[_Candidate, float], chosen: Sequence[_Candidate]) -> _Candidate:
    """Choose of sentences that say the same the one that says most; not a long one in place of the best."""
    fuller = [each for each in new if each.length <= _BRIEF and new[each] > new[best] and each.repeats(best)]
    return max(_other_than(chosen, fuller), key=new.__getitem__, default=best)
