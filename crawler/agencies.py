"""The agencies and media that texts are credited to, by the names with which they sign.

A credit is the name as it is printed: 新华社 where a page has 新华社, Xinhua where it has Xinhua, in a dateline as in a
credit line. Only its capitals are those with which the agency writes itself, and a desk's addition goes ("dpa/lno").
That names in several languages are one agency, queries know by ``known``.
"""

from __future__ import annotations

import re

#: Agencies and state media as they sign, each with the name by which it is known here.
_AGENCIES = {
    "Xinhua": (
        "xinhua", "xinhua news agency", "tân hoa xã", "신화통신", "新華社通信",
        "新华社", "新華社", "新华网", "xinhuanet", "синьхуа", "شينخوا", "شينغوا",
        "ซินหัว", "সিনহুয়া",
    ),
    "AP": (
        "ap", "associated press", "the associated press", "เอพี", "أسوشيتد برس", "آسوشیتدپرس", "ap通信", "美联社",
    ),
    "Reuters": (
        "reuters", "thomson reuters", "рейтер", "رويترز", "رویترز", "路透社", "路透", "ロイター", "로이터",
        "로이터통신", "רויטרס", "รอยเตอร์", "รอยเตอร์ส", "रॉयटर्स", "রয়টার্স",
    ),
    "AFP": (
        "afp", "agence france-presse", "เอเอฟพี", "एएफपी", "এএফপি", "خبرگزاری فرانسه", "франс пресс", "afp通信",
        "فرانس برس", "أ ف ب", "法新社",
    ),
    "TASS": ("tass", "тасс", "итар-тасс", "塔斯社", "تاس"),
    "RIA Novosti": ("риа новости", "ria novosti", "sputnik", "sputnik news", "спутник", "سبوتنيك", "اسپوتنیک"),
    "Interfax": ("interfax", "interfax.ru", "интерфакс"),
    "Interfax-Ukraine": ("interfax-ukraine", "інтерфакс-україна", "интерфакс-украина"), "УНН": ("унн",),
    "Ukrinform": ("ukrinform", "укрінформ", "укринформ"),
    "UNIAN": ("unian", "уніан", "униан"),
    "Kyodo": ("kyodo", "kyodo news", "共同", "共同通信", "共同通信社"),
    "Jiji": ("jiji", "時事", "時事通信", "時事通信社"),
    "Yonhap": ("yonhap", "연합뉴스"),
    "KCNA": ("kcna", "korean central news agency", "조선중앙통신", "朝中社", "朝鲜中央通讯社"),
    "CNA": ("中央社", "中央通訊社", "focus taiwan", "cna", "central news agency"),
    "China News Service": ("中新社", "中新网", "cns", "ecns"),
    "China Daily": ("china daily", "中国日报"),
    "People's Daily": ("people's daily", "人民日报", "人民网", "people's daily online"),
    "Global Times": ("global times", "环球时报", "环球网"),
    "CGTN": ("cgtn",),
    "CCTV": ("cctv", "央视", "央视新闻"),
    "ANSA": ("ansa",),
    "EFE": ("efe",),
    "Europa Press": ("europa press",),
    "dpa": ("dpa", "dpa/lno", "dpa-afx", "dpa-infocom", "dpa-infocom gmbh", "deutsche presse-agentur", "د ب أ"),
    "APA": ("apa",),
    "IRNA": ("irna", "ایرنا", "إرنا"),
    "Mehr": ("mna", "mehr", "mehr news agency", "مهر", "خبرگزاری مهر"),
    "Tasnim": ("tasnim", "tasnim news agency", "تسنیم"),
    "Fars": ("fars", "fars news agency", "fna", "فارس"),
    "ISNA": ("isna", "ایسنا"),
    "SANA": ("sana", "syrian arab news agency", "سانا"),
    "WAM": ("wam", "وام"),
    "SPA": ("spa", "واس"),
    "QNA": ("qna", "قنا"),
    "Anadolu": ("aa", "anadolu", "anadolu agency", "anadolu ajansı", "الأناضول"),
    "PTI": ("pti", "press trust of india", "पीटीआई", "भाषा"),
    "KUNA": ("kuna", "كونا"), "Petra": ("petra", "بترا"), "WAFA": ("wafa", "وفا"), "NAN": ("nan",), "ENA": ("ena",),
    "ANI": ("ani",), "IANS": ("ians",), "Bernama": ("bernama",), "ANTARA": ("antara",),
    "VNA": ("vna", "ttxvn", "vietnam+"), "APP": ("app",),
    "BelTA": ("belta", "белта"), "PAP": ("pap",), "ČTK": ("čtk", "ctk"), "MTI": ("mti",), "Agerpres": ("agerpres",),
    "BTA": ("bta", "бта"),
    "Lusa": ("lusa",), "ANP": ("anp",), "Belga": ("belga",), "TT": ("tt",), "NTB": ("ntb",), "Ritzau": ("ritzau",),
    "STT": ("stt",), "epd": ("epd",), "SDA": ("sda", "keystone-sda", "sda-ats"), "KNA": ("kna",),
    "Adnkronos": ("adnkronos",), "AGI": ("agi",), "askanews": ("askanews",), "LaPresse": ("lapresse",),
    "TASR": ("tasr",), "HINA": ("hina",), "Tanjug": ("tanjug", "танјуг"), "DHA": ("dha",), "İHA": ("iha", "i̇ha"),
    "Newsis": ("newsis", "뉴시스"), "News1": ("news1", "뉴스1"), "Télam": ("télam", "telam"), "Notimex": ("notimex",),
    "Prensa Latina": ("prensa latina",), "TNN": ("tnn",), "Kazinform": ("kazinform", "казинформ"),
    "AZERTAC": ("azertac", "azərtac", "азертадж"), "ANA-MPA": ("ana-mpa", "απε-μπε", "απε - μπε", "απε"),
    "Mediafax": ("mediafax",),
    "Agência Brasil": ("agência brasil",), "RFE/RL": ("rfe/rl",), "BSS": ("bss", "বাসস"),
    "MONTSAME": ("montsame", "монцамэ"), "ARMENPRESS": ("armenpress", "арменпресс"), "Kabar": ("kabar", "кабар"),
    "ANGOP": ("angop",), "AVN": ("avn",),
    "Voice of America": ("voice of america", "voa", "voa news"), "Deutsche Welle": ("deutsche welle", "dw"),
    "Press TV": ("press tv", "presstv"), "Tehran Times": ("tehran times",),
    "Bloomberg": ("bloomberg",), "UPI": ("upi",), "PA": ("pa media", "press association"), "AAP": ("aap",),
    "The Canadian Press": ("the canadian press", "canadian press"),
}  # fmt: skip
KNOWN = {form: name for name, forms in _AGENCIES.items() for form in forms}
#: Short forms that are words, too: they count inside a dateline only.
DATELINE_ONLY = frozenset(
    ("aa", "pa", "tt", "spa", "app", "ani", "apa", "sana", "fars", "mehr", "wam", "cna", "cns", "قنا", "وام", "مهر",
    "فارس", "تاس", "واس", "共同", "時事", "भाषा", "dw", "kuna", "petra", "wafa", "nan", "ena", "bss", "avn", "kabar",
    "بترا", "وفا", "كونا", "кабар")
)  # fmt: skip
#: Of them, those that are common words or names of places: they need a place and a day, or a label.
DATED_ONLY = frozenset(("kuna", "petra", "wafa", "nan", "ena", "bss", "avn", "kabar", "بترا", "وفا", "كونا", "кабар"))
#: Of them, those that readers in their own country take for nothing else.
AT_HOME = {"tr": ("aa",), "sv": ("tt",), "de": ("apa",)}
#: The desk or the address of an agency, which is no name of it.
_DESKS = frozenset(("dpa/lno", "interfax.ru"))
#: "Agencia EFE", "Agence AFP"
_KIND = re.compile(
    r"^(?:agencia|agência|agence|agenzia|agentur|nachrichtenagentur|agentura|agencja|агентство|خبرگزاری|redazione|"
    r"redacción|redação|rédaction|redaktion|redakcja)\s+(?=\S)|"
    r"\s+(?:staff|news|news agency|newswire|editorial|(?:news )?desk)$",
    re.IGNORECASE,
)
#: With it, a short form that is a word, too, is an agency.
_SAID = re.compile(r"^(?:خبرگزاری|agentura|agencja|agenzia|agencia|agência|agence|агентство)\s", re.IGNORECASE)
_MEDIUM = re.compile(
    r"\b(?:news|times|post|gazette|herald|tribune|chronicle|daily|weekly|courier|observer|telegraph|mirror|guardian|"
    r"standard|press|magazine|radio|television|tv|broadcasting|zeitung|nachrichten|anzeiger|kurier|tagblatt|rundschau|"
    r"rundfunk|presse|journal|figaro|gazette|dépêche|diario|periódico|prensa|noticias|corriere|giornale|gazzetta|"
    r"jornal|notícias|gazeta|nieuws|krant|dagblad|tidende|avis|tidning|haber|gazetesi)\b|"
    r"газета|новост|известия|вести|правда|ведомост|новини|агентство|агенція|"
    r"(?:日报|日報|晚报|晚報|新闻|新聞|网|網|社|电视台|電視台|广播|周刊|週刊|通信|放送|テレビ|신문|일보|뉴스|방송|통신)$|"
    r"وكالة|صحيفة|جريدة|قناة|نيوز|خبرگزاری|روزنامه",
    re.IGNORECASE,
)


#: Words of the names of media, which stand in names of persons and offices, too: behind a label they tell a publisher.
_PUBLISHER = re.compile(
    r"\b(?:courrier|correo|agência|agencia|agence|agenzia|agenția|agencja|agentura|agentur|ajansı|gazete\w*|báo|kronika|"
    r"wiadomości|вестник|вісник|правда|хроника|хроніка|вісті|телевизия|радио|радіо|телеканал|xəbər\w*|qəzeti|"
    r"εφημερίδα|ειδήσεις|πρακτορείο|τηλεόραση|חדשות|עיתון|ידיעות|أخبار|الأخبار|إذاعة|مجلة|تلفزيون|آنلاین|نیوز|اخبار|"
    r"روزنامہ)\b|สำนักข่าว|(?<!งาน)ข่าว(?!กรอง)|หนังสือพิมพ์|সংবাদ(?!\s*সম্মেলন)|পত্রিকা|নিউজ|টাইমস|समाचार|अख़बार|अखबार|न्यूज़|न्यूज|"
    r"الجزيرة|العربية|(?:[報报]|客户端|通讯社|通訊社|通信社|頻道|频道)$",
    re.IGNORECASE,
)


#: Words with which an agency says of itself that it is one; a space agency and a city's traffic (通信) are none.
_WIRE = re.compile(
    r".+\s(?:news|press) (?:agency|service)|.+\snewswire|agenc(?:ia|e) de (?:noticias|prensa|presse|notícias)\s.+|"
    r"agenzia (?:di stampa|giornalistica)\s.+|nachrichtenagentur\s.+|(?:информационное |новостное )агентство\s.+|"
    r"(?:інформаційне агентство|агенція новин|агентство новин)\s.+|.{2,}(?:通信社|通讯社|通訊社)|"
    r".{2,}(?<!이동)통신사?|.{2,}(?<!光)(?<!無線)通信|"
    r"وكالة (?:أنباء|الأنباء)\s.+|وكالة\s.+\sللأنباء|خبرگزاری\s.+|สำนักข่าว.+|.+\shaber ajansı|agencja prasowa\s.+|"
    r"thông tấn xã\s.+",
    re.IGNORECASE,
)
#: Words of those who make the figures and studies that a text is about, of networks, and of an author's own work.
_NO_MEDIUM = re.compile(
    r"\b(?:\w*statisti\w*|\w*stat|\w*(?:ministerium|anstalt|behörde|institut|universität|amt)|ministr(?:y|ies|ère)|ministe\w+|"
    r"(?:\w*bank|banco|banque|banca|imf|oecd|eurostat|who|un)|institut\w*|universit\w+|census|survey\w*|stud(?:y|ie|ien)|"
    r"research|calculations?|berechnung\w*|department|office|bureau|commission|government|authority|police|polizei|council|"
    r"стат\w*|\w*стат|министерств\w*|міністерств\w*|банк\w*|институт\w*|інститут\w*|университет\w*|університет\w*|"
    r"расч[её]т\w*|компани[ия]\w*|полици\w*|\w*служб\w*)\b|统计|統計|大学|大學|银行|銀行|研究|委员会|委員会|警方|[省厅庁署局部]$|통계|은행|대학|연구|청$|부$|"
    r"网络|互联网|综合|作者|筆者|作成|인터넷|twitter|facebook|instagram|youtube|tiktok|telegram|телеграм|соцсет|соцмереж|wikipedia|"
    r"وزارة|وزارت|بنك|بانک|جامعة|دانشگاه|กระทรวง|กรม|ธนาคาร|มหาวิทยาลัย|मंत्रालय|विश्वविद्यालय|মন্ত্রণালয়",
    re.IGNORECASE,
)


def known(name: str) -> str | None:
    """Give the one name of an agency, of any of its names, or None."""
    return KNOWN.get(_form(name))


def identity(name: str) -> str:
    """Give what two names of one agency have in common, and of any other name its letters without case."""
    return (known(name) or name).casefold()


def agency(name: str) -> str | None:
    """Give the one name of an agency that signs as a person would ("Agencia EFE", "Reuters Staff"), or None."""
    form = _form(_KIND.sub("", name))
    if form in DATELINE_ONLY and not _SAID.match(name):
        return None
    return KNOWN.get(form) or KNOWN.get(_form(name))


def signing(name: str, language: str) -> str | None:
    """Give the agency whose name is declared as an author's, also by a short form that is known in its own country."""
    at_home = name.isupper() and _form(name) in AT_HOME.get(language[:2], ())
    return agency(name) or (known(name) if at_home else None)


def printed(name: str) -> str:
    """Give an agency's name as it is printed, in its own capitals: "TASS" and "ТАСС", "Bernama" for "BERNAMA"."""
    bare = name if known(name) else _KIND.sub("", name)
    one = known(bare)
    if one is not None and (_form(bare) == one.casefold() or _form(bare) in _DESKS):
        return one
    return bare.strip(" .()")


def is_medium(name: str) -> bool:
    """Tell whether a name is that of an agency, or says of itself that it is one of a paper, a station or a site."""
    return agency(name) is not None or _MEDIUM.search(name) is not None


def is_publisher(name: str) -> bool:
    """Tell whether a name behind "Source:" is that of an agency or a medium, and not of an office or a study."""
    return known(name) is not None or is_medium(name) or _PUBLISHER.search(name) is not None


def is_wire(name: str) -> bool:
    """Tell whether a name is that of a news agency by its own words, however little known it is."""
    return len(name) <= 50 and len(name.split()) <= 6 and _WIRE.fullmatch(name) is not None


def is_no_publisher(name: str) -> bool:
    """Tell whether a name behind "Source:" below a text is that of an office, a study or a network, or no name."""
    if is_publisher(name):
        return False
    return _NO_MEDIUM.search(name) is not None or (name[:1].islower() and "." not in name)


def _form(name: str) -> str:
    return name.casefold().strip(" .()")
