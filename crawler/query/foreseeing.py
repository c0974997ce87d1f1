"""What must be so for a query to match, asked before an article is there: of the words of the page that it is on."""

from __future__ import annotations

from collections.abc import Callable

from crawler.query.evaluating import phrase_of
from crawler.query.filters import OF_SOURCE, passes
from crawler.query.tree import And, Everything, Field, Filter, Near, Node, Not, Or, Term
from crawler.records import Article, Source


def may_be_from(source: Source, node: Node) -> bool:
    """Tell whether a query may match an article of a source, whatever its words are."""
    return may_match(node, source, lambda *_: True)


def may_match(node: Node, source: Source, has: Callable[[str, bool], bool]) -> bool:
    """Tell whether a query may match; False only where it cannot, whatever else is found out of the article.

    ``has`` tells whether a token may be among the article's, or (True) one that begins with it. Which of the tokens
    stand together, and what is left out, nobody knows before the article is cut out of its page.
    """
    match node:
        case Term():
            *whole, last = (phrase := phrase_of(node)).tokens
            return all(has(token, False) for token in whole) and has(last, phrase.prefix)
        case And(parts) | Near(parts):
            return all(may_match(part, source, has) for part in parts)
        case Or(parts):
            return any(may_match(part, source, has) for part in parts)
        case Field(_, part):
            return may_match(part, source, has)
        case Filter() if node.name in OF_SOURCE:
            return _is_of(source, node)
        case Not(Filter() as part) if part.name in OF_SOURCE:
            return not _is_of(source, part)
        case Not() | Filter() | Everything():
            return True


def _is_of(source: Source, node: Filter) -> bool:
    return passes(node, Article("", source.key, "", ""), source, None)
