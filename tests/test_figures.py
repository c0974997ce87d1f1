"""Which way round a page of English writes day and month, where it names no country."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from crawler.extract.figures import region
from tests.test_extract_dates import made, page

_AMERICAN = "<meta property='og:locale' content='en_US'>"


@pytest.mark.parametrize(
    ("lines", "locale", "expected"),
    [
        (["12/18/2024", "3/4/2025"], "", "en-us"),
        (["Updated: 31-05-2022"], "", "en-gb"),
        # What the page shows is more than what its system declares.
        (["31/05/2022"], "en_US", "en-gb"),
        (["12/18/2024"], "en_GB", "en-us"),
        (["3/4/2025"], "en_US", "en-us"),
        (["3/4/2025"], "en-gb", "en-gb"),
        # Both orders, another language and what is no country tell nothing.
        (["12/18/2024", "31/05/2022"], "en_US", "en"),
        (["3/4/2025"], "de_DE", "en"),
        (["3/4/2025"], "en", "en"),
        (["3/4/2025"], "", "en"),
        # Neither do sentences, ranges and other figures.
        (["She wrote on 12/18/2024 that the harbour should have had its breakwater by then."], "", "en"),
        (["1/12/18/2024", "12/18/2024/3", "31/31/2024", "12/18/24", "18.12.2024"], "", "en"),
    ],
)
def test_the_order_is_the_pages_own(lines: list[str], locale: str, expected: str) -> None:
    assert expected == region("en", lines, locale)


@pytest.mark.parametrize("language", ["en-gb", "en-us", "de", ""])
def test_a_language_that_is_named_in_full_stays(language: str) -> None:
    assert language == region(language, ["12/18/2024"], "en_US")


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (page(under="<p>3/4/2025</p>"), None),
        (page(head=_AMERICAN, under="<p>3/4/2025</p>"), "2025-03-04"),
        (page(head=_AMERICAN, below="<p>Post time: 03-04-2025</p>"), "2025-03-04"),
        (page(under="<p>3/4/2025</p>", below="<ul><li><a href='/fog'>Fog</a> <span>2/25/2025</span></li></ul>"), "2025-03-04"),
        (page(head=_AMERICAN, under="<p>3/4/2025</p>", below="<ul><li><a href='/fog'>Fog</a> <span>25/2/2025</span></li></ul>"), "2025-04-03"),
        (page(head=_AMERICAN, under="<p>3/4/2025</p>", lang="en-GB"), "2025-04-03"),
    ],
)  # fmt: skip
def test_figures_are_read_in_the_order_of_the_page(markup: str, expected: str | None) -> None:
    assert expected == made(markup).published
