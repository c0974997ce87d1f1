"""What the API tells: searches, articles, stories, watches, sources, editions, changes, counts, the state of things."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from crawler import overrides, query
from crawler.archive import By, Dispatch, Queue, Waiting
from crawler.archive.search import Sort
from crawler.config import Config
from crawler.errors import UsageError
from crawler.overrides import Ending
from crawler.raw import RawSize
from crawler.records import (
    Article,
    Change,
    Judgement,
    Mention,
    Revision,
    Run,
    Source,
    SourceHealth,
    Story,
    SummarySentence,
    Watch,
    WatchRules,
    WatchVersion,
    as_json,
)
from digest import answers, condition, counting, incidents, judging, news
from digest.condition import CrawlState, Disk, NextPoll, PlanState, ServiceState
from digest.days import LONGEST_GAP
from digest.deliver import shown
from digest.dossier import Dossier, dossier
from digest.incidents import Incident
from digest.reprints import Reprint
from digest.web import discreet
from digest.web.api import shapes
from digest.web.api.faults import Refusal
from digest.web.api.table import Asked, Endpoint, Parameter
from digest.web.api.values import GREATEST, Choice, Flag, Moment, Text, Whole
from digest.web.call import Call
from digest.web.telling import masked

Q = Text(10_000, form="query")
_NEXT: dict[str, Any] = {"type": ["string", "null"], "description": "The cursor of the next page; null on the last."}
_PLACES = {"type": "array", "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}}
_COUNTS = Mapping[str, int]
_LIMIT = Parameter("limit", Whole(1, 200), "How many at most.", 20)
_CURSOR = Parameter("cursor", Text(20_000, form="cursor"), "Go on where an earlier page ended: its next.")
_SINCE = Parameter("since", Moment(), "From this time on: 2026-11-01, 2026-11, 7d, yesterday.")
ID = Parameter("id", Whole(0, GREATEST), "Its number.", required=True)
NAME = Parameter("name", Text(200, 1), "Its name.", required=True)
_KEY = Parameter("key", Text(200, 1), "Its key.", required=True)
_BY = get_args(By)
_RUNS = 10

_HIT = shapes.both(
    shapes.shape(Article),
    shapes.of(
        {"authors": {}},
        snippet=str,
        highlights={"type": "object", "additionalProperties": _PLACES, "required": ["title", "lead", "text"]},
    ),
)
_FACETS = {"type": "object", "additionalProperties": shapes.shape(_COUNTS)}
WATCH = shapes.both(
    shapes.shape(Watch), shapes.of(mentions=int, versions=tuple[WatchVersion, ...], rules=WatchRules | None)
)
_SOURCE = shapes.both(shapes.shape(Source), shapes.of(paused=bool, health=SourceHealth | None))
_EDITION = shapes.of(
    id=int, plan=str, slot=str, state=str, subject=str, made_at=datetime, deliveries=_COUNTS
)  # fmt: skip


def article(asked: Asked) -> Article:
    """Find the article that the path names."""
    found = asked.call.archive.articles.get(asked["id"])
    if found is None:
        raise Refusal(404, f"There is no article {asked['id']} in the archive.", "id", "Search finds what there is.")
    return found


def story(asked: Asked) -> Story:
    """Find the story that the path names, or the one that it became part of."""
    found = asked.call.archive.stories.get(asked["id"])
    if found is None:
        raise Refusal(404, f"There is no story {asked['id']} in the archive.", "id", "/api/v1/stories lists them.")
    return found


def watch(asked: Asked) -> Watch:
    """Find the watch that the path names."""
    found = next((each for each in asked.call.archive.watches.all() if each.name == asked["name"]), None)
    if found is None:
        raise Refusal(404, f"There is no watch {asked['name']!r}.", "name", "/api/v1/watches lists what there is.")
    return found


def rules(call: Call) -> Mapping[str, WatchRules]:
    """Give what watches do beside matching; of a secret address only the host, and readers are told of no others."""
    config = call.config()
    return {} if config is None else {name: _told(each, call) for name, each in config.rules.items()}


def _told(each: WatchRules, call: Call) -> WatchRules:
    others = each.recipients if call.visitor.may("editor") else tuple(map(masked, each.recipients))
    return replace(each, recipients=others, webhook=shown(each.webhook) if each.webhook else each.webhook)


def _search(asked: Asked) -> Any:
    archive, now, text = asked.call.archive, asked.call.now, asked["q"].strip()
    found = archive.search(text, sort=asked["sort"], limit=asked["limit"], cursor=asked["cursor"], now=now)
    facets = archive.facets(text, now) if asked["facets"] else None
    return {**answers.search(found, facets), "notes": list(query.doubts(text))}


def _article(asked: Asked) -> Any:
    return as_json(article(asked))


def _by_address(asked: Asked) -> Any:
    found = asked.call.archive.articles.get(asked["url"])
    if found is None:
        raise Refusal(404, "No article has this address.", "url", "Search finds what there is: url: and site:")
    return as_json(found)


def _revisions(asked: Asked) -> Any:
    found = article(asked)
    return {"article": found.id, "revisions": as_json(asked.call.archive.articles.revisions(asked["id"]))}


def _copies(asked: Asked) -> Any:
    found, after, limit = article(asked), _number(asked["cursor"], "c") or 0, asked["limit"]
    listed = asked.call.archive.articles.copies(asked["id"], limit + 1, after)
    following = f"c{listed[limit - 1].id}" if len(listed) > limit else None
    reprint = answers.reprint(asked.call.archive, found)
    return {"article": found.id, "reprint": as_json(reprint), "copies": as_json(listed[:limit]), "next": following}


def _judgements(asked: Asked) -> Any:
    found = article(asked)
    listed = asked.call.archive.judgements.of(asked["id"], undone=asked["undone"])
    return {"article": found.id, "judgements": as_json(listed)}


def _all_judgements(asked: Asked) -> Any:
    found = judging.listed(
        asked.call.archive,
        kind=asked["kind"] or "",
        who=asked["who"] or "",
        cursor=asked["cursor"] or "",
        limit=asked["limit"],
    )
    return as_json(found)


def _changes_of(asked: Asked) -> Any:
    found = article(asked)
    return {"article": found.id, "changes": as_json(asked.call.archive.changes.of(asked["id"]))}


def _mentions_of(asked: Asked) -> Any:
    found = article(asked)
    listed = asked.call.archive.watches.of([asked["id"]]).get(asked["id"], [])
    return {"article": found.id, "mentions": as_json(listed)}


def _stories(asked: Asked) -> Any:
    before, limit = _number(asked["cursor"], "s"), asked["limit"]
    found = asked.call.archive.stories.page(limit + 1, before, asked["since"])
    return {
        "stories": as_json(found[:limit]),
        "next": f"s{found[limit - 1].id}" if len(found) > limit else None,
    }


def _story(asked: Asked) -> Any:
    archive, now, since = asked.call.archive, asked.call.now, asked["since"]
    found = story(asked)
    return answers.story(
        found, dossier(archive, found, now), None if since is None else news.since(archive, found, since)
    )


def _watches(asked: Asked) -> Any:
    archive = asked.call.archive
    return {"watches": answers.watches(archive, archive.watches.all(), rules(asked.call))}


def _watch(asked: Asked) -> Any:
    return answers.watches(asked.call.archive, [watch(asked)], rules(asked.call))[0]


def _mentions(asked: Asked) -> Any:
    found, archive = watch(asked), asked.call.archive
    listed, following = archive.watches.page(found.name, asked["limit"], asked["cursor"], asked["since"])
    return {"watch": found.name, "mentions": answers.mentions(archive, listed), "next": following}


def _sources(asked: Asked) -> Any:
    archive = asked.call.archive
    return {"sources": answers.sources(archive, archive.sources.health(asked.call.now))}


def _source(asked: Asked) -> Any:
    archive = asked.call.archive
    listed = answers.sources(archive, archive.sources.health(asked.call.now))
    found = next((each for each in listed if each["key"] == asked["key"]), None)
    if found is None:
        raise Refusal(404, f"There is no source {asked['key']!r}.", "key", "/api/v1/sources lists what there is.")
    return found


def _editions(asked: Asked) -> Any:
    before, limit = _number(asked["cursor"], "e"), asked["limit"]
    found = asked.call.archive.editions.heads(asked["plan"] or None, limit + 1, before)
    return {
        "editions": answers.editions(asked.call.archive, found[:limit]),
        "next": f"e{found[limit - 1].id}" if len(found) > limit else None,
    }


def _edition(asked: Asked) -> Any:
    found = asked.call.archive.editions.get(asked["id"])
    if found is None:
        raise Refusal(404, f"There is no edition {asked['id']} in the archive.", "id", "/api/v1/editions lists them.")
    return {
        **answers.editions(asked.call.archive, [found])[0],
        "from_seq": found.from_seq,
        "to_seq": found.to_seq,
        "text": as_json(found.text),
        "content": json.loads(found.content),
    }


def _changes(asked: Asked) -> Any:
    changes, after, limit = asked.call.archive.changes, asked["after"], asked["limit"]
    last = changes.last()
    if after > last:
        problem = f"The last change is {last}; this is another archive than the one in which {after} was read."
        raise Refusal(400, problem, "after", "Begin anew, with 0.")
    found = changes.since(after, last, limit)
    # What was forgotten leaves gaps: where nothing is left, a follower has read up to the last.
    following = found[-1].seq if len(found) == limit else last
    return {"changes": as_json(found), "next": following, "last": last}


def _stats(asked: Asked) -> Any:
    begin, end, by = asked["since"], asked["until"], asked["by"]
    if begin is not None and end is not None and begin >= end:
        raise Refusal(400, "since is not before until", "since")
    options = {"fold": asked["fold"], "share": asked["share"]}
    queries = asked["q"] or [""]
    archive, now = asked.call.archive, asked.call.now
    table = counting.count(archive, queries, by, begin, end, now, longest_gap=LONGEST_GAP, **options)
    return as_json(counting.document(table, by, begin, end, **options))


def _status(asked: Asked) -> Any:
    call = asked.call
    config = call.config() or Config(folder=Path("config"))
    found = condition.read(call.archive, config, call.archive_url, call.now)
    attention = incidents.find(found, config)
    if not call.visitor.may("editor"):
        told = [discreet.incident(each) for each in attention]
        return answers.status(discreet.condition(found), told, [], discreet.runs(call.archive, _RUNS))
    endings = overrides.endings(config.sources.values(), call.now.date())
    return answers.status(found, attention, endings, call.archive.runs.list(_RUNS))


def _number(cursor: str | None, letter: str) -> int | None:
    """Read a cursor that is a letter and a number."""
    if cursor is None:
        return None
    found = re.fullmatch(rf"{letter}([0-9]{{1,18}})", cursor)
    if found is None:
        raise UsageError(f"{cursor[:40]!r} is no cursor of this list; use the one that the page before gave as next")
    return int(found[1])


ENDPOINTS = (
    Endpoint(
        "GET",
        "/search",
        "search",
        "Find articles, with the places of the words that matched.",
        _search,
        shapes.of(
            {"facets": _FACETS, "ranked": int},
            query=str,
            total=int,
            capped=bool,
            articles={"type": "array", "items": _HIT},
            next=_NEXT,
            notes={"type": "array", "items": {"type": "string"}},
        ),
        (
            Parameter("q", Q, 'Words, "phrases", OR, -not, NEAR/5, filters; empty finds everything.', ""),
            Parameter("sort", Choice(get_args(Sort)), "The order.", "published"),
            _LIMIT,
            _CURSOR,
            Parameter("facets", Flag(), "Also count the newest of them by source, kind, country ...", default=False),
        ),
        blames="cursor",
        more="notes say what of the query was hardly meant so. capped: there are more than total. ranked: relevance "
        "looked at so many, the newest.",
        example="/search?q=harbour+after:30d&limit=2",
    ),
    Endpoint(
        "GET",
        "/articles",
        "articleByAddress",
        "Find the article that has an address, or to which it leads.",
        _by_address,
        shapes.shape(Article),
        (Parameter("url", Text(4_000, 1), "The address.", required=True),),
        example="/articles?url=https://example.org/news/1",
    ),
    Endpoint(
        "GET",
        "/articles/{id}",
        "article",
        "Give an article with the evidence for each of its fields.",
        _article,
        shapes.shape(Article),
        (ID,),
        example="/articles/1",
    ),
    Endpoint(
        "GET",
        "/articles/{id}/revisions",
        "revisions",
        "List the earlier texts of an article, the oldest first.",
        _revisions,
        shapes.of(article=int, revisions=tuple[Revision, ...]),
        (ID,),
        example="/articles/1/revisions",
    ),
    Endpoint(
        "GET",
        "/articles/{id}/copies",
        "copies",
        "List the copies of an article; of a copy, tell what it made of its original (reprint).",
        _copies,
        shapes.of(article=int, reprint=Reprint | None, copies=tuple[Article, ...], next=_NEXT),
        (ID, _LIMIT, _CURSOR),
        blames="cursor",
        example="/articles/1/copies",
    ),
    Endpoint(
        "GET",
        "/articles/{id}/changes",
        "changesOfArticle",
        "List what happened to an article, the oldest first.",
        _changes_of,
        shapes.of(article=int, changes=tuple[Change, ...]),
        (ID,),
        example="/articles/1/changes",
    ),
    Endpoint(
        "GET",
        "/articles/{id}/mentions",
        "mentionsOfArticle",
        "List the watches that matched an article, with the words that did it.",
        _mentions_of,
        shapes.of(article=int, mentions=tuple[Mention, ...]),
        (ID,),
        example="/articles/1/mentions",
    ),
    Endpoint(
        "GET",
        "/articles/{id}/judgements",
        "judgements",
        "List what people said of an article, with who and when.",
        _judgements,
        shapes.of(article=int, judgements=tuple[Judgement, ...]),
        (ID, Parameter("undone", Flag(), "Also what was taken back.", default=False)),
        example="/articles/1/judgements",
    ),
    Endpoint(
        "GET",
        "/judgements",
        "allJudgements",
        "List what people said of articles and stories, the latest first, also what was taken back.",
        _all_judgements,
        shapes.of(judgements=tuple[Judgement, ...], next=_NEXT),
        (
            Parameter("kind", Choice(judging.KINDS), "Of one kind only."),
            Parameter("who", Text(200), "By one person only."),
            _LIMIT,
            _CURSOR,
        ),
        blames="cursor",
        example="/judgements?kind=tag&limit=5",
    ),
    Endpoint(
        "GET",
        "/stories",
        "stories",
        "List the stories, the last that began first; none twice, whatever comes meanwhile.",
        _stories,
        shapes.of(stories=tuple[Story, ...], next=_NEXT),
        (Parameter("since", Moment(), "Those with news since: 2026-11-01, 3d."), _LIMIT, _CURSOR),
        blames="cursor",
        example="/stories?since=3d&limit=10",
    ),
    Endpoint(
        "GET",
        "/stories/{id}",
        "story",
        "Give a story: timeline, first report, other languages, framing, who did not carry it.",
        _story,
        shapes.both(shapes.shape(Story), shapes.shape(Dossier), shapes.of({"news": tuple[SummarySentence, ...]})),
        (ID, Parameter("since", Moment(), "Also what is new in it since (news).")),
        more="A story that was merged is answered by the one that it became part of, under that number.",
        example="/stories/1",
    ),
    Endpoint(
        "GET",
        "/watches",
        "watches",
        "List the saved searches, with how much each found, and what it looked for before.",
        _watches,
        shapes.of(watches={"type": "array", "items": WATCH}),
        example="/watches",
    ),
    Endpoint(
        "GET", "/watches/{name}", "watch", "Give a saved search.", _watch, WATCH, (NAME,), example="/watches/espionage"
    ),
    Endpoint(
        "GET",
        "/watches/{name}/mentions",
        "mentions",
        "List the articles that a watch matched, the last seen first, with the words that did it.",
        _mentions,
        shapes.of(
            watch=str,
            mentions={
                "type": "array",
                "items": shapes.of(watch=str, version=int, words=tuple[str, ...], article=Article | None),
            },
            next=_NEXT,
        ),
        (NAME, _SINCE, _LIMIT, _CURSOR),
        blames="cursor",
        example="/watches/espionage/mentions?since=7d",
    ),
    Endpoint(
        "GET",
        "/sources",
        "sources",
        "List the sources, with how each does.",
        _sources,
        shapes.of(sources={"type": "array", "items": _SOURCE}),
        example="/sources",
    ),
    Endpoint("GET", "/sources/{key}", "source", "Give a source.", _source, _SOURCE, (_KEY,), example="/sources/tass"),
    Endpoint(
        "GET",
        "/editions",
        "editions",
        "List the digests that were made, the last one first, without their pages.",
        _editions,
        shapes.of(editions={"type": "array", "items": _EDITION}, next=_NEXT),
        (Parameter("plan", Text(200), "Of one plan only."), _LIMIT, _CURSOR),
        blames="cursor",
        example="/editions?limit=5",
    ),
    Endpoint(
        "GET",
        "/editions/{id}",
        "edition",
        "Give an edition with its text and content; /digests/{id} shows its page.",
        _edition,
        shapes.both(_EDITION, shapes.of(from_seq=int, to_seq=int, text=str, content={"type": "object"})),
        (ID,),
        example="/editions/1",
    ),
    Endpoint(
        "GET",
        "/changes",
        "changes",
        "List what happened in the archive after a number, in the order in which it was committed.",
        _changes,
        shapes.of(changes=tuple[Change, ...], next=int, last=int),
        (
            Parameter("after", Whole(0, GREATEST), "The next of the answer before; 0 begins at the beginning.", 0),
            Parameter("limit", Whole(1, 200), "How many at most.", 100),
        ),
        more="A follower asks again with next; it has read everything when next is last.",
        example="/changes?after=0",
    ),
    Endpoint(
        "GET",
        "/stats",
        "stats",
        "Count exactly what watches, or queries, find.",
        _stats,
        shapes.of(
            {"share": object, "all": _COUNTS, "share_of_all": object},
            by=str,
            since=datetime | None,
            until=datetime | None,
            copies=bool,
            counts=Mapping[str, Mapping[str, int]],
            totals=_COUNTS,
        ),
        (
            Parameter("q", Q, "A watch by its name, or a query; several times for several.", most=10),
            Parameter("by", Choice(_BY), "What to count by.", "day"),
            _SINCE,
            Parameter("until", Moment(end=True), "Up to this time; a day, month or year is included."),
            Parameter("fold", Flag(), "Count a text once, without copies.", default=False),
            Parameter("share", Flag(), "Also shares of what all of them find, and of all articles.", default=False),
        ),
        example="/stats?q=espionage&q=harbour&by=source&since=14d",
    ),
    Endpoint(
        "GET",
        "/status",
        "status",
        "Tell how everything stands, and what needs attention.",
        _status,
        shapes.of(
            at=datetime, attention=tuple[Incident, ...], articles=int, articles_last_day=int, stories=int,
            deliveries_waiting=int, service=ServiceState, crawl=CrawlState, states=_COUNTS,
            next_polls=tuple[NextPoll, ...], queue=Queue, plans=tuple[PlanState, ...], drafts=tuple[Waiting, ...],
            recipients_left_out=int, outbox=Dispatch, disk=Disk, raw=RawSize | None, sources=tuple[SourceHealth, ...],
            overrides=tuple[Ending, ...], runs=tuple[Run, ...],
        ),
        more="Readers are told no addresses, no overrides, no runs of notices, and not what was seen in a failure.",
        example="/status",
    ),
)  # fmt: skip

#: The records that answers are made of.
RECORDS: tuple[type, ...] = (
    Article, Change, CrawlState, Disk, Dispatch, Dossier, Ending, Incident, Judgement, Mention, NextPoll, PlanState,
    Queue, RawSize, Reprint, Revision, Run, ServiceState, Source, SourceHealth, Story, SummarySentence, Waiting, Watch,
    WatchRules, WatchVersion,
)  # fmt: skip
