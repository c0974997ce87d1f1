"""WARC files as the tools of web archives write them, with invented pages."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.loopback import article

HTML = {"Content-Type": "text/html; charset=utf-8"}


def record(
    url: str,
    body: bytes = b"<html>Eels</html>",
    status: str = "200 OK",
    headers: dict[str, str] = HTML,
    kind: str = "response",
    **warc: str,
) -> bytes:
    """Write a record as the tools of web archives do."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    http = StatusAndHeaders(status, list(headers.items()), protocol="HTTP/1.1")
    made = writer.create_warc_record(
        url,
        kind,
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=http,
        warc_headers_dict={"WARC-Date": "2019-11-06T19:13:40Z", **{k.replace("_", "-"): v for k, v in warc.items()}},
    )
    writer.write_record(made)
    return out.getvalue()


def put(tmp_path: Path, name: str, *records: bytes) -> Path:
    file = tmp_path / name
    file.write_bytes(b"".join(map(gzip.compress, records)))
    return file


def story(url: str, title: str, **warc: str) -> bytes:
    return record(url, article(title, f"Eels came back to the quay, and {title} was told of them. ").encode(), **warc)
