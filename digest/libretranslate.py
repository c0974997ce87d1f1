"""Translations by LibreTranslate, or whatever answers like it: .../translate."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crawler.errors import PluginError
from digest.posting import post

if TYPE_CHECKING:
    from crawler.config import TranslationConfig


class LibreTranslate:
    """Translates with a LibreTranslate server."""

    def __init__(self, settings: TranslationConfig) -> None:
        self._settings = settings

    def __call__(self, texts: Sequence[str], source: str, target: str) -> Sequence[str]:
        """Translate each text."""
        url = self._settings.url.rstrip("/")
        url = url if url.endswith("/translate") else f"{url}/translate"
        question = {"q": list(texts), "source": source, "target": target, "format": "text"}
        key = self._settings.key(os.environ)
        if key:
            question["api_key"] = key
        answer: Any = post(url, question, timeout=self._settings.timeout)
        found = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            raise PluginError("the server's answer has no list translatedText")
        return found
