"""The demo: what a new user sees first."""

from __future__ import annotations

import email
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from pathlib import Path

import pytest

from crawler.archive import Archive, open_archive
from crawler.records import Article
from digest import news
from tests.browser import Browser, needs_chromium, open_browser
from tests.commands import answer, presswatch


@dataclass
class Demo:
    folder: Path
    done: subprocess.CompletedProcess[str]
    seconds: float

    @property
    def digest(self) -> Path:
        return self.folder / "presswatch-demo" / "digest.html"

    @property
    def options(self) -> tuple[str, str]:
        return "--config", "presswatch-demo/config"

    def archive(self) -> Archive:
        return open_archive(f"sqlite:///{self.folder}/presswatch-demo/presswatch.db", read_only=True)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("new-user")
    begun = time.monotonic()
    done = presswatch(folder, "demo")
    return Demo(folder, done, time.monotonic() - begun)


def test_it_takes_less_than_a_minute_and_names_what_it_made(demo: Demo):
    named = re.findall(r"^(?:archive|digest|mail) +(\S+)", demo.done.stdout, re.MULTILINE)

    assert demo.seconds < 60
    assert 3 == len(named)
    assert all(Path(path).stat().st_size > 1000 for path in named)


def test_what_it_says_to_try_next_works(demo: Demo):
    commands = re.findall(r"^  presswatch (.+)$", demo.done.stdout, re.MULTILINE)

    assert 5 == len(commands)
    for command in commands:
        if not command.endswith("serve"):
            done = subprocess.run(
                f"{sys.executable} -P -m digest.cli {command}",
                shell=True,
                cwd=demo.folder,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            assert done.stdout


def test_the_archive_shows_each_thing_that_the_press_has(demo: Demo):
    with demo.archive() as archive:
        articles = [article for source in archive.sources.all() for article in _of(archive, source.key)]

    assert len(articles) >= 40
    assert {"en", "zh", "ar", "uk"} <= {article.language for article in articles}
    assert {"full", "quoted-in"} <= {article.copy_kind for article in articles}
    assert [2] == [article.revision for article in articles if article.revision > 1]
    assert [True] == [article.paywalled for article in articles if article.paywalled]
    assert {"full", "lead"} == {article.completeness for article in articles}
    # A reprint says when its original was printed, never when it was carried itself.
    assert {"openfile-security"} >= {article.source for article in articles if not article.published_utc}


def _of(archive: Archive, source: str) -> list[Article]:
    return [hit.article for hit in archive.search(f"source:{source}", limit=100, now=datetime.now(UTC)).hits]


def test_every_reprint_is_folded_under_the_text_that_it_credits(demo: Demo):
    with demo.archive() as archive:
        credited = [article for article in _of(archive, "openfile-security") if article.credited_to]
        assert len(credited) >= 3
        for article in credited:
            original = archive.articles.get(article.copy_of or 0)

            assert original is not None, article.title
            assert article.credited_to == original.carried_by


def test_chinese_words_are_found_and_marked(demo: Demo):
    found = answer(demo.folder, *demo.options, "search", "间谍", "--json", schema="search")
    hit = found["articles"][0]
    start, end = hit["highlights"]["text"][0]

    assert "间谍" == hit["text"][start:end]


def test_the_digest_folds_copies_sets_scripts_right_and_names_what_could_not_be_seen(demo: Demo):
    page = demo.digest.read_text()

    assert "OpenFile Security Library" in page
    assert re.search(r'lang="zh"', page)
    assert re.search(r'lang="ar"[^>]*dir="rtl"|dir="rtl"[^>]*lang="ar"', page)
    assert "Velmar Gazette" in page
    assert "a web page, not a feed" in page
    assert "Radio Litoral" in page
    assert "no new items for" in page
    assert "<script" not in page


def test_nothing_is_new_in_a_story_that_the_digest_has_told(demo: Demo):
    with demo.archive() as archive:
        edition = archive.editions.latest()
        assert edition is not None
        stories = [story for story in archive.stories.list() if archive.editions.showing(story.id)]
        fresh = [said.text for story in stories for said in news.since_edition(archive, story, edition.id)]

    assert len(stories) > 5
    assert [] == fresh


def test_the_mail_is_a_mail(demo: Demo):
    raw = (demo.folder / "presswatch-demo" / "digest.eml").read_bytes()
    message = email.message_from_bytes(raw, policy=policy.default)
    html = message.get_body(("html",))
    text = message.get_body(("plain",))

    assert html is not None
    assert text is not None
    assert len(html.get_content()) < 90_000
    assert "State TV" in text.get_content()
    assert "间谍" in text.get_content()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


@needs_chromium
@pytest.mark.parametrize(("width", "dark"), [(320, False), (360, True), (640, False)])
def test_the_digest_fits_every_screen(demo: Demo, browser: Browser, width: int, dark: bool):
    mail = email.message_from_bytes(
        (demo.folder / "presswatch-demo" / "digest.eml").read_bytes(), policy=policy.default
    )
    body = mail.get_body(("html",))
    assert body is not None

    for page in (demo.digest.read_bytes(), body.get_content().encode()):
        facts = browser.look(page, width, dark=dark)
        red, green, blue = map(int, re.findall(r"\d+", facts["background"])[:3])

        assert facts["width"] <= width, facts["wide"]
        assert not facts["wide"]
        assert (red + green + blue < 3 * 80) == dark


def test_a_demo_never_goes_over_other_files(tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    refused = presswatch(tmp_path, "demo", "--out", "mine", code=2)

    assert "thesis.txt" in {path.name for path in (tmp_path / "mine").iterdir()}
    assert "--out" in refused.stderr
