from __future__ import annotations

import json
import random

import pytest

from crawler.errors import NoArticle
from crawler.extract import extract, signs, weigh
from crawler.extract.body import of_trafilatura
from crawler.extract.page import parse
from crawler.records import Article, Fetched, Source

URL = "https://www.example.com/2020/story"
SOURCE = Source("example", "The Example", "https://www.example.com/")
TITLE = "Harbour council votes for breakwater"
PARAGRAPHS = (
    "The harbour council of Northport voted on the new breakwater after nine hours, and the plan passed by one voice.",
    "Fishermen who waited outside since dawn will go to court, because the entrance becomes narrow for their boats.",
    "The engineers answered that model tests had shown no danger, and that work begins after the herring season only.",
    "A second vote on the costs is due in spring, when the province has said how much of the stone it will pay for.",
)
MENU = "<nav><ul>" + "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(9)) + "</ul></nav>"


def made(body: str, *, head: str = "", title: str = TITLE, lang: str = "en") -> Article:
    markup = f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
    return extract(Fetched(URL, URL, f"{markup}<body>{body}</body></html>".encode(), "text/html"), SOURCE)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts or PARAGRAPHS)


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


@pytest.mark.parametrize("count", [60, 250, 1_200])
def test_of_a_speech_of_many_paragraphs_each_is_kept(count: int) -> None:
    draw = random.Random(count)  # a draw, no secret
    words = " ".join(PARAGRAPHS).split()
    said = [" ".join(draw.choices(words, k=draw.randint(18, 60))).strip(",.") + "." for _ in range(count)]
    article = made(f"{MENU}<main><article><h1>{TITLE}</h1>{paragraphs(*said)}</article></main><footer>Imprint</footer>")

    assert article.text.split("\n\n") == said


def test_what_was_typed_keeps_its_paragraphs_and_loses_its_line_ends() -> None:
    typed = "\n\n".join(text.replace(" the ", "\nthe ") for text in PARAGRAPHS) + "&#12;"
    article = made(f"{MENU}<h1>{TITLE}</h1><pre>{typed}</pre>")

    assert article.text.split("\n\n") == list(PARAGRAPHS)


def test_a_page_without_end_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.extract.lines.MOST_LINES", 30)
    monkeypatch.setattr("crawler.extract.article.MOST_LINES", 30)
    article = made(f"<h1>{TITLE}</h1><article>{paragraphs(*PARAGRAPHS * 10)}</article>")

    assert article.evidence["text"] == "page, its first 30 lines"


@pytest.mark.parametrize(
    "furniture",
    [
        '<aside class="related"><h3>Read more</h3><ul><li><a href="/1">Storm stops the ferries</a></li></ul></aside>',
        '<figure><img src="a.jpg"><figcaption>The harbour on Monday. Photo: Example</figcaption></figure>',
        '<div class="newsletter-signup"><p>Get our newsletter with the best stories of each day.</p></div>',
        '<div class="share-buttons"><a href="/f">Facebook</a> <a href="/t">Twitter</a> <a href="/m">Mail</a></div>',
        '<div class="cookie-banner"><p>We use cookies to show advertisements. Read our rules to learn more.</p></div>',
    ],
    ids=["related", "caption", "newsletter", "share", "cookies"],
)
@pytest.mark.parametrize("place", ["between", "below"])
def test_what_stands_around_the_text_is_left_out(furniture: str, place: str) -> None:
    middle, end = (furniture, "") if place == "between" else ("", furniture)
    body = f"{MENU}<article><h1>{TITLE}</h1>{paragraphs(*PARAGRAPHS[:2])}{middle}{paragraphs(*PARAGRAPHS[2:])}{end}"

    assert "\n\n".join(PARAGRAPHS) == made(f"{body}</article><footer><p>Copyright Example Media</p></footer>").text


def test_subheadings_lists_and_quotations_are_text() -> None:
    listed = ("A wall of 400 metres, made of stone.", "A lamp at its end, seen from nine miles away.")
    quoted = "“We have sailed here for forty years, and nobody has asked us what the wind does in January.”"
    body = (
        f"<article><h1>{TITLE}</h1>{paragraphs(*PARAGRAPHS[:2])}<h2>What will be built</h2>"
        f"<ul>{''.join(f'<li>{item}</li>' for item in listed)}</ul><blockquote><p>{quoted}</p></blockquote>"
        f"{paragraphs(*PARAGRAPHS[2:])}</article>"
    )

    expected = [*PARAGRAPHS[:2], "What will be built", *listed, quoted, *PARAGRAPHS[2:]]
    assert expected == made(MENU + body).text.split("\n\n")


def test_an_old_page_keeps_its_article_in_one_cell_of_a_table() -> None:
    links = "".join(f'<tr><td><a href="/{n}">Page {n}</a></td></tr>' for n in range(8))
    cell = f"<td><h1>{TITLE}</h1>{paragraphs()}</td>"

    assert "\n\n".join(PARAGRAPHS) == made(f"<table><tr><td><table>{links}</table></td>{cell}</tr></table>").text


def test_paragraphs_may_be_divided_by_line_breaks_only() -> None:
    body = f'{MENU}<h1>{TITLE}</h1><div class="text">{"<br><br>".join(PARAGRAPHS)}</div>'

    assert "\n\n".join(PARAGRAPHS) == made(body).text


def test_text_that_is_not_shown_is_no_text() -> None:
    hidden = '<div style="display:none"><p>This promotion is shown only to readers who come from a partner.</p></div>'

    text = made(f"{MENU}<article><h1>{TITLE}</h1>{paragraphs()}{hidden}</article>").text
    assert "\n\n".join(PARAGRAPHS) == text


RIGHT_TO_LEFT = (
    "صوّت مجلس الميناء في المدينة الشمالية على كاسر الأمواج الجديد بعد تسع ساعات من النقاش، وأُقرت الخطة بفارق صوت واحد.",
    "وقال صيادون انتظروا في الخارج منذ الفجر إنهم سيلجؤون إلى القضاء، لأن المدخل يصبح ضيقا على قواربهم.",
    "ورد المهندسون بأن التجارب لم تظهر أي خطر، وأن العمل لن يبدأ إلا بعد انتهاء موسم الصيد في الخريف.",
)
CHINESE = (
    "北港市港务委员会经过九个小时的讨论，以一票之差通过了修建新防波堤的计划，工程将在秋季渔汛结束之后动工。",
    "从清晨起就在门外等候的渔民表示，他们将向法院提起诉讼，因为入口变窄之后，他们的渔船进出港口会更加困难。",
    "工程师回应说，模型试验没有显示任何危险；关于费用的第二次表决将在明年春天举行，届时省里会说明分担的数额。",
)


@pytest.mark.parametrize(("lang", "texts"), [("ar", RIGHT_TO_LEFT), ("zh", CHINESE)], ids=["right to left", "Chinese"])
def test_scripts_of_every_kind_are_read(lang: str, texts: tuple[str, ...]) -> None:
    links = "".join(f'<a href="/{n}">{text[:8]}</a>' for n, text in enumerate(texts))
    body = f"<div class='menu'>{links}</div><div class='content'><h1>{texts[0][:20]}</h1>{paragraphs(*texts)}</div>"

    article = made(body, title=texts[0][:20], lang=lang)
    assert ("\n\n".join(texts), lang) == (article.text, article.language)


def test_a_text_in_the_charset_that_is_not_declared_is_read_whole() -> None:
    texts = tuple(text.replace("harbour", "Hafenbehörde für Öl") for text in PARAGRAPHS)
    markup = (
        f'<html><head><meta charset="utf-8"><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{paragraphs(*texts)}'
    )

    found = extract(Fetched(URL, URL, markup.encode("cp1252"), "text/html; charset=utf-8"), SOURCE).text
    assert "\n\n".join(texts) == found


def test_the_start_of_a_paywalled_text_is_a_lead() -> None:
    node = {"@type": "NewsArticle", "headline": TITLE, "isAccessibleForFree": False}

    article = made(f"<article><h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p></article>", head=ld(node))
    assert ("lead", True, PARAGRAPHS[0]) == (article.completeness, article.paywalled, article.text)


@pytest.mark.parametrize(
    ("title", "text", "reason"),
    [
        (
            "404 - page not found",
            "The page that you asked for does not exist. Try the search or go to the start.",
            "soft 404",
        ),
        (
            "We value your privacy",
            "We and our partners use cookies. Accept all of them to read on, or go.",
            "consent wall",
        ),
        ("Just a moment...", "Checking your browser before you go on. This takes a few seconds only.", "blocked"),
    ],
)
def test_pages_that_are_no_articles_are_refused_with_the_reason(title: str, text: str, reason: str) -> None:
    with pytest.raises(NoArticle) as caught:
        made(f"<h1>{title}</h1><p>{text}</p>", title=title)

    assert reason == caught.value.reason


def test_a_link_that_stands_alone_among_the_text_is_part_of_it() -> None:
    page = parse(
        f"<html><body><div>{paragraphs(*PARAGRAPHS[:2])}<p><a href='/x'>The plan, page by page</a></p>"
        f"{paragraphs(*PARAGRAPHS[2:])}</div>{MENU}</body></html>".encode(),
        "text/html",
        URL,
    )
    read = signs.read(page.lines, page.keys, titles=(), description="", article_body="", words={})

    assert [True] * 5 + [False] * 9 == [sign is not None for sign in read]


def test_the_weights_were_learnt_from_the_signs_that_are_read() -> None:
    learnt = weigh.weights()
    asked = {sign for tree in learnt.trees for sign in tree.signs}

    assert signs.NAMES == learnt.signs
    assert asked <= set(range(len(signs.NAMES)))
    assert {len(tree.leaves) - len(tree.signs) for tree in learnt.trees} == {1}


def test_a_chance_moves_by_log_odds() -> None:
    assert pytest.approx(0.5) == weigh.moved(0.5, 0.0)
    assert pytest.approx(0.731, abs=0.001) == weigh.moved(0.5, 1.0)
    assert 0.0 < weigh.moved(0.0, 1.0) < 0.001
    assert 1.0 == weigh.moved(1.0, -1.0)


def test_trafilatura_still_reads_a_tree_of_ours() -> None:
    """Its own parser makes other element classes; ours are to do as well."""
    page = parse(f"<html><body><article><h1>{TITLE}</h1>{paragraphs()}</article></body></html>".encode(), "", URL)

    assert list(PARAGRAPHS) == of_trafilatura(page.tree)[-4:]
    assert list(PARAGRAPHS) == of_trafilatura(page.tree, fast=True)[-4:]


@pytest.mark.parametrize("name", ["comments-closed", "post comments-open hentry", "comments_off", "no-comments"])
@pytest.mark.parametrize("count", [1, 3])
def test_a_class_that_tells_of_comments_and_holds_none_costs_no_text(name: str, count: int) -> None:
    text = PARAGRAPHS[:count]

    assert "\n\n".join(text) == made(f"<div><h1>{TITLE}</h1><div class='{name}'>{paragraphs(*text)}</div></div>").text


def test_comments_are_no_text_whatever_else_their_class_tells() -> None:
    said = "I do not believe a word of what the council says, and neither does anybody whom I know in Northport."
    answers = f"<div class='comments comments-closed'><div class='comment'><p>{said}</p></div></div>"

    assert said not in made(f"<article><h1>{TITLE}</h1>{paragraphs(*PARAGRAPHS)}</article>{answers}").text


@pytest.mark.parametrize(
    "last", ["<div>{}</div>", "<section>{}</section>", "<span>{}</span>", "{}", "<p class='xT9'>{}</p>"]
)
def test_the_last_block_of_a_text_may_be_another_than_the_rest(last: str) -> None:
    told = "Work begins after the herring season, said the engineer."
    article = made(f"<article><h1>{TITLE}</h1>{paragraphs()}{last.format(told)}</article>")

    assert [*PARAGRAPHS, told] == article.text.split("\n\n")


PAPERS = ("Courier", "Herald", "Tribune", "Gazette")


def test_a_press_review_of_sentences_that_link_elsewhere_is_kept_whole() -> None:
    told = [f"The {name} asks why the port is late again, and who will pay for the stone." for name in PAPERS]
    told[1] = "The Herald has no news of it."
    linked = "".join(f"<li><a href='//o.test/{at}'>{line}</a></li>" for at, line in enumerate(told))
    article = made(f"<article><h1>{TITLE}</h1>{paragraphs(*PARAGRAPHS[:2])}<ul>{linked}</ul></article>")

    assert told == article.text.split("\n\n")[2:]
