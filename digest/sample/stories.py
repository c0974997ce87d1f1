"""Reads the demo's outlets and articles, and gives them the dates of the days before now."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from crawler.records import Source
from digest.sample.press import WAYS, Item, Outlet, Press

#: The newest article of a story is at least this old: a site needs time to show what it publishes.
_FRESH = timedelta(minutes=12)
_DAY = re.compile(r"\{(weekday|date)([+-]\d+)?\}")
#: How a language writes a day without its year.
_DATES = {"zh": "M月d日", "uk": "d MMMM"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """An article as its file tells it, with its times."""

    outlet: str
    published: datetime
    told: Mapping[str, Any]


def demo_press(now: datetime) -> Press:
    """Make the demo's press as it stands at a time: the newest articles are minutes or hours old."""
    outlets = _outlets()
    pieces = [piece for name in _stories() for piece in _placed(_toml(name), now)]
    named = {piece.told["id"]: piece for piece in pieces if "id" in piece.told}
    items: dict[str, list[Item]] = {key: [] for key in outlets}
    later = []
    for piece in pieces:
        outlet = outlets[piece.outlet]
        item = _item(piece, outlet, named, outlets)
        items[piece.outlet].append(item)
        if "later" in piece.told:
            text = piece.told["later"]
            revised = replace(
                item, title=text["title"], text=_paragraphs(text["text"], piece, outlet), updated=_local(now, outlet)
            )
            later.append((outlet.host, revised))
    return Press((replace(outlet, items=tuple(items[key])) for key, outlet in outlets.items()), later)


def demo_sources() -> list[Source]:
    """List the demo's sources, as its configuration names them."""
    return [outlet.source for outlet in _outlets().values()]


def _outlets() -> dict[str, Outlet]:
    return {key: _outlet(key, told) for key, told in _toml("outlets.toml").items()}


def _folder() -> Traversable:
    return files("digest.sample") / "demo"


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((_folder() / name).read_text(encoding="utf-8"))


def _stories() -> list[str]:
    return sorted(entry.name for entry in _folder().iterdir() if entry.name.startswith("story-"))


def _outlet(key: str, told: Mapping[str, Any]) -> Outlet:
    way = told["ways"][0]
    homepage = f"http://{told['host']}/"
    address = (homepage.rstrip("/") + WAYS[way],)
    source = Source(
        key=key,
        name=told["name"],
        homepage=homepage,
        country=told.get("country", ""),
        language=told["language"],
        timezone=told["timezone"],
        kind=told["kind"],
        control=told["control"],
        owner=told.get("owner", ""),
        feeds=address if way in ("rss", "atom", "json") else (),
        sitemaps=address if way == "sitemap" else (),
        sections=address if way == "section" else (),
    )
    return Outlet(
        source,
        ways=frozenset(told["ways"]),
        layout=told["layout"],
        sections=told["sections"],
        words=told["words"],
        disallow=tuple(told.get("disallow", ())),
        broken=told.get("broken", False),
    )


def _placed(story: Mapping[str, Any], now: datetime) -> list[_Piece]:
    """Date a story's articles: hours and order as told, moved by whole days so that the newest is just over."""
    articles = story["article"]
    groups = [[article] for article in articles] if story.get("apart") else [articles]
    pieces = []
    for group in groups:
        offsets = [_offset(article["at"]) for article in group]
        # A story that ended some days before is moved as if it had ended on the last one.
        last = max(offset % timedelta(days=1) if story.get("apart") else offset for offset in offsets)
        base = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
        if base + last > now - _FRESH:
            base -= timedelta(days=1)
        pieces += [_Piece(a["outlet"], base + offset, a) for a, offset in zip(group, offsets, strict=True)]
    return pieces


def _offset(at: str) -> timedelta:
    day, _, clock = at.partition(" ")
    hours, _, minutes = clock.partition(":")
    # Seconds and odd minutes that look like an editor's, the same on every run.
    return timedelta(days=int(day), hours=int(hours), minutes=int(minutes), seconds=sum(at.encode()) * 7 % 60)


def _item(piece: _Piece, outlet: Outlet, named: Mapping[str, _Piece], outlets: Mapping[str, Outlet]) -> Item:
    told = piece.told
    origin = named[told["copy"]] if "copy" in told else piece
    source = outlets[origin.outlet]
    text = _paragraphs(origin.told["text"], origin, source)[: told.get("keep")]
    for old, new in told.get("replace", ()):
        text = tuple(paragraph.replace(old, new) for paragraph in text)
    if "credit_line" in told:
        text = (*text[:-1], f"{text[-1]} {told['credit_line']}")
    copied = origin is not piece
    return Item(
        target=_target(told["path"], piece.published, outlet),
        title=told.get("title") or origin.told["title"],
        text=text,
        lead=told.get("lead", ""),
        authors=tuple(told.get("authors") or origin.told.get("authors", ())),
        published=_local(piece.published, outlet),
        section=told["section"],
        credit=source.source.name if copied else "",
        credit_published=_local(origin.published, source) if copied else None,
        paywalled=told.get("paywalled", False),
    )


def _target(path: str, published: datetime, outlet: Outlet) -> str:
    """Put the day into the address, as each kind of site does."""
    section, _, slug = path.partition("/")
    if outlet.layout == "republisher" or section == "syndication":
        return f"/{path}"
    return f"/{section}/{_local(published, outlet):%Y/%m/%d}/{slug}"


def _paragraphs(text: str, piece: _Piece, outlet: Outlet) -> tuple[str, ...]:
    language = outlet.source.language
    day = _local(piece.published, outlet).date()
    written = _DAY.sub(lambda found: _day(found, day, language), text)
    return tuple(" ".join(part.split()) for part in written.strip().split("\n\n"))


def _day(found: re.Match[str], day: date, language: str) -> str:
    other = day + timedelta(days=int(found[2] or 0))
    pattern = "EEEE" if found[1] == "weekday" else _DATES.get(language, "d MMMM")
    return format_date(other, pattern, locale=language)


def _local(moment: datetime, outlet: Outlet) -> datetime:
    return moment.astimezone(ZoneInfo(outlet.source.timezone or "UTC")).replace(microsecond=0)
