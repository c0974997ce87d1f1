"""What programs are answered: one shape each, whether a command (--json), the API or an assistant asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crawler.records import Article, Edition, Mention, SourceHealth, Story, Watch, WatchRules, as_json

if TYPE_CHECKING:
    from collections.abc import Collection

    from crawler.archive import Archive, By, Found, Hit
    from crawler.overrides import Ending
    from crawler.records import Run, SummarySentence
    from digest.condition import Condition
    from digest.dossier import Dossier
    from digest.incidents import Incident
    from digest.reprints import Reprint

Answer = dict[str, Any]


def hit(found: Hit) -> Answer:
    """Write a hit: the article, and where the words stand."""
    highlights = {"title": [], "lead": [], "text": [], **as_json(found.highlights)}
    return {**as_json(found.article), "highlights": highlights, "snippet": found.snippet}


def search(found: Found, facets: Mapping[By, Mapping[str, int]] | None = None) -> Answer:
    """Write a page of what was found."""
    told: Answer = {"query": found.query, "total": found.total, "capped": found.capped}
    told |= {"articles": [hit(each) for each in found.hits], "next": found.next}
    told |= {"facets": as_json(facets)} if facets is not None else {}
    return told | ({"ranked": found.ranked} if found.ranked else {})


def reprint(archive: Archive, article: Article) -> Reprint | None:
    """Lay a copy beside its original; None for what is no copy, or whose original is not there any more."""
    from digest.reprints import compare

    original = None if article.copy_of is None else archive.articles.get(article.copy_of)
    return None if original is None else compare(article, original)


def story(found: Story, known: Dossier, news: Sequence[SummarySentence] | None = None) -> Answer:
    """Write a story with all that is known of it; ``news`` is what is new in it, where somebody asks."""
    told: Answer = {**as_json(found), **as_json(known)}
    return told if news is None else {**told, "news": as_json(news)}


def watches(archive: Archive, found: Iterable[Watch], rules: Mapping[str, WatchRules]) -> list[Answer]:
    """Write watches with what they found and do, and what they looked for before."""
    counts = archive.watches.counts()
    return [
        {
            **as_json(watch),
            "mentions": counts.get(watch.name, 0),
            "versions": as_json(archive.watches.versions(watch.name)),
            "rules": as_json(rules.get(watch.name)),
        }
        for watch in found
    ]


def mentions(archive: Archive, found: Iterable[Mention]) -> list[Answer]:
    """Write mentions with their articles."""
    listed = list(found)
    articles = {article.id: article for article in archive.articles.many([each.article for each in listed])}
    return [{**as_json(each), "article": as_json(articles.get(each.article))} for each in listed]


def sources(archive: Archive, health: Iterable[SourceHealth]) -> list[Answer]:
    """Write sources as they are defined, with how each does."""
    states = {each.source: each for each in health}
    paused = archive.sources.paused()
    return [
        {**as_json(each), "paused": each.key in paused, "health": as_json(states.get(each.key))}
        for each in archive.sources.all()
    ]


def editions(archive: Archive, found: Collection[Edition]) -> list[Answer]:
    """Write editions without their pages, with what became of their deliveries."""
    states = archive.outbox.states([each.id for each in found])
    return [
        {"id": each.id, "plan": each.plan, "slot": each.slot, "state": each.state, "subject": each.subject,
         "made_at": as_json(each.made_at), "deliveries": states.get(each.id, {})}
        for each in found
    ]  # fmt: skip


def status(found: Condition, attention: Sequence[Incident], endings: Sequence[Ending], runs: Sequence[Run]) -> Answer:
    """Write how everything stands; the counts that stand first have always stood there."""
    numbers, states = found.numbers, found.dispatch.states
    told = {
        "at": found.at,
        "attention": attention,
        "articles": numbers.articles,
        "articles_last_day": numbers.articles_last_day,
        "stories": numbers.stories,
        "deliveries_waiting": states.get("waiting", 0) + states.get("sending", 0),
        "service": found.service,
        "crawl": found.crawl,
        "states": found.states,
        "next_polls": found.next_polls,
        "queue": found.queue,
        "workers": found.work.workers,
        "jobs": found.work.queues,
        "failed_jobs": [each.job for each in found.work.failed],
        "job_failures": found.work.failed,
        "jobs_wait_since": found.work.waits_since,
        "imports": found.imports,
        "plans": found.plans,
        "drafts": found.drafts,
        "recipients_left_out": found.left_out,
        "outbox": found.dispatch,
        "disk": found.disk,
        "raw": found.disk.raw,
        "sources": found.sources,
        "overrides": endings,
        "runs": runs,
    }
    written: Answer = as_json(told)
    return written
