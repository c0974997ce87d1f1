"""Alerts: what the archive says of each watch is read, judged (digest/alerts.py), and put into the outbox.

All state is in the archive. What is urgent is counted like the changes of a digest: the follower ``alert:NAME`` keeps
the number up to which it was told, and moves together with the outbox rows. A rise or an absence has its begin as slot
and is told once. So nothing is lost and nothing told twice, whatever is killed and whenever.
"""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from crawler.archive import ALERTS, Volume
from crawler.errors import PresswatchError
from crawler.records import Arrival, Edition, Source, Watch, WatchRules
from digest import alert_mail, alerts, leaving
from digest.additions import Said
from digest.alert_mail import AlertContent
from digest.alerts import Finding, Kind, Stream
from digest.definitions import keep_followers
from digest.deliver import signature
from digest.render import NO_LINKS
from digest.skin import templates_of

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config

_log = logging.getLogger(__name__)
#: A source may be defined so much later than the archive begins and still count as one that was there all the time.
_GRACE = timedelta(days=1)
#: The sources that bring this share of a watch's articles must be well for its silence to mean anything.
_MAIN = 0.8
#: A day is ill when sources that bring more than this share of the articles could not be seen on it.
_ILL = 0.2
_WELL = ("ok", "moved")
#: An absence is judged up to the last look at all main sources, if that is not longer ago than this.
_OLDEST_LOOK = timedelta(hours=26)
#: Hours between two looks at a source beyond which what comes with the second one has gathered meanwhile.
_APART = 6


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert that is due, or held back."""

    content: AlertContent
    slot: str
    #: It tells of the changes (from_seq, to_seq].
    from_seq: int
    to_seq: int
    #: When it may go out: later than now in the cool-down and in quiet hours.
    at: datetime

    @property
    def plan(self) -> str:
        """Name the plan under which it is kept."""
        return f"{ALERTS}{self.content.watch}"


def give(archive: Archive, config: Config, now: datetime, *, volumes: bool = True) -> list[str]:
    """Put every alert that is due into the outbox, and tell what was made; ``volumes``: judge rises and absences too.

    Something urgent gathers until its time; a rise or an absence is made when it is seen, and waits in the outbox.
    """
    keep_followers(archive, config)
    made = []
    for found in look(archive, config, now, volumes=volumes):
        if found.content.kind == "urgent" and found.at > now:
            continue
        with _apart(found.content.watch):
            if _commit(archive, config, found, now):
                later = f", held until {found.at:%Y-%m-%d %H:%M} UTC" if found.at > now else ""
                made.append(f"alert {found.content.watch}: {found.content.kind}, {found.content.came} articles{later}")
    return made


def look(
    archive: Archive, config: Config, now: datetime, *, names: Sequence[str] = (), volumes: bool = True
) -> list[Alert]:
    """Find the alerts that are due or held back; nothing is written."""
    scene = _Scene(archive, config, now)
    found: list[Alert] = []
    for name, rules in config.rules.items():
        watch = scene.watches.get(name)
        if watch is None or not rules.alerts or (names and name not in names):
            continue
        for act in (_urgent, *((_volume,) if volumes and (rules.spike or rules.silence) else ())):
            with _apart(name):
                found += act(scene, watch, rules)
    return found


@contextmanager
def _apart(watch: str) -> Iterator[None]:
    """Let the other watches go on, whatever is wrong with one; a fault of the archive is one of all."""
    try:
        yield
    except PresswatchError:
        raise
    except Exception:  # noqa: BLE001
        _log.exception("alerts of %s", watch)


class _Scene:
    """What is read once for all watches."""

    def __init__(self, archive: Archive, config: Config, now: datetime) -> None:
        self.archive, self.config, self.now = archive, config, now
        self.zone = config.press.alerts.timezone or config.press.timezone
        self.quiet = config.press.alerts.quiet_hours()
        self.watches: Mapping[str, Watch] = {watch.name: watch for watch in archive.watches.all()}
        self.followers = archive.changes.followers(ALERTS)
        self.last = archive.changes.last()

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        return {source.key: source for source in self.archive.sources.all()}

    @cached_property
    def irrelevant(self) -> frozenset[int]:
        return frozenset(self.archive.judgements.irrelevant())

    @cached_property
    def begun(self) -> datetime:
        """Say since when the archive knows all: its own begin, or the begin of what is looked at."""
        first = self.archive.changes.since(0, limit=1)
        return max(first[0].at if first else self.now, self.now - alerts.MEMORY)

    @cached_property
    def established(self) -> frozenset[str]:
        """Name the sources that were there all the time: a new one is no rise."""
        since = self.archive.arrivals.since()
        return frozenset(key for key, at in since.items() if at <= self.begun + _GRACE)

    @cached_property
    def looked(self) -> Mapping[str, Sequence[int]]:
        """Name the hours in which each source was seen."""
        return self.archive.arrivals.looked(self.now - alerts.MEMORY)

    @cached_property
    def unseen(self) -> frozenset[tuple[str, date]]:
        """Name the days on which a source could not be seen."""
        looks = self.archive.arrivals.looks(self.begun - timedelta(days=1))
        days = (self.now.date() - self.begun.date()).days
        unseen = set()
        for key in self.established:
            for back in range(days + 1):
                day = self.now.date() - timedelta(days=back)
                polls, failed = looks.get((key, day), (0, 0))
                # One poll a day falls now and then on the next one, and today is not over.
                rested = not polls and ((key, day - timedelta(days=1)) in looks)
                if failed * 2 > polls or not (polls or rested):
                    unseen.add((key, day))
        return frozenset(unseen)

    @cached_property
    def well(self) -> Mapping[str, datetime]:
        """Tell of each source that does well when it answered last."""
        return {
            health.source: health.last_ok
            for health in self.archive.sources.health(self.now)
            if health.state in _WELL and health.last_ok is not None
        }

    def pieces(self, watch: Watch, ids: Mapping[int, int]) -> tuple[alert_mail.Piece, ...]:
        """Tell of articles, each with the number of its copies."""
        chosen = list(ids)[: alert_mail.MOST]
        known = {article.id: article for article in self.archive.articles.many(chosen)}
        mentions = self.archive.watches.of(chosen)
        return tuple(
            alert_mail.piece(
                known[id_],
                self.sources,
                next((mention.words for mention in mentions.get(id_, ()) if mention.watch == watch.name), ()),
                ids[id_],
            )
            for id_ in chosen
            if id_ in known
        )

    def told(self, watch: Watch, kind: Kind) -> list[datetime]:
        """List when alerts of a kind were made, the last first."""
        made = self.archive.editions.slots(f"{ALERTS}{watch.name}")
        return [at for slot, at in made if slot.startswith(f"{kind} ")]


def _urgent(scene: _Scene, watch: Watch, rules: WatchRules) -> Iterator[Alert]:
    """Find what a watch newly matched since it was told last."""
    position = scene.followers.get(f"{ALERTS}{watch.name}")
    if not rules.urgent or position is None or position == scene.last:
        return
    cool_down = timedelta(seconds=rules.cool_down)
    oldest = scene.now - alerts.STALE - cool_down
    arrivals = _heard(scene.archive, scene.archive.arrivals.new(watch.name, position, scene.last, oldest))
    if not (chosen := alerts.news(arrivals, scene.irrelevant)):
        return
    last = next(iter(scene.told(watch, "urgent")), None)
    at = alerts.waits_until(last, scene.now, cool_down, scene.quiet, scene.zone)
    newest_first = dict(sorted(((each.article, copies) for each, copies in chosen.items()), reverse=True))
    content = AlertContent(
        watch=watch.name,
        kind="urgent",
        query=watch.query,
        zone=scene.zone,
        language=scene.config.press.alerts.language,
        made_at=scene.now,
        came=len(chosen),
        pieces=scene.pieces(watch, newest_first),
    )
    first = min(arrival.seq for arrival in chosen)
    yield Alert(content, f"urgent {first}", position, scene.last, at)


def _heard(archive: Archive, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
    """Let copies that begin with news, as an agency's update does, count by themselves."""
    copies = [arrival for arrival in arrivals if arrival.copy_of is not None]
    wanted = {id_ for arrival in copies for id_ in (arrival.article, arrival.copy_of) if id_ is not None}
    read = {article.id: article for article in archive.articles.many(sorted(wanted))}
    said = {id_: Said(read[id_], (), ()) for id_ in {arrival.copy_of for arrival in copies} if id_ in read}
    telling = {
        arrival.article
        for arrival in copies
        if arrival.copy_of in said
        and arrival.article in read
        and said[arrival.copy_of].additions(read[arrival.article])
    }
    return [replace(arrival, copy_of=None) if arrival.article in telling else arrival for arrival in arrivals]


def _volume(scene: _Scene, watch: Watch, rules: WatchRules) -> Iterator[Alert]:
    """Find whether much more came than usual, or far less."""
    volumes = scene.archive.arrivals.volumes(watch.name, scene.now - alerts.MEMORY)
    volumes = [each for each in volumes if each.source in scene.established]
    stream = _stream(scene, volumes)
    hour = alerts.hour_of(scene.now)
    if rules.spike and (rise := alerts.rise(stream, hour)) is not None:
        yield from _tell(scene, watch, rules, rise)
    seen = _seen_until(scene, volumes)
    if rules.silence and seen is not None and (absence := alerts.absence(stream, alerts.hour_of(seen))) is not None:
        yield from _tell(scene, watch, rules, absence)


def _stream(scene: _Scene, volumes: Sequence[Volume]) -> Stream:
    counts: Counter[int] = Counter()
    shares: Counter[str] = Counter()
    for each in volumes:
        for hour, articles in _spread(each, scene.looked.get(each.source, ())):
            counts[hour] += articles
        shares[each.source] += each.articles
    whole = sum(shares.values())
    missing: Counter[int] = Counter()
    for source, day in scene.unseen:
        missing[(day - date(1970, 1, 1)).days] += shares[source]
    ill = frozenset(day for day, share in missing.items() if share > _ILL * whole)
    return Stream(counts, alerts.hour_of(scene.begun) + 1, ill)


def _spread(volume: Volume, looked: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Say in which hours articles came that are dated by their first sight: evenly since their source was last seen.

    So a downtime of ours, after which everything arrives at once, is no rush of news.
    """
    at = bisect_left(looked, volume.hour)
    apart = volume.hour - looked[at - 1] if at else 0
    if volume.exact or apart <= _APART:
        yield volume.hour, volume.articles
        return
    for number in range(apart):
        share = volume.articles * (number + 1) // apart - volume.articles * number // apart
        if share:
            yield volume.hour - apart + 1 + number, share


def _seen_until(scene: _Scene, volumes: Sequence[Volume]) -> datetime | None:
    """Say up to when the main sources of a watch have been seen; None when one of them does not do well."""
    shares: Counter[str] = Counter()
    for each in volumes:
        shares[each.source] += each.articles
    covered, looks = 0, []
    for source, share in shares.most_common():
        if covered >= _MAIN * shares.total():
            break
        covered += share
        if source not in scene.well:
            return None
        looks.append(scene.well[source])
    seen = min(looks, default=None)
    return seen if seen is not None and scene.now - seen <= _OLDEST_LOOK else None


def _tell(scene: _Scene, watch: Watch, rules: WatchRules, found: Finding) -> Iterator[Alert]:
    told = scene.told(watch, found.kind)
    if not alerts.fresh(found, told, scene.now, timedelta(seconds=rules.cool_down)):
        return
    newest = scene.archive.arrivals.newest(watch.name, 2 * alert_mail.MOST)
    newest = [id_ for id_ in newest if id_ not in scene.irrelevant]
    most = min(found.came, alert_mail.MOST) if found.kind == "spike" else 3
    content = AlertContent(
        watch=watch.name,
        kind=found.kind,
        query=watch.query,
        zone=scene.zone,
        language=scene.config.press.alerts.language,
        made_at=scene.now,
        came=found.came,
        hours=found.span,
        usual=found.usual,
        since=alerts.moment(found.end),
        pieces=scene.pieces(watch, dict.fromkeys(newest[:most], 0)),
    )
    at = alerts.quiet_until(scene.now, scene.quiet, scene.zone) or scene.now
    slot = f"{found.kind} {alerts.moment(found.began):%Y-%m-%dT%H:%M:%SZ}"
    yield Alert(content, slot, scene.last, scene.last, at)


def _commit(archive: Archive, config: Config, alert: Alert, now: datetime) -> bool:
    """Keep an alert with its deliveries, all or nothing; tell whether it was made by us."""
    content, plan = alert.content, alert.plan
    rules = config.rules[content.watch]
    readers = leaving.readers(archive, config, plan, content.title, rules.recipients, now)
    shown = alert_mail.rendered(content, readers.links(NO_LINKS), templates_of(config))
    rows = alert_mail.deliveries(
        content,
        shown,
        rules,
        alert.slot,
        plan=plan,
        folder=str(config.press.digest.folder),
        sender=config.press.mail.sender,
        readers=readers,
        next_try=alert.at if alert.at > now else None,
    )
    rows = [signature.signed(row, config.press.mail) for row in rows]
    edition = Edition(
        id=0,
        plan=plan,
        slot=alert.slot,
        from_seq=alert.from_seq,
        to_seq=alert.to_seq,
        made_at=now,
        state="final",
        subject=shown.subject,
        html=shown.web,
        text=readers.shared(shown).text,
        content=content.to_json(),
    )
    with archive.writing():
        if content.kind == "urgent":
            told = archive.changes.followers(plan).get(plan) != alert.from_seq
        else:
            told = archive.editions.find(plan, alert.slot) is not None
        if told:
            return False  # somebody else did it meanwhile
        archive.editions.commit(edition, rows, None, now)
        if content.kind == "urgent":
            archive.changes.move(plan, alert.to_seq)
    return True
