"""From text to tree. Every fault is a QueryError that marks its place and proposes what to write instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple, cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from crawler import tokens, urls
from crawler.errors import QueryError
from crawler.query import filters, limits
from crawler.query.evaluating import may_coincide
from crawler.query.filters import BadValue
from crawler.query.tree import (
    FIELDS,
    Everything,
    Field,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Term,
    all_of,
    any_of,
    is_positive,
    is_textual,
    none_of,
    walk,
)
from crawler.query.writing import SEPARATORS, show

LONGEST = 10_000
MOST_TERMS = 500
#: Each is a condition that is asked of every article.
MOST_FILTERS = 500
#: Words, filters and signs in all: what is refused is refused at once.
MOST_PIECES = 2_000
_PIECE = re.compile(r"[^\s()|]+|[|]")
FARTHEST = 99
#: So many parts of a NEAR may be the same words, of which each must then find one of its own.
MOST_ALIKE = 5
SHORTEST_PREFIX = 3
#: Names of filters elsewhere, such as those of our own options.
_OTHER_NAMES = {"since": "after", "from": "after", "until": "before", "to": "before"}

#: Signs of other keyboards, one letter for one letter, so that places stay places of the query as it was written.
_SIGNS = str.maketrans(
    {
        **{chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F) if chr(wide) not in SEPARATORS},
        **dict.fromkeys("“”„‟«»「」『』〝〞〟＂", '"'),
        **dict.fromkeys("（﹙", "("),
        **dict.fromkeys("）﹚", ")"),
        **dict.fromkeys("：﹕", ":"),
        **dict.fromkeys("｜", "|"),
        **dict.fromkeys("＊﹡", "*"),
        **dict.fromkeys("－−﹣‐‑–", "-"),
    }
)

_SEPARATED = re.compile(f'"[^"]*"?|[{SEPARATORS}]')
#: A phrase between single quotation marks: of print, or of a typewriter around several words; an apostrophe is none.
_SINGLE = re.compile(
    r"""(?P<double>"[^"]*"?)|(?<![^\s(|:-])(?:[‘‚‛‹](?P<print>[^\s"‘’‚‛‹›][^"‘’‚‛‹›]*)[’‘›]|'(?P<typed>[^\s"'][^\s"']*\s[^"']*)')(?=[\s)|*]|$)"""
)
#: The quotation mark that stands inside Hebrew abbreviations.
_GERSHAYIM = re.compile('(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])')


class _Placed(NamedTuple):
    """A node, where it begins in the query, and how deep it goes."""

    node: Node
    at: int
    depth: int = 0


@lru_cache(128)  # an edition asks for each day what the same watches match
def parse(text: str) -> Node:
    """Read a query."""
    if len(text) > LONGEST:  # before anything is done with it
        raise QueryError(text, LONGEST, f"a query may be {LONGEST:,} characters long", "split it into several")
    written = of_one_keyboard(text)
    for at, char in enumerate(written):
        if "\ud800" <= char <= "\udfff" or char == "\0":
            raise QueryError(_printable(text), at, "this is no character of any text", "leave it out")
    if len(_PIECE.findall(written)) > MOST_PIECES:
        raise QueryError(written, 0, f"a query may hold {MOST_PIECES:,} pieces", "split it into several")
    try:
        placed = cast(_Placed, _lark().parse(written))
    except _Fault as fault:
        raise QueryError(written, *fault.args) from None
    except UnexpectedInput as error:
        raise _explain(written, error) from None
    if sum(isinstance(part, Term) for part in walk(placed.node)) > MOST_TERMS:
        raise QueryError(written, 0, f"a query may hold {MOST_TERMS} words and phrases", "split it into several")
    if sum(isinstance(part, Filter) for part in walk(placed.node)) > MOST_FILTERS:
        raise QueryError(written, 0, f"a query may hold {MOST_FILTERS} filters", "split it into several")
    if too_much := limits.fault_of_all(placed.node):
        raise QueryError(written, 0, *too_much)
    return placed.node


def read_back(shown: str) -> Node:
    """Read what ``show`` wrote of a query that is known: with its watches it may be longer than any that is typed."""
    return cast(_Placed, _lark().parse(shown)).node


def of_one_keyboard(text: str) -> str:
    """Write a query with the signs of the language, letter for letter."""
    written = _GERSHAYIM.sub("\u05f4", text).translate(_SIGNS)
    written = _SEPARATED.sub(lambda found: " " if found[0] in SEPARATORS else found[0], written)
    return _SINGLE.sub(lambda found: found["double"] or f'"{found["print"] or found["typed"]}"', written)


@cache
def _lark() -> Lark:
    return Lark(
        Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8"),
        parser="lalr",
        lexer="basic",
        maybe_placeholders=False,
        # At once, from below: a tree of a thousand parentheses would be too deep to walk.
        transformer=_Reading(),
    )


class _Fault(Exception):
    """A place, the problem there, and the remedy."""

    def __init__(self, at: int, problem: str, remedy: str) -> None:
        super().__init__(at, problem, remedy)


class _Reading(Transformer[Token, _Placed]):
    """Builds the tree from below; a fault is raised where its place is known."""

    def start(self, found: list[_Placed]) -> _Placed:
        if not found:
            return _Placed(Everything(), 0)
        self._check_positive(found[0])
        return found[0]

    def disjunction(self, found: list[_Placed | Token]) -> _Placed:
        parts = [part for part in found if isinstance(part, _Placed)]
        if len(parts) > 1:
            for part in parts:
                self._check_positive(part)
        return _join(parts, any_of)

    def conjunction(self, found: list[_Placed | Token]) -> _Placed:
        return _join([part for part in found if isinstance(part, _Placed)], all_of)

    def negation(self, found: list[_Placed | Token]) -> _Placed:
        sign, part = cast(tuple[Token, _Placed], tuple(found))
        if not isinstance(part.node, Not):
            self._check_positive(part)
        return _Placed(none_of(part.node), _place(sign), part.depth)

    def near(self, found: list[_Placed | Token]) -> _Placed:
        parts = [part for part in found if isinstance(part, _Placed)]
        signs = [sign for sign in found if isinstance(sign, Token)]
        if not signs:
            return parts[0]
        for sign in signs[1:]:
            if str(sign) != str(signs[0]):
                raise _Fault(_place(sign), f"{sign} and {signs[0]} cannot stand in one row", "use one of them")
        for part in parts:
            if not _may_be_near(part.node):
                raise _Fault(
                    part.at,
                    f"{signs[0]} joins words, phrases and groups of them such as (spy OR agent)",
                    f"write it with AND, or only words on both sides of {signs[0]}",
                )
        nodes = tuple(cast(Term | Or, part.node) for part in parts)
        if too_much := limits.fault_of_row(nodes):
            raise _Fault(parts[0].at, *too_much)
        kind, distance = str(signs[0]).split("/")
        if len(distance) > 4 or int(distance) > FARTHEST:
            raise _Fault(_place(signs[0]), f"words may be {FARTHEST} apart at most", f"write {kind}/{FARTHEST}")
        near = Near(nodes, int(distance), ordered=kind == "W")
        if len(nodes) > MOST_ALIKE and not near.ordered and may_coincide(near):
            raise _Fault(
                parts[0].at,
                f"of more than {MOST_ALIKE} parts of a NEAR no two may be the same word",
                "take some out, or join some with AND",
            )
        return _Placed(near, parts[0].at)

    def group(self, found: list[_Placed | Token]) -> _Placed:
        sign, part, _ = cast(tuple[Token, _Placed, Token], tuple(found))
        if part.depth >= limits.DEEPEST:
            raise _Fault(_place(sign), f"parentheses may stand {limits.DEEPEST} deep", "take some of them out")
        return _Placed(part.node, _place(sign), part.depth + 1)

    def field(self, found: list[_Placed | Token]) -> _Placed:
        sign, part = cast(tuple[Token, _Placed], tuple(found))
        name = str(sign)[:-1].lower()
        if not is_textual(part.node) or any(isinstance(inner, Field) for inner in walk(part.node)):
            raise _Fault(
                part.at,
                f"behind {name}: only words can stand, no other field or filter",
                f"close {name}:(...) before it",
            )
        self._check_positive(part)
        return _Placed(Field(name, part.node), _place(sign), part.depth)

    def filter(self, found: list[Token]) -> _Placed:
        name, _, given = str(found[0]).partition(":")
        name, value = name.lower(), " ".join(given.strip().strip('"').split())
        try:
            return _Placed(Filter(name, filters.DEFINITIONS[name].read(value)), _place(found[0]))
        except BadValue as error:
            at = _place(found[0]) + len(found[0]) - len(given.lstrip())
            meant = filters.meant(name, value)
            repair = f"; write {name}:{meant}" if meant else ""
            raise _Fault(at, f"{name}: cannot be {value!r}", f"{name}: wants {error}{repair}") from None

    def phrase(self, found: list[Token]) -> _Placed:
        inside, _, star = str(found[0])[1:].rpartition('"')
        text = " ".join(inside.split())
        return self._term(text.rstrip("* "), bool(star) or text.endswith("*"), found[0])

    def word(self, found: list[Token]) -> _Placed:
        written = str(found[0])
        text = written.removesuffix("*")
        if "*" in text:
            raise _Fault(
                _place(found[0]) + text.index("*"),
                "a star can stand only at the end of a word",
                f"write {next(filter(None, text.split('*')), 'word')}*",
            )
        return self._term(text, text != written, found[0])

    def mistake(self, found: list[Token]) -> _Placed:
        written = str(found[0])
        if found[0].type == "NO_DISTANCE":
            sign = "W" if written.startswith("W") else "NEAR"
            distance = re.search("[0-9]+", written)
            meant = f"{sign}/{distance[0] if distance else 5}"
            remedy = f'write {meant}, or "{sign}" for the word'
            raise _Fault(_place(found[0]), f"{sign} needs a number of words behind a /", remedy)
        if found[0].type == "ADDRESS":
            host = urls.host_of(written)
            remedy = f"write url:{written} or site:{host}" if host else "write url: and the whole address"
            raise _Fault(_place(found[0]), "an address is no word", remedy)
        if found[0].type == "ESCAPED":
            raise _Fault(
                _place(found[0]) + len(written) - 2,
                "no quotation mark can stand inside a phrase, with or without a backslash",
                "leave the inner ones out: signs are not searched",
            )
        name = written[:-1].lower()
        if found[0].type == "NO_VALUE":
            raise _Fault(
                _place(found[0]),
                f"{name}: needs one value right behind it",
                f'write {name}:value or {name}:"two words"; several are joined as ({name}:one OR {name}:other)',
            )
        known = [*FIELDS, *filters.DEFINITIONS]
        close = [_OTHER_NAMES[name]] if name in _OTHER_NAMES else difflib.get_close_matches(name, known, n=1)
        remedy = f"write {close[0]}:" if close else f"there are {', '.join(f'{item}:' for item in known)}"
        raise _Fault(
            _place(found[0]),
            f"there is no field or filter {written}",
            f"{remedy}; or put the words into quotation marks",
        )

    def _term(self, text: str, prefix: bool, token: Token) -> _Placed:
        found = tokens.phrase(text, prefix).tokens
        if not found:
            raise _Fault(
                _place(token),
                f"{str(token)!r} holds no letter and no digit, so no text can be found by it",
                "leave it out, or write AND for &",
            )
        if prefix and not tokens.is_unspaced(found[-1]) and len(found[-1]) < SHORTEST_PREFIX:
            raise _Fault(
                _place(token), f"before a star there must be {SHORTEST_PREFIX} letters", f"write more of {found[-1]}*"
            )
        return _Placed(Term(text, prefix), _place(token))

    def _check_positive(self, part: _Placed) -> None:
        if not is_positive(part.node):
            left_out = show(part.node)
            example = "embassy" if "spy" in left_out.lower() else "spy"
            raise _Fault(
                part.at,
                "this says only what to leave out, not what to look for",
                f"write something to look for before it, such as: {example} {left_out}",
            )


def _place(token: Token) -> int:
    return int(token.start_pos or 0)


def _join(parts: list[_Placed], join: Callable[[tuple[Node, ...]], Node]) -> _Placed:
    if len(parts) == 1:
        return parts[0]
    return _Placed(join(tuple(part.node for part in parts)), parts[0].at, max(part.depth for part in parts))


def _may_be_near(node: Node) -> bool:
    return isinstance(node, Term) or (isinstance(node, Or) and all(isinstance(part, Term) for part in node.parts))


def _explain(query: str, error: UnexpectedInput) -> QueryError:
    """Say what is wrong at the place where reading stopped."""
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return _explain_end(query, error)
    at = int(error.pos_in_stream or 0)
    found = str(error.token) if isinstance(error, UnexpectedToken) else query[at]
    if found == '"':
        return QueryError(query, at, "this quotation mark is not closed", 'write another " behind the phrase')
    if isinstance(error, UnexpectedCharacters):
        return QueryError(
            query, at, "this - leaves nothing out", "take it out, or write it right before a word: -sport"
        )
    if found == ")" and query[:at].rstrip().endswith("("):
        return QueryError(
            query, at, "nothing stands between these parentheses", "write words into them, or take them out"
        )
    if found == ")":
        return QueryError(
            query, at, "this ) closes nothing that is complete", "take it out, or finish what is before it"
        )
    if found == "-":
        return QueryError(
            query, at, "- cannot stand here", "write it before a word, a field or a group: spy -agent, spy -title:agent"
        )
    plain = found.strip('":')
    return QueryError(
        query, at, f"{found} cannot stand here", f'write words on both sides of it, or "{plain}" to look for the word'
    )


def _explain_end(query: str, error: UnexpectedToken) -> QueryError:
    end = len(query.rstrip())
    if "CLOSE" in error.expected:
        return QueryError(query, end, "a ( is not closed", "write ) at the end")
    last = query.rsplit(maxsplit=1)[-1]
    return QueryError(query, end, f"something is missing behind {last}", f"write a word or a value behind {last}")


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")
