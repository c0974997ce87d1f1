from __future__ import annotations

from crawler.records import Article
from digest.links import Link, Links, Told, anchors

NOISE = [
    Told(number, "en" if number % 2 else "zh", 10, 10, frozenset({f"x{number}", "12"})) for number in range(20, 60)
]


def told(story: int, text: str, language: str, day: float = 10) -> Told:
    article = Article(f"http://a.example/{story}", "a", "", text, language=language, id=story)
    return Told(story, language, day, day, anchors([article]))


def links(story: int, given: list[Told]) -> tuple[Link, ...]:
    return Links(given).of(story)


ENGLISH = told(1, "The court said that Lu Wenhao sold 2,300 files, 410 of them secret, for 1.5 million.", "en")
CHINESE = told(2, "法院说，陆文浩（Lu Wenhao）先后提供文件2300份，其中涉密文件410份，报酬1.5百万。", "zh")


def test_a_story_in_another_language_is_found_by_its_numbers_and_names():
    (link,) = links(1, [ENGLISH, CHINESE, *NOISE])

    assert (link.story, link.language) == (2, "zh")
    assert {"2300", "410", "wenhao"} <= set(link.agree)
    assert [1] == [back.story for back in links(2, [ENGLISH, CHINESE, *NOISE])]


def test_stories_of_one_language_are_no_link():
    assert (
        links(1, [ENGLISH, told(3, "Lu Wenhao sold 2300 files, 410 of them secret, for 1.5 million.", "en"), *NOISE])
        == ()
    )


def test_years_single_digits_and_numbers_that_many_have_link_nothing():
    one = told(1, "In 2026 the 3 ministers met for 12 hours, as in 2019.", "en")
    other = told(2, "2026年3位部长会谈12小时，2019年也是如此。", "zh")

    assert links(1, [one, other, *NOISE]) == ()


def test_stories_weeks_apart_are_no_link():
    assert (
        links(1, [ENGLISH, told(2, "陆文浩（Lu Wenhao）提供文件2300份，涉密410份，1.5百万。", "zh", day=31), *NOISE])
        == ()
    )


def test_only_each_other_s_best_are_linked():
    better = told(3, "Lu Wenhao sold 2,300 files, 410 secret, for 1.5 million, and 77 maps of Sundhaven.", "en")
    chinese = told(2, "陆文浩（Lu Wenhao）提供2300份，涉密410份，1.5百万，地图77张（Sundhaven）。", "zh")

    assert links(1, [ENGLISH, better, chinese, *NOISE]) == ()
    assert [2] == [link.story for link in links(3, [ENGLISH, better, chinese, *NOISE])]


def test_two_stories_alone_in_an_archive_are_linked():
    assert [2] == [link.story for link in links(1, [ENGLISH, CHINESE])]


def test_the_more_languages_tell_of_an_event_the_more_links_there_are():
    arabic = told(3, "باع مهندس ٢٣٠٠ ملف، منها ٤١٠ ملفات سرية، مقابل ١٬٥ مليون", "ar")
    german = told(4, "Verkauft wurden 2.300 Akten, davon 410 geheim, für 1,5 Millionen.", "de")
    given = [ENGLISH, CHINESE, arabic, german]

    found = Links(given)

    assert {1: {2, 3, 4}, 2: {1, 3, 4}, 3: {1, 2, 4}, 4: {1, 2, 3}} == {
        one.story: {link.story for link in found.of(one.story)} for one in given
    }
    assert found.event(3) == {1, 2, 3, 4}


def test_numbers_of_two_digits_and_round_ones_link_nothing_however_many_agree():
    goals = told(1, "Brest scored in minutes 14, 27, 22, 18 and 81 before 1,000 people; 100 seats were empty.", "en")
    weather = told(2, "Днём 14 градусов, ночью 27, ветер 22, порывы 18, влажность 81, осадки 100 мм, 1000 гПа.", "ru")

    assert links(1, [goals, weather]) == links(1, [goals, weather, *NOISE]) == ()


def test_one_long_number_that_agrees_by_chance_links_nothing():
    one = told(1, "The road is 8,441 metres long, and 21 of 26 bridges are done.", "en")
    other = told(2, "门票售出8441张，21岁以下者26元。", "zh")

    assert links(1, [one, other]) == ()


def test_numbers_are_one_however_they_are_written():
    written = {
        "en": "It cost 4.5 million, 640,000 of it lost, 1,700 ships, 1.2 billion.",
        "zh": "费用450万，损失64万，船1700艘，共12亿。",
        "de": "Es kostete 4,5 Millionen, 640 Tausend davon verloren, 1.700 Schiffe, 1,2 Milliarden.",
        "ru": "Стоило 4,5 млн, потеряно 640 тысяч, 1 700 судов, 1,2 миллиарда.",
        "ar": "بلغت التكلفة ٤٫٥ مليون، وفقد ٦٤٠ ألف، و١٧٠٠ سفينة، و١٫٢ مليار.",
        "th": "ราคา 4.5 ล้าน เสียหาย 640 พัน เรือ 1,700 ลำ 1,200 ล้าน",
    }

    for language, text in written.items():
        assert {"4500000", "640000", "1700", "1200000000"} <= told(1, text, language).anchors, language


def test_dates_and_years_are_no_long_numbers():
    assert told(1, "On 12.03.2026 at 23 hours, in 2019.", "en").anchors == {"23"}


def test_known_places_agree_in_all_languages_and_prove_nothing_alone():
    def at(story: int, text: str, language: str, *names: str) -> Told:
        article = Article(f"http://a.example/{story}", "a", "", text, language=language, id=story)
        return Told(story, language, 10, 10, anchors([article], names))

    english = at(1, "China and Egypt signed it for 2,310 tons.", "en", "China", "Egypt")
    chinese = at(2, "中国和埃及签署了2310吨的协议。", "zh", "中国", "埃及")
    arabic = at(3, "وقعت الصين ومصر الاتفاق", "ar", "الصين", "مصر")

    assert english.anchors & chinese.anchors == {"2310", "China", "Egypt"}
    assert arabic.anchors == {"China", "Egypt"}
    assert [2] == [link.story for link in links(1, [english, chinese, arabic])]


def test_months_are_no_names():
    assert told(1, "Es geschah im November am Montag in Lütthörn.", "de").anchors == {"lutthorn"}


def test_what_agrees_is_told_in_one_order():
    (link,) = links(1, [ENGLISH, CHINESE, *NOISE])

    assert link.agree == ("1500000", "2300", "410", "wenhao")
