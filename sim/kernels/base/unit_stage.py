"""A stage game in units of its own: payoffs from 0 to 1, gains from deviating, pure minmax.

``stage (4, N)`` holds u_1, u_2, h_1, h_2 of the flattened joint actions, where h_i is what player i gains in
the stage by his best deviation.  A game comes to unit scale exactly, by a power of two for each player.
"""

from __future__ import annotations

import math

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import SPECK, TIE

__all__ = ["enforced", "ratio", "report", "to_unit_scale"]

HUGE = 1e30  # stands for (1 - d) / d where d is 0


@kernel()
def to_unit_scale(payoffs: Array, stage: Array, floor: Array, low: Array, scale: Array) -> None:
    """Payoffs ``(2, m, n)`` of one game to ``stage (4, m n)``; ``floor (2,)`` is each player's pure minmax.

    A payoff is ``low + scale * unit``.
    """
    m, n = payoffs.shape[1], payoffs.shape[2]
    for i in range(2):
        least, most = np.inf, -np.inf
        for a in range(m):
            for b in range(n):
                least, most = min(least, payoffs[i, a, b]), max(most, payoffs[i, a, b])
        low[i], scale[i] = least, 1.0
        if most > least:
            share, exponent = math.frexp(most - least)
            scale[i] = math.ldexp(1.0, exponent - 1 if share == 0.5 else exponent)
        for a in range(m):
            for b in range(n):
                stage[i, a * n + b] = (payoffs[i, a, b] - least) / scale[i]
    floor[:] = np.inf
    for b in range(n):
        best = 0.0
        for a in range(m):
            best = max(best, stage[0, a * n + b])
        floor[0] = min(floor[0], best)
        for a in range(m):
            stage[2, a * n + b] = gain(best - stage[0, a * n + b])
    for a in range(m):
        best = 0.0
        for b in range(n):
            best = max(best, stage[1, a * n + b])
        floor[1] = min(floor[1], best)
        for b in range(n):
            stage[3, a * n + b] = gain(best - stage[1, a * n + b])


@kernel()
def gain(difference: float) -> float:
    """A gain from deviating; rounding is none."""
    return difference if difference > SPECK else 0.0


@kernel()
def ratio(d: float) -> float:
    """What a unit of gain now weighs against a unit of payoff for ever from the next stage on."""
    if d > 0.0:
        return (1.0 - d) / d
    return HUGE


@kernel()
def enforced(stage: Array, a: int, d0: float, d1: float, p: Array) -> bool:
    """Whether playing joint action a for ever is enforced by the threats p."""
    gap0: float = stage[0, a] - p[0] - ratio(d0) * stage[2, a]
    gap1: float = stage[1, a] - p[1] - ratio(d1) * stage[3, a]
    return gap0 >= -TIE and gap1 >= -TIE


@kernel()
def report(
    v: Array, m: int, floor: Array, low: Array, scale: Array, sets: Array, worst: Array, minmax: Array
) -> None:
    """A polygon, its worst payoffs and the minmax, back in the payoffs' own units."""
    for i in range(2):
        minmax[i] = low[i] + scale[i] * floor[i]
        worst[i] = np.nan if m == 0 else np.inf
        for j in range(m):
            sets[j, i] = low[i] + scale[i] * v[i, j]
            worst[i] = min(worst[i], sets[j, i])
