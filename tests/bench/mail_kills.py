"""`kill -9` at random points between an edition and its delivery, each followed by a new start: where the mails are.

Each kill has an archive of its own. A command runs as a process of its own, is killed, and is started again and run to
its end. Then every recipient must have the mail of the one edition, and whoever has it twice must have the same one.
The first half is delivered to a mail server of ours that can kill the sender the moment it has a mail, before the
sender hears of it; the second half through Postfix.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.archive import open_archive
from tests import mta, warm
from tests.bench import report
from tests.service_sample import MailBox, a_plan, address, configure, mail_box, news

#: What is run, killed once somewhere, and run again.
WAYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "digest make, digest send": (("digest", "make", "morning"), ("digest", "send", "1")),
    "digest send": (("digest", "send", "1"),),
    "run --once": (("run", "--once"),),
}
RECIPIENTS = [f"reader{number}@r.test" for number in range(6)]
#: Where a kill met: told by what the archive and the mail server had by then.
PLACES = ("before the edition", "before the first mail", "between mails", "after the last mail")


@dataclass(frozen=True)
class Death:
    """One kill, and how it ended."""

    way: str
    #: One of PLACES.
    place: str
    lost: int
    #: Mails that came once more.
    again: int
    #: Of these, those with another Message-ID, and those with other bytes.
    renamed: int
    changed: int
    editions: int
    #: Rows of the outbox that are not sent in the end.
    stuck: int

    @property
    def sound(self) -> bool:
        """Whether all is as promised."""
        return not (self.lost or self.renamed or self.changed or self.stuck) and self.editions == 1


def die(folder: Path, way: str, box: MailBox, port: int, dice: random.Random, seconds: float) -> Death:
    """Let a sender die once, at a moment after its start or when a mail has just been taken; then start it again."""
    begin(folder, port)
    box.taken.clear()
    box.bodies.clear()
    if way == "digest send":
        end(folder, WAYS["digest make, digest send"][:1])
    target = None if port != box.port or dice.random() < 0.6 else dice.randrange(len(RECIPIENTS))
    # Before this a command only reads its configuration.
    moment = dice.uniform(0.35, 1.0) * seconds
    killed = _kill(folder, WAYS[way], box, target, moment)
    place = _place(folder, box)
    end(folder, WAYS[way][killed:])
    _wait(box, port)
    return _judged(folder, way, place, box)


def _kill(folder: Path, commands: Sequence[Sequence[str]], box: MailBox, target: int | None, moment: float) -> int:
    """Run commands one after the other until the kill; tell which it met."""
    until = time.monotonic() + moment
    for number, command in enumerate(commands):
        process = start(folder, command)

        def when_taken(process: Any = process) -> None:
            if target is not None and len(box.taken) > target:
                box.when_taken = lambda: None
                process.kill()

        box.when_taken = when_taken
        try:
            process.wait(60 if target is not None else max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:  # the moment has come
            process.kill()
        process.wait()
        box.when_taken = lambda: None
        if process.returncode < 0:
            return number
    return len(commands) - 1


def begin(folder: Path, port: int) -> None:
    """Lay out a configuration with a plan that is due, and an archive with news."""
    due = f'"{datetime.now(UTC) - timedelta(minutes=2):%H:%M}"'
    configure(folder, a_plan(at=due, recipients=str(RECIPIENTS).replace("'", '"')), mail=port)
    news(folder)


def start(folder: Path, command: Sequence[str]) -> Any:
    """Start a command of presswatch in a process of its own."""
    with (folder / "log").open("a") as log:
        return warm.module("digest.cli", "--config", str(folder / "config"), *command, cwd=folder, text=True, log=log)


def end(folder: Path, commands: Sequence[Sequence[str]]) -> None:
    """Run commands to their end; what stands in the way of the others is told."""
    for command in commands:
        code = start(folder, command).wait(60)
        assert code == 0, f"{command}: {code}\n{(folder / 'log').read_text()}"


def _place(folder: Path, box: MailBox) -> str:
    with open_archive(address(folder)) as archive:
        if not archive.editions.list():
            return PLACES[0]
    came = len({recipient for recipient, _ in box.taken})
    return PLACES[1] if not came else PLACES[2] if came < len(RECIPIENTS) else PLACES[3]


def _wait(box: MailBox, port: int) -> None:
    """Wait until the server between has handed on what it has."""
    until = time.monotonic() + (15 if port != box.port else 0)
    while len({recipient for recipient, _ in box.taken}) < len(RECIPIENTS) and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.3 if port != box.port else 0)


def _judged(folder: Path, way: str, place: str, box: MailBox) -> Death:
    counts = Counter(recipient for recipient, _ in box.taken)
    names = {recipient: {key for to, key in box.taken if to == recipient} for recipient in counts}
    bodies: dict[str, set[bytes]] = {}
    for (recipient, _), body in zip(box.taken, box.bodies, strict=True):
        # A server on the way writes its own lines above ours.
        bodies.setdefault(recipient, set()).add(body.replace(b"\r\n", b"\n").partition(b"\nFrom: ")[2] or body)
    with open_archive(address(folder)) as archive:
        editions = len(archive.editions.list())
        stuck = sum(delivery.state != "sent" for delivery in archive.outbox.list())
    return Death(
        way,
        place,
        lost=len(set(RECIPIENTS) - counts.keys()),
        again=sum(count - 1 for count in counts.values()),
        renamed=sum(len(keys) > 1 for keys in names.values()),
        changed=sum(len(found) > 1 for found in bodies.values()),
        editions=editions,
        stuck=stuck,
    )


@contextmanager
def boxes(*, real: bool) -> Iterator[tuple[MailBox, int]]:
    """Give the box in which mails end, and the port to which they are sent."""
    with mail_box() as box:
        if real:
            with mta.mta(box.port) as server:
                yield box, server.clear
        else:
            yield box, box.port


def many(
    number: int,
    ways: Sequence[str],
    dice: random.Random,
    *,
    real: bool,
    tell: Callable[[Death], object] = lambda _: None,
) -> list[Death]:
    """Let so many senders die, each way in its turn."""
    deaths: list[Death] = []
    with boxes(real=real) as (box, port), tempfile.TemporaryDirectory() as top:
        spans = {way: _span(Path(top) / f"calm{place}", way, box, port) for place, way in enumerate(ways)}
        for each in range(number):
            way = ways[each % len(ways)]
            folder = Path(top) / str(each)
            folder.mkdir()
            deaths.append(die(folder, way, box, port, dice, spans[way]))
            tell(deaths[-1])
            shutil.rmtree(folder)
    return deaths


def _span(folder: Path, way: str, box: MailBox, port: int) -> float:
    """Measure how long a way takes that nobody disturbs."""
    folder.mkdir()
    begin(folder, port)
    if way == "digest send":
        end(folder, WAYS["digest make, digest send"][:1])
    begun = time.monotonic()
    end(folder, WAYS[way])
    took = time.monotonic() - begun
    _wait(box, port)
    return took


def main() -> None:
    """Let 200 senders die and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261123)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    found: list[tuple[str, Death]] = []
    for server, real in (("aiosmtpd", False), ("Postfix", True)):
        if real and not mta.AVAILABLE:
            print("Postfix is not there, or this is not root: left out", file=sys.stderr)
            continue
        found += [(server, death) for death in many(options.kills // 2, list(WAYS), dice, real=real, tell=tell)]
    keys = [(server, way) for server in ("aiosmtpd", "Postfix") for way in WAYS]
    rows = [row(f"{server}: {way}", [d for name, d in found if (name, d.way) == (server, way)]) for server, way in keys]
    rows.append(row("**all**", [death for _, death in found]))
    report.write(
        "mail_kills",
        f"`kill -9` at random points between an edition and its delivery to {len(RECIPIENTS)} recipients, each "
        "followed by a new start of the same.",
        ("server: what was killed", "kills", *PLACES, "mails", "lost", "twice", "twice with another Message-ID",
         "twice with other bytes", "doubled editions", "left in the outbox"),
        rows,
        [
            "the four columns after the kills tell where they met",
            "lost: recipients without the mail after the new start",
            "twice: the server had taken the mail, and its sender died before it heard of it",
        ],
    )  # fmt: skip
    if not all(death.sound for _, death in found):
        raise SystemExit("failed: see the table")


def tell(death: Death) -> None:
    """Show that it goes on, and what is not sound."""
    print("." if death.sound else f"\n{death}\n", end="", file=sys.stderr, flush=True)


def row(name: str, deaths: Sequence[Death]) -> tuple[object, ...]:
    """Write the deaths of a kind as a row of the table."""
    places = Counter(death.place for death in deaths)
    return (
        name, len(deaths), *(places[place] for place in PLACES), len(deaths) * len(RECIPIENTS),
        sum(death.lost for death in deaths), sum(death.again for death in deaths),
        sum(death.renamed for death in deaths), sum(death.changed for death in deaths),
        sum(death.editions - 1 for death in deaths), sum(death.stuck for death in deaths),
    )  # fmt: skip


if __name__ == "__main__":
    main()
