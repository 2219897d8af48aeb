r"""Games as tables (CSV): what spreadsheets write, numbers exact, errors with line and column.

Two layouts, told apart by their second column.  A **bimatrix** has the first player's actions down the side, the
second's along the top and in each cell ``a, b``; its corner may name the two (``Russia \ NATO``)::

    Russia \ NATO,concede,talk
    withdraw,"0, 2","1, 1"
    build_up,"3, -1","0, 0"

A **list of joint actions** has a row for each, of any number of players: first what each does, then what each gets::

    Russia,NATO,Russia gets,NATO gets
    withdraw,concede,0,2

Columns are separated by commas, semicolons or tabs, whichever the heading has; ``sep=;`` above it, as Excel reads it,
decides.  Numbers are as in scenario files: 0.25, -3, 1e-3, 1/3.  A comma in a number is refused and never guessed at.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from sim.expression.numbers import Number, numbers_as_written, read_number
from sim.forms.normal import NormalForm

__all__ = ["PayoffTable", "TableError", "parse_table"]

SEPARATORS = ";\t,"  # commas last: a heading with semicolons has its commas within words
MOST_PLAYERS = 12
MOST_PAYOFFS = 2_000_000  # of all players together; larger games are not solved whole
MOST_TOLD = 3

DECIMAL_COMMA = re.compile(r"[+-]?[\d. ]*\d,\d+")
CORNER = re.compile(r"\s*[\\/|]\s*|\s+vs\.?\s+")
PAIR = re.compile(r"\s*[(\[]?([^()\[\]]*?)[)\]]?\s*")


class TableError(ValueError):
    """What is wrong with a table, and at which ``line`` (0 where it is about the whole)."""

    def __init__(self, message: str, line: int = 0) -> None:
        self.message, self.line = message, line
        super().__init__(f"line {line}: {message}" if line else message)


@dataclass(frozen=True)
class PayoffTable:
    """A game and its payoffs as they were written, ``numbers (n, A1, .., An)``."""

    game: NormalForm
    numbers: NDArray[Any]


@dataclass(frozen=True)
class Row:
    """The cells of a row, without blanks around them, and the line it ends on."""

    cells: list[str]
    line: int


def parse_table(text: str) -> PayoffTable:
    """The game that a table holds.  Raises TableError."""
    heading, *body = read_rows(text)
    if not body:
        fail("the table has a heading and no rows", heading.line)
    for row in body:
        if len(row.cells) != len(heading.cells):
            several = ' (cells such as "0, 2" stand in quotes where commas separate columns)'
            fail(
                f"{counted(len(row.cells), 'column')}, and the heading has {len(heading.cells)}{several}",
                row.line,
            )
    if not heading.cells[0] or is_pair(body[0].cells[1:2]):
        return bimatrix(heading, body)
    return joint_actions(heading, body)


def read_rows(text: str) -> list[Row]:
    """The rows that hold anything, without columns that are empty all the way down."""
    lines = list(io.StringIO(text.lstrip("\ufeff"), newline=""))
    filled = (i for i, line in enumerate(lines) if line.strip(" \t\r\n,;") and line[0] != "#")
    skipped = next(filled, None)
    if skipped is None:
        fail("the table is empty")
    said = re.fullmatch(r"sep=([,;|\t])\s*", lines[skipped], re.IGNORECASE)
    skipped += said is not None
    heading = re.sub(r'"[^"]*"', "", lines[skipped]) if skipped < len(lines) else ""
    separator = said[1] if said else max(SEPARATORS, key=heading.count)
    if separator == "," and ";" in heading:
        separator = ";"
    reader = csv.reader(lines[skipped:], delimiter=separator, strict=True, skipinitialspace=True)
    rows: list[Row] = []
    try:
        rows.extend(
            Row([cell.strip() for cell in cells], skipped + reader.line_num) for cells in reader if any(cells)
        )
    except csv.Error as error:
        quotes = (
            "a cell that begins with a quotation mark ends with one, and nothing but the separator follows"
        )
        fail(f"is no table that can be read: {quotes} ({error})", skipped + reader.line_num)
    rows = [row for row in rows if any(row.cells)]
    if not rows:
        fail("the table is empty")
    width = max(max((i for i, cell in enumerate(row.cells) if cell), default=0) for row in rows) + 1
    if width < 2:
        fail("the table has one column; columns are separated by commas, semicolons or tabs", rows[0].line)
    return [Row(row.cells[:width], row.line) for row in rows]


def bimatrix(heading: Row, body: Sequence[Row]) -> PayoffTable:
    """Two players: actions down the side and along the top, ``a, b`` in each cell."""
    corner = [name.strip() for name in CORNER.split(heading.cells[0])]
    players = corner if len(corner) == 2 and all(corner) else ["Row", "Column"]
    if heading.cells[0] and players != corner:
        fail(
            f"the corner is {heading.cells[0]!r}; it is empty, or names both sides, as in Russia \\ NATO",
            heading.line,
        )
    columns = named(heading.cells[1:], [heading.line] * (len(heading.cells) - 1), f"action of {players[1]}")
    rows = named([row.cells[0] for row in body], [row.line for row in body], f"action of {players[0]}")
    table = [
        [
            pair(cell, row.line, f"{row.cells[0]}, {column}")
            for cell, column in zip(row.cells[1:], columns, strict=True)
        ]
        for row in body
    ]
    return game_of(np.moveaxis(numbers_as_written(table), -1, 0), players, (rows, columns))


def joint_actions(heading: Row, body: Sequence[Row]) -> PayoffTable:
    """Any number of players: a row for each joint action, what each does and then what each gets."""
    columns = len(heading.cells)
    if columns % 2 or columns < 4 or columns > 2 * MOST_PLAYERS:
        fail(
            f"the heading has {counted(columns, 'column')}; a table has a column for what each player does and then one "
            f'for what each gets, for 2 to {MOST_PLAYERS} players, or cells such as "0, 2" for two', heading.line,
        )  # fmt: skip
    half = columns // 2
    for place, word in enumerate(heading.cells, start=1):
        if is_number(word):
            fail(
                f"column {place} is headed by the number {word}; the first row names the columns",
                heading.line,
            )
    players = named(heading.cells[:half], [heading.line] * half, "player")
    order = whose(heading.cells[half:], players, heading.line)
    actions: list[dict[str, int]] = [{} for _ in players]
    found: dict[tuple[int, ...], tuple[int, list[Number]]] = {}
    for row in body:
        for place, word in enumerate(row.cells[:half]):
            if not word:
                fail(f"column {place + 1} ({players[place]}) is empty; it names an action", row.line)
        taken = tuple(
            own.setdefault(word, len(own)) for own, word in zip(actions, row.cells[:half], strict=True)
        )
        if taken in found:
            fail(f"{', '.join(row.cells[:half])} stands in line {found[taken][0]} already", row.line)
        found[taken] = row.line, [
            number(row.cells[half + column], row.line, f"column {half + column + 1} ({heading.cells[half + column]})")
            for column in order
        ]  # fmt: skip
    labels = tuple(list(own) for own in actions)
    sizes = tuple(map(len, labels))
    if math.prod(sizes) * half > MOST_PAYOFFS:
        fail(f"{' x '.join(map(str, sizes))} actions are more than fit in memory")
    if len(found) < math.prod(sizes):
        absent = (taken for taken in product(*map(range, sizes)) if taken not in found)
        words = [", ".join(map(list.__getitem__, labels, taken)) for taken in islice(absent, MOST_TOLD)]
        count = math.prod(sizes) - len(found)
        more = f"; and {count - MOST_TOLD} more" if count > MOST_TOLD else ""
        fail(f"{counted(count, 'joint action')} of {math.prod(sizes)} missing: {'; '.join(words)}{more}")
    table = [found[taken][1] for taken in product(*map(range, sizes))]
    return game_of(np.moveaxis(numbers_as_written(table).reshape(*sizes, half), -1, 0), players, labels)


def whose(headings: Sequence[str], players: Sequence[str], line: int) -> list[int]:
    """For each player the column of what he gets: by his name in its heading, or in order where none is named."""
    held = [[i for i, player in enumerate(players) if named_in(player, heading)] for heading in headings]
    # `EU` is named in `EU and NATO gets` too: the longest name counts
    owners = [max(names, key=lambda i: len(players[i]), default=None) for names in held]
    if all(owner is None for owner in owners):
        return list(range(len(players)))
    if sorted(-1 if owner is None else owner for owner in owners) != list(range(len(players))):
        fail(
            f"the headings {', '.join(headings)} do not say whose payoffs they are: name each of "
            f"{', '.join(players)} in one of them, or none", line,
        )  # fmt: skip
    return [owners.index(i) for i in range(len(players))]


def named_in(player: str, heading: str) -> bool:
    """Whether a heading has a player's name, as a word."""
    return re.search(rf"(?<![^\W_]){re.escape(player)}(?![^\W_])", heading) is not None


def named(words: Sequence[str], lines: Sequence[int], what: str) -> list[str]:
    """Labels, none of them empty or twice."""
    for place, (word, line) in enumerate(zip(words, lines, strict=True)):
        if not word:
            fail(f"the {what} number {place + 1} has no name", line)
        if word in words[:place]:
            fail(f"the {what} {word!r} is there twice", line)
    return list(words)


def pair(cell: str, line: int, where: str) -> tuple[Number, Number]:
    """The two numbers of a cell: ``0, 2``, ``0; 2``, ``0 2``, in brackets or without."""
    parts = parts_of(cell)
    if len(parts) != 2:
        remedy = f"; {decimal_points()}" if len(parts) > 2 or DECIMAL_COMMA.search(cell) else ""
        fail(f"{where}: expected two numbers such as 0, 2, found {cell!r}{remedy}", line)
    first, second = (number(part, line, where) for part in parts)
    return first, second


def parts_of(cell: str) -> list[str]:
    """What a cell of a bimatrix holds, cut at semicolons, else commas, else blanks."""
    matched = PAIR.fullmatch(cell)
    inside = matched[1] if matched else cell
    separator = next((sign for sign in ";," if sign in inside), None)
    return [part.strip() for part in inside.split(separator)] if inside else []


def is_pair(cells: Sequence[str]) -> bool:
    """Whether the first of some cells looks like ``a, b``."""
    parts = parts_of(cells[0]) if cells else []
    return len(parts) > 1 and all(is_number(part) or DECIMAL_COMMA.fullmatch(part) for part in parts)


def number(text: str, line: int, where: str) -> Number:
    """A number as it was written."""
    if DECIMAL_COMMA.fullmatch(text):
        fail(f"{where}: {text!r} has a decimal comma, or one between thousands; {decimal_points()}", line)
    try:
        return read_number(text)
    except ValueError as error:
        fail(f"{where}: {'expected a number, found nothing' if not text else error}", line)


def decimal_points() -> str:
    """What to do about a comma in a number."""
    return "write numbers with a decimal point, as 1.5 (spreadsheets do so in English settings)"


def is_number(text: str) -> bool:
    """Whether a text is a number that is read here."""
    try:
        read_number(text)
    except ValueError:
        return False
    return True


def game_of(numbers: NDArray[Any], players: Sequence[str], actions: Sequence[Sequence[str]]) -> PayoffTable:
    """The game of such payoffs."""
    return PayoffTable(NormalForm(numbers[np.newaxis], tuple(players), tuple(map(tuple, actions))), numbers)


def counted(count: int, what: str) -> str:
    """``1 column``, ``3 columns``."""
    return f"{count} {what}{'s' * (count != 1)}"


def fail(message: str, line: int = 0) -> NoReturn:
    """A sentence about the table, or about one line of it."""
    raise TableError(message, line)
