"""Tells pages that are no plain article, and what of them is kept: live blogs, galleries, videos, several articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.extract import clocked, jsonld, live, pictures, scrolled
from crawler.extract.consent import is_sentence
from crawler.extract.dates import Printed
from crawler.extract.declared import Declared
from crawler.extract.lines import Block, Line, weight
from crawler.extract.page import ParsedPage, letters
from crawler.records import Form

_GALLERY = re.compile(r"(?:ImageGallery|MediaGallery)$")
_VIDEO = re.compile(r"(?:VideoObject|NewsVideo)$")
_CALLED_GALLERY = re.compile(
    r"^(?:[^\w]*)(?:in (?:pictures|photos|pics)|photos?|photo (?:gallery|essay)|pictures|slideshow|gallery|"
    r"fotostrecke|bildergalerie|bilderstrecke|fotos|en (?:images|photos)|diaporama|fotogaler[ií]a|galer[ií]a|"
    r"las (?:imágenes|fotos)|galeria(?: de (?:fotos|imagens))?|veja (?:as )?fotos|fotogallery|le foto|fotoreeks|"
    r"galeria zdjęć|foto galeri|фото(?:галерея|репортаж|лента)?|в фотографиях|світлини|"
    r"组图|图集|高清(?:组图|图)|組圖|圖集|"
    r"写真特集|【写真】|フォトギャラリー|포토|화보|بالصور|صور|تصاویر|عکس|گزارش تصویری|תמונות|गैलरी|तस्वीरें|ภาพชุด|chùm ảnh)"
    r"(?:\W|$|(?<=[\u2e80-\ud7ff】]))",
    re.IGNORECASE,
)
_GALLERY_PATH = re.compile(
    r"/(?:photo-?)?(?:galler(?:y|ies)|galer[ií]as?|slideshows?|diaporamas?|fotostrecken?|bildergalerien?|photos|"
    r"fotos|foto|fotogaler\w+|fotogallery|photo-?essays?|in-pictures)/",
    re.IGNORECASE,
)
_VIDEO_PATH = re.compile(r"/(?:videos?|watch|mediathek|vod|clips?)/", re.IGNORECASE)
#: One less where the title calls it a gallery and each picture has its caption.
_LEAST_PICTURES = 4
#: A gallery tells, in characters, at most so much for each picture; a video page so much in all.
_FOR_A_PICTURE = 300
_FOR_A_VIDEO = 1_200
#: Less text than this, in characters, may be made up for by captions or by what a page declares.
_LITTLE = 60
#: Of several articles on a page each has so much of prose.
_WHOLE = 300
_PROSE = 60
_HEADINGS = ("h1", "h2", "h3")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a page is, with the evidence."""

    form: Form = "article"
    evidence: str = ""
    #: The lines that are kept of it, and where they were read; None for all that were found.
    lines: tuple[str, ...] | None = None
    where: str = ""
    #: When the newest post of a live blog was published.
    time: Printed | None = None
    #: The lines of the page above this one are another article's.
    first: int = 0
    #: Only a description is there.
    lead: bool = False


def shape(page: ParsedPage, said: Declared, title: str, found: Sequence[str]) -> Shape:
    """Tell the form of a page; ``found`` are the lines of its text."""
    return (
        _live(page, said, title, found)
        or _gallery(page, said, title, found)
        or _video(page, said, found)
        or _scrolled(page, said, title, found)
        or _several(page, said, title, found)
        or Shape()
    )


def _live(page: ParsedPage, said: Declared, title: str, found: Sequence[str]) -> Shape | None:
    node, posts = live.declared(said), live.posts_of(page.tree)
    newest: live.Newest | None = None
    if node is not None:
        evidence = "json-ld LiveBlogPosting"
    elif posts and live.is_called_live(page, title, posts):
        evidence = f"{len(posts)} posts with their own times"
    elif newest := live.newest_by_clock(page, said, title):
        evidence = f"{newest.posts} posts with their own clocks"
    else:
        return None
    newest = newest or live.newest(node, posts)
    if newest is None:
        return Shape("live", evidence)
    # What was posted between two looks at the page is kept, too.
    first = letters(" ".join(newest.lines))
    rest = (line for line in found if line not in newest.clocks and not clocked.is_clock(line))
    kept = (*newest.lines, *(line for line in rest if letters(line) not in first))
    return Shape(
        "live", evidence, kept, f"page, the newest of {newest.posts} posts first ({newest.where})", newest.time
    )


def _gallery(page: ParsedPage, said: Declared, title: str, found: Sequence[str]) -> Shape | None:
    size = _size(found)
    evidence = "json-ld" if jsonld.is_type(dict(said.node), _GALLERY) else ""
    if not evidence:
        evidence = _called_gallery(page, said, title, size) or pictures.run(page, found)
    if not evidence:
        return None
    captions = pictures.captions(page)
    if size < _LITTLE and captions:
        told = pictures.woven([line for line in found if is_sentence(line)], captions, page)
        return Shape("gallery", evidence, tuple(told), "captions")
    described = _described("gallery", evidence, page, said, found)
    if described.lead:
        return described
    kept = list(found)
    if size <= _FOR_A_PICTURE * len(captions):
        kept = pictures.woven(kept, captions, page)
    return Shape("gallery", evidence, tuple(kept), "page") if kept != list(found) else described


def _called_gallery(page: ParsedPage, said: Declared, title: str, size: int) -> str:
    """Say what calls a page a gallery that has as many pictures; "" when nothing does."""
    named = "title" if _CALLED_GALLERY.search(title) else "address" if _GALLERY_PATH.search(page.url) else ""
    if not (named or said.node) and any(jsonld.is_type(dict(node), _GALLERY) for node in said.nodes):
        named = "json-ld"  # all that the page declares, without a day: it may also be a part of the page
    shown = sum(line.images for line in page.lines if not line.chrome) if named else 0
    least = _LEAST_PICTURES - (named == "title" and len(pictures.captions(page)) == shown)
    return f"{named}, {shown} pictures" if least <= shown and size <= _FOR_A_PICTURE * shown else ""


def _video(page: ParsedPage, said: Declared, found: Sequence[str]) -> Shape | None:
    size = _size(found)
    if jsonld.is_type(dict(said.node), _VIDEO):
        return _described("video", "json-ld", page, said, found)
    if size > _FOR_A_VIDEO:
        return None
    if said.kind.startswith("video"):
        return _described("video", f"og:type {said.kind}", page, said, found)
    if _VIDEO_PATH.search(page.url) and any(jsonld.is_type(node, _VIDEO) for node in said.nodes):
        return _described("video", "address, json-ld VideoObject", page, said, found)
    return None


def _described(form: Form, evidence: str, page: ParsedPage, said: Declared, found: Sequence[str]) -> Shape:
    """Take what the page declares as its description where it shows no text."""
    wanted = letters(said.description)
    only = letters(" ".join(found)) == wanted and wanted not in page.keys
    if (only or _size(found) < _LITTLE) and _size([said.description]) >= _LITTLE:
        return Shape(form, evidence, (said.description,), "description", lead=True)
    return Shape(form, evidence)


def _scrolled(page: ParsedPage, said: Declared, title: str, found: Sequence[str]) -> Shape | None:
    """Tell a page that goes on with the next articles below its own, of which nothing is kept."""
    own = scrolled.own(page, title, said.language, found, said.canonical)
    if own is None:
        return None
    inside = set(page.keys[own.first : own.end])
    kept = tuple(line for line in found if letters(line) in inside)
    return (
        Shape("several", f"{own.articles} articles on the page", kept, "page", first=own.first)
        if kept and len(kept) < len(found)
        else None
    )


def _several(page: ParsedPage, said: Declared, title: str, found: Sequence[str]) -> Shape | None:
    """Tell a page of whole articles below each other; the one that has the page's title is kept, or else all."""
    kept = {line for line in found if weight(line) >= _PROSE}
    prose = [line for line in page.lines if line.text in kept and not line.chrome]
    groups = _groups(prose)
    parts = {
        id(block): lines for block, lines in groups if len(lines) > 1 and _size([line.text for line in lines]) >= _WHOLE
    }
    if len(parts) < 2 or len(parts) < 0.7 * len(groups):
        return None
    blocks = [block for block, _ in groups if id(block) in parts]
    first = _headings(page)
    headings = {id(block): first.get(id(block)) for block in blocks}
    if any(heading is None for heading in headings.values()) or len({block.tag for block in blocks}) > 1:
        return None
    # Sections of one article have headings, too; articles of their own have links to themselves, or say what they are.
    linked = all(heading is not None and heading.links for heading in headings.values())
    same = set.intersection(*(set(block.names) for block in blocks))
    if blocks[0].tag != "article" and not (linked and same):
        return None
    evidence = f"{len(blocks)} articles on the page"
    wanted = letters(title)
    for block in blocks:
        heading = headings[id(block)]
        if wanted and heading is not None and letters(heading.text) == wanted:
            inside = {key for line, key in zip(page.lines, page.keys, strict=True) if block in _chain(line.block)}
            return Shape("several", evidence, tuple(line for line in found if letters(line) in inside), "page")
    # What declares to be one article, or shows the title of one above them, has them as its sections.
    one = said.node or any(line.tag == "h1" and letters(line.text) == wanted for line in page.lines)
    return None if one else Shape("several", evidence)


def _groups(prose: Sequence[Line]) -> list[tuple[Block, list[Line]]]:
    """Part lines by the blocks that stand beside each other in the innermost block around most of them."""
    chains = [(_chain(line.block), line) for line in prose]
    whole = sum(len(line.text) for line in prose)
    # Down to where the first of them leave the others there is but one group.
    depth = next(
        (at for at, level in enumerate(zip(*(chain for chain, _ in chains), strict=False)) if len(set(level)) > 1), 0
    )
    while True:
        groups: dict[int, tuple[Block, list[Line]]] = {}
        for chain, line in chains:
            block = chain[min(depth, len(chain) - 1)]
            groups.setdefault(id(block), (block, []))[1].append(line)
        main = max(groups.values(), key=lambda group: sum(len(line.text) for line in group[1]), default=None)
        if main is None or sum(len(line.text) for line in main[1]) < 0.9 * whole or len(main[1]) < 2:
            return list(groups.values())
        chains = [(chain, line) for chain, line in chains if main[0] in chain]
        depth += 1
        if all(depth >= len(chain) for chain, _ in chains):
            return []


def _chain(block: Block) -> list[Block]:
    found = []
    at: Block | None = block
    while at is not None:
        found.append(at)
        at = at.parent
    return found[::-1]


def _headings(page: ParsedPage) -> dict[int, Line]:
    """Give the first heading in each block that holds one."""
    found: dict[int, Line] = {}
    for line in page.lines:
        block: Block | None = line.block if line.tag in _HEADINGS else None
        # What holds a block that has one has one, too.
        while block is not None and id(block) not in found:
            found[id(block)] = line
            block = block.parent
    return found


def _size(found: Sequence[str]) -> int:
    return sum(map(weight, found))
