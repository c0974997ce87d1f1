"""Live blogs, galleries, videos, pages of several articles, stubs and refusals: what is kept of them, and the mark."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.errors import REASONS, NoArticle
from crawler.extract import extract, refusal
from crawler.extract.asking import asks
from crawler.records import Article, Fetched, Source
from tests.extracting import PARAGRAPHS

URL = "https://www.example.com/news/story"
SOURCE = Source("example", "The Example", "https://www.example.com/")
TITLE = "Storm at Northport"
#: One sentence of a post, in other languages, with a title that says that its page is live.
LIVE = {
    "de": ("Liveticker: Sturm in Nordhafen", "Die Hafenmeisterin sagte, dass die Fähre bei diesem Wind liegen bleibe."),
    "fr": ("En direct : la tempête à Port-Nord", "La capitainerie a dit que le bac resterait au port cette nuit-là."),
    "es": ("En vivo: la tormenta en Puerto Norte", "La capitanía dijo que el transbordador se quedaría en el puerto."),
    "ru": ("Шторм в порту: онлайн", "Портовое управление сообщило, что паром останется в гавани до утра понедельника."),
    "zh": ("直播：北港风暴最新消息", "北港港务局表示，由于风力达到十级，所有渡轮停航，船只必须留在港内等待通知。"),
    "ja": (
        "北港の嵐　ライブ",
        "北港の港湾局は、強風のためすべてのフェリーを欠航とし、入り口を閉鎖した。",
    ),
    "ko": ("북항 폭풍 실시간", "북항 항만청은 강풍으로 모든 여객선의 운항을 중단하고 항구 입구를 폐쇄한다고 밝혔다."),
    "ar": ("مباشر: عاصفة في الميناء", "قالت مديرة الميناء الشمالي إن العبارات ستبقى في الميناء بسبب الرياح القوية."),
    "fa": ("لحظه به لحظه با توفان بندر", "مدیر بندر شمالی گفت کشتی‌ها به دلیل بادهای شدید در بندر می‌مانند تا صبح."),
    "he": ("בשידור חי: הסערה בנמל", "מנהלת הנמל הצפוני אמרה כי המעבורות יישארו בנמל בגלל הרוחות החזקות הלילה."),
}


def made(body: str, *, head: str = "", title: str = TITLE, lang: str = "en", url: str = URL) -> Article:
    markup = f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
    return extract(Fetched(url, url, f"{markup}<body>{body}</body></html>".encode(), "text/html"), SOURCE)


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts or PARAGRAPHS)


def post(number: int, text: str, *, tag: str = "div", name: str = "entry") -> str:
    time = f'<time datetime="2024-05-01T{8 + number:02}:15:00+02:00">{8 + number}:15</time>'
    return f'<{tag} class="{name}">{time}<h3>Post {number}</h3><p>{number}: {text}</p></{tag}>'


def node(kind: str, **more: Any) -> dict[str, Any]:
    return {"@type": kind, "headline": TITLE, "datePublished": "2024-05-01T06:00:00Z", **more}


def updates(*numbers: int) -> list[dict[str, str]]:
    return [
        {"@type": "BlogPosting", "datePublished": f"2024-05-01T0{n}:00:00Z", "articleBody": f"{n}: {PARAGRAPHS[n]}"}
        for n in numbers
    ]


def told(article: Article) -> tuple[str, str]:
    return article.form, article.evidence.get("form", "")


def test_a_plain_article_has_no_mark() -> None:
    assert ("article", "") == told(made(f"<article><h1>{TITLE}</h1>{paragraphs()}</article>"))


def test_of_a_declared_live_blog_the_newest_post_comes_first_and_dates_the_change() -> None:
    posts = "".join(f"<div class='post'><p>{n}: {PARAGRAPHS[n]}</p></div>" for n in (2, 3, 1))
    live = node("LiveBlogPosting", dateModified="2024-05-01T23:00:00Z", liveBlogUpdate=updates(1, 3, 2))

    article = made(f"<article><h1>{TITLE}</h1>{posts}</article>", head=ld(live))
    assert [f"{n}: {PARAGRAPHS[n]}" for n in (3, 2, 1)] == article.text.split("\n\n"), "what came before is not lost"
    assert ("live", "json-ld LiveBlogPosting") == told(article)
    assert "page, the newest of 3 posts first (json-ld liveBlogUpdate)" == article.evidence["text"]
    assert ("2024-05-01T06:00:00+00:00", "json-ld") == (article.published, article.published_evidence)
    assert ("2024-05-01T03:00:00+00:00", "the newest post") == (article.modified, article.evidence["modified"])


def test_a_live_blog_beside_its_article_is_seen_too() -> None:
    nodes = [node("NewsArticle"), node("LiveBlogPosting", liveBlogUpdate=updates(1, 2))]
    body = "".join(f"<div><p>{n}: {PARAGRAPHS[n]}</p></div>" for n in (1, 2))

    article = made(f"<main><h1>{TITLE}</h1>{body}</main>", head=ld({"@graph": nodes}))
    assert ("live", 0) == (article.form, article.text.index(f"2: {PARAGRAPHS[2]}"))


@pytest.mark.parametrize("lang", LIVE)
@pytest.mark.parametrize("newest_first", [True, False])
def test_a_live_blog_is_known_by_its_posts(lang: str, newest_first: bool) -> None:
    title, sentence = LIVE[lang]
    numbers = range(5, 0, -1) if newest_first else range(1, 6)
    body = f"<main><h1>{title}</h1><section>{''.join(post(n, sentence) for n in numbers)}</section></main>"

    article = made(body, title=title, lang=lang)
    assert ("live", "5 posts with their own times") == told(article)
    assert article.text.startswith(f"Post 5\n\n5: {sentence}")
    assert f"1: {sentence}" in article.text
    assert "2024-05-01T13:15:00+02:00" == article.modified
    assert None is article.published, "the times are those of its posts"


def test_posts_marked_as_microdata_or_by_their_names_are_live_whatever_the_title() -> None:
    for name in ("live-post", "ticker__entry", "liveblog-item"):
        body = "".join(post(n, PARAGRAPHS[n % 4], tag="article", name=name) for n in (4, 3, 2, 1))
        assert "live" == made(f"<main><h1>{TITLE}</h1><div>{body}</div></main>").form


@pytest.mark.parametrize(
    "body",
    [
        f"<article><h1>{TITLE}</h1>{paragraphs()}</article><section class='comments live'>"
        + "".join(post(n, "I think that the council was wrong in this, as so often.", name="comment") for n in range(6))
        + "</section>",
        f"<main><h1>How people live in Northport</h1>{paragraphs()}</main><div>"
        + "".join(post(n, "Another text begins like this, and says no more.") for n in range(6))
        + "</div>",
    ],
    ids=["comments", "teasers"],
)
def test_other_texts_with_times_make_no_live_blog(body: str) -> None:
    article = made(body, title="How people live in Northport")

    assert "article" == article.form
    assert article.text.startswith(PARAGRAPHS[0])


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("In pictures: storm at Northport", URL),
        ("Fotostrecke: Sturm in Nordhafen", URL),
        ("组图：北港风暴", URL),
        ("【写真】北港の嵐", URL),
        ("بالصور: عاصفة في الميناء", URL),
        ("Фоторепортаж: шторм в порту", URL),
        (TITLE, "https://www.example.com/photo-gallery/storm"),
    ],
)
def test_a_gallery_is_known_by_its_name_and_pictures(title: str, url: str) -> None:
    figures = "".join(
        f"<figure><img src='/{n}.jpg'><figcaption>{PARAGRAPHS[n % 4]}</figcaption></figure>" for n in range(6)
    )

    article = made(f"<main><h1>{title}</h1><p>A storm came.</p>{figures}</main>", title=title, url=url)
    assert "gallery" == article.form
    assert PARAGRAPHS[1] in article.text
    assert "article" == made(f"<main><h1>{title}</h1>{paragraphs()}</main>", title=title, url=url).form


@pytest.mark.parametrize(("kind", "mark"), [("ImageGallery", "gallery"), ("VideoObject", "video")])
def test_declared_galleries_and_videos_are_kept_with_the_text_they_have(kind: str, mark: str) -> None:
    article = made(f"<main><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p></main>", head=ld(node(kind)))

    assert (PARAGRAPHS[0], mark, "json-ld", "full") == (article.text, *told(article), article.completeness)


def test_a_video_without_text_is_kept_with_its_description() -> None:
    video = {"@type": "VideoObject", "name": TITLE, "description": PARAGRAPHS[0], "uploadDate": "2024-05-01T06:00:00Z"}

    article = made(f"<main><h1>{TITLE}</h1><video src=x></video></main>", head=ld(video))
    assert (PARAGRAPHS[0], "video", "lead", "description") == (
        article.text,
        article.form,
        article.completeness,
        article.evidence["text"],
    )
    assert ("2024-05-01T06:00:00+00:00", "json-ld uploadDate") == (article.published, article.published_evidence)


def test_an_article_with_a_video_in_it_is_an_article() -> None:
    clip = {"@type": "VideoObject", "name": "How a breakwater is built", "uploadDate": "2023-01-01T06:00:00Z"}

    article = made(
        f"<article><h1>{TITLE}</h1>{paragraphs()}</article>", head=ld([node("NewsArticle", video=clip), clip])
    )
    assert ("article", "2024-05-01T06:00:00+00:00") == (article.form, article.published)
    assert None is made(f"<article><h1>{TITLE}</h1>{paragraphs()}</article>", head=ld(clip)).published


def test_of_several_articles_on_a_page_the_first_whole_one_is_the_article() -> None:
    teasers = "".join(
        f'<article class="teaser"><h2><a href="/{n}">Ferry line {n} is closed</a></h2><p>Short news {n}.</p></article>'
        for n in range(6)
    )

    article = made(f"<main><article><h1>{TITLE}</h1>{paragraphs()}</article><div class='more'>{teasers}</div></main>")
    assert ("\n\n".join(PARAGRAPHS), "article") == (article.text, article.form)


@pytest.mark.parametrize("tag", ["article", "div"])
def test_of_several_whole_articles_the_one_of_the_title_is_kept(tag: str) -> None:
    def one(number: int, title: str) -> str:
        heading = f'<h2><a href="/{number}">{title}</a></h2>'
        text = paragraphs(*(f"{number}: {line}" for line in PARAGRAPHS))
        return f'<{tag} class="post">{heading}<p>By Jane Roe</p>{text}</{tag}>'

    titles = (TITLE, "Mill burns down in Lower Wexcombe", "Orchard sold to the tram company")
    body = f"<main>{''.join(one(number, title) for number, title in enumerate(titles))}</main>"
    named, listed = made(body), made(body, title="News of the day")

    assert ("several", "3 articles on the page") == told(named) == told(listed)
    assert [f"0: {line}" for line in PARAGRAPHS] == named.text.split("\n\n")
    assert all(f"{number}: {PARAGRAPHS[2]}" in listed.text for number in range(3))
    assert () == listed.authors, "the author of one of them"


def test_sections_of_one_article_are_not_several() -> None:
    sections = "".join(f"<section><h2>Part {n}</h2>{paragraphs()}</section>" for n in range(3))

    assert "article" == made(f"<article><h1>{TITLE}</h1>{sections}</article>").form


WALLS = {
    "en": "Subscribe to continue reading", "de": "Jetzt weiterlesen mit Plus",
    "fr": "Cet article est réservé aux abonnés.", "es": "Suscríbete para seguir leyendo",
    "it": "Contenuto riservato agli abbonati", "pt": "Assine para continuar lendo",
    "nl": "Dit artikel is alleen voor abonnees", "pl": "Pozostało 80% tekstu", "ru": "Доступно только подписчикам",
    "ja": "この記事は有料会員限定です。残り1200文字", "zh": "本文为付费内容，订阅后可阅读全文",
    "ko": "유료 회원 전용 기사입니다",
    "ar": "هذا المقال للمشتركين فقط", "he": "הכתבה המלאה למנויים בלבד", "tr": "Bu haber sadece abonelere özeldir",
    "sv": "Artikeln är låst", "cs": "Článek je jen pro předplatitele", "hu": "A cikk csak előfizetőknek érhető el",
}  # fmt: skip


@pytest.mark.parametrize("lang", WALLS)
def test_a_stub_with_a_wall_below_it_is_a_lead(lang: str) -> None:
    wall = f"<div class='box'><p>{WALLS[lang]}</p></div>"
    article = made(f"<article><h1>{TITLE}</h1>{paragraphs(*PARAGRAPHS[:2])}{wall}</article>", lang=lang)

    assert ("lead", True, "\n\n".join(PARAGRAPHS[:2])) == (article.completeness, article.paywalled, article.text)
    assert f"below the text: {WALLS[lang]}" == article.evidence["paywalled"]


@pytest.mark.parametrize(
    "below",
    [
        "<p>The club was founded by fishermen and is open for members only.</p>",
        "<p>Subscribe to our newsletter with the best stories.</p>",
        "<footer><p>Subscribe to continue reading</p></footer>",
    ],
    ids=["a sentence", "a newsletter", "a footer"],
)
def test_other_lines_below_a_short_text_are_no_walls(below: str) -> None:
    article = made(f"<article><h1>{TITLE}</h1>{paragraphs(*PARAGRAPHS[:2])}</article>{below}")

    assert ("full", None) == (article.completeness, article.paywalled)


@pytest.mark.parametrize("lang", [lang for lang, wall in WALLS.items() if asks(wall)])
def test_a_wall_that_asks_beside_a_stub_makes_it_a_lead(lang: str) -> None:
    beside = f"<aside class='offer'><h2>{WALLS[lang]}</h2><p>9,99 €</p></aside>"
    article = made(f"<article><h1>{TITLE}</h1>{paragraphs(*PARAGRAPHS[:2])}</article>{beside}")

    assert ("lead", "\n\n".join(PARAGRAPHS[:2])) == (article.completeness, article.text)


def test_a_wall_is_seen_below_a_bar_of_the_site() -> None:
    bar = "<aside>" + "".join(f"<p><a href='/{at}'>Share {at}</a></p>" for at in range(8)) + "</aside>"
    text = f"<article><h1>{TITLE}</h1>{paragraphs(*PARAGRAPHS[:2])}</article>"
    article = made(f"{text}{bar}<div class='gate'><p>{WALLS['en']}</p></div>")

    assert ("lead", True) == (article.completeness, article.paywalled)


@pytest.mark.parametrize("name", ["promo", "inline-offer", "n_7"])
@pytest.mark.parametrize(
    "offer",
    [
        "Subscribe to read more stories like this",
        "Subscribers can read the full interview in Saturday's edition.",
        "Register for free to continue reading",
        "You have reached your limit of free articles.",
        "Abonnieren Sie jetzt, um weiterzulesen",
    ],
)
def test_an_offer_between_paragraphs_ends_no_text(name: str, offer: str) -> None:
    box = f"<div class='{name}'><p>{offer}</p></div>"
    article = made(
        f"<article><h1>{TITLE}</h1>{paragraphs(*PARAGRAPHS[:2])}{box}{paragraphs(*PARAGRAPHS[2:])}</article>"
    )

    assert ("full", None) == (article.completeness, article.paywalled)
    assert set(PARAGRAPHS) <= set(article.text.split("\n\n"))


METERS = {
    "en": "You have reached your limit of free articles. Subscribe now for full access.",
    "read": "You’ve read all your free articles this month.", "none": "You have no free articles left.",
    "de": "Sie haben Ihr Kontingent an kostenlosen Artikeln aufgebraucht.",
    "limit": "Sie haben das kostenlose Artikel-Limit erreicht.",
    "fr": "Vous avez atteint la limite d'articles gratuits ce mois-ci.",
    "es": "Has alcanzado el límite de artículos gratuitos.", "pt": "Você atingiu o limite de matérias gratuitas.",
    "it": "Hai raggiunto il limite di articoli gratuiti.", "nl": "Je hebt de limiet van gratis artikelen bereikt.",
    "sv": "Du har nått gränsen för gratis artiklar.", "no": "Du har lest dine gratis artikler denne måneden.",
    "da": "Du har læst dine gratis artikler i denne måned.", "fi": "Olet lukenut ilmaiset artikkelisi.",
    "pl": "Wykorzystałeś limit darmowych artykułów.", "ru": "Вы исчерпали лимит бесплатных статей.",
    "uk": "Ви вичерпали ліміт безкоштовних статей.", "cs": "Vyčerpali jste limit článků zdarma.",
    "hu": "Elérte az ingyenes cikkek olvasási limitjét.", "ro": "Ați atins limita de articole gratuite.",
    "el": "Έχετε φτάσει το όριο δωρεάν άρθρων.", "tr": "Ücretsiz okuma limitiniz doldu.",
    "ja": "無料で読める記事の上限に達しました。", "zh": "您本月的免费文章已用完。", "tw": "您的免費閱讀額度已用完。",
    "ko": "무료 기사 열람 한도를 모두 사용하셨습니다.", "ar": "لقد وصلت إلى الحد الأقصى من المقالات المجانية.",
    "fa": "شما به سقف مقالات رایگان رسیده‌اید.", "he": "הגעת למגבלת הכתבות החינמיות.",
    "vi": "Bạn đã đọc hết số bài miễn phí trong tháng.", "id": "Anda telah mencapai batas artikel gratis.",
    "th": "คุณได้อ่านบทความฟรีครบแล้ว", "hi": "आप इस महीने के सभी मुफ्त लेख पढ़ चुके हैं।",
}  # fmt: skip


@pytest.mark.parametrize("lang", METERS)
@pytest.mark.parametrize("inside", [True, False])
def test_a_stub_whose_reader_has_had_all_that_is_free_is_a_lead(lang: str, inside: bool) -> None:
    wall = f"<p>{METERS[lang]}</p><p>Log in</p>"
    body = f"<article><h1>{TITLE}</h1>{paragraphs(*PARAGRAPHS[:2])}"
    article = made(f"{body}{wall}</article>" if inside else f"{body}</article><div class='gate'>{wall}</div>")

    assert ("lead", True, "\n\n".join(PARAGRAPHS[:2])) == (article.completeness, article.paywalled, article.text)
    assert f"below the text: {METERS[lang]}" == article.evidence["paywalled"]


@pytest.mark.parametrize(
    "below",
    [
        "You have 3 free articles left this month.",
        "This is your last free article.",
        "You have read 2 of your 5 free articles.",
        "Il vous reste 3 articles gratuits.",
        "Sie haben noch zwei kostenlose Artikel.",
        "Subscribe now for full access.",
        "Get unlimited articles: subscribe today.",
        "Readers said that they had reached their limit of free articles by noon.",
        "“You have reached your limit,” the harbour master told the skipper.",
        "El alcalde dijo que la deuda ha alcanzado el límite legal.",
        "Sie haben den Artikel in der Zeitung gelesen und sich geärgert.",
        "Вы достигли лимита скорости, сказал капитан.",
    ],
)
def test_what_is_left_for_free_and_boxes_that_sell_are_no_walls(below: str) -> None:
    box = f"<div class='promo'><p>{below}</p></div>"
    article = made(f"<article><h1>{TITLE}</h1>{paragraphs(*PARAGRAPHS[:2])}{box}</article>")

    assert ("full", None) == (article.completeness, article.paywalled)


def test_a_meter_below_a_whole_text_is_no_part_of_it() -> None:
    wall = f"<p>{METERS['en']}</p>"
    article = made(f"<article><h1>{TITLE}</h1>{paragraphs(*PARAGRAPHS * 3)}{wall}</article>")

    assert ("full", None) == (article.completeness, article.paywalled)
    assert METERS["en"] not in article.text


@pytest.mark.parametrize("free", [False, None])
def test_a_page_that_asks_for_payment_and_shows_nothing_is_paywalled(free: bool | None) -> None:
    head = ld(node("NewsArticle", isAccessibleForFree=False)) if free is False else ""
    wall = "" if free is False else f"<p>{METERS['en']}</p>"
    with pytest.raises(NoArticle) as caught:
        made(f"<article><h1>{TITLE}</h1><p>The mill burned.</p>{wall}</article>", head=head)

    assert "paywalled" == caught.value.reason
    assert "characters of text" in caught.value.detail


def test_a_whole_text_has_no_wall_and_what_the_page_declares_counts() -> None:
    wall = "<p>Subscribe to continue reading</p>"
    free = ld(node("NewsArticle", isAccessibleForFree=True))

    assert None is made(f"<article><h1>{TITLE}</h1>{paragraphs(*PARAGRAPHS * 3)}{wall}</article>").paywalled
    assert False is made(f"<article><h1>{TITLE}</h1>{paragraphs(PARAGRAPHS[0])}{wall}</article>", head=free).paywalled


GONE = {
    "en": "Sorry, the page you were looking for could not be found. It may have been moved or deleted.",
    "de": "Die von Ihnen gesuchte Seite wurde leider nicht gefunden. Sie wurde verschoben oder gelöscht.",
    "fr": "La page que vous cherchez n'existe pas ou plus. Elle a peut-être été déplacée depuis votre visite.",
    "sv": "Tyvärr kunde vi inte hitta sidan du söker. Den kan ha flyttats eller tagits bort från webbplatsen.",
    "cs": "Omlouváme se, ale hledaná stránka neexistuje nebo byla odstraněna. Vraťte se na hlavní stránku.",
    "el": "Λυπούμαστε, η σελίδα που αναζητάτε δεν υπάρχει ή έχει διαγραφεί. Επιστρέψτε στην αρχική σελίδα.",
    "ja": "お探しのページは見つかりませんでした。移動または削除された可能性があります。トップにお戻りください。",
    "zh": "抱歉，您访问的页面不存在或已被删除，请检查网址是否正确，或返回首页继续浏览其他新闻内容。",
    "ar": "عذرا، الصفحة التي تبحث عنها غير موجودة أو تم حذفها. يرجى العودة إلى الصفحة الرئيسية أو استخدام البحث.",
    "fa": "متأسفانه صفحه مورد نظر شما یافت نشد. ممکن است حذف شده یا جابجا شده باشد. به صفحه اصلی بازگردید.",
    "he": "מצטערים, הדף שחיפשת לא נמצא. ייתכן שהוא הוסר או הועבר. חזרו לעמוד הבית או השתמשו בחיפוש שלנו.",
    "vi": "Rất tiếc, trang bạn tìm kiếm không tồn tại hoặc đã bị xóa. Vui lòng quay lại trang chủ của chúng tôi.",
    "th": "ขออภัย ไม่พบหน้าที่คุณกำลังค้นหา หน้านี้อาจถูกลบหรือย้ายไปแล้ว กรุณากลับไปที่หน้าแรกของเว็บไซต์",
}
CONSENT = {
    "pt": "Valorizamos a sua privacidade. Nós e os nossos parceiros armazenamos cookies no seu dispositivo.",
    "pl": "Cenimy Twoją prywatność. My i nasi partnerzy przechowujemy informacje na urządzeniu.",
    "tr": "Gizliliğinize değer veriyoruz. Biz ve ortaklarımız çerez kullanıyoruz. Kabul edebilirsiniz.",
    "ru": "Мы используем файлы cookie. Продолжая пользоваться сайтом, вы соглашаетесь на обработку данных.",
    "ja": "当サイトはクッキーを使用しています。続行するには使用に同意してください。設定はいつでも変更できます。",
}


@pytest.mark.parametrize("lang", GONE)
def test_a_page_that_says_that_it_is_gone_is_dropped_for_that(lang: str) -> None:
    with pytest.raises(NoArticle) as caught:
        made(f"<main><h1>Example News</h1><p>{GONE[lang]}</p></main>", title="Example News", lang=lang)

    assert "soft 404" == caught.value.reason


@pytest.mark.parametrize("lang", CONSENT)
def test_a_consent_wall_is_dropped_for_that(lang: str) -> None:
    with pytest.raises(NoArticle) as caught:
        made(f"<main><h1>Example News</h1><p>{CONSENT[lang]}</p></main>", title="Example News", lang=lang)

    assert "consent wall" == caught.value.reason
    assert "consent wall" in REASONS


@pytest.mark.parametrize(
    "title", ["Room 404: a play about nothing found", "We use cookies, says the baker of Wexcombe"]
)
def test_a_title_that_only_speaks_of_such_a_page_is_that_of_an_article(title: str) -> None:
    refusal.check(title, "\n\n".join(PARAGRAPHS))
