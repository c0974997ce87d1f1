"""note, tag, mark, correct: what people say of an article."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from crawler.errors import UsageError
from digest.cli.output import say
from digest.cli.session import now, session

By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says so; default your name on this machine.")]
Wanted = Annotated[str, typer.Argument(metavar="ID|URL", help="Number or address of an article.")]


class Mark(StrEnum):
    """What can be said of an article in one word."""

    IRRELEVANT = "irrelevant"
    NOT_A_COPY = "not-a-copy"


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    app.command(epilog='Example: presswatch note 12 "Quotes the ministry word for word."')(note)
    app.command(epilog="Example: presswatch tag 12 espionage follow-up")(tag)
    app.command(epilog="Example: presswatch mark 12 irrelevant")(mark)
    app.command(epilog="Example: presswatch correct 12 --date 2019-11-06T19:13:40+08:00")(correct)


def who(by: str | None) -> str:
    """Name the person who judges."""
    import getpass

    if by is not None and by.strip():
        return " ".join(by.split())
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        raise UsageError("this machine does not know who you are; say it with --by NAME") from None


def note(
    context: typer.Context,
    article: Wanted,
    text: Annotated[str, typer.Argument(help="What to remember of it.")],
    by: By = None,
) -> None:
    """Write a note to an article; presswatch show lists it."""
    from digest.cli.search import find_article

    with session(context).archive() as archive:
        found = find_article(archive, article)
        archive.judgements.note(found.id or 0, text, who(by), now())
    say(f"{found.id}: noted")


def tag(
    context: typer.Context,
    article: Wanted,
    tags: Annotated[list[str], typer.Argument(metavar="TAG...", help="Tags.")],
    remove: Annotated[bool, typer.Option("--remove", help="Take them away instead.")] = False,
    by: By = None,
) -> None:
    """Tag an article: tag:NAME finds it, whatever its page says later."""
    from digest.cli.search import find_article

    with session(context).archive() as archive:
        number = find_article(archive, article).id or 0
        if remove:
            archive.judgements.untag(number, tags, who(by), now())
        else:
            archive.judgements.tag(number, tags, who(by), now())
        found = find_article(archive, str(number))
    say(f"{number}: {', '.join(found.tags) or 'no tags'}")


def mark(
    context: typer.Context,
    article: Wanted,
    kind: Annotated[Mark, typer.Argument(metavar="irrelevant|not-a-copy", help="What it is.")],
    undo: Annotated[bool, typer.Option("--undo", help="Take the mark back.")] = False,
    by: By = None,
) -> None:
    """Leave an article out of stories and digests, or say that it is its own text and no copy."""
    from digest.cli.search import find_article
    from digest.regrouping import keep_up

    current = session(context)
    config = current.config_if_any()
    with current.archive(config) as archive:
        number = find_article(archive, article).id or 0
        if undo:
            done = archive.judgements.unmark(number, kind.value, who(by), now())
        else:
            done = archive.judgements.mark(number, kind.value, who(by), now()) is not None
        keep_up(archive, now(), config)
    said = f"no longer marked {kind.value}" if undo else f"marked {kind.value}"
    say(f"{number}: {said}" if done else f"{number}: was {'not ' * undo}marked {kind.value} already")


def correct(
    context: typer.Context,
    article: Wanted,
    date: Annotated[
        str | None, typer.Option(help="When it was published: 2019-11-06, 2019-11-06T19:13:40+08:00.")
    ] = None,
    author: Annotated[list[str] | None, typer.Option(help="Who wrote it; once for each.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take all corrections back.")] = False,
    by: By = None,
) -> None:
    """Put the date or the authors of an article right; no later reading of its page undoes it."""
    from digest.cli.search import find_article, when
    from digest.regrouping import keep_up

    if undo == bool(date or author):
        raise UsageError("say what is right with --date or --author, or take corrections back with --undo")
    current = session(context)
    config = current.config_if_any()
    with current.archive(config) as archive:
        number = find_article(archive, article).id or 0
        with archive.writing():
            if date:
                archive.judgements.correct_date(number, date, who(by), now())
            if author:
                archive.judgements.correct_authors(number, author, who(by), now())
            if undo:
                archive.judgements.uncorrect(number, "date", who(by), now())
                archive.judgements.uncorrect(number, "authors", who(by), now())
        keep_up(archive, now(), config)
        found = find_article(archive, str(number))
    say(f"{number}: {when(found)}, {'; '.join(found.authors) or 'no author'}")
