"""Fetch addresses in a process of its own, through the real Fetcher, and say what came of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.loopback import run_python

_FETCH = """
import asyncio, json, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from crawler.archive_thread import ArchiveThread
from crawler.config import load
from crawler.errand import _Errand, _ErrandSpider
from crawler.errors import FetchRefused
from crawler.net import Ask
from crawler.settings import quiet_process

folder, archive_url, options, asks = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]), json.loads(sys.argv[4])
config = load(folder)
def prepare(fetcher):
    pass

{before}
async def one(fetcher, ask):
    try:
        answer = await fetcher.get(Ask(delay=0.0, **ask))
    except FetchRefused as refused:
        return {{"reason": refused.reason, "detail": refused.detail}}
    return {{
        "status": answer.status, "size": len(answer.body), "text": answer.body[:200].decode("latin-1"),
        "final": answer.final_url, "hops": answer.hops,
        "reservation": answer.reservation and [answer.reservation.reserved, answer.reservation.policy,
            answer.reservation.where],
    }}

async def work(fetcher):
    prepare(fetcher)
    if options.get("one_by_one"):
        return [await one(fetcher, ask) for ask in asks]
    return await asyncio.gather(*(one(fetcher, ask) for ask in asks))

with ArchiveThread(archive_url) as archive:
    errand = _Errand(config, archive, work)
    errand.clock = type(errand.clock)(timedelta(seconds=options.get("later", 0)))
    errand.gate.clock = errand.clock
    process = quiet_process(config, {{"ITEM_PIPELINES": {{}}}})
    process.crawl(process.create_crawler(_ErrandSpider), visit=errand)
    {installed}
    process.start(install_signal_handlers=False)
    found = errand.result()
{after}
# Not ru_maxrss: a new process begins with the peak of the one that made it.
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps({{"answers": found, "megabytes": int(peak.split()[1]) // 1024}}))
"""


def fetch(
    folder: Path, *asks: str | dict[str, Any], before: str = "", installed: str = "", after: str = "", **options: Any
) -> dict[str, Any]:
    """Fetch all at once (or ``one_by_one``); ``before``, ``installed`` and ``after`` are statements of the script."""
    script = _FETCH.format(before=before, installed=installed or "pass", after=after)
    wanted = [{"url": ask} if isinstance(ask, str) else ask for ask in asks]
    archive = f"sqlite:///{folder / 'archive.db'}"
    return run_python(script, str(folder), archive, json.dumps(options), json.dumps(wanted))


def answers(folder: Path, *asks: str | dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    """Fetch, and give the answers in order."""
    found: list[dict[str, Any]] = fetch(folder, *asks, **options)["answers"]
    return found
