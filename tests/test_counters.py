"""Short lines that change by themselves, and short lines that somebody wrote. All texts are invented."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rechecks import counters
from crawler.rechecks.noise import Told, compare, core, sentences

TEXT = (
    "The ferry to Lower Wexcombe sank on Tuesday morning after it struck a barge.\n"
    "Divers will look for the wreck when the storm has passed."
)

#: What pages show of their readers, of the clock, or of both: "#" is a number, "@" a clock.
TICKING = [
    "Last viewed @",
    "Last viewed @:21",
    "# readers",
    "@ # views",
    "@ · # views · # comments",
    "Last viewed @:09, # readers.",
    "Last viewed at @ pm by # readers",
    "3 March 2027, @ | # views",
    "Readers: #",
    "Views: #",
    "Viewed by # people",
    "Viewed # times",
    "Hits: #",
    "# people have read this",
    "# people are watching this now",
    "# people liked this",
    "# reads",
    "# likes",
    "# shares",
    "# comments",
    "# subscribers",
    "# followers online",
    "# members online",
    "# watching now",
    "Now watching: #",
    "# online",
    "Share # Tweet # Comments (#)",
    "👁 #  💬 #",
    "📖 # readers",
    "Zuletzt aufgerufen: @ Uhr, # Aufrufe",
    "# Leser",
    "@ Uhr | # Kommentare",
    "Gelesen: # Mal",
    "# Abonnenten",
    "Dernière visite à @, # lecteurs",
    "Lu # fois",
    "# abonnés",
    "Última visita a las @, # lecturas",
    "Leído # veces",
    "# seguidores",
    "Última visualização às @ - # leitores",
    "Lido # vezes",
    "Ultima visita alle @, # lettori",
    "Letto # volte",
    "Laatst bekeken om @, # lezers",
    "# keer bekeken",
    "Senast visad kl. @, # läsare",
    "Sist lest kl. @, # lesere",
    "Sidst vist kl. @, # læsere",
    "Viimeksi luettu klo @, # lukijaa",
    "Luettu # kertaa",
    "Ostatnio wyświetlono godz. @",
    "# czytelników",
    "Przeczytano # razy",
    "Naposledy zobrazeno @, # čtenářů",
    "Přečteno #x",
    "Naposledy zobrazené @, # čitateľov",
    "Utoljára megtekintve @, # olvasó",
    "Son görüntüleme @, # okuyucu",
    "# kez okundu",
    "Τελευταία προβολή @, # αναγνώστες",
    "Διαβάστηκε # φορές",
    "Ultima vizualizare @, # cititori",
    "Последний просмотр в @, # читателей",
    "Прочитали # раз",
    "# подписчиков",
    "Останній перегляд @, # читачів",
    "Переглянуто # разів",
    "最后浏览 @ #人阅读",
    "@ #次阅读",
    "阅读 #万",
    "#位读者",
    "#粉丝",
    "最終閲覧 @ #回閲覧",
    "#人が閲覧中",
    "コメント#件",
    "최근 조회 @, 조회수 #",
    "구독자 #",
    "آخر زيارة @، # قارئ",
    "# مشاهدة",
    "# متابع",
    "آخرین بازدید @ - # بازدید",
    "# خواننده",
    "נצפה לאחרונה @, # קוראים",
    "Xem lần cuối lúc @, # người đọc",
    "Đã xem # lần",
    "Terakhir dilihat pukul @, # pembaca",
    "Dibaca # kali",
    "เข้าชมล่าสุด @ น. # ครั้ง",
    "# ผู้อ่าน",
    "अंतिम अपडेट @, # पाठक",
]
#: Lines that could be news: only "#" or "@" of them changes.
WRITTEN = [
    "# people died",
    "# people",
    "# dead",
    "1,# dead",
    "# readers signed the petition",
    "# readers hurt",
    "# dead, 12 comments",
    "# shares sold",
    "Fund sells # shares",
    "Fund A | # shares",
    "Mayor wins by # votes",
    "# votes",
    "Smith: # votes",
    "Smith | # votes",
    "Mayor gets # views on the plan",
    "Council reads # comments",
    "# people watched the final",
    "# people have read the report",
    "# viewers of the final",
    "The video was viewed # times in parliament",
    "Polls close at @",
    "Decisions at @",
    "Monday 9:15 - @",
    "Total @:05 h 3",
    "Reply by # May",
    "Marines land @",
    "# views @ shot",
    "@ SHOT",
    "Train 4 | @",
    "@ - 23:45",
    "@, 22:25, 18:25",
    "Updated rules: @ curfew",
    "Stand 17:05: # Tote",
    "Updated 17:05: # dead",
    "Arsenal #-1 Chelsea",
    "Arsenal 2:# Chelsea",
    "#-1",
    "2 : #",
    "$#",
    "$#.50",
    "€ #.50",
    "#.50 €",
    "#.50",
    "#,5 %",
    "#°",
    "#",
    "+#",
    "Gold # up",
    "Gold # 1950",
    "# killed 2024",
    "Soldiers #, 2024",
    "12-#-14",
    "Bei dem Brand: # Tote",
    "# Leser unterschreiben",
    "# lecteurs ont signé",
    "# lectores firman",
    "# читателей подписали",
    "#人死亡",
    "#位读者签名",
    "@ 开会",
    "読者#人が署名",
    "독자 # 서명",
    "# قتيل",
    "وقع # قارئ العريضة",
    "# خواننده امضا کردند",
    "# קוראים חתמו",
    "ผู้อ่าน # คนลงชื่อ",
    "# पाठक मारे गए",
]
DIGITS = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "๐๑๒๓๔๕๖๗๘๙", "０１２３４５６７８９"]

numbers = st.integers(1, 10**7).flatmap(lambda n: st.sampled_from([f"{n}", f"{n:,}", f"{n:,}".replace(",", ".")]))
clocks = st.times().map(lambda at: f"{at:%H:%M}")
scripts = st.sampled_from(DIGITS).map(lambda digits: str.maketrans(DIGITS[0], digits))


def _said(line: str, number: str, clock: str) -> str:
    return line.replace("#", number).replace("@", clock)


def _compared(one: str, other: str) -> str:
    return compare(Told("T", f"{TEXT}\n{one}"), Told("T", f"{TEXT}\n{other}"))


@pytest.mark.parametrize("line", TICKING)
def test_a_line_of_counters_and_clocks_is_no_edit(line: str) -> None:
    one, other = _said(line, "4,512", "12:33"), _said(line, "9,813", "17:01")

    assert _compared(one, other) == "noise"
    assert _compared(one, one + "\nThe captain was arrested.") == "changed"


@pytest.mark.parametrize("line", WRITTEN)
def test_a_line_that_could_be_news_is_an_edit(line: str) -> None:
    one, other = _said(line, "12", "12:33"), _said(line, "15", "17:01")

    assert _compared(one, other) == "changed"


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("17:01 9,813 views", ""),
        ("17.01 Uhr, 9.813 Leser", ""),
        ("12.50 views", ""),
        ("17h01 - 9 813 lecteurs", ""),
        ("下午5:01 9813次阅读", ""),
        ("17時01分 9813回閲覧", ""),
        ("오후 5:01 조회수 9,813", ""),
        ("Ada Holm | 3 mins ago | 12 comments", "Ada Holm"),
        ("Ada Holm | 12 comments", "Ada Holm"),
        ("By Ada Holm 3 March 2027 10:45 12 comments", "By Ada Holm"),
        ("Posted on December 18, 2026 by Ada Holm 59 Comments", "Posted on by Ada Holm"),
        ("Council reads 59 comments, December 18, 2026", "Council reads 59 comments, December 18, 2026"),
        ("Updated 10:45 by Ada Holm", "by Ada Holm"),
        ("Time 2:05:33", "Time 2:05:33"),
        ("First 12:33", "First 12:33"),
        ("3 мая 2027, 17:01", ""),
        ("۱۲ اسفند ۱۴۰۵ ۱۷:۰۱", ""),
        ("3 มีนาคม 2570 17:01 น.", ""),
        ("3 de março de 2027 às 17h01", ""),
        ("2027. 3. 3. 오후 5:01", ""),
        ("3.3.2027 17:01", ""),
        ("86:12", "86:12"),
        ("10:45 GMT+2, 12 comments", ""),
        ("7:18 a.m. ET", ""),
        ("17:61 9,813 views", "17:61 9,813 views"),
    ],
)
def test_what_is_left_of_a_line(line: str, rest: str) -> None:
    assert core(line) == rest


@given(st.sampled_from(TICKING), numbers, numbers, clocks, clocks, scripts)
def test_no_number_no_clock_and_no_script_makes_a_counter_an_edit(
    line: str, one: str, other: str, then: str, now: str, script: dict[int, int]
) -> None:
    before, after = _said(line, one, then).translate(script), _said(line, other, now).translate(script)

    assert core(f"{TEXT}\n{before}") == core(f"{TEXT}\n{after}") == core(TEXT)


@given(st.sampled_from(TICKING), st.text("bdfgjkpqvwxzжщ", min_size=4, max_size=12), numbers, numbers, clocks)
def test_an_unknown_word_makes_any_line_somebodys(line: str, word: str, one: str, other: str, clock: str) -> None:
    for said in (f"{line} {word}", f"{word} {line}"):
        assert not counters.nothing_else(_said(said, one, clock))
    assert not counters.nothing_else(f"{one} {word}")
    assert counters.nothing_else(f"{one} views")
    assert not counters.nothing_else(f"${one} views")


@given(st.text("0123456789 .,:-/|%$", max_size=60))
def test_numbers_without_a_word_are_no_counter(figures: str) -> None:
    line = " ".join(figures.split())
    if not re.search(r"\d:\d\d|\d\d?[-/.] ?\d", line):
        assert not counters.nothing_else(line)


def test_results_at_the_end_of_a_text_are_no_box_of_links() -> None:
    before = "Arsenal 2-1 Chelsea\nLeeds 0-0 Luton\nDerby 3-2 Stoke"

    assert _compared(before, before.replace("3-2", "3-3")) == "changed"
    assert (
        _compared("Eels are cheap\nFog is dear\nSwans counted", "Rope is dear\nRain stops\n9 lanterns hung") == "noise"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mayor wins by 500 shares", "Mayor wins by 900 shares"), ("500 readers sign", "900 readers sign")],
)
def test_a_number_in_a_headline_is_an_edit(one: str, other: str) -> None:
    assert compare(Told(one, TEXT), Told(other, TEXT)) == "changed"


@pytest.mark.parametrize(
    "part", ["1", "1 ", "1:", "12:33 ", "1. ", "1, ", " :", "(1:11 ", "((((", "Viewed 1 ", "1 views ", "1|", "!", "。1"]
)
def test_a_hostile_line_takes_time_by_its_length(part: str) -> None:
    """CPU time, with room: 20 kB take 0.1 s or so; what is quadratic takes minutes."""
    line = (part * 20_000)[:20_000]
    began = time.process_time()
    for said in (line, f"{line}.", f"x{line}x"):
        compare(Told(said, said), Told(said + "1", said + "2"))
    sentences(line)

    assert time.process_time() - began < 20
