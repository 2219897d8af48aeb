"""Chains of states: where they spend the long run, and how long until they get somewhere.

Zeros of the chain are taken at their word: classes of states are found from which entries are positive.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels import kernel

__all__ = ["hitting_times", "long_run_shares"]

Array = Any


@kernel()
def reachable(chain: Array, reach: Array) -> None:
    """Which states can follow which in any number of steps, zero included; ``(S, S)`` both."""
    size = chain.shape[0]
    for s in range(size):
        for t in range(size):
            reach[s, t] = s == t or chain[s, t] > 0.0
    for via in range(size):
        for s in range(size):
            if reach[s, via]:
                for t in range(size):
                    reach[s, t] = reach[s, t] or reach[via, t]


@kernel()
def solve_pivoted(a: Array, b: Array) -> bool:
    """Solve ``a x = b`` in place with row exchanges; False where a pivot vanishes."""
    size = b.shape[0]
    for k in range(size):
        best = k
        for r in range(k + 1, size):
            if abs(a[r, k]) > abs(a[best, k]):
                best = r
        if a[best, k] == 0.0:
            return False
        if best != k:
            for c in range(size):
                a[k, c], a[best, c] = a[best, c], a[k, c]
            b[k], b[best] = b[best], b[k]
        for r in range(k + 1, size):
            factor = a[r, k] / a[k, k]
            if factor != 0.0:
                for c in range(k, size):
                    a[r, c] -= factor * a[k, c]
                b[r] -= factor * b[k]
    for k in range(size - 1, -1, -1):
        total = b[k]
        for c in range(k + 1, size):
            total -= a[k, c] * b[c]
        b[k] = total / a[k, k]
    return True


@kernel()
def long_run_shares(chain: Array, start: Array, shares: Array) -> int:
    """Long-run share of periods in each state, ``chain (C, S, S)``, ``start (S,)``, ``shares (C, S)``.

    The limit of averages over time, which exists also for cycles: each closed class holds its
    stationary distribution, weighted by the chance to end there (Kemeny and Snell 1960, chapter 3).
    NaN where the chain is not finite.  Returns 0.
    """
    cells, size = chain.shape[0], chain.shape[1]
    reach = np.empty((size, size), np.bool_)
    closed = np.empty(size, np.bool_)
    system = np.empty((size, size))
    right = np.empty(size)
    mass = np.empty(size)
    done = np.empty(size, np.bool_)
    for c in range(cells):
        for s in range(size):
            shares[c, s] = np.nan
        if not np.isfinite(chain[c].sum()):
            continue
        reachable(chain[c], reach)
        for s in range(size):
            closed[s] = True
            for t in range(size):
                if reach[s, t] and not reach[t, s]:
                    closed[s] = False
        # expected visits to passing states, then the mass that each closed state receives first
        for s in range(size):
            for t in range(size):
                system[s, t] = (1.0 if s == t else 0.0) - (0.0 if closed[t] else chain[c, t, s])
            right[s] = 0.0 if closed[s] else start[s]
            if closed[s]:
                for t in range(size):
                    system[s, t] = 1.0 if s == t else 0.0
        solve_pivoted(system, right)
        for s in range(size):
            mass[s] = 0.0
            done[s] = False
            shares[c, s] = 0.0
            if closed[s]:
                mass[s] = start[s]
                for t in range(size):
                    if not closed[t]:
                        mass[s] += right[t] * chain[c, t, s]
        for first in range(size):
            if not closed[first] or done[first]:
                continue
            total = 0.0
            for s in range(size):
                right[s] = 0.0
                for t in range(size):
                    system[s, t] = 1.0 if s == t else 0.0
                if reach[first, s]:
                    done[s] = True
                    total += mass[s]
                    for t in range(size):
                        if reach[first, t]:
                            system[s, t] -= chain[c, t, s]
            # one balance equation of the class is redundant: the sum of shares replaces it
            for t in range(size):
                system[first, t] = 1.0 if reach[first, t] else 0.0
            right[first] = 1.0
            solve_pivoted(system, right)
            for s in range(size):
                if reach[first, s]:
                    shares[c, s] = total * right[s]
    return 0


@kernel()
def hitting_times(chain: Array, target: Array, times: Array) -> int:
    """Expected periods until a target state, ``chain (C, S, S)``, ``target (C, S)``, ``times (C, S)``.

    Infinite from states that miss the targets with positive probability; NaN where a cell has no target
    or is not finite.  Returns 0.
    """
    cells, size = chain.shape[0], chain.shape[1]
    reach = np.empty((size, size), np.bool_)
    stopped = np.empty((size, size))
    sure = np.empty(size, np.bool_)
    system = np.empty((size, size))
    right = np.empty(size)
    for c in range(cells):
        if not target[c].any() or not np.isfinite(chain[c].sum()):
            times[c, :] = np.nan
            continue
        for s in range(size):
            for t in range(size):
                stopped[s, t] = (1.0 if s == t else 0.0) if target[c, s] else chain[c, s, t]
        reachable(stopped, reach)
        for s in range(size):  # sure of a target: from everywhere it can get to, some target can be reached
            sure[s] = True
            for t in range(size):
                if reach[s, t]:
                    hope = False
                    for goal in range(size):
                        hope = hope or (target[c, goal] and reach[t, goal])
                    sure[s] = sure[s] and hope
        for s in range(size):
            counts = sure[s] and not target[c, s]
            right[s] = 1.0 if counts else 0.0
            for t in range(size):
                system[s, t] = 1.0 if s == t else 0.0
                if counts and not target[c, t]:
                    system[s, t] -= stopped[s, t]
        solve_pivoted(system, right)
        for s in range(size):
            times[c, s] = right[s] if sure[s] else np.inf
    return 0
