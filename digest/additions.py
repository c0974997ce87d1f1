"""What a copy says that its original does not: a new lead of an agency's update, a reversal, a correction. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from crawler.extract.telling import dated, reports
from crawler.records import Article
from crawler.tokens import is_unspaced
from digest import house_lines
from digest.known import Earlier, numbers, plain
from digest.sentences import split
from digest.summary import news
from digest.vectors import stems

#: What is new stands in so much of a text, or in its second paragraph; what a republisher adds below is not read.
_BEGINNING = 1 / 3
_FEW = 2
_CHARACTERS = 12_000
#: A new sentence without a new number has so many words that the story does not have. Shorter words do not count,
#: except in scripts without spaces.
_NEW = 1
_LETTERS = 4
#: A sentence of a correction, and one of a language in which lines of the house are not known, has so many words of the
#: story's titles and leads, which are so much of its words, less where it has a new number, and however much where the
#: title has the number, too. Others need one word of the story, or of events, or whose word they are: "The toll has
#: risen to 51" may share none with what was said before.
_SHARED = 2
_SHARED_PART = 0.4
_SHARED_PART_NUMBER = 0.25
_LEAD = 500
#: A sentence of whose pairs of words so many stood before is one of before with slips and edits. It is new where it has
#: a new number that stands in the title, too, or is the first one and has it in the place of another number or word.
_EDITED = 0.5
#: Words that say what a text is about: of four letters, or two of a script without spaces that are no particles.
_LINKING = re.compile(r"[^\W\d]{4,}|(?=[^\u3041-\u309f]*[\u2e80-\U0003ffff])[^\u3041-\u309f\W\d]{2}")
_PAIRS = 2
#: A sentence with neither a new number nor a day nor whose word it is says the lead again, in other words, where so
#: many of its words, and so much of it, stand in the title or the first sentence.
_SAID_AGAIN = 1 / 3
_SAID_AGAIN_WORDS = 3
_LETTERS_OF_LEAD = 3
#: Up to here some houses write numbers as words.
_SPELLED = 12
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
        self._numbers = _figures(self._all)
        self._text = _without_captions((original.text or original.lead)[:_CHARACTERS])
        self._earlier = Earlier((original.text or original.lead)[: 2 * _CHARACTERS], original.language)

    def additions(self, copy: Article) -> tuple[str, ...]:
        """List the sentences with which a copy tells news.

        They stand in its beginning, or have a number of its title; they are no lines of the house that carries it, and
        say what was not said before.
        """
        title_numbers = _figures(copy.title) - self._numbers - _date(copy)
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
        if not _corrects(copy):
            text = "\n".join(line for line in text.splitlines() if not self._is_of_house(line))
        titled = (line for line in split(text, copy.language) if not _figures(line).isdisjoint(title_numbers))
        lines = dict.fromkeys([*_beginning(text, copy.language), *(titled if title_numbers else ())])
        return [line for line in lines if not self._earlier.has(plain(line))]

    def _is_of_house(self, paragraph: str) -> bool:
        """Tell whether a paragraph that has nothing of the original begins with a line of the house."""
        if self._earlier.has(plain(paragraph)):
            return False
        first, *others = split(paragraph, self._language) if paragraph.strip() else [""]
        return house_lines.is_of_house(first, self._language) and not any(
            self._earlier.has(plain(line)) for line in others
        )

    def _is_news(self, line: str, copy: Article, title_numbers: frozenset[str]) -> bool:
        words = _words(line, self._language)
        new = _figures(line) - self._numbers - _date(copy)
        titled, edited = bool(new & title_numbers), self._has_edited(line)
        numbered = titled or (bool(new) and (not edited or self._replaces_number(line, copy, new)))
        if not (numbered or _corrects(copy) or (len(words - self._words) >= _NEW and not edited)):
            return False
        part = 0.0 if titled else _SHARED_PART_NUMBER if numbered else _SHARED_PART
        shares_much = len(words & self._subject) >= max(_SHARED, part * len(words))
        if shares_much and _corrects(copy):
            return True
        if house_lines.is_of_house(line, self._language):
            return False
        if not house_lines.knows(self._language):
            return shares_much
        retitled = not words.isdisjoint(_words(copy.title, self._language) - self._words)
        told = reports(line) or retitled
        if not (told or self._is_about_story(line) or house_lines.tells_event(line, self._language)):
            return False
        return told or numbered or dated(line) or not self._says_lead_again(line)

    def _is_about_story(self, line: str) -> bool:
        """Tell whether a line has a word of the story, or several of those that are two letters of a longer one."""
        shared = {word for word in stems(line, self._language) if word in self._linking}
        return len(shared) >= _PAIRS or any(not is_unspaced(word) for word in shared)

    def _says_lead_again(self, line: str) -> bool:
        words = _words(line, self._language, _LETTERS_OF_LEAD)
        return len(words & self._lead) >= max(_SAID_AGAIN_WORDS, _SAID_AGAIN * len(words))

    def _has_edited(self, line: str) -> bool:
        own = list(pairwise(stems(line, self._language)))
        return sum(pair in self._pairs for pair in own) >= _EDITED * len(own)

    def _replaces_number(self, line: str, copy: Article, new: Collection[str]) -> bool:
        """Tell whether the first sentence of a copy has a number where one of before had another, or a word for it."""
        if line != next(split(copy.text or copy.lead, copy.language), ""):
            return False
        own = set(stems(line, self._language))
        was = max(self._sentences, key=lambda other: len(own & set(stems(other, self._language))), default="")
        if _figures(was) - _figures(line):
            return True
        return not own.issuperset(stems(was, self._language)) and any(map(_needs_digits, new))

    @cached_property
    def _sentences(self) -> list[str]:
        return list(split(f"{self.original.title}\n{self._text[:_LEAD]}", self._language))

    @cached_property
    def _words(self) -> set[str]:
        return _words(self._all, self._language)

    @cached_property
    def _subject(self) -> set[str]:
        """The words of titles and leads."""
        heads = (f"{each.title}\n{(each.text or each.lead)[:_LEAD]}" for each in self._before)
        return _words("\n".join(heads), self._language)

    @cached_property
    def _linking(self) -> set[str]:
        return {word for word in stems(self._all, self._language) if _LINKING.fullmatch(word)}

    @cached_property
    def _lead(self) -> set[str]:
        """The words of the title and the first sentence."""
        first = next(split(self._text, self._language), "")
        return _words(f"{self.original.title}\n{first}", self._language, _LETTERS_OF_LEAD)

    @cached_property
    def _pairs(self) -> set[tuple[str, str]]:
        return set(pairwise(stems(self._all, self._language)))


def _without_captions(text: str) -> str:
    lines = text.splitlines()
    return "\n".join(line for line in lines if len(line) > _LONGEST_CAPTION or not _CAPTION.match(line))


def _beginning(text: str, language: str) -> Iterator[str]:
    """List the sentences that begin in the first third of a text, or in its second paragraph of at least three."""
    paragraphs = [line for line in text.splitlines() if line.strip()]
    second = sum(map(len, paragraphs[:2])) if len(paragraphs) > _FEW else 0
    read = 0
    for line in split(text, language):
        if read > _BEGINNING * len(text) and read >= second:
            return
        read += len(line)
        yield line


def _corrects(article: Article) -> bool:
    return any(_CORRECTS.match(text) for text in (article.title, article.text or article.lead))


def _whole(article: Article) -> str:
    return f"{article.title}\n{article.text or article.lead}"


def _words(text: str, language: str, letters: int = _LETTERS) -> set[str]:
    return {word for word in stems(text, language) if len(word) >= letters or not word.isascii()} - numbers(text)


def _figures(text: str) -> frozenset[str]:
    """List the numbers of a text as they are wherever they are set: 1,450 is 1.450 is 1 450 is 1450 is ١٤٥٠."""
    plain_digits = re.sub(r"(?<=\d)[\s\u00a0\u202f\u2009](?=\d{3}(?!\d))", "", text)
    return frozenset(_folded(re.sub("[.,]", "", number)) for number in numbers(plain_digits))


def _folded(digits: str) -> str:
    return "".join(str(unicodedata.decimal(digit)) for digit in digits)


def _needs_digits(number: str) -> bool:
    """Tell whether a number is one for which houses do not use words, when they set it otherwise."""
    return len(number) > len(str(_SPELLED)) or int(number) > _SPELLED


def _date(article: Article) -> set[str]:
    """List the numbers of the day of an article, which captions and banners have."""
    return {form for part in re.findall(r"\d+", (article.published or "")[:10]) for form in (part, part.lstrip("0"))}
