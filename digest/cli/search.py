"""search, show, stats, export: asking the archive."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.errors import UsageError
from digest.cli.output import as_json, print_csv, print_json, print_table, say, write_out
from digest.cli.session import moment, now, session

if TYPE_CHECKING:
    from crawler.archive import Archive, Hit
    from crawler.records import Article, Judgement

CSV_FIELDS = (
    "id", "published", "published_precision", "source", "carried_by", "credited_to", "title", "authors", "language",
    "url", "copy_of", "story", "completeness", "words", "first_seen", "snippet",
)  # fmt: skip


class Sort(StrEnum):
    """Orders of a result."""

    PUBLISHED = "published"
    SEEN = "seen"
    RELEVANCE = "relevance"


class By(StrEnum):
    """What counts can be told apart by."""

    DAY = "day"
    SOURCE = "source"
    KIND = "kind"
    CONTROL = "control"
    COUNTRY = "country"
    LANGUAGE = "language"


class Format(StrEnum):
    """Forms of an export."""

    JSONL = "jsonl"
    CSV = "csv"
    MD = "md"
    ATOM = "atom"
    RIS = "ris"


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    app.command(epilog="Example: presswatch search 'espionage AND \"state tv\" -sport after:7d' --limit 5")(search)
    app.command(epilog="Example: presswatch show 12")(show)
    app.command(epilog="Example: presswatch stats espionage --by source --since 14d")(stats)
    app.command(epilog='Example: presswatch export "control:state" --format csv -o state.csv')(export)


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="Words, phrases, filters; an empty query is everything.")] = "",
    sort: Annotated[Sort, typer.Option(help="Newest published, newest seen, or best match first.")] = Sort.PUBLISHED,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Articles at most.")] = 20,
    cursor: Annotated[str | None, typer.Option(help="Go on where an earlier page ended: its NEXT.")] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="A table for spreadsheets.")] = False,
) -> None:
    """Find articles, in every script, newest first."""
    with session(context).archive(read_only=True) as archive:
        found = archive.search(query, sort=sort.value, limit=limit, cursor=cursor, now=now())
        if as_json_:
            articles = [hit_json(hit) for hit in found.hits]
            result = {"query": found.query, "total": found.total, "capped": found.capped}
            print_json({**result, "articles": articles, "next": found.next})
        elif as_csv:
            print_csv(CSV_FIELDS, (_csv_row(hit_json(hit)) for hit in found.hits))
        else:
            _print_hits(archive, found.hits)
            more = "more than " if found.capped else ""
            say(f"{more}{found.total} found" + (f"; next page: --cursor {found.next}" if found.next else ""))


def hit_json(hit: Hit) -> dict[str, Any]:
    """Write a hit as the contract has it: the article, and where the words stand."""
    highlights = {"title": [], "lead": [], "text": [], **as_json(hit.highlights)}
    return {**as_json(hit.article), "highlights": highlights, "snippet": hit.snippet}


def _csv_row(article: dict[str, Any]) -> list[Any]:
    values = (article[name] for name in CSV_FIELDS)
    return ["; ".join(value) if isinstance(value, list) else value for value in values]


def _print_hits(archive: Archive, hits: tuple[Hit, ...]) -> None:
    names = {source.key: source.name for source in archive.sources.all()}
    for hit in hits:
        article = hit.article
        carried = article.carried_by or names.get(article.source, article.source)
        credit = f", credited to {article.credited_to}" if article.credited_to else ""
        copy = f", copy of {article.copy_of}" if article.copy_of else ""
        say(f"{article.id:>6}  {article.title}")
        say(f"        {when(article)}, {carried}{credit}{copy}")
        if hit.snippet:
            say(f"        {hit.snippet}")
        say()


def when(article: Article) -> str:
    """Tell an article's time no more exactly than it is known."""
    if article.published is None or article.published_precision == "none":
        return f"undated, seen {article.first_seen:%Y-%m-%d %H:%M} UTC" if article.first_seen else "undated"
    return article.published[:10] if article.published_precision == "day" else article.published.replace("T", " ")


def show(
    context: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ID|URL", help="Number or address of an article.")],
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Show an article with the evidence for each field, its revisions and watches."""
    with session(context).archive(read_only=True) as archive:
        found = find_article(archive, article)
        assert found.id is not None
        revisions = archive.articles.revisions(found.id)
        mentions = archive.watches.of([found.id]).get(found.id, [])
        judgements = archive.judgements.of(found.id)
        if as_json_:
            more = {"revisions": revisions, "mentions": mentions, "judgements": judgements}
            print_json({**as_json(found), **as_json(more)})
            return
        say(found.title)
        say("=" * min(100, sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in found.title)))
        for name, value in _facts(found):
            origin = found.evidence.get(name) or (found.published_evidence if name == "published" else None)
            say(f"{name:>12}: {value}" + (f"   [{origin}]" if origin else ""))
        for mention in mentions:
            say(f"{'watch':>12}: {mention.watch} ({', '.join(mention.words)})")
        for name, said in judged(judgements):
            say(f"{name:>12}: {said}")
        for revision in revisions:
            why = revision.reason or revision.kind
            say(f"{'revision':>12}: {revision.revision}, {why} {revision.at:%Y-%m-%d %H:%M} UTC")
        if found.lead:
            say(f"\n{found.lead}")
        say(f"\n{found.text}")
        if revisions:
            _print_diff(revisions[-1].text, found.text)


def judged(judgements: Iterable[Judgement]) -> Iterator[tuple[str, str]]:
    """Write what people said, with who and when."""
    for one in judgements:
        name, said = ("note", one.value) if one.kind == "note" else ("judged", f"{one.kind} {one.value}".strip())
        yield name, f"{said}   [{one.who}, {one.at:%Y-%m-%d %H:%M} UTC]"


def find_article(archive: Archive, wanted: str) -> Article:
    """Find an article by its number or address, or say that there is none."""
    found = archive.articles.get(int(wanted) if wanted.isdecimal() and len(wanted) < 19 else wanted)
    if found is None:
        raise UsageError(f"{wanted}: there is no such article in the archive; presswatch search lists what there is")
    return found


def _facts(article: Article) -> Iterator[tuple[str, object]]:
    yield "id", article.id
    yield "url", article.url
    yield "source", f"{article.carried_by} ({article.source})"
    yield "published", when(article)
    values = {
        "published_utc": article.published_utc and f"{article.published_utc:%Y-%m-%d %H:%M:%S} UTC",
        "modified": article.modified,
        "authors": "; ".join(article.authors),
        "credited_to": article.credited_to,
        "language": article.language,
        "completeness": article.completeness if article.completeness != "full" else None,
        "paywalled": "yes" if article.paywalled else None,
        "copy of": article.copy_of and f"{article.copy_of} ({article.copy_kind}, {article.copy_score:.2f})",
        "story": article.story,
        "tags": ", ".join(article.tags),
        "withdrawn": article.withdrawn_at,
        "words": article.words,
    }
    yield from ((name, value) for name, value in values.items() if value)


def _print_diff(before: str, after: str) -> None:
    import difflib

    say("\nSince the last revision:")
    for line in itertools.islice(
        difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0), 2, None
    ):
        if not line.startswith("@@"):
            say(f"  {line}")


def stats(
    context: typer.Context,
    queries: Annotated[list[str], typer.Argument(metavar="WATCH|QUERY...", help="Watches by name, or queries.")],
    by: Annotated[By, typer.Option(help="What to count by.")] = By.DAY,
    share: Annotated[bool, typer.Option("--share", help="Also the share among the named, in percent.")] = False,
    since: Annotated[str | None, typer.Option(help="From this time on: 2026-11-01, 14d.")] = None,
    until: Annotated[str | None, typer.Option(help="Up to this day, included.")] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="A table for spreadsheets.")] = False,
) -> None:
    """Count matching articles exactly, by day, source, kind, control, country or language."""
    begin, end = moment(since), moment(until, end=True)
    with session(context).archive(read_only=True) as archive:
        saved = {watch.name: watch.query for watch in archive.watches.all()}
        counts = {
            query: archive.stats(saved.get(query, query), by.value, begin, end, now=now())
            for query in dict.fromkeys(queries)
        }
    rows = sorted({group for groups in counts.values() for group in groups})
    totals = {group: sum(counts[query].get(group, 0) for query in counts) for group in rows}
    if as_json_:
        shares = {
            query: {group: counts[query].get(group, 0) / totals[group] for group in rows if totals[group]}
            for query in counts
        }
        result = {"by": by.value, "since": begin, "until": end, "counts": counts}
        print_json({**result, "share": shares} if share else result)
        return
    header = [by.value, *(label for query in counts for label in ([query, "%"] if share else [query]))]
    table = [_stats_row(group, counts, totals[group], share) for group in rows]
    if as_csv:
        print_csv(header, table)
    else:
        print_table(header, table)


def _stats_row(group: str, counts: Mapping[str, Mapping[str, int]], total: int, share: bool) -> list[object]:
    row: list[object] = [group or "(not known)"]
    for groups in counts.values():
        number = groups.get(group, 0)
        row += [number, f"{100 * number / total:.0f}" if total else "-"] if share else [number]
    return row


def export(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="What to export; an empty query is everything.")],
    form: Annotated[Format, typer.Option("--format", help="Form of the file.")] = Format.JSONL,
    output: Annotated[str, typer.Option("-o", "--output", help='File to write; "-" is stdout.')] = "-",
    no_text: Annotated[bool, typer.Option("--no-text", help="Leave the texts out.")] = False,
) -> None:
    """Write all matching articles to a file, as JSON lines, CSV, Markdown, Atom or RIS."""
    from digest.exports import render

    with session(context).archive(read_only=True) as archive:
        articles = every_article(archive, query, now())
        write_out(output, render(form.value, articles, query=query, now=now(), with_text=not no_text))


def every_article(archive: Archive, query: str, at: datetime) -> Iterator[Article]:
    """Go through all articles that match, page by page."""
    cursor: str | None = None
    while True:
        found = archive.search(query, limit=500, cursor=cursor, now=at)
        yield from (hit.article for hit in found.hits)
        cursor = found.next
        if cursor is None:
            return
