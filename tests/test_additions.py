"""What a copy adds to its original, and what is no addition: the sentences that Said lists."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.records import Article
from digest.additions import Said
from tests.archive_sample import article

QUAKE = (
    "A magnitude 6.7 earthquake struck the Talmar valley early on Friday, killing at least 12 people, officials said.",
    "The quake was centred 9 kilometres below the town of Osh-Karan and was felt in the capital Berhan.",
    "Some 1,450 houses were damaged and the road over the Imrud pass was blocked by landslides.",
    "President Aslan Terkov sent three army battalions and asked neighbours for field hospitals.",
)
TITLE = "Earthquake of magnitude 6.7 kills 12 in Talmar valley"
#: language -> title and text of a story.
STORIES = {
    "en": (TITLE, QUAKE),
    "de": (
        "Talsperre Rieneck droht überzulaufen, 6000 Menschen verlassen ihre Häuser",
        (
            "Nach tagelangem Regen droht die Talsperre Rieneck überzulaufen; 6000 Menschen verlassen die Häuser.",
            "Der Pegel stieg in zwölf Stunden um 1,9 Meter.",
            "Das Rote Kreuz stellte in den Turnhallen Feldbetten auf.",
        ),
    ),
    "ru": (
        "В Верхнеозёрске закрыли завод после утечки аммиака",
        (
            "В Верхнеозёрске после утечки аммиака остановили завод, 27 рабочих доставлены в больницу.",
            "Авария произошла во вторник около шести утра.",
            "Жителям трёх посёлков раздали респираторы.",
        ),
    ),
    "zh": (
        "澜溪市地铁五号线延误开通 审计发现隧道渗水",
        (
            "澜溪市轨道交通集团周五宣布，地铁五号线将推迟至少四个月，原因是隧道渗水。",
            "集团总经理周启明表示，渗水点共有十七处。",
            "五号线沿线设二十六座车站。",
        ),
    ),
    "ar": (
        "إغلاق مطار وادي الزهور بعد عاصفة رملية عطلت 64 رحلة",
        (
            "أعلنت هيئة الطيران المدني إغلاق مطار وادي الزهور مساء الأحد بعد عاصفة رملية عطلت 64 رحلة.",
            "وقال مدير المطار إن آلاف المسافرين ينتظرون في الصالات.",
            "وأغلقت وزارة التربية المدارس في أربع محافظات.",
        ),
    ),
    # A language in which lines of the house are not known.
    "ka": ("მიწისძვრა ტალმარის ხეობაში", ("ტალმარის ხეობაში პარასკევს მიწისძვრა მოხდა, დაიღუპა 12 ადამიანი.",)),
}


def added(*lines: str, language: str = "en", title: str = "") -> tuple[str, ...]:
    """List what the copy of a story with these lines adds to it."""
    own, text = STORIES[language]
    original = article(id=1, title=own, text="\n".join(text), language=language)
    return Said(original, (), ()).additions(a_copy(original, "\n".join(lines), title or own))


def a_copy(original: Article, text: str, title: str) -> Article:
    return replace(original, id=2, source="post", text=text, title=title, copy_of=1, copy_kind="full")


@pytest.mark.parametrize(
    ("language", "title", "line"),
    [
        ("en", "", "The death toll has risen to 51, the emergencies ministry said on Saturday evening."),
        (
            "en",
            "Talmar quake death toll rises to 51",
            "The death toll has risen to 51, the emergencies ministry said on Saturday evening.",
        ),
        (
            "en",
            "Talmar quake: government denies deaths",
            "The government denied on Saturday that anyone had been killed.",
        ),
        ("en", "", "Rescuers have found the body of the mayor of Osh-Karan, Bek Sultanov, under the town hall."),
        ("de", "", "Die Zahl der Evakuierten ist auf 9500 gestiegen, teilte der Landkreis mit."),
        ("ru", "", "Число пострадавших выросло до 41, сообщил минздрав."),
        ("zh", "五号线隧道发生坍塌", "周六上午隧道发生坍塌，造成三名工人死亡。"),
        ("ar", "", "ارتفع عدد المصابين إلى 23 وأعيد فتح المطار صباح الاثنين."),
    ],
)
def test_a_new_first_sentence_is_news_with_whatever_words_it_tells_it(language: str, title: str, line: str):
    assert added(line, *STORIES[language][1], language=language, title=title) == (line,)


def test_a_sentence_of_the_second_paragraph_is_news():
    line = "Two of the three battalions were called back."

    assert added(QUAKE[0], line, *QUAKE[1:]) == (line,)


def test_a_number_where_a_word_or_another_number_stood_is_news():
    changed = QUAKE[0].replace("at least 12", "at least 51")

    assert added(changed, *QUAKE[1:]) == (changed,)


@pytest.mark.parametrize("written", ["1450", "1.450", "1 450", "1\u202f450", "١٤٥٠"])
def test_a_number_that_is_set_otherwise_is_none(written: str):
    lines = [QUAKE[2].replace("1,450", written).replace("blocked", "cut"), QUAKE[0], QUAKE[1], QUAKE[3]]

    assert added(*lines) == ()


@pytest.mark.parametrize(
    "line",
    [
        "Nine of our ten readers open this page on their telephones.",
        "You have read three of five free articles this month. Log in or create an account to go on.",
        "Read also: what to do when the earth shakes at night.",
        "TALMAR (Island Wire). - A magnitude 6.7 earthquake struck the Talmar valley early on Friday.",
        "An earthquake in the Talmar valley has killed a dozen people.",
        "Weather in Berhan today: rain, 8 degrees.",
    ],
)
def test_lines_of_the_house_and_the_lead_in_other_words_are_no_news(line: str):
    assert added(line, *QUAKE) == ()


def test_a_correction_may_speak_of_its_article():
    line = "An earlier version of this article said that the earthquake in the Talmar valley had killed 12 people."

    assert added(line, *QUAKE, title=f"CORRECTED: {TITLE}") == (line,)


def test_a_language_without_words_for_lines_of_the_house_needs_words_of_the_story():
    text = STORIES["ka"][1]
    about = "ტალმარის ხეობაში მიწისძვრა განმეორდა, დაშავდა 31 ადამიანი."

    assert added(about, *text, language="ka") == (about,)
    assert added("გამოიწერეთ სიახლეები თვეში 15 ლარად.", *text, language="ka") == ()
