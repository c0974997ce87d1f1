"""Scores the summaries on neus_val by ROUGE at 75 words, beside plain baselines and sumy's LexRank; holds the floors.

ROUGE-N is the F1 of runs of N words; "stemmed" compares words of more than three letters by their Porter stems, as
the package rouge-score does when asked, which lifts every figure by about .015. "Told once" are the summaries of which
no two sentences say much of the same.

Example: python -m tests.eval.summaries
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

import Stemmer

from crawler.records import Article
from digest.sentences import split
from digest.summary import summarise

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "stories"
FLOORS = Path(__file__).with_name("floors_stories.toml")
_WORDS = 75
#: LexRank gets as many sentences as ours; three is also what it scores best with here.
_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Scores:
    """Mean ROUGE of all summaries, and what they cost."""

    rouge_1: float
    rouge_2: float
    rouge_1_stemmed: float
    rouge_2_stemmed: float
    #: Share of summaries in which no two sentences share half of the shorter one's words of more than three letters.
    told_once: float
    milliseconds_an_article: float


def stories() -> list[tuple[list[Article], str]]:
    """Read the stories of neus_val: the articles of each and its neutral summary."""
    articles: dict[str, list[Article]] = defaultdict(list)
    with gzip.open(CORPUS / "neus_val.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, row in enumerate(map(json.loads, lines), 1):
            address = f"http://eval.example/{number}"
            article = Article(address, "eval", row["title"], row["text"], language="en", id=number)
            articles[str(row["event"])].append(article)
    with gzip.open(CORPUS / "neus_val_reference.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [(articles[str(row["event"])], row["summary"]) for row in map(json.loads, lines)]


def rouge(found: str, wanted: str, size: int, *, stemmed: bool = False) -> float:
    """Score a summary by the F1 of the runs of words that it shares with a reference."""
    one, other = (_runs(text, size, stemmed=stemmed) for text in (found, wanted))
    shared = sum((one & other).values())
    return 2 * shared / (sum(one.values()) + sum(other.values()) or 1)


def _runs(text: str, size: int, *, stemmed: bool) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    if stemmed:
        words = [_stem(word) for word in words]
    return Counter(zip(*(words[start:] for start in range(size)), strict=False))


_PORTER = Stemmer.Stemmer("porter")


@cache
def _stem(word: str) -> str:
    return str(_PORTER.stemWord(word)) if len(word) > 3 else word


def is_told_once(summary: str) -> bool:
    """Tell whether no two sentences of a summary say much of the same."""
    said = [{word for word in re.findall(r"\w+", text.lower()) if len(word) > 3} for text in split(summary, "en")]
    return all(2 * len(one & other) < min(len(one), len(other)) for one, other in combinations(filter(None, said), 2))


def ours(given: Sequence[Article]) -> str:
    """Summarise as the digest does."""
    return " ".join(sentence.text for sentence in summarise(given))


def first_sentences(given: Sequence[Article]) -> str:
    """Take the beginning of the first text."""
    return " ".join(line for line in given[0].text.splitlines() if line.strip() != given[0].title.strip())


def lexrank() -> Callable[[Sequence[Article]], str]:
    """Give sumy's LexRank, without stop words and stems, with which it scores better here; needs the extra "eval"."""
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.summarizers.lex_rank import LexRankSummarizer

    class Words:
        """Cuts words as sumy's own tokenizer does, which wants a download."""

        def to_words(self, text: str) -> list[str]:
            return re.findall(r"[^\W\d_](?:[^\W_]|['-])*", text)

    summarizer = LexRankSummarizer()

    def summary(given: Sequence[Article]) -> str:
        cut = [[Sentence(text, Words()) for text in split(article.text, "en")] for article in given]
        document = ObjectDocumentModel([Paragraph(sentences) for sentences in cut])
        return " ".join(str(sentence) for sentence in summarizer(document, _SENTENCES))

    return summary


def run(summary: Callable[[Sequence[Article]], str]) -> Scores:
    """Score one way of summarising; what is longer than 75 words is cut."""
    given = stories()
    start = time.process_time()
    found = [" ".join(summary(articles).split()[:_WORDS]) for articles, _ in given]
    seconds = time.process_time() - start
    means = [
        sum(rouge(text, wanted, size, stemmed=stemmed) for text, (_, wanted) in zip(found, given, strict=True))
        / len(given)
        for stemmed in (False, True)
        for size in (1, 2)
    ]
    told_once = sum(map(is_told_once, found)) / len(found)
    return Scores(*means, told_once, 1000 * seconds / sum(len(articles) for articles, _ in given))


def floors() -> dict[str, float]:
    """Read the pinned floors: measure -> the least score that is accepted."""
    least: dict[str, float] = tomllib.loads(FLOORS.read_text("utf-8"))["summary_neus_val"]
    return least


def main() -> int:
    """Print the table; exit with 1 when ours is below a floor."""
    if not CORPUS.is_dir():
        print("the corpus of stories is not beside this checkout (../shared/corpus)", file=sys.stderr)
        return 1
    ways: dict[str, Callable[[Sequence[Article]], str]] = {"presswatch": ours, "first sentences": first_sentences}
    try:
        ways["LexRank (sumy)"] = lexrank()
        ways["LexRank (sumy)"](stories()[0][0])
    except (ImportError, ValueError) as error:  # ValueError: sumy without NumPy
        ways.pop("LexRank (sumy)", None)
        print(f"without LexRank: {error}; pip install -e '.[eval]'", file=sys.stderr)
    print("| summary of neus_val by | ROUGE-1 | ROUGE-2 | ROUGE-1 stemmed | ROUGE-2 stemmed | told once | ms/article |")
    print("|---|---|---|---|---|---|---|")
    faults = []
    for label, summary in ways.items():
        scores = run(summary)
        print(f"| {label} | " + " | ".join(f"{value:.4f}" for value in astuple(scores)[:4]), end="")
        print(f" | {scores.told_once:.3f} | {scores.milliseconds_an_article:.2f} |")
        if label == "presswatch":
            faults = [
                f"{name}: {getattr(scores, name):.4f}, floor {least:.4f}"
                for name, least in floors().items()
                if getattr(scores, name) < least
            ]
    for fault in faults:
        print(f"below its floor: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
