"""Paths of logit equilibria for batches of cells, and second tries where a path meets a bifurcation."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernels.base.joint_actions import strides
from sim.kernels.base.threads import over_blocks
from sim.kernels.one_shot.logit import LOST, REACHED, logit_paths

__all__ = ["Traced", "trace", "trace_with_tilts"]

BLOCK = 64  # cells a thread takes at a time
TILTS = (0.0, 0.03, -0.05, 0.11, -0.17)  # log-odds at the start, per rank of the action, of the attempts


class Traced(NamedTuple):
    """Where paths end: ``strategy (C, n, A)`` with NaN where none ended at an equilibrium (``solved`` False).

    ``reached``, ``stopped`` and ``end`` are of the path from the centroid; ``attempt`` numbers the start that
    succeeded.
    """

    strategy: NDArray[np.float64]
    solved: NDArray[np.bool_]
    reached: NDArray[np.float64]
    stopped: NDArray[np.int64]
    end: NDArray[np.float64]
    attempt: NDArray[np.int8]


def trace_with_tilts(
    payoffs: NDArray[np.float64], finite: NDArray[np.bool_], sizes: tuple[int, ...], max_steps: int
) -> Traced:
    """Follow the path of every finite cell from the centroid, and where it is lost from tilted starts."""
    cells, shape = len(payoffs), (len(payoffs), len(sizes), max(sizes))
    strategy, reached, stopped = np.full(shape, np.nan), np.zeros(cells), np.full(cells, LOST)
    end, attempt = np.full(shape, np.nan), np.zeros(cells, np.int8)
    ranks = np.concatenate([np.arange(1, size) for size in sizes])
    left: NDArray[np.int64] = np.nonzero(finite)[0]
    for number, tilt in enumerate(TILTS):
        # different players tilt differently, so that a symmetric game becomes generic
        weights = np.concatenate([np.full(size - 1, 1.0 + 0.37 * i) for i, size in enumerate(sizes)])
        play, precision, reason = trace(payoffs[left], sizes, tilt * ranks * weights, max_steps)
        done = reason == REACHED
        if number == 0:
            reached[left], stopped[left], end[left] = precision, reason, play
        here = left[done]
        strategy[here], attempt[here] = play[done], number
        left = left[~done]
        if not left.size:
            break
    solved = finite.copy()
    solved[left] = False
    return Traced(strategy, solved, reached, stopped, end, attempt)


def trace(
    payoffs: NDArray[np.float64], sizes: tuple[int, ...], prior: NDArray[np.float64], max_steps: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Follow the path of every cell from the log-odds ``prior``: play, precision and reason at the end.

    ``payoffs (C, n, J)`` in units of each player's range.
    """
    cells = len(payoffs)
    strategy = np.empty((cells, len(sizes), max(sizes)))
    reached, stopped = np.empty(cells), np.empty(cells, np.int64)
    line, along = np.empty((cells, 0, *strategy.shape[1:])), np.empty((cells, 0))
    arrays: tuple[Any, ...] = (
        np.array(sizes, np.int64), strides(sizes), prior, np.full(cells, np.inf), max_steps,
    )  # fmt: skip

    def work(first: int, last: int) -> None:
        logit_paths(payoffs, *arrays, first, last, strategy, reached, stopped, line, along)

    over_blocks(work, cells, BLOCK)
    return strategy, reached, stopped
