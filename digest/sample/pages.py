"""The pages for people: home page, sections and articles, with all the chrome that real sites put around a text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from digest.sample.feeds import summary

if TYPE_CHECKING:
    from digest.sample.press import Item, Outlet

#: layout -> Content-Type, where it is not UTF-8 by header: the old republisher declares its charset in the page only.
CONTENT_TYPES = {"republisher": "text/html"}
_TAUGHT = 5
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


def home(outlet: Outlet) -> bytes:
    """Make the home page: menu, links to the feeds, the newest articles of all sections."""
    return _render("home", outlet, items=outlet.newest(), heading=outlet.source.name)


def section(outlet: Outlet, name: str) -> bytes:
    """Make a section page; "" is the page with everything."""
    items = [item for item in outlet.newest() if name in ("", item.section)]
    return _render("home", outlet, items=items, heading=outlet.sections.get(name, outlet.source.name))


def maintenance(outlet: Outlet) -> bytes:
    """Make the page that a broken feed shows instead."""
    return _render("maintenance", outlet)


def article(outlet: Outlet, item: Item) -> bytes:
    """Make the page of an article in the outlet's layout."""
    others = [other for other in outlet.newest() if other is not item]
    body = _render(
        outlet.layout,
        outlet,
        item=item,
        blocks=[(text.startswith("## "), text.removeprefix("## ")) for text in item.text],
        summary=summary(item),
        related=others[:_TAUGHT],
        json_ld=Markup(_json_ld(outlet, item)),  # noqa: S704 - our own JSON, "<" escaped
    )
    if outlet.layout == "republisher":
        return body.decode().encode("iso-8859-1", "xmlcharrefreplace")
    return body


def _json_ld(outlet: Outlet, item: Item) -> str:
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": item.title,
        "description": summary(item),
        "inLanguage": outlet.source.language,
        "mainEntityOfPage": outlet.url(item.target),
        "author": [{"@type": "Person", "name": author} for author in item.authors]
        or {"@type": "Organization", "name": outlet.source.name},
        "publisher": {"@type": "Organization", "name": outlet.source.name},
        "isAccessibleForFree": not item.paywalled,
    }
    if item.published is not None:
        data["datePublished"] = item.published.isoformat()
        data["dateModified"] = (item.updated or item.published).isoformat()
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _render(template: str, outlet: Outlet, **values: object) -> bytes:
    language = outlet.source.language or "en"
    return (
        _templates()
        .get_template(f"{template}.html.j2")
        .render(
            outlet=outlet,
            words=outlet.words,
            language=language,
            direction="rtl" if language in _RIGHT_TO_LEFT else "ltr",
            **values,
        )
        .encode("utf-8", "replace")
    )


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("digest.sample", "layouts"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["clock"] = _clock
    made.filters["utc"] = _utc
    return made


def _clock(time: datetime, form: str) -> str:
    """Write a time as a site prints it; %-d and the like are not known on every system."""
    plain = {"d": time.day, "m": time.month, "Y": time.year, "H": time.hour, "M": f"{time.minute:02}"}
    plain |= {"S": f"{time.second:02}", "dd": f"{time.day:02}", "mm": f"{time.month:02}", "HH": f"{time.hour:02}"}
    return form.format(**plain)


def _utc(time: datetime) -> datetime:
    return time.astimezone(UTC)
