"""Mounts for tests of full disks and of folders that cannot be written."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest


def mount(stack: ExitStack, folder: Path, *arguments: str) -> None:
    """Mount something for a test, or skip it with the reason."""
    command = ["mount", *arguments, str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount command")
    if done.returncode:
        pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")
    stack.callback(subprocess.run, ["umount", str(folder)], check=True)
