"""The other half of the proof: no equilibrium payoff lies outside a claimed set by more than so much.

Self-generation proves a set from inside and would let pass one that is too small.  Here the whole operator
(every corner of every joint action's promises, not the few of Abreu and Sannikov 2014) is applied from
the box between the pure minmax and the best payoffs.  Every iterate contains every equilibrium payoff
(Abreu, Pearce and Stacchetti 1990, theorem 5), so what sticks out of the claimed set bounds what it lacks.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import PASSING
from sim.kernels.base.unit_stage import to_unit_scale
from sim.kernels.polygon.polygon import overhang
from sim.kernels.repeated.payoff_set import largest_fixed_point, outer_start, scratch

__all__ = ["outer_distance"]


@kernel()
def outer_distance(
    payoffs: Array, discount: Array, finite: Array, sets: Array, max_steps: int, gap: Array
) -> None:
    """How far beyond each claimed set an equilibrium payoff can lie, in units of a player's range.

    ``payoffs (C, 2, m, n)``, ``discount (C, 2)``, ``sets (C, V, 2)`` padded with NaN -> ``gap (C,)``; inf for
    an empty set that is not proved to be all.  Cells that are not ``finite (C,)`` are left alone.
    """
    joint = payoffs.shape[2] * payoffs.shape[3]
    room = scratch(joint, False)
    stage, v, alive = np.empty((4, joint)), room[5], np.empty(joint, np.bool_)
    floor, low, scale, p = np.empty(2), np.empty(2), np.empty(2), np.empty(2)
    claimed = np.empty((2, sets.shape[1]))
    for c in range(len(payoffs)):
        if not finite[c]:
            continue
        to_unit_scale(payoffs[c], stage, floor, low, scale)
        count = 0
        while count < sets.shape[1] and not np.isnan(sets[c, count, 0]):
            for i in range(2):
                claimed[i, count] = (sets[c, count, i] - low[i]) / scale[i]
            count += 1
        alive[:] = True
        d0, d1 = discount[c, 0], discount[c, 1]
        m = outer_start(stage, floor, False, p, room[1], v)
        taken, least = 0, 64 + int(16.0 / (1.0 - max(d0, d1)))
        while taken < max_steps:
            m, steps, move = largest_fixed_point(stage, alive, d0, d1, False, p, v, m, room, max_steps)
            taken += least
            if steps <= max_steps or move <= PASSING:
                break
        gap[c] = 0.0
        for k in range(m):
            gap[c] = max(gap[c], overhang(v[0, k], v[1, k], claimed[0], claimed[1], count))
