from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.capitals import joined, names


def test_words_in_a_row_with_capitals_are_a_name():
    text = "Rescue workers called Jean Dupont, the mayor. They met in Brest with the Bank of Brittany."

    assert names(text, "en") == ["Jean Dupont", "Brest", "Bank of Brittany"]


def test_the_first_word_of_a_sentence_is_no_name_by_itself():
    assert names("Rescue came late. Harbour walls fell. Nobody was hurt in the night, they said.", "en") == []
    assert names("Rescue Brest, they cried. Nobody came to the rescue.", "en") == ["Brest"]
    assert names("But Anna Meyer said so. In Brest nothing moved.", "en") == ["Anna Meyer", "Brest"]


def test_days_and_months_are_no_names():
    assert names("They will meet on Monday or in January, it was said.", "en") == []


def test_a_last_name_counts_for_the_full_name():
    text = "In Brest the mayor, Jean Dupont, spoke. Later Brest heard that Dupont left, and why Dupont left."

    assert names(text, "en") == ["Jean Dupont", "Brest"]


def test_titles_before_a_name_are_left_out_where_the_name_stands_alone_too():
    assert joined({"Prime Minister Jean Dupont": 1, "Jean Dupont": 2}) == ["Jean Dupont"]
    assert joined({"University of Brest": 3, "Brest": 1}) == ["University of Brest", "Brest"]


def test_initials_and_titles_do_not_end_a_name():
    assert names("It was said that Dr. Anna K. Meyer left.", "en") == ["Dr. Anna K. Meyer"]


def test_a_country_of_initials_keeps_its_stops_and_ends_a_sentence():
    assert names("It was made in the U.S. The mayor said that the U.S. Senate knew.", "en") == ["U.S.", "U.S. Senate"]


def test_headings_inside_a_text_give_no_names():
    assert names("He went to Brest.\nIncrease National Security\nThen he left Brest.", "en") == ["Brest"]


def test_german_capitals_tell_nothing():
    assert names("Gestern hat die Regierung mit Anna Meyer im Haus über Geld gesprochen.", "de") == []


def test_cyrillic_and_greek_names_are_found():
    assert names("Об этом сообщил вчера Иван Петров в Киеве.", "ru") == ["Иван Петров", "Киеве"]
    assert names("Το είπε χθες ο Γιώργος Παππάς στην πόλη.", "el") == ["Γιώργος Παππάς"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("王毅在北京会见外长，iPhone 和 Apple 也被提到。", "zh"),
        ("東京で会議が開かれた。", "ja"),
        ("قال الرئيس في القاهرة إن Apple شركة كبيرة جدا في السوق.", "ar"),
        ("ALL IS LOUD HERE IN BREST", "en"),
        ("", "en"),
    ],
)
def test_scripts_without_capitals_give_nothing_rather_than_guesses(text: str, language: str):
    assert names(text, language) == []


@given(st.text(max_size=300), st.sampled_from(["en", "de", "ru", "zh", ""]))
def test_any_text_is_read_and_no_name_is_empty_or_told_twice(text: str, language: str):
    found = names(text, language)

    assert len(set(found)) == len(found)
    assert all(found)
