"""What is new in a story since a moment, sentence by sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.errors import UsageError
from crawler.records import Article, Story, SummarySentence
from digest import summary
from digest.additions import additions_only
from digest.content import EditionContent
from digest.items import Told

if TYPE_CHECKING:
    from crawler.archive import Archive


def since(
    archive: Archive, story: Story, moment: datetime, told: Collection[str] = (), *, sentences: int | None = None
) -> tuple[SummarySentence, ...]:
    """List the sentences that say what neither the story's articles said at a moment nor readers were told by then.

    ``sentences``: the best of them, as a digest would choose them; None is all.
    """
    articles = [each for each in archive.articles.many(story.articles) if each.withdrawn_at is None]
    known = {each.id or 0 for each in articles if _came(each, moment) < moment}
    replaced = texts_before(archive, sorted(known), moment)
    fresh = [each for each in articles if each.id not in known or each.id in replaced]
    before = [each for each in articles if each not in fresh]
    copied = {each.copy_of or 0 for each in fresh if each.copy_kind == "full"}
    originals = {each.id or 0: each for each in archive.articles.many(sorted(copied))}
    full = [each for each in fresh if each.copy_kind == "full"]
    found, corrected = additions_only(full, before, told, originals)
    added = {each.id: each for each in found}
    own = [added.get(each.id, each) for each in fresh if each.copy_kind != "full" or each.id in added]
    return summary.news(own, before, told, corrected | replaced, sentences=sentences)


def since_edition(
    archive: Archive, story: Story, number: int, *, sentences: int | None = None
) -> tuple[SummarySentence, ...]:
    """List the sentences that say what nobody who read an edition knows of a story; ``sentences`` as in ``since``."""
    edition = archive.editions.get(number)
    if edition is None:
        raise UsageError(f"there is no edition {number}; presswatch digest list shows what there is")
    if edition.content == "{}":
        raise UsageError(f"edition {number} is empty: an article that stood in it was forgotten")
    said, _ = Told.by([EditionContent.from_json(edition.content)]).of(story)
    return since(archive, story, edition.made_at, said, sentences=sentences)


def texts_before(archive: Archive, articles: Iterable[int], moment: datetime) -> dict[int, str]:
    """Give the texts as they were at a moment, of those articles whose text was replaced since then."""
    replaced = ((number, archive.articles.revisions(number)) for number in articles)
    later = ((number, [each for each in revisions if each.at >= moment]) for number, revisions in replaced)
    return {number: revisions[0].text or revisions[0].lead for number, revisions in later if revisions}


def _came(article: Article, otherwise: datetime) -> datetime:
    """Tell when an article came; what was old by then came when it was published."""
    return (article.published_utc if article.backfill else None) or article.first_seen or otherwise
