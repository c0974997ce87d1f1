"""What people said of articles and stories, as the pages tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.archive import Archive
from crawler.records import Judgement
from digest import judging

#: What each is called in the choice of one kind.
KINDS = {
    "note": "Notes",
    "tag": "Tags",
    "untag": "Tags taken off",
    "irrelevant": "Irrelevant",
    "not-a-copy": "Not a copy",
    "date": "Dates corrected",
    "authors": "Authors corrected",
    "split": "Splits",
    "merge": "Merges",
}
_WORDS = {
    "note": "Note",
    "tag": "Tagged",
    "untag": "Tag taken off",
    "irrelevant": "Irrelevant: it is in no story and no digest",
    "not-a-copy": "Not a copy: it stands for itself",
    "date": "Date corrected to",
    "authors": "Authors corrected to",
    "split": "Split:",
    "merge": "Merged:",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A judgement in words, and how it is undone."""

    judgement: Judgement
    words: str
    #: The address of the page on which a split or merge is undone; "" where there is nothing to undo any more.
    undo: str = ""

    @property
    def value(self) -> str:
        """What was given: the note, the tag, the date ..."""
        return self.judgement.value


def of_article(archive: Archive, article: int) -> tuple[list[Said], list[Said]]:
    """List what holds of an article, and what was taken back, the latest first."""
    said = [Said(one, _words(one)) for one in reversed(archive.judgements.of(article, undone=True))]
    return [one for one in said if one.judgement.undone_at is None], [
        one for one in said if one.judgement.undone_at is not None
    ]


def of_story(archive: Archive, story: int) -> list[Said]:
    """List the splits and merges of a story and its kin, the latest first, each with the way to undo it."""
    return [Said(one, _words(one), _undo(archive, one)) for one in reversed(judging.of_story(archive, story))]


def of_all(archive: Archive, judgements: Iterable[Judgement], *, undo: bool) -> list[Said]:
    """Put judgements of articles and stories into words, in their order; with ``undo`` each with the way to do it."""
    return [Said(one, _words(one), _undo(archive, one) if undo and one.story is not None else "") for one in judgements]


def _words(said: Judgement) -> str:
    return "Note for digests" if said.public else _WORDS[said.kind]


def _undo(archive: Archive, said: Judgement) -> str:
    parts = archive.judgements.parts(said.id)
    if len(parts) < 2:
        return ""  # an old merge, of which nobody knows who brought what
    homes = [_homes(archive, part) for part in parts]
    if said.kind == "split":
        apart = homes[0] - homes[1]
        return f"/story/{min(homes[1])}/merge?other={min(apart)}" if apart and homes[1] else ""
    together = set.intersection(*homes)
    if not together:
        return ""
    home = archive.stories.get(min(together))
    out = [number for part in parts[1:] for number in part if home is not None and number in home.articles]
    return f"/story/{min(together)}?out={','.join(map(str, out))}#split" if out else ""


def _homes(archive: Archive, articles: Iterable[int]) -> set[int]:
    return set(archive.stories.homes([*articles]).values())
