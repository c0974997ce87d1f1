"""The one table of what stands about a name in its byline: who writes for whom, desks, sections, and nobody at all."""

from __future__ import annotations

import re

#: Who writes for the press: beside a name they say that it is an author's.
_PRESS = (
    r"editors?|editor-in-chief|sub-?editors?|reporters?|correspondents?|writers?|journalists?|columnists?|"
    r"contributors?|contributing|newsreaders?|stringers?|bloggers?|critics?|"
    r"redakteur\w*|redaktor\w*|redaktör\w*|redaktion\w*|redakcj\w*|redakce|journaliste?n?|[ck]orrespondent\w*|korespondent\w*|reporter\w*|"
    r"rédact\w*|redactor\w*|redatt\w*|redacci[oó]n|reporterk?[aeiy]?|dziennikar\w*|novinář\w*|"
    r"periodista|giornalista|jornalista|corresponsal\w*|correspondant\w*|corrispondente|correspondente|"
    r"inviat[oae]|envoyée?s?|enviad[oa]s?|repórter\w*|verslaggever|correspondente?|medewerker|reportere?|"
    r"toimittaja|kirjeenvaihtaja|journalist\w*|skribent|kommentator\w*|újságíró|szerkesztő|tudósító|"
    r"muhabir\w*|yazar\w*|editör\w*|temsilci\w*|wartawan|jurnalis|phóng viên|"
    r"корреспондент\w*|кореспондент\w*|редактор\w*|журналист\w*|обозреватель\w*|спецкор\w*|журналіст\w*|оглядач\w*|"
    r"مراسل\w*|صحفي\w*|محرر\w*|کاتب|خبرنگار|נכתב|כתבנו|כתבת|συντάκτ\w*|δημοσιογράφο\w*|ανταποκριτ\w*|ผู้สื่อข่าว"
)
#: Who does something else; a page prints them beside a name, too.
_OTHER = (
    r"producers?|chief|bureau|directors?|managers?|analysts?|ceo|cto|cfo|vp|photographers?|senior|"
    r"founders?|co-founder|professors?|phd|fellow|president|freelance\w*|teams?|desks?|staff|newsroom|editorial|"
    r"gastautor\w*|mitarbeiter\w*|specialist|strategist|expert|consultant|dietitian|horticulturalist|educator|"
    r"representative|special to|studio|hauptstadtstudio|ard-\w+|büro|agencies|agenturen|agences|agencias|agenzie|"
    r"gardener|chef|coach|attorney|lawyer|rechtsanw[aä]lt\w*"
)
ROLE = re.compile(
    rf"\b(?:{_PRESS}|{_OTHER})\b|(?:教授|研究员|研究員|评论员|評論員|专家|專家|编辑|編輯)$", re.IGNORECASE
)
PRESS = re.compile(rf"\b(?:{_PRESS})\b|特約|특파원|기자", re.IGNORECASE)
#: Of what somebody reports, or how high he stands, before his role.
BEAT = re.compile(
    r"chief|senior|deputy|assistant|special|foreign|diplomatic|political|politische[rn]?|politics|economics?|financial|"
    r"finance|legal|environment(?:al)?|national|international|regional|local|royal|crime|court|home|affairs|def[ec]n[cs]e|"
    r"security|military|transport|education|health|medical|science|technology|tech|industry|energy|climate|culture|arts?|"
    r"media|sports?|business|markets?|property|consumer|investigat\w+|data|city|social|religious|religion|labou?r|"
    r"immigration|housing|political|parliamentary|european?|asia|africa|us|uk|middle|east|and|&",
    re.IGNORECASE,
)
#: Who signs for a paper's desk is not told.
PRESS_DESK = re.compile(
    rf"\b(?:{_PRESS}|\w*desk|staff|newsroom|bureau|büro|editorial|agencies|agenturen|agences|agencias|agenzie)\b",
    re.IGNORECASE,
)
#: A wire is named with such words; none of them is a person: "with agencies", "und Agenturen", "с агентствами".
WIRES = re.compile(
    r"(?:(?:and |with |und |mit |et |avec |y |con |e |com |en |i |och )?(?:news |wire |other |its )?"
    r"(?:agenc(?:y|ies)|wires?|wire services?|agenturen|agences|agencias|agências|agenzie|ag\.|agentschappen|"
    r"byråer|agencje|agentury|ajanslar|агентства\w*|وكالات|الوكالات|(?:inputs|material|files) (?:from|von) \w+)"
    r"(?: (?:reports?|inputs|material))?)",
    re.IGNORECASE,
)
#: An office has one name, whatever stands in it: "Ministry of Trade and Industry", "Landesanstalt für Wald und Forst".
OFFICE = re.compile(
    r"\b(?:(?:\w*(?:ministerium|anstalt|amt|behörde|institut|verband|departement)|institute|department|ministry|office|"
    r"bureau|agency|commission|centre|center|council|ministère|ministerio|ministero|instituto|istituto)\s+"
    r"(?:für|der|des|of|for|on|de|del|della|do|da|du|pour|per|para)\b)",
    re.IGNORECASE,
)
COMPANY = re.compile(r"\b(?:limited|ltd|inc|llc|plc|gmbh|corp|pty)\b\.?$|有限公司|株式会社", re.IGNORECASE)
CREDENTIAL = re.compile(
    r"(?:[A-Z][A-Za-z]{0,2}\.?){1,3}[A-Z]*[®™]?|(?:[A-Z]-?){2,6}(?:\s\d+)?|Ph\.?\s?D\.?|M\.?D\.?|Esq\.?|Jr\.?|Sr\.?"
)
#: Words of sections, buttons and pictures that are written like names.
NO_PERSON = re.compile(
    r"\b(?:news|politics|world|business|sports?|culture|health|science|technology|tech|opinion|home|page|read|share|"
    r"view|more|save|listen|watch|blog|guide|guides|tips|review|reviews|article|articles|press|release|releases|media|"
    r"video|photos?|foto|image|getty|images|archive|events?|contact|about|latest|breaking|top|best|how|what|why|the|"
    r"your|our|my|all|new|get|and|for|table|contents?|key|takeaways|management|marketing|software|services?|finance|"
    r"design|development|travel|food|life|lifestyle|money|market|markets|data|security|engineering|university|"
    r"institute|company|group|inc|ltd|gmbh|uhr|print|drucken|teilen|kommentare?|aktuelles|pressemitteilung\w*|"
    r"nachrichten|meldung\w*|artikel|startseite|minutes?|min|january|february|march|april|may|june|july|august|"
    r"september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|new york|"
    r"united|states|city|county|street|north|south|east|west|europe\w*|america\w*|africa\w*|asia\w*)\b",
    re.IGNORECASE,
)
NOBODY = frozenset((
    "admin", "administrator", "author", "root", "user", "guest", "guestauthor", "anonymous", "unknown", "none",
    "null", "noauthor", "byline", "default", "wordpress", "posted", "sponsored", "support", "webmaster",
    "online", "www", "rss", "feed", "home", "impressum", "anonym", "ai", "ki", "ia", "chatgpt", "agency", "agencia",
    "agencies", "newsagencies", "wires", "wireservices", "agenturen", "agences", "agencias", "agenzie", "агентства",
    "وكالات", "الوكالات", "theauthor", "memberlogin", "superuser", "siteadmin", "adminn", "login",
    "qadmin", "artificialintelligence", "inteligenciaartificial", "intelligenceartificielle", "agência", "agências",
    "künstlicheintelligenz", "newsservicereports",
    "cortesía", "courtesy", "handout", "archivo", "archiv", "wirereports", "staffandwirereports",
    "name", "yourname", "authorname", "sitename", "firstname", "lastname", "placeholder",
))  # fmt: skip
#: What stands before a name, where the name itself is elsewhere.
LEADS = frozenset((
    "by", "von", "par", "por", "di", "door", "av", "af", "from", "text", "interview", "author", "autor",
    "autorin", "autoren", "auteur", "autore", "foto", "fotos", "photo", "veröffentlichtam", "veröffentlicht",
    "publishedon", "publishedby", "postedby", "writtenby", "more", "mehr", "und", "and",
))  # fmt: skip
#: Names of a desk: they count only where the page prints them as its author.
DESKS = frozenset((
    "editor", "editors", "staff", "staffreporter", "staffwriter", "newsroom", "newsdesk", "redaktion",
    "redaction", "redazione", "redaccion", "redacción", "redaccao", "redação", "redactie", "editorial",
    "editorialteam", "editorialstaff", "editorialboard", "pressrelease", "webdesk", "onlinedesk", "newsstaff",
    "webteam", "team", "redactia", "redakcja", "redakce", "редакция", "редакція", "编辑", "编辑部", "本报讯",
    "contributor", "pressestelle", "desk", "onlineredaktion", "larédaction", "larédactionweb", "laredaction",
    "redakteur", "ourcorrespondent", "ourreporter", "ourstaffreporter", "ourbureau", "redazioneonline",
    "本站编辑", "本网编辑", "网络编辑", "责任编辑", "小编",
    "redakcija", "toimitus", "szerkesztőség", "redacţia", "redacția",
))  # fmt: skip
