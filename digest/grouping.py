"""Stories: which articles tell of one event, under ids that stay, and what may be said of each. Pure.

Copies are folded first: a copy goes where its original goes. What remains is clustered, language by language, or put
to the stories that are there; and what came of it is matched with the stories of the last time: the greatest overlap
keeps the id.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

from crawler import packs, precedence, shingles, templates, tokens
from crawler.archive import Bag, Move
from crawler.languages import primary
from crawler.plugins import Tagger
from crawler.query import published_at
from crawler.records import Article, Control, Name, Outlet, Source, Story
from digest import clusters
from digest.names import names, shared
from digest.summary import summarise
from digest.tagging import names_of
from digest.vectors import stems

#: Grows whenever the same text gives another bag.
BAGS = 1000 * tokens.VERSION + 2
#: What of a text is compared: the title twice and the beginning.
_WORDS = 1200
_CHARACTERS = 9000
#: By so many words a text tells whether it is written with spaces.
_SEEN = 100
_DIGIT, _DECIMAL = re.compile(r"\d"), re.compile(r"\d+[.,]\d+")
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
class Told:
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
    """Put every article that is in hand into one story, and tell the stories.

    A previous story of which nothing is handed in is left as it is; what stories have beside what is handed in is left
    in them, and nothing is told of it.
    """
    told = fold(articles)
    groups = cluster(told, bags(told))
    named = Naming([_members(each) for each in groups], previous, next_id)
    before = {story.id: story for story in previous}
    stories = []
    for texts, identity, absent in zip(groups, named.ids, named.absent, strict=True):
        story = tell(identity, texts, sources, now, tag)
        story = replace(story, articles=(*sorted(absent), *story.articles))
        stories.append(unless_changed(story, before.get(identity)))
    stories += [replace(before[id_], articles=tuple(sorted(rest))) for id_, rest in named.staying.items()]
    return Grouping(tuple(sorted(stories, key=lambda story: story.id)), tuple(named.moves))


def _members(texts: Iterable[Told]) -> set[int]:
    return {article.id or 0 for text in texts for article in text.carried}


# Which texts belong together.


def fold(articles: Iterable[Article]) -> list[Told]:
    """Put copies to their originals; copies of an original that is not here stand together for it."""
    known = {article.id or 0: article for article in articles}
    carried: dict[int, list[Article]] = defaultdict(list)
    for article in sorted(known.values(), key=order):
        carried[root(article, known)].append(article)
    return [Told(known.get(origin, those[0]), tuple(those)) for origin, those in carried.items()]


def root(article: Article, known: Mapping[int, Article]) -> int:
    """Name the article that a text goes back to, through copies of copies."""
    seen: set[int] = set()
    origin = article.id or 0
    while article.is_folded and origin not in seen:
        seen.add(origin)
        origin = article.copy_of or 0
        if origin not in known:
            break
        article = known[origin]
    # Articles that call one another copies have no original: the first of them stands for all.
    return min(seen) if origin in seen else origin


def cluster(texts: Iterable[Told], words: Mapping[int, Bag]) -> list[list[Told]]:
    """Put texts that tell of one event together; ``words`` has the bag of each text's article."""
    groups = []
    for those in _by_language(texts):
        found = clusters.cluster([clusters.Text(words[text.article.id or 0], day(text.article)) for text in those])
        groups += [[those[number] for number in numbers] for numbers in found]
    return sorted(groups, key=lambda group: min(order(text.article) for text in group))


def bags(texts: Iterable[Told]) -> dict[int, Bag]:
    """Make the bags of texts that are in hand."""
    texts = list(texts)
    behind_walls = walls(texts)
    return {text.article.id or 0: bag(text.article, wall=text.article.id in behind_walls) for text in texts}


def bag(article: Article, *, wall: bool = False) -> Bag:
    """Weigh the words of an article: the title twice and the beginning, or nothing but the title."""
    text = "" if wall else (article.text or article.lead)[:_CHARACTERS]
    words = stems(f"{article.title} {article.title} {text}"[:_CHARACTERS], article.language, _WORDS)
    title = stems(article.title, article.language)
    words += dict.fromkeys(_DECIMAL.findall(f"{article.title} {text}"))
    names = {*stems(" ".join({*templates.names(text)}), article.language)}.intersection(words)
    numbers = {word for word in {*words} if _DIGIT.search(word)}
    # Korean is cut into pairs of letters as well, but of one word each: it has spaces.
    unspaced = 2 * sum(map(shingles.is_unspaced, words[:_SEEN])) > len(words[:_SEEN])
    return clusters.bag(words, names, numbers, {*title}.intersection(words[2 * len(title) :]), unspaced=unspaced)


def walls(texts: Iterable[Told]) -> set[int]:
    """Find the articles whose text stands under several titles though none is a copy: only their titles tell."""
    titles: dict[str, dict[int, str]] = defaultdict(dict)
    for text in texts:
        titles[text.article.text_sha256 or text.article.text][text.article.id or 0] = text.article.title
    return {id_ for those in titles.values() if len(set(those.values())) >= _WALL for id_ in those}


def _by_language(texts: Iterable[Told]) -> list[list[Told]]:
    found: dict[str, list[Told]] = defaultdict(list)
    for text in sorted(texts, key=lambda text: order(text.article)):
        found[language(text.article)].append(text)
    return [found[code] for code in sorted(found)]


def language(article: Article) -> str:
    """Give the language within which an article is compared."""
    return primary(article.language)


def day(article: Article) -> float | None:
    """Tell when an article was published, in days; None where nobody knows, which separates it from nothing."""
    at = published_at(article)
    return None if at is None else days(at)


def days(at: datetime) -> float:
    """Count the days until a time since a fixed moment."""
    return (at - _EPOCH).total_seconds() / 86400


def order(article: Article) -> tuple[datetime, int]:
    """Order articles by time: published where that is known, else first seen."""
    return published_at(article) or article.first_seen or datetime.max.replace(tzinfo=UTC), article.id or 0


# Which story it is.


class Naming:
    """Gives groups of articles the ids of the stories that they go on from."""

    def __init__(self, groups: Sequence[set[int]], previous: Sequence[Story], next_id: int) -> None:
        self._groups = groups
        home = {article: story.id for story in previous for article in story.articles}
        #: For each group: the stories that its articles were in, with the number of them.
        self._from = [Counter(home[article] for article in group if article in home) for group in groups]
        self.ids = self._give_ids(next_id)
        #: What became of each story that has articles here.
        self._now = self._heirs()
        #: Stories that go on in no group and of which more was not handed in than was: that stays in them.
        self.staying = self._find_staying(previous)
        self.moves = self._find_moves()
        #: For each group: the articles that were not handed in and stay with it.
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

    def _find_staying(self, previous: Sequence[Story]) -> dict[int, set[int]]:
        here = set().union(*self._groups)
        staying = {}
        for story in previous:
            absent = set(story.articles) - here
            if story.id in self._now and story.id not in self.ids and 2 * len(absent) > len(story.articles):
                staying[story.id] = absent
                del self._now[story.id]
        return staying

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

    def _find_absent(self, previous: Sequence[Story]) -> list[set[int]]:
        here = set().union(*self._groups)
        absent: list[set[int]] = [set() for _ in self._groups]
        for story in previous:
            if story.id in self._now:
                absent[self._now[story.id]] |= set(story.articles) - here
        return absent


# What is told of it.


def tell(
    identity: int, texts: Sequence[Told], sources: Mapping[str, Source], now: datetime, tag: Tagger = names
) -> Story:
    """Say of a group of texts what a story says; withdrawn articles are in it, but nothing is told of them."""
    articles = sorted((article for text in texts for article in text.carried), key=order)
    standing = [still for text in texts if (still := _standing(text)) is not None] or list(texts)
    own = sorted((_teller(text) for text in standing), key=lambda article: _worth(article, sources))
    voices = _voices(standing, sources)
    carried = [article for text in standing for article in text.carried]
    times = [order(article)[0] if article.first_seen or published_at(article) else now for article in carried]
    named = _names(own[:_READ], tag)
    return Story(
        id=identity,
        title=next((article.title for article in own if article.title), ""),
        articles=tuple(article.id or 0 for article in articles),
        summary=summarise(own[:_READ]),
        outlets=_outlets(standing, sources),
        separate_owners=len(voices),
        outside_state_control=sum(control in ("public", "private") for control in voices.values()),
        under_state_control=sum(control == "state" for control in voices.values()),
        first=min(times),
        last=max(times),
        languages=tuple(dict.fromkeys(article.language for article in articles if article.language)),
        names=tuple(name.text for name in named),
        people=tuple(name.text for name in named if name.kind == "person"),
        organisations=tuple(name.text for name in named if name.kind == "organisation"),
        places=tuple(name.text for name in named if name.kind == "place"),
        updated=now,
    )


def _standing(text: Told) -> Told | None:
    """Leave out of a text who has withdrawn it; None where everybody has."""
    carried = tuple(article for article in text.carried if article.withdrawn_at is None)
    return Told(text.article, carried) if carried else None


def _teller(text: Told) -> Article:
    """Choose who is quoted with a text: its origin, unless that was withdrawn."""
    return text.article if text.article in text.carried else text.carried[0]


def _worth(article: Article, sources: Mapping[str, Source]) -> tuple[bool, bool, bool, tuple[datetime, int]]:
    """Rank articles: a text in full, from whoever wrote it, the earliest first."""
    source = sources.get(article.source)
    republished = source is not None and source.kind == "republisher"
    return article.is_folded, article.completeness != "full", republished, order(article)


def _outlets(texts: Sequence[Told], sources: Mapping[str, Source]) -> tuple[Outlet, ...]:
    """List who carried it: those with a text of their own first, in order of time."""
    own = sorted((_teller(text) for text in texts), key=order)
    carried = sorted((article for text in texts for article in text.carried), key=order)
    first = {article.source: article for article in reversed([*own, *carried])}
    keys = dict.fromkeys(article.source for article in [*own, *carried])
    return tuple(_outlet(first[key], sources) for key in keys)


def _outlet(article: Article, sources: Mapping[str, Source]) -> Outlet:
    source = sources.get(article.source)
    if source is None:
        return Outlet(article.source, article.carried_by or article.source)
    return Outlet(source.key, source.name, source.kind, source.control, source.country, source.owner)


def _voices(texts: Iterable[Told], sources: Mapping[str, Source]) -> dict[str, Control]:
    """Name the owners who told it in a text of their own, and who controls them as far as that is known.

    A text that names another outlet as its origin is that outlet's voice, whoever carried it. Where nothing tells who
    of several had a text first, and it matters, nobody's control is claimed.
    """
    by_name = {precedence.identity(source.name): source for source in sources.values() if source.name}
    voices: dict[str, Control] = {}
    for text in texts:
        owner, control = _voice(text.article, sources, by_name)
        for copy in text.carried:
            unproven = copy is not text.article and precedence.proof(copy, text.article) == "open"
            if unproven and _voice(copy, sources, by_name)[1] != control:
                control = "unknown"
        # An owner who is known to be under state control is so in every text.
        if voices.get(owner) != "state":
            voices[owner] = control
    return voices


def _voice(article: Article, sources: Mapping[str, Source], by_name: Mapping[str, Source]) -> tuple[str, Control]:
    """Name the owner whose voice an article is, and its control."""
    own = sources.get(article.source)
    credit = article.credited_to or ""
    if not credit or precedence.names(credit, own.name if own is not None else article.carried_by):
        return (article.source, "unknown") if own is None else (own.owner.casefold() or own.key, own.control)
    whole = precedence.identity(credit)
    parts = [whole] if whole in by_name else [precedence.identity(name) for name in precedence.listed(credit)]
    origins = [by_name.get(part) or _catalogued().get(part) for part in parts]
    known = [origin for origin in origins if origin is not None]
    if not known:
        return parts[0] if parts else credit.casefold(), "unknown"
    agreed = {origin.control for origin in known} if len(known) == len(parts) else set()
    return known[0].owner.casefold() or known[0].key, agreed.pop() if len(agreed) == 1 else "unknown"


@cache
def _catalogued() -> Mapping[str, Source]:
    """Give the outlets that our packs know, by their names: a credit may name one that is not watched."""
    return {precedence.identity(source.name): source for source in packs.catalogue().values() if source.name}


def _names(own: Iterable[Article], tag: Tagger) -> list[Name]:
    """Choose the names that most of the texts have."""
    return shared(names_of(article, tag) for article in own)[:_NAMES]


def unless_changed(story: Story, before: Story | None) -> Story:
    """Keep the time of the last change where nothing did."""
    if before is not None and replace(story, updated=before.updated) == before:
        return before
    return story
