"""Payoff sets of games with a last stage, and the payoffs that are feasible and individually rational."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import FLAT, FLAT_CLIPPED
from sim.kernels.base.unit_stage import report, to_unit_scale
from sim.kernels.polygon.polygon import clip, copy, hull
from sim.kernels.repeated.enforcement import clipped
from sim.kernels.repeated.payoff_set import MOST_VERTICES, scratch

__all__ = ["feasible_rational_sets", "finite_payoff_sets"]


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
    room = scratch(joint, False)
    stage, v, alive = np.empty((4, joint)), room[5], np.empty(joint, np.bool_)
    floor, low, scale, p = np.empty(2), np.empty(2), np.empty(2), np.empty(2)
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
