"""digest: editions, made, shown and sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import UsageError
from digest import bulletin
from digest.cli import reviewing
from digest.cli.judgement import who
from digest.cli.output import as_json, print_json, print_table, require_folder, say, say_line, tell, write_out
from digest.cli.session import UNTIL, moment, now, session

if TYPE_CHECKING:
    from crawler.config import Config, PlanConfig


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    group = typer.Typer(help="Preview, make, review and send digests.", no_args_is_help=True, rich_markup_mode=None)
    group.command("list", epilog="Example: presswatch digest list")(list_)
    group.command(epilog="Example: presswatch digest preview morning --since 30d -o month.html")(preview)
    group.command(epilog="Example: presswatch digest make morning")(make)
    reviewing.register(group)
    group.command(epilog="Example: presswatch digest send 3")(send)
    app.add_typer(group, name="digest")


def find_plan(config: Config, name: str) -> PlanConfig:
    """Find a plan by its name, or say which there are."""
    if name not in config.plans:
        known = ", ".join(config.plans) or f"none; write one into {config.folder / 'digests.toml'}"
        raise UsageError(f'there is no plan "{name}"; there is: {known}')
    return config.plans[name]


def list_(
    context: typer.Context,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """List the plans with their next slot, and the editions that were made."""
    from digest import answers
    from digest.plans import next_slot

    current = session(context)
    config = current.config()
    with current.archive(config, create=True, read_only=True) as archive:
        editions = archive.editions.list(limit=30)
        drafts = archive.reviews.waiting()
        made = answers.editions(archive, editions)
        vetoes = {
            name: [veto for each in plan.recipients if (veto := archive.recipients.veto(each, name, now()))]
            for name, plan in config.plans.items()
        }
    upcoming = {name: slot.key if (slot := next_slot(plan, now())) else None for name, plan in config.plans.items()}
    if as_json_:
        plans = [
            {"name": name, "next_slot": slot, "recipients": len(config.plans[name].recipients),
             "left_out": [as_json(veto) for veto in vetoes[name]]}
            for name, slot in upcoming.items()
        ]  # fmt: skip
        print_json({"plans": plans, "editions": made, "drafts_waiting": as_json(drafts)})
        return
    print_table(
        ("plan", "title", "next slot", "recipients"),
        (
            (name, plan.title, upcoming[name], f"{len(plan.recipients)}{_left_out(len(vetoes[name]))}")
            for name, plan in config.plans.items()
        ),
    )
    if not editions:
        say('No edition was made yet; "presswatch digest make PLAN" makes one, "presswatch run" each at its time.')
        return
    print_table(
        ("id", "plan", "slot", "state", "deliveries", "subject"),
        (
            (e["id"], e["plan"], e["slot"], e["state"],
             ", ".join(f"{number} {state}" for state, number in e["deliveries"].items()), e["subject"])
            for e in made
        ),
    )  # fmt: skip
    for told in bulletin.waiting_drafts(drafts, now()):
        say_line(told)


def _left_out(number: int) -> str:
    return f", {number} left out" if number else ""


def preview(
    context: typer.Context,
    plan: Annotated[str, typer.Argument(help="Name of a plan.")],
    since: Annotated[
        str | None, typer.Option(help="Report what was published from this time on; days are those of the plan's zone.")
    ] = None,
    until: Annotated[str | None, typer.Option(help=f"{UNTIL} Default now.")] = None,
    output: Annotated[
        str, typer.Option("-o", "--output", help="F.html, .txt, .md, .json, .pdf, .docx or .eml; - is stdout.")
    ] = "-",
    form: Annotated[
        str | None, typer.Option(metavar="ENDING", help="Its form, such as md; default by its ending, html on stdout.")
    ] = None,
) -> None:
    """Show what the next digest would say, or with --since or --until report on that time; nothing is kept or sent.

    A report tells the volume by day, week or month, the shares of watches, outlets, kinds, control, countries and
    languages, the greatest stories, and what could not be seen. PDF and DOCX are extras.
    """
    from digest import forms, jobs, reporting
    from digest.definitions import synchronise
    from digest.regrouping import ungrouped

    current = session(context)
    config = current.config()
    chosen = find_plan(config, plan)
    ending = f".{form.lower().lstrip('.')}" if form else Path(output).suffix.lower() or ".html"
    forms.require(ending)  # before anything is grouped for nothing
    if output != "-":
        require_folder(Path(output))
    begin, end = moment(since, zone=chosen.timezone), moment(until, end=True, zone=chosen.timezone)
    with current.archive_to_read(config) as archive:
        if not archive.read_only:
            synchronise(archive, config, now())
        elif waiting := len({change.article for change in ungrouped(archive)}):
            tell(f"the archive cannot be written to: {waiting} articles are not grouped into stories yet")
        content: forms.Content
        if since is None and until is None:
            content = jobs.preview(archive, config, chosen, now())
        else:
            content = reporting.make(archive, config, chosen, now(), begin, end)
    written = forms.write(content, config, ending, chosen.recipients[0] if chosen.recipients else "")
    write_out(output, [written])
    if output != "-":
        say(f"wrote {output}")


def make(
    context: typer.Context,
    plan: Annotated[str, typer.Argument(help="Name of a plan.")],
    slot: Annotated[
        str | None, typer.Option(metavar="ISO", help="Which slot; default the last one that is due.")
    ] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Make the edition of a slot and put its deliveries into the outbox."""
    from digest import jobs
    from digest.definitions import synchronise
    from digest.leaving import told
    from digest.plans import last_slot, read_slot

    current = session(context)
    config = current.config()
    chosen = find_plan(config, plan)
    wanted = read_slot(chosen, slot) if slot else last_slot(chosen, now())
    if wanted is None:
        raise UsageError(f'plan "{plan}" has no slot yet')
    with current.archive(config, create=True) as archive:
        synchronise(archive, config, now())
        made = jobs.make_edition(archive, config, chosen, wanted, now())
        outbox = archive.outbox.list(made.edition.id) if made.edition else []
        waiting = sum(delivery.state in {"waiting", "sending"} for delivery in outbox)
        shown = jobs.send_waiting(archive, config, now, edition=made.notice.id) if made.notice else []
    if as_json_:
        edition = made.edition
        facts = {"id": edition.id, "subject": edition.subject, "state": edition.state} if edition else None
        left_out = [as_json(veto) for veto in made.left_out]
        told_of = {"plan": plan, "slot": wanted.key, "outcome": made.outcome, "edition": facts}
        print_json({**told_of, "deliveries": waiting, "left_out": left_out})
        return
    say(f"{plan} {wanted.key}: {made.outcome}")
    if made.edition:
        say(f"edition {made.edition.id}: {made.edition.subject}")
        for veto in made.left_out:
            say(f"left out: {veto.recipient}, {told(veto)}; presswatch recipient restore {veto.recipient} {plan}")
        if made.edition.state == "draft":
            say(f"presswatch digest review {made.edition.id} shows the draft; nothing goes out before it is approved")
        elif waiting:
            say(f"{waiting} deliveries wait; presswatch digest send {made.edition.id} sends them")
    for result in shown:
        say(f"{result.recipient} ({result.channel}): draft {result.error or 'sent to review'}")


def send(
    context: typer.Context,
    edition: Annotated[int, typer.Argument(metavar="ID", help="Number of an edition.")],
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Send what waits of an edition; a draft is approved by this."""
    from digest import jobs

    current = session(context)
    config = current.config()
    with current.archive(config) as archive:
        found = archive.editions.get(edition)
        if found is None:
            raise UsageError(f"there is no edition {edition}; presswatch digest list shows what there is")
        if found.state == "draft":
            archive.reviews.approve(edition, who(None), now())
            tell(f"draft {edition} is approved by this")
        elif found.state == "rejected":
            raise UsageError(
                f"draft {edition} was rejected, so it is not sent; presswatch digest make makes another one"
            )
        archive.outbox.hasten(edition, now())  # who asks by hand does not want to wait for the next try
        results = jobs.send_waiting(archive, config, now, edition=edition)
    failed = jobs.failures(results)
    if as_json_:
        print_json({"edition": edition, "deliveries": results})
    else:
        for result in results:
            say(result.told())
        if not results:
            say("nothing of this edition waits")
    if failed:
        tell(failed)
        raise typer.Exit(3)
