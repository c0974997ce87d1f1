"""Files: a folder of editions as a small site, with Atom and JSON Feed. Delivering twice changes nothing.

<folder>/index.html: all plans. <folder>/<plan>/<slot>.html, .txt, .md and .json (what the lists are made of),
index.html, month-2026-11.html, atom.xml, feed.json. Alerts of a watch lie in <folder>/alerts/<watch>/ in the same way.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive import ALERTS
from crawler.errors import DeliveryError
from crawler.records import Delivery, as_json
from digest import markdown, telling
from digest.content import EditionContent
from digest.deliver import site
from digest.skin import Templates, templates_of
from digest.texts import Words

if TYPE_CHECKING:
    from crawler.config import Config
    from digest.render import Rendered


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
        "editions_word": words("index.editions"),
    }
    pages = {"html": rendered.web.decode(), "text": rendered.text.decode()}
    pages["markdown"] = markdown.write(telling.edition(content)).decode()
    return json.dumps({"about": about, **pages}, ensure_ascii=False).encode()


def deliver(delivery: Delivery, config: Config) -> None:
    """Write an edition into its folder and renew the lists and feeds."""
    whole = json.loads(delivery.body)
    root = Path(delivery.recipient)
    folder = folder_of(root, delivery.plan)
    name = file_name(delivery.slot)
    about = {**whole["about"], "file": f"{name}.html", "edition": delivery.edition}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        site.write_page(folder / f"{name}.html", whole["html"].encode())
        for ending, form in (("txt", "text"), ("md", "markdown")):
            if form in whole:
                site.write(folder / f"{name}.{ending}", whole[form].encode())
        site.write(folder / f"{name}.json", json.dumps(about, ensure_ascii=False, indent=1).encode())
        site.renew(root, folder, name, templates_of(config), config.press.web.public_url)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DeliveryError(f"{folder}: {reason}; make room or let Presswatch write there", True) from error


def erase(folder: Path, plan: str, slot: str, templates: Templates, base: str = "") -> list[Path]:
    """Remove an edition from its folder, renew what is left there, and list the files that are gone."""
    return _remove(folder, folder_of(folder, plan), [file_name(slot)], templates, base)


def prune(folder: Path, before: datetime, templates: Templates, base: str = "", *, dry_run: bool = False) -> int:
    """Remove editions and alerts from before a time, renew what is left, and count them; files of others stay."""
    count = 0
    for place in site.folders(folder):
        old = [one.name for one in site.editions(place) if datetime.fromisoformat(one.made_at) < before]
        count += len(old)
        if old and not dry_run:
            _remove(folder, place, old, templates, base)
    return count


def _remove(root: Path, place: Path, names: Sequence[str], templates: Templates, base: str) -> list[Path]:
    files = [place / f"{name}.{ending}" for name in names for ending in ("html", "txt", "md", "json")]
    gone = [path for path in files if path.exists()]
    try:
        for path in gone:
            path.unlink()
        if gone:
            site.renew(root, place, names[0], templates, base)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DeliveryError(f"{place}: {reason}; let Presswatch write there, or remove {names[0]}.*", True) from error
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
