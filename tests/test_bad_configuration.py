"""A configuration or a place that cannot be used is told with file, line and remedy, and left as it is."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from crawler.archive import open_archive
from tests.commands import answer, presswatch
from tests.desk import Desk
from tests.loopback import Reply, Web, address, article, configure, end_visit, outlet, start_visit
from tests.mounting import mount

FAULTS: dict[str, tuple[str, str | bytes, str]] = {
    "no TOML": ("sources.toml", "[a\nname = 3\n", "sources.toml:1: the file: found '[a', wanted valid TOML"),
    "no UTF-8": ("watches.toml", b"[a]\nquery = '\xff'\n", "watches.toml:2: the file: found the byte 0xff"),
    "a table twice": ("sources.toml", "[b]\nname='B'\nhomepage='http://b.example/'\n[b]\n", "sources.toml:4: the file"),
    "an unknown key": (
        "presswatch.toml",
        "[crawl]\ndelai = '2s'\n",
        "presswatch.toml:2: crawl.delai: found an unknown",
    ),
    "a word for a number": ("presswatch.toml", "[crawl]\nworkers = 'two'\n", "presswatch.toml:2: crawl.workers: found"),
    "an unknown unit": ("presswatch.toml", "[crawl]\ndelay = '2 parsecs'\n", "presswatch.toml:2: crawl.delay: found"),
    "a port too high": (
        "presswatch.toml",
        "[crawl]\nconnect_to = { '*' = '127.0.0.1:99999' }\n",
        "presswatch.toml:2: crawl.connect_to",
    ),
    "an unknown zone": ("presswatch.toml", "timezone = 'Mars/Olympus'\n", "presswatch.toml:1: timezone: found 'Mars"),
    "no web address": (
        "sources.toml",
        "[b]\nname = 'B'\nhomepage = 'http://b.example/'\nfeeds = ['ftp://b.example/feed']\n",
        "sources.toml:4: b.feeds[0]: found 'ftp://b.example/feed'",
    ),
    "one feed of two sources": (
        "sources.toml",
        "".join(f"[{k}]\nname = '{k}'\nhomepage = 'http://b.example/'\nfeeds = ['http://b.example/f']\n" for k in "bc"),
        "c.feeds[0]: found 'http://b.example/f', wanted an address that stands here once; b.feeds[0] has it (line 4)",
    ),
    "a strange source key": (
        "sources.toml",
        '["\\u001b[31m; DROP TABLE <b>"]\nname = "B"\nhomepage = "http://b.example/"\n',
        'wanted a key of small letters, digits and "-"',
    ),
    "a query with a hole": ("watches.toml", "[w]\nquery = 'a AND ('\n", "watches.toml:2: w.query: found 'a AND ('"),
    "an unknown watch": (
        "digests.toml",
        "[d]\ntitle='D'\nat='07:00'\nwatches=['nope']\n",
        "digests.toml:4: d.watches[0]: found 'nope', wanted a watch of watches.toml",
    ),
    "a web hook with a space": (
        "digests.toml",
        "[d]\ntitle='D'\nat='07:00'\nwebhooks=['https://h.test/a b']\n",
        "digests.toml:4: d.webhooks[0]: found 'https://h.test/a b', wanted an address without spaces",
    ),
    "a web hook without a host": (
        "watches.toml",
        "[w]\nquery = 'a'\nwebhook = 'https://h..test/'\n",
        "watches.toml:3: w.webhook: found 'https://h..test/', wanted an address with a host that can exist",
    ),
    "no time of day": ("digests.toml", "[d]\ntitle='D'\nat='25:00'\n", "digests.toml:3: d.at: found '25:00'"),
    "a name of the page with a scheme": (
        "presswatch.toml",
        "[web]\nhosts = ['https://press.lan']\n",
        "presswatch.toml:2: web.hosts[0]: found 'https://press.lan', wanted the name of a host without scheme and port",
    ),
    "any proxy": (
        "presswatch.toml",
        "[web]\nproxy = '*'\n",
        "presswatch.toml:2: web.proxy: found '*', wanted an address or a range of addresses, such as",
    ),
    "a proxy by name": ("presswatch.toml", "[web]\nproxy = ['10.0.0.0/24', 'proxy']\n", "presswatch.toml:2: web.proxy"),
    "a public address without a host": (
        "presswatch.toml",
        "[web]\npublic_url = 'https://:8443/watch'\n",
        "presswatch.toml:2: web.public_url: found 'https://:8443/watch', wanted an address without",
    ),
    "a public address with a query": (
        "presswatch.toml",
        "[web]\npublic_url = 'https://press.example/?a=1'\n",
        "presswatch.toml:2: web.public_url: found 'https://press.example/?a=1', wanted an address without",
    ),
    "an unknown archive": ("presswatch.toml", "archive = 'mysql://x'\n", "presswatch.toml:1: archive: found 'mysql"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_configuration_is_told_with_file_and_line(name: str, tmp_path: Path, desk: Desk) -> None:
    file, text, told = FAULTS[name]
    with Web() as web:
        configure(tmp_path / "config", web, "a")
    (tmp_path / "config" / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    done = desk.run(tmp_path, "config", "check", code=2)

    assert told in done.stderr
    assert "\x1b" not in done.stderr
    assert not (tmp_path / "presswatch.db").exists()


def test_a_mapped_host_without_an_address_is_told(tmp_path: Path) -> None:
    with Web() as web:
        configure(tmp_path / "config", web, "a", connect_to={"b.example": "a..b:80"})
    done = presswatch(tmp_path, "crawl", code=2)

    assert "connect_to" in done.stderr


def test_a_configuration_that_cannot_be_written_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    """Root may write to a read-only folder; so the folder is a read-only mount, where that is allowed."""
    with Web() as web:
        configure(tmp_path / "plain", web, "a")
    folder = tmp_path / "config"
    folder.mkdir()
    with ExitStack() as stack:
        mount(stack, folder, "-o", "ro,bind", str(tmp_path / "plain"))
        before = (folder / "watches.toml").read_bytes()
        done = presswatch(tmp_path, "watch", "add", "spies", "espionage", code=2)

        assert f"{folder}: the folder: found a place that cannot be written" in done.stderr
        assert (folder / "watches.toml").read_bytes() == before
        assert answer(tmp_path, "watch", "list", "--json")["watches"][0]["name"] == "harbour"


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("/proc/presswatch.db", "check"),
        ("/nowhere/at/all/presswatch.db", "/nowhere/at/all does not exist"),
        ("{folder}", "this is a folder"),
        ("{folder}/taken.db", "no Presswatch archive"),
    ],
)
def test_an_archive_that_cannot_be_written_ends_the_crawl_with_a_message(
    tmp_path: Path, place: str, told: str, desk: Desk
) -> None:
    (tmp_path / "taken.db").write_text("somebody's letters")
    with Web(a=outlet("a", {"/1": Reply(article("One"))})) as web:
        configure(tmp_path / "config", web, "a", crawl='delay = "0s"')
        done = desk.run(tmp_path, "--archive", f"sqlite:///{place.format(folder=tmp_path)}", "crawl", code=1)

        assert told in done.stderr
        assert done.stderr.startswith("presswatch: ")
        assert web.seen == []
    assert (tmp_path / "taken.db").read_text() == "somebody's letters"


def test_a_crawl_on_a_disk_too_small_for_its_archive_waits_and_loses_nothing(tmp_path: Path) -> None:
    """It does not end: whoever makes room need not know what was under way."""
    pages = {f"/{number}": Reply(article(f"Page {number}", "harbour " * 3000)) for number in range(16)}
    disk = tmp_path / "disk"
    disk.mkdir()
    with ExitStack() as stack, Web(wide=outlet("wide", pages)) as web:
        mount(stack, disk, "-t", "tmpfs", "-o", "size=1200k", "none")
        configure(disk, web, "wide", crawl='delay = "0s"')
        visit = start_visit(disk)
        assert visit.stderr is not None
        told = visit.stderr.readline()
        subprocess.run(["mount", "-o", "remount,size=60m", str(disk)], check=True)
        end_visit(visit)
        with closing(open_archive(address(disk))) as archive:
            counts, articles = archive.pages.counts(), archive.articles.count()

    assert "no room left" in told
    assert "waiting for room" in told
    assert counts == {"wide": {"stored": 16}}
    assert articles == 16
