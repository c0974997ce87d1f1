"""Overrides of sources.toml: whose they are, until when, and what they do to a page and to what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawler import overrides
from crawler.archive import Archive, Kept, open_archive
from crawler.config import Config, load
from crawler.errors import NoArticle
from crawler.extract import EXTRACTOR_VERSION, extract, overriding
from crawler.extract.trying import try_selectors
from crawler.importing.files import import_files
from crawler.importing.reextracting import reextract
from crawler.raw.folder import RawFolder, RawPage
from crawler.reading import read_page
from crawler.records import Article, Fetched, Override, Source
from crawler.source_finder import SourceFinder
from tests.archive_sample import DAY

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://www.quay.example/news/eels"
VALID = date(2027, 6, 30)
STORY = (
    "Eels came back to the river for the first time in thirty years, the fishermen of Northport said on Monday.",
    "Nobody knows why they stayed away, but the harbour master counted four hundred of them in a single night.",
    "The council will vote in spring on a ladder by which they can pass the weir and reach the upper ponds.",
)
BOX = (
    "The museum on the quay shows drawings of all the old ladders until the end of the month, every morning from nine."
)


def page(story: str = "story", *, who: str = "By Jane Roe", when: str = "3 May 2026, 14:05", more: str = "") -> bytes:
    first, second, third = (f"<p>{line}</p>" for line in STORY)
    text = f"{first}{second}<p data-ours>{BOX}</p>{third}"
    return (
        "<!DOCTYPE html><html lang=en><head><title>Quay News - all the news | Quay</title></head><body>"
        f"<h1>Quay News</h1><div class=kicker>Eels <em>are</em> back</div><span class=who>{who}</span>"
        f"<span class=when>{when}</span><div class={story}>{text}</div>{more}"
        "<div class=other><p>In other news, the bridge stays closed until the paint is dry, the mayor said today.</p>"
        "</div></body></html>"
    ).encode()


WHOLE = Override(
    VALID,
    title=("h1.none", ".kicker"),
    body=("div.story",),
    date=(".when",),
    author=(".who",),
    remove=("[data-ours]", ".ad"),
)


def source(*of: Override, **more: object) -> Source:
    return Source("quay", "Quay", "https://www.quay.example/", timezone="Europe/London", overrides=of, **more)  # type: ignore[arg-type]


def read(body: bytes, *of: Override, url: str = URL, at: datetime | None = NOW) -> Article:
    return extract(Fetched(url, url, body, "text/html", fetched_at=at), source(*of))


# Which one is whose


@pytest.mark.parametrize(
    ("hosts", "paths", "url", "expected"),
    [
        ((), (), URL, True),
        (("quay.example",), (), URL, True),
        (("quay.example",), (), "https://www.quay.example:8080/x", True),
        (("quay.example",), (), "https://myquay.example/", False),
        (("sport.quay.example",), (), URL, False),
        ((), ("/news/*",), URL, True),
        ((), ("/live/*", "/news/*"), URL, True),
        ((), ("/news",), URL, False),
        (("quay.example",), ("/live/*",), URL, False),
        ((), ("/",), "https://www.quay.example", True),
        ((), ("/News/*",), URL, False),
    ],
)
def test_an_override_speaks_of_hosts_and_paths(
    hosts: tuple[str, ...], paths: tuple[str, ...], url: str, expected: bool
) -> None:
    assert overrides.covers(Override(VALID, hosts=hosts, paths=paths), url) is expected


def test_the_first_override_that_speaks_of_a_page_and_has_not_ended_is_used() -> None:
    ended, other = replace(WHOLE, valid_until=date(2026, 1, 1)), replace(WHOLE, paths=("/live/*",))
    own = source(ended, other, WHOLE)

    assert overrides.choose(own, URL, NOW) == WHOLE
    assert overrides.choose(own, "https://www.quay.example/live/1", NOW) == other
    assert overrides.choose(own, URL, NOW + timedelta(days=400)) is None


def test_the_last_day_of_an_override_is_one_of_its_days() -> None:
    own = source(WHOLE)

    assert overrides.choose(own, URL, datetime(2027, 6, 30, 23, 59, tzinfo=UTC)) == WHOLE
    assert overrides.choose(own, URL, datetime(2027, 7, 1, tzinfo=UTC)) is None


def test_a_page_that_was_fetched_before_the_end_is_read_the_same_for_ever() -> None:
    """Reading kept pages again must not take back what an override once mended."""
    ended = replace(WHOLE, valid_until=NOW.date())

    assert read(page(), ended, at=NOW).title == "Eels are back"
    assert read(page(), ended, at=NOW + DAY).title != "Eels are back"
    assert overrides.current(source(ended), (NOW + DAY).date()).overrides == ()


def test_an_override_that_has_ended_or_soon_will_is_told() -> None:
    today = date(2027, 7, 3)
    soon = replace(WHOLE, valid_until=date(2027, 7, 10), paths=("/live/*",))
    later = replace(WHOLE, valid_until=date(2028, 1, 1))
    over, near = map(str, overrides.endings([source(soon, WHOLE, later)], today))

    assert over == (
        "quay: the override of title, body, date, author, remove ended on 2027-06-30: it is used no longer; "
        'compare with "presswatch source test quay", then set a new valid_until, or take it out'
    )
    assert near == (
        "quay: the override of title, body, date, author, remove on /live/* ends in 7 days (2027-07-10); "
        'compare with "presswatch source test quay" and set a new valid_until'
    )
    assert "ends today" in str(overrides.endings([source(WHOLE)], VALID)[0])


def test_hosts_that_an_override_names_are_the_source_s() -> None:
    config = Config(Path(), sources={"quay": source(replace(WHOLE, hosts=("quay-media.example",)))})
    finder = SourceFinder(config)

    assert finder.known("https://cdn.quay-media.example/1") == config.sources["quay"]
    assert finder.known("https://quay.example/1") == config.sources["quay"]
    assert finder.known("https://elsewhere.example/1") is None
    assert finder.known("") is None


# What it does to a page


def test_each_field_is_what_the_override_points_at_and_says_so() -> None:
    article = read(page(), WHOLE)

    assert article.title == "Eels are back"
    assert article.text.split("\n\n") == list(STORY)
    assert article.authors == ("Jane Roe",)
    assert (article.published, article.published_precision) == ("2026-05-03T14:05", "minute")
    assert article.published_utc == datetime(2026, 5, 3, 13, 5, tzinfo=UTC)
    assert {
        "title": "override .kicker",
        "text": "override div.story",
        "authors": "override .who",
        "published": "override .when",
        "published_utc": "source timezone",
        "override": f"{overrides.identity(WHOLE)}, valid until 2027-06-30",
        "override_removed": "[data-ours] (1)",
    } == {name: said for name, said in article.evidence.items() if name != "language"}
    assert article.published_evidence == "override .when"


def test_without_an_override_nothing_is_said_of_one() -> None:
    article = read(page())

    assert not [name for name in article.evidence if name.startswith("override")]
    assert article.extractor_version == EXTRACTOR_VERSION
    assert overrides.missed(article) == ()
    assert overrides.told(article) == ""


def test_selectors_that_give_nothing_leave_their_fields_to_the_general_way_and_are_told() -> None:
    general = read(page("text"))
    article = read(page("text"), replace(WHOLE, title=(".gone",), author=("//b",), remove=()))

    assert (article.title, article.text) == (general.title, general.text)
    assert overrides.missed(article) == ("title", "body", "author")
    assert overrides.told(article).endswith("valid until 2027-06-30; nothing found for title, body, author")
    assert article.evidence["text"] == general.evidence["text"]


@pytest.mark.parametrize(
    "when", ["", "soon", "3/4/2026", "31 February 2026", "12 June 2031", "4 May 1887", "Copyright 2026", "1.234.567"]
)
def test_a_date_that_cannot_be_read_or_cannot_be_one_is_not_invented(when: str) -> None:
    article = read(page(when=when), WHOLE)

    assert (article.published, article.published_evidence) == (None, None)
    assert overrides.missed(article) == ("date",)


@pytest.mark.parametrize(
    ("selector", "more", "published", "precision"),
    [
        ("time", "<time datetime='2026-05-04T10:11:12+09:00'>yesterday</time>", "2026-05-04T10:11:12+09:00", "second"),
        ("//i/@data-at", "<i data-at='1777888800'></i>", "2026-05-04T10:00:00+00:00", "second"),
        ("meta[name=when]", "<meta name=when content='2026-05-04'>", "2026-05-04", "day"),
        ("(substring-after(//i, 'on '))", "<i>1 May? No, on 4 May 2026</i>", "2026-05-04", "day"),
        (".two", "<p class=two>4 May 2026<br>at 14:07</p>", "2026-05-04T14:07", "minute"),
        (".short", "<p class=short>04.05.26</p>", "2026-05-04", "day"),
    ],
)
def test_dates_are_read_with_their_precision_and_zone(selector: str, more: str, published: str, precision: str) -> None:
    article = read(page(more=more), Override(VALID, date=(selector,)))

    assert (article.published, article.published_precision) == (published, precision)
    assert article.published_evidence == f"override {selector}"


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("By Jane Roe and John Doe", ("Jane Roe", "John Doe")),
        ("<b>Jane Roe</b><br><b>John Doe</b>", ("Jane Roe", "John Doe")),
        ("Newsroom", ("Newsroom",)),
        ("By Jane Roe, senior reporter", ("Jane Roe",)),
    ],
)
def test_authors_are_names_a_desk_too_because_a_person_points_at_it(who: str, expected: tuple[str, ...]) -> None:
    assert read(page(who=who), WHOLE).authors == expected


def test_what_is_removed_is_gone_for_the_general_way_too() -> None:
    article = read(page(), Override(VALID, remove=("//div[@class='story']//p[contains(., 'ladder')]",)))

    assert STORY[-1] not in article.text
    assert STORY[-1] in read(page()).text
    assert article.evidence["text"] == "page"
    assert overrides.missed(article) == ()


def test_values_are_read_before_their_elements_are_removed() -> None:
    article = read(page(), replace(WHOLE, remove=(".who", ".when", ".kicker")))

    assert (article.title, article.authors, article.published) == ("Eels are back", ("Jane Roe",), "2026-05-03T14:05")


def test_several_elements_make_one_text_and_what_is_hidden_in_them_is_none() -> None:
    more = (
        "<div class=story>And the ladder will be built of oak.<p style='display:none'>Subscribe to read on.</p></div>"
    )
    article = read(page(more=more), WHOLE)

    assert article.text.split("\n\n") == [*STORY, "And the ladder will be built of oak."]


def test_an_agency_that_an_override_names_as_author_is_credited() -> None:
    assert read(page(who="Reuters", when=" of the harbour"), WHOLE).credited_to == "Reuters"
    assert read(page(who="Reuters", when=" of the harbour")).credited_to is None


@pytest.mark.parametrize("whole", ["body", "html", "head, body", "//*[.//div]"])
def test_the_page_itself_is_not_removed(whole: str) -> None:
    article = read(page(), replace(WHOLE, remove=(whole,)))

    assert article.evidence["text"] == "override div.story"
    assert "override_removed" not in article.evidence or whole == "head, body"


@pytest.mark.parametrize("greedy", ["body > *", "div", "body", "html", "head, body"])
def test_an_override_that_takes_everything_away_costs_no_article(greedy: str) -> None:
    article = read(page(), replace(WHOLE, remove=(greedy,)))

    assert STORY[1] in article.text


def test_an_override_that_would_leave_no_article_is_not_used_and_that_is_told() -> None:
    article = read(page(), replace(WHOLE, body=(), remove=("div",)))

    assert article.text == read(page()).text
    assert overrides.missed(article) == ("title", "date", "author", "remove")
    assert article.evidence["override_stopped"] == "with it, the page gave no article"


def test_an_element_without_text_is_no_body() -> None:
    article = read(page(more="<div class=empty><p>Loading</p></div>"), replace(WHOLE, body=(".empty", "div.story")))

    assert article.evidence["text"] == "override div.story"


def test_on_a_page_that_is_too_large_no_selector_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overriding, "_MOST_ELEMENTS", 10)
    article = read(page(), WHOLE)

    assert STORY[1] in article.text
    assert overrides.missed(article) == ("title", "body", "date", "author", "remove")
    assert article.evidence["override_stopped"] == "the page has more than 10 elements"


def test_selectors_end_with_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overriding, "_SECONDS", -1.0)
    article = read(page(), WHOLE)

    assert STORY[1] in article.text
    assert article.evidence["override_stopped"].startswith("its selectors took more than")


@pytest.mark.parametrize("field", ["title", "body", "date", "author", "remove"])
@pytest.mark.parametrize(
    "hostile",
    [
        b"<html><body>" + b"<div class=story>" * 3_000 + b"x",
        b"<html><body><p class=story " + b" ".join(b"a%d=1" % number for number in range(3_000)) + b">x",
        b"<html><body>" + b"<p class=story>" * 5_000,
        b"<html><body><div class=story>\x00\xff\xfe<![CDATA[<p>]]></div>",
    ],
    ids=["deep", "attributes", "many", "broken"],
)
def test_hostile_pages_end_as_without_an_override(field: str, hostile: bytes) -> None:
    body = hostile + page()

    def outcome(*of: Override) -> str:
        try:
            return "" if read(body, *of).text else "no text"
        except NoArticle as why:
            return why.reason

    assert outcome(Override(VALID, **{field: (".story", "//*[@class]//*", "*")})) == outcome()


def test_what_an_override_makes_of_a_text_is_another_extractor() -> None:
    """Else a look at the page would call it an edit of its publisher."""
    known = overrides.identity(WHOLE)

    assert read(page(), WHOLE).extractor_version == f"{EXTRACTOR_VERSION}+override.{known}.title.body"
    assert read(page("text"), WHOLE).extractor_version == f"{EXTRACTOR_VERSION}+override.{known}.title"
    assert overrides.identity(replace(WHOLE, valid_until=date(2029, 1, 1))) == known
    assert overrides.identity(replace(WHOLE, remove=())) != known


def test_trying_tells_what_every_selector_finds() -> None:
    found = try_selectors(Fetched(URL, URL, page(), "text/html"), WHOLE)

    assert [
        ("title", "h1.none", 0, ""),
        ("title", ".kicker", 1, "Eels are back"),
        ("date", ".when", 1, "3 May 2026, 14:05"),
        ("author", ".who", 1, "By Jane Roe"),
        ("remove", "[data-ours]", 1, BOX),
        ("remove", ".ad", 0, ""),
        ("body", "div.story", 1, " ".join(STORY)[:120]),
    ] == [(each.key, each.selector, each.found, each.first) for each in found]


# What becomes of it in the archive


@pytest.fixture
def archive() -> Archive:
    return open_archive("sqlite://")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "presswatch.toml").write_text("[crawl]\nworkers = 1\n")
    (tmp_path / "sources.toml").write_text(
        '[quay]\nname = "Quay"\nhomepage = "https://www.quay.example/"\n\n'
        "[[quay.overrides]]\nvalid_until = 2027-06-30\n"
        'title = ".kicker"\nbody = "div.story"\nauthor = ".nobody"\nremove = "[data-ours]"\n'
    )
    return load(tmp_path)


def test_a_source_comes_out_of_the_archive_as_it_went_in(archive: Archive) -> None:
    own = source(WHOLE, Override(date(2026, 2, 3), remove=("a",), hosts=("x.example",), paths=("/a*",)))
    with archive:
        archive.sources.sync([own], NOW)

        assert archive.sources.get("quay") == own
        assert archive.sources.all() == [own]


def test_reading_again_mends_earlier_articles_by_an_override_as_corrections(
    archive: Archive, config: Config, tmp_path: Path
) -> None:
    raw = RawFolder(tmp_path / "raw")
    (ref,) = raw.append([RawPage(URL, URL, 200, {"content-type": "text/html"}, page(), NOW)])
    before = read_page(Fetched(URL, URL, page(), "text/html", fetched_at=NOW), source(), {}).of(ref).article
    (kept,) = archive.articles.keep([Kept(before)], NOW)
    with archive:
        first = reextract(archive, config, raw, NOW + DAY)
        after = archive.articles.get(kept.id)
        (earlier,) = archive.articles.revisions(kept.id)

    assert first.corrected == 1
    assert after is not None
    assert (after.title, after.text) == ("Eels are back", "\n\n".join(STORY))
    assert after.evidence["override_missed"] == "author"
    assert (earlier.kind, earlier.title) == ("corrected", before.title)
    assert earlier.reason.startswith(f"read again from its raw page by {EXTRACTOR_VERSION}+override.")


def test_an_article_that_stays_the_same_says_what_gives_it_now(
    archive: Archive, config: Config, tmp_path: Path
) -> None:
    raw = RawFolder(tmp_path / "raw")
    (ref,) = raw.append([RawPage(URL, URL, 200, {"content-type": "text/html"}, page(), NOW)])
    found = read(page(), *config.sources["quay"].overrides)
    plain = replace(found, evidence={"title": "h1", "text": "page"}, extractor_version=EXTRACTOR_VERSION, raw_ref=ref)
    (kept,) = archive.articles.keep([Kept(plain)], NOW)
    archive.judgements.correct_authors(kept.id, ["Anna Reed"], "desk", NOW)
    with archive:
        report = reextract(archive, config, raw, NOW + DAY)
        after = archive.articles.get(kept.id)

    assert (report.corrected, report.unchanged) == (0, 1)
    assert after is not None
    assert (after.revision, after.text, after.authors) == (1, plain.text, ("Anna Reed",))
    assert after.evidence["title"] == "override .kicker"
    assert after.evidence["authors"] == "corrected by desk"
    assert after.extractor_version == found.extractor_version


@pytest.mark.parametrize(
    ("then", "kind", "reason"),
    [
        (WHOLE, "corrected", "read anew by other overrides of its source"),
        (None, "revised", "the publisher changed it"),
    ],
)
def test_a_look_at_a_page_tells_an_override_from_an_edit(
    archive: Archive, then: Override | None, kind: str, reason: str
) -> None:
    archive.articles.keep([Kept(read(page()))], NOW)
    edit = "<div class=story>The vote was put off on Friday, because the ladder costs more than the town has got.</div>"
    new = read(page(), then) if then else read(page(more=edit * 3).replace(STORY[0].encode(), edit.encode()))
    with archive:
        archive.articles.keep([Kept(new)], NOW + DAY)
        (earlier,) = archive.articles.revisions(1)

    assert (earlier.kind, earlier.reason) == (kind, reason)


def test_the_evidence_of_a_text_that_stays_is_that_of_its_own_reading(archive: Archive) -> None:
    """A look that finds only noise keeps the text word for word, and so what it was read with."""
    small = Override(VALID, title=(".kicker",), body=("div.story",), author=(".who",), remove=("[data-ours]",))
    body = page(who="By Jane Roe", more="<div class=story>Updated at 14:07</div>")
    old = read(page(who="By John Doe"), small)
    archive.articles.keep([Kept(old)], NOW)
    new = read(body, replace(small, title=("div.kicker",)))
    with archive:
        archive.articles.keep([Kept(new)], NOW + DAY)
        kept = archive.articles.get(1)

    assert new.text != old.text
    assert kept is not None
    assert (kept.text, kept.authors) == (old.text, ("Jane Roe",))
    assert kept.evidence["override"] == old.evidence["override"] != new.evidence["override"]
    assert kept.evidence["title"] == "override .kicker"
    assert kept.extractor_version == old.extractor_version


def test_pages_of_a_file_are_read_with_the_override_of_their_source(
    archive: Archive, config: Config, tmp_path: Path
) -> None:
    raw = RawFolder(tmp_path / "raw")
    raw.append([RawPage(URL, URL, 200, {"content-type": "text/html"}, page(), NOW)])
    with archive:
        report = import_files(archive, config, sorted((tmp_path / "raw").glob("*.warc.gz")), NOW)
        (article,) = archive.articles.many([1])

    assert report.kept == 1
    assert (article.source, article.title) == ("quay", "Eels are back")


def test_a_key_that_gives_nothing_any_more_is_told(archive: Archive) -> None:
    """A site that changes its layout is seen after three articles, with when it began."""
    own = source(WHOLE)
    pages = [("story", "[data-ours]")] * 4 + [("text", "")] * 3
    with archive:
        archive.sources.sync([own], NOW)
        for number, (story, _) in enumerate(pages):
            at = NOW + number * DAY
            article = read(page(story), WHOLE, url=f"https://www.quay.example/{number}", at=at)
            archive.articles.keep([Kept(replace(article, published=None, published_utc=None))], at)
            if number == len(pages) - 2:
                assert archive.sources.health(at)[0].overrides == ()
        (health,) = archive.sources.health(NOW + 7 * DAY)
        ended = archive.sources.health(datetime(2027, 7, 1, tzinfo=UTC))[0].overrides
        archive.sources.sync([source(replace(WHOLE, body=("div.text",)))], NOW + 7 * DAY)
        mended = archive.sources.health(NOW + 7 * DAY)[0].overrides

    (told,) = health.overrides
    assert (told.key, told.articles, told.since, told.worked) == ("body", 3, NOW + 4 * DAY, True)
    assert told.note == (
        "body of the override title, body, date, author, remove gave nothing on the newest 3 articles; it did before"
    )
    assert health.state == "new"
    assert (ended, mended) == ((), ())
