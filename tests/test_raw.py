"""Raw pages: written as they came, safe against kill, found again, forgotten, pruned and read again."""

from __future__ import annotations

import asyncio
import gzip
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import Archive, open_archive
from crawler.raw import RawError, RawFolder, RawPage, RawThread
from crawler.raw.members import Broken, Member, blot, pack, unpack, walk
from tests import warm
from tests.archive_sample import NOW
from tests.commands import answer, presswatch
from tests.loopback import ROOT, Reply, Web, address, article, configure, end_visit, outlet, run_visit, start_visit

DAY = timedelta(days=1)
#: Makes bodies that gzip does not pack to nothing.
NOISE = random.Random(3)


def page(name: str, at: datetime = NOW, body: bytes = b"<html>Body</html>", **headers: str) -> RawPage:
    url = f"https://herald.test/{name}"
    return RawPage(url, url, 200, {"content-type": "text/html", **headers}, body, at)


def noise(size: int) -> bytes:
    return NOISE.randbytes(size)


@pytest.fixture
def folder(tmp_path: Path) -> RawFolder:
    return RawFolder(tmp_path / "raw", patience=5)


def the_file(folder: RawFolder) -> Path:
    ((_, file),) = folder.files()
    return file


def members(file: Path) -> list[Member]:
    with file.open("rb") as stream:
        parts = list(walk(stream))
    assert not [part for part in parts if isinstance(part, Broken)]
    return [part for part in parts if isinstance(part, Member)]


def test_a_page_is_found_again_by_its_reference_as_it_came(folder: RawFolder) -> None:
    body = gzip.compress(b"<html>Eels are back</html>")
    sent = replace(page("a", body=body, **{"content-encoding": "gzip"}), url="https://herald.test/short")
    other, ref = folder.append([page("b"), sent])

    assert ref.startswith("presswatch-2026-11-23.warc.gz#")
    assert other != ref
    record = folder.read(ref)
    assert record.endswith(body + b"\r\n\r\n")
    assert b"WARC-Target-URI: https://herald.test/a\r\n" in record
    assert b"Presswatch-Asked-URI: https://herald.test/short\r\n" in record
    assert b"WARC-Date: 2026-11-23T12:00:00.000000Z\r\n" in record
    assert b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-encoding: gzip\r\n\r\n" in record


def test_any_program_that_knows_warc_reads_the_files(folder: RawFolder) -> None:
    folder.append([page("a"), page("b")])
    folder.erase(["https://herald.test/a"])
    with the_file(folder).open("rb") as stream:
        records = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
            for record in ArchiveIterator(stream, check_digests="raise")
        ]

    assert [kind for kind, _, _ in records] == ["warcinfo", "metadata", "response"]
    assert records[2][1:] == ("https://herald.test/b", b"<html>Body</html>")


def test_each_day_has_a_file_and_the_file_greets_once(folder: RawFolder) -> None:
    folder.append([page("a"), page("b", NOW + DAY), page("c")])
    folder.append([page("d")])

    assert [f"{day}" for day, _ in folder.files()] == ["2026-11-23", "2026-11-24"]
    assert [len(members(file)) for _, file in folder.files()] == [4, 2]


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=6), st.data())
@settings(max_examples=60)
def test_whatever_is_cut_off_or_overwritten_the_whole_members_are_found(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], data: st.DataObject
) -> None:
    whole = [pack(content + b"." * 40, [f"https://x.test/{number}"]) for number, content in enumerate(contents)]
    victim = data.draw(st.integers(0, len(whole) - 1))
    keep = data.draw(st.integers(0, len(whole[victim]) - 1))
    last = victim == len(whole) - 1
    broken = whole[victim][:keep] + (b"" if last else b"\xaa" * (len(whole[victim]) - keep))
    file = tmp_path_factory.mktemp("members") / "file"
    file.write_bytes(b"".join([*whole[:victim], broken, *whole[victim + 1 :]]))
    with file.open("rb") as stream:
        found = [part for part in walk(stream) if isinstance(part, Member)]
        texts = []
        for part in found:
            stream.seek(part.offset)
            try:
                texts.append(unpack(stream.read(part.length), 1000))
            except (ValueError, OSError, zlib.error):
                texts.append(b"damaged")  # its header was spared, its content was not

    wanted = [content + b"." * 40 for number, content in enumerate(contents) if number != victim]
    assert wanted == [text for text in texts if text != b"damaged"]


def test_a_torn_end_is_cut_off_by_the_next_writer(folder: RawFolder) -> None:
    first, second = folder.append([page("a"), page("b", body=noise(5000))])
    file = the_file(folder)
    whole = file.read_bytes()
    at = int(second.split("#")[1])
    for left in (1, 9, 30, 200, len(whole) - at - 1):
        file.write_bytes(whole[: at + left])
        (ref,) = RawFolder(folder.folder).append([page("c")])

        assert ref == second
        assert b"/c\r\n" in folder.read(ref)
        assert b"/a\r\n" in folder.read(first)
        assert len(members(file)) == 3


def test_what_is_not_ours_at_the_end_is_left_alone(folder: RawFolder) -> None:
    (first,) = folder.append([page("a")])
    file = the_file(folder)
    with file.open("ab") as stream:
        stream.write(b"\0" * 5000)  # as a power cut may leave it
    (ref,) = RawFolder(folder.folder).append([page("b")])

    assert ref.startswith("presswatch-2026-11-23-2.warc.gz#")
    assert file.read_bytes().endswith(b"\0" * 5000)
    assert b"/a\r\n" in folder.read(first)
    assert folder.size().files == 2


_WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from crawler.raw import RawFolder, RawPage
folder, name, many = RawFolder(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
noise = __import__("random").Random(name).randbytes(40_000)
for number in range(many):
    url = f"https://{name}.test/{number}"
    pages = [RawPage(url, url, 200, {}, noise, datetime(2026, 11, 23, tzinfo=UTC)) for _ in range(4)]
    print(*folder.append(pages), flush=True)
"""


def writer(folder: RawFolder, name: str, many: int) -> subprocess.Popen[str]:
    return warm.script(_WRITER, str(folder.folder), name, str(many), env=os.environ, path=ROOT)


def test_several_processes_write_to_one_file_and_none_to_anothers_record(folder: RawFolder) -> None:
    writers = {name: writer(folder, name, 25) for name in ("one", "two", "three")}
    refs = {name: process.communicate()[0].split() for name, process in writers.items()}

    assert [100, 100, 100] == [len(each) for each in refs.values()]
    assert len(members(the_file(folder))) == 301
    for name, each in refs.items():
        for number, ref in enumerate(each):
            assert f"https://{name}.test/{number // 4}\r\n".encode() in folder.read(ref)


def test_of_killed_writers_every_reference_that_was_given_out_is_good(folder: RawFolder) -> None:
    """Kill -9 in the middle of writes; what was reported as written is whole, and later writers go on."""
    told: list[str] = []
    for turn in range(4):
        process = writer(folder, f"w{turn}", 100_000)
        assert process.stdout is not None
        told += process.stdout.readline().split()
        time.sleep(0.05 + 0.03 * turn)
        os.kill(process.pid, signal.SIGKILL)
        rest, _ = process.communicate()
        told += " ".join(line for line in rest.splitlines(keepends=True) if line.endswith("\n")).split()
    told += folder.append([page("after")])

    assert len(told) > 16
    for ref in told:
        assert folder.read(ref)
    assert len(members(the_file(folder))) >= len(told)


def test_a_full_disk_leaves_a_sound_file_and_goes_on_when_there_is_room(folder: RawFolder) -> None:
    """The limit on the size of a file stands for the disk: the write is refused in its middle."""
    script = f"""
import resource, signal
from pathlib import Path
from crawler.raw import RawError, RawFolder
from tests.test_raw import page, noise
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
folder = RawFolder(Path({str(folder.folder)!r}))
print(folder.append([page("a", body=noise(60_000))])[0])
try:
    folder.append([page("b", body=noise(60_000))])
except RawError as error:
    ((_, file),) = folder.files()
    print(error, "left:", file.stat().st_size)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(folder.append([page("c", body=noise(60_000))])[0])
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True)
    first, error, third = done.stdout.splitlines()

    assert "File too large" in error
    whole, last = members(the_file(folder))[1:]
    assert error.endswith(f"left: {whole.offset + whole.length}")
    assert last.offset == whole.offset + whole.length
    assert b"/a\r\n" in folder.read(first)
    assert b"/c\r\n" in folder.read(third)
    assert len(members(the_file(folder))) == 3


def test_forgetting_takes_the_bytes_and_moves_nothing(folder: RawFolder) -> None:
    secret = noise(3000)
    pages = [page("a"), page("b", body=secret), page("c"), replace(page("d", body=secret), url=page("b").url)]
    refs = folder.append(pages)
    size = the_file(folder).stat().st_size
    number = folder.erase([page("b").url])

    data = the_file(folder).read_bytes()
    assert number == 2
    assert len(data) == size
    assert secret[100:150] not in data
    assert b"/a\r\n" in folder.read(refs[0])
    assert b"/c\r\n" in folder.read(refs[2])
    assert b"herald" not in folder.read(refs[1])
    assert folder.erase([page("b").url]) == 0


def test_the_smallest_page_can_be_forgotten(folder: RawFolder) -> None:
    url = "http://a.bc/"
    folder.append([RawPage(url, url, 200, {}, b"", NOW)])

    assert folder.erase([url]) == 1
    assert len(members(the_file(folder))) == 2


def test_forgetting_that_was_stopped_halfway_is_done_again(folder: RawFolder) -> None:
    """The head of a record is overwritten last: after a crash before that, it is still found."""
    folder.append([page("a", body=noise(5000)), page("b")])
    file = the_file(folder)
    member = members(file)[1]
    data = bytearray(file.read_bytes())
    filler = blot(b"x", member.length)
    data[member.offset + 2000 : member.offset + member.length] = filler[2000:]
    file.write_bytes(data)

    assert folder.erase([page("a").url]) == 1
    assert len(members(file)) == 3


def test_old_days_go_and_the_others_stay(folder: RawFolder) -> None:
    folder.append([page("a", NOW - 91 * DAY), page("b", NOW - 90 * DAY), page("c")])
    told = folder.prune(NOW - 90 * DAY, dry_run=True)

    assert (told.files, f"{told.first}", folder.size().files) == (1, "2026-08-24", 3)
    assert folder.prune(NOW - 90 * DAY) == told
    assert [f"{day}" for day, _ in folder.files()] == ["2026-08-25", "2026-11-23"]


@pytest.mark.parametrize(
    "ref",
    [
        "",
        "x",
        "../presswatch.db#0",
        "presswatch-2026-11-23.warc.gz#99999",
        "presswatch-2026-11-23.warc.gz#1",
        "presswatch-2026-11-22.warc.gz#0",
        "presswatch-2026-11-23.warc.gz#-1",
    ],
)
def test_a_reference_that_names_nothing_is_refused(folder: RawFolder, ref: str) -> None:
    folder.append([page("a")])
    with pytest.raises(RawError):
        folder.read(ref)


def test_a_folder_that_another_process_holds_is_not_waited_for_for_ever(folder: RawFolder) -> None:
    folder.append([page("a")])
    impatient = RawFolder(folder.folder, patience=0.1)
    with folder._locked(), pytest.raises(RawError, match="another process"):
        impatient.append([page("b")])


def test_an_article_does_not_wait_for_a_disk_that_never_answers(tmp_path: Path) -> None:
    class Stuck(RawFolder):
        answers = threading.Event()

        def append(self, pages: object) -> list[str]:
            self.answers.wait(10)
            return ["x"]

    async def go() -> tuple[list[str | None], float]:
        begun = time.monotonic()
        refs = [await raw.keep(page("a")), await raw.keep(page("b"))]
        return refs, time.monotonic() - begun

    stuck = Stuck(tmp_path)
    raw = RawThread(stuck, patience=0.2)
    refs, seconds = asyncio.run(go())
    stuck.answers.set()

    assert refs == [None, None]
    assert seconds < 2
    assert ["2 raw pages were not kept: the disk did not answer (the articles are kept)"] == raw.remarks()


# With a crawl


def pages_of(host: str, many: int) -> dict[str, Reply]:
    return {f"/{number}": Reply(article(f"{host} {number}", f"Text {number} of {host}. ")) for number in range(many)}


def keeping(tmp_path: Path, web: Web, *hosts: str, crawl: str = "", raw: str = "") -> Path:
    return configure(tmp_path, web, *hosts, crawl=f'delay = "0s"\n{crawl}\n[raw]\nkeep = "90d"\n{raw}')


def all_articles(folder: Path) -> Archive:
    return open_archive(address(folder), read_only=True)


def command(folder: Path, *arguments: str) -> tuple[str, ...]:
    return ("--config", str(folder), "--archive", address(folder), *arguments)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A crawl with raw pages: 6 articles, one of them packed, one page without an article, one that is missing."""
    folder = tmp_path_factory.mktemp("crawled")
    pages = pages_of("quay", 5)
    pages["/packed"] = Reply(gzip.compress(article("Packed").encode()), headers={"Content-Encoding": "gzip"})
    pages["/shell"] = Reply("<html><body><div id='app'></div></body></html>")
    with Web(quay=outlet("quay", pages, "/missing", "/moved")) as web:
        run_visit(keeping(folder, web, "quay"))
    return folder


def test_every_fetched_page_is_kept_and_its_article_names_it(crawled: Path) -> None:
    folder = RawFolder(crawled / "archive-raw")
    with all_articles(crawled) as archive:
        articles = [each for each in archive.articles.many(range(1, 20)) if each.completeness == "full"]
        shell = archive.articles.get("http://quay.example/shell")

    assert len(articles) == 6
    for each in articles:
        record = folder.read(each.raw_ref or "")
        assert f"WARC-Target-URI: {each.url}\r\n".encode() in record
    packed = next(each for each in articles if each.url.endswith("/packed"))
    assert b"content-encoding: gzip" in folder.read(packed.raw_ref or "").lower()
    # A page from which only the feed entry was kept may give more to a later extractor; a 404 is no page.
    assert shell is not None
    assert shell.completeness == "lead"
    assert b"id='app'" in folder.read(shell.raw_ref or "")
    assert len(members(the_file(folder))) == 8


def test_the_articles_come_back_from_the_raw_files_alone(crawled: Path, tmp_path: Path) -> None:
    files = [str(file) for _, file in RawFolder(crawled / "archive-raw").files()]
    archive = f"sqlite:///{tmp_path / 'new.db'}"
    report = answer(tmp_path, "--config", str(crawled), "--archive", archive, "import", *files, "--json")
    again = answer(tmp_path, "--config", str(crawled), "--archive", archive, "import", *files, "--again", "--json")
    with open_archive(archive) as new, all_articles(crawled) as old:
        before = {each.url: each for each in old.articles.many(range(1, 20)) if each.completeness == "full"}
        after = {each.url: each for each in new.articles.many(range(1, 20))}

    assert (report["kept"], report["dropped"], report["faults"]) == (6, {"no article": 1}, [])
    assert (again["kept"], again["unchanged"]) == (0, 6)
    assert {url: each.text_sha256 for url, each in before.items()} == {
        url: each.text_sha256 for url, each in after.items()
    }
    assert {each.source for each in after.values()} == {"quay"}
    assert all(each.backfill for each in after.values())


def test_a_crawl_that_is_killed_leaves_only_references_that_are_good(tmp_path: Path) -> None:
    hosts = ("a", "b", "c")
    with Web(**{host: outlet(host, pages_of(host, 20)) for host in hosts}) as web:
        folder = keeping(tmp_path, web, *hosts, crawl="tries = 10\nconcurrency = 4")
        for number, seconds in enumerate((0.3, 0.8)):
            visit = start_visit(folder, everything=True, later=number * 300)
            begun, asked = time.monotonic(), len(web.seen)
            while len(web.seen) < asked + 6 and time.monotonic() < begun + 20:
                time.sleep(0.01)
            time.sleep(seconds)
            visit.kill()
            with visit:
                visit.communicate()
        end_visit(start_visit(folder, everything=True, later=600))
    raw = RawFolder(tmp_path / "archive-raw")
    with all_articles(folder) as archive:
        articles = archive.articles.many(range(1, 200))

    assert len(articles) == 60
    for each in articles:
        assert f"WARC-Target-URI: {each.url}\r\n".encode() in raw.read(each.raw_ref or "")


def test_without_a_place_for_raw_pages_the_articles_are_kept_and_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("a file where the folder should be")
    with Web(quay=outlet("quay", pages_of("quay", 3))) as web:
        folder = keeping(tmp_path, web, "quay", raw=f'folder = "{tmp_path / "occupied"}"')
        done = presswatch(tmp_path, *command(folder, "crawl"))
    with all_articles(folder) as archive:
        articles = archive.articles.many(range(1, 9))

    assert [None] * 3 == [each.raw_ref for each in articles]
    assert "note: 3 raw pages were not kept" in done.stdout
    assert "(the articles are kept)" in done.stdout


def test_forget_prune_status_and_doctor_know_the_raw_pages(tmp_path: Path) -> None:
    marker = f"{NOISE.getrandbits(400):x}"
    pages = pages_of("quay", 3) | {"/secret": Reply(article(marker, f"The word is {marker}. "))}
    with Web(quay=outlet("quay", pages)) as web:
        folder = keeping(tmp_path, web, "quay")
        run_visit(folder)
    raw = RawFolder(tmp_path / "archive-raw")
    before = b"".join(gzip.decompress(file.read_bytes()) for _, file in raw.files())
    presswatch(tmp_path, *command(folder, "forget", "http://quay.example/secret"))
    status = answer(tmp_path, *command(folder, "status", "--json"))
    doctor = presswatch(tmp_path, *command(folder, "doctor"), code=None).stdout
    backup = presswatch(tmp_path, *command(folder, "backup", str(tmp_path / "copy.db"))).stdout
    after = b"".join(gzip.decompress(file.read_bytes()) for _, file in raw.files())

    assert marker.encode() in before
    assert marker.encode() not in after
    assert b"/secret" not in after
    assert b"/0\r\n" in after
    assert status["raw"]["files"] == 1
    assert re.search(r"raw pages: \d+ kB of \d{4}-\d\d-\d\d in ", doctor)
    assert "not in it: raw pages" in backup

    # 100 days are over: what the clock says now is before the files.
    ((_, file),) = raw.files()
    old = file.with_name(f"presswatch-{datetime.now(UTC) - 100 * DAY:%Y-%m-%d}.warc.gz")
    file.rename(old)
    told = presswatch(tmp_path, *command(folder, "prune", "--dry-run")).stdout
    assert told.startswith("would remove raw pages")
    assert old.exists()
    presswatch(tmp_path, *command(folder, "prune"))
    assert not raw.files()


def test_a_crawl_lets_go_of_raw_pages_that_are_too_old(tmp_path: Path) -> None:
    with Web(quay=outlet("quay", pages_of("quay", 2))) as web:
        folder = keeping(tmp_path, web, "quay")
        run_visit(folder)
        with all_articles(folder) as archive:
            had = archive.articles.with_raw()
        end_visit(start_visit(folder, everything=True, later=92 * 86400))
    with all_articles(folder) as archive:
        articles = archive.articles.many(range(1, 9))

    assert len(had) == 2
    assert [None, None] == [each.raw_ref for each in articles]
    assert RawFolder(tmp_path / "archive-raw").size().files == 0
