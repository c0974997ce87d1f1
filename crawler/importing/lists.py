"""Lists of WARC files as web archives publish them (warc.paths of CC-NEWS): a path a line, below one folder."""

from __future__ import annotations

from pathlib import Path, PurePosixPath


def is_list(file: Path) -> bool:
    """Tell by its name whether a file is such a list."""
    return file.name.removesuffix(".gz").endswith(".paths")


def place_of(line: bytes, under: Path) -> Path | None:
    """Tell where the file of a line lies: at its whole path below the folder, or by its name alone beside the list.

    None for a line that leads out of the folder.
    """
    path = PurePosixPath(line.decode("utf-8", "replace").strip())
    if path.is_absolute() or ".." in path.parts or not path.name or "\0" in path.name:
        return None
    whole, flat = under / path, under / path.name
    return flat if not whole.exists() and flat.exists() else whole
