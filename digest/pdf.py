"""PDF, with the extra ``pdf``: a page of ours laid out on A4, tagged and with an outline, from nothing but itself."""

from __future__ import annotations

import logging
from typing import NoReturn

from crawler.errors import UsageError
from digest.outline import Outline

try:
    import weasyprint
    from weasyprint.urls import URLFetcher
except OSError as error:  # the package is there, but not the system's library that sets text
    raise UsageError(
        f"weasyprint cannot load Pango ({error}); install it: libpango-1.0-0 and libpangoft2-1.0-0 on Debian, "
        "pango elsewhere"
    ) from error

# It warns of every rule that is for browsers alone.
logging.getLogger("weasyprint").setLevel(logging.ERROR)


class Nothing(URLFetcher):  # type: ignore[misc]
    """Refuses every address: a PDF is made of the page alone."""

    def fetch(self, url: str, headers: object = None) -> NoReturn:  # noqa: ARG002  (the face of a fetcher)
        """Refuse."""
        raise ValueError(f"{url[:60]!r} is not asked for: a PDF is made of the page alone")


def write(page: str, outline: Outline, style: str) -> bytes:
    """Lay a page of HTML out in a style for paper; no address in it is asked for, on the network or on the disk."""
    sheet = weasyprint.CSS(string=style + _running(outline), url_fetcher=Nothing())
    document = weasyprint.HTML(string=page, url_fetcher=Nothing(), media_type="print")
    written: bytes = document.write_pdf(stylesheets=[sheet], pdf_tags=True)
    return written


def _running(outline: Outline) -> str:
    """Say the title at the head of each page but the first."""
    quoted = outline.subject.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ")
    return f'@page{{@top-left{{content:"{quoted}"}}}}@page:first{{@top-left{{content:""}}}}'
