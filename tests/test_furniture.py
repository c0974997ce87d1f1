"""What hosts repeat, while a visit lasts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from crawler import furniture
from crawler.archive import Archive
from crawler.archive_thread import ArchiveThread
from crawler.furniture import Furniture
from tests.archive_sample import article, keep
from tests.loopback import address


def learn(archive: Archive, host: str, *lists: list[int]) -> None:
    """Keep an article of a host for each list of blocks, and learn them."""
    for number, blocks in enumerate(lists):
        (id_,) = keep(archive, article(f"https://{host}/{number}-{archive.articles.count()}"))
        archive.articles.learn_blocks(host, blocks, id_)


def test_what_the_archive_knows_and_what_was_learned_since_are_counted_together(tmp_path: Path) -> None:
    with ArchiveThread(address(tmp_path)) as archive:
        archive.call(lambda kept: learn(kept, "a.example", [1, 2], [1, 2], [3, 4]))
        found = Furniture(archive)
        before = asyncio.run(found.of("a.example"))
        found.learned("a.example", [1, 3, 5])
        found.learned("unmet.example", [1])
        after = asyncio.run(found.of("a.example"))

    assert before == {1: 2, 2: 2}
    assert after == {1: 3, 2: 2, 3: 2}


def test_hosts_not_met_for_long_are_forgotten_and_asked_for_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(furniture, "_MOST", 10)
    with ArchiveThread(address(tmp_path)) as archive:
        for host in "abcd":
            archive.call(lambda kept, host=host: learn(kept, host, [0, 1, 2, 3]))
        found = Furniture(archive)
        for host in "abcd":
            asyncio.run(found.of(host))
            found.learned(host, [0])
        archive.call(lambda kept: learn(kept, "a", [1]))

        assert list(found._hosts) == ["c", "d"]
        assert found._size == 8
        assert asyncio.run(found.of("a")) == {1: 2}
        assert asyncio.run(found.of("d")) == {0: 2}
