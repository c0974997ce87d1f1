"""Generated edits: what republishers do to a text, nine ways, from real articles and fixed seeds.

The texts come from the corpus and stay there; what is added to them (banners, lines to subscribe) is invented.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "stories"
SETS = ("ecb_topics_1_35", "wikinews_medium")
SEED = 20261123
#: Shorter texts are not edited: their first quarter is a sentence.
_FEWEST_WORDS = 150


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the corpus, or what became of it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """An edited text, and the number of the one that it was made from."""

    kind: str
    original: int
    made: Text


@dataclass(frozen=True, slots=True)
class Material:
    """What the eval works with."""

    #: Kept in the archive before anything is asked for.
    originals: Sequence[Text]
    edits: Sequence[Edit]
    #: Real articles that are nobody's edit; many tell of the same events as the originals.
    others: Sequence[Text]


def read(name: str) -> list[Text]:
    """Read the texts of a set that are long enough."""
    with gzip.open(CORPUS / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = [Text(row.get("title") or "", row.get("text") or "") for row in rows]
    return [text for text in texts if len(text.text.split()) >= _FEWEST_WORDS]


def material(most: int | None = None, seed: int = SEED) -> Material:
    """Choose originals and others by halves, and edit each original in all nine ways."""
    chance = random.Random(seed)
    texts = [text for name in SETS for text in read(name)]
    chance.shuffle(texts)
    half = len(texts) // 2 if most is None else min(most, len(texts) // 2)
    originals, others = texts[:half], texts[half : 2 * half]
    words = [word for text in others for word in text.text.split()]
    edits = []
    for number, text in enumerate(originals):
        for kind, act in EDITS.items():
            made = act(text, Hand(random.Random(f"{seed}{kind}{number}"), others, words))
            edits.append(Edit(kind, number, made))
    return Material(originals, edits, others)


@dataclass(frozen=True, slots=True)
class Hand:
    """What an editor has at hand."""

    chance: random.Random
    others: Sequence[Text]
    words: Sequence[str]


def framed(text: Text, hand: Hand) -> Text:
    """Put a banner above the text and a line to subscribe below."""
    banners = (
        "Support independent reporting. Donate today and help us keep this site free for everybody who reads it.",
        "Advertisement\nYou have read three of five free articles this month. Log in or create an account to go on.",
        "Home > World > Latest\nShare this story with your friends on all networks, or print it for later.",
    )
    feet = (
        "Join the mailing list: one message a day with everything that we publish, never shared with anybody.",
        "Copyright belongs to the respective owners. Send corrections and comments to the editor of these pages.",
        "Read also: ten things to know this morning; the week in pictures; how we write about the news.",
    )
    return Text(text.title, f"{hand.chance.choice(banners)}\n{text.text}\n{hand.chance.choice(feet)}")


def retitled(text: Text, hand: Hand) -> Text:
    """Give it the headline of another story, also in the text's first line."""
    title = hand.chance.choice(hand.others).title or "What we know so far"
    return Text(title, f"{title}\n{text.text}")


def first_half(text: Text, hand: Hand) -> Text:
    """Keep the first half of the words."""
    return _beginning(text, 2)


def first_quarter(text: Text, hand: Hand) -> Text:
    """Keep the first quarter of the words."""
    return _beginning(text, 4)


def _beginning(text: Text, part: int) -> Text:
    words = text.text.split()
    return Text(text.title, " ".join(words[: len(words) // part]))


def edited_little(text: Text, hand: Hand) -> Text:
    """Replace, drop or add 6 % of the words, wherever they stand."""
    return _edited(text, hand, 0.06)


def edited_much(text: Text, hand: Hand) -> Text:
    """Replace, drop or add 20 % of the words, wherever they stand."""
    return _edited(text, hand, 0.20)


def _edited(text: Text, hand: Hand, share: float) -> Text:
    made: list[str] = []
    for word in text.text.split():
        if hand.chance.random() >= share:
            made.append(word)
            continue
        act, foreign = hand.chance.choice(("replace", "replace", "drop", "add")), hand.chance.choice(hand.words)
        made += {"replace": [foreign], "drop": [], "add": [word, foreign]}[act]
    return Text(text.title, " ".join(made))


def shuffled(text: Text, hand: Hand) -> Text:
    """Drop a third of the paragraphs (or pieces of 40 words) and put the others in another order."""
    pieces = [line for line in text.text.split("\n") if line.strip()]
    if len(pieces) < 6:
        words = text.text.split()
        pieces = [" ".join(words[at : at + 40]) for at in range(0, len(words), 40)]
    kept = hand.chance.sample(pieces, max(2, len(pieces) * 2 // 3))
    return Text(text.title, "\n".join(kept))


def rounded_up(text: Text, hand: Hand) -> Text:
    """Put it between two other stories."""
    before, after = hand.chance.sample(range(len(hand.others)), 2)
    parts = [hand.others[before].text, text.text, hand.others[after].text]
    return Text("The morning in brief", "\n".join(parts))


def typeset(text: Text, hand: Hand) -> Text:
    """Set it otherwise: quotes, dashes, ligatures, spaces, soft hyphens, capitals; not one word changes."""
    pairs = {"'": "’", " - ": " — ", "--": "—", "...": "…", "fi": "ﬁ", "fl": "ﬂ", "ff": "ﬀ", "  ": " "}
    made = text.text
    for plain, set_ in pairs.items():
        made = made.replace(plain, set_)
    words = made.split(" ")
    for at in range(len(words)):
        what = hand.chance.random()
        if what < 0.05 and len(words[at]) > 7:
            words[at] = f"{words[at][:4]}\u00ad{words[at][4:]}"
        elif what < 0.08:
            words[at] = words[at].upper()
        elif what < 0.12:
            words[at] = f"“{words[at]}”"
    return Text(text.title.upper(), "\u00a0".join(words).replace("\u00a0", " ", len(words) // 2))


EDITS: dict[str, Callable[[Text, Hand], Text]] = {
    "header and footer added": framed,
    "new headline": retitled,
    "first half": first_half,
    "first quarter": first_quarter,
    "6 % word edits": edited_little,
    "20 % word edits": edited_much,
    "cut and shuffled": shuffled,
    "embedded in a round-up": rounded_up,
    "typography": typeset,
}
