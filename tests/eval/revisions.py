"""Counts the false revisions: real pages of which only clocks, counters and boxes were altered, read twice.

Beside them the true ones: the same pages with one sentence more, or one number changed.

Example: python -m tests.eval.revisions --set fundus_eval --sample 100
"""

from __future__ import annotations

import argparse
import logging
import random
import re
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lxml import etree, html

from crawler.errors import NoArticle
from crawler.extract import extract
from crawler.rechecks.noise import Told, compare
from crawler.records import Fetched, Source
from tests.eval.score import Case, cases

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "extraction"
FLOORS = Path(__file__).with_name("floors_revisions.toml")
SETS = ("scrapinghub", "fundus_eval", "wcxb_dev", "traf_eval", "htmldate_default")

# Written apart from crawler.rechecks.noise, and wider: what a page shows does not ask what our rules know.
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3]):([0-5]\d)(?!\d)")
_COUNT = re.compile(
    r"\d[\d.,]*(?=\s*(?:views?|comments?|shares?|likes?|votes?|replies|reads|Kommentare?|commentaires?|comentarios?|"
    r"просмотр|комментар|次|评论|コメント|조회|댓글))|(?<=Comments \()\d+|(?<=Share )\d+",
    re.IGNORECASE,
)
_AGO = re.compile(r"\d+(?= (?:minutes?|mins?|hours?|days?|weeks?) ago)|(?<=vor )\d+(?= )|(?<=il y a )\d+|(?<=hace )\d+")
_BOX = re.compile(r"related|popular|trending|most-?read|recommend|more-?(?:news|stories)|latest|sidebar", re.IGNORECASE)
_FIGURE = re.compile(r"(?<![\d.,:])\d{1,3}(?![\d.,:])")
_SHORT = 80


@dataclass
class Count:
    """How many pages there were, and of how many it was said that somebody edited them."""

    pages: int = 0
    revised: int = 0

    @property
    def rate(self) -> float:
        """Give the part that counts as revised."""
        return self.revised / self.pages if self.pages else 0.0


def machinery(tree: html.HtmlElement, dice: random.Random) -> bool:
    """Alter clocks, counters and boxes of links, and nothing that anybody wrote; tell whether there were any."""
    touched = False
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            continue
        for name in ("text", "tail"):
            said = getattr(element, name)
            if not said or len(said.strip()) > _SHORT or re.search(r"[.!?]\s*$", said):
                continue
            new = _CLOCK.sub(lambda match: f"{match[1]}:{(int(match[2]) + 7) % 60:02}", said)
            for pattern in (_COUNT, _AGO):
                new = pattern.sub(lambda _: str(dice.randint(2, 900)), new)
            if new != said:
                setattr(element, name, new)
                touched = True
        if element.tag in ("ul", "ol") and _BOX.search(_names(element)):
            items = list(element)
            dice.shuffle(items)
            element[:] = items
            touched = touched or len(items) > 1
    return touched


def _names(element: html.HtmlElement) -> str:
    around = [element, *list(element.iterancestors())[:2]]
    return " ".join(f"{each.get('class', '')} {each.get('id', '')}" for each in around)


def furniture(tree: html.HtmlElement, dice: random.Random) -> bool:
    """Write a clock and counters above and below the text."""
    found = _paragraphs(tree)
    if not found:
        return False
    hour, views = dice.randint(10, 23), dice.randint(100, 99_999)
    found[0].addprevious(_made(f"Updated {hour}:{dice.randint(10, 59)} GMT"))
    found[0].addprevious(
        _made(f"{views:,} views | {dice.randint(2, 300)} comments | {dice.randint(2, 50)} minutes ago")
    )
    found[-1].addnext(_made(f"Share {dice.randint(2, 900)}"))
    return True


def sentence(tree: html.HtmlElement, _: random.Random) -> bool:
    """Write one sentence more into the longest paragraph."""
    found = _paragraphs(tree)
    if not found:
        return False
    longest = max(found, key=lambda each: len(each.text_content()))
    last = longest[-1] if len(longest) else None
    if last is None:
        longest.text = f"{longest.text} The harbour master of Lower Wexcombe denied it."
    else:
        last.tail = f"{last.tail or ''} The harbour master of Lower Wexcombe denied it."
    return True


def number(tree: html.HtmlElement, _: random.Random) -> bool:
    """Change one number inside the longest paragraph that has one."""
    found = [
        each for each in _paragraphs(tree) if each.text and re.search(r"(?<![\d.,:])\d{1,3}(?![\d.,:])", each.text)
    ]
    if not found:
        return False
    longest = max(found, key=lambda each: len(each.text))
    longest.text = re.sub(
        r"(?<![\d.,:])\d{1,3}(?![\d.,:])", lambda match: str(int(match[0]) + 1), longest.text, count=1
    )
    return True


def _paragraphs(tree: html.HtmlElement) -> list[html.HtmlElement]:
    return [each for each in tree.iter("p") if len(each.text_content().strip()) > 200]


def _made(text: str) -> html.HtmlElement:
    made = html.Element("p")
    made.text = text
    return made


def read(case: Case, body: bytes) -> Told | None:
    """Read a page as the crawl does."""
    try:
        article = extract(Fetched(case.url, case.url, body), Source("eval", "", case.url))
    except NoArticle:
        return None
    return Told(article.title, article.text, article.lead)


def altered(body: bytes, alter: Callable[[html.HtmlElement, random.Random], bool], seed: int) -> bytes | None:
    """Write a page anew with something altered; None when there was nothing to alter."""
    try:
        tree = html.document_fromstring(body)
    except (etree.LxmlError, ValueError):
        return None
    return etree.tostring(tree, encoding="utf-8", method="html") if alter(tree, random.Random(seed)) else None


#: name -> (what the page was before, what it is after)
ALTERATIONS: dict[str, tuple[Callable[..., bool], Callable[..., bool]]] = {
    "machinery": (lambda *_: True, machinery),
    "furniture": (furniture, furniture),
    "sentence": (lambda *_: True, sentence),
    "number": (lambda *_: True, number),
}


def count(name: str, sample: int | None, which: str) -> Count:
    """Read the pages of a set before and after an alteration."""
    before, after = ALTERATIONS[which]
    counted = Count()
    for case in cases(CORPUS / name, sample):
        body = case.body()
        first, second = altered(body, before, 1), altered(body, after, 2)
        if first is None or second is None:
            continue
        old, new = read(case, first), read(case, second)
        if old is None or new is None:
            continue
        if which in ("sentence", "number") and (old.title, old.text, old.lead) == (new.title, new.text, new.lead):
            continue  # it was written into something that is no part of the article
        counted.pages += 1
        counted.revised += compare(old, new) == "changed"
    return counted


def main() -> int:
    """Count, print, and fail when a floor is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", action="append", choices=SETS)
    parser.add_argument("--sample", type=int, default=100)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    floors = tomllib.loads(FLOORS.read_text())
    total = {which: Count() for which in ALTERATIONS}
    for name in options.set or SETS:
        for which, sum_ in total.items():
            found = count(name, options.sample, which)
            sum_.pages += found.pages
            sum_.revised += found.revised
            print(f"{name:<18} {which:<10} {found.revised:>4} of {found.pages:>4} revised  {found.rate:.3f}")
    broken = False
    for which, sum_ in total.items():
        least, most = floors[which]["least"], floors[which]["most"]
        wrong = not least <= sum_.rate <= most
        broken |= wrong
        print(
            f"{'all':<18} {which:<10} {sum_.revised:>4} of {sum_.pages:>4} revised  {sum_.rate:.3f}{' BROKEN' * wrong}"
        )
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
