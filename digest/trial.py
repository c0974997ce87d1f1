"""Tries an operator's templates with specimens of everything that they may be given, so that faults are told early."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from digest import alert_mail, render, specimen, telling
from digest.content import EditionContent
from digest.deliver import files, site
from digest.render import Banner, Links
from digest.report import ReportContent
from digest.skin import Fault, Templates

_LINKS = Links("https://press.example/digests", "https://press.example/story/{id}", "https://press.example/leave")


def faults(folder: Path) -> list[Fault]:
    """List what is wrong with the templates of a folder, each fault once."""
    found: list[Fault] = []
    templates = Templates(folder, found.append)
    if templates.own:
        found += templates.faults()
        render_all(templates)
    return list(dict.fromkeys(found))


def render_all(templates: Templates) -> None:
    """Render every form of a full and of an empty edition, of drafts, alerts and reports, and the folder's lists."""
    for fill, links in ((specimen.full, _LINKS), (specimen.sparse, render.NO_LINKS)):
        content: EditionContent = fill(EditionContent)
        rendered = render.everything(content, links, templates)
        banner = Banner((("review.look", "presswatch digest review 2"),), carried=len(content.items))
        render.for_review(content, banner, links, templates)
        render.report_html(telling.report(fill(ReportContent)), templates)
        alert_mail.rendered(fill(alert_mail.AlertContent), links, templates)
        about = json.loads(files.body(content, rendered))["about"]
        with TemporaryDirectory() as root:
            folder = Path(root) / "plan"
            folder.mkdir()
            for name in ("2026-11-22", "2026-11-23"):  # with one before it, which its page leads to
                (folder / f"{name}.json").write_text(json.dumps(about | {"slot": name}), encoding="utf-8")
                (folder / f"{name}.html").write_bytes(rendered.web)
            site.renew(Path(root), folder, "2026-11-23", templates)
