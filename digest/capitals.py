"""Names in a text, found without a model: words in a row that are written with capitals.

Only where capitals tell something: scripts without them (Chinese, Japanese, Korean, Arabic and others) give nothing
rather than guesses, and so does German, which capitalises every noun.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crawler.languages import primary
from digest.romanised import is_chinese

#: Words that stand between the parts of a name.
_JOINING = frozenset({
    "of", "de", "del", "della", "di", "da", "do", "dos", "das", "du", "des", "la", "le", "el", "van", "von", "der",
    "den", "ter", "bin", "ibn", "al",
})  # fmt: skip
#: Words that begin sentences and belong to no name, and the days and months that English capitalises.
_COMMON_WORDS = """
    a about according after all also although am among an and another any are as asked at be because before but by
    can despite during each earlier even few following for from had has have he her here his how however i if in into
    is it its last later less many meanwhile more most mr mrs ms my new no not now of on once one only or other our
    over people several she since so some such than that the their then there these they this those three through to
    today tomorrow two under until up was we were what when where whether which while who why will with without would
    yesterday yet you your
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december jan feb mar apr jun jul aug sept sep oct nov dec
    aber auch auf aus bei das dem den der die ein eine einer er es mit nach sie und vom von vor wir zu zum zur
    après au aux à chez depuis
    avec ce ces cette dans de des du elle en et il elle ils la le les mais nous on par pour selon sur un une vous
    con el esta este las los para pero por según se su sus tras una unos y
    al alla che con da dal dopo e gli i il lo ma nel nella per secondo uno un
    ao as com em mas na no o os para segundo um uma
    а без в во для до за из к как когда мы на не но о об он она они от по под поэтому при с с после со также то у что
    эти это этот вчера сегодня завтра ранее позже теперь сейчас тогда здесь там однако затем потом напомним кроме
    через среди между благодаря согласно несмотря пока если хотя
    вчора сьогодні завтра раніше пізніше тепер зараз тоді тут там однак потім крім перед через серед між згідно якщо
    але від він вона вони до з за й його на не по про та у це цей що як після
"""
_COMMON = frozenset(_COMMON_WORDS.split())
#: U.S., J.R.R., or letters that may be joined by marks.
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}(?!\w)|[^\W\d_](?:\w|['’ʼ.-](?=\w))*")
_POSSESSIVE = re.compile(r"['’]s?$")
#: Words that answer, or that speeches and titles write with a capital; alone they are no names.
_NEVER_ALONE = frozenset({
    "right", "left", "whatever", "whoever", "well", "yes", "maybe", "perhaps", "please", "thanks", "sorry", "okay",
    "ok", "let", "look", "really", "nobody", "nothing", "everybody", "everyone", "everything", "someone", "somebody",
    "something", "sr", "sra", "srta", "dra", "mme", "mlle",
})  # fmt: skip
#: What stands before the first word of a sentence, a heading or a quotation.
_BEGINS = frozenset('.!?…:;"“”„«»‘()[—–-')
#: U.S., e.g.
_SHORT = re.compile(r"(?<!\w)[^\W\d_]\.[^\W\d_]\.$")
#: The first letter of a word, where it is a capital.
_CAPITALS = "".join(letter for letter in map(chr, range(0x2000)) if letter.isupper())
_CAPITAL = re.compile(rf"(?<!\w)(?<!\w['’ʼ.-])[{_CAPITALS}]")
#: After these a full stop ends no sentence: initials, and titles before a name.
_ABBREVIATED = re.compile(r"^(?:[^\W\d_]|Mr|Mrs|Ms|Dr|Sr|Sra|Srta|Dra|Gen|Sen|Rep|Gov|Lt|Col|Prof|St)$")
#: Names that begin with what elsewhere begins a sentence.
_BEGUN = frozenset({"New York", "New Jersey", "New Orleans", "New Zealand", "New Delhi", "New Mexico", "New Hampshire",
                    "New England", "Los Angeles", "Las Vegas", "El Salvador", "El Paso", "La Paz"})  # fmt: skip
_LETTER_AND_STOP = re.compile(r"[^\W\d_]\.")
#: German writes every noun with a capital, so there capitals tell nothing.
_NOUNS_CAPITALISED = frozenset({"de", "lb", "gsw", "nds"})
#: Articles and prepositions that are written together with the next word; in a name they join its parts.
_ELIDING = frozenset({"fr", "it", "ca"})
_ELISIONS = frozenset({"l", "d", "qu", "dell", "nell", "all", "sull", "dall", "un"})
_ELIDED = re.compile(rf"(?<!\w)({'|'.join(sorted(_ELISIONS))})['’](?=\w)", re.IGNORECASE)
_LONGEST = 6
#: A text in which fewer of the letters have capitals is in a script that has none.
_CASED = 0.7
_SAMPLE = 400


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row that are written with capitals, as they stand in a text."""

    text: str
    start: int
    end: int
    #: Whether the capitals prove that it is a name: those of a sentence's first word do not.
    certain: bool


def names(text: str, language: str) -> list[str]:
    """Find what is probably the name of somebody or something, the most frequent first."""
    found = runs(text, language)
    proven = {run.text for run in found if run.certain}
    return joined(Counter(run.text for run in found if run.text in proven))


def runs(text: str, language: str) -> list[Run]:
    """Find the words in a row that are written with capitals; none where capitals tell nothing."""
    if primary(language) in _NOUNS_CAPITALISED or not _has_case(text):
        return []
    text = whole = _without_headings(text)
    small = set(_WORD.findall(text))  # what is asked for begins with a small letter
    if primary(language) in _ELIDING:
        text = _ELIDED.sub(r"\1 ", text)
        small |= _ELISIONS
    found = [run for words, begins in _runs(text) if (run := _name(words, begins, small)) is not None]
    if text is whole:
        return found
    return [replace(run, text=" ".join(whole[run.start : run.end].split())) for run in found]


def _without_headings(text: str) -> str:
    """Blank out lines that end without a mark: they are headings, and headings capitalise what they like."""
    lines = text.split("\n")
    kept = [" " * len(line) if line.rstrip()[-1:].isalnum() else line for line in lines]
    return "\n".join(kept) if any(map(str.strip, kept)) else text


def _has_case(text: str) -> bool:
    letters = {letter: count for letter, count in Counter(text[:_SAMPLE]).items() if letter.isalpha()}
    cased = sum(count for letter, count in letters.items() if letter.islower() or letter.isupper())
    # A text without small letters tells nothing by its capitals.
    return cased > _CASED * sum(letters.values()) and any(map(str.islower, letters))


def _runs(text: str) -> Iterator[tuple[list[tuple[str, int]], bool]]:
    """List words in a row that begin with capitals with their places, and whether they stand where every word does."""
    place = 0
    while first := _CAPITAL.search(text, place):
        run: list[tuple[str, int]] = []
        begins = _is_fresh(text, first.start()) or (not place and not any(map(str.isalpha, text[: first.start()])))
        place, end = len(text), 0
        for word in _WORD.finditer(text, first.start()):
            shown, start = word.group(), word.start()
            if run:
                gap = text[end:start]
                if gap.rstrip(" ") == "." and "\n" not in gap and _is_abbreviated(run):
                    run[-1] = (run[-1][0] + ".", run[-1][1])
                    gap = " "
                initial = len(shown) == 1 and text[word.end() : word.end() + 1] == "."
                ended = run[-1][0].endswith(".") and shown.lower() in _COMMON and not initial
                goes_on = shown[0].isupper() or shown in _JOINING or shown in _ELISIONS
                if gap != " " or ended or not goes_on:
                    place = start
                    break
            run.append((shown, start))
            end = word.end()
        yield run, begins


def _is_fresh(text: str, start: int) -> bool:
    """Tell whether a word stands where every word has a capital."""
    end = start
    while end and text[end - 1].isspace():
        end -= 1
        if text[end] == "\n":
            return True
    return not end or (text[end - 1] in _BEGINS and _SHORT.search(text, max(0, end - 5), end) is None)


def _is_abbreviated(run: Sequence[tuple[str, int]]) -> bool:
    """Tell whether a full stop behind a run ends no sentence; behind a Chinese name it does: Ван И."""
    return _ABBREVIATED.match(run[-1][0]) is not None and not (len(run) > 1 and is_chinese(run[-2][0]))


def _is_begun(words: Sequence[tuple[str, int]], begins: bool) -> bool:
    """Tell whether a common word is the beginning of a name: New York; within a sentence also La Costa."""
    return len(words) > 1 and (
        f"{words[0][0]} {words[1][0]}" in _BEGUN
        or (not begins and words[0][0] in {"New", "Los", "Las", "El", "La", "Le"})
    )


def _name(words: list[tuple[str, int]], begins: bool, small: set[str]) -> Run | None:
    """Make a name of a run, and tell whether its capitals prove that it is one."""
    while words and (words[-1][0] in _JOINING or words[-1][0] in _ELISIONS or words[-1][0].lower() in _COMMON):
        words = words[:-1]
    while words and (
        (words[0][0].lower() in _COMMON and not _is_begun(words, begins))
        or words[0][0] in _ELISIONS
        or (begins and words[0][0].lower() in small)
    ):
        words, begins = words[1:], False
    if words and _LETTER_AND_STOP.fullmatch(words[-1][0]):  # the stop ends the sentence: they met Wang Y.
        words = [*words[:-1], (words[-1][0][:-1], words[-1][1])]
    if not words or len(words) > _LONGEST:
        return None
    last = _POSSESSIVE.sub("", words[-1][0])
    if len(words) == 1 and (len(last) < 2 or last.lower() in _NEVER_ALONE or last.lower() in _COMMON):
        return None
    start, end = words[0][1], words[-1][1] + len(last)
    # The capital of a sentence's first word proves nothing, unless a second one follows it.
    shown = " ".join([*(word for word, _ in words[:-1]), last])
    return Run(shown, start, end, not begins or len(words) > 1)


def joined(counts: Mapping[str, int], kinds: Mapping[str, str] | None = None) -> list[str]:
    """Count forms of one name as one, and order by frequency, then as they come.

    A last name alone goes to the full name; a full name with titles before it goes to the one without. A place is no
    short form of an organisation in it.
    """
    kinds = kinds or {}
    totals = dict(counts)
    for name in sorted(counts, key=lambda name: -len(name)):
        ends = [other for other in counts if other != name and other in totals and other.endswith(f" {name}")]
        # "University of Brest" is not Brest.
        ends = [other for other in ends if not _JOINING & set(other.split())]
        if kinds.get(name) == "place":
            ends = [other for other in ends if kinds.get(other) != "organisation"]
        if not ends:
            continue
        if " " in name:
            totals[name] += sum(totals.pop(other) for other in ends)
        elif len(ends) == 1:
            totals[ends[0]] += totals.pop(name)
    return sorted(totals, key=lambda name: -totals[name])
