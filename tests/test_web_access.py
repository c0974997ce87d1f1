"""Who may ask for what on the web page, once there are users: every route, sessions, tokens, names and addresses."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from starlette.routing import Mount, Route

from crawler.archive import open_archive
from crawler.config import Config, load
from crawler.errors import UsageError
from crawler.records import ApiToken
from digest import accounts
from digest.reach import check_address, in_the_clear
from digest.web import app, application
from digest.web.access import IDLE, LONGEST, own_path
from digest.web.call import STAMP, Call, Page
from digest.web.throttle import Throttle
from tests.archive_sample import DAY, HOUR, NOW
from tests.quick_passwords import QUICK, quickly  # noqa: F401
from tests.test_web import fill
from tests.test_web_acts import _act

WORDS = "correct horse battery"
#: Quick to judge; the settings of each hash stand in it.
BASE = "http://127.0.0.1:8765"
PUBLIC = "press.test"
SESSION = "presswatch_session"


@dataclass
class House:
    """An archive with an editor, ann, and a reader, bob, and the web page over it."""

    folder: Path
    now: datetime = NOW
    made: Any = field(init=False)

    def __post_init__(self) -> None:
        self.made = self.open()

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'a.db'}"

    def open(self, public_url: str = "", **more: Any) -> Any:
        self.made = app(self.url, lambda: self.now, public_url, self.config, tries=Throttle(self.now.timestamp), **more)
        return self.made

    def config(self) -> Config:
        return load(self.folder / "config")

    def browser(self, address: str = "127.0.0.1", base: str = BASE, **headers: str) -> Browser:
        return Browser(self, address, base, headers)

    def session(self, name: str, key: str = "") -> Browser:
        """Give a browser in which somebody is logged in."""
        key = key or accounts.new_secret()
        with open_archive(self.url) as archive:
            archive.users.open_session(key, name, self.now, self.now + IDLE)
        browser = self.browser()
        browser.client.cookies.set(SESSION, key, "127.0.0.1")
        return browser

    def token(self, role: str, name: str = "ann", ends: datetime | None = None) -> str:
        with open_archive(self.url) as archive:
            archive.users.add_token(f"secret-{role}", ApiToken(f"the {role}", name, role, NOW, None, ends))
        return f"secret-{role}"

    def sessions(self, name: str = "ann") -> int:
        with open_archive(self.url) as archive:
            return len(archive.users.sessions(name, self.now))


class Browser:
    """Keeps cookies between requests, and asks without a network."""

    def __init__(self, house: House, address: str, base: str, headers: dict[str, str]) -> None:
        transport = httpx.ASGITransport(house.made, raise_app_exceptions=False, client=(address, 4711))
        self.client = httpx.AsyncClient(transport=transport, base_url=base, headers=headers)

    def ask(self, path: str, method: str = "GET", **options: Any) -> httpx.Response:
        return asyncio.run(self.client.request(method, path, **options))

    def stamp(self, page: str = "/login") -> str:
        found = re.search(r'name="stamp" value="([^"]+)"', self.ask(page).text)
        assert found is not None
        return found[1]

    def post(self, path: str, page: str = "/login", **form: str) -> httpx.Response:
        return self.ask(path, "POST", data={"stamp": self.stamp(page), **form})

    def log_in(self, name: str = "ann", password: str = WORDS, **form: str) -> httpx.Response:
        return self.post("/login", name=name, password=password, **form)

    @property
    def key(self) -> str:
        return self.client.cookies.get(SESSION) or ""


@pytest.fixture
def house(tmp_path: Path) -> House:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "presswatch.toml").write_text(f'archive = "sqlite:///{tmp_path}/a.db"\n')
    watches = '[open]\nquery = "harbour"\nfeed = true\n[closed]\nquery = "harbour"\n'
    (tmp_path / "config" / "watches.toml").write_text(watches)
    made = House(tmp_path)
    with open_archive(made.url) as archive:
        archive.watches.sync(list(made.config().watches.values()), NOW)
        archive.users.add("ann", "editor", QUICK.hash(WORDS), NOW)
        archive.users.add("bob", "reader", QUICK.hash(WORDS), NOW)
    return made


# Every route.


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a house with all kinds of things in its archive, and a page that writes."""
    folder = tmp_path_factory.mktemp("full")
    fill(f"sqlite:///{folder / 'a.db'}")
    (folder / "config").mkdir()
    (folder / "config" / "presswatch.toml").write_text("")
    with open_archive(f"sqlite:///{folder / 'a.db'}") as archive:
        archive.users.add("ann", "editor", QUICK.hash(WORDS), NOW)
        archive.users.add("bob", "reader", QUICK.hash(WORDS), NOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(application, "PAGES", (*application.PAGES, Page("/act", _act, "editor", writes=True)))
        yield House(folder)


#: What may stand in the place of a part of a path, so that there is something behind the door.
_PARTS = {"id": "1", "key": "herald", "name": "harbours", "ending": "xml", "token": "A" * 27, "path": "style.css"}
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
#: What anybody may ask, and how it is answered then.
_OPEN = {
    ("/login", "GET"): 200, ("/login", "HEAD"): 200, ("/login", "POST"): 403,  # (a form without a stamp)
    ("/healthz", "GET"): 200, ("/healthz", "HEAD"): 200,
    ("/leave/style.css", "GET"): 200, ("/leave/style.css", "HEAD"): 200,
    ("/leave/style.css", "POST"): 404,
    ("/leave/{token:path}", "GET"): 404, ("/leave/{token:path}", "HEAD"): 404, ("/leave/{token:path}", "POST"): 404,
    ("/static", "GET"): 200, ("/static", "HEAD"): 200,
}  # fmt: skip


def _asked(made: Any) -> Iterator[tuple[str, str]]:
    for route in made.routes:
        assert isinstance(route, Route | Mount), f"{route} is a way in that this test does not know"
        for method in _METHODS:
            yield route.path, method


def _filled(path: str) -> str:
    if path == "/static":
        return "/static/style.css"
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda part: _PARTS.get(part[1], "1"), path)


def test_who_has_not_logged_in_is_refused_everything_but_what_is_open(full: House) -> None:
    browser, asked = full.browser(), list(_asked(full.made))
    seen = set()
    for path, method in asked:
        response = browser.ask(_filled(path), method)
        seen.add((path, method))
        if (path, method) in _OPEN:
            assert _OPEN[path, method] == response.status_code, (path, method)
        elif response.status_code == 303:
            assert response.headers["location"].startswith("/login"), (path, method)
        elif response.status_code == 401:
            assert response.headers["www-authenticate"].startswith("Bearer"), (path, method)
        else:
            assert response.status_code in {403, 405}, (path, method)
        assert "set-cookie" not in response.headers or path == "/login"
        assert not re.search("eastport|herald.test|间谍", response.text, re.IGNORECASE), (path, method)

    assert set(_OPEN) <= seen
    assert {("/act", "POST"), ("/account", "POST"), ("/search", "GET"), ("/metrics", "GET")} <= seen


def test_a_reader_reads_and_changes_nothing(full: House) -> None:
    reader, editor = full.session("bob"), full.session("ann")
    pages = [page for page in application.PAGES if page.role == "editor"]
    for page in pages:
        form = {"data": {"stamp": reader.stamp("/account")}} if page.takes_body else {}
        refused = reader.ask(_filled(page.path), page.asked_by, **form)
        assert 403 == refused.status_code, page
        assert "Only an editor may do this; you are bob, a reader." in refused.text

    assert pages
    assert 303 == editor.post("/act", "/account", what="x").status_code
    for path in ("/", "/search?q=harbour", "/article/1", "/sources", "/digests/1", "/account"):
        assert 200 == reader.ask(path).status_code


def test_each_form_wants_the_stamp_of_its_session_and_a_page_of_ours(full: House) -> None:
    editor = full.session("ann")
    stamp, other = editor.stamp("/account"), full.session("ann", "another").stamp("/account")
    foreign = [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.test"}]
    paths = [page.path for page in application.PAGES if page.takes_body and page.body == "form"]
    for page in application.PAGES:
        if page.writes and page.body == "json":
            for headers in foreign:
                refused = editor.ask(_filled(page.path), page.asked_by, json={}, headers=headers)
                assert 403 == refused.status_code, page
    for path in (*paths, "/account"):
        for given in ({}, {"stamp": ""}, {"stamp": other}):
            assert 403 == editor.ask(_filled(path), "POST", data=given).status_code, path
        for headers in foreign:
            assert 403 == editor.ask(_filled(path), "POST", data={"stamp": stamp}, headers=headers).status_code, path

    assert {"/act", "/logout"} <= set(paths)
    assert 200 == editor.ask("/account").status_code


def test_without_users_whoever_sits_at_the_machine_is_editor(tmp_path: Path) -> None:
    open_archive(f"sqlite:///{tmp_path / 'a.db'}").close()
    made = app(f"sqlite:///{tmp_path / 'a.db'}", lambda: NOW)
    transport = httpx.ASGITransport(made)

    async def answers() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return [await client.get(path) for path in ("/", "/login", "/account", "/healthz")]

    first, login, account, health = asyncio.run(answers())
    assert [200, 303, 200, 200] == [each.status_code for each in (first, login, account, health)]
    assert "/" == login.headers["location"]
    assert "presswatch user add NAME --role editor" in account.text
    assert "Log out" not in first.text
    assert "ok" == health.text


def test_health_tells_that_the_archive_cannot_be_read_and_no_more(tmp_path: Path) -> None:
    made = app(f"sqlite:///{tmp_path / 'none.db'}", lambda: NOW)

    async def answer() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url=BASE) as client:
            return await client.get("/healthz")

    response = asyncio.run(answer())
    assert (503, "the archive cannot be read") == (response.status_code, response.text)


# Logging in.


def test_a_page_leads_to_the_log_in_and_that_back_to_it(house: House) -> None:
    browser = house.browser()
    away = browser.ask("/search?q=a+b&sort=relevance")

    assert (303, "/login?next=/search%3Fq%3Da%2Bb%26sort%3Drelevance") == (away.status_code, away.headers["location"])
    assert 'name="next" value="/search?q=a+b&amp;sort=relevance"' in browser.ask(away.headers["location"]).text
    back = browser.log_in(next="/search?q=a+b&sort=relevance")
    assert (303, "/search?q=a+b&sort=relevance") == (back.status_code, back.headers["location"])
    page = browser.ask("/")
    assert "Logged in as" in page.text
    assert ">ann</a>, editor" in page.text
    assert 303 == browser.ask("/login").status_code


@pytest.mark.parametrize("name", ["ann", " Ann ", "ＡＮＮ"])
def test_a_name_logs_in_whatever_its_capitals(house: House, name: str) -> None:
    assert 303 == house.browser().log_in(name).status_code


def test_who_is_not_there_and_a_wrong_password_are_answered_alike(house: House) -> None:
    tried = [
        ("ann", ""), ("ann", f"{WORDS} "), ("ann", WORDS.upper()), ("carl", WORDS), ("", WORDS), ("a b", WORDS),
        ("ann\x00", WORDS), ("bob", "x" * 100_000), ("ann' OR 1=1 --", WORDS), ("й" * 500, "\x85"),
    ]  # fmt: skip
    for number, (name, password) in enumerate(tried):
        response = house.browser(f"203.0.113.{number}").log_in(name, password)
        assert 403 == response.status_code, name
        assert "That name and that password do not belong together." in response.text
        assert SESSION not in response.headers.get("set-cookie", "")

    assert 0 == house.sessions()


def test_a_log_in_without_the_stamp_of_the_page_is_refused_and_counts_for_nobody(house: House) -> None:
    form = {"name": "ann", "password": "wrong"}
    answers = [house.browser().ask("/login", "POST", data=form) for _ in range(20)]
    foreign = house.browser()
    forged = foreign.ask(
        "/login", "POST", data={**form, "stamp": foreign.stamp()}, headers={"origin": "https://evil.test"}
    )

    assert {403} == {each.status_code for each in [*answers, forged]}
    assert 303 == house.browser().log_in().status_code


def test_a_key_that_somebody_planted_opens_nothing(house: House) -> None:
    browser = house.browser()
    browser.client.cookies.set(SESSION, "planted", "127.0.0.1")
    browser.log_in()

    assert browser.client.cookies.get(SESSION) not in ("planted", None)
    thief = house.browser()
    thief.client.cookies.set(SESSION, "planted", "127.0.0.1")
    assert 303 == thief.ask("/").status_code


def test_logging_in_again_gives_another_key_and_ends_the_one_before(house: House) -> None:
    browser = house.session("bob", "old")
    browser.post("/login", "/account", name="ann", password=WORDS)

    assert (0, 1) == (house.sessions("bob"), house.sessions("ann"))
    assert browser.key != "old"


def test_logging_out_ends_the_session_in_the_archive(house: House) -> None:
    browser = house.browser()
    browser.log_in()
    key = browser.key
    away = browser.post("/logout", "/account")

    assert (303, "/login", '"cache"') == (
        away.status_code, away.headers["location"], away.headers["clear-site-data"],
    )  # fmt: skip
    assert 0 == house.sessions()
    assert browser.key == ""
    browser.client.cookies.set(SESSION, key, "127.0.0.1")
    assert 303 == browser.ask("/").status_code


def test_logging_out_everywhere_ends_all_sessions_of_the_user(house: House) -> None:
    house.session("ann", "one")
    house.session("bob")
    house.session("ann", "two").post("/logout", "/account", where="everywhere")

    assert (0, 1) == (house.sessions("ann"), house.sessions("bob"))


# Sessions.


def test_a_session_that_is_used_lasts_and_one_that_is_not_ends(house: House) -> None:
    used, unused = house.session("ann", "used"), house.session("ann", "unused")
    house.now += IDLE - HOUR
    assert 200 == used.ask("/account").status_code
    house.now += 2 * HOUR

    assert [200, 303] == [each.ask("/account").status_code for each in (used, unused)]


def test_no_session_lasts_for_ever(house: House) -> None:
    browser = house.session("ann")
    asked = []
    while house.now < NOW + LONGEST + DAY:
        asked.append(browser.ask("/account").status_code)
        house.now += 6 * DAY

    assert [200] * 15 == asked[:15]
    assert 303 == asked[-1]


def test_not_each_request_writes_to_the_archive(house: House) -> None:
    browser = house.session("ann")
    house.now += timedelta(minutes=59)
    before = (house.folder / "a.db").read_bytes()
    browser.ask("/account")

    assert before == (house.folder / "a.db").read_bytes()


def test_a_session_goes_on_where_the_archive_cannot_be_written_to_just_now(house: House) -> None:
    browser = house.session("ann")
    house.now += 2 * HOUR
    with open_archive(house.url) as other, other.writing():
        assert 200 == browser.ask("/account").status_code


def test_a_role_and_a_password_are_changed_in_open_sessions_at_once(house: House) -> None:
    browser = house.session("ann")
    with open_archive(house.url) as archive:
        archive.users.set_role("ann", "reader", NOW)
        assert "ann</a>, reader" in browser.ask("/account").text
        archive.users.set_password("ann", QUICK.hash("another one"), NOW)

    assert 303 == browser.ask("/account").status_code


def test_a_user_changes_their_password_and_stays_logged_in_here_alone(house: House) -> None:
    other, browser = house.session("ann", "other"), house.session("ann", "here")
    fresh = "wholly other words"
    form = {"password": WORDS, "new": fresh, "again": fresh}
    wrong = browser.post("/account", "/account", **{**form, "password": "guess"})
    unlike = browser.post("/account", "/account", **{**form, "again": "x"})
    short = browser.post("/account", "/account", **{**form, "new": "short", "again": "short"})
    right = browser.post("/account", "/account", **form)

    assert [403, 400, 400, 303] == [each.status_code for each in (wrong, unlike, short, right)]
    assert "That is not your present password." in wrong.text
    assert "must have 12" in short.text
    assert [303, 200] == [each.ask("/account").status_code for each in (other, browser)]
    assert browser.key != "here"
    with open_archive(house.url) as archive:
        assert accounts.is_right(fresh, archive.users.password("ann"))
    assert 403 == house.browser().ask("/account", "POST", data=form).status_code


def test_a_weaker_hash_is_made_anew_when_its_user_logs_in(house: House) -> None:
    with open_archive(house.url) as archive:
        archive.users.set_password("ann", PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(WORDS), NOW)
    house.browser().log_in()

    with open_archive(house.url) as archive:
        kept = archive.users.password("ann") or ""
    assert "m=8,t=1,p=1" in kept
    assert 303 == house.browser().log_in().status_code


def test_the_stamp_of_a_form_is_that_of_its_session(full: House) -> None:
    one, other = full.session("ann", "one"), full.session("ann", "other")
    stamps = [each.stamp("/account") for each in (one, other)]

    assert len(set(stamps)) == 2
    assert STAMP not in one.client.cookies
    for stamp, status in ((stamps[0], 303), (stamps[1], 403), ("", 403), ("one", 403)):
        assert status == one.ask("/act", "POST", data={"stamp": stamp}).status_code
    one.client.cookies.set(STAMP, "planted", "127.0.0.1")
    assert 403 == one.ask("/act", "POST", data={"stamp": "planted"}).status_code
    crossed = {"origin": "https://evil.test"}
    assert 403 == one.ask("/act", "POST", data={"stamp": stamps[0]}, headers=crossed).status_code


def test_what_is_sent_after_the_end_of_a_session_is_not_done_and_told(full: House) -> None:
    browser = full.browser()
    away = browser.ask("/act", "POST", data={"what": "x"})

    assert (303, "/login?ended=1") == (away.status_code, away.headers["location"])
    assert "what you sent was not done" in browser.ask(away.headers["location"]).text


def test_a_part_of_a_page_that_is_asked_for_leads_the_whole_page_to_the_log_in(house: House) -> None:
    headers = {"hx-request": "true", "hx-current-url": f"{BASE}/search?q=a"}
    response = house.browser().ask("/search?q=a&cursor=x", headers=headers)

    assert (401, "/login?next=/search%3Fq%3Da") == (response.status_code, response.headers["hx-redirect"])


@pytest.mark.parametrize(
    "address",
    [
        "", "https://evil.test/", "//evil.test", "/\\evil.test", "\\\\evil.test", "/\t/evil.test", "javascript:alert()",
        "/ /evil.test", "evil.test", "///evil.test", "/\n/evil.test", "http:/evil.test", "/login?next=/", "/logout",
        "/x" * 2_000, "/ü", "\x00/", "/a\x7f\\", "?q=x",
    ],
)  # fmt: skip
def test_the_log_in_leads_to_no_other_host(address: str) -> None:
    assert "/" == own_path(address)


@pytest.mark.parametrize("address", ["https://evil.test/", "//evil.test/%2f..", "/\\evil.test"])
def test_the_log_in_leads_to_the_first_page_where_something_else_is_asked_for(house: House, address: str) -> None:
    browser = house.browser()

    assert 'name="next" value="/"' in browser.ask("/login", params={"next": address}).text
    assert "/" == browser.log_in(next=address).headers["location"]
    assert "/" == browser.ask("/login", params={"next": address}).headers["location"]


# Tokens.


def test_a_token_does_what_its_role_may_without_a_stamp(full: House) -> None:
    secret = full.token("editor")
    browser = full.browser(authorization=f"Bearer {secret}")

    assert [200, 404] == [browser.ask(path).status_code for path in ("/search?q=harbour", "/nowhere")]
    done = browser.ask("/act", "POST", data={"what": "x"})
    assert 303 == done.status_code
    assert SESSION not in done.headers.get("set-cookie", "")
    with open_archive(full.url) as archive:
        assert [NOW] == [each.used for each in archive.users.tokens() if each.role == "editor"]
        archive.users.remove_token("the editor")
    assert 401 == browser.ask("/").status_code


def test_a_token_of_a_reader_may_not_what_an_editor_may(full: House) -> None:
    secret = full.token("reader", "bob")

    assert 403 == full.browser(authorization=f"bearer {secret}").ask("/act", "POST").status_code


@pytest.mark.parametrize("sent", ["Bearer no", "Bearer ", "Bearer", "bearer secret-reader x", "Bearer \xff"])
def test_a_token_that_is_none_is_refused_though_a_session_is_there(house: House, sent: str) -> None:
    browser = house.session("ann")
    house.token("reader")
    response = browser.ask("/", headers={"authorization": sent.encode("latin-1")})

    assert 401 == response.status_code
    assert 'error="invalid_token"' in response.headers["www-authenticate"]


def test_a_token_ends(house: House) -> None:
    browser = house.browser(authorization=f"Bearer {house.token('reader', ends=NOW + DAY)}")
    assert 200 == browser.ask("/").status_code
    house.now += DAY

    assert 401 == browser.ask("/").status_code


def test_metrics_want_a_log_in_or_a_token(house: House) -> None:
    asked = house.browser().ask("/metrics")
    given = house.browser(authorization=f"Bearer {house.token('reader')}").ask("/metrics")

    assert (401, "Bearer") == (asked.status_code, asked.headers["www-authenticate"][:6])
    assert (200, True) == (given.status_code, "presswatch_" in given.text)


def test_a_published_feed_is_open_to_anyone_and_another_one_is_not(house: House) -> None:
    browser = house.browser()

    assert [200, 200, 401, 401] == [
        browser.ask(f"/watches/{name}").status_code for name in ("open.xml", "open.json", "closed.xml", "none.xml")
    ]


def test_a_token_for_feeds_stands_in_their_addresses_and_opens_nothing_else(house: House) -> None:
    feeds, reader = house.token("feeds"), house.token("reader")
    browser, headed = house.browser(), house.browser(authorization=f"Bearer {feeds}")

    assert 200 == browser.ask(f"/watches/closed.xml?token={feeds}").status_code
    assert 200 == headed.ask("/watches/closed.json").status_code
    assert 401 == browser.ask("/watches/closed.xml?token=no").status_code
    assert 303 == browser.ask(f"/search?token={feeds}").status_code
    assert 401 == browser.ask(f"/metrics?token={feeds}").status_code
    refused = headed.ask("/search")
    assert (403, True) == (refused.status_code, "opens feeds and nothing else" in refused.text)
    assert 403 == headed.ask("/account", "POST").status_code
    strong = browser.ask(f"/watches/closed.xml?token={reader}")
    assert (403, True) == (strong.status_code, "only a token of the role feeds" in strong.text)
    assert feeds not in browser.ask(f"/watches/closed.xml?token={feeds}").text


# Names, addresses and https.


def test_users_reach_the_page_by_its_names_and_no_other(house: House) -> None:
    house.open(f"https://{PUBLIC}", hosts=["press.lan"], address="10.1.2.3")
    browser = house.browser()
    known = [PUBLIC, f"{PUBLIC}:443", PUBLIC.upper(), "press.lan", "10.1.2.3:8765", "localhost", "[::1]:1"]
    foreign = ["evil.test", f"{PUBLIC}.evil.test", "10.1.2.4", f"evil.test@{PUBLIC}", "", f"{PUBLIC}:x", "0.0.0.0"]

    for host in known:
        assert 200 == browser.ask("/login", headers={"host": host}).status_code, host
    for host in foreign:
        assert 400 == browser.ask("/login", headers={"host": host}).status_code, host


def test_without_users_the_public_name_is_for_recipients_alone(house: House) -> None:
    house.open(f"https://{PUBLIC}", hosts=["press.lan"])
    with open_archive(house.url) as archive:
        archive.users.remove("ann")
        archive.users.remove("bob")
    asked = [("/", PUBLIC), ("/login", PUBLIC), ("/static/style.css", PUBLIC), ("/", "press.lan"), ("/healthz", PUBLIC)]

    assert {400} == {house.browser().ask(path, headers={"host": host}).status_code for path, host in asked}
    assert 404 == house.browser().ask("/leave/x", headers={"host": PUBLIC}).status_code
    assert 200 == house.browser().ask("/").status_code


def test_a_page_that_others_reach_lets_nobody_in_when_its_last_user_is_gone(house: House) -> None:
    house.open(address="10.1.2.3")
    with open_archive(house.url) as archive:
        archive.users.remove("ann")
        archive.users.remove("bob")
    response = house.browser("10.9.9.9").ask("/search", headers={"host": "localhost"})

    assert (403, True) == (response.status_code, "presswatch user add" in response.text)


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("203.0.113.9", {}),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.9"}),
        ("127.0.0.1", {"forwarded": "for=203.0.113.9"}),
        ("127.0.0.1", {"x-real-ip": "127.0.0.1"}),
    ],
)
def test_without_users_who_comes_by_a_proxy_is_not_who_sits_at_this_machine(
    house: House, address: str, headers: dict[str, str]
) -> None:
    with open_archive(house.url) as archive:
        archive.users.remove("ann")
        archive.users.remove("bob")

    assert 200 == house.browser().ask("/").status_code
    response = house.browser(address).ask("/", headers=headers)
    assert (403, True) == (response.status_code, "presswatch user add" in response.text)


def test_by_https_cookies_are_bound_to_the_host_and_browsers_told_to_stay_there(house: House) -> None:
    house.open(f"https://{PUBLIC}")
    browser = house.browser(base=f"http://{PUBLIC}")  # as the proxy asks
    form = browser.ask("/login")
    stamp = re.search(r'name="stamp" value="([^"]+)"', form.text)
    assert stamp is not None
    # httpx keeps no __Host- cookie that came without TLS.
    crumb = form.headers["set-cookie"].partition(";")[0]
    sent = {"name": "ann", "password": WORDS, "stamp": stamp[1]}
    given = browser.ask("/login", "POST", data=sent, headers={"cookie": crumb}).headers

    cookies = [*form.headers.get_list("set-cookie"), *given.get_list("set-cookie")]
    assert ["__Host-presswatch_stamp", "__Host-presswatch_session", "__Host-presswatch_browser"] == [
        each.partition("=")[0] for each in cookies
    ]
    assert all("; Secure" in each and "; HttpOnly" in each and "; Path=/;" in each for each in cookies)
    assert not any("domain" in each.lower() for each in cookies)
    # Links of other pages lead in, and leave the forms that are open beside them alone.
    policies = [re.search("SameSite=([a-z]+)", each) for each in cookies]
    assert ["lax", "lax", "strict"] == [each and each[1] for each in policies]
    assert "max-age=31536000" == given["strict-transport-security"]
    key = cookies[1].partition(";")[0]
    assert 200 == browser.ask("/", headers={"cookie": key}).status_code
    assert 303 == browser.ask("/", headers={"cookie": key.removeprefix("__Host-")}).status_code


def test_by_a_name_that_is_not_for_https_cookies_come_back_without_it(house: House) -> None:
    house.open(f"https://{PUBLIC}", hosts=["press.lan"])
    browser = house.browser(base="http://press.lan:8765")

    assert 303 == browser.log_in().status_code
    assert "Logged in as" in browser.ask("/account").text


def test_on_this_machine_nothing_is_said_of_https(house: House) -> None:
    house.open(f"https://{PUBLIC}")
    response = house.browser().log_in()

    assert "strict-transport-security" not in response.headers
    assert not any("Secure" in each or "__Host" in each for each in response.headers.get_list("set-cookie"))


def test_what_is_wrong_with_the_archive_is_told_to_this_machine_alone(house: House) -> None:
    house.open(f"https://{PUBLIC}")
    browser = house.browser()
    (house.folder / "a.db").write_bytes(b"not an archive at all" * 400)

    assert "a.db" in browser.ask("/").text
    away = browser.ask("/leave/x", headers={"host": PUBLIC})
    assert "a.db" not in away.text


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "127.0.0.2", "[2001:db8::1]"])
def test_another_address_than_this_machine_takes_a_user(host: str) -> None:
    with pytest.raises(UsageError, match="presswatch user add"):
        check_address(host, lambda: False)

    assert check_address(host, lambda: True) == host.strip("[]")


@pytest.mark.parametrize("host", ["example.org", "", "localhost.evil.test", "1.2.3.4.5", "*"])
def test_what_is_no_address_is_not_listened_on(host: str) -> None:
    with pytest.raises(UsageError, match="no address of a machine"):
        check_address(host, lambda: True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "::1", "[::1]"])
def test_this_machine_is_listened_on_without_users(host: str) -> None:
    assert check_address(host, lambda: False) in {"127.0.0.1", "::1"}


@pytest.mark.parametrize(
    ("address", "public_url", "told"),
    [
        ("127.0.0.1", "", ""),
        ("127.0.0.1", "https://press.test", ""),
        ("10.1.2.3", "https://press.test", ""),
        ("127.0.0.1", "http://localhost:8765", ""),
        ("127.0.0.1", "http://press.test", "to http://press.test"),
        ("10.1.2.3", "http://press.test", "to http://press.test"),
        ("10.1.2.3", "", "to 10.1.2.3"),
    ],
)
def test_passwords_in_the_clear_are_warned_of(address: str, public_url: str, told: str) -> None:
    warning = in_the_clear(address, public_url)

    assert bool(told) == bool(warning)
    assert told in warning
    assert not warning or "https" in warning


def test_a_page_for_programs_is_told_by_its_status_alone() -> None:
    def answer(call: Call) -> Any:
        raise NotImplementedError

    assert [False, True, True] == [
        page.is_for_programs for page in (Page("/", answer), Page("/", answer, data=True), Page("/", answer, "feeds"))
    ]
