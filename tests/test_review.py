"""What editors make of a draft: every story stands once, counts add up, and everything can be taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import UsageError
from crawler.records import ReviewAct
from digest import edition, render
from digest.review import Command, Desk, Draft, Order, carry_over, take_back
from digest.review_list import read_list, write_list
from tests.edition_sample import DUE, WATCHES, Press, a_morning, a_plan

ANN = ("ann", DUE)


def a_draft(per_watch: int = 2, top: int = 2, stories: int = 7, *, watched: bool = True, floor: float = 0.0) -> Draft:
    """Choose a draft of some stories of two watches, of which some are only counted."""
    press = Press()
    names = [watch.name for watch in WATCHES[:2]]
    for number in range(stories):
        watch = names[number % 2] if watched else ""
        text = press.article("harbour", f"Event {number} at the harbour", 2 + number, watch, ("harbour",))
        press.story(text, separate_owners=stories - number, outside_state_control=1)
    plan = a_plan(top=top, per_watch=per_watch, floor=floor)
    material = press.material(plan, **({} if watched else {"watches": ()}))
    return Draft(*edition.choose_all(material), plan.floor)


def done(desk: Desk, *commands: Command) -> Desk:
    for command in commands:
        desk = desk.act(command, *ANN)
    return desk


def numbers(desk: Desk, items: Any) -> list[int]:
    return [desk.draft.numbers[item.story] for item in items]


def top(desk: Desk) -> list[int]:
    return numbers(desk, desk.content.top)


def test_a_draft_that_nobody_touched_is_what_was_chosen() -> None:
    for draft in (a_draft(), a_draft(watched=False), Draft(edition.choose(a_morning()))):
        assert draft.content == Desk(draft).content


def test_the_hidden_stories_are_those_that_are_counted() -> None:
    draft = a_draft(per_watch=1)

    assert sum(section.hidden for section in draft.content.sections) == len(draft.hidden) > 0
    assert 7 == len(draft.items) == draft.content.figures.stories


def test_of_thousands_of_hidden_stories_those_that_the_draft_does_not_hold_stay_counted() -> None:
    whole = a_draft(per_watch=1)
    desk = Desk(replace(whole, hidden=whole.hidden[:1]))
    assert whole.content == desk.content

    after = done(desk, Command("drop", 1), Command("show", 5))

    assert done(Desk(whole), Command("drop", 1), Command("show", 5)).content == after.content


def test_pins_go_to_the_top_in_their_order() -> None:
    desk = done(Desk(a_draft()), Command("pin", 4), Command("pin", 6))

    assert [4, 6, 1, 2] == top(desk)
    assert [4, 6, 5, 1, 2] == top(done(desk, Command("down", 1), Command("up", 1), Command("pin", 5)))
    assert "Event" in render.subject(desk.content)
    assert desk.content.top[0].carrier.headline in render.subject(desk.content)


def test_a_dropped_story_is_neither_shown_nor_counted() -> None:
    desk = Desk(a_draft(per_watch=1))
    section = desk.content.sections[0]
    shown = desk.draft.numbers[section.items[0].story]

    after = done(desk, Command("drop", shown, "an advertisement"))

    assert section.total - 1 == after.content.sections[0].total
    assert 6 == after.content.figures.stories
    assert [(shown, "an advertisement")] == [(desk.draft.numbers[i.story], act.text) for i, act in after.dropped]
    assert b"6 new stories" in render.text(after.content)


def test_the_lead_says_nothing_of_what_was_dropped() -> None:
    desk = Desk(a_draft())
    assert 7 == next(one for one in desk.content.lead if one.key == "lead.wide").values["n"]

    after = done(desk, Command("drop", 1))

    assert 6 == next(one for one in after.content.lead if one.key == "lead.wide").values["n"]


def test_a_hidden_story_is_promoted() -> None:
    desk = Desk(a_draft(per_watch=1))
    hidden = desk.draft.numbers[desk.draft.hidden[0].story]

    after = done(desk, Command("show", hidden))

    assert hidden in numbers(after, [item for each in after.content.sections for item in each.items])
    assert sum(each.hidden for each in desk.content.sections) - 1 == sum(e.hidden for e in after.content.sections)


def test_without_sections_a_promoted_story_joins_the_top() -> None:
    desk = Desk(a_draft(watched=False))
    assert 5 == desk.content.hidden

    after = done(desk, Command("show", 5))

    assert [1, 2, 5] == top(after)
    assert 4 == after.content.hidden
    with pytest.raises(UsageError, match="has no sections"):
        done(desk, Command("section", 1))


def test_stories_move_within_and_between_top_and_sections() -> None:
    desk = Desk(a_draft())

    assert [2, 1] == top(done(desk, Command("up", 2)))
    assert [2] == top(done(desk, Command("section", 1)))
    assert [1, 4, 2] == top(done(desk, Command("before", 4, other=2)))
    assert [1, 2, 3] == top(done(desk, Command("top", 3)))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (Command("pin", 99), "there is no story 99 in this draft; its stories are 1 to 7"),
        (Command("up", 1), "story 1 is the first among the top stories"),
        (Command("up", 3), "story 3 is the first in its section; --top 3 puts it"),
        (Command("up", 7), "story 7 is hidden; --show 7 or --top 7"),
        (Command("before", 3, other=7), "story 7 is hidden, so none can stand before it"),
        (Command("note", 1, "x" * 1001), "note 1 has 1001 letters; at most 1000"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_remedy(command: Command, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        done(Desk(a_draft()), command)


def test_a_note_and_a_lead_stand_marked_and_escaped_in_every_form() -> None:
    said = 'Confirmed <script>alert(1)</script> & "desk"'
    content = done(
        Desk(a_draft()), Command("note", 1, said), Command("note", 4, said), Command("lead", text=said)
    ).content
    shown = render.everything(content)

    for form in (shown.mail, shown.web):
        assert b"<script" not in form
        assert 2 == form.count("Editor’s note".encode())
        assert b"From the editor" in form
        assert 3 == form.count(b"Confirmed &lt;script&gt;alert(1)&lt;/script&gt; &amp;") - (form is shown.mail)
    assert 2 == shown.text.decode().count("> Editor’s note: Confirmed")
    assert "From the editor: Confirmed" in shown.text.decode()
    assert said == content.top[0].note


def test_a_note_to_an_article_stands_until_the_editor_of_the_draft_writes_another_or_none() -> None:
    draft = a_draft()
    first = replace(draft.content.top[0], note="Confirmed by our desk.")
    noted = Desk(replace(draft, content=replace(draft.content, top=(first, *draft.content.top[1:]))))
    other, none = (done(noted, Command("note", 1, text)) for text in ("Another.", ""))

    assert ["Confirmed by our desk.", "Another.", ""] == [desk.content.top[0].note for desk in (noted, other, none)]


def test_an_editors_line_breaks_and_controls_do_nothing() -> None:
    content = done(Desk(a_draft()), Command("note", 1, "one\r\nBcc: x\x1b[31m\u202e two")).content

    assert "one Bcc: x [31m two" == content.top[0].note


def test_what_was_done_last_to_a_story_is_taken_back_first() -> None:
    desk = done(Desk(a_draft()), Command("pin", 4), Command("drop", 4), Command("lead", text="Look"))

    once = desk.with_acts(act for act in desk.acts if act is not take_back(desk, 4))
    twice = once.with_acts(act for act in once.acts if act is not take_back(once, 4))

    assert [4, 1, 2] == top(once)
    assert [1, 2] == top(twice)
    assert "lead" == take_back(desk, 0).kind
    with pytest.raises(UsageError, match="nothing was done to story 4"):
        take_back(twice, 4)


COMMANDS = st.builds(
    Command,
    st.sampled_from(get_args(Order)),
    st.integers(1, 7),
    st.text(st.characters(categories=["L", "P", "Z"]), max_size=20),
    st.integers(1, 7),
)
DRAFTS = st.sampled_from(
    [a_draft(), a_draft(per_watch=1, top=1), a_draft(watched=False), a_draft(top=0), a_draft(floor=4.5)]
)


def tried(desk: Desk, command: Command) -> Desk:
    try:
        return desk.act(command, *ANN)
    except UsageError:
        return desk


@given(DRAFTS, st.lists(COMMANDS, max_size=12))
@settings(max_examples=60, deadline=None)
def test_whatever_is_done_every_story_stands_once_and_the_counts_add_up(draft: Draft, commands: list[Command]) -> None:
    desk = Desk(draft)
    for command in commands:
        desk = tried(desk, command)
    content = desk.content
    out = [item.story for item, _ in desk.dropped]
    everywhere = [*(item.story for item in content.items), *(item.story for item in desk.at("hidden")), *out]

    assert sorted(item.story for item in draft.items) == sorted(everywhere)
    assert len(draft.items) - len(out) == content.figures.stories
    for section in content.sections:
        assert (
            section.total
            == len(section.items) + section.in_top + section.elsewhere + section.hidden + section.below_floor
        )
        assert {section.watch} >= {item.watch for item in section.items}
    hidden = sum(section.hidden + section.below_floor for section in content.sections)
    assert len(desk.at("hidden")) == hidden + content.hidden + content.below_floor


@given(DRAFTS, st.lists(COMMANDS, max_size=12))
@settings(max_examples=60, deadline=None)
def test_acts_given_twice_change_nothing_and_each_can_be_taken_back(draft: Draft, commands: list[Command]) -> None:
    desk = Desk(draft)
    for command in commands:
        after = tried(desk, command)

        assert desk.content == after.with_acts(after.acts[: len(desk.acts)]).content
        desk = after

    assert desk.content == desk.with_acts((*desk.acts, *desk.acts)).content
    assert draft.content == desk.with_acts(()).content
    assert desk.content == Desk(Draft.from_json(draft.to_json()), desk.acts).content


@given(DRAFTS, st.lists(COMMANDS, max_size=6), st.lists(COMMANDS, max_size=6))
@settings(max_examples=50, deadline=None)
def test_a_list_says_all_of_a_draft(draft: Draft, before: list[Command], after: list[Command]) -> None:
    """The list of a desk, read at another desk of the same draft, makes that into the first."""
    desk = other = Desk(draft)
    for command in before:
        desk = tried(desk, command)
    for command in after:
        other = tried(other, command)

    assert desk.acts == read_list(desk, write_list(desk, "Draft"), *ANN).acts
    made = read_list(other, write_list(desk, "Draft"), *ANN)
    assert replace(desk.content, top=()) == replace(made.content, top=())
    assert desk.content.top == made.content.top
    assert {i.story: act.text for i, act in desk.dropped} == {i.story: act.text for i, act in made.dropped}
    assert set(desk.pinned) == set(made.pinned)


def test_a_line_that_is_taken_out_is_dropped_and_an_empty_list_changes_nothing() -> None:
    desk = Desk(a_draft())
    lines = write_list(desk, "Draft 7").splitlines()

    less = read_list(desk, "\n".join(line for line in lines if not line.startswith("2 ")), *ANN)

    assert [2] == numbers(less, less.at("dropped"))
    assert desk is read_list(desk, "# only remarks\n\n", *ANN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[top]\n1 One\n1 One again\n", "line 3 of the list: story 1 stands there twice"),
        ("[top]\nhello\n", "line 2 of the list is 'hello'; wanted a story"),
        ("[section Nothing]\n", "line 1 of the list: there is no section 'Nothing'; there is"),
        ("[section Infrastructure]\n1 One\n", "story 1 belongs under .section Counter-intelligence."),
        ("[hidden]\npin 1 One\n", "story 1 is pinned, so it belongs under .top."),
    ],
)
def test_a_list_that_cannot_be_read_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_list(Desk(a_draft()), text, *ANN)


def acts_of(desk: Desk) -> list[ReviewAct]:
    return [replace(act, id=number, edition=7) for number, act in enumerate(desk.acts, 1)]


def test_judgements_are_carried_over_to_a_newer_draft_but_for_the_order() -> None:
    draft = a_draft()
    desk = done(
        Desk(draft), Command("note", 3, "Look"), Command("drop", 5, "old"), Command("pin", 4), Command("up", 2),
        Command("lead", text="Today"),
    )  # fmt: skip

    acts, back = carry_over(draft, acts_of(desk), own_texts=range(100))

    assert [("note", 7), ("drop", 7), ("pin", 7), ("lead", 7)] == [(act.kind, act.carried) for act in acts]
    assert [] == back
    assert [4, 1, 2] == top(Desk(draft, tuple(acts)))


def test_a_dropped_story_comes_back_with_a_text_of_its_own_but_not_with_a_copy() -> None:
    draft = a_draft()
    acts = acts_of(done(Desk(draft), Command("drop", 3, "old")))
    item = draft.item(3)
    grown = replace(item, story=900, articles=(*item.articles, 77))
    content = replace(draft.content, sections=())
    newer = Draft(content, (grown, *(each for each in draft.hidden if each.story != item.story)))

    with_copy = Desk(newer, tuple(carry_over(newer, acts, own_texts=set(item.articles))[0]))
    carried, back = carry_over(newer, acts, own_texts={*item.articles, 77})

    assert [900] == [each.story for each in with_copy.at("dropped")]
    assert [] == carried
    assert [900] == [each.story for each, _ in back]
