"""Which demands sides make who may be obstinate: the announcements before a war of attrition (Abreu and Gul 2000).

The first side demands something, and the second gives in or makes a demand of its own.  Who reasons makes demands that
obstinate types make.  Each stage has one unknown: what a side that reasons can have by announcing.  The likelier a
demand is made by one who reasons, the less it is believed, and the less it brings; so how often each is made falls as
that unknown rises, and the chances add up to one at one value of it alone.
"""

from __future__ import annotations

import math

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import EPSILON, ROUNDED

__all__ = ["announcements"]

STEPS = 200
PATIENCE = 12  # steps after which every second one halves
FAR = 40.0  # exponents of which one is less than rounding


@kernel(inline=True)
def countered(believed: float, stands: float, pairs: Array, chance: Array, out: Array) -> tuple[float, float]:
    """How likely each demand answers one whose maker is obstinate with logarithm of chance ``believed``.

    ``stands`` is the logarithm of how likely he does not give in at once to the largest demand that answers; to smaller
    ones he does so less likely as they are smaller, so that the second is as well off with each.  ``pairs (2, D)`` is
    by how much both demands exceed the pie, nothing where they do not, and how many times as fast the second gives in
    as the first; ``chance (D,)`` how likely a type insists.  Writes the logarithms of the chances to ``out (D,)``;
    returns that of their sum and its slope in ``stands``.  What obstinate types add is left out.
    """
    largest, most = 0.0, -np.inf
    for j in range(len(chance)):
        if chance[j] > 0.0:
            largest = max(largest, pairs[0, j])
    for j in range(len(chance)):
        out[j] = -np.inf
        if pairs[0, j] > 0.0 and chance[j] > 0.0:
            rises, kept = 0.0, pairs[0, j] - largest + largest * math.exp(stands)
            if pairs[0, j] == largest:
                rises = pairs[1, j] * (stands - believed)
            elif kept > 0.0:
                rises = pairs[1, j] * (math.log(kept / pairs[0, j]) - believed)
            if rises > FAR:  # where what obstinate types add is less than rounding
                out[j] = math.log(chance[j]) + rises
            elif rises > 0.0:
                out[j] = math.log(chance[j]) + math.log(math.expm1(rises))
        most = max(most, out[j])
    if most == -np.inf:
        return most, 0.0
    weights, slope = 0.0, 0.0
    for j in range(len(chance)):
        weight = math.exp(out[j] - most)
        weights += weight
        if weight > 0.0:
            gives = largest * math.exp(stands)
            own = math.exp(min(math.log(chance[j]) - out[j], FAR))
            slope += weight * (1.0 + own) * pairs[1, j] * gives / (pairs[0, j] - largest + gives)
    return most + math.log(weights), slope / weights


@kernel()
def answered(believed: float, pairs: Array, chance: Array, reasons: float, out: Array) -> None:
    """How likely the second reasons and answers a demand by each of its own, ``out (D,)``; ``believed`` as above.

    Countering brings no more than giving in where some of who reasons, of chance ``reasons``, give in, else as much
    more as makes them all counter: by Newton's steps in a bracket that is halved where they leave it.
    """
    wanted = math.log(reasons)
    size, slope = countered(believed, 0.0, pairs, chance, out)
    all_counter = size > wanted
    if all_counter:
        low, high, at = believed, 0.0, 0.0
        for step in range(STEPS):
            if size > wanted:
                high = at
            else:
                low = at
            move = (wanted - size) / slope if slope > 0.0 else -np.inf
            if abs(move) <= EPSILON * abs(at):
                break
            then = at + move
            if not low < then < high or (step > PATIENCE and step % 2 == 0):
                then = 0.5 * (low + high)
            if not low < then < high:
                break
            at = then
            size, slope = countered(believed, at, pairs, chance, out)
    missing = wanted - size if all_counter else 0.0  # rounding
    for j in range(len(chance)):
        out[j] = math.exp(out[j] + missing)


@kernel(inline=True)
def total(numbers: Array) -> float:
    """The sum, in order."""
    result = 0.0
    for j in range(len(numbers)):
        result += numbers[j]
    return result


@kernel(inline=True)
def between(low: float, high: float, lower: float, upper: float, step: int) -> float:
    """Where a chord from ``lower`` to ``upper`` is 0, or the middle where that is outside, or in time."""
    at = low - lower * (high - low) / (upper - lower) if upper != lower else low
    if not low < at < high or (step > PATIENCE and step % 2 == 0):
        at = 0.5 * (low + high)
    return at


@kernel(inline=True)
def worth(pairs: Array, chance: Array, answers: Array) -> float:
    """What a demand brings the first who reasons, less than if it were given in to: it gives in to what answers it."""
    result = 0.0
    for j in range(len(chance)):
        if pairs[0, j] > 0.0:
            result -= (chance[j] + answers[j]) * pairs[0, j]
    return result


@kernel()
def made(value: float, own: float, pairs: Array, chance: Array, reasons: Array, out: Array) -> float:
    """How likely the first reasons and makes a demand, so that this brings ``value`` less than if it were given in to.

    No less likely than never, and no likelier than always; obstinate types make it with chance ``own``.  By halving, in
    logarithms of what is believed, and by chords between.
    """
    low, high = math.log(own / (own + reasons[0])), 0.0
    answered(high, pairs, chance, reasons[1], out)
    upper = worth(pairs, chance, out) - value
    if upper < 0.0:
        return 0.0
    answered(low, pairs, chance, reasons[1], out)
    lower = worth(pairs, chance, out) - value
    if lower >= 0.0:
        return reasons[0]
    side = 0
    for step in range(STEPS):
        at = between(low, high, lower, upper, step)
        if not low < at < high:
            break
        answered(at, pairs, chance, reasons[1], out)
        excess = worth(pairs, chance, out) - value
        if abs(excess) <= 0.25 * EPSILON:
            high = at
            break
        # an end that stays counts half, so that chords do not stick to it (Dowell and Jarratt 1971)
        if excess < 0.0:
            low, lower = at, excess
            upper *= 0.5 if side < 0 else 1.0
            side = -1
        else:
            high, upper = at, excess
            lower *= 0.5 if side > 0 else 1.0
            side = 1
    return min(own * math.expm1(-high), reasons[0])


@kernel()
def announced(
    demands: Array, chance: Array, reasons: Array, rate: Array, first: Array, second: Array
) -> None:
    """One cell: what each side announces.

    ``demands``, ``chance (2, D)`` of obstinate types, NaN and 0 where there is none, ``reasons (2,)`` how likely a side
    reasons, ``rate (2,)`` how impatient it is.  Writes how likely it reasons and makes each demand ``first (D,)``, or
    answers one by each other ``second (D, D)``.
    """
    size = demands.shape[1]
    pairs = np.zeros((size, 2, size))
    for i in range(size):
        for j in range(size):
            if chance[0, i] > 0.0 and chance[1, j] > 0.0:
                excess = demands[0, i] + demands[1, j] - 1.0
                if excess > ROUNDED:
                    pairs[i, 0, j] = excess
                    pairs[i, 1, j] = rate[0] * (1.0 - demands[1, j]) / (rate[1] * (1.0 - demands[0, i]))
    out, tried = np.zeros(size), np.zeros(size)
    least, most = np.zeros(size), np.zeros(size)
    for i in range(size):
        most[i] = reasons[0] if chance[0, i] > 0.0 else 0.0
    low, high = 0.0, 1.0
    lower, upper, side = total(most) - reasons[0], -reasons[0], 0
    for step in range(STEPS):
        value = between(low, high, lower, upper, step) if lower > 0.0 else 0.5 * (low + high)
        if not low < value < high:
            break
        for i in range(size):
            tried[i] = 0.0
            if chance[0, i] > 0.0:
                tried[i] = made(value - demands[0, i], chance[0, i], pairs[i], chance[1], reasons, out)
        excess = total(tried) - reasons[0]
        if excess >= 0.0:
            low, lower = value, excess
            upper *= 0.5 if side > 0 else 1.0
            side = 1
            for i in range(size):
                most[i] = tried[i]
        else:
            high, upper = value, excess
            lower *= 0.5 if side < 0 else 1.0
            side = -1
            for i in range(size):
                least[i] = tried[i]
        if abs(excess) <= EPSILON * reasons[0]:
            for i in range(size):
                least[i], most[i] = tried[i], tried[i]
            break
    # where a demand is worth the same however often it is made, the chances add up to one in between
    above, below = total(most), total(least)
    weight = (reasons[0] - below) / (above - below) if above > below else 0.0
    for i in range(size):
        first[i] = least[i] + weight * (most[i] - least[i])
        for j in range(size):
            second[i, j] = 0.0
        if chance[0, i] > 0.0:
            believed = math.log(chance[0, i] / (chance[0, i] + first[i]))
            answered(believed, pairs[i], chance[1], reasons[1], out)
            for j in range(size):
                second[i, j] = out[j]


@kernel()
def announcements(
    demands: Array, chance: Array, reasons: Array, rate: Array, first: Array, second: Array
) -> None:
    """The same for all cells, ``(C, 2, D)`` and ``(C, 2)``, to ``first (C, D)`` and ``second (C, D, D)``."""
    for c in range(len(demands)):
        announced(demands[c], chance[c], reasons[c], rate[c], first[c], second[c])
