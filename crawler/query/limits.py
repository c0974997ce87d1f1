"""How much a query may ask, as it is written and with the queries of watches in it: what costs most to answer.

A row of NEAR or W/n over groups is looked for as one row for each combination of their words, so that a few groups
more are a thousand rows more. Twenty thousand articles that have all these words are asked for the most that is
allowed in some seconds (words by themselves and beginnings of words cost little: five hundred take half a second).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from crawler.query.tree import And, Near, Node, Or, Term, children, walk

#: Groups in one another: the language of the index cannot say more.
DEEPEST = 20
#: Words and groups in one row of NEAR or W/n.
LONGEST_ROW = 10
#: Combinations of a row of two groups, such as two of 40 words; of a longer row, each costs more.
MOST_PAIRS = 1_600
MOST_COMBINATIONS = 100
#: Of all rows of a query; those of a row of four words or groups count three times, and so on.
MOST_IN_ALL = 2_500
#: Rows of W/n, each of which Python looks for in each text, and words in those of more than two words or groups.
MOST_ORDERED, MOST_IN_CHAINS = 100, 200


def fault_of_row(parts: Sequence[Node]) -> tuple[str, str] | None:
    """Say what is too much in a row of NEAR or W/n, and the remedy; None when it is not."""
    if len(parts) > LONGEST_ROW:
        return f"a row of NEAR or W/n may hold {LONGEST_ROW} words or groups", "split it into several, joined by AND"
    made = _combinations(parts)
    if made > (MOST_PAIRS if len(parts) == 2 else MOST_COMBINATIONS):
        return f"these groups make {made:,} {'pairs' if len(parts) == 2 else 'combinations'}", "use fewer words in them"
    return None


def fault_of_all(node: Node) -> tuple[str, str] | None:
    """Say what is too much in a query as a whole, and the remedy; None when nothing is."""
    if _depth(node) > DEEPEST:
        return f"groups of AND, OR and NEAR may stand {DEEPEST} deep", "take some of them out"
    rows = [part for part in walk(node) if isinstance(part, Near)]
    made = sum(_combinations(row.parts) * (len(row.parts) - 1) for row in rows)
    if made > MOST_IN_ALL:
        return (
            f"the groups of NEAR and W/n make {made:,} combinations, of which a query may hold {MOST_IN_ALL:,}",
            "use fewer words in them, or split it into several",
        )
    ordered = [row for row in rows if row.ordered]
    if len(ordered) > MOST_ORDERED:
        return f"a query may hold {MOST_ORDERED} rows of W/n", "use NEAR/n in their place, or split it into several"
    chained = sum(isinstance(part, Term) for row in ordered if len(row.parts) > 2 for part in walk(row))
    if chained > MOST_IN_CHAINS:
        return (
            f"{chained} words stand in rows of W/n of more than two, where a query may hold {MOST_IN_CHAINS}",
            "use NEAR/n or rows of two in their place, or split it into several",
        )
    return None


def _combinations(parts: Sequence[Node]) -> int:
    return math.prod(len(part.parts) if isinstance(part, Or) else 1 for part in parts)


def _depth(node: Node) -> int:
    return isinstance(node, And | Or | Near) + max(map(_depth, children(node)), default=0)
