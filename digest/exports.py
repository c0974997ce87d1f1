"""Articles for other programs: JSON lines, CSV, Markdown, Atom, JSON Feed, RIS."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from tempfile import SpooledTemporaryFile
from textwrap import indent
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote

from crawler.records import Article, as_json
from crawler.urls import is_fetchable
from digest.content import clean, clip

if TYPE_CHECKING:
    from crawler.archive import Hit

CSV_FIELDS = (
    "id", "url", "source", "carried_by", "credited_to", "published", "published_utc", "published_precision", "title",
    "authors", "lead", "text", "language", "completeness", "copy_of", "copy_kind", "story", "words", "first_seen",
)  # fmt: skip

#: Columns of what a search found.
FOUND_FIELDS = (
    "id", "published", "published_precision", "source", "carried_by", "credited_to", "title", "authors", "language",
    "url", "copy_of", "story", "completeness", "words", "first_seen", "snippet",
)  # fmt: skip

#: What the id of each of our Atom feeds begins with.
FEED_ID = "urn:presswatch:"
FEED_TITLE = "Presswatch: "
#: Letters of the beginning of a text that stands where a lead would.
_ABSTRACT, _SUMMARY = 1_000, 300
#: What an empty feed was updated at: as it was never, it does not change with the clock.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
#: Bytes of entries that are held in memory, and letters that are read back at once.
_SPOOLED, _PIECE = 1 << 24, 1 << 16
#: What XML cannot hold, and what terminals and spreadsheets obey or end at.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: What some take for the end of a line, though JSON does not.
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_LANGUAGE = re.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def render(
    form: str,
    articles: Iterable[Article],
    *,
    query: str,
    with_text: bool = True,
    bom: bool = False,
    revised: Mapping[int, datetime] = MappingProxyType({}),
    address: str = "",
    about: str = "",
) -> bytes:
    """Write articles in a form: jsonl, csv, md, atom, jsonfeed or ris; ``bom`` marks CSV as UTF-8 for Excel.

    For feeds ``revised`` tells by id which articles were revised, and when; ``address`` is where the feed can be read,
    ``about`` what its readers are told of it.
    """
    told = {"query": query, "address": address, "about": about}
    return b"".join(pieces(form, articles, with_text=with_text, bom=bom, revised=revised, **told))


def pieces(
    form: str,
    articles: Iterable[Article],
    *,
    query: str,
    with_text: bool = True,
    bom: bool = False,
    revised: Mapping[int, datetime] = MappingProxyType({}),
    address: str = "",
    about: str = "",
) -> Iterator[bytes]:
    """Do the same piece by piece, so that an export of everything is never in memory as a whole."""
    shown = (article if with_text else _without_text(article) for article in articles)
    writers: dict[str, Callable[[], Iterator[str]]] = {
        "jsonl": lambda: _jsonl(shown),
        "csv": lambda: _csv(shown),
        "md": lambda: _markdown(shown),
        "ris": lambda: _ris(shown),
        "atom": lambda: _atom(shown, query, revised, address, about),
        "jsonfeed": lambda: _json_feed(shown, query, revised, address, about),
    }
    if bom:
        yield codecs.BOM_UTF8
    for piece in writers[form]():
        yield piece.encode("utf-8", "replace")


def told(form: str, *, with_text: bool, bom: bool) -> dict[str, object]:
    """Tell what the bytes of a file depend on besides its articles, for its manifest."""
    columns = list(CSV_FIELDS) if form == "csv" else None
    return {"name": form, "texts": with_text, "bom": bom, "columns": columns, "encoding": "utf-8"}


def _without_text(article: Article) -> Article:
    return replace(article, text="", taken_out=())


def _jsonl(articles: Iterable[Article]) -> Iterator[str]:
    for article in articles:
        written = json.dumps(as_json(article), ensure_ascii=False)
        yield _LINE_ENDS.sub(lambda found: f"\\u{ord(found[0]):04x}", written) + "\n"


def _csv(articles: Iterable[Article]) -> Iterator[str]:
    yield _csv_line(CSV_FIELDS)
    for article in articles:
        values = as_json(article)
        yield _csv_line([harmless("; ".join(v) if isinstance(v := values[name], list) else v) for name in CSV_FIELDS])


def found_row(hit: Hit) -> list[object]:
    """Write a hit as a row of FOUND_FIELDS."""
    values = {**as_json(hit.article), "snippet": hit.snippet}
    return ["; ".join(v) if isinstance(v := values[name], list) else v for name in FOUND_FIELDS]


def found_head(*, bom: bool = False) -> bytes:
    """Write the first line of a table of hits."""
    return (codecs.BOM_UTF8 if bom else b"") + csv_line(FOUND_FIELDS)


def found_rows(hits: Iterable[Hit]) -> bytes:
    """Write hits as lines of such a table."""
    return b"".join(csv_line(found_row(hit)) for hit in hits)


def csv_line(cells: Iterable[object]) -> bytes:
    """Write a line of a table; what a spreadsheet would take for a formula is made harmless."""
    return _csv_line([harmless(cell) for cell in cells]).encode("utf-8", "replace")


def _csv_line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


#: What a spreadsheet may take for the begin of a formula; some read full-width signs, or pass over what is not seen.
_FORMULA = re.compile("[\\s\u200b-\u200f\u2060\ufeff]*[=+\\-@＝＋－＠]|[\t\r\n]")


def harmless(cell: object) -> object:
    """Put an apostrophe before text that a spreadsheet would run as a formula, and leave out what no cell can hold."""
    if not isinstance(cell, str):
        return cell
    return ("'" if _FORMULA.match(cell) else "") + _printable(cell)


def _printable(text: str) -> str:
    """Leave out what XML, tables and texts cannot hold; lines end with line feeds."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub(lambda found: " " if found[0].isspace() else "", plain)


def _line(text: str) -> str:
    """Make one line that does not turn the direction of what stands behind it."""
    return clean(_printable(text))


def _markdown(articles: Iterable[Article]) -> Iterator[str]:
    for number, article in enumerate(articles):
        credit = f", credited to {article.credited_to}" if article.credited_to else ""
        date = article.published or "undated"
        # Number signs at a heading's end would be taken for its end.
        title = re.sub(r"(?<=\s)(?=#+$)", r"\\", _literal(_line(article.title)))
        carried = _literal(_line(f"{article.carried_by}{credit}, {date}"))
        apart = "\n" if number else ""
        yield f"{apart}## {title}\n\n{carried}  \n<{article.url}>\n\n{_literal(_printable(article.text))}\n"


def _literal(text: str) -> str:
    """Take from outside text what Markdown would read as markup, links and HTML first of all."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(
        r"[\\`*_\[\]~|]|^\s*(?:[#+>=-]|[0-9]{1,9}[.)](?=\s))",
        lambda found: f"{found[0][:-1]}\\{found[0][-1]}", text, flags=re.MULTILINE,
    )  # fmt: skip


def _ris(articles: Iterable[Article]) -> Iterator[str]:
    for number, article in enumerate(articles):
        lines = [("TY", "NEWS"), ("TI", article.title), *(("AU", author) for author in article.authors)]
        url = article.url if is_fetchable(article.url) else ""
        lines += [("T2", article.carried_by), ("UR", url), ("LA", article.language)]
        if article.published:
            lines += [("PY", article.published[:4]), ("DA", article.published[:10].replace("-", "/"))]
        lines += [("AB", article.lead or _beginning(article.text, _ABSTRACT))]
        written = "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in lines if value)
        apart = "\r\n" if number else ""
        yield f"{apart}{written}ER  - \r\n"


def _atom(
    articles: Iterable[Article], query: str, revised: Mapping[int, datetime], address: str, about: str
) -> Iterator[str]:
    """Write an Atom feed; its ``updated`` stands before the entries, which wait for it on the disk if they are many."""
    latest: datetime | None = None
    with SpooledTemporaryFile(_SPOOLED, "w+", encoding="utf-8", newline="") as entries:
        for article in articles:
            updated = max(_published(article), revised.get(article.id or 0, _published(article)))
            latest = max(latest or updated, updated)
            entries.write(_entry(article, updated))
        updated_at = _utc(latest or _NEVER)
        subtitle = f"<subtitle>{_xml(about)}</subtitle>\n" if about else ""
        itself = f'<link rel="self" type="application/atom+xml" href="{_xml(address)}"/>\n' if address else ""
        yield (
            '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
            f"<title>{_xml(_title(query))}</title>\n"
            f"<id>{FEED_ID}{quote(query, safe=':') or 'all'}</id>\n{subtitle}{itself}<updated>{updated_at}</updated>\n"
        )
        entries.seek(0)
        yield from iter(lambda: entries.read(_PIECE), "")
    yield "</feed>\n"


def _json_feed(
    articles: Iterable[Article], query: str, revised: Mapping[int, datetime], address: str, about: str
) -> Iterator[str]:
    """Write a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    head = {"version": "https://jsonfeed.org/version/1.1", "title": _title(query)}
    if about:
        head["description"] = about
    if address:
        head["feed_url"] = address
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "items": ['
    apart = "\n"
    for article in articles:
        yield apart + indent(json.dumps(_item(article, revised), ensure_ascii=False, indent=1), "  ")
        apart = ",\n"
    yield ("]" if apart == "\n" else "\n ]") + "\n}\n"


def _item(article: Article, revised: Mapping[int, datetime]) -> dict[str, object]:
    item: dict[str, object] = {
        "id": article.url,
        "url": article.url,
        "title": _line(article.title),
        "content_text": article.text or article.lead or article.title,
        "summary": _line(article.lead) or _beginning(article.text, _SUMMARY),
        "authors": [{"name": name} for name in _names(article)],
    }
    if not is_fetchable(article.url):
        del item["url"]  # an import without addresses
    if _is_instant(article):
        item["date_published"] = _utc(_published(article))
    if article.id is not None and article.id in revised:
        item["date_modified"] = _utc(revised[article.id])
    if language := _language(article):
        item["language"] = language
    if article.tags:
        item["tags"] = [_line(tag) for tag in article.tags]
    return item


def _beginning(text: str, longest: int) -> str:
    return _line(clip(" ".join(text.split()), longest))  # to clean the whole text would take long


def _names(article: Article) -> list[str]:
    """Name who wrote an article, or else who carried it: an entry of Atom must have an author."""
    names = [name for name in map(_line, article.authors or (article.carried_by,)) if name]
    return names or [_line(article.source)]


def _language(article: Article) -> str:
    """Give the language as feeds name it; "" for what an import calls otherwise."""
    return article.language if _LANGUAGE.fullmatch(article.language) else ""


def _title(query: str) -> str:
    return f"{FEED_TITLE}{query}" if query else "Presswatch"


def _is_instant(article: Article) -> bool:
    """Tell whether feeds can say when an article was published: they know no bare days and no time without a zone."""
    return article.published_utc is not None and article.published_precision in ("second", "minute")


def _published(article: Article) -> datetime:
    """Tell when an article was published, or else when it was first seen."""
    published = article.published_utc if _is_instant(article) else None
    return published or article.first_seen or _NEVER


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _entry(article: Article, updated: datetime) -> str:
    published = f"<published>{_utc(_published(article))}</published>" if _is_instant(article) else ""
    link = f'<link href="{_xml(article.url)}"/>' if is_fetchable(article.url) else ""
    language = f' xml:lang="{tag}"' if (tag := _language(article)) else ""
    authors = "".join(f"<author><name>{_xml(name)}</name></author>" for name in _names(article))
    return (
        f"<entry{language}><title>{_xml(_line(article.title))}</title><id>{_xml(article.url)}</id>"
        f"{link}"
        f"<updated>{_utc(updated)}</updated>{published}{authors}"
        f"<summary>{_xml(_line(article.lead) or _beginning(article.text, _SUMMARY))}</summary>"
        f'<content type="text">{_xml(article.text)}</content></entry>\n'
    )


def _xml(text: str) -> str:
    """Escape a text and leave out what XML cannot hold."""
    return escape(_printable(text))
