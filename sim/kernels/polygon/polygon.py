"""Convex polygons in the plane: hull, intersection with an axis-parallel line, clipping, containment.

A polygon is an array ``v (3, size)`` and a number of vertices m: rows x, y and a label that a vertex
carries along, counter-clockwise from the leftmost (lowest of those) vertex.  One vertex is a point,
two are a segment, none is the empty set.  Callers bring coordinates to unit scale, so that the
tolerances here are absolute.

Sets of equilibrium payoffs are full of edges that are parallel to an axis up to rounding and of
vertices that nearly coincide.  Three rules keep these harmless: abscissae within ``SNAP`` are made
equal before a hull is taken, a vertex within ``ON_LINE`` of a line is on it, and what sticks out by
less than ``flat`` is no vertex.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import FLAT, ON_LINE, SNAP, SPECK

__all__ = ["FLAT", "ON_LINE", "chord", "clip", "copy", "hull", "hull_in_order", "overhang"]

FEW = 48  # points that are sorted as they come; more are thinned out first


@kernel()
def hull(points: Array, n: int, v: Array, flat: float) -> int:
    """Convex hull of ``n`` points (monotone chain, Andrew 1979): the number of its vertices.

    ``points (3, size)`` is sorted in place; ``v`` takes the vertices with their labels.
    """
    if n > FEW:
        n = thin(points, n)
    corners: int = hull_in_order(points, n, v, flat)
    return corners


@kernel()
def hull_in_order(points: Array, n: int, v: Array, flat: float) -> int:
    """The same of points that come from left to right, or nearly."""
    if n == 0:
        return 0
    sort(points, n)
    m = 0
    for k in range(n):
        m = push(v, m, 0, points[0, k], points[1, k], points[2, k], flat)
    base = m - 1
    for k in range(n - 2, -1, -1):
        m = push(v, m, base, points[0, k], points[1, k], points[2, k], flat)
    # the walk ends where it began, possibly by way of points on its last edge
    while m > 1 and abs(v[0, m - 1] - v[0, 0]) <= flat and abs(v[1, m - 1] - v[1, 0]) <= flat:
        m -= 1
    return m


@kernel()
def copy(v: Array, m: int, w: Array) -> None:
    """Write the first m vertices of v to w."""
    for row in range(3):
        for k in range(m):
            w[row, k] = v[row, k]


@kernel()
def push(v: Array, m: int, base: int, x: float, y: float, label: float, flat: float) -> int:
    """Add a point to the chain that begins at vertex ``base``, dropping vertices that do not stick out."""
    while m > base:
        dx, dy = x - v[0, m - 1], y - v[1, m - 1]
        if abs(dx) <= flat and abs(dy) <= flat:
            return m
        if m - 1 == base:
            break
        ex, ey = x - v[0, m - 2], y - v[1, m - 2]
        if ex * dy - ey * dx > flat * (abs(ex) + abs(ey)):
            break
        m -= 1
    v[0, m], v[1, m], v[2, m] = x, y, label
    return m + 1


@kernel()
def sort(points: Array, n: int) -> None:
    """Sort by x, then y; abscissae that nearly agree are made equal first.

    Else -1e-17 comes before 0, and the walk round the hull does not begin at the corner.
    """
    step = 1
    while step < n // FEW:
        step = 3 * step + 1  # Shell's method; few points are inserted at once
    while step > 0:
        for k in range(step, n):
            x, y, label = points[0, k], points[1, k], points[2, k]
            j = k - step
            while j >= 0 and points[0, j] > x:
                for row in range(3):
                    points[row, j + step] = points[row, j]
                j -= step
            points[0, j + step], points[1, j + step], points[2, j + step] = x, y, label
        step //= 3
    group = 0
    for k in range(1, n):
        if points[0, k] - points[0, group] > SNAP:
            group = k
            continue
        points[0, k] = points[0, group]
        y, label = points[1, k], points[2, k]
        j = k - 1
        while j >= group and points[1, j] > y:
            points[1, j + 1], points[2, j + 1] = points[1, j], points[2, j]
            j -= 1
        points[1, j + 1], points[2, j + 1] = y, label


@kernel()
def thin(points: Array, n: int) -> int:
    """Drop points well inside the octagon of extreme points (Akl and Toussaint 1978)."""
    best = np.full(8, -np.inf)
    corner = np.zeros((2, 8))
    for k in range(n):
        x, y = points[0, k], points[1, k]
        for q in range(8):
            reach = COMPASS[q, 0] * x + COMPASS[q, 1] * y
            if reach > best[q]:
                best[q] = reach
                corner[0, q], corner[1, q] = x, y
    kept = 0
    for k in range(n):
        x, y = points[0, k], points[1, k]
        inside = best[0] > -best[4] or best[2] > -best[6]
        for q in range(8):
            ax, ay = corner[0, q], corner[1, q]
            ex, ey = corner[0, (q + 1) % 8] - ax, corner[1, (q + 1) % 8] - ay
            if ex * (y - ay) - ey * (x - ax) < ON_LINE and (ex != 0.0 or ey != 0.0):
                inside = False
                break
        if not inside:
            points[0, kept], points[1, kept], points[2, kept] = x, y, points[2, k]
            kept += 1
    return kept


COMPASS = np.array([[1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1]], dtype=np.float64)


@kernel()
def chord(vx: Array, vy: Array, m: int, c: float) -> tuple[float, float]:
    """Lowest and highest y of the polygon on the line x = c; (inf, -inf) where they do not meet.

    For the line y = c swap ``vx`` and ``vy``.
    """
    low, high = np.inf, -np.inf
    if m == 0:
        return low, high
    before_x, before_y = vx[m - 1], vy[m - 1]
    before = before_x - c
    for k in range(m):
        x, y = vx[k], vy[k]
        side = x - c
        if abs(side) <= ON_LINE:
            low, high = min(low, y), max(high, y)
        elif abs(before) > ON_LINE and side * before < 0.0:
            cross = before_y + (y - before_y) * (before / (before_x - x))
            low, high = min(low, cross), max(high, cross)
        before_x, before_y, before = x, y, side
    return low, high


@kernel()
def clip(v: Array, m: int, axis: int, c: float, w: Array) -> int:
    """The part of a polygon where the coordinate ``axis`` is at least c: into ``w``; its vertices."""
    if m == 0:
        return 0
    other = 1 - axis
    count = 0
    before = v[axis, m - 1] - c
    a = m - 1
    for k in range(m):
        side = v[axis, k] - c
        if abs(side) > ON_LINE and abs(before) > ON_LINE and side * before < 0.0:
            w[axis, count] = c
            w[other, count] = v[other, a] + (v[other, k] - v[other, a]) * (before / (v[axis, a] - v[axis, k]))
            count += 1
        if side >= -ON_LINE:
            w[0, count], w[1, count] = v[0, k], v[1, k]
            count += 1
        before, a = side, k
    return count


@kernel()
def overhang(x: float, y: float, vx: Array, vy: Array, m: int) -> float:
    """How far a point lies outside a polygon, at least (0 inside): the largest over its edges and its box.

    What the rounding of an edge's own coordinates can explain is not counted.
    """
    if m == 0:
        return np.inf
    worst: float = 0.0
    ax, ay = vx[m - 1], vy[m - 1]
    left, right, bottom, top = ax, ax, ay, ay
    for k in range(m):
        bx, by = vx[k], vy[k]
        ex, ey = bx - ax, by - ay
        cross = ey * (x - ax) - ex * (y - ay) - SPECK
        if cross > 0.0:
            worst = max(worst, cross / np.sqrt(ex * ex + ey * ey))
        left, right, bottom, top = min(left, bx), max(right, bx), min(bottom, by), max(top, by)
        ax, ay = bx, by
    outside: float = max(worst, left - x, x - right, bottom - y, y - top)
    return outside
