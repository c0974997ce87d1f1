"""The filters: what each accepts, what it means in words, and whether an article passes it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import get_args

from crawler import agencies, languages, tokens, urls
from crawler.query import dates
from crawler.query.tree import Filter
from crawler.records import Article, Completeness, Control, Form, Kind, Source

#: Sees an article as first seen later than any date: it is only now on its way into the archive.
_NOT_YET = datetime.max.replace(tzinfo=UTC)
#: Stands for what is not known of an article or its source, in counts as in filters.
UNKNOWN = "unknown"
#: Codes of countries that are often taken for another.
_COUNTRIES = {"uk": "gb"}
_DATE = "a date such as 2019-11-01, 2019-11, 7d (seven days ago) or yesterday"


class BadValue(ValueError):
    """A filter cannot take this value; the message says what it wants."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One filter of the language."""

    #: The value in its canonical form; raises BadValue.
    read: Callable[[str], str]
    #: What it means, with {} for the value.
    words: str
    passes: Callable[[str, Article, Source | None, datetime | None], bool]


def passes(node: Filter, article: Article, source: Source | None, now: datetime | None) -> bool:
    """Tell whether an article passes a filter; without a ``now``, an article without a first sight is yet to come."""
    return DEFINITIONS[node.name].passes(node.value, article, source, now)


def published_at(article: Article) -> datetime | None:
    """Tell when an article was published, as ``after:`` and ``before:`` compare it."""
    return dates.published(article.published, article.published_utc)


def is_source(value: str, key: str, name: str) -> bool:
    """Tell whether a source is meant by its key or its name."""
    return key.lower() == value.lower() or _words(name) == _words(value) != ()


def is_said(value: str, text: str | None) -> bool:
    """Tell whether a text holds these words in a row."""
    wanted, words = _words(value), _words(text or "")
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))


def is_noted(value: str, note: str) -> bool:
    """Tell whether a note says these words in a row, as a phrase is found in a text."""
    wanted, words = tokens.phrase(value).tokens, _words(note)
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))


def is_credited(value: str, origin: str | None) -> bool:
    """Tell whether an origin is named by these words, or is the same agency under another name (新华社 is Xinhua)."""
    named = agencies.known(value)
    return is_said(value, origin) or (named is not None and named == agencies.known(origin or ""))


def is_on_site(value: str, url: str) -> bool:
    """Tell whether an address lies on this host or on one below it."""
    host = _host_of(url)
    return host == value or host.endswith("." + value)


def is_language(value: str, language: str) -> bool:
    """Tell whether a language is this one or a kind of it (zh: zh-Hant)."""
    language = language.lower() or UNKNOWN
    return language == value or language.startswith(value + "-")


def is_tagged(value: str, tags: tuple[str, ...]) -> bool:
    """Tell whether one of the tags is this one, whatever its case."""
    return any(_words(tag) == _words(value) for tag in tags)


@lru_cache(maxsize=4_096)
def _words(text: str) -> tuple[str, ...]:
    """Cut a name or a tag into its words; hundreds of filters ask for the same ones of each article."""
    return tuple(tokens.words(text))


@lru_cache(maxsize=256)
def _host_of(url: str) -> str:
    return urls.host_of(url)


def meant(name: str, value: str) -> str:
    """Guess which value of a filter somebody means who wrote another; "" when nobody can tell."""
    plain = " ".join(value.lower().split())
    if name in ("after", "before", "seen-after", "seen-before"):
        ago = re.fullmatch(r"([0-9]{1,5}) ?(hour|day|week|h|d|w)s?(?: ago)?", plain)
        guess = f"{ago[1]}{ago[2][0]}" if ago else re.sub(r"[/.]", "-", plain)
        return guess if dates.is_date(guess) else ""
    if name == "url" and "." in plain.split("/")[0]:
        return urls.normalise(f"https://{value}") or ""
    if name == "lang":
        return languages.named(plain)
    if name == "country":
        from babel import Locale  # slow to load, and needed where somebody errs

        known = Locale("en").territories.items()
        return next((code.lower() for code, said in known if said.lower() == plain and len(code) == 2), "")
    return ""


def _any_text(value: str) -> str:
    if not tokens.words(value):
        raise BadValue("a name with at least one letter or digit")
    return value


def _one_of(*values: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() in values:
            return value.lower()
        near = difflib.get_close_matches(value.lower(), values, n=1)
        raise BadValue(f"one of {', '.join(values)}" + (f"; did you mean {near[0]}?" if near else ""))

    return read


def _shaped(pattern: str, wanted: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if re.fullmatch(pattern, value.lower(), re.ASCII):
            return value.lower()
        raise BadValue(wanted)

    return read


_letters_of_country = _shaped(f"[a-z]{{2}}|{UNKNOWN}", "a country's two letters, such as cn or ru, or unknown")
_letters_of_language = _shaped(
    f"[a-z]{{2,3}}(-[a-z0-9]{{1,8}})*|{UNKNOWN}", "a language's letters, such as zh, ru or ar, or unknown"
)


def _country(code: str) -> str:
    return _COUNTRIES.get(code, code)


def _read_country(value: str) -> str:
    return _country(_letters_of_country(value))


def _read_language(value: str) -> str:
    return languages.same(_letters_of_language(value))


def _read_date(value: str) -> str:
    if not dates.is_date(value.lower()):
        raise BadValue(_DATE)
    return value.lower()


def _read_site(value: str) -> str:
    host = urls.host_of(value if "://" in value else f"https://{value}/")
    if not host:
        raise BadValue("a host such as globaltimes.cn")
    # Whoever copies www.x.example from a page means the site, which x.example finds.
    bare = host.removeprefix("www.")
    return bare if "." in bare else host


def _read_url(value: str) -> str:
    url = urls.normalise(value)
    if url is None:
        raise BadValue("an address that begins with http:// or https://")
    return url


def _read_number(value: str) -> str:
    if not re.fullmatch(r"[0-9]{1,18}", value):
        raise BadValue("a number, as `presswatch story list` shows it")
    return str(int(value))


def _of_source(attribute: str) -> Callable[[str, Article, Source | None, datetime | None], bool]:
    """Compare what is known of a source; of one that nobody defined (in imports) nothing is."""
    return lambda value, _, source, __: value == ((getattr(source, attribute).lower() if source else "") or UNKNOWN)


def _is_after(value: str, moment: datetime | None, now: datetime | None) -> bool:
    return moment is not None and moment >= dates.moment(value, now or _NOT_YET)


def _is_before(value: str, moment: datetime | None, now: datetime | None) -> bool:
    return moment is not None and moment < dates.moment(value, now or _NOT_YET)


def _seen(article: Article, now: datetime | None) -> datetime:
    return article.first_seen or now or _NOT_YET


_KINDS: tuple[str, ...] = get_args(Kind)
_CONTROLS: tuple[str, ...] = get_args(Control)

#: name -> definition, in the order in which people are told of them.
DEFINITIONS: Mapping[str, Definition] = {
    "source": Definition(
        _any_text,
        "from the source {}",
        lambda value, article, source, _: is_source(value, article.source, source.name if source else ""),
    ),
    "kind": Definition(_one_of(*_KINDS, UNKNOWN), "from a source of the kind {}", _of_source("kind")),
    "control": Definition(_one_of(*_CONTROLS), "from a source whose control is {}", _of_source("control")),
    "owner": Definition(
        _any_text,
        "from a source owned by {}",
        lambda value, _, source, __: source is not None and is_said(value, source.owner),
    ),
    "country": Definition(
        _read_country,
        "from a source in the country {}",
        lambda value, _, source, __: value == (_country(source.country.lower() if source else "") or UNKNOWN),
    ),
    "lang": Definition(
        _read_language,
        "in the language {}",
        lambda value, article, _, __: is_language(value, article.language),
    ),
    "credited": Definition(
        _any_text, "credited to {}", lambda value, article, _, __: is_credited(value, article.credited_to)
    ),
    "site": Definition(_read_site, "on the site {}", lambda value, article, _, __: is_on_site(value, article.url)),
    "url": Definition(_read_url, "at the address {}", lambda value, article, _, __: article.url == value),
    "after": Definition(
        _read_date,
        "published on or after {}",
        lambda value, article, _, now: _is_after(value, published_at(article), now),
    ),
    "before": Definition(
        _read_date,
        "published before {}",
        lambda value, article, _, now: _is_before(value, published_at(article), now),
    ),
    "seen-after": Definition(
        _read_date,
        "first seen on or after {}",
        lambda value, article, _, now: _is_after(value, _seen(article, now), now),
    ),
    "seen-before": Definition(
        _read_date,
        "first seen before {}",
        lambda value, article, _, now: _is_before(value, _seen(article, now), now),
    ),
    "copies": Definition(
        _one_of("yes", "no", "only"),
        "copies: {}",
        lambda value, article, _, __: value == "yes" or article.is_folded != (value == "no"),
    ),
    "tag": Definition(_any_text, "tagged {}", lambda value, article, _, __: is_tagged(value, article.tags)),
    # Notes and marks are no part of an article: only the archive, which keeps them, can ask them (see check_watch).
    "marked": Definition(_one_of("irrelevant", "not-a-copy"), "marked {} by a person", lambda *_: False),
    "note": Definition(_any_text, "with a note that says {}", lambda *_: False),
    "completeness": Definition(
        _one_of(*get_args(Completeness)),
        "kept as {}",
        lambda value, article, _, __: article.completeness == value,
    ),
    "form": Definition(_one_of(*get_args(Form)), "of the form {}", lambda value, article, _, __: article.form == value),
    "paywalled": Definition(
        _one_of("yes", "no"),
        "known to be paywalled: {}",
        lambda value, article, _, __: bool(article.paywalled) == (value == "yes"),
    ),
    "story": Definition(_read_number, "in the story {}", lambda value, article, _, __: article.story == int(value)),
    # Watches are put in place of their names (expand) before anything is evaluated.
    "watch": Definition(_any_text, "that the watch {} finds", lambda *_: False),
}
#: The filters that what is known of an article's source decides.
OF_SOURCE = frozenset(("source", "kind", "control", "owner", "country"))
