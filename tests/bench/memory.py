"""Thousands of pages in one crawl: the memory of the crawl and of its workers stays flat.

Invented pages of the usual size on many hosts; the memory of each quarter of the crawl is the mean over its time, taken
after the start (imports, first workers). The last quarter is held against the second.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
from pathlib import Path

from crawler.archive import open_archive
from crawler.records import Source
from digest.sample.press import Item, Outlet
from digest.sample.server import Server
from tests import press
from tests.bench import measure, report

_WORDS = tuple(
    word
    for line in (
        "harbour minister ferry council inquiry budget treaty envoy storm railway senate court border rescue market",
        "officials said that would after under talks against because between report people city years government",
    )
    for word in line.split()
)


def page(number: int) -> bytes:
    """Write a page of about 600 words with the navigation that pages have around their text."""
    chance = random.Random(number)
    paragraphs = "".join(f"<p>{' '.join(chance.choices(_WORDS, k=60)).capitalize()}.</p>" for _ in range(10))
    links = "".join(f"<li><a href='/news/{chance.randrange(5000)}'>Other report {each}</a></li>" for each in range(150))
    title = f"Report {number}: {' '.join(chance.choices(_WORDS, k=6))}"
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title></head><body><nav><ul>{links}</ul></nav>"
        f"<article><h1>{title}</h1>{paragraphs}</article><footer>{'<p>Imprint</p>' * 40}</footer></body></html>"
    ).encode()


def make(pages: int, hosts: int) -> press.Press:
    """Make the outlets, each with a feed of all its pages."""
    outlets = []
    for host in range(hosts):
        name = f"outlet{host}.example"
        source = Source(
            key=f"outlet{host}", name=name, homepage=f"http://{name}/", feeds=(f"http://{name}/rss.xml",), language="en"
        )
        numbers = range(host, pages, hosts)
        outlets.append(Outlet(source, tuple(Item(f"/news/{n}", f"Report {n}", page=page(n)) for n in numbers)))
    site = press.Press(outlets)
    site.pages = []
    return site


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--hosts", type=int, default=50)
    options = parser.parse_args()
    site = make(options.pages, options.hosts)
    with tempfile.TemporaryDirectory() as temporary, Server(site) as server:
        folder = Path(temporary)
        press.write_config(folder / "config", site, server.port, crawl='visit_limit = "2h"')
        cost = measure.run([sys.executable, "-m", "digest.cli", "crawl"], folder, every=0.5)
        if cost.code:
            raise SystemExit(cost.err)
        with open_archive(f"sqlite:///{folder / 'presswatch.db'}") as archive:
            kept = archive.articles.count()
    assert kept == options.pages, (kept, cost.out)
    quarters = [[moment for moment in cost.moments if at <= moment.seconds / cost.wall * 4 < at + 1] for at in range(4)]
    rows = []
    for name, read in (("crawl", lambda moment: moment.own), ("its workers", lambda moment: moment.others)):
        means = [statistics.mean(read(moment) for moment in quarter) / 1e6 for quarter in quarters]
        rows.append((name, *(f"{mean:.0f}" for mean in means), f"{100 * (means[3] / means[1] - 1):+.1f} %"))
    about = f"{kept:,} articles kept, {cost.cpu:.0f} CPU s, {cost.wall:.0f} s; peak {cost.peak / 1e6:.0f} MB in all"
    report.write(
        "memory",
        f"{options.pages:,} pages on {options.hosts} hosts in one crawl: mean resident MB in each quarter of its time.",
        ("process", "1st quarter", "2nd", "3rd", "4th", "4th against 2nd"),
        rows,
        [
            about,
            "wanted: the last quarter within 10 % of the second",
        ],
    )


if __name__ == "__main__":
    main()
