"""Bench: years of news from WARC: what a record costs that is passed over, and one that becomes an article.

    python -m tests.bench.warc [--records N] [--pages N] [--kills N]

Real pages of the corpus as a WARC file of N records, packed one by one as CC-NEWS is, each page several times under
addresses of its own. The import is measured beside readers of PyPI; then one of the whole file is killed at random
moments with SIGKILL, gone on with, and compared with one that was not. It fails when a record that the words of a query
or its language rule out costs more than an eighth of an extracted one, or when the two archives differ.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive import open_archive
from crawler.importing.wanted import Request, Wanted, glance, read_query
from crawler.records import Source
from crawler.spiders.warc import Capture, read_warc
from tests.bench.measure import ROOT, Cost, python, run
from tests.bench.report import write

CORPUS = ROOT.parent / "shared" / "corpus" / "extraction"
#: Words that few pages say, in several languages.
QUERY = "espionage OR lighthouse OR Leuchtturm OR phare"
#: Words of which each stands somewhere in many pages, and all of them in few.
COMMON = "the north sea"
#: A record that is passed over by words or language costs at most so much of an extracted one.
DEAREST = 1 / 8
#: What begins is taken off as an import of so many records, of all that is done with each, takes it.
FIRST = 8
#: The same where nearly all are passed over: the few that are not have begun the processes by then.
FIRST_PASSED = 1_000
#: So many pages tell how many a glance does not rule out: all of the corpus, once.
_GLANCED = 2_800
_LARGEST = 10_000_000
SEED = 20261123

_READ = {
    "warcio": "from warcio import ArchiveIterator as Read\n"
    "for record in Read(open(sys.argv[1], 'rb')):\n"
    "    if record.rec_type == 'response':\n"
    "        number += 1; body = record.content_stream().read()",
    "fastwarc": "from fastwarc.warc import ArchiveIterator as Read, WarcRecordType\n"
    "for record in Read(open(sys.argv[1], 'rb'), record_types=WarcRecordType.response):\n"
    "    number += 1; body = record.reader.read()",
    "our reader": "from crawler.spiders.warc import Capture, read_warc\n"
    "for record in read_warc(open(sys.argv[1], 'rb'), 10_000_000):\n"
    "    number += isinstance(record, Capture)",
}
_EXTRACT = "; trafilatura.bare_extraction(body, with_metadata=True)"


@dataclass(frozen=True, slots=True)
class Way:
    """What one way through a file took."""

    name: str
    records: int
    cost: Cost
    told: str
    #: So many of the records, and the CPU seconds that the same way took over them alone; 0: the start is counted.
    first: int = 0
    start: float = 0.0
    #: So many of those behind the first were extracted: those that were kept, and those that a glance did not rule out.
    extracted: int = 0

    @property
    def each(self) -> float:
        """CPU milliseconds a record, without the start of the program and its first records."""
        return 1_000 * (self.cost.cpu - self.start) / (self.records - self.first)

    def ruled_out(self, extracted: float) -> float:
        """CPU milliseconds of a record that a glance ruled out, where one that is extracted takes so many."""
        records = self.records - self.first
        return (self.each * records - extracted * self.extracted) / (records - self.extracted)


def pages() -> Iterator[tuple[str, bytes]]:
    """List the pages of the corpus, set by set in turn, so that any number of them is a mixture."""
    told = [
        (gold.parent / each["page"], each.get("url") or "https://page.test/")
        for gold in sorted(CORPUS.glob("*/gold.jsonl"))
        for each in map(json.loads, gold.open(encoding="utf-8"))
    ]
    random.Random(SEED).shuffle(told)
    for file, url in told:
        yield url, gzip.decompress(file.read_bytes())


def again_and_again() -> Iterator[tuple[str, bytes]]:
    """List the pages without end."""
    while True:
        yield from pages()


def make(file: Path, records: int) -> None:
    """Write a WARC file."""
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        for number, (url, body) in enumerate(islice(again_and_again(), records)):
            writer.write_record(
                writer.create_warc_record(
                    f"https://{urlsplit(url).hostname or 'page.test'}/{number}", "response", payload=io.BytesIO(body),
                    length=len(body), http_headers=head, warc_headers_dict={"WARC-Date": "2025-11-06T19:13:40Z"},
                )
            )  # fmt: skip


def imported(
    folder: Path, file: Path, records: int, name: str, *options: str, first: int, wanted: Wanted | None = None
) -> Way:
    """Import a file into an archive of its own, and its first records into another; ``wanted`` is what options say."""
    beginning = folder / "first.warc.gz"
    make(beginning, first)
    start = _import(folder, beginning, f"{name} first", *options)
    whole = _import(folder, file, name, *options)
    report = json.loads(whole.out)
    dropped = ", ".join(f"{count:,} {reason}" for reason, count in report["dropped"].items())
    extracted = round(let_through(file, wanted) * (records - first)) if wanted is not None else 0
    return Way(f"import{name}", records, whole, f"{report['kept']:,} kept; {dropped}", first, start.cpu, extracted)


def let_through(file: Path, wanted: Wanted) -> float:
    """Tell which share of the pages of a file a glance does not rule out."""
    now, page = datetime.now(UTC), Source("page", "Page", "https://page.test/")
    with file.open("rb") as stream:
        captures = (found for found in read_warc(stream, _LARGEST) if isinstance(found, Capture))
        asked = [Request(found, found.url, page, _LARGEST, now) for found in islice(captures, _GLANCED)]
    return sum(not why for why, _ in glance(asked, wanted)) / len(asked)


def _import(folder: Path, file: Path, name: str, *options: str) -> Cost:
    cost = run([*command(f"{name}.db", file), *options], folder)
    if cost.code:
        sys.exit(cost.err)
    return cost


def command(archive: str, file: Path) -> list[str]:
    """Write the command that imports a file."""
    return [sys.executable, "-m", "digest.cli", "--archive", f"sqlite:///{archive}", "import", str(file), "--json"]


def peer(folder: Path, file: Path, records: int, name: str, *, extract: bool) -> Way:
    """Go through a file with another's reader, and extract what it gives if that is wanted."""
    script = f"import sys{', trafilatura' if extract else ''}\nnumber = 0\n{_READ[name]}{_EXTRACT if extract else ''}\n"
    cost = run(python(f"{script}print(number)", str(file)), folder)
    if cost.code:
        sys.exit(cost.err)
    return Way(f"{name}{' + trafilatura' if extract else ', reading only'}", records, cost, f"{cost.out.strip()} read")


def damaged(folder: Path, file: Path) -> list[str]:
    """Break ten of a few hundred records, and tell how many each reader gives."""
    data = bytearray(file.read_bytes())
    starts = [at for at in range(len(data) - 3) if data[at : at + 3] == b"\x1f\x8b\x08"]
    for start in starts[20::30][:10]:
        data[start + 400] ^= 0xFF
    broken = folder / "broken.warc.gz"
    broken.write_bytes(data)
    found = []
    for name, reader in _READ.items():
        guarded = "import sys\nnumber = 0\ntry:\n" + "\n".join(f"    {line}" for line in reader.splitlines())
        script = f"{guarded}\nexcept Exception as error:\n    print(repr(error), file=sys.stderr)\nprint(number)"
        found.append(f"{name} {run(python(script, str(broken)), folder).out.strip()}")
    return found


def killed(folder: Path, file: Path, kills: int, wall: float, options: Sequence[str]) -> tuple[Any, int]:
    """Import a file while being killed so many times; give the last report and how often it went on in its middle.

    Undisturbed it takes ``wall`` seconds.
    """
    chance = random.Random(SEED)
    done = 0
    while True:
        process = subprocess.Popen(
            [*command("killed.db", file), *options], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        try:
            out, _ = process.communicate(timeout=wall * chance.uniform(0.2, 0.4) if done < kills else None)
            return json.loads(out), done
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            done += 1
            time.sleep(0.5)


def contents(file: Path) -> list[tuple[str, str, str]]:
    """List what an archive holds."""
    with open_archive(f"sqlite:///{file}", create=False) as archive:
        return [(each.url, each.title, each.text) for each in archive.articles.many(range(1, 100_000))]


def row(way: Way, extracted: float) -> tuple[str, str, str, str, str]:
    """Write a way as a row of the table."""
    share = f"1/{extracted / way.each:.0f}" if way.each < extracted / 1.5 else f"{way.each / extracted:.2f}"
    return way.name, f"{way.records:,}", f"{way.each:.2f}", share, f"{way.records / way.cost.wall:.0f}; {way.told}"


def main() -> int:
    """Print the table; fail when a rejected record costs too much or a kill shows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--pages", type=int, default=600, help="records of which all are extracted")
    parser.add_argument("--kills", type=int, default=5)
    options = parser.parse_args()
    if not CORPUS.is_dir():
        sys.exit("the corpus is not beside this checkout (../shared/corpus/extraction)")
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top)
        whole, few, some = folder / "whole.warc.gz", folder / "few.warc.gz", folder / "some.warc.gz"
        make(whole, options.records)
        make(few, options.pages)
        make(some, 300)
        (folder / "hosts").write_text("nobody.test\n")
        everything = imported(folder, few, options.pages, "", first=FIRST)
        asked, *others = (
            imported(
                folder, whole, options.records, f" {option} {given}", option, given, first=FIRST_PASSED, wanted=wanted
            )
            for option, given, wanted in (
                ("--query", QUERY, Wanted(node=read_query(QUERY, {}))),
                ("--query", COMMON, Wanted(node=read_query(COMMON, {}))),
                ("--languages", "ja", Wanted(languages=("ja",))),
                ("--languages", "fr", Wanted(languages=("fr",))),
            )
        )
        ways = [
            everything,
            asked,
            *others,
            imported(folder, whole, options.records, " --hosts (no page)", "--hosts", "hosts", first=FIRST_PASSED),
            *(peer(folder, whole, options.records, name, extract=False) for name in _READ),
            peer(folder, few, options.pages, "warcio", extract=True),
        ]
        report, kills = killed(folder, whole, options.kills, asked.cost.wall, ("--query", QUERY))
        same = contents(folder / "killed.db") == contents(folder / f" --query {QUERY}.db")
        told = json.loads(asked.cost.out)
        alike = all(report[name] == told[name] for name in ("kept", "unchanged", "completed", "dropped"))
        broken = damaged(folder, some)
    ruled_out = [way.ruled_out(everything.each) for way in (asked, *others)]
    fits = max(ruled_out) <= everything.each * DEAREST
    outcome = (
        f"{'the same' if same else 'OTHER'} articles and {'the same' if alike else 'OTHER'} counts as one that was not"
    )
    shares = ", ".join(f"1/{everything.each / each:.1f}" for each in ruled_out)
    through = ", ".join(f"{100 * way.extracted / (way.records - way.first):.1f} %" for way in (asked, *others))
    wants = f"at most 1/{1 / DEAREST:.0f} is wanted"
    starts = ", ".join(f"{way.start:.1f} s of {way.first:,}" for way in ways[:6])
    notes = (
        f"a record that a glance rules out by words or language costs {shares} of an extracted one ({wants})",
        f"it lets so many through, which are extracted and then asked: {through}",
        f"killed {kills} times and gone on with, the import of {options.records:,} records ended with {outcome}",
        f"of 300 records, 10 of them broken by one byte, are read: {', '.join(broken)}",
        f"CPU counts all processes; what begins is taken off, as imports of the first records took it: {starts}",
        "records a wall second say something only of a machine that has nothing else to do",
    )
    about = f"Real pages as WARC, {options.records:,} records."
    header = ("way", "records", "CPU ms a record", "of an extracted one", "records a wall s; what came of them")
    write("warc", about, header, [row(way, everything.each) for way in ways], notes)
    return 0 if fits and same and alike else 1


if __name__ == "__main__":
    sys.exit(main())
