"""Reads what an override of the configuration points at on a page, and tells what it gave and what it did not.

Values are read from the page as it came; then ``remove`` takes elements out of the tree, and of what is left ``body``
gives the text. Where a selector gives nothing, the general way finds the field, and the article's evidence says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lxml import html

from crawler import overrides, selectors
from crawler.extract import authors, dating, refusal
from crawler.extract.dates import Printed, clean, find_spans, read_machine
from crawler.extract.declared import Said
from crawler.extract.lines import read as read_lines
from crawler.extract.lines import squeeze
from crawler.records import Fetched, Override, Source

#: On larger pages selectors take too long: "p:nth-child(5)" takes the square of the number of elements, 1.9 s for these
#: (and 7.4 s for twice as many). Of 948 real pages the largest has 4,687.
_MOST_ELEMENTS = 10_000
#: No further selector is begun after so many seconds of processor time.
_SECONDS = 3.0
_MOST_VALUES = 50
_LONGEST_VALUE = 1_000
#: Elements that are the page itself.
_WHOLE = ("html", "body", "head")


@dataclass(slots=True)
class Overriding:
    """One override at work on one page; without an override it gives nothing and says nothing."""

    override: Override | None
    title: Said | None = None
    #: The lines of the text, and where they are from.
    text: tuple[list[str], str] | None = None
    #: key -> the selector that gave it; for ``remove``: selector -> elements.
    _gave: dict[str, str] = field(default_factory=dict)
    _removed: dict[str, int] = field(default_factory=dict)
    #: Selectors of date and author, each with the values that it found.
    _dates: list[tuple[str, list[str]]] = field(default_factory=list)
    _authors: list[tuple[str, list[str]]] = field(default_factory=list)
    #: The processor time at which no further selector is begun; None before the page was looked at.
    _until: float | None = None
    #: Why its selectors were not all run.
    _stopped: str = ""

    @classmethod
    def of(cls, page: Fetched, url: str, source: Source) -> Overriding:
        """Take the override that a page of a source is to be read with."""
        return cls(overrides.choose(source, url, page.fetched_at) if source.overrides else None)

    def without_effect(self) -> Overriding | None:
        """Give one that only says that its selectors gave nothing; None when they gave nothing anyway."""
        if "title" in self._gave or "body" in self._gave or self._removed:
            return Overriding(self.override, _stopped="with it, the page gave no article")
        return None

    def read(self, tree: html.HtmlElement) -> None:
        """Read the values, take out what is to be removed, and read the text."""
        override = self.override
        if override is None or self._stopped:
            return
        if tree.xpath("count(//*)") > _MOST_ELEMENTS:
            self._stopped = f"the page has more than {_MOST_ELEMENTS} elements"
            return
        self._until = time.process_time() + _SECONDS
        self._read_title(override.title, tree)
        self._dates = [(selector, self._texts(selector, tree, _dated)) for selector in override.date]
        self._authors = [(selector, self._texts(selector, tree, _named)) for selector in override.author]
        for selector in override.remove:
            self._remove(selector, tree)
        self._read_body(override.body, tree)

    def _read_title(self, of: Sequence[str], tree: html.HtmlElement) -> None:
        for selector in of:
            if texts := self._texts(selector, tree, _titled):
                self.title, self._gave["title"] = (texts[0], _evidence(selector)), selector
                return

    def _read_body(self, of: Sequence[str], tree: html.HtmlElement) -> None:
        for selector in of:
            if self._is_late():
                return
            found = [line for element in selectors.find_elements(selector, tree) for line in _shown(element)]
            if refusal.is_text(" ".join(found)):
                self.text, self._gave["body"] = (found, _evidence(selector)), selector
                return

    def signed(self, names: Sequence[str], language: str) -> tuple[tuple[str, ...], str] | None:
        """Give the authors and their evidence; a desk is one, too, when a person pointed at it."""
        for selector, values in self._authors:
            found = authors.choose([(tuple(values), _evidence(selector))], names, language, lambda _: True)
            if found:
                self._gave["author"] = selector
                return found
        return None

    def dated(self, language: str, now: datetime | None) -> tuple[Printed, str] | None:
        """Give the date of publication and its evidence, when it can be read and can be one."""
        for selector, values in self._dates:
            for value in values:
                printed = _date(value, language)
                if printed is not None and dating.believable(printed, now):
                    self._gave["date"] = selector
                    return printed, _evidence(selector)
        return None

    def evidence(self) -> dict[str, str]:
        """Tell which override had its say, what it took out, and for which keys it found nothing."""
        if self.override is None:
            return {}
        told = {"override": f"{overrides.identity(self.override)}, valid until {self.override.valid_until}"}
        if self._removed:
            told["override_removed"] = ", ".join(f"{each} ({count})" for each, count in self._removed.items())
        missed = [key for key in overrides.GIVING if getattr(self.override, key) and key not in self._gave]
        if self._stopped:
            told["override_stopped"] = self._stopped
            missed += ["remove"] if self.override.remove and not self._removed else []
        if missed:
            told["override_missed"] = ", ".join(missed)
        return told

    def version(self) -> str:
        """Name what makes an article another one than without the override: "+override.1f3a9c0d.title.body".

        A text that differs only because of that is no edit of its publisher.
        """
        if self.override is None:
            return ""
        gave = (key for key in ("title", "body") if key in self._gave)
        return ".".join(("+override", overrides.identity(self.override), *gave))

    def _texts(
        self, selector: str, tree: html.HtmlElement, texts: Callable[[html.HtmlElement], list[str]]
    ) -> list[str]:
        """List the texts at which a selector points: those that an XPath gives, or those of elements."""
        if self._is_late():
            return []
        found = [
            squeeze(text[:_LONGEST_VALUE])
            for item in selectors.find(selector, tree)[:_MOST_VALUES]
            for text in ([item] if isinstance(item, str) else texts(item))
        ]
        return [text for text in found if text]

    def _remove(self, selector: str, tree: html.HtmlElement) -> None:
        if self._is_late():
            return
        found = removable(selector, tree)
        for element in found:
            element.drop_tree()
        if found:
            self._removed[selector] = len(found)

    def _is_late(self) -> bool:
        if self._until is not None and time.process_time() > self._until:
            self._stopped = f"its selectors took more than {_SECONDS:g} s"
        return bool(self._stopped)


def removable(selector: str, tree: html.HtmlElement) -> list[html.HtmlElement]:
    """List the elements that a selector finds, but not the page itself."""
    found = selectors.find_elements(selector, tree)
    return [element for element in found if element.getparent() is not None and element.tag not in _WHOLE]


def _evidence(selector: str) -> str:
    return f"override {selector}"


def _titled(element: html.HtmlElement) -> list[str]:
    return [element.get("content") or " ".join(line.text for line in read_lines(element))]


def _named(element: html.HtmlElement) -> list[str]:
    content = element.get("content")
    return [content] if content else [line.text for line in read_lines(element)]


def _dated(element: html.HtmlElement) -> list[str]:
    """Give what an element writes for machines before what it shows."""
    machine = [element.get(name) or "" for name in ("content", "datetime", "title")]
    return [*machine, " ".join(line.text for line in read_lines(element))]


def _shown(element: html.HtmlElement) -> list[str]:
    """List the lines of an element; those that are hidden only where all are."""
    found = list(read_lines(element))
    return [line.text for line in found if not line.block.hidden] or [line.text for line in found]


def _date(value: str, language: str) -> Printed | None:
    printed = read_machine(value)
    if printed is not None:
        return printed
    spans = find_spans(clean(value), language, short_years=True)
    return spans[0][2] if spans else None
