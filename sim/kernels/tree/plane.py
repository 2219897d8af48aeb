"""Convex regions of pairs of payoffs: polygons, segments and points alike, cut by half-planes.

A region is its corners in order, ``(V, 2)``; one corner is a point and two are a segment.  A signal that a type
does not use may give it less, so that a piece leaves the payoffs of such a type free upwards: the sum of its
polygon and of a ray, or a quadrant.  Only the half-planes whose normal does not point along a free direction bind.
"""

from __future__ import annotations

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import TIE
from sim.kernels.tree.belief_pieces import side

__all__ = ["FIRST", "SECOND", "binds", "contains", "restrict"]

FIRST, SECOND = 1, 2
"""Bits of a role: which types use the signal."""


@kernel(inline=True, borrows=True)
def binds(plane: Array, role: int) -> bool:
    """Whether a half-plane holds for payoffs of which those of types without the role are free upwards."""
    return not ((role & FIRST == 0 and plane[0] > 0.0) or (role & SECOND == 0 and plane[1] > 0.0))


@kernel(borrows=True)
def contains(planes: Array, count: int, role: int, x: float, y: float, doubt: Array) -> bool:
    """Whether a piece whose signal has this role can give the payoffs ``(x, y)``."""
    for i in range(count):
        if binds(planes[i], role) and side(planes[i, 0] * x + planes[i, 1] * y - planes[i, 2], doubt) > 0:
            return False
    return True


@kernel(borrows=True)
def cut(region: Array, count: int, plane: Array, spare: Array, doubt: Array) -> int:
    """Cut a region by one half-plane, in place: how many corners are left (Sutherland and Hodgman 1974)."""
    inside = True
    for i in range(count):
        if side(plane[0] * region[i, 0] + plane[1] * region[i, 1] - plane[2], doubt) > 0:
            inside = False
            break
    if inside:
        return count
    kept = 0
    for i in range(count):
        j = i + 1 if i + 1 < count else 0
        here = plane[0] * region[i, 0] + plane[1] * region[i, 1] - plane[2]
        there = plane[0] * region[j, 0] + plane[1] * region[j, 1] - plane[2]
        here_side, there_side = side(here, doubt), side(there, doubt)
        if here_side <= 0:
            spare[kept, 0], spare[kept, 1] = region[i, 0], region[i, 1]
            kept += 1
        if here_side * there_side < 0 and (count > 2 or i == 0):
            share = here / (here - there)
            spare[kept, 0] = region[i, 0] + share * (region[j, 0] - region[i, 0])
            spare[kept, 1] = region[i, 1] + share * (region[j, 1] - region[i, 1])
            kept += 1
    count = 0
    for i in range(kept):  # corners that fall together are one
        new = True
        for j in range(count):
            new = new and max(abs(spare[i, 0] - region[j, 0]), abs(spare[i, 1] - region[j, 1])) > TIE
        if new:
            region[count, 0], region[count, 1] = spare[i, 0], spare[i, 1]
            count += 1
    return count


@kernel(borrows=True)
def restrict(
    region: Array, count: int, planes: Array, number: int, role: int, spare: Array, doubt: Array
) -> int:
    """Cut a region, in place, to the payoffs that a piece of a signal with this role can give: corners left."""
    for i in range(number):
        if binds(planes[i], role):
            count = cut(region, count, planes[i], spare, doubt)
            if count == 0:
                break
    return count
