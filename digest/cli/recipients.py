"""recipient, bounce: who gets mail, who left, and what came back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import UsageError
from digest.cli.output import as_json, print_json, print_table, say, say_line, tell
from digest.cli.session import moment, now, session

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config
    from crawler.records import Veto

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="A mail address.")]
PlanName = Annotated[
    str, typer.Argument(metavar="[PLAN]", help="A plan, or alert:WATCH; default all that the address gets.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    group = typer.Typer(
        help="Who gets digests and alerts, who left, and who cannot be reached.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list", epilog="Example: presswatch recipient list")(list_)
    group.command(epilog="Example: presswatch recipient remove ana@example.org morning")(remove)
    group.command(epilog="Example: presswatch recipient pause ana@example.org --until 2026-12-24")(pause)
    group.command(epilog="Example: presswatch recipient restore ana@example.org")(restore)
    group.command(epilog="Example: presswatch recipient forget ana@example.org")(forget)
    app.add_typer(group, name="recipient")
    app.command(epilog="Example: presswatch bounce returned.eml")(bounce)


def list_(
    context: typer.Context,
    plan: Annotated[str, typer.Argument(metavar="[PLAN]", help="Only of this plan, or of alert:WATCH.")] = "",
    as_json_: AsJson = False,
) -> None:
    """List who gets what: active, unsubscribed, paused or bounced, since when and why."""
    from digest.readership import standings

    current = session(context)
    config = current.config()
    if plan:
        _find_plan(config, plan)
    with current.archive(config, create=True, read_only=True) as archive:
        found = [each for each in standings(archive, config, now()) if not plan or each.plan in (plan, "")]
    if as_json_:
        print_json({"recipients": [as_json(each) for each in found]})
        return
    if not found:
        say("Nobody gets mail; recipients stand in digests.toml and watches.toml.")
        return
    print_table(
        ("recipient", "plan", "state", "since", "why", "came back"),
        (
            (
                each.recipient,
                each.plan or "all",
                each.state if each.wanted else f"{each.state}, not in the configuration",
                f"{each.veto.at:%Y-%m-%d %H:%M}" if each.veto else "",
                _why(each.veto) if each.veto else "",
                each.bounces or "",
            )
            for each in found
        ),
    )


def remove(context: typer.Context, address: Address, plan: PlanName = "") -> None:
    """Send somebody a plan no more, or nothing at all, though the configuration names them."""
    current = session(context)
    config = current.config()
    with current.archive(config, create=True) as archive:
        recipient = _find_recipient(archive, config, address, plan)
        fresh = archive.recipients.leave(recipient, plan, now(), how="by hand")
    what = plan or "anything"
    say(f"{recipient} {'does not get' if fresh else 'did not get'} {what} any more")


def pause(
    context: typer.Context,
    address: Address,
    plan: PlanName = "",
    until: Annotated[str, typer.Option(help="The first day on which mail is sent again.")] = "",
) -> None:
    """Send somebody nothing until a day."""
    current = session(context)
    config = current.config()
    end = moment(until or None)
    if end is None or end <= now():
        raise UsageError(f"--until is {until!r}, but must be a day to come, such as --until 2026-12-24")
    with current.archive(config, create=True) as archive:
        recipient = _find_recipient(archive, config, address, plan)
        archive.recipients.pause(recipient, plan, end, now(), how="by hand")
    say(f"{recipient} gets nothing{f' of {plan}' if plan else ''} until {end:%Y-%m-%d}")


def restore(context: typer.Context, address: Address, plan: PlanName = "") -> None:
    """Send somebody a plan again, or all that the configuration says, whatever stood against it."""
    from digest import readership
    from digest.leaving import told

    current = session(context)
    config = current.config()
    with current.archive(config, create=True) as archive:
        recipient = _find_recipient(archive, config, address, plan)
        others = [each.name for each in readership.of(config, recipient)]
        gone = archive.recipients.restore(recipient, plan, others, now=now())
    if not gone:
        say(f"nothing stood against mail to {recipient}")
    for veto in gone:
        say(f"{recipient} gets {plan or veto.plan or 'everything'} again; was {told(veto)}")
    if not readership.of(config, recipient):
        tell(f"no plan names {recipient}; recipients stand in digests.toml and watches.toml")


def forget(context: typer.Context, address: Address) -> None:
    """Remove somebody's address and the mails to them from the archive; a keyed hash keeps them from being mailed."""
    from crawler.mailboxes import mailbox
    from digest import readership

    current = session(context)
    config = current.config()
    with current.archive(config) as archive:
        recipient = mailbox(address)
        if not recipient:
            raise UsageError(f"{address!r} is no mail address")
        mails = archive.recipients.forget(recipient, now())
    say(f"{recipient} is forgotten, with {mails} mails; nothing is sent there any more")
    if left := [plan.name for plan in readership.of(config, recipient)]:
        tell(f"the address still stands in the configuration, in {', '.join(left)}: take it out there, too")


def bounce(
    context: typer.Context,
    file: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="A mail, an mbox, a Maildir, a folder of mails; - is stdin."),
    ],
    as_json_: AsJson = False,
) -> None:
    """Read mails that came to our sender: what came back, complaints, and wishes to leave.

    Where nobody is (5.1.1, 5.1.3, 5.1.6, 5.1.10), nothing more is sent after the first report. For other permanent
    reasons it takes reports on three days, each within ten days of the one before; for refusals by policy (5.7.x),
    which are mostly about the sender, seven. What is only late is remembered. A report counts when it is about a mail
    of ours, or names an address that was mailed in the last 14 days.
    """
    from digest.bouncing import take
    from digest.mails import mails_of

    current = session(context)
    config = current.config_if_any()
    with current.archive(config) as archive:
        mails = (mail for path in file for mail in mails_of(path, sys.stdin.buffer))
        taken = [(name, each) for name, raw in mails for each in take(archive, raw, now())]
    if as_json_:
        print_json({"mails": [{"mail": name, **as_json(each)} for name, each in taken]})
        return
    for name, each in taken:
        say_line(f"{name}: {f'{each.recipient}: ' if each.recipient else ''}{each.text}")
    if not taken:
        say("there is no mail in it")


def _why(veto: Veto) -> str:
    until = f"until {veto.until:%Y-%m-%d}" if veto.until else ""
    said = f"{veto.code} {veto.why}".strip()
    return ", ".join(filter(None, (until, veto.how, said)))


def _find_plan(config: Config, name: str) -> None:
    from digest import readership

    known = [plan.name for plan in readership.plans(config)]
    if name not in known:
        raise UsageError(f'there is no plan "{name}"; there is: {", ".join(known) or "none"}')


def _find_recipient(archive: Archive, config: Config, address: str, plan: str) -> str:
    """Find somebody in the configuration or the archive, or say who there is."""
    from crawler.mailboxes import mailbox
    from digest import readership

    recipient = mailbox(address)
    if not recipient:
        raise UsageError(f"{address!r} is no mail address")
    if plan:
        _find_plan(config, plan)
    listed = {each for found in readership.plans(config) for each in found.recipients}
    if recipient in listed or archive.recipients.plans(recipient) or archive.recipients.veto(recipient, plan, now()):
        return recipient
    alike = [each for each in listed if each.lower() == recipient.lower()]
    if len(alike) == 1:
        return alike[0]
    raise UsageError(f"nothing is or was sent to {recipient}; recipients: {', '.join(sorted(listed)) or 'none'}")
