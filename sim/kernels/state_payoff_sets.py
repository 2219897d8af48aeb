"""Sets of subgame-perfect payoffs of two-player stochastic games, one polygon for each state.

Pure actions, perfect monitoring, public randomisation (Abreu, Brooks and Sannikov 2020).  The sets are
the largest fixed point of

    B(W)(s) = co U_a { (1 - d) u(s, a) + d c : c in sum_t P(t | s, a) W(t),  x >= D(s, a) }

where ``D_i(s, a)`` is the best that player i gets by deviating from a once and being held to his worst
payoffs ``p_i(t) = min W_i(t)`` from the next period on.  Iterates that begin with sets that contain the
fixed point contain it for ever.  Discounts may differ: everything is done by coordinate.

The sum of weighted polygons has the edges of all of them in the order of their direction.  Edges of all
states are sorted once in a step; the sum for a row P of the transition is then one walk along them, with
the edges of state t scaled by P(t).

A game comes to unit scale first; tolerances are absolute there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import kernel
from sim.kernels.polygon import hull, overhang

__all__ = ["MOST_CORNERS", "state_payoff_sets"]

Array = Any  # numba arguments: plain arrays, shapes in the docstrings

MOST_CORNERS = 256
TIE = 1e-12  # what misses a constraint by less is forgiven
FLAT = 1e-14  # corners that stick out by less are none
STALLED = 64  # steps without progress after which a small move is the last
CAPPED = 1e-9
SAME = 1e-15  # abscissae that differ by less are equal
MERGED = 1e-10  # corners of an answer that are nearer than this are one


@kernel()
def direction(dx: float, dy: float) -> float:
    """A number in (0, 4] that grows with the direction of an edge, counter-clockwise; 4 is straight down."""
    size = abs(dx) + abs(dy)
    if dx > 0.0:
        return 1.0 + dy / size
    if dx < 0.0:
        return 3.0 - dy / size
    return 2.0 if dy > 0.0 else 4.0


@kernel()
def sorted_edges(corner: Array, count: Array, edge: Array, owner: Array, key: Array) -> int:
    """Edges of all polygons in the order of their direction: their number.

    ``corner (S, 2, V)``, ``count (S,)``; written: ``edge (2, N)``, ``owner (N,)`` the state of each.
    """
    total = 0
    for s in range(count.shape[0]):
        n = count[s]
        if n < 2:
            continue
        last = 0.0
        for k in range(n):
            after = k + 1 if k + 1 < n else 0
            dx = corner[s, 0, after] - corner[s, 0, k]
            dy = corner[s, 1, after] - corner[s, 1, k]
            angle = direction(dx, dy)
            # the first corner is the leftmost, up to rounding, which must not undo the order of edges
            if k == 0 and angle > 3.0:
                angle = 0.0
            elif k == n - 1 and angle < 1.0:
                angle = 4.0
            last = max(last, angle)
            place = total
            while place > 0 and key[place - 1] > last:
                key[place] = key[place - 1]
                owner[place] = owner[place - 1]
                edge[0, place] = edge[0, place - 1]
                edge[1, place] = edge[1, place - 1]
                place -= 1
            key[place], owner[place], edge[0, place], edge[1, place] = last, s, dx, dy
            total += 1
    return total


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
            if moved <= 1e-15:
                break


@kernel()
def temptation(
    stage: Array, move: Array, discount: Array, sizes: Array, available: Array, worst: Array, best: Array
) -> None:
    """What the best one-shot deviation pays against the other's action, ``best (2, S, M)``."""
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
                            total += move[s, k, t] * worst[i, t]
                        top = max(top, (1.0 - d) * stage[i, s, k] + d * total)
                best[i, s, m] = top


@kernel()
def walk(
    row: Array,
    corner: Array,
    count: Array,
    edge: Array,
    owner: Array,
    edges: int,
    now0: float,
    now1: float,
    d0: float,
    d1: float,
    points: Array,
) -> int:
    """Corners of ``now + d * sum_t row(t) W(t)`` into ``points (2, N)``; 0 where some needed set is empty."""
    x, y = 0.0, 0.0
    for t in range(row.shape[0]):
        if row[t] > 0.0:
            if count[t] == 0:
                return 0
            x += row[t] * corner[t, 0, 0]
            y += row[t] * corner[t, 1, 0]
    points[0, 0] = now0 + d0 * x
    points[1, 0] = now1 + d1 * y
    n = 1
    for k in range(edges):
        weight = row[owner[k]]
        if weight > 0.0:
            x += weight * edge[0, k]
            y += weight * edge[1, k]
            points[0, n] = now0 + d0 * x
            points[1, n] = now1 + d1 * y
            n += 1
    return n - 1 if n > 1 else n  # the walk ends where it began


@kernel()
def kept_above(points: Array, n: int, axis: int, least: float, kept: Array) -> int:
    """The part of a polygon whose coordinate ``axis`` is at least ``least``, into ``kept (2, N)``."""
    other = 1 - axis
    count = 0
    a = n - 1
    before = points[axis, a] - least
    for k in range(n):
        side = points[axis, k] - least
        if (side > TIE and before < -TIE) or (side < -TIE and before > TIE):
            share = before / (before - side)
            kept[axis, count] = least
            kept[other, count] = points[other, a] + share * (points[other, k] - points[other, a])
            count += 1
        if side >= -TIE:
            kept[0, count], kept[1, count] = points[0, k], points[1, k]
            count += 1
        before, a = side, k
    return count


@kernel()
def by_abscissa(points: Array, n: int, ordered: Array) -> None:
    """The corners of a polygon from left to right, into ``ordered (2, N)``: the order that hulls want."""
    first = 0
    for k in range(1, n):
        if points[0, k] < points[0, first]:
            first = k
    ahead, behind = first, first - 1 if first > 0 else n - 1
    for k in range(n):
        if k == n - 1 or points[0, ahead] <= points[0, behind]:
            ordered[0, k], ordered[1, k] = points[0, ahead], points[1, ahead]
            ahead = ahead + 1 if ahead + 1 < n else 0
        else:
            ordered[0, k], ordered[1, k] = points[0, behind], points[1, behind]
            behind = behind - 1 if behind > 0 else n - 1


@kernel()
def joined(ordered: Array, n: int, hulled: Array, size: int, room: Array, points: Array) -> int:
    """The hull of ``hulled (3, N)`` and the points of ``ordered (2, N)``, into ``hulled``: its corners."""
    by_abscissa(hulled, size, room)
    i, j, total = 0, 0, 0
    while i < n or j < size:
        if j >= size or (i < n and ordered[0, i] <= room[0, j]):
            points[0, total], points[1, total], points[2, total] = ordered[0, i], ordered[1, i], 0.0
            i += 1
        else:
            points[0, total], points[1, total], points[2, total] = room[0, j], room[1, j], 0.0
            j += 1
        total += 1
    corners: int = hull(points, total, hulled, FLAT)
    return corners


@kernel()
def simplified(polygon: Array, n: int, tolerance: float, result: Array, most: int) -> int:
    """A polygon with fewer edges that contains the given one and sticks out of it by ``tolerance`` at most.

    An edge goes where its neighbours, prolonged, meet near it.  At most ``most`` corners are kept: the
    tolerance grows until that holds.
    """
    for k in range(n):
        result[0, k], result[1, k] = polygon[0, k], polygon[1, k]
    while True:
        k = 0
        while k < n and n > 4:
            before, after, beyond = (k - 1) % n, (k + 1) % n, (k + 2) % n
            ux, uy = result[0, k] - result[0, before], result[1, k] - result[1, before]
            wx, wy = result[0, after] - result[0, beyond], result[1, after] - result[1, beyond]
            ex, ey = result[0, after] - result[0, k], result[1, after] - result[1, k]
            cross = uy * wx - ux * wy
            # both neighbours turn by less than a right angle in all, so they meet beyond the edge
            if cross > 0.0 and -(ux * wx + uy * wy) > 0.0:
                reach = (ex * -wy + ey * wx) / cross
                x, y = result[0, k] + reach * ux, result[1, k] + reach * uy
                length = np.sqrt(ex * ex + ey * ey)
                height = abs(ex * (y - result[1, k]) - ey * (x - result[0, k]))
                if reach >= 0.0 and height <= tolerance * length:
                    result[0, k], result[1, k] = x, y
                    for j in range(after, n - 1):
                        result[0, j], result[1, j] = result[0, j + 1], result[1, j + 1]
                    n -= 1
                    continue
            k += 1
        if n <= most:
            return n
        tolerance = 4.0 * tolerance + 1e-15


@kernel()
def apply_operator(
    stage: Array,
    move: Array,
    discount: Array,
    alive: Array,
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

    Sets may come out larger by ``tolerance``.  ``room (4, 2, N)``, ``points, polygon (3, N)`` are scratch.
    """
    states, joint = alive.shape
    d0, d1 = discount[0], discount[1]
    for s in range(states):
        size = 0
        for m in range(joint):
            if not alive[s, m]:
                continue
            now0, now1 = (1.0 - d0) * stage[0, s, m], (1.0 - d1) * stage[1, s, m]
            n = walk(move[s, m], corner, count, edge, owner, edges, now0, now1, d0, d1, room[0])
            source = 0
            for axis in range(2):
                least = np.inf
                for k in range(n):
                    least = min(least, room[source, axis, k])
                if n > 0 and least < best[axis, s, m]:
                    n = kept_above(room[source], n, axis, best[axis, s, m], room[source + 1])
                    source += 1
            if n == 0:
                alive[s, m] = False  # sets only shrink and threats only weaken: never again
                continue
            by_abscissa(room[source], n, room[3])
            size = joined(room[3], n, polygon, size, room[0], points)
        n = simplified(polygon, size, tolerance, room[0], renewed.shape[2])
        first = 0
        for k in range(1, n):
            gap = room[0, 0, k] - room[0, 0, first]
            if gap < -SAME or (gap <= SAME and room[0, 1, k] < room[0, 1, first]):
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


@kernel()
def merged(corner: Array, n: int, kept: Array) -> int:
    """Corners of an answer without repeats: clusters and corners that stick out by less than ``MERGED``."""
    for k in range(n):
        kept[0, k], kept[1, k] = corner[0, k], corner[1, k]
    dropped = True
    while dropped and n > 1:
        dropped = False
        for k in range(n):
            a, b = (k - 1) % n, (k + 1) % n
            ex, ey = kept[0, b] - kept[0, a], kept[1, b] - kept[1, a]
            fx, fy = kept[0, k] - kept[0, a], kept[1, k] - kept[1, a]
            length = np.sqrt(ex * ex + ey * ey)
            near = max(abs(fx), abs(fy)) <= MERGED
            within = n > 2 and length > MERGED and abs(ex * fy - ey * fx) <= MERGED * length
            inside = within and 0.0 <= ex * fx + ey * fy <= length * length
            if near or inside or (n > 2 and length <= MERGED and near):
                for j in range(k, n - 1):
                    kept[0, j], kept[1, j] = kept[0, j + 1], kept[1, j + 1]
                n -= 1
                dropped = True
                break
    return n


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
    room = np.empty((4, 2, 2 * edges_most + 8))
    points = np.empty((3, 4 * edges_most + 16))
    polygon = np.empty((3, 4 * edges_most + 16))
    alive = np.empty((states, joint), np.bool_)
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
        enough = max(1e-12 * (1.0 - patience), 2e-15)
        steps[c] = max_steps + 1
        tolerance = 1e-3 * (1.0 - patience)
        last_move[c] = 1.0
        least_move, stalled = np.inf, 0
        for step in range(max_steps):
            temptation(stage, move, discount[c], sizes, available, low, best)
            edges = sorted_edges(corner, size, edge, owner, key)
            apply_operator(
                stage,
                move,
                discount[c],
                alive,
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
            tolerance = min(tolerance, 1e-2 * (1.0 - patience) * last_move[c])
            # where the number of corners is capped the move stops falling at what the cap costs
            stalled += 1
            if last_move[c] < 0.9 * least_move:
                least_move, stalled = last_move[c], 0
            if last_move[c] <= enough or (stalled > STALLED and last_move[c] < CAPPED):
                steps[c] = step + 1
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
