"""How everything stands: one sentence when all is well, what needs attention first when it is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response

from crawler import overrides
from crawler.archive import Archive
from crawler.config import Config
from digest import bulletin, condition, incidents, measures, notice
from digest.condition import Condition
from digest.web import discreet, telling
from digest.web.call import Call, Page
from digest.web.watches import known_config

_RUNS = 12
_LABELS = {
    "service": "Service",
    "crawl": "Crawl",
    "sources": "Sources",
    "articles": "Articles",
    "queue": "Pages on their way",
    "imports": "Imports",
    "digests": "Digests",
    "outbox": "Outbox",
    "disk": "Disk",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """An incident, with how long it has lasted where that is known."""

    text: str
    age: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is told, and what is known of it."""

    label: str
    values: tuple[str, ...]


def status(call: Call) -> Response:
    """Tell how service, crawl, sources, queue, digests, outbox and disk stand."""
    config, trouble = known_config(call)
    if config is None:
        if not trouble:
            raise HTTPException(404, "There is no configuration, of which the status could tell.")
        return call.render("status.html.j2", trouble=trouble, troubles=[], lines=[], runs=[], calm="", endings=[])
    found = condition.read(call.archive, config, call.archive_url, call.now)
    editor = call.visitor.may("editor")
    troubles = _troubles(call.archive, found, config, editor=editor)
    shown = found if editor else discreet.condition(found)
    told = bulletin.groups(shown, bulletin.Style(telling.moment, names=editor))
    return call.render(
        "status.html.j2",
        trouble="",
        troubles=troubles,
        calm="" if troubles else _calm(found),
        lines=[Line(_LABELS[name], tuple(values)) for name, values in told.items()],
        kept=measures.reasons(found.numbers.dropped_last_day),
        polls=measures.reasons(found.numbers.polls_last_day),
        runs=call.archive.runs.list(_RUNS) if editor else discreet.runs(call.archive, _RUNS),
        endings=[str(ending) for ending in overrides.endings(config.sources.values(), call.now.date())]
        if editor
        else [],
    )


def _calm(found: Condition) -> str:
    """Say in one sentence that nothing needs attention, and how that is known."""
    runs = "the service runs" if found.service.running else "no service runs, and nothing is overdue"
    last = "no article came yet"
    if found.last_change is not None:
        last = f"the archive last changed {_ago(found, found.last_change)}"
    ill = sum(number for state, number in found.states.items() if state not in {"ok", "new", "paused"})
    asked = f"; {ill} of {telling.count(sum(found.states.values()), 'source')} do not answer as usual" if ill else ""
    return f"{'No alarm' if ill else 'All is well'}: {runs}; {last}{asked}."


def _troubles(archive: Archive, found: Condition, config: Config, *, editor: bool) -> list[Trouble]:
    since = notice.begun(archive, found.at)
    told = []
    for incident in incidents.find(found, config):
        text = incident.text if editor else discreet.incident(incident).text
        begun = since.get(incident.kind)
        told.append(Trouble(text, f"noticed {_ago(found, begun)}" if begun is not None else ""))
    return told


def _ago(found: Condition, moment: datetime) -> str:
    return telling.ago(moment, found.at)


PAGES: tuple[Page, ...] = (Page("/status", status),)
