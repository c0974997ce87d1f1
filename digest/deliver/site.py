"""The folder of editions as a static site: an index of all plans, and of each plan an index, months and two feeds.

It works from a disk and from any web server, without a script. Everything is made anew from what lies in the folder,
so that the order of deliveries does not matter, and what somebody deleted is gone. A plan's ``.editions.json`` only
spares reading all editions again: it may be deleted, too. What lies there and is no edition of ours is left alone.
"""

from __future__ import annotations

import json
import logging
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from digest.content import direction
from digest.render import shared, without_title
from digest.skin import BUILT_IN, Templates
from digest.texts import LANGUAGES, Words

_log = logging.getLogger(__name__)

#: Feeds hold this many editions.
_FEED_LENGTH = 50
#: A plan's index holds this many; older ones stand on the pages of their months.
_INDEX_LENGTH = 60
#: The index of all plans shows so many of each.
_LATEST = 3
_LISTED = ".editions.json"
_LISTS = ("index.html", "atom.xml", "feed.json", _LISTED)
_WANTED = ("plan", "title", "slot", "language", "subject", "made_at", "date", "lead", "stories")
#: A page of ours that may be written over says so.
_OURS = b'<meta name="generator" content="Presswatch">'
_NAV = re.compile(rb"<!--around-->.*?<!--/around-->\n?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """What lists tell of an edition."""

    #: Its files without their endings.
    name: str
    plan: str
    title: str
    slot: str
    language: str
    subject: str
    #: ISO 8601 in UTC.
    made_at: str
    date: str
    lead: str
    stories: str
    #: Its number in the archive; 0 where that is not known.
    edition: int = 0
    editions_word: str = ""

    @property
    def file(self) -> str:
        """Name its page."""
        return f"{self.name}.html"

    @property
    def headline(self) -> str:
        """Give its subject without the title, under which it stands."""
        return without_title(self.subject, self.title)

    @property
    def id(self) -> str:
        """Name it for feeds: the same for ever."""
        return _urn(f"{self.plan}/{self.slot}")


@dataclass(frozen=True, slots=True)
class Listed:
    """A plan, or a watch with alerts, in the index of all."""

    title: str
    #: Its folder, with a slash behind it.
    address: str
    #: The newest.
    entries: tuple[Entry, ...]
    total: int


def renew(root: Path, folder: Path, changed: str, templates: Templates = BUILT_IN, base: str = "") -> None:
    """Renew the lists and feeds of a plan's folder, and the index of all; ``changed`` names what was just written.

    ``base`` is the public address of the web page, "" where there is none.
    """
    before = _listed(folder)
    known = {entry.name: entry for entry in before if entry.name != changed}
    entries = _read(folder, known)
    if not entries:  # what was the last one was taken out
        for path in (*(folder / name for name in _LISTS), *folder.glob("month-*.html")):
            path.unlink(missing_ok=True)
        _write_root(root, templates)
        return
    _around(folder, before, entries, changed, templates)
    words = _words(entries[0].language)
    facts: dict[str, Any] = {"newest": entries[0], **_framed(words)}
    facts["home"] = f"{Path(os.path.relpath(root, folder)).as_posix()}/index.html"
    _feeds(folder, entries[:_FEED_LENGTH], base, templates)
    _months(folder, before, entries, changed, facts, templates)
    older = sorted({_month(entry) for entry in entries[_INDEX_LENGTH:]}, reverse=True)
    months = [(f"month-{month}.html", words.month(_first_of(month))) for month in older]
    _write(
        folder / "index.html",
        _page(templates, "index.html.j2", entries=entries[:_INDEX_LENGTH], months=months, month="", **facts),
    )
    listed = json.dumps([asdict(entry) for entry in entries], ensure_ascii=False)
    _write(folder / _LISTED, listed)
    _write_root(root, templates)


def folders(root: Path) -> list[Path]:
    """List the folders of plans, and of watches with alerts, in the folder of all."""
    return sorted(path.parent for pattern in ("*", "alerts/*") for path in root.glob(f"{pattern}/{_LISTED}"))


def editions(folder: Path) -> list[Entry]:
    """List what lies in a folder, the newest first."""
    return _read(folder, {entry.name: entry for entry in _listed(folder)})


def _read(folder: Path, known: Mapping[str, Entry]) -> list[Entry]:
    """List the editions that lie in a folder, the newest first; only of those that are not known the file is read."""
    names = {path.stem for path in folder.glob("*.json") if path.name != _LISTED}
    pages = {path.stem for path in folder.glob("*.html")}
    # Of a page whose JSON was deleted or damaged later it is still known what it tells.
    entries = [known.get(name) or _entry(folder, name) for name in pages & (names | known.keys()) - {"index", "feed"}]
    return sorted(
        (entry for entry in entries if entry is not None),
        key=lambda one: (one.made_at, one.slot, one.name),
        reverse=True,
    )


def _entry(folder: Path, name: str) -> Entry | None:
    about = _load(folder / f"{name}.json")
    return _made(name, about) if isinstance(about, dict) else None


def _made(name: object, about: Mapping[str, object]) -> Entry | None:
    """Make an entry of what was read; None where it is none of ours."""
    texts = [about.get(key) for key in _WANTED]
    number, word = about.get("edition"), about.get("editions_word")
    if not isinstance(name, str) or not all(isinstance(text, str) for text in texts):
        return None
    try:
        datetime.fromisoformat(str(about["made_at"]))
    except ValueError:
        return None
    said = word if isinstance(word, str) else ""
    known = dict(zip(_WANTED, map(str, texts), strict=True))
    return Entry(name=name, **known, edition=number if isinstance(number, int) else 0, editions_word=said)


def _listed(folder: Path) -> list[Entry]:
    listed = _load(folder / _LISTED)
    if not isinstance(listed, list):
        return []
    made = (_made(entry.get("name"), entry) for entry in listed if isinstance(entry, dict))
    return [entry for entry in made if entry is not None]


def _load(path: Path) -> object:
    """Read a JSON file; None where it is gone or damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:  # also of what is no UTF-8
        _log.warning("%s is no JSON (%s): the lists go on without it", path, error)
        return None


def _around(
    folder: Path, before: Sequence[Entry], entries: Sequence[Entry], changed: str, templates: Templates
) -> None:
    """Lead from each page to the earlier and the later one, wherever these are others than before."""
    old, new = _neighbours(before), _neighbours(entries)
    for entry in entries:
        if entry.name == changed or old.get(entry.name) != new[entry.name]:
            earlier, later = new[entry.name]
            words = _words(entry.language)
            nav = _page(templates, "around.html.j2", earlier=earlier, later=later, **_framed(words))
            _set_nav(folder / entry.file, (folder / entry.file).read_bytes(), nav.encode())


def write_page(path: Path, page: bytes) -> None:
    """Write the page of an edition; the links that were around it stay until the lists are renewed."""
    found = _NAV.search(path.read_bytes()) if path.exists() else None
    _set_nav(path, page, found[0] if found else b"")


def _set_nav(path: Path, page: bytes, nav: bytes) -> None:
    bare = _NAV.sub(b"", page)
    head, end, tail = bare.rpartition(b"</body>")
    write(path, head + nav + end + tail if end else bare + nav)


def _neighbours(entries: Sequence[Entry]) -> dict[str, tuple[str, str]]:
    """Give the earlier and the later page of each, "" where there is none."""
    files = ["", *(entry.file for entry in entries), ""]
    return {entry.name: (files[place + 2], files[place]) for place, entry in enumerate(entries)}


def _months(
    folder: Path,
    before: Sequence[Entry],
    entries: Sequence[Entry],
    changed: str,
    facts: Mapping[str, Any],
    templates: Templates,
) -> None:
    """Write the pages of those months whose editions are others than before, or one of them was written again."""
    old = {month: [*found] for month, found in groupby(before, _month)}
    touched = {_month(entry) for entry in entries if entry.name == changed}
    for month, found in groupby(entries, _month):
        inside = [*found]
        path = folder / f"month-{month}.html"
        if month in touched or old.get(month) != inside or not path.exists():
            label = facts["words"].month(_first_of(month))
            _write(path, _page(templates, "index.html.j2", entries=inside, months=[], month=label, **facts))
    for month in old.keys() - {_month(entry) for entry in entries}:
        (folder / f"month-{month}.html").unlink(missing_ok=True)


def _month(entry: Entry) -> str:
    return entry.made_at[:7]


def _first_of(month: str) -> datetime:
    return datetime.fromisoformat(f"{month}-15T12:00:00").replace(tzinfo=UTC)


def _feeds(folder: Path, entries: Sequence[Entry], base: str, templates: Templates) -> None:
    """Write both feeds of the newest editions, with their headlines where these can be read."""
    items = [_item(folder, entry, base.rstrip("/"), templates) for entry in entries]
    newest = entries[0]
    facts = {"newest": newest, "items": items, "feed_id": _urn(newest.plan), "updated": newest.made_at}
    home = f"{base.rstrip('/')}/digests" if base else "index.html"
    _write(folder / "atom.xml", _page(templates, "atom.xml.j2", home=home, **facts))
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": newest.title,
        **({"home_page_url": home} if base else {}),
        "language": newest.language,
        "authors": [{"name": "Presswatch"}],
        "_presswatch": {"id": facts["feed_id"]},
        "items": [
            {
                "id": item["entry"].id,
                # A JSON Feed has no place to which addresses without a host would lead.
                **({"url": item["url"]} if item["is_whole"] else {}),
                "title": item["entry"].subject,
                "summary": item["entry"].lead,
                "content_html": item["content"],
                "date_published": item["entry"].made_at,
            }
            for item in items
        ],
    }
    _write(folder / "feed.json", json.dumps(feed, ensure_ascii=False, indent=1))


def _item(folder: Path, entry: Entry, base: str, templates: Templates) -> dict[str, Any]:
    told = _load(folder / f"{entry.name}.json")
    listed = told.get("headlines") if isinstance(told, dict) else None
    headlines = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    about = {"lead": entry.lead, "headlines": [*map(_headline, headlines)]}
    content = _page(templates, "headlines.html.j2", about=about, **_framed(_words(entry.language)))
    url = f"{base}/digests/{entry.edition}" if base and entry.edition else entry.file
    return {"entry": entry, "url": url, "is_whole": url.startswith("http"), "content": content}


def _headline(one: Mapping[str, object]) -> dict[str, str]:
    url = str(one.get("url") or "")
    safe = url if url.startswith(("http://", "https://")) else ""
    return {"title": str(one.get("title") or ""), "url": safe, "outlet": str(one.get("outlet") or "")}


def _write_root(root: Path, templates: Templates) -> None:
    """Write the index of all plans, unless a page that is not ours lies in its place."""
    path = root / "index.html"
    if path.exists() and _OURS not in path.read_bytes():
        return
    groups = [("index.editions", _latest(root, "")), ("index.alerts", _latest(root / "alerts", "alerts/"))]
    if not any(plans for _, plans in groups):
        path.unlink(missing_ok=True)
        return
    newest = max((plan.entries[0] for _, plans in groups for plan in plans), key=lambda entry: entry.made_at)
    words = _words(newest.language)
    _write(path, _page(templates, "plans.html.j2", groups=groups, **_framed(words)))


def _latest(folder: Path, prefix: str) -> list[Listed]:
    """Give the plans in a folder by their titles."""
    if not folder.is_dir():
        return []
    found = []
    for each in sorted(path for path in folder.iterdir() if path.is_dir() and (path / "index.html").is_file()):
        entries = _listed(each) or _read(each, {})
        if entries:
            found.append(Listed(entries[0].title, f"{prefix}{each.name}/", tuple(entries[:_LATEST]), len(entries)))
    return sorted(found, key=lambda plan: plan.title.casefold())


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'presswatch:{name}')}"


def _words(language: str) -> Words:
    return Words(language if language in LANGUAGES else "en", "UTC")


def _framed(words: Words) -> dict[str, Any]:
    """Give what every page of the folder gets: the frame's words, and which way they and other texts are written."""
    return shared(words) | {"direction": direction, "way": words.direction}


def _page(templates: Templates, template: str, **facts: Any) -> str:
    return templates.render(template, facts, html=True)


def _write(path: Path, text: str) -> None:
    write(path, text.encode("utf-8", "replace"))


def write(path: Path, new: bytes) -> bool:
    """Write a file whole or not at all, so that readers never see half of it; tell whether it was another before."""
    if path.exists() and path.read_bytes() == new:
        return False
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True
