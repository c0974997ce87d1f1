"""digest review: what an editor does with a draft before it is sent."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from crawler.errors import Locked, Outdated, PresswatchError, UsageError
from digest.cli.judgement import who as name_of
from digest.cli.output import print_json, require_folder, say, say_line, tell, write_out
from digest.cli.session import now, session

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config
    from crawler.records import ReviewAct
    from digest.content import Item
    from digest.review import Command, Desk
    from digest.reviewing import Seen

#: Of stories that are only counted so many are listed.
_HIDDEN = 30
_NUMBERS = ("pin", "top", "section", "show", "hide", "up", "down")
#: Options with two values, which click does not know of options that may come again.
_TWO = {"--note", "--before"}


class InOrder(TyperCommand):
    """Remembers in which order options were given; "--note 3 TEXT" has two values."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put two values into one, and keep the names of the options in their order."""
        given = list(_joined(args, {name for parameter in self.params for name in parameter.opts}))
        _, _, order = self.make_parser(ctx).parse_args(args=list(given))
        ctx.meta["order"] = [parameter.name for parameter in order]
        return super().parse_args(ctx, given)


def _joined(args: Iterable[str], known: Collection[str]) -> Iterator[str]:
    left = iter(args)
    for argument in left:
        yield argument
        if argument in _TWO:
            first = next(left, None)
            if first is None:
                return
            if not first.strip().isdecimal():  # "3 TEXT" in one
                yield first
                continue
            second = next(left, None)
            if second is None or (second.startswith("--") and second.partition("=")[0] in known):
                wanted = "--before 4 2" if argument == "--before" else '--note 3 "TEXT", or --note 3 "" to take it off'
                raise UsageError(f"{argument} {first} has nothing behind it; wanted {wanted}")
            yield f"{first} {second}"


def review(
    context: typer.Context,
    edition: Annotated[int, typer.Argument(metavar="ID", help="Number of a draft.")],
    pin: Annotated[list[int] | None, typer.Option(metavar="N", help="To the top, behind what is pinned there.")] = None,
    top: Annotated[list[int] | None, typer.Option(metavar="N", help="Among the top stories.")] = None,
    section: Annotated[list[int] | None, typer.Option(metavar="N", help="Into the section of its watch.")] = None,
    show: Annotated[list[int] | None, typer.Option(metavar="N", help="Show a story that is only counted.")] = None,
    hide: Annotated[list[int] | None, typer.Option(metavar="N", help="Only count a story.")] = None,
    up: Annotated[list[int] | None, typer.Option(metavar="N", help="One place up.")] = None,
    down: Annotated[list[int] | None, typer.Option(metavar="N", help="One place down.")] = None,
    before: Annotated[list[str] | None, typer.Option(metavar="N M", help="Put story N right before story M.")] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(metavar="N|'N REASON'", help="Leave it out, until there is news of it; it is no longer counted."),
    ] = None,
    note: Annotated[
        list[str] | None, typer.Option(metavar="N TEXT", help="An editor's note beneath it; an empty one takes it off.")
    ] = None,
    lead: Annotated[str | None, typer.Option(metavar="TEXT", help="What the editor says above all.")] = None,
    undo: Annotated[
        list[str] | None, typer.Option(metavar="N|lead|all", help="Take back what was done last to a story.")
    ] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Change all of it as a list of lines in $EDITOR.")] = False,
    approve: Annotated[bool, typer.Option("--approve", help="Approve it as it is then, and send it.")] = False,
    reject: Annotated[
        bool, typer.Option("--reject", help="Do not send it; its stories come back in the next edition.")
    ] = False,
    revision: Annotated[
        int | None,
        typer.Option(metavar="N", help="Do so only where nobody changed it since this revision, which --json tells."),
    ] = None,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="F", help="Write it: F.html, F.txt or F.json; - is HTML on stdout.")
    ] = "",
    by: Annotated[
        str | None,
        typer.Option("--who", "--by", metavar="NAME", help="Who does so; default your name on this machine."),
    ] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Show a draft, and change it: what is done is done in the order of the options, and kept with who and when.

    The number of a story stays the same for as long as the draft is there. What readers get is what was approved.
    """
    from digest import forms, reviewing

    if approve and reject:
        raise UsageError("--approve and --reject are two ends; take one")
    if output not in {"", "-"}:
        require_folder(Path(output))
    if as_json_ and output == "-":
        raise UsageError("--json and -o - both want stdout; take one")
    given: dict[str, list[Any]] = {
        "pin": pin or [], "top": top or [], "section": section or [], "show": show or [], "hide": hide or [],
        "up": up or [], "down": down or [], "before": before or [], "drop": drop or [], "note": note or [],
        "lead": [] if lead is None else [lead], "undo": undo or [],
    }  # fmt: skip
    orders = _orders(context.meta["order"], given)
    current = session(context)
    config = current.config()
    changing = bool(orders) or edit or approve or reject
    with current.archive(config, read_only=not changing) as archive:
        seen = reviewing.look(archive, edition)
        name = name_of(by) if changing else ""
        if revision not in {None, seen.revision}:
            raise Outdated(
                f"draft {edition} was changed meanwhile: it is at revision {seen.revision}, not {revision}; "
                f"presswatch digest review {edition} shows it as it is"
            )
        if orders:
            seen = reviewing.change(
                archive, config, edition, lambda desk: _done(desk, orders, name), name, now(), revision
            )
        if edit:
            seen = _edited(archive, config, seen, name)
        if approve:
            archive.reviews.approve(edition, name, now(), seen.revision)
        if reject:
            archive.reviews.reject(edition, name, now(), revision=seen.revision)
        if approve or reject:
            seen = reviewing.look(archive, edition)
        if output:
            form = Path(output).suffix or ".html"
            write_out(output, [_as_approved(seen, form) or forms.write(seen.desk.content, config, form)])
        if as_json_:
            print_json(_facts(seen))
        elif output != "-":
            plan = seen.edition.plan
            gone = [row.recipient for row in seen.deliveries if archive.recipients.veto(row.recipient, plan, now())]
            _show(seen, gone)
        if output not in {"", "-"}:
            tell(f"wrote {output}")
        if approve:
            _send(archive, config, edition, quiet=as_json_ or output == "-")


def _as_approved(seen: Seen, form: str) -> bytes | None:
    """Give the very bytes that are kept, where this form is kept."""
    return {".html": seen.edition.html, ".htm": seen.edition.html, ".txt": seen.edition.text}.get(form)


def _orders(order: Iterable[str], given: dict[str, list[Any]]) -> list[Command | str]:
    """Bring what was asked for into the order in which it was given; a text is what is taken back."""
    from digest.review import Command

    left = {name: iter(values) for name, values in given.items()}
    orders: list[Command | str] = []
    for name in order:
        if name not in left:
            continue
        value = next(left[name], None)
        if value is None:  # an option that counts once, given twice
            continue
        if name == "undo":
            orders.append(value.strip())
        elif name == "lead":
            orders.append(Command("lead", text=value))
        elif name in _NUMBERS:
            orders.append(Command(name, value))  # type: ignore[arg-type]
        else:
            orders.append(_with_text(name, value))
    return orders


def _with_text(name: str, value: str) -> Command:
    """Read "3", "3 text" or "3 5"."""
    from digest.review import Command

    number, _, text = value.strip().partition(" ")
    if not number.isdecimal() or (name == "before" and not text.strip().isdecimal()):
        wanted = {"before": "two numbers, such as --before 4 2", "note": 'a number and a text, such as --note 3 "Text"'}
        raise UsageError(f"--{name} {value!r}: wanted {wanted.get(name, 'a number, such as --drop 5')}")
    if name == "before":
        return Command("before", int(number), other=int(text))
    return Command("note" if name == "note" else "drop", int(number), text)


def _done(desk: Desk, orders: Iterable[Command | str], who: str) -> Desk:
    """Do one after the other."""
    from digest.review import take_back

    for order in orders:
        if not isinstance(order, str):
            desk = desk.act(order, who, now())
        elif order == "all":
            desk = desk.with_acts(())
        elif order == "lead" or order.isdecimal():
            taken = take_back(desk, 0 if order == "lead" else int(order))
            desk = desk.with_acts(act for act in desk.acts if act is not taken)
        else:
            raise UsageError(f"--undo {order!r}: wanted the number of a story, lead or all")
    return desk


def _edited(archive: Archive, config: Config, seen: Seen, who: str) -> Seen:
    """Let the editor of the user change the list of the draft, and do what the list says."""
    from digest import reviewing
    from digest.review_list import read_list, write_list

    draft = seen.edition
    if not seen.is_open:
        raise UsageError(f"edition {draft.id} is {draft.state}, no draft: what was approved cannot be changed")
    text = _in_editor(write_list(seen.desk, f"Draft {draft.id}: {draft.plan} {draft.slot}"), draft.id)
    revision = seen.revision

    def act(desk: Desk) -> Desk:
        if reviewing.look(archive, draft.id).revision != revision:
            raise UsageError(f"draft {draft.id} was changed by somebody else meanwhile; edit it again")
        return read_list(desk, text, who, now())

    try:
        return reviewing.change(archive, config, draft.id, act, who, now())
    except UsageError as error:
        raise UsageError(f"{error}\nnothing was done; your list is kept in {_kept(text.encode(), draft.id)}") from error


def _in_editor(text: str, draft: int) -> str:
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="presswatch-") as folder:
        file = Path(folder) / "draft.txt"
        file.write_text(text, encoding="utf-8")
        try:
            done = subprocess.run([*shlex.split(command), str(file)], check=False)
        except (OSError, ValueError) as error:
            raise UsageError(
                f"the editor {command!r} cannot be started ({error}); set EDITOR to one that can"
            ) from error
        if done.returncode:
            raise PresswatchError(f"the editor {command!r} ended with {done.returncode}; nothing was done")
        try:
            return file.read_text(encoding="utf-8-sig")  # some editors write a mark of UTF-8
        except FileNotFoundError as error:
            raise UsageError("the editor left no list; nothing was done") from error
        except UnicodeDecodeError as error:
            kept = _kept(file.read_bytes(), draft)
            raise UsageError(f"the list is no UTF-8 ({error}); nothing was done; it is kept in {kept}") from error


def _kept(text: bytes, draft: int) -> str:
    handle, name = tempfile.mkstemp(prefix=f"presswatch-draft-{draft}-", suffix=".txt")
    with os.fdopen(handle, "wb") as file:
        file.write(text)
    return name


def _send(archive: Archive, config: Config, edition: int, *, quiet: bool, patience: float = 60.0) -> None:
    """Send what was approved, and end with code 3 when something of it failed."""
    from digest import jobs

    try:
        results = jobs.send_waiting(archive, config, now, edition=edition, patience=patience)
    except Locked:
        tell("another process is sending; it sends this, too")
        return
    if not quiet:
        for result in results:
            say(result.told())
    if failed := jobs.failures(results):
        tell(failed)
        raise typer.Exit(3)


def _show(seen: Seen, gone: Collection[str]) -> None:
    """Print a draft with the numbers of its stories."""
    from digest.reviewing import warnings

    draft, desk = seen.edition, seen.desk
    say_line(f"{'Draft' if seen.is_open else draft.state.capitalize()} {draft.id}: {draft.plan} {draft.slot}, "
             f"made {draft.made_at:%Y-%m-%d %H:%M} UTC")  # fmt: skip
    say_line(f"Subject: {draft.subject}")
    if desk.lead:
        say_line(f"From the editor: {desk.lead}")
    content = desk.content
    if content.top:
        say("\nTop stories")
        _list(desk, content.top)
    for part in content.sections:
        say()
        say_line(f"{part.watch} ({len(part.items)} of {part.total}; {part.in_top} on top, {part.hidden} hidden)")
        _list(desk, part.items)
    if hidden := desk.at("hidden"):
        say(f"\nHidden, only counted: {len(hidden)}; --show N shows one")
        _list(desk, hidden[:_HIDDEN])
        if len(hidden) > _HIDDEN:
            say(f"     and {len(hidden) - _HIDDEN} more; --json lists all")
    if desk.dropped:
        say("\nDropped; each comes back when there is news of it; --undo N takes it back")
        for item, act in desk.dropped:
            _list(desk, [item])
            say_line(f"       {_told(act)}{f': {act.text}' if act.text else ''}")
    told = warnings(seen)
    if told:
        say()
    for each in told:
        say_line(f"warning: {each}")
    _show_end(seen, gone)


def _show_end(seen: Seen, gone: Collection[str]) -> None:
    """Tell how it ended, or how it can."""
    number = seen.edition.id
    end = next((act for act in reversed(seen.history) if act.kind in {"approve", "reject"}), None)
    say()
    if seen.is_open:
        people = sum(row.channel != "files" and row.recipient not in gone for row in seen.deliveries)
        sends = f"sends it to {people} recipient{'' if people == 1 else 's'}" if people else "writes it as files"
        say(f"presswatch digest review {number} --approve {sends}; --reject does not")
    elif end is not None:
        say_line(f"{'approved' if end.kind == 'approve' else 'rejected'} {_told(end)}")


def _told(act: ReviewAct) -> str:
    carried = f", carried over from edition {act.carried}" if act.carried is not None else ""
    return f"by {act.who}, {act.at:%Y-%m-%d %H:%M} UTC{carried}"


def _list(desk: Desk, items: Iterable[Item]) -> None:
    for item in items:
        pin = "*" if item.story in desk.pinned else " "
        say_line(f" {pin}{desk.draft.numbers[item.story]:>3}  {item.status:<7} {item.carrier.headline} "
                 f"({item.carrier.name}; {item.owners} {'voice' if item.owners == 1 else 'voices'})")  # fmt: skip
        if note := desk.notes.get(item.story):
            say_line(f"       note: {note}")


def _facts(seen: Seen) -> dict[str, Any]:
    """Give a draft as JSON: every story with its number and place, every act with who and when."""
    from digest.reviewing import warnings

    draft, desk = seen.edition, seen.desk
    reasons = {item.story: act.text for item, act in desk.dropped}

    def told(item: Item) -> dict[str, Any]:
        return {
            "number": desk.draft.numbers[item.story], "story": item.story, "place": desk.places[item.story],
            "watch": item.watch, "status": item.status, "headline": item.carrier.headline, "url": item.carrier.url,
            "outlet": item.carrier.name, "voices": item.owners, "pinned": item.story in desk.pinned,
            "note": desk.notes.get(item.story, ""), "reason": reasons.get(item.story, ""),
        }  # fmt: skip

    places = ("top", "section", "hidden", "dropped")
    return {
        "id": draft.id, "plan": draft.plan, "slot": draft.slot, "state": draft.state, "made_at": draft.made_at,
        "revision": seen.revision, "subject": draft.subject, "lead": desk.lead,
        "stories": [told(item) for place in places for item in desk.at(place)],  # type: ignore[arg-type]
        "sections": [
            {"watch": each.watch, "shown": len(each.items), "total": each.total, "in_top": each.in_top,
             "elsewhere": each.elsewhere, "hidden": each.hidden} for each in desk.content.sections
        ],
        "warnings": warnings(seen),
        "acts": [
            {"id": act.id, "act": act.kind, "story": act.story, "place": act.place, "text": act.text, "who": act.who,
             "at": act.at, "carried_from": act.carried, "undone_at": act.undone_at, "undone_by": act.undone_by}
            for act in seen.history
        ],
    }  # fmt: skip


def register(group: typer.Typer) -> None:
    """Put the command beside the others of digests."""
    example = 'presswatch digest review 7 --pin 3 --drop 5 --note 3 "Confirmed by our desk."'
    group.command(cls=InOrder, epilog=f"Example: {example}")(review)
