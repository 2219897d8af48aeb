"""One step of the operator whose largest fixed point are the equilibrium payoffs of all states.

    B(W)(s) = co U_a { (1 - d) u(s, a) + d c : c in sum_t P(t | s, a) W(t),  c enough to obey }

Sets that contain the fixed point contain it after the step as well.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import SPECK
from sim.kernels.polygon.polygon import clip, overhang
from sim.kernels.polygon.polygon_corners import simplified
from sim.kernels.polygon.polygon_pieces import by_abscissa, joined, within
from sim.kernels.stochastic.weighted_sums import Edges, Sets, walk

__all__ = ["Actions", "Room", "Stage", "apply_operator", "moved"]


class Stage(NamedTuple):
    """One game at unit scale: ``payoffs (2, S, M)``, ``move (S, M, S)``, ``discount (2,)``."""

    payoffs: Array
    move: Array
    discount: Array


class Actions(NamedTuple):
    """What is known of joint actions: ``alive``, ``helps (S, M)`` in the last step, ``best (2, S, M)`` deviations."""

    alive: Array
    helps: Array
    best: Array


class Room(NamedTuple):
    """Scratch: ``pieces (4, 3, N)``, ``points, polygon (3, N)``."""

    pieces: Array
    points: Array
    polygon: Array


@kernel()
def apply_operator(
    game: Stage,
    actions: Actions,
    sets: Sets,
    edges: Edges,
    number: int,
    tolerance: float,
    renewed: Sets,
    scratch: Room,
) -> None:
    """One step of the operator from ``sets``, of which so many ``edges`` are, to ``renewed``; drops dead actions.

    Sets may come out larger by ``tolerance``.  Actions with corners in the last step come first: most others
    then add nothing.
    """
    alive, helps, best = actions.alive, actions.helps, actions.best
    stage, discount = game.payoffs, game.discount
    room, points, polygon = scratch.pieces, scratch.points, scratch.polygon
    states, joint = alive.shape
    d0, d1 = discount[0], discount[1]
    for s in range(states):
        size = 0
        for k in range(2 * joint):
            m = k if k < joint else k - joint
            if not alive[s, m] or helps[s, m] != (k < joint):
                continue
            now = (1.0 - d0) * stage[0, s, m], (1.0 - d1) * stage[1, s, m]
            n = walk(game.move[s, m], sets, edges, number, now, discount, room[0])
            source = 0
            for axis in range(2):
                least = np.inf
                for j in range(n):
                    least = min(least, room[source, axis, j])
                if n > 0 and least < best[axis, s, m]:
                    n = clip(room[source], n, axis, best[axis, s, m], room[source + 1])
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
        n = simplified(polygon, size, tolerance, room[0], renewed.corner.shape[2])
        first = 0
        for k in range(1, n):
            gap = room[0, 0, k] - room[0, 0, first]
            if gap < -SPECK or (gap <= SPECK and room[0, 1, k] < room[0, 1, first]):
                first = k
        for k in range(n):
            renewed.corner[s, 0, k] = room[0, 0, (first + k) % n]
            renewed.corner[s, 1, k] = room[0, 1, (first + k) % n]
        renewed.count[s] = n


@kernel()
def moved(sets: Sets, after: Sets, before: float) -> float:
    """How far the new sets fall short of the old ones; ``before`` is what it was in the last step.

    Corners are compared one by one where that is plausible, else with the other set's edges.
    """
    corner, count, renewed, renewed_count = sets.corner, sets.count, after.corner, after.count
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
