"""Kept articles lose, as a correction, what their host was found later to repeat; with real extraction and archive."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Archive, Kept, open_archive
from crawler.archive.blocks import Blocks
from crawler.drafts import Draft, keep_drafts
from crawler.errors import ArchiveError
from crawler.extract import block_hashes, with_repeats, without_repeats
from crawler.furniture import cleaned, correct_earlier
from crawler.reading import Reading, read_page, reading
from crawler.records import Article, Fetched, Source, TakenOut, Watch
from tests.archive_sample import HERALD, HOUR, NOW
from tests.archive_sample import article as plain
from tests.eval import furniture as eval_

BANNER = "Our reporters need your help: write to the newsroom if you have seen something today."
HOST = "herald.test"
_LISTED = """
harbour council ferry storm lantern barge eel toll rope quay pilot fog bridge mill clerk orchard chapel tunnel tram
surgeon violin beekeeper glacier archive lighthouse bakery sluice carpenter meadow ledger comet parade
"""
_WORDS = tuple(_LISTED.split())


def page(number: int, *, banner: str = BANNER, head: str = "", lead: str = "", sentences: int = 4) -> bytes:
    """Write an invented page; each number tells of other things, and all show the banner."""
    dice = random.Random(number)
    said = [
        f"The {dice.choice(_WORDS)} of {dice.choice(_WORDS).title()}ford was {dice.choice(_WORDS)} number "
        f"{dice.randrange(1000)}, and the {' '.join(dice.sample(_WORDS, 9))} went on without a word, said clerk "
        f"{number * 10 + n}."
        for n in range(sentences)
    ]
    said.insert(len(said) // 2, banner)
    text = "".join(f"<p>{line}</p>" for line in [lead, *said] if line)
    title = f"{dice.choice(_WORDS).title()} {number} and the {dice.choice(_WORDS)}"
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>"
        f"{text}</article></body></html>"
    ).encode()


def read(archive: Archive, number: int, *, source: Source = HERALD, **more: str | int) -> Reading:
    """Read a page as a visit does."""
    at = f"https://{HOST}/{number}"
    fetched = Fetched(at, at, page(number, **more), "text/html", fetched_at=NOW)  # type: ignore[arg-type]
    return read_page(fetched, source, archive.blocks.of(HOST))


def keep(archive: Archive, *numbers: int, **more: str | int) -> list[int]:
    """Keep pages one after another."""
    ids = []
    for number in numbers:
        (result,) = keep_drafts(archive, [Draft(read(archive, number, **more), HERALD)], NOW)
        ids.append(result.id)
    return ids


def get(archive: Archive, id_: int) -> Article:
    found = archive.articles.get(id_)
    assert found is not None
    return found


@pytest.fixture
def archive() -> Iterator[Archive]:
    with open_archive("sqlite://") as opened:
        opened.sources.sync([HERALD], NOW)
        yield opened


def test_a_warm_host_corrects_its_first_articles_once(archive: Archive) -> None:
    archive.watches.sync([Watch("help", "newsroom"), Watch("clerks", "clerk")], NOW)
    ids = keep(archive, *range(1, 9))
    before = [get(archive, id_) for id_ in ids]
    news = archive.changes.last()

    assert {"herald": 5} == correct_earlier(archive, NOW + HOUR)
    assert {} == correct_earlier(archive, NOW + 2 * HOUR), "each is corrected once"

    after = [get(archive, id_) for id_ in ids]
    assert [1] * 5 + [0] * 3 == [old.text.count(BANNER) for old in before]
    assert [0] * 8 == [now.text.count(BANNER) for now in after]
    assert [2] * 5 + [1] * 3 == [now.revision for now in after]
    for old, now in zip(before[:5], after[:5], strict=True):
        assert now.text == read(archive, int(old.url.rpartition("/")[2])).article.text, "as its page gives it today"
        assert now.text_sha256 == hashlib.sha256(now.text.encode()).hexdigest() != old.text_sha256
        assert now.words == old.words - len(BANNER.split())
        assert (TakenOut(2, BANNER),) == now.taken_out
        assert "lines that herald.test repeats on its pages" == now.evidence["taken_out"]
        own = {"text": "", "words": 0, "text_sha256": "", "revision": 0, "taken_out": (), "evidence": {}}
        assert replace(old, **own) == replace(now, **own)
        (earlier,) = archive.articles.revisions(now.id or 0)
        assert (old.text, "corrected", NOW + HOUR) == (earlier.text, earlier.kind, earlier.at)
        assert "1 line taken out that herald.test repeats on its pages" == earlier.reason
    assert ["corrected"] * 5 == [change.kind for change in archive.changes.since(news)]
    assert 0 == archive.search("newsroom", now=NOW).total
    assert 8 == archive.search("clerk", now=NOW).total
    assert [] == archive.watches.mentions("help")
    assert 8 == len(archive.watches.mentions("clerks"))


def test_a_page_that_is_read_again_after_its_correction_has_no_edit(archive: Archive) -> None:
    ids = keep(archive, *range(1, 7))
    correct_earlier(archive, NOW)
    results = keep_drafts(archive, [Draft(read(archive, number), HERALD) for number in range(1, 7)], NOW + HOUR)

    assert ["unchanged"] * 6 == [result.outcome for result in results]
    assert [2, 2, 2, 2, 2, 1] == [get(archive, id_).revision for id_ in ids]


def test_a_page_that_is_read_again_before_its_correction_has_no_edit_either(archive: Archive) -> None:
    keep(archive, *range(1, 7))
    kept = Kept(read(archive, 1).article, furniture=frozenset({BANNER}))

    assert ["unchanged"] == [result.outcome for result in archive.articles.keep([kept], NOW)]
    assert {"herald": 5} == correct_earlier(archive, NOW)


def test_what_is_not_done_in_one_go_is_done_in_the_next(archive: Archive) -> None:
    keep(archive, *range(1, 9))

    assert [2, 2, 1, 0] == [correct_earlier(archive, NOW, limit=2).total() for _ in range(4)]
    assert 0 == correct_earlier(archive, NOW, wanted=lambda: False).total()


def test_who_is_killed_in_the_midst_loses_none_and_doubles_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The correction and the note that it was made are one transaction: what ends between them undoes both."""
    address = f"sqlite:///{tmp_path / 'a.db'}"
    settle, calls = Blocks.settle, []

    def killed(self: Blocks, article: int, revision: int) -> None:
        calls.append(article)
        if len(calls) == 3:
            raise ArchiveError("the machine went down")
        settle(self, article, revision)

    with open_archive(address) as archive:
        archive.sources.sync([HERALD], NOW)
        ids = keep(archive, *range(1, 9))
        monkeypatch.setattr(Blocks, "settle", killed)
        with pytest.raises(ArchiveError):
            correct_earlier(archive, NOW)
        monkeypatch.undo()
    with open_archive(address) as archive:
        assert [2, 2, 1, 1, 1] == [get(archive, id_).revision for id_ in ids[:5]]
        assert {"herald": 3} == correct_earlier(archive, NOW)
        assert [2] * 5 == [get(archive, id_).revision for id_ in ids[:5]]
        assert [1] * 5 == [len(archive.articles.revisions(id_)) for id_ in ids[:5]]


def test_a_revision_that_came_meanwhile_is_left_to_the_next_time(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = keep(archive, *range(1, 7))
    fold = "crawler.furniture.copies.fingerprint"

    def edited(text: str) -> frozenset[int]:
        monkeypatch.undo()
        archive.articles.correct(
            ids[0], replace(get(archive, ids[0]), text=f"{get(archive, ids[0]).text}\n\nMore."), "edited", NOW
        )
        return frozenset()

    monkeypatch.setattr(fold, edited)

    assert {"herald": 4} == correct_earlier(archive, NOW)
    assert {"herald": 1} == correct_earlier(archive, NOW)
    assert get(archive, ids[0]).text.endswith("More.")
    assert BANNER not in get(archive, ids[0]).text


def test_what_people_said_of_an_article_stays_and_can_be_taken_back(archive: Archive) -> None:
    (id_,) = keep(archive, 1)
    archive.judgements.correct_authors(id_, ["Mei Lin"], "mei", NOW)
    keep(archive, *range(2, 7))
    correct_earlier(archive, NOW)

    assert (("Mei Lin",), 2) == (get(archive, id_).authors, get(archive, id_).revision)
    archive.judgements.uncorrect(id_, "authors", "mei", NOW)
    assert () == get(archive, id_).authors


def test_an_articles_own_standfirst_stays_where_other_pages_tease_with_it(archive: Archive) -> None:
    """The newest article is teased on all pages; its standfirst is furniture there and text here."""
    teaser = "Nine bells and a stolen violin: how the town of Lower Wexcombe lost its parade within one night."
    head = f"<meta name=description content='{teaser}'>"
    (own,) = keep(archive, 1, head=head, lead=teaser)
    others = keep(archive, *range(2, 9), banner=teaser)
    correct_earlier(archive, NOW)

    assert teaser == get(archive, own).lead
    assert get(archive, own).text.startswith(teaser)
    assert not any(teaser in get(archive, id_).text for id_ in others)


def test_a_text_that_is_mostly_what_its_host_repeats_is_left_alone(archive: Archive) -> None:
    ids = keep(archive, *range(1, 6), banner="</p><p>".join(f"{BANNER} {n}" * 2 for n in range(6)), sentences=2)
    whole = get(archive, ids[0]).text

    assert {} == correct_earlier(archive, NOW)
    assert whole == get(archive, ids[0]).text
    assert [] == archive.blocks.due(9), "they were looked at"


def test_what_was_withdrawn_imported_or_only_fed_is_left_as_it_is() -> None:
    blocks = block_hashes(BANNER)
    kept = plain(text=f"{plain().text}\n\n{BANNER}", extractor_version="presswatch-2")

    assert plain().text == cleaned(kept, blocks).text
    for other in (
        replace(kept, withdrawn_at=NOW),
        replace(kept, extractor_version="import"),
        replace(kept, evidence={"text": "feed (paywalled)"}),
    ):
        assert kept.text == cleaned(other, blocks).text


def test_a_copy_only_by_what_the_host_repeats_is_no_copy_any_more(archive: Archive) -> None:
    # Numbers that all have in common, as those of one article and its copy are.
    calls = (f"Call 55{n}-0{n}0{n} or 66{n}-1{n}1{n} for 77{n}-{n}" for n in range(3))
    long = " ".join(
        f"{BANNER} {call} {' '.join(random.Random(n + 30).sample(_WORDS, 9))}." for n, call in enumerate(calls)
    )
    ids = keep(archive, *range(1, 9), banner=long, sentences=5)
    assert any(get(archive, id_).copy_of for id_ in ids)

    correct_earlier(archive, NOW + HOUR)

    assert not any(get(archive, id_).copy_of for id_ in ids)
    assert not any(long in get(archive, id_).text for id_ in ids)


def test_one_text_under_many_addresses_teaches_nothing(archive: Archive) -> None:
    """An agency's text that its subscriber has at nine addresses, each a little longer: a copy, no furniture."""
    drafts = [read(archive, number, sentences=5) for number in range(1, 10)]
    same = drafts[0].article.text
    ids = []
    for number, draft in enumerate(drafts):
        text = "\n\n".join([same, *(f"An update came at {n} o'clock to the clerk." for n in range(number))])
        (result,) = keep_drafts(archive, [Draft(reading(replace(draft.article, text=text)), HERALD)], NOW)
        ids.append(result.id)

    assert 8 == sum(get(archive, id_).copy_of is not None for id_ in ids)
    assert {} == correct_earlier(archive, NOW)
    assert frozenset() == archive.blocks.of(HOST)


def test_real_pages_gain_and_none_loses(corpus: Path) -> None:
    """On two hosts of the corpus, of which one has live blogs, which teach nothing, and is not warm yet."""
    assert corpus.is_dir()
    gain = eval_.measure("fundus_eval", eval_.of_trafilatura, {"www.reuters.com", "www.independent.co.uk"})

    assert (10, 5, 0.0) == (gain.pages, gain.corrected, gain.worst)
    assert gain.after - gain.before > 0.005


def test_a_refrain_within_one_article_teaches_nothing(archive: Archive) -> None:
    keep(archive, *range(1, 5))
    (last,) = keep(archive, 9, banner="</p><p>".join(["And the sea gave nothing back to them that night."] * 6))

    assert {} == correct_earlier(archive, NOW)
    assert 6 == get(archive, last).text.count("And the sea gave nothing back")


def test_lines_are_compared_by_their_letters() -> None:
    one, blocks = "One voice was enough, said the clerk.", block_hashes("Read the newsletter!")

    taken = TakenOut(1, "Read  the NEWSLETTER")
    assert ([one], (taken,)) == without_repeats([one, taken.text], blocks)
    assert ([one, "Ok"], ()) == without_repeats([one, "Ok"], block_hashes("Ok\nNo")), "too short to tell"


SAID_BEFORE = "The harbour has been closed since the storm of February, when two of its three cranes fell into the sea."


def test_a_sentence_of_background_in_a_few_articles_in_a_row_comes_back_to_all_of_them(archive: Archive) -> None:
    archive.watches.sync([Watch("cranes", "cranes")], NOW)
    own = range(1, 31)
    about = {10, 11, 12, 13, 14, 18, 25}
    ids, corrected = [], 0
    for number in own:
        banner = SAID_BEFORE if number in about else f"Nothing else was said of number {number} by anybody at all."
        ids += keep(archive, number, banner=banner)
        corrected += correct_earlier(archive, NOW + number * HOUR).total()

    told = [id_ for number, id_ in zip(own, ids, strict=True) if number in about]
    assert [SAID_BEFORE] * 7 == [get(archive, id_).text.split("\n\n")[2] for id_ in told]
    assert not any(get(archive, id_).taken_out or "taken_out" in get(archive, id_).evidence for id_ in ids)
    assert 7 == len(archive.watches.mentions("cranes"))
    assert [
        "1 line taken out that herald.test repeats on its pages",
        "1 line given back that herald.test does not repeat any longer",
    ] == [each.reason for each in archive.articles.revisions(told[0])]
    assert 11 == corrected, "five lost it and got it back; one was read without it, and got it back"


def test_a_page_that_is_read_again_before_its_line_is_given_back_has_no_edit(archive: Archive) -> None:
    numbers = range(1, 6)
    ids = keep(archive, *numbers)
    correct_earlier(archive, NOW)
    keep(archive, *range(50, 55), banner="")
    assert frozenset() == archive.blocks.of(HOST)

    again = [Kept(read(archive, number).article, furniture=frozenset({BANNER})) for number in numbers]

    assert ["unchanged"] * 5 == [result.outcome for result in archive.articles.keep(again, NOW)]
    assert {"herald": 5} == correct_earlier(archive, NOW + HOUR)
    assert all(BANNER in get(archive, id_).text for id_ in ids)


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1), st.sets(st.sampled_from("abcdefgh")))
def test_what_was_taken_out_can_be_put_back(letters: list[str], known: set[str]) -> None:
    lines = [f"Line {letter} of the text" for letter in letters]
    blocks = block_hashes("\n".join(f"Line {letter} of the text" for letter in known))
    kept, taken = without_repeats(lines, blocks)
    assert lines == with_repeats(kept, taken)
