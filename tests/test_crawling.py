"""How a crawl of the service ended."""

from __future__ import annotations

import json

import pytest

from digest.crawling import Crawled, ended


def report(outcome: str = "done", **totals: int) -> str:
    counted = {"kept": 0, "fetched": 0, "polled": 0, "dropped": 0, **totals}
    return json.dumps({"outcome": outcome, "totals": counted})


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (report(kept=2, fetched=3, polled=1), Crawled("done", "2 kept of 3 fetched, 1 channels polled", False)),
        (report(), Crawled("done", "0 kept of 0 fetched, 0 channels polled", True)),
        (
            report("signal", polled=1),
            Crawled("done", "0 kept of 0 fetched, 1 channels polled; told to stop", False),
        ),
        (
            report("limit"),
            Crawled("failed", "its time was over before anything answered; does this machine reach the network?", True),
        ),
    ],
)
def test_a_crawl_that_ended_in_order_is_told_by_its_report(output: str, expected: Crawled) -> None:
    assert expected == ended(0, output, stopping=False)


def test_a_crawl_that_ended_with_an_error_is_no_fault_when_the_service_ends() -> None:
    assert Crawled("failed", "ended with code 1; what it said stands in the log", True) == ended(1, "", stopping=False)
    assert Crawled("failed", "ended with the service", False) == ended(1, "", stopping=True)
