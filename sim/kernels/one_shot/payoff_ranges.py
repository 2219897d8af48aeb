"""Differences between the payoffs of two actions over boxes of strategies.

A strategy on a support is written by coordinates: the probability of each action but the last of each
player.  A difference is affine in every single coordinate, so that over a box its range, and that of its
slopes, is exactly that of its values at the corners.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import OUTWEIGHS, SPECK, TIE

__all__ = ["Rules", "Support", "difference", "only_last", "place", "slope_range", "vanishes"]


class Rules(NamedTuple):
    """One game, joint actions flattened: ``payoffs (n, J)`` in units of each player's range.

    ``sizes, stride (n,)``, ``digit (n, J)`` the action of each player in each joint action; ``others (n, J)``
    with ``width (n,)`` list the joint actions of the others that may be played.
    """

    payoffs: Array
    sizes: Array
    stride: Array
    digit: Array
    others: Array
    width: Array


class Support(NamedTuple):
    """What is played: ``bits (n,)``, the ``last (n,)`` of each player, and whose each coordinate is.

    ``owner, action (N,)`` are the player and the action of a coordinate.
    """

    bits: Array
    last: Array
    owner: Array
    action: Array


@kernel()
def difference(
    payoffs: Array, digit: Array, others: Array, number: int, i: int, to: int, away: int, play: Array
) -> float:
    """What player i gains against ``play (n, A)``, whose rows need no signs or sums, from one action to another.

    ``to``, ``away`` are what the actions add to joint actions of the others, the first ``number`` of ``others (J,)``.
    Arrays are arguments because looking them up in a record costs half as much again.
    """
    total = 0.0
    for o in range(number):
        s = others[o]
        weight = payoffs[i, s + to] - payoffs[i, s + away]
        for j in range(digit.shape[0]):
            if j != i:
                weight *= play[j, digit[j, s]]
        total += weight
    return total


@kernel()
def place(point: Array, on: Support, play: Array) -> None:
    """Play from the coordinates of a support: what is left over goes to each player's last action."""
    only_last(on.last, play)
    for d in range(point.size):
        play[on.owner[d], on.action[d]] = point[d]
        play[on.owner[d], on.last[on.owner[d]]] -= point[d]


@kernel()
def only_last(last: Array, play: Array) -> None:
    """Let everybody play his last action."""
    for j in range(last.size):
        for k in range(play.shape[1]):
            play[j, k] = 0.0
        play[j, last[j]] = 1.0


@kernel()
def slope_range(
    game: Rules, on: Support, i: int, a: int, along: int, low: Array, high: Array, play: Array
) -> tuple[float, float]:
    """Least and largest slope in coordinate ``along``, over a box, of what player i gains by a over his last."""
    owner, action, last = on.owner, on.action, on.last
    payoffs, digit, others, number = game.payoffs, game.digit, game.others[i], game.width[i]
    to, away = a * game.stride[i], last[i] * game.stride[i]
    size = owner.size
    moving = 0
    for d in range(size):
        if owner[d] != i and owner[d] != owner[along]:
            moving += 1
    least, most = np.inf, -np.inf
    for corner in range(1 << moving):
        only_last(last, play)
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
        value = difference(payoffs, digit, others, number, i, to, away, play)
        least, most = min(least, value), max(most, value)
    return least, most


@kernel()
def vanishes(game: Rules, on: Support, i: int, a: int, low: Array, high: Array, play: Array) -> int:
    """Whether player i's gain by a over his last action can be zero, if a is played, else not positive.

    0: it cannot; 1: it can; 2: it is zero all over the box, so that there is a continuum or nothing.

    The box is cut to probabilities, so that a difference which is zero only where some probability is zero
    does not keep it: inside, the corners where no probability is zero have some weight.
    """
    owner, action, last = on.owner, on.action, on.last
    payoffs, digit, others, number = game.payoffs, game.digit, game.others[i], game.width[i]
    to, away = a * game.stride[i], last[i] * game.stride[i]
    must = on.bits[i] >> a & 1 == 1
    size = owner.size
    moving = 0
    for d in range(size):
        if owner[d] != i:
            moving += 1
    least, most, inner_least, inner_most = np.inf, -np.inf, np.inf, -np.inf
    for corner in range(1 << moving):
        only_last(last, play)
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
        value = difference(payoffs, digit, others, number, i, to, away, play)
        least, most = min(least, value), max(most, value)
        if inside:
            inner_least, inner_most = min(inner_least, value), max(inner_most, value)
    positive = least > TIE or (least >= -SPECK and inner_least > OUTWEIGHS)
    negative = most < -TIE or (most <= SPECK and inner_most < -OUTWEIGHS)
    if positive or (must and negative):
        return 0
    return 2 if must and most - least <= SPECK else 1
