"""Style sheet, scripts and icon: a browser keeps for ever what its address names by its content."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from digest.web.templating import hash_of


class StandingFiles(StaticFiles):
    """Serves files; one whose content stands in its address (templating.static) never changes."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file, and say how long it may be kept."""
        response = await super().get_response(path, scope)
        if response.status_code == 200 and scope["query_string"].decode("latin-1") == hash_of(Path(path).name):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
