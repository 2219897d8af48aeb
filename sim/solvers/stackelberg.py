"""One player commits first, and the other replies to what he is committed to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.answers import Answer
from sim.answers.shared import MULTIPLIERS
from sim.answers.telling import one_player
from sim.claim import EVERYWHERE, Claim, Status
from sim.forms.normal import NormalForm
from sim.game import Floats
from sim.kernels.base.joint_actions import unit_payoffs
from sim.kernels.base.threads import over_blocks
from sim.kernels.base.tolerances import as_good
from sim.kernels.one_shot.commitment import commitments
from sim.plugins import solver

BLOCK = 512  # cells a thread takes at a time
LEADER = Answer("leader", "who commits first (0: the first player)", dtype="int64", tell=one_player)
PRICES = replace(MULTIPLIERS, dims=("action", "action"))


@solver(
    form=NormalForm, concept="stackelberg", title="Stackelberg", answers=(LEADER, PRICES), players=2, rank=10
)
def stackelberg(game: NormalForm, *, leader: int = 0) -> Claim:
    """The best mixed strategy to commit to, seen by the other player before he replies.

    ``NormalForm -> strategy (C, 1, 2, A)``: the leader's commitment and the pure reply.  ``leader`` is 0 or 1.
    The follower breaks ties in the leader's favour, since a commitment nearby makes him prefer so.
    ``extra["leader"] (C,)``; ``extra["multipliers"] (C, F, F)`` prove that no commitment is better.
    Complete: one best commitment; others may be equally good.
    Cost: a small linear programme for each action of the follower, some microseconds.
    Fails with ``max_steps`` where a programme runs out of pivots.
    Source: Conitzer and Sandholm (2006), theorem 2; von Stengel and Zamir (2010).
    """
    mine, theirs = leader_first(game, leader)
    cells, rows, columns = mine.shape
    commitment, induced = np.zeros((cells, rows)), np.zeros(cells, np.int64)
    multipliers, failed = np.empty((cells, columns, columns)), np.empty(cells, np.int64)

    def work(first: int, last: int) -> None:
        commitments(mine, theirs, first, last, commitment, induced, multipliers, failed)

    over_blocks(work, cells, BLOCK)
    return claim(game, leader, commitment, induced, failed > 0, {"multipliers": multipliers})


@solver(
    form=NormalForm,
    concept="stackelberg_pure",
    title="Stackelberg pure",
    answers=(LEADER,),
    players=2,
    rank=10,
)
def stackelberg_pure(game: NormalForm, *, leader: int = 0) -> Claim:
    """The best action to commit to, seen by the other player before he replies.

    ``NormalForm -> strategy (C, 1, 2, A)`` of zeros and ones; ``leader`` is 0 or 1.  Ties as in
    :func:`stackelberg`; of equally good commitments the first is given.
    Complete: by looking at every joint action, which is also its cost.
    Fails nowhere.
    Source: von Stackelberg (1934).
    """
    mine, theirs = leader_first(game, leader)
    best = as_good(theirs, theirs.max(axis=2, keepdims=True), 1.0)
    value = np.where(best, mine, -np.inf)
    chosen = value.max(axis=2).argmax(axis=1)
    cell = np.arange(game.cells)
    commitment = np.zeros(mine.shape[:2])
    commitment[cell, chosen] = 1.0
    return claim(
        game, leader, commitment, value[cell, chosen].argmax(axis=1), np.zeros(game.cells, np.bool_), {}
    )


def leader_first(game: NormalForm, leader: int) -> tuple[Floats, Floats]:
    """Unit payoffs of the leader and of the follower, ``(C, L, F)`` each.  Raises ValueError for no leader."""
    if leader not in {0, 1}:
        raise ValueError(f"leader = {leader!r}: must be 0 ({game.players[0]}) or 1 ({game.players[1]})")
    payoffs = unit_payoffs(game.payoffs, game.scale).reshape(game.payoffs.shape)
    if leader == 1:
        payoffs = payoffs[:, ::-1].swapaxes(2, 3)
    return np.ascontiguousarray(payoffs[:, 0]), np.ascontiguousarray(payoffs[:, 1])


def claim(
    game: NormalForm,
    leader: int,
    commitment: Floats,
    induced: NDArray[np.int64],
    failed: NDArray[np.bool_],
    extra: dict[str, NDArray[np.float64]],
) -> Claim:
    """Put commitment and reply where the players are."""
    strategy = np.zeros((game.cells, 1, 2, max(game.payoffs.shape[2:])))
    strategy[:, 0, leader, : commitment.shape[1]] = commitment
    strategy[np.arange(game.cells), 0, 1 - leader, induced] = 1.0
    solved = game.finite & ~failed
    strategy[~solved] = np.nan
    status = np.where(failed, Status.max_steps, Status.ok)
    whose = np.full(game.cells, leader, np.int8)
    return Claim(strategy, status, EVERYWHERE, extra={"leader": whose, **extra})
