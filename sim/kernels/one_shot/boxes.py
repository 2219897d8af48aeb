"""What a box of strategies on a support can hold: no equilibrium, one that is proved, or a continuum.

Krawczyk's operator maps the box into itself where it holds one root and no other (Krawczyk 1969).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.linear import gauss
from sim.kernels.base.tolerances import SPECK, TIE
from sim.kernels.one_shot.payoff_ranges import Rules, Support, difference, place, slope_range, vanishes

__all__ = ["Scratch", "chord", "coordinates", "krawczyk", "possible", "scratch", "slopes"]


class Scratch(NamedTuple):
    """Room for one support of N coordinates: boxes ``(N,)``, points ``(N,)``, matrices ``(N, N)``.

    ``low, high`` is the box looked at, ``wide_low, wide_high`` it with a margin, ``new_low, new_high`` its image;
    ``slope, radius`` are middle and half width of the slopes over the wide box, ``inverse`` of the former.
    """

    play: Array
    reply: Array
    low: Array
    high: Array
    wide_low: Array
    wide_high: Array
    new_low: Array
    new_high: Array
    middle: Array
    step: Array
    open_point: Array
    slope: Array
    radius: Array
    inverse: Array
    copy: Array
    column: Array


@kernel()
def coordinates(sizes: Array, bits: Array) -> Support:
    """The coordinates of a support: every action that is played but each player's last."""
    last = np.empty(sizes.size, np.int64)
    size = 0
    for i in range(sizes.size):
        for a in range(sizes[i]):
            if bits[i] >> a & 1:
                last[i] = a
                size += 1
    owner, action = np.empty(size - sizes.size, np.int64), np.empty(size - sizes.size, np.int64)
    d = 0
    for i in range(sizes.size):
        for a in range(sizes[i]):
            if bits[i] >> a & 1 and a != last[i]:
                owner[d], action[d] = i, a
                d += 1
    return Support(bits, last, owner, action)


@kernel()
def scratch(players: int, most: int, size: int) -> Scratch:
    """Room for a support with so many coordinates."""
    point = np.empty((9, size))
    matrix = np.empty((4, size, size))
    return Scratch(
        np.zeros((players, most)), np.zeros((players, most)),
        point[0], point[1], point[2], point[3], point[4], point[5], point[6], point[7], point[8],
        matrix[0], matrix[1], matrix[2], matrix[3], np.empty(size),
    )  # fmt: skip


@kernel()
def possible(game: Rules, on: Support, at: Scratch) -> int:
    """Whether a box can hold an equilibrium on the support: 0 no, 1 yes, 2 some difference is zero all over it."""
    low, high, play, sizes, owner, last = at.low, at.high, at.play, game.sizes, on.owner, on.last
    for i in range(sizes.size):  # probabilities must be able to be positive and to sum to one
        rest_high = 1.0
        for d in range(low.size):
            if owner[d] == i:
                rest_high -= low[d]
                if not (high[d] > 0.0 and low[d] < 1.0):
                    return 0
        if not rest_high > -TIE:
            return 0
    result = 1
    for i in range(sizes.size):
        for a in range(sizes[i]):
            if a != last[i]:
                verdict = vanishes(game, on, i, a, low, high, play)
                if verdict == 0:
                    return 0
                result = max(result, verdict)
    return result


@kernel()
def slopes(game: Rules, on: Support, at: Scratch) -> bool:
    """Slopes of all differences over the wide box, and the inverse at its middle; False where there is none."""
    owner, action, play = on.owner, on.action, at.play
    slope, radius, inverse, copy, column = at.slope, at.radius, at.inverse, at.copy, at.column
    low, high = at.wide_low, at.wide_high
    size = owner.size
    for r in range(size):
        i = owner[r]
        for k in range(size):
            least, largest = 0.0, 0.0
            if owner[k] != i:
                least, largest = slope_range(game, on, i, action[r], k, low, high, play)
            slope[r, k] = 0.5 * (least + largest)
            radius[r, k] = 0.5 * (largest - least)
    for k in range(size):
        for r in range(size):
            for other in range(size):
                copy[r, other] = slope[r, other]
            column[r] = 1.0 if r == k else 0.0
        if gauss(copy, column, size) == 0:
            return False
        for r in range(size):
            inverse[r, k] = column[r]
    return True


@kernel()
def gains(game: Rules, on: Support, at: Scratch) -> None:
    """What each action with a coordinate gains over its player's last, at the middle: into ``step``."""
    owner, action, last, play, step = on.owner, on.action, on.last, at.play, at.step
    place(at.middle, on, play)
    payoffs, _, stride, digit, others, width = game
    for r in range(step.size):
        i = owner[r]
        to, away = action[r] * stride[i], last[i] * stride[i]
        step[r] = difference(payoffs, digit, others[i], width[i], i, to, away, play)


@kernel()
def krawczyk(game: Rules, on: Support, at: Scratch) -> tuple[bool, bool, float]:
    """Whether one root is proved, whether none is possible, and to which share the box shrinks.

    The image is middle - Y f(middle) + (1 - Y J(box)) (box - middle), with Y the inverse at the middle.
    """
    low, high, wide_low, wide_high = at.low, at.high, at.wide_low, at.wide_high
    new_low, new_high, middle, step = at.new_low, at.new_high, at.middle, at.step
    inverse, radius = at.inverse, at.radius
    size = low.size
    proved, empty, shrunk = True, False, 0.0
    gains(game, on, at)
    for r in range(size):
        centre, reach = middle[r], TIE
        for k in range(size):
            centre -= inverse[r, k] * step[k]
            spread = 0.0
            for m in range(size):
                spread += abs(inverse[r, m]) * radius[m, k]
            reach += spread * 0.5 * (wide_high[k] - wide_low[k])
        proved = proved and centre - reach > wide_low[r] and centre + reach < wide_high[r]
        new_low[r], new_high[r] = max(low[r], centre - reach), min(high[r], centre + reach)
        empty = empty or new_low[r] > new_high[r]
        shrunk = max(shrunk, (new_high[r] - new_low[r]) / (high[r] - low[r]))
    return proved, empty, shrunk


@kernel()
def chord(game: Rules, on: Support, at: Scratch) -> None:
    """Play at the root of a box in which the inverse is good all over, by the chord method from its middle."""
    middle, step, inverse = at.middle, at.step, at.inverse
    for _ in range(30):
        gains(game, on, at)
        far = 0.0
        for r in range(step.size):
            for k in range(step.size):
                middle[r] -= inverse[r, k] * step[k]
                far = max(far, abs(inverse[r, k] * step[k]))
        if far < SPECK:
            break
    place(middle, on, at.play)
