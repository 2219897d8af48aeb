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

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import CAPPED, FLAT, STANDING, STILL_CLIPPED
from sim.kernels.polygon.polygon import hull
from sim.kernels.polygon.polygon_corners import merged
from sim.kernels.stochastic.state_bounds import bounds, temptation
from sim.kernels.stochastic.state_operator import Actions, Room, Stage, apply_operator, moved
from sim.kernels.stochastic.weighted_sums import Edges, Sets, sorted_edges

__all__ = ["MOST_CORNERS", "state_payoff_sets"]

MOST_CORNERS = 256
STALLED = 64  # steps without progress after which a small move is the last
SIMPLE = 0.3  # share of a step's progress, after discounting, that fewer corners may cost


@kernel()
def to_unit_scale(payoffs: Array, stage: Array, base: Array, unit: Array) -> None:
    """Payoffs ``(2, S, M)`` in units of each player's range, above his least; these are written too."""
    for i in range(2):
        base[i] = payoffs[i].min()
        unit[i] = payoffs[i].max() - base[i]
        if unit[i] == 0.0:
            unit[i] = 1.0
        for s in range(payoffs.shape[1]):
            for m in range(payoffs.shape[2]):
                stage[i, s, m] = (payoffs[i, s, m] - base[i]) / unit[i]


@kernel()
def first_sets(low: Array, high: Array, sets: Sets, points: Array, polygon: Array) -> None:
    """The boxes between what a player can be sure of and what he can get, ``low, high (2, S)``."""
    for s in range(sets.count.size):
        for k in range(4):
            points[0, k] = low[0, s] if k % 2 == 0 else high[0, s]
            points[1, k] = low[1, s] if k < 2 else high[1, s]
            points[2, k] = 0.0
        sets.count[s] = hull(points, 4, polygon, FLAT)
        for k in range(sets.count[s]):
            sets.corner[s, 0, k], sets.corner[s, 1, k] = polygon[0, k], polygon[1, k]


@kernel()
def take(renewed: Sets, sets: Sets, low: Array) -> float:
    """Let ``sets`` be the renewed ones and ``low (2, S)`` their least payoffs: by how much these rose."""
    rising = 0.0
    for s in range(sets.count.size):
        sets.count[s] = renewed.count[s]
        for i in range(2):
            least = np.inf
            for k in range(sets.count[s]):
                sets.corner[s, i, k] = renewed.corner[s, i, k]
                least = min(least, renewed.corner[s, i, k])
            if least < np.inf and least > low[i, s]:
                rising = max(rising, least - low[i, s])
                low[i, s] = least
    return rising


@kernel()
def state_payoff_sets(
    payoffs: Array,
    transition: Array,
    discount: Array,
    sizes: Array,
    available: Array,
    wanted: Array,
    max_steps: int,
    written: tuple[Array, Array, Array, Array, Array, Array],
) -> int:
    """Equilibrium payoffs from every state, for every wanted cell.

    ``payoffs (C, 2, S, M)``, ``transition (C or 1, S, M, S)``, ``discount (C, 2)``, ``sizes (2,)``,
    ``available (S, M)``, ``wanted (C,)``.  ``written``: ``sets (C, S, V, 2)`` corners counter-clockwise,
    ``count (C, S)``, ``worst (C, S, 2)``, ``minmax (C, S, 2)`` in pure actions, ``steps (C,)`` or
    ``max_steps + 1`` where the sets were still moving, ``last_move (C,)`` in units of a player's range.
    Returns 0.
    """
    corners, count, worst, minmax, steps, last_move = written
    cells, states, joint = payoffs.shape[0], payoffs.shape[2], payoffs.shape[3]
    most = corners.shape[2]
    edges_most = states * most
    stage = np.empty((2, states, joint))
    sets = Sets(np.empty((states, 2, most)), np.empty(states, np.int64))
    renewed = Sets(np.empty((states, 2, most)), np.empty(states, np.int64))
    edges = Edges(np.empty((2, edges_most)), np.empty(edges_most, np.int64), np.empty(edges_most))
    corner, size = sets.corner, sets.count
    points, polygon = np.empty((3, 4 * edges_most + 16)), np.empty((3, 4 * edges_most + 16))
    room = Room(np.empty((4, 3, 2 * edges_most + 8)), points, polygon)
    alive, helps = np.empty((states, joint), np.bool_), np.empty((states, joint), np.bool_)
    actions = Actions(alive, helps, np.empty((2, states, joint)))
    low, high = np.empty((2, states)), np.empty((2, states))
    base, unit = np.empty(2), np.empty(2)
    kept = np.empty((2, most))
    for c in range(cells):
        if not wanted[c]:
            continue
        move = transition[c] if transition.shape[0] > 1 else transition[0]
        to_unit_scale(payoffs[c], stage, base, unit)
        game = Stage(stage, move, discount[c])
        alive[:] = available
        helps[:] = available
        bounds(stage, move, discount[c], sizes, available, low, high)
        for s in range(states):
            for i in range(2):
                minmax[c, s, i] = base[i] + unit[i] * low[i, s]
        first_sets(low, high, sets, points, polygon)
        patience = max(discount[c, 0], discount[c, 1])
        enough = max(STILL_CLIPPED * (1.0 - patience), STANDING)
        steps[c] = max_steps + 1
        tolerance = 1e-3 * (1.0 - patience)
        last_move[c] = 1.0
        least_move, stalled = np.inf, 0
        for step in range(max_steps):
            temptation(stage, move, discount[c], sizes, available, low, size, actions.best)
            number = sorted_edges(sets, edges)
            apply_operator(game, actions, sets, edges, number, tolerance, renewed, room)
            last_move[c] = moved(sets, renewed, last_move[c])
            # far from the end small corners are not worth their while
            last_move[c] = max(last_move[c], take(renewed, sets, low))
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
            for i in range(2):
                for k in range(n):
                    corners[c, s, k, i] = base[i] + unit[i] * kept[i, k]
                worst[c, s, i] = base[i] + unit[i] * low[i, s] if n > 0 else np.nan
    return 0
