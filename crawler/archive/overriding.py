"""Whether the overrides of a source still give what they are there for, by the evidence of its newest articles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from crawler import overrides
from crawler.archive.store import Store
from crawler.archive.times import moment
from crawler.records import Override, OverrideHealth, Source

#: So many of the newest articles are looked at.
_NEWEST = 200
#: A key is told when it gave nothing on so many articles in a row: one page may lack an author, or be built otherwise.
_ENOUGH = {"title": 3, "body": 3, "date": 3, "author": 10, "remove": 20}
#: Sooner when it never gave anything.
_ENOUGH_AT_FIRST = {"remove": 5}


def read(store: Store, source: Source, today: date) -> tuple[OverrideHealth, ...]:
    """Tell which keys of a source's valid overrides give nothing any more."""
    valid = [override for override in source.overrides if today <= override.valid_until]
    if not valid:
        return ()
    found = store.rows(
        "SELECT first_seen, evidence FROM articles WHERE source = ? ORDER BY position DESC LIMIT ?",
        (source.key, _NEWEST),
    )
    told = [(moment(at), json.loads(evidence)) for at, evidence in found]
    return tuple(each for override in valid for each in judge(override, told))


def judge(override: Override, articles: Sequence[tuple[datetime, dict[str, str]]]) -> Iterable[OverrideHealth]:
    """Judge one override by the evidence of articles, the newest first."""
    name = overrides.identity(override)
    read_with = [(at, said) for at, said in articles if said.get("override", "").startswith(name)]
    for key in overrides.POINTERS:
        if not getattr(override, key):
            continue
        run = next((at for at, (_, said) in enumerate(read_with) if _gave(key, said)), len(read_with))
        worked = run < len(read_with)
        if run < (_ENOUGH[key] if worked else _ENOUGH_AT_FIRST.get(key, 3)):
            continue
        since = read_with[run - 1][0]
        verb = "took nothing out of" if key == "remove" else "gave nothing on"
        before = "; it did before" if worked else ", and on none before"
        yield OverrideHealth(
            override=name,
            key=key,
            articles=run,
            since=since,
            worked=worked,
            note=f"{key} of the override {overrides.shown(override)} {verb} the newest {run} articles{before}",
        )


def _gave(key: str, said: dict[str, str]) -> bool:
    if key == "remove":
        return "override_removed" in said
    return key not in said.get("override_missed", "").split(", ")
