"""What stands around an archive: its file system, locks, clock, time zones, rights of secret files, proxies."""

from __future__ import annotations

import ctypes
import os
import stat
import sys
import zoneinfo
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest import locks
from digest.finding import Finding

if TYPE_CHECKING:
    from crawler.config import Config

#: File systems on which the shared memory of SQLite's write-ahead log does not work, or not for all who use it.
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "vboxsf"})
_FUSE = ("fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.glusterfs", "fuse.grpcfuse", "fuse.osxfs", "fuse.ceph")
#: A log of this size is not emptied any more: somebody reads without end.
_LONG_LOG = 500_000_000
#: Rules of time zones change a few times a year.
_OLD_RULES = 2
_UNSYNCHRONISED = 0x40
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def look(config: Config, archive: Path | None, url: str, now: datetime) -> Iterator[Finding]:
    """Look at all of it; nobody is asked."""
    if archive is not None:
        yield from _file_system(archive)
        yield from _log(archive)
    yield from _service(url)
    yield from _clock()
    yield from _zones(config, now)
    yield from _secrets(config, os.environ)
    yield from _proxies(config, os.environ)


def _file_system(archive: Path, table: Path = Path("/proc/self/mountinfo")) -> Iterator[Finding]:
    kind = file_system(archive, table)
    if kind in _NETWORK or kind.startswith(_FUSE):
        yield Finding(
            "error", "file system",
            f"{archive.parent} lies on {kind}: a network file system, on which an archive in use can be damaged; move "
            "it to a disk of this machine",
        )  # fmt: skip


def file_system(archive: Path, table: Path = Path("/proc/self/mountinfo")) -> str:
    """Name the file system of an archive as Linux does; "" elsewhere."""
    try:
        lines = table.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    place, best, kind = archive.resolve().parent, -1, ""
    for line in lines:
        mount, _, rest = line.partition(" - ")
        words = mount.split()
        if len(words) > 4 and rest:
            point = Path(words[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\"))
            # Of two at one place the later one lies above the other.
            if (place == point or point in place.parents) and len(point.parts) >= best:
                best, kind = len(point.parts), rest.split()[0]
    return kind


def _log(archive: Path) -> Iterator[Finding]:
    log = Path(f"{archive}-wal")
    if log.exists() and (size := log.stat().st_size) > _LONG_LOG:
        told = f"{log} has {size / 1e6:.0f} MB: a program reads the archive without an end; stop it, and it shrinks"
        yield Finding("warning", "archive", told)


def _service(url: str) -> Iterator[Finding]:
    holder = locks.holder(url)
    if holder is not None:
        yield Finding("ok", "service", f"{holder.who} runs, last sign of life {holder.beat:%Y-%m-%d %H:%M:%S} UTC")


def _clock() -> Iterator[Finding]:
    if sys.platform == "linux" and ctypes.sizeof(ctypes.c_void_p) == 8 and _drifts():
        told = (
            "the system says that nobody keeps its time right, so that digests will come early or late; start "
            "systemd-timesyncd or chrony, here or on its host"
        )
        yield Finding("warning", "NTP", told)


def _drifts() -> bool:
    """Ask the kernel whether its clock is set by anybody: struct timex, whose status stands at byte 40."""
    state = ctypes.create_string_buffer(512)
    try:
        if ctypes.CDLL(None, use_errno=True).adjtimex(state) < 0:
            return False
    except (OSError, AttributeError):
        return False
    return bool(int.from_bytes(state.raw[40:44], sys.byteorder) & _UNSYNCHRONISED)


def _zones(config: Config, now: datetime) -> Iterator[Finding]:
    version = zone_rules()
    if version[:4].isdecimal() and int(version[:4]) < now.year - _OLD_RULES:
        told = f"the rules of time zones are of {version}; update the system's tzdata, or digests miss their hour"
        yield Finding("warning", "time zone", told)
    here = datetime.now().astimezone()
    plain = [plan.name for plan in config.plans.values() if plan.timezone == config.press.timezone == "UTC"]
    if plain and here.utcoffset() != here.astimezone(ZoneInfo("UTC")).utcoffset():
        told = (
            f"this machine's time is {here:%H:%M} ({here.tzname()}), but {', '.join(plain)} is made by UTC; set "
            "timezone in presswatch.toml or of the plan"
        )
        yield Finding("warning", "time zone", told)


def zone_rules() -> str:
    """Name the version of the rules of time zones that Python uses, such as 2026c; "" when it is not told."""
    for folder in zoneinfo.TZPATH:
        if (Path(folder) / "Europe").is_dir():
            try:
                with (Path(folder) / "tzdata.zi").open(encoding="utf-8") as file:
                    return file.readline().removeprefix("# version ").strip()
            except OSError:
                return ""
    try:
        return metadata.version("tzdata")  # where the system has no rules
    except metadata.PackageNotFoundError:
        return ""


def _secrets(config: Config, environ: Mapping[str, str]) -> Iterator[Finding]:
    for name, path in secret_files(config, environ).items():
        try:
            mode = path.expanduser().stat().st_mode
        except OSError:
            continue  # whoever needs it tells that
        if os.name == "posix" and mode & stat.S_IROTH:
            yield Finding("warning", "secrets", f"{path} ({name}) can be read by everybody here; chmod 640 {path}")


def secret_files(config: Config, environ: Mapping[str, str]) -> dict[str, Path]:
    """List the files that hold secrets, by the setting that names them."""
    found = {
        f"{table}.{key}": Path(value)
        for table, settings in config.press
        if hasattr(settings, "__pydantic_fields__")
        for key, value in settings
        if key.endswith(("_file", "key_path")) and isinstance(value, str | Path) and str(value) not in {"", "."}
    }
    more = {
        key: Path(value) for key, value in environ.items() if key.startswith("PRESSWATCH_") and key.endswith("_FILE")
    }
    return found | more


def _proxies(config: Config, environ: Mapping[str, str]) -> Iterator[Finding]:
    if proxy := config.press.crawl.proxy:
        yield Finding("ok", "proxy", f"{proxy.rpartition('@')[2]} for all requests of the crawl")
        return
    named = sorted({name for name in environ if name.lower() in _PROXIES and environ[name]})
    if named:
        told = f"{', '.join(named)} is set but not used; if the network needs it, set [crawl] proxy in presswatch.toml"
        yield Finding("warning", "proxy", told)
