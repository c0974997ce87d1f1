"""Everything that Presswatch says about what went wrong.

PresswatchError
├── ConfigError          a line of config/ cannot be used (exit code 2)
│   └── ConfigErrors     all the faults of config/, told at once
├── UsageError           a command was asked for something that is not there (exit code 2)
│   ├── QueryError       a query cannot be read; marks the place
│   ├── TooLong          a question takes longer than it may
│   └── Outdated         what a person acts on was changed by another one since they looked at it
├── ArchiveError         the archive cannot be opened, read or written (exit code 1)
│   ├── ArchiveAway      the server of its database does not answer; perhaps it does later
│   ├── ArchiveBusy      another process holds the archive for too long
│   ├── ArchiveOld       an older Presswatch wrote it, and it cannot be brought up to date here
│   ├── ArchiveFull      no room left on the disk
│   └── LeaseLost        a result came after its lease had gone to somebody else
├── Locked               another instance holds the lock (exit code 4)
├── FetchRefused         a request is forbidden by the rules of the network, or failed; says why by one of REASONS
├── PluginError          a plug-in could not do its work this time; what stands without it stays
├── NoArticle            a page gives no article; says why by one of REASONS
└── DeliveryError        one delivery failed; says whether a later try may succeed

Every error hands all its arguments to ``super().__init__``: errors cross worker processes by pickle.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

#: reason -> what it means to a user. Every page that is not kept whole carries one of these.
REASONS: dict[str, str] = {
    "duplicate": "its address leads to an article that is kept already",
    "robots": "robots.txt forbids it",
    "robots unreachable": "robots.txt could not be read, which forbids everything for now",
    "address refused": "its address is not http(s), is broken or too long, or is private and not allowed",
    "paywalled": "the publisher asks for payment; kept as far as the feed gives it",
    "tdm reserved": "its publisher reserves text and data mining, and [crawl] obey_tdm is on",
    "blocked": "the server refused us (401, 403, 451, or a page that asks for a person, a login, another browser ...)",
    "region": "the page says that it is not shown here, by region or by law, on every try",
    "maintenance": "the site is being maintained and shows no article, on every try",
    "not found": "the server says that it does not exist (404)",
    "gone": "the server says that it was taken away (410)",
    "server error": "the server failed (5xx) on every try",
    "too many requests": "the server asked for a pause (429, or a page that says so) on every try",
    "http status": "the server answered with a status that is no page",
    "timeout": "the server did not answer in time on every try",
    "connection": "no connection, broken TLS or a body that ended early, on every try",
    "redirects": "too many redirects, or a circle of them",
    "too large": "the body is larger than the limit",
    "not html": "the answer is not a page of text",
    "empty": "the answer has no bytes or no text",
    "no article": "no article text was found on the page",
    "consent wall": "the page asks for consent and shows no article",
    "needs javascript": "its text is shown only to browsers that run its scripts",
    "soft 404": "the page says that it does not exist",
    "too old": "older than what was asked for",
    "language": "in a language that was not asked for",
    "other host": "of a host that was not asked for (import --hosts)",
    "not asked for": "the query that was given does not find it (import --query)",
    "damaged": "a place of the WARC file that cannot be read; each is told",
    "extraction limit": "the page used up the time or memory that one page may use",
    "extraction failed": "the page broke the extractor",
    "workers died": "the processes that read pages were ended from outside, again and again, on every try",
    "crawls died": "one crawl after the other died while it held the page",
    "over budget": "the budget of its host was used up",
    "list too long": "its list names more pages than a list may; of those with dates the newest were taken",
    "other site": "its address is of another site",
    "not an article": "its address is that of a list, a tag, an author or another page of the site's own",
    "no address": "its entry names no page",
    "source removed": "its source is no longer in the configuration",
    "forgotten": "it was forgotten by command and is not fetched again",
}


class PresswatchError(Exception):
    """Anything that Presswatch itself reports."""


class ConfigError(PresswatchError):
    """A line of a file in config/ cannot be used."""

    def __init__(self, file: Path, line: int | None, key: str, found: object, wanted: str):
        super().__init__(file, line, key, found, wanted)

    def __str__(self) -> str:
        file, line, key, found, wanted = self.args
        place = f"{file}:{line}" if line else f"{file}"
        return f"{place}: {key}: found {found!r}, wanted {wanted}"


class ConfigErrors(ConfigError):
    """All the faults of a configuration, so that they are mended in one go."""

    def __init__(self, faults: tuple[ConfigError, ...]):
        Exception.__init__(self, faults)

    @property
    def faults(self) -> tuple[ConfigError, ...]:
        """The faults, in the order of files and lines."""
        faults: tuple[ConfigError, ...] = self.args[0]
        return faults

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


#: So many columns of a query are shown before its fault, and so many characters behind it.
_AROUND = 60
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")


class UsageError(PresswatchError):
    """A command was asked for something that is not there; the message says what there is."""


class Outdated(UsageError):
    """What a person acts on is another than when they looked at it; nothing was done."""


class TooLong(UsageError):
    """A question takes longer than it may; it was ended, and nothing was changed."""


class QueryError(UsageError):
    """A query cannot be read."""

    def __init__(self, query: str, position: int, problem: str, remedy: str = ""):
        super().__init__(query, position, problem, remedy)

    def __str__(self) -> str:
        from rich.cells import cell_len  # knows what a terminal makes of a letter; slow, and needed where somebody errs

        query, position, problem, remedy = self.args
        shown = _CONTROLS.sub(" ", str(query))
        start = max(0, position - _AROUND)
        while cell_len(shown[start:position]) > _AROUND:
            start += 1
        excerpt = shown[start : position + _AROUND]
        text = f"{problem}\n  {excerpt}\n  {' ' * cell_len(shown[start:position])}^"
        return f"{text}\n{remedy}" if remedy else text


class ArchiveError(PresswatchError):
    """The archive cannot be opened, read or written."""


class ArchiveAway(ArchiveError):
    """The server of the archive's database does not answer; perhaps it does later."""


class ArchiveBusy(ArchiveError):
    """Another process held the archive for longer than we wait."""


class ArchiveOld(ArchiveError):
    """An older Presswatch wrote the archive, and it was opened for reading only."""


class ArchiveReadOnly(ArchiveError):
    """The archive can be read, but not written to."""


class ArchiveFull(ArchiveError):
    """There is no room left for the archive; what was committed stays."""


class LeaseLost(ArchiveError):
    """A result came after its lease had gone to somebody else."""


class Locked(PresswatchError):
    """Another instance holds the lock."""


class FetchRefused(PresswatchError):
    """A request was forbidden by the rules of the network, or failed on the way."""

    def __init__(self, url: str, reason: str, detail: str = "", until: datetime | None = None):
        super().__init__(url, reason, detail, until)

    @property
    def reason(self) -> str:
        """One of REASONS."""
        return str(self.args[1])

    @property
    def detail(self) -> str:
        """What was seen, for people; may be empty."""
        return str(self.args[2])

    @property
    def until(self) -> datetime | None:
        """Not to be tried again before this, when somebody said so."""
        until: datetime | None = self.args[3]
        return until

    def __str__(self) -> str:
        url, reason, detail, _ = self.args
        return f"{url}: {detail or REASONS.get(reason, reason)}"


class NoArticle(PresswatchError):
    """A page gives no article."""

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(reason, detail)

    @property
    def reason(self) -> str:
        """One of REASONS."""
        return str(self.args[0])

    @property
    def detail(self) -> str:
        """What was seen, for people; may be empty."""
        return str(self.args[1])

    def __str__(self) -> str:
        return self.detail or REASONS.get(self.reason, self.reason)


class DeliveryError(PresswatchError):
    """One delivery failed."""

    def __init__(self, message: str, temporary: bool, status: str = ""):
        super().__init__(message, temporary, status)

    @property
    def temporary(self) -> bool:
        """True when a later try may succeed."""
        return bool(self.args[1])

    @property
    def status(self) -> str:
        """Why the server does not take this recipient (RFC 3463: 5.1.1); "" for any other fault."""
        return str(self.args[2])

    def __str__(self) -> str:
        return str(self.args[0])


class PluginError(PresswatchError):
    """A plug-in could not do its work; what stands without it stays."""
