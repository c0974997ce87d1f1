"""The words about a printed date that tell whose it is: the text's, its change's, today's, or another thing's."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.agencies import agency
from crawler.extract.labels import LABELS

#: Labels that are everyday words: before a date in a sentence they promise nothing.
_EVERYDAY = frozenset((
    "on", "le", "issued", "created", "creado", "creada", "modificado", "modifié", "vydané", "megjelent", "公開",
    "出版", "时间", "時間",
))  # fmt: skip


#: Labels of any date: with another word before them they promise something else, such as "closing date".
DATES = frozenset((
    "date", "dated", "datum", "fecha", "data", "tarih", "дата", "日期", "时间", "時間", "تاريخ", "التاريخ", "تاریخ",
    "tarikh",
))  # fmt: skip


def _words(kind: str) -> str:
    return _either(set(LABELS[kind]) - _EVERYDAY - DATES)


def _either(labels: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))


PUBLISHED_BEFORE = re.compile(
    rf"(?:(?:^|[|•·,;:/()\[\]–—-]|\d\s)\s*(?:{_either(DATES)}|vom)|"
    rf"(?:^|[^\w])(?:{_words('published')}|(?:press release|pressemitteilung|meldung|artikel|beitrag|news|bericht|"
    r"eintrag|nachricht)\s?vom|"
    r"erstellt(?: am)?|written(?: on)?|post time|eingestellt am|mise en ligne|communiqué du|wurde(?: vor)? am))"
    r"\s*[:：]?\s*$",
    re.IGNORECASE,
)
THIS_POST = re.compile(
    r"\b(?:dieser (?:beitrag|artikel|eintrag)|th(?:is|e) (?:entry|post|article)|cet article|ce billet|esta entrada|"
    r"este artículo|questo articolo|dit bericht|wurde am)\b",
    re.IGNORECASE,
)
#: Right before a day, this says whose it is, whatever verb follows: "first published on 3 May and amended on 4 May".
PUBLISHED_VERB = re.compile(
    r"\b(?:publi\w+|pubbli\w+|posted|veröffentlicht|erschienen|опубликован\w*)\s*(?:on|am|le|el|il|em)?\s*$",
    re.IGNORECASE,
)
PUBLISHED_AFTER = re.compile(
    r"^.{0,24}?\b(?:veröffentlicht|gepostet|publiziert|publié|publicado|posted|published)\b", re.IGNORECASE
)
_CORRECTED = (
    r"amended|corrected|edited|altered|clarified|changed|updated|revised|berichtigt|korrigiert|überarbeitet|ergänzt|geändert|"
    r"aktualisiert|rectifi\w+|corrig\w+|modifi\w+|actualis\w+|correg\w+|actualizad\w+|atualizad\w+|modificad\w+|"
    r"aggiornat\w+|corrett\w+|rettificat\w+|modificat\w+|gewijzigd|aangepast|gecorrigeerd|poprawion\w+|zaktualizowan\w+|"
    r"исправлен\w*|изменен\w*|обновлен\w*|виправлен\w*|оновлен\w*|düzeltil\w+|güncellen\w+"
)
#: Between a day and a time it says that the time is the change's: "3 March 2026 | Updated 11.40am".
CHANGE_SAID = re.compile(rf"(?<![^\W\d_])(?:{_words('modified')}|{_CORRECTED})(?![^\W\d_])", re.IGNORECASE)
MODIFIED_BEFORE = re.compile(
    rf"(?:^|[^\w])(?:{_words('modified')}|letzte (?:aktualisierung|änderung)|geändert(?: am)?|revised|reviewed|"
    rf"last (?:revision|edited)|zuletzt (?:am|bearbeitet)|{_CORRECTED}|corrections?|clarifications?|editor['’]?s note|"
    r"korrektur|berichtigung|correctif|rectificatif|corrección|fe de erratas|correção|correzione|rettifica|correctie|"
    r"sprostowanie|исправление|уточнение|düzeltme|تصحيح|اصلاح|更正|訂正|정정)(?:\s+\w{2,4})?\s*[:：,(]?\s*$",
    re.IGNORECASE,
)
#: Between the word for a change and its day, or behind the day: "amended, to name the quay, on 15 March 2024".
CHANGED = re.compile(rf"(?<![^\W\d_])(?:{_CORRECTED})(?![^\W\d_])", re.IGNORECASE)
_FIRST_SAID = (
    r"\b(?:(?:originally|first|initially)\s+(?:published|posted|appeared|created|written)|erstveröffentlich\w*|"
    r"(?:ursprünglich|zuerst|erstmals)\s+(?:veröffentlicht|erschienen)|publié\w* initialement|initialement publié\w*|"
    r"publicad[oa] originalmente|originalmente publicad[oa]|pubblicato originariamente|"
    r"(?:впервые|вперше)\s+(?:опубликован\w*|опубліковано?))"
)
#: "This article was originally published on 26 Sep 2019": after it no other house may stand, whose date that would be.
FIRST_BEFORE = re.compile(
    rf"(?:{_FIRST_SAID}|\b(?:ursprünglich|erstmals|zuerst)(?=\s+am))\s*(?:on|am|le|el|em|il|:)?\s*$", re.IGNORECASE
)
#: Of these, the words that may speak of another house's publication as well, which a carrier tells with its own day.
ORIGINAL_BEFORE = re.compile(
    r"\b(?:(?:originally|initially)\s+(?:published|posted|appeared|created|written|issued)|(?:date of )?original "
    r"(?:publication|publish|post|article)(?: date)?|(?:ursprünglich|zuerst)\s+(?:veröffentlicht|erschienen)|"
    r"originalveröffentlichung|publié\w* initialement|initialement publié\w*|publication (?:originale|initiale)|"
    r"publicad[oa] originalmente|originalmente publicad[oa]|(?:publicación|publicação) original|"
    r"pubblicat[oa] (?:originariamente|in origine)|pubblicazione originale|oorspronkelijk gepubliceerd|"
    r"pierwotnie opublikowano|ursprungligen publicera\w+|opprinnelig publisert|oprindeligt udgivet|"
    r"изначально опубликован\w*|первоначально опубликован\w*|первая публикация)"
    r"\s*(?:on|am|le|el|em|il|op|d)?\s*[:：]?\s*$",
    re.IGNORECASE,
)
#: "Site last updated 3 May".
#: "Next update: 12 May".
NOT_YET = re.compile(
    r"\b(?:next|nächste\w*|prochaine?|próxim[oa]|prossim[oa]|volgende|następn\w+|следующ\w+)\s", re.IGNORECASE
)
#: Between the two days of what lasts from one to the other.
LASTS_TO = re.compile(
    r"\s*(?:[-–—~〜～]|to|until|till|through|and|bis(?: zum)?|au|al|à|a|até|tot|t/m|til|do|до|по|ile|pana la|până la|"
    r"έως|sampai|hingga|đến|ถึง|إلى|تا|से)\s*(?:the|el|le|il|den|d\.)?\s*",
    re.IGNORECASE,
)
OF_SITE = re.compile(
    r"\b(?:site|website|webseite|internetseite|sitio|sito|сайт|cookies?|privacy|polic(?:y|ies)|terms|datenschutz\w*|"
    r"impressum|nutzungsbedingungen|agb|confidentialité|mentions légales|privacidad|privacidade|regolamento|"
    r"privacybeleid|prywatności|конфиденциальности)\b|隐私|隱私|プライバシー|개인정보|الخصوصية",
    re.IGNORECASE,
)
OF_PAGE = re.compile(
    r"\b(?:this page|page (?:was )?last|last (?:edit|change) (?:of|to) (?:this|the) page|diese seite|cette page|"
    r"esta página|questa pagina|deze pagina|(?:эта|данная) страница|ta strona|bu sayfa)\b|"
    r"此页面|此頁面|本页面|このページ",
    re.IGNORECASE,
)
FIRST_WORDS = (
    "originally",
    "originalmente",
    "originariamente",
    "first",
    "initial",
    "erst",
    "ursprünglich",
    "впервые",
    "вперше",
)
#: A house is named with a capital or in quotes, behind a word for where.
_AT_HOUSE = (
    r"(?:by|in|at|on|bei|beim|auf|von|vom|im|par|dans|sur|en|por|em|n[oa]|pel[oa]|su|sul|sulla|da|dal|dalla|в|во|на|у)\s+"
    r"(?!\d)(?:(?:the|der|dem|den|la|le|les|el|il|o|a|газете|журнале|издании|газеті|журналі|виданні)\s+)?"
    r"[A-ZÀ-ÞА-ЯЄІЇ«„“\"]"
)
ELSEWHERE = re.compile(rf"^[\s,]*{_AT_HOUSE}")
_FIRST_THERE = re.compile(rf"(?i:{_FIRST_SAID})\s+{_AT_HOUSE}[^.:|]{{2,60}}$")
#: Right before a day, what takes place on it.
TAKES_PLACE = re.compile(
    r"(?<![^\W\d_])(?:concert|gig|exhibition|meeting|hearing|webinar|workshop|conference|seminar|lecture|festival|fair|"
    r"fixture|kick-?off|doors(?: open)?|premi[eè]re|auction|flight(?: \w+)?|open day|konzert|ausstellung|"
    r"sitzung|vortrag|messe|premiere|anpfiff|exposition|réunion|concierto|exposición|concerto|mostra|koncert|wystawa|концерт|выставка|konser|"
    r"演唱会|展览|コンサート|콘서트|closes|ends|starts|begins|opens|beginnt|endet|commence|empieza|termina|inizia)\W*$",
    re.IGNORECASE,
)
#: Between whom a line credits and the day on which the text stood there; in a column of its own it is the carrier's.
THEIRS = re.compile(
    r"\s*(?:[,，、،;(（]|(?:on|of|from|dated|vom|am|du|de|del|dal|van|z|ze|dnia|от|від)(?=\s|$))", re.IGNORECASE
)
_SOURCES = _either(set(LABELS["source"]) - {"from", "on", "配信"})
_CREDIT = re.compile(
    rf"(?:^|[|•·,;.(（])\s*(?:{_SOURCES})\s*[:：](?P<whom>[^|•·]{{2,80}})$",
    re.IGNORECASE,
)


def is_credited(before: str) -> bool:
    """Tell whether the day behind a text is that on which somebody credited had it: "Source: Norland Tribune,"."""
    if before.endswith(",") and agency(before[:-1]):
        return True
    match = _CREDIT.search(before)
    return match is not None and any(
        not re.search(r"[^\W\d_]{5,}", match["whom"][found.end() :]) for found in THEIRS.finditer(match["whom"])
    )


def is_of_first_house(before: str, after: str) -> bool:
    """Tell whether a day is that on which another house published the text first, which is named beside it."""
    small = before.lower()
    if not any(word in small for word in FIRST_WORDS):
        return False
    if FIRST_BEFORE.search(before):
        return ELSEWHERE.match(after) is not None
    return _FIRST_THERE.search(before) is not None


NOT_THE_TEXT = re.compile(
    r"©|\bcopyright\b|\b(?:born|died|until|till|bis|since|seit|deadline|valid|expires?|joined|registered|version|build|"
    r"tel|phone|event|register|registriert|geboren|jusqu\w*|hasta|termin|frist|erscheinungs(?:datum|termin)|"
    r"release date|kadar)\b",
    re.IGNORECASE,
)
#: Beside a time it is a match's or a concert's.
STARTS_AT = re.compile(
    r"\b(?:kick-?off|tip-?off|face-?off|first pitch|doors (?:open|at)|anpfiff|anstoß|einlass)\b", re.IGNORECASE
)
#: Below a text, somebody's answer.
ANSWERED_BY = re.compile(
    r"\W*(?:comment(?:ed)?|reply|replied|posted a comment|kommentar)(?:\s\w+)? (?:by|on|von)\b", re.IGNORECASE
)
#: A masthead's day: "Today is Saturday, 14 March 2026".
TODAY = re.compile(
    r"\W*(?:today is|it is|heute ist|nous sommes|aujourd['’]hui|hoy es|oggi è|hoje é|vandaag is|dziś jest|dzisiaj jest|"
    r"сегодня|сьогодні|bugün|今天是|今天|今日は|오늘은|اليوم|امروز|आज)(?![^\W\d_])",
    re.IGNORECASE,
)
HEAD_NAMES = frozenset(("today", "current", "masthead", "topbar", "toolbar", "clock", "weather"))
#: The words of the names of what shows the day of a change.
CHANGE_NAMES = frozenset(("changed", "modified", "updated", "lastmod", "revised"))
DEGREES = re.compile(r"\d\s?°(?:\s?[CF]\b|\s*(?:$|\|))")
#: When somebody looked a page up.
RETRIEVED = re.compile(
    r"\b(?:retrieved|accessed|archived|printed|abgerufen|abrufdatum|zugriff|consult[ée]e?|consultado|consultato|"
    r"recuperado|acess(?:o|ado) em|acceso|geraadpleegd|dostęp|дата обращения|дата звернення|erişim tarihi)\b|"
    r"閲覧|アクセス日|检索|檢索|访问日期|訪問日期|تاريخ الوصول|검색일",
    re.IGNORECASE,
)
PICTURE = re.compile(r"\b(?:fotos?|photos?|images?|bild|picture)\b", re.IGNORECASE)
