"""What people said of articles, in a few words beside their headlines."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

from crawler.archive import Archive
from crawler.records import JudgementKind

#: The weightiest first.
_SIGNS: Mapping[JudgementKind, str] = {
    "irrelevant": "irrelevant",
    "not-a-copy": "no copy",
    "date": "date corrected",
    "authors": "authors corrected",
    "tag": "tagged",
    "note": "noted",
}
_TAGS = 4


def signs(archive: Archive, articles: Collection[int | None]) -> Mapping[int, Sequence[str]]:
    """Name what holds of articles, with one look at the archive; of most nobody said anything."""
    said = archive.judgements.holding([number for number in articles if number is not None])
    return {
        number: _words({kind: [value for *_, value in some] for kind, some in groupby(those, key=lambda one: one[1])})
        for number, those in groupby(said, key=lambda one: one[0])
    }


def _words(said: Mapping[JudgementKind, Sequence[str]]) -> Sequence[str]:
    return [f"tagged {_tags(said[kind])}" if kind == "tag" else sign for kind, sign in _SIGNS.items() if kind in said]


def _tags(tags: Sequence[str]) -> str:
    more = f" and {len(tags) - _TAGS} more" if len(tags) > _TAGS else ""
    return ", ".join(tags[:_TAGS]) + more
