"""What can be done by the API: judging articles and stories, saving and removing watches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from crawler.config.edit import remove_watch
from crawler.config.lock import only_editor
from crawler.errors import ConfigError, Outdated, UsageError
from crawler.query import explain, parse
from crawler.records import Article, Judgement, Story, as_json
from digest import answers, judging, watching
from digest.definitions import synchronise
from digest.web.api import shapes
from digest.web.api.faults import blamed
from digest.web.api.reading import ID, NAME, WATCH, article, rules, story, watch
from digest.web.api.table import Asked, Endpoint

_Line = Annotated[str, Field(min_length=1, max_length=200)]
_Few = Annotated[list[_Line], Field(min_length=1, max_length=50)]
_Numbers = Annotated[list[Annotated[int, Field(ge=1, le=2**53)]], Field(min_length=1, max_length=10_000)]
#: What is given so that nobody overwrites unknowingly what another one did meanwhile (409).
_SEEN = "What stood there when this was decided"


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Note(_Sent):
    """Write a note to an article."""

    act: Literal["note"]
    text: Annotated[str, Field(min_length=1, max_length=10_000)]
    public: Annotated[bool, Field(description="Digests that show the article show it; others stay inside.")] = False


class Tag(_Sent):
    """Tag an article, or take tags away."""

    act: Literal["tag"]
    tags: _Few
    remove: bool = False


class Mark(_Sent):
    """Say that an article is irrelevant, or no copy; or take that back."""

    act: Literal["mark"]
    mark: Literal["irrelevant", "not-a-copy"]
    undo: bool = False


class CorrectDate(_Sent):
    """Put right when an article was published: 2019-11-06, 2019-11-06T19:13:40+08:00."""

    act: Literal["correct-date"]
    date: Annotated[str, Field(min_length=1, max_length=40)]
    seen: Annotated[str | None, Field(max_length=100, description=f'{_SEEN}; "" where there was none.')] = None


class CorrectAuthors(_Sent):
    """Put right who wrote an article."""

    act: Literal["correct-authors"]
    authors: _Few
    seen: Annotated[list[str] | None, Field(max_length=200, description=f"{_SEEN}.")] = None


class TakeBack(_Sent):
    """Take one judgement of the article back, by its number."""

    act: Literal["take-back"]
    judgement: Annotated[int, Field(ge=1, le=2**53)]


class Uncorrect(_Sent):
    """Take corrections of the date and the authors back."""

    act: Literal["uncorrect"]


Judged = Annotated[
    Note | Tag | Mark | CorrectDate | CorrectAuthors | TakeBack | Uncorrect,
    Field(discriminator="act"),
]


class SplitSent(_Sent):
    """Take articles, with their copies, out of a story into one of their own."""

    articles: _Numbers
    seen: Annotated[_Numbers | None, Field(description="The articles that the story had when this was decided.")] = None


class MergeSent(_Sent):
    """Make another story part of this one."""

    story: Annotated[int, Field(ge=1, le=2**53)]
    seen: Annotated[_Numbers | None, Field(description="The articles that both had when this was decided.")] = None


class WatchSent(_Sent):
    """A saved search; what is left out of the settings stays as it is."""

    query: Annotated[str, Field(min_length=1, max_length=10_000)]
    weight: Annotated[float | None, Field(gt=0, le=100)] = None
    urgent: bool | None = None
    spike: bool | None = None
    silence: bool | None = None
    feed: bool | None = None
    muted: bool | None = None


def _judge(asked: Asked) -> Any:
    call, sent = asked.call, asked.body
    number = article(asked).id or 0
    said, who, now = call.archive.judgements, call.visitor.name, call.now
    with _blaming("body"), call.archive.writing():
        match sent:
            case Note():
                said.note(number, sent.text, who, now, public=sent.public)
            case Tag(remove=True):
                said.untag(number, sent.tags, who, now)
            case Tag():
                said.tag(number, sent.tags, who, now)
            case Mark(undo=True):
                judging.unmark(call.archive, number, sent.mark, who, now, call.config())
            case Mark():
                judging.mark(call.archive, number, sent.mark, who, now, call.config())
            case CorrectDate():
                judging.correct(
                    call.archive, number, who, now, date=sent.date, seen_date=sent.seen, config=call.config()
                )
            case CorrectAuthors():
                judging.correct(
                    call.archive, number, who, now, authors=sent.authors, seen_authors=sent.seen, config=call.config()
                )
            case TakeBack():
                found = said.get(sent.judgement)
                if found is None or found.article != number:
                    raise UsageError(f"{sent.judgement} is no judgement of article {number}")
                judging.take_back(call.archive, sent.judgement, who, now, call.config())
            case Uncorrect():
                judging.uncorrect(call.archive, number, who, now, call.config())
    return {"article": as_json(article(asked)), "judgements": as_json(said.of(number))}


def _split(asked: Asked) -> Any:
    call, sent = asked.call, asked.body
    found = story(asked)
    with _blaming("body"):
        new = judging.split(
            call.archive, found.id, sent.articles, call.visitor.name, call.now, sent.seen, call.config()
        )
    return {"story": as_json(call.archive.stories.get(found.id)), "new": as_json(new)}


def _merge(asked: Asked) -> Any:
    call, sent = asked.call, asked.body
    stories = [story(asked).id, sent.story]
    with _blaming("body"):
        whole = judging.merge(call.archive, stories, call.visitor.name, call.now, sent.seen, call.config())
    return {"story": as_json(whole)}


def _put_watch(asked: Asked) -> Any:
    call, sent, name = asked.call, asked.body, asked["name"]
    settings = sent.model_dump(exclude={"query"})
    with _blaming("body.query"), only_editor(call.configured().folder):
        watching.write(call.configured(), name, sent.query.strip(), **settings)
        synchronise(call.archive, call.configured(), call.now)
        told = answers.watches(call.archive, [watch(asked)], rules(call))[0]
    return {**told, "explanation": explain(parse(told["query"]))}


def _delete_watch(asked: Asked) -> None:
    call, found = asked.call, watch(asked)
    with _blaming("name"), only_editor(call.configured().folder):
        remove_watch(call.configured().folder, found.name)
        synchronise(call.archive, call.configured(), call.now)


@contextmanager
def _blaming(place: str) -> Iterator[None]:
    """Say where the fault of what cannot be done is."""
    try:
        yield
    except Outdated as error:
        raise blamed(error, 409, place) from error
    except (UsageError, ConfigError) as error:
        raise blamed(error, 422, place) from error


ENDPOINTS = (
    Endpoint(
        "POST",
        "/articles/{id}/judgements",
        "judge",
        "Tag an article, note something of it, mark it, or put its date or authors right.",
        _judge,
        shapes.of(article=Article, judgements=tuple[Judgement, ...]),
        (ID,),
        TypeAdapter(Judged),
        role="editor",
        more="What is said stays, with who and when, whatever the page says later; saying it again changes nothing.",
        example="/articles/1/judgements",
        sends={"act": "tag", "tags": ["harbour"]},
    ),
    Endpoint(
        "POST",
        "/stories/{id}/split",
        "splitStory",
        "Take articles, with their copies, out of a story into one of their own; grouping keeps to it.",
        _split,
        shapes.of(story=Story, new=Story),
        (ID,),
        TypeAdapter(SplitSent),
        role="editor",
        more="A merge undoes it.",
        example="/stories/1/split",
        sends={"articles": [2]},
    ),
    Endpoint(
        "POST",
        "/stories/{id}/merge",
        "mergeStories",
        "Make another story part of this one; grouping keeps to it.",
        _merge,
        shapes.of(story=Story),
        (ID,),
        TypeAdapter(MergeSent),
        role="editor",
        more="A split undoes it.",
        example="/stories/1/merge",
        sends={"story": 2},
    ),
    Endpoint(
        "PUT",
        "/watches/{name}",
        "putWatch",
        "Save a search under a name, or change it; what is kept already is matched, too.",
        _put_watch,
        shapes.both(WATCH, shapes.of(explanation=str)),
        (NAME,),
        TypeAdapter(WatchSent),
        role="editor",
        more="It is written into watches.toml. What it finds among old articles is never news.",
        example="/watches/harbours",
        sends={"query": "harbour AND (closed OR strike)", "urgent": False},
    ),
    Endpoint(
        "DELETE",
        "/watches/{name}",
        "deleteWatch",
        "Take a watch out of watches.toml.",
        _delete_watch,
        None,
        (NAME,),
        role="editor",
        status=204,
        example="/watches/harbours",
    ),
)
