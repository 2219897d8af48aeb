"""Stick and carrot: the best sticks, and the patience from which they sustain what they are to sustain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.forms.normal import NormalForm
from sim.forms.repeated import Repeated
from sim.game import Floats
from sim.kernels.base.threads import over_blocks
from sim.kernels.repeated.stick_and_carrot import best_sticks, least_discounts
from sim.patience.punishments import at, position, temptations

__all__ = ["along_cycle", "critical_by_sticks", "each_his_own", "sticks"]

BLOCK = 256  # cells a thread takes at a time


def sticks(
    game: Repeated, cycle: list[tuple[int, ...]], punishment: str = "stick_and_carrot"
) -> tuple[NDArray[np.int64], Floats]:
    """The sticks that sustain a cycle of joint actions best, ``(C, n, n)``, and what is gained in spite of them.

    ``[c, i]`` is the joint action that follows a deviation of player i; the largest gain ``(C,)`` from one
    deviation, on the path or from a stick, is an average per stage, and at most 0 where all is sustained.
    """
    shape = game.payoffs.shape
    flat = np.ascontiguousarray(game.payoffs.reshape(*shape[:2], -1))
    gains = temptations(game.stage).reshape(flat.shape)
    leave, values = along_cycle(game, cycle)
    own = each_his_own(game.stage, punishment)
    chosen, gain = np.empty(shape[:2], np.int64), np.empty(shape[0])
    best_sticks(
        flat, gains, np.array(game.discount), (leave - values).max(axis=1), values[:, 0], own, chosen, gain,
    )  # fmt: skip
    return np.stack(np.unravel_index(chosen, shape[2:]), axis=-1), np.where(game.finite, gain, np.nan)


def along_cycle(game: Repeated, cycle: list[tuple[int, ...]]) -> tuple[Floats, Floats]:
    """What leaving in each phase brings at once, weighted, and what going on is worth: ``(C, phases, n)``."""
    steps = [position(game.stage, joint_action) for joint_action in cycle]
    discount, size = game.discount, len(steps)
    pay = np.stack([at(game.payoffs, 2, step) for step in steps], axis=1)
    tempt = np.stack([at(temptations(game.stage), 2, step) for step in steps], axis=1)
    rest = (1.0 - discount) / (1.0 - discount**size)
    values = [
        sum(discount**t * pay[:, (phase + t) % size] for t in range(size)) * rest for phase in range(size)
    ]
    return (1.0 - discount)[:, np.newaxis] * (pay + tempt), np.stack(values, axis=1)


def critical_by_sticks(stage: NormalForm, punishment: str, wanted: NDArray[np.int64]) -> Floats:
    """Critical discounts of the ``wanted (K,)`` joint actions (flattened) under the best sticks: ``(C, K)``, exact.

    Higher ones may fail where a player would rather meet his stick: see :func:`sustainable_discounts`.
    """
    shape = stage.payoffs.shape
    scale = stage.scale[..., np.newaxis]
    payoffs, gains = (table.reshape(*shape[:2], -1) / scale for table in (stage.payoffs, temptations(stage)))
    least, own = np.empty((shape[0], len(wanted))), each_his_own(stage, punishment)

    def work(first: int, last: int) -> None:
        part = slice(first, last)
        least_discounts(payoffs[part], gains[part], own, wanted, least[part])

    over_blocks(work, stage.cells, BLOCK)
    return least


def each_his_own(stage: NormalForm, punishment: str) -> bool:
    """Whether every deviator meets a stick of his own.  Raises ValueError for more than two players."""
    if punishment == "own_sticks" and len(stage.players) != 2:
        raise ValueError(
            f"own sticks are tried for two players, not {len(stage.players)}; use 'stick_and_carrot'"
        )
    return punishment == "own_sticks"
