"""A page at a glance: which words may be in its article, and which languages, without parsing it.

It errs on one side: what it denies is not there (tests/test_extract_glance.py holds it against pages as they are read),
save a word that is cut in two by a tag with a ">" in one of its values, or by the end of a block that never began. A
language is told by samples of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import cached_property, lru_cache
from heapq import nlargest
from html import unescape

from crawler import languages, tokens
from crawler.extract.language import guess
from crawler.extract.lines import INLINE, weight

#: Asked of a token, and whether one that begins with it will do.
Look = Callable[[str, bool], bool]

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|[nrtbf/])")
_ESCAPED = re.compile(r"\\[nrtbf]", re.IGNORECASE)
_LETTER_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_LETTER, _SPACE = re.compile(tokens.SPACED_LETTER), re.compile(r"\s")
#: Where a new word begins within one, in words with signs beyond ASCII.
_CAMEL = re.compile("(?<=[a-z\xdf-\xff])(?=[A-Z\xc0-\xde])")
#: A character by its name or number, with its end: "Arts&amp;times" becomes "Arts&times" and no other sign.
_REFERENCE = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
_STRICT_REFERENCE = re.compile(_REFERENCE)
#: The same as HTML reads it, in which the end may be wanting: "caf&eacute"; and what was done twice: "caf&amp;eacute;".
_LOOSE_REFERENCE = re.compile(
    r"&(?:#[0-9]{1,4000};?|#[xX][0-9a-fA-F]{1,4000};?|[A-Za-z][A-Za-z0-9]{1,31};?)"
    rf"(?:(?:(?<=&amp;)|(?<=&AMP;)|(?<=&#38;)|(?<=&#038;)|(?<=&#x26;)){_REFERENCE[1:]})?"
)
#: Tags that may stand within a word (<b>E</b>els, Eels<!-- -->' way) or between two (<span>By</span><span>Ann</span>).
_WITHIN = rf"(?:!--|/?(?:{'|'.join(sorted(INLINE))})(?=[\s/<>]|$))"
#: Tags that end a line.
_BORDER = (
    "address|article|aside|blockquote|body|button|caption|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|"
    "h[1-6]|head|header|html|iframe|legend|li|main|nav|noscript|ol|option|p|pre|script|section|select|style|summary|svg|"
    "table|tbody|td|textarea|tfoot|th|thead|title|tr|ul|video"
)
#: Behind a "<": a tag begins, perhaps such a one, or one that is perhaps left out when the page is read.
_TAG = re.compile(rf"({_WITHIN}|[!?]|/(?!(?:{_BORDER})(?=[\s>]|$)))|[A-Za-z/]", re.IGNORECASE)
#: Stands in the place of such tags: what is before and behind it is one word, or two.
_PERHAPS = "\v"
#: A comment, where its end is not far.
_SHORT_COMMENT = r"<!--(?>(?s:(?!--!?>).){0,300})-->"
#: Tags of any kind, and comments, between what may be one word once it is read; they begin with "<" to be found fast,
#: and behind a ">" none begin, so that no page makes it look at one place twice.
_MARK = rf"(?:{_SHORT_COMMENT[1:]}|[A-Za-z!?/][^<>]*>)"
_SEAM = re.compile(rf"(<(?<=[^\s<>]<){_MARK}(?>(?:<{_MARK})*))(?=[^\s<])")
#: What stands between two tags.
_BETWEEN = "> <"
#: What is in tags that say something: in all others stand addresses and names of classes.
_SAYING = ("title", "alt=", "alt =", "label", "content", "value", "placeholder", "data-")
#: A comment within a word, and any.
_COMMENT, _ANY_COMMENT = re.compile(rf"<(?<=[^\s<>]<){_SHORT_COMMENT[1:]}(?=[^\s<])"), re.compile(_SHORT_COMMENT)
#: What only browsers read, but for JSON. libxml2 takes <script/> for a whole one.
_CODE = re.compile(r"<(script|style)(?=[\s/>])([^<>]*)(?<!/)>", re.IGNORECASE)
_CODE_BEGIN = {name: re.compile(rf"<{name}(?=[\s/>])", re.IGNORECASE) for name in ("script", "style")}
_CODE_END = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")}
_COMMENT_BEGIN, _COMMENT_END = re.compile("<!--"), re.compile("--!?>")
#: A tag in the texts of JSON, however it is written.
_OPENS = r"<|&(?:lt|LT|#0*60|#[xX]0*3[cC]);|\\u003[cC]"
_CLOSES = r">|&(?:gt|GT|#0*62|#[xX]0*3[eE]);|\\u003[eE]"
_WRITTEN_TAG = re.compile(rf"(?:{_OPENS})/?[A-Za-z](?:(?!{_OPENS}|{_CLOSES})[\s\S]){{0,2000}}(?:{_CLOSES})")
#: So long is what ends code or a comment at most.
_LONGEST_MARK = len("</script")
_DECLARED = re.compile(
    r"""<(?:html\b(?>[^<>]*?\blang\s*=)\s*["']?([A-Za-z_-]{2,20})|"""
    r"""meta\b(?>[^<>]*?(?:og:locale|content-language)["'])(?>[^<>]*?content\s*=)\s*["']([A-Za-z_-]{2,20}))""",
    re.IGNORECASE,
)
#: Text without a tag in it.
_STRETCH = re.compile(r">(?>\s*)([^<>]{10,})")
#: Languages are declared in a page's head, for which so many characters are enough when they hold no code.
_TOP = 40_000
#: So many pieces of text are looked at for their language, the longest ones, and more while they tell too little; so
#: many of the others, all over the page, and of those whose words of so few letters are others.
_PIECES, _MOST_PIECES, _SPREAD, _STRANGE, _SHORT_WORD = 3, 16, 3, 6, 4
#: How long they are at least; and into shorter ones, in a row, it is looked at so many places.
_LEAST, _PLACES = 60, 2
#: So much of each is looked at, and then so much where a language that is wanted is not the likeliest.
_SAMPLE, _CLOSER = 150, 400
#: Of so much it must be known in which language it is, for certain.
_ENOUGH, _CERTAIN = 200, 0.8
#: Nothing that is looked at may be in a language that is wanted with so much likelihood.
_MAYBE = 0.1
_ARABIC, _CYRILLIC, _HEBREW, _NAGARI = (
    "\u0600-\u08ff\ufb50-\ufefe",
    "\u0400-\u052f",
    "\u0590-\u05ff\ufb1d-\ufb4f",
    "\u0900-\u097f",
)
_HAN, _KANA = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff", "\u3040-\u30ff\uff66-\uff9f"
#: The letters of languages that are written in no others.
_SCRIPTS = {
    "am": "\u1200-\u139f", "ar": _ARABIC, "be": _CYRILLIC, "bg": _CYRILLIC, "bn": "\u0980-\u09ff",
    "el": "\u0370-\u03ff\u1f00-\u1fff", "fa": _ARABIC, "gu": "\u0a80-\u0aff", "he": _HEBREW, "hi": _NAGARI,
    "hy": "\u0530-\u058f", "ja": _HAN + _KANA, "ka": "\u10a0-\u10ff", "km": "\u1780-\u17ff", "kn": "\u0c80-\u0cff",
    "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3", "lo": "\u0e80-\u0eff", "mk": _CYRILLIC, "ml": "\u0d00-\u0d7f",
    "mr": _NAGARI, "my": "\u1000-\u109f", "ne": _NAGARI, "ru": _CYRILLIC, "si": "\u0d80-\u0dff",
    "ta": "\u0b80-\u0bff", "te": "\u0c00-\u0c7f", "th": "\u0e00-\u0e7f", "uk": _CYRILLIC, "ur": _ARABIC, "zh": _HAN,
}  # fmt: skip
#: Nobody writes so to be read, but to be carried out, or as an address or a key.
_UNREADABLE, _SIGN, _MOST_SIGNS = re.compile("[!-~]{50}"), re.compile(r"[][{}()=;|\\_%/&$<>+]"), 12
#: Of JSON texts are looked at alone, which have an end, so that no page makes it look at one place twice.
_JSON = re.compile(r'[^\w"]*(?:CDATA[^\w"]*)?[\[{]\s*["\[{]')
_VALUE = re.compile(r':\s*"([^"]{60,})"')


class Glance:
    """What a decoded page says."""

    def __init__(self, text: str, url: str = "") -> None:
        self._text = _without_code(text)
        self._url = url

    @property
    def looks(self) -> tuple[Look, Look, Look]:
        """Give the ways to ask whether a token may be in the article, or one that begins with it (True).

        What one of them denies is not there; the first ones cost least, and err most.
        """
        return self._is_somewhere, self._is_apart, self._is_word

    def has(self, token: str, prefix: bool = False) -> bool:
        """Ask all of them."""
        return all(look(token, prefix) for look in self.looks)

    def is_foreign(self, wanted: Collection[str]) -> bool:
        """Tell whether it is certain that the article is in none of these languages."""
        said = (found[1] or found[2] for found in _DECLARED.finditer(self._text, 0, _TOP))
        if not {languages.primary(languages.code(tag)) for tag in said}.isdisjoint(wanted):
            return False
        pieces, others = _prose(self._text)
        letters, known = _letters(frozenset(filter(None, wanted))), 0  # the usual language of a source may be unknown
        looked = dict[str, None]()
        for piece in filter(_is_prose, nlargest(_MOST_PIECES, pieces, key=weight)):
            if len(looked) >= _PIECES and known >= _ENOUGH:
                break
            may_be, is_certain = _look(piece, wanted, letters)
            if may_be:
                return False
            looked[piece] = None
            known += weight(piece) if is_certain else 0
        if known < _ENOUGH:
            return False
        rest = [piece for piece in pieces if piece not in looked]
        frequent = {word for piece in looked for word in _short_words(piece)}
        strange = [piece for piece in rest if (letters.search(piece) if letters else _is_strange(piece, frequent))]
        chosen = dict.fromkeys((*_spread(rest, _SPREAD), *_spread(strange, _STRANGE), *_samples(others)))
        return not any(_look(piece, wanted, letters)[0] for piece in chosen)

    def _is_somewhere(self, token: str, _prefix: bool = False) -> bool:
        """Tell whether a token stands anywhere in the page, be it within a word or a tag; or all its signs do."""
        return all(map(self._everything.has, token if tokens.is_unspaced(token) else (token,)))

    def _is_apart(self, token: str, prefix: bool) -> bool:
        """Tell whether it does so as a whole word, be it in a tag."""
        return tokens.is_unspaced(token) or self._everything.has_whole(token, prefix)

    def _is_word(self, token: str, prefix: bool) -> bool:
        """Tell whether it is one of what the page says."""
        return token in self._dense if tokens.is_unspaced(token) else self._words.has_whole(token, prefix)

    @cached_property
    def _everything(self) -> _Folded:
        """All of it, tags as they stand, but for those between words or in them, which come last."""
        pieces = _SEAM.split(self._text)
        seams, ends = pieces[1::2], _Seams()
        pieces[1::2] = map(ends.of, seams)
        text = "".join(pieces)
        text = " ".join((text, _glued(text), *seams, self._url))
        # Of other escapes the letter that stays stands before a word, see _parts.
        return _Folded(_named(_unescaped(text, _LETTER_ESCAPE)))

    @cached_property
    def _apart(self) -> tuple[str, str]:
        """What stands between the tags, a line for each stretch; and the tags that say something, each once."""
        first, *pieces = _COMMENT.sub(_PERHAPS, self._text).replace("\n", " ").split("<")
        ends = _Ends()
        found = [f"{ends[tag]}{behind}" for tag, _, behind in [piece.partition(">") for piece in pieces]]
        said = (tag for tag, end in ends.items() if end in ("\n", _PERHAPS) and _says(tag))
        return _read("".join((first, *found))), _read(_BETWEEN.join(said))

    @cached_property
    def _words(self) -> _Folded:
        """Every word once."""
        plain, said = self._apart
        words = {*plain.split(), *_glued(plain).split(), *said.split(), self._url}
        return _Folded(" ".join(words))

    @cached_property
    def _dense(self) -> str:
        """All without spaces: lines and names may be joined."""
        return tokens.fold("".join("".join(self._apart).split()))


class _Ends(dict[str, str]):
    """What stands in place of a tag: _PERHAPS where a word may go on behind it, else a line's end; itself if none."""

    def __missing__(self, tag: str) -> str:
        begun = _TAG.match(tag)
        end = self[tag] = f"<{tag}>" if begun is None else "\n" if begun[1] is None else _PERHAPS
        return end


class _Seams(dict[str, str]):
    """What stands in place of tags in a row: _PERHAPS where a word may go on behind them, else a space."""

    def __init__(self) -> None:
        super().__init__()
        self._ends = _Ends()

    def of(self, tags: str) -> str:
        """Tell it of tags; how they begin, which is the same again and again, tells it of most."""
        if "<!--" in tags:
            tags = _ANY_COMMENT.sub("", tags) or "<!-->"
        begun = self[tags.partition(" ")[0]]
        return begun if begun == " " else self[tags]

    def __missing__(self, tags: str) -> str:
        ends = {self._ends[tag] for tag in tags[1:].rstrip(">").split("><")}
        end = self[tags] = _PERHAPS if ends == {_PERHAPS} else " "
        return end


class _Next:
    """Finds what comes next of something, from places that only move on: no part of a text is looked at twice."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._pattern, self._text = pattern, text
        #: [start, end) of what was found, and before which place nothing more is to be found.
        self._found, self._looked = (-1, -1), 0

    def within(self, at: int, end: int) -> tuple[int, int]:
        """Give [start, end) of the next one in [at, end); both are ``end`` where there is none."""
        if self._found[0] < at:
            found = self._pattern.search(self._text, max(at, self._looked), end)
            self._found = found.span() if found else (-1, -1)
            self._looked = max(self._looked, self._found[0] if found else end - _LONGEST_MARK)
        return self._found if at <= self._found[0] < self._found[1] <= end else (end, end)


def _glued(text: str) -> str:
    """Give as single ones the words of a text that are several ones only perhaps, and few others."""
    return "".join(map(_edges, text.split(_PERHAPS)))


def _edges(text: str) -> str:
    """Give what stands before the first space of a text and behind its last one, the whole where there is none."""
    space = _SPACE.search(text)
    if space is None:
        return text
    return f"{text[: space.start()]} {'' if text[-1].isspace() else text.rsplit(None, 1)[-1]}"


class _Folded:
    """A text as it is searched: all that is ASCII, which is quickly folded; and words with other signs, each once."""

    def __init__(self, text: str) -> None:
        pieces = (piece for piece in text.split(">") if not piece.isascii())  # fewer than words
        others = " ".join({word for piece in pieces for word in piece.split() if not word.isascii()})
        parted = _CAMEL.sub(" ", others)
        self._others = tokens.fold(others if parted == others else f"{others} {parted}")
        self._written = text.encode("ascii", "replace").decode("ascii")
        self._plain = self._written.lower()

    def has(self, part: str) -> bool:
        """Tell whether something stands in it, be it within a word."""
        return part in self._plain or part in self._others

    def has_whole(self, token: str, prefix: bool) -> bool:
        """Tell whether a token stands in it as a whole word or a word's beginning."""
        texts = ((self._plain, self._written), (self._others, self._others))
        return any(_is_whole(token, text, written, prefix) for text, written in texts)


def _is_whole(token: str, text: str, written: str, prefix: bool) -> bool:
    at = text.find(token)
    while at >= 0:
        if _parts(written, at) and (prefix or _parts(written, at + len(token))):
            return True
        at = text.find(token, at + 1)
    return False


def _parts(text: str, at: int) -> bool:
    """Tell whether a word may begin or end at a place of a text.

    That may be behind the letter of an escape, and between a word and what reading takes off: "ByJane Roe20 May".
    """
    if not 0 < at < len(text) or not (_LETTER.match(text, at - 1) and _LETTER.match(text, at)):
        return True
    before, behind = text[at - 1], text[at]
    camel = behind.isupper() and not before.isupper()
    return camel or before.isdigit() != behind.isdigit() or _ESCAPED.match(text, at - 2) is not None


def _without_code(text: str) -> str:
    """Take code out, save where its end may be that of another one.

    What begins behind a comment, in a tag, or where another one begins before the next end, may be no code at all.
    """
    pieces, at = list[str](), 0
    begins = {name: _Next(pattern, text) for name, pattern in _CODE_BEGIN.items()}
    ends = {name: _Next(pattern, text) for name, pattern in _CODE_END.items()}
    comment_ends, comments = _Next(_COMMENT_END, text), _Next(_COMMENT_BEGIN, text)
    while begun := _CODE.search(text, at):
        name, inside = begun[1].lower(), begun.end()
        end, behind = ends[name].within(inside, len(text))
        if "json" in begun[2].lower():
            pieces += (text[at:inside], _without_tags(text[inside:end]), text[end:behind])
            at = behind
            continue
        ended, _ = comment_ends.within(inside, behind)
        stays = (
            end == len(text)
            or begins[name].within(inside, end)[0] < end
            or (ended < behind and ended < comments.within(inside, behind)[0])
            or text.rfind("<", at, begun.start()) > text.rfind(">", at, begun.start())
            or begun[2].count('"') % 2 + begun[2].count("'") % 2 > 0
        )
        pieces.append(text[at : inside if stays else begun.start()])
        at = inside if stays else behind
    return " ".join((*pieces, text[at:]))


def _without_tags(code: str) -> str:
    """Write JSON so that none of it is taken for a tag: as it stands, and behind it without what may be tags."""
    if "<" not in code and "&" not in code and "\\u003" not in code:
        return code
    return f"{code} {_WRITTEN_TAG.sub('', code)}".replace("<", " ").replace(">", " ")


def _prose(text: str) -> tuple[list[str], str]:
    """Give the long pieces of text, of what is written in JSON its texts; and all short ones."""
    long, short = list[str](), list[str]()
    stretches = "\n".join([stretch.replace("\n", " ") for stretch in _STRETCH.findall(f">{text}")])
    for stretch in dict.fromkeys(_named(stretches).split("\n")):
        if len(stretch) < _LEAST and (stretch.isascii() or weight(stretch) < _LEAST):
            short.append(stretch)
        elif _JSON.match(stretch):
            long += _VALUE.findall(_unescaped(stretch, _ESCAPE))
        else:
            long.append(stretch)
    pieces = [piece for piece in (" ".join(piece.split()) for piece in long) if weight(piece) >= _LEAST]
    return pieces, " ".join(" ".join(short).split())


def _spread(pieces: Sequence[str], number: int) -> list[str]:
    """Choose so many pieces of prose, far from each other."""
    places = min(number, len(pieces))
    parts = (pieces[len(pieces) * place // places : len(pieces) * (place + 1) // places] for place in range(places))
    return [piece for part in parts if (piece := next(filter(_is_prose, part), ""))]


def _short_words(piece: str) -> list[str]:
    return [word for word in piece.lower().split() if len(word) <= _SHORT_WORD]


def _is_strange(piece: str, frequent: Collection[str]) -> bool:
    """Tell whether most of a piece's short words are not among those of other pieces: it may be in another language."""
    words = _short_words(piece[:_SAMPLE])
    return 2 * sum(word in frequent for word in words) < len(words) or not words


def _is_prose(piece: str) -> bool:
    beginning = piece[:_SAMPLE]
    return len(_SIGN.findall(beginning)) < _MOST_SIGNS and not _UNREADABLE.search(beginning)


def _samples(text: str) -> list[str]:
    """Cut some samples out of a text, far from each other; none where it says next to nothing."""
    places = min(_PLACES, -(-len(text) // _SAMPLE)) if weight(text) >= _LEAST else 0
    return [text[(begin := len(text) * place // places) : begin + _CLOSER] for place in range(places)]


@lru_cache(maxsize=64)
def _letters(wanted: frozenset[str]) -> re.Pattern[str] | None:
    """Give the letters without one of which nothing is in any of these languages; None where Latin ones may do."""
    ranges = {_SCRIPTS.get(language, "") for language in wanted}
    return None if "" in ranges else re.compile(f"[{''.join(sorted(ranges))}]")


def _look(piece: str, wanted: Collection[str], letters: re.Pattern[str] | None) -> tuple[bool, bool]:
    """Tell whether a piece may be in a language that is wanted, and whether it is certain in which it is."""
    if letters is not None and not letters.search(piece):
        return False, True
    guesses = guess(piece[:_SAMPLE], _MAYBE)
    if len(piece) > _SAMPLE and any(language in wanted for language, _ in guesses[1:]):
        guesses = guess(piece[:_CLOSER], _MAYBE)
    return any(language in wanted for language, _ in guesses), bool(guesses) and guesses[0][1] >= _CERTAIN


def _says(tag: str) -> bool:
    small = tag.lower()
    return small.startswith("meta") or any(mark in small for mark in _SAYING)


def _read(text: str) -> str:
    """Undo how characters are written in markup and in JSON within it.

    What has a backslash stands behind it once more, with all its letters: it may be no JSON.
    """
    if "\\" in text:
        plain = " ".join(word.replace("\\", " ") for word in text.split() if "\\" in word)
        text = f"{_unescaped(text, _ESCAPE)} {plain}"
    return _named(text)


def _unescaped(text: str, escape: re.Pattern[str]) -> str:
    if "\\" not in text:
        return text
    unescaped, times = escape.subn(_character, text)
    return unescaped.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if times else text


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else "/" if escape[0] == "\\/" else " "


def _named(text: str) -> str:
    """Put characters in the place of their names and numbers, twice where that was done twice."""
    if "&" not in text:
        return text
    known = _Characters()  # few are written again and again
    return _LOOSE_REFERENCE.sub(lambda found: known[found[0]], text)


class _Characters(dict[str, str]):
    """What names and numbers of characters stand for."""

    def __missing__(self, reference: str) -> str:
        character = self[reference] = _STRICT_REFERENCE.sub(lambda found: unescape(found[0]), unescape(reference))
        return character
