"""Galleries whose text is the short captions of their pictures."""

from __future__ import annotations

import json

import pytest

from crawler.extract import extract
from crawler.records import Article, Fetched, Source

URL = "https://www.example.com/news/story"
CAPTIONS = (
    "Boats leave the harbour of Northport at dawn on Tuesday.",
    "Children watch the tugs from the old quay.",
    "A baker brings bread to the crews, as every year.",
)


def made(title: str, pictures: int = 3, last: str = "") -> Article:
    shown = "".join(
        f'<figure><img src="/{at}.jpg">{f"<figcaption>{caption}</figcaption>" if at < pictures else ""}</figure>'
        for at, caption in enumerate(CAPTIONS)
    )
    page = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main><article><h1>{title}</h1>{shown}{last}</article></main></body></html>"
    )
    return extract(Fetched(URL, URL, page.encode(), "text/html"), Source("example", "The Example", URL))


@pytest.mark.parametrize("title", ["In pictures: the boats", "Bilderstrecke: Die Boote"])
def test_each_caption_is_a_paragraph_of_its_own(title: str) -> None:
    article = made(title)

    assert ("gallery", list(CAPTIONS)) == (article.form, article.text.split("\n\n"))


def test_lines_that_a_break_parts_stay_one_paragraph() -> None:
    article = made("In pictures: the boats", last="<p>The Ida comes home<br>late at night.</p>")

    assert [*CAPTIONS, "The Ida comes home late at night."] == article.text.split("\n\n")


@pytest.mark.parametrize(("title", "pictures"), [("The boats of Northport", 3), ("In pictures: the boats", 2)])
def test_few_pictures_make_no_gallery(title: str, pictures: int) -> None:
    assert "article" == made(title, pictures).form


def test_a_page_that_declares_nothing_but_a_gallery_is_one() -> None:
    script = '<script type="application/ld+json">{"@type": "ImageGallery", "name": "The boats of Northport"}</script>'
    intro = "<p>Our photographer spent a week with those who live from the port of Northport.</p>"
    shown = '<figure><img src="/9.jpg"><figcaption>Herring is landed at the northern quay.</figcaption></figure>'
    article = made("The boats of Northport", last=f"{shown}{intro}{script}")

    assert "gallery" == article.form
    assert {*CAPTIONS, "Herring is landed at the northern quay."} < set(article.text.split("\n\n"))
    assert "article" == made("The boats of Northport", 3, script).form


#: Pages of pictures in several languages: a headline, what is told above them, and their captions.
PAGES = {
    "en": (
        "Northport after the storm",
        "The storm of Monday night broke two cranes and the roof of the old market, and cut the island off for a day.",
        (
            "Boats lie in the square in front of the town hall, where the flood left them.",
            "Divers look for the chain of the northern buoy on Tuesday morning.",
            "A baker gives bread away in the only street that has light.",
            "Engineers look at the crane that fell upon the eastern quay.",
            "The ferry leaves for the island for the first time since Monday.",
        ),
    ),
    "de": (
        "Nordhafen nach dem Sturm",
        "Der Sturm in der Nacht zum Dienstag hat zwei Kräne und das Dach der Markthalle zerstört.",
        (
            "Boote liegen auf dem Platz vor dem Rathaus, wo die Flut sie ließ.",
            "Taucher suchen am Dienstagmorgen nach der Kette der Boje.",
            "Ein Bäcker verschenkt Brot in der einzigen Straße mit Licht.",
            "Ingenieure prüfen den Kran, der auf den Ostkai stürzte.",
        ),
    ),
    "ru": (
        "Северный порт после шторма",
        "Шторм в ночь на вторник сломал два крана и крышу старого рынка, а остров на день остался без света и связи.",
        (
            "Лодки лежат на площади перед ратушей, где их оставила вода.",
            "Водолазы ищут цепь северного буя утром во вторник.",
            "Пекарь раздаёт хлеб на единственной улице со светом.",
            "Инженеры осматривают кран, упавший на восточный причал.",
        ),
    ),
    "ar": (
        "ميناء الشمال بعد العاصفة",
        "حطمت العاصفة ليلة الثلاثاء رافعتين وسقف السوق القديم وقطعت الكهرباء عن الجزيرة ليوم كامل بحسب البلدية.",
        (
            "قوارب في الساحة أمام مبنى البلدية حيث تركتها المياه.",
            "غواصون يبحثون عن سلسلة العوامة الشمالية صباح الثلاثاء.",
            "خباز يوزع الخبز في الشارع الوحيد الذي فيه ضوء.",
            "مهندسون يفحصون الرافعة التي سقطت على الرصيف الشرقي.",
        ),
    ),
    "ja": (
        "嵐の後の北港",
        "月曜日の夜の嵐でクレーン二基と古い市場の屋根が壊れ、島は一日停電したと市が発表した。住民は復旧を待っている。",
        (
            "市役所前の広場に残された船。水が引いた後の朝に撮影。",
            "火曜日の朝、北のブイの鎖を探す潜水士たち。",
            "明かりのある唯一の通りでパンを配るパン屋。",
            "東岸壁に倒れたクレーンを調べる技術者たち。",
        ),
    ),
    # Thai ends no sentence with a mark.
    "th": (
        "ท่าเรือเหนือหลังพายุ",
        "พายุเมื่อคืนวันจันทร์ทำให้เครนสองตัวและหลังคาตลาดเก่าพังเสียหาย และทำให้เกาะไม่มีไฟฟ้าใช้เป็นเวลาหนึ่งวัน",
        (
            "เรือจอดอยู่กลางจัตุรัสหน้าศาลากลางซึ่งน้ำท่วมพัดมาทิ้งไว้เมื่อคืนที่ผ่านมา",
            "นักประดาน้ำค้นหาโซ่ของทุ่นทางเหนือในเช้าวันอังคารหลังจากลมสงบลงแล้ว",
            "คนทำขนมปังแจกขนมปังบนถนนสายเดียวที่ยังมีไฟฟ้าใช้ในตัวเมืองท่าเรือ",
            "วิศวกรตรวจสอบเครนที่ล้มลงบนท่าเทียบเรือด้านตะวันออกเมื่อคืนวันจันทร์",
        ),
    ),
}
FIGURES = (
    '<figure><img src="{at}.jpg"><figcaption>{caption}</figcaption></figure>',
    '<div><img src="{at}.jpg"><div class="caption"><p>{caption}</p><span>Photo: Jane Roe</span></div></div>',
)


def shown(
    lang: str, figure: str, *, declared: bool = False, wrap: str = "main", above: str = "", url: str = URL
) -> Article:
    title, intro, captions = PAGES[lang]
    node = {"@context": "https://schema.org", "@type": "ImageGallery", "headline": title, "datePublished": "2025-03-04"}
    head = f'<script type="application/ld+json">{json.dumps(node)}</script>' if declared else ""
    figures = "".join(figure.format(at=at, caption=caption) for at, caption in enumerate(captions))
    page = (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><{wrap}><h1>{title}</h1><p>{intro}</p>{above}<div>{figures}</div></{wrap}></body></html>"
    )
    return extract(Fetched(url, url, page.encode(), "text/html"), Source("example", "The Example", URL))


@pytest.mark.parametrize("wrap", ["main", "article"])
@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("lang", PAGES)
def test_what_is_told_above_the_pictures_and_their_captions_stay_in_order(lang: str, figure: str, wrap: str) -> None:
    whole = [PAGES[lang][1], *PAGES[lang][2]]
    for declared in (True, False):
        article = shown(lang, figure, declared=declared, wrap=wrap)

        assert ("gallery", whole) == (article.form, article.text.split("\n\n"))


@pytest.mark.parametrize("lang", PAGES)
def test_a_declared_gallery_keeps_more_paragraphs_above_its_captions(lang: str) -> None:
    more = f"<p>{PAGES[lang][1]} 2025</p><p>{PAGES[lang][1]} 2026</p>"
    article = shown(lang, FIGURES[0], declared=True, above=more)

    assert list(PAGES[lang][2]) == article.text.split("\n\n")[3:]


@pytest.mark.parametrize("lang", PAGES)
def test_an_article_with_pictures_keeps_its_text_without_captions(lang: str) -> None:
    texts = [f"{PAGES[lang][1]} {PAGES[lang][1][:60]} {year}." for year in (2022, 2023, 2024, 2025)]
    pictures = [FIGURES[0].format(at=at, caption=caption) for at, caption in enumerate(PAGES[lang][2])]
    for above in (
        "".join(f"{picture}<p>{text}</p>" for picture, text in zip(pictures, texts, strict=False)),
        "".join(f"<p>{text}</p>" for text in texts),
    ):
        article = shown(lang, FIGURES[0], above=above)

        assert ("article", [PAGES[lang][1], *texts]) == (article.form, article.text.split("\n\n"))


def test_pictures_of_cards_make_no_gallery() -> None:
    headline = '<h3><a href="/{at}">Ferry {at} runs aground off Eastport</a></h3>'
    card = f"{FIGURES[0]}{headline}"

    assert ("article", PAGES["en"][1]) == (shown("en", card).form, shown("en", card).text)


#: Pictures that go with a text: portraits of whom it is about, and the steps of what it explains.
BESIDE = {
    "portraits": (
        "Maria Lund, candidate of the Labour party for the town council of Northport",
        "Tom Berg, candidate of the Liberal party for the town council of Northport",
        "Ida Holm, candidate of the Green party for the town council of Northport",
        "Peter Quinn, candidate of the Centre party for the town council of Northport",
    ),
    "portraits in other words": (
        "Maria Lund of the Labour party wants a new ferry",
        "Tom Berg (Liberals), fisherman, 62 years old",
        "The Green candidate Ida Holm at home in Milton",
        "Peter Quinn, Centre, has led the council since May",
    ),
    "steps": (
        "1. Cut the herring into pieces of the size of a thumb.",
        "2. Boil the potatoes in their skins for twenty minutes.",
        "3. Fry the onions in butter until they are golden.",
        "4. Lay all of it in a dish and pour the cream over it.",
        "5. Bake the dish for half an hour in a hot oven.",
        "6. Serve it with dill and a slice of dark bread.",
    ),
    "steps below what they take": (
        "Cut the herring into pieces of the size of a thumb.",
        "Boil the potatoes in their skins for twenty minutes.",
        "Fry the onions in butter until they are golden.",
        "Lay all of it in a dish and pour the cream over it.",
        "Bake the dish for half an hour in a hot oven.",
        "Serve it with dill and a slice of dark bread.",
    ),
    "named steps": (
        "Step 1: Cut the herring into pieces of a thumb's size",
        "Step 2: Boil the potatoes for twenty minutes",
        "Step 3: Fry the onions in butter until golden",
        "Step 4: Pour the cream over all of it and bake it",
    ),
}


@pytest.mark.parametrize("paragraphs", [1, 2])
@pytest.mark.parametrize("name", BESIDE)
def test_portraits_and_steps_make_no_gallery_of_an_article(name: str, paragraphs: int) -> None:
    told = (
        "The council of Northport voted late on Monday to close the old bridge for repairs until spring.",
        "Engineers found cracks in two of the main girders during an inspection in October, the works department said.",
    )[:paragraphs]
    figures = "".join(FIGURES[0].format(at=at, caption=caption) for at, caption in enumerate(BESIDE[name]))
    takes = "<ul><li>Six herrings</li><li>A pound of potatoes</li><li>Two onions</li></ul>" if "take" in name else ""
    text = "".join(f"<p>{each}</p>" for each in told) + takes
    page = (
        f"<html lang='en'><head><title>What it is</title></head><body><main><article><h1>What it is</h1>{text}{figures}"
    )
    article = extract(Fetched(URL, URL, page.encode(), "text/html"), Source("example", "The Example", URL))

    assert "article" == article.form
    assert set(told) <= set(article.text.split("\n\n"))
