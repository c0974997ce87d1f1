"""Invented pages that go on below their article: with the next articles of their site, or with more of the same text."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """Three articles of one outlet."""

    headlines: tuple[str, str, str]
    names: tuple[str, str, str]
    dates: tuple[str, str, str]
    by: str
    following: str
    #: Sentences of four paragraphs, with a place for what each article is about.
    paragraphs: tuple[str, str, str, str]
    about: tuple[str, str, str]
    #: Headings of the chapters of one article.
    chapters: tuple[str, str, str]


TOLD: Mapping[str, Told] = {
    "en": Told(
        ("Harbour council votes for breakwater", "Museum buys a second lighthouse", "School of Northport gets a new roof"),
        ("Jane Roe", "John Doe", "Mary Major"), ("12 March 2024", "11 March 2024", "10 March 2024"), "By {}", "Next article",
        ("The council of Northport spoke about {} for nine hours, and the plan passed by one voice in the end.",
         "Those who waited outside since dawn say that {} costs more than the town has earned in seven years.",
         "The engineers answered that work on {} begins after the herring season only, when the boats lie on land.",
         "A second vote on {} is due in spring, when the province has said how much of the stone it will pay for."),
        ("the breakwater", "the lighthouse", "the roof"), ("What was decided", "Who pays for it", "What comes next"),
    ),
    "zh": Told(
        ("北港议会通过防波堤计划", "博物馆买下第二座灯塔", "北港小学换上新屋顶"), ("刘欣", "王伟", "李娜"), ("2024年3月12日", "2024年3月11日", "2024年3月10日"), "作者：{}", "下一篇",
        ("北港议会就{}讨论了九个小时，最后计划以一票之差获得通过，在场的人都鼓起掌来。", "从清晨就在外面等候的渔民说，{}的花费比全镇七年的收入还要多，他们要去法院。",
         "工程师回答说，{}的工程要等鲱鱼季节过后才开始，那时船只都停在岸上，不会有危险。", "关于{}的第二次表决定于春天举行，届时省里会说明愿意承担多少石料的费用。"),
        ("防波堤", "灯塔", "屋顶"), ("决定了什么", "谁来付钱", "下一步怎么办"),
    ),
    "ru": Told(
        ("Совет порта одобрил строительство мола", "Музей купил второй маяк", "Школа получит новую крышу"), ("Анна Иванова", "Пётр Сидоров", "Мария Петрова"), ("12 марта 2024", "11 марта 2024", "10 марта 2024"), "Автор: {}", "Следующая статья",
        ("Совет Северного порта девять часов обсуждал {}, и в конце концов план прошёл с перевесом в один голос.", "Те, кто ждал на улице с рассвета, говорят, что {} обойдётся дороже, чем город заработал за семь лет.",
         "Инженеры ответили, что работы, которых требует {}, начнутся лишь после сезона сельди, когда лодки на берегу.", "Второе голосование, которого ждёт {}, назначено на весну, когда область скажет, за сколько камня заплатит."),
        ("мол", "маяк", "крышу"), ("Что решили", "Кто заплатит", "Что дальше"),
    ),
    "ar": Told(
        ("مجلس الميناء يصوت لصالح حاجز الأمواج", "المتحف يشتري منارة ثانية", "مدرسة الشمال تحصل على سقف جديد"), ("ليلى حسن", "سامي خالد", "نور علي"), ("12 مارس 2024", "11 مارس 2024", "10 مارس 2024"), "بقلم: {}", "المقال التالي",
        ("ناقش مجلس ميناء الشمال موضوع {} لمدة تسع ساعات، وفي النهاية أُقرت الخطة بفارق صوت واحد فقط.", "يقول الذين انتظروا في الخارج منذ الفجر إن {} يكلف أكثر مما كسبته المدينة في سبع سنوات كاملة.",
         "أجاب المهندسون بأن العمل في {} لن يبدأ إلا بعد موسم الرنجة، عندما تكون القوارب على الشاطئ.", "ومن المقرر إجراء تصويت ثان حول {} في الربيع، عندما تقول المحافظة كم ستدفع ثمنا للحجارة."),
        ("حاجز الأمواج", "المنارة", "السقف"), ("ماذا تقرر", "من يدفع الثمن", "ماذا بعد ذلك"),
    ),
    "de": Told(
        ("Hafenrat stimmt für neue Mole", "Museum kauft zweiten Leuchtturm", "Schule bekommt ein neues Dach"), ("Eva Muster", "Max Beispiel", "Ida Probe"), ("12. März 2024", "11. März 2024", "10. März 2024"), "Von {}", "Nächster Artikel",
        ("Der Rat von Nordhafen sprach neun Stunden lang über {}, und der Plan ging am Ende mit einer Stimme durch.", "Wer seit dem Morgen draußen wartete, sagt, {} koste mehr, als die Stadt in sieben Jahren eingenommen hat.",
         "Die Ingenieure antworteten, die Arbeit an {} beginne erst nach der Heringszeit, wenn die Boote an Land liegen.", "Eine zweite Abstimmung über {} folgt im Frühjahr, wenn das Land gesagt hat, wie viel vom Stein es bezahlt."),
        ("die Mole", "den Leuchtturm", "das Dach"), ("Was beschlossen wurde", "Wer das bezahlt", "Wie es weitergeht"),
    ),
}  # fmt: skip

SLUGS = ("breakwater", "lighthouse", "roof")


def text(told: Told, at: int) -> list[str]:
    """Give the paragraphs of one of the articles."""
    return [each.format(told.about[at]) for each in told.paragraphs]


def shown(lines: list[str]) -> str:
    """Write paragraphs."""
    return "".join(f"<p>{line}</p>" for line in lines)


def _head(told: Told, at: int, tag: str = "h1", *, linked: bool = False, byline: bool = True) -> str:
    headline = told.headlines[at]
    headline = f"<a href='/news/{SLUGS[at]}'>{headline}</a>" if linked else headline
    signed = f"<p>{told.by.format(told.names[at])}</p><p><time>{told.dates[at]}</time></p>" if byline else ""
    return f"<{tag}>{headline}</{tag}>{signed}"


def _each(make: Callable[[Told, int], str], between: str = "") -> Callable[[Told], str]:
    return lambda told: between.format(told.following).join(make(told, at) for at in range(3))


#: Each with the asked article first, unless its name says otherwise.
SCROLLED: Mapping[str, Callable[[Told], str]] = {
    "articles": _each(lambda told, at: f"<article>{_head(told, at)}{shown(text(told, at))}</article>"),
    "articles in an article": lambda told: "<article class='page'>" + _each(lambda told, at: f"<div class='block'><article class='entry'>{_head(told, at)}{shown(text(told, at))}</article></div>")(told) + "</article>",
    "named divs": _each(lambda told, at: f"<div class='post'>{_head(told, at)}<div class='text'>{shown(text(told, at))}</div></div>"),
    "divs with addresses": _each(lambda told, at: f"<div class='story' data-url='/news/{SLUGS[at]}'>{_head(told, at)}{shown(text(told, at))}</div>"),
    "bare divs": _each(lambda told, at: f"<div>{_head(told, at)}{shown(text(told, at))}</div>"),
    "bare divs, h2": _each(lambda told, at: f"<div>{_head(told, at, 'h1' if at == 0 else 'h2')}{shown(text(told, at))}</div>"),
    "linked h2": _each(lambda told, at: f"<div class='entry'>{_head(told, at, 'h1' if at == 0 else 'h2', linked=at > 0)}{shown(text(told, at))}</div>"),
    "sections": _each(lambda told, at: f"<section data-href='/news/{SLUGS[at]}'>{_head(told, at)}<div>{shown(text(told, at))}</div></section>"),
    "flat": _each(lambda told, at: _head(told, at) + shown(text(told, at))),
    "with a label between": _each(lambda told, at: f"<div>{_head(told, at)}{shown(text(told, at))}</div>", "<div>{}</div>"),
    "article and a list of the next": lambda told: f"<article>{_head(told, 0)}{shown(text(told, 0))}</article><div class='infinite'>" + "".join(f"<div>{_head(told, at, 'h2')}{shown(text(told, at))}</div>" for at in (1, 2)) + "</div>",
    "dates only": _each(lambda told, at: f"<div><h1>{told.headlines[at]}</h1><time>{told.dates[at]}</time>{shown(text(told, at))}</div>"),
    "names only": _each(lambda told, at: f"<div><h1>{told.headlines[at]}</h1><p>{told.by.format(told.names[at])}</p>{shown(text(told, at))}</div>"),
    "head and date in one line": _each(lambda told, at: f"<div><div><h1>{told.headlines[at]}</h1><p>{told.by.format(told.names[at])} | {told.dates[at]}</p></div><div>{shown(text(told, at))}</div></div>"),
    "asked second": lambda told: "".join(f"<div>{_head(told, at)}{shown(text(told, at))}</div>" for at in (1, 0, 2)),
}  # fmt: skip


def _chapters(told: Told, tag: str, *, boxed: bool, head: str = "") -> str:
    parts = [f"<{tag}>{told.chapters[at]}</{tag}>{shown(text(told, at))}" for at in range(3)]
    return _head(told, 0) + head + "".join(f"<div>{part}</div>" if boxed else part for part in parts)


def _signed(told: Told, at: int) -> str:
    return f"<div><h2>{told.headlines[at]}</h2><p>{told.by.format(told.names[at])}</p>{shown(text(told, at))}</div>"


#: All of it is one text.
WHOLE: Mapping[str, Callable[[Told], str]] = {
    "chapters with h1": lambda told: _chapters(told, "h1", boxed=False),
    "chapters with h1 in divs": lambda told: _chapters(told, "h1", boxed=True),
    "chapters with h2": lambda told: _chapters(told, "h2", boxed=False),
    "chapters with h2 in divs": lambda told: _chapters(told, "h2", boxed=True),
    "a list with headings": lambda told: f"<h1>{told.chapters[0]}</h1>" + "".join(f"<div class='item'><h2>{at + 1}. {told.about[at]}</h2>{shown(text(told, at))}</div>" for at in range(3)),
    "questions": lambda told: f"<h1>{told.headlines[0]}</h1>" + "".join(f"<div><h2>{told.chapters[at]}?</h2>{shown(text(told, at))}</div>" for at in range(3)),
    "posts with clocks": lambda told: f"{_head(told, 0)}{shown(text(told, 0))}" + "".join(f"<div><h2>{told.headlines[at]}</h2><p>{told.names[at]}</p><p>1{at}:30</p>{shown(text(told, at))}</div>" for at in (1, 2)),
    "a diary": lambda told: _head(told, 0) + shown(text(told, 0)) + "".join(f"<div><h2>{told.headlines[at]}</h2><p>{told.dates[at]}</p>{shown(text(told, at))}</div>" for at in (1, 2)),
    "a card among its paragraphs": lambda told: f"<div>{_head(told, 0)}{shown(text(told, 0))}<div class='box'>{_head(told, 1, 'h3', linked=True)}</div>{shown(text(told, 1) + text(told, 2))}</div>",
    "a bare card among its paragraphs": lambda told: f"<div>{_head(told, 0)}{shown(text(told, 0))}{_head(told, 1, 'h3', linked=True)}{shown(text(told, 1) + text(told, 2))}</div>",
    "a longer card among its paragraphs": lambda told: f"<div>{_head(told, 0)}{shown(text(told, 0))}<div class='box'>{_head(told, 1, 'h2', linked=True)}<p>{told.paragraphs[3].format('')}</p></div>{shown(text(told, 1) + text(told, 2))}</div>",
    "opinions, each signed": lambda told: f"<h1>{told.chapters[0]}</h1>" + "".join(_signed(told, at) for at in range(3)),
}  # fmt: skip

#: So pages write their own address, and such of things that are no articles.
ADDRESSES = (
    "http://example.com/news/breakwater.html",
    "/?p=48291",
    "/news/breakwater?ref=home",
    "/amp/news/breakwater",
    "https://www.example.com/news/breakwater/amp/",
    "/share?u=%2Fnews%2Fbreakwater",
    "/topics/harbour",
    "/api/articles/48291",
    "/news/breakwater?page=2",
)


def marked(told: Told, address: str, what: str) -> str:
    """Write an article of chapters whose body, or each chapter in it or below it, is marked with an address."""
    parts = [f"<h2>{told.chapters[at]}</h2>{shown(text(told, at))}" for at in (1, 2)]
    if what != "body":
        address += "&" if "?" in address else "?"
        parts = [f"<section data-link='{address}part={at}'>{part}</section>" for at, part in enumerate(parts)]
    title, intro, chapters = f"<h1>{told.headlines[0]}</h1>", shown(text(told, 0)), "".join(parts)
    if what == "apart":
        return f"<div>{title}{intro}</div>{chapters}"
    mark = f" data-url='{address}'" if what == "body" else ""
    return f"{title}<div class='body'{mark}>{intro}{chapters}</div>"


def opinions(told: Told, tag: str, place: str) -> str:
    """Write an introduction and parts that are signed and dated each."""
    parts = "".join(f"<section class='part'>{_head(told, at, tag)}{shown(text(told, at))}</section>" for at in (1, 2))
    parts = parts if "boxes" in place else parts.replace("<section class='part'>", "").replace("</section>", "")
    head, intro = _head(told, 0), shown(text(told, 0))
    if "body" in place:
        return f"<div class='story'>{head}<div class='content'>{intro}{parts}</div></div>"
    return f"<article>{head}{intro}{parts}</article>" if "article" in place else f"{head}{intro}{parts}"


#: Where they stand.
OPINIONS = [
    (tag, place)
    for tag in ("h1", "h2", "h3")
    for place in ("boxes in the body", "flat in the body", "boxes in an article", "flat in an article", "boxes", "flat")
    if (tag, place) != ("h1", "flat")  # so do further articles look
]


def page(lang: str, body: str, *, title: str = "", og: bool = True) -> bytes:
    """Write a page of one of them."""
    told = TOLD[lang]
    title = title or told.headlines[0]
    links = "".join(f"<li><a href='/s/{at}'>S{at}</a></li>" for at in range(6))
    head = (
        f'<meta property="og:title" content="{title}"><link rel="canonical" href="https://www.example.com/news/{SLUGS[0]}">'
        if og
        else ""
    )
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><meta charset='utf-8'><title>{title} | The Example</title>{head}</head><body>"
        f"<header><nav><ul>{links}</ul></nav></header><main>{body}</main><footer><p>© The Example</p></footer></body></html>"
    ).encode()
