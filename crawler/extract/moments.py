"""Tells one moment by two clocks: that which is written for machines, with its zone, and the page's own."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.dates import Printed, read, read_machine
from crawler.extract.page import squeeze

#: What systems write of a field that holds a day only: Drupal's noon in UTC.
_NO_TIME = re.compile(r"T12:00:00(?:\+00:00|Z)$")
#: So many <time> elements of a page are looked at.
_MOST = 60


def has_offset(printed: Printed) -> bool:
    """Tell whether a date has a time, and that its zone."""
    return printed.precision != "day" and datetime.fromisoformat(printed.iso).tzinfo is not None


def in_local_time(machine: Printed, shown: Printed) -> Printed | None:
    """Write a moment by the clock that the page prints; None where they are not one moment."""
    moment, local = datetime.fromisoformat(machine.iso), datetime.fromisoformat(shown.iso)
    if moment.tzinfo is None or shown.precision == "day" or local.tzinfo is not None:
        return None
    shift = local - moment.replace(tzinfo=None) + (moment.utcoffset() or timedelta())
    minutes = round(shift.total_seconds() / 60)
    quarter = 15 * round(minutes / 15)
    if abs(minutes - quarter) > 1 or not -12 * 60 <= quarter <= 14 * 60:
        return None
    there = moment.astimezone(timezone(timedelta(minutes=quarter)))
    return Printed(there.isoformat(), machine.precision)


def as_shown(machine: Printed, shown: Printed | None) -> Printed:
    """Give a moment of machines, or the day that readers see where it is one off, by the clock of the page's place."""
    if shown is not None and shown.precision == "day" and _NO_TIME.search(machine.iso):
        return Printed(machine.day, "day") if shown.day == machine.day else shown
    if shown is None or shown.day == machine.day:
        return machine
    apart = date.fromisoformat(shown.day) - date.fromisoformat(machine.day)
    return (in_local_time(machine, shown) or shown) if abs(apart.days) == 1 else machine


def in_time_element(printed: Printed, tree: HtmlElement, language: str) -> Printed | None:
    """Find the moment, with its zone, of the <time> that prints a date, whatever label or box it stands in."""
    for element in islice(tree.iter("time"), _MOST):
        value = element.get("datetime")
        machine = read_machine(value) if value else None
        if machine is None or not has_offset(machine):
            continue
        shown = read(squeeze(" ".join(islice(element.itertext(), 12)))[:120], language)
        if shown is not None and shown.iso[:16] == printed.iso[:16] and in_local_time(machine, shown):
            return as_shown(machine, shown)
    return None
