"""The acts that commands, the service and the web page share: each reads, lets the pure parts decide, and writes."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.errors import DeliveryError, PresswatchError
from crawler.query.filters import is_tagged
from crawler.records import Article, Change, Delivery, Edition, Run, Veto
from digest import asides, bouncing, deliver, drafting, edition, errata, judging, leaving, machine, news, render, volume
from digest.content import EditionContent
from digest.locks import only_sender
from digest.oneness import articles_told
from digest.owned import Owned, owned
from digest.plans import Slot, Window, first_window
from digest.regrouping import regroup
from digest.skin import templates_of

if TYPE_CHECKING:
    from crawler.archive import Archive, Span
    from crawler.config import Config, PlanConfig

_log = logging.getLogger(__name__)

#: How far back an edition looks for what its readers were told.
MEMORY = timedelta(days=14)
_SEND_LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a slot: made, draft, skipped (nothing new) or exists."""

    outcome: str
    edition: Edition | None = None
    #: Why some recipients of the plan do not get it.
    left_out: tuple[Veto, ...] = ()
    #: The mails that show a draft to its reviewers, as an edition of their own.
    notice: Edition | None = None


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let nobody look for circles meanwhile: in what an edition is made of are none, and looking took a sixth of it."""
    is_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_looking:
            gc.enable()


def make_edition(
    archive: Archive,
    config: Config,
    plan: PlanConfig,
    slot: Slot,
    now: datetime,
    run: Run | None = None,
) -> Made:
    """Make the edition of a slot, with its deliveries and the end of its run in one transaction."""
    existing = archive.editions.find(plan.name, slot.key)
    if existing is not None and existing.state not in {"draft", "rejected"}:
        if run is not None:
            archive.runs.finish(run, "done", f"edition {existing.id} is there already", now)
        return Made("exists", existing)
    regroup(archive, now, config)
    material = _next_material(archive, plan, slot, now)
    desk = drafting.begin(archive, material.material, config) if plan.review else None
    content = _choose(archive, material.material, config) if desk is None else desk.content
    # A draft of which everything is left out is still there to be looked at.
    skip = (content if desk is None else desk.draft.content).empty and plan.empty == "skip"
    whole = written(archive, content, plan, config, now)
    state = "skipped" if skip else "draft" if plan.review else "final"
    draft = Edition(
        id=0,
        plan=plan.name,
        slot=slot.key,
        from_seq=material.from_seq,
        to_seq=material.to_seq,
        made_at=now,
        state=state,
        subject=whole.rendered.subject,
        html=whole.rendered.web,
        text=whole.rendered.text,
        content=content.to_json(),
    )
    if skip:
        return Made(_skipped(archive, config, material.material.window), archive.editions.commit(draft, [], run, now))
    if desk is None:
        kept = archive.editions.commit(draft, whole.deliveries, run, now, stories=shown_in(content))
        return Made("made", kept, whole.left_out)
    with archive.writing():
        since = min((each.since for each in archive.reviews.waiting() if each.plan == plan.name), default=now)
        kept = archive.editions.commit(draft, whole.deliveries, run, now, stories=shown_in(content))
        notice = drafting.keep(archive, kept, desk, since, plan, config, links(config, content.masthead.title))
    return Made("draft", kept, whole.left_out, notice)


def _skipped(archive: Archive, config: Config, window: Window) -> str:
    """Say why there is no edition: that nothing is new is known only where somebody looked."""
    looked = any(row.polls > row.failed_polls for row in archive.sources.coverage(None, window.since, window.until))
    blind = config.sources and not looked
    return f"skipped, nothing new{'; but no source could be read since the last one' if blind else ''}"


@dataclass(frozen=True, slots=True)
class Written:
    """An edition in all its forms, as it is kept and as it is delivered."""

    rendered: render.Rendered
    deliveries: list[Delivery]
    left_out: tuple[Veto, ...]


@_uncollected()
def written(archive: Archive, content: EditionContent, plan: PlanConfig, config: Config, now: datetime) -> Written:
    """Write an edition in all its forms, and the deliveries to a plan's recipients against whom nothing stands."""
    readers = leaving.readers(archive, config, plan.name, content.masthead.title, plan.recipients, now)
    rendered = render.everything(content, readers.links(links(config, content.masthead.title)), templates_of(config))
    rows = deliver.prepare(content, rendered, plan, config, readers)
    return Written(readers.shared(rendered), rows, readers.left_out)


def shown_in(content: EditionContent) -> list[int]:
    """List the stories that an edition shows; a text that is in no story yet has no number of one."""
    return [item.story for item in content.items if item.story > 0]


def preview(archive: Archive, config: Config, plan: PlanConfig, now: datetime) -> EditionContent:
    """Choose what the plan's next edition would say; nothing is kept but stories, where anything can be written."""
    if not archive.read_only:
        regroup(archive, now, config)
    return _choose(archive, _next_material(archive, plan, Slot("preview", now), now).material, config)


def _choose(archive: Archive, material: edition.Material, config: Config) -> EditionContent:
    with _uncollected():
        content = asides.add(edition.choose(material), material.stories, archive, material.now)
    return machine.enrich(content, material.articles, config)


def as_mail(content: EditionContent, config: Config, recipient: str) -> bytes:
    """Write an edition as the mail that a recipient would get."""
    return deliver.email.message(
        render.everything(content, links(config, content.masthead.title), templates_of(config)),
        sender=config.press.mail.sender or "Presswatch <presswatch@example.org>",
        recipient=recipient,
        plan=content.masthead.plan,
        title=content.masthead.title,
        slot=content.masthead.slot,
        made_at=content.masthead.data_until,
    )


def links(config: Config, title: str) -> render.Links:
    """Name the addresses that a digest of this title may link to: none on the web without a public address.

    To leave, one asks here; the mails of recipients have links of their own (leaving.py).
    """
    sender, base = config.press.mail.sender, leaving.public_address(config.press.web.public_url)
    leave = deliver.email.unsubscribe_by_mail(sender, title) if sender else ""
    if not base:
        return render.Links(unsubscribe=leave)
    return render.Links(web_copy=f"{base}/digests", story=f"{base}/story/{{id}}", unsubscribe=leave)


@dataclass(frozen=True, slots=True)
class _Owned:
    """The changes that an edition owns, and what is known of them."""

    from_seq: int
    to_seq: int
    material: edition.Material


@_uncollected()
def _next_material(archive: Archive, plan: PlanConfig, slot: Slot, now: datetime) -> _Owned:
    """Gather what the plan's next edition is made of: everything since the last one ended, and what nobody got."""
    spans = archive.editions.spans(plan.name, now - MEMORY)
    own = owned(spans, now) or _beginning(archive, plan, slot, now, spans)
    to_seq = archive.changes.last()
    changes = _news(archive, own.from_seq, to_seq)
    missed = {
        one.slot: [change for after, to in one.stretches for change in _news(archive, after, to)] for one in own.missed
    }
    numbers = {change.article for some in (changes, *missed.values()) for change in some}
    articles = {each.id or 0: each for each in archive.articles.heads_of(numbers)}
    contents = archive.editions.contents(own.read)
    # "{}": an article that stood in it was forgotten, and could not be taken out alone.
    told = [found for number in own.read if (found := contents[number]) != "{}"]
    earlier = [EditionContent.told(found) for found in told]
    material = _material(archive, plan, slot.key, own.window, now, changes, articles, earlier, missed)
    before = {
        number: text
        for one in own.missed
        for number, text in news.texts_before(archive, _revised(missed[one.slot]), one.since).items()
    }
    material = replace(material, before={**material.before, **before}, begins=not own.read)
    return _Owned(own.begins(), to_seq, material)


def _news(archive: Archive, after: int, to: int) -> list[Change]:
    """Read changes, but not that an article that had come before was found to be a copy: it does not come again."""
    changes = archive.changes.since(after, to)
    came = archive.changes.first({change.article for change in changes if change.kind == "copy"})
    return [change for change in changes if change.kind != "copy" or came[change.article] == change.seq]


def _beginning(archive: Archive, plan: PlanConfig, slot: Slot, now: datetime, drafts: Sequence[Span]) -> Owned:
    """Tell what the plan's first edition owns: what a draft that nobody approved owns, else what came in a day."""
    window = first_window(Slot(slot.key, now), plan)
    if drafts:
        first = min(drafts, key=lambda span: span.from_seq)
        content = archive.editions.contents([first.id])[first.id]
        since = window.since if content == "{}" else EditionContent.from_json(content).masthead.since
        return Owned(first.from_seq, Window(min(since, now), now), (), ())
    return Owned(archive.changes.before(window.since), window, (), ())


def _material(
    archive: Archive,
    plan: PlanConfig,
    slot: str,
    window: Window,
    now: datetime,
    changes: list[Change],
    articles: Mapping[int, Article],
    earlier: list[EditionContent],
    missed: Mapping[str, list[Change]],
) -> edition.Material:
    irrelevant = archive.judgements.irrelevant()
    changes, *returning = [
        [change for change in some if change.article not in irrelevant] for some in (changes, *missed.values())
    ]
    articles = {number: article for number, article in articles.items() if number not in irrelevant}
    stories = archive.stories.members({*archive.stories.homes(articles.keys()).values()})
    watches = archive.watches.all()
    members = {number for those in stories.values() for number in those}
    mentions = archive.watches.of(members | articles.keys())
    told = members | articles.keys()
    if any(not watch.muted for watch in watches):  # then of the others only heads are needed, for the figures
        shown = [item for content in earlier for item in content.items]
        told = mentions.keys() | {number for item in shown for number in (item.carrier.article, *item.articles)}
        again = {item.story for item in shown}
        stories = {id_: those for id_, those in stories.items() if id_ in again or not told.isdisjoint(those)}
        told |= {number for those in stories.values() for number in those}
    everything = {number: article for number, article in articles.items() if number not in told}
    for article in archive.articles.many(sorted(told & (members | articles.keys()))):
        given = articles.get(article.id or 0, article)  # a report tells of old news, too
        same = article.backfill == given.backfill
        everything[article.id or 0] = article if same else replace(article, backfill=given.backfill)
    return edition.Material(
        plan=plan,
        slot=slot,
        window=window,
        now=now,
        changes=changes,
        missed=dict(zip(missed, returning, strict=True)),
        articles=everything,
        mentions=mentions,
        stories=archive.stories.many(stories),
        watches=watches,
        sources={source.key: source for source in archive.sources.all()},
        health=archive.sources.health(now),
        days=volume.days(archive, plan, window.until, [watch.name for watch in watches if not watch.muted], now),
        dropped=_dropped(archive, window),
        earlier=earlier,
        before=news.texts_before(archive, _revised(changes), window.since),
        judged=_judged(archive, earlier, now),
        notes=archive.judgements.notes(everything),
        labels=_labels(archive, plan, everything),
    )


def _judged(archive: Archive, earlier: Sequence[EditionContent], now: datetime) -> errata.Judged:
    """Read what people said of what the plan's editions told; what none told needs no erratum."""
    return judging.said_of(archive, articles_told(earlier), now) if earlier else errata.Judged()


def _labels(archive: Archive, plan: PlanConfig, articles: Collection[int]) -> Mapping[int, Sequence[str]]:
    """Give those tags of people that the plan shows."""
    if not plan.tags:
        return {}
    given = archive.judgements.tags(articles)
    return {article: [tag for tag in tags if is_tagged(tag, plan.tags)] for article, tags in given.items()}


def _revised(changes: list[Change]) -> set[int]:
    """List the articles that were revised, but not among those that are new: of these nobody knows an earlier text."""
    kinds = [
        {change.article for change in changes if change.kind in those} for those in (("revised",), ("new", "copy"))
    ]
    return kinds[0] - kinds[1]


def _dropped(archive: Archive, window: Window) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in archive.sources.coverage(None, window.since, window.until):
        for reason, number in (*row.dropped.items(), *row.from_entry.items()):
            counts[reason] = counts.get(reason, 0) + number
    return counts


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one delivery."""

    recipient: str
    channel: str
    #: "" when it went out.
    error: str = ""
    #: When it is tried again; None when it went out or never will.
    next_try: datetime | None = None
    #: Why it was closed unsent: its recipient left meanwhile, or cannot be reached.
    left: str = ""

    def told(self) -> str:
        """Say it in a line."""
        what = self.error or (f"not sent, {self.left}" if self.left else "sent")
        return f"{self.recipient} ({self.channel}): {what}"


def failures(results: Sequence[Sent]) -> str:
    """Say how many deliveries failed, and what becomes of them; "" when none did."""
    failed = [result for result in results if result.error]
    if not failed:
        return ""
    again = sum(result.next_try is not None for result in failed)
    rest = f"; {again} will be tried again" if again else "; none will be tried again"
    return f"{len(failed)} of {len(results)} deliveries failed{rest}"


def send_waiting(
    archive: Archive,
    config: Config,
    clock: Callable[[], datetime],
    edition: int | None = None,
    *,
    stopping: Callable[[], bool] = lambda: False,
    patience: float = 60.0,
) -> list[Sent]:
    """Deliver what is due in the outbox; one failing recipient never stops the others.

    Locked is raised when another process still sends after so many seconds: two senders could send one mail twice.
    """
    results: list[Sent] = []
    with only_sender(archive, patience):
        archive.outbox.take_back(clock())  # whoever held these has died: the lock is ours
        # One at a time, so that no lease runs out while others are sent.
        while not stopping() and (claimed := archive.outbox.claim(clock(), _SEND_LEASE, edition=edition, limit=1)):
            results.extend(_send(archive, config, delivery, clock) for delivery in claimed)
    return results


def _send(archive: Archive, config: Config, delivery: Delivery, clock: Callable[[], datetime]) -> Sent:
    if delivery.channel == "email" and (veto := archive.recipients.veto(delivery.recipient, delivery.plan, clock())):
        archive.outbox.leave(delivery, leaving.told(veto))
        return Sent(delivery.recipient, delivery.channel, left=leaving.told(veto))
    try:
        deliver.deliver(delivery, config)
    except DeliveryError as error:
        bouncing.refused(archive, delivery, error, clock())
        return _failed(archive, config, delivery, str(error), clock(), temporary=error.temporary)
    except PresswatchError as error:  # such as a password file that is gone
        return _failed(archive, config, delivery, str(error), clock(), temporary=True)
    except Exception as error:  # noqa: BLE001
        # A fault of ours with one message: it would stand before all the others at every beat.
        _log.exception("%s to %s", delivery.channel, deliver.shown(delivery.recipient))
        return _failed(archive, config, delivery, f"{type(error).__name__}: {error}", clock(), temporary=True)
    archive.outbox.sent(delivery, clock())
    return Sent(deliver.shown(delivery.recipient), delivery.channel)


def _failed(
    archive: Archive, config: Config, delivery: Delivery, error: str, now: datetime, *, temporary: bool
) -> Sent:
    horizon = deliver.horizon(delivery.plan, config)
    retry = deliver.next_try(delivery.attempts, now, horizon) if temporary else None
    archive.outbox.failed(delivery, error, retry, now)
    return Sent(deliver.shown(delivery.recipient), delivery.channel, error, retry)
