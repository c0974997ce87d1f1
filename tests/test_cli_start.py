"""What a command reads at its start: only what it needs, so that a search answers at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from crawler.archive import open_archive
from digest.cli import application, main
from tests.archive_sample import article, keep

_HEAVY = {
    "apscheduler", "httpx", "jinja2", "lxml", "opencc", "scrapy", "trafilatura", "twisted",
    "crawler.config", "crawler.extract", "crawler.net", "crawler.polling", "crawler.spiders", "digest.web",
}  # fmt: skip


def loaded(folder: Path, *arguments: str) -> set[str]:
    """Run a command in a process of its own and tell which modules it has loaded."""
    program = (
        "import sys\nfrom digest.cli import main\ntry:\n    main()\nfinally:\n"
        "    open('modules.txt', 'w').write('\\n'.join(sys.modules))"
    )
    subprocess.run([sys.executable, "-P", "-c", program, *arguments], cwd=folder, check=True, capture_output=True)
    return set((folder / "modules.txt").read_text().split("\n"))


@pytest.mark.parametrize(
    "command", [["search", "storm"], ["search", "storm", "--json"], ["search", "sto*", "--facets"]]
)
def test_a_search_loads_nothing_of_what_crawls_and_renders(tmp_path: Path, command: list[str]) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_archive(url) as archive:
        keep(archive, article(title="Storm"))

    assert loaded(tmp_path, "--archive", url, *command) & _HEAVY == set()


@pytest.mark.parametrize(
    "arguments",
    [["stats"], ["--archive", "search", "stats"], ["--config=x", "-v", "-vv", "stats", "search"], ["-v", "stats", "x"]],
)
def test_only_the_command_that_is_asked_for_is_built(arguments: list[str]) -> None:
    assert names(arguments) == {"stats"}


@pytest.mark.parametrize("arguments", [[], ["--help"], ["serach"], ["-v"], ["--version", "stats"]])
def test_without_a_known_command_all_of_them_are_there(arguments: list[str]) -> None:
    assert len(names(arguments)) > 25


def test_each_command_is_found_by_its_name() -> None:
    for name in names([]):
        assert name in names([name])


def test_what_is_built_again_has_each_command_once() -> None:
    application()
    for group in application().registered_groups:
        assert group.typer_instance is not None
        commands = [each.callback for each in group.typer_instance.registered_commands]

        assert len(set(commands)) == len(commands) > 1


def names(arguments: list[str]) -> set[str]:
    return set(typer.main.get_command(application(arguments)).commands)  # type: ignore[attr-defined]


def test_all_but_an_archive_on_postgresql_works_without_its_driver(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in ('psycopg', 'psycopg_pool', 'procrastinate'):\n"
        "            raise ModuleNotFoundError(name=name)\n"
        "sys.meta_path.insert(0, Missing())\n"
    )
    root = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{root}"}
    told = []
    for arguments in ("init config", "run --once", "status", "--archive postgresql://127.0.0.1/press status"):
        command = [sys.executable, "-P", "-m", "digest.cli", *arguments.split()]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        told.append((done.returncode, done.stderr if done.returncode else ""))

    assert [(0, "")] * 3 == told[:3]
    assert (2, "presswatch: an archive on PostgreSQL needs its driver: pip install 'presswatch[postgresql]'\n") == told[
        3
    ]


def test_want_of_memory_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def burst(_: list[str]) -> None:
        raise MemoryError

    monkeypatch.setattr("digest.cli.application", burst)
    monkeypatch.setattr(sys, "argv", ["presswatch", "status"])
    with pytest.raises(SystemExit) as ended:
        main()

    assert 1 == ended.value.code
    assert "presswatch: there is not enough memory for this" in capsys.readouterr().err
