"""What a copy says that its original does not: a new lead of an agency's update, a reversal, a correction. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from crawler.records import Article
from digest.known import Earlier, numbers, plain
from digest.sentences import split
from digest.summary import news
from digest.vectors import stems

#: What is new stands in so much of a text; what a republisher adds below is not read.
_BEGINNING = 1 / 3
_CHARACTERS = 12_000
#: A new sentence has so many words of the story's titles and leads, which are so much of its words, less where it has a
#: new number, and however much where the title has the number, too; and without a new number so many words that the
#: story does not have. Shorter words do not count, except in scripts without spaces.
_SHARED = 2
_SHARED_PART = 0.4
_SHARED_PART_NUMBER = 0.25
_NEW = 1
_LETTERS = 4
_LEAD = 500
#: A sentence of whose pairs of words so many stood before is one of before with slips and edits. It is new where it has
#: a new number that stands in the title, too, or is the first one and a number of the original is gone.
_EDITED = 0.5
#: A text that corrects another one says nearly the same: every changed sentence of it counts.
_CORRECTS = re.compile(
    r"\W*(?:correct(?:ion|ed|s|ing)\b|clarification\b|retraction\b|korrektur\b|berichtigung\b|korrigiert\b"
    r"|rectificati\w+|correctif\b|correcci[oó]n\b|rectificaci[oó]n\b|correzione\b|rettifica\b|correção\b|sprostowanie\b"
    r"|поправк\w+|исправлен\w+|виправлен\w+|更正|訂正|정정|تصحيح)",
    re.IGNORECASE,
)
#: A short paragraph that ends with a credit in brackets, or names a photo, is a caption.
_CAPTION = re.compile(
    r".*[(\[（【][^()\[\]（）【】]{1,60}[)\]）】]\s*$"
    r"|.*(?:photo|foto|фото|图|写真|사진)\s*[:：/]"
    r"|\W*(?:file )?photo\b",
    re.IGNORECASE,
)
_LONGEST_CAPTION = 250


def additions_only(
    articles: Iterable[Article],
    before: Sequence[Article],
    told: Collection[str],
    originals: Mapping[int, Article],
) -> tuple[list[Article], dict[int, str]]:
    """Leave of each copy only the sentences that it adds; articles whose original is not given stay as they are.

    With them come the texts that corrections correct, by the numbers of the corrections.
    """
    found: list[Article] = []
    corrected: dict[int, str] = {}
    known = {number: Said(original, before, told) for number, original in originals.items()}
    for article in articles:
        said = known.get(article.copy_of or 0)
        if said is None:
            found.append(article)
        elif added := said.additions(article):
            found.append(replace(article, lead="", text="\n".join(added)))
            if _corrects(article):
                corrected[article.id or 0] = _whole(said.original)
    return found, corrected


class Said:
    """What an original, the articles before and what readers were told have said when a copy comes."""

    def __init__(self, original: Article, before: Sequence[Article], told: Collection[str]) -> None:
        self.original = original
        self._language = original.language
        self._before = [original, *(each for each in before if each.id != original.id)]
        self._told = told
        self._all = "\n".join([*told, *map(_whole, self._before)])
        self._numbers = numbers(self._all)
        self._text = _without_captions((original.text or original.lead)[:_CHARACTERS])
        self._earlier = Earlier((original.text or original.lead)[: 2 * _CHARACTERS], original.language)

    def additions(self, copy: Article) -> tuple[str, ...]:
        """List the sentences with which a copy tells news.

        They stand in its beginning, or have a number of its title; they are about the story and say of it what was not
        said before.
        """
        title_numbers = numbers(copy.title) - self._numbers - _date(copy)
        lines = self._candidates(copy, title_numbers)
        if not lines:
            return ()
        corrected = {copy.id or 0: _whole(self.original)} if _corrects(copy) else None
        own = replace(copy, lead="", text="\n".join(lines))
        found = news([own], self._before, self._told, corrected, sentences=None)
        return tuple(line.text for line in found if self._is_news(line.text, copy, title_numbers))

    def _candidates(self, copy: Article, title_numbers: Collection[str]) -> list[str]:
        """List the sentences that may be new: what stands in the original word for word is not."""
        text = _without_captions((copy.text or copy.lead)[:_CHARACTERS])
        if text == self._text:
            return []
        titled = (line for line in split(text, copy.language) if not numbers(line).isdisjoint(title_numbers))
        lines = dict.fromkeys([*_beginning(text, copy.language), *(titled if title_numbers else ())])
        return [line for line in lines if not self._earlier.has(plain(line))]

    def _is_news(self, line: str, copy: Article, title_numbers: frozenset[str]) -> bool:
        words = _words(line, self._language)
        new = numbers(line) - self._numbers - _date(copy)
        titled, edited = bool(new & title_numbers), self._has_edited(line)
        numbered = titled or (bool(new) and (not edited or self._replaces_number(line, copy)))
        part = 0.0 if titled else _SHARED_PART_NUMBER if numbered else _SHARED_PART
        tells_more = numbered or _corrects(copy) or (len(words - self._words) >= _NEW and not edited)
        return tells_more and len(words & self._subject) >= max(_SHARED, part * len(words))

    def _has_edited(self, line: str) -> bool:
        own = list(pairwise(stems(line, self._language)))
        return sum(pair in self._pairs for pair in own) >= _EDITED * len(own)

    def _replaces_number(self, line: str, copy: Article) -> bool:
        gone = numbers(_whole(self.original)[:_LEAD]) - numbers(_whole(copy))
        return bool(gone) and line == next(iter(split(copy.text or copy.lead, copy.language)), "")

    @cached_property
    def _words(self) -> set[str]:
        return _words(self._all, self._language)

    @cached_property
    def _subject(self) -> set[str]:
        """The words of titles and leads."""
        heads = (f"{each.title}\n{(each.text or each.lead)[:_LEAD]}" for each in self._before)
        return _words("\n".join(heads), self._language)

    @cached_property
    def _pairs(self) -> set[tuple[str, str]]:
        return set(pairwise(stems(self._all, self._language)))


def _without_captions(text: str) -> str:
    lines = text.splitlines()
    return "\n".join(line for line in lines if len(line) > _LONGEST_CAPTION or not _CAPTION.match(line))


def _beginning(text: str, language: str) -> Iterator[str]:
    """List the sentences that begin in the first third of a text."""
    read = 0
    for line in split(text, language):
        if read > _BEGINNING * len(text):
            return
        read += len(line)
        yield line


def _corrects(article: Article) -> bool:
    return any(_CORRECTS.match(text) for text in (article.title, article.text or article.lead))


def _whole(article: Article) -> str:
    return f"{article.title}\n{article.text or article.lead}"


def _words(text: str, language: str) -> set[str]:
    return {word for word in stems(text, language) if len(word) >= _LETTERS or not word.isascii()} - numbers(text)


def _date(article: Article) -> set[str]:
    """List the numbers of the day of an article, which captions and banners have."""
    return {form for part in re.findall(r"\d+", (article.published or "")[:10]) for form in (part, part.lstrip("0"))}
