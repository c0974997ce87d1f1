"""What changed between two texts of an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from digest.content import clean

#: Scripts without spaces are compared letter by letter, others word by word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W{_UNSPACED}]+|\\s+|[^\\w\\s]")
#: Longer paragraphs are shown as a whole: comparing takes the square of the length.
_MOST_WORDS = 600
_MOST_PARAGRAPHS = 1_500


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a paragraph that stayed, went or came."""

    text: str
    kind: Literal["same", "del", "ins"] = "same"


Paragraph = tuple[Part, ...]


def between(before: Sequence[str], after: Sequence[str]) -> list[Paragraph]:
    """List the paragraphs that differ, with what went and what came in them."""
    old = [clean(text) for text in before][:_MOST_PARAGRAPHS]
    new = [clean(text) for text in after][:_MOST_PARAGRAPHS]
    found: list[Paragraph] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        paired = min(j - i, m - k)
        found += [within(old[i + at], new[k + at]) for at in range(paired)]
        found += [(Part(text, "del"),) for text in old[i + paired : j]]
        found += [(Part(text, "ins"),) for text in new[k + paired : m]]
    return [paragraph for paragraph in found if any(part.text for part in paragraph)]


def paragraphs(text: str) -> list[str]:
    """Cut a text into its paragraphs."""
    return [line for line in text.splitlines() if line.strip()]


def within(before: str, after: str) -> Paragraph:
    """Tell what went and what came, word by word, between two versions of one paragraph."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        return (Part(before, "del"), Part(after, "ins"))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.4:  # hardly a word stayed: the paragraphs are read better one after the other
        return (Part(before, "del"), Part(after, "ins"))
    parts: list[Part] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            parts.append(Part("".join(old[i:j])))
            continue
        parts += [Part("".join(old[i:j]), "del"), Part("".join(new[k:m]), "ins")]
    return tuple(part for part in parts if part.text)
