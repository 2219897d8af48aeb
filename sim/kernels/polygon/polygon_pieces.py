"""Pieces of convex polygons and what they span together, for corners that come in order.

Corners go counter-clockwise; rows are x and y, in some arrays a label as well.
"""

from __future__ import annotations

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import FLAT
from sim.kernels.polygon.polygon import hull_in_order

__all__ = ["by_abscissa", "joined", "within"]


@kernel()
def by_abscissa(points: Array, n: int, ordered: Array) -> None:
    """The corners of a polygon from left to right, into ``ordered (3, N)``: the order that hulls want."""
    first = 0
    for k in range(1, n):
        if points[0, k] < points[0, first]:
            first = k
    ahead, behind = first, first - 1 if first > 0 else n - 1
    for k in range(n):
        if k == n - 1 or points[0, ahead] <= points[0, behind]:
            ordered[0, k], ordered[1, k], ordered[2, k] = points[0, ahead], points[1, ahead], points[2, ahead]
            ahead = ahead + 1 if ahead + 1 < n else 0
        else:
            ordered[0, k], ordered[1, k] = points[0, behind], points[1, behind]
            ordered[2, k] = points[2, behind]
            behind = behind - 1 if behind > 0 else n - 1


@kernel()
def joined(ordered: Array, n: int, label: float, hulled: Array, size: int, room: Array, points: Array) -> int:
    """The hull of ``hulled (3, N)`` and the points of ``ordered (3, N)``, into ``hulled``: its corners.

    The new points carry the ``label``.
    """
    by_abscissa(hulled, size, room)
    i, j, total = 0, 0, 0
    while i < n or j < size:
        if j >= size or (i < n and ordered[0, i] <= room[0, j]):
            points[0, total], points[1, total], points[2, total] = ordered[0, i], ordered[1, i], label
            i += 1
        else:
            points[0, total], points[1, total], points[2, total] = room[0, j], room[1, j], room[2, j]
            j += 1
        total += 1
    corners: int = hull_in_order(points, total, hulled, FLAT)
    return corners


@kernel()
def within(points: Array, n: int, polygon: Array, size: int) -> bool:
    """Whether a polygon lies in another, by going round both at once: its extreme corner at every edge."""
    if size < 3:
        return False
    v = 0
    for k in range(size):
        after = k + 1 if k + 1 < size else 0
        nx, ny = polygon[1, after] - polygon[1, k], polygon[0, k] - polygon[0, after]
        reach = nx * points[0, v] + ny * points[1, v]
        for _ in range(n):
            ahead = v + 1 if v + 1 < n else 0
            beyond = nx * points[0, ahead] + ny * points[1, ahead]
            if beyond < reach:
                break
            v, reach = ahead, beyond
        if reach - nx * polygon[0, k] - ny * polygon[1, k] > FLAT * (abs(nx) + abs(ny)):
            return False
    return True
