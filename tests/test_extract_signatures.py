"""Whose name a page shows as its author's: bylines as outlets of many languages write them, and what only looks so."""

# ruff: noqa: E501 (markup is judged more easily in one piece)

from __future__ import annotations

import pytest

from tests.test_extract_dates import made, page

_SIGNED = (
    (
        "en",
        '<div class="byline">By <a rel="author" href="/p/a">Jane Roe</a></div><time datetime="2026-03-03T08:12:00Z">3 March 2026</time>',
        ("Jane Roe",),
    ),
    (
        "en",
        '<div><a href="/staff/1/jane-roe/">Jane Roe</a></div><div>USA TODAY</div><div>March 3, 2026, 8:12 a.m. ET</div>',
        ("Jane Roe",),
    ),
    ("en", "<p>By Jane Roe | Staff Writer | jroe@x.example</p>", ("Jane Roe",)),
    ("en", "<p>Jane Roe<br>Special to The X</p><p>March 3, 2026</p>", ("Jane Roe",)),
    (
        "en",
        '<p class="sdc-article-author__byline">By <a>Jane Roe</a>, Europe correspondent <span>@janeroe</span></p>',
        ("Jane Roe",),
    ),
    (
        "en",
        '<div><a href="/author/jane-roe">Jane Roe</a></div><div>Political Editor</div><div>Tuesday 03 March 2026 08:12 GMT</div>',
        ("Jane Roe",),
    ),
    (
        "en",
        '<p class="story-meta__authors">By <a>Jane Roe</a>, <a>John Doe</a> and <a>Ann Low</a></p><p>03/03/2026 08:12 AM EST</p>',
        ("Jane Roe", "John Doe", "Ann Low"),
    ),
    (
        "en",
        '<div>March 03, 2026 08:12 am | Updated 11:40 am IST - NEW DELHI</div><div class="author"><a class="person-name">Jane Roe</a></div>',
        ("Jane Roe",),
    ),
    (
        "de",
        "<div>Von Jane Roe, München</div><div>3. März 2026, 8:12 Uhr</div><div>Lesezeit: 2 Min.</div>",
        ("Jane Roe",),
    ),
    (
        "de",
        '<div class="byline">Eine Analyse von <a rel="author" href="/autoren/W/Jane_Roe"><span itemprop="name">Jane Roe</span></a></div><div>3. März 2026, 8:12 Uhr</div>',
        ("Jane Roe",),
    ),
    ("de", "<p>Von <a>Jane Roe</a>, <a>John Doe</a></p><p>03.03.2026, 08:12 Uhr</p>", ("Jane Roe", "John Doe")),
    ("de", "<p>Autor: Jane Roe</p><p>Dienstag, 03.03.2026, 08:12 Uhr</p>", ("Jane Roe",)),
    ("de", "<div><span>Jane Roe</span> <span>aus Brüssel</span></div><div>03.03.2026</div>", ("Jane Roe",)),
    ("fr", "<div>Par <a>Jane Roe</a>, à Bruxelles</div><div>Publié le 3 mars 2026 à 08:12</div>", ("Jane Roe",)),
    (
        "fr",
        "<p>Par Jane Roe et John Doe (envoyés spéciaux à Rotterdam)</p><p>Publié le 03 mars 2026 à 08h12</p>",
        ("Jane Roe", "John Doe"),
    ),
    (
        "es",
        '<div><a rel="author">Jane Roe</a></div><div>Ciudad de México - 03 MAR 2026 - 08:12 CST</div>',
        ("Jane Roe",),
    ),
    (
        "es",
        '<div>Jane Roe</div><div>Barcelona</div><time datetime="2026-03-03T08:12:00+01:00">03/03/2026 08:12</time>',
        ("Jane Roe",),
    ),
    ("pt", "<p>Por <span>Jane Roe</span>, g1 SP — São Paulo</p><p>03/03/2026 08h12</p>", ("Jane Roe",)),
    (
        "pt",
        '<div><a rel="author" href="/autor/jane-roe">Jane Roe</a></div><div>3 de Março de 2026, 8:12</div>',
        ("Jane Roe",),
    ),
    ("it", "<p>di Jane Roe, inviata a Bruxelles</p><p>3 marzo 2026</p>", ("Jane Roe",)),
    ("it", "<p>Jane Roe</p><p>03 Marzo 2026 alle 08:12</p>", ("Jane Roe",)),
    ("nl", "<div><a>Jane Roe</a> 3 maart 2026 om 08:12 Leestijd 2 minuten</div>", ("Jane Roe",)),
    (
        "nl",
        "<div>Jane Roe</div><div>Correspondent in Brussel</div><div>Dinsdag 3 maart 2026 om 8.12 uur</div>",
        ("Jane Roe",),
    ),
    ("sv", "<div>Jane Roe</div><div>Reporter</div><div>Publicerad 2026-03-03</div>", ("Jane Roe",)),
    ("da", "<div>Af <a>Jane Roe</a></div><div>3. mar. 2026 kl. 08.12</div>", ("Jane Roe",)),
    (
        "no",
        '<div><a href="/a">Jane Roe</a></div><div>Journalist</div><div><a href="/b">John Doe</a></div><div>Journalist</div><div>Publisert 3. mars 2026 kl. 08:12</div>',
        ("Jane Roe", "John Doe"),
    ),
    ("fi", "<div>Jane Roe HS</div><div>3.3.2026 8:12</div>", ("Jane Roe",)),
    ("fi", "<div>Toimittaja: Jane Roe</div><div>3.3. 8:12</div>", ("Jane Roe",)),
    ("pl", "<div>Jane Roe, Bruksela</div><div>03.03.2026, 08:12</div>", ("Jane Roe",)),
    ("pl", "<div>Autor: Jane Roe</div><div>3 marca 2026, 8:12</div>", ("Jane Roe",)),
    ("cs", "<div>3. března 2026 8:12</div><div>Autor: <a>Jane Roe</a></div>", ("Jane Roe",)),
    ("cs", "<div>Jane Roe, Novinky</div><div>3. 3. 2026, 8:12</div>", ("Jane Roe",)),
    ("hu", "<div>Jane Roe</div><div>2026. március 3. 8:12</div>", ("Jane Roe",)),
    ("hu", "<div>Szerző: Jane Roe</div><div>2026. március 3. – 08:12</div>", ("Jane Roe",)),
    ("ro", "<div>Autor: Jane Roe</div><div>03.03.2026 08:12</div>", ("Jane Roe",)),
    ("ru", "<div>Автор Анна Вебер</div><div>03 марта 2026, 08:12</div>", ("Анна Вебер",)),
    ("ru", "<div>Анна ВЕБЕР</div><div>3 марта 2026 8:12</div>", ("Анна Вебер",)),
    ("ru", "<div>Авторы: Анна Вебер, Иван Петров</div><div>3 марта 2026, 08:12</div>", ("Анна Вебер", "Иван Петров")),
    ("uk", "<div>Анна Вебер — вівторок, 3 березня 2026, 08:12</div>", ("Анна Вебер",)),
    ("uk", "<div>Автор: Олена Коваль, Київ</div><div>3 березня 2026, 08:12</div>", ("Олена Коваль",)),
    ("tr", "<div>Ayşe YILMAZ / İSTANBUL</div><div>03.03.2026 - 08:12</div>", ("Ayşe Yılmaz",)),
    ("tr", "<div>Yazan: Ayşe Yılmaz</div><div>Yayınlanma: 03 Mart 2026 08:12</div>", ("Ayşe Yılmaz",)),
    (
        "ar",
        '<div>أحمد محمود</div><div>بي بي سي نيوز عربي</div><time datetime="2026-03-03">3 مارس 2026</time>',
        ("أحمد محمود",),
    ),
    ("ar", "<div>بقلم: أحمد وليد وسمير الحداد</div><div>3 مارس 2026</div>", ("أحمد وليد", "سمير الحداد")),
    ("fa", "<div>نویسنده: رضا شیرازی</div><div>۱۲ اسفند ۱۴۰۴ - ۰۸:۱۲</div>", ("رضا شیرازی",)),
    ("he", "<div>מאת: דוד כהן</div><div>3 במרץ 2026 08:12</div>", ("דוד כהן",)),
    ("hi", "<div>लेखक: अमित कुमार</div><div>3 मार्च 2026</div>", ("अमित कुमार",)),
    ("zh", "<div>澎湃新闻记者 刘欣</div><div>2026-03-03 08:12</div>", ("刘欣",)),
    ("zh", "<div>〔记者刘欣／台北报导〕</div><div>2026/03/03 08:12</div>", ("刘欣",)),
    ("ja", "<div>記者 山田太郎</div><div>2026/03/03 08:12</div>", ("山田太郎",)),
    ("ko", "<div>홍길동 기자 hong@x.co.kr</div><div>등록 2026-03-03 08:12</div>", ("홍길동",)),
    ("vi", "<div>Tác giả: Nguyễn Văn An</div><div>03/03/2026 08:12</div>", ("Nguyễn Văn An",)),
    ("id", "<div>Penulis: Budi Santoso | Editor: Siti Rahma</div><div>03/03/2026, 08:12 WIB</div>", ("Budi Santoso",)),
    ("id", "<div>Budi Santoso - detikNews</div><div>Selasa, 03 Mar 2026 08:12 WIB</div>", ("Budi Santoso",)),
    ("el", "<div>Μαρία Παππά</div><div>03.03.2026 • 08:12</div>", ("Μαρία Παππά",)),
    ("el", "<div>Συντάκτης: Μαρία Παππά</div><div>3 Μαρτίου 2026</div>", ("Μαρία Παππά",)),
    ("en", "<div>By Wanjiru Mwangi</div><div>2026-03-03 08:12</div>", ("Wanjiru Mwangi",)),
    ("en", "<div>By Kim Min-soo</div><div>2026-03-03 08:12</div>", ("Kim Min-soo",)),
    ("en", "<div>By Conor O'Brien</div><div>2026-03-03 08:12</div>", ("Conor O'Brien",)),
    ("en", "<div>By Mary Ann Smith-Jones</div><div>2026-03-03 08:12</div>", ("Mary Ann Smith-Jones",)),
    ("de", "<div>Von Öykü Şahin</div><div>2026-03-03 08:12</div>", ("Öykü Şahin",)),
    ("fr", "<div>Par Aïssatou Diallo</div><div>2026-03-03 08:12</div>", ("Aïssatou Diallo",)),
    ("it", "<div>di Maria Teresa Di Marzio</div><div>2026-03-03 08:12</div>", ("Maria Teresa Di Marzio",)),
    ("sv", "<div>Av Åsa Öberg</div><div>2026-03-03 08:12</div>", ("Åsa Öberg",)),
    ("vi", "<div>Tác giả: Trần Thị Hoa</div><div>2026-03-03 08:12</div>", ("Trần Thị Hoa",)),
    (
        "en",
        '<p>By <a href="/authors/A1/b">Julia Núñez</a> and <a href="/authors/A2/c">Carl Svensson</a></p><p>March 3, 2026 at 8:12 AM EST</p>',
        ("Julia Núñez", "Carl Svensson"),
    ),
    (
        "en",
        '<div>by <a href="/author/b">Julia Núñez</a></div><div>Mar 3, 2026 8:12 AM ET</div><div>Núñez is a staff writer at TIME</div>',
        ("Julia Núñez",),
    ),
    (
        "en",
        '<div class="byline">By <a>Julia Núñez</a> <span>Staff Writer</span> <a>Follow</a></div><div>March 3, 2026 8:12 AM PT</div>',
        ("Julia Núñez",),
    ),
    (
        "en",
        '<ul><li><a href="/authors/b">Julia Núñez</a>, author of <a>Axios Harbours</a></li></ul><div>Mar 3, 2026</div>',
        ("Julia Núñez",),
    ),
    ("en", "<h5>Julia Núñez</h5><p>March 3, 2026 — 8.12am</p>", ("Julia Núñez",)),
    ("en", "<div>Julia Núñez</div><div>Tue Mar 03 2026 - 08:12</div>", ("Julia Núñez",)),
    ("en", "<div>Julia Núñez, The Canadian Press</div><div>Published Mar 3, 2026</div>", ("Julia Núñez",)),
    ("en", "<div>Julia Núñez - The Philippine Star</div><div>March 3, 2026 | 12:00am</div>", ("Julia Núñez",)),
    ("en", "<div>By: Express News Service and Julia Núñez</div><div>March 3, 2026</div>", ("Julia Núñez",)),
    (
        "en",
        "<div>Analysis by <a>Julia Núñez</a>, CNN</div><div>Published 8:12 AM EST, Tue March 3, 2026</div>",
        ("Julia Núñez",),
    ),
    ("en", "<p>Words by Julia Núñez</p><p>Photography by Carl Svensson</p><p>March 3, 2026</p>", ("Julia Núñez",)),
    ("en", '<div><a href="https://substack.com/@b">Julia Núñez</a></div><div>Mar 03, 2026</div>', ("Julia Núñez",)),
    (
        "en",
        '<p class="vcard"><span class="fn">Julia Núñez</span>, <span class="role">Harbour Correspondent</span></p>',
        ("Julia Núñez",),
    ),
    (
        "de",
        "<div>Von: JULIA NÚÑEZ und CARL SVENSSON</div><div>03.03.2026 - 08:12 Uhr</div>",
        ("Julia Núñez", "Carl Svensson"),
    ),
    ("de", "<div>von <a>Julia Núñez</a></div><div>03.03.2026, 08:12</div><div>3 Min.</div>", ("Julia Núñez",)),
    ("de", "<p>Julia Núñez, ORF.at</p><p>3. März 2026</p>", ("Julia Núñez",)),
    ("fr", "<p>Par Julia Núñez avec AFP</p><p>Le 3 mars 2026 à 08h12</p>", ("Julia Núñez",)),
    ("es", "<div>03/03/2026 | 08:12 | <a>Julia Núñez</a> |</div>", ("Julia Núñez",)),
    ("es", "<p>Julia Núñez / Agencias</p><p>3 de marzo de 2026</p>", ("Julia Núñez",)),
    ("nl", "<p>Julia Núñez, Carl Svensson</p><p>di 3 maart 2026 08:12</p>", ("Julia Núñez", "Carl Svensson")),
    ("sv", "<p>Text: Julia Núñez Foto: Carl Svensson</p><p>3 mars 2026</p>", ("Julia Núñez",)),
    ("fi", "<p>Teksti Julia Núñez</p><p>3.3.2026</p>", ("Julia Núñez",)),
    ("pl", "<p>Autor: Julia Núñez / Źródło: PAP</p><p>03.03.2026</p>", ("Julia Núñez",)),
    ("hu", "<p>Írta: Julia Núñez</p><p>2026. március. 03.</p>", ("Julia Núñez",)),
    ("ru", "<div>08:12, 3 марта 2026</div><div>Мария Иванова (Редактор)</div>", ("Мария Иванова",)),
    ("tr", "<div>Zeynep KAYA/ANKARA, (DHA)</div><div>03.03.2026</div>", ("Zeynep Kaya",)),
    ("he", "<div>יעל כהן</div><div>3.3.2026 08:12</div>", ("יעל כהן",)),
    ("zh", "<div>2026-03-03 08:12 聯合報 記者王小明／台北報導</div>", ("王小明",)),
    ("ko", "<div>김민수 기자 kim.minsu@x.co.kr</div><div>입력 2026.03.03 08:12</div>", ("김민수",)),
    (
        "id",
        "<div>Reporter: Dewi Lestari</div><div>Editor: Agus Salim</div><div>3 Maret 2026 | 08.12 WIB</div>",
        ("Dewi Lestari",),
    ),
)
_NOBODY = (
    ("fr", "<p>Le Monde avec AFP</p><p>Publié le 03 mars 2026 à 08h12</p>"),
    ("es", "<p>Redacción Clarín</p><p>03/03/2026 8:12</p>"),
    ("cs", "<div>Autor: ČTK</div><div>3. března 2026 8:12</div>"),
    ("th", "<div>ผู้สื่อข่าวรายงาน</div><div>3 มี.ค. 2569 08:12 น.</div>"),
    ("en", "<p>By The Numbers</p><p>March 3, 2026</p>"),
    ("de", "<p>Von wegen Stillstand</p><p>3. März 2026</p>"),
    ("fr", "<p>Par ailleurs</p><p>3 mars 2026</p>"),
    ("en", '<figure><img src="a.jpg"><figcaption>Photo: Jane Roe</figcaption></figure><p>March 3, 2026</p>'),
    ("en", '<div><img src="a.jpg"><span class="credit">Jane Roe/AP</span></div><p>March 3, 2026</p>'),
    ("en", "<p>(Jane Roe/The X)</p><p>March 3, 2026</p>"),
    ("en", "<p>Illustration by Jane Roe</p><p>March 3, 2026</p>"),
    ("en", "<p>Video by Jane Roe</p><p>March 3, 2026</p>"),
    ("en", "<p>By Artificial Intelligence</p><p>March 3, 2026</p>"),
    ("en", "<p>Local News</p><p>March 3, 2026</p>"),
    ("en", "<p>New Jersey</p><p>March 3, 2026</p>"),
    ("en", "<p>Tel Aviv</p><p>March 3, 2026</p>"),
    (
        "en",
        '<p>March 3, 2026</p><div><img src="a.jpg" alt="Jane Roe at the quay"></div><p class="caption">Jane Roe at the quay on Tuesday</p>',
    ),
    ("en", "<p>By Land and Sea</p><p>March 3, 2026</p>"),
    ("en", "<p>Presented by Harbour Bank</p><p>March 3, 2026</p>"),
    ("en", "<p>Edited by Jane Roe</p><p>March 3, 2026</p>"),
    ("en", '<div class="follow">Follow us</div>'),
    ("en", "<p>Max Capacity 3 May 2026</p>"),
    ("ru", "<div>Фото: Анна Вебер</div><div>3 марта 2026</div>"),
    ("ja", "<p>写真：山田太郎</p><p>2026年3月3日</p>"),
    ("ar", "<p>تصوير: أحمد محمود</p><p>3 مارس 2026</p>"),
    ("sv", "<p>Av Okänd Anledning</p><p>3 mars 2026</p>"),
    ("it", "<p>Di Più</p><p>3 marzo 2026</p>"),
    ("en", "<p>March 3rd 2026 | ROTTERDAM</p>"),
    ("ru", "<p>3 марта, 08:12</p>"),
    ("en", "<p>By Chance</p><p>March 3, 2026</p>"),
    ("en", "<p>From Russia With Love</p><p>March 3, 2026</p>"),
    ("en", "<p>Premier League</p><p>3 March 2026</p>"),
    ("en", "<p>Jane Roe at the quay, 3 March 2026</p>"),
    ("en", "<p>Julia Núñez/Reuters</p><p>3 March 2026</p>"),
    ("en", "<p>Cartoon by Julia Núñez</p><p>3 March 2026</p>"),
    ("en", "<p>Reviewed by Julia Núñez</p><p>3 March 2026</p>"),
    ("en", "<p>By Press Association</p><p>3 March 2026</p>"),
    ("de", "<p>Von Montag an</p><p>3. März 2026</p>"),
    ("de", "<p>Bild: Julia Núñez</p><p>3. März 2026</p>"),
    ("de", "<p>Leserbrief</p><p>3. März 2026</p>"),
    ("fr", "<p>Crédit photo : Julia Núñez</p><p>3 mars 2026</p>"),
    ("es", "<p>Por Ejemplo</p><p>3 de marzo de 2026</p>"),
    ("it", "<p>Di Tutto Un Po</p><p>3 marzo 2026</p>"),
    ("nl", "<p>Door Dik En Dun</p><p>3 maart 2026</p>"),
    ("tr", "<p>Son Dakika</p><p>3 Mart 2026</p>"),
    ("ja", "<p>社会</p><p>2026年3月3日</p>"),
    ("zh", "<p>记者会</p><p>2026-03-03</p>"),
    ("ar", "<p>سياسة</p><p>3 مارس 2026</p>"),
)


@pytest.mark.parametrize(("lang", "under", "names"), _SIGNED)
def test_those_who_sign_are_read_without_place_role_and_house(lang: str, under: str, names: tuple[str, ...]) -> None:
    article = made(page(under=under, lang=lang))

    assert names == article.authors, article.evidence.get("authors")


@pytest.mark.parametrize(("lang", "under"), _NOBODY)
def test_nobody_is_made_an_author(lang: str, under: str) -> None:
    assert () == made(page(under=under, lang=lang)).authors


def test_there_are_enough_shapes_and_languages() -> None:
    assert len(_SIGNED) >= 75
    assert len({lang for lang, _, _ in _SIGNED}) >= 20
    assert len(_NOBODY) >= 40
