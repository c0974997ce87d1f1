"""The forms in which a digest or report can be had as a file, by the ending of its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from crawler.errors import UsageError
from digest import jobs, markdown, plain_text, render, telling
from digest.content import EditionContent
from digest.report import ReportContent
from digest.skin import templates_of

if TYPE_CHECKING:
    from crawler.config import Config

Content = EditionContent | ReportContent


@dataclass(frozen=True, slots=True)
class Extra:
    """What a form needs beside Presswatch itself."""

    name: str
    package: str
    module: str


_EXTRAS = {".pdf": Extra("pdf", "weasyprint", "weasyprint"), ".docx": Extra("docx", "python-docx", "docx")}


def write(content: Content, config: Config, ending: str, recipient: str = "") -> bytes:
    """Write a digest or report in the form of an ending, such as ".md"."""
    require(ending)
    return _WRITERS[ending](content, config, recipient)


def require(ending: str) -> None:
    """Refuse an ending that is not known, and one whose extra is not installed."""
    if ending not in _WRITERS:
        known = ", ".join(KNOWN)
        raise UsageError(f'a digest cannot be written as "{ending}"; the ending may be one of {known}')
    extra = _EXTRAS.get(ending)
    if extra is not None and find_spec(extra.module) is None:
        raise UsageError(
            f"{ending} needs {extra.package}, which is not installed: pip install 'presswatch[{extra.name}]'"
        )


def _html(content: Content, config: Config, _: str) -> bytes:
    if isinstance(content, EditionContent):
        return render.web_html(content, jobs.links(config, content.masthead.title), templates_of(config))
    return render.report_html(telling.report(content), templates_of(config))


def _text(content: Content, config: Config, _: str) -> bytes:
    if isinstance(content, EditionContent):
        return render.text(content, jobs.links(config, content.masthead.title), templates_of(config))
    return plain_text.write(telling.report(content))


def _markdown(content: Content, _config: Config, _: str) -> bytes:
    return markdown.write(telling.told(content))


def _json(content: Content, _config: Config, _: str) -> bytes:
    return content.to_json().encode()


def _pdf(content: Content, config: Config, recipient: str) -> bytes:
    from digest import pdf  # of an extra, and slow

    page = _html(content, config, recipient).decode()
    return pdf.write(page, telling.told(content), templates_of(config).render("print.css", {}, html=True))


def _docx(content: Content, _config: Config, _: str) -> bytes:
    from digest import docx  # of an extra, and slow

    return docx.write(telling.told(content), content.masthead.data_until)


def _mail(content: Content, config: Config, recipient: str) -> bytes:
    if isinstance(content, ReportContent):
        raise UsageError("a report is no mail; without --since and --until the plan's next digest is written as one")
    return jobs.as_mail(content, config, recipient or "reader@example.org")


_WRITERS: dict[str, Callable[[Content, Config, str], bytes]] = {
    ".html": _html,
    ".htm": _html,
    ".txt": _text,
    ".md": _markdown,
    ".json": _json,
    ".pdf": _pdf,
    ".docx": _docx,
    ".eml": _mail,
}
#: The endings, as they are told to people.
KNOWN = tuple(ending for ending in _WRITERS if ending != ".htm")
