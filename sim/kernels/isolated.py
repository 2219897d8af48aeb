"""All equilibria that stand alone, for batches of cells: without dominated actions, with room for all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.kernels.dominance import eliminate
from sim.kernels.joint_actions import strides
from sim.kernels.polynomial import equilibria_on_supports
from sim.kernels.threads import over_blocks

__all__ = ["MOST_SUPPORTS", "NOT_SEARCHED", "isolated_equilibria"]

BLOCK = 16  # cells a thread takes at a time
MOST_SUPPORTS = 1_000  # combinations of actions, without dominated ones, up to which a game is searched
NOT_SEARCHED = -1
ROOM = 16  # equilibria of a cell for which there is room at first


def isolated_equilibria(
    payoffs: NDArray[np.float64], sizes: tuple[int, ...], boxes: int
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Search every support of each cell, ``payoffs (C, n, J)`` in units of each player's range.

    ``strategy (C, K, n, A)``, how many there are, and the number of boxes about which nothing is proved,
    ``(C,)``, which is -1 for cells that have too many supports and were not searched.
    """
    bits = undominated_actions(payoffs, sizes)
    actions = np.bitwise_count(bits).astype(np.float64)
    large = np.prod(2.0**actions - 1.0, axis=1) > MOST_SUPPORTS
    bits[large] = 0
    strategy, count, undecided = search(payoffs, sizes, bits, boxes, ROOM)
    undecided[large] = NOT_SEARCHED
    return strategy[:, : count.max(initial=0)], count, undecided


def undominated_actions(payoffs: NDArray[np.float64], sizes: tuple[int, ...]) -> NDArray[np.int64]:
    """The actions that survive iterated strict dominance, which alone are played in equilibrium, as bits ``(C, n)``."""
    cells, players, joints = payoffs.shape
    most = max(sizes)
    removed = np.empty((cells, players, most), np.int64)
    dominator = np.empty((cells, players, most, most))
    belief = np.empty((cells, players, most, joints // min(sizes)))
    failed = np.empty(cells, np.int64)
    arrays = (np.array(sizes, np.int64), strides(sizes))

    def work(first: int, last: int) -> None:
        eliminate(payoffs, *arrays, False, first, last, removed, dominator, belief, failed)

    over_blocks(work, cells, BLOCK)
    exists = np.arange(most) < np.array(sizes)[:, np.newaxis]
    result: NDArray[np.int64] = ((removed == 0) & exists) @ (1 << np.arange(most))
    return result


def search(
    payoffs: NDArray[np.float64], sizes: tuple[int, ...], bits: NDArray[np.int64], boxes: int, room: int
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Search the cells that have bits; again those few that have more equilibria than there was room for."""
    cells = len(payoffs)
    strategy = np.full((cells, room, len(sizes), max(sizes)), np.nan)
    count, undecided = np.zeros(cells, np.int64), np.zeros(cells, np.int64)
    arrays = (np.array(sizes, np.int64), strides(sizes), bits, boxes)

    def work(first: int, last: int) -> None:
        equilibria_on_supports(payoffs, *arrays, first, last, strategy, count, undecided)

    over_blocks(work, cells, BLOCK)
    for k in range(room):
        claimed = k < count
        strategy[claimed, k] = np.nan_to_num(strategy[claimed, k])  # zero beyond a player's actions
    crowded = np.nonzero(count > room)[0]
    if crowded.size:
        again, count[crowded], undecided[crowded] = search(
            np.ascontiguousarray(payoffs[crowded]), sizes, bits[crowded], boxes, int(count.max())
        )
        wider = np.full((cells, again.shape[1], *strategy.shape[2:]), np.nan)
        wider[:, :room] = strategy
        wider[crowded] = again
        strategy = wider
    return strategy, count, undecided
