"""Weighted sums of convex polygons: the continuation payoffs that a row of the transition can give.

The sum of weighted polygons has the edges of all of them in the order of their direction.  Edges of all
states are sorted once; the sum for a row P of the transition is then one walk along them, with the edges
of state t scaled by P(t).
"""

from __future__ import annotations

from typing import NamedTuple

from sim.kernels import Array, kernel

__all__ = ["Edges", "Sets", "sorted_edges", "walk"]


class Sets(NamedTuple):
    """A polygon for each state: ``corner (S, 2, V)`` counter-clockwise from the leftmost, ``count (S,)``."""

    corner: Array
    count: Array


class Edges(NamedTuple):
    """Edges of all states in the order of their direction: ``edge (2, N)``, ``owner (N,)`` whose, ``key (N,)``."""

    edge: Array
    owner: Array
    key: Array


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
def sorted_edges(sets: Sets, edges: Edges) -> int:
    """Write all edges of the polygons in the order of their direction: their number."""
    corner, count = sets.corner, sets.count
    edge, owner, key = edges.edge, edges.owner, edges.key
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
def walk(
    row: Array, sets: Sets, edges: Edges, number: int, now: tuple[float, float], d: Array, points: Array
) -> int:
    """Corners of ``now + d * sum_t row(t) W(t)`` into ``points (2, N)``; 0 where some needed set is empty."""
    corner, count, edge, owner = sets.corner, sets.count, edges.edge, edges.owner
    d0, d1 = d[0], d[1]
    x, y = 0.0, 0.0
    for t in range(row.shape[0]):
        if row[t] > 0.0:
            if count[t] == 0:
                return 0
            x += row[t] * corner[t, 0, 0]
            y += row[t] * corner[t, 1, 0]
    points[0, 0] = now[0] + d0 * x
    points[1, 0] = now[1] + d1 * y
    n = 1
    for k in range(number):
        weight = row[owner[k]]
        if weight > 0.0:
            x += weight * edge[0, k]
            y += weight * edge[1, k]
            points[0, n] = now[0] + d0 * x
            points[1, n] = now[1] + d1 * y
            n += 1
    return n - 1 if n > 1 else n  # the walk ends where it began
