"""Chat: headlines with their links, by Apprise (Slack, Telegram, Matrix, ntfy ...); an extra, presswatch[chat].

Where a chat is, is a secret: only its name stands in the configuration, the outbox and what is told. What Apprise says
of its work holds addresses and keys, so nothing of it is told but the number with which a server refused.
"""

from __future__ import annotations

import json
import logging
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from crawler.config import target_variable
from crawler.errors import DeliveryError
from crawler.records import Delivery
from digest.content import EditionContent, Item, Section
from digest.deliver import webhook
from digest.render import notes
from digest.texts import Words, capitalise

if TYPE_CHECKING:
    from crawler.config import Config
    from digest.render import Rendered

#: Begins the recipients of the outbox that are chats: chat:desk.
PREFIX = "chat:"
INSTALL = 'pip install "presswatch[chat]"'
#: What services make of a text (marks of their own, escapes) is longer than it.
_ROOM = 0.7
#: Seconds between two messages of one edition: most services take one a second.
_PAUSE = 1.0
_TIMEOUT = 30.0
#: What calls people in chats: an outlet's headline must not.
_CALLING = re.compile(r"@(?=\w)")


def body(content: EditionContent, rendered: Rendered) -> bytes:
    """Write what is told: a title, and blocks that are not cut apart."""
    return packed(rendered.subject, _blocks(content, Words(content.masthead.language, content.masthead.zone)))


def packed(title: str, blocks: Iterable[str]) -> bytes:
    """Write a message as the outbox keeps it."""
    return json.dumps({"title": quiet(title), "blocks": list(blocks)}, ensure_ascii=False).encode()


def quiet(text: str) -> str:
    """Let a text call nobody: after @ comes a space without width."""
    return _CALLING.sub("@\u200b", text)


def _blocks(content: EditionContent, words: Words) -> Iterator[str]:
    if content.editor:
        yield f"{words('editor.lead')}{words('colon')}{safe(content.editor, words)}"
    yield words("space").join(words.say(statement) for statement in content.lead)
    if content.top:
        yield words("top").upper()
    yield from (_story(item, words) for item in content.top)
    for section in content.sections:
        yield _heading(section, words)
        yield from (_story(item, words) for item in section.items)
    if left := notes(content, words):
        yield capitalise(words("comma").join(left)) + words("stop")
    for one in content.errata:
        headline = safe(one.before if one.is_gone else one.after, words)
        beside = f"{words('semicolon')}{words(one.beside)} {safe(one.before, words)}" if one.beside else ""
        said = f"{words('erratum.' + one.kind)}{words('colon')}{headline} ({safe(one.name, words)}){beside}"
        yield "\n".join(filter(None, [said, one.url]))
    unseen = content.coverage.troubles
    if unseen:
        said = words("coverage.some", len(unseen), sources=content.coverage.sources)
        yield f"{said} {words('comma').join(safe(one.name, words) for one in unseen)}"


def safe(outside: str, words: Words) -> str:
    """Let outside text call nobody and turn nothing around it."""
    return words.isolate(quiet(outside))


def _heading(section: Section, words: Words) -> str:
    count = words("section.count", shown=len(section.items), total=section.total)
    return f"{words.isolate(section.watch.upper())} ({count})"


def _story(item: Item, words: Words) -> str:
    carrier = item.carrier
    marks = [words(f"status.{item.status}"), *([words("missed.mark")] if item.missed else [])]
    marks += [safe(label, words) for label in item.labels]
    lines = [f"{words('comma').join(marks)}{words('colon')}{safe(carrier.headline, words)}"]
    if item.translation:
        lines.append(f"{words('machine.translation')}{words('colon')}{safe(item.translation.headline, words)}")
    lines.append(f"{safe(carrier.name, words)}{words('comma')}{words('voices', item.owners)}")
    if item.note:
        lines.append(f"{words('editor.note')}{words('colon')}{safe(item.note, words)}")
    return "\n".join([*lines, *([carrier.url] if carrier.url else [])])


def deliver(delivery: Delivery, config: Config) -> None:
    """Tell an edition in a chat, in as many messages as it takes."""
    name = delivery.recipient.removeprefix(PREFIX)
    plugin = _plugin(name, config)
    whole = json.loads(delivery.body)
    messages = list(parts(whole["blocks"], max(100, int(plugin.body_maxlen * _ROOM) - len(whole["title"]))))
    for number, text in enumerate(messages, 1):
        if number > 1:
            time.sleep(_PAUSE)
        title = whole["title"] if len(messages) == 1 else f"{whole['title']} ({number}/{len(messages)})"
        _notify(plugin, name, title, text)


def parts(blocks: Iterable[str], longest: int) -> Iterator[str]:
    """Put blocks together into messages of at most so many letters; none is cut but one that is longer itself."""
    message = ""
    for block in blocks:
        if message and len(message) + 2 + len(block) > longest:
            yield message
            message = ""
        message = f"{message}\n\n{block}" if message else block
    if message:
        yield message


def fault(name: str, config: Config) -> str:
    """Say why nothing can be told in a chat; "" when it can. Nobody is asked."""
    try:
        _plugin(name, config)
    except DeliveryError as error:
        return str(error)
    return ""


def _plugin(name: str, config: Config) -> Any:
    """Make Apprise's plug-in for a chat."""
    if find_spec("apprise") is None:
        raise DeliveryError(f"{PREFIX}{name}: chats need Apprise; {INSTALL}", True)
    address = config.press.target("chat", name, os.environ)
    if not address:
        variable = target_variable("chat", name)
        raise DeliveryError(
            f"{PREFIX}{name}: it has no address; set {variable} or {variable}_FILE, or url_file in presswatch.toml",
            True,
        )
    with _silence():
        import apprise  # an extra, and half a second

        asset = apprise.AppriseAsset(app_id="Presswatch", app_desc="Presswatch", app_url="", async_mode=False)
        plugin = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if plugin is None:
        # The address is a secret: it is not told.
        raise DeliveryError(f"{PREFIX}{name}: its address is none that Apprise knows; see Apprise's list of them", True)
    plugin.overflow_mode = apprise.OverflowMode.SPLIT
    plugin.socket_connect_timeout = plugin.socket_read_timeout = _TIMEOUT
    return plugin


def _notify(plugin: Any, name: str, title: str, text: str) -> None:
    import apprise  # an extra

    with _silence() as told:
        told_to = apprise.Apprise(asset=plugin.asset)
        told_to.add(plugin)
        try:
            done = told_to.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT)
        except Exception as error:  # noqa: BLE001  (of a hundred plug-ins; its text may hold the address)
            raise DeliveryError(f"{PREFIX}{name}: {type(error).__name__} in Apprise", True) from None
    if done:
        return
    codes = [int(code) for line in told for code in re.findall(r"\berror=(\d{3})\b", line)]
    if not codes:
        raise DeliveryError(f"{PREFIX}{name}: the service did not answer, or not as it should", True)
    temporary = codes[-1] >= 500 or codes[-1] in webhook.LATER
    raise DeliveryError(f"{PREFIX}{name}: the service answered {codes[-1]}", temporary)


class _Ear(logging.Handler):
    """Hears what Apprise logs, and keeps it from everybody else."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.told.append(record.getMessage())


@contextmanager
def _silence() -> Iterator[list[str]]:
    """Keep what Apprise and its HTTP library log, which has addresses and keys in it, out of every log."""
    ear = _Ear()
    loggers = [logging.getLogger(name) for name in ("apprise", "urllib3", "requests")]
    before = [(logger, logger.propagate, logger.level, logger.handlers) for logger in loggers]
    for logger in loggers:
        logger.propagate, logger.handlers = False, [ear]
        logger.setLevel(logging.WARNING)
    try:
        yield ear.told
    finally:
        for logger, propagate, level, handlers in before:
            logger.propagate, logger.handlers = propagate, handlers
            logger.setLevel(level)
