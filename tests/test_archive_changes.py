from __future__ import annotations

from crawler.archive import open_archive
from tests.archive_sample import HOUR, NOW, article, keep


def test_changes_are_numbered_in_the_order_of_their_commits() -> None:
    with open_archive("sqlite://") as archive:
        assert [0, []] == [archive.changes.last(), archive.changes.since(0)]
        keep(archive, article(), article("https://herald.test/b"))
        keep(archive, article(text="Other"), at=NOW + HOUR)

        assert [(1, 1, "new", NOW), (2, 2, "new", NOW), (3, 1, "revised", NOW + HOUR)] == [
            (change.seq, change.article, change.kind, change.at) for change in archive.changes.since(0)
        ]
        assert [2] == [change.seq for change in archive.changes.since(1, until=2)]
        assert [2] == [change.seq for change in archive.changes.since(1, limit=1)]
        assert 3 == archive.changes.last()


def test_a_number_is_never_used_again() -> None:
    with open_archive("sqlite://") as archive:
        keep(archive, article())
        archive.forget(1, NOW)

        assert (1, []) == (archive.changes.last(), archive.changes.since(0))
        assert [2] == keep(archive, article("https://herald.test/b"))
        assert [2] == [change.seq for change in archive.changes.since(0)]


def test_each_follower_has_a_position_of_its_own() -> None:
    with open_archive("sqlite://") as archive:
        archive.changes.move("grouping", 7)
        archive.changes.move("grouping", 9)

        assert [9, 0] == [archive.changes.position("grouping"), archive.changes.position("digest morning")]
