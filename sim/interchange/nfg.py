r"""Gambit's strategic-form files, ``.nfg``: read and write, numbers exact, errors with line and column.

A file is ``NFG 1 R "title" { "P1" "P2" }``, then the numbers of strategies ``{ 2 3 }`` or their labels
``{ { "a" "b" } { "x" "y" "z" } }``, an optional quoted comment, and a body: either the payoffs of all
players for each joint action, the first player's strategy varying fastest, or a list of outcomes
``{ { "label" 1, 2 } ... }`` and the number of an outcome for each joint action (0: nobody gets anything).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.expression.numbers import Number, numbers_as_written
from sim.forms.normal import NormalForm
from sim.game import Game
from sim.interchange.files import FileError, read_file
from sim.interchange.gambit import MOST_PAYOFFS, WORD, GambitError, TextReader, distinct, quoted

__all__ = ["NfgError", "NfgFile", "format_nfg", "parse_nfg", "read_nfg", "write_nfg"]


class NfgError(GambitError):
    """What is wrong with a strategic-form file: ``file:line:column: what was found, what is allowed``."""


@dataclass(frozen=True)
class NfgFile:
    """A game with its title and comment; ``numbers (n, A1, .., An)`` are its payoffs as they were written."""

    game: NormalForm
    title: str
    comment: str
    numbers: NDArray[Any]


def read_nfg(path: Path | str) -> NfgFile:
    """The game of a file.  Raises NfgError with file, line and column."""
    try:
        file = read_file(Path(path))
    except FileError as error:
        raise NfgError(str(error)) from None
    return parse_nfg(file.text, str(path))


def parse_nfg(text: str, name: str = "nfg") -> NfgFile:
    """The game that a text describes; ``name`` stands before line and column in errors."""
    reader = TextReader(text, name, NfgError)
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


def read_actions(reader: TextReader, players: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
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


def read_outcomes(reader: TextReader, players: int, profiles: int) -> NDArray[Any]:
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
