"""The acts of reviewing a draft, which commands and the web page share: read, let digest/review.py decide, write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.errors import Outdated, PresswatchError, UsageError
from crawler.records import Delivery, Edition, ReviewAct
from digest import jobs, render
from digest.review import Desk, Draft
from digest.texts import Words

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config, PlanConfig

#: How often an act is tried again when somebody else changed the draft meanwhile.
_TRIES = 5


@dataclass(frozen=True)
class Seen:
    """A draft as an editor sees it; or an edition that was one."""

    edition: Edition
    desk: Desk
    #: Counts the changes: who approves says which one was looked at.
    revision: int
    #: All that was ever done, with what was taken back.
    history: tuple[ReviewAct, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether it can still be changed."""
        return self.edition.state == "draft"


def look(archive: Archive, number: int) -> Seen:
    """Read a draft with all that was done to it."""
    edition = archive.editions.get(number)
    if edition is None:
        raise UsageError(
            f"there is no edition {number}: a newer draft may have taken its place; see `presswatch digest list`"
        )
    made = archive.reviews.made(number)
    if made is None and edition.state != "draft":
        raise UsageError(f"edition {number} ({edition.plan} {edition.slot}) was made without review")
    if made is None or not made[0]:
        why = "an older Presswatch made it" if made is None else "an article in it was forgotten"
        remedy = f"; presswatch digest make {edition.plan} --slot {edition.slot!r} makes it anew"
        raise UsageError(f"edition {number} cannot be reviewed, as {why}{remedy if edition.state == 'draft' else ''}")
    desk = Desk(Draft.from_json(made[0]), tuple(_of_draft(archive.reviews.acts(number))))
    history = tuple(archive.reviews.acts(number, undone=True))
    return Seen(edition, desk, made[1], history, tuple(archive.outbox.list(number)))


def change(
    archive: Archive,
    config: Config,
    number: int,
    act: Callable[[Desk], Desk],
    who: str,
    now: datetime,
    revision: int | None = None,
) -> Seen:
    """Change a draft: its bytes and its deliveries are written anew with what was done, all or nothing.

    With ``revision`` nothing is done to a draft that was changed since somebody looked at it: Outdated is raised,
    unless what is asked for holds already, such as when a button was pressed twice.
    """
    for _ in range(_TRIES):
        seen = look(archive, number)
        if not seen.is_open:
            raise UsageError(
                f"edition {number} is {seen.edition.state}, no draft: what was approved or rejected cannot be changed"
            )
        if revision not in {None, seen.revision}:
            if _holds(seen.desk, act):
                return seen
            raise Outdated(f"draft {number} was changed meanwhile; look at it again and decide anew")
        desk = act(seen.desk)
        if desk.acts == seen.desk.acts or _write(archive, config, seen, desk, who, now):
            return look(archive, number)
    raise PresswatchError(f"draft {number}: others change it all the time; nothing was done")


def _holds(desk: Desk, act: Callable[[Desk], Desk]) -> bool:
    try:
        return act(desk).content == desk.content
    except UsageError:
        return False


def _write(archive: Archive, config: Config, seen: Seen, desk: Desk, who: str, now: datetime) -> bool:
    plan = _plan(config, seen.edition)
    content = desk.content
    whole = jobs.written(archive, content, plan, config, now)
    draft = replace(
        seen.edition,
        subject=whole.rendered.subject,
        html=whole.rendered.web,
        text=whole.rendered.text,
        content=content.to_json(),
    )
    kept = {act.id for act in desk.acts}
    return archive.reviews.change(
        draft,
        seen.revision,
        whole.deliveries,
        jobs.shown_in(content),
        acts=[act for act in desk.acts if not act.id],
        undone=[act.id for act in seen.desk.acts if act.id not in kept],
        who=who,
        now=now,
    )


def warnings(seen: Seen) -> list[str]:
    """Tell what an editor should know before approving."""
    content = seen.desk.content
    told = []
    if not content.items:
        told.append("no story is left: who approves it sends an edition without stories")
    if seen.is_open and not any(row.channel != "files" for row in seen.deliveries):
        told.append("the plan has no recipients: the edition is only written as files")
    carried = sorted({act.carried for act in seen.desk.acts if act.carried is not None})
    if carried:
        count = sum(act.carried is not None for act in seen.desk.acts)
        told.append(f"{count} judgements were carried over from edition {', '.join(map(str, carried))}; see the acts")
    unseen = content.coverage.troubles
    if unseen:
        told.append(f"{len(unseen)} of {content.coverage.sources} sources could not be seen as usual")
    if content.by_machine:
        told.append("some texts were written by a machine; they are marked")
    words = Words(content.masthead.language, content.masthead.zone)
    told += [words.say(fault) for fault in content.machine]
    if seen.is_open and (left := _in_short(seen)):
        told.append(
            f"the mail has no room for {left} of the stories but for their headlines; the web copy tells them all"
        )
    return told


def _in_short(seen: Seen) -> int:
    """Count the stories that a mail has no room to tell in full."""
    if len(seen.edition.html) < render.LONGEST_MAIL // 2:  # styles written into the elements make it longer
        return 0
    return len(render.told_in_short(seen.desk.content))


def _of_draft(acts: list[ReviewAct]) -> list[ReviewAct]:
    return [act for act in acts if act.kind not in {"approve", "reject"}]


def _plan(config: Config, edition: Edition) -> PlanConfig:
    plan = config.plans.get(edition.plan)
    if plan is None:
        raise UsageError(
            f'digests.toml has no plan "{edition.plan}" any more, so draft {edition.id} cannot be changed; '
            "it can be approved or rejected as it is"
        )
    return plan
