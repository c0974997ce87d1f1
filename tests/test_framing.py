from __future__ import annotations

import random
from dataclasses import replace

from crawler.records import Article, Source
from digest.framing import framing

SOURCES = {
    source.key: source
    for source in (
        Source("state", "State Agency", "", control="state"),
        Source("post", "The Post", "", control="private"),
        Source("club", "The Club", ""),
    )
}
COMMON = "The ferry to the islands goes twice a day and the crane lies in the basin of the harbour of Sundhaven. "
STATE = "Hostile separatists sabotaged it, and the heroic engineers restored order. "
OTHERS = "Protesters blame neglect, and unpaid engineers went on strike. "


def texts(source: str, said: str, count: int = 3, first: int = 1) -> list[Article]:
    text = (COMMON + said) * 8
    return [
        Article(f"http://{source}.example/{number}", source, "Crane", text, language="en", id=number)
        for number in range(first, first + count)
    ]


def test_the_words_of_each_side_are_told_with_their_counts():
    (found,) = framing([*texts("state", STATE), *texts("post", OTHERS, first=9)], SOURCES)

    state, others = ({word.word: (word.state, word.others) for word in words} for words in (found.state, found.others))
    assert state["separatists"] == (24, 0)
    assert others["neglect"] == (0, 24)
    assert not {"ferry", "harbour", "engineers", "the"} & {*state, *others}
    assert (found.state_texts, found.other_texts) == (3, 3)


def test_nothing_is_said_of_one_text_or_of_few_words():
    few = [replace(article, text=article.text[:300]) for article in texts("post", OTHERS, first=9)]

    assert framing([*texts("state", STATE), *texts("post", OTHERS, 1, first=9)], SOURCES) == ()
    assert framing([*texts("state", STATE), *few], SOURCES) == ()


def test_outlets_of_unknown_control_are_on_no_side():
    assert framing([*texts("state", STATE), *texts("club", OTHERS, first=9)], SOURCES) == ()


def test_a_text_is_its_origin_s_whoever_carried_it():
    carried = [replace(article, credited_to="State Agency") for article in texts("post", STATE)]

    assert framing([*carried, *texts("post", OTHERS, first=9)], SOURCES)[0].state_texts == 3


def test_languages_are_compared_apart():
    foreign = [replace(article, language="fr") for article in texts("post", OTHERS, first=9)]

    assert framing([*texts("state", STATE), *foreign], SOURCES) == ()


def chinese(source: str, said: tuple[str, ...], first: int) -> list[Article]:
    """Write two texts that say the same in other words, among sentences that are cut anywhere."""
    draw = random.Random(first)
    common = "海云省商务厅周一表示省内企业被列入清单因为其电子产品用于军舰官员就该措施回答了记者的提问会议将于下月举行"

    def line() -> str:
        at, behind = draw.randrange(20), draw.randrange(25, 50)
        return f"{common[at : at + draw.randint(4, 9)]}，{draw.choice(said)}，{common[behind : behind + 5]}。"

    texts = ["".join(line() for _ in range(30)) for _ in range(2)]
    return [
        Article(f"http://{source}.example/{number}", source, "清单", text, language="zh", id=number)
        for number, text in enumerate(texts, first)
    ]


def test_scripts_without_spaces_are_told_in_words_and_not_in_pairs_of_letters():
    state = chinese("state", ("美方霸权霸凌行径", "抹黑中国"), 1)
    others = chinese("post", ("打压活动人士", "人權組織"), 9)

    (found,) = framing([*state, *others], SOURCES)

    assert {"美方霸权霸凌行径", "抹黑中国"} == {word.word for word in found.state}
    assert {"打压活动人士", "人權組織"} == {word.word for word in found.others}
    assert all((word.state > 20, word.others) == (True, 0) for word in found.state)


def test_words_are_told_as_they_are_written():
    french = [
        replace(article, language="fr", text=article.text.replace("neglect", "négligence"))
        for article in [*texts("state", STATE), *texts("post", OTHERS, first=9)]
    ]

    (found,) = framing(french, SOURCES)

    assert "négligence" in {word.word for word in found.others}
