"""All vertices of a best-reply polyhedron, by double description.

A player with ``own`` actions meets an opponent with ``other`` actions, who gets ``gain[i, j]`` from
reply j to action i.  The polyhedron ``{(x, v): x >= 0, gain[:, j] . x <= v for every j}`` is a cone;
scaled so that x is a strategy, its extreme rays are the vertices: strategies x that nobody can move
without changing their set of labels (own actions not played, and best replies of the opponent).
One further ray, x = 0 and v = 1, is the artificial one and always comes first.

A ray is kept as its own slacks: x (``own`` numbers), then v - gain[:, j] . x (``other`` numbers), so
that joining two rays is the same arithmetic for all of them and x is only ever added up.
Label i is "action i is not played", label own + j is "reply j is best".

Source: Motzkin, Raiffa, Thompson and Thrall (1953); Fukuda and Prodon (1996) for adjacency;
best-reply polyhedra as in Avis, Rosenberg, Savani and von Stengel (2010), section 2.
"""

from __future__ import annotations

from math import comb

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.bits import bit_count
from sim.kernels.base.rays import ROOM, cut_rays, without

__all__ = [
    "MOST_LABELS",
    "float_vertices",
    "integer_vertices",
    "rays_needed",
]

DEGENERATE = -1  # some vertex has too many labels, or too nearly so to tell in floats
MOST_LABELS = 62  # actions of both players: bits of a label set
MOST_RAYS = 2**18
SMALL = 50_000  # 12 x 12 actions need 49,528 rays at most, and are always listed
QUICK_RAYS = 2**14  # beyond that: what takes seconds


def rays_needed(m: int, n: int, *, quick: bool = False) -> int:
    """Room for every ray while one inequality is added: twice the most vertices (McMullen 1970).

    At most what memory, or with ``quick`` a wait of seconds, allows.
    """
    facets, vertices = m + n, 0
    for own in (m, n):
        down, up = own // 2, own - own // 2
        vertices = max(vertices, comb(facets - up, down) + comb(facets - down - 1, up - 1))
    needed = 2 * vertices + facets
    return min(needed, QUICK_RAYS if quick and needed > SMALL else MOST_RAYS)


@kernel()
def first_rays(gain: Array, own: int, other: int, rays: Array, labels: Array) -> int:
    """Write the rays of the polyhedron of the first reply alone, in floats or whole numbers: their number."""
    played = (np.int64(1) << own) - 1
    for label in range(own + other):
        rays[0, label] = 0 if label < own else 1
    labels[0] = played
    for i in range(own):
        for label in range(own):
            rays[i + 1, label] = 0
        rays[i + 1, i] = 1
        for j in range(other):
            rays[i + 1, own + j] = gain[i, 0] - gain[i, j]
        labels[i + 1] = (played ^ (np.int64(1) << i)) | (np.int64(1) << own)
    return own + 1


@kernel()
def float_vertices(
    gain: Array, own: int, other: int, rays: Array, labels: Array, order: Array, tolerance: float
) -> int:
    """Number of rays of a nondegenerate polyhedron, which are written to ``rays`` and ``labels``.

    ``gain`` is of scale 1.  Returns DEGENERATE as soon as a slack is within ``tolerance`` of zero.
    ``order`` is scratch.
    """
    width = own + other
    room = rays.shape[0]
    count = first_rays(gain, own, other, rays, labels)
    for added in range(own + 1, width):
        inside, outside = 0, room
        for ray in range(count):
            slack = rays[ray, added]
            if slack > tolerance:
                order[inside] = ray
                inside += 1
            elif slack < -tolerance:
                outside -= 1
                order[outside] = ray
            else:
                return DEGENERATE
        if outside == room:
            continue
        bit = np.int64(1) << added
        for second in range(outside, room):
            cut = order[second]
            slack_cut = rays[cut, added]
            labels_cut = labels[cut]
            for first in range(inside):
                kept = order[first]
                if bit_count(labels_cut & labels[kept]) != own - 1:
                    continue
                if count >= room:
                    return ROOM
                if kept == 0:
                    weight, weight_kept = 1.0, -slack_cut
                else:
                    slack_kept = rays[kept, added]
                    weight = slack_kept / (slack_kept - slack_cut)
                    weight_kept = 1.0 - weight
                for label in range(width):
                    rays[count, label] = weight * rays[cut, label] + weight_kept * rays[kept, label]
                rays[count, added] = 0.0
                labels[count] = (labels_cut & labels[kept]) | bit
                count += 1
        count = without(order[outside:room], width, rays, labels, count)
    return count


@kernel()
def integer_vertices(gain: Array, own: int, other: int, rays: Array, labels: Array, order: Array) -> int:
    """Number of rays of any polyhedron with whole numbers, exactly; ROOM or OVERFLOW where it fails.

    ``order`` is scratch.
    """
    count = first_rays(gain, own, other, rays, labels)
    return cut_rays(rays, labels, count, own + 1, own - 1, order)
