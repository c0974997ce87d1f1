"""The bundled press of the demo: invented outlets, served on loopback.

This file is the whole public face.
"""

from pathlib import Path

from digest.sample import config
from digest.sample.press import WAYS, Item, Outlet, Press, free_path
from digest.sample.server import Reply, Request, Rule, Server
from digest.sample.stories import demo_press, demo_sources

__all__ = [
    "WAYS",
    "Item",
    "Outlet",
    "Press",
    "Reply",
    "Request",
    "Rule",
    "Server",
    "demo_config",
    "demo_press",
    "demo_sources",
    "free_path",
    "serve",
]


def demo_config(folder: Path, port: int, home: Path | None = None) -> None:
    """Write the four files of a configuration for the demo's press at a port.

    The archive and the digests will lie in ``home``, by default beside the files.
    """
    config.demo_config(folder, port, demo_sources(), home or folder)


def serve(press: Press) -> Server:
    """Give the server of a press, to be used in a `with` statement; it has .port and .log."""
    return Server(press)
