"""Titles that end with the name of their site, behind whatever mark, where the page shows no heading."""

from __future__ import annotations

import pytest

from crawler.extract import extract
from crawler.extract.sitenames import without_end
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


def title(title: str, lang: str, head: str = "", above: str = "", below: str = "") -> str:
    text = TEXTS[lang]
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
    for mark in ("：", "｜", " | ", " - ", " － ", " ： ", " :: ", " — ", *(("－", "_", "-", "／") if dense else ())):
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
    assert "Boats stay in the harbour : Post" == without_end("Boats stay in the harbour : Post", set())
    assert "Boats stay in the harbour" == without_end("Boats stay in the harbour : News ： Post", {"post", "news"})
    assert "Boats stay in the harbour" == without_end("Boats stay in the harbour | The - Post", {"thepost"})
