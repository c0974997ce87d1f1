"""The compose file of the README: all in it that can be checked without containers, and the same processes for real."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import psycopg
import pytest
import typer
import yaml

from crawler.archive import is_postgres
from crawler.config import load
from digest import unit
from digest.cli import application
from tests.bench.kills import corpus_press
from tests.commands import answer, presswatch
from tests.conftest import ROOT
from tests.databases import Server
from tests.service_sample import a_free_port
from tests.workforce import Workforce, all_done

README = (ROOT / "README.md").read_text()
SECTION = README.split("## Past one machine")[1].split("\n## ")[0]
CONTAINERFILE = re.findall(r"```dockerfile\n(.*?)```", README, re.DOTALL)[0]
TEXT = re.findall(r"```yaml\n(.*?)```", SECTION, re.DOTALL)[0]
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("presswatch")}
SETTINGS = re.findall(r"```toml\n(.*?)```", SECTION, re.DOTALL)[0]
#: What the image begins each command with.
ENTRY = yaml.safe_load(re.findall(r"^ENTRYPOINT (.*)$", CONTAINERFILE, re.MULTILINE)[0])
PASSWORD = "a7f03c1db2"


def understood(arguments: list[str]) -> str:
    """Let the command line read arguments as it does when a command is run; give the name of the command."""
    group = typer.main.get_command(application(arguments))
    context = group.make_context("presswatch", list(arguments))
    while hasattr(group, "resolve_command"):
        rest = [*context._protected_args, *context.args]
        name, group, rest = group.resolve_command(context, rest)  # type: ignore[attr-defined]
        context = group.make_context(name, rest, parent=context)
    return context.command_path


def test_it_has_one_service_three_workers_and_a_database() -> None:
    assert {"db", "run", "worker"} == set(SERVICES)
    assert {"run", "worker"} == set(OURS)
    assert "deploy" not in OURS["run"]
    assert 3 == OURS["worker"]["deploy"]["replicas"]


def test_our_command_line_understands_each_command() -> None:
    asked = re.findall(r"^\$ docker compose (?:run --rm|exec) run (.*?)(?:  +#.*)?$", SECTION, re.MULTILINE)
    by_hand = [shlex.split(each.removeprefix("presswatch --config /config ")) for each in asked]

    assert ["presswatch run", "presswatch worker", "presswatch user add", "presswatch status"] == [
        understood([*ENTRY[1:], *command]) for command in (*(each["command"] for each in OURS.values()), *by_hand)
    ]
    with pytest.raises(Exception, match="No such option: --replicas"):
        understood([*ENTRY[1:], "worker", "--replicas", "3"])


def test_the_image_is_made_with_an_extra_that_there_is() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    wanted = {name: each["build"]["args"] for name, each in OURS.items()}

    assert {"run": {"EXTRAS": "workers"}, "worker": {"EXTRAS": "workers"}} == wanted
    assert "workers" in extras
    assert 'ARG EXTRAS=""' in CONTAINERFILE
    assert "/src${EXTRAS:+[$EXTRAS]}" in CONTAINERFILE


def test_nothing_is_open_but_the_page_on_this_machine() -> None:
    ports = {name: each.get("ports", []) for name, each in SERVICES.items()}

    assert {"db": [], "run": ["127.0.0.1:8765:8765"], "worker": []} == ports
    assert ["inside"] == SERVICES["db"]["networks"]
    assert COMPOSE["networks"]["inside"]["internal"]
    assert [] == [name for name, each in SERVICES.items() if "network_mode" in each or each.get("privileged")]


def test_ours_are_shut_in_and_have_time_to_stop() -> None:
    seconds = int(re.findall(r"^TimeoutStopSec=(\d+)$", unit._UNIT, re.MULTILINE)[0])

    for each in OURS.values():
        assert each["read_only"]
        assert ["ALL"] == each["cap_drop"]
        assert ["no-new-privileges:true"] == each["security_opt"]
        assert f"{seconds}s" == each["stop_grace_period"]
    assert {"unless-stopped"} == {each["restart"] for each in SERVICES.values()}


def test_every_variable_is_one_that_is_read() -> None:
    of_libpq = {each.envvar.decode() for each in psycopg.pq.Conninfo.get_defaults() if each.envvar}
    code = "".join(path.read_text() for path in (ROOT / "crawler" / "config").glob("*.py"))
    of_ours = {f"{name}{ending}" for name in re.findall(r'"(PRESSWATCH_\w+)"', code) for ending in ("", "_FILE")}
    told = set(re.findall(r"\b(P(?:G|RESSWATCH_)[A-Z_]*[A-Z])\b:", TEXT))

    assert {"PGPASSFILE", "PRESSWATCH_MAIL_PASSWORD_FILE"} == told
    assert told <= of_libpq | of_ours
    assert all(set(each["environment"]) <= of_libpq | of_ours for each in OURS.values())


def test_every_mounted_path_is_one_that_is_used() -> None:
    folder = re.findall(r"^VOLUME (\S+)$", CONTAINERFILE, re.MULTILINE)[0]
    settings = tomllib.loads(SETTINGS)

    for each in OURS.values():
        assert [f"./config:{ENTRY[-1]}:ro", f"press:{folder}"] == each["volumes"]
        assert Path(each["environment"]["PGPASSFILE"]) == Path("/run/secrets", *each["secrets"])
    assert f"WORKDIR {folder}\n" in CONTAINERFILE  # where a digest's folder begins that is not absolute
    assert Path(settings["raw"]["folder"]).is_relative_to(folder)
    db = SERVICES["db"]
    assert Path(db["environment"]["POSTGRES_PASSWORD_FILE"]) == Path("/run/secrets", *db["secrets"])
    mounted = {volume.split(":")[0] for each in SERVICES.values() for volume in each["volumes"]}
    assert {"./config", *COMPOSE["volumes"]} == mounted
    assert {secret for each in SERVICES.values() for secret in each["secrets"]} == set(COMPOSE["secrets"])


def test_the_archive_is_the_database_that_is_made() -> None:
    address, made = urlsplit(tomllib.loads(SETTINGS)["archive"]), SERVICES["db"]["environment"]

    assert is_postgres(address.geturl())
    assert address.hostname in SERVICES
    assert (made["POSTGRES_USER"], f"/{made['POSTGRES_DB']}") == (address.username, address.path)
    assert f"'{address.hostname}:5432:{made['POSTGRES_DB']}:{address.username}:%s\\n'" in SECTION
    assert address.username in SERVICES["db"]["healthcheck"]["test"]


def test_the_settings_are_accepted(tmp_path: Path) -> None:
    presswatch(tmp_path, "init", "config")
    (tmp_path / "config" / "presswatch.toml").write_text(SETTINGS)
    press = load(tmp_path / "config").press

    assert (True, "0.0.0.0", 8765) == (press.web.serve, press.web.host, press.web.port)
    assert press.crawl.by_workers


def test_the_server_is_one_of_the_version_that_is_tested(postgres: Server) -> None:
    version = int(postgres.query("SHOW server_version_num")[0][0]) // 10_000

    assert f"postgres:{version}" == SERVICES["db"]["image"]
    assert version >= 18  # before, its data lay in a folder below
    assert ["db:/var/lib/postgresql"] == SERVICES["db"]["volumes"]


@pytest.fixture
def database(postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Make a database as the container does; give the address of the settings with this server in place of `db`."""
    bare = postgres.empty()
    name = urlsplit(bare).path.strip("/")
    postgres.user("presswatch", PASSWORD, bare)
    postgres.query(f"ALTER DATABASE {name} OWNER TO presswatch")
    passwords = tmp_path / "pgpass"
    passwords.write_text(f"*:*:*:presswatch:{PASSWORD}\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passwords))
    address = urlsplit(tomllib.loads(SETTINGS)["archive"])
    place = quote(parse_qs(urlsplit(bare).query)["host"][0], safe="")
    yield f"postgresql://{address.username}@{place}/{name}"
    postgres.drop(bare)


def test_the_same_set_up_crawls_without_containers(
    tmp_path: Path, corpus: Path, database: str, postgres: Server
) -> None:
    (tmp_path / "press").mkdir()
    press = corpus_press(tmp_path / "press", 24, sets=("traf_eval",), outlet=4)
    port, config = a_free_port(), tmp_path / "config"
    commands = {name: ["--config", str(config), *each["command"]] for name, each in OURS.items()}
    with Workforce(tmp_path, press, database, commands=commands) as force:
        (config / "presswatch.toml").write_text(_here(database, tmp_path, force.server.port, port))
        (tmp_path / "words").write_text("correct horse battery\n")
        presswatch(tmp_path, "user", "add", "ana", "--role", "editor", "--password-file", "words")
        force.start_service()
        for _ in range(OURS["worker"]["deploy"]["replicas"]):
            force.start_worker()
        force.wait(all_done(press))
        force.wait(lambda _: f"web page: http://127.0.0.1:{port}" in force.told())
        told = answer(tmp_path, "status", "--json", schema="status")
        (connections,) = postgres.query("SELECT count(*) FROM pg_stat_activity WHERE usename = 'presswatch'")[0]

        assert [0, 0, 0, 0] == force.stop(), force.told()
    assert {1} == set(force.asked().values())
    assert len(press.pages) == len(force.asked())
    assert [] == force.beside_each_other()
    assert 3 == len(told["workers"])
    assert 0 < connections <= 50, "the server lets 100 in unless it is told otherwise"


def _here(database: str, folder: Path, press: int, port: int) -> str:
    """Write the settings for this machine: the server that there is, the press, the page on a port of its own."""
    written = SETTINGS
    for there, here in {
        tomllib.loads(SETTINGS)["archive"]: database,
        "[crawl]\n": f'[crawl]\ndelay = "0s"\nallow_private = ["127.0.0.0/8"]\n'
        f'connect_to = {{ "*" = "127.0.0.1:{press}" }}\n',
        "/data/raw": f"{folder}/raw",
        'host = "0.0.0.0"': f'host = "127.0.0.1"\nport = {port}\nprocesses = 1',
    }.items():
        assert there in written
        written = written.replace(there, here)
    return written
