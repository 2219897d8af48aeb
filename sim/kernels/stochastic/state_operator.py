"""One step of the operator whose largest fixed point are the equilibrium payoffs of all states.

    B(W)(s) = co U_a { (1 - d) u(s, a) + d c : c in sum_t P(t | s, a) W(t),  c enough to obey }

Sets that contain the fixed point contain it after the step as well.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import kernel
from sim.kernels.base.tolerances import SPECK
from sim.kernels.polygon.polygon import overhang
from sim.kernels.polygon.polygon_corners import simplified
from sim.kernels.polygon.polygon_pieces import by_abscissa, joined, kept_above, within
from sim.kernels.stochastic.weighted_sums import walk

__all__ = ["apply_operator", "moved"]

Array = Any  # numba arguments: plain arrays, shapes in the docstrings


@kernel()
def apply_operator(
    stage: Array,
    move: Array,
    discount: Array,
    alive: Array,
    helps: Array,
    best: Array,
    corner: Array,
    count: Array,
    tolerance: float,
    edge: Array,
    owner: Array,
    edges: int,
    renewed: Array,
    renewed_count: Array,
    room: Array,
    points: Array,
    polygon: Array,
) -> None:
    """One step of the operator from ``corner, count`` to ``renewed, renewed_count``; drops dead actions.

    Sets may come out larger by ``tolerance``.  Actions with corners in the last step (``helps (S, M)``)
    come first: most others then add nothing.  ``room (4, 3, N)``, ``points, polygon (3, N)`` are scratch.
    """
    states, joint = alive.shape
    d0, d1 = discount[0], discount[1]
    for s in range(states):
        size = 0
        for k in range(2 * joint):
            m = k if k < joint else k - joint
            if not alive[s, m] or helps[s, m] != (k < joint):
                continue
            now0, now1 = (1.0 - d0) * stage[0, s, m], (1.0 - d1) * stage[1, s, m]
            n = walk(move[s, m], corner, count, edge, owner, edges, now0, now1, d0, d1, room[0])
            source = 0
            for axis in range(2):
                least = np.inf
                for j in range(n):
                    least = min(least, room[source, axis, j])
                if n > 0 and least < best[axis, s, m]:
                    n = kept_above(room[source], n, axis, best[axis, s, m], room[source + 1])
                    source += 1
            if n == 0:
                alive[s, m] = False  # sets only shrink and threats only weaken: never again
                continue
            if k >= joint and within(room[source], n, polygon, size):
                continue
            by_abscissa(room[source], n, room[3])
            size = joined(room[3], n, m, polygon, size, room[0], points)
        for m in range(joint):
            helps[s, m] = False
        for j in range(size):
            helps[s, int(polygon[2, j])] = True
        n = simplified(polygon, size, tolerance, room[0], renewed.shape[2])
        first = 0
        for k in range(1, n):
            gap = room[0, 0, k] - room[0, 0, first]
            if gap < -SPECK or (gap <= SPECK and room[0, 1, k] < room[0, 1, first]):
                first = k
        for k in range(n):
            renewed[s, 0, k] = room[0, 0, (first + k) % n]
            renewed[s, 1, k] = room[0, 1, (first + k) % n]
        renewed_count[s] = n


@kernel()
def moved(corner: Array, count: Array, renewed: Array, renewed_count: Array, before: float) -> float:
    """How far the new sets fall short of the old ones; ``before`` is what it was in the last step.

    Corners are compared one by one where that is plausible, else with the other set's edges.
    """
    far: float = 0.0
    for s in range(count.shape[0]):
        if renewed_count[s] == 0:
            if count[s] > 0:
                return np.inf
            continue
        near = np.inf
        if count[s] == renewed_count[s]:
            near = 0.0
            for k in range(count[s]):
                across = abs(corner[s, 0, k] - renewed[s, 0, k])
                near = max(near, across, abs(corner[s, 1, k] - renewed[s, 1, k]))
        if near > before:
            near = 0.0
            for k in range(count[s]):
                x, y = corner[s, 0, k], corner[s, 1, k]
                near = max(near, overhang(x, y, renewed[s, 0], renewed[s, 1], renewed_count[s]))
        far = max(far, near)
    return far
