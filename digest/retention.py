"""What is removed when it is old, as [keep] and [raw] say: by the service once a day, and by command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.archive import Pruned, Tidied
from crawler.errors import PresswatchError
from crawler.raw import RawSize, cut_day, raw_folder
from digest.deliver import files
from digest.regrouping import keep_up
from digest.skin import templates_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.archive import Archive
    from crawler.config import Config

#: Nothing else that removes what is old begins within this.
_LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Cuts:
    """Before which times what goes; None where it stays for ever."""

    articles: datetime | None
    raw: datetime | None
    digests: datetime | None
    mails: datetime | None
    log: datetime | None
    #: The pages of digests and alerts in their folders.
    pages: datetime | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """What went, or would."""

    pruned: Pruned
    raw: RawSize
    tidied: Tidied
    #: Digests and alerts whose pages are gone.
    pages: int = 0

    def told(self) -> str:
        """Say it in a line; "" when nothing went."""
        tidied = self.tidied
        parts = (
            (self.pruned.articles, "articles"),
            (self.raw.files, "files of raw pages"),
            (tidied.digests, "digests"),
            (self.pages, "digests' pages"),
            (tidied.mails, f"bodies of deliveries ({tidied.mail_bytes / 1e6:.1f} MB)"),
            (self.pruned.polls + tidied.polls, "polls"),
            (tidied.runs, "runs"),
        )
        return ", ".join(f"{number} {what}" for number, what in parts if number)


def cuts(config: Config, now: datetime, articles: datetime | None = None) -> Cuts:
    """Say what is old by the configuration; ``articles`` asks for more than that of articles and raw pages."""
    keep = config.press.keep

    def before(age: float | None) -> datetime | None:
        return None if age is None else now - timedelta(seconds=age)

    of_articles = max(filter(None, (articles, before(keep.articles))), default=None)
    raw = max(filter(None, (of_articles, before(config.press.raw.keep))), default=None)
    rest = before(keep.digests), before(keep.mails), before(keep.log), before(keep.pages)
    return Cuts(of_articles, raw, *rest)


def apply(archive: Archive, config: Config, cut: Cuts, now: datetime, *, dry_run: bool = False) -> Removed:
    """Remove what is old, in short transactions, and tell stories anew that lost articles."""
    pruned = archive.prune(cut.articles, dry_run=dry_run) if cut.articles else Pruned(0, 0)
    if pruned.articles and not dry_run:
        keep_up(archive, now, config)
    folder, raw = raw_folder(config, archive.path), RawSize(0, 0)
    if cut.raw is not None:
        raw = folder.prune(cut.raw, dry_run=dry_run) if folder is not None else raw
        if not dry_run:
            archive.articles.drop_raw(cut_day(cut.raw))
    tidied = archive.tidy(digests=cut.digests, mails=cut.mails, log=cut.log, dry_run=dry_run)
    return Removed(pruned, raw, tidied, _prune_pages(config, cut.pages, dry_run) if cut.pages else 0)


def _prune_pages(config: Config, before: datetime, dry_run: bool) -> int:
    folders = {config.press.digest.folder, *(plan.folder for plan in config.plans.values())}
    templates, base = templates_of(config), config.press.web.public_url
    return sum(files.prune(folder, before, templates, base, dry_run=dry_run) for folder in sorted(folders))


def once_a_day(archive: Archive, config: Config, clock: Callable[[], datetime]) -> str:
    """Remove what is old unless the ledger says that it was done today; say what went."""
    now = clock()
    run = archive.runs.claim("tidy", f"{now:%Y-%m-%d}", now, _LEASE)
    if run is None:
        return ""
    try:
        removed = apply(archive, config, cuts(config, now), now).told()
    except PresswatchError as error:
        archive.runs.finish(run, "failed", str(error), clock())
        raise
    archive.runs.finish(run, "done", removed, clock())
    return removed
