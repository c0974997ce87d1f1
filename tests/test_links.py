from __future__ import annotations

from crawler.records import Article
from digest.links import Told, anchors, links

NOISE = [
    Told(number, "en" if number % 2 else "zh", 10, 10, frozenset({f"x{number}", "12"})) for number in range(20, 60)
]


def told(story: int, text: str, language: str, day: float = 10) -> Told:
    article = Article(f"http://a.example/{story}", "a", "", text, language=language, id=story)
    return Told(story, language, day, day, anchors([article]))


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
