"""Fill an archive on SQLite and one on PostgreSQL with the same articles, and ask both the same queries.

    python -m tests.bench.postgresql [ARTICLES]

The server is that of the tests, which keeps nothing on its disk for certain. Of filling is told the processor time of
this process and the server together, and the time on the wall; of queries the latter, the best of three each.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.archive import Archive, open_archive
from tests.bench.mix import queries
from tests.bench.report import write
from tests.bench.search import _NOW, cpu, p95
from tests.bench.stream import BEGIN, Stream, sources
from tests.databases import Server
from tests.workforce import used_by

_BATCH = 100
_ASKED: tuple[tuple[str, Callable[[Archive, str], object]], ...] = (
    ("newest 20 ids", lambda archive, text: archive.ids(text, _NOW, 20)),
    ("best 20", lambda archive, text: archive.best(text, _NOW, 20)),
    ("count to 10,000", lambda archive, text: archive.total(text, _NOW)),
    ("facets", lambda archive, text: archive.facets(text, _NOW)),
)


def spent(server: Server) -> float:
    """Tell the processor seconds of this process and of a server."""
    return time.process_time() + used_by(server.pid)


def fill(url: str, count: int, server: Server) -> tuple[float, float]:
    """Keep so many articles; give the processor seconds and those on the wall, without those of making them."""
    processor = wall = 0.0
    with open_archive(url) as archive:
        archive.sources.sync(sources(), BEGIN)
        for kept, now in Stream(count).batches(_BATCH):
            used, begun = spent(server), time.monotonic()
            archive.articles.keep(kept, now)
            processor += spent(server) - used
            wall += time.monotonic() - begun
        used, begun = spent(server), time.monotonic()
        archive.even_out()
        return processor + spent(server) - used, wall + time.monotonic() - begun


def main() -> None:
    """Fill both, ask both, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int, nargs="?", default=20_000)
    count: int = parser.parse_args().articles
    server = Server()
    try:
        with TemporaryDirectory() as folder:
            urls = {"SQLite": f"sqlite:///{folder}/archive.db", "PostgreSQL": server.new()}
            with open_archive(urls["PostgreSQL"]) as archive:
                empty = archive._store.value("SELECT pg_database_size(current_database())")
            filled = {name: fill(url, count, server) for name, url in urls.items()}
            with open_archive(urls["PostgreSQL"]) as archive:
                archive._store.execute("VACUUM ANALYZE")
                size = archive._store.value("SELECT pg_database_size(current_database())") - empty
            disk = {"SQLite": (Path(folder) / "archive.db").stat().st_size, "PostgreSQL": size}
            opened = {name: open_archive(url, read_only=True) for name, url in urls.items()}
            rows = []
            for kind, asked in queries().items():
                for what, act in _ASKED:
                    found = {
                        name: [cpu(partial(act, archive, text), time.perf_counter) for text in asked]
                        for name, archive in opened.items()
                    }
                    medians = [statistics.median(times) for times in found.values()]
                    told = [
                        f"{each:.2f}" for times in found.values() for each in (statistics.median(times), p95(times))
                    ]
                    rows.append([kind, what, *told, f"{medians[1] / medians[0]:.1f}"])
            for archive in opened.values():
                archive.close()
    finally:
        server.close()
    write(
        "postgresql",
        f"{count:,} articles in four scripts; ms on the wall, of each query the best of three.",
        ["queries", "asked for", "SQLite, median", "95 %", "PostgreSQL, median", "95 %", "times as long, median"],
        rows,
        [
            *(
                f"kept in batches of {_BATCH} by {name}: {count / processor:,.0f} articles a CPU second of client and "
                f"server, {count / wall:,.0f} a second on the wall"
                for name, (processor, wall) in filled.items()
            ),
            f"keeping takes PostgreSQL {filled['PostgreSQL'][0] / filled['SQLite'][0]:.1f} times the CPU of SQLite",
            "it takes {:,.0f} MB of disk where SQLite takes {:,.0f}: {:.2f} times as much".format(
                disk["PostgreSQL"] / 1e6, disk["SQLite"] / 1e6, disk["PostgreSQL"] / disk["SQLite"]
            ),
        ],
        f"postgresql {count}",
    )


if __name__ == "__main__":
    main()
