"""Where populations that imitate success come to rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.answers import Answer
from sim.answers.telling import action_shares, by_agent
from sim.claim import Claim, Status
from sim.forms.normal import NormalForm
from sim.game import Floats
from sim.kernels.base.joint_actions import strides, unit_payoffs
from sim.kernels.base.threads import over_blocks
from sim.kernels.base.tolerances import GONE
from sim.kernels.one_shot.evolution import replicate
from sim.plugins import solver

__all__ = ["replicator", "trajectory"]

BLOCK = 64  # cells a thread takes at a time
START = Answer(
    "start", "shares at the beginning", "share of a population", ("agent", "action"),
    level="full", tell=by_agent(action_shares), numbered=True,
)  # fmt: skip


@solver(form=NormalForm, concept="replicator", answers=(START,), rank=10)
def replicator(game: NormalForm, *, start: Any = None, max_steps: int = 10_000) -> Claim:
    """Where the replicator dynamics come to rest, with one population for each player.

    ``NormalForm -> strategy (C, 1, n, A)``.  ``start (n, A)`` or ``(C, n, A)``: the shares at the beginning,
    all equal if left out; in a symmetric game with the same start for both, it is one population.
    Each player's payoffs are measured by their range, which sets how fast his population adapts.
    ``extra["start"] (C, n, A)``.
    Not complete: one rest point, that of the start.
    Cost: some hundred steps, 0.1 milliseconds a cell at 3 x 3; slow where the end is approached slowly.
    Fails with ``max_steps`` where shares never come to rest, as on the cycles of matching pennies.
    Source: Taylor and Jonker (1978); Taylor (1979) for several populations.
    """
    begin = shares(game, start)
    payoffs = unit_payoffs(game.payoffs, game.scale)
    visited, rested = follow(game, payoffs, begin, np.array([np.inf]), max_steps)
    strategy = np.where(visited < GONE, 0.0, visited)
    strategy /= strategy.sum(axis=-1, keepdims=True)
    rested &= game.finite
    strategy[~rested] = np.nan
    status = np.where(rested, Status.ok, Status.max_steps)
    return Claim(strategy, status, extra={"start": begin})


def trajectory(game: NormalForm, start: Any, times: Sequence[float], *, max_steps: int = 200_000) -> Floats:
    """Shares at given times under the replicator dynamics, ``(C, T, n, A)``; NaN beyond ``max_steps``.

    Time is in units of one over payoff, as payoffs stand.  ``times`` must rise.
    """
    instants = np.asarray(times, dtype=np.float64)
    if instants.ndim != 1 or not (np.diff(instants) >= 0).all() or not (instants >= 0).all():
        raise ValueError(f"times = {times!r}: must be numbers from 0 on that do not fall")
    payoffs = np.ascontiguousarray(game.payoffs.reshape(*game.scale.shape, -1)) + 0.0
    return follow(game, payoffs, shares(game, start), instants, max_steps)[0]


def shares(game: NormalForm, start: Any) -> Floats:
    """Shares of each action at the beginning, ``(C, n, A)``.  Raises ValueError for what is none."""
    shape = (game.cells, *game.mask.shape)
    if start is None:
        equal: Floats = game.mask / game.mask.sum(axis=1, keepdims=True)
        return np.ascontiguousarray(np.broadcast_to(equal, shape))
    begin = np.asarray(start, dtype=np.float64)
    fits = begin.shape in {shape[1:], shape}
    if (
        not fits
        or (begin < 0).any()
        or not np.allclose(begin.sum(axis=-1), 1)
        or begin[..., ~game.mask].any()
    ):
        raise ValueError(f"start of shape {begin.shape}: must be shares of shape {shape[1:]} or {shape}")
    return np.ascontiguousarray(np.broadcast_to(begin, shape))


def follow(
    game: NormalForm, payoffs: Floats, start: Floats, times: Floats, max_steps: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """Integrate all cells: shares at the times, and whether they came to rest."""
    sizes = game.payoffs.shape[2:]
    visited = np.zeros((game.cells, len(times), *start.shape[1:]))
    rested = np.zeros(game.cells, np.int64)
    arrays = (np.array(sizes, np.int64), strides(sizes), start, times, max_steps)

    def work(first: int, last: int) -> None:
        replicate(payoffs, *arrays, first, last, visited, rested)

    over_blocks(work, game.cells, BLOCK)
    return visited, rested == 1
