"""Who finds the names: the configured tagger, and the names that watches look for; one that fails is told."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crawler import plugins
from crawler.errors import PresswatchError
from crawler.plugins import Tagger
from crawler.records import Article, Name, Watch
from digest.names import looked_for, names, watched, written_as

if TYPE_CHECKING:
    from crawler.config import Config, NamesConfig

_log = logging.getLogger(__name__)

#: Names are looked for in so much of a text.
_NAMED_IN = 2500


def plain(settings: NamesConfig) -> Tagger:  # noqa: ARG001  (the face of every tagger)
    """Give our own tagger, which needs no model."""
    return names


def tagger(config: Config | None, watches: Iterable[Watch] = ()) -> Tagger:
    """Give the tagger that the configuration names; where it fails or cannot be had, our own stands in."""
    chosen = names if config is None else _chosen(config.press.names)
    known = watched(watches)

    def tag(text: str, language: str) -> Sequence[Name]:
        found = written_as(known, chosen(text, language))
        return [*found, *looked_for(known, text, found)]

    return tag


def names_of(article: Article, tag: Tagger = names) -> Sequence[Name]:
    """Find the names in an article's beginning; titles are left out: English ones capitalise every word."""
    return tag((article.text or article.lead)[:_NAMED_IN], article.language)


def _chosen(settings: NamesConfig) -> Tagger:
    if settings.tagger == "plain":
        return names
    try:
        make: Tagger = plugins.load("taggers", settings.tagger, settings)
    except PresswatchError as error:
        _log.warning("names are found without the tagger %r: %s", settings.tagger, error)
        return names
    failed = False

    def safe(text: str, language: str) -> Sequence[Name]:
        nonlocal failed
        try:
            return make(text, language)
        except Exception as error:  # noqa: BLE001  (a plug-in may raise anything, and no article may be lost by it)
            if not failed:  # once is enough: it is asked for every text
                _log.warning("the tagger %r failed, names are found without it: %r", settings.tagger, error)
            failed = True
            return names(text, language)

    return safe
