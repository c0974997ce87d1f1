"""What can be seen of each line of a page: the signs by which text and furniture are told apart.

They are counts and shares, of the line, of the blocks around it and of its neighbours; none of them knows a language
or a site. ``weigh.py`` judges by them; ``tests/eval/train_lines.py`` learns from them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from crawler.extract.lines import CONTAINERS, Block, Line

_TAGS = {
    tag: at
    for at, tag in enumerate(
        (
            "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "div", "section", "article", "figcaption",
            "blockquote", "pre", "dd", "dt", "body", "button", "header", "footer", "aside", "main", "figure",
        )
    )
}  # fmt: skip
_ENDS = frozenset('.。!！”"»…’)؟।')
_COMMAS = re.compile("[,;،、，；]")
_SENTENCE = re.compile(r"[.!?。！？।؟](?:(?<=[。！？।؟])|['\"”»]?(?:\s|$))")
#: Characters of scripts that say with one what others say with three.
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_BEYOND = 99.0
#: What is counted from the ends of a text, and of a page, counts up to here: on very long pages a line far from both
#: is like one that is less far, and few of them were ever marked to learn from.
_FAR, _MANY, _LONG, _MOST_LINES = 60, 60, 20_000.0, 300
_AROUND = (-2, -1, 1, 2)

NAMES: tuple[str, ...] = (
    "size", "link_share", "links", "end", "commas", "bold_share", "words", "word_size", "lower", "digits", "upper",
    "sentences", "start", "copyright", "pipes", "at", "tag", "broken", "hidden", "chrome", "depth", "is_title",
    "repeats", "in_title", "is_description", "in_article_body", *CONTAINERS, "body", "articles",
    *(f"{name}{level}" for level in range(3) for name in ("share", "linked", "count", "mean", "short")),
    "up", "down", "up_share", "branch_share", "branch_linked", "branch_count", "branch_mean",
    "place", "from_title", "from_first", "from_last", "like_share", "like_count", "like_mean", "strength", "before",
    "total", "lines", "images", "images_after",
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
        self.sizes = [_size(line.text) for line in lines]
        self.shares = [min(1.0, line.link_chars / len(line.text)) for line in lines]
        self.strengths = [
            _strength(line, size, share) for line, size, share in zip(lines, self.sizes, self.shares, strict=True)
        ]
        self.total = sum(self.strengths) or 1.0
        self.tags = [_TAGS.get(line.tag, -1) for line in lines]
        self.seen = list(zip(self.sizes, self.shares, self.strengths, strict=True))
        self.blocks = self._count_blocks()
        self.best = max(self.blocks, key=lambda block: block.score, default=None)
        self.chain = _chain(self.best)
        self.levels = {id(block): at for at, block in enumerate(self.chain)}
        self.repeats = Counter(keys)
        self.alike = self._count_alike()
        self.named: dict[int, tuple[float, float, float, float]] = {}
        self.of_words: dict[tuple[str, ...], tuple[float, float, float]] = {}
        self.weighed: dict[int, tuple[float, float, float, float, float]] = {}
        self._mark_ends()

    def _count_blocks(self) -> list[Block]:
        blocks: dict[int, Block] = {}
        for line, size, strength in zip(self.lines, self.sizes, self.strengths, strict=True):
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

    def _count_alike(self) -> list[list[float]]:
        """Give for each line the strength and the number of the lines whose blocks are made by the same template."""
        alike: dict[object, list[float]] = {}
        of_lines = []
        for line, strength in zip(self.lines, self.strengths, strict=True):
            counted = alike.setdefault(_kind(line.block), [0.0, 0.0])
            counted[0] += strength
            counted[1] += 1
            of_lines.append(counted)
        return of_lines

    def _mark_ends(self) -> None:
        self.title_at = next(
            (at for at, key in enumerate(self.keys) if key in self.titles and self.tags[at] == 1), None
        )
        if self.title_at is None:
            self.title_at = next((at for at, key in enumerate(self.keys) if key in self.titles), None)
        within = [
            at
            for at, line in enumerate(self.lines)
            if self.strengths[at] >= 60 and self.best is not None and _within(line.block, self.best)
        ]
        self.first, self.last = (within[0], within[-1]) if within else (0, len(self.lines))

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
                    *self._of_neighbours(at, line.block),
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
            1 if last in _ENDS else 2 if last in ":：" else 3 if last in "?？" else 0,
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
            line.block.body,
            line.block.articles,
        )

    def _of_blocks(self, block: Block) -> list[float]:
        found: list[float] = []
        around: Block = block
        for _ in range(3):
            found += self._weighed(around)
            around = around.parent or around
        up, branch, meeting = 0, block, block
        while id(meeting) not in self.levels and meeting.parent is not None:
            branch, meeting = meeting, meeting.parent
            up += 1
        found += (
            up,
            self.levels.get(id(meeting), _BEYOND),
            meeting.strength / self.total,
            branch.strength / self.total,
            branch.linked / (branch.size or 1),
            min(branch.count, _MANY),
            branch.size / branch.count,
        )
        return found

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
            alike[0] / self.total,
            min(alike[1], _MANY),
            alike[0] / alike[1],
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
        if line.chrome or not 0 < at < len(self.lines) - 1:
            return True
        before, after = self.lines[at - 1], self.lines[at + 1]
        return (
            before.linked
            or after.linked
            or not (before.block is line.block or before.block.parent is line.block.parent)
        )

    def _of_neighbours(self, at: int, block: Block) -> list[float]:
        found: list[float] = []
        for step in _AROUND:
            near = at + step
            if 0 <= near < len(self.lines):
                other = self.lines[near].block
                same = other is block or (other.parent is not None and other.parent is block.parent)
                found += (*self.seen[near], same, self.tags[near])
            else:
                found += (-1.0, -1.0, -1.0, -1.0, -1.0)
        return found

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


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))


@lru_cache(maxsize=1_024)
def _bits(inside: int) -> tuple[int, ...]:
    return tuple((inside >> bit) & 1 for bit in range(len(CONTAINERS)))


def _strength(line: Line, size: int, share: float) -> float:
    """Tell how much a line looks like a paragraph: long, not linked, ended like a sentence."""
    if share >= 0.5 or line.block.hidden:
        return 0.0
    if size >= 80:
        return min(size, 600) * (1 - share)
    return 0.3 * size * (1 - share) if line.text[-1] in _ENDS else 0.0


def _kind(block: Block) -> tuple[object, ...]:
    """Tell which blocks are made by the same template."""
    parent = block.parent
    return (block.tag, block.names, parent.tag, parent.names) if parent else (block.tag, block.names)


def _chain(block: Block | None) -> list[Block]:
    chain: list[Block] = []
    while block is not None:
        chain.append(block)
        block = block.parent
    return chain


def _within(block: Block, outer: Block) -> bool:
    inner: Block | None = block
    while inner is not None and inner.depth >= outer.depth:
        if inner is outer:
            return True
        inner = inner.parent
    return False
