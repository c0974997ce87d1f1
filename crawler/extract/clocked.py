"""Finds the posts of a live blog that prints a clock above each and declares nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from crawler.extract.dates import Printed, clean, read
from crawler.extract.lines import HEADINGS, Block, Line, holds, weight
from crawler.extract.page import ParsedPage

_CLOCK = re.compile(
    r"\W*(?:上午|下午|午前|午後|오전|오후)?\s?([01]?\d|"
    r"2[0-3])\s?(?:[:.h時时시点٫]\s?([0-5]\d)(?:[:.][0-5]\d)?\s?[分분]?|(?=[ap]\.?m))"
    r"\s?(?:uhr|h|[ap]\.?\s?m\.?)?\s?(?:\(?[a-z]{2,5}\)?)?\W*",
    re.IGNORECASE,
)
_NOON = re.compile(r"下午|午後|오후|p\.?\s?m", re.IGNORECASE)
_LEAST_POSTS = 3
_LONGEST_LABEL = 40
#: So much, where a character of a dense script counts three, is more than a label.
PROSE = 40
_OF_POST = HEADINGS | {"li", "p"}
#: In minutes.
_DAY = 1_440


@dataclass(frozen=True, slots=True)
class Post:
    """What stands below one clock."""

    block: Block
    clock: str
    #: As it is printed, with its day; None where only the clock is printed.
    time: Printed | None
    minutes: int
    lines: tuple[str, ...]


def posts_of(page: ParsedPage, language: str) -> list[Post]:
    """Find blocks of one kind beside each other that begin with a time of day and then tell something."""
    labels: dict[int, tuple[Line, int]] = {}
    for at, line in enumerate(page.lines):
        short = len(line.text) <= _LONGEST_LABEL and not line.chrome and any(map(str.isdigit, line.text))
        if short and (minutes := _minutes(line.text, language)) is not None:
            labels[at] = (line, minutes)
    if len(labels) < _LEAST_POSTS:
        return []
    groups: dict[tuple[object, ...], list[Post]] = {}
    for at, (line, minutes) in labels.items():
        block = _block_of(page.lines, at)
        if block is not None and (told := _told(page.lines, at, block)):
            kind = (id(block.parent), block.tag, block.names)
            post = Post(block, line.text, read(line.text, language), minutes, told)
            groups.setdefault(kind, []).append(post)
    posts = max(groups.values(), key=len, default=[])
    return posts if len(posts) >= _LEAST_POSTS and len({id(post.block) for post in posts}) == len(posts) else []


def is_newest_first(posts: Sequence[Post]) -> bool:
    """Tell the order of posts by most of their times."""
    rises = sum(_rises(earlier, later) for earlier, later in pairwise(posts))
    return 2 * rises < len(posts)


def is_clock(text: str) -> bool:
    """Tell whether a line is a time of day and nothing else."""
    return len(text) <= _LONGEST_LABEL and _CLOCK.fullmatch(clean(text)) is not None


def _rises(earlier: Post, later: Post) -> bool:
    if earlier.time and later.time:
        return earlier.time.iso < later.time.iso
    # Clocks begin anew at midnight: the shorter way round the dial counts.
    return 0 < (later.minutes - earlier.minutes) % _DAY < _DAY // 2


def _minutes(text: str, language: str) -> int | None:
    text = clean(text)
    clock = _CLOCK.fullmatch(text)
    if clock:
        hour = int(clock[1]) + (12 if _NOON.search(text) and int(clock[1]) < 12 else 0)
        return 60 * hour + int(clock[2] or 0)
    printed = read(text, language)
    if printed is None or printed.precision == "day":
        return None
    return 60 * int(printed.iso[11:13]) + int(printed.iso[14:16])


def _block_of(lines: Sequence[Line], at: int) -> Block | None:
    """Give the block that begins with a clock and holds what is told below it."""
    block = lines[at].block
    below = lines[at + 1].block if at + 1 < len(lines) else None
    for _ in range(3):
        if below is None or block is None or block.parent is None:
            return None
        if holds(block, below):
            before = lines[at - 1].block if at else None
            return block if before is None or not holds(block, before) else None
        block = block.parent
    return None


def _told(lines: Sequence[Line], at: int, block: Block) -> tuple[str, ...]:
    inside: list[Line] = []
    for line in lines[at + 1 :]:
        if not holds(block, line.block):
            break
        if not (line.linked or line.block.hidden):
            inside.append(line)
    return tuple(text_of(inside))


def text_of(lines: Sequence[Line]) -> list[str]:
    """Give what the lines of a post tell, and the headings above that; nothing when they tell nothing."""
    first = next((at for at, line in enumerate(lines) if weight(line.text) >= PROSE), len(lines))
    told = lines[first:]
    kept = [line.text for line in lines[:first] if line.tag in HEADINGS] if told else []
    return kept + [line.text for line in told if line.tag in _OF_POST or weight(line.text) >= PROSE]
