"""Vertices of polyhedra by double description: the rays of a cone, and what is left of them behind one more wall.

A ray is written as its slack behind each wall, in whole numbers, and labelled with the walls it lies on (Motzkin,
Raiffa, Thompson and Thrall 1953; adjacency as in Fukuda and Prodon 1996).
"""

from __future__ import annotations

from itertools import product
from math import gcd

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.bits import bit_count

__all__ = [
    "OVERFLOW",
    "ROOM",
    "Ray",
    "TooManyError",
    "common_factor",
    "cut_rays",
    "cut_whole_rays",
    "without",
]

ROOM = -2  # more rays than there is room for
OVERFLOW = -3  # numbers too large for 64 bits
LARGEST = 2.0**62
FEW_DIGITS = 2**20  # common factors are looked for in larger numbers only

Ray = tuple[list[int], int]
"""Slacks behind all walls, of any size, and the walls it lies on as bits."""


class TooManyError(Exception):
    """There are more vertices than one is prepared to wait for."""


@kernel()
def without(cut: Array, width: int, rays: Array, labels: Array, count: int) -> int:
    """Put the last rays in the places of those that are cut off: the number that is left."""
    # the highest place comes first, so no ray that is moved is itself to be cut
    for place in cut:
        count -= 1
        if place != count:
            for label in range(width):
                rays[place, label] = rays[count, label]
            labels[place] = labels[count]
    return count


@kernel()
def cut_rays(rays: Array, labels: Array, count: int, begin: int, near: int, order: Array) -> int:
    """Put up the walls ``begin`` and later, one after another: the number of rays left, ROOM or OVERFLOW where it fails.

    ``rays (room, W)`` are whole numbers, of which ``count`` are there; rays side by side share ``near`` walls, which is
    two less than the dimension of the cone.  Common factors of a ray are kept while it is small.  ``order (room,)`` is
    scratch.
    """
    room, width = rays.shape
    for added in range(begin, width):
        bit = np.int64(1) << added
        inside, outside = 0, room
        for ray in range(count):
            slack = rays[ray, added]
            if slack > 0:
                order[inside] = ray
                inside += 1
            elif slack < 0:
                outside -= 1
                order[outside] = ray
            else:
                labels[ray] |= bit
        if outside == room:
            continue
        before = count
        for second in range(outside, room):
            cut = order[second]
            for first in range(inside):
                kept = order[first]
                common = labels[cut] & labels[kept]
                if bit_count(common) < near:
                    continue
                adjacent = True
                for ray in range(before):
                    if ray != cut and ray != kept and (labels[ray] & common) == common:
                        adjacent = False
                        break
                if not adjacent:
                    continue
                if count >= room:
                    return ROOM
                weight, weight_kept = rays[kept, added], -rays[cut, added]
                if weight > FEW_DIGITS or weight_kept > FEW_DIGITS:
                    shared = common_factor(weight, weight_kept)
                    weight //= shared
                    weight_kept //= shared
                large = np.int64(0)
                for label in range(width):
                    a, b = rays[cut, label], rays[kept, label]
                    if abs(float(weight) * float(a)) + abs(float(weight_kept) * float(b)) >= LARGEST:
                        return OVERFLOW
                    number = weight * a + weight_kept * b
                    rays[count, label] = number
                    large = max(large, abs(number))
                if large > FEW_DIGITS:
                    shared = np.int64(0)
                    for label in range(width):
                        if shared != 1 and rays[count, label] != 0:
                            shared = common_factor(shared, abs(rays[count, label]))
                    if shared > 1:
                        for label in range(width):
                            rays[count, label] //= shared
                labels[count] = common | bit
                count += 1
        count = without(order[outside:room], width, rays, labels, count)
    return count


@kernel()
def common_factor(first: int, second: int) -> int:
    """Greatest common divisor of two nonnegative numbers."""
    while second != 0:
        first, second = second, first % second
    return first


def cut_whole_rays(rays: list[Ray], begin: int, near: int, most_looks: float) -> list[Ray]:
    """The same in whole numbers of any size.

    Raises TooManyError where more than ``most_looks`` pairs of rays, and rays for each near pair, would have to be
    looked at.
    """
    looks = 0
    for added in range(begin, len(rays[0][0])):
        bit = 1 << added
        inside = [ray for ray in rays if ray[0][added] > 0]
        outside = [ray for ray in rays if ray[0][added] < 0]
        on = [(ray, labels | bit) for ray, labels in rays if ray[added] == 0]
        every = [labels for _, labels in (*inside, *outside, *on)]
        looks += len(inside) * len(outside)
        if looks > most_looks:
            raise TooManyError
        joined = []
        for (kept, labels_kept), (cut, labels_cut) in product(inside, outside):
            common = labels_kept & labels_cut
            if common.bit_count() < near:
                continue
            looks += len(every)
            if looks > most_looks:
                raise TooManyError
            if sum(labels & common == common for labels in every) != 2:
                continue
            weight, weight_kept = kept[added], -cut[added]
            ray = [weight * a + weight_kept * b for a, b in zip(cut, kept, strict=True)]
            shared = gcd(*ray)
            joined.append(([number // shared for number in ray], common | bit))
        rays = inside + on + joined
    return rays
