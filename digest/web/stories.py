"""The page of a story: what happened, who told it when, and who did not."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from digest.dossier import dossier, history
from digest.relations import relations
from digest.timeline import timeline
from digest.web.call import Call, Page


def story(call: Call) -> Response:
    """Show a story: summary, timeline, outlets, and what is known beside: other languages, framing, who is absent."""
    archive, now = call.archive, call.now
    asked = call.number("story")
    found = archive.stories.get(asked)
    if found is None:
        raise HTTPException(404, f"There is no story {call.path['id']} in the archive.")
    articles = archive.articles.many(found.articles)
    known = dossier(archive, found, now)
    linked = ((link, archive.stories.get(link.story)) for link in known.also_in)
    return call.render(
        "story.html.j2",
        story=found,
        asked=asked,
        languages={article.id: article.language for article in articles},
        timeline=timeline(articles),
        relations=relations(archive, articles),
        names=archive.source_names(),
        known=known,
        linked=[(link, other) for link, other in linked if other is not None],
        history=history(found.id, known.moves),
    )


PAGES = (Page("/story/{id}", story),)
