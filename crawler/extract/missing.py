"""Tells error pages whose heading alone says so, where the beginnings of other texts stand below it."""

from __future__ import annotations

import re

from crawler.extract import refusal
from crawler.extract.counts import ends_sentence
from crawler.extract.declared import Declared
from crawler.extract.lines import HEADINGS, Line, letters, weight
from crawler.extract.page import ParsedPage
from crawler.extract.telling import is_to_reader, own_voice

#: What such a page calls out above the sentence that says what is wrong.
_CALL = re.compile(
    r"\W*(?:w?h?oo+ps|uh[- ]?oh|sorry|error|something went wrong|hoppla|ups|uups|fehler|entschuldigung|etwas ist "
    r"schief ?gelaufen|oups|désolés?|erreur|lo sentimos|vaya|error inesperado|spiacenti|errore|desculpe|erro|oeps|"
    r"foutmelding|przepraszamy|błąd|упс|ой|ошибка|помилка|på?hoppsan|hoppsan|fel|hata|üzgünüz|错误|錯誤|出错了|抱歉|"
    r"エラー|申し訳(?:ございません|ありません)|오류|죄송합니다|عذرا|خطأ|متأسفیم)\W*",
    re.IGNORECASE,
)
#: So many lines below the heading the sentence stands, and is no longer; a character of a dense script counts three.
_BELOW = 2
_LONGEST = 300
#: So many linked headings below show that the page lists other texts.
_CARDS = 3


def heading(page: ParsedPage, said: Declared, title: str, text: str) -> str:
    """Give the heading by which a page that declares no article says that there is none; "" for any other."""
    if _declares(said) or (at := _heading(page.lines)) is None:
        return ""
    found = page.lines[at].text
    if len(found) > _LONGEST:
        return ""
    below = [line for line in page.lines[at + 1 :] if not (line.block.hidden or line.chrome)]
    told = [own_voice(line.text) for line in below[:_BELOW] if _is_word(line)]
    says_so = any(map(refusal.says_so, told))
    listed = sum(line.linked and line.tag in HEADINGS for line in below) >= _CARDS
    other = bool(title) and letters(title) != letters(found)
    if listed and other and ends_sentence(found) and refusal.says_so(own_voice(found)):
        return found
    if refusal.is_missing(found, wholly=True):
        bare = weight(text) < refusal.SHORT
        return found if says_so or bare or (listed and (other or any(map(is_to_reader, told)))) else ""
    hinted = _CALL.fullmatch(found) or any(map(refusal.is_missing, (found, *(value for value, _ in said.titles))))
    return found if hinted and says_so else ""


def _declares(said: Declared) -> bool:
    """Tell whether the page itself is declared as an article, not only a text on it."""
    return bool(
        said.node or said.kind.startswith("article") or any(where.startswith("meta") for _, where in said.published)
    )


def _heading(lines: list[Line]) -> int | None:
    """Find the first heading that is shown outside the furniture, of the highest that there is."""
    shown: dict[str, int] = {}
    for at, line in enumerate(lines):
        if line.tag in ("h1", "h2") and not (line.linked or line.chrome or line.block.hidden):
            shown.setdefault(line.tag, at)
    return shown.get("h1", shown.get("h2"))


def _is_word(line: Line) -> bool:
    return not line.linked and line.tag not in HEADINGS and weight(line.text) <= _LONGEST
