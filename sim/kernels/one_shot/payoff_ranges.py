"""Differences between the payoffs of two actions over boxes of strategies.

A strategy on a support is written by coordinates: the probability of each action but the last of each
player.  A difference is affine in every single coordinate, so that over a box its range, and that of its
slopes, is exactly that of its values at the corners.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import kernel
from sim.kernels.base.tolerances import OUTWEIGHS, SPECK, TIE

__all__ = ["difference", "place", "slope_range", "vanishes"]


@kernel()
def difference(
    payoffs: Any,
    i: int,
    a: int,
    b: int,
    stride: Any,
    digit: Any,
    others: Any,
    number: int,
    play: Any,
) -> float:
    """What player i gains by action a over b against ``play (n, A)``, whose rows need no signs or sums."""
    total = 0.0
    for o in range(number):
        s = others[o]
        weight = payoffs[i, s + a * stride[i]] - payoffs[i, s + b * stride[i]]
        for j in range(digit.shape[0]):
            if j != i:
                weight *= play[j, digit[j, s]]
        total += weight
    return total


@kernel()
def place(point: Any, owner: Any, action: Any, last: Any, play: Any) -> int:
    """Play from the coordinates of a support: what is left over goes to each player's last action."""
    play[:] = 0.0
    for i in range(last.size):
        play[i, last[i]] = 1.0
    for d in range(point.size):
        play[owner[d], action[d]] = point[d]
        play[owner[d], last[owner[d]]] -= point[d]
    return 0


@kernel()
def slope_range(
    payoffs: Any, i: int, a: int, b: int, along: int, stride: Any, sizes: Any, digit: Any, others: Any,
    number: int, low: Any, high: Any, owner: Any, action: Any, last: Any, play: Any,
) -> tuple[float, float]:  # fmt: skip
    """Least and largest slope of a difference in coordinate ``along`` over a box."""
    size = owner.size
    moving = 0
    for d in range(size):
        if owner[d] != i and owner[d] != owner[along]:
            moving += 1
    least, most = np.inf, -np.inf
    for corner in range(1 << moving):
        for j in range(last.size):
            for k in range(sizes[j]):
                play[j, k] = 0.0
            play[j, last[j]] = 1.0
        bit = 0
        for d in range(size):
            j = owner[d]
            if j == i or j == owner[along]:
                continue
            x = high[d] if corner >> bit & 1 else low[d]
            play[j, action[d]] = x
            play[j, last[j]] -= x
            bit += 1
        play[owner[along], action[along]] = 1.0
        play[owner[along], last[owner[along]]] = -1.0
        value = difference(payoffs, i, a, b, stride, digit, others, number, play)
        least, most = min(least, value), max(most, value)
    return least, most


@kernel()
def vanishes(
    payoffs: Any, i: int, a: int, b: int, must: bool, stride: Any, sizes: Any, digit: Any, others: Any,
    number: int, low: Any, high: Any, owner: Any, action: Any, last: Any, play: Any,
) -> int:  # fmt: skip
    """Whether a difference can be zero (``must``), or not positive, where all that is played has some probability.

    0: it cannot; 1: it can; 2: it is zero all over the box, so that there is a continuum or nothing.

    The box is cut to probabilities, so that a difference which is zero only where some probability is zero
    does not keep it: inside, the corners where no probability is zero have some weight.
    """
    size = owner.size
    moving = 0
    for d in range(size):
        if owner[d] != i:
            moving += 1
    least, most, inner_least, inner_most = np.inf, -np.inf, np.inf, -np.inf
    for corner in range(1 << moving):
        for j in range(last.size):
            for k in range(sizes[j]):
                play[j, k] = 0.0
            play[j, last[j]] = 1.0
        bit = 0
        inside = True
        for d in range(size):
            j = owner[d]
            if j == i:
                continue
            upper = (corner >> bit & 1) == 1
            x = min(high[d], 1.0) if upper else max(low[d], 0.0)
            inside = inside and (x > 0.0 or high[d] <= 0.0) and (x < 1.0 or low[d] <= 0.0 or low[d] >= 1.0)
            play[j, action[d]] = x
            play[j, last[j]] -= x
            bit += 1
        value = difference(payoffs, i, a, b, stride, digit, others, number, play)
        least, most = min(least, value), max(most, value)
        if inside:
            inner_least, inner_most = min(inner_least, value), max(inner_most, value)
    positive = least > TIE or (least >= -SPECK and inner_least > OUTWEIGHS)
    negative = most < -TIE or (most <= SPECK and inner_most < -OUTWEIGHS)
    if positive or (must and negative):
        return 0
    return 2 if must and most - least <= SPECK else 1
