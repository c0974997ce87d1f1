"""The page of an article: its text, where it comes from, who carried it, and how it changed."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from digest.relations import relations
from digest.web import reading
from digest.web.call import Call, Page


def article(call: Call) -> Response:
    """Show an article with its evidence, origin, copies and revisions."""
    archive = call.archive
    found = archive.articles.get(call.number("article"))
    if found is None or found.id is None:
        raise HTTPException(404, f"There is no article {call.path['id']} in the archive.")
    family = reading.family(archive, found)
    return call.render(
        "article.html.j2",
        article=found,
        source=archive.sources.get(found.source),
        facts=reading.facts(found),
        forms=reading.FORMS,
        family=family,
        relations=relations(archive, [found, *family.copies]),
        revisions=reading.revisions(found, archive.articles.revisions(found.id)),
        mentions=archive.watches.of([found.id]).get(found.id, []),
        watch_query=reading.watch_query,
        paragraphs=found.text.splitlines(),
    )


PAGES = (Page("/article/{id}", article),)
