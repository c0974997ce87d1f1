from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import open_archive
from crawler.copies import decide, fingerprint
from crawler.drafts import Draft, keep_drafts
from crawler.precedence import names, proof
from crawler.reading import reading
from crawler.records import Article, Source
from crawler.shingles import Shingles, words

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def prose(seed: int, words: int = 400, alphabet: str = "abcdefghij") -> list[str]:
    dice = random.Random(seed)
    return ["".join(dice.choices(alphabet, k=dice.randint(2, 8))) for _ in range(words)]


def article(text: str, id_: int | None = None, **fields: object) -> Article:
    return Article(url=f"http://a.example/{id_}", source="a", title="t", text=text, id=id_, **fields)  # type: ignore[arg-type]


def test_a_republished_text_is_a_full_copy():
    words = prose(1)
    kept, new = article(" ".join(words), 7), article("Republished with thanks. " + " ".join(words))

    copy = decide(new, [kept]).copy

    assert copy is not None
    assert (7, "full") == (copy.original, copy.kind)
    assert copy.score > 0.9


def test_a_shortened_text_is_a_partial_copy():
    words = prose(2)
    kept, new = article(" ".join(words), 7), article(" ".join(words[:160]))

    copy = decide(new, [kept]).copy

    assert copy is not None
    assert "partial" == copy.kind


def test_a_long_article_with_a_borrowed_part_quotes_it():
    kept = article(" ".join(prose(3, 250)), 7)
    new = article(" ".join(prose(4, 700)[:350]) + " " + kept.text + " " + " ".join(prose(5, 350)))

    copy = decide(new, [kept]).copy

    assert copy is not None
    assert "quoted-in" == copy.kind


def test_a_follow_up_with_as_much_of_its_own_as_of_the_first_report_has_a_text_of_its_own():
    background = prose(30, 90)
    first = article(" ".join([*background, *prose(31, 40)]), 7)

    follow_up = decide(article(" ".join([*prose(32, 90), *background])), [first]).copy
    with_a_sentence = decide(article(" ".join([*background, *prose(33, 20)])), [first]).copy

    assert follow_up is not None
    assert with_a_sentence is not None
    assert ("quoted-in", "partial") == (follow_up.kind, with_a_sentence.kind)


@pytest.mark.parametrize("alphabet", ["国家安全机关公布多起间谍案件军事研究所网络管理员", "abcdefghij"])
def test_a_new_half_is_a_text_of_its_own_in_every_script_and_scattered_edits_are_not(alphabet: str):
    spaces = " " if alphabet.isascii() else ""
    words = prose(34, 300, alphabet)
    kept = article(spaces.join(words), 7)
    edited_words = [word if number % 6 else word + word[:1] for number, word in enumerate(words)]

    half = decide(article(spaces.join([*words[:100], *prose(35, 100, alphabet)])), [kept]).copy
    scattered = decide(article(spaces.join(edited_words)), [kept]).copy

    assert half is not None
    assert scattered is not None
    assert "quoted-in" == half.kind
    assert scattered.kind in ("full", "partial")


@pytest.mark.parametrize(
    ("alphabet", "letters"),
    [
        ("国家安全机关公布多起间谍案件军事研究所网络管理员", 3),
        ("ไทยกรุงเทพมหานคร", 8),
        ("가나다라마바사아자차카타파하", 2),
        ("abcdefghij", 4),
    ],
)
def test_a_round_up_with_items_of_a_line_quotes_what_it_takes_in_every_script(alphabet: str, letters: int):
    space, stop = ("", "。") if "国" in alphabet else (" ", ".") if "ไ" not in alphabet else ("", "\n")
    dice = random.Random(alphabet)
    lines = [
        space.join("".join(dice.choices(alphabet, k=dice.randint(1, letters))) for _ in range(words)) + stop
        for words in (*[9] * 4, *[12] * 8)
    ]
    items, sentences = lines[:4], lines[4:]
    kept = article("\n".join(sentences), 7)

    round_up = decide(article("\n".join(chain(*zip(items, sentences, strict=False)))), [kept]).copy
    with_an_item = decide(article("\n".join([items[0], *sentences[:5]])), [kept]).copy

    assert round_up is not None
    assert with_an_item is not None
    assert ("quoted-in", "partial") == (round_up.kind, with_an_item.kind)


def test_two_texts_about_one_thing_are_no_copies():
    kept, new = article(" ".join(prose(6)), 7), article(" ".join(prose(7)))

    assert decide(new, [kept]).copy is None


@pytest.mark.parametrize("alphabet", ["国家安全机关公布多起间谍案件军事研究所网络管理员", "ไทยกรุงเทพมหานคร"])
def test_scripts_without_spaces_are_compared_by_characters(alphabet: str):
    text = "".join(prose(8, 300, alphabet))
    kept, new = article(text, 7), article(text[: len(text) * 9 // 10])

    copy = decide(new, [kept]).copy

    assert copy is not None
    assert copy.score > 0.9


def test_a_copy_of_a_copy_belongs_to_the_first_text():
    text = " ".join(prose(9))
    kept, new = article(text, 7, copy_of=3, copy_kind="full"), article(text)

    copy = decide(new, [kept]).copy

    assert copy is not None
    assert 3 == copy.original


def test_the_text_that_others_credit_is_never_their_copy():
    text = " ".join(prose(10))
    kept = article(text, 7, credited_to="The Harbour Times")
    new = article(text, carried_by="Harbour Times")

    verdict = decide(new, [kept])

    assert verdict.copy is None
    assert [7] == list(verdict.claims)


def test_a_later_arrival_that_was_published_earlier_is_the_origin():
    text = " ".join(prose(11))
    kept = article(text, 7, published_utc=NOON, published_precision="minute")
    new = article(text, published_utc=NOON - timedelta(hours=2), published_precision="minute")

    verdict = decide(new, [kept])

    assert verdict.copy is None
    assert 7 in verdict.claims


def test_a_day_alone_proves_no_order():
    text = " ".join(prose(12))
    kept = article(text, 7, published_utc=NOON, published_precision="minute")
    new = article(text, published_utc=NOON - timedelta(hours=12), published_precision="day")

    verdict = decide(new, [kept])

    assert verdict.copy is not None
    assert {} == verdict.claims


def test_a_credit_names_an_outlet_but_not_a_part_of_a_word():
    assert names("Xinhua", "Xinhua (English)")
    assert names("GLOBAL TIMES", "The Global Times")
    assert names("GlobalSecurity.org", "GlobalSecurity")
    assert not names("RIA", "Maria Daily")
    assert not names(None, "Global Times")
    assert not names("", "")


@given(st.text(max_size=300))
def test_any_text_has_a_fingerprint_and_always_the_same(text: str):
    assert fingerprint(text) == fingerprint(text)
    assert all(0 <= value < 2**63 for value in fingerprint(text))


@given(st.text(max_size=300))
def test_a_text_holds_each_of_its_words_and_no_other(text: str):
    shingles = Shingles(text)

    assert all(shingles.holds_one_of([word, "another word"]) for word in words(text))
    assert not shingles.holds_one_of(["another word"])


@given(st.text(st.sampled_from("ab .!?\n。！？؟।国家ไทย가é\u00a0\u2028"), max_size=300))
def test_each_word_of_a_text_is_in_one_of_its_sentences(text: str):
    shingles = Shingles(text)

    assert len(shingles.tokens) == sum(shingles.sentences)


@given(st.integers(0, 10_000), st.integers(0, 300))
def test_a_part_of_a_text_has_a_part_of_its_fingerprint(seed: int, start: int):
    words = prose(seed)
    part, whole = fingerprint(" ".join(words[start:])), fingerprint(" ".join(words))

    # Of a short part more is taken than its share.
    assert part <= whole or len(part) == 8


def edited(words: list[str], share: float, seed: int) -> str:
    dice = random.Random(seed)
    return " ".join("other" + word if dice.random() < share else word for word in words)


def test_a_text_with_a_fifth_of_its_words_changed_is_still_a_copy():
    words = prose(13)

    copy = decide(article(edited(words, 0.2, 1)), [article(" ".join(words), 7)]).copy

    assert copy is not None
    assert copy.original == 7


def test_other_quotes_dashes_ligatures_capitals_and_soft_hyphens_change_nothing():
    words = ["office", "first", "don't", "well-known", *prose(14, 200)]
    plain = " ".join(words)
    typeset = (
        plain.replace("ffi", "ﬃ")
        .replace("fi", "ﬁ")
        .replace("'", "’")
        .upper()
        .replace(" ", "\u00a0")
        .replace("EE", "E\u00adE")
    )

    assert fingerprint(plain) == fingerprint(typeset)


def test_a_text_in_traditional_characters_is_a_copy_of_the_same_in_simplified_ones():
    simplified = "海云省商务厅表示，大西洋贸易委员会将企业列入实体清单，扰乱了全球供应链，损害了双方企业的利益。"
    traditional = "海雲省商務廳表示，大西洋貿易委員會將企業列入實體清單，擾亂了全球供應鏈，損害了雙方企業的利益。"

    copy = decide(article(traditional), [article(simplified, 7)]).copy

    assert fingerprint(traditional) == fingerprint(simplified)
    assert copy is not None
    assert ("full", 1.0) == (copy.kind, copy.score)


FLASH = "A strong earthquake of magnitude 6.1 struck off Kelp Island on Monday, the survey said."
FLASH_TITLES = ("Earthquake off Kelp Island", "Kelp Island feels the ground shake")


@pytest.mark.parametrize(
    ("text", "titles"),
    [(FLASH, FLASH_TITLES), ("中国地震台网正式测定：海云省发生6.1级地震。", ("海云省地震", "海云发生6.1级地震"))],
)
def test_equal_flashes_of_several_outlets_are_copies_at_any_length(text: str, titles: tuple[str, str]):
    with open_archive("sqlite:///:memory:") as archive:
        flashes = [
            replace(article(text.upper() if number else text, number), title=title, source=f"s{number}")
            for number, title in enumerate(titles)
        ]
        # In one batch, as they come from one poll.
        keep_drafts(archive, [Draft(reading(each), Source(each.source, each.source, "")) for each in flashes], NOON)
        first, second = archive.articles.many([1, 2])

    assert (first.copy_of, second.copy_of, second.copy_kind) == (None, 1, "full")


def test_a_short_line_in_place_of_many_articles_is_no_copy():
    line = "Follow us for all the news of the day from our own reporters."
    one = replace(article(line, 7), title="Minister visits the harbour")
    other = replace(article(line), title="Harbour closes for the winter")

    assert decide(other, [one]).copy is None
    assert decide(replace(other, title="All the news of the day"), [one]).copy is not None


def test_a_text_of_hardly_a_line_is_nobody_s_copy():
    text = "We will have more on this soon."

    assert fingerprint(text) == frozenset()
    assert decide(article(text), [article(text, 7)]).copy is None


def test_an_endless_text_has_a_fingerprint_of_bounded_size():
    assert len(fingerprint(" ".join(prose(15, 60_000)))) <= 512


def test_an_article_is_never_a_copy_of_itself_or_of_its_own_copies():
    text = " ".join(prose(16))
    copy = article(text, 8, copy_of=7, copy_kind="full")

    assert decide(article(text), [article(text, 7), copy], known=7).copy is None
    assert decide(article(text), [copy]).copy is not None


def test_what_was_taken_from_a_partial_copy_is_no_copy_of_what_that_one_took():
    first, second = prose(22), prose(23)
    middle = article(" ".join([*first[:200], *second]), 8, copy_of=7, copy_kind="partial")
    original = article(" ".join(first), 7)

    own_part = decide(article(" ".join(second)), [original, middle]).copy
    taken_part = decide(article(" ".join(first[:180])), [original, middle]).copy

    assert own_part is not None
    assert taken_part is not None
    assert (own_part.original, taken_part.original) == (8, 7)


def test_a_short_beginning_in_one_batch_with_its_whole_and_many_reprints_is_found_by_one_hash():
    words, title = prose(42, 140), "Harbour closes for the winter"
    whole = fingerprint(" ".join(words))
    begin = next(at for at in range(100) if len(fingerprint(" ".join(words[at : at + 30])) & whole) == 1)
    texts = [" ".join(words)] * 8 + [" ".join(words[begin : begin + 30])]
    with open_archive("sqlite:///:memory:") as archive:
        drafts = [
            Draft(reading(replace(article(text, n), title=title, source=f"s{n}")), Source(f"s{n}", f"s{n}", ""))
            for n, text in enumerate(texts)
        ]
        keep_drafts(archive, drafts, NOON)
        kept = archive.articles.many(range(1, 10))

    assert [(1, "full")] * 7 + [(1, "partial")] == [(each.copy_of, each.copy_kind) for each in kept[1:]]


def test_a_teaser_that_came_before_what_shows_whose_it_is_is_folded_then():
    words = prose(41, 300)
    original = article(" ".join(words), 7, published_utc=NOON, published_precision="minute")
    half = replace(original, id=None, url="http://b.example/", text=" ".join(words[:150]))
    half = replace(half, published_utc=NOON + timedelta(hours=1))
    teaser = replace(half, id=8, text=" ".join(words[:40]), published_utc=NOON + timedelta(hours=2))

    verdict = decide(half, [original, teaser])

    assert verdict.copy is not None
    assert (7, [(8, 7)]) == (
        verdict.copy.original,
        [(id_, copy.original) for id_, copy in verdict.claims.items() if copy is not None],
    )


def test_who_quotes_what_a_copy_has_from_its_original_quotes_the_original():
    words = prose(37, 900)
    original, shortened = article(" ".join(words), 7), article(" ".join(words[:90]), 8, copy_of=7, copy_kind="partial")
    quotes = article(" ".join([*prose(38, 150), *words[10:70], *prose(39, 150)]))

    copy = decide(quotes, [shortened, original]).copy

    assert copy is not None
    assert (7, "quoted-in") == (copy.original, copy.kind)


def test_of_texts_that_hold_it_the_one_with_least_beside_it_is_the_original():
    words = prose(17)
    whole, around = " ".join(words), " ".join([*prose(18), *words, *prose(19)])
    roundup = article(around, 6, copy_of=7, copy_kind="quoted-in")

    copy = decide(article(" ".join(words[:200])), [roundup, article(whole, 7)]).copy

    assert copy is not None
    assert copy.original == 7


def test_a_wall_that_stands_in_place_of_many_articles_is_no_text_that_one_took_from_the_other():
    wall = " ".join(prose(20, 60))
    kept = article(wall, 7)

    one, other = replace(kept, title="Minister resigns over bridge"), replace(kept, title="Lighthouse reopens", id=8)

    assert decide(replace(one, id=None), [other]).copy is None
    assert decide(replace(one, id=None), [replace(other, title="The minister who resigns")]).copy is not None


def test_of_many_pages_with_one_wall_those_under_one_title_are_one_text():
    wall = " ".join(prose(40, 60))
    titles = [*(f"Start page {number}" for number in range(6)), *(f"Access denied {number}" for number in range(3))]
    with open_archive("sqlite:///:memory:") as archive:
        for number, title in enumerate(titles):
            page = replace(article(f"{wall} {number}", number), title=title, source=f"s{number}")
            keep_drafts(archive, [Draft(reading(page), Source(page.source, page.source, ""))], NOON)
        kept = archive.articles.many(range(1, 10))

    assert [None, *[1] * 5, None, 7, 7] == [each.copy_of for each in sorted(kept, key=lambda each: each.id or 0)]


QUAKE = (
    "An earthquake of magnitude {0} struck {1} km from {2} on {3} at a depth of {4} km, the geological survey said. "
    "There were no immediate reports of damage or casualties. People in {5} felt the shaking."
)


def test_another_event_that_is_told_in_the_same_form_is_no_copy():
    one = article(QUAKE.format("6.1", 20, "Sundhaven", "Friday", 35, "Brest"), 7)
    other = article(QUAKE.format("4.4", 71, "Kelp Island", "Tuesday", 10, "Eastport"))
    one, other = replace(one, title="Earthquake near Sundhaven"), replace(other, title="Earthquake near Kelp Island")

    assert decide(other, [one]).copy is None


def test_a_copy_that_changes_a_number_or_a_name_is_still_one():
    one = article(QUAKE.format("6.1", 20, "Sundhaven", "Friday", 35, "Brest"), 7)

    copies = [
        decide(article(one.text.replace(before, after)), [one]).copy
        for before, after in (("6.1", "7.5"), ("Sundhaven", "Kelp Island"), ("20 km", "80 km"))
    ]
    assert [copy and copy.original for copy in copies] == [7, 7, 7]


def test_what_proves_the_direction_is_told():
    text = " ".join(prose(21))
    early = article(text, 7, carried_by="Harbour Times", published_utc=NOON, published_precision="minute")
    late = replace(early, id=8, url="http://b.example/8", carried_by="Mirror", published_utc=NOON + timedelta(hours=1))
    undated = replace(late, published_utc=None, published_precision="none")

    assert proof(late, early) == "time"
    assert proof(early, late) == "open"
    assert proof(undated, early) == "open"
    assert proof(replace(undated, credited_to="Harbour Times"), early) == "credit"
    assert proof(replace(undated, canonical_url=early.url), early) == "credit"
    # The credit counts more than the clock.
    assert proof(replace(early, credited_to="Mirror"), late) == "credit"
    assert proof(late, replace(early, credited_to="Mirror")) == "open"
    # Outlets that name one another, or only themselves, prove nothing.
    assert proof(replace(undated, credited_to="Harbour Times"), replace(early, credited_to="Mirror")) == "open"


def test_an_agency_is_named_by_each_of_its_names():
    assert names("新华社", "Xinhua")
    assert names("ТАСС", "TASS")
    assert not names("ТАСС", "Xinhua")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reuters", "Reuters news agency"),
        ("Xinhua", "Xinhua News"),
        ("BBC", "BBC News"),
        ("Al Jazeera", "Al Jazeera English"),
        ("agencia EFE", "EFE"),
        ("агентство Синьхуа", "新华社"),
        ("РИА Новости", "RIA Novosti"),
        ("环球时报（英文）", "Global Times"),
        ("وكالة شينخوا", "وكالة شينخوا"),
    ],
)
def test_names_of_one_outlet_name_each_other(one: str, other: str):
    assert names(one, other)
    assert names(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Times", "Global Times"),
        ("The Times", "Times of India"),
        ("Herald", "Coast Herald"),
        ("Business Times", "International Business Times"),
        ("Interfax", "Interfax-Ukraine"),
        ("China Daily", "China Daily Asia Weekly"),
        ("Daily", "Daily News"),
        ("РИА Новости", "РИА Новости Крым"),
        ("日报", "人民日报"),
        ("人民日报", "人民日报海外版"),
        ("الأهرام", "الأهرام المسائي"),
    ],
)
def test_a_part_of_a_name_names_another_outlet(one: str, other: str):
    assert not names(one, other)
    assert not names(other, one)


@pytest.mark.parametrize(
    "credit",
    ["Xinhua/Reuters", "Reuters, Xinhua", "Xinhua, agencies", "新华社、路透社", "TASS and Xinhua", "Xinhua & AP"],
)
def test_each_part_of_a_credit_is_named(credit: str):
    assert names(credit, "Xinhua")
    assert not names(credit, "Agencies United")
    assert not names("The Post and Courier", "The Courier")
    assert names("The Post and Courier", "Post and Courier")


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_two_texts_can_be_compared(one: str, other: str):
    verdict = decide(article(one), [article(other, 7), article(one + other, 8, copy_of=7, copy_kind="partial")])

    assert verdict.copy is None or 0 < verdict.copy.score <= 1


@st.composite
def chains(draw: st.DrawFn) -> list[Article]:
    """Draw a text and its reprints, each taken from the one before it, in an order of arrival in which all is proven.

    A link is proven by its credit, or by the minutes of both; some have both proofs.
    """
    words = prose(draw(st.integers(0, 99)), 120)
    made: list[Article] = []
    for number in range(draw(st.integers(2, 5))):
        timed = draw(st.booleans())
        is_credited = number > 0 and (not timed or not made[-1].published_utc or draw(st.booleans()))
        made.append(
            Article(
                url=f"http://{number}.example/",
                source=f"outlet{number}",
                title="Boat held",
                text=" ".join([*words, *prose(1000 + number, 3 if number else 0)]),
                carried_by=f"Outlet{number}",
                credited_to=f"Outlet{number - 1}" if is_credited else None,
                published_utc=NOON + timedelta(hours=number) if timed else None,
                published_precision="minute" if timed else "none",
            )
        )
    return draw(st.permutations(made))


@given(chains())
def test_a_chain_of_reprints_ends_at_its_first_text_in_whatever_order_it_arrives(chain: list[Article]):
    with open_archive("sqlite:///:memory:") as archive:
        for each in chain:
            keep_drafts(archive, [Draft(reading(each), Source(each.source, each.carried_by, ""))], NOON)
        kept = {each.source: each for each in archive.articles.many(range(1, len(chain) + 1))}

    first = kept.pop("outlet0")
    assert first.copy_of is None
    assert {each.copy_of for each in kept.values()} == {first.id}


def test_what_credits_an_outlet_was_there_after_it_whatever_the_outlet_s_own_clock_says():
    text = " ".join(prose(36))
    updated = article(text, 1, carried_by="Wire", published_utc=NOON, published_precision="minute")
    credits_it = replace(updated, id=2, carried_by="Mirror", credited_to="Wire", copy_of=1, copy_kind="full")
    credits_it = replace(credits_it, published_utc=NOON - timedelta(hours=2))
    between = replace(updated, id=None, carried_by="Post", published_utc=NOON - timedelta(hours=1))

    verdict = decide(between, [updated, credits_it])

    assert verdict.copy is not None
    assert (1, {}) == (verdict.copy.original, verdict.claims)


def test_endless_lists_of_names_and_numbers_are_compared_in_a_moment():
    dice = random.Random(40)
    listed = [str(dice.randrange(10**6)) if dice.random() < 0.5 else word.title() for word in prose(41, 60_000)]
    changed = [str(dice.randrange(10**6)) if dice.random() < 0.1 else word for word in listed]
    begun = time.process_time()

    assert decide(article(" ".join(changed)), [article(" ".join(listed), 7)]).copy is not None
    assert time.process_time() - begun < 3
