"""What may stand in the four files of a configuration, and what it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)

from crawler.config.faults import Words
from crawler.config.fields import (
    DAYS,
    FRAME_LANGUAGES,
    ArchiveAddress,
    BodySize,
    Called,
    Contact,
    Country,
    Days,
    Delays,
    DnsLabel,
    Duration,
    DurationOrNone,
    Elements,
    FrameLanguage,
    HookTargetOrNone,
    HookTargets,
    HostNames,
    HostPort,
    Hosts,
    Interval,
    Language,
    Languages,
    LastDay,
    MailOrNone,
    Mails,
    Name,
    Names,
    Networks,
    OutletName,
    PageMemory,
    Paths,
    PlanInterval,
    PluginName,
    Proxies,
    ProxyAddress,
    PublicAddress,
    QuietHours,
    Retention,
    Sender,
    SourceKey,
    Tables,
    TargetName,
    TargetNames,
    Text,
    Times,
    Values,
    Verified,
    WebAddress,
    WebAddresses,
    WebHook,
    Zone,
    ZoneOrNone,
)
from crawler.errors import ConfigError
from crawler.records import Control, Kind, Override, Source, Watch, WatchRules


class Model(BaseModel):
    """What all of our models share: nothing unknown, nothing guessed, nothing changed later."""

    # Names are for Python; from a file only the alias counts (read.py says so). What checks a table is made with what
    # checks its file, not once more for itself.
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        validate_default=True,
        validate_by_name=True,
        validate_by_alias=True,
        defer_build=True,
    )


def _setting(default: object, description: str, **rules: Any) -> Any:
    """Declare a setting; its default is written as in the file and read as one."""
    return Field(default, description=description, **rules)


class CrawlConfig(Model):
    """How the crawl behaves towards publishers and towards this machine."""

    contact: Contact = _setting("", "URL or mail address in the User-Agent: whom a publisher can ask")
    delay: Duration = _setting("2s", "least time between two requests to one host")
    timeout: Interval = _setting("30s", "how long an answer may take")
    max_size: BodySize = _setting("10MB", 'largest body that is read, unpacked; "10kB" to "1GB"')
    every: Interval = _setting(
        "60m", 'time between two polls of a channel, until its own rhythm is known; "10m" to "1d"'
    )
    workers: int = _setting(2, "extraction processes", ge=1, le=64)
    by_workers: bool = _setting(
        False, "the service leaves crawls, digests and stories to workers (presswatch worker), on PostgreSQL"
    )
    concurrency: int = _setting(16, "requests under way at once, over all hosts", ge=1, le=256)
    tries: int = _setting(3, "how often a page is asked for before it is dropped", ge=1, le=10)
    allow_private: Networks = _setting((), "private address ranges that may be reached, as CIDR")
    connect_to: dict[str, HostPort] = _setting(
        {}, 'host, or "*", -> address and port to connect to instead (as curl --connect-to)'
    )
    proxy: ProxyAddress = _setting("", "HTTP proxy for all requests")
    visit_limit: Interval = _setting("30m", "how long one crawl may take")
    backfill_budget: int = _setting(
        2_000, "requests that one crawl --backfill makes to one host at most; the next one goes on", ge=1, le=1_000_000
    )
    page_cpu: Interval = _setting("10s", "CPU time that one page may use in extraction")
    page_memory: PageMemory = _setting(
        "512MB",
        'memory that one page may use in extraction, and once more its scripts where it is drawn; at least "64MB"',
    )
    robots: bool = _setting(True, "keep robots.txt")
    recheck: Delays = _setting(
        ["1h", "1d", "7d"], "how long after its arrival an article's page is looked at again; [] for never"
    )
    browser: str = _setting("", 'the Chromium that draws pages of sources with render = true; "" finds one')
    languages: Languages = _setting((), "languages of the articles that are kept; [] keeps all")
    obey_tdm: bool = _setting(
        False, "take only the feed entry of pages whose publisher reserves text and data mining (TDMRep)"
    )


class RawConfig(Model):
    """Whether pages are kept as they came."""

    keep: DurationOrNone = _setting("", 'how long raw pages are kept as WARC; "" keeps none')
    folder: str = _setting("", 'folder of the raw pages; "" is beside the archive: presswatch-raw for presswatch.db')


class KeepConfig(Model):
    """How long what was done stays; the service removes by itself what is older, once a day."""

    articles: Retention = _setting("", 'articles, by when they were first seen; "" keeps all')
    digests: Retention = _setting("", 'digests and alerts with their deliveries; "" keeps all')
    pages: Retention = _setting(
        "", 'pages of digests and alerts in their folders, which others may link to; "" keeps all'
    )
    mails: DurationOrNone = _setting("30d", "the bytes of what was delivered; that it was stays with its digest")
    log: Retention = _setting("400d", "the log of polls and runs, which tells the rhythm of sources")


class WebConfig(Model):
    """Where the web page listens and how readers reach it."""

    host: Text = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8765, "port to listen on", ge=1, le=65535)
    public_url: PublicAddress = _setting("", "address under which readers reach the web page; digests link to it")
    hosts: HostNames = _setting((), "further names by which the page may be asked once there are users")
    proxy: Proxies = _setting((), "proxies that are believed whom they ask for (X-Forwarded-For, X-Forwarded-Proto)")
    serve: bool = _setting(False, "the service (presswatch run) serves the web page, too")
    processes: int = _setting(
        0, "processes that serve the web page; 0 is one for each core, and four at most", ge=0, le=64
    )


class TargetConfig(Model):
    """One [chat.NAME] or [webhooks.NAME]: an address that is a secret, so it stands in a file or the environment."""

    url_file: str = _setting("", "file with the address; else the environment has it")


class DigestConfig(Model):
    """What all digests share."""

    folder: Path = _setting("digests", "where digests are written as files", strict=False)


def _secret(file: str, variable: str, key: str, environ: Mapping[str, str]) -> str:
    """Read a secret from its file, from the file that the environment names, or from the environment."""
    file = file or environ.get(f"{variable}_FILE", "")
    if not file:
        return environ.get(variable, "")
    try:
        return Path(file).expanduser().read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        found = Words(getattr(error, "strerror", None) or error)
        what = key.rpartition(".")[2].removesuffix("_file")
        raise ConfigError(Path(file), None, key, found, f"a file with the {what}") from error


class MailConfig(Model):
    """The server that takes our mail."""

    sender: Sender = _setting("", 'From line, such as "Presswatch <press@example.org>"', alias="from")
    host: str = _setting("", 'mail server; "" sends no mail')
    port: int = _setting(587, "port of the mail server", ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = _setting("starttls", "how the connection is secured")
    user: str = _setting("", 'user name at the mail server; "" logs in as nobody')
    password_file: str = _setting("", "file with the password; else PRESSWATCH_MAIL_PASSWORD")
    ca_file: str = _setting(
        "", "file with certificates (PEM) that the server's may be signed with, beside the system's"
    )
    dkim_selector: DnsLabel = _setting("", 'selector of the DKIM signature, such as "presswatch"; "" signs nothing')
    dkim_domain: DnsLabel = _setting("", 'domain that signs; "" is that of the sender')
    dkim_key_file: str = _setting("", "file with the private key (PEM, RSA or Ed25519); else PRESSWATCH_DKIM_KEY")

    @model_validator(mode="after")
    def _dkim_is_whole(self) -> Self:
        if (self.dkim_key_file or self.dkim_domain) and not self.dkim_selector:
            raise ValueError("dkim_selector beside dkim_key_file and dkim_domain: without it nothing is signed")
        return self

    @property
    def works(self) -> bool:
        """Whether mail can be sent at all."""
        return bool(self.host and self.sender)

    def password(self, environ: Mapping[str, str]) -> str:
        """Read the password from its file or the environment; "" when there is none."""
        return _secret(self.password_file, "PRESSWATCH_MAIL_PASSWORD", "mail.password_file", environ)

    def dkim_key(self, environ: Mapping[str, str]) -> str:
        """Read the private key of DKIM from its file or the environment; "" when there is none."""
        return _secret(self.dkim_key_file, "PRESSWATCH_DKIM_KEY", "mail.dkim_key_file", environ)


class NamesConfig(Model):
    """Who finds the people, organisations and places in texts."""

    tagger: Name = _setting("plain", 'the tagger: "plain", "spacy" or the name of a plug-in')
    models: dict[str, str] = _setting(
        {}, 'language, or "*" -> folder of the model for its texts; other languages are left to "plain"'
    )


class _MachineConfig(Model):
    """Where another machine is asked, and how much of it."""

    url: WebHook = _setting("", "address of its programming interface")
    model: str = _setting("", "name of the model; it stands beside what it wrote")
    key_file: str = _setting("", "file with the key; else the environment has it")
    timeout: Interval = _setting("20s", 'how long one answer may take, "2m" at most', le=120)
    calls: int = _setting(10, "how often it is asked for one digest at most", ge=1, le=1000)


class SummaryConfig(_MachineConfig):
    """Who writes a summary beside the sentences that the digest takes from the articles."""

    summariser: PluginName = _setting("", '"openai" or the name of a plug-in; "" leaves it at the articles\' sentences')

    def key(self, environ: Mapping[str, str]) -> str:
        """Read the key; "" when there is none."""
        return _secret(self.key_file, "PRESSWATCH_SUMMARY_KEY", "summary.key_file", environ)


class TranslationConfig(_MachineConfig):
    """Who translates headlines and summaries into a plan's language."""

    translator: PluginName = _setting("", '"libretranslate", "openai" or the name of a plug-in; "" translates nothing')
    calls: int = _setting(40, "how often it is asked for one digest at most", ge=1, le=1000)

    def key(self, environ: Mapping[str, str]) -> str:
        """Read the key; "" when there is none."""
        return _secret(self.key_file, "PRESSWATCH_TRANSLATION_KEY", "translation.key_file", environ)


class OperatorConfig(Model):
    """Who is told when nothing works any more."""

    mail: MailOrNone = _setting("", "who is told when nothing was stored or no digest was made")
    notice_after: Interval = _setting("24h", "after how long without an article or digest")


class LogConfig(Model):
    """How the service writes its log."""

    format: Literal["text", "json"] = _setting("text", 'how lines are written: "text", or "json", one object a line')


class AlertsConfig(Model):
    """Who gets the alerts of watches that name nobody, and when nobody is disturbed."""

    recipients: Mails = _setting((), "mail addresses for alerts of watches that name none; default [operator] mail")
    webhook: HookTargetOrNone = _setting(
        "", "address, or name of a webhook, to which alerts of watches that name none are posted"
    )
    chat: TargetNames = _setting((), "names of chats in which alerts of watches that name none are told")
    quiet: QuietHours = _setting("", 'hours in which alerts are held back, such as "22:00-06:00"')
    timezone: ZoneOrNone = _setting(
        "", 'time zone of the quiet hours and of the times in alerts; "" is the general one'
    )
    language: FrameLanguage = _setting("en", "language of the alerts' own words")

    def quiet_hours(self) -> tuple[time, time] | None:
        """Give the begin and the end of the quiet hours."""
        if not self.quiet:
            return None
        begin, end = map(time.fromisoformat, self.quiet.split("-"))
        return begin, end


class PresswatchConfig(Model):
    """presswatch.toml."""

    archive: ArchiveAddress = _setting("sqlite:///presswatch.db", "where articles are kept")
    timezone: Zone = _setting("UTC", "time zone of digests that name none")
    crawl: CrawlConfig = _setting({}, "a table")
    raw: RawConfig = _setting({}, "a table")
    keep: KeepConfig = _setting({}, "a table")
    web: WebConfig = _setting({}, "a table")
    digest: DigestConfig = _setting({}, "a table")
    mail: MailConfig = _setting({}, "a table")
    alerts: AlertsConfig = _setting({}, "a table")
    chat: dict[TargetName, TargetConfig] = _setting({}, "a table for each chat whose address stands in a file")
    webhooks: dict[TargetName, TargetConfig] = _setting(
        {}, "a table for each webhook with a name whose address stands in a file"
    )
    operator: OperatorConfig = _setting({}, "a table")
    log: LogConfig = _setting({}, "a table")
    names: NamesConfig = _setting({}, "a table")
    summary: SummaryConfig = _setting({}, "a table")
    translation: TranslationConfig = _setting({}, "a table")

    def target(self, kind: Literal["chat", "webhook"], name: str, environ: Mapping[str, str]) -> str:
        """Read the address of a chat or a webhook; "" when there is none."""
        given = (self.chat if kind == "chat" else self.webhooks).get(name, TargetConfig())
        table = "chat" if kind == "chat" else "webhooks"
        return _secret(given.url_file, target_variable(kind, name), f"{table}.{name}.url_file", environ).strip()


def target_variable(kind: Literal["chat", "webhook"], name: str) -> str:
    """Name the variable of the environment that has the address of a chat or a webhook."""
    return f"PRESSWATCH_{kind}_{name}".upper().replace("-", "_")


class OverrideConfig(Model):
    """One [[KEY.overrides]] of a source in sources.toml."""

    valid_until: LastDay = Field(description="the last day on which it is used, such as 2027-06-30 (sites change)")
    title: Values = _setting(
        (), "where the title stands: CSS, or XPath that begins with /, ./ or (", validate_default=False
    )
    body: Elements = _setting((), "the elements that hold the text", validate_default=False)
    date: Values = _setting((), "where the date of publication stands", validate_default=False)
    author: Values = _setting((), "where the authors stand", validate_default=False)
    remove: Elements = _setting((), "elements that are taken out before the page is read", validate_default=False)
    hosts: Hosts = _setting((), "its hosts, those under them included; default all")
    paths: Paths = _setting((), "patterns of its paths; default all")

    def record(self) -> Override:
        """Give the record that every other part works with."""
        return Override(**dict(self))


class SourceConfig(Model):
    """One table of sources.toml."""

    name: OutletName = Field(description="the outlet's name")
    homepage: WebAddress = Field(description='the address of its home page, such as "https://example.org/"')
    country: Country = _setting("", "ISO 3166 code of its country in small letters")
    language: Language = _setting("", "language of its texts (BCP 47)")
    timezone: Zone | None = _setting(None, "its time zone: dates without a zone are read in it")
    kind: Kind = _setting("online", "what sort of outlet it is")
    control: Control = _setting("unknown", "who controls it")
    owner: Called = _setting("", "its publisher family: outlets of one owner count as one voice")
    verified: Verified = _setting(None, 'the day on which a person checked this entry, or "never"')
    feeds: WebAddresses = _setting((), "addresses of RSS, Atom or JSON feeds")
    sitemaps: WebAddresses = _setting((), "addresses of news sitemaps")
    sections: WebAddresses = _setting((), "addresses of pages that list its articles")
    every: Interval | None = _setting(None, 'time between two polls of a channel; at least "10m"')
    delay: Duration | None = _setting(None, "least time between two requests to its host")
    recheck: Delays | None = _setting(None, "instead of [crawl] recheck in presswatch.toml")
    render: bool = _setting(
        False,
        "draw its pages with a browser first: for pages whose text is written by scripts; their parts obey robots.txt, "
        "but come at once, and not where Crawl-delay is longer than 10 s",
    )
    languages: Languages | None = _setting(None, "instead of [crawl] languages in presswatch.toml")
    overrides: Annotated[tuple[OverrideConfig, ...], Tables] = _setting(
        (), "where its pages have their parts, when they are not found by themselves"
    )

    def record(self, key: str, crawl: CrawlConfig) -> Source:
        """Give the record that every other part works with."""
        values = {**dict(self), "overrides": tuple(each.record() for each in self.overrides)}
        if self.languages is None:
            values["languages"] = crawl.languages
        return Source(key=key, **values)


class WatchConfig(Model):
    """One table of watches.toml."""

    query: Text = Field(description="a query, such as 'espionage AND \"state media\"'")
    weight: float = _setting(1.0, "multiplies the importance of what it matches", gt=0, le=100)
    muted: bool = _setting(False, "keeps matching, but stands in no digest and sends no alert")
    urgent: bool = _setting(False, "sends an alert at once when it matches something new")
    spike: bool = _setting(False, "sends an alert when it matches much more than is usual at this weekday and hour")
    silence: bool = _setting(False, "sends an alert when what it usually matches stays out")
    cool_down: Duration = _setting("1h", "least time between two alerts; what comes meanwhile stands in the next one")
    recipients: Mails = _setting((), "mail addresses for its alerts; default [alerts] in presswatch.toml")
    webhook: HookTargetOrNone = _setting(
        "", "address, or name of a webhook, to which its alerts are posted; default [alerts] in presswatch.toml"
    )
    chat: TargetNames = _setting((), "names of chats in which its alerts are told; default [alerts] in presswatch.toml")
    feed: bool = _setting(
        False, "an Atom and a JSON Feed file of it are kept beside the digests; the web page gives them to anyone"
    )

    def record(self, name: str) -> Watch:
        """Give the record that every other part works with."""
        return Watch(name=name, query=self.query, weight=self.weight, muted=self.muted)

    def rules(self, name: str, press: PresswatchConfig) -> WatchRules:
        """Give what it does beside matching; who gets its alerts is filled in from presswatch.toml."""
        operator = press.operator.mail
        # Where no mail can be sent, the operator's address stands for the page and the commands only.
        otherwise = press.alerts.recipients or ((operator,) if operator and press.mail.works else ())
        return WatchRules(
            name=name,
            urgent=self.urgent and not self.muted,
            spike=self.spike and not self.muted,
            silence=self.silence and not self.muted,
            feed=self.feed,
            cool_down=self.cool_down,
            recipients=self.recipients or otherwise,
            webhook=self.webhook or press.alerts.webhook,
            chat=self.chat or press.alerts.chat,
        )


class PlanTable(Model):
    """One table of digests.toml."""

    title: Called = _setting("", "the digest's title")
    at: Times = _setting(
        (),
        'local time of day, such as "07:00", "07:00 on weekdays" or "first monday at 09:00", or cron, such as '
        '"30 6 * * mon-fri", or a list of them',
        validate_default=False,
    )
    every: PlanInterval | None = _setting(None, 'instead of "at": time between two digests, such as "6h"')
    days: Days = _setting(DAYS, "days of the week, for times that name none", min_length=1)
    timezone: Zone = _setting("UTC", "time zone of its times; default from presswatch.toml")
    watches: Names = _setting((), "watches that have a section; all of them when not given")
    recipients: Mails = _setting((), "mail addresses")
    language: FrameLanguage = _setting("en", "language of the digest's own words: " + ", ".join(FRAME_LANGUAGES))
    top: int = _setting(5, "top stories", ge=0, le=50)
    per_watch: int = _setting(8, "stories in each watch's section", ge=1, le=100)
    floor: float = _setting(
        0.0,
        "stories that weigh less are counted but not shown; one new report weighs 1 to 2, three owners 4",
        ge=0,
        le=100,
    )
    empty: Literal["skip", "send"] = _setting("skip", "what to do when there is nothing new")
    webhooks: HookTargets = _setting(
        (), "addresses to which it is posted as JSON, or names whose address PRESSWATCH_WEBHOOK_NAME holds"
    )
    chat: TargetNames = _setting((), "names of chats whose Apprise address PRESSWATCH_CHAT_NAME holds")
    tags: Names = _setting((), "tags by which people mark articles and that it shows; all others stay inside")
    review: bool = _setting(False, "make a draft that a person sends")
    reviewers: Mails = _setting((), "mail addresses to which a draft is shown, with how to approve it")
    max_late: Interval = _setting("12h", "a digest that is later than this is not made")
    give_up: Interval = _setting("2d", "for how long a delivery that fails is tried again")
    poll_before: Duration = _setting(
        "15m", 'how long before its time sources are polled for it; "0s" leaves them to their rhythm', le=6 * 3600
    )
    folder: Path = _setting("", "where it is written as files; default from presswatch.toml", strict=False)

    @model_validator(mode="before")
    @classmethod
    def _every_morning(cls, data: Any) -> Any:
        if isinstance(data, dict) and "at" not in data and "every" not in data:
            return {**data, "at": "07:00"}
        return data


class PlanConfig(PlanTable):
    """A plan as it is worked with: every default has been filled in."""

    #: The name of its table.
    name: str


def file_types() -> dict[str, Any]:
    """Give the type of each file's content, in the order in which the files are read."""
    return {
        "presswatch.toml": PresswatchConfig,
        "sources.toml": dict[SourceKey, SourceConfig],
        "watches.toml": dict[Name, WatchConfig],
        "digests.toml": dict[Name, PlanTable],
    }
