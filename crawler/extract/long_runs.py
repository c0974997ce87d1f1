"""Cuts what is too long in one piece for the parser, which would drop everything behind it: scripts, images, comments.

libxml2 stops at ten million bytes of one text, one comment or one attribute. Each pass here is linear.
"""

from __future__ import annotations

import re

#: Characters of one piece that are left; four bytes each are still read.
LONGEST = 2_000_000
#: Elements whose content is no markup, and comments.
_OPEN = re.compile(r"<(?:(script|style|textarea|xmp|iframe|noembed|noframes)(?=[\s/>])|!--)", re.IGNORECASE)
_NAME = re.compile(r"</?[a-z][\w:-]{0,40}", re.IGNORECASE)
_ENDS = {
    name: re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "xmp", "iframe", "noembed", "noframes")
}
_COMMENT_END = re.compile("-->")


def cut(text: str) -> str:
    """Give markup without the rest of every piece that is longer than LONGEST."""
    return text if len(text) <= LONGEST else _runs_cut(_contents_cut(text))


def _contents_cut(text: str) -> str:
    """Shorten what stands in scripts and the like, and comments, whatever signs of markup are in it."""
    kept: list[str] = []
    at = begin = 0
    while opened := _OPEN.search(text, at):
        ended = (_ENDS[opened[1].lower()] if opened[1] else _COMMENT_END).search(text, opened.end())
        end = ended.start() if ended else len(text)
        if end - opened.end() > LONGEST:
            kept += [text[begin : opened.start()], _content_cut(text[opened.start() : end], opened[1])]
            begin = end
        if ended is None:
            break
        at = ended.end()
    return "".join([*kept, text[begin:]]) if kept else text


def _content_cut(run: str, name: str | None) -> str:
    """Shorten a comment, or an element up to its end; of one whose own tag is long that is left without attributes."""
    if name is None:
        return run[: len("<!--") + LONGEST]
    end = run.find(">", 0, LONGEST)
    return f"<{name}>" if end < 0 else run[: end + 1 + LONGEST]


def _runs_cut(text: str) -> str:
    """Shorten what is long between two signs "<": a text, or a tag with a picture in it."""
    kept: list[str] = []
    at = begin = 0
    while len(text) - at > LONGEST:
        following = text.rfind("<", at + 1, at + 1 + LONGEST)
        if following < 0:
            following = text.find("<", at + 1 + LONGEST)
            following = following if following >= 0 else len(text)
            kept += [text[begin:at], _run_cut(text[at:following])]
            begin = following
        at = following
    return "".join([*kept, text[begin:]]) if kept else text


def _run_cut(run: str) -> str:
    """Shorten a run; of a long tag its name is left."""
    name = _NAME.match(run)
    end = run.find(">") if name else -1
    if name is None:
        return run[:LONGEST]
    tag = run[: end + 1] if 0 <= end <= LONGEST else f"{name[0]}>"
    return tag + (run[end + 1 : end + 1 + LONGEST] if end >= 0 else "")
