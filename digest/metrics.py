"""How everything stands, in the text format that Prometheus reads (0.0.4).

Written by hand: the library of Prometheus keeps what it counts in the process, and what is told here stands in the
archive. Counts of a day and states are gauges; what ends in _total only ever grows. Labels are states, reasons and
names from the configuration, so that their number is bounded; addresses of pages and people are none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from crawler import __version__
from crawler.archive import WORST_FIRST
from digest import incidents
from digest.condition import Condition

if TYPE_CHECKING:
    from crawler.config import Config

#: What the web server says of the text.
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_STATES = (*WORST_FIRST, "new", "paused", "ok")
_DELIVERIES = ("waiting", "sending", "sent", "dead")
_KINDS = ("disk", "service", "stored", "network", "digest", "delivery", "dead")
#: The reasons by which a page that came gave no article.
_EXTRACTION = ("no article", "extraction limit", "extraction failed", "workers died")
Labels = Mapping[str, str]


@dataclass(slots=True)
class _Text:
    """The lines as they come together."""

    lines: list[str] = field(default_factory=list)

    def gauge(self, name: str, told: str, *samples: tuple[Labels, float | None]) -> None:
        """Add something that goes up and down; what is not known (None) is left out."""
        self._add(name, "gauge", told, samples)

    def counter(self, name: str, told: str, value: float) -> None:
        """Add something that only grows."""
        self._add(name, "counter", told, [({}, value)])

    def _add(self, name: str, kind: str, told: str, samples: Iterable[tuple[Labels, float | None]]) -> None:
        known = [(labels, value) for labels, value in samples if value is not None]
        if not known:
            return
        self.lines += [f"# HELP presswatch_{name} {_escaped(told)}", f"# TYPE presswatch_{name} {kind}"]
        for labels, value in known:
            inner = ",".join(f'{label}="{_quoted(text)}"' for label, text in labels.items())
            self.lines.append(f"presswatch_{name}{'{' + inner + '}' if inner else ''} {_number(value)}")


def write(found: Condition, config: Config) -> str:
    """Write all metrics."""
    text = _Text()
    text.gauge("info", "The version of Presswatch.", ({"version": __version__}, 1))
    _service(text, found)
    _crawl(text, found)
    _archive(text, found)
    _digests(text, found)
    _disk(text, found)
    kinds = Counter(each.kind.partition(" ")[0] for each in incidents.find(found, config))
    told = "What needs attention, as presswatch status tells it."
    text.gauge("incidents", told, *_by("kind", {kind: kinds[kind] for kind in _KINDS}))
    return "\n".join(text.lines) + "\n"


def _service(text: _Text, found: Condition) -> None:
    text.gauge("service_up", "Whether the service runs on the archive.", ({}, float(found.service.running)))
    text.gauge(
        "service_last_beat_timestamp_seconds", "When the service last said that it is alive.",
        ({}, _seconds(found.service.beat)),
    )  # fmt: skip


def _crawl(text: _Text, found: Condition) -> None:
    last = found.crawl.last
    states = {state: found.states.get(state, 0) for state in _STATES}
    text.gauge("sources", "Sources by how they do.", *_by("state", states))
    text.gauge(
        "source_last_answer_timestamp_seconds", "When a channel of the source was last read.",
        *(({"source": each.source}, _seconds(each.last_ok)) for each in found.sources),
    )  # fmt: skip
    text.gauge("queue_pages", "Pages that wait to be fetched, by what they wait for.", *_by("why", found.queue.waiting))
    text.gauge("queue_leased_pages", "Pages in the hands of a crawl.", ({}, found.queue.leased))
    text.gauge(
        "queue_oldest_timestamp_seconds", "Since when the page waits that has waited longest.",
        ({}, _seconds(found.queue.oldest)),
    )  # fmt: skip
    text.gauge(
        "polls_last_day", "Polls of the last 24 hours by outcome.", *_by("outcome", found.numbers.polls_last_day)
    )
    if last is not None:
        text.gauge(
            "crawl_last_start_timestamp_seconds", "When the last crawl of the service began.",
            ({}, _seconds(last.started)),
        )  # fmt: skip
        if last.finished is not None:
            took = (last.finished - last.started).total_seconds()
            text.gauge("crawl_last_duration_seconds", "How long the last crawl took that has ended.", ({}, took))
            text.gauge("crawl_last_success", "Whether the last crawl ended well.", ({}, float(last.state == "done")))


def _archive(text: _Text, found: Condition) -> None:
    numbers = found.numbers
    text.gauge("articles", "Articles in the archive.", ({}, numbers.articles))
    text.counter("articles_stored_total", "Articles ever kept.", numbers.articles_ever)
    text.gauge("articles_last_day", "Articles first seen in the last 24 hours.", ({}, numbers.articles_last_day))
    text.gauge(
        "last_change_timestamp_seconds", "When an article was last kept or changed.", ({}, _seconds(found.last_change))
    )
    text.gauge("stories", "Stories in the archive.", ({}, numbers.stories))
    text.gauge("pages", "Known pages by state, without those that were dropped.", *_by("state", numbers.pages))
    text.gauge("pages_dropped", "Known pages that gave no article, by reason.", *_by("reason", numbers.dropped))
    text.gauge(
        "pages_dropped_last_day", "Pages dropped in the last 24 hours, by reason.",
        *_by("reason", numbers.dropped_last_day),
    )  # fmt: skip
    failures = sum(numbers.dropped_last_day.get(reason, 0) for reason in _EXTRACTION)
    text.gauge(
        "extraction_failures_last_day", "Pages of the last 24 hours in which no article could be read.", ({}, failures)
    )


def _digests(text: _Text, found: Condition) -> None:
    text.counter("editions_made_total", "Digests and alerts ever made, drafts included.", found.numbers.editions_ever)
    text.gauge(
        "digest_last_made_timestamp_seconds", "When the last digest of a plan was made.",
        *(({"plan": plan.plan}, _seconds(plan.last.made_at if plan.last else None)) for plan in found.plans),
    )  # fmt: skip
    text.gauge(
        "digest_next_timestamp_seconds", "When the next digest of a plan is due.",
        *(({"plan": plan.plan}, _seconds(plan.next)) for plan in found.plans),
    )  # fmt: skip
    overdue = {
        plan.plan: (found.at - plan.missed).total_seconds() if plan.missed is not None else 0.0 for plan in found.plans
    }
    text.gauge("digest_overdue_seconds", "How long a digest is due that did not go out.", *_by("plan", overdue))
    text.gauge("drafts", "Digests that wait for approval.", ({}, len(found.drafts)))
    states = {state: found.dispatch.states.get(state, 0) for state in _DELIVERIES}
    text.gauge("deliveries", "Deliveries by state.", *_by("state", states))
    text.gauge(
        "deliveries_given_up", "Deliveries of the last two weeks that died, to recipients not reached since.",
        ({}, len(found.dispatch.dead)),
    )  # fmt: skip


def _disk(text: _Text, found: Condition) -> None:
    disk = found.disk
    parts: dict[str, float] = {"archive": disk.archive, "log": disk.log}
    if disk.raw is not None:
        parts["raw"] = disk.raw.bytes
    text.gauge("disk_used_bytes", "What the archive takes on its disk.", *_by("part", parts))
    text.gauge("disk_reusable_bytes", "Free inside of the archive's file.", ({}, disk.unused))
    text.gauge("disk_free_bytes", "What is left on the disk of the archive.", ({}, disk.free))
    text.gauge("disk_growth_bytes_per_day", "What comes a day, by the last week.", ({}, disk.per_day))


def _by(label: str, counts: Mapping[str, float]) -> list[tuple[Labels, float | None]]:
    return [({label: name}, count) for name, count in counts.items()]


def _seconds(value: datetime | None) -> float | None:
    return None if value is None else value.timestamp()


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _quoted(text: str) -> str:
    return _escaped(text).replace('"', '\\"')
