"""The fixed mix of queries that the benches of searching ask, by kinds of queries; words by how common they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.bench.stream import Language, language

#: The ranks of the words asked for: from words in half of all articles to words in one of ten thousand.
_RANKS = (0, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000)


def queries() -> dict[str, list[str]]:
    """Write the mix."""
    words = {code: language(code) for code in ("en", "ru", "zh", "ar")}
    en, topic = words["en"].words, words["en"].topics[5]
    others = [words[code].words[rank] for code in ("ru", "zh", "ar") for rank in (50, 500, 5_000)]
    return {
        "words": [*(en[rank] for rank in _RANKS), *(word for word in others if len(word) > 1)],
        "phrases": [*_phrases(words), f'"{en[0]} {en[1]}"', f'"{en[30]} {en[2]}"'],
        "AND": [f"{en[100]} {en[300]}", f"{topic[0]} {topic[1]}", f"{en[10]} {en[20]} {en[30]}", f"{en[0]} -{en[1]}"],
        "OR": [f"{en[100]} OR {en[1_000]}", " OR ".join(topic[:10])],
        "NEAR": [f"{en[10]} NEAR/5 {en[20]}", f"{topic[0]} NEAR/8 {topic[1]}", f"{en[0]} NEAR/5 {en[300]}"],
        "W (ordered)": [f"{en[10]} W/5 {en[20]}", f"{en[0]} W/5 {en[1]}"],
        "date ranges": [
            f"{en[30]} after:2025-03-01 before:2025-03-08",
            f"{en[100]} before:2025-03-01",
            "after:2026-01-01",
        ],
        "filters": [f"{en[30]} country:cn", f"control:state {en[100]}", "kind:agency", "lang:zh", f"{en[3]} lang:ru"],
        "prefixes": [f"{_long(en, 100)[:4]}*", f"{_long(en, 3_000)[:5]}*", f"{_long(en, 10_000)[:3]}*"],
        "one Chinese letter": [words["zh"].words[3][0], words["zh"].words[300][0]],
        "everything": [""],
    }


def _phrases(words: Mapping[str, Language]) -> list[str]:
    return [f'"{words[code].topics[3][0]} {words[code].words[0]}"' for code in ("en", "ru", "ar")] + [
        f'"{words["zh"].topics[3][0]}{words["zh"].words[0]}"'
    ]


def _long(words: Sequence[str], first: int) -> str:
    return next(word for word in words[first:] if len(word) >= 6)
