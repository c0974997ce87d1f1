"""Chooses when a text was published and changed, from what the page declares, marks and prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from htmldate import find_date

from crawler.extract.byline import Byline
from crawler.extract.dates import Printed, clean, find_spans, read_machine, weekdays
from crawler.extract.labels import LABELS
from crawler.extract.page import Line, ParsedPage

#: A page that prints more days than these outside its furniture lists other texts or events.
_MANY_DAYS = 3
#: A date and where it was read.
Dated = tuple[Printed, str]

#: Meta names that many systems fill with the time of the request or of the last change.
_WEAK = frozenset(
    ("meta date", "meta timestamp", "meta dc.date", "meta dcterms.date", "json-ld dateCreated", "microdata dateCreated")
)
_URL_DAY = (
    re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$|[a-z])"),
    re.compile(r"/(?P<day>0[1-9]|[12]\d|3[01])-(?P<month>0[1-9]|1[0-2])-(?P<year>20\d\d)(?=[/_.-]|$)"),
)


#: Labels that are everyday words: before a date in a sentence they promise nothing.
_EVERYDAY = frozenset(("on", "le", "issued", "created", "时间", "時間"))


def _words(kind: str) -> str:
    labels = sorted(set(LABELS[kind]) - _EVERYDAY, key=len, reverse=True)
    return "|".join(map(re.escape, labels))


_PUBLISHED_BEFORE = re.compile(
    rf"(?:^|[^\w])(?:{_words('published')}|(?:press release|pressemitteilung|meldung|artikel|beitrag|news)?\s?vom|"
    r"erstellt(?: am)?|written(?: on)?|post time|eingestellt am|mise en ligne|communiqué du|wurde(?: vor)? am)"
    r"\s*[:：]?\s*$",
    re.IGNORECASE,
)
_THIS_POST = re.compile(
    r"\b(?:dieser (?:beitrag|artikel|eintrag)|th(?:is|e) (?:entry|post|article)|cet article|ce billet|esta entrada|"
    r"este artículo|questo articolo|dit bericht|wurde am)\b",
    re.IGNORECASE,
)
_PUBLISHED_AFTER = re.compile(
    r"^.{0,24}?\b(?:veröffentlicht|gepostet|publiziert|publié|publicado|posted|published)\b", re.IGNORECASE
)
_MODIFIED_BEFORE = re.compile(
    rf"(?:^|[^\w])(?:{_words('modified')}|letzte (?:aktualisierung|änderung)|geändert(?: am)?|revised|reviewed|"
    r"last revision|zuletzt (?:am|bearbeitet))(?:\s+\w{2,4})?\s*[:：]?\s*$",
    re.IGNORECASE,
)
_NOT_THE_TEXT = re.compile(
    r"©|\bcopyright\b|\b(?:born|died|until|till|bis|since|seit|deadline|valid|expires?|joined|registered|version|build|"
    r"tel|phone|event|register|geboren|jusqu\w*|hasta)\b",
    re.IGNORECASE,
)
#: "publishedAt":"2019-..." in the state that a page gives to its scripts, escaped or not.
_IN_SCRIPT = re.compile(
    r"(?:date_?published|published_?(?:at|on|date|time)|publish_?(?:date|time)|publication_?(?:date|time))"
    r"(?:\\*[\"']|&quot;)?\s*[:=]\s*(?:\\*[\"']|&quot;)(\d{4}-\d\d-\d\d[^\"'\\&]{0,30})",
    re.IGNORECASE,
)
_SCRIPT = 500_000
_PICTURE = re.compile(r"\b(?:fotos?|photos?|images?|bild|picture)\b", re.IGNORECASE)
_SEPARATORS = r"|•·⋅・‧–—/\n()\[\]―»›<>"
_WORDS = re.compile(r"[^\W\d_]+")
_SMALL = frozenset((
    "on", "am", "vom", "den", "der", "le", "el", "du", "de", "del", "dei", "il", "em", "at", "um", "à", "uhr",
    "h", "hrs", "gmt", "utc", "est", "edt", "pst", "pdt", "cet", "cest", "mez", "kl", "klo", "mon", "tue",
    "tues", "wed", "thu", "thurs", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "mo", "di", "mi", "do", "fr", "sa", "so", "montag", "dienstag", "mittwoch",
    "donnerstag", "freitag", "samstag", "sonntag", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi",
    "dimanche", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo", "lunedì", "martedì",
    "mercoledì", "giovedì", "venerdì", "sabato", "domenica", "segunda", "terça", "quarta", "quinta", "sexta",
    "feira", "от", "в", "года", "год", "р", "dated", "date", "ngày",
))  # fmt: skip


@dataclass(slots=True)
class Loose:
    """The dates that a page prints about its headline and below its text, outside byline lines."""

    #: Under the headline, the best first.
    under: list[Printed] = field(default_factory=list)
    #: Above the headline.
    above: list[Printed] = field(default_factory=list)
    #: Below the text, with a word that says that it was published then.
    below: list[Printed] = field(default_factory=list)
    modified: list[Printed] = field(default_factory=list)
    #: The lines that are nothing but a date.
    lines: list[str] = field(default_factory=list)
    #: The last line of the text.
    last_at: int = 0
    #: Where the dates under the headline stand.
    places: list[int] = field(default_factory=list)


def read_loose(lines: Sequence[Line], title_at: int | None, first_at: int, last_at: int, language: str) -> Loose:
    """Read the dates that stand alone in a line, or alone between the marks of a line, about the headline and text."""
    loose = Loose(last_at=last_at)
    title = title_at if title_at is not None and title_at <= first_at + 5 else first_at
    end = min(len(lines), max(first_at, title + 1) + 7, max(last_at, title + 1) + 1)
    head = range(max(0, title - 5), min(end, title + 41))
    for at in (*head, *range(max(head.stop, first_at - 8), end)):
        line = lines[at]
        if at == title_at or (line.chrome and not title < at < max(first_at, title + 4)):
            continue
        opening = first_at <= at <= first_at + 3
        where = "under" if title < at <= title + 2 and at != first_at else "opening" if opening else ""
        said = _read(line.text, language, lines[at - 1].text if at else "", where)
        if said is None:
            continue
        kind, printed = said
        if kind == "modified":
            loose.modified.append(printed)
        else:
            (loose.under if at > title else loose.above).append(printed)
            if at > title:
                loose.places.append(at)
            if len(line.text) <= 60:
                loose.lines.append(line.text)
    for line in lines:
        if _THIS_POST.search(line.text[:40]):
            said = _read(line.text, language, "", "below")
            loose.below += [said[1]] if said else []
    for at in range(max(last_at + 1, end), min(len(lines), last_at + 13)):
        said = _read(lines[at].text, language, lines[at - 1].text, "below")
        if said and said[0] == "labelled":
            loose.below.append(said[1])
    return loose


def _read(text: str, language: str, before_line: str, where: str) -> tuple[str, Printed] | None:
    """Read a line's date and its kind: labelled, plain or modified; None when it can be any date."""
    if len(text) > 140 and where == "":
        return None
    text = clean(text[:200])
    spans = find_spans(text, language, short_years=True)
    if not spans or len(spans) > 3:
        return None
    start, end, printed = spans[0]
    before, after = text[:start].rstrip(), text[end:]
    near = start < 40 or where != "opening"
    if _MODIFIED_BEFORE.search(before) or (not before and _MODIFIED_BEFORE.search(before_line[-40:])):
        return ("modified", printed) if near else None
    if _NOT_THE_TEXT.search(f"{before} {after[:40]}") or _PICTURE.search(before):
        return None
    labelled = _PUBLISHED_BEFORE.search(before) and len(_WORDS.findall(before)) <= 5 and near
    if labelled or (not before and not _WORDS.search(after) and _PUBLISHED_BEFORE.search(before_line[-40:])):
        return "labelled", printed
    if (_PUBLISHED_AFTER.search(after) and start < 80) or (
        where == "below" and _THIS_POST.search(text) and start < 120
    ):
        return "labelled", printed
    if len(text) > 100:
        if where != "opening":
            return None
        alone = re.match(r"^\W*$", before) or re.fullmatch(r"[^\W\d_][\w .'’-]{1,30}[,/(]?\s?(?:den|le)?", before)
        return ("plain", printed) if alone and re.match(r"^\.?\s*(?:[-–—:)|„“”\"]|$)", after) and start < 45 else None
    lead = re.split(f"[{_SEPARATORS}]", before)[-1]
    rest = re.split(f"[{_SEPARATORS}]", after)[0]
    small = _SMALL | weekdays(language)
    if _leads(lead, small) and _follows(rest, where == "under", small):
        return "plain", printed
    return None


def _leads(text: str, small: frozenset[str]) -> bool:
    """Tell whether what stands before a date leaves it alone: nothing, "Hamburg,", "Party,", "By Jane Roe on"."""
    words = [word for word in _WORDS.findall(text) if word.casefold() not in small]
    if not words or len(words) > 4:
        return not words
    if re.match(r"\s*(?:\w+ )?(?:by|von|par|por|di|door|av)(?:\s|(?=[A-ZÄÖÜ]))", text, re.IGNORECASE):
        return True
    return len(words) <= 3 and text.rstrip().endswith((",", ":", "|", "-")) and words[0][0].isupper()


def _follows(text: str, under: bool, small: frozenset[str]) -> bool:
    """Tell whether what stands after a date leaves it alone: nothing, "by Jane Roe", "Category: news"."""
    words = [word for word in _WORDS.findall(text) if word.casefold() not in small]
    if not words:
        return True
    if re.match(r"\s*(?:(?:by|von|par|por|di|door|av)\s+\S+|[^\W\d_]+\s?:)", text, re.IGNORECASE):
        return len(words) <= 5
    return len(words) <= 3 and (under or text.lstrip().startswith((",", "-", ";")))


def choose_published(
    declared: Sequence[Dated],
    modified: Sequence[Dated],
    byline: Byline,
    loose: Loose,
    feed: Printed | None,
    page: ParsedPage,
    language: str,
    now: datetime | None,
) -> Dated | None:
    """Choose the date of publication; None when nothing on the page is one."""
    machine = [item for item in declared if item[1] not in _WEAK and item[1] != "time"]
    printed: list[Dated] = [(byline.published, "byline")] if byline.published else []
    printed += [item for item in declared if item[1] == "time"]
    printed += [(value, "date line") for value in loose.under[:1]]
    if len({value.day for value in loose.above}) == 1:
        printed.append((loose.above[0], "date line"))
    weak: list[Dated] = [(feed, "feed")] if feed else []
    weak += [item for item in declared if item[1] in _WEAK]
    if len({value.day for value in loose.below}) == 1:
        weak.append((loose.below[0], "line below the text"))
    in_url = day_of_url(page.url)
    if in_url:
        weak.append((in_url, "url"))
    # What only tells of a change is the latest day on which the text can have been published.
    changed = [(value, f"last change ({where})") for value, where in (*byline_change(byline, loose), *modified)]
    ranked = [item for item in (*machine, *printed, *weak) if believable(item[0], now)]
    if not ranked:
        guessed = in_scripts(page) or by_htmldate(page, language, loose.last_at)
        ranked = [item for item in (*([guessed] if guessed else []), *changed) if believable(item[0], now)]
    if not ranked:
        return None
    best = ranked[0]
    seen = next((item for item in printed if believable(item[0], now)), None)
    if best in machine and seen and seen[0].day != best[0].day:
        best = _of_two(best, seen, in_url, {item[0].day for item in modified})
    if best[0].precision == "day":
        # The same day may be told more finely elsewhere on the page.
        finer = [item for item in ranked if item[0].day == best[0].day and item[0].precision != "day"]
        return finer[0] if finer else best
    return best


def choose_of_live(
    declared: Sequence[Dated], byline: Byline, feed: Printed | None, url: str, now: datetime | None
) -> Dated | None:
    """Choose the date of a live blog: what its page declares; the times that it prints are those of its posts."""
    machine = [item for item in declared if item[1] not in _WEAK and item[1] != "time"]
    printed: list[Dated] = [(byline.published, "byline")] if byline.published else []
    weak: list[Dated] = [(feed, "feed")] if feed else []
    if in_url := day_of_url(url):
        weak.append((in_url, "url"))
    return next((item for item in (*machine, *printed, *weak) if believable(item[0], now)), None)


def in_scripts(page: ParsedPage) -> Dated | None:
    """Read the date that a page hands to its own scripts, where they hold one day and so one text."""
    found: list[Printed] = []
    for script in page.tree.iter("script"):
        text = (script.text or "")[:_SCRIPT]
        found += [printed for match in _IN_SCRIPT.finditer(text) if (printed := read_machine(match[1]))]
    return (found[0], "script") if len({printed.day for printed in found}) == 1 else None


def by_htmldate(page: ParsedPage, language: str, last_at: int) -> Dated | None:
    """Ask htmldate, and believe it only where the page prints that day in a short line that is not another text's.

    Without this guard it makes dates of counters, prices and copyright years, and of the boxes of other texts.
    """
    days: dict[str, int] = {}
    for at, line in enumerate(page.lines):
        if line.chrome or len(line.text.split()) > 12 or not any(map(str.isdigit, line.text)):
            continue
        # Below the text, a date beside a link is that of another text.
        beside = page.lines[max(0, at - 1) : at + 2]
        if at > last_at and (any(each.linked for each in beside) or not _read(line.text, language, "", "below")):
            continue
        for _, _, printed in find_spans(clean(line.text), language):
            sure = _NOT_THE_TEXT.search(line.text) is None
            days[printed.day] = days.get(printed.day, 0) + sure
    if not days or len(days) > _MANY_DAYS:
        return None
    value = find_date(page.tree, extensive_search=False, original_date=True, url=page.url)
    return (Printed(value, "day"), "htmldate") if value and days.get(value) else None


def byline_change(byline: Byline, loose: Loose) -> list[Dated]:
    """List the dates of change that are printed about the headline."""
    found = [(byline.modified, "byline")] if byline.modified else []
    return found + [(value, "date line") for value in loose.modified[:1]]


def _of_two(machine: Dated, seen: Dated, in_url: Printed | None, modified: set[str]) -> Dated:
    """Choose between the date that is declared and another one that is printed about the headline."""
    if in_url and in_url.day == machine[0].day:
        return machine
    apart = (date.fromisoformat(seen[0].day) - date.fromisoformat(machine[0].day)).days
    if abs(apart) == 1 and (seen[0].precision != "day" or seen[1] != "time"):
        # The same moment by two clocks: the page prints the day of its own place.
        return _in_local_time(machine, seen)
    # A printed day that the page declares to be that of its last change is no day of publication.
    return machine if seen[1] == "time" or seen[0].day in modified else seen


def _in_local_time(machine: Dated, seen: Dated) -> Dated:
    """Write a declared moment by the clock that the page prints, when both are the same moment."""
    moment, local = datetime.fromisoformat(machine[0].iso), datetime.fromisoformat(seen[0].iso)
    if moment.tzinfo is None or seen[0].precision == "day" or local.tzinfo is not None:
        return seen
    shift = local - moment.replace(tzinfo=None) + (moment.utcoffset() or timedelta())
    minutes = round(shift.total_seconds() / 60)
    quarter = 15 * round(minutes / 15)
    if abs(minutes - quarter) > 1 or not -12 * 60 <= quarter <= 14 * 60:
        return seen
    there = moment.astimezone(timezone(timedelta(minutes=quarter)))
    return Printed(there.isoformat(), machine[0].precision), machine[1]


def choose_modified(declared: Sequence[Dated], byline: Byline, loose: Loose, now: datetime | None) -> Dated | None:
    """Choose the date of the last change."""
    candidates = [*declared, *byline_change(byline, loose)]
    return next((item for item in candidates if believable(item[0], now)), None)


def believable(printed: Printed, now: datetime | None) -> bool:
    """Doubt dates before the web and after the fetch (a day is left for zones)."""
    if printed.day < "1990":
        return False
    return now is None or printed.day <= (now + timedelta(days=1)).date().isoformat()


def day_of_url(url: str) -> Printed | None:
    """Read the day that an address names; a year and a month alone are no day."""
    match = _URL_DAY[0].search(url)
    if match:
        return read_machine("-".join(match.groups()))
    match = _URL_DAY[1].search(url)
    return read_machine(f"{match['year']}-{match['month']}-{match['day']}") if match else None
