"""Tells pages whose whole text is a notice: that the site is being maintained, not shown here, or not to this reader.

They answer 200 and look like short articles. Only a page that says nothing else is one: news of such things has other
sentences, a day, or somebody who said it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from crawler.errors import NoArticle
from crawler.extract import asking
from crawler.extract.lines import weight
from crawler.extract.named import names_something
from crawler.extract.notice_asks import BESIDE, CODE
from crawler.extract.notice_words import DOOR, LEAD, PATTERNS
from crawler.extract.page import ParsedPage, letters
from crawler.extract.telling import dated, is_to_reader, own_voice, reports, sentences

#: A notice is no longer than this, where a character of a dense script counts three; nor is what its page shows.
_LONGEST = 900
_SHOWN = 1_500
#: What is shorter is called out: "Sorry!".
_CALL = 12
#: What begins like one and goes on says it of itself or to its reader, or is news: "Access denied to observers ...".
_MOSTLY, _WHOLLY = 0.6, 0.85
#: What follows it in its sentence is no longer; nor are the sentences beside it, and their clauses that nothing marks.
_TAIL, _LONG, _CLAUSE = 34, 64, 30
_CLAUSES = re.compile(r"\s*[,;:،؛，、；：–—]\s*")
_OF_ITSELF = re.compile(
    r"\b(?:we|our|this|wir|unsere?r?|diese[rs]?|nous|notre|ce|cet|cette|este|esta|nuestr[oa]|estamos|noss[oa]|"
    r"quest[oa]|"
    r"nostr[oa]|stiamo|deze|dit|wij|onze|nasza?|t[ae]n?|мы|наш|эт[ао]т?|данн\w+|ми|ц[ея]й?|даний|bu|sitemiz|vår|"
    r"vores|"
    r"denn[ea]|det här|detta|dette|tämä|tento|táto|tato|náš|naše|ez|acest|această|αυτό|μας|này|ini|kami|prosimy|"
    r"proszę|per favore)\b|будь ласка|"
    r"यह|हमार|请|請|هذا|هذه|هذ|این|ما|本|此|该|該|我[们們]|この|当|弊社|이 |본 |해당|저희|זה|הזה|נ[יו]|นี้|ของเรา",
    re.IGNORECASE,
)
#: What a title says beside it: "Northport Courier | Site under maintenance".
_PARTS = ("|", "–", "—", " - ", "·", "::")


def check(page: ParsedPage, title: str, text: Sequence[str], names: Collection[str] = (), *, declared: bool) -> None:
    """Raise NoArticle with its reason when a page says nothing but why it shows no text.

    ``names`` are those of its site. ``declared`` says that it calls itself an article: then a day makes news of any
    sentence.
    """
    size = sum(map(weight, text))
    if size > _LONGEST:
        return
    shown = [line.text for line in page.lines if not (line.linked or line.chrome or line.block.hidden)]
    whole = shown if sum(map(weight, shown)) <= _SHOWN else []
    for lines in (text, whole) if whole else (text,):
        if found := find(title, lines, names, declared=declared):
            reason, said = found
            raise NoArticle(reason, f"the page answers 200 and says {said[:100]!r}")


def find(title: str, lines: Sequence[str], names: Collection[str] = (), *, declared: bool) -> tuple[str, str] | None:
    """Give the reason and the sentence of a text that is nothing but a notice; None for any other text."""
    if any(map(asking.asks, lines)):
        return None  # it asks for payment, or to log in for the rest: that is told as such
    told: list[tuple[str, str]] = []
    sure = not declared
    own_lines = {letters(each) for each in (title, *_parts(title), *names)}
    for sentence in _sentences(line for line in lines if letters(line) not in own_lines):
        own = _of_site(own_voice(sentence), names)
        if reports(own):
            return None
        if found := _reason(own):
            # What asks to log in stands in articles, too: of one that says when it was published it is a sentence.
            if declared and (dated(own) or DOOR.match(own)):
                return None
            told.append((found, sentence))
            sure = sure or is_to_reader(own) or _is_sure(own)
        elif weight(own) >= _CALL:
            if (names_something(sentence) and not CODE.search(own)) or not _is_beside(own):
                return None
            sure = True
    if not told:
        return next(((found, part) for part in _parts(title) if (found := _reason(part))), None)
    return told[0] if sure else None


def without(text: str) -> str:
    """Give a text without the sentences of notices."""
    kept = [part for part in sentences(text) if not _reason(part.strip())]
    return "\n".join(kept)


def _sentences(lines: Iterable[str]) -> list[str]:
    return [part for line in lines for each in sentences(line) if (part := each.strip())]


def _reason(sentence: str) -> str:
    """Give the reason that a sentence names at its beginning, of itself or with little else; "" when it names none."""
    for reason, pattern in PATTERNS:
        if (match := pattern.match(sentence)) is not None:
            mostly = weight(match[0]) >= _MOSTLY * weight(sentence)
            of_itself = mostly or _OF_ITSELF.search(match[0]) or is_to_reader(match[0])
            named = names_something(LEAD.sub("", sentence, count=1))
            return reason if of_itself and not named and _ends(sentence[match.end() :]) else ""
    return ""


def _ends(rest: str) -> bool:
    """Tell whether what follows the words of a notice in their sentence belongs to it."""
    first, *others = _CLAUSES.split(rest)
    if weight(first) > _TAIL and not BESIDE.search(first):
        return False
    return all(weight(each) < _CALL or BESIDE.search(each) for each in others)


def _is_beside(sentence: str) -> bool:
    """Tell whether a sentence is one of those that stand beside a notice: thanks, whom to ask, when to come back."""
    if CODE.search(sentence):
        return True
    if dated(sentence) or not BESIDE.search(sentence):
        return False
    # Such a word alone makes no long clause part of a notice.
    clauses = _CLAUSES.split(sentence)
    return all(weight(each) < _CLAUSE or (weight(each) <= _LONG and BESIDE.search(each)) for each in clauses)


def _is_sure(sentence: str) -> bool:
    """Tell whether a sentence of a notice speaks of its own page or to its reader, or says nothing else."""
    matches = (match[0] for _, pattern in PATTERNS if (match := pattern.match(sentence)))
    return any(_OF_ITSELF.search(each) or weight(each) >= _WHOLLY * weight(sentence) for each in matches)


def _of_site(sentence: str, names: Collection[str]) -> str:
    """Write "this site" for its name at the beginning of a sentence."""
    for name in filter(None, names):
        begin = re.match(rf"(?:the )?{re.escape(name)}(?:['’]s)?(?: (?:web ?)?site)?(?= )", sentence, re.IGNORECASE)
        if begin:
            return f"this site{sentence[begin.end() :]}"
    return sentence


def _parts(title: str) -> list[str]:
    """Part a title from the name of its site."""
    parts = [title]
    for mark in _PARTS:
        parts = [piece for part in parts for piece in part.split(mark)]
    return [part.strip() for part in parts if part.strip()]
