"""Prints what an override does to a page: what its selectors find, and each field and the text without and with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from digest.cli.output import as_json, print_table, say

if TYPE_CHECKING:
    from crawler.discovery.comparing import Comparison
    from crawler.records import Article

#: The fields that an override may change, each with the key that gives it.
_FIELDS = ("title", "authors", "published", "published_utc", "credited_to", "lead", "completeness")


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Write a comparison for programs: with the fields that differ and the paragraphs that do."""
    told: dict[str, Any] = as_json(comparison)
    before, after = comparison.before, comparison.after
    if before is None or after is None:
        return told | {"changed": [], "diff": []}
    changed = [name for name in (*_FIELDS, "text") if getattr(before, name) != getattr(after, name)]
    return told | {"changed": changed, "diff": as_json(_differences(before, after))}


def say_comparison(comparison: Comparison) -> None:
    """Print a comparison for people."""
    from crawler.overrides import shown

    override = comparison.override
    say()
    say(f"override of {shown(override)}, valid until {override.valid_until}")
    if comparison.ended:
        say("It has ended: a visit reads this page without it. Below is what it would do.")
    print_table(
        ("key", "selector", "finds", "the first"),
        ((each.key, each.selector, each.found or "nothing", each.first) for each in comparison.selectors),
    )
    for told, why in (("without it", comparison.no_before), ("with it", comparison.no_after)):
        if why:
            say(f"no article {told}: {why}")
    if comparison.before is None or comparison.after is None:
        return
    before, after = comparison.before, comparison.after
    if stopped := after.evidence.get("override_stopped"):
        say(f"not used: {stopped}")
    if missed := after.evidence.get("override_missed"):
        say(f"found the general way, because the override gave nothing: {missed}")
    for name in _FIELDS:
        _say_field(name, before, after)
    _say_text(before, after)


def _say_field(name: str, before: Article, after: Article) -> None:
    old, new = _written(getattr(before, name)), _written(getattr(after, name))
    if not old and not new:
        return
    if old == new:
        say(f"  {name:14}{new}{_origin(name, after)}   (the same)")
        return
    say(f"  {name:14}- {old or '-'}{_origin(name, before)}")
    say(f"  {'':14}+ {new or '-'}{_origin(name, after)}")


def _say_text(before: Article, after: Article) -> None:
    from digest.cli.search import say_difference
    from digest.differences import paragraphs

    old, new = paragraphs(before.text), paragraphs(after.text)
    say(
        f"  {'text':14}{len(old)} paragraphs, {len(before.text)} characters{_origin('text', before)} -> "
        f"{len(new)} paragraphs, {len(after.text)} characters{_origin('text', after)}"
    )
    if before.text == after.text:
        say("  the texts are the same")
    else:
        say("  what differs: [-without-] {+with the override+}")
        say_difference(old, new)


def _origin(name: str, article: Article) -> str:
    found = article.evidence.get(name)
    return f"   [{found}]" if found else ""


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _differences(before: Article, after: Article) -> list[Any]:
    from digest.differences import between, paragraphs

    return between(paragraphs(before.text), paragraphs(after.text))
