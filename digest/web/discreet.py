"""What readers are told of how everything stands: without people's addresses, folders and the words of programs."""

from __future__ import annotations

from dataclasses import replace

from crawler.archive import Archive, Parcel
from crawler.records import Run
from digest.condition import Condition
from digest.deliver import shown
from digest.incidents import Incident
from digest.web import telling

#: A fault of these is in our own words; that of another may hold addresses and folders.
_PLAIN = frozenset({"disk", "stored", "network"})
_SAID = {
    "service": "The service does not run as it should.",
    "delivery": "Deliveries cannot go out.",
    "dead": "A delivery did not reach its recipient.",
}
#: Jobs whose runs name people.
_NOTICES = ("notice", "all-clear")


def recipient(name: str, channel: str) -> str:
    """Name who gets something so that they know themselves, and nobody else them; a folder not at all."""
    if channel == "files":
        return "the plan's folder"
    return telling.masked(name) if channel == "email" else shown(name)


def incident(found: Incident) -> Incident:
    """Say an incident without addresses, folders and commands."""
    if found.kind in _PLAIN:
        return found
    first = found.kind.split(" ", 1)[0]
    if first == "digest":
        return replace(found, text=f"The {found.kind} was not made in time.")
    if first == "draft":
        return replace(found, text=f"A {found.kind} waits for its review.")
    return Incident(first, _SAID.get(first, "Something needs an editor's attention."))


def condition(found: Condition) -> Condition:
    """Leave out who waits for what, and what was seen where something failed."""
    waiting, dead = (tuple(map(_parcel, parcels)) for parcels in (found.dispatch.waiting, found.dispatch.dead))
    last = found.crawl.last
    return replace(
        found,
        crawl=replace(found.crawl, last=last and run(last)),
        plans=tuple(replace(plan, fault="") for plan in found.plans),
        dispatch=replace(found.dispatch, waiting=waiting, dead=dead),
        work=replace(found.work, failed=()),
    )


def _parcel(parcel: Parcel) -> Parcel:
    return replace(parcel, recipient=recipient(parcel.recipient, parcel.channel), last_error="")


def run(found: Run) -> Run:
    """Leave out what was seen where a run failed."""
    return found if found.state == "done" else replace(found, note="")


def runs(archive: Archive, number: int) -> list[Run]:
    """List what was done last, without what names people."""
    found = [each for each in archive.runs.list(4 * number) if not each.job.startswith(_NOTICES)]
    return [run(each) for each in found[:number]]
