"""watch: saved searches."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.errors import UsageError
from digest.cli.output import as_json, print_json, print_table, say
from digest.cli.search import when
from digest.cli.session import moment, now, session

group = typer.Typer(help="Save searches and see what they find.", no_args_is_help=True, rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    group.command(epilog="Example: presswatch watch add spies 'espionage OR \"foreign spies\" OR 间谍'")(add)
    group.command("list", epilog="Example: presswatch watch list")(list_)
    group.command(epilog="Example: presswatch watch test 'espionage NEAR/5 arrest*'")(test)
    group.command(epilog="Example: presswatch watch backtest spies --since 30d")(backtest)
    group.command(epilog="Example: presswatch watch mentions spies")(mentions)
    group.command(epilog="Example: presswatch watch mute spies")(mute)
    group.command(epilog="Example: presswatch watch remove spies")(remove)
    app.add_typer(group, name="watch")


def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Its name.")],
    query: Annotated[str, typer.Argument(help="What it looks for.")],
    weight: Annotated[float | None, typer.Option(help="Multiplies the importance of what it matches.")] = None,
) -> None:
    """Save a search under a name, or change it; what is stored already is matched too."""
    from crawler.config.edit import set_watch
    from crawler.query import explain, parse

    folder = session(context).config().folder
    set_watch(folder, name, query, weight=weight)
    found = _synchronise(context, name)
    say(f"{name}: {explain(parse(query))}")
    say(f"{found} stored articles match")


def _synchronise(context: typer.Context, name: str = "") -> int:
    from digest.jobs import synchronise

    current = session(context)
    config = current.config()
    with current.archive(config, create=True) as archive:
        synchronise(archive, config, now())
        return archive.count(f"watch:{name}", now()) if name else 0


def list_(
    context: typer.Context,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """List the saved searches with the number of stored articles that match."""
    _synchronise(context)
    with session(context).archive(read_only=True) as archive:
        rows = [(watch, archive.count(f"watch:{watch.name}", now())) for watch in archive.watches.all()]
    if as_json_:
        print_json({"watches": [{**as_json(watch), "mentions": count} for watch, count in rows]})
        return
    header = ("watch", "mentions", "query", "version", "weight", "")
    print_table(
        header, ((w.name, count, w.query, w.version, f"{w.weight:g}", "muted" if w.muted else "") for w, count in rows)
    )


def test(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="A query.")],
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Say in words what a query will match, and what it matches of the archive; nothing is saved."""
    from crawler.query import explain, parse, show

    node = parse(query)
    with session(context).archive(read_only=True) as archive:
        found = archive.search(query, limit=5, now=now())
    if as_json_:
        titles = [{"id": hit.article.id, "title": hit.article.title} for hit in found.hits]
        print_json({"query": show(node), "explanation": explain(node), "total": found.total, "newest": titles})
        return
    say(show(node))
    say(explain(node))
    say(f"{found.total} stored articles match; the newest:" if found.hits else "No stored article matches.")
    for hit in found.hits:
        say(f"  {hit.article.id:>6}  {when(hit.article)}  {hit.article.title}")


def backtest(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of a watch.")],
    since: Annotated[str, typer.Option(help="From when on: 2026-11-01, 30d.")] = "30d",
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Count, day by day, what a watch would have matched."""
    begin = moment(since)
    with session(context).archive(read_only=True) as archive:
        query = {watch.name: watch.query for watch in archive.watches.all()}.get(name)
        if query is None:
            raise UsageError(f'there is no watch "{name}"; presswatch watch list shows what there is')
        days = archive.stats(query, "day", begin, now=now())
    if as_json_:
        print_json({"watch": name, "since": begin, "days": days, "total": sum(days.values())})
        return
    most = max(days.values(), default=1)
    for day, count in sorted(days.items()):
        say(f"{day or 'undated':10} {count:>5} {'#' * max(1, round(40 * count / most))}")
    say(f"{sum(days.values())} articles")


def mentions(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of a watch.")],
    since: Annotated[str | None, typer.Option(help="From when on: 2026-11-01, 7d.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Mentions at most.")] = 50,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """List the articles that a watch matched, with the words that did it."""
    with session(context).archive(read_only=True) as archive:
        if name not in {watch.name for watch in archive.watches.all()}:
            raise UsageError(f'there is no watch "{name}"; presswatch watch list shows what there is')
        found = archive.watches.mentions(name, moment(since), limit)
        articles = {article.id: article for article in archive.articles.many([each.article for each in found])}
    if as_json_:
        print_json(
            {"watch": name, "mentions": [{**as_json(m), "article": as_json(articles.get(m.article))} for m in found]}
        )
        return
    print_table(
        ("id", "published", "title", "matched"),
        ((m.article, when(articles[m.article]), articles[m.article].title, ", ".join(m.words)) for m in found),
    )


def mute(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of a watch.")],
    off: Annotated[bool, typer.Option("--off", help="Unmute it.")] = False,
) -> None:
    """Keep a watch out of all digests; it goes on matching."""
    from crawler.config.edit import set_watch

    set_watch(session(context).config().folder, name, muted=not off)
    _synchronise(context)
    say(f"{name} is {'heard again' if off else 'muted'}")


def remove(context: typer.Context, name: Annotated[str, typer.Argument(help="Name of a watch.")]) -> None:
    """Take a watch out of watches.toml."""
    from crawler.config.edit import remove_watch

    remove_watch(session(context).config().folder, name)
    _synchronise(context)
    say(f"{name} is removed")
