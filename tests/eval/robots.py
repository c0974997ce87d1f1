"""Measure how right robots.txt files are read: Google's own cases, and real files that must not break the reader.

    python -m tests.eval.robots

The one case that we answer otherwise is ID_Encoding: Google compares "%62%61%7A" and "baz" as they are written, RFC
9309 (2.2.2, with this very example) says that they are the same.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from protego import Protego

from crawler.net.robots import AGENT, decode
from crawler.net.rules import RobotsText

#: The least number of Google's 71 cases that must agree.
FLOOR = 69
#: No real file may take longer than this, in seconds of processor time.
SLOWEST = 1.0


@dataclass(frozen=True, slots=True)
class Result:
    """How both readers did."""

    cases: int
    ours: int
    protego: int
    wrong: tuple[str, ...]
    files: int
    crashes: tuple[str, ...]
    #: In seconds of processor time, and which file it was.
    slowest: tuple[float, str]


def agrees(case: dict[str, Any]) -> bool:
    """Tell whether we answer a case as Google does."""
    return bool(RobotsText(case["robots"], case["ua"]).allows(case["url"]) == case["allowed"])


def run(folder: Path) -> Result:
    """Read all cases and files."""
    cases = json.loads((folder / "google_cases.json").read_text(encoding="utf-8"))
    wrong = tuple(case["name"] for case in cases if not agrees(case))
    theirs = sum(Protego.parse(case["robots"]).can_fetch(case["url"], case["ua"]) == case["allowed"] for case in cases)
    crashes: list[str] = []
    slowest = (0.0, "")
    files = sorted(file for file in (folder / "real").iterdir() if file.is_file())
    for file in files:
        begun = time.process_time()
        try:
            rules = RobotsText(decode(file.read_bytes()), AGENT)
            rules.allows(f"https://{file.name}/news/2026/11/23/a-page.html?id=7")
        except Exception as error:  # noqa: BLE001 (that nothing is raised is what is measured)
            crashes.append(f"{file.name}: {type(error).__name__}: {error}")
        slowest = max(slowest, (time.process_time() - begun, file.name))
    return Result(len(cases), len(cases) - len(wrong), theirs, wrong, len(files), tuple(crashes), slowest)


def faults(result: Result) -> list[str]:
    """List what is below its floor."""
    found = [f"crash: {crash}" for crash in result.crashes]
    if result.ours < FLOOR:
        found.append(f"{result.ours} of Google's cases agree, the floor is {FLOOR}")
    if result.slowest[0] > SLOWEST:
        found.append(f"{result.slowest[1]} took {result.slowest[0]:.2f} s, the limit is {SLOWEST:g} s")
    return found


def main() -> int:
    """Print the table; fail below the floor."""
    folder = Path(__file__).parents[3] / "shared" / "corpus" / "robots"
    if not folder.is_dir():
        sys.exit("the corpus of robots.txt files is not beside this checkout (../shared/corpus/robots)")
    result = run(folder)
    print(f"Google's cases that agree: presswatch {result.ours} of {result.cases}, protego {result.protego}")
    print(f"answered otherwise: {', '.join(result.wrong) or 'none'}")
    print(f"real files: {result.files}, crashes {len(result.crashes)}, slowest {result.slowest[0] * 1000:.0f} ms")
    for fault in (found := faults(result)):
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
