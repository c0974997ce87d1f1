"""What editors make of a draft: from what was chosen and what they did to what stands in the edition.

Pure: the same draft and the same acts give the same edition, on the command line and on the web page. Every act says
what holds from then on (where a story stands, in which order a place is, which note it has), and the last one counts.
So an act given twice changes nothing more, and one that is taken back is as if it had never been.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, cast, get_args

from crawler.errors import UsageError
from crawler.records import ReviewAct, as_json
from digest import asides, edition
from digest.building import from_json
from digest.content import EditionContent, Item, Section, clean
from digest.layout import Layout, count

__all__ = ["Command", "Desk", "Draft", "Order", "Place", "carry_over", "take_back"]

Place = Literal["top", "section", "hidden", "dropped"]
#: What can be asked for, by its word on the command line.
Order = Literal["pin", "top", "section", "show", "hide", "drop", "up", "down", "before", "note", "lead"]
_LONGEST_NOTE, _LONGEST_LEAD, _LONGEST_REASON = 1000, 2000, 300


@dataclass(frozen=True)
class Draft:
    """What was chosen for a draft; nothing that editors do changes it."""

    content: EditionContent
    #: Stories that are only counted, those first that would stand next; of thousands not all.
    hidden: tuple[Item, ...] = ()
    #: What weighs less is counted apart while it is hidden; see the plan's floor.
    floor: float = 0.0

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All stories; their places here, from 1 on, are the numbers by which editors call them."""
        return (*self.content.items, *self.hidden)

    @cached_property
    def by_story(self) -> Mapping[int, Item]:
        """Find each story by its id."""
        return {item.story: item for item in self.items}

    @cached_property
    def numbers(self) -> Mapping[int, int]:
        """Give the number of each story."""
        return {item.story: number for number, item in enumerate(self.items, 1)}

    def item(self, number: int) -> Item:
        """Find a story by its number."""
        if not 1 <= number <= len(self.items):
            known = f"its stories are 1 to {len(self.items)}" if self.items else "it has no stories"
            raise UsageError(f"there is no story {number} in this draft; {known}")
        return self.items[number - 1]

    def to_json(self) -> str:
        """Write it for the archive."""
        whole = {"content": self.content, "hidden": self.hidden, "floor": self.floor}
        return json.dumps(as_json(whole), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Draft:
        """Read what to_json wrote."""
        whole = json.loads(text)
        hidden = tuple(from_json(Item, item) for item in whole["hidden"])
        return cls(from_json(EditionContent, whole["content"]), hidden, whole["floor"])


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that an editor asks for."""

    order: Order
    #: Of the story; 0 for the lead.
    number: int = 0
    #: The note, the lead, the reason.
    text: str = ""
    #: The story before which it is put.
    other: int = 0


@dataclass(frozen=True)
class Desk:
    """A draft with what was done to it: where everything stands now."""

    draft: Draft
    #: Those that hold, in their order.
    acts: tuple[ReviewAct, ...] = ()

    @cached_property
    def places(self) -> Mapping[int, Place]:
        """Say where each story stands."""
        content = self.draft.content
        found: dict[int, Place] = dict.fromkeys(self.draft.by_story, "hidden")
        found |= dict.fromkeys((item.story for section in content.sections for item in section.items), "section")
        found |= dict.fromkeys((item.story for item in content.top), "top")
        for act in self.acts:
            if act.story in found and act.kind in {"pin", "move", "drop"}:
                found[act.story] = _place_of(act)
        return found

    @cached_property
    def notes(self) -> Mapping[int, str]:
        """Give the note of each story that has one."""
        notes = {item.story: item.note for item in self.draft.items}
        for act in self.acts:
            if act.kind == "note" and act.story in notes:
                notes[act.story] = act.text
        return {story: text for story, text in notes.items() if text}

    @cached_property
    def lead(self) -> str:
        """Give what the editors say above all; "" when nothing."""
        return next((act.text for act in reversed(self.acts) if act.kind == "lead"), "")

    @cached_property
    def pinned(self) -> tuple[int, ...]:
        """List the stories that were pinned to the top and still stand there, in the order of their pins."""
        last: dict[int, str] = {}
        for act in self.acts:
            if act.story is not None and act.story in self.draft.by_story and act.kind in {"pin", "move", "drop"}:
                last.pop(act.story, None)
                last[act.story] = act.kind
        return tuple(story for story, kind in last.items() if kind == "pin")

    @cached_property
    def dropped(self) -> tuple[tuple[Item, ReviewAct], ...]:
        """List the stories that were left out, each with the act that did it."""
        acts = {act.story: act for act in self.acts if act.kind == "drop"}
        return tuple((item, acts[item.story]) for item in self.at("dropped"))

    def at(self, place: Place, watch: str | None = None) -> tuple[Item, ...]:
        """List the stories at a place (of one watch) in their order."""
        return (
            self._ordered[place]
            if watch is None
            else tuple(item for item in self._ordered[place] if item.watch == watch)
        )

    @cached_property
    def _ordered(self) -> Mapping[Place, tuple[Item, ...]]:
        places: dict[Place, list[Item]] = {place: [] for place in get_args(Place)}
        for item in self.draft.items:
            places[self.places[item.story]].append(item)
        found = {place: tuple(items) for place, items in places.items()}
        for act in self.acts:
            if act.order:
                found[_place_of(act)] = _arranged(found[_place_of(act)], act.order)
        found["top"] = _arranged(found["top"], self._pinned_since)
        return found

    @cached_property
    def _pinned_since(self) -> tuple[int, ...]:
        """List the pinned stories of which no order of the top says where they stand: they go before all."""
        since = 0
        for number, act in enumerate(self.acts):
            if act.order and _place_of(act) == "top":
                since = number + 1
        late = {act.story for act in self.acts[since:] if act.kind == "pin"}
        return tuple(story for story in self.pinned if story in late)

    @cached_property
    def content(self) -> EditionContent:
        """Make what stands in the edition."""
        made = self.draft.content
        top, shown, hidden = self._noted("top"), self._noted("section"), self._noted("hidden")
        changed = replace(made, top=top, **self._counted(top, shown, hidden))
        if gone := self.at("dropped"):
            kept = [item for item in self.draft.items if self.places[item.story] != "dropped"]
            changed = asides.temper(edition.retold(changed, kept, gone), kept)
        return replace(changed, editor=self.lead)

    def _counted(self, top: Sequence[Item], shown: Sequence[Item], hidden: Sequence[Item]) -> dict[str, Any]:
        """Count where stories stand, with those that the draft only counts and does not hold."""
        made = self.draft.content
        listed = [item for section in made.sections for item in section.items]
        before = self._places(made.top, listed, self.draft.hidden)
        after = self._places(top, shown, hidden)
        if not made.masthead.watches:
            return {
                "sections": (),
                "hidden": made.hidden + after.hidden - before.hidden,
                "below_floor": made.below_floor + after.below_floor - before.below_floor,
            }
        held = {section.watch: section for section in before.sections}
        missing = {section.watch: _beyond(section, held[section.watch]) for section in made.sections}
        sections = tuple(_with(section, missing.get(section.watch, (0, 0, 0))) for section in after.sections)
        return {"sections": sections, "hidden": 0, "below_floor": 0}

    def _places(self, top: Sequence[Item], shown: Sequence[Item], hidden: Sequence[Item]) -> Layout:
        watches = self.draft.content.masthead.watches
        light = [item for item in hidden if item.score < self.draft.floor]
        unplaced = [item for item in hidden if item.score >= self.draft.floor]
        if not watches:
            return Layout(tuple(top), (), len(unplaced), len(light))
        by_watch = {watch: [item for item in shown if item.watch == watch] for watch in watches}
        return Layout(tuple(top), count(watches, top, by_watch, unplaced, light), 0, 0)

    def _noted(self, place: Place) -> tuple[Item, ...]:
        return tuple(replace(item, note=self.notes.get(item.story, "")) for item in self.at(place))

    def act(self, command: Command, who: str, now: datetime) -> Desk:
        """Do what an editor asks for, and give the desk as it is then."""
        return self.with_acts((*self.acts, self._understood(command, who, now)))

    def with_acts(self, acts: Iterable[ReviewAct]) -> Desk:
        """Give the desk of the same draft with other acts."""
        return Desk(self.draft, tuple(acts))

    def _understood(self, command: Command, who: str, now: datetime) -> ReviewAct:
        if command.order == "lead":
            return ReviewAct("lead", who, now, text=_said(command.text, _LONGEST_LEAD, "the lead"))
        item = self.draft.item(command.number)
        act = ReviewAct("move", who, now, item.story, item.articles, item.carrier.headline)
        if command.order == "note":
            return replace(act, kind="note", text=_said(command.text, _LONGEST_NOTE, f"note {command.number}"))
        if command.order == "drop":
            said = _said(command.text, _LONGEST_REASON, f"the reason of {command.number}")
            return replace(act, kind="drop", place="dropped", text=said)
        if command.order == "pin":
            return self._pin(act, item)
        if command.order in {"top", "section", "show", "hide"}:
            return replace(act, place=self._target(command))
        return self._moved(act, item, command)

    def _pin(self, act: ReviewAct, item: Item) -> ReviewAct:
        """Put a story behind those that are pinned already; where the top was arranged, say its whole order anew."""
        act = replace(act, kind="pin", place="top")
        if not any(each.order and _place_of(each) == "top" for each in self.acts):
            return act
        order = [each.story for each in self.at("top") if each.story != item.story]
        pinned = [place for place, story in enumerate(order, 1) if story in self.pinned]
        order.insert(max(pinned, default=0), item.story)
        return replace(act, order=tuple(order))

    def _target(self, command: Command) -> Place:
        if command.order == "top":
            return "top"
        if command.order == "hide":
            return "hidden"
        sections = bool(self.draft.content.masthead.watches)
        if command.order == "section" and not sections:
            raise UsageError("this digest has no sections, as its plan has no watches; --hide leaves a story out of it")
        return "section" if sections else "top"

    def _moved(self, act: ReviewAct, item: Item, command: Command) -> ReviewAct:
        """Move a story within its place, or before another one, which may stand elsewhere."""
        number, place = command.number, self.places[item.story]
        if command.order == "before":
            other = self.draft.item(command.other)
            place = self._shared_place(item, other)
            if other.story == item.story:
                raise UsageError(f"story {number} cannot stand before itself")
        elif place not in {"top", "section"}:
            raise UsageError(f"story {number} is {place}; --show {number} or --top {number} puts it into the digest")
        order = [each.story for each in self.at(place, None if place == "top" else item.watch)]
        if command.order == "before":
            order = [story for story in order if story != item.story]
            order.insert(order.index(other.story), item.story)
        else:
            at = order.index(item.story)
            to = at + (1 if command.order == "down" else -1)
            if not 0 <= to < len(order):
                raise UsageError(_at_the_end(number, place, command.order))
            order[at], order[to] = order[to], order[at]
        moved = self.places[item.story] != place
        kind: Literal["move", "arrange"] = "move" if moved else "arrange"
        return replace(act, kind=kind, place=place, order=tuple(order))

    def _shared_place(self, item: Item, other: Item) -> Place:
        place = self.places[other.story]
        number, beside = self.draft.numbers[item.story], self.draft.numbers[other.story]
        if place not in {"top", "section"}:
            raise UsageError(f"story {beside} is {place}, so none can stand before it")
        if place == "section" and item.watch != other.watch:
            raise UsageError(
                f'story {number} belongs to the section "{item.watch}" and story {beside} to "{other.watch}"; '
                f"--top {number} puts it among the top stories"
            )
        return place


def take_back(desk: Desk, number: int) -> ReviewAct:
    """Choose what is taken back of a story (0: of the lead): what was done to it last."""
    story = desk.draft.item(number).story if number else None
    for act in reversed(desk.acts):
        if act.story == story and (number or act.kind == "lead"):
            return act
    raise UsageError(f"nothing was done to {f'story {number}' if number else 'the lead'} that could be taken back")


def carry_over(
    draft: Draft, acts: Sequence[ReviewAct], own_texts: Collection[int]
) -> tuple[list[ReviewAct], list[tuple[Item, ReviewAct]]]:
    """Carry what was said of stories over to a newer draft; and give the dropped ones that come back with news.

    ``own_texts`` are the articles that are no copies: one of them that came since the drop is news.
    """
    carried: dict[tuple[str, int | None], ReviewAct] = {}
    back: dict[int, tuple[Item, ReviewAct]] = {}
    for act in acts:
        if act.kind == "lead":
            carried["lead", None] = replace(act, id=0, carried=act.edition)
            continue
        item = _again(draft, act)
        if item is None or act.kind not in {"pin", "move", "drop", "note"}:
            continue
        about = "note" if act.kind == "note" else "place"
        carried.pop((about, item.story), None)
        back.pop(item.story, None) if about == "place" else None
        if act.kind == "drop" and (set(item.articles) - set(act.articles)) & set(own_texts):
            back[item.story] = (item, act)
            continue
        carried[about, item.story] = replace(
            act, id=0, story=item.story, articles=item.articles, order=(), carried=act.edition
        )
    return list(carried.values()), list(back.values())


def _again(draft: Draft, act: ReviewAct) -> Item | None:
    """Find the story of an act in a newer draft: by its id, else by the most articles that both have."""
    articles = set(act.articles)
    found = [item for item in draft.items if item.story == act.story or not articles.isdisjoint(item.articles)]
    return max(
        found, key=lambda item: (item.story == act.story, len(articles & set(item.articles)), -item.story), default=None
    )


def _place_of(act: ReviewAct) -> Place:
    return cast(Place, act.place)


def _arranged(items: Sequence[Item], order: Sequence[int]) -> tuple[Item, ...]:
    """Put items into an order; what it does not name keeps its place behind those that it names."""
    place = {story: number for number, story in enumerate(order)}
    named = sorted((item for item in items if item.story in place), key=lambda item: place[item.story])
    return (*named, *(item for item in items if item.story not in place))


def _beyond(made: Section, held: Section) -> tuple[int, int, int]:
    return made.total - held.total, made.hidden - held.hidden, made.below_floor - held.below_floor


def _with(section: Section, beyond: tuple[int, int, int]) -> Section:
    total, hidden, light = beyond
    return replace(
        section, total=section.total + total, hidden=section.hidden + hidden, below_floor=section.below_floor + light
    )


def _said(text: str, longest: int, what: str) -> str:
    said = clean(text)
    if len(said) > longest:
        raise UsageError(f"{what} has {len(said)} letters; at most {longest} have room in a digest")
    return said


def _at_the_end(number: int, place: Place, order: Order) -> str:
    where = "among the top stories" if place == "top" else "in its section"
    if order == "up":
        remedy = f"; --top {number} puts it among the top stories" if place == "section" else ""
        return f"story {number} is the first {where}{remedy}"
    return f"story {number} is the last {where}"
