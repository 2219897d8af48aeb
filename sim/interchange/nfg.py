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
from pathlib import Path
from typing import NamedTuple, NoReturn

import numpy as np

from sim.forms.normal import NormalForm
from sim.game import Game

__all__ = ["NfgError", "NfgFile", "format_nfg", "parse_nfg", "read_nfg", "write_nfg"]

LARGEST = 16 * 2**20  # bytes; larger tables are not written by hand nor solved whole
LONGEST_EXPONENT = 4  # digits: 1e9999 is refused before it is expanded

TOKEN = re.compile(
    r"""(?P<space>[\s,]+)                                   # Gambit allows commas between numbers
    | (?P<brace>[{}])
    | "(?P<text>(?:[^"\\]|\\.)*)"
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:/\d+)?)(?=[\s,{}"]|$)
    | (?P<word>[A-Za-z]\w*)""",
    re.VERBOSE,
)


class NfgError(ValueError):
    """What is wrong with a file: ``file:line:column: what was found, what is allowed``."""


class Token(NamedTuple):
    """A piece of the file: its kind, its text and where it starts."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True)
class NfgFile:
    """A game with its title and comment."""

    game: NormalForm
    title: str
    comment: str


class Reader:
    """Walks over the tokens of one file and says where things go wrong."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name
        self.tokens = self.split()
        self.next = next(self.tokens)

    def split(self) -> Iterator[Token]:
        at = 0
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
        raise NfgError(f"{self.name}:{line}:{column}: {message}")

    def take(self, kind: str, what: str, text: str | None = None) -> Token:
        token = self.next
        if token.kind != kind or text not in {None, token.text}:
            self.fail(f"expected {what}, found {token.text[:40]!r}")
        self.next = next(self.tokens, Token("end", "the end of the file", len(self.text)))
        return token

    def is_brace(self, text: str) -> bool:
        return self.next.kind == "brace" and self.next.text == text

    def label(self, what: str) -> str:
        return re.sub(r"\\(.)", r"\1", self.take("text", what).text)

    def labels(self, what: str) -> list[str]:
        self.take("brace", f"'{{' before {what}s", "{")
        found = []
        while not self.is_brace("}"):
            found.append(self.label(f"a quoted {what} or '}}'"))
        self.take("brace", "'}'", "}")
        return found

    def number(self, what: str) -> Fraction:
        token = self.take("number", what)
        exponent = re.search(r"[eE][+-]?(\d+)", token.text)
        if exponent and len(exponent[1].lstrip("0")) > LONGEST_EXPONENT:
            self.fail(f"the exponent of {token.text[:40]} is too large", token.at)
        try:
            if "/" in token.text:
                top, _, bottom = token.text.partition("/")
                return Fraction(top) / Fraction(bottom)
            return Fraction(token.text)
        except (ValueError, ZeroDivisionError):
            self.fail(f"{token.text[:40]} is not a number", token.at)

    def whole(self, what: str) -> int:
        place = self.next.at
        value = self.number(what)
        if value.denominator != 1 or value < 0:
            self.fail(f"expected {what}, a whole number, found {value}", place)
        return int(value)


def read_nfg(path: Path | str) -> NfgFile:
    """The game of a file.  Raises NfgError with file, line and column."""
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST:
            raise NfgError(f"{path}: larger than {LARGEST // 2**20} MiB")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NfgError(f"{path}: not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise NfgError(f"{path}: cannot be read: {error.strerror}") from None
    return parse_nfg(text, str(path))


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
    if profiles * len(players) > LARGEST:
        reader.fail(f"{profiles} joint actions of {len(players)} players are more than fit in memory")
    if reader.is_brace("{"):
        rows = read_outcomes(reader, len(players), profiles)
    else:
        what = f"a payoff ({profiles} joint actions x {len(players)} players)"
        rows = [[reader.number(what) for _ in players] for _ in range(profiles)]
    if reader.next.kind != "end":
        reader.fail(f"expected the end of the file after {profiles} entries, found {reader.next.text[:40]!r}")
    exact = np.empty((profiles, len(players)), dtype=object)
    exact[:] = rows
    # the first player varies fastest: the axes of a C-ordered table come out reversed
    table = np.moveaxis(exact.reshape(*sizes[::-1], len(players)), -1, 0)
    table = table.transpose(0, *range(len(players), 0, -1))[np.newaxis]
    try:
        payoffs = table.astype(np.float64)
    except OverflowError:
        raise NfgError(f"{name}: a payoff is too large for a floating-point number") from None
    return NfgFile(NormalForm(payoffs, players, actions, exact=lambda cells: table[cells]), title, comment)


def read_actions(reader: Reader, players: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Strategy labels of each player, or numbers of strategies turned into labels."""
    start = reader.next.at
    reader.take("brace", "'{' before the strategies", "{")
    found: list[tuple[str, ...]] = []
    while not reader.is_brace("}"):
        if reader.is_brace("{"):
            found.append(distinct(reader.labels("strategy label"), "strategy"))
        else:
            count = reader.whole("a number of strategies")
            if count > LARGEST:
                reader.fail(f"{count} strategies are more than fit in memory")
            found.append(tuple(str(a + 1) for a in range(count)))
    reader.take("brace", "'}'", "}")
    if len(found) != len(players) or not all(found):
        reader.fail(
            f"{len(players)} players need as many strategy lists, none empty; found {len(found)}", start
        )
    return tuple(found)


def read_outcomes(reader: Reader, players: int, profiles: int) -> list[list[Fraction]]:
    """The payoffs of each joint action by way of a list of outcomes."""
    outcomes = [[Fraction(0)] * players]
    reader.take("brace", "'{'", "{")
    while not reader.is_brace("}"):
        reader.take("brace", "'{' before an outcome, or '}'", "{")
        if reader.next.kind == "text":
            reader.label("label")
        outcomes.append([reader.number(f"a payoff ({players} in each outcome)") for _ in range(players)])
        reader.take("brace", f"'}}' after {players} payoffs", "}")
    reader.take("brace", "'}'", "}")
    rows = []
    for _ in range(profiles):
        place = reader.next.at
        number = reader.whole(f"an outcome's number for each of {profiles} joint actions")
        if number >= len(outcomes):
            reader.fail(f"there is no outcome {number}; they are numbered 1 to {len(outcomes) - 1}", place)
        rows.append(outcomes[number])
    return rows


def distinct(labels: list[str], what: str) -> tuple[str, ...]:
    """Labels without gaps or repeats: an empty or repeated one gets its number."""
    result: list[str] = []
    for position, label in enumerate(labels, start=1):
        name = label or f"{what} {position}"
        while name in result:
            name = f"{name} {position}"
        result.append(name)
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
