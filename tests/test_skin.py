"""Templates of an operator: they win, and a broken one costs no digest."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, meta

from crawler.config import load
from digest import alert_mail, edition, guide, render, specimen, trial
from digest.checkup import examine
from digest.content import EditionContent
from digest.skin import BUILT_IN_FOLDER, Fault, Templates, built_in_names, templates_of
from tests.commands import presswatch
from tests.conftest import ROOT
from tests.edition_sample import DUE, a_morning


@pytest.fixture(scope="module")
def content() -> EditionContent:
    return edition.choose(a_morning())


def own(folder: Path, **files: str) -> Path:
    """Put templates into a folder: headlines__html__j2="..." is headlines.html.j2."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


class Recording(Templates):
    """Notes what each template gets."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[str, dict[str, Any]] = {}

    def render(self, name: str, facts: dict[str, Any], *, html: bool) -> str:
        self.seen[name] = facts
        return super().render(name, facts, html=html)


def test_a_template_of_the_operator_wins_and_what_it_leaves_is_ours(content: EditionContent, tmp_path: Path) -> None:
    folder = own(tmp_path, dark__css="/* ours */", digest__txt__j2="{{ content.masthead.title }}: {{ words('top') }}\n")
    shown = render.everything(content, templates=Templates(folder))

    assert b"East Asia security: Top stories\n" == shown.text
    assert b"/* ours */" in shown.web
    assert b"State TV unveils espionage cases" in shown.web
    assert shown.subject == render.subject(content)


def test_a_piece_of_the_operator_stands_in_our_page(content: EditionContent, tmp_path: Path) -> None:
    parts = (BUILT_IN_FOLDER / "parts.html.j2").read_text(encoding="utf-8")
    folder = own(tmp_path, parts__html__j2=parts.replace('{{ words("why") }}', "Because:"))

    assert b"Because:" in render.mail_html(content, templates=Templates(folder))


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("<p>\n{% if %}", 2, "Expected an expression"),
        ("<p>\n\n{{ content.nothing_such }}", 3, "has no attribute 'nothing_such'"),
        ("{{ nobody_knows }}", 1, "'nobody_knows' is undefined"),
        ("a\n{{ 1 // 0 }}", 2, "ZeroDivisionError"),
        ("{% include 'missing.j2' %}", 1, "missing.j2"),
        ("{{ ''.__class__.__mro__ }}", 1, "unsafe"),
        ("{% for each in range(10000000) %}{% endfor %}", 1, "Range too big"),
    ],
)
def test_a_broken_template_is_told_with_its_line_and_ours_is_used(
    content: EditionContent, tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str, line: int, problem: str
) -> None:
    folder = own(tmp_path, digest__html__j2=text)

    assert render.mail_html(content) == render.mail_html(content, templates=Templates(folder))
    assert f"{folder / 'digest.html.j2'}:{line}: " in caplog.text
    assert problem in caplog.text
    assert "the built-in template is used" in caplog.text


def test_a_broken_piece_is_told_at_its_own_line(content: EditionContent, tmp_path: Path) -> None:
    parts = (BUILT_IN_FOLDER / "parts.html.j2").read_text(encoding="utf-8")
    folder = own(tmp_path, parts__html__j2=parts.replace("item.carrier.headline }}", "item.carrier.headlin }}"))
    told: list[Fault] = []

    assert render.web_html(content) == render.web_html(content, templates=Templates(folder, told.append))
    assert ["parts.html.j2"] == [fault.file.name for fault in told]
    assert "headlin }}" in parts.replace("headline }}", "headlin }}").splitlines()[(told[0].line or 0) - 1]


@pytest.mark.parametrize("text", ["\udc80", "café"])
def test_a_file_that_is_no_utf_8_costs_no_digest(content: EditionContent, tmp_path: Path, text: str) -> None:
    (tmp_path / "style.css").write_bytes(text.encode("latin-1", "surrogateescape"))
    told: list[Fault] = []

    assert render.web_html(content) == render.web_html(content, templates=Templates(tmp_path, told.append))
    assert told


def test_what_comes_from_outside_is_escaped_in_templates_of_the_operator(tmp_path: Path) -> None:
    hostile = specimen.full(EditionContent, hidden=3)
    folder = own(tmp_path, digest__html__j2="<p>{{ content.masthead.title ~ '<script>' }}{{ content.hidden }}</p>")

    assert b"<p>title&lt;script&gt;3</p>\n" == render.web_html(hostile, templates=Templates(folder))


def test_a_name_that_nothing_asks_for_is_told(tmp_path: Path) -> None:
    folder = own(tmp_path, digset__html__j2="x", mine__html__j2="y", style__css="{% include 'mine.html.j2' %}")
    own(folder, alert__txt__j2="\n{{ nobody }}", README__md="{{ notes")
    unknown, broken = trial.faults(folder)

    assert ("digset.html.j2", None) == (unknown.file.name, unknown.line)
    assert "digest.html.j2" in unknown.problem
    assert ("alert.txt.j2", 2) == (broken.file.name, broken.line)


def test_copies_of_ours_are_no_faults(tmp_path: Path) -> None:
    for name in built_in_names():
        shutil.copy(BUILT_IN_FOLDER / name, tmp_path)

    assert [] == trial.faults(tmp_path)


def test_the_folder_of_the_configuration_is_looked_in_and_may_be_missing(tmp_path: Path) -> None:
    (tmp_path / "presswatch.toml").write_text("")

    assert templates_of(load(tmp_path)).own == ()
    own(tmp_path / "templates", style__css="p{}")
    assert templates_of(load(tmp_path)).own == ("style.css",)


def test_check_and_doctor_tell_a_broken_template(tmp_path: Path) -> None:
    presswatch(tmp_path, "init")
    own(tmp_path / "config" / "templates", alert__txt__j2="{{ content.watchh }}")
    told = f"{Path('config') / 'templates' / 'alert.txt.j2'}:1: UndefinedError"

    assert told in presswatch(tmp_path, "config", "check").stdout
    (found,) = (each for each in examine(tmp_path / "config", None, DUE) if each.subject == "templates")
    assert found.grade == "error"
    assert "alert.txt.j2:1" in found.text


def test_templates_are_written_out_and_those_that_are_there_stay(tmp_path: Path) -> None:
    presswatch(tmp_path, "init")
    folder = own(tmp_path / "config" / "templates", style__css="p{}")
    told = presswatch(tmp_path, "config", "templates").stdout

    assert {*built_in_names(), "README.md"} == {path.name for path in folder.iterdir()}
    assert "p{}" == (folder / "style.css").read_text()
    assert f"kept  {Path('config') / 'templates' / 'style.css'}" in told
    presswatch(tmp_path, "config", "templates", "elsewhere", "--only", "dark.css,web.css")
    assert {"dark.css", "web.css", "README.md"} == {path.name for path in (tmp_path / "elsewhere").iterdir()}
    wrong = presswatch(tmp_path, "config", "templates", "--only", "dork.css", code=2)
    assert "dork.css: there is no such template; wanted alert.html.j2" in wrong.stderr


def test_the_guide_in_the_repository_is_that_of_the_program() -> None:
    """`python -m digest.guide > config/templates/README.md` makes it anew."""
    assert guide.guide() == (ROOT / "config" / "templates" / "README.md").read_text(encoding="utf-8")


def test_the_guide_names_each_template_and_each_variable_that_it_gets() -> None:
    recording = Recording()
    trial.render_all(recording)

    assert set(built_in_names()) == set(guide.TEMPLATES)
    assert {name: sorted(facts) for name, facts in recording.seen.items()} == {
        name: sorted(guide.variables_of(name)) for name, (_, given) in guide.TEMPLATES.items() if given
    }
    assert {name for facts in recording.seen.values() for name in facts} == set(guide.VARIABLES)
    assert set(recording.seen["headlines.html.j2"]["about"]) == set(guide.ABOUT)
    environment = Templates()._environment(html=True)
    assert set(environment.filters) - set(Environment(autoescape=True).filters) == set(guide.FILTERS)


def test_our_templates_ask_for_nothing_that_the_guide_does_not_name() -> None:
    environment = Templates()._environment(html=True)
    for name in built_in_names():
        source = (BUILT_IN_FOLDER / name).read_text(encoding="utf-8")

        asked = meta.find_undeclared_variables(environment.parse(source)) - set(re.findall(r"set (\w+)", source))

        assert asked <= set(guide.VARIABLES), name


def test_specimens_hold_one_of_everything_or_nothing() -> None:
    full, sparse = specimen.full(EditionContent), specimen.sparse(EditionContent)

    assert full.top[0].first.when.kind == "minute"
    assert full.top[0].also_in
    assert full.sections[0].items
    assert sparse.empty
    assert sparse.chart.average is None
    assert EditionContent.from_json(full.to_json()) == full
    assert alert_mail.rendered(specimen.full(alert_mail.AlertContent), render.NO_LINKS).subject
