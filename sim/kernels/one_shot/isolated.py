"""All equilibria that stand alone, for batches of cells: without dominated actions, with room for all."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.kernels.base.joint_actions import strides
from sim.kernels.base.threads import over_blocks
from sim.kernels.one_shot.dominance import eliminate
from sim.kernels.one_shot.polynomial import equilibria_on_supports

__all__ = ["MOST_SUPPORTS", "NOT_SEARCHED", "Found", "isolated_equilibria"]

BLOCK = 16  # cells a thread takes at a time
MOST_SUPPORTS = 1_000  # combinations of actions, without dominated ones, up to which a game is searched
NOT_SEARCHED = -1
ROOM = 16  # equilibria of a cell for which there is room at first


@dataclass(frozen=True, eq=False)
class Found:
    """What a search finds in C cells: ``strategy (C, K, n, A)``, of which ``count (C,)`` are real.

    ``undecided (C,)`` counts boxes about which nothing is proved, and is -1 for cells that were not searched;
    ``segments (C,)`` counts supports on which equilibria are a segment, whose ends are in ``strategy``.
    """

    strategy: NDArray[np.float64]
    count: NDArray[np.int64]
    undecided: NDArray[np.int64]
    segments: NDArray[np.int64]

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Cells in which nothing is missing, ``(C,)``."""
        return np.asarray(self.undecided == 0)

    @property
    def degenerate(self) -> NDArray[np.bool_]:
        """Cells in which nothing is missing and some equilibria are the ends of segments, ``(C,)``."""
        return np.asarray((self.undecided == 0) & (self.segments > 0))


def isolated_equilibria(payoffs: NDArray[np.float64], sizes: tuple[int, ...], boxes: int) -> Found:
    """Search every support of each cell, ``payoffs (C, n, J)`` in units of each player's range.

    Cells with too many supports are not searched.
    """
    bits = undominated_actions(payoffs, sizes)
    actions = np.bitwise_count(bits).astype(np.float64)
    large = np.prod(2.0**actions - 1.0, axis=1) > MOST_SUPPORTS
    bits[large] = 0
    found = search(payoffs, sizes, bits, boxes, ROOM)
    found.undecided[large] = NOT_SEARCHED
    return replace(found, strategy=found.strategy[:, : found.count.max(initial=0)])


def undominated_actions(payoffs: NDArray[np.float64], sizes: tuple[int, ...]) -> NDArray[np.int64]:
    """The actions that survive iterated strict dominance, which alone are played in equilibrium, as bits ``(C, n)``."""
    cells, players, joints = payoffs.shape
    most = max(sizes)
    removed = np.empty((cells, players, most), np.int64)
    dominator = np.empty((cells, players, most, most))
    belief = np.empty((cells, players, most, joints // min(sizes)))
    doubtful = np.empty(cells, np.int64)
    arrays = (np.array(sizes, np.int64), strides(sizes))

    def work(first: int, last: int) -> None:  # what is in doubt stays, which costs time and no answer
        eliminate(payoffs, *arrays, False, True, first, last, removed, dominator, belief, doubtful)

    over_blocks(work, cells, BLOCK)
    exists = np.arange(most) < np.array(sizes)[:, np.newaxis]
    result: NDArray[np.int64] = ((removed == 0) & exists) @ (1 << np.arange(most))
    return result


def search(
    payoffs: NDArray[np.float64], sizes: tuple[int, ...], bits: NDArray[np.int64], boxes: int, room: int
) -> Found:
    """Search the cells that have bits; again those few that have more equilibria than there was room for."""
    cells = len(payoffs)
    strategy = np.full((cells, room, len(sizes), max(sizes)), np.nan)
    count, undecided, segments = np.zeros((3, cells), np.int64)
    arrays = (np.array(sizes, np.int64), strides(sizes), bits, boxes)

    def work(first: int, last: int) -> None:
        equilibria_on_supports(payoffs, *arrays, first, last, (strategy, count, undecided, segments))

    over_blocks(work, cells, BLOCK)
    for k in range(room):
        claimed = k < count
        strategy[claimed, k] = np.nan_to_num(strategy[claimed, k])  # zero beyond a player's actions
    crowded = np.nonzero(count > room)[0]
    if crowded.size:
        again = search(np.ascontiguousarray(payoffs[crowded]), sizes, bits[crowded], boxes, int(count.max()))
        wider = np.full((cells, *again.strategy.shape[1:]), np.nan)
        wider[:, :room] = strategy
        wider[crowded] = again.strategy
        strategy = wider
    return Found(strategy, count, undecided, segments)
