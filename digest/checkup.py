"""What ``doctor`` looks for: that which will go wrong, before it does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from crawler import overrides, plugins
from crawler.archive import has_room, open_archive, path_of, shown, takes_bytes, write_fault
from crawler.config import Config, MailConfig, NamesConfig, SummaryConfig, TranslationConfig, load, remarks
from crawler.errors import ArchiveBusy, ConfigError, ConfigErrors, PresswatchError, UsageError
from crawler.mailboxes import address_of
from crawler.raw import RawSize, raw_folder
from digest import mailcheck, surroundings, trial
from digest.deliver import email, signature
from digest.finding import Finding
from digest.incidents import LITTLE_ROOM
from digest.reach import check_address, in_the_clear
from digest.skin import templates_of

__all__ = ["Finding", "examine"]


def examine(
    folder: Path, archive_url: str | None, now: datetime, *, offline: bool = True, deep: bool = False
) -> list[Finding]:
    """Look at the configuration, the archive and what mail needs; nothing is changed.

    Nobody is asked, but without ``offline`` the mail server, which gets no mail. ``deep`` reads the whole archive.
    """
    try:
        config = load(folder)
    except ConfigErrors as error:
        return [Finding("error", "configuration", str(fault)) for fault in error.faults]
    except ConfigError as error:
        return [Finding("error", "configuration", str(error))]
    url = archive_url or config.press.archive
    findings = [Finding("ok", "configuration", f"{folder}: {len(config.sources)} sources, {len(config.plans)} digests")]
    findings += _crawl(config, url)
    findings += [
        Finding("warning", "override", str(each)) for each in overrides.endings(config.sources.values(), now.date())
    ]
    findings += _mail(config, now, offline=offline)
    findings += examine_templates(config)
    findings += examine_plugins(config)
    findings += _archive(url, now, deep=deep)
    findings += _raw(config, url)
    findings += _surroundings(config, url, now)
    findings += _web(config, url, now)
    return findings


def _crawl(config: Config, url: str) -> Iterator[Finding]:
    for remark in remarks(config, url):
        yield Finding("warning", "settings", remark)
    if config.press.crawl.contact:
        yield Finding("ok", "contact", config.press.crawl.contact)
    else:
        remedy = "publishers cannot reach you; set [crawl] contact in presswatch.toml to a URL or mail address"
        yield Finding("warning", "contact", remedy)
    lonely = [key for key, source in config.sources.items() if not source.channels()]
    if lonely:
        yield Finding("warning", "sources", f"without a channel, so never polled: {', '.join(lonely)}")
    if config.press.crawl.allow_private:
        ranges = ", ".join(config.press.crawl.allow_private)
        yield Finding("warning", "network", f"private addresses may be fetched: {ranges}")


def _web(config: Config, url: str, now: datetime) -> Iterator[Finding]:
    """Look at who reaches the web page, as it would be served now."""
    web = config.press.web
    try:
        with open_archive(url, create=False, read_only=True) as archive:
            users = len(archive.users.list(now))
    except PresswatchError:
        users = 0
    try:
        address = check_address(web.host, lambda: users > 0)
    except UsageError as error:
        yield Finding("error", "web page", f"presswatch.toml: web.host: {error}")
        return
    if not users:
        yield Finding("ok", "web page", "no users: this machine alone reaches it, and whoever sits at it may do all")
        return
    if warning := in_the_clear(address, web.public_url):
        yield Finding("warning", "web page", warning)
    elif web.public_url and not web.proxy:
        remedy = 'set [web] proxy to its address, such as "127.0.0.1"'
        yield Finding("warning", "web page", f"all who come by a proxy wait for each other's wrong passwords; {remedy}")
    else:
        yield Finding("ok", "web page", f"users: {users}")


def _mail(config: Config, now: datetime, *, offline: bool) -> Iterator[Finding]:
    wanted = [plan.name for plan in config.plans.values() if plan.recipients]
    mail = config.press.mail
    if wanted and not (mail.host and mail.sender):
        remedy = f"{', '.join(wanted)} has recipients, but [mail] host and from in presswatch.toml are not both set"
        yield Finding("error", "mail", remedy)
    elif mail.host:
        try:
            password = mail.password(os.environ)
        except OSError as error:
            yield Finding("error", "mail", f"the password file cannot be read: {error}")
            return
        if mail.user and not password:
            yield Finding(
                "error", "mail", f"no password for {mail.user}; set PRESSWATCH_MAIL_PASSWORD or password_file"
            )
        else:
            yield Finding("ok", "mail", f"{mail.host}:{mail.port} ({mail.security})")
            if not offline:
                yield from mailcheck.ask(mail, password, now)
        yield from _certificates(mail)
    yield from examine_dkim(config)


def _certificates(mail: MailConfig) -> Iterator[Finding]:
    try:
        email.trust(mail)
    except ConfigError as error:
        yield Finding("error", "mail", f"{error}; until then no mail is sent")


def examine_dkim(config: Config) -> Iterator[Finding]:
    """Read the key of the DKIM signature; whether DNS shows its public half is not asked."""
    mail = config.press.mail
    if not mail.dkim_selector:
        return
    try:
        signature.read_key(mail)
    except ConfigError as error:
        yield Finding("error", "dkim", f"{error}; until then mails go out unsigned")
        return
    name, sender = signature.record_name(mail), address_of(mail.sender).rpartition("@")[2].lower()
    yield Finding("ok", "dkim", f"signs; `presswatch config dkim` tells the DNS record {name}")
    domain = signature.domain_of(mail).lower()
    if sender and not f".{sender}".endswith(f".{domain}") and not f".{domain}".endswith(f".{sender}"):
        remedy = f"{domain} signs for a sender at {sender}: DMARC counts only signatures of the sender's own domain"
        yield Finding("warning", "dkim", remedy)


def examine_templates(config: Config) -> Iterator[Finding]:
    """Try the operator's templates."""
    templates = templates_of(config)
    faults = trial.faults(config.folder / "templates") if templates.own else []
    for fault in faults:
        yield Finding("error", "templates", str(fault))
    if templates.own and not faults:
        yield Finding("ok", "templates", f"yours are {', '.join(templates.own)}")


def examine_plugins(config: Config) -> Iterator[Finding]:
    """Load what is configured; other machines are not asked."""
    press = config.press
    chosen: tuple[tuple[str, plugins.Group, str, NamesConfig | SummaryConfig | TranslationConfig], ...] = (
        ("names", "taggers", press.names.tagger, press.names),
        ("summary", "summarisers", press.summary.summariser, press.summary),
        ("translation", "translators", press.translation.translator, press.translation),
    )
    for subject, group, name, settings in chosen:
        if name in {"", "plain"}:
            continue
        try:
            plugins.load(group, name, settings)
            if isinstance(settings, NamesConfig):
                yield Finding("ok", subject, name)
                continue
            key = "with a key" if settings.key(os.environ) else "without a key"
            yield Finding("ok", subject, f"{name} at {settings.url or 'no address'}, {key}; texts of stories go there")
        except PresswatchError as error:
            yield Finding("error", subject, str(error))
    yield from _targets(config)


def _targets(config: Config) -> Iterator[Finding]:
    """Look for the addresses of chats and named webhooks; nobody is asked, and no address is told."""
    from digest.deliver import chat, webhook  # builds mails, which no other check needs

    plans = config.plans.values()
    chats = [plan.chat for plan in plans] + [rules.chat for rules in config.rules.values()]
    for name in sorted({name for names in chats for name in names}):
        fault = chat.fault(name, config)
        yield Finding("error" if fault else "ok", "chat", fault or f"{name}: its address is one that Apprise knows")
    hooks = {name for plan in plans for name in plan.webhooks} | {rules.webhook for rules in config.rules.values()}
    for name in sorted(name for name in hooks if name and "://" not in name):
        try:
            webhook.address(f"{webhook.PREFIX}{name}", config)
            yield Finding("ok", "webhook", f"{name}: it has an address")
        except PresswatchError as error:
            yield Finding("error", "webhook", str(error))


def _raw(config: Config, url: str) -> Iterator[Finding]:
    try:
        with open_archive(url, create=False, read_only=True) as archive:
            folder = raw_folder(config, archive.path)
    except PresswatchError:
        return  # told already
    size = folder.size() if folder is not None else RawSize(0, 0)
    if config.press.raw.keep is None:
        if folder is not None and size.files:
            remedy = f"{size.told()} in {folder.folder}, but [raw] keep is empty: they stay until somebody removes them"
            yield Finding("warning", "raw pages", remedy)
    elif folder is None:
        yield Finding("error", "raw pages", "set [raw] folder in presswatch.toml: the archive is no file to lie beside")
    elif (fault := folder.fault()) is not None:
        yield Finding("error", "raw pages", fault)
    else:
        yield Finding("ok", "raw pages", f"{size.told()} in {folder.folder}")


def _surroundings(config: Config, url: str, now: datetime) -> Iterator[Finding]:
    try:
        path = path_of(url)
    except PresswatchError:
        return  # told already
    yield from surroundings.look(config, path, url, now)


def _archive(url: str, now: datetime, *, deep: bool) -> Iterator[Finding]:
    """Read the archive, and find out whether a crawl could write to it."""
    try:
        path = path_of(url)
    except PresswatchError as error:
        yield Finding("error", "archive", str(error))
        return
    if path is not None:
        yield from _room(path)
        if not path.exists() and write_fault(path) is None:
            told = f"{path}: there is no archive here yet; `presswatch crawl` makes one, or give another --archive"
            yield Finding("warning", "archive", told)
            return
    try:
        with open_archive(url, create=False, read_only=True) as archive:
            yield Finding("ok", "archive", f"{shown(url)}: {archive.articles.count()} articles, {archive.engine}")
            if deep:
                faults = archive.faults()
                yield from (Finding("error", "archive", fault) for fault in faults)
                if not faults:
                    yield Finding("ok", "archive", "read as a whole: the file, the index and the outbox are sound")
            if ahead := archive.ahead(now):
                yield Finding("warning", "clock", ahead)
            if archive.index_is_old():
                remedy = "an older Presswatch made the index, so some searches miss some articles; run doctor --reindex"
                yield Finding("warning", "index", remedy)
            health = archive.sources.health(now)
            ill = [each for each in health if each.state not in {"ok", "new", "paused"}]
            for each in ill:
                yield Finding("warning", each.source, f"{each.state}: {each.note}")
            for key, way in ((each.source, way) for each in health for way in each.overrides):
                yield Finding("warning", key, f'{way.note}; "presswatch source test {key}" compares')
    except ArchiveBusy as error:
        yield Finding("warning", "archive", str(error))  # it will be free again
    except PresswatchError as error:
        if path is None or path.exists():
            yield Finding("error", "archive", str(error))


def _room(path: Path) -> Iterator[Finding]:
    """Tell what keeps a crawl from writing: rights, the file system, the room on the disk."""
    if (fault := write_fault(path)) is not None:
        yield Finding("error", "archive", f"{fault}; until then nothing is crawled and no digest is made")
    place = path.parent
    if not place.is_dir():
        return
    if not (has_room(path) and takes_bytes(path)):
        yield Finding(
            "error", "disk", f"no room is left beside the archive, in {place}: nothing can be kept; make room"
        )
    elif (free := shutil.disk_usage(place).free) < LITTLE_ROOM:
        yield Finding("warning", "disk", f"only {free / 1e6:.0f} MB are free beside the archive, in {place}; make room")
