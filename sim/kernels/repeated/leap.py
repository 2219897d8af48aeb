"""Many steps of the equilibrium operator at once, where they all go the same way.

Near a discount at which a payoff set appears or vanishes, iterates creep through the place where it will be:
steps of 1e-9 for millions of times.  While the corners of the set keep their kind, the steps change slowly,
and corners can be moved by many of them.  A leap is taken only if, half way and at its end, the operator

* leads into the set that it is applied to, up to a hundredth of a step,
* leaves the kind and number of corners as they are, and
* moves them by what it did at the beginning, up to a third.

A larger set that generates itself would have stopped the steps, and they hardly change.  This is checked at
three points, not proved for all of the way.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import FLAT, STANDING
from sim.kernels.polygon.polygon import copy, hull, overhang
from sim.kernels.repeated.enforcement import binding

__all__ = ["leap"]

CHANGE = 1.0 / 3.0
OUTSIDE = 1e-2


@kernel()
def leap(
    stage: Array, alive: Array, d: float, p: Array, v: Array, m: int, move: Array, far: float, room: Array
) -> bool:
    """Move the corners ``v (3, m)`` by ``far`` times the last step ``move (2, m)``; whether that is sound.

    The discount is common.  ``v`` and ``p`` are updated where it is, and left alone where it is not.
    """
    size = 0.0
    for k in range(m):
        size = max(size, abs(move[0, k]), abs(move[1, k]))
    trial, points, after = room[0], room[1], room[2]
    living, threat = alive.copy(), np.empty(2)
    for part in range(1, 3):
        share = far * part / 2.0
        for k in range(m):
            for i in range(2):
                points[i, k] = v[i, k] + share * move[i, k] if abs(move[i, k]) > STANDING else v[i, k]
            points[2, k] = v[2, k]
        if hull(points, m, trial, FLAT) != m:
            return False
        for i in range(2):
            threat[i] = trial[i, 0]
            for k in range(m):
                threat[i] = min(threat[i], trial[i, k])
        living[:] = alive
        if hull(points, binding(stage, living, d, threat, trial, m, points), after, FLAT) != m:
            return False
        for k in range(m):
            if trial[2, k] != v[2, k] or after[2, k] != v[2, k]:
                return False
            if overhang(after[0, k], after[1, k], trial[0], trial[1], m) > OUTSIDE * size + STANDING:
                return False
            for i in range(2):
                if abs(after[i, k] - trial[i, k] - move[i, k]) > CHANGE * size:
                    return False
    copy(trial, m, v)
    p[:] = threat
    return True
