"""The page of all judgements: who said what of which article or story, and when; and the way to take it back."""

from __future__ import annotations

from starlette.responses import Response

from digest import judging
from digest.web import acts
from digest.web.call import Call, Page
from digest.web.templating import link

_A_PAGE = 30


def judgements(call: Call) -> Response:
    """List what people said, the latest first, of one kind or by one person where that is asked."""
    kind, who, cursor = (call.query.get(name, "").strip() for name in ("kind", "who", "cursor"))
    archive = call.archive
    found = judging.listed(archive, kind=kind, who=who, cursor=cursor, limit=_A_PAGE)
    numbers = {said.article for said in found.judgements if said.article is not None}
    stories = {said.story for said in found.judgements if said.story is not None}
    return call.render(
        "judgements.html.j2",
        said_of=acts.of_all(archive, found.judgements, undo=call.visitor.may("editor")),
        articles={article.id: article for article in archive.articles.heads_of(numbers)},
        stories={story.id: story for story in archive.stories.many(stories)},
        kinds=acts.KINDS,
        people=archive.judgements.people(),
        kind=kind,
        who=who,
        cursor=cursor,
        at=_address,
        next=_address(kind, who, found.next) if found.next else "",
    )


def _address(kind: str = "", who: str = "", cursor: str = "") -> str:
    return link("/judgements", kind=kind or None, who=who or None, cursor=cursor or None)


def take_back(call: Call) -> Response:
    """Take one judgement of an article back, and show the list again as it was chosen."""
    judging.take_back(call.archive, call.form.number("judgement"), call.visitor.name, call.now, call.config())
    back = _address(*(call.form.get(name) for name in ("kind", "who", "cursor")))
    return call.to(back, "Taken back. The list keeps that it was said.")


PAGES = (Page("/judgements", judgements), Page("/judgements/take-back", take_back, "editor", writes=True))
