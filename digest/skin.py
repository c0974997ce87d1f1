"""The templates of digests, alerts and the folder's pages: ours, and the operator's in config/templates.

A file there wins over ours of the same name; what it includes or imports is looked for in the same way. A broken one
costs no digest: it is told in the log with its line, and the page is made with ours alone. Outside text is escaped in
both, and templates of an operator run in Jinja's sandbox, as they are often copied from elsewhere.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
    meta,
    pass_context,
)
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from digest.content import Statement
from digest.texts import FSI, PDI, capitalise
from digest.widths import fold, width

if TYPE_CHECKING:
    from crawler.config import Config

_log = logging.getLogger(__name__)
BUILT_IN_FOLDER = Path(__file__).parent / "templates"
#: Endings of files that are templates; others in the folder (a README, notes) are let be.
_ENDINGS = (".j2", ".css")
#: Columns of a plain text.
_COLUMNS = 76


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an operator's template."""

    file: Path
    #: None when it is not known.
    line: int | None
    problem: str
    remedy: str = "until it is mended, the built-in template is used"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{place}: {self.problem}; {self.remedy}"


class Templates:
    """Finds and renders templates, those of a folder before ours."""

    def __init__(
        self, folder: Path | None = None, tell: Callable[[Fault], None] = lambda fault: _log.error("%s", fault)
    ):
        self.folder = folder if folder is not None and folder.is_dir() else None
        self._tell = tell
        #: Those that could not be rendered: told once.
        self._broken: set[str] = set()
        self._environments: dict[bool, Environment] = {}

    def render(self, name: str, facts: dict[str, Any], *, html: bool) -> str:
        """Render a template; with ours alone when the operator's cannot be used."""
        if self._own and name not in self._broken:
            try:
                return self._environment(html=html).get_template(name).render(facts)
            except Exception as error:  # noqa: BLE001  (templates can raise anything)
                self._broken.add(name)
                self._tell(self.fault_of(error, name))
        return _built_in(html=html).get_template(name).render(facts)

    @cached_property
    def own(self) -> tuple[str, ...]:
        """Name the templates that the operator has."""
        return tuple(self._own)

    def faults(self) -> list[Fault]:
        """List the operator's templates that cannot be read, and those that nothing asks for."""
        found = [fault for name in self._own for fault in self._unreadable(name)]
        asked = {*built_in_names(), *self._asked_for()}
        for name in self._own:
            if name not in asked:
                problem = f"no template has this name and none includes it: {', '.join(built_in_names())}"
                found.append(Fault(self._path(name), None, problem, "give it the name of one, or take it away"))
        return found

    def fault_of(self, error: Exception, name: str) -> Fault:
        """Find the place in the operator's files at which an error was raised."""
        if isinstance(error, TemplateSyntaxError) and error.filename:
            return Fault(Path(error.filename), error.lineno, (error.message or "cannot be read").rstrip("."))
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if self.folder is not None and Path(frame.filename).parent == self.folder:
                return Fault(Path(frame.filename), frame.lineno, f"{type(error).__name__}: {error}")
        return Fault(self._path(name), None, f"{type(error).__name__}: {error}")

    @cached_property
    def _own(self) -> list[str]:
        try:
            files = list(self.folder.iterdir()) if self.folder is not None else []
        except OSError as error:
            self._tell(Fault(self._path(""), None, error.strerror or str(error)))
            return []
        return sorted(path.name for path in files if path.name.endswith(_ENDINGS) and path.is_file())

    def _path(self, name: str) -> Path:
        return (self.folder or BUILT_IN_FOLDER) / name

    def _unreadable(self, name: str) -> Iterator[Fault]:
        environment = self._environment(html=True)
        try:
            environment.get_template(name)
        except (TemplateError, UnicodeDecodeError, OSError) as error:
            yield self.fault_of(error, name)

    def _asked_for(self) -> Iterator[str]:
        environment = self._environment(html=True)
        for name in self._own:
            try:
                tree = environment.parse(self._path(name).read_text(encoding="utf-8"))
            except (TemplateError, UnicodeDecodeError, OSError):
                continue
            yield from (each for each in meta.find_referenced_templates(tree) if each)

    def _environment(self, *, html: bool) -> Environment:
        if html not in self._environments:
            folders = [*([self.folder] if self.folder else []), BUILT_IN_FOLDER]
            self._environments[html] = _prepared(ImmutableSandboxedEnvironment, folders, html=html)
        return self._environments[html]


#: Ours alone.
BUILT_IN = Templates()


def templates_of(config: Config) -> Templates:
    """Give the templates of a configuration."""
    return Templates(config.folder / "templates")


def built_in_names() -> tuple[str, ...]:
    """Name our templates."""
    return tuple(sorted(path.name for path in BUILT_IN_FOLDER.iterdir() if path.name.endswith(_ENDINGS)))


@cache
def _built_in(*, html: bool) -> Environment:
    return _prepared(Environment, [BUILT_IN_FOLDER], html=html)


def _prepared(kind: type[Environment], folders: list[Path], *, html: bool) -> Environment:
    environment = kind(autoescape=html, loader=FileSystemLoader(folders), undefined=StrictUndefined)
    environment.trim_blocks = environment.lstrip_blocks = html
    environment.filters["say"] = _say
    environment.filters["isolated"] = _isolated
    environment.filters["fold"] = _fold
    environment.filters["width"] = width
    environment.filters["capitalise"] = capitalise
    return environment


def _fold(text: str, indent: str = "") -> str:
    """Fold a text into lines; one that is isolated is so in each line, as an isolate ends with its line."""
    if not (text.startswith(FSI) and text.endswith(PDI)):
        return fold(text, _COLUMNS, indent)
    lines = fold(text[1:-1], _COLUMNS, indent).split("\n")
    return "\n".join(f"{indent}{FSI}{line.removeprefix(indent)}{PDI}" for line in lines)


@pass_context
def _say(context: Context, statement: Statement) -> str:
    said: str = context["words"].say(statement)
    return said


@pass_context
def _isolated(context: Context, outside: str) -> str:
    isolated: str = context["words"].isolate(outside)
    return isolated
