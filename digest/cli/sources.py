"""source: the outlets that are watched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from crawler.errors import ArchiveError, UsageError
from digest.cli.output import as_json, print_json, print_table, say, tell, write_out
from digest.cli.session import Session, now, session

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.visit import Discovery, Trial


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    group = typer.Typer(
        help="Add, list, test, pause and exchange sources.", no_args_is_help=True, rich_markup_mode=None
    )
    group.command(epilog='Example: presswatch source add https://example.org/ --name "Example Times"')(add)
    group.command("list", epilog="Example: presswatch source list --json")(list_)
    group.command(epilog="Example: presswatch source test https://example.org/feed.xml")(test)
    group.command("import", epilog="Example: presswatch source import feeds.opml")(import_)
    group.command(epilog="Example: presswatch source export -o sources.opml")(export)
    group.command(epilog="Example: presswatch source pause tass")(pause)
    group.command(epilog="Example: presswatch source resume tass")(resume)
    app.add_typer(group, name="source")


def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="Home page, feed, news sitemap or section page.")],
    name: Annotated[str, typer.Option(help="The outlet's name; default as the page says.")] = "",
    key: Annotated[str, typer.Option(help="Its key; default from the name.")] = "",
    kind: Annotated[
        str, typer.Option(help="agency, newspaper, broadcaster, online, blog, government, republisher.")
    ] = "online",
    control: Annotated[str, typer.Option(help="state, public, private, unknown.")] = "unknown",
    country: Annotated[str, typer.Option(help="ISO 3166 code in small letters.")] = "",
    language: Annotated[str, typer.Option(help="Language of its texts; default as the page says.")] = "",
    timezone: Annotated[str, typer.Option(help="Its time zone, e.g. Asia/Shanghai.")] = "",
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Find the feeds, news sitemaps and section pages of an outlet and write it into sources.toml."""
    from crawler.config.edit import add_source
    from crawler.config.lock import only_editor
    from crawler.records import Control, Kind
    from crawler.visit import discover
    from digest.naming import new_source

    current = session(context)
    config = current.config()
    for option, value, known in (("--kind", kind, get_args(Kind)), ("--control", control, get_args(Control))):
        if value not in known:
            raise UsageError(f"{option}: found {value!r}, wanted one of {', '.join(known)}")
    if key in config.sources:
        raise UsageError(f'--key: there is a source "{key}" already; choose another key')
    current.require_writable(config)
    tell(f"looking for the channels of {url}, {config.press.crawl.delay:g} s between requests ...")
    found = discover(url, config, current.archive_address(config))
    given = {
        "name": name,
        "kind": kind,
        "control": control,
        "country": country,
        "language": language,
        "timezone": timezone,
    }
    source = new_source(found, config, key=key, given=given)
    with only_editor(config.folder):
        add_source(config.folder, source)
        _synchronise(context)
    if as_json_:
        print_json({"source": source, "samples": found.samples, "fresh": as_json(found.fresh)})
        return
    say(f"added {source.key} ({source.name}) to {config.folder / 'sources.toml'}:")
    for channel, address in source.channels():
        say(f"  {channel:8} {address}")
        _say_list(found, address)
    for note in found.notes:
        say(f"  note: {note}")
    say(f"Next: presswatch crawl {source.key}")


def _synchronise(context: typer.Context) -> Config:
    """Bring the archive to what the configuration says, and give the configuration."""
    from digest.definitions import synchronise

    current = session(context)
    config = current.config()
    with current.archive(config, create=True) as archive:
        synchronise(archive, config, now())
    return config


def list_(
    context: typer.Context,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """List the configured sources with their channels and state."""
    config = session(context).config()
    with session(context).archive(config, create=True, read_only=True) as archive:
        paused = archive.sources.paused()
    if as_json_:
        print_json({"sources": [{**as_json(each), "paused": each.key in paused} for each in config.sources.values()]})
        return
    header = ("key", "name", "country", "language", "kind", "control", "channels", "verified", "")
    print_table(
        header,
        (
            (each.key, each.name, each.country, each.language, each.kind, each.control, len(each.channels()),
             each.verified or "never", "paused" if each.key in paused else "")
            for each in config.sources.values()
        ),
    )  # fmt: skip


def test(
    context: typer.Context,
    target: Annotated[
        str, typer.Argument(metavar="URL|KEY", help="A feed, sitemap, section page or home page; or a source's key.")
    ],
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Show what a visit would do: channels, how fresh they are, one article with its evidence; nothing is kept.

    Where an override of sources.toml speaks of the article's address, it is read without and with it, and what differs
    is shown. The address of such an article is not explored: that page is read.
    """
    from crawler import overrides
    from crawler.visit import try_out
    from digest.cli.comparing import comparison_json, say_comparison

    config = session(context).config_if_any()
    delay = config.press.crawl.delay
    tell(f"looking at {target}, {delay:g} s between requests; nothing is kept ...")
    trial = try_out(config.sources.get(target, target), config, session(context).archive_address(config))
    compared = trial.comparison.override if trial.comparison is not None else None
    ours = [each for each in config.sources.values() if each.key == target or compared in each.overrides]
    endings = overrides.endings(ours, now().date())
    if as_json_:
        # What was found stands at the top, as source add gives it.
        told = {
            "overrides": as_json(endings),
            **as_json(trial.found),
            **{key: value for key, value in as_json(trial).items() if key != "found"},
        }
        if trial.comparison is not None:
            told["comparison"] = comparison_json(trial.comparison)
        print_json(told)
        return
    found = trial.found
    say(f"{found.name or target}" + (f" ({found.language})" if found.language else ""))
    for kind, addresses in (("feed", found.feeds), ("sitemap", found.sitemaps), ("section", found.sections)):
        for address in addresses:
            say(f"{kind:8} {address}")
            _say_list(found, address)
    for note in found.notes:
        say(f"note: {note}")
    if isinstance(target, str) and target in config.sources:
        for note in _untold(session(context), config, target, found):
            say(f"note: {note}")
    if found.fresh:
        say(f"a visit would fetch those of {trial.pages} pages that are not known yet")
    _say_sample(trial)
    if trial.comparison is not None:
        say_comparison(trial.comparison)
    elif trial.sample and any(each.overrides for each in ours):
        say(f"note: none of the overrides of {target} speaks of this page")
    for ending in endings:
        say(f"note: {ending}")


def _untold(current: Session, config: Config, key: str, found: Discovery) -> Iterator[str]:
    """Tell why a visit would get nothing from a source, where its channels do not tell that themselves."""
    if not found.fresh:
        ways = len(config.sources[key].channels())
        if ways:
            which = "its channel gives nothing" if ways == 1 else f"none of its {ways} channels gives anything"
            yield f"{which}: a visit would fetch nothing"
        else:
            yield f'it has no channel, so it is never polled; "presswatch source test {config.sources[key].homepage}"'
    try:
        with current.archive(config, read_only=True) as archive:
            standing = archive.channels.standing(now(), [key])
    except ArchiveError:
        return  # there is none yet, or it is told elsewhere
    if standing.paused:
        yield f'it is paused, so a visit does not ask it; "presswatch source resume {key}" polls it again'
    if standing.gone:
        yield f'a visit does not ask what said that it is gone; "presswatch source resume {key}" asks it again'


def _say_list(found: Discovery, address: str) -> None:
    """Print how fresh a channel is, and its newest entries."""
    if (fresh := found.fresh.get(address)) is not None:
        say(f"         {fresh}")
    for sample in found.samples.get(address, ())[:3]:
        say(f"         {sample}")


def _say_sample(trial: Trial) -> None:
    """Print the article of a sample page with where each value came from, or why there is none."""
    if not trial.sample:
        return
    say(f"sample   {trial.sample}")
    if trial.robots_allow is not None:
        say(f"         robots.txt {'allows' if trial.robots_allow else 'forbids'} it")
    article = trial.article
    if article is None:
        say(f"         no article: {trial.reason}" + (f" ({trial.detail})" if trial.detail else ""))
        return
    reserved = {None: "says nothing", True: "reserved", False: "not reserved"}[article.tdm_reserved]
    say(f"         text and data mining: {reserved}" + (f", see {article.tdm_policy}" if article.tdm_policy else ""))
    values: dict[str, str | None] = {
        "title": article.title,
        "lead": article.lead,
        "authors": ", ".join(article.authors),
        "published": article.published,
        "credited_to": article.credited_to,
        "language": article.language,
        "completeness": article.completeness,
    }
    for name, value in values.items():
        evidence = article.evidence.get(name) or (article.published_evidence if name == "published" else None)
        say(f"         {name:13}{value or '-'}" + (f"   [{evidence}]" if evidence and value else ""))
    for line in article.taken_out:
        say(f"         {'taken out':13}{line.text[:200]}   [{article.evidence['taken_out']}]")
    text = " ".join(article.text.split())
    say(f"         {'text':13}{len(article.text)} characters: {text[:200]}{'...' if len(text) > 200 else ''}")


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="An OPML file.")],
) -> None:
    """Take in the feeds of an OPML file."""
    from crawler.config.edit import add_sources
    from crawler.config.lock import only_editor
    from crawler.opml import read_opml

    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror or error}") from error
    config = session(context).config()
    session(context).require_writable(config)
    with only_editor(config.folder):
        imported = read_opml(content, session(context).config().sources.values())
        add_sources(config.folder, imported.sources)
        _synchronise(context)
    say(f"{len(imported.sources)} sources added")
    for note in imported.skipped:
        tell(f"left out: {note}")


def export(
    context: typer.Context,
    output: Annotated[str, typer.Option("-o", "--output", help='File to write; "-" is stdout.')] = "-",
) -> None:
    """Write the configured feeds as OPML."""
    from crawler.opml import write_opml

    sources = session(context).config().sources
    write_out(output, [write_opml(sources.values())])
    if output != "-":
        tell(f"{len(sources)} sources written to {output}")


def pause(context: typer.Context, key: Annotated[str, typer.Argument(help="Key of a source.")]) -> None:
    """Stop polling a source until it is resumed."""
    config = _synchronise(context)
    _check_key(config, key)
    with session(context).archive(config) as archive:
        archive.sources.pause(key, now())
    say(f"{key} is paused")


def resume(context: typer.Context, key: Annotated[str, typer.Argument(help="Key of a source.")]) -> None:
    """Poll a paused source again."""
    config = _synchronise(context)
    _check_key(config, key)
    with session(context).archive(config) as archive:
        archive.sources.resume(key, now())
        ahead = archive.ahead(now())
    say(f"{key} is polled again")
    if ahead:
        tell(f"note: {ahead}")


def _check_key(config: Config, key: str) -> None:
    if key not in config.sources:
        known = ", ".join(sorted(config.sources)) or "none yet"
        raise UsageError(f'there is no source "{key}"; the configuration has: {known}')
