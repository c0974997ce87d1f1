"""What readers were told last of what people judged is true, or the next edition takes it back."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import combinations, product

import pytest

from crawler.archive import Archive, Kept, open_archive
from crawler.records import CopyOf, Story
from digest import edition, errata, judging
from digest.content import EditionContent, Erratum, Item
from digest.items import Scene, Told
from digest.oneness import articles_told
from tests.archive_sample import HERALD, HOUR, NOW, POST, article, keep
from tests.edition_sample import Press, a_morning

ARTICLES = (1, 2, 3, 4, 5)
_NOTHING = edition.choose(Press().material())
_ITEM = edition.choose(a_morning()).items[0]


class Desk:
    """An archive in which people judge, the editions of a plan, and what its readers know."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.now = NOW
        self.earlier: list[EditionContent] = []
        #: Pair of articles -> whether they are one event; article -> whether it is set aside, and whether it is a copy.
        self.one: dict[tuple[int, int], bool] = {}
        #: The pairs that an erratum told to be two.
        self.parted: set[tuple[int, int]] = set()
        self.aside: dict[int, bool] = {}
        self.copy: dict[int, bool] = {}

    def later(self) -> datetime:
        self.now += HOUR
        return self.now

    def homes(self) -> dict[int, int]:
        return dict(self.archive.stories.homes(ARTICLES))

    def split(self, *out: int) -> None:
        home = self.homes().get(out[0])
        story = None if home is None else self.archive.stories.get(home)
        if story is not None and set(out) < set(story.articles):
            whole = judging.with_copies(self.archive, story, out)
            if len(whole) < len(story.articles):
                judging.split(self.archive, story.id, out, "mei", self.later())

    def merge(self, *articles: int) -> None:
        homes = self.homes()
        stories = list(dict.fromkeys(homes[each] for each in articles if each in homes))
        if len(stories) > 1:
            judging.merge(self.archive, stories, "mei", self.later())

    def mark(self, number: int, kind: str) -> None:
        judging.mark(self.archive, number, "irrelevant" if kind == "irrelevant" else "not-a-copy", "mei", self.later())

    def unmark(self, number: int, kind: str) -> None:
        judging.unmark(
            self.archive, number, "irrelevant" if kind == "irrelevant" else "not-a-copy", "tom", self.later()
        )

    def edit(self, *shown: int) -> list[Erratum]:
        """Make an edition that shows the stories of these articles; give its errata."""
        now = self.later()
        judged = judging.said_of(self.archive, articles_told(self.earlier), now)
        found = errata.found(self.earlier, (), self._scene(), judged)
        homes = self.homes()
        items = [self._item(story) for story in sorted({homes[each] for each in shown if each in homes})]
        head = replace(_NOTHING.masthead, slot=f"{now:%dT%H}", data_until=now)
        made = replace(_NOTHING, masthead=head, top=tuple(items), errata=found)
        self.earlier.insert(0, EditionContent.told(made.to_json()))
        self._learn(items, found)
        return list(found)

    def _scene(self) -> Scene:
        sources = {source.key: source for source in (HERALD, POST)}
        return Scene({}, {}, sources, {}, {}, Told.by(self.earlier), NOW, self.now)

    def _item(self, story: int) -> Item:
        found = self.archive.stories.get(story)
        assert found is not None
        lead = min(found.articles)
        carrier = replace(_ITEM.carrier, article=lead, headline=f"Text {lead}")
        return replace(_ITEM, story=story, articles=found.articles, carrier=carrier)

    def _learn(self, items: Sequence[Item], found: Sequence[Erratum]) -> None:
        """Let readers know what an edition says, and no more."""
        shown = {number: item.story for item in items for number in item.articles}
        for number in shown:
            self.aside[number] = False
            made = self.archive.articles.get(number)
            assert made is not None
            self.copy[number] = made.copy_of is not None
        for pair in combinations(ARTICLES, 2):
            if pair[0] in shown and pair[1] in shown:
                self.one[pair] = shown[pair[0]] == shown[pair[1]]
            elif pair[0] in self.aside and pair[1] in self.aside:
                self.one.setdefault(pair, False)
        for each in found:
            if each.kind in ("set_aside", "reinstated"):
                self.aside[each.article] = each.kind == "set_aside"
            elif each.kind in ("own_text", "a_copy"):
                self.copy[each.article] = each.kind == "a_copy"
            else:
                homes = self.homes()
                assert each.kind == "split" or each.article in each.parts[1]
                assert homes[each.article] in {homes[number] for part in each.parts for number in part}
                for one, other in product(*each.parts):
                    pair = min(one, other), max(one, other)
                    self.one[pair] = each.kind == "merged"
                    self.parted = self.parted | {pair} if each.kind == "split" else self.parted - {pair}

    def _follows(self, low: int, high: int) -> bool:
        """Tell whether two texts are one for readers because both are one with a third, and no erratum parted them."""
        if (low, high) in self.parted:
            return False
        here = self.homes().keys()
        one = [pair for pair, known in self.one.items() if known and here >= set(pair)]
        event = {low}
        for _ in ARTICLES:
            event |= {each for pair in one if not event.isdisjoint(pair) for each in pair}
        return high in event

    def _is_said(self, low: int, high: int) -> bool:
        """Tell whether people or errata said anything of two texts; else the machine put them together."""
        rulings = (parts for _, parts in self.archive.judgements.rulings(self.now))
        sides = [[{low, high} & set(part) for part in parts] for parts in rulings]
        return (low, high) in self.parted or any(
            [{low}, {high}] == sorted(filter(None, each), key=min) for each in sides
        )

    def check(self) -> None:
        """Compare what readers know with what is so."""
        homes = self.homes()
        for (low, high), known in self.one.items():
            if low in homes and high in homes:
                told = known or self._follows(low, high)
                are_one = homes[low] == homes[high]
                assert told == are_one or (are_one and not self._is_said(low, high)), (low, high)
        irrelevant = self.archive.judgements.irrelevant()
        assert {number for number, known in self.aside.items() if known} == irrelevant & self.aside.keys()
        for number, known in self.copy.items():
            made = self.archive.articles.get(number)
            assert made is not None
            assert known == (made.copy_of is not None), number


@pytest.fixture
def desk() -> Iterator[Desk]:
    """Hold three stories, of which the first has two texts and a copy; readers know all of them."""
    with open_archive("sqlite://") as archive:
        yield seated(archive)


def seated(archive: Archive) -> Desk:
    archive.sources.sync([HERALD, POST], NOW)
    keep(archive, article(), article("https://post.test/2", source="post", title="Ships enter", text="Ships entered."))
    copy = article("https://post.test/3", source="post", published_utc=NOW)
    archive.articles.keep([Kept(copy, copy=CopyOf(1, "full", 0.9))], NOW)
    keep(archive, article("https://post.test/4", source="post", title="Bank raises rates", text="The bank acted."))
    keep(archive, article("https://post.test/5", source="post", title="Ferry sails", text="It sailed at noon."))
    stories = [Story(1, "Harbour", (1, 2, 3)), Story(2, "Bank", (4,)), Story(3, "Ferry", (5,))]
    archive.stories.write(stories, [], NOW)
    found = Desk(archive)
    found.edit(*ARTICLES)
    return found


Act = Callable[[Desk], object]
#: What people say, edition by edition, and the errata that each of these editions tells.
SEQUENCES: dict[str, tuple[list[list[Act]], list[list[str]]]] = {
    "a merge and its split": (
        [[lambda d: d.merge(1, 4)], [lambda d: d.split(4)], []],
        [["merged"], ["split"], []],
    ),
    "a split and its merge": (
        [[lambda d: d.split(2)], [lambda d: d.merge(1, 2)], []],
        [["split"], ["merged"], []],
    ),
    "a split, its merge and a split again": (
        [[lambda d: d.split(2)], [lambda d: d.merge(1, 2)], [lambda d: d.split(2)]],
        [["split"], ["merged"], ["split"]],
    ),
    "no copy, and a copy after all": (
        [[lambda d: d.mark(3, "not-a-copy")], [lambda d: d.unmark(3, "not-a-copy")], []],
        [["own_text"], ["a_copy"], []],
    ),
    "what is said and taken back between two editions": (
        [
            [lambda d: d.merge(1, 4), lambda d: d.split(4)],
            [lambda d: d.split(2), lambda d: d.merge(1, 2)],
            [lambda d: d.mark(3, "not-a-copy"), lambda d: d.unmark(3, "not-a-copy")],
        ],
        [[], [], []],
    ),
    "what is taken back and said again between two editions": (
        [
            [lambda d: d.merge(1, 4), lambda d: d.mark(3, "not-a-copy")],
            [
                lambda d: d.split(4),
                lambda d: d.merge(1, 4),
                lambda d: d.unmark(3, "not-a-copy"),
                lambda d: d.mark(3, "not-a-copy"),
            ],
        ],
        [["merged", "own_text"], []],
    ),
    "three stories that become one, of which one goes again": (
        [[lambda d: d.merge(1, 4, 5)], [lambda d: d.split(4)], []],
        [["merged", "merged"], ["split"], []],
    ),
    "one after the other into a story": (
        [[lambda d: d.merge(1, 4)], [lambda d: d.merge(1, 5)], []],
        [["merged"], ["merged"], []],
    ),
    "split while it was set aside": (
        [
            [lambda d: d.merge(1, 4)],
            [lambda d: d.mark(4, "irrelevant")],
            [lambda d: d.unmark(4, "irrelevant"), lambda d: d.split(4)],
            [],
        ],
        [["merged"], ["set_aside"], ["reinstated", "split"], []],
    ),
    "shown as its own text, and a copy after all": (
        [[lambda d: d.mark(3, "not-a-copy"), lambda d: d.edit(1)], [lambda d: d.unmark(3, "not-a-copy")]],
        [[], ["a_copy"]],
    ),
}


@pytest.mark.parametrize("name", SEQUENCES)
def test_what_people_take_back_is_taken_back_in_the_next_edition(desk: Desk, name: str) -> None:
    acts, wanted = SEQUENCES[name]
    told = []
    for those in acts:
        for act in those:
            act(desk)
        told.append(sorted(each.kind for each in desk.edit()))
        desk.check()

    assert wanted == told


def test_what_is_taken_back_names_both_events_and_the_edition_that_told_it(desk: Desk) -> None:
    desk.merge(1, 4)
    (merged,) = desk.edit()
    slot = desk.earlier[0].masthead.slot
    desk.split(4)
    (split,) = desk.edit()

    assert ("Bank raises rates", "Harbour reopens after the storm", ((1, 2, 3), (4,))) == (
        merged.after,
        merged.before,
        merged.parts,
    )
    assert ("Bank raises rates", "Harbour reopens after the storm", slot) == (split.after, split.before, split.slot)
    assert split.by_editors


def test_a_text_that_no_edition_folds_again_stays_a_text_of_its_own(desk: Desk) -> None:
    """Its original was forgotten: there is nothing of which it could be a copy."""
    desk.mark(3, "not-a-copy")
    desk.edit()
    original = desk.archive.articles.get(1)
    assert original is not None
    desk.archive.articles.forget(1, desk.now)
    desk.unmark(3, "not-a-copy")

    assert [] == desk.edit()


def test_an_edition_of_which_the_errata_named_no_articles_is_read(desk: Desk) -> None:
    """So were they kept before; what they told may be told once more."""
    desk.merge(1, 4)
    desk.edit()
    old = json.loads(desk.earlier[0].to_json())
    del old["errata"][0]["parts"]
    desk.earlier[0] = EditionContent.from_json(json.dumps(old))

    assert [["merged"], []] == [[each.kind for each in desk.edit()] for _ in range(2)]


def test_whatever_people_say_readers_know_it_after_the_next_edition_and_nothing_is_told_twice() -> None:
    for seed in range(8):
        chance = random.Random(seed)
        with open_archive("sqlite://") as archive:
            desk = seated(archive)
            for _ in range(8):
                for _ in range(chance.choice((1, 1, 2, 4))):
                    _judge(desk, chance)
                desk.edit(*chance.sample(ARTICLES, chance.choice((0, 0, 1, 3))))
                desk.check()
                assert [] == desk.edit(), seed


def _judge(desk: Desk, chance: random.Random) -> None:
    one, other, third = chance.sample(ARTICLES, 3)
    kind = chance.choice(("irrelevant", "not-a-copy"))
    made = desk.archive.articles.get(one)
    assert made is not None
    act = chance.choice(("split", "split", "merge", "merge", "mark", "unmark"))
    if act == "split":
        desk.split(one, *([other] if chance.random() < 0.3 else []))
    elif act == "merge":
        desk.merge(one, other, *([third] if chance.random() < 0.3 else []))
    elif act == "unmark":
        desk.unmark(one, kind)
    elif kind == "irrelevant" or made.copy_of is not None:
        desk.mark(one, kind)


def test_editions_of_a_plan_that_begins_say_nothing_of_what_people_said(desk: Desk) -> None:
    desk.earlier.clear()
    desk.merge(1, 4)

    assert [] == desk.edit()
