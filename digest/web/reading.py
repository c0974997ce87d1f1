"""What the pages of an article and a story say, put together from the archive's records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crawler import overrides, query
from crawler.archive import Archive
from crawler.query import Filter
from crawler.records import Article, Revision
from digest import differences
from digest.timeline import in_order
from digest.web import telling

#: States of a source that need nobody.
WELL = frozenset({"ok", "new", "paused"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of an article: what it says and where that was read."""

    label: str
    value: str
    evidence: str = ""
    #: http(s), "" when it leads nowhere.
    url: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """Where a text comes from and who carried it as well."""

    #: None when the article is an original, as far as is known.
    origin: Article | None
    #: Its copies, or the other copies of its origin.
    copies: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A revision as it is told: what was replaced when, and by what."""

    revision: Revision
    paragraphs: list[differences.Paragraph]


def watch_query(name: str) -> str:
    """Write the query that finds what a watch matched."""
    return query.show(Filter("watch", name))


def facts(article: Article) -> list[Fact]:
    """List what is known of an article, each with its evidence; what is not known is left out."""
    return [
        Fact(label, value, _evidence(article, name), telling.address(value) if name.endswith("url") else "")
        for name, label, value in _values(article)
        if value
    ]


def _evidence(article: Article, name: str) -> str:
    if name == "published":
        return article.published_evidence or article.evidence.get("published", "")
    return article.evidence.get(name, "")


def _values(article: Article) -> Iterator[tuple[str, str, str]]:
    precision = article.published_precision
    printed = f"{article.published} (exact to the {precision})" if article.published and precision != "none" else ""
    yield "title", "Title", article.title
    yield "authors", "Authors", "; ".join(article.authors)
    yield "published", "Published, as printed", printed
    yield "published_utc", "Published, UTC", telling.moment(article.published_utc) if article.published_utc else ""
    yield "modified", "Modified, as printed", article.modified or ""
    yield "credited_to", "Credited to", article.credited_to or ""
    yield "carried_by", "Carried by", article.carried_by
    yield "site_name", "Name of the site", article.site_name or ""
    yield "language", "Language", telling.language(article.language) if article.language else ""
    yield "lead", "Standfirst", article.lead
    yield "text", "Text", f"{telling.count(article.words, 'word')}, kept {_KEPT[article.completeness]}"
    yield "taken_out", "Taken out", " | ".join(line.text for line in article.taken_out)
    yield "form", "Form", FORMS.get(article.form, "")
    yield "paywalled", "Paywalled", "yes" if article.paywalled else ""
    yield "tdm_reserved", "Text and data mining", _mining(article)
    yield "tags", "Tags", ", ".join(article.tags)
    yield "url", "Address", article.url
    yield "canonical_url", "Declared address", article.canonical_url or ""
    yield "first_seen", "First seen", telling.moment(article.first_seen) if article.first_seen else ""
    yield "last_checked", "Last checked", telling.moment(article.last_checked) if article.last_checked else ""
    yield "text_sha256", "SHA-256 of the text", article.text_sha256
    yield "extractor_version", "Extractor", article.extractor_version
    yield "", "Override of the source", overrides.told(article)


def _mining(article: Article) -> str:
    """Say what the publisher says about text and data mining."""
    if article.tdm_reserved is None:
        return ""
    terms = f", on the terms of {article.tdm_policy}" if article.tdm_policy else ""
    return f"reserved by the publisher{terms}" if article.tdm_reserved else "not reserved by the publisher"


FORMS = {
    "live": "a live blog, the newest post first",
    "gallery": "a gallery of pictures",
    "video": "that of a video",
    "several": "one of several articles",
}
_KEPT = {"full": "whole", "lead": "in part, as its page or feed shows it", "headline": "as a headline only"}


def family(archive: Archive, article: Article) -> Family:
    """Find the origin of an article and the copies of it that stand in the same story."""
    origin = archive.articles.get(article.copy_of) if article.copy_of is not None else None
    first = origin or article
    story = archive.stories.of(article.id or 0)
    found = archive.stories.get(story) if story is not None else None
    members = archive.articles.heads_of(found.articles) if found is not None else []
    copies = [each for each in members if each.copy_of == first.id and each.id != article.id]
    return Family(origin, tuple(in_order(copies)))


def kin(archive: Archive, article: Article, most: int) -> list[Article]:
    """List other articles of the same story with a text of their own, in order of time."""
    found = archive.stories.get(article.story) if article.story is not None else None
    others = archive.articles.heads_of([] if found is None else found.articles)
    own = [each for each in others if not each.is_folded and each.id not in (article.id, article.copy_of)]
    return in_order(own)[:most]


def revisions(article: Article, earlier: Sequence[Revision]) -> list[Change]:
    """Tell each revision by what it changed, the newest first."""
    texts = [_paragraphs(each.title, each.lead, each.text) for each in earlier]
    texts.append(_paragraphs(article.title, article.lead, article.text))
    changes = [
        Change(revision, differences.between(before, after))
        for revision, (before, after) in zip(earlier, pairwise(texts), strict=True)
    ]
    return changes[::-1]


def _paragraphs(title: str, lead: str, text: str) -> list[str]:
    return [title, *([lead] if lead else []), *differences.paragraphs(text)]
