"""Tells the lines with which agencies and papers end a text: who reported and edited it, codes, marks and rights.

They are no part of the text. Who reported it is an author; who edited it is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.agencies import DATED_ONLY, agency, known, printed
from crawler.extract.names import is_name
from crawler.extract.signing import names_of

#: So many of the last lines are looked at.
_LAST = 4
_LONGEST = 400
_LONGEST_MARK = 200
_REPORTED = (
    r"reporting|reported|writing|written|report|story|with reporting|bericht|reportage|reporte|información|reportagem|"
    r"репортаж"
)
_HELPED = (
    r"additional reporting|editing|edited|produced|producing|compiled|additional writing|graphics?|translat\w+|"
    r"redigiert|redaktion|édité|rédigé|version française|editado|editada|edición|edição|editing|tradotto|traducido|"
    r"photograph\w*|research|data"
)
_BY = r"by|von|par|de|por|da|di"
#: "Reporting by A in X and B; Editing by C"
_CREDITS = re.compile(rf"[(（]?\s*((?:{_REPORTED}|{_HELPED})\s+(?:{_BY})\s+[^()]{{4,380}}?)\s*[)）]?\.?", re.IGNORECASE)
_CREDIT = re.compile(rf"\s*(?:and\s+)?({_REPORTED}|{_HELPED})\s+(?:{_BY})\s+(.+)", re.IGNORECASE)
_NEXT = re.compile(
    rf"\s*[;.,]?\s+(?<!additional )(?<!with )(?=(?:{_REPORTED}|{_HELPED})\s+(?:{_BY})\s)|\s*;\s*", re.IGNORECASE
)
#: "A and B contributed to this report."
_CONTRIBUTED = re.compile(
    r"(.{4,200}?),? (?:also )?contributed (?:to )?(?:(?:this|the) )?(?:report(?:ing)?|story|article)"
    r"(?: (?:from|to) [^.]{2,60})?\.?"
)
_OF_HOUSE = re.compile(
    r"(?:the )?(?:associated press|ap|reuters|afp|cnn|bloomberg)(?:['’]s?)?"
    r"(?: (?:staff|\w+ )?(?:writers?|reporters?|journalists?|correspondents?|photographers?))? ",
    re.IGNORECASE,
)
#: "A reported from X, and B from Y."
_FROM = re.compile(r"(.{4,60}?) reported (?:this (?:story|article) )?from ([^.]{2,160})\.")
_FROM_NEXT = re.compile(r"(?:,? and|[,;]) (?=\S+ \S+(?: \S+){0,3} (?:reported )?from )")
_PREPARED = re.compile(
    r"(?:(?:материал|текст) (?:подготовил[аи]?|написал[аи]?)|матеріал підготува(?:в|ла|ли))\s*[:—-]?\s+"
    r"([^\W\d_].{3,60}?)\.?|"
    r"AGERPRES\s?/?\s?\([^()]{0,12}autor:\s*([^,()]{4,60})[^()]*\)",
    re.IGNORECASE,
)
#: Slugs and sign-offs: "ab/cd/ef", "EFE ab/cd", "dpa-infocom, dpa:260303-99-123456/2", "4354**2050", "MNA/PR"
_SLUGS = re.compile(
    r"(?!km/h$|and/or$|mm/h$|kg/m|kb/s|mb/s|his/her|he/she)"
    r"[a-zà-ÿ]{2,4}(?:-[a-z]{2,4})?(?:/ ?[a-zà-ÿ]{2,4}(?:-[a-z]{2,4})?){1,4}/?|"
    r"EFE(?:\s+[a-z]{2,6}(?:[-/][a-z0-9]{1,6})*)?\s*(?:\((?:foto|vídeo|video|audio)[^)]*\))*|"
    r"©?\s*(?:dpa-infocom|dpa-afx)?,?\s*dpa:\d{6}-[\d-]+/\d+|"
    r"\d{3,5}(?:\s?\*\*\s?\d{3,5}){1,4}|(?:MNA|IRNA|TT|MS|NA|FNA)\s?/\s?(?:[A-Z]{1,4}|\d{3,8})|"
    r"PTI(?:\s[A-Z]{2,4}){1,6}|Lusa\s?/\s?(?:Fim|fim)|[A-Z]{2,5}(?:\s\([A-Z]{2,5}\))?\s//\s[A-Z]{2,5}"
)
_MARKS = re.compile(
    # The end, in so many words
    r"[-=*\s]*(?:[(（\[【〔<]\s*)?(?:END|ENDS|Enditem|끝|完|终|終|了|Fim|Fin|انتهى|انتها)(?:\s*[)）\]】〕>])?[-=*\s.]*|"
    r"انتهای پیام\s?[/.]?[\s\w/.]{0,20}|[■●◆□]+|=+\s?KYODO(?: NEWS)?|"
    # Who answers for it
    r"[(（\[【〔]?\s*(?:责任编辑|責任編輯|责编|编辑|編輯|校对|审核|监制)\s*[:：]?\s*[^，。]{2,24}?[)）\]】〕]?|"
    r"[\w.+-]{1,40}@(?:yna\.co\.kr|newsis\.com|news1\.kr|[\w-]+\.co\.kr)\s*(?:\(END\)|\(끝\))?|"
    # Where and when the agency sent it
    r"\d{4}[/.-]\d\d[/.-]\d\d \d\d:\d\d 송고|www\.kcna\.kp\s*\((?:Juche|주체)\s?\d{2,3}[\d.]*\)|"
    r"لمتابعة أخبار \w+(?: \w+)? (?:على|عبر) (?:تلغرام|تليغرام|تيليغرام|فيسبوك|تويتر)\s*(?:https?://\S+)?|"
    # Rights and standards
    r"[‹<〈＜]?\s*저작권자\s*(?:\(c\)|ⓒ|©)\s*[^.。,]{2,30},?\s*무단\s?전재[^.。]{0,60}|"
    r"Our Standards:\s*The Thomson Reuters Trust Principles\.?(?:,? opens new tab)?|"
    r"(?:Purchase|Suggested) (?:Licensing Rights|Topics:?)|"
    r"(?:©\s?)?riproduzione riservata(?:\s*©.{0,60})?|◎공감언론 뉴시스.{0,40}|"
    r"\(?(?:with|based on) (?:inputs|input|material) from (?:news )?(?:agenc(?:y|ies)|[A-Z]{2,5})\)?\.?|"
    r"\(?(?:except for the headline,? )?this (?:story|report|article) has not been edited by .{0,120}"
    r"syndicated feed.{0,40}|"
    r"(?:follow|more) AP['’]s? .{0,80}apnews\.com/\S+|"
    r"(?:the associated press|AP)['’]?s? .{0,120}AP is solely responsible for all content\.?",
    re.IGNORECASE,
)
#: "Pewarta: A Editor: B Copyright © ANTARA 2025"
_ANTARA = re.compile(
    r"(?:Pewarta:\s*([^:©]{4,60}?)\s+Editor:\s*[^:©]{4,60}?\s+)?Copyright\s?©\s?(ANTARA)\s(?:19|20)\d\d",
    re.IGNORECASE,
)
#: Who edited it, above that: such a line alone may be a text's.
_ANTARA_EDITOR = re.compile(r"(?:Pewarta|Editor):\s*[^:©]{4,60}")
#: Behind the last sentence, in its line.
_END = re.compile(
    r"(?<=[.!?。”\"»])\s*(?:■|Enditem|\((?:END|ANSA|끝)\)\.?|"
    r"[（(【\[](?:完|终|責任編輯|责任编辑|责编|编辑)(?:[:：][^】\])）]{2,24})?[】\])）])$"
)
_HINT = re.compile(
    r"\b(?:by|von|par|por|da|di|de)\b|contributed|reported|@|[/*©■●◆□(（\[【<〈=:：]|EFE|PTI|END|End|ends|riproduz|RIPROD|"
    r"AP|Purchase|Suggested|edited|inputs|подготов|підготув|написал|انته|끝|完|终|責|责|编|Fim|Lusa|autor|لمتابعة|송고|kcna",
)


@dataclass(frozen=True, slots=True)
class Tail:
    """What a line tells that stands behind a text."""

    #: Who reported the text.
    names: tuple[str, ...] = ()
    #: The agency that signs it.
    source: str | None = None
    #: It names people, as a sentence may: some count it to the text, so it stays there.
    names_people: bool = False


def read(text: str) -> Tail | None:
    """Read a line that ends a text; None when it is none."""
    text = text.strip()
    if not text or len(text) > _LONGEST or (len(text) > 10 and _HINT.search(text) is None):
        return None
    if (told := _CREDITS.fullmatch(text)) is not None:
        named = _reporters(told[1])
        return Tail(named, names_people=True) if named is not None else None
    if _tells_where(text) or _thanks(text):
        return Tail(names_people=True)
    if len(text) > _LONGEST_MARK:
        return None
    if (prepared := _PREPARED.fullmatch(text)) is not None:
        named = names_of(prepared[1] or prepared[2])
        return Tail(named, names_people=True) if named else None
    if "ANTARA" in text and (of_antara := _ANTARA.fullmatch(text)) is not None:
        return Tail(names_of(of_antara[1]) if of_antara[1] else (), printed(of_antara[2]))
    if _SLUGS.fullmatch(text) or _MARKS.fullmatch(text):
        return Tail()
    return Tail(source=signed_by) if (signed_by := _agency_alone(text)) else None


def without(lines: Sequence[str]) -> list[str]:
    """Drop the lines that only end a text, and what marks the end behind its last sentence."""
    kept = list(lines)
    if len(kept) < 2:
        return kept
    first = max(1, len(kept) - _LAST)
    if "ANTARA" in kept[-1] and _ANTARA.fullmatch(kept[-1]):
        kept[first:] = [line for line in kept[first:] if _ANTARA_EDITOR.fullmatch(line) is None]
    kept[first:] = [line for line in kept[first:] if (tail := read(line)) is None or tail.names_people]
    kept[-1] = _END.sub("", kept[-1])
    return kept


def _reporters(text: str) -> tuple[str, ...] | None:
    """Give the names behind "reporting by"; None when the line has other sentences."""
    found: list[str] = []
    for part in _NEXT.split(text):
        if not part:
            continue
        match = _CREDIT.fullmatch(part)
        if match is None:
            return None
        signed = names_of(match[2])
        if not signed and len(match[2]) > 120:
            return None
        if not re.match(_HELPED, match[1], re.IGNORECASE):
            found += [name for name in signed if not agency(name)]
    return tuple(dict.fromkeys(found))


def _thanks(text: str) -> bool:
    """Tell whether a line names who contributed: "Associated Press writers Jane Roe and John Doe contributed ..."."""
    found = _CONTRIBUTED.fullmatch(text) if "contributed" in text else None
    return found is not None and bool(names_of(_OF_HOUSE.sub("", found[1], count=1)))


def _tells_where(text: str) -> bool:
    """Tell whether a line says where each reporter was: "Jane Roe reported from Oslo, and John Doe from Rome."."""
    found = _FROM.fullmatch(text) if "reported" in text and len(text) < 240 else None
    if found is None or not is_name(found[1]):
        return False
    others = _FROM_NEXT.split(found[2])
    places = [others[0], *(other.partition(" from ")[2] for other in others[1:])]
    return all(place[:1].isupper() and len(place) <= 60 for place in places) and all(
        is_name(other.partition(" from ")[0].removesuffix(" reported")) for other in others[1:]
    )


def _agency_alone(text: str) -> str | None:
    """Give the agency of a line that is nothing but agencies: "(AFP)", "dpa/afp", "AGERPRES"."""
    if text.casefold().strip("()（）[] ") in DATED_ONLY:
        return None
    if text.isupper() and len(text) <= 10 and known(text):
        return printed(text)
    if len(text) > 30 or not re.search(r"[()/\[\]（）]", text):
        return None
    parts = [part for part in re.split(r"[\s()/\[\]（）.,+©]+", text) if part]
    if len(parts) == 1 and text[0] in "(/[（":
        return printed(parts[0]) if known(parts[0]) else None
    if 0 < len(parts) <= 4 and all(agency(part) or len(part) <= 4 for part in parts):
        return printed(parts[0]) if agency(parts[0]) else None
    return None
