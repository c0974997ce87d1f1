from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.sentences import is_open, is_whole, split


def cut(text: str, language: str) -> list[str]:
    return list(split(text, language))


def test_a_sentence_does_not_go_over_the_end_of_a_line():
    assert cut("Mr. Dupont came. He left\nNobody knows why.", "en") == [
        "Mr. Dupont came.",
        "He left",
        "Nobody knows why.",
    ]


def test_a_chinese_sentence_ends_before_a_figure_and_after_a_quotation_mark():
    assert cut("他负责维护网络。2019年他离开了。他说：“好。”会议结束！", "zh") == [
        "他负责维护网络。",
        "2019年他离开了。",
        "他说：“好。”",
        "会议结束！",
    ]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("ja", ["首相は「断固として反対する。これは間違いだ。」と述べた。", "株価は3.5%下落した。"]),
        ("ja", ["野党は「説明が足りない。」「もっと話すべきだ。」などと批判した。", "会議は終わった。"]),
        ("zh", ["毛宁表示：“中方坚决反对。我们将采取措施。”", "她说，双方应该对话。"]),
        ("zh", ["“这是错误的！”王毅强调，中方不会接受。", "会议（见图。右）于3.5小时后结束。"]),
        ("ko", ["그는 “반대한다. 잘못이다.”라고 말했다.", "회의는 끝났다."]),
        ("en", ["“We will act. We are strong,” he said.", "Then he left (see the note. It is short)."]),
        ("de", ["Er sagte: „Nein. Wir nicht.“", "Dann ging er."]),
        ("fr", ["Il a dit : « Non. Nous refusons. »", "Puis il est parti."]),
        ("ar", ["وأضاف: “لن نقبل. هذا خطأ”.", "ثم غادر القاعة."]),
        ("hi", ["मंत्री ने कहा, “हम नहीं मानेंगे। यह गलत है।”", "बैठक समाप्त हुई।"]),
    ],
)
def test_a_quotation_or_bracket_is_not_cut(language: str, sentences: list[str]):
    apart = "" if language in {"ja", "zh"} else " "

    assert cut(apart.join(sentences), language) == sentences


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("zh", ["据CNN.com报道，U.S. Steel公司表示同意。", "增长了5.3%。"]),
        ("ar", ["قال د. أحمد إن أ.د. سالم وصل.", "ثم التقى م. علي في المدينة."]),
        ("ru", ["Проф. Иванов живет на ул. Ленина, т.е. рядом.", "По ст. 5 УК это стоит 3,5 млн. долл. США."]),
        ("ru", ["Университет им. Пушкина и др. источников.", "И. И. Иванов пришел."]),
        ("fr", ["M. Dupont est venu.", "Il est parti."]),
        ("tr", ["Sn. Erdoğan geldi.", "Toplantı bitti."]),
        ("en", ["It fell 3.5 pct. at 4 p.m. ET on Monday.", "He left at 5 p.m.", "She stayed."]),
        (
            "en",
            [
                "Sen. J. D. Marlow won at 5 p.m. Monday, aides to Gov. A. B. Stone said.",
                "He left at 5 p.m.",
                "May stayed.",
            ],
        ),
        (
            "en",
            ["They met at 9 a.m. Nov. 12, or 3 p.m. Beijing time.", "They left at 5 p.m.", "Monday's vote was close."],
        ),
        ("hi", ["डॉ. सिंह और एस. जयशंकर आए।", "यह 3.5 करोड़ है।"]),
        ("am", ["ምክር ቤቱ አለ።", "ሁለተኛ ዓረፍተ ነገር፡፡", "ሦስተኛ።"]),
        ("hy", ["Խորհուրդն ասաց։", "Պրն. Պետրոսյանը եկավ։"]),
        ("my", ["ကုန်သွယ်ရေးကောင်စီက ကုမ္ပဏီ ၂၇ ခုကို စာရင်းသွင်းခဲ့သည်။", "၁၉ ခုသည် ပြည်နယ်တွင်ရှိသည်။"]),
        ("km", ["ក្រុមប្រឹក្សាបានបន្ថែមក្រុមហ៊ុន ២៧។", "ក្រុមហ៊ុន ១៩ ស្ថិតនៅក្នុងខេត្ត។"]),
        ("bo", ["རྒྱལ་ཁབ་ཀྱི་ཚོགས་འདུ་ཚོགས།", "དེ་རིང་གྲོས་ཆོད་བཞག"]),
    ],
)
def test_a_dot_is_an_end_only_where_its_language_says_so(language: str, sentences: list[str]):
    assert cut(" ".join(sentences), language) == sentences


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "th",
            [
                "กัปตันเรือข้ามฟากที่ล่มใกล้เกาะเคลป์ถูกจับกุมในซันด์เฮเวน อัยการกล่าวเมื่อวันอังคาร",
                "ยอดผู้เสียชีวิตเพิ่มเป็น 19 คน น.ส.สมหญิง กล่าว",
            ],
        ),
        (
            "th",
            [
                "นายกรัฐมนตรีสมศักดิ์ ใจดี ประกาศลาออกเมื่อวันจันทร์ หลังคะแนนนิยมลดลงเหลือ 23.4 เปอร์เซ็นต์",
                "การเลือกตั้งครั้งใหม่จะมีขึ้นในวันที่ 3 ธันวาคม ตามคำแถลงของคณะกรรมการการเลือกตั้ง",
            ],
        ),
        (
            "lo",
            [
                "ນາຍົກລັດຖະມົນຕີ ກ່າວວ່າ ລັດຖະບານຈະສືບຕໍ່ຊ່ວຍເຫຼືອປະຊາຊົນທີ່ໄດ້ຮັບຜົນກະທົບ",
                "ການຮ່ວມມືລະຫວ່າງສອງປະເທດຈະເພີ່ມຂຶ້ນໃນປີໜ້າ",
            ],
        ),
    ],
)
def test_thai_and_lao_sentences_end_with_a_space(language: str, sentences: list[str]):
    assert cut(" ".join(sentences), language) == sentences
    assert all(map(is_whole, sentences))
    assert not is_whole(sentences[0][:12])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("th", "นายสมชาย ใจดี ผู้ว่าราชการจังหวัดนครทักษิณ กล่าวว่า ฝนตกหนักกว่า 280 มิลลิเมตรใน 12 ชั่วโมง"),
        ("lo", "ທ່ານ ສົມຊາຍ ໃຈດີ ເຈົ້າແຂວງສະຫວັນນະເຂດ ໄດ້ກ່າວວ່າ ຝົນຕົກໜັກຫຼາຍກວ່າ 280 ມິນລິແມັດໃນສິບສອງຊົ່ວໂມງ"),
        ("km", "អភិបាលខេត្តលោក សុខ សាន បានមានប្រសាសន៍ថា ភ្លៀងធ្លាក់ខ្លាំងជាង ២៨០ មីលីម៉ែត្រ ក្នុង ១២ ម៉ោង។"),
        ("my", "ပြည်နယ်ဝန်ကြီးချုပ်က မိုးသည်းထန်စွာရွာသွန်းသည်ဟု ပြောကြားခဲ့သည်။"),
    ],
)
def test_who_said_that_is_no_sentence_without_what_was_said(language: str, text: str):
    assert cut(text, language) == [text]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("de", ["Die Lage bleibt ernst in Sarkandchim.", "140 Retter sind im Einsatz."]),
        ("de", ["Er kam am 3. 140 weitere am 4. Dezember um 12 Uhr.", "20 fehlen."]),
        ("de", ["Siehe Nr. 14, Abb. 5, Kap. 3 und Hauptstr. 12 vom Okt. 2025 (ca. 30 Seiten)."]),
        ("ru", ["Работы идут в Сарканде.", "140 человек спасены 6 ноя. 2025 года на ул. Лесной, д. 14, кв. 12."]),
        ("en", ["The boat sank near Belmora.", "140 people died on Nov. 12 (see vol. 2, Fig. 3)."]),
    ],
)
def test_a_sentence_may_begin_with_a_number(language: str, sentences: list[str]):
    assert cut(" ".join(sentences), language) == sentences


def test_a_quotation_that_nobody_closes_is_cut():
    assert cut("He said: “No. We go.", "en") == ["He said: “No.", "We go."]
    assert cut(f"他说：“不。{'我们走了。' * 70}”他们走了。", "zh")[0] == "他说：“不。"
    assert is_open("He said: “No.")
    assert not is_open("He said: “No (never).”")


@pytest.mark.parametrize("piece", ["“", "（", '"', "“a.”", "“。”", "a. ", "。", "U. ", "ก ", "“ก ", "។", '." '])
def test_no_long_line_takes_long(piece: str):
    start = time.process_time()
    count = sum(1 for _ in split(piece * (400_000 // len(piece)), "zh"))

    assert count
    assert time.process_time() - start < 10


@settings(max_examples=200)
@given(
    st.text(st.sampled_from('Aaб中の한กສ 。.!?”“"「」()।1\n'), max_size=80),
    st.sampled_from(["en", "zh", "th", "ru", ""]),
)
def test_nothing_of_a_text_is_lost(text: str, language: str):
    found = cut(text, language)

    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(sentence == sentence.strip() != "" for sentence in found)
