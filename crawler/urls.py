"""Addresses: which are ours to fetch, and when two of them are one."""

from __future__ import annotations

import posixpath
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

import idna

from crawler.errors import UsageError

if TYPE_CHECKING:
    from tldextract import TLDExtract

#: Query parameters that name the visitor or the campaign, never the article.
_TRACKING = re.compile(
    r"^(utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|mc_[ce]id|_hs(enc|mi)|ns_\w+|"
    r"cmpid|cmp|ocid|at_(medium|campaign|custom\d?|link\w*|format|ptr_name|bbc_team)|ito|smid|partner|xtor|"
    r"ref_?src|spm|share_token|wt_mc|guccounter|guce_referrer\w*|traffic_source)$",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAFE_PATH = "/:@!$&'()*+,;=~-._%"
_SAFE_QUERY = _SAFE_PATH + "?[]|"
_LONGEST = 2_000
#: An address that is so short is never too long in its one form: there a character becomes twelve at most (four bytes,
#: each written as three), and a host 253.
_SHORT = 140


def is_fetchable(url: str) -> bool:
    """Tell whether this is an http(s) address with a host, of a sane length."""
    parts = _split(url)
    if parts is None or not _host(parts):
        return False
    return len(url) <= _SHORT or normalise(url) is not None


def refusal(url: str) -> str:
    """Say why an address is none that we fetch; "" when it is one."""
    try:
        parts = urlsplit(_cleaned(url))
        _ = parts.port
    except ValueError as error:
        return f"it cannot be read as an address ({error})"
    if parts.scheme not in _DEFAULT_PORTS:
        return f'"{parts.scheme[:50]}:" is neither http nor https' if parts.scheme else "it names no scheme"
    if not parts.hostname or not _host(parts):
        return "it names no host that can exist"
    return f"it is longer than {_LONGEST:,} characters" if normalise(url) is None else ""


def meant(given: str) -> tuple[str, ...]:
    """List the addresses that a person may mean: a bare host is asked by https, then by http."""
    text = given.strip()
    text = re.sub(r"^feed:(?://)?(?=https?:)", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^feed://", "", text, flags=re.IGNORECASE)
    # "mailto:" has a scheme, "localhost:8080" a port.
    bare = "://" not in text and not re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", text, re.IGNORECASE)
    tried = [f"https://{text}", f"http://{text}"] if bare else [text]
    found = tuple(address for each in tried if (address := normalise(each)) is not None)
    host = urlsplit(found[0]).hostname or "" if found else ""
    why = refusal(tried[0]) if not found else ""
    if bare and found and "." not in host and host != "localhost" and ":" not in host:
        why = "a host has a dot in its name"
    if why:
        raise UsageError(
            f"{given!r} is no address; wanted a home page, feed, sitemap or host, such as https://example.org/ ({why})"
        )
    return found


def normalise(url: str) -> str | None:
    """Write an address in the one form by which an article is known; None when it is no http(s) address.

    Scheme and host in lower case (IDNA), no default port, no fragment, no tracking parameters, dot segments
    resolved, percent signs in upper case, an empty path as "/". Normalising twice changes nothing.
    """
    parts = _split(url)
    if parts is None:
        return None
    host = _host(parts)
    if not host:
        return None
    path = _path(parts.path)
    query = "&".join(
        quote(item, safe=_SAFE_QUERY)
        for item in parts.query.split("&")
        if item and not _TRACKING.match(item.split("=", 1)[0])
    )
    result = urlunsplit((parts.scheme, host, path, _upper_escapes(query), ""))
    return result if len(result) <= _LONGEST else None


def join(base: str, reference: str) -> str | None:
    """Resolve a reference found on a page and normalise it; None when it leads nowhere."""
    try:
        return normalise(urljoin(base, reference.strip()))
    except ValueError:
        return None


def follow(base: str, reference: str) -> str | None:
    """Resolve where a server leads as it wrote that, tracking parameters and all; None when it leads nowhere.

    Scheme and host come in their one form, by which they are guarded, without user name and password.
    """
    try:
        led = urljoin(base, _cleaned(reference))
    except ValueError:
        return None
    parts = _split(led)
    if parts is None or normalise(led) is None:
        return None
    return urlunsplit(
        (
            parts.scheme,
            _host(parts),
            quote(parts.path, safe=_SAFE_PATH) or "/",
            quote(parts.query, safe=_SAFE_QUERY),
            "",
        )
    )


def host_of(url: str) -> str:
    """Name the host of an address with its port where it is not the default one: what the host gate counts."""
    parts = _split(url)
    return _host(parts) if parts is not None else ""


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses belong to one registrable domain."""
    return site_of(one) == site_of(other) != ""


def site_of(url: str) -> str:
    """Name the registrable domain of an address (bbc.co.uk of news.bbc.co.uk), or its bare host."""
    host = host_of(url)
    return _site_of(host if host.endswith("]") else host.rsplit(":", 1)[0])


@lru_cache(maxsize=4_096)
def _site_of(host: str) -> str:
    return _suffixes()(host).top_domain_under_public_suffix or host


@cache
def _suffixes() -> TLDExtract:
    import tldextract  # slow, and only few need it

    # It reads its suffix list from the wheel when it is told to ask nobody.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(_cleaned(url))
        _ = parts.port  # an impossible port raises here
    except ValueError:
        return None
    return parts if parts.scheme in _DEFAULT_PORTS and parts.hostname else None


def _cleaned(url: str) -> str:
    """Leave out what browsers leave out, and write what they write for half of a character, as JSON-LD may hold."""
    cleaned = re.sub(r"[\t\r\n]", "", url.strip())
    return cleaned if cleaned.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", cleaned)


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            return ""
    if not host or re.search(r"[\s/\\?#@<>^|%]", host):
        return ""
    port = parts.port
    return host if port is None or port == _DEFAULT_PORTS[parts.scheme] else f"{host}:{port}"


def _path(path: str) -> str:
    path = _upper_escapes(quote(path, safe=_SAFE_PATH))
    # Only what RFC 3986 calls unreserved is written plainly: %2F is not "/".
    path = re.sub(r"%(2D|2E|5F|7E|3\d|[46][1-9A-F]|[57][0-9A])", lambda m: unquote(m[0]), path)
    if "/." in path:
        slash = path.endswith(("/", "/.", "/.."))
        path = posixpath.normpath(path)
        path = path + "/" if slash and path != "/" else path
    while path.startswith("//"):
        path = path[1:]
    return path or "/"


def _upper_escapes(text: str) -> str:
    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return re.sub(r"%[0-9a-f]{2}", lambda m: m[0].upper(), text)
