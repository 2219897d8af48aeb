"""Evolution: stable strategies of symmetric games, and the replicator dynamics of any normal form."""

from __future__ import annotations

import numpy as np

from sim.kernels import Array, kernel
from sim.kernels.base.joint_actions import replies
from sim.kernels.base.linear import gauss
from sim.kernels.base.tolerances import DOMINATED, SQUARED, STABLE, ZERO

__all__ = ["replicate", "stable_strategies"]


@kernel()
def positive_on_cone(form: Array, free: int, size: int) -> bool:
    """Whether a quadratic form is positive on ``c != 0`` with ``c[free:] >= 0``.

    Gauss on the free part, which must be positive definite (Haigh 1975, as corrected by Abakuks 1980);
    then strict copositivity of what is left, by the stationary point of every face (Hadeler 1983).
    ``form (N, N)`` is destroyed.
    """
    for k in range(free):
        if not form[k, k] > DOMINATED:
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
                face[r, c] = form[member[r], member[c]] - (DOMINATED if r == c else 0.0)
        if gauss(face, right, number) != 0:
            negative = True
            for r in range(number):
                negative = negative and right[r] <= 0.0
            if negative:
                return False
    return True


@kernel()
def stable_strategies(payoffs: Array, first: int, last: int, strategy: Array, count: Array) -> int:
    """Evolutionarily stable strategies of each cell, support by support.

    ``payoffs (C, A, A)`` from 0 to 1, the own action in rows -> ``strategy (C, K, A)``, ``count (C,)``; those
    beyond K are counted, not kept.
    """
    size = payoffs.shape[1]
    matrix, right = np.empty((size + 1, size + 1)), np.empty(size + 1)
    form = np.empty((size, size))
    play, reply = np.empty(size), np.empty(size)
    member = np.empty(size, np.int64)
    for c in range(first, last):
        a = payoffs[c]
        count[c] = 0
        for code in range(1, 1 << size):
            number = 0
            for i in range(size):
                if code >> i & 1:
                    member[number] = i
                    number += 1
            for r in range(number):
                for k in range(number):
                    matrix[r, k] = a[member[r], member[k]]
                matrix[r, number] = -1.0
                matrix[number, r] = 1.0
                right[r] = 0.0
            matrix[number, number] = 0.0
            right[number] = 1.0
            if gauss(matrix, right, number + 1) == 0:
                continue  # a stable strategy is the only equilibrium on its support
            good = True
            play[:] = 0.0
            for r in range(number):
                good = good and right[r] > DOMINATED
                play[member[r]] = right[r]
            if not good:
                continue
            value = right[number]
            best = number
            for i in range(size):
                reply[i] = 0.0
                for k in range(number):
                    reply[i] += a[i, member[k]] * right[k]
                if not code >> i & 1:
                    if reply[i] > value + DOMINATED:
                        good = False
                    elif reply[i] >= value - DOMINATED:
                        member[best] = i  # equally good, though not played
                        best += 1
            if not good:
                continue
            base = member[0]
            for r in range(1, best):
                for k in range(1, best):
                    i, j = member[r], member[k]
                    there = a[i, j] - a[i, base] - a[base, j] + a[base, base]
                    back = a[j, i] - a[j, base] - a[base, i] + a[base, base]
                    form[r - 1, k - 1] = -0.5 * (there + back)
            if positive_on_cone(form, number - 1, best - 1):
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
            play[i, a] = np.exp(logs[i, a] - top)
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
                logs[i, a] = np.log(start[c, i, a]) if start[c, i, a] > 0.0 else -1e300
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
            length = size * min(5.0, max(0.2, 0.9 * (allowed / max(error, SQUARED)) ** (1.0 / 3.0)))
        for k in range(seen, times.size):
            visited[c, k] = play
            if rested[c] == 0:
                visited[c, k] = np.nan
    return 0
