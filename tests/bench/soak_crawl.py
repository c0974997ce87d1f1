"""One crawl of the soak, at the time of its fast clock: called as the service calls ``presswatch crawl --json``.

Each tenth asks the press as every crawl does; the others keep an article without asking, which costs a twentieth of the
processor time. The service knows no difference: it starts a process, waits, and reads what that prints.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.archive import open_archive
from tests.archive_sample import HERALD, article, keep

#: One crawl in so many asks the press.
_REAL = 10


def main() -> None:
    """Do one crawl: BEGIN FACTOR --config DIR --archive URL crawl --json."""
    begin, factor, _, folder, _, address = sys.argv[1:7]
    now = datetime.fromisoformat(begin) + (datetime.now(UTC) - datetime.fromisoformat(begin)) * float(factor)
    with open_archive(address) as archive:
        last = archive.runs.last("crawl")
        number = last.id if last else 0
        if number % _REAL:
            archive.sources.sync([HERALD], now)
            printed = now - timedelta(hours=1)
            text = f"The harbour reopened for the {number}th time on Monday.\n\nShips had waited for {number} days."
            keep(
                archive,
                article(
                    f"https://herald.test/{number}",
                    title=f"Harbour reopens for the {number}th time",
                    text=text,
                    published=printed.isoformat(),
                    published_utc=printed,
                ),
                at=now,
            )
    if number % _REAL:
        totals = {"kept": 1, "fetched": 1, "polled": 1, "dropped": {}}
        sys.stdout.write(json.dumps({"outcome": "finished", "totals": totals}))
    else:
        ask(Path(folder), address, now)


def ask(folder: Path, address: str, now: datetime) -> None:
    """Crawl as the command does; what that needs takes a second to load."""
    from crawler.config import load
    from crawler.records import as_json
    from crawler.visit import visit
    from digest.cli.crawl import report_json

    sys.stdout.write(json.dumps(as_json(report_json(visit(address, load(folder), now=now)))))


if __name__ == "__main__":
    main()
