"""What is new in a story since a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.archive import Archive


def texts_before(archive: Archive, articles: Iterable[int], moment: datetime) -> dict[int, str]:
    """Give the texts as they were at a moment, of those articles whose text was replaced since then."""
    replaced = ((number, archive.articles.revisions(number)) for number in articles)
    since = ((number, [each for each in revisions if each.at >= moment]) for number, revisions in replaced)
    return {number: revisions[0].text or revisions[0].lead for number, revisions in since if revisions}
