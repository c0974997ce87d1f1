"""Reports on windows of a large archive: processor time, most memory, and the time of each form.

    python -m tests.bench.reports [ARTICLES] [FOLDER]

The archive is made in FOLDER (else in a temporary one) and used again when it is there. Its articles are short, as of
what is counted no text is read: 40 words, unevenly common, of 200 outlets over two years; one in ten is a copy. Three
watches match a part of them; each is a story of its own or in one of eight articles. Each window is measured in a
process of its own.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from crawler.archive import Archive, Kept, Sighting, open_archive
from crawler.config import Config, PlanConfig
from crawler.records import Article, CopyOf, Story, Watch
from digest import forms, reporting
from tests.bench.measure import ROOT
from tests.bench.report import write
from tests.bench.stream import BEGIN, SEED, SPAN, Language, language, sources

ARTICLES = 110_000
_WINDOWS = {"a day": 1, "30 days": 30, "half a year": 180, "a year": 365, "two years": 730}
_NOW = BEGIN + SPAN
_PLAN = PlanConfig(name="board", title="Board", at=["07:00"], timezone="Europe/Kyiv")
_BATCH = 500
_OUTLETS = [source.key for source in sources()]
_FORMS = (".html", ".md", ".docx", ".pdf")


def fill(archive: Archive, count: int) -> None:
    """Keep so many articles, and group them."""
    words = language("en")
    archive.sources.sync(sources(), BEGIN)
    archive.watches.sync(
        [Watch(f"watch-{n}", f"{words.words[60 * n]} OR {words.words[90 * n]}") for n in (1, 2, 3)], BEGIN
    )
    step, chance = SPAN / count, random.Random(SEED)
    for first in range(0, count, _BATCH):
        batch = [_article(number, BEGIN + step * number, words, chance) for number in range(first, first + _BATCH)]
        archive.articles.keep(batch, BEGIN + step * first)
    ids = [one.article for day in range(735) for one in _day(archive, day)]
    stories = []
    while ids:
        number = len(stories) + 1
        size = 8 if number % 5 == 0 else 1
        stories.append(Story(number, f"Story {number}", tuple(ids[:size]), first=_NOW, last=_NOW))
        ids = ids[size:]
    for at in range(0, len(stories), 5_000):
        archive.stories.write(stories[at : at + 5_000], [], _NOW)
    archive.stories.note_clustered(archive.changes.last(), _NOW)


def _article(number: int, at: datetime, words: Language, chance: random.Random) -> Kept:
    drawn = chance.choices(words.words, cum_weights=words.weights, k=40)
    outlet = chance.choice(_OUTLETS)
    made = Article(
        f"https://{outlet}.test/{number}",
        outlet,
        " ".join(drawn[:8]),
        " ".join(drawn),
        published=at.isoformat(),
        published_utc=at,
        published_precision="minute",
        language=chance.choice(("en", "ru", "zh", "ar")),
        carried_by=outlet,
    )
    is_copy = number > 100 and chance.random() < 0.1
    return Kept(made, copy=CopyOf(number - 50, "full", 1.0) if is_copy else None)


def _day(archive: Archive, day: int) -> list[Sighting]:
    since = BEGIN + timedelta(days=day - 3)
    return archive.articles.sightings(since, since + timedelta(days=1))


def measure(path: Path, days: int) -> dict[str, float]:
    """Make one report and all its forms."""
    with open_archive(f"sqlite:///{path}", read_only=True) as archive:
        begun = time.process_time()
        config = Config(folder=path.parent)
        content = reporting.make(archive, config, _PLAN, _NOW, _NOW - timedelta(days=days))
        spent: dict[str, float] = {"counted": content.collected.articles, "matched": content.counted.articles}
        spent["report"] = time.process_time() - begun
        spent["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for form in _FORMS:
        forms.write(content, config, form)  # what is loaded at the first time is not measured
        begun = time.process_time()
        forms.write(content, config, form)
        spent[form] = time.process_time() - begun
    return spent


def main() -> None:
    """Measure and write the table."""
    if len(sys.argv) > 3:
        print(json.dumps(measure(Path(sys.argv[2]) / "press.db", int(sys.argv[3]))))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(temporary)
        if not (folder / "press.db").exists():
            with open_archive(f"sqlite:///{folder / 'press.db'}") as archive:
                fill(archive, count)
        rows = [(name, *_row(count, folder, days)) for name, days in _WINDOWS.items()]
    write(
        "reports",
        f"Reports over an archive of {count:,} articles in two years: CPU seconds, and the most memory of a process.",
        ("window", "articles", "matching", "report", "MB", *_FORMS),
        rows,
    )


def _row(count: int, folder: Path, days: int) -> list[str]:
    command = [sys.executable, "-m", "tests.bench.reports", str(count), str(folder), str(days)]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    spent = json.loads(told)
    seconds = [f"{spent[form]:.2f}" for form in _FORMS]
    return [
        f"{spent['counted']:,}", f"{spent['matched']:,}", f"{spent['report']:.2f}", f"{spent['memory']:.0f}", *seconds,
    ]  # fmt: skip


if __name__ == "__main__":
    main()
