"""All corners of a small polytope that is given by equations and inequalities."""

from __future__ import annotations

from sim.kernels import Array, kernel
from sim.kernels.base.linear import gauss
from sim.kernels.base.tolerances import LEAST_PIVOT, SAME_PLAY, ZERO

__all__ = ["MOST_CHOICES", "TOO_MANY", "corner_points"]

TOO_MANY = -1
MOST_CHOICES = 200_000
"""Choices of inequalities that hold with equality which are looked at."""


@kernel(borrows=True)
def eliminate(equal: Array, rows: int, size: int, pivot: Array, free: Array) -> int:
    """Solve ``equal (E, D + 1)`` for some of its D unknowns, in place: how many stay free, -1 without a solution.

    Row i then gives the unknown ``pivot[i]`` by those that are ``free``; the rest of ``pivot`` is -1.
    """
    taken = 0
    for i in range(pivot.size):
        pivot[i] = -1
    for column in range(size):
        free[column] = column
    for i in range(rows):
        row, column, largest = -1, -1, ZERO
        for r in range(i, rows):
            for c in range(size):
                if abs(equal[r, c]) > largest:
                    row, column, largest = r, c, abs(equal[r, c])
        if row < 0:
            for r in range(i, rows):
                if abs(equal[r, size]) > LEAST_PIVOT:
                    return -1
            break
        for c in range(size + 1):
            equal[i, c], equal[row, c] = equal[row, c], equal[i, c]
        inverse = 1.0 / equal[i, column]
        for c in range(size + 1):
            equal[i, c] *= inverse
        for r in range(rows):
            if r != i and equal[r, column] != 0.0:
                share = equal[r, column]
                for c in range(size + 1):
                    equal[r, c] -= share * equal[i, c]
                equal[r, column] = 0.0
        pivot[i] = column
        taken += 1
    left = 0
    for column in range(size):
        used = False
        for i in range(taken):
            used = used or pivot[i] == column
        if not used:
            free[left] = column
            left += 1
    return left


@kernel(borrows=True)
def corner_points(
    equal: Array, rows: int, least: Array, bounds: int, size: int, found: Array, scratch: tuple[Array, ...]
) -> int:
    """Corners of ``{x: equal x = right, least x <= right}``: how many, ``TOO_MANY`` where there is no room.

    ``equal (E, D + 1), least (G, D + 1)`` hold the right sides behind the ``size`` unknowns, and are destroyed;
    ``found (F, D)``.  Scratch: ``order (3, .)`` whole numbers, ``matrix (D, D)``, ``point (D,)``.
    """
    order, matrix, point = scratch
    pivot, free, chosen = order[0], order[1], order[2]
    left = eliminate(equal, rows, size, pivot, free)
    if left < 0:
        return 0
    for g in range(bounds):  # by the free unknowns alone
        for i in range(rows):
            if pivot[i] >= 0 and least[g, pivot[i]] != 0.0:
                share = least[g, pivot[i]]
                for c in range(size + 1):
                    least[g, c] -= share * equal[i, c]
                least[g, pivot[i]] = 0.0
    if left > 2 and choices(bounds, left) > MOST_CHOICES:
        return TOO_MANY
    for k in range(left):
        chosen[k] = k
    count = 0
    while True:
        for k in range(left):
            for c in range(left):
                matrix[k, c] = least[chosen[k], free[c]]
            point[k] = least[chosen[k], size]
        if left == 0 or (bounds >= left and gauss(matrix, point, left) != 0):
            if holds(least, bounds, free, left, size, point):
                if count == found.shape[0]:
                    return TOO_MANY
                for c in range(left):
                    found[count, free[c]] = point[c]
                for i in range(rows):
                    if pivot[i] >= 0:
                        total = equal[i, size]
                        for c in range(left):
                            total -= equal[i, free[c]] * point[c]
                        found[count, pivot[i]] = total
                count += is_new(found, count, size)
        k = left - 1
        while k >= 0 and chosen[k] == bounds - left + k:
            k -= 1
        if k < 0:
            return count
        chosen[k] += 1
        for later in range(k + 1, left):
            chosen[later] = chosen[later - 1] + 1


@kernel(borrows=True)
def holds(least: Array, bounds: int, free: Array, left: int, size: int, point: Array) -> bool:
    """Whether a point keeps all inequalities."""
    for g in range(bounds):
        total = -least[g, size]
        for c in range(left):
            total += least[g, free[c]] * point[c]
        if not total <= LEAST_PIVOT:
            return False
    return True


@kernel(borrows=True)
def is_new(found: Array, count: int, size: int) -> int:
    """1 where the point at ``count`` differs from those before it, else 0; what rounds to 0 or 1 is made so."""
    for c in range(size):
        if abs(found[count, c]) <= LEAST_PIVOT:
            found[count, c] = 0.0
        elif abs(found[count, c] - 1.0) <= LEAST_PIVOT:
            found[count, c] = 1.0
    for i in range(count):
        same = True
        for c in range(size):
            same = same and abs(found[i, c] - found[count, c]) <= SAME_PLAY
        if same:
            return 0
    return 1


@kernel(borrows=True)
def choices(many: int, few: int) -> float:
    """How many ways there are to choose a few of many."""
    ways = 1.0
    for k in range(few):
        ways *= (many - k) / (k + 1.0)
    return ways
