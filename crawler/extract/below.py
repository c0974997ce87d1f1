"""Tells what below a text is no longer of it: boxes of other texts, and what readers answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from crawler.extract.lines import FOOTER, SUBHEADINGS, TEXT, Block, holds
from crawler.extract.names import is_certain
from crawler.extract.page import Line

#: What boxes of other texts are headed with; "more information" stands in them and in a text's own.
_OTHERS = re.compile(
    r"(?!.*(?:informa|unter:))(?:the )?(?:latest|more|related|recent|recommended|most (?:read|popular)|popular|"
    r"trending|also|next|previous|you may|you might|read (?:also|more|next)|see also|around the web|"
    r"weitere|mehr|neueste|aktuelle|ähnliche|meistgelesen|lesen sie|auch interessant|das könnte|"
    r"derni[eè]r\w*|à lire|lire aussi|sur le même|plus lus|articles? (?:liés|similaires)|"
    r"[uú]ltim[oaie]\w*|m[aá]s|relacionad\w+|tambi[eé]n|lea|leia|veja|mais|altr[ie]|leggi|correlat\w+|"
    r"meer|lees|gerelateerd|laatste|czytaj|więcej|polecane|najnowsze|"
    r"читайте|последние|похожие|ещё|другие|читати|останні|benzer|ilgili|son haberler|"
    r"آخر|المزيد|اقرأ|أخبار|مقالات|ذات صلة|بیشتر|مطالب|最新|相关|相關|推荐|推薦|热门|熱門|関連|おすすめ|人気|"
    r"관련|최신|인기|추천|संबंधित|ताज़ा|terkait|terbaru|baca juga|tin liên quan|tin mới|σχετικά|περισσότερα)(?![^\W\d_])",
    re.IGNORECASE,
)
#: "2 Comments": below it readers answer.
_ANSWERED = re.compile(
    r"\W*(?:\d+\s+)?(?:(?:reader )?comments?|replies|responses|leser-?kommentare|kommentare|commentaires|comentarios|"
    r"comentários|commenti|reacties|kommentarer|kommentit|komentarze|komentáře|komentari|комментарии|коментарі|коментари|"
    r"yorumlar|تعليقات|التعليقات|نظرات|תגובות|टिप्पणियाँ|bình luận|komentar|ความคิดเห็น|评论|評論|コメント|댓글)"
    r"(?:\s*\(?\d+\)?)?\W*",
    re.IGNORECASE,
)
#: So long is such a heading at most, and so many lines are looked at.
_LONGEST = 50
_MOST = 24
#: So many lines about a line, and so many blocks around it, can be one card.
_CARD = 3
_ANSWERS = frozenset((
    "comment", "comments", "commentlist", "response", "responses", "respond", "reply", "replies", "discussion",
    "disqus", "kommentar", "kommentare", "comentario", "comentarios", "commentaire", "commentaires",
    "reaktionen", "reacties", "guestbook",
))  # fmt: skip


#: Words of the names of a footer that is a text's.
_OF_TEXT = frozenset(("article", "entry", "post", "story", "content"))


def others_at(lines: Sequence[Line], last_at: int) -> int:
    """Give the place below the text's last line from which on other texts are shown; the end of the page else."""
    for at, line in enumerate(islice(lines, last_at + 1, last_at + 1 + _MOST), last_at + 1):
        if heads_others(line.text) or (len(line.text) <= _LONGEST and _ANSWERED.fullmatch(line.text)):
            return at
    return len(lines)


def is_of_others(lines: Sequence[Line], at: int, last_at: int) -> bool:
    """Tell whether a line below the text stands beside a link, close under the heading of a box of other texts."""
    beside = lines[max(0, at - 1) : at + 2]
    return any(line.linked for line in beside) and any(
        heads_others(line.text) for line in lines[max(last_at + 1, at - 3) : at]
    )


def is_on_card(lines: Sequence[Line], at: int, first_at: int) -> bool:
    """Tell whether a line below the text stands on a card, beside the linked headline of another text."""
    text = lines[first_at].block if first_at < len(lines) else None
    around = lines[at].block.parent
    for _ in range(_CARD):
        if around is None or around.tag in ("body", "main", "html") or (text and holds(around, text)):
            return False
        for place in range(max(0, at - _CARD), min(len(lines), at + 2)):
            line = lines[place]
            heads = line.tag in SUBHEADINGS or place < at
            if line.linked and heads and " " in line.text and not is_certain(line.text) and holds(around, line.block):
                return True
        around = around.parent
    return False


def heads_others(text: str) -> bool:
    """Tell whether a text heads a box of other texts."""
    return len(text) <= _LONGEST and _OTHERS.match(text) is not None and not any(map(str.isdigit, text))


def is_of_site(lines: Sequence[Line], at: int, first_at: int) -> bool:
    """Tell whether a line stands in the foot of the site: there it is told since when that is registered."""
    block = lines[at].block
    if not block.inside & FOOTER or block.inside & TEXT or first_at >= len(lines):
        return False
    around: Block | None = block
    while around is not None and around.tag != "footer":
        if not _OF_TEXT.isdisjoint(around.names):
            return False
        around = around.parent
    return around is not None and _OF_TEXT.isdisjoint(around.names) and not holds(around, lines[first_at].block)


def is_beside_link(lines: Sequence[Line], at: int, first_at: int) -> bool:
    """Tell whether a line below the text shares a box with a line that leads elsewhere: that is a bar of the site."""
    box = lines[at].block.parent
    if box is None or box.tag in ("body", "html") or first_at >= len(lines) or holds(box, lines[first_at].block):
        return False
    return any(
        lines[place].linked and holds(box, lines[place].block) for place in (at - 1, at + 1) if 0 <= place < len(lines)
    )


def leads_away(line: Line) -> bool:
    """Tell whether a line names another text, to which it leads: "Read more: Crane falls (14 March 2024)"."""
    lead, colon, _ = line.text.partition(":")
    return bool(colon) and line.links > 0 and heads_others(lead)


def is_answer(block: Block) -> bool:
    """Tell whether a block, or one close around it, holds what a reader answered."""
    around: Block | None = block
    for _ in range(4):
        if around is None:
            return False
        if not _ANSWERS.isdisjoint(around.names):
            return True
        around = around.parent
    return False
