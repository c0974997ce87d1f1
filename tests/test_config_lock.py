"""One at a time changes the configuration: what two people save at the same moment is all kept."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from crawler.config import lock
from crawler.config.edit import add_source, set_watch
from crawler.config.lock import only_editor
from crawler.config.read import load
from crawler.errors import Locked, Outdated
from crawler.records import Source
from digest import watching
from digest.web import app
from digest.web.call import STAMP
from tests.archive_sample import NOW
from tests.newsroom import BASE, Newsroom, filled, words

WATCHES = "# ours\n\n[harbours]\nquery = 'harbour'\n"


@pytest.fixture
def room(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path, watches=WATCHES)


def files(room: Newsroom) -> list[str]:
    return sorted(file.name for file in room.folder.iterdir())


def test_watches_that_are_saved_at_once_are_all_kept(room: Newsroom) -> None:
    form = {name: values[0] for name, values in filled(room.page("/watches/new"), "/watches/save").items()}
    desk = app(room.archive_url, lambda: NOW, "", lambda: load(room.folder))

    async def at_once() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(desk), base_url=BASE) as client:
            await client.get("/search")
            stamped = {**form, "stamp": client.cookies[STAMP]}
            sent = {"Content-Type": "application/json", "Origin": BASE, "X-Presswatch-Stamp": client.cookies[STAMP]}
            pages = [
                client.post("/watches/save", data={**stamped, "name": f"page{each}", "query": f"word{each}"})
                for each in range(4)
            ]
            calls = [
                client.put(f"/api/v1/watches/api{each}", content=json.dumps({"query": f"other{each}"}), headers=sent)
                for each in range(4)
            ]
            return list(await asyncio.gather(*pages, *calls))

    answers = asyncio.run(at_once())

    assert [303] * 4 + [200] * 4 == [answer.status_code for answer in answers]
    wanted = {"harbours"} | {f"{way}{each}" for way in ("page", "api") for each in range(4)}
    assert wanted == set(load(room.folder).watches)
    with room.archive() as archive:
        assert wanted == {watch.name for watch in archive.watches.all()}
    assert ["digests.toml", "presswatch.toml", "sources.toml", "watches.toml"] == files(room)


def test_of_two_who_save_a_new_watch_of_one_name_the_second_is_told(room: Newsroom) -> None:
    form = {name: values[0] for name, values in filled(room.page("/watches/new"), "/watches/save").items()}

    first = room.send("/watches/save", {**form, "name": "storms", "query": "storm"})
    second = room.send("/watches/save", {**form, "name": "storms", "query": "gale"})

    assert (303, 400) == (first.status_code, second.status_code)
    assert "There is a watch “storms” already" in words(second.text)
    assert "gale</textarea>" in second.text


def test_two_processes_lose_nothing_of_each_other(room: Newsroom) -> None:
    saving = (
        "import sys; from pathlib import Path; from crawler.config.edit import set_watch\n"
        "for each in range(6): set_watch(Path(sys.argv[1]), f'{sys.argv[2]}{each}', 'word')\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", saving, str(room.folder), name]) for name in ("ann", "ben")]

    assert [0, 0] == [each.wait(60) for each in both]
    assert {"harbours", *(f"{who}{each}" for who in ("ann", "ben") for each in range(6))} == set(
        load(room.folder).watches
    )
    assert ["digests.toml", "presswatch.toml", "sources.toml", "watches.toml"] == files(room)


def test_sources_and_watches_that_threads_write_at_once_are_all_kept(room: Newsroom) -> None:
    together = threading.Barrier(6)

    def add(number: int) -> None:
        together.wait(10)
        if number % 2:
            set_watch(room.folder, f"w{number}", "word")
        else:
            page = f"https://s{number}.test/"
            add_source(room.folder, Source(f"s{number}", f"S{number}", page, feeds=(f"{page}rss",)))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)

    config = load(room.folder)
    assert {"s0", "s2", "s4"} <= set(config.sources)
    assert {"w1", "w3", "w5"} <= set(config.watches)


def test_who_waits_too_long_is_told_by_whom_and_loses_nothing_typed(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.2)
    form = {name: values[0] for name, values in filled(room.page("/watches/new"), "/watches/save").items()}
    holding = (
        "import sys; from pathlib import Path; from crawler.config.lock import only_editor\n"
        "with only_editor(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(room.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        saved = room.send("/watches/save", {**form, "name": "storms", "query": "storm"})
        with pytest.raises(Locked, match=rf"presswatch \(process {other.pid}\) is changing .* try again"):
            set_watch(room.folder, "storms", "storm")
        other.communicate(b"")

    assert 503 == saved.status_code
    assert f"process {other.pid}" in words(saved.text)
    assert "storm</textarea>" in saved.text
    set_watch(room.folder, "storms", "storm")
    assert "storms" in load(room.folder).watches


def test_what_a_killed_process_left_stops_nobody(room: Newsroom) -> None:
    (room.folder / lock.NAME).write_text("presswatch (process 1)\n", encoding="utf-8")

    set_watch(room.folder, "storms", "storm")

    assert ["digests.toml", "presswatch.toml", "sources.toml", "watches.toml"] == files(room)


def test_who_holds_it_can_change_several_things(room: Newsroom) -> None:
    with only_editor(room.folder):
        set_watch(room.folder, "storms", "storm")
        assert lock.NAME in files(room)
        set_watch(room.folder, "gales", "gale")

    assert {"harbours", "storms", "gales"} == set(load(room.folder).watches)


def test_a_watch_that_somebody_took_out_by_hand_meanwhile_is_told(room: Newsroom) -> None:
    with room.archive() as archive, pytest.raises(Outdated, match='the watch "storms" was removed meanwhile'):
        watching.take_over(archive, load(room.folder), "storms", NOW)
