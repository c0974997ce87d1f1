"""The types of values in a configuration: how each is read, and what is said of one that is wrong."""

from __future__ import annotations

import difflib
import re
from datetime import date, datetime, time
from ipaddress import ip_address, ip_network
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

import idna
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    InstanceOf,
    ValidationInfo,
    WithJsonSchema,
)

from crawler import invisible
from crawler.config import hooks
from crawler.config.units import DURATION_PATTERN, SIZE_PATTERN, read_duration, read_size
from crawler.recurrence import TIME_WANTED, Recurrence, read_recurrence
from crawler.urls import host_of, is_fetchable

_HOURS = r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]"
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Languages in which a digest's own words are there: the files in digest/frames.
FRAME_LANGUAGES = ("en", "ar", "de", "es", "fa", "fr", "ru", "uk", "zh")
#: A region may follow ("de-AT"): it says how dates are written. Chinese is there in simplified letters only.
_FRAME_LANGUAGE = (
    rf"({'|'.join(FRAME_LANGUAGES[:-1])})(-([A-Z]{{2}}|[0-9]{{3}}))?|{FRAME_LANGUAGES[-1]}(-Hans)?(-(CN|SG|MY))?"
)


# Every check below raises a ValueError whose message is what is wanted: it ends "found X, wanted ...".


def _duration(value: object, info: ValidationInfo) -> object:
    if isinstance(value, str):
        return read_duration(value)
    # From Python a number is seconds. In a file it would be a guess: "every = 60" is a minute to us, an hour to many.
    if isinstance(value, int | float) and not isinstance(value, bool) and not info.context and value >= 0:
        return float(value)
    return read_duration("")


def _a_month_or_none(value: float | None) -> float | None:
    if value is not None and value < 30 * 86_400:
        raise ValueError('at least "30d", or "" for ever')
    return value


def _at_least(seconds: float, text: str) -> AfterValidator:
    def check(value: float) -> float:
        if value < seconds:
            raise ValueError(f'at least "{text}"')
        return value

    return AfterValidator(check)


def _size(value: object, info: ValidationInfo) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and not info.context and value >= 0:
        return value
    return read_size(value if isinstance(value, str) else "")


def _between(least: str, most: str) -> AfterValidator:
    def check(value: int) -> int:
        if value < read_size(least):
            raise ValueError(f'at least "{least}"')
        if value > read_size(most):
            raise ValueError(f'at most "{most}"')
        return value

    return AfterValidator(check)


def _reachable(value: str) -> str:
    """Give the contact as a header can carry it: ASCII, an international host encoded."""
    if not value:
        return value
    wanted = 'a URL or mail address that a header can carry, such as "https://example.org/crawl" or "desk@example.org"'
    web = re.fullmatch(r"(https?://)([^/?#@:\\]+)((?::[0-9]{1,5})?(?:[/?#][!-~]*)?)", value, re.IGNORECASE)
    mail = re.fullmatch(r"((?:mailto:)?[\w.!#$%&'*+/=?^`{|}~-]+@)([^/?#@:\\]+)((?:\?[!-~]*)?)", value, re.ASCII)
    found = web or mail
    if found is None or (mail and found[3] and not value.startswith("mailto:")) or re.search(r"[()]", value):
        raise ValueError(wanted)
    try:
        return found[1] + idna.encode(found[2], uts46=True).decode("ascii") + found[3]
    except idna.IDNAError:
        if web and web[2].isascii() and is_fetchable(value):  # "localhost_1", an address of numbers
            return value
        raise ValueError(wanted) from None


def _mail_domain(value: str) -> str:
    domain = value.rpartition("@")[2]
    try:
        idna.encode(domain, uts46=True)
    except idna.IDNAError:
        raise ValueError('a mail address whose domain can exist, such as "desk@example.org"') from None
    return value


def _list(value: object) -> object:
    if isinstance(value, list | tuple):
        return tuple(value)
    raise ValueError('a list, such as ["one", "two"]')


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):  # a folder of zones, "../x" and an unknown name
        near = difflib.get_close_matches(value, sorted(available_timezones()), n=1)
        raise ValueError(f'the name of a time zone, such as "{near[0] if near else "Europe/Berlin"}"') from None
    return value


def _web_address(value: str) -> str:
    if not is_fetchable(value):
        raise ValueError('an address that begins with "https://" or "http://"')
    return value


def _web_address_or_none(value: str) -> str:
    return value and _web_address(value)


def _public_address(value: str) -> str:
    """Refuse what readers could not be linked to: no host, or more than a host and a path."""
    if value and (not is_fetchable(value) or re.search("[?#@]", value)):
        raise ValueError('an address without "?", "#" and "@", such as "https://press.example.org", or ""')
    return value


def _host_name(value: str) -> str:
    """Give the name of a host as a browser asks for it."""
    bare = value.strip().removeprefix("[").removesuffix("]")
    try:
        return str(ip_address(bare))
    except ValueError:
        pass
    try:
        return idna.encode(bare, uts46=True).decode("ascii")
    except idna.IDNAError:
        if re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?", bare):  # "news_server"
            return bare.lower()
        raise ValueError('the name of a host without scheme and port, such as "press.example.org"') from None


def _proxies(value: object) -> object:
    wanted = 'an address or a range of addresses, such as "127.0.0.1" or "10.0.0.0/24", or a list of them'
    if isinstance(value, str):
        value = (value,) if value else ()
    if not (isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)):
        raise ValueError(wanted)
    try:
        return tuple(str(ip_network(each) if "/" in each else ip_address(each)) for each in value)
    except ValueError:
        raise ValueError(wanted) from None


def _hook_target(value: str) -> str:
    if "://" in value:
        hooks.asked(value)
    elif not re.fullmatch(_TARGET, value):
        raise ValueError('an address that begins with "https://" or "http://", or a name such as "desk"')
    return value


def _hook_target_or_none(value: str) -> str:
    return value and _hook_target(value)


def _quiet(value: str) -> str:
    if value and not (re.fullmatch(_HOURS, value) and len(set(value.split("-"))) == 2):
        raise ValueError('two times of day, such as "22:00-06:00", or ""')
    return value


def _network(value: str) -> str:
    try:
        return str(ip_network(value))
    except ValueError:
        pass
    try:
        wider = ip_network(value, strict=False)
    except ValueError:
        raise ValueError('an address range, such as "127.0.0.0/8"') from None
    raise ValueError(f'an address range without host bits, such as "{wider}"')


def _pattern(pattern: str, wanted: str) -> AfterValidator:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(wanted)
        return value

    return AfterValidator(check)


def _fit(value: str) -> str:
    if unfit := invisible.unfit(value):
        raise ValueError(f"a name without {unfit}")
    return value


def _times(value: object) -> object:
    if not isinstance(value, list | tuple):
        return (_time(value),)
    if not value:
        raise ValueError(TIME_WANTED)
    found = dict.fromkeys(_time_of_list(item) for item in value)
    plain = sorted(each for each in found if isinstance(each, time))
    return (*plain, *(each for each in found if isinstance(each, Recurrence)))


def _time_of_list(item: object) -> time | Recurrence:
    try:
        return _time(item)
    except ValueError as error:
        raise ValueError(f"{error} (not {item!r})") from None


def _time(item: object) -> time | Recurrence:
    if isinstance(item, time | Recurrence):
        return item
    if isinstance(item, str):
        return read_recurrence(item)
    raise ValueError(TIME_WANTED)


def _verified(value: object) -> object:
    if value in (None, "never"):
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError('the day of the check, such as 2026-11-23, or "never"') from None


def _last_day(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("the last day on which it is used, such as 2027-06-30") from None


def _several(value: object) -> object:
    if isinstance(value, list | tuple) and value:
        return tuple(value)
    raise ValueError('a selector, such as "div.story" or "//div[@id=\'story\']", or a list of them')


def _selector(value: str, *, elements: bool) -> str:
    from crawler import selectors  # loads lxml, which configurations without overrides do not need

    return selectors.check(value, elements=elements)


def _pointing(*, elements: bool) -> AfterValidator:
    return AfterValidator(lambda value: _selector(value, elements=elements))


def _one_or_several(*, elements: bool) -> BeforeValidator:
    return BeforeValidator(
        lambda value: (_selector(value, elements=elements),) if isinstance(value, str) else _several(value)
    )


def _tables(value: object) -> object:
    if isinstance(value, list | tuple):
        return tuple(value)
    raise ValueError('tables with two pairs of brackets, such as "[[example-times.overrides]]"')


def _host(value: str) -> str:
    if "*" in value or (found := host_of(f"https://{value}/")) == "" or "/" in value:
        raise ValueError('a host without a scheme, such as "www.example.org"; those under it are meant as well')
    return found


def is_frame_language(value: str) -> bool:
    """Tell whether a digest's own words can be said in this language."""
    return bool(re.fullmatch(_FRAME_LANGUAGE, value))


def _frame_language(value: str) -> str:
    if not is_frame_language(value):
        known = ", ".join(f'"{language}"' for language in FRAME_LANGUAGES)
        letters = '; Chinese is there in simplified letters only ("zh")' if value.startswith("zh") else ""
        raise ValueError(f'a language that digests speak: {known}, with a region if you like ("de-AT"){letters}')
    return value


def _unique(value: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(value)) < len(value):
        twice = next(item for item in value if value.count(item) > 1)
        raise ValueError(f'each only once ("{twice}" stands there twice)')
    return value


def _delays(value: object, info: ValidationInfo) -> object:
    wanted = 'a list of durations, such as ["1h", "1d", "7d"], or [] for never'
    if not isinstance(value, list | tuple):
        raise ValueError(wanted)  # noqa: TRY004
    try:
        return tuple(sorted({float(str(_duration(item, info))) for item in value}))
    except ValueError:
        raise ValueError(wanted) from None


def _not_at_once(value: tuple[float, ...]) -> tuple[float, ...]:
    if value and value[0] < 60:
        raise ValueError('durations of at least "1m", such as ["1h", "1d", "7d"]')
    return value


_SIZE_SCHEMA = WithJsonSchema({"type": "string", "pattern": SIZE_PATTERN})
_DURATION_SCHEMA = WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN})
Duration = Annotated[float, BeforeValidator(_duration), _DURATION_SCHEMA]
#: Less is no time at all; what is not polite is told by ``config.remarks``.
Interval = Annotated[float, _at_least(1.0, "1s"), BeforeValidator(_duration), _DURATION_SCHEMA]
#: How long after its arrival an article's page is asked for again.
Delays = Annotated[
    tuple[float, ...],
    AfterValidator(_not_at_once),
    BeforeValidator(_delays),
    WithJsonSchema({"type": "array", "items": {"type": "string", "pattern": DURATION_PATTERN}}),
]
#: Scrapy reads a size of 0 as no limit at all.
BodySize = Annotated[int, _between("10kB", "1GB"), BeforeValidator(_size), _SIZE_SCHEMA]
PageMemory = Annotated[int, _between("64MB", "64GB"), BeforeValidator(_size), _SIZE_SCHEMA]
Contact = Annotated[str, AfterValidator(_reachable)]
Zone = Annotated[str, AfterValidator(_zone)]
Text = Annotated[str, _pattern(r"(?s).*\S.*", "a text that is not empty")]
#: What readers are shown as the name of something.
Called = Annotated[str, AfterValidator(_fit)]
OutletName = Annotated[Text, AfterValidator(_fit)]
WebAddress = Annotated[str, AfterValidator(_web_address), WithJsonSchema({"type": "string", "format": "uri"})]
WebAddresses = Annotated[
    tuple[WebAddress, ...],
    BeforeValidator(_list),
    WithJsonSchema({"type": "array", "items": {"type": "string", "format": "uri"}}),
]
Network = Annotated[str, AfterValidator(_network)]
Language = Annotated[
    str, _pattern(r"([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?", 'a language code, such as "en" or "zh-Hant", or ""')
]
#: Languages of articles; what follows the first "-" does not count: texts do not tell it reliably.
Languages = Annotated[
    tuple[Annotated[str, _pattern(r"[a-z]{2,3}", 'a language code of letters only, such as "en"')], ...],
    AfterValidator(_unique),
    BeforeValidator(_list),
    WithJsonSchema({"type": "array", "items": {"type": "string", "pattern": "^[a-z]{2,3}$"}}),
]
Country = Annotated[str, _pattern(r"([a-z]{2})?", 'two small letters (ISO 3166), such as "cn", or ""')]
Mail = Annotated[
    str,
    AfterValidator(_fit),
    AfterValidator(_mail_domain),
    _pattern(r"[^@\s<>,]+@[^@\s<>,]+", 'a mail address, such as "desk@example.org"'),
]
Mails = Annotated[tuple[Mail, ...], AfterValidator(_unique), BeforeValidator(_list)]
#: "" is none.
WebHook = Annotated[
    str, AfterValidator(_web_address_or_none), WithJsonSchema({"type": "string", "pattern": "^$|^https?://"})
]
#: Of a chat or a webhook whose address is kept secret; in the environment it stands in capitals.
_TARGET = r"[a-z0-9][a-z0-9-]{0,39}"
TargetName = Annotated[str, _pattern(_TARGET, 'a name of small letters, digits and "-", such as "desk"')]
TargetNames = Annotated[tuple[TargetName, ...], AfterValidator(_unique), BeforeValidator(_list)]
HookTarget = Annotated[
    str,
    AfterValidator(_hook_target),
    WithJsonSchema({"type": "string", "pattern": f"^(https?://.*|{_TARGET})$"}),
]
#: "" is none.
HookTargetOrNone = Annotated[
    str,
    AfterValidator(_hook_target_or_none),
    WithJsonSchema({"type": "string", "pattern": f"^$|^(https?://.*|{_TARGET})$"}),
]
HookTargets = Annotated[tuple[HookTarget, ...], AfterValidator(_unique), BeforeValidator(_list)]
Sender = Annotated[
    Called, _pattern(r"|[^@<>]*<[^@\s<>,]+@[^@\s<>,]+>|[^@\s<>,]+@[^@\s<>,]+", 'a mail address, or "Name <address>"')
]
#: What may stand in a DNS name of ours; "" for none.
DnsLabel = Annotated[
    str,
    _pattern(
        r"|[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*",
        'letters, digits, "-" and ".", such as "presswatch" or "example.org"',
    ),
]
#: 1 to 65535.
_PORT = "[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]"
HostPort = Annotated[
    str,
    _pattern(rf"([^\s:/]+|\[[0-9a-fA-F:]+\]):({_PORT})", 'a host and a port, such as "127.0.0.1:8080"'),
]
SourceKey = Annotated[
    str, _pattern(r"[a-z0-9][a-z0-9-]{0,63}", 'a key of small letters, digits and "-", such as "global-times"')
]
Name = Annotated[
    Called, _pattern(r'[^\s":()/\\]{1,64}', "a name of at most 64 letters, without spaces, quotes, colons, slashes")
]
PluginName = Annotated[str, _pattern(r'[^\s":()/\\]{0,64}', 'the name of a plug-in, or ""')]
DurationOrNone = Annotated[
    float | None,
    BeforeValidator(lambda value, info: None if value in ("", None) else _duration(value, info)),
    WithJsonSchema({"type": "string", "pattern": f"^$|{DURATION_PATTERN}"}),
]
#: What editions, stories and the health of sources look back on is not removed.
Retention = Annotated[DurationOrNone, AfterValidator(_a_month_or_none)]
ZoneOrNone = Annotated[str, AfterValidator(lambda value: value and _zone(value))]
Networks = Annotated[tuple[Network, ...], BeforeValidator(_list)]
ProxyAddress = Annotated[
    str, _pattern(r"|https?://\S+", 'the address of an HTTP proxy, such as "http://proxy:3128", or ""')
]
#: Names by which the web page is asked, besides that of its public address.
HostNames = Annotated[
    tuple[Annotated[str, AfterValidator(_host_name)], ...], AfterValidator(_unique), BeforeValidator(_list)
]
#: Who may say on whose behalf it asks; nobody is believed by name, or because everybody is.
Proxies = Annotated[
    tuple[str, ...],
    BeforeValidator(_proxies),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
PublicAddress = Annotated[
    str,
    AfterValidator(_public_address),
    _pattern(r"|https?://\S+", 'an address that begins with "https://", or ""'),
]
MailOrNone = Annotated[str, _pattern(r"|[^@\s<>,]+@[^@\s<>,]+", 'a mail address, or ""')]
QuietHours = Annotated[str, AfterValidator(_quiet), WithJsonSchema({"type": "string", "pattern": f"^$|^{_HOURS}$"})]
ArchiveAddress = Annotated[
    str,
    _pattern(r"sqlite://(/.+)?|postgres(ql)?://\S+", 'an archive, such as "sqlite:///presswatch.db"'),
]
Hosts = Annotated[tuple[Annotated[str, AfterValidator(_host)], ...], BeforeValidator(_list)]
Paths = Annotated[
    tuple[Annotated[str, _pattern(r"/\S*", 'a path with * for anything, such as "/news/*"')], ...],
    BeforeValidator(_list),
]
Verified = Annotated[
    str | None,
    BeforeValidator(_verified),
    WithJsonSchema({"type": "string", "pattern": r"^(never|\d{4}-\d{2}-\d{2})$"}),
]
Times = Annotated[
    tuple[InstanceOf[time] | InstanceOf[Recurrence], ...],
    BeforeValidator(_times),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$|\s|^@"},
                {"type": "array", "minItems": 1, "items": {"type": "string"}},
            ]
        }
    ),
]
PlanInterval = Annotated[float, _at_least(60.0, "1m"), BeforeValidator(_duration), _DURATION_SCHEMA]
Days = Annotated[tuple[Day, ...], AfterValidator(_unique), BeforeValidator(_list)]
Names = Annotated[tuple[Called, ...], AfterValidator(_unique), BeforeValidator(_list)]
Tables = BeforeValidator(_tables)
FrameLanguage = Annotated[
    str, AfterValidator(_frame_language), WithJsonSchema({"type": "string", "pattern": f"^({_FRAME_LANGUAGE})$"})
]

_SELECTORS_SCHEMA = WithJsonSchema(
    {
        "anyOf": [
            {"type": "string", "minLength": 1},
            {"type": "array", "minItems": 1, "maxItems": 20, "items": {"type": "string"}},
        ]
    }
)
Values = Annotated[
    tuple[Annotated[str, _pointing(elements=False)], ...],
    Field(max_length=20),
    _one_or_several(elements=False),
    _SELECTORS_SCHEMA,
]
Elements = Annotated[
    tuple[Annotated[str, _pointing(elements=True)], ...],
    Field(max_length=20),
    _one_or_several(elements=True),
    _SELECTORS_SCHEMA,
]
#: A name of its own: "date" is a key of the table.
LastDay = Annotated[
    date, BeforeValidator(_last_day), WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"})
]
