"""Scores how well article links are told from navigation, on the links of real pages, and holds the pinned floors.

Labels are computed from addresses, never from what the classifier said. Certain articles: links to pages that the
corpus knows as articles of that host, and links whose address has the shape of theirs where that shape tells (a day, a
long number, a sentence). Certain navigation: tags, authors, sections, log-in, the site's own pages. What is neither is
not counted. Hosts weigh the same, however large their menus are; half of the hosts (`held out`) is never looked at
when rules are changed.

Example: python -m tests.eval.sections --misses 20
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree, html

from crawler.spiders.section import links
from crawler.spiders.text import decode
from crawler.urls import join, normalise, same_site
from tests.eval.score import Case, cases

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "extraction"
FLOORS = Path(__file__).with_name("floors_sections.toml")
SETS = ("fundus_eval", "scrapinghub", "traf_eval", "wcxb_dev")
_NAVIGATION = re.compile(
    r"(?:^|/)(?:tags?|topics?|categor(?:y|ies)|authors?|writers?|people|users?|profiles?|search|log-?in|sign-?in|sign-?up|"
    r"register|subscri\w+|newsletters?|about(?:-?us)?|contact(?:-?us)?|privacy[\w-]*|terms[\w-]*|legal|impressum|"
    r"imprint|datenschutz\w*|cookies?[\w-]*|advertis\w+|careers|jobs|help|faqs?|rss|feeds?|sitemap|account|shop|store|"
    r"donate|agb|kontakt|ueber-uns|mediadaten|abo)(?:\.\w{2,5})?/?$|"
    r"^/(?:tags?|topics?|categor(?:y|ies)|authors?|users?|profiles?|search)/",
    re.IGNORECASE,
)
#: One or two plain words: /politics/, /news/world
_SECTION = re.compile(r"(?:/[a-z]{2,15}){1,2}/?", re.IGNORECASE)


@dataclass(slots=True)
class Host:
    """What was found on the pages of one host."""

    articles: int = 0
    found: int = 0
    navigation: int = 0
    mistaken: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over hosts, in which each counts once."""

    hosts: int
    pages: int
    labels: int
    precision: float
    recall: float
    seconds: float

    @property
    def f1(self) -> float:
        """Weigh both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def shape(url: str) -> str:
    """Write an address with its numbers and sentences taken out; "" when what is left tells nothing."""
    parts = urlsplit(url)
    pieces = []
    for piece in unquote(parts.path).split("/"):
        words = re.findall(r"[^\W\d_]{2,}", piece)
        piece = re.sub(r"\.\w{2,5}$", "", piece)  # noqa: PLW2901
        if len(words) >= 4 and re.search(r"[-_]", piece):
            pieces.append("S")
        else:
            pieces.append(re.sub(r"\d+", lambda found: "N" * min(len(found[0]), 5), piece))
    told = "/".join(pieces)
    return told if re.search(r"(?:^|/)S(?:/|$)|NNNN", told) and not _NAVIGATION.search(parts.path) else ""


def label(url: str, articles: set[str], shapes: set[str]) -> str:
    """Say what a link certainly leads to: article, navigation, or "" when nobody knows."""
    path = urlsplit(url).path
    if url in articles:
        return "article"
    if _NAVIGATION.search(path) or (_SECTION.fullmatch(path) and not urlsplit(url).query):
        return "navigation"
    return "article" if (form := shape(url)) and form in shapes else ""


def anchors(body: bytes, url: str) -> Iterator[str]:
    """List the addresses of the same site that a page links to."""
    tree = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(body, "")))
    base = next((join(url, element.get("href") or "") for element in tree.iter("base")), None) or url
    for anchor in tree.iter("a"):
        reference = (anchor.get("href") or "").strip()
        at = join(base, reference) if reference and not reference.startswith("#") else None
        if at is not None and same_site(at, url) and urlsplit(at).path != "/":
            yield at


def is_held_out(host: str) -> bool:
    """Tell whether a host is one of the half that rules are not made by."""
    return hashlib.sha256(host.encode()).digest()[0] % 2 == 1


def gather(sets: Sequence[str], sample: int | None) -> tuple[dict[str, list[Case]], dict[str, set[str]]]:
    """Group pages by host, and list all addresses of the corpus by host."""
    pages: dict[str, list[Case]] = defaultdict(list)
    known: dict[str, set[str]] = defaultdict(set)
    for name in sets:
        for case in cases(CORPUS / name):
            if (url := normalise(case.url)) is not None and urlsplit(url).path.strip("/"):
                known[_host(url)].add(url)
        for case in cases(CORPUS / name, sample):
            if (url := normalise(case.url)) is not None and "web.archive.org" not in url:
                pages[_host(url)].append(case)
    return pages, known


def _host(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")


def judge(cases_: Sequence[Case], known: set[str]) -> Host:
    """Count what is found of the certain links of one host."""
    told = Host()
    shapes = {form for url in known if (form := shape(url))}
    for case in cases_:
        body, url = case.body(), normalise(case.url) or case.url
        try:
            listed = dict.fromkeys(anchors(body, url))
        except (etree.LxmlError, ValueError, AssertionError):
            continue
        listed.pop(url, None)
        found = {entry.url for entry in links(body, "", url).entries}
        for at in listed:
            if urlsplit(at).path.rstrip("/") == urlsplit(url).path.rstrip("/"):
                continue  # the page itself: shared, printed, by http
            said = label(at, known - {url}, shapes)
            if said == "article":
                told.articles += 1
                told.found += at in found
                if at not in found:
                    told.missed.append(f"{url} -> {at}")
            elif said == "navigation":
                told.navigation += 1
                told.mistaken += at in found
                if at in found:
                    told.wrong.append(f"{url} -> {at}")
    return told


def score(hosts: Sequence[Host], pages: int, seconds: float) -> Scores:
    """Average over hosts: recall where there are articles, precision where anything certain was found."""
    recalls = [each.found / each.articles for each in hosts if each.articles >= 3]
    precisions = [each.found / (each.found + each.mistaken) for each in hosts if each.found + each.mistaken >= 3]
    labels = sum(each.articles + each.navigation for each in hosts)
    return Scores(len(hosts), pages, labels, _mean(precisions), _mean(recalls), seconds)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def run(sets: Sequence[str] = SETS, sample: int | None = None) -> tuple[dict[str, Scores], list[tuple[str, Host]]]:
    """Score both halves of the hosts."""
    pages, known = gather(sets, sample)
    halves: dict[str, list[Host]] = {"tuned on": [], "held out": []}
    counts, spent, told = defaultdict[str, int](int), defaultdict[str, float](float), []
    for host, its in sorted(pages.items()):
        half = "held out" if is_held_out(host) else "tuned on"
        start = time.process_time()
        found = judge(its, known[host])
        spent[half] += time.process_time() - start
        counts[half] += len(its)
        halves[half].append(found)
        told.append((half, found))
    return {half: score(found, counts[half], spent[half]) for half, found in halves.items()}, told


def floors() -> dict[str, float]:
    """Read the pinned floors."""
    return tomllib.loads(FLOORS.read_text("utf-8"))


def table(scores: dict[str, Scores]) -> str:
    """Draw the scores as a Markdown table."""
    lines = ["| hosts | pages | certain links | precision | recall | F1 |", "|---|---|---|---|---|---|"]
    for half, each in scores.items():
        lines.append(
            f"| {each.hosts} {half} | {each.pages} | {each.labels} | {each.precision:.4f} | {each.recall:.4f} | "
            f"{each.f1:.4f} |"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; exit with 1 when a half is below its floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="so many pages of each set; floors are not held then")
    parser.add_argument("--misses", type=int, default=0, help="show so many mistakes of the hosts that are tuned on")
    options = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        print("the corpus of real pages is not beside this checkout (../shared/corpus)", file=sys.stderr)
        return 1
    scores, told = run(SETS, options.sample)
    print(table(scores))
    for name in ("missed", "wrong"):
        # One of each host first: a habit of one site is no rule.
        each_first = [getattr(host, name)[0] for half, host in told if half == "tuned on" and getattr(host, name)]
        for line in each_first[: options.misses]:
            print(f"{name}: {line}")
    if options.sample is not None:
        return 0
    faults = [
        f"{half} {name}: {getattr(each, name):.4f}, floor {floor}"
        for half, each in scores.items()
        for name, floor in floors().items()
        if getattr(each, name) < floor
    ]
    for fault in faults:
        print(f"below its floor: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
