"""Tells the desk of a paper, and whoever signs for it without a name, from a person: "News Desk", "Da Redação", 編集部.

Papers and agencies sign so in every language; such a name says nothing of who wrote a text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.extract.given import is_given

#: The words for a desk, in whatever place of its name.
_WORDS = re.compile(
    r"\b(?:\w*desk|news ?room|editorial (?:board|team|staff)|news (?:service|team|agenc(?:y|ies))|"
    r"(?:staff|news|web|our|special) (?:reporters?|writers?|correspondents?)|agencies|"
    r"redaktion|\w+redaktion|rédaction|redacci[oó]n|redazione|redação|redaccao|redactie|redac[tțţ]ia|redakcj[aię]|redakce|"
    r"redakcija|redakcia|toimitus|szerkesztőség|редакци[яюи]|редакція|редакції|"
    r"(?:отдел|служба|відділ|отдела) (?:новост\w*|новин|политики|экономики|культуры|спорта)|"
    r"haber merkezi|haber servisi|haberler servisi|\w+ servisi|editörlüğü|redaksi|redaksiya\w*|"
    r"nhóm pv|nhóm phóng viên|ban biên tập|tòa soạn|"
    r"هيئة التحرير|قسم التحرير|غرفة الأخبار|فريق التحرير|محرر الشؤون|المحرر|"
    r"تحریریه|מערכת האתר|סוכנויות הידיעות)\b|"
    r"^(?:וואלה )?מערכת |^(?:כתבי|סוכנויות) |^(?:گروه|سرویس|دبیر|مدیر) |^(?:قسم|فريق) |"
    r"डेस्क|^टीम |ब्यूरो$|एजेंसी|एजेंसियां|গণমাধ্যম ডেস্ক|ডেস্ক|প্রতিবেদক|"
    r"กองบรรณาธิการ|ทีมข่าว|ผู้สื่อข่าว|ออนไลน์$|^pv$|^(?-i:Tim [a-z])",
    re.IGNORECASE,
)
#: Dense scripts have no borders between words; these close a desk's name.
_CLOSING = re.compile(
    "(?:[编編][辑輯集](?:部|组|組|室|局)?|[综綜]合(?:报|報)(?:道|導|导)|取材班|報道[部局]|(?:新闻|新聞|外電|国际|國際|政治)[组組部]|"
    "新聞社|通信社|日報社|日报社|本报讯|本報訊)$|"
    "(?:뉴스|편집|취재|보도|온라인|디지털|기획|인터넷)\\s?\\S{0,4}(?:팀|부|국|룸)$"
)
_STAFF = re.compile(r"\b(?:staff|bureau)$", re.IGNORECASE)
_SERVICE = re.compile(r"\bnews (?:service|agency)$", re.IGNORECASE)
#: What beside a desk's name tells no house.
_SMALL = re.compile(
    r"by|the|our|an?|of|von|der|die|das|de|da|di|del|della|la|le|il|el|par|por|and|und|et|y|e|web|online|digital|news|"
    r"central|staff|reports?|writers?|editors?|reporters?|correspondents?|team|tim|politik|politics?|sports?|kultur|"
    r"wirtschaft|internacional|international|internazionale|nacional|national|local|redactor|",
    re.IGNORECASE,
)
#: Somebody of "ours" has no name: "unserem Korrespondenten", "de notre envoyé spécial", "наш корреспондент". Some of
#: these little words are given names, too: Ons Jabeur, Nos Maas, Vår Lunde.
_OURS = re.compile(
    r"(?:(?:von|de|da|dal|di|du|by|from|från|fra|van|od|от|від)\s+)?"
    r"(?:(?:our|unser(?:e[mnrs]?)?|notre|nuestr[oa]s?|nostr[oaie]|noss[oa]s?|nasz\w*|"
    r"наш(?:а|и|е|его|ей|ему|им|ими|их)?)\s+(?:[^\W\d_]+[ -]){0,3}?|"
    r"(?:ons|onze|nos|vår[at]?|våre)\s+(?:(?-i:[^\W\d_A-ZÀ-Þ])[^\W\d_]*[ -]){0,3}?)"
    r"(?:korrespond\w*|correspond\w*|corrispond\w*|corresponsal\w*|\w*report[eé]r\w*|\w*desk|staff|team|writers?|"
    r"newsroom|bureau|agenc\w*|editors?|\w*redaktion\w*|\w*redakt[oøö]r\w*|redacci[oó]n|redactores|redactora?s?|"
    r"rédact\w*|redazion\w*|redator\w*|redação|redacti\w*|redakcj\w*|mitarbeiter\w*|medewerker\w*|medarbet\w*|"
    r"medarbeid\w*|verslaggever\w*|envoyée?s?|journalist\w*|periodistas?|giornalist[aie]|jornalistas?|enviad[oa]s?|"
    r"inviat[oaie]|utsend\w*|dziennikar\w*|корр\w*|корреспондент\w*|кореспондент\w*|"
    r"собкор\w*|журналист\w*|журналіст\w*|автор\w*|редакц\w*)\b",
    re.IGNORECASE,
)


def is_ours(name: str) -> bool:
    """Tell whether a name is no name, but that of somebody of "ours"."""
    return _OURS.match(name) is not None


def tells_house(name: str) -> bool:
    """Tell whether a desk's name tells whose it is: "Harbour Staff" and "Redaktion Hafenpost", but no "News Desk"."""
    if _SERVICE.search(name) or is_ours(name):
        return False  # no company has one
    left = [word for word in re.findall(r"[^\W\d_]+", _WORDS.sub(" ", name)) if not _SMALL.fullmatch(word)]
    return any(word.isascii() or "À" <= word[0] <= "ɏ" for word in left)


@lru_cache(maxsize=2_048)
def is_desk(name: str) -> bool:
    """Tell whether a name is that of a desk, or of somebody who signs for it: "Harbour Staff", "온라인뉴스팀"."""
    words = name.split()
    if not words:
        return False
    if _OURS.match(name) or _CLOSING.search(name):
        return True
    person = len(words) == 2 and is_given(words[0])  # "Jamie Staff"
    return _WORDS.search(name) is not None or (len(words) > 1 and not person and _STAFF.search(name) is not None)
