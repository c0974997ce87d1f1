from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.copies import Candidate, claims, decide, fingerprint, names
from crawler.records import Article

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def prose(seed: int, words: int = 400, alphabet: str = "abcdefghij") -> list[str]:
    dice = random.Random(seed)
    return ["".join(dice.choices(alphabet, k=dice.randint(2, 8))) for _ in range(words)]


def article(text: str, id_: int | None = None, **fields: object) -> Article:
    return Article(url=f"http://a.example/{id_}", source="a", title="t", text=text, id=id_, **fields)  # type: ignore[arg-type]


def against(new: Article, *kept: Article) -> tuple[frozenset[int], list[Candidate]]:
    own = fingerprint(new.text)
    prints = [fingerprint(old.text) for old in kept]
    return own, [Candidate(old, len(own & its), len(its)) for old, its in zip(kept, prints, strict=True)]


def test_a_republished_text_is_a_full_copy():
    words = prose(1)
    kept, new = article(" ".join(words), 7), article("Republished with thanks. " + " ".join(words))

    copy = decide(new, *against(new, kept))

    assert copy is not None
    assert (7, "full") == (copy.original, copy.kind)
    assert copy.score > 0.9


def test_a_shortened_text_is_a_partial_copy():
    words = prose(2)
    kept, new = article(" ".join(words), 7), article(" ".join(words[:160]))

    copy = decide(new, *against(new, kept))

    assert copy is not None
    assert "partial" == copy.kind


def test_a_long_article_with_a_borrowed_part_quotes_it():
    kept = article(" ".join(prose(3, 250)), 7)
    new = article(" ".join(prose(4, 700)[:350]) + " " + kept.text + " " + " ".join(prose(5, 350)))

    copy = decide(new, *against(new, kept))

    assert copy is not None
    assert "quoted-in" == copy.kind


def test_two_texts_about_one_thing_are_no_copies():
    kept, new = article(" ".join(prose(6)), 7), article(" ".join(prose(7)))

    assert decide(new, *against(new, kept)) is None


@pytest.mark.parametrize("alphabet", ["国家安全机关公布多起间谍案件军事研究所网络管理员", "ไทยกรุงเทพมหานคร"])
def test_scripts_without_spaces_are_compared_by_characters(alphabet: str):
    text = "".join(prose(8, 300, alphabet))
    kept, new = article(text, 7), article(text[: len(text) * 9 // 10])

    copy = decide(new, *against(new, kept))

    assert copy is not None
    assert copy.score > 0.9


def test_a_copy_of_a_copy_belongs_to_the_first_text():
    text = " ".join(prose(9))
    kept, new = article(text, 7, copy_of=3, copy_kind="full"), article(text)

    copy = decide(new, *against(new, kept))

    assert copy is not None
    assert 3 == copy.original


def test_the_text_that_others_credit_is_never_their_copy():
    text = " ".join(prose(10))
    kept = article(text, 7, credited_to="The Harbour Times")
    new = article(text, carried_by="Harbour Times")
    own, candidates = against(new, kept)

    assert decide(new, own, candidates) is None
    assert [7] == list(claims(new, own, candidates))


def test_a_later_arrival_that_was_published_earlier_is_the_origin():
    text = " ".join(prose(11))
    kept = article(text, 7, published_utc=NOON, published_precision="minute")
    new = article(text, published_utc=NOON - timedelta(hours=2), published_precision="minute")
    own, candidates = against(new, kept)

    assert decide(new, own, candidates) is None
    assert 7 in claims(new, own, candidates)


def test_a_day_alone_proves_no_order():
    text = " ".join(prose(12))
    kept = article(text, 7, published_utc=NOON, published_precision="minute")
    new = article(text, published_utc=NOON - timedelta(hours=12), published_precision="day")
    own, candidates = against(new, kept)

    assert decide(new, own, candidates) is not None
    assert {} == claims(new, own, candidates)


def test_a_credit_names_an_outlet_but_not_a_part_of_a_word():
    assert names("Xinhua", "Xinhua (English)")
    assert names("GLOBAL TIMES", "The Global Times")
    assert not names("RIA", "Maria Daily")
    assert not names(None, "Global Times")
    assert not names("", "")


@given(st.text(max_size=300))
def test_any_text_has_a_fingerprint_and_always_the_same(text: str):
    assert fingerprint(text) == fingerprint(text)
    assert all(0 <= value < 2**63 for value in fingerprint(text))


@given(st.integers(0, 10_000), st.integers(0, 300))
def test_a_part_of_a_text_has_a_part_of_its_fingerprint(seed: int, start: int):
    words = prose(seed)

    assert fingerprint(" ".join(words[start:])) <= fingerprint(" ".join(words))
