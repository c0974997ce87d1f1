"""The web page: the archive for reading and searching, on this machine.

``serve`` runs it until it is stopped; ``app`` is the same page for a server of one's own, such as a test. It needs no
JavaScript and asks no other host for anything. It only reads, but for the pages of recipients (leave.py), which alone
may be reached from elsewhere.
"""

from __future__ import annotations

from digest.web.application import app
from digest.web.serving import serve

__all__ = ["app", "serve"]
