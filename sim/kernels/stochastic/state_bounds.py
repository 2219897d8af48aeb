"""What a player can be sure of in each state, and what tempts him, by what follows on deviations."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import SPECK

__all__ = ["bounds", "temptation"]


@kernel()
def bounds(
    stage: Array, move: Array, discount: Array, sizes: Array, available: Array, low: Array, high: Array
) -> None:
    """Least and greatest payoffs that any play can leave a player with, ``low, high (2, S)``.

    ``low`` is what pure play of the other can hold him to (minmax), ``high`` what both together can
    give him.
    """
    states = low.shape[1]
    for i in range(2):
        d = discount[i]
        own, others = sizes[i], sizes[1 - i]
        low[i, :] = 0.0
        high[i, :] = 1.0
        for _ in range(10_000):
            moved = 0.0
            for s in range(states):
                least = np.inf
                greatest = -np.inf
                for b in range(others):
                    best = -np.inf
                    for a in range(own):
                        m = a * sizes[1] + b if i == 0 else b * sizes[1] + a
                        if not available[s, m]:
                            continue
                        floor, top = 0.0, 0.0
                        for t in range(states):
                            floor += move[s, m, t] * low[i, t]
                            top += move[s, m, t] * high[i, t]
                        best = max(best, (1.0 - d) * stage[i, s, m] + d * floor)
                        greatest = max(greatest, (1.0 - d) * stage[i, s, m] + d * top)
                    if best > -np.inf:
                        least = min(least, best)
                moved = max(moved, least - low[i, s], high[i, s] - greatest)
                low[i, s] = max(low[i, s], least)  # bounds from either side stay bounds
                high[i, s] = min(high[i, s], greatest)
            if moved <= SPECK:
                break


@kernel()
def temptation(
    stage: Array,
    move: Array,
    discount: Array,
    sizes: Array,
    available: Array,
    worst: Array,
    count: Array,
    best: Array,
) -> None:
    """What the best one-shot deviation pays against the other's action, ``best (2, S, M)``.

    Infinite where a deviation may lead to a state without equilibria (``count (S,)`` corners of its set):
    what cannot be answered by an equilibrium cannot be deterred by one.
    """
    states, joint = available.shape
    for i in range(2):
        d = discount[i]
        for s in range(states):
            for m in range(joint):
                if not available[s, m]:
                    continue
                other = m % sizes[1] if i == 0 else m // sizes[1]
                if (m // sizes[1] if i == 0 else m % sizes[1]) > 0:  # the same for every own action
                    best[i, s, m] = best[i, s, other if i == 0 else other * sizes[1]]
                    continue
                top = -np.inf
                for a in range(sizes[i]):
                    k = a * sizes[1] + other if i == 0 else other * sizes[1] + a
                    if available[s, k]:
                        total = 0.0
                        for t in range(states):
                            if move[s, k, t] > 0.0:
                                total += np.inf if count[t] == 0 else move[s, k, t] * worst[i, t]
                        # without a future as well: the state that follows must have an equilibrium
                        now = (1.0 - d) * stage[i, s, k]
                        top = max(top, total if total == np.inf else now + d * total)
                best[i, s, m] = top
