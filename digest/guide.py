"""What stands in config/templates/README.md: the templates, and the data that each of them gets.

The tables of records are made from the records themselves; tests/test_skin.py holds the rest true.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from digest.alert_mail import AlertContent
from digest.content import EditionContent
from digest.deliver.site import Entry, Listed
from digest.lengths import Limits
from digest.outline import Outline
from digest.render import Banner, Links
from digest.texts import Words

#: template -> what is made with it, and the variables that it gets. What is included or imported gets the same.
TEMPLATES: dict[str, tuple[str, str]] = {
    "digest.html.j2": ("the digest as mail and as web copy", "SHARED PAGE EDITION FORM"),
    "digest.txt.j2": ("the digest as plain text", "SHARED EDITION spoken in_short"),
    "alert.html.j2": ("an alert as mail and as web copy", "SHARED PAGE ALERT web"),
    "alert.txt.j2": ("an alert as plain text", "SHARED ALERT"),
    "review.html.j2": ("what stands above a draft in the mail to its reviewers; digest.html.j2 includes it", ""),
    "review.txt.j2": ("the same above its plain text", "SHARED banner"),
    "report.html.j2": (
        "a report (`digest preview --since`) as a page and as PDF",
        "SHARED PAGE outline kind_of way_of",
    ),
    "index.html.j2": ("the page that lists the editions of a plan, and one for each month", "FOLDER LIST"),
    "plans.html.j2": ("the page above them, which lists all plans", "FOLDER groups"),
    "around.html.j2": ("the links from an edition's page to those before and after it", "FOLDER earlier later"),
    "atom.xml.j2": ("the Atom feed of a plan", "FEED"),
    "headlines.html.j2": ("what an entry of the Atom and JSON feeds holds", "FOLDER about"),
    "parts.html.j2": ("pieces that digest.html.j2 and alert.html.j2 import", ""),
    "chart.html.j2": ("the chart of days in digest.html.j2: cells in a mail, SVG on the web", ""),
    "voice.html.j2": ("the share of voice in digest.html.j2", ""),
    "style.css": ("styles; in a mail they are written into the elements", ""),
    "rtl.css": ("what is other in Arabic and Persian", ""),
    "dark.css": ("dark mode and small screens", ""),
    "web.css": ("the web copy only", ""),
    "report.css": ("styles of reports", ""),
    "print.css": ("what is other on paper: PDF of digests and reports", ""),
}
GROUPS: dict[str, str] = {
    "SHARED": "words comma semicolon colon stop space isolate",
    "PAGE": "direction marked_parts name_language",
    "EDITION": "content links shown figures show_chart section_notes notes reasons",
    "FORM": "web banner limits subject preheader heights average_height once",
    "ALERT": "content links subject statement",
    "FOLDER": "words comma semicolon colon stop space isolate direction way",
    "LIST": "newest entries months month home",
    "FEED": "newest items feed_id updated home",
}
VARIABLES: dict[str, str] = {
    "words": "the frame's words: `words(\"top\")` says a text of digest/frames in the digest's language (see Words)",
    "comma": "what stands between the parts of a list in the language, with its space; so are the next three",
    "semicolon": "see `comma`",
    "colon": "see `comma`",
    "stop": "see `comma`",
    "space": "what stands between two sentences: a space, in Chinese nothing",
    "isolate": "`isolate(text)` keeps text of the other direction from turning what stands around it (plain text)",
    "direction": '`direction(text, language)` is "ltr" or "rtl"',
    "marked_parts": "`marked_parts(quote)` cuts a sentence into pairs: a part, and whether it matched",
    "name_language": '`name_language(name, language)` is the language of an outlet\'s name, or ""',
    "way": 'which way the frame is written, "ltr" or "rtl"',
    "content": "EditionContent in a digest, AlertContent in an alert",
    "links": "Links: addresses of this installation",
    "shown": "the numbers of the stories that stand there; in HTML of those that are told in full",
    "in_short": "the numbers of the stories that the HTML has no room to tell in full, nor does the text",
    "figures": 'pairs for the line of four numbers: a key for `words("figure." ~ key, number)`, and the number',
    "show_chart": "whether there are days enough for a chart",
    "section_notes": "`section_notes(section)` lists what is said below a section of what it does not show",
    "notes": "what is said at the end of all sections of what stands nowhere",
    "reasons": "pairs: why pages were not kept whole, in words, and how many",
    "spoken": "the chart in words",
    "web": "whether this is the web copy; else it is a mail",
    "banner": "Banner: what stands above a draft; none in a digest that is sent",
    "limits": "Limits: how much of long lists is shown",
    "subject": "the subject line",
    "preheader": "what mail programs show beside the subject",
    "heights": "the height of each bar in pixels",
    "average_height": "the height of the line of the average",
    "once": "`once(macro, item, shown, limits)` calls a macro with an item, and keeps what it made: a mail that is "
    "too long is rendered again and again, shorter each time",
    "statement": "why there is an alert",
    "outline": "Outline: all that is told, in its order",
    "kind_of": "`kind_of(block)` is Heading, Paragraph, Listing, Table or Chart",
    "way_of": "`way_of(spans, language)` is the way in which a heading or a quotation is written",
    "entries": "an Entry for each edition, the last one first",
    "newest": "the Entry of the last edition",
    "months": "pairs for editions that are too old for the index: the file of a month, and the month in words",
    "month": 'the month in words on the page of one, else ""',
    "home": "the address of the page that lists all plans; in a feed of the page that it belongs to",
    "groups": 'pairs: a key for `words(...)`, "index.editions" or "index.alerts", and a list of Listed',
    "earlier": 'the page of the edition before, or ""',
    "later": 'the page of the edition after, or ""',
    "items": "the last fifty editions: `entry` (see Entry), `url` and `content` (what headlines.html.j2 made)",
    "feed_id": "the feed's identity, which stays the same",
    "updated": "when the last edition was made, ISO 8601 in UTC",
    "about": "what an entry of a feed tells of its edition (see about)",
}
#: What an entry of a feed tells.
ABOUT: dict[str, str] = {
    "lead": "the edition's first sentences",
    "headlines": 'a list of `title`, `url` (or "") and `outlet`',
}
FILTERS: dict[str, str] = {
    "say": "says a Statement in the digest's language",
    "isolated": "the same as `isolate`, for `map`",
    "fold": 'folds a text into lines of 76 columns, with an indent if you like: `fold("  ")`',
    "width": "columns of a text; Chinese letters take two",
    "capitalise": "makes the first letter a capital and leaves the others",
}
_PLAIN = {"str": "text", "int": "number", "float": "number", "bool": "true or false", "datetime": "moment (UTC)"}
_HEAD = """# Own templates

A file in this folder wins over the built-in template of the same name. `presswatch config templates` writes the
built-in ones here (those that are here stay as they are); keep those that you change and take the others away, so that
later versions can better them. Templates are [Jinja](https://jinja.palletsprojects.com/); text is escaped in all that
end in `.html.j2` and `.xml.j2`, and they run in Jinja's sandbox. `presswatch config check` tries them with specimens of
everything and tells faults with their line. A template that fails when a digest is made costs no digest: the built-in
one is used, and the log says why. A name that is not in the data is a fault, too. A mail stays below 90 kB: stories are
left out from the end of the longest sections until it does.

This file is made from the program itself (`python -m digest.guide`).
"""


def guide() -> str:
    """Write the guide, as Markdown."""
    return "\n".join(
        (
            _HEAD,
            _table("template", "what it makes", "gets", _templates()),
            "## Variables\n",
            _table("name", "what it is", None, VARIABLES.items()),
            "## about\n",
            _table("key", "what it is", None, ABOUT.items()),
            "## Filters beside Jinja's own\n",
            _table("name", "what it does", None, FILTERS.items()),
            "## Words\n",
            _table("method", "what it does", None, _methods(Words)),
            *(_record(each) for each in _reachable(EditionContent, AlertContent, Links, Limits, Banner, Entry, Listed)),
            *(_record(each, " (in an Outline)") for each in _reachable(Outline)),
        )
    )


def variables_of(template: str) -> list[str]:
    """Name the variables that a template gets."""
    given = " ".join(GROUPS.get(each, each) for each in TEMPLATES[template][1].split())
    return given.split()


def _templates() -> Iterator[tuple[str, str, str]]:
    for name, (made, _) in TEMPLATES.items():
        yield name, made, ", ".join(f"`{each}`" for each in variables_of(name))


def _table(first: str, second: str, third: str | None, rows: Any) -> str:
    heads = [first, second, *([third] if third else [])]
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| `{row[0]}` | {' | '.join(row[1:])} |" for row in rows]
    return "\n".join(lines) + "\n"


def _methods(kind: type) -> Iterator[tuple[str, str]]:
    for name, member in vars(kind).items():
        if name == "__call__" or not name.startswith("_"):
            function: Any = member.fget if isinstance(member, property) else member
            arguments = [each for each in inspect.signature(function).parameters if each != "self"]
            call = "words" if name == "__call__" else f"words.{name}"
            call += "" if isinstance(member, property) else f"({', '.join(arguments)})"
            yield call, _first_line(function)


def _record(record: type, where: str = "") -> str:
    title = f"## {record.__name__}{where}\n\n{_first_line(record)}\n\n"
    return title + _table("field", "type", "what it is", [*_fields(record), *_properties(record)])


def _fields(record: type) -> Iterator[tuple[str, str, str]]:
    hints = get_type_hints(record)
    comments = _comments(record)
    for field in fields(record):
        yield field.name, _shown(hints[field.name]), comments.get(field.name, "")


def _properties(record: type) -> Iterator[tuple[str, str, str]]:
    for name, member in vars(record).items():
        if isinstance(member, property) and member.fget is not None:
            yield name, _shown(get_type_hints(member.fget)["return"]), _first_line(member.fget)


def _comments(record: type) -> dict[str, str]:
    """Read what the lines with "#:" say of the fields below them."""
    found: dict[str, str] = {}
    told: list[str] = []
    for line in inspect.getsource(record).splitlines():
        if comment := re.match(r"\s+#: ?(.*)", line):
            told.append(comment[1])
        elif field := re.match(r"    (\w+):", line):
            found[field[1]] = " ".join(told)
            told = []
    return found


def _reachable(*roots: type) -> list[type]:
    """List records, and those that their fields hold, in the order in which they are met."""
    found: dict[type, None] = {}
    waiting = list(roots)
    while waiting:
        record = waiting.pop(0)
        if record in found:
            continue
        found[record] = None
        waiting += [inner for hint in get_type_hints(record).values() for inner in _records_in(hint)]
    return list(found)


def _records_in(hint: Any) -> Iterator[type]:
    if is_dataclass(hint) and isinstance(hint, type):
        yield hint
    for inner in get_args(hint):
        yield from _records_in(inner)


def _shown(hint: Any) -> str:
    """Write a type for people who do not write Python."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint is types.NoneType:
        return "none"
    if origin is Literal:
        return " or ".join(f'"{each}"' for each in inner)
    if origin in {Union, types.UnionType}:
        return " or ".join(_shown(each) for each in inner)
    if origin is tuple:
        return f"list of {_shown(inner[0])}" if inner[-1] is Ellipsis else f"({', '.join(map(_shown, inner))})"
    if origin is list:
        return f"list of {_shown(inner[0])}"
    if origin is not None:
        return f"mapping of {_shown(inner[0])} to {_shown(inner[1])}"
    name: str = hint.__name__
    return _PLAIN.get(name, name)


def _first_line(documented: Any) -> str:
    return (inspect.getdoc(documented) or "").partition("\n\n")[0].replace("\n", " ")


if __name__ == "__main__":
    print(guide(), end="")
