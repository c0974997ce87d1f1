"""What became of what earlier editions told: their publishers changed it, or people judged it otherwise. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from crawler.records import Article, Change
from digest.content import Carrier, EditionContent, Erratum, ErratumKind, Item, When, clean
from digest.items import Scene, carry


@dataclass(frozen=True, slots=True)
class Regrouped:
    """A story that people split or stories that they merged, and that are so still."""

    kind: Literal["split", "merge"]
    at: datetime
    #: The articles that went out and those that stayed; or those that each story brought, of the one that stayed first.
    parts: tuple[frozenset[int], ...]
    #: After a split, the titles of the stories that came of its parts.
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What people said since the last edition."""

    #: Those of which they spoke, also those that do not count any more.
    articles: Mapping[int, Article] = field(default_factory=dict)
    #: article -> when it was marked irrelevant, when that was taken back, and when it was found to be no copy.
    set_aside: Mapping[int, datetime] = field(default_factory=dict)
    reinstated: Mapping[int, datetime] = field(default_factory=dict)
    own_texts: Mapping[int, datetime] = field(default_factory=dict)
    regrouped: tuple[Regrouped, ...] = ()


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
    stands = (article.published_evidence or "").startswith("corrected by ")
    return stands or change.note.startswith("correction of the date taken back by ")


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


@dataclass(frozen=True, slots=True)
class _Told:
    """An item of an earlier edition."""

    item: Item
    slot: str


def _judged(earlier: Sequence[EditionContent], judged: Judged, scene: Scene) -> Iterator[Erratum]:
    """Tell what people said of articles and stories that were told."""
    told = [_Told(item, content.masthead.slot) for content in earlier for item in content.items]
    errata = [one for content in reversed(earlier) for one in content.errata]
    last = {one.article: one.kind for one in errata if one.kind in {"set_aside", "reinstated"}}
    aside = {article for article, kind in last.items() if kind == "set_aside"}
    kinds: tuple[tuple[ErratumKind, Mapping[int, datetime]], ...] = (
        ("set_aside", {id_: at for id_, at in judged.set_aside.items() if id_ not in aside}),
        ("reinstated", {id_: at for id_, at in judged.reinstated.items() if id_ in aside}),
        ("own_text", judged.own_texts),
    )
    for kind, said in kinds:
        for number, at in sorted(said.items()):
            article = judged.articles.get(number)
            shown = next((one for one in told if number in one.item.articles), None)
            if article is not None and shown is not None:
                yield _said(kind, carry(article, scene), at, shown.slot)
    for one in judged.regrouped:
        erratum = _split(one, told) if one.kind == "split" else _merged(one, told)
        if erratum is not None:
            yield erratum


def _split(one: Regrouped, told: Sequence[_Told]) -> Erratum | None:
    """Tell of a story that was told as one event and is two."""
    shown = next((each for each in told if all(map(set(each.item.articles).intersection, one.parts))), None)
    if shown is None:
        return None
    carrier = shown.item.carrier
    other = one.titles[1] if carrier.article in one.parts[0] else one.titles[0]
    return replace(_said("split", carrier, one.at, shown.slot), before=clean(other))


def _merged(one: Regrouped, told: Sequence[_Told]) -> Erratum | None:
    """Tell of stories that were told as two events and are one."""
    parts = [next((each for each in told if part.intersection(each.item.articles)), None) for part in one.parts]
    shown = list({each.item.story: each for each in parts if each is not None}.values())
    if len(shown) < 2:
        return None
    stays, other = shown[0], shown[1]
    return replace(_said("merged", other.item.carrier, one.at, other.slot), before=stays.item.carrier.headline)


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
