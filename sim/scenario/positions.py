"""Where each key of a TOML file is: ``tomllib`` reads the values, this scanner finds the places.

It runs before ``tomllib`` and refuses what would make that slow or deep (very long dotted keys, deep
nesting, numbers of thousands of digits).  Where a file is no TOML it stops; ``tomllib`` then says why.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from contextlib import suppress
from typing import Any

from sim.expression import read_number

__all__ = ["BARE", "KeyPath", "Positions", "UnreadableError", "read_toml"]

KeyPath = tuple[str | int, ...]

DEEPEST = 20  # tables and lists inside each other, and parts of a dotted key
LONGEST_WORD = 400  # characters of a number or date

BARE = re.compile(r"[A-Za-z0-9_-]+")
BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
SPACE = re.compile(r"[ \t]*")
WORD = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]+[^\s,\]}#]*|[^\s,\]}#=]+")
STRINGS = (
    re.compile(r'"""(?:[^\\"]|\\[\s\S]|"(?!""))*"{3,5}'),
    re.compile(r"'''(?:[^']|'(?!''))*'{3,5}"),
    re.compile(r'"(?:[^\\"\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)


MEANT = {
    "Illegal character '\\n'": "a text is not closed before its line ends",
    "Expected newline or end of document": "nothing may follow here; texts and formulas stand in quotes",
    "Invalid value": "expected a value; texts and formulas stand in quotes",
    "Unclosed array": "a list is not closed, or a comma is missing",
    "Unclosed inline table": "a table { ... } is not closed, or a comma is missing",
}


class UnreadableError(Exception):
    """A text that is no TOML this program reads: message, offset, and the key it is about."""

    def __init__(self, message: str, offset: int, key: KeyPath = ()) -> None:
        super().__init__(message)
        self.message, self.offset, self.key = message, offset, key


class LostError(Exception):
    """The scanner met something that is no TOML."""


class Positions:
    """Offsets of the keys, list items and tables of a text; lines count from 1."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: dict[KeyPath, int] = {(): 0}
        self.twice: list[tuple[int, int, KeyPath]] = []
        self.lines = [match.start() for match in re.finditer(r"\n", text)]

    def offset(self, key: KeyPath) -> int:
        """Where a key is, or the nearest table above it that the file has."""
        while key not in self.starts:
            key = key[:-1]
        return self.starts[key]

    def line(self, offset: int) -> int:
        """The line of an offset."""
        return bisect_right(self.lines, offset - 1) + 1


def read_toml(text: str) -> tuple[dict[str, Any], Positions]:
    """The values of a TOML text and where they are.  Raises UnreadableError."""
    positions = Positions(text)
    with suppress(LostError):
        Scanner(text, positions).document()
    try:
        return tomllib.loads(text, parse_float=numeral), positions
    except (ValueError, RecursionError) as error:
        raise reworded(error, positions) from None


def numeral(text: str) -> Any:
    """A number with a point or an exponent, as it was written: infinities and NaN as floats.

    One that is too large or too small stays a text, which is refused where it stands.
    """
    try:
        return read_number(text)
    except ValueError:
        return float(text) if text.lstrip("+-") in {"inf", "nan"} else text


def reworded(error: Exception, positions: Positions) -> UnreadableError:
    """Tomllib's complaint, with the key where it is about one."""
    message = str(error)
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    if place is None:
        return UnreadableError(f"cannot be read as TOML: {message[:100]}", 0)
    message = message[: place.start()]
    offset = len(positions.text)
    if place[1]:
        offset = (positions.lines[int(place[1]) - 2] + 1 if place[1] != "1" else 0) + int(place[2]) - 1
    if re.search(r"overwrite|twice|mutate|[Dd]uplicate", message) and positions.twice:
        first, again, key = positions.twice[0]
        return UnreadableError(
            f"defined twice, first on line {positions.line(first)}; keep one of them", again, key
        )
    where = f"at column {place[2]}" if place[1] else "at the end of the file"
    for said, meant in MEANT.items():
        if message.startswith(said):
            message = meant
    return UnreadableError(f"no TOML {where}: {message[:1].lower()}{message[1:]}", offset)


class Scanner:
    """One pass over the text, noting where keys and items begin."""

    def __init__(self, text: str, positions: Positions) -> None:
        self.text = text
        self.at = 0
        self.positions = positions
        self.items: dict[KeyPath, int] = {}  # arrays of tables and how many they have

    def document(self) -> None:
        table: KeyPath = ()
        while True:
            self.skip(BLANK)
            if self.at == len(self.text):
                return
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table, 0)

    def skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise LostError
        self.at = match.end()
        return match[0]

    def next_is(self, sign: str) -> bool:
        """Whether the text goes on with ``sign``, which is then passed over."""
        found = self.text.startswith(sign, self.at)
        self.at += len(sign) if found else 0
        return found

    def demand(self, sign: str) -> None:
        if not self.next_is(sign):
            raise LostError

    def note(self, key: KeyPath, start: int, *, once: bool = True) -> None:
        first = self.positions.starts.setdefault(key, start)
        if once and first != start:
            self.positions.twice.append((first, start, key))

    def header(self) -> KeyPath:
        start = self.at
        many = self.next_is("[[")
        if not many:
            self.demand("[")
        parts = self.key()
        self.demand("]]" if many else "]")
        key: KeyPath = ()
        for part in parts[:-1]:
            key = self.within((*key, part))
            self.note(key, start, once=False)
        key = (*key, parts[-1])
        if many:
            count = self.items.get(key, 0)
            self.items[key] = count + 1
            self.note(key, start, once=False)
            key = (*key, count)
        self.note(key, start)
        return key

    def within(self, key: KeyPath) -> KeyPath:
        """A table of that name, or the last one where there are many."""
        return (*key, self.items[key] - 1) if key in self.items else key

    def key(self) -> list[str]:
        """The parts of a dotted key."""
        start = self.at
        parts: list[str] = []
        while True:
            self.skip(SPACE)
            if self.text.startswith(('"', "'"), self.at):
                parts.append(unquoted(self.string()))
            else:
                parts.append(self.skip(BARE))
            self.skip(SPACE)
            if not self.next_is("."):
                return parts
            if len(parts) == DEEPEST:
                raise UnreadableError(f"a key of more than {DEEPEST} parts", start)

    def string(self) -> str:
        for pattern in STRINGS:
            match = pattern.match(self.text, self.at)
            if match:
                self.at = match.end()
                return match[0]
        raise LostError

    def pair(self, table: KeyPath, depth: int) -> None:
        self.skip(SPACE)
        start = self.at
        key = table
        parts = self.key()
        for part in parts[:-1]:
            key = (*key, part)
            self.note(key, start, once=False)
        key = (*key, parts[-1])
        self.note(key, start)
        self.demand("=")
        self.skip(SPACE)
        self.value(key, depth)

    def value(self, key: KeyPath, depth: int) -> None:
        if depth > DEEPEST:
            raise UnreadableError(
                f"lists and tables more than {DEEPEST} deep inside each other", self.at, key[:1]
            )
        if self.next_is("["):
            self.members(key, depth, "]")
        elif self.next_is("{"):
            self.members(key, depth, "}")
        elif self.text.startswith(('"', "'"), self.at):
            self.string()
        else:
            start = self.at
            word = self.skip(WORD)
            if len(word) > LONGEST_WORD:
                raise UnreadableError(
                    f"a number of {len(word)} characters; at most {LONGEST_WORD} are read", start, key
                )

    def members(self, key: KeyPath, depth: int, end: str) -> None:
        """The items of a list or the pairs of an inline table, up to its end."""
        number = 0
        while True:
            self.skip(BLANK)
            if self.next_is(end):
                return
            if end == "]":
                self.note((*key, number), self.at)
                self.value((*key, number), depth + 1)
                number += 1
            else:
                self.pair(key, depth + 1)
            self.skip(BLANK)
            if not self.next_is(","):
                self.demand(end)
                return


def unquoted(string: str) -> str:
    """The text a quoted key stands for."""
    if string.startswith(('"""', "'''")):
        raise LostError
    if "\\" not in string:
        return string[1:-1]
    try:
        return str(tomllib.loads(f"key = {string}")["key"])
    except ValueError:
        raise LostError from None
