from __future__ import annotations

from dataclasses import replace

from crawler.records import Article
from digest.reprints import Changed, compare

FIRST = "The harbour of Sundhaven was closed on Monday after a crane fell into the basin, the port authority said."
SECOND = "Nobody was hurt, but eleven ships wait outside and the ferry to the islands goes only twice a day."
THIRD = "The authority hopes to reopen the eastern gate by Thursday if the weather allows the divers to work."
BANNER = "Support this site with a donation today and read all our stories without any advertising for a year."
ORIGINAL = Article("http://wire.example/1", "wire", "Crane closes harbour", f"{FIRST}\n{SECOND}\n{THIRD}", id=1)


def reprint(text: str, **fields: object) -> Article:
    made = Article("http://mirror.example/1", "mirror", ORIGINAL.title, text, id=2, copy_of=1, copy_kind="partial")
    return replace(made, copy_score=0.9, **fields)  # type: ignore[arg-type]


def test_what_was_cut_and_what_was_added_is_told():
    found = compare(reprint(f"{BANNER}\n{FIRST}\n{SECOND}"), ORIGINAL)

    assert (found.of, found.kind, found.score) == (1, "partial", 0.9)
    assert (found.cut, found.added, found.changed, found.retitled) == ((THIRD,), (BANNER,), (), None)


def test_a_changed_paragraph_stands_beside_what_it_became():
    after = SECOND.replace("eleven ships wait outside", "a dozen vessels were turned away at noon")

    found = compare(reprint(f"{FIRST}\n{after}\n{THIRD}"), ORIGINAL)

    assert (found.cut, found.added, found.changed) == ((), (), (Changed(SECOND, after),))


def test_another_title_is_told_but_not_another_way_to_set_it():
    assert compare(reprint(ORIGINAL.text, title="Port shut"), ORIGINAL).retitled == Changed(
        "Crane closes harbour", "Port shut"
    )
    assert compare(reprint(ORIGINAL.text, title="CRANE CLOSES HARBOUR"), ORIGINAL).retitled is None


def test_lines_broken_otherwise_and_paragraphs_in_another_order_are_no_change():
    found = compare(reprint(f"{THIRD} {FIRST}\n\n{SECOND}"), ORIGINAL)

    assert (found.cut, found.added, found.changed) == ((), (), ())


def test_a_reprint_in_one_long_line_is_told_sentence_by_sentence():
    text = " ".join([FIRST, THIRD, *(f"{BANNER[:-1]} {number}." for number in range(8))])

    found = compare(reprint(text, language="en"), replace(ORIGINAL, language="en"))

    assert found.cut == (SECOND,)
    assert found.added[0] == f"{BANNER[:-1]} 0."


def test_scripts_without_spaces_are_compared_too():
    one, two = "海云港口星期一因起重机倒塌而关闭，港务局说没有人受伤。", "十一艘船在港外等候，轮渡每天只开两班。"
    original = replace(ORIGINAL, text=f"{one}\n{two}", language="zh")

    found = compare(reprint(f"{one}\n本站需要您的支持，请今天捐款，谢谢各位读者。", language="zh"), original)

    assert (found.cut, found.added) == ((two,), ("本站需要您的支持，请今天捐款，谢谢各位读者。",))


def test_every_changed_number_and_word_within_a_paragraph_is_told():
    whole = f"{FIRST} {SECOND} {THIRD}"
    changed = whole.replace("eleven ships", "seventy ships").replace("by Thursday", "by Friday")

    found = compare(reprint(changed, language="en"), replace(ORIGINAL, text=whole, language="en"))

    assert (found.cut, found.added) == ((), ())
    assert [pair.before for pair in found.changed] == [SECOND, THIRD]
    assert " ".join(pair.after for pair in found.changed) == changed.removeprefix(f"{FIRST} ")


def test_a_short_line_that_was_added_is_told():
    found = compare(reprint(f"{FIRST}\nPhoto: AFP\n{SECOND}\nWar\n{THIRD}\n* * *"), ORIGINAL)

    assert (found.cut, found.added, found.changed) == ((), ("Photo: AFP", "War"), ())


def test_a_short_line_that_stands_elsewhere_in_the_original_is_told_where_it_was_added():
    found = compare(reprint(f"Port authority\n{ORIGINAL.text}"), ORIGINAL)

    assert found.added == ("Port authority",)


def test_numbers_that_were_changed_in_scripts_without_spaces_are_told():
    one, two = "海云港口星期一因起重机倒塌而关闭，27艘船在外等候。", "港务局说没有人受伤，渡轮每天只开两班。"
    original = replace(ORIGINAL, text=one + two, language="zh")

    found = compare(reprint(f"{one.replace('27', '72')}{two}\n图：新华社", language="zh"), original)

    assert (found.cut, found.added) == ((), ("图：新华社",))
    assert found.changed == (Changed(one, one.replace("27", "72")),)
