"""What the service tells systemd, in its own words (sd_notify), and what a unit for it looks like."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notifier:
    """Tells the service manager how we do; without one it tells nobody."""

    #: A path, or with "@" before it a name in the abstract namespace; "" when nobody listens.
    address: str = ""
    #: Within so many seconds it wants a sign of life; None: it does not watch.
    watchdog: float | None = None

    @classmethod
    def found_in(cls, environ: Mapping[str, str]) -> Notifier:
        """Find who listens, as systemd says it in the environment of the process that it started."""
        for_us = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        micros = environ.get("WATCHDOG_USEC", "")
        watched = for_us and micros.isascii() and micros.isdecimal() and int(micros) > 0
        return cls(environ.get("NOTIFY_SOCKET", ""), int(micros) / 1e6 if watched else None)

    def ready(self, status: str) -> None:
        """Tell that everything has begun."""
        self._tell("READY=1", f"STATUS={status}")

    def status(self, text: str) -> None:
        """Tell in a line what goes on."""
        self._tell(f"STATUS={text}")

    def reloading(self) -> None:
        """Tell that the configuration is read again; ``ready`` ends it."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        """Tell that the end has begun."""
        self._tell("STOPPING=1", "STATUS=stopping")

    def alive(self) -> None:
        """Give a sign of life."""
        self._tell("WATCHDOG=1")

    def _tell(self, *lines: str) -> None:
        if not self.address.startswith(("/", "@")):
            return
        name = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        message = "\n".join(" ".join(line.splitlines()) for line in lines)
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line_out:
            line_out.settimeout(1.0)  # a manager that hangs does not hang us
            line_out.sendto(message.encode(), name)
