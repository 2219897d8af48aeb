"""Joint actions in one row: how kernels for any number of players read a normal form.

``payoffs (n, J)`` holds the joint actions in C order: the last player's action varies fastest.
With ``stride[i]`` the product of the sizes after player i, the action of player i in joint action s is
``s // stride[i] % sizes[i]``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernels import Array, kernel
from sim.kernels.base.tolerances import FORMULA

__all__ = [
    "best_replies",
    "digits",
    "from_nearest",
    "marginals",
    "pure_equilibria",
    "pure_strategies",
    "replies",
    "strides",
    "unit_payoffs",
]


def unit_payoffs(payoffs: NDArray[np.float64], scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """Payoffs from 0 to 1 in units of each player's range, ``(C, n, A1, .., An), (C, n) -> (C, n, J)``.

    Kernels that work on these give answers that do not depend on the unit or the origin of payoffs.
    Cells with a payoff that is not finite are all zero.
    """
    flat = payoffs.reshape(*payoffs.shape[:2], -1)
    finite = np.isfinite(flat).all(axis=(1, 2), keepdims=True)
    flat = np.where(finite, flat, 0.0)
    low = flat.min(axis=-1, keepdims=True)
    return np.ascontiguousarray((flat - low) / np.where(finite, scale[..., np.newaxis], 1.0))


def from_nearest(payoffs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Payoffs counted from each player's payoff nearest to zero, ``(C, n, ..) -> (C, n, ..)``.

    So neither their level nor one that is far from the others costs the others digits.
    """
    flat = payoffs.reshape(*payoffs.shape[:2], -1)
    nearest = np.abs(flat).argmin(axis=-1, keepdims=True)
    result: NDArray[np.float64] = (flat - np.take_along_axis(flat, nearest, axis=-1)).reshape(payoffs.shape)
    return result


def strides(sizes: tuple[int, ...]) -> NDArray[np.int64]:
    """How far apart in a row are joint actions that differ by one in the action of each player."""
    steps = np.cumprod((1, *sizes[:0:-1]))[::-1]
    return np.ascontiguousarray(steps, dtype=np.int64)


def marginals(joint: NDArray[np.float64]) -> NDArray[np.float64]:
    """How often each player chooses each action, ``(C, K, A1, .., An) -> (C, K, n, A)``."""
    sizes = joint.shape[2:]
    result = np.zeros((*joint.shape[:2], len(sizes), max(sizes)))
    for i, size in enumerate(sizes):
        others = tuple(j + 2 for j in range(len(sizes)) if j != i)
        result[:, :, i, :size] = joint.sum(axis=others)
    return result


def best_replies(utility: NDArray[np.float64], axis: int, *, rounded: bool = False) -> NDArray[np.bool_]:
    """Where payoffs are the largest along the axis of a player's own actions, of the same shape.

    Where they are ``rounded``, as the values of formulas are, so are those that differ by no more than that.
    """
    best = utility.max(axis=axis, keepdims=True)
    slack = np.where(np.isfinite(best), FORMULA * np.abs(best), 0.0) if rounded else 0.0
    result: NDArray[np.bool_] = utility >= best - slack
    return result


def pure_equilibria(
    payoffs: NDArray[np.float64], finite: NDArray[np.bool_], *, rounded: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Joint actions from which nobody gains by deviating, as strategies ``(C, K, n, A)``, and their number ``(C,)``.

    ``payoffs (C, n, A1, .., An)``; cells that are not ``finite`` have none.  Numbers are compared as they stand:
    floats are in the order of the decimals that they show.  Where they are ``rounded``, as the values of
    formulas are, :func:`best_replies` says which are equal.
    """
    cells, shape = payoffs.shape[0], payoffs.shape[2:]
    each = (-1,) + (1,) * len(shape)
    stable = np.broadcast_to(finite.reshape(each), (cells, *shape)).copy()
    for i in range(len(shape)):
        utility = np.where(finite.reshape(each), payoffs[:, i], 0.0)
        stable &= best_replies(utility, i + 1, rounded=rounded)
    cell, *joint_action = np.nonzero(stable)
    count = np.bincount(cell, minlength=cells)
    place = np.arange(cell.size) - np.repeat(np.cumsum(count) - count, count)
    strategy = np.full((cells, count.max(initial=0), len(shape), max(shape)), np.nan)
    strategy[cell, place] = 0.0
    for i, action in enumerate(joint_action):
        strategy[cell, place, i, action] = 1.0
    return strategy, count


@kernel()
def digits(sizes: Array) -> Array:
    """The action of each player in each joint action, ``(n,) -> (J, n)``."""
    players = sizes.shape[0]
    joints = 1
    for i in range(players):
        joints *= sizes[i]
    result = np.empty((joints, players), np.int64)
    for s in range(joints):
        rest = s
        for i in range(players - 1, -1, -1):
            result[s, i] = rest % sizes[i]
            rest //= sizes[i]
    return result


@kernel()
def replies(payoffs: Array, sizes: Array, stride: Array, strategy: Array, reply: Array) -> int:
    """Payoff of each action against the others' strategies, ``(n, J), .., (n, A) -> reply (n, A)``."""
    players, joints = payoffs.shape
    for i in range(players):
        for a in range(sizes[i]):
            reply[i, a] = 0.0
    for s in range(joints):
        for i in range(players):
            weight = 1.0
            for j in range(players):
                if j != i:
                    weight *= strategy[j, s // stride[j] % sizes[j]]
            reply[i, s // stride[i] % sizes[i]] += weight * payoffs[i, s]
    return 0


def pure_strategies(chosen: NDArray[np.bool_], sizes: tuple[int, ...], most: int) -> NDArray[np.float64]:
    """One-hot strategies of the first ``most`` joint actions chosen, ``(C, J) -> (C, K, n, A)``."""
    place = chosen.cumsum(axis=1) - 1
    cell, joint = np.nonzero(chosen & (place < most))
    place = place[cell, joint]
    strategy = np.full((len(chosen), int(place.max(initial=-1)) + 1, len(sizes), max(sizes)), np.nan)
    strategy[cell, place] = 0.0
    for i, action in enumerate(np.unravel_index(joint, sizes)):
        strategy[cell, place, i, action] = 1.0
    return strategy
