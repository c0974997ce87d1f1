"""Whatever happens to an archive, and in whatever order: after each grouping its stories are what they must be."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.archive import Archive, Kept, open_archive, rechecks
from crawler.errors import UsageError
from crawler.records import Article, Control, CopyKind, CopyOf, JudgementKind, Story
from digest import judging, regrouping, tagging
from digest.regrouping import keep_up, regroup
from tests.test_regrouping import NOW, SOURCES, words

EVENTS = ("strike", "siege", "parade", "flood")
TELLERS = tuple(source.key for source in SOURCES)
LANGUAGES = ("en", "en", "en", "en", "en", "ru", "")
#: Hours before now at which something was published; None: nobody knows.
LATE = (None, 0, 0, 0, 1, 1, 30, 30, 100, 170, 200, 400, 500, 2000, 9000, -200)
KINDS: tuple[CopyKind, ...] = ("full", "partial", "quoted-in")
MARKS: tuple[JudgementKind, ...] = ("irrelevant", "not-a-copy")


class Press:
    """An archive to which everything happens that can, as chance has it."""

    def __init__(self, archive: Archive, chance: random.Random) -> None:
        self.archive = archive
        self.chance = chance
        self.now = NOW
        self.number = 0
        self.articles: list[int] = []
        #: Every id that was ever given, and those that were there the last time with their articles.
        self.ids: set[int] = set()
        self.alive: dict[int, set[int]] = {}
        archive.sources.sync(SOURCES, NOW)

    def goes_on(self) -> None:
        """Let something happen, the more often the greater its number here."""
        happens: dict[Callable[[], None], int] = {
            self.comes: 8,
            self.copy_comes: 3,
            self.is_found_to_be_a_copy: 3,
            self.is_revised: 2,
            self.is_withdrawn: 2,
            self.is_back: 1,
            self.is_marked: 3,
            self.is_unmarked: 2,
            self.is_dated: 1,
            self.is_not_dated: 1,
            self.is_split: 2,
            self.are_merged: 2,
            self.is_forgotten: 1,
            self.old_ones_are_pruned: 1,
            self.source_becomes_known: 1,
            self.time_goes_on: 2,
            self.is_grouped: 7,
        }
        one = self.chance.choices([*happens], [*happens.values()])[0] if len(self.articles) > 3 else self.comes
        one()

    # What happens.

    def comes(self) -> None:
        self._keep(self._article(self.chance.choice(EVENTS), self.chance.choice(LANGUAGES)))

    def copy_comes(self) -> None:
        original = self._one()
        made = self._article("copy", original.language)
        copy = CopyOf(original.id or 0, self.chance.choice(KINDS), 0.9)
        self._keep(replace(made, text=original.text), copy)

    def is_found_to_be_a_copy(self) -> None:
        copy, original = self.chance.sample(self.articles, 2)
        self.archive.articles.fold(copy, CopyOf(original, self.chance.choice(KINDS), 0.9), self.now)

    def is_revised(self) -> None:
        self._keep(replace(self._one(), text=self._text(self.chance.choice(EVENTS), "revised"), id=None))

    def is_withdrawn(self) -> None:
        self.archive.articles.withdraw(self._id(), self.now, "404")

    def is_back(self) -> None:
        with self.archive.writing():
            rechecks.restore(self.archive.articles._store, self._id(), self.now)

    def is_marked(self) -> None:
        one, kind = self._one(), self.chance.choice(MARKS)
        if kind == "irrelevant" or one.copy_of is not None:
            self.archive.judgements.mark(one.id or 0, kind, "ann", self.now)

    def is_unmarked(self) -> None:
        self.archive.judgements.unmark(self._id(), self.chance.choice(MARKS), "ann", self.now)

    def is_dated(self) -> None:
        date = self.now - timedelta(days=self.chance.choice([0, 1, 6, 9, 30, 400]))
        self.archive.judgements.correct_date(self._id(), date.isoformat(timespec="minutes"), "ann", self.now)

    def is_not_dated(self) -> None:
        self.archive.judgements.uncorrect(self._id(), "date", "ann", self.now)

    def is_split(self) -> None:
        some = {self._id(), self._id()}
        story = self.archive.stories.of(min(some))
        if story is not None:
            with suppress(UsageError):
                judging.split(self.archive, story, sorted(some), "ann", self.now)
            self._note()

    def are_merged(self) -> None:
        stories = {self.archive.stories.of(self._id()) or 0 for _ in range(2)} - {0}
        if len(stories) == 2:
            judging.merge(self.archive, sorted(stories), "ann", self.now)
            self._note()

    def is_forgotten(self) -> None:
        gone = self._id()
        self.archive.articles.forget(gone, self.now)
        self.articles.remove(gone)

    def old_ones_are_pruned(self) -> None:
        self.archive.prune(self.now - timedelta(days=self.chance.choice([20, 60])))
        self.articles = [each.id or 0 for each in self.archive.articles.many(self.articles)]

    def source_becomes_known(self) -> None:
        control: Control = self.chance.choice(["state", "private"])
        changed = replace(SOURCES[1], control=control, owner=self.chance.choice(["Holding", "Other"]))
        self.archive.sources.sync([SOURCES[0], changed, *SOURCES[2:]], self.now)

    def time_goes_on(self) -> None:
        """It may also be put back."""
        self.now += timedelta(hours=self.chance.choice([1, 7, 24, 100, 400, -30]))

    def is_grouped(self) -> None:
        group = self.chance.choice([keep_up, regroup])
        group(self.archive, self.now)
        self.check()
        assert group(self.archive, self.now) == 0

    # What must be.

    def check(self) -> None:
        archive = self.archive
        found = {each.id or 0: each for each in archive.articles.many(self.articles)}
        stories = archive.stories.list()
        irrelevant = archive.judgements.irrelevant()
        home = {article: story.id for story in stories for article in story.articles}
        told = [article for story in stories for article in story.articles]
        assert len(told) == len(set(told))
        assert irrelevant.isdisjoint(home)
        standing = {id_ for id_, each in found.items() if each.withdrawn_at is None and id_ not in irrelevant}
        assert standing <= {*home}, standing - {*home}
        self._check_judged(home)
        self._check_copies(found, home)
        self._check_ids(stories, home)
        self._check_told(stories)

    def _check_judged(self, home: dict[int, int]) -> None:
        constraints = self.archive.judgements.constraints()
        for one, other in constraints.together:
            assert one not in home or other not in home or home[one] == home[other]
        for one, other in constraints.apart:
            assert one not in home or other not in home or home[one] != home[other]

    def _check_copies(self, found: dict[int, Article], home: dict[int, int]) -> None:
        constraints = self.archive.judgements.constraints()
        spoken = {article for pair in (*constraints.apart, *constraints.together) for article in pair}
        for id_, each in found.items():
            if each.is_folded and each.copy_of in home and id_ in home and each.withdrawn_at is None:
                assert home[id_] == home[each.copy_of] or not spoken.isdisjoint((id_, each.copy_of))

    def _check_ids(self, stories: list[Story], home: dict[int, int]) -> None:
        assert all(story.id in self.ids or story.id > max(self.ids, default=0) for story in stories)
        for id_, articles in self.alive.items():
            if there := {home[article] for article in articles if article in home}:
                answer = self.archive.stories.get(id_)
                split = {
                    move.into for move in self.archive.stories.moves(id_) if (move.kind, move.story) == ("split", id_)
                }
                assert answer is not None
                assert not there.isdisjoint({answer.id, *split})
        self._note()

    def _note(self) -> None:
        self.alive = {story.id: {*story.articles} for story in self.archive.stories.list()}
        self.ids |= {*self.alive}

    def _check_told(self, stories: list[Story]) -> None:
        sources = {source.key: source for source in self.archive.sources.all()}
        tag = tagging.tagger(None, self.archive.watches.all())
        for story in stories:
            told = judging.retold(self.archive, story, sources, self.now, tag)
            assert replace(told, updated=story.updated) == story

    # How it is made.

    def _id(self) -> int:
        return self.chance.choice(self.articles)

    def _one(self) -> Article:
        return self.archive.articles.many([self._id()])[0]

    def _keep(self, article: Article, copy: CopyOf | None = None) -> None:
        (kept,) = self.archive.articles.keep([Kept(article, copy=copy)], self.now)
        if kept.outcome == "new":
            self.articles.append(kept.id)

    def _text(self, event: str, teller: str) -> str:
        return " ".join(words(event, 25) + words(f"{event} {teller} {self.number}", 8)).capitalize() + "."

    def _article(self, event: str, language: str) -> Article:
        self.number += 1
        teller, late = self.chance.choice(TELLERS), self.chance.choice(LATE)
        url, title = f"http://{teller}.example/{self.number}", " ".join(words(event, 4)).capitalize()
        made = Article(url, teller, title, self._text(event, teller), language=language, carried_by=teller)
        if late is None:
            return made
        at = self.now - timedelta(hours=late)
        if self.chance.random() < 0.2:
            return replace(made, published=f"{at:%Y-%m-%d}", published_precision="day")
        return replace(made, published=at.isoformat(), published_utc=at, published_precision="minute")


@pytest.mark.parametrize("busy", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_stories_are_right_whatever_happens(seed: int, busy: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy archive puts what comes to the stories that are there; others cluster it."""
    if busy:
        monkeypatch.setattr(regrouping, "_FEW", 0)
        monkeypatch.setattr(regrouping, "_MUCH", 1.1)
        monkeypatch.setattr(regrouping, "_MUCH_OF_THE_PAST", 1.1 if seed % 2 else 0.5)
    with open_archive("sqlite://") as archive:
        press = Press(archive, random.Random(seed))
        for _ in range(60):
            press.goes_on()
