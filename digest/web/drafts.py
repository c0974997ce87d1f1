"""Reviewing a draft on the page: the same acts as ``presswatch digest review``, with who did what and when."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import get_args

from starlette.background import BackgroundTask
from starlette.responses import Response

from crawler.archive import open_archive
from crawler.config import Config
from crawler.errors import Locked, Outdated, PresswatchError, UsageError
from digest import jobs, reviewing
from digest.review import Command, Desk, Order, take_back
from digest.web.call import Call, Form, Page
from digest.web.editions import act_in_words

_log = logging.getLogger(__name__)
#: Stories that are only counted stand openly up to this number; the others are reached by the command.
_HIDDEN = 100
#: What stands in the fields of the forms.
_TYPED = ("order", "number", "text", "reason")


def review(call: Call) -> Response:
    """Show a draft with what can be done to each of its stories."""
    return _show(call)


def _refuse(call: Call, error: UsageError) -> Response:
    """Say why something was not done, beside what was typed and the draft as it is now."""
    return _show(call, str(error), 409 if isinstance(error, Outdated) else 400)


def _show(call: Call, refused: str = "", status: int = 200) -> Response:
    """Show a draft as it is now, beneath why something could not be done to it."""
    seen = reviewing.look(call.archive, call.number("edition"))
    desk, now = seen.desk, call.now
    gone = [
        row.recipient
        for row in seen.deliveries
        if row.channel == "email" and call.archive.recipients.veto(row.recipient, seen.edition.plan, now)
    ]
    readers = [row for row in seen.deliveries if row.channel != "files" and row.recipient not in gone]
    return call.render(
        "review.html.j2",
        status,
        refused=refused,
        overtaken=status == 409,
        # What was typed stays where it was typed until it is saved.
        typed={each: call.form.get(each) if each in call.form else None for each in _TYPED},
        last=max(seen.history, key=lambda each: each.undone_at or each.at, default=None),
        seen=seen,
        desk=desk,
        content=desk.content,
        numbers=desk.draft.numbers,
        hidden=desk.at("hidden")[:_HIDDEN],
        more_hidden=len(desk.at("hidden")) - _HIDDEN,
        warnings=reviewing.warnings(seen),
        readers=len(readers),
        end=next((act for act in reversed(seen.history) if act.kind in {"approve", "reject"}), None),
        told=act_in_words,
    )


def change(call: Call) -> Response:
    """Do one thing to a draft."""
    number = call.number("edition")
    try:
        command, revision = _command(call.form), call.form.number("revision")
        reviewing.change(
            call.archive, call.configured(), number, _doing(command, call), call.visitor.name, call.now, revision
        )
    except UsageError as error:
        return _refuse(call, error)
    place = f"#story-{command.number}" if isinstance(command, Command) and command.number else "#acts"
    return call.to(f"/digests/{number}/review{place}")


def _command(form: Form) -> Command | int:
    """Read what is asked for; a number is that of the story of which the last act is taken back, 0 that of the lead."""
    order = form.get("order")
    if order == "undo":
        return form.number("number")
    known: Order | None = next((each for each in get_args(Order) if each == order), None)
    if known is None:
        raise UsageError(f"order: found {order[:40]!r}, wanted one of {', '.join((*get_args(Order), 'undo'))}")
    number = 0 if known == "lead" else form.number("number")
    other = form.number("other") if known == "before" else 0
    return Command(known, number, form.get("text") if known in {"note", "drop", "lead"} else "", other)


def _doing(command: Command | int, call: Call) -> Callable[[Desk], Desk]:
    def act(desk: Desk) -> Desk:
        if isinstance(command, Command):
            return desk.act(command, call.visitor.name, call.now)
        taken = take_back(desk, command)
        return desk.with_acts(each for each in desk.acts if each is not taken)

    return act


def approve(call: Call) -> Response:
    """Approve a draft as it was looked at, and send it."""
    number = call.number("edition")
    config = call.configured()
    try:
        call.archive.reviews.approve(number, call.visitor.name, call.now, call.form.number("revision"))
    except UsageError as error:
        return _refuse(call, error)
    said = f"Edition {number} is approved and goes out now. This page tells who has got it."
    response = call.to(f"/digests/{number}/about", said)
    response.background = BackgroundTask(_send, call.archive_url, config, number)
    return response


def _send(archive_url: str, config: Config, number: int) -> None:
    """Send it; what cannot go out now waits in the outbox, and the service tries it again."""
    try:
        with open_archive(archive_url, create=False) as archive:
            for result in jobs.send_waiting(archive, config, lambda: datetime.now(UTC), edition=number):
                if result.error:
                    _log.error("edition %d: %s", number, result.told())
    except Locked:
        _log.info("edition %d: another process is sending; it sends this, too", number)
    except PresswatchError as error:
        _log.error("edition %d waits in the outbox: %s", number, error)


def reject(call: Call) -> Response:
    """End a draft without sending it."""
    number = call.number("edition")
    try:
        reason, revision = call.form.get("reason"), call.form.number("revision")
        call.archive.reviews.reject(number, call.visitor.name, call.now, reason, revision)
    except UsageError as error:
        return _refuse(call, error)
    said = f"Draft {number} is rejected and not sent. Its stories come back in the next edition."
    return call.to(f"/digests/{number}/about", said)


PAGES = (
    Page("/digests/{id}/review", review, "editor"),
    Page("/digests/{id}/review", change, "editor", writes=True),
    Page("/digests/{id}/approve", approve, "editor", writes=True),
    Page("/digests/{id}/reject", reject, "editor", writes=True),
)
