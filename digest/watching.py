"""Saving searches as watches: what the command and the web page do when somebody adds, changes or removes one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.archive import ALERTS
from crawler.config.edit import remove_watch, set_watch
from crawler.errors import Outdated
from crawler.query import Filter, check_watch, doubts, expand, explain, filters_in, parse
from digest.asking import strangers
from digest.definitions import synchronise
from digest.deliver import shown
from digest.deliver.webhook import recipient

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config
    from crawler.records import WatchRules


@dataclass(frozen=True, slots=True)
class Saved:
    """What is to be said of a watch that was saved."""

    explanation: str
    #: Articles of the archive that it matches.
    matching: int
    #: What of its query was hardly meant so.
    notes: tuple[str, ...]

    def told(self) -> str:
        """Say how much it matches."""
        return f"{self.matching} stored article{' matches' if self.matching == 1 else 's match'}"


@dataclass(frozen=True, slots=True)
class Sent:
    """An alert that was made."""

    edition: int
    watch: str
    slot: str
    made_at: datetime
    subject: str
    #: To whom it goes, and what became of that: "ann@press.test sent, files sent".
    told: str


def sent(archive: Archive, names: Sequence[str], most: int = 50) -> list[Sent]:
    """List the newest alerts that were made of some watches, with what became of their deliveries."""
    editions = [edition for name in names for edition in archive.editions.list(f"{ALERTS}{name}", limit=20)]
    found = []
    for edition in sorted(editions, key=lambda each: each.made_at, reverse=True)[:most]:
        told = ", ".join(f"{shown(each.recipient)} {each.state}" for each in archive.outbox.list(edition.id))
        watch = edition.plan.removeprefix(ALERTS)
        found.append(Sent(edition.id, watch, edition.slot, edition.made_at, edition.subject, told))
    return found


def write(config: Config, name: str, query: str, *, seen: str | None = None, **settings: object) -> None:
    """Write a watch into watches.toml, or change it; ``seen`` and the settings as in ``set_watch``."""
    # A fault is marked in what was typed, not in a line of a file that does not hold it yet.
    others = {watch.name: watch.query for watch in config.watches.values()}
    expand(check_watch(query), {**others, name: query}, within=(name,))
    # A query that is only cut into lines otherwise stays as somebody has written it.
    same = name in others and others[name].split() == query.split()
    set_watch(config.folder, name, None if same else query, seen=seen, **settings)


def take_over(archive: Archive, config: Config, name: str, now: datetime) -> Saved:
    """Let the archive match a watch that was written, and say what it finds."""
    watch = config.watches.get(name)
    if watch is None:  # somebody changes the file by hand
        raise Outdated(f'the watch "{name}" was removed meanwhile; look whether it is still wanted, and save it again')
    synchronise(archive, config, now)
    query = watch.query
    notes = (*doubts(query), *strangers(archive, query, now))
    return Saved(explain(parse(query)), archive.count(Filter("watch", name), now), notes)


def mute(config: Config, name: str, *, muted: bool, seen: str | None = None) -> None:
    """Keep a watch out of all digests and alerts, or let it be heard again; it goes on matching."""
    set_watch(config.folder, name, muted=muted, seen=seen)


def remove(config: Config, name: str, *, seen: str | None = None) -> None:
    """Take a watch out of watches.toml."""
    remove_watch(config.folder, name, seen=seen)


def users_of(config: Config, name: str) -> list[str]:
    """Name the plans and watches that use a watch: as long as there are any, it cannot be removed."""
    plans = [f"the plan {plan.name}" for plan in config.plans.values() if name in plan.watches]
    watches = [
        f"the watch {watch.name}"
        for watch in config.watches.values()
        if watch.name != name and Filter("watch", name) in filters_in(parse(watch.query))
    ]
    return plans + watches


def hooks(config: Config) -> list[str]:
    """Name the web hooks that the configuration knows by a name; their addresses are secrets."""
    plans = (name for plan in config.plans.values() for name in plan.webhooks)
    used = (*plans, *(rules.webhook for rules in config.rules.values()), config.press.alerts.webhook)
    return sorted({*config.press.webhooks, *(name for name in used if name and "://" not in name)})


def chats(config: Config) -> list[str]:
    """Name the chats that the configuration knows; their addresses are secrets."""
    plans = (name for plan in config.plans.values() for name in plan.chat)
    watches = (name for rules in config.rules.values() for name in rules.chat)
    return sorted({*config.press.chat, *plans, *watches, *config.press.alerts.chat})


def acts(rules: WatchRules) -> str:
    """Name what a watch does beside matching."""
    found = {"urgent": rules.urgent, "spike": rules.spike, "silence": rules.silence, "feed": rules.feed}
    return ", ".join(name for name, wanted in found.items() if wanted)


def readers(rules: WatchRules) -> Sequence[str]:
    """Name where the alerts of a watch go; the address of a web hook may be a secret."""
    hooks = (shown(recipient(rules.webhook)),) if rules.webhook else ()
    return (*rules.recipients, *hooks, *(f"chat:{name}" for name in rules.chat), "files")
