"""Challenges are told from failures, from refusals and from pages that merely use the same service."""

from __future__ import annotations

import pytest

from crawler import challenges
from crawler.verdicts import fault


@pytest.mark.parametrize(
    "headers",
    [{"cf-mitigated": "challenge"}, {"x-vercel-mitigated": "challenge"}, {"x-amzn-waf-action": "captcha"}],
)
@pytest.mark.parametrize("status", [200, 202, 403, 405, 429, 503])
def test_a_header_tells_a_challenge_at_any_status(headers: dict[str, str], status: int) -> None:
    found = fault(status, headers, b"<html><body>Wait</body></html>")

    assert found is not None
    assert found[0] == "blocked"
    assert next(iter(headers)) in found[1]


@pytest.mark.parametrize("status", [403, 429, 503])
@pytest.mark.parametrize(
    "page",
    [
        "<title>Just a moment...</title>",
        "<title>Attention Required! | Cloudflare</title>",
        "<title>DDoS-Guard</title>",
        "<title>Vercel Security Checkpoint</title>",
        "<title>Pardon Our Interruption</title>",
        "<title>Один момент…</title>",
        "<title>请稍候…</title>",
        "<title>news.example</title><script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script>",
        "<title>news.example</title><script src='https://ct.captcha-delivery.com/c.js'></script>",
        "<title>news.example</title><div id='px-captcha'></div>",
        "<html><script src='/_Incapsula_Resource?SWJIYLWA=1'></script></html>",
        "<script src='https://x.token.awswaf.com/x/challenge.js'></script>",
        "<form id='challenge-form' action='/?__cf_chl_f_tk=1'></form>",
        "<script src='https://www.google.com/recaptcha/api.js'></script><p>Show us that you are not a robot.</p>",
    ],
)
def test_the_shapes_of_challenges_are_known(page: str, status: int) -> None:
    found = fault(status, {"content-type": "text/html"}, page.encode())

    assert found is not None
    assert found[0] == "blocked"
    assert "challenge" in found[1]


@pytest.mark.parametrize(
    ("status", "page", "reason"),
    [
        (503, "", "server error"),
        (503, "<title>503 Service Temporarily Unavailable</title><center>nginx</center>", "server error"),
        (503, "<title>Maintenance</title><p>We will be back in a moment.</p>", "server error"),
        (
            503,
            "<title>Sorry</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>",
            "server error",
        ),
        (
            503,
            "<title>Sorry</title><script src='https://www.google.com/recaptcha/api.js'></script><form></form>",
            "server error",
        ),
        (520, "<title>news.example | 520: Web server is returning an unknown error</title>", "server error"),
        (429, "<title>Access denied | news.example used Cloudflare to restrict access</title>", "too many requests"),
        (429, "<title>Too Many Requests</title>", "too many requests"),
        (404, "<title>Just a moment: this page is gone</title>", "not found"),
    ],
)
def test_a_failure_stays_what_it_is(status: int, page: str, reason: str) -> None:
    assert (fault(status, {"content-type": "text/html"}, page.encode()) or ("", ""))[0] == reason


def test_an_ordinary_page_behind_such_a_service_is_a_page() -> None:
    page = (
        b"<title>Just a moment in time</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"
    )

    assert fault(200, {"content-type": "text/html", "cf-mitigated": ""}, page) is None
    assert challenges.told(200, {}, b"<title>Just a moment...</title>") == ""
