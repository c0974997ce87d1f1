"""Chooses when a text was published and changed, from what the page declares, marks and prints."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile

from crawler.extract import last_resort
from crawler.extract.byline import Byline
from crawler.extract.dates import Printed, clean, find_spans, may_hold, read
from crawler.extract.loose import Loose
from crawler.extract.moments import has_offset, in_local_time, in_time_element
from crawler.extract.page import ParsedPage

#: A date and where it was read.
Dated = tuple[Printed, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """The date of publication, and the one that would have been it if it did not lie in the future."""

    published: Dated | None
    refused: Dated | None = None

    @property
    def why(self) -> str:
        """Tell why a date was refused; "" when none was."""
        if self.refused is None:
            return ""
        return f"{self.refused[0].iso} ({self.refused[1]}): more than a day after the page was read"


#: Meta names that many systems fill with the time of the request or of the last change.
_WEAK = frozenset(
    ("meta date", "meta timestamp", "meta dc.date", "meta dcterms.date", "json-ld dateCreated", "microdata dateCreated")
)
#: Evidence that tells of a day, and not that it is the publication's.
_LOOSE = frozenset(("time", "date line", "line below the text", "card of the page", "htmldate"))
#: Evidence of elements that readers see.
_MARKED = frozenset(("time", "microdata"))
#: So many lines about the headline are looked at for a day, and so much of each.
_NEAR, _LINE = 8, 200
_PRINTED = frozenset(("byline", "date line"))
_URL_DAY = (
    # With a month that is named or short: /2017/7/12/, /2023/october/03/.
    re.compile(r"/(?P<year>(?:19|20)\d\d)/(?P<month>\d{1,2}|[a-z]{3,9})/(?P<day>\d{1,2})(?=/|$)", re.IGNORECASE),
    re.compile(
        r"/(?P<year>(?:19|20)\d\d)[/-]?(?P<month>0[1-9]|1[0-2])[/-]?(?P<day>0[1-9]|[12]\d|3[01])(?=[/_.-]|$|[a-z])"
    ),
    re.compile(r"/(?P<day>0[1-9]|[12]\d|3[01])-(?P<month>0[1-9]|1[0-2])-(?P<year>20\d\d)(?=[/_.-]|$)"),
)


def choose_published(
    declared: Sequence[Dated],
    modified: Sequence[Dated],
    byline: Byline,
    loose: Loose,
    feed: Printed | None,
    page: ParsedPage,
    language: str,
    now: datetime | None,
    *,
    credited: bool = False,
) -> Choice:
    """Choose the date of publication, if anything on the page is one; ``credited``: the text is another house's."""
    loose = _with_first(loose, byline, credited=credited)
    shown = _Shown(byline, loose, _only_changed(declared, modified, page, loose, language))
    printed, far = shown.dates(declared)
    machine = [item for item in declared if item[1] not in _WEAK and item[1] != "time"]
    changes = byline_change(byline, loose)
    last = _last_change([*changes, *modified], [value for value, _ in machine] + ([feed] if feed else []))
    printed = [item for item in printed if not _is_after(item, last, shown)]
    far = [item for item in far if not _is_after(item, last, shown)]
    if len({value.day for value, where in machine if where == "microdata"}) > 1:
        # Microdata of several days is that of several texts: only the one that the page shows is its own.
        far += [item for item in machine if item[1] == "microdata" and item[0].day not in shown.days]
        machine = [item for item in machine if item not in far]
    weak: list[Dated] = [(feed, "feed")] if feed else []
    # What is later than a change that the page shows is a later change, or the time of the request.
    weak += [item for item in declared if item[1] in _WEAK and not any(day.day < item[0].day for day, _ in changes)]
    if len({value.day for value in loose.below}) == 1:
        weak.append((loose.below[0], "line below the text"))
    weak += [(byline.aside, "byline")] if byline.aside else []
    in_url = day_of_url(page.url)
    if in_url:
        weak.append((in_url, "url"))
    weak += [(value, "date line") for value in loose.original]
    changed = [(value, f"last change ({where})") for value, where in (*changes, *modified)]
    changed = [(value, where) for value, where in changed if value.day not in loose.of_page or "line" not in where]
    every = (*machine, *printed, *weak, *far)
    ranked = [item for item in every if believable(item[0], now)]
    if not ranked:
        # What only tells of a change is the latest day on which the text can have been published.
        guessed = last_resort.guess(page, language, loose, now)
        guessed = None if guessed and _is_after(guessed, last, shown) else guessed
        left = ([guessed] if guessed and guessed[0].day not in {item[0].day for item in changed} else []) + changed
        return _first(left, now, (*every, *left))
    best = ranked[0]
    if best in machine:
        best = _against_shown(machine, [item for item in printed if believable(item[0], now)], shown, in_url, modified)
    if best[0].precision == "day":
        # The same day may be told more finely elsewhere on the page.
        finer = [item for item in ranked if item[0].day == best[0].day and item[0].precision != "day"]
        best = finer[0] if finer else best
    best = _with_offset(best, declared, page, language)
    return Choice(
        best,
        next(
            (item for item in takewhile(lambda item: item[0].day != best[0].day, every) if is_late(item[0], now)), None
        ),
    )


def _with_first(loose: Loose, byline: Byline, *, credited: bool) -> Loose:
    """Tell whose the day is of "Originally published: 3 May 2024", where no house is named beside it.

    It is the page's own where the page prints that it was changed later, and the original's where the text is credited
    to another house. Else it dates the page only where nothing else does: nobody else is named who can have published
    the text first, and a carrier that has a day of its own prints it.
    """
    if not loose.original or credited:
        return replace(loose, original=[])
    changed = [value.day for value, _ in byline_change(byline, loose)]
    own = [value for value in loose.original if changed and value.day <= max(changed)]
    return replace(loose, first=[*loose.first, *own], original=[] if own else loose.original)


def _only_changed(
    declared: Sequence[Dated], modified: Sequence[Dated], page: ParsedPage, loose: Loose, language: str
) -> set[str]:
    """Give the days that elements are marked with as those of a change, where another is marked and shown beside it."""
    changed = {value.day for value, where in modified if where in _MARKED}
    published = {value.day for value, where in declared if where in _MARKED}
    if not published or not changed - published:
        return set()
    if not any(where == "time" for _, where in declared):
        # Microdata may be hidden; readers see the other day, too.
        title = loose.title_at or loose.first_at
        about = [line.text for line in page.lines[max(0, title - _NEAR) : title + _NEAR] if may_hold(line.text)]
        shown = {printed.day for text in about for _, _, printed in find_spans(clean(text[:_LINE]), language)}
        published &= shown
    return changed - published if published else set()


def _with_offset(best: Dated, declared: Sequence[Dated], page: ParsedPage, language: str) -> Dated:
    """Give a printed moment with its offset, where an element or the head has the same moment with one."""
    if best[0].precision == "day" or has_offset(best[0]):
        return best
    same = next((item for item in declared if item[0].iso[:16] == best[0].iso[:16] and has_offset(item[0])), None)
    if same is not None:
        return same
    found = in_time_element(best[0], page.tree, language)
    return (found, "time") if found else best


def _first(items: Sequence[Dated], now: datetime | None, every: Sequence[Dated]) -> Choice:
    """Choose the first that can be a date of publication."""
    best = next((item for item in items if believable(item[0], now)), None)
    return Choice(best, next((item for item in every if is_late(item[0], now)), None))


def _last_change(changes: Sequence[Dated], published: Sequence[Printed]) -> str | None:
    """Give the last day on which the page declares or prints that it changed, and one more for zones.

    None where its declared publication is later: systems that plan ahead write the change first.
    """
    days = [value.day for value, where in changes if where in _PRINTED or where.startswith(("meta ", "json-ld"))]
    last = (date.fromisoformat(max(days)) + timedelta(days=1)).isoformat() if days else None
    return last if last and not any(value.day > last for value in published) else None


def _is_after(item: Dated, last: str | None, shown: _Shown) -> bool:
    """Tell whether a date that nobody labels as the publication is later than the last change: it is another's."""
    return last is not None and item[1] in _LOOSE and item[0].day > last and item[0].day not in shown.labelled


def choose_of_live(
    declared: Sequence[Dated], byline: Byline, feed: Printed | None, url: str, now: datetime | None
) -> Choice:
    """Choose the date of a live blog: what its page declares; the times that it prints are those of its posts."""
    machine = [item for item in declared if item[1] not in _WEAK and item[1] != "time"]
    printed: list[Dated] = [(byline.published, "byline")] if byline.published else []
    weak: list[Dated] = [(feed, "feed")] if feed else []
    if in_url := day_of_url(url):
        weak.append((in_url, "url"))
    every = (*machine, *printed, *weak)
    return _first(every, now, every)


class _Shown:
    """The dates that a page prints about its headline."""

    def __init__(self, byline: Byline, loose: Loose, changed: Collection[str]):
        """Read them; ``changed`` are the days that elements are marked with as those of changes only."""

        def own(dates: Sequence[Printed]) -> list[Printed]:
            return [value for value in dates if value.day not in changed or value.day in loose.labelled]

        self.first = loose.first
        under, above = own(loose.under), own(loose.above)
        #: The days of its time elements, wherever they stand.
        self.times: set[str] = set()
        self.byline = own([byline.published] if byline.published else [])
        self.lines = [*under[:1]]
        if len({value.day for value in above}) == 1:
            self.lines.append(above[0])
        self.under = {value.day for value in under[:1]}
        self.opening = loose.opening[:1]
        self.labelled = loose.labelled | {value.day for value in (*self.byline, *loose.below)}
        near = (*self.byline, *under[:3], *above)
        #: Those of lines that are nothing else.
        self.days = {value.day for value in near}

    def dates(self, declared: Sequence[Dated]) -> tuple[list[Dated], list[Dated]]:
        """List what is printed about the headline, the best first, and the dates of elements that stand elsewhere."""
        times = [item for item in declared if item[1] == "time"]
        self.times = {item[0].day for item in times}
        shown = self.days | self.labelled
        near = [item for item in times if item[0].day in shown]
        printed = [(value, "date line") for value in self.first]
        printed += [(value, "byline") for value in self.byline]
        printed += [*near, *((value, "date line") for value in (*self.lines, *self.opening))]
        return printed, [item for item in times if item not in near]


def byline_change(byline: Byline, loose: Loose) -> list[Dated]:
    """List the dates of change that are printed about the headline."""
    found = [(byline.modified, "byline")] if byline.modified else []
    return found + [(value, "date line") for value in loose.modified[:1]]


def _against_shown(
    machine: Sequence[Dated],
    printed: Sequence[Dated],
    shown: _Shown,
    in_url: Printed | None,
    modified: Sequence[Dated],
) -> Dated:
    """Choose between the dates that are declared and what is printed about the headline."""
    best = machine[0]
    printed = [item for item in printed if item[0] not in shown.first]
    if not printed or printed[0][0].day == best[0].day or (in_url and in_url.day == best[0].day):
        return best
    # Of two dates that are declared, the one that readers see.
    agreeing = [item for item in machine if item[0].day in shown.days]
    if agreeing and best[0].day not in shown.days:
        return agreeing[0]
    seen = printed[0]
    apart = (date.fromisoformat(seen[0].day) - date.fromisoformat(best[0].day)).days
    if seen[0] in shown.opening or best[0].day in shown.days or best[0].day in shown.times:
        return best
    if abs(apart) == 1:
        # The same moment by two clocks: the page prints the day of its own place.
        by_zone = seen[1] != "time" or seen[0].precision != "day" or (in_url and in_url.day == seen[0].day)
        return _in_local_time(best, seen) if by_zone or _by_zone(best[0], apart) else best
    changes = {item[0].day for item in modified}
    if (
        _swapped(best[0], seen[0])
        or seen[0].day in changes
        or (seen[1] == "time" and seen[0].day not in shown.days | shown.labelled)
    ):
        # A printed day that the page declares to be that of its last change is no day of publication.
        return best
    if seen[1] != "time" or seen[0].day in shown.labelled or seen[0].day in shown.under:
        return seen
    # A system that declares its last change as the publication, too, says nothing of the publication.
    return seen if best[0].day in changes and apart < 0 else best


def _by_zone(moment: Printed, apart: int) -> bool:
    """Tell whether a moment in UTC falls on the next or the last day by the clock of some place with much press."""
    value = datetime.fromisoformat(moment.iso)
    if moment.precision == "day" or (value.utcoffset() or timedelta()):
        return False
    return value.hour >= 21 if apart > 0 else value.hour < 8


def _swapped(one: Printed, other: Printed) -> bool:
    """Tell whether two days are the same figures, with day and month in the other order."""
    return one.day[:4] == other.day[:4] and one.day[5:] == f"{other.day[8:]}-{other.day[5:7]}"


def _in_local_time(machine: Dated, seen: Dated) -> Dated:
    """Write a declared moment by the clock that the page prints, when both are the same moment."""
    there = in_local_time(machine[0], seen[0])
    return (there, machine[1]) if there else seen


def choose_modified(declared: Sequence[Dated], byline: Byline, loose: Loose, now: datetime | None) -> Dated | None:
    """Choose the date of the last change."""
    candidates = [*declared, *byline_change(byline, loose)]
    return next((item for item in candidates if believable(item[0], now)), None)


def believable(printed: Printed, now: datetime | None) -> bool:
    """Doubt dates before the web and after the fetch (a day is left for zones)."""
    return printed.day >= "1990" and not is_late(printed, now)


def is_late(printed: Printed, now: datetime | None) -> bool:
    """Tell whether a date lies more than a day after the page was read: nothing is published before it is."""
    return now is not None and printed.day > (now + timedelta(days=1)).date().isoformat()


def day_of_url(url: str) -> Printed | None:
    """Read the day that an address names; a year and a month alone are no day."""
    for pattern in _URL_DAY:
        match = pattern.search(url)
        if match:
            day, month, year = match["day"], match["month"], match["year"]
            return read(f"{day} {month} {year}" if month.isalpha() else f"{year}-{month}-{day}", "en")
    return None
