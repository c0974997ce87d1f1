"""Runs presswatch as a user does: in a process of its own, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
from referencing import Registry, Resource

from tests import warm

_SCHEMAS = {path.name: json.loads(path.read_text()) for path in (Path(__file__).parent / "schemas").glob("*.json")}
_REGISTRY = Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in _SCHEMAS.items())


def presswatch(
    folder: Path, *arguments: str, given: bytes = b"", code: int | None = 0, cold: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder; fail when it ends with another code than is expected (None: any).

    A ``cold`` one loads the program itself, as a user's does.
    """
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "error::ResourceWarning", "COLUMNS": "100"}
    start = _started if cold else warm.module
    with start("digest.cli", *arguments, cwd=folder, env=environment) as process:
        try:
            out, err = process.communicate(given, timeout=110)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    done = subprocess.CompletedProcess(arguments, process.returncode, out.decode(), err.decode())
    if code is not None:
        assert done.returncode == code, f"{' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, done.stderr
    return done


def _started(name: str, *arguments: str, cwd: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", name, *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=cwd, env=env, stdin=pipe, stdout=pipe, stderr=pipe)


def answer(folder: Path, *arguments: str, schema: str = "", given: bytes = b"", code: int = 0) -> Any:
    """Run a command and read the one JSON document that it prints, checked against a schema of tests/schemas."""
    document = json.loads(presswatch(folder, *arguments, given=given, code=code).stdout)
    if schema:
        validate(document, schema)
    return document


def validate(document: Any, schema: str) -> None:
    """Check a document against a schema of tests/schemas."""
    jsonschema.Draft202012Validator(_SCHEMAS[f"{schema}.json"], registry=_REGISTRY).validate(document)
