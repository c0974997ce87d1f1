"""Where the stories of an edition stand: on top, under a watch, or nowhere, and then they are counted. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.content import EditionContent, Item, Section

if TYPE_CHECKING:
    from crawler.config import PlanConfig


@dataclass(frozen=True, slots=True)
class Layout:
    """The stories in their places."""

    top: tuple[Item, ...]
    sections: tuple[Section, ...]
    #: In a plan without watches: stories for which there is no room, and those that weigh too little.
    hidden: int
    below_floor: int


def lay_out(items: Sequence[Item], watches: Sequence[str], plan: PlanConfig) -> Layout:
    """Give each story, the weightiest first, its one place; what weighs less than the plan's floor has none.

    A lone headline never stands on top where it can stand under its watch, and elsewhere behind all others.
    """
    heavy = [item for item in items if item.score >= plan.floor]
    light = [item for item in items if item.score < plan.floor]
    telling = [item for item in heavy if not item.is_filler]
    leading = telling if watches else [*telling, *(item for item in heavy if item.is_filler)]
    top = leading[: plan.top]
    on_top = {item.story for item in top}
    rest = [item for item in heavy if item.story not in on_top]
    if not watches:
        return Layout(tuple(top), (), len(rest), len(light))
    shown = {watch: [item for item in rest if item.watch == watch][: plan.per_watch] for watch in watches}
    placed = {item.story for some in shown.values() for item in some}
    unplaced = [item for item in rest if item.story not in placed]
    return Layout(tuple(top), count(watches, top, shown, unplaced, light), 0, 0)


def count(
    watches: Sequence[str],
    top: Sequence[Item],
    shown: Mapping[str, Sequence[Item]],
    unplaced: Sequence[Item],
    light: Sequence[Item],
) -> tuple[Section, ...]:
    """Make the sections, and count in each where the stories stand that match its watch."""
    beneath = [item for some in shown.values() for item in some]
    items = (*top, *beneath, *unplaced, *light)
    return tuple(
        Section(
            watch,
            tuple(shown[watch]),
            total=sum(item.matches(watch) for item in items),
            in_top=sum(item.matches(watch) for item in top),
            elsewhere=sum(item.matches(watch) and item.watch != watch for item in beneath),
            hidden=sum(item.matches(watch) for item in unplaced),
            below_floor=sum(item.matches(watch) for item in light),
        )
        for watch in watches
        if any(item.watch == watch for item in (*beneath, *unplaced, *light))
    )


def shorten(content: EditionContent, *, top: int, longest: int, sections: int) -> EditionContent:
    """Keep so many stories on top and in each section, and so many sections; what is left out is counted."""
    cut_top = content.top[top:]
    kept, cut_sections = content.sections[:sections], content.sections[sections:]
    cut = [item for section in kept for item in section.items[longest:]]
    cut += [item for section in cut_sections for item in section.items]
    shorter = tuple(_without(section, cut_top, cut, longest) for section in kept)
    counted = {section.watch for section in content.sections}
    lost = sum(not any(item.matches(watch) for watch in counted) for item in cut_top)
    return replace(
        content,
        top=content.top[:top],
        sections=shorter,
        hidden=content.hidden + lost,
        hidden_sections=content.hidden_sections + len(cut_sections),
    )


def _without(section: Section, cut_top: Sequence[Item], cut: Sequence[Item], longest: int) -> Section:
    """Count in a section what does not stand on top, in it or elsewhere any more."""
    in_top = sum(item.matches(section.watch) for item in cut_top)
    elsewhere = sum(item.matches(section.watch) and item.watch != section.watch for item in cut)
    own = len(section.items[longest:])
    return replace(
        section,
        items=section.items[:longest],
        in_top=section.in_top - in_top,
        elsewhere=section.elsewhere - elsewhere,
        hidden=section.hidden + in_top + elsewhere + own,
    )
