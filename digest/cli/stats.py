"""stats: how many articles, of whom, and whose share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import UsageError
from digest.cli.output import print_csv, print_json, print_table, say, take_one_form, tell
from digest.cli.search import tell_doubts
from digest.cli.session import UNTIL, now, session, span

if TYPE_CHECKING:
    from digest.counting import Table

#: The name under which all collected articles stand beside the named queries.
ALL = "(all)"
_WIDTH = 48


class By(StrEnum):
    """What counts can be told apart by."""

    DAY = "day"
    SOURCE = "source"
    KIND = "kind"
    CONTROL = "control"
    COUNTRY = "country"
    LANGUAGE = "language"


def register(app: typer.Typer) -> None:
    """Put the command into the application."""
    app.command(epilog="Example: presswatch stats espionage earthquakes --by source --share --since 14d")(stats)


def stats(
    context: typer.Context,
    queries: Annotated[list[str], typer.Argument(metavar="WATCH|QUERY...", help="Watches by name, or queries.")],
    by: Annotated[By, typer.Option(help="What to count by.")] = By.DAY,
    share: Annotated[
        bool,
        typer.Option(
            "--share",
            help="Also two shares in percent: of what the named find together (% of named; what two of them find "
            "counts twice), and of all that was collected (% of all).",
        ),
    ] = False,
    fold: Annotated[bool, typer.Option("--fold", help="Count a text once: without copies.")] = False,
    since: Annotated[str | None, typer.Option(help="From this time on: 2026-11-01, 2026-11, 14d.")] = None,
    until: Annotated[str | None, typer.Option(help=UNTIL)] = None,
    chart: Annotated[bool, typer.Option("--chart", help="Draw bars.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="A table for spreadsheets.")] = False,
) -> None:
    """Count matching articles exactly, by day, source, kind, control, country or language.

    Days on which nothing was found count 0: all days from --since until --until or today; where neither is given, from
    the first day found to the last. More than a month of such days in a row is one line of a table or chart; in --json
    and --csv, more than ten years of them are left out.
    """
    from difflib import get_close_matches

    from digest.counting import count, document
    from digest.days import LONGEST_GAP, folded

    take_one_form(as_json_=as_json_, as_csv=as_csv)
    if chart and (as_json_ or as_csv):
        raise UsageError("--chart draws for people; leave it out, or --json and --csv")
    (begin, end), at = span(since, until), now()
    longest = LONGEST_GAP if as_json_ or as_csv else None
    with session(context).archive_to_ask(watches=True) as archive:
        saved = [watch.name for watch in archive.watches.all()]
        table = count(archive, queries, by.value, begin, end, at, fold=fold, share=share, longest_gap=longest)
    for name in table.counts:
        if name not in saved:
            tell_doubts(name)
            for watch in get_close_matches(name, saved, n=1, cutoff=0.8):
                tell(f'note: no watch is called "{name}", so it is counted as a query; there is {watch}')
    groups = table.groups(by_day=by is By.DAY)
    lines = folded(groups, table.named()) if by is By.DAY else groups
    if as_json_:
        print_json(document(table, by.value, begin, end, fold=fold, share=share))
    elif as_csv:
        header, rows = _rows(table, groups, by.value, share=share)
        print_csv(_apart(header), rows)
    elif chart:
        _draw(table, lines)
    else:
        print_table(*_rows(table, lines, by.value, share=share))


def _rows(table: Table, groups: Sequence[str], by: str, *, share: bool) -> tuple[list[str], Iterable[list[object]]]:
    """Lay the table out: a column a query, with ``share`` two more columns of percents for each."""
    header = [by]
    for query in table.counts:
        header += [query, "% of named", "% of all"] if share else [query]
    named = table.named()

    def row(group: str, columns: Iterable[tuple[int, int, int]]) -> list[object]:
        cells: list[object] = [group]
        for number, of_named, of_all in columns:
            cells += [number, _percent(number, of_named), _percent(number, of_all)] if share else [number]
        return cells

    rows = [
        row(
            group,
            (
                (counts.get(group, 0), named.get(group, 0), table.everything.get(group, 0))
                for counts in table.counts.values()
            ),
        )
        for group in groups
    ]
    if len(groups) != 1:
        total, everything = sum(named.values()), sum(table.everything.values())
        rows.append(row("total", ((sum(counts.values()), total, everything) for counts in table.counts.values())))
    return header, rows


def _apart(header: Sequence[str]) -> list[str]:
    """Name the columns of shares after their query, so that no two have one name."""
    named, query = [], ""
    for name in header:
        query = query if name.startswith("% ") else name
        named.append(f"{query} {name}" if name.startswith("% ") else name)
    return named


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


def _draw(table: Table, groups: Sequence[str]) -> None:
    """Draw a bar for each query in each group, all by one scale."""
    most = max((number for counts in table.counts.values() for number in counts.values()), default=0)
    wide = max(map(len, groups), default=0)
    for query, counts in table.counts.items():
        say(f"{query}: {sum(counts.values())} articles")
        for group in groups:
            number = counts.get(group, 0)
            say(f"  {group:<{wide}}  {number:>6} {_bar(number, most)}".rstrip())
        say()


def _bar(number: int, most: int) -> str:
    """Draw a bar in eighths of a letter; what is there is seen, however little."""
    eighths = max(1, round(8 * _WIDTH * number / most)) if number else 0
    return "█" * (eighths // 8) + ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")[eighths % 8]
