"""What the texts say is there, and what is there is said."""

from __future__ import annotations

import re
import subprocess
from importlib import import_module
from pathlib import Path

import pytest

from crawler import plugins
from crawler.config import load
from crawler.config.models import (
    AlertsConfig,
    CrawlConfig,
    KeepConfig,
    LogConfig,
    MailConfig,
    NamesConfig,
    OperatorConfig,
    OverrideConfig,
    PlanTable,
    PresswatchConfig,
    RawConfig,
    SourceConfig,
    SummaryConfig,
    TranslationConfig,
    WatchConfig,
)
from crawler.errors import REASONS
from tests.conftest import ROOT
from tests.test_cli import commands

README = (ROOT / "README.md").read_text()


def test_every_command_stands_in_the_readme():
    table = README.split("| command | what it does |")[1].split("\n\n")[0]
    told = set(re.findall(r"[a-z]+", " ".join(re.findall(r"`([^`]+)`", table))))

    assert {word for name in commands() for word in name.split()} <= told


def test_every_command_that_the_readme_names_is_there():
    named = re.findall(r"^\$ presswatch ([a-z]+)(?: ([a-z]+))?", README, re.MULTILINE)
    known = {tuple(name.split()) for name in commands()}

    assert named
    assert all((one, two) in known or (one,) in known for one, two in named)


@pytest.mark.parametrize(
    ("model", "file"),
    [
        (PresswatchConfig, "presswatch.toml"),
        (CrawlConfig, "presswatch.toml"),
        (KeepConfig, "presswatch.toml"),
        (LogConfig, "presswatch.toml"),
        (MailConfig, "presswatch.toml"),
        (NamesConfig, "presswatch.toml"),
        (RawConfig, "presswatch.toml"),
        (SummaryConfig, "presswatch.toml"),
        (TranslationConfig, "presswatch.toml"),
        (AlertsConfig, "presswatch.toml"),
        (OperatorConfig, "presswatch.toml"),
        (SourceConfig, "sources.toml"),
        (OverrideConfig, "sources.toml"),
        (WatchConfig, "watches.toml"),
        (PlanTable, "digests.toml"),
    ],
)
def test_every_setting_stands_in_the_commented_files(model: type[PresswatchConfig], file: str):
    text = (ROOT / "config" / file).read_text()
    settings = [field.alias or name for name, field in model.model_fields.items()]

    assert [] == [name for name in settings if not re.search(rf"\b{name}\b", text)]


def test_every_group_of_plugins_stands_in_the_readme_with_ours():
    rows = dict(re.findall(r"^\| `presswatch\.(\w+)` \| [^|]+ \| ([^|]+) \|", README, re.MULTILINE))

    assert set(plugins.GROUPS) == set(rows)
    assert {group: set(plugins.known(group)) for group in plugins.GROUPS} == {
        group: set(re.findall(r"`(\w+)`", ours)) for group, ours in rows.items()
    }


def test_the_first_two_shell_blocks_are_the_two_commands():
    blocks = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)

    assert "presswatch demo" in blocks[0]
    assert "pytest" in blocks[1]


def test_the_watches_of_the_readme_can_be_used_as_they_stand(tmp_path: Path):
    sample = README.split("## Watches and alerts")[1].split("```toml\n")[1].split("```")[0]
    (tmp_path / "presswatch.toml").write_text('[mail]\nhost = "mail.example"\nfrom = "press@mail.example"\n')
    (tmp_path / "watches.toml").write_text(sample)
    rules = load(tmp_path).rules

    assert rules["espionage"].urgent
    assert (7200.0, ("desk@example.org",)) == (rules["espionage"].cool_down, rules["espionage"].recipients)
    assert (True, True, True) == (rules["grain"].spike, rules["grain"].silence, rules["grain"].feed)


def test_the_picture_of_the_readme_is_there():
    for path in re.findall(r'src="([^"]+)"', README):
        assert (ROOT / path).is_file()


def test_no_reason_for_a_drop_is_unknown_to_users():
    code = "".join(path.read_text() for path in (ROOT / "crawler").rglob("*.py"))
    reasons = set(re.findall(r'NoArticle\(\s*"([^"]+)"', code))

    assert reasons
    assert reasons <= set(REASONS)


def test_nothing_that_is_committed_names_the_machine_that_it_was_made_on():
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    here = f"{ROOT}/".encode()

    assert [] == [name for name in files if here in (ROOT / name).read_bytes()]


def test_the_constraints_name_versions_and_no_host():
    lines = (ROOT / "constraints.txt").read_text().splitlines()

    assert [] == [line for line in lines if not re.fullmatch(r"#.*|[A-Za-z0-9._-]+==[A-Za-z0-9.!+_-]+", line)]


@pytest.mark.parametrize("folder", ["bench", "eval"])
def test_every_script_that_measures_can_be_loaded(folder: str) -> None:
    for script in (ROOT / "tests" / folder).glob("*.py"):
        import_module(f"tests.{folder}.{script.stem}")
