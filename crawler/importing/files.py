"""Take in what was collected elsewhere: articles or raw pages in files of JSON lines, and pages in WARC files."""

from __future__ import annotations

import gzip
import itertools
import json
import math
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from crawler import languages, reading, urls
from crawler.archive import Archive
from crawler.config import Config
from crawler.drafts import Draft, keep_drafts
from crawler.enqueueing import enqueue_imports
from crawler.errors import UsageError
from crawler.extract.language import tell as tell_language
from crawler.extract.workers import Workers
from crawler.furniture import correct_earlier
from crawler.importing.lists import is_list, place_of
from crawler.importing.wanted import Wanted
from crawler.importing.warc import WarcCounts, import_warc_file
from crawler.reading import Reading
from crawler.records import Article, Fetched, Precision, Source
from crawler.source_finder import SourceFinder

_BATCH = 100
_MOST_CORRECTED = 100_000
_LONGEST_LINE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the lines and pages of some files."""

    kept: int = 0
    revised: int = 0
    #: Known already, with the same text; of WARC files with whatever text.
    unchanged: int = 0
    #: Lines that could not be taken in ("line 7: ..."), and places at which a WARC file is damaged.
    faults: tuple[str, ...] = ()
    #: Kept from their feed entry only so far, and whole now.
    completed: int = 0
    #: reason -> pages of WARC files that gave no article.
    dropped: Mapping[str, int] = field(default_factory=dict)
    #: Earlier articles out of which lines were taken that their host was found to repeat.
    corrected: int = 0
    #: WARC files that were imported as a whole before, with the day, and are not read again.
    done_before: tuple[str, ...] = ()
    #: WARC files that went on where an earlier import of them was stopped: what came of them then is counted, too.
    went_on: tuple[str, ...] = ()
    #: Files that a list names and that are not there, or cannot be read.
    missing: tuple[str, ...] = ()


def import_files(
    archive: Archive,
    config: Config,
    files: Sequence[Path],
    now: datetime,
    *,
    source: str = "",
    wanted: Wanted | None = None,
    under: Path | None = None,
    again: bool = False,
    tell: Callable[[int], None] | None = None,
) -> ImportReport:
    """Keep the articles of some files, each JSON lines or WARC, plain or gzipped, or a list of WARC files.

    ``source`` is the key of the source of everything that names none itself; without it the address tells. Imported
    articles are found by search and never count as new. An import can be repeated: see ``import_warc_file``, also for
    ``wanted`` and ``again``, which are about WARC files. Lists name files below the folder ``under``, else below their
    own; what is not there is told, and the others are read.
    """
    finder = SourceFinder(config, source)
    for file in files:  # before any is begun
        with _opened_raw(file):
            pass
    total, faults, found = Counter[str](), list[str](), WarcCounts()
    done_before, went_on, missing = list[str](), list[str](), list[str]()
    crawl = config.press.crawl
    with Workers(crawl.workers, crawl.page_cpu, crawl.page_memory) as workers:
        for file, listed in _each(files, under, faults):
            try:
                with _opened_raw(file) as raw:
                    is_warc = listed or _is_warc(raw)
            except UsageError as why:
                if not listed:
                    raise
                missing.append(str(why))
                continue
            if not is_warc:
                report = import_jsonl(archive, config, file, now, finder)
                total.update(kept=report.kept, revised=report.revised, unchanged=report.unchanged)
                faults += [fault if len(files) == 1 else f"{file}: {fault}" for fault in report.faults]
                continue
            one = import_warc_file(
                archive, config, file, now, wanted=wanted or Wanted(), source=source, again=again, workers=workers,
                tell=None if tell is None else lambda kept: tell(found.kept + kept),
            )  # fmt: skip
            if one.done_before is not None:
                done_before.append(f"{file}: {one.done_before:%Y-%m-%d}")
                continue
            found.add(one.counts)
            went_on += [str(file)] if one.went_on else []
    corrected = correct_earlier(archive, now, limit=_MOST_CORRECTED).total()
    archive.even_out()
    return ImportReport(
        total["kept"] + found.kept,
        total["revised"],
        total["unchanged"] + found.known,
        (*faults, *found.faults),
        found.completed,
        dict(found.dropped.most_common()),
        corrected,
        tuple(done_before),
        tuple(went_on),
        tuple(missing),
    )


@dataclass(frozen=True, slots=True)
class LeftToWorkers:
    """WARC files that workers import; ``status`` tells how far each is."""

    #: Files that a worker takes when it can, and those of them that waited, or were under way, already.
    files: int
    waited_already: int
    #: Lines of a list that name no file.
    faults: tuple[str, ...] = ()
    #: Files that a list names and that are not there, or cannot be read.
    missing: tuple[str, ...] = ()


def leave_to_workers(
    archive: Archive, files: Sequence[Path], *, source: str, wanted: Wanted, under: Path | None, again: bool
) -> LeftToWorkers:
    """Let workers import WARC files, one job each; UsageError for other files. See ``import_files``."""
    faults, missing, found = list[str](), list[str](), list[Path]()
    for file, listed in _each(files, under, faults):
        try:
            with _opened_raw(file) as raw:
                if not listed and not _is_warc(raw):
                    raise UsageError(f"{file}: --by-workers is for WARC files and lists of them")
        except UsageError as why:
            if not listed:
                raise
            missing.append(str(why))
        else:
            found.append(_named_for_all(file.absolute()))
    added = enqueue_imports(archive, found, wanted, source=source, again=again)
    return LeftToWorkers(len(found), len(found) - added, tuple(faults), tuple(missing))


def _named_for_all(file: Path) -> Path:
    """Refuse a name that no database can hold, nor another machine read."""
    try:
        str(file).encode()
    except UnicodeEncodeError:
        told = str(file).encode(errors="replace").decode()
        raise UsageError(f"{told}: its name is no UTF-8, so no job can name it; give it another name") from None
    return file


def _each(files: Sequence[Path], under: Path | None, faults: list[str]) -> Iterator[tuple[Path, bool]]:
    """Give each file, those that a list names in its place; and whether a list names it."""
    for file in files:
        if not is_list(file):
            yield file, False
            continue
        with _opened(file) as stream:
            number = 0
            for number, line in _lines(stream, faults):
                path = place_of(line, under or file.parent)
                if path is None:
                    faults.append(f"{file}: line {number}: {line[:80]!r} is no path below a folder")
                else:
                    yield path, True
        if not number:
            faults.append(f"{file}: no file is named in it")


def import_jsonl(
    archive: Archive, config: Config, file: Path, now: datetime, finder: SourceFinder | None = None
) -> ImportReport:
    """Keep the articles of a file (JSON lines, also gzipped); a bad line is told and the others go on.

    A line holds title and text, and may hold id, url, published, source, language (or lang), lead, authors, tags and
    credited_to, as ``export`` writes them; or it holds url and html, which is extracted. A language that is not given
    is told by the text, and the id is kept as the evidence "import_id". Imported articles are found by search and
    never count as new.
    """
    finder = finder or SourceFinder(config)
    counts = {"new": 0, "revised": 0, "unchanged": 0}
    faults: list[str] = []
    crawl = config.press.crawl
    with _opened(file) as stream, Workers(crawl.workers, crawl.page_cpu, crawl.page_memory) as workers:
        drafts: list[tuple[int, Draft]] = []
        number = 0
        for number, line in _lines(stream, faults):
            try:
                drafts.append((number, _draft(line, finder, workers, file=file, number=number, now=now)))
            except _BadLine as why:
                faults.append(f"line {number}: {why}")
            if len(drafts) >= _BATCH:
                _keep(archive, drafts, now, counts, faults)
        _keep(archive, drafts, now, counts, faults)
    if not number and not faults:
        faults.append("no line is in it")
    return ImportReport(counts["new"], counts["revised"], counts["unchanged"], tuple(faults))


class _BadLine(Exception):
    """A line that holds no article; the message says what was found."""


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    with _opened_raw(file) as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if not packed:
            yield raw
            return
        with gzip.open(raw) as stream:
            yield stream  # type: ignore[misc]


def _is_warc(raw: IO[bytes]) -> bool:
    """Tell by its first bytes, or where they are damaged by its name, whether a file is WARC."""
    head = raw.read(4096)
    raw.seek(0)
    if head.startswith(b"\x1f\x8b"):
        with suppress(zlib.error):
            head = zlib.decompressobj(31).decompress(head, 64)
    return head.lstrip().startswith(b"WARC/") or raw.name.removesuffix(".gz").endswith(".warc")


@contextmanager
def _opened_raw(file: Path) -> Iterator[IO[bytes]]:
    try:
        with file.open("rb") as raw:
            yield raw
    except FileNotFoundError as error:
        raise UsageError(f"{file}: there is no such file") from error
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror or error}") from error


def _lines(stream: IO[bytes], faults: list[str]) -> Iterator[tuple[int, bytes]]:
    for number in itertools.count(1):
        try:
            line = stream.readline(_LONGEST_LINE)
        except (OSError, EOFError, zlib.error) as error:  # a broken gzip: what stood before is good
            faults.append(f"line {number}: the file is damaged from here on ({error}); what follows is not read")
            return
        if len(line) >= _LONGEST_LINE:
            faults.append(f"line {number}: longer than {_LONGEST_LINE} bytes; what follows it is not read")
            return
        if not line:
            return
        if line.strip():
            yield number, line


def _draft(line: bytes, finder: SourceFinder, workers: Workers, *, file: Path, number: int, now: datetime) -> Draft:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _BadLine(f"no JSON ({error})") from error
    if not isinstance(given, dict):
        raise _BadLine(f"a JSON object is wanted, found {type(given).__name__}")
    source = finder.find(_text(given, "url"), _text(given, "source"))
    if "html" in given:
        found = _extracted(given, source, workers, now)
    else:
        found = reading.reading(_article(given, source, file, number))
    return Draft(_with_id(found, _text(given, "id")), source, backfill=True)


def _with_id(found: Reading, identity: str) -> Reading:
    """Keep the id that whoever wrote the line knows its article by."""
    if not identity.strip():
        return found
    evidence = {**found.article.evidence, "import_id": identity.encode("utf-8", "replace").decode()}
    return replace(found, article=replace(found.article, evidence=evidence))


def _extracted(given: dict[str, Any], source: Source, workers: Workers, now: datetime) -> Reading:
    url = urls.normalise(_text(given, "url"))
    if url is None:
        raise _BadLine('a raw page ("html") needs the "url" that it came from')
    body = _text(given, "html").encode("utf-8", "surrogatepass")
    fetched = Fetched(url, url, body, "text/html; charset=utf-8", fetched_at=now)
    result = workers.call_now(reading.read_page, fetched, source, {})
    if not isinstance(result, Reading):
        raise _BadLine(f"{url}: {result.reason}: {result.detail}")
    return result


def _article(given: dict[str, Any], source: Source, file: Path, number: int) -> Article:
    title, lead, text = (_text(given, name).strip() for name in ("title", "lead", "text"))
    if not title and not text:
        raise _BadLine('neither "title" nor "text"')
    identity = _text(given, "url") or _text(given, "id")
    # What has no address of its own is known by its id, or by its place in the file: twice imported, once kept.
    url = urls.normalise(identity) or f"import:{quote(identity or f'{file.name}#{number}', '', errors='replace')}"
    published, utc, precision = _published(_text(given, "published"), source)
    language, told_by = _language(_text(given, "language") or _text(given, "lang"), title, text or lead, source)
    return Article(
        url=url,
        source=source.key,
        title=title or text[:120],
        text=text,
        lead=lead,
        completeness="full" if text else "lead" if lead else "headline",
        authors=_texts(given, "authors"),
        tags=_texts(given, "tags"),
        credited_to=_text(given, "credited_to").strip() or None,
        published=published,
        published_utc=utc,
        published_precision=precision,
        published_evidence="import" if published else None,
        language=language,
        carried_by=source.name,
        evidence={"text": "import", **({"language": told_by} if told_by else {})},
        extractor_version="import",
    )


def _language(said: str, title: str, text: str, source: Source) -> tuple[str, str]:
    """Read the language that a line names; the text tells it where none is named, or none that there is."""
    said = said.strip()
    language = languages.code(said) or languages.named(said) if said else ""
    if language:
        return language, ""
    language, told_by = tell_language(title, text, "", source.language)
    return language, f"{told_by}; import: {said[:60]!r} is no language" if said else told_by


def _published(printed: str, source: Source) -> tuple[str | None, datetime | None, Precision]:
    """Read a date as it stands; one that is no ISO date is a fault, for a date is never guessed."""
    printed = printed.strip()
    if not printed:
        return None, None, "none"
    try:
        time = datetime.fromisoformat(printed)
        if len(printed) <= 10:
            return printed, None, "day"
        if time.tzinfo is None and source.timezone:
            time = time.replace(tzinfo=ZoneInfo(source.timezone))
        utc = time.astimezone(UTC) if time.tzinfo else None
    except (ValueError, OverflowError) as error:  # the second at both ends of the calendar
        raise _BadLine(f'"published" is {printed[:60]!r}, wanted an ISO date such as 2026-11-23T07:30:00Z') from error
    precision: Precision = "second" if time.second or printed.count(":") > 1 else "minute"
    return printed, utc, precision


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not isinstance(value, str) and not number:
        raise _BadLine(f'"{name}" is {json.dumps(value)[:60]}, wanted a text')
    return str(value)


def _texts(given: dict[str, Any], name: str) -> tuple[str, ...]:
    """Read a list of texts, or one that stands alone."""
    value = given.get(name)
    each = value if isinstance(value, list) else [value]
    texts = (_text({name: text}, name).strip() for text in each)
    return tuple(dict.fromkeys(text for text in texts if text))


def _keep(
    archive: Archive, drafts: list[tuple[int, Draft]], now: datetime, counts: dict[str, int], faults: list[str]
) -> None:
    results: Iterable[Any] = keep_drafts(archive, [draft for _, draft in drafts], now)
    for (number, _), result in zip(drafts, results, strict=True):
        if result.outcome in counts:
            counts[result.outcome] += 1
        else:
            faults.append(f"line {number}: {result.outcome}")
    drafts.clear()
