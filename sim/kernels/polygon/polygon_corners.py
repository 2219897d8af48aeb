"""Polygons with fewer corners: larger ones that save work, and answers without repeats."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import MERGED, SPECK

__all__ = ["merged", "simplified"]


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
        tolerance = 4.0 * tolerance + SPECK


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
