r"""Gambit's strategic-form files, ``.nfg``: read and write, numbers exact, errors with line and column.

A file is ``NFG 1 R "title" { "P1" "P2" }``, then the numbers of strategies ``{ 2 3 }`` or their labels
``{ { "a" "b" } { "x" "y" "z" } }``, an optional quoted comment, and a body: either the payoffs of all
players for each joint action, the first player's strategy varying fastest, or a list of outcomes
``{ { "label" 1, 2 } ... }`` and the number of an outcome for each joint action (0: nobody gets anything).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from sim.expression.numbers import Number, numbers_as_written, written
from sim.forms.normal import NormalForm
from sim.game import Game
from sim.interchange.files import FileError, read_file

__all__ = ["NfgError", "NfgFile", "format_nfg", "parse_nfg", "read_nfg", "write_nfg"]

MOST_PAYOFFS = 2_000_000  # of all players together; larger games are not solved whole
LONGEST_EXPONENT = 4  # digits: 1e9999 is refused before it is expanded

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?:/[0-9]+)?")
TOKEN = re.compile(
    rf"""(?P<space>[\s,]+)                                   # Gambit allows commas between numbers
    | (?P<brace>[{{}}])
    | "(?P<text>(?:[^"\\]|\\.)*)"
    | (?P<number>{NUMBER.pattern})(?=[\s,{{}}"]|$)
    | (?P<word>[A-Za-z]\w*)""",
    re.VERBOSE,
)


WORD = re.compile(r"[^\s,]+")
SHORTEST = 15  # characters; floats tell every decimal that is so short


class NfgError(ValueError):
    """What is wrong with a file: ``file:line:column: what was found, what is allowed``."""

    def __init__(self, message: str, line: int = 0, column: int = 0, name: str = "nfg") -> None:
        self.message, self.line, self.column = message, line, column
        place = f"{name}:{line}:{column}: " if line else ""
        super().__init__(f"{place}{message}")


class Token(NamedTuple):
    """A piece of the file: its kind, its text and where it starts."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True)
class NfgFile:
    """A game with its title and comment; ``numbers (n, A1, .., An)`` are its payoffs as they were written."""

    game: NormalForm
    title: str
    comment: str
    numbers: NDArray[Any]


class Reader:
    """Walks over the tokens of one file and says where things go wrong."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name
        self.go_to(0)

    def go_to(self, at: int) -> None:
        """Read on from a place in the text."""
        self.tokens = self.split(at)
        self.next = next(self.tokens)

    def split(self, at: int) -> Iterator[Token]:
        while at < len(self.text):
            match = TOKEN.match(self.text, at)
            if match is None:
                self.fail(f"found {self.text[at : at + 12]!r}: not a number, a brace or a quoted label", at)
            kind = match.lastgroup or ""
            if kind != "space":
                yield Token(kind, match[kind], at)
            at = match.end()
        yield Token("end", "the end of the file", at)

    def fail(self, message: str, at: int | None = None) -> NoReturn:
        place = self.next.at if at is None else at
        line = self.text.count("\n", 0, place) + 1
        column = place - (self.text.rfind("\n", 0, place) + 1) + 1
        raise NfgError(message, line, column, self.name)

    def take(self, kind: str, what: str, text: str | None = None) -> Token:
        token = self.next
        if token.kind != kind or text not in {None, token.text}:
            self.fail(f"expected {what}, found {token.text[:40]!r}")
        self.next = next(self.tokens, Token("end", "the end of the file", len(self.text)))
        return token

    def is_brace(self, text: str) -> bool:
        return self.next.kind == "brace" and self.next.text == text

    def label(self, what: str) -> str:
        text = self.take("text", what).text
        return re.sub(r"\\(.)", r"\1", text) if "\\" in text else text

    def labels(self, what: str) -> list[str]:
        self.take("brace", f"'{{' before {what}s", "{")
        found = []
        while not self.is_brace("}"):
            found.append(self.label(f"a quoted {what} or '}}'"))
        self.take("brace", "'}'", "}")
        return found

    def numbers(self, what: str, count: int) -> NDArray[Any]:
        """The next ``count`` numbers: floats, or objects where a float does not tell one."""
        values, odd, start, found = np.empty(count), [], self.next.at, 0
        for word in WORD.finditer(self.text, start):
            if found == count or not NUMBER.fullmatch(word[0]):
                self.go_to(word.start())
                break
            number = self.value(word[0], word.start())
            values[found] = number
            if isinstance(number, Fraction):
                odd.append((found, number))
            found += 1
        else:
            self.go_to(len(self.text))
        if found < count:
            self.take("number", what)
            self.fail(f"expected a blank behind {self.text[self.next.at - 1]!r}")
        if odd:
            values = values.astype(object)
            for place, exact in odd:
                values[place] = exact
        return values

    def number(self, what: str) -> Number:
        token = self.take("number", what)
        return self.value(token.text, token.at)

    def value(self, text: str, at: int) -> Number:
        """The number of a text that has the form of one, found at a place."""
        top, slash, bottom = text.partition("/")
        if not slash:
            nearest = float(text)
            if (len(text) <= SHORTEST and "e" not in text and "E" not in text) or repr(nearest) == text:
                return nearest
        exponent = re.search(r"[eE][+-]?([0-9]+)", top)
        if exponent and len(exponent[1].lstrip("0")) > LONGEST_EXPONENT:
            self.fail(f"the exponent of {text[:40]} is too large", at)
        try:
            if not bottom:
                return written(Fraction(top))
            above = int(top) if top.lstrip("+-").isdigit() else Fraction(top)
            return written(Fraction(above, int(bottom)))
        except (ValueError, ZeroDivisionError):
            self.fail(f"{text[:40]} is not a number", at)
        except OverflowError:
            self.fail(f"{text[:40]} is too large for a floating-point number", at)

    def whole(self, what: str) -> int:
        place = self.next.at
        value = self.number(what)
        if int(value) != value or value < 0:
            self.fail(f"expected {what}, a whole number, found {value}", place)
        return int(value)


def read_nfg(path: Path | str) -> NfgFile:
    """The game of a file.  Raises NfgError with file, line and column."""
    try:
        file = read_file(Path(path))
    except FileError as error:
        raise NfgError(str(error)) from None
    return parse_nfg(file.text, str(path))


def parse_nfg(text: str, name: str = "nfg") -> NfgFile:
    """The game that a text describes; ``name`` stands before line and column in errors."""
    reader = Reader(text, name)
    reader.take("word", "'NFG', which starts a strategic-form file", "NFG")
    reader.take("number", "version 1", "1")
    if reader.take("word", "'R' or 'D'").text not in {"R", "D"}:
        reader.fail("expected 'R' or 'D' after the version")
    title = reader.label("the quoted title")
    players = distinct(reader.labels("player name"), "player")
    if not players:
        reader.fail("a game needs a player")
    actions = read_actions(reader, players)
    sizes = tuple(len(labels) for labels in actions)
    comment = reader.label("comment") if reader.next.kind == "text" else ""
    profiles = math.prod(sizes)
    if reader.is_brace("{"):
        table = read_outcomes(reader, len(players), profiles)
    else:
        what = f"a payoff ({profiles} joint actions x {len(players)} players)"
        table = reader.numbers(what, profiles * len(players)).reshape(profiles, len(players))
    if reader.next.kind != "end":
        reader.fail(f"expected the end of the file after {profiles} entries, found {reader.next.text[:40]!r}")
    # the first player varies fastest: the axes of a C-ordered table come out reversed
    table = np.moveaxis(table.reshape(*sizes[::-1], len(players)), -1, 0)
    table = table.transpose(0, *range(len(players), 0, -1))[np.newaxis]
    return NfgFile(NormalForm(table, players, actions), title, comment, table[0])


def read_actions(reader: Reader, players: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Strategy labels of each player, or numbers of strategies turned into labels."""
    start = reader.next.at
    reader.take("brace", "'{' before the strategies", "{")
    found: list[tuple[str, ...]] = []
    payoffs = len(players)
    while not reader.is_brace("}"):
        place = reader.next.at
        if reader.is_brace("{"):
            labels = reader.labels("strategy label")
            count = len(labels)
        else:
            count, labels = reader.whole("a number of strategies"), []
        payoffs *= max(count, 1)
        if payoffs > MOST_PAYOFFS:
            reader.fail(
                f"{payoffs} payoffs or more ({len(players)} players, {' x '.join(map(str, [*map(len, found), count]))} "
                f"strategies so far) are more than fit in memory; at most {MOST_PAYOFFS} are read",
                place,
            )
        found.append(distinct(labels, "strategy") or tuple(str(a + 1) for a in range(count)))
    reader.take("brace", "'}'", "}")
    if len(found) != len(players) or not all(found):
        reader.fail(
            f"{len(players)} players need as many strategy lists, none empty; found {len(found)}", start
        )
    return tuple(found)


def read_outcomes(reader: Reader, players: int, profiles: int) -> NDArray[Any]:
    """The payoffs of each joint action by way of a list of outcomes, ``(joint action, player)``."""
    outcomes: list[list[Number]] = [[0.0] * players]
    reader.take("brace", "'{'", "{")
    while not reader.is_brace("}"):
        reader.take("brace", "'{' before an outcome, or '}'", "{")
        if reader.next.kind == "text":
            reader.label("label")
        outcomes.append([reader.number(f"a payoff ({players} in each outcome)") for _ in range(players)])
        reader.take("brace", f"'}}' after {players} payoffs", "}")
    reader.take("brace", "'}'", "}")
    place, what = reader.next.at, f"an outcome's number for each of {profiles} joint actions"
    numbers = reader.numbers(what, profiles)
    wrong = [
        number for number in numbers.tolist() if int(number) != number or not 0 <= number < len(outcomes)
    ]
    if wrong:
        found = islice(WORD.finditer(reader.text, place), numbers.tolist().index(wrong[0]), None)
        reader.fail(
            f"there is no outcome {float(wrong[0]):g}; they are numbered 1 to {len(outcomes) - 1}",
            next(found).start(),
        )
    return numbers_as_written(outcomes)[numbers.astype(np.int64)]


def distinct(labels: list[str], what: str) -> tuple[str, ...]:
    """Labels without gaps or repeats: an empty or repeated one gets its number."""
    result: dict[str, None] = {}
    for position, label in enumerate(labels, start=1):
        name = label or f"{what} {position}"
        while name in result:
            name = f"{name} {position}"
        result[name] = None
    return tuple(result)


def format_nfg(game: Game, title: str = "", comment: str = "", *, cell: int = 0) -> str:
    """One cell as text, with a payoff body and exact numbers, which every reader of the format takes.

    Raises ValueError for a game that such a file cannot hold.
    """
    if ".nfg" not in game.exports:
        raise ValueError(f"a .nfg file holds one-shot games, and this is a {game.form} one")
    table = game.rational(np.array([cell]))[0]
    numbers = np.moveaxis(table, 0, -1).transpose(*range(len(game.players) - 1, -1, -1), len(game.players))
    names = " ".join(map(quoted, game.players))
    lists = " ".join("{ " + " ".join(map(quoted, agent.actions)) + " }" for agent in game.agents)
    body = "\n".join(" ".join(map(str, row)) for row in numbers.reshape(-1, len(game.players)))
    return f"NFG 1 R {quoted(title)} {{ {names} }}\n\n{{ {lists} }}\n{quoted(comment)}\n\n{body}\n"


def write_nfg(game: Game, path: Path | str, title: str = "", comment: str = "", *, cell: int = 0) -> None:
    """Write one cell of a game as a file."""
    Path(path).write_text(format_nfg(game, title, comment, cell=cell), encoding="utf-8")


def quoted(text: str) -> str:
    """A label in quotes, with quotes and backslashes escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
