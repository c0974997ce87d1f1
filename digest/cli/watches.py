"""watch: saved searches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import UsageError
from digest.cli.output import as_json, print_json, print_table, require_folder, say, say_line, tell
from digest.cli.search import tell_doubts, tell_unknown_sources, when
from digest.cli.session import ONE_QUERY, moment, names_watches, now, session, take_one_query

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.archive import Archive
    from digest.alerting import Alert
    from digest.backtest import Difference, Only, Tried


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    group = typer.Typer(
        help="Save searches, see what they find, and be told of it.", no_args_is_help=True, rich_markup_mode=None
    )
    group.command(
        epilog="Example: presswatch watch add spies 'espionage OR \"foreign spies\" OR 间谍' --urgent",
        context_settings=ONE_QUERY,
    )(add)
    group.command("list", epilog="Example: presswatch watch list")(list_)
    group.command(epilog="Example: presswatch watch test 'espionage NEAR/5 arrest*'", context_settings=ONE_QUERY)(test)
    group.command(
        epilog="Example: presswatch watch backtest spies --since 30d --query 'espionage OR \"foreign spies\"'"
    )(backtest)
    group.command(epilog="Example: presswatch watch mentions spies")(mentions)
    group.command(epilog="Example: presswatch watch alerts spies --dry-run")(alerts)
    group.command(epilog="Example: presswatch watch feed spies -o public/feeds")(feed)
    group.command(epilog="Example: presswatch watch mute spies")(mute)
    group.command(epilog="Example: presswatch watch remove spies")(remove)
    app.add_typer(group, name="watch")


def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Its name.")],
    query: Annotated[str, typer.Argument(help="What it looks for.")],
    weight: Annotated[float | None, typer.Option(help="Multiplies the importance of what it matches.")] = None,
    urgent: Annotated[
        bool | None, typer.Option("--urgent/--no-urgent", help="Send an alert at once when it matches something new.")
    ] = None,
    spike: Annotated[
        bool | None, typer.Option("--spike/--no-spike", help="Send an alert when much more comes than usual.")
    ] = None,
    silence: Annotated[
        bool | None, typer.Option("--silence/--no-silence", help="Send an alert when what usually comes stays out.")
    ] = None,
    feed: Annotated[
        bool | None, typer.Option("--feed/--no-feed", help="Let the service keep an Atom and a JSON Feed file of it.")
    ] = None,
) -> None:
    """Save a search under a name, or change it; what is stored already is matched too."""
    from crawler.config.lock import only_editor
    from digest import watching

    take_one_query(context, query)
    query = query.strip()
    config = session(context).config()
    session(context).require_writable(config)
    with only_editor(config.folder):
        config = session(context).config()  # others may have written while this one waited
        watching.write(config, name, query, weight=weight, urgent=urgent, spike=spike, silence=silence, feed=feed)
        config = session(context).config()
        with session(context).archive(config, create=True) as archive:
            saved = watching.take_over(archive, config, name, now())
    say(f"{name}: {saved.explanation}")
    say(saved.told())
    for note in saved.notes:
        tell(f"note: {note}")
    rules = config.rules[name]
    if rules.alerts:
        to = ", ".join(watching.readers(rules))
        say(f"Alerts ({watching.acts(rules)}) go to {to}; the service sends them: presswatch run")


def _matching(number: int) -> str:
    return f"{number} stored article matches" if number == 1 else f"{number} stored articles match"


def _synchronise(context: typer.Context) -> None:
    from digest.definitions import synchronise

    current = session(context)
    config = current.config()
    with current.archive(config, create=True) as archive:
        synchronise(archive, config, now())


def list_(
    context: typer.Context,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """List the saved searches with the number of their mentions (watch mentions NAME lists them)."""
    from digest import answers, watching
    from digest.definitions import synchronise

    current = session(context)
    config = current.config()
    rules = config.rules
    with current.archive_to_read(config, create=True) as archive:
        if not archive.read_only:
            synchronise(archive, config, now())
        known = {watch.name: watch for watch in archive.watches.all() if watch.name in rules}
        changed = [
            name for name, watch in config.watches.items() if name not in known or known[name].query != watch.query
        ]
        if changed:
            tell(f"the archive cannot be written to: it does not know yet what {', '.join(changed)} looks for now")
        if as_json_:
            print_json({"watches": answers.watches(archive, known.values(), rules)})
            return
        counts = archive.watches.counts()
        rows = [(watch, counts[watch.name]) for watch in known.values()]
    does = {name: watching.acts(rules[name]) for name in known}
    print_table(
        ("watch", "mentions", "query", "version", "weight", "does", ""),
        (
            (w.name, count, w.query, w.version, f"{w.weight:g}", does[w.name], "muted" if w.muted else "")
            for w, count in rows
        ),
    )


def test(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="A query.")],
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Say in words what a query will match, and what it matches of the archive; nothing is saved."""
    from crawler.query import explain, parse, show

    take_one_query(context, query)
    node = parse(query)
    with session(context).archive_to_ask(watches=names_watches(query), create=True) as archive:
        found = archive.search(query, limit=5, now=now())
        tell_unknown_sources(archive, query)
    tell_doubts(query)
    if as_json_:
        titles = [{"id": hit.article.id, "title": hit.article.title} for hit in found.hits]
        matched = {"total": found.total, "capped": found.capped, "newest": titles}
        print_json({"query": show(node), "explanation": explain(node), **matched})
        return
    say(show(node))
    say(explain(node))
    more = "More than " if found.capped else ""
    say(f"{more}{_matching(found.total)}; the newest:" if found.hits else "No stored article matches.")
    for hit in found.hits:
        say_line(f"  {hit.article.id:>6}  {when(hit.article)}  {hit.article.title}")


def backtest(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of a watch.")],
    since: Annotated[str, typer.Option(help="From when on: 2026-11-01, 30d.")] = "30d",
    query: Annotated[str | None, typer.Option(help="A new query: what would it find instead?")] = None,
    version: Annotated[
        int | None, typer.Option(min=1, help="An earlier version of the watch to compare with (list --json shows all).")
    ] = None,
    examples: Annotated[int, typer.Option(min=0, help="Articles that are shown of each difference.")] = 5,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Count, day by day, what a watch would have found, and what another query or version would find instead.

    An earlier version is tried with the versions that were in force when it was made of the watches that it uses.
    """
    from digest import backtest as tried

    begin, at = moment(since), now()
    assert begin is not None
    with session(context).archive_to_ask(watches=True) as archive:
        wanted = tried.candidates(archive, name, version, query)
        if len(wanted) == 1:
            result = tried.attempt(archive, wanted[0], begin, at)
            _show_tried(name, result, begin, as_json_=as_json_)
        else:
            old, new = wanted
            _show_difference(name, tried.compare(archive, old, new, begin, at, examples), begin, as_json_=as_json_)


def _show_tried(name: str, found: Tried, begin: datetime, *, as_json_: bool) -> None:
    from digest.days import folded

    if as_json_:
        print_json({"watch": name, "since": begin, **as_json(found)})
        return
    most = max(found.days.values(), default=0) or 1
    for line in folded(list(found.days), found.days):
        count = found.days.get(line, 0)
        say(f"{line:10} {count:>5} {'#' * -(-40 * count // most)}".rstrip())
    say(f"{found.total} articles, {found.per_day:.1f} a day{_using(found)}")
    if found.sources:
        say("most from " + ", ".join(f"{source} {count}" for source, count in found.sources.items()))


def _show_difference(name: str, found: Difference, begin: datetime, *, as_json_: bool) -> None:
    from digest.days import filled, folded

    if as_json_:
        print_json({"watch": name, "since": begin, **as_json(found)})
        return
    for one in (found.old, found.new):
        say(f"{one.name}: {one.query}{_using(one)}")
        say(f"  {one.total} articles, {one.per_day:.1f} a day")
    old, new = found.old.days, found.new.days
    both = filled({day: old.get(day, 0) + new.get(day, 0) for day in {*old, *new}}, ())
    print_table(
        ("day", found.old.name, found.new.name),
        ((line, old.get(line, 0), new.get(line, 0)) for line in folded(list(both), both)),
    )
    say(f"Both find {found.both}.")
    _show_only(f"Only {found.old.name} finds", found.only_old)
    _show_only(f"Only {found.new.name} finds", found.only_new)


def _using(tried: Tried) -> str:
    """Say which versions of other watches a query was tried with."""
    used = ", ".join(f"version {version} of {name}" for name, version in tried.uses.items())
    return f" (with {used})" if used else ""


def _show_only(words: str, found: Only) -> None:
    say(f"{words} {found.total}{':' if found.examples else '.'}")
    for article in found.examples:
        say_line(f"  {article.id:>6}  {when(article)}  {article.source}: {article.title}")
    if found.total > len(found.examples) > 0:
        say(f"  and {found.total - len(found.examples)} more")


def mentions(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of a watch.")],
    since: Annotated[str | None, typer.Option(help="From when on: 2026-11-01, 7d.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Mentions at most.")] = 50,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """List the articles that a watch matched, with the words that did it."""
    from digest import answers

    with session(context).archive_to_ask(watches=True) as archive:
        _check(archive, name)
        newest = archive.watches.mentions(name, moment(since), limit + 1)
        found = newest[:limit]
        articles = {article.id: article for article in archive.articles.many([each.article for each in found])}
        told = answers.mentions(archive, found) if as_json_ else []
    if as_json_:
        print_json({"watch": name, "mentions": told})
    else:
        print_table(
            ("id", "published", "title", "matched", "version"),
            (
                (m.article, when(articles[m.article]), articles[m.article].title, ", ".join(m.words), m.version)
                for m in found
            ),
        )
    if len(newest) > limit:
        tell(f"there are more than these {limit}: --limit shows more of them")


def _check(archive: Archive, name: str) -> None:
    if name not in {watch.name for watch in archive.watches.all()}:
        raise UsageError(f'there is no watch "{name}"; presswatch watch list shows what there is')


def alerts(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of a watch; default all.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the whole text of what would be sent now.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Show which alerts would be sent now, and which were; nothing is sent by this.

    The service (presswatch run) sends alerts of watches that are urgent, spike or silence in watches.toml.
    """
    from digest import alerting, watching

    current = session(context)
    config = current.config()
    if name and name not in config.rules:
        raise UsageError(f'there is no watch "{name}"; presswatch watch list shows what there is')
    with current.archive(config, read_only=True) as archive:
        waiting = alerting.look(archive, config, now(), names=[name] if name else [])
        made = watching.sent(archive, [name] if name else list(config.rules))
    if as_json_:
        told = [{"slot": each.slot, "at": each.at, "content": each.content, "text": _text(each)} for each in waiting]
        print_json({"now": told, "sent": made})
        return
    if not any(rules.alerts for rules in config.rules.values()):
        say(f"No watch sends alerts; set urgent, spike or silence in {config.folder / 'watches.toml'}.")
    for each in waiting:
        readers = ", ".join(watching.readers(config.rules[each.content.watch]))
        held = f"held until {each.at:%Y-%m-%d %H:%M} UTC" if each.at > now() else "now"
        say(f"{held}, to {readers}:")
        say(_text(each, whole=dry_run))
    if not waiting:
        say("Nothing would be sent now.")
    if made:
        print_table(
            ("id", "made", "what", "deliveries"),
            ((each.edition, f"{each.made_at:%Y-%m-%d %H:%M}", each.subject, each.told) for each in made),
        )


def _text(alert: Alert, *, whole: bool = True) -> str:
    from digest.alert_mail import rendered
    from digest.render import NO_LINKS

    shown = rendered(alert.content, NO_LINKS)
    return shown.text.decode() if whole else shown.subject


def feed(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of a watch.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="Where to; default the folder of digests, watches/."),
    ] = None,
) -> None:
    """Write what a watch matched last as an Atom and a JSON Feed file; feed = true lets the service keep them."""
    from digest.feeds import write_feeds

    current = session(context)
    config = current.config()
    folder = output or config.press.digest.folder / "watches"
    if output is not None:
        require_folder(output)
    with current.archive(config, read_only=True) as archive:
        _check(archive, name)
        changed = write_feeds(archive, name, folder, config.press.web.public_url)
        empty = not archive.arrivals.newest(name, 1)
    for path in changed:
        say(f"wrote {path}")
    if empty:
        say(f"Nothing that {name} matched came as news yet: what was imported or filled in later stands in no feed.")
    if not changed:
        say(f"nothing new: the feeds of {name} in {folder} are as they were")


def mute(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of a watch.")],
    off: Annotated[bool, typer.Option("--off", help="Unmute it.")] = False,
) -> None:
    """Keep a watch out of all digests and alerts; it goes on matching."""
    from crawler.config.lock import only_editor
    from digest import watching

    config = session(context).config()
    session(context).require_writable(config)
    with only_editor(config.folder):
        watching.mute(config, name, muted=not off)
        _synchronise(context)
    say(f"{name} is {'heard again' if off else 'muted'}")


def remove(context: typer.Context, name: Annotated[str, typer.Argument(help="Name of a watch.")]) -> None:
    """Take a watch out of watches.toml."""
    from crawler.config.lock import only_editor
    from digest import watching

    config = session(context).config()
    session(context).require_writable(config)
    with only_editor(config.folder):
        watching.remove(config, name)
        _synchronise(context)
    say(f"{name} is removed")
