"""The systemd unit of an installation: started when the network is there, watched, and shut in."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive import path_of, shown

if TYPE_CHECKING:
    from crawler.config import Config

_UNIT = """\
[Unit]
Description=Presswatch: crawls, digests and deliveries
Wants=network-online.target
After=network-online.target time-sync.target

[Service]
Type=notify
User={user}
WorkingDirectory={folder}
ExecStart={command}
ExecReload=/bin/kill -HUP $MAINPID
# A faulty configuration (2) and another instance (4) are not mended by starting again.
Restart=on-failure
RestartSec=10
RestartPreventExitStatus=2 4
# It waits for room on a full disk, and a stop lets a crawl end in order.
TimeoutStartSec=infinity
TimeoutStopSec=60
KillMode=mixed
WatchdogSec=120
# Secrets: a file that only root can read, such as /etc/presswatch/mail-password, in place of one in the environment.
#LoadCredential=mail-password:/etc/presswatch/mail-password
#Environment=PRESSWATCH_MAIL_PASSWORD_FILE=%d/mail-password

# What a crawl and the web page may take; a page of the press that takes too much costs itself only.
MemoryMax=1G
TasksMax=512
OOMPolicy=continue

# It writes here and nowhere else.
ProtectSystem=strict
ReadWritePaths={writable}
ProtectHome={home}
PrivateTmp=yes
UMask=0027
NoNewPrivileges=yes
CapabilityBoundingSet=
PrivateDevices=yes
DevicePolicy=closed
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RemoveIPC=yes
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
{namespaces}RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""
_HOMES = (Path("/home"), Path("/root"), Path("/run/user"))


@dataclass(frozen=True, slots=True)
class Installation:
    """Where everything lies; all paths are absolute."""

    #: The program with its first arguments.
    program: Sequence[str]
    #: The folder in which it runs: relative paths of the configuration begin there.
    folder: Path
    archive: str
    user: str


def program() -> list[str]:
    """Name the program as it is installed here."""
    beside = Path(sys.executable).parent / "presswatch"
    return [str(beside)] if beside.exists() else [sys.executable, "-P", "-m", "digest.cli"]


def write_unit(place: Installation, config: Config) -> str:
    """Write the unit for an installation."""
    archive = path_of(place.archive)
    config_folder = place.folder / config.folder
    # What systemd shows of a unit anybody can read: the password stands in a file of libpq's.
    address = shown(place.archive) if archive is None else f"sqlite:///{place.folder / archive}"
    command = [*place.program, "--config", str(config_folder), "--archive", address, "run"]
    folders = writable(place, config)
    read = [*folders, place.folder, config_folder, Path(place.program[0])]
    at_home = any(path.is_relative_to(home) for path in read for home in _HOMES)
    drawn = any(source.render for source in config.sources.values())
    return _UNIT.format(
        user=place.user,
        folder=_escaped(str(place.folder)),
        command=" ".join(_word(word).replace("$", "$$") for word in command),
        writable=" ".join(_word(str(path)) for path in folders),
        home="read-only" if at_home else "yes",
        # The browser that draws pages makes namespaces of its own, to be shut in.
        namespaces="" if drawn else "RestrictNamespaces=yes\n",
    )


def writable(place: Installation, config: Config) -> list[Path]:
    """List the folders that the service writes to, without those that lie in another one."""
    archive = path_of(place.archive)
    folders = [config.press.digest.folder, *(plan.folder for plan in config.plans.values())]
    if archive is not None:
        folders.append(archive.parent)
    if config.press.raw.folder:
        folders.append(Path(config.press.raw.folder))
    if config.press.web.serve:  # editors change watches and sources on the page
        folders.append(config.folder)
    whole = sorted({place.folder / folder.expanduser() for folder in folders})
    return [path for path in whole if not any(path != other and path.is_relative_to(other) for other in whole)]


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _word(text: str) -> str:
    """Write one word of a line, as systemd reads it."""
    plain = _escaped(text).replace("\\", "\\\\").replace('"', '\\"')
    return plain if re.fullmatch(r"[\w@%+=:,./-]+", plain, re.ASCII) else f'"{plain}"'
