"""Invented pages of news of a sentence or three with cards of other texts below it, and texts that look like such cards."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outlet:
    """What an outlet writes."""

    headline: str
    sentences: tuple[str, str, str]
    #: Headline and sentence of other texts, with a place for a number.
    cards: tuple[tuple[str, str], ...]
    more: str
    dated: str


OUTLETS: Mapping[str, Outlet] = {
    "en": Outlet("Ferry runs aground off Northport", ("A ferry with 90 people on board ran aground off Northport this morning.", "Nobody was hurt, and tugs are to pull it free at high water.", "The harbour stays closed until the evening, the coast guard said."),
        (("Museum buys lighthouse number {}", "The museum of Northport pays 40,000 crowns for a tower that nobody has used since the war."), ("Council meets about street {}", "Neighbours want the street to be closed to lorries, but the council has no money for signs."), ("School {} gets a new roof", "After four years of buckets in the classrooms the builders come at the end of the month.")), "More news", "12 March 2024"),
    "de": Outlet("Fähre läuft vor Nordhafen auf Grund", ("Eine Fähre mit 90 Menschen an Bord ist am Morgen vor Nordhafen auf Grund gelaufen.", "Verletzt wurde niemand, bei Hochwasser sollen Schlepper das Schiff freiziehen.", "Der Hafen bleibt bis zum Abend gesperrt, teilte die Küstenwache mit."),
        (("Museum kauft Leuchtturm Nummer {}", "Das Museum von Nordhafen zahlt 40.000 Kronen für einen Turm, den seit dem Krieg niemand nutzt."), ("Rat berät über Straße {}", "Die Nachbarn wollen die Straße für Laster sperren, aber dem Rat fehlt das Geld für Schilder."), ("Schule {} bekommt ein Dach", "Nach vier Jahren mit Eimern im Klassenzimmer kommen Ende des Monats die Handwerker.")), "Mehr Nachrichten", "12. März 2024"),
    "ru": Outlet("Паром сел на мель у Северного порта", ("Паром с 90 пассажирами на борту сегодня утром сел на мель у Северного порта.", "Никто не пострадал, в прилив буксиры попытаются стащить судно с мели.", "Порт закрыт до вечера, сообщила береговая охрана."),
        (("Музей купил маяк номер {}", "Музей Северного порта заплатит 40 тысяч крон за башню, которой никто не пользовался с войны."), ("Совет обсудит улицу {}", "Жители хотят закрыть улицу для грузовиков, но у совета нет денег на дорожные знаки."), ("Школа {} получит крышу", "После четырёх лет с вёдрами в классах в конце месяца наконец придут строители.")), "Другие новости", "12 марта 2024"),
    "zh": Outlet("渡轮在北港附近搁浅", ("一艘载有九十人的渡轮今天早晨在北港附近搁浅，港口随即关闭。", "没有人受伤，拖船将在涨潮时把渡轮拖离浅滩。", "海岸警卫队说，港口将关闭到晚上。"),
        (("博物馆买下第{}座灯塔", "北港博物馆出价四万克朗，买下一座战后再没有人使用过的旧灯塔。"), ("议会讨论第{}街", "居民希望禁止卡车通行，但是议会没有钱购买新的路牌和围栏。"), ("第{}小学换新屋顶", "教室里放了四年水桶之后，工人们终于要在本月底开始施工了。")), "更多新闻", "2024年3月12日"),
    "ar": Outlet("جنوح عبارة قرب ميناء الشمال", ("جنحت عبارة على متنها تسعون شخصا صباح اليوم قرب ميناء الشمال.", "لم يصب أحد بأذى، وستسحب القاطرات العبارة عند ارتفاع المد.", "وقال خفر السواحل إن الميناء سيبقى مغلقا حتى المساء."),
        (("المتحف يشتري المنارة رقم {}", "يدفع متحف الشمال أربعين ألف كرونة ثمنا لبرج لم يستخدمه أحد منذ الحرب."), ("المجلس يناقش الشارع {}", "يريد الجيران إغلاق الشارع أمام الشاحنات لكن المجلس لا يملك ثمن اللافتات."), ("المدرسة {} تحصل على سقف", "بعد أربع سنوات من الدلاء في الصفوف يأتي البناؤون أخيرا في نهاية الشهر.")), "المزيد من الأخبار", "12 مارس 2024"),
}  # fmt: skip

#: How a card is built of an address, a headline, a sentence and a date.
CARDS: Mapping[str, str] = {
    "all linked": "<div><a href='{url}'><img src='a.jpg' alt=''><h3>{head}</h3><p>{said}</p></a></div>",
    "linked h3": "<div><a href='{url}'><img src='a.jpg' alt=''></a><h3><a href='{url}'>{head}</a></h3><p>{said}</p></div>",
    "no picture": "<div><h3><a href='{url}'>{head}</a></h3><p>{said}</p></div>",
    "list item": "<li><a href='{url}'><h3>{head}</h3></a><p>{said}</p></li>",
    "article, h2": "<article><a href='{url}'><img src='a.jpg' alt=''></a><h2><a href='{url}'>{head}</a></h2><p>{said}</p></article>",
    "boxes in it": "<div><div><a href='{url}'><img src='a.jpg' alt=''></a></div><div><h4><a href='{url}'>{head}</a></h4><div>{said}</div></div></div>",
    "link around": "<a href='{url}'><div><img src='a.jpg' alt=''><div>{head}</div><div>{said}</div></div></a>",
    "no heading": "<div><p><a href='{url}'>{head}</a></p><p>{said}</p></div>",
    "dated": "<div><span>{dated}</span><h3><a href='{url}'>{head}</a></h3><p>{said}</p></div>",
    "broken lines": "<div><a href='{url}'><b>{head}</b></a><br>{said}</div>",
}

#: Where they stand; "{text}" is the headline and its text.
PLACES: Mapping[str, str] = {
    "apart": "<main><div>{text}</div></main><div>{cards}</div>",
    "beside": "<main>{text}{cards}</main>",
}


def page(lang: str, card: str, place: str, sentences: int, cards: int, *, declared: bool = True) -> str:
    """Write a page of news with so many sentences above so many cards."""
    told = OUTLETS[lang]
    made = "".join(
        CARDS[card].format(
            url=f"/news/{at}", head=told.cards[at % 3][0].format(at + 2), said=told.cards[at % 3][1], dated=told.dated
        )
        for at in range(cards)
    )
    text = f"<h1>{told.headline}</h1><p>{told.dated}</p>" + "".join(
        f"<p>{each}</p>" for each in told.sentences[:sentences]
    )
    head = (
        f"<meta property='og:type' content='article'><meta property='article:published_time' content='2024-03-12T08:00:00Z'><meta property='og:title' content='{told.headline}'>"
        if declared
        else ""
    )
    links = "".join(f"<li><a href='/s/{at}'>S{at}</a></li>" for at in range(6))
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{told.headline} - The Example</title>{head}</head><body>"
        f"<header><nav><ul>{links}</ul></nav></header>{PLACES[place].format(text=text, cards=made)}<footer><p>© The Example</p></footer></body></html>"
    )


def _listed(told: Outlet, item: str, intro: int) -> str:
    parts = "".join(
        item.format(
            url=f"https://other{at}.example/a",
            head=told.cards[at % 3][0].format(at + 2),
            said=told.cards[at % 3][1],
            dated=told.dated,
        )
        for at in range(5)
    )
    return (
        f"<main><article><h1>{told.headline}</h1>"
        + "".join(f"<p>{each}</p>" for each in told.sentences[:intro])
        + f"{parts}</article></main>"
    )


#: The text itself is a list with linked headings.
LISTS: Mapping[str, Callable[[Outlet], str]] = {
    "listicle": lambda told: _listed(told, "<h2><a href='{url}'>{head}</a></h2><p>{said}</p><p>{head}: {said}</p>", 2),
    "press review": lambda told: _listed(told, "<p>{said} <a href='{url}'>{head}</a></p>", 2),
    "short listicle": lambda told: _listed(told, "<h3><a href='{url}'>{head}</a></h3><p>{said}</p>", 3),
    "listicle in boxes": lambda told: _listed(told, "<div><h3><a href='{url}'>{head}</a></h3><p>{said}</p><p>{head}, {dated}: {said}</p></div>", 3),
    "briefing": lambda told: _listed(told, "<div><h3><a href='/x{url}'>{head}</a></h3><p>{said}</p></div>", 2),
    "bare briefing": lambda told: _listed(told, "<div><h3><a href='/x{url}'>{head}</a></h3><p>{said}</p></div>", 2).replace("article>", "div>"),
    "listicle with pictures": lambda told: _listed(told, "<div><h3>{head}</h3><img src='a.jpg' alt=''><p>{said}</p></div>", 3),
}  # fmt: skip

#: Where the items of a briefing stand, and how each is built; "{intro}" are its first paragraphs.
BRIEFINGS: Mapping[str, tuple[str, str]] = {
    "ordered, in the body": ("<main>{title}<div itemprop='articleBody'>{intro}<ol>{items}</ol></div></main>", "<li><h3><a href='{url}'>{head}</a></h3><p>{said}</p></li>"),
    "pictures, in the body": ("<main>{title}<div itemprop='articleBody'>{intro}{items}</div></main>", CARDS["linked h3"]),
    "body below a text": ("<main>{title}{intro}<div itemprop='articleBody'>{items}</div></main>", CARDS["all linked"]),
    "list": ("<main>{title}<div class='content'>{intro}<ul>{items}</ul></div></main>", "<li><a href='{url}'>{head}</a><p>{said}</p></li>"),
    "list of links": ("<main>{title}{intro}<ul>{items}</ul></main>", "<li><a href='{url}'><h3>{head}</h3><p>{said}</p></a></li>"),
    "list without main": ("<div>{title}{intro}</div><ul>{items}</ul>", "<li><a href='{url}'>{head}</a><p>{said}</p></li>"),
    "box in the text": ("<main>{title}<div class='content'>{intro}<div>{items}</div></div></main>", CARDS["no picture"]),
    "dated box in the text": ("<main>{title}<div class='content'>{intro}<div>{items}</div></div></main>", CARDS["dated"]),
    "table": ("<main>{title}{intro}<table>{items}</table></main>", "<tr><td><h3><a href='{url}'>{head}</a></h3><p>{said}</p></td></tr>"),
    "links in an article": ("<main><article>{title}{intro}<div>{items}</div></article></main>", CARDS["link around"]),
    "links in a box of an article": ("<article><div>{title}{intro}{items}</div></article>", CARDS["all linked"]),
    "an article below its headline": ("<main>{title}<article>{intro}{items}</article></main>", CARDS["linked h3"]),
}  # fmt: skip


def briefing(lang: str, name: str) -> str:
    """Write a page whose text is an introduction and what others of the site tell."""
    told, (place, item) = OUTLETS[lang], BRIEFINGS[name]
    items = "".join(
        item.format(url=f"/news/{at}", head=head.format(at + 2), said=said, dated=told.dated)
        for at, (head, said) in enumerate(told.cards)
    )
    intro = "".join(f"<p>{each}</p>" for each in told.sentences[:2])
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{told.headline}</title><meta property='og:type' content='article'>"
        f"</head><body>{place.format(title=f'<h1>{told.headline}</h1>', intro=intro, items=items)}<footer><p>© The Example</p></footer></body></html>"
    )


def listing(lang: str, name: str) -> str:
    """Write a page whose text is a list."""
    told = OUTLETS[lang]
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{told.headline} - The Example</title>"
        f"<meta property='og:type' content='article'></head><body>{LISTS[name](told)}<footer><p>© The Example</p></footer></body></html>"
    )
