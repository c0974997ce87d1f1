"""A page a line in, an article a line out: what ``presswatch extract --jsonl`` reads and writes.

A line is read, its page extracted and the answer written in a worker: the process that hands out the lines carries
bytes and nothing else, so that many workers do not wait for one reader of JSON. An answer follows from its line and the
day alone.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from crawler import overrides, reading, tokens
from crawler.errors import REASONS
from crawler.extract import workers
from crawler.extract.workers import WorkerFault
from crawler.records import Fetched, Source, as_json
from crawler.source_finder import SourceFinder

#: Stands for the address of a saved page that nobody gave.
NO_ADDRESS = "http://localhost/"
#: Bytes; a line is held several times while it is handed to a worker. A page in a file of its own may be larger.
LONGEST_LINE = 64 * 2**20
_WANTED = '{"url","html"|"file"}'
#: JSON need not escape them, but many who read lines take them for the end of one.
_LINE_ENDS = (("\x85", "\\u0085"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


@dataclass(frozen=True, slots=True)
class Owners:
    """Tells whose page it is by its address; of a page of no source of ours only what it says itself is known."""

    finder: SourceFinder
    #: Overrides that have ended are not used; what a page dates later than tomorrow is no date of publication.
    today: date

    def of(self, page: Fetched) -> Source:
        """Give the source of a page, with the overrides that are valid today."""
        found = self.finder.known(page.final_url) if page.final_url != NO_ADDRESS else None
        return Source(key="", name="", homepage="") if found is None else overrides.current(found, self.today)


def page_of(body: bytes, url: str, content_type: str = "") -> Fetched:
    """Make the page of saved bytes."""
    return Fetched(url or NO_ADDRESS, url or NO_ADDRESS, body, content_type)


def record_of(page: Fetched) -> dict[str, Any]:
    """Extract a page in a worker that shares Owners, and give its article as JSON; raise NoArticle when it has none.

    When a saved page was fetched nobody knows, but it was before today ends.
    """
    owners = workers.shared()
    assert isinstance(owners, Owners), "whoever started the workers gave them"
    if page.fetched_at is None:
        page = replace(page, fetched_at=datetime.combine(owners.today, time(), UTC))
    article = reading.read_article(page, owners.of(page))
    whole = replace(
        article,
        url="" if page.url == NO_ADDRESS else article.url,
        words=len(tokens.words(article.text)),
        text_sha256=hashlib.sha256(article.text.encode()).hexdigest(),
    )
    found: dict[str, Any] = as_json(whole)
    return found


def answer(number: int, line: bytes, folder: str) -> bytes:
    """Answer a line in a worker: an article, or what is wrong with the line; raise NoArticle if it has none."""
    url = ""
    try:
        asked = _read(line)
        url = _url_of(asked)
        _check(asked)
        if asked.get("html") is not None:
            page = page_of(asked["html"].encode("utf-8", "replace"), url, "text/html; charset=utf-8")
        else:
            page = page_of((Path(folder) / asked["file"]).read_bytes(), url)
        del asked  # a large page needs the room
    except ValueError as error:  # of JSON, of UTF-8, and of a name with a NUL
        return written({"url": url, "error": f"line {number} is no {_WANTED}: {error}"})
    except OSError as error:
        return written({"url": url, "error": f"line {number}: {error.strerror or error}"})
    return written(record_of(page))


def without_answer(number: int, line: bytes) -> bytes | None:
    """Answer a line that needs no worker: an empty one, or one that is too long."""
    if len(line) > LONGEST_LINE:
        remedy = f'is longer than {LONGEST_LINE // 2**20} MB: give its page as "file"'
        return written({"url": "", "error": f"line {number} {remedy}"})
    return None if line.strip() else written({"url": "", "error": f"line {number} is empty"})


def fault_answer(line: bytes, fault: WorkerFault) -> bytes:
    """Answer a line whose page gave no article."""
    try:
        url = _url_of(_read(line))
    except ValueError:
        url = ""
    return written({"url": url, "error": told(fault)})


def told(fault: WorkerFault) -> str:
    """Tell why a page gave no article, the reason first."""
    return f"{fault.reason}: {fault.detail or REASONS[fault.reason]}"


def written(record: dict[str, Any]) -> bytes:
    """Write a record as a line."""
    text = json.dumps(record, ensure_ascii=False)
    if not text.isascii():
        for character, escaped in _LINE_ENDS:
            text = text.replace(character, escaped)
    return f"{text}\n".encode("utf-8", "replace")


def _read(line: bytes) -> dict[str, Any]:
    """Read a line; raise ValueError where it is no object."""
    try:
        asked = json.loads(line.decode("utf-8-sig"))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(asked, dict):
        raise ValueError(f"found {_type(asked)}, wanted an object")  # noqa: TRY004  # one error for all of it
    return asked


def _url_of(asked: dict[str, Any]) -> str:
    """Give the address that a line names, also one that is otherwise wrong."""
    url = asked.get("url")
    return url if isinstance(url, str) else ""


def _check(asked: dict[str, Any]) -> None:
    """Raise ValueError with what is wrong with what a line asks for."""
    for name in ("url", "html", "file"):
        if not isinstance(asked.get(name), str | None):
            raise ValueError(f'"{name}" is {_type(asked[name])}, wanted a string')  # noqa: TRY004
    if asked.get("html") is None and asked.get("file") is None:
        raise ValueError('neither "html" nor "file" is there')


def _type(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
