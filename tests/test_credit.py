"""Whom a text credits: invented pages in many languages, for each kind of evidence, and pages that credit nobody."""

# ruff: noqa: E501 (markup and sentences are judged more easily in one piece)

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import pytest

from crawler.extract import credit, extract, origins, tails
from crawler.extract.byline import parse_line
from crawler.records import Entry, Fetched, Source
from tests.extracting import made, page

_TEXTS = {
    "id": (
        "Dewan pelabuhan memilih pemecah gelombang",
        "Dewan pelabuhan memilih pemecah gelombang yang baru setelah sembilan jam, dan rencana itu lolos dengan satu suara.",
        "Para nelayan yang menunggu di luar sejak fajar akan pergi ke pengadilan, karena jalan masuk menjadi sempit.",
    ),
    "en": (
        "Harbour council votes for the breakwater",
        "The harbour council voted for the new breakwater after nine hours of talks, and it passed by a single voice.",
        "Fishermen who had waited outside since dawn will go to court, because the entrance becomes narrow for boats.",
    ),
    "de": (
        "Hafenrat stimmt für den Wellenbrecher",
        "Der Hafenrat hat nach neun Stunden Beratung mit einer Stimme Mehrheit für den neuen Wellenbrecher gestimmt.",
        "Fischer, die seit dem Morgen draußen gewartet hatten, wollen klagen, weil die Einfahrt für ihre Boote eng wird.",
    ),
    "fr": (
        "Le conseil du port vote la digue",
        "Le conseil du port a voté la nouvelle digue après neuf heures de débats, et elle est passée à une voix près.",
        "Les pêcheurs qui attendaient dehors depuis l'aube iront en justice, car l'entrée devient étroite pour eux.",
    ),
    "es": (
        "El consejo del puerto aprueba el rompeolas",
        "El consejo del puerto aprobó el nuevo rompeolas tras nueve horas de debate, y salió adelante por un solo voto.",
        "Los pescadores que esperaban fuera desde el alba acudirán a los tribunales, porque la entrada se estrecha.",
    ),
    "it": (
        "Il consiglio del porto vota la diga",
        "Il consiglio del porto ha votato la nuova diga dopo nove ore di discussione, ed è passata per un solo voto.",
        "I pescatori che aspettavano fuori dall'alba andranno in tribunale, perché l'ingresso diventa troppo stretto.",
    ),
    "ru": (
        "Совет порта проголосовал за новый мол",
        "Совет порта после девяти часов споров проголосовал за новый мол, и решение прошло с перевесом в один голос.",
        "Рыбаки, которые ждали снаружи с самого рассвета, пойдут в суд, потому что вход становится для лодок узким.",
    ),
    "uk": (
        "Рада порту проголосувала за новий мол",
        "Рада порту після дев'яти годин суперечок проголосувала за новий мол, і рішення пройшло з перевагою в один голос.",
        "Рибалки, які чекали надворі від самого світанку, підуть до суду, бо вхід стає для човнів надто вузьким.",
    ),
    "zh": (
        "港口委员会投票通过新防波堤",
        "港口委员会经过九个小时的讨论，以一票之差通过了新防波堤的建设方案，施工将在鱼汛之后开始，费用由各方分担。",
        "从清晨起一直在外面等候的渔民表示将向法院起诉，因为港口的入口对他们的渔船来说变得过于狭窄，很不安全。",
    ),
    "ja": (
        "港湾評議会が新しい防波堤を可決",
        "港湾評議会は九時間の議論の末、新しい防波堤の建設を一票差で可決した。工事は漁期が終わってから始まるという。",
        "夜明けから外で待っていた漁師たちは、港の入り口が漁船にとって狭くなりすぎるとして、裁判に訴えると述べた。",
    ),
    "ko": (
        "항만위원회 새 방파제 건설안 가결",
        "항만위원회는 아홉 시간에 걸친 토론 끝에 새 방파제 건설안을 한 표 차이로 통과시켰다고 관계자들이 밝혔다.",
        "새벽부터 밖에서 기다리던 어민들은 항구 입구가 어선에게 너무 좁아진다며 법원에 소송을 내겠다고 말했다.",
    ),
    "ar": (
        "مجلس الميناء يصوت لصالح حاجز الأمواج",
        "صوت مجلس الميناء بعد تسع ساعات من النقاش لصالح بناء حاجز الأمواج الجديد، ومر القرار بفارق صوت واحد فقط.",
        "وقال الصيادون الذين انتظروا في الخارج منذ الفجر إنهم سيلجؤون إلى القضاء لأن المدخل يضيق أمام قواربهم.",
    ),
    "fa": (
        "شورای بندر به موج‌شکن تازه رای داد",
        "شورای بندر پس از نه ساعت گفتگو با اختلاف یک رای ساخت موج‌شکن تازه را تصویب کرد و کار پس از فصل صید آغاز می‌شود.",
        "ماهیگیرانی که از سپیده دم بیرون منتظر بودند گفتند به دادگاه می‌روند زیرا ورودی برای قایق‌ها تنگ خواهد شد.",
    ),
}


@dataclass(frozen=True)
class Case:
    """One page: what of it credits somebody, and what is expected."""

    language: str
    #: (name, evidence), or None where nobody is credited.
    expected: tuple[str, str] | None
    head: str = ""
    above: str = ""
    #: Put before the first paragraph's text.
    opening: str = ""
    below: str = ""
    feed: str | None = None


_SOURCED = re.compile(r"<p>(?:Source|Quelle|Fuente|Fonte|Источник|Джерело|来源|전재)\s?[:：][^<(]+</p>$")


def _ld(**values: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", **values}
    return f'<script type="application/ld+json">{json.dumps(node, ensure_ascii=False)}</script>'


def _p(text: str) -> str:
    return f"<p>{text}</p>"


PAGES = {
    # The line about the headline.
    "line, English": Case("en", ("Global Times", "credit line"), above=_p("By Liu Xin Source:Global Times")),
    "line, CGTN": Case("en", ("CGTN", "credit line"), above=_p("Source: CGTN | Published: 2025-03-04 10:11")),
    "line, People's Daily": Case("en", ("People's Daily Online", "credit line"), above=_p("Source: People's Daily Online")),
    "line, German": Case("de", ("dpa", "credit line"), above=_p("Quelle: dpa | Stand: 04.03.2025, 10:11 Uhr")),
    "line, French": Case("fr", ("AFP", "credit line"), above=_p("Source : AFP | Publié le 4 mars 2025")),
    "line, Spanish": Case("es", ("EFE", "credit line"), above=_p("Fuente: EFE")),
    "line, Italian": Case("it", ("ANSA", "credit line"), above=_p("Fonte: ANSA")),
    "line, Russian": Case("ru", ("РИА Новости", "credit line"), above=_p("Источник: РИА Новости")),
    "line, Ukrainian": Case("uk", ("Укрінформ", "credit line"), above=_p("Джерело: Укрінформ")),
    "line, Chinese": Case("zh", ("新华网", "credit line"), above=_p("2025-03-04 10:11:12 来源：新华网 作者：刘欣")),
    "line, Chinese paper": Case("zh", ("人民日报", "credit line"), above=_p("来源：人民日报 | 责任编辑：王伟")),
    "line, Japanese": Case("ja", ("共同通信", "credit line"), above=_p("配信：共同通信")),
    "line, Korean": Case("ko", ("연합뉴스", "credit line"), above=_p("출처: 연합뉴스")),
    "line, Arabic": Case("ar", ("سانا", "credit line"), above=_p("المصدر: سانا")),
    "line, Persian": Case("fa", ("ایرنا", "credit line"), above=_p("منبع: ایرنا")),
    "line below the text": Case("en", ("Xinhua", "credit line"), below=_p("Source: Xinhua")),
    "line in brackets": Case("en", ("Xinhua", "credit line"), below=_p("(Source: Xinhua)")),
    "line in brackets, Chinese": Case("zh", ("新华社", "credit line"), below=_p("（来源：新华社）")),
    "line with what can be clicked": Case("zh", ("环球网", "credit line"), above=_p("来源：环球网 【字体：大 中 小】 打印")),
    "agency and date": Case("en", ("Xinhua", "credit line"), above=_p("Xinhua | Updated: 2025-03-04 10:11")),
    "agency in brackets and date": Case(
        "en", ("People's Daily Online", "credit line"), above=_p("(People's Daily Online) 10:11, March 04, 2025")
    ),
    "paper below the text": Case("en", ("The Harbour Gazette", "credit line"), below=_p("Source: The Harbour Gazette")),
    # The dateline.
    "dateline, Xinhua": Case("en", ("Xinhua", "dateline"), opening="BEIJING, March 4 (Xinhua) -- "),
    "dateline, AP": Case("en", ("AP", "dateline"), opening="NORTHPORT, Maine (AP) — "),
    "dateline, Reuters": Case("en", ("Reuters", "dateline"), opening="LONDON, March 4 (Reuters) - "),
    "dateline, Kyodo": Case("en", ("Kyodo", "dateline"), opening="TOKYO, March 4 (Kyodo) -- "),
    "dateline, Yonhap": Case("en", ("Yonhap", "dateline"), opening="SEOUL, March 4 (Yonhap) -- "),
    "dateline, KCNA": Case("en", ("KCNA", "dateline"), opening="Pyongyang, March 4 (KCNA) -- "),
    "dateline, TASS": Case("en", ("TASS", "dateline"), opening="MOSCOW, March 4. /TASS/. "),
    "dateline, IRNA": Case("en", ("IRNA", "dateline"), opening="TEHRAN, IRNA – "),
    "dateline, Ukrinform": Case("uk", ("Укрінформ", "dateline"), opening="КИЇВ, 4 березня (Укрінформ) — "),
    "dateline, Interfax-Ukraine": Case("en", ("Interfax-Ukraine", "dateline"), opening="KYIV. March 4 (Interfax-Ukraine) – "),
    "dateline, Bernama": Case("en", ("Bernama", "dateline"), opening="NORTHPORT, March 4 (Bernama) -- "),
    "dateline in capitals": Case("it", ("askanews", "dateline"), opening="Roma, 4 mar. (ASKANEWS) - "),
    "dateline of a desk": Case("de", ("dpa", "dateline"), opening="NORDHAFEN (dpa/lno) - "),
    "dateline, German": Case("de", ("dpa", "dateline"), opening="Nordhafen (dpa) - "),
    "dateline, French": Case("fr", ("AFP", "dateline"), opening="PARIS, 4 mars (AFP) - "),
    "dateline, Spanish": Case("es", ("EFE", "dateline"), opening="Madrid, 4 mar (EFE).- "),
    "dateline, Italian": Case("it", ("ANSA", "dateline"), opening="(ANSA) - ROMA, 4 MAR - "),
    "dateline, Russian": Case("ru", ("ТАСС", "dateline"), opening="МОСКВА, 4 марта. /ТАСС/. "),
    "dateline, RIA": Case("ru", ("РИА Новости", "dateline"), opening="МОСКВА, 4 мар — РИА Новости. "),
    "dateline, Chinese": Case("zh", ("新华社", "dateline"), opening="新华社北京3月4日电 "),
    "dateline, Korean": Case("ko", ("연합뉴스", "dateline"), opening="(서울=연합뉴스) 홍길동 기자 = "),
    "dateline, Japanese": Case("ja", ("共同", "dateline"), opening="【共同】"),
    "dateline, Arabic": Case("ar", ("رويترز", "dateline"), opening="لندن (رويترز) - "),
    "dateline, SANA": Case("ar", ("سانا", "dateline"), opening="دمشق-سانا: "),
    "dateline, Persian": Case("fa", ("ایرنا", "dateline"), opening="تهران - ایرنا - "),
    # What is declared, the feed, the author's place, the copyright line, the canonical address.
    "declared origin": Case(
        "en", ("The Other Paper", "json-ld"), head=_ld(headline="Harbour", sourceOrganization={"name": "The Other Paper"})
    ),
    "declared publisher": Case("de", ("Reuters", "json-ld"), head=_ld(headline="Hafen", publisher={"name": "Reuters"})),
    "feed": Case("fr", ("Le Quotidien", "feed"), feed="Le Quotidien"),
    "byline": Case("en", ("AFP", "byline"), head='<meta name="author" content="AFP">'),
    "byline, a short form at home": Case("de", ("APA", "byline"), head='<meta name="author" content="APA">'),
    "initials that are an agency elsewhere": Case("en", None, head='<meta name="author" content="APA">'),
    "byline, German": Case("de", ("dpa", "byline"), head=_ld(headline="Hafen", author={"name": "dpa"})),
    "copyright line": Case("en", ("Reuters", "copyright line"), below=_p("© 2025 Reuters. All rights reserved.")),
    "copyright line with (c)": Case("de", ("AFP", "copyright line"), below=_p("(c) AFP")),
    "canonical": Case("es", ("otro-diario.es", "canonical"), head='<link rel="canonical" href="https://otro-diario.es/a">'),
    # A line of nothing but an agency.
    "bare, English": Case("en", ("Reuters", "credit line"), above=_p("4 March 2025, 10:11") + _p("Reuters")),
    "bare, above the date": Case("en", ("AFP", "credit line"), above="<div>AFP</div><div>4 March 2025, 10:11</div>"),
    "bare, two": Case("de", ("dpa", "credit line"), above="<div>dpa/AFP</div>"),
    "bare, Spanish": Case("es", ("EFE", "credit line"), above="<div>Agencia EFE</div>"),
    "bare, Russian": Case("ru", ("ТАСС", "credit line"), above="<div>ТАСС</div>"),
    "bare, Chinese": Case("zh", ("新华社", "credit line"), above="<div>新华社</div>"),
    "bare, Arabic": Case("ar", ("رويترز", "credit line"), above="<div>رويترز</div>"),
    "bare, with its place": Case("en", ("Reuters", "credit line"), above=_p("Reuters | Northport | March 4, 2025")),
    "bare, in parts": Case("en", ("Xinhua", "credit line"), above=_p("Editor: Li Yan | Xinhua | Updated: 2025-03-04 10:11")),
    "bare, dateline for a line": Case("en", ("AFP", "credit line"), above=_p("NORTHPORT (AFP) | Published: March 4, 2025")),
    "bare, its staff": Case("en", ("Reuters", "credit line"), above=_p("Reuters Staff")),
    "class of a source": Case("en", ("Harbour Tribune", "credit line"), above="<div class='source'>Harbour Tribune</div>"),
    "house with an agency": Case("fr", ("AFP", "credit line"), above="<div>La rédaction avec AFP</div>"),
    "behind a name": Case("en", ("Associated Press", "credit line"), above=_p("By JANE ROE Associated Press")),
    "end, dash": Case("en", ("AFP", "credit line"), below=_p("— AFP")),
    "end, German": Case("de", ("dpa", "credit line"), below=_p("dpa")),
    "end, sigles": Case("de", ("dpa", "credit line"), below=_p("kel/jal/dpa")),
    "end, Korean": Case("ko", ("연합뉴스", "credit line"), below=_p("[연합뉴스]")),
    "end, Japanese": Case("ja", ("共同", "credit line"), below=_p("（共同）")),
    "end, Reuters of Japan": Case("ja", ("ロイター", "credit line"), below=_p("[東港 14日 ロイター]")),
    "end, Global Times": Case("en", ("Global Times", "credit line"), below=_p("(Global Times)")),
    # In words.
    "published first": Case("en", ("The Harbour Gazette", "credit line"), below=_p("This article was originally published by The Harbour Gazette on 2 March 2025.")),
    "appeared first": Case("en", ("Harbour Gazette", "credit line"), below=_p("This story first appeared in <a href='https://g.example'>Harbour Gazette</a>.")),
    "reprinted": Case("en", ("Harbour Gazette", "credit line"), below=_p("Reprinted with permission from Harbour Gazette.")),
    "published first, German": Case("de", ("Nordhafener Kurier", "credit line"), below=_p("Zuerst erschienen im Nordhafener Kurier.")),
    "inputs": Case("en", ("PTI", "credit line"), below=_p("With inputs from PTI")),
    "reporting": Case("en", ("Reuters", "credit line"), below=_p("With reporting by Reuters and AFP")),
    "with, German": Case("de", ("dpa", "credit line"), below=_p("Mit Material von dpa")),
    "with, French": Case("fr", ("AFP", "credit line"), below=_p("(Avec AFP)")),
    "with, Spanish": Case("es", ("AFP", "credit line"), below=_p("Con información de AFP")),
    "after, Russian": Case("ru", ("ТАСС", "credit line"), below=_p("По материалам ТАСС")),
    "after, Ukrainian": Case("uk", ("Українська правда", "credit line"), below=_p("За матеріалами: Українська правда")),
    "via": Case("en", ("Harbour Tribune", "credit line"), below=_p("Via <a href='https://t.example'>Harbour Tribune</a>")),
    "taken from, Chinese": Case("zh", ("东港日报", "credit line"), below=_p("（转载自：东港日报）")),
    "taken from, Chinese agency": Case("zh", ("新华社", "credit line"), below=_p("本文转自：新华社")),
    "label with a bar": Case("zh", ("央视新闻客户端", "credit line"), below=_p("来源丨央视新闻客户端")),
    "label with a dash": Case("ru", ("Вестник гавани", "credit line"), below=_p("Источник — Вестник гавани")),
    "list behind a label": Case("de", ("dpa", "credit line"), below=_p("Quelle: dpa/AFP")),
    "agencies beside a medium": Case("ar", ("الجزيرة", "credit line"), above=_p("المصدر: الجزيرة + وكالات")),
    "label of a country, Portuguese": Case("es", ("Agência Brasil", "credit line"), below=_p("Fonte: Agência Brasil")),
    "label below, French": Case("fr", ("Le Courrier du port", "credit line"), below=_p("Source: Le Courrier du port")),
    "copyright of Thomson Reuters": Case("en", ("Thomson Reuters", "copyright line"), below=_p("© Thomson Reuters 2025.")),
    # More datelines.
    "dateline, Korean in brackets": Case("ko", ("뉴시스", "dateline"), opening="[동항=뉴시스] "),
    "dateline, Kyodo with its place": Case("ja", ("共同", "dateline"), opening="【東港共同】"),
    "dateline, Taiwan": Case("zh", ("中央社", "dateline"), opening="（中央社東港4日電）"),
    "dateline, Persian words": Case("fa", ("ایسنا", "dateline"), opening="به گزارش خبرگزاری ایسنا، "),
    "first on a site": Case("en", ("Harbour Gazette", "credit line"), below=_p("The post Crane falls into the harbour appeared first on <a href='https://g.example'>Harbour Gazette</a>.")),
    "first on a site, with both links": Case("en", ("Harbour Gazette", "credit line"), below=_p("The post <a href='https://g.example/1'>Crane falls</a> appeared first on <a href='https://g.example'>Harbour Gazette</a>.")),
    "first on a site without its address": Case("en", None, below=_p("The post Crane falls into the harbour appeared first on Harbour Gazette.")),
    "first on its own site, by another name": Case("en", None, below=_p("The post Crane falls appeared first on <a href='https://www.example.com/'>Harbour Gazette</a>.")),
    "republished from itself": Case("en", None, below=_p("This article was originally published on <a href='/'>Harbour Gazette</a>.")),
    "first on its own site": Case("en", None, below=_p("The post Crane falls into the harbour appeared first on The Example.")),
    "appeared with its title": Case("en", ("USA TODAY", "credit line"), below=_p("This article originally appeared on USA TODAY: Crane falls into the harbour")),
    "appeared on": Case("en", ("USA TODAY", "credit line"), below=_p("This article originally appeared on USA TODAY.")),
    "republished, and to be read": Case("en", ("The Conversation", "credit line"), below=_p("This article is republished from The Conversation. Read the original article.")),
    "republished from a saint": Case("en", ("St. Ives Post", "credit line"), below=_p("This article is republished from St. Ives Post.")),
    "below a former title": Case("zh", ("新华网", "credit line"), below=_p("原标题：东港码头罢工结束") + _p("来源：新华网")),
    "label, Thai agency": Case("en", ("รอยเตอร์", "credit line"), below=_p("ที่มา: รอยเตอร์")),
    "label, Thai agency above": Case("en", ("เอเอฟพี", "credit line"), above=_p("ที่มา: เอเอฟพี")),
    "copyright, in words": Case("it", ("ANSA", "copyright line"), below=_p("© Copyright ANSA")),
    "copyright, reserved": Case("it", ("ANSA", "copyright line"), below=_p("Riproduzione riservata © Copyright ANSA")),
    "copyright, Korean": Case("ko", ("연합뉴스", "copyright line"), below=_p("Copyright ⓒ 연합뉴스. All rights reserved.")),
    "copyright, in a box for it": Case(
        "ko",
        ("연합뉴스", "copyright line"),
        below="<p>수업은 월요일에 다시 시작된다.</p><p class='copyright'>Copyright ⓒ 연합뉴스. All rights reserved.</p>",
    ),
    "copyright, in the foot": Case("ko", None, below="<footer><p class='copyright'>Copyright ⓒ 연합뉴스.</p></footer>"),
    "copyright of a photographer": Case("it", None, below=_p("© Copyright Anna Weber")),
    "agency behind a date": Case("en", ("Xinhua", "credit line"), above=_p("2025-03-04 14:35:12 Xinhua")),
    "agency behind a date, Chinese": Case("zh", ("新华社", "credit line"), above=_p("2025-03-04 14:35:12 新华社")),
    "dateline, Indonesian": Case("en", ("CNN Indonesia", "dateline"), opening="Jakarta, CNN Indonesia -- "),
    "dateline, Indonesian site": Case("id", ("HARIANUTARA.COM", "dateline"), opening="JAKARTA, HARIANUTARA.COM - "),
    "dateline, Indonesian site before": Case("id", ("HarianUtara.com", "dateline"), opening="HarianUtara.com, Jakarta - "),
    "dateline in a line of its own": Case("en", ("Reuters", "dateline"), above=_p("NORTHPORT, March 4 (Reuters)")),
    "dateline in a line of its own, German": Case("de", ("dpa", "dateline"), above=_p("Nordhafen (dpa)")),
    # Outlets of which nothing tells that they are one.
    "unknown, Russian": Case("ru", ("Независимый курьер", "credit line"), below=_p("Источник: Независимый курьер")),
    "unknown, Ukrainian": Case("uk", ("Київський огляд", "credit line"), below=_p("Джерело: Київський огляд")),
    "unknown, German": Case("de", ("Küstenbote", "credit line"), below=_p("Quelle: Küstenbote")),
    "unknown, English": Case("en", ("Kestrel", "credit line"), below=_p("Source: Kestrel")),
    "unknown, Spanish": Case("es", ("El Faro", "credit line"), below=_p("Fuente: El Faro")),
    "after, Vietnamese": Case("en", ("Báo Cảng", "credit line"), below=_p("Theo Báo Cảng")),
    "reprint, Korean": Case("ko", ("한밭일보", "credit line"), below=_p("전재: 한밭일보")),
    "end, agency by its words": Case("en", ("Arvania News Agency", "credit line"), below=_p("(Arvania News Agency)")),
    "end, agency by its words, Japanese": Case("ja", ("みなと通信", "credit line"), below=_p("（みなと通信）")),
    "end, agency by its words, Chinese": Case("zh", ("晨江通讯社", "credit line"), below=_p("（晨江通讯社）")),
    "end, agency by its words, Arabic": Case("ar", ("وكالة أنباء الساحل", "credit line"), below=_p("(وكالة أنباء الساحل)")),
    # Nobody.
    "source of figures, office": Case("de", None, below=_p("Quelle: Statistisches Bundesamt")),
    "source of figures, bank": Case("en", None, below=_p("Source: World Bank")),
    "source, network": Case("zh", None, below=_p("来源：网络")),
    "source, own work": Case("de", None, below=_p("Quelle: eigene Recherche")),
    "end, agency of another kind": Case("en", None, below=_p("(Arvania Space Agency)")),
    "site that is no dateline": Case("en", None, opening="Amazon, booking.com and others - all of them - said no. "),
    "caption before the text": Case("de", None, above=_p("Der Hafen von Norden (dpa)")),
    "caption before the text, French": Case("fr", None, above=_p("Le port de Norden, le 12 novembre 2025. (AFP)")),
    "caption before the text, two words": Case("de", None, above=_p("Hafen Norden (dpa)")),
    "agencies without a name": Case("ar", None, above=_p("المصدر: وكالات")),
    "below a picture": Case("en", None, above="<div><img src='/a.jpg'></div><div>Reuters</div>"),
    "in a box for a picture": Case("en", None, above="<div class='photo-credit'>Reuters</div>"),
    "picture of an agency and a person": Case("de", None, above=_p("Quelle: dpa/Jana Roth")),
    "tags": Case("en", None, below="<ul><li>Reuters</li><li>AFP</li></ul>"),
    "link at the end": Case("en", None, below="<div><a href='/t/reuters'>Reuters</a></div>"),
    "first published on a day": Case("en", None, below=_p("This article was first published on 2 March 2025.")),
    "first published somewhere": Case("en", None, below=_p("This story was first published in the March issue of last year.")),
    "with whom": Case("en", None, below=_p("With the harbour closed, the Reuters building stood empty.")),
    "word like an agency": Case("en", None, above=_p("App")),
    "section like an agency": Case("en", None, above=_p("SPA")),
    "told, in one line": Case("en", None, below=_p("The mayor told Reuters.")),
    "nothing": Case("en", None),
    "own house": Case("en", None, above=_p("Source: The Example")),
    "own house, declared": Case("de", None, head=_ld(headline="Hafen", publisher={"name": "The Example"})),
    "own holding": Case("fr", None, below=_p("© 2025 Example Holding. Tous droits réservés.")),
    "own canonical": Case("es", None, head='<link rel="canonical" href="https://m.example.com/a">'),
    "agency told of": Case("en", None, below=_p("The council had told Reuters on Monday that it would vote again.")),
    "agency told of, Russian": Case("ru", None, below=_p("Об этом сообщил ТАСС представитель порта, который ждал у входа.")),
    "picture": Case("it", None, below="<figure><img src='/a.jpg'><figcaption>Foto: ANSA</figcaption></figure>"),
    "test of that name": Case("en", None, opening="Two hundred pupils passed the Advanced Placement (AP) test. "),
    "party of that name": Case("en", None, opening="Portville: the former ruling party (PTI) - whose leader is away - said so. "),
    "agency spoken of": Case("en", None, opening="China's state news agency (Xinhua) said on Tuesday that it passed. "),
    "agency fined": Case("en", None, opening="Russia's state agency /TASS/ was fined on Tuesday for a report. "),
    "agency spoken of, Spanish": Case("es", None, opening="El presidente de la agencia estatal (EFE) dimitió el martes. "),
    "source of a picture": Case(
        "de", None, above="<figure><img src='/a.jpg'><figcaption><p>Am Kai</p><p>Quelle: dpa</p></figcaption></figure>"
    ),
    "source of a picture, marked": Case("en", None, above="<div class='img-caption'><p>Source: Reuters</p></div>"),
    "picture, Chinese": Case("zh", None, below=_p("图片来源：新华社")),
    "source of figures": Case("de", None, below=_p("Quelle: Amt für Statistik (2024), eigene Berechnungen")),
    "persons": Case("uk", None, above=_p("Джерело: люди, знайомі зі справою, які просили не називати їхніх імен у пресі")),
    "word in brackets": Case("en", None, opening="The app (AA) and the spa opened. "),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_credits_whom_it_names(name: str) -> None:
    case = PAGES[name]
    title, first, second = _TEXTS[case.language]
    body = (
        f"<!DOCTYPE html><html lang='{case.language}'><head><meta charset='utf-8'><title>{title}</title>{case.head}</head>"
        f"<body><article><h1>{title}</h1>{case.above}<p>{case.opening}{first}</p><p>{second}</p><p>{first[::-1][:0]}"
        f"{second} {first}</p>{case.below}</article></body></html>"
    ).encode()
    url = "https://www.example.com/harbour"
    source = Source("example", "The Example", "https://www.example.com/", language=case.language)
    entry = Entry(url, title, credited_to=case.feed) if case.feed else None
    article = extract(Fetched(url, url, body, "text/html", entry=entry), source)
    found = (article.credited_to, article.evidence["credited_to"]) if article.credited_to else None

    assert case.expected == found
    assert "The Example" == article.carried_by
    assert not any(credit.agency(author) for author in article.authors if case.expected)


@pytest.mark.parametrize(
    ("line", "opening"),
    [
        ("来源：新华社", "新华社北京3月4日电 "),
        ("Источник: ТАСС", "МОСКВА, 4 марта. /ТАСС/. "),
        ("출처: 연합뉴스", "(서울=연합뉴스) "),
        ("Source: TASS", "MOSCOW, March 4. /TASS/. "),
        ("Kaynak: AA", "ANKARA (AA) - "),
    ],
)
def test_a_dateline_credits_by_the_name_by_which_a_line_does(line: str, opening: str) -> None:
    said = parse_line(line)

    assert said is not None
    assert said.source == credit.dateline(opening)


@pytest.mark.parametrize("name", [name for name, case in PAGES.items() if _SOURCED.match(case.below)])
def test_a_line_of_a_source_is_credited_or_stays_in_the_text(name: str) -> None:
    case = PAGES[name]
    title, *lines = _TEXTS[case.language]
    line = case.below.removeprefix("<p>").removesuffix("</p>")
    text = "".join(map(_p, (*lines, " ".join(lines))))
    body = f"<html lang='{case.language}'><title>{title}</title><article><h1>{title}</h1>{text}{case.below}</article></html>"
    url = "https://www.example.com/harbour"
    article = extract(Fetched(url, url, body.encode(), "text/html"), Source("example", "The Example", url))

    assert (article.credited_to is None) == (line in article.text)


def test_an_agency_is_its_own_by_each_of_its_names() -> None:
    title, first, second = _TEXTS["en"]
    body = f"<title>{title}</title><h1>{title}</h1><p>By The Associated Press</p><p>{first}</p><p>{second}</p>".encode()
    url = "https://www.example.com/harbour"
    own, other = Source("ap", "AP News", url), Source("post", "The Harbour Post", url)

    assert extract(Fetched(url, url, body, "text/html"), own).credited_to is None
    assert extract(Fetched(url, url, body, "text/html"), other).credited_to == "The Associated Press"


@pytest.mark.parametrize("line", ["|", " | ", "Reuters |", "| Reuters", "(", "()", "—", "/", "Reuters,", "By |"])
def test_no_line_breaks_the_readers_of_credits(line: str) -> None:
    for read in (
        origins.piped,
        origins.bare,
        origins.told,
        origins.beside,
        origins.behind_name,
        origins.named,
        origins.first,
    ):
        read(line)


def test_there_are_enough_pages_languages_and_kinds_of_evidence() -> None:
    crediting = [case for case in PAGES.values() if case.expected]

    assert len(crediting) >= 40
    assert len({case.language for case in crediting}) >= 10
    assert {"credit line", "dateline", "json-ld", "feed", "byline", "copyright line", "canonical"} == {
        case.expected[1] for case in crediting if case.expected
    }
    assert len(PAGES) - len(crediting) >= 10


@pytest.mark.parametrize(
    "picture",
    [
        "<p><img src='/a.jpg'></p><p>Source: AFP</p>",
        "<p><img src='/a.jpg'><br>Source: AFP</p>",
        "<table><tr><td><img src='/a.jpg'></td></tr><tr><td>Quelle: IMAGO</td></tr></table>",
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_a_source_right_below_a_picture_is_the_pictures(picture: str, above: bool) -> None:
    title, *text = _TEXTS["en"]
    told = "".join(f"<p>{line}</p>" for line in text)
    body = f"<article><h1>{title}</h1>{picture + told if above else told + picture}</article>"
    markup = f"<html lang='en'><head><title>{title}</title></head><body>{body}</body></html>"
    url = "https://post.example.com/a"
    assert extract(Fetched(url, url, markup.encode()), Source("post", "Northport Post", url)).credited_to is None


def test_a_name_in_brackets_behind_no_place_is_no_dateline() -> None:
    assert credit.dateline("The Arab Socialist Party (SANA) -- now renamed -- voted for the breakwater.") is None
    assert "AFP" == credit.dateline("The Hague (AFP) -- The court heard the case of the breakwater.")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p><a href='/topic/reuters'>Reuters</a></p>", None),
        ("<div><a href='/tag/xinhua'>Xinhua</a></div>", None),
        ("<p><a href='/xinhua'>Xinhua</a> | <a href='/ap'>AP</a> | <a href='/afp'>AFP</a></p>", None),
        ("<p>Quelle: IMAGO</p>", None),
        ("<p>Source: Getty Images</p>", None),
        ("<div><a href='/source/reuters'>Reuters</a></div><div>4 March 2025, 10:11</div>", "Reuters"),
        ("<p><em>Global Times</em></p><p>Source: Xinhua Published: 2025/3/4 10:11:12</p>", "Xinhua"),
        ("<p><em>People's Daily Online</em></p><p>(Xinhua) 10:11, March 04, 2025</p>", "Xinhua"),
        ("<p>Global Times</p><p>2025/3/4 10:11:12</p>", "Global Times"),
        ("<p>Global Times</p><p>Source: The Northport Post Published: 2025/3/4</p>", None),
    ],
)
def test_a_line_credits_no_topic_and_no_seller_of_pictures_and_a_label_more_than_a_name(
    line: str, expected: str | None
) -> None:
    title, *text = _TEXTS["en"]
    told = "".join(f"<p>{each}</p>" for each in text)
    markup = f"<html lang='en'><head><title>{title}</title></head><body><article><h1>{title}</h1>{line}{told}</article>"
    url = "https://post.example.com/a"
    assert (
        expected == extract(Fetched(url, url, markup.encode()), Source("post", "The Northport Post", url)).credited_to
    )


@pytest.mark.parametrize(
    ("opening", "agency"),
    [
        ("МОСКВА, 4 мар — РИА Новости, Анна Иванова. Совет", "РИА Новости"),
        ("ПЕКИН, 4 марта. /Корр. ТАСС Иван Петров/. Совет", "ТАСС"),
        ("4 марта, Минск /Корр. БЕЛТА/. Совет", "БЕЛТА"),
        ("据新华社北京3月4日电 港口", "新华社"),
        ("（法新社巴黎4日電）港口", "法新社"),
        ("【北京3月4日新華社】港湾", "新華社"),
        ("［ロンドン ４日 ロイター］ - 港湾", "ロイター"),
        ("【서울=뉴시스】 홍길동 기자 = 항만", "뉴시스"),
        ("DAMASCUS, (SANA) The council", "SANA"),
        ("به گزارش خبرنگار سیاسی ایرنا، شورا", "ایرنا"),
        ("به گزارش گروه بین‌الملل خبرگزاری فارس، شورا", "فارس"),
        ("واشنطن – (د ب أ): صوت", "د ب أ"),
        ("الرياض 04 رمضان 1446 هـ الموافق 04 مارس 2025 م واس صوت", "واس"),
        ("أبوظبي في 4 مارس / وام / صوت", "وام"),
        ("(كونا) -- صوت", "كونا"),
        ("04 - 03 (كونا) -- صوت", "كونا"),
        ("عمان 4 آذار (بترا) - صوت", "بترا"),
        ("رام الله 4-3-2025 وفا- صوت", "وفا"),
        ("(ซินหัว) -- สภา", "ซินหัว"),
        ("ปักกิ่ง, 4 มี.ค. (ซินหัว) -- สภา", "ซินหัว"),
        ("AFP.- El consejo", "AFP"),
        ("KUWAIT, March 4 (KUNA) -- The council", "KUNA"),
        ("Amman, Mar. 4 (Petra) -- The council", "Petra"),
        ("DHAKA, March 4, 2025 (BSS) - The council", "BSS"),
        ("Abuja, March 4, 2025 (NAN) The council", "NAN"),
        ("Addis Ababa, March 4/2025 (ENA) - The council", "ENA"),
        ("Ulaanbaatar, March 4, 2025 /MONTSAME/. The council", "MONTSAME"),
        ("YEREVAN, MARCH 4, ARMENPRESS. The council", "ARMENPRESS"),
        ("BAKU, Azerbaijan, March 4, AZERTAC The council", "AZERTAC"),
        ("Баку, 4 марта, АЗЕРТАДЖ Совет", "АЗЕРТАДЖ"),
        ("ASTANA. KAZINFORM – The council", "Kazinform"),
        ("АСТАНА. КАЗИНФОРМ – Совет", "КАЗИНФОРМ"),
        ("MINSK, 4 March (BelTA) – The council", "BelTA"),
        ("БИШКЕК, 4 мар. /Кабар/. Совет", "Кабар"),
        ("Luanda, 04 de Março (ANGOP) – O conselho", "ANGOP"),
        ("Caracas, 4 de marzo de 2025 (AVN).- El consejo", "AVN"),
        ("Buenos Aires, 4 de marzo (Télam) - El consejo", "Télam"),
        ("नयी दिल्ली, चार मार्च (भाषा) बंदरगाह", "भाषा"),
        # Words and sentences
        ("The council of Amman (Petra) - the old one - met.", None),
        ("Petra (Petra) - the ancient city", None),
        ("NORTHPORT (NAN) - The council", None),
        ("Nan, March 4, NAN - The council", None),
        ("On March 4, the new bread (nan) - was baked.", None),
        ("On March 4, 2025 the national archive (ENA) - opened.", None),
        ("وكالة الأنباء السعودية (واس) - قالت", None),
        ("قالت وكالة الأنباء القطرية / قنا / اليوم", None),
        ("به گزارش خبرنگار سیاسی ما، ایرنا", None),
        ("МОСКВА, 4 мар — спутник, Анна Иванова. Совет", None),
        ("भाषा (भाषा) बंदरगाह", None),
        ("据新华社报道，3月4日", None),
    ],
)
def test_datelines_of_agencies_are_read_and_words_like_them_are_none(opening: str, agency: str | None) -> None:
    assert agency == credit.dateline(opening)


@pytest.mark.parametrize(
    ("language", "opening", "house"),
    [
        ("id", "JAKARTA, HARIANUTARA.COM - Dewan", "HARIANUTARA.COM"),
        ("id", "HarianUtara.co.id, Surabaya - Dewan", "HarianUtara.co.id"),
        ("id", "Ngawi Barat, HarianUtara.com -- Dewan", "HarianUtara.com"),
        ("id", "Bandung, CNN Indonesia - Dewan", "CNN Indonesia"),
        ("ms", "Kuala Lumpur, HarianUtara.com - Majlis", "HarianUtara.com"),
        ("en", "Jakarta, CNN Indonesia -- The council", "CNN Indonesia"),
        # Houses that are told of
        ("en", "Amazon.com, Google and Meta — the three giants", None),
        ("en", "Amazon.com, Google -- the giants", None),
        ("en", "Booking.com, Airbnb and hotels - all of them", None),
        ("en", "In London, BBC News - once so proud", None),
        ("en", "In Jakarta, CNN Indonesia -- once so proud", None),
        ("en", "JAKARTA, HARIANUTARA.COM - the paper", None),
        ("en", "Jakarta, harianutara.com -- the paper", None),
        ("de", "Amazon.com, Google - und alle anderen", None),
        ("fr", "Booking.com, Airbnb – et les autres", None),
        ("it", "Amazon.com, Google e Meta — i tre giganti", None),
        ("nl", "Bol.com, Zalando - en de anderen", None),
        ("id", "Booking.com, Airbnb - dan hotel", None),
        ("id", "Amazon.com, Google dan Meta — tiga raksasa", None),
        ("id", "Di Jakarta, CNN Indonesia - dulu", None),
        ("id", "jakarta, harianutara.com -- dewan", None),
        ("en", "BRUSSELS, (SANA) the museum of arts opened.", None),
        ("en", "DAMASCUS, (SANA) The council", "SANA"),
    ],
)
def test_papers_of_indonesia_open_with_their_name_and_other_sentences_do_not(
    language: str, opening: str, house: str | None
) -> None:
    assert house == credit.dateline(opening, language)


@pytest.mark.parametrize(
    "line",
    ["© Getty Images", "Photo © AFP", "Image: Copyright Reuters", "© Reuters/Jane Roe", "© dpa / Jana Roth",
     "Foto: © dpa", "© AP Photo/Jane Roe", "© AFP via Getty Images", "사진 ⓒ 연합뉴스", "写真：ロイター", "图片 © 新华社"],
)  # fmt: skip
def test_the_rights_of_a_picture_in_a_box_below_the_text_credit_nobody(line: str) -> None:
    for box in ("<div class='copyright'>{}</div>", "<div class='copyright'><span>{}</span></div>"):
        assert None is made(page(below=box.format(line))).credited_to, box


def test_a_box_for_the_rights_of_a_picture_is_none_for_those_of_the_text() -> None:
    for box in (
        "<div class='image-copyright'>{}</div>",
        "<div class='photo'><p class='copyright'>{}</p></div>",
        "<div><img src='/a.jpg'><p class='copyright'>{}</p></div>",
    ):
        assert None is made(page(below=box.format("© AFP"))).credited_to, box
    assert "AFP" == made(page(below="<div class='copyright'>© AFP</div>")).credited_to


@pytest.mark.parametrize("word", ["NAN", "(NAN)", "ENA", "(Petra)", "(BSS)", "Petra | Northport"])
def test_an_agency_named_like_a_word_signs_in_no_line_of_its_own(word: str) -> None:
    found = tails.read(word)
    assert (origins.bare(word), origins.piped(word), found.source if found else None) == (None, None, None)


@pytest.mark.parametrize(
    "outlet",
    ["Sputnik News", "Press TV", "Mehr News Agency", "Central News Agency", "Korean Central News Agency", "VOA News",
     "Voice of America", "Deutsche Welle", "Fars News Agency", "Tasnim News Agency", "Tehran Times", "Syrian Arab News Agency"],
)  # fmt: skip
def test_an_outlet_alone_under_the_headline_is_credited_and_no_part_of_the_text(outlet: str) -> None:
    title, *text = _TEXTS["en"]
    told = "".join(f"<p>{each}</p>" for each in text)
    body = f"<article><h1>{title}</h1><p><em>{outlet}</em></p><p>6 November 2019 19:13</p>{told}</article>"
    markup = f"<html lang='en'><head><title>{title}</title></head><body>{body}</body></html>"
    url = "https://post.example.com/a"
    article = extract(Fetched(url, url, markup.encode()), Source("post", "The Northport Post", url))
    assert (outlet, False) == (article.credited_to, outlet in article.text)


#: Media that are no agencies, behind the label of their language.
_LABELLED_BELOW = [
    ("uk", "Джерело: Вісті гавані"),
    ("ar", "المصدر: موقع أخبار الميناء"),
    ("fa", "منبع: خبر آنلاین بندر"),
    ("th", "ที่มา: ข่าวท่าเรือ"),
    ("bn", "সূত্র: বন্দর সংবাদ"),
    ("hi", "स्रोत: बंदरगाह समाचार"),
    ("el", "Πηγή: Εφημερίδα του λιμανιού"),
    ("he", "מקור: חדשות הנמל"),
    ("bg", "Източник: Пристанищен вестник"),
    ("ur", "ماخذ: روزنامہ بندرگاہ"),
    ("ur", "بشکریہ: بندر نیوز"),
    ("az", "Mənbə: Liman Xəbərləri"),
    ("ja", "転載元：東港新聞"),
    ("es", "Fuentes: Diario del Puerto"),
]


@pytest.mark.parametrize(("language", "line"), _LABELLED_BELOW)
def test_a_medium_behind_a_label_below_the_text_is_credited(language: str, line: str) -> None:
    title, *text = _TEXTS[language if language in _TEXTS else "en"]
    told = "".join(f"<p>{each}</p>" for each in text)
    body = f"<article><h1>{title}</h1>{told}<p>{line}</p></article>"
    markup = (
        f"<html lang='{language}'><head><meta charset='utf-8'><title>{title}</title></head><body>{body}</body></html>"
    )
    url = "https://post.example.com/a"
    article = extract(Fetched(url, url, markup.encode()), Source("post", "The Northport Post", url))
    assert line.replace("：", ":").partition(":")[2].strip() == article.credited_to


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("نقلاً عن وكالة سبوتنيك", "وكالة سبوتنيك"),
        ("به نقل از تسنیم", "تسنیم"),
        ("综合新华社、中新网报道", "新华社"),
        ("(Tomado de Prensa Latina)", "Prensa Latina"),
        ("Tomado de El Diario del Puerto", None),
        ("Tomado de www.puerto.example", "puerto.example"),
        ("Tratto da: https://www.porto.example/2024/1", "porto.example"),
        ("Tratto da ANSA", "ANSA"),
        ("Tratto da Il Corriere della Costa", "Il Corriere della Costa"),
        (
            "This article is republished from The Conversation under a Creative Commons license. Read the original article.",
            "The Conversation",
        ),
        (
            "(Except for the headline, this story has not been edited by our staff and is published from a syndicated feed of ANI.)",
            "ANI",
        ),
        ("(This story has not been edited by our staff and is auto-generated from a PTI feed.)", "PTI"),
        ("Cross-posted from Harbour Gazette", "Harbour Gazette"),
        # Sentences and what is no medium
        ("به نقل از شهردار", None),
        ("نقلاً عن رئيس المجلس", None),
        ("综合各方意见报道", None),
        ("Tomado de la mano", None),
        ("Tomado de La casa del viento", None),
        ("Tomado de El Diario de Ana Roth", None),
        ("(Tomado de Sombras)", None),
        ("Tratto da Il Nome della Torre", None),
        ("Tratto da una storia vera", None),
        ("Tratto da Il giornale dell'acqua", None),
        ("This text is republished from a draft under review.", None),
        ("The story is published from a syndicated feed of recipes.", None),
    ],
)
def test_more_words_that_tell_of_whom_a_text_is(line: str, expected: str | None) -> None:
    assert expected == origins.told(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Источник: The Guardian, Великобритания", "The Guardian"),
        ("Источник: Global Times | Китай", "Global Times"),
        ("Оригинал публикации: Global Times", "Global Times"),
        ("출처 : 연합뉴스(https://www.yna.co.kr)", "연합뉴스"),
        ("Kaynak: Anadolu Ajansı (AA)", "Anadolu Ajansı"),
        ("Quelle: Amt für Statistik (2024)", None),
        ("Source: Ministry of Health (MOH)", None),
    ],
)
def test_a_source_is_read_without_its_country_address_and_short_form(line: str, expected: str | None) -> None:
    said = parse_line(line)
    assert expected == (said.source if said else None)


@pytest.mark.parametrize(
    "line",
    [
        "‹저작권자(c) 연합뉴스, 무단 전재-재배포, AI 학습 및 활용 금지›",
        "<저작권자(c) 연합뉴스, 무단 전재-재배포 금지>",
        "2025/03/04 10:11 송고",
        "www.kcna.kp (Juche114.3.4.)",
        "Pewarta: Budi Santoso Editor: Siti Rahma Copyright © ANTARA 2025",
        "Copyright © ANTARA 2025",
        "لمتابعة أخبار سانا على تلغرام",
        "لمتابعة أخبار سانا على تلغرام https://t.me/sana",
    ],
)
def test_rights_and_codes_of_agencies_below_a_text_are_no_part_of_it(line: str) -> None:
    _, *text = _TEXTS["en"]
    assert text == tails.without([*text, line])


@pytest.mark.parametrize(
    "line",
    [
        "저작권자는 연합뉴스에 무단 전재를 금지해 달라고 요청했다고 밝혔다.",
        "2025/03/04 회의에서 편지를 송고했다고 위원장이 말했다.",
        "The council read of it on www.kcna.kp (Juche114.3.4.) and answered.",
        "Pewarta: siapa yang menulis ini, tanya ketua dewan pelabuhan.",
        "وقال إن الصيادين مدعوون لمتابعة أخبار سانا على تلغرام كل يوم.",
    ],
)
def test_sentences_with_words_of_such_lines_stay(line: str) -> None:
    _, *text = _TEXTS["en"]
    assert [*text, line] == tails.without([*text, line])


def test_who_edited_a_text_of_antara_goes_with_its_copyright_line_only() -> None:
    _, *text = _TEXTS["en"]
    assert text == tails.without([*text, "Editor: Siti Rahma", "Copyright © ANTARA 2025"])
    assert [*text, "Editor: Siti Rahma"] == tails.without([*text, "Editor: Siti Rahma"])


def test_the_country_of_a_foreign_paper_is_no_part_of_its_name() -> None:
    assert ("Global Times", "Порт | Китай") == (origins.plain("Global Times | Китай"), origins.plain("Порт | Китай"))
