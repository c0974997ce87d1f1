"""Names in scripts without capitals, by what stands beside them: titles, surnames, words for companies. Pure.

Chinese, Japanese, Korean and Arabic. What stands beside nothing that tells is not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from crawler.records import NameKind
from digest.gazetteer import facts

Found = tuple[str, NameKind]

_HAN = "\u3400-\u9fff"
_KANA = "\u3041-\u3096"
_KATAKANA = "\u30a1-\u30fa\u30fc"
_ARABIC_WORD = "[\u0620-\u064a\u0670-\u06d3]+"
#: An organisation in Chinese has at most so many letters, its own and those of its kind.
_LONGEST = 12
#: What stands before an organisation's name without being a part of it, and what tells that none is named.
_CHINESE_BEFORE = re.compile("^.*?(?:包括|运营商|供应商|制造商|开发商|母公司|子公司|有关|针对|旗下)")
_CHINESE_MANY = re.compile("部分|多家|一些|几家|许多|一家|两家|三家|数家|各|其他|另|全部|所有")


def beside(text: str, language: str) -> list[Found]:
    """Find people and organisations in a text without capitals, each mention in order of its kind."""
    finder = _FINDERS.get(language.partition("-")[0].lower())
    return list(finder(text)) if finder else []


def _any(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _chinese(text: str) -> Iterator[Found]:
    for found in _chinese_foreign().finditer(text):
        yield found.group(), "person"
    before, pair = _chinese_people()
    for found in before.finditer(text):
        if text[found.end() : found.end() + 1] in {"·", "•", "・"} or text[found.end() - 1] in {"·", "•", "・"}:
            continue  # a foreign name
        name = _given(text, found.start("name"), pair)
        if name:
            yield name, "person"
    for found in _chinese_organisations().finditer(text):
        name = _CHINESE_BEFORE.sub("", found.group("name"))
        if len(name) > 3 and not _CHINESE_MANY.match(found.group("name")):
            yield name, "organisation"


@cache
def _chinese_foreign() -> re.Pattern[str]:
    """唐纳德·特朗普: letters that stand for foreign sounds, with a dot between the parts."""
    letters = f"[{facts()['beside']['foreign_letters']}]"
    return re.compile(f"{letters}{{1,6}}(?:[·•・]{letters}{{1,7}})+")


@cache
def _chinese_people() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A title, then a surname and one or two more letters, of which the second may belong to the next word."""
    own = facts()["beside"]
    name = f"(?P<name>[{own['zh_surnames']}][{_HAN}]{{1,2}})"
    # 外长王毅, 工程师陆文浩, 一名叫王毅的
    return re.compile(f"(?:{_any(own['zh_before'])}){name}"), re.compile(f"[{own['zh_after']}]|[^{_HAN}]|$")


def _given(text: str, start: int, after: re.Pattern[str]) -> str:
    """Tell where a Chinese name ends: before a word that goes on after names, or where it recurs."""
    long, short = text[start : start + 3], text[start : start + 2]
    if len(re.findall(re.escape(long), text)) > 1 and not after.match(long[2:]):
        return long
    if len(long) == 3 and re.match(f"[{_HAN}]", long[2:]) and after.match(text, start + 3):
        # 王毅在说: both "在" and "说" go on; the earlier one is where the name ends, if a surname may stand alone so.
        return short if after.match(long[2:]) else long
    return short if after.match(text, start + 2) else ""


@cache
def _chinese_organisations() -> re.Pattern[str]:
    """What stands between a word that cannot be part of a name and a word for an organisation."""
    own = facts()["beside"]
    edge = re.escape(own["zh_boundary"])
    return re.compile(
        f"(?:^|[{edge}])(?P<name>[^{edge}\\W\\d]{{2,{_LONGEST}}}?(?:{_any(own['zh_organisations'])}))"
        f"(?=$|[{edge}{own['zh_after']}]|{_any(own['zh_before'])})",
        re.MULTILINE,
    )


def _japanese(text: str) -> Iterator[Found]:
    for found in _japanese_people().finditer(text):
        yield found.group("name"), "person"
    for found in re.finditer(
        f"(?<![{_HAN}])(?P<name>[{_HAN}々]{{2,8}}?(?:{_any(facts()['beside']['ja_organisations'])}))(?![{_HAN}])", text
    ):
        yield found.group("name"), "organisation"
    for found in re.finditer(f"[{_KATAKANA}]+(?:[・＝][{_KATAKANA}]+)+", text):
        yield found.group(), "person"


@cache
def _japanese_people() -> re.Pattern[str]:
    titles = _any(facts()["beside"]["ja_after"])
    # 石破茂首相, but not 同社社長: what begins behind kana or a mark and is as long as a name.
    # The title is a whole word: what follows it is kana or a mark.
    return re.compile(f"(?<![{_HAN}々])(?P<name>(?![同前元新現両各])[{_HAN}々]{{2,5}}?)(?:{titles})(?![{_HAN}々])")


def _korean(text: str) -> Iterator[Found]:
    own = facts()["beside"]
    for found in re.finditer(
        rf"(?<!\w)(?P<name>[{own['ko_surnames']}][가-힣]{{1,3}})\s(?:[가-힣]{{1,7}}[부청처원당시도국위사회]\s)?(?:{_any(own['ko_after'])})(?=[은는이가을를의도와과에께]|\W|$)",
        text,
    ):
        if not found.group("name").endswith(tuple(own["ko_organisations"])):
            yield found.group("name"), "person"
    particle = "(?=(?:은|는|이|가|을|를|의|도|와|과|에|에서|에게)?(?![가-힣]))"
    for found in re.finditer(rf"(?<![가-힣])[가-힣]{{2,8}}?(?:{_any(own['ko_organisations'])}){particle}", text):
        yield found.group(), "organisation"


def _arabic(text: str) -> Iterator[Found]:
    own = facts()["beside"]
    never = set(own["ar_not"])
    title = f"(?<!\\w)[وفبل]?(?:{_any(own['ar_before'])})"
    adjective = f"(?:\\s+(?:ال{_ARABIC_WORD}))*?"
    for found in re.finditer(
        f"{title}{adjective}\\s+(?P<one>(?!ال){_ARABIC_WORD})\\s+(?P<two>{_ARABIC_WORD})(?!\\w)", text
    ):
        # "to sign" and the like are no second name.
        if not {found.group("one"), found.group("two")} & never and not found.group("two").startswith("ل"):
            yield f"{found.group('one')} {found.group('two')}", "person"
    kinds = _any(own["ar_organisations"])
    for found in re.finditer(f"(?<!\\w)[وفبل]?(?P<name>(?:{kinds})(?:\\s+ال{_ARABIC_WORD}){{1,3}})(?!\\w)", text):
        yield found.group("name"), "organisation"


_FINDERS: dict[str, Callable[[str], Iterator[Found]]] = {
    "zh": _chinese,
    "ja": _japanese,
    "ko": _korean,
    "ar": _arabic,
}
