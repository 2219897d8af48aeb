"""Every formula is computed at load: at the defaults and at corners of the bounds, where it must be finite."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sim.scenario.payoffs import Entry, Formulas
from sim.scenario.problems import Report, shown
from sim.scenario.tables import Parameter

__all__ = ["check_corners", "corners", "where"]

MOST_CORNERS = 4096
WORK = 20_000_000  # values of steps that may be computed for one scenario
MOST_NAMED = 8  # parameters that a message lists


def corners(parameters: dict[str, Parameter], names: Iterable[str], most: int) -> dict[str, NDArray[np.float64]]:
    """Values to try, ``(corner,)`` for each name: the defaults, then corners of the bounds.

    All of them where there are at most ``most``; else each bound by itself, all bounds together, and
    random corners (always the same ones).
    """
    used = [parameters[name] for name in names]
    default = [parameter.default for parameter in used]
    bounds = np.array([[parameter.low, parameter.high] for parameter in used]).reshape(-1, 2)
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


def check_corners(
    formulas: Formulas, parameters: dict[str, Parameter], spoken: Callable[[Entry, tuple[int, ...]], str], report: Report
) -> NDArray[np.float64]:
    """Report each formula that is not finite somewhere; returns the values ``(corner, *shape)``.

    ``spoken(entry, place)`` says which joint action a place of an entry is.
    """
    steps = len(formulas.program.needed([entry.step for entry in formulas.entries]))
    size = int(np.prod(formulas.shape[1:]))
    most = max(16, min(MOST_CORNERS, WORK // max(steps * size, 1)))
    names = formulas.parameters
    values = corners(parameters, names, most)
    cells = len(next(iter(values.values()), np.zeros(1)))
    computed: NDArray[np.float64] = formulas.evaluate(values, cells)
    for entry in formulas.entries:
        bad = np.argwhere(~np.isfinite(computed[(slice(None), *entry.place)]))
        if len(bad):
            corner, *place = (int(number) for number in bad[0])
            found = float(computed[(corner, *entry.place, *place)])
            used = [name for name in names if name in formulas.program.inputs[entry.step]]
            report.add(
                entry.key,
                f"is {'not a number' if np.isnan(found) else 'infinite'} {where(values, corner, used)}"
                f"{spoken(entry, tuple(place))}: a division by zero, a logarithm or root of a negative number, "
                "or too large; change the formula or the bounds",
            )
    return computed
