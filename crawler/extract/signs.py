"""What can be seen of each line of a page: the signs by which text and furniture are told apart.

They are counts and shares, of the line, of the blocks around it and of its neighbours; none of them knows a language
or a site. ``weigh.py`` judges by them; ``tests/eval/train_lines.py`` learns from them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from crawler.extract import counts
from crawler.extract.lines import CONTAINERS, Block, Line, holds

_TAGS = {
    tag: at
    for at, tag in enumerate(
        (
            "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "div", "section", "article", "figcaption",
            "blockquote", "pre", "dd", "dt", "body", "button", "header", "footer", "aside", "main", "figure",
        )
    )
}  # fmt: skip
_COMMAS = re.compile("[,;،、，；]")
_SENTENCE = re.compile(r"[.!?。！？।؟](?:(?<=[。！？।؟])|['\"”»]?(?:\s|$))")
_BEYOND = 99.0
#: What is counted from the ends of a text, and of a page, counts up to here: on very long pages a line far from both
#: is like one that is less far, and few of them were ever marked to learn from.
_FAR, _MANY, _LONG, _MOST_LINES = 60, 60, 20_000.0, 300
#: From this strength on a line is a paragraph.
_PROSE = 60
_AROUND = (-2, -1, 1, 2)

NAMES: tuple[str, ...] = (
    "size", "link_share", "links", "end", "commas", "bold_share", "words", "word_size", "lower", "digits", "upper",
    "sentences", "start", "copyright", "pipes", "at", "tag", "broken", "hidden", "chrome", "depth", "is_title",
    "repeats", "in_title", "is_description", "in_article_body", *CONTAINERS, "body", "articles",
    *(f"{name}{level}" for level in range(3) for name in ("share", "linked", "count", "mean", "short")),
    "up", "down", "up_share", "branch_share", "branch_linked", "branch_count", "branch_mean",
    "start_up", "start_down",
    "place", "from_title", "from_first", "from_last", "like_share", "like_count", "like_mean", "like_apart",
    "like_below_links", "like_start", "strength", "before", "total", "lines", "images", "images_after",
    *(f"{name}{step:+d}" for step in _AROUND for name in ("size", "linked", "strength", "same", "tag")),
    "name", "parent_name", "far_names", "least_name", "most_name",
)  # fmt: skip


def read(
    lines: Sequence[Line],
    keys: Sequence[str],
    *,
    titles: Collection[str],
    description: str,
    article_body: str,
    words: Mapping[str, float],
) -> list[list[float] | None]:
    """Read the signs of each line, in the order of NAMES; None for lines that only link elsewhere.

    ``keys`` are the letters of the lines; titles, description and article_body come as letters, too. ``words`` gives
    the weight of the words of which blocks' names are made.
    """
    return _Reader(lines, keys, titles, description, article_body, words).all()


class _Reader:
    def __init__(
        self,
        lines: Sequence[Line],
        keys: Sequence[str],
        titles: Collection[str],
        description: str,
        article_body: str,
        words: Mapping[str, float],
    ) -> None:
        self.lines, self.keys, self.words = lines, keys, words
        self.titles, self.description, self.article_body = titles, description, article_body
        self.longest_title = max(titles, key=len, default="")
        self.sizes = [counts.size_of(line.text) for line in lines]
        self.shares = [min(1.0, line.link_chars / len(line.text)) for line in lines]
        self.strengths = [
            counts.strength_of(line, size, share)
            for line, size, share in zip(lines, self.sizes, self.shares, strict=True)
        ]
        self.total = sum(self.strengths) or 1.0
        self.tags = [_TAGS.get(line.tag, -1) for line in lines]
        self.seen = list(zip(self.sizes, self.shares, self.strengths, strict=True))
        beyond = ((-1.0, -1.0, -1.0),) * 2
        self.around = (*beyond, *self.seen, *beyond)
        self.tags_around = (-1, -1, *self.tags, -1, -1)
        self.beside = (self._stand_together(1), self._stand_together(2))
        self.blocks = counts.count_blocks(lines, self.sizes, self.strengths)
        self.best = max(self.blocks, key=lambda block: block.score, default=None)
        self.chain = _chain(self.best)
        self.levels = {id(block): at for at, block in enumerate(self.chain)}
        self.repeats = Counter(keys)
        self.alike = counts.count_alike(lines, self.strengths, self.shares)
        self.marked = any(block.body and block.strength >= _PROSE for block in self.blocks)
        self.reached: dict[int, tuple[int, Block, Block]] = {}
        self.started: dict[int, tuple[int, int]] = {}
        self.named: dict[int, tuple[float, float, float, float]] = {}
        self.of_words: dict[tuple[str, ...], tuple[float, float, float]] = {}
        self.above: dict[int, tuple[float, ...]] = {}
        self.weighed: dict[int, tuple[float, float, float, float, float]] = {}
        self._mark_ends()

    def _mark_ends(self) -> None:
        self.title_at = next(
            (at for at, key in enumerate(self.keys) if key in self.titles and self.tags[at] == 1), None
        )
        if self.title_at is None:
            self.title_at = next((at for at, key in enumerate(self.keys) if key in self.titles), None)
        within = [
            at
            for at, line in enumerate(self.lines)
            if self.strengths[at] >= _PROSE and self.best is not None and holds(self.best, line.block)
        ]
        self.first, self.last = (within[0], within[-1]) if within else (0, len(self.lines))
        self.start = next((at for at in range((self.title_at or -1) + 1, len(self.lines)) if self._is_prose(at)), None)
        start = None if self.start is None else self.lines[self.start].block
        self.start_levels = {id(block): at for at, block in enumerate(_chain(start))}

    def _is_prose(self, at: int) -> bool:
        return self.strengths[at] >= _PROSE and not self.lines[at].chrome

    def all(self) -> list[list[float] | None]:
        signs: list[list[float] | None] = []
        before = 0.0
        for at, line in enumerate(self.lines):
            before += self.strengths[at]
            if self._is_pointer(at, line):
                signs.append(None)
                continue
            signs.append(
                [
                    *self._of_line(at, line),
                    *self._of_page(at, line),
                    *self._of_blocks(line.block),
                    *self._of_place(at, line, before),
                    *self._of_neighbours(at),
                    *self._of_names(line.block),
                ]
            )
        return signs

    def _of_line(self, at: int, line: Line) -> tuple[float, ...]:
        text, length = line.text, len(line.text)
        words = text.split()
        first, last = text[0], text[-1]
        plain = text.isascii()
        return (
            self.sizes[at],
            self.shares[at],
            line.links,
            1 if last in counts.ENDS else 2 if last in ":：" else 3 if last in "?？" else 0,
            text.count(",") + text.count(";") if plain else len(_COMMAS.findall(text)),
            line.bold_chars / length,
            len(words),
            length / len(words),
            sum([word[0].islower() for word in words]) / len(words),
            (_digits(text) if plain else sum(map(str.isdigit, text))) / length,
            text.isupper(),
            len(_SENTENCE.findall(text)),
            1 if first.islower() else 2 if first in "\"“„«‘'‚「" else 3 if first in "•·-–*>|»▪" else 0,
            "©" in text,
            text.count("|") + text.count("/"),
            "@" in text,
            self.tags[at],
            line.broken,
            line.block.hidden,
            line.chrome,
            line.block.depth,
        )

    def _of_page(self, at: int, line: Line) -> tuple[float, ...]:
        key, inside = self.keys[at], line.block.inside
        described = len(self.description) > 25 and (
            key == self.description
            or (len(key) > 25 and (key.startswith(self.description[:60]) or self.description.startswith(key[:60])))
        )
        declared = -1
        if len(self.article_body) >= 300:
            declared = (1 + (len(key) >= 15)) if key and key in self.article_body else 0
        return (
            key in self.titles,
            self.repeats[key],
            len(key) > 8 and key in self.longest_title,
            described,
            declared,
            *_bits(inside),
            1 if line.block.body else -1 if self.marked else 0,
            line.block.articles,
        )

    def _of_blocks(self, block: Block) -> tuple[float, ...]:
        own = self._weighed(block)
        parent = block.parent or block
        above = self.above.get(id(parent))
        if above is None:
            above = self.above[id(parent)] = (*self._weighed(parent), *self._weighed(parent.parent or parent))
        up, branch, meeting = self._reach(block)
        return (
            *own,
            *above,
            up,
            self.levels.get(id(meeting), _BEYOND),
            meeting.strength / self.total,
            *(own[:4] if branch is block else self._weighed(branch)[:4]),
            *self._from_start(block),
        )

    def _reach(self, block: Block) -> tuple[int, Block, Block]:
        """Go up from a block to one that holds the best; give the steps, the last block below it, and it."""
        known = self.reached.get(id(block))
        if known is None:
            if id(block) in self.levels or block.parent is None:
                known = (0, block, block)
            else:
                up, branch, meeting = self._reach(block.parent)
                known = (up + 1, branch if up else block, meeting)
            self.reached[id(block)] = known
        return known

    def _from_start(self, block: Block) -> tuple[int, int]:
        """Count the steps up from a block, and then down to the first paragraph below the title."""
        known = self.started.get(id(block))
        if known is None:
            down = self.start_levels.get(id(block))
            if down is not None or block.parent is None:
                known = (0, -1 if down is None else down)
            else:
                up, down = self._from_start(block.parent)
                known = (up + 1, down)
            self.started[id(block)] = known
        return known

    def _weighed(self, block: Block) -> tuple[float, float, float, float, float]:
        known = self.weighed.get(id(block))
        if known is None:
            known = self.weighed[id(block)] = (
                block.strength / self.total,
                block.linked / (block.size or 1),
                min(block.count, _MANY),
                block.size / block.count,
                block.short / block.count,
            )
        return known

    def _of_place(self, at: int, line: Line, before: float) -> tuple[float, ...]:
        alike = self.alike[at]
        return (
            at / len(self.lines),
            -_BEYOND if self.title_at is None else min(at - self.title_at, _FAR),
            min(at - self.first, _FAR),
            max(at - self.last, -_FAR),
            alike.strength / self.total,
            min(alike.count, _MANY),
            alike.strength / alike.count,
            alike.parents / alike.count,
            alike.below_links / alike.count,
            self.start is not None and alike is self.alike[self.start],
            self.strengths[at],
            before / self.total,
            min(self.total, _LONG),
            min(len(self.lines), _MOST_LINES),
            line.images,
            self.lines[at + 1].images if at + 1 < len(self.lines) else 0,
        )

    def _is_pointer(self, at: int, line: Line) -> bool:
        """Tell whether a line only links elsewhere: not one that stands alone among lines of text."""
        if not line.linked or self.sizes[at] >= 200:
            return False
        if self.sizes[at] >= _PROSE and (line.tag == "p" or line.text[-1] in counts.ENDS) and not line.chrome:
            return False  # a press review is made of such lines
        if line.chrome or not 0 < at < len(self.lines) - 1:
            return True
        before, after = self.lines[at - 1], self.lines[at + 1]
        return (
            before.linked
            or after.linked
            or not (before.block is line.block or before.block.parent is line.block.parent)
        )

    def _of_neighbours(self, at: int) -> tuple[float, ...]:
        around = self.around
        return (
            *around[at], self.beside[1][at], self.tags_around[at],
            *around[at + 1], self.beside[0][at], self.tags_around[at + 1],
            *around[at + 3], self.beside[0][at + 1], self.tags_around[at + 3],
            *around[at + 4], self.beside[1][at + 2], self.tags_around[at + 4],
        )  # fmt: skip

    def _stand_together(self, step: int) -> list[float]:
        """Tell of each line, and that many steps below, whether they stand in one block; -1 beyond the page's ends."""
        blocks = [line.block for line in self.lines]
        return [
            *[-1.0] * step,
            *(
                above is below or (above.parent is not None and above.parent is below.parent)
                for above, below in zip(blocks, blocks[step:], strict=False)
            ),
            *[-1.0] * step,
        ]

    def _of_names(self, block: Block) -> tuple[float, ...]:
        own = self._named(block)
        parent = self._named(block.parent) if block.parent else own
        return own[0], parent[0] if block.parent else 0.0, own[1] - own[0], own[2], own[3]

    def _named(self, block: Block) -> tuple[float, float, float, float]:
        """Weigh the names of a block: its own, with those around it, and the least and most of these."""
        known = self.named.get(id(block))
        if known is None:
            own, least, most = self._of_words(block.names)
            whole = own
            if block.parent is not None:
                _, above, lower, upper = self._named(block.parent)
                whole, least, most = own + above, min(least, lower), max(most, upper)
            known = self.named[id(block)] = (own, whole, least, most)
        return known

    def _of_words(self, names: tuple[str, ...]) -> tuple[float, float, float]:
        known = self.of_words.get(names)
        if known is None:
            weights = [self.words.get(word, 0.0) for word in names]
            known = self.of_words[names] = (sum(weights), min(weights, default=0.0), max(weights, default=0.0))
        return known


def _digits(text: str) -> int:
    return len(text) - len(text.encode().translate(None, b"0123456789"))


@lru_cache(maxsize=1_024)
def _bits(inside: int) -> tuple[int, ...]:
    return tuple((inside >> bit) & 1 for bit in range(len(CONTAINERS)))


def _chain(block: Block | None) -> list[Block]:
    chain: list[Block] = []
    while block is not None:
        chain.append(block)
        block = block.parent
    return chain
