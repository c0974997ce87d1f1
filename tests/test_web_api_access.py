"""The API where there are users: who may ask it with what."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.archive import open_archive
from crawler.records import Watch
from tests.test_web_access import House, full, house, quickly

__all__ = ["full", "house", "quickly"]
NOTE = {"act": "note", "text": "Word for word."}
PATH = "/api/v1/articles/1/judgements"


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_nobody_is_told_in_json_to_log_in(full: House) -> None:
    for path in ("/api/v1/search", "/api/v1/openapi.json", "/search.csv", "/feeds/search.xml"):
        response = full.browser().ask(path)

        assert 401 == response.status_code
        assert response.headers["www-authenticate"].startswith("Bearer")
    assert "token" in full.browser().ask("/api/v1/search").json()["error"]["problem"]
    unknown = full.browser().ask("/api/v1/search", headers=bearer("none"))
    assert (401, {"error"}) == (unknown.status_code, set(unknown.json()))


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("editor", 200)])
def test_a_token_may_what_its_role_may(full: House, role: str, status: int) -> None:
    program, token = full.browser(), bearer(full.token(role))

    assert 200 == program.ask("/api/v1/search", headers=token).status_code
    told = program.ask(PATH, "POST", json=NOTE, headers=token)
    assert status == told.status_code
    if status == 200:
        assert "ann" == told.json()["judgements"][-1]["who"]
    else:
        assert "Only an editor may do this" in told.json()["error"]["problem"]


def test_a_token_of_feeds_opens_feeds_alone(house: House) -> None:
    token = house.token("feeds")
    reader = house.browser()

    assert 200 == reader.ask(f"/feeds/search.xml?q=harbour&token={token}").status_code
    assert token not in reader.ask(f"/feeds/search.xml?q=harbour&token={token}").text
    assert {401, 403} >= {
        reader.ask(f"{path}{token}").status_code
        for path in ("/search.csv?token=", "/api/v1/search?token=", "/feeds/search.xml?q=a&token=x")
    }
    assert 403 == reader.ask("/api/v1/search", headers=bearer(token)).status_code


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://127.0.0.1:8765"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "https://evil.test"}, 403),
    ],
)
def test_a_session_acts_from_pages_of_ours_alone(full: House, headers: dict[str, str], status: int) -> None:
    browser = full.session("ann", key=f"key for {headers}")

    assert status == browser.ask(PATH, "POST", json=NOTE, headers=headers).status_code


def test_the_page_of_the_api_shows_users_where_their_token_stands(full: House) -> None:
    page: Any = full.session("bob").ask("/api")

    assert "Authorization: Bearer TOKEN" in page.text


@pytest.mark.parametrize(("role", "told"), [("reader", "e…@press.test"), ("editor", "eve@press.test")])
def test_a_reader_is_not_told_the_addresses_of_others(house: House, role: str, told: str) -> None:
    with (house.folder / "config" / "presswatch.toml").open("a") as press:
        press.write('[mail]\nhost = "127.0.0.1"\nfrom = "desk@press.test"\n')
    (house.folder / "config" / "watches.toml").write_text(
        '[harbours]\nquery = "harbour"\nurgent = true\nrecipients = ["eve@press.test"]\n'
    )
    with open_archive(house.url) as archive:
        archive.watches.sync([Watch("harbours", "harbour")], house.now)
    program, token = house.browser(), bearer(house.token(role))

    one = program.ask("/api/v1/watches/harbours", headers=token).json()
    listed = program.ask("/api/v1/watches", headers=token).json()["watches"]

    assert [told] == one["rules"]["recipients"]
    assert [[told]] == [each["rules"]["recipients"] for each in listed]
