"""An edition as mail, web copy and text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import lxml.html
import pytest

from digest import edition, render
from digest.content import EditionContent, Translation, clean, clip
from digest.render import Links
from digest.texts import LANGUAGES, Words
from digest.widths import width
from tests.edition_sample import Press, a_morning, a_plan, with_asides

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "evil\u202etxt.exe\r\nBcc: all@example.org",
    "</title><style>*{display:none}</style>",
    "javascript:alert(1)",
    "--><!--[if mso]><b>x</b><![endif]-->",
)


@pytest.fixture(scope="module")
def content() -> EditionContent:
    return edition.choose(a_morning())


def hostile() -> EditionContent:
    press = Press()
    for text in HOSTILE:
        number = press.article(
            "harbour", text, 2, "Counter-intelligence", (text,), lead=text, credited_to=text, language='x" onload="1'
        )
        press.articles[number] = replace(press.articles[number], url="javascript:alert(1)")
        press.story(number, sentences=((f"{text} again", number),))
    return edition.choose(press.material(a_plan(title=HOSTILE[0], top=4)))


@pytest.mark.parametrize("form", [render.mail_html, render.web_html])
def test_hostile_text_stays_text(form: Callable[[EditionContent], bytes]) -> None:
    page = form(with_asides(hostile())).decode()
    tree = lxml.html.fromstring(page)

    assert not tree.xpath("//script | //img | //iframe | //object | //form")
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on")]
    assert not [href for href in tree.xpath("//@href") if not re.match("https?://|mailto:|#story-[0-9]+$", href)]
    assert "\u202e" not in page
    assert page.count("<title>") == 1 + page.count("<rect")
    assert "49" not in "".join(tree.xpath("//h3//text()"))


def test_a_mail_has_no_pictures_no_scripts_no_svg_and_keeps_its_dark_mode(content: EditionContent) -> None:
    page = render.mail_html(content).decode()

    assert not re.search(r"<svg|<img|<script|data:|url\(|@import|<link", page)
    assert "@media (prefers-color-scheme:dark)" in page
    assert '<meta name="color-scheme" content="light dark"' in page
    assert "display:none;mso-hide:all" in page
    assert re.search(r'<h3 class="head"[^>]* style="[^"]*font', page)
    assert max(len(line.encode()) for line in page.splitlines()) < 5000


def test_every_headline_link_and_match_is_in_html_and_text(content: EditionContent) -> None:
    page, plain = render.mail_html(content).decode(), render.text(content).decode()

    for item in content.items:
        assert item.carrier.headline in page
        assert item.carrier.headline in plain
        for carrier in (item.carrier, *item.others, *item.copies):
            assert f'href="{carrier.url}"' in page
            assert carrier.url in plain
        for word in item.matched:
            assert word in plain
    for trouble in content.coverage.troubles:
        assert trouble.name in page
        assert trouble.note in plain


def test_the_text_says_whose_a_sentence_is_when_it_is_not_that_of_the_headline(content: EditionContent) -> None:
    plain = render.text(content).decode()
    borrowed = [line for item in content.items for line in item.quotes if line.name]

    assert borrowed
    for line in borrowed:
        assert f"({line.name})" in plain


def test_a_copy_of_an_outlet_that_is_named_already_is_counted_without_a_list() -> None:
    press = Press()
    own = press.article("harbour", "A ship is held", 3)
    press.story(own, press.article("harbour", "Ship held", 2, copy_of=own, copy_kind="full"))
    content = edition.choose(press.material(watches=()))

    assert "One copy\n" in render.text(content).decode()
    for links in (Links(), Links(story="https://press.example/stories/{id}")):
        page = words_of(render.mail_html(content, links))
        assert "ne copy" in page
        assert "ne copy:" not in page


@pytest.mark.parametrize("links", [Links(), Links(story="https://press.example/stories/{id}")])
def test_what_has_the_same_text_is_called_a_copy_only_where_the_other_is_proven_to_be_first(links: Links) -> None:
    press = Press()
    own = press.article("harbour", "A ship is held", 3)
    press.story(own, press.article("ledger", "Ship held", 2, copy_of=own, copy_kind="full", published_precision="day"))
    content = edition.choose(press.material(watches=()))

    assert "The same text once more: Pacific Ledger" in " ".join(render.text(content, links).decode().split())
    page = words_of(render.mail_html(content, links))
    assert "he same text once more:" in page
    assert "ne copy" not in page


def test_foreign_text_says_its_language_and_direction(content: EditionContent) -> None:
    tree = lxml.html.fromstring(render.mail_html(content))
    (arabic,) = tree.xpath("//h3[contains(., 'شركة')]")
    (chinese,) = tree.xpath("//h3[contains(., '境外')]")

    assert (arabic.get("lang"), arabic.get("dir")) == ("ar", "rtl")
    assert (chinese.get("lang"), chinese.get("dir")) == ("zh", "ltr")
    assert {name.get("dir") for name in tree.xpath("//span[text()='المنارة']")} == {"rtl"}


def test_without_a_public_address_nothing_leads_to_us(content: EditionContent) -> None:
    hrefs = lxml.html.fromstring(render.mail_html(content)).xpath("//@href")

    assert hrefs
    assert all(re.match(r"https://[a-z.]+\.example/\d+$", href) for href in hrefs)
    links = Links("https://press.example.org/e/1", "https://press.example.org/s/{id}", "https://press.example.org/u")
    page = render.mail_html(content, links).decode()
    assert "https://press.example.org/s/100" in page
    assert "https://press.example.org/u" in page


def test_publishers_get_no_referrer(content: EditionContent) -> None:
    tree = lxml.html.fromstring(render.web_html(content))

    assert {"noreferrer noopener"} == set(tree.xpath("//a[starts-with(@href, 'http')]/@rel"))


def test_the_web_copy_draws_its_chart(content: EditionContent) -> None:
    page = render.web_html(content).decode()

    assert page.count("<rect") == 14
    assert "23 Nov: 12" in page


def test_five_hundred_stories_fit_into_ninety_kilobytes() -> None:
    press = Press()
    for number in range(500):
        watch = ("Counter-intelligence", "Infrastructure", "Sanctions")[number % 3]
        article = press.article("manara", f"خبر طويل عن الميناء رقم {number} " * 4, 2, watch, ("الميناء",))
        press.story(article)
    whole = edition.choose(press.material(a_plan(top=50, per_watch=100)))
    page = render.mail_html(whole)

    assert len(whole.items) == 350
    assert 60_000 < len(page) <= render.LONGEST_MAIL
    assert "You get this because" in page.decode()
    assert re.search(r"\d+ more are in the archive", page.decode())
    assert page.count(b"<li>") > 250
    assert len(render.web_html(whole)) > render.LONGEST_MAIL


def test_the_subject_says_the_news(content: EditionContent) -> None:
    assert render.subject(content) == "East Asia security: State TV unveils espionage cases (+7 new)"
    assert render.subject(edition.choose(Press().material())) == "East Asia security: nothing new"
    for subject in (render.subject(hostile()), render.subject(content)):
        assert "\n" not in subject
        assert "\r" not in subject


def test_an_empty_edition_is_a_whole_page() -> None:
    empty = edition.choose(Press().material())

    assert empty.empty
    assert b"Nothing new to tell: 0 articles were collected" in render.mail_html(empty)
    assert b"All 8 sources answer as usual." in render.text(empty)


def test_content_from_the_archive_renders_the_same_bytes(content: EditionContent) -> None:
    again = EditionContent.from_json(content.to_json())

    assert render.everything(again) == render.everything(content)


def test_lines_of_text_are_short_but_for_addresses(content: EditionContent) -> None:
    lines = render.text(content).decode().splitlines()

    assert all(len(line) < 200 for line in lines)


def spoken(content: EditionContent, language: str, title: str = "") -> EditionContent:
    head = replace(content.masthead, language=language, title=title or content.masthead.title)
    return replace(content, masthead=head)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_edition_in_each_language_has_every_headline_and_no_word_of_an_english_frame(
    content: EditionContent, language: str
) -> None:
    whole = render.everything(spoken(with_asides(content), language))
    page = lxml.html.fromstring(whole.mail)

    assert page.xpath("/html/@lang") == [language]
    for item in content.items:
        assert item.carrier.headline in whole.mail.decode()
        assert item.carrier.headline in whole.text.decode()
    ours = "|".join(
        ("You get this", "Why here", "outlets", "newspaper", "state media", "Times are in", "separate owners")
    )
    said = {form: re.findall(ours, form) for form in (whole.subject, whole.text.decode(), words_of(whole.web))}
    assert language == "en" or not any(said.values())


@pytest.mark.parametrize("language", ["ar", "fa"])
@pytest.mark.parametrize("form", [render.mail_html, render.web_html])
def test_a_frame_from_right_to_left_is_so_without_its_styles_and_keeps_foreign_text_apart(
    content: EditionContent, language: str, form: Callable[[EditionContent], bytes]
) -> None:
    page = form(spoken(content, language))
    tree = lxml.html.fromstring(page)
    (chinese,) = tree.xpath("//h3[contains(., '境外')]")
    (arabic,) = tree.xpath("//h3[contains(., 'شركة')]")

    assert tree.xpath("/html/@dir") == ["rtl"]
    assert {cell.get("align") for cell in tree.xpath("//td[contains(@class, 'band') or @class = 'c']")} == {"right"}
    assert (chinese.get("dir"), chinese.get("align")) == ("ltr", "left")
    assert (arabic.get("dir"), arabic.get("align")) == ("rtl", "right")
    assert {name.get("dir") for name in tree.xpath("//span[text()='Harbour Times']")} == {"ltr"}
    assert not re.search(r'class="box" style="[^"]*border-left:4px', page.decode())


def test_in_plain_text_from_right_to_left_each_line_of_latin_letters_stands_apart(content: EditionContent) -> None:
    lines = render.text(spoken(content, "ar")).decode().splitlines()
    latin = [line for line in lines if re.match(r"\s*[A-Za-z]", line) and "https://" not in line]

    assert [] == latin
    assert all(line.count("\u2068") == line.count("\u2069") for line in lines)


def test_a_word_that_is_longer_than_a_small_screen_is_broken(content: EditionContent) -> None:
    tree = lxml.html.fromstring(render.mail_html(content))
    cells = tree.xpath("//td[contains(@class, 'band') or @class = 'c']/@style")

    assert len(cells) == 2
    assert all("word-break:break-word" in style.replace(": ", ":") for style in cells)


def test_the_chart_of_a_frame_from_right_to_left_ends_at_the_left(content: EditionContent) -> None:
    trees = {language: lxml.html.fromstring(render.web_html(spoken(content, language))) for language in ("en", "ar")}
    bars = {language: [float(bar.get("x")) for bar in tree.xpath("//svg/rect")] for language, tree in trees.items()}
    labels = {language: tree.xpath("//*[@class='axis']/span/text()") for language, tree in trees.items()}

    assert bars["en"] == sorted(bars["en"])
    assert bars["ar"] == sorted(bars["ar"], reverse=True)
    assert ["10 Nov", "16 Nov", "23 Nov"] == labels["en"]
    assert ["10 نوفمبر", "16 نوفمبر", "23 نوفمبر"] == labels["ar"]
    assert not [text for tree in trees.values() for text in tree.xpath("//svg/text/text()") if not text.isdigit()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "headline", ["Officials say that the long inquiry into harbour contracts goes on " * 3, "境外间谍" * 40]
)
def test_a_subject_is_seen_whole_in_a_list_of_mail(content: EditionContent, language: str, headline: str) -> None:
    first = replace(content.top[0], carrier=replace(content.top[0].carrier, headline=headline))
    long = replace(spoken(content, language, "The morning press of the whole region"), top=(first, *content.top[1:]))
    subject = render.subject(long)

    assert width(subject) <= 80
    assert headline[:8] in subject
    assert subject.count("…") == 2
    assert Words(language, "UTC").number(7) in subject


def test_a_translated_headline_stands_in_the_subject_with_its_mark(content: EditionContent) -> None:
    first = replace(content.top[0], translation=Translation("Staatsfernsehen zeigt Spionagefälle", (), "nllb"))
    german = spoken(replace(content, top=(first, *content.top[1:])), "de", "Ostasien")

    assert render.subject(german) == "Ostasien: Staatsfernsehen zeigt… [maschinell übersetzt] (+7 neu)"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_in_a_subject_a_headline_of_the_other_direction_turns_nothing(content: EditionContent, language: str) -> None:
    other = "شركة اتصالات (قطر)" if language == "en" else "State TV (cases)"
    first = replace(content.top[0], carrier=replace(content.top[0].carrier, headline=other))
    subject = render.subject(spoken(replace(content, top=(first, *content.top[1:])), language))

    assert f"\u2068{other}\u2069" in subject


@pytest.mark.parametrize(
    "letter",
    ["报", "e\u0301", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f44d\U0001f3fd", "\U0001f1ec\U0001f1e7",
     "\u0e01\u0e35\u0e48", "\u0915\u094d\u0937\u093f", "\u1112\u1161\u11ab", "\u2764\ufe0f", "\u0e19\u0e49\u0e33"],
)  # fmt: skip
def test_a_text_is_cut_between_two_letters_never_inside_of_one(letter: str) -> None:
    for longest in range(len(letter), 40):
        cut = clip(letter * 50, longest)

        assert cut == letter * (longest // len(letter)) + "…"


def test_a_letter_with_endless_marks_is_cut_all_the_same() -> None:
    assert len(clip("e" + "\u0301" * 500, 100)) == 101


def test_heaps_of_marks_are_not_drawn_over_other_lines() -> None:
    assert "e" + "\u0301" * 4 + "x" == clean("e" + "\u0301" * 150 + "x")
    for word in ("Việt Nam", "e\u0302\u0323", "בְּרֵאשִׁ֖ית", "مُحَمَّدٌ", "ที่นี่", "กำ", "क्षि"):
        assert word == clean(word)


def words_of(page: bytes) -> str:
    return " ".join(lxml.html.fromstring(page).text_content().replace("\xa0", " ").split())


def test_what_is_known_beside_a_story_is_said_in_html_and_text(content: EditionContent) -> None:
    told = with_asides(content)
    page, plain = words_of(render.web_html(told)), " ".join(render.text(told).decode().split())

    for said in (
        "voices, state-controlled only",
        "no state media yet",
        "Also in Arabic: تلفزيون يعرض خمس قضايا تجسس",
        "Also in English: Told in the frame's own language",
        "State media say: smear 12:1, hegemony 9:0; others say: activists 0:15, repression 1:11",
        "State media say: 霸权霸凌 7:0 (in Chinese)",
        "Did not carry it: Island Wire (13 of 14 days), المنارة (8 of 14 days)",
        "Numbers after a word:",
        "Days after who did not carry a story:",
    ):
        assert said in page
        assert said in re.sub("[\u2068\u2069]", "", plain)
    assert "none outside state control" not in page


def test_stories_of_one_event_in_one_digest_name_each_other_and_lead_to_each_other(content: EditionContent) -> None:
    told = with_asides(content)
    first, brief = told.top[0], told.sections[0].items[0]
    for page in (render.web_html(told), render.mail_html(told)):
        tree = lxml.html.fromstring(page)
        for item, other in ((first, brief), (brief, first)):
            (link,) = tree.xpath(f"//*[@id='story-{item.story}']//a[@href='#story-{other.story}']")

            assert link.text_content() == other.carrier.headline
    assert f"in this digest: {brief.carrier.headline}" in render.text(told).decode()


def test_a_story_that_stands_elsewhere_is_linked_on_the_web_page_or_at_its_publisher(content: EditionContent) -> None:
    here = render.mail_html(with_asides(content), Links(story="https://press.example.org/s/{id}")).decode()
    without = render.mail_html(with_asides(content)).decode()

    assert 'href="https://press.example.org/s/900"' in here
    assert 'href="https://manara.example/900"' in without


def test_a_digest_without_anything_beside_says_nothing_of_it(content: EditionContent) -> None:
    page = words_of(render.web_html(content))

    assert not re.search("Also in|State media say|Did not carry|Numbers after|Days after|state media yet", page)


def test_an_edition_of_before_such_things_were_told_still_loads(content: EditionContent) -> None:
    old = json.loads(content.to_json())
    for item in [*old["top"], *(item for section in old["sections"] for item in section["items"])]:
        for name in ("control", "also_in", "framing", "did_not_carry"):
            del item[name]

    assert EditionContent.from_json(json.dumps(old)) == content
    assert EditionContent.from_json(with_asides(content).to_json()) == with_asides(content)
