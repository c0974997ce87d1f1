"""Section pages: articles are told from furniture in layouts that have nothing in common. All pages are invented."""

# ruff: noqa: E501 - whole lines of invented pages

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.spiders import section
from crawler.spiders.section import links

CARDS = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>World</title></head><body class="has-menu">
<header><nav class="main-nav"><ul>
  <li><a href="/">Home</a></li><li><a href="/world">World</a></li><li><a href="/politics">Politics and Government</a></li>
  <li><a href="/business">Business</a></li><li><a href="/world/africa">Africa</a></li></ul></nav></header>
<main><h1>World</h1><div class="grid">
 <article class="card"><a href="/world/2026/11/20/harbour-talks-resume-after-a-week"><img src="a.jpg" alt=""></a>
  <a class="kicker" href="/topic/trade">Trade</a>
  <h3><a href="/world/2026/11/20/harbour-talks-resume-after-a-week">Harbour talks resume after a week of silence</a></h3>
  <p>Negotiators met again.</p><time datetime="2026-11-20T08:15:00+01:00">20 Nov</time> <a href="/authors/ina-berg">Ina Berg</a></article>
 <article class="card"><h3><a href="/world/2026/11/19/glacier-lake-drained?utm_source=front">Engineers drain a glacier lake above two villages</a></h3>
  <time datetime="2026-11-19">19 Nov</time> <a href="/authors/jo-lind">Jo Lind</a> <a href="/world/2026/11/19/glacier-lake-drained#comments">12 comments</a></article>
 <article class="card"><h3><a href="/world/2026/11/18/obituary">A quiet minister</a></h3><time datetime="2026-11-18">18 Nov</time></article>
 <article class="card"><h3><a href="/world/2026/11/17/rail-strike-enters-second-day">Rail strike enters a second day</a></h3></article>
</div><div class="pagination"><a href="/world?page=2">Older stories from around the world</a></div></main>
<aside class="newsletter"><a href="/newsletters">Get our weekly newsletter about the world</a></aside>
<footer><a href="/about-us">About us and how we work today</a><a href="/privacy-policy">Privacy policy of this web site</a>
<a href="https://other.example/story/2026/11/20/somebody-elses-long-story">Somebody else's long story on their own site</a></footer></body></html>"""

CHINESE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>国际</title></head><body>
<div class="nav"><a href="/">首页</a><a href="/china/">国内新闻</a><a href="/world/">国际新闻</a><a href="/mil/">军事</a><a href="/sports/">体育频道</a></div>
<div class="w1000"><div class="path"><a href="/">首页</a> &gt; <a href="/world/">国际</a></div><ul class="list14">
<li><a href="/n1/2026/1120/c1002-40123456.html" target="_blank">两国代表团就渔业协定举行新一轮会谈</a><span>2026年11月20日 09:12</span></li>
<li><a href="/n1/2026/1120/c1002-40123457.html" target="_blank">山区隧道提前三个月贯通</a><span>2026年11月20日 08:40</span></li>
<li><a href="/n1/2026/1119/c1002-40123001.html" target="_blank">评论：谈判</a><span>2026年11月19日</span></li>
<li><a href="/n1/2026/1119/c1002-40122999.html" target="_blank">港口城市公布未来五年公共交通规划草案</a><span>2026年11月19日</span></li>
</ul><div class="page_n"><a href="index2.html">下一页</a></div></div>
<div class="footer"><a href="/about/">关于我们以及本网站的法律声明</a><a href="/help/contact.html">联系我们</a></div></body></html>"""

TABLES = """<HTML><BODY bgcolor=white><table width=760><tr><td width=150 valign=top>
<table><tr><td><a href="index.html">Home</a></td></tr><tr><td><a href="military.htm">Military</a></td></tr>
<tr><td><a href="wmd.htm">WMD</a></td></tr><tr><td><a href="intell.htm">Intelligence</a></td></tr>
<tr><td><a href="space.htm">Space</a></td></tr><tr><td><a href="news.htm">All the News</a></td></tr></table></td>
<td valign=top><font size=4><b>News</b></font><table>
<tr><td>11/20/26</td><td><a href="library/2026/11/mil-261120-one01.htm">Navy tests a new tug in the northern strait</a><br>Coast Press</td></tr>
<tr><td>11/20/26</td><td><a href="library/2026/11/mil-261120-two01.htm">Ministry denies report about border posts</a><br>Coast Press</td></tr>
<tr><td>11/19/26</td><td><a href="library/2026/11/mil-261119-thr01.htm">Briefing</a><br>Office</td></tr>
<tr><td>11/19/26</td><td><a href="library/2026/11/mil-261119-fou01.htm">Two air forces begin a joint exercise</a><br>Hill Radio</td></tr>
</table></td></tr></table><center><a href="contact.htm">Contact the people who made this page</a></center></BODY></HTML>"""

RUSSIAN = """<html lang="ru"><body><div id="menu"><a href="/politika">Политика</a><a href="/ekonomika">Экономика и финансы</a><a href="/obschestvo">Общество</a></div>
<div class="lenta"><div class="item"><span class="date">20.11.2026 09:12</span><a href="/politika/20451187">Парламент принял поправки к закону о реках</a></div>
<div class="item"><span class="date">20.11.2026 08:55</span><a href="/ekonomika/20451180">Завод на Урале возобновил работу после ремонта</a></div>
<div class="item"><span class="date">19.11.2026 22:01</span><a href="/obschestvo/20451101">Снег идёт</a></div></div>
<div class="footer"><a href="/reklama">Реклама на сайте и правила её размещения</a></div></body></html>"""

ARABIC = """<html dir="rtl" lang="ar"><head><base href="https://press.example/ar/"></head><body><nav><a href="politics">سياسة</a><a href="economy">اقتصاد</a></nav>
<section><div class="card"><a href="news/2026/11/20/%D8%A7%D9%84%D9%85%D9%8A%D9%86%D8%A7%D8%A1-%D9%8A%D9%81%D8%AA%D8%AD-%D8%A3%D8%A8%D9%88%D8%A7%D8%A8%D9%87">الميناء يفتح أبوابه من جديد بعد العاصفة</a></div>
<div class="card"><a href="news/2026/11/20/%D8%A7%D9%84%D9%85%D8%AF%D8%A7%D8%B1%D8%B3">المدارس تستأنف الدراسة يوم الأحد المقبل</a></div>
<div class="card"><a href="news/2026/11/19/%D8%A7%D9%84%D8%B3%D8%AF">مهندسون يفحصون السد القديم شمال المدينة</a></div></section></body></html>"""

KOREAN = """<html><body><ul id="gnb"><li><a href="list.php?cat=pol">정치</a></li><li><a href="list.php?cat=eco">경제</a></li><li><a href="list.php?cat=soc">사회</a></li></ul>
<dl><dt><a href="view.php?idxno=118231">해안 도시, 내년부터 새 전철 노선 운행</a></dt><dd>2026-11-20 10:02</dd>
<dt><a href="view.php?idxno=118230">겨울 축제 준비로 분주한 산골 마을</a></dt><dd>2026-11-20 09:47</dd>
<dt><a href="view.php?idxno=118229">어업 협정 협상 다시 시작</a></dt><dd>2026-11-19 18:30</dd></dl>
<a href="list.php?page=2">다음</a></body></html>"""

BIG_LINKS = """<html lang="de"><body><header class="site-header"><a href="/wirtschaft/">Wirtschaft</a></header>
<a class="teaser" href="/politik/haushalt-beschlossen-a-4711.html"><span class="teaser__kicker">Haushalt</span>
 <h2 class="teaser__title">Der Stadtrat beschließt einen Haushalt ohne neue Schulden</h2><p>Nach langer Nacht war man sich einig, und zwar überraschend deutlich.</p></a>
<a class="teaser" href="/politik/bahnhof-wird-umgebaut-a-4712.html"><h2 class="teaser__title">Der alte Bahnhof wird umgebaut</h2><p>Im Frühjahr geht es los.</p></a>
<a class="teaser" href="/politik/wahl-im-mai-a-4713.html"><h2 class="teaser__title">Gewählt wird im Mai</h2><p>Das steht nun fest.</p></a>
<footer><a href="/impressum">Impressum und Hinweise zum Datenschutz auf dieser Seite</a></footer></body></html>"""

LAYOUTS = {
    "cards": (CARDS, "https://news.example/world", [
        ("https://news.example/world/2026/11/20/harbour-talks-resume-after-a-week", "Harbour talks resume after a week of silence", "2026-11-20T08:15:00+01:00"),
        ("https://news.example/world/2026/11/19/glacier-lake-drained", "Engineers drain a glacier lake above two villages", "2026-11-19"),
        ("https://news.example/world/2026/11/18/obituary", "A quiet minister", "2026-11-18"),
        ("https://news.example/world/2026/11/17/rail-strike-enters-second-day", "Rail strike enters a second day", None),
    ]),
    "Chinese list": (CHINESE, "http://world.press.example/world/", [
        ("http://world.press.example/n1/2026/1120/c1002-40123456.html", "两国代表团就渔业协定举行新一轮会谈", "2026-11-20T09:12"),
        ("http://world.press.example/n1/2026/1120/c1002-40123457.html", "山区隧道提前三个月贯通", "2026-11-20T08:40"),
        ("http://world.press.example/n1/2026/1119/c1002-40123001.html", "评论：谈判", "2026-11-19"),
        ("http://world.press.example/n1/2026/1119/c1002-40122999.html", "港口城市公布未来五年公共交通规划草案", "2026-11-19"),
    ]),
    "old tables": (TABLES, "https://www.sentry.example/news.html", [
        ("https://www.sentry.example/library/2026/11/mil-261120-one01.htm", "Navy tests a new tug in the northern strait", None),
        ("https://www.sentry.example/library/2026/11/mil-261120-two01.htm", "Ministry denies report about border posts", None),
        ("https://www.sentry.example/library/2026/11/mil-261119-thr01.htm", "Briefing", None),
        ("https://www.sentry.example/library/2026/11/mil-261119-fou01.htm", "Two air forces begin a joint exercise", None),
    ]),
    "Russian wire": (RUSSIAN, "https://wire.example/", [
        ("https://wire.example/politika/20451187", "Парламент принял поправки к закону о реках", "2026-11-20T09:12"),
        ("https://wire.example/ekonomika/20451180", "Завод на Урале возобновил работу после ремонта", "2026-11-20T08:55"),
        ("https://wire.example/obschestvo/20451101", "Снег идёт", "2026-11-19T22:01"),
    ]),
    "Arabic with a base": (ARABIC, "https://press.example/", [
        ("https://press.example/ar/news/2026/11/20/%D8%A7%D9%84%D9%85%D9%8A%D9%86%D8%A7%D8%A1-%D9%8A%D9%81%D8%AA%D8%AD-%D8%A3%D8%A8%D9%88%D8%A7%D8%A8%D9%87", "الميناء يفتح أبوابه من جديد بعد العاصفة", None),
        ("https://press.example/ar/news/2026/11/20/%D8%A7%D9%84%D9%85%D8%AF%D8%A7%D8%B1%D8%B3", "المدارس تستأنف الدراسة يوم الأحد المقبل", None),
        ("https://press.example/ar/news/2026/11/19/%D8%A7%D9%84%D8%B3%D8%AF", "مهندسون يفحصون السد القديم شمال المدينة", None),
    ]),
    "Korean numbers": (KOREAN, "https://ilbo.example/list.php", [
        ("https://ilbo.example/view.php?idxno=118231", "해안 도시, 내년부터 새 전철 노선 운행", "2026-11-20T10:02"),
        ("https://ilbo.example/view.php?idxno=118230", "겨울 축제 준비로 분주한 산골 마을", "2026-11-20T09:47"),
        ("https://ilbo.example/view.php?idxno=118229", "어업 협정 협상 다시 시작", "2026-11-19T18:30"),
    ]),
    "cards that are one link": (BIG_LINKS, "https://blatt.example/politik/", [
        ("https://blatt.example/politik/haushalt-beschlossen-a-4711.html", "Der Stadtrat beschließt einen Haushalt ohne neue Schulden", None),
        ("https://blatt.example/politik/bahnhof-wird-umgebaut-a-4712.html", "Der alte Bahnhof wird umgebaut", None),
        ("https://blatt.example/politik/wahl-im-mai-a-4713.html", "Gewählt wird im Mai", None),
    ]),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_articles_are_told_from_furniture(layout: str) -> None:
    page, url, expected = LAYOUTS[layout]
    body = page.encode("gb18030" if "gb2312" in page else "utf-8")

    found = links(body, "text/html", url)

    assert found.problem is None
    assert expected == [(entry.url, entry.title, entry.published) for entry in found.entries]


def test_a_page_of_nothing_but_furniture_says_so() -> None:
    page = b"<nav><a href=/world>World</a><a href=/sports>Sports</a></nav><footer><a href=/about>About</a></footer>"

    assert links(page, "", "https://news.example/").problem == "none of the page's 3 links looks like an article"


def test_a_page_that_waits_for_javascript_says_so() -> None:
    page = b"<html><body><div id=app></div><script src=/app.js></script></body></html>"

    assert "may need JavaScript" in (links(page, "", "https://news.example/").problem or "")


def test_an_empty_answer_says_so() -> None:
    assert links(b" ", "", "https://news.example/").problem == "the answer is empty"


def test_a_cut_headline_is_taken_whole_from_its_title() -> None:
    rows = "".join(
        f'<li><a href="/n/2026-11-20/{n}00017.html" title="Number {n} of the long headlines is here in full">Number {n} of the…</a></li>'
        for n in range(4)
    )

    found = links(f"<ul>{rows}</ul>".encode(), "", "https://news.example/")

    assert found.entries[2].title == "Number 2 of the long headlines is here in full"


def test_a_date_inside_the_link_is_the_date_and_not_the_title() -> None:
    rows = "".join(
        f'<p><a href="/a/4{n}123.html">[2026-11-{n} 10:30] The council of town number {n} meets</a></p>'
        for n in (11, 12, 13)
    )

    found = links(rows.encode(), "", "https://news.example/")

    assert (found.entries[0].title, found.entries[0].published) == (
        "The council of town number 11 meets",
        "2026-11-11T10:30",
    )


def test_a_date_in_a_headline_dates_nothing() -> None:
    rows = "".join(
        f'<p><a href="/a/{n}4123.html">Ten years after March {n}, 2016: what was learned</a></p>' for n in (11, 12, 13)
    )

    assert [e.published for e in links(rows.encode(), "", "https://news.example/").entries] == [None] * 3


@given(st.binary(max_size=400) | st.text("<>ah ref=\"'/:#&;0123ul", max_size=400).map(str.encode))
def test_no_page_breaks_the_reader(body: bytes) -> None:
    found = links(body, "", "https://news.example/")

    assert bool(found.entries) != bool(found.problem)


def test_real_pages_are_read_without_a_crash(corpus: Path) -> None:
    pages = sorted((corpus / "hostile" / "xss").rglob("*"))[:100]

    for page in pages:
        if page.is_file():
            links(page.read_bytes()[:200_000], "", "https://news.example/")


def test_a_page_of_too_many_links_says_how_many_were_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    stories = "".join(
        f"<article><h3><a href='/news/2026/11/story-{n}-of-the-harbour'>A long headline about pier {n} of it</a></h3>"
        "<p>And some words of what it is about.</p></article>"
        for n in range(12)
    )
    body = f"<html><body><main>{stories}</main></body></html>".encode()
    whole = links(body, "text/html", "https://coast.example/news")
    monkeypatch.setattr(section, "_MOST_LINKS", 8)

    cut = links(body, "text/html", "https://coast.example/news")

    assert (12, "") == (len(whole.entries), whole.lacking)
    assert (8, "the page has 12 links, of which the first 8 were looked at") == (len(cut.entries), cut.lacking)
