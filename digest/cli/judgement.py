"""note, tag, mark, correct, judgements: what people say of articles."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from crawler import invisible
from crawler.errors import UsageError
from digest.cli.output import as_json, print_json, say, say_line
from digest.cli.session import now, session

if TYPE_CHECKING:
    from crawler.records import Judgement

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
    app.command(epilog="Example: presswatch judgements 12")(judgements)


def who(by: str | None) -> str:
    """Name the person who judges."""
    import getpass

    if by is not None and by.strip():
        name = " ".join(by.split())
        if unfit := invisible.unfit(name):
            raise UsageError(f"--by: {name!r} is no name: it has {unfit}")
        return name
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        raise UsageError("this machine does not know who you are; say it with --by NAME") from None


def note(
    context: typer.Context,
    article: Wanted,
    text: Annotated[str | None, typer.Argument(help="What to remember of it.")] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Show it in digests that show the article; others stay inside.")
    ] = False,
    undo: Annotated[
        int | None, typer.Option("--undo", metavar="NUMBER", help="Take a note back, by its number in judgements.")
    ] = None,
    by: By = None,
) -> None:
    """Write a note to an article: show and judgements list it, note:WORDS finds it; or take one back."""
    from digest import judging
    from digest.cli.search import find_article

    if (text is None) == (undo is None):
        raise UsageError('write the note, as in presswatch note 12 "Look again.", or take one back with --undo NUMBER')
    with session(context).archive() as archive:
        number = find_article(archive, article).id or 0
        if text is not None:
            archive.judgements.note(number, text, who(by), now(), public=public)
        elif undo is not None:
            if undo not in {each.id for each in archive.judgements.of(number, undone=True) if each.kind == "note"}:
                raise UsageError(f"{undo} is no note to article {number}; presswatch judgements {number} lists them")
            judging.take_back(archive, undo, who(by), now())
    say(f"{number}: noted{', to be shown in digests' * public}" if undo is None else f"{number}: note taken back")


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
    from digest import judging
    from digest.cli.search import find_article
    from digest.regrouping import keep_up

    current = session(context)
    config = current.config_if_any()
    with current.archive(config) as archive:
        number = find_article(archive, article).id or 0
        act = judging.unmark if undo else judging.mark
        done = act(archive, number, kind.value, who(by), now(), config)
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
    from digest import judging
    from digest.cli.search import find_article, when
    from digest.regrouping import keep_up

    if undo == bool(date or author):
        raise UsageError("say what is right with --date or --author, or take corrections back with --undo")
    current = session(context)
    config = current.config_if_any()
    with current.archive(config) as archive:
        number = find_article(archive, article).id or 0
        if undo:
            judging.uncorrect(archive, number, who(by), now(), config)
        else:
            judging.correct(archive, number, who(by), now(), date=date or "", authors=author or (), config=config)
        keep_up(archive, now(), config)
        found = find_article(archive, str(number))
    say(f"{number}: {when(found)}, {'; '.join(found.authors) or 'no author'}")


def judgements(
    context: typer.Context,
    article: Annotated[str | None, typer.Argument(metavar="[ID|URL]", help="An article; default: all of them.")] = None,
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="Of one kind only: note, tag, untag, irrelevant, date, split ...")
    ] = "",
    who_: Annotated[str, typer.Option("--who", metavar="NAME", help="By one person only.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="So many at most, the latest.")] = 100,
    cursor: Annotated[str, typer.Option(metavar="C", help="Go on where an earlier list ended: its next.")] = "",
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """List what people said of articles and stories, the latest first, with who and when, and what was taken back."""
    from digest import judging
    from digest.cli.search import find_article

    with session(context).archive(read_only=True) as archive:
        number = None if article is None else find_article(archive, article).id or 0
        found = judging.listed(archive, kind=kind, who=who_, article=number, cursor=cursor, limit=limit)
    if as_json_:
        print_json(as_json(found))
        return
    for said in found.judgements:
        about = f"article {said.article}" if said.article is not None else f"story {said.story}"
        public = ", public" if said.public else ""
        say_line(f"{said.id:>6}  {about}: {said.kind}{public} {said.value}".rstrip())
        say(f"        {said.who}, {said.at:%Y-%m-%d %H:%M} UTC{_undone(said)}")
    if found.next is not None:
        say(f"more: --cursor {found.next}")
    if not found.judgements:
        say(_NOTHING if not (kind or who_ or cursor) else "nothing of that was said")


_NOTHING = "nobody said anything yet; presswatch note, tag, mark, correct and story do"


def _undone(said: Judgement) -> str:
    return f"; taken back by {said.undone_by}, {said.undone_at:%Y-%m-%d %H:%M} UTC" if said.undone_at else ""
