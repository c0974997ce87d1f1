"""user, token: who may log in to the web page, and what programs may ask it with."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.errors import UsageError
from digest.cli.output import as_json, print_json, print_table, say, tell
from digest.cli.session import moment, now, session

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.archive import Archive
    from crawler.records import User


class Role(StrEnum):
    """What a user may."""

    READER = "reader"
    EDITOR = "editor"


class TokenRole(StrEnum):
    """What a token may."""

    FEEDS = "feeds"
    READER = "reader"
    EDITOR = "editor"


Name = Annotated[str, typer.Argument(metavar="NAME", help="The name with which somebody logs in.")]
PasswordFile = Annotated[
    str,
    typer.Option("--password-file", metavar="FILE", help="Read the password from a file, or - for stdin; else ask."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    """Put the commands into the application."""
    users = typer.Typer(help="Who may log in to the web page.", no_args_is_help=True, rich_markup_mode=None)
    users.command(epilog="Example: presswatch user add ana --role editor")(add)
    users.command("list", epilog="Example: presswatch user list")(list_)
    users.command(epilog="Example: presswatch user password ana")(password)
    users.command(epilog="Example: presswatch user role ana reader")(role)
    users.command(epilog="Example: presswatch user logout ana")(logout)
    users.command(epilog="Example: presswatch user remove ana")(remove)
    app.add_typer(users, name="user")
    tokens = typer.Typer(
        help="What programs and feed readers ask the web page with.", no_args_is_help=True, rich_markup_mode=None
    )
    tokens.command("add", epilog="Example: presswatch token add dashboard --user ana --ends 90d")(add_token)
    tokens.command("list", epilog="Example: presswatch token list")(list_tokens)
    tokens.command("remove", epilog="Example: presswatch token remove dashboard")(remove_token)
    app.add_typer(tokens, name="token")


def add(
    context: typer.Context,
    name: Name,
    role: Annotated[
        Role, typer.Option(help="reader reads and searches everything, editor changes it, too.")
    ] = Role.READER,
    password_file: PasswordFile = "",
) -> None:
    """Let somebody log in to the web page.

    As soon as there is one user, everybody has to log in, on this machine, too.
    """
    from digest import accounts

    new = accounts.new_name(name)
    with session(context).archive(create=True) as archive:
        first = not archive.users.any()
        if archive.users.get(new, now()) is not None:
            raise UsageError(
                f"there is a user {new} already; presswatch user password {new} gives them another password"
            )
        if not archive.users.add(new, role, accounts.new_password(_password(password_file)), now()):
            raise UsageError(f"somebody else has just added the user {new}")
        say(f"{new} may log in, as {role}")
        if first:
            tell("this is the first user: from now on everybody has to log in to the web page, on this machine, too")
        _tell_of_editors(archive)


def list_(context: typer.Context, as_json_: AsJson = False) -> None:
    """List who may log in, and who was seen when."""
    with session(context).archive(create=True, read_only=True) as archive:
        found = archive.users.list(now())
        tokens = archive.users.tokens()
    if as_json_:
        print_json({"users": [as_json(each) for each in found]})
        return
    if not found:
        say("There are no users: whoever sits at this machine may do all. presswatch user add makes the first one.")
        return
    print_table(
        ("user", "role", "since", "changed", "seen last", "tokens"),
        (
            (
                each.name,
                each.role,
                _day(each.created),
                _day(each.changed),
                _minute(each.seen) or "not logged in",
                sum(token.user == each.name for token in tokens) or "",
            )
            for each in found
        ),
    )


def password(context: typer.Context, name: Name, password_file: PasswordFile = "") -> None:
    """Give a user another password.

    It logs them out everywhere; their tokens stay.
    """
    from digest import accounts

    with _user(context, name) as (archive, user):
        archive.users.set_password(user.name, accounts.new_password(_password(password_file)), now())
        tokens = [each.label for each in archive.users.tokens() if each.user == user.name]
    say(f"{user.name} has another password, and is logged out everywhere")
    if tokens:
        tell(f"these tokens of {user.name} go on working: {', '.join(tokens)}; presswatch token remove ends one")


def role(context: typer.Context, name: Name, role: Annotated[Role, typer.Argument(help="reader or editor.")]) -> None:
    """Let a user do more, or less.

    It holds at once, in open sessions, too; a token never does more than its user.
    """
    with _user(context, name) as (archive, user):
        archive.users.set_role(user.name, role, now())
        say(f"{user.name} is {role}" if user.role != role else f"{user.name} was {role} already")
        _tell_of_editors(archive)


def logout(context: typer.Context, name: Name) -> None:
    """Log a user out in all browsers; their tokens stay."""
    with _user(context, name) as (archive, user):
        ended = archive.users.log_out(user.name)
    say(f"{user.name} is logged out of {ended} browsers" if ended else f"{user.name} was logged in nowhere")


def remove(context: typer.Context, name: Name) -> None:
    """Let somebody log in no more.

    Their sessions and tokens end at once; what they did stays.
    """
    with _user(context, name) as (archive, user):
        archive.users.remove(user.name)
        say(f"{user.name} is removed, with all sessions and tokens")
        if not archive.users.any():
            tell("there is no user any more: whoever sits at this machine may do all, and nobody else reaches the page")
        _tell_of_editors(archive)


def add_token(
    context: typer.Context,
    label: Annotated[str, typer.Argument(metavar="LABEL", help="What it is for.")],
    user: Annotated[str, typer.Option("--user", metavar="NAME", help="Whose it is: it never does more than they may.")],
    role: Annotated[
        TokenRole, typer.Option(help="feeds opens feeds and nothing else, and may stand in their addresses.")
    ] = TokenRole.READER,
    ends: Annotated[str, typer.Option(metavar="90d|DAY", help="When it ends; without this it does not.")] = "",
) -> None:
    """Make a token, which is shown this once.

    A program sends it as Authorization: Bearer TOKEN; one of the role feeds stands at the end of a feed's address,
    as ?token=TOKEN.
    """
    from crawler.records import ROLES, ApiToken
    from digest import accounts

    token = ApiToken(accounts.label(label), "", role, now(), None, _end(ends))
    with _user(context, user) as (archive, owner):
        if ROLES.index(role) > ROLES.index(owner.role):
            raise UsageError(f"{owner.name} is {owner.role}, so that a token of theirs cannot be {role}")
        secret = accounts.new_token()
        made = ApiToken(token.label, owner.name, role, token.created, None, token.ends)
        if not archive.users.add_token(secret, made):
            raise UsageError(f'there is a token "{label}" already; presswatch token remove takes it away')
    say(secret)
    use = (
        "at the end of a feed's address: ?token=TOKEN" if role == TokenRole.FEEDS else "as Authorization: Bearer TOKEN"
    )
    tell(f"it is shown this once, and is not kept; send it {use}")


def list_tokens(context: typer.Context, as_json_: AsJson = False) -> None:
    """List the tokens, whose they are, and when they were used last."""
    with session(context).archive(create=True, read_only=True) as archive:
        found = archive.users.tokens()
    if as_json_:
        print_json({"tokens": [as_json(each) for each in found]})
        return
    if not found:
        say("There are no tokens; presswatch token add makes one.")
        return
    at = now()
    print_table(
        ("token", "user", "role", "since", "used last", "ends"),
        (
            (
                each.label,
                each.user,
                each.role,
                _day(each.created),
                _minute(each.used) or "never",
                f"{'has ended ' if each.ends and each.ends <= at else ''}{_day(each.ends)}",
            )
            for each in found
        ),
    )


def remove_token(
    context: typer.Context, label: Annotated[str, typer.Argument(metavar="LABEL", help="Which one.")]
) -> None:
    """End a token."""
    with session(context).archive() as archive:
        if not archive.users.remove_token(label):
            known = ", ".join(each.label for each in archive.users.tokens())
            raise UsageError(f'there is no token "{label}"; there is: {known or "none"}')
    say(f"the token {label} opens nothing any more")


@contextmanager
def _user(context: typer.Context, name: str) -> Iterator[tuple[Archive, User]]:
    """Open the archive and find a user in it, or say who there is."""
    from digest import accounts

    with session(context).archive() as archive:
        found = archive.users.get(accounts.known_as(name), now())
        if found is None:
            known = ", ".join(each.name for each in archive.users.list(now()))
            raise UsageError(f'there is no user "{name}"; there is: {known or "none"}')
        yield archive, found


def _tell_of_editors(archive: Archive) -> None:
    found = archive.users.list(now())
    if found and not any(each.role == Role.EDITOR for each in found):
        tell(f"no user may change anything on the web page; presswatch user role {found[0].name} editor lets one")


def _password(file: str) -> str:
    """Read a password from a file or stdin, or ask for it twice; it never stands in the command itself."""
    if file:
        return _password_in(file)
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask for the password at; give --password-file FILE, or - for stdin")
    import getpass

    first = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != first:
        raise UsageError("the two passwords differ; nothing was changed")
    return first


def _password_in(file: str) -> str:
    from pathlib import Path

    try:
        content = (sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()).decode()
    except OSError as error:
        raise UsageError(f"{file}: the password cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: the password is no text in UTF-8") from error
    password = content.removesuffix("\n").removesuffix("\r")
    if "\n" in password or "\r" in password:  # nobody could type it; the second line is perhaps another password
        lines = len(content.splitlines())
        raise UsageError(f"{file}: found {lines} lines, wanted the password alone, on one line")
    return password


def _end(text: str) -> datetime | None:
    """Read when a token ends: after 90d, or on a day to come."""
    from datetime import timedelta

    from crawler.config.units import read_duration

    if not text:
        return None
    try:
        end: datetime | None = now() + timedelta(seconds=read_duration(text))
    except (ValueError, OverflowError):
        end = moment(text)
    if end is None or end <= now():
        raise UsageError(f"--ends is {text!r}, but must be a time to come, such as 90d or 2027-06-30")
    return end


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else ""


def _minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""
