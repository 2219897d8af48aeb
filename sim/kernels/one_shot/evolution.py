"""Evolution: stable strategies of symmetric games, and the replicator dynamics of any normal form."""

from __future__ import annotations

import math

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.joint_actions import replies
from sim.kernels.base.linear import gauss
from sim.kernels.base.tolerances import DOMINATED, FORMULA, SMALL_DETERMINANT, SQUARED, STABLE, ZERO

__all__ = ["replicate", "stable_strategies"]


@kernel()
def positive_on_cone(form: Array, free: int, size: int, lowered: float) -> bool:
    """Whether a quadratic form, ``lowered`` by so much, is positive on ``c != 0`` with ``c[free:] >= 0``.

    Gauss on the free part, which must be positive definite (Haigh 1975, as corrected by Abakuks 1980);
    then strict copositivity of what is left, by the stationary point of every face (Hadeler 1983).
    ``form (N, N)`` is destroyed.
    """
    for k in range(free):
        if not form[k, k] > lowered:
            return False
        for r in range(k + 1, size):
            share = form[r, k] / form[k, k]
            for c in range(k, size):
                form[r, c] -= share * form[k, c]
    left = size - free
    face, right = np.empty((left, left)), np.empty(left)
    member = np.empty(left, np.int64)
    for code in range(1, 1 << left):
        number = 0
        for k in range(left):
            if code >> k & 1:
                member[number] = free + k
                number += 1
        for r in range(number):
            right[r] = 1.0
            for c in range(number):
                face[r, c] = form[member[r], member[c]] - (lowered if r == c else 0.0)
        if gauss(face, right, number) != 0:
            negative = True
            for r in range(number):
                negative = negative and right[r] <= 0.0
            if negative:
                return False
    return True


@kernel()
def alike(a: Array, i: int, j: int) -> int:
    """Sign of what mixing two actions gains over playing each against itself, 0 in doubt.

    A strategy that plays both is stable only where it is negative.
    """
    whole, size = True, 0.0
    for number in (a[i, i], a[i, j], a[j, i], a[j, j]):
        whole = whole and number == np.rint(number)
        size += abs(number)
    gained = a[i, i] - a[i, j] - a[j, i] + a[j, j]
    if whole and size < 2.0**52:
        return -1 if gained < 0.0 else 1
    if abs(gained) <= FORMULA * size:
        return 0
    return -1 if gained < 0.0 else 1


@kernel()
def pure_support(a: Array, member: Array, size: int) -> tuple[int, bool, bool]:
    """One action alone, by comparing numbers as they are: how many are best replies, if it is stable, if in doubt.

    Writes the other best replies behind it in ``member``.
    """
    base, best, good = member[0], 1, True
    for i in range(size):
        if i != base and a[i, base] >= a[base, base]:
            good = good and a[i, base] == a[base, base] and a[base, i] > a[i, i]
            member[best] = i
            best += 1
    return best, good, best > 2


@kernel()
def mixed_support(
    a: Array, member: Array, number: int, size: int, play: Array, matrix: Array, right: Array
) -> tuple[int, bool, bool]:
    """As :func:`pure_support`, of ``number > 1`` actions, with ``play`` the strategy that makes them equal."""
    low, high, played = np.inf, -np.inf, 0  # of what is played: nothing else is to blur it
    for r in range(number):
        played |= 1 << member[r]
        for k in range(number):
            low, high = min(low, a[member[r], member[k]]), max(high, a[member[r], member[k]])
    unit = high - low
    for r in range(number):
        for k in range(number):
            matrix[r, k] = (a[member[r], member[k]] - low) / unit
        matrix[r, number] = -1.0
        matrix[number, r] = 1.0
        right[r] = 0.0
    matrix[number, number] = 0.0
    right[number] = 1.0
    if gauss(matrix, right, number + 1) == 0:
        return number, True, True  # a stable strategy is the only equilibrium on its support
    good, doubt, best = True, False, number
    for r in range(number):
        good = good and right[r] > -DOMINATED
        doubt = doubt or right[r] <= SMALL_DETERMINANT
        play[member[r]] = right[r]
    for i in range(size):
        if good and not played >> i & 1:
            reply = 0.0
            for k in range(number):
                reply += (a[i, member[k]] - low) / unit * right[k]
            good = reply <= right[number] + DOMINATED
            doubt = doubt or reply >= right[number] - DOMINATED
    return best, good, doubt


@kernel()
def repels(a: Array, member: Array, free: int, best: int, form: Array, copy: Array) -> tuple[bool, bool]:
    """Whether mutants among the best replies ``member`` lose against themselves, and if that is in doubt."""
    base, largest = member[0], 0.0
    for r in range(1, best):
        for k in range(1, best):
            i, j = member[r], member[k]
            there = (a[i, j] - a[i, base]) - (a[base, j] - a[base, base])
            back = (a[j, i] - a[j, base]) - (a[base, i] - a[base, base])
            form[r - 1, k - 1] = -0.5 * (there + back)
            largest = max(largest, abs(form[r - 1, k - 1]))
    for r in range(best - 1):
        for k in range(best - 1):
            form[r, k] /= largest if largest > 0.0 else 1.0
    copy[:] = form
    positive = positive_on_cone(copy, free, best - 1, DOMINATED)
    copy[:] = form
    return positive, positive != positive_on_cone(copy, free, best - 1, -DOMINATED)


@kernel()
def stable_strategies(
    payoffs: Array, first: int, last: int, strategy: Array, count: Array, doubtful: Array
) -> int:
    """Evolutionarily stable strategies of each cell, support by support.

    ``payoffs (C, A, A)``, the own action in rows -> ``strategy (C, K, A)``, ``count (C,)``; those
    beyond K are counted, not kept.  ``doubtful (C,)``: 1 where some margin is too thin for floats.
    """
    size = payoffs.shape[1]
    matrix, right = np.empty((size + 1, size + 1)), np.empty(size + 1)
    form, copy = np.empty((size, size)), np.empty((size, size))
    play, member = np.empty(size), np.empty(size, np.int64)
    for c in range(first, last):
        a = payoffs[c]
        count[c], doubtful[c] = 0, 0
        for code in range(1, 1 << size):
            number, good, doubt = 0, True, False
            for i in range(size):
                if code >> i & 1:
                    for k in range(number):
                        gained = alike(a, i, member[k])
                        good, doubt = good and gained <= 0, doubt or gained == 0
                    member[number] = i
                    number += 1
            if not good:
                continue
            play[:] = 0.0
            if number == 1:
                play[member[0]] = 1.0
                best, good, unsure = pure_support(a, member, size)
            else:
                best, good, unsure = mixed_support(a, member, number, size, play, matrix, right)
            if not good:
                continue
            doubt = doubt or unsure
            if best > 2 and not doubt:  # one tie of a pure strategy has been decided
                good, doubt = repels(a, member, number - 1, best, form, copy)
            if doubt:
                doubtful[c] = 1
            elif good:
                if count[c] < strategy.shape[1]:
                    strategy[c, count[c]] = play
                count[c] += 1
    return 0


@kernel()
def growth(
    payoffs: Array, sizes: Array, stride: Array, logs: Array, play: Array, reply: Array, rate: Array
) -> int:
    """Growth rate of each log share, ``logs (n, A) -> rate (n, A)``; ``play`` takes the shares."""
    for i in range(sizes.size):
        top = logs[i, : sizes[i]].max()
        total = 0.0
        for a in range(sizes[i]):
            play[i, a] = math.exp(logs[i, a] - top)
            total += play[i, a]
        for a in range(sizes[i]):
            play[i, a] /= total
    replies(payoffs, sizes, stride, play, reply)
    for i in range(sizes.size):
        mean = 0.0
        for a in range(sizes[i]):
            mean += play[i, a] * reply[i, a]
        for a in range(sizes[i]):
            rate[i, a] = reply[i, a] - mean
    return 0


@kernel()
def ahead(
    logs: Array, rates: Array, sizes: Array, first: float, second: float, third: float, trial: Array
) -> int:
    """Log shares after a step along a combination of three rates."""
    for i in range(sizes.size):
        for a in range(sizes[i]):
            step = first * rates[0, i, a] + second * rates[1, i, a] + third * rates[2, i, a]
            trial[i, a] = logs[i, a] + step
    return 0


@kernel()
def replicate(
    payoffs: Array, sizes: Array, stride: Array, start: Array, times: Array, steps: int, first: int, last: int,
    visited: Array, rested: Array,
) -> int:  # fmt: skip
    """Integrate the replicator dynamics of each cell, and note the shares at ``times (T,)``.

    ``payoffs (C, n, J), start (C, n, A) -> visited (C, T, n, A), rested (C,)``: 1 where the shares came to
    rest at a point from which no action still present can grow, which is then visited for ever.
    Adaptive steps of the third order with an error estimate (Bogacki and Shampine 1989), in logarithms, so
    that shares may become as small as they like.
    """
    players, most = sizes.size, max(sizes)
    logs, trial = np.empty((players, most)), np.empty((players, most))
    play, after = np.zeros((players, most)), np.zeros((players, most))
    reply = np.zeros((players, most))
    rates = np.zeros((4, players, most))
    for c in range(first, last):
        for i in range(players):
            for a in range(sizes[i]):
                logs[i, a] = math.log(start[c, i, a]) if start[c, i, a] > 0.0 else -1e300
        rested[c] = 0
        now, length, seen = 0.0, 0.01, 0
        growth(payoffs[c], sizes, stride, logs, play, reply, rates[0])
        for _ in range(steps):
            while seen < times.size and times[seen] <= now:
                visited[c, seen] = play
                seen += 1
            speed, rising = 0.0, -np.inf
            for i in range(players):
                for a in range(sizes[i]):
                    speed = max(speed, abs(play[i, a] * rates[0, i, a]))
                    if start[c, i, a] > 0.0:
                        rising = max(rising, rates[0, i, a])
            if speed <= ZERO and rising <= STABLE:
                rested[c] = 1
            if seen == times.size or rested[c] == 1:
                break
            size = min(length, times[seen] - now)
            ahead(logs, rates, sizes, 0.5 * size, 0.0, 0.0, trial)
            growth(payoffs[c], sizes, stride, trial, after, reply, rates[1])
            ahead(logs, rates, sizes, 0.0, 0.75 * size, 0.0, trial)
            growth(payoffs[c], sizes, stride, trial, after, reply, rates[2])
            ahead(logs, rates, sizes, 2.0 * size / 9.0, size / 3.0, 4.0 * size / 9.0, trial)
            growth(payoffs[c], sizes, stride, trial, after, reply, rates[3])
            error = 0.0
            for i in range(players):
                for a in range(sizes[i]):
                    gap = -5.0 * rates[0, i, a] / 72.0 + rates[1, i, a] / 12.0 + rates[2, i, a] / 9.0
                    error = max(error, after[i, a] * abs(size * (gap - rates[3, i, a] / 8.0)))
            # near rest a fixed error would keep the shares trembling: there it falls with their speed
            allowed = min(1e-10, 1e-3 * speed + 1e-16)
            if error <= allowed:
                now += size
                for i in range(players):
                    top = trial[i, : sizes[i]].max()
                    for a in range(sizes[i]):
                        logs[i, a] = max(trial[i, a] - top, -1e300)
                play[:] = after
                rates[0] = rates[3]
            length = size * min(5.0, max(0.2, 0.9 * math.pow(allowed / max(error, SQUARED), 1.0 / 3.0)))
        for k in range(seen, times.size):
            visited[c, k] = play
            if rested[c] == 0:
                visited[c, k] = np.nan
    return 0
