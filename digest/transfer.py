"""How the parts of a mail are written for their way: in quoted-printable, or in base64 where that is shorter.

Mail travels in seven bits, as a server on the way that knows no others would break its DKIM signature. Quoted-printable
makes three bytes of each beyond ASCII, six or nine of a letter of Arabic or Chinese; base64 makes four of any three.
"""

from __future__ import annotations

import base64
import binascii
from email.message import EmailMessage
from typing import Literal

#: As the header Content-Transfer-Encoding names them.
Encoding = Literal["quoted-printable", "base64"]


def fill(mail: EmailMessage, text: str, html: str = "") -> None:
    """Put a text into a mail, and the same as HTML beside it."""
    mail.set_content(text, cte=shortest(text))
    if html:
        mail.add_alternative(html, subtype="html", cte=shortest(html))


def shortest(text: str) -> Encoding:
    """Name the encoding in which a text is shorter; what is mostly ASCII stays legible."""
    lines = "\r\n".join(text.splitlines()).encode()
    return "base64" if len(base64.encodebytes(lines)) < len(binascii.b2a_qp(lines)) else "quoted-printable"
