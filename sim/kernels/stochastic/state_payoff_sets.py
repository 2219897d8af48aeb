"""Sets of subgame-perfect payoffs of two-player stochastic games, one polygon for each state.

Pure actions, perfect monitoring, public randomisation (Abreu, Brooks and Sannikov 2020).  The sets are
the largest fixed point of

    B(W)(s) = co U_a { (1 - d) u(s, a) + d c : c in sum_t P(t | s, a) W(t),  x >= D(s, a) }

where ``D_i(s, a)`` is the best that player i gets by deviating from a once and being held to his worst
payoffs ``p_i(t) = min W_i(t)`` from the next period on.  Iterates that begin with sets that contain the
fixed point contain it for ever.  Discounts may differ: everything is done by coordinate.

A game comes to unit scale first; tolerances are absolute there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import kernel
from sim.kernels.base.tolerances import CAPPED, FLAT, STANDING, STILL_CLIPPED
from sim.kernels.polygon.polygon import hull
from sim.kernels.polygon.polygon_corners import merged
from sim.kernels.stochastic.state_bounds import bounds, temptation
from sim.kernels.stochastic.state_operator import apply_operator, moved
from sim.kernels.stochastic.weighted_sums import sorted_edges

__all__ = ["MOST_CORNERS", "state_payoff_sets"]

Array = Any  # numba arguments: plain arrays, shapes in the docstrings

MOST_CORNERS = 256
STALLED = 64  # steps without progress after which a small move is the last
SIMPLE = 0.3  # share of a step's progress, after discounting, that fewer corners may cost


@kernel()
def state_payoff_sets(
    payoffs: Array,
    transition: Array,
    discount: Array,
    sizes: Array,
    available: Array,
    wanted: Array,
    max_steps: int,
    sets: Array,
    count: Array,
    worst: Array,
    minmax: Array,
    steps: Array,
    last_move: Array,
) -> int:
    """Equilibrium payoffs from every state, for every wanted cell.

    ``payoffs (C, 2, S, M)``, ``transition (C or 1, S, M, S)``, ``discount (C, 2)``, ``sizes (2,)``,
    ``available (S, M)``, ``wanted (C,)``.  Written: ``sets (C, S, V, 2)`` corners counter-clockwise,
    ``count (C, S)``, ``worst (C, S, 2)``, ``minmax (C, S, 2)`` in pure actions, ``steps (C,)`` or
    ``max_steps + 1`` where the sets were still moving, ``last_move (C,)`` in units of a player's range.
    Returns 0.
    """
    cells, states, joint = payoffs.shape[0], payoffs.shape[2], payoffs.shape[3]
    most = sets.shape[2]
    edges_most = states * most
    stage = np.empty((2, states, joint))
    corner = np.empty((states, 2, most))
    renewed = np.empty((states, 2, most))
    size = np.empty(states, np.int64)
    renewed_size = np.empty(states, np.int64)
    edge = np.empty((2, edges_most))
    owner = np.empty(edges_most, np.int64)
    key = np.empty(edges_most)
    room = np.empty((4, 3, 2 * edges_most + 8))
    points = np.empty((3, 4 * edges_most + 16))
    polygon = np.empty((3, 4 * edges_most + 16))
    alive = np.empty((states, joint), np.bool_)
    helps = np.empty((states, joint), np.bool_)
    best = np.empty((2, states, joint))
    low = np.empty((2, states))
    high = np.empty((2, states))
    base = np.empty(2)
    unit = np.empty(2)
    kept = np.empty((2, most))
    for c in range(cells):
        if not wanted[c]:
            continue
        move = transition[c] if transition.shape[0] > 1 else transition[0]
        for i in range(2):
            base[i] = payoffs[c, i].min()
            unit[i] = payoffs[c, i].max() - base[i]
            if unit[i] == 0.0:
                unit[i] = 1.0
            for s in range(states):
                for m in range(joint):
                    stage[i, s, m] = (payoffs[c, i, s, m] - base[i]) / unit[i]
        alive[:] = available
        helps[:] = available
        bounds(stage, move, discount[c], sizes, available, low, high)
        for s in range(states):
            minmax[c, s, 0] = base[0] + unit[0] * low[0, s]
            minmax[c, s, 1] = base[1] + unit[1] * low[1, s]
            for k in range(4):
                points[0, k] = low[0, s] if k % 2 == 0 else high[0, s]
                points[1, k] = low[1, s] if k < 2 else high[1, s]
                points[2, k] = 0.0
            size[s] = hull(points, 4, polygon, FLAT)
            for k in range(size[s]):
                corner[s, 0, k], corner[s, 1, k] = polygon[0, k], polygon[1, k]
        patience = max(discount[c, 0], discount[c, 1])
        enough = max(STILL_CLIPPED * (1.0 - patience), STANDING)
        steps[c] = max_steps + 1
        tolerance = 1e-3 * (1.0 - patience)
        last_move[c] = 1.0
        least_move, stalled = np.inf, 0
        for step in range(max_steps):
            temptation(stage, move, discount[c], sizes, available, low, size, best)
            edges = sorted_edges(corner, size, edge, owner, key)
            apply_operator(
                stage,
                move,
                discount[c],
                alive,
                helps,
                best,
                corner,
                size,
                tolerance,
                edge,
                owner,
                edges,
                renewed,
                renewed_size,
                room,
                points,
                polygon,
            )
            last_move[c] = moved(corner, size, renewed, renewed_size, last_move[c])
            rising = 0.0
            for s in range(states):
                size[s] = renewed_size[s]
                for i in range(2):
                    least = np.inf
                    for k in range(size[s]):
                        corner[s, i, k] = renewed[s, i, k]
                        least = min(least, renewed[s, i, k])
                    if least < np.inf and least > low[i, s]:
                        rising = max(rising, least - low[i, s])
                        low[i, s] = least
            # far from the end small corners are not worth their while
            last_move[c] = max(last_move[c], rising)
            tolerance = min(tolerance, SIMPLE * (1.0 - patience) * last_move[c])
            # where the number of corners is capped the move stops falling at what the cap costs
            stalled += 1
            if last_move[c] < 0.9 * least_move:
                least_move, stalled = last_move[c], 0
            if last_move[c] <= enough or (stalled > STALLED and last_move[c] < CAPPED):
                steps[c] = step + 1
                break
            if stalled > STALLED and size.max() == most:  # the corners that are left out would be needed
                break
        for s in range(states):
            n = merged(corner[s], size[s], kept)
            count[c, s] = n
            for k in range(n):
                for i in range(2):
                    sets[c, s, k, i] = base[i] + unit[i] * kept[i, k]
            for i in range(2):
                worst[c, s, i] = base[i] + unit[i] * low[i, s] if n > 0 else np.nan
    return 0
