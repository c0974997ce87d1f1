"""What people said of an article, laid over what its page says: the one place where both meet.

A page that is read again (a revision, a better extraction) changes what lies below; what people said stays on top.
What the page itself says of these columns is remembered, so that a judgement can be taken back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crawler.archive import rows
from crawler.archive.store import Store
from crawler.archive.times import moment_or_none
from crawler.query.filters import is_tagged
from crawler.records import Article

#: The columns of an article that people may judge.
COLUMNS = (
    "published", "published_utc", "published_precision", "published_evidence", "authors", "tags", "evidence",
)  # fmt: skip
#: Of these kinds the last one counts, and tags come and go in the order in which they were said.
_KINDS = ("date", "authors", "tag", "untag")


def page_says(store: Store, id_: int) -> dict[str, Any]:
    """Give what the page itself says where people said otherwise; nothing where nobody did."""
    kept = store.value("SELECT columns FROM page_says WHERE article = ?", (id_,))
    return {} if kept is None else dict(json.loads(kept))


def taken_off(store: Store, article: Article) -> Article:
    """Give an article as its page says it, without what people said of it."""
    said = {} if article.id is None else page_says(store, article.id)
    if not said:
        return article
    return replace(
        article,
        published=said["published"],
        published_utc=moment_or_none(said["published_utc"]),
        published_precision=said["published_precision"],
        published_evidence=said["published_evidence"],
        authors=tuple(json.loads(said["authors"])),
        tags=tuple(json.loads(said["tags"])),
        evidence=json.loads(said["evidence"]),
    )


def lay_over(store: Store, id_: int, page: Mapping[str, Any]) -> dict[str, Any]:
    """Remember what the page says, and give the columns in which people said otherwise."""
    said = store.rows(
        "SELECT kind, value, detail, who FROM judgements WHERE article = ? AND undone_at IS NULL "
        "AND kind IN (SELECT value FROM json_each(?)) ORDER BY id",
        (id_, rows.packed(_KINDS)),
    )
    if not said:
        store.execute("DELETE FROM page_says WHERE article = ?", (id_,))
        return {}
    columns = {name: page[name] for name in COLUMNS}
    store.execute(
        "INSERT INTO page_says VALUES (?, ?) ON CONFLICT (article) DO UPDATE SET columns = excluded.columns",
        (id_, rows.packed(columns)),
    )
    tags, evidence = list(json.loads(page["tags"])), dict(json.loads(page["evidence"]))
    for kind, value, detail, who in said:
        if kind == "tag" and not is_tagged(value, tuple(tags)):
            tags.append(value)
        elif kind == "untag":
            tags = [tag for tag in tags if not is_tagged(value, (tag,))]
        elif kind == "authors":
            columns["authors"] = detail
            evidence["authors"] = f"corrected by {who}"
        elif kind == "date":
            columns |= json.loads(detail) | {"published_evidence": f"corrected by {who}"}
            evidence |= {"published": f"corrected by {who}", "published_utc": f"corrected by {who}"}
    return columns | {"tags": rows.packed(tags), "evidence": rows.packed(evidence)}


def is_judged(store: Store, id_: int) -> bool:
    """Tell whether people said anything of an article, so that it may be another than its page says."""
    asked = "SELECT EXISTS (SELECT 1 FROM judgements WHERE article = ? AND undone_at IS NULL)"
    return bool(store.value(asked, (id_,)))


def never_a_copy(store: Store, id_: int) -> bool:
    """Tell whether a person said that an article is no copy; nothing folds it then."""
    return bool(
        store.value(
            "SELECT EXISTS (SELECT 1 FROM judgements WHERE article = ? AND kind = 'not-a-copy' AND undone_at IS NULL)",
            (id_,),
        )
    )
