"""Chains of states: where they spend the long run, and how long until they get somewhere.

Zeros of a chain are taken at their word: classes of states are found from which entries are positive.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.game.protocol import Floats

__all__ = ["hitting_times", "long_run_shares"]

Bools = NDArray[np.bool_]


def long_run_shares(chain: Floats, start: Floats) -> Floats:
    """Long-run share of periods in each state, ``chain (C, S, S)``, ``start (S,)`` to ``(C, S)``.

    The limit of averages over time, which exists also for cycles: each closed class holds its
    stationary distribution, weighted by the chance to end there (Kemeny and Snell 1960, chapter 3).
    NaN where the chain is not finite.
    """
    chain, unit, finite = finite_chain(chain)
    reach = reachable(chain)
    closed = np.asarray((~reach | reach.swapaxes(1, 2)).all(axis=2))
    # expected visits to passing states, then the mass that each closed state receives first
    passing = np.where(closed[:, np.newaxis, :], 0.0, chain.swapaxes(1, 2))
    visits = solved(unit - np.where(closed[:, :, np.newaxis], 0.0, passing), np.where(closed, 0.0, start))
    mass = np.where(closed, start + np.einsum("cst,ct->cs", passing, visits), 0.0)
    # one balance equation of each class is redundant: that of its first state says the sum of shares
    same = reach & closed[:, :, np.newaxis]
    first = closed & (same.argmax(axis=2) == np.arange(chain.shape[1]))
    balance = unit - np.where(same, chain.swapaxes(1, 2), 0.0)
    system = np.where(first[:, :, np.newaxis], same, balance)
    total = np.where(first, np.einsum("cst,ct->cs", same, mass), 0.0)
    return np.where(finite[:, np.newaxis], solved(system, total), np.nan)


def hitting_times(chain: Floats, target: Bools) -> Floats:
    """Expected periods until a target state, ``chain (C, S, S)``, ``target (C, S)`` to ``(C, S)``.

    Infinite from states that miss the targets with positive probability; NaN where a cell has no target
    or is not finite.
    """
    chain, unit, finite = finite_chain(chain)
    reach = reachable(np.where(target[:, :, np.newaxis], unit, chain))
    hopeful = np.asarray((reach & target[:, np.newaxis, :]).any(axis=2))
    # sure of a target: some target can be reached from everywhere it can get to
    sure = np.asarray((~reach | hopeful[:, np.newaxis, :]).all(axis=2))
    on_the_way = sure & ~target
    both = on_the_way[:, :, np.newaxis] & on_the_way[:, np.newaxis, :]
    times = solved(unit - np.where(both, chain, 0.0), on_the_way.astype(np.float64))
    known = np.asarray(finite & target.any(axis=1))
    return np.where(known[:, np.newaxis], np.where(sure, times, np.inf), np.nan)


def finite_chain(
    chain: Floats,
) -> tuple[Floats, Floats, Bools]:
    """The chain, staying where it is in cells that are not finite; the unit matrix; which are ``(C,)``."""
    finite = np.asarray(np.isfinite(chain).all(axis=(1, 2)))
    unit = np.eye(chain.shape[1])
    return np.where(finite[:, np.newaxis, np.newaxis], chain, unit), unit, finite


def reachable(chain: Floats) -> Bools:
    """Which states can follow which in any number of steps, zero included; ``(C, S, S)`` both."""
    size = chain.shape[1]
    reach = (chain > 0.0) | np.eye(size, dtype=np.bool_)
    for _ in range(size.bit_length()):  # twice as many steps each time
        reach = reach @ reach
    return reach


def solved(system: Floats, right: Floats) -> Floats:
    """Solutions of ``system (C, S, S)`` and ``right (C, S)``; NaN in cells where rounding left it singular."""
    try:
        return np.asarray(np.linalg.solve(system, right[..., np.newaxis])[..., 0])
    except np.linalg.LinAlgError:
        if len(system) == 1:
            return np.full(right.shape, np.nan)
        return np.concatenate(
            [solved(a[np.newaxis], b[np.newaxis]) for a, b in zip(system, right, strict=True)]
        )
