"""Codes of languages, however somebody writes them."""

from __future__ import annotations

import re

_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def code(printed: str) -> str:
    """Write the code of a language as the configuration does (EN_us is en-us); "" when it is none."""
    first, _, rest = printed.strip().replace("_", "-").partition("-")
    written = f"{first.lower()}-{rest}" if rest else first.lower()
    return written if _CODE.fullmatch(written) else ""


def named(name: str) -> str:
    """Find the code of a language by its English name; "" when there is none."""
    from babel import Locale  # slow to load, and needed where somebody does not write a code

    plain = " ".join(name.lower().split())
    known = Locale("en").languages.items()
    return next((tag.lower() for tag, said in known if said.lower() == plain and len(tag) <= 3), "")
