"""Summaries made of the articles' own sentences, word for word. Pure, in every script."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sentencex

from crawler.records import Article, SummarySentence
from crawler.tokens import is_unspaced
from digest.vectors import Vector, cosine, rarity, stems, vector

#: So much of each text is read: news tells first what it is about.
_CHARACTERS = 4000
_SENTENCES_READ = 12
_ARTICLES_READ = 12
#: A sentence has so many words at least and at most; of pairs of letters in scripts without spaces, twice as many.
_SHORTEST, _LONGEST = 6, 50
#: Sentences as alike as this say the same.
_SAME = 0.5
#: What the first sentence of a text is worth more than a late one; it falls with the place.
_POSITION = 0.25
_ENDS = re.compile(r"[.!?…。！？｡؟۔।၊။։]['\"”’»」』)\]]*$")
#: The end of a Chinese or Japanese sentence: sentencex goes over it where a figure follows.
_FULL_STOP = re.compile(r"(?<=[。！？])(?![。！？…”’」』）)\]])")
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


def summarise(
    articles: Sequence[Article], *, sentences: int = 2, known: Collection[str] = ()
) -> tuple[SummarySentence, ...]:
    """Choose the sentences that say most of what the articles say together, none of which says the same as another.

    The first articles are preferred; nothing is chosen that says what ``known`` sentences say.
    """
    candidates = [
        sentence for rank, article in enumerate(articles[:_ARTICLES_READ]) for sentence in _sentences(article, rank)
    ]
    if not candidates:
        return ()
    language = articles[0].language
    weights = rarity((sentence.words for sentence in candidates), len(candidates))
    vectors = [vector(sentence.words, weights) for sentence in candidates]
    centre = _centre(candidates, [word for article in articles for word in stems(article.title, language)], weights)
    said = [vector(stems(text, language), weights) for text in known]
    told = {_plain(text) for text in known}
    ranked = sorted(
        range(len(candidates)), key=lambda number: (-_score(candidates[number], vectors[number], centre), number)
    )
    chosen: list[int] = []
    for number in ranked:
        own = vectors[number]
        if len(chosen) == sentences:
            break
        if _plain(candidates[number].text) in told or any(cosine(own, other) >= _SAME for other in said):
            continue
        chosen.append(number)
        said.append(own)
    return tuple(
        SummarySentence(candidates[number].text, candidates[number].article)
        for number in sorted(chosen, key=lambda number: (candidates[number].rank, candidates[number].place))
    )


def split(text: str, language: str) -> list[str]:
    """Cut a text into its sentences; no sentence goes over a line's end."""
    code = language.partition("-")[0].lower() or "en"
    found = (part for line in text.splitlines() if line.strip() for part in sentencex.segment(code, line))
    return [piece.strip() for part in found for piece in _FULL_STOP.split(part) if piece.strip()]


def _sentences(article: Article, rank: int) -> list[_Sentence]:
    """List the sentences of an article that may stand in a summary."""
    title = _plain(article.title)
    found: list[_Sentence] = []
    for place, text in enumerate(split((article.text or article.lead)[:_CHARACTERS], article.language)):
        if len(found) == _SENTENCES_READ:
            break
        if not _ENDS.search(text) or _ABOUT.search(text) or _plain(text) == title:
            continue
        words = stems(text, article.language)
        length = sum(0.5 if is_unspaced(word) else 1.0 for word in words)
        if _SHORTEST <= length <= _LONGEST:
            found.append(_Sentence(text, article.id or 0, place, rank, words))
    return found


def _centre(candidates: Sequence[_Sentence], titles: Sequence[str], weights: Vector) -> dict[str, float]:
    """Weigh what all articles say together; what several of them say, and what titles say, counts more."""
    counts = Counter(word for sentence in candidates for word in sentence.words)
    counts.update(titles)
    articles = Counter(
        word for _, word in {(sentence.rank, word) for sentence in candidates for word in sentence.words}
    )
    raw = {
        word: (1 + math.log(number)) * weights.get(word, 0.0) * (1 + math.log(articles[word] or 1))
        for word, number in counts.items()
    }
    length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
    return {word: value / length for word, value in raw.items()}


def _score(sentence: _Sentence, own: Vector, centre: Vector) -> float:
    return cosine(own, centre) + _POSITION / (1 + sentence.place) + 0.05 / (1 + sentence.rank)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
