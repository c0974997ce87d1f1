"""Guessing at passwords: how it is slowed down, and that it keeps out neither readers nor the user it is about."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher

from crawler.archive import open_archive
from digest import accounts
from digest.web import login, throttle
from digest.web.throttle import Shared, Throttle
from tests import test_web_access as access
from tests.archive_sample import NOW
from tests.browser import CHROMIUM, QUIET, needs_chromium
from tests.conftest import ROOT
from tests.test_web_access import WORDS, House
from tests.web_server import web_page

house, quickly = access.house, access.quickly


class Clock:
    """Goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def tries(clock: Clock, seconds: float, name: str = "ann", address: str = "10.0.0.1") -> list[float]:
    """Guess at every second for so long; give the times of those guesses that were judged."""
    counted, judged = Throttle(clock), []
    begun = clock.now
    while clock.now < begun + seconds:
        if not counted.enter(throttle.keys(name, address)):
            judged.append(clock.now - begun)
        clock.now += 1
    return judged


def test_each_failure_doubles_the_wait(clock: Clock) -> None:
    assert [0, 1, 2, 3, 5, 9, 17, 33, 65, 129, 257, 513, 1025, 1925, 2825] == tries(clock, 3000)


def test_the_wait_is_told_to_the_second(clock: Clock) -> None:
    counted, keys = Throttle(clock), throttle.keys("ann", "10.0.0.1")
    for _ in range(8):
        while wait := counted.enter(keys):
            clock.now += wait
    assert 32 == counted.enter(keys)
    clock.now += 31.5

    assert 0.5 == counted.enter(keys)


def test_many_at_once_are_not_all_the_first(clock: Clock) -> None:
    counted = Throttle(clock)

    assert 3 == sum(not counted.enter(throttle.keys("ann", "10.0.0.1")) for _ in range(1000))


def test_a_crowd_that_guesses_at_one_name_is_slowed_down_by_it_to_once_a_minute(clock: Clock) -> None:
    counted, judged = Throttle(clock), 0
    for second in range(3600):
        judged += not counted.enter(throttle.keys("ann", f"10.0.{second // 200}.{second % 200}"))
        clock.now += 1

    assert 70 < judged < 80
    assert counted.enter(throttle.keys("ann", "192.0.2.1")) <= 60


def test_a_browser_that_is_known_is_counted_apart(clock: Clock) -> None:
    counted = Throttle(clock)
    for second in range(600):
        counted.enter(throttle.keys("ann", f"10.0.0.{second % 200}"))
    known = throttle.keys("ann", "10.0.0.1", "ann abc")

    assert 0 == counted.enter(known)
    assert 5 == 1 + sum(not counted.enter(known) for _ in range(100))


def test_one_address_that_guesses_at_many_names_is_slowed_down(clock: Clock) -> None:
    counted = Throttle(clock)

    assert 20 == sum(not counted.enter(throttle.keys(f"user{n}", "10.0.0.1")) for n in range(200))
    assert 0 == counted.enter(throttle.keys("ann", "10.0.0.2"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::3", "2001:db8:1:2:ffff::4", True),
        ("2001:db8:1:2::3", "2001:db8:1:3::3", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("unix", "unix", True),
        ("", "", True),
    ],
)
def test_addresses_are_those_of_one_customer(one: str, other: str, same: bool) -> None:
    assert same == (throttle.keys("ann", one) == throttle.keys("ann", other))


def test_failures_are_forgotten_after_an_hour_and_success_begins_anew(clock: Clock) -> None:
    counted, keys = Throttle(clock), throttle.keys("ann", "10.0.0.1")
    for _ in range(3):
        counted.enter(keys)
    assert counted.enter(keys)
    clock.now += 1.5
    assert not counted.enter(keys)
    counted.succeed(keys)

    assert [0, 0, 0] == [counted.enter(keys) for _ in range(3)]
    assert counted.enter(keys)
    clock.now += 3600
    assert [0, 0, 0] == [counted.enter(keys) for _ in range(3)]


def test_whoever_logs_in_often_never_waits(clock: Clock) -> None:
    counted, keys = Throttle(clock), throttle.keys("ann", "10.0.0.1")
    for _ in range(200):
        assert not counted.enter(keys)
        counted.succeed(keys)


def test_an_answer_that_comes_too_late_is_no_try_and_not_taken_for_that_to_another_one(clock: Clock) -> None:
    ours, theirs = Pipe()
    shared, counted, keys = Shared(patience=0.3), Throttle(clock), throttle.keys("ann", "10.0.0.1")
    shared.line = ours
    with ours, theirs:
        for _ in range(2):
            with pytest.raises(TimeoutError):
                shared.enter(keys)
        throttle.answer(theirs, counted)  # only the first was asked at all
        assert not theirs.poll()
        for _ in range(3):
            counted.enter(keys)
        with ThreadPoolExecutor(1) as other:
            answering = other.submit(throttle.answer, theirs, counted)
            assert 1 == shared.enter(keys)
            answering.result()


def test_without_who_counts_nobody_may_try() -> None:
    ours, theirs = Pipe()
    shared = Shared()
    shared.line = ours
    theirs.close()
    with ours, pytest.raises(TimeoutError):
        shared.enter(throttle.keys("ann", "10.0.0.1"))


def test_only_so_many_are_remembered(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "_REMEMBERED", 100)
    counted = Throttle(clock)
    for number in range(1000):
        counted.enter(throttle.keys(f"user{number}", f"10.0.{number // 250}.{number % 250}"))

    assert 100 == len(counted._counts)


def test_who_guesses_is_told_to_wait_and_for_how_long(house: House) -> None:
    guesser = house.browser("203.0.113.9")
    answers = [guesser.log_in(password=f"guess {n}") for n in range(4)]

    assert [403, 403, 403, 429] == [each.status_code for each in answers]
    assert "1" == answers[-1].headers["retry-after"]
    assert "Too many wrong passwords. Try again in 1 second." in answers[-1].text
    assert 429 == guesser.log_in().status_code  # even with the right one
    assert 303 == house.browser("203.0.113.10").log_in().status_code


def test_a_user_gets_in_while_a_crowd_guesses_at_their_name(house: House) -> None:
    own = house.browser("198.51.100.7")
    own.log_in()
    own.post("/logout", "/account")
    for number in range(14):
        house.browser(f"203.0.113.{number}").log_in(password="guess")

    assert 429 == house.browser("198.51.100.8").log_in().status_code
    assert 303 == own.log_in().status_code


def test_a_browser_cannot_say_itself_that_it_is_known(house: House) -> None:
    guesser = house.browser("203.0.113.9")
    answers = []
    for number in range(5):
        guesser.client.cookies.set("presswatch_browser", f"made-up-{number}.{'0' * 64}", "127.0.0.1")
        answers.append(guesser.log_in(password="guess").status_code)
    own = house.browser()
    own.log_in("bob")
    guesser.client.cookies.set("presswatch_browser", own.client.cookies["presswatch_browser"], "127.0.0.1")

    assert [403, 403, 403, 429, 429] == answers
    assert 429 == guesser.log_in(password="guess").status_code  # bob's is none of ann's


def test_guessing_at_the_password_of_an_open_session_is_slowed_down(house: House) -> None:
    browser = house.session("ann")
    form = {"new": "wholly other words", "again": "wholly other words"}
    answers = [browser.post("/account", "/account", password=f"guess {n}", **form).status_code for n in range(6)]

    assert [403, 403, 403, 403, 403, 429] == answers


def test_a_flood_of_log_ins_holds_up_no_reader(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    slowly = PasswordHasher(time_cost=2, memory_cost=16_384, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", lambda: slowly)
    monkeypatch.setattr(accounts, "_nobody", lambda: slowly.hash("nobody"))
    monkeypatch.setattr(login, "_WAITING", 1)
    browser, reader = house.browser(), house.session("bob")
    stamp = browser.stamp()

    async def flood() -> tuple[list[int], list[int]]:
        guesses = [
            browser.client.post("/login", data={"stamp": stamp, "name": f"user{n}", "password": "guess"})
            for n in range(12)
        ]
        done = asyncio.gather(*guesses)
        read = [(await reader.client.get("/account")).status_code for _ in range(3)]
        return [each.status_code for each in await done], read

    answers, read = asyncio.run(flood())
    assert [200] * 3 == read
    assert {403, 503} == set(answers)
    assert 3 <= answers.count(403) <= 6


def test_what_is_written_into_the_field_of_the_name_is_logged_only_if_it_is_a_users(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("Ann", "correct horse battery", "staple-battery"):
        house.browser("198.51.100.7").post("/login", name=name, password="guess")

    failed = "log-in failed: by a name that no user has, from 198.51.100.7"
    assert ["log-in failed: 'ann' from 198.51.100.7", failed, failed] == [
        record.message for record in caplog.records if record.name == "digest.web.login"
    ]


# The real server.

_PUBLIC = "press.test"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "presswatch.toml").write_text(
        f'[web]\npublic_url = "https://{_PUBLIC}"\nproxy = "127.0.0.1"\n'
    )
    with open_archive(f"sqlite:///{tmp_path / 'presswatch.db'}") as archive:
        archive.users.add("ann", "editor", accounts.hashed(WORDS), NOW)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-P", "-m", "digest.cli", "serve", "--port", str(port)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": ""}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            yield port, process
        finally:
            process.kill()


def test_a_user_logs_in_to_the_real_server_behind_a_proxy(served: tuple[int, subprocess.Popen[bytes]]) -> None:
    port, process = served
    assert process.stdout is not None
    assert process.stderr is not None
    assert f"http://127.0.0.1:{port}/  (Ctrl-C stops it)\n" == process.stdout.readline().decode()
    as_proxy = {"host": _PUBLIC, "x-forwarded-for": "203.0.113.9, 198.51.100.7", "x-forwarded-proto": "https"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        here = client.get("/", headers={"accept": "text/html"})
        form = client.get("/login", headers=as_proxy)
        crumb = form.headers["set-cookie"].partition(";")[0]
        stamp = re.findall(r'name="stamp" value="([^"]+)"', form.text)[0]
        answers = [
            client.post(
                "/login",
                data={"name": "ann", "password": password, "stamp": stamp, "next": "/digests"},
                headers={**as_proxy, "cookie": crumb, "origin": f"https://{_PUBLIC}", "sec-fetch-site": "same-origin"},
            )
            for password in ("guess", WORDS)
        ]
        key = answers[-1].headers["set-cookie"].partition(";")[0]
        page = client.get("/digests", headers={**as_proxy, "cookie": key})
    process.terminate()
    process.wait(10)

    assert (303, "/login") == (here.status_code, here.headers["location"])
    assert [403, 303] == [each.status_code for each in answers]
    assert key.startswith("__Host-presswatch_session=")
    assert (200, True) == (page.status_code, "Logged in as" in page.text)
    assert "log-in failed: 'ann' from 198.51.100.7" in process.stderr.read().decode()


@needs_chromium
def test_a_browser_logs_in_by_a_name_without_https(house: House) -> None:
    """By http a browser says where a form comes from to this machine alone; to other names, such as those of an
    office, it sends an Origin, which is "null" for a page that gives its address to nobody.
    """
    from playwright.sync_api import sync_playwright

    here = [*QUIET[1:], "--host-resolver-rules=MAP office.test 127.0.0.1"]
    with (
        web_page(house.url, NOW, hosts=["office.test"]) as base,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=CHROMIUM, args=here) as chromium,
    ):
        page = chromium.new_page()
        page.goto(base.replace("127.0.0.1", "office.test") + "/login?next=/digests")
        page.fill("[name=name]", "ann")
        page.fill("[name=password]", WORDS)
        with page.expect_navigation():
            page.press("[name=password]", "Enter")

        assert "/digests" == page.evaluate("location.pathname"), page.inner_text("main")
        with page.expect_navigation():
            page.get_by_role("button", name="Log out", exact=True).click()

        assert "/login" == page.evaluate("location.pathname"), page.inner_text("main")
