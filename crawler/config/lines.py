"""On which line each key of a TOML text stands; tomllib does not say."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left

#: ("global-times", "feeds", 1): the second item of the list "feeds" in the table "global-times".
Key = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
# Three quotes come first: an empty text in one quote would swallow two of them.
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")|\'\'\'.*?\'{3,5}(?!\')|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)
_PLAIN = re.compile(r"[^,\]}#\n]+")


def line_index(text: str) -> dict[Key, int]:
    """Map every key, table and list item of a valid TOML text to its line, counted from 1."""
    return _Scanner(text).scan()


def line_of(index: dict[Key, int], key: Key) -> int | None:
    """Find the line of a key, or of the nearest table that holds it."""
    while key:
        if key in index:
            return index[key]
        key = key[:-1]
    return None


def table_lines(text: str, name: str) -> tuple[int, int] | None:
    """Find the lines of a top table from its header to its last value; None when it does not stand in one piece."""
    scanner = _Scanner(text)
    scanner.scan()
    own = [place for place, (table, _, _) in enumerate(scanner.tables) if table == name]
    if not own or own[-1] - own[0] + 1 != len(own):
        return None
    return scanner.tables[own[0]][1], scanner.tables[own[-1]][2]


class _Scanner:
    """Reads a text that tomllib has accepted, so it need not find faults."""

    def __init__(self, text: str):
        # tomllib reads \r\n as \n as well.
        self.text = text.replace("\r\n", "\n")
        self.newlines = [match.start() for match in re.finditer("\n", self.text)]
        self.position = 0
        self.index: dict[Key, int] = {}
        self.counts: dict[Key, int] = {}
        #: Each header: the top table that it opens or adds to, its line, the line on which its last value ends.
        self.tables: list[tuple[str, int, int]] = []

    def scan(self) -> dict[Key, int]:
        table: Key = ()
        self._skip(_BLANK)
        while self.position < len(self.text):
            if self.text[self.position] == "[":
                line = self._line()
                table = self._header()
                self.tables.append((str(table[0]), line, line))
            else:
                self._pair(table)
                if self.tables:
                    name, start, _ = self.tables[-1]
                    self.tables[-1] = (name, start, self._line())
            self._skip(_BLANK)
        return self.index

    def _header(self) -> Key:
        line = self._line()
        many = self.text.startswith("[[", self.position)
        self.position += 2 if many else 1
        names = self._key()
        self.position += 2 if many else 1
        table: Key = ()
        for place, name in enumerate(names):
            table = (*table, name)
            self.index.setdefault(table, line)
            # [fruit.color] after [[fruit]] belongs to the newest fruit.
            if table in self.counts and not (many and place == len(names) - 1):
                table = (*table, self.counts[table] - 1)
        if many:
            number = self.counts.get(table, 0)
            self.counts[table] = number + 1
            table = (*table, number)
        self.index.setdefault(table, line)
        return table

    def _pair(self, table: Key) -> None:
        line = self._line()
        key = table
        for name in self._key():
            key = (*key, name)
            self.index.setdefault(key, line)
        self.position += 1  # the equals sign
        self._skip(_SPACE)
        self._value(key)

    def _key(self) -> list[str]:
        names: list[str] = []
        while True:
            self._skip(_SPACE)
            token = self._take(_STRING) or self._take(_BARE)
            names.append(_plain(token))
            self._skip(_SPACE)
            if self.text[self.position] != ".":
                return names
            self.position += 1

    def _value(self, key: Key) -> None:
        opening = self.text[self.position]
        if opening == "[":
            self._items(key, "]")
        elif opening == "{":
            self._items(key, "}")
        elif not self._take(_STRING):
            self._take(_PLAIN)

    def _items(self, key: Key, closing: str) -> None:
        self.position += 1
        number = 0
        while True:
            self._skip(_BLANK)
            if self.text[self.position] == ",":
                self.position += 1
            elif self.text[self.position] == closing:
                self.position += 1
                return
            elif closing == "}":
                self._pair(key)
            else:
                self.index[*key, number] = self._line()
                self._value((*key, number))
                number += 1

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.position)
        if match is None:
            return ""
        self.position = match.end()
        return match[0]

    def _skip(self, pattern: re.Pattern[str]) -> None:
        self._take(pattern)

    def _line(self) -> int:
        return bisect_left(self.newlines, self.position) + 1


def _plain(token: str) -> str:
    """Take the quotes off a key."""
    if not token.startswith(('"', "'")):
        return token
    return str(tomllib.loads(f"key = {token}")["key"])
