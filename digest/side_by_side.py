"""A copy beside its original, row by row: what stands in both, what was left out, added or changed. Pure.

What counts as left out, added or changed is what ``reprints`` found: a sentence that only moved is neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from crawler.records import Article
from crawler.shingles import words
from digest.content import clean
from digest.differences import Paragraph, Part, within
from digest.reprints import Reprint
from digest.sentences import split

#: Of longer texts the rest is not laid side by side.
_MOST = 1_500
#: So many pieces in a row that nobody changed are shown; of more, only how many they are.
_FEW = 3


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side."""

    kind: str
    original: tuple[Paragraph, ...]
    copy: tuple[Paragraph, ...]

    @property
    def folded(self) -> int:
        """How many pieces are the same here, where they are too many to be shown at once; else 0."""
        return len(self.copy) if self.kind == "same" and len(self.copy) > _FEW else 0


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a paragraph of which no sentence is in the other text."""

    text: str
    #: Equal for pieces that belong side by side.
    key: tuple[object, ...]
    kind: str


def rows(copy: Article, original: Article, reprint: Reprint) -> list[Row]:
    """Lay a copy beside its original."""
    changed = {pair.before: number for number, pair in enumerate(reprint.changed)}
    became = {pair.after: number for number, pair in enumerate(reprint.changed)}
    left = list(_pieces(original, set(reprint.cut), changed, "del"))[:_MOST]
    right = list(_pieces(copy, set(reprint.added), became, "ins"))[:_MOST]
    matcher = SequenceMatcher(None, [one.key for one in left], [one.key for one in right], autojunk=False)
    found: list[Row] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            pairs = zip(left[i:j], right[k:m], strict=True)
            for is_changed, run in groupby(pairs, key=lambda pair: pair[0].kind == "changed"):
                found.append(_both([*run], is_changed=is_changed))
        else:
            found.append(Row("differs", _shown(left[i:j]), _shown(right[k:m])))
    return found


def _pieces(article: Article, gone: set[str], changed: dict[str, int], mark: str) -> Iterator[_Piece]:
    for line in map(clean, article.text.splitlines()):
        whole = line in gone or line in changed
        for text in [line] if whole else split(line, article.language):
            if not text.strip():
                continue
            if text in changed:
                yield _Piece(text, ("changed", changed[text]), "changed")
            else:
                yield _Piece(text, ("said", *(words(text) or [text])), mark if text in gone else "same")


def _both(pairs: Sequence[tuple[_Piece, _Piece]], *, is_changed: bool) -> Row:
    if not is_changed:
        return Row("same", _shown([left for left, _ in pairs]), _shown([right for _, right in pairs]))
    told = [within(left.text, right.text) for left, right in pairs]
    return Row("changed", tuple(_without(one, "ins") for one in told), tuple(_without(one, "del") for one in told))


def _without(paragraph: Paragraph, kind: str) -> Paragraph:
    return tuple(part for part in paragraph if part.kind != kind)


def _shown(pieces: Sequence[_Piece]) -> tuple[Paragraph, ...]:
    """Show each piece; one that only moved is not marked."""
    kinds = {"del": "del", "ins": "ins"}
    return tuple((Part(one.text, kinds.get(one.kind, "same")),) for one in pieces)  # type: ignore[arg-type]
