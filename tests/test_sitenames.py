"""Titles that end with the name of their site, behind whatever mark, where the page shows no heading."""

from __future__ import annotations

import pytest

from crawler.agencies import is_medium
from crawler.extract import extract
from crawler.extract.sitenames import Names, without_end
from crawler.records import Fetched, Source

SOURCE = Source("e", "", "http://x.test/")
URL = "https://www.example.com/2024/1"
TEXTS = {
    "ja": "北港の港湾局は一日、強風のためすべてのフェリーを欠航とし、港の入り口を翌朝まで閉鎖すると発表した。",
    "zh": "北港港务局五月一日表示，由于风力达到十级，所有渡轮停航，港口入口已经封闭，船只必须留在港内等待通知。",
    "ko": "북항 항만청은 1일 강풍으로 모든 여객선의 운항을 중단하고 항구 입구를 다음 날 아침까지 폐쇄한다고 밝혔다.",
    "en": "The harbour council of Northport voted on the new breakwater after nine hours, and it passed by one voice.",
    "ru": "Портовое управление сообщило, что из-за сильного ветра все паромы остаются в гавани, а вход закрыт до утра.",
}
SITES = {
    "ja": ("フェリー全便欠航、強風で港の入り口も閉鎖", "東港新聞デジタル"),
    "zh": ("渡轮全部停航，港口入口封闭", "东港网"),
    "ko": ("여객선 모두 중단, 항구 입구 폐쇄", "동항일보"),
    "en": ("Council votes for the new breakwater", "Harbour Post"),
    "ru": ("Паромы остаются в гавани до утра", "Портовый вестник"),
}
EVIDENCE = {
    "og:site_name": ("<meta property='og:site_name' content='{}'>", "", ""),
    "publisher": (
        '<script type="application/ld+json">{{"@type":"NewsArticle","publisher":{{"name":"{}"}}}}</script>',
        "",
        "",
    ),
    "logo": ("", "<header><a href='/'><img src=l.png alt='{}'></a></header>", ""),
    "link to the front page": ("", "<header><a href='https://www.example.com/'>{}</a></header>", ""),
    "image of the logo": ("", "<img class=site-logo src=l.png alt='{}'>", ""),
    "owner": ("", "", "<footer>Copyright © 2024 {}. All rights reserved</footer>"),
}


_DECLARED = ("og:site_name", "publisher")


def title(title: str, lang: str, head: str = "", above: str = "", below: str = "") -> str:
    text = TEXTS.get(lang, TEXTS["en"])
    markup = (
        f"<!doctype html><html lang={lang}><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{above}"
        f"<div id=content><p>{text}</p><p>{text[::-1]}</p><p>{text}!</p></div>{below}</body></html>"
    )
    return extract(Fetched(URL, URL, markup.encode(), "text/html"), SOURCE).title


@pytest.mark.parametrize("lang", SITES)
@pytest.mark.parametrize("where", EVIDENCE)
def test_a_title_ends_before_the_name_that_the_page_shows_to_be_its_sites(lang: str, where: str) -> None:
    told, name = SITES[lang]
    parts = [part.format(name) for part in EVIDENCE[where]]
    dense = lang in ("ja", "zh")
    colons, bars = ("：", " ： ", ": "), ("｜", " | ", " :: ")
    others = (" - ", " － ", " — ", *(("－", "_", "-", "／") if dense else ()))
    medium = is_medium(name)
    sure = (*bars, *(colons if medium or where in _DECLARED else ()), *(others if medium or where != "owner" else ()))
    for mark in sure:
        assert told == title(f"{told}{mark}{name}", lang, *parts), mark
    assert told == title(f"{told}【{name}】", lang, *parts)


def test_of_scripts_without_spaces_any_part_of_a_line_of_rights_may_be_the_name() -> None:
    told, name = SITES["zh"]

    assert told == title(f"{told}：{name}", "zh", below=f"<p>版权所有 {name} 京ICP备1234号</p>")
    assert told == title(f"{told}：{name}", "zh", below=f"<p>©2024 {name} 未经授权不得转载</p>")


@pytest.mark.parametrize(
    ("lang", "whole", "name"),
    [
        ("ja", "検証：港の入り口はなぜ閉まったのか", "東港新聞デジタル"),
        ("ja", "検証：東港新聞デジタル", "東港新聞デジタル"),
        ("ja", "港長が語る「すべてを」東港新聞デジタル", "東港新聞デジタル"),
        ("zh", "船长：我们只能等待通知到明天", "东港网"),
        ("zh", "渡轮全部停航，港口入口封闭：东港", "东港网"),
        ("en", "Ferries stop: storm closes the mouth", "Harbour Post"),
        ("en", "A long talk with Jean-Example", "Example"),
        ("en", "The minister speaks up - Weber", "Anna Weber"),
        ("en", "Ten years of the Harbour Post", "Harbour Post"),
    ],
)
def test_what_is_no_name_of_the_site_stays(lang: str, whole: str, name: str) -> None:
    for head, above, below in EVIDENCE.values():
        assert whole == title(whole, lang, head.format(name), above.format(name), below.format(name))


def test_a_title_without_evidence_stays_and_the_shortest_end_goes_first() -> None:
    assert "Boats stay in the harbour : Post" == without_end("Boats stay in the harbour : Post", Names())
    assert "Boats stay in the harbour" == without_end(
        "Boats stay in the harbour : News ： Post", declared("post", "news")
    )
    assert "Boats stay in the harbour" == without_end("Boats stay in the harbour | The - Post", declared("thepost"))


def declared(*names: str) -> Names:
    return Names(declared=frozenset(names))


_PERSONS = {
    "en": ("Portrait of a fisherman", "Tom Berg", "Home"),
    "de": ("Das Porträt eines Fischers", "Anna Berg", "Startseite"),
    "fr": ("Le portrait d'un pêcheur", "Jean Berg", "Accueil"),
    "es": ("El retrato de un pescador", "Julia Berg", "Inicio"),
    "ru": ("Портрет одного рыбака", "Анна Берг", "Главная"),
    "ja": ("港の漁師の肖像と長い一日の物語", "佐藤美咲", "ホーム"),
}


@pytest.mark.parametrize("lang", _PERSONS)
@pytest.mark.parametrize("heading", ["", "<h2>{}</h2>"])
def test_a_person_at_the_end_of_a_title_may_own_the_page(lang: str, heading: str) -> None:
    told, name, _ = _PERSONS[lang]
    rights = f"<footer><p>© 2026 {name}. All rights reserved.</p></footer>"
    for mark in ("：", " ： ", ": "):
        whole = f"{told}{mark}{name}"
        assert whole == title(whole, lang, above=heading.format(whole), below=rights), mark
        logo = f"<header><a href='/'>{name}</a></header>{heading.format(whole)}"
        assert whole == title(whole, lang, above=logo, below=rights), mark


@pytest.mark.parametrize("lang", _PERSONS)
def test_a_link_home_is_no_logo(lang: str) -> None:
    told, _, home = _PERSONS[lang]
    for mark in (": ", " – ", " ： "):
        whole = f"{told}{mark}{home}"
        assert whole == title(whole, lang, above=f"<nav><a href='/'>{home}</a></nav>"), mark


def test_an_owner_behind_a_dash_is_the_site_where_the_host_or_a_logo_says_so() -> None:
    rights, whole = "<footer><p>© 2026 Tom Berg. All rights reserved.</p></footer>", "Portrait of a fisherman・Tom Berg"
    names = Names(owned=frozenset(("tomberg",)))
    assert whole == title(whole, "en", below=rights)
    assert "Portrait of a fisherman" == title(whole, "en", above="<a href='/'>Tom Berg</a>", below=rights)
    assert whole == without_end(whole, names)
    assert "Portrait of a fisherman" == without_end(whole, names._replace(declared=frozenset(("tombergnews",))))
    assert "Portrait of a fisherman" == without_end("Portrait of a fisherman | Tom Berg", names)
