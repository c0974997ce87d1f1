"""What stands in a report for a board: the figures of a window, its greatest stories, and what could not be seen.

Pure: ``count`` and ``compose`` get everything and read nothing. Counted are publications in the window (of undated
articles the first sight), by the days of the plan's zone; copies are articles, too, and are counted apart as well.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from crawler.languages import primary
from crawler.records import Article, Mention, Source, Story, Watch, as_json
from digest.content import Item, Statement, clean
from digest.importance import Facts, weigh
from digest.items import Scene, Told, make_item
from digest.plans import Window
from digest.summary import summarise
from digest.timeline import told_at

if TYPE_CHECKING:
    from crawler.archive import CoverageRow, Sighting
    from crawler.config import PlanConfig

Step = Literal["day", "week", "month", "year"]
By = Literal["watch", "kind", "control", "country", "language", "source"]

UNKNOWN = "unknown"
#: A report shows so many stories, or as many as the plan's digests where those show more.
_TOP = 10
#: Beyond so many rows a table ends and says how much is left.
_ROWS: Mapping[By, int] = {"source": 20, "country": 15, "language": 15}
#: A window of so many days at most is told in such steps.
_STEPS: tuple[tuple[int, Step], ...] = ((45, "day"), (200, "week"), (5 * 366, "month"))
#: Where more of the polls than this failed, a low figure says nothing.
_FAILED_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Tally:
    """So many articles, of which so many are copies."""

    articles: int
    copies: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of the window."""

    since: datetime
    until: datetime
    #: None when the archive does not reach back so far.
    articles: int | None
    copies: int
    #: False when the archive had not begun, or sources failed: a low bar then says nothing.
    healthy: bool = True


@dataclass(frozen=True, slots=True)
class Volume:
    """Matching articles by day, week, month or year, oldest first; the first and the last step may be cut short."""

    step: Step
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """One row of a breakdown."""

    #: A watch, a source's key, a kind, a control, a country's or a language's code; "unknown" where nothing is known.
    key: str
    #: As it is shown; "" where the frame has a word for the key.
    name: str
    articles: int
    copies: int
    stories: int
    #: Of all that is counted, from 0 to 1.
    part: float


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Whose articles they are, by one thing; the greatest first."""

    by: By
    rows: tuple[Share, ...]
    #: Rows that are not shown, and their articles; of an article with two watches none is counted here.
    hidden: int = 0
    hidden_articles: int = 0


@dataclass(frozen=True, slots=True)
class Unseen:
    """A source of which not everything could be seen in the window."""

    source: str
    name: str
    polls: int
    failed: int
    #: How often something went by between two polls.
    gaps: int


@dataclass(frozen=True, slots=True)
class Sight:
    """What could not be seen in the window."""

    sources: int
    polls: int
    failed: int
    troubles: tuple[Unseen, ...]
    #: Names of sources that answered and had nothing in the window, and of those that nobody asked.
    silent: tuple[str, ...]
    unasked: tuple[str, ...]
    #: reason -> pages that were not kept whole.
    dropped: Mapping[str, int]
    #: When the archive began, where that is after the window's beginning.
    began: datetime | None


@dataclass(frozen=True, slots=True)
class Head:
    """Which plan, which window."""

    plan: str
    title: str
    zone: str
    since: datetime
    until: datetime
    #: When the archive was read.
    data_until: datetime
    language: str
    watches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything that stands in one report."""

    masthead: Head
    lead: tuple[Statement, ...]
    collected: Tally
    #: None in a plan without watches.
    matched: Tally | None
    stories: int
    outlets: int
    volume: Volume
    #: Articles that more than one watch matches.
    overlap: int
    shares: tuple[Breakdown, ...]
    top: tuple[Item, ...]
    sight: Sight
    method: tuple[Statement, ...]
    #: What machines were asked for and did not give.
    machine: tuple[Statement, ...] = ()
    version: int = 1

    @property
    def counted(self) -> Tally:
        """What all shares are parts of."""
        return self.matched or self.collected

    @property
    def items(self) -> tuple[Item, ...]:
        """All stories that it shows."""
        return self.top

    def to_json(self) -> str:
        """Write it for programs."""
        return json.dumps({"report": True, **as_json(self)}, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Material:
    """All that a report is counted from."""

    plan: PlanConfig
    window: Window
    #: When the archive was read, and when its first change happened.
    now: datetime
    began: datetime
    #: Of the window and a day around it; gone through once.
    sightings: Iterable[Sighting]
    #: The plan's watches, in its order, and what each of them matches; without watches everything counts.
    watches: Mapping[str, Watch]
    matching: Mapping[str, frozenset[int]]
    #: What people marked as irrelevant.
    irrelevant: frozenset[int] | set[int]
    sources: Mapping[str, Source]
    coverage: Sequence[CoverageRow] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted before anything is read of stories."""

    collected: Tally
    outlets: frozenset[str]
    #: Those that match, each with the moment as which it counts; of a plan without watches all.
    matched: tuple[tuple[Sighting, datetime], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What was read of the stories that may stand in a report."""

    stories: Sequence[Story]
    articles: Mapping[int, Article]
    mentions: Mapping[int, Sequence[Mention]] = field(default_factory=dict)


def count(material: Material) -> Counted:
    """Go through the window once."""
    zone, window = ZoneInfo(material.plan.timezone), material.window
    wanted = frozenset[int]().union(*material.matching.values())
    articles = copies = 0
    outlets: set[str] = set()
    matched = []
    for one in material.sightings:
        at = _as_printed(one.at, zone) if one.is_day else one.at
        if not window.since <= at < window.until or one.article in material.irrelevant:
            continue
        articles += 1
        copies += one.is_copy
        outlets.add(one.source)
        if not material.watches or one.article in wanted:
            matched.append((one, at))
    return Counted(Tally(articles, copies), frozenset(outlets), tuple(matched))


def greatest(material: Material, counted: Counted, homes: Mapping[int, int]) -> list[int]:
    """Name the stories that may stand in a report, the most widely told first; -N is article N, which is in none.

    Told by the articles of the window alone, so that no other has to be read.
    """
    stories: dict[int, list[Sighting]] = {}
    for one, _ in counted.matched:
        stories.setdefault(homes.get(one.article, -one.article), []).append(one)
    weights = {number: _weight(material, members) for number, members in stories.items()}
    ranked = sorted(weights, key=lambda number: (-weights[number], -len(stories[number]), abs(number)))
    return ranked[: 2 * _most(material.plan)]


def compose(material: Material, counted: Counted, homes: Mapping[int, int], shown: Shown) -> ReportContent:
    """Put a report together."""
    plan, window = material.plan, material.window
    matched = Tally(len(counted.matched), sum(one.is_copy for one, _ in counted.matched))
    told = {homes.get(one.article, -one.article) for one, _ in counted.matched}
    volume = _volume(material, counted)
    breakdowns = _breakdowns(material, counted, homes)
    times = Counter(number for found in material.matching.values() for number in found)
    undated = sum(not one.is_dated for one, _ in counted.matched)
    return ReportContent(
        masthead=Head(
            plan=plan.name,
            title=clean(plan.title) or plan.name,
            zone=plan.timezone,
            since=window.since,
            until=window.until,
            data_until=material.now,
            language=plan.language,
            watches=tuple(material.watches),
        ),
        lead=_lead(material, matched, len(told), counted, breakdowns),
        collected=counted.collected,
        matched=matched if material.watches else None,
        stories=len(told),
        outlets=len({one.source for one, _ in counted.matched}),
        volume=volume,
        overlap=sum(times[one.article] > 1 for one, _ in counted.matched),
        shares=breakdowns,
        top=_top(material, shown),
        sight=_sight(material, counted),
        method=_method(material, undated),
    )


def steps(window: Window, zone: str) -> tuple[Step, list[Window]]:
    """Cut a window at the beginnings of days, weeks, months or years of a zone, by how long it is."""
    days = (window.until - window.since) / timedelta(days=1)
    step: Step = next((step for most, step in _STEPS if days <= most), "year")
    local = ZoneInfo(zone)
    cuts, day = [window.since], window.since.astimezone(local).date()
    while (cut := _midnight(day := _following(day, step), local)) < window.until:
        cuts.append(cut)
    ends = [*cuts[1:], window.until]
    return step, [Window(since, until) for since, until in zip(cuts, ends, strict=True) if since < until]


def _following(day: date, step: Step) -> date:
    """Give the first day of the next step."""
    if step == "day":
        return day + timedelta(days=1)
    if step == "week":
        return day + timedelta(days=7 - day.weekday())
    if step == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return date(day.year + 1, 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _as_printed(day: datetime, zone: ZoneInfo) -> datetime:
    """Give the beginning of a day that was printed without a time, as the readers of the report have it."""
    return _midnight(day.date(), zone)


def _volume(material: Material, counted: Counted) -> Volume:
    step, windows = steps(material.window, material.plan.timezone)
    starts = [window.since for window in windows]
    articles, copies = [0] * len(windows), [0] * len(windows)
    place = _finder(starts)
    for one, at in counted.matched:
        number = place(at)
        articles[number] += 1
        copies[number] += one.is_copy
    asked = bool(sum(row.polls for row in material.coverage))
    bars = []
    for number, window in enumerate(windows):
        begun = material.began < window.until
        known = articles[number] if articles[number] or begun else None
        healthy = material.began <= window.since and (not asked or _is_seen(material, window))
        bars.append(Bar(window.since, window.until, known, copies[number], healthy))
    return Volume(step, tuple(bars))


def _finder(starts: Sequence[datetime]) -> Callable[[datetime], int]:
    """Make what tells in which step a moment lies."""
    return lambda at: bisect_right(starts, at) - 1


def _is_seen(material: Material, window: Window) -> bool:
    """Tell whether sources were asked in a step, and few of the polls failed; of what is to come nothing is missed."""
    end = min(window.until, material.now) - timedelta(microseconds=1)
    rows = [row for row in material.coverage if window.since.date() <= row.day <= end.date()]
    polls = sum(row.polls for row in rows)
    return polls > 0 and sum(row.failed_polls for row in rows) <= _FAILED_SHARE * polls


def _breakdowns(material: Material, counted: Counted, homes: Mapping[int, int]) -> tuple[Breakdown, ...]:
    sources = material.sources

    def of_source(name: str) -> Callable[[Sighting], str]:
        known = {key: str(getattr(source, name)) or UNKNOWN for key, source in sources.items()}
        return lambda one: known.get(one.source, UNKNOWN)

    keys: dict[By, Callable[[Sighting], str]] = {
        "kind": of_source("kind"),
        "control": of_source("control"),
        "country": of_source("country"),
        "language": lambda one: primary(one.language) or UNKNOWN,
        "source": lambda one: one.source,
    }
    found = [_by_watch(material, counted, homes)] if material.watches else []
    for by, key in keys.items():
        groups: dict[str, list[Sighting]] = {}
        for one, _ in counted.matched:
            groups.setdefault(key(one), []).append(one)
        rows = [_share(name, members, homes, len(counted.matched), sources) for name, members in groups.items()]
        rows.sort(key=lambda row: (row.key == UNKNOWN, -row.articles, row.key))
        most = _ROWS.get(by, len(rows))
        rest = rows[most:] if len(rows) > most + 1 else []  # one more row takes no more room than to say so
        kept = rows[: len(rows) - len(rest)]
        found.append(Breakdown(by, tuple(kept), len(rest), sum(row.articles for row in rest)))
    return tuple(found)


def _by_watch(material: Material, counted: Counted, homes: Mapping[int, int]) -> Breakdown:
    rows = []
    for name in material.watches:
        members = [one for one, _ in counted.matched if one.article in material.matching.get(name, ())]
        rows.append(replace(_share(name, members, homes, len(counted.matched), {}), name=clean(name)))
    return Breakdown("watch", tuple(sorted(rows, key=lambda row: -row.articles)))


def _share(
    key: str, members: Sequence[Sighting], homes: Mapping[int, int], total: int, sources: Mapping[str, Source]
) -> Share:
    name = clean(sources[key].name) if key in sources else ""
    return Share(
        key=key,
        name=name,
        articles=len(members),
        copies=sum(one.is_copy for one in members),
        stories=len({homes.get(one.article, -one.article) for one in members}),
        part=round(len(members) / total, 6) if total else 0.0,
    )


def _weight(material: Material, members: Sequence[Sighting]) -> float:
    """Weigh a story by its articles in the window, as digests do, but for their newness."""
    own = [one for one in members if not one.is_copy] or members
    known = {one.source: material.sources[one.source] for one in own if one.source in material.sources}
    owners: dict[str, str] = {}
    for one in own:
        source = known.get(one.source)
        owner = " ".join(source.owner.split()).casefold() if source else ""
        owners[owner or one.source] = source.control if source else UNKNOWN
    numbers = {one.article for one in members}
    matched = [watch.weight for name, watch in material.watches.items() if numbers & material.matching[name]]
    outside = sum(control in ("public", "private") for control in owners.values())
    facts = Facts(
        status="NEW",
        says_more=True,
        owners=len(owners),
        outside_state=outside,
        unknown=sum(control == "unknown" for control in owners.values()),
        kinds=len({source.kind for source in known.values()}),
        mixed=bool(outside) and "state" in owners.values(),
        weight=max(matched, default=1.0),
        last=material.window.until,
    )
    return weigh(facts, material.window.until)[0]


def _most(plan: PlanConfig) -> int:
    return max(plan.top, _TOP)


def _top(material: Material, shown: Shown) -> tuple[Item, ...]:
    """Make the items of the greatest stories, each by what was told of it in the window."""
    zone, window = ZoneInfo(material.plan.timezone), material.window
    inside = {
        number: article
        for number, article in shown.articles.items()
        if number not in material.irrelevant and _is_inside(article, window, zone)
    }
    scene = Scene(
        articles=inside,
        mentions=_mentions(material, shown),
        sources=material.sources,
        watches=material.watches,
        fresh=dict.fromkeys(inside, frozenset({"new"})),
        told=Told.by(()),
        since=window.since,
        until=window.until,
    )
    items = []
    for story in shown.stories:
        item = make_item(_of_window(story, inside), scene)
        if item is not None:
            # Who was first, and what none of the voices is, needs more than the window to be proven.
            reasons = tuple(reason for reason in item.reasons if reason.key not in {"why.new", "why.updated"})
            items.append(replace(item, status="NEW", since=None, first=None, stands_alone=False, reasons=reasons))
        if len(items) == _most(material.plan):
            break
    return tuple(items)


def _mentions(material: Material, shown: Shown) -> dict[int, list[Mention]]:
    """Tell which watches match the articles as they are now, with the words that are known of it."""
    found: dict[int, list[Mention]] = {}
    for number in shown.articles:
        known = {mention.watch: mention for mention in shown.mentions.get(number, ())}
        found[number] = [
            known.get(name) or Mention(name, number, 0, ())
            for name in material.watches
            if number in material.matching[name]
        ]
    return found


def _is_inside(article: Article, window: Window, zone: ZoneInfo) -> bool:
    at = told_at(article)
    if at is None:
        return False
    is_day = len(article.published or "") == len("2026-11-23")
    return window.since <= (_as_printed(at, zone) if is_day else at) < window.until


def _of_window(story: Story, inside: Mapping[int, Article]) -> Story:
    """Give what a story was in the window: its articles there, and sentences and owners of these alone."""
    members = tuple(number for number in story.articles if number in inside)
    if len(members) == len(story.articles) and story.summary:
        return story
    own = [inside[number] for number in members if not inside[number].is_folded] or [inside[n] for n in members]
    return replace(story, articles=members, summary=tuple(summarise(own)), separate_owners=0)


def _lead(
    material: Material, matched: Tally, stories: int, counted: Counted, breakdowns: Sequence[Breakdown]
) -> tuple[Statement, ...]:
    key = "report.lead" if material.watches else "report.lead.all"
    if not matched.articles:
        return (Statement(f"{key}.none", {"collected": counted.collected.articles}),)
    outlets = len({one.source for one, _ in counted.matched})
    told = [Statement(key, {"n": matched.articles, "copies": matched.copies, "stories": stories, "outlets": outlets})]
    watches = next((one for one in breakdowns if one.by == "watch"), None)
    if watches is not None and len(watches.rows) > 1:
        first, second = watches.rows[:2]
        if first.articles > second.articles:
            told.append(Statement("report.lead.watch", {"watch": first.name, "percent": percent(first.part)}))
    return tuple(told)


def percent(part: float) -> float:
    """Give a part in percent, with one decimal."""
    return round(100 * part, 1)


def _sight(material: Material, counted: Counted) -> Sight:
    polls, failed, gaps = Counter[str](), Counter[str](), Counter[str]()
    dropped = Counter[str]()
    for row in material.coverage:
        polls[row.source] += row.polls
        failed[row.source] += row.failed_polls
        gaps[row.source] += row.gaps
        dropped.update(row.dropped)
        dropped.update(row.from_entry)
    troubles = [
        Unseen(key, _name(key, material), polls[key], failed[key], gaps[key])
        for key in {*failed, *gaps}
        if failed[key] > _FAILED_SHARE * polls[key] or gaps[key]
    ]
    troubles.sort(key=lambda one: (-one.failed / max(one.polls, 1), -one.gaps, one.name.casefold()))
    answered = [key for key in material.sources if polls[key] > failed[key] and key not in counted.outlets]
    unasked = [key for key in material.sources if not polls[key]] if polls.total() else []
    return Sight(
        sources=len(material.sources),
        polls=polls.total(),
        failed=failed.total(),
        troubles=tuple(troubles),
        silent=tuple(sorted((_name(key, material) for key in answered), key=str.casefold)),
        unasked=tuple(sorted((_name(key, material) for key in unasked), key=str.casefold)),
        dropped=dict(sorted(dropped.items(), key=lambda entry: (-entry[1], entry[0]))),
        began=material.began if material.began > material.window.since else None,
    )


def _name(key: str, material: Material) -> str:
    return clean(material.sources[key].name) or key if key in material.sources else key


def _method(material: Material, undated: int) -> tuple[Statement, ...]:
    told = [Statement("report.method.window")]
    if undated:
        told.append(Statement("report.method.undated", {"n": undated}))
    told += [Statement("report.method.copies"), Statement("report.method.stories")]
    if material.watches:
        told.append(Statement("report.method.watches"))
    return (*told, Statement("report.method.sight"))
