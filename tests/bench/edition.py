"""Measure what an edition costs in a large archive whose stories were grouped before: to be made, and to be rendered.

    python -m tests.bench.edition [ARTICLES IN THE ARCHIVE] [ARTICLES IN THE WINDOW] [FOLDER]

A folder keeps the archive for another time: to fill it takes minutes. What is told is processor time, the median of
some rounds with the least and the most, and memory beyond what the process had before.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.archive import Archive, open_archive
from crawler.config import Config, PlanConfig, load
from crawler.records import Watch
from digest import jobs, render
from digest.content import EditionContent
from digest.plans import Slot
from digest.regrouping import regroup
from tests.bench import events
from tests.bench.report import write
from tests.bench.stories import keep, memory
from tests.bench.stream import SEED, language, sources

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
_DAY = timedelta(days=1)
_ROUNDS = 3
#: Of the words of each language, those of these ranks are watched.
_RANKS = {
    "common": (700,),
    "less": (1_000, 1_200),
    "seldom": (1_500,),
    "other": (2_000,),
    "rare": (4_000, 6_000),
}
#: "news" is made where nothing is watched; "long" shows 500 stories.
_KINDS: dict[str, dict[str, object]] = {
    "watches": {"top": 5, "per_watch": 8},
    "long": {"top": 20, "per_watch": 100},
    "news": {"top": 20},
}


def watches() -> list[Watch]:
    """Look for words that are common, rare, and in between, in three languages."""
    words = {code: language(code).words for code in ("en", "ru", "zh")}
    return [
        Watch(name, " OR ".join(f'"{words[code][rank]}"' for code in words for rank in ranks), weight=1.0 + place / 2)
        for place, (name, ranks) in enumerate(_RANKS.items())
    ]


def plans(kind: str) -> list[PlanConfig]:
    """Give the plans of a kind, as many as there are rounds: each makes one edition."""
    shared = {"title": kind, "recipients": ["ann@reader.test"], "at": ["06:00"], "timezone": "UTC"}
    return [
        PlanConfig.model_validate({"name": f"{kind}-{number}", **shared, **_KINDS[kind]}) for number in range(_ROUNDS)
    ]


def configuration(folder: Path) -> Config:
    """Write a configuration that sends mail nowhere."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "presswatch.toml").write_text('[mail]\nfrom = "desk@press.test"\nhost = "127.0.0.1"\n')
    for name in ("sources", "watches", "digests"):
        (folder / f"{name}.toml").write_text("")
    return load(folder)


def fill(archive: Archive, config: Config, count: int, window: int) -> None:
    """Keep articles day by day, grouped once a week and at the end; yesterday each plan made an edition."""
    archive.sources.sync(sources(), NOW - 60 * _DAY)
    archive.watches.sync(watches(), NOW - 60 * _DAY)
    days = count // window
    for day in range(days - 1, -1, -1):
        now = NOW - day * _DAY
        keep(archive, events.articles(window, now - _DAY, now, SEED + day), now)
        if day % 7 == 1 or day == 0:
            regroup(archive, now, config)
        if day == 1:
            for plan in (plan for kind in _KINDS for plan in plans(kind)):
                jobs.make_edition(archive, config, plan, Slot("yesterday", now), now)


def remember(archive: Archive, plan: PlanConfig) -> None:
    """Let a plan have had an edition each day for a fortnight, each as long as that of yesterday."""
    last = archive.editions.last(plan.name)
    assert last is not None
    for day in range(1, 13):
        made_at = last.made_at - day * _DAY
        earlier = replace(last, slot=f"{day} days before", from_seq=-day - 1, to_seq=-day, made_at=made_at)
        archive.editions.commit(earlier, [], None, NOW)


class Clock:
    """Counts the processor time of steps, by their names."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count what is done meanwhile."""
        begun = time.process_time()
        yield
        self.spent.setdefault(name, []).append(time.process_time() - begun)

    def rows(self) -> list[tuple[object, ...]]:
        """Give the rows of the table."""
        return [
            (name, f"{statistics.median(found):.2f}", f"{min(found):.2f} to {max(found):.2f}")
            for name, found in self.spent.items()
        ]


def measure(archive: Archive, config: Config) -> tuple[list[tuple[object, ...]], list[str]]:
    """Make and render editions of each kind; give the rows of the table and what was made."""
    clock = Clock()
    before = memory()
    shown = []
    for kind in _KINDS:
        if kind == "news":
            archive.watches.sync([], NOW)
        for plan in plans(kind):
            remember(archive, plan)
            with clock.step(f"{kind}: made, rendered and put into the outbox"):
                made = jobs.make_edition(archive, config, plan, Slot("today", NOW), NOW)
            assert made.edition is not None, made.outcome
            content = EditionContent.from_json(made.edition.content)
            with clock.step(f"{kind}: of that, rendered as mail, web copy and text"):
                rendered = render.everything(content)
        shown.append(
            f"{kind}: {content.figures.stories} stories, {len(content.items)} of them shown, "
            f"{len(rendered.mail)} bytes of mail"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    rows: list[tuple[object, ...]] = clock.rows()
    return [*rows, ("memory beyond that of the process, MB", f"{peak:.0f}", "")], shown


def main() -> None:
    """Measure, and write the table."""
    count, window = (int(each) for each in (sys.argv[1:3] + ["100000", "5000"][len(sys.argv[1:3]) :]))
    with tempfile.TemporaryDirectory() as passing:
        folder = Path(sys.argv[3] if len(sys.argv) > 3 else passing)
        config = configuration(folder / "config")
        file = folder / "edition.db"
        if not file.exists():
            with open_archive(f"sqlite:///{file}") as archive:
                fill(archive, config, count, window)
        copy = Path(passing) / "round.db"
        shutil.copyfile(file, copy)
        with open_archive(f"sqlite:///{copy}") as archive:
            rows, shown = measure(archive, config)
    write(
        "edition",
        f"An edition over {window:,} articles of an archive of {count:,}, stories grouped before: CPU seconds.",
        ("step", "median", "least to most"),
        rows,
        shown,
    )


if __name__ == "__main__":
    main()
