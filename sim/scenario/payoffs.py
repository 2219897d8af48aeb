"""Payoffs in one of three ways, told apart by their shape; evaluated for all cells in one call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import compress, product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.expression import Program, decimal_places
from sim.scenario.names import Names, Roster
from sim.scenario.positions import KeyPath
from sim.scenario.problems import MOST_CHOICES, Report, shown

__all__ = [
    "Available",
    "Entry",
    "ExactPayoffs",
    "Formulas",
    "Reader",
    "item_at",
    "matrix_fits",
    "read_payoffs",
    "walk_cells",
]

Available = tuple[dict[int, int], ...]


@dataclass(frozen=True)
class Entry:
    """One written formula: where its values go in the array, the step that computes it, its key."""

    place: tuple[int | slice, ...]
    step: int
    key: KeyPath


@dataclass(frozen=True)
class Formulas:
    """Formulas that fill an array ``(C, *shape)``; the last axes of ``shape`` are joint actions."""

    program: Program
    shape: tuple[int, ...]
    entries: tuple[Entry, ...]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters they depend on, sorted."""
        used = (self.program.inputs[entry.step] for entry in self.entries)
        return tuple(sorted(frozenset().union(*used)))

    def evaluate(self, values: Mapping[str, Any], cells: int, *, exact: bool = False) -> NDArray[Any]:
        """``(C, *shape)``, float64, or fractions if ``exact``; what is not computed is NaN."""
        result = np.empty((cells, *self.shape), dtype=object if exact else np.float64)
        wanted = [entry.step for entry in self.entries]
        inputs = {name: values[name] for name in self.parameters}
        swept = {name for name in inputs if np.ndim(inputs[name])}
        fixed = [not self.program.inputs[step] & swept for step in wanted]
        base: NDArray[Any] | None = None
        for block, computed in self.program.blocks(wanted, inputs, cells, prod(self.shape[1:]), exact=exact):
            if base is None:
                base = np.full((*self.shape, 1), np.nan, dtype=result.dtype)
                for entry in compress(zip(self.entries, computed, strict=True), fixed):
                    base[entry[0].place] = entry[1]
            part = np.empty((*self.shape, block.stop - block.start), dtype=result.dtype)
            part[:] = base
            for entry in compress(zip(self.entries, computed, strict=True), (not item for item in fixed)):
                part[entry[0].place] = entry[1]
            result[block] = np.moveaxis(part, -1, 0)
        return result

    def rounded(self, values: Mapping[str, Any], cells: int) -> NDArray[np.bool_]:
        """Cells in which floats round a number that was written, ``(C,)``."""
        inputs = {name: values[name] for name in self.parameters}
        return np.broadcast_to(self.program.rounds([entry.step for entry in self.entries], inputs), cells)

    def short_decimals(self, values: Mapping[str, Any], cells: int) -> NDArray[np.float64] | None:
        """``(C, *shape)`` where every value is a short decimal and each float names it; None where not."""
        inputs = {name: values[name] for name in self.parameters}
        places = decimal_places(self.program, [entry.step for entry in self.entries], inputs)
        if places is None:
            return None
        result = self.evaluate(values, cells)
        # the quotient of whole numbers is the float nearest to the decimal; adding zero makes -0 plain 0
        result *= 10.0**places
        np.rint(result, out=result)
        result /= 10.0**places
        result += 0.0
        return result


@dataclass(frozen=True)
class ExactPayoffs:
    """Payoffs of chosen cells as fractions: ``(E,) -> (E, n, A1, .., An)``."""

    formulas: Formulas
    values: dict[str, Any]

    def __call__(self, cells: NDArray[Any]) -> NDArray[Any]:
        """Evaluate at the chosen cells (positions)."""
        chosen = {name: value[cells] if np.ndim(value) else value for name, value in self.values.items()}
        return self.formulas.evaluate(chosen, len(cells), exact=True)


def read_payoffs(
    value: Any, roster: Roster, names: Names, key: KeyPath = ("payoffs",), available: Available | None = None
) -> Formulas:
    """The payoffs ``(C, n, A1, .., An)`` of a table [payoffs]; mistakes are reported to ``names.report``.

    ``available`` maps, for each player, the positions of the actions that exist here to new positions:
    others may be left out, and are not read.  It is everything by default.
    """
    report = names.report
    kept = available or tuple({a: a for a in range(size)} for size in roster.shape)
    entries: list[Entry] = []
    if not isinstance(value, dict) or not value:
        found = "nothing" if value is None else shown(value)
        report.add(key, f"expected a formula or a matrix for each player, or cells; found {found}")
    elif any(isinstance(item, dict) for item in value.values()):
        entries.extend(Reader(roster, names, kept).cells(value, key, ()))
    else:
        for player in value:
            if player not in roster.players:
                known = report.choices(player, {"players": roster.players})
                more = (
                    "" if "Did you mean" in known else " If it plays too, list what it can do under [players]"
                )
                report.add((*key, player), f"unknown player {shown(player)} {known}{more}")
        misspelt = any(player not in roster.players for player in value)
        for i, player in enumerate(roster.players):
            if player not in value and misspelt:
                continue
            if player not in value:
                report.add(key, f"{shown(player)} has no payoffs; give a formula or a matrix")
            else:
                entries.extend(Reader(roster, names, kept).player(value[player], i, (*key, player)))
    return Formulas(names.program, (len(kept), *(len(own) for own in kept)), tuple(entries))


@dataclass(frozen=True)
class Reader:
    """Reads written payoffs of the joint actions that are available."""

    roster: Roster
    names: Names
    available: Available

    def entry(self, source: Any, key: KeyPath, i: int, joint_action: tuple[int, ...]) -> Iterator[Entry]:
        """The formula of player i at a joint action; nothing where it is mistaken."""
        place = tuple(own[a] for own, a in zip(self.available, joint_action, strict=True))
        step = self.names.step(source, key, place)
        if step is not None:
            yield Entry((i, *place), step, key)

    def player(self, value: Any, i: int, key: KeyPath) -> Iterator[Entry]:
        """A formula over traits, or a matrix: lists inside lists, first player outermost."""
        if not isinstance(value, list):
            step = self.names.step(value, key)
            if step is not None:
                yield Entry((i,), step, key)
        elif matrix_fits(value, self.roster, self.names.report, key):
            for joint_action in product(*self.available):
                yield from self.entry(item_at(value, joint_action), (*key, *joint_action), i, joint_action)

    def cells(self, value: Any, key: KeyPath, joint_action: tuple[int, ...]) -> Iterator[Entry]:
        """Tables inside tables by the action of each player in turn; at the end a payoff for each player."""
        roster, report = self.roster, self.names.report
        for inner, place, chosen in walk_cells(value, roster, report, key, joint_action, self.available):
            if not isinstance(inner, list) or len(inner) != len(roster.players):
                wanted = f"[{', '.join(roster.players)}]"
                report.add(place, f"expected a payoff for each player {wanted}, found {shown(inner)}")
                continue
            for i, item in enumerate(inner):
                yield from self.entry(item, place, i, chosen)


def item_at(matrix: Any, joint_action: tuple[int, ...]) -> Any:
    """The item of lists inside lists."""
    for a in joint_action:
        matrix = matrix[a]
    return matrix


def matrix_fits(value: Any, roster: Roster, report: Report, key: KeyPath, depth: int = 0) -> bool:
    """Whether a matrix has a list for each player in turn, with one item for each action."""
    if depth == len(roster.players):
        return True
    player, actions = roster.players[depth], roster.actions[depth]
    if not isinstance(value, list):
        report.add(key, f"expected a list with an item for each action of {player}, found {shown(value)}")
        return False
    if len(value) != len(actions):
        items = "1 item" if len(value) == 1 else f"{len(value)} items"
        listed = ", ".join(actions[:MOST_CHOICES]) + (", ..." if len(actions) > MOST_CHOICES else "")
        report.add(key, f"has {items}; {player} has {len(actions)} actions ({listed})")
        return False
    # a list, not a generator: every mistake is to be told, not only the first
    rows = [matrix_fits(item, roster, report, (*key, a), depth + 1) for a, item in enumerate(value)]
    return all(rows)


def walk_cells(
    value: Any,
    roster: Roster,
    report: Report,
    key: KeyPath,
    joint_action: tuple[int, ...],
    available: Available,
) -> Iterator[tuple[Any, KeyPath, tuple[int, ...]]]:
    """What stands at each available joint action in tables inside tables, with its key."""
    depth = len(joint_action)
    if depth == len(roster.players):
        yield value, key, joint_action
        return
    player, actions = roster.players[depth], roster.actions[depth]
    if not isinstance(value, dict):
        report.add(key, f"expected a table with a key for each action of {player}, found {shown(value)}")
        return
    for action in value:
        if action not in actions:
            report.unknown((*key, action), "action", action, actions, f"actions of {player}")
    for a in available[depth]:
        if actions[a] in value:
            inner = value[actions[a]]
            yield from walk_cells(inner, roster, report, (*key, actions[a]), (*joint_action, a), available)
        elif all(action in actions for action in value):
            report.add(key, f"nothing for {shown(actions[a])}, an action of {player}")
