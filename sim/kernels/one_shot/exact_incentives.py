"""Best and worst correlated equilibria in fractions, where payoffs differ too much in size for floats."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.kernels.base.tolerances import WIDE
from sim.kernels.one_shot.exact_dominance import maximise

__all__ = ["exact_programmes", "too_wide"]


def too_wide(payoffs: NDArray[np.float64], sizes: tuple[int, ...]) -> NDArray[np.bool_]:
    """Cells in which some incentive is far smaller than another of the same player, ``(C, n, J) -> (C,)``."""
    wide = np.zeros(len(payoffs), np.bool_)
    for i, size in enumerate(sizes):
        own = np.moveaxis(payoffs[:, i].reshape(-1, *sizes), i + 1, 1).reshape(len(payoffs), size, -1)
        change = np.abs(own[:, :, np.newaxis] - own[:, np.newaxis]).reshape(len(payoffs), -1)
        least = np.where(change > 0, change, np.inf).min(axis=1, initial=np.inf)
        wide |= least < WIDE * change.max(axis=1, initial=0.0)
    return wide


def exact_programmes(
    payoffs: NDArray[Any], *, coarse: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """All programmes of one cell, ``payoffs (n, A1, .., An)`` of fractions.

    ``joint (K, J)`` and ``multipliers (K, n, A, A)`` (coarse: ``(K, n, 1, A)``), per range of the aim and unit of
    payoff: best and worst for joint welfare, then for each player.
    """
    sizes = payoffs.shape[1:]
    places = list(product(*map(range, sizes)))
    flat = payoffs.reshape(len(sizes), -1).tolist()
    number = {place: s for s, place in enumerate(places)}
    rows, names = [], []
    for i, size in enumerate(sizes):
        for advice, b in product(range(1 if coarse else size), range(size)):
            row = []
            for s, place in enumerate(places):
                there = flat[i][number[(*place[:i], b, *place[i + 1 :])]]
                row.append(there - flat[i][s] if coarse or place[i] == advice else 0)
            if any(row):
                rows.append(row)
                names.append((i, advice, b))
    limits = [0] * len(rows) + [1]
    rows.append([1] * len(places))
    joint = np.zeros((2 + 2 * len(sizes), len(places)))
    multipliers = np.zeros((len(joint), len(sizes), 1 if coarse else max(sizes), max(sizes)))
    aims = [[sum(own) for own in zip(*flat, strict=True)], *flat]
    for k, (aim, sign) in enumerate(product(aims, (1, -1))):
        low = min(sign * value for value in aim)
        spread = (max(aim) - min(aim)) or 1
        # above zero everywhere, so that no probability is left out
        _, play, prices = maximise([(sign * value - low) / spread + 1 for value in aim], rows, limits)
        joint[k] = [float(share) for share in play]
        for name, price in zip(names, prices, strict=False):
            multipliers[(k, *name)] = float(price)
    return joint, multipliers
