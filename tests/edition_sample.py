# ruff: noqa: E501  (one article a line reads best)
"""An invented morning: the material of one edition in English, Chinese, Arabic and Ukrainian.

`python -m tests.edition_sample DIR` writes it as mail, web copy and text, to be looked at.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.config import PlanConfig
from crawler.records import Article, Change, Mention, Source, SourceHealth, Story, SummarySentence, Watch
from digest import edition, plans, render
from digest.content import AlsoIn, Bar, EditionContent, Framed, FramedWord, Missed

DUE = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
SINCE = DUE - timedelta(days=1)


def a_plan(**fields: Any) -> PlanConfig:
    defaults: dict[str, Any] = {
        "name": "east-asia",
        "title": "East Asia security",
        "at": ["07:00"],
        "timezone": "Europe/Kyiv",
        "recipients": ["ana@example.org"],
        "top": 3,
    }
    return PlanConfig(**{**defaults, **fields})


SOURCES = {
    source.key: source
    for source in (
        Source(
            "daily-beacon",
            "Daily Beacon",
            "https://beacon.example/",
            "cn",
            "en",
            "Asia/Shanghai",
            "newspaper",
            "state",
            "Beacon Press",
        ),
        Source(
            "beacon-cn",
            "灯塔网",
            "https://cn.beacon.example/",
            "cn",
            "zh",
            "Asia/Shanghai",
            "online",
            "state",
            "Beacon Press",
        ),
        Source(
            "mirror",
            "Security Mirror",
            "https://mirror.example/",
            "us",
            "en",
            "UTC",
            "republisher",
            "private",
            "Mirror",
        ),
        Source(
            "harbour",
            "Harbour Times",
            "https://harbour.example/",
            "hk",
            "en",
            "Asia/Hong_Kong",
            "newspaper",
            "private",
            "Harbour",
        ),
        Source(
            "island", "Island Wire", "https://island.example/", "tw", "en", "Asia/Taipei", "agency", "public", "Island"
        ),
        Source(
            "visnyk",
            "Вісник Дніпра",
            "https://visnyk.example/",
            "ua",
            "uk",
            "Europe/Kyiv",
            "agency",
            "public",
            "Visnyk",
        ),
        Source(
            "manara", "المنارة", "https://manara.example/", "qa", "ar", "Asia/Qatar", "broadcaster", "unknown", "Manara"
        ),
        Source(
            "ledger",
            "Pacific Ledger",
            "https://ledger.example/",
            "jp",
            "en",
            "Asia/Tokyo",
            "online",
            "private",
            "Ledger",
        ),
    )
}
WATCHES = (
    Watch("Counter-intelligence", "espionage OR 间谍 OR шпигун*", weight=1.5),
    Watch("Infrastructure", "outage OR اختراق"),
    Watch("Sanctions", '"entity list"'),
    Watch("Muted", "everything", muted=True),
)


class Press:
    """Builds material article by article."""

    def __init__(self) -> None:
        self.articles: dict[int, Article] = {}
        self.changes: list[Change] = []
        self.mentions: dict[int, list[Mention]] = {}
        self.stories: list[Story] = []
        self.seq = 0

    def article(
        self, source: str, title: str, hours: float = 5, watch: str = "", words: tuple[str, ...] = (), **more: Any
    ) -> int:
        number = len(self.articles) + 1
        at = DUE - timedelta(hours=hours)
        fields: dict[str, Any] = {
            "url": f"{SOURCES[source].homepage}{number}",
            "text": f"{title}, as told at length.",
            "published": at.isoformat(),
            "published_utc": at,
            "published_precision": "minute",
            "first_seen": at + timedelta(minutes=9),
            "language": SOURCES[source].language,
            "carried_by": SOURCES[source].name,
            "id": number,
        }
        self.articles[number] = Article(**{**fields, "source": source, "title": title, **more})
        if fields["first_seen"] >= SINCE:
            self.change(number, "copy" if more.get("copy_of") else "new")
        if watch:
            self.mentions.setdefault(number, []).append(Mention(watch, number, 1, words))
        return number

    def change(self, article: int, kind: Any, backfill: bool = False) -> None:
        self.seq += 1
        self.changes.append(Change(self.seq, article, kind, DUE - timedelta(hours=1), backfill))

    def story(self, *articles: int, sentences: tuple[tuple[str, int], ...] = (), **more: Any) -> int:
        number = 100 + len(self.stories)
        lines = tuple(SummarySentence(text, article) for text, article in sentences)
        self.stories.append(Story(number, self.articles[articles[0]].title, articles, lines, **more))
        return number

    def material(self, plan: PlanConfig | None = None, **more: Any) -> edition.Material:
        fields: dict[str, Any] = {
            "slot": "2026-11-23",
            "window": plans.Window(SINCE, DUE),
            "now": DUE - timedelta(minutes=2),
            "changes": self.changes,
            "articles": self.articles,
            "mentions": self.mentions,
            "stories": self.stories,
            "watches": WATCHES,
            "sources": SOURCES,
            "health": [SourceHealth(key, source.name, "ok", "") for key, source in SOURCES.items()],
        }
        return edition.Material(plan=plan or a_plan(), **{**fields, **more})


def days(*counts: int | None, healthy: bool = True) -> tuple[Bar, ...]:
    windows = plans.days_before(DUE, "Europe/Kyiv", len(counts))
    return tuple(Bar(window.until, count, healthy) for window, count in zip(windows, counts, strict=True))


def a_morning() -> edition.Material:
    """Give a whole invented morning."""
    press = Press()
    ci, net, sanctions = (watch.name for watch in WATCHES[:3])
    tv = press.article(
        "daily-beacon", "State TV unveils espionage cases", 9.8, ci, ("espionage", "intelligence service")
    )
    cn = press.article("beacon-cn", "国家安全部门公布多起间谍案件", 9.0, ci, ("间谍",))
    copies = [
        press.article(
            key,
            "State TV unveils espionage cases",
            hours,
            ci,
            ("espionage",),
            copy_of=tv,
            copy_kind="full",
            credited_to="Daily Beacon",
        )
        for key, hours in (("mirror", 8.0), ("ledger", 7.5))
    ]
    own = press.article("harbour", "Five cases on screen, few details off it", 4.2, ci, ("espionage",))
    press.story(
        tv, cn, *copies, own,
        sentences=(
            ("A state broadcaster showed five espionage cases on Tuesday's programme, naming two former scholars and a technician said to have passed files to a foreign intelligence service.", tv),
            ("None of the five could be reached, and no court has published a verdict.", own),
        ),
        separate_owners=2, outside_state_control=1,
    )  # fmt: skip
    old = press.article("island", "Island council seeks access to arrested researcher", 40, ci, ("espionage",))
    new = press.article(
        "island", "Island authority disputes account of arrested researcher", 8.3, ci, ("espionage", "consular access")
    )
    also = press.article("ledger", "Researcher's family speaks for the first time", 3.0)
    press.story(
        old, new, also,
        sentences=(("The council says that the man held since October had no link to any espionage and asks for consular access.", new),),
        separate_owners=2, outside_state_control=2,
    )  # fmt: skip
    ua = press.article(
        "visnyk",
        "Служба безпеки повідомила про затримання програміста",
        1.1,
        ci,
        ("шпигунство", "критичну інфраструктуру"),
    )
    press.story(
        ua,
        sentences=(
            (
                "За даними відомства, підозрюваний передавав дані про критичну інфраструктуру через канал у месенджері.",
                ua,
            ),
        ),
    )
    zh = press.article("beacon-cn", "境外间谍情报机关加强网络窃密活动", 11, ci, ("间谍",))
    press.story(zh)
    for title, hours in (
        ("Draft law widens duty to report foreign contacts", 17.7),
        ("Court upholds ten-year sentence in documents case", 20.0),
    ):
        press.story(press.article("harbour", title, hours, ci, ("foreign contacts",)))
    port = press.article("ledger", "Port operator restores systems after four-day outage", 12.5, net, ("outage",))
    press.story(port)
    ar = press.article("manara", "شركة اتصالات تعلن إحباط محاولة اختراق واسعة لشبكتها", 15.2, net, ("اختراق",))
    arcopy = press.article(
        "mirror",
        "Telecoms firm says it stopped a wide break-in",
        14.0,
        copy_of=ar,
        copy_kind="partial",
        credited_to="المنارة",
    )
    press.story(ar, arcopy)
    press.story(
        press.article(
            "daily-beacon",
            "Ministry adds eleven firms to unreliable entity list",
            13.0,
            sanctions,
            ("entity list",),
            published_utc=None,
            published_precision="day",
            published="2026-11-22",
        )
    )
    press.article("manara", "أسعار القمح ترتفع للأسبوع الثالث", 6)
    backfilled = press.article("mirror", "An old report on espionage", 900, ci, ("espionage",), backfill=True)
    press.change(backfilled, "new", backfill=True)
    press.story(backfilled)
    health = [
        SourceHealth(key, source.name, "ok", "") for key, source in SOURCES.items() if key != "harbour"
    ] + [
        SourceHealth("kyo", "Kyo News", "silent", "no new items for 3 days; usual is one every 2 hours"),
        SourceHealth("watcher", "Peninsula Watcher", "blocked", "HTTP 403 since Sat 21 Nov 21:10"),
        SourceHealth("broken", "صوت الساحل", "failing", "its feed is HTML since Sunday"),
        *(SourceHealth(f"quiet-{n}", f"Quiet {n}", "ok", "") for n in range(40)),
    ]  # fmt: skip
    before = _yesterday(old)
    press.articles[old] = replace(press.articles[old], title="Island council asks for access to arrested researcher")
    press.change(old, "revised")
    return press.material(
        health=health,
        days=days(5, 6, 4, 5, 7, 3, 2, 6, 7, 5, 6, 4, 5, 12),
        dropped={"paywalled": 4, "blocked": 3, "soft 404": 1},
        earlier=[before],
    )


def with_asides(content: EditionContent) -> EditionContent:
    """Give an edition all that may be known beside its stories: links here and elsewhere, control, framing, absence."""
    first, second, *rest = content.top
    (section, *sections) = content.sections
    brief, *others = section.items
    first = replace(
        first,
        control="state-controlled only",
        also_in=(
            AlsoIn(brief.story, brief.carrier.language, brief.carrier.headline, brief.carrier.url),
            AlsoIn(900, "ar", "تلفزيون يعرض خمس قضايا تجسس", "https://manara.example/900"),
            AlsoIn(901, "en", "Told in the frame's own language"),
        ),
        framing=(
            Framed(
                "en",
                (FramedWord("smear", 12, 1), FramedWord("hegemony", 9, 0)),
                (FramedWord("activists", 0, 15), FramedWord("repression", 1, 11)),
            ),
            Framed("zh", (FramedWord("霸权霸凌", 7, 0),), ()),
            Framed("fr", (), ()),
        ),
        did_not_carry=(
            Missed("island", "Island Wire", "Counter-intelligence", 13, 14),
            Missed("manara", "المنارة", "Counter-intelligence", 8, 14),
        ),
    )
    brief = replace(brief, control="no state media yet", also_in=(AlsoIn(first.story, "en", first.carrier.headline),))
    section = replace(section, items=(brief, *others))
    return replace(content, top=(first, second, *rest), sections=(section, *sections))


def _yesterday(old: int) -> EditionContent:
    press = Press()
    for _ in range(old - 1):
        press.article("mirror", "Filler", 30)
    number = press.article(
        "island", "Island council seeks access to arrested researcher", 40, "Counter-intelligence", ("espionage",)
    )
    press.change(number, "new")
    press.stories.append(Story(101, "Island council seeks access", (number,)))
    window = plans.Window(SINCE - timedelta(days=1), SINCE)
    return edition.choose(press.material(slot="2026-11-22", window=window, now=SINCE))


def main(folder: Path) -> None:
    """Write the sample for a look."""
    content = with_asides(edition.choose(a_morning()))
    rendered = render.everything(content)
    (folder / "mail.html").write_bytes(rendered.mail)
    (folder / "web.html").write_bytes(rendered.web)
    (folder / "mail.txt").write_bytes(rendered.text)
    print(rendered.subject, len(rendered.mail))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
