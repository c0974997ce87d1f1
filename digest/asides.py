"""What an edition says of its stories beside what their articles say: other languages, control, framing, who is absent.

It is added after the edition was chosen, so only what is shown is looked for; the archive is read once for all stories
(dossier.Dossiers says how far). Who was first, framing and absences are told of top stories only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from crawler.archive import Archive
from crawler.records import Story
from crawler.urls import is_fetchable
from digest.content import AlsoIn, EditionContent, Framed, FramedWord, Item, Missed, Statement, clean, clip
from digest.dossier import Dossiers
from digest.framing import Framing, Word

_TITLE = 160
#: Stories in other languages are looked for among so many, the newest.
_AMONG = 6_000
#: No more than so many languages, words on either side and outlets are told of a story.
_LANGUAGES, _WORDS, _ABSENT = 5, 4, 5


def add(content: EditionContent, stories: Iterable[Story], archive: Archive, now: datetime) -> EditionContent:
    """Add what is known of the stories that an edition shows."""
    shown = {item.story for item in content.items}
    known = {story.id: story for story in stories if story.id in shown}
    if not known:
        return content
    dossiers = Dossiers(archive, list(known.values()), now, most=_AMONG)
    urls = _addresses(dossiers, known.values(), archive)

    def told(item: Item, *, top: bool) -> Item:
        story = known.get(item.story)
        if story is None:
            return item
        item = replace(
            item,
            first=dossiers.first_report(story, item.first) if top else None,
            control=dossiers.control(story),
            also_in=_also_in(dossiers, story, urls),
            stands_alone=dossiers.stands_alone(story),
        )
        return _of_top_story(item, story, dossiers) if top else item

    sections = tuple(
        replace(section, items=tuple(told(item, top=False) for item in section.items)) for section in content.sections
    )
    content = replace(content, top=tuple(told(item, top=True) for item in content.top), sections=sections)
    return temper(_beside_each_other(content), content.items)


def _beside_each_other(content: EditionContent) -> EditionContent:
    """Name other stories by the headlines under which they stand here, and claim nothing that one of them may belie."""
    headlines = {item.story: item.carrier.headline for item in content.items}
    voiced = [item for item in content.items if _has_state_media(item)]

    def mended(item: Item) -> Item:
        # Links between languages are found for half of the events only.
        belied = item.control == "no state media yet" and any(
            other.carrier.language != item.carrier.language
            and {other.watch, *other.also_watches} & {item.watch, *item.also_watches}
            for other in voiced
        )
        also = tuple(replace(other, title=headlines.get(other.story, other.title)) for other in item.also_in)
        return replace(item, also_in=also, control="" if belied else item.control)

    sections = tuple(replace(section, items=tuple(map(mended, section.items))) for section in content.sections)
    return replace(content, top=tuple(map(mended, content.top)), sections=sections)


def _has_state_media(item: Item) -> bool:
    return any(carrier.control == "state" for carrier in (item.carrier, *item.others, *item.copies))


def temper(content: EditionContent, items: Iterable[Item]) -> EditionContent:
    """Say in the lead no more of its stories than is known beside them."""
    items = tuple(items)
    return replace(content, lead=tuple(_lead(statement, items) for statement in content.lead))


def _lead(statement: Statement, items: Iterable[Item]) -> Statement:
    """Leave out that none of the owners is outside state control where other stories seem to tell the event, too."""
    if statement.key not in {"lead.wide.none", "lead.wide.unknown"}:
        return statement
    owners = statement.values["n"]
    alone = all(item.stands_alone for item in items if item.owners == owners)
    return statement if alone else Statement("lead.wide.owners", {"n": owners})


def _of_top_story(item: Item, story: Story, dossiers: Dossiers) -> Item:
    articles = dossiers.articles(story)
    absent = dossiers.absent(story, articles)[:_ABSENT]
    return replace(
        item,
        framing=tuple(map(_framed, dossiers.framing(articles))),
        did_not_carry=tuple(
            Missed(one.source, clean(one.name) or one.source, one.watch, one.days_with, one.days) for one in absent
        ),
    )


def _addresses(dossiers: Dossiers, stories: Iterable[Story], archive: Archive) -> Mapping[int, str]:
    """Give for each story that a link leads to the address of its first article."""
    linked = {link.story for story in stories for link in dossiers.also_in(story)}
    first = {story.articles[0]: number for number in linked if (story := dossiers.story(number)) is not None}
    articles = archive.articles.many(sorted(first))
    return {first[article.id or 0]: article.url for article in articles if is_fetchable(article.url)}


def _also_in(dossiers: Dossiers, story: Story, urls: Mapping[int, str]) -> tuple[AlsoIn, ...]:
    found = []
    for link in dossiers.also_in(story)[:_LANGUAGES]:
        other = dossiers.story(link.story)
        if other is not None:
            title = clip(clean(other.title), _TITLE)
            found.append(AlsoIn(link.story, link.language, title, urls.get(link.story, "")))
    return tuple(found)


def _framed(found: Framing) -> Framed:
    return Framed(found.language, _words(found.state), _words(found.others))


def _words(words: Iterable[Word]) -> tuple[FramedWord, ...]:
    return tuple(FramedWord(clean(word.word), word.state, word.others) for word in words)[:_WORDS]
