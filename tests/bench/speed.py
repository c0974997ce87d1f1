"""Fetch, extract and store the same real pages over loopback: Presswatch beside its peers, one after another in turns.

Processor time of all processes is counted, the server's is not. Delays are off for all of them. The peers reach the
press as a proxy; Presswatch besides reads feeds, obeys robots.txt and its host gate, finds copies and fills its index.
news-please and newspaper4k live in a virtual environment of their own, which the bench makes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from crawler.archive import open_archive
from digest.sample.server import Server
from tests import press
from tests.bench import measure, report
from tests.bench.kills import corpus_press

#: Of htmldate_default most pages are those of traf_eval.
SETS = ("scrapinghub", "fundus_eval", "wcxb_dev", "traf_eval")
PEERS = Path(tempfile.gettempdir()) / "presswatch-bench-peers"

_NEWS_PLEASE = """
import sys
from newsplease import NewsPlease
from sqlite_utils import Database
table = Database(sys.argv[2])["articles"]
for url in open(sys.argv[1]).read().split():
    try:
        article = NewsPlease.from_url(url)
    except Exception:  # some pages it does not bear
        continue
    if article and article.maintext:
        found = article.get_serializable_dict()
        row = {name: str(found.get(name)) for name in ("title", "authors", "date_publish", "maintext", "language")}
        table.insert(row | {"url": url}, pk="url", replace=True)
"""
_NEWSPAPER4K = """
import sys
import newspaper
from sqlite_utils import Database
table = Database(sys.argv[2])["articles"]
for url in open(sys.argv[1]).read().split():
    article = newspaper.Article(url)
    try:
        article.download()
        article.parse()
    except Exception:  # some pages it does not bear
        continue
    if article.text:
        row = {"title": article.title, "authors": str(article.authors), "date": str(article.publish_date)}
        table.insert(row | {"text": article.text, "url": url}, pk="url", replace=True)
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """One crawl of all pages by one program."""

    pages: int
    kept: int
    cpu: float
    wall: float

    @property
    def rate(self) -> float:
        """Pages for each second of processor time."""
        return self.pages / self.cpu


def presswatch(folder: Path, site: press.Press, port: int) -> Turn:
    """Crawl with Presswatch, as a user does."""
    press.write_config(folder / "config", site, port, crawl="concurrency = 16")
    cost = measure.run([sys.executable, "-m", "digest.cli", "crawl"], folder)
    if cost.code:
        raise SystemExit(cost.err)
    with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
        return Turn(len(site.pages), archive.articles.count(), cost.cpu, cost.wall)


def peer(folder: Path, command: list[str], site: press.Press, port: int) -> Turn:
    """Crawl with another program; it gets a file of addresses and the name of its database."""
    (folder / "urls.txt").write_text("\n".join(page.link for page in site.pages))
    proxy = f"http://127.0.0.1:{port}"
    # For https as well, which the press refuses: what a peer would look up elsewhere must not be waited for.
    names = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY")
    environment: Mapping[str, str] = dict.fromkeys(names, proxy) | {"HOME": str(folder)}
    cost = measure.run([*command, "urls.txt", "peer.db"], folder, environment=environment)
    if cost.code:
        raise SystemExit(cost.err)
    kept = Database(folder / "peer.db")["articles"].count
    return Turn(len(site.pages), kept, cost.cpu, cost.wall)


def install_peers() -> str:
    """Make the peers' virtual environment, and give its Python."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        venv.create(PEERS, with_pip=True)
    needed = ["news-please", "newspaper4k", "lxml_html_clean", "sqlite-utils"]
    subprocess.run([python, "-m", "pip", "install", "-q", *needed], check=True, env={**os.environ, "PYTHONPATH": ""})
    return str(python)


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=260)
    parser.add_argument(
        "--outlets", action="store_true", help="pages of all sets, ten to an outlet, instead of the hosts of two sets"
    )
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--only", default="", help="names of programs, by comma")
    options = parser.parse_args()
    programs = {
        "Presswatch": None,
        "naive Scrapy spider": [sys.executable, "-m", "tests.bench.naive_spider"],
        "news-please": ["PEER", "-c", _NEWS_PLEASE],
        "newspaper4k": ["PEER", "-c", _NEWSPAPER4K],
    }
    if options.only:
        programs = {name: command for name, command in programs.items() if name in options.only.split(",")}
    python = install_peers() if {"news-please", "newspaper4k"} & set(programs) else ""
    turns: dict[str, list[Turn]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as temporary:
        top = Path(temporary)
        site = (
            corpus_press(top, options.pages, sets=SETS, outlet=10)
            if options.outlets
            else corpus_press(top, options.pages)
        )
        for number in range(options.turns):
            for name, command in programs.items():
                folder = top / f"{number}-{name.replace(' ', '-')}"
                folder.mkdir()
                with Server(site) as server:
                    if command is None:
                        turn = presswatch(folder, site, server.port)
                    else:
                        line = [python if word == "PEER" else word for word in command]
                        turn = peer(folder, line, site, server.port)
                turns[name].append(turn)
                print(f"turn {number + 1}, {name}: {turn.rate:.2f} a CPU s, {turn.kept} kept", file=sys.stderr)
                shutil.rmtree(folder)
    _write(turns, len(site.pages), outlets=options.outlets)


def _write(turns: Mapping[str, list[Turn]], pages: int, *, outlets: bool) -> None:
    ours = turns.get("Presswatch", [])
    rows = []
    for name, each in turns.items():
        ratios = [mine.rate / theirs.rate for mine, theirs in zip(ours, each, strict=True)] if ours else []
        rows.append(
            (
                name, f"{statistics.median(turn.rate for turn in each):.2f}",
                f"{statistics.median(ratios):.2f}x" if ratios and name != "Presswatch" else "",
                f"{statistics.median(turn.cpu for turn in each):.1f}", f"{statistics.median(t.wall for t in each):.1f}",
                each[0].kept,
            )
        )  # fmt: skip
    which = (
        f"{pages} real pages of all sets, ten to an outlet," if outlets else f"{pages} real pages on their own hosts"
    )
    report.write(
        "speed-outlets" if outlets else "speed",
        f"{which} fetched over loopback, extracted and stored; medians of {len(ours)} turns, side by side.",
        ("program", "pages a CPU s", "Presswatch is", "CPU s", "wall s", "articles kept"),
        rows,
        [
            "CPU s counts everything from the start of Python to the end of the last worker process",
            "Presswatch also asks for feeds, robots.txt and TDM reservations, dates, finds copies and fills its index",
            "wanted: 1.35x of the naive spider",
        ],
        "speed --outlets" if outlets else "speed",
    )


if __name__ == "__main__":
    main()
