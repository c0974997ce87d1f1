"""From tree to text: the query in its one canonical form, and in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler import tokens
from crawler.query import dates
from crawler.query.filters import DEFINITIONS
from crawler.query.tree import And, Everything, Field, Filter, Near, Node, Not, Or, Term

#: Signs of East Asian keyboards that part words as a space does, but not between quotation marks.
SEPARATORS = "，、；､﹐﹑﹔"
#: Tells words apart where no spaces do: Chinese words seldom have four letters, others cannot be told from phrases.
_SEVERAL_WORDS = re.compile(rf"\S[\s{SEPARATORS}]+\S|[\u3400-\u4dbf\u4e00-\u9fff]{{4}}")
#: What can be read back without quotation marks.
_BARE = re.compile(rf"(?!(?:AND|OR|NOT|NEAR|NEAR/.*|W/[0-9]+)$)[^\s()\"|:*'‘‚‛‹{SEPARATORS}-][^\s()\"|:*{SEPARATORS}]*")


def show(node: Node) -> str:
    """Write a query so that reading it gives the same tree."""
    return _show(node, inside=False)


def explain(node: Node) -> str:
    """Say in words what a query finds."""
    if isinstance(node, Everything):
        return "every article"
    if not _wanted(node):
        return f"all articles {_exception(node)}"
    return f"articles {_explain(node, inside=False)}"


def _show(node: Node, *, inside: bool) -> str:
    match node:
        case Everything():
            return ""
        case Term(text, prefix):
            return _value(text) + ("*" if prefix else "")
        case Filter(name, value):
            return f"{name}:{_value(value)}"
        case Field(name, part):
            return f"{name}:{_show(part, inside=True)}"
        case Not(part):
            return f"-{_show(part, inside=True)}"
        case Near(parts, distance, ordered):
            sign = f" {'W' if ordered else 'NEAR'}/{distance} "
            written = sign.join(_show(part, inside=True) for part in parts)
        case And(parts):
            written = " ".join(_show(part, inside=True) for part in parts)
        case Or(parts):
            written = " OR ".join(_show(part, inside=True) for part in parts)
    return f"({written})" if inside else written


def _value(text: str) -> str:
    return text if _BARE.fullmatch(text) else f'"{text}"'


def _explain(node: Node, *, inside: bool) -> str:
    match node:
        case Everything():
            return "of every kind"
        case Term():
            return f"with {_words(node)}"
        case Near(parts, distance, ordered):
            joined = " and ".join(_alternatives(part) for part in parts)
            order = " in this order" if ordered else ""
            return f"with {joined}{order}, {_apart(parts, distance, ordered=ordered)}"
        case Field(name, part):
            place = "among the authors" if name == "author" else f"in the {name}"
            return f"{_explain(part, inside=True)} {place}"
        case Filter("copies", value):
            return {"no": "that are no copies", "only": "that are copies"}.get(value, "that are or are not copies")
        case Filter("paywalled", value):
            return "known to be paywalled" if value == "yes" else "not known to be paywalled"
        case Filter("after" | "before" | "seen-after" | "seen-before" as name, value) if ago := dates.ago(value):
            return DEFINITIONS[name].words.format(ago)
        case Filter(name, value):
            return DEFINITIONS[name].words.format(
                f"“{value}”" if name in ("credited", "tag", "note", "watch") else value
            )
        case Not() | And():
            wanted = " and ".join(_explain(part, inside=True) for part in _wanted(node))
            exception = _exception(node)
            written = f"{wanted}, {exception}" if wanted and exception else wanted or f"all {exception}"
        case Or(parts):
            written = " or ".join(_explain(part, inside=True) for part in parts)
    return f"[{written}]" if inside else written


def _wanted(node: Node) -> list[Node]:
    """List what a query looks for, without what it leaves out of that."""
    return [part for part in (node.parts if isinstance(node, And) else (node,)) if not isinstance(part, Not)]


def _exception(node: Node) -> str:
    """Say what a query leaves out; "" when that is nothing."""
    unwanted = [part.part for part in (node.parts if isinstance(node, And) else (node,)) if isinstance(part, Not)]
    said = [f"{'those ' if _wanted(part) else ''}{_explain(part, inside=True)}" for part in unwanted]
    return f"except {' and '.join(said)}" if said else ""


def _alternatives(part: Term | Or) -> str:
    words = [_words(term) for term in _terms(part)]
    return words[0] if len(words) == 1 else f"[{' or '.join(words)}]"


def _apart(parts: Sequence[Term | Or], distance: int, *, ordered: bool) -> str:
    """Say how far apart the parts of a NEAR or W may stand."""
    words = f"at most {distance} {'word' if distance == 1 else 'words'}"
    if len(parts) == 2:
        said = f"{words} between them"
    elif ordered:
        said = f"{words} between each and the next"
    else:
        said = f"{words} between each and the last of them"
    terms = [term for part in parts for term in _terms(part)]
    if any(tokens.is_unspaced(token) for term in terms for token in tokens.phrase(term.text, term.prefix).tokens):
        said += " (where a script has no spaces, each letter counts as a word, the last one of a word, too)"
    return said


def _terms(part: Term | Or) -> list[Term]:
    return [part] if isinstance(part, Term) else [term for term in part.parts if isinstance(term, Term)]


def _words(term: Term) -> str:
    found = tokens.phrase(term.text, term.prefix)
    several = len(found.tokens) > 1 and (
        not tokens.is_unspaced(found.tokens[0]) or _SEVERAL_WORDS.search(term.text) is not None
    )
    kind = "the phrase" if several else "the word"
    return f"{kind} “{term.text}{'…' if term.prefix else ''}”"
