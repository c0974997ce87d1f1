"""What became of what earlier editions told: their publishers changed it, or people judged it otherwise. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from crawler.records import Article, Change
from digest.content import Carrier, EditionContent, Erratum, ErratumKind, When, clean
from digest.items import Scene, carry, is_dated_by_people
from digest.oneness import Events, Untrue, untrue

#: What can be said of an article in one word.
MarkKind = Literal["irrelevant", "not-a-copy"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody said of an article in one word, and took back perhaps."""

    kind: MarkKind
    article: int
    at: datetime
    undone_at: datetime | None = None

    def held(self, moment: datetime) -> bool:
        """Tell whether it held then."""
        return self.at <= moment and (self.undone_at is None or self.undone_at > moment)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A note for readers or a tag that somebody took back, and that nobody said again."""

    kind: Literal["note", "tag"]
    article: int
    value: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """What people said of what earlier editions told, up to the moment up to which the new one sees."""

    #: Those of which they spoke, also those that do not count any more.
    articles: Mapping[int, Article] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    unsaid: tuple[Unsaid, ...] = ()
    events: Events = field(default_factory=Events)


#: What is told when a mark is given, and when it is taken back.
_KINDS: Mapping[MarkKind, tuple[ErratumKind, ErratumKind]] = {
    "irrelevant": ("set_aside", "reinstated"),
    "not-a-copy": ("own_text", "a_copy"),
}
#: So much of a note tells that it is that one: a long one is cut.
_KNOWN_BY = 200
#: What tells the headline and the time of an article as they are now.
_TELLING: frozenset[ErratumKind] = frozenset({"restored", "retitled", "text", "corrected", "dated"})


@dataclass(frozen=True, slots=True)
class _Shown:
    """An article as an earlier edition showed it."""

    headline: str
    when: When | None
    slot: str
    quotes: list[str]
    #: Slot of the edition that told headline and time last: the one that showed it, or one that put them right.
    told: str


def found(
    earlier: Sequence[EditionContent], changes: Iterable[Change], scene: Scene, judged: Judged
) -> tuple[Erratum, ...]:
    """List what became of articles and stories that earlier editions, the newest first, told."""
    of_articles = _changed(earlier, changes, scene)
    # Whoever hears that an article is gone need not hear what else became of it.
    said = [
        one
        for one in _judged(earlier, judged, scene)
        if not (one.article in of_articles and of_articles[one.article].is_gone)
    ]
    gone = {one.article for one in said if one.is_gone}
    kept = [one for one in of_articles.values() if one.article not in gone]
    return tuple(sorted([*kept, *said], key=lambda one: (not one.is_gone, one.at, one.article)))


def _changed(earlier: Sequence[EditionContent], changes: Iterable[Change], scene: Scene) -> dict[int, Erratum]:
    """Find what became of the articles under whose headlines stories stood."""
    shown = _shown(earlier)
    gone = {one.article for content in earlier for one in content.errata if one.kind == "withdrawn"}
    errata: dict[int, Erratum] = {}
    for change in changes:
        article = scene.articles.get(change.article)
        if article is None or change.article not in shown:
            continue
        if change.kind == "restored" and change.article not in gone:
            continue  # nobody was told that it had gone
        erratum = _erratum(article, change, shown[change.article], scene)
        before = errata.get(change.article)
        if erratum is not None and (before is None or before.kind != "withdrawn"):
            errata[change.article] = erratum
    return errata


def _shown(earlier: Sequence[EditionContent]) -> dict[int, _Shown]:
    """Gather what was said last of each article, the newest edition first: that is what is put right."""
    shown: dict[int, _Shown] = {}
    put_right: dict[int, tuple[Erratum, str]] = {}
    for content in earlier:
        slot = content.masthead.slot
        for one in content.errata:
            if one.kind in _TELLING and one.article not in shown:
                put_right.setdefault(one.article, (one, slot))
        for item in content.items:
            carrier = item.carrier
            shown.setdefault(carrier.article, _Shown(carrier.headline, carrier.when, slot, [], slot))
            for quote in item.quotes:
                if quote.article in shown:
                    shown[quote.article].quotes.append(quote.text)
    for number, (one, slot) in put_right.items():
        if number in shown:
            before = shown[number]
            shown[number] = replace(before, headline=one.after, when=one.when or before.when, told=slot)
    return shown


def _erratum(article: Article, change: Change, shown: _Shown, scene: Scene) -> Erratum | None:
    now = carry(article, scene)
    kind = _what_became(article, change, now, shown)
    if kind is None:
        return None
    return Erratum(
        article=change.article,
        kind=kind,
        name=now.name,
        language=article.language,
        before=shown.headline,
        after=now.headline,
        url="" if kind == "withdrawn" else now.url,
        at=change.at,
        slot=shown.told if kind in {"retitled", "dated"} else shown.slot,
        by_editors=kind == "dated" and _is_of_people(article, change),
        when=now.when,
    )


def _is_of_people(article: Article, change: Change) -> bool:
    """Tell whether people put a date right, or took back that they had."""
    return is_dated_by_people(article) or change.note.startswith("correction of the date taken back by ")


def _what_became(article: Article, change: Change, now: Carrier, shown: _Shown) -> ErratumKind | None:
    """Tell what readers of the earlier edition must know; None when nothing that they saw is touched."""
    if article.withdrawn_at is not None:
        return "withdrawn"  # not by the change alone: its page may be there again
    if change.kind == "restored":
        return "restored"
    if change.kind not in {"revised", "corrected"} or article.form == "live":
        return None  # of a live blog every post is another text
    if now.headline != shown.headline:
        return "retitled"
    if change.kind == "revised":
        return "text"
    text = clean(f"{article.lead} {article.text}")
    if any(quote.rstrip("…") not in text for quote in shown.quotes):
        return "corrected"
    return "dated" if shown.when is not None and shown.when.kind != "seen" and now.when != shown.when else None


def _judged(earlier: Sequence[EditionContent], judged: Judged, scene: Scene) -> Iterator[Erratum]:
    """Tell what people say otherwise than readers were told last."""
    marks: dict[tuple[int, MarkKind], list[Mark]] = {}
    for mark in judged.marks:
        marks.setdefault((mark.article, mark.kind), []).append(mark)
    shown = {article: c for c in reversed(earlier) for item in c.items for article in item.articles}
    said = {(one.article, one.kind): c for c in reversed(earlier) for one in c.errata}
    for (number, kind), those in sorted(marks.items()):
        article, last = judged.articles.get(number), shown.get(number)
        if article is None or last is None:
            continue
        # What told of it last saw the archive then: so much its readers know.
        known = (last, *(found for each in _KINDS[kind] if (found := said.get((number, each))) is not None))
        told = _otherwise(those, max(content.masthead.data_until for content in known))
        if told is not None and _can_be_told(told[0], article):
            yield _said(told[0], carry(article, scene), told[1], last.masthead.slot)
    yield from _unsaid(earlier, judged, scene)
    for one in untrue(earlier, judged.events):
        yield _of_events(one, judged.events.articles[one.article], scene)


def _otherwise(marks: Sequence[Mark], heard: datetime) -> tuple[ErratumKind, datetime] | None:
    """Tell what to say, and since when it is so, where marks hold that did not when readers heard, or the contrary."""
    holding = [mark.at for mark in marks if mark.undone_at is None]
    if bool(holding) == any(mark.held(heard) for mark in marks):
        return None
    given, taken_back = _KINDS[marks[0].kind]
    return (given, max(holding)) if holding else (taken_back, max(mark.undone_at or mark.at for mark in marks))


def _can_be_told(kind: ErratumKind, article: Article) -> bool:
    """Tell whether it is so, and news: an article that its publisher took away is gone whatever people say of it."""
    return article.withdrawn_at is None and (kind != "a_copy" or article.copy_of is not None)


def _unsaid(earlier: Sequence[EditionContent], judged: Judged, scene: Scene) -> Iterator[Erratum]:
    """Tell once of each article that a note or a label is taken back; what it was is not said again."""
    last = {(one.article, one.kind): one for one in sorted(judged.unsaid, key=lambda one: one.at)}
    for (number, _), one in sorted(last.items()):
        kind: ErratumKind = "unnoted" if one.kind == "note" else "unlabelled"
        article = judged.articles.get(number)
        heard = any(
            each.article == number and each.kind == kind and each.at >= one.at for c in earlier for each in c.errata
        )
        shown = (each for each in judged.unsaid if (each.article, each.kind) == (number, one.kind))
        slot = next((slot for each in shown if (slot := _showed(earlier, each))), "")
        if article is not None and slot and not heard and article.withdrawn_at is None:
            yield _said(kind, carry(article, scene), one.at, slot)


def _showed(earlier: Sequence[EditionContent], one: Unsaid) -> str:
    """Name the edition that showed a note or a label last; "" when none did."""
    note = clean(one.value)[:_KNOWN_BY]
    for content in earlier:
        for item in content.items:
            shown = note in item.note if one.kind == "note" else one.value in item.labels
            if shown and one.article in item.articles:
                return content.masthead.slot
    return ""


def _of_events(one: Untrue, article: Article, scene: Scene) -> Erratum:
    said = _said("merged" if one.are_one else "split", carry(article, scene), one.at, one.slot)
    return replace(said, before=clean(one.other), parts=one.parts)


def _said(kind: ErratumKind, carrier: Carrier, at: datetime, slot: str) -> Erratum:
    return Erratum(
        article=carrier.article,
        kind=kind,
        name=carrier.name,
        language=carrier.language,
        before=carrier.headline,
        after=carrier.headline,
        url="" if kind == "set_aside" else carrier.url,
        at=at,
        slot=slot,
        by_editors=True,
    )
