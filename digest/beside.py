"""Names in scripts without capitals, by what stands beside them: titles, surnames, words for companies. Pure.

Chinese, Japanese, Korean, Arabic, Persian, Thai and Hindi. What stands beside nothing that tells is not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from crawler.extract.given import is_given
from crawler.languages import primary
from crawler.records import NameKind
from digest.gazetteer import Known, facts, gazetteer

#: A name, what it is and where it stands.
Found = tuple[str, NameKind, int]

_HAN = "\u3400-\u9fff"
_KANA = "\u3041-\u3096"
_KATAKANA = "\u30a1-\u30fa\u30fc"
_THAI = "\u0e01-\u0e4e"
_HINDI = "[\u0900-\u0963\u0971-\u097f]"
_ARABIC_WORD = "[\u0620-\u064a\u0670-\u06d3]+"
#: An organisation in Chinese has at most so many letters, its own and those of its kind.
_LONGEST = 12
#: What stands before an organisation's name without being a part of it, and what tells that none is named.
_CHINESE_BEFORE = re.compile(
    "^(?:.*?(?:包括|运营商|供应商|制造商|开发商|母公司|子公司|有关|针对|旗下)|起诉|指责|谴责|敦促|警告|要求|收购|前往|抵达|访问|批评|抨击|还有|另有)"
    "|^.{2,3}[县市](?=.{2,}煤矿)"
)
#: Words that begin what a reporter does, and surnames of few: 记者从救援指挥部获悉, 记者向他提问.
_CHINESE_DOES = re.compile("记者[从向于应曾时连常]")
#: How somebody is called whose name is not told: 张先生, 王某.
_CHINESE_CALLED = re.compile(".(?:先生|女士|小姐|某)")
_CHINESE_MANY = re.compile("部分|多家|一些|几家|许多|一家|两家|三家|数家|各|其他|另|全部|所有")


#: Korean words that end as counties, towns and islands do.
_KOREAN_NO_PLACES = frozenset({"그 당시", "사고 당시", "연합군", "의용군", "정부군", "반란군", "지도", "정도"})


def beside(text: str, language: str) -> list[Known]:
    """Find people and organisations in a text without capitals, each mention in order of its kind."""
    finder = _FINDERS.get(primary(language))
    found = finder(text) if finder else ()
    return [Known(name, start, start + len(name), kind, "") for name, kind, start in found]


def _any(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _chinese(text: str) -> Iterator[Found]:
    for found in _chinese_foreign().finditer(text):
        yield found.group(), "person", found.start()
    before, pair = _chinese_people()
    for found in before.finditer(text):
        if text[found.end() : found.end() + 1] in {"·", "•", "・"} or text[found.end() - 1] in {"·", "•", "・"}:
            continue  # a foreign name
        if _CHINESE_DOES.match(found.group()) or _CHINESE_CALLED.match(found.group("name")):
            continue
        name = _given(text, found.start("name"), pair)
        if name:
            yield name, "person", found.start("name")
    for found in _chinese_organisations().finditer(text):
        name = _from_known(_CHINESE_BEFORE.sub("", found.group("name")))
        if len(name) > 3 and not _CHINESE_MANY.match(found.group("name")):
            yield name, "organisation", found.end("name") - len(name)


def _from_known(name: str) -> str:
    """Leave out what stands before a known name: of "to sue the Commerce Department of the US" the last part."""
    first = min((known.start for known in gazetteer("zh").find(name) if known.end < len(name)), default=0)
    return name[first:]


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
    if text.count(long) > 1 and not after.match(long[2:]):
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
        f"(?:^|[{edge}]|隶属)(?P<name>[^{edge}\\W\\d]{{2,{_LONGEST}}}?(?:{_any(own['zh_organisations'])}))"
        f"(?=$|[{edge}{own['zh_after']}]|隶属|{_any(own['zh_before'])})",
        re.MULTILINE,
    )


def _japanese(text: str) -> Iterator[Found]:
    for found in _japanese_people().finditer(text):
        yield found.group("name"), "person", found.start()
    for found in re.finditer(
        f"(?<![{_HAN}])(?P<name>[{_HAN}々]{{2,8}}?(?:{_any(facts()['beside']['ja_organisations'])}))(?![{_HAN}])", text
    ):
        yield found.group("name"), "organisation", found.start("name")
    for found in re.finditer(f"[{_KATAKANA}]+(?:[・＝][{_KATAKANA}]+)+", text):
        yield found.group(), "person", found.start()


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
            yield found.group("name"), "person", found.start("name")
    for found in re.finditer(
        rf"(?<![가-힣])(?P<name>[가-힣]{{2,3}}[군시구읍면도])(?= (?:{_any(own['ko_around'])}))", text
    ):
        if not gazetteer("ko").whole(found.group("name")[:-1]) and found.group("name") not in _KOREAN_NO_PLACES:
            yield found.group("name"), "place", found.start("name")
    particle = "(?=(?:은|는|이|가|을|를|의|도|와|과|에|에서|에게)?(?![가-힣]))"
    for found in re.finditer(rf"(?<![가-힣])[가-힣]{{2,8}}?(?:{_any(own['ko_organisations'])}){particle}", text):
        yield found.group(), "organisation", found.start()
    for found in re.finditer(rf"(?<![가-힣])(?:{_any(own['ko_ministries'])}){particle}", text):
        yield found.group(), "organisation", found.start()


def _arabic(text: str) -> Iterator[Found]:
    own = facts()["beside"]
    never = set(own["ar_not"]) | set(own["ar_organisations"])
    # A minister or head of what has an article: وزير الصحة
    head = f"(?:وزير|مدير|رئيس|نائب|محافظ)ة?\\s+ال{_ARABIC_WORD}"
    title = f"(?<!\\w)[وفبل]?(?:{_any(own['ar_before'])}|{head})"
    adjective = f"(?:\\s+(?:ال{_ARABIC_WORD}))*?"
    for found in re.finditer(
        f"{title}{adjective}\\s+(?P<one>(?!ال){_ARABIC_WORD})\\s+(?P<two>(?:(?:بن|عبد)\\s+)?{_ARABIC_WORD})(?!\\w)",
        text,
    ):
        one, two = found.group("one"), found.group("two")
        # "to sign" and the like are no second name; "he visits" no first one.
        verb = two.startswith("ل") or (one[0] in "يت" and not is_given(one))
        if not {one, two} & never and not verb:
            yield f"{one} {two}", "person", found.start("one")
    kinds, later = _any(own["ar_organisations"]), _any(own["ar_later"])
    # Of what is closed behind a ministry of education only the ministry is one: وزارة التربية المدارس
    ends = f"(?:ال[\u0620-\u064a]*[يىة]|{_any(own['ar_adjectives'])})"
    of = f"\\s+(?!(?:{later})(?!\\w))"
    for found in re.finditer(
        f"(?<!\\w)[وفبل]?(?P<name>(?:{kinds}){of}ال{_ARABIC_WORD}(?:{of}{ends}(?!\\w)){{0,2}})(?!\\w)", text
    ):
        yield found.group("name"), "organisation", found.start("name")


def _persian(text: str) -> Iterator[Found]:
    own, book = facts()["beside"], gazetteer("fa")
    never = set(own["fa_not"])
    for found in _persian_people().finditer(text):
        words, start = found.group("words").split(" "), found.start("words")
        if book.whole(words[0]):  # the president of a country
            start += len(words.pop(0)) + 1
        if len(words) > 1 and never.isdisjoint(words[:2]):
            yield " ".join(words[:2]), "person", start
    for found in re.finditer(f"(?<!\\w)وزارت (?:{_any(own['fa_ministries'])})(?!\\w)", text):
        yield found.group(), "organisation", found.start()


@cache
def _persian_people() -> re.Pattern[str]:
    titles, word = _any(facts()["beside"]["fa_before"]), f"{_ARABIC_WORD[:-2]}\u200c]+"
    return re.compile(f"(?<!\\w)(?:{titles})(?: (?:دکتر|آقای|خانم|سید|مهندس))? (?P<words>{word}(?: {word}){{0,2}})")


def _thai(text: str) -> Iterator[Found]:
    people, organisations = _thai_names()
    for found in people.finditer(text):
        name = found.group("name") or found.group("alone")
        yield name, "person", found.start(found.lastgroup or 0)
    for found in organisations.finditer(text):
        yield found.group("name"), "organisation", found.start("name")


@cache
def _thai_names() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A title, a name and behind a space another one, which ends at a space or before a word that goes on."""
    own = facts()["beside"]
    after, letters = _any(own["th_after"]), f"[{_THAI}]"
    end = f"(?=[^{_THAI}]|$|{after})"
    begun, who = _any(own["th_begun"]), _any(own["th_who"])
    name = f"(?!{after}|{begun}){letters}{{2,20}}? (?!{after}|{who}){letters}{{2,20}}?{end}"
    # นางมาลี ผู้ค้าผ้าไหม: behind the name, who she is.
    alone = f"(?!{after}|{begun}){letters}{{2,12}}(?= (?:{who}))"
    kinds, never = _any(own["th_organisations"]), _any(own["th_not"])
    of_one = f"(?:{kinds})(?!{never}){letters}{{2,16}}?{end}"
    ministry = f"กระทรวง(?:{_any(own['th_ministries'])})"
    return re.compile(f"(?:{_any(own['th_before'])}) ?(?:(?P<name>{name})|(?P<alone>{alone}))"), re.compile(
        f"(?P<name>{ministry}|{of_one})"
    )


def _hindi(text: str) -> Iterator[Found]:
    own = facts()["beside"]
    never = set(own["hi_not"])
    for found in _hindi_people().finditer(text):
        one, two = found.group("one"), found.group("two")
        if one in never:
            continue
        if two is not None and two not in never:
            yield f"{one} {two}", "person", found.start("one")
        elif two == "ने":  # whoever does something
            yield one, "person", found.start("one")
    for found in re.finditer(f"(?<!{_HINDI})(?:{_any(own['hi_ministries'])}) मंत्रालय(?!{_HINDI})", text):
        yield found.group(), "organisation", found.start()


@cache
def _hindi_people() -> re.Pattern[str]:
    titles = _any(facts()["beside"]["hi_before"])
    return re.compile(f"(?<!{_HINDI})(?:{titles}) (?P<one>{_HINDI}{{2,}})(?: (?P<two>{_HINDI}{{2,}}))?")


_FINDERS: dict[str, Callable[[str], Iterator[Found]]] = {
    "zh": _chinese,
    "ja": _japanese,
    "ko": _korean,
    "ar": _arabic,
    "fa": _persian,
    "th": _thai,
    "hi": _hindi,
}
