from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive import opening
from crawler.archive import search as searching
from crawler.archive.articles import Articles
from crawler.archive.keeping import Kept
from crawler.archive.search import cut_out
from crawler.archive.sources import Sources
from crawler.archive.store import Store
from crawler.errors import QueryError, UsageError
from crawler.query import Document, is_match, parse
from crawler.records import Article, CopyOf, Source
from tests.test_query import SCRAPS

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOURCES = [
    Source(key="global-times", name="Global Times", homepage="", country="cn", kind="newspaper", control="state"),
    Source(key="tass", name="TASS", homepage="", country="ru", kind="agency", control="state"),
    Source(key="echo", name="The Echo", homepage="", country="gb", kind="online", control="private"),
]


class Shelf:
    """An archive in memory with the rooms that searching needs."""

    def __init__(self) -> None:
        self.store: Store = opening.open_store("sqlite://")
        self.articles = Articles(self.store)
        self.search = self.store.search()
        Sources(self.store).sync(SOURCES, NOW)
        self._number = 0

    def keep(
        self, title: str, text: str = "", *, now: datetime = NOW, copy: CopyOf | None = None, **more: object
    ) -> int:
        self._number += 1
        article = Article(
            **{"url": f"https://echo.example/{self._number}", "source": "echo"} | more, title=title, text=text
        )  # type: ignore[arg-type]
        return self.articles.keep([Kept(article, copy=copy)], now)[0].id

    def find(self, query: str) -> list[str]:
        return [hit.article.title for hit in self.search(query, now=NOW).hits]


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    made = Shelf()
    yield made
    made.store.close()


def day(number: int) -> datetime:
    return datetime(2019, 11, number, tzinfo=UTC)


def test_the_newest_published_stands_first_whenever_it_arrived(shelf: Shelf) -> None:
    for number in (2, 5, 1):
        shelf.keep(f"spy {number}", published_utc=day(number))

    assert ["spy 5", "spy 2", "spy 1"] == shelf.find("spy")
    assert ["spy 5", "spy 2", "spy 1"] == shelf.find("")
    assert ["spy 1", "spy 5", "spy 2"] == [hit.article.title for hit in shelf.search("spy", sort="seen", now=NOW).hits]


def test_what_says_it_in_the_title_is_more_relevant(shelf: Shelf) -> None:
    shelf.keep("Weather", "A long text about rain in which a spy is named once. " * 3, published_utc=day(5))
    shelf.keep("A spy is caught", "The spy was caught.", published_utc=day(1))
    for number in range(10):
        shelf.keep(f"Other {number}", "Nothing of it.")

    hits = shelf.search("spy", sort="relevance", now=NOW).hits

    assert ["A spy is caught", "Weather"] == [hit.article.title for hit in hits]


@pytest.mark.parametrize("sort", ["published", "seen", "relevance"])
@pytest.mark.parametrize("query", ["spy", "", "source:echo"])
def test_pages_give_every_article_once(shelf: Shelf, sort: searching.Sort, query: str) -> None:
    kept = {shelf.keep(f"spy {number}", published_utc=day(1 + number % 3)) for number in range(25)}

    seen: list[int] = []
    cursor = None
    while True:
        found = shelf.search(query, sort=sort, limit=10, cursor=cursor, now=NOW)
        seen += [hit.article.id or 0 for hit in found.hits]
        cursor = found.next
        assert found.total == 25
        if cursor is None:
            break

    assert sorted(kept) == sorted(seen)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Pacific/Kiritimati"])
def test_a_bare_day_is_found_and_counted_on_the_day_that_it_prints(shelf: Shelf, zone: str) -> None:
    midnight = datetime(2019, 11, 5, tzinfo=ZoneInfo(zone))
    shelf.keep("spy", published="2019-11-05", published_utc=midnight.astimezone(UTC), published_precision="day")

    assert ["spy"] == shelf.find("after:2019-11-05 before:2019-11-06")
    assert [] == shelf.find("spy before:2019-11-05") == shelf.find("spy after:2019-11-06")
    assert {"2019-11-05": 1} == shelf.search.stats("spy", "day", now=NOW) == shelf.search.facets("spy", NOW)["day"]
    read = Document(shelf.articles.many([1])[0])
    assert is_match(parse("after:2019-11-05 before:2019-11-06"), read)
    assert not is_match(parse("before:2019-11-05"), read)


def _pages(shelf: Shelf, sort: searching.Sort, between: Callable[[], object], query: str = "spy") -> list[str]:
    """Turn pages to the end, and do something between each and the next."""
    told: list[str] = []
    cursor = None
    while True:
        found = shelf.search(query, sort=sort, limit=4, cursor=cursor, now=NOW)
        told += [hit.article.title for hit in found.hits]
        cursor = found.next
        if cursor is None:
            return told
        between()


@pytest.mark.parametrize("ranked", [1_000, 9])
@pytest.mark.parametrize("sort", ["published", "seen", "relevance"])
def test_pages_repeat_and_skip_nothing_while_others_come(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, sort: searching.Sort, ranked: int
) -> None:
    monkeypatch.setattr(searching, "MOST_RANKED", ranked)
    for number in range(12):
        shelf.keep(f"{number}", "spy " * (1 + number * 5 % 12) + "x " * 20, published_utc=day(2 + number))
    quiet = _pages(shelf, sort, lambda: None)

    def between() -> None:
        shelf.keep("late", "spy spy spy", published_utc=day(1))
        shelf.keep("between", "spy spy spy", published_utc=day(7))
        shelf.keep("new", "spy spy spy")

    told = [title for title in _pages(shelf, sort, between) if title.isdigit()]

    assert quiet == told


@pytest.mark.parametrize("query", ["spy", "spy OR agent", "spy x"])
def test_pages_by_relevance_repeat_and_skip_nothing_while_words_become_rarer_and_texts_longer(
    shelf: Shelf, query: str
) -> None:
    for number in range(24):
        shelf.keep(f"{number}", f"{'spy ' * (1 + number % 5)}{'agent ' * (number % 3)}{'x ' * (1 + number * 7 % 40)}")
    quiet = _pages(shelf, "relevance", lambda: None, query)

    told = _pages(shelf, "relevance", lambda: shelf.keep("new", "agent x " * 300), query)

    assert sorted(quiet) == sorted(told)


def test_pages_by_relevance_skip_nothing_when_one_that_was_told_is_forgotten(shelf: Shelf) -> None:
    ids = {f"{number}": shelf.keep(f"{number}", "spy " * (12 - number) + "x " * 20) for number in range(12)}
    told = _pages(shelf, "relevance", lambda: None)
    first = iter([told[3], told[1]])

    assert told == _pages(shelf, "relevance", lambda: shelf.articles.forget(ids[next(first)], NOW))


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "p",
        "s5",
        "r1.2",
        "r1",
        "r1-",
        "r1-x",
        "r" + "f" * 20 + "-1",
        "p1; DROP TABLE articles",
        "p9999999999999999999999",
    ],
)
def test_a_strange_cursor_is_refused(shelf: Shelf, cursor: str) -> None:
    with pytest.raises(UsageError, match="no cursor"):
        shelf.search("spy", cursor=cursor, now=NOW)


def test_a_limit_below_one_is_refused(shelf: Shelf) -> None:
    with pytest.raises(UsageError, match="limit"):
        shelf.search("spy", limit=0, now=NOW)


def test_a_total_is_capped_and_says_so(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        shelf.keep(f"spy {number}")
    monkeypatch.setattr(searching, "MOST_COUNTED", 5)

    found = shelf.search("spy", limit=2, now=NOW)

    assert (5, True) == (found.total, found.capped)
    assert 7 == shelf.search.count("spy", NOW)


@pytest.mark.parametrize("query", ["spy", "spy W/3 agent"])
def test_a_page_that_holds_all_that_is_ranked_tells_how_many_there_are(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(searching, "MOST_RANKED", 5)
    monkeypatch.setattr(searching, "MOST_RANKED_SLOWLY", 5)
    for _ in range(7):
        shelf.keep("spy agent")

    found = shelf.search(query, sort="relevance", limit=10, now=NOW)

    assert (5, 7, False, None, 5) == (len(found.hits), found.total, found.capped, found.next, found.ranked)
    assert shelf.search(query, limit=10, now=NOW).ranked is None


def test_words_of_every_script_are_found(shelf: Shelf) -> None:
    shelf.keep("chinese", "发展中国家的代表在北京开会")
    shelf.keep("thai", "ตำรวจจับสายลับในกรุงเทพ")
    shelf.keep("arabic", "اعتقلت السلطات جاسوسًا في العاصمة")
    shelf.keep("russian", "Шпион арестован в Москве")
    shelf.keep("german", "Der Spion floh über Zürich, Hauptstraße 5")

    assert ["chinese"] == shelf.find("中国") == shelf.find("会") == shelf.find("在北京") == shelf.find("发")
    assert [] == shelf.find("国中")
    assert ["thai"] == shelf.find("สายลับ")
    assert ["arabic"] == shelf.find("جاسوسا") == shelf.find("العَاصِمة")
    assert ["russian"] == shelf.find("шпион") == shelf.find("МОСКВЕ")
    assert ["german"] == shelf.find("zurich") == shelf.find("HAUPTSTRASSE") == shelf.find('"uber Zürich"')


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("alpha beta", ["one", "two"]),
        ("alpha OR delta", ["one", "three", "two"]),
        ("alpha -gamma", ["one"]),
        ('"alpha beta"', ["one"]),
        ("alp*", ["one", "two"]),
        ("alpha NEAR/1 beta", ["one", "two"]),
        ("beta W/1 alpha", ["two"]),
        ("alpha W/5 beta", ["one"]),
        ("delta -(alpha W/1 beta)", ["three"]),
        ("gamma -(alpha W/1 beta)", ["three", "two"]),
        ("-(alpha W/1 beta) gamma source:echo", ["two"]),
        ("title:one", ["one"]),
        ("text:one", []),
        ("author:liu", ["one"]),
        ("lead:standfirst", ["two"]),
        ("source:echo", ["one", "two"]),
        ("gamma source:echo", ["two"]),
        ("alpha OR source:tass", ["one", "three", "two"]),
        ("gamma (country:ru OR lang:zh)", ["three", "two"]),
        ("gamma (country:ru OR tag:spies)", ["three"]),
        ("gamma (country:ru OR kind:unknown)", ["three"]),
        ("source:tass -alpha", ["three"]),
        ("-source:echo", ["three"]),
        ("kind:agency", ["three"]),
        ("control:private alpha", ["one", "two"]),
        ("country:ru", ["three"]),
        ('source:"The Echo"', ["one", "two"]),
        ("lang:zh", ["two"]),
        ('credited:"global times"', ["two"]),
        ("credited:环球网", ["two"]),
        ("site:example", ["one", "three", "two"]),
        ("site:echo.example", ["one", "two"]),
        ("url:https://tass.example/3", ["three"]),
        ("after:2019-11-02", ["three", "two"]),
        ("after:2019-11-02 before:2019-11-03", ["two"]),
        ("alpha before:2019-11-02", ["one"]),
        ("-after:2019-11-02", ["one"]),
        ("seen-after:yesterday", ["one", "three", "two"]),
        ("copies:no", ["one", "three"]),
        ("copies:only", ["two"]),
        ("tag:spies", ["one"]),
        ("completeness:lead", ["three"]),
        ("form:live", ["three"]),
        ("form:article", ["one", "two"]),
        ("paywalled:yes", ["three"]),
        ("paywalled:no", ["one", "two"]),
        ("story:1", []),
    ],
)
def test_queries_find_what_they_say(shelf: Shelf, query: str, titles: list[str]) -> None:
    one = shelf.keep("one", "alpha beta", published_utc=day(1), authors=("Liu Xin",), tags=("Spies",))
    shelf.keep(
        "two", "gamma, beta and alpha", lead="A standfirst", published_utc=day(2), language="zh-Hant",
        credited_to="Global Times", copy=CopyOf(one, "full", 1.0),
    )  # fmt: skip
    shelf.keep(
        "three", "delta gamma", url="https://tass.example/3", source="tass", published_utc=day(3),
        completeness="lead", paywalled=True, form="live",
    )  # fmt: skip

    assert titles == sorted(shelf.find(query))
    assert len(titles) == shelf.search.count(query, NOW)


def test_a_source_that_nobody_defined_is_under_unknown_control(shelf: Shelf) -> None:
    shelf.keep("imported", "spy", source="nobody")
    shelf.keep("echo", "spy")

    assert ["imported"] == shelf.find("control:unknown") == shelf.find("spy control:unknown")
    assert ["echo"] == shelf.find("-control:unknown") == shelf.find("spy -control:unknown")


@pytest.mark.parametrize("name", ["Reuters", "新华社", "Die Welt", "L'Équipe", "wire_1"])
def test_a_source_that_nobody_defined_is_found_in_whatever_case(shelf: Shelf, name: str) -> None:
    shelf.keep("imported", "spy", source=name)
    shelf.keep("echo", "spy")

    for value in (name, name.lower(), name.upper()):
        assert ["imported"] == shelf.find(f'source:"{value}"') == shelf.find(f'spy source:"{value}"')
        assert ["echo"] == shelf.find(f'-source:"{value}"') == shelf.find(f'spy -source:"{value}"')


def test_each_value_of_a_facet_is_a_filter_that_finds_what_it_counts(shelf: Shelf) -> None:
    stateless = Source(key="stateless", name="Stateless", homepage="", kind="blog")
    Sources(shelf.store).sync([*SOURCES, stateless], NOW)
    for number, source in enumerate(("echo", "tass", "stateless", "nobody", "nobody")):
        shelf.keep(f"spy {number}", source=source, language=("en", "", "zh")[number % 3])

    filters = {"source": "source", "kind": "kind", "control": "control", "country": "country", "language": "lang"}
    for by, name in filters.items():
        for counted in (shelf.search.facets("spy", NOW)[by], shelf.search.stats("spy", by, now=NOW)):
            assert "unknown" in counted or by == "source"
            assert sum(counted.values()) == 5
            assert counted == {value: shelf.search.count(f"spy {name}:{value}", NOW) for value in counted}
            assert counted == {value: 5 - shelf.search.count(f"spy -{name}:{value}", NOW) for value in counted}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("spy W/2 agent W/2 arrested", ["apart"]),
        ("spy W/1 agent W/1 arrested", []),
        ('spy W/2 "agent y" W/2 arrested', ["apart"]),
        ("arrested W/9 agent W/9 spy", []),
    ],
)
def test_each_word_of_a_row_may_stand_as_far_from_the_next(shelf: Shelf, query: str, found: list[str]) -> None:
    shelf.keep("apart", "spy x x agent y y arrested")

    assert found == shelf.find(query)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ('author:"liu xin"', ["one"]),
        ('author:"xin wang"', []),
        ("author:(xin NEAR/5 wang)", []),
        ("author:(xin NEAR/99 wang)", []),
        ("xin NEAR/99 wang", []),
        ("xin W/0 wang", []),
        ("xin W/99 wang", []),
        ("liu W/99 xin", ["one"]),
        ("author:(liu NEAR/99 xin)", ["one"]),
        ("xin wang", ["one"]),
        ("text:(far NEAR/25 off)", ["one"]),
        ("far NEAR/25 off", ["one"]),
        ("xin -(xin W/99 wang)", ["one"]),
        ("xin -(xin NEAR/99 wang)", ["one"]),
    ],
)
def test_no_phrase_reaches_from_one_author_to_the_next(shelf: Shelf, query: str, titles: list[str]) -> None:
    shelf.keep("one", f"far {'x ' * 25} off", authors=("Liu Xin", "Wang Li"))

    assert titles == shelf.find(query)


@pytest.mark.parametrize("sign", [" ", " OR ", " -"])
def test_a_query_of_many_filters_is_answered_or_refused(shelf: Shelf, sign: str) -> None:
    shelf.keep("one")

    shelf.find(sign.join(["source:echo"] * 500))
    with pytest.raises(QueryError, match="500 filters"):
        shelf.find(sign.join(["source:echo"] * 501))


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("war NEAR/5 war", ["thrice", "twice"]),
        ("war W/5 war", ["thrice", "twice"]),
        ("war* NEAR/5 war", ["thrice", "twice", "warlord"]),
        ("(war OR peace) NEAR/5 (war OR truce)", ["thrice", "twice"]),
        ('"the war" NEAR/5 war', ["twice"]),
        ("war NEAR/5 war NEAR/5 war", ["thrice"]),
        ("war NEAR/1 war NEAR/1 war", []),
        ("war NEAR/25 war", ["far", "thrice", "twice"]),
        ("war -(war NEAR/5 war)", ["far", "once", "warlord"]),
        ("war -(war NEAR/25 war) source:echo", ["once", "warlord"]),
        ("(war NEAR/5 war) OR source:tass", ["thrice", "twice"]),
        ("author:(war NEAR/5 war)", []),
    ],
)
def test_one_word_is_not_near_itself(shelf: Shelf, query: str, titles: list[str]) -> None:
    shelf.keep("once", "the war ended", authors=("War", "War"))
    shelf.keep("twice", "the war after the war")
    shelf.keep("thrice", "war and war or war")
    shelf.keep("warlord", "the war of a warlord")
    shelf.keep("far", f"war {'x ' * 20} war")

    assert titles == sorted(shelf.find(query))
    assert len(titles) == shelf.search.count(query, NOW)


def test_a_query_may_use_a_watch(shelf: Shelf) -> None:
    shelf.keep("A spy")
    shelf.keep("An agent")
    shelf.store.execute("INSERT INTO watches (name, query, version) VALUES ('spies', 'spy OR agent', 1)")

    assert ["An agent"] == shelf.find("watch:spies -spy")
    with pytest.raises(QueryError, match="no watch sports"):
        shelf.find("watch:sports")


def test_a_watch_over_watches_of_thousands_of_filters_is_answered(shelf: Shelf) -> None:
    shelf.keep("A spy", language="en")
    for number in range(4):
        filters = " OR ".join(f"(spy lang:en source:s{number}x{each})" for each in range(240))
        _watch(shelf, f"w{number}", f"{filters} OR source:echo")
    _watch(shelf, "all of them", " ".join(f"watch:w{number}" for number in range(4)))
    for number in range(5, 7):
        _watch(shelf, f"w{number}", "spy " + " ".join(["-source:tass"] * 499))
    _watch(shelf, "none of them", " ".join(["watch:w5 watch:w6"] * 2))

    assert ["A spy"] == shelf.find(" OR ".join(f"watch:w{number}" for number in range(4)))
    assert ["A spy"] == shelf.find('watch:"all of them"') == shelf.find('watch:"none of them"')


def test_words_in_order_are_asked_also_of_a_query_that_is_longer_than_any_that_is_typed(shelf: Shelf) -> None:
    shelf.keep("A spy was caught")
    shelf.keep("Caught: a spy")
    for number in range(3):
        _watch(shelf, f"w{number}", " OR ".join(["spy W/2 caught", *(f"x{number}x{each}" for each in range(300))]))

    assert ["A spy was caught"] == shelf.find("watch:w0 OR watch:w1 OR watch:w2")
    assert ["Caught: a spy"] == shelf.find("spy -(watch:w0 OR watch:w1 OR watch:w2)")


def test_the_deepest_query_is_no_error(shelf: Shelf) -> None:
    shelf.keep("w0")
    inside = "b"
    for number in range(9, -1, -1):
        inside = f"(w{number} OR a{number} -{inside})"

    assert ["w0"] == shelf.find(inside)


@pytest.mark.parametrize(
    "query",
    [
        "source:echo OR (source:tass " + " ".join(f"-(a{number} W/0 b)" for number in range(100)) + ")",
        " OR ".join(f"(a{number} W/0 b)" for number in range(100)),
    ],
)
def test_a_hundred_rows_of_words_in_order_cost_little(shelf: Shelf, query: str) -> None:
    text = " ".join(f"b a{number} and" for number in range(200))
    for _ in range(200):
        shelf.keep("one", text, source="tass")
    shelf.find(query)
    started = time.process_time()
    for _ in range(3):
        shelf.search.count(query, NOW)

    # It took ten times as long: each W/n was read anew for each article, or not asked as a pattern.
    assert time.process_time() - started < 2


def _watch(shelf: Shelf, name: str, text: str) -> None:
    shelf.store.execute("INSERT INTO watches (name, query, version) VALUES (?, ?, 1)", (name, text))


def test_hits_show_where_their_words_stand(shelf: Shelf) -> None:
    shelf.keep(
        "Spy caught in Zürich",
        "Rain. " * 200 + "Then the SPY came to Zu\u0308rich. " + "Snow. " * 200,
        authors=("A. Spy",),
    )

    (hit,) = shelf.search("spy zurich", now=NOW).hits
    texts = {"title": hit.article.title, "text": hit.article.text, "author": "A. Spy"}

    assert {
        "title": ["Spy", "Zürich"],
        "text": ["SPY", "Zu\u0308rich"],
        "author": ["Spy"],
    } == {name: [texts[name][start:end] for start, end in spans] for name, spans in hit.highlights.items()}
    assert "Then the SPY came to Zu\u0308rich." in hit.snippet
    assert hit.snippet.startswith("…Rain.")
    assert hit.snippet.endswith("Snow. …")
    assert 150 < len(hit.snippet) < 210


def test_hits_show_where_their_words_stand_among_the_authors(shelf: Shelf) -> None:
    shelf.keep("one", authors=("Liu Xin", "Wang 李华", "Xin"))

    (hit,) = shelf.search("author:(xin wang 李华)", now=NOW).hits

    assert ["Xin", "Wang", "李华", "Xin"] == [
        "Liu Xin\nWang 李华\nXin"[start:end] for start, end in hit.highlights["author"]
    ]


def test_a_snippet_cuts_no_word_and_is_one_line() -> None:
    text = "Wonderful words\nwalk " * 40

    cut = cut_out(text, (400, 405))

    assert set(cut.strip("…").split()) <= {"Wonderful", "words", "walk"}
    assert "\n" not in cut
    assert "short text" == cut_out("short\n text", (0, 5))
    assert 200 <= len(cut_out("报" * 1000, (500, 502))) <= 202


def test_counts_are_exact_and_in_order(shelf: Shelf) -> None:
    for number in (1, 1, 3):
        shelf.keep("spy", published_utc=day(number), language="en")
    shelf.keep("spy", url="https://tass.example/1", source="tass", published_utc=datetime(1969, 7, 20, 20, tzinfo=UTC))
    shelf.keep("spy undated", url="https://tass.example/2", source="nobody")
    shelf.keep("sport", published_utc=day(1))

    assert {"1969-07-20": 1, "2019-11-01": 2, "2019-11-03": 1, "undated": 1} == shelf.search.stats(
        "spy", "day", now=NOW
    )
    assert [("echo", 3), ("nobody", 1), ("tass", 1)] == list(shelf.search.stats("spy", "source", now=NOW).items())
    assert {"online": 3, "agency": 1, "unknown": 1} == shelf.search.stats("spy", "kind", now=NOW)
    assert {"private": 3, "state": 1, "unknown": 1} == shelf.search.stats("spy", "control", now=NOW)
    assert {"gb": 3, "ru": 1, "unknown": 1} == shelf.search.stats("spy", "country", now=NOW)
    assert {"en": 3, "unknown": 2} == shelf.search.stats("spy", "language", now=NOW)
    assert {"2019-11-01": 2} == shelf.search.stats("spy", "day", day(1), day(3), now=NOW)
    assert {"2019-11-01": 1} == shelf.search.stats("-source:tass sport", "day", day(1), day(3), now=NOW)
    assert {"undated": 1} == shelf.search.stats("", "day", NOW - timedelta(days=1), now=NOW)
    with pytest.raises(UsageError, match="no counts by 'moon'"):
        shelf.search.stats("spy", "moon", now=NOW)  # type: ignore[arg-type]


def test_any_string_gives_results_or_a_query_error(shelf: Shelf) -> None:
    shelf.keep("Spy 中国", "A state spy 人 in ข่าว", authors=("Kind State",), published_utc=day(1))
    shelf.keep("Nothing", "foo bar", published_utc=day(2))

    @settings(max_examples=400)
    @given(st.one_of(st.text(max_size=30), SCRAPS), st.sampled_from(["published", "seen", "relevance"]))
    def gives_results_or_a_query_error(text: str, sort: searching.Sort) -> None:
        try:
            found = shelf.search(text, sort=sort, now=NOW)
        except QueryError:
            return

        assert found.total == len(found.hits) == shelf.search.count(text, NOW)
        assert sum(shelf.search.stats(text, "day", now=NOW).values()) == found.total

    gives_results_or_a_query_error()


def test_a_wide_query_is_no_error(shelf: Shelf) -> None:
    shelf.keep("word7 stands here")
    wide = " OR ".join(f"word{number}" for number in range(499))

    assert ["word7 stands here"] == shelf.find(wide) == shelf.find(f"({wide}) -source:tass")
    deep = "a" + "".join(f" OR (b{number} -(c{number}" for number in range(9)) + "))" * 9
    assert [] == shelf.find(deep)


def test_facets_count_what_a_search_finds_by_everything_at_once(shelf: Shelf) -> None:
    shelf.keep("spy", source="tass", language="ru", published_utc=day(2), published=day(2).isoformat())
    shelf.keep("spy", source="tass", language="en", published_utc=day(2), published=day(2).isoformat())
    shelf.keep("spy", source="nobody", language="", published_utc=day(3), published=day(3).isoformat())
    shelf.keep("spy", source="echo", language="en")
    shelf.keep("sport", source="echo", language="en")

    facets = shelf.search.facets("spy", NOW)

    assert facets == {by: shelf.search.stats("spy", by, now=NOW) for by in facets}
    assert facets["source"] == {"tass": 2, "echo": 1, "nobody": 1}
    assert facets["country"] == {"ru": 2, "gb": 1, "unknown": 1}
    assert facets["day"] == {"2019-11-02": 2, "2019-11-03": 1, "undated": 1}
    assert not any(shelf.search.facets("nothing", NOW).values())


def test_facets_count_the_newest_only_where_there_are_too_many(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_COUNTED", 3)
    for number in range(1, 6):
        shelf.keep("spy", published_utc=day(number), published=day(number).isoformat())

    assert list(shelf.search.facets("spy", NOW)["day"]) == ["2019-11-03", "2019-11-04", "2019-11-05"]


def test_ordered_proximity_is_counted_up_to_a_lower_limit(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_COUNTED_SLOWLY", 2)
    for _ in range(4):
        shelf.keep("spy caught")

    found = shelf.search("spy W/2 caught", limit=1, now=NOW)

    assert (found.total, found.capped) == (2, True)
    assert shelf.search("spy caught", limit=1, now=NOW).total == 4


@pytest.mark.parametrize("text", ["", "spy", "spy -sport", "spy W/5 arrest", "source:tass", "nothing"])
@pytest.mark.parametrize("sort", ["published", "seen", "relevance"])
def test_an_overview_is_a_search_with_its_facets(shelf: Shelf, text: str, sort: searching.Sort) -> None:
    for number in range(1, 5):
        shelf.keep(
            f"A spy {number} after an arrest",
            source="tass" if number % 2 else "echo",
            published_utc=day(number),
            published=day(number).isoformat(),
        )
    shelf.keep("sport", source="sp ace", language="en")

    found, facets = shelf.search.overview(text, sort=sort, limit=2, now=NOW)

    assert found == shelf.search(text, sort=sort, limit=2, now=NOW)
    assert facets == shelf.search.facets(text, NOW)
    assert found.total == sum(facets["source"].values())


def test_an_overview_says_that_there_is_more_than_it_counts(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_COUNTED", 3)
    for _ in range(4):
        shelf.keep("spy")

    found, facets = shelf.search.overview("spy", now=NOW)

    assert (3, True) == (found.total, found.capped)
    assert {"echo": 3} == facets["source"]
