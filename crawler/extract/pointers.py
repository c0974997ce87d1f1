"""Takes out of a text what leads elsewhere between its paragraphs: other texts, who posted, what is to be heard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.extract.counts import ends_sentence
from crawler.extract.lines import Block, Line, holds, weight
from crawler.extract.page import ParsedPage, letters
from crawler.extract.telling import own_voice, reports

#: Paragraphs are as long as this; a linked headline between them is as long as that.
_PROSE, _LEAST, _LONGEST = 60, 20, 240
#: "Read also:" and the like: what stands before a link that is all the rest.
_LABEL = re.compile(r"[^:：|»]{2,32}\s?[:：|»]\s*")
#: What a text names of its own.
_OWN = re.compile(
    r"\W*(?:\w+ )?(?:sources?|quellen?|fuentes?|fontes?|fonti|bron(?:nen)?|źródł\w+|источник\w*|джерел\w*|المصدر|"
    r"المصادر|منبع|منابع|kaynak\w*|מקור\w*|来源|來源|资料|資料|出典|出所|출처|स्रोत|nguồn|sumber|ที่มา|källa|källor|"
    r"kilder?|lähde|zdroj|"
    r"forrás|sursa|πηγή|links?|website|web|download\w*|where|wo|address|tickets?|info\w*)\b",
    re.IGNORECASE,
)
_LINKED = 0.8
#: A text of more of them, for each paragraph or in all, is a review or a list: its links are what it says.
_LABELLED, _BARE, _MOST_BARE = 0.5, 0.25, 3
_NUMBER = re.compile(r"\W*\d{1,3}\s?[.):]")
_TAGS = frozenset(("p", "div", "blockquote", "section", "article", "main"))
_PAGE = re.compile(
    r"(?!(?:mailto|tel|javascript|data|whatsapp|tg|fb|sms):|#)(?:(?:https?:)?//[^/]+)?/?[^/?#]", re.IGNORECASE
)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|csv|zip|jpe?g|png|gif|webp|mp[34]|pptx?)(?:[?#]|$)", re.IGNORECASE)
#: "— Tom (@tom) 12 Nov": who posted what stands above.
_POSTED = re.compile(r"[—–―-]{1,2}\s?[^—–―]{1,80}[(（]@\w{1,30}[)）]\s?.{0,4}\S{0,12}\d.{0,30}")
_LISTEN = re.compile(
    r"\W*(?:(?:our |der |unser |le |el |il |o |новый |наш )?podcast|listen|hear|subscribe|hören sie|hör|"
    r"jetzt (?:an)?hören|écoute[rz]|escuch[ae]|ascolta|ouça|"
    r"luister|posłuchaj|słuchaj|слушайте|слухайте|подкаст|استمع|بشنوید|dinleyin|收听|收聽|听播客|聴く|"
    r"ポッドキャスト|듣기|팟캐스트|सुनें|nghe|"
    r"dengarkan|ฟัง|האזינו|lyssna|lytt|lyt\b|kuuntele|poslechněte|hallgassa|ascultați|ακούστε)",
    re.IGNORECASE,
)
_HEARD = re.compile(
    r"apple podcasts?|google podcasts?|spotify|deezer|pocket casts|castbox|overcast\b|amazon music|youtube music|"
    r"audible|"
    r"soundcloud|yandex music|яндекс[. ]музык",
    re.IGNORECASE,
)
_LONGEST_ASKING, _LONGEST_BOX, _MOST_LINES = 200, 400, 5
_PODCASTS = frozenset(("podcast", "podcasts", "audioplayer", "podcastbox"))
#: Of a text at least this share stays.
_KEEP = 0.6


@dataclass(frozen=True, slots=True)
class _Pointer:
    at: int
    labelled: bool


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
    out = _pointers(text, shown) | _heard(text, shown)
    out |= {at for at, line in enumerate(text) if at and len(line) <= 140 and _POSTED.fullmatch(line)}
    kept = [line for at, line in enumerate(text) if at not in out]
    return kept if sum(map(len, kept)) >= _KEEP * sum(map(len, text)) else list(text)


def _pointers(text: Sequence[str], shown: Sequence[Sequence[Line]]) -> set[int]:
    found = [pointer for at in range(1, len(text)) if (pointer := _pointer(at, text[at], shown[at]))]
    at_all = {pointer.at for pointer in found}
    prose = [at for at, line in enumerate(text) if weight(line) >= _PROSE and at not in at_all]
    between = [pointer for pointer in found if prose and prose[0] < pointer.at < prose[-1]]
    bare = [pointer for pointer in between if not pointer.labelled]
    if len(bare) > min(_MOST_BARE, _BARE * len(prose)):
        between = [pointer for pointer in between if pointer.labelled]
    # Around each of them stands text, and no list.
    around = {at for at in at_all if any(near in prose for near in (at - 1, at + 1))}
    kept = {pointer.at for pointer in between if pointer.at in around}
    return kept if len(kept) <= _LABELLED * len(prose) else set()


def _pointer(at: int, line: str, shown: Sequence[Line]) -> _Pointer | None:
    """Tell whether a line is wholly a link to another page, or a label and such a link."""
    if not shown or weight(line) > _LONGEST or ends_sentence(line) or _NUMBER.match(line):
        return None
    if not all(each.links and each.tag in _TAGS and _leads_to_page(each) for each in shown):
        return None
    if all(each.linked for each in shown):
        return _Pointer(at, labelled=False) if weight(line) >= _LEAST else None
    label = _LABEL.match(line)
    if label is None or weight(line[label.end() :]) < _LEAST or _OWN.match(label[0]):
        return None
    rest = len(line) - label.end()
    # With more than the label before the link, the link is a part of what is told.
    whole = all(_LINKED * rest <= each.link_chars <= rest + 1 and each.links == 1 for each in shown)
    return _Pointer(at, labelled=True) if whole else None


def _leads_to_page(line: Line) -> bool:
    for link in line.block.element.iter("a"):
        href = (link.get("href") or "").strip()
        said = letters(link.text_content())
        if said and said in letters(line.text):
            return _PAGE.match(href) is not None and _FILE.search(href) is None
    return False


def _heard(text: Sequence[str], shown: Sequence[Sequence[Line]]) -> set[int]:
    """Give the places of lines that offer to listen: by where they say so, or in a small box of that name."""
    found = {at for at, line in enumerate(text) if _asks_to_listen(line)}
    ends = [lines[0].block for lines in (shown[0], shown[-1]) if lines]
    boxes: dict[Block, set[int]] = {}
    for at, lines in enumerate(shown):
        box = _box_of(lines[0].block) if len(lines) == 1 else None
        if box is not None and not any(holds(box, end) for end in ends):
            boxes.setdefault(box, set()).add(at)
    for places in boxes.values():
        if len(places) <= _MOST_LINES and sum(weight(text[at]) for at in places) <= _LONGEST_BOX:
            found |= places
    return found


def _asks_to_listen(line: str) -> bool:
    own = own_voice(line)
    return weight(line) <= _LONGEST_ASKING and bool(_LISTEN.match(own) and _HEARD.search(own)) and not reports(own)


def _box_of(block: Block | None) -> Block | None:
    while block is not None and _PODCASTS.isdisjoint(block.names):
        block = block.parent
    return block
