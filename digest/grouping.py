"""Stories: which articles tell of one event, under ids that stay, and what may be said of each. Pure.

Copies are folded first: a copy goes where its original goes. What remains is clustered, language by language, and the
clusters are matched with the stories of the last time: the greatest overlap keeps the id.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crawler import agencies
from crawler.archive import Move
from crawler.plugins import Tagger
from crawler.records import Article, Name, Outlet, Source, Story
from digest import clusters
from digest.names import names, shared
from digest.summary import summarise
from digest.tagging import names_of
from digest.vectors import stems

#: Copies of these kinds are folded; an article that only quotes another has a text of its own.
FOLDED = frozenset({"full", "partial"})
#: What of a text is compared: the title twice and the beginning.
_WORDS = 1200
_CHARACTERS = 9000
#: One text under so many titles, and nobody's copy, is a wall or a notice: it tells of none of their events.
_WALL = 3
#: Of a large story, the summary and the names are taken from so many texts.
_READ = 12
_NAMES = 12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Grouping:
    """The stories of a window, and what became of those that were there before."""

    stories: tuple[Story, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that was told once, and everybody who carried it."""

    #: The original, or the earliest copy of one that was not handed in.
    article: Article
    #: All articles with this text, the original among them.
    carried: tuple[Article, ...]


def group(
    articles: Sequence[Article],
    sources: Mapping[str, Source],
    previous: Sequence[Story],
    now: datetime,
    next_id: int,
    tag: Tagger = names,
) -> Grouping:
    """Put every article into one story.

    Articles of previous stories that are not handed in stay in the story that keeps the id, or in the one that their
    story became part of. A previous story of which nothing is handed in is left as it is.
    """
    groups = [group for texts in _by_language(fold(articles)) for group in _clusters(sorted(texts, key=_order_of_text))]
    groups.sort(key=lambda texts: min(map(_order_of_text, texts)))
    members = [{article.id or 0 for text in texts for article in text.carried} for texts in groups]
    named = _Naming(members, previous, next_id)
    before = {story.id: story for story in previous}
    stories = []
    for texts, identity, absent in zip(groups, named.ids, named.absent, strict=True):
        earlier = [before[id_] for id_ in absent]
        kept = tuple(number for story in earlier for number in story.articles if number in absent[story.id])
        story = _with_absent(tell(identity, texts, sources, now, tag), earlier, kept)
        stories.append(_unless_changed(story, before.get(identity)))
    return Grouping(tuple(sorted(stories, key=lambda story: story.id)), tuple(named.moves))


# Which texts belong together.


def fold(articles: Iterable[Article]) -> list[_Text]:
    """Put copies to their originals; copies of an original that is not here stand together for it."""
    known = {article.id or 0: article for article in articles}
    carried: dict[int, list[Article]] = defaultdict(list)
    for article in sorted(known.values(), key=_order):
        carried[_root(article, known)].append(article)
    return [_Text(known.get(root, those[0]), tuple(those)) for root, those in carried.items()]


def _root(article: Article, known: Mapping[int, Article]) -> int:
    """Name the article that a text goes back to, through copies of copies."""
    seen: set[int] = set()
    root = article.id or 0
    while article.copy_of is not None and article.copy_kind in FOLDED and root not in seen:
        seen.add(root)
        root = article.copy_of
        if root not in known:
            break
        article = known[root]
    # Articles that call one another copies have no original: the first of them stands for all.
    return min(seen) if root in seen else root


def _by_language(texts: Iterable[_Text]) -> list[list[_Text]]:
    found: dict[str, list[_Text]] = defaultdict(list)
    for text in texts:
        found[_language(text.article)].append(text)
    return [found[language] for language in sorted(found)]


def _language(article: Article) -> str:
    return article.language.partition("-")[0].lower()


def _clusters(texts: Sequence[_Text]) -> list[list[_Text]]:
    titles: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        titles[text.article.text].add(text.article.title)
    cut = [
        clusters.Text(_words(text.article, wall=len(titles[text.article.text]) >= _WALL), _day(text.article))
        for text in texts
    ]
    return [[texts[number] for number in numbers] for numbers in clusters.cluster(cut)]


def _words(article: Article, *, wall: bool) -> list[str]:
    text = f"{article.title} {article.title} {'' if wall else article.text or article.lead}"
    return stems(text[:_CHARACTERS], article.language, _WORDS)


def _day(article: Article) -> float | None:
    """Tell when an article was published, in days; None where nobody knows, which separates it from nothing."""
    at = article.published_utc or _printed(article)
    return None if at is None else (at - _EPOCH).total_seconds() / 86400


def _printed(article: Article) -> datetime | None:
    """Read a printed date as if it were UTC: near enough to tell days apart."""
    if article.published is None:
        return None
    try:
        at = datetime.fromisoformat(article.published)
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _order(article: Article) -> tuple[datetime, int]:
    known = article.published_utc or _printed(article) or article.first_seen
    return known or datetime.max.replace(tzinfo=UTC), article.id or 0


def _order_of_text(text: _Text) -> tuple[datetime, int]:
    return _order(text.article)


# Which story it is.


class _Naming:
    """Gives groups of articles the ids of the stories that they go on from."""

    def __init__(self, groups: Sequence[set[int]], previous: Sequence[Story], next_id: int) -> None:
        self._groups = groups
        home = {article: story.id for story in previous for article in story.articles}
        #: For each group: the stories that its articles were in, with the number of them.
        self._from = [Counter(home[article] for article in group if article in home) for group in groups]
        self.ids = self._give_ids(next_id)
        #: What became of each story that has articles here.
        self._now = self._heirs()
        self.moves = self._find_moves()
        #: For each group: previous story -> its articles that were not handed in and stay with it.
        self.absent = self._find_absent(previous)

    def _give_ids(self, next_id: int) -> list[int]:
        pairs = sorted(
            (-shared, story, number) for number, stories in enumerate(self._from) for story, shared in stories.items()
        )
        given: dict[int, int] = {}
        taken: set[int] = set()
        for _, story, number in pairs:
            if number not in given and story not in taken:
                given[number] = story
                taken.add(story)
        for number in range(len(self._groups)):
            if number not in given:
                given[number] = next_id
                next_id += 1
        return [given[number] for number in range(len(self._groups))]

    def _heirs(self) -> dict[int, int]:
        """Find for each previous story the group that has its id, else the one that has most of it."""
        ranked = sorted(
            (story != self.ids[number], -shared, number, story)
            for number, stories in enumerate(self._from)
            for story, shared in stories.items()
        )
        heirs: dict[int, int] = {}
        for _, _, number, story in ranked:
            heirs.setdefault(story, number)
        return heirs

    def _find_moves(self) -> list[Move]:
        merged = [
            Move("merge", story, self.ids[number])
            for story, number in sorted(self._now.items())
            if self.ids[number] != story
        ]
        old = set(self._now)
        gone = {move.story for move in merged}
        split = [
            Move("split", story, id_)
            for id_, stories in zip(self.ids, self._from, strict=True)
            for story in sorted(stories)
            if id_ not in old and story not in gone
        ]
        return merged + split

    def _find_absent(self, previous: Sequence[Story]) -> list[dict[int, set[int]]]:
        here = set().union(*self._groups)
        absent: list[dict[int, set[int]]] = [{} for _ in self._groups]
        for story in previous:
            left = set(story.articles) - here
            if left and story.id in self._now:
                absent[self._now[story.id]][story.id] = left
        return absent


# What is told of it.


def tell(
    identity: int, texts: Sequence[_Text], sources: Mapping[str, Source], now: datetime, tag: Tagger = names
) -> Story:
    """Say of a group of texts what a story says."""
    articles = sorted((article for text in texts for article in text.carried), key=_order)
    own = sorted((text.article for text in texts), key=lambda article: _worth(article, sources))
    voices = _voices([text.article for text in texts], sources)
    times = [article.published_utc or article.first_seen or now for article in articles]
    named = _names(own[:_READ], tag)
    return Story(
        id=identity,
        title=next((article.title for article in own if article.title), ""),
        articles=tuple(article.id or 0 for article in articles),
        summary=summarise(own[:_READ]),
        outlets=_outlets(texts, sources),
        separate_owners=len(voices),
        outside_state_control=sum(not state for state in voices.values()),
        first=min(times),
        last=max(times),
        languages=tuple(dict.fromkeys(article.language for article in articles if article.language)),
        names=tuple(name.text for name in named),
        people=tuple(name.text for name in named if name.kind == "person"),
        organisations=tuple(name.text for name in named if name.kind == "organisation"),
        places=tuple(name.text for name in named if name.kind == "place"),
        updated=now,
    )


def _worth(article: Article, sources: Mapping[str, Source]) -> tuple[bool, bool, bool, tuple[datetime, int]]:
    """Rank articles: a text in full, from whoever wrote it, the earliest first."""
    source = sources.get(article.source)
    republished = source is not None and source.kind == "republisher"
    copied = article.copy_of is not None and article.copy_kind in FOLDED
    return copied, article.completeness != "full", republished, _order(article)


def _outlets(texts: Sequence[_Text], sources: Mapping[str, Source]) -> tuple[Outlet, ...]:
    """List who carried it: those with a text of their own first, in order of time."""
    own = sorted((text.article for text in texts), key=_order)
    carried = sorted((article for text in texts for article in text.carried), key=_order)
    first = {article.source: article for article in reversed([*own, *carried])}
    order = dict.fromkeys(article.source for article in [*own, *carried])
    return tuple(_outlet(first[key], sources) for key in order)


def _outlet(article: Article, sources: Mapping[str, Source]) -> Outlet:
    source = sources.get(article.source)
    if source is None:
        return Outlet(article.source, article.carried_by or article.source)
    return Outlet(source.key, source.name, source.kind, source.control, source.country, source.owner)


def _voices(own: Iterable[Article], sources: Mapping[str, Source]) -> dict[str, bool]:
    """Name the owners who told it in a text of their own, and whether they are under state control.

    A text that names another outlet as its origin is that outlet's voice, whoever carried it.
    """
    by_name = {agencies.identity(source.name): source for source in sources.values() if source.name}
    voices: dict[str, bool] = {}
    for article in own:
        source = by_name.get(agencies.identity(article.credited_to or "")) or sources.get(article.source)
        owner = article.source if source is None else source.owner.casefold() or source.key
        state = source is not None and source.control == "state"
        voices[owner] = voices.get(owner, False) or state
    return voices


def _names(own: Iterable[Article], tag: Tagger) -> list[Name]:
    """Choose the names that most of the texts have."""
    return shared(names_of(article, tag) for article in own)[:_NAMES]


def _with_absent(story: Story, earlier: Sequence[Story], absent: tuple[int, ...]) -> Story:
    """Add articles that were not handed in, with what was known of them; voices then are at least so many."""
    if not absent:
        return story
    both = [story, *earlier]
    return replace(
        story,
        articles=absent + story.articles,
        outlets=tuple({outlet.key: outlet for one in reversed(both) for outlet in reversed(one.outlets)}.values())[
            ::-1
        ],
        separate_owners=max(one.separate_owners for one in both),
        outside_state_control=max(one.outside_state_control for one in both),
        first=min(one.first for one in both if one.first is not None),
        languages=tuple(dict.fromkeys(language for one in both for language in one.languages)),
    )


def _unless_changed(story: Story, before: Story | None) -> Story:
    """Keep the time of the last change where nothing did."""
    if before is not None and replace(story, updated=before.updated) == before:
        return before
    return story
