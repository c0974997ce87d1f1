"""What a backfill asks for and what it leaves: which lists and entries can hold articles of its window. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qs, urlsplit

from crawler.records import Article, Entry
from crawler.spiders.section import is_furniture_address
from crawler.urls import normalise, same_site

#: What a time that is printed without a zone may lie beside UTC.
_ZONES = timedelta(hours=14)
_DAY = timedelta(days=1)
#: Before the web there were no pages: a sitemap that says so has no clock.
_FIRST_YEAR = 1994
_YEAR, _MONTH, _MONTHDAY = r"(?:19|20)\d\d", r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
#: Dates as parts of addresses, the exact ones first; after them stands no further digit.
_IN_ADDRESS = (
    re.compile(rf"(?<!\d)({_YEAR})[/_.-]({_MONTH}|[1-9])[/_.-]({_MONTHDAY}|[1-9])(?!\d)"),
    re.compile(rf"(?<!\d)({_YEAR})({_MONTH})({_MONTHDAY})(?!\d)"),
    re.compile(rf"(?<!\d)({_YEAR})[/_.-]({_MONTH})({_MONTHDAY})(?!\d)"),
    re.compile(rf"(?<!\d)({_YEAR})[/_.-]({_MONTH}|[1-9])()(?![\d])"),
    re.compile(rf"(?<!\d)({_YEAR})({_MONTH})()(?!\d)"),
    re.compile(rf"(?<!\d)({_YEAR})()()(?!\d)"),
)
_NAMES = {
    "year": ("year", "y", "yyyy", "yr", "jahr", "ano", "annee", "anno", "god"),
    "month": ("month", "m", "mm", "mon", "monat", "mes", "mois", "mese"),
    "day": ("day", "d", "dd", "tag", "dia", "jour", "giorno"),
}
_LIST_FILE = re.compile(r"(?:/(?:index|default|all|news|archive))?(?:\.[a-z]{2,5})?/*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Window:
    """The time of which articles are wanted."""

    since: datetime
    now: datetime

    def holds(self, period: Period) -> bool:
        """Tell whether some of the days of a list may lie inside."""
        return (self.since - _DAY).date() <= period.last and period.first <= (self.now + _DAY).date()

    def is_older(self, printed: str) -> bool:
        """Tell whether a time as printed lies before; what is not dated does not."""
        latest = latest_moment(printed)
        return latest is not None and latest < self.since

    def is_too_old(self, entry: Entry) -> bool:
        """Tell whether an entry was certainly published before."""
        return any(latest < self.since for latest in _latest(entry))


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a list is of."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Sifted:
    """The entries of a list: those that are wanted, and how many are not, by reason."""

    wanted: tuple[Entry, ...]
    left: Counter[str]
    #: The earliest time by which a wanted entry was published; None when none says anything.
    oldest: datetime | None


def sift(entries: Iterable[Entry], window: Window, site: str) -> Sifted:
    """Choose the entries of a list that may be articles of the window, the newest first."""
    found: dict[str, tuple[datetime, Entry]] = {}
    left: Counter[str] = Counter()
    times: list[datetime] = []
    ours: dict[str, bool] = {}  # by host: fifty thousand entries are of one or two
    for entry in entries:
        url = normalise(entry.url)
        if url is None:
            left["address refused" if entry.url.strip() else "no address"] += 1
        elif not _is_of(url, site, ours):
            left["other site"] += 1
        elif window.is_too_old(entry):
            left["too old"] += 1
        elif not entry.title and is_furniture_address(url):
            left["not an article"] += 1
        else:
            latest = _latest(entry)
            times += latest[:1]
            found.setdefault(url, (min(latest, default=window.since), entry))
    newest_first = sorted(found.values(), key=lambda item: item[0], reverse=True)
    return Sifted(tuple(entry for _, entry in newest_first), left, min(times, default=None))


def _is_of(url: str, site: str, known: dict[str, bool]) -> bool:
    host = url.split("/", 3)[2]
    if host not in known:
        known[host] = same_site(url, site)
    return known[host]


def _latest(entry: Entry) -> list[datetime]:
    """List the times before which an entry was published, by all that it says; the most telling first."""
    found = [latest for printed in (entry.published,) if (latest := latest_moment(printed))]
    period = period_in(entry.url)
    if period is not None:
        found.append(datetime.combine(period.last, time.max, UTC) + _ZONES)
    # Nothing was changed before it was published.
    found += [latest for printed in (entry.updated,) if (latest := latest_moment(printed))]
    return found


def latest_moment(printed: str | None) -> datetime | None:
    """Say before when something happened that is dated like this; None when it is not dated."""
    try:
        moment = datetime.fromisoformat(printed or "")
        if moment.year < _FIRST_YEAR:
            return None
        if len(printed or "") <= 10:
            moment += _DAY
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC) + _ZONES
    except (ValueError, OverflowError):
        return None


def article_is_too_old(article: Article, since: datetime) -> str:
    """Say when an article was published that lies before a backfill's window; "" when it does not, or is undated."""
    latest = article.published_utc
    if latest is None or article.published_precision == "day":
        latest = latest_moment(article.published)
    return f"published {article.published}, before {since:%Y-%m-%d}" if latest and latest < since else ""


# Days in addresses


def period_in(url: str) -> Period | None:
    """Read the days that an article's address names; None when it names none."""
    path = urlsplit(url).path
    for form in _IN_ADDRESS[:-1]:  # a year alone says nothing of one article
        for found in form.finditer(path):
            # "forty-years-after-1986-04-26" tells of a day; it was not written on it.
            told = path[: found.start()].endswith("-") and not found[0].isdigit()
            if not told and (period := _period(*found.groups())) is not None:
                return period
    return None


def period_of(url: str, *, anywhere: bool = False) -> Period | None:
    """Read the days that a list is of, by its address: /2026/11/05/, ?year=2026&month=11, sitemap-2026-11.xml.

    The date ends the address, else it would be one of an article; ``anywhere`` is for sitemaps.
    """
    parts = urlsplit(url)
    if (asked := _asked(parts.query)) is not None:
        return asked
    path = parts.path if anywhere else _LIST_FILE.sub("", parts.path)
    for form in _IN_ADDRESS:
        for found in form.finditer(path):
            if (anywhere or found.end() == len(path)) and (period := _period(*found.groups())) is not None:
                return period
    return None


def _asked(query: str) -> Period | None:
    """Read the days that a query names."""
    values = {name.lower(): found[-1] for name, found in parse_qs(query).items()}
    parts = [next((values[name] for name in _NAMES[part] if name in values), "") for part in _NAMES]
    if re.fullmatch(_YEAR, parts[0]) and (period := _period(*parts)) is not None:
        return period
    for value in values.values():
        for form in _IN_ADDRESS[:-1]:
            if (found := form.fullmatch(value)) and (period := _period(*found.groups())) is not None:
                return period
    return None


def _period(year: str, month: str, day: str) -> Period | None:
    try:
        if not month:
            return Period(date(int(year), 1, 1), date(int(year), 12, 31))
        last = monthrange(int(year), int(month))[1]
        if not day:
            return Period(date(int(year), int(month), 1), date(int(year), int(month), last))
        one = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return Period(one, one)
