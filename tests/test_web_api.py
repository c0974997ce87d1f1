"""The API, asked as programs ask it."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler import config
from crawler.archive import open_archive
from crawler.records import Story, Watch
from digest.web import app
from digest.web.api.document import document
from digest.web.api.pages import curl
from digest.web.api.reading import RECORDS
from digest.web.api.routes import ENDPOINTS
from digest.web.api.table import ROOT, Endpoint
from tests.archive_sample import HERALD, HOUR, NOW, article, keep
from tests.commands import answer
from tests.test_web import API, Browser, Tags, fill

DOCUMENT = json.loads(json.dumps(document(ENDPOINTS, RECORDS)))
JSON = {"content-type": "application/json"}


class Program(Browser):
    """Asks the API, with a configuration that it may change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder / 'a.db'}"
        super().__init__(self.url)
        self.app = app(self.url, lambda: NOW, config=lambda: config.load(folder))

    def get(self, path: str, status: int = 200) -> Any:
        return self._told("GET", path, status)

    def send(self, method: str, path: str, data: Any, status: int = 200) -> Any:
        return self._told(method, path, status, content=json.dumps(data).encode(), sent=JSON)

    def _told(self, method: str, path: str, status: int, **options: Any) -> Any:
        response = self.ask(f"{ROOT}{path}", method, **options)
        assert status == response.status_code, response.text
        assert not response.content or response.headers["content-type"] == "application/json"
        return response.json() if response.content else None


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return _program(tmp_path_factory.mktemp("api"))


@pytest.fixture
def editor(tmp_path: Path) -> Program:
    return _program(tmp_path)


def _program(folder: Path) -> Program:
    (folder / "presswatch.toml").write_text("")
    (folder / "watches.toml").write_text('# ours\n[harbours]\nquery = "harbour"\n')
    fill(f"sqlite:///{folder / 'a.db'}")
    with open_archive(f"sqlite:///{folder / 'a.db'}") as archive:
        archive.watches.sync(config.load(folder).watches.values(), NOW)
    return Program(folder)


def check(told: Any, endpoint: Endpoint) -> None:
    """Check an answer against the document."""
    schema = {**(endpoint.gives or {}), "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(told)


def test_the_document_is_served_as_it_is_made(program: Program) -> None:
    assert DOCUMENT == program.get("/openapi.json")
    assert "3.1.0" == DOCUMENT["openapi"]


@pytest.mark.parametrize("path", API)
def test_what_is_there_is_answered_as_the_document_says(program: Program, path: str) -> None:
    bare = path.removeprefix(ROOT).split("?")[0].split("/")
    (endpoint,) = (
        each
        for each in ENDPOINTS
        if each.method == "GET"
        and len(each.path.split("/")) == len(bare)
        and all(
            one in (other, "{id}", "{name}", "{key}") for one, other in zip(each.path.split("/"), bare, strict=True)
        )
    )

    check(program.get(path.removeprefix(ROOT)), endpoint)


def test_a_search_is_answered_as_the_command_does(program: Program) -> None:
    told = program.get("/search?q=harbour&limit=2&facets=true")
    said = answer(program.folder, "--archive", program.url, "search", "harbour", "--limit", "2", "--facets", "--json")

    assert [] == told.pop("notes")
    assert said == told
    assert [[0, 7]] == told["articles"][0]["highlights"]["title"]


def test_a_query_that_cannot_be_read_is_told_with_its_place(program: Program) -> None:
    fault = program.get("/search?q=port+AND+(ship", 400)["error"]

    assert ("q", 14) == (fault["place"], fault["position"])
    assert "is not closed" in fault["problem"]
    assert {"problem", "place", "position", "remedy"} == set(fault)


@pytest.mark.parametrize(
    ("path", "status", "place"),
    [
        ("/search?query=x", 400, "query"),
        ("/search?q=a&q=b", 400, "q"),
        ("/search?limit=0", 400, "limit"),
        ("/search?limit=201", 400, "limit"),
        ("/search?limit=1e3", 400, "limit"),
        ("/search?facets=yes", 400, "facets"),
        ("/search?sort=best", 400, "sort"),
        ("/search?cursor=zzz", 400, "cursor"),
        ("/stories?since=soon", 400, "since"),
        ("/stories?cursor=p1", 400, "cursor"),
        ("/stats?since=2026-11-02&until=2026-11-01", 400, "since"),
        ("/articles", 400, "url"),
        ("/articles?url=https://none.test/", 404, "url"),
        ("/articles/99", 404, "id"),
        ("/articles/99/copies", 404, "id"),
        ("/articles/one", 404, "id"),
        ("/stories/99", 404, "id"),
        ("/editions/99", 404, "id"),
        ("/watches/nobody", 404, "name"),
        ("/sources/nobody", 404, "key"),
        ("/changes?after=999", 400, "after"),
        ("/nothing", 404, ""),
    ],
)
def test_what_is_wrong_is_told_with_its_place(program: Program, path: str, status: int, place: str) -> None:
    fault = program.get(path, status)["error"]

    assert place == fault["place"]
    assert fault["problem"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_another_method_is_refused_in_json(program: Program, method: str) -> None:
    response = program.ask(f"{ROOT}/search", method)

    assert 405 == response.status_code
    assert "GET" in response.headers["allow"]
    assert response.json()["error"]["problem"]


def test_faults_of_ours_and_of_the_archive_are_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(f"sqlite:///{tmp_path / 'none.db'}")
    gone = browser.ask(f"{ROOT}/stories")
    monkeypatch.setattr("crawler.archive.readers.open_store", lambda *_, **__: 1 / 0)
    broken = browser.ask(f"{ROOT}/stories")

    assert (503, 500) == (gone.status_code, broken.status_code)
    assert "presswatch crawl" in gone.json()["error"]["problem"]
    assert "ZeroDivisionError" in broken.json()["error"]["problem"]
    assert "default-src 'none'" in broken.headers["content-security-policy"]


def test_what_has_not_changed_is_not_sent_again(program: Program) -> None:
    first = program.ask(f"{ROOT}/articles/1")
    again = program.ask(f"{ROOT}/articles/1", sent={"if-none-match": f'"x", W/{first.headers["etag"]}'})
    other = program.ask(f"{ROOT}/articles/2", sent={"if-none-match": first.headers["etag"]})

    assert (304, b"") == (again.status_code, again.content)
    assert first.headers["etag"] == again.headers["etag"]
    assert 200 == other.status_code


def test_a_follower_reads_every_change_once(program: Program) -> None:
    seen, after = [], 0
    while True:
        told = program.get(f"/changes?after={after}&limit=3")
        seen += [change["seq"] for change in told["changes"]]
        if told["next"] == told["last"]:
            break
        after = told["next"]

    assert list(range(1, told["last"] + 1)) == seen
    assert [] == program.get(f"/changes?after={told['last']}")["changes"]


def test_a_change_that_was_forgotten_holds_no_follower_up(editor: Program) -> None:
    with open_archive(editor.url) as archive:
        keep(archive, article("https://herald.test/late", title="Late"))
        last = archive.changes.last()
        archive.forget(7, NOW)

    told = editor.get(f"/changes?after={last - 1}")

    assert ([], last, last) == (told["changes"], told["next"], told["last"])


# Cursors.


def walk(program: Program, path: str, room: str, meanwhile: Any = lambda _: None) -> list[Any]:
    """Go through all pages of a list; something may happen between them."""
    found, cursor = [], None
    for page in range(200):
        told = program.get(path + (f"&cursor={cursor}" if cursor else ""))
        found += told[room]
        cursor = told["next"]
        if cursor is None:
            return found
        meanwhile(page)
    raise AssertionError("the pages have no end")


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["published", "seen", "relevance"]),
    st.integers(1, 5),
    st.lists(st.integers(-30, 30), min_size=1, max_size=4),
)
def test_pages_give_each_article_once_while_others_come(
    tmp_path_factory: pytest.TempPathFactory, sort: str, limit: int, hours: list[int]
) -> None:
    program = Program(tmp_path_factory.mktemp("pages"))
    (program.folder / "presswatch.toml").write_text("")
    with open_archive(program.url) as archive:
        archive.sources.sync([HERALD], NOW)
        first = keep(archive, *(article(f"https://herald.test/{n}", published_utc=NOW - n * HOUR) for n in range(12)))

        def come(page: int) -> None:
            for number, hour in enumerate(hours):
                at = NOW - timedelta(hours=hour)
                late = article(f"https://herald.test/{page}-{number}", published_utc=at, published=at.isoformat())
                keep(archive, replace(late, title=f"Harbour {page} {number}"))

        path = f"/search?q=harbour&sort={sort}&limit={limit}"
        found = [each["id"] for each in walk(program, path, "articles", lambda page: come(page) if page < 4 else None)]

    assert set(first) <= set(found)
    assert len(found) == len(set(found))


@pytest.fixture(scope="module")
def long_lists(tmp_path_factory: pytest.TempPathFactory) -> Program:
    program = Program(tmp_path_factory.mktemp("lists"))
    (program.folder / "presswatch.toml").write_text("")
    with open_archive(program.url) as archive:
        keep(archive, *(article(f"https://herald.test/{n}", published_utc=NOW - n * HOUR) for n in range(9)))
        archive.watches.sync([Watch("all of it", "harbour")], NOW)
        archive.stories.write([_story(number) for number in range(1, 10)], [], NOW)
    return program


def _story(number: int) -> Story:
    return Story(number, f"Story {number}", (number,), first=NOW, last=NOW - number * HOUR, updated=NOW)


def test_pages_of_stories_give_each_once_while_they_change(long_lists: Program) -> None:
    def news(page: int) -> None:
        with open_archive(long_lists.url) as archive:
            told = archive.stories.get(page + 1)
            assert told is not None
            archive.stories.write([replace(told, last=NOW + page * HOUR)], [], NOW)

    assert list(range(9, 0, -1)) == [each["id"] for each in walk(long_lists, "/stories?limit=2", "stories", news)]


def test_pages_of_mentions_give_each_once(long_lists: Program) -> None:
    found = walk(long_lists, "/watches/all%20of%20it/mentions?limit=4", "mentions")

    assert list(range(9, 0, -1)) == [each["article"]["id"] for each in found]


def test_pages_of_editions_give_each_once(editor: Program) -> None:
    with open_archive(editor.url) as archive:
        first = archive.editions.get(1)
        assert first is not None
        for day in range(24, 29):
            archive.editions.commit(replace(first, slot=f"2026-11-{day}"), [], None, NOW)

    found = walk(editor, "/editions?limit=4", "editions")

    assert [6, 5, 4, 3, 2, 1] == [each["id"] for each in found]
    assert [] == editor.get("/editions?plan=evening")["editions"]


# Acting.


def test_people_judge_articles(editor: Program) -> None:
    path = "/articles/1/judgements"
    editor.send("POST", path, {"act": "tag", "tags": ["ports", "storm"]})
    editor.send("POST", path, {"act": "tag", "tags": ["storm"], "remove": True})
    editor.send("POST", path, {"act": "note", "text": "Word for word."})
    editor.send("POST", path, {"act": "mark", "mark": "irrelevant"})
    editor.send("POST", path, {"act": "correct-authors", "authors": ["Ann Lee"]})
    told = editor.send("POST", path, {"act": "correct-date", "date": "2026-11-20"})

    assert (["ports"], ["Ann Lee"], "2026-11-20") == (
        told["article"]["tags"], told["article"]["authors"], told["article"]["published"],
    )  # fmt: skip
    assert ["tag", "note", "irrelevant", "authors", "date"] == [each["kind"] for each in told["judgements"]]
    assert 1 == editor.get("/search?q=tag:ports")["total"]
    editor.send("POST", path, {"act": "uncorrect"})
    editor.send("POST", path, {"act": "mark", "mark": "irrelevant", "undo": True})
    assert ["tag", "note"] == [each["kind"] for each in editor.get(path)["judgements"]]
    assert 6 == len(editor.get(f"{path}?undone=true")["judgements"])


def test_one_judgement_is_taken_back_and_nobody_overwrites_another(editor: Program) -> None:
    path, seen = "/articles/1/judgements", editor.get("/articles/1")["published"]
    editor.send("POST", path, {"act": "note", "text": "Confirmed.", "public": True})
    told = editor.send("POST", path, {"act": "correct-date", "date": "2026-11-20", "seen": seen})
    note, date = told["judgements"]

    assert (True, False) == (note["public"], date["public"])
    fault = editor.send("POST", path, {"act": "correct-date", "date": "2026-11-21", "seen": seen}, 409)["error"]
    assert "the date became 2026-11-20 (corrected by" in fault["problem"]
    told = editor.send("POST", path, {"act": "take-back", "judgement": date["id"]})
    assert (seen, [note]) == (told["article"]["published"], told["judgements"])
    editor.send("POST", path, {"act": "take-back", "judgement": date["id"]}, 409)
    editor.send("POST", path, {"act": "take-back", "judgement": 99}, 422)


def test_stories_are_split_and_merged(editor: Program) -> None:
    (number, whole) = next(
        (one["id"], one["articles"]) for one in editor.get("/stories")["stories"] if len(one["articles"]) > 1
    )
    out = whole[-1]
    told = editor.send("POST", f"/stories/{number}/split", {"articles": [out], "seen": whole})

    assert out in told["new"]["articles"]
    assert out not in told["story"]["articles"]
    editor.send("POST", f"/stories/{number}/split", {"articles": [whole[0]], "seen": [*whole, 999]}, 409)
    editor.send("POST", f"/stories/{number}/split", {"articles": [999]}, 422)
    merged = editor.send("POST", f"/stories/{number}/merge", {"story": told["new"]["id"], "seen": whole})
    assert set(whole) == set(merged["story"]["articles"])
    editor.send("POST", f"/stories/{number}/merge", {"story": number}, 422)
    editor.send("POST", "/stories/999/merge", {"story": number}, 404)


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"act": "praise"}, "body"),
        ({"act": "note"}, "body.note.text"),
        ({"act": "note", "text": "x", "by": "me"}, "body.note.by"),
        ({"act": "tag", "tags": []}, "body.tag.tags"),
        ({"act": "tag", "tags": ["!!"]}, "body"),
        ({"act": "tag", "tags": ["x" * 81]}, "body"),
        ({"act": "tag", "tags": [f"t{number}" for number in range(51)]}, "body.tag.tags"),
        ({"act": "note", "text": "x" * 10_001}, "body.note.text"),
        ({"act": "tag", "tags": ["ports"], "remove": "yes"}, "body.tag.remove"),
        ({"act": "mark", "mark": "not-a-copy"}, "body"),
        ({"act": "correct-date", "date": "2030-01-01"}, "body"),
        ([], "body"),
    ],
)
def test_what_cannot_be_judged_changes_nothing(program: Program, sent: Any, place: str) -> None:
    fault = program.send("POST", "/articles/1/judgements", sent, 422)["error"]

    assert place == fault["place"]
    assert [] == program.get("/articles/1/judgements")["judgements"]


def test_watches_are_saved_and_removed(editor: Program) -> None:
    file = editor.folder / "watches.toml"
    made = editor.send("PUT", "/watches/state-media", {"query": "间谍 lang:zh", "weight": 2.0, "urgent": True})

    assert (1, 2.0, True) == (made["mentions"], made["weight"], made["rules"]["urgent"])
    assert "间谍" in made["explanation"]
    assert file.read_text().startswith("# ours\n[harbours]")
    changed = editor.send("PUT", "/watches/state-media", {"query": "harbour"})
    assert (2, 2.0, True) == (changed["version"], changed["weight"], changed["rules"]["urgent"])
    assert editor.send("PUT", "/watches/state-media", {"query": "harbour", "muted": True})["muted"]
    editor.send("DELETE", "/watches/state-media", None, 204)
    assert ["harbours"] == [each["name"] for each in editor.get("/watches")["watches"]]
    assert "state" not in file.read_text()
    assert 404 == editor.ask(f"{ROOT}/watches/state-media", "DELETE").status_code


def test_secret_addresses_are_not_told(editor: Program) -> None:
    (editor.folder / "watches.toml").write_text(
        '[harbours]\nquery = "harbour"\nwebhook = "https://hooks.test/T0/secret"\nurgent = true\n'
    )

    assert "hooks.test" in json.dumps(editor.get("/watches"))
    assert "secret" not in json.dumps(editor.get("/watches"))


def test_a_watch_that_cannot_be_read_is_not_saved(editor: Program) -> None:
    before = (editor.folder / "watches.toml").read_text()
    fault = editor.send("PUT", "/watches/bad", {"query": "port AND (ship"}, 422)["error"]
    circle = editor.send("PUT", "/watches/harbours", {"query": "watch:harbours"}, 422)["error"]

    assert ("body.query", 14) == (fault["place"], fault["position"])
    assert "body.query" == circle["place"]
    assert before == (editor.folder / "watches.toml").read_text()


def test_a_weight_that_a_file_cannot_have_is_refused_by_its_name(editor: Program) -> None:
    fault = editor.send("PUT", "/watches/harbours", {"query": "harbour", "weight": 101.0}, 422)["error"]

    assert "body.weight" == fault["place"]
    assert 100.0 == editor.send("PUT", "/watches/harbours", {"query": "harbour", "weight": 100.0})["weight"]


def test_a_watch_that_a_digest_names_is_not_removed(editor: Program) -> None:
    (editor.folder / "digests.toml").write_text('[morning]\ntitle = "M"\nat = "07:00"\nwatches = ["harbours"]\n')
    fault = editor.ask(f"{ROOT}/watches/harbours", "DELETE")

    assert 422 == fault.status_code, fault.text
    assert "harbours" in fault.json()["error"]["problem"]
    assert "harbours" in (editor.folder / "watches.toml").read_text()


def test_only_json_of_our_own_pages_and_programs_is_taken(program: Program) -> None:
    path, sent = f"{ROOT}/articles/1/judgements", json.dumps({"act": "note", "text": "x"}).encode()

    def status(headers: dict[str, str], content: bytes = sent) -> int:
        return program.ask(path, "POST", content=content, sent=headers).status_code

    assert 415 == status({"content-type": "text/plain"})
    assert 415 == status({"content-type": "application/x-www-form-urlencoded"})
    assert 415 == status({})
    assert 403 == status(JSON | {"origin": "https://evil.test"})
    assert 403 == status(JSON | {"sec-fetch-site": "cross-site"})
    assert 413 == status(JSON, b" " * 300_000)
    assert 422 == status(JSON, b'{"act": "note", "text": "\\ud800"}')
    assert 422 == status(JSON, b"[" * 100_000)
    assert [] == program.get("/articles/1/judgements")["judgements"]


def test_no_answer_lets_other_pages_read_it(program: Program) -> None:
    response = program.ask(f"{ROOT}/search", sent={"origin": "https://evil.test"})

    assert not [name for name in response.headers if name.startswith("access-control")]
    assert "same-origin" == response.headers["cross-origin-resource-policy"]


# The page for people.


def test_the_page_has_an_example_for_each_address(program: Program) -> None:
    page = program.page("/api")

    assert all(f"<code>{each.method} {ROOT}{each.path}</code>" in page for each in ENDPOINTS)
    assert page.count("curl") >= len(ENDPOINTS)
    assert "/api" in [anchor["href"] for anchor in Tags(program.page("/search")).all("a")]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.name)
def test_an_example_asks_what_it_stands_for(endpoint: Endpoint) -> None:
    words = shlex.split(curl(endpoint, "http://127.0.0.1:8765", has_token=True))

    pattern = endpoint.path.replace("{id}", "1").split("{")[0]
    assert words[-1].startswith(f"http://127.0.0.1:8765{ROOT}{pattern}")
    assert "Authorization: Bearer TOKEN" in words
    if endpoint.takes is not None:
        endpoint.takes.validate_json(words[words.index("-d") + 1])
