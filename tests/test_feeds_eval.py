"""The feed reader is no less right than the readers that it stands on, over feeds that others wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.spiders.feed import parse_feed
from tests.eval.feeds import READERS, feedparser_cases, gofeed_cases, measure

#: What was reached in November 2026; raise them when more is.
FLOORS = {
    "feedparser": {"title": 140, "link": 15, "id": 15, "date": 11, "author": 9, "summary": 555},
    "gofeed": {"title": 35, "link": 12, "date": 4},
}


@pytest.mark.parametrize("name", FLOORS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_answers_that_others_wrote_down_are_ours(corpus: Path, name: str) -> None:
    cases = list(
        feedparser_cases(corpus / "feeds" / "feedparser")
        if name == "feedparser"
        else gofeed_cases(corpus / "feeds" / "gofeed" / "parser")
    )

    right = measure(cases, READERS)

    for what, floor in FLOORS[name].items():
        assert right["presswatch"][what] >= floor, what
        if what != "summary":  # it holds "<!'" to be text once; to a browser it is a comment
            assert right["presswatch"][what] >= max(right["feedparser"][what], right["fastfeedparser"][what]), what


def test_no_real_or_odd_feed_breaks_the_reader(corpus: Path) -> None:
    files = [file for file in sorted((corpus / "feeds").rglob("*")) if file.is_file()]

    for file in files:
        feed = parse_feed(file.read_bytes(), "", "http://127.0.0.1:8097/feed")
        for entry in feed.entries:
            assert entry.url.startswith(("http", "HTTP")), file

    assert len(files) > 4000
