"""What machines add to an edition: a summary of their own, a translation; marked as such, never evidence, never a gate.

Both come from plug-ins that may ask another machine. They are asked after the edition was chosen, a bounded number of
times and for a bounded time; what fails leaves the edition as it was, and the edition says so.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from crawler import plugins
from crawler.errors import PluginError, PresswatchError
from crawler.languages import primary
from crawler.records import Article
from digest.content import EditionContent, Item, MachineText, Statement, Translation, clean, clip

if TYPE_CHECKING:
    from crawler.config import Config, SummaryConfig, TranslationConfig
    from crawler.plugins import Summariser, Translator

T = TypeVar("T")

_log = logging.getLogger(__name__)

#: All calls of one edition together may take so long, in seconds; a run's lease is longer.
_PATIENCE = 120.0
#: A plug-in that failed so often in a row is not asked any more for this edition.
_FAILURES = 2
_SUMMARY, _HEADLINE, _SENTENCE = 700, 300, 600
#: So many articles of a story are handed to a summariser.
_ARTICLES = 6


def enrich(
    content: EditionContent,
    articles: Mapping[int, Article],
    config: Config,
    clock: Callable[[], float] = time.monotonic,
) -> EditionContent:
    """Add machine summaries to the top stories and translations to all that stand in another language."""
    if not _is_wanted(config) or not content.items:
        return content
    told = _Telling(articles, config, content.masthead.language, clock)
    top = tuple(told(item, top=True) for item in content.top)
    sections = tuple(
        replace(section, items=tuple(told(item, top=False) for item in section.items)) for section in content.sections
    )
    return replace(content, top=top, sections=sections, machine=told.faults())


def enrich_top(
    items: Sequence[Item], language: str, articles: Mapping[int, Article], config: Config
) -> tuple[tuple[Item, ...], tuple[Statement, ...]]:
    """Add the same to stories that stand in no edition; give them with what is to be said of it."""
    if not _is_wanted(config) or not items:
        return tuple(items), ()
    told = _Telling(articles, config, language, time.monotonic)
    return tuple(told(item, top=True) for item in items), told.faults()


def _is_wanted(config: Config) -> bool:
    return bool(config.press.summary.summariser or config.press.translation.translator)


class _Telling:
    """Adds to one item after the other what machines make of it."""

    def __init__(
        self, articles: Mapping[int, Article], config: Config, language: str, clock: Callable[[], float]
    ) -> None:
        press, until = config.press, clock() + _PATIENCE
        self._press, self._articles, self._language = press, articles, language
        self._summaries = _Asking(press.summary.summariser, press.summary.calls, until, clock)
        self._translations = _Asking(press.translation.translator, press.translation.calls, until, clock)
        self._summariser: Summariser | None = self._summaries.load("summarisers", press.summary)
        self._translator: Translator | None = self._translations.load("translators", press.translation)

    def __call__(self, item: Item, *, top: bool) -> Item:
        press, language = self._press, self._language
        if self._summariser is not None and top:
            summary = _summary(item, self._articles, language, self._summariser, press.summary, self._summaries)
            item = replace(item, machine=summary)
        if self._translator is not None:
            translated = _translation(
                item, language, self._translator, press.translation, self._translations, whole=top
            )
            item = replace(item, translation=translated)
        return item

    def faults(self) -> tuple[Statement, ...]:
        """Say what failed and what was left out."""
        return (*self._summaries.told("machine.summaries"), *self._translations.told("machine.translations"))


def _summary(
    item: Item,
    articles: Mapping[int, Article],
    language: str,
    summariser: Summariser,
    settings: SummaryConfig,
    asking: _Asking,
) -> MachineText | None:
    known = [articles[number] for number in item.articles if number in articles]
    own = [one for one in known if not one.is_folded and one.withdrawn_at is None and one.text]
    # The headline's article first: what is said of a story begins with it.
    own.sort(key=lambda one: one.id != item.carrier.article)
    if not own:
        return None
    said = asking.ask(lambda: summariser(own[:_ARTICLES], language))
    text = clip(clean(said or ""), _SUMMARY)
    return MachineText(text, clean(settings.model) or settings.summariser) if text else None


def _translation(
    item: Item,
    language: str,
    translator: Translator,
    settings: TranslationConfig,
    asking: _Asking,
    *,
    whole: bool,
) -> Translation | None:
    """Translate what stands in another language: the headline, and in a top story the sentences."""
    source, target = primary(item.carrier.language), primary(language)
    if not source or source == target:
        return None
    # Sentences in other languages than the headline's stay as they are: nobody is asked twice for one story.
    quotes = [quote.text for quote in item.quotes if primary(quote.language) == source] if whole else []
    texts = [item.carrier.headline, *quotes]
    said = asking.ask(lambda: _as_many(translator(texts, source, target), texts))
    if not said or not (headline := clip(clean(said[0]), _HEADLINE)):
        return None
    sentences = tuple(clip(clean(text), _SENTENCE) for text in said[1:])
    return Translation(headline, tuple(filter(None, sentences)), clean(settings.model) or settings.translator)


def _as_many(found: Sequence[str], texts: Sequence[str]) -> list[str]:
    if len(found) != len(texts) or not all(isinstance(text, str) for text in found):
        raise PluginError(f"{len(texts)} texts were to be translated, {len(found)} came back")
    return list(found)


@dataclass(slots=True)
class _Asking:
    """Asks one plug-in for an edition, and stops where it costs too much or fails again and again."""

    name: str
    calls: int
    until: float
    clock: Callable[[], float]
    failed: int = 0
    in_a_row: int = 0
    #: Stories for which it was not asked any more.
    left_out: int = 0

    def load(self, group: plugins.Group, settings: object) -> Any:
        """Make the plug-in; None when there is none, or when it cannot be made, which is told."""
        if not self.name:
            return None
        try:
            return plugins.load(group, self.name, settings)
        except PresswatchError as error:
            _log.warning("%s", error)
            self.failed += 1
            return None

    def ask(self, call: Callable[[], T]) -> T | None:
        """Ask once; None when that fails or when it is not asked any more."""
        if self.in_a_row >= _FAILURES or self.calls <= 0 or self.clock() >= self.until:
            self.left_out += 1
            return None
        self.calls -= 1
        try:
            found = call()
        except Exception as error:  # noqa: BLE001  (a plug-in may raise anything, and no digest may be lost by it)
            _log.warning("%s failed: %s", self.name, error if isinstance(error, PresswatchError) else repr(error))
            self.failed += 1
            self.in_a_row += 1
            return None
        self.in_a_row = 0
        return found

    def told(self, key: str) -> list[Statement]:
        """Say in the edition what failed and what was left out."""
        faults = [Statement(f"{key}.failed", {"n": self.failed})] if self.failed else []
        return [*faults, *([Statement(f"{key}.left_out", {"n": self.left_out})] if self.left_out else [])]
