"""Score whether words of scripts without spaces are found where they stand, on real texts, and hold the pinned floors.

Texts are the lines of the corpus's pages that are written in such a script, and those of files named LANGUAGE.txt, a
text a line, where a folder of them is given (the translations inside Django serve: Thai, Khmer, Burmese, Japanese,
Korean, both kinds of Chinese; and the names of CLDR inside Babel: Lao). Asked for are stretches of 1 to 6 letters,
wherever in a run they begin. The truth knows nothing of our tokens: a text holds a word when it stands in it, letter by
letter, after NFKC, lower case, without what is not seen (zero-width spaces) and in simplified characters (by OpenCC,
which looks at whole words).

Example: python -m tests.eval.scripts --texts translations
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import opencc
from lxml import etree, html

from crawler.archive import Kept, open_archive
from crawler.query import Term
from crawler.records import Article
from crawler.spiders.text import decode

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FLOORS = Path(__file__).with_name("floors_scripts.toml")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
#: What makes a script: its letters.
SCRIPTS = {
    "Chinese and Japanese": "\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff",
    "Korean": "\uac00-\ud7a3",
    "Thai": "\u0e01-\u0e3a\u0e40-\u0e4e",
    "Lao": "\u0e81-\u0ece",
    "Khmer": "\u1780-\u17d3",
    "Burmese": "\u1000-\u103f",
}
LONGEST = 6
#: A line of a page is a text from so many letters of a script on.
_LEAST = 12


@dataclass(frozen=True, slots=True)
class Scores:
    """How right the answers to the words of one script are, each answer (a word and a text) counting once."""

    texts: int
    words: int
    precision: float
    recall: float


def pages(folder: Path) -> Iterator[str]:
    """Give the lines of the corpus's pages and of its samples of other encodings."""
    for file in sorted(folder.glob("extraction/*/pages/*.gz")):
        raw = gzip.decompress(file.read_bytes())
        if not re.search(rb"[\xe0-\xef][\x80-\xbf]{2}(?:[\xe0-\xef][\x80-\xbf]{2}){3}", raw):
            continue  # nothing in UTF-8 that is long enough
        try:
            tree = html.fromstring(decode(raw))
        except (etree.ParserError, ValueError):
            continue
        yield from (line for text in tree.itertext() for line in text.splitlines())
    for file, encoding in (("sample-chinese.txt", "big5"), ("sample-korean.txt", "euc_kr")):
        path = folder / "encoding" / "charset_normalizer" / file
        yield from path.read_bytes().decode(encoding, "ignore").splitlines() if path.exists() else ()


def by_script(lines: Iterator[str]) -> dict[str, list[str]]:
    """Keep the lines that are written in a script without spaces, each once."""
    letters = {name: re.compile(f"[{chars}]") for name, chars in SCRIPTS.items()}
    found: dict[str, dict[str, None]] = {name: {} for name in SCRIPTS}
    for line in lines:
        for name, letter in letters.items():
            if len(line) >= _LEAST and len(letter.findall(line)) >= _LEAST:
                found[name][" ".join(line.split())] = None
    return {name: list(texts) for name, texts in found.items() if texts}


def words(texts: Sequence[str], script: str, count: int) -> list[str]:
    """Draw stretches of letters from texts."""
    chance = random.Random(20261123)
    runs = [run for text in texts for run in re.findall(f"[{SCRIPTS[script]}]+", text)]
    drawn: dict[str, None] = {}
    for _ in range(4 * count):
        run = chance.choice(runs)
        at, length = chance.randrange(len(run)), chance.randint(1, LONGEST)
        drawn[run[at : at + length]] = None
    return [word for word in drawn if any(unicodedata.category(letter)[0] == "L" for letter in word)][:count]


def measure(texts: Sequence[str], script: str, count: int) -> Scores:
    """Search for words in an archive of texts, and compare with where they stand."""
    right = wrong = missed = 0
    asked = words(texts, script, count)
    plain = [_plain(text) for text in texts]
    with open_archive("sqlite://") as archive:
        kept = [Kept(Article(f"https://a.test/{number}", "a", "", text)) for number, text in enumerate(texts)]
        number_of = {result.id: number for number, result in enumerate(archive.articles.keep(kept, NOW))}
        for word in asked:
            true = {number for number, text in enumerate(plain) if _plain(word) in text}
            found = {number_of[id_] for id_ in archive.ids(Term(word), NOW)}
            right += len(found & true)
            wrong += len(found - true)
            missed += len(true - found)
    return Scores(len(texts), len(asked), right / (right + wrong), right / (right + missed))


def run(folder: Path | None, count: int, most: int | None = None) -> dict[str, Scores]:
    """Measure every script of which there are texts; ``most``: so many texts of each at most."""
    lines = list(pages(CORPUS)) if most is None else _first_pages(most)
    for file in sorted(folder.glob("*.txt")) if folder else ():
        lines += file.read_text(encoding="utf-8").splitlines()
    found = by_script(iter(lines))
    return {name: measure(texts[:most], name, count) for name, texts in found.items()}


def floors() -> dict[str, float]:
    """Read the pinned floors."""
    return tomllib.loads(FLOORS.read_text(encoding="utf-8"))


def table(scores: Mapping[str, Scores]) -> str:
    """Write the table of the README."""
    head = "| script | texts | words | precision | recall |\n|---|---|---|---|---|\n"
    return head + "\n".join(
        f"| {name} | {each.texts:,} | {each.words:,} | {each.precision:.4f} | {each.recall:.4f} |"
        for name, each in scores.items()
    )


def _first_pages(most: int) -> list[str]:
    lines, found = [], 0
    letter = re.compile(f"[{SCRIPTS['Chinese and Japanese']}]")
    for line in pages(CORPUS):
        lines.append(line)
        found += len(letter.findall(line)) >= _LEAST
        if found >= most:
            break
    return lines


def _plain(text: str) -> str:
    shown = "".join(letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    return _simplifier().convert(shown.lower())


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; exit with 1 when a script is below its floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, help="a folder of further texts, LANGUAGE.txt, one a line")
    parser.add_argument("--words", type=int, default=3_000, help="so many words of each script")
    options = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        print("the corpus of real pages is not beside this checkout (../shared/corpus)", file=sys.stderr)
        return 1
    scores = run(options.texts, options.words)
    print(table(scores))
    faults = [
        f"{script} {name}: {getattr(each, name):.4f}, floor {floor}"
        for script, each in scores.items()
        for name, floor in floors().items()
        if getattr(each, name) < floor
    ]
    for fault in faults:
        print(f"below its floor: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
