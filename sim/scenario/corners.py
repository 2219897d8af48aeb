"""Formulas are computed at load, at the defaults and at corners of the bounds: they must be finite."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sim.scenario.forms import Draft
from sim.scenario.payoffs import Entry, Formulas
from sim.scenario.problems import shown
from sim.scenario.tables import Parameter

__all__ = ["Tried", "check_corners", "corners", "where"]

MOST_CORNERS = 4096
WORK = 20_000_000  # values of steps that may be computed for one scenario
MOST_NAMED = 8  # parameters that a message lists


def corners(
    parameters: dict[str, Parameter], names: Iterable[str], most: int
) -> dict[str, NDArray[np.float64]]:
    """Values to try, ``(corner,)`` for each name: the defaults, then corners of the bounds.

    All of them where there are at most ``most``; else each bound by itself, all bounds together, and
    random corners (always the same ones).
    """
    used = [parameters[name] for name in names]
    default = [float(parameter.default) for parameter in used]
    bounds = np.array([[float(parameter.low), float(parameter.high)] for parameter in used]).reshape(-1, 2)
    if 2 ** min(len(used), 60) < most:
        rows = np.array([default, *product(*bounds.tolist())]) if used else np.zeros((1, 0))
    else:
        alone = np.repeat(np.array([default]), 2 * len(used), axis=0)
        for i in range(len(used)):
            alone[2 * i : 2 * i + 2, i] = bounds[i]
        draw = np.random.default_rng(0).integers(0, 2, (max(0, most - 3 - len(alone)), len(used)))
        chosen = np.take_along_axis(bounds.T, draw, axis=0)
        rows = np.concatenate([[default], bounds.T, alone, chosen])[: max(most, 3)]
    return {name: rows[:, i] for i, name in enumerate(names)}


def where(values: dict[str, NDArray[np.float64]], corner: int, names: Iterable[str]) -> str:
    """The parameter values of a corner in words."""
    if corner == 0:
        return "at the default parameters"
    listed = [f"{name} = {shown(float(values[name][corner]))}" for name in names]
    more = f", ... {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
    return "at " + ", ".join(listed[:MOST_NAMED]) + more if listed else "always"


@dataclass(frozen=True)
class Tried:
    """Formulas at corners: ``values`` of the parameters ``(corner,)``, ``computed (corner, *shape)``."""

    formulas: Formulas
    values: dict[str, NDArray[np.float64]]
    computed: NDArray[np.float64]

    def at(self, corner: int, step: int) -> str:
        """The values of the parameters that a step uses, in words."""
        names = [name for name in self.values if name in self.formulas.program.inputs[step]]
        return where(self.values, corner, names)


def check_corners(
    formulas: Formulas, draft: Draft, spoken: Callable[[Entry, tuple[int, ...]], str] | None = None
) -> Tried:
    """The formulas at corners of the bounds; each that is not finite somewhere is reported.

    ``spoken(entry, place)`` says which joint action a place is; by default it is one of the roster.
    """
    parameters = draft.parameters
    program = formulas.program
    steps = program.needed([entry.step for entry in formulas.entries])
    work = math.prod(formulas.shape) + sum(1 + math.prod(program.shapes[step]) for step in steps)
    most = max(8, min(MOST_CORNERS, WORK // max(work, 1)))
    values = corners(parameters, formulas.parameters, most)
    cells = len(next(iter(values.values()), np.zeros(1)))
    result = Tried(formulas, values, formulas.evaluate(values, cells))
    for entry in formulas.entries:
        numbers = result.computed[:, *entry.place]
        bad = np.argwhere(~np.isfinite(numbers))
        if len(bad):
            corner, *place = (int(number) for number in bad[0])
            joint_action = ""
            if place:
                words = spoken(entry, tuple(place)) if spoken else draft.roster.spoken(place)
                joint_action = f" for {words}"
            draft.report.add(
                entry.key,
                f"is {'not a number' if np.isnan(numbers[(corner, *place)]) else 'infinite'} "
                f"{result.at(corner, entry.step)}{joint_action}: a division by zero, a root or "
                "logarithm of a negative number, or too large; change the formula or the bounds",
            )
    return result
