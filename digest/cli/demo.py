"""demo: the whole job on a bundled press."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from digest.cli.output import print_table, say
from digest.cli.session import now


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    app.command(epilog="Example: presswatch demo --out presswatch-demo")(demo)


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the archive and the digest go.")] = Path(
        "presswatch-demo"
    ),
) -> None:
    """Crawl a bundled press of invented outlets, offline, and make its digest; takes less than a minute."""
    from digest.demo import run

    found = run(out, now, say)
    say()
    say("What the crawl found:")
    print_table(("source", "state", "kept", "dropped", "what is seen"), found.sources)
    counts = f"{found.articles} articles in {found.languages} languages, {found.copies} of them copies"
    say(f"{counts}, {found.stories} stories")
    say()
    say(f"archive  {found.archive}")
    say(f"digest   {found.html}   (open it in a browser)")
    say(f"mail     {found.mail}")
    say()
    config = found.config
    say("Try next:")
    for command in (
        "search 间谍",
        "search 'espionage copies:no'",
        "story list",
        "digest preview morning -o preview.html",
        "serve",
    ):
        say(f"  presswatch --config {config} {command}")
