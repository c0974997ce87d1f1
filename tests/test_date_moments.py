"""One moment, told by a <time> with its zone and printed by the page's clock."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from tests.test_date_lines import made
from tests.test_extract_dates import page

BOXES = ["date", "newsDate", "post-date", "entry-date", "author-date", "box"]


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize(
    ("moment", "shown", "expected"),
    [
        ("2024-03-14T10:11:00+02:00", "14 March 2024 10:11", "2024-03-14T10:11:00+02:00"),
        ("2024-03-14T10:11:00+02:00", "14 March 2024", "2024-03-14T10:11:00+02:00"),
        ("2024-03-14T22:11:00Z", "15 March 2024 00:11", "2024-03-15T00:11:00+02:00"),
        ("2024-03-14T22:11:00Z", "15 March 2024", "2024-03-15"),
        # What a system writes of a field that holds a day only.
        ("2024-03-14T12:00:00Z", "14 March 2024", "2024-03-14"),
        ("2024-03-14T12:00:00Z", "14 March 2024 12:00", "2024-03-14T12:00:00+00:00"),
    ],
)
def test_a_time_keeps_its_zone_in_a_box_named_for_dates(box: str, moment: str, shown: str, expected: str) -> None:
    markup = f"<div class='{box}'><time datetime='{moment}'>{shown}</time></div>"

    assert expected == made(page(under=markup)).published


@pytest.mark.parametrize(
    ("language", "markup", "expected"),
    [
        ("fr", "Publié le <time datetime='2024-03-14T09:11:12Z'>14/03/2024 à 10:11</time>", "2024-03-14T09:11:12+00:00"),
        ("de", "Veröffentlicht: <time datetime='2024-03-14T09:11:12Z'>14.03.2024, 10:11 Uhr</time>", "2024-03-14T09:11:12+00:00"),
        ("en", "By Jane Roe | <time datetime='2024-03-14T09:11:12Z'>14 March 2024 10:11</time>", "2024-03-14T09:11:12+00:00"),
        ("de", "Veröffentlicht: <time datetime='2024-03-13T23:11:12Z'>14.03.2024, 00:11 Uhr</time>", "2024-03-14T00:11:12+01:00"),
        # Another moment, and one without a zone.
        ("en", "By Jane Roe, 14 March 2024 10:11</p><p><time datetime='2024-03-14T12:11:12Z'>14 March 2024 13:11</time>", "2024-03-14T10:11"),
        ("en", "Published: <time datetime='2024-03-14T09:18:12Z'>14 March 2024 10:11</time>", "2024-03-14T10:11"),
        ("en", "Published: <time datetime='2024-03-14T10:11'>14 March 2024 10:11</time>", "2024-03-14T10:11"),
    ],
)  # fmt: skip
def test_a_time_keeps_its_zone_behind_any_label(language: str, markup: str, expected: str) -> None:
    assert expected == made(page(under=f"<p>{markup}</p>", lang=language)).published
