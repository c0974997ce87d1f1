"""Fields for the author that name who made the page's system or design, an account, or the site; and Korea's names."""

from __future__ import annotations

import pytest

from tests.extracting import ld, made, page

KOREAN = (
    "북항 항만청은 1일 강풍으로 모든 여객선의 운항을 중단하고 항구 입구를 다음 날 아침까지 폐쇄한다고 밝혔다.",
) * 3


@pytest.mark.parametrize(
    "name",
    [
        "Colorlib", "ThemeForest", "WordPress", "WordPress 6.4", "Joomla!", "Joomla! - Open Source Content Management",
        "Drupal 8", "Blogger", "TYPO3 CMS", "HTML5 UP", "W3layouts", "Elegant Themes", "BootstrapMade",
        "Newspaper Theme", "Hugo Themes", "Anna Webdesign", "Webdesign Studio",
        "Mark Otto, Jacob Thornton, and Bootstrap contributors",
        "admin", "Site Admin", "webmaster", "Editor", "editor2", "user1", "Your Name", "Author Name", "The Example",
    ],
)  # fmt: skip
def test_who_made_the_page_and_accounts_wrote_no_text(name: str) -> None:
    assert () == made(page(head=f'<meta name="author" content="{name}">')).authors
    assert () == made(page(head=ld({"@type": "NewsArticle", "author": {"@type": "Person", "name": name}}))).authors
    by = "<p class=byline>By Anna Weber</p>"
    assert ("Anna Weber",) == made(page(head=f'<meta name="author" content="{name}">', above=by)).authors


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Pixelmeister", "<p>Theme by Pixelmeister</p>"),
        ("Pixelmeister", "<p>© 2024 The Example. This template is made with love by Pixelmeister</p>"),
        ("Pixelmeister", "<p>Webdesign: Pixelmeister</p>"),
        ("Pixelmeister", "<p>Realizzazione: Pixelmeister</p>"),
        ("Ghost", "<meta name=generator content='Ghost 5.2'>"),
        ("Hugo", "<meta name=generator content='Hugo 0.92.1'>"),
    ],
)
def test_a_page_tells_itself_who_made_it(name: str, told: str) -> None:
    head = f'<meta name="author" content="{name}">'

    assert (name,) == made(page(head=head)).authors
    assert () == made(page(head=head + told if "meta" in told else head, below="" if "meta" in told else told)).authors


@pytest.mark.parametrize(
    "name",
    ["Anna Weber", "Hugo", "Wendy Press-Hill", "Drew Paul", "Theo Mann", "Ada Min", "Anna Templates", "Miriam Themes"],
)
def test_persons_stay_authors(name: str) -> None:
    assert (name,) == made(page(head=f'<meta name="author" content="{name}">')).authors


def test_a_person_who_made_the_page_may_have_written_it() -> None:
    head = '<meta name="author" content="Anna Weber">'

    assert ("Anna Weber",) == made(page(head=head, below="<p>Website designed by Anna Weber</p>")).authors


@pytest.mark.parametrize(
    ("box", "names"),
    [
        (
            "<div class='writer-zone01'><strong class=tit-name>홍길동 기자</strong><em>기자 페이지</em></div>",
            ("홍길동",),
        ),
        ("<div class='writer-zone01'><strong class=tit-name><a>홍길동</a></strong><a>구독</a></div>", ("홍길동",)),
        (
            "<div class=writer-zone01><b class=tit-name>홍길동</b><b class=tit-name>김철수</b></div>",
            ("홍길동", "김철수"),
        ),
        ("<strong class='tit-name'>홍길동</strong>", ("홍길동",)),
        ("<strong class='tit-name'>북항 소식 모음</strong>", ()),
        ("<strong class='tit-brand'>홍길동</strong>", ()),
        ("<div class=author-box><b class=name>Anna Weber</b><i>Follow</i></div>", ("Anna Weber",)),
    ],
)
def test_an_element_that_holds_a_name_alone_tells_it(box: str, names: tuple[str, ...]) -> None:
    for where in ("above", "below"):
        assert names == made(page(lang="ko", title="북항 여객선 모두 중단", body=KOREAN, **{where: box})).authors
