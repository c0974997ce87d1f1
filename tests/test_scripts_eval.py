"""Words of scripts without spaces are found on a sample of real texts; `python -m tests.eval.scripts` asks them all."""

from __future__ import annotations

from pathlib import Path

from tests.eval import scripts


def test_words_of_scripts_without_spaces_are_found_where_they_stand(corpus: Path) -> None:
    scores = scripts.run(None, 150, most=40)["Chinese and Japanese"]

    assert scores.texts > 20
    assert scores.words > 100
    assert {name: getattr(scores, name) >= floor for name, floor in scripts.floors().items()} == {
        "precision": True,
        "recall": True,
    }
