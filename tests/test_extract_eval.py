"""The quality of the extraction on real pages does not fall below its pinned floors."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.eval import extraction
from tests.eval.score import Case, Found, plain, text_f1

#: All pages take minutes of processor time; .ci/run asks for them, daily work takes a sample of each set.
WHOLE = bool(os.environ.get("CI"))
#: What a sample may lie below the floor of the whole set.
SLACK = 0.02


@pytest.mark.parametrize("name", ["scrapinghub", "fundus_eval"])
def test_the_text_is_as_clean_as_it_was(corpus: Path, name: str) -> None:
    scores = extraction.run(name, None if WHOLE else 40, extraction.ours)
    floor = extraction.floors()[name]["text"]

    assert 0 == scores.failed
    assert scores.text is not None
    assert scores.text >= (floor if WHOLE else floor - SLACK)


@pytest.mark.parametrize("name", ["wcxb_dev", "traf_eval"])
def test_the_text_is_better_than_trafilaturas_for_less_processor_time(corpus: Path, name: str) -> None:
    scores, results = extraction.compare(name, 120 if WHOLE else 30, extraction.EXTRACTORS)
    ours, theirs = scores["presswatch"], scores["trafilatura"]

    assert ours.text is not None
    assert theirs.text is not None
    assert ours.text >= theirs.text - (0 if WHOLE else SLACK)
    assert ours.seconds <= 0.9 * theirs.seconds  # 0.8 over all sets; the rest is for busy machines
    assert len(results["presswatch"]) == ours.pages


def test_a_page_that_became_worse_is_told_with_the_reason() -> None:
    text = "The council voted after nine long hours.\nFishermen will go to court at once."
    case = Case("1", "https://example.com/1", Path("1.html"), {"text": text})
    foreign = Found(text + "\nRead our newsletter with all that happened today.")

    assert [] == extraction.worse([(case, Found(text))], [(case, foreign)])
    (told,) = extraction.worse([(case, foreign)], [(case, Found(text))])
    assert "1 lines foreign, the longest: 'Read our newsletter" in told


def test_the_score_is_that_of_the_benchmark() -> None:
    same = "one two three four five"

    assert 1.0 == text_f1([(same, same)])
    assert 0.0 == text_f1([(same, "six seven eight nine")])
    # A page without output counts for recall only.
    assert pytest.approx(2 / 3) == text_f1([(same, same), (same, "")])
    # Chinese is scored by characters.
    assert 0.0 < text_f1([("国家安全机关公布", "国家安全机关通报")]) < 1.0


def test_titles_are_compared_by_their_words() -> None:
    assert plain("“State TV” unveils – cases!") == plain('"state tv" unveils - cases')
