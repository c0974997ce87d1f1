"""Making and changing watches: what a query would find is seen before it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from crawler import query
from crawler.archive import Archive
from crawler.config import Config, WatchConfig, hooks, show_duration
from crawler.config.lock import only_editor
from crawler.errors import ArchiveError, ConfigError, Locked, Outdated, PresswatchError, QueryError, UsageError
from crawler.records import Article
from digest import asking, backtest, watching
from digest.backtest import Difference, Tried
from digest.deliver import shown
from digest.deliver.webhook import recipient
from digest.web import bars
from digest.web.call import Call, Form, Page
from digest.web.faults import Fault, fault_of, told_of
from digest.web.operators import OPERATORS
from digest.web.patience import bounded
from digest.web.watches import known_config, state_of, watch_page

#: Days that a trial looks back on.
SPANS = (7, 30, 90)
_EXAMPLES = 8
#: Rules that are on or off, each with what it does.
SWITCHES = {
    "urgent": "Alert at once when it matches something new",
    "spike": "Alert when much more comes than usual",
    "silence": "Alert when what usually comes stays out",
    "feed": "Let the service keep feed files of it",
}
_LONGEST_QUERY = 10_000
#: Where nothing is said; as in watches.toml.
_COOL_DOWN = "1h"


@dataclass(frozen=True, slots=True)
class Draft:
    """A watch as it stands in the form."""

    name: str = ""
    query: str = ""
    weight: str = "1"
    recipients: str = ""
    cool_down: str = _COOL_DOWN
    #: A name, or an address, which editors alone are shown.
    webhook: str = ""
    chat: tuple[str, ...] = ()
    #: The names of the switches that are on.
    on: frozenset[str] = frozenset()
    #: The state in which the watch was seen when the form was made; that of one that is not there for a new one.
    seen: str = ""
    #: Days that are tried.
    span: int = 30


@dataclass(frozen=True, slots=True)
class Trial:
    """What a query would find, and what it would find more and less than the one that is saved."""

    explanation: str
    notes: tuple[str, ...]
    span: int
    tried: Tried | None = None
    #: The newest that a new query finds.
    examples: tuple[Article, ...] = ()
    difference: Difference | None = None
    #: The query means the same as the one that is saved.
    same: bool = False
    chart: bars.Bars | None = None


def new(call: Call) -> Response:
    """Show an empty form, or one with a search that is to be saved."""
    config, trouble = _needed(call)
    text = call.query.get("q", "").strip()[:_LONGEST_QUERY]
    draft = Draft(call.query.get("name", "").strip(), text, seen=_absent(config))
    return _show(call, draft, is_new=True, trial=_try(call, draft) if text else None, trouble=trouble)


def edit(call: Call) -> Response:
    """Show a watch in the form."""
    name = call.query.get("name", "")
    config, trouble = _needed(call)
    if config is None:
        return _show(call, Draft(name), is_new=False, trouble=trouble)
    written, state = state_of(config, name)
    if written is None:
        raise HTTPException(404, f"There is no watch “{name[:80]}” in watches.toml.")
    draft = _draft_of(name, written, state)
    return _show(call, draft, is_new=False, trial=_try(call, draft))


def attempt(call: Call) -> Response:
    """Show what the query in the form would find; nothing is saved."""
    draft, is_new = _read(call.form), call.form.get("new") == "yes"
    return _show(call, draft, is_new=is_new, trial=_try(call, draft))


def save(call: Call) -> Response:
    """Write the watch into watches.toml and let the archive match it."""
    draft, is_new = _read(call.form), call.form.get("new") == "yes"
    config, trouble = known_config(call)
    if config is None:
        return _show(call, draft, is_new=is_new, trouble=trouble or _NO_CONFIG, status=503)
    try:
        with only_editor(config.folder):
            config = call.configured()  # others may have written while this one waited
            _check(draft, config, is_new=is_new)
            _write(draft, config, is_new=is_new)
            said = _taken_over(call, draft.name)
    except Outdated as error:
        return _overtaken(call, config, draft, error, is_new=is_new)
    except QueryError as error:
        return _show(call, draft, is_new=is_new, trial=fault_of(error), status=400)
    except (UsageError, ConfigError, Locked) as error:
        refused = told_of(error, draft.name, "name")
        with bounded(call.archive):
            trial = _try(call, draft)
        status = 503 if isinstance(error, Locked) else 400
        return _show(call, draft, is_new=is_new, trial=trial, refused=refused, status=status)
    return call.to(watch_page(draft.name), said)


def mute(call: Call) -> Response:
    """Mute a watch, or let it be heard again."""
    config, name, muted = call.configured(), call.form.get("name"), call.form.get("muted") == "yes"
    with only_editor(config.folder):
        watching.mute(config, name, muted=muted, seen=call.form.get("seen"))
        _taken_over(call, name)
    said = "is muted: it stands in no digest and sends no alert" if muted else "is heard again"
    return call.to(watch_page(name), f"{name} {said}.")


def ask_removal(call: Call) -> Response:
    """Say what is lost when a watch is removed, and ask whether it is meant."""
    config, trouble = _needed(call)
    name = call.query.get("name", "")
    if config is None:
        raise UsageError(trouble)
    written, state = state_of(config, name)
    if written is None:
        raise HTTPException(404, f"There is no watch “{name[:80]}” in watches.toml.")
    return call.render(
        "watch_remove.html.j2",
        name=name,
        watch=written,
        state=state,
        mentions=call.archive.watches.counts().get(name, 0),
        users=watching.users_of(config, name),
        back=watch_page(name),
    )


def remove(call: Call) -> Response:
    """Take a watch out of watches.toml."""
    config, name = call.configured(), call.form.get("name")
    with only_editor(config.folder):
        watching.remove(config, name, seen=call.form.get("seen"))
        _synchronise(call)
    return call.to("/watches", f"{name} is removed.")


_NO_CONFIG = "There is no configuration; presswatch init writes one."


def _needed(call: Call) -> tuple[Config | None, str]:
    config, trouble = known_config(call)
    return config, trouble or ("" if config is not None else _NO_CONFIG)


def _absent(config: Config | None) -> str:
    """Give the state of a watch that is not there."""
    return state_of(config, "")[1] if config is not None else ""


def _draft_of(name: str, written: WatchConfig, state: str, span: int = 30) -> Draft:
    on = frozenset(switch for switch in SWITCHES if getattr(written, switch))
    return Draft(
        name=name,
        query=written.query,
        weight=f"{written.weight:g}",
        recipients=", ".join(written.recipients),
        cool_down=show_duration(written.cool_down),
        webhook=written.webhook,
        chat=written.chat,
        on=on,
        seen=state,
        span=span,
    )


def _read(form: Form) -> Draft:
    span = form.get("span")
    return Draft(
        name=form.get("name"),
        query=" ".join(form.get("query").split()),
        weight=form.get("weight", "1"),
        recipients=form.get("recipients"),
        cool_down=form.get("cool_down"),
        webhook=form.get("webhook"),
        chat=tuple(dict.fromkeys(form.all("chat"))),
        on=frozenset(form.all("on")) & frozenset(SWITCHES),
        seen=form.get("seen"),
        span=int(span) if span in {str(each) for each in SPANS} else 30,
    )


def _check(draft: Draft, config: Config, *, is_new: bool) -> None:
    if not draft.name:
        raise UsageError("The watch has no name; give it one, such as storms.")
    if is_new and draft.name in config.watches:
        raise UsageError(f"There is a watch “{draft.name}” already; choose another name, or change that one.")
    if not draft.query:
        raise UsageError("The query is empty; write what the watch is to look for.")
    _check_names("Chat", draft.chat, watching.chats(config), '"chat" in presswatch.toml')
    if draft.webhook and "://" not in draft.webhook:
        others = '"webhooks" in presswatch.toml; or write an address that begins with https://'
        _check_names("Web hook", [draft.webhook], watching.hooks(config), others)


def _check_names(what: str, given: Sequence[str], known: Sequence[str], others: str) -> None:
    unknown = next((name for name in given if name not in known), None)
    if unknown is not None:
        wanted = ", ".join(known) or "a name"
        raise UsageError(f"{what}: found {unknown[:80]!r}, wanted {wanted}; names are given by {others}.")


def _write(draft: Draft, config: Config, *, is_new: bool) -> None:
    """Write what differs from what is written, so that the file holds no more than somebody has decided."""
    before = WatchConfig(query=draft.query) if is_new else state_of(config, draft.name)[0]
    if before is None:
        raise Outdated(f'the watch "{draft.name}" was removed meanwhile; save it as a new one')
    weight, recipients = _weight(draft.weight), _addresses(draft.recipients)
    settings: dict[str, object] = {
        name: name in draft.on for name in SWITCHES if (name in draft.on) != getattr(before, name)
    }
    if weight != before.weight:
        settings["weight"] = weight
    if recipients != list(before.recipients):
        settings["recipients"] = recipients
    if (cool_down := draft.cool_down or _COOL_DOWN) != show_duration(before.cool_down):
        settings["cool_down"] = cool_down
    if draft.webhook != before.webhook:
        _check_is_public(draft.webhook, config)
        settings["webhook"] = draft.webhook
    if set(draft.chat) != set(before.chat):
        settings["chat"] = [*draft.chat]
    watching.write(config, draft.name, draft.query, seen=draft.seen, **settings)


def _check_is_public(hook: str, config: Config) -> None:
    """Refuse an address in a network of ours: who edits here would reach what the operator alone should."""
    try:
        why = hooks.of_our_network(hook, config.press.crawl.allow_private) if "://" in hook else ""
    except ValueError:  # told when it is written
        return
    if why:
        remedy = "the operator can write it into watches.toml, or name its range in [crawl] allow_private"
        raise UsageError(f"Web hook: {why}, and only public addresses are saved here; {remedy}.")


def _weight(text: str) -> float:
    try:
        weight = float(text.replace(",", "."))
    except ValueError:
        weight = 0.0
    if not 0 < weight <= 100:
        raise UsageError(f"Weight: found {text[:20]!r}, wanted a number above 0 and up to 100; 1 changes nothing.")
    return weight


def _addresses(text: str) -> list[str]:
    return [address for address in text.replace(",", " ").replace(";", " ").split() if address]


def _overtaken(call: Call, config: Config, draft: Draft, error: Outdated, *, is_new: bool) -> Response:
    """Show what the watch is now beside what was typed; saving once more means it."""
    written, state = state_of(config, draft.name)
    current = _draft_of(draft.name, written, state) if written is not None else None
    draft = replace(draft, seen=state)
    with bounded(call.archive):
        trial = _try(call, draft)
    return _show(
        call,
        draft,
        is_new=is_new or written is None,
        trial=trial,
        overtaken=str(error),
        current=current,
        status=409,
    )


def _taken_over(call: Call, name: str) -> str:
    """Let the archive match what was written; that it cannot be done just now undoes nothing."""
    config = call.configured()
    try:
        saved = watching.take_over(call.archive, config, name, call.now)
    except ArchiveError as error:
        return f"{name} is saved in watches.toml; the archive matches it from the next crawl on ({error})."
    return f"{name} is saved: {saved.told()}." + "".join(f" Note: {note}." for note in saved.notes)


def _synchronise(call: Call) -> None:
    from digest.definitions import synchronise

    synchronise(call.archive, call.configured(), call.now)


def _try(call: Call, draft: Draft) -> Trial | Fault | None:
    """Try the query of a draft; a fault tells the place in it."""
    if not draft.query:
        return None
    try:
        return _tried(call.archive, draft, call.now)
    except PresswatchError as error:
        if isinstance(error, ArchiveError):
            raise
        return fault_of(error)


def _tried(archive: Archive, draft: Draft, now: datetime) -> Trial:
    since = (now - timedelta(days=draft.span - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    known = {watch.name: watch for watch in archive.watches.all()}
    days = bars.days_until(now, draft.span)
    node = query.parse(draft.query)
    explanation = query.explain(node)
    notes = (*query.doubts(draft.query), *asking.strangers(archive, draft.query, now))
    if draft.name not in known:
        wanted = backtest.fresh(archive, draft.name, draft.query)
        tried = backtest.attempt(archive, wanted, since, now)
        newest = archive.articles.many(archive.ids(wanted.node, now, _EXAMPLES, since=since))
        chart = bars.draw(days, tried.days)
        return Trial(explanation, notes, draft.span, tried, tuple(newest), chart=chart)
    old, new_ = backtest.candidates(archive, draft.name, None, draft.query)
    if old.node == new_.node:
        tried = backtest.attempt(archive, old, since, now)
        return Trial(explanation, notes, draft.span, tried, same=True, chart=bars.draw(days, tried.days))
    found = backtest.compare(archive, old, new_, since, now, _EXAMPLES)
    chart = bars.draw_pairs(days, found.old.days, found.new.days)
    return Trial(explanation, notes, draft.span, difference=found, chart=chart)


def _show(
    call: Call,
    draft: Draft,
    *,
    is_new: bool,
    trial: Trial | Fault | None = None,
    trouble: str = "",
    refused: str = "",
    overtaken: str = "",
    current: Draft | None = None,
    status: int = 200,
) -> Response:
    names: Sequence[str] = [watch.name for watch in call.archive.watches.all()]
    facts: dict[str, Any] = {
        "draft": draft,
        "is_new": is_new,
        "fault": trial if isinstance(trial, Fault) else None,
        "trial": trial if isinstance(trial, Trial) else None,
        "trouble": trouble,
        "refused": refused,
        "overtaken": overtaken,
        "current": current,
        "switches": SWITCHES,
        "spans": SPANS,
        "operators": OPERATORS,
        **_targets(call),
        "back": watch_page(draft.name) if draft.name in names else "/watches",
        "names": call.archive.source_names(),
    }
    return call.render("watch_edit.html.j2", status, **facts)


def _targets(call: Call) -> dict[str, Any]:
    """Give what alerts can go to by name, and where they go when a watch does not say it."""
    config, _ = known_config(call)
    if config is None:
        return {"hooks": [], "chats": [], "otherwise": None}
    alerts = config.press.alerts
    hook = shown(recipient(alerts.webhook)) if alerts.webhook else ""
    return {
        "hooks": watching.hooks(config),
        "chats": watching.chats(config),
        "otherwise": {"webhook": hook, "chat": alerts.chat},
    }


PAGES: tuple[Page, ...] = (
    Page("/watches/new", new, "editor"),
    Page("/watches/edit", edit, "editor"),
    Page("/watches/try", attempt, "editor", method="POST"),
    Page("/watches/save", save, "editor", writes=True),
    Page("/watches/mute", mute, "editor", writes=True),
    Page("/watches/remove", ask_removal, "editor"),
    Page("/watches/remove", remove, "editor", writes=True),
)
