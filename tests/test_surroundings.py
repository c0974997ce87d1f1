"""What stands around an archive, as the doctor sees it."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive import Archive, open_archive
from crawler.records import Delivery, Edition
from digest import locks, surroundings
from digest.checkup import examine
from digest.finding import Finding
from tests.archive_sample import NOW, article, keep
from tests.service_sample import a_plan, address, configure

MOUNTS = """22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
31 22 0:40 / /srv/my\\040press rw,relatime - nfs4 server:/press rw
32 31 0:41 / /srv/my\\040press/fast rw - xfs /dev/vdb rw
33 22 0:42 / /mnt rw - ext4 /dev/vdc rw
34 22 0:43 / /mnt rw - fuse.sshfs user@host:/ rw
"""


def found(folder: Path, subject: str, **options: bool) -> list[Finding]:
    return [each for each in examine(folder / "config", address(folder), NOW, **options) if each.subject == subject]


@pytest.mark.parametrize(
    ("archive", "kind"),
    [
        ("/srv/my press/press.db", "nfs4"),
        ("/srv/my press/deep/press.db", "nfs4"),
        ("/srv/my press/fast/press.db", "xfs"),
        ("/srv/my pressroom/press.db", "ext4"),
        ("/mnt/press.db", "fuse.sshfs"),
        ("/press.db", "ext4"),
    ],
)
def test_an_archive_on_a_network_file_system_is_an_error(tmp_path: Path, archive: str, kind: str) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS)
    told = list(surroundings._file_system(Path(archive), table))

    assert kind == surroundings.file_system(Path(archive), table)
    assert (kind in {"nfs4", "fuse.sshfs"}) == bool(told)
    assert all(each.grade == "error" and "can be damaged; move it" in each.text for each in told)


@pytest.mark.skipif(os.name != "posix", reason="rights are others there")
def test_a_secret_that_everybody_can_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = [tmp_path / name for name in ("password", "key", "closed")]
    for each, mode in zip(secrets, (0o644, 0o604, 0o640), strict=True):
        each.write_text("secret")
        each.chmod(mode)
    monkeypatch.setenv("PRESSWATCH_SUMMARY_KEY_FILE", str(secrets[1]))
    configure(
        tmp_path, mail=0, more=f'[translation]\nkey_file = "{secrets[2]}"\n[mail]\npassword_file = "{secrets[0]}"\n'
    )
    told = [each.text for each in found(tmp_path, "secrets")]

    assert [
        f"{secrets[0]} (mail.password_file) can be read by everybody here; chmod 640 {secrets[0]}",
        f"{secrets[1]} (PRESSWATCH_SUMMARY_KEY_FILE) can be read by everybody here; chmod 640 {secrets[1]}",
    ] == told


def test_a_proxy_of_the_environment_is_said_not_to_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    configure(tmp_path, mail=0)
    (unused,) = found(tmp_path, "proxy")
    configure(tmp_path, mail=0, more='[crawl]\nproxy = "http://user:secret@proxy.test:3128"\n')
    (used,) = found(tmp_path, "proxy")

    assert ("warning", "ok") == (unused.grade, used.grade)
    assert "HTTPS_PROXY is set but not used" in unused.text
    assert "secret" not in used.text


def test_the_service_that_runs_is_named(tmp_path: Path) -> None:
    configure(tmp_path, mail=0)
    assert [] == found(tmp_path, "service")
    with locks.only_instance(address(tmp_path)):
        (runs,) = found(tmp_path, "service")

    assert f"presswatch (process {os.getpid()}) runs, last sign of life " in runs.text


def test_plans_without_a_zone_on_a_machine_that_has_one_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    try:
        unset = list(surroundings._zones(configure(tmp_path, a_plan()), NOW))
        own = list(surroundings._zones(configure(tmp_path, a_plan(timezone='"Asia/Kathmandu"')), NOW))
    finally:
        monkeypatch.undo()
        time.tzset()

    assert ["time zone"] == [each.subject for each in unset]
    assert "but morning is made by UTC; set timezone" in unset[0].text
    assert [] == own


def test_rules_of_time_zones_that_are_years_old_are_told(tmp_path: Path) -> None:
    config = configure(tmp_path, mail=0)
    assert surroundings.zone_rules()[:2] == "20"

    assert [] == list(surroundings._zones(config, datetime.now(UTC)))
    (old,) = surroundings._zones(config, datetime(2040, 1, 1, tzinfo=UTC))
    assert "update the system's tzdata" in old.text


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    configure(tmp_path, mail=0)
    opened = open_archive(address(tmp_path))
    keep(opened, *(article(f"https://herald.test/{number}") for number in range(3)))
    return opened


def test_a_deep_look_finds_a_sound_archive_sound(archive: Archive, tmp_path: Path) -> None:
    archive.close()
    named, whole = found(tmp_path, "archive", deep=True)

    assert "3 articles, SQLite 3." in named.text
    assert "read as a whole: the file, the index and the outbox are sound" == whole.text
    assert 1 == len(found(tmp_path, "archive"))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE index_parts SET articles = 2", "the index counts 2 of 3 articles; run doctor --reindex"),
        ("UPDATE articles_fts_1_data SET block = x'0000' WHERE id > 10", "the file is damaged"),
        ("INSERT INTO mentions VALUES (7, 1, 1, '[]', 0, 0)", "1 rows of mentions belong to nothing in watches"),
        ("OUTBOX", "1 deliveries wait without anything to deliver"),
    ],
)
def test_a_deep_look_finds_what_is_broken(archive: Archive, tmp_path: Path, damage: str, said: str) -> None:
    archive._store.execute("PRAGMA foreign_keys = OFF")
    if damage == "OUTBOX":
        made = Edition(0, "morning", "x", 0, 1, NOW, "final", "s")
        row = Delivery(0, 0, "morning", "x", "a@b.test", "email", "<1>", b"mail")
        archive.editions.commit(made, [row], None, NOW)
        damage = "UPDATE outbox SET body = x''"
    archive._store.execute(damage)
    archive.close()
    errors = [each.text for each in found(tmp_path, "archive", deep=True) if each.grade == "error"]

    assert [True] == [said in each for each in errors], errors
