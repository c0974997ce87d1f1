"""Takes out of a text what leads elsewhere between its paragraphs: other texts, who posted, what is to be heard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from crawler import urls
from crawler.extract.counts import ends_sentence
from crawler.extract.lines import Block, Line, holds, weight
from crawler.extract.page import ParsedPage, letters
from crawler.extract.telling import dated, own_voice, reports

#: Paragraphs are as long as this; a linked headline between them is as long as that, and several without a label are
#: longer on average than subheadings.
_PROSE, _LEAST, _SUBHEADING, _HEADLINE, _LONGEST, _SUBHEADINGS = 60, 15, 20, 30, 240, 40
_QUOTES = '"“„«「『'
#: "Read also:" and the like: what stands before a link that is all the rest.
_LABEL = re.compile(r"[^:：|»]{2,32}\s?[:：|»]\s*")
#: How they begin that point to other texts; sources, places and prices have labels, too.
_POINTS = re.compile(
    r"\W*(?:(?:also |must |can also |you may also )?read\b(?! by)|read (?:also|more|next)|see (?:also|more|"
    r"our full \w+)|also\b|more\b(?: (?:on|from) .*)?|"
    r"learn more|find out more|check out|don['’]t miss|related\b|recommended|you (?:may|might) (?:also )?(?:like|"
    r"be interested)|"
    r"(?:mehr )?lesen(?: sie)?\b|mehr\b|lesetipp|auch interessant|passend dazu|weiterlesen|siehe auch|zum thema|"
    r"(?:à )?(?:lire|voir|écouter)\b|sur le même|"
    r"(?:le|te) puede interesar|también|lea\b|lee\b|leer más|puedes? ver|mir[ae]\b|nota relacionada|relacionad\w+|"
    r"más\b|leggi|vedi anche|approfond|"
    r"leia|veja|saiba|confira|lees\b|zie ook|bekijk|meer\b|(?:prze)?czytaj|zobacz|dowiedz się|polecamy|"
    r"читайте|смотрите|по теме|подробнее|ещё|еще|читать|дивіться|за темою|детальніше|[اإ]قرأ|شاهد|طالع|المزيد|"
    r"ذات صلة|بیشتر|همچنین|مطالب|"
    r"مرتبط|okuyun|ayrıca|i̇?lgili|bunu da|daha fazla|延伸|相关|相關|推荐|推薦|阅读|閱讀|更多|関連|[あ合]わせて|"
    r"こちらも|詳しくは|관련|함께|이 기사도|더 보기|संबंधित|"
    r"यह भी|ये भी|और पढ़|ข่าวที่เกี่ยวข้อง|อ่าน|เรื่องที่เกี่ยวข้อง|tin liên quan|xem thêm|đọc thêm|liên quan|"
    r"berita terkait|baca|lihat|simak|terkait|"
    r"כתבות נוספות|קראו|ראו גם|עוד ב|läs (?:också|mer|även)|les (?:også|mer)|læs (?:også|mere)|lue (?:myös|lisää)|"
    r"čtěte|čítajte|přečtěte|"
    r"mohlo by vás|olvas(?:sa|d) el|kapcsolódó|ez is érdekel|citește|citiți|vezi și|διαβάστε|δείτε)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\S*(?:://|www\.)\S*|\S+\.[a-z]{2,6}(?:/\S*)?", re.IGNORECASE)
_LINKED = 0.8
#: So many links of a block are looked at: it may hold all links of a hostile page.
_MOST_LINKS = 50
#: A text of more of them, for each paragraph or in all, is a review or a list: its links are what it says.
_LABELLED, _BARE, _MOST_BARE = 0.5, 0.25, 3
_NUMBER = re.compile(r"\W*\d{1,3}\s?[.):]")
_TAGS = frozenset(("p", "div", "blockquote", "section", "article", "main"))
_PAGE = re.compile(
    r"(?!(?:mailto|tel|javascript|data|whatsapp|tg|fb|sms):|#)(?:(?:https?:)?//[^/]+)?/?[^/?#]", re.IGNORECASE
)
#: The page of a text has a number or a name of several words; that of a topic has not.
_TEXT_PAGE = re.compile(rf"{_PAGE.pattern}[^?#]*?(?:\d|(?:[^/?#_-]+[_-]){{3}}|\.html?\b|\?\w*id=)", re.IGNORECASE)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|csv|zip|jpe?g|png|gif|webp|mp[34]|pptx?)(?:[?#]|$)", re.IGNORECASE)
#: "— Tom (@tom) 12 Nov" with a link, as the day is: who posted what stands above.
_POSTED = re.compile(
    r"[—–―-]{1,2}\s?[^—–―]{1,80}[(（]@\w{1,30}[)）]\s?[^\w:]{0,4}"
    r"(?:[^\d\s:]{2,3} \d{1,2}(?:[,،]? \d{4})?|\d{1,2}\.?(?: [^\d\s:]{1,12}){1,3}(?: \d{4}.{0,4})?|"
    r"\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]|\d{1,4}([./-])\d{1,2}\1\d{1,4})"
)
#: Labels of what is worth reading anywhere: behind them stand books and films, too, unless the link is of the site.
_TIP = re.compile(
    r"\W*(?:(?:must |can )?(?:read|see|watch)|recommended|check out|don['’]t miss|(?:learn|find out) more|more|also|"
    r"lesetipp|lesen|mehr|(?:à )?(?:lire|voir|écouter)|lea|lee|mir[ae]|más|también|leggi|leia|veja|saiba|confira|"
    r"bekijk|lees|"
    r"meer|(?:prze)?czytaj|zobacz|polecamy|читайте|смотрите|читать|подробнее|детальніше|ещё|еще|شاهد|طالع|推荐|推薦|阅读|閱讀|baca|lihat|simak|"
    r"čtěte|čítajte|olvassa el|διαβάστε|δείτε)\W*",
    re.IGNORECASE,
)
#: They speak to whoever reads; a podcast or its makers follow.
_LISTEN = re.compile(
    r"\W*(?:(?:listen|hear|subscribe|hören sie|hört(?! man)|jetzt (?:an)?hören|écoute[rz]|escuch[ae]|ascolta|ouça|"
    r"luister|posłuchaj|słuchaj|слушайте|слухайте|استمع|بشنوید|dinleyin|nghe|dengarkan|האזינו|lyssna|lytt|lyt|kuuntele|"
    r"poslechněte|hallgassa|ascultați|ακούστε)(?!\w)|(?:our |unser |наш )?(?:podcasts?|подкасты?)\s?[:|–—]|"
    r"(?:our podcast|unser podcast|наш подкаст)\b|"
    r"收听|收聽|听播客|聴く|ポッドキャストは|ポッドキャスト[:：]|듣기|팟캐스트[:：]|सुनें|ฟัง)",
    re.IGNORECASE,
)
_HEARD = re.compile(
    r"(?<![a-zа-я])(?:apple podcasts?|google podcasts?|spotify|deezer|pocket casts|castbox|overcast|amazon music|"
    r"youtube music|soundcloud|yandex music|яндекс[. ]музык\w*)",
    re.IGNORECASE,
)
_CALLED = r"podcast|подкаст|播客|ポッドキャスト|팟캐스트|بودكاست|پادکست|פודקאסט"
_IS_CALLED = re.compile(_CALLED, re.IGNORECASE)
_PODCAST = re.compile(
    rf"{_CALLED}|\b[eé]pisod\w*|\bfolge\b|эпизод|выпуск|[:：]",
    re.IGNORECASE,
)
_ASKS = "?？؟"
#: Behind where it is to be heard an offer says no more than this.
_BEHIND = 20
_LONGEST_ASKING, _LONGEST_SIGNING, _LONGEST_LINE, _MOST_LINES = 200, 140, 160, 5
#: Beside a small box that is called a podcast stand so many paragraphs.
_TEXT = 3
_PODCASTS = frozenset(("podcast", "podcasts", "audioplayer", "podcastbox"))
#: Of a text at least this share stays.
_KEEP = 0.6


@dataclass(frozen=True, slots=True)
class _Pointer:
    at: int
    labelled: bool
    #: It may be a subheading, too.
    unsure: bool = False


def without(text: Sequence[str], page: ParsedPage) -> list[str]:
    """Give the lines of a text without those between its paragraphs that lead elsewhere."""
    if len(text) < 2:
        return list(text)
    seen: dict[str, list[Line]] = {}
    wanted = {letters(line) for line in text}
    for line, key in zip(page.lines, page.keys, strict=True):
        if key in wanted:
            seen.setdefault(key, []).append(line)
    shown = [seen.get(letters(line), []) for line in text]
    out = _pointers(text, shown, page.url) | _heard(text, shown, page)
    out |= {at for at, line in enumerate(text) if at and _signs_post(line, shown[at])}
    kept = [line for at, line in enumerate(text) if at not in out]
    return kept if sum(map(len, kept)) >= _KEEP * sum(map(len, text)) else list(text)


def points_elsewhere(line: str) -> bool:
    """Tell whether a line begins with a label that points to other texts: "Read also: ..."."""
    label = _LABEL.match(line)
    return label is not None and _POINTS.match(label[0]) is not None


def _pointers(text: Sequence[str], shown: Sequence[Sequence[Line]], url: str) -> set[int]:
    found = [pointer for at in range(1, len(text)) if (pointer := _pointer(at, text[at], shown[at], url))]
    at_all = {pointer.at for pointer in found}
    prose = [at for at, line in enumerate(text) if weight(line) >= _PROSE and at not in at_all]
    between = [pointer for pointer in found if prose and prose[0] < pointer.at < prose[-1]]
    bare = [pointer for pointer in between if not pointer.labelled]
    short = len(bare) > 1 and sum(weight(text[pointer.at]) for pointer in bare) < _SUBHEADINGS * len(bare)
    if short or len(bare) > min(_MOST_BARE, _BARE * len(prose)):
        between = [pointer for pointer in between if pointer.labelled]
    between = [pointer for pointer in between if not pointer.unsure]
    # Around each of them stands text, and no list.
    around = {at for at in at_all if any(near in prose for near in (at - 1, at + 1))}
    kept = {pointer.at for pointer in between if pointer.at in around}
    return kept if len(kept) <= _LABELLED * len(prose) else set()


def _pointer(at: int, line: str, shown: Sequence[Line], url: str) -> _Pointer | None:
    """Tell whether a line is wholly a link to another page, or a label and such a link."""
    if not shown or weight(line) > _LONGEST or not all(each.links and each.tag in _TAGS for each in shown):
        return None
    if ends_sentence(line) or line[:1] in _QUOTES or _NUMBER.match(line) or _ADDRESS.fullmatch(line):
        return None
    label = _LABEL.match(line)
    pointed = line[label.end() :] if label and _POINTS.match(label[0]) else ""
    linked = all(each.linked for each in shown)
    # With more than the label before the link, the link is a part of what is told.
    behind = weight(pointed) >= _LEAST and all(
        _LINKED * len(pointed) <= each.link_chars <= len(pointed) + 1 and each.links == 1 for each in shown
    )
    if pointed and not _ADDRESS.fullmatch(pointed) and (linked or behind):
        within = url if label and _TIP.fullmatch(label[0]) else ""
        return _Pointer(at, labelled=True) if all(_leads_to_page(each, within) for each in shown) else None
    bare = linked and weight(line) >= _SUBHEADING and all(map(_is_strong, shown))
    if not (bare and all(_leads_to_page(each, url) for each in shown)):
        return None
    sure = weight(line) >= _HEADLINE and all(_leads_to_page(each, url, _TEXT_PAGE) for each in shown)
    return _Pointer(at, labelled=False, unsure=not sure)


def _is_strong(line: Line) -> bool:
    return line.bold_chars >= _LINKED * len(line.text) or line.text.isupper()


def _signs_post(line: str, shown: Sequence[Line]) -> bool:
    """Tell whether a line says who posted what stands above, and when, with a link there."""
    return len(line) <= _LONGEST_SIGNING and bool(_POSTED.fullmatch(line)) and any(each.links for each in shown)


def _leads_to_page(line: Line, url: str = "", kind: re.Pattern[str] = _PAGE) -> bool:
    """Tell whether a line's link leads to a page, and of the site of another, where that is given."""
    for link in islice(line.block.element.iter("a"), _MOST_LINKS):
        href = (link.get("href") or "").strip()
        said = letters(link.text_content())
        if said and said in letters(line.text):
            away = url and "//" in href and not urls.same_site(href, url)
            return kind.match(href) is not None and _FILE.search(href) is None and not away
    return False


def _heard(text: Sequence[str], shown: Sequence[Sequence[Line]], page: ParsedPage) -> set[int]:
    """Give the places of lines that offer to listen: by where they say so, or in a small box of that name."""
    found = {at for at, line in enumerate(text) if at and _asks_to_listen(line)}
    prose = [lines[0].block for line, lines in zip(text, shown, strict=True) if lines and weight(line) >= _PROSE]
    boxes: dict[Block, set[int]] = {}
    for at, lines in enumerate(shown):
        box = _box_of(lines[0].block) if len(lines) == 1 else None
        if box is not None and 0 < at < len(text) - 1:
            boxes.setdefault(box, set()).add(at)
    for box, places in boxes.items():
        called = any(_IS_CALLED.search(line.text) for line in page.lines if holds(box, line.block))
        told = not called or any(ends_sentence(text[at]) and at not in found for at in places)
        small = len(places) <= _MOST_LINES and all(weight(text[at]) <= _LONGEST_LINE for at in places) and not told
        if small and sum(not holds(box, block) for block in prose) >= _TEXT:
            found |= places
    return found


def _asks_to_listen(line: str) -> bool:
    """Tell whether a line asks to hear a podcast, and ends with where; news of these services goes on."""
    if _HEARD.search(line) is None or weight(line) > _LONGEST_ASKING or line.rstrip()[-1:] in _ASKS:
        return False
    own = own_voice(line)
    if not _LISTEN.match(own):
        return False
    where = list(_HEARD.finditer(own))
    if not where or weight(own[where[-1].end() :]) > _BEHIND or reports(own) or dated(own):
        return False
    return len(where) > 1 or _PODCAST.search(_HEARD.sub(" ", own)) is not None


def _box_of(block: Block | None) -> Block | None:
    while block is not None and _PODCASTS.isdisjoint(block.names):
        block = block.parent
    return block
