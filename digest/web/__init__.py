"""The web page: the archive for reading and searching, and for those who may, changing it.

``serve`` runs it until it is stopped; ``app`` is the same page for a server of one's own, such as a test. It needs no
JavaScript and asks no other host for anything. Without users it is for this machine alone, but for the pages of
recipients (leave.py); with users everybody logs in (access.py, login.py).
"""

from __future__ import annotations

from digest.web.application import app
from digest.web.serving import serve

__all__ = ["app", "serve"]
