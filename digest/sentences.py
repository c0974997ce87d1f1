"""Cuts texts into sentences, in every script.

sentencex knows where a dot ends a sentence in the languages that have dots. Here is what it does not know: full stops
of other scripts, the spaces that end a sentence in Thai and Lao, and that a quotation is not cut in two.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from operator import itemgetter

import sentencex

from crawler.languages import primary

#: Full stops that are nothing else; where a line has one, its dots end no sentence ("U.S. Steel公司表示同意。").
_OWN = re.compile(r"(?:[。｡।॥።։།။។]|፡፡)+")
_OWN_ENDS = re.compile(r"(?:[。｡।॥።։།။។！？]|፡፡)[。｡！？!?…]*[」』”’»）)】》〉］\]]*")
#: What ends a sentence where dots do.
_ENDS = re.compile(r"(?:[.!?…。！？｡؟۔।॥።։།။។]|፡፡)[\s'\"”’»」』）)】》\]]*$")
#: So many marks at most follow the last word of a sentence.
_CLOSING = 10
#: Thai and Lao letters. Their sentences end with a space, as clauses, figures and names do.
_SPACED_OUT = re.compile("[\u0e00-\u0eff]")
#: A sentence of Thai or Lao has so many letters at least before another one follows; a line of fewer is a heading.
_SHORTEST_SPACED_OUT = 40
_HEADING_SPACED_OUT = 30
#: A space of Thai or Lao between letters; no word before or behind it goes on with the sentence: and, by, that, after.
_SPACE = re.compile(
    "(?<=[\u0e01-\u0e4e\u0e81-\u0ecd])"
    "(?<!ว่า)(?<!และ)(?<!หรือ)(?<!ซึ่ง)(?<!โดย)(?<!เพื่อ)(?<!เช่น)(?<!ได้แก่)(?<!แต่)(?<!จาก)(?<!กับ)(?<!นาย)(?<!นาง)(?<!นางสาว)"
    "(?<!ວ່າ)(?<!ແລະ)(?<!ຫຼື)(?<!ຊຶ່ງ)(?<!ເຊິ່ງ)(?<!ໂດຍ)(?<!ເພື່ອ)(?<!ເຊັ່ນ)(?<!ໄດ້ແກ່)(?<!ແຕ່)(?<!ຈາກ)(?<!ກັບ)(?<!ທ່ານ)"
    " +(?=[\u0e01-\u0e45\u0e81-\u0ec4])"
    "(?!และ|หรือ|ที่|ซึ่ง|โดย|เพื่อ|รวม|ว่า|คือ|แต่|จน|กับ|เช่น|มี|จาก|ใน|ให้|ทำให้|จะ|ได้|เมื่อวัน|ตาม|หลัง(?!จาก)"
    "|ແລະ|ຫຼື|ທີ່|ຊຶ່ງ|ເຊິ່ງ|ໂດຍ|ເພື່ອ|ວ່າ|ແຕ່|ມີ|ຈາກ|ໃນ|ໃຫ້|ຈະ|ໄດ້)"
    "(?!(?:กล่าว|ระบุ|เปิดเผย|เผย|แถลง|ยืนยัน|บอก|ชี้|ກ່າວ|ໃຫ້ຮູ້|ໄດ້ກ່າວ)[^ ]{0,20}(?:ว่า|ວ່າ))"
    # Who said it stands behind what was said, where no "that" follows.
    "(?![^ ]{0,40}(?:กล่าว|ระบุ|เปิดเผย|เผย|ກ່າວ)(?!ว่า|ວ່າ)[^ ]{0,30}(?: |$))"
)
#: Mark -> those that it closes. Where none of them is open, a mark opens, if it may.
_CLOSES = {
    "”": "“„”", "“": "„", "»": "«", "«": "»", '"': '"', "」": "「", "』": "『", "｣": "｢",
    "）": "（", ")": "(", "】": "【", "》": "《", "〉": "〈", "］": "［", "]": "[",
}  # fmt: skip
_OPEN = frozenset('“„”«»"「『｢（(【《〈［[')
_MARKS = re.compile('[“”„«»"「」『』｢｣（）()【】《》〈〉［］\\[\\]]')
#: What is longer than this between two marks may be cut: a page may have forgotten the second one.
_LONGEST_QUOTED = 300
#: So many quotations and brackets stand in each other at most.
_DEEPEST = 8
#: So many characters of a line are cut at once.
_PIECE = 4000
#: So many characters around a place are looked at.
_NEAR = 48
#: Words with a dot after which a name or a number follows, so that it ends no sentence, where sentencex cuts.
_ABBREVIATED = re.compile(
    # An initial or a title of one letter: J. Smith, M. Dupont, И. Иванов, د. أحمد (but "2025 م." is a year).
    r"(?:(?<![\w.])[A-ZÀ-ÞΑ-ΩЀ-Я]|(?<!\d )(?<![^\W_])[\u0621-\u064a]"
    r"|(?<!\w)(?:[Ии]м|[Уу]л|[Сс]т|[Сс]тр|[Рр]ис|[Сс]м|[Пп]ос|[Пп]рос?п|[Пп]ер|[Оо]бл|[Пп]роф|[Аа]кад|[Дд]оц|[Гг]ен"
    r"|[Пп]олк|[Гг]р|[Тт]ов|[Сс]в|т\.\s?[ен]|Sn|Av|Doç|السيد|أ\.د|डॉ|प्रो|श्री|कु))\.$"
)
#: Words with a dot that a number follows: months, parts of books and of addresses.
_NUMBERED = re.compile(
    r"(?<!\w)(?:Jan|Feb|Febr|Mar|Apr|Aug|Sept?|Oct|Okt|Nov|Dec|Dez|Nos?|Nr|Figs?|[Vv]ols?|pp?|Art|Sec|Chap|Kap|Abb|Abs|"
    r"Bd|Tel|Ziff|Anm|ca|approx|янв|февр?|мар|апр|июн|июл|авг|сент?|окт|нояб?|дек|гл|п|пп|ч|д|кв|корп|каб|тел|табл|ок|"
    r"прибл|\w*[Ss]tr)\.$"
)
#: The end of a German sentence before a number, where sentencex takes any dot for one of an abbreviation.
_GERMAN_NUMBER = re.compile(
    r"(?<!\w)(?:[^\W\d_]{4,}|Uhr|Ort|tot|ist|war|hat|sei|ab|an|auf|aus|bei|da|ein|los|mit|vor|weg|zu)[.] +(?=\d)"
)
#: What begins no sentence right behind a quotation: particles of Korean and Japanese, and the next quotation.
_GOES_ON = re.compile("[\uac00-\ud7a3]|[とのをにがはもでへや]|など|って|から|まで|だ|[「『“]")
#: Who said what was quoted: “…！”他说。
_SAID = re.compile(r"[^。！？“”「」]{0,20}(?:说|說|道|表示|称|稱|指出|强调|強調)[，。]")
#: What a time of day goes on with: a zone, a day, a month.
_AFTER_HOUR = re.compile(
    r"(?:[A-Z]{1,4}T|UTC|Eastern|[A-Z]\w+(?: [A-Z]\w+)? [Tt]ime|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|(?:Jan|Febr?|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?:\.|[a-z]*) \d{1,2})(?!['’\w])"
)


def split(text: str, language: str) -> Iterator[str]:
    """Cut a text into its sentences, one after the other; no sentence goes over a line's end."""
    code = primary(language) or "en"
    for line in text.splitlines():
        if line.strip():
            yield from _split(line, code)


def is_whole(sentence: str) -> bool:
    """Tell whether a text ends as a sentence does, and not as a heading."""
    if _ENDS.search(sentence[-_CLOSING:]):
        return True
    return len(sentence) >= _HEADING_SPACED_OUT and _is_spaced_out(sentence)


def is_open(sentence: str) -> bool:
    """Tell whether a quotation is opened or closed in a sentence, but not both."""
    marks = _MARKS.findall(sentence)
    return bool(marks) and len(marks) != 2 * len(list(_quoted(sentence)))


def _split(line: str, code: str) -> Iterator[str]:
    quoted = [span for span in _quoted(line) if span[1] - span[0] <= _LONGEST_QUOTED] if _MARKS.search(line) else []
    earliest = [*accumulate((opened for opened, _ in reversed(quoted)), min)][::-1]
    start = 0
    for place in _places(line, code):
        cut = _outside(line, place, quoted, earliest)
        if cut > start and _is_end(line, start, cut):
            yield line[start:cut].strip()
            start = cut
    if rest := line[start:].strip():
        yield rest


def _places(line: str, code: str) -> Iterable[int]:
    """List where a line may be cut."""
    if code == "de":
        return sorted({*_by_dots(line, code), *(found.end() for found in _GERMAN_NUMBER.finditer(line))})
    if line.isascii():
        return _by_dots(line, code)
    if _is_spaced_out(line):
        return _by_spaces(line)
    if not _OWN.search(line):
        return sorted({*_by_dots(line, code), *(found.end() for found in _OWN_ENDS.finditer(line))})
    dots = (place for place in _by_dots(line, code) if not line[max(0, place - _NEAR) : place].rstrip().endswith("."))
    return sorted({*dots, *(found.end() for found in _OWN_ENDS.finditer(line))})


def _by_dots(line: str, code: str) -> Iterator[int]:
    """List where sentencex ends sentences; it takes the square of a line's length where quotation marks abound."""
    for first in range(0, len(line), _PIECE):
        place, end = first, min(first + _PIECE, len(line))
        for part in sentencex.segment(code, line[first:end]):
            place += len(part)
            if place < end or end == len(line):
                yield place


def _is_spaced_out(line: str) -> bool:
    return not line.isascii() and len(_SPACED_OUT.findall(line)) * 2 > len(line)


def _by_spaces(line: str) -> Iterator[int]:
    start, last = 0, len(line.rstrip()) - _HEADING_SPACED_OUT
    for found in _SPACE.finditer(line):
        if found.start() - start >= _SHORTEST_SPACED_OUT and found.end() <= last:
            start = found.end()
            yield start


def _quoted(line: str) -> Iterator[tuple[int, int]]:
    """Find what stands between two marks, where both are there."""
    open_: list[tuple[str, int]] = []
    for found in _MARKS.finditer(line):
        mark = found[0]
        opened = next((at for at in reversed(range(len(open_))) if open_[at][0] in _CLOSES.get(mark, "")), None)
        if opened is not None:
            yield open_[opened][1], found.start()
            del open_[opened:]
        elif mark in _OPEN:
            open_ = [*open_[1 - _DEEPEST :], (mark, found.start())]


def _outside(line: str, place: int, quoted: Sequence[tuple[int, int]], earliest: Sequence[int]) -> int:
    """Give the place if it is in no quotation, the end of the quotation if it is right before that, else 0.

    With each quotation comes where the first one opens that is closed with it or later.
    """
    for number in range(bisect_left(quoted, place, key=itemgetter(1)), len(quoted)):
        opened, closed = quoted[number]
        if closed - place > _LONGEST_QUOTED or earliest[number] >= place:
            break
        if opened < place <= closed:
            if line[place:closed].strip():
                return 0
            place = closed + 1
    return place


def _is_end(line: str, start: int, cut: int) -> bool:
    """Tell whether a sentence ends where it might."""
    said, rest = line[max(start, cut - _NEAR) : cut].rstrip(), line[cut : cut + _NEAR].lstrip()
    if not said or not rest:
        return False
    if rest[0].islower() or (said.endswith(".") and _ABBREVIATED.search(said)):
        return False
    if rest[0].isdecimal() and _NUMBERED.search(said):
        return False
    if said.endswith((".m.", ".M.")) and _AFTER_HOUR.match(rest):
        return False
    if line[cut - 1] in _CLOSES and not line[cut].isspace():
        return not (_GOES_ON.match(rest) or (line[start:cut].lstrip()[0] in "“「" and _SAID.match(rest)))
    return not (said.endswith("。") and rest[0] in "のを")
