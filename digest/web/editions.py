"""The digests: the plans, what was made of them, each edition as it was made, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response

from crawler.config import PlanConfig
from crawler.records import Delivery, Edition, ReviewAct
from digest import jobs, render
from digest.content import EditionContent
from digest.deliver import shown
from digest.plans import in_words, next_slot
from digest.skin import templates_of
from digest.web import discreet
from digest.web.call import Call, Page
from digest.web.guard import EDITION_POLICY
from digest.web.templating import link
from digest.web.watches import known_config

_EDITIONS = 30
_WEB = {"Content-Security-Policy": EDITION_POLICY}


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and when its next edition comes."""

    plan: PlanConfig
    #: In words, in the plan's zone; "" when no more comes.
    next: str
    #: Mail addresses, chats and webhooks.
    readers: int


@dataclass(frozen=True, slots=True)
class Made:
    """An edition in the list, with the number of its deliveries by state."""

    edition: Edition
    deliveries: dict[str, int]
    #: What it tells of; None when it cannot be read any more.
    stories: int | None


def digests(call: Call) -> Response:
    """List the plans, the drafts that wait, and the editions."""
    archive = call.archive
    plan = call.query.get("plan", "").strip() or None
    before = _edition_number(call.query.get("before", ""))
    found = archive.editions.heads(plan, _EDITIONS + 1, before)
    editions = found[:_EDITIONS]
    numbers = [edition.id for edition in editions]
    states = archive.outbox.states(numbers)
    contents = archive.editions.contents(numbers)
    config, trouble = known_config(call)
    return call.render(
        "digests.html.j2",
        trouble=trouble,
        plans=[_planned(each, call.now) for each in config.plans.values()] if config else [],
        drafts=archive.reviews.waiting(),
        editions=[Made(each, states.get(each.id, {}), _stories(contents[each.id])) for each in editions],
        chosen=plan,
        older=link("/digests", plan=plan, before=str(editions[-1].id)) if len(found) > _EDITIONS else "",
        newest=link("/digests", plan=plan) if before is not None else "",
    )


def _planned(plan: PlanConfig, now: datetime) -> Planned:
    slot = next_slot(plan, now)
    due = f"{in_words(slot, plan)} {plan.timezone}" if slot else ""
    return Planned(plan, due, len(plan.recipients) + len(plan.chat) + len(plan.webhooks))


def _stories(content: str) -> int | None:
    try:
        return len(EditionContent.told(content).items)
    except (KeyError, ValueError, TypeError):  # an article in it was forgotten
        return None


def edition(call: Call) -> Response:
    """Show an edition, byte for byte as it was made."""
    return Response(_found(call).html, media_type="text/html; charset=utf-8", headers=_WEB)


def text(call: Call) -> Response:
    """Show the text of an edition, byte for byte as it was made."""
    return Response(_found(call).text, media_type="text/plain; charset=utf-8")


def about(call: Call) -> Response:
    """Tell what became of an edition: who got it, and what was done with it before."""
    found = _found(call)
    rows = call.archive.outbox.heads(found.id)
    return call.render(
        "edition.html.j2",
        edition=found,
        deliveries=[(each, _recipient(each, may_see=call.visitor.may("editor"))) for each in rows],
        may_see=call.visitor.may("editor"),
        acts=call.archive.reviews.acts(found.id, undone=True),
        told=act_in_words,
    )


def _recipient(delivery: Delivery, *, may_see: bool) -> str:
    """Name who gets it; readers of the page need not know the addresses of other readers, nor folders."""
    return shown(delivery.recipient) if may_see else discreet.recipient(delivery.recipient, delivery.channel)


def upcoming(call: Call) -> Response:
    """Show what the next edition of a plan would say, had its time come now; nothing is kept or sent."""
    config, trouble = known_config(call)
    if trouble:
        title = "What the next edition would say is not known"
        return call.render("problem.html.j2", 503, title=title, detail=trouble)
    plan = config.plans.get(call.path["plan"]) if config is not None else None
    if config is None or plan is None:
        raise HTTPException(404, f'There is no plan "{call.path["plan"]}".')
    content = jobs.preview(call.archive, config, plan, call.now)
    links = jobs.links(config, content.masthead.title)
    page = render.everything(content, links, templates_of(config)).web
    return Response(page, media_type="text/html; charset=utf-8", headers=_WEB)


def act_in_words(act: ReviewAct) -> str:
    """Say what an editor did."""
    story = f" “{act.title}”" if act.title else ""
    said = f": {act.text}" if act.text else ""
    match act.kind:
        case "approve":
            return "approved it"
        case "reject":
            return f"rejected it{said}"
        case "lead":
            return f"wrote above all{said}" if act.text else "took the words above all off"
        case "note":
            return f"wrote a note to{story}{said}" if act.text else f"took the note of{story} off"
        case "pin":
            return f"pinned{story} to the top"
        case "drop":
            return f"left out{story}{said}"
        case "arrange":
            return f"moved{story}"
        case _:
            return f"put{story} {_PLACES.get(act.place, act.place)}"


_PLACES = {"top": "among the top stories", "section": "into its section", "hidden": "among those only counted"}


def _found(call: Call) -> Edition:
    found = call.archive.editions.get(call.number("edition"))
    if found is None:
        raise HTTPException(404, f"There is no edition {call.path['id']} in the archive.")
    return found


def _edition_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


PAGES = (
    Page("/digests", digests),
    Page("/digests/next/{plan}", upcoming),
    Page("/digests/{id}", edition),
    Page("/digests/{id}/text", text),
    Page("/digests/{id}/about", about),
)
