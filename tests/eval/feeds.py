"""Measure how right the feed reader is on feeds that others wrote down the right answers for.

    python -m tests.eval.feeds

feedparser's own cases carry an ``Expect:`` line, gofeed's a JSON file. Each answer about the title, address, id, date
or author of an entry counts once; beside us stand feedparser and fastfeedparser on the same bytes, held to the same
comparison: text without markup, dates as moments in UTC.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fastfeedparser
import feedparser

from crawler.records import Entry
from crawler.spiders.dates import iso
from crawler.spiders.feed import parse_feed
from crawler.spiders.text import plain, squeeze

URL = "http://127.0.0.1:8097/case.xml"
#: An entry without an address is no entry to us: those that test something else are given one.
_ADDRESS = "http://presswatch.invalid/entry"


@dataclass(frozen=True, slots=True)
class Case:
    """What one file says about one field of its first entry."""

    file: Path
    what: str
    expected: str


Reader = Callable[[bytes, str], str]


def feedparser_cases(folder: Path) -> Iterator[Case]:
    """Read the Expect lines that say something about an entry's fields."""
    for file in sorted(folder.rglob("*.xml")):
        found = re.search(r"Expect:\s*(.+)", file.read_bytes()[:3_000].decode("latin-1"))
        if not found or b"Header:" in file.read_bytes()[:3_000]:
            continue
        try:
            tree = ast.parse(found[1].strip(), mode="eval")
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
                yield from _case(file, ast.unparse(node.left), node.comparators[0])


def _case(file: Path, left: str, right: ast.expr) -> Iterator[Case]:
    found = re.fullmatch(r"entries\[0\]\['(\w+)'\](?:\['(value)'\])?", left)
    author = re.fullmatch(r"entries\[0\]\['(?:author_detail'\]|authors'\]\[0\])\['name'\]", left)
    try:
        value = ast.literal_eval(right)
    except ValueError:
        return
    if author and value:
        yield Case(file, "author", value)
    if not found or not value:
        return
    key = found[1].removesuffix("_detail") if found[2] else found[1]
    if key in ("published_parsed", "updated_parsed") and not found[2]:
        yield Case(file, "date", f"{value[0]:04}-{value[1]:02}-{value[2]:02} {value[3]:02}:{value[4]:02}")
    elif key in ("title", "summary", "description", "link", "id", "guid") and isinstance(value, str):
        what = {"description": "summary", "guid": "id"}.get(key, key)
        yield Case(file, what, value)


def gofeed_cases(folder: Path) -> Iterator[Case]:
    """Read the JSON files that stand beside gofeed's feeds."""
    for answer in sorted(folder.glob("*/*.json")):
        file = answer.with_suffix(".xml")
        if not file.exists() or answer.parent.name not in ("rss", "atom"):
            continue
        data = json.loads(answer.read_bytes())
        first = next(iter((data.get("items") or data.get("entries") or []) if isinstance(data, dict) else []), {})
        link = first.get("link") or next((x["href"] for x in first.get("links", []) if _page_link(x)), "")
        date = first.get("pubDateParsed") or first.get("publishedParsed") or first.get("updatedParsed") or ""
        if first.get("title"):
            yield Case(file, "title", first["title"])
        if isinstance(link, str) and link.startswith("http"):
            yield Case(file, "link", link)
        if date:
            yield Case(file, "date", date[:16].replace("T", " "))


def _page_link(link: Any) -> bool:
    return isinstance(link, dict) and link.get("rel", "alternate") == "alternate" and "href" in link


# The readers


def ours(body: bytes, what: str) -> str:
    """Ask our reader for one field of the first entry."""
    entries = parse_feed(body, "", URL).entries
    if not entries and what != "link":
        entries = parse_feed(_addressed(body), "", URL).entries
    if not entries:
        return ""
    entry: Entry = entries[0]
    dated = _moment(entry.published or entry.updated)
    told = {"title": entry.title, "summary": entry.summary, "link": entry.url, "id": entry.guid, "date": dated}
    told["author"] = next(iter(entry.authors), "")
    return told[what]


def theirs(body: bytes, what: str) -> str:
    """Ask feedparser, as it comes."""
    found = feedparser.parse(body, response_headers={"content-location": URL, "content-type": "application/xml"})
    if not found.entries:
        return ""
    entry = found.entries[0]
    if what == "date":
        time = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
        return f"{time[0]:04}-{time[1]:02}-{time[2]:02} {time[3]:02}:{time[4]:02}" if time else ""
    if what == "author":
        return str(next(iter(entry.get("authors") or [{}])).get("name") or "")
    value = str(dict.get(entry, what) or "")
    return value if what in ("link", "id") else plain(value)


def fast(body: bytes, what: str) -> str:
    """Ask fastfeedparser, as it comes."""
    try:
        entries = fastfeedparser.parse(body).get("entries") or []
    except Exception:  # noqa: BLE001 - it raises whatever its parsers raise
        return ""
    if not entries:
        return ""
    if what == "date":
        return _moment(entries[0].get("published") or entries[0].get("updated"))
    value = str(entries[0].get({"summary": "description"}.get(what, what)) or "")
    return value if what in ("link", "id") else plain(value)


def _moment(printed: str | None) -> str:
    written = iso(printed)
    if written is None:
        return ""
    time = datetime.fromisoformat(written)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def _addressed(body: bytes) -> bytes:
    """Give the first entry an address."""
    atom = re.search(rb"<((?:\w+:)?)entry\b[^>]*>", body)
    if atom:
        return body[: atom.end()] + b'<%slink href="%s"/>' % (atom[1], _ADDRESS.encode()) + body[atom.end() :]
    item = re.search(rb"<item\b[^>]*>", body, re.IGNORECASE)
    if item is None:
        return body
    return body[: item.end()] + b"<link>%s</link>" % _ADDRESS.encode() + body[item.end() :]


def is_right(case: Case, got: str) -> bool:
    """Compare as text: a written answer is HTML in some cases and has a "<" of its own in others."""
    wanted = {case.expected.strip()}
    if case.what in ("title", "summary"):
        wanted |= {plain(case.expected), squeeze(case.expected)}
    return got.strip() in wanted


def measure(cases: list[Case], readers: dict[str, Reader]) -> dict[str, Counter[str]]:
    """Count the right answers of each reader by field; "all" is how many there are."""
    right: dict[str, Counter[str]] = {name: Counter() for name in ("all", *readers)}
    for case in cases:
        body = case.file.read_bytes()
        right["all"][case.what] += 1
        for name, reader in readers.items():
            right[name][case.what] += is_right(case, reader(body, case.what))
    return right


READERS: dict[str, Reader] = {"presswatch": ours, "feedparser": theirs, "fastfeedparser": fast}


def main(corpus: Path) -> None:
    """Print the table, and with -v what we get wrong."""
    warnings.simplefilter("ignore", DeprecationWarning)
    feeds = corpus / "feeds"
    for name, cases in (
        ("feedparser", list(feedparser_cases(feeds / "feedparser"))),
        ("gofeed", list(gofeed_cases(feeds / "gofeed" / "parser"))),
    ):
        right = measure(cases, READERS)
        print(f"{name:12}" + "".join(f"{reader:>16}" for reader in right))
        for what in right["all"]:
            print(f"  {what:10}" + "".join(f"{right[reader][what]:>16}" for reader in right))
        if "-v" in sys.argv:
            for case in cases:
                if not is_right(case, got := ours(case.file.read_bytes(), case.what)):
                    print(case.file, case.what, f"\n    expected {case.expected!r}\n    got      {got!r}")


if __name__ == "__main__":
    main(Path(__file__).parents[3] / "shared" / "corpus")
