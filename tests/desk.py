"""Runs many small commands quickly: as the program does, but without a new process for each."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from digest.cli import application, main


def invoke(*arguments: str) -> Result:
    """Run a command in this process as Typer's runner does, which keeps the exception that it ended with."""
    return CliRunner().invoke(application(arguments), arguments)


@dataclass(frozen=True)
class Ended:
    """How a command ended, as subprocess tells it."""

    returncode: int
    stdout: str
    stderr: str


class Desk:
    """Runs many small commands quickly: as the program does, but without a new process for each."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch):
        self._capsys, self._patch = capsys, patch

    def run(self, folder: Path, *arguments: str, code: int = 0) -> Ended:
        self._patch.chdir(folder)
        self._patch.setattr(sys, "argv", ["presswatch", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        found = Ended(int(ended.value.code or 0), *self._capsys.readouterr())

        assert found.returncode == code, found
        return found
