"""Summaries made of the articles' own sentences, word for word. Pure, in every script.

What several articles say, or their titles, is what happened: each word and each pair of words counts by the articles
that have it, once. The sentence that adds most for its length comes first, until the next would add little.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from crawler.records import Article, SummarySentence
from crawler.tokens import is_unspaced
from digest.known import Earlier, Known, plain, repeats
from digest.sentences import is_open, is_whole, split
from digest.vectors import Vector, rarity, stems, vector

#: A word, or two in a row.
_Term = str | tuple[str, str]

#: So much of each text is read: news tells first what it is about.
_CHARACTERS = 4000
_SENTENCES_READ = 12
#: Of a revised text more: what was changed may stand at its end.
_REVISED = 100_000
_ARTICLES_READ = 12
#: A sentence has so many words; shorter ones are news, too, and are taken where there are no others left and not more
#: words than these. A letter of a script without spaces is so much of a word.
_SHORTEST, _LONGEST = 10, 70
_SHORTEST_OF_ALL = 6
_SHORTEST_NEWS = 4
_ROOM = 20
_LETTER = 0.6
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
#: A sentence that adds less than this part of what the first one told is left out, unless the summary is brief with it.
_LITTLE = 0.18
_BRIEF = 35
#: Lines about the text rather than of it: credits, contacts, links, notes of the house.
_ABOUT = re.compile(
    r"https?://|www\.|\S@\S+\.\w|©"
    r"|^\W*(?:by|sources?|photos?|image|picture|editors?|edited|reporting|reported)\b[^,;]{0,60}$"
    r"|^\W*(?:read more|see also|follow us|subscribe|sign up|click|copyright|all rights)\b"
    r"|\((?:reporting|additional reporting|editing|writing|edited) by\b|all rights reserved"
    r"|^\W*(?:责任编辑|责编|编辑|来源|记者|图片|摄影|原标题|編集|写真)\s*[:：/]"
    r"|^\W*(?:المصدر|تحرير|تصوير|اقرأ أيضا|اقرأ المزيد|للمزيد)\b"
    r"|^\W*(?:фото|источник|редактор|автор|читайте также|джерело)\b[^,;]{0,60}$",
    re.IGNORECASE,
)


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


def summarise(
    articles: Sequence[Article], *, sentences: int = 3, known: Collection[str] = ()
) -> tuple[SummarySentence, ...]:
    """Choose the sentences that say most of what the articles say together, none of which says the same as another.

    The first articles are preferred; nothing is chosen that says what ``known`` sentences say. A sentence with a number
    that they do not have says something else.
    """
    found = _without_titles(_read(articles, _SHORTEST_OF_ALL), articles)
    return _summary(articles, found, sentences, [*known], {}, shortest=_SHORTEST)


def news(
    fresh: Sequence[Article],
    before: Sequence[Article],
    told: Collection[str],
    earlier: Mapping[int, str] | None = None,
    *,
    sentences: int = 2,
) -> tuple[SummarySentence, ...]:
    """Choose the sentences of fresh articles that say what neither readers were told nor earlier articles say.

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
    return replace(article, lead="", text="\n".join(earlier.changed((article.text or article.lead)[:_REVISED])))


def _read(articles: Sequence[Article], shortest: int) -> list[_Sentence]:
    return [
        sentence
        for rank, article in enumerate(articles[:_ARTICLES_READ])
        for sentence in _sentences(article, rank, shortest)
    ]


def _summary(
    articles: Sequence[Article],
    candidates: Sequence[_Sentence],
    sentences: int,
    known: Sequence[str],
    earlier: Mapping[int, Earlier],
    shortest: int = 0,
) -> tuple[SummarySentence, ...]:
    if not candidates:
        return ()
    language = articles[0].language
    said = [stems(text, language) for text in known]
    weights = rarity((*(sentence.words for sentence in candidates), *said), len(candidates) + len(said))
    told = Known([vector(words, weights) for words in said], known)
    vectors = [vector(sentence.words, weights) for sentence in candidates]
    fresh = [
        number
        for number, (sentence, own) in enumerate(zip(candidates, vectors, strict=True))
        if not told.has(sentence.text, own, earlier.get(sentence.article))
    ]
    worth = _worth(candidates, [stems(article.title, article.language) for article in articles])
    roots = {word: math.sqrt(weight) for word, weight in weights.items()}
    terms = [
        {term: value * _rareness(term, roots) for term in _terms(sentence.words) if (value := worth[term])}
        for sentence in candidates
    ]
    known_terms = {term for words in said for term in _terms(words)}
    chosen = _choose(candidates, fresh, terms, vectors, known_terms, sentences, shortest)
    return tuple(
        SummarySentence(candidates[number].text, candidates[number].article)
        for number in sorted(chosen, key=lambda number: (candidates[number].rank, candidates[number].place))
    )


def _sentences(article: Article, rank: int, shortest: int) -> list[_Sentence]:
    """List the sentences of an article that may stand in a summary."""
    title = plain(article.title)
    found: list[_Sentence] = []
    for place, text in enumerate(split((article.text or article.lead)[:_CHARACTERS], article.language)):
        if len(found) == _SENTENCES_READ:
            break
        if not is_whole(text) or is_open(text) or _ABOUT.search(text) or plain(text) == title:
            continue
        words = stems(text, article.language)
        length = max(len(text.split()), sum(_LETTER if is_unspaced(word) else 1.0 for word in words))
        if shortest <= length <= _LONGEST:
            found.append(_Sentence(text, article.id or 0, place, rank, words, length))
    return found


def _without_titles(sentences: Sequence[_Sentence], articles: Sequence[Article]) -> list[_Sentence]:
    """Leave out what only repeats a title: readers see one above the summary."""
    weights = rarity((sentence.words for sentence in sentences), len(sentences))
    titles = [set(stems(article.title, article.language)) for article in articles]
    return [
        sentence
        for sentence in sentences
        if (words := dict.fromkeys(sentence.words))
        and max(sum(weights[word] for word in words if word in title) for title in titles)
        < _REPEATED * sum(weights[word] for word in words)
    ]


def _terms(words: Sequence[str]) -> Iterable[_Term]:
    yield from words
    yield from pairwise(words)


def _rareness(term: _Term, roots: Vector) -> float:
    return roots[term] if isinstance(term, str) else math.sqrt(roots[term[0]] * roots[term[1]])


def _worth(candidates: Sequence[_Sentence], titles: Sequence[Sequence[str]]) -> dict[_Term, float]:
    """Weigh what is said by how many articles say it, and more when a title does.

    What one article alone says counts nothing, unless there is no other.
    """
    said: dict[int, set[_Term]] = defaultdict(set)
    for sentence in candidates:
        said[sentence.rank].update(_terms(sentence.words))
    titled = {term for words in titles for term in _terms(words)}
    if len(said) == 1:
        return {term: _TITLED if term in titled else 1.0 for terms in said.values() for term in terms}
    articles = Counter(term for terms in said.values() for term in terms)
    return {
        term: ((number - 1) * _TITLED or _TITLED_ONCE) if term in titled else number - 1.0
        for term, number in articles.items()
    }


def _choose(
    candidates: Sequence[_Sentence],
    fresh: Iterable[int],
    terms: Sequence[Mapping[_Term, float]],
    vectors: Sequence[Vector],
    told: set[_Term],
    most: int,
    shortest: int,
) -> list[int]:
    """Take the sentence that adds most for its length, again and again, until little is added or there is no room."""
    left = list(fresh)
    chosen: list[int] = []
    words = best = 0.0
    while left and len(chosen) < most and words < _WORDS:
        long = [number for number in left if candidates[number].length >= shortest]
        if not long and words > _ROOM:
            break
        gain, number = max((_gain(candidates[number], terms[number], told), -number) for number in long or left)
        number = -number
        if chosen and gain < _LITTLE * best and words + candidates[number].length > _BRIEF:
            break
        best = best or gain
        alike = [other for other in left if other == number or repeats(vectors[other], vectors[number])]
        number = _fullest(number, alike, candidates, terms, told)
        chosen.append(number)
        words += candidates[number].length
        told.update(terms[number])
        left = [
            other
            for other in left
            if words + candidates[other].length <= _WORDS + _OVER and not repeats(vectors[other], vectors[number])
        ]
    return chosen


def _fullest(
    best: int,
    alike: Iterable[int],
    candidates: Sequence[_Sentence],
    terms: Sequence[Mapping[_Term, float]],
    told: set[_Term],
) -> int:
    """Choose of sentences that say the same the one that says most; not a long one in place of the best."""
    short = [number for number in alike if number == best or candidates[number].length <= _BRIEF]
    return max(short, key=lambda number: _new(terms[number], told))


def _new(terms: Mapping[_Term, float], told: set[_Term]) -> float:
    return sum(worth for term, worth in terms.items() if term not in told)


def _gain(sentence: _Sentence, terms: Mapping[_Term, float], told: set[_Term]) -> float:
    """Tell how much of worth a sentence says that was not told, for its length."""
    return _new(terms, told) / math.sqrt(sentence.length) * (1 + _POSITION / (1 + sentence.place))
