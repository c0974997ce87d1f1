"""Times, numbers and names as the pages say them; never more exact than what is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from babel import Locale

from crawler.records import Article
from crawler.urls import is_fetchable
from digest.content import clean

_LOCALE = Locale.parse("en_GB")


def day(at: date) -> str:
    """Write a day: 6 Nov 2019."""
    return f"{at.day} {at:%b} {at.year}"


def moment(at: datetime | None) -> str:
    """Write a time of ours: 6 Nov 2019, 19:13 UTC."""
    if at is None:
        return "never"
    at = at.astimezone(UTC)
    return f"{day(at)}, {at:%H:%M} UTC"


def span(length: timedelta) -> str:
    """Say how long something takes, never more exact than one of its units: 45 s, 12 min, 8 h, 3 days."""
    seconds = max(length.total_seconds(), 0.0)
    for unit, one, most in (("s", 1, 120), ("min", 60, 120), ("h", 3_600, 48)):
        if seconds < one * most:
            return f"{seconds / one:.0f} {unit}"
    return f"{seconds / 86_400:.0f} days"


def ago(at: datetime | None, now: datetime) -> str:
    """Say how long ago something was, or how soon it is: 12 min ago, in 8 h, now, never."""
    if at is None:
        return "never"
    if abs(now - at) < timedelta(seconds=1):
        return "now"
    return f"{span(now - at)} ago" if at < now else f"in {span(at - now)}"


def when(article: Article) -> str:
    """Tell when an article was published, or that this is not known."""
    if article.published_precision == "none" or not article.published:
        return f"undated, seen {moment(article.first_seen)}" if article.first_seen else "undated"
    try:
        printed = datetime.fromisoformat(article.published)
    except ValueError:
        return clean(article.published)
    if article.published_precision == "day":
        return day(printed)
    if article.published_utc is not None:
        return moment(article.published_utc)
    return f"{day(printed)}, {printed:%H:%M} (zone not known)"


def count(number: int, one: str, many: str = "") -> str:
    """Count things: 1 article, 1,314 articles."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def share(article: Article) -> str:
    """Say how much of an article stands in the one whose text it has; "" when that is not known."""
    return "" if article.copy_score is None else f"{article.copy_score:.0%} of its text stands there"


def language(code: str) -> str:
    """Name a language: zh is Chinese."""
    return str(_LOCALE.languages.get(code.split("-", maxsplit=1)[0].lower(), code))


def country(code: str) -> str:
    """Name a country: cn is China."""
    return str(_LOCALE.territories.get(code.upper(), code))


def address(url: str | None) -> str:
    """Give an address that may be linked, "" for any but http(s)."""
    return url if url and is_fetchable(url) else ""


def masked(address: str) -> str:
    """Name somebody who gets mails so that they know themselves, and nobody else them."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
