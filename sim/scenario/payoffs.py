"""Payoffs in one of three ways, told apart by their shape; evaluated for all cells in one call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.expression import Program
from sim.scenario.names import Names, Roster
from sim.scenario.positions import KeyPath
from sim.scenario.problems import shown

__all__ = ["Entry", "ExactPayoffs", "Formulas", "read_payoffs"]


@dataclass(frozen=True)
class Entry:
    """One written formula: where its values go in the array, the step that computes it, its key."""

    place: tuple[int, ...]
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
        for block, computed in self.program.blocks(wanted, inputs, cells, prod(self.shape[1:]), exact=exact):
            part = np.full((*self.shape, block.stop - block.start), np.nan, dtype=result.dtype)
            for entry, value in zip(self.entries, computed, strict=True):
                part[entry.place] = value
            result[block] = np.moveaxis(part, -1, 0)
        return result


@dataclass(frozen=True)
class ExactPayoffs:
    """Payoffs of chosen cells as fractions: ``(E,) -> (E, n, A1, .., An)``."""

    formulas: Formulas
    values: dict[str, Any]

    def __call__(self, cells: NDArray[Any]) -> NDArray[Any]:
        chosen = {name: value[cells] if np.ndim(value) else value for name, value in self.values.items()}
        return self.formulas.evaluate(chosen, len(cells), exact=True)


def read_payoffs(value: Any, roster: Roster, names: Names, key: KeyPath = ("payoffs",)) -> Formulas:
    """The payoffs ``(C, n, A1, .., An)`` of a table [payoffs]; mistakes are reported to ``names.report``."""
    report = names.report
    entries: list[Entry] = []
    if not isinstance(value, dict) or not value:
        report.add(key, f"expected payoffs: a formula or a matrix for each player, or cells; found {shown(value)}")
    elif any(isinstance(item, dict) for item in value.values()):
        entries.extend(read_cells(value, roster, names, key, ()))
    else:
        for player in value:
            if player not in roster.players:
                report.unknown((*key, player), "player", player, roster.players)
        for i, player in enumerate(roster.players):
            if player not in value:
                report.add(key, f"{shown(player)} has no payoffs; give a formula or a matrix")
            else:
                entries.extend(read_player(value[player], i, roster, names, (*key, player)))
    return Formulas(names.program, (len(roster.players), *roster.shape), tuple(entries))


def read_player(value: Any, i: int, roster: Roster, names: Names, key: KeyPath) -> Iterator[Entry]:
    """A formula over traits, or a matrix: lists inside lists, first player outermost."""
    if not isinstance(value, list):
        step = names.step(value, key)
        if step is not None:
            yield Entry((i,), step, key)
        return
    if matrix_fits(value, roster, names, key, 0):
        for joint_action in product(*(range(size) for size in roster.shape)):
            item: Any = value
            for a in joint_action:
                item = item[a]
            step = names.step(item, (*key, *joint_action), joint_action)
            if step is not None:
                yield Entry((i, *joint_action), step, (*key, *joint_action))


def matrix_fits(value: Any, roster: Roster, names: Names, key: KeyPath, depth: int) -> bool:
    """Whether a matrix has a list for each player in turn, with one item for each action."""
    if depth == len(roster.players):
        return True
    player, actions = roster.players[depth], roster.actions[depth]
    if not isinstance(value, list):
        names.report.add(key, f"expected a list with an item for each action of {player}, found {shown(value)}")
        return False
    if len(value) != len(actions):
        names.report.add(
            key, f"has {len(value)} items; {player} has {len(actions)} actions ({', '.join(actions[:12])})"
        )
        return False
    return all([matrix_fits(item, roster, names, (*key, a), depth + 1) for a, item in enumerate(value)])


def read_cells(
    value: Any, roster: Roster, names: Names, key: KeyPath, joint_action: tuple[int, ...]
) -> Iterator[Entry]:
    """Tables inside tables by the action of each player in turn; at the end a payoff for each player."""
    report = names.report
    depth = len(joint_action)
    if depth == len(roster.players):
        if not isinstance(value, list) or len(value) != len(roster.players):
            report.add(key, f"expected a payoff for each player [{', '.join(roster.players)}], found {shown(value)}")
            return
        for i, item in enumerate(value):
            step = names.step(item, (*key, i), joint_action)
            if step is not None:
                yield Entry((i, *joint_action), step, (*key, i))
        return
    player, actions = roster.players[depth], roster.actions[depth]
    if not isinstance(value, dict):
        report.add(key, f"expected a table with a key for each action of {player}, found {shown(value)}")
        return
    for action in value:
        if action not in actions:
            report.unknown((*key, action), "action", action, actions, f"actions of {player}")
    for a, action in enumerate(actions):
        if action in value:
            yield from read_cells(value[action], roster, names, (*key, action), (*joint_action, a))
        else:
            report.add(key, f"no payoffs for {shown(action)}, an action of {player}")
