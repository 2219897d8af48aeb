"""One application of the equilibrium operator to a polygon of promises, and who is enforced by a hair.

With a common discount only a few points of each joint action can be extreme: u(a) if playing a for ever is
enforced, else continuations that just enforce a (Abreu and Sannikov 2014, theorem 1 and section 4).  With
unequal discounts trading over time leads outside the hull of stage payoffs, and the whole polygon is clipped.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import EDGE, FLAT, TIE
from sim.kernels.base.unit_stage import ratio, to_unit_scale
from sim.kernels.polygon.polygon import chord, clip, copy, hull, overhang

__all__ = ["binding", "clipped", "on_edge", "undelivered"]


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
def undelivered(payoffs: Array, discount: Array, sets: Array, gap: Array) -> int:
    """How far the worst corner of each set is from all that one more step of the operator promises.

    ``payoffs (C, 2, m, n)``, ``discount (C, 2)``, ``sets (C, V, 2)`` padded with NaN -> ``gap (C,)`` in units of
    a player's range, rather too much than too little.  The solver's own look at its result; returns 0.
    """
    joint, size = payoffs.shape[2] * payoffs.shape[3], sets.shape[1]
    stage, v, scaled = np.empty((4, joint)), np.empty((2, size)), np.empty((2, size))
    floor, low, scale, p = np.empty(2), np.empty(2), np.empty(2), np.empty(2)
    for c in range(len(payoffs)):
        to_unit_scale(payoffs[c], stage, floor, low, scale)
        m, unit = 0, 1.0
        while m < size and not np.isnan(sets[c, m, 0]):
            for i in range(2):
                v[i, m] = (sets[c, m, i] - low[i]) / scale[i]
                scaled[i, m] = discount[c, i] * v[i, m]
            m += 1
        for i in range(2):
            p[i] = v[i, :m].min() if m > 0 else 0.0
            unit = max(unit, 1.0 / stage[i].max() if stage[i].max() > 0.0 else 1.0)
        d0, d1 = discount[c, 0], discount[c, 1]
        gap[c] = 0.0
        for k in range(m):
            best = np.inf
            for a in range(joint):
                now0, now1 = (1.0 - d0) * stage[0, a], (1.0 - d1) * stage[1, a]
                tempted = max(
                    now0 + (1.0 - d0) * stage[2, a] + d0 * p[0] - v[0, k],
                    now1 + (1.0 - d1) * stage[3, a] + d1 * p[1] - v[1, k],
                )
                if tempted < best:
                    away = overhang(v[0, k] - now0, v[1, k] - now1, scaled[0], scaled[1], m)
                    best = min(best, max(tempted, away))
            gap[c] = max(gap[c], unit * best)
    return 0
