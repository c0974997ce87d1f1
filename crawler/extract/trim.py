"""Takes off the text what is not the text: title, byline, links, and what repeats over the pages of a host."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

from crawler.extract.counts import ends_sentence
from crawler.extract.lines import letters, weight
from crawler.extract.page import Line
from crawler.records import TakenOut

#: Of the text, at least this share stays: more repetition than that is a copy, not furniture.
_KEEP = 0.3
#: A line of links only, up to this length, is a pointer elsewhere.
_SHORT = 120
#: Less of a text than this would be left: then its links are what it says, where the page says that it is an article,
#: or where its lines are as long as sentences; else it is a list of headlines.
_REVIEW, _SENTENCE = 0.5, 60


def block_hashes(text: str) -> list[int]:
    """Hash each line of a text: what the archive counts per host."""
    return [_hash(line) for line in text.split("\n") if len(letters(line)) >= 4]


def trim(
    lines: Sequence[str],
    *,
    title: str,
    byline_lines: Collection[str],
    names: Collection[str],
    page_lines: Sequence[Line],
    declared: bool,
) -> list[str]:
    """Drop from the lines of a text what is not the text; ``declared``: the page says that it is an article."""
    kept = _without_furniture(lines, title, byline_lines, names)
    found, size = _without_links(kept, page_lines), sum(map(weight, kept))
    is_review = sum(map(weight, found)) < _REVIEW * size and (declared or size >= _SENTENCE * len(kept))
    return kept if is_review else found


def without_repeats(
    lines: Sequence[str], host_blocks: Collection[int], lead: str = ""
) -> tuple[list[str], tuple[TakenOut, ...]]:
    """Take the lines out that the host repeats on its pages; give the others, and what was taken out.

    Other pages tease an article with its standfirst: where that stands in its own text it stays. Of a text that is
    mostly such lines none is taken: then they are what it says.
    """
    if not host_blocks:
        return list(lines), ()
    own = _hash(lead)
    repeats = [(found := _hash(line)) in host_blocks and found != own for line in lines]
    kept = [line for line, repeated in zip(lines, repeats, strict=True) if not repeated]
    if sum(map(len, kept)) < _KEEP * sum(map(len, lines)):
        return list(lines), ()
    return kept, tuple(TakenOut(at, line) for at, line in enumerate(lines) if repeats[at])


def with_repeats(lines: Sequence[str], taken: Sequence[TakenOut]) -> list[str]:
    """Put back what ``without_repeats`` took out."""
    whole = list(lines)
    for line in taken:
        whole.insert(line.at, line.text)
    return whole


def repeated_by(host: str) -> dict[str, str]:
    """Say, as evidence of ``taken_out``, why lines are not among the text."""
    return {"taken_out": f"lines that {host} repeats on its pages"}


def _without_furniture(
    lines: Sequence[str], title: str, byline_lines: Collection[str], names: Collection[str]
) -> list[str]:
    """Drop the title, the byline, and names that stand alone above the text."""
    wanted = letters(title)
    bylines = {letters(line) for line in byline_lines}
    alone = {letters(name) for name in names if name}
    kept: list[str] = []
    in_head = True
    for line in lines:
        found = letters(line)
        if in_head and len(line) > 100 and found != wanted:
            in_head = False
        if not found:
            continue  # "___", "* * *": lines between parts, which say nothing
        if (found == wanted and wanted) or (found in bylines and found):
            continue
        if in_head and found in alone:
            continue
        kept.append(line)
    return kept


def _without_links(lines: Sequence[str], page_lines: Sequence[Line]) -> list[str]:
    """Drop short lines that are links only, above the first and below the last paragraph."""
    if not any(len(_bare(line)) <= _SHORT for line in (*lines[:1], *lines[-1:])):
        return list(lines)
    linked = {letters(line.text) for line in page_lines if line.linked}
    plain = {letters(line.text) for line in page_lines if not line.linked}
    pointers = linked - plain
    start, end = 0, len(lines)
    while start < end and _is_pointer(lines[start], pointers):
        start += 1
    while end > start and _is_pointer(lines[end - 1], pointers):
        end -= 1
    return list(lines[start:end])


def _is_pointer(line: str, pointers: Collection[str]) -> bool:
    bare = _bare(line)
    return len(bare) <= _SHORT and letters(bare) in pointers and not (ends_sentence(bare) and weight(bare) >= _SENTENCE)


def _bare(line: str) -> str:
    return line.lstrip("-•* |")


def _hash(line: str) -> int:
    return int.from_bytes(hashlib.blake2b(letters(line).encode(), digest_size=8).digest(), "big") >> 1
