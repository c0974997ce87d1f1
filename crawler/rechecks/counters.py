"""Short lines and parts of lines that are nothing but clocks, dates and counters of a page's readers. Pure.

"Last viewed 12:33, 4,512 readers" changes by itself; "4,512 readers signed the petition" does not. A single word or
sign that is unknown here makes a line somebody's: a needless revision is better than a lost one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from crawler.rechecks import words

#: Longer lines are sentences; no pattern of this module is tried on them.
LONG = 90
#: So many letters of a dated line are its author and place.
_NAMES = 30

# Numerals of other scripts, so that hours and minutes are checked in all of them.
_DIGITS = str.maketrans({chr(zero + n): str(n) for zero in (0x660, 0x6F0, 0x966, 0x9E6, 0xE50) for n in range(10)})
_OF_READERS = "|".join(rf"(?<!\w){read}\s?[:：]?\s?{words.NUMBER}\s?(?:{times})(?!\w)" for read, times in words.TIMES)
# Turkish has the verb behind the number.
_KEZ = rf"(?<![\d.,:]){words.NUMBER}\s?(?:kez|defa|kere|kişi) (?:okundu|görüntülendi|izlendi|paylaşıldı|okudu)(?!\w)"
_COLON = r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_ZONE = (
    r"(?:\s?(?:(?-i:UTC|GMT|[ECMP][SD]?T|A[SD]T|AK[SD]T|A[CE][SD]T|AWST|NZ[SD]T|[BHIJK]ST|[CEW]ES?T|EES?T|HKT|"
    r"MSK|МСК|SGT|WIB|"
    r"MES?Z)|Uhr|uur|น\.?|ч\.?|h|[μπ]\.μ\.)(?![^\W\d_])(?:\s?[+-]\d{1,2}(?::?\d{2})?)?)?"
)
_CLOCK = (
    r"(?:(?<![\d.,:])|(?<=[,:] ))(?:(?<!\w)(?:kl\.?|klo|godz\.?|ore|ora|ώρα) |上午|下午|午前|午後|오전 |오후 )?"
    rf"(?:{_COLON}(?:\s?[ap]\.?m\b\.?|\s?[صم](?!\w))?{_ZONE}|(?:[01]?\d|"
    rf"2[0-3])\s?[hh時时시]\s?[0-5]\d(?:[分분]\d{{2}}秒?)?\s?[分분]?|"
    r"(?:[01]?\d|2[0-3])\.[0-5]\d(?:\s?[ap]\.?m\b\.?|\s?(?:Uhr|uur|น\.?)(?!\w)))(?![\d:%])|"
    r"(?<!\w)(?:kl\.?|klo) (?:[01]?\d|2[0-3])\.[0-5]\d(?![\d:%])"
)
# The longest first: "mar" begins "march", and combining vowels are no letters to a pattern.
_MONTH = "|".join(sorted(map(re.escape, words.MONTHS.split()), key=len, reverse=True))
_YEAR = r"(?:1[34]|19|20|25)\d\d"
_DATE = (
    rf"(?<![\d.,:/-])(?:{_YEAR}\s?(?P<sep>[-/.])\s?\d{{1,2}}\s?(?P=sep)\s?\d{{1,2}}(?!\d)\.?|"
    rf"\d{{1,2}}\s?(?P<by>[-/.])\s?\d{{1,2}}\s?(?P=by)\s?{_YEAR}(?!\d)|"
    r"(?:[0-2]\d|3[01])(?P<of>[/.])(?:0\d|1[0-2])(?P=of)\d\d(?![\d.,])|"
    rf"{_YEAR}\s?[年년]\s?\d{{1,2}}\s?[月월]\s?\d{{1,2}}\s?[日일])|"
    rf"(?<![\d.,])\d{{1,2}}(?:st|nd|rd|th|\.|er|º|°)?(?: de)? (?:{_MONTH})\.?,?(?: de)? {_YEAR}(?![\d.,]\d)|"
    rf"(?<!\w)(?:{_MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}(?![\d.,]\d)"
)
#: What may be left between them; "$", "%" and "=" mean something.
_BETWEEN = re.compile("[\\s|·•,;:：()\\[\\]\\-/+.…。>*#،、\u2600-\u27bf\ufe0f\U0001f300-\U0001faff]*")
# Opening hours, or when something is on.
_SPAN = re.compile(rf"{_COLON}\s?(?:-|to|bis|à|a|до)\s?{_COLON}")
_PARTS = re.compile(r"\s*[|·•]\s*")


class _Patterns(NamedTuple):
    relative: re.Pattern[str]
    counter: re.Pattern[str]
    of_pages: re.Pattern[str]
    clock: re.Pattern[str]
    date: re.Pattern[str]
    around: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    # Only where a page is looked at again: compiling them takes longer than reading a page.
    return _Patterns(
        *(
            re.compile(pattern, re.IGNORECASE)
            for pattern in (
                words.RELATIVE,
                f"{_OF_READERS}|{_KEZ}|{_counter(f'{words.OF_PAGES}|{words.OF_ANYTHING}')}",
                _counter(words.OF_PAGES),
                _CLOCK,
                _DATE,
                words.AROUND,
            )
        )
    )


def _counter(nouns: str) -> str:
    return (
        rf"(?<!\w)(?:{nouns})\s?[:：(\[]?\s?{words.NUMBER}(?:\s?[次回件人](?!\w))?\s?[)\]]?|"
        rf"(?<![\d.,:]){words.NUMBER}\s?(?:{nouns})(?!\w)"
    )


def nothing_else(line: str) -> bool:
    """Tell whether a folded line holds clocks, dates and counters of readers, words around them, and nothing else."""
    if len(line) >= LONG:
        return False
    of = _patterns()
    # Clocks first: a counter's number would take their minutes.
    rest, found = line.translate(_DIGITS), []
    if _SPAN.search(rest):
        return False
    for pattern in (of.relative, of.clock, of.date, of.counter):
        rest, times = pattern.subn(" | ", rest)
        found.append(times)
    rest, labels = of.around.subn(" ", rest)
    # Two clocks or dates without a word are the sets of a match, or the days of a fair.
    bare = not labels and (found[1] > 1 or found[2] > 1)
    return any(found) and not bare and bool(_BETWEEN.fullmatch(rest))


def without_ages(line: str) -> str:
    """Take "5 minutes ago", and comments and views that stand apart, out of a folded line that names somebody, too."""
    if len(line) >= LONG:
        return line
    of = _patterns()
    aged = of.relative.sub(" ", line)
    if aged != line:
        aged = of.of_pages.sub(" ", aged)
    parts = [" ".join(part.split()) for part in _PARTS.split(aged)]
    kept = [part for part in parts if part and not of.of_pages.fullmatch(part.strip(" ()"))]
    return line if aged == line and len(kept) == len(parts) else " | ".join(kept)


def without_times(line: str) -> str:
    """Take clock and counters out of a short line that is dated as a byline is: to the minute or with comments."""
    of = _patterns()
    plain = line.translate(_DIGITS)
    if len(line) >= LONG or not of.date.search(plain):
        return line
    rest = of.date.sub(" ", plain)
    timed = bool(of.clock.search(rest))
    counts = list(of.of_pages.finditer(rest))
    if not timed and not (counts and counts[-1].end() == len(rest)):
        return line
    rest = of.of_pages.sub(" ", of.clock.sub(" ", rest))
    names = sum(map(str.isalpha, of.around.sub(" ", rest)))
    return " ".join(rest.split()) if names <= _NAMES else line


def after_times(line: str) -> str:
    """Give what follows the last clock of a stamp; the line itself when it says more than the time before that."""
    of = _patterns()
    if len(line) >= LONG:
        return line
    plain = line.translate(_DIGITS)
    ends = [match.end() for pattern in (of.relative, of.date, of.clock) for match in pattern.finditer(plain)]
    return plain[max(ends) :].strip() if ends and nothing_else(plain[: max(ends)]) else line
