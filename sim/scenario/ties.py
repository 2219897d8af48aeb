"""Ties that hold at every value of the parameters that vary, as the formulas of two players' payoffs say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.expression import Program
from sim.expression.errors import rounding_errors
from sim.forms.normal import Ties
from sim.polynomials import Polynomial, PolynomialReader, vanishing_minors
from sim.scenario.payoffs import Formulas

__all__ = ["ties_of"]

MEMORY = 2**23  # values of all steps in one block of cells

Place = tuple[int, ...]
Minors = tuple[NDArray[np.bool_], NDArray[np.bool_]]


def ties_of(formulas: Formulas, values: Mapping[str, Any]) -> Ties | None:
    """What the formulas know at these values, of which arrays vary; None where they know nothing.

    It is worked out when it is first asked for, once for all cells and all batches in which the same parameters vary.
    """
    varying = [name for name in formulas.parameters if np.ndim(values[name])]
    if not varying or len(formulas.shape) != 3 or formulas.shape[0] != 2:
        return None
    steps = tuple((whole_place(entry.place), entry.step) for entry in formulas.entries)
    if any(len(place) == 0 for place, _ in steps):
        return None
    source = Source(formulas.program, formulas.shape[1:], steps)
    fixed = tuple(
        (name, np.asarray(values[name]).item()) for name in formulas.parameters if name not in varying
    )
    return Ties(partial(vanishing, source, fixed), partial(errors, source, dict(values)))


def whole_place(place: tuple[int | slice, ...]) -> Place:
    """Where an entry goes, if that is one place; nothing where it goes to many."""
    numbers = tuple(a for a in place if isinstance(a, int))
    return numbers if len(numbers) == len(place) else ()


@dataclass(frozen=True)
class Source:
    """Which step of a program gives a player's payoff: ``(i, a1, a2)``, or ``(i,)`` for all joint actions."""

    program: Program
    shape: tuple[int, ...]
    steps: tuple[tuple[Place, int], ...]

    def table(self, player: int, reader: PolynomialReader) -> list[list[Polynomial]]:
        """One player's payoffs by the actions of both.  Raises ValueError or KeyError where some is unknown."""
        steps = {
            joint: step
            for place, step in self.steps
            if place[0] == player
            for joint in product(*map(range, self.shape))
            if joint[: len(place) - 1] == place[1:]
        }
        rows, columns = self.shape
        return [[reader.read(steps[i, j], (i, j)) for j in range(columns)] for i in range(rows)]


@lru_cache(maxsize=64)
def vanishing(source: Source, fixed: tuple[tuple[str, Any], ...]) -> Minors:
    """The minors of both players' payoffs that are zero whatever the inputs are that are not ``fixed``."""
    try:
        reader = PolynomialReader(source.program, dict(fixed))
        first, second = (source.table(player, reader) for player in range(2))
    except (ValueError, KeyError):  # some payoff has no value: no cell of it is decided by these
        first = second = [
            [Polynomial.variable(f"{i} {j}") for j in range(source.shape[1])] for i in range(source.shape[0])
        ]
    return vanishing_minors(list(map(list, zip(*first, strict=True)))), vanishing_minors(second)


def errors(source: Source, values: Mapping[str, Any], cells: NDArray[Any]) -> NDArray[np.float64]:
    """How far each player's payoffs in the chosen cells may be off, ``(E,) -> (E, 2)``."""
    result = np.empty((len(cells), 2))
    wanted = [step for _, step in source.steps]
    used = frozenset().union(*(source.program.inputs[step] for step in wanted))
    total = sum(prod(source.program.shapes[step]) for step in source.program.needed(wanted))
    length = max(1, MEMORY // max(total, 1))
    for start in range(0, len(cells), length):
        block = cells[start : start + length]
        inputs = {name: values[name][block] if np.ndim(values[name]) else values[name] for name in used}
        largest = np.zeros((2, len(block)))
        found = rounding_errors(source.program, wanted, inputs)
        for (place, _), error in zip(source.steps, found, strict=True):
            of_cells = np.max(error, axis=tuple(range(np.ndim(error) - 1))) if np.ndim(error) > 1 else error
            largest[place[0]] = np.maximum(largest[place[0]], of_cells)
        result[start : start + length] = largest.T
    return result
