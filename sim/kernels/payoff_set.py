"""Sets of subgame-perfect payoffs of two-player repeated games, as polygons.

Pure actions, perfect monitoring, public randomisation.  The set V is the largest fixed point of

    B(W) = co U_a { (1 - d) u(a) + d w : w in W, w_i >= p_i + (1 - d_i) / d_i h_i(a) },   p_i = min W_i,

where h_i(a) is what player i gains in the stage by his best deviation from a (Abreu, Pearce and
Stacchetti 1990).  Iterates that begin with a set that contains V contain it for ever.  With a common
discount only a few points of each joint action can be extreme: u(a) if playing a for ever is enforced,
else continuations that just enforce a (Abreu and Sannikov 2014, theorem 1 and section 4).  With unequal
discounts trading over time leads outside the hull of stage payoffs, and the whole polygon is clipped.

A game comes to unit scale exactly, by a power of two for each player: ``stage (4, N)`` holds u_1, u_2,
h_1, h_2 of the flattened joint actions.  Decisions forgive ``TIE``, so that what is just enforced in
exact arithmetic is enforced here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import kernel
from sim.kernels.polygon import FLAT, chord, clip, copy, hull, overhang

__all__ = [
    "MOST_VERTICES",
    "TIE",
    "enforced",
    "feasible_rational_sets",
    "finite_payoff_sets",
    "largest_fixed_point",
    "outer_start",
    "payoff_sets",
    "to_unit_scale",
]

Array = Any  # numba arguments: plain arrays, shapes in the docstrings

TIE = 1e-12
STILL = 1e-13  # a step that moves nothing by more has arrived
STILL_CLIPPED = 1e-12
EDGE = 1e-9  # decisions closer than this are marked as knife edges
FLAT_CLIPPED = 1e-13  # corners that unequal discounts pile up are dropped below this
MOST_VERTICES = 256
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
            scale[i] = 2.0 ** np.ceil(np.log2(most - least))
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
    return difference if difference > 1e-15 else 0.0


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
def ratio(d: float) -> float:
    """What a unit of gain now weighs against a unit of payoff for ever from the next stage on."""
    if d > 0.0:
        return (1.0 - d) / d
    return HUGE


@kernel()
def binding(stage: Array, alive: Array, d: float, p: Array, v: Array, m: int, points: Array) -> int:
    """Abreu and Sannikov's points for a common discount: at most four of each joint action."""
    count, weight = 0, ratio(d)
    for a in range(stage.shape[1]):
        if not alive[a]:
            continue
        u0, u1 = stage[0, a], stage[1, a]
        c0, c1 = p[0] + weight * stage[2, a], p[1] + weight * stage[3, a]
        if u0 >= c0 - TIE and u1 >= c1 - TIE:
            points[0, count], points[1, count], points[2, count] = u0, u1, a
            count += 1
            continue
        start = count
        now0, now1 = (1.0 - d) * u0, (1.0 - d) * u1
        low, high = chord(v[0], v[1], m, c0)
        if high >= c1 - TIE:
            high, low = max(high, c1), max(low, c1)
            points[0, count], points[1, count], points[2, count] = now0 + d * c0, now1 + d * high, a
            count += 1
            if low < high:
                points[0, count], points[1, count], points[2, count] = now0 + d * c0, now1 + d * low, a
                count += 1
        low, high = chord(v[1], v[0], m, c1)
        if high >= c0 - TIE:
            high = max(high, c0)
            points[0, count], points[1, count], points[2, count] = now0 + d * high, now1 + d * c1, a
            count += 1
            if low > c0:
                points[0, count], points[1, count], points[2, count] = now0 + d * low, now1 + d * c1, a
                count += 1
        if count == start:
            alive[a] = 0  # sets only shrink and threats only weaken: never again
    return count


@kernel()
def clipped(
    stage: Array,
    alive: Array,
    d0: float,
    d1: float,
    p: Array,
    v: Array,
    m: int,
    half: Array,
    part: Array,
    points: Array,
) -> int:
    """All that each joint action can promise under the operator itself; discounts may differ."""
    count, room = 0, points.shape[1]
    weight0, weight1 = ratio(d0), ratio(d1)
    for a in range(stage.shape[1]):
        if not alive[a]:
            continue
        kept = clip(v, m, 0, p[0] + weight0 * stage[2, a], half)
        kept = clip(half, kept, 1, p[1] + weight1 * stage[3, a], part)
        if kept == 0:
            alive[a] = 0
            continue
        if count + kept > room:
            count = hull(points, count, half, FLAT)
            copy(half, count, points)
        for k in range(kept):
            points[0, count] = (1.0 - d0) * stage[0, a] + d0 * part[0, k]
            points[1, count] = (1.0 - d1) * stage[1, a] + d1 * part[1, k]
            points[2, count] = a
            count += 1
    return count


@kernel()
def largest_fixed_point(
    stage: Array, alive: Array, d0: float, d1: float, p: Array, v: Array, m: int, room: Array, max_steps: int
) -> tuple[int, int, float]:
    """Apply the operator to the polygon in ``v`` until nothing moves: vertices, steps, the last move.

    ``p``, ``alive`` and ``v`` are updated; ``room (4, 3, size)`` is scratch.  Steps are ``max_steps + 1``
    where it was still moving.
    """
    w, points, half, part = room[0], room[1], room[2], room[3]
    common = d0 == d1
    enough = STILL if common else STILL_CLIPPED
    move = np.inf
    for step in range(1, max_steps + 1):
        n, flat = 0, FLAT
        if common:
            n = binding(stage, alive, d0, p, v, m, points)
        else:
            n, flat = clipped(stage, alive, d0, d1, p, v, m, half, part, points), FLAT_CLIPPED
        k = 0
        while True:
            k = hull(points, n, w, flat)
            if common or k <= MOST_VERTICES:
                break
            flat, n = 4.0 * flat, k
            copy(w, k, points)
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
        copy(w, k, v)
        m = k
        if m == 0:
            return m, step, 0.0
        for i in range(2):
            worst = v[i, 0]
            for j in range(1, m):
                worst = min(worst, v[i, j])
            if worst > p[i]:
                move = max(move, worst - p[i])
                p[i] = worst
        if move <= enough:
            return m, step, move
    return m, max_steps + 1, move


@kernel()
def enforced(stage: Array, a: int, d0: float, d1: float, p: Array) -> bool:
    """Whether playing joint action a for ever is enforced by the threats p."""
    gap0: float = stage[0, a] - p[0] - ratio(d0) * stage[2, a]
    gap1: float = stage[1, a] - p[1] - ratio(d1) * stage[3, a]
    return gap0 >= -TIE and gap1 >= -TIE


@kernel()
def on_edge(stage: Array, alive: Array, d0: float, d1: float, p: Array, v: Array, m: int) -> bool:
    """Whether some joint action is enforced, or no longer enforced, by less than ``EDGE``."""
    for a in range(stage.shape[1]):
        h0, h1 = stage[2, a], stage[3, a]
        c0, c1 = p[0] + ratio(d0) * h0, p[1] + ratio(d1) * h1
        gap0, gap1 = stage[0, a] - c0, stage[1, a] - c1
        if min(gap0, gap1) >= -EDGE and ((h0 > 0.0 and gap0 < EDGE) or (h1 > 0.0 and gap1 < EDGE)):
            return True
        high1, high0 = chord(v[0], v[1], m, c0)[1], chord(v[1], v[0], m, c1)[1]
        if (h1 > 0.0 and abs(high1 - c1) < EDGE) or (h0 > 0.0 and abs(high0 - c0) < EDGE):
            return True
        if h0 > 0.0 or h1 > 0.0:
            near0, near1 = chord(v[0], v[1], m, c0 - EDGE)[1], chord(v[1], v[0], m, c1 - EDGE)[1]
            if not alive[a] and (near0 >= c1 - EDGE or near1 >= c0 - EDGE):
                return True
    return False


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
    size = max(4 * joint, 2 * MOST_VERTICES) + 4 * MOST_VERTICES
    stage, room, v = np.empty((4, joint)), np.empty((4, 3, size)), np.empty((3, size))
    floor, low, scale, p = np.empty(2), np.empty(2), np.empty(2), np.empty(2)
    alive = np.empty(joint, np.bool_)
    for c in range(len(payoffs)):
        if not finite[c]:
            continue
        to_unit_scale(payoffs[c], stage, floor, low, scale)
        d0, d1 = discount[c, 0], discount[c, 1]
        alive[:] = True
        m = outer_start(stage, floor, d0 == d1, p, room[1], v)
        m, steps[c], move[c] = largest_fixed_point(stage, alive, d0, d1, p, v, m, room, max_steps)
        edge[c] = on_edge(stage, alive, d0, d1, p, v, m)
        for a in range(joint):
            sustained[c, a] = m > 0 and enforced(stage, a, d0, d1, p)
        count[c] = m
        report(v, m, floor, low, scale, sets[c], worst[c], minmax[c])


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


@kernel()
def finite_payoff_sets(
    payoffs: Array,
    discount: Array,
    finite: Array,
    horizon: int,
    sets: Array,
    count: Array,
    worst: Array,
    minmax: Array,
    sustained: Array,
) -> None:
    """Payoff sets of games of ``horizon`` stages: the operator applied that often from the last stage.

    With t stages to come the later ones weigh ``d (1 - d^t) / (1 - d^(t + 1))`` of the average, which plays
    the part of the discount.  ``sustained`` are the joint actions that can be played in every stage, the
    equilibria of the stage.  Arrays as in :func:`payoff_sets`.
    """
    joint = payoffs.shape[2] * payoffs.shape[3]
    size = max(4 * joint, 2 * MOST_VERTICES) + 4 * MOST_VERTICES
    stage, room, v = np.empty((4, joint)), np.empty((4, 3, size)), np.empty((3, size))
    floor, low, scale, p = np.empty(2), np.empty(2), np.empty(2), np.empty(2)
    alive = np.empty(joint, np.bool_)
    for c in range(len(payoffs)):
        if not finite[c]:
            continue
        to_unit_scale(payoffs[c], stage, floor, low, scale)
        m = 0
        for a in range(joint):
            sustained[c, a] = stage[2, a] == 0.0 and stage[3, a] == 0.0
            if sustained[c, a]:
                room[1, 0, m], room[1, 1, m], room[1, 2, m] = stage[0, a], stage[1, a], a
                m += 1
        m = hull(room[1], m, v, FLAT)
        total0, total1 = 1.0, 1.0
        for _ in range(1, horizon):
            if m == 0:
                break
            p[0], p[1] = v[0, :m].min(), v[1, :m].min()
            total0, total1 = 1.0 + discount[c, 0] * total0, 1.0 + discount[c, 1] * total1
            alive[:] = True
            reached = clipped(
                stage, alive, 1.0 - 1.0 / total0, 1.0 - 1.0 / total1, p, v, m, room[2], room[3], room[1]
            )
            flat = FLAT_CLIPPED
            while True:
                m = hull(room[1], reached, v, flat)
                if m <= MOST_VERTICES:
                    break
                flat, reached = 4.0 * flat, m
                copy(v, m, room[1])
        count[c] = m
        report(v, m, floor, low, scale, sets[c], worst[c], minmax[c])


@kernel()
def feasible_rational_sets(payoffs: Array, floor: Array, finite: Array, sets: Array) -> None:
    """The hull of stage payoffs where each player gets his ``floor (C, 2)`` at least: ``sets (C, V, 2)``."""
    joint = payoffs.shape[2] * payoffs.shape[3]
    size = joint + 8
    points, v, half = np.empty((3, size)), np.empty((3, size)), np.empty((3, size))
    stage, own, low, scale = np.empty((4, joint)), np.empty(2), np.empty(2), np.empty(2)
    for c in range(len(payoffs)):
        if not finite[c]:
            continue
        to_unit_scale(payoffs[c], stage, own, low, scale)
        points[0, :joint], points[1, :joint], points[2, :joint] = stage[0], stage[1], 0.0
        m = hull(points, joint, v, FLAT)
        m = clip(v, m, 0, (floor[c, 0] - low[0]) / scale[0], half)
        m = clip(half, m, 1, (floor[c, 1] - low[1]) / scale[1], points)
        m = hull(points, m, v, FLAT)
        for k in range(m):
            for i in range(2):
                sets[c, k, i] = low[i] + scale[i] * v[i, k]
