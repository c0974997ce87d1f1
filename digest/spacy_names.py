"""Names found by spaCy with models that lie on this machine (extra ``names``). Nothing is ever downloaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.errors import UsageError
from crawler.languages import primary
from crawler.plugins import Tagger
from crawler.records import Name, NameKind
from digest.names import names

if TYPE_CHECKING:
    from crawler.config import NamesConfig

#: spaCy's labels, of OntoNotes and WikiNER models alike; what is not here (dates, sums, works) is no name of ours.
_KINDS: dict[str, NameKind] = {
    "PERSON": "person", "PER": "person", "persName": "person",
    "ORG": "organisation", "orgName": "organisation",
    "GPE": "place", "LOC": "place", "FAC": "place", "placeName": "place", "geogName": "place",
}  # fmt: skip


def tagger(settings: NamesConfig) -> Tagger:
    """Give a tagger that asks the model of a text's language; languages without one are left to our own tagger."""
    if not settings.models:
        raise UsageError(
            '[names] tagger = "spacy" needs models, such as models = { en = "/srv/models/en_core_web_md" }'
        )
    models = {language: _load(path) for language, path in settings.models.items()}

    def tag(text: str, language: str) -> Sequence[Name]:
        model = models.get(primary(language), models.get("*"))
        return _found(model, text) if model is not None else names(text, language)

    return tag


@cache
def _load(path: str) -> Any:
    try:
        import spacy  # slow, and only with the extra
    except ImportError as error:
        raise UsageError('[names] tagger = "spacy" needs spaCy: pip install "presswatch[names]"') from error
    folder = Path(path).expanduser()
    if not (folder / "config.cfg").is_file():
        raise UsageError(
            f"[names] models: {path} is no folder of a spaCy model (one with config.cfg); name one, or none"
        )
    try:
        return spacy.load(folder)
    except (OSError, ValueError, ImportError) as error:
        raise UsageError(f"[names] models: {path} cannot be loaded by spaCy {version('spacy')}: {error}") from error


def _found(model: Any, text: str) -> list[Name]:
    counts = Counter(
        Name(" ".join(entity.text.split()), _KINDS[entity.label_])
        for entity in model(text).ents
        if entity.label_ in _KINDS
    )
    return [name for name, _ in counts.most_common() if name.text]
