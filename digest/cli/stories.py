"""story: articles about one event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import UsageError
from digest.cli.judgement import By, who
from digest.cli.output import print_json, say, say_line, tell
from digest.cli.search import judged, when, withdrawn
from digest.cli.session import moment, now, session

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.archive import Archive
    from crawler.records import Story, SummarySentence
    from digest.dossier import Dossier


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    group = typer.Typer(help="See which articles tell of one event.", no_args_is_help=True, rich_markup_mode=None)
    group.command("list", epilog="Example: presswatch story list --since 3d")(list_)
    group.command(epilog="Example: presswatch story show 7 --since 1d")(show)
    group.command(epilog="Example: presswatch story split 7 12 15")(split)
    group.command(epilog="Example: presswatch story merge 7 9")(merge)
    app.add_typer(group, name="story")


def list_(
    context: typer.Context,
    since: Annotated[str | None, typer.Option(help="Stories with news since: 2026-11-01, 3d; default all.")] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Group what is stored and list the stories, those with most voices first."""
    from digest.definitions import synchronise
    from digest.regrouping import keep_up, ungrouped

    current = session(context)
    config = current.config_if_any()
    with current.archive_to_read(config) as archive:
        if not archive.read_only:
            if current.archive_url is None and config.sources:
                synchronise(archive, config, now())
            keep_up(archive, now(), config)
        elif waiting := len({change.article for change in ungrouped(archive)}):
            tell(f"the archive cannot be written to: {waiting} articles were kept or changed since its last grouping")
        stories = archive.stories.list(moment(since))
    if as_json_:
        print_json({"stories": stories})
        return
    for story in sorted(stories, key=lambda one: (-one.separate_owners, -len(one.articles), one.id)):
        said = [_count(len(story.articles), "article"), _count(story.separate_owners, "owner")]
        if story.outside_state_control:
            said.append(f"{story.outside_state_control} outside state control")
        say_line(f"{story.id:>6}  {story.title}")
        say(f"        {', '.join(said)}")
    say(f"{len(stories)} stor{'y' if len(stories) == 1 else 'ies'}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def show(
    context: typer.Context,
    story: Annotated[int, typer.Argument(metavar="ID", help="Number of a story.")],
    since: Annotated[str | None, typer.Option(help="Also what is new since: 2026-11-27T07:00, 1d.")] = None,
    since_edition: Annotated[int | None, typer.Option(help="Also what is new since an edition: its number.")] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Show a story: summary, articles, outlets, the first report, other languages, framing, who did not carry it."""
    from digest import answers, judging
    from digest.dossier import dossier
    from digest.relations import relations
    from digest.signs import signs
    from digest.timeline import in_order

    moment_ = moment(since)
    if moment_ is not None and since_edition is not None:
        raise UsageError("--since and --since-edition are two ways to say one thing; give one of them")
    with session(context).archive(read_only=True) as archive:
        found = archive.stories.get(story)
        if found is None:
            raise UsageError(f"there is no story {story}; presswatch story list shows what there is")
        articles = archive.articles.many(found.articles)
        judgements = judging.of_story(archive, found.id)
        more = dossier(archive, found, now())
        related = relations(archive, articles)
        marked = signs(archive, found.articles)
        new = _new(archive, found, moment_, since_edition)
        titles = {link.story: linked.title for link in more.also_in if (linked := archive.stories.get(link.story))}
    if found.id != story:
        tell(f"story {story} is part of story {found.id} now")
    if as_json_:
        print_json(answers.story(found, more, new))
        return
    say_line(found.title)
    for sentence in found.summary:
        say(f"  {sentence.text} [{sentence.article}]")
    if new is not None:
        say(f"new since {since or f'edition {since_edition}'}:" + ("" if new else " nothing"))
        for sentence in new:
            say(f"  {sentence.text} [{sentence.article}]")
    say()
    for article in in_order(articles):
        copy = f", {related[article.id or 0]} {article.copy_of}" if article.copy_of else ""
        say_line(f"{article.id:>6}  {when(article)}  {article.carried_by}{copy}{withdrawn(article)}: {article.title}")
        if said := marked.get(article.id or 0):
            say(f"        editors: {'; '.join(said)}")
    say()
    for outlet in found.outlets:
        say(f"        {outlet.name}: {outlet.kind}, {outlet.control}{', ' + outlet.country if outlet.country else ''}")
    kinds = {"people": found.people, "organisations": found.organisations, "places": found.places}
    told = {name for names in kinds.values() for name in names}
    kinds["other names"] = tuple(name for name in found.names if name not in told)
    for kind, names in kinds.items():
        if names:
            say(f"        {kind}: {', '.join(names)}")
    for name, said in judged(judgements):
        say(f"        {name}: {said}")
    _print_dossier(found.id, more, titles)


def _new(
    archive: Archive, story: Story, moment_: datetime | None, edition: int | None
) -> tuple[SummarySentence, ...] | None:
    """List the sentences that are new in a story; None where nobody asks."""
    from digest import news

    if edition is not None:
        return news.since_edition(archive, story, edition)
    return None if moment_ is None else news.since(archive, story, moment_)


def _print_dossier(story: int, more: Dossier, titles: Mapping[int, str]) -> None:
    """Print what is known of a story beside what its record says; what is not known is left out."""
    from babel import Locale, UnknownLocaleError

    from digest.dossier import history

    def language(code: str) -> str:
        try:
            return Locale.parse(code).get_language_name("en") or code
        except (UnknownLocaleError, ValueError):
            return code

    if more.first_report is not None:
        say(f"        first report: {more.first_report.name} [{more.first_report.article}]")
    if more.control:
        say(f"        {more.control}")
    for link in more.also_in:
        title, agree = titles.get(link.story, ""), ", ".join(link.agree[:6])
        say_line(f"        also in {language(link.language)}: story {link.story}, {title} ({agree} agree)")
    for one in more.framing:
        state = f"state media ({one.state_texts} texts, {one.state_words} words)"
        others = f"others ({one.other_texts} texts, {one.other_words} words)"
        say(f"        words in {language(one.language)}: {state}, {others}")
        for label, words in (("more in state media", one.state), ("more in others", one.others)):
            told = ", ".join(f"{word.word} {word.state}:{word.others}" for word in words)
            say(f"          {label}: {told or 'none stands out'}")
    for absent in more.did_not_carry:
        usual = f"carried {absent.watch} on {absent.days_with} of the {absent.days} days before"
        say(f"        did not carry it: {absent.name} ({usual})")
    for line in history(story, more.moves):
        say(f"        {line}")


def split(
    context: typer.Context,
    story: Annotated[int, typer.Argument(help="Number of a story.")],
    articles: Annotated[list[int], typer.Argument(help="Articles of it that tell of another event.")],
    by: By = None,
) -> None:
    """Take articles, with their copies, out of a story into one of their own; grouping keeps to it from now on."""
    from digest import judging

    current = session(context)
    config = current.config_if_any()
    with current.archive(config) as archive:
        new = judging.split(archive, story, articles, who(by), now(), config=config)
    say_line(f"story {new.id} now has {', '.join(map(str, new.articles))}, out of story {story}: {new.title}")


def merge(
    context: typer.Context,
    stories: Annotated[list[int], typer.Argument(help="Numbers of stories about one event; the first one stays.")],
    by: By = None,
) -> None:
    """Make one story of several; grouping keeps to it from now on."""
    from digest import judging

    current = session(context)
    config = current.config_if_any()
    with current.archive(config) as archive:
        whole = judging.merge(archive, stories, who(by), now(), config=config)
    say_line(f"story {whole.id} now has {len(whole.articles)} articles: {whole.title}")
