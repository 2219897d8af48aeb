"""Which equilibria of signalling games with two types survive refinements, and the numbers that say why not.

All are comparisons along polylines: what a type could get from a signal that nobody sends, at any belief or at one
that leaves a single type, beside what it gets.  Types that may get more on a piece, and those that may not, are
told apart by half-planes, as in the search for equilibria.

Sizes: N equilibria, M signals, Q types of receivers, R replies.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import TIE
from sim.kernels.tree.free_replies import payoff
from sim.kernels.tree.plane import contains
from sim.kernels.tree.polylines import tables

__all__ = ["APPLIES_NOT", "FAILS", "HOLDS", "refine_all"]

APPLIES_NOT, FAILS, HOLDS = -1, 0, 1
INTUITIVE, D1, UNDEFEATED = 0, 1, 2


@kernel(borrows=True)
def most_from(cell: tuple[Array, ...], m: int, t: int) -> float:
    """The most that a type gets from a signal at any belief to which replies are best."""
    number, planes = cell[2], cell[5]
    most = -np.inf
    for k in range(number[m]):
        most = max(most, planes[m, k, 2 * t, 2])
    return most


@kernel(borrows=True)
def gain_at_certainty(cell: tuple[Array, ...], m: int, t: int, v: Array) -> float:
    """What a type surely gains by a signal that is taken to be its own, whichever best reply follows."""
    number, planes = cell[2], cell[5]
    k = 0 if t == 0 else number[m] - 1
    return -planes[m, k, 2 * t + 1, 2] - v[t]


@kernel(borrows=True)
def deterred_when_certain(cell: tuple[Array, ...], m: int, t: int, v: Array, doubt: Array) -> bool:
    """Whether some best reply to a signal that is taken to be that of one type gives nobody more than v."""
    number, planes, sizes = cell[2], cell[5], cell[6]
    k = 0 if t == 0 else number[m] - 1
    return bool(contains(planes[m, k], sizes[m, k], 0, v[0], v[1], doubt))


@kernel(borrows=True)
def wants_more_often(cell: tuple[Array, ...], m: int, t: int, v: Array) -> bool:
    """Whether a type gains by a signal wherever the other gains or is indifferent, and somewhere."""
    number, planes, sizes = cell[2], cell[5], cell[6]
    other = 1 - t
    if not most_from(cell, m, t) > v[t] + TIE:
        return False
    for k in range(number[m]):
        crosses = (
            True  # whether the piece has a point at which the other loses nothing and this one gains nothing
        )
        for i in range(sizes[m, k]):
            plane = planes[m, k, i]
            if plane[other] >= 0.0 >= plane[t]:
                crosses = crosses and plane[0] * v[0] + plane[1] * v[1] <= plane[2] + TIE
        # normals that point along a free direction bind nothing
        if crosses:
            return False
    return True


@kernel(borrows=True)
def consistent_deterred(
    cell: tuple[Array, ...], m: int, v: Array, low: float, high: float, doubt: Array
) -> bool:
    """Whether a signal deters everybody at some belief between two."""
    ends, number, planes, sizes = cell[0], cell[2], cell[5], cell[6]
    for k in range(number[m]):
        if (
            ends[m, k, 0] <= high + TIE
            and ends[m, k, 1] >= low - TIE
            and contains(planes[m, k], sizes[m, k], 0, v[0], v[1], doubt)
        ):
            return True
    return False


@kernel(borrows=True)
def judge_signal(
    cell: tuple[Array, ...], m: int, v: Array, verdict: Array, reason: Array, several: bool, doubt: Array
) -> None:
    """Intuitive criterion and D1 at one signal that nobody sends: ``verdict (3,)`` and ``reason (3, 5)``."""
    for t in range(2):
        other = 1 - t
        if deterred_when_certain(cell, m, t, v, doubt):
            continue
        excluded = most_from(cell, m, other) < v[other] - TIE
        for which in range(2):
            if which == D1 and several:
                continue
            if verdict[which] == HOLDS and (excluded or (which == D1 and wants_more_often(cell, m, t, v))):
                if which == INTUITIVE and not excluded:
                    continue
                verdict[which] = FAILS
                reason[which, 0], reason[which, 1], reason[which, 2] = m, other, t
                reason[which, 3], reason[which, 4] = (
                    most_from(cell, m, other),
                    gain_at_certainty(cell, m, t, v),
                )


@kernel(borrows=True)
def defeats(
    cell: tuple[Array, ...], prior: Array, m: int, plan: Array, values: tuple[Array, Array], doubt: Array
) -> bool:
    """Whether an equilibrium that sends m, ``plan (2, M)``, defeats one that does not.

    ``values`` are what types get in the one without m, and in the one with it.
    """
    v, w = values
    low, high, strict = prior[1], prior[1], False
    for t in range(2):
        if plan[t, m] > 0.0:
            if w[t] < v[t] - TIE:
                return False
            strict = strict or w[t] > v[t] + TIE
    if not strict:
        return False
    if plan[1, m] == 0.0:
        low, high = 0.0, 0.0
    elif plan[0, m] == 0.0:
        low, high = 1.0, 1.0
    elif w[1] <= v[1] + TIE:  # who is indifferent may send it or not
        low = 0.0
    elif w[0] <= v[0] + TIE:
        high = 1.0
    return not consistent_deterred(cell, m, v, low, high, doubt)


@kernel()
def refine_all(
    game: tuple[Array, ...],
    of_cell: Array,
    found: tuple[Array, Array],
    scratch: tuple[Any, ...],
    several: bool,
    out: tuple[Array, Array],
) -> int:
    """Judge equilibria, those of one cell side by side: ``plan (N, 2, M), reply (N, M, Q, R)``.

    ``several``: whether receivers are of several types, to whom D1 does not apply.  Written: ``verdict (N, 3)`` of
    intuitive, D1 and undefeated, and ``reason (N, 3, 5)``, NaN where there is none: the signal, the type that cannot
    want it, or wants it less often, the type that is left, the most the first could get and what the other gains,
    both in units of the range of the type's payoffs above their least; of a defeat the signal and the
    position of the equilibrium that defeats.  Returns 0.
    """
    plan, reply = found
    verdict, reason = out
    cell, lines, _leaf, _works, _plane, doubt = scratch
    signals = plan.shape[2]
    first, count = 0, of_cell.size
    while first < count:
        c, last = of_cell[first], first
        while last < count and of_cell[last] == c:
            last += 1
        value = np.zeros((last - first, 2))
        tables(game, c, cell, lines, doubt)
        for i in range(first, last):
            for t in range(2):
                value[i - first, t] = -np.inf
                for m in range(signals):
                    if plan[i, t, m] > 0.0:
                        value[i - first, t] = max(value[i - first, t], payoff(cell[7], t, m, reply[i, m]))
        for i in range(first, last):
            verdict[i, :] = HOLDS
            reason[i, :, :] = np.nan
            if several:
                verdict[i, D1] = APPLIES_NOT
            v = value[i - first]
            for m in range(signals):
                if plan[i, 0, m] > 0.0 or plan[i, 1, m] > 0.0:
                    continue
                if min(game[0][c, 0], game[0][c, 1]) > 0.0:
                    judge_signal(cell, m, v, verdict[i], reason[i], several, doubt)
                for j in range(first, last):
                    there = plan[j, 0, m] > 0.0 or plan[j, 1, m] > 0.0
                    if there and verdict[i, UNDEFEATED] == HOLDS:
                        if defeats(cell, game[0][c], m, plan[j], (v, value[j - first]), doubt):
                            verdict[i, UNDEFEATED] = FAILS
                            reason[i, UNDEFEATED, 0], reason[i, UNDEFEATED, 1] = m, j - first
        first = last
    return 0
