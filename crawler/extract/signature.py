"""Finds the lines that sign a page: the byline about its headline, and who reported the text below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from crawler.agencies import agency, is_no_publisher, is_publisher
from crawler.extract import origins, tails
from crawler.extract.below import is_answer, is_on_card, others_at
from crawler.extract.byline import KIND, PICTURE, Byline, parse_line, split_date, unglued
from crawler.extract.credit import copyright_of, dateline
from crawler.extract.dates import Printed, clean, find_spans
from crawler.extract.desks import is_desk
from crawler.extract.events import is_of_event
from crawler.extract.given import is_given
from crawler.extract.lines import FOOTER, HEADINGS, of_picture, weight
from crawler.extract.months import weekdays
from crawler.extract.names import is_certain, is_house, is_name
from crawler.extract.page import Line
from crawler.extract.places import is_place
from crawler.extract.reporters import is_eastern_name, is_japanese_name, of_dateline
from crawler.extract.roles import NO_PERSON, PRESS, ROLE
from crawler.extract.signing import signed

#: Elements that sign nothing.
_NO_BYLINE = frozenset(("h1", "h2", "h3", "h4", "button", "li", "blockquote", "td", "figcaption"))
#: So far below the headline a standfirst stands, with so many lines below it that are not as long as those of a text.
_STANDFIRST, _LONG, _SHORT = 3, 100, 120
#: What blogs put below each text of their feed.
_FED = re.compile("the post ", re.IGNORECASE)
#: The style, side or name of what stands where texts are signed.
_ASIDE = re.compile(r"(?<![\w-])(?:right|end|left|sign(?:ature|ed)?|author|byline|autor)(?![\w-])", re.IGNORECASE)
#: So many lines of the same box may follow the last long one of a text.
_ENDING = 8
#: So far below it a line of rights stands, behind a last short sentence.
_RIGHTS = 3
_OF_PICTURES = frozenset((
    "image", "images", "img", "photo", "photos", "picture", "pictures", "media", "gallery", "video", "foto", "fotos",
    "bild", "bilder", "figure", "caption", "thumb", "imagen", "immagine", "imagem",
))  # fmt: skip
_LAST_PART = re.compile(r"(.+?)(?:\s[—–|-]\s|,\s)([^,—–|]+)")


def read(lines: Sequence[Line], title_at: int | None, first_at: int, last_at: int, language: str) -> Byline:
    """Read the byline of a page, from the lines about its headline down to the text, and at the end of the text.

    ``title_at`` is the headline's line, ``first_at`` and ``last_at`` the first and last line of the text.
    """
    start = max(0, (title_at if title_at is not None else first_at) - 6)
    head = range(start, min(len(lines), max(first_at, (title_at or 0) + 1) + 1))
    head = head[-40:] if len(head) > 40 else head
    tail = range(max(last_at - 3, first_at + 1), min(others_at(lines, last_at), _end(lines, last_at)))
    merged = Byline()
    for at in (*head, *_below_standfirst(lines, title_at, first_at, last_at, language), *tail):
        line = lines[at]
        # A line that is all link, in furniture, is another text's; that of a picture names its photographer.
        chrome = line.chrome and (at in tail or line.linked)
        if chrome and _is_of_rights(line, at - last_at) and (owner := copyright_of(line.text)):
            merged = replace(merged, owner=merged.owner or owner, lines=(*merged.lines, line.text))
            continue
        if chrome or of_picture(line.block) or is_answer(line.block):
            continue
        if at in tail and is_on_card(lines, at, first_at):
            continue
        if _is_above_picture(lines, at):
            merged = replace(merged, lines=(*merged.lines, line.text))
            continue
        found = parse_line(line.text, language) or (
            (_read_below(line, language) or _read_above_credit(lines, at, language))
            if at in tail
            else _read_unlabelled(line, lines[at - 1].text, merged, language)
            if title_at is not None and title_at < at and line.tag not in _NO_BYLINE
            else None
        )
        found = (
            _credited(found, lines, at, None if at in tail else title_at, language)
            if merged.source is None and (at in tail or (title_at is not None and title_at < at))
            else found
        )
        if found is None or (found.published and is_of_event(lines, at)) or _is_of_picture(found, line):
            continue
        if at in tail and _is_of_figures(found):
            continue
        persons = [name for name in merged.authors if not agency(name)]
        # A republisher names itself, and whom it reprints behind a label: "Global Times", "Source: Xinhua".
        relabelled = merged.bare and at not in tail and is_publisher(found.source or "") and not found.bare
        merged = Byline(
            # The agency stands above, who reported for it below.
            merged.authors if persons else tuple(dict.fromkeys((*found.authors, *merged.authors))),
            found.source if relabelled else merged.source or found.source,
            merged.published or (None if at in tail else found.published),
            merged.modified or found.modified,
            merged.aside or _aside(found, at in tail),
            merged.lines + found.lines,
            merged.told or found.told,
            (merged.bare or found.bare) and not relabelled,
            merged.home if merged.source and not relabelled else found.home,
            merged.owner or found.owner,
        )
    return merged


def _below_standfirst(
    lines: Sequence[Line], title_at: int | None, first_at: int, last_at: int, language: str
) -> list[int]:
    """Give the places of the lines with labels right below a standfirst that was taken for the text's first line."""
    if title_at is None or not title_at < first_at <= title_at + _STANDFIRST:
        return []
    short = list(takewhile(lambda at: weight(lines[at].text) <= _LONG, range(first_at + 1, min(last_at, first_at + 5))))
    if len(short) > _STANDFIRST or first_at + len(short) + 1 > last_at:
        return []  # what is told of a book or a match
    # What follows a subheading is told of that part.
    short = list(takewhile(lambda at: lines[at].tag not in HEADINGS or _has_day(lines[at].text, language), short))
    above = [lines[at].text for at in range(title_at + 1, first_at) if 0 < len(lines[at].text) <= _LONG]
    named = any((found := parse_line(text, language)) and found.authors for text in above)
    dated = any(_has_day(text, language) for text in above)
    # A source alone may be that of a picture in the text; the text's own are above it, where they are.
    return [
        at
        for at in short
        if (found := parse_line(lines[at].text, language))
        and (found.authors or found.published)
        and not (found.authors and named)
        and not (found.published and dated)
    ]


def _has_day(text: str, language: str) -> bool:
    return bool(find_spans(clean(text), language))


def _is_of_picture(found: Byline, line: Line) -> bool:
    """Tell whether a line right below a picture says only whose something is, and no day: the picture, then."""
    only = found.source is not None and not found.authors
    return only and line.images > 0 and not any(map(str.isdecimal, line.text))


def _is_of_figures(found: Byline) -> bool:
    """Tell whether a line below a text says only from whom the figures are, or who told something."""
    if found.source is None or found.authors or found.told:
        return False
    return is_no_publisher(found.source) or is_certain(found.source)


def _is_of_rights(line: Line, below: int) -> bool:
    """Tell whether a line right below a text, in a box for that and in no foot of a page, says whose rights it is.

    Those of a picture are told in such boxes, too.
    """
    if not 0 < below <= _RIGHTS or line.linked or line.images or line.block.inside & FOOTER:
        return False
    names = (*line.block.names, *(line.block.parent.names if line.block.parent else ()))
    return "copyright" in line.block.names and _OF_PICTURES.isdisjoint(names)


def _is_above_picture(lines: Sequence[Line], at: int) -> bool:
    """Tell whether a line is an agency in brackets right above a picture, whose that may be: "(AP)"."""
    below = lines[at + 1] if at + 1 < len(lines) else None
    text = lines[at].text
    return text[0] in "（(【[" and below is not None and below.images > 0 and origins.bare(text) is not None


def _credited(
    found: Byline | None, lines: Sequence[Line], at: int, title_at: int | None, language: str
) -> Byline | None:
    """Add to what a line says whom it credits in a form of its own."""
    text = lines[at].text
    if found is not None and found.source is not None:
        return found
    if found is None and title_at is None and (both := origins.named(text)) is not None and is_name(both[0]):
        return Byline((both[0],), both[1], lines=(text,), told=True)
    if found is None and title_at is not None and text[0] in "（(【[" and len(text) <= 40 and (told := dateline(text)):
        return Byline(of_dateline(text), told, lines=(text,), told=True)  # apart from its paragraph
    name = origins.of_line(lines, at, title_at, language)
    if name is None and found is not None and found.authors and not any(map(agency, found.authors)):
        name = origins.behind_name(text)
    if name is None:
        return found
    bare = title_at is not None and origins.bare(text, language) is not None
    links = [link.get("href") or "" for link in lines[at].block.element.iter("a")]
    home = links[-1] if 0 < len(links) <= 2 else ""  # that of the text stands before that of the house
    if _FED.match(text) and not home:
        return found  # whose feed it was is not told: most are the page's own
    found = found or Byline(lines=(text,) if len(text) <= 30 else ())
    return replace(found, source=name, told=True, bare=bare, home=home)


def _aside(found: Byline, below: bool) -> Printed | None:
    """Give the date of a line that dates the page only where nothing else does; below a text, a credit has none."""
    return (None if found.source else found.published) if below else found.aside


def parse_unlabelled(printed: str, language: str = "") -> Byline | None:
    """Read a line of nothing but persons, with a date, a role of the press or a place beside them.

    "Anna Weber 3 March 2026", "Anna Weber, Environment correspondent"; a name alone is not enough.
    """
    # What begins with a dash is quoted, what has a handle in it is a post of a network.
    if not 6 <= len(printed) <= 100 or PICTURE.search(printed) or printed[0] in "-–—―\"“„«'‘" or "(@" in printed:
        return None
    if language[:2] != "ja" and not any(map(is_given, printed.split())):
        return None  # the quickest to see
    text = clean(unglued(printed))
    left, found = split_date(text, language) if any(map(str.isdecimal, text)) else (text, None)
    if found is None and (spans := find_spans(text, language, short_years=True) if left[:1].isdecimal() else []):
        left, found = text[spans[0][1] :].lstrip(" |,·•-–—"), spans[0][2] if spans[0][0] == 0 else None
    if found:
        left = _without_weekday(left, language)
    if ":" in left or "：" in left or (re.search(r"\w/\w", left) and "(" not in left):
        return None  # a label that we do not know; whose a picture is
    said = signed(left)
    if found and language[:2] == "ja":
        day = find_spans(text, language, short_years=True)[0]
        names = re.split(r"\s*[、・|]\s*", (text[: day[0]] + text[day[1] :]).strip(" |・、()（）"))
        if all(map(is_japanese_name, names)):
            return Byline(tuple(names), published=found, lines=(printed,))
    if said is None or not said.persons or not all(map(is_certain, said.persons)):
        return None
    if found or said.role or said.placed or len(said.signing) > len(said.persons):
        return Byline(said.signing, published=found, lines=(printed,))
    return None


def _read_below(line: Line, language: str) -> Byline | None:
    """Read a line below a text: who reported it for an agency, and what agencies put at the end."""
    if not line.linked and (owner := copyright_of(line.text)):
        return Byline(owner=owner, lines=(line.text,) if tails.read(line.text) else ())
    if (below := tails.read(line.text)) is not None:
        source = None if line.tag in _NO_BYLINE or line.linked else below.source
        return Byline(below.names, source, lines=() if below.names_people else (line.text,))
    if language[:2] == "vi" and not line.linked and is_certain(line.text) and not origins.told(line.text):
        return Byline((line.text,), lines=(line.text,))  # papers of Vietnam sign below the text
    return None


def _end(lines: Sequence[Line], last_at: int) -> int:
    """Give the place behind the lines below a text's last long one that may still end it: its siblings, or two."""
    if last_at >= len(lines):
        return last_at
    box, end = lines[last_at].block.parent, last_at + 1
    while (
        end < min(len(lines), last_at + _ENDING) and lines[end].block.parent is box and len(lines[end].text) <= _SHORT
    ):
        end += 1
    return max(end, last_at + 3)


def _read_above_credit(lines: Sequence[Line], at: int, language: str) -> Byline | None:
    """Read a name alone in a line right above a credit that ends a text."""
    text = lines[at].text
    if not 2 <= len(text) <= 40 or at + 1 >= len(lines) or lines[at].linked or lines[at].tag in _NO_BYLINE:
        return None
    below = lines[at + 1].text
    credited = parse_line(below, language)
    if origins.told(below) is None and (credited is None or credited.source is None):
        return None
    name = text.strip(" ()（）.")
    sure = (
        is_certain(name)
        or is_eastern_name(name, language, marked=True)
        or (_is_set_apart(lines[at]) and _may_be_person(name))
    )
    return Byline((name,), lines=(text,)) if sure else None


def _is_set_apart(line: Line) -> bool:
    """Tell whether a line stands at the side where texts are signed."""
    get = line.block.element.get
    return _ASIDE.search(" ".join(filter(None, (get("style"), get("align"), get("class"))))) is not None


def _may_be_person(name: str) -> bool:
    """Tell whether a text has the form of a person's name and nothing of anything else."""
    if not 2 <= len(name.split()) <= 4 or not is_name(name) or is_house(name) or is_place(name) or is_desk(name):
        return False
    return not (NO_PERSON.search(name) or ROLE.search(name))


def _read_unlabelled(line: Line, before: str, merged: Byline, language: str) -> Byline | None:
    """Read a line under the headline that no label of its own says to be a byline; ``before`` is the line above."""
    if (found := parse_unlabelled(line.text, language)) is not None:
        return found
    if _is_label(before):
        said = signed(line.text) if len(line.text) <= 80 else None
        return Byline(said.signing, lines=(line.text,)) if said and said.persons else None
    return Byline(lines=(line.text,)) if _goes_on(line.text, before, merged) else None


def _is_label(text: str) -> bool:
    """Tell whether a line is nothing but a label before an author: "By", "Autor:"."""
    return len(text) <= 20 and KIND.get(text.casefold().rstrip(" :：")) == "author" and text[:1].isupper()


def _goes_on(text: str, before: str, merged: Byline) -> bool:
    """Tell whether a line says nothing but what someone named right above does for the press, or his address."""
    if len(text) > 60 or not (before in merged.lines or is_certain(before)):
        return False
    if re.fullmatch(r"[\w.+-]+@[\w.-]+", text):
        return True
    said = signed(text) if PRESS.search(text) else None
    return said is not None and not said.persons


def _without_weekday(text: str, language: str) -> str:
    """Take a weekday off the end."""
    found = _LAST_PART.fullmatch(text)
    return found[1] if found and found[2].strip(" .").casefold() in weekdays(language) else text
