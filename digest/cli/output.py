"""How commands speak: JSON for programs, plain lines and tables for people."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.errors import PresswatchError, UsageError
from digest.journal import Journal, Line, LogFormatter, line

if TYPE_CHECKING:
    from rich.console import Console


#: How stderr is written; the last one counts.
_LOG = [Journal()]
_BREAK = re.compile(r"\s*[\n\r\v\f\x85\u2028\u2029]\s*")
#: What a terminal obeys: C0 without tab and line feed, delete, C1.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def as_json(value: Any) -> Any:
    """Turn records into what JSON holds; what knows them is loaded only now, so that help comes at once."""
    from crawler import records

    return records.as_json(value)


def print_json(value: Any) -> None:
    """Print one JSON document."""
    encoder = json.JSONEncoder(ensure_ascii=False, indent=2)
    with _telling_stdout():
        for part in encoder.iterencode(as_json(value)):  # a long one is never in memory as a whole
            sys.stdout.write(part)
        sys.stdout.write("\n")


def take_one_form(*, as_json_: bool, as_csv: bool) -> None:
    """Refuse to print a result in two forms at once."""
    if as_json_ and as_csv:
        raise UsageError("--json and --csv are two forms; take one")


def print_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table as CSV; what a spreadsheet would take for a formula is made harmless."""
    import csv

    from digest.exports import harmless

    with _telling_stdout():
        writer = csv.writer(sys.stdout, lineterminator="\n")
        for row in itertools.chain([header], rows):
            writer.writerow([harmless(cell) for cell in row])


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """Print a table for people; nothing in it is read as markup."""
    from digest.cli.tables import lay_out

    cells = [["" if cell is None else visible(str(cell)).expandtabs(1) for cell in row] for row in rows]
    lines = lay_out(header, cells, width())
    write("\n".join((*([title] if title else []), "", *lines, "")) + "\n")


def say(text: str = "") -> None:
    """Print a line for people."""
    write(visible(text) + "\n")


def say_line(text: str) -> None:
    """Print one line, of a list perhaps: a title with a line break in it does not break it."""
    say(_BREAK.sub(" ", text))


def write(text: str) -> None:
    """Print a text as it is."""
    with _telling_stdout():
        sys.stdout.write(text)


def write_now(content: bytes) -> None:
    """Print bytes so that whoever reads them has them now."""
    with _telling_stdout():
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def flush() -> None:
    """Write what was printed and is not written yet."""
    with _telling_stdout():
        sys.stdout.flush()


@contextmanager
def _telling_stdout() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # What could not be written would be tried again, and fail again, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            # The reader of a pipe went away (head): that is no fault, and no more can be said to it.
            raise SystemExit(0) from error
        raise PresswatchError(f"the output cannot be written: {error.strerror or error}") from error


@contextmanager
def telling_help() -> Iterator[None]:
    """Tell that a help text could not be written: typer writes it past us."""
    try:
        yield
    except OSError as error:
        last = error.__traceback__
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        if last is None or last.tb_frame.f_code.co_name != "echo":
            raise
        with _telling_stdout():
            raise


def tell(text: str) -> None:
    """Print a line on stderr, in the form of the log."""
    shown = visible(text)
    if isinstance(text, Line):
        shown = line(shown, text.event, text.level, **text.fields)
    sys.stderr.write(_LOG[-1].written(shown) + "\n")


def tell_as(journal: Journal) -> None:
    """Write what is told, and what Python's logging has to say, in this form from now on."""
    import logging

    _LOG.append(journal)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(LogFormatter(journal))


def visible(text: str) -> str:
    """Take out of outside text what a terminal would obey."""
    return _CONTROLS.sub("\ufffd", text)


def console() -> Console:
    """Make a console on stderr, for what moves."""
    from rich.console import Console

    return Console(file=sys.stderr, highlight=False)


def width() -> int:
    """Tell how many cells a line may have."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 160


def write_out(path: str, content: Iterable[bytes], mode: int = 0o644) -> None:
    """Write a file whole or not at all, piece by piece; "-" is stdout."""
    if path == "-":
        with _telling_stdout():
            for piece in content:
                sys.stdout.buffer.write(piece)
            sys.stdout.flush()
        return
    target = Path(path)
    require_folder(target)
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(content)
            Path(temporary).chmod(mode)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise PresswatchError(f"{target}: cannot be written: {error.strerror or error}") from error


def require_folder(target: Path) -> None:
    """Refuse what would lie in a folder that is not there: to make one would hide a slip of the pen."""
    if not os.path.isdir(target.parent):  # noqa: PTH112  (Path.is_dir raises where a folder may not be looked into)
        raise PresswatchError(
            f"{target}: cannot be written: there is no folder {target.parent}; make it first, or mend the path"
        )


def make_folder(folder: Path) -> None:
    """Make a folder for several files, but not those above it."""
    require_folder(folder)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise PresswatchError(f"{folder}: cannot be written: {error.strerror or error}") from error
