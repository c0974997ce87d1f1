"""From an edition's content to bytes: mail, web copy, plain text, subject.

Everything in content is outside text until it is escaped: the HTML templates escape all of it, and addresses get into
them only when they are http(s): items.carry sees to that.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

import css_inline

from digest.content import EditionContent, Item, Quote, Section, direction
from digest.lengths import ALL, Limits, in_full, lengths
from digest.outline import Outline, kind_of, way_of
from digest.skin import BUILT_IN, Templates
from digest.spacing import set_apart
from digest.texts import FSI, PDI, Words
from digest.widths import clip_to, width

_log = logging.getLogger(__name__)

#: Gmail cuts a mail at 102 kB; some room is left for what servers add. Senders who measured it do not agree whether it
#: counts the page or what it is on its way (transfer.py), and Google does not say; this counts the page.
LONGEST_MAIL = 90_000
_TALLEST = 46
#: Columns of a subject that lists of mail show, also on a phone held upright (two lines there); a title takes so many
#: at most, and a headline has so many at least.
_SUBJECT, _TITLE, _HEADLINE = 70, 24, 32


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of this installation; empty ones are not linked."""

    #: This edition on the web page.
    web_copy: str = ""
    #: A story on the web page, with {id} in it.
    story: str = ""
    #: https or mailto.
    unsubscribe: str = ""

    def story_url(self, story: int) -> str:
        """Give the address of a story."""
        return self.story.replace("{id}", str(story))


NO_LINKS = Links()


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands above a draft that is shown to its reviewers."""

    #: Keys of the frame's words, each with a command line.
    commands: tuple[tuple[str, str], ...]
    #: Judgements that were carried over from the draft before it.
    carried: int = 0


@dataclass(frozen=True, slots=True)
class Rendered:
    """One edition in all its forms."""

    subject: str
    mail: bytes
    text: bytes
    web: bytes


def everything(content: EditionContent, links: Links = NO_LINKS, templates: Templates = BUILT_IN) -> Rendered:
    """Render an edition in all its forms."""
    once = _Once()  # what stands in the mail and in the web copy is made once
    mail = _mail(content, links, templates, once=once)
    web = web_html(content, links, templates, once=once)
    return Rendered(subject(content), mail.page, text(content, links, templates, in_short=mail.in_short), web)


def for_review(
    content: EditionContent, banner: Banner, links: Links = NO_LINKS, templates: Templates = BUILT_IN
) -> Rendered:
    """Render the mail that shows a draft to its reviewers."""
    words = Words(content.masthead.language, content.masthead.zone)
    said = words("review.subject", subject=subject(content))
    head = plain("review.txt.j2", templates, words=words, banner=banner)
    mail = _mail(content, links, templates, banner=banner)
    told = text(content, links, templates, in_short=mail.in_short)
    return Rendered(said, mail.page, head + b"\n" + told, b"")


def subject(content: EditionContent) -> str:
    """Say the news in one line."""
    words = Words(content.masthead.language, content.masthead.zone)
    title = clip_to(content.masthead.title, _TITLE)
    if not content.items and content.left_out and not content.errata:
        return words("subject.below_floor", content.left_out, title=title)
    if not content.items:
        return words("subject.errata" if content.errata else "subject.nothing", title=title)
    first = content.items[0]
    more = content.figures.new - (first.status == "NEW")

    def with_headline(headline: str) -> str:
        told = _told_headline(first, headline, words)
        if more > 0:
            return words("subject.more", more, title=title, headline=told)
        return words("subject", title=title, headline=told)

    return subject_line(first.translation.headline if first.translation else first.carrier.headline, with_headline)


def without_title(said: str, title: str) -> str:
    """Take a digest's title from the beginning of its subject line, with the colon that any language has there."""
    titles = "|".join(map(re.escape, (title, clip_to(title, _TITLE))))
    begin = rf"^{FSI}?(?:{titles}){PDI}?\s*[:：]\s*"
    return re.sub(begin, "", said) or said


def subject_line(headline: str, with_headline: Callable[[str], str]) -> str:
    """Cut a headline so that the whole subject, with what stands behind it, is seen in a list of mail."""
    around = width(with_headline(""))
    return with_headline(clip_to(headline, max(_HEADLINE, _SUBJECT - around)))


def _told_headline(item: Item, headline: str, words: Words) -> str:
    """Mark a headline that a machine translated; it never stands for the publisher's own."""
    return words("subject.machine", headline=headline) if item.translation else words.isolate(headline)


def mail_html(content: EditionContent, links: Links = NO_LINKS, templates: Templates = BUILT_IN) -> bytes:
    """Render the HTML of a mail: inline styles, no images, at most 90 kB."""
    return _mail(content, links, templates).page


def told_in_short(content: EditionContent, links: Links = NO_LINKS, templates: Templates = BUILT_IN) -> frozenset[int]:
    """Name the stories of which a mail has at most the headline, for want of room."""
    return _mail(content, links, templates).in_short


def _mail(
    content: EditionContent,
    links: Links,
    templates: Templates,
    *,
    banner: Banner | None = None,
    once: _Once | None = None,
) -> _Mail:
    pieces = once or _Once()

    def render(shorter: EditionContent, limits: Limits) -> bytes:
        page = _html(shorter, links, templates, limits, pieces, web=False, banner=banner)
        return _tight(_for_mail(page)).encode()

    return _fit(content, render)


def web_html(
    content: EditionContent, links: Links = NO_LINKS, templates: Templates = BUILT_IN, *, once: _Once | None = None
) -> bytes:
    """Render the copy for a browser: the same page with a drawn chart and nothing left out."""
    # Of what goes to nobody in particular nobody can leave.
    links = replace(links, unsubscribe="")
    return _tight(_html(content, links, templates, ALL, once or _Once(), web=True)).encode()


def text(
    content: EditionContent,
    links: Links = NO_LINKS,
    templates: Templates = BUILT_IN,
    *,
    in_short: Collection[int] = frozenset(),
) -> bytes:
    """Render the plain text: every headline, link and match; of some stories only these.

    Beside an HTML that has no room for all, a text that tells three times as much would look like that of a spammer,
    who shows readers one thing and filters another (SpamAssassin: MPART_ALT_DIFF_COUNT).
    """
    words = Words(content.masthead.language, content.masthead.zone)
    spoken = words("semicolon").join(
        words("chart.day", date=words.short_date(bar.until), n="–" if bar.count is None else bar.count)
        for bar in content.chart.bars
    )
    facts = _facts(content, links, words)
    return plain("digest.txt.j2", templates, **facts, spoken=spoken, in_short=in_short)


def page(template: str, templates: Templates = BUILT_IN, *, inline: bool, words: Words, **facts: Any) -> bytes:
    """Render another page in the style of digests; for a mail its styles are written into its elements."""
    whole = templates.render(template, shared(words) | of_pages() | facts, html=True)
    if inline:
        whole = _for_mail(whole)
    return _tight(whole).encode()


def report_html(outline: Outline, templates: Templates = BUILT_IN) -> bytes:
    """Render the page of a report."""
    # Its times are told in the outline already, in whatever zone.
    words = Words(outline.language, "UTC")
    return page("report.html.j2", templates, inline=False, words=words, outline=outline, way_of=way_of, kind_of=kind_of)


def plain(template: str, templates: Templates = BUILT_IN, *, words: Words, **facts: Any) -> bytes:
    """Render another plain text in the style of digests."""
    return _lines(templates.render(template, shared(words) | facts, html=False))


def shared(words: Words) -> dict[str, Any]:
    """Give what every template gets: the frame's words, and what stands between them in its language."""
    return {
        "words": words,
        "comma": words("comma"),
        "semicolon": words("semicolon"),
        "colon": words("colon"),
        "stop": words("stop"),
        "space": words("space"),
        "isolate": words.isolate,
    }


def of_pages() -> dict[str, Any]:
    """Give what every HTML template gets."""
    return {"direction": direction, "marked_parts": _marked_parts, "name_language": _name_language}


def _for_mail(page: str) -> str:
    """Make of a page what programs that know little of styles, and filters, take well."""
    return set_apart(_short(_inlined(page)))


def _inlined(page: str) -> str:
    """Write styles into their elements; those of an operator that cannot be read stay where they are."""
    try:
        return css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False).inline(page)
    except css_inline.InlineError as error:
        _log.error("the styles of a mail cannot be written into it: %s", error)
        return page


def _lines(whole: str) -> bytes:
    # "-- " with its space is the sign by which mail programs know a signature.
    lines = (line if line == "-- " else line.rstrip() for line in whole.strip().splitlines())
    return ("\n".join(lines) + "\n").encode()


@dataclass(frozen=True, slots=True)
class _Mail:
    """The HTML of a mail, and which stories it does not tell in full."""

    page: bytes
    in_short: frozenset[int] = frozenset()


def _fit(content: EditionContent, render: Callable[[EditionContent, Limits], bytes]) -> _Mail:
    """Make a mail that is short enough, with as much in it as there is room for."""
    page = render(content, Limits())
    if _weight(page) <= LONGEST_MAIL:
        return _Mail(page)
    shorter = lengths(content)
    low, high = 1, len(shorter) - 1
    best = None
    while low <= high:
        middle = (low + high) // 2
        page = render(shorter[middle].of(content), shorter[middle].limits)
        if _weight(page) <= LONGEST_MAIL:
            best, high = (page, middle), middle - 1
        else:
            low = middle + 1
    page, found = best or (page, len(shorter) - 1)
    told = in_full(shorter[found].of(content), shorter[found].limits)
    return _Mail(page, frozenset(item.story for item in content.items) - told)


def _weight(page: bytes) -> int:
    """Count the bytes of a page on its way: there each line ends with two."""
    return len(page) + page.count(b"\n")


class _Once:
    """Keeps the pieces of an edition's pages, which are rendered at several lengths."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], str] = {}

    def __call__(self, piece: Callable[[Item], str], item: Item, shown: Collection[int], limits: Limits) -> str:
        """Render the piece of an item, or give what was made of it where the page around makes no difference to it.

        That is whether linked stories stand there, too, how many outlets are named, and whether the headline is cut.
        """
        here = tuple(other.story in shown for other in item.also_in)
        outlets = min(limits.outlets, max(len(item.others), len(item.copies)))
        key = (piece.name, item.story, item.carrier.headline, here, outlets)  # type: ignore[attr-defined]
        if key not in self._made:
            self._made[key] = piece(item)
        return self._made[key]


def _html(
    content: EditionContent,
    links: Links,
    templates: Templates,
    limits: Limits,
    once: _Once,
    *,
    web: bool,
    banner: Banner | None = None,
) -> str:
    words = Words(content.masthead.language, content.masthead.zone)
    tallest = max((bar.count or 0 for bar in content.chart.bars), default=0) or 1
    heights = [max(1, round(_TALLEST * (bar.count or 0) / tallest)) for bar in content.chart.bars]
    facts = shared(words) | of_pages() | _facts(content, links, words)
    facts |= {
        "shown": in_full(content, limits),
        "web": web,
        "banner": banner,
        "limits": limits,
        "subject": subject(content),
        "preheader": words("space").join(filter(None, [content.editor, *map(words.say, content.lead)])),
        "heights": heights,
        "once": once,
        "average_height": _TALLEST * (content.chart.average or 0) / tallest,
    }
    return templates.render("digest.html.j2", facts, html=True)


def _facts(content: EditionContent, links: Links, words: Words) -> dict[str, Any]:
    figures = content.figures
    figured = [("collected", figures.collected)]
    figured.append(("outlets", figures.outlets) if figures.matched is None else ("matched", figures.matched))
    figured += [("stories", figures.stories), ("new", figures.new)]
    return {
        "content": content,
        "links": links,
        "words": words,
        "shown": {item.story for item in content.items},
        "figures": figured,
        "show_chart": sum(bar.count is not None for bar in content.chart.bars) > 1,
        "section_notes": lambda section: section_notes(section, words),
        "notes": notes(content, words),
        "reasons": [(words.reason(reason), number) for reason, number in content.coverage.dropped.items()],
    }


def section_notes(section: Section, words: Words) -> list[str]:
    """Say what a section does not show."""
    keys = ("in_top", "elsewhere", "hidden", "below_floor")
    return [words(f"section.{key}", count) for key in keys if (count := getattr(section, key))]


def notes(content: EditionContent, words: Words) -> list[str]:
    """Say what stands nowhere."""
    keys = ("hidden", "below_floor", "hidden_sections")
    return [words(key, count) for key in keys if (count := getattr(content, key))]


def _marked_parts(quote: Quote) -> Iterable[tuple[str, bool]]:
    """Cut a sentence into what matched and what did not."""
    return quote.parts


def _name_language(name: str, language: str) -> str:
    """Tell the language of an outlet's name: its articles' one, unless the name is in Latin letters."""
    return "" if name.isascii() else language


def _tight(page: str) -> str:
    """Drop what the templates leave around their lines; mail servers break lines over 998 bytes."""
    return "\n".join(line for raw in page.splitlines() if (line := raw.strip())) + "\n"


def _short(page: str) -> str:
    """Drop the spaces that the inliner writes into styles; quotes of outside text are escaped, so it has none."""
    return re.sub(r' style="[^"]*"', lambda found: found[0].replace(": ", ":").replace(';"', '"'), page)
