"""What stands in a digest, and why.

``choose`` gets everything and reads nothing: the same material gives the same edition. It tells only what is true of
the material; that coverage rose, fell or is absent is told only after 14 days of healthy history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crawler.records import Article, Change, Mention, Source, SourceHealth, Story, Watch
from crawler.slots import recurrences
from digest import errata
from digest.content import (
    Bar,
    Chart,
    Coverage,
    EditionContent,
    Figures,
    Item,
    Masthead,
    Statement,
    Trouble,
    clean,
    clip,
)
from digest.items import Scene, Told, complete, fresh_kinds, only_copies_came, sketch
from digest.layout import lay_out
from digest.plans import Window
from digest.voice import voice

if TYPE_CHECKING:
    from crawler.config import PlanConfig

__all__ = ["Bar", "EditionContent", "Material", "choose"]

#: Health states that a reader must know of, the worst first.
_TROUBLES = ("gone", "blocked", "failing", "overrun", "truncated", "silent", "late", "paused")
#: With more of the sources than this in trouble, nothing is said about rise, fall or absence.
_TROUBLED_SHARE = 0.1
_HISTORY = 14
#: The longest note about a source, and the longest title.
_NOTE = 200
_TITLE = 200
_RISE, _FALL, _ENOUGH = 1.8, 0.5, 5


@dataclass(frozen=True, slots=True)
class Material:
    """All that an edition is made of."""

    plan: PlanConfig
    slot: str
    #: From where the plan's last edition ended to the slot.
    window: Window
    #: When the archive was read.
    now: datetime
    #: What came since the last edition ended.
    changes: Sequence[Change]
    #: Every article of `changes`, of `missed` and of `stories`.
    articles: Mapping[int, Article]
    mentions: Mapping[int, Sequence[Mention]]
    #: The stories that have an article in `changes` or `missed`; in a plan with watches at least those of them that
    #: match one or were told in `earlier`. An article without story stands alone.
    stories: Sequence[Story]
    watches: Sequence[Watch]
    sources: Mapping[str, Source]
    health: Sequence[SourceHealth] = ()
    #: Matching articles (in a plan without watches: all) per plans.days_before(window.until, plan.timezone).
    days: Sequence[Bar] = ()
    #: reason -> pages dropped in the window.
    dropped: Mapping[str, int] = field(default_factory=dict)
    #: The plan's editions of the last 14 days, newest first.
    earlier: Sequence[EditionContent] = ()
    #: article -> its text when the plan's last edition was made, where it was revised since.
    before: Mapping[int, str] = field(default_factory=dict)
    #: Slot of an edition that reached nobody -> the changes that it owned; they are told now.
    missed: Mapping[str, Sequence[Change]] = field(default_factory=dict)
    #: Nobody was ever told anything by the plan.
    begins: bool = False
    #: What people said of what the plan's editions told.
    judged: errata.Judged = field(default_factory=errata.Judged)
    #: article -> what people wrote of it for readers, and those of their tags that the plan shows.
    notes: Mapping[int, Sequence[str]] = field(default_factory=dict)
    labels: Mapping[int, Sequence[str]] = field(default_factory=dict)


def choose(material: Material) -> EditionContent:
    """Choose what stands in an edition, in which order, and keep the reasons."""
    return _chosen(material).content


def choose_all(material: Material) -> tuple[EditionContent, tuple[Item, ...]]:
    """Choose an edition, and give with it the stories that it only counts, those first that would stand next."""
    chosen = _chosen(material)
    shown = {item.story for item in chosen.content.items}
    return chosen.content, tuple(chosen.complete(item) for item in chosen.items if item.story not in shown)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """An edition with all that it was chosen from."""

    content: EditionContent
    #: The sketches of all stories that are news, the weightiest first.
    items: Sequence[Item]
    complete: Callable[[Item], Item]


def _chosen(material: Material) -> _Chosen:
    plan = material.plan
    scene = _scene(material)
    stories = {
        story.id: story for story in (*sorted(material.stories, key=lambda story: story.id), *_alone(material, scene))
    }
    sketches = [item for story in stories.values() if (item := sketch(story, scene)) is not None]
    items = sorted(sketches, key=_order)
    layout = lay_out(items, tuple(scene.watches), plan)
    arrived = _arrived(material)
    # In a plan without watches all count.
    speaking = [each for each in arrived if not scene.watches or scene.mentioned(each.id)]
    figures = _figures(items, arrived, len(speaking) if scene.watches else None)
    coverage = _coverage(material, sum(only_copies_came(story, scene) for story in material.stories))
    chart = _chart(material.days)
    until = material.window.until

    def completed(item: Item) -> Item:
        return complete(item, stories[item.story], scene)

    content = EditionContent(
        masthead=Masthead(
            plan=plan.name,
            title=clip(clean(plan.title), _TITLE) or plan.name,
            slot=material.slot,
            date=until.astimezone(ZoneInfo(plan.timezone)).date().isoformat(),
            zone=plan.timezone,
            since=material.window.since,
            until=until,
            data_until=material.now,
            language=plan.language,
            watches=tuple(scene.watches),
            schedule=_schedule(plan),
        ),
        lead=_lead(items, figures, chart, coverage),
        figures=figures,
        chart=chart,
        top=tuple(map(completed, layout.top)),
        sections=tuple(replace(section, items=tuple(map(completed, section.items))) for section in layout.sections),
        hidden=layout.hidden,
        below_floor=layout.below_floor,
        coverage=coverage,
        errata=errata.found(material.earlier, _all_changes(material), scene, material.judged),
        voice=voice(speaking, material.sources),
    )
    return _Chosen(content, items, completed)


def retold(content: EditionContent, items: Sequence[Item], gone: Sequence[Item]) -> EditionContent:
    """Say in lead and figures what is true without the stories that are gone; these others stay."""
    ordered = sorted(items, key=_order)
    figures = replace(
        content.figures,
        stories=content.figures.stories - len(gone),
        new=content.figures.new - sum(item.status == "NEW" for item in gone),
    )
    return replace(content, figures=figures, lead=_lead(ordered, figures, content.chart, content.coverage))


def _order(item: Item) -> tuple[float, float, int]:
    return -item.score, -(item.carrier.when.at.timestamp() if item.carrier.when else 0.0), item.story


def _schedule(plan: PlanConfig) -> Statement:
    if plan.every is not None:
        return Statement("schedule.every", {"minutes": round(plan.every / 60)})
    rules = recurrences(plan)
    days = rules[0].weekdays() if len(rules) == 1 else None
    if days is None:  # such as the first Monday of a month
        return Statement("schedule.own", {})
    times = ", ".join(f"{at:%H:%M}" for at in rules[0].times)
    if len(days) == 7:
        return Statement("schedule.daily", {"times": times})
    return Statement("schedule.days", {"times": times, "days": " ".join(days)})


def _scene(material: Material) -> Scene:
    known = {watch.name: watch for watch in material.watches if not watch.muted}
    names = material.plan.watches or tuple(sorted(known))
    return Scene(
        articles=material.articles,
        mentions=material.mentions,
        sources=material.sources,
        watches={name: known[name] for name in names if name in known},
        fresh=fresh_kinds(_all_changes(material), material.articles),
        told=Told.by(material.earlier),
        since=material.window.since,
        until=material.window.until,
        before=material.before,
        missed=_missed(material),
        begins=material.begins,
        notes=material.notes,
        labels=material.labels,
    )


def _all_changes(material: Material) -> list[Change]:
    """List the edition's changes, with those that return, in the order in which they were committed."""
    every = (material.changes, *material.missed.values())
    return sorted({change.seq: change for some in every for change in some}.values(), key=lambda change: change.seq)


def _missed(material: Material) -> dict[int, str]:
    """Name the edition in which nobody got what happened to articles, the earliest of several."""
    found: dict[int, str] = {}
    for slot, changes in material.missed.items():
        for change in changes:
            found.setdefault(change.article, slot)
    return found


def _alone(material: Material, scene: Scene) -> Iterable[Story]:
    """Give each changed article that is in no story yet as a story of its own; a negative id is no other story's.

    In a plan with watches those that match: of others it is not known whether they are in a story.
    """
    grouped = {number for story in material.stories for number in story.articles}
    for number in sorted({change.article for change in _all_changes(material)} - grouped):
        article = material.articles.get(number)
        if article is not None and (not scene.watches or scene.mentioned(number)):
            yield Story(id=-number, title=article.title, articles=(number,), updated=article.first_seen)


def _arrived(material: Material) -> list[Article]:
    """List the articles that came since the last edition ended, without old news."""
    came = fresh_kinds(material.changes, material.articles)
    return [material.articles[number] for number, kinds in sorted(came.items()) if kinds & {"new", "copy"}]


def _figures(items: Sequence[Item], arrived: Sequence[Article], matched: int | None) -> Figures:
    return Figures(
        collected=len(arrived),
        matched=matched,
        stories=len(items),
        new=sum(item.status == "NEW" for item in items),
        outlets=len({article.source for article in arrived}),
    )


def _chart(days: Sequence[Bar]) -> Chart:
    before = [bar for bar in days[:-1] if bar.count is not None and bar.healthy]
    if len(days) < _HISTORY or len(before) != len(days) - 1:
        return Chart(tuple(days), None)
    average = round(sum(bar.compared for bar in before) / len(before), 1)
    same = all(bar.compared == bar.count for bar in days)
    return Chart(tuple(days), average if same else None, average)


def _coverage(material: Material, quiet: int) -> Coverage:
    ill = sorted(
        (one for one in material.health if one.state in _TROUBLES),
        key=lambda one: (_TROUBLES.index(one.state), one.name.casefold(), one.source),
    )
    old = {
        change.article
        for change in material.changes
        if change.kind in {"new", "copy"}
        and (article := material.articles.get(change.article)) is not None
        and (change.backfill or article.backfill)
    }
    return Coverage(
        sources=len(material.health),
        healthy=len(material.health) - len(ill),
        troubles=tuple(
            Trouble(one.source, clean(one.name) or one.source, one.state, clip(clean(one.note), _NOTE), one.since)
            for one in ill
        ),
        dropped=dict(sorted(material.dropped.items(), key=lambda entry: (-entry[1], entry[0]))),
        backfilled=len(old),
        quiet=quiet,
    )


def _lead(items: Sequence[Item], figures: Figures, chart: Chart, coverage: Coverage) -> tuple[Statement, ...]:
    """Say what changed, in at most three sentences, each of them true."""
    unseen = len(coverage.troubles)
    seen_well = coverage.sources > 0 and unseen <= _TROUBLED_SHARE * coverage.sources
    told = list(_trend(chart) if seen_well else ())
    if items:
        updated = figures.stories - figures.new
        key = "lead.both" if figures.new and updated else "lead.new" if figures.new else "lead.updated"
        told.append(Statement(key, {"new": figures.new, "updated": updated}))
        missed = sum(bool(item.missed) for item in items)
        told.extend([Statement("lead.missed", {"n": missed})] if missed else _widest(items))
    elif not told:
        told.append(Statement("lead.nothing", {"collected": figures.collected}))
    if unseen and (not items or not seen_well):
        told.append(Statement("lead.unseen", {"n": unseen, "sources": coverage.sources}))
    return tuple(told[:2] + told[-1:] if len(told) > 3 else told)


def _trend(chart: Chart) -> Iterable[Statement]:
    """Say that coverage rose, fell or stopped: only with 14 days of healthy history, over the same sources."""
    average = chart.steady_average
    last = chart.bars[-1] if chart.bars else None
    if average is None or last is None or last.count is None or not last.healthy:
        return
    n, steady = last.compared, chart.average is None
    values: dict[str, str | int | float] = {"n": n, "average": average}
    if last.count == 0 and average >= 1:
        yield Statement("lead.absent", values)
    elif n >= _ENOUGH and average and n >= _RISE * average:
        yield Statement("lead.rose.steady" if steady else "lead.rose", {**values, "times": round(n / average, 1)})
    elif average >= _ENOUGH and n <= _FALL * average:
        yield Statement("lead.fell.steady" if steady else "lead.fell", values)


def _widest(items: Sequence[Item]) -> Iterable[Statement]:
    """Say what was copied or told most widely, when that is worth a sentence."""
    copied = max(items, key=lambda item: len(item.copies))
    if len(copied.copies) >= 2:
        yield Statement("lead.copied", {"n": len(copied.copies) + 1})
        return
    wide = max(items, key=lambda item: item.owners)
    if wide.owners >= 3:
        key = "lead.wide" if wide.outside_state else f"lead.wide.{wide.none_outside}"
        yield Statement(key, {"n": wide.owners, "outside": wide.outside_state})
