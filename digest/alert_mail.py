"""What an alert says, and how it is written: a short mail, a page, a text, JSON.

Like an edition it is made once and kept; outside text is cleaned when it enters here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.records import Article, Control, Delivery, Source, WatchRules, as_json
from crawler.urls import is_fetchable
from digest import render
from digest.alerts import Kind
from digest.content import Quote, When, clean, clip
from digest.deliver import chat, email, webhook
from digest.items import marks, tell_when
from digest.leaving import Readers
from digest.render import Links, Rendered
from digest.skin import BUILT_IN, Templates
from digest.texts import Words

_HEADLINE, _QUOTE = 200, 300
#: Articles that stand in an alert; the rest is counted.
MOST = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """One article in an alert."""

    article: int
    headline: str
    #: http(s), or "" when the address is none that may be linked.
    url: str
    outlet: str
    control: Control
    language: str
    quote: Quote
    when: When | None = None
    #: Copies of it that came at the same time.
    copies: int = 0
    #: The words that matched.
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlertContent:
    """What an alert says."""

    watch: str
    kind: Kind
    #: What the watch looks for.
    query: str
    #: IANA name; times are told in it.
    zone: str
    made_at: datetime
    #: New articles; of a rise or an absence, how many came in so many hours, and how many usually do.
    came: int
    hours: int = 0
    usual: float = 0.0
    since: datetime | None = None
    pieces: tuple[Piece, ...] = ()
    language: str = "en"

    @property
    def hidden(self) -> int:
        """Count the articles that came and do not stand in it."""
        return max(0, self.came - len(self.pieces))

    @property
    def title(self) -> str:
        """Name the alert for list headers and feeds."""
        return Words(self.language, self.zone)("alert.title", watch=self.watch)

    def to_json(self) -> str:
        """Write it as the archive keeps it."""
        return json.dumps(as_json(self), ensure_ascii=False)


def piece(article: Article, sources: Mapping[str, Source], words: Iterable[str], copies: int = 0) -> Piece:
    """Tell of one article what an alert says of it."""
    source = sources.get(article.source)
    matched = tuple(dict.fromkeys(map(clean, words)))
    text = clean(article.lead or article.text)
    places = marks(text, matched)
    # A match far down is shown with what stands around it; one in the headline only with how the text begins.
    begin = max(0, places[0][0] - 80) if places and places[0][1] > _QUOTE else 0
    if begin:
        begin = text.rfind(" ", 0, begin) + 1
    shown = ("…" if begin else "") + clip(text[begin:], _QUOTE)
    return Piece(
        article=article.id or 0,
        headline=clip(clean(article.title), _HEADLINE),
        url=article.url if is_fetchable(article.url) else "",
        outlet=clean(source.name if source else article.carried_by or article.source),
        control=source.control if source else "unknown",
        language=article.language,
        quote=Quote(shown, article.id or 0, article.language, "", marks(shown, matched)),
        when=tell_when(article),
        copies=copies,
        words=matched,
    )


def statement(content: AlertContent, words: Words) -> str:
    """Say in a sentence or two why there is an alert."""
    span = words("alert.days", content.hours // 24) if content.hours >= 48 else words("alert.hours", content.hours)
    since = words.moment(content.since) if content.since else ""
    key = f"alert.{content.kind}" + (".none" if content.kind == "silence" and not content.came else "")
    return words(key, content.came, span=span, usual=content.usual, since=since)


def subject(content: AlertContent, words: Words) -> str:
    """Say the news in one line."""
    if content.kind != "urgent" or not content.pieces:
        said = words(f"alert.subject.{content.kind}", content.came, usual=content.usual)
        return words("subject", title=content.title, headline=said)

    def with_headline(headline: str) -> str:
        more = content.came - 1
        said = words("alert.subject.more", more, headline=headline) if more else words.isolate(headline)
        return words("subject", title=content.title, headline=said)

    return render.subject_line(content.pieces[0].headline, with_headline)


def rendered(content: AlertContent, links: Links, templates: Templates = BUILT_IN) -> Rendered:
    """Render an alert in all its forms."""
    words = Words(content.language, content.zone)
    facts: dict[str, Any] = {
        "content": content,
        "words": words,
        "links": links,
        "subject": subject(content, words),
        "statement": statement(content, words),
    }
    return Rendered(
        subject=str(facts["subject"]),
        mail=render.page("alert.html.j2", templates, inline=True, web=False, **facts),
        text=render.plain("alert.txt.j2", templates, **facts),
        web=render.page("alert.html.j2", templates, inline=False, web=True, **facts | {"links": render.NO_LINKS}),
    )


def deliveries(
    content: AlertContent, shown: Rendered, rules: WatchRules, slot: str, *, plan: str, folder: str, sender: str,
    readers: Readers, next_try: datetime | None,
) -> list[Delivery]:  # fmt: skip
    """Make the rows of the outbox: the files always, a mail for each recipient, the webhook."""
    shared = readers.shared(shown)

    def row(recipient: str, channel: str, body: bytes) -> Delivery:
        key = email.message_id(plan, slot, recipient, sender if channel == "email" else "")
        return Delivery(0, 0, plan, slot, recipient, channel, key, body, next_try=next_try)

    rows = [row(folder, "files", _file(content, shared, plan, slot))]
    for recipient in readers.recipients:
        mail = email.message(
            readers.own(shown, recipient),
            sender=sender,
            recipient=recipient,
            plan=plan,
            title=content.title,
            slot=slot,
            made_at=content.made_at,
            unsubscribe=readers.unsubscribe(recipient),
        )
        rows.append(row(recipient, "email", mail))
    if rules.webhook:
        rows.append(row(webhook.recipient(rules.webhook), "webhook", _posted(content, shared, plan, slot)))
    told = _told(content, shared) if rules.chat else b""
    return [*rows, *(row(f"{chat.PREFIX}{name}", "chat", told) for name in rules.chat)]


def _told(content: AlertContent, shown: Rendered) -> bytes:
    words = Words(content.language, content.zone)
    pieces = ((chat.safe(each.headline, words), chat.safe(each.outlet, words), each.url) for each in content.pieces)
    return chat.packed(shown.subject, [statement(content, words), *("\n".join(filter(None, each)) for each in pieces)])


def _posted(content: AlertContent, shown: Rendered, plan: str, slot: str) -> bytes:
    whole = {"plan": plan, "slot": slot, "subject": shown.subject, "text": shown.text.decode()}
    return json.dumps({**whole, "content": as_json(content)}, ensure_ascii=False).encode()


def _file(content: AlertContent, shown: Rendered, plan: str, slot: str) -> bytes:
    """Pack the pages, and what the folder's index and feeds tell of the alert (digest/deliver/files.py)."""
    words = Words(content.language, content.zone)
    about = {
        "plan": plan,
        "title": content.title,
        "slot": slot,
        "language": words.language,
        "subject": shown.subject,
        "made_at": as_json(content.made_at),
        "date": words.moment(content.made_at),
        "lead": statement(content, words),
        "stories": words("index.articles", len(content.pieces)),
        "headlines": [{"title": each.headline, "url": each.url, "outlet": each.outlet} for each in content.pieces],
        "editions_word": words("index.alerts"),
    }
    pages = {"html": shown.web.decode(), "text": shown.text.decode()}
    return json.dumps({"about": about, **pages}, ensure_ascii=False).encode()
