from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise, product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler import query
from crawler.errors import QueryError
from crawler.query import (
    And,
    Document,
    Everything,
    Field,
    Filter,
    Match,
    Near,
    Node,
    Not,
    Or,
    Term,
    dates,
    explain,
    parse,
    show,
)
from crawler.records import Article, Source

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TASS = Source(key="tass", name="TASS", homepage="", country="ru", kind="agency", control="state", owner="Russia")


def article(text: str = "", *, title: str = "", **more: object) -> Article:
    return Article(url="https://news.tass.com/1", source="tass", title=title, text=text, **more)  # type: ignore[arg-type]


def found(text: str, asked: Article) -> Match | None:
    return query.matches(parse(text), Document(asked, TASS), NOW)


def marked(text: str, asked: Article, name: str = "text") -> list[str]:
    document = Document(asked, TASS)
    match = query.matches(parse(text), document, NOW)
    return [] if match is None else [document.texts[name][start:end] for start, end in match.spans.get(name, [])]


def fault(text: str) -> tuple[int, str, str]:
    with pytest.raises(QueryError) as caught:
        parse(text)
    _, at, problem, remedy = caught.value.args
    return at, problem, remedy


# Random trees, as parse gives them.
WORDS = st.sampled_from(
    ["spy", "état", "Spione", "中国", "人", "ข่าว", "جاسوس", "جاسوسي", "می‌رود", "шпион", "сім'ю", "U.S.", "don't", "AND",
     "near", "5", "한국", "スパイ", "מרגל", "κατασκοποσ", "istanbul", "ນັກ", "ចារ", "သူလျှို", "gian diep"]
)  # fmt: skip
TERMS = st.one_of(
    st.builds(Term, WORDS), st.builds(Term, st.just("arrest"), st.booleans()), st.builds(Term, st.just("state tv"))
)
FILTERS = st.sampled_from(
    [
        Filter("source", "tass"),
        Filter("credited", "Global Times"),
        Filter("lang", "zh"),
        *(Filter(name, "unknown") for name in ("lang", "kind", "control", "country")),
        Filter("after", "2019-11-01"),
        Filter("before", "2019-11-01t10:30"),
        Filter("copies", "no"),
        Filter("watch", "two words"),
    ]
)
NEARS = st.builds(
    Near,
    st.lists(st.one_of(TERMS, st.builds(lambda a, b: Or((a, b)), TERMS, TERMS)), min_size=2, max_size=3).map(tuple),
    st.integers(0, 99),
    st.booleans(),
)


def joined(parts: st.SearchStrategy[Node], *, negations: bool = True) -> st.SearchStrategy[Node]:
    some = st.lists(parts, min_size=1, max_size=3).map(tuple)
    less = st.builds(lambda a, b: query.all_of((a, Not(b))), parts, parts)
    return st.one_of(some.map(query.all_of), some.map(query.any_of), *([less] if negations else []))


TEXTUAL: st.SearchStrategy[Node] = st.recursive(st.one_of(TERMS, NEARS), joined, max_leaves=4)
LEAVES = st.one_of(TERMS, NEARS, FILTERS, st.builds(Field, st.sampled_from(query.FIELDS), TEXTUAL))
TREES: st.SearchStrategy[Node] = st.recursive(LEAVES, joined, max_leaves=8).filter(
    lambda node: (
        query.is_positive(node)
        and all(query.is_positive(part.part) for part in query.walk(node) if isinstance(part, Not))
    )
)
SCRAPS = st.lists(
    st.sampled_from(
        ["spy", "(", ")", '"', "-", " ", " AND ", " OR ", "NOT ", " NEAR/5 ", " W/2 ", "NEAR", "*", "title:", "source:",
         "after:", "2019", "7d", "foo:",
         "中国", "人", "“", "：", "，", "、", "\\", "|", "&",
         "\n", "\0", "\ud800", "kind:", "state", "url:", "http://a.b/c"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(TREES)
def test_what_is_shown_reads_back_as_the_same_tree(node: Node) -> None:
    assert parse(show(node)) == node


@given(st.one_of(st.text(max_size=40), SCRAPS))
@example('"foo**"')
@example("'10:30\\' '\\\\'*")
@example('"10:30\\"* OR ("10:30\\")')
@example("title:title:a")
@example("NOT NOT NOT a")
def test_every_string_is_a_query_or_a_marked_fault(text: str) -> None:
    try:
        node = parse(text)
    except QueryError as error:
        _, at, problem, remedy = error.args
        assert 0 <= at <= len(text)
        assert problem
        assert remedy
        str(error).encode()
    else:
        assert parse(show(node)) == node
        assert explain(node)
        assert all(query.doubts(text))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        ("spy china", And((Term("spy"), Term("china")))),
        ("spy AND china", And((Term("spy"), Term("china")))),
        ("spy | china", Or((Term("spy"), Term("china")))),
        ("a OR b c", Or((Term("a"), And((Term("b"), Term("c")))))),
        ("(a OR b) c", And((Or((Term("a"), Term("b"))), Term("c")))),
        ("a -b", And((Term("a"), Not(Term("b"))))),
        ("a NOT b", And((Term("a"), Not(Term("b"))))),
        ("a AND NOT b", And((Term("a"), Not(Term("b"))))),
        ("a -(b OR c)", And((Term("a"), Not(Or((Term("b"), Term("c"))))))),
        ('"state  tv"', Term("state tv")),
        ("arrest*", Term("arrest", prefix=True)),
        ('"state tele*"', Term("state tele", prefix=True)),
        ("state-run and don't", And((Term("state-run"), Term("and"), Term("don't")))),
        ("a NEAR/5 b", Near((Term("a"), Term("b")), 5)),
        ("a W/2 (b OR c)", Near((Term("a"), Or((Term("b"), Term("c")))), 2, ordered=True)),
        ("-a NEAR/5 b c", And((Not(Near((Term("a"), Term("b")), 5)), Term("c")))),
        ("Title: spy", Field("title", Term("spy"))),
        ('author:"Liu Xin"', Field("author", Term("Liu Xin"))),
        ("text:(a -b)", Field("text", And((Term("a"), Not(Term("b")))))),
        ("country:CN", Filter("country", "cn")),
        ("lang:JP lang:cn-Hant lang:kr lang:ua lang:iw", parse("lang:ja lang:zh-hant lang:ko lang:uk lang:he")),
        ("lang:in lang:gr lang:cz lang:dk lang:vn lang:no", parse("lang:id lang:el lang:cs lang:da lang:vi lang:nb")),
        ("country:UK country:gb lang:uk", parse("country:gb country:gb lang:ua")),
        ('credited:"Global Times"', Filter("credited", "Global Times")),
        ("site:https://www.BBC.co.uk/news", Filter("site", "bbc.co.uk")),
        ("site:www.tass.com site:www.example", And((Filter("site", "tass.com"), Filter("site", "www.example")))),
        ("after:yesterday", Filter("after", "yesterday")),
        ("-source:tass", Not(Filter("source", "tass"))),
        ("‘state tv’ ‹a b› 'c d' don't 'tis", parse('"state tv" "a b" "c d" don\'t "\'tis"')),
        ('"he said ‘no thanks’ twice"', Term("he said ‘no thanks’ twice")),
        (
            "ｓｐｙ　ＮＥＡＲ／５　ａｇｅｎｔ　ａｆｔｅｒ：２０１９－１１－０１",
            parse("spy NEAR/5 agent after:2019-11-01"),
        ),
        ("间谍，案件、法院；审判", parse("间谍 案件 法院 审判")),
        ("（间谍，案件）source:tass，‘state tv’，(a OR b)", parse('(间谍 案件) source:tass "state tv" (a OR b)')),
        ('"间谍，案件"', Term("间谍，案件")),
        ('שב"כ', Term("שב״כ")),
        # Letters that only Unicode takes for an s or a k.
        ("ſource:tass \u212aind:x", parse('"ſource:tass" "\u212aind:x"')),
        ("“state tv” （中国 ｜ 中） title：spy −sport", parse('"state tv" (中国 | 中) title:spy -sport')),
    ],
)
def test_queries_become_trees(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "at", "problem", "remedy"),
    [
        ("-sport", 0, "only what to leave out", "spy -sport"),
        ("a OR NOT b", 5, "only what to leave out", "before it"),
        ("spy &", 4, "no letter and no digit", "AND for &"),
        ('a "b c', 2, "not closed", 'another "'),
        ('"spy \\"x\\" court"', 5, "inside a phrase", "leave the inner ones out"),
        ('a title:("spy" “say \\"no\\" twice” b)', 20, "inside a phrase", "leave the inner ones out"),
        ("(a OR b", 7, "( is not closed", "write )"),
        ("a)", 1, "closes nothing", "take it out"),
        ("a ()", 3, "nothing stands between", "take them out"),
        ("OR b", 0, "OR cannot stand here", '"OR"'),
        ("a AND", 5, "missing behind AND", "write a word"),
        ("a - b", 2, "leaves nothing out", "-sport"),
        ("ab*", 0, "3 letters", "ab*"),
        ("a*b", 1, "only at the end", "a*"),
        ("a NEAR b", 2, "needs a number", "NEAR/5"),
        ("a NEAR:3 b", 2, "needs a number", "NEAR/3"),
        ("a W:2 b", 2, "W needs a number", "W/2"),
        ("a *spy", 2, "only at the end", "write spy*"),
        ("since:2019 a", 0, "no field or filter since:", "write after:"),
        ("a (from:7d until:2019)", 3, "no field or filter from:", "write after:"),
        ("until:2019", 0, "no field or filter until:", "write before:"),
        ("to:2019", 0, "no field or filter to:", "write before:"),
        ("url:x.example/1", 4, "cannot be", "write url:https://x.example/1"),
        ("http://", 0, "no word", "the whole address"),
        ("a https://x.example/1?b=c d", 2, "no word", "write url:https://x.example/1?b=c or site:x.example"),
        ("a NEAR/500 b", 2, "99 apart", "NEAR/99"),
        (" NEAR/5 ".join(["war"] * 6), 0, "may be the same word", "AND"),
        ("a NEAR/5 source:b", 9, "joins words", "with AND"),
        ("titel:spy", 0, "no field or filter titel:", "title:"),
        ("https://example.org/a", 0, "no word", "url:"),
        ("after:soon", 6, "cannot be 'soon'", "2019-11-01"),
        ("a source:", 2, "needs one value", "source:value"),
        ("source:(a OR b)", 0, "needs one value", "source:one OR"),
        ("kind:newspapr", 5, "cannot be 'newspapr'", "newspaper?"),
        ("country:china", 8, "cannot be 'china'", "cn"),
        ("title:(a source:b)", 6, "only words can stand", "close"),
        ("spy " * 501, 0, "500 words", "split"),
        ("(" * 30 + "a" + ")" * 30, 9, "20 deep", "take some"),
    ],
)
def test_a_fault_is_marked_and_its_repair_proposed(text: str, at: int, problem: str, remedy: str) -> None:
    marked_at, said, proposed = fault(text)

    assert problem in said
    assert remedy in proposed
    assert at == marked_at


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("spies AND (", 11),
        ("中国　间谍 after:soon", 17),
        ("e\u0301tat kind:x", 10),
        ("น้ำ kind:x", 8),
        ("한국 ｽﾊﾟｲ kind:x", 15),
        ("spy\x1b kind:x", 10),
    ],
)
def test_a_fault_is_marked_in_the_column_where_a_terminal_shows_it(text: str, columns: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    _, shown, mark, *_ = str(caught.value).split("\n")

    assert not mark.removesuffix("^").strip()
    assert columns == len(mark) - len("  ^")
    assert "\x1b" not in shown


def test_a_fault_in_a_long_query_is_shown_with_what_stands_around_it() -> None:
    with pytest.raises(QueryError) as caught:
        parse("中国 " * 100 + "kind:x " + "中国 " * 100)
    _, shown, mark, *_ = str(caught.value).split("\n")

    assert "中国 kind:x 中国" in shown
    assert len(mark) <= 63


@pytest.mark.parametrize(
    "bomb",
    [
        "(" * 9_000,
        "(" * 4_900 + "a" + ")" * 4_900,
        "NOT " * 2_000 + "a",
        "((a OR b) NEAR/9 " * 500,
        "a OR " * 2_400 + "a",
        "x" * 20_000,
        "'a" + " " * 60_000,
    ],
)
def test_bombs_are_refused_or_read_at_once(bomb: str) -> None:
    parse("warm")
    started = time.process_time()
    with suppress(QueryError):
        parse(bomb)

    # What backtracks takes minutes; a loaded machine gets some air.
    assert time.process_time() - started < 3


def group(word: str, number: int) -> str:
    return f"({' OR '.join(f'{word}{each}' for each in range(number))})"


@pytest.mark.parametrize(
    ("text", "at", "problem", "remedy"),
    [
        (f"spy {group('a', 41)} NEAR/5 {group('b', 40)}", 4, "1,640 pairs", "fewer words"),
        (f"{group('a', 5)} W/5 {group('b', 5)} W/5 {group('c', 5)}", 0, "125 combinations", "fewer words"),
        (" NEAR/99 ".join(["a"] * 11), 0, "may hold 10 words or groups", "joined by AND"),
        (" OR ".join([f"{group('a', 30)} W/5 {group('b', 30)}"] * 3), 0, "2,700 combinations", "split"),
        (
            " OR ".join([" NEAR/99 ".join(group(letter, 2) for letter in "abcdef")] * 8),
            0,
            "2,560 combinations",
            "split",
        ),
        (" OR ".join(["a W/5 b"] * 101), 0, "100 rows of W/n", "NEAR/n"),
        (" OR ".join([" W/99 ".join(["a"] * 10)] * 21), 0, "210 words stand in rows of W/n", "NEAR/n"),
        ("(w OR a -" * 11 + "b" + ")" * 11, 0, "20 deep", "take some"),
    ],
)
def test_what_costs_too_much_to_answer_is_refused(text: str, at: int, problem: str, remedy: str) -> None:
    marked_at, said, proposed = fault(text)

    assert problem in said
    assert remedy in proposed
    assert at == marked_at


def test_what_an_analyst_asks_is_not_refused() -> None:
    parse(f"{group('a', 40)} NEAR/10 {group('b', 40)} -{group('c', 200)} ({' OR '.join(['wor*'] * 40)})")
    parse(" W/9 ".join("abcdefghij"))


@pytest.mark.parametrize(
    ("watches", "problem"),
    [
        ({"a": f"{group('a', 40)} NEAR/9 {group('b', 40)}"}, "with its watches, .* 4,800 combinations"),
        ({"a": "(w OR a -" * 8 + "b" + ")" * 8}, "with its watches, .* 20 deep"),
    ],
)
def test_what_costs_too_much_with_its_watches_is_refused(watches: dict[str, str], problem: str) -> None:
    watches |= {"b": "x OR (y watch:a)", "c": "x OR (y watch:b)", "d": "watch:a OR (z watch:a) OR (z watch:c)"}
    with pytest.raises(QueryError, match=problem):
        query.expand(parse("watch:d"), watches)


def test_an_article_that_repeats_a_word_for_ever_is_asked_in_no_time() -> None:
    asked = Document(article("a b a b c " * 5_000), TASS)
    started = time.process_time()
    for text in (
        "a NEAR/5 b",
        "(a OR b) NEAR/99 (a OR c)",
        "a W/99 b W/99 a",
        '"a b a b"',
        "a NEAR/99 a NEAR/99 (a OR c)",
    ):
        assert query.matches(parse(text), asked, NOW)

    # Comparing each with each takes many times as long.
    assert time.process_time() - started < 6


def test_watches_that_use_each_other_twice_do_not_grow_without_end() -> None:
    watches = {"w0": "spy", **{f"w{n}": f"watch:w{n - 1} OR (c{n} watch:w{n - 1})" for n in range(1, 40)}}
    started = time.process_time()
    with pytest.raises(QueryError, match="more than 5,000 parts"):
        query.expand(parse("watch:w39"), watches)

    assert time.process_time() - started < 3

    row = {"w0": "spy", **{f"w{n}": f"watch:w{n - 1} x" for n in range(1, 900)}}
    with pytest.raises(QueryError, match="50 deep"):
        query.expand(parse("watch:w899"), row)


def test_a_query_is_told_in_words() -> None:
    told = explain(parse('title:spy ("state tv" OR CCTV) -sport credited:"Global Times" after:2019-11-01'))

    assert told == (
        "articles with the word “spy” in the title and [with the phrase “state tv” or with the word “CCTV”] "
        "and credited to “Global Times” and published on or after 2019-11-01, except those with the word “sport”"
    )


def test_words_are_marked_in_the_original_text() -> None:
    asked = article("Zu\u0308rich: STRASSE und Straße. 发展中国家在中国。 عَرَبِيّ", title="Zürich")

    assert marked("zurich", asked) == ["Zu\u0308rich"]
    assert marked("zurich", asked, "title") == ["Zürich"]
    assert marked("straße", asked) == ["STRASSE", "Straße"]
    assert marked("中国", asked) == ["中国", "中国"]
    assert marked("国", asked) == ["国", "国"]
    assert marked("国家在", asked) == ["国家在"]
    assert marked("عربي", asked) == ["عَرَبِيّ"]
    assert marked("str*", asked) == ["STRASSE", "Straße"]


def test_only_what_made_the_query_true_is_marked() -> None:
    asked = article("A spy met a spy. Sport was played far from any agent of the state.")

    assert marked("(sport chess) OR spy", asked) == ["spy", "spy"]
    assert marked("spy NEAR/3 met", asked) == ["spy", "met", "spy"]
    assert marked("spy W/0 met", asked) == ["spy", "met"]
    assert marked("met W/1 spy", asked) == ["met", "spy"]
    assert marked("state W/9 spy", asked) == []
    assert marked("spy NEAR/5 spy", asked) == ["spy", "spy"]
    assert marked("state NEAR/5 state", asked) == []
    assert marked('spy -"sport chess"', asked) == ["spy", "spy"]


@given(
    st.lists(st.sampled_from("abc"), max_size=9),
    st.lists(st.sampled_from(["a", "b", "a b", "b a a"]), min_size=2, max_size=4),
    st.integers(0, 3),
)
@example(["a", "a", "b"], ["a", "a", "b"], 1)
def test_near_wants_as_many_words_as_it_names(words: list[str], phrases: list[str], distance: int) -> None:
    def places(wanted: list[str]) -> list[tuple[int, int]]:
        ends = [(at, at + len(wanted)) for at in range(len(words))]
        return [(first, behind) for first, behind in ends if words[first:behind] == wanted]

    def are_near(spots: tuple[tuple[int, int], ...]) -> bool:
        *before, (last, _) = row = sorted(spots)
        return all(one[1] <= other[0] for one, other in pairwise(row)) and all(
            last - end <= distance for _, end in before
        )

    node = parse(f" NEAR/{distance} ".join(f'"{phrase}"' for phrase in phrases))
    expected = any(map(are_near, product(*(places(phrase.split()) for phrase in phrases))))

    assert expected == query.is_match(node, Document(article(" ".join(words))))


def test_the_words_of_a_match_are_told_once_each() -> None:
    match = found("spy OR agent", article("Spy, SPY and an agent"))

    assert match is not None
    assert match.words == ("Spy", "agent")


@pytest.mark.parametrize(
    "text",
    [
        "source:tass", "source:TASS", "kind:agency", "control:state", "owner:russia", "country:ru", "lang:zh",
        "lang:zh-hant", 'credited:"global times"', "credited:Times", "site:tass.com", "site:news.tass.com",
        "site:www.tass.com",
        "url:https://news.tass.com:443/1", "after:2019-11-06", "after:2019", "before:2019-11-07", "before:7d",
        "seen-after:yesterday", "seen-before:2027", "copies:no", "copies:yes", "-copies:only", "tag:China",
        "completeness:full", "form:article", "-form:live", "paywalled:no", "-paywalled:yes", "story:7", "-source:cctv",
        "(country:cn OR country:ru) -lang:en",
    ],
)  # fmt: skip
def test_an_article_passes_its_filters(text: str) -> None:
    asked = article(
        published="2019-11-06T19:13:40",
        language="zh-Hant",
        credited_to="The Global Times, Beijing",
        tags=("china", "spies"),
        first_seen=datetime(2026, 11, 22, tzinfo=UTC),
        story=7,
    )

    assert found(text, asked) is not None


def test_a_country_is_found_by_either_of_its_codes() -> None:
    for code in ("uk", "gb"):
        source = replace(TASS, country=code)

        assert query.is_match(parse("country:uk"), Document(article(), source))
        assert query.is_match(parse("country:gb"), Document(article(), source))


def test_the_names_of_an_agency_are_one() -> None:
    assert found("credited:Xinhua", article(credited_to="新华社")) is not None
    assert found("credited:新华网", article(credited_to="Xinhua")) is not None
    assert found("credited:TASS", article(credited_to="Xinhua")) is None


def test_an_undated_article_is_in_no_range_of_dates() -> None:
    assert found("after:1900", article()) is None
    assert found("before:2100", article()) is None


def test_a_watch_is_put_in_place_of_its_name() -> None:
    watches = {"spies": "spy OR agent", "chinese spies": "watch:spies china"}

    assert query.expand(parse('watch:"chinese spies" -sport'), watches) == parse("(spy OR agent) china -sport")


@pytest.mark.parametrize(
    ("text", "watches", "problem"),
    [
        ("watch:a", {"a": "watch:b x", "b": "watch:a y"}, "a -> b -> a"),
        ("watch:a", {"a": "watch:a"}, "a -> a"),
        ("watch:spies", {"spyes": "x"}, "no watch spies"),
    ],
)
def test_circles_and_unknown_watches_are_refused(text: str, watches: dict[str, str], problem: str) -> None:
    with pytest.raises(QueryError, match=problem):
        query.expand(parse(text), watches)


def test_a_date_that_moves_is_marked_where_it_was_typed() -> None:
    with pytest.raises(QueryError) as caught:
        query.check_watch("spy,   (court  After:2019 OR　AFTER：７D)")

    typed, at, *_ = caught.value.args
    assert "AFTER:7D)" == typed[at:]


@pytest.mark.parametrize(
    "text", ["spy after:7d", "spy story:3", "spy note:look", "spy marked:irrelevant", "spy seen-before:yesterday"]
)
def test_a_watch_means_the_same_tomorrow(text: str) -> None:
    with pytest.raises(QueryError, match="a watch cannot use"):
        query.check_watch(text)


@pytest.mark.parametrize(
    ("written", "begin", "end"),
    [
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2028-2", "2028-02-01", "2028-03-01"),
        ("2026-02-28", "2026-02-28", "2026-03-01"),
        ("20260228", "2026-02-28", "2026-03-01"),
        ("2026-w10", "2026-03-02", "2026-03-09"),
        ("2026-w10-7", "2026-03-08", "2026-03-09"),
        ("today", "2019-11-23", "2019-11-24"),
        ("yesterday", "2019-11-22", "2019-11-23"),
        ("7d", "2019-11-16T12:00", "2019-11-16T12:00"),
        ("2026-02-28t07:30+01:00", "2026-02-28T06:30", "2026-02-28T06:30"),
    ],
)
def test_a_date_ends_when_its_year_month_week_or_day_is_over(written: str, begin: str, end: str) -> None:
    now = datetime(2019, 11, 23, 12, tzinfo=UTC)

    assert dates.is_date(written)
    assert begin == f"{dates.moment(written, now):%Y-%m-%dT%H:%M}".removesuffix("T00:00")
    assert end == f"{dates.ending(written, now):%Y-%m-%dT%H:%M}".removesuffix("T00:00")


@settings(max_examples=30)
@given(TREES)
def test_a_query_in_words_says_something(node: Node) -> None:
    told = explain(node)

    assert told.startswith(("articles ", "all articles except "))
    assert not any(slip in told for slip in (" ,", "[,", "those all", "or except", "  "))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("-source:tass", "all articles except those from the source tass"),
        ("NOT NOT NOT source:tass", "all articles except those from the source tass"),
        ("NOT NOT source:tass", "articles from the source tass"),
        ("-source:tass -lang:ru", "all articles except those from the source tass and those in the language ru"),
        ("-(source:tass lang:ru)", "all articles except those [from the source tass and in the language ru]"),
        ("spy OR -source:tass", "articles with the word “spy” or [all except those from the source tass]"),
        ("spy -a -b", "articles with the word “spy”, except those with the word “a” and those with the word “b”"),
        (
            "spy -(-a b)",
            "articles with the word “spy”, except those [with the word “b”, except those with the word “a”]",
        ),
        (
            "-(-source:tass -lang:ru)",
            "all articles except [all except those from the source tass and those in the language ru]",
        ),
        ("-copies:yes", "all articles except those that are or are not copies"),
    ],
)
def test_a_query_that_leaves_out_is_told_in_plain_words(text: str, told: str) -> None:
    assert told == explain(parse(text))


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        ("after:2019/11/01", "write after:2019-11-01"),
        ('after:"7 days"', "write after:7d"),
        ("before:2w", ""),
        ("country:China", "write country:cn"),
        ("lang:chinese", "write lang:zh"),
        ("title:-spy", "-title:agent"),
        ("-spy", "embassy -spy"),
        ("-sport", "spy -sport"),
    ],
)
def test_a_fault_proposes_what_is_meant(text: str, repair: str) -> None:
    if repair:
        assert repair in fault(text)[2]
    else:
        parse(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("spy or agent", ['"or" is searched as a word here; write OR']),
        ("spy and (agent Or mole)", ['"and" is searched', '"Or" is searched as a word here; write OR']),
        ("spy not sport", ['"not" is searched as a word here; write NOT, or -']),
        ('"state tv" or "cctv"', ['"or" is searched']),
        ("(a b) or -c", ['"or" is searched']),
        ("a or b or c", ['"or" is searched']),
        ("spy near/5 court", ['"near/5" is searched as words here; write NEAR/5']),
        ("spy w/3 court", ['"w/3" is searched as words here; write W/3']),
        ("ｓｐｙ　ｏｒ　ｃｏｕｒｔ", ['"or" is searched']),
        (
            "标题：间谍",
            [
                '"标题:" is searched as a word here',
            ],
        ),
        ('título:"state tv" -заголовок:(a b)', ['"título:" is searched', '"заголовок:" is searched']),
        ("spy OR agent AND mole NOT sport NEAR/5 court", []),
        ('"spy or agent" "or"', []),
        ("or", []),
        ("not spy", ['"not" is searched as a word here; write NOT, or -']),
        ("or spy", ['"or" is searched as a word here; leave it out, or put it into quotation marks']),
        (
            "(spy and) | or b not",
            ['"and" is searched as a word here; leave', '"or" is', '"not" is searched as a word here; leave'],
        ),
        ("(or) a | and | b", []),
        ("spy NEAR5 court", ['"NEAR5" is searched as a word here; write NEAR/5']),
        ("spy WITHIN/3 court", ['"WITHIN/3" is searched as words here; write NEAR/3, or W/3 for this order']),
        (
            "spy within3 court near/ verdict",
            ['"within3" is searched as a word', '"near/" is searched as words here; write NEAR/5'],
        ),
        ("spy W/ court", ['"W/" is searched as words here; write W/5']),
        ("spy W court", ['"W" is searched as a word here; write W/5, or "W" for the letter']),
        ('a w b W5 c "W" d within e W', []),
        ("title:spy source:tass 10:30 近:", []),
        ("ships near harbour", []),
        ("", []),
    ],
)
def test_what_is_searched_as_a_word_and_hardly_meant_so_is_told(text: str, told: list[str]) -> None:
    parse(text)
    doubts = query.doubts(text)

    assert len(told) == len(doubts), doubts
    assert all(doubt.startswith(begun) for doubt, begun in zip(doubts, told, strict=True))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("间谍", "the word “间谍”"),
        ("间谍案", "the word “间谍案”"),
        ("国家安全", "the phrase “国家安全”"),
        ('"间谍 案件"', "the phrase “间谍 案件”"),
        ('"间谍，案"', "the phrase “间谍，案”"),
        ("スパイウェア", "the word “スパイウェア”"),
        ('"state tv"', "the phrase “state tv”"),
    ],
)
def test_a_phrase_is_called_so_in_every_script(text: str, told: str) -> None:
    assert f"articles with {told}" == explain(parse(text))


def test_words_say_what_is_near_what() -> None:
    def said(text: str) -> str:
        return explain(parse(text))

    assert "[the word “a” or the word “b”] and the word “c”, at most 1 word between them" in said("(a OR b) NEAR/1 c")
    assert "at most 3 words between each and the next" in said("a W/3 b W/3 c")
    assert "each letter counts as a word" in said("间谍 NEAR/3 逮捕")
    assert "published on or after 7 days ago" in said("after:7d")


@pytest.mark.parametrize("bomb", ["a " * 4_999, "(a)" * 3_333, "a|" * 4_999, "-a " * 3_333, "a\u3000" * 4_999])
def test_a_bomb_of_small_pieces_is_refused_before_it_is_read(bomb: str) -> None:
    assert "a query may hold 2,000 pieces" in fault(bomb)[1]
