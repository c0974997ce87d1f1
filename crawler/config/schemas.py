"""JSON Schemas of the four files, for editors that complete and check TOML."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from crawler.config.models import file_types


def schemas() -> dict[str, dict[str, Any]]:
    """Give the schema of each file: "sources.toml" -> JSON Schema."""
    made = {}
    for name, model in file_types().items():
        schema = TypeAdapter(model).json_schema(by_alias=True)
        made[name] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": name}
    return made


def schema_files() -> dict[str, str]:
    """Give the text of each file in config/schemas/: "sources.json" -> text."""
    return {
        name.removesuffix(".toml") + ".json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas().items()
    }
