"""The table of a bench: printed, and written to tests/bench/results/NAME.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def write(
    name: str,
    about: str,
    header: Sequence[str],
    rows: Sequence[Sequence[object]],
    notes: Sequence[str] = (),
    command: str = "",
) -> str:
    """Write the results of a bench, print them and give the text; ``command`` where it is not called like its table."""
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    lines = [
        f"# {name}",
        "",
        about,
        "",
        f"Made by `python -m tests.bench.{command or name}` on {day}: {os.cpu_count()} cores, {python}.",
        "",
        _row(header),
        _row(["---"] * len(header)),
        *(_row(row) for row in rows),
        *(["", *(f"- {note}" for note in notes)] if notes else []),
        "",
    ]
    text = "\n".join(lines)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    print(text)
    return text


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"
