"""Counts what the lines of a page add up to: by the blocks that hold them, and by the templates that made those."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.extract.lines import Block, Line

#: How a sentence ends that is no headline, and what may stand behind that.
_STOPS = frozenset(".。．।؟۔")
_CLOSING = "\"'”’»)）」』"
#: How a sentence ends.
ENDS = frozenset('.。!！”"»…’)؟।')
#: Characters of scripts that say with one what others say with three.
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")


@dataclass(slots=True)
class Alike:
    """What lines add up to whose blocks are made by the same template."""

    strength: float = 0.0
    count: int = 0
    #: The link shares of the lines above them.
    below_links: float = 0.0
    #: So many times one of them stands in another block than the one before it.
    parents: int = 0
    parent: Block | None = None


def size_of(text: str) -> int:
    """Give the length of a text, in which a character that says more counts three."""
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends like a sentence, which headlines and what is cut off do not."""
    bare = text.rstrip(_CLOSING)
    return bare[-1:] in _STOPS and bare[-2:] != ".."


def strength_of(line: Line, size: int, share: float) -> float:
    """Tell how much a line looks like a paragraph: long, not linked, ended like a sentence."""
    if share >= 0.5 or line.block.hidden:
        return 0.0
    if size >= 80:
        return min(size, 600) * (1 - share)
    return 0.3 * size * (1 - share) if line.text[-1] in ENDS else 0.0


def kind_of(block: Block) -> tuple[object, ...]:
    """Tell which blocks are made by the same template."""
    parent = block.parent
    return (block.tag, block.names, parent.tag, parent.names) if parent else (block.tag, block.names)


def count_blocks(lines: Sequence[Line], sizes: Sequence[int], strengths: Sequence[float]) -> list[Block]:
    """Add up for each block what its lines are, and score it as the place of the text."""
    blocks: dict[int, Block] = {}
    for line, size, strength in zip(lines, sizes, strengths, strict=True):
        block: Block | None = line.block
        while block is not None and id(block) not in blocks:
            blocks[id(block)] = block
            block.strength = block.score = 0.0
            block.size = block.linked = block.count = block.short = 0
            block = block.parent
        block = line.block
        block.strength += strength
        block.size += len(line.text)
        block.linked += line.link_chars
        block.count += 1
        block.short += size < 80
        if strength:
            above: Block | None = block
            for share in (1.0, 1.0, 0.7, 0.45, 0.3, 0.2):
                if above is None:
                    break
                above.score += share * strength
                above = above.parent
    for block in sorted(blocks.values(), key=lambda block: -block.depth):
        if block.parent is not None:
            parent = block.parent
            parent.strength += block.strength
            parent.size += block.size
            parent.linked += block.linked
            parent.count += block.count
            parent.short += block.short
    return list(blocks.values())


def count_alike(lines: Sequence[Line], strengths: Sequence[float], shares: Sequence[float]) -> list[Alike]:
    """Count for each line those whose blocks are made by the same template."""
    alike: dict[object, Alike] = {}
    of_lines = []
    above = 0.0
    for line, strength, share in zip(lines, strengths, shares, strict=True):
        kind = kind_of(line.block)
        counted = alike.get(kind)
        if counted is None:
            counted = alike[kind] = Alike()
        counted.strength += strength
        counted.count += 1
        counted.below_links += above
        if counted.parent is not line.block.parent:
            counted.parent = line.block.parent
            counted.parents += 1
        of_lines.append(counted)
        above = share
    return of_lines
