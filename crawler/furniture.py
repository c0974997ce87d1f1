"""Takes out of kept articles what their host was found, later, to repeat on its pages: a correction of each.

What it turns out not to repeat after all comes back in the same way. Pages that come after are read without it. The
earlier text stays to be had, with the reason and the date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from crawler import copies, extract, urls
from crawler.archive import Archive
from crawler.lookup import find_copies
from crawler.records import Article

#: So many are looked at in one go, each in a few milliseconds; the others wait for the next one.
_MOST = 500
_PARAGRAPHS = "\n\n"


def correct_earlier(
    archive: Archive, now: datetime, *, limit: int = _MOST, wanted: Callable[[], bool] = lambda: True
) -> Counter[str]:
    """Correct articles that were kept before their host's own blocks were known; count them by source.

    Each correction is a transaction that also notes that it was made: whoever is killed loses none and doubles none.
    """
    corrected: Counter[str] = Counter()
    for due in archive.blocks.due(limit):
        if not wanted():
            break
        article = archive.articles.get(due.article)
        if article is not None and _correct(archive, article, due.host, now):
            corrected[article.source] += 1
    return corrected


def _correct(archive: Archive, article: Article, host: str, now: datetime) -> bool:
    assert article.id is not None
    better = cleaned(article, archive.blocks.of(host))
    if better.text == article.text:
        archive.blocks.settle(article.id, article.revision)
        return False
    fingerprints = copies.fingerprint(better.text)
    apart = article.copy_of is not None and find_copies(archive, better, fingerprints, article.id).verdict.copy is None
    with archive.writing():
        corrected = archive.articles.correct_text(
            article.id,
            better,
            _why(article, better, host),
            now,
            fingerprints=fingerprints,
            revision=article.revision,
        )
        if corrected:
            archive.blocks.settle(article.id, article.revision + 1)
            if apart:
                archive.articles.fold(article.id, None, now)  # it shared nothing with the other but these lines
    return corrected


def _why(old: Article, new: Article, host: str) -> str:
    before, after = Counter(line.text for line in old.taken_out), Counter(line.text for line in new.taken_out)
    out, back = (after - before).total(), (before - after).total()
    told = [f"{_lines(out)} taken out that {host} repeats on its pages"] if out else []
    told += [f"{_lines(back)} given back that {host} does not repeat any longer"] if back else []
    return "; ".join(told)


def _lines(count: int) -> str:
    return f"{count} line{'s' if count > 1 else ''}"


def cleaned(article: Article, blocks: Collection[int]) -> Article:
    """Give an article with the text that its page would give today: without what its host repeats.

    What its publisher took away, what only a feed said and what others extracted stays as it is.
    """
    ours = article.extractor_version.startswith("presswatch")
    if article.withdrawn_at is not None or not ours or article.evidence.get("text", "").startswith("feed"):
        return article
    whole = extract.with_repeats(article.text.split(_PARAGRAPHS), article.taken_out)
    lines, taken = extract.without_repeats(whole, blocks, article.lead)
    evidence = {name: why for name, why in article.evidence.items() if name != "taken_out"}
    if taken:
        evidence |= extract.repeated_by(urls.host_of(article.url))
    return replace(article, text=_PARAGRAPHS.join(lines), taken_out=taken, evidence=evidence)
