"""Tells why a page's text is wrong: which rule of the extraction kept the foreign line or dropped the missing one."""

from __future__ import annotations

from crawler.errors import NoArticle
from crawler.extract import body, metadata, weigh
from crawler.extract.page import letters, parse
from tests.eval.score import Case, page_score


def fault(case: Case, got: str, precision: float, recall: float) -> str:
    """Say what is wrong with the text that was found on a page, and the rule behind its longest wrong line."""
    wanted = case.gold["text"]
    if not got:
        return f"no text; {_refused(case)}"
    kept = precision < recall
    text, other = (got, wanted) if kept else (wanted, got)
    lines = [line for line in text.split("\n") if line.strip() and (page_score(other, line)[0] or 0.0) < 0.5]
    if not lines:
        twice = len({*map(letters, got.split("\n"))}) < len(got.split("\n"))
        return f"precision {precision:.2f}, recall {recall:.2f}; " + (
            "the same lines stand in it twice" if twice else "no line is wrong as a whole: they are cut otherwise"
        )
    longest = max(lines, key=len)
    return (
        f"precision {precision:.2f}, recall {recall:.2f}; {len(lines)} lines {'foreign' if kept else 'missing'}, "
        f"the longest: {longest[:70]!r}: {why(case, longest, kept)}"
    )


def why(case: Case, text: str, kept: bool) -> str:
    """Name the rule that kept or dropped a line."""
    try:
        page = parse(case.body(), "", case.url)
    except NoArticle as error:
        return str(error)
    judged = body.judge(page, metadata.read_page(page))
    wanted = letters(text)
    same = [at for at, key in enumerate(page.keys) if key == wanted]
    same = same or [at for at, key in enumerate(page.keys) if len(key) > 20 and wanted in key]
    if not same:
        return "no line of the page: " + (
            "taken from articleBody or trafilatura" if kept else "not shown, or a script's"
        )
    at = max(same, key=lambda place: judged.chances[place])
    own, chance = judged.own[at], judged.chances[at]
    if own is None:
        return "all of it links elsewhere"
    said = f"chance {own:.2f} by its signs"
    if judged.asked:
        said += f", {chance:.2f} with trafilatura's say"
    if (chance > weigh.CHANCE) is kept:
        return f"{'kept' if kept else 'dropped'}, {said}"
    if kept:
        return f"{said}; then too little text was left, and another source was taken"
    return f"{said}; then dropped as title, byline, pointer or repetition, or another source was taken"


def _refused(case: Case) -> str:
    from crawler.extract import extract
    from crawler.records import Fetched, Source

    try:
        extract(Fetched(case.url, case.url, case.body()), Source("eval", "", case.url))
    except NoArticle as error:
        return f"{error.reason}: {error}"
    return "nothing was kept"
