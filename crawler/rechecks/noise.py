"""What a page changes without anybody writing: clocks, counters, boxes of links, advertisements, typography. Pure.

Two texts of an article are compared by what is left without it. In doubt a difference counts as an edit, except in
lines that are no sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from typing import Literal, NamedTuple

from crawler.rechecks import counted, counters

Verdict = Literal["same", "noise", "changed"]


class Told(NamedTuple):
    """What readers are told by an article."""

    title: str
    text: str
    lead: str = ""


_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_TYPE = str.maketrans(
    {**dict.fromkeys("’‘‚‛`´ʼ", "'"), **dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("‐‑‒–—―−", "-")}
)

_STAMP = (
    r"^\W*(?:(?:this|the) (?:article|story|page|post) (?:was|has been) )?(?:last |first )?"
    r"(?:updated?|published|modified|refreshed|zuletzt aktualisiert|aktualisiert|stand|mis à jour|publié|"
    r"(?:última )?actualiza(?:do|ción)|atualizado|aggiornato|обновлено|опубликовано|更新|最后更新|最終更新|最近更新|"
    r"آخر تحديث|تحديث|อัปเดตล่าสุด|güncelle\w+)\b"
)
_BOX = (
    r"most[ -](?:read|popular|viewed|shared|commented)|trending(?: now)?|popular(?: now| stories)?|"
    r"(?:related|recommended|similar)(?: (?:articles?|stories|story|news|topics?|content|links?|coverage|posts?|"
    r"videos?|for you|reading))?|read (?:more|also|next)|more (?:on this(?: story)?|from [\w ]{2,30}|stories|news|like "
    r"this)|see also|also read|you (?:may|might) (?:also )?(?:like|be interested in)|editors?'?s? picks?|top stories|"
    r"latest(?: news| stories)?|in other news|what to read next|don't miss|sponsored(?: content)?|promoted|"
    r"(?:paid )?advertisements?|advertorial|sign up[\w ']{0,40}|newsletter|"
    r"mehr zum thema|lesen sie auch|auch interessant|meistgelesen\w*|anzeige|werbung|"
    r"(?:à )?lire (?:aussi|également)|sur le même sujet|les plus lus|publicité|"
    r"le[ae] también|lo más leído|más leídas|te puede interesar|noticias relacionadas|publicidad|"
    r"leia (?:também|mais)|veja também|mais lidas|publicidade|leggi anche|i più letti|potrebbe interessarti|pubblicità|"
    r"читайте (?:также|ещё|по теме)|самое читаемое|популярное|материалы по теме|по теме|смотрите также|реклама|"
    r"читайте також|популярне|czytaj (?:też|także|również)|zobacz (?:też|także)|najczęściej czytane|reklama|"
    r"lees ook|meest gelezen|advertentie|en çok okunan\w*|ilgili haberler|ayrıca okuyun|reklam|"
    r"xem thêm|đọc thêm|tin liên quan|đọc nhiều|quảng cáo|baca juga|terpopuler|berita terkait|iklan|"
    r"相关(?:阅读|新闻|文章|报道|链接)|相關(?:閱讀|新聞|文章|報導)|延伸阅读|延伸閱讀|热门(?:新闻|文章|推荐|排行)|熱門新聞|推荐阅读|"
    r"猜你喜欢|更多新闻|点击排行|广告|廣告|関連記事|あわせて読みたい|人気記事|アクセスランキング|おすすめ記事|広告|"
    r"관련 ?기사|많이 본 뉴스|인기 ?기사|추천 ?기사|광고|"
    r"[اإأ]قر[أا] أيض[اًا]*|شاهد أيض[اًا]*|الأكثر قراء[ةه]|(?:مواضيع|أخبار) ذات صلة|إعلان|"
    r"بیشتر بخوانید|پربازدیدترین\w*|(?:مطالب|اخبار) مرتبط|קראו גם|הנקראות ביותר|כתבות נוספות|פרסומת|"
    r"อ่าน(?:ข่าว)?เพิ่มเติม|ข่าวที่เกี่ยวข้อง|ข่าวยอดนิยม|ยอดนิยม|โฆษณา|"
    r"य(?:ह|े) भी पढ़ें|संबंधित खबरें|सबसे ज्यादा पढ़ी गई|विज्ञापन"
)
_CORRECTION = (
    r"correct(?:ed|ion|s)|clarif|editor'?s? note|erratum|amended|retract|withdr[ae]w|korrektur|berichtig|korrigiert|"
    r"rectif|correctif|correcci|correç|corrett|исправл|уточн|виправл|更正|勘误|勘誤|訂正|订正|정정|تصحيح|تنويه|اصلاح|"
    r"แก้ไข|düzeltme|सुधार|תיקון|đính chính|ralat|sprostowan"
)
_ENDS = re.compile(r"""[.!?。！？؟۔।॥…][)"'\]」』】）]*$""")
_DIGIT = re.compile(r"\d")
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af]")
_TITLE_STAMP = re.compile(
    r"\s?[(\[][^)\]]{0,40}?\d{1,2}[:.]\d{2}[^)\]]{0,40}[)\]]|^\W*live\W+\d{1,2}[:.]\d{2}\W+", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[.!?؟।])\s+|(?<=[。！？])\s*|\n+")
_MOST_LINKS = 12
_LONG = counters.LONG
#: Without a heading, so many short lines at the end are a box.
_TAIL = 3
_ALIKE = 0.2
_CUT = 0.5
_TEASER_WORDS = 150


class _Patterns(NamedTuple):
    stamp: re.Pattern[str]
    box_head: re.Pattern[str]
    box_line: re.Pattern[str]
    correction: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    # Only where a page is looked at again: whoever opens an archive would wait for them.
    patterns = (_STAMP, rf"^\W*(?:{_BOX})\W*$", rf"^\W*(?:{_BOX})\s*[:：|>»-]", _CORRECTION)
    return _Patterns(*(re.compile(pattern, re.IGNORECASE) for pattern in patterns))


def compare(old: Told, new: Told, furniture: Collection[str] = frozenset()) -> Verdict:
    """Tell whether somebody wrote something else, or only the page's machinery did.

    ``furniture`` are lines that the site repeats on its pages; extraction learns them only with time.
    """
    if all(" ".join(before.split()) == " ".join(after.split()) for before, after in zip(old, new, strict=True)):
        return "same"
    if _title(old.title) != _title(new.title):
        return "changed"
    # A standfirst comes and goes with the page's description; another one is another sentence.
    if old.lead.strip() and new.lead.strip() and core(old.lead) != core(new.lead) and not _part(old.lead, new.lead):
        return "changed"
    site = frozenset(map(fold, furniture))
    return "noise" if core(old.text, site) == core(new.text, site) else "changed"


def cut_off(old: Told, new: Told) -> bool:
    """Tell whether a page shows only the beginning of what it showed before: a wall, no edit."""
    before, after = core(old.text), core(new.text)
    after = after.rstrip(".… ")
    short = len(after.split()) + len(_DENSE.findall(after)) // 2 < _TEASER_WORDS
    return short and len(after) < _CUT * len(before) and before.startswith(after)


def alike(old: Told, new: Told) -> bool:
    """Tell whether two texts can be versions of one article: they share a part of their sentences, or the title."""
    if _title(old.title) == _title(new.title):
        return True
    before, after = set(sentences(old.text)), set(sentences(new.text))
    return len(before & after) >= _ALIKE * min(len(before), len(after)) > 0


def sentences(text: str) -> list[str]:
    """Cut a text roughly into sentences, as they are compared."""
    return [fold(part) for part in _SENTENCE.split(text) if part and part.strip()]


def fold(text: str) -> str:
    """Write a text without what only its typography says."""
    bare = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text.translate(_TYPE)))
    return " ".join(bare.split())


def core(text: str, furniture: Collection[str] = frozenset()) -> str:
    """Give what is left of a text without clocks, counters and boxes, as one line."""
    lines = [line for line in map(fold, text.splitlines()) if line and line not in furniture]
    lines = list(filter(None, map(counted.without, lines)))
    return " ".join(filter(None, map(_masked, _without_tail(list(_without_boxes(lines))))))


def _title(title: str) -> str:
    return counters.without_ages(fold(_TITLE_STAMP.sub("", title)))


def _part(one: str, other: str) -> bool:
    """Tell whether one text is the other, cut short."""
    one, other = sorted((fold(one).rstrip(".… "), fold(other).rstrip(".… ")), key=len)
    return other.startswith(one)


def _without_boxes(lines: list[str]) -> Iterator[str]:
    links, of = 0, _patterns()
    for line in lines:
        if of.box_head.match(line):
            links = _MOST_LINKS
        elif links and not is_prose(line) and not of.correction.search(line):
            links -= 1
        elif not (of.box_line.match(line) and len(line) < 2 * _LONG):
            links = 0
            yield line


def _without_tail(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not is_prose(lines[end - 1]) and not _patterns().correction.search(lines[end - 1]):
        end -= 1
    tail = list(filter(None, map(_masked, lines[end:])))
    # Results and prices stand at the end of a text, too.
    figures = sum(1 for line in tail if _DIGIT.search(line))
    return lines[:end] if end and len(lines) - end >= _TAIL and 2 * figures <= len(tail) else lines


def is_prose(line: str) -> bool:
    """Tell whether a line is a sentence, not a link, a label or a counter."""
    weight = len(line) + len(_DENSE.findall(line))
    return bool(_ENDS.search(line)) or weight >= _LONG


def _masked(line: str) -> str:
    """Take clocks and counters out of a line that is made of them; "" when nothing else is in it."""
    if counters.nothing_else(line):
        return ""
    if _patterns().stamp.match(line) and len(line) < _LONG:
        return counters.after_times(line)
    if is_prose(line):
        return line
    return counters.without_times(counters.without_ages(line))
