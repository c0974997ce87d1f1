"""The frame's own words, all in one place, and dates and numbers as the reader writes them.

A language is one table. A text with a count is a table of plural forms, chosen by the language's own rules (Babel).
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_time, get_day_names
from babel.numbers import format_decimal

from crawler.errors import UsageError
from digest.content import Statement, When

Text = str | dict[str, str]

_ENGLISH: dict[str, Text] = {
    "brand": "Press digest",
    "covers": "Covers {since} to {until}",
    "data_until": "data until {time}",
    "lead.rose": "Coverage rose to {n} matching articles in a day, {times} times the average before ({average}).",
    "lead.fell": "Coverage fell to {n} matching articles in a day; the average of the days before is {average}.",
    "lead.absent": "No watched source carried a match for a day; the average of the days before is {average}.",
    "lead.new": {"one": "One new story.", "other": "{new} new stories."},
    "lead.updated": {"one": "One story was updated.", "other": "{updated} stories were updated."},
    "lead.both": {
        "one": "One new story, {updated} updated.",
        "other": "{new} new stories, {updated} updated.",
    },
    "lead.copied": "{n} outlets carried one report, in whole or in part.",
    "lead.wide": "The most widely told has {n} separate owners, {outside} of them outside state control.",
    "lead.wide.owners": "The most widely told has {n} separate owners.",
    "lead.wide.none": "The most widely told has {n} separate owners, none of them outside state control.",
    "lead.wide.unknown": "The most widely told has {n} separate owners, none known to be outside state control.",
    "lead.nothing": {
        "one": "Nothing new to tell: one article was collected, and it brings no new story.",
        "other": "Nothing new to tell: {collected} articles were collected, and none brings a new story.",
    },
    "lead.unseen": {
        "one": "One of {sources} sources could not be seen as usual.",
        "other": "{n} of {sources} sources could not be seen as usual.",
    },
    "figure.collected": "collected",
    "figure.matched": "matched",
    "figure.outlets": {"one": "outlet", "other": "outlets"},
    "figure.stories": {"one": "story", "other": "stories"},
    "figure.new": "new",
    "chart.matched": "Matching articles per day, {since} to {until}.",
    "chart.collected": "Articles per day, {since} to {until}.",
    "chart.last": "Last day {n}, average before {average}.",
    "chart.last_only": "Last day {n}.",
    "chart.hollow": "Hollow: not everything was seen that day.",
    "chart.unknown": "Dash: before this archive began.",
    "chart.day": "{date}: {n}",
    "top": "Top stories",
    "status.NEW": "New",
    "status.UPDATED": "Updated",
    "new_articles": {"one": "one new article since {since}", "other": "{n} new articles since {since}"},
    "since": "since {since}",
    "section.count": "{shown} of {total}",
    "section.in_top": {"one": "one stands on top", "other": "{n} stand on top"},
    "section.elsewhere": {"one": "one under another watch", "other": "{n} under other watches"},
    "section.hidden": {"one": "one more is in the archive", "other": "{n} more are in the archive"},
    "hidden": {"one": "and one more story in the archive", "other": "and {n} more stories in the archive"},
    "more": "and {n} more",
    "in_language": "in {language}",
    "credits": "credits {name}",
    "seen": "seen {time}",
    "first": "First among the watched sources:",
    "first.itself": "first among the watched sources",
    "also": "Also told by",
    "copies": {"one": "One copy:", "other": "{n} copies:"},
    "copies_short": {"one": "one copy", "other": "{n} copies"},
    "same_text": {"one": "The same text once more:", "other": "The same text {n} times more:"},
    "same_text_short": {"one": "the same text once more", "other": "the same text {n} times more"},
    "also_short": {"one": "also in one outlet", "other": "also in {n} outlets"},
    "matched": "Matched",
    "also_matches": "also {watch}",
    "why": "Why here:",
    "why.owners": "{n} separate owners",
    "why.mixed": "state-controlled and other outlets both tell it",
    "why.kinds": "{n} kinds of outlet",
    "why.new": "new",
    "why.updated": "updated",
    "why.weight": "watch weight {weight}",
    "also_in": "Also in {language}:",
    "also_in.here": "Also in {language}, in this digest:",
    "control.only": "state-controlled only",
    "control.none_yet": "no state media yet",
    "missed": "Did not carry it:",
    "missed.usual": "{name} ({n} of {days} days)",
    "framing.state": "State media say:",
    "framing.others": "others say:",
    "framing.in": "in {language}",
    "voices": {"one": "one voice", "other": "{n} voices"},
    "voices.outside": "{n} outside state control",
    "voices.none": "none outside state control",
    "voices.unknown": "none known to be outside state control",
    "legend": "one square for each outlet:",
    "legend.copy": "carried a copy",
    "kind.agency": "agency",
    "kind.newspaper": "newspaper",
    "kind.broadcaster": "broadcaster",
    "kind.online": "online",
    "kind.blog": "blog",
    "kind.government": "government",
    "kind.republisher": "republisher",
    "form.live": "live blog",
    "form.gallery": "gallery",
    "form.video": "video",
    "form.several": "a page of several articles",
    "control.state": "state media",
    "control.public": "public media",
    "control.private": "private",
    "control.unknown": "control unknown",
    "control.short.state": "state",
    "control.short.public": "public",
    "control.short.private": "private",
    "control.short.unknown": "unknown",
    "coverage": "What could not be seen",
    "coverage.well": "All {sources} sources answer as usual.",
    "coverage.some": {
        "one": "One of {sources} sources needs attention:",
        "other": "{n} of {sources} sources need attention:",
    },
    "coverage.none": "No health of sources is known yet.",
    "state.silent": "silent",
    "state.late": "late",
    "state.failing": "failing",
    "state.blocked": "blocked",
    "state.overrun": "overrun",
    "state.truncated": "truncated",
    "state.gone": "gone",
    "state.paused": "paused",
    "dropped": {"one": "One page was not kept whole:", "other": "{n} pages were not kept whole:"},
    "backfilled": {
        "one": "One older article was added to the archive; it is not counted as new.",
        "other": "{n} older articles were added to the archive; they are not counted as new.",
    },
    "quiet": {
        "one": "One story told before only got further copies; it is not repeated.",
        "other": "{n} stories told before only got further copies; they are not repeated.",
    },
    "machine.summary": "Machine summary",
    "machine.translation": "Machine translation",
    "machine.by": "by {by}",
    "machine.note": "What is marked as by a machine was not written by any of the sources and may be wrong.",
    "machine.summaries.failed": {
        "one": "The machine summaries failed once; the sentences of the articles stand alone there.",
        "other": "The machine summaries failed {n} times; the sentences of the articles stand alone there.",
    },
    "machine.summaries.left_out": {
        "one": "No machine summary was asked for one more story.",
        "other": "No machine summary was asked for {n} more stories.",
    },
    "machine.translations.failed": {
        "one": "The machine translation failed once; the original stands alone there.",
        "other": "The machine translation failed {n} times; the original stands alone there.",
    },
    "machine.translations.left_out": {
        "one": "No machine translation was asked for one more story.",
        "other": "No machine translation was asked for {n} more stories.",
    },
    "errata": "Changes to earlier editions",
    "erratum.withdrawn": "withdrawn",
    "erratum.restored": "there again, no longer withdrawn",
    "erratum.retitled": "new headline",
    "erratum.text": "text edited by the publisher",
    "erratum.corrected": "our copy of the text was corrected",
    "erratum.before": "was:",
    "erratum.edition": "in the edition of {slot}",
    "nothing": "Nothing new matched in this window.",
    "footer.why": "You get this because you are a recipient of “{title}”, {schedule}.",
    "footer.watches": "It watches: {watches}.",
    "footer.times": "Times are in {zone}. A time after “seen” is when we first saw a text that gives none.",
    "footer.missed": "Days after who did not carry a story: on so many of those before, it carried the watch’s topic.",
    "footer.framing": "Numbers after a word: how often state media say it, and how often the others.",
    "footer.rights": "Headlines and extracts belong to their publishers.",
    "footer.web": "Read on the web",
    "footer.unsubscribe": "Unsubscribe",
    "schedule.daily": "daily at {times}",
    "schedule.days": "at {times} on {days}",
    "schedule.every": {"one": "every minute", "other": "every {minutes} minutes"},
    "schedule.every.hours": {"one": "every hour", "other": "every {hours} hours"},
    "subject": "{title}: {headline}",
    "subject.more": "{title}: {headline} (+{n} new)",
    "subject.nothing": "{title}: nothing new",
    "subject.errata": "{title}: changes to earlier editions",
    "index.editions": "Editions",
    "index.alerts": "Alerts",
    "index.articles": {"one": "one article", "other": "{n} articles"},
    "alert.brand": "Press alert",
    "alert.urgent": {"one": "One new article matches.", "other": "{n} new articles match."},
    "alert.spike": {
        "one": "One article in {span}, far more than usual: the weeks before had {usual} at this weekday and hour.",
        "other": "{n} articles in {span}, far more than usual: the weeks before had {usual} at this weekday and hour.",
    },
    "alert.silence": {
        "one": "One article in {span} up to {since}, where {usual} are usual. The sources answer as always.",
        "other": "{n} articles in {span} up to {since}, where {usual} are usual. The sources answer as always.",
    },
    "alert.silence.none": "No article in {span} up to {since}, where {usual} are usual. The sources answer as always.",
    "alert.hours": {"one": "one hour", "other": "{n} hours"},
    "alert.days": {"one": "one day", "other": "{n} days"},
    "alert.subject.more": {"one": "{headline} and one more", "other": "{headline} and {n} more"},
    "alert.subject.urgent": {"one": "one new article", "other": "{n} new articles"},
    "alert.subject.spike": {
        "one": "far more than usual, one article where {usual} are usual",
        "other": "far more than usual, {n} articles where {usual} are usual",
    },
    "alert.subject.silence": {
        "one": "one article where {usual} are usual",
        "other": "{n} articles where {usual} are usual",
    },
    "alert.articles.urgent": "New",
    "alert.articles.spike": "The newest",
    "alert.articles.silence": "The last ones",
    "alert.copies": {"one": "and one copy", "other": "and {n} copies"},
    "alert.matched": "matched: {words}",
    "alert.why": "You get this because you are a recipient of the alerts of the watch “{watch}”.",
    "alert.query": "It looks for:",
    "index.feeds": "Feeds:",
    "index.stories": {"one": "one story", "other": "{n} stories"},
}

_TABLES: dict[str, dict[str, Text]] = {"en": _ENGLISH}
#: Day before month, 24 hours: the way most readers of English outside one country write.
_LOCALES = {"en": "en_GB"}
#: Languages in which the frame can speak.
LANGUAGES = tuple(_TABLES)


class Words:
    """The frame's words, dates and numbers in one language and zone."""

    def __init__(self, language: str, zone: str):
        base = language.split("-", maxsplit=1)[0].lower()
        if base not in _TABLES:
            raise UsageError(f"digests cannot speak {language!r} yet; language may be one of {', '.join(LANGUAGES)}")
        self.language = base
        self.zone = zone
        self._zone = ZoneInfo(zone)
        self._table = _TABLES[base]
        self._locale = _locale(base)

    def __call__(self, key: str, count: float | None = None, **values: object) -> str:
        """Say a text; numbers are written as the reader writes them, a count chooses the plural form."""
        text = self._table[key]
        if isinstance(text, dict):
            text = text.get(self._locale.plural_form(count if count is not None else 0), text["other"])
        if count is not None:
            values.setdefault("n", count)
        return text.format(**{name: self._show(value) for name, value in values.items()})

    def say(self, statement: Statement) -> str:
        """Say a statement of the edition."""
        values = dict(statement.values)
        key = statement.key
        if key == "schedule.every" and int(values["minutes"]) % 60 == 0:
            key, values = "schedule.every.hours", {"hours": int(values["minutes"]) // 60}
        if key == "schedule.days":
            names = get_day_names("abbreviated", locale=self._locale)
            order = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
            values["days"] = ", ".join(names[order.index(day)] for day in str(values["days"]).split())
        counted = next(
            (name for name in ("n", "new", "updated", "collected", "minutes", "hours") if name in values), None
        )
        if key == "lead.updated":
            counted = "updated"
        count = float(values[counted]) if counted else None
        return self(key, count, **{"n": count, **values} if count is not None else values)

    def number(self, value: float) -> str:
        """Write a number."""
        return format_decimal(value, format="#,##0.#", locale=self._locale)

    def long_date(self, iso: str) -> str:
        """Write a date in full."""
        return format_date(date.fromisoformat(iso), "full", locale=self._locale)

    def short_date(self, at: datetime) -> str:
        """Write day and month."""
        return format_skeleton("MMMd", at.astimezone(self._zone), tzinfo=self._zone, locale=self._locale)

    def moment(self, at: datetime) -> str:
        """Write a moment with its day."""
        return format_datetime(at, "EEE d MMM HH:mm", tzinfo=self._zone, locale=self._locale)

    def time(self, at: datetime) -> str:
        """Write the time of day."""
        return format_time(at, "HH:mm", tzinfo=self._zone, locale=self._locale)

    def when(self, when: When, until: datetime) -> str:
        """Write an article's time as short as it stays clear beside the end of the window."""
        if when.kind == "day":  # noon UTC stands for the day as printed
            return format_skeleton("MMMEd", when.at, locale=self._locale)
        local, end = when.at.astimezone(self._zone), until.astimezone(self._zone)
        age = (end.date() - local.date()).days
        if age == 0:
            text = self.time(when.at)
        elif 0 < age < 7:
            text = format_datetime(when.at, "EEE HH:mm", tzinfo=self._zone, locale=self._locale)
        else:
            text = format_datetime(when.at, "d MMM y HH:mm", tzinfo=self._zone, locale=self._locale)
        return self("seen", time=text) if when.kind == "seen" else text

    def zone_name(self, at: datetime) -> str:
        """Name the zone with its offset at that moment: Kyiv, UTC+2."""
        offset = at.astimezone(self._zone).strftime("%z")
        hours, minutes = int(offset[1:3]), offset[3:5]
        shift = (
            "UTC"
            if offset in {"+0000", "-0000"}
            else f"UTC{offset[0]}{hours}" + ("" if minutes == "00" else f":{minutes}")
        )
        city = self.zone.rpartition("/")[2].replace("_", " ")
        return shift if city in {"UTC", "Etc", "GMT"} else f"{city}, {shift}"

    def language_name(self, language: str) -> str:
        """Name a language in the frame's language; "" for the frame's own and for unknown ones."""
        base = language.split("-", maxsplit=1)[0].lower()
        return "" if base == self.language else str(self._locale.languages.get(base, ""))

    def any_language(self, language: str) -> str:
        """Name a language, the frame's own too; an unknown one by its code."""
        base = language.split("-", maxsplit=1)[0].lower()
        return str(self._locale.languages.get(base, base))

    def _show(self, value: object) -> str:
        return self.number(value) if isinstance(value, int | float) else str(value)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, language))
