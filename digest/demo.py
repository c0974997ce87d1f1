"""The demo: the whole job on the bundled press, offline, as a user would run it command by command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.archive import open_archive
from crawler.config import load
from crawler.errors import PresswatchError, UsageError
from digest import jobs, sample
from digest.content import EditionContent
from digest.plans import Slot
from digest.regrouping import regroup

_PLAN = "morning"


@dataclass(frozen=True, slots=True)
class Found:
    """What the demo made, and where it lies."""

    config: Path
    archive: Path
    html: Path
    mail: Path
    articles: int
    copies: int
    stories: int
    languages: int
    #: source, state, kept, dropped by reason, what is seen.
    sources: Sequence[tuple[str, str, int, str, str]]


def run(folder: Path, clock: Callable[[], datetime], say: Callable[[str], None]) -> Found:
    """Serve the bundled press on loopback, crawl it twice, make the digest; tell each step."""
    folder = folder.absolute()
    config = _fresh(folder)
    press = sample.demo_press(clock())
    with sample.serve(press) as server:
        sample.demo_config(config, server.port, folder)
        loaded = load(config)
        say(f"{len(loaded.sources)} invented outlets are served on 127.0.0.1, port {server.port}.")
        say("$ presswatch crawl")
        say(_crawl(config))
        press.advance()
        say("An outlet has changed an article. Crawling again: what is known is not fetched twice.")
        say("$ presswatch crawl --all")
        say(_crawl(config, "--all"))
    now = clock()  # the crawls took their time: what came in it was there before the digest
    with open_archive(loaded.press.archive) as archive:
        stories = regroup(archive, now, loaded)
        say(f"$ presswatch story list\n{stories} stories")
        say(f"$ presswatch digest make {_PLAN}")
        made = jobs.make_edition(archive, loaded, loaded.plans[_PLAN], Slot(f"{now:%Y-%m-%d}", now), now)
        if made.edition is None:
            raise PresswatchError(f"the demo's digest was not made: {made.outcome}")
        say(made.edition.subject)
        jobs.send_waiting(archive, loaded, lambda: now)
        html, mail = folder / "digest.html", folder / "digest.eml"
        html.write_bytes(made.edition.html)
        mail.write_bytes(jobs.as_mail(EditionContent.from_json(made.edition.content), loaded, "you@example.org"))
        articles = archive.articles.window(datetime.min.replace(tzinfo=now.tzinfo))
        health = archive.sources.health(now)
        path = archive.path
    assert path is not None
    return Found(
        config=config,
        archive=path,
        html=html,
        mail=mail,
        articles=len(articles),
        copies=sum(article.copy_of is not None for article in articles),
        stories=stories,
        languages=len({article.language for article in articles}),
        sources=[
            (
                each.source,
                each.state,
                each.stored,
                ", ".join(f"{n} {why}" for why, n in each.dropped.items()),
                each.note,
            )
            for each in health
        ],
    )


def _fresh(folder: Path) -> Path:
    """Make the demo's folder, or clear what an earlier demo left there; never anything else."""
    mark = folder / ".presswatch-demo"
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise UsageError(f"{folder} holds other files; name an empty or new folder with --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        mark.write_text("made by presswatch demo; a next demo may clear this folder\n")
        for name in ("presswatch.db", "presswatch.db-wal", "presswatch.db-shm"):
            (folder / name).unlink(missing_ok=True)
        config = folder / "config"
        config.mkdir(exist_ok=True)
        for path in config.glob("*.toml"):
            path.unlink()
    except OSError as error:
        raise PresswatchError(f"{folder}: the demo cannot write there: {error.strerror or error}") from error
    return config


def _crawl(config: Path, *options: str) -> str:
    """Crawl in a process of its own, as Scrapy runs once in each."""
    command = [sys.executable, "-P", "-m", "digest.cli", "--config", str(config), "crawl", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PresswatchError(f"the demo's crawl failed:\n{done.stderr}")
    return done.stdout.strip()
