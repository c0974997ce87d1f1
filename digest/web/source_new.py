"""Adding a source: an address is looked at, what was found is shown, and what is wanted of it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

from starlette.exceptions import HTTPException
from starlette.responses import Response

from crawler.archive import Exploration
from crawler.config.edit import add_source
from crawler.config.lock import only_editor
from crawler.errors import ArchiveError, ConfigError, Locked, UsageError
from crawler.records import Control, Kind, Source
from digest import exploring
from digest.definitions import synchronise
from digest.naming import new_source
from digest.web.call import Call, Page
from digest.web.faults import Fault, fault_of, told_of
from digest.web.templating import link
from digest.web.watches import known_config

KINDS: Sequence[str] = get_args(Kind)
CONTROLS: Sequence[str] = get_args(Control)
#: What a person fills in.
_FIELDS = ("name", "key", "kind", "control", "country", "language", "timezone", "owner")


def new(call: Call) -> Response:
    """Show the form for an address, or how far a look has come and what it found."""
    id_ = call.query.get("look", "")
    if not id_:
        return _begin(call, call.query.get("address", "").strip())
    return _found(call, _exploration(call, id_))


def look(call: Call) -> Response:
    """Begin to look at an address."""
    config, trouble = known_config(call)
    address = call.form.get("address")
    if config is None:
        return _begin(call, address, Fault(trouble or "There is no configuration; presswatch init writes one."), 503)
    try:
        begun = exploring.begin(call.archive, call.archive_url, config, address, call.visitor.name, call.now)
    except UsageError as error:
        return _begin(call, address, fault_of(error), 400)
    return call.to(link("/new-source", look=begun.id))


def add(call: Call) -> Response:
    """Write what was found, and is wanted, into sources.toml."""
    exploration = _exploration(call, call.form.get("look"))
    try:
        with only_editor(call.configured().folder):
            source = _chosen(call, exploration)
            add_source(call.configured().folder, source)
            return _taken_over(call, source)
    except (UsageError, ConfigError, Locked) as error:
        status = 503 if isinstance(error, Locked) else 400
        return _found(call, exploration, Fault(told_of(error, call.form.get("key"), "key")), status)


def _taken_over(call: Call, source: Source) -> Response:
    """Let the archive know a source that was written; that it cannot be done just now undoes nothing."""
    said = (
        f"{source.key} ({source.name}) is added. The service asks it with its next crawl; presswatch crawl does, too."
    )
    try:
        synchronise(call.archive, call.configured(), call.now)
    except ArchiveError as error:
        return call.to(
            "/sources", f"{source.key} is written into sources.toml; the next crawl takes it over ({error})."
        )
    return call.to(f"/sources/{source.key}", said)


def _exploration(call: Call, id_: str) -> Exploration:
    found = call.archive.explorations.get(id_)
    if found is None:
        raise HTTPException(404, "Of this look nothing is kept any more; begin anew.")
    return found


def _chosen(call: Call, exploration: Exploration) -> Source:
    """Make a source of what was found and what a person chose of it."""
    site = exploring.site_of(exploration)
    if site is None:
        raise UsageError("Nothing was found there that could be added.")
    form, wanted = call.form, set(call.form.all("way"))
    kind, control = form.get("kind"), form.get("control")
    for label, value, known in (("Kind", kind, KINDS), ("Control", control, CONTROLS)):
        if value not in known:
            raise UsageError(f"{label}: found {value!r}, wanted one of {', '.join(known)}")
    config = call.configured()
    key = form.get("key")
    if key in config.sources:
        raise UsageError(f"There is a source “{key}” already; choose another key.")
    source = new_source(site, config, key=key, given={name: form.get(name) for name in _FIELDS})
    feeds, sitemaps, sections = (
        tuple(url for url in urls if url in wanted) for urls in (source.feeds, source.sitemaps, source.sections)
    )
    if not (feeds or sitemaps or sections):
        raise UsageError("No way in is chosen; without one it would never be asked. Tick one at least.")
    return replace(source, owner=form.get("owner"), feeds=feeds, sitemaps=sitemaps, sections=sections)


def _begin(call: Call, address: str, fault: Fault | None = None, status: int = 200) -> Response:
    config, trouble = known_config(call)
    delay = config.press.crawl.delay if config is not None else None
    looks = [(each, each.state(call.now)) for each in call.archive.explorations.list()]
    return call.render(
        "source_new.html.j2", status, address=address, fault=fault, looks=looks, trouble=trouble, delay=delay,
        limit=exploring.LIMIT.seconds // 60,
    )  # fmt: skip


def _found(call: Call, exploration: Exploration, fault: Fault | None = None, status: int = 200) -> Response:
    config, trouble = known_config(call)
    facts: dict[str, Any] = {"polled": "", "filled": {}, "wanted": set()}
    site = exploring.site_of(exploration)
    if site is not None:
        facts["wanted"] = {url for _, url in site.channels()}
        facts["filled"] = {"name": site.name, "language": site.language}
        if config is not None:
            try:
                proposed = new_source(site, config, key="", given={})
            except UsageError as error:
                facts["polled"] = str(error)
            else:
                facts["filled"] |= {"name": proposed.name, "key": proposed.key, "language": proposed.language}
                facts["wanted"] = {url for _, url in proposed.channels()}
    if fault is not None:
        facts["filled"] = {name: call.form.get(name) for name in _FIELDS}
        facts["wanted"] = set(call.form.all("way"))
    return call.render(
        "source_look.html.j2", status, look=exploration, state=exploration.state(call.now), site=site, fault=fault,
        trouble=trouble, remedy=exploring.remedy(exploration), kinds=KINDS, controls=CONTROLS,
        took=max(int((call.now - exploration.began).total_seconds()), 0),
        limit=exploring.LIMIT.seconds // 60,
        delay=config.press.crawl.delay if config is not None else None, **facts,
    )  # fmt: skip


PAGES: tuple[Page, ...] = (
    Page("/new-source", new, "editor"),
    Page("/new-source/look", look, "editor", writes=True),
    Page("/new-source/add", add, "editor", writes=True),
)
