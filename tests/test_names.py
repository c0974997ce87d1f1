from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.records import Name, Watch
from digest.names import looked_for, names, shared, watched
from tests.eval import names as eval_names


def kinds(text: str, language: str = "en") -> dict[str, str]:
    return {name.text: name.kind for name in names(text, language)}


def test_people_organisations_and_places_are_told_apart():
    text = (
        "Prime Minister Ana Kovach met envoys of Peru in Lusaka. The Northern Ports Authority sent Jon Reed, a lawyer."
        " Reed did not speak."
    )

    assert kinds(text) == {
        "Ana Kovach": "person",
        "Peru": "place",
        "Lusaka": "place",
        "Northern Ports Authority": "organisation",
        "Jon Reed": "person",
    }


def test_what_nothing_tells_of_is_other_and_no_guess():
    assert kinds("They drank Velmarine, as it was said.") == {"Velmarine": "other"}


def test_a_known_place_is_found_as_the_first_word_of_a_sentence():
    assert kinds("Ghana won. It was late.") == {"Ghana": "place"}


def test_a_company_is_no_place_and_no_person_where_shares_owners_and_its_last_word_tell():
    text = "Shares in Steelmark fell, its owner Nordal said. On Monday Heron Oil bought Gulf Crossing Lines in Lisbon."

    assert kinds(text) == {
        "Steelmark": "organisation",
        "Nordal": "organisation",
        "Heron Oil": "organisation",
        "Gulf Crossing Lines": "organisation",
        "Lisbon": "place",
    }


def test_a_chinese_clause_is_no_organisation_and_what_a_reporter_does_is_no_person():
    text = "大沟岭煤矿隶属河阳能源集团。记者从救援指挥部获悉，村民张先生来了。"

    assert kinds(text, "zh") == {"大沟岭煤矿": "organisation", "河阳能源集团": "organisation"}


def test_short_forms_are_not_words():
    assert kinds("The US told us that turkey is eaten in Turkey.") == {"US": "place", "Turkey": "place"}


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("王毅在北京会见外长，联合国也被提到。", "zh", {"北京": "place", "联合国": "organisation"}),
        ("外长王毅在东京表示。", "zh", {"王毅": "person", "东京": "place"}),
        (
            "総理はコーヒーを飲み、田中実首相は京都でロシアと会談した。",
            "ja",
            {"田中実": "person", "京都": "place", "ロシア": "place"},
        ),
        ("이것이란 무엇인가. 이란은 답했다.", "ko", {"이란": "place"}),
        ("وصل الوفد إلى الصين وللصين مكان.", "ar", {"الصين": "place"}),
        ("У Києві та в Румунії.", "uk", {"Києві": "place", "Румунії": "place"}),
        ("Gestern sprach Bundeskanzler Udo Kern in Wien.", "de", {"Udo Kern": "person", "Wien": "place"}),
        ("L'Espagne et l'ONU, dit-on.", "fr", {"Espagne": "place", "ONU": "organisation"}),
    ],
)
def test_scripts_and_languages(text: str, language: str, wanted: dict[str, str]):
    assert kinds(text, language) == wanted


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("وقال المتحدث باسم وزارة الدفاع إن الهدنة قائمة.", "ar", {"وزارة الدفاع": "organisation"}),
        ("وقال المتحدث باسم إدارة التجارة في برست.", "ar", {"إدارة التجارة": "organisation"}),
        ("قَالَ مَجْلِسُ التِّجَارَةِ الأَطْلَسِيُّ في الصِّين", "ar", {"مجلس التجارة الأطلسي": "organisation", "الصين": "place"}),
        ("Gestern sagte ein Sprecher von Huawei nichts.", "de", {"Huawei": "organisation"}),
        (
            "Вчера глава МИД Сергей Лавров прилетел. Глава МИД Сергей Лавров молчал.",
            "ru",
            {"Сергей Лавров": "person", "МИД": "organisation"},
        ),
        ("The firm said that Haiyun Microsystems said no.", "en", {"Haiyun Microsystems": "organisation"}),
        ("云海公司表示，将起诉美国商务部。", "zh", {"云海公司": "organisation", "美国商务部": "organisation"}),
        ("Он встретил Ван И. Больше ничего.", "ru", {"Ван И": "person"}),
        ("It said that Wang Yi met Xi Jinping.", "en", {"Wang Yi": "person", "Xi Jinping": "person"}),
        ("It was Secretary of State Marco Rubio who left.", "en", {"Marco Rubio": "person"}),
        ("They sang American Pie by heart.", "en", {"American Pie": "other"}),
        (
            "They left the New York Times for Los Angeles.",
            "en",
            {"New York Times": "organisation", "Los Angeles": "place"},
        ),
        (
            "It was said to Troy Police Chief Charles Craft.",
            "en",
            {"Troy Police": "organisation", "Charles Craft": "person"},
        ),
        ("They saw the Harry Truman Bridge.", "en", {"Harry Truman Bridge": "place"}),
        ("ร้านของนายสมชาย ใจดี อยู่ในเชียงใหม่", "th", {"สมชาย ใจดี": "person", "เชียงใหม่": "place"}),
        ("राष्ट्रपति मीरा जोशी ने कहा।", "hi", {"मीरा जोशी": "person"}),
        ("שר החוץ ביקר בסין ואחר כך ברוסיה.", "he", {"סין": "place", "רוסיה": "place"}),
    ],
)
def test_names_are_of_the_right_kind(text: str, language: str, wanted: dict[str, str]):
    assert kinds(text, language) == wanted


def test_a_name_in_both_scripts_of_chinese_is_one_in_the_more_frequent_one():
    text = "发言人陈立明说，中国愿意。發言人陳立明在北京說。发言人陈立明说，中國也是。中國！"

    assert kinds(text, "zh") == {"陈立明": "person", "中國": "place", "北京": "place"}


def test_a_name_in_several_cases_is_one():
    text = "Вчера Дмитрий Песков ушёл. То, что от Дмитрия Пескова и Пескова слышали в Москве, а Москва молчала."

    assert kinds(text, "ru") == {"Дмитрий Песков": "person", "Москве": "place"}


def test_a_place_is_no_short_form_of_an_organisation_in_it():
    text = "Об этом сказали в МИД России, а Россия ждёт. Ответа из России нет."

    assert kinds(text, "ru") == {"МИД России": "organisation", "Россия": "place"}
    assert kinds("He left Grand Peru University for Peru, as it was said. Peru won.") == {
        "Grand Peru University": "organisation",
        "Peru": "place",
    }
    assert kinds("It was said by the Bank of Grand Peru. They left Peru by ship, and Peru won.") == {
        "Bank of Grand Peru": "organisation",
        "Peru": "place",
    }


def test_what_begins_a_sentence_behind_a_company_is_no_company():
    assert kinds("It is a big company. None of it is open. Already it rains in the company. Lines are out.") == {}
    assert kinds("码头运营商卡尔森公司表示。部分航运公司称停运。", "zh") == {"卡尔森公司": "organisation"}


def test_a_japanese_word_is_not_cut_out_of_a_longer_one():
    assert kinds("オマーンではなくアメリカンだった。", "ja") == {"オマーン": "place"}


def test_names_of_several_texts_are_ordered_by_how_many_have_them():
    found = shared([[Name("Brest", "place"), Name("Reed")], [Name("Jon Reed", "person")], [Name("Jon Reed", "other")]])

    assert found == [Name("Jon Reed", "person"), Name("Brest", "place")]


def test_watches_look_for_what_they_write_with_capitals():
    watches = [Watch("a", '"Blue Heron" OR spies OR Kern* OR source:x'), Watch("b", "Moskva -Udo")]

    assert watched(watches) == {"Blue Heron", "Moskva", "Udo"}
    assert looked_for({"Blue Heron", "Moskva"}, "the blue heron, the Blue Heron", []) == [Name("Blue Heron")]
    assert looked_for({"Moskva"}, "Moskva", [Name("Moskva", "place")]) == []


def test_watches_look_for_phrases_with_a_capital_and_for_words_in_scripts_without():
    known = watched([Watch("a", '间谍 OR أرامكو OR "state tv" OR "Bank of England" OR "Иван Петров" OR spy')])

    assert known == {"间谍", "أرامكو", "Bank of England", "Иван Петров"}
    assert looked_for(known, "记者报道华为与间谍案有关。", []) == [Name("间谍")]
    assert looked_for(known, "وقالت إن لأرامكو خططا", []) == [Name("أرامكو")]
    assert looked_for(known, "встретил Ивана Петрова в суде", []) == [Name("Иван Петров")]
    assert looked_for(known, "встретил Иванову", []) == []
    assert looked_for(known, "встретил Ивана Петрова", [Name("Ивана Петрова", "person")]) == []


@pytest.mark.parametrize("unseen", [False, True])
def test_names_are_found_no_worse_than_pinned(unseen: bool):
    floors = eval_names.floors()["unseen" if unseen else "seen"]
    found = eval_names.run(names, unseen=unseen)

    for kind, (precision, recall) in floors.items():
        reached = eval_names.precision_and_recall(found[kind])
        assert (kind, reached[0] >= precision, reached[1] >= recall) == (kind, True, True)


@settings(max_examples=50)
@given(
    st.text(max_size=300),
    st.sampled_from(["en", "de", "fr", "ru", "zh", "ja", "ko", "ar", "fa", "he", "th", "hi", "tr", "xx", ""]),
)
def test_any_text_is_read_and_no_name_is_empty_or_told_twice(text: str, language: str):
    found = [name.text for name in names(text, language)]

    assert len(set(found)) == len(found)
    assert all(name.strip() for name in found)


def test_no_name_of_the_list_stands_under_two_things():
    from digest.gazetteer import facts

    forms = [form for table in ("places", "organisations") for forms in facts()[table].values() for form in forms]
    keys = {form: {key for table in ("places", "organisations") for key, own in facts()[table].items() if form in own}
            for form in forms}  # fmt: skip

    assert {form: found for form, found in keys.items() if len(found) > 1} == {}


def test_the_list_of_names_is_where_the_code_looks():
    assert (Path(__file__).parents[1] / "digest" / "names.toml").is_file()


GERMAN = (
    "Wegen Regens droht die Talsperre Rieneck überzulaufen, teilte der Ruhrtalverband am Mittwoch mit. Landrätin "
    "Friederike Osterholt und der Fahrer Rainer Werner Koslow halfen in Altenbrück, das Rote Kreuz aus Wuppertal kam. "
    "Das Landgericht Bonn prüft Kapitalgesellschaften und die Hans Berger AG; in Pflegeheimen blieb es ruhig."
)


def test_german_names_are_told_by_given_names_endings_and_what_stands_before_them():
    assert kinds(GERMAN, "de") == {
        "Rieneck": "place",
        "Ruhrtalverband": "organisation",
        "Friederike Osterholt": "person",
        "Rainer Werner Koslow": "person",
        "Altenbrück": "place",
        "Rote Kreuz": "organisation",
        "Landgericht Bonn": "organisation",
    }


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("集团总经理周启明在会上表示，市民李淑芬说得对。", "zh", {"周启明": "person", "李淑芬": "person"}),
        (
            "한빛군 앞바다에서 불이 나 산업부는 점검을 지시했다. 발전사 푸른바다에너지는 멈췄다.",
            "ko",
            {"한빛군": "place", "산업부": "organisation", "푸른바다에너지": "organisation"},
        ),
        (
            "นายกเทศมนตรีสมชาย วงศ์ทองกล่าวว่าน้ำลดแล้ว นางมาลี ผู้ค้าผ้าไหมบอกว่าสินค้าเปียกน้ำ",
            "th",
            {"สมชาย วงศ์ทอง": "person", "มาลี": "person"},
        ),
        ("وأغلقت وزارة التربية المدارس في أربع محافظات.", "ar", {"وزارة التربية": "organisation"}),
        ("قال د. خالد المنصور إن وزارة التعليم العالي تعمل.", "ar",
         {"خالد المنصور": "person", "وزارة التعليم العالي": "organisation"}),
        ("رئیس جمهور دکتر حسین کریمی روز دوشنبه استعفا داد.", "fa", {"حسین کریمی": "person"}),
        ("В Туле подрядчик, ООО «Мостстрой», сорвал сроки.", "ru", {"Туле": "place", "Мостстрой": "organisation"}),
        ("Le déficit atteint 5,4 % du PIB cette année.", "fr", {}),
        ("La reunión del Sr. Gómez con la Sra. Pérez terminó.", "es", {"Gómez": "person", "Pérez": "person"}),
        ("He sang. In that hall, he was heard in American Pie, in Friday's show; he said Whatever, on the Right.", "en",
         {"American Pie": "other"}),
        ("They flew to Northern Ireland, and the party of Boris Penn met in Northern Ireland.", "en",
         {"Northern Ireland": "place", "Boris Penn": "person"}),
    ],
)  # fmt: skip
def test_no_name_is_cut_out_of_another_word_and_no_common_word_is_one(text: str, language: str, wanted: dict[str, str]):
    assert kinds(text, language) == wanted
