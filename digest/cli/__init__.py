"""The command line: reads arguments, calls jobs or the archive, prints.

Only light things are imported here and at the top of the command files, and only the file of the command that is asked
for, so that it starts at once.
"""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from crawler import __version__
from crawler.errors import ConfigError, Locked, PresswatchError, UsageError
from digest.cli.output import flush, tell, tell_as, telling_help
from digest.cli.session import Session
from digest.journal import line

# A program that starts makes much that stays: looking through it again and again takes up to a fifth of the start.
gc.set_threshold(10_000, 20, 20)

#: The command files with their commands, in the order of the help.
_PARTS = {
    "demo": ("demo",),
    "config": ("init", "config"),
    "sources": ("source",),
    "crawl": ("crawl", "import", "reextract"),
    "extracting": ("extract",),
    "search": ("search", "show", "export"),
    "stats": ("stats",),
    "watches": ("watch",),
    "stories": ("story",),
    "judgement": ("note", "tag", "mark", "correct", "judgements"),
    "digests": ("digest",),
    "recipients": ("recipient", "bounce"),
    "users": ("user", "token"),
    "service": ("run", "worker", "serve", "mcp"),
    "status": ("status", "metrics"),
    "archive": ("coverage", "doctor", "backup", "migrate", "prune", "forget"),
}
#: Commands that take queries.
_ASKING = frozenset({"search", "stats", "export", "watch"})
#: What begins with - and is no query: an option, or "-" alone; where there is -o, a path may stand right behind it.
_OPTION = re.compile(r"-|--.*|-h|-v+", re.DOTALL)
_OPTION_OR_OUTPUT = re.compile(rf"{_OPTION.pattern}|-o(?:[^\w\s].*)?", re.DOTALL)


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"presswatch {__version__}\n")
        raise typer.Exit


def application(arguments: Sequence[str] = ()) -> typer.Typer:
    """Make the command line: with the one command file that these arguments ask for, or with all of them.

    Reading and building all forty commands would be a fifth of the start of each.
    """
    app = typer.Typer(
        name="presswatch",
        help="Watch the press: crawl news sources, keep every article clean and dated, fold copies, group stories, "
        "match saved searches and send digests.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )
    app.callback()(options)
    command = _command(arguments)
    asked = [part for part, commands in _PARTS.items() if command in commands]
    for part in asked or _PARTS:
        import_module(f"digest.cli.{part}").register(app)
    return app


def _command(arguments: Sequence[str]) -> str:
    """Find the command behind the options that all share; "" where another option stands there."""
    left = iter(arguments)
    for argument in left:
        if argument in ("--config", "--archive", "--log-format"):
            next(left, "")
        elif not argument.startswith(("--config=", "--archive=", "--log-format=", "-v")):
            return argument
    return ""


def options(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the configuration; default ./config, else your own.")
    ] = None,
    archive: Annotated[
        str | None, typer.Option(metavar="URL", help="Archive, e.g. sqlite:///presswatch.db; default as configured.")
    ] = None,
    verbose: Annotated[int, typer.Option("-v", "--verbose", count=True, help="Say more on stderr; -vv says all.")] = 0,
    log_format: Annotated[
        str, typer.Option(metavar="text|json", help="How stderr is written; json: one object a line.")
    ] = "",
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Read what all commands share."""
    import logging

    from digest.journal import FORMS, Journal, is_read_by_systemd

    if log_format not in ("", *FORMS):
        raise UsageError(f"--log-format is {log_format!r}, but must be one of {', '.join(FORMS)}")
    logging.basicConfig(stream=sys.stderr, level=[logging.WARNING, logging.INFO, logging.DEBUG][min(verbose, 2)])
    priorities = is_read_by_systemd(os.environ, 2)
    tell_as(Journal("json" if log_format == "json" else "text", priorities))
    context.obj = Session(config, archive, verbose, log_format)


def main() -> None:
    """Run a command and turn what went wrong into a message and an exit code."""
    # pydantic would look through all that is installed for plug-ins of its own.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    for stream in ("stdout", "stderr"):
        if getattr(sys, stream) is None:  # closed by whoever started us
            setattr(sys, stream, Path(os.devnull).open("w"))  # noqa: SIM115 (as long as the program runs)
    try:
        try:
            with telling_help():
                arguments = _with_queries(sys.argv[1:])
                application(arguments)(arguments)
        finally:
            flush()
    except (ConfigError, UsageError) as error:
        _fail(error, 2)
    except Locked as error:
        _fail(error, 4)
    except PresswatchError as error:
        _fail(error, 1)
    except MemoryError:
        _fail(
            PresswatchError("there is not enough memory for this; what was kept stays: give it more, and try again"), 1
        )
    except KeyboardInterrupt:
        sys.exit(130)


def _with_queries(arguments: list[str]) -> list[str]:
    """Let a query begin with -, such as '-sport spy': a space before it keeps it from being read as an option."""
    command = _command(arguments)
    if command not in _ASKING:
        return arguments
    has_output = command == "export" or (command == "watch" and "feed" in arguments)
    option = _OPTION_OR_OUTPUT if has_output else _OPTION
    return [
        f" {each}" if each.startswith("-") and not option.fullmatch(each) and before not in ("-o", "--output") else each
        for before, each in pairwise(["", *arguments])
    ]


def _fail(error: PresswatchError, code: int) -> None:
    tell(line(f"presswatch: {error}", "failed", "error", code=code))
    sys.exit(code)
