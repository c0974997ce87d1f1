"""What a page changes without anybody writing: clocks, counters, boxes of links, advertisements, typography. Pure.

Two texts of an article are compared by what is left without it. In doubt a difference counts as an edit, except in
lines that are no sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple

from crawler.rechecks import counted

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

_NUMBER = r"\d[\d.,'\u00a0\u202f ]*\s?(?:k|m|mn|mio|mil|tsd|тыс\.?|млн\.?|万|萬|億|亿|만|천|هزار|ألف|พัน|หมื่น|แสน|bin)?"
_RELATIVE = re.compile(
    r"\b(?:just now|moments? ago|(?:an?|one|\d+)\s?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|"
    r"years?|[smhdw]) ago)\b|"
    r"\bvor (?:einer|einem|wenigen|\d+) (?:sekunden?|minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?)\b|"
    r"\bil y a (?:une?|\d+) (?:secondes?|minutes?|min|heures?|h|jours?|semaines?|mois)\b|"
    r"\bhace (?:una?|\d+) (?:segundos?|minutos?|min|horas?|h|d[ií]as?|semanas?|mes(?:es)?)\b|"
    r"\bhá (?:uma?|\d+) (?:segundos?|minutos?|horas?|dias?|semanas?|m[êe]s(?:es)?)\b|"
    r"\b(?:una?|un'|\d+)\s?(?:second[oi]|minut[oi]|or[ae]|giorn[oi]|settiman[ae]) fa\b|"
    r"\b(?:\d+\s)?(?:секунд\w*|минут\w*|час\w*|день|дня|дней|недел\w*|хвилин\w*|годин\w*) (?:назад|тому)\b|"
    r"\b\d+ (?:sekund\w*|minut\w*|godzin\w*|dni) temu\b|\b\d+ (?:seconden|minuten|uur|uren|dagen) geleden\b|"
    r"\b\d+ (?:saniye|dakika|saat|gün|hafta) önce\b|\b\d+ (?:giây|phút|giờ|ngày) trước\b|"
    r"\b\d+ (?:detik|menit|jam|hari)(?: yang)? lalu\b|"
    r"\d+\s*(?:秒|分|分钟|分鐘|小时|小時|時間|天|日|周|週|週間|个月|個月|か月)钟?[之以]?前|刚刚|剛剛|たった今|"
    r"\d+\s*(?:초|분|시간|일|주|개월) ?전|방금 전?|"
    r"(?:منذ|قبل) (?:\d+ )?(?:ثاني[هة]|ثوان\w*|دقيق[هة]|دقيقتين|دقائق|ساع[هة]|ساعتين|ساعات|يوم|يومين|أيام)|"
    r"\d+ (?:ثانیه|دقیقه|ساعت|روز) (?:پیش|قبل)|לפני (?:\d+ )?(?:דקות|דקה|שעות|שעה|שעתיים|ימים|יום)|"
    r"\d+ ?(?:วินาที|นาที|ชั่วโมง|วัน) ?(?:ที่แล้ว|ที่ผ่านมา|ก่อน)|เมื่อสักครู่|"
    r"\d+ (?:सेकंड|मिनट|घंटे|घंटा|दिन) (?:पहले|पूर्व)",
    re.IGNORECASE,
)
_COUNTED = (
    r"(?:total )?(?:views?|page ?views|reads?|comments?|shares?|likes?|reactions?|(?:re)?tweets?|replies|reply|votes?|"
    r"followers?|subscribers?|downloads?|visits?|visitors?|hits?|upvotes?|claps|min(?:ute)?s? read)|"
    r"kommentare?|aufrufe|leser|mal gelesen|geteilt|commentaires?|vues?|partages?|lectures?|comentarios?|visitas?|"
    r"vistas|compartid[oa]s?|comentários?|visualizaç(?:ão|ões)|curtidas|commenti|visualizzazioni|condivisioni|letture|"
    r"просмотр\w*|комментари\w*|прочтени\w*|перегляд\w*|коментар\w*|wyświetle\w*|komentarz\w*|reacties|keer gelezen|"
    r"yorum|görüntülenme|okunma|lượt xem|bình luận|lượt thích|komentar|dibaca|"
    r"阅读量?|閱讀|阅读数|评论数?|評論|留言|浏览量?|瀏覽|点击量?|點擊|点赞|點讚|转发|轉發|分享|收藏|人参与|人阅读|次阅读|"
    r"閲覧数?|コメント|いいね|シェア|件のコメント|조회수?|댓글|공감|추천|"
    r"مشاهد[ةه]|مشاهدات|تعليقا?|تعليقات|قراء[ةه]|مشارك[ةه]|مشاركات|إعجاب|بازدید|نظر|نظرات|צפיות|תגובות|שיתופים|"
    r"ความคิดเห็น|ครั้ง|ยอดเข้าชม|เข้าชม|ยอดวิว|วิว|แชร์|ถูกใจ|คนอ่าน|व्यूज़?|टिप्पणियाँ?|टिप्पणियां|शेयर|बार देखा गया"
)
_COUNTER = re.compile(
    rf"(?<!\w)(?:{_COUNTED})\s*[:：(\[]?\s*{_NUMBER}\s*[)\]]?|{_NUMBER}\s*(?:{_COUNTED})(?!\w)", re.IGNORECASE
)
_CLOCK = re.compile(
    r"(?<!\d)\d{1,2}\s?[:.h時时시]\s?\d{2}(?:[:.分분]\d{2})?\s?分?(?:\s?[ap]\.?m\b\.?)?"
    r"(?:\s?(?:UTC|GMT|[A-Z]{1,3}[SD]?T|MEZ|MESZ|МСК|Uhr|น\.)(?:\s?[+-]\d{1,2}(?::?\d{2})?)?)?(?!\d)",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{2,4}\s?[-/.年년]\s?\d{1,2}\s?[-/.月월]\s?\d{1,4}\s?[日일]?|"
    r"(?<!\d)\d{1,2}(?:st|nd|rd|th|\.|er|º|°)?(?: de)? [^\W\d_]{3,12}\.?,?(?: de)? \d{4}|"
    r"\b[^\W\d_]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
)
#: Words that stand around clocks and counters, and days.
_AROUND = re.compile(
    r"(?<!\w)(?:last|first|updated?|published|posted|modified|edited|created|upload(?:ed)?|on|at|by|the|of|and|it|this|"
    r"was|article|story|page|time|date|share|tweet|print|e-?mail|save|listen|read|min|views?|comments?|facebook|twitter|"
    r"whatsapp|telegram|linkedin|copy|link|follow|us|stand|aktualisiert|zuletzt|veröffentlicht|am|um|uhr|teilen|drucken|"
    r"mis|à|jour|publié|modifié|le|la|partager|actualizado|publicado|el|las|a|compartir|atualizado|em|às|"
    r"aggiornato|pubblicato|il|alle|обновлено|опубликовано|изменено|в|поделиться|оновлено|güncelleme|son|tarihi|"
    r"更新|更新时间|更新時間|发布|發布|发布时间|发表于|时间|来源|編集|最終更新|公開|배포|입력|수정|업데이트|آخر|تحديث|نشر|نشرت?|في|"
    r"الساعة|بتوقيت|غرينتش|بروزرسانی|عודכן|פורסם|อัปเดต|อัพเดต|ล่าสุด|เผยแพร่|เมื่อ|เวลา|เปิด|अपडेटेड|प्रकाशित|"
    r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"jan\w*|feb\w*|mar\w*|apr\w*|may|jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*|gmt|utc|local|ago|hrs|am|pm)"
    r"(?!\w)",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"^\W*(?:(?:this|the) (?:article|story|page|post) (?:was|has been) )?(?:last |first )?"
    r"(?:updated?|published|modified|refreshed|zuletzt aktualisiert|aktualisiert|stand|mis à jour|publié|"
    r"(?:última )?actualiza(?:do|ción)|atualizado|aggiornato|обновлено|опубликовано|更新|最后更新|最終更新|最近更新|"
    r"آخر تحديث|تحديث|อัปเดตล่าสุด|güncelle\w+)\b",
    re.IGNORECASE,
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
_BOX_HEAD = re.compile(rf"^\W*(?:{_BOX})\W*$", re.IGNORECASE)
_BOX_LINE = re.compile(rf"^\W*(?:{_BOX})\s*[:：|>»-]", re.IGNORECASE)
_CORRECTION = re.compile(
    r"correct(?:ed|ion|s)|clarif|editor'?s? note|erratum|amended|retract|withdr[ae]w|korrektur|berichtig|korrigiert|"
    r"rectif|correctif|correcci|correç|corrett|исправл|уточн|виправл|更正|勘误|勘誤|訂正|订正|정정|تصحيح|تنويه|اصلاح|"
    r"แก้ไข|düzeltme|सुधार|תיקון|đính chính|ralat|sprostowan",
    re.IGNORECASE,
)
_ENDS = re.compile(r"""[.!?。！？؟۔।॥…][)"'\]」』】）]*$""")
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af]")
_TITLE_STAMP = re.compile(r"\s*[(\[][^)\]]*\d{1,2}[:.]\d{2}[^)\]]*[)\]]|^\W*live\W+\d{1,2}[:.]\d{2}\W+", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?؟।])\s+|(?<=[。！？])\s*|\n+")
_MOST_LINKS = 12
_LONG = 90
#: Without a heading, so many short lines at the end are a box.
_TAIL = 3
_ALIKE = 0.2
_CUT = 0.5
_TEASER_WORDS = 150


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
    return _masked(fold(_TITLE_STAMP.sub("", title)))


def _part(one: str, other: str) -> bool:
    """Tell whether one text is the other, cut short."""
    one, other = sorted((fold(one).rstrip(".… "), fold(other).rstrip(".… ")), key=len)
    return other.startswith(one)


def _without_boxes(lines: list[str]) -> Iterator[str]:
    links = 0
    for line in lines:
        if _BOX_HEAD.match(line):
            links = _MOST_LINKS
        elif links and not is_prose(line) and not _CORRECTION.search(line):
            links -= 1
        elif not (_BOX_LINE.match(line) and len(line) < 2 * _LONG):
            links = 0
            yield line


def _without_tail(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not is_prose(lines[end - 1]) and not _CORRECTION.search(lines[end - 1]):
        end -= 1
    return lines[:end] if end and len(lines) - end >= _TAIL else lines


def is_prose(line: str) -> bool:
    """Tell whether a line is a sentence, not a link, a label or a counter."""
    weight = len(line) + len(_DENSE.findall(line))
    return bool(_ENDS.search(line)) or weight >= _LONG


def _masked(line: str) -> str:
    """Take clocks and counters out of a line that is made of them; "" when nothing else is in it."""
    if (
        _STAMP.match(line)
        and len(line) < _LONG
        and (_CLOCK.search(line) or _DATE.search(line) or _RELATIVE.search(line))
    ):
        rest = _bare(line)
        return line if _letters(rest) > 12 else ""
    if is_prose(line) and not _is_counter(line):
        return line
    lively = _COUNTER.sub(" ", _RELATIVE.sub(" ", line))
    still = _CLOCK.sub(" ", _DATE.sub(" ", lively))
    if still == line:
        return line
    if not _letters(_AROUND.sub(" ", still)) and not re.search(r"\d", still):
        return ""
    dated = bool(_DATE.search(lively) and _CLOCK.search(lively)) and _letters(still) <= 30
    return " ".join((still if dated else lively).split())


def _is_counter(line: str) -> bool:
    """Tell whether a line holds a counter and nothing else, though it ends as a sentence does."""
    rest, found = _COUNTER.subn(" ", line.rstrip(" .。।"))
    return found > 0 and len(line) < _LONG and not re.search(r"\w", rest)


def _bare(line: str) -> str:
    for pattern in (_RELATIVE, _COUNTER, _DATE, _CLOCK, _STAMP, _AROUND):
        line = pattern.sub(" ", line)
    return line


def _letters(text: str) -> int:
    return sum(char.isalpha() for char in text)
