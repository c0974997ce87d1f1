"""search, show, export: asking the archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.errors import UsageError
from digest.cli.output import as_json, print_csv, print_json, say, say_line, take_one_form, tell, write_out
from digest.cli.session import ONE_QUERY, names_watches, now, session, take_one_query

if TYPE_CHECKING:
    from crawler.archive import Archive, By, Found, Hit
    from crawler.records import Article, Judgement, NameKind, Revision
    from digest.differences import Paragraph, Part
    from digest.reprints import Reprint

#: The changes of an article that show names; of the others its fields tell.
_TOLD = frozenset({"revised", "corrected", "withdrawn", "restored"})
_NAMED: dict[NameKind, str] = {
    "person": "people",
    "organisation": "organisations",
    "place": "places",
    "other": "other names",
}
_MARKS = {"same": "{}", "del": "[-{}-]", "ins": "{{+{}+}}"}

_AT_ONCE = 500
#: Values of a facet that are shown.
_FACETS = 10


class Sort(StrEnum):
    """Orders of a result."""

    PUBLISHED = "published"
    SEEN = "seen"
    RELEVANCE = "relevance"


class Format(StrEnum):
    """Forms of an export."""

    JSONL = "jsonl"
    CSV = "csv"
    MD = "md"
    ATOM = "atom"
    JSONFEED = "jsonfeed"
    RIS = "ris"


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    app.command(
        epilog="Example: presswatch search 'espionage AND \"state tv\" -sport after:7d' --limit 5",
        context_settings=ONE_QUERY,
    )(search)
    app.command(epilog="Example: presswatch show 12")(show)
    app.command(
        epilog='Example: presswatch export "control:state" --format csv -o state.csv', context_settings=ONE_QUERY
    )(export)


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="Words, phrases, filters; an empty query is everything.")] = "",
    sort: Annotated[Sort, typer.Option(help="Newest published, newest seen, or best match first.")] = Sort.PUBLISHED,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Articles at most.")] = 20,
    cursor: Annotated[str | None, typer.Option(help="Go on where an earlier page ended: its NEXT.")] = None,
    facets: Annotated[
        bool,
        typer.Option("--facets", help="Also count by day, source, kind, control, country and language: the newest."),
    ] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="A table for spreadsheets.")] = False,
) -> None:
    """Find articles, in every script, newest first.

    Both words: spy agent. One of them: spy OR agent. Not: -sport. Near: spy NEAR/5 court; in this order: spy W/3 court.
    Also "state tv", arrest*, (groups); title: lead: text: author: source: kind: control: owner: country: lang:
    credited: site: url: after:7d before:2019-12 seen-after: seen-before: copies:no tag: form: completeness: paywalled:
    story: watch: note: marked:
    """
    take_one_query(context, query)
    take_one_form(as_json_=as_json_, as_csv=as_csv)
    if facets and as_csv:
        raise UsageError("--csv is one table, of articles: take --facets --json for both, or presswatch stats --csv")
    with session(context).archive_to_ask(watches=names_watches(query)) as archive:
        at = now()
        found = archive.search(query, sort=sort.value, limit=limit, cursor=cursor, now=at)
        if as_json_:
            from digest import answers

            print_json(answers.search(found, archive.facets(query, at) if facets else None))
        elif as_csv:
            from digest import exports

            print_csv(exports.FOUND_FIELDS, map(exports.found_row, found.hits))
            if found.next:
                tell(_number(found))
        else:
            _print_hits(archive, found.hits)
            if facets:
                _print_facets(archive.facets(query, at))
            say(_number(found))
        tell_unknown_sources(archive, query)
    tell_doubts(query)


def _number(found: Found) -> str:
    """Say how many articles a search found, and how to see more of them."""
    more = "more than " if found.capped else ""
    ranked = f", the newest {found.ranked} of them ranked" if found.ranked else ""
    return f"{more}{found.total} found{ranked}" + (f"; next page: --cursor {found.next}" if found.next else "")


def tell_doubts(query: str) -> None:
    """Tell on stderr what of a query is searched as words and was hardly meant so."""
    from crawler.query import doubts

    for doubt in doubts(query):
        tell(f"note: {doubt}")


def tell_unknown_sources(archive: Archive, query: str) -> None:
    """Tell on stderr which names of sources in a query nobody has, and which are close."""
    from digest.asking import strangers

    for note in strangers(archive, query, now()):
        tell(f"note: {note}")


def _print_hits(archive: Archive, hits: tuple[Hit, ...]) -> None:
    from digest.relations import relations
    from digest.signs import signs

    names = archive.source_names()
    related = relations(archive, (hit.article for hit in hits))
    said = signs(archive, [hit.article.id for hit in hits])
    for hit in hits:
        article = hit.article
        carried = article.carried_by or names.get(article.source, article.source)
        credit = f", credited to {article.credited_to}" if article.credited_to else ""
        copy = f", {related[article.id or 0]} {article.copy_of}" if article.copy_of else ""
        say_line(f"{article.id:>6}  {article.title}")
        say(f"        {when(article)}, {carried}{credit}{copy}{withdrawn(article)}")
        if marked := said.get(article.id or 0):
            say(f"        editors: {'; '.join(marked)}")
        if hit.snippet:
            say(f"        {hit.snippet}")
        say()


def _print_facets(facets: Mapping[By, Mapping[str, int]]) -> None:
    """Print the most frequent values of each facet, of days the last ones."""
    for by, counts in facets.items():
        told = list(counts.items())
        told = told[-_FACETS:] if by == "day" else told[:_FACETS]
        say(f"{by:>8}: " + ", ".join(f"{value} {count}" for value, count in told))
    say()


def when(article: Article) -> str:
    """Tell an article's time no more exactly than it is known."""
    if article.published is None or article.published_precision == "none":
        return f"undated, seen {article.first_seen:%Y-%m-%d %H:%M} UTC" if article.first_seen else "undated"
    return article.published[:10] if article.published_precision == "day" else article.published.replace("T", " ")


def withdrawn(article: Article) -> str:
    """Say behind an article that its publisher withdrew it, and when that was seen."""
    return f", withdrawn {article.withdrawn_at:%Y-%m-%d}" if article.withdrawn_at else ""


def show(
    context: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ID|URL", help="Number or address of an article.")],
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Show an article with evidence for each field, its names, watches, revisions, and a copy beside its original."""
    from rich.cells import cell_len

    from digest import answers
    from digest.tagging import names_of, tagger

    current = session(context)
    config = current.config_if_any()
    with current.archive(config, read_only=True) as archive:
        found = find_article(archive, article)
        assert found.id is not None
        names = names_of(found, tagger(config, archive.watches.all()))
        revisions = archive.articles.revisions(found.id)
        mentions = archive.watches.of([found.id]).get(found.id, [])
        judgements = archive.judgements.of(found.id)
        changes = archive.changes.of(found.id)
        reprint = answers.reprint(archive, found)
        if as_json_:
            more: dict[str, Any] = {
                "revisions": revisions,
                "changes": changes,
                "mentions": mentions,
                "judgements": judgements,
            }
            more["names"] = list(names)
            more["reprint"] = reprint
            print_json({**as_json(found), **as_json(more)})
            return
        say_line(found.title)
        say("=" * min(100, cell_len(" ".join(found.title.split()))))
        for name, value in _facts(found, is_open=reprint is not None and reprint.direction == "open"):
            origin = found.evidence.get(name) or (found.published_evidence if name == "published" else None)
            origin = None if name == "override" else origin  # it is all evidence
            say(f"{name:>12}: {value}" + (f"   [{origin}]" if origin else ""))
        for kind, label in _NAMED.items():
            if said := ", ".join(name.text for name in names if name.kind == kind):
                say(f"{label:>12}: {said}")
        for mention in mentions:
            say(f"{'watch':>12}: {mention.watch} ({', '.join(mention.words)})")
        for name, said in judged(judgements):
            say(f"{name:>12}: {said}")
        for change in changes:
            if change.kind in _TOLD:
                note = f": {change.note}" if change.note else ""
                say(f"{change.kind:>12}: {change.at:%Y-%m-%d %H:%M} UTC{note}")
        if found.lead and not _begins_with(found.text, found.lead):
            say(f"\n{found.lead}")
        say(f"\n{found.text}")
        print_revisions(found, revisions)
        if reprint is not None:
            print_reprint(reprint)


def _begins_with(text: str, lead: str) -> bool:
    return " ".join(text.split()).startswith(" ".join(lead.split()))


_PROOF = {
    "credit": "it names its origin",
    "time": "published later, both zones known",
    "open": "which of the two was first is open",
}


def print_reprint(reprint: Reprint) -> None:
    """Print what a copy made of its original: [-what it cut-] and {+what it added+}, word by word where it changed."""
    from digest.differences import within

    share = f"{reprint.score:.0%} of it stands there"
    say(f"\nBeside article {reprint.of}: {reprint.kind} copy, {share}; {_PROOF[reprint.direction]}")
    if reprint.retitled is not None:
        say(f"  title: {_marked(within(reprint.retitled.before, reprint.retitled.after))}")
    for text in reprint.cut:
        say(f"  cut: [-{text}-]")
    for text in reprint.added:
        say(f"  added: {{+{text}+}}")
    for pair in reprint.changed:
        say(f"  changed: {_marked(within(pair.before, pair.after))}")
    if not (reprint.retitled or reprint.cut or reprint.added or reprint.changed):
        say("  word for word the same")


def judged(judgements: Iterable[Judgement]) -> Iterator[tuple[str, str]]:
    """Write what people said, with who and when."""
    for one in judgements:
        note = "public note" if one.public else "note"
        name, said = (note, one.value) if one.kind == "note" else ("judged", f"{one.kind} {one.value}".strip())
        yield name, f"{said}   [{one.who}, {one.at:%Y-%m-%d %H:%M} UTC]"


def find_article(archive: Archive, wanted: str) -> Article:
    """Find an article by its number or address, or say that there is none."""
    found = archive.articles.get(int(wanted) if wanted.isdecimal() and len(wanted) < 19 else wanted)
    if found is None:
        raise UsageError(f"{wanted}: there is no such article in the archive; presswatch search lists what there is")
    return found


def _facts(article: Article, *, is_open: bool) -> Iterator[tuple[str, object]]:
    """List what is known of an article; ``is_open``: nobody knows whether it or the text that it has was first."""
    from crawler import overrides

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
        "form": article.form if article.form != "article" else None,
        "paywalled": "yes" if article.paywalled else None,
        "mining": (article.tdm_reserved and f"reserved by the publisher {article.tdm_policy or ''}".strip()) or None,
        "same text as" if is_open else "copy of": article.copy_of
        and f"{article.copy_of} ({article.copy_kind}, {article.copy_score:.2f})",
        "story": article.story,
        "imported as": article.evidence.get("import_id"),
        "tags": ", ".join(article.tags),
        "override": overrides.told(article),
        "withdrawn": article.withdrawn_at
        and f"{article.withdrawn_at:%Y-%m-%d %H:%M} UTC by its publisher; the text stays as it was kept",
        "words": article.words,
        "taken_out": " | ".join(line.text for line in article.taken_out),
    }
    yield from ((name, value) for name, value in values.items() if value)


def print_revisions(article: Article, revisions: Sequence[Revision]) -> None:
    """Print what each revision changed, the latest first: [-what went-] and {+what came+}, word by word."""
    from digest.differences import paragraphs

    def told(version: Article | Revision) -> list[str]:
        return [version.title, *([version.lead] if version.lead else []), *paragraphs(version.text)]

    versions: list[Article | Revision] = [*revisions, article]
    for before, after in reversed(list(zip(revisions, versions[1:], strict=True))):
        say(f"\nRevision {before.revision + 1}, {before.at:%Y-%m-%d %H:%M} UTC: {before.reason or before.kind}")
        say_difference(told(before), told(after))


def say_difference(before: Sequence[str], after: Sequence[str]) -> None:
    """Print the paragraphs that differ: [-what went-] and {+what came+}, word by word."""
    from digest.differences import between

    for paragraph in between(before, after):
        say(f"  {_marked(paragraph)}")


def _marked(paragraph: Paragraph) -> str:
    return "".join(_MARKS[part.kind].format(_shortened(part)) for part in paragraph)


def _shortened(part: Part) -> str:
    """Cut the midst of a long piece that stayed."""
    text = part.text
    return f"{text[:60]} ... {text[-60:]}" if part.kind == "same" and len(text) > 140 else text


def export(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="What to export; an empty query is everything.")],
    form: Annotated[Format, typer.Option("--format", help="Form of the file.")] = Format.JSONL,
    output: Annotated[str, typer.Option("-o", "--output", help='File to write; "-" is stdout.')] = "-",
    no_text: Annotated[bool, typer.Option("--no-text", help="Leave the texts out.")] = False,
    bom: Annotated[bool, typer.Option("--bom", help="Begin CSV with a mark by which Excel knows UTF-8.")] = False,
    with_manifest: Annotated[
        bool,
        typer.Option(
            "--manifest", help="Also write FILE.manifest.json: query, versions, ids and gaps, to cite and repeat it."
        ),
    ] = False,
) -> None:
    """Write all matching articles to a file, as JSON lines, CSV, Markdown, Atom, JSON Feed or RIS."""
    import json

    from crawler.query import parse, show
    from digest import exports
    from digest.manifest import Tally, dated, manifest

    take_one_query(context, query)
    if with_manifest and output == "-":
        raise UsageError("--manifest writes a second file beside the first: name the first with -o FILE")
    if bom and form is not Format.CSV:
        raise UsageError("--bom is for --format csv")
    # A whole second, as the manifest writes it.
    current, at, tally = session(context), now().replace(microsecond=0), Tally(detailed=with_manifest)
    node = parse(query)
    # A feed names its query: with a manifest, the one that finds the same later.
    named = show(dated(node, at) if with_manifest else node)
    with current.archive_to_ask(watches=names_watches(query)) as archive:
        ids = archive.ids(node, at)
        revised = archive.changes.revised(ids) if form in (Format.ATOM, Format.JSONFEED) else {}
        articles = tally.count(_in_order(archive, ids))
        with_text = not no_text
        written = exports.pieces(form.value, articles, query=named, with_text=with_text, bom=bom, revised=revised)
        write_out(output, tally.hash(written))
        if with_manifest:
            made = manifest(archive, query, tally, config=current.config_folder(), now=at)
            facts = {
                "file": Path(output).name,
                "format": exports.told(form.value, with_text=with_text, bom=bom),
                **made,
            }
            told = json.dumps(facts, ensure_ascii=False, indent=1)
            write_out(f"{output}.manifest.json", [told.encode()])
    tell_doubts(query)
    if output != "-":
        beside = f", and {output}.manifest.json" if with_manifest else ""
        tell(f"{tally.number} article{'' if tally.number == 1 else 's'} written to {output}{beside}")


def _in_order(archive: Archive, ids: Sequence[int]) -> Iterator[Article]:
    """Go through articles, some at a time."""
    for first in range(0, len(ids), _AT_ONCE):
        yield from archive.articles.many(ids[first : first + _AT_ONCE])
