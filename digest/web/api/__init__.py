"""The API below /api/v1: JSON in and out, described by an OpenAPI document that is made of the same table."""

from __future__ import annotations

from digest.web.api.faults import failed, is_asked, refused
from digest.web.api.pages import PAGES
from digest.web.api.routes import ENDPOINTS

__all__ = ["ENDPOINTS", "PAGES", "failed", "is_asked", "refused"]
