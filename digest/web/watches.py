"""The watches: what each looks for, what it found, and what it does; and their feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.responses import Response

from crawler import query
from crawler.archive import Archive, Found, Hit, Pace
from crawler.config import Config, WatchConfig, show_duration
from crawler.errors import PresswatchError, QueryError
from crawler.query import Filter
from crawler.records import Source, Watch, WatchRules, WatchVersion
from digest import differences, feeds, watching
from digest.deliver import shown
from digest.deliver.files import file_name
from digest.web import bars, marks
from digest.web.call import Call, Page
from digest.web.reading import watch_query
from digest.web.templating import link
from digest.web.turning import turn

_FEEDS = {"xml": "application/atom+xml", "json": "application/feed+json"}
#: Days of the bars.
DAYS = 30
#: Watches of one page, and mentions of one.
_LISTED, _A_PAGE = 50, 20
#: Alerts that were made last.
_SENT = 5
_ALERTS = {
    "urgent": "at once when it matches something new",
    "spike": "when much more comes than usual",
    "silence": "when what usually comes stays out",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A watch as it is listed."""

    name: str
    query: str
    #: The query in words.
    explanation: str
    muted: bool
    rules: WatchRules | None
    pace: Pace
    chart: bars.Bars
    #: What the archive does not know yet of watches.toml, or the other way round; "" when both say the same.
    pending: str


@dataclass(frozen=True, slots=True)
class Mention:
    """An article that a watch matched, with the words that did it."""

    hit: Hit
    title: list[marks.Piece]
    snippet: list[marks.Piece]
    words: tuple[str, ...]
    source: Source | None


@dataclass(frozen=True, slots=True)
class Version:
    """What a watch looked for, and what of it was changed."""

    version: WatchVersion
    #: Against the version before; empty where that is not known.
    changed: list[differences.Paragraph]


def watch_page(name: str) -> str:
    """Write the address of a watch's page; its name may hold any letters."""
    return link("/watch", name=name)


def in_words(text: str) -> str:
    """Say a query in words; one that another version wrote and this one cannot read stands as it is."""
    try:
        return query.explain(query.parse(text))
    except QueryError:
        return text


def known_config(call: Call) -> tuple[Config | None, str]:
    """Read the configuration; where it cannot be read, say so: an editor is told what is wrong with it."""
    try:
        return call.config(), ""
    except PresswatchError as error:
        if call.visitor.may("editor"):
            return None, f"The configuration cannot be read just now, so nothing of it can be changed here:\n{error}"
        return None, "The configuration cannot be read just now; what stands here is what the archive knows."


def watches(call: Call) -> Response:
    """List the watches with what each found lately; those that are muted stand last."""
    archive, now = call.archive, call.now
    config, trouble = known_config(call)
    archived = {watch.name: watch for watch in archive.watches.all()}
    written = config.watches if config is not None else archived
    names = sorted({*archived, *written}, key=lambda name: (_muted(name, written, archived), name.casefold()))
    page = turn(
        names, call.query.get("from", ""), _LISTED, lambda begin: link("/watches", **{"from": str(begin or "")})
    )
    paces = archive.watches.paces(_midnight(now) - timedelta(days=DAYS - 1), now)
    rules = config.rules if config is not None else {}
    return call.render(
        "watches.html.j2",
        rows=[
            _row(name, written.get(name), archived.get(name), rules.get(name), paces.get(name, Pace()), now)
            for name in page.shown
        ],
        page=page,
        trouble=trouble,
        feed_of=file_name,
        page_of=watch_page,
        days=DAYS,
        settled=config is not None,
    )


def _row(
    name: str, written: Watch | None, archived: Watch | None, rules: WatchRules | None, pace: Pace, now: datetime
) -> Row:
    watch = written or archived
    assert watch is not None, "it is in one of them"
    chart = bars.draw(bars.days_until(now, DAYS), pace.days)
    found = pending(name, written, archived)
    return Row(name, watch.query, in_words(watch.query), watch.muted, rules, pace, chart, found)


def _muted(name: str, written: dict[str, Watch], archived: dict[str, Watch]) -> bool:
    return (written.get(name) or archived[name]).muted


def pending(name: str, written: Watch | None, archived: Watch | None) -> str:
    """Say what of watches.toml the archive has not taken over yet."""
    if written is None:
        return f"{name} was taken out of watches.toml; it is matched until the next crawl."
    if archived is None:
        return f"{name} is new in watches.toml; it is matched from the next crawl on."
    if written.query != archived.query:
        return "Its query was changed in watches.toml; what stands here was matched with the one before, until the next crawl."  # noqa: E501
    return ""


def watch(call: Call) -> Response:
    """Show one watch: what it looks for, what it found, its versions and its rules."""
    archive, now = call.archive, call.now
    name = call.query.get("name", "")
    config, trouble = known_config(call)
    archived = {each.name: each for each in archive.watches.all()}.get(name)
    written = config.watches.get(name) if config is not None else archived
    found = written or archived
    if found is None:
        raise HTTPException(404, f"There is no watch “{name[:80]}”. The page Watches lists those that there are.")
    days = bars.days_until(now, DAYS)
    pace = archive.watches.paces(_midnight(now) - timedelta(days=DAYS - 1), now, name).get(name, Pace())
    cursor = call.query.get("cursor") or None
    matched = archive.search(Filter("watch", name), limit=_A_PAGE, cursor=cursor, now=now) if archived else None
    return call.render(
        "watch.html.j2",
        name=name,
        watch=found,
        explanation=in_words(found.query),
        doubts=query.doubts(found.query),
        pace=pace,
        chart=bars.draw(days, pace.days),
        days=DAYS,
        search=link("/search", q=watch_query(name)),
        matched=matched,
        mentions=_mentions(archive, name, matched) if matched else [],
        cursor=cursor,
        next=link("/watch", name=name, cursor=matched.next) if matched and matched.next else None,
        first=watch_page(name),
        versions=_versions(archive.watches.versions(name)),
        rules=_rules(call, config, name),
        sent=watching.sent(archive, [name], _SENT),
        trouble=trouble,
        pending=pending(name, written, archived) if config is not None else "",
        editable=config is not None and written is not None,
        edit=link("/watches/edit", name=name),
        removal=link("/watches/remove", name=name),
        state=state_of(config, name)[1] if config is not None and call.visitor.may("editor") else "",
        feed=file_name(name) if archived else "",
    )


def state_of(config: Config, name: str) -> tuple[WatchConfig | None, str]:
    """Read a watch as watches.toml has it, and the state in which it is seen."""
    from crawler.config.edit import written_watch

    found = written_watch(config.folder, name)
    return found.watch, found.state


def _mentions(archive: Archive, name: str, matched: Found) -> list[Mention]:
    words = {
        article: next((each.words for each in mentions if each.watch == name), ())
        for article, mentions in archive.watches.of([hit.article.id for hit in matched.hits if hit.article.id]).items()
    }
    sources = {source.key: source for source in archive.sources.all()}
    return [
        Mention(
            hit,
            marks.title(hit),
            marks.snippet(hit),
            _each_once(words.get(hit.article.id or 0, ())),
            sources.get(hit.article.source),
        )
        for hit in matched.hits
    ]


def _each_once(words: Sequence[str]) -> tuple[str, ...]:
    return tuple({word.casefold(): word for word in reversed(words)}.values())[::-1]


def _versions(versions: Sequence[WatchVersion]) -> list[Version]:
    """Tell the versions, the newest first, each by what it changed."""
    before: list[WatchVersion | None] = [None, *versions]
    return [
        Version(version, differences.between([earlier.query], [version.query]) if earlier is not None else [])
        for earlier, version in zip(before, versions, strict=False)
    ][::-1]


def _rules(call: Call, config: Config | None, name: str) -> list[tuple[str, str]]:
    """Say what a watch does beside matching; who reads its alerts only editors are told by name."""
    rules = config.rules.get(name) if config is not None else None
    if config is None or rules is None:
        return []
    watch = config.watches[name]
    does = [text for name, text in _ALERTS.items() if getattr(rules, name)]
    said = [
        ("Weight in digests", "none: it is muted" if watch.muted else f"{watch.weight:g}"),
        ("Alerts", "; ".join(does) or "none"),
    ]
    if rules.alerts:
        said.append(("Between two alerts", f"{show_duration(rules.cool_down)} at least"))
        said.append(("Alerts go to", _readers(call, rules)))
    if rules.feed:
        said.append(("Feed files", "kept by the service"))
    plans = [plan.name for plan in config.plans.values() if name in plan.watches or not plan.watches]
    said.append(("Digests with it", ", ".join(plans) if plans and not watch.muted else "none"))
    return said


def _readers(call: Call, rules: WatchRules) -> str:
    if call.visitor.may("editor"):
        return ", ".join(watching.readers(rules))
    others = len(rules.recipients) + len(rules.chat) + bool(shown(rules.webhook))
    return f"{others} reader{'' if others == 1 else 's'} and files" if others else "files"


def feed(call: Call) -> Response:
    """Give what a watch matched last as Atom or JSON Feed, byte for byte as the file that is kept of it."""
    name, ending = call.path["name"], call.path["ending"]
    found = next((watch.name for watch in call.archive.watches.all() if file_name(watch.name) == name), None)
    if found is None or ending not in _FEEDS:
        raise HTTPException(404, f"There is no feed of a watch {name}.{ending}.")
    content = feeds.content(call.archive, found, ending, call.request.app.state.public_url)
    return Response(content, media_type=_FEEDS[ending])


def is_published(call: Call) -> bool:
    """Tell whether the feed of a watch is open to anyone: feed = true in watches.toml says so."""
    config = call.config()
    rules = config.rules if config else {}
    return any(each.feed and file_name(name) == call.path["name"] for name, each in rules.items())


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


PAGES: tuple[Page, ...] = (
    Page("/watches", watches),
    Page("/watch", watch),
    Page("/watches/{name}.{ending}", feed, role="feeds", published=is_published),
)
