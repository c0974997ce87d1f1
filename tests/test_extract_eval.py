"""The quality of the extraction on real pages does not fall below its pinned floors."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from tests.eval import extraction, peers, reasons
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


TEXT = "The council voted after nine long hours.\nFishermen will go to court at once."
PAGE = (
    "<html><body><div><h1>Council votes for the breakwater</h1><p>The council voted after nine long hours.</p>"
    "<p>Fishermen will go to court at once.</p>"
    "<p><a href='/n'>Read our newsletter with all that happened today.</a></p>"
    "</div></body></html>"
)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    (tmp_path / "1.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    return Case("1", "https://example.com/1", tmp_path / "1.html.gz", {"text": TEXT})


def test_a_page_that_became_worse_is_told_with_the_rule_that_did_it(case: Case) -> None:
    foreign = Found(TEXT + "\nRead our newsletter with all that happened today.")
    less = Found(TEXT.split("\n", maxsplit=1)[0])

    assert [] == extraction.worse([(case, Found(TEXT))], [(case, foreign)])
    (told,) = extraction.worse([(case, foreign)], [(case, Found(TEXT))])
    assert "1 lines foreign, the longest: 'Read our newsletter" in told
    assert told.endswith("all of it links elsewhere")
    (told,) = extraction.worse([(case, less)], [(case, Found(TEXT))])
    assert "1 lines missing, the longest: 'Fishermen will go" in told
    assert "by its signs" in told
    (told,) = extraction.worse([(case, Found("\n".join([TEXT] * 3)))], [(case, Found(TEXT))])
    assert "the same lines stand in it twice" in told
    (told,) = extraction.worse([(case, None)], [(case, Found(TEXT))])
    assert "no text; nothing was kept" in told


def test_a_line_that_is_none_of_the_page_is_told_so(case: Case) -> None:
    told = reasons.why(case, "Nothing of the kind stands here.", kept=False)

    assert "no line of the page: not shown, or a script's" == told


def test_peers_that_are_not_installed_are_told_and_cost_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    monkeypatch.setattr(peers, "PEERS", {"another": ("no_such_module", peers.of_trafilatura())})

    assert 0 == extraction.main(["--set", "scrapinghub", "--sample", "1"])
    said = capsys.readouterr()
    assert "not measured, for it is not installed: another" in said.err
    assert "| scrapinghub | presswatch |" in said.out
    assert "| scrapinghub | trafilatura |" in said.out


def test_several_processes_find_what_one_does(corpus: Path) -> None:
    one, alone = extraction.compare("scrapinghub", 3, {"presswatch": extraction.ours})
    two, shared = extraction.compare("scrapinghub", 3, {"presswatch": extraction.ours}, jobs=2)

    assert one["presswatch"].measures() == two["presswatch"].measures()
    assert alone == shared


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
