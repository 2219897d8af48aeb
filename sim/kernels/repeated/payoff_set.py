"""Sets of subgame-perfect payoffs of two-player repeated games, as polygons.

Pure actions, perfect monitoring, public randomisation.  The set V is the largest fixed point of

    B(W) = co U_a { (1 - d) u(a) + d w : w in W, w_i >= p_i + (1 - d_i) / d_i h_i(a) },   p_i = min W_i,

where h_i(a) is what player i gains in the stage by his best deviation from a (Abreu, Pearce and
Stacchetti 1990).  Iterates that begin with a set that contains V contain it for ever.  With a common discount
slow passages are leapt over (:mod:`sim.kernels.repeated.leap`); with unequal ones a set has corners without end,
and those that stick out by less than ``FLAT_CLIPPED`` are dropped.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import CROWDED, FAR, FLAT, FLAT_CLIPPED, STILL, STILL_CLIPPED
from sim.kernels.base.unit_stage import enforced, report, to_unit_scale
from sim.kernels.polygon.polygon import copy, hull, overhang
from sim.kernels.repeated.enforcement import binding, clipped, on_edge
from sim.kernels.repeated.leap import leap

__all__ = [
    "MOST_VERTICES", "largest_fixed_point", "outer_start", "payoff_sets", "scratch", "widest",
]  # fmt: skip

MOST_VERTICES = 2048  # of sets with unequal discounts; dropping more is said by the status
PATIENT = 96  # steps of one kind before a leap, half as many between leaps
NARROW = 32.0  # the shortest leap, in steps
MOST_WORK = 100_000_000  # corners of all steps together: seconds


@kernel()
def outer_start(stage: Array, floor: Array, common: bool, p: Array, points: Array, v: Array) -> int:
    """A polygon that contains every equilibrium payoff, and threats ``p`` that are at most the worst ones."""
    p[:] = floor
    if common:
        count = stage.shape[1]
        for a in range(count):
            points[0, a], points[1, a], points[2, a] = stage[0, a], stage[1, a], 0.0
    else:
        count = 4
        for k in range(4):
            points[0, k] = floor[0] if k % 2 == 0 else stage[0].max()
            points[1, k] = floor[1] if k < 2 else stage[1].max()
            points[2, k] = 0.0
    m: int = hull(points, count, v, FLAT)
    return m


@kernel()
def widest(joint: int, common: bool) -> int:
    """How many vertices a polygon of a game with so many joint actions has at most, on the way too."""
    return 4 * joint + 16 if common else 4 * max(joint, MOST_VERTICES) + 2 * MOST_VERTICES


@kernel()
def scratch(joint: int, common: bool) -> Array:
    """Room for :func:`largest_fixed_point`: six polygons, the last for its answer."""
    return np.empty((6, 3, widest(joint, common)))


@kernel()
def largest_fixed_point(
    stage: Array, alive: Array, d0: float, d1: float, few: bool, p: Array, v: Array, m: int,
    room: Array, max_steps: int,
) -> tuple[int, int, float]:  # fmt: skip
    """Apply the operator to the polygon in ``v`` until nothing moves: vertices, steps, the last move.

    ``p``, ``alive`` and ``v`` are updated; ``room`` is :func:`scratch`.  With ``few`` only the
    points that can be extreme at a common discount are looked at.  Steps are ``max_steps + 1`` where it was
    still moving, or where more corners had to be dropped than is harmless.
    """
    w, points, half, part, last = room[0], room[1], room[2], room[3], room[4]
    enough = STILL if few else STILL_CLIPPED
    move, least, since, work = np.inf, np.inf, 0, 0
    alike, far, leapt = 0, NARROW, False
    for step in range(1, max_steps + 1):
        n, flat = 0, FLAT
        if few:
            n = binding(stage, alive, d0, p, v, m, points)
        else:
            n, flat = clipped(stage, alive, d0, d1, p, v, m, half, part, points), FLAT_CLIPPED
        work += n
        if work > MOST_WORK:
            break
        k = hull(points, n, w, flat)
        while not few and k > MOST_VERTICES:
            flat = 4.0 * flat
            copy(w, k, points)
            k = hull(points, k, w, flat)
        move = np.inf
        if k == m:
            move = 0.0
            for j in range(k):
                move = max(move, abs(w[0, j] - v[0, j]), abs(w[1, j] - v[1, j]))
        if move > enough and k > 0 and (k != m or step % 16 == 0):
            move = 0.0  # vertices may have come and gone without the set changing
            for j in range(m):
                move = max(move, overhang(v[0, j], v[1, j], w[0], w[1], k))
                if move > enough:
                    break
        alike += 1
        for j in range(k):
            if k != m or w[2, j] != v[2, j]:
                alike = 0
                break
            last[0, j], last[1, j] = w[0, j] - v[0, j], w[1, j] - v[1, j]
        copy(w, k, v)
        m = k
        if m == 0:
            return m, step, 0.0
        for i in range(2):
            worst = v[i, 0]
            for j in range(1, m):
                worst = min(worst, v[i, j])
            if worst > p[i] or leapt:  # a leap may have gone a hair too far
                move = max(move, abs(worst - p[i]))
                p[i] = worst
        if move <= max(enough, flat):
            return m, step if flat <= CROWDED else max_steps + 1, max(move, flat)
        if move < 0.5 * least:
            least, since = move, step
        if not few and step > since + 64 + int(16.0 / (1.0 - max(d0, d1))):
            break  # what a hair decides, or has no room, comes and goes for ever
        if few and alike >= PATIENT and move > FAR:
            leapt = leap(stage, alive, d0, p, v, m, last, far, room)
            far, alike = (2.0 * far if leapt else max(NARROW, 0.5 * far)), PATIENT // 2
    return m, max_steps + 1, move


@kernel()
def payoff_sets(
    payoffs: Array,
    discount: Array,
    finite: Array,
    max_steps: int,
    sets: Array,
    count: Array,
    worst: Array,
    minmax: Array,
    sustained: Array,
    edge: Array,
    steps: Array,
    move: Array,
) -> None:
    """Payoff sets of infinitely repeated games; cells that are not ``finite (C,)`` are left alone.

    ``payoffs (C, 2, m, n)``, ``discount (C, 2)`` -> ``sets (C, V, 2)`` (left as they are beyond a cell's
    ``count (C,)`` vertices), ``worst (C, 2)``, ``minmax (C, 2)``, ``sustained (C, N)``, ``edge (C,)``,
    ``steps (C,)``, ``move (C,)`` of the last step in units of each player's range
    (rounded up to a power of 2).
    """
    joint = payoffs.shape[2] * payoffs.shape[3]
    common = True
    for c in range(len(payoffs)):
        common = common and discount[c, 0] == discount[c, 1]
    room = scratch(joint, common)
    stage, v, alive = np.empty((4, joint)), room[5], np.empty(joint, np.bool_)
    floor, low, scale, p = np.empty(2), np.empty(2), np.empty(2), np.empty(2)
    for c in range(len(payoffs)):
        if not finite[c]:
            continue
        to_unit_scale(payoffs[c], stage, floor, low, scale)
        d0, d1 = discount[c, 0], discount[c, 1]
        alive[:] = True
        m = outer_start(stage, floor, d0 == d1, p, room[1], v)
        m, steps[c], move[c] = largest_fixed_point(stage, alive, d0, d1, d0 == d1, p, v, m, room, max_steps)
        edge[c] = on_edge(stage, alive, d0, d1, p, v, m)
        for a in range(joint):
            sustained[c, a] = m > 0 and enforced(stage, a, d0, d1, p)
        count[c] = m
        report(v, m, floor, low, scale, sets[c], worst[c], minmax[c])
