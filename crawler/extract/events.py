"""Tells the date of an event from that of a text: beside it stand where it is, at what hour, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extract.page import Line

#: What stands before the day of a text and of a concert.
_DATE = re.compile(
    r"^\W*(?:dates?|datum|fecha|data|dato|pvm|päivämäärä|tarih|дата|когда|ημερομηνία|dátum|日期|时间|時間|日時|開催日|일시|날짜|"
    r"التاريخ|تاريخ|تاریخ|זמן|תאריך|दिनांक|तारीख|তারিখ|tanggal|tarikh|ngày|วันที่)\s*[:：]",
    re.IGNORECASE,
)
_FIELDS = (
    r"(?:venue|place|location|where|when|time|hours?|admission|entry|tickets?|organi[sz]er|host|agenda|attendees|present|"
    r"doors|ort|veranstaltungsort|wo|uhrzeit|zeit|beginn|einlass|eintritt|veranstalter|lieu|où|heure|horaires?|entrée|"
    r"tarifs?|organisateur|lugar|dónde|hora|horario|entrada|precio|organiza|local|onde|horário|ingressos?|luogo|dove|"
    r"orario|ingresso|plaats|locatie|tijd|aanvang|toegang|plats|tid|inträde|sted|adgang|paikka|aika|miejsce|godzina|wstęp|"
    r"místo|čas|vstupné|miesto|helyszín|időpont|belépő|locul|locația|ora|място|час|вход|τόπος|ώρα|είσοδος|место|время|"
    r"вход|місце|mjesto|место|vrijeme|kraj|vieta|laikas|laiks|koht|aeg|yer|saat|المكان|مكان|الوقت|الموقع|مکان|زمان|ساعت|"
    r"מקום|שעה|मैदान|स्थान|समय|স্থান|সময়|tempat|lokasi|pukul|waktu|địa điểm|thời gian|สถานที่|เวลา|"
    r"地点|地點|場所|会場|會場|開場|開演|入場料|料金|장소|입장료)"
)
_BESIDE = re.compile(rf"^\W*{_FIELDS}\s*(?:[:：]|$)", re.IGNORECASE)
_WITHIN = re.compile(rf"(?:[|/;·•,]|\s[–—-]|[\d.)])\s*{_FIELDS}\s*[:：]", re.IGNORECASE)
#: So many lines about a date are looked at: a label and its value may be two lines.
_NEAR = 4
_LONGEST = 80
_CELLS = 12
_REFERENCE_NAMES = frozenset(("references", "reference", "reflist", "footnotes", "citations", "bibliography"))
_REFERENCES = re.compile(
    r"\W*(?:references|sources|notes|footnotes|bibliography|further reading|literatur(?:verzeichnis)?|quellen|"
    r"einzelnachweise|références|bibliographie|referencias|bibliografía|referências|bibliografia|riferimenti|note|"
    r"bronnen|literatuur|źródła|przypisy|источники|литература|примечания|джерела|література|kaynaklar|kaynakça|"
    r"参考文献|參考文獻|参考资料|脚注|참고문헌|المراجع|المصادر|منابع)\W*",
    re.IGNORECASE,
)
_MOST_REFERENCES = 60
#: The words of the names of what shows an event's date.
_EVENT_NAMES = frozenset(("event", "events", "countdown", "deadline", "veranstaltung"))


def is_of_data(lines: Sequence[Line], at: int) -> bool:
    """Tell whether a line is named as an event's, or is a cell of a table with headings: of results, of prices."""
    if not _EVENT_NAMES.isdisjoint(lines[at].block.names):
        return True
    return lines[at].tag == "td" and any(line.tag == "th" for line in lines[max(0, at - _CELLS) : at])


def is_of_row(lines: Sequence[Line], at: int) -> bool:
    """Tell whether a line is one of several short cells of a table's row: of results, of prices."""
    if lines[at].tag != "td":
        return False
    beside = [each for each in lines[max(0, at - 1) : at + 2] if each is not lines[at]]
    return any(
        each.tag == "td"
        and len(each.text) <= _LONGEST
        and each.block is not lines[at].block
        and each.block.parent is lines[at].block.parent
        for each in beside
    )


def is_reference(lines: Sequence[Line], at: int) -> bool:
    """Tell whether a line is one of a list of what a text is taken from."""
    if lines[at].tag != "li":
        return False
    block = lines[at].block
    if not _REFERENCE_NAMES.isdisjoint(block.names + (block.parent.names if block.parent else ())):
        return True
    head = next((line for line in reversed(lines[max(0, at - _MOST_REFERENCES) : at]) if line.tag != "li"), None)
    return head is not None and len(head.text) <= _LONGEST and _REFERENCES.fullmatch(head.text) is not None


def is_event_field(label: str) -> bool:
    """Tell whether a text before a date is a field of an event's: "When:"."""
    return _BESIDE.match(label) is not None


def is_of_event(lines: Sequence[Line], at: int) -> bool:
    """Tell whether the date of a line is an event's: "Date: 12 May 2024" above "Venue: Town Hall"."""
    text = lines[at].text
    before = lines[at - 1].text if at else ""
    if is_event_field(text) and not _DATE.search(text):
        return True
    dated = _DATE.search(text) or (len(before) < _LONGEST and _DATE.match(f"{before}:"))
    if not dated:
        return False
    if _WITHIN.search(text):
        return True
    about = (*lines[max(0, at - _NEAR) : at], *lines[at + 1 : at + 1 + _NEAR])
    return any(len(line.text) <= _LONGEST and _BESIDE.match(line.text) for line in about)
