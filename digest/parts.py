"""Takes apart what stands together by chance in a row of capitals: a country, an office, a person. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.capitals import Run
from digest.gazetteer import Gazetteer
from digest.kinds import has, is_full, is_given_name, stem, words_of

_OWNER = re.compile(r"['’]s$")
#: How far before a run its office may begin.
_OFFICE = 30
_CYRILLIC_SHORT = re.compile("[А-ЯІЇЄ]{2,6}")


def parts(run: Run, text: str, book: Gazetteer) -> list[Run]:
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
        return [Run(owner, start, start + len(owner), certain=True), *parts(cut(1, len(words)), text, book)]
    if len(words) < 3:
        return [run]
    office = _office(run, text, book) or _headed(run.text.split())
    if office is not None:
        (first, last), name = office
        return [cut(first, last), cut(name, len(words))]
    if not has(run.text, "organisation"):
        first = next((place for place in range(len(words)) if stem(cut(place, place + 1).text) not in titles), 0)
        if len(words) - first > 2 and book.whole(cut(first, first + 1).text):
            return [cut(first, first + 1), cut(first + 1, len(words))]
    of = next((place for place in range(1, len(words) - 1) if cut(place, place + 1).text == "of"), 0)
    if of > 1 and stem(cut(0, 1).text) in titles and not has(cut(0, of).text, "organisation"):
        return [cut(0, of), *parts(cut(of + 1, len(words)), text, book)]
    return [run]


def _office(run: Run, text: str, book: Gazetteer) -> tuple[tuple[int, int], int] | None:
    """Tell where in a run an organisation stands, and its head behind it: the head of МИД Сергей Лавров."""
    words = run.text.split()
    first = next((place for place, word in enumerate(words) if stem(word) not in words_of("title")), 0)
    last = first
    while last < len(words) and (
        has(words[last], "organisation") or book.whole(words[last]) or _CYRILLIC_SHORT.fullmatch(words[last])
    ):
        last += 1
    behind = " ".join(words[last:])
    if first == last or not (" " in behind and is_full(behind)) or has(behind, "organisation"):
        return None
    before = stem(text[max(0, run.start - _OFFICE) : run.start].rpartition("\n")[2].split(" ")[-2:][0])
    return ((first, last), last) if first or is_given_name(words[last]) or before in words_of("title") else None


def _headed(words: Sequence[str]) -> tuple[tuple[int, int], int] | None:
    """Tell the same where the office stands between the two: Troy Police Chief Charles Craft."""
    titles = [place for place, word in enumerate(words) if stem(word) in words_of("title")]
    if not titles:
        return None
    name = titles[-1] + 1
    last = next((place for place in range(name - 1, -1, -1) if place not in titles), -1) + 1
    behind = " ".join(words[name:])
    full = " " in behind and is_full(behind) and not has(behind, "organisation")
    return ((0, last), name) if full and has(" ".join(words[:last]), "organisation") else None
