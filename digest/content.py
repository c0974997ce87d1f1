"""What stands in one edition: plain records that go into the archive as JSON and come back.

Outside text is cleaned when it enters here (``clean``): no control characters, no marks that turn the direction of
what follows, one line. Words of the frame are not stored; a Statement names the sentence and the numbers in it, and
texts.py says it in the reader's language.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Literal

from crawler.records import Control, Form, Kind, as_json
from digest import building

Status = Literal["NEW", "UPDATED"]
#: What may be said of control; "" where it is not known well enough.
ControlMark = Literal["", "state-controlled only", "no state media yet"]
ErratumKind = Literal[
    "withdrawn", "restored", "retitled", "text", "corrected", "dated",
    "set_aside", "reinstated", "own_text", "a_copy", "split", "merged",
    "unnoted", "unlabelled",
]  # fmt: skip

#: Direction marks, byte order marks, line separators, soft hyphens, and what no XML may hold.
#: The joiners U+200C and U+200D stay: Persian and emoji need them.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe-\uffff]"
)
#: Marks above and below a letter. No script puts more than four on one; heaps of them are drawn over other lines.
_MARK = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0e31\u0e34-\u0e3a"
    "\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_HEAP = re.compile(f"({_MARK}{{4}}){_MARK}+")
#: Letters of countries; two are a flag.
_FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
#: What belongs to the letter before it and is no mark: joiners, tones of skin, vowels and finals of Hangul, and am (ำ).
_CONTINUING = re.compile("[\u200c\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u1160-\u11ff\u0e33\u0eb3]")
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "iw", "ur", "ps", "sd", "ug", "yi", "dv", "ckb", "syr", "arc"})


def clean(text: str) -> str:
    """Make one line of outside text that can do nothing to what stands around it."""
    line = " ".join(text.split())
    if line.isascii() and line.isprintable():  # no marks, which are looked for below
        return line
    if line.isprintable():  # nearly all are
        return _HEAP.sub(r"\1", line)
    plain = "".join(
        " " if char.isspace() or unicodedata.category(char) == "Cc" else char
        for char in text
        if unicodedata.category(char) != "Cs"
    )
    return " ".join(_HEAP.sub(r"\1", _INVISIBLE.sub("", plain)).split())


def clip(text: str, longest: int) -> str:
    """Cut a text at a word, with an ellipsis, when it is longer than this."""
    if len(text) <= longest:
        return text
    # A script without spaces has no word to cut at.
    space = text.rfind(" ", longest * 2 // 3, longest)
    return text[: space if space > 0 else _between_letters(text, longest)].rstrip(" ,;:.-") + "…"


def _between_letters(text: str, place: int) -> int:
    """Go back from a place inside of a letter (its marks, a joined emoji, half a flag) to where that begins."""
    at = place
    while at > 0 and _is_inside(text, at):
        at -= 1
    return at or place


def _is_inside(text: str, at: int) -> bool:
    before, char = text[at - 1], text[at]
    if before in _FLAGS and char in _FLAGS:
        return (at - len(text[:at].rstrip(_FLAGS))) % 2 == 1
    is_joined = before == "\u200d" or unicodedata.combining(before) == 9  # a virama joins consonants: क्ष
    return is_joined or _CONTINUING.match(char) is not None or unicodedata.category(char)[0] == "M"


def direction(text: str, language: str = "") -> Literal["ltr", "rtl"]:
    """Tell which way a text is written: by its first letter that has a direction, else by its language."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "rtl" if language.split("-", maxsplit=1)[0].lower() in _RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the frame: which one, and what stands in it."""

    key: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class When:
    """A time as it may be told: never more exact than what is known."""

    #: In UTC.
    at: datetime
    #: minute: published then. day: published that day. seen: publication not known, seen then.
    kind: Literal["minute", "day", "seen"]


@dataclass(frozen=True, slots=True)
class Carrier:
    """An outlet with the article by which it carried a story."""

    article: int
    source: str
    name: str
    kind: Kind
    control: Control
    country: str
    #: Of the article.
    language: str
    headline: str
    #: http(s), or "" when the address is none that may be linked.
    url: str
    when: When | None = None
    #: Whom the text itself names as its origin, "" when nobody or the outlet itself.
    credits: str = ""
    form: Form = "article"
    #: People put the date of the article right.
    dated_by_people: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that stands word for word in an article."""

    text: str
    article: int
    language: str
    #: The outlet, told when it is another one than the headline's.
    name: str
    #: Start and end of the words that matched.
    marks: tuple[tuple[int, int], ...] = ()

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """Cut it into what matched and what did not."""
        places = [0, *(place for mark in self.marks for place in mark), len(self.text)]
        return [(self.text[start:end], number % 2 == 1) for number, (start, end) in enumerate(pairwise(places))]


@dataclass(frozen=True, slots=True)
class MachineText:
    """A text that a machine wrote; shown with its mark, never evidence."""

    text: str
    #: The model or the plug-in.
    by: str


@dataclass(frozen=True, slots=True)
class Translation:
    """An item in the digest's language, as a machine translated it; shown with its mark, never evidence."""

    headline: str
    #: Of the sentences in the headline's language, in their order.
    quotes: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """A story in another language that seems to tell of the same event; both stay stories of their own."""

    story: int
    language: str
    title: str
    #: Of its first article: http(s), or "" when there is none that may be linked.
    url: str = ""


@dataclass(frozen=True, slots=True)
class FramedWord:
    """A word, and how often state media and the others say it."""

    word: str
    state: int
    others: int


@dataclass(frozen=True, slots=True)
class Framed:
    """The words that set state media apart in one language, and those of the others."""

    language: str
    state: tuple[FramedWord, ...]
    others: tuple[FramedWord, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """An outlet that usually carries a watch's topic and did not carry the story."""

    source: str
    name: str
    watch: str
    #: Of so many days before the story it carried the topic on so many.
    days_with: int
    days: int


@dataclass(frozen=True, slots=True)
class Item:
    """One story as it stands in an edition."""

    story: int
    status: Status
    #: The watch under which it stands; "" in a plan without watches.
    watch: str
    #: Other watches of the plan that it matches.
    also_watches: tuple[str, ...]
    #: The article of the headline and its outlet.
    carrier: Carrier
    quotes: tuple[Quote, ...]
    #: Who carried it first among the sources that are watched; None unless it is proven.
    first: Carrier | None
    #: Other outlets with a text of their own, one line for each outlet.
    others: tuple[Carrier, ...]
    #: Outlets that carried a copy, folded; one line for each outlet.
    copies: tuple[Carrier, ...]
    copy_count: int
    #: Voices: owners after folding copies, and those outside state control.
    owners: int
    outside_state: int
    #: Articles since `since`, the moment up to which the last edition with this story saw; None when it is new.
    new_articles: int
    since: datetime | None
    #: Words that matched, as they stand in the articles.
    matched: tuple[str, ...]
    score: float
    #: Why it stands where it stands.
    reasons: tuple[Statement, ...]
    #: All articles of the story at that time.
    articles: tuple[int, ...]
    #: What machines add (machine.py).
    machine: MachineText | None = None
    translation: Translation | None = None
    #: What is known beside (asides.py); of top stories only: framing and who did not carry it.
    control: ControlMark = ""
    also_in: tuple[AlsoIn, ...] = ()
    framing: tuple[Framed, ...] = ()
    did_not_carry: tuple[Missed, ...] = ()
    #: Voices of whom it is not known who controls them.
    unknown_control: int = 0
    #: No other story seems to tell of the same event, and nobody who may be outside state control withdrew a text of
    #: it: only then what none of its voices is may be said.
    stands_alone: bool = True
    #: Of some of the copies nothing tells whether they or the text that they have was first.
    copies_open: bool = False
    #: Slot of an earlier edition that had what is new here and reached nobody; "" when it is told in its time.
    missed: str = ""
    #: What an editor wrote beneath it.
    note: str = ""
    #: Tags that people gave to its articles and that the plan shows.
    labels: tuple[str, ...] = ()

    @property
    def is_filler(self) -> bool:
        """Tell whether one owner alone tells it, and no more of it than a headline."""
        return self.owners <= 1 and not self.quotes

    def matches(self, watch: str) -> bool:
        """Tell whether it stands, or could stand, under a watch."""
        return watch == self.watch or watch in self.also_watches

    @property
    def copies_key(self) -> str:
        """The key of how copies are told of: as such where it is known whose text they have."""
        return "same_text" if self.copies_open else "copies"

    @property
    def none_outside(self) -> str:
        """The key of what is said where no voice is known to be outside state control."""
        return "unknown" if self.unknown_control else "none"

    @property
    def outside(self) -> str:
        """The key of what is said of voices outside state control; "" where nothing is."""
        if self.control == "state-controlled only" or not (self.owners > 1 or self.carrier.control == "state"):
            return ""
        if self.outside_state:
            return "voices.outside"
        return f"voices.{self.none_outside}" if self.stands_alone else ""


@dataclass(frozen=True, slots=True)
class Section:
    """The stories of one watch that do not stand above."""

    watch: str
    items: tuple[Item, ...]
    #: Stories of this watch in this edition: shown here, in_top, shown elsewhere (under another watch), hidden for want
    #: of room, and below the plan's floor.
    total: int
    in_top: int
    elsewhere: int
    hidden: int
    below_floor: int = 0


@dataclass(frozen=True, slots=True)
class Masthead:
    """Which plan, which slot, which window."""

    plan: str
    title: str
    slot: str
    #: ISO date on which the window ends, in the plan's zone.
    date: str
    zone: str
    since: datetime
    until: datetime
    #: The archive was read then: later changes belong to the next edition.
    data_until: datetime
    language: str
    watches: tuple[str, ...]
    #: When the plan's digests come, for "why do I get this".
    schedule: Statement


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers under the lead."""

    collected: int
    #: None in a plan without watches.
    matched: int | None
    stories: int
    new: int
    outlets: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the chart, ending at the digest's own hour."""

    until: datetime
    #: None when the archive does not reach back so far.
    count: int | None
    #: False when many sources failed that day: a low bar then says nothing.
    healthy: bool = True
    #: Of the sources that were seen as usual on all of the days: what may be compared; None where they are all.
    steady: int | None = None

    @property
    def compared(self) -> int:
        """Give the count that may be compared with that of other days."""
        return (self.count or 0) if self.steady is None else self.steady


@dataclass(frozen=True, slots=True)
class Chart:
    """Matching articles per day, oldest first."""

    bars: tuple[Bar, ...]
    #: Of the days before the last; None unless all of them are known and healthy, with the same sources.
    average: float | None
    #: The same over the sources that were seen as usual on all of the days, whatever other sources there are.
    steady_average: float | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """How many articles one kind of outlet published, or outlets under one control."""

    of: str
    count: int


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks in the articles of a window, copies folded."""

    articles: int
    #: Copies that are not counted.
    copies: int
    #: By kind of source and by control, the most first.
    kinds: tuple[Share, ...]
    controls: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A source that needs attention."""

    source: str
    name: str
    state: str
    #: In English, as the archive says it.
    note: str
    #: Since when; None when that is not known.
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What could not be seen."""

    sources: int
    healthy: int
    troubles: tuple[Trouble, ...]
    #: reason -> pages dropped in the window.
    dropped: Mapping[str, int]
    #: Articles kept in the window that are old news (imports, backfill): in the archive, never NEW.
    backfilled: int
    #: Stories told before that only got further copies.
    quiet: int


@dataclass(frozen=True, slots=True)
class Erratum:
    """What became of an article that an earlier edition showed."""

    article: int
    kind: ErratumKind
    name: str
    language: str
    #: The headline as it was shown, and as it is now.
    before: str
    after: str
    url: str
    at: datetime
    #: Slot of the edition that showed it.
    slot: str
    #: People of the newsroom said so; no machine and no publisher.
    by_editors: bool = False
    #: The time of the article as it is now.
    when: When | None = None
    #: Of a split or a merge, the articles of the one event and of the other, as far as editions told of them.
    parts: tuple[tuple[int, ...], ...] = ()

    @property
    def is_gone(self) -> bool:
        """Tell whether what was shown stands no more."""
        return self.kind in {"withdrawn", "set_aside"}

    @property
    def new_time(self) -> When | None:
        """The time that is put right; None where another thing is."""
        return self.when if self.kind == "dated" else None

    @property
    def beside(self) -> str:
        """The key of what is said before the other headline; "" where there is none."""
        return {"retitled": "erratum.before", "split": "erratum.apart", "merged": "erratum.same"}.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class EditionContent:
    """Everything that stands in one edition."""

    masthead: Masthead
    #: What changed, in at most three sentences.
    lead: tuple[Statement, ...]
    figures: Figures
    chart: Chart
    top: tuple[Item, ...]
    sections: tuple[Section, ...]
    #: Stories that stand nowhere for want of room, in a plan without watches.
    hidden: int
    coverage: Coverage
    errata: tuple[Erratum, ...]
    version: int = 1
    #: What machines were asked for and did not give.
    machine: tuple[Statement, ...] = ()
    #: Stories that stand nowhere because they weigh too little, in a plan without watches.
    below_floor: int = 0
    #: None where there are too few articles to speak of shares.
    voice: Voice | None = None
    #: Watches whose sections stand nowhere for want of room.
    hidden_sections: int = 0
    #: What an editor wrote above all of it.
    editor: str = ""

    @property
    def left_out(self) -> int:
        """Count the stories that weigh too little to be shown."""
        return self.below_floor + sum(section.below_floor for section in self.sections)

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, top stories first."""
        return (*self.top, *(item for section in self.sections for item in section.items))

    @property
    def by_machine(self) -> bool:
        """Tell whether anything here was written by a machine."""
        return any(item.machine or item.translation for item in self.items)

    @property
    def counts_absence(self) -> bool:
        """Tell whether anybody is said to have left a story out."""
        return any(item.did_not_carry for item in self.items)

    @property
    def counts_words(self) -> bool:
        """Tell whether words of both sides are counted anywhere."""
        return any(item.framing for item in self.items)

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing new to send: no story, not even one that weighs too little, and no erratum."""
        return not self.items and not self.errata and not self.left_out

    def to_json(self) -> str:
        """Write it for the archive."""
        return json.dumps(as_json(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> EditionContent:
        """Read what to_json wrote."""
        return building.from_json(cls, json.loads(text))

    @classmethod
    def told(cls, text: str) -> EditionContent:
        """Read what readers were told of stories: headlines, sentences and errata, without what stands beside them."""
        whole = json.loads(text)
        for item in (*whole["top"], *(item for section in whole["sections"] for item in section["items"])):
            item.update({key: () for key in _BESIDE if key in item}, first=None)
        return building.from_json(cls, whole)


#: What stands beside the stories of an edition, and is not asked for when the next one is made.
_BESIDE = ("others", "copies", "reasons", "framing", "did_not_carry", "also_in", "matched")
