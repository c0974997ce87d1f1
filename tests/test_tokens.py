from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlite_utils.utils import sqlite3

from crawler import tokens
from crawler.tokens import Phrase, cut, fold, indexed, phrase, words

SCRIPTS = (
    "abc ABC éüßıİŁø ﬁ ½ ＡＢ '-_.,"
    "абвйёЙЁїў и\u0306 за\u0301мок"
    "αβΣς Ά"
    "中国人民日報々。、 かがカガｶﾞー 한국어 \u1112\u1161\u11ab"
    "ไทยกำลังก่ ພາສາລາວ ភាសាខ្មែរ မြန်မာ"
    "عَرَبِيّ أإآى یک ۱۲ ـ\u200c\u200d שָׁלוֹם"
    "हिन्दी क़ தமிழ் п'’ʼ`яє"
)
TEXTS = st.one_of(st.text(max_size=30), st.text(alphabet=SCRIPTS, max_size=30))


def texts_of(text: str) -> list[str]:
    return [token.text for token in cut(text)]


@given(TEXTS)
@example("½ﷺ㎏")
def test_the_quick_way_and_the_way_with_places_cut_alike(text: str) -> None:
    assert words(text) == texts_of(text)


@given(TEXTS)
@example("One.\u0301 Two\u0308 。三四五\n六")
def test_tokens_are_found_by_number_where_the_whole_cut_has_them(text: str) -> None:
    whole, places = cut(text), tokens.Places(text)

    assert [places[number] for number in reversed(range(len(whole)))] == whole[::-1]
    with pytest.raises(IndexError):
        places[len(whole)]


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_every_token_knows_its_place_in_the_original(text: str) -> None:
    found = cut(text)

    assert [token.start for token in found] == sorted(token.start for token in found)
    for token in found:
        assert 0 <= token.start < token.end <= len(text)
        assert fold(token.text) in fold(text[token.start : token.end])


@given(TEXTS)
def test_what_a_text_holds_is_found_by_its_own_words(text: str) -> None:
    wanted, words = phrase(text), tokens.words(text)
    length = len(wanted.tokens)

    if length:
        row = words[:length]
        assert row[:-1] == list(wanted.tokens[:-1])
        assert row[-1].startswith(wanted.tokens[-1]) if wanted.prefix else row[-1] == wanted.tokens[-1]


@given(st.text())
@example("don't U.S. 3,5\0x 中国-ab ก่า")
def test_the_index_finds_the_tokens_that_a_query_has(text: str) -> None:
    database = sqlite3.connect(":memory:")
    database.execute(f"CREATE VIRTUAL TABLE t USING fts5(a, content='', tokenize='{tokens.FTS5_TOKENIZER}')")
    database.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)")
    database.execute("INSERT INTO t(rowid, a) VALUES (1, ?)", (indexed(text),))
    found = [term for (term,) in database.execute("SELECT term FROM v ORDER BY offset")]
    database.close()

    assert words(text) == found


def test_the_index_takes_every_token_as_it_is() -> None:
    """Each character of Unicode, once: FTS5 neither folds nor splits what we hand to it."""
    database = sqlite3.connect(":memory:")
    database.execute(f"CREATE VIRTUAL TABLE t USING fts5(a, content='', tokenize='{tokens.FTS5_TOKENIZER}')")
    database.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)")
    letters = {
        " ".join(words(f"x{chr(code)}y"))
        for code in range(1, 0x110000)
        if unicodedata.category(chr(code)) not in ("Cs", "Cn")
    }
    rows = list(enumerate(sorted(letters), start=1))
    database.executemany("INSERT INTO t(rowid, a) VALUES (?, ?)", rows)
    kept: dict[int, list[str]] = {}
    for term, row in database.execute("SELECT term, doc FROM v ORDER BY doc, offset"):
        kept.setdefault(row, []).append(term)
    database.close()

    assert [(row, text) for row, text in rows if kept[row] != text.split(" ")] == []


def test_what_is_passed_over_as_staying_does_stay() -> None:
    letters = "".join(map(chr, range(0x80, 0xD7A4)))
    passed = tokens._CHANGING.sub("", letters) + "".join(
        letter for letter in letters if "\u4e00" <= letter <= "\u9fff" and not tokens._changing().match(letter)
    )

    assert len(passed) > 20_000
    assert [letter for letter in passed if tokens._fold_letter(letter) != letter] == []


def test_a_letter_that_is_taken_for_undemanding_is_so_by_itself() -> None:
    plain = [char for char in map(chr, range(0x110000)) if not tokens._DEMANDING.match(char)]

    assert len(plain) > 6_000
    assert [char for char in plain if tokens._GOES_ON.match(char) or tokens._CHINESE.search(char.lower())] == []
    assert [char for char in plain if tokens._HAS_UNSPACED.search(tokens.fold(char))] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("随着沿着了解凭借计划答复什么只卫生", "隨著沿著瞭解憑藉計畫答覆甚麼祇衞生"),
        ("计划", "計劃"),
        ("น้ำ", "น\u0e4d\u0e49า"),
        ("ນ້ຳ", "ນ\u0ecd\u0ec9າ"),
        *(
            (f"п{sign}ять СІМ{sign}Ю Лук{sign}яненко сям{sign}і аб{sign}ект", "пʼять сімʼю лукʼяненко сямʼі абʼект")
            for sign in "'’ʼ`´‘‛′＇"
        ),
        ("о\u0301б\u00ad’єкт", "об'єкт"),
        ("О’Коннор д’Арк", "ОʼКоннор дʼАрк"),
        ("क\u093cलम ज़मीन फ़िल्म पढ़ना", "कलम जमीन फिल्म पढना"),
        ("\u0958 \u0929 \u0931 \u095c", "क\u093c न\u093c र\u093c ड\u093c"),
        ("\u09dc \u09dd \u09df", "\u09a1\u09bc \u09a2\u09bc \u09af\u09bc"),
        ("Zürich", "ZURICH"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("DIYARBAKIR", "dıyarbakır"),
        ("Łódź", "lodz"),
        ("ΑΘΉΝΑΣ", "αθηνας"),
        ("ёлка", "елка"),
        ("за\u0301мок", "замок"),
        ("и\u0306", "й"),
        ("ＡＢＣ１", "abc1"),
        ("عَرَبِيّ", "عربي"),
        ("أحمد", "احمد"),
        ("ایران", "ايران"),
        ("کتاب", "كتاب"),
        ("می\u200cخواهم", "میخواهم"),
        ("۱۴۰۲", "1402"),
        ("٢٠١٩", "2019"),
        ("محـــمد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("Hà Nội", "ha noi"),
        ("ｶﾞｽ", "ガス"),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국"),
        ("co\u00adoperation", "cooperation"),
        ("ခန\u1037\u103a", "ခန\u103a\u1037"),
        ("ป\u0e39\u0e48", "ป\u0e48\u0e39"),
        ("ប្រទេស\u200bកម្ពុជា", "ប្រទេសកម្ពុជា"),
    ],
)
def test_forms_of_one_word_are_one(one: str, other: str) -> None:
    assert texts_of(one) == texts_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("мой", "мои"),
        ("ї", "и"),
        ("かき", "かぎ"),
        ("über", "ueber"),
        ("ก่า", "กา"),
        ("\u09dc", "\u09a1"),
        ("п’ять", "пять"),
        ("Hawaiʻi", "Hawaii"),
        ("Qurʼan", "Quran"),
    ],
)
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert texts_of(one) != texts_of(other)


def test_chinese_is_cut_into_pairs_and_a_last_letter() -> None:
    assert texts_of("中国人民, CCTV播") == ["中国", "国人", "人民", "民", "cctv", "播"]


def test_a_query_may_end_in_the_middle_of_a_run() -> None:
    assert phrase("中国人") == Phrase(("中国", "国人"))
    assert phrase("中") == Phrase(("中",), prefix=True)
    assert phrase("中中") == Phrase(("中中",))
    assert phrase("5月") == Phrase(("5", "月"), prefix=True)
    assert phrase("中国 人民") == Phrase(("中国", "国", "人民"))


def test_words_with_signs_inside_are_phrases() -> None:
    assert phrase("state-run") == Phrase(("state", "run"))
    assert phrase("People’s", prefix=True) == Phrase(("people", "s"), prefix=True)


def test_a_word_with_a_cyrillic_apostrophe_is_one_word() -> None:
    assert phrase("п’ять") == Phrase(("пʼять",))
    assert phrase("В'яз", prefix=True) == Phrase(("вʼяз",), prefix=True)
    assert phrase("О’Коннор") == Phrase(("о", "коннор"))
    assert phrase("Don’t Qurʼan") == Phrase(("don", "t", "qurʼan"))
    assert phrase("слово’ яблоко ’юнак’") == Phrase(("слово", "яблоко", "юнак"))


def test_signs_alone_are_no_tokens() -> None:
    assert phrase("& … — € 🙂") == Phrase(())


def test_a_place_covers_the_marks_of_its_letters() -> None:
    text = "Wu\u0308 عَرَبِيّ。"

    assert [text[token.start : token.end] for token in cut(text)] == ["Wu\u0308", "عَرَبِيّ"]
