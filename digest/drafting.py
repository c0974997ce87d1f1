"""A plan with review: its editions begin as drafts, with all that editors need to change them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.archive import REVIEWS
from crawler.records import Delivery, Edition
from digest import asides, deliver, edition, machine, render
from digest.content import Section
from digest.review import Desk, Draft, carry_over
from digest.skin import templates_of

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config, PlanConfig

#: How long a story that was left out of an edition stays out unless there is news of it.
_MEMORY = timedelta(days=14)
#: Of so many stories that are only counted it is looked up what is known beside them.
_BESIDE = 100
#: So many of them can be shown by an editor; on a day of thousands the others stay counted.
_HIDDEN = 500


def begin(archive: Archive, material: edition.Material, config: Config) -> Desk:
    """Choose what stands in a draft, and carry over what editors said of its stories before."""
    draft = _draft(archive, material, config)
    plan = material.plan.name
    before = [*archive.reviews.dropped(plan, material.now - _MEMORY), *archive.reviews.latest(plan)]
    own = {number for number, article in material.articles.items() if not article.is_folded and not article.backfill}
    acts, _ = carry_over(draft, before, own)
    return Desk(draft, tuple(acts))


def _draft(archive: Archive, material: edition.Material, config: Config) -> Draft:
    chosen, beneath = edition.choose_all(material)
    # As a section of its own, so that the archive is read once for what is shown and what may yet be.
    extra = Section("", beneath[:_BESIDE], 0, 0, 0, 0)
    told = asides.add(replace(chosen, sections=(*chosen.sections, extra)), material.stories, archive, material.now)
    content = machine.enrich(replace(told, sections=told.sections[:-1]), material.articles, config)
    return Draft(content, (*told.sections[-1].items, *beneath[_BESIDE:_HIDDEN]), material.plan.floor)


def keep(
    archive: Archive, draft: Edition, desk: Desk, since: datetime, plan: PlanConfig, config: Config, links: render.Links
) -> Edition | None:
    """Keep what a draft is made of, and put the mails to its reviewers into the outbox; give these as an edition."""
    now = draft.made_at
    archive.reviews.begin(draft, desk.draft.to_json(), desk.acts, since)
    if not plan.reviewers:
        return None
    carried = sum(act.carried is not None for act in desk.acts)
    shown = render.for_review(desk.content, render.Banner(commands(draft.id), carried), links, templates_of(config))
    name = f"{REVIEWS}{plan.name}"
    slot = f"{draft.slot} draft {draft.id}"
    mails = [_mail(shown, to, name, slot, draft.made_at, plan, config) for to in plan.reviewers]
    notice = Edition(0, name, slot, draft.from_seq, draft.to_seq, now, "final", shown.subject, shown.mail, shown.text)
    return archive.editions.commit(notice, mails, None, now)


def _mail(
    shown: render.Rendered, to: str, name: str, slot: str, made_at: datetime, plan: PlanConfig, config: Config
) -> Delivery:
    sender = config.press.mail.sender
    body = deliver.email.message(
        shown, sender=sender, recipient=to, plan=name, title=f"{plan.title} drafts", slot=slot, made_at=made_at
    )
    row = Delivery(0, 0, name, slot, to, "email", deliver.email.message_id(name, slot, to, sender), body)
    return deliver.signature.signed(row, config.press.mail)


def commands(draft: int) -> tuple[tuple[str, str], ...]:
    """Give the command lines by which a draft is reviewed, each with the key of its words."""
    call = f"presswatch digest review {draft}"
    return (("review.look", call), ("review.approve", f"{call} --approve"), ("review.reject", f"{call} --reject"))
