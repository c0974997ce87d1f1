"""Leaves out of a text what its page shows to no eye: notes for screen readers, and small blocks that are not drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from crawler.extract.lines import Block, Line, letters

#: More than this much of a text is not left out: what unfolds at a click and what waits for a script is a text, too.
_MOST_SHARE = 0.2
_MOST_LINES = 2
_MOST_LETTERS = 400
#: Words of the names of blocks that hide the text itself.
_OF_TEXT = frozenset(
    (
        "abo", "access", "accordion", "collapse", "collapsed", "collapsible", "expand", "expandable", "gated", "locked",
        "member", "members", "metered", "more", "panel", "paywall", "paywalled", "piano", "plus", "premium",
        "protected", "rest", "restricted", "subscriber", "subscribers", "subscription", "tab", "toggle", "truncated",
    )
)  # fmt: skip


def without(text: Sequence[str], page_lines: Sequence[Line]) -> list[str]:
    """Give the lines of a text without those that stand on the page once, in a small block that is not shown."""
    if not any(line.block.hidden for line in page_lines):
        return list(text)
    keys = [letters(line) for line in text]
    wanted = set(keys)
    places = Counter(key for line in page_lines if (key := letters(line.text)) in wanted)
    blocks: dict[Block, list[str]] = {}
    for line in page_lines:
        if line.block.hidden:
            blocks.setdefault(_outermost(line.block), []).append(letters(line.text))
    unseen = {
        key
        for block, found in blocks.items()
        if len(found) <= _MOST_LINES and sum(map(len, found)) <= _MOST_LETTERS and not _hides_text(block)
        for key in found
        if places[key] == 1
    }
    left_out = sum(len(key) for key in keys if key in unseen)
    if not left_out or left_out > _MOST_SHARE * sum(map(len, keys)):
        return list(text)
    return [line for line, key in zip(text, keys, strict=True) if key not in unseen]


def _outermost(block: Block) -> Block:
    """Give the block by which it and all in it are hidden."""
    while block.parent is not None and block.parent.hidden:
        block = block.parent
    return block


def _hides_text(block: Block) -> bool:
    inner: Block | None = block
    while inner is not None and inner.depth + 3 > block.depth:
        if not _OF_TEXT.isdisjoint(inner.names):
            return True
        inner = inner.parent
    return False
