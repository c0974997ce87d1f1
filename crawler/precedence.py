"""Which of several articles with one text was there first, as far as it is proven: by what it credits, or by time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Literal

from crawler import agencies
from crawler.records import Article

#: How it is known which of two texts was there first; "open" when nothing tells.
Direction = Literal["credit", "time", "open"]

#: What parts the names of a credit, and what may also stand within one.
_LISTED, _AND = re.compile(r"[/,;|+、，；／·]"), re.compile(r"\s+(?:and|und|et|y|e|и|та|i|és|ve|with|via)\s+|\s*&\s*")
#: What is added to a name: "Xinhua (English)", "example.org".
_ADDED = re.compile(r"\s*[(（\[][^)）\]]*[)）\]]|(?<=\w)\.(?:com|org|net|info|co\.\w\w|\w\w)$", re.IGNORECASE)
#: What stands behind a name and makes no other of it.
_TELL_NOTHING = frozenset(
    ("news", "agency", "newswire", "staff", "desk", "online", "website", "international", "агентство", "новости",
    "english", "arabic", "chinese", "french", "german", "japanese", "korean", "persian", "portuguese", "russian",
    "spanish", "turkish", "ukrainian")
)  # fmt: skip


def proof(copy: Article, original: Article) -> Direction:
    """Tell what proves that one article is the origin of another: its credit, else the times where both are known."""
    there, back = _credits(copy, original), _credits(original, copy)
    if there or back:
        return "open" if back else "credit"  # an outlet that names itself in all its articles proves nothing
    before, after = _moment(original), _moment(copy)
    return "time" if before and after and before < after else "open"


def _credits(article: Article, other: Article) -> bool:
    if article.canonical_url and article.canonical_url == other.url != article.url:
        return True
    return names(article.credited_to, other.carried_by)


class Order:
    """Which of some articles that share text were there before which, as far as it is proven, whoever arrived first.

    What is credited was there before what credits it, whatever its own time says; and so before all that was published
    later than that.
    """

    def __init__(self, articles: Mapping[int, Article]) -> None:
        self._articles = frozenset(articles)
        credited = [
            (copy, original)
            for copy in articles
            for original in articles
            if copy != original and proof(articles[copy], articles[original]) == "credit"
        ]
        #: The moment at which each was there at the latest, and the one before which it was not.
        latest = {id_: _moment(article) for id_, article in articles.items()}
        for _ in articles:
            for copy, original in credited:
                latest[original] = min(filter(None, (latest[original], latest[copy])), default=None)
        self._later: dict[int, set[int]] = {id_: set() for id_ in articles}
        for copy, original in credited:
            self._later[original].add(copy)
        for one, there in latest.items():
            for other, article in articles.items():
                moment = _moment(article)
                if there and moment and moment == latest[other] and there < moment:
                    self._later[one].add(other)
        for middle in articles:
            for later in self._later.values():
                if middle in later:
                    later.update(self._later[middle])

    def before(self, one: int, other: int) -> bool:
        """Tell whether one is proven to have been there before another."""
        return other in self._later[one] and one not in self._later[other]

    def first(self, root: int, group: Sequence[int]) -> int:
        """Name the one of a group, in order of arrival, to which a text goes back that is folded under ``root``."""
        earlier = [one for one in group if root in self._articles and self.before(one, root)]
        return next((one for one in earlier if not any(self.before(other, one) for other in earlier)), root)


def _moment(article: Article) -> datetime | None:
    return article.published_utc if article.published_precision in ("second", "minute") else None


def names(credit: str | None, outlet: str) -> bool:
    """Tell whether a credit names an outlet, alone or among others ("Xinhua/Reuters", "Xinhua, agencies").

    The names are one but for case, articles, punctuation and what tells nothing apart ("Reuters news agency", "Xinhua
    (English)"), or are those of one agency; a paper is not named by a part of its name ("The Times", "Global Times").
    """
    return bool(credit and outlet) and not _identities(credit or "").isdisjoint({identity(outlet)} - {""})


def listed(credit: str) -> list[str]:
    """Take apart the names in a credit, in order: "Xinhua/Reuters" are two, "Post & Courier" is one."""
    if agencies.known(credit):
        return [credit]
    parts = [part.strip() for part in _LISTED.split(credit) if part.strip()]
    halves = [(part, _AND.split(part)) for part in parts]
    return [name for part, two in halves for name in (two if all(map(agencies.agency, two)) else [part])]


@lru_cache(maxsize=4096)
def _identities(credit: str) -> frozenset[str]:
    """Give what the name of a credit, and each name in it, has in common with all other ways to write it."""
    parts = _LISTED.split(credit)
    coupled = [half for part in parts for half in _AND.split(part)]
    agents = [half for half in coupled if agencies.agency(half)]  # "Xinhua and TASS", but not "Post and Courier"
    return frozenset(map(identity, (credit, *parts, *agents)))


@lru_cache(maxsize=4096)
def identity(name: str) -> str:
    """Give what all ways to write the name of an outlet have in common; "" where nothing is left."""
    bare = _ADDED.sub("", name).strip()
    agency = agencies.agency(bare) or agencies.known(bare)
    if agency is not None:
        return agency.casefold()
    words = [word for word in re.findall(r"\w+", bare.casefold()) if word != "the"]
    while len(words) > 1 and words[-1] in _TELL_NOTHING and not all(map(agencies.is_medium, words[:-1])):
        words.pop()
    # "Reuters International" is an agency only now.
    return (agencies.known(" ".join(words)) or " ".join(words)).casefold()
