"""What judges of mail say of ours: SpamAssassin, and the tables of what mail programs know (caniemail)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from crawler.records import Delivery
from digest import edition, render
from digest.content import EditionContent
from digest.deliver import email, signature
from digest.render import Rendered
from digest.texts import LANGUAGES
from tests.edition_sample import DUE, a_morning, a_plan, with_asides
from tests.page_samples import LINKS, an_alert, crowded_edition, full_edition, mails, quiet_edition
from tests.test_deliver_signature import a_notice, configured

_SPAMASSASSIN = shutil.which("spamassassin")
#: A folder in which `npm install caniemail@1.0.5` was run.
_CANIEMAIL = os.environ.get("CANIEMAIL", "")
_VERSION = "1.0.5"
_BEGIN = "\nContent analysis details:"
#: As the first server of ours writes it.
_ON_THE_WAY = (
    b"Received: from desk.example.org (desk.example.org [9.20.30.40])\r\n"
    b"\tby mx.example.net (Postfix) with ESMTPS id 4F2A71; Mon, 23 Nov 2026 05:00:02 +0000 (UTC)\r\n"
)


def a_mail(rendered: Rendered, title: str = "East Asia security", unsubscribe: str = LINKS.unsubscribe) -> bytes:
    return email.message(
        rendered,
        sender="Press Desk <press@example.org>",
        recipient="ana@example.net",
        plan="east-asia",
        title=title,
        slot="2026-11-23",
        made_at=DUE,
        unsubscribe=unsubscribe,
    )


def in_language(language: str) -> EditionContent:
    return with_asides(edition.choose(replace(a_morning(), plan=a_plan(language=language))))


def all_mails(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Give a mail of every kind."""
    for language in LANGUAGES:
        yield f"digest in {language}", a_mail(render.everything(in_language(language), LINKS))
    yield "digest without links", a_mail(render.everything(in_language("en")), unsubscribe="")
    yield "digest of 500 stories", a_mail(render.everything(full_edition(), LINKS))
    yield "digest of wide stories", a_mail(render.everything(crowded_edition(), LINKS))
    yield "digest with nothing new", a_mail(render.everything(quiet_edition(), LINKS))
    yield "alert", a_mail(an_alert(), "Alert Counter-intelligence")
    yield "alert of a rise", a_mail(an_alert(kind="spike"), "Alert Counter-intelligence")
    config = configured(folder, '[operator]\nmail = "ops@example.net"\n')
    told = "No article was stored since 2026-11-22 05:00 UTC; presswatch status says how each source does."
    yield "notice", a_notice(config, told).body
    row = Delivery(1, 1, "p", "s", "ana@example.net", "email", "<1@a>", a_mail(render.everything(in_language("en"))))
    yield "signed digest", signature.signed(row, config.press.mail).body


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return dict(all_mails(tmp_path_factory.mktemp("mails")))


@pytest.mark.skipif(_SPAMASSASSIN is None, reason="SpamAssassin is not installed (apt-get install spamassassin)")
def test_no_mail_of_ours_has_a_point_of_spam(tmp_path: Path, kinds: dict[str, bytes]) -> None:
    assert _SPAMASSASSIN is not None
    files = []
    for number, mail in enumerate(kinds.values()):
        files.append(tmp_path / f"{number:03}.eml")
        files[-1].write_bytes(_ON_THE_WAY + mail)
    spam = tmp_path / "999.eml"
    spam.write_bytes(b"Subject: Free\r\n\r\nXJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n")
    done = subprocess.run(
        [_SPAMASSASSIN, "--local", "--test-mode", "--nocreate-prefs", *files, spam],
        capture_output=True, env={**os.environ, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}, check=False, timeout=110,
    )  # fmt: skip
    told = done.stdout.decode("utf-8", "replace").split(_BEGIN)[1:]
    points = [float(found.split("(")[1].split()[0]) for found in told]

    # Of spam the report stands there twice.
    assert len(kinds) + 2 == len(points), done.stderr
    assert {} == {kind: point for kind, point in zip(kinds, points, strict=False) if point > 0}
    assert points[-1] > 100, "what is spam is found"


def test_every_kind_of_mail_is_sound(kinds: dict[str, bytes]) -> None:
    for kind, mail in kinds.items():
        parsed = message_from_bytes(mail, policy=policy.default)

        assert [] == parsed.defects, kind
        assert max(map(len, mail.split(b"\r\n"))) < 998, kind
        assert b"\n" not in mail.replace(b"\r\n", b""), kind
        assert parsed["Auto-Submitted"] == "auto-generated"
        if kind != "notice":
            html = parsed.get_body(("html",))
            assert html is not None
            assert len(html.get_content().encode()) <= render.LONGEST_MAIL, kind
            assert LINKS.unsubscribe in html.get_content() or kind in {"digest without links", "signed digest"}


#: What some mail programs do not know, and why a mail may have it all the same.
_ACCEPTED = {
    "<body> element": "only the colour beside the sheet is lost; the sheet has its own",
    "<style> element": "it holds the dark and the narrow look only; everything else stands in the elements",
    "@media": "the same",
    "Local anchors": "between two stories of one digest; where a tap does nothing, the headline says which it is",
    "aria-hidden attribute": "squares are read out then, before the words that say the same",
    "display:none": "the first line shows the lead, which stands below once more",
    "height property": "Yahoo makes it min-height, and the bars of the chart are empty",
    "overflow": "goes with display:none",
    "overflow-wrap": "beside word-break, each where the other is not known; only words longer than a screen need it",
    "role attribute": "tables are read out as tables then",
    "transform": "is text-transform, which all of them know: the lint looks for a part of the name",
    "white-space": "numbers of the chart may be cut where a column is too narrow",
    "word-break": "see overflow-wrap",
}


@pytest.mark.skipif(
    not (_CANIEMAIL and shutil.which("node")),
    reason=f"needs node, and CANIEMAIL=FOLDER where `npm install caniemail@{_VERSION}` was run in it",
)
def test_mail_programs_know_what_our_mails_are_made_of(tmp_path: Path) -> None:
    version = json.loads((Path(_CANIEMAIL) / "node_modules" / "caniemail" / "package.json").read_text())["version"]
    files = []
    for name, page in mails().items():
        if not name.endswith("-no-style"):
            files.append(tmp_path / f"{name}.html")
            files[-1].write_bytes(page)
    script = Path(__file__).parent / "caniemail.mjs"
    done = subprocess.run(["node", script, _CANIEMAIL, *files], capture_output=True, check=True, timeout=60)
    told = json.loads(done.stdout)
    unknown = {feature: programs for features in told.values() for feature, programs in features.items()}

    assert _VERSION == version
    assert len(files) == len(told)
    assert {} == {feature: unknown[feature] for feature in unknown.keys() - _ACCEPTED.keys()}
    assert set() == _ACCEPTED.keys() - unknown.keys(), "what is no more there need not be accepted"
    assert not [name for name, page in mails().items() if re.search(rb"[^-]transform", page)]
