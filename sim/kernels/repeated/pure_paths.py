"""Payoffs of two-player repeated games without a public lottery: cubes that cover them, paths that reach some.

Without public randomisation the operator of Abreu, Pearce and Stacchetti (1990) takes no hulls, and the set of
equilibrium payoffs can be dust: no list of points is all of it.  From outside it is covered by the cubes of a
grid; a cube that no other cube promises is dropped, again and again.  From inside it holds the payoffs of
paths, each an action now and a path to follow, that nobody gains by leaving when the path that is worst for
him among those found comes next (Abreu 1988, proposition 1).

Arrays of one game, payoffs from 0 to 1: ``u (J, 2)``, ``h (J, 2)`` what the best deviation gains at once,
``d (2,)``.
"""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import TIE

__all__ = ["cover", "covers_and_paths", "cubes_that_meet", "paths"]


@kernel()
def cover(u: Array, h: Array, d: Array, cubes: Array, worst: Array, max_steps: int) -> int:
    """Drop from ``cubes (M, M)`` those that no promise reaches: steps, ``max_steps + 1`` if some still went.

    ``cubes`` and ``worst (2,)``, which no equilibrium payoff goes below, are to begin with bounds of the set;
    both are sharpened.
    """
    size = len(cubes)
    reached, low, high, least = np.empty_like(cubes), np.empty(2), np.empty(2), np.empty(2)
    place = np.empty(2, np.int64)
    for step in range(1, max_steps + 1):
        reached[:] = False
        least[:] = np.inf
        for j in range(len(u)):
            for x in range(size):
                for y in range(size):
                    if not cubes[x, y]:
                        continue
                    place[0], place[1] = x, y
                    obeyed = True
                    for i in range(2):
                        need = d[i] * worst[i] + (1.0 - d[i]) * h[j, i] - TIE
                        top = d[i] * (place[i] + 1) / size
                        if top < need:
                            obeyed = False
                            break
                        low[i] = (1.0 - d[i]) * u[j, i] + max(d[i] * place[i] / size, need)
                        high[i] = (1.0 - d[i]) * u[j, i] + top
                    if not obeyed:
                        continue
                    for i in range(2):
                        least[i] = min(least[i], low[i])
                    for a in range(
                        max(int((low[0] - TIE) * size), 0), min(int((high[0] + TIE) * size), size - 1) + 1
                    ):
                        for b in range(
                            max(int((low[1] - TIE) * size), 0), min(int((high[1] + TIE) * size), size - 1) + 1
                        ):
                            reached[a, b] = True
        still = True
        for x in range(size):
            for y in range(size):
                if cubes[x, y] and not reached[x, y]:
                    cubes[x, y], still = False, False
        for i in range(2):
            if least[i] > worst[i] + TIE:
                worst[i], still = least[i], False
        if still or least[0] == np.inf:
            return step
    return max_steps + 1


@kernel()
def obeyed(u: Array, h: Array, d: Array, worst: Array, j: int, v0: float, v1: float) -> bool:
    """Whether nobody gains by leaving joint action j on a path worth ``v``."""
    first: bool = (1.0 - d[0]) * (u[j, 0] + h[j, 0]) + d[0] * worst[0] <= v0 + TIE
    second: bool = (1.0 - d[1]) * (u[j, 1] + h[j, 1]) + d[1] * worst[1] <= v1 + TIE
    return first and second


@kernel()
def new_here(taken: Array, least: Array, v0: float, v1: float) -> bool:
    """Whether a payoff is worth keeping: in a cube of its own, or less than any other by a little."""
    size = len(taken)
    x, y = min(max(int(v0 * size), 0), size - 1), min(max(int(v1 * size), 0), size - 1)
    step = 0.25 / size
    return not taken[x, y] or v0 < least[0] - step or v1 < least[1] - step


@kernel()
def keep(taken: Array, least: Array, v0: float, v1: float) -> None:
    """Remember where a payoff lies."""
    size = len(taken)
    taken[min(max(int(v0 * size), 0), size - 1), min(max(int(v1 * size), 0), size - 1)] = True
    least[0], least[1] = min(least[0], v0), min(least[1], v1)


@kernel()
def add_cycles(
    u: Array, h: Array, d: Array, worst: Array, longest: int, taken: Array, least: Array,
    value: Array, first: Array, after: Array, count: int,
) -> int:  # fmt: skip
    """Add the obeyed cycles of up to ``longest`` joint actions, shorter ones first: how many paths there are then."""
    joints, room = len(u), len(value) // 2  # the other half is for paths that lead to them
    word, phase = np.zeros(longest, np.int64), np.empty((longest, 2))
    for length in range(1, longest + 1):
        word[:] = 0
        while True:
            if is_first_rotation(word, length) and count + length <= room:
                for t in range(length):
                    for i in range(2):
                        total, weight = 0.0, 1.0
                        for s in range(length):
                            total += weight * u[word[(t + s) % length], i]
                            weight *= d[i]
                        phase[t, i] = (1.0 - d[i]) * total / (1.0 - weight)
                good, new = True, False
                for t in range(length):
                    good = good and obeyed(u, h, d, worst, word[t], phase[t, 0], phase[t, 1])
                    new = new or new_here(taken, least, phase[t, 0], phase[t, 1])
                if good and new:
                    for t in range(length):
                        value[count + t], first[count + t] = phase[t], word[t]
                        after[count + t] = count + (t + 1) % length
                        keep(taken, least, phase[t, 0], phase[t, 1])
                    count += length
            t = length - 1
            while t >= 0 and word[t] == joints - 1:
                word[t] = 0
                t -= 1
            if t < 0:
                break
            word[t] += 1
    return count


@kernel()
def is_first_rotation(word: Array, length: int) -> bool:
    """Whether a word comes before all its rotations, so that each cycle is seen once and none is a repetition."""
    for shift in range(1, length):
        for t in range(length):
            one, other = word[t], word[(t + shift) % length]
            if one != other:
                if one > other:
                    return False
                break
        else:
            return False
    return True


@kernel()
def extend(
    u: Array, h: Array, d: Array, worst: Array, taken: Array, least: Array,
    value: Array, first: Array, after: Array, count: int,
) -> int:  # fmt: skip
    """Put joint actions before paths, as long as something new comes of it: how many paths there are then."""
    begin = 0
    while begin < count:
        end = count
        for k in range(begin, end):
            for j in range(len(u)):
                v0 = (1.0 - d[0]) * u[j, 0] + d[0] * value[k, 0]
                v1 = (1.0 - d[1]) * u[j, 1] + d[1] * value[k, 1]
                if (
                    count < len(value)
                    and obeyed(u, h, d, worst, j, v0, v1)
                    and new_here(taken, least, v0, v1)
                ):
                    value[count, 0], value[count, 1], first[count], after[count] = v0, v1, j, k
                    keep(taken, least, v0, v1)
                    count += 1
        begin = end
    return count


@kernel()
def prune(
    u: Array, h: Array, d: Array, worst: Array, value: Array, first: Array, after: Array, count: int
) -> int:
    """Drop paths that the worst of those left do not enforce, and those that lead to them: how many are left."""
    alive, place = np.ones(count, np.bool_), np.empty(count, np.int64)
    while True:
        worst[:] = np.inf
        for k in range(count):
            if alive[k]:
                worst[0], worst[1] = min(worst[0], value[k, 0]), min(worst[1], value[k, 1])
        changed = False
        for k in range(count):
            if alive[k] and not (
                alive[after[k]] and obeyed(u, h, d, worst, first[k], value[k, 0], value[k, 1])
            ):
                alive[k], changed = False, True
        if not changed:
            break
    left = 0
    for k in range(count):
        if alive[k]:
            place[k] = left
            value[left], first[left], after[left] = value[k], first[k], after[k]
            left += 1
    for k in range(left):
        after[k] = place[after[k]]
    return left


@kernel()
def paths(
    u: Array,
    h: Array,
    d: Array,
    worst: Array,
    size: int,
    longest: int,
    value: Array,
    first: Array,
    after: Array,
) -> int:
    """Paths that enforce each other, at most one for each cube of a grid or a few more: how many.

    ``worst (2,)`` is a lower bound of equilibrium payoffs to begin with, and on return the least payoffs
    found.  -> ``value (N, 2)``, ``first (N,)`` joint actions, ``after (N,)`` which path follows.
    """
    taken, least = np.zeros((size, size), np.bool_), np.empty(2)
    least[:] = np.inf
    count = add_cycles(u, h, d, worst, longest, taken, least, value, first, after, 0)
    count = extend(u, h, d, worst, taken, least, value, first, after, count)
    count = prune(u, h, d, worst, value, first, after, count)
    while True:
        taken[:] = False
        least[:] = np.inf
        for k in range(count):
            keep(taken, least, value[k, 0], value[k, 1])
        before = count
        count = add_cycles(u, h, d, worst, longest, taken, least, value, first, after, count)
        count = extend(u, h, d, worst, taken, least, value, first, after, count)
        for k in range(before, count):
            worst[0], worst[1] = min(worst[0], value[k, 0]), min(worst[1], value[k, 1])
        if count == before:
            return count


@kernel()
def covers_and_paths(
    u: Array, h: Array, d: Array, wanted: Array, longest: int, max_steps: int, cubes: Array, bound: Array,
    worst: Array, value: Array, first: Array, after: Array, count: Array, steps: Array,
) -> int:  # fmt: skip
    """Sharpen the cover of each wanted cell, then look for paths: arrays of :func:`cover` and :func:`paths`, cell first.

    ``worst (C, 2)`` are the least payoffs found, ``count (C,)`` how many paths, ``steps (C,)`` those of the
    cover.  Returns 0.
    """
    for c in range(len(u)):
        if not wanted[c]:
            continue
        steps[c] = cover(u[c], h[c], d[c], cubes[c], bound[c], max_steps)
        if cubes[c].any():
            worst[c] = bound[c]
            count[c] = paths(
                u[c], h[c], d[c], worst[c], len(cubes[c]), longest, value[c], first[c], after[c]
            )  # fmt: skip
    return 0


@kernel()
def cubes_that_meet(sets: Array, count: Array, room: float, cubes: Array) -> int:
    """Mark the cubes ``(C, M, M)`` of a grid over the unit square that come within ``room`` of a polygon.

    ``sets (C, V, 2)`` counter-clockwise, of which the first ``count (C,)`` are corners; cubes are all False to
    begin with.  Returns 0.
    """
    size = cubes.shape[1]
    for c in range(len(sets)):
        m = count[c]
        if m == 0:
            continue
        left, right = sets[c, :m, 0].min() - room, sets[c, :m, 0].max() + room
        low, high = sets[c, :m, 1].min() - room, sets[c, :m, 1].max() + room
        for x in range(size):
            if (x + 1) / size < left or x / size > right:
                continue
            for y in range(size):
                meets = (y + 1) / size >= low and y / size <= high
                for k in range(m if m > 1 else 0):
                    after = (k + 1) % m
                    across = sets[c, after, 1] - sets[c, k, 1]  # a normal that points outwards
                    along = sets[c, k, 0] - sets[c, after, 0]
                    nearest = min(across * (x / size), across * ((x + 1) / size)) + min(
                        along * (y / size), along * ((y + 1) / size)
                    )
                    if nearest > across * sets[c, k, 0] + along * sets[c, k, 1] + room:
                        meets = False
                        break
                cubes[c, x, y] = meets
    return 0
