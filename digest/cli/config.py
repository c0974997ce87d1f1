"""init, config: the configuration."""

from __future__ import annotations

import getpass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from crawler.errors import UsageError
from digest.cli.output import as_json, make_folder, print_json, print_table, say, tell, write, write_out
from digest.cli.session import now, session


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    group = typer.Typer(
        help="Check the configuration; write its JSON Schemas, templates to change, a key for mails or a systemd unit.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    app.command(epilog="Example: presswatch init --pack china,agencies")(init)
    group.command(epilog="Example: presswatch config check")(check)
    group.command(epilog="Example: presswatch config schema")(schema)
    group.command(epilog="Example: presswatch config dkim dkim.pem")(dkim)
    group.command(epilog="Example: presswatch config templates --only style.css,dark.css")(templates)
    group.command(epilog="Example: presswatch config systemd > /etc/systemd/system/presswatch.service")(systemd)
    app.add_typer(group, name="config")


def init(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Where to write it; default ./config.")] = None,
    pack: Annotated[
        list[str] | None, typer.Option(metavar="NAME,...", help="Catalogues of sources to begin with.")
    ] = None,
    list_packs: Annotated[bool, typer.Option("--list", help="Only list the catalogues.")] = False,
) -> None:
    """Write a commented configuration; tell which hosts will be asked and how often."""
    from crawler.config import load, show_duration
    from crawler.config.begin import init_folder, polls_of
    from crawler.packs import packs

    if list_packs:
        print_table(
            ("pack", "sources", "what"), ((name, len(each.sources), each.title) for name, each in packs().items())
        )
        return
    target = folder or session(context).folder or Path("config")
    names = [name.strip() for given in pack or [] for name in given.split(",") if name.strip()]
    for path in init_folder(target, names):
        say(f"wrote {path}")
    polls = polls_of(load(target))
    if not polls:
        say("\nNo source is chosen yet, so no host will be asked. presswatch init --list shows the catalogues;")
        say("presswatch source add URL adds one source.")
        return
    say("\nThe next crawl, and the service, will ask these hosts:")
    print_table(
        ("host", "channels", "each every"), ((row.host, row.channels, show_duration(row.every)) for row in polls)
    )
    say(f"{len(polls)} hosts. Catalogue entries were never checked from here: a first crawl tells which still answer.")
    say("Put a contact address into presswatch.toml, [crawl] contact, so that publishers can reach you.")
    say("Next: presswatch crawl")


def check(
    context: typer.Context,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Check the four files of the configuration, every fault with its line, its plug-ins and your templates.

    It also says when each digest is due next.
    """
    from crawler.config import remarks
    from crawler.overrides import endings
    from digest import plans
    from digest.checkup import examine_dkim, examine_plugins, examine_templates

    config = session(context).config()
    upcoming = {name: plans.upcoming(plan, now()) for name, plan in config.plans.items()}
    found = [*examine_plugins(config), *examine_dkim(config), *examine_templates(config)]
    archive = session(context).archive_address(config)
    told = [*remarks(config, archive), *(f"{one.subject}: {one.text}" for one in found if one.grade != "ok")]
    ending = endings(config.sources.values(), now().date())
    counts = {"sources": len(config.sources), "watches": len(config.watches), "digests": len(config.plans)}
    if as_json_:
        due = {name: [slot.due for slot in slots] for name, slots in upcoming.items()}
        print_json({"folder": str(config.folder), **counts, "next": due, "overrides": as_json(ending), "remarks": told})
    else:
        say(f"{config.folder}: no faults; " + ", ".join(f"{number} {name}" for name, number in counts.items()))
        for name, slots in upcoming.items():
            plan = config.plans[name]
            times = ", ".join(plans.in_words(slot, plan) for slot in slots) or "never"
            say(f"{name}: next {times} ({plan.timezone})")
        for each in (*told, *ending):
            say(f"warning: {each}")


def templates(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Where to write them; default templates in the configuration."),
    ] = None,
    only: Annotated[list[str] | None, typer.Option(metavar="NAME,...", help="Only these; default all.")] = None,
) -> None:
    """Write the built-in templates of digests and alerts where you can change them; those that are there stay."""
    from digest.guide import guide
    from digest.skin import BUILT_IN_FOLDER, built_in_names

    known = built_in_names()
    wanted = [name.strip() for given in only or [] for name in given.split(",") if name.strip()] or list(known)
    if unknown := [name for name in wanted if name not in known]:
        raise UsageError(f"{', '.join(unknown)}: there is no such template; wanted {', '.join(known)}")
    target = folder or session(context).config().folder / "templates"
    make_folder(target)
    for name in wanted:
        if (target / name).exists():
            say(f"kept  {target / name}")
            continue
        write_out(str(target / name), [(BUILT_IN_FOLDER / name).read_bytes()])
        say(f"wrote {target / name}")
    write_out(str(target / "README.md"), [guide().encode()])
    say(f"wrote {target / 'README.md'}: what each of them gets")
    say("Take away those that you do not change, so that later versions can better them.")
    say("Next: presswatch config check, presswatch digest preview PLAN -o preview.html")


def schema(
    file: Annotated[str, typer.Argument(help="sources, watches, digests or presswatch; default all.")] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Write each as a file into a folder instead.")
    ] = None,
) -> None:
    """Print the JSON Schemas of the files, for editors."""
    from crawler.config.schemas import schema_files, schemas

    if output is not None:
        make_folder(output)
        for name, text in schema_files().items():
            write_out(str(output / name), [text.encode()])
            say(f"wrote {output / name}")
        return
    known = schemas()
    if not file:
        print_json(known)
        return
    name = f"{file.removesuffix('.toml')}.toml"
    if name not in known:
        raise UsageError(f"{file}: there is no such file; wanted one of {', '.join(known)}")
    print_json(known[name])


class KeyKind(StrEnum):
    """What a key is made of."""

    RSA = "rsa"
    ED25519 = "ed25519"


def dkim(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="The key; made when it is not there. Default: [mail]'s.")
    ] = None,
    kind: Annotated[KeyKind, typer.Option(help="Of a new key; many receivers know only rsa.")] = KeyKind.RSA,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Make the key with which mails are signed, and print the DNS record by which receivers know it."""
    from digest.deliver import signature

    mail = session(context).config_if_any().press.mail
    made = file is not None and not file.exists()
    if file is not None:
        if made:
            signature.need_domain(mail)
            write_out(str(file), [signature.make_key(kind.value)], mode=0o600)
        mail = mail.model_copy(update={"dkim_key_file": str(file.absolute())})
    mail = mail.model_copy(update={"dkim_selector": mail.dkim_selector or "presswatch"})
    key = signature.read_key(mail)
    if as_json_:
        print_json({"name": signature.record_name(mail), "type": "TXT", "value": key.record, "made": made})
        return
    if made:
        say(f"wrote {file}; keep it secret, and let the service's user read it\n")
    say("The DNS record, of type TXT; where texts may have 255 letters at most, it is cut as in the last line:")
    say(f"  name   {signature.record_name(mail)}")
    say(f"  value  {key.record}")
    say(f"  {signature.record_name(mail)}. IN TXT ( {' '.join(signature.cut(key.record))} )")
    if file is not None:
        say("\nWhen it is there, in presswatch.toml:")
        say(f'[mail]\ndkim_selector = "{mail.dkim_selector}"\ndkim_key_file = "{mail.dkim_key_file}"')


def systemd(
    context: typer.Context,
    user: Annotated[str, typer.Option(help="The user as whom the service runs; it must own the archive.")] = "",
) -> None:
    """Print a systemd unit for the service as it is installed and configured here."""
    from digest.unit import Installation, program, writable, write_unit

    current = session(context)
    config = current.config()
    place = Installation(program(), Path.cwd(), current.archive_address(config), user or getpass.getuser())
    write(write_unit(place, config))
    for folder in writable(place, config):
        if not folder.is_dir():
            tell(f"{folder} is not there; make it before the service is started, or it will not start")
