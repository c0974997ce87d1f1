"""From a story to an item: is it news to this plan's readers, who carried it, which words matched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from crawler import agencies
from crawler.records import Article, Change, Mention, Source, Story, Watch
from crawler.urls import is_fetchable
from digest.additions import additions_only
from digest.content import Carrier, EditionContent, Item, Quote, Status, When, clean, clip
from digest.importance import Facts, weigh
from digest.relations import is_open
from digest.summary import news, summarise
from digest.timeline import in_order, told_at

_QUOTES = 2
_MATCHED = 6
_HEADLINE = 240
_SENTENCE = 360
_LONGEST_NOTE = 1000
#: Scripts that put no spaces between words: a matched word may stand anywhere.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the plan's earlier editions have said."""

    #: story, article -> the moment up to which the newest edition that showed it saw.
    stories: Mapping[int, datetime]
    articles: Mapping[int, datetime]
    sentences: frozenset[str]
    #: Every item of those editions, newest first.
    items: tuple[Item, ...] = ()

    @classmethod
    def by(cls, earlier: Iterable[EditionContent]) -> Told:
        """Read it from the editions themselves."""
        stories: dict[int, datetime] = {}
        articles: dict[int, datetime] = {}
        sentences: set[str] = set()
        earlier = tuple(earlier)
        for content in earlier:
            then = content.masthead.data_until
            for item in content.items:
                stories[item.story] = max(then, stories.get(item.story, then))
                for article in item.articles:
                    articles[article] = max(then, articles.get(article, then))
                sentences.update(_key(quote.text) for quote in item.quotes)
        items = tuple(item for content in earlier for item in content.items)
        return cls(stories, articles, frozenset(sentences), items)

    def when(self, story: Story) -> datetime | None:
        """Tell when a story was last shown, under its id or, after a merge or split, by one of its articles."""
        times = [self.articles[article] for article in story.articles if article in self.articles]
        if story.id in self.stories:
            times.append(self.stories[story.id])
        return max(times, default=None)

    def of(self, story: Story) -> tuple[list[str], set[int]]:
        """Give what was said of a story, headlines and sentences, and the articles that it had then."""
        articles = set(story.articles)
        shown = [item for item in self.items if item.story == story.id or not articles.isdisjoint(item.articles)]
        texts = [text for item in shown for text in (item.carrier.headline, *(quote.text for quote in item.quotes))]
        return texts, {number for item in shown for number in item.articles}


@dataclass(frozen=True, slots=True)
class Scene:
    """What every item of an edition is judged by."""

    articles: Mapping[int, Article]
    mentions: Mapping[int, Sequence[Mention]]
    sources: Mapping[str, Source]
    #: The plan's watches that are not muted, in its order.
    watches: Mapping[str, Watch]
    #: article -> kinds of its changes in the window, without old news (backfill).
    fresh: Mapping[int, frozenset[str]]
    told: Told
    since: datetime
    until: datetime
    #: article -> its text as the plan's last edition had it, where it was revised since.
    before: Mapping[int, str] = field(default_factory=dict)
    #: article -> slot of the edition in which nobody got what happened to it.
    missed: Mapping[int, str] = field(default_factory=dict)
    #: Nobody was ever told anything, so nothing can be updated.
    begins: bool = False
    #: article -> what people wrote of it for readers, and their tags that the plan shows.
    notes: Mapping[int, Sequence[str]] = field(default_factory=dict)
    labels: Mapping[int, Sequence[str]] = field(default_factory=dict)

    def members(self, story: Story) -> list[Article]:
        """List the articles of a story that still stand."""
        found = (self.articles.get(number) for number in story.articles)
        return [article for article in found if article is not None and article.withdrawn_at is None]

    def arrived(self, article: Article) -> bool:
        """Tell whether an article came in the window."""
        return bool(self.fresh.get(article.id or 0, frozenset()) & {"new", "copy"})

    def mentioned(self, article: int | None) -> list[Mention]:
        """List the matches of an article that count for this plan."""
        return [mention for mention in self.mentions.get(article or 0, ()) if mention.watch in self.watches]

    def retold(self, article: Article) -> bool:
        """Tell whether nobody got an article when it came, but an edition since then counted it in its story."""
        return article.id in self.missed and article.id in self.told.articles


def fresh_kinds(changes: Iterable[Change], articles: Mapping[int, Article]) -> dict[int, frozenset[str]]:
    """Gather what happened to each article in the window; old news (imports, backfill) does not count."""
    kinds: dict[int, set[str]] = {}
    for change in changes:
        article = articles.get(change.article)
        if article is not None and not change.backfill and not article.backfill:
            kinds.setdefault(change.article, set()).add(change.kind)
    return {article: frozenset(found) for article, found in kinds.items()}


def make_item(story: Story, scene: Scene) -> Item | None:
    """Make the item of a story; None when it has nothing that this plan's readers do not know."""
    item = sketch(story, scene)
    return None if item is None else complete(item, story, scene)


def sketch(story: Story, scene: Scene) -> Item | None:
    """Make of a story's item what its place in the edition depends on: all but its other outlets and who was first."""
    members = scene.members(story)
    watches = _watches(members, scene)
    if scene.watches and not watches:
        return None
    told = scene.told.when(story)
    status = _status(story, members, told, scene)
    if status is None:
        return None
    carrier = _headline(story, members, status, scene)
    _, copies, copy_count = _folded(members, carrier)
    owners, outside, unknown = _voices(story, members, scene)
    matched = _matched([carrier, *members], watches, scene)
    quotes = _quotes(_lines(story, members, carrier, told is not None, scene), carrier, matched, scene)
    own = [article for article in members if not article.is_folded] or members
    score, reasons = weigh(
        Facts(
            status=status,
            says_more=bool(quotes),
            owners=owners,
            outside_state=outside,
            unknown=unknown,
            kinds=len({_source(article, scene).kind for article in own}),
            mixed=bool(outside) and any(_source(article, scene).control == "state" for article in own),
            weight=max((scene.watches[name].weight for name in watches), default=1.0),
            last=max((time for article in members if (time := told_at(article))), default=None),
        ),
        scene.until,
    )
    missed = min((scene.missed[number] for number in story.articles if number in scene.missed), default="")
    came = [article for article in members if scene.arrived(article) and not scene.retold(article)]
    return Item(
        story=story.id,
        status=status,
        watch=watches[0] if watches else "",
        also_watches=tuple(watches[1:]),
        carrier=carry(carrier, scene),
        quotes=quotes,
        first=None,
        others=(),
        copies=tuple(carry(article, scene) for article in copies),
        copy_count=copy_count,
        owners=owners,
        outside_state=outside,
        new_articles=len(came),
        since=(told or scene.since) if status == "UPDATED" and (came or told is None or not missed) else None,
        matched=matched,
        score=score,
        reasons=reasons,
        articles=story.articles,
        unknown_control=unknown,
        copies_open=any(
            is_open(each, scene.articles.get(each.copy_of or 0))
            for each in members
            if each.is_folded and each.id != carrier.id
        ),
        missed=missed,
        note=_note(members, carrier, scene),
        labels=tuple(dict.fromkeys(label for each in members for label in scene.labels.get(each.id or 0, ()))),
    )


def complete(item: Item, story: Story, scene: Scene) -> Item:
    """Add to the sketch of a story that is shown who else told it in a text of their own, and who was first."""
    members = scene.members(story)
    others, _, _ = _folded(members, scene.articles[item.carrier.article])
    return replace(item, first=_first(story, members, scene), others=tuple(carry(article, scene) for article in others))


def _note(members: Sequence[Article], headline: Article, scene: Scene) -> str:
    """Put together what people wrote for readers: of the article that is shown, then of others, with their outlets."""
    notes = [*scene.notes.get(headline.id or 0, ())]
    for article in in_order(members):
        if article.id != headline.id:
            notes += [f"{_name(article, scene)}: {note}" for note in scene.notes.get(article.id or 0, ())]
    return clip(" ".join(map(clean, notes)), _LONGEST_NOTE)


def only_copies_came(story: Story, scene: Scene) -> bool:
    """Tell whether a story that was told before got further copies, and nothing is said in them that is news."""
    members = scene.members(story)
    arrived = [article for article in members if scene.arrived(article)]
    if not arrived or scene.told.when(story) is None or not all(article.is_folded for article in arrived):
        return False
    return not _telling(story, members, scene)


def carry(article: Article, scene: Scene) -> Carrier:
    """Name the outlet that carried an article, with the article."""
    source, name = _source(article, scene), _name(article, scene)
    return Carrier(
        article=article.id or 0,
        source=source.key,
        name=name,
        kind=source.kind,
        control=source.control,
        country=source.country,
        language=article.language,
        headline=clip(clean(article.title), _HEADLINE),
        url=article.url if is_fetchable(article.url) else "",
        when=tell_when(article),
        credits=_credits(article, name),
        form=article.form,
        dated_by_people=is_dated_by_people(article),
    )


def _credits(article: Article, name: str) -> str:
    """Name whom an article names as its origin; "" when nobody or the outlet itself."""
    credited = clean(article.credited_to or "")
    return clip(credited, 80) if credited and agencies.identity(credited) != agencies.identity(name) else ""


def is_dated_by_people(article: Article) -> bool:
    """Tell whether people put the date of an article right."""
    return (article.published_evidence or "").startswith("corrected by ")


def tell_when(article: Article) -> When | None:
    """Tell an article's time no more exactly than it is known."""
    if article.published_utc is not None and article.published_precision in {"second", "minute"}:
        return When(article.published_utc, "minute")
    if article.published is not None and article.published_precision in {"day", "second", "minute"}:
        try:
            day = datetime.fromisoformat(article.published[:10])
        except ValueError:
            day = None
        if day is not None:  # noon, so that it stays this day when it is shown
            return When(day.replace(hour=12, tzinfo=UTC), "day")
    return When(article.first_seen, "seen") if article.first_seen is not None else None


def marks(text: str, words: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Find where words stand in a text; overlapping places become one."""
    patterns = []
    for word in sorted({" ".join(word.split()) for word in words} - {""}, key=len, reverse=True):
        before = "" if _UNSPACED.match(word) else r"(?<!\w)"
        after = "" if _UNSPACED.match(word[-1]) else r"(?!\w)"
        patterns.append(before + re.escape(word) + after)
    if not patterns:
        return ()
    return tuple(found.span() for found in re.finditer("|".join(patterns), text, re.IGNORECASE))


@lru_cache(1024)  # each is asked for some times while its story is sketched
def _key(sentence: str) -> str:
    return clip(clean(sentence), _SENTENCE).casefold()


def _source(article: Article, scene: Scene) -> Source:
    """Give an article's source; one that left the configuration keeps its name."""
    known = scene.sources.get(article.source)
    return known or Source(article.source, article.carried_by or article.source, "")


def _name(article: Article, scene: Scene) -> str:
    source = _source(article, scene)
    return clean(source.name) or source.key


def _owner(article: Article, scene: Scene) -> str:
    source = _source(article, scene)
    return " ".join(source.owner.split()).casefold() or source.key


def _watches(members: Sequence[Article], scene: Scene) -> list[str]:
    """Name the watches that a story matches, the one under which it stands first."""
    counts: dict[str, int] = {}
    for article in members:
        for mention in scene.mentioned(article.id):
            counts[mention.watch] = counts.get(mention.watch, 0) + 1
    order = list(scene.watches)
    return sorted(counts, key=lambda name: (-scene.watches[name].weight * counts[name], order.index(name)))


def _status(story: Story, members: Sequence[Article], told: datetime | None, scene: Scene) -> Status | None:
    """Tell whether a story is new, updated or no news at all."""
    arrived = [article for article in members if scene.arrived(article)]
    own = [article for article in arrived if not article.is_folded and not scene.retold(article)]
    if own or (arrived and told is None):
        known = told is not None or any(number not in scene.fresh for number in story.articles)
        known = known or not all(map(scene.arrived, members))
        return "UPDATED" if known and not scene.begins else "NEW"
    if told is None:
        changed: Status = "NEW" if scene.begins else "UPDATED"
        return changed if _revisions(members, scene) else None
    return "UPDATED" if _telling(story, members, scene) else None


def _revisions(members: Sequence[Article], scene: Scene) -> list[tuple[str, int]]:
    """List the sentences that revisions brought to a story that was never told: by them it may match a watch now."""
    revised = [
        one
        for one in members
        if one.id in scene.before
        and "revised" in scene.fresh.get(one.id or 0, ())
        and (not scene.watches or scene.mentioned(one.id))
    ]
    found = news(revised, [], [], scene.before) if revised else ()
    return [(line.text, line.article) for line in found]


def _telling(story: Story, members: Sequence[Article], scene: Scene) -> set[int]:
    """Name the revised articles and the copies in which readers find what they were not told."""
    numbers = {
        article.id or 0
        for article in members
        if "revised" in scene.fresh.get(article.id or 0, ())
        or (scene.arrived(article) and article.is_folded and article.copy_of in story.articles)
        or scene.retold(article)
    }
    return {number for _, number in _news(story, members, scene) if number in numbers} if numbers else set()


def _headline(story: Story, members: Sequence[Article], status: Status, scene: Scene) -> Article:
    """Choose the article under whose headline a story stands: what is new in it, in its own words, in full."""
    title = _key(story.title)
    telling = _telling(story, members, scene) if status == "UPDATED" else set()

    def rank(article: Article) -> tuple[object, ...]:
        time = (told_at(article) or scene.until).timestamp()
        return (
            not scene.fresh.get(article.id or 0),
            article.is_folded and article.id not in telling,
            bool(scene.watches) and not scene.mentioned(article.id),
            status == "NEW" and _key(article.title) != title,
            article.completeness != "full",
            article.form != "article",
            time if status == "NEW" else -time,
            article.id,
        )

    return min(members, key=rank)


def _folded(members: Sequence[Article], headline: Article) -> tuple[list[Article], list[Article], int]:
    """Give for each outlet a text of its own, for each other one a copy, and the number of copies."""
    others: dict[str, Article] = {}
    copies: dict[str, Article] = {}
    count = 0
    for article in in_order(members):
        if article.id == headline.id:
            continue
        folded = article.is_folded
        count += folded
        if article.source != headline.source:
            (copies if folded else others).setdefault(article.source, article)
    return [*others.values()], [article for key, article in copies.items() if key not in others], count


def _voices(story: Story, members: Sequence[Article], scene: Scene) -> tuple[int, int, int]:
    """Count the owners, those outside state control, and those of whom it is not known."""
    if story.separate_owners:
        known = story.outside_state_control + story.under_state_control
        return story.separate_owners, story.outside_state_control, story.separate_owners - known
    own = [article for article in members if not article.is_folded] or list(members)
    controls = {_owner(article, scene): _source(article, scene).control for article in own}
    outside = sum(control in ("public", "private") for control in controls.values())
    return len(controls), outside, sum(control == "unknown" for control in controls.values())


def _matched(members: Iterable[Article], watches: Sequence[str], scene: Scene) -> tuple[str, ...]:
    """List the words that matched, those of the first watch and of the headline's article first."""
    found: dict[str, str] = {}
    for name in watches:
        for article in members:
            for mention in scene.mentioned(article.id):
                if mention.watch == name:
                    for word in map(clean, mention.words):
                        found.setdefault(word.casefold(), word)
    return tuple(word for key, word in found.items() if key)[:_MATCHED]


def _lines(
    story: Story, members: Sequence[Article], headline: Article, told: bool, scene: Scene
) -> list[tuple[str, int]]:
    """List the sentences that may be said of a story; of one that was told before, only what is new since then.

    Of one that began before the edition, and was never told, they are taken from what came since, as its headline is.
    """
    if told:
        return _news(story, sorted(members, key=lambda one: one is not headline), scene)
    own = [article for article in members if not article.is_folded]
    came = [article for article in own if scene.arrived(article)]
    if not came and (revised := _revisions(members, scene)):
        return revised
    summary = summarise(came) if 0 < len(came) < len(own) else story.summary
    lines = [(line.text, line.article) for line in summary if _stands(line.article, scene)]
    title = _key(headline.title)
    if any(_key(text) != title for text, _ in lines):
        return lines
    return [(headline.lead, headline.id or 0), (headline.text.partition("\n")[0], headline.id or 0)]


def _news(story: Story, members: Sequence[Article], scene: Scene) -> list[tuple[str, int]]:
    """List the sentences that say what readers of the plan's earlier editions do not know of a story."""
    said, shown = scene.told.of(story)
    fresh = [
        one
        for one in members
        if one.id not in shown or one.id in scene.missed or "revised" in scene.fresh.get(one.id or 0, ())
    ]
    numbers = {one.id for one in fresh}
    before = [one for one in members if one.id not in numbers]
    copied = {one.copy_of for one in fresh if one.is_folded and one.copy_of in story.articles}
    originals = {number: scene.articles[number] for number in copied if number in scene.articles}
    own, corrected = additions_only(fresh, before, said, originals)
    earlier = corrected | {number: text for number, text in scene.before.items() if number in shown}
    found = news(own, before, said, earlier)
    return [(line.text, line.article) for line in found if _key(line.text) not in scene.told.sentences]


def _stands(number: int, scene: Scene) -> bool:
    article = scene.articles.get(number)
    return article is None or article.withdrawn_at is None


def _quotes(
    lines: Iterable[tuple[str, int]], headline: Article, matched: Iterable[str], scene: Scene
) -> tuple[Quote, ...]:
    """Choose at most two sentences."""
    chosen: dict[str, Quote] = {}
    for text, number in lines:
        article = scene.articles.get(number)
        key = _key(text)
        if not key or key in chosen or key == _key(headline.title):
            continue
        sentence = clip(clean(text), _SENTENCE)
        name = "" if article is None or article.source == headline.source else clean(_source(article, scene).name)
        language = article.language if article else ""
        chosen[key] = Quote(sentence, number, language, name, marks(sentence, matched))
        if len(chosen) == _QUOTES:
            break
    return tuple(chosen.values())


def _first(story: Story, members: Sequence[Article], scene: Scene, *, edited: bool = False) -> Carrier | None:
    """Name who carried a story first, if that is proven: all others credit one, or all times are known.

    Proven only among the sources that are watched; an article that credits somebody else is never the first. Times
    prove nothing of an article that was edited since, as what tells the story may have come by the edit.
    """
    owners = {_owner(article, scene) for article in members}
    if len(members) != len(story.articles) or len(owners) < 2:
        return None
    first = _credited_by_all(members, scene) or (None if edited else _earliest(members, scene))
    return None if first is None else carry(first, scene)


def _credited_by_all(members: Sequence[Article], scene: Scene) -> Article | None:
    for article in members:
        if article.is_folded or _credits(article, _name(article, scene)):
            continue
        name = agencies.identity(clean(_source(article, scene).name))
        rest = [other for other in members if _owner(other, scene) != _owner(article, scene)]
        if rest and all(agencies.identity(clean(other.credited_to or "")) == name for other in rest):
            return article
    return None


def _earliest(members: Sequence[Article], scene: Scene) -> Article | None:
    if any(
        article.published_utc is None or article.published_precision not in {"second", "minute"} for article in members
    ):
        return None
    timed = sorted((article.published_utc or scene.until, article.id or 0, article) for article in members)
    first = timed[0][2]
    others = [time for time, _, article in timed if _owner(article, scene) != _owner(first, scene)]
    credits_other = _credits(first, _name(first, scene)) or first.is_folded
    # Sites that know the day only print midnight.
    at_midnight = re.match("00:00(?::00|[^:0-9]|$)", (first.published or "")[11:]) is not None
    if credits_other or at_midnight or others[0] - timed[0][0] < timedelta(minutes=1):
        return None
    return first


def first_report(
    story: Story, articles: Sequence[Article], sources: Mapping[str, Source], now: datetime, *, edited: bool = False
) -> Carrier | None:
    """Name who carried a story first, outside of any edition; None where it is not proven.

    ``edited`` says that the article that seems to be the first was edited after others had told the story.
    """
    by_id = {article.id or 0: article for article in articles}
    scene = Scene(by_id, {}, sources, {}, {}, Told.by(()), now, now)
    return _first(story, scene.members(story), scene, edited=edited)
