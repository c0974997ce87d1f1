"""Reads the bytes of a page as text: in the charset that it declares where that is true, else in the one it is in."""

from __future__ import annotations

import codecs
import re
import unicodedata

import chardet

from crawler.extract import alphabets

#: What browsers read when a page names these (https://encoding.spec.whatwg.org/#names-and-labels).
_AS_BROWSERS = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "big5": "big5hkscs", "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874", "iso-8859-8-i": "cp1255",
}  # fmt: skip
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_HEADER = re.compile(r"""charset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)
#: Bytes that no text holds in any charset but UTF-16; lxml refuses some of them. (ISO-2022 needs its ESC.)
_CONTROLS = bytes((*range(9), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F))
#: What decoding may leave and no text holds.
_NO_CHARACTERS = "\x1b\uffff\ufffe"
#: The escapes of ISO-2022, which is ASCII to every other charset.
_ISO_2022 = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp_2"))
_SAMPLE = 200_000
#: What other scripts look like when they are read as Windows-1252: no Latin text has many such letters in a row.
_RUN = re.compile("[\xa1-\xac\xae-\xff]{4,}")
_LETTERS_RUN = re.compile("[\xc0-\xff]{4,}")
_BYTES_RUN = re.compile(rb"\xc3.\xc3.\xc3.\xc3.", re.DOTALL)
_HIGH = re.compile("[\xa1-\xac\xae-\xff]")
#: Bytes that are rare signs in Windows-1252, and begin every other letter of Shift_JIS.
_RARE = bytes((*range(0x81, 0x85), *range(0x86, 0x91), *range(0x98, 0xA0)))
_ALL_HIGH = bytes(range(0x80, 0x100))
#: Charsets of Latin letters, one byte each: a page may be in another of them than it declares.
_LATIN = frozenset(("cp1252", "cp1250", "iso8859-2", "cp1254", "cp1257", "iso8859-13", "iso8859-4", "iso8859-15"))
#: What servers declare for everything.
_WESTERN = frozenset(("cp1252", "utf-8"))
_EASTERN_NAMES = frozenset(("gb18030", "big5hkscs", "cp932", "shift_jis", "euc_jp", "cp949", "euc_kr"))
_EASTERN = re.compile("[\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
#: So many letters to a bad byte.
_EASTERN_LEAST = 10
_LEAST_RUN = 30
#: UTF-8 that was read as Windows-1252 and written as UTF-8 again: "GrÃ¶ÃŸe".
_TWICE = re.compile(
    "[\xc2-\xf4][\x80-\xbf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019"
    "\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]{1,3}"
)
_LEAST_TWICE = 4
#: The charsets of the web; detectors that know those of old machines, too, see them in texts of a few letters.
_OF_THE_WEB = (
    "cp1252", "iso8859-15", "cp1250", "iso8859-2", "cp1251", "koi8-r", "koi8-u", "cp1253", "iso8859-7", "cp1254",
    "cp1255", "cp1256", "iso8859-5", "iso8859-6", "iso8859-8", "cp1257", "cp1258", "cp874", "gb18030", "big5hkscs",
    "cp932", "euc-jp", "cp949",
)  # fmt: skip
#: Always matches up to an end, so that no page makes it look at one place twice.
_MARKUP = re.compile(rb"<(script|style)\b.*?(?:</\1|\Z)|<[^<>]*>?", re.DOTALL | re.IGNORECASE)
#: What is a price, or the middle of a word, in ISO-8859-15 and neither in Windows-1252: "5 ¤", "c½ur", "Du¨an".
_OF_LATIN_9 = re.compile(
    rb"\d(?:[.,]?--?)?(?:[\s\xa0]|&nbsp;|\s[^\s\d<>]{3,12}\s(?:d\w{0,2}['\s])?)?\xa4|\xa4[\s\xa0]?\d|"
    rb"[a-z]\xa8[a-z]|[a-z;'-]\xbd[a-z]"
)
_C1, _UP_TO_C1 = bytes(range(0x80, 0xA0)), bytes(range(0xA0))
#: What editors on Windows paste into pages of charsets of ISO, which have nothing in these places.
_TYPESET = {
    name: {0x80 + at: bytes((0x80 + at,)).decode(windows, "ignore") for at in range(0x20)}
    for name, windows in (("iso8859-15", "cp1252"), ("iso8859-2", "cp1250"), ("iso8859-7", "cp1253"))
}
#: Of Central European letters only these are other signs in ISO-8859-2 and Windows-1250, "Š 2024" being "© 2024".
_MARKS = re.compile(rb"[\xa9\xae](?![A-Za-z\x80-\xff])")
_OF_ISO_2 = bytes(
    code
    for code in range(0x80, 0x100)
    if bytes((code,)).decode("cp1250", "ignore") != bytes((code,)).decode("iso8859-2")
)
#: A text in which fewer than one letter of so many is beyond ASCII is in English, with a name in it.
_HARDLY = 200
_THREE = re.compile(rb"[\x80-\xff]{3}")


def decode(body: bytes, content_type: str = "") -> str:
    """Read bytes in the charset that leaves nothing unread: what is declared, if it fits, else what is detected."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace").replace("\0", "")
    wide = _wide(body)
    if wide:
        return body.decode(wide, "replace").replace("\0", "")
    escapes = body.find(b"\x1b", 0, _SAMPLE) >= 0
    for mark, name in _ISO_2022 if escapes else ():
        if body.find(mark, 0, _SAMPLE) >= 0 and (decoded := _iso_2022(body, name)) is not None:
            return decoded.translate(dict.fromkeys(_CONTROLS)).replace("\x1b", "")
    body = body.translate(None, _CONTROLS)
    text = _decode(body, content_type)
    for char in _NO_CHARACTERS:
        if char in text:  # a hundred times as fast as a replace that finds none
            text = text.replace(char, "")
    return text


def _wide(body: bytes) -> str:
    """Tell UTF-16 without a mark by its zeros: markup has one beside each letter, always on the same side."""
    sample = body[:4_000]
    half = len(sample) // 2
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    if max(first, second) < 0.3 * half or min(first, second) > 0.02 * half:
        return ""
    return "utf-16-be" if first > second else "utf-16-le"


def _iso_2022(body: bytes, name: str) -> str | None:
    """Read ISO-2022, in which no byte is beyond ASCII but a stray one."""
    if body.isascii():
        return _try(body, name)
    try:
        decoded = body.translate(None, _ALL_HIGH).decode(name, "replace")
    except RuntimeError:
        return None  # CPython's decoder fails on some escapes that nobody writes ("internal codec error")
    high = len(body) - len(body.translate(None, _ALL_HIGH))
    return decoded.replace("\ufffd", "") if _is_eastern(decoded, high + decoded.count("\ufffd")) else None


def _is_eastern(text: str, bad: int) -> bool:
    """Tell whether a text has many more letters of the charsets of several bytes than bytes that are none."""
    return _EASTERN_LEAST * bad < len(_EASTERN.findall(text[:_SAMPLE]))


def _decode(body: bytes, content_type: str) -> str:
    declared = _declared(body, content_type)
    as_utf8 = _try(body, "utf-8")
    if as_utf8 is not None and "utf-16" not in declared:
        return _repaired(as_utf8, body)  # text in another charset practically never happens to be valid UTF-8
    tried = [name for name in declared if name not in ("utf-8", "utf-16")]
    if _WESTERN.issuperset(declared) and _is_japanese(body):
        return body.decode("cp932")
    for name in tried:
        decoded = _try(body, name)
        # Servers send Western charsets with everything, and every byte is something in them.
        if decoded is not None and not (name == "cp1252" and _is_strange(decoded, _RUN)):
            return _as_meant(decoded, name, body)
    if _mostly_utf8(body):
        return _patched_utf8(body)
    if "utf-8" in declared and not _is_strange(_western(body), _RUN):
        # Where Western letters stand for another alphabet's, all are read in the charset of that.
        name = alphabets.charset(body, "cp1252")
        return _patched_utf8(body) if name == "cp1252" else body.decode(name, "ignore")
    if tried:  # a stray byte in an otherwise right charset
        decoded = body.decode(tried[0], "replace")
        bad = decoded.count("\ufffd")
        if (bad * 200 < len(decoded) or (tried[0] in _EASTERN_NAMES and _is_eastern(decoded, bad))) and not (
            tried[0] == "cp1252" and _is_strange(decoded, _RUN)
        ):
            return decoded.replace("\ufffd", "")
    return _detected(body)


def _as_meant(text: str, name: str, body: bytes) -> str:
    """Mend what two charsets of one script make of each other, in which every byte is a letter."""
    if name in _LATIN and (meant := alphabets.charset(body, name)) != name:
        return body.decode(meant, "ignore")
    if name in _TYPESET and len(body) > len(body.translate(None, _C1)):
        return text.translate(_TYPESET[name])
    if name == "cp1251" and _in_capitals(text) and (other := _try(body, "koi8-r")) and not _in_capitals(other):
        return other
    return _composed(text, name)


def _in_capitals(text: str) -> bool:
    """Tell whether a text is written in capitals, as Cyrillic in KOI8-R is when it is read as Windows-1251."""
    letters = [char for char in text[:_SAMPLE] if "\u0410" <= char <= "\u044f"]
    return len(letters) >= _LEAST_RUN and sum(char < "\u0430" for char in letters) > 0.7 * len(letters)


def _is_japanese(body: bytes) -> bool:
    """Tell Shift_JIS by the bytes that begin its letters, which are rare signs in Western text."""
    sample = body[:_SAMPLE]
    rare = len(sample) - len(sample.translate(None, _RARE))
    high = len(sample) - len(sample.translate(None, _ALL_HIGH))
    return rare >= _LEAST_RUN and rare > 0.2 * high and _try(body, "cp932") is not None


def _detected(body: bytes) -> str:
    """Read a page in the charset that its text looks like, by its language where it declares one."""
    text = _MARKUP.sub(b" ", body)[:_SAMPLE]
    if text.isascii():
        text = body[:_SAMPLE]
    high = len(text) - len(text.translate(None, _ALL_HIGH))
    found: str | None = "cp1252"
    if _HARDLY * high > len(text) or _THREE.search(text) or alphabets.is_known(alphabets.language(body)):
        found = chardet.detect(text, include_encodings=_OF_THE_WEB, no_match_encoding="cp1252")["encoding"]
    name = alphabets.charset(body, _codec(found or "") or "cp1252")
    return _read(body, _told_apart(name, body))


def _told_apart(name: str, body: bytes) -> str:
    """Give a charset, or the one that is told from it by a few signs only."""
    if name in ("cp1252", "iso8859-15", "utf-8", "ascii"):
        typeset = len(body) > len(body.translate(None, _C1))
        return "iso8859-15" if _OF_LATIN_9.search(body) and not typeset else "cp1252"
    if name == "iso8859-2" and _MARKS.search(body):
        rest = _MARKS.sub(b"", body)
        return "cp1250" if len(rest) == len(rest.translate(None, _OF_ISO_2)) else name
    return name


def _read(body: bytes, name: str) -> str:
    return _composed(body.decode(name, "ignore"), name)


def _composed(text: str, name: str) -> str:
    """Put the tones of Vietnamese on their letters: in Windows-1258 they stand behind them."""
    return unicodedata.normalize("NFC", text) if name == "cp1258" else text


def _declared(body: bytes, content_type: str) -> list[str]:
    names = []
    header = _HEADER.search(content_type)
    if header:
        names.append(header[1])
    names += [match[1].decode("ascii", "replace") for match in _DECLARED.finditer(body[:8_192])]
    return list(dict.fromkeys(filter(None, map(_codec, names))))


def _codec(label: str) -> str | None:
    """Give the codec of a charset by what browsers read it as; windows-1252 and cp1252 are one."""
    name = _AS_BROWSERS.get(label.lower(), label.lower())
    try:
        "".encode(name)
        return codecs.lookup(name).name
    except (LookupError, UnicodeError):
        return None


def _try(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeDecodeError, LookupError, RuntimeError):
        return _western(body) if name == "cp1252" and not _mostly_utf8(body) else None


def _western(body: bytes) -> str:
    # Browsers read the five bytes that Python's cp1252 leaves undefined as C1 controls.
    return body.decode("cp1252", "ignore")


def _mostly_utf8(body: bytes) -> bool:
    sample = body[:300_000].decode("utf-8", "replace")
    bad = sample.count("\ufffd")
    good = len(sample) - len(sample.encode("ascii", "ignore")) - bad
    return good > 10 * bad


def _patched_utf8(body: bytes) -> str:
    """Read UTF-8 and the stray bytes in it as Windows-1252, as editors that paste do write them."""
    pieces, rest = [], body
    western = "cp1254" if alphabets.language(body) == "tr" else "cp1252"
    for _ in range(500):
        try:
            pieces.append(rest.decode("utf-8"))
            return "".join(pieces)
        except UnicodeDecodeError as error:
            pieces.append(rest[: error.start].decode("utf-8"))
            pieces.append(rest[error.start : error.end].decode(western, "ignore"))
            rest = rest[error.end :]
    return "".join(pieces) + rest.decode("utf-8", "ignore")


def _is_strange(text: str, run: re.Pattern[str]) -> bool:
    """Tell whether most letters beyond ASCII stand in rows, as those of no Western language do."""
    sample = text[:_SAMPLE]
    in_rows = sum(map(len, run.findall(sample)))
    return in_rows >= _LEAST_RUN and 2 * in_rows > len(_HIGH.findall(sample))


def _repaired(text: str, body: bytes) -> str:
    """Undo what a page's own system did to its text: UTF-8, or another charset, taken for Windows-1252."""
    # Both kinds are made of the letters that begin with this byte; hardly any page has many of them.
    western = body.count(b"\xc3")
    if western < _LEAST_TWICE:
        return text
    sample = text[:_SAMPLE]
    if 4 * body.count(b"\xc2") >= western:  # what follows the first letter of each pair
        twice = _TWICE.findall(sample)
        if len(twice) >= _LEAST_TWICE and sum(map(len, twice)) > 0.9 * _beyond(sample):
            return _TWICE.sub(lambda match: _once(match[0]), text)
    if western >= _LEAST_RUN and _BYTES_RUN.search(body) and _is_strange(text, _LETTERS_RUN):
        try:
            found = _detected(text.encode("cp1252"))
        except UnicodeEncodeError:
            return text
        return text if _is_strange(found, _LETTERS_RUN) else found
    return text


def _beyond(text: str) -> int:
    """Count the letters beyond ASCII and the C1 controls."""
    latin = text.encode("latin-1", "ignore")
    return len(text) - len(latin) + len(latin.translate(None, _UP_TO_C1))


def _once(piece: str) -> str:
    try:
        return b"".join(char.encode("latin-1" if char < "\u0100" else "cp1252") for char in piece).decode()
    except UnicodeError:
        return piece
