from __future__ import annotations

from tests.bench.story_ids import simulate


def test_stories_of_a_stream_keep_their_ids_and_are_new_once():
    """A week in small; python -m tests.bench.story_ids simulates a month."""
    counts = simulate(days=4, events=6, groupings=1)

    assert counts.followed >= 15
    assert counts.kept >= 0.98 * counts.followed
    assert counts.new >= 15
    assert counts.twice == 0
