"""Files: a folder of editions as a small site, with Atom and JSON Feed. Delivering twice changes nothing.

<folder>/<plan>/<slot>.html, .txt and .json (what index and feeds are made of), index.html, atom.xml, feed.json.
Alerts of a watch lie in <folder>/alerts/<watch>/ in the same way.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from crawler.archive import ALERTS
from crawler.errors import DeliveryError
from crawler.records import Delivery, as_json
from digest.content import EditionContent, direction
from digest.skin import Templates, templates_of
from digest.texts import Words

if TYPE_CHECKING:
    from crawler.config import Config
    from digest.render import Rendered

#: Feeds hold this many editions; the index holds all.
_FEED_LENGTH = 50


def body(content: EditionContent, rendered: Rendered) -> bytes:
    """Pack what is written: the pages, and what index and feeds tell of the edition."""
    head = content.masthead
    words = Words(head.language, head.zone)
    about = {
        "plan": head.plan,
        "title": head.title,
        "slot": head.slot,
        "language": words.language,
        "subject": rendered.subject,
        "made_at": as_json(head.data_until),
        "date": words.long_date(head.date),
        "lead": words("space").join(filter(None, [content.editor, *map(words.say, content.lead)])),
        "stories": words("index.stories", content.figures.stories),
        "headlines": [
            {"title": item.carrier.headline, "url": item.carrier.url, "outlet": item.carrier.name}
            for item in content.items
        ],
        "feeds_word": words("index.feeds"),
        "editions_word": words("index.editions"),
    }
    pages = {"html": rendered.web.decode(), "text": rendered.text.decode()}
    return json.dumps({"about": about, **pages}, ensure_ascii=False).encode()


def deliver(delivery: Delivery, config: Config) -> None:
    """Write an edition into its folder and renew the index and the feeds."""
    whole = json.loads(delivery.body)
    folder = folder_of(Path(delivery.recipient), delivery.plan)
    name = file_name(delivery.slot)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / f"{name}.html", whole["html"])
        _write(folder / f"{name}.txt", whole["text"])
        about = {**whole["about"], "file": f"{name}.html"}
        _write(folder / f"{name}.json", json.dumps(about, ensure_ascii=False, indent=1))
        renew(folder, templates_of(config))
    except OSError as error:
        reason = error.strerror or str(error)
        raise DeliveryError(f"{folder}: {reason}; make room or let Presswatch write there", True) from error


def erase(folder: Path, plan: str, slot: str, templates: Templates) -> list[Path]:
    """Remove an edition from its folder, renew what is left there, and list the files that are gone."""
    place, name = folder_of(folder, plan), file_name(slot)
    gone = [path for ending in ("html", "txt", "json") if (path := place / f"{name}.{ending}").exists()]
    try:
        for path in gone:
            path.unlink()
        if gone:
            renew(place, templates)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DeliveryError(f"{place}: {reason}; let Presswatch write there, or remove {name}.*", True) from error
    return gone


def folder_of(folder: Path, plan: str) -> Path:
    """Name the folder of a plan, or of a watch's alerts; no name leads out of the digests' folder."""
    if plan.startswith(ALERTS):
        return folder / "alerts" / _plain(plan.removeprefix(ALERTS))
    return folder / _plain(plan)


def file_name(slot: str) -> str:
    """Name the file of a slot, without ending: 2026-11-23, 2026-11-23-0700, 2026-11-23T060000Z."""
    return _plain(slot.replace(":", "").replace(" ", "-"))


def _plain(name: str) -> str:
    plain = re.sub(r"[^\w.-]+", "-", name).strip(".-")
    if plain == name and plain.lower() not in {"index", "feed", "atom"}:
        return plain
    # Two names that look the same when made plain stay two; slots lose nothing but colons.
    mark = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{plain}-{mark}" if plain else mark


def renew(folder: Path, templates: Templates) -> None:
    """Write the index and the feeds of a plan's folder anew."""
    editions = [
        json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json") if path.name != "feed.json"
    ]
    if not editions:
        for name in ("index.html", "atom.xml", "feed.json"):
            (folder / name).unlink(missing_ok=True)
        return
    editions.sort(key=lambda about: (about["made_at"], about["slot"]), reverse=True)
    for about in editions:
        about["dir"] = direction("", about["language"])
        about["id"] = f"urn:uuid:{uuid5(NAMESPACE_URL, 'presswatch:' + about['plan'] + '/' + about['slot'])}"
    newest = editions[0]
    feed_id = f"urn:uuid:{uuid5(NAMESPACE_URL, 'presswatch:' + newest['plan'])}"
    facts: dict[str, Any] = {"editions": editions, "newest": newest, "feed_id": feed_id, "dir": newest["dir"]}
    recent = {**facts, "editions": editions[:_FEED_LENGTH]}
    for about in recent["editions"]:
        about["content"] = templates.render("headlines.html.j2", {"about": about}, html=True)
    _write(folder / "atom.xml", templates.render("atom.xml.j2", recent, html=True))
    _write(
        folder / "feed.json", json.dumps(_json_feed(recent["editions"], newest, feed_id), ensure_ascii=False, indent=1)
    )
    _write(folder / "index.html", templates.render("index.html.j2", facts, html=True))


def _json_feed(editions: list[dict[str, Any]], newest: dict[str, Any], feed_id: str) -> dict[str, Any]:
    """Write a JSON Feed 1.1; without a public address its items have no url."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": newest["title"],
        "language": newest["language"],
        "_presswatch": {"id": feed_id},
        "items": [
            {
                "id": about["id"],
                "title": about["subject"],
                "summary": about["lead"],
                "content_html": about["content"],
                "date_published": about["made_at"],
            }
            for about in editions
        ],
    }


def _write(path: Path, text: str) -> None:
    write(path, text.encode())


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
