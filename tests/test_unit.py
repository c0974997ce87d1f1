"""The systemd unit that ``config systemd`` prints: whole, shut in, and right for this installation."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.config import load
from digest.unit import Installation, write_unit
from tests.commands import presswatch
from tests.service_sample import a_plan, address, configure

ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


def settings(unit: str) -> dict[str, str]:
    """Read the settings of a unit; of those that come twice the last."""
    return dict(re.findall(r"^(\w+)=(.*)$", unit, re.MULTILINE))


def printed(folder: Path, *plans: str) -> str:
    configure(folder, *plans)
    return presswatch(folder, "config", "systemd", "--user", "press").stdout


def test_a_unit_starts_this_program_with_this_configuration_and_archive(tmp_path: Path) -> None:
    found = settings(printed(tmp_path))

    assert "notify" == found["Type"]
    assert "press" == found["User"]
    assert found["ExecStart"].endswith(f"--config {tmp_path}/config --archive sqlite:///{tmp_path}/press.db run")
    assert Path(found["ExecStart"].split()[0]).is_file()
    assert str(tmp_path) == found["WorkingDirectory"]


def test_only_the_folders_of_archive_digests_and_raw_pages_are_written_to(tmp_path: Path) -> None:
    config = configure(tmp_path, a_plan(folder='"/srv/editions"'), more='[raw]\nfolder = "/srv/raw"')
    place = Installation(["/opt/press/bin/presswatch"], Path("/etc/press"), address(tmp_path), "press")
    found = settings(write_unit(place, config))

    assert {"/srv/editions", "/srv/raw", str(tmp_path)} == set(found["ReadWritePaths"].split())
    assert "strict" == found["ProtectSystem"]
    assert "yes" == found["ProtectHome"]


def test_the_configuration_is_written_to_where_the_service_serves_the_page(tmp_path: Path) -> None:
    """Editors change watches and sources there."""
    config = configure(tmp_path, more="[web]\nserve = true")
    place = Installation(["/opt/press/bin/presswatch"], Path("/etc/press"), "sqlite:////srv/press.db", "press")
    found = settings(write_unit(place, replace(config, folder=Path("/etc/press/config"))))

    assert "/etc/press/config" in found["ReadWritePaths"].split()


def test_paths_of_any_kind_stay_one_word(tmp_path: Path) -> None:
    config = configure(tmp_path)
    folder = Path('/srv/a "press" with $HOME and 100 %')
    place = Installation(["/opt/press/bin/presswatch"], folder, f"sqlite:///{folder}/press.db", "press")
    found = settings(write_unit(place, replace(config, folder=folder / "config")))

    assert '"/srv/a \\"press\\" with $$HOME and 100 %%/config"' in found["ExecStart"]
    assert '"/srv/a \\"press\\" with $HOME and 100 %%"' in found["ReadWritePaths"]


def test_what_lies_in_a_home_can_be_read_there(tmp_path: Path) -> None:
    config = configure(tmp_path)
    place = Installation(["/home/ann/bin/presswatch"], Path("/srv"), address(tmp_path), "ann")

    assert "read-only" == settings(write_unit(place, config))["ProtectHome"]


def test_a_browser_that_draws_pages_may_make_its_own_namespaces(tmp_path: Path) -> None:
    configure(tmp_path)
    place = Installation(["/opt/press/bin/presswatch"], tmp_path, address(tmp_path), "press")
    without = write_unit(place, load(tmp_path / "config"))
    (tmp_path / "config" / "sources.toml").write_text(
        '[herald]\nname = "Herald"\nhomepage = "https://h.test/"\nrender = true\n'
    )
    drawn = write_unit(place, load(tmp_path / "config"))

    assert "RestrictNamespaces=yes\n" in without
    assert "RestrictNamespaces" not in drawn


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    configure(tmp_path, a_plan(folder='"/nowhere/editions"', recipients="[]"))
    told = presswatch(tmp_path, "config", "systemd").stderr

    assert "/nowhere/editions is not there; make it before the service is started" in told


@needs_systemd
def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path) -> None:
    assert ANALYZE is not None
    path = tmp_path / "presswatch.service"
    path.write_text(printed(tmp_path).replace("User=press", "User=root"))
    verified = subprocess.run([ANALYZE, "verify", str(path)], capture_output=True, text=True, check=False)
    rated = subprocess.run(
        [ANALYZE, "security", "--offline=true", "--threshold=25", "--no-pager", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (verified.returncode, verified.stderr)
    assert 0 == rated.returncode, rated.stdout[-500:]
