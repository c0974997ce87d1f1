"""What a copy says that its original does not: a new lead of an agency's update, a reversal, a correction. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
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
    for article in articles:
        original = originals.get(article.copy_of or 0)
        if original is None:
            found.append(article)
        elif added := additions(article, original, before, told):
            found.append(replace(article, lead="", text="\n".join(added)))
            if _corrects(article):
                corrected[article.id or 0] = _whole(original)
    return found, corrected


def additions(copy: Article, original: Article, before: Sequence[Article], told: Collection[str]) -> tuple[str, ...]:
    """List the sentences with which a copy tells news.

    They stand in its beginning, or have a number of its title; they are about the story and say of it what neither
    readers were told nor the original and the articles before say.
    """
    before = [original, *(each for each in before if each.id != original.id)]
    whole = "\n".join([*told, *map(_whole, before)])
    known_numbers = numbers(whole) | _date(copy)
    title_numbers = numbers(copy.title) - known_numbers
    lines = _candidates(copy, original, title_numbers)
    if not lines:
        return ()
    corrects = _corrects(copy)
    earlier = {copy.id or 0: _whole(original)} if corrects else None
    found = news([replace(copy, lead="", text="\n".join(lines))], before, told, earlier, sentences=None)
    about = _words("\n".join(f"{each.title}\n{(each.text or each.lead)[:_LEAD]}" for each in before), copy.language)
    said = _words(whole, copy.language)
    pairs = set(pairwise(stems(whole, copy.language)))
    gone = numbers(_whole(original)[:_LEAD]) - numbers(_whole(copy))
    replaced = next(iter(split(copy.text or copy.lead, copy.language)), "") if gone else ""

    def tells(line: str) -> bool:
        words = _words(line, copy.language)
        new = numbers(line) - known_numbers
        titled, edited = bool(new & title_numbers), is_edited(line)
        numbered = titled or (bool(new) and (line == replaced or not edited))
        part = 0.0 if titled else _SHARED_PART_NUMBER if numbered else _SHARED_PART
        tells_more = numbered or corrects or (len(words - said) >= _NEW and not edited)
        return tells_more and len(words & about) >= max(_SHARED, part * len(words))

    def is_edited(line: str) -> bool:
        own = list(pairwise(stems(line, copy.language)))
        return sum(pair in pairs for pair in own) >= _EDITED * len(own)

    return tuple(line.text for line in found if tells(line.text))


def _candidates(copy: Article, original: Article, title_numbers: Collection[str]) -> list[str]:
    """List the sentences that may be new: what stands in the original word for word is not."""
    text = _without_captions((copy.text or copy.lead)[:_CHARACTERS])
    if text == _without_captions(original.text[:_CHARACTERS]):
        return []
    known = Earlier((original.text or original.lead)[: 2 * _CHARACTERS], original.language)
    titled = (line for line in split(text, copy.language) if not numbers(line).isdisjoint(title_numbers))
    lines = dict.fromkeys([*_beginning(text, copy.language), *(titled if title_numbers else ())])
    return [line for line in lines if not known.has(plain(line))]


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
