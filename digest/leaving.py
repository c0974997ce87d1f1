"""How recipients leave: signed links, one for each recipient and plan, and who is left out of an edition.

A digest is rendered once for all, with a mark where each one's own link comes. The mark is a signature too, so that no
outside text can hold it and be given somebody's link. A link names nobody: it is found in the archive, and its
signature is checked.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlsplit

import idna

from crawler.mailboxes import address_of, mailbox
from crawler.records import Veto
from digest.content import clean, clip
from digest.render import Links, Rendered

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.config import Config

#: "page" opens the page of a recipient, "mail" is written into a mail, "mark" holds the place of both.
Purpose = Literal["page", "mail", "mark"]
#: 160 bits, 27 letters: nobody finds one by trying.
_LENGTH = 20
TOKEN = re.compile(r"(?<![\w-])[A-Za-z0-9_-]{27}(?![\w-])", re.ASCII)
#: The path of the pages of recipients below the public address.
PATH = "leave"


def token(secret: bytes, purpose: Purpose, plan: str, recipient: str) -> str:
    """Sign that a link is for this purpose, plan and recipient."""
    signed = "\0".join((purpose, plan, mailbox(recipient))).encode()
    return base64.urlsafe_b64encode(hmac.digest(secret, signed, hashlib.sha256)[:_LENGTH]).decode().rstrip("=")


def find(archive: Archive, given: str, purpose: Purpose) -> tuple[str, str] | None:
    """Tell the plan and the recipient of a link; None when it is none of ours."""
    if not TOKEN.fullmatch(given) or (found := archive.recipients.link(given, purpose)) is None:
        return None
    right = token(archive.recipients.secret(), purpose, *found)
    return found if hmac.compare_digest(right.encode(), given.encode()) else None


@dataclass(frozen=True, slots=True)
class Readers:
    """Who gets an edition, and how each of them leaves."""

    plan: str
    title: str
    #: Those of the configuration against whom nothing stands.
    recipients: tuple[str, ...] = ()
    left_out: tuple[Veto, ...] = ()
    secret: bytes = b""
    #: The address to which a mail asks to leave; "" when there is none.
    sender: str = ""
    #: The web page's public address; "" when there is none.
    public_url: str = ""

    def links(self, links: Links) -> Links:
        """Put the mark where each one's link comes."""
        mark = self._mark()
        return replace(links, unsubscribe=self._page(mark) or self._mailto(mark))

    def own(self, rendered: Rendered, recipient: str) -> Rendered:
        """Put somebody's own link in the mark's place."""
        purpose: Purpose = "page" if self.public_url else "mail"
        mark, own = self._mark().encode(), token(self.secret, purpose, self.plan, recipient).encode()
        return replace(rendered, mail=rendered.mail.replace(mark, own), text=rendered.text.replace(mark, own))

    def shared(self, rendered: Rendered) -> Rendered:
        """Take the lines with the mark out: of what goes to nobody in particular nobody can leave."""
        mark = self._mark().encode()
        lines = [line for line in rendered.text.splitlines(keepends=True) if mark not in line]
        return replace(rendered, text=b"".join(lines))

    def unsubscribe(self, recipient: str) -> str:
        """Give the addresses by which somebody leaves, for the header of their mail: the page, then the mailto."""
        page = self._page(token(self.secret, "page", self.plan, recipient))
        return f"{page} {self._mailto(token(self.secret, 'mail', self.plan, recipient))}".strip()

    def _mark(self) -> str:
        return token(self.secret, "mark", self.plan, "")

    def _page(self, key: str) -> str:
        return f"{self.public_url}/{PATH}/{key}" if self.public_url else ""

    def _mailto(self, key: str) -> str:
        subject = f"Unsubscribe: {clip(clean(self.title), 60)} [{key}]"
        return f"mailto:{quote(self.sender, safe='@')}?subject={quote(subject)}" if self.sender else ""


def readers(
    archive: Archive, config: Config, plan: str, title: str, recipients: Sequence[str], now: datetime
) -> Readers:
    """Part those who get an edition from those who left or cannot be reached, and keep the links of the first."""
    vetoes = {each: archive.recipients.veto(each, plan, now) for each in recipients}
    made = Readers(
        plan,
        title,
        tuple(each for each in recipients if vetoes[each] is None),
        tuple(veto for each in recipients if (veto := vetoes[each]) is not None),
        archive.recipients.secret(),
        mailbox(address_of(config.press.mail.sender)),
        public_address(config.press.web.public_url),
    )
    purposes: tuple[Purpose, ...] = ("page", "mail")
    archive.recipients.keep_links(
        (token(made.secret, purpose, plan, each), purpose, plan, each)
        for each in made.recipients
        for purpose in purposes
    )
    return made


def public_address(url: str) -> str:
    """Write the web page's public address as a header can carry it, without the last slash."""
    parts = urlsplit(url.rstrip("/"))
    host = public_host(url)
    if not host:
        return ""
    place = f"{host}:{parts.port}" if parts.port else host
    return f"{parts.scheme}://{place}{quote(parts.path, safe='/%~')}"


def public_host(url: str) -> str:
    """Name the host of the public address as a browser asks for it; "" when there is none."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


def told(veto: Veto) -> str:
    """Say in a few words why somebody is not mailed."""
    what = {
        "unsubscribed": f"unsubscribed ({veto.how})",
        "bounced": f"bounced ({veto.code})" if veto.code else "bounced",
        "paused": f"paused until {veto.until:%Y-%m-%d}" if veto.until else "paused",
    }.get(veto.state, veto.state)
    return f"{what} on {veto.at:%Y-%m-%d}"
