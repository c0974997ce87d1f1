"""The records that every part of Presswatch hands to the next one.

Times of ours are aware and in UTC. A printed time stays as it was printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

Kind = Literal["agency", "newspaper", "broadcaster", "online", "blog", "government", "republisher"]
Control = Literal["state", "public", "private", "unknown"]
ChannelKind = Literal["feed", "sitemap", "section", "warc"]
Completeness = Literal["full", "lead", "headline"]
Form = Literal["article", "live", "gallery", "video", "several"]
Precision = Literal["second", "minute", "day", "none"]
CopyKind = Literal["full", "partial", "quoted-in"]
#: Copies of these kinds are folded under their originals; what only quotes another has a text of its own.
FOLDED: frozenset[CopyKind | None] = frozenset({"full", "partial"})
PageState = Literal["queued", "leased", "stored", "dropped"]
ChangeKind = Literal["new", "revised", "corrected", "copy", "withdrawn", "restored"]
ReviewKind = Literal["pin", "move", "drop", "arrange", "note", "lead", "approve", "reject"]
JudgementKind = Literal["note", "tag", "untag", "irrelevant", "not-a-copy", "date", "authors", "split", "merge"]

#: An address to which a channel had moved is given up after so many failures in a row: it is asked at its old one.
STRAYED = 5

_Day = date


@dataclass(frozen=True, slots=True)
class Override:
    """Where the pages of a source have their parts, as a person says by selectors (CSS or XPath)."""

    #: The last day on which a page may have been fetched that it is used for.
    valid_until: _Day
    #: Of each of these, the first selector that gives something counts.
    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    #: All that these find is taken out of the page before it is read.
    remove: tuple[str, ...] = ()
    #: Hosts, those under them included, and patterns of paths ("/news/*"); empty: all pages of the source.
    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """An outlet, as its definition in config/sources.toml says."""

    key: str
    name: str
    homepage: str
    #: ISO 3166-1 alpha-2, lower case; "" when not known.
    country: str = ""
    #: BCP 47; "" when not known or mixed.
    language: str = ""
    #: IANA name; dates without a zone are read in it. None when not known.
    timezone: str | None = None
    kind: Kind = "online"
    control: Control = "unknown"
    #: The publisher family: outlets of one owner count as one voice.
    owner: str = ""
    #: The day on which a person checked this entry, or None for never.
    verified: str | None = None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    #: Seconds between polls of a channel, and between requests to a host; None takes the general setting.
    every: float | None = None
    delay: float | None = None
    #: Seconds after an article's arrival at which its page is asked for again; None takes the general setting.
    recheck: tuple[float, ...] | None = None
    #: Its pages are drawn by a browser before they are read.
    render: bool = False
    #: Articles in other languages (BCP 47, primary tags) are dropped; () keeps all.
    languages: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()

    def channels(self) -> list[tuple[ChannelKind, str]]:
        """List the ways in, each with its address."""
        return (
            [("feed", url) for url in self.feeds]
            + [("sitemap", url) for url in self.sitemaps]
            + [("section", url) for url in self.sections]
        )


@dataclass(frozen=True, slots=True)
class Channel:
    """One way into a source, with what the archive remembers of it."""

    id: int
    source: str
    kind: ChannelKind
    url: str
    #: Sent back byte for byte, to the address that gave them.
    etag: str | None = None
    last_modified: str | None = None
    #: SHA-256 of the last body: a feed that answers 200 with the same bytes has nothing new.
    body_sha256: str | None = None
    #: Seconds between two polls, adapted to the observed rate.
    interval: float = 3600.0
    next_poll: datetime | None = None
    #: Not asked before then, whatever is due: the server's Retry-After.
    held_until: datetime | None = None
    last_polled: datetime | None = None
    last_ok: datetime | None = None
    #: Publication time of the newest entry ever served.
    newest_entry: datetime | None = None
    #: Publication time of the newest entry of the body that was read last; None when it is not known.
    body_newest: datetime | None = None
    #: Consecutive failures.
    failures: int = 0
    #: new, ok, failing, blocked, overrun, truncated, moved or gone, with a sentence about it.
    state: str = "new"
    note: str = ""
    #: What the feed itself asked for (ttl, skipHours, skipDays), as polling writes it: a 304 does not repeat it.
    wishes: str = ""
    #: When the body itself was read last: a server that says "not modified" for ever is asked for it now and then.
    body_seen: datetime | None = None
    #: Its "not modified" was found to be wrong: no validators are sent before then.
    distrusted: datetime | None = None
    #: Seconds in which half of it was ever filled; it is never left alone for longer.
    ceiling: float | None = None
    #: When it was found to have moved for good from the address in the configuration; None when it has not.
    moved_at: datetime | None = None
    #: The address in the configuration; "" is ``url``.
    defined: str = ""
    #: The addresses that it left for good, one after another; one that it came back to stands here, too.
    left: tuple[str, ...] = ()
    #: The address that gave the validators, where a redirect leads; None is ``url``.
    validators_url: str | None = None
    #: The channel that is polled in its place, because both lead to one address.
    merged_into: int | None = None
    #: The channel of another source that is asked in its place, because this one leads there for good.
    folded_into: int | None = None
    #: Since when it is in its state; the archive notes that.
    since: datetime | None = None
    #: Given by a claim; a result without the newest token is refused.
    token: int = 0


@dataclass(frozen=True, slots=True)
class SitemapPart:
    """One sitemap of an index, as the archive remembers it."""

    url: str
    #: What its index said of its last change when it was asked for, ISO 8601; "" when it did not say.
    changed: str
    tried_at: datetime
    #: None: it could not be read yet.
    read_at: datetime | None = None
    #: The newest time among its entries.
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a channel says of one page before the page is asked for."""

    url: str
    title: str = ""
    #: Plain text; feed HTML never leaves the feed parser.
    summary: str = ""
    authors: tuple[str, ...] = ()
    #: ISO 8601 as printed, with an offset only where the channel gave one.
    published: str | None = None
    updated: str | None = None
    guid: str = ""
    language: str = ""
    #: The feed's <source>: whom the entry itself credits.
    credited_to: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Recheck:
    """A kept page that is asked for again."""

    due: datetime
    #: As its server gave them with the article; sent back byte for byte.
    etag: str | None = None
    last_modified: str | None = None
    #: When it was first not found, and how often since; None while it is there.
    missing_since: datetime | None = None
    misses: int = 0
    #: How often this turn was begun: a crawl that dies begins it again.
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """One address on its way to being an article."""

    id: int
    url: str
    source: str
    host: str
    state: PageState = "queued"
    #: Why it was dropped or waits, as one of errors.REASONS; "" while there is nothing to say.
    reason: str = ""
    detail: str = ""
    attempts: int = 0
    channel: int | None = None
    entry: Entry | None = None
    #: Given by a lease; a result with an older token is refused.
    token: int = 0
    lease_until: datetime | None = None
    #: The article that it gave already, if any.
    article: int | None = None
    #: Where the window of the backfill begins that found it; None for what a channel served.
    since: datetime | None = None
    #: Set when it is leased for being looked at again.
    recheck: Recheck | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    """What a publisher says about text and data mining of a page (TDMRep)."""

    reserved: bool
    #: The address of its terms; "" when it gives none.
    policy: str
    #: tdmrep.json, header or meta.
    where: str

    @classmethod
    def read(cls, value: object, policy: object, where: str) -> Reservation | None:
        """Read what is said as 1 or 0; None for anything else."""
        said = str(value).strip()
        if isinstance(value, bool) or said not in ("0", "1"):
            return None
        terms = policy.strip() if isinstance(policy, str) else ""
        terms = terms if terms.startswith(("https://", "http://")) else ""
        return cls(said == "1", terms[:500] if said == "1" else "", where)


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer to one page, as extraction gets it."""

    #: Asked for, and answered by (after redirects).
    url: str
    final_url: str
    body: bytes
    #: The Content-Type header, "" when there was none.
    content_type: str = ""
    status: int = 200
    #: In UTC.
    fetched_at: datetime | None = None
    entry: Entry | None = None
    #: What its publisher says of it outside of the page itself; None for nothing.
    reservation: Reservation | None = None


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A line that a text is kept without, because its host repeats it on its pages."""

    #: Which line of the text it would be, with all that were taken out; the first is 0.
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One published text, as it is kept.

    An article fresh from extraction has no id; the archive gives what stands below the line.
    """

    #: Normalised address after redirects; the article's identity.
    url: str
    source: str
    title: str
    text: str
    #: Declared canonical address, None when the page declares none.
    canonical_url: str | None = None
    #: The standfirst, "" when there is none.
    lead: str = ""
    completeness: Completeness = "full"
    #: What its page is: of a live blog the newest post comes first; several: a page of more articles than this one.
    form: Form = "article"
    authors: tuple[str, ...] = ()
    #: ISO 8601 as printed, with an offset only when the page gives one; None when there is no date.
    published: str | None = None
    #: By the page's zone or the source's; None when neither is known.
    published_utc: datetime | None = None
    published_precision: Precision = "none"
    #: Where the date was read: byline, json-ld, meta, time, feed, url, htmldate ...; None without a date.
    published_evidence: str | None = None
    modified: str | None = None
    #: BCP 47 primary language, "" when it cannot be told.
    language: str = ""
    #: The publisher that the text itself names as its origin; None when it names none.
    credited_to: str | None = None
    #: The name of the source that carried it.
    carried_by: str = ""
    site_name: str | None = None
    image: str | None = None
    paywalled: bool | None = None
    #: Whether the publisher reserves text and data mining (TDMRep); None when it says nothing.
    tdm_reserved: bool | None = None
    #: Where it says on which terms.
    tdm_policy: str | None = None
    tags: tuple[str, ...] = ()
    #: What stands on its page among its text, in the order of the page, and is not kept as text.
    taken_out: tuple[TakenOut, ...] = ()
    #: field -> where its value came from.
    evidence: Mapping[str, str] = field(default_factory=dict)
    extractor_version: str = ""
    # What follows is given by the archive.
    id: int | None = None
    first_seen: datetime | None = None
    last_checked: datetime | None = None
    withdrawn_at: datetime | None = None
    #: 1 for the text as first kept.
    revision: int = 1
    copy_of: int | None = None
    copy_kind: CopyKind | None = None
    #: Share of its words that stand in the original in runs of five at least, 0..1.
    copy_score: float | None = None
    story: int | None = None
    words: int = 0
    text_sha256: str = ""
    raw_ref: str | None = None
    #: Kept long after its publication (import, backfill): found by search, never new.
    backfill: bool = False

    @property
    def is_folded(self) -> bool:
        """Tell whether it is another's text, and no text of its own."""
        return self.copy_of is not None and self.copy_kind in FOLDED


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier text of an article, and why it is no longer the text."""

    article: int
    revision: int
    kind: Literal["revised", "corrected"]
    reason: str
    title: str
    lead: str
    text: str
    #: When it was replaced.
    at: datetime


@dataclass(frozen=True, slots=True)
class CopyOf:
    """The decision that an article is a copy of another."""

    original: int
    kind: CopyKind
    #: Share of the copy's words that stand in the original in runs of five at least, 0..1.
    score: float


@dataclass(frozen=True, slots=True)
class Change:
    """One visible event in the archive, numbered in commit order."""

    seq: int
    article: int
    kind: ChangeKind
    at: datetime
    #: The article is old news (import, backfill): never NEW, never alerted.
    backfill: bool = False
    #: One sentence about it; "" when there is nothing to say.
    note: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """A saved search."""

    name: str
    query: str
    #: Grows by one whenever the query changes.
    version: int = 1
    muted: bool = False
    #: Multiplies the importance of what it matches.
    weight: float = 1.0
    id: int | None = None


@dataclass(frozen=True, slots=True)
class WatchRules:
    """What a watch does beside matching, with every default filled in."""

    name: str
    #: Tell at once what it newly matches; that there is much more of it than usual; that its usual volume stays out.
    urgent: bool = False
    spike: bool = False
    silence: bool = False
    #: Keep an Atom and a JSON Feed file of it.
    feed: bool = False
    #: Seconds between two alerts of one kind at least.
    cool_down: float = 3600.0
    #: Whom its alerts are mailed to, and the address, or the name of a web hook, that they are posted to ("" for none).
    recipients: tuple[str, ...] = ()
    webhook: str = ""
    #: Names of the chats in which they are told.
    chat: tuple[str, ...] = ()

    @property
    def alerts(self) -> bool:
        """Whether it may ever send an alert."""
        return self.urgent or self.spike or self.silence


@dataclass(frozen=True, slots=True)
class WatchVersion:
    """What a watch looked for, from a time on."""

    version: int
    query: str
    #: None when it was defined before versions were kept.
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article that a watch matched when it came, as news."""

    #: The change with which it came.
    seq: int
    article: int
    at: datetime
    #: The article that it is a copy of, where the watch matched that one too.
    copy_of: int | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A watch that matched an article."""

    watch: str
    article: int
    version: int
    #: The words of the article that matched, as they stand there.
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlet:
    """A source as a story or a digest names it."""

    key: str
    name: str
    kind: Kind = "online"
    control: Control = "unknown"
    country: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """One sentence of a summary and the article in which it stands word for word."""

    text: str
    article: int


NameKind = Literal["person", "organisation", "place", "other"]


@dataclass(frozen=True, slots=True)
class Name:
    """A name as a text writes it; "other" where nothing tells what it names."""

    text: str
    kind: NameKind = "other"


@dataclass(frozen=True, slots=True)
class Story:
    """The articles about one event."""

    id: int
    title: str
    articles: tuple[int, ...]
    summary: tuple[SummarySentence, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    #: Owners after folding copies, and those of them outside state control; of the others it may be unknown.
    separate_owners: int = 0
    outside_state_control: int = 0
    #: Earliest and latest time of its articles: published where known, else first seen. In UTC.
    first: datetime | None = None
    last: datetime | None = None
    languages: tuple[str, ...] = ()
    #: All names, those that most of its texts have first.
    names: tuple[str, ...] = ()
    updated: datetime | None = None
    #: Those of the names whose kind is known.
    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    #: Owners that are under state control.
    under_state_control: int = 0


@dataclass(frozen=True, slots=True)
class Edition:
    """One digest made for one slot."""

    id: int
    plan: str
    #: Local date (2026-11-23) for daily plans, UTC instant for others.
    slot: str
    #: The edition owns the changes (from_seq, to_seq].
    from_seq: int
    to_seq: int
    made_at: datetime
    #: draft, final, skipped (nothing new) or rejected.
    state: str
    subject: str
    html: bytes = b""
    text: bytes = b""
    #: JSON of the edition's content, for the web page, errata and feeds.
    content: str = "{}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One edition to one recipient, as it waits in the outbox."""

    id: int
    edition: int
    plan: str
    slot: str
    recipient: str
    #: email, files, webhook ...
    channel: str
    message_id: str
    #: The rendered bytes: what is sent is what was made.
    body: bytes
    #: waiting, sending, sent, dead, bounced, or left: its recipient left before it went out.
    state: str = "waiting"
    attempts: int = 0
    next_try: datetime | None = None
    last_error: str = ""
    token: int = 0


@dataclass(frozen=True, slots=True)
class Veto:
    """Why somebody is not mailed, though the configuration names them."""

    #: As mailboxes.mailbox writes it.
    recipient: str
    #: "" for all plans.
    plan: str
    #: unsubscribed, bounced or paused.
    state: str
    at: datetime
    #: When a pause ends; None for what does not end by itself.
    until: datetime | None = None
    #: Who said so: link, mail, complaint, by hand, delivery report, mail server.
    how: str = ""
    #: The status of RFC 3463 where mail came back: 5.1.1.
    code: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """One time that a mail to somebody came back, or was late."""

    recipient: str
    at: datetime
    #: The status of RFC 3463: 5.1.1 is nobody there, 4.x.x is late only.
    code: str
    why: str
    #: Tells this report from all others, so that reading it twice counts once.
    mark: str


@dataclass(frozen=True, slots=True)
class ReviewAct:
    """What an editor did with a draft, kept for good; all acts that hold make the edition out of what was chosen."""

    kind: ReviewKind
    who: str
    at: datetime
    #: None where the whole edition is meant.
    story: int | None = None
    #: Of the story at that time; by these it is known again when stories are merged or split.
    articles: tuple[int, ...] = ()
    #: Its headline at that time.
    title: str = ""
    #: Where it is put: top, section, hidden or dropped; of an arrange, the place that has this order.
    place: str = ""
    #: The note, the lead, or why it was dropped.
    text: str = ""
    #: All stories of the place in the order that they have from now on; () says nothing of the order.
    order: tuple[int, ...] = ()
    #: The draft before this one, from which it was carried over.
    carried: int | None = None
    id: int = 0
    edition: int = 0
    #: When somebody took it back; None while it holds.
    undone_at: datetime | None = None
    undone_by: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One slot of one job in the ledger."""

    id: int
    job: str
    slot: str
    #: running, done, failed or lost.
    state: str
    attempt: int
    token: int
    started: datetime
    finished: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person said of an article or a story; it outlives every revision, re-extraction and re-grouping."""

    id: int
    kind: JudgementKind
    #: The note, the tag, the date as given, the authors one a line, or which articles a split or merge is about.
    value: str
    who: str
    at: datetime
    #: One of these; splits and merges name the story as it was then.
    article: int | None = None
    story: int | None = None
    #: When somebody took it back; None while it holds.
    undone_at: datetime | None = None
    undone_by: str = ""
    #: A note that digests which show the article show, too; all others stay inside.
    public: bool = False


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """How one way into a source does, told to people."""

    kind: ChannelKind
    #: Where it is polled now.
    url: str
    #: As in SourceHealth.
    state: str
    note: str
    since: datetime | None = None
    remedy: str = ""
    last_ok: datetime | None = None
    newest_entry: datetime | None = None
    next_poll: datetime | None = None


#: Of users (the last two) and tokens, each with all that those before it may: a token of "feeds" opens feeds alone.
ROLES = ("feeds", "reader", "editor")


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in to the web page."""

    name: str
    #: reader or editor.
    role: str
    created: datetime
    #: When password or role were set last.
    changed: datetime
    #: When they were seen last in a session that has not ended.
    seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogIn:
    """A session: one browser in which a user is logged in."""

    user: str
    #: The user's, as it is now.
    role: str
    created: datetime
    seen: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a program asks the web page with, for a user."""

    label: str
    user: str
    #: feeds, reader or editor; never more than its user may.
    role: str
    created: datetime
    #: None when it never was.
    used: datetime | None = None
    #: None when it does not end.
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class OverrideHealth:
    """A key of an override that gives nothing any more: the site has changed, or the selector is wrong."""

    #: As in the evidence of the articles that were read with it.
    override: str
    key: str
    #: So many of the newest articles in a row, the first of them from then.
    articles: int
    since: datetime
    #: It gave something on an article before those.
    worked: bool
    note: str


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source does, told to people."""

    source: str
    name: str
    #: ok, new, late, silent, failing, blocked, truncated, overrun, moved, gone or paused.
    state: str
    #: One sentence that says what is seen, e.g. "no new items for 3 days".
    note: str
    last_ok: datetime | None = None
    newest_entry: datetime | None = None
    next_poll: datetime | None = None
    queued: int = 0
    stored: int = 0
    #: reason -> pages.
    dropped: Mapping[str, int] = field(default_factory=dict)
    #: Since when it is in this state; None when that is not known, or nothing is wrong.
    since: datetime | None = None
    #: What can be done about it; "" when nothing need be done.
    remedy: str = ""
    channels: tuple[ChannelHealth, ...] = ()
    #: reason -> articles that could only be kept as far as their feed entry goes; they count as stored too.
    from_entry: Mapping[str, int] = field(default_factory=dict)
    #: What its overrides no longer give.
    overrides: tuple[OverrideHealth, ...] = ()


@cache
def _names(record: type[Any]) -> tuple[str, ...]:
    return tuple(item.name for item in fields(record))


def as_json(value: Any) -> Any:
    """Turn a record, or what records hold, into what json.dumps takes."""
    if isinstance(value, str | int | float | None):  # most of what records hold
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {name: as_json(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(item) for item in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value


@dataclass(frozen=True, slots=True)
class WorkerState:
    """A worker (presswatch worker) that is at work, or was until a moment ago."""

    id: int
    heartbeat: datetime
    #: What it does now, such as "crawl herald".
    doing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueueState:
    """How many jobs of a queue wait (todo), are under way (doing) or have failed."""

    queue: str
    state: str
    jobs: int


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that failed for good."""

    #: What it was, such as "warc /news/one.warc.gz".
    job: str
    #: Why, in one line; "" where nobody told.
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """What workers do; nothing where there are none."""

    workers: tuple[WorkerState, ...] = ()
    queues: tuple[QueueState, ...] = ()
    #: The jobs that failed last for good, the last first.
    failed: tuple[FailedJob, ...] = ()
    #: Since when the job that was written down first waits to be begun; None when none does.
    waits_since: datetime | None = None

    @property
    def failures(self) -> int:
        """Count the jobs that failed for good, of which only the last are in ``failed``."""
        return sum(queue.jobs for queue in self.queues if queue.state == "failed")
