from __future__ import annotations

import random
from dataclasses import replace

import pytest

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


HARBOUR = (
    "The ferry to the islands goes twice a day and the crane lies in the basin of the harbour of Sundhaven as "
    "engineers of the port look for a way to lift it out of the mud before the tide comes back on Friday with the "
    "storm. Two boats of the coast guard wait outside while fishermen sell their catch on the quay and children "
    "count the gulls that sit on the mast. Nobody knew who would pay for the work or when trains could cross the "
    "bridge again because the owner of the crane had said nothing about it since the night it fell."
)


def drawn(seed: int, planted: str = "") -> list[Article]:
    """Write ten texts a side of words drawn from the same ones, and plant some in those of the state."""
    draw = random.Random(seed)
    found = []
    for number in range(20):
        words = draw.choices(HARBOUR.split(), k=120)
        # Texts have favourites among their words, as people's have.
        words += [draw.choice(words)] * draw.randint(3, 9)
        source = "post" if number % 2 else "state"
        said = f"{planted} " * 3 if source == "state" else ""
        text = f"{said}{' '.join(words)}."
        found.append(Article(f"http://{source}.example/{number}", source, "", text, language="en", id=number + 1))
    return found


def test_sides_that_draw_their_words_alike_are_not_set_apart():
    told = [
        word.word for seed in range(40) for one in framing(drawn(seed), SOURCES) for word in (*one.state, *one.others)
    ]

    assert len(told) <= 4


def test_what_one_side_says_again_and_again_sets_it_apart_and_no_function_word_does():
    (found,) = framing(drawn(1, "as hostile forces spread rumours"), SOURCES)

    assert {word.word for word in found.state} == {"hostile", "forces", "spread", "rumours"}
    assert found.others == ()


def test_a_word_that_one_text_says_most_often_does_not_set_its_side_apart():
    first, *others = texts("state", "Engineers wait. ")
    once = replace(others[0], text=f"{others[0].text} Separatists wait.")
    often = replace(first, text=f"{first.text} {'Separatists wait. ' * 14}")

    found = framing([often, once, *others[1:], *texts("post", "Engineers wait. ", first=9)], SOURCES)

    assert [(one.state, one.others) for one in found] == [((), ())]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "out as she within"), ("de", "wegen sich damit"), ("fr", "selon avec leurs"), ("es", "según desde"),
     ("ru", "также которые после"), ("uk", "також які після"), ("ar", "الذي خلال أيضا"), ("tr", "için ancak")],
)  # fmt: skip
def test_function_words_set_nobody_apart_in_any_language(language: str, words: str):
    said = [replace(one, language=language, text=f"{one.text} {f'{words} ' * 9}") for one in texts("state", "")]
    silent = [replace(one, language=language) for one in texts("post", "", first=9)]

    (found,) = framing([*said, *silent], SOURCES)

    assert not {*words.split()} & {word.word for word in found.state}
