"""A draft as a list of lines for an editor's own text editor, and what its changes mean.

Like the list of a ``git rebase -i``: the order of the lines is the order in the digest, a line that is taken out is
left out of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from crawler.errors import UsageError
from crawler.records import ReviewAct
from digest.content import Item
from digest.review import Command, Desk, Place

#: So many of the stories that are only counted are listed.
_HIDDEN = 100
_HELP = """\
# The order of the lines is the order in the digest; move them within a block and between blocks.
# A line begins with the number of its story; the headline is only there to be read.
# "pin 3" keeps story 3 on top, in newer drafts too. A line that is taken out, or put under [dropped], is left out.
# Indented beneath a line:
#     note: what the readers are told with it (an editor's note)
#     reason: why it is dropped
# "lead:" is what is said above all. Lines that begin with "#" are not read; an empty file changes nothing.
"""


@dataclass(slots=True)
class _Line:
    number: int
    place: Place
    watch: str
    pinned: bool
    said: dict[str, str] = field(default_factory=dict)


def write_list(desk: Desk, title: str) -> str:
    """Write a draft as lines."""
    lines = [f"# {title}", _HELP, f"lead: {desk.lead}".rstrip(), "", "[top]"]
    lines += _lines(desk, desk.at("top"))
    for watch in desk.draft.content.masthead.watches:
        lines += ["", f"[section {watch}]", *_lines(desk, desk.at("section", watch))]
    hidden = desk.at("hidden")
    more = [f"# and {len(hidden) - _HIDDEN} more"] if len(hidden) > _HIDDEN else []
    lines += ["", "[hidden]", *_lines(desk, hidden[:_HIDDEN]), *more]
    lines += ["", "[dropped]", *_lines(desk, desk.at("dropped"))]
    return "\n".join(lines) + "\n"


def _lines(desk: Desk, items: tuple[Item, ...]) -> Iterator[str]:
    reasons = {item.story: act.text for item, act in desk.dropped}
    for item in items:
        pin = "pin " if item.story in desk.pinned else ""
        yield f"{pin}{desk.draft.numbers[item.story]} {item.carrier.headline} ({item.carrier.name})"
        for key, text in (("note", desk.notes.get(item.story)), ("reason", reasons.get(item.story))):
            if text:
                yield f"    {key}: {text}"


def read_list(desk: Desk, text: str, who: str, now: datetime) -> Desk:
    """Do what an edited list says, and give the desk as it is then."""
    if not any(line.strip() and not line.startswith("#") for line in text.splitlines()):
        return desk
    lead, lines = _read(desk, text)
    changed = desk
    if lead != desk.lead:
        changed = changed.act(Command("lead", text=lead), who, now)
    for line in [*lines, *_taken_out(desk, lines)]:
        changed = _put(changed, line, who, now)
    for place, watch in [("top", ""), *(("section", name) for name in desk.draft.content.masthead.watches)]:
        wanted = [_story(desk, line) for line in lines if line.place == place and line.watch == watch]
        changed = _ordered(changed, "top" if place == "top" else "section", watch, wanted, who, now)
    return changed


def _read(desk: Desk, text: str) -> tuple[str, list[_Line]]:
    place: Place | None = None
    watch, lead = "", ""
    lines: list[_Line] = []
    for count, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if block := re.fullmatch(r"\[(top|section|hidden|dropped)(?: (.+))?\]", line):
            place, watch = _block(desk, block, count)
        elif place is None and line.startswith("lead:"):
            lead = line.removeprefix("lead:").strip()
        elif raw[0].isspace() and lines and (said := re.fullmatch(r"(note|reason):\s*(.*)", line)):
            lines[-1].said[said[1]] = said[2]
        elif place is not None and (story := re.fullmatch(r"(pin )?\s*(\d+)(?:\s.*)?", line)):
            lines.append(_Line(int(story[2]), place, watch, bool(story[1])))
            _check(desk, lines, count)
        else:
            wanted = 'a story ("3 Headline"), a block ("[top]"), or an indented "note: ..." beneath a story'
            raise UsageError(f"line {count} of the list is {line[:60]!r}; wanted {wanted}")
    return lead, lines


def _block(desk: Desk, found: re.Match[str], count: int) -> tuple[Place, str]:
    watches = desk.draft.content.masthead.watches
    watch = found[2] or ""
    if found[1] == "section" and watch not in watches:
        known = ", ".join(f"[section {name}]" for name in watches) or "[top]: this digest has no sections"
        raise UsageError(f"line {count} of the list: there is no section {watch!r}; there is {known}")
    places: dict[str, Place] = {"top": "top", "section": "section", "hidden": "hidden", "dropped": "dropped"}
    return places[found[1]], watch if found[1] == "section" else ""


def _check(desk: Desk, lines: list[_Line], count: int) -> None:
    line = lines[-1]
    item = desk.draft.item(line.number)
    if any(other.number == line.number for other in lines[:-1]):
        raise UsageError(f"line {count} of the list: story {line.number} stands there twice")
    if line.place == "section" and line.watch != item.watch:
        raise UsageError(f"line {count} of the list: story {line.number} belongs under [section {item.watch}]")
    if line.pinned and line.place != "top":
        raise UsageError(f"line {count} of the list: story {line.number} is pinned, so it belongs under [top]")


def _taken_out(desk: Desk, lines: list[_Line]) -> list[_Line]:
    """List what was shown and is no line any more."""
    there = {line.number for line in lines}
    numbers = desk.draft.numbers
    gone = [item for place in _SHOWN for item in desk.at(place) if numbers[item.story] not in there]
    return [_Line(numbers[item.story], "dropped", "", pinned=False, said={"note": desk.notes.get(item.story, "")})
            for item in gone]  # fmt: skip


_SHOWN: tuple[Literal["top", "section"], ...] = ("top", "section")


def _story(desk: Desk, line: _Line) -> int:
    return desk.draft.item(line.number).story


def _put(desk: Desk, line: _Line, who: str, now: datetime) -> Desk:
    """Do what one line says of its story."""
    story = _story(desk, line)
    was = desk.places[story]
    reasons = {item.story: act.text for item, act in desk.dropped}
    if line.place == "dropped":
        if was != "dropped" or line.said.get("reason", "") != reasons[story]:
            desk = desk.act(Command("drop", line.number, line.said.get("reason", "")), who, now)
    elif line.pinned != (story in desk.pinned):
        desk = desk.act(Command("pin" if line.pinned else _MOVES[line.place], line.number), who, now)
    elif line.place != was:
        desk = desk.act(Command(_MOVES[line.place], line.number), who, now)
    if line.said.get("note", "") != desk.notes.get(story, ""):
        desk = desk.act(Command("note", line.number, line.said.get("note", "")), who, now)
    return desk


_MOVES: dict[Place, Literal["top", "section", "hide"]] = {"top": "top", "section": "section", "hidden": "hide"}


def _ordered(desk: Desk, place: Place, watch: str, wanted: list[int], who: str, now: datetime) -> Desk:
    """Put a place into the order of its lines."""
    now_there = [item.story for item in desk.at(place, watch if place == "section" else None)]
    wrong = next((story for story, other in zip(wanted, now_there, strict=True) if story != other), None)
    if wrong is None:
        return desk
    item = desk.draft.by_story[wrong]
    act = ReviewAct("arrange", who, now, wrong, item.articles, item.carrier.headline, place, order=tuple(wanted))
    return desk.with_acts((*desk.acts, act))
