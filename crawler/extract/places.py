"""Tells the name of a place from that of a person: "By Jane Roe, New Delhi" names one author."""

from __future__ import annotations

import re

#: Cities and countries of more than one word, which are written like a person's name.
_OF_WORDS = frozenset(
    """
    Abu Dhabi|Addis Abeba|Addis Ababa|Ann Arbor|Atlantic City|Baden Baden|Baton Rouge|Beverly Hills|Belo Horizonte|
    Boca Raton|Bosnia and Herzegovina|Buenos Aires|Burkina Faso|Cape Town|Cape Verde|Capitol Hill|Ciudad de México|
    Cluj Napoca|Colorado Springs|Costa Rica|Côte d'Ivoire|Cox's Bazar|Da Nang|Dar es Salaam|Daytona Beach|Deir el Balah|
    Des Moines|Ebène|Foz do Iguaçu|Frankfurt am Main|Gaza City|Gaza Strip|Ciudad Juárez|Great Britain|Grand Rapids|
    Grande Prairie|Guatemala City|Hato Rey|Ho Chi Minh City|Hong Kong|Islas Canarias|Isle of Man|Ivory Coast|
    Jersey City|Johor Bahru|Juiz de Fora|Kansas City|Kfar Saba|Khan Younis|Khan Yunis|King's Lynn|Kiryat Shmona|
    Kota Kinabalu|Kryvyi Rih|Kuala Lumpur|Kuwait City|La Habana|La Haye|La Paz|La Plata|La Rochelle|Lake Charles|
    Le Caire|Le Cap|Le Havre|Le Mans|L'Aia|Little Rock|Long Beach|Long Island|Luang Prabang|Mar del Plata|Mexico City|
    Milton Keynes|Monte Carlo|Myrtle Beach|Navi Mumbai|Nizhny Novgorod|Nuku'alofa|Nusa Dua|Oak Brook|Oklahoma City|
    Orange County|Palm Beach|Palm Springs|Palo Alto|Panama City|Papua New Guinea|Phnom Penh|Ponta Grossa|Porto Alegre|
    Porto Velho|Puerto Rico|Quezon City|Reggio Calabria|Reggio Emilia|Salt Lake City|São Paulo|Sao Paulo|São Tomé|
    Saudi Arabia|Saudi-Arabien|Sierra Leone|Silicon Valley|Simi Valley|Sioux Falls|Solomon Islands|South Bend|Sri Lanka|
    Stoke on Trent|Stratford upon Avon|Tel Aviv|Tel-Aviv|Terre Haute|Tuxtla Gutiérrez|Ulan Bator|United Kingdom|
    United Nations|United States|Vereinigte Staaten|Vale do Aço|Vatican City|Villa Clara|Walnut Creek|Washington D.C|
    Washington DC|Wall Street|White House|Downing Street|White Plains|Xi'an|Yogyakarta Special|Zell am See|
    Великий Новгород|Нижний Новгород|Нью Йорк|Кривий Ріг|Кривой Рог|Ростов на Дону|Старый Оскол|Тель Авив|
    Южная Корея|Саудовская Аравия|Івано Франківськ|Біла Церква|Белая Церковь|
    نيو يورك|تل أبيب|أبو ظبي|أديس أبابا|كوالا لمبور|הונג קונג|תל אביב|ניו יורק|באר שבע|פתח תקווה|
    Νέα Υόρκη|Τελ Αβίβ|नई दिल्ली|न्यूयॉर्क|Hà Nội|Hồ Chí Minh|Ha Noi|Đà Nẵng|TP HCM|Hải Phòng|Cần Thơ|กรุงเทพ|
    北京|上海|广州|深圳|香港|台北|臺北|天津|重庆|南京|武汉|成都|西安|杭州|东京|東京|大阪|京都|華盛頓|华盛顿|纽约|紐約|
    伦敦|倫敦|巴黎|柏林|莫斯科|布鲁塞尔|日内瓦|首尔|新加坡|ワシントン|ニューヨーク|ロンドン|パリ|モスクワ|ソウル|
    서울|부산|대구|인천|광주|대전|울산|제주|수원|워싱턴|뉴욕|도쿄|베이징|런던|파리|평양
    """.replace("\n", "").casefold().replace("-", " ").split("|")
)  # fmt: skip
_PLACES = frozenset(" ".join(place.split()) for place in _OF_WORDS)
#: Capitals and the like, as "a Roma", "w Berlinie" and "i Oslo" need: the little words before them stand in names, too.
_CAPITALS = re.compile(
    r"(?:rom[aey]?|parigi|paris|londr\w+|london\w*|bruxelles|br[uy]sse?l\w*|bruksel\w*|berlin\w*|varsavia|warszaw\w*|"
    r"kijow\w*|kyiv|mosca|moskwi\w*|moskv\w*|madrid|milan\w?|napoli|torino|venezia|firenze|genova|bologna|palermo|bari|"
    r"washingto\w+|new york\w*|gerusalemme|tel aviv|pechino|tokyo|vienna|ginevra|strasburgo|atene|istanbul|kiev|"
    r"lyon|marseille|lille|toulouse|nantes|bordeaux|strasbourg|rennes|genève|lausanne|zurich|montréal|québec|ottawa|"
    r"barcelona|valencia|sevilla|lisbo\w+|porto|bogot[aá]|caracas|lima|quito|oslo|bergen|trondheim|stavanger|stockholm|"
    r"göteborg|malmö|uppsala|københavn|aarhus|odense|helsin\w+|reykjav\w+|praze|prahy|brně|brna|ostravě|bratislav\w+|"
    r"wiedni\w+|budapeszt\w*|krak\w+|gdańsk\w*|poznani\w*|wrocławi\w*|łodzi|lublini\w*|katowic\w+|moskw\w+|"
    r"ankara|i̇?stanbul|İstanbul|izmir|"
    r"بيروت|القاهرة|دمشق|بغداد|عمان|عمّان|الرياض|جدة|الدوحة|أبوظبي|دبي|الكويت|المنامة|مسقط|صنعاء|عدن|الخرطوم|طرابلس|"
    r"تونس|الجزائر|الرباط|نواكشوط|القدس|غزة|حلب|لندن|باريس|واشنطن|نيويورك|موسكو|برلين|أنقرة|إسطنبول|طهران|جنيف|فيينا|"
    r"بروكسل|بكين|تهران|مشهد|اصفهان|شیراز|تبریز|کابل|ירושלים|москва|киев|київ|минск|астана|ташкент)",
    re.IGNORECASE,
)
#: The first words of places; persons are seldom called so, and not behind another person's name.
_FIRST = frozenset((
    "new", "san", "los", "las", "santa", "santo", "saint", "sankt", "st", "st.", "fort", "ft", "ft.", "mount", "bad",
    "rio", "cape", "nova", "novo", "nueva", "nuevo", "nouvelle", "neu", "upper", "lower", "central", "north", "south",
    "east", "west", "northern", "southern", "eastern", "western", "nord", "süd", "sud", "ost", "sur", "norte",
    "puerto", "port", "porto", "ciudad", "grand", "great", "isla", "villa", "kota", "tp", "ulan",
    "новый", "новая", "нижний", "санкт", "северная", "южная", "นคร",
))  # fmt: skip
_LAST = frozenset((
    "city", "town", "beach", "springs", "island", "islands", "county", "valley", "heights", "falls", "harbor",
    "harbour", "bureau", "province", "region", "state", "republic", "village", "district", "office", "hills",
    "tx", "ca", "ny", "n.y", "calif", "va", "fla", "mass", "pa", "область", "край", "şehri",
))  # fmt: skip


def is_place(text: str) -> bool:
    """Tell whether a text is known to be a place, or is put together as only places are."""
    words = text.casefold().replace("-", " ").strip(" .").split()
    if not words:
        return False
    if " ".join(words) in _PLACES:
        return True
    return 1 < len(words) <= 4 and (words[0] in _FIRST or words[-1] in _LAST)


def is_capital(text: str) -> bool:
    """Tell whether a text is a city that texts are often written in, in the case that a little word before it asks."""
    return _CAPITALS.fullmatch(text) is not None or is_place(text)
